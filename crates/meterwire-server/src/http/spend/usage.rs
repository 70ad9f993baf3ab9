//! `current-month`, `today`, and the dashboard of a workspace.

use super::{BudgetStatusToApi, ModelComparisonToApi, ModelCost, take_scope};
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::{Params, Path};
use crate::http::spend::insight::CostIntelligenceToApi;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::{Dashboard, SpendQuery, UsageData};
use meterwire_core::period::rfc3339;
use meterwire_core::totals::Totals;
use serde::Serialize;
use utoipa::ToSchema;

/// Usage and cost of a range.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsageData)]
pub(crate) struct UsageDataToApi {
    /// US dollars.
    #[schema(example = 12.345_678)]
    total_cost: f64,
    /// Input and output tokens, cached and reasoning ones too.
    total_tokens: u64,
    /// Events.
    total_requests: i64,
    /// By model, dearest first; they add up to the totals. Beyond 100 models the rest is one row called `Other`, events
    /// without a model are `(none)`.
    model_breakdown: Vec<ModelCost>,
    /// Every day of the range that has begun, oldest first; they add up to the totals.
    daily_breakdown: Vec<SpendOfDay>,
    /// Every hour of today that has begun, oldest first; they add up to the totals. Absent where hours were not asked for,
    /// empty where the source is `provider`, which reports days.
    #[serde(skip_serializing_if = "Option::is_none")]
    hourly_breakdown: Option<Vec<SpendOfHour>>,
    /// Events with tokens whose model has no price; they are in no cost.
    unpriced_requests: i64,
    /// Where the numbers come from: `provider` is the provider's own report, `metered` our events, `quota` neither, so that
    /// only counts against the tier are known. Never two of them in one answer.
    #[schema(example = "metered")]
    source: &'static str,
    /// Why it is this source, for people.
    source_reason: String,
    /// When it was asked; all numbers are of this one moment. Where the source is `provider`, when they were read.
    as_of: String,
    /// The zone of its days.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
}

/// Usage and cost of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpendOfDay {
    /// The day in the zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// US dollars.
    cost: f64,
    /// Input and output tokens.
    tokens: u64,
    /// Events.
    requests: i64,
}

/// Usage and cost of an hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpendOfHour {
    /// The hour in the zone; where clocks are put back it is there twice, and `from` tells which.
    #[schema(example = "2026-11-22T10:00")]
    hour: String,
    /// Its first instant.
    from: String,
    /// US dollars.
    cost: f64,
    /// Input and output tokens.
    tokens: u64,
    /// Events.
    requests: i64,
}

/// Everything about the money of one workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Dashboard)]
pub(crate) struct DashboardToApi {
    /// The workspace: a project.
    #[schema(example = "support-bot")]
    workspace_id: String,
    /// The month so far.
    current_month: UsageDataToApi,
    /// Today so far.
    today: UsageDataToApi,
    /// The budget of the workspace where it has one of its own, else the tenant's.
    budget_status: BudgetStatusToApi,
    /// The models of the month.
    model_comparison: ModelComparisonToApi,
    /// Where it wastes money.
    cost_intelligence: CostIntelligenceToApi,
    /// That of `current_month`.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked.
    as_of: String,
}

/// Usage and cost of the current month.
///
/// The calendar month in the zone, from its first instant to now. `total_cost` is the sum of the cost of every event, exact
/// to a nano-dollar; days and models each add up to it exactly, in every zone. What an event costs is fixed when it is
/// recorded: by the price in force at its time, or as the sender says. A member sees its own user's usage.
#[utoipa::path(get, path = "/api/usage/current-month", operation_id = "usage_current_month", tag = "Spend",
    params(("workspace" = Option<String>, Query, description = "One project; all of the tenant's without it. One that does not exist is 404"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = UsageDataToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn current_month(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<UsageDataToApi>, ApiError> {
    let query = take_scope(&mut params)?;
    params.finish()?;
    Ok(Json(usage_to_api(state.app.month_usage(&caller, &query).await?)))
}

/// Usage and cost of today, by hour.
///
/// The calendar day in the zone, from midnight there to now, defined like `current-month`. A day may have 23, 24 or 25
/// hours, or half an hour more or less; `hourly_breakdown` has those that have begun.
#[utoipa::path(get, path = "/api/usage/today", operation_id = "usage_today", tag = "Spend",
    params(("workspace" = Option<String>, Query, description = "One project; all of the tenant's without it. One that does not exist is 404"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = UsageDataToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn today(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<UsageDataToApi>, ApiError> {
    let query = take_scope(&mut params)?;
    params.finish()?;
    Ok(Json(usage_to_api(state.app.today_usage(&caller, &query).await?)))
}

/// Everything about the money of one workspace.
///
/// `current-month`, `today`, `budget-status`, `model-comparison` and `cost-intelligence` of it, all asked at one instant and
/// over the same events. A workspace that is not the caller's is 404.
#[utoipa::path(get, path = "/api/usage/dashboard/{workspace_id}", operation_id = "usage_dashboard", tag = "Spend",
    params(("workspace_id" = String, Path, description = "The project"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = DashboardToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn dashboard(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(workspace): Path<String>,
    mut params: Params,
) -> Result<Json<DashboardToApi>, ApiError> {
    let query = SpendQuery {
        tenant: params.take("tenant")?,
        workspace: Some(workspace.clone()),
        tz: params.take("tz")?,
        ..SpendQuery::default()
    };
    params.finish()?;
    let Dashboard { month, today, budget, models, intelligence } =
        state.app.dashboard(&caller, &query).await?;
    Ok(Json(DashboardToApi {
        source: month.source.source.name(),
        as_of: rfc3339(month.as_of_ms),
        current_month: usage_to_api(month),
        today: usage_to_api(today),
        budget_status: BudgetStatusToApi::of(budget),
        model_comparison: ModelComparisonToApi::of(models),
        cost_intelligence: CostIntelligenceToApi::of(Some(workspace.clone()), &intelligence),
        workspace_id: workspace,
    }))
}

fn usage_to_api(data: UsageData) -> UsageDataToApi {
    let tokens = |totals: &Totals| totals.token_usage().total();
    UsageDataToApi {
        total_cost: data.total.cost.to_usd_f64(),
        total_tokens: tokens(&data.total),
        total_requests: data.total.calls,
        model_breakdown: ModelCost::of_all(&data.models, data.total.cost),
        daily_breakdown: data
            .days
            .into_iter()
            .map(|day| SpendOfDay {
                cost: day.totals.cost.to_usd_f64(),
                tokens: tokens(&day.totals),
                requests: day.totals.calls,
                date: day.date,
            })
            .collect(),
        hourly_breakdown: data.hours.map(|hours| {
            hours
                .into_iter()
                .map(|(hour, totals)| SpendOfHour {
                    hour: hour.label,
                    from: rfc3339(hour.range.from_ms),
                    cost: totals.cost.to_usd_f64(),
                    tokens: tokens(&totals),
                    requests: totals.calls,
                })
                .collect()
        }),
        unpriced_requests: data.total.unpriced_calls,
        source: data.source.source.name(),
        source_reason: data.source.why,
        as_of: rfc3339(data.as_of_ms),
        tz: data.tz,
        from: rfc3339(data.range.from_ms),
        to: rfc3339(data.range.to_ms),
    }
}
