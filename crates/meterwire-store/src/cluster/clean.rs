//! Step 5 of a flush: rows of the outbox that were kept long enough go, and so does what dead batches left in ClickHouse.

use super::click::client::Clicks;
use super::lead::{Lead, StepError, bounded, name_dead};
use crate::error::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Rows of the outbox that go in one transaction.
const MAX_ROWS: i64 = 1_000;
/// Dead batches that are looked at together.
const MAX_BATCHES: i64 = 500;
/// A count over the table's column of batches, or the order to delete.
const COUNT: Duration = Duration::from_secs(30);

// By an array, so that the rows are looked up by their numbers: joined, the whole table is read for each piece.
const FORGET_SENT: &str = "DELETE FROM outbox WHERE id = ANY(ARRAY(SELECT id FROM outbox WHERE batch <= \
       (SELECT id FROM batch WHERE state = 'applied' AND at_ms <= $1 ORDER BY id DESC LIMIT 1) \
     AND batch <= (SELECT folded FROM manifest WHERE only_row = 1) ORDER BY id LIMIT $2))";

/// Batches that are in folds; the newest tells which rows of the outbox may go.
const FORGET_BATCHES: &str = "DELETE FROM batch WHERE id = ANY(ARRAY(SELECT id FROM batch \
     WHERE id <= (SELECT least(folded, applied - 1) FROM manifest WHERE only_row = 1) AND at_ms <= $1 \
       AND state IN ('applied', 'cleaned') \
       AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.batch = batch.id) ORDER BY id LIMIT $2))";

/// How long things are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep {
    /// Rows of the outbox, behind the moment their batch was applied: an engine that does not write through may lose a
    /// batch when the power fails, and gets it again from these. Rows of batches that are not folded stay longer: they tell
    /// whether retention may take events away.
    pub(crate) outbox: Duration,
    /// A dead batch of which nothing was found is looked for once more after so long: a request that ClickHouse was still
    /// working on when its sender gave up may have come late.
    pub(crate) look_again: Duration,
    /// What batches held, behind the moment they were applied, for who looks for what was lost.
    pub(crate) batches: Duration,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            outbox: Duration::from_mins(10),
            look_again: Duration::from_hours(1),
            batches: Duration::from_hours(48),
        }
    }
}

/// Cleans, for one that leads. What it remembers may be lost: then it takes longer.
pub(crate) struct Cleaner {
    keep: Keep,
    /// When nothing of a dead batch was found for the first time.
    empty_since_ms: BTreeMap<u32, i64>,
}

impl Cleaner {
    pub(crate) fn new(keep: Keep) -> Self {
        Self { keep, empty_since_ms: BTreeMap::new() }
    }

    /// Deletes rows of the outbox that are not needed any more; tells whether there may be more.
    pub(crate) async fn forget_sent(&self, lead: &Lead, now_ms: i64) -> Result<bool, StepError> {
        let until_ms = now_ms - milliseconds(self.keep.outbox);
        let gone = bounded(lead.client().execute(FORGET_SENT, &[&until_ms, &MAX_ROWS])).await?;
        Ok(i64::try_from(gone) == Ok(MAX_ROWS))
    }

    /// Deletes what is known of old batches; tells whether there may be more.
    pub(crate) async fn forget_batches(&self, lead: &Lead, now_ms: i64) -> Result<bool, StepError> {
        let until_ms = now_ms - milliseconds(self.keep.batches);
        let gone = bounded(lead.client().execute(FORGET_BATCHES, &[&until_ms, &MAX_ROWS])).await?;
        Ok(i64::try_from(gone) == Ok(MAX_ROWS))
    }

