//! Directories that are full, and clusters that they are moved to.

use super::{engines, servers};
use meterwire_app::clock::SystemClock;
use meterwire_app::conformance::{Stores, World};
use meterwire_app::ports::StoreResult;
use meterwire_store::{ClusterOptions, ClusterStore, MoveProgress, Moved, Moving, SqliteStore};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

fn stores(store: &SqliteStore) -> Stores {
    let store = Arc::new(store.clone());
    Stores::of(store, ())
}

/// A directory in which every rule has played, and then something more is done.
pub(crate) fn fill(dir: &Path, rules: &[fn(&World)], more: impl AsyncFnOnce(&SqliteStore)) {
    let store = super::open(dir);
    // Random input twice: each case is a tenant more.
    let world = World::with_one_in(1_000, async || stores(&store));
    rules.iter().for_each(|rule| rule(&world));
    drop(world);
    runtime().block_on(async {
        more(&store).await;
        store.close().await.unwrap();
    });
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// An empty cluster.
pub(crate) struct Target {
    pub(crate) database: engines::Postgres,
    pub(crate) tables: engines::ClickHouse,
}

impl Target {
    pub(crate) async fn new() -> Self {
        Self { database: engines::Postgres::empty().await, tables: engines::ClickHouse::shards() }
    }

    pub(crate) fn options(&self) -> ClusterOptions {
        servers::options(self.database.url(), &self.tables)
    }

    /// A server's store on it.
    pub(crate) async fn open(&self) -> StoreResult<ClusterStore> {
        self.open_with(Duration::from_millis(100)).await
    }

    /// The same, which flushes so often.
    pub(crate) async fn open_with(&self, flush_every: Duration) -> StoreResult<ClusterStore> {
        servers::try_open(ClusterOptions { flush_every, ..self.options() }).await
    }

    /// Moves a directory, with few events a batch.
    pub(crate) async fn receive(
        &self,
        dir: &Path,
        progress: impl FnMut(MoveProgress) -> StoreResult<()> + Send,
    ) -> StoreResult<Moved> {
        let moving = Moving { events_at_once: 400, ..Moving::new(dir, self.options()) };
        moving.run(Arc::new(SystemClock), progress).await
    }
}
