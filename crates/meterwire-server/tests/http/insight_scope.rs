//! Whose keys and days an insight is about: open keys of the workspace, however many, and days of the workspace alone.

use crate::harness::{NOW_MS, Server, event};
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

async fn alert(server: &Server, token: &str, workspace: &str, kind: &str) -> Value {
    let answer = server.get(&format!("/api/usage/cost-intelligence/{workspace}"), token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let alerts = answer.json["alerts"].as_array().unwrap();
    alerts.iter().find(|alert| alert["kind"] == kind).cloned().unwrap_or_default()
}

async fn key(server: &Server, owner: &str, name: &str, expires_at: Option<&str>) {
    let body = json!({ "name": name, "role": "ingest", "expires_at": expires_at });
    let made = server.post("/api/v1/keys", owner, &body).await;
    assert_eq!(made.status, 201, "{made:?}");
}

#[tokio::test]
async fn a_key_that_has_expired_is_not_idle() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("a")).await;
    key(&server, &owner, "over", Some("2026-12-01")).await;
    key(&server, &owner, "open", Some("2027-12-01")).await;
    server.clock.set(NOW_MS + 31 * DAY_MS);
    // The owner's key is used by asking.
    alert(&server, &owner, "chat", "idle_key").await;
    let rows = alert(&server, &owner, "chat", "idle_key").await["evidence"]["rows"].clone();
    let names: Vec<_> = rows.as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["open"]);
}

#[tokio::test]
async fn every_key_is_looked_at_however_many_there_are() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("a")).await;
    for number in 0..510 {
        key(&server, &owner, &format!("k-{number}"), None).await;
    }
    server.clock.set(NOW_MS + 31 * DAY_MS);
    alert(&server, &owner, "chat", "idle_key").await;
    assert_eq!(alert(&server, &owner, "chat", "idle_key").await["title"], "Nobody uses 510 keys");
}

#[tokio::test]
async fn a_key_that_events_name_still_is_not_idle() {
    let (server, owner) = Server::with_acme().await;
    let call = |id: &str, days: i64, key: &str| {
        let mut event = event(id);
        event["time"] = json!(rfc3339(NOW_MS - days * DAY_MS));
        event["api_key"] = json!(key);
        event
    };
    let events =
        json!([call("a", 40, "old"), call("b", 40, "both"), call("c", 3, "both"), call("d", 3, "new")]);
    server.record(&owner, &events).await;
    let rows = alert(&server, &owner, "chat", "idle_key").await["evidence"]["rows"].clone();
    let names: Vec<_> = rows.as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(names, ["old"]);
}

#[tokio::test]
async fn a_spike_is_one_of_the_workspace_in_its_zone_and_of_a_finished_day() {
    let (server, owner) = Server::with_acme().await;
    let day = |project: &str, time_ms: i64, usd: &str| {
        let mut event = event(&format!("{project}-{time_ms}"));
        event["time"] = json!(rfc3339(time_ms));
        event["project"] = json!(project);
        event["cost_usd"] = json!(usd);
        event
    };
    // At 20:00 UTC, which is the morning of the next day in Tokyo.
    let evening = NOW_MS - NOW_MS % DAY_MS + 20 * 3_600_000;
    let mut events: Vec<Value> = Vec::new();
    for days in 1..=40_i64 {
        events.push(day("chat", evening - days * DAY_MS, "2"));
        events.push(day("search", evening - days * DAY_MS, if days == 4 { "50" } else { "2" }));
    }
    // Today is not over.
    events.push(day("chat", NOW_MS - 1, "90"));
    events.push(day("search", NOW_MS - 1, "90"));
    server.record(&owner, &json!(events)).await;
    assert_eq!(alert(&server, &owner, "chat", "cost_spike").await, Value::Null);
    let found = alert(&server, &owner, "search", "cost_spike").await;
    let rows = found["evidence"]["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["date"], &rows[0]["cost"]), (1, &json!("2026-11-18"), &json!(50.0)));
    let found = alert(&server, &owner, "search?tz=Asia/Tokyo", "cost_spike").await;
    assert_eq!(found["evidence"]["rows"][0]["date"], "2026-11-19");
}
