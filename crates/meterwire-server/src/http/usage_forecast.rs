//! `GET /api/v1/usage/forecast`: what a running period will come to.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::ForecastReply;
use meterwire_core::forecast::query::{ForecastMetric, ForecastQueryInput};
use meterwire_core::forecast::{Backtest, Bounds, Estimate};
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// Dollars as a decimal text, tokens and calls as a number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ForecastValue {
    /// US dollars.
    #[schema(example = "12.345678")]
    Usd(String),
    /// Tokens or calls.
    #[schema(example = 1250)]
    Count(i64),
}

/// A forecast to the end of a running period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastToApi {
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked; everything answered before is in it.
    as_of: String,
    /// The zone of days.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the period.
    from: String,
    /// First instant after it.
    to: String,
    /// What is forecast: `cost`, `tokens` or `calls`.
    #[schema(example = "cost")]
    metric: &'static str,
    /// `usd`, `tokens` or `calls`.
    #[schema(example = "usd")]
    unit: &'static str,
    /// `mstl_ets` (a season of the week and exponential smoothing), `ets` (smoothing alone) or `flat` (every day like the
    /// mean).
    #[schema(example = "mstl_ets")]
    method: &'static str,
    /// Why so, in a sentence.
    reason: String,
    /// Whole days of history that it was made from.
    history_days: usize,
    /// What the period used so far, exact.
    actual_to_date: ForecastValue,
    /// Events of the period so far with tokens whose model has no price; they are in no cost.
    unpriced_calls: i64,
    /// The whole period, what it used so far included.
    forecast: EstimateToApi,
    /// Every day of the period.
    days: Vec<ForecastDay>,
    /// How well the same method did on the past; null where there is too little of it.
    backtest: Option<BacktestToApi>,
}

/// An estimate and between what it will lie.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EstimateToApi {
    /// What is expected; null for days that are over.
    mean: Option<ForecastValue>,
    /// With 80 % of probability not less; null where nothing can be said.
    low_80: Option<ForecastValue>,
    /// With 80 % of probability not more.
    high_80: Option<ForecastValue>,
    /// With 95 % of probability not less.
    low_95: Option<ForecastValue>,
    /// With 95 % of probability not more.
    high_95: Option<ForecastValue>,
}

/// One day of the period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastDay {
    /// The day in the zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// What it used, today so far; null for days to come.
    actual: Option<ForecastValue>,
    /// Today as a whole, what it used so far included, and the days to come.
    #[serde(flatten)]
    estimate: EstimateToApi,
}

/// How well the same method did on the past.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BacktestToApi {
    /// From so many days of the past a forecast was made, knowing only what was known then.
    #[schema(example = 10)]
    folds: usize,
    /// Each looked so many days ahead, at most 30.
    #[schema(example = 8)]
    horizon_days: usize,
    /// How far the sums were missed, the mean over the folds, in percent of what came; null where nothing came.
    #[schema(example = 4.2)]
    mean_absolute_percentage_error: Option<f64>,
    /// How far the single days were missed, all together, in percent of what came.
    #[schema(example = 11.3)]
    weighted_absolute_percentage_error: Option<f64>,
    /// The share of folds whose sum lay within its 80 % bounds, in percent; each was judged by the others' misses.
    #[schema(example = 80.0)]
    coverage_80: f64,
    /// The same for 95 %.
    #[schema(example = 100.0)]
    coverage_95: f64,
}

