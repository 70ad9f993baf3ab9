//! Declared dimensions over HTTP: declared, filled, asked, removed.

use crate::harness::{ADMIN, Answer, Server, event};
use serde_json::{Value, json};

fn with_feature(id: &str, feature: &Value) -> Value {
    let mut event = event(id);
    event["properties"] = json!({ "feature": feature, "team": "blue" });
    event
}

/// Values and calls of a question by one dimension.
fn calls(answer: &Answer) -> Vec<(Option<&str>, i64)> {
    assert_eq!(answer.status, 200, "{answer:?}");
    let groups = answer.json["groups"].as_array().unwrap();
    groups.iter().map(|group| (group["key"][0].as_str(), group["total"]["calls"].as_i64().unwrap())).collect()
}

async fn run_jobs(server: &Server) {
    while server.app.run_dimension_jobs().await.unwrap() {}
}

const BY_FEATURE: &str = "/api/v1/usage/query?range=7d&group_by=feature&metrics=calls";

#[tokio::test]
async fn a_property_is_declared_filled_and_asked_for() {
    let (server, owner) = Server::with_acme().await;
    server
        .record(&owner, &json!([with_feature("1", &json!("reply")), with_feature("2", &json!("reply"))]))
        .await;
    server.record(&owner, &json!([with_feature("3", &json!(7)), with_feature("4", &json!(["no"]))])).await;
    let refused = server.get(BY_FEATURE, &owner).await;
    assert_eq!(refused.refusal(), (422, "invalid_value", "group_by"));

    let made = server.post("/api/v1/dimensions", &owner, &json!({ "name": "feature" })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let expected = json!({ "name": "feature", "property": "feature", "state": "filling", "filled_events": 0,
        "events_to_fill": 4, "created_at": "2026-11-22T10:30:00Z" });
    assert_eq!(made.json, expected);
    let refused = server.get(BY_FEATURE, &owner).await;
    assert_eq!(refused.refusal(), (409, "dimension_filling", ""));
    let detail = &refused.json["detail"];
    assert_eq!((&detail["filled_events"], &detail["events_to_fill"]), (&json!(0), &json!(4)));
    let refused = server.get("/api/usage/log?filter[feature]=reply", &owner).await;
    assert_eq!(refused.refusal(), (409, "dimension_filling", ""));
    assert_eq!(server.totals(&owner).await.0, 4, "other questions are answered meanwhile");

    server.record(&owner, &with_feature("5", &json!(true))).await;
    run_jobs(&server).await;
    let read = server.get("/api/v1/dimensions/feature", &owner).await;
    assert_eq!((&read.json["state"], &read.json["filled_events"]), (&json!("ready"), &json!(4)));
    let answer = server.get(BY_FEATURE, &owner).await;
    assert_eq!(calls(&answer), [(Some("reply"), 2), (None, 1), (Some("7"), 1), (Some("true"), 1)]);
    let answer =
        server.get("/api/v1/usage/query?range=7d&group_by=model,feature&metrics=calls&top=2", &owner).await;
    assert_eq!(answer.json["groups"][0]["key"], json!(["gpt-4o", "reply"]));
    assert_eq!(answer.json["group_by"], json!(["model", "feature"]));
    let answer =
        server.get("/api/v1/usage/query?range=7d&filter[feature]=reply&filter[feature]=", &owner).await;
    assert_eq!(answer.json["total"]["calls"], 3);
    let log = server.get("/api/usage/log?filter[feature]=true", &owner).await;
    assert_eq!((log.json["total"].as_i64(), log.json["items"][0]["id"].as_str()), (Some(1), Some("5")));
    let summary = server.get("/api/usage/summary?range=7d&filter[feature]=reply", &owner).await;
    assert_eq!(summary.json["totalCalls"], 2);

    assert_eq!(server.delete("/api/v1/events/test/1", &owner).await.status, 204);
    assert_eq!(calls(&server.get(BY_FEATURE, &owner).await).len(), 4);
    let answer = server.get("/api/v1/usage/query?range=7d&filter[feature]=reply", &owner).await;
    assert_eq!(answer.json["total"]["calls"], 1);
}

#[tokio::test]
async fn what_is_removed_is_gone_and_may_come_back_as_another() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &with_feature("1", &json!("reply"))).await;
    server.post("/api/v1/dimensions", &owner, &json!({ "name": "d", "property": "feature" })).await;
    run_jobs(&server).await;
    assert_eq!(server.delete("/api/v1/dimensions/d", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/dimensions/d", &owner).await.status, 404);
    assert_eq!(server.get("/api/v1/dimensions/d", &owner).await.status, 404);
    let asked = server.get("/api/v1/usage/query?range=7d&group_by=d", &owner).await;
    assert_eq!(asked.refusal(), (422, "invalid_value", "group_by"));
    assert_eq!(
        server.get("/api/v1/dimensions", &owner).await.json,
        json!({ "items": [], "nextCursor": null })
    );
    server.post("/api/v1/dimensions", &owner, &json!({ "name": "d", "property": "team" })).await;
    run_jobs(&server).await;
    let answer = server.get("/api/v1/usage/query?range=7d&group_by=d&metrics=calls", &owner).await;
    assert_eq!(calls(&answer), [(Some("blue"), 1)]);
    let audit = server.get("/api/v1/audit", &owner).await;
    let told: Vec<_> =
        audit.json["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(told[..3], ["dimension.create", "dimension.delete", "dimension.create"]);
}

#[tokio::test]
async fn what_is_no_dimension_is_refused_with_its_field() {
    let (server, owner) = Server::with_acme().await;
    let post = async |body: Value| server.post("/api/v1/dimensions", &owner, &body).await;
    for name in ["", "Feature", "9x", "a-b", "model", &"x".repeat(64)] {
        assert_eq!(post(json!({ "name": name })).await.refusal(), (422, "invalid_value", "name"), "{name}");
    }
    for property in ["", &"x".repeat(257)] {
        let refused = post(json!({ "name": "d", "property": property })).await;
        assert_eq!(refused.refusal(), (422, "invalid_value", "property"));
    }
    assert_eq!(post(json!({ "name": "d", "kind": 1 })).await.status, 422);
    assert_eq!(
        server.get("/api/v1/dimensions", &owner).await.json["items"],
        json!([]),
        "nothing was changed"
    );
    for i in 0..8 {
        assert_eq!(post(json!({ "name": format!("d{i}") })).await.status, 201);
    }
    assert_eq!(post(json!({ "name": "d0" })).await.refusal(), (409, "conflict", ""));
    assert_eq!(post(json!({ "name": "d8" })).await.refusal(), (422, "invalid_value", "name"));
}

#[tokio::test]
async fn a_member_sees_its_own_usage_by_a_declared_dimension() {
    let (server, owner) = Server::with_acme().await;
    let mut other = with_feature("2", &json!("secret"));
    other["user"] = json!("u-2");
    server.post("/api/v1/dimensions?tenant=acme", ADMIN, &json!({ "name": "feature" })).await;
    server.record(&owner, &json!([with_feature("1", &json!("own")), other])).await;
    let member = server.key("acme", "member", Some("u-1")).await;
    assert_eq!(calls(&server.get(BY_FEATURE, &member).await), [(Some("own"), 1)]);
}
