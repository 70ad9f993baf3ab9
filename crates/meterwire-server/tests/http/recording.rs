//! Recording: every content type, verdicts, identity, prices, voids.

use crate::harness::{ADMIN, NOW_MS, Server, event};
use axum::http::Method;
use serde_json::{Value, json};
use std::io::Write;

#[tokio::test]
async fn one_an_array_and_lines_are_the_same_events() {
    let (server, owner) = Server::with_acme().await;
    let one = server.post("/api/v1/events", &owner, &event("a")).await;
    assert_eq!(
        one.json,
        json!({"received":1,"stored":1,"duplicate":0,"conflict":0,"rejected":0,"results":[]})
    );
    let array = server.post("/api/v1/events", &owner, &json!([event("a"), event("b")])).await;
    assert_eq!(array.json["results"], json!([{ "index": 0, "id": "a", "status": "duplicate" }]));
    let lines = format!("{}\n\n{}\r\n", event("b"), event("c"));
    let call = server.call(Method::POST, "/api/v1/events").token(&owner);
    let ndjson = call.body("application/x-ndjson", lines).send().await;
    assert_eq!((&ndjson.json["stored"], &ndjson.json["duplicate"]), (&json!(1), &json!(1)));
    assert_eq!(server.totals(&owner).await, (3, 4500, "0.0225".to_owned()));
}

#[tokio::test]
async fn identity_is_source_and_id_whatever_the_time() {
    let (server, owner) = Server::with_acme().await;
    let mut dated = event("a");
    dated["time"] = json!("2026-11-20T00:00:00Z");
    server.record(&owner, &dated).await;
    let mut other_content = dated.clone();
    other_content["usage"]["output_tokens"] = json!(501);
    let mut other_time = dated.clone();
    other_time["time"] = json!("2026-11-21T00:00:00Z");
    let mut other_source = dated.clone();
    other_source["source"] = json!("elsewhere");
    let batch = json!([dated, other_content, other_time, other_source, event("fresh"), event("fresh")]);
    let answer = server.post("/api/v1/events", &owner, &batch).await;
    let statuses: Vec<_> =
        answer.json["results"].as_array().unwrap().iter().map(|r| (&r["index"], &r["status"])).collect();
    let expected = [(0, "duplicate"), (1, "conflict"), (2, "conflict"), (5, "duplicate")]
        .map(|(i, s)| (json!(i), json!(s)));
    assert_eq!(statuses, expected.iter().map(|(i, s)| (i, s)).collect::<Vec<_>>());
    assert_eq!(answer.json["stored"], 2);
    assert_eq!(server.totals(&owner).await.0, 3);
}

#[tokio::test]
async fn what_the_server_fills_in_does_not_make_a_conflict() {
    let (server, owner) = Server::with_acme().await;
    let bare = json!({ "id": "x", "model": "gpt-4o", "usage": { "input_tokens": 1 } });
    server.record(&owner, &bare).await;
    server.clock.set(NOW_MS + 86_400_000);
    let again = server.post("/api/v1/events", &owner, &bare).await;
    assert_eq!(again.json["duplicate"], 1, "{again:?}");
    let log = server.get("/api/usage/log?from=2026-01-01&to=2027-01-01", &owner).await;
    assert_eq!(
        (&log.json["items"][0]["provider"], &log.json["items"][0]["source"]),
        (&json!("openai"), &json!("default"))
    );
}

#[tokio::test]
async fn an_event_without_an_id_gets_one_and_learns_it() {
    let (server, owner) = Server::with_acme().await;
    let answer = server.post("/api/v1/events", &owner, &json!({ "model": "gpt-4o" })).await;
    let result = &answer.json["results"][0];
    assert_eq!((result["status"].as_str(), result["id"].as_str().map(str::len)), (Some("stored"), Some(36)));
}

