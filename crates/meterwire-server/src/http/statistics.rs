//! R2: the statistics of a tenant, and its usage against monthly limits.

use crate::http::amounts::AmountToApi;
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use crate::http::usage_query::percentage;
use axum::Json;
use axum::extract::State;
use meterwire_app::{DayTotals, ModelOf, ModelTotals, Quota, QuotaLine, Statistics, StatisticsQuery};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::Standing;
use meterwire_core::percent;
use meterwire_core::period::{RangeInput, rfc3339};
use meterwire_core::totals::Totals;
use serde::Serialize;
use utoipa::ToSchema;

/// Statistics of one period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsageStats {
    /// `today`, `week`, `month` or `year`; the name of the range where one was asked for, else `custom`.
    #[schema(example = "month")]
    period: String,
    /// Calls, by how they ended.
    api_calls: ApiCallStats,
    /// Tokens, by side.
    tokens: TokenStats,
    /// Cost, by model.
    costs: CostStats,
    /// The ten models with most calls.
    top_models: Vec<TopModel>,
    /// Every day of the period that has begun, oldest first. They add up to the totals.
    daily_usage: Vec<DailyUsage>,
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked. All numbers are of this one moment.
    as_of: String,
    /// The zone of its days.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the period.
    from: String,
    /// First instant after it.
    to: String,
    /// First instant of the period that `change` compares with; null where single events would be needed that are no longer
    /// kept, and then `change` is null too.
    compared_from: Option<String>,
    /// First instant after that one: of a period that is still running, as much of the one before as has passed of it.
    compared_to: Option<String>,
    /// Events with tokens whose model has no price; they are in no cost.
    unpriced_calls: i64,
}

/// Calls.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApiCallStats {
    /// All of them.
    total: i64,
    /// Those with a status below 400, or without one.
    successful: i64,
    /// Those with a status of 400 or above.
    failed: i64,
    /// Change of the total in percent, with two decimals; null where it was zero before.
    #[schema(example = 12.5)]
    change: Option<f64>,
    /// Share of the failed ones in percent; null without calls.
    error_rate: Option<f64>,
}

/// Tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenStats {
    /// All of them.
    total: u64,
    /// Input, cached ones too.
    prompt: u64,
    /// Output, reasoning too.
    completion: u64,
    /// Change of the total in percent; null where it was zero before.
    change: Option<f64>,
}

/// Cost in US dollars with up to nine decimals.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CostStats {
    /// All of it.
    total: f64,
    /// By model, dearest first; it adds up to the total. Beyond 100 models the rest is one row called `Other`, events
    /// without a model are `(none)`.
    breakdown: Vec<CostOfModel>,
    /// Change of the total in percent; null where it was zero before.
    change: Option<f64>,
}

/// What one model costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostOfModel {
    /// The model.
    #[schema(example = "gpt-4o")]
    model: String,
    /// US dollars.
    cost: f64,
    /// Its calls.
    calls: i64,
}

/// Usage of one model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopModel {
    /// The model.
    #[schema(example = "gpt-4o")]
    model: String,
    /// Its calls.
    calls: i64,
    /// Input and output tokens.
    tokens: u64,
    /// US dollars.
    cost: f64,
}

/// Usage of one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DailyUsage {
    /// The day in the zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// Its calls.
    calls: i64,
    /// Input and output tokens.
    tokens: u64,
    /// US dollars.
    cost: f64,
}

/// Usage of this month against its limits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuotaReply {
    /// Whose usage it is; null is all of the tenant's.
    user: Option<String>,
    /// One an event.
    api_calls: QuotaToApi,
    /// Input and output tokens.
    tokens: QuotaToApi,
    /// US dollars.
    spend: QuotaToApi,
    /// Events with tokens whose model has no price; they are not in the spend.
    unpriced_calls: i64,
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked.
    as_of: String,
    /// The tenant's zone.
    tz: String,
    /// When the calendar month began in it.
    from: String,
    /// When it ends.
    to: String,
}

