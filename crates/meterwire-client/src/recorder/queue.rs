//! The bounded queue between the recording threads and the one that sends.

use super::RecorderStats;
use crate::reply::Ingested;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// The most that the server takes at once.
pub(super) const MAX_BATCH: usize = 10_000;
/// Well below the server's 16 MiB.
const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;
const MAX_EVENT_BYTES: usize = 1024 * 1024;
const MAX_QUEUE_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) batch: usize,
    pub(super) events: usize,
    pub(super) age: Duration,
}

#[derive(Debug)]
pub(super) struct Queue {
    bounds: Bounds,
    state: Mutex<State>,
    /// Wakes the sender: something to send, or to end for.
    wake: Notify,
    /// Cuts the sender's pause between two tries short.
    hurry: Notify,
    /// Stops the sender in the middle.
    abandon: Notify,
    /// Wake those who wait for something to be settled.
    settled: Condvar,
    settled_async: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Of what waits and what is on its way.
    bytes: usize,
    /// How many were ever queued, and how many of them are settled, in order.
    accepted: u64,
    finished: u64,
    /// What was queued up to here is to be sent without waiting for more.
    due_to: u64,
    closed: bool,
    abandoned: bool,
    stats: RecorderStats,
}

#[derive(Debug)]
struct Waiting {
    event: String,
    since: Instant,
}

/// What the sender is to do.
enum Next {
    Send(Vec<String>),
    WaitUntil(Instant),
    Wait,
    End,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { batch: 500, events: 10_000, age: Duration::from_millis(500) }
    }
}

