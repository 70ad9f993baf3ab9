//! Models are compared with models that do the same.

use crate::harness::Server;
use serde_json::{Value, json};

fn used(id: &str, model: &str, operation: Option<&str>, usage: Value) -> Value {
    let mut event = json!({ "id": id, "provider": "openai", "model": model, "project": "chat", "user": "u-1", "status": 200, "usage": usage });
    if let Some(operation) = operation {
        event["operation"] = json!(operation);
    }
    event
}

/// Model, operation and score of each row, by model.
async fn scores(server: &Server, token: &str, path: &str) -> Vec<(String, String, f64)> {
    let answer = server.get(path, token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| {
        (text(&row["model"]), text(&row["operation"]), row["efficiency_score"].as_f64().unwrap())
    };
    let mut rows: Vec<_> = answer.json["models"].as_array().unwrap().iter().map(row).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

#[tokio::test]
async fn chat_is_compared_with_chat_and_embeddings_with_embeddings() {
    let (server, owner) = Server::with_acme().await;
    let both = json!({ "input_tokens": 1000, "output_tokens": 1000 });
    let input = json!({ "input_tokens": 1000 });
    let mut failed = used("5", "gpt-4o-mini", Some("chat"), json!({}));
    failed["status"] = json!(500);
    server
        .record(
            &owner,
            &json!([
                used("1", "gpt-4o", Some("chat"), both.clone()),
                used("2", "gpt-4o-mini", None, both),
                failed,
                used("3", "text-embedding-3-small", Some("embeddings"), input.clone()),
                used("4", "text-embedding-3-large", None, input),
            ]),
        )
        .await;
    let member = server.key("acme", "member", Some("u-1")).await;
    // gpt-4o costs 6.25 USD a million tokens of these, gpt-4o-mini 0.375; one of its two calls failed.
    let expected = [
        ("gpt-4o", "chat", 6.0),
        ("gpt-4o-mini", "chat", 50.0),
        ("text-embedding-3-large", "embeddings", 15.38),
        ("text-embedding-3-small", "embeddings", 100.0),
    ];
    let expected = expected.map(|(model, operation, score)| (model.to_owned(), operation.to_owned(), score));
    let paths = ["/api/usage/model-comparison", "/api/usage/model-comparison?workspace=chat"];
    for (token, path) in [(&owner, paths[0]), (&owner, paths[1]), (&member, paths[0])] {
        assert_eq!(scores(&server, token, path).await, expected, "{path}");
    }
    let month = server.get("/api/usage/current-month", &owner).await;
    let row = month.json["model_breakdown"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["model"] == "gpt-4o")
        .unwrap();
    assert_eq!((&row["operation"], &row["efficiency_score"]), (&json!("chat"), &json!(6.0)));
}
