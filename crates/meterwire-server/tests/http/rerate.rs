//! Rating recorded usage anew: the difference first, then the work, and every number that follows.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event};
use serde_json::{Value, json};

const RERATE: &str = "/api/v1/prices/rerate";

fn november() -> Value {
    json!({ "from": "2026-11-01", "to": "2026-12-01" })
}

/// An event of a model that nobody knows: 1,000 input and 500 output tokens.
fn unknown(id: &str, project: &str) -> Value {
    json!({ "id": id, "source": "test", "provider": "house", "model": "llm-1", "project": project, "user": "u-1",
        "usage": { "input_tokens": 1000, "output_tokens": 500 } })
}

fn price(model: &str, input: &str) -> Value {
    let provider = if model == "llm-1" { "house" } else { "openai" };
    json!({ "provider": provider, "model": model, "input": input, "output": "0" })
}

async fn set_price(server: &Server, owner: &str, model: &str, input: &str) -> String {
    let made = server.post("/api/v1/prices", owner, &price(model, input)).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

async fn shown(server: &Server, owner: &str, wish: &Value) -> Value {
    let answer = server.post(RERATE, owner, wish).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn with_basis(wish: &Value, basis: &Value) -> Value {
    let mut wish = wish.clone();
    wish["dry_run"] = json!(false);
    wish["basis"] = basis.clone();
    wish
}

async fn begin(server: &Server, owner: &str, wish: &Value) -> Answer {
    let difference = shown(server, owner, wish).await;
    server.post(RERATE, owner, &with_basis(wish, &difference["basis"])).await
}

async fn run(server: &Server) {
    while server.app.run_rerating_jobs().await.unwrap() {}
}

/// Begins and does all of it; answers what became of it.
async fn done(server: &Server, owner: &str, wish: &Value) -> Value {
    let begun = begin(server, owner, wish).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(begun.json["state"], "running");
    run(server).await;
    let read =
        server.get(&format!("/api/v1/prices/rerates/{}", begun.json["id"].as_str().unwrap()), owner).await;
    assert_eq!(read.json["state"], "done", "{read:?}");
    read.json
}

#[tokio::test]
async fn the_difference_is_shown_first_and_then_it_is_what_happens() {
    let (server, owner) = Server::with_acme().await;
    let mut given = unknown("given", "chat");
    given["cost_usd"] = json!("5");
    server
        .record(&owner, &json!([event("a"), event("b"), unknown("x", "chat"), unknown("y", "other"), given]))
        .await;
    assert_eq!(server.totals(&owner).await.2, "5.015");
    set_price(&server, &owner, "llm-1", "2").await;
    set_price(&server, &owner, "gpt-4o", "1").await;
    let budget = json!({ "name": "chat", "amount_usd": "100", "scope": { "project": "chat" } });
    let budget = server.post("/api/v1/budgets", &owner, &budget).await.json;
    let nobodys = json!({ "name": "nobody", "amount_usd": "100", "scope": { "project": "never" } });
    server.post("/api/v1/budgets", &owner, &nobodys).await;

    let difference = shown(&server, &owner, &november()).await;
    let sums = ["events", "changed", "given", "unpriced_before", "unpriced_after"];
    assert_eq!(sums.map(|name| difference[name].as_i64().unwrap()), [4, 4, 1, 2, 0]);
    let money = ["cost_before", "cost_after", "difference"];
    assert_eq!(money.map(|name| difference[name].as_str().unwrap()), ["0.015", "0.006", "-0.009"]);
    let rows: Vec<_> = difference["by_model"].as_array().unwrap().iter().collect();
    let of = |row: &Value| [row["model"].clone(), row["difference"].clone(), row["changed"].clone()];
    assert_eq!(of(rows[0]), [json!("gpt-4o"), json!("-0.013"), json!(2)]);
    assert_eq!(of(rows[1]), [json!("llm-1"), json!("0.004"), json!(2)]);
    assert_eq!(difference["closings"], json!([]));
    let budgets = server.get("/api/v1/budgets", &owner).await.json;
    let default = budgets["items"][0]["id"].as_str().unwrap();
    let mut touched = vec![default, budget["id"].as_str().unwrap()];
    touched.sort_unstable();
    assert_eq!(difference["budgets"], json!(touched));
    assert_eq!(server.totals(&owner).await.2, "5.015", "nothing was changed yet");

    let job = done(&server, &owner, &november()).await;
    let told =
        ["done", "total", "changed", "difference", "unpriced_difference"].map(|name| job[name].clone());
    assert_eq!(told, [json!(4), json!(4), json!(4), json!("-0.009"), json!(-2)]);
    assert_eq!(job["expected"]["cost_after"], "0.006");
    assert_eq!(server.totals(&owner).await.2, "5.006");
    let summed = server.get("/api/v1/usage/query?range=7d&group_by=model", &owner).await.json;
    assert_eq!(summed["total"]["unpriced_calls"], 0, "{summed}");
    let spent = server.get(&format!("/api/v1/budgets/{}", budget["id"].as_str().unwrap()), &owner).await;
    assert_eq!(spent.json["current"]["spent_usd"], "5.004");
    let log = server.get("/api/v1/audit", &owner).await.json;
    let entries: Vec<_> = log["items"].as_array().unwrap().iter().take(2).collect();
    assert_eq!(entries[0]["action"], "prices.rerate.done");
    assert_eq!(entries[1]["action"], "prices.rerate");
    for entry in entries {
        let target = entry["target"].as_str().unwrap();
        assert!(
            target.starts_with(job["id"].as_str().unwrap()) && target.ends_with("4 of 4 events, -0.009 USD"),
            "{target}"
        );
    }
    // Once more there is nothing to do.
    let again = shown(&server, &owner, &november()).await;
    assert_eq!((&again["changed"], &again["difference"]), (&json!(0), &json!("0")));
}

#[tokio::test]
async fn a_receipt_tells_what_it_cost_before() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("a"), unknown("x", "chat")])).await;
    set_price(&server, &owner, "llm-1", "2").await;
    let id = set_price(&server, &owner, "gpt-4o", "1").await;
    let first = done(&server, &owner, &november()).await;
    let path = format!("/api/v1/prices/{id}");
    assert_eq!(server.put(&path, &owner, &price("gpt-4o", "3")).await.status, 200);
    let second = done(&server, &owner, &november()).await;
    let receipt = server.get("/api/v1/events/test/a", &owner).await.json;
    assert_eq!((&receipt["basis"], &receipt["cost_usd"]), (&json!("priced"), &json!("0.003")));
    let past = receipt["rated_before"].as_array().unwrap();
    let told = |past: &Value| [past["cost_usd"].clone(), past["rerate"].clone()];
    assert_eq!(told(&past[0]), [json!("0.0075"), first["id"].clone()]);
    assert_eq!(told(&past[1]), [json!("0.001"), second["id"].clone()]);
    assert_eq!(past[1]["price"], format!("override/{id}"));
    assert!(past[0]["price"].as_str().unwrap().starts_with("openai/gpt-4o@"), "{past:?}");
    assert!(past[0]["by"].as_str().unwrap().starts_with("key:mw_"), "{past:?}");
    let sentence = receipt["explanation"].as_str().unwrap();
    assert!(sentence.contains("; rated anew on 2026-11-22T10:30:00Z by key:mw_"), "{sentence}");
    assert!(sentence.ends_with("before that it cost 0.001 USD"), "{sentence}");
    let receipt = server.get("/api/v1/events/test/x", &owner).await.json;
    assert_eq!(
        (&receipt["cost_usd"], &receipt["rated_before"][0]["cost_usd"]),
        (&json!("0.002"), &Value::Null)
    );
    assert!(receipt["explanation"].as_str().unwrap().ends_with("before that it had no price"));
}

