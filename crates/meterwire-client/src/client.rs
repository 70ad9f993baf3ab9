//! The async client: every verb of the contract's limits, and the recording of events.

use crate::call::Call;
use crate::driver::Driver;
use crate::error::Error;
use crate::event::Event;
use crate::recorder::RecorderBuilder;
use crate::reply::{
    DayOfUsage, Decided, DecidedAll, Ingested, Items, NearLimit, ReservationState, ResetDone, Status,
    TopUsers, User, Verdict, Verdicts,
};
use crate::request::{Bulk, Commit, Decision, Hold, Item, Reset};
use crate::reservation::Reservation;
use crate::settings::{Builder, Settings};
use crate::transport::{Answer, Transport};
use reqwest::Method;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;

/// How many settlements may go on in the background; beyond it a hold is left to its end.
const MAX_SETTLEMENTS: u32 = 10_000;
const STATUS: &[&str] = &["api", "usage", "status"];
const CHECK: &[&str] = &["api", "usage", "check-limit"];
const INCREMENT: &[&str] = &["api", "usage", "increment"];
const CONSUME: &[&str] = &["api", "usage", "consume"];
const RESERVATIONS: &[&str] = &["api", "usage", "reservations"];
const EVENTS: &[&str] = &["api", "v1", "events"];

/// A client of one Meterwire server. Cheap to clone; clones share connections and one thread.
///
/// Every call works from any async executor. A future that is dropped does not stop what it began: a `consume` may
/// still be recorded, and a `reserve` that succeeds is given back.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Transport,
    driver: Driver,
    settlements: Arc<Semaphore>,
}

