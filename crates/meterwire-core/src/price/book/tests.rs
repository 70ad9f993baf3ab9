use super::*;
use crate::money::{CostNanos, PicosPerUnit};
use crate::price::{Rates, ServiceTier};
use crate::tokens::TokenUsage;
use proptest::prelude::*;

/// 2026-11-22T00:00:00Z
pub(in crate::price) const NOW_MS: i64 = 1_795_305_600_000;
/// 2023-11-16T18:17:03Z
const TRACE_MS: i64 = 1_700_158_623_000;

pub(in crate::price) fn ms(day: &str) -> i64 {
    let day: jiff::civil::Date = day.parse().unwrap();
    day.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond()
}

pub(in crate::price) fn usd(text: &str) -> PicosPerUnit {
    PicosPerUnit::parse_usd_per_million(text).unwrap()
}

fn million(bucket: usize) -> TokenUsage {
    let mut buckets = [0; 10];
    buckets[bucket] = 1_000_000;
    TokenUsage::from_buckets(buckets)
}

fn sheet(models: &str) -> PriceSheet {
    PriceSheet::parse(&format!(
        r#"{{"provider":"openai","aliases":["open_ai"],"provenance":[{{"package":"x","version":"1","date":"2026-11-22","license":"MIT"}}],"models":[{models}]}}"#
    ))
    .unwrap()
}

/// `gpt-a` with two prices, `gpt-a-2024-05-13` with one of its own.
pub(in crate::price) fn small_book() -> PriceBook {
    PriceBook::from_sheets(vec![sheet(
        r#"{"model":"gpt-a","aliases":["gpt-a-2024-08-06"],"prices":[
             {"from":null,"until":"2025-06-10","source":"x","input":"10","output":"40"},
             {"from":"2025-06-10","until":null,"source":"x","input":"2","output":"8"}]},
           {"model":"gpt-a-2024-05-13","prices":[{"source":"x","input":"5","output":"15"}]},
           {"model":"gpt-late","prices":[
             {"from":"2025-01-01","until":"2025-02-01","source":"x","input":"1","output":"1"},
             {"from":"2025-03-01","until":"2025-04-01","source":"x","input":"3","output":"3"}]}"#,
    )])
    .unwrap()
}

#[track_caller]
fn resolves(provider: Option<&str>, model: &str, expected: &str) {
    let found = PriceBook::builtin().resolve(provider, model, NOW_MS);
    let name = found.map(|entry| format!("{}/{}", entry.provider(), entry.model()));
    assert_eq!(name.as_deref(), Some(expected), "{provider:?} {model}");
}

#[track_caller]
fn is_unpriced(provider: Option<&str>, model: &str) {
    let found = PriceBook::builtin().resolve(provider, model, NOW_MS);
    assert_eq!(found.map(PriceEntry::id), None, "{provider:?} {model}");
}

#[test]
fn every_sheet_of_the_folder_is_in_the_book() {
    let sheets: Vec<_> =
        super::super::builtin::SHEETS.iter().map(|json| PriceSheet::parse(json).unwrap()).collect();
    let book = PriceBook::from_sheets(sheets).unwrap();
    assert_eq!(book.entries().count(), PriceBook::builtin().entries().count());
    let providers: Vec<_> = book.providers().collect();
    let expected = [
        "anthropic",
        "azure_openai",
        "bedrock",
        "cohere",
        "deepseek",
        "google",
        "groq",
        "mistral",
        "openai",
        "xai",
    ];
    assert_eq!(providers, expected);
    for entry in book.entries() {
        assert_eq!(book.entry(entry.id()), Some(entry), "ids are unique");
        assert!(entry.card().rates.input.0 > 0 || entry.card().rates.output.0 > 0, "{} is free", entry.id());
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../prices");
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let sheets = files.filter(|name| name.strip_suffix(".json").is_some_and(|stem| stem != "schema")).count();
    assert_eq!(sheets, expected.len(), "a sheet in prices/ is missing from the program");
}

#[test]
fn the_schema_names_the_fields_that_are_read() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../../../prices/schema.json")).unwrap();
    let rates = schema["$defs"]["rates"].as_object().unwrap();
    let full = Rates {
        cache_read: Some(usd("1")),
        cache_write_short: Some(usd("1")),
        cache_write_long: Some(usd("1")),
        reasoning: Some(usd("1")),
        audio_input: Some(usd("1")),
        audio_output: Some(usd("1")),
        image_input: Some(usd("1")),
        image_output: Some(usd("1")),
        per_request: Some(PicosPerUnit(1)),
        ..Rates::default()
    };
    let written = serde_json::to_value(full).unwrap();
    let fields: Vec<_> = written.as_object().unwrap().keys().collect();
    let named: Vec<_> = rates["properties"].as_object().unwrap().keys().collect();
    assert_eq!(named, fields);
}

