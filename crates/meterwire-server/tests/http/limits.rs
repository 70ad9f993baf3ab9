//! R4's status and decisions, whole: bodies, headers, exact amounts, and the lines of R4 as they are typed there.

use crate::harness::{ADMIN, Answer, Server, event};
use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Map, Value, json};

/// An answer as its caller sees it: the status, the headers that limits have, the body.
pub(crate) fn shown(answer: &Answer) -> Value {
    let mut headers = Map::new();
    for name in ["idempotent-replayed", "ratelimit", "ratelimit-policy", "retry-after"] {
        if let Some(value) = answer.headers.get(name) {
            headers.insert(name.to_owned(), json!(value.to_str().unwrap()));
        }
    }
    json!({ "status": answer.status.as_u16(), "headers": headers, "body": answer.json })
}

/// Where a user stands on a metric, as JSON has the numbers: used and held together, and held.
pub(crate) async fn stands(server: &Server, token: &str, user: &str, metric: &str) -> [String; 2] {
    let status = server.get(&format!("/api/usage/status?user={user}"), token).await;
    assert_eq!(status.status, 200, "{status:?}");
    ["current", "held"].map(|name| status.json["metrics"][metric][name].to_string())
}

/// The tenant `acme`, its owner, and its member `u-42`.
pub(crate) async fn with_member() -> (Server, String, String) {
    let (server, owner) = Server::with_acme().await;
    let member = server.key("acme", "member", Some("u-42")).await;
    (server, owner, member)
}

async fn consume(server: &Server, token: &str, body: Value) -> Answer {
    server.post("/api/usage/consume", token, &body).await
}

#[tokio::test]
async fn the_status_names_every_metric() {
    let (server, owner, member) = with_member().await;
    consume(&server, &member, json!({ "metric": "deployments", "amount": 3 })).await;
    consume(&server, &member, json!({ "metric": "storage", "amount": "1048576.5" })).await;
    server
        .post("/api/usage/reservations", &member, &json!({ "metric": "compute_hours", "amount": 2.25 }))
        .await;
    let own = server.get("/api/usage/status", &member).await;
    assert_json_snapshot!("status", own.json);
    assert_eq!(server.get("/api/usage/status?user=u-42", &owner).await.bytes, own.bytes);
    // Nobody has heard of this one yet; asking makes no user.
    let unknown = server.get("/api/usage/status?user=new", &owner).await.json;
    assert_eq!(
        (&unknown["tier"], &unknown["metrics"]["deployments"]["remaining"]),
        (&json!("free"), &json!(10))
    );
    assert_eq!(server.get("/api/v1/users/new", &owner).await.status, 404);
}

