//! Closed months: statements that never change, and adjustments that make up the difference to the last nano-dollar.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event};
use meterwire_core::money::CostNanos;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

fn event_at(id: &str, time: &str, project: &str) -> Value {
    let mut event = event(id);
    event["time"] = json!(time);
    event["project"] = json!(project);
    event
}

async fn close(server: &Server, owner: &str, month: &str) -> Answer {
    server.post("/api/v1/closings", owner, &json!({ "month": month })).await
}

fn id_of(closing: &Answer) -> String {
    assert_eq!(closing.status, 201, "{closing:?}");
    closing.json["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_statement_is_frozen_and_what_comes_later_stands_beside_it() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        event_at("a", "2026-10-01T00:00:00Z", "chat"),
        event_at("b", "2026-10-31T23:59:59.999Z", "search"),
        event_at("before", "2026-09-30T23:59:59.999Z", "chat"),
        event_at("after", "2026-11-01T00:00:00Z", "chat"),
    ]);
    server.record(&owner, &events).await;
    let closed = close(&server, &owner, "2026-10").await;
    let id = id_of(&closed);
    assert_eq!((&closed.json["calls"], &closed.json["cost_usd"]), (&json!(2), &json!("0.015")));
    assert_eq!(closed.json["since"], json!({ "changes": 0, "calls": 0, "cost_usd": "0" }));
    assert_eq!(
        (&closed.json["from"], &closed.json["to"]),
        (&json!("2026-10-01T00:00:00Z"), &json!("2026-11-01T00:00:00Z"))
    );

    let path = format!("/api/v1/closings/{id}");
    let take = async |format: &str| server.get(&format!("{path}/statement?format={format}"), &owner).await;
    let (json, csv, pdf) = (take("json").await, take("csv").await, take("pdf").await);
    let sha256 =
        Sha256::digest(&json.bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(closed.json["sha256"], sha256.as_str());
    assert_eq!(json.headers["etag"], format!("\"{sha256}\""));
    assert_eq!(json.json["rows"][0]["day"], "2026-10-01");
    assert_eq!(json.json["rows"][1]["project"], "search");
    assert_eq!(json.json["total"]["tokens"], json!({ "input_uncached": 2000, "output_visible": 1000 }));
    assert_eq!(
        String::from_utf8(csv.bytes.clone()).unwrap(),
        "day,provider,model,project,department,calls,errors,unpriced_calls,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,total_tokens,cost_usd\r\n\
         2026-10-01,openai,gpt-4o,chat,,1,0,0,1000,0,500,0,1500,0.0075\r\n\
         2026-10-31,openai,gpt-4o,search,,1,0,0,1000,0,500,0,1500,0.0075\r\n"
    );
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert_eq!(pdf.headers["content-disposition"], "attachment; filename=\"acme_statement_2026-10.pdf\"");

    server.clock.set(NOW_MS + 60_000);
    let late = event_at("late", "2026-10-15T12:00:00Z", "chat");
    server.record(&owner, &json!([late, event_at("now", "2026-11-02T00:00:00Z", "chat")])).await;
    assert_eq!(server.post("/api/v1/events", &owner, &late).await.json["duplicate"], 1);
    assert_eq!(server.delete("/api/v1/events/test/b", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/events/test/b", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/events/test/before", &owner).await.status, 204);

    for (format, before) in [("json", &json), ("csv", &csv), ("pdf", &pdf)] {
        assert_eq!(take(format).await.bytes, before.bytes, "{format} has changed");
    }
    let adjusted = server.get(&format!("{path}/adjustment"), &owner).await;
    assert_eq!(adjusted.json["adjustment"]["cost_usd"], "0");
    assert_eq!(adjusted.json["closing"]["since"], json!({ "changes": 2, "calls": 0, "cost_usd": "0" }));
    let rows = adjusted.json["rows"].as_array().unwrap();
    let row = |row: &Value| {
        (
            row["day"].clone(),
            row["statement"]["calls"].clone(),
            row["adjustment"]["cost_usd"].clone(),
            row["today"]["calls"].clone(),
        )
    };
    assert_eq!(row(&rows[0]), (json!("2026-10-15"), json!(0), json!("0.0075"), json!(1)));
    assert_eq!(row(&rows[1]), (json!("2026-10-31"), json!(1), json!("-0.0075"), json!(0)));
    assert_eq!(rows[1]["adjustment"]["tokens"], json!({ "input_uncached": -1000, "output_visible": -500 }));
    let listed = server.get(&format!("{path}/changes"), &owner).await;
    let items = listed.json["items"].as_array().unwrap();
    let seen: Vec<_> =
        items.iter().map(|item| (item["kind"].as_str().unwrap(), item["id"].as_str().unwrap())).collect();
    assert_eq!(seen, [("late", "late"), ("void", "b")]);
    assert_eq!(items[0]["at"], "2026-11-22T10:31:00Z");
    let page = server.get(&format!("{path}/changes?limit=1"), &owner).await;
    let next = page.json["nextCursor"].as_str().unwrap();
    let second = server.get(&format!("{path}/changes?limit=1&cursor={next}"), &owner).await;
    assert_eq!((&second.json["items"][0]["id"], &second.json["nextCursor"]), (&json!("b"), &Value::Null));
    let csv = server.get(&format!("{path}/adjustment?format=csv"), &owner).await;
    let csv = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(
        csv.lines().nth(2).unwrap(),
        "2026-10-31,openai,gpt-4o,search,,1,0.0075,-1,0,0,-1000,0,-500,0,-1500,-0.0075,0,0"
    );
}

