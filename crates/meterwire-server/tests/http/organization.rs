//! `/v1/organization/...`: OpenAI's usage and costs API over the events of every provider.

use crate::harness::{ADMIN, Answer, NOW_MS, Server, event};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const NOW_S: i64 = NOW_MS / 1000;
pub(crate) const DAY_S: i64 = 86_400;
/// 2026-11-22T00:00:00Z.
const MIDNIGHT_S: i64 = NOW_S - 10 * 3600 - 1800;

pub(crate) fn at(second: i64) -> String {
    meterwire_core::period::rfc3339(second * 1000)
}

fn with(id: &str, second: i64, change: Value) -> Value {
    let mut event = event(id);
    event["time"] = json!(at(second));
    for (name, value) in change.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

pub(crate) async fn ask(server: &Server, token: &str, path: &str) -> Value {
    let answer = server.get(&format!("/v1/organization/{path}"), token).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.json);
    answer.json
}

/// The results of all buckets.
pub(crate) fn results(page: &Value) -> Vec<&Value> {
    let buckets = page["data"].as_array().unwrap().iter();
    buckets.flat_map(|bucket| bucket["results"].as_array().unwrap()).collect()
}

pub(crate) fn total(page: &Value, field: &str) -> i64 {
    results(page).iter().map(|result| result[field].as_i64().unwrap()).sum()
}

pub(crate) fn nanos(cost_usd: &Value) -> i64 {
    meterwire_core::money::CostNanos::parse_usd(cost_usd.as_str().unwrap()).unwrap().0
}

fn refusal(answer: &Answer) -> (u16, &str, &str, &str) {
    let error = &answer.json["error"];
    let text = |name: &str| error[name].as_str().unwrap_or_default();
    assert!(!text("message").is_empty(), "{}", answer.json);
    assert_eq!(error.as_object().unwrap().len(), 4, "message, type, param, code");
    (answer.status.as_u16(), text("type"), text("param"), text("code"))
}

#[tokio::test]
async fn completions_whole() {
    let (server, owner) = Server::with_acme().await;
    let usage = json!({ "input_tokens": 1000, "cached_input_tokens": 400, "cache_write_tokens": 100,
        "audio_input_tokens": 50, "image_input_tokens": 50, "output_tokens": 500, "reasoning_tokens": 64,
        "audio_output_tokens": 50, "image_output_tokens": 50 });
    let events = json!([
        with(
            "1",
            MIDNIGHT_S,
            json!({ "usage": usage, "service_tier": "batch", "api_key": "prod", "operation": "chat" })
        ),
        with(
            "2",
            MIDNIGHT_S + 1,
            json!({ "status": 500, "provider": "anthropic", "model": "claude-sonnet-4-5" })
        ),
        with("3", MIDNIGHT_S - 1, json!({ "user": "u-2", "operation": "responses" })),
    ]);
    server.record(&owner, &events).await;
    let groups = "group_by=model&group_by=project_id&group_by[]=batch";
    let path = format!("usage/completions?start_time={}&{groups}", MIDNIGHT_S - 2 * DAY_S + 60);
    insta::assert_json_snapshot!(ask(&server, &owner, &path).await);
}

#[tokio::test]
async fn costs_whole() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        with("1", MIDNIGHT_S, json!({ "api_key": "prod" })),
        with("2", MIDNIGHT_S, json!({ "model": "nobody-prices-this" })),
        with(
            "3",
            MIDNIGHT_S,
            json!({ "usage": {}, "cost_usd": "0.123456789", "provider": "own", "model": null })
        ),
    ]);
    server.record(&owner, &events).await;
    let path = format!("costs?start_time={}&group_by=line_item,user_id&limit=1", MIDNIGHT_S - 5);
    let first = ask(&server, &owner, &path).await;
    assert_eq!(first["data"][0]["results"], json!([]));
    let next = first["next_page"].as_str().unwrap();
    let second = ask(&server, &owner, &format!("{path}&page={next}")).await;
    insta::assert_json_snapshot!(second);
}