#[tokio::test]
async fn a_check_tells_what_consume_would_answer_and_changes_nothing() {
    let (server, _, member) = with_member().await;
    let check = async |amount: Value| {
        let body = json!({ "metric": "deployments", "amount": amount });
        server.post("/api/usage/check-limit", &member, &body).await
    };
    consume(&server, &member, json!({ "metric": "deployments", "amount": 3 })).await;
    assert_json_snapshot!("check_allowed", shown(&check(json!(7)).await));
    assert_json_snapshot!("check_refused", shown(&check(json!(7.5)).await));
    assert_eq!(stands(&server, &member, "u-42", "deployments").await, ["3", "0"]);
    // Without an amount it is one.
    consume(&server, &member, json!({ "metric": "deployments", "amount": 7 })).await;
    let one = server.post("/api/usage/check-limit", &member, &json!({ "metric": "deployments" })).await;
    assert_eq!((&one.json["allowed"], &one.json["amount"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn increment_records_past_the_limit_and_says_so() {
    let (server, _, member) = with_member().await;
    let body = json!({ "metric": "deployments", "amount": 6 });
    let first = server.post("/api/usage/increment", &member, &body).await;
    assert_eq!((&first.json["current"], &first.json["exceeded"]), (&json!(6), &json!(false)));
    let second = server.post("/api/usage/increment", &member, &body).await;
    assert_json_snapshot!("increment_past_the_limit", shown(&second));
    assert_eq!(consume(&server, &member, json!({ "metric": "deployments" })).await.status, 429);
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "12");
    // A level goes down again, never below nothing.
    let store = async |amount: i64| {
        let body = json!({ "metric": "storage", "amount": amount });
        server.post("/api/usage/increment", &member, &body).await.json["current"].clone()
    };
    assert_eq!([store(5).await, store(-2).await, store(-9).await, store(1).await], [5, 3, 0, 1]);
}

#[tokio::test]
async fn consume_allows_up_to_the_limit_and_refuses_with_the_body_of_the_contract() {
    let (server, _, member) = with_member().await;
    let allowed = consume(&server, &member, json!({ "metric": "deployments", "amount": 10 })).await;
    assert_json_snapshot!("consume_allowed", shown(&allowed));
    let refused = consume(&server, &member, json!({ "metric": "deployments", "amount": 1 })).await;
    assert_json_snapshot!("consume_refused", shown(&refused));
    // The very bytes: R4's fields in R4's order, and the code.
    let body = r#"{"detail":{"error":"Usage limit exceeded","code":"limit_exceeded","message":"Daily deployments limit exceeded","current":10,"limit":10,"tier":"free","metric":"deployments"}}"#;
    assert_eq!(String::from_utf8(refused.bytes).unwrap(), body);
    // What still fits is allowed: nothing is.
    assert_eq!(consume(&server, &member, json!({ "metric": "deployments", "amount": 0 })).await.status, 200);
    assert_eq!(stands(&server, &member, "u-42", "deployments").await, ["10", "0"]);
}

#[tokio::test]
async fn the_limit_of_the_tenant_refuses_too_and_says_whose_it_is() {
    let (server, owner, member) = with_member().await;
    server
        .put("/api/v1/tenant-limits", &owner, &json!({ "limits": { "deployments": 12, "storage": 1 } }))
        .await;
    let other = json!({ "metric": "deployments", "amount": 8, "user": "u-1" });
    assert_eq!(consume(&server, &owner, other).await.status, 200);
    let refused = consume(&server, &member, json!({ "metric": "deployments", "amount": 5 })).await;
    assert_json_snapshot!("refused_by_the_tenant", shown(&refused));
    let body = json!({ "metric": "deployments", "amount": 5 });
    let checked = server.post("/api/usage/check-limit", &member, &body).await.json;
    assert_eq!(checked["reason"], "Daily deployments limit of the tenant exceeded");
    let level = consume(&server, &member, json!({ "metric": "storage", "amount": 2 })).await;
    assert_eq!(level.json["detail"]["message"], "Storage limit of the tenant exceeded");
    assert!(!level.headers.contains_key("retry-after"), "no waiting gives a level back");
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "0");
}

#[tokio::test]
async fn several_metrics_are_recorded_together_or_not_at_all() {
    let (server, _, member) = with_member().await;
    let both = |calls: i64, deployments: i64| json!({ "metrics": { "deployments": deployments, "api_calls": calls } });
    assert_json_snapshot!("several_allowed", shown(&consume(&server, &member, both(10, 4)).await));
    assert_json_snapshot!("several_refused", shown(&consume(&server, &member, both(5_000, 7)).await));
    assert_eq!(stands(&server, &member, "u-42", "api_calls").await[0], "10");
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "4");
    let past = server.post("/api/usage/increment", &member, &both(5_000, 7)).await;
    assert_eq!(past.status, 200, "{past:?}");
    assert_eq!(past.json["metrics"]["deployments"]["current"], 11);
    assert_eq!(past.json["metrics"]["api_calls"]["percentage"], 100.2);
}

#[tokio::test]
async fn every_entry_of_an_array_has_its_own_verdict() {
    let (server, owner, _) = with_member().await;
    let entries = json!([
        { "metric": "deployments", "amount": 10, "user": "u-42" },
        { "metric": "deployments", "user": "u-42" },
        { "metric": "gpus", "user": "u-42" },
        { "metric": "deployments", "amount": -1, "user": "u-42" },
        { "metric": "deployments", "units": 1, "user": "u-42" },
        { "metrics": { "api_calls": 2, "compute_hours": 0.5 }, "user": "u-42", "idempotency_key": "k" },
        { "metrics": { "api_calls": 2, "compute_hours": 0.5 }, "user": "u-42", "idempotency_key": "k" },
        { "metric": "deployments" },
        5,
        ["deployments", 1],
    ]);
    let answer = consume(&server, &owner, entries.clone()).await;
    assert_json_snapshot!("array", shown(&answer));
    assert_eq!(stands(&server, &owner, "u-42", "deployments").await[0], "10");
    assert_eq!(stands(&server, &owner, "u-42", "api_calls").await[0], "2");
    assert_eq!(stands(&server, &owner, "u-42", "compute_hours").await[0], "0.5");
    let increments = server.post("/api/usage/increment", &owner, &json!([entries[0], entries[1]])).await;
    assert_eq!(
        (&increments.json["allowed"], &increments.json["results"][1]["current"]),
        (&json!(2), &json!(21))
    );
}

/// So many amounts that they are written in parts: each verdict stands in its place all the same.
#[tokio::test]
async fn long_decisions_in_an_array_are_answered_in_its_order() {
    let (server, owner, _) = with_member().await;
    let names: Vec<String> = (0..32).map(|n| format!("m_{n}")).collect();
    for name in &names {
        assert_eq!(server.post("/api/v1/metrics", &owner, &json!({ "name": name })).await.status, 201);
    }
    server.patch("/api/v1/tiers/free", &owner, &json!({ "limits": { "m_31": 350 } })).await;
    let all: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(1))).collect();
    let entries: Vec<Value> = (0..400)
        .map(|n| {
            if n % 100 == 50 {
                json!({ "metric": "gpus", "user": "u" })
            } else {
                json!({ "metrics": all, "user": "u" })
            }
        })
        .collect();
    let answer = consume(&server, &owner, json!(entries)).await.json;
    let counts = ["received", "allowed", "refused", "invalid"].map(|name| answer[name].as_u64().unwrap());
    assert_eq!(counts, [400, 350, 46, 4]);
    for (n, result) in answer["results"].as_array().unwrap().iter().enumerate() {
        let before = n - (n + 49) / 100;
        let expected = match n {
            _ if n % 100 == 50 => json!(422),
            _ if before >= 350 => json!(429),
            _ => json!(before + 1),
        };
        let found = result.get("status").unwrap_or(&result["metrics"]["m_7"]["current"]);
        assert_eq!(*found, expected, "{n}");
    }
    assert_eq!(stands(&server, &owner, "u", "m_0").await[0], "350");
}

