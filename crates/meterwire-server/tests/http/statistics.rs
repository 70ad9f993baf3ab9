//! R2: statistics of a tenant and its usage against monthly limits, with the clock fixed.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event};
use serde_json::{Value, json};

fn at(id: &str, time: &str, change: &Value) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

/// Now is Sunday, 2026-11-22T10:30Z: events today, this week, this month, this year, and in the periods before.
async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let claude = json!({ "model": "claude-sonnet-4-5", "provider": "anthropic", "user": "u-2" });
    let events = json!([
        at("today-1", "2026-11-22T09:00:00Z", &json!({})),
        at("today-2", "2026-11-22T10:00:00Z", &json!({ "status": 500 })),
        at("week", "2026-11-16T00:00:00Z", &claude),
        at("month", "2026-11-02T12:00:00Z", &json!({ "status": null })),
        at("year", "2026-03-01T12:00:00Z", &json!({ "model": "nobody-knows-it", "provider": null })),
        // Before: of yesterday only what is before 10:30 is compared with, of October what is before the 22nd, 10:30.
        at("yesterday-early", "2026-11-21T10:29:59.999Z", &json!({})),
        at("yesterday-late", "2026-11-21T10:30:00Z", &claude),
        at("october", "2026-10-22T10:29:59Z", &json!({})),
        at("october-late", "2026-10-22T10:30:00Z", &json!({})),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

async fn stats(server: &Server, token: &str, query: &str) -> Value {
    let answer = server.get(&format!("/api/tenants/acme/usage/?{query}"), token).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json
}

#[tokio::test]
async fn the_statistics_of_a_month_whole() {
    let (server, owner) = filled().await;
    insta::assert_json_snapshot!(stats(&server, &owner, "period=month").await);
    let without_slash = server.get("/api/tenants/acme/usage?period=month", &owner).await;
    assert_eq!(without_slash.json, stats(&server, &owner, "").await, "a month unless told otherwise");
}

#[tokio::test]
async fn periods_are_those_of_the_calendar_and_compared_with_as_much_of_the_one_before() {
    let (server, owner) = filled().await;
    let calls = async |period: &str| {
        let answer = stats(&server, &owner, &format!("period={period}")).await;
        let days = answer["dailyUsage"].as_array().unwrap();
        let first = days[0]["date"].as_str().unwrap().to_owned();
        assert_eq!(
            (&answer["period"], &days.last().unwrap()["date"]),
            (&json!(period), &json!("2026-11-22"))
        );
        let calls = &answer["apiCalls"];
        (calls["total"].as_i64().unwrap(), calls["change"].clone(), days.len(), first)
    };
    assert_eq!(calls("today").await, (2, json!(100.0), 1, "2026-11-22".into()));
    // Last week had none.
    assert_eq!(calls("week").await, (5, Value::Null, 7, "2026-11-16".into()));
    assert_eq!(calls("month").await, (6, json!(500.0), 22, "2026-11-01".into()));
    assert_eq!(calls("year").await, (9, Value::Null, 326, "2026-01-01".into()));
}

#[tokio::test]
async fn every_answer_adds_up_in_every_zone() {
    let (server, owner) = filled().await;
    let queries =
        ["period=year", "period=week", "range=24h", "range=30d", "from=2026-10-22T10:30:00Z&to=2026-11-22"];
    for tz in ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"] {
        for query in queries {
            let answer = stats(&server, &owner, &format!("{query}&tz={tz}")).await;
            let sum = |rows: &Value, name: &str| -> i64 {
                rows.as_array().unwrap().iter().map(|row| nanos(&row[name])).sum()
            };
            let (calls, tokens, costs) = (&answer["apiCalls"], &answer["tokens"], &answer["costs"]);
            let days = &answer["dailyUsage"];
            assert_eq!(sum(days, "calls"), nanos(&calls["total"]), "{query} {tz}");
            assert_eq!(sum(days, "tokens"), nanos(&tokens["total"]), "{query} {tz}");
            assert_eq!(sum(days, "cost"), nanos(&costs["total"]), "{query} {tz}");
            assert_eq!(sum(&costs["breakdown"], "cost"), nanos(&costs["total"]), "{query} {tz}");
            assert_eq!(sum(&costs["breakdown"], "calls"), nanos(&calls["total"]), "{query} {tz}");
            assert_eq!(nanos(&calls["successful"]) + nanos(&calls["failed"]), nanos(&calls["total"]));
            assert_eq!(nanos(&tokens["prompt"]) + nanos(&tokens["completion"]), nanos(&tokens["total"]));
            let path = format!(
                "/api/v1/usage/query?metrics=calls,tokens,cost&tz={tz}&from={}&to={}",
                answer["from"].as_str().unwrap(),
                answer["to"].as_str().unwrap()
            );
            let general = server.get(&path, &owner).await.json["total"].clone();
            assert_eq!(
                (&general["calls"], &general["tokens"]),
                (&calls["total"], &tokens["total"]),
                "{query} {tz}"
            );
        }
    }
}

/// A JSON number of up to nine decimals as an integer, so that sums are exact.
#[expect(clippy::cast_possible_truncation, reason = "numbers of the test are small")]
fn nanos(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 1e9).round() as i64
}

