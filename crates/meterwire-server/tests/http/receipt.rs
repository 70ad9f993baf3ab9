//! One event whole, and how its cost came about: the products are added up here again, in integers.

use crate::harness::{ADMIN, Server, event};
use meterwire_core::money::parse_decimal;
use serde_json::{Value, json};

async fn read(server: &Server, token: &str, id: &str) -> Value {
    let answer = server.get(&format!("/api/v1/events/test/{id}"), token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

fn picos(value: &Value) -> i128 {
    i128::from(parse_decimal(value.as_str().unwrap(), 12).unwrap())
}

/// The account adds up to the stored cost, and that is the cost in the totals.
fn check_account(receipt: &Value) {
    let account = &receipt["account"];
    let mut sum = 0;
    for line in account["lines"].as_array().unwrap() {
        let quantity = i128::from(line["quantity"].as_i64().unwrap());
        assert_eq!(picos(&line["rate_usd"]) * quantity, picos(&line["amount_usd"]), "{line}");
        let per_million = parse_decimal(line["rate_usd_per_million"].as_str().unwrap(), 6).unwrap();
        assert_eq!(i128::from(per_million), picos(&line["rate_usd"]), "{line}");
        sum += picos(&line["amount_usd"]);
    }
    assert_eq!(sum, picos(&account["sum_usd"]), "{account}");
    assert_eq!(sum + picos(&account["rounding_usd"]), picos(&account["total_usd"]), "{account}");
    assert!(picos(&account["rounding_usd"]).abs() <= 500, "{account}");
    assert_eq!(picos(&account["total_usd"]) % 1000, 0, "{account}");
    if receipt["basis"] == "priced" {
        assert_eq!(account["total_usd"], receipt["cost_usd"]);
    }
}

#[tokio::test]
async fn an_event_and_its_receipt_whole() {
    let (server, owner) = Server::with_acme().await;
    let sent = json!({ "id": "a/b c", "source": "support api", "time": "2026-11-22T10:29:59.125Z", "project": "support-bot",
        "user": "u-42", "api_key": "prod-key-1", "agent": "triage", "department": "care", "country": "de", "provider": "openai",
        "model": "gpt-4o", "operation": "chat", "service_tier": "flex",
        "usage": { "input_tokens": 1200, "cached_input_tokens": 1024, "output_tokens": 301, "reasoning_tokens": 64 },
        "status": 200, "latency_ms": 812, "time_to_first_token_ms": 120,
        "request_hash": "ab".repeat(32), "metrics": { "compute_hours": 0.25 }, "properties": { "feature": "reply", "n": [1] } });
    server.record(&owner, &sent).await;
    let answer = server.get("/api/v1/events/support%20api/a%2Fb%20c", &owner).await;
    check_account(&answer.json);
    let total = server.totals(&owner).await.2;
    assert_eq!(answer.json["cost_usd"], json!(total));
    insta::assert_json_snapshot!(answer.json);
}

#[tokio::test]
async fn a_cost_that_was_given_and_what_has_no_price() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        { "id": "given", "source": "test", "model": "gpt-4o", "cost_usd": "0.0042", "usage": { "input_tokens": 5 } },
        { "id": "unpriced", "source": "test", "provider": "openai", "model": "gpt-99", "usage": { "input_tokens": 5 } },
        { "id": "nameless", "source": "test", "usage": { "input_tokens": 5 } },
        { "id": "homeless", "source": "test", "model": "who-sells-this", "usage": { "input_tokens": 5 } },
        { "id": "free", "source": "test", "model": "gpt-99" },
    ]);
    server.record(&owner, &events).await;
    let mut told = Vec::new();
    for id in ["given", "unpriced", "nameless", "homeless", "free"] {
        let receipt = read(&server, &owner, id).await;
        assert_eq!((&receipt["price"], &receipt["account"]), (&Value::Null, &Value::Null));
        let text = |name: &str| receipt[name].as_str().unwrap_or("null").to_owned();
        told.push([text("basis"), text("cost_usd"), text("explanation")]);
    }
    let expected = [
        ["given", "0.0042", "the cost was given by the sender"],
        ["unpriced", "null", "unpriced: no price for openai/gpt-99 at 2026-11-22T10:30:00Z"],
        ["unpriced", "null", "unpriced: the event names no model"],
        [
            "unpriced",
            "null",
            "unpriced: no price for the model \"who-sells-this\", of no known provider, at 2026-11-22T10:30:00Z",
        ],
        ["free", "0", "nothing to price: no tokens and no cost"],
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn long_contexts_service_tiers_and_halves_are_accounted_for() {
    let (server, owner) = Server::with_acme().await;
    let price = json!({ "provider": "own", "model": "tiny", "input": "0.0015", "output": "0.0005", "per_request": "0.001" });
    assert_eq!(server.post("/api/v1/prices", &owner, &price).await.status, 201);
    let with = |id: &str, change: Value| {
        let mut event = event(id);
        for (name, value) in change.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    };
    let events = json!([
        // Above 200,000 tokens of input the dearer rates hold for all of it.
        with(
            "long",
            json!({ "provider": "anthropic", "model": "claude-sonnet-4-5", "usage": { "input_tokens": 200_001, "output_tokens": 7 } })
        ),
        with(
            "short",
            json!({ "provider": "anthropic", "model": "claude-sonnet-4-5", "usage": { "input_tokens": 200_000, "output_tokens": 7 } })
        ),
        with("batch", json!({ "service_tier": "batch" })),
        with(
            "flex",
            json!({ "provider": "own", "model": "tiny", "service_tier": "flex", "usage": { "input_tokens": 1, "output_tokens": 0 } })
        ),
        // 1,500 and 2,500 pico-dollars are halves of a nano-dollar.
        with(
            "half",
            json!({ "provider": "own", "model": "tiny", "usage": { "input_tokens": 1, "output_tokens": 2 } })
        ),
    ]);
    server.record(&owner, &events).await;
    let mut cost = 0;
    for id in ["long", "short", "batch", "flex", "half"] {
        let receipt = read(&server, &owner, id).await;
        assert_eq!(receipt["basis"], "priced", "{receipt}");
        check_account(&receipt);
        cost += picos(&receipt["cost_usd"]);
    }
    let total = parse_decimal(&server.totals(&owner).await.2, 12).unwrap();
    assert_eq!(cost, i128::from(total), "receipts add up to the totals");
    let of = async |id: &str| read(&server, &owner, id).await["account"].clone();
    let (long, short) = (of("long").await, of("short").await);
    assert_eq!((&long["context_above"], &short["context_above"]), (&json!(200_000), &Value::Null));
    assert_ne!(long["lines"][0]["rate_usd"], short["lines"][0]["rate_usd"]);
    let batch = of("batch").await;
    assert_eq!((&batch["service_tier"], &batch["tier_fallback"]), (&json!("batch"), &json!(false)));
    let flex = read(&server, &owner, "flex").await;
    assert_eq!(
        (&flex["account"]["service_tier"], &flex["account"]["tier_fallback"]),
        (&json!("default"), &json!(true))
    );
    assert!(
        flex["explanation"].as_str().unwrap().contains("no rates for the service tier \"flex\""),
        "{flex}"
    );
    let half = of("half").await;
    assert_eq!(half["sum_usd"], "0.0010000025");
    assert_eq!((&half["total_usd"], &half["rounding_usd"]), (&json!("0.001000002"), &json!("-0.0000000005")));
    assert_eq!(
        half["lines"][2],
        json!({ "bucket": "request", "quantity": 1, "rate_usd": "0.001",
        "rate_usd_per_million": "1000", "amount_usd": "0.001" })
    );
}

#[tokio::test]
async fn a_price_that_was_changed_or_deleted_since_is_told_as_such() {
    let (server, owner) = Server::with_acme().await;
    let price = |input: &str| json!({ "provider": "own", "model": "m", "input": input, "output": "2" });
    let made = server.post("/api/v1/prices", &owner, &price("1")).await;
    let id = made.json["id"].as_str().unwrap().to_owned();
    let mut sent = event("e");
    (sent["provider"], sent["model"]) = (json!("own"), json!("m"));
    server.record(&owner, &sent).await;
    let before = read(&server, &owner, "e").await;
    assert_eq!((&before["basis"], &before["cost_usd"]), (&json!("priced"), &json!("0.002")));
    assert_eq!(
        (&before["price"]["source"], &before["price"]["in_force"]),
        (&json!("override"), &json!(true))
    );

    assert_eq!(server.put(&format!("/api/v1/prices/{id}"), &owner, &price("3")).await.status, 200);
    let changed = read(&server, &owner, "e").await;
    check_account(&changed);
    assert_eq!((&changed["basis"], &changed["cost_usd"]), (&json!("price_changed"), &json!("0.002")));
    assert_eq!(changed["account"]["total_usd"], "0.004");
    assert!(
        changed["explanation"]
            .as_str()
            .unwrap()
            .contains("the stored cost of 0.002 USD stands, today it would be 0.004 USD")
    );

    assert_eq!(server.delete(&format!("/api/v1/prices/{id}"), &owner).await.status, 204);
    let gone = read(&server, &owner, "e").await;
    assert_eq!(
        (&gone["basis"], &gone["cost_usd"], &gone["account"]),
        (&json!("price_gone"), &json!("0.002"), &Value::Null)
    );
    assert_eq!(gone["price"]["id"], before["price"]["id"]);
    assert_eq!(server.totals(&owner).await.2, "0.002");
}

#[tokio::test]
async fn a_voided_event_is_still_told_and_a_foreign_one_is_a_missing_one() {
    let (server, owner) = Server::with_acme().await;
    let mut other = event("other");
    other["user"] = json!("u-2");
    server.record(&owner, &json!([event("own"), other])).await;
    assert_eq!(server.delete("/api/v1/events/test/own", &owner).await.status, 204);
    let voided = read(&server, &owner, "own").await;
    assert_eq!(
        (&voided["voided_at"], &voided["cost_usd"]),
        (&json!("2026-11-22T10:30:00Z"), &json!("0.0075"))
    );
    assert_eq!(read(&server, &owner, "other").await["voided_at"], Value::Null);

    let missing = server.get("/api/v1/events/test/no-such", &owner).await;
    assert_eq!(missing.refusal().0, 404);
    let member = server.key("acme", "member", Some("u-1")).await;
    assert_eq!(server.get("/api/v1/events/test/own", &member).await.status, 200);
    server.tenant("globex").await;
    let foreign = server.key("globex", "owner", None).await;
    let cases = [
        ("/api/v1/events/test/other", &member),
        ("/api/v1/events/test/other", &foreign),
        ("/api/v1/events/no-such-source/other", &owner),
        ("/api/v1/events/test/other/", &owner),
    ];
    for (path, token) in &cases[..3] {
        assert_eq!(server.get(path, token).await.bytes, missing.bytes, "{path}");
    }
    assert_eq!(server.get(cases[3].0, &owner).await.status, 404);
    let admin = server.get("/api/v1/events/test/other?tenant=acme", ADMIN).await;
    assert_eq!(admin.json["event"]["user"], "u-2");
}
