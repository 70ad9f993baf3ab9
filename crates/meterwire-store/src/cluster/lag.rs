//! How much waits in the outbox for ClickHouse, looked at once a second, and what is refused where that is too much.

use super::connect::away;
use meterwire_app::ports::{StoreError, StoreResult};
use meterwire_core::period::rfc3339;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::Client;

/// How often it is looked at,
const LOOK: Duration = Duration::from_secs(1);
/// but no oftener than that looking takes this part of the time: millions of rows take a while.
const MOST_OF_THE_TIME: u32 = 20;
/// What was seen longer ago is not told any more.
const IS_NEWS: Duration = Duration::from_mins(1);

/// By the database's clock, since servers differ.
const WAITING: &str = "SELECT coalesce(sum(events), 0)::bigint, min(made_ms), \
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM outbox WHERE batch IS NULL";

/// What waits to be taken by ClickHouse, of all tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// Events; one that was voided or rated anew counts again.
    pub events: i64,
    /// How long the oldest of them has been waiting, milliseconds; 0 where nothing waits.
    pub waiting_ms: i64,
    /// Since when it has, Unix milliseconds; `None` where nothing waits.
    pub since_ms: Option<i64>,
}

impl Lag {
    /// How long the oldest has been waiting, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        Duration::from_millis(u64::try_from(self.waiting_ms).unwrap_or(0)).as_secs_f64()
    }
}

/// What this server saw last of the outbox.
pub(super) struct Lagging {
    seen: Mutex<Option<(Lag, Instant)>>,
    /// The most events that may wait.
    most_events: i64,
}

impl Lagging {
    pub(super) fn new(most_events: i64) -> Self {
        Self { seen: Mutex::default(), most_events }
    }

    /// What was seen last; `None` where that is long ago, since PostgreSQL is away.
    pub(super) fn lag(&self) -> Option<Lag> {
        self.lock().filter(|(_, at)| at.elapsed() < IS_NEWS).map(|(lag, _)| lag)
    }

    /// Refuses to record where too much waits already.
    pub(super) fn require_room(&self) -> StoreResult<()> {
        let Some((lag, _)) = *self.lock() else { return Ok(()) };
        if lag.events <= self.most_events {
            return Ok(());
        }
        let since = rfc3339(lag.since_ms.unwrap_or(0) / 1_000 * 1_000);
        let (events, most) = (lag.events, self.most_events);
        Err(StoreError::outage(format!(
            "ClickHouse takes nothing since {since}; {events} events wait, at most {most} may. Nothing was recorded; try again."
        )))
    }

    /// Looks; answers after how long it is time to look again.
    pub(super) async fn look(&self, client: &Client) -> StoreResult<Duration> {
        let begun = Instant::now();
        let row = client.query_one(WAITING, &[]).await.map_err(|error| away(&error))?;
        let (events, since_ms, now_ms): (i64, Option<i64>, i64) = (row.get(0), row.get(1), row.get(2));
        let waiting_ms = since_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms).max(0));
        self.saw(Lag { events, waiting_ms, since_ms });
        Ok(LOOK.max(begun.elapsed() * MOST_OF_THE_TIME))
    }

    fn saw(&self, lag: Lag) {
        *self.lock() = Some((lag, Instant::now()));
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Lag, Instant)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_refused_and_what_is_not_known_is_not() {
        let lagging = Lagging::new(1_000);
        assert_eq!(lagging.lag(), None);
        lagging.require_room().unwrap();
        let mut lag = Lag { events: 1_000, waiting_ms: 2_500, since_ms: Some(1_800_000_000_750) };
        lagging.saw(lag);
        lagging.require_room().unwrap();
        lag.events = 1_001;
        lagging.saw(lag);
        assert_eq!(lagging.lag(), Some(lag));
        assert!((lag.seconds() - 2.5).abs() < f64::EPSILON);
        let refused = lagging.require_room().unwrap_err().told().unwrap().to_owned();
        let sentence =
            "ClickHouse takes nothing since 2027-01-15T08:00:00Z; 1001 events wait, at most 1000 may";
        assert!(refused.contains(sentence), "{refused}");
        lagging.saw(Lag::default());
        lagging.require_room().unwrap();
    }
}
