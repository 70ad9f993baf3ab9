//! Decisions: checked and counted in one step, by the one thread that writes.

use super::budgets::Spending;
use super::counters::Counters;
use super::idempotency::Key;
use super::memory::{Memory, Spot, TenantMemory};
use super::pending::Pending;
use crate::budget::SpentBy;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::Connection;
use meterwire_app::ports::{DecisionKind, DecisionRequest, StoreError, StoreResult, TenantId, UsedFor};
use meterwire_core::amount::Amount;
use meterwire_core::budget::{Refusal, Wish};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Decision, MetricName, Standing, Window};

/// Takes decisions in their order, each by itself.
pub(super) fn decide(
    session: &mut Session,
    tenant: TenantId,
    requests: &[DecisionRequest],
    now_ms: i64,
) -> Work<Vec<StoreResult<Decision>>> {
    session.require_tenant(tenant)?;
    let Session { connection, counters, .. } = session;
    counters.expire(connection, now_ms)?;
    requests.iter().map(|request| decide_once(connection, counters, tenant, request, now_ms)).collect()
}

/// Decides, unless the request's key was answered before.
fn decide_once(
    connection: &Connection,
    counters: &mut Counters,
    tenant: TenantId,
    request: &DecisionRequest,
    now_ms: i64,
) -> Work<StoreResult<Decision>> {
    let Some(key) = &request.idempotency_key else {
        return decide_one(connection, counters, tenant, request, now_ms);
    };
    let verb = match request.kind {
        DecisionKind::Increment => "increment",
        DecisionKind::Consume => "consume",
    };
    let amounts = request.amounts.iter().map(|(metric, amount)| format!("{metric}={}", amount.0));
    let used_for = parts_of(&request.used_for);
    let parts: Vec<String> = [request.user.clone()].into_iter().chain(amounts).chain(used_for).collect();
    let key = Key::new(tenant, key, verb, parts.iter().map(String::as_bytes));
    if let Some(known) = key.find::<Decision>(connection, &counters.pending.answers, now_ms)? {
        return Ok(known.map(|decision| Decision { replayed: true, ..decision }));
    }
    let decided = decide_one(connection, counters, tenant, request, now_ms)?;
    if let Ok(decision) = &decided {
        key.keep(&mut counters.pending.answers, decision, now_ms)?;
    }
    Ok(decided)
}

fn decide_one(
    connection: &Connection,
    counters: &mut Counters,
    of: TenantId,
    request: &DecisionRequest,
    now_ms: i64,
) -> Work<StoreResult<Decision>> {
    let shared = counters.shared();
    let mut memory = shared.lock();
    memory.tenant_with_budgets(connection, of, now_ms)?;
    let tenant = memory.tenant_with_user(connection, of, &request.user)?;
    let spots = match find_spots(tenant, &request.amounts, now_ms) {
        Ok(spots) => spots,
        Err(invalid) => return Ok(Err(invalid.into())),
    };
    for (spot, (metric, amount)) in spots.iter().zip(&request.amounts) {
        tenant.load(connection, &mut counters.pending, of, &request.user, *spot)?;
        let level = tenant.book.metrics[spot.place].window == Window::Level;
        if amount.0 < 0 && !(level && request.kind == DecisionKind::Increment) {
            let sentence = format!("{metric}: only the level of a metric without a window can go down");
            return Ok(Err(Invalid::new("amount", sentence).into()));
        }
    }
    let by = used_by(&request.user, &request.used_for);
    if request.kind == DecisionKind::Consume {
        let refused = find_refusal(tenant, &request.user, &spots, &request.amounts);
        let over_budget = if refused.is_none() {
            let wish = wish(&request.amounts, &request.used_for);
            over_budget(connection, tenant, &mut counters.pending, &by, wish, now_ms)?
        } else {
            None
        };
        if refused.is_some() || over_budget.is_some() {
            let decision = answer(tenant, &request.user, &spots, refused);
            return Ok(Ok(Decision { over_budget, ..decision }));
        }
    }
    // Nothing was changed yet, and nothing after this refuses.
    if let Some(full) = find_overflow(tenant, &request.user, &spots, &request.amounts) {
        return Ok(Err(full));
    }
    see_user(tenant, &mut counters.pending, of, &request.user, now_ms);
    for (spot, (_, amount)) in spots.iter().zip(&request.amounts) {
        counters.add(connection, tenant, of, &request.user, *spot, amount.0)?;
    }
    if let Some(amount) = money_of(&request.amounts) {
        let spending = Spending { by, at_ms: now_ms, amount, now_ms };
        counters.spend_decided(connection, tenant, of, &spending)?;
    }
    Ok(Ok(answer(tenant, &request.user, &spots, None)))
}

