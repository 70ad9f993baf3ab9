//! The flush: what PostgreSQL has committed is brought to ClickHouse, each event once.
//!
//! | Step | Where | A crash behind it leaves | What mends it |
//! |---|---|---|---|
//! | 1 lead: lock, epoch + 1, what is open is dead | [`Candidate::try_lead`](super::lead::Candidate::try_lead) | nothing | the next leader |
//! | 2 open: a number for the front of the tail | [`OpenBatch::open`] | a number that no question names | step 1 |
//! | 3 insert: its rows into each shard, each with the number | [`Flusher::insert`] | rows that no question names | the same rows go again under the next number |
//! | 4 apply: outbox, batch and manifest in one transaction | [`OpenBatch::apply`] | nothing: done | - |
//! | 5 clean: kept rows and dead batches go | [`Cleaner`](super::clean::Cleaner) | rows that no question names | again |
//!
//! The commit of step 4 is the only moment that counts. ClickHouse may be killed, hang or lose an answer at any time, and
//! may even do later what it was asked before: a number that was not applied is never named.

use super::batch::{BatchLimits, OpenBatch};
use super::click::client::Clicks;
use super::lead::{Lead, StepError};
use super::outbox::Insert;
use std::sync::Arc;
use std::time::Duration;

/// An insert may take so long.
const INSERT: Duration = Duration::from_secs(30);
/// A shard has to answer within this before a number is used up for it.
const REACH: Duration = Duration::from_secs(2);

/// What one round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushed {
    /// There was nothing to bring.
    Nothing,
    /// So many rows were brought; there may be more.
    Rows(i64),
}

/// Brings batches to ClickHouse, for one that leads.
pub(crate) struct Flusher {
    clicks: Arc<Clicks>,
    limits: BatchLimits,
    /// The last insert failed, so the shards are asked first: each failure costs a number that questions have to name
    /// until it is cleaned.
    in_doubt: bool,
}

impl Flusher {
    pub(crate) fn new(clicks: Arc<Clicks>, limits: BatchLimits) -> Self {
        Self { clicks, limits, in_doubt: false }
    }

    /// Steps 2 to 4, once. An error that does not end leading left nothing open: it may be tried again.
    pub(crate) async fn flush(&mut self, lead: &mut Lead, now_ms: i64) -> Result<Flushed, StepError> {
        if self.in_doubt {
            lead.while_leading(self.reach()).await??;
        }
        let Some(batch) = OpenBatch::open(lead, self.limits, now_ms).await? else {
            return Ok(Flushed::Nothing);
        };
        let rows = batch.events();
        let sent = self.insert_all(lead, &batch).await;
        match sent {
            Ok(()) => batch.apply(lead, now_ms).await?,
            Err(error) if error.ends_leading() => return Err(error),
            Err(error) => {
                self.in_doubt = true;
                batch.give_up(lead).await?;
                return Err(error);
            }
        }
        self.in_doubt = false;
        Ok(Flushed::Rows(rows))
    }

    async fn insert_all(&self, lead: &Lead, batch: &OpenBatch) -> Result<(), StepError> {
        for insert in batch.inserts(self.clicks.shards())? {
            self.insert(lead, insert).await?;
        }
        Ok(())
    }

    /// Step 3, one statement of it.
    pub(crate) async fn insert(&self, lead: &Lead, insert: Insert) -> Result<(), StepError> {
        let sql = self.clicks.schema().insert_events();
        Ok(lead.while_leading(self.clicks.insert(insert.shard, sql, insert.body, INSERT)).await??)
    }

    async fn reach(&self) -> Result<(), StepError> {
        for shard in 0..self.clicks.shards() {
            self.clicks.ask_shard(shard, "SELECT 1".to_owned(), REACH).await?;
        }
        Ok(())
    }
}
