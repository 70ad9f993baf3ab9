//! The SDK against the real server: the binary that users run, in a process of its own, so that it can be lost too.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod admin;
mod blocking;
mod example;
mod layer;
mod recorder;
mod retries;
mod support;
mod verbs;