#[tokio::test]
async fn it_begins_only_by_what_was_shown() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("a"), event("b"), unknown("x", "chat")])).await;
    let id = set_price(&server, &owner, "gpt-4o", "1").await;
    let basis = shown(&server, &owner, &november()).await["basis"].clone();
    // Prices have changed.
    server.put(&format!("/api/v1/prices/{id}"), &owner, &price("gpt-4o", "2")).await;
    let refused = server.post(RERATE, &owner, &with_basis(&november(), &basis)).await;
    assert_eq!(refused.refusal(), (409, "rerate_changed", ""), "{refused:?}");
    let now = &refused.json["detail"]["difference"];
    assert_eq!((&now["cost_after"], &now["changed"]), (&json!("0.004"), &json!(2)));
    let basis = now["basis"].clone();
    // An event is gone.
    server.delete("/api/v1/events/test/b", &owner).await;
    let refused = server.post(RERATE, &owner, &with_basis(&november(), &basis)).await;
    assert_eq!(refused.refusal().1, "rerate_changed");
    let now = &refused.json["detail"]["difference"];
    assert_eq!((&now["cost_after"], &now["changed"]), (&json!("0.002"), &json!(1)));
    let basis = now["basis"].clone();
    // Of other events.
    let mut other = with_basis(&november(), &basis);
    other["model"] = json!("gpt-4o");
    let refused = server.post(RERATE, &owner, &other).await;
    assert_eq!(refused.refusal().1, "rerate_changed", "{refused:?}");
    // A price of another model, and what came since, are no reason.
    set_price(&server, &owner, "o3", "9").await;
    server.record(&owner, &json!([event("c")])).await;
    let begun = server.post(RERATE, &owner, &with_basis(&november(), &basis)).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    // By the prices of the basis, whatever becomes of them.
    server.delete(&format!("/api/v1/prices/{id}"), &owner).await;
    let second = server.post(RERATE, &owner, &with_basis(&november(), &basis)).await;
    assert_eq!(second.status, 409, "{second:?}");
    run(&server).await;
    let cost = async |id: &str| {
        server.get(&format!("/api/v1/events/test/{id}"), &owner).await.json["cost_usd"].clone()
    };
    assert_eq!((cost("a").await, cost("c").await), (json!("0.002"), json!("0.002")));
    let job = server.get("/api/v1/prices/rerates", &owner).await.json["items"][0].clone();
    assert_eq!(
        (&job["state"], &job["changed"], &job["difference"]),
        (&json!("done"), &json!(1), &json!("-0.0055"))
    );
}

