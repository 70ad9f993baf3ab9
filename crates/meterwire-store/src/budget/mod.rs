//! Budgets.
//!
//! - What was spent of a budget in a period is one row, moved in the transaction of whatever spends (`limits/budgets`). It is
//!   counted from usage once, when the budget is made or its scope, period or zone changes (`count`), and by the doctor.
//! - `index` finds the budgets of some usage, however many others there are; `change` keeps the rules of wholes and parts;
//!   `tell` raises an alert where a threshold is passed.

mod change;
mod check;
mod count;
mod erase;
mod fill;
mod index;
mod moved;
mod read;
mod row;
mod tell;

pub(crate) use check::{check, mend};
pub(crate) use count::{Ask, spent_between};
pub(crate) use erase::erase_user;
pub(crate) use fill::{fill, make_default, of_rollups};
pub(crate) use index::{ScopeIndex, SpentBy};
pub(crate) use moved::{with_team, with_zone};
pub(crate) use read::{each_hold, spent_in};
pub(crate) use row::{Stored, all};
pub(crate) use tell::crossed;

use crate::error::failed;
use crate::session::{Session, Weight};
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    Audit, BudgetChange, BudgetState, Budgets, Page, PageRequest, SplitRequest, StoreResult, TenantId,
};
use meterwire_core::budget::{Budget, Scope};
use meterwire_core::money::CostNanos;
use tokio::task::JoinSet;

/// The setting with the configured amount, nano-dollars.
const MONTHLY_BUDGET: &str = "monthly_budget";
/// Default budgets of so many tenants are set together, so that they go into one transaction where one writer has them all.
const FOLLOWERS_AT_ONCE: usize = 100;

#[async_trait]
impl<B: Backend> Budgets for SqlStore<B> {
    async fn create_budget(
        &self,
        tenant: TenantId,
        budget: Budget,
        audit: Audit,
    ) -> StoreResult<BudgetState> {
        let run = move |session: &mut Session<'_>| change::create(session, tenant, &budget, &audit);
        self.write_unguarded(tenant, Weight::SMALL, run).await?
    }

    async fn update_budget(
        &self,
        tenant: TenantId,
        id: &str,
        change: BudgetChange,
        audit: Audit,
    ) -> StoreResult<BudgetState> {
        let id = id.to_owned();
        let run = move |session: &mut Session<'_>| change::update(session, tenant, &id, &change, &audit);
        self.write_unguarded(tenant, Weight::SMALL, run).await?
    }

    async fn delete_budget(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        let run = move |session: &mut Session<'_>| change::delete(session, tenant, &id, &audit);
        self.write_unguarded(tenant, Weight::SMALL, run).await?
    }

    async fn split_budget(
        &self,
        tenant: TenantId,
        id: &str,
        request: SplitRequest,
        audit: Audit,
    ) -> StoreResult<Vec<BudgetState>> {
        let id = id.to_owned();
        let run = move |session: &mut Session<'_>| change::split_up(session, tenant, &id, &request, &audit);
        self.write_unguarded(tenant, Weight::SMALL, run).await?
    }

    async fn budgets(
        &self,
        tenant: TenantId,
        page: PageRequest,
        now_ms: i64,
    ) -> StoreResult<Page<BudgetState>> {
        self.read(move |connection| read::page(connection, tenant, page, now_ms)).await
    }

    async fn budget(&self, tenant: TenantId, id: &str, now_ms: i64) -> StoreResult<Option<BudgetState>> {
        let id = id.to_owned();
        self.read(move |connection| read::one(connection, tenant, &id, now_ms)).await
    }

    async fn default_budget(&self, tenant: TenantId, now_ms: i64) -> StoreResult<BudgetState> {
        self.read(move |connection| read::default(connection, tenant, now_ms)).await
    }

    async fn project_budget(
        &self,
        tenant: TenantId,
        project: &str,
        now_ms: i64,
    ) -> StoreResult<Option<BudgetState>> {
        let project = project.to_owned();
        self.read(move |connection| read::of_project(connection, tenant, &project, now_ms)).await
    }

    async fn former_amounts(&self, tenant: TenantId, id: &str) -> StoreResult<Vec<(i64, CostNanos)>> {
        let id = id.to_owned();
        self.read(move |connection| read::former_amounts(connection, tenant, &id)).await
    }

    async fn spent_between(
        &self,
        tenant: TenantId,
        scope: Scope,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<CostNanos>> {
        let spent = self.backend.spent_between(tenant, scope, edges_ms).await?;
        Ok(spent.into_iter().map(CostNanos).collect())
    }

    async fn set_monthly_budget(&self, amount: CostNanos, now_ms: i64) -> StoreResult<usize> {
        if self.read(move |connection| change::is_monthly(connection, amount)).await? {
            return Ok(0);
        }
        // Tenants that are made from here on begin with it.
        self.write(None, move |session| change::set_monthly(session, amount)).await?;
        let followers = self.read(move |connection| change::followers(connection, amount)).await?;
        let mut changed = 0;
        for some in followers.chunks(FOLLOWERS_AT_ONCE) {
            let mut writes = JoinSet::new();
            for tenant in some.iter().copied() {
                let store = self.clone();
                let follow = move |session: &mut Session<'_>| change::follow(session, tenant, amount, now_ms);
                writes.spawn(async move { store.write_unguarded(tenant, Weight::SMALL, follow).await });
            }
            while let Some(done) = writes.join_next().await {
                let done = done.map_err(|error| failed(format!("a write did not end well: {error}")))?;
                changed += usize::from(done?);
            }
        }
        Ok(changed)
    }
}
