//! The doctor of a cluster: what PostgreSQL and ClickHouse say of the same things, and what each says of itself. It only
//! looks, and works beside running servers.
//!
//! | What | Against what | Where |
//! |---|---|---|
//! | identities: how many, which, voided, rated anew | events in ClickHouse and the outbox, by tenant | [`ledgers`] |
//! | the ledger's sums, to the nano | live folds of every kind, events that are not folded, the outbox | [`ledgers`] |
//! | batches that the outbox still keeps | their rows in ClickHouse | [`batches`] |
//! | the manifest | `batch` and `fold`; batches in ClickHouse that it cannot know | [`batches`] |
//! | folds, row by row | events of the same slots, shard by shard | [`folds`] |
//! | labels, tenants, shards of events | PostgreSQL's, and `seq` modulo the shards | [`labels`] |
//! | budgets, closed periods | usage, by the code of the embedded store | [`money`] |
//!
//! What is read is of one moment: one transaction of PostgreSQL says which batches and folds count, and their rows in
//! ClickHouse never change. Only retention and the merging of folds take rows away, so what differs is looked at once more
//! at another moment before it is told.

mod batches;
mod folds;
mod labels;
mod ledgers;
mod money;
mod resend;
mod state;

pub use resend::resend_lost;

use super::click::client::{ClickOptions, Clicks};
use super::click::rowbinary::Reader;
use super::connect::{Postgres, Role};
use super::lead::StepError;
use super::pool::{Driver, Readers, Way};
use super::pulse::Pulse;
use super::questions::Questions;
use super::snapshot::Bodies;
use super::store::ClusterOptions;
use super::{migrate, moving};
use crate::error::{Fault, Work, unavailable};
use crate::finding::{Finding, Part, Progress, Report};
use meterwire_app::ports::{StoreError, StoreResult};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Client;

/// One statement of ClickHouse may take so long.
const PATIENCE: Duration = Duration::from_mins(10);
/// What differs is looked at so often.
const LOOKS: usize = 3;
/// Steps that every cluster has.
const STEPS: u64 = 6;

/// Checks a whole cluster without changing anything.
///
/// Unavailable where one of the engines is away or changes too quickly to be looked at; a conflict where a directory is
/// being moved into it. `progress` is told of each step.
pub async fn check_cluster(
    options: ClusterOptions,
    progress: impl FnMut(Progress) + Send,
) -> StoreResult<Report> {
    let mut examination = opened(options, progress).await?;
    let examined = examination.run().await;
    examination.readers.close().await;
    examined.map_err(said)?;
    Ok(examination.report)
}

/// Connects to look.
async fn opened<P: FnMut(Progress) + Send>(
    options: ClusterOptions,
    progress: P,
) -> StoreResult<Examination<P>> {
    let driver = Arc::new(Driver::new()?);
    let postgres = Postgres::new(&options.postgres)?;
    let schema = options.schema()?;
    let clicks = Arc::new(Clicks::new(ClickOptions { shards: options.clickhouse.clone(), schema })?);
    // For statements that read whole tables; connections of the store's readers are cut off after ten seconds.
    let connecting = postgres.clone();
    let client = driver.run(async move { connecting.connect(Role::Migrator).await }).await??;
    migrate::check_known(&client).await?;
    moving::refuse_half_moved(&client).await?;
    client.batch_execute("SET default_transaction_read_only = on").await.map_err(|error| away(&error))?;
    let questions = Arc::new(Questions { clicks: clicks.clone(), bodies: Bodies::default() });
    let way = Way { postgres, driver: driver.clone(), pulse: Pulse::default() };
    let readers = Readers::new(way, 2);
    Ok(Examination {
        client,
        clicks,
        questions,
        readers,
        report: Report::default(),
        done: 0,
        total: STEPS,
        progress,
    })
}

/// A look at a cluster.
struct Examination<P> {
    client: Client,
    clicks: Arc<Clicks>,
    questions: Arc<Questions>,
    readers: Readers,
    report: Report,
    done: u64,
    total: u64,
    progress: P,
}

/// What was found so far of one part.
type Found = Vec<Finding>;

impl<P: FnMut(Progress) + Send> Examination<P> {
    async fn run(&mut self) -> Result<(), StepError> {
        self.total += self.count_slices().await?;
        for look in 1..=LOOKS {
            let found = self.check_ledgers().await?;
            if found.is_empty() || look == LOOKS {
                self.add(found);
                break;
            }
        }
        self.step();
        for look in 1..=LOOKS {
            let found = self.check_batches().await?;
            if found.is_empty() || look == LOOKS {
                self.add(found);
                break;
            }
        }
        self.step();
        self.check_folds().await?;
        let found = self.check_labels().await?;
        self.add(found);
        self.step();
        let found = self.check_shards().await?;
        self.add(found);
        self.step();
        self.check_money().await
    }

    fn add(&mut self, found: Found) {
        found.into_iter().for_each(|finding| self.report.add(finding));
    }

    fn step(&mut self) {
        self.done += 1;
        (self.progress)(Progress { done: self.done.min(self.total), total: self.total });
    }

    /// Asks all shards and hands over the answer, row by row.
    async fn ask(&self, sql: String, row: impl FnMut(&mut Reader<'_>) -> Work<()>) -> Result<(), StepError> {
        let until = tokio::time::Instant::now() + PATIENCE;
        let answer = self.clicks.ask(sql, until).await?;
        Ok(rows(&answer, row)?)
    }

    /// Asks one shard.
    async fn ask_shard(
        &self,
        shard: usize,
        sql: String,
        row: impl FnMut(&mut Reader<'_>) -> Work<()>,
    ) -> Result<(), StepError> {
        let answer = self.clicks.ask_shard(shard, sql, PATIENCE).await?;
        Ok(rows(&answer, row)?)
    }
}

fn rows(answer: &[u8], mut row: impl FnMut(&mut Reader<'_>) -> Work<()>) -> Work<()> {
    let mut reader = Reader::new(answer);
    while !reader.is_empty() {
        row(&mut reader)?;
    }
    Ok(())
}

fn finding(part: Part, what: impl Into<String>) -> Finding {
    Finding::Cluster { part, what: what.into() }
}

fn away(error: &tokio_postgres::Error) -> StoreError {
    super::connect::away(error)
}

fn said(error: StepError) -> StoreError {
    match error {
        StepError::Click(error) => error.into(),
        StepError::Fault(fault) => fault.into(),
        StepError::Away(error) => error,
        error => unavailable(error.to_string()),
    }
}

fn failed_look(error: &tokio_postgres::Error) -> StepError {
    Fault::from(away(error)).into()
}
