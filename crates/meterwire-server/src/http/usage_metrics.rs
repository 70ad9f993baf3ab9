//! R3: summary, breakdown and log.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::http::usage_query::percentage;
use axum::Json;
use axum::extract::State;
use meterwire_app::ports::{LogColumn, LogCursor, LogRow, LogStart};
use meterwire_app::{LogQuery, LogReply};
use meterwire_core::dimension::Dimension;
use meterwire_core::dimension::Dimensions;
use meterwire_core::event::Rating;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::rfc3339;
use meterwire_core::usage_query::{MAX_TOP, UsageQueryInput};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Totals of a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SummaryReply {
    /// Input and output tokens.
    total_tokens: u64,
    /// US dollars with up to nine decimals.
    total_cost: f64,
    /// Events.
    total_calls: i64,
    /// Events with a status of 400 or above.
    errors: i64,
    /// Events with tokens whose model has no price; they are not in `totalCost`.
    unpriced_calls: i64,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
    /// The zone of its days.
    tz: String,
}

/// One row of a breakdown; its name stands under `providerName`, `projectName`, `modelName` and so on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({"providerName": "openai", "tokens": 4567, "cost": 1.234567, "calls": 123, "unpricedCalls": 0, "percentage": 61.5}))]
pub(crate) struct BreakdownRow(Map<String, Value>);

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogPageToApi {
    /// The rows.
    items: Vec<LogItem>,
    /// Number of the page, from 1; null where a cursor was followed.
    page: Option<u64>,
    /// Rows a page.
    page_size: usize,
    /// How many events match in all.
    total: i64,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogItem {
    /// Its id.
    id: String,
    /// Its source.
    source: String,
    /// When it happened.
    #[schema(example = "2026-11-22T10:30:00.125Z")]
    date: String,
    /// Its project.
    project_name: Option<String>,
    /// Who sold the model.
    provider: Option<String>,
    /// The model.
    model: Option<String>,
    /// All input tokens.
    input_tokens: u64,
    /// All output tokens.
    output_tokens: u64,
    /// Both.
    total_tokens: u64,
    /// US dollars with up to nine decimals; null where the model has no price.
    cost: Option<f64>,
    /// Whether the cost is known.
    priced: bool,
    /// HTTP status.
    status: Option<u16>,
    /// Whole duration in milliseconds.
    latency_ms: Option<u32>,
    /// The user.
    user: Option<String>,
}

/// Total tokens and cost of a range.
#[utoipa::path(get, path = "/api/usage/summary", operation_id = "usage_summary", tag = "Usage",
    params(("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = SummaryReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn summary(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<SummaryReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        ..UsageQueryInput::default()
    };
    params.finish()?;
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let totals = &reply.current.total.totals;
    Ok(Json(SummaryReply {
        total_tokens: totals.token_usage().total(),
        total_cost: totals.cost.to_usd_f64(),
        total_calls: totals.calls,
        errors: totals.errors,
        unpriced_calls: totals.unpriced_calls,
        from: rfc3339(reply.query.window.range.from_ms),
        to: rfc3339(reply.query.window.range.to_ms),
        tz: reply.query.tz,
    }))
}

/// Tokens and cost by one dimension, largest first.
///
/// `percentage` is the share of all tokens. Beyond 1,000 values the rest is one row called `Other`.
#[utoipa::path(get, path = "/api/usage/breakdown", operation_id = "usage_breakdown", tag = "Usage",
    params(("by" = String, Query, description = "provider project model user api_key department country"),
        ("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = Vec<BreakdownRow>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn breakdown(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<Vec<BreakdownRow>>, ApiError> {
    let tenant = params.take("tenant")?;
    let by = params.take("by")?.unwrap_or_else(|| "provider".to_owned());
    let name_field = name_field(Dimensions::default().parse("by", &by)?)?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        group_by: vec![by],
        metrics: ["tokens", "cost", "calls"].map(str::to_owned).into(),
        top: Some(MAX_TOP),
        ..UsageQueryInput::default()
    };
    params.finish()?;
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let all_tokens = reply.current.total.totals.token_usage().total();
    let rows = reply.current.groups.into_iter().map(|group| {
        let totals = &group.total.totals;
        let tokens = totals.token_usage().total();
        let name = match group.key.into_iter().next().flatten() {
            _ if group.other => "Other".to_owned(),
            Some(name) => name,
            None => "(none)".to_owned(),
        };
        let share = percentage(tokens.cast_signed(), all_tokens.cast_signed()).unwrap_or(0.0);
        let mut row = Map::new();
        row.insert(name_field.to_owned(), json!(name));
        row.insert("tokens".to_owned(), json!(tokens));
        row.insert("cost".to_owned(), json!(totals.cost.to_usd_f64()));
        row.insert("calls".to_owned(), json!(totals.calls));
        row.insert("unpricedCalls".to_owned(), json!(totals.unpriced_calls));
        row.insert("percentage".to_owned(), json!(share));
        BreakdownRow(row)
    });
    Ok(Json(rows.collect()))
}

fn name_field(dimension: Dimension) -> Result<&'static str, Invalid> {
    match dimension {
        Dimension::Provider => Ok("providerName"),
        Dimension::Project => Ok("projectName"),
        Dimension::Model => Ok("modelName"),
        Dimension::User => Ok("userName"),
        Dimension::ApiKey => Ok("apiKeyName"),
        Dimension::Department => Ok("departmentName"),
        Dimension::Country => Ok("countryName"),
        _ => Err(Invalid::new(
            "by",
            "by must be one of provider, project, model, user, api_key, department, country",
        )),
    }
}