/// The fields of the published examples, and what is ours beside them.
#[tokio::test]
async fn fields_are_those_of_the_published_examples() {
    let (server, owner) = Server::with_acme().await;
    let who = ["project_id", "user_id", "api_key_id"];
    let four = [&who[..], &["model"]].concat();
    let completions = [
        &four[..],
        &["input_tokens", "input_cached_tokens", "input_cache_write_tokens", "input_uncached_tokens"],
        &["output_tokens", "input_text_tokens", "output_text_tokens", "input_cached_text_tokens"],
        &["input_audio_tokens", "input_cached_audio_tokens", "output_audio_tokens", "input_image_tokens"],
        &["input_cached_image_tokens", "output_image_tokens", "num_model_requests", "batch", "service_tier"],
    ]
    .concat();
    let more = |fields: &[&'static str]| [&four[..], fields, &["num_model_requests"]].concat();
    let expected: Vec<(&str, &str, Vec<&str>, &[&str])> = vec![
        ("completions", "completions", completions, &["errors", "reasoning_tokens", "api_source"]),
        ("embeddings", "embeddings", more(&["input_tokens"]), &["errors", "output_tokens"]),
        ("moderations", "moderations", more(&["input_tokens"]), &["errors", "output_tokens"]),
        (
            "images",
            "images",
            more(&["images", "size", "source"]),
            &["errors", "input_tokens", "output_tokens"],
        ),
        (
            "audio_speeches",
            "audio_speeches",
            more(&["characters"]),
            &["errors", "input_tokens", "output_tokens"],
        ),
        (
            "audio_transcriptions",
            "audio_transcriptions",
            more(&["seconds"]),
            &["errors", "input_tokens", "output_tokens"],
        ),
        (
            "vector_stores",
            "vector_stores",
            vec!["usage_bytes", "project_id"],
            &["errors", "input_tokens", "output_tokens", "num_requests"],
        ),
        (
            "code_interpreter_sessions",
            "code_interpreter_sessions",
            vec!["num_sessions", "project_id"],
            &["errors", "input_tokens", "output_tokens"],
        ),
        (
            "file_search_calls",
            "file_searches",
            [&who[..], &["num_requests", "vector_store_id"]].concat(),
            &["errors", "input_tokens", "output_tokens"],
        ),
        (
            "web_search_calls",
            "web_searches",
            more(&["num_requests", "context_level"]),
            &["errors", "input_tokens", "output_tokens", "api_source"],
        ),
    ];
    for (kind, object, fields, ours) in expected {
        server.record(&owner, &with(kind, MIDNIGHT_S, json!({ "operation": kind }))).await;
        let page = ask(&server, &owner, &format!("usage/{kind}?start_time={MIDNIGHT_S}")).await;
        let [result] = results(&page)[..] else { panic!("{kind}: {page}") };
        assert_eq!(result["object"], format!("organization.usage.{object}.result"));
        let found: BTreeSet<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: BTreeSet<&str> = fields.iter().chain(ours).copied().chain(["object"]).collect();
        assert_eq!(found, expected, "{kind}");
        assert_eq!(page.as_object().unwrap().len(), 4, "object, data, has_more, next_page");
    }
    let costs = ask(&server, &owner, &format!("costs?start_time={MIDNIGHT_S}")).await;
    let found: BTreeSet<&str> = results(&costs)[0].as_object().unwrap().keys().map(String::as_str).collect();
    let published =
        ["object", "amount", "line_item", "project_id", "api_key_id", "quantity", "quantity_unit"];
    let ours = ["user_id", "api_source", "cost_usd", "unpriced_calls"];
    assert_eq!(found, published.into_iter().chain(ours).collect());
}

#[tokio::test]
async fn filters_narrow() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        with("1", MIDNIGHT_S, json!({ "api_key": "a,b", "service_tier": "batch" })),
        with("2", MIDNIGHT_S, json!({ "project": "code", "model": "gpt-4o-mini" })),
        with(
            "3",
            MIDNIGHT_S,
            json!({ "user": "u-2", "provider": "anthropic", "model": "claude-sonnet-4-5" })
        ),
    ]);
    server.record(&owner, &events).await;
    let count = async |filter: &str| {
        let page = ask(&server, &owner, &format!("usage/completions?start_time={MIDNIGHT_S}&{filter}")).await;
        total(&page, "num_model_requests")
    };
    assert_eq!(count("").await, 3);
    assert_eq!(count("project_ids=chat").await, 2);
    assert_eq!(count("project_ids[]=chat&project_ids[]=code").await, 3);
    assert_eq!(count("project_ids%5B%5D=code&project_ids=chat").await, 3);
    assert_eq!(count("user_ids=u-2").await, 1);
    assert_eq!(count("api_key_ids=a,b").await, 1);
    assert_eq!(count("models=gpt-4o&models=gpt-4o-mini&user_ids=u-1").await, 2);
    assert_eq!(count("batch=true").await, 1);
    assert_eq!(count("batch=false").await, 2);
    assert_eq!(count("models=nobody-uses-this").await, 0);
    let costs = async |filter: &str| {
        let page = ask(&server, &owner, &format!("costs?start_time={MIDNIGHT_S}&{filter}")).await;
        results(&page).iter().map(|result| nanos(&result["cost_usd"])).sum::<i64>()
    };
    assert_eq!(
        costs("line_items[]=openai/gpt-4o").await
            + costs("line_items[]=openai/gpt-4o-mini&line_items[]=anthropic/claude-sonnet-4-5").await,
        costs("").await
    );
    assert_eq!(costs("line_items=gpt-4o").await, 0);
    assert_eq!(costs("project_ids=code").await, costs("line_items=openai/gpt-4o-mini").await);
}

