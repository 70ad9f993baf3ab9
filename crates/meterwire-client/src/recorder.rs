//! Many single events, sent in batches in the background.
//!
//! Recording never waits: a full queue drops the new event and counts it. What is queued is kept while the server is
//! away, within the queue's bound, and sent when it is back. Ids and times are set when an event is recorded, so that
//! no retry counts twice and a late delivery keeps the time at which it happened.

mod delivery;
mod queue;

use crate::client::Client;
use crate::error::Error;
use crate::event::Event;
use queue::{Bounds, Queue};
use std::sync::Arc;
use std::time::Duration;

/// The settings of a recorder; see [`Client::recorder`].
#[derive(Debug, Clone)]
pub struct RecorderBuilder {
    client: Client,
    bounds: Bounds,
    drop_wait: Duration,
}

/// Takes events and sends them in batches. Cheap to clone; when the last clone is dropped, it sends what is left.
#[derive(Debug, Clone)]
pub struct Recorder {
    handle: Arc<Handle>,
}

/// What became of the events so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecorderStats {
    /// Waiting or on their way.
    pub queued: u64,
    /// Stored by the server.
    pub stored: u64,
    /// Stored before with the same content, as after a lost answer.
    pub duplicate: u64,
    /// Stored before with other content.
    pub conflict: u64,
    /// Refused by the server.
    pub rejected: u64,
    /// Never sent: the queue was full, the event too large, or the time of the last flush was over.
    pub dropped: u64,
}

#[derive(Debug)]
struct Handle {
    queue: Arc<Queue>,
    client: Client,
    drop_wait: Duration,
}

impl RecorderBuilder {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, bounds: Bounds::default(), drop_wait: Duration::from_secs(5) }
    }

    /// How many events make a batch (500; at most 10,000).
    pub fn batch_size(mut self, events: usize) -> Self {
        self.bounds.batch = events.clamp(1, queue::MAX_BATCH);
        self
    }

    /// How long an event waits for others before it is sent (half a second).
    pub fn max_age(mut self, age: Duration) -> Self {
        self.bounds.age = age;
        self
    }

    /// How many events may wait (10,000); with 32 MiB the bound of what the recorder takes of memory.
    pub fn capacity(mut self, events: usize) -> Self {
        self.bounds.events = events.max(1);
        self
    }

    /// The longest time that dropping the recorder waits for what is left (5 seconds).
    pub fn drop_wait(mut self, wait: Duration) -> Self {
        self.drop_wait = wait;
        self
    }

    /// Starts it, on the client's own thread.
    pub fn start(self) -> Recorder {
        let queue = Arc::new(Queue::new(self.bounds));
        drop(self.client.spawn(delivery::run(queue.clone(), self.client.clone())));
        let handle = Handle { queue, client: self.client, drop_wait: self.drop_wait };
        Recorder { handle: Arc::new(handle) }
    }
}

impl Recorder {
    /// Queues an event at once; false where it was dropped.
    pub fn record(&self, event: Event) -> bool {
        match serde_json::to_string(&event.fixed()) {
            Ok(text) => self.handle.queue.push(text),
            Err(_) => self.handle.queue.drop_unsent(),
        }
    }

    /// Sends what was recorded before, and waits until it is settled; [`Error::Unavailable`] where that takes longer
    /// than given. Nothing is lost by that: it goes on being tried.
    pub async fn flush(&self, at_most: Duration) -> Result<(), Error> {
        let target = self.handle.queue.hurry();
        let queue = self.handle.queue.clone();
        let wait = async move { tokio::time::timeout(at_most, queue.settled(target)).await.is_ok() };
        in_time(self.handle.client.spawn(wait).await.unwrap_or(false))
    }

    /// As [`Recorder::flush`], for threads: it holds up the calling one.
    pub fn flush_blocking(&self, at_most: Duration) -> Result<(), Error> {
        let target = self.handle.queue.hurry();
        in_time(self.handle.queue.settled_blocking(target, at_most))
    }

    /// What became of the events so far.
    pub fn stats(&self) -> RecorderStats {
        self.handle.queue.stats()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let target = self.queue.close();
        if !self.queue.settled_blocking(target, self.drop_wait) {
            let lost = self.queue.abandon();
            tracing::warn!(events = lost, "usage events were not sent before the recorder ended");
        }
    }
}

fn in_time(done: bool) -> Result<(), Error> {
    done.then_some(()).ok_or_else(|| Error::Unavailable("not everything was sent in time".to_owned()))
}
