//! Tokens for a page in somebody else's app, and which pages may ask at all.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event, outside};
use axum::http::Method;
use meterwire_server::http::HttpSettings;
use serde_json::{Value, json};

async fn embed(server: &Server, owner: &str, wish: Value) -> String {
    let made = server.post("/api/v1/embed-tokens", owner, &wish).await;
    assert_eq!(made.status, 201, "{made:?}");
    made.json["token"].as_str().unwrap().to_owned()
}

async fn status(server: &Server, token: &str) -> u16 {
    server.get("/api/v1/usage/summary", token).await.status.as_u16()
}

#[tokio::test]
async fn it_shows_the_tenant_or_one_user_and_changes_nothing() {
    let (server, owner) = Server::with_acme().await;
    let mut other = event("2");
    other["user"] = json!("u-2");
    server.record(&owner, &json!([event("1"), other])).await;
    let made = server.post("/api/v1/embed-tokens", &owner, &json!({ "user": "u-2" })).await;
    let token = made.json["token"].as_str().unwrap();
    assert!(token.starts_with("mwe_"), "{token}");
    let mut answer = made.json.clone();
    answer["token"] = json!("..");
    let expected = json!({ "token": "..", "role": "member", "tenant": "acme", "user": "u-2", "expires_at": "2026-11-22T10:45:00Z" });
    assert_eq!(answer, expected);
    assert_eq!(server.totals(token).await.0, 1, "its own");
    let asked = server.get("/api/v1/usage/query?range=7d&filter[user]=u-1", token).await;
    assert_eq!(asked.json["total"]["calls"], 0);
    let whole = embed(&server, &owner, json!({})).await;
    assert_eq!(server.totals(&whole).await.0, 2, "everyone's");
    let me = server.get("/api/v1/me", &whole).await.json;
    assert_eq!(
        (&me["role"], &me["tenant"]["slug"], &me["key"]),
        (&json!("viewer"), &json!("acme"), &json!(null))
    );
    let one = json!({ "metric": "deployments" });
    for token in [token, &whole] {
        for (path, body) in [
            ("/api/v1/events", event("3")),
            ("/api/usage/consume", one.clone()),
            ("/api/usage/increment", one.clone()),
            ("/api/usage/reservations", one.clone()),
            ("/api/v1/keys", json!({ "name": "k", "role": "viewer" })),
            ("/api/v1/embed-tokens", json!({})),
            ("/api/v1/budgets", json!({ "name": "b", "amount_usd": "1", "period": "month" })),
        ] {
            assert_eq!(server.post(path, token, &body).await.status, 403, "{path}");
        }
        let session = server.post("/api/v1/session", token, &json!({ "token": token })).await;
        assert_eq!(session.status, 401, "a session would outlive it");
    }
    assert_eq!(server.totals(&owner).await.0, 2);
}

#[tokio::test]
async fn it_ends_by_itself() {
    let (server, owner) = Server::with_acme().await;
    let short = embed(&server, &owner, json!({ "ttl_seconds": 30 })).await;
    let long = embed(&server, &owner, json!({ "ttl_seconds": 86_400 })).await;
    server.clock.set(NOW_MS + 29_999);
    assert_eq!((status(&server, &short).await, status(&server, &long).await), (200, 200));
    server.clock.set(NOW_MS + 30_000);
    assert_eq!((status(&server, &short).await, status(&server, &long).await), (401, 200));
    server.clock.set(NOW_MS + 86_400_000);
    assert_eq!(status(&server, &long).await, 401);
}

#[tokio::test]
async fn it_ends_with_the_key_that_made_it() {
    let (server, _) = Server::with_acme().await;
    for (how, method) in [("", Method::DELETE), ("/rotate", Method::POST)] {
        let key = json!({ "name": "page", "role": "owner" });
        let key = server.post("/api/v1/keys?tenant=acme", ADMIN, &key).await.json;
        let token = embed(&server, key["token"].as_str().unwrap(), json!({})).await;
        assert_eq!(status(&server, &token).await, 200);
        let path = format!("/api/v1/keys/{}{how}?tenant=acme", key["id"].as_str().unwrap());
        assert!(server.call(method, &path).token(ADMIN).send().await.status.is_success());
        assert_eq!(status(&server, &token).await, 401, "{path}");
    }
    let by_admin = server.post("/api/v1/embed-tokens?tenant=acme", ADMIN, &json!({})).await;
    let by_admin = by_admin.json["token"].as_str().unwrap();
    assert_eq!(status(&server, by_admin).await, 200);
    server.delete("/api/v1/tenants/acme", ADMIN).await;
    server.clock.set(NOW_MS + 10_000);
    assert_eq!(status(&server, by_admin).await, 401, "nothing is left to show");
}

