//! What one server does as long as it leads, and its tries to lead: every server runs this, one of them leads.

use super::batch::BatchLimits;
use super::clean::{Cleaner, Keep};
use super::click::client::Clicks;
use super::connect::Postgres;
use super::flush::{Flushed, Flusher};
use super::lead::{Candidate, LOOK, Lead, StepError};
use meterwire_app::clock::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// A proof of leading is good for so long. Another can lead only when the connection has ended, which takes PostgreSQL
/// longer to find.
const PROOF: Duration = Duration::from_secs(2);
/// Whoever does not lead tries again after this.
const TRY: Duration = Duration::from_secs(1);
/// ClickHouse is tried again after this, twice as long after each failure,
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// but no longer than this.
const LAST_RETRY: Duration = Duration::from_secs(30);

/// How a leader works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeaderOptions {
    pub(crate) limits: BatchLimits,
    pub(crate) keep: Keep,
    /// A batch goes so often, sooner when the one before was full.
    pub(crate) flush_every: Duration,
    pub(crate) clean_every: Duration,
}

impl Default for LeaderOptions {
    fn default() -> Self {
        Self {
            limits: BatchLimits::default(),
            keep: Keep::default(),
            flush_every: Duration::from_secs(1),
            clean_every: Duration::from_mins(1),
        }
    }
}

/// Whether this server leads, for those who do what only one may.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leads {
    proven: Arc<Mutex<Option<Instant>>>,
}

impl Leads {
    /// It was seen to lead a moment ago. A server that was stopped does not believe what it saw before.
    pub(crate) fn now(&self) -> bool {
        let proven = *self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.is_some_and(|proven| proven.elapsed() < PROOF)
    }

    fn set(&self, proven: Option<Instant>) {
        *self.proven.lock().unwrap_or_else(PoisonError::into_inner) = proven;
    }
}

/// What leading needs.
pub(crate) struct Leader {
    pub(crate) postgres: Postgres,
    pub(crate) clicks: Arc<Clicks>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: LeaderOptions,
    pub(crate) leads: Leads,
}

impl Leader {
    /// Tries to lead, and leads, until it is told to stop. Errors are logged, and everything is begun again.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
        let serve = async {
            loop {
                let ended = self.stand().await;
                self.leads.set(None);
                if let Err(error) = ended {
                    tracing::warn!(%error, "this server does not lead");
                }
                sleep(TRY).await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = serve => {}
        }
        self.leads.set(None);
    }

    /// Waits for the lock and leads while it has it.
    async fn stand(&self) -> Result<(), StepError> {
        let mut candidate = Candidate::new(&self.postgres).await?;
        loop {
            match candidate.try_lead().await? {
                Ok(lead) => return self.lead(lead).await,
                Err(again) => candidate = again,
            }
            sleep(TRY).await;
        }
    }

    async fn lead(&self, mut lead: Lead) -> Result<(), StepError> {
        let mut flusher = Flusher::new(self.clicks.clone(), self.options.limits);
        let mut cleaner = Cleaner::new(self.options.keep);
        // ClickHouse may have been away when the servers started.
        let mut has_tables = false;
        let (mut retry, mut flush_at, mut clean_at) = (FIRST_RETRY, Instant::now(), Instant::now());
        loop {
            lead.look().await?;
            self.leads.set(Some(Instant::now()));
            if Instant::now() >= flush_at {
                if !has_tables {
                    let ensured = lead.while_leading(self.clicks.ensure()).await?;
                    has_tables = passing(ensured.map_err(StepError::from))?.is_some();
                }
                let flushed = if has_tables {
                    passing(flusher.flush(&mut lead, self.clock.now_ms()).await)?
                } else {
                    None
                };
                let pause = match flushed {
                    Some(Flushed::Rows(rows)) if rows * 2 > self.options.limits.events => Duration::ZERO,
                    Some(_) => self.options.flush_every,
                    None => retry,
                };
                retry = if flushed.is_none() { (retry * 2).min(LAST_RETRY) } else { FIRST_RETRY };
                flush_at = Instant::now() + pause;
            }
            if Instant::now() >= clean_at {
                let more = cleaner.forget_sent(&lead, self.clock.now_ms()).await?;
                passing(cleaner.clean(&mut lead, &self.clicks, self.clock.now_ms()).await)?;
                clean_at = Instant::now() + if more { Duration::ZERO } else { self.options.clean_every };
            }
            sleep(LOOK.min(flush_at.min(clean_at).saturating_duration_since(Instant::now()))).await;
        }
    }
}

/// Logs what does not end leading: it is tried again.
fn passing<T>(done: Result<T, StepError>) -> Result<Option<T>, StepError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.ends_leading() => Err(error),
        Err(error) => {
            tracing::warn!(%error, "ClickHouse is not up to date; trying again");
            Ok(None)
        }
    }
}
