//! How long requests take, for Prometheus, by method, route and status.

use axum::http::{Method, StatusCode};
use metrics::Histogram;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Duration;

type OfRoute = HashMap<(&'static str, StatusCode), Histogram>;

/// Histograms that were met: looking one up in the recorder costs several texts a request.
static KNOWN: LazyLock<RwLock<HashMap<String, OfRoute>>> = LazyLock::new(RwLock::default);

/// Records one request.
pub(crate) fn record(method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
    let key = (known_method(method), status);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(histogram) = known.get(route).and_then(|of_route| of_route.get(&key)) {
        histogram.record(elapsed.as_secs_f64());
        return;
    }
    drop(known);
    let labels =
        [("method", key.0.to_owned()), ("route", route.to_owned()), ("status", status.as_u16().to_string())];
    let histogram = metrics::histogram!("meterwire_http_request_seconds", &labels);
    histogram.record(elapsed.as_secs_f64());
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(route.to_owned()).or_default().insert(key, histogram);
}

/// HTTP takes any word for a method; a series for each would have no bound.
fn known_method(method: &Method) -> &'static str {
    let known = [
        (Method::GET, "GET"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
        (Method::HEAD, "HEAD"),
        (Method::OPTIONS, "OPTIONS"),
    ];
    known.iter().find(|(known, _)| known == method).map_or("other", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_methods_share_one_series() {
        let made_up = |name: &str| Method::from_bytes(name.as_bytes()).unwrap();
        assert_eq!(known_method(&made_up("AAAA1")), "other");
        assert_eq!(known_method(&made_up("AAAA2")), "other");
        assert_eq!(known_method(&Method::PATCH), "PATCH");
    }
}
