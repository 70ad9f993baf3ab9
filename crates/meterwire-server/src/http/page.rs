//! The dashboard, embedded in the binary.

use crate::http::error::ApiError;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dashboard/dist"]
#[allow_missing = true]
struct Dashboard;

/// Beginnings of addresses that are never a page.
const API_PREFIXES: [&str; 5] = ["/api/", "/v1/", "/docs/", "/assets/", "/openapi.json"];

/// A file of the dashboard; any other address is a page of it, which the browser itself finds its way in.
pub(crate) async fn serve(method: Method, uri: Uri) -> Result<Response, ApiError> {
    let path = uri.path();
    if method != Method::GET && method != Method::HEAD {
        return Err(if path.starts_with("/api/") { ApiError::NoRoute } else { ApiError::MethodNotAllowed });
    }
    if let Some(file) = Dashboard::get(path.trim_start_matches('/')) {
        // Names of assets change with their content.
        let cache =
            if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return Ok(reply(file, cache));
    }
    if API_PREFIXES.iter().any(|prefix| path.starts_with(prefix)) {
        return Err(ApiError::NoRoute);
    }
    match Dashboard::get("index.html") {
        Some(index) => Ok(reply(index, "no-cache")),
        None => Ok((StatusCode::OK, "This build carries no dashboard. Run `make build`, or open /docs.\n")
            .into_response()),
    }
}

fn reply(file: EmbeddedFile, cache: &'static str) -> Response {
    let mime = HeaderValue::from_str(file.metadata.mimetype());
    let mime = mime.unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, HeaderValue::from_static(cache))];
    (headers, file.data).into_response()
}
