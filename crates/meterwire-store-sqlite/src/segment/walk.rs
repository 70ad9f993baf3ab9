//! Going over a stretch of time: its segments, and the gaps between them where only events are.

use super::Part;
use super::codec::{Coded, Numbers, encode_numbers};
use crate::connection::{damaged_rollup, sums_from_row};
use crate::error::{Fault, Work};
use crate::rollup::{DAY, SLOT_MS, slot_of};
use meterwire_app::ports::TenantId;
use meterwire_core::period::Range;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Connection, OptionalExtension, Rows, params};
use std::cell::OnceCell;

/// A part of a stretch of time.
pub(crate) enum Step<'a> {
    /// A segment; it may stick out of the stretch.
    Segment(Segment<'a>),
    /// Where events have to be read.
    Gap(Range),
}

/// Events in columns.
pub(crate) struct Segment<'a> {
    /// Its first instant, and the first after it.
    pub(crate) range: Range,
    /// How many events it holds.
    pub(crate) count: usize,
    /// The smallest and the largest seq of them.
    pub(crate) seqs: (i64, i64),
    connection: &'a Connection,
    tenant: TenantId,
    parts: &'a [Part],
    data: Vec<Option<&'a [u8]>>,
    times: OnceCell<Vec<u8>>,
}

impl<'a> Segment<'a> {
    /// A column of numbers, one of the parts that were asked for.
    pub(crate) fn numbers(&self, part: Part) -> Work<Numbers<'a>> {
        match self.data_of(part) {
            None => Ok(Numbers::ZERO),
            Some(data) => Numbers::read(data, self.count).ok_or_else(damaged),
        }
    }

    /// A dictionary column, one of the parts that were asked for.
    pub(crate) fn coded(&self, part: Part) -> Work<Coded<'a>> {
        match self.data_of(part) {
            None => Ok(Coded::zero()),
            Some(data) => Coded::read(data, self.count).ok_or_else(damaged),
        }
    }

    fn data_of(&self, part: Part) -> Option<&'a [u8]> {
        self.parts.iter().position(|other| *other == part).and_then(|place| self.data[place])
    }

    /// A column of numbers that was not asked for, looked up by itself.
    pub(crate) fn fetch(&self, part: Part) -> Work<Vec<u8>> {
        let sql = "SELECT data FROM segment WHERE tenant_id = ? AND part = ? AND start_ms = ?";
        let found = self
            .connection
            .prepare_cached(sql)?
            .query_row(params![self.tenant.0, part.0, self.range.from_ms], |row| row.get(0))
            .optional()?;
        // A column of nothing but zeros is not stored.
        Ok(found.unwrap_or_else(|| {
            let mut data = Vec::new();
            encode_numbers(&[0], &mut data);
            data
        }))
    }

    /// Reads what [`Self::fetch`] brought.
    pub(crate) fn read<'b>(&self, data: &'b [u8]) -> Work<Numbers<'b>> {
        Numbers::read(data, self.count).ok_or_else(damaged)
    }

    /// The rows whose time lies between two instants.
    pub(crate) fn rows_between(&self, from_ms: i64, to_ms: i64) -> Work<std::ops::Range<usize>> {
        let start_ms = self.range.from_ms;
        if from_ms <= start_ms && to_ms >= self.range.to_ms {
            return Ok(0..self.count);
        }
        let times = self.times()?;
        let first = times.first_from(self.count, from_ms - start_ms);
        Ok(first..times.first_from(self.count, to_ms - start_ms).max(first))
    }

    /// Milliseconds since the segment's start, ascending.
    pub(crate) fn times(&self) -> Work<Numbers<'_>> {
        let data = if let Some(data) = self.times.get() {
            data
        } else {
            let data = self.fetch(Part::TIME)?;
            self.times.get_or_init(|| data)
        };
        self.read(data)
    }
}

fn damaged() -> Fault {
    Fault::Damaged("a segment cannot be read".to_owned())
}

/// The rows of one part, in the order of time.
struct Column<'a> {
    rows: Rows<'a>,
    start_ms: Option<i64>,
}

impl Column<'_> {
    fn advance(&mut self) -> Work<()> {
        self.rows.advance()?;
        self.start_ms = self.rows.get().map(|row| row.get(0)).transpose()?;
        Ok(())
    }

    /// Goes on to a segment, or behind its place where it does not have this part.
    fn advance_to(&mut self, start_ms: i64, descending: bool) -> Work<()> {
        while self.start_ms.is_some_and(|other| if descending { other > start_ms } else { other < start_ms })
        {
            self.advance()?;
        }
        Ok(())
    }

    /// What this part has of a segment.
    fn data(&self, start_ms: i64) -> Work<Option<&[u8]>> {
        match self.rows.get() {
            Some(row) if self.start_ms == Some(start_ms) => {
                Ok(Some(row.get_ref(1)?.as_blob().map_err(|_| damaged())?))
            }
            _ => Ok(None),
        }
    }
}

