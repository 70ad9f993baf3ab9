//! All kinds of usage of `/v1/organization/...` together are all usage, however it is asked for.

use crate::harness::Server;
use crate::organization::{DAY_S, NOW_S, ask, at, nanos, results, total};
use meterwire_app::{
    AppError, Caller, OrganizationBounds, OrganizationQuery, OrganizationSubject, UsageField,
};
use meterwire_core::usage_kind::UsageKind;
use meterwire_core::usage_page::{BucketWidth, SpanInput};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Every kind with the field that counts its events.
const KINDS: [(&str, &str); 12] = [
    ("completions", "num_model_requests"),
    ("decisions", "num_model_requests"),
    ("embeddings", "num_model_requests"),
    ("moderations", "num_model_requests"),
    ("images", "num_model_requests"),
    ("audio_speeches", "num_model_requests"),
    ("audio_transcriptions", "num_model_requests"),
    ("vector_stores", "num_requests"),
    ("code_interpreter_sessions", "num_sessions"),
    ("file_search_calls", "num_requests"),
    ("web_search_calls", "num_requests"),
    ("other", "num_model_requests"),
];

/// Numbers that look random and are the same at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()].clone()
    }

    fn event(&mut self, i: usize) -> Value {
        let second = NOW_S - 1 - i64::try_from(self.below(3 * 86_400)).unwrap();
        let null = Value::Null;
        let operations = [
            null.clone(),
            null.clone(),
            json!("chat"),
            json!("Chat"),
            json!("responses"),
            json!("decision"),
            json!("embeddings"),
            json!("moderation"),
            json!("image_generation"),
            json!("images/edits"),
            json!("tts"),
            json!("transcribe"),
            json!("vector_store"),
            json!("code_interpreter"),
            json!("file_search"),
            json!("web_search"),
            json!("rerank"),
            json!("execute_tool"),
            json!("summarise"),
            json!("deploy"),
        ];
        let models = [
            ("openai", "gpt-4o"),
            ("anthropic", "claude-sonnet-4-5"),
            ("own", "unpriced"),
            ("", "gpt-4o-mini"),
            ("own", ""),
            ("", ""),
        ];
        let (provider, model) = self.pick(&models);
        let named = |name: &str| if name.is_empty() { Value::Null } else { json!(name) };
        let input = self.below(5_000);
        let tokens = json!({ "input_tokens": input, "cached_input_tokens": self.below(input + 1), "output_tokens": self.below(900) });
        let mut event = json!({ "id": format!("r-{i}"), "time": at(second), "provider": named(provider), "model": named(model),
            "operation": self.pick(&operations), "project": self.pick(&[null.clone(), json!("a"), json!("b")]),
            "user": self.pick(&[null.clone(), json!("u-1"), json!("u-2"), json!("u-3")]),
            "api_key": self.pick(&[null.clone(), json!("k-1"), json!("k,2")]),
            "service_tier": self.pick(&[null.clone(), json!("default"), json!("batch"), json!("Batch"), json!("flex")]),
            "status": self.pick(&[200, 200, 200, 429, 500]), "usage": tokens,
            "metrics": { "images": self.below(4), "seconds": self.below(90), "deployments": 1 } });
        if self.below(4) == 0 {
            event["usage"] = json!({});
        }
        if self.below(5) == 0 {
            event["cost_usd"] = json!(format!("0.{:09}", self.below(1_000_000_000)));
        }
        event
    }
}

/// All pages of a question.
async fn walk(server: &Server, token: &str, path: &str) -> Vec<Value> {
    let mut pages = vec![ask(server, token, path).await];
    while let Some(next) = pages.last().unwrap()["next_page"].as_str().map(str::to_owned) {
        assert_eq!(pages.last().unwrap()["has_more"], true);
        pages.push(ask(server, token, &format!("{path}&page={next}")).await);
    }
    assert_eq!(pages.last().unwrap()["has_more"], false);
    pages
}

/// What `usage/query` says of the same span: calls, errors, input, output and nano-dollars.
async fn queried(server: &Server, token: &str, from_s: i64, to_s: i64) -> [i64; 5] {
    let metrics = "calls,errors,input_tokens,output_tokens,cost";
    let path = format!("/api/v1/usage/query?from={}&to={}&metrics={metrics}", at(from_s), at(to_s));
    let answer = server.get(&path, token).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let total = &answer.json["total"];
    let number = |name: &str| total[name].as_i64().unwrap();
    [
        number("calls"),
        number("errors"),
        number("input_tokens"),
        number("output_tokens"),
        nanos(&total["cost_usd"]),
    ]
}