#[tokio::test]
async fn a_key_gets_the_same_answer_again_and_counts_once() {
    let (server, owner, member) = with_member().await;
    let keyed = |key: &str, amount: Value| json!({ "metric": "deployments", "amount": amount, "idempotency_key": key });
    let first = consume(&server, &member, keyed("a", json!(6))).await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    // However the same number is written.
    for same in [json!(6), json!(6.0), json!("6.00")] {
        let again = consume(&server, &member, keyed("a", same)).await;
        assert_eq!((again.status.as_u16(), &again.bytes), (200, &first.bytes));
        assert_eq!(again.headers["idempotent-replayed"], "true");
    }
    let refused = consume(&server, &member, keyed("b", json!(5))).await;
    // What changes meanwhile changes no answer that was given.
    server.patch("/api/usage/admin/users/u-42", &owner, &json!({ "tier": "pro" })).await;
    let again = consume(&server, &member, keyed("b", json!(5))).await;
    assert_eq!((again.status.as_u16(), again.bytes), (429, refused.bytes));
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = consume(&server, &member, keyed("a", json!(7))).await;
    assert_json_snapshot!("another_request_with_the_same_key", shown(&other));
    let verb = server.post("/api/usage/increment", &member, &keyed("a", json!(6))).await;
    assert_eq!(verb.refusal(), (409, "conflict", ""));
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "6");
    let new = consume(&server, &member, keyed("c", json!(44))).await;
    assert_eq!((new.status.as_u16(), &new.json["tier"]), (200, &json!("pro")));
}

