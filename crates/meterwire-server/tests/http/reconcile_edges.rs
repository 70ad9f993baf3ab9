//! What a reconciliation leaves out, shares out and calls late.

use crate::harness::{NOW_MS, Server, event};
use crate::providers::{TODAY, connect, run};
use crate::stand_in::{DAY_MS, Fault, StandIn, completions, costs};
use serde_json::{Value, json};

/// 2026-11-20T00:00:00Z.
const DAY: i64 = TODAY - 2 * DAY_MS;
/// When that day is settled.
const LATER_MS: i64 = NOW_MS + 3 * DAY_MS;

async fn start() -> (Server, String, StandIn) {
    let (server, owner) = Server::with_acme().await;
    (server, owner, StandIn::start(LATER_MS).await)
}

/// An event of 1,000 input and 500 output tokens.
fn used(id: &str, change: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!("2026-11-20T12:00:00Z");
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

async fn ask(server: &Server, owner: &str, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/reconciliation?{query}"), owner).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

/// Kind and cost of each cause of the first row.
fn causes(found: &Value) -> Vec<(&str, &str)> {
    let causes = found["rows"][0]["causes"].as_array().unwrap().iter();
    causes.map(|cause| (cause["kind"].as_str().unwrap(), cause["cost_usd"].as_str().unwrap())).collect()
}

fn messages(key: &str) -> Value {
    json!({ "uncached_input_tokens": 1000, "output_tokens": 500, "model": "claude-sonnet-4-5", "api_key_id": key })
}

fn cents(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "USD", "model": "claude-sonnet-4-5", "description": "x" })
}

#[tokio::test]
async fn costs_without_keys_are_shared_out_by_the_tokens_of_unknown_ones() {
    let (server, owner, stand_in) = start().await;
    let sent = json!({ "provider": "anthropic", "model": "claude-sonnet-4-5", "api_key": "prod" });
    server.record(&owner, &used("a", &sent)).await;
    stand_in.put("messages", DAY, vec![messages("prod"), messages("key_x")]);
    stand_in.put("cost_report", DAY, vec![cents("2.10")]);
    server.clock.set(LATER_MS);
    connect(&server, &owner, "anthropic", &stand_in).await;
    run(&server).await;
    assert_eq!(causes(&ask(&server, &owner, "").await), [("unknown_key", "0.0105")]);
}

#[tokio::test]
async fn only_the_provider_that_is_asked_for_is_compared() {
    let (server, owner, stand_in) = start().await;
    stand_in.put("costs", DAY, vec![costs("gpt-4o, input", "0.5")]);
    stand_in.put("cost_report", DAY, vec![cents("100")]);
    server.clock.set(LATER_MS);
    connect(&server, &owner, "openai", &stand_in).await;
    connect(&server, &owner, "anthropic", &stand_in).await;
    run(&server).await;
    for (query, cost, rows) in [("", "1.5", 2), ("provider=openai", "0.5", 1), ("provider=anthropic", "1", 1)]
    {
        let found = ask(&server, &owner, query).await;
        assert_eq!(found["total"]["provider"]["cost_usd"], cost, "{query}");
        assert_eq!(found["rows"].as_array().unwrap().len(), rows, "{query}");
    }
}

#[tokio::test]
async fn searches_are_no_requests_to_a_model() {
    let (server, owner, stand_in) = start().await;
    stand_in.put("completions", DAY, vec![completions("gpt-4o", 2, 100, 0, 10)]);
    let searches = json!({ "object": "organization.usage.web_searches.result", "num_model_requests": 5,
        "num_requests": 5, "model": "gpt-4o" });
    stand_in.put("web_search_calls", DAY, vec![searches]);
    server.clock.set(LATER_MS);
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    assert_eq!(server.get(&path, &owner).await.json["state"]["healthy"], true);
    assert_eq!(ask(&server, &owner, "").await["total"]["provider"]["requests"], 2);
}

#[tokio::test]
async fn usage_that_is_reported_without_its_costs_is_late() {
    let (server, owner, stand_in) = start().await;
    connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let day = TODAY + 2 * DAY_MS;
    stand_in.put("completions", day, vec![completions("gpt-4o", 1, 1000, 0, 500)]);
    stand_in.put("costs", day, vec![costs("gpt-4o, input", "0.0075")]);
    server.clock.set(LATER_MS);
    server.record(&owner, &used("a", &json!({ "time": "2026-11-24T12:00:00Z" }))).await;
    stand_in.next("costs", Fault::Status(500, vec![]));
    run(&server).await;
    assert_eq!(causes(&ask(&server, &owner, "").await), [("late_report", "-0.0075")]);
    server.clock.set(LATER_MS + 3_600_000);
    run(&server).await;
    assert_eq!(causes(&ask(&server, &owner, "").await), []);
}

#[tokio::test]
async fn a_day_is_settled_two_days_after_its_end() {
    let (server, owner, stand_in) = start().await;
    server.record(&owner, &used("a", &json!({}))).await;
    connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    // The day is over, but it was read on the second day behind it.
    assert_eq!(causes(&ask(&server, &owner, "").await), [("late_report", "-0.0075")]);
    server.clock.set(DAY + 3 * DAY_MS - 1);
    run(&server).await;
    assert_eq!(causes(&ask(&server, &owner, "").await), [("late_report", "-0.0075")]);
    // A day after the first reading older days are read again.
    server.clock.set(NOW_MS + DAY_MS + 60_000);
    run(&server).await;
    assert_eq!(causes(&ask(&server, &owner, "").await), [("extra_events", "-0.0075")]);
}
