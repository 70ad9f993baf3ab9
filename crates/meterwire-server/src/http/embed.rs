//! `/api/v1/embed-tokens`: what a page in somebody else's app may look with.

use crate::http::auth::Authed;
use crate::http::body::MaybeJsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::keys::RoleName;
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Role;
use meterwire_app::{EmbedToken, EmbedWish};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An embed token to make.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NewEmbedTokenFromApi {
    /// The user whose usage it shows; without one it shows the whole tenant.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// How long it lasts, in seconds: 30 to 86,400, 900 where it is absent.
    #[schema(example = 900, minimum = 30, maximum = 86_400)]
    ttl_seconds: Option<i64>,
}

/// An embed token, shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct EmbedTokenToApi {
    /// The token, to be sent as `Authorization: Bearer`.
    #[schema(example = "mwe_...")]
    token: String,
    /// `member` for one user, else `viewer`. Whatever it is, the token only reads.
    #[schema(value_type = RoleName)]
    role: Role,
    /// The tenant's slug.
    #[schema(example = "acme")]
    tenant: String,
    /// The user whose usage it shows.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// When it ends.
    #[schema(example = "2026-11-22T10:45:00Z")]
    expires_at: String,
}

fn to_api(made: EmbedToken) -> EmbedTokenToApi {
    EmbedTokenToApi {
        token: made.token,
        role: made.role,
        tenant: made.tenant,
        user: made.user,
        expires_at: rfc3339(made.expires_ms),
    }
}

/// Make a short-lived token for a page in your own app.
///
/// Ask for it on your server, with an owner's key, and give it to the browser: the key stays with you. It shows the tenant,
/// or one user's own usage where `user` is named, and only reads: it records nothing, takes no limit decision, makes no key
/// and no further token. It ends by itself, and at once when the key that made it is revoked, ends or is given a new
/// token. Nothing is kept of it but an entry of the audit log. Pages of other origins may ask the API where
/// `server.cors_origins` names them.
#[utoipa::path(post, path = "/api/v1/embed-tokens", operation_id = "create_embed_token", tag = "Keys", request_body = NewEmbedTokenFromApi,
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 201, body = EmbedTokenToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    MaybeJsonBody(wish): MaybeJsonBody<NewEmbedTokenFromApi>,
) -> Result<(StatusCode, Json<EmbedTokenToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let wish = EmbedWish { user: wish.user, ttl_seconds: wish.ttl_seconds };
    let made = state.app.issue_embed_token(&caller, tenant.as_deref(), wish).await?;
    Ok((StatusCode::CREATED, Json(to_api(made))))
}
