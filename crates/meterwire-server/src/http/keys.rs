//! `/api/v1/keys`. A token is shown once, in the answer that makes it.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, parse_instant};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::{ApiKey, Role};
use meterwire_app::{IssuedKey, NewKey};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The roles, for the document: those of `meterwire_app::ports::Role`.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum RoleName {
    /// Everything, in every tenant.
    Admin,
    /// Reads and writes one tenant.
    Owner,
    /// Reads its tenant, consumes for its own user.
    Member,
    /// Reads its tenant.
    Viewer,
    /// Writes events and takes limit decisions, reads nothing.
    Ingest,
}

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyToApi {
    /// UUID.
    id: String,
    /// Its name for people.
    #[schema(example = "prod")]
    name: String,
    /// `owner`, `member`, `viewer`, `ingest`, or `admin` for keys of the instance.
    #[schema(value_type = RoleName)]
    role: Role,
    /// The public beginning of its token.
    #[schema(example = "mw_ab12cd34")]
    prefix: String,
    /// The user it acts for.
    user: Option<String>,
    /// The project it is bound to: what it records and decides belongs to this project, and naming another one is refused.
    project: Option<String>,
    /// When it was made.
    created_at: String,
    /// When it ends by itself.
    expires_at: Option<String>,
    /// When it was revoked.
    revoked_at: Option<String>,
    /// When it was last used, to about a minute.
    last_used_at: Option<String>,
}

/// A key with its token, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuedKeyToApi {
    /// The key.
    #[serde(flatten)]
    key: KeyToApi,
    /// Its token. It is stored only as a hash and cannot be shown again.
    #[schema(example = "mw_...")]
    token: String,
}

/// A key to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyFromApi {
    /// Its name for people.
    name: String,
    /// `owner`, `member`, `viewer`, `ingest`, or `admin` for keys of the instance.
    #[schema(value_type = RoleName)]
    role: Role,
    /// The user it acts for; a member needs one.
    user: Option<String>,
    /// The project it is bound to; none where it is absent. Events, decisions and reservations that name no project belong to
    /// this one. Another project is refused: an event is rejected (`field` `project`), a decision or reservation is 403
    /// `other_project`. So a hard budget of the project holds such a key whatever it names. What it reads is not confined.
    #[schema(example = "support-bot")]
    project: Option<String>,
    /// When it ends, an instant or a date.
    expires_at: Option<String>,
}

fn to_api(key: ApiKey) -> KeyToApi {
    KeyToApi {
        id: key.id,
        name: key.name,
        role: key.role,
        prefix: key.prefix,
        user: key.user,
        project: key.project,
        created_at: rfc3339(key.created_ms),
        expires_at: key.expires_ms.map(rfc3339),
        revoked_at: key.revoked_ms.map(rfc3339),
        last_used_at: key.last_used_ms.map(rfc3339),
    }
}

fn issued_to_api(issued: IssuedKey) -> (StatusCode, Json<IssuedKeyToApi>) {
    let token = issued.token.reveal().to_owned();
    (StatusCode::CREATED, Json(IssuedKeyToApi { key: to_api(issued.key), token }))
}

/// List keys. An admin who names no tenant sees those of the instance.
#[utoipa::path(get, path = "/api/v1/keys", operation_id = "list_keys", tag = "Keys",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ListReply<KeyToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<KeyToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_keys(&caller, tenant.as_deref(), page).await?, to_api)))
}

/// Make a key. The token is in this answer and never again.
#[utoipa::path(post, path = "/api/v1/keys", operation_id = "create_key", tag = "Keys", request_body = NewKeyFromApi,
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 201, body = IssuedKeyToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewKeyFromApi>,
) -> Result<(StatusCode, Json<IssuedKeyToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let expires_ms = new.expires_at.as_deref().map(|text| parse_instant("expires_at", text)).transpose()?;
    let wish = NewKey { name: new.name, role: new.role, user: new.user, project: new.project, expires_ms };
    Ok(issued_to_api(state.app.issue_key(&caller, tenant.as_deref(), wish).await?))
}

/// Read one key.
#[utoipa::path(get, path = "/api/v1/keys/{id}", operation_id = "read_key", tag = "Keys",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = KeyToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<KeyToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_key(&caller, tenant.as_deref(), &id).await?)))
}

/// Give a key a new token; the old one ends at once.
#[utoipa::path(post, path = "/api/v1/keys/{id}/rotate", operation_id = "rotate_key", tag = "Keys",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 201, body = IssuedKeyToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn rotate(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<(StatusCode, Json<IssuedKeyToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(issued_to_api(state.app.rotate_key(&caller, tenant.as_deref(), &id).await?))
}

/// Revoke a key and end its sessions, at once.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", operation_id = "revoke_key", tag = "Keys",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Revoked"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.revoke_key(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