/// One quantity against its limit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuotaToApi {
    /// What counts against the limit, holds included; without a limit what was recorded in the month.
    used: AmountToApi,
    /// What was recorded in the month, whatever counts against a limit: decisions and holds are not in it.
    recorded: AmountToApi,
    /// The limit; null where there is none.
    limit: Option<AmountToApi>,
    /// What is left of it; null where there is none.
    remaining: Option<AmountToApi>,
    /// How much of it is used, 0 to 100 and beyond; null where there is none.
    percentage: Option<f64>,
    /// The monthly metric that has the limit; null where there is none.
    #[schema(example = "monthly_calls")]
    metric: Option<String>,
    /// When it starts again.
    resets_at: String,
}

/// Statistics of a tenant over a period.
///
/// `today`, `week` (from Monday), `month` and `year` are those of the calendar in the zone, as the ranges `today`,
/// `this_week`, `this_month` and `this_year`. `change` compares with the period before, of the same length: of a period
/// that is still running with as much of the one before as has passed of it. A member sees its own user's usage. A slug
/// that is not the caller's is 404.
#[utoipa::path(get, path = "/api/tenants/{slug}/usage/", operation_id = "tenant_statistics", tag = "Usage",
    params(("slug" = String, Path, description = "The tenant"),
        ("period" = Option<String>, Query, description = "today, week, month or year; default month"),
        ("range" = Option<String>, Query, description = "Named range, instead of period"),
        ("from" = Option<String>, Query, description = "Date or instant, instead of period"),
        ("to" = Option<String>, Query, description = "Date or instant, exclusive"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("filter[model]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable")),
    responses((status = 200, body = UsageStats), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn usage(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    mut params: Params,
) -> Result<Json<UsageStats>, ApiError> {
    let (period, range) = take_period(&mut params)?;
    let query = StatisticsQuery { range, tz: params.take("tz")?, filters: params.take_filters() };
    params.finish()?;
    let statistics = state.app.statistics(&caller, &slug, query).await?;
    Ok(Json(stats_to_api(period, statistics)))
}

/// Usage of this month against its limits.
///
/// A limit is that of a metric with a monthly window which counts events, tokens or cost: of the tenant, or of one user
/// (`user`, and always for a member) by tier or by override. Where several apply it is the one nearest to being reached;
/// without one `limit` is null. A slug that is not the caller's is 404.
#[utoipa::path(get, path = "/api/tenants/{slug}/quota", operation_id = "tenant_quota", tag = "Usage",
    params(("slug" = String, Path, description = "The tenant"),
        ("user" = Option<String>, Query, description = "One user of it; a member only itself")),
    responses((status = 200, body = QuotaReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn quota(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    mut params: Params,
) -> Result<Json<QuotaReply>, ApiError> {
    let user = params.take("user")?;
    params.finish()?;
    let quota = state.app.quota(&caller, &slug, user).await?;
    Ok(Json(quota_to_api(quota)))
}

/// The period's name as it is answered, and its range.
fn take_period(params: &mut Params) -> Result<(String, RangeInput), ApiError> {
    let (period, range) = (params.take("period")?, params.take_range()?);
    let is_custom = range.from.is_some() || range.to.is_some();
    let named = match (period, &range.range) {
        (Some(_), Some(_)) => return Err(either("range").into()),
        (Some(_), None) if is_custom => return Err(either("from").into()),
        (None, Some(name)) => return Ok((name.clone(), range)),
        (None, None) if is_custom => return Ok(("custom".to_owned(), range)),
        (None, None) => "month".to_owned(),
        (Some(period), None) => period,
    };
    let range = match &*named {
        "today" => "today",
        "week" => "this_week",
        "month" => "this_month",
        "year" => "this_year",
        _ => return Err(Invalid::new("period", "period must be one of today, week, month, year").into()),
    };
    Ok((named, RangeInput::named(range)))
}

fn either(other: &str) -> Invalid {
    Invalid::new("period", format!("give either period or {other}, not both"))
}

fn stats_to_api(period: String, statistics: Statistics) -> UsageStats {
    let total = &statistics.total;
    let tokens = total.token_usage();
    let compared = statistics.previous.as_ref().map(|(range, _)| *range);
    let change = |now: i128, before: fn(&Totals) -> i128| {
        statistics.previous.as_ref().and_then(|(_, previous)| percent::change(now, before(previous)))
    };
    let all_tokens = |totals: &Totals| i128::from(totals.token_usage().total());
    UsageStats {
        period,
        api_calls: ApiCallStats {
            total: total.calls,
            successful: total.calls - total.errors,
            failed: total.errors,
            change: change(total.calls.into(), |previous| previous.calls.into()),
            error_rate: percentage(total.errors, total.calls),
        },
        tokens: TokenStats {
            total: tokens.total(),
            prompt: tokens.input(),
            completion: tokens.output(),
            change: change(all_tokens(total), all_tokens),
        },
        costs: CostStats {
            total: total.cost.to_usd_f64(),
            breakdown: statistics.breakdown.iter().map(cost_of_model).collect(),
            change: change(total.cost.0.into(), |previous| previous.cost.0.into()),
        },
        top_models: statistics.top_models.iter().map(top_model).collect(),
        daily_usage: statistics.days.iter().map(day_to_api).collect(),
        source: "metered",
        as_of: rfc3339(statistics.as_of_ms),
        from: rfc3339(statistics.range.from_ms),
        to: rfc3339(statistics.range.to_ms),
        compared_from: compared.map(|range| rfc3339(range.from_ms)),
        compared_to: compared.map(|range| rfc3339(range.to_ms)),
        unpriced_calls: total.unpriced_calls,
        tz: statistics.tz,
    }
}

fn cost_of_model(model: &ModelTotals) -> CostOfModel {
    CostOfModel {
        model: name_of(&model.model),
        cost: model.totals.cost.to_usd_f64(),
        calls: model.totals.calls,
    }
}

fn top_model(model: &ModelTotals) -> TopModel {
    TopModel {
        model: name_of(&model.model),
        calls: model.totals.calls,
        tokens: model.totals.token_usage().total(),
        cost: model.totals.cost.to_usd_f64(),
    }
}

fn name_of(model: &ModelOf) -> String {
    match model {
        ModelOf::Named(name) => name.clone(),
        ModelOf::None => "(none)".to_owned(),
        ModelOf::Other => "Other".to_owned(),
    }
}

fn day_to_api(day: &DayTotals) -> DailyUsage {
    DailyUsage {
        date: day.date.clone(),
        calls: day.totals.calls,
        tokens: day.totals.token_usage().total(),
        cost: day.totals.cost.to_usd_f64(),
    }
}

fn quota_to_api(quota: Quota) -> QuotaReply {
    let to_api = |line: &QuotaLine, decimals| {
        let recorded = AmountToApi::of_decimals(line.recorded, decimals);
        let standing = line.standing.as_ref();
        let amount = |units: fn(&Standing) -> Option<i64>| {
            standing.and_then(|standing| Some(AmountToApi::new(&standing.metric, units(standing)?)))
        };
        QuotaToApi {
            used: amount(|standing| Some(standing.current)).unwrap_or(recorded),
            recorded,
            limit: amount(|standing| standing.limit),
            remaining: amount(Standing::remaining),
            percentage: standing.and_then(Standing::percentage),
            metric: standing.map(|standing| standing.metric.as_str().to_owned()),
            resets_at: rfc3339(standing.and_then(|standing| standing.resets_ms).unwrap_or(quota.month.to_ms)),
        }
    };
    QuotaReply {
        api_calls: to_api(&quota.api_calls, 0),
        tokens: to_api(&quota.tokens, 0),
        spend: to_api(&quota.spend, 9),
        unpriced_calls: quota.unpriced_calls,
        source: "metered",
        as_of: rfc3339(quota.as_of_ms),
        from: rfc3339(quota.month.from_ms),
        to: rfc3339(quota.month.to_ms),
        tz: quota.tz,
        user: quota.user,
    }
}
