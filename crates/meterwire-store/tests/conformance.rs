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
    Stores::of(store, dir)
}

meterwire_app::conformance_tests!(make);