impl Queue {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            state: Mutex::default(),
            wake: Notify::new(),
            hurry: Notify::new(),
            abandon: Notify::new(),
            settled: Condvar::new(),
            settled_async: Notify::new(),
        }
    }

    /// Takes an event, or drops it where there is no room.
    pub(super) fn push(&self, event: String) -> bool {
        let mut state = self.lock();
        let full = state.accepted - state.finished >= self.bounds.events as u64
            || state.bytes + event.len() > MAX_QUEUE_BYTES;
        if full || event.len() > MAX_EVENT_BYTES {
            state.stats.dropped += 1;
            let dropped = state.stats.dropped;
            drop(state);
            // Said at the first and then ever more rarely.
            if dropped.is_power_of_two() {
                tracing::warn!(
                    dropped,
                    "a usage event was dropped: the recorder's queue is full or it is too large"
                );
            }
            return false;
        }
        state.bytes += event.len();
        state.accepted += 1;
        state.waiting.push_back(Waiting { event, since: Instant::now() });
        let waiting = state.waiting.len();
        drop(state);
        if waiting == 1 || waiting == self.bounds.batch {
            self.wake.notify_one();
        }
        true
    }

    /// Counts an event that could not even be queued.
    pub(super) fn drop_unsent(&self) -> bool {
        self.lock().stats.dropped += 1;
        false
    }

    /// Makes everything queued due; answers up to where that is.
    pub(super) fn hurry(&self) -> u64 {
        let mut state = self.lock();
        state.due_to = state.accepted;
        self.wake.notify_one();
        self.hurry.notify_one();
        state.due_to
    }

    /// As `hurry`, and the sender ends after it.
    pub(super) fn close(&self) -> u64 {
        self.lock().closed = true;
        self.hurry()
    }

    /// Gives up what is not settled; answers how many events that are.
    pub(super) fn abandon(&self) -> u64 {
        let mut state = self.lock();
        let lost = state.accepted - state.finished;
        state.abandoned = true;
        state.stats.dropped += lost;
        state.finished = state.accepted;
        state.waiting.clear();
        state.bytes = 0;
        self.abandon.notify_one();
        lost
    }

    /// Waits for the next batch; nothing when the recorder has ended.
    pub(super) async fn next_batch(&self) -> Option<Vec<String>> {
        loop {
            match self.next() {
                Next::Send(batch) => return Some(batch),
                Next::End => return None,
                Next::Wait => self.wake.notified().await,
                Next::WaitUntil(due) => {
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = sleep_until(due) => {}
                    }
                }
            }
        }
    }

    fn next(&self) -> Next {
        let mut state = self.lock();
        let Some(oldest) = state.waiting.front() else {
            return if state.closed { Next::End } else { Next::Wait };
        };
        let due = oldest.since + self.bounds.age;
        let full = state.waiting.len() >= self.bounds.batch || state.bytes >= MAX_BATCH_BYTES;
        if !full && state.due_to <= state.finished && Instant::now() < due {
            return Next::WaitUntil(due);
        }
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(next) = state.waiting.front() {
            bytes += next.event.len();
            if batch.len() == self.bounds.batch || (bytes > MAX_BATCH_BYTES && !batch.is_empty()) {
                break;
            }
            batch.extend(state.waiting.pop_front().map(|waiting| waiting.event));
        }
        Next::Send(batch)
    }

    /// Counts a batch as settled: by a report, or given up.
    pub(super) fn finish(&self, batch: &[String], report: Option<&Ingested>) {
        let mut state = self.lock();
        if state.abandoned {
            return;
        }
        let events = batch.len() as u64;
        match report {
            Some(report) => {
                state.stats.stored += report.stored;
                state.stats.duplicate += report.duplicate;
                state.stats.conflict += report.conflict;
                state.stats.rejected += report.rejected;
            }
            None => state.stats.dropped += events,
        }
        state.finished += events;
        state.bytes = state.bytes.saturating_sub(batch.iter().map(String::len).sum());
        drop(state);
        self.settled.notify_all();
        self.settled_async.notify_waiters();
    }

    /// Waits for the pause to be over, or for someone in a hurry.
    pub(super) async fn pause(&self, pause: Duration) {
        tokio::select! {
            () = self.hurry.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    /// Comes back when the recorder has given up.
    pub(super) async fn abandoned(&self) {
        self.abandon.notified().await;
    }

    pub(super) async fn settled(&self, target: u64) {
        loop {
            let changed = self.settled_async.notified();
            if self.lock().finished >= target {
                return;
            }
            changed.await;
        }
    }

    /// Whether it was settled within the time.
    pub(super) fn settled_blocking(&self, target: u64, at_most: Duration) -> bool {
        let waited = self.settled.wait_timeout_while(self.lock(), at_most, |state| state.finished < target);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.finished >= target
    }

    pub(super) fn stats(&self) -> RecorderStats {
        let state = self.lock();
        RecorderStats { queued: state.accepted - state.finished, ..state.stats }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held; a host's panic elsewhere is no reason to lose its events.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, MAX_BATCH_BYTES, MAX_EVENT_BYTES, MAX_QUEUE_BYTES, Queue};
    use crate::reply::Ingested;
    use std::time::Duration;

    fn queue(batch: usize, events: usize) -> Queue {
        Queue::new(Bounds { batch, events, age: Duration::from_mins(1) })
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_leaves_when_it_is_full_or_old() {
        let queue = queue(3, 10);
        for name in ["a", "b", "c", "d"] {
            assert!(queue.push(name.to_owned()));
        }
        assert_eq!(queue.next_batch().await.unwrap(), ["a", "b", "c"]);
        let begun = tokio::time::Instant::now();
        assert_eq!(queue.next_batch().await.unwrap(), ["d"]);
        let waited = begun.elapsed();
        assert!(waited >= Duration::from_mins(1) && waited < Duration::from_secs(61), "{waited:?}");
    }

    #[tokio::test]
    async fn the_bounds_hold_for_what_is_on_its_way_too() {
        let queue = queue(2, 3);
        let kept: Vec<bool> = (0..4).map(|number| queue.push(number.to_string())).collect();
        assert_eq!(kept, [true, true, true, false]);
        let batch = queue.next_batch().await.unwrap();
        assert!(!queue.push("full still".to_owned()));
        queue.finish(&batch, Some(&Ingested { stored: 2, ..Ingested::default() }));
        assert!(queue.push("room again".to_owned()));
        let stats = queue.stats();
        assert_eq!((stats.queued, stats.stored, stats.dropped), (2, 2, 2));
    }

    #[tokio::test]
    async fn bytes_are_bounded_by_event_batch_and_queue() {
        let queue = queue(10_000, 1_000_000);
        assert!(!queue.push("x".repeat(MAX_EVENT_BYTES + 1)));
        let queued = (0..1000).take_while(|_| queue.push("x".repeat(MAX_EVENT_BYTES))).count();
        assert_eq!(queued, MAX_QUEUE_BYTES / MAX_EVENT_BYTES);
        assert_eq!(queue.next_batch().await.unwrap().len(), MAX_BATCH_BYTES / MAX_EVENT_BYTES);
        assert_eq!(queue.stats().dropped, 2);
    }

    #[tokio::test]
    async fn hurry_sends_at_once_and_close_ends_after_the_last() {
        let queue = queue(10, 10);
        queue.push("a".to_owned());
        let target = queue.hurry();
        let batch = queue.next_batch().await.unwrap();
        assert!(!queue.settled_blocking(target, Duration::from_millis(1)));
        queue.finish(&batch, None);
        assert!(queue.settled_blocking(target, Duration::ZERO));
        queue.settled(target).await;
        queue.push("b".to_owned());
        queue.close();
        assert_eq!(queue.next_batch().await.unwrap(), ["b"]);
        assert!(queue.next_batch().await.is_none());
    }

    #[tokio::test]
    async fn what_is_abandoned_is_counted_once() {
        let queue = queue(1, 10);
        queue.push("a".to_owned());
        queue.push("b".to_owned());
        let batch = queue.next_batch().await.unwrap();
        assert_eq!(queue.abandon(), 2);
        queue.finish(&batch, Some(&Ingested { stored: 1, ..Ingested::default() }));
        let stats = queue.stats();
        assert_eq!((stats.queued, stats.stored, stats.dropped), (0, 0, 2));
    }
}
