//! A layer that holds before the handler, commits when it succeeds and gives back when it does not.

use crate::amount::{Amount, AmountError};
use crate::client::Client;
use crate::error::Error;
use crate::request::{Commit, Decision, Hold};
use crate::reservation::Reservation;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tower_layer::Layer;
use tower_service::Service;

/// How long an answer is kept back for its commit or release; then that goes on alone.
const SETTLE_WAIT: Duration = Duration::from_secs(1);

type FindUser = Arc<dyn Fn(&Parts) -> Option<String> + Send + Sync>;

/// The signed-in user, as a request's extension; set by the service's own authentication.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserId(pub String);

/// What the layer holds for this request, as a request's extension: a handler that learns how much was really used
/// says so here.
#[derive(Debug, Clone, Default)]
pub struct UsageHold {
    actual: Arc<Mutex<Option<Amount>>>,
}

/// See [`Client::require_usage_limit`].
#[derive(Clone)]
pub struct RequireUsageLimit {
    rule: Arc<Rule>,
}

/// The service that [`RequireUsageLimit`] makes.
#[derive(Clone)]
pub struct UsageLimit<S> {
    rule: Arc<Rule>,
    inner: S,
}

#[derive(Clone)]
struct Rule {
    client: Client,
    metric: String,
    amount: Amount,
    ttl: Option<Duration>,
    fail_open: bool,
    whose: Whose,
}

#[derive(Clone)]
enum Whose {
    /// Found in the request; without one it is refused.
    Found(FindUser),
    /// The token's own user.
    Token,
}

/// What stands behind a request that goes on.
enum Pass {
    Held(Box<Reservation>),
    /// The server is away and the rule lets through.
    Open(Option<String>),
}

impl Client {
    /// A layer for axum, or any other HTTP service of tower, that lets a request through only within the user's limit.
    ///
    /// The amount (`1`, `1.0`, `"0.25"`) is held before the handler runs. A status below 400 commits it before the
    /// answer leaves; a failure status, an error, a panic or a client that went away gives it back. A refusal is 429
    /// with the server's own body and headers.
    ///
    /// ```
    /// # fn routes(meterwire: &meterwire_client::Client) -> Result<axum::Router, meterwire_client::Error> {
    /// # use axum::{Router, routing::post};
    /// let limit = meterwire.require_usage_limit("deployments", 1.0)?;
    /// Ok(Router::new().route("/deploy", post(|| async { "deployed" })).route_layer(limit))
    /// # }
    /// ```
    pub fn require_usage_limit<A>(
        &self,
        metric: impl Into<String>,
        amount: A,
    ) -> Result<RequireUsageLimit, Error>
    where
        A: TryInto<Amount, Error: Into<AmountError>>,
    {
        let amount = amount.try_into().map_err(Into::into)?;
        let whose =
            Whose::Found(Arc::new(|parts| parts.extensions.get::<UserId>().map(|user| user.0.clone())));
        let (client, metric) = (self.clone(), metric.into());
        let rule = Rule { client, metric, amount, ttl: None, fail_open: false, whose };
        Ok(RequireUsageLimit { rule: Arc::new(rule) })
    }
}

impl RequireUsageLimit {
    /// Finds the user of a request, instead of its [`UserId`] extension. A request without one is answered 401.
    pub fn user_from(self, find: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.with(|rule| rule.whose = Whose::Found(Arc::new(find)))
    }

    /// Counts for the user of the client's own token.
    pub fn token_user(self) -> Self {
        self.with(|rule| rule.whose = Whose::Token)
    }

    /// How long the hold lasts (ten minutes): longer than the slowest handler. A handler that took longer is counted
    /// all the same, but others may have passed meanwhile.
    pub fn ttl(self, ttl: Duration) -> Self {
        self.with(|rule| rule.ttl = Some(ttl))
    }

    /// Where no decision can be had, lets the request through, and records its use when the server is back.
    pub fn fail_open(self) -> Self {
        self.with(|rule| rule.fail_open = true)
    }

    /// Where no decision can be had, answers 503 (as it does unless told otherwise).
    pub fn fail_closed(self) -> Self {
        self.with(|rule| rule.fail_open = false)
    }

    fn with(mut self, change: impl FnOnce(&mut Rule)) -> Self {
        change(Arc::make_mut(&mut self.rule));
        self
    }
}

