//! Budgets: making, changing and splitting them, and where they stand.

use crate::clock::new_id;
use crate::ports::{BudgetChange, BudgetState, Page, PageRequest, SplitRequest, TenantId};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::budget::{
    Budget, BudgetPeriod, DEFAULT_THRESHOLDS_PPM, Part, PeriodCalendar, Scope, ScopeField, Size,
};
use meterwire_core::invalid::Invalid;
use meterwire_core::money::CostNanos;
use meterwire_core::name::clean_name;
use meterwire_core::period::Range;

/// The most parts of one split.
pub const MAX_PARTS: usize = 1_000;
/// The most periods of one history.
pub const MAX_HISTORY: usize = 120;

/// A budget as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBudget {
    /// For people.
    pub name: String,
    /// What may be spent in one period.
    pub amount: CostNanos,
    /// Which spans it is counted over.
    pub period: BudgetPeriod,
    /// Its zone; none is the tenant's.
    pub timezone: Option<String>,
    /// Which usage it is for.
    pub scope: Scope,
    /// Whether decisions are refused once it is used up.
    pub hard: bool,
    /// Whether models without a price pass.
    pub allow_unpriced: bool,
    /// At which parts of the amount somebody is told, in millionths; none named are the usual ones.
    pub thresholds_ppm: Option<Vec<u32>>,
    /// Ids of the channels that are told.
    pub channels: Vec<String>,
    /// The budget that it is a part of.
    pub parent: Option<String>,
}

/// One period of a budget's past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastPeriod {
    /// The period.
    pub range: Range,
    /// The amount that was in force at its end; of the present one, that of now.
    pub amount: CostNanos,
    /// What was spent.
    pub spent: CostNanos,
}

impl Meterwire {
    /// Where the tenant's default budget stands now.
    pub async fn default_standing(&self, tenant: TenantId) -> Result<BudgetState, AppError> {
        Ok(self.budgets.default_budget(tenant, self.now_ms()).await?)
    }

    /// Where one budget stands now.
    pub async fn budget_standing(&self, tenant: TenantId, id: &str) -> Result<BudgetState, AppError> {
        let found = self.budgets.budget(tenant, id, self.now_ms()).await?;
        found.ok_or(AppError::NotFound("budget"))
    }

    /// Where the budget of a project stands now: the one whose scope is that project and nothing else; of several a monthly
    /// one, then the oldest. `None` where there is none.
    pub async fn project_standing(
        &self,
        tenant: TenantId,
        project: &str,
    ) -> Result<Option<BudgetState>, AppError> {
        Ok(self.budgets.project_budget(tenant, project, self.now_ms()).await?)
    }

    /// Has the default budgets that nobody has set follow the configured amount.
    pub async fn follow_monthly_budget(&self, amount: CostNanos) -> Result<usize, AppError> {
        Ok(self.budgets.set_monthly_budget(amount, self.now_ms()).await?)
    }

