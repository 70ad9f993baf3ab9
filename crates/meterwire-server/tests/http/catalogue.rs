//! Tenants, keys, users, projects, prices, audit.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use serde_json::json;

#[tokio::test]
async fn a_key_is_shown_once_listed_by_prefix_rotated_and_revoked() {
    let (server, owner) = Server::with_acme().await;
    let made = server.post("/api/v1/keys", &owner, &json!({ "name": "ci", "role": "viewer" })).await;
    let (id, token) =
        (made.json["id"].as_str().unwrap().to_owned(), made.json["token"].as_str().unwrap().to_owned());
    assert!(token.starts_with(made.json["prefix"].as_str().unwrap()));
    let list = server.get("/api/v1/keys", &owner).await;
    assert!(!String::from_utf8(list.bytes).unwrap().contains(&token));
    assert_eq!(server.get("/api/v1/usage/daily", &token).await.status, 200);
    let rotated = server.post(&format!("/api/v1/keys/{id}/rotate"), &owner, &json!({})).await;
    let fresh = rotated.json["token"].as_str().unwrap();
    assert_eq!(server.get("/api/v1/usage/daily", &token).await.status, 401, "the old token ends at once");
    assert_eq!(server.get("/api/v1/usage/daily", fresh).await.status, 200);
    assert_eq!(server.delete(&format!("/api/v1/keys/{id}"), &owner).await.status, 204);
    assert_eq!(server.get("/api/v1/usage/daily", fresh).await.status, 401);
    let again = server.post(&format!("/api/v1/keys/{id}/rotate"), &owner, &json!({})).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn a_key_ends_when_it_says() {
    let (server, owner) = Server::with_acme().await;
    let body = json!({ "name": "short", "role": "viewer", "expires_at": "2026-11-22T10:30:02Z" });
    let made = server.post("/api/v1/keys", &owner, &body).await;
    let token = made.json["token"].as_str().unwrap();
    assert_eq!(server.get("/api/v1/usage/daily", token).await.status, 200);
    server.clock.set(NOW_MS + 2_000);
    assert_eq!(server.get("/api/v1/usage/daily", token).await.status, 401);
    let past = server
        .post("/api/v1/keys", &owner, &json!({ "name": "p", "role": "viewer", "expires_at": "2020-01-01" }))
        .await;
    assert_eq!(past.refusal(), (422, "invalid_value", "expires_at"));
}

#[tokio::test]
async fn an_owner_makes_no_admin_and_a_member_needs_its_user() {
    let (server, owner) = Server::with_acme().await;
    let admin = server.post("/api/v1/keys", &owner, &json!({ "name": "x", "role": "admin" })).await;
    assert_eq!(admin.refusal(), (422, "invalid_value", "role"));
    let member = server.post("/api/v1/keys", &owner, &json!({ "name": "x", "role": "member" })).await;
    assert_eq!(member.refusal(), (422, "invalid_value", "user"));
    let unknown = server.post("/api/v1/keys", &owner, &json!({ "name": "x", "role": "king" })).await;
    assert_eq!(unknown.refusal(), (422, "invalid_value", "role"));
    let second =
        server.post("/api/v1/keys", ADMIN, &json!({ "name": "second admin", "role": "admin" })).await;
    assert_eq!(second.status, 201);
}

#[tokio::test]
async fn tenants_are_made_changed_and_deleted_only_when_empty() {
    let (server, owner) = Server::with_acme().await;
    assert_eq!(server.post("/api/v1/tenants", ADMIN, &json!({ "slug": "acme" })).await.status, 409);
    for slug in ["", "Ä", "UPPER", "-x", "a b"] {
        let answer = server.post("/api/v1/tenants", ADMIN, &json!({ "slug": slug })).await;
        assert_eq!(answer.refusal(), (422, "invalid_value", "slug"), "{slug:?}");
    }
    let zone = server.post("/api/v1/tenants", ADMIN, &json!({ "slug": "z", "timezone": "Mars" })).await;
    assert_eq!(zone.refusal(), (422, "invalid_value", "timezone"));
    let change = json!({ "timezone": "Asia/Kathmandu" });
    assert_eq!(
        server.patch("/api/v1/tenants/acme", &owner, &change).await.json["timezone"],
        "Asia/Kathmandu"
    );
    server.record(&owner, &json!({ "id": "1", "time": "2026-11-21T18:30:00Z" })).await;
    let daily = server.get("/api/v1/usage/daily?days=1", &owner).await;
    assert_eq!(daily.json["usage"][0], json!({ "date": "2026-11-22", "calls": 1 }));
    assert_eq!(server.delete("/api/v1/tenants/acme", ADMIN).await.refusal(), (409, "conflict", ""));
    server.tenant("empty").await;
    let key = server.key("empty", "owner", None).await;
    assert_eq!(server.delete("/api/v1/tenants/empty", ADMIN).await.status, 204);
    assert_eq!(server.get("/api/v1/usage/daily", &key).await.status, 401);
}

#[tokio::test]
async fn users_and_projects_are_plain_resources() {
    let (server, owner) = Server::with_acme().await;
    server.record(&owner, &event("1")).await;
    let seen = server.get("/api/v1/users", &owner).await;
    assert_eq!(seen.json["items"][0]["id"], "u-1");
    assert_eq!(server.post("/api/v1/users", &owner, &json!({ "id": "u-1" })).await.status, 409);
    assert_eq!(
        server.patch("/api/v1/users/u-1", &owner, &json!({ "tier": "pro" })).await.json["tier"],
        "pro"
    );
    let body = json!({ "slug": "bot", "name": "Bot", "department": "care", "team": "a" });
    assert_eq!(server.post("/api/v1/projects", &owner, &body).await.status, 201);
    let cleared = server.patch("/api/v1/projects/bot", &owner, &json!({ "department": null })).await;
    assert_eq!((&cleared.json["department"], &cleared.json["team"]), (&json!(null), &json!("a")));
    assert_eq!(server.patch("/api/v1/projects/bot", &owner, &json!({ "colour": 1 })).await.status, 422);
    assert_eq!(server.delete("/api/v1/projects/bot", &owner).await.status, 204);
    assert_eq!(server.delete("/api/v1/projects/bot", &owner).await.status, 404);
}

#[tokio::test]
async fn lists_page_without_repeating_or_skipping() {
    let (server, owner) = Server::with_acme().await;
    for n in 0..7 {
        server.post("/api/v1/projects", &owner, &json!({ "slug": format!("p-{n}") })).await;
    }
    let mut seen = vec![];
    let mut path = "/api/v1/projects?limit=3".to_owned();
    loop {
        let page = server.get(&path, &owner).await;
        seen.extend(
            page.json["items"].as_array().unwrap().iter().map(|p| p["slug"].as_str().unwrap().to_owned()),
        );
        match page.json["nextCursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/projects?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, (0..7).map(|n| format!("p-{n}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_price_book_is_shown_with_its_sources() {
    let (server, owner) = Server::with_acme().await;
    let book = server.get("/api/v1/prices/book?provider=openai&model=gpt-4o&limit=500", &owner).await;
    let entries = book.json["items"].as_array().unwrap();
    let gpt_4o = entries.iter().find(|entry| entry["model"] == "gpt-4o").unwrap();
    assert_eq!((&gpt_4o["input"], &gpt_4o["source"].is_string()), (&json!("2.5"), &true), "{gpt_4o}");
    let bad = server
        .post(
            "/api/v1/prices",
            &owner,
            &json!({ "provider": "p", "model": "m", "input": "cheap", "output": "1" }),
        )
        .await;
    assert_eq!(bad.refusal(), (422, "invalid_value", "input"));
}

#[tokio::test]
async fn the_audit_log_tells_who_changed_what_and_no_secret() {
    let (server, owner) = Server::with_acme().await;
    let made = server.post("/api/v1/keys", &owner, &json!({ "name": "x", "role": "viewer" })).await;
    let audit = server.get("/api/v1/audit", &owner).await;
    let newest = &audit.json["items"][0];
    assert_eq!((&newest["action"], &newest["target"]), (&json!("key.create"), &made.json["id"]));
    assert_eq!(newest["actor"], format!("key:{}", &owner[..11]));
    assert!(!String::from_utf8(audit.bytes).unwrap().contains(&owner));
    let instance = server.get("/api/v1/audit", ADMIN).await;
    assert!(instance.json["items"].as_array().unwrap().iter().any(|e| e["action"] == "tenant.create"));
}
