//! Money that an event names under `metrics` is exact to the nano-dollar, as a number and as a text.

use crate::harness::Server;
use serde_json::json;

#[tokio::test]
async fn money_that_is_named_is_exact_to_nine_decimals() {
    let (server, owner) = Server::with_acme().await;
    let metric = json!({ "name": "cost_usd", "window": "month" });
    assert_eq!(server.post("/api/v1/metrics", &owner, &metric).await.status, 201);
    let budget = json!({ "name": "all", "amount_usd": "1" });
    let budget = server.post("/api/v1/budgets", &owner, &budget).await.json["id"].clone();
    let body = r#"[{"id":"number","user":"u-1","metrics":{"cost_usd":0.000000123}},
        {"id":"text","user":"u-1","metrics":{"cost_usd":"0.001000001","compute_hours":"0.000001"}}]"#;
    let sent =
        server.call(axum::http::Method::POST, "/api/v1/events").token(&owner).body("application/json", body);
    assert_eq!(sent.send().await.json["stored"], 2);
    let status = server.get("/api/usage/status?user=u-1", &owner).await;
    let counted = &status.json["metrics"]["cost_usd"]["current"];
    assert_eq!(counted.to_string(), "0.001000124", "{status:?}");
    let path = format!("/api/v1/budgets/{}", budget.as_str().unwrap());
    assert_eq!(server.get(&path, &owner).await.json["current"]["spent_usd"], "0.001000124");
    let receipt = server.get("/api/v1/events/default/text", &owner).await;
    let named = json!({ "cost_usd": "0.001000001", "compute_hours": "0.000001" });
    assert_eq!(receipt.json["event"]["metrics"], named, "{receipt:?}");
    let exported = server.get("/api/v1/export?view=log&format=ndjson&range=today", &owner).await;
    let exported = String::from_utf8(exported.bytes).unwrap();
    assert!(exported.contains(r#""metrics":{"cost_usd":0.000000123}"#), "{exported}");
    // What was exported can be sent again as it is.
    let line = exported.lines().find(|line| line.contains(r#""number""#)).unwrap();
    let again = server
        .call(axum::http::Method::POST, "/api/v1/events")
        .token(&owner)
        .body("application/x-ndjson", line);
    assert_eq!(again.send().await.json["stored"], 0);
    assert_eq!(server.delete("/api/v1/events/default/text", &owner).await.status, 204);
    assert_eq!(server.get(&path, &owner).await.json["current"]["spent_usd"], "0.000000123");
}

#[tokio::test]
async fn finer_than_a_nano_dollar_is_refused_as_text() {
    let (server, owner) = Server::with_acme().await;
    for (metrics, field) in [
        (json!({ "cost_usd": "0.0000000001" }), "metrics.cost_usd"),
        (json!({ "cost_usd": "1000000.000000001" }), "metrics.cost_usd"),
        (json!({ "compute_hours": "0.0000001" }), "metrics.compute_hours"),
    ] {
        let sent = server.post("/api/v1/events", &owner, &json!({ "id": "x", "metrics": metrics })).await;
        assert_eq!(sent.status, 422, "{sent:?}");
        assert!(sent.json.to_string().contains(field), "{sent:?}");
    }
}