#[tokio::test]
async fn one_at_a_time_and_only_for_owners() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("a")])).await;
    set_price(&server, &owner, "gpt-4o", "1").await;
    let begun = begin(&server, &owner, &november()).await;
    let second = begin(&server, &owner, &november()).await;
    assert_eq!((second.refusal().0, second.refusal().1), (409, "conflict"), "{second:?}");
    // Another tenant is not held up.
    server.tenant("globex").await;
    let other = server.key("globex", "owner", None).await;
    assert_eq!(begin(&server, &other, &november()).await.status, 202);
    let path = format!("/api/v1/prices/rerates/{}", begun.json["id"].as_str().unwrap());
    assert_eq!(server.get(&path, &other).await.status, 404);
    assert_eq!(server.get(&format!("{path}?tenant=acme"), ADMIN).await.json["state"], "running");
    for (role, reads) in [("viewer", 200), ("member", 403), ("ingest", 403)] {
        let token = server.key("acme", role, Some("u-1")).await;
        assert_eq!(server.post(RERATE, &token, &november()).await.status, 403, "{role}");
        let wish = with_basis(&november(), &json!("1-00"));
        assert_eq!(server.post(RERATE, &token, &wish).await.status, 403, "{role}");
        assert_eq!(server.get(&path, &token).await.status, reads, "{role}");
    }
    run(&server).await;
    assert_eq!(server.get(&path, &owner).await.json["state"], "done");
    assert_eq!(server.get("/api/v1/prices/rerates", &other).await.json["items"][0]["total"], 0);
}

