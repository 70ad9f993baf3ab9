//! A batch: what goes from the outbox to ClickHouse together, under a number of its own.
//!
//! Numbers are never used again, and only a batch that was applied is ever named by a question. So a batch of which only
//! a part arrived needs no undoing: it is dead, and the same rows of the outbox go again under the next number.

use super::lead::{Lead, StepError, bounded, name_dead};
use super::outbox::{EventRow, Insert, from_body, inserts};
use crate::error::Fault;
use crate::sums::Sums;
use tokio_postgres::Transaction;

/// How much goes together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchLimits {
    /// Events; a single transaction's are never taken apart.
    pub(crate) events: i64,
    /// Bytes of their rows, likewise.
    pub(crate) bytes: i64,
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self { events: 50_000, bytes: 64 << 20 }
    }
}

/// Rows of the outbox that are looked at for one batch.
const MAX_ROWS: i64 = 5_000;

/// The front of the tail, as far as it fits a batch. The sums over a window are those of the rows before each.
const READ: &str = "SELECT id, body FROM outbox WHERE id IN (
       SELECT id FROM (
         SELECT id, sum(events) OVER before AS events, sum(octet_length(body)) OVER before AS bytes
         FROM (SELECT id, events, body FROM outbox WHERE batch IS NULL ORDER BY id LIMIT $3) AS front
         WINDOW before AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
       ) AS counted WHERE coalesce(events, 0) < $1::bigint AND coalesce(bytes, 0) < $2::bigint
     ) ORDER BY id";
const OPEN: &str = "INSERT INTO batch (state, at_ms) SELECT 'open', $2::bigint FROM manifest \
     WHERE only_row = 1 AND epoch = $1 RETURNING id";
const DEAD_BEFORE: &str = "UPDATE batch SET state = 'dead' WHERE state = 'open' AND id < $1";
const NAME: &str = "UPDATE manifest SET applied = $2 WHERE only_row = 1 AND epoch = $1";
const APPLY: &str = "UPDATE batch SET state = 'applied', events = $2, sums = $3, min_ms = $4, max_ms = $5, at_ms = $6 WHERE id = $1 AND state = 'open'";
const TAKE: &str = "UPDATE outbox SET batch = $1 WHERE id = ANY($2) AND batch IS NULL";

/// A batch that was begun: in no question, and dead for the next leader unless it is applied before.
#[derive(Debug)]
pub(crate) struct OpenBatch {
    number: u32,
    rows: Vec<i64>,
    bodies: Vec<Vec<u8>>,
    content: Content,
}

/// What a batch has.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// Rows, those that take others back among them.
    rows: i64,
    sums: Sums,
    /// The first and the last time, Unix milliseconds.
    times: Option<(i64, i64)>,
}

impl Content {
    pub(super) fn add(&mut self, row: &EventRow) {
        self.rows += 1;
        add_round(&mut self.sums, row);
        let (first, last) = self.times.unwrap_or((row.time_ms, row.time_ms));
        self.times = Some((first.min(row.time_ms), last.max(row.time_ms)));
    }

    fn of(bodies: &[Vec<u8>]) -> Result<Self, Fault> {
        let mut content = Self::default();
        for body in bodies {
            from_body(body)?.iter().for_each(|row| content.add(row));
        }
        Ok(content)
    }
}

impl OpenBatch {
    /// Step 2: takes a number, for what is at the front of the tail. `None` where everything has gone.
    pub(crate) async fn open(
        lead: &Lead,
        limits: BatchLimits,
        now_ms: i64,
    ) -> Result<Option<Self>, StepError> {
        let BatchLimits { events, bytes } = limits;
        let read = bounded(lead.client().query(READ, &[&events, &bytes, &MAX_ROWS])).await?;
        if read.is_empty() {
            return Ok(None);
        }
        let rows = read.iter().map(|row| row.get(0)).collect();
        let bodies: Vec<Vec<u8>> = read.iter().map(|row| row.get(1)).collect();
        let content = Content::of(&bodies)?;
        let number = open(lead, now_ms).await?;
        Ok(Some(Self { number, rows, bodies, content }))
    }

    /// How many rows it has, those that take others back among them.
    pub(crate) fn events(&self) -> i64 {
        self.content.rows
    }

    /// What step 3 sends: each of these, to its shard.
    pub(crate) fn inserts(&self, shards: usize) -> Result<Vec<Insert>, StepError> {
        Ok(inserts(self.number, shards, &self.bodies)?)
    }

    /// Step 4, when every insert was answered: from here on every question counts the batch. All of it or nothing, and
    /// nothing for one that leads no more.
    pub(crate) async fn apply(self, lead: &mut Lead, now_ms: i64) -> Result<(), StepError> {
        let (epoch, number) = (lead.epoch(), i64::from(self.number));
        let transaction = lead.transaction().await?;
        name_applied(&transaction, epoch, self.number, &self.content, now_ms).await?;
        let taken = bounded(transaction.execute(TAKE, &[&number, &self.rows])).await?;
        if usize::try_from(taken) != Ok(self.rows.len()) {
            return Err(StepError::Fenced);
        }
        bounded(transaction.commit()).await
    }

    /// In place of step 4: some of it may be in ClickHouse, and none of it ever counts.
    pub(crate) async fn give_up(self, lead: &mut Lead) -> Result<(), StepError> {
        let (epoch, number) = (lead.epoch(), i64::from(self.number));
        let transaction = lead.transaction().await?;
        let dead = "UPDATE batch SET state = 'dead' WHERE id = $1 AND state = 'open'";
        bounded(transaction.execute(dead, &[&number])).await?;
        name_dead(&transaction, epoch).await?;
        bounded(transaction.commit()).await
    }
}

/// Takes a number for a batch: in no question, and dead for the next leader unless it is applied before.
pub(super) async fn open(lead: &Lead, now_ms: i64) -> Result<u32, StepError> {
    let opened = bounded(lead.client().query_opt(OPEN, &[&lead.epoch(), &now_ms])).await?;
    let number: i64 = opened.ok_or(StepError::Fenced)?.get(0);
    Ok(u32::try_from(number).map_err(|_| Fault::Overflow)?)
}

/// Names a batch with this in the manifest, within this transaction; refuses one that leads no more.
pub(super) async fn name_applied(
    transaction: &Transaction<'_>,
    epoch: i64,
    number: u32,
    content: &Content,
    now_ms: i64,
) -> Result<(), StepError> {
    let Content { rows, sums, times } = content;
    let (number, sums) = (i64::from(number), sums.to_row());
    let (first, last) = times.unzip();
    // None is left open by whoever leads; should one be, it must not come to count by being passed.
    bounded(transaction.execute(DEAD_BEFORE, &[&number])).await?;
    name_dead(transaction, epoch).await?;
    let named = bounded(transaction.execute(NAME, &[&epoch, &number])).await?;
    let applied =
        bounded(transaction.execute(APPLY, &[&number, rows, &sums, &first, &last, &now_ms])).await?;
    if (named, applied) == (1, 1) { Ok(()) } else { Err(StepError::Fenced) }
}

/// Adds a row. Tenants are added to one another here, and the sums of all of them may be beyond 64 bits where those of
/// none are: they go round, as ClickHouse's do, so that both can be compared.
pub(super) fn add_round(sums: &mut Sums, row: &EventRow) {
    let sign = i64::from(row.sign);
    for (sum, value) in sums.0.iter_mut().zip(row.sums().0) {
        *sum = sum.wrapping_add(value.wrapping_mul(sign));
    }
}