impl Client {
    /// The settings of a client of the server at this URL.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder::new(base_url)
    }

    /// From `METERWIRE_URL` (`http://127.0.0.1:8000` where it is not set), `METERWIRE_TOKEN` and `METERWIRE_TENANT`.
    pub fn from_env() -> Result<Self, Error> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let url = variable("METERWIRE_URL").unwrap_or_else(|| "http://127.0.0.1:8000".to_owned());
        let token = variable("METERWIRE_TOKEN")
            .ok_or_else(|| Error::Setup("METERWIRE_TOKEN is not set".to_owned()))?;
        let builder = Self::builder(url).token(token);
        variable("METERWIRE_TENANT").map_or(builder.clone(), |tenant| builder.tenant(tenant)).build()
    }

    pub(crate) fn start(settings: Settings) -> Result<Self, Error> {
        let settlements = Arc::new(Semaphore::new(MAX_SETTLEMENTS as usize));
        let inner = Inner { transport: Transport::new(settings)?, driver: Driver::start()?, settlements };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Where a user stands on every metric; `None` is the token's own user.
    pub async fn status(&self, user: Option<&str>) -> Result<Status, Error> {
        let call = Call::get(STATUS);
        self.json(if let Some(user) = user { call.query("user", user) } else { call }).await
    }

    /// Whether it would fit; records nothing.
    pub async fn check_limit(&self, decision: Decision) -> Result<Decided, Error> {
        self.json(Call::post(CHECK, &decision.unkeyed())?).await
    }

    /// Records, whatever the limit says.
    pub async fn increment(&self, decision: Decision) -> Result<Decided, Error> {
        self.decided(INCREMENT, decision).await
    }

    /// Records several metrics, whatever their limits say.
    pub async fn increment_all(&self, bulk: Bulk) -> Result<DecidedAll, Error> {
        self.decided_all(INCREMENT, bulk).await
    }

    /// Checks and records in one step; [`Error::LimitExceeded`] where it does not fit.
    pub async fn consume(&self, decision: Decision) -> Result<Decided, Error> {
        self.decided(CONSUME, decision).await
    }

    /// Checks and records several metrics, all or nothing.
    pub async fn consume_all(&self, bulk: Bulk) -> Result<DecidedAll, Error> {
        self.decided_all(CONSUME, bulk).await
    }

    /// Checks and records each item by itself (1 to 10,000); the verdicts are in the order of the items.
    pub async fn consume_each<I>(&self, items: I) -> Result<Vec<Verdict>, Error>
    where
        I: IntoIterator<Item: Into<Item>>,
    {
        let items: Vec<Item> = items.into_iter().map(|item| item.into().keyed()).collect();
        let verdicts: Verdicts = self.json(Call::post(CONSUME, &items)?).await?;
        if verdicts.results.len() != items.len() {
            let (got, sent) = (verdicts.results.len(), items.len());
            return Err(Error::Protocol(format!("{got} verdicts for {sent} items")));
        }
        verdicts.results.iter().map(|result| Verdict::from_api(result)).collect()
    }

    /// Holds an amount until it is committed or released; [`Error::LimitExceeded`] where it does not fit.
    pub async fn reserve(&self, hold: Hold) -> Result<Reservation, Error> {
        let call = Call::post(RESERVATIONS, &hold.keyed())?;
        let client = self.clone();
        // Made where it is received: should the receiver be gone, it is dropped there, and so released.
        self.run(async move {
            let answer = client.inner.transport.send(&call).await?;
            let (state, rate_headers) = (answer.json()?, answer.rate_headers());
            Ok(Reservation::new(client, state, rate_headers))
        })
        .await
    }

    /// How a reservation stands.
    pub async fn reservation(&self, id: &str) -> Result<ReservationState, Error> {
        self.json(Call::get(&[RESERVATIONS, &[id]].concat())).await
    }

    /// Settles a reservation by its id; see [`Reservation::commit`].
    pub async fn commit(&self, id: &str, used: impl Into<Commit>) -> Result<ReservationState, Error> {
        self.json(settlement(id, Some(used.into()))?).await
    }

    /// Gives a reservation back by its id.
    pub async fn release(&self, id: &str) -> Result<ReservationState, Error> {
        self.json(settlement(id, None)?).await
    }

    /// Records events (at most 10,000) and tells what became of each, even where all were refused. Events without an
    /// id or time get them before the first try, so that no retry counts twice.
    pub async fn ingest(&self, events: impl IntoIterator<Item = Event>) -> Result<Ingested, Error> {
        let events: Vec<Event> = events.into_iter().map(Event::fixed).collect();
        let body =
            serde_json::to_vec(&events).map_err(|error| Error::Protocol(format!("not sent: {error}")))?;
        let client = self.clone();
        self.run(async move { client.post_events(body).await }).await
    }

    /// For many single events: a bounded queue that sends batches in the background.
    pub fn recorder(&self) -> RecorderBuilder {
        RecorderBuilder::new(self.clone())
    }

    /// Sets counters back (owner and admin).
    pub async fn manual_reset(&self, reset: Reset) -> Result<ResetDone, Error> {
        self.json(admin(Method::POST, &["manual-reset"]).json(&reset)?).await
    }

    /// Who used most of a metric on a day (`None`: today), largest first.
    pub async fn top_users(&self, metric: &str, date: Option<&str>, limit: u32) -> Result<TopUsers, Error> {
        let call = admin(Method::GET, &["top-users"]).query("metric", metric).query("limit", limit);
        self.json(if let Some(date) = date { call.query("date", date) } else { call }).await
    }

    /// Who is above a share of a limit (`0.8`), highest first.
    pub async fn near_limits(&self, threshold: f64, limit: u32) -> Result<Vec<NearLimit>, Error> {
        let call = admin(Method::GET, &["near-limits"]).query("threshold", threshold).query("limit", limit);
        Ok(self.json::<Items<_>>(call).await?.items)
    }

    /// Everybody's usage day by day (1 to 90), newest first.
    pub async fn history(&self, days: u32) -> Result<Vec<DayOfUsage>, Error> {
        let call = admin(Method::GET, &["history"]).query("days", days);
        Ok(self.json::<Items<_>>(call).await?.items)
    }

    /// Moves a user to another tier, at once.
    pub async fn set_tier(&self, user: &str, tier: &str) -> Result<User, Error> {
        let body = serde_json::json!({ "tier": tier });
        self.json(admin(Method::PATCH, &["users", user]).json(&body)?).await
    }

    /// Waits until nothing is settled in the background any more, for instance before the program ends. Whether that
    /// came within the time.
    pub async fn drain(&self, at_most: Duration) -> bool {
        let settlements = self.inner.settlements.clone();
        let all = async move { timeout(at_most, settlements.acquire_many(MAX_SETTLEMENTS)).await.is_ok() };
        self.inner.driver.spawn(all).await.unwrap_or(false)
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.inner.transport.settings().deadline
    }

    async fn decided(&self, path: &[&str], decision: Decision) -> Result<Decided, Error> {
        let call = Call::post(path, &decision.keyed())?;
        let (decided, replayed): (Decided, _) = self.json_and(call, Answer::replayed).await?;
        Ok(Decided { replayed, ..decided })
    }

    async fn decided_all(&self, path: &[&str], bulk: Bulk) -> Result<DecidedAll, Error> {
        let call = Call::post(path, &bulk.keyed())?;
        let (decided, replayed): (DecidedAll, _) = self.json_and(call, Answer::replayed).await?;
        Ok(DecidedAll { replayed, ..decided })
    }

    async fn json<T: DeserializeOwned + Send + 'static>(&self, call: Call) -> Result<T, Error> {
        Ok(self.json_and(call, |_| ()).await?.0)
    }

    async fn json_and<T, U>(&self, call: Call, also: fn(&Answer) -> U) -> Result<(T, U), Error>
    where
        T: DeserializeOwned + Send + 'static,
        U: Send + 'static,
    {
        let client = self.clone();
        self.run(async move {
            let answer = client.inner.transport.send(&call).await?;
            Ok((answer.json()?, also(&answer)))
        })
        .await
    }

    /// Runs a job on the client's thread and waits for it.
    async fn run<T: Send + 'static>(
        &self,
        job: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let gone = |_| Err(Error::Unavailable("the client's thread has ended".to_owned()));
        self.inner.driver.spawn(job).await.unwrap_or_else(gone)
    }

    /// Starts a job on the client's thread; it may wait there for timers.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> oneshot::Receiver<T> {
        self.inner.driver.spawn(job)
    }

    /// Sends events; where all were refused, that is a report too. Only on the client's thread.
    pub(crate) async fn post_events(&self, body: Vec<u8>) -> Result<Ingested, Error> {
        let answer = self.inner.transport.send_raw(&Call::new(Method::POST, EVENTS).body(body)).await?;
        match answer.status {
            200..300 => answer.json(),
            422 => answer.json::<IngestedWhole>().map(|whole| whole.0).map_err(|_| answer.into_error()),
            _ => Err(answer.into_error()),
        }
    }

    /// Commits or releases and waits for it no longer than given, while it goes on being tried.
    pub(crate) async fn settle(
        &self,
        id: &str,
        used: Option<Commit>,
        wait: Duration,
    ) -> Result<ReservationState, Error> {
        let gives_up = |_| Error::Unavailable("no answer in time; it goes on being tried".to_owned());
        let Some(settled) = self.settle_in_background(id, used) else {
            return Err(Error::Unavailable("too many reservations wait to be settled".to_owned()));
        };
        self.run(async move {
            let settled = timeout(wait, settled).await.map_err(gives_up)?;
            settled.unwrap_or_else(|_| Err(Error::Unavailable("the client's thread has ended".to_owned())))
        })
        .await
    }

    /// Commits or releases, again and again where need be; nothing where too many are under way.
    pub(crate) fn settle_in_background(
        &self,
        id: &str,
        used: Option<Commit>,
    ) -> Option<oneshot::Receiver<Result<ReservationState, Error>>> {
        let name = if used.is_some() { "commit" } else { "release" };
        let call = settlement(id, used).map(Call::patiently);
        let (id, client) = (id.to_owned(), self.clone());
        self.in_background(async move {
            let settled = match call {
                Ok(call) => client.inner.transport.send(&call).await.and_then(|answer| answer.json()),
                Err(error) => Err(error),
            };
            if let Err(error) = &settled {
                tracing::warn!(reservation = id, %error, "the {name} was not done");
            }
            settled
        })
    }

    /// Records what happened while the server was away, as soon as it is back.
    #[cfg(feature = "tower")]
    pub(crate) fn increment_in_background(&self, decision: Decision) {
        let call = Call::post(INCREMENT, &decision.keyed()).map(Call::patiently);
        let client = self.clone();
        self.in_background(async move {
            let sent = match call {
                Ok(call) => client.inner.transport.send(&call).await.map(|_| ()),
                Err(error) => Err(error),
            };
            if let Err(error) = sent {
                tracing::warn!(%error, "a use that was let through was not recorded");
            }
        });
    }

    fn in_background<T: Send + 'static>(
        &self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> Option<oneshot::Receiver<T>> {
        let Ok(permit) = self.inner.settlements.clone().try_acquire_owned() else {
            tracing::warn!("too much waits to be settled in the background; a hold is left to its end");
            return None;
        };
        Some(self.spawn(async move {
            let _permit = permit;
            job.await
        }))
    }
}

/// Without the token.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = self.inner.transport.settings().base_url.as_str();
        f.debug_struct("Client").field("base_url", &url).finish_non_exhaustive()
    }
}

/// A report that says how many were received; other bodies of the same status do not.
#[derive(serde::Deserialize)]
#[serde(try_from = "Ingested")]
struct IngestedWhole(Ingested);

impl TryFrom<Ingested> for IngestedWhole {
    type Error = &'static str;

    fn try_from(report: Ingested) -> Result<Self, &'static str> {
        if report.received > 0 { Ok(Self(report)) } else { Err("not a report") }
    }
}

fn settlement(id: &str, used: Option<Commit>) -> Result<Call, Error> {
    match used {
        Some(used) => Call::post(&[RESERVATIONS, &[id, "commit"]].concat(), &used.fixed()),
        None => Ok(Call::new(Method::DELETE, &[RESERVATIONS, &[id]].concat())),
    }
}

fn admin(method: Method, path: &[&str]) -> Call {
    Call::new(method, &[&["api", "usage", "admin"], path].concat())
}
