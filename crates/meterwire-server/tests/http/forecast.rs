//! What a running period will come to, with the clock fixed on Sunday the 22nd of November 2026, 10:30.

use crate::harness::{NOW_MS, Server, event};
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

fn used(ms: i64, user: &str, cost_cents: i64) -> Value {
    let mut event = event(&format!("{ms}-{user}"));
    event["time"] = json!(rfc3339(ms));
    event["user"] = json!(user);
    event["usage"] = json!({ "input_tokens": cost_cents * 10 });
    event["cost_usd"] = json!(CostNanos(cost_cents * 10_000_000 + 1).to_string());
    event
}

/// So many days before today: about 10 dollars on a working day and 3 at a weekend, at six in the morning and at six in the
/// evening; today the morning so far.
async fn filled(days: i64) -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let midnight = NOW_MS / DAY_MS * DAY_MS;
    let mut events = vec![used(midnight + DAY_MS / 4, "u-1", 150)];
    for back in 1..=days {
        // Today is a Sunday.
        let weekend = back % 7 == 0 || back % 7 == 1;
        let cents = if weekend { 150 } else { 500 } + (back * 37) % 11;
        let day = midnight - back * DAY_MS;
        events.push(used(day + DAY_MS / 4, "u-1", cents));
        events.push(used(day + DAY_MS * 3 / 4, "u-2", cents));
    }
    server.record(&owner, &json!(events)).await;
    (server, owner)
}

fn dollars(value: &Value) -> f64 {
    CostNanos::parse_usd(value.as_str().unwrap()).unwrap().to_usd_f64()
}

