//! `budget-status`.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::{BudgetStatus, SpendQuery};
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a budget stands in its present period. Money is a number of US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetStatus)]
pub(crate) struct BudgetStatusToApi {
    /// What may be spent in the period. The name is that of the default budget, which is monthly; another budget's period
    /// is in `from` and `to`.
    #[schema(example = 100.0)]
    monthly_budget: f64,
    /// What was spent of it.
    #[schema(example = 41.25)]
    current_spend: f64,
    /// `current_spend` in percent of `monthly_budget`, rounded half to even to two decimals. A budget of nothing is used up.
    #[schema(example = 41.25)]
    budget_used_percentage: f64,
    /// `current_spend` / the part of the period that is over, by the clock; in its first instant `current_spend`.
    #[schema(example = 77.343_75)]
    projected_monthly_spend: f64,
    /// Calendar days after today in the period: 0 on its last day.
    #[schema(example = 14)]
    days_remaining: i64,
    /// `current_spend` / the days that are over, of today the part that is over: `projected_monthly_spend` / the days of the
    /// period.
    #[schema(example = 2.578_125)]
    daily_average: f64,
    /// Whether `current_spend` is more than `monthly_budget`.
    is_over_budget: bool,
    /// `critical` from 95 % on, `warning` from 80 % on (both configurable), or where `projected_monthly_spend` is more than the budget; else
    /// `normal`.
    #[schema(example = "normal")]
    budget_alert_level: &'static str,
    /// What to do, in sentences; empty where nothing is.
    recommendations: Vec<String>,
    /// The budget's id.
    budget_id: String,
    /// Its name.
    #[schema(example = "Monthly budget")]
    budget_name: String,
    /// What reservations hold of it; not in `current_spend`.
    held: f64,
    /// Where `current_spend` comes from: `provider`, `metered` or `quota`.
    #[schema(example = "metered")]
    source: &'static str,
    /// Why it is this source, for people.
    source_reason: String,
    /// When it was asked.
    as_of: String,
    /// The zone of its period.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the period.
    from: String,
    /// First instant after it.
    to: String,
}

/// Where the budget stands.
///
/// The tenant's default budget; with `workspace` that of the project where it has one of its own; with `budget` any other.
/// It is answered with nothing spent too. `current_spend` counts of every event in the period its cost (what it names as
/// `metrics.cost_usd` instead, where it does) and money that decisions counted without an event; events of models without a
/// price count nothing. Rounded half to even to a nano-dollar: `projected_monthly_spend` = `current_spend` x length of the
/// period / time since `from`; `daily_average` = that / calendar days of the period. Lengths are those of the clock, so a
/// month in which clocks change is an hour longer or shorter. A member is told what its own user spent.
#[utoipa::path(get, path = "/api/usage/budget-status", operation_id = "usage_budget_status", tag = "Spend",
    params(("budget" = Option<String>, Query, description = "Id of a budget"),
        ("workspace" = Option<String>, Query, description = "One project. One that does not exist is 404"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = BudgetStatusToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn budget_status(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<BudgetStatusToApi>, ApiError> {
    let budget = params.take("budget")?;
    let query = SpendQuery {
        tenant: params.take("tenant")?,
        workspace: params.take("workspace")?,
        ..SpendQuery::default()
    };
    params.finish()?;
    let status = state.app.budget_status(&caller, &query, budget.as_deref()).await?;
    Ok(Json(BudgetStatusToApi::of(status)))
}

impl BudgetStatusToApi {
    pub(super) fn of(status: BudgetStatus) -> Self {
        let (standing, budget) = (status.state.standing, status.state.budget);
        Self {
            monthly_budget: standing.amount.to_usd_f64(),
            current_spend: standing.spent.to_usd_f64(),
            budget_used_percentage: standing.used_percentage(),
            projected_monthly_spend: status.pace.projected.to_usd_f64(),
            days_remaining: status.pace.days_remaining,
            daily_average: status.pace.daily_average.to_usd_f64(),
            is_over_budget: standing.is_over(),
            budget_alert_level: status.alert_level.name(),
            recommendations: status.recommendations,
            budget_id: budget.id,
            budget_name: budget.name,
            held: standing.held.to_usd_f64(),
            source: status.source.source.name(),
            source_reason: status.source.why,
            as_of: rfc3339(status.as_of_ms),
            tz: status.tz,
            from: rfc3339(standing.range.from_ms),
            to: rfc3339(standing.range.to_ms),
        }
    }
}
