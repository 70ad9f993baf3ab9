//! `GET /api/v1/usage/query`: the general question.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use meterwire_app::{Group, Series, UsageReply, Values, long_work};
use meterwire_core::compare::Matched;
use meterwire_core::period::{Granularity, rfc3339};
use meterwire_core::usage_query::{CompareInput, Metric, UsageQuery, UsageQueryInput};
use serde::Serialize;
use utoipa::ToSchema;

/// Values by metric name: those that were asked for.
#[derive(Debug, Default, Serialize, ToSchema)]
#[expect(clippy::option_option, reason = "not asked for, or asked for and not known")]
#[schema(example = json!({"calls": 123, "tokens": 4567, "cost_usd": "1.234567", "unpriced_calls": 3}))]
pub(crate) struct ValuesToApi {
    /// Events.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    calls: Option<i64>,
    /// Events with a status of 400 or above.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    errors: Option<i64>,
    /// Share of events with a status of 400 or above, in percent with two decimals; null without events.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    error_rate: Option<Option<f64>>,
    /// All input tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    input_tokens: Option<u64>,
    /// Input tokens read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cached_input_tokens: Option<u64>,
    /// All output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    output_tokens: Option<u64>,
    /// Output tokens spent on reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reasoning_tokens: Option<u64>,
    /// Input and output tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tokens: Option<u64>,
    /// Cost of everything that has a price, an exact decimal of US dollars. Answers the metric `cost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cost_usd: Option<String>,
    /// Events with tokens whose model has no price; they are not in `cost_usd`. Comes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    unpriced_calls: Option<i64>,
    /// Median latency in milliseconds; null where none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    latency_p50: Option<Option<f64>>,
    /// 95th percentile of the latency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    latency_p95: Option<Option<f64>>,
    /// 99th percentile of the latency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    latency_p99: Option<Option<f64>>,
    /// Median time to the first token in milliseconds; null where none was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    ttft_p50: Option<Option<f64>>,
    /// 95th percentile of the time to the first token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    ttft_p95: Option<Option<f64>>,
    /// Different users; null for the rest beyond `top`, where they are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    users: Option<Option<i64>>,
}

/// An answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueryReply {
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked; everything answered before is in it.
    as_of: String,
    /// The zone of days, weeks and months.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
    /// Width of the buckets; null where no series was asked for.
    granularity: Option<&'static str>,
    /// The dimensions of the groups.
    group_by: Vec<String>,
    /// The metrics asked for.
    metrics: Vec<&'static str>,
    /// How much of the usage has a price.
    price_coverage: PriceCoverage,
    /// Values over the whole range.
    total: ValuesToApi,
    /// The buckets; `series[i]` belongs to `buckets[i]`.
    buckets: Vec<BucketToApi>,
    /// Values a bucket, none left out.
    series: Vec<ValuesToApi>,
    /// Groups, largest first by the first metric; the rest beyond `top` last, with an empty key.
    groups: Vec<GroupToApi>,
    /// The same for the period it is compared with.
    compared: Option<ComparedToApi>,
}

/// How much of the usage has a price.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceCoverage {
    /// Events with a price, and those that need none.
    priced_calls: i64,
    /// Events with tokens whose model has no price.
    unpriced_calls: i64,
    /// Share of the priced ones, 0 to 100.
    percentage: f64,
}

/// One bucket.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BucketToApi {
    /// First instant.
    start: String,
    /// First instant after it.
    end: String,
    /// Its name in the zone: `2026-11-16`, `2026-11-16T10:00`, `2026-11`.
    #[schema(example = "2026-11-16")]
    label: String,
}

/// One group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupToApi {
    /// Its values of `group_by`; null is the absent value.
    key: Vec<Option<String>>,
    /// Whether it is the rest beyond `top`.
    other: bool,
    /// Values over the whole range.
    total: ValuesToApi,
    /// Values a bucket.
    series: Vec<ValuesToApi>,
}

/// The answer over the period it is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparedToApi {
    /// First instant.
    from: String,
    /// First instant after it.
    to: String,
    /// `weekday` where the days were matched by the day of the week.
    matched: Option<&'static str>,
    /// Values over the whole period.
    total: ValuesToApi,
    /// Its buckets.
    buckets: Vec<BucketToApi>,
    /// Values a bucket.
    series: Vec<ValuesToApi>,
    /// Its groups.
    groups: Vec<GroupToApi>,
}

