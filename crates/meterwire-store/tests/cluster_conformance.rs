//! The cluster store passes rules of the suite that every store must pass.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails is a test")]

mod common;

use common::engines;
use meterwire_app::clock::SystemClock;
use meterwire_app::conformance::Stores;
use meterwire_store::{ClusterOptions, ClusterStore};
use std::sync::Arc;
use std::time::Duration;

async fn make() -> Stores {
    let database = engines::Postgres::empty().await;
    let tables = engines::ClickHouse::shards();
    let options = ClusterOptions {
        clickhouse_database: tables.database().to_owned(),
        clickhouse_cluster: tables.cluster().map(str::to_owned),
        // So that rules meet both what has gone to ClickHouse and what has not.
        flush_every: Duration::from_millis(100),
        ..ClusterOptions::new(database.url(), tables.urls().to_vec())
    };
    let store = Arc::new(ClusterStore::open(options, Arc::new(SystemClock)).await.unwrap());
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
        guard: Box::new((database, tables)),
    }
}

meterwire_app::conformance_tests!(make);
