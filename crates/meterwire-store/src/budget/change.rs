//! Changes of budgets, on the writer's thread. Each checks everything before it writes anything, and has what waits to be
//! written flushed before it counts.

use super::row::{self, Stored};
use super::{count, read, tell};
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, params};
use meterwire_app::ports::{
    Audit, BudgetChange, BudgetState, SplitRequest, StoreError, StoreResult, TenantId,
};
use meterwire_core::budget::{
    Budget, MAX_BUDGETS_OF_SCOPE, MAX_BUDGETS_OF_TENANT, ScopeField, split, too_much,
};
use meterwire_core::event::MAX_AHEAD_MS;
use meterwire_core::invalid::Invalid;
use meterwire_core::money::CostNanos;
use meterwire_core::name::shown;
use std::collections::BTreeSet;

pub(super) fn create(
    session: &mut Session,
    tenant: TenantId,
    budget: &Budget,
    audit: &Audit,
) -> Work<StoreResult<BudgetState>> {
    session.require_tenant(tenant)?;
    let mut budget = budget.clone();
    if let Some(refused) = find_no_room(&session.connection, tenant, [&budget])? {
        return Ok(Err(refused));
    }
    if let Some(parent) = budget.parent.clone() {
        let Some(parent) = find(&session.connection, tenant, &parent)? else {
            return Ok(Err(Invalid::new("parent", "there is no such budget to be a part of").into()));
        };
        if let Err(refused) = fit_in(&session.connection, &parent, &mut budget)? {
            return Ok(Err(refused));
        }
    }
    session.flush()?;
    let id = budget.id.clone();
    make(session, tenant, &budget, audit.at_ms)?;
    finish(session, tenant, audit)?;
    state(&session.connection, tenant, &id, audit.at_ms)
}

pub(super) fn update(
    session: &mut Session,
    tenant: TenantId,
    id: &str,
    change: &BudgetChange,
    audit: &Audit,
) -> Work<StoreResult<BudgetState>> {
    let Some(old) = find(&session.connection, tenant, id)? else {
        return Ok(Err(StoreError::NotFound("budget")));
    };
    let mut budget = change.clone().of(old.budget.clone());
    if let Err(refused) = budget.check() {
        return Ok(Err(refused.into()));
    }
    let recounted = budget.period != old.budget.period
        || budget.timezone != old.budget.timezone
        || budget.scope != old.budget.scope;
    if let Some(refused) = find_conflict(&session.connection, tenant, &old, &mut budget, recounted)? {
        return Ok(Err(refused));
    }
    session.flush()?;
    let follows = old.follows && change.amount.is_none();
    if budget.amount != old.budget.amount {
        row::keep_amount(&session.connection, old.number, old.budget.amount, audit.at_ms)?;
    }
    row::update(&session.connection, &Stored { budget, follows, ..old })?;
    if recounted && let Some(stored) = find(&session.connection, tenant, id)? {
        count_anew(session, stored, audit.at_ms)?;
    }
    if let Some(stored) = find(&session.connection, tenant, id)? {
        tell::of_present(&session.connection, &stored, audit.at_ms)?;
    }
    finish(session, tenant, audit)?;
    state(&session.connection, tenant, id, audit.at_ms)
}

pub(super) fn delete(
    session: &mut Session,
    tenant: TenantId,
    id: &str,
    audit: &Audit,
) -> Work<StoreResult<()>> {
    let Some(stored) = find(&session.connection, tenant, id)? else {
        return Ok(Err(StoreError::NotFound("budget")));
    };
    if stored.budget.is_default {
        return Ok(conflict("the default budget cannot be deleted; change its amount instead"));
    }
    if !parts_of(&session.connection, tenant, id)?.is_empty() {
        return Ok(conflict("the budget has parts; delete them first"));
    }
    // What waits to be written refers to it.
    session.flush()?;
    session.change(include_str!("../../sql/budget/delete.sql"), params![tenant.0, id])?;
    finish(session, tenant, audit)?;
    Ok(Ok(()))
}

