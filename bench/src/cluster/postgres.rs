//! A connection to PostgreSQL beside the servers': for what no server tells.

use crate::Outcome;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// One connection, from a program that does not wait for several things at once.
pub(crate) struct Postgres {
    runtime: Runtime,
    client: Client,
}

impl Postgres {
    pub(crate) fn connect(address: &str) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let (client, connection) = runtime.block_on(tokio_postgres::connect(address, NoTls))?;
        runtime.spawn(async move { drop(connection.await) });
        Ok(Self { runtime, client })
    }

    /// The one number that a statement answers; 0 for a NULL.
    pub(crate) fn number(&self, sql: &str) -> Outcome<i64> {
        let row = self.runtime.block_on(self.client.query_one(sql, &[]))?;
        Ok(row.try_get::<_, Option<i64>>(0)?.unwrap_or(0))
    }

    /// Names with a number each, as a statement answers them.
    pub(crate) fn numbers(&self, sql: &str) -> Outcome<Vec<(String, i64)>> {
        let rows = self.runtime.block_on(self.client.query(sql, &[]))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Statements, one after the other, in one transaction.
    pub(crate) fn run(&self, sql: &str) -> Outcome<()> {
        Ok(self.runtime.block_on(self.client.batch_execute(sql))?)
    }
}
