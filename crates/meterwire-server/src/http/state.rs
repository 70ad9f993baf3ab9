//! What every handler can reach.

use crate::http::jwt::JwtVerifier;
use meterwire_app::Meterwire;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub(crate) app: Arc<Meterwire>,
    pub(crate) settings: Arc<HttpSettings>,
    pub(crate) jwt: Option<Arc<JwtVerifier>>,
    pub(crate) metrics: PrometheusHandle,
}

/// Settings of the HTTP layer.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// Flat rate of R0 in cents a call, where one is configured.
    pub rate_cents: Option<u32>,
    /// The page is reached by https: the session's cookie is marked `Secure`.
    pub secure_cookies: bool,
}

impl AppState {
    /// Puts the state together.
    pub fn new(
        app: Arc<Meterwire>,
        settings: HttpSettings,
        jwt: Option<JwtVerifier>,
        metrics: PrometheusHandle,
    ) -> Self {
        Self { app, settings: Arc::new(settings), jwt: jwt.map(Arc::new), metrics }
    }
}
