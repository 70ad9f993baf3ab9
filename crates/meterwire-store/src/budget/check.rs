//! The doctor's look at budgets: what is written of each period against what usage adds up to.

use super::count::Ask;
use super::{count, fill, row};
use crate::error::{Fault, Work};
use crate::finding::Finding;
use crate::sql::{Connection, params};
use meterwire_app::ports::{StoreError, TenantId};
use std::collections::BTreeMap;

/// The most periods of one budget that are looked at, the newest.
const MAX_PERIODS: usize = 10_000;

/// When a tenant's first and last events were, by its number; `None` where there are none.
pub(crate) type Bounds<'a> = dyn FnMut(i64) -> Work<Option<(i64, i64)>> + 'a;

/// Every period that differs.
pub(crate) fn check(
    connection: &Connection,
    ask: &mut Ask<'_>,
    bounds: &mut Bounds<'_>,
) -> Work<Vec<Finding>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/tenant/all.sql"))?;
    let tenants = statement.query_map([], |row| row.get(0))?;
    let mut differing = Vec::new();
    for tenant_id in tenants.collect::<crate::sql::Result<Vec<i64>>>()? {
        let bounds = fill::with_decided(connection, tenant_id, bounds(tenant_id)?)?;
        for stored in row::all(connection, TenantId(tenant_id))? {
            match differing_of(connection, &stored, bounds, ask) {
                Ok(found) => differing.extend(found),
                // Its single events were dropped for their age, so nobody can count them again.
                Err(Fault::Answer(StoreError::BeyondRetention(_))) => {}
                Err(fault) => return Err(fault),
            }
        }
    }
    Ok(differing)
}

fn differing_of(
    connection: &Connection,
    stored: &row::Stored,
    bounds: Option<(i64, i64)>,
    ask: &mut Ask<'_>,
) -> Work<Vec<Finding>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/budget/periods.sql"))?;
    let rows = statement
        .query_map([stored.number, stored.counted_from_ms], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<crate::sql::Result<BTreeMap<i64, i64>>>()?;
    let written = rows.keys().next().copied().zip(rows.keys().next_back().copied());
    let ends = [bounds, written].into_iter().flatten();
    let Some((first_ms, last_ms)) = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else {
        return Ok(Vec::new());
    };
    let (calendar, first_ms) = (stored.calendar(), first_ms.max(stored.counted_from_ms));
    if last_ms < first_ms {
        return Ok(Vec::new());
    }
    let mut edges = vec![calendar.range(first_ms).from_ms];
    while edges.last().is_some_and(|edge| *edge <= last_ms) {
        edges.push(calendar.range(edges[edges.len() - 1]).to_ms);
    }
    edges.drain(..edges.len().saturating_sub(MAX_PERIODS + 1));
    let spent = count::spent_between(connection, stored.tenant, &stored.budget.scope, &edges, ask)?;
    let mut recounted: BTreeMap<i64, i64> = edges.iter().copied().zip(spent).collect();
    // A row that begins with no period counts nothing.
    for start_ms in rows.keys().filter(|start_ms| **start_ms >= edges[0]) {
        recounted.entry(*start_ms).or_insert(0);
    }
    let compared = recounted.into_iter().filter_map(|(start_ms, recounted)| {
        let written = rows.get(&start_ms).copied().unwrap_or(0);
        (written != recounted).then(|| Finding::Budget {
            tenant_id: stored.tenant.0,
            budget: stored.budget.id.clone(),
            start_ms,
            stored: written,
            recounted,
        })
    });
    Ok(compared.collect())
}

/// Counts everything once more and writes what differs; whatever waits must have been flushed before. Answers how many rows.
pub(crate) fn mend(connection: &Connection, ask: &mut Ask<'_>) -> Work<u64> {
    let differing = check(connection, ask, &mut |tenant| fill::of_rollups(connection, tenant))?;
    for one in &differing {
        let Finding::Budget { tenant_id, budget, start_ms, recounted, .. } = one else { continue };
        let sql = include_str!("../../sql/budget/one.sql");
        if let Some(stored) = row::one(connection, sql, params![tenant_id, budget])? {
            connection.prepare_cached(include_str!("../../sql/budget/set_spent.sql"))?.execute([
                stored.number,
                *start_ms,
                *recounted,
            ])?;
        }
    }
    Ok(differing.len() as u64)
}
