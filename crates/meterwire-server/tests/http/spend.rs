//! R1: what was spent, where the budget stands, how models compare; at the edges of months and in zones on both sides of UTC.

use crate::harness::{ADMIN, Server, event};
use jiff::Timestamp;
use serde_json::{Value, json};

fn ms(instant: &str) -> i64 {
    instant.parse::<Timestamp>().unwrap().as_millisecond()
}

/// An event of 1,000 input and 500 output tokens with a changed field or two; of gpt-4o it costs 0.0075 USD.
fn at(id: &str, time: &str, change: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

/// A tenant of this zone with an owner's token, at an instant.
async fn tenant_at(now: &str, tz: &str) -> (Server, String) {
    let server = Server::start().await;
    server.clock.set(ms(now));
    let made = server.post("/api/v1/tenants", ADMIN, &json!({ "slug": "zoned", "timezone": tz })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let owner = server.key("zoned", "owner", None).await;
    (server, owner)
}

async fn get(server: &Server, token: &str, path: &str) -> Value {
    let answer = server.get(path, token).await;
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json
}

/// A JSON number of up to nine decimals as an integer, so that sums are exact.
#[expect(clippy::cast_possible_truncation, reason = "numbers of the test are small")]
fn nanos(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 1e9).round() as i64
}

fn sum(rows: &Value, name: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| nanos(&row[name])).sum()
}

