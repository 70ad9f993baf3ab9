//! What one server does as long as it leads, and its tries to lead: every server runs this, one of them leads.

use super::batch::BatchLimits;
use super::clean::{Cleaner, Keep};
use super::click::client::Clicks;
use super::connect::Postgres;
use super::flush::{Flushed, Flusher};
use super::fold::{FoldOptions, Folder, Folding};
use super::lead::{Candidate, LOOK, Lead, StepError};
use super::leads::Leads;
use super::retention::Dropper;
use meterwire_app::clock::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Whoever does not lead tries again after this.
const TRY: Duration = Duration::from_secs(1);
/// ClickHouse is tried again after this, twice as long after each failure,
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// but no longer than this.
const LAST_RETRY: Duration = Duration::from_secs(30);
/// Shards that add up are looked at so often.
const FOLDING: Duration = Duration::from_millis(50);

/// How a leader works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeaderOptions {
    pub(crate) limits: BatchLimits,
    pub(crate) keep: Keep,
    pub(crate) folds: FoldOptions,
    /// A batch goes so often, sooner when the one before was full.
    pub(crate) flush_every: Duration,
    pub(crate) clean_every: Duration,
}

impl Default for LeaderOptions {
    fn default() -> Self {
        Self {
            limits: BatchLimits::default(),
            keep: Keep::default(),
            folds: FoldOptions::default(),
            flush_every: Duration::from_secs(1),
            clean_every: Duration::from_mins(1),
        }
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
                self.leads.lost();
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
        self.leads.ended();
    }

    /// Waits for the lock and leads while it has it.
    async fn stand(&self) -> Result<(), StepError> {
        let mut candidate = Candidate::new(&self.postgres).await?;
        loop {
            match candidate.try_lead().await? {
                Ok(lead) => return self.lead(lead.proving(self.leads.clone())).await,
                Err(again) => candidate = again,
            }
            self.leads.beaten();
            sleep(TRY).await;
        }
    }

    async fn lead(&self, mut lead: Lead) -> Result<(), StepError> {
        let mut duties = Duties::new(self);
        loop {
            lead.look().await?;
            duties.flush(&mut lead).await?;
            duties.fold(&mut lead).await?;
            duties.clean(&mut lead).await?;
            sleep(LOOK.min(duties.next_at().saturating_duration_since(Instant::now()))).await;
        }
    }
}

/// What a leader does in turn, and when again.
struct Duties<'l> {
    leader: &'l Leader,
    flusher: Flusher,
    folder: Folder,
    cleaner: Cleaner,
    dropper: Dropper,
    /// ClickHouse may have been away when the servers started.
    has_tables: bool,
    flush_at: Instant,
    flush_retry: Duration,
    fold_at: Instant,
    fold_retry: Duration,
    clean_at: Instant,
}

impl<'l> Duties<'l> {
    fn new(leader: &'l Leader) -> Self {
        let (clicks, options) = (&leader.clicks, &leader.options);
        let now = Instant::now();
        Self {
            leader,
            flusher: Flusher::new(clicks.clone(), options.limits),
            folder: Folder::new(clicks.clone(), options.folds),
            cleaner: Cleaner::new(options.keep),
            dropper: Dropper::new(options.folds.keep_retired),
            has_tables: false,
            flush_at: now,
            flush_retry: FIRST_RETRY,
            fold_at: now,
            fold_retry: FIRST_RETRY,
            clean_at: now,
        }
    }

    fn now_ms(&self) -> i64 {
        self.leader.clock.now_ms()
    }

    fn next_at(&self) -> Instant {
        self.flush_at.min(self.fold_at).min(self.clean_at)
    }

    async fn flush(&mut self, lead: &mut Lead) -> Result<(), StepError> {
        if Instant::now() < self.flush_at {
            return Ok(());
        }
        if !self.has_tables {
            let ensured = lead.while_leading(self.leader.clicks.ensure()).await?;
            self.has_tables = passing(ensured.map_err(StepError::from))?.is_some();
        }
        let now_ms = self.now_ms();
        let flushed = if self.has_tables { passing(self.flusher.flush(lead, now_ms).await)? } else { None };
        let options = &self.leader.options;
        let pause = match flushed {
            Some(Flushed::Rows(rows)) if rows * 2 > options.limits.events => Duration::ZERO,
            Some(_) => options.flush_every,
            None => self.flush_retry,
        };
        self.flush_retry =
            if flushed.is_none() { (self.flush_retry * 2).min(LAST_RETRY) } else { FIRST_RETRY };
        self.flush_at = Instant::now() + pause;
        Ok(())
    }

    async fn fold(&mut self, lead: &mut Lead) -> Result<(), StepError> {
        if Instant::now() < self.fold_at {
            return Ok(());
        }
        if !self.has_tables {
            self.fold_at = self.flush_at;
            return Ok(());
        }
        let wanted = self.leader.leads.take_want_of_fold();
        let now_ms = self.now_ms();
        let folding = passing(self.folder.step(lead, wanted, now_ms).await)?;
        // Whoever wants a fold goes on asking until there is one; what was asked meanwhile must not be forgotten.
        if wanted && matches!(folding, None | Some(Folding::Working | Folding::Began { all: false })) {
            self.leader.leads.want_fold();
        }
        let pause = match folding {
            Some(Folding::Nothing) => self.leader.options.flush_every,
            Some(Folding::Began { .. } | Folding::Working) => FOLDING,
            Some(Folding::Live) => Duration::ZERO,
            None => self.fold_retry,
        };
        self.fold_retry = if folding.is_none() { (self.fold_retry * 2).min(LAST_RETRY) } else { FIRST_RETRY };
        self.fold_at = Instant::now() + pause;
        Ok(())
    }

    async fn clean(&mut self, lead: &mut Lead) -> Result<(), StepError> {
        if Instant::now() < self.clean_at {
            return Ok(());
        }
        let (clicks, now_ms) = (&self.leader.clicks, self.now_ms());
        let more = self.cleaner.forget_sent(lead, now_ms).await?;
        let more = self.cleaner.forget_batches(lead, now_ms).await? || more;
        passing(self.cleaner.clean(lead, clicks, now_ms).await)?;
        if self.has_tables {
            passing(self.folder.drop_old(lead, now_ms).await)?;
            passing(self.dropper.delete(lead, clicks, now_ms).await)?;
        }
        let pause = if more { Duration::ZERO } else { self.leader.options.clean_every };
        self.clean_at = Instant::now() + pause;
        Ok(())
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
