//! The evidence of insights: the rows, and how the saving is reckoned from them.

use meterwire_app::CostIntelligence;
use meterwire_core::insight::{
    CACHEABLE_INPUT_TOKENS, CacheDay, CacheFinding, ErrorGroup, Evidence, IdleKey, Insight, REPEAT_WINDOW_MS,
    Repeated, SHORT_INPUT_TOKENS, SHORT_OUTPUT_TOKENS, ShortCalls, Spike,
};
use meterwire_core::money::format_decimal;
use meterwire_core::period::rfc3339;
use meterwire_core::price::PriceEntry;
use meterwire_core::tokens::TokenUsage;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// The evidence of an insight.
pub(super) fn evidence_to_api(insight: &Insight, found: &CostIntelligence) -> Value {
    match &insight.evidence {
        Evidence::ShortCalls(short) => short_calls(short, found),
        Evidence::Repeats { rows, beyond } => json!({
            "rule": "the sum of cost over rows and beyond",
            "window_hours": REPEAT_WINDOW_MS / 3_600_000,
            "rows": rows.iter().map(|row| repeated(row, found)).collect::<Vec<_>>(),
            "beyond": beyond.map(|(requests, repeats, cost)| {
                json!({ "requests": requests, "repeats": repeats, "cost": cost.to_usd_f64() })
            }),
        }),
        Evidence::Cache(cache) => cached(cache),
        Evidence::Errors { rows, beyond } => json!({
            "rule": "the sum of cost over rows and beyond",
            "rows": rows.iter().map(|row| failed(row, found)).collect::<Vec<_>>(),
            "beyond": beyond.map(|(calls, cost)| json!({ "requests": calls, "cost": cost.to_usd_f64() })),
        }),
        Evidence::Spikes(spikes) => json!({
            "rule": "cost of the day against the median of the compared days; no saving is claimed",
            "rows": spikes.iter().map(spike).collect::<Vec<_>>(),
        }),
        Evidence::IdleKeys(keys) => json!({
            "rule": "not used for 30 days; no saving is claimed",
            "rows": keys.iter().map(idle_key).collect::<Vec<_>>(),
        }),
        Evidence::Unpriced { calls } => json!({
            "rule": "calls with tokens whose model had no price when they were recorded; no saving is claimed",
            "rows": [{ "model": insight.model.as_ref().map(|model| &model.model), "requests": calls }],
        }),
    }
}

fn short_calls(short: &ShortCalls, found: &CostIntelligence) -> Value {
    json!({
        "rule": "cost - cost_instead; each call priced by its own tokens and rounded once to a nano-dollar",
        "short_input_tokens": SHORT_INPUT_TOKENS,
        "short_output_tokens": SHORT_OUTPUT_TOKENS,
        "requests": short.calls,
        "of_requests": short.of_calls,
        "tokens": tokens(short.tokens),
        "cost": short.cost.to_usd_f64(),
        "instead": price(&short.instead),
        "cost_instead": short.cost_instead.to_usd_f64(),
        "examples": events(&short.examples, found),
    })
}

fn repeated(row: &Repeated, found: &CostIntelligence) -> Value {
    let first = found.events.get(&row.first_seq);
    let hash = first.and_then(|event| event.request_hash).map(hex);
    let model = found.models.get(row.model as usize);
    json!({
        // Gone where the event was voided meanwhile.
        "request_hash": hash,
        "model": model.map(|model| &model.model),
        "provider": model.and_then(|model| model.provider.as_ref()),
        "first": events(&[row.first_seq], found).into_iter().next(),
        "repeats": row.repeats,
        "cost": row.cost.to_usd_f64(),
        "examples": events(&row.examples, found),
    })
}

fn failed(row: &ErrorGroup, found: &CostIntelligence) -> Value {
    json!({
        "status": row.status,
        "model": row.model.model,
        "provider": row.model.provider,
        "requests": row.calls,
        "cost": row.cost.to_usd_f64(),
        "examples": events(&row.examples, found),
    })
}

fn cached(cache: &CacheFinding) -> Value {
    let day = |day: &CacheDay| {
        json!({
            "date": day.date,
            "requests": day.calls,
            "input_tokens": day.input_tokens,
            "cached_input_tokens": day.cached_tokens,
        })
    };
    json!({
        "rule": "moved_tokens x (input - cache_read) per million; moved_tokens = input tokens of all days x cached / input of \
                 the best day, rounded down, - cached tokens of all days, and at most the uncached ones",
        "min_input_tokens": CACHEABLE_INPUT_TOKENS,
        "rows": cache.days.iter().map(day).collect::<Vec<_>>(),
        "best_day": cache.best.date,
        "input_tokens": cache.total.input_tokens,
        "cached_input_tokens": cache.total.cached_tokens,
        "uncached_input_tokens": cache.total.uncached_tokens,
        "moved_tokens": cache.moved,
        "price": price(&cache.price),
    })
}

fn spike(spike: &Spike) -> Value {
    let compared =
        spike.compared.iter().map(|day| json!({ "date": day.date, "cost": day.cost.to_usd_f64() }));
    json!({
        "date": spike.day.date,
        "cost": spike.day.cost.to_usd_f64(),
        "requests": spike.day.calls,
        "usual_cost": spike.usual.to_usd_f64(),
        "compared": compared.collect::<Vec<_>>(),
    })
}

fn idle_key(key: &IdleKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "project": key.project,
        "created_at": key.created_ms.map(rfc3339),
        "last_used_at": key.last_used_ms.map(rfc3339),
        "requests_before": key.calls_before,
    })
}

/// Token buckets that hold anything, by name.
fn tokens(buckets: [u64; 10]) -> Map<String, Value> {
    let named = TokenUsage::BUCKETS.into_iter().zip(buckets).filter(|(_, count)| *count > 0);
    named.map(|(name, count)| (name.to_owned(), count.into())).collect()
}

/// A price with its rates: decimal texts of US dollars per million tokens.
pub(super) fn price(price: &PriceEntry) -> Value {
    let rates = price.card().rates;
    let mut named = vec![("input", rates.input.0), ("output", rates.output.0)];
    let optional = [
        ("cache_read", rates.cache_read),
        ("cache_write_short", rates.cache_write_short),
        ("cache_write_long", rates.cache_write_long),
        ("reasoning", rates.reasoning),
    ];
    named.extend(optional.into_iter().filter_map(|(name, rate)| Some((name, rate?.0))));
    let mut object: Map<String, Value> =
        named.into_iter().map(|(name, picos)| (name.to_owned(), format_decimal(picos, 6).into())).collect();
    object.insert("provider".to_owned(), price.provider().into());
    object.insert("model".to_owned(), price.model().into());
    object.insert("price_id".to_owned(), price.id().into());
    Value::Object(object)
}

/// Events by their numbers; those that were voided meanwhile are left out.
fn events(seqs: &[i64], found: &CostIntelligence) -> Vec<Value> {
    let named = seqs.iter().filter_map(|seq| found.events.get(seq));
    named
        .map(|event| json!({ "source": event.source, "id": event.id, "time": rfc3339(event.time_ms) }))
        .collect()
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
