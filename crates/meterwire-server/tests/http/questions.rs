//! R0, R3 and the general question: whole replies, with the clock fixed.

use crate::harness::{Server, event};
use axum::http::Method;
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};

fn at(id: &str, time: &str, change: Value) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

/// Five events over three days, one failed, one of Anthropic's.
async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        at("1", "2026-11-20T23:30:00Z", json!({})),
        at("2", "2026-11-21T00:10:00Z", json!({ "status": 500, "latency_ms": 5000, "user": "u-2" })),
        at(
            "3",
            "2026-11-21T12:00:00Z",
            json!({ "model": "claude-sonnet-4-5", "provider": "anthropic", "project": "code" })
        ),
        at("4", "2026-11-22T09:00:00Z", json!({})),
        at("5", "2026-11-14T09:00:00Z", json!({})),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

#[tokio::test]
async fn r0_summary() {
    let (server, owner) = filled().await;
    let answer = server.get("/api/v1/usage/summary", &owner).await;
    // 4 x 0.0075 + 0.0105 dollars are 4.05 cents.
    let expected = json!({ "total_calls": 5, "est_cost_cents": 4,
        "window_start": "2026-11-01T00:00:00Z", "window_end": "2026-11-22T10:30:00Z" });
    assert_eq!(answer.json, expected);
}

#[tokio::test]
async fn r0_summary_at_a_flat_rate() {
    let server =
        Server::start_with(HttpSettings { rate_cents: Some(2), ..HttpSettings::default() }, None).await;
    server.tenant("acme").await;
    let owner = server.key("acme", "owner", None).await;
    server.record(&owner, &json!([event("1"), event("2"), event("3")])).await;
    assert_eq!(server.get("/api/v1/usage/summary", &owner).await.json["est_cost_cents"], 6);
}

