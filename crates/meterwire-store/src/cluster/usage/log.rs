//! The log: single events, a page at a time.
//!
//! A page is found first by value and place alone and its rows are read after that, so that sorting a wide range moves
//! little. ClickHouse sorts numbers; where the log is sorted by texts, these are sorted here, and ClickHouse is told the
//! ranks of those few that the page covers.

use super::groups::too_wide;
use super::labels::KeyTexts;
use super::labels::NumberFilter;
use super::ordered::{Order, Place};
use super::sums::MOST_ROWS;
use super::{Asking, Which, filtered};
use crate::cluster::click::text::{self, Start};
use crate::cluster::tail;
use crate::error::{Fault, Work};
use hashbrown::HashMap;
use meterwire_app::ports::{
    CursorValue, LogColumn, LogCursor, LogPage, LogRequest, LogStart, MAX_AGGREGATE_ROWS, MAX_GROUP_BY,
    StoreError, cursor_refused,
};
use meterwire_core::dimension::Dimension;

/// The most rows of one page, whatever is asked for.
const MAX_LIMIT: usize = 10_000;

/// A value of a dimension, its text and how many events have it.
struct Value {
    text: Option<String>,
    number: u64,
    events: u64,
}

/// The values that a page covers, in the page's order, and where it starts among their events.
struct Covered {
    values: Vec<Value>,
    start: Start,
}

impl Asking<'_> {
    /// A page of the log.
    pub(crate) async fn log(&self, request: &LogRequest) -> Work<LogPage> {
        let mut dimensions = filtered(&request.filters);
        if let LogColumn::Dimension(dimension) = request.column {
            dimensions.push(dimension);
        }
        self.require_ready(&dimensions, request.range.from_ms).await?;
        self.require_kept(request.range).await?;
        let Some(filters) = self.number_filters(&request.filters).await? else {
            return Ok(LogPage { rows: Vec::new(), next: None });
        };
        tracing::debug!(plan = "page", "listed");
        let which = Which { range: request.range, filters: &filters, priced: request.priced, upto_seq: None };
        // One row more than asked for tells whether there is a next page.
        let limit = request.limit.clamp(1, MAX_LIMIT);
        let (mut places, texts) = match request.column {
            LogColumn::Dimension(dimension) if dimension != Dimension::Status => {
                self.by_text(which, dimension, request, limit + 1).await?
            }
            _ => (self.by_number(which, request, limit + 1).await?, Vec::new()),
        };
        let more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| more).map(|place| {
            let value = match request.column {
                LogColumn::Dimension(dimension) if dimension != Dimension::Status => {
                    let rank = usize::try_from(place.value).unwrap_or(0);
                    let text: Option<&Option<String>> = rank.checked_sub(1).and_then(|rank| texts.get(rank));
                    text.cloned().flatten().map_or(CursorValue::Absent(()), CursorValue::Text)
                }
                column if place.value == absent(column) => CursorValue::Absent(()),
                _ => CursorValue::Int(place.value),
            };
            LogCursor { value, seq: place.seq }
        });
        Ok(LogPage { rows: self.rows_at(&places).await?, next })
    }

    async fn by_number(&self, which: Which<'_>, request: &LogRequest, count: usize) -> Work<Vec<Place>> {
        let (column, descending) = (request.column, request.descending);
        let start = match &request.start {
            LogStart::Offset(offset) => Start::Offset(*offset),
            LogStart::After(LogCursor { value, seq }) => match value {
                CursorValue::Int(number) => Start::After(*number, *seq),
                CursorValue::Absent(()) => Start::After(absent(column), *seq),
                CursorValue::Text(_) => return Err(refused()),
            },
        };
        match (column, start) {
            (LogColumn::Time, Start::After(time_ms, seq)) => {
                self.places_by_time(which, descending, Some((time_ms, seq)), count).await
            }
            (LogColumn::Time, Start::Offset(0)) => self.places_by_time(which, descending, None, count).await,
            _ => {
                let sql = text::sort_value(column);
                let of = move |row: &_| tail::sort_value(row, column);
                self.places(which, Order { sql: &sql, of: &of, descending, start, count }).await
            }
        }
    }

    /// Places whose values are ranks, from 1, among the texts that come with them.
    async fn by_text(
        &self,
        which: Which<'_>,
        dimension: Dimension,
        request: &LogRequest,
        count: usize,
    ) -> Work<(Vec<Place>, Vec<Option<String>>)> {
        let mut values = self.values(which, dimension).await?;
        values.sort_unstable_by(|one, other| one.text.cmp(&other.text));
        if request.descending {
            values.reverse();
        }
        let mut covered = cover(values, &request.start, request.descending, count)?;
        if covered.values.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        // Ranks ascend with the texts, so that the seqs of one text go the same way as the texts.
        if request.descending {
            covered.values.reverse();
        }
        let numbers: Vec<u64> = covered.values.iter().map(|value| value.number).collect();
        let sql = text::rank_value(&self.scope(which), dimension, &numbers);
        let ranks: HashMap<u64, i64> = numbers.iter().copied().zip(1..).collect();
        let of =
            |row: &_| ranks.get(&tail::key_value(self.moment, row, dimension)).copied().unwrap_or_default();
        let mut filters = which.filters.to_vec();
        filters.extend(only(dimension, &numbers));
        let start = match covered.start {
            Start::After(place, seq) if request.descending => {
                Start::After(numbers.len() as i64 + 1 - place, seq)
            }
            start => start,
        };
        let order = Order { sql: &sql, of: &of, descending: request.descending, start, count };
        let places = self.places(Which { filters: &filters, ..which }, order).await?;
        Ok((places, covered.values.into_iter().map(|value| value.text).collect()))
    }

    /// Every value that events have.
    async fn values(&self, which: Which<'_>, dimension: Dimension) -> Work<Vec<Value>> {
        let mut counts: HashMap<u64, i64> = HashMap::new();
        self.read(text::counts(&self.scope(which), dimension, MOST_ROWS), |row| {
            counts.insert(row.cell()?, row.cell()?);
            Ok(())
        })
        .await?;
        for row in self.tail(which).rows() {
            *counts.entry(tail::key_value(self.moment, row, dimension)).or_default() += i64::from(row.sign);
        }
        if counts.len() > MAX_AGGREGATE_ROWS {
            return Err(too_wide());
        }
        counts.retain(|_, events| *events > 0);
        let key = |number: u64| {
            let mut key = [0; MAX_GROUP_BY];
            key[0] = number;
            key
        };
        let dimensions = [dimension];
        let keys = counts.keys().map(|number| key(*number));
        let texts = KeyTexts::of(self.labels, self.moment, &dimensions, keys).await?;
        let value = |(number, events): (u64, i64)| {
            let text = texts.values(key(number))?.pop().flatten();
            Ok(Value { text, number, events: u64::try_from(events).unwrap_or(0) })
        };
        counts.into_iter().map(value).collect()
    }
}