#[tokio::test]
async fn images_and_seconds_are_what_events_say() {
    let (server, owner) = Server::with_acme().await;
    let image = |id: &str, operation: &str, size: &str, images: Value| {
        with(
            id,
            MIDNIGHT_S,
            json!({ "operation": operation, "metrics": images, "properties": { "size": size } }),
        )
    };
    let events = json!([
        image("1", "image.generation", "1024x1024", json!({ "images": 2 })),
        image("2", "images/edits", "512x512", json!({ "images": 3 })),
        image("3", "image_generation", "512x512", json!({})),
        with("4", MIDNIGHT_S, json!({ "operation": "stt", "metrics": { "seconds": 1.75 } })),
        with("5", MIDNIGHT_S, json!({ "operation": "stt", "metrics": { "seconds": 2.5 } })),
        with(
            "6",
            MIDNIGHT_S,
            json!({ "operation": "file_search", "properties": { "vector_store_id": "vs-1" } })
        ),
        with(
            "7",
            MIDNIGHT_S,
            json!({ "operation": "web_search", "properties": { "search_context_size": "low" } })
        ),
    ]);
    server.record(&owner, &events).await;
    let images = async |more: &str| {
        let page = ask(&server, &owner, &format!("usage/images?start_time={MIDNIGHT_S}{more}")).await;
        (total(&page, "images"), total(&page, "num_model_requests"))
    };
    assert_eq!(images("").await, (5, 3));
    assert_eq!(images("&sizes=512x512").await, (3, 2));
    assert_eq!(images("&sources=image.generation").await, (2, 2));
    let page =
        ask(&server, &owner, &format!("usage/images?start_time={MIDNIGHT_S}&group_by=size,source")).await;
    let groups: BTreeSet<_> =
        results(&page).iter().map(|r| format!("{} {} {}", r["size"], r["source"], r["images"])).collect();
    let expected = [
        r#""1024x1024" "image.generation" 2"#,
        r#""512x512" "image.edit" 3"#,
        r#""512x512" "image.generation" 0"#,
    ];
    assert_eq!(groups, expected.map(str::to_owned).into());
    let heard = ask(&server, &owner, &format!("usage/audio_transcriptions?start_time={MIDNIGHT_S}")).await;
    assert_eq!(total(&heard, "seconds"), 4, "4.25 seconds, cut once, not event by event");
    let searched = format!(
        "usage/file_search_calls?start_time={MIDNIGHT_S}&group_by=vector_store_id&vector_store_ids=vs-1"
    );
    assert_eq!(results(&ask(&server, &owner, &searched).await)[0]["vector_store_id"], "vs-1");
    let web = format!("usage/web_search_calls?start_time={MIDNIGHT_S}&context_levels=high");
    assert_eq!(results(&ask(&server, &owner, &web).await).len(), 0);
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_in_the_clients_own_terms() {
    let (server, owner) = Server::with_acme().await;
    let start = format!("start_time={MIDNIGHT_S}");
    let cases = [
        ("usage/completions", "start_time"),
        ("usage/completions?start_time=yesterday", "start_time"),
        ("usage/completions?start_time=1.5", "start_time"),
        ("usage/completions?start_time=-1", "start_time"),
        ("usage/completions?start_time=9999999999999", "start_time"),
        ("usage/completions?start_time=4102444800", "start_time"),
        ("usage/completions?start_time=5&end_time=5", "end_time"),
        ("usage/completions?S&S", "start_time"),
        ("usage/completions?S&bucket_width=1w", "bucket_width"),
        ("usage/completions?S&limit=0", "limit"),
        ("usage/completions?S&limit=32", "limit"),
        ("usage/completions?S&bucket_width=1h&limit=169", "limit"),
        ("usage/completions?S&bucket_width=1m&limit=1441", "limit"),
        ("usage/completions?S&limit=ten", "limit"),
        ("usage/completions?S&group_by=country", "group_by"),
        ("usage/completions?S&group_by=line_item", "group_by"),
        ("usage/completions?S&batch=maybe", "batch"),
        ("usage/embeddings?S&batch=true", "batch"),
        ("usage/embeddings?S&group_by[]=service_tier", "group_by"),
        ("usage/vector_stores?S&user_ids=u-1", "user_ids"),
        ("usage/images?S&sources=image.theft", "sources"),
        ("usage/completions?S&project_ids=", "project_ids"),
        ("usage/completions?S&page=page_1", "page"),
        ("usage/completions?S&colour=red", "colour"),
        ("costs?S&bucket_width=1h", "bucket_width"),
        ("costs?S&limit=181", "limit"),
        ("costs?S&group_by=model", "group_by"),
    ];
    for (path, param) in cases {
        let path = format!("/v1/organization/{}", path.replace('S', &start));
        let answer = server.get(&path, &owner).await;
        assert_eq!(refusal(&answer), (400, "invalid_request_error", param, "invalid_value"), "{path}");
    }
    let many = "&models=m".repeat(101);
    let answer = server.get(&format!("/v1/organization/usage/completions?{start}{many}"), &owner).await;
    assert_eq!(refusal(&answer), (400, "invalid_request_error", "models", "invalid_value"));
    let missing = server.get(&format!("/v1/organization/usage/dreams?{start}"), &owner).await;
    assert_eq!(refusal(&missing), (404, "invalid_request_error", "", "not_found"));
    let nobody = server.call(Method::GET, &format!("/v1/organization/costs?{start}")).send().await;
    assert_eq!(refusal(&nobody), (401, "invalid_request_error", "", "invalid_api_key"));
    assert_eq!(nobody.headers["www-authenticate"], "Bearer");
    let ingest = server.key("acme", "ingest", None).await;
    let forbidden = server.get(&format!("/v1/organization/costs?{start}"), &ingest).await;
    assert_eq!(refusal(&forbidden), (403, "invalid_request_error", "", "forbidden"));
}

#[tokio::test]
async fn a_cursor_belongs_to_one_question_and_keeps_its_end() {
    let (server, owner) = Server::with_acme().await;
    let path = format!("usage/completions?start_time={}&limit=1", MIDNIGHT_S - DAY_S);
    let first = ask(&server, &owner, &path).await;
    let next = first["next_page"].as_str().unwrap();
    // A day later the span that was begun still ends where it ended.
    server.clock.set(NOW_MS + 2 * DAY_S * 1000);
    let second = ask(&server, &owner, &format!("{path}&page={next}")).await;
    assert_eq!(second["data"][0]["end_time"], MIDNIGHT_S + DAY_S);
    assert_eq!((&second["has_more"], &second["next_page"]), (&json!(false), &Value::Null));
    for other in ["&group_by=model", "&bucket_width=1h", "&models=gpt-4o", "&end_time=4102444800"] {
        let answer = server.get(&format!("/v1/organization/{path}{other}&page={next}"), &owner).await;
        assert_eq!(refusal(&answer).2, "page", "{other}");
    }
    let other_kind = path.replace("completions", "embeddings");
    let answer = server.get(&format!("/v1/organization/{other_kind}&page={next}"), &owner).await;
    assert_eq!(refusal(&answer).2, "page");
    assert_eq!(
        ask(&server, &owner, &format!("{path}&page={next}&limit=1").replacen("&limit=1", "", 1)).await["has_more"],
        false
    );
}

#[tokio::test]
async fn the_tenant_is_the_tokens_or_what_an_admin_names() {
    let (server, owner) = Server::with_acme().await;
    server.tenant("globex").await;
    server.record(&owner, &with("1", MIDNIGHT_S, json!({}))).await;
    let path = format!("/v1/organization/usage/completions?start_time={MIDNIGHT_S}");
    let count = |answer: &Answer| {
        assert_eq!(answer.status, 200, "{}", answer.json);
        total(&answer.json, "num_model_requests")
    };
    let as_organization = async |token: &str, slug: &str| {
        server.call(Method::GET, &path).token(token).header("openai-organization", slug).send().await
    };
    assert_eq!(count(&server.get(&format!("{path}&tenant=acme"), ADMIN).await), 1);
    assert_eq!(count(&as_organization(ADMIN, "acme").await), 1);
    assert_eq!(count(&as_organization(ADMIN, "globex").await), 0);
    assert_eq!(count(&as_organization(&owner, "acme").await), 1);
    assert_eq!(refusal(&server.get(&path, ADMIN).await).2, "tenant");
    let both = server.call(Method::GET, &format!("{path}&tenant=acme")).token(ADMIN);
    assert_eq!(refusal(&both.header("openai-organization", "globex").send().await).2, "tenant");
    let (foreign, missing) =
        (as_organization(&owner, "globex").await, as_organization(&owner, "no-such").await);
    assert_eq!((foreign.status.as_u16(), &foreign.bytes), (404, &missing.bytes));
}

#[tokio::test]
async fn a_member_sees_its_own_usage_alone() {
    let (server, owner) = Server::with_acme().await;
    let events = json!([
        with("1", MIDNIGHT_S, json!({})),
        with("2", MIDNIGHT_S, json!({ "user": "u-2" })),
        with("3", MIDNIGHT_S, json!({ "user": "u-2", "operation": "image", "metrics": { "images": 1 } })),
    ]);
    server.record(&owner, &events).await;
    let member = server.key("acme", "member", Some("u-1")).await;
    for (path, all, own) in
        [("usage/completions", 2, 1), ("usage/completions?user_ids=u-2", 1, 0), ("usage/images", 1, 0)]
    {
        let path = format!("{path}{}start_time={MIDNIGHT_S}", if path.contains('?') { '&' } else { '?' });
        assert_eq!(total(&ask(&server, &owner, &path).await, "num_model_requests"), all, "{path}");
        assert_eq!(total(&ask(&server, &member, &path).await, "num_model_requests"), own, "{path}");
    }
    let users = ask(&server, &member, &format!("costs?start_time={MIDNIGHT_S}&group_by=user_id")).await;
    assert_eq!(results(&users).iter().map(|result| &result["user_id"]).collect::<Vec<_>>(), ["u-1"]);
}

#[tokio::test]
async fn a_minute_is_a_minute() {
    let (server, owner) = Server::with_acme().await;
    let minute = NOW_S - NOW_S % 60;
    let events = json!([
        with("1", minute - 1, json!({})),
        with("2", minute, json!({})),
        with("3", minute + 59, json!({}))
    ]);
    server.record(&owner, &events).await;
    let path =
        format!("usage/completions?start_time={}&end_time={}&bucket_width=1m", minute - 60, minute + 60);
    let page = ask(&server, &owner, &path).await;
    let counts: Vec<_> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["results"][0]["num_model_requests"].as_i64())
        .collect();
    assert_eq!(counts, [Some(1), Some(2)]);
}
