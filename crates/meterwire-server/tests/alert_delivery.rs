//! Alerts leave: over the real binary and real sockets, to receivers that behave and receivers that do not, and across a
//! kill -9.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, body};
use cli_support::{ADMIN_TOKEN, Server, arg, command};
use meterwire_app::clock::{Clock, SystemClock};
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a receiver does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Answer(u16),
    /// Takes the message and never answers.
    Hang,
    /// Sends it round in circles.
    RedirectToItself,
}

/// A message that came.
#[derive(Debug, Clone)]
struct Came {
    at: Instant,
    headers: HeaderMap,
    body: Value,
}

impl Came {
    fn id(&self) -> String {
        self.headers["webhook-id"].to_str().unwrap().to_owned()
    }

    fn tenant(&self) -> &str {
        self.body["data"]["tenant"].as_str().unwrap()
    }
}

/// Somebody's own server.
#[derive(Clone)]
struct Receiver {
    url: String,
    does: Arc<Mutex<Does>>,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Receiver {
    async fn start(does: Does) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self { url, does: Arc::new(Mutex::new(does)), came: Arc::default() };
        let app = Router::new().fallback(receive).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        receiver
    }

    fn set(&self, does: Does) {
        *self.does.lock().unwrap() = does;
    }

    fn came(&self) -> Vec<Came> {
        self.came.lock().unwrap().clone()
    }

