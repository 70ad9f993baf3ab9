//! The catalogue of limits: metrics, tiers, what single users and the tenant as a whole may use.
//!
//! Each change runs in a savepoint of its own, with its audit entry, and ends with the writer forgetting what it
//! remembered of the tenant's limits: the next decision is taken by the new ones.

use crate::catalog::read;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, Row, params};
use meterwire_app::ports::{Audit, LimitMap, Page, PageRequest, StoreError, TenantId, Tier};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{
    BUILTIN_TIERS, Counts, DEFAULT_TIER, LIMITED_BUILTINS, MAX_METRICS_OF_TENANT, Metric, MetricName, Window,
};
use std::collections::BTreeMap;

/// The most tiers of one tenant. The writer remembers them all.
const MAX_TIERS: i64 = 1_000;
/// The most tiers that a refusal names.
const MAX_NAMED: i64 = 20;

/// Makes the metrics and tiers that every tenant begins with.
pub(crate) fn seed(connection: &Connection, tenant_id: i64, from_seq: i64, now_ms: i64) -> Work<()> {
    let mut ids = BTreeMap::new();
    for name in Metric::BUILTIN {
        let window = if name == "storage" { Window::Level } else { Window::Day };
        let params = params![tenant_id, name, None::<&str>, None::<&str>, window.name(), "UTC", now_ms];
        let mut insert = connection.prepare_cached(include_str!("../../sql/metric/insert.sql"))?;
        let id: i64 = insert.query_row(params, |row| row.get(0))?;
        let counts = Counts::default_of(&stored_name(name)?).name();
        let sql = include_str!("../../sql/metric/first_counts.sql");
        connection.prepare_cached(sql)?.execute(params![id, from_seq, counts, "UTC"])?;
        ids.insert(name, id);
    }
    for (tier, limits) in BUILTIN_TIERS {
        let sql = include_str!("../../sql/tier/insert.sql");
        connection.prepare_cached(sql)?.execute(params![tenant_id, tier, now_ms])?;
        for (name, units) in LIMITED_BUILTINS.into_iter().zip(limits.into_iter().flatten()) {
            let amount = units * stored_name(name)?.one().0;
            let sql = include_str!("../../sql/limit/tier_set.sql");
            connection.prepare_cached(sql)?.execute(params![tenant_id, tier, ids.get(name), amount])?;
        }
    }
    Ok(())
}

/// Every metric of a tenant, by name.
pub(crate) fn metrics(connection: &Connection, tenant: TenantId) -> Work<Vec<Metric>> {
    Ok(numbered_metrics(connection, tenant)?.into_iter().map(|(_, metric)| metric).collect())
}

/// The same with their numbers.
pub(super) fn numbered_metrics(connection: &Connection, tenant: TenantId) -> Work<Vec<(i64, Metric)>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/metric/list.sql"))?;
    let mut rows = statement.query([tenant.0])?;
    let mut metrics = Vec::new();
    while let Some(row) = rows.next()? {
        metrics.push(metric_from_row(&row)?);
    }
    Ok(metrics)
}

pub(crate) fn create_metric(
    session: &mut Session,
    tenant: TenantId,
    metric: &Metric,
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    let count = count(&session.connection, include_str!("../../sql/metric/count.sql"), tenant)?;
    if find_metric(&session.connection, tenant, &metric.name)?.is_some() {
        return conflict(format!("there is a metric {} already", metric.name));
    }
    if usize::try_from(count).is_ok_and(|count| count >= MAX_METRICS_OF_TENANT) {
        return conflict(format!("a tenant may have at most {MAX_METRICS_OF_TENANT} metrics"));
    }
    let params = params![
        tenant.0,
        metric.name.as_str(),
        metric.description,
        metric.unit,
        metric.window.name(),
        metric.timezone,
        metric.created_ms
    ];
    let mut insert = session.connection.prepare_cached(include_str!("../../sql/metric/insert.sql"))?;
    let id = insert.query_row(params, |row| row.get(0))?;
    set_counts(session, id, metric)?;
    finish(session, tenant, audit)
}

