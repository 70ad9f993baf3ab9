//! What the use cases need: of a [`Store`] nine ports, each taking the tenant; of the world beyond it, [`Outside`].

mod alerts;
mod budgets;
mod catalog;
mod ledger;
mod limits;
mod outside;
mod provider_reports;
mod report_source;
mod reratings;
mod statements;
mod usage;

pub use alerts::*;
pub use budgets::*;
pub use catalog::*;
pub use ledger::*;
pub use limits::*;
pub use outside::*;
pub use provider_reports::*;
pub use report_source::{ReportAccount, ReportAnswer, ReportAsk, ReportError, ReportSource};
pub use reratings::*;
pub use statements::*;
pub use usage::*;

use meterwire_core::invalid::Invalid;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or its disk is full: trying again later may help. Nothing was changed, unless callers are
    /// [told](Self::told) that it may have been.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Its bounded queue is full: nothing was changed.
    #[error("the store is too busy")]
    Busy,
    /// There is no such row in this tenant.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// It stands against a row that is there already.
    #[error("{0}")]
    Conflict(String),
    /// A value that only the store can judge, such as the name of a metric.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The answer would be larger than the bound; the sentence says how to narrow it.
    #[error("{0}")]
    TooWide(String),
    /// A declared dimension does not know every older event yet.
    #[error(
        "the dimension {name} is being filled: {filled_events} of {events_to_fill} older events are counted; ask again later"
    )]
    Filling {
        /// Its name.
        name: String,
        /// Events from before the declaration that are counted.
        filled_events: i64,
        /// Of so many.
        events_to_fill: i64,
    },
    /// The answer would need single events that were dropped for their age; the sentence says what can be asked.
    #[error("{0}")]
    BeyondRetention(String),
    /// What is stored makes no sense, or the code is wrong.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A cause of [`StoreError::Unavailable`] that callers may be told; what stands behind it they may not.
#[derive(Debug, thiserror::Error)]
#[error("{sentence}")]
pub struct Outage {
    /// What does not work and what does, for callers: no addresses.
    pub sentence: String,
    /// For our log.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// Not available for a reason that callers may be told.
    pub fn outage(sentence: impl Into<String>) -> Self {
        Self::Unavailable(Box::new(Outage { sentence: sentence.into(), cause: None }))
    }

    /// The same with a cause for our log.
    pub fn outage_by(
        sentence: impl Into<String>,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Unavailable(Box::new(Outage { sentence: sentence.into(), cause: Some(Box::new(cause)) }))
    }

    /// What callers may be told of why it is not available.
    pub fn told(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) => cause.downcast_ref::<Outage>().map(|outage| outage.sentence.as_str()),
            _ => None,
        }
    }
}

/// Everything that one store does.
pub trait Store:
    Ledger + Usage + Catalog + Limits + Budgets + ProviderReports + Alerts + Statements + Reratings
{
}

impl<S> Store for S where
    S: Ledger + Usage + Catalog + Limits + Budgets + ProviderReports + Alerts + Statements + Reratings
{
}

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// A tenant's number inside the stores. Never shown to callers, who know its slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub i64);

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<String>,
}

/// Which part of a list is wanted. Lists are ordered by the key that `after` is compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows after this key (the last page's `next`).
    pub after: Option<String>,
    /// At most so many rows.
    pub limit: usize,
}

impl PageRequest {
    /// The number after which the page begins, of a list whose key is one.
    pub fn after_number(&self) -> StoreResult<Option<i64>> {
        let Some(after) = &self.after else { return Ok(None) };
        Ok(Some(after.parse().map_err(|_| cursor_refused())?))
    }
}

/// The refusal of a cursor that no page of this list ended with.
pub fn cursor_refused() -> Invalid {
    Invalid::new("cursor", "cursor must be the nextCursor of an earlier page of this list")
}

/// Who did something and when, for the audit log; written in the same transaction as what it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Who: `key:mw_ab12cd34`, `admin`, `cli`.
    pub actor: String,
    /// What: `tenant.create`, `key.revoke`, `event.void`.
    pub action: &'static str,
    /// On what: a slug or an id, never a secret.
    pub target: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}
