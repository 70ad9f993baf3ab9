//! Bad input of every kind gets its documented error and changes nothing.

use crate::harness::{NOW_MS, Server, event};
use axum::http::Method;
use serde_json::json;
use std::io::Write;

async fn post_text(server: &Server, token: &str, body: &str) -> crate::harness::Answer {
    server.call(Method::POST, "/api/v1/events").token(token).body("application/json", body).send().await
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let (server, owner) = Server::with_acme().await;
    for body in ["", "{", "[{}", "nope", "[{}]x", "{\"id\":NaN}", "\u{0}", "[NaN]", "{'id':1}", "[[[[[[[["] {
        let answer = post_text(&server, &owner, body).await;
        assert_eq!(answer.refusal(), (400, "malformed", ""), "{body:?}");
    }
    let bytes = server
        .call(Method::POST, "/api/v1/events")
        .token(&owner)
        .body("application/json", vec![b'"', 0xff, b'"']);
    assert_eq!(bytes.send().await.status, 400);
    let deep = "[".repeat(100_000);
    assert_eq!(post_text(&server, &owner, &deep).await.status, 400);
    assert_eq!(server.totals(&owner).await.0, 0);
}

#[tokio::test]
async fn wrong_values_name_their_field() {
    let (server, owner) = Server::with_acme().await;
    let long = "x".repeat(10_000_000);
    let cases = [
        (r#"{"id":5}"#, "id"),
        (r#"{"idd":"a"}"#, "idd"),
        (r#"{"usage":{"input_tokens":-1}}"#, "usage.input_tokens"),
        (r#"{"usage":{"input_tokens":1.5}}"#, "usage.input_tokens"),
        (r#"{"usage":{"input_tokens":"7"}}"#, "usage.input_tokens"),
        (r#"{"usage":{"input_tokens":9223372036854775808}}"#, "usage"),
        (r#"{"usage":{"input_tokens":18446744073709551616}}"#, "usage.input_tokens"),
        (r#"{"usage":{"input_tokens":1e308}}"#, "usage.input_tokens"),
        (r#"{"usage":{"input_tokens":1,"cached_input_tokens":2}}"#, "usage"),
        (r#"{"usage":{"output_tokens":1,"reasoning_tokens":2}}"#, "usage"),
        (r#"{"usage":{"tokens":1}}"#, "usage.tokens"),
        (r#"{"time":"yesterday"}"#, "time"),
        (r#"{"time":"1999-12-31T23:59:59Z"}"#, "time"),
        (r#"{"time":"2026-11-22T10:35:00.001Z"}"#, "time"),
        (r#"{"time":"+999999-01-01T00:00:00Z"}"#, "time"),
        (r#"{"time":1795343400}"#, "time"),
        (r#"{"status":99}"#, "status"),
        (r#"{"status":70000}"#, "status"),
        (r#"{"latency_ms":-5}"#, "latency_ms"),
        (r#"{"country":"Germany"}"#, "country"),
        (r#"{"request_hash":"abc"}"#, "request_hash"),
        (r#"{"cost_usd":"1e3"}"#, "cost_usd"),
        (r#"{"cost_usd":"-1"}"#, "cost_usd"),
        (r#"{"cost_usd":"0.0000000001"}"#, "cost_usd"),
        (r#"{"cost_usd":99999999}"#, "cost_usd"),
        (r#"{"cost_usd":1e308}"#, "cost_usd"),
        (r#"{"metrics":{"compute_hours":-1}}"#, "metrics.compute_hours"),
        (r#"{"metrics":{"Compute Hours":1}}"#, "metrics"),
        (r#"{"metrics":{"compute_hours":"0.0000001"}}"#, "metrics.compute_hours"),
        (r#"{"properties":[]}"#, "properties"),
        (r#"{"id":"a","id":"b"}"#, "id"),
        (r#"{"provider_usage":{}}"#, "provider"),
        (r#"{"usage":{},"provider_usage":{}}"#, "provider_usage"),
        (r#"{"user":"a\u0000b"}"#, "user"),
        (r#"{"id":""}"#, "id"),
        (r#"[["an-id"]]"#, "body"),
        ("[5]", "body"),
    ];
    for (body, field) in cases {
        let answer = post_text(&server, &owner, body).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
        let named = answer.json["results"][0]["error"]["field"].as_str().unwrap();
        assert!(
            named == field || named.starts_with(&format!("{field}.")) || body.contains("\"id\":\"b\""),
            "{body}: {named}"
        );
    }
    for field in ["id", "user", "model"] {
        let answer = post_text(&server, &owner, &json!({ field: long }).to_string()).await;
        assert_eq!(answer.json["results"][0]["error"]["field"], *field);
        assert!(answer.bytes.len() < 2000, "the value is not sent back");
    }
    let large = json!({ "properties": { "text": "x".repeat(9000) } }).to_string();
    assert_eq!(post_text(&server, &owner, &large).await.json["results"][0]["error"]["field"], "properties");
    assert_eq!(server.totals(&owner).await.0, 0);
}

/// Serde would take the elements for the fields in their order: 100 input tokens, 50 of them cached.
#[tokio::test]
async fn an_array_is_no_object_within_an_event_either() {
    let (server, owner) = Server::with_acme().await;
    let array = "invalid type: array, expected an object";
    let cases = [
        (r#"{"usage":[]}"#, "usage", array),
        (r#"{"usage":[100,50]}"#, "usage", array),
        (r#"{"usage":"100"}"#, "usage", "invalid type: string \"100\", expected an object"),
        (r#"{"provider":"openai","provider_usage":[1]}"#, "provider_usage", "must be an object"),
        (r#"{"metrics":{"storage":"much"}}"#, "metrics.storage", "the amount is not a decimal number"),
    ];
    for (body, field, message) in cases {
        let error = &post_text(&server, &owner, body).await.json["results"][0]["error"];
        assert_eq!((&error["field"], &error["message"]), (&json!(field), &json!(message)), "{body}");
    }
    assert_eq!(server.totals(&owner).await.0, 0);
    let none = post_text(&server, &owner, r#"{"usage":null}"#).await;
    assert_eq!((none.status.as_u16(), server.totals(&owner).await.0), (200, 1));
}

#[tokio::test]
async fn five_minutes_ahead_is_the_edge() {
    let (server, owner) = Server::with_acme().await;
    let at = |ms: i64| json!({ "id": ms.to_string(), "time": jiff::Timestamp::from_millisecond(ms).unwrap().to_string() });
    let answer =
        server.post("/api/v1/events", &owner, &json!([at(NOW_MS + 300_000), at(NOW_MS + 300_001)])).await;
    assert_eq!((&answer.json["stored"], &answer.json["rejected"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn bodies_are_bounded_before_and_after_unpacking() {
    let (server, owner) = Server::with_acme().await;
    let too_many = json!(vec![json!({}); 10_001]);
    assert_eq!(server.post("/api/v1/events", &owner, &too_many).await.refusal(), (413, "too_large", ""));
    let lines = "{}\n".repeat(10_001);
    let call = server.call(Method::POST, "/api/v1/events").token(&owner).body("application/x-ndjson", lines);
    assert_eq!(call.send().await.status, 413);
    let huge = " ".repeat(16 * 1024 * 1024 + 1);
    assert_eq!(post_text(&server, &owner, &huge).await.refusal(), (413, "too_large", ""));
    let zeros = vec![b' '; 64 * 1024 * 1024];
    let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    gzip.write_all(&zeros).unwrap();
    for (encoding, bomb) in
        [("gzip", gzip.finish().unwrap()), ("zstd", zstd::encode_all(&zeros[..], 1).unwrap())]
    {
        let call =
            server.call(Method::POST, "/api/v1/events").token(&owner).header("content-encoding", encoding);
        let answer = call.body("application/json", bomb).send().await;
        assert_eq!(answer.refusal(), (413, "too_large", ""), "{encoding}");
    }
    assert_eq!(server.totals(&owner).await.0, 0);
}

#[tokio::test]
async fn encodings_that_lie_and_types_that_are_not_taken() {
    let (server, owner) = Server::with_acme().await;
    let with = |encoding: &'static str, media_type: &'static str| {
        let call =
            server.call(Method::POST, "/api/v1/events").token(&owner).header("content-encoding", encoding);
        call.body(media_type, event("x").to_string()).send()
    };
    assert_eq!(with("gzip", "application/json").await.refusal(), (400, "malformed", ""));
    assert_eq!(with("zstd", "application/json").await.refusal(), (400, "malformed", ""));
    assert_eq!(with("br", "application/json").await.refusal(), (415, "unsupported_media_type", ""));
    assert_eq!(with("identity", "text/plain").await.refusal(), (415, "unsupported_media_type", ""));
    let key = server.call(Method::POST, "/api/v1/keys").token(&owner).body("text/plain", "{}").send().await;
    assert_eq!(key.status, 415);
    assert_eq!(server.totals(&owner).await.0, 0);
}

#[tokio::test]
async fn parameters_that_do_not_exist_or_do_not_fit_are_refused() {
    let (server, owner) = Server::with_acme().await;
    let cases = [
        ("/api/v1/usage/daily?days=0", "days"),
        ("/api/v1/usage/daily?days=91", "days"),
        ("/api/v1/usage/daily?days=seven", "days"),
        ("/api/v1/usage/daily?day=7", "day"),
        ("/api/v1/usage/daily?days=1&days=2", "days"),
        ("/api/v1/usage/summary?x=1", "x"),
        ("/api/v1/usage/query?range=8d", "range"),
        ("/api/v1/usage/query?range=7d&from=2026-01-01", "range"),
        ("/api/v1/usage/query?from=2026-02-30&to=2026-03-01", "from"),
        ("/api/v1/usage/query?tz=Mars", "tz"),
        ("/api/v1/usage/query?granularity=minute", "granularity"),
        ("/api/v1/usage/query?group_by=colour", "group_by"),
        ("/api/v1/usage/query?group_by=model,user,project", "group_by"),
        ("/api/v1/usage/query?metrics=joy", "metrics"),
        ("/api/v1/usage/query?filter[colour]=red", "filter"),
        ("/api/v1/usage/query?top=0", "top"),
        ("/api/v1/usage/query?compare=next", "compare"),
        ("/api/v1/usage/query?from=1990-01-01&to=2100-01-01&granularity=15m", "granularity"),
        ("/api/usage/breakdown?by=weather", "by"),
        ("/api/usage/log?sort=colour", "sort"),
        ("/api/usage/log?page=0", "page"),
        ("/api/usage/log?page=100000000", "page"),
        ("/api/usage/log?page_size=501", "page_size"),
        ("/api/usage/log?cursor=zz", "cursor"),
        ("/api/v1/keys?limit=0", "limit"),
        ("/api/v1/audit?cursor=x", "cursor"),
    ];
    for (path, field) in cases {
        assert_eq!(server.get(path, &owner).await.refusal(), (422, "invalid_value", field), "{path}");
    }
}
