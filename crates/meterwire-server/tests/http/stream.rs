//! The live totals through the router: what they say and when they come and end. Sockets, many listeners and the end of the
//! server are in `live_streams.rs`.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use futures_util::StreamExt;
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tower::ServiceExt;

/// One open stream.
struct Stream {
    body: BodyDataStream,
    headers: axum::http::HeaderMap,
    text: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
struct Message {
    id: String,
    data: Value,
}

async fn response(server: &Server, token: &str, query: &str, last: Option<&str>) -> axum::response::Response {
    let mut request = Request::get(format!("/api/v1/usage/stream{query}"))
        .header("authorization", format!("Bearer {token}"))
        .header("accept-encoding", "gzip, zstd");
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    server.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn open(server: &Server, token: &str, query: &str, last: Option<&str>) -> Stream {
    let response = response(server, token, query, last).await;
    assert_eq!(response.status(), 200);
    let (parts, body) = response.into_parts();
    Stream { body: body.into_data_stream(), headers: parts.headers, text: String::new() }
}

impl Stream {
    /// The next block of lines; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let Some(bytes) = self.body.next().await else {
                assert_eq!(self.text, "", "it ends between two messages");
                return None;
            };
            self.text += std::str::from_utf8(&bytes.unwrap()).unwrap();
        }
    }

    async fn message(&mut self) -> Message {
        loop {
            let block = timeout(Duration::from_secs(5), self.block()).await.unwrap().unwrap();
            let field =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if field("event: ").as_deref() == Some("totals") {
                let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                return Message { id: field("id: ").unwrap(), data };
            }
            assert!(block.starts_with("retry: ") || block.starts_with(':'), "{block:?}");
        }
    }

    async fn is_silent_for(&mut self, millis: u64) -> bool {
        timeout(Duration::from_millis(millis), self.message()).await.is_err()
    }

    /// Reads on to the end.
    async fn end(&mut self) -> Duration {
        let begun = Instant::now();
        timeout(Duration::from_secs(9), async { while self.block().await.is_some() {} }).await.unwrap();
        begun.elapsed()
    }
}

#[tokio::test]
async fn the_totals_of_today_come_at_once_and_whenever_they_change() {
    let (server, owner) = Server::with_live_acme().await;
    let mut unpriced = event("unpriced");
    (unpriced["model"], unpriced["status"]) = (json!("nobody-knows-it"), json!(500));
    let mut yesterday = event("yesterday");
    yesterday["time"] = json!("2026-11-21T23:00:00Z");
    server.record(&owner, &json!([event("1"), unpriced, yesterday])).await;
    let mut stream = open(&server, &owner, "", None).await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    assert_eq!(stream.headers["cache-control"], "no-store");
    assert_eq!(stream.headers["x-accel-buffering"], "no");
    assert!(!stream.headers.contains_key("content-encoding"), "each message leaves at once, unpacked");
    assert_eq!(stream.block().await.as_deref(), Some("retry: 1000"));
    let first = stream.message().await;
    assert_eq!(
        first.data,
        json!({ "source": "metered", "as_of": "2026-11-22T10:30:00Z", "tz": "UTC", "date": "2026-11-22",
        "calls": 2, "errors": 1, "tokens": 3000, "cost_usd": "0.0075", "unpriced_calls": 1 })
    );

    let recorded = Instant::now();
    server.record(&owner, &event("2")).await;
    let second = stream.message().await;
    assert!(recorded.elapsed() < Duration::from_millis(1500), "{:?}", recorded.elapsed());
    assert_eq!((&second.data["calls"], &second.data["cost_usd"]), (&json!(3), &json!("0.015")));
    assert_ne!(first.id, second.id);

    assert_eq!(server.delete("/api/v1/events/test/2", &owner).await.status, 204);
    let third = stream.message().await;
    assert_eq!(
        (&third.id, &third.data["calls"]),
        (&first.id, &json!(2)),
        "the same totals are the same state"
    );
}

