//! The embedded store passes the suite that every store must pass.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

use meterwire_app::conformance::Stores;
use meterwire_store::{OpenOptions, SqliteStore};
use std::sync::Arc;

async fn make() -> Stores {
    let dir = tempfile::tempdir().unwrap();
    // So that rules with a few events meet segments too.
    let options = OpenOptions { min_segment_events: 1, ..OpenOptions::new(dir.path()) };
    let store = Arc::new(SqliteStore::open(options).unwrap());
    Stores {
        ledger: store.clone(),
        usage: store.clone(),
        limits: store.clone(),
        statements: store.clone(),
        budgets: store.clone(),
        provider_reports: store.clone(),
        alerts: store.clone(),
        reratings: store.clone(),
        catalog: store,
        guard: Box::new(dir),
    }
}

meterwire_app::conformance_tests!(make);
