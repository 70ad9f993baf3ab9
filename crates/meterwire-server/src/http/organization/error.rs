//! Errors the way `OpenAI`'s clients read them: `{"error": {"message", "type", "param", "code"}}`.
//!
//! The status decides which exception a client raises. A value that is refused is 400 here, as there, and not 422.

use crate::http::auth::Authed;
use crate::http::error::ApiError;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use meterwire_app::{AppError, Caller};
use meterwire_core::invalid::Invalid;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// An error of these routes.
#[derive(Debug)]
pub(crate) struct OrganizationError(ApiError);

impl<E: Into<ApiError>> From<E> for OrganizationError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The body of every error of these routes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationErrorBody {
    /// What went wrong.
    pub error: OrganizationErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationErrorDetail {
    /// A sentence for the caller.
    #[schema(example = "limit must be from 1 to 31")]
    pub message: String,
    /// Whose fault it is: `invalid_request_error` or `server_error`.
    #[serde(rename = "type")]
    #[schema(example = "invalid_request_error")]
    pub kind: &'static str,
    /// The parameter that is wrong.
    #[schema(example = "limit")]
    pub param: Option<String>,
    /// A stable code to decide by.
    #[schema(example = "invalid_value")]
    pub code: Option<&'static str>,
}

impl IntoResponse for OrganizationError {
    fn into_response(self) -> Response {
        let (status, detail) = self.0.to_detail();
        let refused = status == StatusCode::UNPROCESSABLE_ENTITY;
        let status = if refused { StatusCode::BAD_REQUEST } else { status };
        let code = if status == StatusCode::UNAUTHORIZED { "invalid_api_key" } else { detail.code };
        let kind = if status.is_server_error() { "server_error" } else { "invalid_request_error" };
        let error =
            OrganizationErrorDetail { message: detail.message, kind, param: detail.field, code: Some(code) };
        // Headers and what belongs into the log are those of every error.
        let (mut parts, _) = self.0.into_response().into_parts();
        parts.status = status;
        parts.headers.remove(axum::http::header::CONTENT_LENGTH);
        let (fresh, body) = Json(OrganizationErrorBody { error }).into_response().into_parts();
        parts.headers.extend(fresh.headers);
        Response::from_parts(parts, body)
    }
}

/// An authenticated caller; a refusal has the shape of these routes.
pub(crate) struct OrganizationCaller(pub Arc<Caller>);

impl FromRequestParts<AppState> for OrganizationCaller {
    type Rejection = OrganizationError;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, OrganizationError> {
        let Authed(caller) = Authed::from_request_parts(parts, state).await?;
        Ok(Self(caller))
    }
}

/// The tenant that a request names: by `?tenant=`, or as the organization of the client.
pub(crate) fn named_tenant(
    parameter: Option<String>,
    headers: &axum::http::HeaderMap,
) -> Result<Option<String>, OrganizationError> {
    let Some(value) = headers.get("openai-organization") else { return Ok(parameter) };
    // What is no text is no tenant's slug either.
    let organization = value.to_str().map_err(|_| AppError::NotFound("tenant"))?;
    match parameter {
        Some(slug) if slug != organization => {
            let message = "tenant and the header OpenAI-Organization name different tenants";
            Err(Invalid::new("tenant", message).into())
        }
        _ => Ok(Some(organization.to_owned())),
    }
}
