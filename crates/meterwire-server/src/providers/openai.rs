//! OpenAI's organization usage and costs: `GET /organization/usage/{kind}` and `GET /organization/costs`.

use super::read::{cost as bounded_cost, json, optional, page as bounded, required, text, wrong_shape};
use meterwire_app::ports::{ReportAsk, ReportError};
use meterwire_core::money::{CostNanos, parse_json_number};
use meterwire_core::provider_report::{DAY_MS, ReportBucket, ReportKind, ReportPage, ReportRow};
use meterwire_core::tokens::TokenUsage;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

pub(super) const BASE_URL: &str = "https://api.openai.com/v1";
/// Buckets of a page: the most that days are given in.
const LIMIT: &str = "31";

/// The request for a page.
pub(super) fn request(
    client: &Client,
    mut url: Url,
    key: &str,
    ask: &ReportAsk,
) -> Result<RequestBuilder, &'static str> {
    {
        let mut path = url.path_segments_mut().map_err(|()| "base_url has no path")?;
        path.pop_if_empty().push("organization");
        match ask.kind {
            ReportKind::Costs => path.push("costs"),
            kind => path.push("usage").push(kind.name()),
        };
    }
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("start_time", &(ask.span.from_ms / 1000).to_string());
        query.append_pair("end_time", &(ask.span.to_ms / 1000).to_string());
        query.append_pair("bucket_width", "1d").append_pair("limit", LIMIT);
        for field in group_by(ask) {
            query.append_pair("group_by", field);
        }
        if let Some(page) = &ask.page {
            query.append_pair("page", page);
        }
    }
    Ok(client.get(url).bearer_auth(key))
}

fn group_by(ask: &ReportAsk) -> &'static [&'static str] {
    match ask.kind {
        ReportKind::Costs if ask.plain => &["project_id", "line_item"],
        ReportKind::Costs => &["project_id", "line_item", "api_key_id"],
        ReportKind::Completions | ReportKind::Decisions => {
            &["project_id", "api_key_id", "model", "batch", "service_tier"]
        }
        ReportKind::Images => &["project_id", "api_key_id", "model", "size", "source"],
        ReportKind::VectorStores | ReportKind::CodeInterpreterSessions => &["project_id"],
        ReportKind::FileSearchCalls => &["project_id", "api_key_id"],
        ReportKind::WebSearchCalls => &["project_id", "api_key_id", "model", "context_level"],
        _ => &["project_id", "api_key_id", "model"],
    }
}

#[derive(Deserialize)]
struct Page<R> {
    object: Option<String>,
    data: Vec<Bucket<R>>,
    has_more: bool,
    #[serde(rename = "next_page")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Bucket<R> {
    object: Option<String>,
    start_time: i64,
    end_time: i64,
    results: Vec<R>,
}