#[test]
fn prices_that_must_be_right() {
    let cost = |model: &str, tokens: TokenUsage, tier| {
        let entry = PriceBook::builtin().resolve(None, model, NOW_MS).unwrap();
        entry.rate(&tokens, tier).cost.to_string()
    };
    let of = |model: &str, tier| {
        [0, 1, 2, 3, 6].map(|bucket| {
            // Below the context step, then scaled up: 1,000 tokens a bucket.
            let tokens = TokenUsage::from_buckets(million(bucket).buckets().map(|count| count / 1000));
            cost(model, tokens, tier)
        })
    };
    assert_eq!(of("gpt-4o", ServiceTier::Default)[..2], ["0.0025", "0.00125"]);
    assert_eq!(of("gpt-4o", ServiceTier::Default)[4], "0.01");
    assert_eq!(of("gpt-4o", ServiceTier::Batch)[0], "0.00125");
    assert_eq!(of("gpt-4o", ServiceTier::Batch)[4], "0.005");
    assert_eq!(of("gpt-4o-mini", ServiceTier::Default)[0], "0.00015");
    assert_eq!(
        of("claude-sonnet-4-5", ServiceTier::Default),
        ["0.003", "0.0003", "0.00375", "0.006", "0.015"]
    );
    assert_eq!(
        of("claude-sonnet-4-5", ServiceTier::Batch),
        ["0.0015", "0.00015", "0.001875", "0.003", "0.0075"]
    );
    let long = |input_uncached| TokenUsage { input_uncached, output_visible: 1_000, ..TokenUsage::default() };
    assert_eq!(cost("claude-sonnet-4-5", long(200_000), ServiceTier::Default), "0.615");
    assert_eq!(cost("claude-sonnet-4-5", long(200_001), ServiceTier::Default), "1.222506");
}

#[test]
fn an_old_trace_is_rated_at_the_prices_of_the_model_it_is_replayed_on() {
    for (model, input, output) in
        [("gpt-4o", "2.5", "10"), ("gpt-4o-mini", "0.15", "0.6"), ("claude-sonnet-4-5", "3", "15")]
    {
        let rates = PriceBook::builtin().resolve(None, model, TRACE_MS).unwrap().card().rates;
        assert_eq!((rates.input, rates.output), (usd(input), usd(output)), "{model}");
    }
}

/// The published trace of Azure: 8,819 requests, `TIMESTAMP,ContextTokens,GeneratedTokens`.
#[test]
fn a_real_trace_comes_to_the_dollars_reckoned_by_hand() {
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("METERWIRE_TEST_DATA").map_or_else(beside, Into::into);
    let Ok(trace) = std::fs::read_to_string(folder.join("AzureLLMInferenceTrace_code.csv")) else {
        eprintln!("NOT CHECKED: AzureLLMInferenceTrace_code.csv is not in {}", folder.display());
        return;
    };
    let events: Vec<TokenUsage> = trace
        .lines()
        .skip(1)
        .map(|line| {
            let mut counts = line.trim_end().split(',').skip(1).map(|count| count.parse().unwrap());
            let mut count = || counts.next().unwrap();
            TokenUsage { input_uncached: count(), output_visible: count(), ..TokenUsage::default() }
        })
        .collect();
    assert_eq!(events.len(), 8_819);
    for (model, dollars) in
        [("gpt-4o", "47.608895"), ("gpt-4o-mini", "2.8565337"), ("claude-sonnet-4-5", "57.868362")]
    {
        let entry = PriceBook::builtin().resolve(None, model, TRACE_MS).unwrap();
        let total: CostNanos =
            events.iter().map(|tokens| entry.rate(tokens, ServiceTier::Default).cost).sum();
        assert_eq!(total.to_string(), dollars, "{model}");
    }
}

#[test]
fn a_price_changes_at_midnight_utc() {
    let book = small_book();
    let at = |model: &str, ms| book.resolve(Some("openai"), model, ms).map(PriceEntry::id);
    let change = ms("2025-06-10");
    assert_eq!(at("gpt-a", change - 1), Some("openai/gpt-a@-"));
    assert_eq!(at("gpt-a", change), Some("openai/gpt-a@2025-06-10"));
    assert_eq!(at("gpt-a", i64::MIN), Some("openai/gpt-a@-"));
    assert_eq!(at("gpt-a", i64::MAX), Some("openai/gpt-a@2025-06-10"));
}

