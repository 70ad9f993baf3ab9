//! `/api/v1/budgets`: money over a period, and where it stands.

mod wire;

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use wire::{
    BudgetChangeFromApi, BudgetToApi, HistoryToApi, NewBudgetFromApi, PartsToApi, SplitFromApi,
    history_to_api, to_api,
};

/// Periods of a history that names no number.
const DEFAULT_PERIODS: usize = 12;

/// List budgets.
///
/// By id, the default one first, each with where it stands now.
#[utoipa::path(get, path = "/api/v1/budgets", operation_id = "list_budgets", tag = "Budgets",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<BudgetToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<BudgetToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let page = state.app.list_budgets(&caller, tenant.as_deref(), page).await?;
    let (levels, now_ms) = (state.app.alert_levels(), state.app.now_ms());
    Ok(Json(ListReply::from_page(page, |state| to_api(state, levels, now_ms))))
}

/// Make a budget.
///
/// What was spent of its present period counts at once. A part of another budget (`parent`) that would be more than is left
/// of the whole is a 409 with the figures, and so is one budget too many: a tenant may have 10,000, 20 of one scope.
#[utoipa::path(post, path = "/api/v1/budgets", operation_id = "create_budget", tag = "Budgets", request_body = NewBudgetFromApi,
    params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = BudgetToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewBudgetFromApi>,
) -> Result<(StatusCode, Json<BudgetToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let made = state.app.create_budget(&caller, tenant.as_deref(), new.into_new()?).await?;
    Ok((StatusCode::CREATED, Json(to_api(made, state.app.alert_levels(), state.app.now_ms()))))
}

/// Read one budget.
#[utoipa::path(get, path = "/api/v1/budgets/{id}", operation_id = "read_budget", tag = "Budgets",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = BudgetToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<BudgetToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let found = state.app.read_budget(&caller, tenant.as_deref(), &id).await?;
    Ok(Json(to_api(found, state.app.alert_levels(), state.app.now_ms())))
}

/// Change a budget.
///
/// A whole cannot become less than its parts, nor a part more than is left of its whole: 409 with the figures.
#[utoipa::path(patch, path = "/api/v1/budgets/{id}", operation_id = "update_budget", tag = "Budgets", request_body = BudgetChangeFromApi,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = BudgetToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<BudgetChangeFromApi>,
) -> Result<Json<BudgetToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let changed = state.app.update_budget(&caller, tenant.as_deref(), &id, change.into_change()?).await?;
    Ok(Json(to_api(changed, state.app.alert_levels(), state.app.now_ms())))
}

/// Delete a budget. The default one, and one that has parts, cannot be deleted.
#[utoipa::path(delete, path = "/api/v1/budgets/{id}", operation_id = "delete_budget", tag = "Budgets",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_budget(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Split a budget.
///
/// Makes a part for each value, all or none: of the same period, zone, hardness, thresholds and channels, its scope narrowed
/// to the value. Parts that together would be more than is left of the whole are a 409 with the figures.
#[utoipa::path(post, path = "/api/v1/budgets/{id}/split", operation_id = "split_budget", tag = "Budgets", request_body = SplitFromApi,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 201, body = PartsToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn split(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(sent): JsonBody<SplitFromApi>,
) -> Result<(StatusCode, Json<PartsToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let (by, parts) = sent.into_parts()?;
    let made = state.app.split_budget(&caller, tenant.as_deref(), &id, by, parts).await?;
    let (levels, now_ms) = (state.app.alert_levels(), state.app.now_ms());
    let items = made.into_iter().map(|state| to_api(state, levels, now_ms)).collect();
    Ok((StatusCode::CREATED, Json(PartsToApi { items })))
}

/// A budget's past periods.
///
/// Counted from usage by its present scope: late events, voids and erasures are in it. Each period shows the amount that was
/// in force at its end.
#[utoipa::path(get, path = "/api/v1/budgets/{id}/history", operation_id = "budget_history", tag = "Budgets",
    params(("id" = String, Path), ("tenant" = Option<String>, Query),
        ("periods" = Option<u32>, Query, description = "How many, the present one included: 1 to 120, 12 where it is absent")),
    responses((status = 200, body = HistoryToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn history(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<HistoryToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    let periods = params.take_parsed("periods", "a whole number from 1 to 120")?.unwrap_or(DEFAULT_PERIODS);
    params.finish()?;
    let (found, past) = state.app.budget_history(&caller, tenant.as_deref(), &id, periods).await?;
    Ok(Json(history_to_api(&found, past)))
}