    /// Waits for so many messages.
    async fn wait_for(&self, count: usize, at_most: Duration) -> Vec<Came> {
        let begun = Instant::now();
        loop {
            let came = self.came();
            if came.len() >= count {
                return came;
            }
            assert!(begun.elapsed() < at_most, "{} of {count} messages came", came.len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn receive(State(receiver): State<Receiver>, request: Request) -> Response {
    let (parts, content) = request.into_parts();
    let bytes = body::to_bytes(content, 1 << 20).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    receiver.came.lock().unwrap().push(Came { at: Instant::now(), headers: parts.headers, body });
    let does = *receiver.does.lock().unwrap();
    match does {
        Does::Answer(status) => (StatusCode::from_u16(status).unwrap(), "said").into_response(),
        Does::Hang => std::future::pending().await,
        Does::RedirectToItself => (StatusCode::FOUND, [("location", receiver.url)]).into_response(),
    }
}

/// A server whose messages may go to this machine.
fn start(data_dir: &Path) -> Server {
    let mut command = command(data_dir.parent().unwrap());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", arg(data_dir)]);
    command.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_LOG_FILTER", "warn");
    command.env("METERWIRE_OUTGOING_ALLOW_INSIDE", "true");
    Server::spawn(command)
}

/// A tenant that is told of thresholds alone: what else there is to tell depends on the day of the month.
async fn tenant(server: &Server, slug: &str) {
    server.post("/api/v1/tenants", &json!({ "slug": slug })).await;
    for kind in ["budget_projected", "spend_spike"] {
        let url = format!("{}/api/v1/alert-rules/{kind}?tenant={slug}", server.url);
        let change = server.http.patch(url).bearer_auth(ADMIN_TOKEN).json(&json!({ "enabled": false }));
        assert!(change.send().await.unwrap().status().is_success());
    }
}

async fn webhook(server: &Server, tenant: &str, name: &str, url: &str) -> Value {
    let channel = json!({ "name": name, "type": "webhook", "url": url });
    server.post(&format!("/api/v1/channels?tenant={tenant}"), &channel).await
}

/// Records one event of so many dollars; answers when the answer came.
async fn spend(server: &Server, tenant: &str, id: &str, usd: &str) -> Instant {
    let event = json!({ "id": id, "source": "test", "model": "gpt-4o", "cost_usd": usd });
    let answer = server.post(&format!("/api/v1/events?tenant={tenant}"), &event).await;
    assert_eq!(answer["stored"], 1, "{answer}");
    Instant::now()
}

async fn alerts(server: &Server, tenant: &str) -> Vec<Value> {
    let listed = server.get(&format!("/api/v1/alerts?tenant={tenant}")).await;
    listed["items"].as_array().unwrap().clone()
}

/// Waits until the newest alert's delivery by a channel looks so.
async fn wait_for_delivery(
    server: &Server,
    tenant: &str,
    channel: &str,
    so: impl Fn(&Value) -> bool,
) -> Value {
    let begun = Instant::now();
    loop {
        let listed = alerts(server, tenant).await;
        let deliveries = listed.first().map(|alert| alert["deliveries"].clone()).unwrap_or_default();
        let found = deliveries.as_array().into_iter().flatten().find(|one| one["channel_name"] == channel);
        if let Some(found) = found.filter(|one| so(one)) {
            return found.clone();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{channel}: {deliveries}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_leaves_within_a_second_of_its_event_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(&dir.path().join("data"));
    let receiver = Receiver::start(Does::Answer(204)).await;
    let mut slowest = Duration::ZERO;
    let mut all = Vec::new();
    for number in 0..12 {
        let slug = format!("t-{number}");
        tenant(&server, &slug).await;
        webhook(&server, &slug, "ops", &receiver.url).await;
        // The budget that each tenant has is of 100 dollars and tells at 50, 80, 95 and 100 %.
        let answered = spend(&server, &slug, "one", "60").await;
        let came = receiver.wait_for(number + 1, Duration::from_secs(5)).await;
        slowest = slowest.max(came[number].at.saturating_duration_since(answered));
        assert_eq!(came[number].tenant(), slug);
        all = came;
    }
    println!("from the answered event to the received webhook: {slowest:?} at most");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    assert_eq!(all[0].body["type"], "alert.raised");
    assert_eq!(all[0].body["data"]["kind"], "budget_threshold");
    let delivered = wait_for_delivery(&server, "t-0", "ops", |one| one["state"] == "delivered").await;
    assert_eq!((&delivered["attempts"], &delivered["last_error"]), (&json!(1), &Value::Null));
    // More of the same threshold tells nothing; the next ones do, once each.
    spend(&server, "t-0", "two", "1").await;
    spend(&server, "t-0", "three", "50").await;
    let came = receiver.wait_for(15, Duration::from_secs(5)).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(receiver.came().len(), 15, "50 %, then 80, 95 and 100 % at once");
    let ids: std::collections::HashSet<_> = came.iter().map(Came::id).collect();
    assert_eq!(ids.len(), 15);
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_fails_holds_up_nobody_and_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(&dir.path().join("data"));
    tenant(&server, "acme").await;
    let [hangs, fails, good, circles] =
        [Does::Hang, Does::Answer(500), Does::Answer(200), Does::RedirectToItself];
    let (hangs, fails) = (Receiver::start(hangs).await, Receiver::start(fails).await);
    let (good, circles) = (Receiver::start(good).await, Receiver::start(circles).await);
    webhook(&server, "acme", "hangs", &hangs.url).await;
    webhook(&server, "acme", "fails", &fails.url).await;
    webhook(&server, "acme", "circles", &circles.url).await;
    webhook(&server, "acme", "closed", "http://127.0.0.1:1/").await;
    webhook(&server, "acme", "good", &good.url).await;
    let answered = spend(&server, "acme", "one", "60").await;
    let came = good.wait_for(1, Duration::from_secs(5)).await;
    let took = came[0].at.saturating_duration_since(answered);
    assert!(took < Duration::from_secs(1), "beside four that fail: {took:?}");
    let failed = |one: &Value| one["state"] == "pending" && one["attempts"] == 1;
    for (channel, error) in [
        ("circles", "it redirects more than 3 times"),
        ("fails", "it answered 500"),
        ("closed", "no connection"),
        ("hangs", "no answer within 10 seconds"),
    ] {
        let delivery = wait_for_delivery(&server, "acme", channel, failed).await;
        let said = delivery["last_error"].as_str().unwrap();
        assert!(said.starts_with(error), "{channel}: {said}");
        assert!(delivery["next_try_at"].is_string(), "{delivery}");
        if channel == "circles" {
            assert_eq!(circles.came().len(), 4, "the address and three redirects");
        }
    }
    // It comes back and gets the same message, at once when somebody asks for that.
    fails.set(Does::Answer(200));
    let id = alerts(&server, "acme").await[0]["id"].as_str().unwrap().to_owned();
    server.post(&format!("/api/v1/alerts/{id}/retry?tenant=acme"), &json!({})).await;
    wait_for_delivery(&server, "acme", "fails", |one| one["state"] == "delivered").await;
    let came = fails.came();
    assert!(came.len() >= 2 && came.iter().all(|message| message.id() == came[0].id()));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_410_gets_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(&dir.path().join("data"));
    tenant(&server, "acme").await;
    let gone = Receiver::start(Does::Answer(410)).await;
    let channel = webhook(&server, "acme", "gone", &gone.url).await;
    spend(&server, "acme", "one", "60").await;
    wait_for_delivery(&server, "acme", "gone", |one| one["state"] == "failed").await;
    let path = format!("/api/v1/channels/{}?tenant=acme", channel["id"].as_str().unwrap());
    let read = server.get(&path).await;
    assert_eq!((&read["enabled"], &read["off_because"]), (&json!(false), &json!("it answered 410")));
    spend(&server, "acme", "two", "30").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(gone.came().len(), 1);
    assert_eq!(alerts(&server, "acme").await[0]["deliveries"], json!([]));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crossing_is_told_across_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = dir.path().join("data");
    let mut server = start(&data_dir);
    tenant(&server, "acme").await;
    let receiver = Receiver::start(Does::Hang).await;
    webhook(&server, "acme", "ops", &receiver.url).await;
    // Killed while the message is on its way: the other side has it, but nobody knows that.
    spend(&server, "acme", "one", "60").await;
    receiver.wait_for(1, Duration::from_secs(5)).await;
    server.kill();
    receiver.set(Does::Answer(200));
    let mut server = start(&data_dir);
    let came = receiver.wait_for(2, Duration::from_secs(10)).await;
    assert_eq!(came[0].id(), came[1].id(), "a second arrival can be told");
    wait_for_delivery(&server, "acme", "ops", |one| one["state"] == "delivered").await;
    // Killed right behind the answer, before anything has left: each threshold in turn.
    for (id, usd, count) in [("two", "25", 3), ("three", "12", 4), ("four", "10", 5)] {
        spend(&server, "acme", id, usd).await;
        server.kill();
        server = start(&data_dir);
        receiver.wait_for(count, Duration::from_secs(10)).await;
    }
    wait_for_delivery(&server, "acme", "ops", |one| one["state"] == "delivered").await;
    let ids: std::collections::HashSet<_> = receiver.came().iter().map(Came::id).collect();
    assert_eq!(ids.len(), 4, "50, 80, 95 and 100 %");
    server.stop();
}

/// Kinds that are told beside thresholds: the first three are found by the watch, the last one as the event is written.
const WATCHED: [&str; 4] = ["spend_spike", "budget_projected", "limit_near", "unpriced_model"];

/// A tenant that is told of one kind alone, with what has to be there before.
async fn tenant_told_of(server: &Server, slug: &str, kind: &str) {
    server.post("/api/v1/tenants", &json!({ "slug": slug })).await;
    let patch = async |kind: &str, change: Value| {
        let url = format!("{}/api/v1/alert-rules/{kind}?tenant={slug}", server.url);
        let sent = server.http.patch(url).bearer_auth(ADMIN_TOKEN).json(&change).send().await.unwrap();
        assert!(sent.status().is_success(), "{kind} {change}");
    };
    for other in WATCHED.into_iter().chain(["budget_threshold"]).filter(|other| *other != kind) {
        patch(other, json!({ "enabled": false })).await;
    }
    match kind {
        "spend_spike" => {
            for weeks in [1, 2] {
                let day_ms = SystemClock.now_ms() - weeks * 7 * 86_400_000;
                let event = json!({ "id": weeks.to_string(), "time": rfc3339(day_ms), "cost_usd": "5" });
                server.post(&format!("/api/v1/events?tenant={slug}"), &event).await;
            }
        }
        "budget_projected" => {
            // In one of the two zones the day is neither just begun nor nearly over.
            patch(kind, json!({ "params": { "min_elapsed_percent": 1 } })).await;
            for timezone in ["UTC", "Pacific/Auckland"] {
                let budget =
                    json!({ "name": "daily", "amount_usd": "100", "period": "day", "timezone": timezone });
                server.post(&format!("/api/v1/budgets?tenant={slug}"), &budget).await;
            }
        }
        _ => {}
    }
}

/// Does what crosses the line of a kind; answers when the answer came.
async fn cross(server: &Server, slug: &str, kind: &str) -> Instant {
    let events = format!("/api/v1/events?tenant={slug}");
    match kind {
        "spend_spike" => return spend(server, slug, "today", "40").await,
        "budget_projected" => return spend(server, slug, "today", "99").await,
        "limit_near" => {
            let wish = json!({ "metric": "deployments", "amount": 9, "user": "u-1" });
            server.post(&format!("/api/usage/consume?tenant={slug}"), &wish).await
        }
        _ => {
            server
                .post(&events, &json!({ "id": "x", "model": "made-up", "usage": { "input_tokens": 1 } }))
                .await
        }
    };
    Instant::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_threshold_leaves_as_soon() {
    let dir = tempfile::tempdir().unwrap();
    let server = start(&dir.path().join("data"));
    let receiver = Receiver::start(Does::Answer(204)).await;
    let slug = |kind: &str, round: usize| format!("{}-{round}", kind.replace('_', "-"));
    for kind in WATCHED {
        for round in 0..4 {
            let slug = slug(kind, round);
            tenant_told_of(&server, &slug, kind).await;
            webhook(&server, &slug, "ops", &receiver.url).await;
        }
    }
    // Until the watch knows all of them; new ones are listed every two seconds.
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(receiver.came().len(), 0, "nothing is told of nothing");
    for kind in WATCHED {
        let mut slowest = Duration::ZERO;
        for round in 0..4 {
            let slug = slug(kind, round);
            let answered = cross(&server, &slug, kind).await;
            let begun = Instant::now();
            let came = loop {
                let found = receiver.came().into_iter().find(|came| came.tenant() == slug);
                if let Some(found) = found {
                    break found;
                }
                assert!(begun.elapsed() < Duration::from_secs(5), "{slug}: nothing came");
                tokio::time::sleep(Duration::from_millis(5)).await;
            };
            assert_eq!(came.body["data"]["kind"], kind);
            slowest = slowest.max(came.at.saturating_duration_since(answered));
            // Not in step with the watch.
            tokio::time::sleep(Duration::from_millis(90 * round as u64)).await;
        }
        println!("{kind}: from the answered event to the received webhook: {slowest:?} at most");
        assert!(slowest < Duration::from_secs(1), "{kind}: {slowest:?}");
    }
    server.stop();
}
