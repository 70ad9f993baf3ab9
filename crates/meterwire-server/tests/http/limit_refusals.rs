//! What is not a decision is refused by its field, in words of JSON, and changes nothing.

use crate::harness::{ADMIN, Answer, Server};
use crate::limits::with_member;
use axum::http::Method;
use serde_json::{Value, json};

const VERBS: [&str; 3] = ["/api/usage/check-limit", "/api/usage/increment", "/api/usage/consume"];
const HOLD: &str = "/api/usage/reservations";

async fn send(server: &Server, path: &str, token: &str, body: &str) -> Answer {
    server.call(Method::POST, path).token(token).body("application/json", body).send().await
}

/// Everything that the tenant counts, holds and knows of its users.
async fn everything(server: &Server, owner: &str) -> Value {
    let day = server.get("/api/usage/admin/history?days=1", owner).await.json;
    let near = server.get("/api/usage/admin/near-limits?threshold=0", owner).await.json;
    let users = server.get("/api/v1/users", owner).await.json;
    json!([day, near, users])
}

/// A refusal must be in the contract's form and name no type of ours.
fn assert_plain(answer: &Answer, context: &str) {
    let text = String::from_utf8_lossy(&answer.bytes);
    for ours in ["struct", "FromApi", "u32", "u64", "i64", "variant", " line ", "Option", "serde", "RawValue"]
    {
        assert!(!text.contains(ours), "{context}: {text}");
    }
    assert!(answer.json["detail"]["message"].is_string(), "{context}: {text}");
    assert!(text.len() < 1_000, "{context}: what was sent is not sent back");
}

