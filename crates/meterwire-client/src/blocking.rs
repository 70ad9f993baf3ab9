//! The same verbs for threads. Works without a tokio runtime and inside one: the requests run on the client's own
//! thread, and the calling one sleeps. Inside async code that holds up whatever else runs there: prefer
//! [`crate::Client`] there.

use crate::error::Error;
use crate::event::Event;
use crate::recorder::RecorderBuilder;
use crate::reply::{
    DayOfUsage, Decided, DecidedAll, Ingested, NearLimit, ReservationState, ResetDone, Status, TopUsers,
    User, Verdict,
};
use crate::request::{Bulk, Commit, Decision, Hold, Item, Reset};
use crate::settings::Builder;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// A client whose calls return when they are done; see [`crate::Client`] for what each one does.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
}

/// What is held. Dropping it releases it in the background.
#[derive(Debug)]
#[must_use = "a reservation that is dropped is released"]
pub struct Reservation {
    reservation: crate::Reservation,
}

impl From<crate::Client> for Client {
    /// Shares the async client's connections and thread.
    fn from(client: crate::Client) -> Self {
        Self { client }
    }
}

impl Client {
    /// As [`crate::Client::builder`]; ends with [`Builder::build_blocking`].
    pub fn builder(base_url: impl Into<String>) -> Builder {
        crate::Client::builder(base_url)
    }

    /// As [`crate::Client::from_env`].
    pub fn from_env() -> Result<Self, Error> {
        crate::Client::from_env().map(Self::from)
    }

    /// As [`crate::Client::status`].
    pub fn status(&self, user: Option<&str>) -> Result<Status, Error> {
        wait(self.client.status(user))
    }

    /// As [`crate::Client::check_limit`].
    pub fn check_limit(&self, decision: Decision) -> Result<Decided, Error> {
        wait(self.client.check_limit(decision))
    }

    /// As [`crate::Client::increment`].
    pub fn increment(&self, decision: Decision) -> Result<Decided, Error> {
        wait(self.client.increment(decision))
    }

    /// As [`crate::Client::increment_all`].
    pub fn increment_all(&self, bulk: Bulk) -> Result<DecidedAll, Error> {
        wait(self.client.increment_all(bulk))
    }

    /// As [`crate::Client::consume`].
    pub fn consume(&self, decision: Decision) -> Result<Decided, Error> {
        wait(self.client.consume(decision))
    }

    /// As [`crate::Client::consume_all`].
    pub fn consume_all(&self, bulk: Bulk) -> Result<DecidedAll, Error> {
        wait(self.client.consume_all(bulk))
    }

    /// As [`crate::Client::consume_each`].
    pub fn consume_each<I>(&self, items: I) -> Result<Vec<Verdict>, Error>
    where
        I: IntoIterator<Item: Into<Item>>,
    {
        wait(self.client.consume_each(items))
    }

    /// As [`crate::Client::reserve`].
    pub fn reserve(&self, hold: Hold) -> Result<Reservation, Error> {
        wait(self.client.reserve(hold)).map(|reservation| Reservation { reservation })
    }

    /// As [`crate::Client::reservation`].
    pub fn reservation(&self, id: &str) -> Result<ReservationState, Error> {
        wait(self.client.reservation(id))
    }

    /// As [`crate::Client::commit`].
    pub fn commit(&self, id: &str, used: impl Into<Commit>) -> Result<ReservationState, Error> {
        wait(self.client.commit(id, used))
    }

    /// As [`crate::Client::release`].
    pub fn release(&self, id: &str) -> Result<ReservationState, Error> {
        wait(self.client.release(id))
    }

    /// As [`crate::Client::ingest`].
    pub fn ingest(&self, events: impl IntoIterator<Item = Event>) -> Result<Ingested, Error> {
        wait(self.client.ingest(events))
    }

    /// As [`crate::Client::recorder`]; a recorder never waits, so there is one for both.
    pub fn recorder(&self) -> RecorderBuilder {
        self.client.recorder()
    }

    /// As [`crate::Client::manual_reset`].
    pub fn manual_reset(&self, reset: Reset) -> Result<ResetDone, Error> {
        wait(self.client.manual_reset(reset))
    }

    /// As [`crate::Client::top_users`].
    pub fn top_users(&self, metric: &str, date: Option<&str>, limit: u32) -> Result<TopUsers, Error> {
        wait(self.client.top_users(metric, date, limit))
    }

    /// As [`crate::Client::near_limits`].
    pub fn near_limits(&self, threshold: f64, limit: u32) -> Result<Vec<NearLimit>, Error> {
        wait(self.client.near_limits(threshold, limit))
    }

    /// As [`crate::Client::history`].
    pub fn history(&self, days: u32) -> Result<Vec<DayOfUsage>, Error> {
        wait(self.client.history(days))
    }

    /// As [`crate::Client::set_tier`].
    pub fn set_tier(&self, user: &str, tier: &str) -> Result<User, Error> {
        wait(self.client.set_tier(user, tier))
    }

    /// As [`crate::Client::drain`].
    pub fn drain(&self, at_most: Duration) -> bool {
        wait(self.client.drain(at_most))
    }
}

impl Reservation {
    /// Its id.
    pub fn id(&self) -> &str {
        self.reservation.id()
    }

    /// How it stood when it was made.
    pub fn state(&self) -> &ReservationState {
        self.reservation.state()
    }

    /// As [`crate::Reservation::commit`].
    pub fn commit(self, used: impl Into<Commit>) -> Result<ReservationState, Error> {
        wait(self.reservation.commit(used))
    }

    /// As [`crate::Reservation::release`].
    pub fn release(self) -> Result<ReservationState, Error> {
        wait(self.reservation.release())
    }

    /// As [`crate::Reservation::into_id`].
    pub fn into_id(self) -> String {
        self.reservation.into_id()
    }
}

impl Builder {
    /// Makes a client for threads.
    pub fn build_blocking(self) -> Result<Client, Error> {
        self.build().map(Client::from)
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Sleeps until the future is done. Ours only wait for the client's thread, so any thread may poll them. A tokio task
/// has a budget of polls that only its own executor renews: without `unconstrained` it could run out here for good.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
