//! Sends a call, again where that helps, and tells an answer from a refusal.

use crate::call::Call;
use crate::error::Error;
use crate::settings::Settings;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client as Http, Url};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

/// The largest answer that is read.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Where a 429 says how the limit stands; handed on by the layer.
const RATE_HEADERS: [&str; 2] = ["ratelimit-policy", "ratelimit"];

pub(crate) struct Transport {
    settings: Settings,
    http: Http,
    in_flight: Semaphore,
}

/// A whole answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// No answer, or one that says to try again.
struct Transient {
    message: String,
    retry_after: Option<Duration>,
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        let setup = |error: String| Error::Setup(format!("the HTTP client cannot be made: {error}"));
        let tls = tls(&settings.base_url).map_err(|error| setup(error.to_string()))?;
        // A redirect would carry the token elsewhere.
        let http = Http::builder().redirect(Policy::none()).tls_backend_preconfigured(tls);
        let http = http.user_agent(concat!("meterwire-rust/", env!("CARGO_PKG_VERSION")));
        let http = http.build().map_err(|error| setup(error.to_string()))?;
        let in_flight = Semaphore::new(settings.in_flight);
        Ok(Self { settings, http, in_flight })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sends until an answer comes; a refusal is an error.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let answer = self.send_raw(call).await?;
        if (200..300).contains(&answer.status) { Ok(answer) } else { Err(answer.into_error()) }
    }

    /// Sends until an answer comes, be it a refusal.
    pub(crate) async fn send_raw(&self, call: &Call) -> Result<Answer, Error> {
        let url = self.url(call)?;
        let deadline = Instant::now() + call.patience.unwrap_or(self.settings.deadline);
        let retries = call.patience.map_or(self.settings.retries, |_| u32::MAX);
        let mut failures = 0;
        loop {
            let transient = match self.attempt(call, &url, deadline).await {
                Ok(answer) => match answer.transient() {
                    None => return Ok(answer),
                    Some(transient) => transient,
                },
                Err(message) => Transient { message, retry_after: None },
            };
            failures += 1;
            let pause = self.settings.backoff.pause(failures).max(transient.retry_after.unwrap_or_default());
            if failures > retries || Instant::now() + pause >= deadline {
                return Err(Error::Unavailable(transient.message));
            }
            tracing::debug!(
                failures,
                pause_ms = pause.as_millis(),
                message = transient.message,
                "trying again"
            );
            sleep(pause).await;
        }
    }

    /// One try, within its own timeout and the call's deadline.
    async fn attempt(&self, call: &Call, url: &Url, deadline: Instant) -> Result<Answer, String> {
        let at_most = deadline.min(Instant::now() + self.settings.timeout);
        let answer = async {
            let _permit = self.in_flight.acquire().await.map_err(|error| error.to_string())?;
            self.exchange(call, url).await
        };
        timeout_at(at_most, answer).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn exchange(&self, call: &Call, url: &Url) -> Result<Answer, String> {
        let mut request = self.http.request(call.method.clone(), url.clone());
        if let Some(authorization) = &self.settings.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let mut response = request.send().await.map_err(|error| chain(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| chain(&error))? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err("the answer is too large".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }

    fn url(&self, call: &Call) -> Result<Url, Error> {
        let mut url = self.settings.base_url.clone();
        // A dot segment would change the path even when encoded.
        if call.path.iter().any(|segment| segment.is_empty() || segment == "." || segment == "..") {
            return Err(Error::Protocol("a name in the path must not be empty or made of dots".to_owned()));
        }
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(&call.path),
            Err(()) => return Err(Error::Setup("the base URL cannot have a path".to_owned())),
        };
        let tenant = self.settings.tenant.iter().map(|tenant| ("tenant", tenant));
        let pairs: Vec<_> = call.query.iter().map(|(name, value)| (*name, value)).chain(tenant).collect();
        if !pairs.is_empty() {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        Ok(url)
    }
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Error::Protocol(format!("status {}: {error}", self.status)))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it repeats an earlier answer to the same idempotency key.
    pub(crate) fn replayed(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }

    pub(crate) fn rate_headers(&self) -> Vec<(&'static str, String)> {
        RATE_HEADERS.iter().filter_map(|name| Some((*name, self.header(name)?.to_owned()))).collect()
    }

    fn retry_after(&self) -> Option<Duration> {
        self.header(RETRY_AFTER.as_str())?.parse().ok().map(Duration::from_secs)
    }

    /// Whether to try again: the server or a proxy before it is away or overloaded. A limit's refusal is an answer.
    fn transient(&self) -> Option<Transient> {
        let away = matches!(self.status, 502..=504);
        let slow_down = self.status == 429 && Error::from_body(429, &self.body).is_none();
        (away || slow_down).then(|| Transient {
            message: match Error::from_body(self.status, &self.body) {
                Some(Error::Unavailable(message)) => message,
                _ => format!("status {}", self.status),
            },
            retry_after: self.retry_after(),
        })
    }

    pub(crate) fn into_error(self) -> Error {
        match Error::from_body(self.status, &self.body) {
            Some(Error::LimitExceeded(mut limit)) => {
                limit.retry_after = self.retry_after();
                limit.headers = self.rate_headers();
                Error::LimitExceeded(limit)
            }
            Some(error) => error,
            None => Error::Protocol(format!("status {} without a body of Meterwire's", self.status)),
        }
    }
}

/// TLS of its own, so that no process-wide default is set in the host. Without https nothing is ever trusted.
fn tls(base_url: &Url) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    if base_url.scheme() == "http" {
        return Ok(config.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth());
    }
    let verifier = Arc::new(rustls_platform_verifier::Verifier::new(provider)?);
    Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// The causes too: reqwest's own sentence hides them. Its URL is left out, as it may hold names.
fn chain(error: &reqwest::Error) -> String {
    let mut source = std::error::Error::source(error);
    let mut text = if source.is_some() { String::new() } else { "the connection failed".to_owned() };
    while let Some(cause) = source {
        text = if text.is_empty() { cause.to_string() } else { format!("{text}: {cause}") };
        source = cause.source();
    }
    text
}
