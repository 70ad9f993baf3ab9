//! Old and late events, and what is left when single events are dropped for their age.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

fn event_at(id: &str, time: &str) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    event
}

/// Lets the job run to its end.
async fn drop_old_events(server: &Server) {
    while server.app.run_retention_jobs().await.unwrap() {}
}

/// A server of 2026-11-22 whose tenant keeps events for 40 days: since 2026-10-13. The events are of 2025-12-01,
/// 2026-10-01 10:30, 2026-10-20 and today, all but the last recorded 50 days ago.
async fn with_old_events() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    server.clock.set(NOW_MS - 50 * DAY_MS);
    let old = json!([event_at("a", "2025-12-01T12:00:00Z"), event_at("b", "2026-10-01T10:30:00Z")]);
    server.record(&owner, &old).await;
    server.clock.set(NOW_MS - 30 * DAY_MS);
    server.record(&owner, &event_at("c", "2026-10-20T09:00:00Z")).await;
    server.clock.set(NOW_MS);
    server.record(&owner, &event("d")).await;
    (server, owner)
}

#[tokio::test]
async fn a_late_event_lands_in_its_own_day_everywhere() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("today")).await;
    let last_year = "/api/v1/usage/query?from=2025-11-20&to=2025-11-23&granularity=day&metrics=calls,cost";
    let before = server.get(last_year, &owner).await;
    assert_eq!(before.json["total"]["calls"], 0);
    // A day that is over and was asked about changes when something late comes in.
    server.record(&owner, &event_at("late", "2025-11-21T23:59:59.999Z")).await;
    server.record(&owner, &event_at("week", "2026-11-16T00:00:00Z")).await;
    let after = server.get(last_year, &owner).await;
    let series = after.json["series"].as_array().unwrap();
    let calls: Vec<_> = series.iter().map(|point| point["calls"].as_i64().unwrap()).collect();
    assert_eq!((calls, &after.json["total"]["cost_usd"]), (vec![0, 1, 0], &json!("0.0075")));
    let daily = server.get("/api/v1/usage/daily?days=7", &owner).await;
    let days = daily.json["usage"].as_array().unwrap();
    assert_eq!((&days[0]["date"], &days[0]["calls"]), (&json!("2026-11-16"), &json!(1)));
    assert_eq!((&days[6]["date"], &days[6]["calls"]), (&json!("2026-11-22"), &json!(1)));
    assert_eq!(server.get("/api/v1/usage/summary", &owner).await.json["total_calls"], 2, "of this month");
    // One day is compared with the same of the year before.
    let compared = "/api/v1/usage/query?from=2026-11-21&to=2026-11-23&compare=last_year&metrics=calls";
    let compared = server.get(compared, &owner).await;
    assert_eq!(compared.json["total"]["calls"], 1);
    assert_eq!(compared.json["compared"]["total"]["calls"], 1, "{}", compared.json);
    let log = server.get("/api/usage/log?from=2025-11-21&to=2025-11-22", &owner).await;
    assert_eq!((log.json["total"].as_i64(), log.json["items"][0]["id"].as_str()), (Some(1), Some("late")));
    // In another zone it is of another day, in each exactly once.
    let berlin = server.get(&format!("{last_year}&tz=Europe/Berlin"), &owner).await;
    assert_eq!(berlin.json["series"][2]["calls"], 1);
    assert_eq!(server.totals(&owner).await.0, 3);
}

#[tokio::test]
async fn single_events_go_and_totals_stay() {
    let (server, owner) = with_old_events().await;
    let changed = server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    assert_eq!((&changed.json["retention_days"], &changed.json["events_from"]), (&json!(40), &Value::Null));
    let totals = server.totals(&owner).await;
    drop_old_events(&server).await;
    let tenant = server.get("/api/v1/tenants/acme", &owner).await;
    assert_eq!(tenant.json["events_from"], "2026-10-13");
    assert_eq!(server.totals(&owner).await, totals, "totals are kept for ever");
    for by in ["model", "user", "project"] {
        let path = format!("/api/v1/usage/query?from=2025-12-01&to=2026-10-02&group_by={by}&metrics=calls");
        let answer = server.get(&path, &owner).await;
        assert_eq!(answer.json["total"]["calls"], 2, "{by}: {}", answer.json);
    }
    let users = "/api/v1/usage/query?from=2025-12-01&to=2026-10-02&granularity=day&metrics=users,latency_p50";
    let users = server.get(users, &owner).await;
    assert_eq!((&users.json["total"]["users"], &users.json["series"][0]["users"]), (&json!(1), &json!(1)));
    let log = server.get("/api/usage/log?from=2025-01-01&to=2027-01-01", &owner).await;
    let ids: Vec<_> =
        log.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!((ids, &log.json["total"]), (vec!["d", "c"], &json!(2)));
    assert_eq!(log.json["eventsFrom"], "2026-10-13T00:00:00Z");
    assert_eq!(server.get("/api/usage/log?range=7d", &owner).await.json["eventsFrom"], Value::Null);
    let gone = server.get("/api/usage/log?from=2025-12-01&to=2025-12-02", &owner).await;
    assert_eq!((&gone.json["items"], &gone.json["total"]), (&json!([]), &json!(0)));
    let found = server.post("/api/v1/events", &owner, &event_at("c", "2026-10-20T09:00:00Z")).await;
    assert_eq!(found.json["duplicate"], 1, "what is kept is still known");
    assert_eq!(server.delete("/api/v1/events/test/b", &owner).await.status, 404, "what is dropped is not");
}