#[tokio::test]
async fn a_key_may_come_as_a_header() {
    let (server, _, member) = with_member().await;
    let send = async |path: &str, key: &str, body: Value| {
        let call = server.call(axum::http::Method::POST, path).token(&member);
        call.header("idempotency-key", key).json(&body).send().await
    };
    let wish = json!({ "metric": "deployments", "amount": 6 });
    let first = send("/api/usage/consume", "\"a\"", wish.clone()).await;
    assert_eq!(first.status, 200, "{first:?}");
    let again = send("/api/usage/consume", "a", wish.clone()).await;
    assert_eq!(
        (&again.bytes, &again.headers["idempotent-replayed"]),
        (&first.bytes, &"true".parse().unwrap())
    );
    let both = json!({ "metric": "deployments", "amount": 6, "idempotency_key": "a" });
    assert_eq!(send("/api/usage/consume", "a", both.clone()).await.bytes, first.bytes);
    let refused = (422, "invalid_value", "idempotency_key");
    assert_eq!(send("/api/usage/consume", "b", both).await.refusal(), refused, "two that differ");
    assert_eq!(send("/api/usage/consume", "c", json!([wish])).await.refusal(), refused, "an array has none");
    assert_eq!(send("/api/usage/consume", "", wish).await.refusal(), refused);
    let hold = json!({ "metric": "compute_hours", "amount": 2 });
    let held = send("/api/usage/reservations", "r", hold.clone()).await;
    assert_eq!(held.json["id"], send("/api/usage/reservations", "r", hold).await.json["id"]);
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "6");
    assert_eq!(stands(&server, &member, "u-42", "compute_hours").await[0], "2");
}

#[tokio::test]
async fn headers_follow_the_window_and_the_limit() {
    let (server, owner, _) = with_member().await;
    for (name, window) in
        [("weekly", "week"), ("monthly", "month"), ("level", "none"), ("free_of_limits", "day")]
    {
        let made = server.post("/api/v1/metrics", &owner, &json!({ "name": name, "window": window })).await;
        assert_eq!(made.status, 201, "{made:?}");
    }
    let limits = json!({ "limits": { "weekly": 2.5, "monthly": 100, "level": 8 } });
    assert_eq!(server.patch("/api/v1/tiers/free", &owner, &limits).await.status, 200);
    let mut headers = Map::new();
    for name in ["deployments", "weekly", "monthly", "level", "free_of_limits"] {
        for amount in ["0.7", "9.9"] {
            let answer =
                consume(&server, &owner, json!({ "metric": name, "amount": amount, "user": "u" })).await;
            headers.insert(
                format!("{name} {amount}"),
                json!([answer.status.as_u16(), shown(&answer)["headers"]]),
            );
        }
    }
    assert_json_snapshot!("headers", headers);
    // A part of a second is a second to wait.
    server.clock.set(crate::harness::NOW_MS + 1);
    let refused =
        consume(&server, &owner, json!({ "metric": "deployments", "amount": 11, "user": "u" })).await;
    assert_eq!(refused.headers["retry-after"], "48600");
}

