//! The watch, rule by rule: projections, spikes, limits and connections, each at its edge.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use crate::providers::{connect, run};
use crate::stand_in::{Fault, StandIn};
use meterwire_app::AlertWatch;
use serde_json::{Value, json};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn ms(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

fn spent(id: &str, time: &str, usd: &str) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    event["cost_usd"] = json!(usd);
    event
}

/// One look at an instant.
async fn look(server: &Server, at_ms: i64) {
    server.clock.set(at_ms);
    let mut watch = AlertWatch::default();
    while server.app.watch_alerts(&mut watch).await.unwrap() {}
}

/// Alerts of one kind, newest first.
async fn told(server: &Server, owner: &str, kind: &str) -> Vec<Value> {
    let listed = server.get(&format!("/api/v1/alerts?limit=500&kind={kind}"), owner).await;
    listed.json["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_projection_takes_a_tenth_of_the_period_and_more_than_the_budget() {
    let (server, owner) = Server::with_acme().await;
    server.clock.set(ms("2026-11-01T12:00:00Z"));
    server.record(&owner, &spent("a", "2026-11-01T00:00:00Z", "20")).await;
    look(&server, ms("2026-11-03T23:59:59.999Z")).await;
    assert_eq!(told(&server, &owner, "budget_projected").await, Vec::<Value>::new());
    // 20 dollars in 3 of 30 days.
    look(&server, ms("2026-11-04T00:00:00Z")).await;
    let found = told(&server, &owner, "budget_projected").await;
    assert_eq!((found.len(), &found[0]["detail"]["projected_usd"]), (1, &json!("200")), "{found:?}");
    look(&server, ms("2026-11-20T00:00:00Z")).await;
    assert_eq!(told(&server, &owner, "budget_projected").await.len(), 1, "once a period");
}

#[tokio::test]
async fn a_projection_of_the_whole_budget_is_within_it_and_a_passed_one_is_no_projection() {
    let (server, owner) = Server::with_acme().await;
    let half = ms("2026-11-16T00:00:00Z");
    server.clock.set(half);
    server.record(&owner, &spent("a", "2026-11-01T00:00:00Z", "50")).await;
    look(&server, half).await;
    assert_eq!(
        told(&server, &owner, "budget_projected").await,
        Vec::<Value>::new(),
        "a hundred of a hundred"
    );
    server.record(&owner, &spent("b", "2026-11-01T00:00:00Z", "50.000000001")).await;
    look(&server, half).await;
    assert_eq!(
        told(&server, &owner, "budget_projected").await,
        Vec::<Value>::new(),
        "its thresholds tell that"
    );
    assert_eq!(server.delete("/api/v1/events/test/b", &owner).await.status, 204);
    server.record(&owner, &spent("c", "2026-11-01T00:00:00Z", "0.000000001")).await;
    look(&server, half).await;
    assert_eq!(told(&server, &owner, "budget_projected").await.len(), 1);
}

#[tokio::test]
async fn a_spike_is_one_of_the_tenants_days_and_of_the_weeks_of_its_rule() {
    let server = Server::start().await;
    let made = json!({ "slug": "tokyo", "timezone": "Asia/Tokyo" });
    assert_eq!(server.post("/api/v1/tenants", ADMIN, &made).await.status, 201);
    let owner = server.key("tokyo", "owner", None).await;
    // Sundays there, Saturdays in UTC. The eldest two were dear.
    let events = json!([
        spent("0", "2026-11-21T16:00:00Z", "16"),
        spent("1", "2026-11-14T16:00:00Z", "5"),
        spent("2", "2026-11-07T16:00:00Z", "5"),
        spent("3", "2026-10-31T16:00:00Z", "50"),
        spent("4", "2026-10-24T16:00:00Z", "50"),
    ]);
    server.record(&owner, &events).await;
    look(&server, NOW_MS).await;
    assert_eq!(told(&server, &owner, "spend_spike").await, Vec::<Value>::new());
    let weeks = json!({ "params": { "weeks": 2 } });
    assert_eq!(server.patch("/api/v1/alert-rules/spend_spike", &owner, &weeks).await.status, 200);
    look(&server, NOW_MS + MINUTE_MS).await;
    let found = told(&server, &owner, "spend_spike").await;
    assert_eq!(found.len(), 1, "{found:?}");
    let detail = &found[0]["detail"];
    assert_eq!((&detail["date"], &detail["timezone"]), (&json!("2026-11-22"), &json!("Asia/Tokyo")));
    assert_eq!((&detail["spent_usd"], &detail["earlier_days_usd"]), (&json!("16"), &json!(["5", "5"])));
}

async fn consume(server: &Server, owner: &str, user: &str, amount: i64) {
    let used = json!({ "metric": "deployments", "amount": amount, "user": user });
    assert_eq!(server.post("/api/usage/consume", owner, &used).await.status, 200, "{user}");
}

#[tokio::test]
async fn all_users_together_are_near_the_limit_of_the_tenant() {
    let (server, owner) = Server::with_acme().await;
    let limits = json!({ "limits": { "deployments": 20 } });
    assert_eq!(server.put("/api/v1/tenant-limits", &owner, &limits).await.status, 200);
    for (user, amount) in [("u-1", 8), ("u-2", 8), ("u-3", 1)] {
        consume(&server, &owner, user, amount).await;
    }
    look(&server, NOW_MS).await;
    assert_eq!(told(&server, &owner, "limit_near").await, Vec::<Value>::new());
    consume(&server, &owner, "u-3", 1).await;
    look(&server, NOW_MS + MINUTE_MS).await;
    let found = told(&server, &owner, "limit_near").await;
    assert_eq!(found.len(), 1, "{found:?}");
    let (alert, detail) = (&found[0], &found[0]["detail"]);
    assert_eq!((&alert["severity"], &detail["user"]), (&json!("warning"), &Value::Null));
    assert_eq!((&detail["current"], &detail["limit"]), (&json!("18"), &json!("20")));
}

#[tokio::test]
async fn twenty_users_are_told_of_by_name_and_the_rest_as_one() {
    let (server, owner) = Server::with_acme().await;
    for user in 0..23 {
        consume(&server, &owner, &format!("u-{user}"), 9).await;
    }
    for minutes in 0..3 {
        look(&server, NOW_MS + minutes * MINUTE_MS).await;
    }
    let found = told(&server, &owner, "limit_near").await;
    let rest: Vec<_> = found.iter().filter(|alert| alert["detail"]["user"].is_null()).collect();
    assert_eq!((found.len(), rest.len()), (21, 1));
    assert_eq!(rest[0]["title"], "More than 20 users are near a limit today");
}

#[tokio::test]
async fn a_connection_that_fails_is_told_after_its_time_and_each_time_anew() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    let path = connect(&server, &owner, "openai", &stand_in).await;
    run(&server).await;
    let fail = async |at_ms: i64| {
        stand_in.next("costs", Fault::Status(401, vec![]));
        server.clock.set(at_ms);
        run(&server).await;
    };
    let count = async || told(&server, &owner, "provider_failing").await.len();
    look(&server, NOW_MS + HOUR_MS).await;
    assert_eq!(count().await, 0, "nobody has asked, which is no failure");
    fail(NOW_MS + 5 * MINUTE_MS).await;
    look(&server, NOW_MS + 30 * MINUTE_MS - 1).await;
    assert_eq!(count().await, 0, "it was read half an hour ago");
    for at_ms in [NOW_MS + 30 * MINUTE_MS, NOW_MS + 40 * MINUTE_MS] {
        look(&server, at_ms).await;
        let found = told(&server, &owner, "provider_failing").await;
        assert_eq!((found.len(), &found[0]["detail"]["code"]), (1, &json!("unauthorized")), "{found:?}");
        assert_eq!(found[0]["detail"]["last_success_at"], "2026-11-22T10:30:00Z");
    }
    // Well again, and down again.
    server.clock.set(NOW_MS + 2 * HOUR_MS);
    run(&server).await;
    look(&server, NOW_MS + 2 * HOUR_MS).await;
    fail(NOW_MS + 3 * HOUR_MS).await;
    look(&server, NOW_MS + 3 * HOUR_MS).await;
    assert_eq!(count().await, 2);
    // One that is switched off may fail.
    server.clock.set(NOW_MS + 5 * HOUR_MS);
    run(&server).await;
    fail(NOW_MS + 6 * HOUR_MS).await;
    server.patch(&path, &owner, &json!({ "enabled": false })).await;
    look(&server, NOW_MS + 7 * HOUR_MS).await;
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn a_connection_that_never_worked_is_told_too() {
    let (server, owner) = Server::with_acme().await;
    let stand_in = StandIn::start(NOW_MS).await;
    let base = format!("{}/v1", stand_in.url);
    let body = json!({ "provider": "openai", "key": "sk-wrong-key", "base_url": base });
    assert_eq!(server.post("/api/v1/providers", &owner, &body).await.status, 201);
    run(&server).await;
    let mut watch = AlertWatch::default();
    for (minutes, expected) in [(0, 0), (29, 0), (30, 1), (31, 1)] {
        server.clock.set(NOW_MS + minutes * MINUTE_MS);
        server.app.watch_alerts(&mut watch).await.unwrap();
        assert_eq!(told(&server, &owner, "provider_failing").await.len(), expected, "{minutes}");
    }
}

#[tokio::test]
async fn tenants_beyond_the_first_page_are_watched() {
    let (server, _) = Server::with_acme().await;
    for number in 0..500 {
        server.tenant(&format!("t-{number}")).await;
    }
    // Last by its name and by when it was made.
    server.tenant("zz-last").await;
    let owner = server.key("zz-last", "owner", None).await;
    consume(&server, &owner, "u-1", 9).await;
    look(&server, NOW_MS).await;
    assert_eq!(told(&server, &owner, "limit_near").await.len(), 1);
}
