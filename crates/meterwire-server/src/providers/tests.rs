//! Reading pages against the published shapes, and what an answer's status and headers mean.

use super::*;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::provider_report::{DAY_MS, ReportKind, ReportPage};
use serde_json::{Value, json};
use std::path::PathBuf;

/// 2024-11-01T00:00:00Z, the day of the published examples.
const START: i64 = 1_730_419_200;

fn usage(kind: &str, fields: &Value) -> Vec<u8> {
    let mut result = json!({ "object": format!("organization.usage.{kind}.result"), "project_id": null });
    for (name, value) in fields.as_object().unwrap() {
        result[name.as_str()] = value.clone();
    }
    openai_page(result)
}

fn openai_page(result: Value) -> Vec<u8> {
    let bucket =
        json!({ "object": "bucket", "start_time": START, "end_time": START + 86_400, "results": [result] });
    json!({ "object": "page", "data": [bucket], "has_more": false, "next_page": null })
        .to_string()
        .into_bytes()
}

fn only_row(page: ReportPage) -> meterwire_core::provider_report::ReportRow {
    page.buckets.into_iter().next().unwrap().rows.into_iter().next().unwrap()
}

fn read(kind: ReportKind, body: &[u8]) -> Result<ReportPage, ReportError> {
    openai::page(body, kind)
}

#[test]
fn every_kind_of_usage_becomes_a_row() {
    let all = json!({ "input_tokens": 1000, "input_cached_tokens": 400, "input_cache_write_tokens": 100,
        "input_cache_write_12h_tokens": 30, "output_tokens": 500, "input_audio_tokens": 50, "input_image_tokens": 60,
        "output_audio_tokens": 20, "output_image_tokens": 10, "num_model_requests": 5, "model": "gpt-4o",
        "api_key_id": "key_1", "project_id": "proj_1", "batch": true, "service_tier": "default", "new": [1] });
    for kind in [ReportKind::Completions, ReportKind::Decisions] {
        let row = only_row(read(kind, &usage(kind.name(), &all)).unwrap());
        assert_eq!(row.tokens, [390, 400, 70, 30, 50, 60, 470, 0, 20, 10]);
        assert_eq!((row.token_usage().input(), row.token_usage().output()), (1000, 500));
        assert_eq!((row.requests, row.service_tier.as_deref()), (Some(5), Some("batch")));
        assert_eq!((row.project.as_deref(), row.api_key.as_deref()), (Some("proj_1"), Some("key_1")));
    }
    let cases = [
        (
            ReportKind::Embeddings,
            "embeddings",
            json!({ "input_tokens": 16, "num_model_requests": 2 }),
            (Some(2), None),
        ),
        (
            ReportKind::Moderations,
            "moderations",
            json!({ "input_tokens": 16, "num_model_requests": 2 }),
            (Some(2), None),
        ),
        (
            ReportKind::Images,
            "images",
            json!({ "images": 3, "num_model_requests": 2, "size": "1024x1024" }),
            (Some(2), Some(3)),
        ),
        (
            ReportKind::AudioSpeeches,
            "audio_speeches",
            json!({ "characters": 45, "num_model_requests": 1 }),
            (Some(1), Some(45)),
        ),
        (
            ReportKind::AudioTranscriptions,
            "audio_transcriptions",
            json!({ "seconds": 20, "num_model_requests": 1 }),
            (Some(1), Some(20)),
        ),
        (ReportKind::VectorStores, "vector_stores", json!({ "usage_bytes": 1024 }), (None, Some(1024))),
        (
            ReportKind::CodeInterpreterSessions,
            "code_interpreter_sessions",
            json!({ "num_sessions": 1 }),
            (None, Some(1)),
        ),
        (ReportKind::FileSearchCalls, "file_searches", json!({ "num_requests": 2 }), (Some(2), None)),
        (
            ReportKind::WebSearchCalls,
            "web_searches",
            json!({ "num_model_requests": 2, "num_requests": 3 }),
            (Some(2), Some(3)),
        ),
    ];
    for (kind, name, fields, expected) in cases {
        let row = only_row(read(kind, &usage(name, &fields)).unwrap());
        assert_eq!((row.requests, row.quantity), expected, "{name}");
        // Each count of its own is needed, and is a whole number that is not negative.
        for field in fields.as_object().unwrap().keys().filter(|field| *field != "size") {
            for wrong in [json!("7"), json!(7.5), json!(-1), json!(null), json!([]), json!(u64::MAX)] {
                let mut changed = fields.clone();
                changed[field.as_str()] = wrong.clone();
                let error = read(kind, &usage(name, &changed)).unwrap_err();
                assert_eq!(error.code, "wrong_shape", "{name} {field} {wrong}");
            }
        }
    }
}