/// A result of any kind of usage: which of the counts it must have depends on the kind.
#[derive(Deserialize)]
struct UsageResult {
    object: String,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    input_cached_tokens: Option<u64>,
    input_cache_write_tokens: Option<u64>,
    input_cache_write_30m_tokens: Option<u64>,
    input_cache_write_12h_tokens: Option<u64>,
    input_audio_tokens: Option<u64>,
    input_image_tokens: Option<u64>,
    output_audio_tokens: Option<u64>,
    output_image_tokens: Option<u64>,
    num_model_requests: Option<u64>,
    num_requests: Option<u64>,
    num_sessions: Option<u64>,
    images: Option<u64>,
    characters: Option<u64>,
    seconds: Option<u64>,
    usage_bytes: Option<u64>,
    project_id: Option<String>,
    api_key_id: Option<String>,
    model: Option<String>,
    batch: Option<bool>,
    service_tier: Option<String>,
    size: Option<String>,
    source: Option<String>,
    context_level: Option<String>,
    // Not used, but a wrong type of them is a wrong answer all the same.
    #[serde(rename = "user_id")]
    _user_id: Option<String>,
    #[serde(rename = "vector_store_id")]
    _vector_store_id: Option<String>,
    #[serde(rename = "api_source")]
    _api_source: Option<String>,
    #[serde(rename = "input_uncached_tokens")]
    _input_uncached_tokens: Option<u64>,
    #[serde(rename = "input_text_tokens")]
    _input_text_tokens: Option<u64>,
    #[serde(rename = "output_text_tokens")]
    _output_text_tokens: Option<u64>,
    #[serde(rename = "input_cached_text_tokens")]
    _input_cached_text_tokens: Option<u64>,
    #[serde(rename = "input_cached_audio_tokens")]
    _input_cached_audio_tokens: Option<u64>,
    #[serde(rename = "input_cached_image_tokens")]
    _input_cached_image_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct CostsResult {
    object: String,
    amount: Option<Amount>,
    line_item: Option<String>,
    project_id: Option<String>,
    api_key_id: Option<String>,
    #[serde(rename = "quantity")]
    _quantity: Option<serde_json::Number>,
    #[serde(rename = "quantity_unit")]
    _quantity_unit: Option<String>,
    #[serde(rename = "user_id")]
    _user_id: Option<String>,
    #[serde(rename = "api_source")]
    _api_source: Option<String>,
}

#[derive(Deserialize)]
struct Amount {
    /// Its text, not a float: cents of a float are none of ours.
    value: Option<Box<RawValue>>,
    currency: Option<String>,
}

/// Reads a page of a kind.
pub(super) fn page(body: &[u8], kind: ReportKind) -> Result<ReportPage, ReportError> {
    if kind == ReportKind::Costs {
        return convert(json::<Page<CostsResult>>(body)?, costs_row);
    }
    convert(json::<Page<UsageResult>>(body)?, |result| usage_row(kind, result))
}

fn convert<R>(
    page: Page<R>,
    to_row: impl Fn(R) -> Result<ReportRow, ReportError>,
) -> Result<ReportPage, ReportError> {
    expect_object("the page", page.object.as_deref().unwrap_or("page"), "page")?;
    let mut buckets = Vec::with_capacity(page.data.len().min(64));
    for bucket in page.data {
        expect_object("a bucket", bucket.object.as_deref().unwrap_or("bucket"), "bucket")?;
        let start_ms = bucket.start_time.checked_mul(1000).filter(|start| start.rem_euclid(DAY_MS) == 0);
        let start_ms =
            start_ms.filter(|start| bucket.end_time.checked_mul(1000) == start.checked_add(DAY_MS));
        let start_ms = start_ms.ok_or_else(|| wrong_shape("a bucket is no whole UTC day"))?;
        let rows = bucket.results.into_iter().map(&to_row).collect::<Result<_, _>>()?;
        buckets.push(ReportBucket { start_ms, rows });
    }
    bounded(buckets, page.has_more, page.next)
}

fn expect_object(what: &str, found: &str, expected: &str) -> Result<(), ReportError> {
    if found == expected {
        return Ok(());
    }
    Err(wrong_shape(format!("{what} is not an object {expected}")))
}

/// The name of a kind inside of `organization.usage.NAME.result`.
fn object_name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::FileSearchCalls => "file_searches",
        ReportKind::WebSearchCalls => "web_searches",
        other => other.name(),
    }
}

fn usage_row(kind: ReportKind, found: UsageResult) -> Result<ReportRow, ReportError> {
    expect_object("a result", &found.object, &format!("organization.usage.{}.result", object_name(kind)))?;
    let mut row = ReportRow { tokens: tokens(kind, &found)?, ..ReportRow::default() };
    row.requests = match kind {
        ReportKind::VectorStores | ReportKind::CodeInterpreterSessions => None,
        ReportKind::FileSearchCalls => Some(required("num_requests", found.num_requests)?),
        _ => Some(required("num_model_requests", found.num_model_requests)?),
    };
    row.quantity = match kind {
        ReportKind::Images => Some(required("images", found.images)?),
        ReportKind::AudioSpeeches => Some(required("characters", found.characters)?),
        ReportKind::AudioTranscriptions => Some(required("seconds", found.seconds)?),
        ReportKind::VectorStores => Some(required("usage_bytes", found.usage_bytes)?),
        ReportKind::CodeInterpreterSessions => Some(required("num_sessions", found.num_sessions)?),
        ReportKind::WebSearchCalls => Some(required("num_requests", found.num_requests)?),
        _ => None,
    };
    let detail = match (found.size, found.source) {
        (Some(size), Some(source)) => Some(format!("{size} {source}")),
        (size, source) => size.or(source).or(found.context_level),
    };
    row.project = text("project_id", found.project_id)?;
    row.api_key = text("api_key_id", found.api_key_id)?;
    row.model = text("model", found.model)?;
    row.service_tier = match found.batch {
        Some(true) => Some("batch".to_owned()),
        _ => text("service_tier", found.service_tier)?,
    };
    row.detail = text("size", detail)?;
    Ok(row)
}

