//! What surrounds every request: its id, its log line, its metrics, security headers, the last word on failures.

use crate::http::error::{ApiError, Failure};
use crate::http::timings;
use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use meterwire_app::clock::{REQUEST_ID_LENGTH, write_request_id};
use serde_json::json;
use std::error::Error;
use std::time::{Duration, Instant};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest that one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);
/// The page loads nothing from elsewhere and runs no inline script.
const PAGE_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self'; object-src 'none'; \
                           base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
/// The API's own documentation styles itself inline.
const DOCS_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                           object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/// Names the request, measures it, logs it, and says the one sentence of a failure.
pub(crate) async fn surround(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    let docs = request.uri().path().starts_with("/docs");
    // The route, not the address: addresses hold names of tenants and users.
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("page", MatchedPath::as_str);
    let answered = tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| ApiError::TookTooLong.into_response());
    let status = response.status();
    if let Some(Failure(cause)) = response.extensions_mut().remove::<Failure>() {
        let (request_id, cause) = (id.to_str().unwrap_or_default(), chain(&*cause));
        if status.as_u16() == 500 {
            tracing::error!(request_id, %method, route, cause, "request failed");
            response = name_failure(response, &id, route);
        } else {
            tracing::warn!(request_id, %method, route, cause, "request could not be served now");
        }
    }
    let elapsed = begun.elapsed();
    tracing::debug!(request_id = %id.to_str().unwrap_or_default(), %method, route, status = status.as_u16(), elapsed_us = elapsed.as_micros(), "request");
    timings::record(&method, route, status, elapsed);
    let headers = response.headers_mut();
    headers.reserve(8);
    headers.insert(REQUEST_ID, id);
    let policy = if docs { DOCS_POLICY } else { PAGE_POLICY };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The caller's own id where it is plain and short, else a new one.
fn request_id(request: &Request) -> HeaderValue {
    let sent = request.headers().get(REQUEST_ID).filter(|value| {
        (1..=128).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic)
    });
    sent.cloned().unwrap_or_else(new_request_id)
}

fn new_request_id() -> HeaderValue {
    let mut text = [0; REQUEST_ID_LENGTH];
    HeaderValue::from_str(write_request_id(&mut text)).unwrap_or(HeaderValue::from_static("-"))
}

fn name_failure(response: Response, id: &HeaderValue, route: &str) -> Response {
    let (parts, _) = response.into_parts();
    let id = id.to_str().unwrap_or_default();
    let message = "Something failed on our side. Name the request_id when you report it.";
    let body = if route.starts_with("/v1/organization/") {
        json!({ "error": { "message": message, "type": "server_error", "param": null, "code": "internal", "request_id": id } })
    } else {
        json!({ "detail": { "error": "Internal error", "code": "internal", "message": message, "request_id": id } })
    };
    (parts.status, Json(body)).into_response()
}

/// An error with its sources, on one line.
pub(crate) fn chain(error: &(dyn Error + Send + Sync)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line.push_str(": ");
        line.push_str(&cause.to_string());
        source = cause.source();
    }
    line
}