/// What a request names beside its user and amounts, so that a key tells one from another; nothing where it names nothing.
pub(super) fn parts_of(used_for: &UsedFor) -> impl Iterator<Item = String> {
    let UsedFor { project, model, api_key, department, is_unpriced: _ } = used_for;
    let named = [("project", project), ("model", model), ("api_key", api_key), ("department", department)];
    named.into_iter().filter_map(|(name, value)| Some(format!("{name}:{}", value.as_ref()?)))
}

/// By what budgets find a decision.
pub(super) fn used_by<'a>(user: &'a str, used_for: &'a UsedFor) -> SpentBy<'a> {
    SpentBy {
        user: Some(user),
        project: used_for.project.as_deref(),
        model: used_for.model.as_deref(),
        api_key: used_for.api_key.as_deref(),
        department: used_for.department.as_deref(),
    }
}

/// How much money is named; a metric is there once.
fn money_of(amounts: &[(MetricName, Amount)]) -> Option<i64> {
    amounts.iter().find(|(metric, _)| metric.is_cost()).map(|(_, amount)| amount.0)
}

/// What budgets are asked.
pub(super) fn wish<'a>(amounts: &[(MetricName, Amount)], used_for: &'a UsedFor) -> Wish<'a> {
    Wish {
        money: money_of(amounts),
        something_else: amounts.iter().any(|(metric, _)| !metric.is_cost()),
        unpriced: used_for.model.as_deref().filter(|_| used_for.is_unpriced),
    }
}

/// The hard budget that does not allow a wish.
pub(super) fn over_budget(
    connection: &Connection,
    tenant: &mut TenantMemory,
    pending: &mut Pending,
    by: &SpentBy<'_>,
    wish: Wish<'_>,
    now_ms: i64,
) -> Work<Option<Refusal>> {
    let Some(budgets) = &mut tenant.budgets else { return Ok(None) };
    budgets.stand(connection, pending, by, now_ms)?;
    let forgotten = |_| Fault::Damaged("a budget was forgotten while it was asked".to_owned());
    budgets.refusal(by, wish, now_ms).map_err(forgotten)
}

fn find_spots(
    tenant: &TenantMemory,
    amounts: &[(MetricName, Amount)],
    now_ms: i64,
) -> Result<Vec<Spot>, Invalid> {
    amounts
        .iter()
        .map(|(metric, _)| Ok(Spot::new(&tenant.book, tenant.book.require(metric)?, now_ms)))
        .collect()
}

/// The first limit that does not allow its amount, the user's before the tenant's.
fn find_refusal(
    tenant: &TenantMemory,
    user: &str,
    spots: &[Spot],
    amounts: &[(MetricName, Amount)],
) -> Option<Standing> {
    spots.iter().zip(amounts).find_map(|(spot, (_, amount))| refusal(tenant, user, *spot, *amount))
}

/// The limit that does not allow one amount.
pub(super) fn refusal(tenant: &TenantMemory, user: &str, spot: Spot, amount: Amount) -> Option<Standing> {
    let (own, of_tenant) = tenant.standings(user, spot)?;
    if !own.fits(amount) {
        return Some(own);
    }
    of_tenant.filter(|standing| !standing.fits(amount))
}

/// A counter holds 64 bits: what would not fit is refused rather than rounded.
pub(super) fn find_overflow(
    tenant: &TenantMemory,
    user: &str,
    spots: &[Spot],
    amounts: &[(MetricName, Amount)],
) -> Option<StoreError> {
    let full = spots.iter().zip(amounts).any(|(spot, (_, amount))| {
        let used = tenant.count(user, *spot).map_or(0, |count| count.used + count.held);
        i64::try_from(used + i128::from(amount.0)).is_err()
    });
    full.then(|| StoreError::Conflict("a total would become larger than can be counted".to_owned()))
}

