//! Limits: the counters, what decides on them, and the catalogue of metrics, tiers and limits.

use super::{Audit, Page, PageRequest, StoreResult, TenantId, User};
use async_trait::async_trait;
use meterwire_core::amount::Amount;
use meterwire_core::budget::Refusal;
use meterwire_core::event::Event;
use meterwire_core::limit::{Decision, Metric, MetricName, Reservation, Standing};
use std::collections::BTreeMap;

/// Limits by metric; what is not in it has none of its own.
pub type LimitMap = BTreeMap<MetricName, Option<Amount>>;

/// How a decision treats limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// Records whatever the limits say.
    Increment,
    /// Records everything or nothing: only where every limit allows it.
    Consume,
}

/// For what something is used: beside the user, that is what budgets are found by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedFor {
    /// The project.
    pub project: Option<String>,
    /// The model as it is named.
    pub model: Option<String>,
    /// The customer's own name for the API key.
    pub api_key: Option<String>,
    /// The department.
    pub department: Option<String>,
    /// Whether the model that is named has no price.
    pub is_unpriced: bool,
}

/// A wish to use some of one or several metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRequest {
    /// Whether limits can refuse it.
    pub kind: DecisionKind,
    /// Whose usage it is.
    pub user: String,
    /// How much of what, each metric once.
    pub amounts: Vec<(MetricName, Amount)>,
    /// For what it is used.
    pub used_for: UsedFor,
    /// Answered once: the same key gets the same answer again.
    pub idempotency_key: Option<String>,
}

/// A wish to hold an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReserveRequest {
    /// Its id, made by the caller.
    pub id: String,
    /// Whose usage it will be.
    pub user: String,
    /// What to hold. Where the tenant has no metric `cost_usd`, money is kept without being counted.
    pub metric: MetricName,
    /// How much.
    pub amount: Amount,
    /// How long, in milliseconds.
    pub ttl_ms: i64,
    /// For what it is used.
    pub used_for: UsedFor,
    /// Answered once.
    pub idempotency_key: Option<String>,
}

/// How a reservation ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Settlement {
    /// Records so much, whatever was held; nothing named is what was held.
    Commit(Option<Amount>),
    /// Records an event; what it would count into the held metric is what is committed.
    CommitEvent(Box<Event>),
    /// Gives it back.
    Release,
}

/// What came of a reservation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Reserved {
    /// It is held.
    Held(Reservation),
    /// This limit refused it.
    Refused {
        /// The limit.
        standing: Standing,
        /// The user's tier.
        tier: String,
    },
    /// This hard budget refused it.
    OverBudget {
        /// Why.
        refusal: Refusal,
        /// Where the user stands; none where the tenant does not count the metric.
        standing: Option<Standing>,
        /// The user's tier.
        tier: String,
    },
}

/// Where a user stands on every metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStanding {
    /// The user's tier; the default one for a user never seen.
    pub tier: String,
    /// One a metric, by name.
    pub standings: Vec<Standing>,
}

/// A tier and what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// Its name, unique in the tenant.
    pub name: String,
    /// Its limits; a metric that is absent or `None` is unlimited.
    pub limits: LimitMap,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// How many users have it.
    pub users: i64,
}

/// A user's usage of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDay {
    /// The user.
    pub user: User,
    /// What was used of each metric that was used at all.
    pub amounts: BTreeMap<MetricName, Amount>,
}

/// A user that has used much of a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearLimit {
    /// The user.
    pub user: User,
    /// Where the user stands.
    pub standing: Standing,
}

/// The usage of one day of all users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayUsage {
    /// The day: days since 1970-01-01.
    pub day: i32,
    /// Users that used anything.
    pub active_users: i64,
    /// What was used of each metric.
    pub totals: BTreeMap<MetricName, Amount>,
}

/// Which counters to set to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResetRequest {
    /// Only this user's.
    pub user: Option<String>,
    /// Only this metric's; without one, those that are counted by the day.
    pub metric: Option<MetricName>,
}

/// Counts, decides and holds. Every answer of a change is on disk when the call returns; decisions are taken in one order,
/// so that no limit is ever passed by one.
#[async_trait]
pub trait Limits: Send + Sync {
    /// Takes decisions in their order, each by itself: one that is refused or invalid leaves the others alone.
    async fn decide(
        &self,
        tenant: TenantId,
        requests: Vec<DecisionRequest>,
        now_ms: i64,
    ) -> StoreResult<Vec<StoreResult<Decision>>>;

