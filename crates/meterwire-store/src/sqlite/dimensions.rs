//! What declared dimensions are in the embedded store: rollups at eight places, which are filled and cleared.

use crate::catalog::dimensions;
use crate::error::{Fault, Work};
use crate::row::{Places, place_from_row, place_to_row};
use crate::session::Session;
use crate::sqlite::connection::{damaged_rollup, sums_from_row};
use crate::sqlite::retention;
use crate::sqlite::rollup::{DAY, RollupSet, SETS, SLOT_MS};
use crate::sqlite::writer::FillBatch;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// The most events of all tenants that are looked at to find those to be counted in one transaction.
const MAX_LOOKED_AT: i64 = 500_000;
/// The most rows of a removed dimension's rollups that are deleted in one transaction.
const MAX_CLEARED: i64 = 1_000;

/// Refuses a question that uses a dimension which is not there, is being filled, or knows nothing of so early a time.
pub(crate) fn require_ready(
    connection: &Connection,
    tenant: TenantId,
    dimensions: impl IntoIterator<Item = Dimension>,
    from_ms: i64,
) -> Work<()> {
    for dimension in dimensions {
        let Dimension::Property(place) = dimension else { continue };
        if let Some(known_from_ms) = dimensions::known_from(&connection.into(), tenant, place)? {
            retention::require_kept(connection, tenant, known_from_ms, from_ms..known_from_ms)?;
        }
    }
    Ok(())
}

/// Which events the dimensions of all tenants count.
pub(crate) struct Filled(HashMap<(i64, i64), (i64, i64)>);

impl Filled {
    /// Whether a dimension at this place counts this event.
    pub(crate) fn counts(&self, tenant_id: i64, place: Place, seq: i64) -> bool {
        let found = self.0.get(&(tenant_id, place_to_row(place)));
        found.is_some_and(|(filled_seq, fill_to_seq)| seq <= *filled_seq || seq > *fill_to_seq)
    }
}

pub(crate) fn filled(connection: &Connection) -> Work<Filled> {
    let mut statement =
        connection.prepare_cached("SELECT tenant_id, place, filled_seq, fill_to_seq FROM dimension")?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?;
    Ok(Filled(rows.collect::<rusqlite::Result<_>>()?))
}

/// The places by which every event of a tenant is counted.
pub(crate) fn ready_places(connection: &Connection, tenant: TenantId) -> Work<Places> {
    let mut places = Places::NONE;
    for dimension in
        dimensions::list(&connection.into(), tenant)?.iter().filter(|dimension| dimension.declared.ready)
    {
        places.insert(dimension.declared.place);
    }
    Ok(places)
}

/// The first of these places that an earlier dimension left nothing at, else the first, cleared: what is left there is
/// cleared by and by, and a clean place need not wait for it.
pub(crate) fn clean_place(connection: &Connection, tenant: TenantId, free: &[Place]) -> Work<Place> {
    let none = || Fault::Damaged("no place is free".to_owned());
    let mut place = *free.first().ok_or_else(none)?;
    for other in free {
        if !has_rollups(connection, tenant, *other)? {
            place = *other;
            break;
        }
    }
    delete_rollups(connection, tenant, place, i64::MAX)?;
    Ok(place)
}

/// About how many events a tenant has that are not voided, by the totals of its days.
pub(crate) fn count_events(connection: &Connection, tenant: TenantId) -> Work<i64> {
    let from: Option<i64> = connection
        .prepare_cached("SELECT events_from_ms FROM tenant WHERE id = ?")?
        .query_row([tenant.0], |row| row.get(0))?;
    let first_slot = from.map_or(i64::MIN, |from_ms| from_ms.div_euclid(SLOT_MS));
    let mut statement = connection
        .prepare_cached("SELECT sums FROM rollup_total WHERE tenant_id = ? AND width = ? AND slot >= ?")?;
    let mut rows = statement.query(params![tenant.0, DAY, first_slot])?;
    let mut events = 0_i64;
    while let Some(row) = rows.next()? {
        let sums = sums_from_row(row.get_ref(0)?).ok_or_else(damaged_rollup)?;
        events = events.saturating_add(sums.calls());
    }
    Ok(events)
}

/// The next events to be counted by a dimension that is not ready yet; `None` where every one is.
pub(crate) fn next_batch(connection: &Connection, most_events: usize) -> Work<Option<FillBatch>> {
    let next: Option<(i64, i64, i64, i64)> = connection
        .prepare_cached(include_str!("../../sql/dimension/next_to_fill.sql"))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((tenant_id, place, from_seq, last_seq)) = next else { return Ok(None) };
    let Some(place) = place_from_row(place) else { return Ok(None) };
    let mut to_seq = last_seq.min(from_seq.saturating_add(MAX_LOOKED_AT));
    let mut statement =
        connection.prepare_cached(include_str!("../../sql/sqlite/dimension/events_to_fill.sql"))?;
    let most = most_events.max(1);
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![from_seq, to_seq, tenant_id, limit], |row| row.get(0))?;
    let seqs = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    if let Some(last) = seqs.last().filter(|_| seqs.len() == most) {
        to_seq = *last;
    }
    Ok(Some(FillBatch { tenant: TenantId(tenant_id), place, from_seq, to_seq, last_seq, seqs }))
}

/// A place whose dimension is gone and whose rollups are not.
pub(crate) fn next_to_clear(connection: &Connection) -> Work<Option<(TenantId, Place)>> {
    let mut statement = connection.prepare_cached("SELECT id FROM tenant ORDER BY id")?;
    let tenants = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    for tenant in tenants.into_iter().map(TenantId) {
        let declared = dimensions::list(&connection.into(), tenant)?;
        for place in Place::ALL {
            let is_free = declared.iter().all(|dimension| dimension.declared.place != place);
            if is_free && has_rollups(connection, tenant, place)? {
                return Ok(Some((tenant, place)));
            }
        }
    }
    Ok(None)
}

/// Deletes some rollups of a place whose dimension is gone; `false` where nothing was left.
pub(crate) fn clear(session: &mut Session, tenant: TenantId, place: Place) -> Work<bool> {
    let declared = dimensions::list(&session.connection, tenant)?;
    if declared.iter().any(|dimension| dimension.declared.place == place) {
        return Ok(false);
    }
    Ok(delete_rollups(session.connection.sqlite()?, tenant, place, MAX_CLEARED)? > 0)
}

fn set_of(place: Place) -> Work<&'static RollupSet> {
    let is_it = |set: &&RollupSet| set.dimensions == [Dimension::Property(place)];
    SETS.iter().find(is_it).ok_or_else(|| Fault::Damaged("a place without a rollup".to_owned()))
}

fn has_rollups(connection: &Connection, tenant: TenantId, place: Place) -> Work<bool> {
    let sql = format!("SELECT EXISTS (SELECT 1 FROM {} WHERE tenant_id = ?)", set_of(place)?.table);
    Ok(connection.prepare_cached(&sql)?.query_row([tenant.0], |row| row.get(0))?)
}

/// Deletes the first rows of a place's set; answers how many.
fn delete_rollups(connection: &Connection, tenant: TenantId, place: Place, limit: i64) -> Work<usize> {
    let set = set_of(place)?;
    let (table, label) = (set.table, Dimension::Property(place).name());
    let sql = format!(
        "DELETE FROM {table} WHERE tenant_id = ?1 AND (width, slot, {label}) IN \
         (SELECT width, slot, {label} FROM {table} WHERE tenant_id = ?1 LIMIT ?2)"
    );
    Ok(connection.prepare_cached(&sql)?.execute(params![tenant.0, limit])?)
}