/// Replaces everything but name and time of making. Counters are kept by the day, so that day, week and month can follow
/// one another at any time; a level is another kind of number.
pub(crate) fn update_metric(
    session: &mut Session,
    tenant: TenantId,
    metric: &Metric,
    audit: &Audit,
) -> Work<()> {
    let (id, old) = require_metric(&session.connection, tenant, &metric.name)?;
    let name = &metric.name;
    if old.window != metric.window || old.timezone != metric.timezone {
        // What is held is held in the old window.
        if is_held(&session.connection, tenant, id, audit.at_ms)? {
            return conflict(format!(
                "{name} has open reservations; its window and zone cannot change meanwhile"
            ));
        }
    }
    if (old.window == Window::Level) != (metric.window == Window::Level)
        && is_used(&session.connection, tenant, id)?
    {
        return conflict(format!("{name} was used already; its window cannot change to or from none"));
    }
    let params = params![metric.description, metric.unit, metric.window.name(), metric.timezone, id];
    session.change(include_str!("../../sql/metric/update.sql"), params)?;
    if old.counts != metric.counts || old.timezone != metric.timezone {
        set_counts(session, id, metric)?;
    }
    finish(session, tenant, audit)
}

/// Deletes a metric with its limits and counters.
pub(crate) fn delete_metric(
    session: &mut Session,
    tenant: TenantId,
    name: &MetricName,
    audit: &Audit,
) -> Work<()> {
    let (id, metric) = require_metric(&session.connection, tenant, name)?;
    if metric.is_builtin() {
        return conflict(format!("{name} is built in; it can be changed but not deleted"));
    }
    if is_held(&session.connection, tenant, id, audit.at_ms)? {
        return conflict(format!("{name} has open reservations; settle them first"));
    }
    session.change(include_str!("../../sql/metric/delete.sql"), [id])?;
    finish(session, tenant, audit)
}

/// Tiers by name.
pub(crate) fn tiers(connection: &Connection, tenant: TenantId, page: PageRequest) -> Work<Page<Tier>> {
    let list = read::List::new(page, |tier: &Tier| tier.name.clone());
    let sql = include_str!("../../sql/tier/list.sql");
    let mut page = list.run(connection, sql, &[&tenant.0], tier_from_row)?;
    for tier in &mut page.items {
        tier.limits = tier_limits(connection, tenant, &tier.name)?;
    }
    Ok(page)
}

pub(crate) fn tier(connection: &Connection, tenant: TenantId, name: &str) -> Work<Option<Tier>> {
    let sql = include_str!("../../sql/tier/one.sql");
    let Some(mut tier) = read::one(connection, sql, params![tenant.0, name], tier_from_row)? else {
        return Ok(None);
    };
    tier.limits = tier_limits(connection, tenant, name)?;
    Ok(Some(tier))
}

pub(crate) fn create_tier(
    session: &mut Session,
    tenant: TenantId,
    name: &str,
    limits: &LimitMap,
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    if count(&session.connection, include_str!("../../sql/tier/count.sql"), tenant)? >= MAX_TIERS {
        return conflict(format!("a tenant may have at most {MAX_TIERS} tiers"));
    }
    let params = params![tenant.0, name, audit.at_ms];
    let taken = format!("there is a tier {name} already");
    session.insert(include_str!("../../sql/tier/insert.sql"), params, &taken)?;
    set_tier_limits(session, tenant, name, limits)?;
    finish(session, tenant, audit)
}

/// Sets the limits that are named; others stay.
pub(crate) fn update_tier(
    session: &mut Session,
    tenant: TenantId,
    name: &str,
    limits: &LimitMap,
    audit: &Audit,
) -> Work<()> {
    if !tier_exists(&session.connection, tenant, name)? {
        return Err(StoreError::NotFound("tier").into());
    }
    set_tier_limits(session, tenant, name, limits)?;
    finish(session, tenant, audit)
}

pub(crate) fn delete_tier(session: &mut Session, tenant: TenantId, name: &str, audit: &Audit) -> Work<()> {
    if name == DEFAULT_TIER {
        return conflict(format!(
            "{DEFAULT_TIER} is the tier of new users; it can be changed but not deleted"
        ));
    }
    let has_users: bool = session
        .connection
        .prepare_cached(include_str!("../../sql/tier/has_users.sql"))?
        .query_row(params![tenant.0, name], |row| row.get(0))?;
    if has_users {
        return conflict(format!("there are users of tier {name}; give them another one first"));
    }
    session.change_one(include_str!("../../sql/tier/delete.sql"), params![tenant.0, name], "tier")?;
    finish(session, tenant, audit)
}

