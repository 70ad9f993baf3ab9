//! Metrics, tiers, limits of single users and of the tenant.

use crate::harness::{ADMIN, Server, event};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_tenant_begins_with_the_metrics_and_tiers_of_the_contract() {
    let (server, owner) = Server::with_acme().await;
    assert_json_snapshot!("metrics_of_a_new_tenant", server.get("/api/v1/metrics", &owner).await.json);
    assert_json_snapshot!("tiers_of_a_new_tenant", server.get("/api/v1/tiers", &owner).await.json);
    assert_eq!(server.get("/api/v1/tenant-limits", &owner).await.json, json!({ "limits": {} }));
}

#[tokio::test]
async fn metrics_are_made_changed_and_deleted() {
    let (server, owner) = Server::with_acme().await;
    let made = server.post("/api/v1/metrics", &owner, &json!({ "name": "tokens" })).await;
    assert_eq!(made.status, 201);
    assert_json_snapshot!("a_metric", made.json);
    let zone = json!({ "name": "renders", "window": "month", "timezone": "Europe/Berlin", "unit": "images",
        "description": "Rendered images" });
    let made = server.post("/api/v1/metrics", &owner, &zone).await;
    assert_eq!((&made.json["counts"], &made.json["window"]), (&json!("named"), &json!("month")));
    let change = json!({ "window": "week", "description": null, "counts": "decisions" });
    let changed = server.patch("/api/v1/metrics/renders", &owner, &change).await.json;
    assert_eq!(
        changed,
        json!({ "name": "renders", "description": null, "unit": "images", "window": "week",
            "timezone": "Europe/Berlin", "counts": "decisions", "created_at": "2026-11-22T10:30:00Z" })
    );
    assert_eq!(server.get("/api/v1/metrics/renders", &owner).await.json, changed);
    let cost = server.post("/api/v1/metrics", &owner, &json!({ "name": "cost_usd" })).await;
    assert_eq!(cost.json["counts"], "cost_usd");
    // A new metric is unlimited in every tier.
    assert_eq!(server.get("/api/v1/tiers/free", &owner).await.json["limits"]["renders"], json!(null));

    let mut seen = vec![];
    let mut path = "/api/v1/metrics?limit=3".to_owned();
    loop {
        let page = server.get(&path, &owner).await.json;
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/metrics?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    let all = ["api_calls", "compute_hours", "cost_usd", "deployments", "renders", "storage", "tokens"];
    assert_eq!(seen, all);

    assert_eq!(server.delete("/api/v1/metrics/renders", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/metrics/renders", &owner).await.refusal(), (404, "not_found", ""));
    assert_eq!(server.delete("/api/v1/metrics/No%20Name", &owner).await.refusal(), (404, "not_found", ""));
}

#[tokio::test]
async fn a_metric_that_cannot_be_is_refused_by_its_field() {
    let (server, owner) = Server::with_acme().await;
    let refused = async |body: Value| {
        let answer = server.post("/api/v1/metrics", &owner, &body).await;
        (answer.status.as_u16(), answer.json["detail"]["field"].as_str().unwrap_or_default().to_owned())
    };
    for (body, field) in [
        (json!({ "name": "Api-Calls" }), "name"),
        (json!({ "name": "x".repeat(65) }), "name"),
        (json!({ "name": "a", "window": "hour" }), "window"),
        (json!({ "name": "a", "timezone": "Mars/Base" }), "timezone"),
        (json!({ "name": "a", "counts": "calls" }), "counts"),
        (json!({ "name": "a", "counts": "cost_usd" }), "counts"),
        (json!({ "name": "cost_usd", "counts": "named" }), "counts"),
        (json!({ "name": "a", "unit": "" }), "unit"),
        (json!({ "name": "a", "description": "x".repeat(257) }), "description"),
        (json!({ "name": "a", "colour": 1 }), "colour"),
    ] {
        assert_eq!(refused(body.clone()).await, (422, field.to_owned()), "{body}");
    }
    assert_eq!(refused(json!({ "name": "storage" })).await.0, 409);
    let change = json!({ "counts": "cost_usd" });
    let answer = server.patch("/api/v1/metrics/api_calls", &owner, &change).await;
    assert_eq!(answer.refusal(), (422, "invalid_value", "counts"));
    for built_in in ["deployments", "api_calls", "compute_hours", "storage"] {
        let answer = server.delete(&format!("/api/v1/metrics/{built_in}"), &owner).await;
        assert_eq!(answer.refusal(), (409, "conflict", ""), "{built_in}");
    }
    for n in 0..60 {
        assert_eq!(refused(json!({ "name": format!("m_{n}") })).await.0, 201);
    }
    assert_eq!(refused(json!({ "name": "one_too_many" })).await.0, 409);
}

#[tokio::test]
async fn a_window_becomes_a_level_only_while_it_is_unused() {
    let (server, owner) = Server::with_acme().await;
    let to_level = json!({ "window": "none" });
    assert_eq!(server.patch("/api/v1/metrics/deployments", &owner, &to_level).await.status, 200);
    assert_eq!(
        server.patch("/api/v1/metrics/deployments", &owner, &json!({ "window": "day" })).await.status,
        200
    );
    server.record(&owner, &event("1")).await;
    let used = server.patch("/api/v1/metrics/api_calls", &owner, &to_level).await;
    assert_eq!(used.refusal(), (409, "conflict", ""));
    let week = server.patch("/api/v1/metrics/api_calls", &owner, &json!({ "window": "week" })).await;
    assert_eq!(week.json["window"], "week");
}

#[tokio::test]
async fn tiers_are_made_changed_and_deleted() {
    let (server, owner) = Server::with_acme().await;
    let body = r#"{"name":"team","limits":{"deployments":25,"compute_hours":"0.001","api_calls":null}}"#;
    let made =
        server.call(axum::http::Method::POST, "/api/v1/tiers").token(&owner).body("application/json", body);
    let made = made.send().await;
    assert_eq!(made.status, 201);
    let text = String::from_utf8(made.bytes).unwrap();
    let limits = r#"{"api_calls":null,"compute_hours":0.001,"deployments":25,"storage":null}"#;
    let whole =
        format!(r#"{{"name":"team","limits":{limits},"created_at":"2026-11-22T10:30:00Z","users":0}}"#);
    assert_eq!(text, whole, "every digit stands as it was sent");

    let change = json!({ "limits": { "deployments": null, "storage": "999999999999.999999" } });
    let changed = server.patch("/api/v1/tiers/team", &owner, &change).await;
    let text = String::from_utf8(changed.bytes).unwrap();
    let limits =
        r#"{"api_calls":null,"compute_hours":0.001,"deployments":null,"storage":999999999999.999999}"#;
    assert!(text.contains(limits), "{text}");

    server.post("/api/v1/users", &owner, &json!({ "id": "u-9", "tier": "team" })).await;
    assert_eq!(server.get("/api/v1/tiers/team", &owner).await.json["users"], 1);
    assert_eq!(server.delete("/api/v1/tiers/team", &owner).await.refusal(), (409, "conflict", ""));
    server.patch("/api/v1/users/u-9", &owner, &json!({ "tier": "free" })).await;
    assert_eq!(server.delete("/api/v1/tiers/team", &owner).await.status, 204);
    assert_eq!(server.get("/api/v1/tiers/team", &owner).await.refusal(), (404, "not_found", ""));
    assert_eq!(server.delete("/api/v1/tiers/free", &owner).await.refusal(), (409, "conflict", ""));
    let member = server.key("acme", "member", Some("u-9")).await;
    let seen = server.get("/api/v1/tiers/free", &member).await.json;
    assert_eq!((&seen["limits"]["deployments"], seen.get("users")), (&json!(10), None));
}

#[tokio::test]
async fn limits_that_cannot_be_are_refused_by_their_field() {
    let (server, owner) = Server::with_acme().await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-1" })).await;
    for (limits, field) in [
        (json!({ "deployments": -1 }), "limits.deployments"),
        (json!({ "deployments": "0.0000001" }), "limits.deployments"),
        (json!({ "deployments": 1e13 }), "limits.deployments"),
        (json!({ "deployments": "ten" }), "limits.deployments"),
        (json!({ "deployments": true }), "limits.deployments"),
        (json!({ "spend": 1 }), "limits.spend"),
        (json!({ "No Name": 1 }), "limits"),
        (json!([1]), "limits"),
    ] {
        let body = json!({ "limits": limits });
        let named = json!({ "name": "team", "limits": limits });
        for answer in [
            server.post("/api/v1/tiers", &owner, &named).await,
            server.patch("/api/v1/tiers/free", &owner, &body).await,
            server.put("/api/v1/users/u-1/limits", &owner, &body).await,
            server.put("/api/v1/tenant-limits", &owner, &body).await,
        ] {
            assert_eq!(answer.refusal(), (422, "invalid_value", field), "{body}");
        }
    }
    let unknown = server.put("/api/v1/tenant-limits", &owner, &json!({ "limits": { "spend": 1 } })).await;
    let message = "there is no metric \"spend\"; known are api_calls, compute_hours, deployments, storage";
    assert_eq!(unknown.json["detail"]["message"], message);
    let rounded = json!({ "limits": { "compute_hours": 0.300_000_000_000_000_04 } });
    let rounded = server.patch("/api/v1/tiers/free", &owner, &rounded).await;
    assert_eq!(rounded.json["limits"]["compute_hours"], json!(0.3), "a number's long tail is rounded");
    for name in ["", "Team", "a b", &"x".repeat(65)] {
        let answer = server.post("/api/v1/tiers", &owner, &json!({ "name": name })).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", "name"), "{name:?}");
    }
    assert_eq!(server.post("/api/v1/tiers", &owner, &json!({ "name": "free" })).await.status, 409);
    assert_eq!(server.patch("/api/v1/tiers/gold", &owner, &json!({ "limits": {} })).await.status, 404);
    for n in 0..97 {
        let made = server.post("/api/v1/tiers", &owner, &json!({ "name": format!("t-{n}") })).await;
        assert_eq!(made.status, 201);
    }
    let full = server.post("/api/v1/tiers", &owner, &json!({ "name": "one-too-many" })).await;
    assert_eq!(full.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn users_have_limits_of_their_own() {
    let (server, owner) = Server::with_acme().await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-1" })).await;
    let path = "/api/v1/users/u-1/limits";
    assert_eq!(server.get(path, &owner).await.json, json!({ "limits": {} }));
    let limits = json!({ "limits": { "deployments": 25, "api_calls": null } });
    assert_eq!(server.put(path, &owner, &limits).await.json, limits);
    assert_eq!(server.get(path, &owner).await.json, limits);
    let other = json!({ "limits": { "compute_hours": 0.5 } });
    assert_eq!(server.put(path, &owner, &other).await.json, other);
    assert_eq!(server.get(path, &owner).await.json, other, "all are replaced");
    let missing = server.put("/api/v1/users/u-2/limits", &owner, &other).await;
    assert_eq!(missing.refusal(), (404, "not_found", ""));

    let member = server.key("acme", "member", Some("u-1")).await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-2" })).await;
    assert_eq!(server.get(path, &member).await.json, other);
    let foreign = server.get("/api/v1/users/u-2/limits", &member).await;
    assert_eq!((foreign.status, &foreign.bytes), (missing.status, &missing.bytes));
    assert_eq!(server.put(path, &member, &other).await.status, 403);
}

#[tokio::test]
async fn the_tenant_has_limits_of_its_own() {
    let (server, owner) = Server::with_acme().await;
    let sent = json!({ "limits": { "api_calls": 100_000, "deployments": null } });
    let kept = json!({ "limits": { "api_calls": 100_000 } });
    assert_eq!(server.put("/api/v1/tenant-limits", &owner, &sent).await.json, kept, "null is no limit");
    assert_eq!(server.get("/api/v1/tenant-limits", &owner).await.json, kept);
    assert_eq!(server.get("/api/v1/tenant-limits?tenant=acme", ADMIN).await.json, kept);
    server.tenant("globex").await;
    assert_eq!(server.get("/api/v1/tenant-limits?tenant=globex", ADMIN).await.json, json!({ "limits": {} }));
}

#[tokio::test]
async fn every_change_is_in_the_audit_log() {
    let (server, owner) = Server::with_acme().await;
    server.post("/api/v1/metrics", &owner, &json!({ "name": "tokens" })).await;
    server.patch("/api/v1/metrics/tokens", &owner, &json!({ "unit": "tokens" })).await;
    server.delete("/api/v1/metrics/tokens", &owner).await;
    server.post("/api/v1/tiers", &owner, &json!({ "name": "team" })).await;
    server.patch("/api/v1/tiers/team", &owner, &json!({ "limits": { "storage": 1 } })).await;
    server.delete("/api/v1/tiers/team", &owner).await;
    server.post("/api/v1/users", &owner, &json!({ "id": "u-1" })).await;
    server.put("/api/v1/users/u-1/limits", &owner, &json!({ "limits": {} })).await;
    server.put("/api/v1/tenant-limits", &owner, &json!({ "limits": {} })).await;
    let audit = server.get("/api/v1/audit", &owner).await.json;
    let mut told: Vec<(&str, &str)> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["action"].as_str().unwrap(), entry["target"].as_str().unwrap()))
        .filter(|(action, _)| *action != "key.create")
        .collect();
    told.reverse();
    let expected = [
        ("metric.create", "tokens"),
        ("metric.update", "tokens"),
        ("metric.delete", "tokens"),
        ("tier.create", "team"),
        ("tier.update", "team"),
        ("tier.delete", "team"),
        ("user.create", "u-1"),
        ("user.limits", "u-1"),
        ("tenant.limits", "acme"),
    ];
    assert_eq!(told, expected);
}
