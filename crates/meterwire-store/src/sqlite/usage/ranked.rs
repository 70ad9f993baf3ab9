//! Pages of the log from segments: the best rows of a sort column, found in one pass over a few columns.
//!
//! For numbers the pass keeps the best rows so far; what cannot be among them is passed by, whole segments by their
//! smallest and largest value. For texts it goes over the values of the column in their order, some at a time, and looks
//! for rows with one of these, until there are enough. By time, where filters let little through, it goes from segment to
//! segment until there are enough. Time without a segment, and late events, are sorted by SQLite, the page's length of them.

use super::LabelTexts;
use super::best::{Best, Place};
use super::columns::values_of;
use super::log::{cursor_key, cursor_value};
use super::sort_values::{SortValues, sort_parts};
use super::values::Values;
use crate::error::Work;
use crate::sqlite::kept::Kept;
use crate::sqlite::rollup::{DAY, SLOT_MS};
use crate::sqlite::segment::{self, Numbers, Part, Picked, Segment, Step};
use crate::sqlite::sql::{self, LogStartKind, NumberFilter};
use meterwire_app::ports::{CursorValue, LogColumn, LogCursor, LogRequest, LogStart, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

/// How many values of a text column are looked for at first; four times as many at each further look.
const FIRST_VALUES: usize = 16;
/// What remembering the smallest and the largest value of a segment takes.
const BYTES_A_BOUND: usize = 128;

/// The smallest and the largest sort value of segments by their versions, shared by all readers.
pub(crate) type Bounds = Kept<(i64, LogColumn), (i64, i64)>;

/// Where the rows of a page are looked for.
pub(super) struct Ranked<'a> {
    pub(super) connection: &'a Connection,
    pub(super) texts: &'a LabelTexts,
    pub(super) tenant: TenantId,
    pub(super) request: &'a LogRequest,
    pub(super) filters: &'a [NumberFilter],
    /// Rows from the start on that are wanted.
    pub(super) count: usize,
}