fn answer(tenant: &TenantMemory, user: &str, spots: &[Spot], refused: Option<Standing>) -> Decision {
    let standings = spots.iter().filter_map(|spot| tenant.standings(user, *spot));
    Decision {
        tier: tier_of(tenant, user),
        standings: standings.map(|(own, _)| own).collect(),
        refused,
        over_budget: None,
        replayed: false,
    }
}

/// The tier of a user that is remembered.
pub(super) fn tier_of(tenant: &TenantMemory, user: &str) -> String {
    tenant.users.get(user).map(|user| user.tier.to_string()).unwrap_or_default()
}

/// A user met for the first time is made.
pub(super) fn see_user(
    tenant: &mut TenantMemory,
    pending: &mut Pending,
    of: TenantId,
    user: &str,
    now_ms: i64,
) {
    if let Some(memory) = tenant.users.get_mut(user).filter(|memory| !memory.exists) {
        pending.see_user(of, user, now_ms);
        memory.exists = true;
    }
}

/// What somebody asks about a decision that is not taken.
pub(super) struct Asked<'a> {
    pub(super) user: &'a str,
    pub(super) metric: &'a MetricName,
    pub(super) amount: Amount,
    pub(super) used_for: &'a UsedFor,
}

impl Asked<'_> {
    fn wish(&self) -> Wish<'_> {
        Wish {
            money: self.metric.is_cost().then_some(self.amount.0),
            something_else: !self.metric.is_cost(),
            unpriced: self.used_for.model.as_deref().filter(|_| self.used_for.is_unpriced),
        }
    }
}

/// What a decision would find, from what is remembered; `None` where something of it is not.
pub(super) fn peek(memory: &Memory, tenant: TenantId, asked: &Asked<'_>, now_ms: i64) -> Option<Decision> {
    let tenant = memory.tenants.get(&tenant)?;
    let user = asked.user;
    let spot = Spot::new(&tenant.book, tenant.book.place_of(asked.metric)?, now_ms);
    let (own, _) = tenant.standings(user, spot)?;
    let refused = refusal(tenant, user, spot, asked.amount);
    let over_budget = if refused.is_none() {
        let by = used_by(user, asked.used_for);
        tenant.budgets.as_ref()?.refusal(&by, asked.wish(), now_ms).ok()?
    } else {
        None
    };
    let tier = tier_of(tenant, user);
    Some(Decision { tier, standings: vec![own], refused, over_budget, replayed: false })
}

/// What a decision would find, from a snapshot.
pub(super) fn look(
    connection: &Connection,
    tenant: TenantId,
    asked: &Asked<'_>,
    now_ms: i64,
) -> Work<Decision> {
    let (mut memory, mut pending) = (Memory::default(), Pending::default());
    // A snapshot is not expired: what is over holds nothing.
    memory.load_budgets(connection, tenant, now_ms, now_ms)?;
    let loaded = memory.tenant_with_user(connection, tenant, asked.user)?;
    let place = loaded.book.require(asked.metric).map_err(StoreError::from)?;
    let spot = Spot::new(&loaded.book, place, now_ms);
    loaded.load(connection, &mut pending, tenant, asked.user, spot)?;
    let refused = refusal(loaded, asked.user, spot, asked.amount);
    let over_budget = if refused.is_none() {
        let by = used_by(asked.user, asked.used_for);
        over_budget(connection, loaded, &mut pending, &by, asked.wish(), now_ms)?
    } else {
        None
    };
    Ok(Decision { over_budget, ..answer(loaded, asked.user, &[spot], refused) })
}

/// The tier of a user, from a snapshot.
pub(super) fn tier(connection: &Connection, tenant: TenantId, user: &str) -> Work<String> {
    let mut memory = Memory::default();
    let loaded = memory.tenant_with_user(connection, tenant, user)?;
    Ok(tier_of(loaded, user))
}
