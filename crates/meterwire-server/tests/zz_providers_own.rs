#![allow(dead_code, clippy::unwrap_used, missing_docs)]
#[path = "http/harness.rs"]
mod harness;
#[path = "http/providers.rs"]
mod providers;
#[path = "http/reconciliation.rs"]
mod reconciliation;
#[path = "http/stand_in.rs"]
mod stand_in;
