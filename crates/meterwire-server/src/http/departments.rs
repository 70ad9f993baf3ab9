//! `GET /api/v1/departments/costs`: who pays how much.

use crate::export::{departments_csv, file_of};
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::http::usage_query::take_compare;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::StoreError;
use meterwire_app::{AppError, Both, DepartmentCost, DepartmentCosts, DepartmentQuery, ProjectCost};
use meterwire_core::invalid::Invalid;
use meterwire_core::percent;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// Departments, and projects of one, that are told apart in JSON; the rest is one row. A CSV has all.
const MAX_DEPARTMENTS: usize = 200;
const MAX_PROJECTS: usize = 50;

/// Costs by department.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DepartmentCostsToApi {
    /// Where the numbers come from: `metered`, our events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked.
    as_of: String,
    /// IANA zone of the range.
    tz: String,
    /// First instant.
    from: String,
    /// First instant after it.
    to: String,
    /// First instant of the period that it is compared with; null without one, or where its single events are gone for their age.
    compared_from: Option<String>,
    /// First instant after it.
    compared_to: Option<String>,
    /// What all departments come to.
    total: CostToApi,
    /// Whether projects are told apart; not so where that would need single events that are gone for their age.
    by_project: bool,
    /// Dearest first; their sums are the total.
    departments: Vec<DepartmentToApi>,
}

/// Costs of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostToApi {
    /// Cost, exact US dollars.
    #[schema(example = "12.345678")]
    cost_usd: String,
    /// Its part of the total cost in percent, two decimals; null where the total is nothing.
    share_percentage: Option<f64>,
    /// Events.
    calls: i64,
    /// Input and output tokens.
    tokens: u64,
    /// Events whose model has no price; they are not in the cost.
    unpriced_calls: i64,
    /// Cost of the period that it is compared with; null without one.
    previous_cost_usd: Option<String>,
    /// The change in percent, two decimals; null without a period to compare with, or where that cost nothing.
    change_percentage: Option<f64>,
}

/// What one department costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DepartmentToApi {
    /// Its name; null is what no department was named for, or the rest.
    department: Option<String>,
    /// Whether this is the rest beyond 200 departments.
    other: bool,
    /// Teams of its projects.
    teams: Vec<String>,
    #[serde(flatten)]
    cost: CostToApi,
    /// Its projects, dearest first; their sums are its own.
    projects: Vec<ProjectCostToApi>,
}

/// What one project costs a department.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectCostToApi {
    /// Its slug; null is what names no project, or the rest.
    project: Option<String>,
    /// Whether this is the rest beyond 50 projects.
    other: bool,
    /// The team that works on it.
    team: Option<String>,
    #[serde(flatten)]
    cost: CostToApi,
}

/// Cost by department, with its projects and teams.
///
/// An event pays for the department that it names, else for the one of its project at the time it was recorded; what names
/// neither stands under a department of `null`, so that the rows always add up to the total, exactly. The team is the
/// project's of now. `compare=previous`, `last_year`, or dates set an earlier period beside it. A member sees its own
/// user's usage only. `format=csv` is a row a department and project, all of them.
#[utoipa::path(get, path = "/api/v1/departments/costs", operation_id = "department_costs", tag = "Departments",
    params(("range" = Option<String>, Query, description = "Named range; default this_month"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("compare" = Option<String>, Query, description = "previous, last_year, or custom with compare_from and compare_to"),
        ("compare_from" = Option<String>, Query), ("compare_to" = Option<String>, Query),
        ("match" = Option<String>, Query, description = "weekday: set the earlier period back by whole weeks"),
        ("filter[project]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("format" = Option<String>, Query, description = "json csv; default json"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, description = "Costs", content((DepartmentCostsToApi = "application/json"), (String = "text/csv"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn costs(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Response, ApiError> {
    let (tenant, format) = (params.take("tenant")?, params.take("format")?);
    let query = DepartmentQuery {
        range: params.take_range()?,
        tz: params.take("tz")?,
        compare: take_compare(&mut params, None)?,
        filters: params.take_filters(),
    };
    params.finish()?;
    let csv = match format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Invalid::new("format", "format must be json or csv").into()),
    };
    let costs = state.app.department_costs(&caller, tenant.as_deref(), query).await?;
    if !csv {
        return Ok(Json(to_api(costs)).into_response());
    }
    let _place =
        state.exports.take(costs.tenant.id).ok_or(ApiError::App(AppError::Store(StoreError::Busy)))?;
    let (name, bytes) = departments_csv(&costs).map_err(ApiError::Internal)?;
    Ok(file_of(Body::from(bytes), &name, "text/csv; charset=utf-8"))
}

fn to_api(costs: DepartmentCosts) -> DepartmentCostsToApi {
    let compared = costs.compared;
    let total = costs.total.clone();
    let cost = |sums: &Both| cost_to_api(sums, &total, compared.is_some());
    let (named, rest) = split(costs.departments, MAX_DEPARTMENTS, |department| &department.sums);
    let mut departments: Vec<_> =
        named.into_iter().map(|department| department_to_api(department, &cost)).collect();
    if let Some(rest) = rest {
        let (cost, teams, projects) = (cost(&rest), vec![], vec![]);
        departments.push(DepartmentToApi { department: None, other: true, teams, cost, projects });
    }
    DepartmentCostsToApi {
        source: "metered",
        as_of: rfc3339(costs.as_of_ms),
        tz: costs.tz,
        from: rfc3339(costs.range.from_ms),
        to: rfc3339(costs.range.to_ms),
        compared_from: compared.map(|range| rfc3339(range.from_ms)),
        compared_to: compared.map(|range| rfc3339(range.to_ms)),
        total: cost(&total),
        by_project: costs.by_project,
        departments,
    }
}

fn department_to_api(department: DepartmentCost, cost: &impl Fn(&Both) -> CostToApi) -> DepartmentToApi {
    let (named, rest) = split(department.projects, MAX_PROJECTS, |project| &project.sums);
    let row = |ProjectCost { project, team, sums }: ProjectCost| ProjectCostToApi {
        cost: cost(&sums),
        project,
        other: false,
        team,
    };
    let mut projects: Vec<_> = named.into_iter().map(row).collect();
    if let Some(rest) = rest {
        projects.push(ProjectCostToApi { project: None, other: true, team: None, cost: cost(&rest) });
    }
    let cost = cost(&department.sums);
    DepartmentToApi {
        department: department.department,
        other: false,
        teams: department.teams,
        cost,
        projects,
    }
}

/// The first so many, and what all others come to.
fn split<T>(mut rows: Vec<T>, most: usize, sums: impl Fn(&T) -> &Both) -> (Vec<T>, Option<Both>) {
    if rows.len() <= most {
        return (rows, None);
    }
    let mut rest = Both::default();
    for row in rows.split_off(most) {
        rest.now.merge(&sums(&row).now);
        rest.before.merge(&sums(&row).before);
    }
    (rows, Some(rest))
}

fn cost_to_api(sums: &Both, total: &Both, is_compared: bool) -> CostToApi {
    let change = percent::change(sums.now.cost.0, sums.before.cost.0);
    CostToApi {
        cost_usd: sums.now.cost.to_string(),
        share_percentage: percent::share(sums.now.cost.0, total.now.cost.0),
        calls: sums.now.calls,
        tokens: sums.now.token_usage().total(),
        unpriced_calls: sums.now.unpriced_calls,
        previous_cost_usd: is_compared.then(|| sums.before.cost.to_string()),
        change_percentage: change.filter(|_| is_compared),
    }
}