pub(super) fn split_up(
    session: &mut Session,
    tenant: TenantId,
    id: &str,
    request: &SplitRequest,
    audit: &Audit,
) -> Work<StoreResult<Vec<BudgetState>>> {
    let Some(whole) = find(&session.connection, tenant, id)? else {
        return Ok(Err(StoreError::NotFound("budget")));
    };
    let parts = match parts_for(&session.connection, tenant, &whole, request, audit.at_ms)? {
        Ok(parts) => parts,
        Err(refused) => return Ok(Err(refused)),
    };
    session.flush()?;
    for part in &parts {
        make(session, tenant, part, audit.at_ms)?;
    }
    finish(session, tenant, audit)?;
    let mut states = Vec::with_capacity(parts.len());
    for part in &parts {
        match state(&session.connection, tenant, &part.id, audit.at_ms)? {
            Ok(state) => states.push(state),
            Err(refused) => return Ok(Err(refused)),
        }
    }
    Ok(Ok(states))
}

/// The budgets that a split would make.
fn parts_for(
    connection: &Connection,
    tenant: TenantId,
    whole: &Stored,
    request: &SplitRequest,
    now_ms: i64,
) -> Work<StoreResult<Vec<Budget>>> {
    let by = request.by;
    if whole.budget.scope.get(by).is_some() {
        let sentence = format!("the budget is of one {} already; split it by something else", by.name());
        return Ok(Err(Invalid::new("by", sentence).into()));
    }
    let mut seen = BTreeSet::new();
    if request.parts.iter().any(|(_, part)| !seen.insert(part.value.as_str())) {
        return Ok(Err(Invalid::new("parts", "each value may be there once").into()));
    }
    let given = given(connection, tenant, &whole.budget.id, "")?;
    let wishes: Vec<_> = request.parts.iter().map(|(_, part)| part.clone()).collect();
    let amounts = match split(&whole.budget, given, &wishes) {
        Ok(amounts) => amounts,
        Err(refused) => return Ok(Err(StoreError::Conflict(refused.message))),
    };
    let siblings = parts_of(connection, tenant, &whole.budget.id)?;
    let mut parts = Vec::with_capacity(amounts.len());
    for ((id, part), amount) in request.parts.iter().zip(amounts) {
        let mut scope = whole.budget.scope.clone();
        scope.0.insert(by, part.value.clone());
        if siblings.iter().any(|sibling| sibling.budget.scope == scope) {
            return Ok(conflict(&format!("there is a part for {} {} already", by.name(), part.value)));
        }
        // A user is named by the scope alone, where its erasure finds it.
        let budget = Budget {
            id: id.clone(),
            name: if by == ScopeField::User {
                whole.budget.name.clone()
            } else {
                shown(&part.value).trim().to_owned()
            },
            amount,
            scope,
            parent: Some(whole.budget.id.clone()),
            is_default: false,
            created_ms: now_ms,
            ..whole.budget.clone()
        };
        if let Err(refused) = budget.check() {
            return Ok(Err(refused.into()));
        }
        parts.push(budget);
    }
    if let Some(refused) = find_no_room(connection, tenant, &parts)? {
        return Ok(Err(refused));
    }
    Ok(Ok(parts))
}

/// Keeps the configured amount, which the default budgets of tenants to come begin with.
pub(super) fn set_monthly(session: &Session, amount: CostNanos) -> Work<()> {
    let setting = params![super::MONTHLY_BUDGET, amount.0.to_string()];
    session.change(include_str!("../../sql/setting/set.sql"), setting)?;
    Ok(())
}

/// The tenants whose default budget follows the configuration and has another amount.
pub(super) fn followers(connection: &Connection, amount: CostNanos) -> Work<Vec<TenantId>> {
    let following = row::many(connection, include_str!("../../sql/budget/following.sql"), [amount.0])?;
    Ok(following.into_iter().map(|stored| stored.tenant).collect())
}

/// Sets the amount of a tenant's default budget, where that follows the configuration; tells whether it changed.
pub(super) fn follow(session: &mut Session, tenant: TenantId, amount: CostNanos, now_ms: i64) -> Work<bool> {
    let connection = session.connection;
    let follows = |stored: &Stored| stored.follows && stored.budget.amount != amount;
    let Some(mut stored) = row::all(&connection, tenant)?.into_iter().find(follows) else { return Ok(false) };
    let given = given(&connection, tenant, &stored.budget.id, "")?;
    if given > i128::from(amount.0) {
        tracing::warn!(
            tenant = tenant.0,
            "the parts of the default budget are more than the configured amount; it keeps its own"
        );
        return Ok(false);
    }
    row::keep_amount(&connection, stored.number, stored.budget.amount, now_ms)?;
    session.change(include_str!("../../sql/budget/follow.sql"), params![amount.0, stored.number])?;
    session.forget_budgets(tenant);
    stored.budget.amount = amount;
    tell::of_present(&connection, &stored, now_ms)?;
    Ok(true)
}