#[tokio::test]
async fn what_cannot_be_closed_is_refused_and_changes_nothing() {
    let (server, owner) = Server::with_acme().await;
    assert_eq!(close(&server, &owner, "2026-11").await.refusal(), (422, "invalid_value", "month"));
    assert_eq!(close(&server, &owner, "2026-13").await.refusal(), (422, "invalid_value", "month"));
    let body = |from: &str, to: &str, zone: &str| json!({ "from": from, "to": to, "timezone": zone });
    let post = async |body: Value| server.post("/api/v1/closings", &owner, &body).await;
    assert_eq!(post(body("2026-10-01", "2026-11-23", "UTC")).await.refusal(), (422, "invalid_value", "to"));
    assert_eq!(
        post(body("2026-10-01", "2026-10-02", "Mars/Base")).await.refusal(),
        (422, "invalid_value", "timezone")
    );
    assert_eq!(post(json!({ "month": "2026-10", "why": 1 })).await.status, 422);
    assert_eq!(server.get("/api/v1/closings", &owner).await.json["items"], json!([]));
    let id = id_of(&close(&server, &owner, "2026-10").await);
    // Berlin's November begins an hour before the end of October in UTC.
    for (from, to, zone) in
        [("2026-10-31", "2026-11-02", "UTC"), ("2026-11-01", "2026-11-02", "Europe/Berlin")]
    {
        let refused = post(body(from, to, zone)).await;
        assert_eq!(refused.refusal(), (409, "conflict", ""), "{zone}");
        assert_eq!(refused.json["detail"]["message"], "2026-10 (UTC) is closed already");
    }
    assert_eq!(post(body("2026-11-01", "2026-11-02", "UTC")).await.status, 201);
    let listed = server.get("/api/v1/closings", &owner).await;
    let names: Vec<_> =
        listed.json["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["2026-11-01..2026-11-01", "2026-10"]);
    let first = server.get("/api/v1/closings?limit=1", &owner).await;
    let next = first.json["nextCursor"].as_str().unwrap();
    let second = server.get(&format!("/api/v1/closings?limit=1&cursor={next}"), &owner).await;
    assert_eq!(
        (&second.json["items"][0]["name"], &second.json["nextCursor"]),
        (&json!("2026-10"), &Value::Null)
    );
    let statement = server.get(&format!("/api/v1/closings/{id}/statement?format=xml"), &owner).await;
    assert_eq!(statement.refusal(), (422, "invalid_value", "format"));
    // Opened again, the month can be closed anew, with what has come since.
    server.record(&owner, &event_at("late", "2026-10-15T12:00:00Z", "chat")).await;
    assert_eq!(server.delete(&format!("/api/v1/closings/{id}"), &owner).await.status, 204);
    assert_eq!(server.delete(&format!("/api/v1/closings/{id}"), &owner).await.status, 404);
    let again = close(&server, &owner, "2026-10").await;
    assert_eq!((&again.json["calls"], &again.json["since"]["changes"]), (&json!(1), &json!(0)));
    let audit = server.get("/api/v1/audit", &owner).await;
    let actions: Vec<_> =
        audit.json["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..4], ["closing.create", "closing.reopen", "closing.create", "closing.create"]);
}

#[tokio::test]
async fn a_member_confined_to_a_user_reads_no_statement_and_others_no_foreign_one() {
    let (server, owner) = Server::with_acme().await;
    let id = id_of(&close(&server, &owner, "2026-10").await);
    let member = server.key("acme", "member", Some("u-1")).await;
    let viewer = server.key("acme", "viewer", None).await;
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    for part in ["", "/statement", "/adjustment", "/changes"] {
        let path = format!("/api/v1/closings/{id}{part}");
        assert_eq!(server.get(&path, &member).await.status, 403, "{part}");
        assert_eq!(server.get(&path, &viewer).await.status, 200, "{part}");
        assert_eq!(server.get(&path, &foreign).await.status, 404, "{part}");
        let missing = server.get(&format!("/api/v1/closings/none{part}"), &foreign).await;
        assert_eq!(server.get(&path, &foreign).await.json, missing.json, "{part}");
    }
    assert_eq!(close(&server, &viewer, "2026-09").await.status, 403);
    assert_eq!(
        server.post("/api/v1/closings?tenant=globex", ADMIN, &json!({ "month": "2026-10" })).await.status,
        201
    );
}

#[tokio::test]
async fn sums_outlive_single_events() {
    let (server, owner) = Server::with_acme().await;
    server.clock.set(NOW_MS - 60 * 86_400_000);
    server.record(&owner, &event_at("old", "2026-08-05T12:00:00Z", "chat")).await;
    let id = id_of(&close(&server, &owner, "2026-08").await);
    server.record(&owner, &event_at("late", "2026-08-06T12:00:00Z", "chat")).await;
    server.clock.set(NOW_MS);
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "retention_days": 35 })).await;
    server.record(&owner, &event("today")).await;
    while server.app.run_retention_jobs().await.unwrap() {}
    assert_eq!(server.get("/api/usage/log?range=12m", &owner).await.json["total"], 1);
    let adjusted = server.get(&format!("/api/v1/closings/{id}/adjustment"), &owner).await;
    assert_eq!(adjusted.json["today"]["calls"], 2, "{}", adjusted.json);
    assert_eq!(adjusted.json["rows"][0]["adjustment"]["cost_usd"], "0.0075");
    let changes = server.get(&format!("/api/v1/closings/{id}/changes"), &owner).await;
    assert_eq!(changes.json["items"][0]["id"], Value::Null);
    assert_eq!(changes.json["items"][0]["adjustment"]["calls"], 1);
}

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    Record { hours: i64, place: usize, cost: i64, model: bool },
    Void(usize),
    Close(usize),
    Reopen(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..24 * 70_i64, 0..4_usize, 0..2_000_000_000_i64, any::<bool>())
            .prop_map(|(hours, place, cost, model)| Step::Record { hours, place, cost, model }),
        3 => (0..60_usize).prop_map(Step::Void),
        2 => (0..3_usize).prop_map(Step::Close),
        1 => (0..3_usize).prop_map(Step::Reopen),
    ]
}