/// Single events, a page at a time.
///
/// Sorted by any column, `-` before it for descending; rows of equal value keep one order, so no page repeats or skips
/// one. Page numbers reach 100,000 rows deep; `cursor` goes on at the same cost.
#[utoipa::path(get, path = "/api/usage/log", operation_id = "usage_log", tag = "Usage",
    params(("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("page" = Option<u64>, Query, description = "From 1"), ("page_size" = Option<u32>, Query, description = "1 to 500; default 50"),
        ("sort" = Option<String>, Query, description = "date projectName provider model inputTokens outputTokens totalTokens cost status latencyMs user; default -date"),
        ("cursor" = Option<String>, Query, description = "nextCursor of the last page, instead of page"),
        ("filter[model]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = LogPageToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn log(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<LogPageToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    let (column, descending) = parse_sort(params.take("sort")?.as_deref().unwrap_or("-date"))?;
    let page_size = params.take_parsed("page_size", "a number from 1 to 500")?.unwrap_or(50);
    let page = params.take_parsed::<u64>("page", "a number from 1 on")?;
    let (start, page) = match (params.take("cursor")?, page) {
        (Some(_), Some(_)) => {
            return Err(Invalid::new("cursor", "give either page or cursor, not both").into());
        }
        (Some(cursor), None) => (LogStart::After(parse_cursor(&cursor)?), None),
        (None, Some(0)) => return Err(Invalid::new("page", "page must be a number from 1 on").into()),
        (None, page) => {
            let page = page.unwrap_or(1);
            (LogStart::Offset((page - 1).saturating_mul(page_size as u64)), Some(page))
        }
    };
    let query = LogQuery {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        column,
        descending,
        start,
        page_size,
    };
    params.finish()?;
    let reply = state.app.usage_log(&caller, tenant.as_deref(), query).await?;
    Ok(Json(log_to_api(reply, page, page_size)))
}

fn log_to_api(reply: LogReply, page: Option<u64>, page_size: usize) -> LogPageToApi {
    LogPageToApi {
        items: reply.page.rows.into_iter().map(row_to_api).collect(),
        page,
        page_size,
        total: reply.total,
        next_cursor: reply.page.next.as_ref().map(cursor_to_text),
    }
}

fn row_to_api(row: LogRow) -> LogItem {
    let event = row.event;
    let label = |dimension| event.labels.get(dimension).map(str::to_owned);
    let priced = event.rating != Rating::Unpriced;
    LogItem {
        date: rfc3339(event.time_ms),
        project_name: label(Dimension::Project),
        provider: label(Dimension::Provider),
        model: label(Dimension::Model),
        input_tokens: event.tokens.input(),
        output_tokens: event.tokens.output(),
        total_tokens: event.tokens.total(),
        cost: priced.then(|| event.rating.cost().to_usd_f64()),
        priced,
        status: event.status,
        latency_ms: event.latency_ms,
        user: label(Dimension::User),
        id: event.id,
        source: event.source,
    }
}

fn parse_sort(sort: &str) -> Result<(LogColumn, bool), Invalid> {
    let (name, descending) = match sort.strip_prefix('-') {
        Some(name) => (name, true),
        None => (sort, false),
    };
    let column = match name {
        "date" => LogColumn::Time,
        "projectName" => LogColumn::Dimension(Dimension::Project),
        "provider" => LogColumn::Dimension(Dimension::Provider),
        "model" => LogColumn::Dimension(Dimension::Model),
        "inputTokens" => LogColumn::InputTokens,
        "outputTokens" => LogColumn::OutputTokens,
        "totalTokens" => LogColumn::TotalTokens,
        "cost" => LogColumn::Cost,
        "status" => LogColumn::Dimension(Dimension::Status),
        "latencyMs" => LogColumn::Latency,
        "user" => LogColumn::Dimension(Dimension::User),
        _ => {
            let known = "date, projectName, provider, model, inputTokens, outputTokens, totalTokens, cost, status, latencyMs, user";
            return Err(Invalid::new(
                "sort",
                format!("sort must be one of {known}, with - before it for descending"),
            ));
        }
    };
    Ok((column, descending))
}

/// A cursor is opaque to callers: the JSON of the row's place, in hexadecimal so that it needs no escaping.
fn cursor_to_text(cursor: &LogCursor) -> String {
    let json = serde_json::to_vec(cursor).unwrap_or_default();
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    json.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn parse_cursor(text: &str) -> Result<LogCursor, Invalid> {
    let refused = || Invalid::new("cursor", "cursor must be the nextCursor of an earlier page");
    if text.len() > 2048 || !text.is_ascii() {
        return Err(refused());
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    let bytes: Result<Vec<u8>, _> = pairs.map(|pair| u8::from_str_radix(pair, 16)).collect();
    serde_json::from_slice(&bytes.map_err(|_| refused())?).map_err(|_| refused())
}
