//! Moving an embedded instance into an empty cluster: everything in a data directory, with its numbers.
//!
//! | Part | What | How it goes on behind a crash |
//! |---|---|---|
//! | begin | the directory is locked and brought up to date; the target is empty, nobody serves it, and notes what is moved | - |
//! | tables | what both stores have, table after table with the same columns ([`tables`]) | a table is one transaction: it is there, or copied anew |
//! | events | in the order of recording, as batches straight into ClickHouse ([`events`]) | a batch counts with the transaction that writes its identities, ledgers and place; one that was left open is dead and goes again under the next number |
//! | totals | of time whose events retention dropped, as one fold ([`totals`]) | the fold counts with the transaction that writes the ledgers; one that was left open is dead |
//! | folds | what was brought is folded, so that the first question need not read every event | the leader goes on |
//! | end | numbers go on behind those of the directory; servers may come | - |
//!
//! It leads while it works: the lock of the leader is its right to write the manifest, and keeps servers from flushing. A
//! server does not open a database whose move is not at its end. The directory is read and never written, but for what
//! starting a server on it would do (newer migrations).

mod begin;
mod events;
mod ledgers;
mod rows;
mod source;
mod tables;
mod totals;

pub(crate) use begin::refuse_half_moved;
pub use source::sealed_secrets;

use super::click::client::{ClickOptions, Clicks};
use super::connect::{Postgres, Role};
use super::fold::{FoldOptions, Folder, Folding};
use super::lead::{LOOK, Lead, StepError, bounded};
use super::migrate;
use super::store::ClusterOptions;
use crate::error::unavailable;
use meterwire_app::clock::Clock;
use meterwire_app::ports::{StoreError, StoreResult};
use source::Source;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::Client;

/// Events of one batch, unless they are large.
const EVENTS_AT_ONCE: usize = 50_000;
/// Shards that fold are looked at so often.
const FOLDING: Duration = Duration::from_millis(50);

const IS_DONE: &str = "SELECT last_key FROM move_progress WHERE part = $1 AND done";
const DONE: &str = "INSERT INTO move_progress (part, last_key, done) VALUES ($1, $2, TRUE) \
     ON CONFLICT (part) DO UPDATE SET last_key = excluded.last_key, done = TRUE";
/// Numbers of one tenant go on behind the directory's last, since there all tenants shared one row of numbers: what counts
/// from a number on (metrics, dimensions, re-ratings) must not meet it again.
const END: &str = "UPDATE ledger SET last_seq = $1, version = version + 1, catalog_version = catalog_version + 1, \
     labels_version = labels_version + 1 WHERE tenant_id > 0";

/// How far a move has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveProgress {
    /// `tables`, `events`, `totals`, `folds` or `end`.
    pub part: &'static str,
    /// Done of this part: tables, numbers of events, rows of totals, folds.
    pub done: u64,
    /// Of so many; 0 where that is not known before.
    pub total: u64,
}

/// What a move brought, this time and before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Rows of tables, those of this run.
    pub rows: u64,
    /// Events, those of this run, voided ones too.
    pub events: u64,
    /// Rows of totals of time whose events were dropped.
    pub totals: u64,
    /// An earlier run had begun it.
    pub resumed: bool,
}

/// A directory and the cluster that it is moved to.
#[derive(Debug, Clone)]
pub struct Moving {
    /// The data directory; no server may be running on it.
    pub from: PathBuf,
    /// The cluster; empty, or what an earlier run of this move left.
    pub to: ClusterOptions,
    /// The most events of one batch.
    pub events_at_once: usize,
}

impl Moving {
    /// A move with the default size of batches.
    pub fn new(from: impl Into<PathBuf>, to: ClusterOptions) -> Self {
        Self { from: from.into(), to, events_at_once: EVENTS_AT_ONCE }
    }

