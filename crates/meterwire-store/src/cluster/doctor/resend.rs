//! Sending again what ClickHouse has lost: an older engine does not sync what it writes, so the power may take a batch with
//! it. The outbox keeps rows for a while behind their batch, and those of them that are not there are sent once more under
//! the same number: folds and the manifest are what they were, and nothing is counted twice.
//!
//! A crash in the middle leaves some of them sent; the next turn sends the rest.

use super::state::State;
use super::{Examination, away, failed_look, opened, said};
use crate::cluster::lead::StepError;
use crate::cluster::outbox::{EventRow, from_body, inserts, to_body};
use crate::cluster::store::ClusterOptions;
use crate::error::Fault;
use crate::finding::Progress;
use meterwire_app::ports::StoreResult;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// An insert may take so long.
const INSERT: Duration = Duration::from_secs(30);
/// What the outbox keeps: batches and how many rows each has in it, those of dropped time among them.
const KEPT: &str =
    "SELECT batch, sum(events)::bigint FROM outbox WHERE batch IS NOT NULL GROUP BY batch ORDER BY batch";
const BODIES: &str = "SELECT body FROM outbox WHERE batch = $1 ORDER BY id";

/// A row of an event: tenant, number, version, sign.
type Key = (u32, i64, u8, i8);

/// Sends again what ClickHouse has lost of the events that the outbox still keeps; answers how many rows of events.
///
/// Nothing else may be sending: two of these at once would send the same rows twice. Servers may run. Unavailable where
/// one of the engines is away: then some may have been sent, and it can be asked for again.
pub async fn resend_lost(options: ClusterOptions) -> StoreResult<u64> {
    let mut examination = opened(options, |_: Progress| ()).await?;
    let lock = examination.client.query_one("SELECT pg_try_advisory_lock(9)", &[]).await;
    if !lock.map_err(|error| away(&error))?.get::<_, bool>(0) {
        return Err(crate::error::unavailable("somebody else is sending lost events again"));
    }
    let sent = examination.resend().await;
    examination.readers.close().await;
    sent.map_err(said)
}

impl<P: FnMut(Progress) + Send> Examination<P> {
    async fn resend(&mut self) -> Result<u64, StepError> {
        let state = State::take(&self.client).await?;
        let mut sent = 0;
        for batch in self.short_batches().await? {
            let missing = self.missing_rows(batch, &state).await?;
            if missing.is_empty() {
                continue;
            }
            let rows = missing.len();
            let number = u32::try_from(batch).map_err(|_| Fault::Overflow)?;
            for insert in inserts(number, self.clicks.shards(), &[to_body(&missing)?])? {
                let sql = self.clicks.schema().insert_events();
                self.clicks.insert(insert.shard, sql, insert.body, INSERT).await?;
            }
            tracing::info!(batch, rows, "rows of events that ClickHouse had lost were sent again");
            sent += u64::try_from(rows).unwrap_or(0);
        }
        Ok(sent)
    }

    /// Kept batches of which ClickHouse has fewer rows than the outbox.
    async fn short_batches(&self) -> Result<Vec<i64>, StepError> {
        let told = |error: tokio_postgres::Error| failed_look(&error);
        let kept = self.client.query(KEPT, &[]).await.map_err(told)?;
        let kept: BTreeMap<i64, i64> = kept.iter().map(|row| (row.get(0), row.get(1))).collect();
        if kept.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<_> = kept.keys().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT batch, toInt64(count()) FROM {} WHERE batch IN ({}) GROUP BY batch FORMAT RowBinary",
            self.clicks.schema().all("event"),
            numbers.join(", ")
        );
        let mut there: BTreeMap<i64, i64> = BTreeMap::new();
        self.ask(sql, |row| {
            there.insert(row.cell::<u32>()?.into(), row.cell()?);
            Ok(())
        })
        .await?;
        let is_short = |(batch, rows): &(i64, i64)| there.get(batch).is_none_or(|there| there < rows);
        Ok(kept.into_iter().filter(is_short).map(|(batch, _)| batch).collect())
    }

    /// The rows of a batch that the outbox keeps, ClickHouse has not, and retention has not taken away.
    async fn missing_rows(&self, batch: i64, state: &State) -> Result<Vec<EventRow>, StepError> {
        let sql = format!(
            "SELECT tenant, seq, version, sign FROM {} WHERE batch = {batch} FORMAT RowBinary",
            self.clicks.schema().all("event")
        );
        let mut there: BTreeSet<Key> = BTreeSet::new();
        self.ask(sql, |row| {
            there.insert((row.cell()?, row.cell()?, row.cell()?, row.cell()?));
            Ok(())
        })
        .await?;
        let mut missing = Vec::new();
        for body in self.client.query(BODIES, &[&batch]).await.map_err(|error| failed_look(&error))? {
            let rows = from_body(body.get(0))?.into_iter();
            missing.extend(rows.filter(|row| {
                state.is_kept(row.tenant.into(), row.time_ms)
                    && !there.contains(&(row.tenant, row.seq, row.version, row.sign))
            }));
        }
        Ok(missing)
    }
}
