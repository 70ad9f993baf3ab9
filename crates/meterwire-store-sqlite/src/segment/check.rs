//! The doctor's part: whether each segment and its list of late events hold the events of the hour.

use super::seal::columns;
use super::{Part, drop_segment};
use crate::error::Work;
use crate::rollup::{DAY, HOUR};
use rusqlite::{Connection, OptionalExtension, params};

/// Calls back with the tenant and the start of each segment that is not what the events say.
pub(crate) fn check(connection: &Connection, mut wrong: impl FnMut(i64, i64)) -> Work<()> {
    let sql = "SELECT tenant_id, slot, max(width) FROM (SELECT tenant_id, slot, width FROM segment WHERE part = ?1 \
               UNION ALL SELECT tenant_id, slot, 0 FROM segment_late) GROUP BY tenant_id, slot ORDER BY tenant_id, slot";
    let mut statement = connection.prepare(sql)?;
    let segments =
        statement.query_map([Part::SEQ.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let sql = "SELECT data FROM segment WHERE tenant_id = ?1 AND part = ?2 AND slot = ?3 AND width = ?4 AND events = ?5";
    let mut part_of = connection.prepare(sql)?;
    // Where the last one ended; segments do not overlap.
    let mut end = (i64::MIN, i64::MIN);
    for segment in segments {
        let (tenant_id, slot, width): (i64, i64, i64) = segment?;
        let expected = columns(connection, tenant_id, slot, width, true)?;
        let mut right = (width == HOUR || width == DAY) && (tenant_id, slot) >= end;
        for part in Part::all() {
            let stored: Option<Vec<u8>> = part_of
                .query_row(params![tenant_id, part.0, slot, width, expected.events as i64], |row| row.get(0))
                .optional()?;
            let wanted = expected.parts.iter().find(|(other, _)| *other == part).map(|(_, data)| data);
            right &= stored.as_ref() == wanted;
        }
        if !right {
            wrong(tenant_id, slot);
        }
        end = (tenant_id, slot + width);
    }
    Ok(())
}

/// Takes away segments; what they held is read from the events until they are made anew.
pub(crate) fn mend(connection: &Connection, segments: &[(i64, i64)]) -> Work<u64> {
    for (tenant_id, slot) in segments {
        drop_segment(connection, *tenant_id, *slot)?;
    }
    Ok(segments.len() as u64)
}