#[tokio::test]
async fn all_kinds_together_are_all_usage_and_pages_walk_every_bucket_once() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(7);
    let events: Vec<Value> = (0..400).map(|i| random.event(i)).collect();
    server.record(&owner, &json!(events)).await;
    for i in 0..10 {
        let voided = server.delete(&format!("/api/v1/events/default/r-{}", i * 7), &owner).await;
        assert!(voided.status.is_success(), "{voided:?}");
    }
    let group_bys = [
        "",
        "&group_by=project_id",
        "&group_by[]=user_id&group_by[]=api_key_id",
        "&group_by=project_id,user_id,api_key_id,model",
    ];
    for round in 0..12 {
        let from_s = NOW_S - 3 * DAY_S + i64::try_from(random.below(86_400)).unwrap();
        let width = random.pick(&["1d", "1h", "1m"]);
        let longest = if width == "1m" { 7_200 } else { 2 * 86_400 };
        let to_s = from_s + 1 + i64::try_from(random.below(longest)).unwrap();
        let limit = if width == "1d" { 1 + random.below(4) } else { 5 + random.below(100) };
        let group_by = random.pick(&group_bys);
        let mut sums = [0; 5];
        for (kind, count) in KINDS {
            let group_by = match kind {
                "vector_stores" | "code_interpreter_sessions" if !group_by.is_empty() => {
                    "&group_by=project_id"
                }
                "file_search_calls" => group_by.trim_end_matches(",model"),
                _ => group_by,
            };
            let path = format!(
                "usage/{kind}?start_time={from_s}&end_time={to_s}&bucket_width={width}&limit={limit}{group_by}"
            );
            let mut edge_s = from_s;
            for page in walk(&server, &owner, &path).await {
                for bucket in page["data"].as_array().unwrap() {
                    assert_eq!(bucket["start_time"], edge_s, "{path}");
                    edge_s = bucket["end_time"].as_i64().unwrap();
                }
                for (sum, field) in sums.iter_mut().zip([count, "errors", "input_tokens", "output_tokens"]) {
                    *sum += total(&page, field);
                }
            }
            assert_eq!(edge_s, to_s, "{path}");
        }
        let groups =
            random.pick(&["", "&group_by=line_item", "&group_by=project_id,user_id,api_key_id,line_item"]);
        for page in
            walk(&server, &owner, &format!("costs?start_time={from_s}&end_time={to_s}&limit=2{groups}")).await
        {
            for result in results(&page) {
                let exact = nanos(&result["cost_usd"]);
                sums[4] += exact;
                // The number says the same to the last nano-dollar.
                let shown = format!("{:.9}", result["amount"]["value"].as_f64().unwrap());
                assert_eq!(nanos(&json!(shown)), exact);
            }
        }
        assert_eq!(
            sums,
            queried(&server, &owner, from_s, to_s).await,
            "round {round}: {width} {from_s}..{to_s} {group_by}"
        );
    }
}

#[tokio::test]
async fn groups_of_up_to_five_dimensions_are_those_of_the_events() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(11);
    let events: Vec<Value> = (0..300).map(|i| random.event(i)).collect();
    server.record(&owner, &json!(events)).await;
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for event in &events {
        let named = !(event["model"].is_null() && event["provider"].is_null());
        let of_chat = matches!(event["operation"].as_str(), Some("chat" | "Chat" | "responses"));
        let undecided = matches!(event["operation"].as_str(), None | Some("summarise" | "deploy"));
        if of_chat || undecided && named {
            let batch = matches!(event["service_tier"].as_str(), Some("batch" | "Batch"));
            let key = json!([
                event["project"],
                event["user"],
                event["api_key"],
                event["model"],
                batch,
                event["service_tier"]
            ]);
            *expected.entry(key.to_string()).or_default() += 1;
        }
    }
    let fields = ["project_id", "user_id", "api_key_id", "model", "batch", "service_tier"];
    let path = format!("usage/completions?start_time={}&group_by={}", NOW_S - 4 * DAY_S, fields.join(","));
    let page = ask(&server, &owner, &path).await;
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for result in results(&page) {
        let key = Value::from(fields.map(|field| result[field].clone()).to_vec());
        *found.entry(key.to_string()).or_default() += result["num_model_requests"].as_i64().unwrap();
    }
    assert_eq!(found, expected);
}

/// All buckets of a question whose pages may be no larger than this: calls, images and the longest page.
async fn walk_bounded(
    server: &Server,
    kind: UsageKind,
    bounds: OrganizationBounds,
) -> Result<(i64, i64, usize), AppError> {
    let span =
        SpanInput { start_s: NOW_S - 3 * DAY_S, end_s: Some(NOW_S), width: BucketWidth::Hour, resume: None };
    let group_by = vec![UsageField::Project, UsageField::User];
    let subject = OrganizationSubject::Usage(kind);
    let mut query = OrganizationQuery { subject, span, limit: 168, group_by, filters: vec![], bounds };
    let (mut calls, mut images, mut longest) = (0, 0, 0);
    let mut edge_s = span.start_s;
    loop {
        let page = server.app.organization_usage(&Caller::command_line(), Some("acme"), &query).await?;
        longest = longest.max(page.buckets.len());
        for bucket in page.buckets {
            assert_eq!(bucket.start_s, edge_s);
            edge_s = bucket.end_s;
            calls += bucket.results.iter().map(|result| result.totals.calls).sum::<i64>();
            images += bucket.results.iter().map(|result| result.quantity.0 / 1_000_000).sum::<i64>();
        }
        match page.next {
            Some(next) => query.span.resume = Some(next),
            None => break,
        }
    }
    assert_eq!(edge_s, NOW_S);
    Ok((calls, images, longest))
}

#[tokio::test]
async fn a_page_that_would_be_too_large_holds_fewer_buckets_and_loses_nothing() {
    let (server, owner) = Server::with_acme().await;
    let mut random = Random(3);
    let events: Vec<Value> = (0..500).map(|i| random.event(i)).collect();
    server.record(&owner, &json!(events)).await;
    for kind in [UsageKind::Completions, UsageKind::Images] {
        let whole = walk_bounded(&server, kind, OrganizationBounds::default()).await.unwrap();
        assert!(whole.0 > 20 && whole.2 == 73, "{whole:?}");
        let small = OrganizationBounds { results: 12, results_of_many: 5, events: 7 };
        let parts = walk_bounded(&server, kind, small).await.unwrap();
        assert_eq!((parts.0, parts.1), (whole.0, whole.1));
        assert!(parts.2 < 30, "{parts:?}");
        let refused =
            walk_bounded(&server, kind, OrganizationBounds { results: 0, results_of_many: 0, events: 0 })
                .await;
        assert!(
            matches!(&refused, Err(AppError::Invalid(invalid)) if invalid.field == "bucket_width"),
            "{refused:?}"
        );
    }
}
