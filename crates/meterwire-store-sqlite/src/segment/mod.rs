//! Segments: the events of an hour or a day of a tenant once more, column by column, for questions that no rollup fits.
//!
//! A raw event costs about a microsecond to read, a row of a segment a few nanoseconds. A segment and the list of those
//! events of its time that came later hold exactly the events of that time that are not voided: the list grows in the
//! transaction that appends, and whatever changes events where they stand takes the segment away in its own. Time
//! without a segment is read from the events. Segments are made in the background; nothing waits for them: hours on the
//! running day, then one of the whole day where it is not too large. They never overlap.

mod codec;
mod check;
mod seal;
mod walk;

pub(crate) use check::{check, mend};
pub(crate) use codec::Coded;
pub(crate) use seal::SealSearch;
pub(crate) use walk::{Segment, Step, walk};

use crate::error::Work;
use crate::label::{LABELS, text_index};
use crate::rollup::{DAY, HOUR, slot_of};
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
        let fixed = [Self::TIME, Self::SEQ, Self::STATUS, Self::LATENCY, Self::FIRST_TOKEN];
        fixed.into_iter().chain((0..LABELS).map(Self::of_label)).chain((2..14).map(Self::of_sum))
    }
}

/// The start of the hour that holds an instant, in quarters of an hour.
pub(crate) fn hour_of(time_ms: i64) -> i64 {
    slot_of(time_ms, HOUR)
}

/// The start of the day that holds an hour.
fn day_of(hour: i64) -> i64 {
    hour.div_euclid(DAY) * DAY
}

/// The most hours that are remembered.
const MAX_REMEMBERED: usize = 20_000;

/// Which segment an hour belongs to, if any, as the writer remembers it.
#[derive(Debug, Default)]
pub(crate) struct SealedHours(HashMap<(i64, i64), Option<i64>>);

impl SealedHours {
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
        let hour = hour_of(time_ms);
        let sealed = match self.0.get(&(tenant_id, hour)) {
            Some(sealed) => *sealed,
            None => self.look_up(connection, tenant_id, hour)?,
        };
        if let Some(slot) = sealed {
            connection
                .prepare_cached("INSERT INTO segment_late (tenant_id, slot, seq) VALUES (?, ?, ?)")?
                .execute([tenant_id, slot, seq])?;
        }
        Ok(())
    }

    fn look_up(&mut self, connection: &Connection, tenant_id: i64, hour: i64) -> Work<Option<i64>> {
        if self.0.len() >= MAX_REMEMBERED {
            self.0.clear();
        }
        let sealed = segment_of(connection, tenant_id, hour)?;
        self.0.insert((tenant_id, hour), sealed);
        Ok(sealed)
    }

    /// Takes away the segment of an hour and its list.
    pub(crate) fn drop_hour(&mut self, connection: &Connection, tenant: TenantId, hour: i64) -> Work<()> {
        if let Some(slot) = segment_of(connection, tenant.0, hour)? {
            drop_segment(connection, tenant.0, slot)?;
            self.0.clear();
        }
        Ok(())
    }
}

/// The start of the segment that holds an hour.
fn segment_of(connection: &Connection, tenant_id: i64, hour: i64) -> Work<Option<i64>> {
    let sql = "SELECT slot FROM segment WHERE tenant_id = ?1 AND part = ?2 AND slot <= ?3 AND slot + width > ?3 \
               AND slot >= ?4 ORDER BY slot DESC LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row(params![tenant_id, Part::SEQ.0, hour, day_of(hour)], |row| row.get(0))
        .optional()?;
    Ok(found)
}

fn drop_segment(connection: &Connection, tenant_id: i64, slot: i64) -> Work<()> {
    drop_between(connection, tenant_id, slot, slot + 1)
}

/// Takes away the segments of a tenant that begin in a stretch of time, with their lists.
pub(crate) fn drop_between(connection: &Connection, tenant_id: i64, from: i64, to: i64) -> Work<()> {
    let sql = "DELETE FROM segment WHERE tenant_id = ? AND part = ? AND slot >= ? AND slot < ?";
    let mut delete = connection.prepare_cached(sql)?;
    for part in Part::all() {
        delete.execute(params![tenant_id, part.0, from, to])?;
    }
    connection
        .prepare_cached("DELETE FROM segment_late WHERE tenant_id = ? AND slot >= ? AND slot < ?")?
        .execute([tenant_id, from, to])?;
    Ok(())
}
