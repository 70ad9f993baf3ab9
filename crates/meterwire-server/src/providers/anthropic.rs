//! Anthropic's usage and cost reports: `GET /v1/organizations/usage_report/messages` and `GET /v1/organizations/cost_report`.

use super::read::{cost as bounded_cost, json, optional, page as bounded, required, text, wrong_shape};
use jiff::Timestamp;
use meterwire_app::ports::{ReportAsk, ReportError};
use meterwire_core::money::{CostNanos, MoneyError, parse_decimal, parse_json_number};
use meterwire_core::period::rfc3339;
use meterwire_core::provider_report::{DAY_MS, ReportBucket, ReportKind, ReportPage, ReportRow};
use meterwire_core::tokens::TokenUsage;
use reqwest::header::HeaderValue;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use url::Url;

pub(super) const BASE_URL: &str = "https://api.anthropic.com";
const VERSION: &str = "2023-06-01";
const LIMIT: &str = "31";
/// Nano-dollars are cents with seven decimals.
const CENT_DECIMALS: u32 = 7;

/// The request for a page.
pub(super) fn request(
    client: &Client,
    mut url: Url,
    key: &str,
    ask: &ReportAsk,
) -> Result<RequestBuilder, &'static str> {
    let (path, group_by): (&[&str], &[&str]) = match ask.kind {
        ReportKind::Costs => (&["cost_report"], &["workspace_id", "description"]),
        _ => (
            &["usage_report", "messages"],
            &["api_key_id", "workspace_id", "model", "service_tier", "context_window"],
        ),
    };
    {
        let mut segments = url.path_segments_mut().map_err(|()| "base_url has no path")?;
        segments.pop_if_empty().extend(["v1", "organizations"]).extend(path);
    }
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("starting_at", &rfc3339(ask.span.from_ms));
        query.append_pair("ending_at", &rfc3339(ask.span.to_ms));
        query.append_pair("bucket_width", "1d").append_pair("limit", LIMIT);
        for field in group_by {
            query.append_pair("group_by[]", field);
        }
        if let Some(page) = &ask.page {
            query.append_pair("page", page);
        }
    }
    let mut key = HeaderValue::from_str(key).map_err(|_| "the key cannot be sent")?;
    key.set_sensitive(true);
    Ok(client.get(url).header("x-api-key", key).header("anthropic-version", VERSION))
}

#[derive(Deserialize)]
struct Page<R> {
    data: Vec<Bucket<R>>,
    has_more: bool,
    #[serde(rename = "next_page")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Bucket<R> {
    starting_at: String,
    ending_at: String,
    results: Vec<R>,
}

#[derive(Deserialize)]
struct MessagesResult {
    uncached_input_tokens: Option<u64>,
    cache_creation: Option<CacheCreation>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    server_tool_use: Option<ServerToolUse>,
    api_key_id: Option<String>,
    workspace_id: Option<String>,
    model: Option<String>,
    service_tier: Option<String>,
    context_window: Option<String>,
    #[serde(rename = "inference_geo")]
    _inference_geo: Option<String>,
}

#[derive(Deserialize)]
struct CacheCreation {
    ephemeral_5m_input_tokens: Option<u64>,
    ephemeral_1h_input_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct ServerToolUse {
    web_search_requests: Option<u64>,
}

#[derive(Deserialize)]
struct CostResult {
    amount: String,
    currency: Option<String>,
    workspace_id: Option<String>,
    description: Option<String>,
    model: Option<String>,
    service_tier: Option<String>,
    #[serde(rename = "cost_type")]
    _cost_type: Option<String>,
    #[serde(rename = "token_type")]
    _token_type: Option<String>,
    #[serde(rename = "context_window")]
    _context_window: Option<String>,
}

/// Reads a page of a kind.
pub(super) fn page(body: &[u8], kind: ReportKind) -> Result<ReportPage, ReportError> {
    if kind == ReportKind::Costs {
        return convert(json::<Page<CostResult>>(body)?, cost_row);
    }
    convert(json::<Page<MessagesResult>>(body)?, messages_row)
}

fn convert<R>(
    page: Page<R>,
    to_row: impl Fn(R) -> Result<ReportRow, ReportError>,
) -> Result<ReportPage, ReportError> {
    let mut buckets = Vec::with_capacity(page.data.len().min(64));
    for bucket in page.data {
        let instant = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
        let start_ms = instant(&bucket.starting_at).filter(|start| start.rem_euclid(DAY_MS) == 0);
        let start_ms = start_ms.filter(|start| instant(&bucket.ending_at) == Some(start + DAY_MS));
        let start_ms = start_ms.ok_or_else(|| wrong_shape("a bucket is no whole UTC day"))?;
        let rows = bucket.results.into_iter().map(&to_row).collect::<Result<_, _>>()?;
        buckets.push(ReportBucket { start_ms, rows });
    }
    bounded(buckets, page.has_more, page.next)
}

fn messages_row(found: MessagesResult) -> Result<ReportRow, ReportError> {
    let written = found.cache_creation.as_ref();
    let short = written.and_then(|tokens| tokens.ephemeral_5m_input_tokens);
    let long = written.and_then(|tokens| tokens.ephemeral_1h_input_tokens);
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    let usage = TokenUsage {
        input_uncached: count(required("uncached_input_tokens", found.uncached_input_tokens)?),
        cache_read: count(optional("cache_read_input_tokens", found.cache_read_input_tokens)?),
        cache_write_short: count(optional("cache_creation.ephemeral_5m_input_tokens", short)?),
        cache_write_long: count(optional("cache_creation.ephemeral_1h_input_tokens", long)?),
        output_visible: count(required("output_tokens", found.output_tokens)?),
        ..TokenUsage::default()
    };
    let searches = found.server_tool_use.and_then(|tools| tools.web_search_requests);
    Ok(ReportRow {
        project: text("workspace_id", found.workspace_id)?,
        api_key: text("api_key_id", found.api_key_id)?,
        model: text("model", found.model)?,
        service_tier: text("service_tier", found.service_tier)?,
        detail: text("context_window", found.context_window)?,
        requests: None,
        tokens: usage.buckets().map(u64::cast_signed),
        quantity: searches.map(|searches| required("web_search_requests", Some(searches))).transpose()?,
        cost: None,
    })
}

fn cost_row(found: CostResult) -> Result<ReportRow, ReportError> {
    if found.currency.as_deref().is_some_and(|currency| !currency.eq_ignore_ascii_case("usd")) {
        return Err(wrong_shape("currency is not USD"));
    }
    Ok(ReportRow {
        project: text("workspace_id", found.workspace_id)?,
        model: text("model", found.model)?,
        service_tier: text("service_tier", found.service_tier)?,
        detail: text("description", found.description)?,
        cost: Some(cents(&found.amount)?),
        ..ReportRow::default()
    })
}

/// A decimal text of cents: `"123.45"` is $1.2345.
fn cents(amount: &str) -> Result<CostNanos, ReportError> {
    let nanos = match parse_decimal(amount, CENT_DECIMALS) {
        // Finer than a nano-dollar: rounded once, half to even.
        Err(MoneyError::TooFine(_)) => parse_json_number(amount, CENT_DECIMALS),
        other => other,
    };
    bounded_cost(nanos.map_err(|_| wrong_shape("amount is no decimal number of cents"))?)
}