#[test]
fn parts_that_are_more_than_the_whole_are_cut() {
    let fields = json!({ "input_tokens": 10, "input_cached_tokens": 8, "input_audio_tokens": 8, "output_tokens": 1,
        "output_audio_tokens": 5, "num_model_requests": 1 });
    let row = only_row(read(ReportKind::Completions, &usage("completions", &fields)).unwrap());
    assert_eq!((row.token_usage().input(), row.token_usage().output()), (10, 1));
}

#[test]
fn costs_keep_every_digit() {
    let cost = |value: &str| {
        let body = String::from_utf8(openai_page(json!({ "object": "organization.costs.result",
            "amount": { "value": "VALUE", "currency": "USD" }, "line_item": "gpt-4o, input" })))
        .unwrap();
        read(ReportKind::Costs, body.replace("\"VALUE\"", value).as_bytes()).map(|page| only_row(page).cost)
    };
    assert_eq!(cost("0.06"), Ok(Some(CostNanos(60_000_000))));
    assert_eq!(cost("0.1234567895"), Ok(Some(CostNanos(123_456_790))), "half to even");
    assert_eq!(cost("1.5e-07"), Ok(Some(CostNanos(150))));
    assert_eq!(cost("-2"), Ok(Some(CostNanos(-2_000_000_000))), "a credit");
    // More digits than a float holds.
    assert_eq!(cost("9007199.254740993"), Ok(Some(CostNanos(9_007_199_254_740_993))));
    assert_eq!(cost("10000000.1").unwrap_err().code, "wrong_shape", "more than a day can cost");
    for wrong in ["\"0.06\"", "true", "[0.06]", "{}", "1e300"] {
        assert_eq!(cost(wrong).unwrap_err().code, "wrong_shape", "{wrong}");
    }
    // A cost without a comma in its name is of no model.
    let other =
        json!({ "object": "organization.costs.result", "amount": { "value": 1 }, "line_item": "web search" });
    let row = only_row(read(ReportKind::Costs, &openai_page(other)).unwrap());
    assert_eq!((row.model.as_deref(), row.detail.as_deref()), (None, Some("web search")));
}

#[test]
fn an_error_names_the_field_and_nothing_that_was_written() {
    let body = usage(
        "completions",
        &json!({ "input_tokens": "sk-admin-secret", "output_tokens": 1, "num_model_requests": 1 }),
    );
    let error = read(ReportKind::Completions, &body).unwrap_err();
    assert!(error.message.contains("data[0].results[0].input_tokens"), "{}", error.message);
    assert!(!error.message.contains("secret"));
    let evil = br#"{"data": [{"results": [{"SK-ADMIN-secret": 1, "object": 5}]}]}"#;
    assert!(!read(ReportKind::Completions, evil).unwrap_err().message.contains("secret"));
    let end = br#"{"object":"page","data":[]"#;
    assert_eq!(read(ReportKind::Completions, end).unwrap_err().code, "cut_off");
    let more = br#"{"object":"page","data":[],"has_more":false,"next_page":null} x"#;
    assert_eq!(read(ReportKind::Completions, more).unwrap_err().code, "wrong_shape");
}