#[tokio::test]
async fn beyond_a_hundred_models_the_rest_is_one_row() {
    let (server, owner) = Server::with_acme().await;
    let events: Vec<Value> = (0..105)
        .map(|i| {
            let model = if i == 104 { Value::Null } else { json!(format!("model-{i:03}")) };
            at(
                &i.to_string(),
                "2026-11-22T09:00:00Z",
                &json!({ "model": model, "cost_usd": format!("0.{i:03}") }),
            )
        })
        .collect();
    server.record(&owner, &json!(events)).await;
    let answer = stats(&server, &owner, "period=today").await;
    let breakdown = answer["costs"]["breakdown"].as_array().unwrap();
    assert_eq!(breakdown.len(), 101);
    assert_eq!(breakdown[0], json!({ "model": "(none)", "cost": 0.104, "calls": 1 }));
    // 0.000 to 0.004 dollars.
    assert_eq!(breakdown[100], json!({ "model": "Other", "cost": 0.01, "calls": 5 }));
    assert_eq!(
        breakdown.iter().map(|row| nanos(&row["cost"])).sum::<i64>(),
        nanos(&answer["costs"]["total"])
    );
    assert_eq!(answer["topModels"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn days_that_have_not_begun_are_left_out_unless_they_have_usage() {
    let (server, owner) = Server::with_acme().await;
    server.clock.set(NOW_MS + 13 * 3_600_000 + 28 * 60_000); // 23:58
    server.record(&owner, &json!([at("ahead", "2026-11-23T00:01:00Z", &json!({}))])).await;
    let answer = stats(&server, &owner, "period=month").await;
    assert_eq!(answer["dailyUsage"].as_array().unwrap().last().unwrap()["date"], "2026-11-23");
    assert_eq!(answer["apiCalls"]["total"], 1);
    let none = stats(&server, &owner, "from=2026-12-01&to=2026-12-31").await;
    assert_eq!((&none["dailyUsage"], &none["apiCalls"]["total"]), (&json!([]), &json!(0)));
    assert_eq!(none["apiCalls"]["errorRate"], Value::Null);
}

/// What is compared may reach into the middle of a day whose single events are gone; the period itself is answered.
#[tokio::test]
async fn a_period_is_answered_where_the_one_before_no_longer_can_be() {
    let (server, owner) = Server::with_acme().await;
    server.clock.set(NOW_MS - 50 * 86_400_000);
    let old = json!([
        at("old", "2025-11-22T09:00:00Z", &json!({})),
        at("older", "2025-06-01T09:00:00Z", &json!({})),
        at("this-year", "2026-02-01T12:00:00Z", &json!({})),
    ]);
    server.record(&owner, &old).await;
    // Not on the edge of a quarter of an hour, whose totals are kept.
    server.clock.set(NOW_MS + 7 * 60_000);
    server.record(&owner, &event("today")).await;
    let before = stats(&server, &owner, "period=year").await;
    assert_eq!((&before["apiCalls"]["total"], &before["apiCalls"]["change"]), (&json!(2), &json!(0.0)));
    let kept = server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 40 })).await;
    assert_eq!(kept.status, 200, "{kept:?}");
    while server.app.run_retention_jobs().await.unwrap() {}
    let after = stats(&server, &owner, "period=year").await;
    assert_eq!((&after["apiCalls"]["total"], &after["apiCalls"]["change"]), (&json!(2), &Value::Null));
    assert_eq!((&after["comparedFrom"], &after["comparedTo"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&after["dailyUsage"], &after["costs"]["breakdown"]),
        (&before["dailyUsage"], &before["costs"]["breakdown"])
    );
    assert_eq!(stats(&server, &owner, "period=month").await["comparedFrom"], "2026-10-01T00:00:00Z");
}

#[tokio::test]
async fn a_member_sees_its_own_and_filters_narrow() {
    let (server, owner) = filled().await;
    let member = server.key("acme", "member", Some("u-2")).await;
    assert_eq!(stats(&server, &member, "period=week").await["apiCalls"]["total"], 2);
    assert_eq!(stats(&server, &member, "period=week&filter[user]=u-1").await["apiCalls"]["total"], 0);
    assert_eq!(
        stats(&server, &owner, "period=week&filter[provider]=anthropic").await["apiCalls"]["total"],
        2
    );
    assert_eq!(stats(&server, ADMIN, "period=week").await["apiCalls"]["total"], 5);
}

#[tokio::test]
async fn a_foreign_slug_is_a_missing_one() {
    let (server, owner) = filled().await;
    server.tenant("globex").await;
    for path in ["usage/", "usage", "quota"] {
        let [foreign, missing]: [Answer; 2] = [
            server.get(&format!("/api/tenants/globex/{path}"), &owner).await,
            server.get(&format!("/api/tenants/no-such/{path}"), &owner).await,
        ];
        assert_eq!((foreign.status.as_u16(), &foreign.bytes), (404, &missing.bytes), "{path}");
        let admins = server.get(&format!("/api/tenants/no-such/{path}"), ADMIN).await;
        assert_eq!(admins.bytes, missing.bytes, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_by_name() {
    let (server, owner) = filled().await;
    for (query, field) in [
        ("period=day", "period"),
        ("period=week&range=7d", "period"),
        ("period=week&from=2026-11-01", "period"),
        ("range=fortnight", "range"),
        ("from=2026-11-02&to=2026-11-01", "to"),
        ("tz=Mars/Olympus", "tz"),
        ("tenant=acme", "tenant"),
        ("filter[colour]=red", "filter"),
        ("from=1970-01-01&to=9999-01-01", "granularity"),
    ] {
        let answer = server.get(&format!("/api/tenants/acme/usage/?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}: {answer:?}");
    }
}

#[tokio::test]
async fn without_monthly_limits_the_quota_tells_what_was_recorded() {
    let (server, owner) = filled().await;
    let answer = server.get("/api/tenants/acme/quota", &owner).await;
    insta::assert_json_snapshot!(answer.json);
}

/// A metric a month that counts these.
async fn monthly(server: &Server, owner: &str, name: &str, counts: &str) {
    let metric = json!({ "name": name, "window": "month", "counts": counts });
    let made = server.post("/api/v1/metrics", owner, &metric).await;
    assert_eq!(made.status, 201, "{made:?}");
}

#[tokio::test]
async fn a_quota_is_the_monthly_limit_that_is_nearest() {
    let (server, owner) = Server::with_acme().await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-2" })).await;
    let metrics = [
        ("monthly_calls", "events"),
        ("tight_calls", "events"),
        ("monthly_tokens", "tokens"),
        ("cost_usd", "cost_usd"),
    ];
    for (name, counts) in metrics {
        monthly(&server, &owner, name, counts).await;
    }
    // A daily limit is no monthly one.
    let of_tenant = json!({ "monthly_calls": 10, "tight_calls": 5, "monthly_tokens": 100_000, "cost_usd": "0.05", "api_calls": 1 });
    let of_user = json!({ "monthly_calls": 4, "tight_calls": 2, "monthly_tokens": null, "cost_usd": "0.02" });
    for (path, limits) in [("/api/v1/tenant-limits", of_tenant), ("/api/v1/users/u-2/limits", of_user)] {
        let set = server.put(path, &owner, &json!({ "limits": limits })).await;
        assert_eq!(set.status, 200, "{set:?}");
    }
    let events = json!([
        at("1", "2026-11-02T00:00:00Z", &json!({})),
        at("2", "2026-11-22T09:00:00Z", &json!({ "user": "u-2" })),
        at("3", "2026-10-31T23:59:59Z", &json!({}))
    ]);
    server.record(&owner, &events).await;
    let held = json!({ "metric": "tight_calls", "amount": 1, "user": "u-2" });
    assert_eq!(server.post("/api/usage/reservations", &owner, &held).await.status, 201);

    let quota = server.get("/api/tenants/acme/quota", &owner).await.json;
    assert_eq!(
        quota["apiCalls"],
        json!({ "used": 3, "recorded": 2, "limit": 5, "remaining": 2, "percentage": 60.0,
        "metric": "tight_calls", "resetsAt": "2026-12-01T00:00:00Z" }),
        "what is held counts too"
    );
    assert_eq!(
        quota["tokens"],
        json!({ "used": 3000, "recorded": 3000, "limit": 100_000, "remaining": 97_000,
        "percentage": 3.0, "metric": "monthly_tokens", "resetsAt": "2026-12-01T00:00:00Z" })
    );
    assert_eq!(
        quota["spend"],
        json!({ "used": 0.015, "recorded": 0.015, "limit": 0.05, "remaining": 0.035,
        "percentage": 30.0, "metric": "cost_usd", "resetsAt": "2026-12-01T00:00:00Z" })
    );

    let member = server.key("acme", "member", Some("u-2")).await;
    let own = server.get("/api/tenants/acme/quota", &member).await.json;
    let named = server.get("/api/tenants/acme/quota?user=u-2", &owner).await.json;
    assert_eq!((&own, &own["user"]), (&named, &json!("u-2")));
    assert_eq!(
        (&own["apiCalls"]["used"], &own["apiCalls"]["limit"], &own["apiCalls"]["recorded"]),
        (&json!(2), &json!(2), &json!(1))
    );
    assert_eq!((&own["tokens"]["limit"], &own["tokens"]["used"]), (&Value::Null, &json!(1500)));
    let other = server.get("/api/tenants/acme/quota?user=u-1", &member).await;
    assert_eq!(other.status, 403, "{other:?}");
}
