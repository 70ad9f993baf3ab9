//! The providers themselves, as they are asked for reports.

use async_trait::async_trait;
use meterwire_core::period::Range;
use meterwire_core::provider_report::{ReportKind, ReportPage, ReportProvider};
use std::fmt;

/// Whom to ask, and with what. It prints without the key.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportAccount {
    /// Who.
    pub provider: ReportProvider,
    /// Where, if elsewhere than usual.
    pub base_url: Option<String>,
    /// The key.
    pub key: String,
}

impl fmt::Debug for ReportAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportAccount").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// What is asked for: whole UTC days, page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportAsk {
    /// Of what.
    pub kind: ReportKind,
    /// Which days.
    pub span: Range,
    /// What the page before named; `None` for the first.
    pub page: Option<String>,
    /// Grouped by less, for an account that refuses the whole.
    pub plain: bool,
}

/// A page, and when the provider says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportAnswer {
    /// The page.
    pub page: ReportPage,
    /// The provider's own time, Unix milliseconds, where it was told.
    pub provider_now_ms: Option<i64>,
}

/// Why there is no page. The sentence holds no secret and nothing that the provider wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReportError {
    /// `unauthorized forbidden rate_limited provider_error unreachable timed_out cut_off too_large redirected wrong_shape
    /// refused not_offered address_refused`.
    pub code: &'static str,
    /// A sentence for the owner.
    pub message: String,
    /// Trying again soon may help.
    pub passing: bool,
    /// How long the provider asks to wait, milliseconds.
    pub retry_after_ms: Option<i64>,
}

impl ReportError {
    /// One that lasts until somebody does something.
    pub fn lasting(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), passing: false, retry_after_ms: None }
    }

    /// One that may pass by itself.
    pub fn passing(code: &'static str, message: impl Into<String>) -> Self {
        Self { passing: true, ..Self::lasting(code, message) }
    }
}

/// Asks providers.
#[async_trait]
pub trait ReportSource: Send + Sync {
    /// Refuses an address that will never be asked, with a sentence.
    fn check_base_url(&self, url: &str) -> Result<(), String>;
    /// One page of a report, in bounded time and memory. `now_ms` is our time.
    async fn page(
        &self,
        account: &ReportAccount,
        ask: &ReportAsk,
        now_ms: i64,
    ) -> Result<ReportAnswer, ReportError>;
}

/// Asks nobody.
pub(super) struct NoSource;

#[async_trait]
impl ReportSource for NoSource {
    fn check_base_url(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }

    async fn page(
        &self,
        _account: &ReportAccount,
        _ask: &ReportAsk,
        _now_ms: i64,
    ) -> Result<ReportAnswer, ReportError> {
        Err(ReportError::lasting("unreachable", "this process asks no providers"))
    }
}