#[test]
fn anthropic_is_read_to_the_cent_and_beyond() {
    let page = |result: Value| {
        json!({ "data": [{ "starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z", "results": [result] }],
            "has_more": false, "next_page": null })
        .to_string()
    };
    let usage = json!({ "uncached_input_tokens": 100, "cache_creation": { "ephemeral_5m_input_tokens": 5,
        "ephemeral_1h_input_tokens": 6 }, "cache_read_input_tokens": 40, "output_tokens": 7,
        "server_tool_use": { "web_search_requests": 2 }, "model": "claude-sonnet-4-5", "workspace_id": null,
        "api_key_id": "apikey_1", "service_tier": "batch", "context_window": "0-200k" });
    let row = only_row(anthropic::page(page(usage).as_bytes(), ReportKind::Messages).unwrap());
    assert_eq!(row.tokens, [100, 40, 5, 6, 0, 0, 7, 0, 0, 0]);
    assert_eq!((row.requests, row.quantity, row.service_tier.as_deref()), (None, Some(2), Some("batch")));
    let cost = |amount: Value| {
        let result =
            json!({ "amount": amount, "currency": "USD", "model": "claude-sonnet-4-5", "description": "x" });
        anthropic::page(page(result).as_bytes(), ReportKind::Costs).map(|page| only_row(page).cost.unwrap().0)
    };
    assert_eq!(cost(json!("123.45")), Ok(1_234_500_000));
    assert_eq!(cost(json!("0.0000001")), Ok(1));
    assert_eq!(cost(json!("0.00000005")), Ok(0), "half to even");
    assert_eq!(cost(json!("0.00000015")), Ok(2), "half to even");
    for wrong in [json!(123.45), json!("12,3"), json!("x"), json!(null), json!("")] {
        assert_eq!(cost(wrong.clone()).unwrap_err().code, "wrong_shape", "{wrong}");
    }
    let euros = page(json!({ "amount": "1", "currency": "EUR", "description": "x" }));
    assert_eq!(anthropic::page(euros.as_bytes(), ReportKind::Costs).unwrap_err().code, "wrong_shape");
}

#[test]
fn days_must_be_whole() {
    for (start, end) in [(START + 1, START + 86_401), (START, START + 3_600), (START, START), (i64::MAX, 0)] {
        let bucket = json!({ "object": "bucket", "start_time": start, "end_time": end, "results": [] });
        let page = json!({ "object": "page", "data": [bucket], "has_more": false, "next_page": null });
        let error = read(ReportKind::Costs, page.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.code, "wrong_shape", "{start} {end}");
    }
}

#[test]
fn waiting_is_counted_from_the_providers_own_time() {
    let headers = |text: &str| HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
    let now_ms = 1_795_343_400_000; // 2026-11-22T10:30:00Z
    assert_eq!(retry_after(&headers("7"), now_ms), Some(7_000));
    assert_eq!(retry_after(&headers("0"), now_ms), Some(1_000));
    assert_eq!(retry_after(&headers("99999999"), now_ms), Some(MAX_RETRY_AFTER_MS));
    assert_eq!(retry_after(&headers("Sun, 22 Nov 2026 10:31:00 GMT"), now_ms), Some(60_000));
    assert_eq!(retry_after(&headers("Sun, 22 Nov 2020 10:31:00 GMT"), now_ms), Some(1_000));
    for text in ["soon", "-5", "1.5", ""] {
        assert_eq!(retry_after(&headers(text), now_ms), None, "{text}");
    }
}

#[test]
fn a_status_tells_what_lasts_from_what_passes() {
    let of = |code: u16| {
        let error = refusal(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), 0);
        error.map(|error| (error.code, error.passing))
    };
    assert_eq!(of(200), None);
    assert_eq!(of(401), Some(("unauthorized", false)));
    assert_eq!(of(403), Some(("forbidden", false)));
    assert_eq!(of(404), Some(("not_offered", false)));
    assert_eq!(of(429), Some(("rate_limited", true)));
    for code in [408, 500, 502, 503, 599] {
        assert_eq!(of(code), Some(("provider_error", true)), "{code}");
    }
    for code in [204, 400, 418, 422] {
        assert_eq!(of(code), Some(("refused", false)), "{code}");
    }
    assert_eq!(of(307), Some(("redirected", false)));
    // A wait is kept where it may help: a key that is refused is looked at in our own time.
    let headers = HeaderMap::from_iter([(RETRY_AFTER, "7".parse().unwrap())]);
    let wait = |status| refusal(status, &headers, 0).unwrap().retry_after_ms;
    assert_eq!(wait(StatusCode::TOO_MANY_REQUESTS), Some(7_000));
    assert_eq!(wait(StatusCode::SERVICE_UNAVAILABLE), Some(7_000));
    assert_eq!(wait(StatusCode::UNAUTHORIZED), None);
}

