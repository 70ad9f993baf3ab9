use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Names the buckets that are not empty, so that a test shows all of them.
fn buckets(usage: &TokenUsage) -> Vec<(&'static str, u64)> {
    let names = [
        "input",
        "cache_read",
        "write_short",
        "write_long",
        "audio_in",
        "image_in",
        "output",
        "reasoning",
        "audio_out",
        "image_out",
    ];
    names.into_iter().zip(usage.buckets()).filter(|(_, count)| *count > 0).collect()
}

#[track_caller]
fn reads(provider: &str, usage: Value, expected: &[(&'static str, u64)]) {
    match normalise(provider, &usage) {
        Ok(read) => assert_eq!(buckets(&read), expected, "{usage}"),
        Err(error) => panic!("{usage} gave {error}"),
    }
}

#[track_caller]
fn refuses(provider: &str, usage: Value, field: &str, message: &str) {
    let error = normalise(provider, &usage).expect_err(&usage.to_string());
    assert_eq!(error.field, field, "{usage}");
    assert!(error.message.contains(message), "{usage} gave {error}");
}

#[test]
fn openai_chat_completions() {
    let usage = json!({
        "prompt_tokens": 1200, "completion_tokens": 300, "total_tokens": 1500,
        "prompt_tokens_details": { "cached_tokens": 1024, "cache_write_tokens": 100, "audio_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 64, "audio_tokens": 6, "accepted_prediction_tokens": 12,
            "rejected_prediction_tokens": 3 },
        "something_new": { "tokens": -1 }
    });
    let expected = [
        ("input", 76),
        ("cache_read", 1024),
        ("write_short", 100),
        ("output", 230),
        ("reasoning", 64),
        ("audio_out", 6),
    ];
    reads("openai", usage.clone(), &expected);
    reads("azure.ai.openai", usage.clone(), &expected);
    reads("somebody else", usage.clone(), &expected);
    reads("openai", json!({ "id": "x", "usage": usage }), &expected);
    reads(
        "openai",
        json!({ "prompt_tokens": 5, "completion_tokens": 2, "prompt_tokens_details": null }),
        &[("input", 5), ("output", 2)],
    );
}

#[test]
fn openai_audio_that_was_cached_is_counted_once() {
    let details = |details: Value| json!({ "prompt_tokens": 100, "completion_tokens": 0, "prompt_tokens_details": details });
    reads(
        "openai",
        details(json!({ "cached_tokens": 64, "audio_tokens": 100 })),
        &[("cache_read", 64), ("audio_in", 36)],
    );
    reads(
        "openai",
        details(json!({ "cached_tokens": 20, "audio_tokens": 50 })),
        &[("input", 30), ("cache_read", 20), ("audio_in", 50)],
    );
    reads(
        "openai",
        details(
            json!({ "cached_tokens": 20, "audio_tokens": 50, "image_tokens": 10, "cached_tokens_details": { "audio_tokens": 20 } }),
        ),
        &[("input", 40), ("cache_read", 20), ("audio_in", 30), ("image_in", 10)],
    );
}

#[test]
fn openai_responses_and_embeddings() {
    reads(
        "openai",
        json!({
            "input_tokens": 900, "output_tokens": 400, "total_tokens": 1300,
            "input_tokens_details": { "cached_tokens": 500, "cache_write_tokens": 300,
                "cache_write_tokens_details": { "ttl_30m_tokens": 200, "ttl_12h_tokens": 100 } },
            "output_tokens_details": { "reasoning_tokens": 350 }
        }),
        &[
            ("input", 100),
            ("cache_read", 500),
            ("write_short", 200),
            ("write_long", 100),
            ("output", 50),
            ("reasoning", 350),
        ],
    );
    reads("openai", json!({ "prompt_tokens": 8, "total_tokens": 8 }), &[("input", 8)]);
    reads(
        "openai",
        json!({ "input_tokens": 50, "output_tokens": 40, "input_token_details": { "text_tokens": 20, "audio_tokens": 30 }, "output_token_details": { "audio_tokens": 40 } }),
        &[("input", 20), ("audio_in", 30), ("audio_out", 40)],
    );
}

#[test]
fn anthropic_messages() {
    let split = json!({
        "input_tokens": 21, "cache_read_input_tokens": 5000, "cache_creation_input_tokens": 700,
        "cache_creation": { "ephemeral_5m_input_tokens": 600, "ephemeral_1h_input_tokens": 100 },
        "output_tokens": 393, "output_tokens_details": { "thinking_tokens": 90 },
        "server_tool_use": { "web_search_requests": 2 }, "service_tier": "standard", "iterations": []
    });
    let expected = [
        ("input", 21),
        ("cache_read", 5000),
        ("write_short", 600),
        ("write_long", 100),
        ("output", 303),
        ("reasoning", 90),
    ];
    reads("anthropic", split.clone(), &expected);
    reads("aws.bedrock", split.clone(), &expected);
    reads("vertex_ai", split.clone(), &expected);
    reads("a gateway", split, &expected);
    reads(
        "anthropic",
        json!({ "input_tokens": 3, "cache_creation_input_tokens": 700, "output_tokens": 1 }),
        &[("input", 3), ("write_short", 700), ("output", 1)],
    );
    reads(
        "anthropic",
        json!({ "input_tokens": 3, "cache_creation": { "ephemeral_1h_input_tokens": 7 } }),
        &[("input", 3), ("write_long", 7)],
    );
    reads("anthropic", json!({ "input_tokens": 3, "output_tokens": 4 }), &[("input", 3), ("output", 4)]);
}

#[test]
fn google_usage_metadata() {
    let usage = json!({
        "promptTokenCount": 1000, "cachedContentTokenCount": 400, "candidatesTokenCount": 50, "thoughtsTokenCount": 70,
        "toolUsePromptTokenCount": 30, "totalTokenCount": 1150,
        "promptTokensDetails": [{ "modality": "TEXT", "tokenCount": 600 }, { "modality": "AUDIO", "tokenCount": 400 }],
        "cacheTokensDetails": [{ "modality": "AUDIO", "tokenCount": 150 }, { "modality": "TEXT", "tokenCount": 250 }],
        "candidatesTokensDetails": [{ "modality": "IMAGE", "tokenCount": 20 }, { "modality": "TEXT", "tokenCount": 30 }]
    });
    let expected = [
        ("input", 380),
        ("cache_read", 400),
        ("audio_in", 250),
        ("output", 30),
        ("reasoning", 70),
        ("image_out", 20),
    ];
    reads("google", usage.clone(), &expected);
    reads("gcp.vertex_ai", json!({ "usageMetadata": usage }), &expected);
    reads(
        "gemini",
        json!({ "prompt_token_count": 10, "candidates_token_count": 4, "thoughts_token_count": 6 }),
        &[("input", 10), ("output", 4), ("reasoning", 6)],
    );
    refuses(
        "google",
        json!({ "promptTokenCount": 10, "cachedContentTokenCount": 11, "toolUsePromptTokenCount": 9 }),
        "cachedContentTokenCount",
        "11 > 10",
    );
}

#[test]
fn bedrock_converse() {
    reads(
        "bedrock",
        json!({ "inputTokens": 30, "outputTokens": 628, "totalTokens": 1658, "cacheReadInputTokens": 800, "cacheWriteInputTokens": 200,
            "cacheDetails": [{ "ttl": "5m", "inputTokens": 150 }, { "ttl": "1h", "inputTokens": 50 }] }),
        &[("input", 30), ("cache_read", 800), ("write_short", 150), ("write_long", 50), ("output", 628)],
    );
    refuses(
        "bedrock",
        json!({ "inputTokens": 1, "cacheDetails": [{ "ttl": "1h", "inputTokens": 50 }] }),
        "cacheDetails",
        "50 > 0",
    );
}

#[test]
fn the_rest() {
    reads(
        "deepseek",
        json!({ "prompt_tokens": 90, "completion_tokens": 5, "prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 26 }),
        &[("input", 26), ("cache_read", 64), ("output", 5)],
    );
    reads(
        "cohere",
        json!({ "billed_units": { "input_tokens": 5, "output_tokens": 418 }, "tokens": { "input_tokens": 71, "output_tokens": 418 } }),
        &[("input", 5), ("output", 418)],
    );
    reads(
        "cohere",
        json!({ "tokens": { "input_tokens": 71, "output_tokens": 4 }, "cached_tokens": 64 }),
        &[("input", 7), ("cache_read", 64), ("output", 4)],
    );
    let grok = |total| json!({ "prompt_tokens": 10, "completion_tokens": 20, "total_tokens": total, "completion_tokens_details": { "reasoning_tokens": 5 } });
    reads("xai", grok(35), &[("input", 10), ("output", 20), ("reasoning", 5)]);
    reads("xai", grok(30), &[("input", 10), ("output", 15), ("reasoning", 5)]);
    reads(
        "groq",
        json!({ "queue_time": 0.01, "prompt_tokens": 18, "prompt_time": 0.002, "completion_tokens": 556, "total_tokens": 574 }),
        &[("input", 18), ("output", 556)],
    );
    reads(
        "mistral",
        json!({ "prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7 }),
        &[("input", 4), ("output", 3)],
    );
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let whole = "must be a whole number from 0 to";
    refuses("openai", json!(null), "provider_usage", "must be an object");
    refuses("openai", json!([1]), "provider_usage", "must be an object");
    refuses("openai", json!({}), "input_tokens", "is missing");
    refuses("openai", json!({ "usage": 5 }), "usage", "must be an object");
    refuses("openai", json!({ "usage": {} }), "usage.input_tokens", "is missing");
    refuses("openai", json!({ "prompt_tokens": -1 }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": "5" }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": 1.5 }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": true }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": MAX_TOKENS + 1 }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": u64::MAX }), "prompt_tokens", whole);
    refuses("openai", json!({ "prompt_tokens": 1e308 }), "prompt_tokens", whole);
    refuses(
        "openai",
        json!({ "prompt_tokens": 1, "prompt_tokens_details": [] }),
        "prompt_tokens_details",
        "must be an object",
    );
    let cached = json!({ "prompt_tokens": 1, "prompt_tokens_details": { "cached_tokens": 2 } });
    refuses("openai", cached, "prompt_tokens_details.cached_tokens", "2 > 1");
    let reasoning = json!({ "prompt_tokens": 1, "completion_tokens": 4, "completion_tokens_details": { "reasoning_tokens": 5 } });
    refuses("openai", reasoning, "completion_tokens_details.reasoning_tokens", "5 > 4");
    let both = json!({ "prompt_tokens": 10, "prompt_tokens_details": { "cached_tokens": 6, "cache_write_tokens": 6 } });
    refuses("openai", both, "prompt_tokens_details.cache_write_tokens", "together are more");
    let audio = json!({ "prompt_tokens": 10, "prompt_tokens_details": { "audio_tokens": 11 } });
    refuses("openai", audio, "prompt_tokens_details.audio_tokens", "11 > 10");
    let thinking =
        json!({ "input_tokens": 1, "output_tokens": 4, "output_tokens_details": { "thinking_tokens": 5 } });
    refuses("anthropic", thinking, "output_tokens_details.thinking_tokens", "5 > 4");
    let split = json!({ "input_tokens": 1, "cache_creation_input_tokens": 4, "cache_creation": { "ephemeral_1h_input_tokens": 5 } });
    refuses("anthropic", split, "cache_creation.ephemeral_1h_input_tokens", "5 > 4");
    let sum = json!({ "input_tokens": MAX_TOKENS, "cache_read_input_tokens": 1 });
    refuses("anthropic", sum, "input_tokens", "at most");
    refuses(
        "google",
        json!({ "promptTokenCount": 1, "promptTokensDetails": {} }),
        "promptTokensDetails",
        "must be an array",
    );
    refuses(
        "google",
        json!({ "promptTokenCount": 1, "promptTokensDetails": [1] }),
        "promptTokensDetails[0]",
        "must be an object",
    );
}

#[test]
fn our_own_counts_name_our_own_fields() {
    let counts = TokenCounts { input: 10, cached: 11, ..TokenCounts::default() };
    assert_eq!(
        counts.into_usage().unwrap_err().to_string(),
        "cached_input_tokens must not be more than input_tokens (11 > 10)"
    );
    let counts = TokenCounts { output: MAX_TOKENS + 1, ..TokenCounts::default() };
    assert_eq!(counts.into_usage().unwrap_err().field, "output_tokens");
    let huge = TokenCounts {
        input: 1,
        cache_write_short: u64::MAX,
        cache_write_long: u64::MAX,
        ..TokenCounts::default()
    };
    assert_eq!(huge.into_usage().unwrap_err().field, "cache_write_tokens");
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(plain in 0..9_999_u64, cached in 0..9_999_u64, short in 0..9_999_u64, long in 0..9_999_u64, visible in 0..9_999_u64, reasoning in 0..9_999_u64) {
        let (all_in, all_out) = (plain + cached + short + long, visible + reasoning);
        let shapes = [
            ("openai", json!({ "input_tokens": all_in, "output_tokens": all_out,
                "input_tokens_details": { "cached_tokens": cached, "cache_write_tokens_details": { "ttl_30m_tokens": short, "ttl_12h_tokens": long } },
                "output_tokens_details": { "reasoning_tokens": reasoning } })),
            ("anthropic", json!({ "input_tokens": plain, "cache_read_input_tokens": cached, "cache_creation_input_tokens": short + long,
                "cache_creation": { "ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": long },
                "output_tokens": all_out, "output_tokens_details": { "thinking_tokens": reasoning } })),
        ];
        let expected = TokenUsage { input_uncached: plain, cache_read: cached, cache_write_short: short, cache_write_long: long, output_visible: visible, reasoning, ..TokenUsage::default() };
        for (provider, usage) in shapes {
            let read = normalise(provider, &usage).unwrap();
            prop_assert_eq!(read, expected);
            prop_assert_eq!((read.input(), read.output()), (all_in, all_out));
        }
        let google = normalise("google", &json!({ "promptTokenCount": all_in, "cachedContentTokenCount": cached, "candidatesTokenCount": visible, "thoughtsTokenCount": reasoning })).unwrap();
        prop_assert_eq!((google.input(), google.output(), google.cache_read, google.reasoning), (all_in, all_out, cached, reasoning));
        let converse = normalise("bedrock", &json!({ "inputTokens": plain, "cacheReadInputTokens": cached, "cacheWriteInputTokens": short + long, "outputTokens": all_out })).unwrap();
        prop_assert_eq!((converse.input(), converse.output(), converse.cache_read), (all_in, all_out, cached));
        let counts = TokenCounts { input: all_in, cached, cache_write_short: short, cache_write_long: long, output: all_out, reasoning, ..TokenCounts::default() };
        prop_assert_eq!(counts.into_usage(), Ok(expected));
    }

    #[test]
    fn whatever_is_accepted_keeps_its_totals(numbers in proptest::collection::vec(proptest::option::of(0..300_u64), 7)) {
        let usage = json!({
            "prompt_tokens": 300, "completion_tokens": 300,
            "prompt_tokens_details": { "cached_tokens": numbers[0], "cache_write_tokens": numbers[1], "audio_tokens": numbers[2], "image_tokens": numbers[3] },
            "completion_tokens_details": { "reasoning_tokens": numbers[4], "audio_tokens": numbers[5], "image_tokens": numbers[6] }
        });
        if let Ok(read) = normalise("openai", &usage) {
            prop_assert_eq!((read.input(), read.output()), (300, 300));
        } else {
            let of = |index: usize| numbers[index].unwrap_or(0);
            prop_assert!(of(0) + of(1) > 300 || of(4) + of(5) + of(6) > 300, "refused without reason");
        }
    }
}
