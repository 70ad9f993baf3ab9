//! R0: the two live endpoints.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::Access;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, RangeInput, rfc3339};
use meterwire_core::usage_query::UsageQueryInput;
use serde::Serialize;
use utoipa::ToSchema;

/// Usage of the current billing period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveSummary {
    /// Events since the period began.
    #[schema(example = 1250)]
    total_calls: i64,
    /// Cents, half to even: calls times the flat rate where one is configured, else the metered cost.
    #[schema(example = 2500)]
    est_cost_cents: i64,
    /// When the calendar month began in the tenant's zone.
    #[schema(example = "2024-01-01T00:00:00Z")]
    window_start: String,
    /// Now.
    #[schema(example = "2024-01-15T10:30:00Z")]
    window_end: String,
}

/// Calls a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveDaily {
    /// Every day, oldest first, today last.
    usage: Vec<LiveDay>,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveDay {
    /// The day in the tenant's zone.
    #[schema(example = "2024-01-08")]
    date: String,
    /// Its events.
    #[schema(example = 180)]
    calls: i64,
}

/// Usage of the current billing period.
///
/// The period is the calendar month in the tenant's zone, up to now. A member sees its own user's usage.
#[utoipa::path(get, path = "/api/v1/usage/summary", operation_id = "live_summary", tag = "Live usage",
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = LiveSummary), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn summary(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<LiveSummary>, ApiError> {
    caller.require(Access::Read)?;
    let tenant = params.take("tenant")?;
    params.finish()?;
    let zone = period::zone(&state.app.tenant_for(&caller, tenant.as_deref()).await?.timezone)?;
    let now_ms = state.app.now_ms();
    let month = period::month_of(now_ms, &zone);
    let input = UsageQueryInput { range: RangeInput::named("this_month"), ..UsageQueryInput::default() };
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let totals = &reply.current.total.totals;
    let est_cost_cents = match state.settings.rate_cents {
        Some(rate_cents) => totals.calls.saturating_mul(i64::from(rate_cents)),
        None => totals.cost.to_cents(),
    };
    Ok(Json(LiveSummary {
        total_calls: totals.calls,
        est_cost_cents,
        window_start: rfc3339(month.from_ms),
        window_end: rfc3339(now_ms),
    }))
}

/// Calls a day.
#[utoipa::path(get, path = "/api/v1/usage/daily", operation_id = "live_daily", tag = "Live usage",
    params(("days" = Option<u32>, Query, description = "1 to 90; default 7", minimum = 1, maximum = 90),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = LiveDaily), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn daily(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<LiveDaily>, ApiError> {
    caller.require(Access::Read)?;
    let tenant = params.take("tenant")?;
    let days = params.take_parsed::<i64>("days", "a number from 1 to 90")?.unwrap_or(7);
    params.finish()?;
    if !(1..=90).contains(&days) {
        return Err(Invalid::new("days", "days must be from 1 to 90").into());
    }
    let zone = period::zone(&state.app.tenant_for(&caller, tenant.as_deref()).await?.timezone)?;
    let (from, to) = period::last_days(days, &zone, state.app.now_ms());
    let input = UsageQueryInput {
        range: RangeInput { range: None, from: Some(from), to: Some(to) },
        granularity: Some("day".to_owned()),
        ..UsageQueryInput::default()
    };
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?.current;
    let days = reply.window.buckets.iter().zip(&reply.series);
    let usage = days
        .map(|(bucket, values)| LiveDay { date: bucket.label.clone(), calls: values.totals.calls })
        .collect();
    Ok(Json(LiveDaily { usage }))
}
