//! A server without a port: the real router over a real store.

use crate::data::Data;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use meterwire_app::Meterwire;
use meterwire_app::clock::ManualClock;
use meterwire_app::ports::Outside;
use meterwire_server::config::Config;
use meterwire_server::http::{AppState, HttpSettings, JwtVerifier, Live, router};
use meterwire_server::lifecycle;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use tower::ServiceExt;

/// 2026-11-22T10:30:00Z, a Sunday.
pub(crate) const NOW_MS: i64 = 1_795_343_400_000;
pub(crate) const ADMIN: &str = "admin-token-for-the-tests";

pub(crate) struct Server {
    pub(crate) app: Arc<Meterwire>,
    pub(crate) router: Router,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) live: Arc<Live>,
    pub(crate) data: Data,
}

/// What lies beyond the store: secrets are sealed with a known key, and servers on this machine may be asked.
pub(crate) fn outside() -> Outside {
    static OUTSIDE: LazyLock<Outside> = LazyLock::new(|| {
        let mut config = Config::default();
        config.secrets.key = Some("5a".repeat(32));
        config.outgoing.allow_inside = true;
        lifecycle::outside(&config).unwrap()
    });
    OUTSIDE.clone()
}

/// A request being put together.
pub(crate) struct Call<'a> {
    server: &'a Server,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// An answer, with its body as JSON (null where it is none) and as bytes.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(HttpSettings::default(), None).await
    }

    pub(crate) async fn start_with(settings: HttpSettings, jwt: Option<JwtVerifier>) -> Self {
        Self::start_beyond(outside(), settings, jwt).await
    }

    /// A server with something else beyond its store.
    pub(crate) async fn start_beyond(
        outside: Outside,
        settings: HttpSettings,
        jwt: Option<JwtVerifier>,
    ) -> Self {
        Self::start_on(Data::new().await, outside, settings, jwt).await
    }

    async fn start_on(
        data: Data,
        outside: Outside,
        settings: HttpSettings,
        jwt: Option<JwtVerifier>,
    ) -> Self {
        let clock = Arc::new(ManualClock::at(NOW_MS));
        let app = Arc::new(data.app(clock.clone()).with_outside(outside));
        app.ensure_admin(Some(ADMIN)).await.unwrap();
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let state = AppState::new(app.clone(), settings, jwt, metrics);
        let (live, router) = (state.live(), router(state));
        Self { app, router, clock, live, data }
    }

    /// What a new process over the same data would be: it remembers nothing.
    pub(crate) fn restart(&mut self, outside: Outside) {
        let app = self.data.app(self.clock.clone()).with_outside(outside);
        self.app = Arc::new(app);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let state = AppState::new(self.app.clone(), HttpSettings::default(), None, metrics);
        (self.live, self.router) = (state.live(), router(state));
    }

    /// A server with the tenant `acme` and an owner's token.
    pub(crate) async fn with_acme() -> (Self, String) {
        let server = Self::start().await;
        server.tenant("acme").await;
        let owner = server.key("acme", "owner", None).await;
        (server, owner)
    }

    /// The same with what adds up live totals.
    pub(crate) async fn with_live_acme() -> (Self, String) {
        let (server, owner) = Self::with_acme().await;
        let (live, app) = (server.live.clone(), server.app.clone());
        tokio::spawn(async move { live.run(&app).await });
        (server, owner)
    }

    pub(crate) async fn tenant(&self, slug: &str) {
        let made = self.post("/api/v1/tenants", ADMIN, &json!({ "slug": slug })).await;
        assert_eq!(made.status, 201, "{made:?}");
    }

    /// A new key's token.
    pub(crate) async fn key(&self, tenant: &str, role: &str, user: Option<&str>) -> String {
        let body = json!({ "name": role, "role": role, "user": user });
        let made = self.post(&format!("/api/v1/keys?tenant={tenant}"), ADMIN, &body).await;
        assert_eq!(made.status, 201, "{made:?}");
        made.json["token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { server: self, method, path: path.to_owned(), headers: HeaderMap::new(), body: vec![] }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path).token(token).send().await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        self.call(Method::DELETE, path).token(token).send().await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::POST, path).token(token).json(body).send().await
    }

    pub(crate) async fn put(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path).token(token).json(body).send().await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path).token(token).json(body).send().await
    }

    /// Records events and expects every one to be stored.
    pub(crate) async fn record(&self, token: &str, events: &Value) {
        let answer = self.post("/api/v1/events", token, events).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["stored"], answer.json["received"], "{answer:?}");
    }

    /// Calls, tokens and cost of everything since 2000.
    pub(crate) async fn totals(&self, token: &str) -> (i64, i64, String) {
        let answer = self.get("/api/v1/usage/query?from=2000-01-01&to=2100-01-01", token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let total = &answer.json["total"];
        let number = |name: &str| total[name].as_i64().unwrap();
        (number("calls"), number("tokens"), total["cost_usd"].as_str().unwrap().to_owned())
    }
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media_type)
    }

    pub(crate) async fn send(self) -> Answer {
        let mut request =
            Request::builder().method(self.method).uri(&self.path).body(Body::from(self.body)).unwrap();
        *request.headers_mut() = self.headers;
        let response = self.server.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // A stream has no end to wait for.
        let is_stream = parts.headers.get("content-type").is_some_and(|media| media == "text/event-stream");
        let bytes = if is_stream { vec![] } else { body.collect().await.unwrap().to_bytes().to_vec() };
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, json, bytes }
    }
}

impl Answer {
    /// The error's code, field and status.
    pub(crate) fn refusal(&self) -> (u16, &str, &str) {
        let detail = &self.json["detail"];
        let text = |name: &str| detail[name].as_str().unwrap_or_default();
        (self.status.as_u16(), text("code"), text("field"))
    }
}

/// An event of 1,000 input and 500 output tokens of gpt-4o: 0.0075 USD.
pub(crate) fn event(id: &str) -> Value {
    json!({ "id": id, "source": "test", "provider": "openai", "model": "gpt-4o", "project": "chat", "user": "u-1",
        "status": 200, "latency_ms": 800, "usage": { "input_tokens": 1000, "output_tokens": 500 } })
}