/// Goes over a stretch of time in its order, or backwards, until `visit` says that it has seen enough.
pub(crate) fn walk(
    connection: &Connection,
    tenant: TenantId,
    range: Range,
    parts: &[Part],
    descending: bool,
    mut visit: impl FnMut(Step<'_>) -> Work<bool>,
) -> Work<()> {
    let mut wanted: Vec<Part> = Vec::with_capacity(parts.len());
    parts.iter().for_each(|part| {
        if !wanted.contains(part) {
            wanted.push(*part);
        }
    });
    let direction = if descending { "DESC" } else { "ASC" };
    // No segment is longer than a day.
    let (first, end) = (range.from_ms - DAY * SLOT_MS, range.to_ms);
    // The part stands in the text, so that each has a prepared statement of its own.
    let sql_of = |part: Part, columns: &str| {
        format!(
            "SELECT {columns} FROM segment WHERE tenant_id = ?1 AND part = {} AND start_ms > ?2 AND start_ms < ?3 \
             ORDER BY start_ms {direction}",
            part.0
        )
    };
    let mut statements = Vec::with_capacity(wanted.len());
    for part in &wanted {
        statements.push(connection.prepare_cached(&sql_of(*part, "start_ms, data"))?);
    }
    let mut columns = Vec::with_capacity(wanted.len());
    for statement in &mut statements {
        let mut column = Column { rows: statement.query(params![tenant.0, first, end])?, start_ms: None };
        column.advance()?;
        columns.push(column);
    }
    let mut all =
        connection.prepare_cached(&sql_of(Part::SEQ, "start_ms, end_ms, events, first_seq, last_seq"))?;
    let mut all = all.query(params![tenant.0, first, end])?;
    // What was not gone over yet.
    let mut left = range;
    while let Some(row) = all.next()? {
        let own = Range { from_ms: row.get(0)?, to_ms: row.get(1)? };
        let count = usize::try_from(row.get::<_, i64>(2)?).map_err(|_| damaged())?;
        let seqs = (row.get(3)?, row.get(4)?);
        // One that ends before the stretch begins.
        if own.to_ms <= range.from_ms {
            continue;
        }
        let gap = cut(&mut left, own, descending);
        if gap.from_ms < gap.to_ms && !visit(Step::Gap(gap))? {
            return Ok(());
        }
        for column in &mut columns {
            column.advance_to(own.from_ms, descending)?;
        }
        let data = columns.iter().map(|column| column.data(own.from_ms)).collect::<Work<Vec<_>>>()?;
        let times = OnceCell::new();
        let segment = Segment { range: own, count, seqs, connection, tenant, parts: &wanted, data, times };
        if !visit(Step::Segment(segment))? {
            return Ok(());
        }
    }
    if left.from_ms < left.to_ms {
        visit(Step::Gap(left))?;
    }
    Ok(())
}

/// How much of a stretch of time is in segments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Covered {
    /// The days that it has to do with.
    pub(crate) days: i64,
    /// Events in segments.
    pub(crate) events: i64,
    /// Events outside of them, late ones aside.
    pub(crate) left: i64,
}

/// So many events outside of segments are as well read one by one.
const MAX_LEFT: i64 = 10_000;

impl Covered {
    /// Nearly all is in segments.
    pub(crate) fn is_packed(self) -> bool {
        self.events > 0 && self.left <= MAX_LEFT.max(self.events / 50)
    }
}

/// Whether nearly all of a stretch of time is in segments.
pub(crate) fn is_packed(connection: &Connection, tenant: TenantId, range: Range) -> Work<bool> {
    Ok(covered(connection, tenant, range)?.is_packed())
}

/// How much of the days of a stretch of time is in segments.
pub(crate) fn covered(connection: &Connection, tenant: TenantId, range: Range) -> Work<Covered> {
    let (first, end) = (slot_of(range.from_ms, DAY), slot_of(range.to_ms - 1, DAY) + DAY);
    let sql = "SELECT ifnull(sum(events), 0) FROM segment WHERE tenant_id = ? AND part = ? AND start_ms >= ? AND start_ms < ?";
    let events: i64 = connection
        .prepare_cached(sql)?
        .query_row(params![tenant.0, Part::SEQ.0, first * SLOT_MS, end * SLOT_MS], |row| row.get(0))?;
    let sql = "SELECT sums FROM rollup_total WHERE tenant_id = ? AND width = ? AND slot >= ? AND slot < ?";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([tenant.0, DAY, first, end])?;
    let (mut calls, mut days) = (0, 0);
    while let Some(row) = rows.next()? {
        calls += sums_from_row(row.get_ref(0)?).ok_or_else(damaged_rollup)?.calls();
        days += 1;
    }
    Ok(Covered { days, events, left: (calls - events).max(0) })
}

/// Takes a segment, and what lies before it in the order of the walk, from what is left; answers what lay before.
fn cut(left: &mut Range, own: Range, descending: bool) -> Range {
    if descending {
        let gap = Range { from_ms: own.to_ms.max(left.from_ms), to_ms: left.to_ms };
        left.to_ms = own.from_ms.min(left.to_ms);
        gap
    } else {
        let gap = Range { from_ms: left.from_ms, to_ms: own.from_ms.min(left.to_ms) };
        left.from_ms = own.to_ms.max(left.from_ms);
        gap
    }
}