/// 2026-09-01T00:00:00Z.
const SEPTEMBER_MS: i64 = 1_788_220_800_000;
const HOUR_MS: i64 = 3_600_000;
const ZONE: &str = "America/New_York";

/// A closed month, as the history knows it: name, zone, its id and the bytes of its statement.
type Closed = BTreeMap<usize, (String, Vec<u8>)>;

#[test]
fn statement_and_adjustment_are_todays_totals_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 12, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&proptest::collection::vec(any_step(), 1..60), |steps| {
            runtime.block_on(live(steps));
            Ok(())
        })
        .unwrap();
}

async fn live(steps: Vec<Step>) {
    let (server, owner) = Server::with_acme().await;
    server.patch("/api/v1/tenants/acme", &owner, &json!({ "timezone": ZONE })).await;
    let months = ["2026-09", "2026-10", "2026-08"];
    let (mut closed, mut recorded) = (Closed::new(), 0);
    for (i, step) in steps.into_iter().enumerate() {
        server.clock.set(NOW_MS + i64::try_from(i).unwrap());
        match step {
            Step::Record { hours, place, cost, model } => {
                record(&server, &owner, recorded, (hours, place, cost, model)).await;
                recorded += 1;
            }
            Step::Void(which) if recorded > 0 => {
                let path = format!("/api/v1/events/test/e-{}", which % recorded);
                assert_eq!(server.delete(&path, &owner).await.status, 204);
            }
            Step::Close(which) => {
                let answer = close(&server, &owner, months[which]).await;
                if let std::collections::btree_map::Entry::Vacant(free) = closed.entry(which) {
                    let id = id_of(&answer);
                    let bytes = server.get(&format!("/api/v1/closings/{id}/statement"), &owner).await.bytes;
                    free.insert((id, bytes));
                } else {
                    assert_eq!(answer.status, 409);
                }
            }
            Step::Reopen(which) => {
                if let Some((id, _)) = closed.remove(&which) {
                    assert_eq!(server.delete(&format!("/api/v1/closings/{id}"), &owner).await.status, 204);
                }
            }
            Step::Void(_) => {}
        }
    }
    for (which, (id, bytes)) in &closed {
        check(&server, &owner, months[*which], id, bytes).await;
    }
}