/// Refuses a tier that the tenant does not have, and names those it has.
pub(crate) fn require_tier(connection: &Connection, tenant: TenantId, tier: &str) -> Work<()> {
    if tier_exists(connection, tenant, tier)? {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(include_str!("../../sql/tier/names.sql"))?;
    let names = statement.query_map(params![tenant.0, MAX_NAMED + 1], |row| row.get(0))?;
    let mut names = names.collect::<crate::sql::Result<Vec<String>>>()?;
    if names.len() > usize::try_from(MAX_NAMED).unwrap_or(0) {
        names.pop();
        names.push("and others".to_owned());
    }
    let sentence = format!("there is no tier {tier}; known are {}", names.join(", "));
    Err(StoreError::from(Invalid::new("tier", sentence)).into())
}

/// What a user may use instead of what the tier says.
pub(crate) fn user_limits(connection: &Connection, tenant: TenantId, user: &str) -> Work<LimitMap> {
    limits_from_rows(connection, include_str!("../../sql/limit/user_list.sql"), params![tenant.0, user])
}

/// Replaces them all.
pub(crate) fn set_user_limits(
    session: &mut Session,
    tenant: TenantId,
    user: &str,
    limits: &LimitMap,
    audit: &Audit,
) -> Work<()> {
    let sql = include_str!("../../sql/user/one.sql");
    if read::one(&session.connection, sql, params![tenant.0, user], read::user)?.is_none() {
        return Err(StoreError::NotFound("user").into());
    }
    let limits = with_ids(&session.connection, tenant, limits)?;
    session.change(include_str!("../../sql/limit/user_clear.sql"), params![tenant.0, user])?;
    for (id, amount) in limits {
        let params = params![tenant.0, user, id, amount.map(|amount| amount.0)];
        session.change(include_str!("../../sql/limit/user_set.sql"), params)?;
    }
    session.audit(Some(tenant), audit)?;
    session.forget_limits_of(tenant, user);
    Ok(())
}

/// What all users together may use.
pub(crate) fn tenant_limits(connection: &Connection, tenant: TenantId) -> Work<LimitMap> {
    limits_from_rows(connection, include_str!("../../sql/limit/tenant_list.sql"), params![tenant.0])
}

/// Replaces them all.
pub(crate) fn set_tenant_limits(
    session: &mut Session,
    tenant: TenantId,
    limits: &LimitMap,
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    let limits = with_ids(&session.connection, tenant, limits)?;
    session.change(include_str!("../../sql/limit/tenant_clear.sql"), [tenant.0])?;
    for (id, amount) in limits {
        let params = params![amount.map(|amount| amount.0), id];
        session.change(include_str!("../../sql/limit/tenant_set.sql"), params)?;
    }
    finish(session, tenant, audit)
}

fn finish(session: &mut Session, tenant: TenantId, audit: &Audit) -> Work<()> {
    session.audit(Some(tenant), audit)?;
    session.forget_limits(tenant);
    Ok(())
}

fn conflict<T>(sentence: String) -> Work<T> {
    Err(StoreError::Conflict(sentence).into())
}

/// Notes what events add to a metric from the next one on.
/// From the next event on.
fn set_counts(session: &mut Session, metric_id: i64, metric: &Metric) -> Work<()> {
    let from_seq = session.last_seq()? + 1;
    let params = params![metric_id, from_seq, metric.counts.name(), metric.timezone];
    session.change(include_str!("../../sql/metric/set_counts.sql"), params)?;
    Ok(())
}

fn set_tier_limits(session: &Session, tenant: TenantId, tier: &str, limits: &LimitMap) -> Work<()> {
    for (id, amount) in with_ids(&session.connection, tenant, limits)? {
        match amount {
            Some(amount) => {
                let params = params![tenant.0, tier, id, amount.0];
                session.change(include_str!("../../sql/limit/tier_set.sql"), params)?;
            }
            None => {
                session.change(include_str!("../../sql/limit/tier_lift.sql"), params![tenant.0, tier, id])?;
            }
        }
    }
    Ok(())
}

/// Limits by the number of the metric; one that names an unknown metric is refused.
fn with_ids(
    connection: &Connection,
    tenant: TenantId,
    limits: &LimitMap,
) -> Work<Vec<(i64, Option<Amount>)>> {
    let mut numbered = Vec::with_capacity(limits.len());
    for (name, amount) in limits {
        let Some((id, _)) = find_metric(connection, tenant, name)? else {
            let known = metrics(connection, tenant)?;
            let known: Vec<&str> = known.iter().map(|metric| metric.name.as_str()).collect();
            let sentence = format!("there is no metric {name}; known are {}", known.join(", "));
            return Err(StoreError::from(Invalid::new("limits", sentence)).into());
        };
        numbered.push((id, *amount));
    }
    Ok(numbered)
}

fn find_metric(connection: &Connection, tenant: TenantId, name: &MetricName) -> Work<Option<(i64, Metric)>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/metric/one.sql"))?;
    let mut rows = statement.query(params![tenant.0, name.as_str()])?;
    rows.next()?.map(|row| metric_from_row(&row)).transpose()
}

