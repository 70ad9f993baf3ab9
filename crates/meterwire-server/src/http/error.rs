//! Errors as callers see them: `{"detail": {"error", "code", "message", ...}}`, and nothing of our own chain.

use crate::http::live::Refused;
use crate::http::rerates::{RerateAnswerToApi, answer_to_api};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use meterwire_app::AppError;
use meterwire_app::ports::StoreError;
use meterwire_core::invalid::Invalid;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// What went wrong with a request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// A use case did not do it.
    #[error(transparent)]
    App(#[from] AppError),
    /// The request cannot be read at all.
    #[error("{0}")]
    Malformed(String),
    /// Larger than the bound.
    #[error("{0}")]
    TooLarge(String),
    /// A content type or encoding that is not taken here.
    #[error("{0}")]
    UnsupportedMedia(String),
    /// No such address.
    #[error("no such address")]
    NoRoute,
    /// The address does not know this method.
    #[error("the address does not know this method")]
    MethodNotAllowed,
    /// Given up after the longest time that a request may take.
    #[error("the request took too long and was given up; ask for less, or try again")]
    TookTooLong,
    /// A live stream that is not opened.
    #[error("{0}")]
    NoStream(Refused),
    /// Our own fault.
    #[error("internal")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self::App(AppError::Invalid(invalid))
    }
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    /// What went wrong.
    pub detail: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorDetail {
    /// A short title.
    #[schema(example = "Invalid value")]
    pub error: &'static str,
    /// A stable code to decide by.
    #[schema(example = "invalid_value")]
    pub code: &'static str,
    /// A sentence for the caller.
    #[schema(example = "days must be from 1 to 90")]
    pub message: String,
    /// The field that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Older events that a dimension being filled counts by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled_events: Option<i64>,
    /// Of so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_to_fill: Option<i64>,
    /// What a re-rating would change by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Box<RerateAnswerToApi>>,
    /// Names the request in our log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Marks a reply whose cause belongs into our log; the outermost layer logs it once and names the request.
#[derive(Debug, Clone)]
pub(crate) struct Failure(pub Arc<dyn std::error::Error + Send + Sync>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, detail) = self.to_detail();
        let mut response = (status, Json(ErrorBody { detail })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status.is_server_error() {
            response.extensions_mut().insert(Failure(Arc::new(self)));
        }
        response
    }
}

impl ApiError {
    /// The status and what the caller is told.
    pub(crate) fn to_detail(&self) -> (StatusCode, ErrorDetail) {
        let (status, error, code) = self.class();
        let field = match self {
            Self::App(AppError::Invalid(invalid)) => Some(invalid.field.clone()),
            Self::App(AppError::OtherProject(_)) => Some("project".to_owned()),
            _ => None,
        };
        let message = match self {
            Self::App(AppError::Store(StoreError::Busy)) => {
                "The server is busy; try again in a moment.".to_owned()
            }
            Self::App(AppError::Store(away)) if away.told().is_some() => {
                away.told().unwrap_or_default().to_owned()
            }
            Self::App(AppError::Invalid(invalid)) => invalid.message.clone(),
            _ if status == StatusCode::INTERNAL_SERVER_ERROR => "Something failed on our side.".to_owned(),
            _ if status == StatusCode::SERVICE_UNAVAILABLE
                && !matches!(self, Self::TookTooLong | Self::NoStream(_)) =>
            {
                "The store cannot be reached or its disk is full. Nothing was recorded; try again.".to_owned()
            }
            other => other.to_string(),
        };
        let progress = match self {
            Self::App(AppError::DimensionFilling { filled_events, events_to_fill, .. }) => {
                Some((*filled_events, *events_to_fill))
            }
            _ => None,
        };
        let (filled_events, events_to_fill) = progress.unzip();
        let difference = match self {
            Self::App(AppError::RerateChanged(answer)) => Some(Box::new(answer_to_api((**answer).clone()))),
            _ => None,
        };
        let detail = ErrorDetail {
            error,
            code,
            message,
            field,
            filled_events,
            events_to_fill,
            difference,
            request_id: None,
        };
        (status, detail)
    }

    fn class(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "Malformed request", "malformed"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "Too large", "too_large"),
            Self::UnsupportedMedia(_) => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", "unsupported_media_type")
            }
            Self::NoRoute | Self::App(AppError::NotFound(_)) => {
                (StatusCode::NOT_FOUND, "Not found", "not_found")
            }
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", "method_not_allowed")
            }
            Self::App(AppError::Invalid(_)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "Invalid value", "invalid_value")
            }
            Self::App(AppError::DimensionFilling { .. }) => {
                (StatusCode::CONFLICT, "Dimension is being filled", "dimension_filling")
            }
            Self::App(AppError::RerateChanged(_)) => {
                (StatusCode::CONFLICT, "Something else would change", "rerate_changed")
            }
            Self::App(AppError::BeyondRetention(_)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "Beyond retention", "beyond_retention")
            }
            Self::App(AppError::Conflict(_)) => (StatusCode::CONFLICT, "Conflict", "conflict"),
            Self::App(AppError::Unauthenticated(_)) => {
                (StatusCode::UNAUTHORIZED, "Authentication required", "unauthenticated")
            }
            Self::App(AppError::Forbidden(_)) => (StatusCode::FORBIDDEN, "Forbidden", "forbidden"),
            Self::App(AppError::OtherProject(_)) => (StatusCode::FORBIDDEN, "Forbidden", "other_project"),
            Self::TookTooLong
            | Self::NoStream(_)
            | Self::App(AppError::Store(StoreError::Unavailable(_) | StoreError::Busy)) => {
                (StatusCode::SERVICE_UNAVAILABLE, "Service not available", "unavailable")
            }
            Self::App(AppError::Store(_)) | Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "Internal error", "internal")
            }
        }
    }
}
