//! Segments: the events of a stretch of time of a tenant once more, column by column, for questions that no rollup fits.
//!
//! A raw event costs about a microsecond to read, a row of a segment a few nanoseconds. A segment and the list of those
//! events of its time that came later hold exactly the events of that time that are not voided: the list grows in the
//! transaction that appends, and whatever changes events where they stand takes the segment away in its own. Time
//! without a segment is read from the events. Segments are made in the background; nothing waits for them: pieces of the
//! running day as it grows, then one of the whole day where it is not too large. They never overlap.

mod check;
mod codec;
mod columns;
mod packed;
mod seal;
mod walk;

pub(crate) use check::{check, mend};
pub(crate) use codec::{Coded, Numbers, encode_numbers};
pub(crate) use packed::{FEW_GROUPS, Picked, count_rows};
pub(crate) use seal::SealSearch;
pub(crate) use walk::{Segment, Step, covered, walk};

use crate::error::Work;
use crate::label::{LABELS, text_index};
use crate::sqlite::column_cache::{PackedKind, drop_version};
use crate::sqlite::rollup::{DAY, HOUR, SLOT_MS, slot_of};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::Dimension;
use rusqlite::{Connection, OptionalExtension, params};

/// The column of a segment; the codes are on disk, so they must never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part(u8);

impl Part {
    /// Milliseconds since the start of the segment, ascending.
    pub(crate) const TIME: Self = Self(0);
    /// The numbers of the events. Every segment has this part.
    pub(crate) const SEQ: Self = Self(1);
    const STATUS: Self = Self(2);
    const FIRST_LABEL: u8 = 10;
    const FIRST_SUM: u8 = 30;
    /// Latency in milliseconds, -1 where there is none.
    pub(crate) const LATENCY: Self = Self(50);
    /// Time to first token in milliseconds, -1 where there is none.
    pub(crate) const FIRST_TOKEN: Self = Self(51);
    /// The number that stands for the hash of the request, 0 where there is none.
    pub(crate) const REQUEST: Self = Self(52);

    /// 1 where an event has no price, else 0.
    pub(crate) const UNPRICED: Self = Self(Self::FIRST_SUM + 2);

    /// As it is stored.
    pub(crate) fn code(self) -> u8 {
        self.0
    }

    /// The numbers that stand for the values of a dimension: a dictionary column.
    pub(crate) fn of_dimension(dimension: Dimension) -> Self {
        match text_index(dimension) {
            Some(index) => Self::of_label(index),
            None => Self::STATUS,
        }
    }

    /// A sum by its place in [`crate::sums::SUM_NAMES`], from the number of events without a price on; calls and errors
    /// have none.
    pub(crate) fn of_sum(place: usize) -> Self {
        Self(Self::FIRST_SUM + u8::try_from(place).unwrap_or(0))
    }

    fn of_label(index: usize) -> Self {
        Self(Self::FIRST_LABEL + u8::try_from(index).unwrap_or(0))
    }

    /// Every part.
    fn all() -> impl Iterator<Item = Self> {
        let fixed = [Self::TIME, Self::SEQ, Self::STATUS, Self::LATENCY, Self::FIRST_TOKEN, Self::REQUEST];
        fixed.into_iter().chain((0..LABELS).map(Self::of_label)).chain((2..14).map(Self::of_sum))
    }
}

/// The start of the hour that holds an instant, in quarters of an hour.
pub(crate) fn hour_of(time_ms: i64) -> i64 {
    slot_of(time_ms, HOUR)
}

/// What the writer remembers of a tenant's segments.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// From here on there is none.
    end_ms: i64,
    /// The one that was met last: its start and end.
    last: (i64, i64),
}

/// Which time has segments, as the writer remembers it.
#[derive(Debug, Default)]
pub(crate) struct SealedTime(HashMap<i64, Known>);

impl SealedTime {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Lists an event as late where its time has a segment.
    pub(crate) fn note_event(
        &mut self,
        connection: &Connection,
        tenant_id: i64,
        time_ms: i64,
        seq: i64,
    ) -> Work<()> {
        let known = if let Some(known) = self.0.get_mut(&tenant_id) {
            known
        } else {
            let sql = "SELECT ifnull(max(start_ms), ?3) FROM segment WHERE tenant_id = ?1 AND part = ?2";
            let newest: i64 = connection
                .prepare_cached(sql)?
                .query_row(params![tenant_id, Part::SEQ.0, i64::MIN], |row| row.get(0))?;
            let last = segment_at(connection, tenant_id, newest)?.unwrap_or((i64::MIN, i64::MIN));
            self.0.entry(tenant_id).or_insert(Known { end_ms: last.1, last })
        };
        if time_ms >= known.end_ms {
            return Ok(());
        }
        if !(known.last.0..known.last.1).contains(&time_ms) {
            match segment_at(connection, tenant_id, time_ms)? {
                Some(found) => known.last = found,
                None => return Ok(()),
            }
        }
        connection
            .prepare_cached("INSERT INTO segment_late (tenant_id, start_ms, seq) VALUES (?, ?, ?)")?
            .execute([tenant_id, known.last.0, seq])?;
        Ok(())
    }

    /// Takes away the segments that hold something of an hour, with their lists.
    pub(crate) fn drop_hour(&mut self, connection: &Connection, tenant: TenantId, hour: i64) -> Work<()> {
        let start_ms = hour * SLOT_MS;
        self.drop_between(connection, tenant.0, start_ms, start_ms + HOUR * SLOT_MS)
    }

    /// Takes away the segments that hold something of a stretch of time, with their lists.
    fn drop_between(
        &mut self,
        connection: &Connection,
        tenant_id: i64,
        from_ms: i64,
        to_ms: i64,
    ) -> Work<()> {
        // No segment is longer than a day.
        let sql = "SELECT start_ms FROM segment WHERE tenant_id = ?1 AND part = ?2 AND start_ms > ?3 - ?5 \
                   AND start_ms < ?4 AND end_ms > ?3";
        let mut statement = connection.prepare_cached(sql)?;
        let found = statement
            .query_map(params![tenant_id, Part::SEQ.0, from_ms, to_ms, DAY * SLOT_MS], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        for start_ms in found {
            drop_segment(connection, tenant_id, start_ms)?;
            self.0.remove(&tenant_id);
        }
        Ok(())
    }
}

/// Start and end of the segment that holds an instant.
fn segment_at(connection: &Connection, tenant_id: i64, time_ms: i64) -> Work<Option<(i64, i64)>> {
    let sql = "SELECT start_ms, end_ms FROM segment WHERE tenant_id = ?1 AND part = ?2 AND start_ms <= ?3 \
               ORDER BY start_ms DESC LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![tenant_id, Part::SEQ.0, time_ms], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found.filter(|(_, end_ms)| time_ms < *end_ms))
}

fn drop_segment(connection: &Connection, tenant_id: i64, start_ms: i64) -> Work<()> {
    drop_version(connection, PackedKind::Segment, tenant_id, start_ms)?;
    let sql = "DELETE FROM segment WHERE tenant_id = ? AND part = ? AND start_ms = ?";
    let mut delete = connection.prepare_cached(sql)?;
    for part in Part::all() {
        delete.execute(params![tenant_id, part.0, start_ms])?;
    }
    connection
        .prepare_cached("DELETE FROM segment_late WHERE tenant_id = ? AND start_ms = ?")?
        .execute([tenant_id, start_ms])?;
    Ok(())
}