/// The filter that lets these values through; none where one of them stands for many.
fn only(dimension: Dimension, numbers: &[u64]) -> Option<NumberFilter> {
    let more = super::labels::more();
    let stands_for_many = matches!(dimension, Dimension::Property(_)) && numbers.contains(&more);
    (!stands_for_many).then(|| NumberFilter::these(dimension, numbers.iter().copied()))
}

/// Leaves the values that hold the wanted rows. `values` are in the page's order. The start is among the events of what is
/// left, its value a place in the page's order, from 1.
fn cover(values: Vec<Value>, start: &LogStart, descending: bool, count: usize) -> Work<Covered> {
    let (mut offset, mut after) = (0, None);
    match start {
        LogStart::Offset(skipped) => offset = *skipped,
        LogStart::After(LogCursor { value: CursorValue::Int(_), .. }) => return Err(refused()),
        LogStart::After(LogCursor { value: CursorValue::Text(text), seq }) => {
            after = Some((Some(text), *seq));
        }
        LogStart::After(LogCursor { value: CursorValue::Absent(()), seq }) => after = Some((None, *seq)),
    }
    let mut covered = Covered { values: Vec::new(), start: Start::Offset(0) };
    let mut wanted = count as u64;
    for value in values {
        if wanted == 0 {
            break;
        }
        if let Some((text, seq)) = after {
            let order = value.text.as_ref().cmp(&text);
            let order = if descending { order.reverse() } else { order };
            if order.is_lt() {
                continue;
            }
            if order.is_eq() {
                // Some of its events are before the page, nobody knows here how many.
                covered.values.push(value);
                covered.start = Start::After(1, seq);
                continue;
            }
        } else if covered.values.is_empty() && offset >= value.events {
            offset -= value.events;
            continue;
        }
        let before = if covered.values.is_empty() { offset } else { 0 };
        wanted = wanted.saturating_sub(value.events.saturating_sub(before));
        covered.values.push(value);
    }
    if after.is_none() {
        covered.start = Start::Offset(offset);
    }
    Ok(covered)
}

/// What stands for an absent value of a column of numbers.
fn absent(column: LogColumn) -> i64 {
    if matches!(column, LogColumn::Dimension(_)) { 0 } else { -1 }
}

fn refused() -> Fault {
    Fault::Answer(StoreError::Invalid(cursor_refused()))
}
