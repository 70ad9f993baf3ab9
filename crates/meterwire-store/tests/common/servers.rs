//! Several stores of a cluster over one database, as several servers have them.

use super::engines;
use meterwire_app::clock::SystemClock;
use meterwire_app::ports::{Catalog, StoreResult, TenantId};
use meterwire_store::{ClusterOptions, ClusterStore};
use std::sync::Arc;
use std::time::Duration;

/// Databases of one test.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) tables: engines::ClickHouse,
    /// Dropped with the test, where it is one of those that all tests share.
    _database: Option<engines::Postgres>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = engines::Postgres::empty().await;
        let url = database.url().to_owned();
        Self { url, tables: engines::ClickHouse::shards(), _database: Some(database) }
    }

    /// On engines that the test may kill.
    pub(crate) async fn on(own: &engines::Own) -> Self {
        let server = engines::connect(own.postgres()).await;
        server.batch_execute("CREATE DATABASE meterwire").await.unwrap();
        let url = own.postgres().replace("/postgres", "/meterwire");
        let tables = engines::ClickHouse::on(own.clickhouse(), Some("meterwire"));
        Self { url, tables, _database: None }
    }

    /// What is recorded goes to ClickHouse soon.
    pub(crate) fn options(&self) -> ClusterOptions {
        ClusterOptions { flush_every: Duration::from_millis(50), ..options(&self.url, &self.tables) }
    }

    pub(crate) async fn server(&self) -> ClusterStore {
        open(self.options()).await
    }

    /// Holds a tenant's lock until the answer is dropped.
    pub(crate) async fn hold(&self, tenant: TenantId) -> tokio_postgres::Client {
        let holder = engines::connect(&self.url).await;
        holder.batch_execute("BEGIN").await.unwrap();
        holder.execute("SELECT 1 FROM ledger WHERE tenant_id = $1 FOR UPDATE", &[&tenant.0]).await.unwrap();
        holder
    }
}

/// How a store is opened on these.
pub(crate) fn options(url: &str, tables: &engines::ClickHouse) -> ClusterOptions {
    ClusterOptions {
        clickhouse_database: tables.database().to_owned(),
        clickhouse_cluster: tables.cluster().map(str::to_owned),
        ..ClusterOptions::new(url, tables.urls().to_vec())
    }
}

pub(crate) async fn open(options: ClusterOptions) -> ClusterStore {
    try_open(options).await.unwrap()
}

pub(crate) async fn try_open(options: ClusterOptions) -> StoreResult<ClusterStore> {
    ClusterStore::open(options, Arc::new(SystemClock)).await
}

pub(crate) async fn acme(store: &ClusterStore) -> TenantId {
    store.create_tenant("acme", "Acme", "UTC", super::audit("tenant.create")).await.unwrap().id
}
