//! The embedded store passes the suite that every store must pass.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

use meterwire_app::conformance::Stores;
use meterwire_store_sqlite::{OpenOptions, SqliteStore};
use std::sync::Arc;

async fn make() -> Stores {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(OpenOptions::new(dir.path())).unwrap());
    Stores {
        ledger: store.clone(),
        usage: store.clone(),
        limits: store.clone(),
        catalog: store,
        guard: Box::new(dir),
    }
}

meterwire_app::conformance_tests!(make);
