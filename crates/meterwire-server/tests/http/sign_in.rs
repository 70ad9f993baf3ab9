//! The page's session: a cookie that scripts cannot read, only good for the page itself, ending with its key.

use crate::harness::{NOW_MS, Server};
use axum::http::Method;
use serde_json::json;

async fn cookie(server: &Server, token: &str) -> String {
    let call = server.call(Method::POST, "/api/v1/session").json(&json!({ "token": token }));
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let set = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains(token));
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_session_that_ends_when_told() {
    let (server, owner) = Server::with_acme().await;
    let cookie = cookie(&server, &owner).await;
    let me = server.call(Method::GET, "/api/v1/me").header("cookie", &format!("a=b; {cookie}")).send().await;
    assert_eq!(
        (&me.json["role"], &me.json["tenant"]["slug"], &me.json["demo"]),
        (&json!("owner"), &json!("acme"), &json!(false))
    );
    assert_eq!(me.json["key"]["prefix"], owner[..11]);
    let out = server
        .call(Method::DELETE, "/api/v1/session")
        .header("cookie", &cookie)
        .header("host", "a")
        .header("origin", "http://a");
    assert_eq!(out.send().await.status, 204);
    let me = server.call(Method::GET, "/api/v1/me").header("cookie", &cookie).send().await;
    assert_eq!(me.refusal(), (401, "unauthenticated", ""));
    let wrong = server
        .call(Method::POST, "/api/v1/session")
        .json(&json!({ "token": "mw_nobody-has-this-token-at-all" }));
    assert_eq!(wrong.send().await.refusal(), (401, "unauthenticated", ""));
}

#[tokio::test]
async fn another_sites_page_cannot_write_with_the_cookie() {
    let (server, owner) = Server::with_acme().await;
    let cookie = cookie(&server, &owner).await;
    let write = |origin: Option<&'static str>| {
        let call = server
            .call(Method::POST, "/api/v1/users")
            .header("cookie", &cookie)
            .header("host", "usage.test:8000");
        let call = call.json(&json!({ "id": format!("u-{}", origin.unwrap_or("none").len()) }));
        match origin {
            Some(origin) => call.header("origin", origin).send(),
            None => call.send(),
        }
    };
    assert_eq!(write(None).await.status, 403);
    assert_eq!(write(Some("http://evil.test")).await.status, 403);
    assert_eq!(write(Some("null")).await.status, 403);
    assert_eq!(write(Some("http://usage.test:8000")).await.status, 201);
}

#[tokio::test]
async fn a_session_ends_with_its_key_and_by_itself() {
    let (server, owner) = Server::with_acme().await;
    let made = server.post("/api/v1/keys", &owner, &json!({ "name": "x", "role": "viewer" })).await;
    let short = cookie(&server, made.json["token"].as_str().unwrap()).await;
    let me = |cookie: String| server.call(Method::GET, "/api/v1/me").header("cookie", &cookie).send();
    assert_eq!(me(short.clone()).await.status, 200);
    server.delete(&format!("/api/v1/keys/{}", made.json["id"].as_str().unwrap()), &owner).await;
    assert_eq!(me(short).await.status, 401);
    let long = cookie(&server, &owner).await;
    server.clock.set(NOW_MS + 8 * 86_400_000);
    assert_eq!(me(long).await.status, 401);
}