/// Whether everything that follows the configuration has this amount already.
pub(super) fn is_monthly(connection: &Connection, amount: CostNanos) -> Work<bool> {
    Ok(followers(connection, amount)?.is_empty() && row::configured_amount(connection)? == amount)
}

/// Counts budgets anew that a change of teams or of the tenant's zone has moved; what waits must have been flushed before.
pub(super) fn recount_where(
    session: &mut Session,
    tenant: TenantId,
    now_ms: i64,
    is_moved: impl Fn(&Budget) -> bool,
) -> Work<()> {
    for stored in row::all(&session.connection, tenant)? {
        if is_moved(&stored.budget) {
            count_anew(session, stored.clone(), now_ms)?;
            tell::of_present(&session.connection, &stored, now_ms)?;
        }
    }
    session.forget_budgets(tenant);
    Ok(())
}

/// Counts a budget anew from the period of this instant on, and forgets older ones.
fn count_anew(session: &mut Session, mut stored: Stored, now_ms: i64) -> Work<()> {
    let connection = session.connection;
    stored.counted_from_ms = stored.calendar().range(now_ms).from_ms;
    row::update(&connection, &stored)?;
    connection
        .prepare_cached(include_str!("../../sql/budget/clear_periods.sql"))?
        .execute([stored.number, i64::MIN])?;
    // Events may be a little ahead of time, so the periods to come can have some already.
    let (calendar, mut edges) = (stored.calendar(), vec![stored.counted_from_ms]);
    while edges.last().is_some_and(|edge| *edge <= now_ms + MAX_AHEAD_MS) {
        let next = calendar.range(edges[edges.len() - 1]).to_ms;
        edges.push(next);
    }
    write_counted(&connection, &stored, &edges, &mut |tenant, request| session.sums(tenant, request))
}

/// Counts the spans between edges and writes what was spent in each.
pub(super) fn write_counted(
    connection: &Connection,
    stored: &Stored,
    edges: &[i64],
    ask: &mut count::Ask<'_>,
) -> Work<()> {
    let spent = count::spent_between(connection, stored.tenant, &stored.budget.scope, edges, ask)?;
    let mut set = connection.prepare_cached(include_str!("../../sql/budget/set_spent.sql"))?;
    for (start_ms, spent) in edges.iter().zip(spent).filter(|(_, spent)| *spent != 0) {
        set.execute([stored.number, *start_ms, spent])?;
    }
    Ok(())
}

/// Writes a new budget, counts its present period and tells where it stands.
fn make(session: &mut Session, tenant: TenantId, budget: &Budget, now_ms: i64) -> Work<()> {
    let connection = &{ session.connection };
    row::insert(connection, tenant.0, budget, false, now_ms)?;
    if let Some(stored) = find(connection, tenant, &budget.id)? {
        count_anew(session, stored.clone(), now_ms)?;
        tell::of_present(connection, &stored, now_ms)?;
    }
    Ok(())
}

fn finish(session: &mut Session, tenant: TenantId, audit: &Audit) -> Work<()> {
    session.audit(Some(tenant), audit)?;
    session.forget_budgets(tenant);
    Ok(())
}

fn state(connection: &Connection, tenant: TenantId, id: &str, now_ms: i64) -> Work<StoreResult<BudgetState>> {
    Ok(read::one(connection, tenant, id, now_ms)?.ok_or(StoreError::NotFound("budget")))
}

fn find(connection: &Connection, tenant: TenantId, id: &str) -> Work<Option<Stored>> {
    row::one(connection, include_str!("../../sql/budget/one.sql"), params![tenant.0, id])
}

fn parts_of(connection: &Connection, tenant: TenantId, id: &str) -> Work<Vec<Stored>> {
    row::many(connection, include_str!("../../sql/budget/parts.sql"), params![tenant.0, id])
}