    /// Budgets by id; the default one comes first.
    pub async fn list_budgets(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<BudgetState>, AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Read).await?;
        Ok(self.budgets.budgets(tenant, page, self.now_ms()).await?)
    }

    /// One budget.
    pub async fn read_budget(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<BudgetState, AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Read).await?;
        self.budget_standing(tenant, id).await
    }

    /// Makes a budget.
    pub async fn create_budget(
        &self,
        caller: &Caller,
        named: Option<&str>,
        new: NewBudget,
    ) -> Result<BudgetState, AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Own).await?;
        let budget = Budget {
            id: new_id(),
            name: clean_name("name", &new.name)?,
            amount: new.amount,
            period: new.period,
            timezone: new.timezone,
            scope: new.scope,
            hard: new.hard,
            allow_unpriced: new.allow_unpriced,
            thresholds_ppm: new.thresholds_ppm.unwrap_or_else(|| DEFAULT_THRESHOLDS_PPM.to_vec()),
            channels: new.channels,
            parent: new.parent,
            is_default: false,
            created_ms: self.now_ms(),
        };
        budget.check()?;
        self.require_channels(tenant, &budget.channels).await?;
        let audit = self.audit(caller, "budget.create", &budget.id);
        Ok(self.budgets.create_budget(tenant, budget, audit).await?)
    }

    /// Changes a budget.
    pub async fn update_budget(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        change: BudgetChange,
    ) -> Result<BudgetState, AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Own).await?;
        let name = change.name.map(|name| clean_name("name", &name)).transpose()?;
        let change = BudgetChange { name, ..change };
        self.require_channels(tenant, change.channels.as_deref().unwrap_or_default()).await?;
        let audit = self.audit(caller, "budget.update", id);
        Ok(self.budgets.update_budget(tenant, id, change, audit).await?)
    }

    /// Deletes a budget; what was spent stays in usage.
    pub async fn delete_budget(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Own).await?;
        let audit = self.audit(caller, "budget.delete", id);
        Ok(self.budgets.delete_budget(tenant, id, audit).await?)
    }

    /// Makes a part of a budget for each value, all or none; answers the parts in their order.
    pub async fn split_budget(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        by: ScopeField,
        parts: Vec<Part>,
    ) -> Result<Vec<BudgetState>, AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Own).await?;
        if !(1..=MAX_PARTS).contains(&parts.len()) {
            return Err(
                Invalid::new("parts", format!("a budget is split into 1 to {MAX_PARTS} parts")).into()
            );
        }
        if parts.iter().any(|part| matches!(part.size, Size::SharePpm(ppm) if ppm > 1_000_000)) {
            return Err(Invalid::new("parts", "a share is a part of the whole, from 0 to 1").into());
        }
        let request = SplitRequest { by, parts: parts.into_iter().map(|part| (new_id(), part)).collect() };
        let audit = self.audit(caller, "budget.split", id);
        Ok(self.budgets.split_budget(tenant, id, request, audit).await?)
    }

    /// The `periods` periods of a budget up to the present one, newest first, counted from usage by its present scope.
    pub async fn budget_history(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        periods: usize,
    ) -> Result<(BudgetState, Vec<PastPeriod>), AppError> {
        let tenant = self.budgets_tenant(caller, named, Access::Read).await?;
        if !(1..=MAX_HISTORY).contains(&periods) {
            return Err(Invalid::new("periods", format!("periods must be from 1 to {MAX_HISTORY}")).into());
        }
        let state = self.budget_standing(tenant, id).await?;
        let calendar = PeriodCalendar::new(state.budget.period, &state.timezone);
        let edges = calendar.edges(self.now_ms(), periods);
        let spent = self.budgets.spent_between(tenant, state.budget.scope.clone(), edges.clone()).await?;
        let ranges = edges.windows(2).map(|pair| Range { from_ms: pair[0], to_ms: pair[1] });
        let former = self.budgets.former_amounts(tenant, &state.budget.id).await?;
        let in_force = |range: Range| {
            let later = former.iter().find(|(until_ms, _)| *until_ms >= range.to_ms);
            later.map_or(state.budget.amount, |(_, amount)| *amount)
        };
        let mut past: Vec<PastPeriod> = ranges
            .zip(spent)
            .map(|(range, spent)| PastPeriod { range, amount: in_force(range), spent })
            .collect();
        past.reverse();
        Ok((state, past))
    }

    /// The tenant whose budgets are meant. What tells of all its money is nothing for a member that acts for one user.
    async fn budgets_tenant(
        &self,
        caller: &Caller,
        named: Option<&str>,
        access: Access,
    ) -> Result<TenantId, AppError> {
        caller.require(access)?;
        Ok(self.whole_tenant_for(caller, named).await?.id)
    }

    async fn require_channels(&self, tenant: TenantId, channels: &[String]) -> Result<(), AppError> {
        for (index, id) in channels.iter().take(meterwire_core::budget::MAX_CHANNELS + 1).enumerate() {
            if self.alerts.channel(tenant, id).await?.is_none() {
                return Err(Invalid::new(format!("channels.{index}"), "there is no such channel").into());
            }
        }
        Ok(())
    }
}
