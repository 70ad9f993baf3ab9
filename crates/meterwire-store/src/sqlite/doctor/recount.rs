//! The recount: every row of every rollup against the events it stands for, a tenant's day at a time.

use crate::catalog::retention;
use crate::error::Work;
use crate::finding::{Finding, Report};
use crate::row::{FACT_COLUMNS, Facts, Places};
use crate::sqlite::connection::{damaged_rollup, sketch_from_row, sums_from_row};
use crate::sqlite::dimensions;
use crate::sqlite::packed_users;
use crate::sqlite::rollup::{
    DAY, Deltas, RollupKey, RollupSet, RollupValue, SETS, SLOT_MS, columns, insert_row, slot_of,
};
use crate::sums::SUM_NAMES;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::TenantId;
use rusqlite::{Connection, Row, params};

/// A UTC day of a tenant; `slot` is its start in quarters of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TenantDay {
    tenant_id: i64,
    slot: i64,
}

impl TenantDay {
    fn start_ms(self) -> i64 {
        self.slot * SLOT_MS
    }

    fn end_ms(self) -> i64 {
        (self.slot + DAY) * SLOT_MS
    }
}

/// Rows as they are stored; `None` where one cannot be read.
type StoredRows = HashMap<RollupKey, Option<RollupValue>>;

/// Compares everything; answers the days that differ.
pub(super) fn check(
    connection: &Connection,
    report: &mut Report,
    step: &mut impl FnMut(u64),
) -> Work<Vec<TenantDay>> {
    let mut different = Vec::new();
    let mut tenant_id = i64::MIN;
    while let Some(next) = next_tenant(connection, tenant_id)? {
        tenant_id = next;
        let mut slot = first_slot(connection, tenant_id)?;
        while let Some(next) = next_day(connection, tenant_id, slot)? {
            slot = next;
            let day = TenantDay { tenant_id, slot };
            let mut rows = 0;
            let events = compare(connection, day, |set, width, key, stored, recounted| {
                rows += 1;
                if let Some(finding) = difference(set, width, key, stored, recounted) {
                    report.add(finding);
                    if different.last() != Some(&day) {
                        different.push(day);
                    }
                }
                Ok(())
            })?;
            report.rollup_rows += rows;
            step(events);
            slot += DAY;
        }
    }
    Ok(different)
}