#[tokio::test]
async fn inside_addresses_are_refused_unless_the_admin_allows_them() {
    let client = ReportClient::new(false).unwrap();
    for url in [
        "http://127.0.0.1:1/v1",
        "https://localhost/v1",
        "http://169.254.169.254/",
        "http://[::1]/",
        "http://10.0.0.1",
    ] {
        assert!(client.check_base_url(url).is_err(), "{url}");
        let account = ReportAccount {
            provider: ReportProvider::OpenAi,
            base_url: Some(url.into()),
            key: "k".repeat(9),
        };
        let span = Range { from_ms: 0, to_ms: DAY_MS };
        let ask = ReportAsk { kind: ReportKind::Costs, span, page: None, plain: false };
        assert_eq!(client.page(&account, &ask, 0).await.unwrap_err().code, "address_refused", "{url}");
    }
    assert!(client.check_base_url("https://example.com/v1").is_ok());
    assert!(ReportClient::new(true).unwrap().check_base_url("http://127.0.0.1:1/v1").is_ok());
}

/// What `OpenAI` publishes, where the reference lies beside the repository.
fn published(name: &str) -> Option<Value> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference").join(name);
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("{name} is not beside the repository; what is published is not tried");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn kind_of_path(path: &str) -> ReportKind {
    ReportKind::from_name(path.rsplit('/').next().unwrap()).unwrap()
}

#[test]
fn every_published_example_is_read() {
    let Some(examples) = published("openai-usage-examples.json") else { return };
    for (path, example) in examples.as_object().unwrap() {
        let page = read(kind_of_path(path), example["response"].as_str().unwrap().as_bytes());
        let page = page.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(page.buckets.len(), 1, "{path}");
        assert_eq!(page.buckets[0].start_ms, START * 1000);
        assert!(!page.buckets[0].rows[0].is_empty(), "{path}");
        assert_eq!(page.next.is_some(), path.ends_with("/completions"), "{path}");
    }
    assert_eq!(examples.as_object().unwrap().len(), 11);
}

#[test]
fn a_wrong_type_of_any_published_field_is_refused() {
    let (Some(schema), Some(examples)) =
        (published("openai-usage-openapi.json"), published("openai-usage-examples.json"))
    else {
        return;
    };
    let mut tried = 0;
    for (path, example) in examples.as_object().unwrap() {
        let kind = kind_of_path(path);
        let body: Value = serde_json::from_str(example["response"].as_str().unwrap()).unwrap();
        let object = body["data"][0]["results"][0]["object"].as_str().unwrap();
        let schemas = schema["components"]["schemas"].as_object().unwrap();
        let is_this = |found: &&Value| found["properties"]["object"]["enum"][0] == object;
        let fields = schemas.values().find(is_this).unwrap()["properties"].as_object().unwrap();
        for field in fields.keys() {
            let mut changed = body.clone();
            // No published field of a result is a list.
            changed["data"][0]["results"][0][field.as_str()] = json!([1]);
            let refused = read(kind, changed.to_string().as_bytes());
            assert_eq!(refused.unwrap_err().code, "wrong_shape", "{path} {field}");
            tried += 1;
        }
        let mut with_more = body.clone();
        with_more["data"][0]["results"][0]["not_yet_published"] = json!({ "any": ["thing"] });
        assert_eq!(read(kind, with_more.to_string().as_bytes()), read(kind, body.to_string().as_bytes()));
    }
    assert!(tried > 60, "{tried}");
}
