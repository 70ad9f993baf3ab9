//! Who am I, signing in and signing out.

use crate::http::auth::{Authed, SESSION_COOKIE, same_origin, session_cookie};
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::keys::RoleName;
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::{PageRequest, Role, Tenant};
use meterwire_app::{Access, Caller};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// `admin`, `owner`, `member`, `viewer` or `ingest`.
    #[schema(value_type = RoleName)]
    role: Role,
    /// Its tenant; null for the admin, who names one in every question.
    tenant: Option<TenantName>,
    /// The user it acts for.
    user: Option<String>,
    /// The key it came with.
    key: Option<KeyName>,
    /// The tenants it may look at.
    tenants: Vec<TenantName>,
    /// Whether this instance holds made-up demo data.
    demo: bool,
    /// Version of the server.
    version: &'static str,
}

/// A tenant, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantName {
    /// Its name in addresses.
    slug: String,
    /// Its name for people.
    name: String,
    /// Its zone.
    timezone: String,
}

/// A key, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyName {
    /// Its id.
    id: String,
    /// Its name for people.
    name: String,
    /// The public beginning of its token.
    #[schema(example = "mw_ab12cd34")]
    prefix: String,
}

/// A key to sign in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The key's token.
    #[schema(example = "mw_...")]
    token: String,
}

/// Who am I?
#[utoipa::path(get, path = "/api/v1/me", operation_id = "me", tag = "Sign-in",
    responses((status = 200, body = Me), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn me(
    State(state): State<AppState>,
    Authed(caller): Authed,
    params: Params,
) -> Result<Json<Me>, ApiError> {
    params.finish()?;
    Ok(Json(me_to_api(&state, &caller).await?))
}

/// Exchange a key for a session cookie that scripts cannot read.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "sign_in", tag = "Sign-in", security(()), request_body = SignIn,
    responses((status = 200, description = "Signed in", body = Me), (status = "default", description = "Not signed in", body = ErrorBody)))]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignIn>,
) -> Result<Response, ApiError> {
    if headers.contains_key(header::ORIGIN) {
        same_origin(&headers)?;
    }
    let (caller, secret) = state.app.open_session(&body.token).await?;
    let me = me_to_api(&state, &caller).await?;
    let max_age_s = meterwire_app::SESSION_MS / 1000;
    Ok((set_cookie(&state, &secret, max_age_s), Json(me)).into_response())
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "sign_out", tag = "Sign-in", security(()),
    responses((status = 204, description = "Signed out"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(cookie) = session_cookie(&headers) {
        same_origin(&headers)?;
        state.app.close_session(cookie).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie(&state, "", 0)).into_response())
}

fn set_cookie(state: &AppState, value: &str, max_age_s: i64) -> HeaderMap {
    let secure = if state.settings.secure_cookies { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age_s}{secure}");
    let mut headers = HeaderMap::new();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.insert(header::SET_COOKIE, cookie);
    }
    headers
}

async fn me_to_api(state: &AppState, caller: &Caller) -> Result<Me, ApiError> {
    let readable = caller.require(Access::Read).is_ok();
    let tenants = if readable {
        state.app.list_tenants(caller, PageRequest { after: None, limit: 500 }).await?.items
    } else {
        vec![]
    };
    Ok(Me {
        role: caller.role,
        tenant: caller.tenant.clone().map(tenant_name),
        user: caller.user.clone(),
        key: caller.key.clone().map(|key| KeyName { id: key.id, name: key.name, prefix: key.prefix }),
        tenants: tenants.into_iter().map(tenant_name).collect(),
        demo: state.app.is_demo().await?,
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn tenant_name(tenant: Tenant) -> TenantName {
    TenantName { slug: tenant.slug, name: tenant.name, timezone: tenant.timezone }
}
