//! Asking providers for their reports: one page a request, bounded in time and size, at addresses that the guard lets pass.
//!
//! `openai` and `anthropic` know how a page is asked for and read; everything else is the same for both. What a provider
//! writes is never passed on in an error: a server that somebody entered could put the key there.

mod anthropic;
pub(crate) mod job;
mod openai;
mod read;
#[cfg(test)]
mod tests;

use crate::outgoing::{NoAnswer, Outgoing, no_answer};
use async_trait::async_trait;
use jiff::fmt::rfc2822;
use meterwire_app::long_work;
use meterwire_app::ports::{ReportAccount, ReportAnswer, ReportAsk, ReportError, ReportSource};
use meterwire_core::provider_report::ReportProvider;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use std::time::Duration;

/// The longest that one page may take, its body included.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest page.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// The longest that a provider can make us wait.
const MAX_RETRY_AFTER_MS: i64 = 24 * 3_600_000;

/// Asks providers over HTTP.
pub(crate) struct ReportClient {
    outgoing: Outgoing,
    timeout: Duration,
    max_bytes: usize,
}

impl ReportClient {
    /// One client for all connections. `allow_inside` lets it ask inside networks.
    pub(crate) fn new(allow_inside: bool) -> Result<Self, String> {
        Self::bounded(allow_inside, PAGE_TIMEOUT, MAX_PAGE_BYTES)
    }

    fn bounded(allow_inside: bool, timeout: Duration, max_bytes: usize) -> Result<Self, String> {
        Ok(Self { outgoing: Outgoing::new(allow_inside, timeout)?, timeout, max_bytes })
    }

    fn request(&self, account: &ReportAccount, ask: &ReportAsk) -> Result<RequestBuilder, ReportError> {
        let base = account.base_url.as_deref().unwrap_or(match account.provider {
            ReportProvider::OpenAi => openai::BASE_URL,
            ReportProvider::Anthropic => anthropic::BASE_URL,
        });
        let refused =
            |error: &dyn std::fmt::Display| ReportError::lasting("address_refused", error.to_string());
        let url = self.outgoing.check(base).map_err(|error| refused(&error))?;
        let request = match account.provider {
            ReportProvider::OpenAi => openai::request(self.outgoing.client(), url, &account.key, ask),
            ReportProvider::Anthropic => anthropic::request(self.outgoing.client(), url, &account.key, ask),
        };
        request.map_err(|error| refused(&error))
    }

    /// The body, never more than the bound.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, ReportError> {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(body),
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.max_bytes => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => {
                    let sentence = format!("a page of the report is larger than {} bytes", self.max_bytes);
                    return Err(ReportError::lasting("too_large", sentence));
                }
                Err(error) if error.is_timeout() => return Err(self.timed_out()),
                Err(_) => {
                    let sentence = "the answer broke off before its end; nothing of it was kept";
                    return Err(ReportError::passing("cut_off", sentence));
                }
            }
        }
    }

    fn timed_out(&self) -> ReportError {
        let sentence = format!("the provider took longer than {} seconds to answer", self.timeout.as_secs());
        ReportError::passing("timed_out", sentence)
    }
}

#[async_trait]
impl ReportSource for ReportClient {
    fn check_base_url(&self, url: &str) -> Result<(), String> {
        let url = self.outgoing.check(url).map_err(|error| format!("is refused: {error}"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must not hold a query or fragment".to_owned());
        }
        Ok(())
    }

    async fn page(
        &self,
        account: &ReportAccount,
        ask: &ReportAsk,
        now_ms: i64,
    ) -> Result<ReportAnswer, ReportError> {
        let sent = self.request(account, ask)?.send().await;
        let response = sent.map_err(|error| match no_answer(&error, self.timeout) {
            NoAnswer::TimedOut(_) => self.timed_out(),
            NoAnswer::Refused(refused) => ReportError::lasting("address_refused", refused.to_string()),
            other => ReportError::passing("unreachable", format!("the provider cannot be reached: {other}")),
        })?;
        let provider_now_ms = date(response.headers(), &DATE);
        if let Some(error) = refusal(response.status(), response.headers(), provider_now_ms.unwrap_or(now_ms))
        {
            return Err(error);
        }
        let body = self.body(response).await?;
        let page = long_work(body.len(), || match account.provider {
            ReportProvider::OpenAi => openai::page(&body, ask.kind),
            ReportProvider::Anthropic => anthropic::page(&body, ask.kind),
        })?;
        Ok(ReportAnswer { page, provider_now_ms })
    }
}

/// Why an answer is none, by its status.
fn refusal(status: StatusCode, headers: &HeaderMap, provider_now_ms: i64) -> Option<ReportError> {
    let code = status.as_u16();
    let error = match code {
        200 => return None,
        401 => ReportError::lasting(
            "unauthorized",
            "the provider does not accept the key (401); it must be an admin key",
        ),
        403 => ReportError::lasting(
            "forbidden",
            "the key may not read this report (403); it must be an admin key",
        ),
        404 => ReportError::lasting("not_offered", "the provider does not know this report (404)"),
        429 => ReportError::passing("rate_limited", "the provider asks to wait (429)"),
        300..=399 => ReportError::lasting(
            "redirected",
            format!("the provider redirects ({code}), which is not followed; set base_url to where it leads"),
        ),
        408 | 500..=599 => ReportError::passing("provider_error", format!("the provider failed ({code})")),
        _ => ReportError::lasting("refused", format!("the provider refuses the request ({code})")),
    };
    let retry_after_ms = retry_after(headers, provider_now_ms);
    Some(ReportError { retry_after_ms: retry_after_ms.filter(|_| error.passing), ..error })
}

/// How long to wait: seconds, or a date, which is counted from the provider's own time so that a wrong clock does no harm.
fn retry_after(headers: &HeaderMap, provider_now_ms: i64) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait_ms = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds) * 1000,
        Err(_) => date(headers, &RETRY_AFTER)? - provider_now_ms,
    };
    Some(wait_ms.clamp(1000, MAX_RETRY_AFTER_MS))
}

/// A header that holds a date of HTTP.
fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?;
    let instant = rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(instant.as_millisecond())
}
