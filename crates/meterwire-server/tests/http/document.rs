//! The OpenAPI document and the pages that carry it.

use crate::harness::Server;
use axum::http::Method;

#[tokio::test]
async fn the_committed_document_is_current() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let current = meterwire_server::http::openapi().to_pretty_json().unwrap();
    assert_eq!(committed.trim(), current.trim(), "run `make openapi`");
}

#[tokio::test]
async fn operations_have_names_of_their_own() {
    let document = serde_json::to_value(meterwire_server::http::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
    let names: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let different: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[tokio::test]
async fn the_document_and_its_page_are_served_from_here_alone() {
    let server = Server::start().await;
    let document = server.call(Method::GET, "/openapi.json").send().await;
    assert_eq!(document.json["info"]["title"], "Meterwire");
    let page = server.call(Method::GET, "/docs/").send().await;
    assert_eq!(page.status, 200);
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(!html.contains("https://") && !html.contains("http://"), "{html}");
}

#[tokio::test]
async fn what_is_no_route_is_an_error_of_the_same_shape() {
    let server = Server::start().await;
    let missing = server.call(Method::GET, "/api/v1/nothing").send().await;
    assert_eq!(missing.refusal(), (404, "not_found", ""));
    let method = server.call(Method::PUT, "/api/v1/events").send().await;
    assert_eq!(method.refusal(), (405, "method_not_allowed", ""));
}

#[tokio::test]
async fn every_answer_names_its_request_and_guards_the_page() {
    let server = Server::start().await;
    let own = server.call(Method::GET, "/healthz").header("x-request-id", "abc-1").send().await;
    assert_eq!(own.headers["x-request-id"], "abc-1");
    let made = server.call(Method::GET, "/healthz").send().await;
    assert_eq!(made.headers["x-request-id"].len(), 36);
    let policy = made.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(made.headers["x-content-type-options"], "nosniff");
}