#[tokio::test]
async fn r0_daily_has_every_day_oldest_first_today_last() {
    let (server, owner) = filled().await;
    let answer = server.get("/api/v1/usage/daily?days=4", &owner).await;
    let expected = json!({ "usage": [{ "date": "2026-11-19", "calls": 0 }, { "date": "2026-11-20", "calls": 1 },
        { "date": "2026-11-21", "calls": 2 }, { "date": "2026-11-22", "calls": 1 }] });
    assert_eq!(answer.json, expected);
    let week =
        server.call(Method::GET, "/api/v1/usage/daily").header("authorization", &format!("Token {owner}"));
    assert_eq!(week.send().await.json["usage"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn days_move_with_the_zone_and_still_add_up() {
    let (server, owner) = filled().await;
    let days = async |tz: &str| {
        let path = format!("/api/v1/usage/query?range=7d&granularity=day&metrics=calls&tz={tz}");
        let answer = server.get(&path, &owner).await;
        let series: Vec<i64> =
            answer.json["series"].as_array().unwrap().iter().map(|v| v["calls"].as_i64().unwrap()).collect();
        assert_eq!(series.iter().sum::<i64>(), answer.json["total"]["calls"].as_i64().unwrap());
        series
    };
    assert_eq!(days("UTC").await, [0, 0, 0, 0, 1, 2, 1]);
    assert_eq!(days("Asia/Kathmandu").await, [0, 0, 0, 0, 0, 3, 1]);
    assert_eq!(days("America/New_York").await, [0, 0, 0, 0, 2, 1, 1]);
}

#[tokio::test]
async fn the_general_question_whole() {
    let (server, owner) = filled().await;
    let path = "/api/v1/usage/query?range=7d&granularity=day&group_by=provider&metrics=cost,calls,errors,latency_p50,users&compare=previous&top=1";
    let answer = server.get(path, &owner).await;
    assert_eq!(answer.status, 200);
    insta::assert_json_snapshot!(answer.json);
}

#[tokio::test]
async fn filters_narrow_and_alternatives_widen() {
    let (server, owner) = filled().await;
    let calls = async |query: &str| {
        let answer =
            server.get(&format!("/api/v1/usage/query?range=30d&metrics=calls&{query}"), &owner).await;
        answer.json["total"]["calls"].as_i64().unwrap_or_else(|| panic!("{query}: {answer:?}"))
    };
    assert_eq!(calls("filter[provider]=openai").await, 4);
    assert_eq!(calls("filter[provider]=openai&filter[provider]=anthropic").await, 5);
    assert_eq!(calls("filter[provider]=openai&filter[user]=u-2").await, 1);
    assert_eq!(calls("filter[status]=500").await, 1);
    assert_eq!(calls("filter[agent]=").await, 5);
    assert_eq!(calls("filter[model]=nobody-uses-this").await, 0);
}

#[tokio::test]
async fn r3_summary_and_breakdown() {
    let (server, owner) = filled().await;
    let summary = server.get("/api/usage/summary?range=7d", &owner).await;
    assert_eq!((&summary.json["totalTokens"], &summary.json["totalCost"]), (&json!(6000), &json!(0.033)));
    let providers = server.get("/api/usage/breakdown?by=provider&range=7d", &owner).await;
    let expected = json!([
        { "providerName": "openai", "tokens": 4500, "cost": 0.0225, "calls": 3, "errors": 1, "errorRate": 33.33, "unpricedCalls": 0, "percentage": 75.0 },
        { "providerName": "anthropic", "tokens": 1500, "cost": 0.0105, "calls": 1, "errors": 0, "errorRate": 0.0, "unpricedCalls": 0, "percentage": 25.0 }
    ]);
    assert_eq!(providers.json, expected);
    let projects = server.get("/api/usage/breakdown?by=project&range=7d", &owner).await;
    let names: Vec<_> = projects.json.as_array().unwrap().iter().map(|row| &row["projectName"]).collect();
    assert_eq!(names, ["chat", "code"]);
    let keys = server.get("/api/usage/breakdown?by=api_key&range=7d", &owner).await;
    assert_eq!(keys.json[0]["apiKeyName"], "(none)");
    // R3's bars are of projects and agents; every built-in dimension has its rows.
    let names = [("agent", "agentName"), ("status", "statusName"), ("operation", "operationName")];
    for (by, name) in names.into_iter().chain([("service_tier", "serviceTierName")]) {
        let rows = server.get(&format!("/api/usage/breakdown?by={by}&range=7d"), &owner).await;
        assert_eq!(rows.status, 200, "{by}: {rows:?}");
        let rows = rows.json.as_array().unwrap();
        assert_eq!(rows.iter().map(|row| row["tokens"].as_u64().unwrap()).sum::<u64>(), 6000, "{by}");
        assert!(rows.iter().all(|row| row[name].is_string()), "{by}: {rows:?}");
    }
}

#[tokio::test]
async fn r3_log_pages_sorts_and_follows_its_cursor() {
    let (server, owner) = filled().await;
    let ids = |answer: &crate::harness::Answer| -> Vec<String> {
        answer.json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = server.get("/api/usage/log?page_size=2", &owner).await;
    assert_eq!(
        (ids(&first), &first.json["page"], &first.json["total"]),
        (vec!["4".into(), "3".into()], &json!(1), &json!(5))
    );
    let second = server.get("/api/usage/log?page_size=2&page=2", &owner).await;
    assert_eq!(ids(&second), ["2", "1"]);
    let cursor = first.json["nextCursor"].as_str().unwrap();
    let followed = server.get(&format!("/api/usage/log?page_size=2&cursor={cursor}"), &owner).await;
    assert_eq!((ids(&followed), &followed.json["page"]), (ids(&second), &Value::Null));
    let last = server.get("/api/usage/log?page_size=2&page=3", &owner).await;
    assert_eq!((ids(&last), &last.json["nextCursor"]), (vec!["5".into()], &Value::Null));
    assert_eq!(ids(&server.get("/api/usage/log?sort=-cost&page_size=1", &owner).await), ["3"]);
    assert_eq!(ids(&server.get("/api/usage/log?sort=-latencyMs&page_size=1", &owner).await), ["2"]);
    insta::assert_json_snapshot!(
        server.get("/api/usage/log?page_size=1&sort=-cost", &owner).await.json["items"]
    );
}