#[tokio::test]
async fn amounts_are_exact_decimals() {
    let (server, owner, member) = with_member().await;
    let send = async |json: &str| {
        let body = format!(r#"{{"metric":"compute_hours","amount":{json}}}"#);
        server
            .call(Method::POST, "/api/usage/consume")
            .token(&member)
            .body("application/json", body)
            .send()
            .await
    };
    let current = async |json: &str| {
        let text = String::from_utf8(send(json).await.bytes).unwrap();
        let from = text.find(r#""current":"#).unwrap() + 10;
        text[from..].split(',').next().unwrap().to_owned()
    };
    assert_eq!(current(r#""0.001""#).await, "0.001");
    assert_eq!(current("0.30000000000000004").await, "0.301", "the tail of 0.1 + 0.2 is rounded away");
    assert_eq!(current("1e-3").await, "0.302");
    assert_eq!(current("0.0000005").await, "0.302", "half to even");
    assert_eq!(current("0.0000015").await, "0.302002");
    assert_eq!(current(r#""9.697998""#).await, "10", "exactly the limit");
    assert_eq!(send("0.000001").await.status, 429);
    for bad in [
        r#""0.0000001""#,
        r#""1e-3""#,
        r#""""#,
        r#"" 1""#,
        r#""+1""#,
        r#"".5""#,
        r#""1.""#,
        "true",
        "[1]",
        "{}",
    ] {
        assert_eq!(send(bad).await.refusal(), (422, "invalid_value", "amount"), "{bad}");
    }
    // Ten times a tenth is one.
    server.post("/api/v1/metrics", &owner, &json!({ "name": "tenths" })).await;
    server.patch("/api/v1/tiers/free", &owner, &json!({ "limits": { "tenths": 1 } })).await;
    for _ in 0..10 {
        assert_eq!(consume(&server, &member, json!({ "metric": "tenths", "amount": 0.1 })).await.status, 200);
    }
    assert_eq!(consume(&server, &member, json!({ "metric": "tenths", "amount": 0.1 })).await.status, 429);
    // Dollars have nine places.
    server.post("/api/v1/metrics", &owner, &json!({ "name": "cost_usd" })).await;
    let cost = consume(&server, &member, json!({ "metric": "cost_usd", "amount": "0.000000001" })).await;
    assert!(String::from_utf8(cost.bytes).unwrap().contains(r#""current":0.000000001,"#));
    assert_eq!(stands(&server, &member, "u-42", "compute_hours").await[0], "10");
}

#[tokio::test]
async fn events_and_decisions_count_into_the_same_counters() {
    let (server, owner, member) = with_member().await;
    let mut sent = event("e-1");
    sent["user"] = json!("u-42");
    sent["metrics"] = json!({ "deployments": 9, "storage": 7 });
    server.record(&owner, &sent).await;
    assert_eq!(consume(&server, &member, json!({ "metric": "deployments" })).await.json["current"], 10);
    assert_eq!(consume(&server, &member, json!({ "metric": "deployments" })).await.status, 429);
    assert_eq!(consume(&server, &member, json!({ "metric": "api_calls" })).await.json["current"], 2);
    assert_eq!(server.delete("/api/v1/events/test/e-1", &owner).await.status, 204);
    assert_eq!(stands(&server, &member, "u-42", "deployments").await[0], "1");
    assert_eq!(stands(&server, &member, "u-42", "storage").await[0], "0");
}

/// The commands of "Testing Locally", as R4 has them.
#[tokio::test]
async fn the_lines_of_r4_work_as_they_are_typed() {
    let (server, owner, member) = with_member().await;
    let status = server.call(Method::GET, "/api/usage/status").token(&member).send().await;
    assert_eq!((status.status.as_u16(), &status.json["metrics"]["deployments"]["limit"]), (200, &json!(10)));
    let check = server
        .call(Method::POST, "/api/usage/check-limit")
        .token(&member)
        .body("application/json", r#"{"metric": "deployments", "amount": 1}"#)
        .send()
        .await;
    assert_eq!((check.status.as_u16(), &check.json["allowed"]), (200, &json!(true)));
    let reset = |token: &str| server.call(Method::POST, "/api/usage/admin/manual-reset").token(token).send();
    assert_eq!(reset(&owner).await.status, 200);
    assert_eq!(reset(ADMIN).await.status, 200, "the only tenant need not be named");
    assert_eq!(reset(&member).await.refusal(), (403, "forbidden", ""));
}
