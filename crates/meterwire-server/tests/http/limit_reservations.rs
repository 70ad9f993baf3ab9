//! Reservations over HTTP: held, then committed, released or expired; money; events that are recorded with them.

use crate::harness::{Answer, NOW_MS, Server, event};
use crate::limits::{shown, stands, with_member};
use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

const PATH: &str = "/api/usage/reservations";

async fn hold(server: &Server, token: &str, body: Value) -> Answer {
    server.post(PATH, token, &body).await
}

/// A reservation of compute hours that must be granted; its id.
async fn held(server: &Server, token: &str, amount: f64) -> String {
    let made = hold(server, token, json!({ "metric": "compute_hours", "amount": amount })).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["id"].as_str().unwrap().to_owned()
}

async fn commit(server: &Server, token: &str, id: &str, body: Value) -> Answer {
    server.post(&format!("{PATH}/{id}/commit"), token, &body).await
}

/// The answer with the id, which is another every time, replaced.
fn without_id(mut answer: Answer) -> Value {
    let id: uuid::Uuid = answer.json["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
    answer.json["id"] = json!("<id>");
    shown(&answer)
}

async fn hours(server: &Server, token: &str) -> [String; 2] {
    stands(server, token, "u-42", "compute_hours").await
}

#[tokio::test]
async fn a_hold_counts_until_it_is_settled_with_what_was_used() {
    let (server, owner, member) = with_member().await;
    let body = json!({ "metric": "compute_hours", "amount": 2, "ttl_seconds": 600 });
    assert_json_snapshot!("held", without_id(hold(&server, &member, body).await));
    let id = held(&server, &member, 8.0).await;
    assert_json_snapshot!(
        "hold_refused",
        shown(&hold(&server, &member, json!({ "metric": "compute_hours" })).await)
    );
    let little = json!({ "metric": "compute_hours", "amount": 0.001 });
    assert_eq!(server.post("/api/usage/consume", &member, &little).await.status, 429, "holds count");
    server.clock.set(NOW_MS + 90_000);
    assert_json_snapshot!(
        "committed_with_less",
        without_id(commit(&server, &member, &id, json!({ "amount": 1.5 })).await)
    );
    assert_eq!(hours(&server, &member).await, ["3.5", "2"]);
    let read = server.get(&format!("{PATH}/{id}"), &owner).await;
    assert_json_snapshot!("read_after_its_commit", without_id(read));
}

#[tokio::test]
async fn more_than_was_held_is_recorded_all_the_same() {
    let (server, _, member) = with_member().await;
    let id = held(&server, &member, 2.0).await;
    let over = commit(&server, &member, &id, json!({ "amount": "12.5" })).await;
    assert_json_snapshot!("committed_with_more", without_id(over));
    assert_eq!(hours(&server, &member).await, ["12.5", "0"]);
}

#[tokio::test]
async fn a_commit_without_an_amount_records_what_was_held() {
    let (server, _, member) = with_member().await;
    let id = held(&server, &member, 2.0).await;
    assert_eq!(commit(&server, &member, &id, json!({})).await.json["committed_amount"], 2);
    // As curl -X POST sends it: no body at all.
    let id = held(&server, &member, 3.0).await;
    let call = server.call(Method::POST, &format!("{PATH}/{id}/commit")).token(&member);
    assert_eq!(call.send().await.json["committed_amount"], 3);
    let id = held(&server, &member, 1.0).await;
    let nothing = commit(&server, &member, &id, json!({ "amount": 0 })).await.json;
    assert_eq!((&nothing["committed_amount"], &nothing["over_hold"]), (&json!(0), &json!(false)));
    assert_eq!(hours(&server, &member).await, ["5", "0"]);
}

#[tokio::test]
async fn each_end_happens_once() {
    let (server, _, member) = with_member().await;
    let release = |id: String| {
        let (server, member) = (&server, &member);
        async move { server.delete(&format!("{PATH}/{id}"), member).await }
    };
    let id = held(&server, &member, 4.0).await;
    let first = commit(&server, &member, &id, json!({ "amount": 1 })).await;
    for same in [json!({ "amount": 1 }), json!({ "amount": "1.000" })] {
        assert_eq!(commit(&server, &member, &id, same).await.bytes, first.bytes);
    }
    for other in [json!({ "amount": 2 }), json!({})] {
        assert_eq!(commit(&server, &member, &id, other).await.refusal(), (409, "conflict", ""));
    }
    assert_eq!(release(id).await.refusal(), (409, "conflict", ""));

    let id = held(&server, &member, 4.0).await;
    let first = release(id.clone()).await;
    assert_eq!((first.status.as_u16(), &first.json["status"]), (200, &json!("released")));
    assert_eq!(release(id.clone()).await.bytes, first.bytes);
    assert_eq!(commit(&server, &member, &id, json!({})).await.refusal(), (409, "conflict", ""));
    assert_eq!(hours(&server, &member).await, ["1", "0"]);
}

#[tokio::test]
async fn an_expired_hold_gives_itself_back_and_a_late_commit_still_counts() {
    let (server, _, member) = with_member().await;
    let made =
        hold(&server, &member, json!({ "metric": "compute_hours", "amount": 6, "ttl_seconds": 1 })).await;
    let id = made.json["id"].as_str().unwrap();
    assert_eq!(made.json["expires_at"], "2026-11-22T10:30:01Z");
    server.clock.set(NOW_MS + 999);
    assert_eq!(hours(&server, &member).await, ["6", "6"]);
    // No job has to run for it.
    server.clock.set(NOW_MS + 1_000);
    assert_eq!(hours(&server, &member).await, ["0", "0"]);
    let read = server.get(&format!("{PATH}/{id}"), &member).await.json;
    assert_eq!((&read["status"], &read["settled_at"]), (&json!("expired"), &json!("2026-11-22T10:30:01Z")));
    let nine = json!({ "metric": "compute_hours", "amount": 9 });
    assert_eq!(server.post("/api/usage/consume", &member, &nine).await.status, 200);
    let released = server.delete(&format!("{PATH}/{id}"), &member).await;
    assert_eq!(released.json["status"], "expired");
    let late = commit(&server, &member, id, json!({ "amount": 5 })).await;
    assert_json_snapshot!("committed_late", without_id(late));
    assert_eq!(hours(&server, &member).await, ["14", "0"]);
}

#[tokio::test]
async fn the_job_writes_down_what_has_expired() {
    let (server, _, member) = with_member().await;
    held(&server, &member, 6.0).await;
    server.app.run_limit_jobs().await.unwrap();
    assert_eq!(hours(&server, &member).await, ["6", "6"]);
    server.clock.set(NOW_MS + 600_000);
    server.app.run_limit_jobs().await.unwrap();
    // Written down: even a clock that goes back does not hold it again.
    server.clock.set(NOW_MS);
    assert_eq!(hours(&server, &member).await, ["0", "0"]);
}

#[tokio::test]
async fn money_is_held_in_dollars() {
    let (server, owner, member) = with_member().await;
    let body = json!({ "cost_usd": "0.03", "project": "chat", "model": "gpt-4o" });
    // A tenant that does not count money: it is kept, and limits nothing.
    assert_json_snapshot!("money_not_counted", without_id(hold(&server, &member, body.clone()).await));
    server.post("/api/v1/metrics", &owner, &json!({ "name": "cost_usd" })).await;
    server.patch("/api/v1/tiers/free", &owner, &json!({ "limits": { "cost_usd": "0.05" } })).await;
    let made = hold(&server, &member, body.clone()).await;
    let id = made.json["id"].as_str().unwrap().to_owned();
    assert_json_snapshot!("money_held", without_id(made));
    assert_json_snapshot!("money_refused", shown(&hold(&server, &member, body).await));
    let wrong = commit(&server, &member, &id, json!({ "amount": 1 })).await;
    assert_eq!(wrong.refusal(), (422, "invalid_value", "amount"));
    let committed = commit(&server, &member, &id, json!({ "cost_usd": "0.012345678" })).await;
    assert!(String::from_utf8(committed.bytes).unwrap().contains(r#""committed_amount":0.012345678,"#));
    assert_eq!(stands(&server, &member, "u-42", "cost_usd").await, ["0.012345678", "0"]);
    let hours = held(&server, &member, 1.0).await;
    let wrong = commit(&server, &member, &hours, json!({ "cost_usd": 1 })).await;
    assert_eq!(wrong.refusal(), (422, "invalid_value", "cost_usd"));
}

#[tokio::test]
async fn an_event_is_recorded_with_the_commit_and_counts_once() {
    let (server, owner, member) = with_member().await;
    server.post("/api/v1/metrics", &owner, &json!({ "name": "cost_usd" })).await;
    let made = hold(&server, &owner, json!({ "cost_usd": "0.03", "user": "u-42" })).await;
    let id = made.json["id"].as_str().unwrap();
    let mut sent = event("e-1");
    sent["user"] = json!("u-1");
    let other = commit(&server, &owner, id, json!({ "event": sent })).await;
    assert_eq!(other.refusal(), (422, "invalid_value", "event.user"));
    sent["latency_ms"] = json!("fast");
    let bad = commit(&server, &owner, id, json!({ "event": sent })).await;
    assert_eq!(bad.refusal(), (422, "invalid_value", "event.latency_ms"));
    // The event need not name the user of its reservation.
    let mut sent = event("e-1");
    sent.as_object_mut().unwrap().remove("user");
    assert_eq!(
        commit(&server, &member, id, json!({ "event": sent })).await.status,
        403,
        "a member records no events"
    );
    assert_eq!(
        (stands(&server, &owner, "u-42", "cost_usd").await, server.totals(&owner).await.0),
        (["0.03", "0.03"].map(str::to_owned), 0)
    );
    let committed = commit(&server, &owner, id, json!({ "event": sent })).await;
    assert_eq!((committed.status.as_u16(), &committed.json["committed_amount"]), (200, &json!(0.0075)));
    let again = commit(&server, &owner, id, json!({ "event": sent })).await;
    assert_eq!(again.bytes, committed.bytes);
    assert_eq!(server.totals(&owner).await, (1, 1500, "0.0075".to_owned()));
    assert_eq!(stands(&server, &owner, "u-42", "cost_usd").await, ["0.0075", "0"]);
    assert_eq!(stands(&server, &owner, "u-42", "api_calls").await[0], "1", "other metrics count the event");
    // Sent once more by itself it is a duplicate.
    sent["user"] = json!("u-42");
    let alone = server.post("/api/v1/events", &owner, &json!([sent])).await.json;
    assert_eq!(alone["duplicate"], 1);
    assert_eq!(stands(&server, &owner, "u-42", "cost_usd").await[0], "0.0075");
    // Voided, it takes back what it had counted by its reservation.
    assert_eq!(server.delete("/api/v1/events/test/e-1", &owner).await.status, 204);
    assert_eq!(stands(&server, &owner, "u-42", "cost_usd").await[0], "0");
}

#[tokio::test]
async fn a_repeated_key_holds_once() {
    let (server, _, member) = with_member().await;
    let body = json!({ "metric": "compute_hours", "amount": 6, "idempotency_key": "k" });
    let first = hold(&server, &member, body.clone()).await;
    let again = hold(&server, &member, body).await;
    assert_eq!((again.status.as_u16(), &again.bytes), (201, &first.bytes));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let refused = json!({ "metric": "compute_hours", "amount": 5, "idempotency_key": "l" });
    assert_eq!(hold(&server, &member, refused.clone()).await.status, 429);
    assert_eq!(hold(&server, &member, refused).await.headers["idempotent-replayed"], "true");
    for other in [
        json!({ "metric": "compute_hours", "amount": 5, "idempotency_key": "k" }),
        json!({ "metric": "compute_hours", "amount": 6, "ttl_seconds": 60, "idempotency_key": "k" }),
        json!({ "metric": "deployments", "amount": 6, "idempotency_key": "k" }),
    ] {
        assert_eq!(hold(&server, &member, other).await.refusal(), (409, "conflict", ""));
    }
    assert_eq!(hours(&server, &member).await, ["6", "6"]);
}

#[tokio::test]
async fn somebody_elses_reservation_is_not_told_from_one_that_does_not_exist() {
    let (server, owner, member) = with_member().await;
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    let neighbour = server.key("acme", "member", Some("u-1")).await;
    let id = held(&server, &member, 2.0).await;
    for token in [&foreign, &neighbour] {
        for (method, end) in [(Method::GET, ""), (Method::POST, "/commit"), (Method::DELETE, "")] {
            let mut answers = Vec::new();
            for id in
                [id.as_str(), "0190a1b2-0000-7000-8000-000000000000", "no-id", "%00", "'", "%F0%9F%92%A9"]
            {
                let answer =
                    server.call(method.clone(), &format!("{PATH}/{id}{end}")).token(token).send().await;
                assert_eq!(answer.refusal(), (404, "not_found", ""), "{method} {id}");
                answers.push(answer.bytes);
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{method}");
        }
        let with_amount = commit(&server, token, &id, json!({ "amount": 1 })).await;
        let missing = commit(&server, token, "no-id", json!({ "amount": 1 })).await;
        assert_eq!((with_amount.status.as_u16(), with_amount.bytes), (404, missing.bytes));
    }
    // What is no text cannot be looked up.
    for (method, end) in [(Method::GET, ""), (Method::POST, "/commit"), (Method::DELETE, "")] {
        let answer = server.call(method, &format!("{PATH}/%FF{end}")).token(&owner).send().await;
        assert_eq!(answer.refusal(), (400, "malformed", ""));
    }
    assert_eq!(stands(&server, &owner, "u-42", "compute_hours").await, ["2", "2"]);
}