/// Hands over what the rollups of time without single events say, at the finest width of each set, less the events of that
/// time that are still there. Ends where `visit` answers `false`.
pub(crate) fn totals_without_events(
    connection: &Connection,
    visit: &mut dyn FnMut(&'static RollupSet, &RollupKey, &RollupValue) -> Work<bool>,
) -> Work<()> {
    let mut tenant_id = i64::MIN;
    while let Some(next) = next_tenant(connection, tenant_id)? {
        tenant_id = next;
        let Some(from_ms) = retention::events_from(&connection.into(), TenantId(tenant_id))? else {
            continue;
        };
        let mut slot = i64::MIN;
        while let Some(next) = next_day(connection, tenant_id, slot)?.filter(|day| day * SLOT_MS < from_ms) {
            let mut goes_on = true;
            compare(
                connection,
                TenantDay { tenant_id, slot: next },
                |set, width, key, stored, recounted| {
                    let stored = stored.ok_or_else(damaged_rollup)?;
                    let mut left = stored.clone();
                    left.take(recounted)?;
                    if goes_on && width == set.widths[0] && !left.is_zero() {
                        goes_on = visit(set, key, &left)?;
                    }
                    Ok(())
                },
            )?;
            if !goes_on {
                return Ok(());
            }
            slot = next + DAY;
        }
    }
    Ok(())
}

/// Like [`mend`] in a store of today: what was made of the rows goes with them.
pub(super) fn repair(connection: &Connection, days: &[TenantDay]) -> Work<u64> {
    for day in days {
        packed_users::forget(connection, day.tenant_id, day.slot)?;
    }
    mend(connection, days)
}

/// Rewrites the rows of these days that differ, in the caller's transaction; answers how many those were.
fn mend(connection: &Connection, days: &[TenantDay]) -> Work<u64> {
    let mut mended = 0;
    for day in days {
        compare(connection, *day, |set, width, key, stored, recounted| {
            if difference(set, width, key, stored, recounted).is_none() {
                return Ok(());
            }
            delete_row(connection, set, width, key)?;
            if !recounted.is_zero() {
                insert_row(connection, set, width, key, recounted)?;
            }
            mended += 1;
            Ok(())
        })?;
    }
    Ok(mended)
}

/// Makes every rollup from raw events, where the tables were made anew.
pub(crate) fn rebuild_missing(connection: &Connection) -> Work<()> {
    if connection.query_row("SELECT EXISTS (SELECT 1 FROM rollup_total)", [], |row| row.get(0))? {
        return Ok(());
    }
    let mut tenant_id = i64::MIN;
    while let Some(next) = next_tenant(connection, tenant_id)? {
        tenant_id = next;
        let mut slot = first_slot(connection, tenant_id)?;
        while let Some(next) = next_day(connection, tenant_id, slot)? {
            mend(connection, &[TenantDay { tenant_id, slot: next }])?;
            slot = next + DAY;
        }
    }
    Ok(())
}

/// The smallest tenant above this one that has events or rollups.
fn next_tenant(connection: &Connection, above: i64) -> Work<Option<i64>> {
    let tables = SETS.iter().map(|set| set.table);
    let minima: Vec<_> = tables
        .map(|table| format!("SELECT min(tenant_id) AS next FROM {table} WHERE tenant_id > ?1"))
        .chain([
            "SELECT min(tenant_id) FROM event INDEXED BY event_time WHERE tenant_id > ?1 AND voided_ms IS NULL".to_owned()
        ])
        .collect();
    let sql = format!("SELECT min(next) FROM ({})", minima.join(" UNION ALL "));
    Ok(connection.prepare_cached(&sql)?.query_row([above], |row| row.get(0))?)
}

/// From where on a tenant's totals can be recounted: what is older has no events any more.
fn first_slot(connection: &Connection, tenant_id: i64) -> Work<i64> {
    let from = retention::events_from(&connection.into(), TenantId(tenant_id))?;
    Ok(from.map_or(i64::MIN, |from_ms| slot_of(from_ms, DAY)))
}

/// The first day from this slot on that has events or rollups.
fn next_day(connection: &Connection, tenant_id: i64, from: i64) -> Work<Option<i64>> {
    let first_event: Option<i64> = connection
        .prepare_cached(include_str!("../../../sql/sqlite/event/first_from.sql"))?
        .query_row(params![tenant_id, from.saturating_mul(SLOT_MS)], |row| row.get(0))?;
    let mut first = first_event.map(|time_ms| slot_of(time_ms, DAY));
    for set in SETS {
        for width in set.widths {
            let sql = format!(
                "SELECT min(slot) FROM {} WHERE tenant_id = ? AND width = ? AND slot >= ?",
                set.table
            );
            let slot: Option<i64> = connection
                .prepare_cached(&sql)?
                .query_row(params![tenant_id, width, from], |row| row.get(0))?;
            let day = slot.map(|slot| slot.div_euclid(DAY) * DAY);
            first = first.into_iter().chain(day).min();
        }
    }
    Ok(first)
}

/// Recounts a day and hands over every row that is stored or should be; answers how many events the day has.
fn compare(
    connection: &Connection,
    day: TenantDay,
    mut visit: impl FnMut(&'static RollupSet, i64, &RollupKey, Option<&RollupValue>, &RollupValue) -> Work<()>,
) -> Work<u64> {
    let places = dimensions::ready_places(connection, TenantId(day.tenant_id))?;
    let (recounted, events) = recount(connection, day, places)?;
    let nothing = RollupValue::default();
    for (index, set) in SETS.iter().enumerate() {
        // A dimension that is being filled knows some events and not others; what a removed one left is cleared.
        if !set.counts(places) {
            continue;
        }
        for width in set.widths {
            let right = recounted.rows(index, *width)?;
            let stored = stored_rows(connection, set, *width, day)?;
            let keys: HashSet<&RollupKey> = right.keys().chain(stored.keys()).collect();
            for key in keys {
                let is = stored.get(key).map_or(Some(&nothing), Option::as_ref);
                visit(set, *width, key, is, right.get(key).unwrap_or(&nothing))?;
            }
        }
    }
    Ok(events)
}

fn recount(connection: &Connection, day: TenantDay, places: Places) -> Work<(Deltas, u64)> {
    let sql = format!(
        "SELECT {FACT_COLUMNS} FROM event INDEXED BY event_time \
         WHERE tenant_id = ? AND time_ms >= ? AND time_ms < ? AND voided_ms IS NULL"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![day.tenant_id, day.start_ms(), day.end_ms()])?;
    let (mut deltas, mut events) = (Deltas::default(), 0);
    while let Some(row) = rows.next()? {
        deltas.add(day.tenant_id, &Facts::from_row(row, 0, places)?, 1)?;
        events += 1;
    }
    Ok((deltas, events))
}

fn stored_rows(connection: &Connection, set: &RollupSet, width: i64, day: TenantDay) -> Work<StoredRows> {
    let columns = columns(set)[2..].join(", ");
    let sql = format!(
        "SELECT {columns} FROM {} WHERE tenant_id = ? AND width = ? AND slot >= ? AND slot < ?",
        set.table
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![day.tenant_id, width, day.slot, day.slot + DAY])?;
    let mut stored = StoredRows::new();
    while let Some(row) = rows.next()? {
        let (key, value) = stored_row(set, day.tenant_id, row)?;
        stored.insert(key, value);
    }
    Ok(stored)
}

fn stored_row(set: &RollupSet, tenant_id: i64, row: &Row<'_>) -> Work<(RollupKey, Option<RollupValue>)> {
    let mut key = RollupKey { tenant_id, slot: row.get(0)?, labels: Default::default() };
    for (i, label) in key.labels[..set.dimensions.len()].iter_mut().enumerate() {
        *label = row.get(1 + i)?;
    }
    let first = 1 + set.dimensions.len();
    let Some(sums) = sums_from_row(row.get_ref(first)?) else { return Ok((key, None)) };
    if !set.sketches {
        return Ok((key, Some(RollupValue { sums, ..RollupValue::default() })));
    }
    let latency = sketch_from_row(row.get_ref(first + 1)?);
    let time_to_first_token = sketch_from_row(row.get_ref(first + 2)?);
    let value = latency.zip(time_to_first_token).map(|(latency, time_to_first_token)| RollupValue {
        sums,
        latency,
        time_to_first_token,
    });
    Ok((key, value))
}

/// The first column in which two rows differ.
fn difference(
    set: &RollupSet,
    width: i64,
    key: &RollupKey,
    stored: Option<&RollupValue>,
    recounted: &RollupValue,
) -> Option<Finding> {
    let found = |column, stored, recounted| {
        Some(Finding::Rollup {
            set: set.name,
            tenant_id: key.tenant_id,
            width,
            start_ms: key.slot * SLOT_MS,
            labels: key.labels[..set.dimensions.len()].to_vec(),
            column,
            stored,
            recounted,
        })
    };
    let Some(stored) = stored else { return found("row", None, None) };
    for (i, column) in SUM_NAMES.iter().enumerate() {
        let (is, should) = (stored.sums.0[i], recounted.sums.0[i]);
        if is != should {
            return found(column, Some(is), Some(should));
        }
    }
    if stored.latency != recounted.latency {
        return found("latency", None, None);
    }
    if stored.time_to_first_token != recounted.time_to_first_token {
        return found("time_to_first_token", None, None);
    }
    None
}

fn delete_row(connection: &Connection, set: &RollupSet, width: i64, key: &RollupKey) -> Work<()> {
    let columns = columns(set);
    let conditions: Vec<_> =
        columns[..3 + set.dimensions.len()].iter().map(|column| format!("{column} = ?")).collect();
    let sql = format!("DELETE FROM {} WHERE {}", set.table, conditions.join(" AND "));
    let mut values = vec![key.tenant_id, width, key.slot];
    values.extend(&key.labels[..set.dimensions.len()]);
    connection.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
    Ok(())
}