#[tokio::test]
async fn a_running_period_is_compared_with_whole_hours_of_what_is_kept_as_totals() {
    let (server, owner) = with_old_events().await;
    server.clock.set(NOW_MS - 50 * DAY_MS);
    let old = json!([event_at("e", "2025-11-22T09:59:59Z"), event_at("f", "2025-11-22T10:00:00Z")]);
    server.record(&owner, &old).await;
    server.clock.set(NOW_MS + 12_345);
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    drop_old_events(&server).await;
    let path = "/api/v1/usage/query?range=90d&granularity=day&compare=last_year&metrics=calls";
    let answer = server.get(path, &owner).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    let compared = &answer.json["compared"];
    assert_eq!((&compared["to"], &compared["total"]["calls"]), (&json!("2025-11-22T10:00:00Z"), &json!(1)));
    let explained = server.get("/api/v1/usage/explain?range=90d&compare=last_year", &owner).await;
    assert_eq!(explained.json["compared"]["to"], "2025-11-22T10:00:00Z", "{}", explained.json);
}

#[tokio::test]
async fn what_needs_single_events_that_are_gone_is_refused() {
    let (server, owner) = with_old_events().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    let pairs = "/api/v1/usage/query?group_by=user,model&metrics=calls";
    assert_eq!(server.get(&format!("{pairs}&from=2026-10-01&to=2026-10-02"), &owner).await.status, 200);
    drop_old_events(&server).await;
    for part in [
        "group_by=user,model",
        "group_by=user&tz=Asia/Kathmandu&granularity=day",
        "filter[user]=u-1&granularity=hour",
    ] {
        let asked =
            |from: &str| format!("/api/v1/usage/query?metrics=calls&{part}&from={from}&to=2026-10-22");
        let refused = server.get(&asked("2026-10-01"), &owner).await;
        assert_eq!(refused.refusal(), (422, "beyond_retention", ""), "{part}");
        let message = refused.json["detail"]["message"].as_str().unwrap();
        assert!(message.contains("2026-10-13") && message.contains("whole UTC days"), "{message}");
        assert_eq!(server.get(&asked("2026-10-14"), &owner).await.status, 200, "{part}");
    }
    // Where there never was anything, nothing is missing.
    let empty = server.get(&format!("{pairs}&from=2026-09-01&to=2026-09-20"), &owner).await;
    assert_eq!((empty.status.as_u16(), &empty.json["total"]["calls"]), (200, &json!(0)));
}

#[tokio::test]
async fn what_came_late_is_kept_until_its_duplicates_are_over() {
    let (server, owner) = with_old_events().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 35 })).await;
    server.record(&owner, &event_at("late", "2026-01-01T00:00:00Z")).await;
    drop_old_events(&server).await;
    let again = server.post("/api/v1/events", &owner, &event_at("late", "2026-01-01T00:00:00Z")).await;
    assert_eq!(again.json["duplicate"], 1);
    let log = server.get("/api/usage/log?from=2025-01-01&to=2027-01-01", &owner).await;
    assert_eq!(log.json["total"], 2, "not what is too old: {}", log.json);
}

#[tokio::test]
async fn what_came_late_goes_when_its_duplicates_are_over() {
    let (server, owner) = with_old_events().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 35 })).await;
    server.record(&owner, &event_at("late", "2026-01-01T00:00:00Z")).await;
    server.record(&owner, &event("newer")).await;
    server.clock.set(NOW_MS + 36 * DAY_MS);
    drop_old_events(&server).await;
    let again = server.post("/api/v1/events", &owner, &event_at("late", "2026-01-01T00:00:00Z")).await;
    assert_eq!(again.json["stored"], 1, "35 days later nobody knows it any more");
}

#[tokio::test]
async fn a_dimension_declared_later_knows_only_what_was_left() {
    let (server, owner) = with_old_events().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    drop_old_events(&server).await;
    server.post("/api/v1/dimensions", &owner, &json!({ "name": "feature" })).await;
    while server.app.run_dimension_jobs().await.unwrap() {}
    let asked =
        |from: &str| format!("/api/v1/usage/query?group_by=feature&metrics=calls&from={from}&to=2026-11-23");
    assert_eq!(server.get(&asked("2026-10-01"), &owner).await.refusal(), (422, "beyond_retention", ""));
    assert_eq!(server.get(&asked("2026-10-13"), &owner).await.json["total"]["calls"], 2);
}

#[tokio::test]
async fn only_sensible_values_are_taken_and_everything_is_told() {
    let (server, owner) = with_old_events().await;
    for days in [json!(34), json!(3_651), json!(0)] {
        let body = json!({ "name": "Other", "retention_days": days });
        let refused = server.patch("/api/v1/tenants/acme", &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "retention_days"), "{days}");
    }
    let tenant = server.get("/api/v1/tenants/acme", &owner).await;
    assert_eq!((&tenant.json["name"], &tenant.json["retention_days"]), (&json!("acme"), &Value::Null));
    let body = json!({ "name": "Acme", "retention_days": 40 });
    let changed = server.patch("/api/v1/tenants/acme", ADMIN, &body).await;
    assert_eq!((&changed.json["name"], &changed.json["retention_days"]), (&json!("Acme"), &json!(40)));
    drop_old_events(&server).await;
    let changed = server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": null })).await;
    assert_eq!(changed.json["retention_days"], Value::Null);
    assert_eq!(changed.json["events_from"], "2026-10-13", "what is gone stays gone");
    let audit = server.get("/api/v1/audit", &owner).await;
    let told: Vec<_> = audit.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| format!("{} {}", entry["action"].as_str().unwrap(), entry["target"].as_str().unwrap()))
        .collect();
    let expected = [
        "tenant.retention acme: for ever",
        "events.drop 2 events before 2026-10-13",
        "tenant.retention acme: 40 days",
        "tenant.update acme",
    ];
    assert_eq!(told[..4], expected);
}
