//! A hold that this program answers for: settled, or given back.

use crate::amount::Amount;
use crate::client::Client;
use crate::error::Error;
use crate::event::Event;
use crate::reply::ReservationState;
use crate::request::Commit;
use std::time::Duration;

/// What is held. Commit what was used, or release it; dropping it releases it in the background.
///
/// Should even that not arrive, the server gives it back at [`ReservationState::expires_at`].
#[derive(Debug)]
#[must_use = "a reservation that is dropped is released"]
pub struct Reservation {
    client: Client,
    state: ReservationState,
    rate_headers: Vec<(&'static str, String)>,
    open: bool,
}

impl Reservation {
    pub(crate) fn new(
        client: Client,
        state: ReservationState,
        rate_headers: Vec<(&'static str, String)>,
    ) -> Self {
        let open = state.status == "held";
        Self { client, state, rate_headers, open }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.state.id
    }

    /// How it stood when it was made.
    pub fn state(&self) -> &ReservationState {
        &self.state
    }

    /// The `RateLimit-Policy` and `RateLimit` headers of its answer, to be handed on.
    pub fn rate_headers(&self) -> &[(&'static str, String)] {
        &self.rate_headers
    }

    /// Settles it with what was used: an amount, or [`Commit::Held`] for as much as was held. More than held is
    /// recorded whole.
    ///
    /// Without an answer in time this is [`Error::Unavailable`], and the commit goes on being tried for five minutes.
    /// A refused one leaves the hold to its end.
    pub async fn commit(self, used: impl Into<Commit>) -> Result<ReservationState, Error> {
        let wait = self.client.deadline();
        self.settle_within(Some(used.into()), wait).await
    }

    /// Settles it with as much as was held.
    pub async fn commit_held(self) -> Result<ReservationState, Error> {
        self.commit(Commit::Held).await
    }

    /// Settles it with the dollars that were spent.
    pub async fn commit_cost_usd(self, dollars: impl Into<Amount>) -> Result<ReservationState, Error> {
        self.commit(Commit::cost_usd(dollars)).await
    }

    /// Settles it with what an event counts, and records the event in the same step.
    pub async fn commit_event(self, event: Event) -> Result<ReservationState, Error> {
        self.commit(Commit::event(event)).await
    }

    /// Gives it back.
    pub async fn release(self) -> Result<ReservationState, Error> {
        let wait = self.client.deadline();
        self.settle_within(None, wait).await
    }

    /// Commits, or releases, and waits no longer than given.
    pub(crate) async fn settle_within(
        mut self,
        used: Option<Commit>,
        wait: Duration,
    ) -> Result<ReservationState, Error> {
        self.open = false;
        self.client.settle(&self.state.id, used, wait).await
    }

    /// Hands it over: whoever has the id settles it, with [`Client::commit`] or [`Client::release`].
    pub fn into_id(mut self) -> String {
        self.open = false;
        std::mem::take(&mut self.state.id)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if self.open {
            self.client.settle_in_background(&self.state.id, None);
        }
    }
}