#[test]
fn before_the_first_price_the_latest_holds_and_in_a_gap_none() {
    let book = small_book();
    let at = |day: &str| book.resolve(Some("openai"), "gpt-late", ms(day)).map(PriceEntry::id);
    assert_eq!(at("2024-12-31"), Some("openai/gpt-late@2025-03-01"));
    assert_eq!(at("2025-01-01"), Some("openai/gpt-late@2025-01-01"));
    assert_eq!(at("2025-02-01"), None);
    assert_eq!(at("2025-03-31"), Some("openai/gpt-late@2025-03-01"));
    assert_eq!(at("2025-04-01"), None);
}

#[test]
fn a_dated_name_with_a_price_of_its_own_keeps_it() {
    let book = small_book();
    let of = |model: &str| book.resolve(None, model, NOW_MS).map(PriceEntry::model);
    assert_eq!(of("gpt-a-2024-05-13"), None, "gpt-a is no known family");
    let of = |model: &str| book.resolve(Some("openai"), model, NOW_MS).map(PriceEntry::model);
    assert_eq!(of("gpt-a-2024-05-13"), Some("gpt-a-2024-05-13"));
    assert_eq!(of("gpt-a-20240513"), Some("gpt-a-2024-05-13"), "the same date, written otherwise");
    assert_eq!(of("GPT-A@20240513"), Some("gpt-a-2024-05-13"));
    assert_eq!(of("gpt-a-2024-08-06"), Some("gpt-a"));
    assert_eq!(of("gpt-a-2026-01-01"), Some("gpt-a"), "a date that is not known");
    for unknown in [
        "gpt-a-mini",
        "gpt-a-ultra",
        "gpt",
        "gpt-a-2024-05",
        "ft:gpt-a:org::id",
        "",
        " ",
        "gpt-a-2024-05-13-x",
    ] {
        assert_eq!(of(unknown), None, "{unknown:?}");
    }
}

#[test]
fn names_resolve_however_they_are_spelled() {
    resolves(Some("openai"), "gpt-4o", "openai/gpt-4o");
    resolves(Some("OpenAI"), "GPT-4o", "openai/gpt-4o");
    resolves(None, "gpt-4o-2024-08-06", "openai/gpt-4o");
    resolves(None, "openai/gpt-4o", "openai/gpt-4o");
    resolves(Some("openai"), "openai/gpt-4o-2024-11-20", "openai/gpt-4o");
    resolves(None, "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13");
    resolves(None, "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini");
    resolves(None, "gpt-4.1-latest", "openai/gpt-4.1");
    resolves(None, "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5");
    resolves(Some("anthropic"), "anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5");
    resolves(None, "anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5");
    resolves(None, "models/gemini-2.5-pro", "google/gemini-2.5-pro");
    resolves(Some("gcp.vertex_ai"), "publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro");
    resolves(
        None,
        "projects/p/locations/global/publishers/google/models/gemini-2.5-pro",
        "google/gemini-2.5-pro",
    );
    resolves(Some("gemini"), "gemini-2.0-flash-001", "google/gemini-2.0-flash");
    resolves(Some("vertex_ai"), "claude-sonnet-4-5@20250929", "google/claude-sonnet-4-5");
    resolves(Some("azure.ai.openai"), "gpt-4o", "azure_openai/gpt-4o");
    resolves(Some("azure/openai"), "gpt-4o-2024-05-13", "azure_openai/gpt-4o-2024-05-13");
    resolves(None, "azure/gpt-4o", "azure_openai/gpt-4o");
    resolves(Some("azure"), "us/gpt-4o-2024-08-06", "azure_openai/us/gpt-4o-2024-08-06");
    resolves(Some("azure"), "openai/gpt-4o", "azure_openai/gpt-4o");
    resolves(Some("groq"), "openai/gpt-oss-120b", "groq/openai/gpt-oss-120b");
    resolves(None, "groq/llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile");
    resolves(Some("x_ai"), "grok-3", "xai/grok-3");
    resolves(Some("mistral_ai"), "mistral-large-latest", "mistral/mistral-large-latest");
    resolves(None, "text-embedding-3-small", "openai/text-embedding-3-small");
}