/// Tokens in our buckets. `input_tokens` is all input; cached, written and uncached audio and image input are parts of it.
fn tokens(kind: ReportKind, found: &UsageResult) -> Result<[i64; 10], ReportError> {
    let (input, output) = match kind {
        ReportKind::Completions | ReportKind::Decisions => {
            (required("input_tokens", found.input_tokens)?, required("output_tokens", found.output_tokens)?)
        }
        ReportKind::Embeddings | ReportKind::Moderations => {
            (required("input_tokens", found.input_tokens)?, 0)
        }
        _ => return Ok([0; 10]),
    };
    let written = optional("input_cache_write_tokens", found.input_cache_write_tokens)?;
    let long = optional("input_cache_write_12h_tokens", found.input_cache_write_12h_tokens)?;
    let short = optional("input_cache_write_30m_tokens", found.input_cache_write_30m_tokens)?;
    let mut input_left = input;
    let mut take = |wanted: i64| {
        // Parts that are more than the whole are cut, so that the whole stays what it is.
        let taken = wanted.min(input_left);
        input_left -= taken;
        taken
    };
    let cache_read = take(optional("input_cached_tokens", found.input_cached_tokens)?);
    let cache_write_long = take(long);
    let cache_write_short = take(short.max(written - long));
    let audio_input = take(optional("input_audio_tokens", found.input_audio_tokens)?);
    let image_input = take(optional("input_image_tokens", found.input_image_tokens)?);
    let audio_output = optional("output_audio_tokens", found.output_audio_tokens)?.min(output);
    let image_output = optional("output_image_tokens", found.output_image_tokens)?.min(output - audio_output);
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    let usage = TokenUsage {
        input_uncached: count(input_left),
        cache_read: count(cache_read),
        cache_write_short: count(cache_write_short),
        cache_write_long: count(cache_write_long),
        audio_input: count(audio_input),
        image_input: count(image_input),
        output_visible: count(output - audio_output - image_output),
        reasoning: 0,
        audio_output: count(audio_output),
        image_output: count(image_output),
    };
    Ok(usage.buckets().map(u64::cast_signed))
}

fn costs_row(found: CostsResult) -> Result<ReportRow, ReportError> {
    expect_object("a result", &found.object, "organization.costs.result")?;
    let cost = found.amount.map(cost).transpose()?.flatten();
    let line_item = text("line_item", found.line_item)?;
    // `gpt-4o-2024-08-06, input` names a model; what has no such part names something else.
    let model =
        line_item.as_deref().and_then(|item| item.split_once(", ")).map(|(model, _)| model.to_owned());
    Ok(ReportRow {
        project: text("project_id", found.project_id)?,
        api_key: text("api_key_id", found.api_key_id)?,
        model,
        detail: line_item,
        cost,
        ..ReportRow::default()
    })
}

fn cost(amount: Amount) -> Result<Option<CostNanos>, ReportError> {
    if amount.currency.as_deref().is_some_and(|currency| !currency.eq_ignore_ascii_case("usd")) {
        return Err(wrong_shape("amount.currency is not usd"));
    }
    let Some(value) = amount.value else { return Ok(None) };
    let nanos = parse_json_number(value.get().trim(), 9);
    let nanos = nanos.map_err(|_| wrong_shape("amount.value is no number of dollars"))?;
    bounded_cost(nanos).map(Some)
}
