//! What a tenant begins with, and what the migration that brings budgets makes of a store that was used before.

use super::change::write_counted;
use super::count::Ask;
use super::row;
use crate::error::Work;
use crate::row::metrics_from_row;
use crate::slot::{DAY, QUARTER, SLOT_MS, slot_of};
use crate::sql::{Connection, params};
use meterwire_app::ports::TenantId;
use meterwire_core::limit::MetricName;

/// From the beginning of time: there is nothing before it that was not counted.
const ALWAYS_MS: i64 = 0;

/// Makes the budget that every tenant has.
pub(crate) fn make_default(connection: &Connection, tenant_id: i64, created_ms: i64) -> Work<()> {
    let amount = row::configured_amount(connection)?;
    row::insert(connection, tenant_id, &row::default_of(tenant_id, amount, created_ms), true, ALWAYS_MS)?;
    Ok(())
}

/// Gives every tenant its default budget and counts all its months. What was decided before without an event is told by
/// reservations; of other decisions nobody knows when they were taken.
pub(crate) fn fill(connection: &Connection, ask: &mut Ask<'_>) -> Work<()> {
    fill_named(connection)?;
    fill_committed(connection)?;
    let mut statement = connection.prepare_cached(include_str!("../../sql/tenant/all.sql"))?;
    let tenants = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (tenant_id, created_ms) in tenants.collect::<crate::sql::Result<Vec<(i64, i64)>>>()? {
        make_default(connection, tenant_id, created_ms)?;
        let Some((first_ms, last_ms)) = first_and_last(connection, tenant_id)? else { continue };
        for stored in row::all(connection, TenantId(tenant_id))? {
            let calendar = stored.calendar();
            let mut edges = vec![calendar.range(first_ms).from_ms];
            while edges.last().is_some_and(|edge| *edge <= last_ms) {
                edges.push(calendar.range(edges[edges.len() - 1]).to_ms);
            }
            write_counted(connection, &stored, &edges, ask)?;
        }
    }
    Ok(())
}

/// When the first and the last usage of a tenant may have been.
fn first_and_last(connection: &Connection, tenant_id: i64) -> Work<Option<(i64, i64)>> {
    with_decided(connection, tenant_id, of_rollups(connection, tenant_id)?)
}

/// When the first and the last events may have been, by the embedded store's rollups.
pub(crate) fn of_rollups(connection: &Connection, tenant_id: i64) -> Work<Option<(i64, i64)>> {
    slots(connection, include_str!("../../sql/sqlite/rollup/first_and_last_day.sql"), tenant_id, DAY)
}

/// The same with money that no event tells.
pub(super) fn with_decided(
    connection: &Connection,
    tenant_id: i64,
    events: Option<(i64, i64)>,
) -> Work<Option<(i64, i64)>> {
    let sql = "SELECT min(slot), max(slot) FROM decided_money WHERE tenant_id = ?";
    let decided = slots(connection, sql, tenant_id, QUARTER)?;
    let ends = [events, decided].into_iter().flatten();
    Ok(ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))))
}

fn slots(connection: &Connection, sql: &str, tenant_id: i64, length: i64) -> Work<Option<(i64, i64)>> {
    let ends: (Option<i64>, Option<i64>) =
        connection.prepare_cached(sql)?.query_row([tenant_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(ends.0.zip(ends.1).map(|(first, last)| (first * SLOT_MS, (last + length) * SLOT_MS - 1)))
}

/// Events that name an amount for `cost_usd` count that instead of their cost.
fn fill_named(connection: &Connection) -> Work<()> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/sqlite/event/naming_cost.sql"))?;
    let mut rows = statement.query([])?;
    let mut add = connection.prepare_cached(include_str!("../../sql/decided_money/add.sql"))?;
    while let Some(row) = rows.next()? {
        let Ok(named) = metrics_from_row(row.get("metrics")?) else { continue };
        let Some(amount) = named.get(MetricName::COST) else { continue };
        let more = amount.0 - row.get::<_, i64>("cost_nanos")?;
        let slot = slot_of(row.get("time_ms")?, QUARTER);
        let texts: [String; 5] = [
            row.get("user")?,
            row.get("project")?,
            row.get("model")?,
            row.get("api_key")?,
            row.get("department")?,
        ];
        let [user, project, model, api_key, department] = &texts;
        let tenant_id: i64 = row.get("tenant_id")?;
        add.execute(params![tenant_id, slot, user, project, model, api_key, department, more])?;
    }
    Ok(())
}

/// Committed money counts when it was held; an event that it was committed with does not count again.
fn fill_committed(connection: &Connection) -> Work<()> {
    for sql in [
        include_str!("../../sql/sqlite/decided_money/from_reservations.sql"),
        include_str!("../../sql/sqlite/decided_money/from_settled_events.sql"),
    ] {
        connection.execute(sql, [])?;
    }
    Ok(())
}
