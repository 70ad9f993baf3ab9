//! Midnight, daylight saving, a clock that goes back, and the job behind the limits, which nothing depends on.

use crate::harness::{ADMIN, NOW_MS, Server};
use crate::limits::{stands, with_member};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn ms(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// Consumes one at a time of the day, and answers what was used then and when it begins anew.
async fn used_at(server: &Server, token: &str, metric: &str, time: &str) -> (Value, Value) {
    server.clock.set(ms(time));
    let answer = server.post("/api/usage/consume", token, &json!({ "metric": metric })).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (answer.json["current"].clone(), answer.json["resets_at"].clone())
}

#[tokio::test]
async fn a_day_ends_at_midnight_utc_without_any_job() {
    let (server, _, member) = with_member().await;
    let ten = json!({ "metric": "deployments", "amount": 10, "idempotency_key": "ten" });
    assert_eq!(server.post("/api/usage/consume", &member, &ten).await.status, 200);
    server.clock.set(ms("2026-11-22T23:59:59.999Z"));
    let refused = server.post("/api/usage/consume", &member, &json!({ "metric": "deployments" })).await;
    assert_eq!((refused.status.as_u16(), &refused.headers["retry-after"]), (429, &"1".parse().unwrap()));
    assert_eq!(
        used_at(&server, &member, "deployments", "2026-11-23T00:00:00Z").await,
        (json!(1), json!("2026-11-24T00:00:00Z"))
    );
    let status = server.get("/api/usage/status", &member).await.json;
    assert_eq!(
        (&status["date"], &status["resets_at"]),
        (&json!("2026-11-23"), &json!("2026-11-24T00:00:00Z"))
    );
    // A key is remembered over midnight: the retry of yesterday's request counts nowhere.
    let retried = server.post("/api/usage/consume", &member, &ten).await;
    assert_eq!((retried.status.as_u16(), &retried.json["current"]), (200, &json!(10)));
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "1");
}

#[tokio::test]
async fn a_refusal_that_is_repeated_after_its_window_does_not_say_come_at_once() {
    let (server, _, member) = with_member().await;
    let eleven = json!({ "metric": "deployments", "amount": 11, "idempotency_key": "eleven" });
    let first = server.post("/api/usage/consume", &member, &eleven).await;
    assert_eq!(first.headers["retry-after"], "48600");
    server.clock.set(NOW_MS + DAY_MS);
    let again = server.post("/api/usage/consume", &member, &eleven).await;
    assert_eq!((again.status.as_u16(), again.bytes), (429, first.bytes));
    // The key's answer stays; waiting does not help, so no time is named.
    assert!(!again.headers.contains_key("retry-after"), "{:?}", again.headers);
}

#[tokio::test]
async fn days_of_a_zone_follow_its_daylight_saving() {
    let (server, owner, member) = with_member().await;
    let berlin = json!({ "name": "berlin", "window": "day", "timezone": "Europe/Berlin" });
    assert_eq!(server.post("/api/v1/metrics", &owner, &berlin).await.status, 201);
    let used = async |time: &str| used_at(&server, &member, "berlin", time).await;
    let is = |count: i64, resets_at: &str| (json!(count), json!(resets_at));
    // 2027-03-28 has 23 hours there: from 23:00Z to 22:00Z.
    assert_eq!(used("2027-03-27T22:59:59Z").await, is(1, "2027-03-27T23:00:00Z"));
    assert_eq!(used("2027-03-27T23:00:00Z").await, is(1, "2027-03-28T22:00:00Z"));
    assert_eq!(used("2027-03-28T21:59:59.999Z").await, is(2, "2027-03-28T22:00:00Z"));
    assert_eq!(used("2027-03-28T22:00:00Z").await, is(1, "2027-03-29T22:00:00Z"));
    // 2027-10-31 has 25: from 22:00Z to 23:00Z; half past two comes twice and is one day.
    assert_eq!(used("2027-10-30T21:59:59Z").await, is(1, "2027-10-30T22:00:00Z"));
    assert_eq!(used("2027-10-31T00:30:00Z").await, is(1, "2027-10-31T23:00:00Z"));
    assert_eq!(used("2027-10-31T01:30:00Z").await, is(2, "2027-10-31T23:00:00Z"));
    assert_eq!(used("2027-10-31T22:59:59.999Z").await, is(3, "2027-10-31T23:00:00Z"));
    assert_eq!(used("2027-10-31T23:00:00Z").await, is(1, "2027-11-01T23:00:00Z"));
    // The metrics beside it keep UTC.
    assert_eq!(
        used_at(&server, &member, "deployments", "2027-10-31T23:00:00Z").await.1,
        "2027-11-01T00:00:00Z"
    );
}

