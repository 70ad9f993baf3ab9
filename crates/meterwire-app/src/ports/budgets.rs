//! Budgets: money over a period, kept beside the events that spend it.

use super::{Audit, Page, PageRequest, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::budget::{Budget, BudgetPeriod, Part, Scope, ScopeField, Standing};
use meterwire_core::money::CostNanos;

/// A budget and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetState {
    /// The budget.
    pub budget: Budget,
    /// The IANA zone it is counted in: its own, else the tenant's.
    pub timezone: String,
    /// Where it stands in the period of this instant.
    pub standing: Standing,
}

/// A change of a budget: what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudgetChange {
    /// Its name.
    pub name: Option<String>,
    /// What may be spent. That of the default budget no longer follows the configuration.
    pub amount: Option<CostNanos>,
    /// Which spans it is counted over.
    pub period: Option<BudgetPeriod>,
    /// Its zone; `Some(None)` is the tenant's.
    pub timezone: Option<Option<String>>,
    /// What it is for.
    pub scope: Option<Scope>,
    /// Whether decisions are refused once it is used up.
    pub hard: Option<bool>,
    /// Whether models without a price pass.
    pub allow_unpriced: Option<bool>,
    /// At which parts of the amount somebody is told.
    pub thresholds_ppm: Option<Vec<u32>>,
    /// Who is told.
    pub channels: Option<Vec<String>>,
}

impl BudgetChange {
    /// The budget after the change.
    #[must_use]
    pub fn of(self, budget: Budget) -> Budget {
        Budget {
            name: self.name.unwrap_or(budget.name),
            amount: self.amount.unwrap_or(budget.amount),
            period: self.period.unwrap_or(budget.period),
            timezone: self.timezone.unwrap_or(budget.timezone),
            scope: self.scope.unwrap_or(budget.scope),
            hard: self.hard.unwrap_or(budget.hard),
            allow_unpriced: self.allow_unpriced.unwrap_or(budget.allow_unpriced),
            thresholds_ppm: self.thresholds_ppm.unwrap_or(budget.thresholds_ppm),
            channels: self.channels.unwrap_or(budget.channels),
            ..budget
        }
    }
}

/// A wish to hand a budget out in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitRequest {
    /// By what.
    pub by: ScopeField,
    /// The parts, each with the id that its budget is to have.
    pub parts: Vec<(String, Part)>,
}

/// Keeps budgets and what was spent of them, in the transaction of whatever spends it: of events what they count as money
/// (the amount they name for `cost_usd`, else their cost), and money that decisions counted without an event.
#[async_trait]
pub trait Budgets: Send + Sync {
    /// Makes a budget. One that would hand out more than its parent has is a conflict, as is one too many. What was spent
    /// of its present period counts.
    async fn create_budget(&self, tenant: TenantId, budget: Budget, audit: Audit)
    -> StoreResult<BudgetState>;
    /// Changes a budget; the check of [`Budget::check`] is made of what comes out. A part stays within its parent and a whole
    /// above its parts; another scope, period or zone counts the present period anew.
    async fn update_budget(
        &self,
        tenant: TenantId,
        id: &str,
        change: BudgetChange,
        audit: Audit,
    ) -> StoreResult<BudgetState>;
    /// Deletes a budget; the default one and one that has parts are conflicts.
    async fn delete_budget(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;
    /// Makes a part of a budget for each value, all or none.
    async fn split_budget(
        &self,
        tenant: TenantId,
        id: &str,
        request: SplitRequest,
        audit: Audit,
    ) -> StoreResult<Vec<BudgetState>>;

    /// Budgets by id, which is the order of making.
    async fn budgets(
        &self,
        tenant: TenantId,
        page: PageRequest,
        now_ms: i64,
    ) -> StoreResult<Page<BudgetState>>;
    /// One budget.
    async fn budget(&self, tenant: TenantId, id: &str, now_ms: i64) -> StoreResult<Option<BudgetState>>;
    /// The budget that the tenant was made with.
    async fn default_budget(&self, tenant: TenantId, now_ms: i64) -> StoreResult<BudgetState>;
    /// The budget whose scope is this project and nothing else; of several a monthly one, then the oldest.
    async fn project_budget(
        &self,
        tenant: TenantId,
        project: &str,
        now_ms: i64,
    ) -> StoreResult<Option<BudgetState>>;

    /// The amounts that a budget had before its present one, each with the instant until which it was in force (Unix
    /// milliseconds), the oldest first.
    async fn former_amounts(&self, tenant: TenantId, id: &str) -> StoreResult<Vec<(i64, CostNanos)>>;

    /// What was spent of a scope between each two edges (Unix milliseconds, ascending), counted from usage. Of a team, what
    /// the projects did that are its own now.
    async fn spent_between(
        &self,
        tenant: TenantId,
        scope: Scope,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<CostNanos>>;

    /// Sets the amount of every default budget that follows the configuration, of tenants made later too. Where the parts of
    /// one are more than that, it keeps its amount. Answers how many changed.
    async fn set_monthly_budget(&self, amount: CostNanos, now_ms: i64) -> StoreResult<usize>;
}