#[tokio::test]
async fn wrong_values_are_refused_by_their_field() {
    let (server, owner, member) = with_member().await;
    let before = everything(&server, &owner).await;
    let everywhere = [
        (r#"{"metric":"gpus"}"#, "metric"),
        (r#"{"metric":"Deployments"}"#, "metric"),
        (r#"{"metric":""}"#, "metric"),
        (r#"{"metric":5}"#, "metric"),
        (r"{}", "metric"),
        (r#"{"amount":1}"#, "metric"),
        (r#"{"metric":"deployments","amount":-1}"#, "amount"),
        (r#"{"metric":"deployments","amount":"-0.000001"}"#, "amount"),
        (r#"{"metric":"deployments","amount":1000000000000.000001}"#, "amount"),
        (r#"{"metric":"deployments","amount":1e400}"#, "amount"),
        (r#"{"metric":"deployments","amount":"NaN"}"#, "amount"),
        (r#"{"metric":"deployments","amount":"0.0000001"}"#, "amount"),
        (r#"{"metric":"deployments","amount":{"n":1}}"#, "amount"),
        (r#"{"metric":"deployments","units":1}"#, "units"),
        (r#"{"metric":"deployments","metric":"storage"}"#, "metric"),
        (r#"{"metric":"deployments","user":""}"#, "user"),
        (r#"{"metric":"deployments","user":7}"#, "user"),
        (r#"{"metric":"deployments","user":"a\u0000b"}"#, "user"),
        ("5", "body"),
        ("null", "body"),
        (r#""deployments""#, "body"),
    ];
    for path in [VERBS[0], VERBS[1], VERBS[2], HOLD] {
        for (body, field) in everywhere {
            let answer = send(&server, path, &owner, &with_user(body)).await;
            assert_eq!(answer.refusal(), (422, "invalid_value", field), "{path} {body}: {answer:?}");
            assert_plain(&answer, body);
        }
        let long = json!({ "metric": "deployments", "user": "u".repeat(60_000) }).to_string();
        assert_plain(&send(&server, path, &owner, &long).await, "a long user");
    }
    let known = send(&server, VERBS[2], &member, r#"{"metric":"gpus"}"#).await;
    assert_eq!(
        known.json["detail"]["message"],
        "there is no metric gpus; known are api_calls, compute_hours, deployments, storage"
    );
    assert_eq!(everything(&server, &owner).await, before);
}

/// The body with a user, where it is an object that names none.
fn with_user(body: &str) -> String {
    match body.strip_prefix('{') {
        Some(rest) if !body.contains("user") => {
            format!(r#"{{"user":"u-42"{}{rest}"#, if rest == "}" { "" } else { "," })
        }
        _ => body.to_owned(),
    }
}

#[tokio::test]
async fn several_metrics_and_keys_have_their_bounds() {
    let (server, owner, _) = with_member().await;
    let before = everything(&server, &owner).await;
    let many: Vec<String> = (0..33).map(|n| format!(r#""m_{n}":1"#)).collect();
    let many = format!(r#"{{"metrics":{{{}}}}}"#, many.join(","));
    let long_key = format!(r#"{{"metric":"deployments","idempotency_key":"{}"}}"#, "k".repeat(257));
    let cases = [
        (r#"{"metric":"deployments","metrics":{"storage":1}}"#, "metrics"),
        (r#"{"metrics":{}}"#, "metrics"),
        (r#"{"metrics":[]}"#, "metrics"),
        (r#"{"metrics":{"storage":1},"amount":1}"#, "amount"),
        (r#"{"metrics":{"storage":"x"}}"#, "metrics.storage"),
        (r#"{"metrics":{"storage":1,"storage":2}}"#, "metrics"),
        (r#"{"metrics":{"deployments":1,"gpus":1}}"#, "metrics"),
        (r#"{"metrics":{"api_calls":1,"deployments":-1}}"#, "metrics"),
        (many.as_str(), "metrics"),
        (r#"{"metric":"deployments","idempotency_key":""}"#, "idempotency_key"),
        (r#"{"metric":"deployments","idempotency_key":7}"#, "idempotency_key"),
        (long_key.as_str(), "idempotency_key"),
    ];
    for path in &VERBS[1..] {
        for (body, field) in cases {
            let answer = send(&server, path, &owner, &with_user(body)).await;
            assert_eq!(answer.refusal(), (422, "invalid_value", field), "{path} {body}: {answer:?}");
            assert_plain(&answer, body);
        }
    }
    assert_eq!(everything(&server, &owner).await, before);
    let longest =
        format!(r#"{{"metric":"deployments","user":"u-42","idempotency_key":"{}"}}"#, "k".repeat(256));
    assert_eq!(send(&server, VERBS[2], &owner, &longest).await.status, 200);
}

#[tokio::test]
async fn reservations_and_commits_have_their_bounds() {
    let (server, owner, _) = with_member().await;
    let before = everything(&server, &owner).await;
    let cases = [
        (r#"{"metric":"deployments","ttl_seconds":0}"#, "ttl_seconds"),
        (r#"{"metric":"deployments","ttl_seconds":86401}"#, "ttl_seconds"),
        (r#"{"metric":"deployments","ttl_seconds":-1}"#, "ttl_seconds"),
        (r#"{"metric":"deployments","ttl_seconds":1.5}"#, "ttl_seconds"),
        (r#"{"metric":"deployments","ttl_seconds":"600"}"#, "ttl_seconds"),
        (r#"{"metric":"deployments","cost_usd":1}"#, "cost_usd"),
        (r#"{"cost_usd":"0.03","amount":1}"#, "amount"),
        (r#"{"cost_usd":"-0.03"}"#, "cost_usd"),
        (r#"{"cost_usd":"0.0000000001"}"#, "cost_usd"),
        (r#"{"cost_usd":1000000001}"#, "cost_usd"),
        (r#"{"cost_usd":"1","model":""}"#, "model"),
        (r#"{"cost_usd":"1","project":"a\nb"}"#, "project"),
        (r#"{"metric":"deployments","idempotency_key":""}"#, "idempotency_key"),
        (r#"{"metrics":{"deployments":1}}"#, "metrics"),
        (r#"[{"metric":"deployments"}]"#, "body"),
    ];
    for (body, field) in cases {
        let answer = send(&server, HOLD, &owner, &with_user(body)).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{body}: {answer:?}");
        assert_plain(&answer, body);
    }
    assert_eq!(everything(&server, &owner).await, before);
    for ttl_seconds in [1, 86_400] {
        let body = json!({ "metric": "deployments", "user": "u-42", "ttl_seconds": ttl_seconds });
        assert_eq!(server.post(HOLD, &owner, &body).await.status, 201);
    }
    let held = server.post(HOLD, &owner, &json!({ "metric": "compute_hours", "user": "u-42" })).await;
    let commit = format!("{HOLD}/{}/commit", held.json["id"].as_str().unwrap());
    let before = everything(&server, &owner).await;
    let cases = [
        (r#"{"amount":-1}"#, "amount"),
        (r#"{"amount":"one"}"#, "amount"),
        (r#"{"amount":1000000000001}"#, "amount"),
        (r#"{"amount":1,"cost_usd":1}"#, "amount"),
        (r#"{"cost_usd":1}"#, "cost_usd"),
        (r#"{"hours":1}"#, "hours"),
        (r#"{"event":5}"#, "event"),
        (r#"{"event":["an-id"]}"#, "event"),
        (r#"{"event":{"tenant":"globex"}}"#, "event.tenant"),
        (r#"{"event":{"status":99}}"#, "event.status"),
        (r#"{"event":{"time":"2026-11-22T11:00:00Z"}}"#, "event.time"),
        (r"[]", "body"),
    ];
    for (body, field) in cases {
        let answer = send(&server, &commit, &owner, body).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", field), "{body}: {answer:?}");
        assert_plain(&answer, body);
    }
    assert_eq!(everything(&server, &owner).await, before);
}

#[tokio::test]
async fn bodies_are_bounded_and_must_be_json() {
    let (server, owner, _) = with_member().await;
    let before = everything(&server, &owner).await;
    let entry = r#"{"metric":"deployments","amount":0.001,"user":"u-42"}"#;
    let too_many = format!("[{}]", vec![entry; 10_001].join(","));
    let huge = " ".repeat(17 * 1024 * 1024);
    let ints = format!("[{}]", vec!["1"; 5_000_000].join(","));
    for path in &VERBS[1..] {
        assert_eq!(send(&server, path, &owner, "[]").await.refusal(), (422, "invalid_value", "body"));
        for body in [&too_many, &huge, &ints] {
            assert_eq!(send(&server, path, &owner, body).await.refusal(), (413, "too_large", ""));
        }
    }
    assert_eq!(send(&server, VERBS[0], &owner, &huge).await.refusal(), (413, "too_large", ""));
    assert_eq!(send(&server, HOLD, &owner, &huge).await.refusal(), (413, "too_large", ""));
    for path in [VERBS[0], VERBS[1], VERBS[2], HOLD] {
        for body in [
            "",
            "{",
            "nope",
            r#"{"metric":"deployments"}x"#,
            "[{}",
            "[{},]",
            "[1]x",
            "{'metric':1}",
            r#"{"metric":"deployments","amount":01}"#,
        ] {
            let answer = send(&server, path, &owner, body).await;
            assert_eq!(answer.refusal(), (400, "malformed", ""), "{path} {body:?}: {answer:?}");
        }
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/x-ndjson", ""] {
            let call = server.call(Method::POST, path).token(&owner).body(media_type, entry);
            assert_eq!(
                call.send().await.refusal(),
                (415, "unsupported_media_type", ""),
                "{path} {media_type}"
            );
        }
        let unknown = server.call(Method::POST, &format!("{path}?metric=deployments")).token(&owner);
        let answer = unknown.body("application/json", entry).send().await;
        assert_eq!(answer.refusal(), (422, "invalid_value", "metric"), "{path}");
        let get = server.get(path, &owner).await;
        assert_eq!(get.refusal(), (405, "method_not_allowed", ""), "{path}");
    }
    assert_eq!(everything(&server, &owner).await, before);
    let with_charset = server.call(Method::POST, VERBS[2]).token(&owner);
    assert_eq!(with_charset.body("Application/JSON; charset=utf-8", entry).send().await.status, 200);
    let full = format!("[{}]", vec![entry; 10_000].join(","));
    let answer = send(&server, VERBS[2], &owner, &full).await.json;
    assert_eq!((&answer["allowed"], &answer["refused"]), (&json!(9_999), &json!(1)), "0.001 was used before");
}

#[tokio::test]
async fn each_role_decides_for_whom_it_may() {
    let (server, owner, member) = with_member().await;
    let ingest = server.key("acme", "ingest", None).await;
    let of_one = server.key("acme", "ingest", Some("u-7")).await;
    let viewer = server.key("acme", "viewer", None).await;
    let one = |user: Option<&str>| json!({ "metric": "deployments", "amount": 0.001, "user": user });
    let get = async |token: &str, user: Option<&str>| {
        let query = user.map(|user| format!("?user={user}")).unwrap_or_default();
        server.get(&format!("/api/usage/status{query}"), token).await
    };
    let missing = (422, "invalid_value", "user");
    let forbidden = (403, "forbidden", "");
    // Member: itself, named or not.
    for path in [VERBS[0], VERBS[1], VERBS[2], HOLD] {
        for user in [None, Some("u-42")] {
            assert!(server.post(path, &member, &one(user)).await.status.is_success(), "{path}");
        }
        assert_eq!(server.post(path, &member, &one(Some("u-1"))).await.refusal(), forbidden, "{path}");
        // Who has no user of its own must name one.
        for token in [&owner, &ingest] {
            assert_eq!(server.post(path, token, &one(None)).await.refusal(), missing, "{path}");
            assert!(server.post(path, token, &one(Some("u-1"))).await.status.is_success(), "{path}");
        }
        assert!(server.post(path, &of_one, &one(None)).await.status.is_success(), "{path}");
        // An admin names the tenant too.
        let here = format!("{path}?tenant=acme");
        assert_eq!(server.post(&here, ADMIN, &one(None)).await.refusal(), missing, "{path}");
        assert!(server.post(&here, ADMIN, &one(Some("u-1"))).await.status.is_success(), "{path}");
        assert_eq!(server.post(&format!("{path}?tenant=nobody"), ADMIN, &one(Some("u-1"))).await.status, 404);
        let expected = if path == VERBS[0] { 200 } else { 403 };
        assert_eq!(server.post(path, &viewer, &one(Some("u-1"))).await.status, expected, "{path}");
    }
    assert_eq!(get(&member, Some("u-1")).await.refusal(), forbidden);
    for token in [&owner, &ingest, &viewer] {
        assert_eq!(get(token, None).await.refusal(), missing);
        assert_eq!(get(token, Some("u-1")).await.status, 200);
    }
    assert_eq!(get(&of_one, None).await.json["user"], "u-7");
    assert_eq!(
        server.get("/api/usage/status?user=u-1&tenant=acme", &owner).await.status,
        200,
        "its own by name"
    );
    assert_eq!(server.get("/api/usage/status?user=a&user=b", &owner).await.refusal(), missing);
    server.tenant("globex").await;
    let unnamed = server.post(VERBS[2], ADMIN, &one(Some("u-1"))).await;
    assert_eq!(unnamed.refusal(), (422, "invalid_value", "tenant"));
    assert_eq!(server.post(VERBS[2], "mw_nobody", &one(Some("u-1"))).await.status, 401);
    // The other tenant has users of the same names; nothing of them is here.
    assert_eq!(
        server.get("/api/usage/status?user=u-1&tenant=globex", ADMIN).await.json["metrics"]["deployments"]["current"],
        0
    );
    assert_eq!(server.get("/api/usage/status?user=u-1&tenant=globex", &owner).await.status, 404);
}

/// Counters end at 64 bits: what would not fit is refused, and what came in the same instant is not harmed.
#[tokio::test]
async fn a_total_that_cannot_be_counted_is_a_conflict() {
    let (server, owner, member) = with_member().await;
    let most = json!({ "metric": "storage", "amount": "1000000000000" });
    for _ in 0..9 {
        assert_eq!(server.post(VERBS[2], &member, &most).await.status, 200);
    }
    assert_eq!(server.post(VERBS[1], &member, &most).await.refusal(), (409, "conflict", ""));
    // A hold of nothing that is committed with too much.
    let held = server.post(HOLD, &member, &json!({ "metric": "storage", "amount": 0 })).await;
    let commit = format!("{HOLD}/{}/commit", held.json["id"].as_str().unwrap());
    let much = json!({ "amount": "1000000000000" });
    assert_eq!(server.post(&commit, &member, &much).await.refusal(), (409, "conflict", ""));
    let read = server.get(&commit.replace("/commit", ""), &owner).await.json;
    assert_eq!((&read["status"], &read["current"]), (&json!("held"), &json!(9_000_000_000_000_u64)));
    let one = json!({ "metric": "deployments" });
    let (first, second) =
        tokio::join!(server.post(&commit, &member, &much), server.post(VERBS[2], &member, &one));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (409, 200));
}