/// What a running period will come to.
///
/// An estimate from up to 400 whole days before today: with 21 days or more a season of the week (MSTL) and exponential
/// smoothing (ETS), with 14 or more smoothing alone, with fewer every day like the mean, which `method` and `reason` say.
/// The day on which usage began is no whole day. Today is what it used so far and the share of a day that came after
/// this time of the day in the last four weeks. The bounds are of the sum over the rest of the period, not the sum of the
/// bounds of its days: the surprises of the days are independent, the part of them that stays in the level is carried on,
/// and what the back-test missed widens them. They are never below what was used already. The range must be running and
/// end with a day, at most 400 days ahead. A member sees its own user's usage.
#[utoipa::path(get, path = "/api/v1/usage/forecast", operation_id = "forecast_usage", tag = "Usage",
    params(("range" = Option<String>, Query, description = "today this_week this_month this_year, or any other that is running; default this_month"),
        ("from" = Option<String>, Query, description = "Date or instant, instead of range"),
        ("to" = Option<String>, Query, description = "Date, exclusive"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("metric" = Option<String>, Query, description = "cost (default), tokens or calls"),
        ("filter[project]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ForecastToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn forecast(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ForecastToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    let input = ForecastQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        metric: params.take("metric")?,
        filters: params.take_filters(),
    };
    params.finish()?;
    Ok(Json(to_api(state.app.forecast_usage(&caller, tenant.as_deref(), input).await?)))
}

fn to_api(reply: ForecastReply) -> ForecastToApi {
    let ForecastReply { query, as_of_ms, past, actual_to_date, forecast, whole } = reply;
    let metric = query.metric;
    let exact = |value: i64| exact_to_api(metric, value);
    let day_to_api = |(place, day): (usize, &meterwire_core::period::Bucket)| {
        let ahead = place.checked_sub(query.today).and_then(|ahead| forecast.days.get(ahead));
        ForecastDay {
            date: day.label.clone(),
            actual: past.period.get(place).map(|value| exact(*value)),
            estimate: estimate_to_api(metric, ahead.copied()),
        }
    };
    ForecastToApi {
        source: "metered",
        as_of: rfc3339(as_of_ms),
        tz: query.tz.clone(),
        from: rfc3339(query.range.from_ms),
        to: rfc3339(query.range.to_ms),
        metric: metric.name(),
        unit: metric.unit(),
        method: forecast.method.name(),
        history_days: past.history.len(),
        actual_to_date: exact(actual_to_date),
        unpriced_calls: past.unpriced_calls,
        forecast: estimate_to_api(metric, Some(whole)),
        days: query.days.iter().enumerate().map(day_to_api).collect(),
        backtest: forecast.backtest.map(backtest_to_api),
        reason: forecast.reason,
    }
}

fn exact_to_api(metric: ForecastMetric, value: i64) -> ForecastValue {
    match metric {
        ForecastMetric::Cost => ForecastValue::Usd(CostNanos(value).to_string()),
        ForecastMetric::Tokens | ForecastMetric::Calls => ForecastValue::Count(value),
    }
}

fn estimate_to_api(metric: ForecastMetric, estimate: Option<Estimate>) -> EstimateToApi {
    #[expect(clippy::cast_possible_truncation, reason = "an estimate, cut to what can be told")]
    let told = |value: f64| exact_to_api(metric, value.round() as i64);
    let bound = |pick: fn(Bounds) -> f64| estimate.and_then(|estimate| estimate.bounds).map(pick).map(told);
    EstimateToApi {
        mean: estimate.map(|estimate| told(estimate.mean)),
        low_80: bound(|bounds| bounds.low_80),
        high_80: bound(|bounds| bounds.high_80),
        low_95: bound(|bounds| bounds.low_95),
        high_95: bound(|bounds| bounds.high_95),
    }
}

fn backtest_to_api(backtest: Backtest) -> BacktestToApi {
    let rounded = |percent: f64| (percent * 100.0).round() / 100.0;
    BacktestToApi {
        folds: backtest.folds,
        horizon_days: backtest.horizon_days,
        mean_absolute_percentage_error: backtest.sum_error_percent.map(rounded),
        weighted_absolute_percentage_error: backtest.day_error_percent.map(rounded),
        coverage_80: rounded(backtest.coverage_80),
        coverage_95: rounded(backtest.coverage_95),
    }
}