/// Ask about usage.
///
/// Up to two dimensions to group by, filters, a series, a comparison. Days always add up to the range, groups to the
/// total. Values of a repeated filter are alternatives; an empty value means events without one. A declared dimension whose
/// older events are still being counted is refused with 409 `dimension_filling`, what would need single events that
/// were dropped for their age with 422 `beyond_retention`.
#[utoipa::path(get, path = "/api/v1/usage/query", operation_id = "query_usage", tag = "Usage",
    params(("range" = Option<String>, Query, description = "today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m; default 30d"),
        ("from" = Option<String>, Query, description = "Date or instant, instead of range"),
        ("to" = Option<String>, Query, description = "Date or instant, exclusive"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("granularity" = Option<String>, Query, description = "15m hour day week month; without it there is no series"),
        ("group_by" = Option<String>, Query, description = "Up to two of provider model project user api_key agent department country status operation service_tier or of declared dimensions, comma-separated"),
        ("metrics" = Option<String>, Query, description = "calls errors error_rate input_tokens cached_input_tokens output_tokens reasoning_tokens tokens cost latency_p50 latency_p95 latency_p99 ttft_p50 ttft_p95 users, comma-separated; default calls,tokens,cost"),
        ("filter[provider]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("filter[model]" = Option<String>, Query), ("filter[project]" = Option<String>, Query), ("filter[user]" = Option<String>, Query),
        ("filter[api_key]" = Option<String>, Query), ("filter[agent]" = Option<String>, Query), ("filter[department]" = Option<String>, Query),
        ("filter[country]" = Option<String>, Query), ("filter[status]" = Option<String>, Query), ("filter[operation]" = Option<String>, Query),
        ("filter[service_tier]" = Option<String>, Query),
        ("compare" = Option<String>, Query, description = "previous, last_year, or custom with compare_from and compare_to"),
        ("compare_from" = Option<String>, Query), ("compare_to" = Option<String>, Query),
        ("match" = Option<String>, Query, description = "weekday: the other period is moved by whole weeks, so that Mondays meet Mondays; with compare=previous or last_year"),
        ("top" = Option<u32>, Query, description = "Groups beside Other, 1 to 1000; default 100"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = QueryReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn query(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        granularity: params.take("granularity")?,
        group_by: params.take_list("group_by"),
        metrics: params.take_list("metrics"),
        filters: params.take_filters(),
        compare: take_compare(&mut params, None)?,
        top: params.take_parsed("top", "a number from 1 to 1000")?,
    };
    if params.take("priced")?.is_some() {
        let sentence = "usage is not filtered by priced, since totals tell events without a price beside every sum; \
                        list the events with /api/usage/log?priced=false";
        return Err(meterwire_core::invalid::Invalid::new("priced", sentence).into());
    }
    params.finish()?;
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let points = reply.current.window.buckets.len() * (reply.current.groups.len() + 1);
    Ok(long_work(points, || Json(reply_to_api(reply)).into_response()))
}

/// `compare` with `compare_from`, `compare_to` and `match`; `default` is taken where no other period is named.
pub(crate) fn take_compare(
    params: &mut Params,
    default: Option<&str>,
) -> Result<Option<CompareInput>, ApiError> {
    let (from, to) = (params.take("compare_from")?, params.take("compare_to")?);
    let (compare, matched) = (params.take("compare")?, params.take("match")?);
    let default = default.filter(|_| from.is_none() && to.is_none());
    Ok(CompareInput::parse(compare.as_deref().or(default), matched.as_deref(), from, to)?)
}

fn reply_to_api(reply: UsageReply) -> QueryReply {
    let UsageReply { query, as_of_ms, current, compared } = reply;
    let totals = &current.total.totals;
    let (calls, unpriced) = (totals.calls, totals.unpriced_calls);
    QueryReply {
        source: "metered",
        as_of: rfc3339(as_of_ms),
        tz: query.tz.clone(),
        from: rfc3339(query.window.range.from_ms),
        to: rfc3339(query.window.range.to_ms),
        granularity: query.granularity.map(Granularity::name),
        group_by: query
            .group_by
            .iter()
            .map(|dimension| query.dimensions.name(*dimension).to_owned())
            .collect(),
        metrics: query.metrics.iter().map(|metric| metric.name()).collect(),
        price_coverage: PriceCoverage {
            priced_calls: calls - unpriced,
            unpriced_calls: unpriced,
            percentage: percentage(calls - unpriced, calls).unwrap_or(100.0),
        },
        total: values_to_api(&query, &current.total),
        buckets: buckets_to_api(&query, &current),
        series: series_to_api(&query, &current.series),
        groups: groups_to_api(&query, &current.groups),
        compared: compared.map(|series| ComparedToApi {
            from: rfc3339(series.window.range.from_ms),
            to: rfc3339(series.window.range.to_ms),
            matched: query.matched.map(Matched::name),
            total: values_to_api(&query, &series.total),
            buckets: buckets_to_api(&query, &series),
            series: series_to_api(&query, &series.series),
            groups: groups_to_api(&query, &series.groups),
        }),
    }
}

/// A share in percent with two decimals, `None` of nothing. For showing; nothing is added up from it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "rounded to two decimals of a percent"
)]
pub(crate) fn percentage(part: i64, whole: i64) -> Option<f64> {
    if whole == 0 {
        return None;
    }
    let hundredths = i128::from(part) * 10_000;
    let rounded = (hundredths + i128::from(whole) / 2) / i128::from(whole);
    Some(rounded as i64 as f64 / 100.0)
}

fn buckets_to_api(query: &UsageQuery, series: &Series) -> Vec<BucketToApi> {
    if query.granularity.is_none() {
        return vec![];
    }
    let buckets = series.window.buckets.iter();
    buckets
        .map(|bucket| BucketToApi {
            start: rfc3339(bucket.range.from_ms),
            end: rfc3339(bucket.range.to_ms),
            label: bucket.label.clone(),
        })
        .collect()
}

fn series_to_api(query: &UsageQuery, series: &[Values]) -> Vec<ValuesToApi> {
    series.iter().map(|values| values_to_api(query, values)).collect()
}

fn groups_to_api(query: &UsageQuery, groups: &[Group]) -> Vec<GroupToApi> {
    let to_api = |group: &Group| GroupToApi {
        key: group.key.clone(),
        other: group.other,
        total: values_to_api(query, &group.total),
        series: series_to_api(query, &group.series),
    };
    groups.iter().map(to_api).collect()
}

fn values_to_api(query: &UsageQuery, values: &Values) -> ValuesToApi {
    let totals = &values.totals;
    let tokens = totals.token_usage();
    let mut shown = ValuesToApi::default();
    for metric in &query.metrics {
        match metric {
            Metric::Calls => shown.calls = Some(totals.calls),
            Metric::Errors => shown.errors = Some(totals.errors),
            Metric::ErrorRate => shown.error_rate = Some(percentage(totals.errors, totals.calls)),
            Metric::InputTokens => shown.input_tokens = Some(tokens.input()),
            Metric::CachedInputTokens => shown.cached_input_tokens = Some(tokens.cache_read),
            Metric::OutputTokens => shown.output_tokens = Some(tokens.output()),
            Metric::ReasoningTokens => shown.reasoning_tokens = Some(tokens.reasoning),
            Metric::Tokens => shown.tokens = Some(tokens.total()),
            Metric::Cost => {
                shown.cost_usd = Some(totals.cost.to_string());
                shown.unpriced_calls = Some(totals.unpriced_calls);
            }
            Metric::LatencyP50 => shown.latency_p50 = Some(totals.latency.quantile(0.50)),
            Metric::LatencyP95 => shown.latency_p95 = Some(totals.latency.quantile(0.95)),
            Metric::LatencyP99 => shown.latency_p99 = Some(totals.latency.quantile(0.99)),
            Metric::TtftP50 => shown.ttft_p50 = Some(totals.time_to_first_token.quantile(0.50)),
            Metric::TtftP95 => shown.ttft_p95 = Some(totals.time_to_first_token.quantile(0.95)),
            Metric::Users => shown.users = Some(values.users),
        }
    }
    shown
}