async fn record(
    server: &Server,
    owner: &str,
    n: usize,
    (hours, place, cost, model): (i64, usize, i64, bool),
) {
    let time_ms = SEPTEMBER_MS + hours * HOUR_MS - 1;
    let mut event = event(&format!("e-{n}"));
    event["time"] = json!(meterwire_core::period::rfc3339(time_ms));
    event["project"] = json!(["a", "b", "c", "d"][place]);
    event["department"] = json!(["x", "y", "x", "z"][place]);
    if place == 3 {
        event.as_object_mut().unwrap().remove("department");
    }
    event["cost_usd"] = json!(CostNanos(cost).to_string());
    if model {
        // Without a price, and none given.
        event["model"] = json!("nobody-knows-it");
        event.as_object_mut().unwrap().remove("cost_usd");
    }
    server.record(owner, &event).await;
}

/// Sums by project and by model and of the whole, from the statement and its adjustment, against what the page shows.
async fn check(server: &Server, owner: &str, month: &str, id: &str, bytes: &[u8]) {
    let statement = server.get(&format!("/api/v1/closings/{id}/statement"), owner).await;
    assert_eq!(statement.bytes, bytes, "a statement has changed");
    let adjusted = server.get(&format!("/api/v1/closings/{id}/adjustment"), owner).await;
    let closing = &adjusted.json["closing"];
    let (from, to) = (closing["from"].as_str().unwrap(), closing["to"].as_str().unwrap());
    for by in ["project", "model", "department"] {
        let mut sums: BTreeMap<Option<String>, (i64, i64, i64)> = BTreeMap::new();
        let mut add = |row: &Value, sums_of: &Value| {
            let entry = sums.entry(row[by].as_str().map(str::to_owned)).or_default();
            entry.0 += sums_of["calls"].as_i64().unwrap();
            entry.1 += CostNanos::parse_usd(sums_of["cost_usd"].as_str().unwrap()).unwrap().0;
            entry.2 += sums_of["unpriced_calls"].as_i64().unwrap();
        };
        for row in statement.json["rows"].as_array().unwrap() {
            add(row, row);
        }
        for row in adjusted.json["rows"].as_array().unwrap() {
            add(row, &row["adjustment"]);
        }
        sums.retain(|_, sums| *sums != (0, 0, 0));
        let path =
            format!("/api/v1/usage/query?from={from}&to={to}&group_by={by}&metrics=calls,cost&top=100");
        let page = server.get(&path, owner).await;
        let mut shown = BTreeMap::new();
        for group in page.json["groups"].as_array().unwrap() {
            let total = &group["total"];
            let nanos = CostNanos::parse_usd(total["cost_usd"].as_str().unwrap()).unwrap().0;
            let values = (total["calls"].as_i64().unwrap(), nanos, total["unpriced_calls"].as_i64().unwrap());
            shown.insert(group["key"][0].as_str().map(str::to_owned), values);
        }
        assert_eq!(sums, shown, "{month} by {by}: {}", page.json);
    }
    // The changes, event by event, come to the adjustment.
    let changes = server.get(&format!("/api/v1/closings/{id}/changes?limit=500"), owner).await;
    let mut listed = 0;
    for change in changes.json["items"].as_array().unwrap() {
        listed += CostNanos::parse_usd(change["adjustment"]["cost_usd"].as_str().unwrap()).unwrap().0;
    }
    assert_eq!(CostNanos(listed).to_string(), adjusted.json["adjustment"]["cost_usd"], "{month}");
    assert_eq!(CostNanos(listed).to_string(), closing["since"]["cost_usd"]);
}
