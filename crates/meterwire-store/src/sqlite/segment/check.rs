//! The doctor's part: whether each segment and its list of late events hold the events of the hour.

use super::columns::columns;
use super::{Part, drop_segment};
use crate::error::Work;
use crate::sqlite::rollup::{DAY, SLOT_MS};
use meterwire_core::period::Range;
use rusqlite::{Connection, OptionalExtension, params};

/// Calls back with the tenant and the start of each segment that is not what the events say.
pub(crate) fn check(connection: &Connection, mut wrong: impl FnMut(i64, i64)) -> Work<()> {
    let sql = "SELECT tenant_id, start_ms, max(end_ms), max(events), max(first_seq), max(last_seq) FROM \
               (SELECT tenant_id, start_ms, end_ms, events, first_seq, last_seq FROM segment WHERE part = ?1 \
               UNION ALL SELECT tenant_id, start_ms, start_ms, 0, 0, 0 FROM segment_late) \
               GROUP BY tenant_id, start_ms ORDER BY tenant_id, start_ms";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([Part::SEQ.0])?;
    let sql = "SELECT data FROM segment WHERE tenant_id = ?1 AND part = ?2 AND start_ms = ?3";
    let mut part_of = connection.prepare(sql)?;
    // Where the last one ended; segments do not overlap.
    let mut end = (i64::MIN, i64::MIN);
    while let Some(row) = rows.next()? {
        let (tenant_id, range) = (row.get(0)?, Range { from_ms: row.get(1)?, to_ms: row.get(2)? });
        let expected = columns(connection, tenant_id, range, true)?;
        let head = (expected.events as i64, expected.seqs.0, expected.seqs.1);
        let mut right = range.from_ms < range.to_ms
            && range.to_ms - range.from_ms <= DAY * SLOT_MS
            && (tenant_id, range.from_ms) >= end
            && (row.get(3)?, row.get(4)?, row.get(5)?) == head;
        for part in Part::all() {
            let stored: Option<Vec<u8>> =
                part_of.query_row(params![tenant_id, part.0, range.from_ms], |row| row.get(0)).optional()?;
            let wanted = expected.parts.iter().find(|(other, _)| *other == part).map(|(_, data)| data);
            right &= stored.as_ref() == wanted;
        }
        if !right {
            wrong(tenant_id, range.from_ms);
        }
        end = (tenant_id, range.to_ms);
    }
    Ok(())
}

/// Takes away segments; what they held is read from the events until they are made anew.
pub(crate) fn mend(connection: &Connection, segments: &[(i64, i64)]) -> Work<u64> {
    for (tenant_id, start_ms) in segments {
        drop_segment(connection, *tenant_id, *start_ms)?;
    }
    Ok(segments.len() as u64)
}