/// Now is Sunday, 2026-11-22T10:30Z.
async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let claude =
        json!({ "model": "claude-sonnet-4-5", "provider": "anthropic", "user": "u-2", "project": "search" });
    let events = json!([
        at("a", "2026-11-22T09:00:00Z", &json!({})),
        at("b", "2026-11-22T10:00:00Z", &json!({ "status": 500 })),
        at("c", "2026-11-16T00:00:00Z", &claude),
        at("d", "2026-11-02T12:00:00Z", &json!({ "model": "gpt-4o-mini" })),
        at("e", "2026-11-03T12:00:00Z", &json!({ "model": "nobody-knows-it", "provider": "acme" })),
        at("f", "2026-10-31T23:59:59.999Z", &json!({})),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

#[tokio::test]
async fn the_six_routes_whole() {
    let (server, owner) = filled().await;
    insta::assert_json_snapshot!("current_month", get(&server, &owner, "/api/usage/current-month").await);
    insta::assert_json_snapshot!("today", get(&server, &owner, "/api/usage/today").await);
    insta::assert_json_snapshot!(
        "model_comparison",
        get(&server, &owner, "/api/usage/model-comparison").await
    );
    let mut budget = get(&server, &owner, "/api/usage/budget-status").await;
    budget["budget_id"] = json!("[id]");
    insta::assert_json_snapshot!("budget_status", budget);
    let intelligence = get(&server, &owner, "/api/usage/cost-intelligence/chat").await;
    insta::assert_json_snapshot!("cost_intelligence", intelligence);
    let whole = get(&server, &owner, "/api/usage/dashboard/chat").await;
    let parts = [
        ("current_month", "/api/usage/current-month?workspace=chat"),
        ("today", "/api/usage/today?workspace=chat"),
        ("budget_status", "/api/usage/budget-status?workspace=chat"),
        ("model_comparison", "/api/usage/model-comparison?workspace=chat"),
        ("cost_intelligence", "/api/usage/cost-intelligence/chat"),
    ];
    for (part, path) in parts {
        assert_eq!(whole[part], get(&server, &owner, path).await, "{part}");
    }
    assert_eq!(
        (&whole["workspace_id"], &whole["as_of"], &whole["source"]),
        (&json!("chat"), &json!("2026-11-22T10:30:00Z"), &json!("metered"))
    );
}

#[tokio::test]
async fn before_anything_is_recorded_the_budget_is_answered() {
    let (server, owner) = Server::with_acme().await;
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!(
        (&budget["source"], &budget["current_spend"], &budget["monthly_budget"]),
        (&json!("quota"), &json!(0.0), &json!(100.0))
    );
    assert_eq!((&budget["budget_alert_level"], &budget["recommendations"]), (&json!("normal"), &json!([])));
    let month = get(&server, &owner, "/api/usage/current-month").await;
    assert_eq!(
        (&month["total_cost"], &month["model_breakdown"], &month["source"]),
        (&json!(0.0), &json!([]), &json!("quota"))
    );
    assert_eq!(month["daily_breakdown"].as_array().unwrap().len(), 22, "every day that has begun");
}

#[tokio::test]
async fn every_answer_adds_up_in_every_zone() {
    let (server, owner) = filled().await;
    for tz in ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"] {
        for route in ["current-month", "today"] {
            let answer = get(&server, &owner, &format!("/api/usage/{route}?tz={tz}")).await;
            for rows in ["daily_breakdown", "model_breakdown", "hourly_breakdown"] {
                if answer[rows].is_null() {
                    continue;
                }
                for (name, whole) in
                    [("cost", "total_cost"), ("tokens", "total_tokens"), ("requests", "total_requests")]
                {
                    assert_eq!(sum(&answer[rows], name), nanos(&answer[whole]), "{route} {tz} {rows} {name}");
                }
            }
        }
    }
    // The last millisecond of October in UTC is November to the east, and October to the west.
    let east = get(&server, &owner, "/api/usage/current-month?tz=Asia/Kathmandu").await;
    let west = get(&server, &owner, "/api/usage/current-month?tz=America/New_York").await;
    assert_eq!((&east["total_requests"], &west["total_requests"]), (&json!(6), &json!(5)));
}

#[tokio::test]
async fn the_first_and_the_last_instant_of_a_month() {
    let (server, owner) = tenant_at("2026-11-30T23:59:59.999Z", "UTC").await;
    let events = json!([
        at("first", "2026-11-01T00:00:00Z", &json!({ "cost_usd": "20" })),
        at("last", "2026-11-30T23:59:59.999Z", &json!({ "cost_usd": "10" })),
    ]);
    server.record(&owner, &events).await;
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!((&budget["current_spend"], &budget["days_remaining"]), (&json!(30.0), &json!(0)));
    // 30 x 2,592,000,000 / 2,591,999,999 milliseconds.
    assert_eq!(
        (&budget["projected_monthly_spend"], &budget["daily_average"]),
        (&json!(30.000_000_012), &json!(1.0))
    );
    let month = get(&server, &owner, "/api/usage/current-month").await;
    assert_eq!(
        (&month["total_cost"], month["daily_breakdown"].as_array().unwrap().len()),
        (&json!(30.0), 30)
    );
    // A millisecond later nothing of it is left.
    server.clock.set(ms("2026-12-01T00:00:00Z"));
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!(
        (&budget["current_spend"], &budget["days_remaining"], &budget["from"]),
        (&json!(0.0), &json!(30), &json!("2026-12-01T00:00:00Z"))
    );
    assert_eq!((&budget["projected_monthly_spend"], &budget["daily_average"]), (&json!(0.0), &json!(0.0)));
    let month = get(&server, &owner, "/api/usage/current-month").await;
    assert_eq!(
        (&month["total_requests"], month["daily_breakdown"].as_array().unwrap().len()),
        (&json!(0), 1)
    );
    // What is recorded in the first instant is spent in it.
    server.record(&owner, &json!([at("new", "2026-12-01T00:00:00Z", &json!({ "cost_usd": "5" }))])).await;
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!((&budget["projected_monthly_spend"], &budget["daily_average"]), (&json!(5.0), &json!(5.0)));
}

#[tokio::test]
async fn a_leap_february() {
    let (server, owner) = tenant_at("2028-02-15T12:00:00Z", "UTC").await;
    let events = json!([
        at("a", "2028-02-01T00:00:00Z", &json!({ "cost_usd": "29" })),
        at("b", "2028-01-31T23:59:59.999Z", &json!({ "cost_usd": "7" })),
    ]);
    server.record(&owner, &events).await;
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    // Half of 29 days is over.
    assert_eq!((&budget["projected_monthly_spend"], &budget["daily_average"]), (&json!(58.0), &json!(2.0)));
    assert_eq!((&budget["days_remaining"], &budget["to"]), (&json!(14), &json!("2028-03-01T00:00:00Z")));
    server.clock.set(ms("2028-02-29T23:00:00Z"));
    let budget = get(&server, &owner, "/api/usage/budget-status").await;
    assert_eq!((&budget["current_spend"], &budget["days_remaining"]), (&json!(29.0), &json!(0)));
}

#[tokio::test]
async fn the_tenants_zone_decides_which_month_it_is() {
    // The same instant: already December on Kiritimati, still November in American Samoa.
    let now = "2026-11-30T10:30:00Z";
    let events = json!([
        at("early", "2026-11-30T09:59:59.999Z", &json!({ "cost_usd": "1" })),
        at("late", "2026-11-30T10:00:00Z", &json!({ "cost_usd": "2" })),
    ]);
    for (tz, spent, remaining, from) in [
        ("Pacific/Kiritimati", 2.0, 30, "2026-11-30T10:00:00Z"),
        ("Pacific/Pago_Pago", 3.0, 1, "2026-11-01T11:00:00Z"),
    ] {
        let (server, owner) = tenant_at(now, tz).await;
        server.record(&owner, &events).await;
        let budget = get(&server, &owner, "/api/usage/budget-status").await;
        assert_eq!(
            (&budget["current_spend"], &budget["days_remaining"], &budget["from"], &budget["tz"]),
            (&json!(spent), &json!(remaining), &json!(from), &json!(tz))
        );
        let month = get(&server, &owner, "/api/usage/current-month").await;
        assert_eq!((&month["total_cost"], &month["from"]), (&json!(spent), &json!(from)));
    }
}

#[tokio::test]
async fn a_day_of_twenty_five_hours_has_them_all() {
    let (server, owner) = tenant_at("2026-10-25T22:59:59.999Z", "Europe/Berlin").await;
    let events = json!([
        at("first two", "2026-10-25T00:30:00Z", &json!({})),
        at("second two", "2026-10-25T01:30:00Z", &json!({})),
        at("yesterday", "2026-10-24T21:59:59.999Z", &json!({})),
    ]);
    server.record(&owner, &events).await;
    let today = get(&server, &owner, "/api/usage/today").await;
    let hours = today["hourly_breakdown"].as_array().unwrap();
    assert_eq!((hours.len(), &today["total_requests"]), (25, &json!(2)));
    let twos: Vec<_> = hours.iter().filter(|row| row["hour"] == "2026-10-25T02:00").collect();
    assert_eq!(twos.len(), 2);
    assert_eq!(
        (&twos[0]["from"], &twos[1]["from"]),
        (&json!("2026-10-25T00:00:00Z"), &json!("2026-10-25T01:00:00Z"))
    );
    assert!(twos.iter().all(|row| row["requests"] == 1));
}

#[tokio::test]
async fn alert_levels_follow_the_spend_and_the_projection() {
    let (server, owner) = tenant_at("2026-11-16T00:00:00Z", "UTC").await;
    let level = async |id: &str, dollars: &str| {
        server
            .record(&owner, &json!([at(id, "2026-11-10T00:00:00Z", &json!({ "cost_usd": dollars }))]))
            .await;
        let budget = get(&server, &owner, "/api/usage/budget-status").await;
        let told = budget["recommendations"].as_array().unwrap().len();
        (budget["budget_alert_level"].as_str().unwrap().to_owned(), budget["is_over_budget"] == true, told)
    };
    // Half of the month is over: 50 dollars come to a hundred.
    assert_eq!(level("a", "50").await, ("normal".into(), false, 0));
    assert_eq!(level("b", "0.000000001").await, ("warning".into(), false, 1));
    assert_eq!(level("c", "44.999999998").await, ("warning".into(), false, 1));
    assert_eq!(level("d", "0.000000001").await, ("critical".into(), false, 1), "95 %");
    assert_eq!(level("e", "5").await, ("critical".into(), false, 1), "all of it is not over it");
    assert_eq!(level("f", "0.000000001").await, ("critical".into(), true, 1));
}

#[tokio::test]
async fn workspaces_and_budgets_of_others_are_not_found() {
    let (server, owner) = filled().await;
    server.tenant("other").await;
    let stranger = server.key("other", "owner", None).await;
    let budget = get(&server, &owner, "/api/usage/budget-status").await["budget_id"].clone();
    let id = budget.as_str().unwrap();
    for path in [
        "/api/usage/current-month?workspace=chat".to_owned(),
        "/api/usage/today?workspace=chat".to_owned(),
        "/api/usage/model-comparison?workspace=chat".to_owned(),
        "/api/usage/cost-intelligence/chat".to_owned(),
        "/api/usage/dashboard/chat".to_owned(),
        "/api/v1/usage/what-if?instead=gpt-4o-mini&workspace=chat".to_owned(),
        format!("/api/usage/budget-status?budget={id}"),
    ] {
        assert_eq!(server.get(&path, &owner).await.status, 200, "{path}");
        let foreign = server.get(&path, &stranger).await;
        let missing = server.get(&path.replace("chat", "nothing").replace(id, "nothing"), &stranger).await;
        assert_eq!((foreign.status.as_u16(), &foreign.bytes), (404, &missing.bytes), "{path}");
    }
}

#[tokio::test]
async fn a_member_is_told_its_own_usage() {
    let (server, _) = filled().await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let month = get(&server, &member, "/api/usage/current-month").await;
    assert_eq!((&month["total_requests"], &month["total_cost"]), (&json!(1), &json!(0.0105)));
    let budget = get(&server, &member, "/api/usage/budget-status").await;
    assert_eq!(budget["current_spend"], json!(0.0105));
    let models = get(&server, &member, "/api/usage/model-comparison").await;
    assert_eq!(models["models"].as_array().unwrap().len(), 1);
    let found = get(&server, &member, "/api/usage/cost-intelligence/chat").await;
    assert_eq!((&found["requests"], &found["enough_data"]), (&json!(0), &json!(false)));
    let what_if = get(&server, &member, "/api/v1/usage/what-if?instead=gpt-4o-mini").await;
    assert_eq!(what_if["calls"], 1);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_name() {
    let (server, owner) = filled().await;
    for (path, field) in [
        ("/api/usage/current-month?tz=Mars/Olympus", "tz"),
        ("/api/usage/current-month?range=7d", "range"),
        ("/api/usage/budget-status?tz=UTC", "tz"),
        ("/api/usage/model-comparison?range=soon", "range"),
        ("/api/usage/cost-intelligence/chat?from=2026-11-05&to=2026-11-01", "to"),
        ("/api/v1/usage/what-if", "instead"),
        ("/api/v1/usage/what-if?instead=nobody-knows-it", "instead"),
        ("/api/v1/usage/what-if?instead=gpt-4o&instead_provider=nobody", "instead"),
    ] {
        assert_eq!(server.get(path, &owner).await.refusal(), (422, "invalid_value", field), "{path}");
    }
    for (body, field) in [
        (json!({ "prices": { "input": "1" } }), "prices"),
        (json!({ "prices": { "input": "-1", "output": "1" } }), "prices"),
        (json!({ "prices": { "input": 1, "output": 1 } }), "prices"),
    ] {
        let refused = server.post("/api/v1/usage/what-if", &owner, &body).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", field), "{body}");
    }
}

#[tokio::test]
async fn what_if_with_another_model_and_with_other_prices() {
    let (server, owner) = filled().await;
    let reply = get(&server, &owner, "/api/v1/usage/what-if?model=gpt-4o&instead=gpt-4o-mini").await;
    // Two calls of 1,000 and 500 tokens: 0.0075 dollars each, as gpt-4o-mini 0.00045.
    assert_eq!(
        (&reply["calls"], &reply["cost_usd"], &reply["cost_then_usd"], &reply["difference_usd"]),
        (&json!(2), &json!("0.015"), &json!("0.0009"), &json!("-0.0141"))
    );
    assert_eq!(reply["difference_percentage"], json!(-94.0));
    assert_eq!(reply["tokens"], json!({ "input_uncached": 2000, "output_visible": 1000 }));
    assert_eq!(reply["instead"]["model"], "gpt-4o-mini");
    let days = reply["days"].as_array().unwrap();
    assert_eq!(
        (days.len(), &days[21]["date"], &days[21]["cost_then_usd"]),
        (22, &json!("2026-11-22"), &json!("0.0009"))
    );
    // Everything as one model: what had no price gets one, what has no price there keeps its cost.
    let all = get(&server, &owner, "/api/v1/usage/what-if?instead=gpt-4o").await;
    assert_eq!(
        (&all["calls"], &all["unpriced_calls"], &all["cost_then_usd"]),
        (&json!(5), &json!(1), &json!("0.0375"))
    );
    let prices =
        json!({ "range": "this_month", "model": "gpt-4o", "prices": { "input": "1", "output": "0.001" } });
    let reply = server.post("/api/v1/usage/what-if", &owner, &prices).await.json;
    assert_eq!(reply["cost_then_usd"], "0.002001");
}