    /// Has what dead batches left deleted, and forgets those of which nothing was left, twice; answers how many it forgot.
    pub(crate) async fn clean(
        &mut self,
        lead: &mut Lead,
        clicks: &Clicks,
        now_ms: i64,
    ) -> Result<usize, StepError> {
        let dead = dead_batches(lead).await?;
        self.empty_since_ms.retain(|batch, _| dead.contains(batch));
        if dead.is_empty() {
            return Ok(0);
        }
        let Some(found) = lead.while_leading(delete_rows(clicks, &dead)).await?? else { return Ok(0) };
        let mut clean = Vec::new();
        for batch in dead {
            if found.contains(&batch) {
                self.empty_since_ms.remove(&batch);
                continue;
            }
            let since_ms = *self.empty_since_ms.entry(batch).or_insert(now_ms);
            if now_ms - since_ms >= milliseconds(self.keep.look_again) {
                clean.push(i64::from(batch));
            }
        }
        if !clean.is_empty() {
            forget(lead, &clean).await?;
        }
        Ok(clean.len())
    }
}

pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

async fn dead_batches(lead: &Lead) -> Result<BTreeSet<u32>, StepError> {
    let sql = "SELECT id FROM batch WHERE state = 'dead' ORDER BY id LIMIT $1";
    let rows = bounded(lead.client().query(sql, &[&MAX_BATCHES])).await?;
    let numbers = rows.iter().map(|row| u32::try_from(row.get::<_, i64>(0)));
    Ok(numbers.collect::<Result<_, _>>().map_err(|_| Fault::Overflow)?)
}

/// Orders rows of these batches to be deleted where there are any; answers of which there were, or `None` where an earlier
/// order is still being carried out.
async fn delete_rows(clicks: &Clicks, dead: &BTreeSet<u32>) -> Result<Option<BTreeSet<u32>>, StepError> {
    let schema = clicks.schema();
    let table = schema.local("event");
    let mut found = BTreeSet::new();
    for shard in 0..clicks.shards() {
        if is_mutating(clicks, shard).await? {
            return Ok(None);
        }
    }
    for shard in 0..clicks.shards() {
        let batches = list(dead);
        let there =
            format!("SELECT DISTINCT batch FROM {table} WHERE batch IN ({batches}) FORMAT TabSeparated");
        let there: BTreeSet<u32> =
            numbers(&clicks.ask_shard(shard, there, COUNT).await?)?.into_iter().collect();
        if !there.is_empty() {
            let delete = format!("ALTER TABLE {table} DELETE WHERE batch IN ({})", list(&there));
            clicks.command(shard, delete, COUNT).await?;
        }
        found.extend(there);
    }
    Ok(Some(found))
}

/// Whether a shard is still carrying out an order to change or delete events.
pub(super) async fn is_mutating(clicks: &Clicks, shard: usize) -> Result<bool, StepError> {
    let database = clicks.schema().database();
    let running = format!(
        "SELECT count() FROM system.mutations WHERE database = '{database}' AND table = 'event' AND is_done = 0 \
         FORMAT TabSeparated"
    );
    Ok(numbers(&clicks.ask_shard(shard, running, COUNT).await?)? != [0])
}

fn list(batches: &BTreeSet<u32>) -> String {
    batches.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// Numbers as ClickHouse tells them, a line each.
pub(super) fn numbers(answer: &[u8]) -> Result<Vec<u32>, Fault> {
    let lines = std::str::from_utf8(answer).unwrap_or("?").lines();
    let number =
        |line: &str| line.parse().map_err(|_| Fault::Damaged("ClickHouse answers no number".to_owned()));
    lines.map(number).collect()
}

/// These numbers need not be named any more.
async fn forget(lead: &mut Lead, clean: &[i64]) -> Result<(), StepError> {
    let epoch = lead.epoch();
    let transaction = lead.transaction().await?;
    let cleaned = "UPDATE batch SET state = 'cleaned' WHERE id = ANY($1) AND state = 'dead'";
    bounded(transaction.execute(cleaned, &[&clean])).await?;
    name_dead(&transaction, epoch).await?;
    bounded(transaction.commit()).await
}
