//! Going over a stretch of time: its segments, and the gaps between them where only events are.

use super::Part;
use super::codec::{Coded, Numbers};
use crate::error::{Fault, Work};
use crate::sqlite::column_cache::ColumnCache;
use crate::sqlite::connection::{damaged_rollup, sums_from_row};
use crate::sqlite::rollup::{DAY, SLOT_MS, slot_of};
use meterwire_app::ports::TenantId;
use meterwire_core::period::Range;
use rusqlite::{Connection, params};
use std::cell::OnceCell;
use std::sync::Arc;

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
    source: Source<'a>,
    /// By this its columns are remembered, and what they add up to.
    pub(crate) version: Option<i64>,
    parts: &'a [Part],
    /// By part what was read of it; empty where it holds nothing but zeros.
    data: Vec<OnceCell<Arc<[u8]>>>,
    times: OnceCell<Arc<[u8]>>,
}

/// Where columns come from.
#[derive(Clone, Copy)]
struct Source<'a> {
    connection: &'a Connection,
    tenant: TenantId,
    cache: &'a ColumnCache,
}

impl Source<'_> {
    /// A column; empty where it holds nothing but zeros.
    fn read(self, version: Option<i64>, part: Part, start_ms: i64) -> Work<Arc<[u8]>> {
        let read = || -> Work<Arc<[u8]>> {
            let sql = "SELECT data FROM segment WHERE tenant_id = ? AND part = ? AND start_ms = ?";
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query(params![self.tenant.0, part.0, start_ms])?;
            match rows.next()? {
                Some(row) => Ok(row.get_ref(0)?.as_blob().map_err(|_| damaged())?.into()),
                None => Ok(Arc::default()),
            }
        };
        self.cache.get(version, part.0.into(), read)
    }
}

impl Segment<'_> {
    /// A column of numbers, one of the parts that were asked for.
    pub(crate) fn numbers(&self, part: Part) -> Work<Numbers<'_>> {
        match self.data_of(part)? {
            [] => Ok(Numbers::ZERO),
            data => Numbers::read(data, self.count).ok_or_else(damaged),
        }
    }

    /// A dictionary column, one of the parts that were asked for.
    pub(crate) fn coded(&self, part: Part) -> Work<Coded<'_>> {
        match self.data_of(part)? {
            [] => Ok(Coded::zero()),
            data => Coded::read(data, self.count).ok_or_else(damaged),
        }
    }

    /// What is remembered of it and of others.
    pub(crate) fn cache(&self) -> &ColumnCache {
        self.source.cache
    }

    /// What the segment has of a part. Nothing of it is read before it is asked for.
    fn data_of(&self, part: Part) -> Work<&[u8]> {
        let Some(cell) = self.parts.iter().position(|other| *other == part).and_then(|at| self.data.get(at))
        else {
            return Ok(&[]);
        };
        if let Some(data) = cell.get() {
            return Ok(data);
        }
        let data = self.source.read(self.version, part, self.range.from_ms)?;
        Ok(cell.get_or_init(|| data))
    }

    /// A column of numbers that was not asked for, looked up by itself.
    pub(crate) fn fetch(&self, part: Part) -> Work<Arc<[u8]>> {
        self.source.read(self.version, part, self.range.from_ms)
    }

    /// Reads what [`Self::fetch`] brought.
    pub(crate) fn read<'b>(&self, data: &'b [u8]) -> Work<Numbers<'b>> {
        // A column of nothing but zeros is not stored.
        if data.is_empty() {
            return Ok(Numbers::ZERO);
        }
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

/// Goes over a stretch of time in its order, or backwards, until `visit` says that it has seen enough. Columns are
/// remembered for the next question.
pub(crate) fn walk(
    connection: &Connection,
    cache: &ColumnCache,
    tenant: TenantId,
    range: Range,
    parts: &[Part],
    descending: bool,
    mut visit: impl FnMut(Step<'_>) -> Work<bool>,
) -> Work<()> {
    let source = Source { connection, tenant, cache };
    let mut wanted: Vec<Part> = Vec::with_capacity(parts.len());
    parts.iter().for_each(|part| {
        if !wanted.contains(part) {
            wanted.push(*part);
        }
    });
    let direction = if descending { "DESC" } else { "ASC" };
    // No segment is longer than a day.
    let (first, end) = (range.from_ms - DAY * SLOT_MS, range.to_ms);
    let sql = format!(
        "SELECT start_ms, end_ms, events, first_seq, last_seq, (SELECT version FROM packed_version AS v \
         WHERE v.tenant_id = ?1 AND v.kind = 0 AND v.start_ms = segment.start_ms) FROM segment \
         WHERE tenant_id = ?1 AND part = ?4 AND start_ms > ?2 AND start_ms < ?3 ORDER BY start_ms {direction}"
    );
    let mut all = source.connection.prepare_cached(&sql)?;
    let mut all = all.query(params![source.tenant.0, first, end, Part::SEQ.0])?;
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
        let segment = Segment {
            range: own,
            count,
            seqs,
            source,
            version: row.get(5)?,
            parts: &wanted,
            data: vec![OnceCell::new(); wanted.len()],
            times: OnceCell::new(),
        };
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
