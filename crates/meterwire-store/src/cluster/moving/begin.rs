//! Whether a move may begin, or go on.

use super::super::click::client::Clicks;
use super::super::connect::{Postgres, away};
use super::super::lead::{Candidate, Lead, StepError, bounded};
use super::said;
use crate::error::Fault;
use meterwire_app::ports::{StoreError, StoreResult};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

/// The connection of a move that was killed is gone from PostgreSQL by then, and so is that of a server that was stopped.
const LET_GO_WITHIN: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(250);
/// A count over a table that should be empty.
const COUNT: Duration = Duration::from_secs(30);

const BEGUN: &str = "SELECT last_key FROM move_progress WHERE part = 'begin'";
const BEGIN: &str = "INSERT INTO move_progress (part, last_key, done) VALUES ('begin', $1, TRUE)";
const IS_HALF_MOVED: &str = "SELECT EXISTS (SELECT 1 FROM move_progress) \
     AND NOT EXISTS (SELECT 1 FROM move_progress WHERE part = 'end' AND done)";
/// Whatever a server writes at its first start is among these.
const FILLED: [&str; 8] = ["tenant", "api_key", "setting", "audit", "identity", "outbox", "batch", "fold"];

/// Refuses to serve a database that a directory is being moved into.
pub(crate) async fn refuse_half_moved(client: &Client) -> StoreResult<()> {
    let row = client.query_one(IS_HALF_MOVED, &[]).await.map_err(|error| away(&error))?;
    if row.get(0) {
        let sentence = "a data directory is being moved into this cluster and is not all there: run meterwire move again, \
             which goes on where it was";
        return Err(StoreError::Conflict(sentence.to_owned()));
    }
    Ok(())
}

/// Leads the target. A conflict where a server does.
pub(super) async fn lead(postgres: &Postgres) -> StoreResult<Lead> {
    let until = Instant::now() + LET_GO_WITHIN;
    let mut candidate = Candidate::new(postgres).await.map_err(said)?;
    loop {
        candidate = match candidate.try_lead().await.map_err(said)? {
            Ok(lead) => return Ok(lead),
            Err(again) => again,
        };
        if Instant::now() >= until {
            let sentence =
                "a server is running on the target, or another move; stop all of them, and move again";
            return Err(StoreError::Conflict(sentence.to_owned()));
        }
        sleep(LOOK).await;
    }
}

/// Notes which directory is moved, as `mark` tells it; answers whether that was noted before. A conflict where another one
/// was, or the directory was changed since, or the target is not empty.
pub(super) async fn begin(client: &Client, clicks: &Clicks, mark: &str) -> Result<bool, StepError> {
    if let Some(begun) = bounded(client.query_opt(BEGUN, &[])).await? {
        if begun.get::<_, &str>(0) == mark {
            return Ok(true);
        }
        return refuse(
            "the target holds a move of another directory, or the directory was changed since the move began: make the \
             target anew (another database in PostgreSQL and in ClickHouse) and move again"
                .to_owned(),
        );
    }
    for table in FILLED {
        let sql = format!("SELECT count(*) FROM {table}");
        let rows: i64 = bounded(client.query_one(&sql, &[])).await?.get(0);
        if rows > 0 {
            return refuse(format!(
                "the target is not empty: {table} has {rows} rows; a directory can only be moved into an empty cluster"
            ));
        }
    }
    for shard in 0..clicks.shards() {
        for table in ["event", "rollup"] {
            let table = clicks.schema().local(table);
            let sql = format!("SELECT count() FROM {table} FORMAT TabSeparated");
            let rows = clicks.ask_shard(shard, sql, COUNT).await?;
            let rows = String::from_utf8_lossy(&rows).trim().to_owned();
            if rows != "0" {
                return refuse(format!(
                    "the target is not empty: {table} of ClickHouse's shard {} has {rows} rows, of another PostgreSQL; take \
                     another storage.clickhouse_database",
                    shard + 1
                ));
            }
        }
    }
    bounded(client.execute(BEGIN, &[&mark])).await?;
    Ok(false)
}

fn refuse<T>(sentence: String) -> Result<T, StepError> {
    Err(Fault::from(StoreError::Conflict(sentence)).into())
}
