//! Comparison with another period, matched by weekday, and the error rate.

use crate::harness::{Server, event};
use serde_json::{Value, json};

fn at(time: &str, status: u16) -> Value {
    let mut event = event(time);
    event["time"] = json!(time);
    event["status"] = json!(status);
    event
}

async fn filled() -> (Server, String) {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        // Two Mondays in the month before, one of them five weeks before the first of this month.
        at("2026-09-28T08:00:00Z", 200),
        at("2026-10-19T08:00:00Z", 200),
        at("2026-10-05T08:00:00Z", 200),
        // A Monday of this month.
        at("2026-11-02T08:00:00Z", 500),
        at("2026-11-02T09:00:00Z", 200),
        at("2026-11-02T10:00:00Z", 404),
        // The same weekday and time a year before.
        at("2025-11-03T08:00:00Z", 200),
    ]);
    server.record(&owner, &events).await;
    (server, owner)
}

#[tokio::test]
async fn mondays_meet_mondays() {
    let (server, owner) = filled().await;
    let ask = async |compare: &str| {
        let path =
            format!("/api/v1/usage/query?range=this_month&granularity=day&metrics=calls&compare={compare}");
        let answer = server.get(&path, &owner).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    };
    // November 22nd 10:30 is now: the first of the month is a Sunday, as is September 27th.
    let matched = ask("previous&match=weekday").await;
    let compared = &matched["compared"];
    assert_eq!(compared["matched"], "weekday");
    assert_eq!(
        (&compared["from"], &compared["to"]),
        (&json!("2026-09-27T00:00:00Z"), &json!("2026-10-18T10:30:00Z"))
    );
    let busy = |series: &Value| -> Vec<usize> {
        let days = series.as_array().unwrap().iter().enumerate();
        days.filter(|(_, values)| values["calls"] != 0).map(|(day, _)| day).collect()
    };
    assert_eq!((busy(&matched["series"]), busy(&compared["series"])), (vec![1], vec![1, 8]));
    assert_eq!(compared["buckets"][1]["label"], "2026-09-28");

    let plain = ask("previous").await;
    assert_eq!(plain["compared"]["matched"], Value::Null);
    assert_eq!(plain["compared"]["from"], "2026-10-01T00:00:00Z");

    let year = ask("last_year&match=weekday").await;
    assert_eq!(year["compared"]["from"], "2025-11-02T00:00:00Z");
    assert_eq!(busy(&year["compared"]["series"]), [1]);
    assert_eq!(busy(&ask("last_year").await["compared"]["series"]), [2]);
}

#[tokio::test]
async fn what_cannot_be_matched_is_refused() {
    let (server, owner) = filled().await;
    for (query, field) in [
        ("match=weekday", "match"),
        ("compare=previous&match=day", "match"),
        ("compare_from=2026-01-01&compare_to=2026-02-01&match=weekday", "match"),
        ("compare=tomorrow", "compare"),
        ("compare=previous&match=weekday&match=weekday", "match"),
    ] {
        let answer = server.get(&format!("/api/v1/usage/query?{query}"), &owner).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{query}");
    }
}

#[tokio::test]
async fn error_rates_have_two_decimals_and_are_null_without_calls() {
    let (server, owner) = filled().await;
    let path = "/api/v1/usage/query?range=this_month&metrics=error_rate&granularity=week&group_by=status";
    let answer = server.get(path, &owner).await.json;
    assert_eq!(answer["metrics"], json!(["error_rate"]));
    assert_eq!(answer["total"], json!({ "error_rate": 66.67 }));
    // Sunday the first, then the week of the second, then two without calls; the last begins today's tomorrow.
    let series: Vec<_> =
        answer["series"].as_array().unwrap().iter().map(|v| v["error_rate"].clone()).collect();
    assert_eq!(series[..3], [Value::Null, json!(66.67), Value::Null]);
    let groups: Vec<_> =
        answer["groups"].as_array().unwrap().iter().map(|g| (&g["key"][0], &g["total"])).collect();
    assert!(groups.contains(&(&json!("500"), &json!({ "error_rate": 100.0 }))), "{groups:?}");
    assert!(groups.contains(&(&json!("200"), &json!({ "error_rate": 0.0 }))), "{groups:?}");
}
