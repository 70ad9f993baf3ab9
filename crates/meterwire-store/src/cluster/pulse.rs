//! Whether PostgreSQL answers. One that is there and silent cannot be told from one at work by the connection that waits for
//! it; so it is asked for nothing all the time, on a connection of its own, and where that is not answered nobody waits
//! any longer. Who has much to do is waited for, as long as the pulse goes.
//!
//! What was at work is not cut off: when PostgreSQL goes on, it ends as it would have, and its connection is used again.

use super::connect::{Postgres, Role};
use crate::sql::postgres::with_causes;
use meterwire_app::ports::{StoreError, StoreResult};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, interval, sleep, timeout};

/// How often it is asked.
const BEAT: Duration = Duration::from_millis(250);
/// So many beats without an answer are silence. Beats and not a time: where this whole machine is slow or was stopped, beats
/// are late as well.
const MISSED: u32 = 5;
/// A connection that is not made by then is begun anew.
const CONNECTED_WITHIN: Duration = Duration::from_secs(3);

/// What callers are told of a question.
const NOT_READ: &str = "PostgreSQL, in which everything is recorded, does not answer. Try again in a moment.";
/// Of what was not begun.
const NOT_BEGUN: &str = "PostgreSQL, in which everything is recorded, does not answer. Nothing was recorded; try again in a moment.";
/// Of what was, and of a commit whose answer was lost.
pub(super) const MAYBE: &str = "PostgreSQL, in which everything is recorded, has not confirmed this. It may have been recorded nevertheless; \
     send it again with the same ids or idempotency key, and it counts once.";

/// Whether PostgreSQL answers, as this server sees it. Clones are of the same server; one that nobody [runs](Self::run) is
/// never silent.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse {
    silent: watch::Sender<bool>,
    missed: Arc<AtomicU32>,
}

impl Pulse {
    /// Waits for an answer to a question, while PostgreSQL can be heard.
    pub(super) fn read<T>(
        &self,
        answer: impl Future<Output = StoreResult<T>>,
    ) -> impl Future<Output = StoreResult<T>> {
        self.hear(answer, NOT_READ)
    }

    /// Waits for what was begun to be written, while PostgreSQL can be heard.
    pub(super) fn written<T>(
        &self,
        answer: impl Future<Output = StoreResult<T>>,
    ) -> impl Future<Output = StoreResult<T>> {
        self.hear(answer, MAYBE)
    }

    /// Refuses to begin with what is to be written while PostgreSQL is silent.
    pub(super) fn require(&self) -> StoreResult<()> {
        if *self.silent.borrow() { Err(StoreError::outage(NOT_BEGUN)) } else { Ok(()) }
    }

    fn hear<T>(
        &self,
        answer: impl Future<Output = StoreResult<T>>,
        silent: &'static str,
    ) -> impl Future<Output = StoreResult<T>> {
        // Boxed here: questions are large, and would be larger with each that waits for another.
        let mut answer = Box::pin(answer);
        let mut is_silent = self.silent.subscribe();
        async move {
            tokio::select! {
                biased;
                answer = &mut answer => answer,
                Ok(_) = is_silent.wait_for(|silent| *silent) => Err(StoreError::outage(silent)),
            }
        }
    }

    /// Feels the pulse until it is told to stop.
    pub(super) async fn run(self, postgres: Postgres, mut stop: watch::Receiver<bool>) {
        let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
        let ask = async {
            loop {
                if let Err(error) = self.ask(&postgres).await {
                    tracing::debug!(error = with_causes(&error), "the pulse of PostgreSQL is not felt");
                }
                sleep(BEAT).await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = ask => {}
            () = self.count() => {}
        }
        // Who waits is answered by those who close.
        self.silent.send_replace(false);
    }

    /// Asks on one connection, as long as it lives.
    async fn ask(&self, postgres: &Postgres) -> Result<(), tokio_postgres::Error> {
        // One that takes the connection and says nothing must not be waited for, or it could be back for long.
        let connecting = self.answered(postgres.try_connect(Role::Reader));
        let Ok(client) = timeout(CONNECTED_WITHIN, connecting).await else { return Ok(()) };
        let client = client?;
        loop {
            self.answered(client.batch_execute("")).await?;
            sleep(BEAT).await;
        }
    }

    async fn answered<T, E>(&self, asked: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let begun = Instant::now();
        let answer = asked.await;
        // What is refused at once is no silence: everybody learns it as quickly, and when it is back.
        if answer.is_ok() || begun.elapsed() < BEAT {
            self.felt();
        }
        answer
    }

    fn felt(&self) {
        self.missed.store(0, Ordering::Relaxed);
        if self.silent.send_if_modified(|silent| std::mem::replace(silent, false)) {
            tracing::warn!("PostgreSQL answers again");
        }
    }

    /// Counts beats without an answer.
    async fn count(&self) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beats.tick().await;
            let missed = self.missed.fetch_add(1, Ordering::Relaxed).saturating_add(1);
            if missed > MISSED && self.silent.send_if_modified(|silent| !std::mem::replace(silent, true)) {
                tracing::warn!("PostgreSQL does not answer; requests are refused until it does");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn who_takes_connections_and_says_nothing_is_silent() {
        let deaf = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://nobody@127.0.0.1:{}/nothing", deaf.local_addr().unwrap().port());
        let pulse = Pulse::default();
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(pulse.clone().run(Postgres::new(&url).unwrap(), stopped));
        let begun = Instant::now();
        pulse.require().unwrap();
        let refused = pulse.written(pending::<StoreResult<()>>()).await.unwrap_err();
        assert!(refused.told().unwrap().contains("may have been recorded"), "{refused:?}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert!(pulse.require().unwrap_err().told().unwrap().contains("Nothing was recorded"));
        // What is answered nevertheless is an answer.
        assert_eq!(pulse.read(async { Ok(1) }).await.unwrap(), 1);
        stop.send_replace(true);
        running.await.unwrap();
        pulse.require().unwrap();
    }

    #[tokio::test]
    async fn a_pulse_that_nobody_feels_is_never_silent() {
        let waiting = Pulse::default();
        let waiting = waiting.read(pending::<StoreResult<()>>());
        assert!(timeout(BEAT, waiting).await.is_err());
    }
}
