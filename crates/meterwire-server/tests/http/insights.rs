//! Cost intelligence through the whole of the server: what was put into a month is found, with rows that lead to it.

use crate::harness::{ADMIN, NOW_MS, Server};
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

/// A call of a month before now.
fn call(id: &str, time_ms: i64, model: &str, tokens: (u64, u64), change: &Value) -> Value {
    let mut event = json!({
        "id": id, "source": "test", "time": rfc3339(time_ms), "project": "chat", "user": "u-1", "api_key": "prod",
        "provider": "openai", "model": model, "status": 200,
        "usage": { "input_tokens": tokens.0, "output_tokens": tokens.1 }
    });
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn hash(number: usize) -> Value {
    json!({ "request_hash": format!("{number:064x}") })
}

/// 28 days of ordinary work: 20 calls a day, each another request, a third of them of a large model.
fn clean() -> Vec<Value> {
    let call = |i: usize| {
        let time_ms = NOW_MS - 28 * DAY_MS + i64::try_from(i).unwrap() * DAY_MS / 20;
        let model = if i.is_multiple_of(3) { "gpt-4o" } else { "gpt-4o-mini" };
        call(&format!("c-{i}"), time_ms, model, (800 + i as u64 % 400, 600), &hash(i))
    };
    (0..28 * 20).map(call).collect()
}

async fn found(server: &Server, token: &str) -> Value {
    let answer = server.get("/api/usage/cost-intelligence/chat", token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn kinds(reply: &Value) -> Vec<&str> {
    reply["alerts"].as_array().unwrap().iter().map(|alert| alert["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_clean_month_raises_nothing_and_waste_in_it_is_found() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!(clean())).await;
    let before = found(&server, &owner).await;
    assert_eq!((kinds(&before), &before["potential_savings"]), (vec![], &json!(0.0)));
    assert_eq!((&before["enough_data"], &before["requests"]), (&json!(true), &json!(560)));
    let waste: Vec<Value> = (0..400)
        .map(|i| {
            call(&format!("again-{i}"), NOW_MS - DAY_MS - 1_000 + i, "gpt-4o", (2_000, 100), &hash(9_000))
        })
        .chain((0..150).map(|i| {
            let number = usize::try_from(i).unwrap();
            call(&format!("short-{i}"), NOW_MS - 9 * DAY_MS + i, "gpt-4o", (200, 50), &hash(20_000 + number))
        }))
        .collect();
    server.record(&owner, &json!(waste)).await;
    let reply = found(&server, &owner).await;
    // So much on one day stands out too.
    assert_eq!(kinds(&reply), ["duplicate_calls", "expensive_model", "cost_spike"]);
    let (duplicates, expensive) = (&reply["alerts"][0], &reply["alerts"][1]);
    // 399 of the 400: 2,000 tokens at 2.50 and 100 at 10 dollars a million are 0.006 dollars each.
    assert_eq!(duplicates["potential_savings"], json!(2.394));
    let row = &duplicates["evidence"]["rows"][0];
    assert_eq!(
        (&row["repeats"], &row["first"]["id"], &row["request_hash"]),
        (&json!(399), &json!("again-0"), &hash(9_000)["request_hash"])
    );
    // 150 calls of 0.001 dollars, as gpt-4o-mini 0.00006 each.
    assert_eq!(expensive["potential_savings"], json!(0.141));
    assert_eq!(expensive["evidence"]["instead"]["model"], "gpt-4o-mini");
    assert_eq!(reply["potential_savings"], json!(2.535));
    insta::assert_json_snapshot!(reply["alerts"]);
}

#[tokio::test]
async fn a_voided_repetition_saves_nothing() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!(clean())).await;
    let again: Vec<Value> = (0..21)
        .map(|i| call(&format!("a-{i}"), NOW_MS - 5_000 + i, "gpt-4o", (1_000, 0), &hash(9_000)))
        .collect();
    server.record(&owner, &json!(again)).await;
    assert_eq!(found(&server, &owner).await["potential_savings"], json!(0.05));
    // Without the first one the second is the one that had to be made.
    assert_eq!(server.delete("/api/v1/events/test/a-0", &owner).await.status, 204);
    assert_eq!(kinds(&found(&server, &owner).await), Vec::<&str>::new(), "19 are too few");
}

#[tokio::test]
async fn keys_that_nobody_uses_are_shown_to_owners() {
    let (server, owner) = Server::with_acme().await;
    let viewer = server.key("acme", "viewer", None).await;
    for (name, project) in [("for chat", Some("chat")), ("for search", Some("search")), ("for all", None)] {
        let body = json!({ "name": name, "role": "ingest", "project": project });
        assert_eq!(server.post("/api/v1/keys", &owner, &body).await.status, 201);
    }
    server.record(&owner, &json!(clean())).await;
    server.clock.set(NOW_MS + 31 * DAY_MS);
    // The owner's key is used by asking.
    let _ = found(&server, &owner).await;
    let names = |reply: &Value| -> Vec<String> {
        let alert =
            reply["alerts"].as_array().unwrap().iter().find(|alert| alert["kind"] == "idle_key").cloned();
        let rows = alert.map_or(json!([]), |alert| alert["evidence"]["rows"].clone());
        rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    // `prod` is what the events called their key; they ended 31 days ago.
    assert_eq!(names(&found(&server, &owner).await), ["viewer", "for chat", "for all", "prod"]);
    assert_eq!(names(&found(&server, &viewer).await), ["prod"]);
}

#[tokio::test]
async fn too_little_data_is_said_and_prices_that_are_missing_are_told_all_the_same() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([call("a", NOW_MS - 1, "nobody-knows-it", (10, 10), &json!({ "provider": "acme" }))]);
    server.record(&owner, &events).await;
    let reply = found(&server, &owner).await;
    assert_eq!((&reply["enough_data"], kinds(&reply)), (&json!(false), vec!["unpriced_model"]));
    let reasons = reply["not_judged"].as_array().unwrap();
    assert_eq!(
        reasons[0],
        json!({ "kind": "expensive_model", "reason": "1 calls of the 100 that it takes to judge by" })
    );
    assert_eq!(reasons.len(), 5, "{reasons:?}");
}

/// The range is cut down to what is kept, and says so.
#[tokio::test]
async fn where_old_events_are_gone_the_rest_is_judged() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!(clean())).await;
    let kept = server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 35 })).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    server.clock.set(NOW_MS + 20 * DAY_MS);
    while server.app.run_retention_jobs().await.unwrap() {}
    let reply = server.get("/api/usage/cost-intelligence/chat?range=90d", &owner).await.json;
    // Of the 28 days about 15 are left.
    assert!(reply["from"].as_str().unwrap() > "2026-11-06", "{reply}");
    assert!((280..=320).contains(&reply["requests"].as_i64().unwrap()), "{reply}");
    assert_eq!(server.get("/api/usage/dashboard/chat", &owner).await.status, 200);
}

#[tokio::test]
async fn a_day_that_stands_out_is_told_of_with_its_weekdays() {
    let (server, owner) = Server::with_acme().await;
    let day = |days: i64, dollars: &str| {
        let id = format!("d-{days}");
        call(&id, NOW_MS - days * DAY_MS, "gpt-4o", (5_000, 500), &json!({ "cost_usd": dollars }))
    };
    let mut events: Vec<Value> = (1..50).map(|days| day(days, if days == 3 { "9.5" } else { "2" })).collect();
    events.extend(clean());
    server.record(&owner, &json!(events)).await;
    let reply = found(&server, &owner).await;
    assert_eq!(kinds(&reply), ["cost_spike"], "{reply}");
    let row = &reply["alerts"][0]["evidence"]["rows"][0];
    assert_eq!((&row["date"], row["compared"].as_array().unwrap().len()), (&json!("2026-11-19"), 4));
    assert_eq!(reply["potential_savings"], json!(0.0));
    // Not the running day, and not another tenant's.
    server.tenant("other").await;
    assert_eq!(server.get("/api/usage/cost-intelligence/chat?tenant=other", ADMIN).await.status, 404);
}