#[tokio::test]
async fn wishes_that_make_no_sense_name_their_field() {
    let (server, owner) = Server::with_acme().await;
    let refused = async |change: Value| {
        let mut wish = november();
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = server.post(RERATE, &owner, &wish).await;
        assert_eq!(answer.status, 422, "{change}: {answer:?}");
        answer.json["detail"]["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(json!({ "only": "priced" })).await, "only");
    assert_eq!(refused(json!({ "from": "yesterday" })).await, "from");
    assert_eq!(refused(json!({ "to": "2026-10-01" })).await, "to");
    assert_eq!(refused(json!({ "tz": "Mars/Olympus" })).await, "tz");
    assert_eq!(refused(json!({ "basis": "1-00" })).await, "basis");
    assert_eq!(refused(json!({ "dry_run": false })).await, "basis");
    for basis in ["", "x", "-1-00", "99999999999999999999-00", &"9".repeat(500)] {
        assert_eq!(refused(json!({ "dry_run": false, "basis": basis })).await, "basis", "{basis}");
    }
    assert_eq!(refused(json!({ "model_name": "x" })).await, "model_name");
    assert_eq!(server.get("/api/v1/prices/rerates", &owner).await.json["items"], json!([]));
}

#[tokio::test]
async fn only_what_is_asked_for_is_rated_anew() {
    let (server, owner) = Server::with_acme().await;
    let mut early = event("early");
    early["time"] = json!("2026-10-31T23:30:00Z");
    server.record(&owner, &json!([event("a"), unknown("x", "chat"), early])).await;
    set_price(&server, &owner, "llm-1", "2").await;
    set_price(&server, &owner, "gpt-4o", "1").await;
    let counted = async |change: Value| {
        let mut wish = november();
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let shown = shown(&server, &owner, &wish).await;
        (shown["events"].as_i64().unwrap(), shown["cost_after"].as_str().unwrap().to_owned())
    };
    assert_eq!(counted(json!({})).await, (2, "0.003".to_owned()));
    assert_eq!(counted(json!({ "only": "unpriced" })).await, (1, "0.002".to_owned()));
    assert_eq!(counted(json!({ "model": "gpt-4o" })).await, (1, "0.001".to_owned()));
    assert_eq!(counted(json!({ "provider": "OpenAI" })).await, (1, "0.001".to_owned()));
    assert_eq!(counted(json!({ "provider": "nobody" })).await, (0, "0".to_owned()));
    assert_eq!(counted(json!({ "tz": "Europe/Berlin" })).await, (3, "0.004".to_owned()));
    assert_eq!(counted(json!({ "from": "2026-11-22T10:31:00Z" })).await, (0, "0".to_owned()));
}

#[tokio::test]
async fn a_closed_month_gets_an_adjustment() {
    let (server, owner) = Server::with_acme().await;
    let at = |mut event: Value, time: &str| {
        event["time"] = json!(time);
        event
    };
    server
        .record(
            &owner,
            &json!([
                at(event("a"), "2026-10-05T10:00:00Z"),
                at(event("b"), "2026-10-05T10:01:00Z"),
                at(event("c"), "2026-10-09T10:00:00Z"),
                at(event("d"), "2026-11-01T00:00:00Z"),
            ]),
        )
        .await;
    let closing = server.post("/api/v1/closings", &owner, &json!({ "month": "2026-10" })).await.json;
    let id = closing["id"].as_str().unwrap();
    set_price(&server, &owner, "gpt-4o", "1").await;
    let wish = json!({ "from": "2026-10-01", "to": "2026-12-01" });
    assert_eq!(shown(&server, &owner, &wish).await["closings"], json!(["2026-10"]));
    done(&server, &owner, &wish).await;
    let adjustment = server.get(&format!("/api/v1/closings/{id}/adjustment"), &owner).await.json;
    let sums = |part: &str| adjustment[part]["cost_usd"].as_str().unwrap();
    assert_eq!((sums("statement"), sums("adjustment"), sums("today")), ("0.0225", "-0.0195", "0.003"));
    let changes = server.get(&format!("/api/v1/closings/{id}/changes"), &owner).await.json;
    let changes: Vec<_> = changes["items"].as_array().unwrap().iter().collect();
    let told = |change: &Value| {
        let adjustment = &change["adjustment"];
        [
            change["kind"].clone(),
            change["time"].clone(),
            adjustment["calls"].clone(),
            adjustment["cost_usd"].clone(),
        ]
    };
    // One for a quarter of an hour and group.
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(
        told(changes[0]),
        [json!("rerated"), json!("2026-10-05T10:00:00Z"), json!(0), json!("-0.013")]
    );
    assert_eq!(changes[0]["id"], Value::Null);
    assert_eq!(server.data.findings().await, [""; 0]);
}

#[tokio::test]
async fn a_budget_that_passes_its_threshold_by_it_tells_once() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([unknown("x", "chat"), unknown("y", "chat")])).await;
    let budget = json!({ "name": "chat", "amount_usd": "0.003", "scope": { "project": "chat" }, "thresholds": [0.5, 1.0] });
    assert_eq!(server.post("/api/v1/budgets", &owner, &budget).await.status, 201);
    let alerts = async || {
        let listed = server.get("/api/v1/alerts", &owner).await.json;
        let of_budgets = |alert: &&Value| alert["kind"] == "budget_threshold";
        listed["items"].as_array().unwrap().iter().filter(of_budgets).count()
    };
    assert_eq!(alerts().await, 0);
    let id = set_price(&server, &owner, "llm-1", "1").await;
    done(&server, &owner, &november()).await;
    assert_eq!(alerts().await, 1);
    for input in ["2", "1", "2"] {
        server.put(&format!("/api/v1/prices/{id}"), &owner, &price("llm-1", input)).await;
        done(&server, &owner, &november()).await;
    }
    assert_eq!(alerts().await, 2);
}

