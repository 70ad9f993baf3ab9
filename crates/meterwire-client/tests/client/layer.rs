//! The tower layer before real axum handlers.

use crate::support::{Canned, Proxy, Server, amount, hasty, nobody, settles_at, standing, within};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use axum::{Extension, Router};
use meterwire_client::{Amount, Client, Decision, RequireUsageLimit, UsageHold, UserId};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tower::{Layer, Service, ServiceExt, service_fn};

/// A whole answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

fn limit(client: &Client) -> RequireUsageLimit {
    client
        .require_usage_limit("deployments", 1.0)
        .unwrap()
        .user_from(|parts| Some(parts.headers.get("x-user")?.to_str().ok()?.to_owned()))
}

/// A router whose handlers end in every way.
fn router(limit: RequireUsageLimit) -> Router {
    let fails = || async { (StatusCode::INTERNAL_SERVER_ERROR, "broken") };
    let panics = || async {
        assert!(amount("1") != Amount::ONE, "a bug of the handler");
    };
    Router::new()
        .route("/works", post(|| async { "done" }))
        .route("/moves", post(|| async { (StatusCode::SEE_OTHER, [("location", "/")]) }))
        .route("/refuses", post(|| async { StatusCode::UNPROCESSABLE_ENTITY }))
        .route("/fails", post(fails))
        .route("/panics", post(panics))
        .route_layer(limit)
}

