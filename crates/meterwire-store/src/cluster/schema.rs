//! The tables of a cluster, brought up to date or back by hand. A server brings them up to date by itself.

use super::click::client::{ClickOptions, Clicks};
use super::connect::{Postgres, Role, away};
use super::migrate;
use super::pool::Driver;
use super::store::ClusterOptions;
use crate::sqlite::Migration;
use meterwire_app::ports::{StoreError, StoreResult};
use std::sync::Arc;

/// How many connections of servers there are. Our own is not among them, since it does not work beside others.
const IN_USE: &str = "SELECT count(*) FROM pg_stat_activity \
     WHERE datname = current_database() AND application_name LIKE 'meterwire %' AND pid <> pg_backend_pid()";

/// The migrations of a cluster.
pub struct ClusterMigrations {
    driver: Driver,
    postgres: Postgres,
    clicks: Arc<Clicks>,
}

impl ClusterMigrations {
    /// Connects to nothing yet. Refuses addresses that cannot be any.
    pub fn new(options: &ClusterOptions) -> StoreResult<Self> {
        let driver = Driver::new()?;
        let postgres = Postgres::new(&options.postgres)?;
        let click = ClickOptions { shards: options.clickhouse.clone(), schema: options.schema()? };
        Ok(Self { driver, postgres, clicks: Arc::new(Clicks::new(click)?) })
    }

    /// All migrations of PostgreSQL, oldest first, and whether they are applied.
    pub async fn status(&self) -> StoreResult<Vec<Migration>> {
        let postgres = self.postgres.clone();
        self.driver
            .run(async move { migrate::status(&postgres.connect(Role::Migrator).await?).await })
            .await?
    }

    /// Applies what is missing, and makes the tables of ClickHouse, which must be there.
    pub async fn up(&self) -> StoreResult<()> {
        let (postgres, clicks) = (self.postgres.clone(), self.clicks.clone());
        let up = async move {
            migrate::up(&postgres).await?;
            Ok(clicks.ensure().await?)
        };
        self.driver.run(up).await?
    }

    /// Takes back the newest `steps` migrations with the data they hold; answers how many that were. Tables of ClickHouse
    /// stay. Refuses while a server is connected.
    pub async fn down(&self, steps: usize) -> StoreResult<usize> {
        let postgres = self.postgres.clone();
        let down = async move {
            let client = postgres.connect(Role::Migrator).await?;
            let row = client.query_one(IN_USE, &[]).await.map_err(|error| away(&error))?;
            let in_use: i64 = row.get(0);
            drop(client);
            if in_use > 0 {
                let sentence = format!("{in_use} connections of servers use this database; stop them first");
                return Err(StoreError::Conflict(sentence));
            }
            migrate::down(&postgres, steps).await
        };
        self.driver.run(down).await?
    }
}
