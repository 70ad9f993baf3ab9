//! Pages of other origins that the settings name may ask the API, with a token. The session's cookie is never theirs.

use axum::http::{HeaderName, HeaderValue, Method, header};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// So long may a browser remember what it is allowed.
const REMEMBERED: Duration = Duration::from_mins(10);

/// The layer that answers browsers; `None` where no origin is named.
pub(crate) fn layer(origins: &[String]) -> Option<CorsLayer> {
    let named: Vec<_> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if named.is_empty() {
        return None;
    }
    let plain = HeaderName::from_static;
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::list(named))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            plain("last-event-id"),
            plain("x-request-id"),
        ])
        .expose_headers([
            header::RETRY_AFTER,
            header::CONTENT_DISPOSITION,
            plain("ratelimit"),
            plain("ratelimit-policy"),
            plain("x-request-id"),
        ])
        .max_age(REMEMBERED);
    Some(layer)
}