async fn ask(server: &Server, token: &str, query: &str) -> Value {
    let answer = server.get(&format!("/api/v1/usage/forecast?{query}"), token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

#[tokio::test]
async fn a_month_to_its_end() {
    let (server, owner) = filled(90).await;
    let reply = ask(&server, &owner, "").await;
    assert_eq!(
        (&reply["from"], &reply["to"]),
        (&json!("2026-11-01T00:00:00Z"), &json!("2026-12-01T00:00:00Z"))
    );
    assert_eq!(
        (&reply["metric"], &reply["unit"], &reply["method"]),
        (&json!("cost"), &json!("usd"), &json!("mstl_ets"))
    );
    // The day on which usage began is not whole.
    assert_eq!(reply["history_days"], 89);
    assert!(reply["reason"].as_str().unwrap().contains("89 whole days"), "{}", reply["reason"]);

    // What was used is exact, and the days of the past add up to it.
    let month = server.get("/api/v1/usage/query?range=this_month", &owner).await;
    assert_eq!(reply["actual_to_date"], month.json["total"]["cost_usd"]);
    let days = reply["days"].as_array().unwrap();
    assert_eq!(
        (days.len(), &days[0]["date"], &days[29]["date"]),
        (30, &json!("2026-11-01"), &json!("2026-11-30"))
    );
    let nanos = |value: &Value| CostNanos::parse_usd(value.as_str().unwrap()).unwrap().0;
    let past: i64 = days[..22].iter().map(|day| nanos(&day["actual"])).sum();
    assert_eq!(past, nanos(&reply["actual_to_date"]));
    assert_eq!((&days[20]["mean"], &days[22]["actual"]), (&Value::Null, &Value::Null));

    // Half of a day comes after 10:30; six working days and two of a weekend follow.
    let today = &days[21];
    assert_eq!(today["actual"], "1.500000001");
    assert!((dollars(&today["mean"]) - 3.0).abs() < 0.3, "{today}");
    assert!((dollars(&days[22]["mean"]) - 10.1).abs() < 0.4, "{}", days[22]);
    assert!((dollars(&days[27]["mean"]) - 3.1).abs() < 0.4, "{}", days[27]);
    let whole = &reply["forecast"];
    let expected = dollars(&reply["actual_to_date"]) + 1.5 + 6.0 * 10.1 + 2.0 * 3.1;
    assert!((dollars(&whole["mean"]) - expected).abs() < 2.0, "{whole} {expected}");
    for estimate in [whole, today, &days[29]] {
        let order = ["low_95", "low_80", "mean", "high_80", "high_95"].map(|name| dollars(&estimate[name]));
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{estimate}");
    }
    assert!(dollars(&whole["low_95"]) > dollars(&reply["actual_to_date"]));
    let backtest = &reply["backtest"];
    assert_eq!((&backtest["folds"], &backtest["horizon_days"]), (&json!(10), &json!(9)));
    assert!(backtest["mean_absolute_percentage_error"].as_f64().unwrap() < 3.0, "{backtest}");
}

#[tokio::test]
async fn tokens_and_calls_are_numbers() {
    let (server, owner) = filled(40).await;
    let tokens = ask(&server, &owner, "metric=tokens&range=this_week").await;
    // From Monday, November 16th: ten halves of five working days and two of a Saturday, and this morning.
    assert_eq!(tokens["unit"], "tokens");
    let actual = tokens["actual_to_date"].as_i64().unwrap();
    let mean = tokens["forecast"]["mean"].as_i64().unwrap();
    assert!(actual < mean && mean < actual + 3_000, "{actual} {mean}");
    let calls = ask(&server, &owner, "metric=calls&range=today").await;
    assert_eq!((&calls["actual_to_date"], &calls["forecast"]["mean"]), (&json!(1), &json!(2)));
    let week = server.get("/api/v1/usage/query?range=this_week&metrics=tokens", &owner).await;
    assert_eq!(tokens["actual_to_date"], week.json["total"]["tokens"]);
}

#[tokio::test]
async fn too_little_history_is_flat_and_says_so() {
    let (server, owner) = filled(6).await;
    let reply = ask(&server, &owner, "").await;
    assert_eq!(
        (&reply["method"], &reply["history_days"], &reply["backtest"]),
        (&json!("flat"), &json!(5), &Value::Null)
    );
    assert!(reply["reason"].as_str().unwrap().contains("5 whole days"), "{}", reply["reason"]);
    let whole = &reply["forecast"];
    assert_eq!((&whole["low_80"], &whole["high_95"]), (&Value::Null, &Value::Null));
    assert!(dollars(&whole["mean"]) > dollars(&reply["actual_to_date"]));
    // Nobody used anything.
    let nothing = ask(&server, &owner, "filter[model]=nobody-uses-this&metric=calls").await;
    assert_eq!((&nothing["method"], &nothing["forecast"]["mean"]), (&json!("flat"), &json!(0)));
}

#[tokio::test]
async fn two_weeks_are_smoothed_without_a_season() {
    let (server, owner) = filled(17).await;
    let reply = ask(&server, &owner, "range=this_year").await;
    assert_eq!((&reply["method"], &reply["history_days"]), (&json!("ets"), &json!(16)));
    assert_eq!(reply["days"].as_array().unwrap().len(), 365);
}

#[tokio::test]
async fn days_are_those_of_the_zone() {
    let (server, owner) = filled(60).await;
    for tz in ["Pacific/Apia", "America/New_York", "Asia/Kathmandu"] {
        let reply = ask(&server, &owner, &format!("tz={tz}")).await;
        let month = server.get(&format!("/api/v1/usage/query?range=this_month&tz={tz}"), &owner).await;
        assert_eq!(reply["actual_to_date"], month.json["total"]["cost_usd"], "{tz}");
        assert_eq!((&reply["from"], &reply["tz"]), (&month.json["from"], &json!(tz)));
        assert_eq!(reply["days"].as_array().unwrap().len(), 30, "{tz}");
    }
}

#[tokio::test]
async fn a_member_sees_only_its_own() {
    let (server, owner) = filled(60).await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let own = ask(&server, &member, "").await;
    let filtered = ask(&server, &owner, "filter[user]=u-2").await;
    assert_eq!(own, filtered);
    let all = ask(&server, &owner, "").await;
    assert!(dollars(&own["forecast"]["mean"]) < 0.6 * dollars(&all["forecast"]["mean"]));
    assert_eq!(ask(&server, &member, "filter[user]=u-1").await["actual_to_date"], "0");
}

#[tokio::test]
async fn what_is_dropped_for_its_age_is_not_missed() {
    let (server, owner) = filled(90).await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let ask = async |token: &str| ask(&server, token, "tz=Asia/Kathmandu").await;
    assert_eq!(ask(&member).await["history_days"], 89);
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    while server.app.run_retention_jobs().await.unwrap() {}
    // A user's days in this zone need single events, which are there from October 13th, 00:00 UTC on.
    let reply = ask(&member).await;
    assert_eq!((&reply["history_days"], &reply["method"]), (&json!(39), &json!("mstl_ets")));
    let month = server.get("/api/v1/usage/query?range=this_month&tz=Asia/Kathmandu", &member).await;
    assert_eq!(reply["actual_to_date"], month.json["total"]["cost_usd"]);
}

#[tokio::test]
async fn models_without_a_price_are_told() {
    let (server, owner) = Server::with_acme().await;
    let mut unpriced = event("a");
    unpriced["model"] = json!("nobody-knows");
    server.record(&owner, &json!([unpriced])).await;
    assert_eq!(ask(&server, &owner, "").await["unpriced_calls"], 1);
}

#[tokio::test]
async fn what_is_not_running_is_refused() {
    let (server, owner) = filled(3).await;
    for (query, field) in [
        ("range=last_month", "range"),
        ("range=yesterday", "range"),
        ("range=24h", "range"),
        ("range=8d", "range"),
        ("from=2026-12-01&to=2027-01-01", "from"),
        ("from=2026-11-01&to=2026-11-20", "to"),
        ("from=2026-11-01&to=2026-11-30T12:00:00Z", "to"),
        ("from=2026-11-01&to=2028-11-30", "to"),
        ("from=2020-11-01&to=2026-11-30", "from"),
        ("from=2026-11-01", "to"),
        ("metric=users", "metric"),
        ("tz=Mars", "tz"),
        ("granularity=day", "granularity"),
        ("filter[colour]=red", "filter"),
    ] {
        let answer = server.get(&format!("/api/v1/usage/forecast?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}");
    }
}