impl Ranked<'_> {
    /// The rows from the page's start on, in order.
    pub(super) fn find(&self) -> Work<Vec<LogCursor>> {
        match self.request.column {
            LogColumn::Dimension(dimension) if dimension != Dimension::Status => self.find_texts(dimension),
            _ => self.find_numbers(),
        }
    }

    fn find_numbers(&self) -> Work<Vec<LogCursor>> {
        let column = self.request.column;
        let after = match &self.request.start {
            LogStart::After(cursor) => match cursor_key(column, &cursor.value) {
                Value::Integer(value) => Some(self.turned((value, cursor.seq))),
                _ => None,
            },
            LogStart::Offset(_) => None,
        };
        let mut best = Best::new(self.count, after);
        let by_time = column == LogColumn::Time;
        let mut parts = sort_parts(column);
        parts.extend(self.filter_parts());
        let (mut range, descending) = (self.request.range, self.request.descending);
        let mut segments = None;
        if by_time {
            // What lies before the page is not gone over.
            if let (Some(after), true) = (after, descending) {
                range.to_ms = range.to_ms.min((!after.0).saturating_add(1));
            } else if let Some(after) = after {
                range.from_ms = range.from_ms.max(after.0);
            }
            if range.from_ms >= range.to_ms {
                return Ok(Vec::new());
            }
            // Few, and wherever they are: they are there before the walk decides that it has enough.
            let all = (range.from_ms - DAY * SLOT_MS, range.to_ms);
            self.sorted_by_sql(range, Some(all), |value, seq| self.offer_value(&mut best, value, seq))?;
        }
        segment::walk(
            self.connection,
            self.texts.columns(),
            self.tenant,
            range,
            &parts,
            descending,
            |step| {
                let passed = match step {
                    Step::Gap(gap) => {
                        self.sorted_by_sql(gap, None, |value, seq| self.offer_value(&mut best, value, seq))?;
                        gap
                    }
                    Step::Segment(segment) => {
                        widen(&mut segments, segment.range.from_ms);
                        self.rank_numbers(&segment, &mut best)?;
                        segment.range
                    }
                };
                // Whatever comes later is worse than what lies within the time that was passed.
                let edge = self.turned((if descending { passed.from_ms } else { passed.to_ms - 1 }, 0)).0;
                Ok(!(by_time && best.is_settled(edge)))
            },
        )?;
        if let (Some(segments), false) = (segments, by_time) {
            self.sorted_by_sql(range, Some(segments), |value, seq| self.offer_value(&mut best, value, seq))?;
        }
        let cursors = best.sorted().into_iter().map(|place| {
            let (value, seq) = self.turned(place);
            Ok(LogCursor { value: cursor_value(column, ValueRef::Integer(value))?, seq })
        });
        cursors.collect()
    }

    fn offer_value(&self, best: &mut Best, value: ValueRef<'_>, seq: i64) -> Work<()> {
        best.offer(self.turned((value.as_i64().map_err(rusqlite::Error::from)?, seq)));
        Ok(())
    }

    /// Turned round for a descending page, and back: what was larger is smaller.
    fn turned(&self, (value, seq): (i64, i64)) -> Place {
        if self.request.descending { (!value, !seq) } else { (value, seq) }
    }

    /// Offers the rows of a segment by a column of numbers.
    fn rank_numbers(&self, segment: &Segment<'_>, best: &mut Best) -> Work<()> {
        let column = self.request.column;
        let key = segment.version.map(|version| (version, column));
        let known = key.and_then(|key| segment.cache().bounds().get(&key));
        // What cannot be among the best is not even read.
        if known.is_some_and(|bounds| !self.may_take(segment, bounds, best)) {
            return Ok(());
        }
        let sorted = SortValues::read(segment, column)?;
        if known.is_none() {
            let bounds = sorted.bounds(segment.count);
            if let Some(key) = key {
                segment.cache().bounds().add(key, bounds, BYTES_A_BOUND);
            }
            if !self.may_take(segment, bounds, best) {
                return Ok(());
            }
        }
        let Some(picked) = self.picked(segment)? else { return Ok(()) };
        // The wanted values as they are, not turned.
        let (from, to) = (best.after_value(), best.bound());
        let (from, to) = if self.request.descending { (!to, !from) } else { (from, to) };
        let mut candidates = Vec::new();
        sorted.find(&picked, from, to, |row, value| candidates.push((row, self.turned((value, 0)).0)));
        self.offer_rows(segment, &candidates, best)
    }

    /// Whether a row of a segment, whose sort values lie between these two, can be wanted.
    fn may_take(&self, segment: &Segment<'_>, (smallest, largest): (i64, i64), best: &Best) -> bool {
        let (first, last) = if self.request.descending { (!largest, !smallest) } else { (smallest, largest) };
        best.may_take((first, self.first_seq(segment)), last)
    }

    /// Offers rows whose turned values are known.
    fn offer_rows(&self, segment: &Segment<'_>, candidates: &[(usize, i64)], best: &mut Best) -> Work<()> {
        if candidates.is_empty() {
            return Ok(());
        }
        let data = segment.fetch(Part::SEQ)?;
        let seqs = segment.read(&data)?;
        for (row, value) in candidates {
            best.offer((*value, self.turned((0, seqs.get(*row))).1));
        }
        Ok(())
    }

    /// The first of a segment's numbers in the page's order.
    fn first_seq(&self, segment: &Segment<'_>) -> i64 {
        let (smallest, largest) = segment.seqs;
        if self.request.descending { !largest } else { smallest }
    }

    /// The columns that the filters look at.
    fn filter_parts(&self) -> impl Iterator<Item = Part> {
        let dimensions = self.filters.iter().map(|filter| Part::of_dimension(filter.dimension));
        dimensions.chain(self.request.priced.map(|_| Part::UNPRICED))
    }

    /// Which rows of a segment lie in the range and pass every filter; `None` where none does.
    fn picked(&self, segment: &Segment<'_>) -> Work<Option<Picked>> {
        let range = self.request.range;
        let mut picked = Picked::All(segment.rows_between(range.from_ms, range.to_ms)?);
        for filter in self.filters {
            let column = segment.coded(Part::of_dimension(filter.dimension))?;
            let allowed = column.among(&filter.values);
            if allowed.contains(&false) {
                picked = column.pick(&picked, &allowed);
            }
            if picked.len() == 0 {
                return Ok(None);
            }
        }
        if let Some(priced) = self.request.priced {
            picked = with_number(&segment.numbers(Part::UNPRICED)?, picked, i64::from(!priced));
        }
        Ok((picked.len() > 0).then_some(picked))
    }

    /// Hands over the first rows of the page that lie in a gap, or came after the segments from one to another were made.
    fn sorted_by_sql(
        &self,
        range: Range,
        late: Option<(i64, i64)>,
        mut take: impl FnMut(ValueRef<'_>, i64) -> Work<()>,
    ) -> Work<()> {
        let request = self.request;
        let (kind, start) = match &request.start {
            LogStart::Offset(_) => (LogStartKind::Offset, vec![0.into()]),
            LogStart::After(cursor) => {
                (LogStartKind::After, vec![cursor_key(request.column, &cursor.value), cursor.seq.into()])
            }
        };
        let priced = request.priced;
        let mut sql = sql::log_page(request.column, request.descending, kind, self.filters, priced);
        if let Some(segments) = late {
            sql = sql::of_late(&sql, segments);
        }
        let mut values: Vec<Value> = vec![self.tenant.0.into(), range.from_ms.into(), range.to_ms.into()];
        values.extend(values_of(self.filters).map(Value::from));
        values.push(i64::try_from(self.count).unwrap_or(i64::MAX).into());
        values.extend(start);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            take(row.get_ref(1)?, row.get(0)?)?;
        }
        Ok(())
    }

    fn find_texts(&self, dimension: Dimension) -> Work<Vec<LogCursor>> {
        let mut values = Values::new(self, dimension)?;
        let mut best = Best::new(self.count, values.after.map(|seq| (0, self.turned((0, seq)).1)));
        let mut parts = vec![Part::of_dimension(dimension)];
        parts.extend(self.filter_parts());
        let range = self.request.range;
        let mut outside: Option<Vec<(String, i64)>> = None;
        let mut wanted = FIRST_VALUES;
        while !best.is_full() && values.next(self, wanted)? {
            wanted = wanted.saturating_mul(4);
            let (mut segments, mut unsorted) = (None, Vec::new());
            let first_look = outside.is_none();
            let mut keep = |value: ValueRef<'_>, seq: i64| -> Work<()> {
                unsorted.push((value.as_str().map_err(rusqlite::Error::from)?.to_owned(), seq));
                Ok(())
            };
            // In the page's direction, since rows mostly come in the order of their numbers.
            let descending = self.request.descending;
            segment::walk(
                self.connection,
                self.texts.columns(),
                self.tenant,
                range,
                &parts,
                descending,
                |step| {
                    match step {
                        Step::Gap(gap) if first_look => self.sorted_by_sql(gap, None, &mut keep)?,
                        Step::Gap(_) => {}
                        Step::Segment(segment) => {
                            widen(&mut segments, segment.range.from_ms);
                            self.rank_texts(&segment, dimension, &values, &mut best)?;
                        }
                    }
                    Ok(true)
                },
            )?;
            if let (Some(segments), true) = (segments, first_look) {
                self.sorted_by_sql(range, Some(segments), &mut keep)?;
            }
            if first_look && segments.is_none() {
                return Ok(sorted_alone(unsorted, self.count));
            }
            for (text, seq) in outside.get_or_insert(unsorted) {
                if let Some(rank) = values.rank_of_text(text) {
                    best.offer((rank, self.turned((0, *seq)).1));
                }
            }
        }
        let cursors = best.sorted().into_iter().map(|(rank, seq)| {
            let value =
                values.text(rank).map_or(CursorValue::Absent(()), |text| CursorValue::Text(text.to_owned()));
            LogCursor { value, seq: self.turned((0, seq)).1 }
        });
        Ok(cursors.collect())
    }

    /// Offers the rows of a segment that have one of the values now looked for.
    fn rank_texts(
        &self,
        segment: &Segment<'_>,
        dimension: Dimension,
        values: &Values,
        best: &mut Best,
    ) -> Work<()> {
        let column = segment.coded(Part::of_dimension(dimension))?;
        let ranks: Vec<i64> =
            column.values.iter().map(|value| values.rank(*value).unwrap_or(i64::MAX)).collect();
        let Some(first) = ranks.iter().copied().min().filter(|rank| *rank != i64::MAX) else { return Ok(()) };
        if !best.may_take((first, self.first_seq(segment)), i64::MAX) {
            return Ok(());
        }
        let Some(picked) = self.picked(segment)? else { return Ok(()) };
        let bound = best.bound().min(i64::MAX - 1);
        let allowed: Vec<bool> = ranks.iter().map(|rank| *rank <= bound).collect();
        let Picked::These(rows) = column.pick(&picked, &allowed) else { return Ok(()) };
        let candidates: Vec<_> =
            rows.into_iter().map(|row| (row as usize, ranks[column.place(row as usize)])).collect();
        self.offer_rows(segment, &candidates, best)
    }
}

/// Of the picked rows those that have this number.
fn with_number(column: &Numbers<'_>, picked: Picked, number: i64) -> Picked {
    if column.same() == Some(number) {
        return picked;
    }
    match picked {
        Picked::All(rows) => {
            let mut found = Vec::new();
            column.find(rows, number, number, &mut found);
            Picked::These(found)
        }
        Picked::These(mut rows) => {
            rows.retain(|row| column.get(*row as usize) == number);
            Picked::These(rows)
        }
    }
}

/// Rows that SQLite has sorted, where there are no others. Gaps of one walk are one gap where there is no segment.
fn sorted_alone(rows: Vec<(String, i64)>, count: usize) -> Vec<LogCursor> {
    let to_cursor = |(text, seq): (String, i64)| {
        let value = if text.is_empty() { CursorValue::Absent(()) } else { CursorValue::Text(text) };
        LogCursor { value, seq }
    };
    rows.into_iter().take(count).map(to_cursor).collect()
}

fn widen(segments: &mut Option<(i64, i64)>, start_ms: i64) {
    let (first, last) = segments.unwrap_or((start_ms, start_ms));
    *segments = Some((first.min(start_ms), last.max(start_ms)));
}