#[tokio::test]
async fn a_clock_that_goes_back_finds_what_was_used_there() {
    let (server, _, member) = with_member().await;
    let used = async |time: &str| used_at(&server, &member, "deployments", time).await.0;
    assert_eq!(used("2026-11-22T23:30:00Z").await, 1);
    assert_eq!(used("2026-11-23T00:30:00Z").await, 1);
    server.app.run_limit_jobs().await.unwrap();
    assert_eq!(used("2026-11-22T23:30:00Z").await, 2, "an hour back it is yesterday again");
    server.app.run_limit_jobs().await.unwrap();
    assert_eq!(used("2026-11-23T00:30:00Z").await, 2);
    assert_eq!(used("2026-11-22T23:59:59Z").await, 3);
    // Keys and holds live on.
    let body = json!({ "metric": "compute_hours", "amount": 4, "ttl_seconds": 60, "idempotency_key": "k" });
    let held = server.post("/api/usage/reservations", &member, &body).await;
    server.clock.set(ms("2026-11-22T22:59:59Z"));
    assert_eq!(server.post("/api/usage/reservations", &member, &body).await.bytes, held.bytes);
    assert_eq!(stands(&server, &member, "u-42", "compute_hours").await, ["4", "4"]);
}

/// The entries `limits.reset` of the instance's audit log, oldest first.
async fn resets(server: &Server) -> Vec<String> {
    let log = server.get("/api/v1/audit?limit=100", ADMIN).await;
    assert_eq!(log.status, 200, "{log:?}");
    let items = log.json["items"].as_array().unwrap().clone();
    let resets = items.iter().rev().filter(|item| item["action"] == "limits.reset");
    resets
        .map(|item| format!("{} {} {}", item["actor"], item["target"], item["at"]).replace('"', ""))
        .collect()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn midnight_is_noted_once_a_day_in_the_log_and_the_audit_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let lines = || String::from_utf8(log.0.lock().unwrap().clone()).unwrap().matches("limits.reset").count();
    let (server, _, member) = with_member().await;
    server.app.run_limit_jobs().await.unwrap();
    assert_eq!((resets(&server).await, lines()), (Vec::new(), 0), "a new instance has nothing to reset");
    for time in
        ["2026-11-22T23:59:59Z", "2026-11-23T00:00:01Z", "2026-11-23T00:00:02Z", "2026-11-23T18:00:00Z"]
    {
        server.clock.set(ms(time));
        server.app.run_limit_jobs().await.unwrap();
    }
    let first = "scheduler 2026-11-23 2026-11-23T00:00:01Z".to_owned();
    assert_eq!((resets(&server).await, lines()), (vec![first.clone()], 1));
    // An hour back over midnight, and forth again: the day has begun already.
    for time in ["2026-11-22T23:30:00Z", "2026-11-23T00:30:00Z"] {
        server.clock.set(ms(time));
        server.app.run_limit_jobs().await.unwrap();
    }
    assert_eq!(resets(&server).await.len(), 1);
    // Nothing ran for three days: the limits began anew all the same, and one entry says so.
    assert_eq!(used_at(&server, &member, "deployments", "2026-11-23T20:00:00Z").await.0, 1);
    assert_eq!(used_at(&server, &member, "deployments", "2026-11-26T09:00:00Z").await.0, 1);
    server.app.run_limit_jobs().await.unwrap();
    server.app.run_limit_jobs().await.unwrap();
    let second = "scheduler 2026-11-26 2026-11-26T09:00:00Z".to_owned();
    assert_eq!((resets(&server).await, lines()), (vec![first, second], 2));
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "1", "the job takes nothing away");
    // A tenant's owner sees only what is its tenant's.
    let owner = server.key("acme", "owner", None).await;
    let own = server.get("/api/v1/audit?limit=100", &owner).await;
    assert!(!String::from_utf8(own.bytes).unwrap().contains("scheduler"));
}
