//! `/api/v1/users`. A user first seen in an event is made by it.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::User;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserToApi {
    /// Its id, as events name it.
    #[schema(example = "u-42")]
    id: String,
    /// Its name for people.
    username: String,
    /// Its tier.
    #[schema(example = "free")]
    tier: String,
    /// When it was made or first seen.
    created_at: String,
}

/// A user to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// Its id, as events name it.
    id: String,
    /// The id where it is absent.
    username: Option<String>,
    /// `free` where it is absent.
    tier: Option<String>,
}

/// Names the user that is to be erased once more, since it cannot be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Erasure {
    /// The id of the address.
    #[schema(example = "u-42")]
    user: String,
}

/// What became of an erased user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasedToApi {
    /// What stands for the user from now on, everywhere.
    #[schema(example = "erased-1f0a9c3e")]
    pseudonym: String,
    /// `complete`, or `clearing` while a job clears what is left of a user with many events.
    #[schema(example = "complete")]
    state: &'static str,
}

/// What to change of a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Its name for people.
    username: Option<String>,
    /// Its tier.
    tier: Option<String>,
}

/// A user in the caller's shape.
pub(crate) fn user_to_api(user: User) -> UserToApi {
    UserToApi { id: user.id, username: user.username, tier: user.tier, created_at: rfc3339(user.created_ms) }
}

/// List users; a member sees itself.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "list_users", tag = "Users",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<UserToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<UserToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_users(&caller, tenant.as_deref(), page).await?, user_to_api)))
}

/// Make a user.
#[utoipa::path(post, path = "/api/v1/users", operation_id = "create_user", tag = "Users", request_body = NewUser, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = UserToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<(StatusCode, Json<UserToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let user = User {
        username: new.username.unwrap_or_else(|| new.id.clone()),
        tier: new.tier.unwrap_or_else(|| "free".to_owned()),
        id: new.id,
        created_ms: 0,
    };
    let user = state.app.create_user(&caller, tenant.as_deref(), user).await?;
    Ok((StatusCode::CREATED, Json(user_to_api(user))))
}

/// Read one user.
#[utoipa::path(get, path = "/api/v1/users/{id}", operation_id = "read_user", tag = "Users", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = UserToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<UserToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(user_to_api(state.app.read_user(&caller, tenant.as_deref(), &id).await?)))
}

/// Change a user's name or tier.
#[utoipa::path(patch, path = "/api/v1/users/{id}", operation_id = "update_user", tag = "Users", request_body = UserChange,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = UserToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<UserChange>,
) -> Result<Json<UserToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let apply = |user: &mut User| {
        user.username = change.username.unwrap_or_else(|| user.username.clone());
        user.tier = change.tier.unwrap_or_else(|| user.tier.clone());
    };
    Ok(Json(user_to_api(state.app.update_user(&caller, tenant.as_deref(), &id, apply).await?)))
}

/// Delete a user; its events stay.
#[utoipa::path(delete, path = "/api/v1/users/{id}", operation_id = "delete_user", tag = "Users", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_user(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erase a user: totals stay, the identity goes (owner).
///
/// In one step a pseudonym takes the user's place in events, counters, levels, reservations and the audit log, keys that act
/// for the user are revoked, and its own limits are deleted; then properties and request hashes of its events are cleared.
/// No total changes, and there are as many different users as before. A later event that names the user makes a new one.
/// Not touched is what a sender wrote elsewhere: ids and sources of events, idempotency keys, values of declared dimensions.
/// 404 where there is no such user, 422 where the body names another.
#[utoipa::path(post, path = "/api/v1/users/{id}/erase", operation_id = "erase_user", tag = "Users", request_body = Erasure,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ErasedToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn erase(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(confirmed): JsonBody<Erasure>,
) -> Result<Json<ErasedToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let erased = state.app.erase_user(&caller, tenant.as_deref(), &id, &confirmed.user).await?;
    let erasure = if erased.complete { "complete" } else { "clearing" };
    Ok(Json(ErasedToApi { pseudonym: erased.pseudonym, state: erasure }))
}
