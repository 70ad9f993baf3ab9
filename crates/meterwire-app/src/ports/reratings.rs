//! Re-rating: events that are rated anew where they stand, and what they cost before.

use super::{Audit, Page, PageRequest, ScanPlace, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::event::Rating;
use meterwire_core::rerate::{RerateDifference, RerateScope};
use meterwire_core::tokens::TokenUsage;
use std::sync::Arc;

/// Events to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RerateLook {
    /// Which.
    pub scope: RerateScope,
    /// Only those up to this number.
    pub last_seq: i64,
    /// After this place; `None` at the beginning.
    pub after: Option<ScanPlace>,
    /// At most so many.
    pub limit: usize,
}

/// Whose usage an event is: what budgets are chosen by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct RatedFor {
    /// The project.
    pub project: Option<Arc<str>>,
    /// The user.
    pub user: Option<Arc<str>>,
    /// The API key.
    pub api_key: Option<Arc<str>>,
    /// The department.
    pub department: Option<Arc<str>>,
}

/// What of an event its cost comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedEvent {
    /// Its place in the order of time and recording.
    pub place: ScanPlace,
    /// Who sold the model.
    pub provider: Option<Arc<str>>,
    /// The model.
    pub model: Option<Arc<str>>,
    /// The service tier.
    pub service_tier: Option<Arc<str>>,
    /// Its tokens.
    pub tokens: TokenUsage,
    /// How it is rated.
    pub rating: Rating,
    /// Whose it is.
    pub of: RatedFor,
    /// It names an amount of money for budgets, which count that instead of its cost.
    pub names_money: bool,
}

/// The next events of a look, in the order of time and then of recording. There may be few or none although more follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RatedEvents {
    /// The events.
    pub events: Vec<RatedEvent>,
    /// How many were passed by because their cost was sent.
    pub given: i64,
    /// Where to go on; `None` at the end.
    pub next: Option<ScanPlace>,
}

/// A re-rating about to begin.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRerating {
    /// UUID.
    pub id: String,
    /// By whom, as the audit log calls it.
    pub by: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Which events.
    pub scope: RerateScope,
    /// Only those up to this number.
    pub last_seq: i64,
    /// The prices, as JSON of [`meterwire_core::price::PinnedPrices`].
    pub prices: String,
    /// What it is expected to change.
    pub expected: RerateDifference,
}

/// How far a re-rating is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RerateState {
    /// It goes on.
    Running,
    /// Every event was looked at.
    Done,
    /// It was given up; what was rated anew stays so.
    Failed,
}

/// What a re-rating has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RerateDone {
    /// Events that were looked at.
    pub events: i64,
    /// Those that are rated anew.
    pub changed: i64,
    /// By how many nano-dollars the totals have changed.
    pub cost_change: i64,
    /// By how many events the number of those without a price has changed.
    pub unpriced_change: i64,
}

/// A re-rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Rerating {
    /// UUID.
    pub id: String,
    /// By whom.
    pub by: String,
    /// When it was begun, Unix milliseconds.
    pub at_ms: i64,
    /// Which events.
    pub scope: RerateScope,
    /// What it was expected to change.
    pub expected: RerateDifference,
    /// How far it is.
    pub state: RerateState,
    /// What it has done.
    pub done: RerateDone,
    /// When it ended, Unix milliseconds.
    pub ended_ms: Option<i64>,
    /// Why it was given up.
    pub error: Option<String>,
}

/// A re-rating that goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningRerating {
    /// Whose.
    pub tenant: TenantId,
    /// The re-rating.
    pub rerating: Rerating,
    /// Only events up to this number.
    pub last_seq: i64,
    /// The prices, as they were pinned.
    pub prices: String,
    /// Where it is; `None` at the beginning.
    pub after: Option<ScanPlace>,
    /// Every event was looked at; it only has to be ended.
    pub is_over: bool,
}

/// An event that is rated anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerated {
    /// Its number.
    pub seq: i64,
    /// How it was rated; where it no longer is, or the event was voided, it stays as it is.
    pub before: Rating,
    /// How it is rated from now on.
    pub after: Rating,
}

/// A step of a re-rating.
#[derive(Debug, Clone, PartialEq)]
pub struct RerateStep {
    /// Of which.
    pub id: String,
    /// From where; a re-rating that is not there any more takes no step.
    pub after: Option<ScanPlace>,
    /// To where; `None` where every event was looked at.
    pub next: Option<ScanPlace>,
    /// How many events were looked at.
    pub events: i64,
    /// Those that are rated anew.
    pub rerated: Vec<Rerated>,
    /// When, Unix milliseconds.
    pub at_ms: i64,
}

/// How an event was rated before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRating {
    /// The re-rating that changed it.
    pub rerating: String,
    /// By whom that was begun.
    pub by: String,
    /// When that was begun, Unix milliseconds.
    pub at_ms: i64,
    /// How it was rated.
    pub rating: Rating,
}

/// Rates recorded events anew. Each step moves events, totals, counters, budgets and closed periods in one transaction.
#[async_trait]
pub trait Reratings: Send + Sync {
    /// The next events of a look. Voided ones, and those whose cost was sent, are in none.
    async fn rated_events(&self, tenant: TenantId, look: RerateLook) -> StoreResult<RatedEvents>;

    /// Begins a re-rating; a conflict where one of the tenant goes on.
    async fn begin_rerating(&self, tenant: TenantId, new: NewRerating, audit: Audit)
    -> StoreResult<Rerating>;

    /// Re-ratings of a tenant, the latest first, paged by number.
    async fn reratings(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Rerating>>;

    /// One re-rating.
    async fn rerating(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Rerating>>;

    /// A re-rating of any tenant that goes on, in turn.
    async fn next_rerating(&self) -> StoreResult<Option<RunningRerating>>;

    /// Takes a step; `false` where it was taken before, or the re-rating does not go on: then nothing was changed.
    async fn rerate(&self, tenant: TenantId, step: RerateStep) -> StoreResult<bool>;

    /// Ends a re-rating that goes on; `error` is why it was given up. Doing it twice is fine.
    async fn end_rerating(
        &self,
        tenant: TenantId,
        id: &str,
        error: Option<String>,
        audit: Audit,
    ) -> StoreResult<()>;
}