fn require_metric(connection: &Connection, tenant: TenantId, name: &MetricName) -> Work<(i64, Metric)> {
    Ok(find_metric(connection, tenant, name)?.ok_or(StoreError::NotFound("metric"))?)
}

/// Whether something of it is held by a reservation that is not over.
fn is_held(connection: &Connection, tenant: TenantId, metric_id: i64, now_ms: i64) -> Work<bool> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/metric/is_held.sql"))?;
    Ok(statement.query_row(params![tenant.0, metric_id, now_ms], |row| row.get(0))?)
}

/// Whether there is any counter or level of it.
fn is_used(connection: &Connection, tenant: TenantId, metric_id: i64) -> Work<bool> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/metric/is_used.sql"))?;
    Ok(statement.query_row(params![tenant.0, metric_id], |row| row.get(0))?)
}

fn tier_exists(connection: &Connection, tenant: TenantId, name: &str) -> Work<bool> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/tier/exists.sql"))?;
    Ok(statement.query_row(params![tenant.0, name], |row| row.get(0))?)
}

/// Every metric with what the tier allows.
fn tier_limits(connection: &Connection, tenant: TenantId, tier: &str) -> Work<LimitMap> {
    limits_from_rows(connection, include_str!("../../sql/limit/tier_of.sql"), params![tenant.0, tier])
}

fn count(connection: &Connection, sql: &str, tenant: TenantId) -> Work<i64> {
    Ok(connection.prepare_cached(sql)?.query_row([tenant.0], |row| row.get(0))?)
}

fn limits_from_rows(connection: &Connection, sql: &str, params: impl crate::sql::Params) -> Work<LimitMap> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut limits = LimitMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        limits.insert(stored_name(&name)?, row.get::<_, Option<i64>>(1)?.map(Amount));
    }
    Ok(limits)
}

fn tier_from_row(row: &Row<'_>) -> crate::sql::Result<Tier> {
    Ok(Tier { name: row.get(0)?, limits: LimitMap::new(), created_ms: row.get(1)?, users: row.get(2)? })
}

fn metric_from_row(row: &Row<'_>) -> Work<(i64, Metric)> {
    let texts: [String; 3] = [row.get(1)?, row.get(4)?, row.get(6)?];
    let [name, window, counts] = &texts;
    let damaged = |invalid: Invalid| Fault::Damaged(format!("metric {name}: {invalid}"));
    let metric = Metric {
        name: stored_name(name)?,
        description: row.get(2)?,
        unit: row.get(3)?,
        window: Window::parse(window).map_err(damaged)?,
        timezone: row.get(5)?,
        counts: Counts::parse(counts).map_err(damaged)?,
        created_ms: row.get(7)?,
    };
    Ok((row.get(0)?, metric))
}

fn stored_name(name: &str) -> Work<MetricName> {
    MetricName::parse("name", name).map_err(|invalid| Fault::Damaged(format!("metric {name}: {invalid}")))
}