impl UsageHold {
    /// Commits this much instead of what was held.
    pub fn set_actual(&self, amount: impl Into<Amount>) {
        *self.actual.lock().unwrap_or_else(PoisonError::into_inner) = Some(amount.into());
    }

    fn actual(&self) -> Option<Amount> {
        *self.actual.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Layer<S> for RequireUsageLimit {
    type Service = UsageLimit<S>;

    fn layer(&self, inner: S) -> UsageLimit<S> {
        UsageLimit { rule: self.rule.clone(), inner }
    }
}

impl<S, B, R> Service<Request<B>> for UsageLimit<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String> + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The clone is not ready; the one that is goes with the request.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let rule = self.rule.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let pass = match rule.admit(&parts).await {
                Ok(pass) => pass,
                Err(refusal) => return Ok(refusal.into_response()),
            };
            let hold = UsageHold::default();
            parts.extensions.insert(hold.clone());
            // An error, a panic or a dropped future drops the reservation, which releases it.
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            if response.status().as_u16() < 400 {
                rule.commit(pass, hold.actual(), response.headers_mut()).await;
            } else if let Pass::Held(reservation) = pass {
                let _ = reservation.settle_within(None, SETTLE_WAIT).await;
            }
            Ok(response)
        })
    }
}

impl Rule {
    async fn admit(&self, parts: &Parts) -> Result<Pass, Answer> {
        let user = match &self.whose {
            Whose::Token => None,
            Whose::Found(find) => Some(find(parts).ok_or_else(Answer::no_user)?),
        };
        let mut hold = Hold::new(&self.metric, self.amount);
        hold = if let Some(user) = &user { hold.user(user) } else { hold };
        hold = if let Some(ttl) = self.ttl { hold.ttl(ttl) } else { hold };
        match self.client.reserve(hold).await {
            Ok(reservation) => Ok(Pass::Held(Box::new(reservation))),
            Err(Error::LimitExceeded(limit)) => {
                Err(Answer::refused(limit.body, limit.headers, limit.retry_after))
            }
            Err(error) => {
                let metric = &self.metric;
                if error.is_unavailable() {
                    tracing::warn!(metric, %error, open = self.fail_open, "no decision on a usage limit");
                } else {
                    tracing::error!(metric, %error, open = self.fail_open, "no decision on a usage limit");
                }
                if self.fail_open { Ok(Pass::Open(user)) } else { Err(Answer::unavailable()) }
            }
        }
    }

    /// What goes wrong here is logged, and a commit without an answer goes on being tried.
    async fn commit(&self, pass: Pass, actual: Option<Amount>, headers: &mut HeaderMap) {
        match pass {
            Pass::Held(reservation) => {
                add(headers, reservation.rate_headers());
                let used = actual.map_or(Commit::Held, Commit::from);
                let _ = reservation.settle_within(Some(used), SETTLE_WAIT).await;
            }
            Pass::Open(user) => {
                let decision = Decision::new(&self.metric, actual.unwrap_or(self.amount)).for_user(user);
                self.client.increment_in_background(decision);
            }
        }
    }
}

/// An answer of the layer itself.
struct Answer {
    status: StatusCode,
    body: String,
    headers: Vec<(&'static str, String)>,
}

impl Answer {
    fn refused(
        body: String,
        mut headers: Vec<(&'static str, String)>,
        retry_after: Option<Duration>,
    ) -> Self {
        headers.extend(retry_after.map(|after| ("retry-after", after.as_secs().to_string())));
        Self { status: StatusCode::TOO_MANY_REQUESTS, body, headers }
    }

    fn unavailable() -> Self {
        let body = r#"{"detail":{"error":"Service not available","code":"unavailable","message":"Usage limits cannot be checked now. Nothing was done; try again."}}"#;
        let headers = vec![("retry-after", "1".to_owned())];
        Self { status: StatusCode::SERVICE_UNAVAILABLE, body: body.to_owned(), headers }
    }

    fn no_user() -> Self {
        let body = r#"{"detail":{"error":"Authentication required","code":"unauthenticated","message":"Nobody is signed in whose usage could be counted."}}"#;
        Self { status: StatusCode::UNAUTHORIZED, body: body.to_owned(), headers: Vec::new() }
    }

    fn into_response<R: From<String>>(self) -> Response<R> {
        let mut response = Response::new(R::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        add(response.headers_mut(), &self.headers);
        response
    }
}

/// Adds headers where the answer has none of that name yet.
fn add(headers: &mut HeaderMap, more: &[(&'static str, String)]) {
    for (name, value) in more {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
}
