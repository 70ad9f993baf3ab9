//! `/api/v1/tenants`.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, present};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Tenant;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantToApi {
    /// Its name in addresses.
    #[schema(example = "acme")]
    slug: String,
    /// Its name for people.
    #[schema(example = "Acme")]
    name: String,
    /// IANA zone of its days and months.
    #[schema(example = "UTC")]
    timezone: String,
    /// When it was made.
    created_at: String,
    /// How many days single events are kept; null is for ever. Totals are always kept.
    retention_days: Option<u32>,
    /// Events before this date (UTC) are kept only as totals; null where none were dropped.
    #[schema(example = "2026-10-18")]
    events_from: Option<String>,
}

/// A tenant to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTenant {
    /// 1 to 63 of a-z, 0-9 and -.
    slug: String,
    /// The slug where it is absent.
    name: Option<String>,
    /// `UTC` where it is absent.
    timezone: Option<String>,
}

/// What to change of a tenant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null to keep events for ever")]
pub(crate) struct TenantChange {
    /// Its name for people.
    name: Option<String>,
    /// IANA zone of its days and months.
    timezone: Option<String>,
    /// How many days single events are kept, 35 to 3650; null is for ever.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>)]
    retention_days: Option<Option<u32>>,
}

fn to_api(tenant: Tenant) -> TenantToApi {
    TenantToApi {
        slug: tenant.slug,
        name: tenant.name,
        timezone: tenant.timezone,
        created_at: rfc3339(tenant.created_ms),
        retention_days: tenant.retention_days,
        events_from: tenant.events_from_ms.map(date),
    }
}

/// The date of a midnight UTC.
fn date(at_ms: i64) -> String {
    let mut instant = rfc3339(at_ms);
    instant.truncate("2026-01-01".len());
    instant
}

/// List tenants: all for the admin, else the own one.
#[utoipa::path(get, path = "/api/v1/tenants", operation_id = "list_tenants", tag = "Tenants",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ListReply<TenantToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<TenantToApi>>, ApiError> {
    let page = params.take_page()?;
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_tenants(&caller, page).await?, to_api)))
}

/// Make a tenant (admin).
#[utoipa::path(post, path = "/api/v1/tenants", operation_id = "create_tenant", tag = "Tenants", request_body = NewTenant,
    responses((status = 201, body = TenantToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    params: Params,
    JsonBody(new): JsonBody<NewTenant>,
) -> Result<(StatusCode, Json<TenantToApi>), ApiError> {
    params.finish()?;
    let name = new.name.unwrap_or_else(|| new.slug.clone());
    let timezone = new.timezone.as_deref().unwrap_or("UTC");
    let tenant = state.app.create_tenant(&caller, &new.slug, &name, timezone).await?;
    Ok((StatusCode::CREATED, Json(to_api(tenant))))
}

/// Read one tenant.
#[utoipa::path(get, path = "/api/v1/tenants/{slug}", operation_id = "read_tenant", tag = "Tenants", params(("slug" = String, Path)),
    responses((status = 200, body = TenantToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    params: Params,
) -> Result<Json<TenantToApi>, ApiError> {
    params.finish()?;
    Ok(Json(to_api(state.app.read_tenant(&caller, &slug).await?)))
}

/// Change a tenant's name, its zone, or how long its single events are kept.
///
/// With `retention_days` a job drops single events of days that are older (UTC), and whatever could tell them apart; their
/// totals stay, so questions about whole UTC days by one dimension go on. A question that would need them gets 422
/// `beyond_retention`. An event is kept for at least 35 days after it was recorded, so that a duplicate is found. What was
/// dropped does not come back when the value is taken back.
#[utoipa::path(patch, path = "/api/v1/tenants/{slug}", operation_id = "update_tenant", tag = "Tenants", params(("slug" = String, Path)), request_body = TenantChange,
    responses((status = 200, body = TenantToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    params: Params,
    JsonBody(change): JsonBody<TenantChange>,
) -> Result<Json<TenantToApi>, ApiError> {
    params.finish()?;
    let TenantChange { name, timezone, retention_days } = change;
    let (name, timezone) = (name.as_deref(), timezone.as_deref());
    let tenant = state.app.change_tenant(&caller, &slug, name, timezone, retention_days).await?;
    Ok(Json(to_api(tenant)))
}

/// Delete a tenant that has no events (admin).
#[utoipa::path(delete, path = "/api/v1/tenants/{slug}", operation_id = "delete_tenant", tag = "Tenants", params(("slug" = String, Path)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    params: Params,
) -> Result<StatusCode, ApiError> {
    params.finish()?;
    state.app.delete_tenant(&caller, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
