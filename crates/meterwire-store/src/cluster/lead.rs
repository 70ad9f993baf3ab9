//! Leading: of all servers one flushes, folds and cleans, and does what runs by itself.
//!
//! It is the one that holds an advisory lock of PostgreSQL, on a connection of its own. That connection is its right to
//! write the manifest: the server cuts off a connection that nobody used for ten seconds, so a leader that was stopped or
//! is out of reach has lost it before another has it. Each leader counts the manifest's epoch on, and writes the manifest
//! only while the epoch is its own.

use super::click::client::ClickError;
use super::connect::{Postgres, Role};
use super::leads::Leads;
use crate::error::{Fault, unavailable};
use crate::sql::postgres::with_causes;
use meterwire_app::ports::StoreError;
use std::pin::pin;
use std::time::Duration;
use tokio::time::Instant;
use tokio_postgres::{Client, Transaction};

/// The number of the advisory lock of a database's leader.
const LEADER_LOCK: i64 = 7;
/// A leader's connection is used so often, whatever else it waits for.
pub(super) const LOOK: Duration = Duration::from_secs(1);
/// What takes longer on that connection is not waited for: PostgreSQL is away. Its own bound is ten seconds.
const ANSWERED_WITHIN: Duration = Duration::from_secs(12);
/// The same for a mere look: before PostgreSQL would cut the connection off. Whoever must know sooner whether this server
/// leads sees how old the last look is, see [`Leads`].
const SEEN_WITHIN: Duration = Duration::from_secs(8);

/// Names every dead batch that is not cleaned yet, for questions.
const NAME_DEAD: &str = "UPDATE manifest SET dead = (SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') \
     FROM batch WHERE state = 'dead') WHERE only_row = 1 AND epoch = $1";

/// Why a step was not done, or may not have been.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    /// PostgreSQL is away, or has cut the leader off. It leads no more.
    #[error("PostgreSQL: {}", with_causes(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// PostgreSQL cannot be reached, or does not answer.
    #[error("PostgreSQL: {0:?}")]
    Away(StoreError),
    /// Another server leads, or has led meanwhile.
    #[error("another server leads")]
    Fenced,
    /// ClickHouse did not do what it was asked, or not for certain.
    #[error(transparent)]
    Click(#[from] ClickError),
    /// What the outbox holds cannot be read.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl StepError {
    /// Whoever meets this leads no more: to go on it has to begin with the first step.
    pub(crate) fn ends_leading(&self) -> bool {
        matches!(self, Self::Postgres(_) | Self::Away(_) | Self::Fenced)
    }
}

/// One that would lead.
pub(crate) struct Candidate {
    client: Client,
}

impl Candidate {
    pub(crate) async fn new(postgres: &Postgres) -> Result<Self, StepError> {
        Ok(Self { client: postgres.connect(Role::Leader).await.map_err(StepError::Away)? })
    }

    /// Step 1 of a flush. Takes the lock if it is free, ends what the leader before left open, and counts the epoch on.
    pub(crate) async fn try_lead(self) -> Result<Result<Lead, Self>, StepError> {
        let Self { mut client } = self;
        let lock = client.query_one("SELECT pg_try_advisory_lock($1)", &[&LEADER_LOCK]);
        if !bounded(lock).await?.get::<_, bool>(0) {
            return Ok(Err(Self { client }));
        }
        let epoch = bounded(async {
            let transaction = client.transaction().await?;
            let count_on = "UPDATE manifest SET epoch = epoch + 1 WHERE only_row = 1 RETURNING epoch";
            let epoch: i64 = transaction.query_one(count_on, &[]).await?.get(0);
            transaction.execute("UPDATE batch SET state = 'dead' WHERE state = 'open'", &[]).await?;
            transaction.execute("UPDATE fold SET state = 'dead' WHERE state = 'open'", &[]).await?;
            transaction.execute(NAME_DEAD, &[&epoch]).await?;
            transaction.commit().await?;
            Ok(epoch)
        })
        .await?;
        tracing::info!(epoch, "this server leads");
        Ok(Ok(Lead { client, epoch, proof: Leads::default() }))
    }
}

/// The right to write the manifest, as long as its connection lives.
pub(crate) struct Lead {
    client: Client,
    epoch: i64,
    /// Who is told of each look.
    proof: Leads,
}

impl Lead {
    /// The same, which tells these of each look.
    pub(crate) fn proving(self, proof: Leads) -> Self {
        Self { proof, ..self }
    }

    /// How many have led so far, this one included.
    pub(crate) fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The connection that holds the lock: what is read and written on it is done while leading, or not at all.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Sees that this still leads, which also keeps the connection from being cut off.
    pub(crate) async fn look(&self) -> Result<(), StepError> {
        let asked = Instant::now();
        let epoch = self.client.query_one("SELECT epoch FROM manifest WHERE only_row = 1", &[]);
        let seen = tokio::time::timeout(SEEN_WITHIN, epoch).await.map_err(|_| silent())??;
        if seen.get::<_, i64>(0) != self.epoch {
            return Err(StepError::Fenced);
        }
        self.proof.proven(asked);
        Ok(())
    }

    /// Waits for work elsewhere while looking every second; gives up the work when it leads no more.
    pub(crate) async fn while_leading<T>(&self, work: impl Future<Output = T>) -> Result<T, StepError> {
        let mut work = pin!(work);
        loop {
            match tokio::time::timeout(LOOK, &mut work).await {
                Ok(done) => return Ok(done),
                Err(_) => self.look().await?,
            }
        }
    }

    /// One transaction on the lock's connection; after an error nothing of it is left.
    pub(super) async fn transaction(&mut self) -> Result<Transaction<'_>, StepError> {
        bounded(self.client.transaction()).await
    }
}

/// Writes into the manifest which batches are dead; refuses one that leads no more.
pub(super) async fn name_dead(transaction: &Transaction<'_>, epoch: i64) -> Result<(), StepError> {
    if bounded(transaction.execute(NAME_DEAD, &[&epoch])).await? == 1 {
        Ok(())
    } else {
        Err(StepError::Fenced)
    }
}

/// Waits for PostgreSQL, but not for ever: a server that hangs takes what it is sent and says nothing.
pub(super) async fn bounded<T>(
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, StepError> {
    match tokio::time::timeout(ANSWERED_WITHIN, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(silent()),
    }
}

fn silent() -> StepError {
    StepError::Away(unavailable("no answer on the leader's connection"))
}