#[tokio::test]
async fn one_bad_event_never_spoils_its_batch() {
    let (server, owner) = Server::with_acme().await;
    let batch =
        json!([event("good"), { "id": "bad", "usage": { "input_tokens": -1 } }, 7, event("also-good")]);
    let answer = server.post("/api/v1/events", &owner, &batch).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json["stored"], &answer.json["rejected"]),
        (200, &json!(2), &json!(2))
    );
    let bad = &answer.json["results"][0];
    assert_eq!((&bad["index"], &bad["id"], &bad["status"]), (&json!(1), &json!("bad"), &json!("rejected")));
    assert_eq!(bad["error"]["field"], "usage.input_tokens");
    let all_bad = server.post("/api/v1/events", &owner, &json!([{ "id": 5 }])).await;
    assert_eq!((all_bad.status.as_u16(), &all_bad.json["rejected"]), (422, &json!(1)));
}

#[tokio::test]
async fn gzip_and_zstd_are_taken() {
    let (server, owner) = Server::with_acme().await;
    let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    gzip.write_all(event("g").to_string().as_bytes()).unwrap();
    let zstd = zstd::encode_all(event("z").to_string().as_bytes(), 3).unwrap();
    for (encoding, body) in [("gzip", gzip.finish().unwrap()), ("zstd", zstd)] {
        let call =
            server.call(Method::POST, "/api/v1/events").token(&owner).header("content-encoding", encoding);
        let answer = call.body("application/json", body).send().await;
        assert_eq!(answer.json["stored"], 1, "{encoding}: {answer:?}");
    }
    assert_eq!(server.totals(&owner).await.0, 2);
}

#[tokio::test]
async fn cloud_events_are_answered_with_nothing_when_all_is_well() {
    let (server, owner) = Server::with_acme().await;
    let cloud_event = |id: &str| {
        json!({ "specversion": "1.0", "id": id, "source": "urn:app", "type": "chat", "subject": "u-9", "traceparent": "00-1",
            "time": "2026-11-22T00:51:42.890284+00:00",
            "data": { "model": "gpt-4o", "input_tokens": 10, "output_tokens": 2, "team": "search" } })
    };
    let post = |media_type: &'static str, body: Value| {
        server.call(Method::POST, "/api/v1/events").token(&owner).body(media_type, body.to_string()).send()
    };
    assert_eq!(post("application/cloudevents+json", cloud_event("1")).await.status, 204);
    assert_eq!(post("application/cloudevents+json; charset=utf-8", cloud_event("1")).await.status, 204);
    let batch = json!([cloud_event("1"), cloud_event("2")]);
    assert_eq!(post("application/cloudevents-batch+json", batch).await.status, 204);
    let mut changed = cloud_event("1");
    changed["data"]["input_tokens"] = json!(11);
    let conflict = post("application/cloudevents+json", changed).await;
    assert_eq!((conflict.status.as_u16(), &conflict.json["conflict"]), (200, &json!(1)));
    let nameless =
        post("application/cloudevents+json", json!({ "specversion": "1.0", "source": "s", "type": "t" }))
            .await;
    assert_eq!(
        (nameless.status.as_u16(), &nameless.json["results"][0]["error"]["field"]),
        (422, &json!("id"))
    );
    let log = server.get("/api/usage/log?filter[user]=u-9&filter[operation]=chat", &owner).await;
    assert_eq!(log.json["total"], 2);
}

#[tokio::test]
async fn binary_cloud_events_and_open_meters_habits_are_understood() {
    let (server, owner) = Server::with_acme().await;
    let binary = server
        .call(Method::POST, "/api/v1/events")
        .token(&owner)
        .header("ce-specversion", "1.0")
        .header("ce-id", "b-1")
        .header("ce-source", "urn:app")
        .header("ce-type", "ai.usage")
        .header("ce-subject", "team-a");
    let mut binary =
        binary.body("application/json", json!({ "input_tokens": 10, "output_tokens": 2 }).to_string());
    binary = binary.header("ce-time", "2026-11-22T00:51:42Z");
    assert_eq!(binary.send().await.status, 204);
    let open_meter = json!({ "specversion": "1.0", "id": "id-1", "source": "my-app", "type": "prompt", "subject": "customer-1",
        "time": "2026-11-22T00:00:00Z", "data": { "tokens": "100", "model": "gpt-4o", "type": "input" } });
    let call = server.call(Method::POST, "/api/v1/events").token(&owner);
    assert_eq!(call.body("application/cloudevents+json", open_meter.to_string()).send().await.status, 204);
    let log = server.get("/api/usage/log?filter[user]=customer-1", &owner).await;
    assert_eq!(
        (&log.json["items"][0]["inputTokens"], &log.json["items"][0]["cost"]),
        (&json!(100), &json!(0.00025))
    );
}

