//! R1 by the providers' own reports: shown where they tell all of it, and to nobody for whom they do not tell it apart.

use crate::harness::{NOW_MS, Server, event};
use crate::providers::{TODAY, connect, run};
use crate::stand_in::{DAY_MS, StandIn, completions, costs};
use serde_json::{Value, json};

fn used(id: &str, user: &str, change: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!("2026-11-21T12:00:00Z");
    event["user"] = json!(user);
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn of_project(mut row: Value, project: &str) -> Value {
    row["project_id"] = json!(project);
    row
}

/// Two events of 0.0075 dollars, and a provider that says 3.75: 1.50 of them of the project `proj_1`, which is `chat`.
async fn reported() -> (Server, String, StandIn) {
    let (server, owner) = Server::with_acme().await;
    let events = json!([used("a", "u-1", &json!({})), used("b", "u-2", &json!({ "project": "search" }))]);
    server.record(&owner, &events).await;
    let stand_in = StandIn::start(NOW_MS).await;
    let line = |value| costs("gpt-4o, input", value);
    stand_in.put("costs", TODAY - DAY_MS, vec![of_project(line("1.5"), "proj_1"), line("2")]);
    stand_in.put("costs", TODAY, vec![costs("gpt-4o-mini, input", "0.25")]);
    let counted = |requests| completions("gpt-4o", requests, 100, 40, 10);
    stand_in.put("completions", TODAY - DAY_MS, vec![of_project(counted(3), "proj_1"), counted(4)]);
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let map = json!({ "project_map": { "proj_1": "chat" } });
    assert_eq!(server.patch(&path, &owner, &map).await.status, 200);
    (server, owner, stand_in)
}

async fn get(server: &Server, token: &str, path: &str) -> Value {
    let answer = server.get(path, token).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

/// Source and cost of the month.
async fn month(server: &Server, token: &str, query: &str) -> (String, f64) {
    let month = get(server, token, &format!("/api/usage/current-month?{query}")).await;
    (month["source"].as_str().unwrap().to_owned(), month["total_cost"].as_f64().unwrap())
}

fn provider(cost: f64) -> (String, f64) {
    ("provider".to_owned(), cost)
}

fn metered(cost: f64) -> (String, f64) {
    ("metered".to_owned(), cost)
}

#[tokio::test]
async fn every_route_tells_what_the_report_says() {
    let (server, owner, _stand_in) = reported().await;
    // What is shown was read then, however late it is asked for.
    server.clock.set(NOW_MS + 200_000);
    let month = get(&server, &owner, "/api/usage/current-month").await;
    assert_eq!(
        (&month["source"], &month["total_cost"], &month["total_requests"], &month["total_tokens"]),
        (&json!("provider"), &json!(3.75), &json!(7), &json!(220))
    );
    assert_eq!(month["as_of"], "2026-11-22T10:30:00Z");
    let days = month["daily_breakdown"].as_array().unwrap();
    assert_eq!((days.len(), &days[20]["cost"], &days[21]["cost"]), (22, &json!(3.5), &json!(0.25)));
    let today = get(&server, &owner, "/api/usage/today").await;
    assert_eq!(
        (&today["source"], &today["total_cost"], &today["hourly_breakdown"]),
        (&json!("provider"), &json!(0.25), &json!([]))
    );
    let models = get(&server, &owner, "/api/usage/model-comparison").await;
    let rows: Vec<_> = models["models"].as_array().unwrap().iter().map(|row| &row["cost"]).collect();
    assert_eq!((&models["source"], rows), (&json!("provider"), vec![&json!(3.5), &json!(0.25)]));
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!((&budget["source"], &budget["current_spend"]), (&json!("provider"), &json!(3.75)));
    let whole = get(&server, &owner, "/api/usage/dashboard/chat").await;
    assert_eq!((&whole["source"], &whole["current_month"]["total_cost"]), (&json!("provider"), &json!(1.5)));
}

#[tokio::test]
async fn a_workspace_is_shown_its_part_of_the_report() {
    let (server, owner, _stand_in) = reported().await;
    assert_eq!(month(&server, &owner, "workspace=chat").await, provider(1.5));
    let models = get(&server, &owner, "/api/usage/model-comparison?workspace=chat").await;
    assert_eq!(
        (&models["total_cost"], &models["models"][0]["requests"], &models["models"][1]),
        (&json!(1.5), &json!(3), &Value::Null)
    );
    // Nobody has said what `search` is called there.
    assert_eq!(month(&server, &owner, "workspace=search").await, metered(0.0075));
}

#[tokio::test]
async fn whom_the_report_does_not_tell_apart_is_told_from_events() {
    let (server, owner, _stand_in) = reported().await;
    let member = server.key("acme", "member", Some("u-2")).await;
    assert_eq!(month(&server, &member, "").await, metered(0.0075));
    for path in ["budget-status", "model-comparison", "today"] {
        let answer = get(&server, &member, &format!("/api/usage/{path}")).await;
        assert_eq!(answer["source"], "metered", "{path}");
    }
    let budget = get(&server, &member, "/api/usage/budget-status").await;
    assert_eq!(budget["current_spend"], json!(0.0075));
    // Nor does it tell days of another zone.
    assert_eq!(month(&server, &owner, "tz=Asia/Tokyo").await, metered(0.015));
    for (budget, spent, source) in [
        (json!({ "name": "of a user", "amount_usd": "5", "scope": { "user": "u-1" } }), 0.0075, "metered"),
        (json!({ "name": "in Tokyo", "amount_usd": "5", "timezone": "Asia/Tokyo" }), 0.015, "metered"),
        (json!({ "name": "of all", "amount_usd": "5" }), 3.75, "provider"),
        (json!({ "name": "of chat", "amount_usd": "5", "scope": { "project": "chat" } }), 1.5, "provider"),
    ] {
        let made = server.post("/api/v1/budgets", &owner, &budget).await;
        let id = made.json["id"].as_str().unwrap();
        let status = get(&server, &owner, &format!("/api/usage/budget-status?budget={id}")).await;
        assert_eq!(
            (&status["current_spend"], &status["source"]),
            (&json!(spent), &json!(source)),
            "{budget}"
        );
    }
}

#[tokio::test]
async fn usage_that_no_connection_tells_of_is_told_from_events() {
    let (server, owner, _stand_in) = reported().await;
    let other =
        json!({ "provider": "mistral", "model": "mistral-large", "project": "search", "cost_usd": "1" });
    server.record(&owner, &used("m", "u-1", &other)).await;
    assert_eq!(month(&server, &owner, "").await, metered(1.015));
    // It is no matter of another project.
    assert_eq!(month(&server, &owner, "workspace=chat").await, provider(1.5));
    assert_eq!(server.delete("/api/v1/events/test/m", &owner).await.status, 204);
    assert_eq!(month(&server, &owner, "").await, provider(3.75));
    let mut unnamed = used("n", "u-1", &json!({ "cost_usd": "1" }));
    unnamed.as_object_mut().unwrap().retain(|name, _| !["model", "provider"].contains(&name.as_str()));
    server.record(&owner, &unnamed).await;
    assert_eq!(month(&server, &owner, "").await, metered(1.015));
}

#[tokio::test]
async fn what_a_connection_reported_that_was_switched_off_is_not_shown() {
    let (server, owner, stand_in) = reported().await;
    let cost =
        json!({ "amount": "100", "currency": "USD", "model": "claude-sonnet-4-5", "description": "x" });
    stand_in.put("cost_report", TODAY, vec![cost]);
    let path = connect(&server, &owner, "anthropic", &stand_in).await;
    run(&server).await;
    assert_eq!(month(&server, &owner, "").await, provider(4.75));
    assert_eq!(server.patch(&path, &owner, &json!({ "enabled": false })).await.status, 200);
    assert_eq!(month(&server, &owner, "").await, provider(3.75));
}

#[tokio::test]
async fn at_midnight_the_source_stays_until_the_reports_are_read_again() {
    let (server, owner, _stand_in) = reported().await;
    let midnight = TODAY + DAY_MS;
    server.clock.set(midnight - 120_000);
    run(&server).await;
    for at_ms in [midnight - 1, midnight, midnight + 180_000] {
        server.clock.set(at_ms);
        assert_eq!(month(&server, &owner, "").await, provider(3.75), "{at_ms}");
    }
    let today = get(&server, &owner, "/api/usage/today").await;
    assert_eq!((&today["source"], &today["as_of"]), (&json!("provider"), &json!("2026-11-22T23:58:00Z")));
    // Nobody reads any more.
    server.clock.set(midnight + 3_600_000);
    assert_eq!(month(&server, &owner, "").await, metered(0.015));
}
