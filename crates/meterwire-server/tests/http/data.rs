//! The store under a server of the tests: a directory, or databases on the engines that all tests share.

use crate::engines::{ClickHouse, Postgres, connect};
use meterwire_app::Meterwire;
use meterwire_app::clock::{Clock, SystemClock};
use meterwire_app::ports::{Reratings, StoreResult};
use meterwire_store::{
    ClusterMigrations, ClusterOptions, ClusterStore, OpenOptions, SqliteStore, check_cluster,
};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Who makes the tables of a cluster anew must not get those of yesterday, where engines are held for long.
const TABLES: &str = include_str!("../../../meterwire-store/src/cluster/migrations/0001_init.up.sql");

/// A store, and what has to live as long as it.
#[derive(Clone)]
pub(crate) enum Data {
    Directory(SqliteStore, Arc<TempDir>),
    Cluster(ClusterStore, Arc<Databases>),
}

/// Databases of one test.
pub(crate) struct Databases {
    rows: Postgres,
    tables: ClickHouse,
}

impl Databases {
    async fn new() -> Self {
        let tables = ClickHouse::shards();
        let migrate = async |url: String| {
            let migrations = ClusterMigrations::new(&options(&url, &tables)).unwrap();
            migrations.up().await.unwrap();
        };
        // Not what other tests copy: theirs has tables and no note of the migrations.
        let rows = Postgres::made_by(&format!("migrated: {TABLES}"), migrate).await;
        Self { rows, tables }
    }

    /// A store on them, which leads as soon as no other does.
    async fn open(&self) -> ClusterStore {
        // Its clock is for what the tests do not see: when to flush and what to keep.
        let options = options(self.rows.url(), &self.tables);
        ClusterStore::open(options, Arc::new(SystemClock)).await.unwrap()
    }

    /// Whether a text is in any row of any table.
    async fn hold(&self, text: &str) -> bool {
        let client = connect(self.rows.url()).await;
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        // Bytes are shown by their digits.
        let digits = text.bytes().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        for table in client.query(tables, &[]).await.unwrap() {
            let table: String = table.get(0);
            let found = format!(
                "SELECT count(*) FROM \"{table}\" AS row WHERE position($1 IN row::text) > 0 OR position($2 IN row::text) > 0"
            );
            if client.query_one(&found, &[&text, &digits]).await.unwrap().get::<_, i64>(0) > 0 {
                return true;
            }
        }
        let shards = 0..self.tables.urls().len();
        let rows = |shard| self.tables.ask(shard, "SELECT * FROM event FORMAT TabSeparatedRaw");
        shards.into_iter().any(|shard| rows(shard).contains(text))
    }
}

fn options(postgres: &str, tables: &ClickHouse) -> ClusterOptions {
    ClusterOptions {
        clickhouse_database: tables.database().to_owned(),
        clickhouse_cluster: tables.cluster().map(str::to_owned),
        // So that questions meet both what has gone to ClickHouse and what has not.
        flush_every: Duration::from_millis(100),
        readers: 4,
        writers: 4,
        ..ClusterOptions::new(postgres, tables.urls().to_vec())
    }
}

impl Data {
    /// Nothing yet.
    pub(crate) async fn new() -> Self {
        if !crate::on_cluster() {
            let dir = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
            return Self::Directory(store, Arc::new(dir));
        }
        let databases = Databases::new().await;
        let store = databases.open().await;
        Self::Cluster(store, Arc::new(databases)).leading().await
    }

    /// Jobs do nothing on a server that does not lead.
    async fn leading(self) -> Self {
        let app = self.app(Arc::new(SystemClock));
        let begun = Instant::now();
        while !app.leads() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the only server does not lead");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self
    }

    /// The use cases over it.
    pub(crate) fn app(&self, clock: Arc<dyn Clock>) -> Meterwire {
        match self {
            Self::Directory(store, _) => Meterwire::new(Arc::new(store.clone()), clock),
            Self::Cluster(store, _) => Meterwire::new(Arc::new(store.clone()), clock),
        }
    }

    /// Whether a text is anywhere in what is kept.
    pub(crate) async fn holds(&self, text: &str) -> bool {
        match self {
            Self::Directory(_, dir) => some_file_holds(dir.path(), text),
            Self::Cluster(_, databases) => databases.hold(text).await,
        }
    }

    /// What the doctor finds, in sentences.
    pub(crate) async fn findings(&self) -> Vec<String> {
        let report = match self {
            Self::Directory(store, _) => store.doctor(false, |_| ()).await,
            Self::Cluster(_, databases) => {
                check_cluster(options(databases.rows.url(), &databases.tables), |_| ()).await
            }
        };
        report.unwrap().findings.iter().map(ToString::to_string).collect()
    }

    /// Whether a re-rating goes on.
    pub(crate) async fn rerates(&self) -> StoreResult<bool> {
        let next = match self {
            Self::Directory(store, _) => store.next_rerating().await?,
            Self::Cluster(store, _) => store.next_rerating().await?,
        };
        Ok(next.is_some())
    }
}

fn some_file_holds(dir: &Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return some_file_holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}