    /// Moves everything. `progress` is told of each step that is done, and ends the move by an error, which leaves it as a
    /// crash would: the next run goes on.
    ///
    /// A conflict where the directory is in use, was changed since the move began, or the target is not empty, is served,
    /// or holds another move; unavailable where an engine is away.
    pub async fn run(
        self,
        clock: Arc<dyn Clock>,
        mut progress: impl FnMut(MoveProgress) -> StoreResult<()> + Send,
    ) -> StoreResult<Moved> {
        let Self { from, to, events_at_once } = self;
        let source = tokio::task::spawn_blocking(move || Source::open(&from)).await;
        let source =
            source.map_err(|error| unavailable(format!("the directory was not read: {error}")))??;
        let postgres = Postgres::new(&to.postgres)?;
        let schema = to.schema()?;
        let clicks = Arc::new(Clicks::new(ClickOptions { shards: to.clickhouse.clone(), schema })?);
        let client = postgres.connect(Role::Migrator).await?;
        migrate::check(&client, || clock.now_ms()).await?;
        migrate::up(&postgres).await?;
        clicks.ensure().await?;
        let lead = begin::lead(&postgres).await?;
        let mut mover = Mover {
            source,
            client,
            lead,
            clicks,
            clock,
            events_at_once: events_at_once.clamp(1, EVENTS_AT_ONCE),
            progress: &mut progress,
            moved: Moved::default(),
        };
        mover.run().await.map_err(said)?;
        Ok(mover.moved)
    }
}

/// A move at work.
struct Mover<'p> {
    source: Source,
    /// For long statements; the lead's connection has to be used all the time.
    client: Client,
    lead: Lead,
    clicks: Arc<Clicks>,
    clock: Arc<dyn Clock>,
    events_at_once: usize,
    progress: &'p mut (dyn FnMut(MoveProgress) -> StoreResult<()> + Send),
    moved: Moved,
}

impl Mover<'_> {
    async fn run(&mut self) -> Result<(), StepError> {
        self.moved.resumed = begin::begin(&self.client, &self.clicks, self.source.mark()).await?;
        if self.is_done("end").await?.is_some() {
            return Ok(());
        }
        self.copy_tables().await?;
        self.bring_events().await?;
        self.bring_totals().await?;
        self.fold_all().await?;
        self.end().await
    }

    /// Tells how far it has come.
    fn tell(&mut self, part: &'static str, done: u64, total: u64) -> Result<(), StepError> {
        Ok((self.progress)(MoveProgress { part, done, total }).map_err(crate::error::Fault::from)?)
    }

    /// What was noted when this part was done; `None` where it is not.
    async fn is_done(&self, part: &str) -> Result<Option<String>, StepError> {
        let row = bounded(self.lead.client().query_opt(IS_DONE, &[&part])).await?;
        Ok(row.map(|row| row.get(0)))
    }

    /// Folds everything that was brought.
    async fn fold_all(&mut self) -> Result<(), StepError> {
        let mut folder = Folder::new(self.clicks.clone(), FoldOptions::default());
        let (mut folds, mut looked) = (0, Instant::now());
        loop {
            let now_ms = self.clock.now_ms();
            match folder.step(&mut self.lead, true, now_ms).await? {
                Folding::Nothing => return Ok(()),
                Folding::Live => {
                    folds += 1;
                    self.tell("folds", folds, 0)?;
                }
                // Shards may add up for minutes; a connection that is not used is cut off.
                Folding::Began { .. } | Folding::Working => {
                    if looked.elapsed() >= LOOK {
                        self.lead.look().await?;
                        looked = Instant::now();
                    }
                    tokio::time::sleep(FOLDING).await;
                }
            }
        }
    }

    async fn end(&mut self) -> Result<(), StepError> {
        let last_seq = self.source.last_seq();
        let transaction = self.lead.transaction().await?;
        bounded(transaction.execute(END, &[&last_seq])).await?;
        bounded(transaction.execute(DONE, &[&"end", &""])).await?;
        bounded(transaction.commit()).await?;
        self.tell("end", 1, 1)
    }
}

/// What a caller learns of a step that was not done.
fn said(error: StepError) -> StoreError {
    match error {
        StepError::Click(error) => error.into(),
        StepError::Fault(fault) => fault.into(),
        StepError::Away(error) => error,
        StepError::Fenced => {
            StoreError::Conflict("a server began to lead on the target; stop it, and move again".to_owned())
        }
        error @ StepError::Postgres(_) => unavailable(error.to_string()),
    }
}
