//! What every handler can reach.

use crate::export::Places;
use crate::http::jwt::JwtVerifier;
use crate::http::live::{DEFAULT_STREAMS, Live};
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
    pub(crate) live: Arc<Live>,
    pub(crate) exports: Arc<Places>,
}

/// Settings of the HTTP layer.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Flat rate of R0 in cents a call, where one is configured.
    pub rate_cents: Option<u32>,
    /// The page is reached by https: the session's cookie is marked `Secure`.
    pub secure_cookies: bool,
    /// The most live streams at a time.
    pub max_streams: usize,
    /// Origins whose pages may ask.
    pub cors_origins: Vec<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { rate_cents: None, secure_cookies: false, max_streams: DEFAULT_STREAMS, cors_origins: vec![] }
    }
}

impl AppState {
    /// Puts the state together.
    pub fn new(
        app: Arc<Meterwire>,
        settings: HttpSettings,
        jwt: Option<JwtVerifier>,
        metrics: PrometheusHandle,
    ) -> Self {
        let live = Live::new(settings.max_streams);
        Self {
            app,
            settings: Arc::new(settings),
            jwt: jwt.map(Arc::new),
            metrics,
            live,
            exports: Arc::default(),
        }
    }

    /// The live streams, which somebody has to [run](Live::run).
    pub fn live(&self) -> Arc<Live> {
        self.live.clone()
    }
}