#[tokio::test]
async fn the_providers_own_usage_objects_are_normalised() {
    let (server, owner) = Server::with_acme().await;
    let openai = json!({ "id": "o", "model": "gpt-4o", "provider_usage": { "prompt_tokens": 100, "completion_tokens": 20,
        "total_tokens": 120, "prompt_tokens_details": { "cached_tokens": 40 } } });
    let anthropic = json!({ "id": "a", "model": "claude-sonnet-4-5", "provider_usage": { "input_tokens": 100,
        "cache_read_input_tokens": 1000, "output_tokens": 20 } });
    let embedding = json!({ "id": "e", "model": "text-embedding-3-small", "provider_usage": { "prompt_tokens": 8, "total_tokens": 8 } });
    server.record(&owner, &json!([openai, anthropic, embedding])).await;
    let log = server.get("/api/usage/log?sort=date", &owner).await;
    let rows = log.json["items"].as_array().unwrap();
    let of = |id: &str| rows.iter().find(|row| row["id"] == id).unwrap();
    // 60 at 2.50, 40 at 1.25, 20 at 10.00 per million.
    assert_eq!(of("o")["cost"], json!(0.0004));
    // 100 at 3.00, 1000 at 0.30, 20 at 15.00: input excludes what was read from the cache.
    assert_eq!((of("a")["inputTokens"].as_i64(), &of("a")["cost"]), (Some(1100), &json!(0.0009)));
    assert_eq!(of("e")["inputTokens"], 8);
    let wrong = json!({ "id": "w", "model": "gpt-4o", "provider_usage": { "prompt_tokens": 1, "completion_tokens": 1,
        "prompt_tokens_details": { "cached_tokens": 2 } } });
    let answer = server.post("/api/v1/events", &owner, &wrong).await;
    assert!(
        answer.json["results"][0]["error"]["field"].as_str().unwrap().starts_with("provider_usage."),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_model_without_a_price_is_never_a_silent_zero() {
    let (server, owner) = Server::with_acme().await;
    let mut unknown = event("u");
    unknown["model"] = json!("gpt-4o-ultra-imaginary");
    server.record(&owner, &json!([unknown, event("known")])).await;
    let answer = server.get("/api/v1/usage/query?range=7d", &owner).await;
    assert_eq!(
        answer.json["price_coverage"],
        json!({ "priced_calls": 1, "unpriced_calls": 1, "percentage": 50.0 })
    );
    assert_eq!(
        (&answer.json["total"]["cost_usd"], &answer.json["total"]["unpriced_calls"]),
        (&json!("0.0075"), &json!(1))
    );
    let log = server.get("/api/usage/log?sort=cost", &owner).await;
    assert_eq!(
        (&log.json["items"][0]["cost"], &log.json["items"][0]["priced"]),
        (&Value::Null, &json!(false))
    );
    let rows = server.get("/api/usage/breakdown?by=model", &owner).await;
    assert!(rows.json.as_array().unwrap().iter().any(|row| row["unpricedCalls"] == 1));
}

#[tokio::test]
async fn costs_come_from_the_sender_the_tenant_or_the_book() {
    let (server, owner) = Server::with_acme().await;
    let mut given = event("given");
    given["cost_usd"] = json!("0.0042");
    let mut as_number = event("number");
    as_number["cost_usd"] = serde_json::from_str("0.000000001").unwrap();
    server.record(&owner, &json!([given, as_number])).await;
    assert_eq!(server.totals(&owner).await.2, "0.004200001");
    let own = json!({ "provider": "openai", "model": "gpt-4o", "input": "1.00", "output": "1.00" });
    let made = server.post("/api/v1/prices", &owner, &own).await;
    assert_eq!(made.status, 201, "{made:?}");
    server.record(&owner, &event("own")).await;
    assert_eq!(server.totals(&owner).await.2, "0.005700001");
    let again = server.post("/api/v1/prices", &owner, &own).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
    server.delete(&format!("/api/v1/prices/{}", made.json["id"].as_str().unwrap()), &owner).await;
    server.record(&owner, &event("book")).await;
    assert_eq!(server.totals(&owner).await.2, "0.013200001");
}

#[tokio::test]
async fn a_void_takes_the_event_out_of_every_total_and_keeps_its_identity() {
    let (server, owner) = Server::with_acme().await;
    let mut odd = event("a/b c");
    odd["source"] = json!("svc/1");
    server.record(&owner, &json!([odd, event("stays")])).await;
    let path = "/api/v1/events/svc%2F1/a%2Fb%20c";
    assert_eq!(server.delete(path, &owner).await.status, 204);
    assert_eq!(server.totals(&owner).await, (1, 1500, "0.0075".to_owned()));
    assert_eq!(server.delete(path, &owner).await.status, 204, "twice is fine");
    assert_eq!(server.delete("/api/v1/events/svc/none", &owner).await.status, 404);
    let again = server.post("/api/v1/events", &owner, &odd).await;
    assert_eq!(again.json["duplicate"], 1, "a retry does not bring it back");
    assert_eq!(server.totals(&owner).await.0, 1);
    let log = server.get("/api/usage/log", &owner).await;
    assert_eq!(log.json["total"], 1);
    let audit = server.get("/api/v1/audit", &owner).await;
    assert_eq!(
        (&audit.json["items"][0]["action"], &audit.json["items"][0]["target"]),
        (&json!("event.void"), &json!("svc/1/a/b c"))
    );
}

#[tokio::test]
async fn only_an_admin_names_a_tenant_in_an_event() {
    let (server, owner) = Server::with_acme().await;
    server.tenant("globex").await;
    let named = |id: &str, tenant: &str| {
        let mut event = event(id);
        event["tenant"] = json!(tenant);
        event
    };
    let batch = json!([named("1", "acme"), named("2", "globex"), named("3", "no-such"), event("4")]);
    let answer = server.post("/api/v1/events", ADMIN, &batch).await;
    assert_eq!((&answer.json["stored"], &answer.json["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(server.totals(&owner).await.0, 1);
    let foreign = server.post("/api/v1/events", &owner, &named("5", "globex")).await;
    let missing = server.post("/api/v1/events", &owner, &named("5", "no-such")).await;
    assert_eq!((foreign.status.as_u16(), foreign.bytes), (422, missing.bytes));
}

#[tokio::test]
async fn a_key_lends_its_user_and_project() {
    let (server, owner) = Server::with_acme().await;
    let body = json!({ "name": "svc", "role": "ingest", "user": "u-svc", "project": "p-svc" });
    let made = server.post("/api/v1/keys", &owner, &body).await;
    let token = made.json["token"].as_str().unwrap();
    server.record(token, &json!({ "id": "1", "model": "gpt-4o" })).await;
    server.record(token, &json!({ "id": "2", "model": "gpt-4o", "user": "named" })).await;
    let log = server.get("/api/usage/log?sort=user", &owner).await;
    let users: Vec<_> =
        log.json["items"].as_array().unwrap().iter().map(|row| (&row["user"], &row["projectName"])).collect();
    assert_eq!(users, [(&json!("named"), &json!("p-svc")), (&json!("u-svc"), &json!("p-svc"))]);
    assert_eq!(
        server.get("/api/v1/users/u-svc", &owner).await.json["tier"],
        "free",
        "made by its first event"
    );
    assert_eq!(server.get("/api/v1/projects/p-svc", &owner).await.status, 200);
}
