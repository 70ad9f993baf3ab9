//! The log of what has no price.

use crate::harness::{Server, event};
use serde_json::{Value, json};

fn unknown(id: &str) -> Value {
    let mut event = event(id);
    event["model"] = json!("nobody-knows");
    event
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_log_lists_what_has_a_price_or_has_none() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("a"), unknown("x"), event("b"), unknown("y"), unknown("z")])).await;
    for (query, expected, total) in [
        ("priced=true&sort=date", vec!["a", "b"], 2),
        ("priced=false&sort=date", vec!["x", "y", "z"], 3),
        ("priced=false&sort=-date&page_size=2", vec!["z", "y"], 3),
        ("priced=false&sort=id&page_size=1&page=2", vec!["y"], 3),
        ("priced=false&sort=model", vec!["x", "y", "z"], 3),
        ("priced=true&filter[model]=nobody-knows", vec![], 0),
        ("sort=date", vec!["a", "x", "b", "y", "z"], 5),
    ] {
        let log = server.get(&format!("/api/usage/log?{query}"), &owner).await;
        assert_eq!((ids(&log.json), log.json["total"].as_i64()), (expected, Some(total)), "{query}: {log:?}");
    }
    let first = server.get("/api/usage/log?priced=false&sort=-date&page_size=2", &owner).await.json;
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = server.get(&format!("/api/usage/log?priced=false&sort=-date&cursor={cursor}"), &owner).await;
    assert_eq!((ids(&second.json), &second.json["nextCursor"]), (vec!["x"], &Value::Null));
    assert_eq!(second.json["items"][0]["priced"], false);
}

#[tokio::test]
async fn an_export_of_the_log_may_hold_only_what_has_no_price() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &json!([event("a"), unknown("x"), event("b"), unknown("y")])).await;
    let path = "/api/v1/export?format=ndjson&range=7d&header=full&priced=false";
    let export = server.get(path, &owner).await;
    let text = String::from_utf8(export.bytes).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["export"]["filters"]["priced"], json!(["false"]));
    let ids: Vec<_> = lines[1..].iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["x", "y"]);
}

#[tokio::test]
async fn priced_is_refused_where_it_makes_no_sense() {
    let (server, owner) = Server::with_acme().await;
    for path in [
        "/api/usage/log?priced=maybe",
        "/api/usage/log?priced=",
        "/api/v1/export?priced=false&view=summary",
        "/api/v1/export?priced=false&format=pdf",
        "/api/v1/export?priced=0",
        "/api/v1/usage/query?priced=false",
    ] {
        let refused = server.get(path, &owner).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "priced"), "{path}: {refused:?}");
    }
}