#[tokio::test]
async fn money_that_events_name_or_reservations_settled_stays_with_the_budgets() {
    let (server, owner) = Server::with_acme().await;
    let mut names = event("names");
    names["metrics"] = json!({ "cost_usd": "2" });
    server.record(&owner, &json!([names])).await;
    let held = json!({ "cost_usd": "1", "user": "u-1", "project": "chat" });
    let held = server.post("/api/usage/reservations", &owner, &held).await.json;
    let path = format!("/api/usage/reservations/{}/commit", held["id"].as_str().unwrap());
    let settled = server.post(&path, &owner, &json!({ "event": event("settled") })).await;
    assert_eq!(settled.status, 200, "{settled:?}");
    let spent =
        async || server.get("/api/v1/budgets", &owner).await.json["items"][0]["current"]["spent_usd"].clone();
    let before = spent().await;
    assert_eq!(before, "2.0075");
    set_price(&server, &owner, "gpt-4o", "1").await;
    let difference = shown(&server, &owner, &november()).await;
    assert_eq!(difference["changed"], 2);
    done(&server, &owner, &november()).await;
    assert_eq!(server.totals(&owner).await.2, "0.002");
    assert_eq!(spent().await, before);
    assert_eq!(server.data.findings().await, [""; 0]);
}

#[tokio::test]
async fn events_that_are_gone_for_their_age_are_refused_and_hold_nothing_up() {
    let (server, owner) = Server::with_acme().await;
    let mut old = event("old");
    old["time"] = json!("2026-09-01T10:00:00Z");
    server.record(&owner, &json!([old, event("new")])).await;
    set_price(&server, &owner, "gpt-4o", "1").await;
    let wish = json!({ "from": "2026-08-01", "to": "2026-12-01" });
    let begun = begin(&server, &owner, &wish).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    // They go while it goes on.
    server.patch("/api/v1/tenants/acme", ADMIN, &json!({ "retention_days": 40 })).await;
    server.clock.set(NOW_MS + 36 * 86_400_000);
    server.record(&owner, &json!([event("newest")])).await;
    while server.app.run_retention_jobs().await.unwrap() {}
    run(&server).await;
    let job = server.get("/api/v1/prices/rerates", &owner).await.json["items"][0].clone();
    assert_eq!(
        (&job["state"], &job["done"], &job["changed"]),
        (&json!("done"), &json!(1), &json!(1)),
        "{job}"
    );
    let refused = server.post(RERATE, &owner, &wish).await;
    assert_eq!(refused.refusal().1, "beyond_retention", "{refused:?}");
    assert!(!server.data.rerates().await.unwrap());
    assert_eq!(server.data.findings().await, [""; 0]);
}
