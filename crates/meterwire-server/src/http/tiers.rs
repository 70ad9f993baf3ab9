//! `/api/v1/tiers`: what users of a tier may use.

use crate::http::amounts::{LimitFromApi, LimitToApi};
use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::limit_map::{into_limits, limits_to_api};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::Caller;
use meterwire_app::ports::Tier;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A tier.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TierToApi {
    /// Its name.
    #[schema(example = "free")]
    name: String,
    /// What its users may use of every metric in its window; null is unlimited.
    #[schema(example = json!({ "api_calls": 5000, "compute_hours": 10, "deployments": 10, "storage": null }))]
    limits: BTreeMap<String, LimitToApi>,
    /// When it was made.
    #[schema(example = "2026-11-22T10:30:00Z")]
    created_at: String,
    /// How many users have it; a member is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12)]
    users: Option<i64>,
}

/// A tier to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTier {
    /// 1 to 64 of a-z, 0-9, _ and -.
    #[schema(example = "team")]
    name: String,
    /// Limits by metric; null, or not to be named, is unlimited.
    #[serde(default)]
    #[schema(example = json!({ "deployments": 25, "api_calls": 20000, "compute_hours": 0.5 }))]
    limits: BTreeMap<String, LimitFromApi>,
}

/// What to change of a tier: limits that are not named stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TierChange {
    /// Limits by metric; null is unlimited.
    #[schema(example = json!({ "deployments": 20, "storage": null }))]
    limits: BTreeMap<String, LimitFromApi>,
}

fn to_api(caller: &Caller, tier: Tier) -> TierToApi {
    TierToApi {
        limits: limits_to_api(&tier.limits),
        name: tier.name,
        created_at: rfc3339(tier.created_ms),
        users: caller.confined_to().is_none().then_some(tier.users),
    }
}

/// List tiers.
#[utoipa::path(get, path = "/api/v1/tiers", operation_id = "list_tiers", tag = "Limits",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<TierToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<TierToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let page = state.app.list_tiers(&caller, tenant.as_deref(), page).await?;
    Ok(Json(ListReply::from_page(page, |tier| to_api(&caller, tier))))
}

/// Make a tier.
#[utoipa::path(post, path = "/api/v1/tiers", operation_id = "create_tier", tag = "Limits", request_body = NewTier, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = TierToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewTier>,
) -> Result<(StatusCode, Json<TierToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let limits = into_limits(new.limits)?;
    let tier = state.app.create_tier(&caller, tenant.as_deref(), &new.name, limits).await?;
    Ok((StatusCode::CREATED, Json(to_api(&caller, tier))))
}

/// Read one tier.
#[utoipa::path(get, path = "/api/v1/tiers/{name}", operation_id = "read_tier", tag = "Limits", params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = TierToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<Json<TierToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let tier = state.app.read_tier(&caller, tenant.as_deref(), &name).await?;
    Ok(Json(to_api(&caller, tier)))
}

/// Change limits of a tier, at once for all its users.
#[utoipa::path(patch, path = "/api/v1/tiers/{name}", operation_id = "update_tier", tag = "Limits", request_body = TierChange,
    params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = TierToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<TierChange>,
) -> Result<Json<TierToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let limits = into_limits(change.limits)?;
    let tier = state.app.update_tier(&caller, tenant.as_deref(), &name, limits).await?;
    Ok(Json(to_api(&caller, tier)))
}

/// Delete a tier that no user has; `free` stays.
#[utoipa::path(delete, path = "/api/v1/tiers/{name}", operation_id = "delete_tier", tag = "Limits", params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_tier(&caller, tenant.as_deref(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
