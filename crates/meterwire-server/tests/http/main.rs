//! The HTTP contract, over the real router and the real store, with the clock fixed and no port.

//!
//! With METERWIRE_TEST_STORE=cluster the store is on PostgreSQL and ClickHouse, and every answer has to be the same.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod access;
mod alert_messages;
mod alert_watch;
mod alerts;
mod bad_input;
mod bound_keys;
mod budget_amounts;
mod budgets;
mod catalogue;
mod closings;
mod compare;
mod data;
mod departments;
mod dimensions;
mod document;
mod efficiency;
mod embed;
#[path = "../../../meterwire-store/tests/common/engines.rs"]
mod engines;
mod erase;
mod explain;
mod export;
mod forecast;
mod harness;
mod insight_scope;
mod insights;
mod jwt;
mod limit_admin;
mod limit_catalogue;
mod limit_clock;
mod limit_refusals;
mod limit_reservations;
mod limits;
mod log_pages;
mod log_priced;
mod named_money;
mod names;
mod organization;
mod organization_sums;
mod provider_failing;
mod provider_pages;
mod provider_spend;
mod providers;
mod questions;
mod receipt;
mod reconcile_edges;
mod reconciliation;
mod recording;
mod report_edges;
mod reports;
mod rerate;
mod retention;
mod sign_in;
mod spend;
mod spend_edges;
mod stand_in;
mod statistics;
mod stream;

/// Whether the tests are run on a cluster and not in directories.
fn on_cluster() -> bool {
    let store = std::env::var("METERWIRE_TEST_STORE").unwrap_or_default();
    assert!(["", "embedded", "cluster"].contains(&&*store), "METERWIRE_TEST_STORE is embedded or cluster");
    store == "cluster"
}