/// What is handed out of a budget, to others than one of its parts.
fn given(connection: &Connection, tenant: TenantId, id: &str, but: &str) -> Work<i128> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/budget/part_amounts.sql"))?;
    let mut rows = statement.query(params![tenant.0, id, but])?;
    let mut sum = 0;
    while let Some(row) = rows.next()? {
        sum += i128::from(row.get::<_, i64>(0)?);
    }
    Ok(sum)
}

/// Why these would be too many.
fn find_no_room<'a>(
    connection: &Connection,
    tenant: TenantId,
    new: impl IntoIterator<Item = &'a Budget>,
) -> Work<Option<StoreError>> {
    let mut all = count_of(connection, include_str!("../../sql/budget/count.sql"), params![tenant.0])?;
    for budget in new {
        all += 1;
        if all > MAX_BUDGETS_OF_TENANT {
            let sentence = format!("a tenant may have at most {MAX_BUDGETS_OF_TENANT} budgets");
            return Ok(Some(StoreError::Conflict(sentence)));
        }
        if let Some(refused) = find_crowded(connection, tenant, budget)? {
            return Ok(Some(refused));
        }
    }
    Ok(None)
}

/// Why there cannot be one more of a scope: each event of it counts into all of them.
fn find_crowded(connection: &Connection, tenant: TenantId, budget: &Budget) -> Work<Option<StoreError>> {
    let scope = row::scope_to_row(&budget.scope)?;
    let same =
        count_of(connection, include_str!("../../sql/budget/count_scope.sql"), params![tenant.0, scope])?;
    let full = same >= MAX_BUDGETS_OF_SCOPE;
    Ok(full.then(|| {
        StoreError::Conflict(format!("a tenant may have at most {MAX_BUDGETS_OF_SCOPE} budgets of one scope"))
    }))
}

fn count_of(connection: &Connection, sql: &str, params: impl crate::sql::Params) -> Work<usize> {
    let count: i64 = connection.prepare_cached(sql)?.query_row(params, |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Makes a budget a part of another, or says why it cannot be. It has the zone of the whole, whatever that is.
fn fit_in(connection: &Connection, parent: &Stored, budget: &mut Budget) -> Work<StoreResult<()>> {
    let whole = &parent.budget;
    if let Some(timezone) = &budget.timezone
        && *timezone != parent.timezone
    {
        let sentence = format!("a part of the budget \"{}\" has its zone {}", whole.name, parent.timezone);
        return Ok(Err(Invalid::new("timezone", sentence).into()));
    }
    budget.timezone.clone_from(&whole.timezone);
    if let Err(refused) = budget.check_part_of(whole) {
        return Ok(Err(refused.into()));
    }
    let given = given(connection, parent.tenant, &whole.id, &budget.id)?;
    let wanted = i128::from(budget.amount.0);
    if given + wanted > i128::from(whole.amount.0) {
        return Ok(Err(StoreError::Conflict(too_much(whole, given, wanted).message)));
    }
    Ok(Ok(()))
}

/// Why a budget cannot become what it is to be.
fn find_conflict(
    connection: &Connection,
    tenant: TenantId,
    old: &Stored,
    budget: &mut Budget,
    recounted: bool,
) -> Work<Option<StoreError>> {
    if budget.scope != old.budget.scope
        && let Some(refused) = find_crowded(connection, tenant, budget)?
    {
        return Ok(Some(refused));
    }
    if let Some(parent) = &budget.parent
        && let Some(parent) = find(connection, tenant, parent)?
        && let Err(refused) = fit_in(connection, &parent, budget)?
    {
        return Ok(Some(refused));
    }
    let given = given(connection, tenant, &budget.id, "")?;
    if given > i128::from(budget.amount.0) {
        let sentence = format!(
            "{} USD of the budget are handed out to its parts; it cannot be {} USD",
            meterwire_core::money::format_decimal(given, 9),
            budget.amount
        );
        return Ok(Some(StoreError::Conflict(sentence)));
    }
    if recounted && !parts_of(connection, tenant, &budget.id)?.is_empty() {
        let sentence = "the budget has parts, so its period, zone and scope cannot change".to_owned();
        return Ok(Some(StoreError::Conflict(sentence)));
    }
    Ok(None)
}

fn conflict<T>(sentence: &str) -> StoreResult<T> {
    Err(StoreError::Conflict(sentence.to_owned()))
}
