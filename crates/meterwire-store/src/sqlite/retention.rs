//! Which events the embedded store drops for their age, and which questions that leaves without an answer.

use crate::catalog::retention::{beyond, events_from};
use crate::error::Work;
use crate::plan::Plan;
use crate::session::Session;
use crate::sqlite::rollup::{DAY, HOUR, slot_of};
use meterwire_app::ports::TenantId;
use rusqlite::{Connection, params};
use std::collections::HashSet;
use std::ops::Range;

/// Some of the events that may be dropped: number and time.
pub(crate) fn to_drop(
    connection: &Connection,
    tenant: TenantId,
    received_before_ms: i64,
    most_events: usize,
) -> Work<Vec<(i64, i64)>> {
    let Some(events_from_ms) = events_from(&connection.into(), tenant)? else { return Ok(Vec::new()) };
    let end_seq = first_received(connection, received_before_ms)?;
    let mut found = Vec::new();
    for sql in [
        include_str!("../../sql/sqlite/event/to_drop.sql"),
        include_str!("../../sql/sqlite/event/voided_to_drop.sql"),
    ] {
        let left = i64::try_from(most_events.saturating_sub(found.len())).unwrap_or(i64::MAX);
        let mut statement = connection.prepare_cached(sql)?;
        let places = params![tenant.0, events_from_ms, end_seq, received_before_ms, left];
        let rows = statement.query_map(places, |row| Ok((row.get(0)?, row.get(1)?)))?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// About the first event that was received at this instant or later, so that the newer ones need not be looked at: events
/// are numbered in the order of recording, in which they were received but for moments.
fn first_received(connection: &Connection, at_ms: i64) -> Work<i64> {
    let last: i64 = connection
        .prepare_cached("SELECT ifnull(max(seq), 0) FROM event")?
        .query_row([], |row| row.get(0))?;
    let mut statement = connection
        .prepare_cached("SELECT seq, received_ms FROM event WHERE seq >= ? ORDER BY seq LIMIT 1")?;
    // The event with the highest number stays, so that its number is not given out again.
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        let (seq, received_ms): (i64, i64) =
            statement.query_row([middle], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if received_ms < at_ms {
            low = seq + 1;
        } else {
            high = middle;
        }
    }
    Ok(low.min(last))
}

/// Drops events; what was made of them besides the rollups goes with them.
pub(crate) fn drop_events(session: &mut Session, tenant: TenantId, events: &[(i64, i64)]) -> Work<usize> {
    let mut hours = HashSet::new();
    let mut dropped = 0;
    for (seq, time_ms) in events {
        dropped += session.change(include_str!("../../sql/sqlite/event/drop.sql"), [seq])?;
        session.change(include_str!("../../sql/sqlite/rerated/drop.sql"), [seq])?;
        // It was kept to know what voiding the event would take back.
        session.change("DELETE FROM reservation WHERE event_seq = ?", [seq])?;
        hours.insert(slot_of(*time_ms, HOUR));
    }
    session.changed_in_place(tenant, &hours)?;
    Ok(dropped)
}

/// Refuses a plan that reads single events from before what is kept.
pub(crate) fn require_kept_for(connection: &Connection, tenant: TenantId, plan: &Plan) -> Work<()> {
    let Some(events_from_ms) = events_from(&connection.into(), tenant)? else { return Ok(()) };
    for piece in plan.pieces.iter().filter(|piece| piece.width.is_none()) {
        require_kept(connection, tenant, events_from_ms, piece.from_ms..piece.to_ms)?;
    }
    Ok(())
}

/// Refuses a question that needs single events of a span from before `events_from_ms`, if there were any.
pub(crate) fn require_kept(
    connection: &Connection,
    tenant: TenantId,
    events_from_ms: i64,
    span: Range<i64>,
) -> Work<()> {
    let end_ms = span.end.min(events_from_ms);
    if span.start >= end_ms {
        return Ok(());
    }
    let had_events: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM rollup_total WHERE tenant_id = ? AND width = ? AND slot >= ? AND slot < ?)",
        )?
        .query_row(
            params![tenant.0, DAY, slot_of(span.start, DAY), slot_of(end_ms - 1, DAY) + DAY],
            |row| row.get(0),
        )?;
    if !had_events {
        return Ok(());
    }
    Err(beyond(events_from_ms).into())
}
