//! How a client is made.

use crate::backoff::Backoff;
use crate::client::Client;
use crate::error::Error;
use reqwest::Url;
use reqwest::header::HeaderValue;
use std::time::Duration;

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
const DEFAULT_DEADLINE: Duration = Duration::from_secs(10);
const DEFAULT_RETRIES: u32 = 3;
const DEFAULT_IN_FLIGHT: usize = 256;
const BACKOFF: Backoff = Backoff { base: Duration::from_millis(50), cap: Duration::from_secs(2) };

/// The settings of a client; see [`Client::builder`].
#[derive(Clone)]
pub struct Builder {
    base_url: String,
    token: Option<String>,
    tenant: Option<String>,
    timeout: Duration,
    deadline: Duration,
    retries: u32,
    in_flight: usize,
}

/// Checked settings.
pub(crate) struct Settings {
    pub(crate) base_url: Url,
    pub(crate) authorization: Option<HeaderValue>,
    pub(crate) tenant: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retries: u32,
    pub(crate) in_flight: usize,
    pub(crate) backoff: Backoff,
}

impl Builder {
    pub(crate) fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            token: None,
            tenant: None,
            timeout: DEFAULT_TIMEOUT,
            deadline: DEFAULT_DEADLINE,
            retries: DEFAULT_RETRIES,
            in_flight: DEFAULT_IN_FLIGHT,
        }
    }

    /// The API key (`mw_..`) or JWT.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The tenant; only an admin's token may name one.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The longest time of one try (5 seconds).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest time of a call with all its tries and the pauses between them (10 seconds).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How often a call is tried again after a lost connection, a timeout or a 503 (3). The pauses grow from 50
    /// milliseconds to 2 seconds, each drawn between nothing and its bound.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How many requests may be under way at once (256); more wait within their deadline.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.in_flight = requests;
        self
    }

    /// Makes the client and starts its thread. Connects to nothing yet.
    pub fn build(self) -> Result<Client, Error> {
        Client::start(self.check()?)
    }

    fn check(self) -> Result<Settings, Error> {
        let setup = |sentence: String| Error::Setup(sentence);
        let base_url = Url::parse(&self.base_url)
            .map_err(|error| setup(format!("base URL {:?}: {error}", self.base_url)))?;
        if !matches!(base_url.scheme(), "http" | "https") || base_url.cannot_be_a_base() {
            return Err(setup(format!("base URL {:?} must begin with http:// or https://", self.base_url)));
        }
        let authorization =
            self.token.map(|token| HeaderValue::try_from(format!("Bearer {token}"))).transpose();
        let mut authorization = authorization
            .map_err(|_| setup("the token has characters that no header may have".to_owned()))?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        if self.timeout.is_zero() || self.deadline.is_zero() || self.in_flight == 0 {
            return Err(setup("timeout, deadline and max_in_flight must be more than zero".to_owned()));
        }
        Ok(Settings {
            base_url,
            authorization,
            tenant: self.tenant,
            timeout: self.timeout,
            deadline: self.deadline,
            retries: self.retries,
            in_flight: self.in_flight.min(tokio::sync::Semaphore::MAX_PERMITS),
            backoff: BACKOFF,
        })
    }
}

/// Without the token.
impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Builder;
    use std::time::Duration;

    #[test]
    fn wrong_settings_are_refused_with_a_sentence() {
        let sentence = |builder: Builder| builder.build().map(|_| ()).unwrap_err().to_string();
        assert!(sentence(Builder::new("nowhere")).contains("nowhere"));
        assert!(sentence(Builder::new("ftp://host/")).contains("http://"));
        assert!(sentence(Builder::new("http://host").token("a\nb")).contains("token"));
        assert!(sentence(Builder::new("http://host").timeout(Duration::ZERO)).contains("timeout"));
    }

    #[test]
    fn the_token_is_never_shown() {
        let builder = Builder::new("http://host").token("mw_secret");
        assert!(!format!("{builder:?}").contains("secret"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("secret"));
    }

    #[test]
    fn both_schemes_are_taken() {
        for url in ["http://127.0.0.1:8000", "https://meter.example.com/under/a/path/"] {
            assert!(Builder::new(url).build().is_ok(), "{url}");
        }
    }
}
