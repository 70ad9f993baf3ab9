//! Why the cost changed: whole replies, with the clock fixed.

use crate::harness::{ADMIN, Server, event};
use meterwire_core::money::CostNanos;
use serde_json::{Value, json};

fn used(time: &str, model: &str, tokens: u64, cost: Option<&str>) -> Value {
    let mut event = event(&format!("{time}-{model}"));
    event["time"] = json!(time);
    event["model"] = json!(model);
    event["usage"] = json!({ "input_tokens": tokens });
    event["user"] = json!(if model == "cheap" { "u-2" } else { "u-1" });
    if let Some(cost) = cost {
        event["cost_usd"] = json!(cost);
    }
    event
}

/// Last week (the 9th to the 15th, 10:30) and this one: one model dearer, one used more, one new, one without a price.
async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        used("2026-11-10T08:00:00Z", "dear", 100, Some("0.7")),
        used("2026-11-11T08:00:00Z", "cheap", 50, Some("0.1")),
        // As late in its week as it is not yet in this one.
        used("2026-11-15T10:30:00Z", "dear", 1_000, Some("500")),
        used("2026-11-17T08:00:00Z", "dear", 70, Some("0.5")),
        used("2026-11-18T08:00:00Z", "dear", 50, Some("0.46")),
        used("2026-11-18T08:00:00Z", "cheap", 100, Some("0.2")),
        used("2026-11-19T08:00:00Z", "new", 20, Some("0.5")),
        used("2026-11-20T08:00:00Z", "nobody-knows", 7_000, None),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

fn nanos(value: &Value) -> i64 {
    CostNanos::parse_usd(value.as_str().unwrap()).unwrap().0
}

/// Price, volume and mix add up to the difference, in every row and in all, and the rows to the totals.
fn assert_adds_up(reply: &Value) {
    let parts = |of: &Value| nanos(&of["price_usd"]) + nanos(&of["volume_usd"]) + nanos(&of["mix_usd"]);
    let rows = reply["models"].as_array().unwrap();
    let sum = |name: &str| rows.iter().map(|row| nanos(&row[name])).sum::<i64>();
    for row in rows {
        assert_eq!(parts(row), nanos(&row["difference_usd"]), "{row}");
        assert_eq!(
            nanos(&row["cost_usd"]) - nanos(&row["compared_cost_usd"]),
            nanos(&row["difference_usd"]),
            "{row}"
        );
    }
    assert_eq!(parts(&reply["effects"]), nanos(&reply["difference_usd"]));
    for name in ["price_usd", "volume_usd", "mix_usd"] {
        assert_eq!(sum(name), nanos(&reply["effects"][name]), "{name}");
    }
    for name in ["cost_usd", "compared_cost_usd", "difference_usd"] {
        assert_eq!(sum(name), nanos(&reply[name]), "{name}");
    }
}

#[tokio::test]
async fn the_whole_reply() {
    let (server, owner) = filled().await;
    let answer = server.get("/api/v1/usage/explain?range=7d", &owner).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_adds_up(&answer.json);
    // 150 tokens became 240. At 7 dollars a thousand, "dear" would cost 0.84 and not 0.96: 0.12 is price.
    insta::assert_json_snapshot!(answer.json);
}

#[tokio::test]
async fn another_period_can_be_named() {
    let (server, owner) = filled().await;
    let ask = async |query: &str| {
        let answer = server.get(&format!("/api/v1/usage/explain?{query}"), &owner).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_adds_up(&answer.json);
        answer.json
    };
    let matched = ask("range=this_month&match=weekday").await;
    assert_eq!(matched["compared"]["matched"], "weekday");
    assert_eq!(matched["compared"]["from"], "2026-09-27T00:00:00Z");
    assert_eq!(matched["models"][0]["state"], "new");
    let custom =
        ask("from=2026-11-18&to=2026-11-19&compare=custom&compare_from=2026-11-17&compare_to=2026-11-18")
            .await;
    assert_eq!((&custom["cost_usd"], &custom["compared_cost_usd"]), (&json!("0.66"), &json!("0.5")));
    let ended = ask("from=2026-11-12&to=2026-11-13&compare_from=2026-11-10&compare_to=2026-11-12").await;
    assert_eq!(ended["effects"], json!({ "price_usd": "0", "volume_usd": "-0.8", "mix_usd": "0" }));
    assert_eq!(ended["models"][0]["state"], "ended");
    let nothing = ask("from=2026-01-01&to=2026-01-02").await;
    assert_eq!((&nothing["difference_usd"], &nothing["models"]), (&json!("0"), &json!([])));
    let filtered = ask("range=7d&filter[model]=cheap").await;
    assert_eq!(filtered["effects"], json!({ "price_usd": "0", "volume_usd": "0.1", "mix_usd": "0" }));
}

#[tokio::test]
async fn the_rest_beyond_top_still_adds_up() {
    let (server, owner) = filled().await;
    let answer = server.get("/api/v1/usage/explain?range=7d&top=1", &owner).await.json;
    assert_adds_up(&answer);
    let rows = answer["models"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["model"], &rows[0]["other"]), (2, &json!("new"), &json!(false)));
    assert_eq!(
        (&rows[1]["other"], &rows[1]["state"], &rows[1]["calls"]),
        (&json!(true), &Value::Null, &json!(4))
    );
}

#[tokio::test]
async fn a_member_and_another_tenant_see_only_their_own() {
    let (server, _) = filled().await;
    let member = server.key("acme", "member", Some("u-2")).await;
    let own =
        server.get("/api/v1/usage/explain?range=7d&filter[user]=u-1&filter[user]=u-2", &member).await.json;
    assert_eq!((&own["cost_usd"], &own["compared_cost_usd"]), (&json!("0.2"), &json!("0.1")));
    assert_eq!(own["models"].as_array().unwrap().len(), 1);
    server.tenant("other").await;
    let stranger = server.key("other", "owner", None).await;
    assert_eq!(server.get("/api/v1/usage/explain?range=7d", &stranger).await.json["models"], json!([]));
    let admin = server.get("/api/v1/usage/explain?range=7d&tenant=acme", ADMIN).await;
    assert_eq!(admin.json["cost_usd"], "1.66");
}

#[tokio::test]
async fn bad_questions_name_their_field() {
    let (server, owner) = filled().await;
    for (query, field) in [
        ("range=8d", "range"),
        ("compare=never", "compare"),
        ("compare=custom", "compare"),
        ("match=moon", "match"),
        ("compare_from=2026-01-01&compare_to=2026-01-02&match=weekday", "match"),
        ("compare_from=yesterday&compare_to=2026-01-02", "compare_from"),
        ("top=0", "top"),
        ("tz=Mars", "tz"),
        ("filter[colour]=red", "filter"),
        ("group_by=user", "group_by"),
    ] {
        let answer = server.get(&format!("/api/v1/usage/explain?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}");
    }
}