#[tokio::test]
async fn it_holds_after_a_restart_and_cannot_be_made_elsewhere() {
    let (mut server, owner) = Server::with_acme().await;
    let token = embed(&server, &owner, json!({ "user": "u-1" })).await;
    server.restart(outside());
    assert_eq!(status(&server, &token).await, 200);
    let (head, rest) = token.split_at(4);
    for at in [0, 8, 30, rest.len() - 1] {
        let mut changed = rest.to_owned().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = format!("{head}{}", String::from_utf8(changed).unwrap());
        assert_eq!(status(&server, &changed).await, 401, "{at}");
    }
    for wrong in ["mwe_", "mwe_AAAA", &format!("mwe_{}", "A".repeat(5_000)), rest] {
        assert_eq!(status(&server, wrong).await, 401, "{wrong}");
    }
    // What the same key has sealed for another purpose.
    let other =
        outside().secrets.seal("provider/1/a", "{\"tenant\":1,\"expires_ms\":9e15,\"maker\":\"x\"}").unwrap();
    let other = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, other);
    assert_eq!(status(&server, &format!("mwe_{other}")).await, 401);
}

#[tokio::test]
async fn a_wish_that_makes_no_sense_is_refused_and_one_that_is_granted_is_noted() {
    let (server, owner) = Server::with_acme().await;
    let refused = async |path: &str, token: &str, wish: Value| -> (u16, String) {
        let answer = server.post(path, token, &wish).await;
        (answer.status.as_u16(), answer.refusal().2.to_owned())
    };
    let path = "/api/v1/embed-tokens";
    for ttl in [29, 86_401, -1] {
        let answer = refused(path, &owner, json!({ "ttl_seconds": ttl })).await;
        assert_eq!(answer, (422, "ttl_seconds".to_owned()), "{ttl}");
    }
    assert_eq!(refused(path, &owner, json!({ "user": "" })).await, (422, "user".to_owned()));
    assert_eq!(refused(path, &owner, json!({ "role": "owner" })).await.0, 422);
    assert_eq!(refused(path, ADMIN, json!({})).await, (422, "tenant".to_owned()));
    let before = server.get("/api/v1/audit", &owner).await.json["items"].as_array().unwrap().len();
    embed(&server, &owner, json!({ "user": "u-9" })).await;
    let audit = server.get("/api/v1/audit", &owner).await.json;
    assert_eq!(audit["items"].as_array().unwrap().len(), before + 1);
    let (action, target) = (&audit["items"][0]["action"], &audit["items"][0]["target"]);
    assert_eq!((action, target), (&json!("embed_token.create"), &json!("u-9")));
    let nothing = server.call(Method::POST, path).token(&owner).send().await;
    assert_eq!(nothing.status, 201, "without a body it is a viewer's for fifteen minutes");
}

const APP: &str = "https://app.example.com";

async fn asked_from(server: &Server, origin: &'static str, method: Method) -> Answer {
    let call = server.call(method.clone(), "/api/v1/usage/summary").header("origin", origin);
    let wanted = "authorization,content-type";
    let call = match method {
        Method::OPTIONS => call
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", wanted),
        _ => call,
    };
    call.send().await
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn only_pages_of_named_origins_may_ask_and_never_with_a_cookie() {
    let settings = HttpSettings { cors_origins: vec![APP.to_owned()], ..HttpSettings::default() };
    let server = Server::start_with(settings, None).await;
    let asked = asked_from(&server, APP, Method::OPTIONS).await;
    assert_eq!((asked.status.as_u16(), allowed(&asked)), (200, Some(APP)));
    let headers = asked.headers["access-control-allow-headers"].to_str().unwrap();
    assert!(headers.contains("authorization") && headers.contains("content-type"), "{headers}");
    assert!(asked.headers["access-control-allow-methods"].to_str().unwrap().contains("GET"));
    let refused = asked_from(&server, APP, Method::GET).await;
    assert_eq!((refused.status.as_u16(), allowed(&refused)), (401, Some(APP)), "the page can read why");
    for answer in [&asked, &refused] {
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(answer.headers["vary"].to_str().unwrap().contains("origin"));
    }
    for method in [Method::OPTIONS, Method::GET] {
        assert_eq!(allowed(&asked_from(&server, "https://evil.example.com", method).await), None);
    }
    let closed = Server::start().await;
    assert_eq!(allowed(&asked_from(&closed, APP, Method::OPTIONS).await), None, "nobody by itself");
}
