//! Budgets and where they stand, from a snapshot.

use super::index::{ScopeIndex, SpentBy};
use super::row::{self, Stored};
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{BudgetState, Page, PageRequest, StoreError, TenantId};
use meterwire_core::budget::{Scope, ScopeField, Standing};
use meterwire_core::money::CostNanos;

/// The most budgets of one page.
const MAX_PAGE: usize = 1_000;

pub(super) fn page(
    connection: &Connection,
    tenant: TenantId,
    page: PageRequest,
    now_ms: i64,
) -> Work<Page<BudgetState>> {
    let limit = page.limit.clamp(1, MAX_PAGE);
    let after = page.after.unwrap_or_default();
    let more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let sql = include_str!("../../sql/budget/list.sql");
    let mut found = row::many(connection, sql, params![tenant.0, after, more])?;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().filter(|_| !is_last).map(|stored| stored.budget.id.clone());
    Ok(Page { items: states(connection, tenant, found, now_ms)?, next })
}

pub(super) fn one(
    connection: &Connection,
    tenant: TenantId,
    id: &str,
    now_ms: i64,
) -> Work<Option<BudgetState>> {
    let found = row::one(connection, include_str!("../../sql/budget/one.sql"), params![tenant.0, id])?;
    Ok(states(connection, tenant, found.into_iter().collect(), now_ms)?.pop())
}

pub(super) fn default(connection: &Connection, tenant: TenantId, now_ms: i64) -> Work<BudgetState> {
    let found = row::one(connection, include_str!("../../sql/budget/default.sql"), [tenant.0])?;
    let found = found.ok_or(StoreError::NotFound("tenant"))?;
    state(connection, tenant, found, now_ms)
}

pub(super) fn of_project(
    connection: &Connection,
    tenant: TenantId,
    project: &str,
    now_ms: i64,
) -> Work<Option<BudgetState>> {
    let scope = row::scope_to_row(&Scope::of([(ScopeField::Project, project)]))?;
    let found =
        row::one(connection, include_str!("../../sql/budget/of_scope.sql"), params![tenant.0, scope])?;
    Ok(states(connection, tenant, found.into_iter().collect(), now_ms)?.pop())
}

pub(super) fn state(
    connection: &Connection,
    tenant: TenantId,
    stored: Stored,
    now_ms: i64,
) -> Work<BudgetState> {
    let mut states = states(connection, tenant, vec![stored], now_ms)?;
    states.pop().ok_or_else(|| Fault::Damaged("a budget stands nowhere".to_owned()))
}

/// Where budgets stand at this instant.
pub(super) fn states(
    connection: &Connection,
    tenant: TenantId,
    budgets: Vec<Stored>,
    now_ms: i64,
) -> Work<Vec<BudgetState>> {
    let ranges: Vec<_> = budgets.iter().map(|stored| stored.calendar().range(now_ms)).collect();
    let mut held = vec![0_i64; budgets.len()];
    if !budgets.is_empty() {
        let index = ScopeIndex::load(connection, tenant, &budgets)?;
        each_hold(connection, tenant, now_ms, |by, amount, created_ms| {
            index.each(by, |place| {
                let range = ranges[place];
                if (range.from_ms..range.to_ms).contains(&created_ms) {
                    held[place] = held[place].saturating_add(amount);
                }
            });
        })?;
    }
    let with_held = budgets.into_iter().zip(ranges).zip(held);
    let standing = |((stored, range), held): ((Stored, _), i64)| {
        let spent = CostNanos(spent_in(connection, stored.number, range)?);
        let standing = Standing { amount: stored.budget.amount, spent, held: CostNanos(held), range };
        Ok(BudgetState { budget: stored.budget, timezone: stored.timezone, standing })
    };
    with_held.map(standing).collect()
}

/// The amounts that a budget had before, each with the instant until which it was in force, the oldest first.
pub(super) fn former_amounts(
    connection: &Connection,
    tenant: TenantId,
    id: &str,
) -> Work<Vec<(i64, CostNanos)>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/budget/amounts.sql"))?;
    let rows = statement.query_map(params![tenant.0, id], |row| Ok((row.get(0)?, CostNanos(row.get(1)?))))?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

/// What was spent of a budget in one of its periods, as it is written.
pub(crate) fn spent_in(
    connection: &Connection,
    budget: i64,
    range: meterwire_core::period::Range,
) -> Work<i64> {
    let spent = connection
        .prepare_cached(include_str!("../../sql/budget/spent.sql"))?
        .query_row([budget, range.from_ms], |row| row.get(0))
        .optional()?;
    Ok(spent.unwrap_or(0))
}

/// Every reservation of a tenant that holds money: whose, how much, and when it was made.
pub(crate) fn each_hold(
    connection: &Connection,
    tenant: TenantId,
    now_ms: i64,
    mut take: impl FnMut(&SpentBy<'_>, i64, i64),
) -> Work<()> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/budget/holds.sql"))?;
    let mut rows = statement.query(params![tenant.0, now_ms])?;
    while let Some(row) = rows.next()? {
        let text = |place: usize| row.text_or_null(place);
        let by = SpentBy {
            user: text(0)?,
            project: text(1)?,
            model: text(2)?,
            api_key: text(3)?,
            department: text(4)?,
        };
        take(&by, row.get(5)?, row.get(6)?);
    }
    Ok(())
}
