//! JWTs of the customer's own app.

use crate::harness::{NOW_MS, Server, event};
use axum::Json;
use axum::routing::get;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use meterwire_server::http::{HttpSettings, JwtConfig, JwtVerifier};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const SECRET: &str = "a-secret-of-at-least-32-bytes-long";

fn sign(claims: &Value) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn claims(change: Value) -> Value {
    let mut claims = json!({ "tenant": "acme", "sub": "u-1", "role": "member", "exp": NOW_MS / 1000 + 60, "iss": "app", "aud": "meterwire" });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

async fn server() -> Server {
    let config = JwtConfig {
        jwt_secret: Some(SECRET.into()),
        jwt_issuer: Some("app".into()),
        jwt_audience: Some("meterwire".into()),
        ..JwtConfig::default()
    };
    let verifier = JwtVerifier::from_config(config).unwrap();
    let server = Server::start_with(HttpSettings::default(), verifier).await;
    server.tenant("acme").await;
    server
}

#[tokio::test]
async fn claims_name_tenant_user_and_role() {
    let server = server().await;
    let owner = server.key("acme", "owner", None).await;
    let mut other = event("2");
    other["user"] = json!("u-2");
    server.record(&owner, &json!([event("1"), other])).await;
    let member = sign(&claims(json!({})));
    assert_eq!(server.get("/api/v1/usage/summary", &member).await.json["total_calls"], 1);
    assert_eq!(server.post("/api/v1/events", &member, &event("3")).await.status, 403);
    let by_jwt = sign(&claims(json!({ "role": "owner" })));
    server.record(&by_jwt, &event("3")).await;
    assert_eq!(server.totals(&owner).await.0, 3, "API keys go on working beside it");
}

/// R4's `<token>` is that of the customer's own app.
#[tokio::test]
async fn a_users_own_token_takes_its_decisions() {
    let server = server().await;
    let member = sign(&claims(json!({})));
    let ten = json!({ "metric": "deployments", "amount": 10 });
    assert_eq!(server.post("/api/usage/consume", &member, &ten).await.status, 200);
    let status = server.get("/api/usage/status", &member).await.json;
    assert_eq!((&status["user"], &status["metrics"]["deployments"]["remaining"]), (&json!("u-1"), &json!(0)));
    let others = json!({ "metric": "deployments", "user": "u-2" });
    assert_eq!(server.post("/api/usage/consume", &member, &others).await.status, 403);
    let gateway = sign(&claims(json!({ "role": "ingest" })));
    assert_eq!(server.post("/api/usage/consume", &gateway, &others).await.status, 200, "for others by name");
    let own = json!({ "metric": "deployments" });
    assert_eq!(
        server.post("/api/usage/consume", &gateway, &own).await.status,
        429,
        "its own where none is named"
    );
    let viewer = sign(&claims(json!({ "role": "viewer" })));
    assert_eq!(server.post("/api/usage/consume", &viewer, &own).await.status, 403);
}

#[tokio::test]
async fn what_is_not_signed_here_for_us_and_now_is_refused() {
    let server = server().await;
    let now_s = NOW_MS / 1000;
    let wrong = [
        json!({ "exp": now_s - 31 }),
        json!({ "nbf": now_s + 31 }),
        json!({ "exp": null }),
        json!({ "iss": "other" }),
        json!({ "aud": "other" }),
        json!({ "tenant": "no-such" }),
        json!({ "tenant": null }),
        json!({ "role": "king" }),
        json!({ "role": "admin" }),
        json!({ "sub": null }),
    ];
    for change in wrong {
        let answer = server.get("/api/v1/me", &sign(&claims(change.clone()))).await;
        assert_eq!(answer.refusal(), (401, "unauthenticated", ""), "{change}");
    }
    let good = sign(&claims(json!({})));
    assert_eq!(server.get("/api/v1/me", &good).await.status, 200);
    let parts: Vec<&str> = good.split('.').collect();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    let forged = encode(
        &Header::default(),
        &claims(json!({})),
        &EncodingKey::from_secret(b"another-secret-of-32-bytes-length"),
    )
    .unwrap();
    for token in [none, forged, format!("{good}x"), "a.b.c".repeat(10)] {
        assert_eq!(server.get("/api/v1/me", &token).await.status, 401, "{token}");
    }
}

/// A P-256 key pair made here, and its public half as a JWKS document.
fn ec_pair() -> (EncodingKey, Value) {
    use p256::pkcs8::EncodePrivateKey;
    let secret = p256::SecretKey::from_slice(&[7; 32]).unwrap();
    let private = EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes());
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap()).unwrap();
    jwk["kid"] = json!("k1");
    (private, json!({ "keys": [jwk] }))
}

#[tokio::test]
async fn keys_of_a_jwks_document_decide_the_algorithm() {
    let (private, jwks) = ec_pair();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("jwks.json");
    std::fs::write(&file, jwks.to_string()).unwrap();
    let config = JwtConfig { jwks_file: Some(file), ..JwtConfig::default() };
    let server = Server::start_with(HttpSettings::default(), JwtVerifier::from_config(config).unwrap()).await;
    server.tenant("acme").await;
    let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
    let good = encode(&header, &claims(json!({})), &private).unwrap();
    assert_eq!(server.get("/api/v1/me", &good).await.json["user"], "u-1");
    let unknown = Header { kid: Some("k2".into()), ..Header::new(Algorithm::ES256) };
    let unknown = encode(&unknown, &claims(json!({})), &private).unwrap();
    assert_eq!(server.get("/api/v1/me", &unknown).await.status, 401);
    // The public key taken for an HMAC secret is the classic forgery.
    let hmac = Header { kid: Some("k1".into()), ..Header::new(Algorithm::HS256) };
    let forged =
        encode(&hmac, &claims(json!({})), &EncodingKey::from_secret(jwks.to_string().as_bytes())).unwrap();
    assert_eq!(server.get("/api/v1/me", &forged).await.status, 401);
}

#[tokio::test]
async fn keys_are_fetched_from_the_issuer_and_again_when_they_change() {
    let (private, jwks) = ec_pair();
    let document = Arc::new(Mutex::new(json!({ "keys": [] })));
    let served = document.clone();
    let issuer = axum::Router::new().route("/jwks", get(async move || Json(served.lock().unwrap().clone())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let issuing = tokio::spawn(async move { axum::serve(listener, issuer).await.unwrap() });
    let config = JwtConfig { jwks_url: Some(url), ..JwtConfig::default() };
    let server = Server::start_with(HttpSettings::default(), JwtVerifier::from_config(config).unwrap()).await;
    server.tenant("acme").await;
    let header = Header { kid: Some("k1".into()), ..Header::new(Algorithm::ES256) };
    let token = encode(&header, &claims(json!({ "exp": NOW_MS / 1000 + 9_999 })), &private).unwrap();
    let status_at = async |seconds: i64| {
        server.clock.set(NOW_MS + seconds * 1000);
        server.get("/api/v1/me", &token).await.status.as_u16()
    };
    assert_eq!(status_at(0).await, 401, "the issuer does not know the key");
    *document.lock().unwrap() = jwks;
    assert_eq!(status_at(29).await, 401, "an unknown key does not make us fetch at every request");
    assert_eq!(status_at(31).await, 200);
    issuing.abort();
    assert_eq!(status_at(1_000).await, 200, "known keys stay good while the issuer is away");
}
