//! `/api/v1/users/{id}/limits` and `/api/v1/tenant-limits`: limits beside those of the tiers.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::limit_map::{LimitsChange, LimitsReply, into_limits};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;

/// Read what a user may use instead of what its tier says: null is unlimited, what is not named is as the tier says.
#[utoipa::path(get, path = "/api/v1/users/{id}/limits", operation_id = "read_user_limits", tag = "Limits",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = LimitsReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read_user(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<LimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(LimitsReply::new(&state.app.read_user_limits(&caller, tenant.as_deref(), &id).await?)))
}

/// Replace all that a user may use instead of what its tier says.
#[utoipa::path(put, path = "/api/v1/users/{id}/limits", operation_id = "set_user_limits", tag = "Limits", request_body = LimitsChange,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = LimitsReply), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn set_user(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<LimitsChange>,
) -> Result<Json<LimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let limits = into_limits(change.limits)?;
    Ok(Json(LimitsReply::new(&state.app.set_user_limits(&caller, tenant.as_deref(), &id, limits).await?)))
}

/// Read what all users of the tenant together may use; what is not named has no such limit.
#[utoipa::path(get, path = "/api/v1/tenant-limits", operation_id = "read_tenant_limits", tag = "Limits", params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = LimitsReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read_tenant(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<LimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(LimitsReply::new(&state.app.read_tenant_limits(&caller, tenant.as_deref()).await?)))
}

/// Replace what all users of the tenant together may use. A user's limit and this one must both allow.
#[utoipa::path(put, path = "/api/v1/tenant-limits", operation_id = "set_tenant_limits", tag = "Limits", request_body = LimitsChange, params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = LimitsReply), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn set_tenant(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(change): JsonBody<LimitsChange>,
) -> Result<Json<LimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let limits = into_limits(change.limits)?;
    Ok(Json(LimitsReply::new(&state.app.set_tenant_limits(&caller, tenant.as_deref(), limits).await?)))
}