    /// What a decision would find; changes nothing. It sees decisions that are being written in this instant.
    async fn check(
        &self,
        tenant: TenantId,
        user: &str,
        metric: &MetricName,
        amount: Amount,
        used_for: &UsedFor,
        now_ms: i64,
    ) -> StoreResult<Decision>;

    /// Where a user stands on every metric.
    async fn standing(&self, tenant: TenantId, user: &str, now_ms: i64) -> StoreResult<UserStanding>;

    /// Where all users together stand on each metric that the tenant limits, by name.
    async fn tenant_standings(&self, tenant: TenantId, now_ms: i64) -> StoreResult<Vec<Standing>>;

    /// Holds an amount. The window and the limit are those of this instant.
    async fn reserve(
        &self,
        tenant: TenantId,
        request: ReserveRequest,
        now_ms: i64,
    ) -> StoreResult<(Reserved, bool)>;

    /// Settles a reservation of this user, or of anybody where `user` is `None`. The same settlement again gets the same
    /// answer, another one is a conflict.
    async fn settle(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        settlement: Settlement,
        now_ms: i64,
    ) -> StoreResult<Reservation>;

    /// One reservation of this user, or of anybody where `user` is `None`.
    async fn reservation(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        now_ms: i64,
    ) -> StoreResult<Option<Reservation>>;

    /// Expires what is over, forgets answers of old idempotency keys, takes note of changes made by other programs.
    /// Answers how many reservations expired.
    async fn sweep(&self, now_ms: i64) -> StoreResult<usize>;

    /// Notes that a UTC day has begun, once for each: `true` where this was the first to say so.
    async fn begin_day(&self, day: i32, audit: Audit) -> StoreResult<bool>;

    /// Sets counters of the present window to nothing; what was used stays known as forgiven. Answers how many counters.
    async fn reset(
        &self,
        tenant: TenantId,
        request: ResetRequest,
        now_ms: i64,
        audit: Audit,
    ) -> StoreResult<usize>;

    /// The users who used most of a metric on a day, largest first.
    async fn top_users(
        &self,
        tenant: TenantId,
        metric: &MetricName,
        day: i32,
        limit: usize,
    ) -> StoreResult<Vec<UserDay>>;

    /// Users who used more than `threshold_ppm` millionths of a limit of theirs in its present window, most first.
    async fn near_limits(
        &self,
        tenant: TenantId,
        threshold_ppm: u32,
        limit: usize,
        now_ms: i64,
    ) -> StoreResult<Vec<NearLimit>>;

    /// The usage of each day, newest first, without days that have none.
    async fn history(&self, tenant: TenantId, from_day: i32, to_day: i32) -> StoreResult<Vec<DayUsage>>;

    /// Every metric of a tenant, by name.
    async fn metrics(&self, tenant: TenantId) -> StoreResult<Vec<Metric>>;
    /// Makes a metric; a taken name is a conflict. What events count into it counts from now on.
    async fn create_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()>;
    /// Replaces everything but name and time of making. To or from a level is a conflict once it was used.
    async fn update_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()>;
    /// Deletes a metric with its limits and counters; one with open reservations is a conflict.
    async fn delete_metric(&self, tenant: TenantId, name: &MetricName, audit: Audit) -> StoreResult<()>;

    /// Tiers by name.
    async fn tiers(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Tier>>;
    /// One tier.
    async fn tier(&self, tenant: TenantId, name: &str) -> StoreResult<Option<Tier>>;
    /// Makes a tier; a taken name is a conflict.
    async fn create_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Sets the limits that are named, `None` to unlimited; others stay.
    async fn update_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Deletes a tier; one that users have is a conflict.
    async fn delete_tier(&self, tenant: TenantId, name: &str, audit: Audit) -> StoreResult<()>;

    /// What a user may use instead of what the tier says.
    async fn user_limits(&self, tenant: TenantId, user: &str) -> StoreResult<LimitMap>;
    /// Replaces them all.
    async fn set_user_limits(
        &self,
        tenant: TenantId,
        user: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()>;
    /// What all users together may use.
    async fn tenant_limits(&self, tenant: TenantId) -> StoreResult<LimitMap>;
    /// Replaces them all.
    async fn set_tenant_limits(&self, tenant: TenantId, limits: LimitMap, audit: Audit) -> StoreResult<()>;
}