#[test]
fn bedrock_names() {
    let bare = "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0";
    let us = "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    resolves(None, "anthropic.claude-sonnet-4-5-20250929-v1:0", bare);
    resolves(Some("aws.bedrock"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", us);
    resolves(None, "us.anthropic.claude-sonnet-4-5-20250929-v1:0", us);
    resolves(Some("amazon-bedrock"), "us.anthropic.claude-sonnet-4-5", us);
    resolves(Some("bedrock"), "apac.anthropic.claude-sonnet-4-5-20250929-v1:0", bare);
    resolves(Some("bedrock"), "anthropic.claude-sonnet-4-5", bare);
    resolves(Some("bedrock"), "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0", bare);
    let profile = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    resolves(None, profile, us);
    resolves(Some("bedrock"), "amazon.nova-pro-v1:0", "bedrock/amazon.nova-pro-v1:0");
    resolves(Some("bedrock"), "nova-pro", "bedrock/amazon.nova-pro-v1:0");
    is_unpriced(Some("bedrock"), "amazon.nova-pro-v7:0");
    is_unpriced(Some("bedrock"), "us.anthropic.claude-nothing");
}

#[test]
fn what_is_not_known_is_unpriced() {
    for model in [
        "gpt-4o-ultra",
        "gpt-4o-minimal",
        "gpt-4o-",
        "gpt",
        "my-model",
        "claude",
        "claude-sonnet",
        "",
        "ft:gpt-4o-2024-08-06:org::id",
    ] {
        is_unpriced(Some("openai"), model);
        is_unpriced(None, model);
    }
    is_unpriced(Some("somebody"), "gpt-4o");
    is_unpriced(Some("anthropic"), "gpt-4o");
    is_unpriced(Some("openai"), "azure/gpt-4o");
    is_unpriced(None, &"gpt-4o".repeat(100));
    is_unpriced(Some(&"openai".repeat(100)), "gpt-4o");
}

#[test]
fn names_of_providers() {
    let book = PriceBook::builtin();
    let table = [
        ("azure_openai", vec!["azure", "azure.ai.openai", "azure/openai", "az.ai.openai", "Azure-OpenAI"]),
        ("bedrock", vec!["aws.bedrock", "amazon-bedrock", "AWS Bedrock"]),
        ("google", vec!["gcp.gemini", "gemini", "vertex_ai", "gcp.vertex_ai", "Vertex-AI"]),
        ("mistral", vec!["mistral_ai", "mistralai"]),
        ("xai", vec!["x_ai", "x-ai", "x.ai"]),
    ];
    for (canonical, names) in table {
        for name in names {
            assert_eq!(book.canonical_provider(name), Some(canonical), "{name}");
        }
        assert_eq!(book.canonical_provider(canonical), Some(canonical));
    }
    assert_eq!(book.canonical_provider("ollama"), None);
    assert_eq!(
        book.provider_of_model("gpt-4o-ultra"),
        Some("openai"),
        "the family is known, the price is not"
    );
    assert_eq!(book.provider_of_model("llama-3.3-70b-versatile"), None);
}

#[test]
fn two_sheets_cannot_claim_one_provider() {
    let error = PriceBook::from_sheets(vec![sheet(""), sheet("")]).unwrap_err();
    assert_eq!(error.to_string(), "openai: is a name of two providers");
}

#[test]
fn a_price_names_its_source_and_costs_by_its_id() {
    let entry = PriceBook::builtin().resolve(None, "gpt-4o", NOW_MS).unwrap();
    assert_eq!(entry.id(), "openai/gpt-4o@-");
    assert!(entry.source().contains("genai-prices"), "{}", entry.source());
    assert_eq!(entry.rate(&million(0), ServiceTier::Default).cost, CostNanos::parse_usd("2.5").unwrap());
}

proptest! {
    #[test]
    fn no_name_breaks_the_book(provider in proptest::option::of("\\PC{0,20}"), model in "\\PC{0,60}", at_ms in any::<i64>()) {
        let _ = PriceBook::builtin().resolve(provider.as_deref(), &model, at_ms);
    }

    #[test]
    fn every_name_of_the_book_finds_itself(index in any::<prop::sample::Index>()) {
        let entries: Vec<_> = PriceBook::builtin().entries().collect();
        let entry = index.get(&entries);
        let found = PriceBook::builtin().resolve(Some(entry.provider()), entry.model(), NOW_MS).unwrap();
        prop_assert_eq!((found.provider(), found.model()), (entry.provider(), entry.model()));
    }

    #[test]
    fn a_suffix_that_is_no_date_never_finds_a_model(index in any::<prop::sample::Index>(), suffix in "-[a-z]{3,8}") {
        let entries: Vec<_> = PriceBook::builtin().entries().collect();
        let entry = index.get(&entries);
        let longer = format!("{}{suffix}", entry.model());
        let found = PriceBook::builtin().canonical_model(Some(entry.provider()), &longer);
        prop_assume!(suffix != "-latest");
        // The longer name may be a model of its own, never this one by its beginning.
        prop_assert!(found != Some(entry.model()) || found == Some(longer.as_str()), "{}", longer);
    }
}