#[tokio::test]
async fn many_changes_are_at_most_one_message_a_second_and_the_last_is_not_missed() {
    let (server, owner) = Server::with_live_acme().await;
    let mut stream = open(&server, &owner, "", None).await;
    stream.message().await;
    let (begun, mut recorded) = (Instant::now(), 0);
    let mut arrivals = Vec::new();
    let reading = async {
        loop {
            let message = stream.message().await;
            arrivals.push(Instant::now());
            if message.data["calls"] == json!(40) {
                break;
            }
        }
    };
    let recording = async {
        while recorded < 40 {
            server.record(&owner, &event(&recorded.to_string())).await;
            recorded += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::join!(reading, recording);
    let (count, elapsed) = (arrivals.len(), begun.elapsed());
    assert!(count > 1 && count as u64 <= elapsed.as_secs() + 2, "{count} messages in {elapsed:?}");
    for pair in arrivals.windows(2) {
        // They leave a second apart; how late this test is to see one is not the server's doing.
        assert!(pair[1] - pair[0] > Duration::from_millis(700), "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test]
async fn what_changes_nothing_of_the_view_is_no_message() {
    let (server, owner) = Server::with_live_acme().await;
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let (mut all, mut own) = (open(&server, &owner, "", None).await, open(&server, &member, "", None).await);
    assert_eq!(
        (all.message().await.data["calls"].clone(), own.message().await.data["calls"].clone()),
        (json!(0), json!(0))
    );
    server.record(&foreign, &event("theirs")).await;
    let mut yesterday = event("yesterday");
    yesterday["time"] = json!("2026-11-21T12:00:00Z");
    server.record(&owner, &yesterday).await;
    assert!(all.is_silent_for(1300).await);
    server.record(&owner, &event("of u-1")).await;
    assert_eq!(all.message().await.data["calls"], 1);
    assert!(own.is_silent_for(1300).await, "a member hears of its own user only");
    let mut mine = event("mine");
    mine["user"] = json!("u-2");
    server.record(&owner, &mine).await;
    assert_eq!(own.message().await.data["calls"], 1);
    assert_eq!(all.message().await.data["calls"], 2);
}

#[tokio::test]
async fn a_listener_that_comes_back_is_sent_what_it_has_not() {
    let (server, owner) = Server::with_live_acme().await;
    server.record(&owner, &event("1")).await;
    let seen = open(&server, &owner, "", None).await.message().await;
    let mut resumed = open(&server, &owner, "", Some(&seen.id)).await;
    assert_eq!(resumed.block().await.as_deref(), Some("retry: 1000"));
    assert!(resumed.is_silent_for(1200).await, "it has that already");
    server.record(&owner, &event("2")).await;
    assert_eq!(resumed.message().await.data["calls"], 2);
    drop(resumed);
    for old in [seen.id.as_str(), "no-id-of-ours", ""] {
        let mut late = open(&server, &owner, "", Some(old)).await;
        assert_eq!(late.message().await.data["calls"], 2, "{old:?}");
    }
    // The same totals of another view are another state.
    let member = server.key("acme", "member", Some("u-1")).await;
    let mine = open(&server, &member, "", None).await.message().await;
    let all = open(&server, &owner, "", None).await.message().await;
    assert_eq!(mine.data["calls"], all.data["calls"]);
    assert_ne!(mine.id, all.id);
}

#[tokio::test]
async fn midnight_in_the_zone_begins_a_new_day_by_itself() {
    let (server, owner) = Server::with_live_acme().await;
    server.record(&owner, &event("1")).await;
    let mut utc = open(&server, &owner, "", None).await;
    let mut kathmandu = open(&server, &owner, "?tz=Asia/Kathmandu", None).await;
    assert_eq!(utc.message().await.data["date"], "2026-11-22");
    assert_eq!(kathmandu.message().await.data["calls"], 1);
    // 18:15Z is midnight there.
    server.clock.set(NOW_MS + (7 * 60 + 45) * 60_000);
    let next = kathmandu.message().await.data;
    assert_eq!(
        (&next["date"], &next["calls"], &next["tz"]),
        (&json!("2026-11-23"), &json!(0), &json!("Asia/Kathmandu"))
    );
    assert!(utc.is_silent_for(1200).await);
    server.clock.set(NOW_MS + (13 * 60 + 30) * 60_000);
    assert_eq!(utc.message().await.data["date"], "2026-11-23");
}

#[tokio::test]
async fn a_stream_ends_when_its_key_is_revoked_or_expires() {
    let (server, owner) = Server::with_live_acme().await;
    let wish = json!({ "name": "short", "role": "viewer", "expires_at": "2026-11-22T11:00:00Z" });
    let short = server.post("/api/v1/keys", &owner, &wish).await.json["token"].as_str().unwrap().to_owned();
    let made = server.post("/api/v1/keys", &owner, &json!({ "name": "k", "role": "viewer" })).await.json;
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    let (mut expiring, mut revoked, mut kept) = (
        open(&server, &short, "", None).await,
        open(&server, token, "", None).await,
        open(&server, &owner, "", None).await,
    );
    for stream in [&mut expiring, &mut revoked, &mut kept] {
        stream.message().await;
    }
    assert_eq!(server.delete(&format!("/api/v1/keys/{id}"), &owner).await.status, 204);
    server.clock.set(NOW_MS + 31 * 60_000);
    let (one, other) = tokio::join!(expiring.end(), revoked.end());
    assert!(one.max(other) < Duration::from_secs(4), "{one:?} {other:?}");
    server.record(&owner, &event("1")).await;
    assert_eq!(kept.message().await.data["calls"], 1, "others go on");
}

#[tokio::test]
async fn streams_are_bounded_and_one_tenant_cannot_take_them_all() {
    let settings = HttpSettings { max_streams: 4, ..HttpSettings::default() };
    let server = Server::start_with(settings, None).await;
    server.tenant("acme").await;
    server.tenant("globex").await;
    let (acme, globex) =
        (server.key("acme", "viewer", None).await, server.key("globex", "viewer", None).await);
    let mut held = vec![];
    for _ in 0..3 {
        held.push(open(&server, &acme, "", None).await);
    }
    let status = async |token: &str| response(&server, token, "", None).await.status().as_u16();
    assert_eq!(status(&acme).await, 503);
    held.push(open(&server, &globex, "", None).await);
    assert_eq!(status(&globex).await, 503);
    let refused = server.get("/api/v1/usage/stream", &globex).await;
    assert_eq!(refused.refusal(), (503, "unavailable", ""), "{refused:?}");
    assert_eq!(refused.json["detail"]["error"], "Service not available");
    held.remove(0);
    held.push(open(&server, &acme, "", None).await);
    server.live.close();
    for stream in &mut held {
        assert!(stream.end().await < Duration::from_secs(1));
    }
    drop(held);
    assert_eq!(status(&acme).await, 503, "a server that stops opens none");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_a_stream_is_opened() {
    let (server, owner) = Server::with_acme().await;
    for (path, refusal) in [
        ("?tz=Mars/Olympus", (422, "invalid_value", "tz")),
        ("?days=7", (422, "invalid_value", "days")),
        ("?tenant=no-such", (404, "not_found", "")),
    ] {
        let answer = server.get(&format!("/api/v1/usage/stream{path}"), &owner).await;
        assert_eq!(answer.refusal(), refusal, "{path}");
    }
    assert_eq!(server.get("/api/v1/usage/stream", ADMIN).await.refusal().0, 422, "an admin names the tenant");
}