async fn ask(router: &Router, path: &str, user: Option<&str>) -> Answer {
    let mut request = Request::post(path);
    if let Some(user) = user {
        request = request.header("x-user", user);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn success_is_committed_before_the_answer_leaves() {
    let server = Server::start();
    let client = server.client();
    let router = router(limit(&client));
    for (path, status, count) in [("/works", 200, 1), ("/moves", 303, 2)] {
        let answer = ask(&router, path, Some("u-1")).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(standing(&client, "u-1", "deployments").await, (count.into(), Amount::ZERO));
        assert!(
            answer.headers["ratelimit"].to_str().unwrap().starts_with("\"deployments\";r="),
            "{:?}",
            answer.headers
        );
    }
}

#[tokio::test]
async fn failure_and_panic_give_back() {
    let server = Server::start();
    let client = server.client();
    let router = router(limit(&client));
    for path in ["/refuses", "/fails"] {
        // More often than the limit allows: each must have been given back before the next.
        for _ in 0..11 {
            assert!(ask(&router, path, Some("u-1")).await.status.as_u16() >= 422);
        }
        assert_eq!(standing(&client, "u-1", "deployments").await, (Amount::ZERO, Amount::ZERO));
    }
    let panicking = router.clone();
    let died = tokio::spawn(async move { ask(&panicking, "/panics", Some("u-1")).await.status }).await;
    assert!(died.unwrap_err().is_panic());
    settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
}

#[tokio::test]
async fn an_error_of_the_service_gives_back_and_stays_that_error() {
    let server = Server::start();
    let client = server.client();
    let fails =
        service_fn(|_: Request<Body>| async { Err::<axum::response::Response, _>("lost the database") });
    let mut service = limit(&client).layer(fails);
    let request = Request::post("/").header("x-user", "u-1").body(Body::empty()).unwrap();
    assert_eq!(service.ready().await.unwrap().call(request).await.unwrap_err(), "lost the database");
    settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
}

#[tokio::test]
async fn a_refusal_is_the_servers_own() {
    let server = Server::start();
    let client = server.client();
    let ran = Arc::new(AtomicUsize::new(0));
    let counter = ran.clone();
    let handler = move || async move { counter.fetch_add(1, Ordering::SeqCst).to_string() };
    let router = Router::new().route("/works", post(handler)).route_layer(limit(&client));
    client.consume(Decision::new("deployments", 10).user("u-1")).await.unwrap();
    let said = client.consume(Decision::new("deployments", 1).user("u-1")).await.unwrap_err();
    let said = said.limit_exceeded().expect("a refusal").clone();
    let answer = ask(&router, "/works", Some("u-1")).await;
    assert_eq!((answer.status, ran.load(Ordering::SeqCst)), (StatusCode::TOO_MANY_REQUESTS, 0));
    assert_eq!(answer.body, said.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let expected = serde_json::json!({"detail": {"error": "Usage limit exceeded", "code": "limit_exceeded",
        "message": "Daily deployments limit exceeded", "current": 10, "limit": 10, "tier": "free", "metric": "deployments"}});
    assert_eq!(body, expected);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["ratelimit-policy"], "\"deployments\";q=10;w=86400");
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    // Another user is not concerned.
    assert_eq!(ask(&router, "/works", Some("u-2")).await.status, 200);
}

#[tokio::test]
async fn fifty_at_once_run_ten_handlers() {
    let server = Server::start();
    let client = server.client();
    let ran = Arc::new(AtomicUsize::new(0));
    let counter = ran.clone();
    let handler = move || async move {
        counter.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let router = Router::new().route("/works", post(handler)).route_layer(limit(&client));
    let racing: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let router = router.clone();
                async move { ask(&router, "/works", Some("u-1")).await.status.as_u16() }
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in racing {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 10);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 40);
    assert_eq!(ran.load(Ordering::SeqCst), 10);
    assert_eq!(standing(&client, "u-1", "deployments").await, (10.into(), Amount::ZERO));
}

#[tokio::test]
async fn a_client_that_goes_away_gives_back() {
    let server = Server::start();
    let client = server.client();
    let (started, never) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (started.clone(), never.clone());
    let handler = move || async move {
        tell.notify_one();
        wait.notified().await;
    };
    let router = Router::new().route("/slow", post(handler)).route_layer(limit(&client));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = "POST /slow HTTP/1.1\r\nhost: test\r\nx-user: u-1\r\ncontent-length: 0\r\n\r\n";
    connection.write_all(request.as_bytes()).await.unwrap();
    within(started.notified()).await;
    // Held before the handler began.
    assert_eq!(standing(&client, "u-1", "deployments").await, (Amount::ONE, Amount::ONE));
    drop(connection);
    settles_at(&client, "u-1", "deployments", Amount::ZERO).await;
    serving.abort();
}

#[tokio::test]
async fn a_handler_may_say_how_much_it_was() {
    let server = Server::start();
    let client = server.client();
    let handler = |Extension(hold): Extension<UsageHold>| async move { hold.set_actual(amount("0.125")) };
    let limit = client.require_usage_limit("compute_hours", 2).unwrap().token_user();
    let own = Client::builder(&server.url).token(server.key("member", &["--user", "u-1"])).build().unwrap();
    let of_token = own.require_usage_limit("compute_hours", "2").unwrap().token_user();
    let service = |limit| Router::new().route("/works", post(handler)).route_layer(limit);
    assert_eq!(ask(&service(of_token), "/works", None).await.status, 200);
    assert_eq!(standing(&client, "u-1", "compute_hours").await, (amount("0.125"), Amount::ZERO));
    // A key of no user has no user of its own: nobody's use is not let through.
    assert_eq!(ask(&service(limit), "/works", None).await.status, 503);
}

#[tokio::test]
async fn the_user_is_found_or_refused() {
    let server = Server::start();
    let client = server.client();
    let router = router(limit(&client));
    let answer = ask(&router, "/works", None).await;
    assert_eq!(answer.status, 401);
    assert!(answer.body.contains("\"unauthenticated\""), "{}", answer.body);
    // By default it is the extension that the service's own authentication sets.
    let by_extension = Router::new()
        .route("/works", post(|| async {}))
        .route_layer(client.require_usage_limit("deployments", 1.0).unwrap())
        .layer(Extension(UserId("u-7".to_owned())));
    assert_eq!(ask(&by_extension, "/works", None).await.status, 200);
    assert_eq!(standing(&client, "u-7", "deployments").await.0, Amount::ONE);
}

#[tokio::test]
async fn a_handler_longer_than_its_hold_is_counted_all_the_same() {
    let server = Server::start();
    let client = server.client();
    let slow = || async { tokio::time::sleep(Duration::from_millis(2500)).await };
    let limit = limit(&client).ttl(Duration::from_secs(1));
    let router = Router::new().route("/slow", post(slow)).route_layer(limit);
    assert_eq!(ask(&router, "/slow", Some("u-1")).await.status, 200);
    assert_eq!(standing(&client, "u-1", "deployments").await, (Amount::ONE, Amount::ZERO));
}

#[tokio::test]
async fn away_and_closed_is_503_and_runs_nothing() {
    let router = router(limit(&hasty(&nobody())).fail_open().fail_closed());
    let answer = ask(&router, "/works", Some("u-1")).await;
    assert_eq!(answer.status, 503);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (&body["detail"]["error"], &body["detail"]["code"]),
        (&"Service not available".into(), &"unavailable".into())
    );
    assert!(body["detail"]["message"].is_string() && answer.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn away_and_open_runs_and_is_counted_when_the_server_is_back() {
    let server = Server::start();
    let proxy = Proxy::before(&server.url);
    let direct = server.client();
    let builder = Client::builder(&proxy.url).token(server.key("ingest", &[])).retries(0);
    let router = router(limit(&builder.build().unwrap()).fail_open());
    proxy.set_away(true);
    assert_eq!(ask(&router, "/works", Some("u-1")).await.status, 200);
    assert_eq!(ask(&router, "/fails", Some("u-1")).await.status, 500);
    assert_eq!(standing(&direct, "u-1", "deployments").await.0, Amount::ZERO);
    proxy.set_away(false);
    settles_at(&direct, "u-1", "deployments", Amount::ONE).await;
}

#[tokio::test]
async fn a_server_lost_while_the_handler_runs_fails_no_request() {
    let mut server = Server::start();
    let client = server.client();
    let (started, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (started.clone(), go_on.clone());
    let handler = move || async move {
        tell.notify_one();
        wait.notified().await;
        "done"
    };
    let router = Router::new().route("/works", post(handler)).route_layer(limit(&client));
    let running = tokio::spawn(async move { ask(&router, "/works", Some("u-1")).await });
    within(started.notified()).await;
    server.kill();
    let begun = std::time::Instant::now();
    go_on.notify_one();
    let answer = running.await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "done"));
    assert!(begun.elapsed() < Duration::from_secs(4), "the answer was kept back: {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_wrong_token_lets_nothing_through_unless_open() {
    let server = Server::start();
    let stranger = Client::builder(&server.url).token("mw_nobody").build().unwrap();
    assert_eq!(ask(&router(limit(&stranger)), "/works", Some("u-1")).await.status, 503);
    assert_eq!(ask(&router(limit(&stranger).fail_open()), "/works", Some("u-1")).await.status, 200);
}

#[test]
fn amounts_that_are_none_are_refused_when_the_service_is_built() {
    let client = hasty(&nobody());
    for float in [f64::NAN, f64::INFINITY, 1.0 / 3.0] {
        assert!(client.require_usage_limit("deployments", float).is_err(), "{float}");
    }
    assert!(client.require_usage_limit("deployments", "one").is_err());
    for fine in [client.require_usage_limit("m", 1), client.require_usage_limit("m", amount("0.5"))] {
        assert!(fine.is_ok());
    }
}

#[tokio::test]
async fn a_refusal_of_a_level_has_no_time_to_wait_for() {
    let body = r#"{"detail":{"error":"Usage limit exceeded","code":"limit_exceeded","message":"Storage limit exceeded","current":10.5,"limit":10.5,"tier":"free","metric":"storage","scope":"tenant"}}"#;
    let headers = "ratelimit-policy: \"storage\";q=10\r\nratelimit: \"storage\";r=0\r\n";
    let server = Canned::answering(vec![(429, headers, body.to_owned())]);
    let client = Client::builder(&server.url).token("mw_t").build().unwrap();
    let answer = ask(&router(limit(&client)), "/works", Some("u-1")).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (429, body));
    assert_eq!(answer.headers["ratelimit"], "\"storage\";r=0");
    assert!(!answer.headers.contains_key("retry-after"));
}
