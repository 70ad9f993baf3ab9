//! A small service whose routes are limited by Meterwire. How to run it: README.md.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use meterwire_client::{Amount, Client, Error, Event, Hold, Recorder, UsageHold, UserId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Clone)]
struct App {
    meterwire: Client,
    recorder: Recorder,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What the client has to say: events that wait, decisions that cannot be had.
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).init();
    let meterwire = Client::from_env()?;
    let recorder = meterwire.recorder().start();
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    println!("listening on http://{}", listener.local_addr()?);
    println!("try: curl -i -X POST -H 'x-user: u-42' http://{}/deploy", listener.local_addr()?);
    let served = axum::serve(listener, app(meterwire.clone(), recorder.clone())?);
    served.with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await }).await?;
    // What the last requests left: events on their way, holds to be given back.
    recorder.flush(Duration::from_secs(5)).await?;
    meterwire.drain(Duration::from_secs(5)).await;
    Ok(())
}

/// The whole service.
pub(crate) fn app(meterwire: Client, recorder: Recorder) -> Result<Router, Error> {
    // One deployment a request, held while it runs.
    let deployments = meterwire.require_usage_limit("deployments", 1.0)?.ttl(Duration::from_mins(30));
    // At most half an hour; the handler says how much it was.
    let compute = meterwire.require_usage_limit("compute_hours", 0.5)?.fail_open();
    let limited = Router::new()
        .route("/deploy", post(deploy).route_layer(deployments))
        .route("/compute", post(compute_something).route_layer(compute))
        .route("/chat", post(chat))
        // The outer layer runs first: the limits need to know the user.
        .layer(from_fn(sign_in));
    let router = Router::new().merge(limited).route("/health", get(|| async { "ok" }));
    Ok(router.with_state(App { meterwire, recorder }))
}

/// Stands for the service's own authentication.
async fn sign_in(mut request: Request, next: Next) -> Response {
    let user = request.headers().get("x-user").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(user) = user else {
        return (StatusCode::UNAUTHORIZED, "name yourself: x-user").into_response();
    };
    request.extensions_mut().insert(UserId(user));
    next.run(request).await
}

async fn deploy() -> Json<Value> {
    Json(json!({ "deployed": true }))
}

async fn compute_something(Extension(hold): Extension<UsageHold>) -> Result<Json<Value>, StatusCode> {
    let hours: Amount = "0.125".parse().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    hold.set_actual(hours);
    Ok(Json(json!({ "hours": hours })))
}

/// By hand: money is held for the dearest answer, and the event of the real one settles it.
async fn chat(State(app): State<App>, Extension(user): Extension<UserId>) -> Result<Json<Value>, Refused> {
    let at_most = Amount::try_from("0.03")?;
    let held = app.meterwire.reserve(Hold::cost_usd(at_most).user(&user.0)).await?;
    let event =
        Event { user: Some(user.0.clone()), cost_usd: Some(Amount::try_from("0.0042")?), ..Event::default() };
    held.commit_event(event).await?;
    // What nobody waits for goes through the recorder; this call was counted already.
    let metrics = BTreeMap::from([("api_calls".to_owned(), Amount::ZERO)]);
    app.recorder.record(Event {
        user: Some(user.0),
        operation: Some("feedback".to_owned()),
        metrics,
        ..Event::default()
    });
    Ok(Json(json!({ "reply": "hello" })))
}

/// A limit's refusal as the server says it; anything else is no business of the caller.
struct Refused(Error);

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self.0 {
            Error::LimitExceeded(limit) => {
                let json = [("content-type", "application/json")];
                (StatusCode::TOO_MANY_REQUESTS, json, limit.body).into_response()
            }
            error => {
                eprintln!("no decision: {error}");
                StatusCode::SERVICE_UNAVAILABLE.into_response()
            }
        }
    }
}
