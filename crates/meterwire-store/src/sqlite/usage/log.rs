//! The log: single events, a page at a time.
//!
//! A page is found first by seq and sort key alone and its rows are read after that, so that sorting a wide range moves
//! little. By time, the index is walked from where the page begins and nothing is sorted; by anything else, or where filters
//! let little through, the columns of segments are gone over (`ranked.rs`).

use super::columns::values_of;
use super::ranked::Ranked;
use super::sort_values::ABSENT;
use super::{LabelTexts, number_filters};
use crate::error::Work;
use crate::label::text_index;
use crate::row::{RatingCode, metrics_from_row, properties_from_row, tokens_from_row};
use crate::sqlite::sql::{self, LogStartKind, NumberFilter};
use crate::sqlite::{dimensions, retention};
use meterwire_app::ports::{
    CursorValue, LogColumn, LogCursor, LogPage, LogRequest, LogRow, LogStart, TenantId,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Fingerprint, Labels};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row};

/// The most rows of one page, whatever is asked for.
const MAX_LIMIT: usize = 10_000;

pub(super) fn page(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &LogRequest,
) -> Work<LogPage> {
    require_rows(connection, tenant, &request.filters, request.range)?;
    let Some(filters) = number_filters(connection, tenant, &request.filters)? else {
        return Ok(LogPage { rows: Vec::new(), next: None });
    };
    let search = Search { connection, texts, tenant, request, filters: &filters };
    let mut places = search.find()?;
    let more = places.len() == rows_to_find(request);
    places.truncate(rows_to_find(request) - 1);
    let mut rows = Vec::with_capacity(places.len());
    for place in &places {
        rows.push(LogRow { seq: place.seq, event: event(connection, texts, place.seq)? });
    }
    Ok(LogPage { rows, next: places.pop().filter(|_| more) })
}

/// Refuses a range whose single events are not all kept, and filters by dimensions that are not ready.
pub(super) fn require_rows(
    connection: &Connection,
    tenant: TenantId,
    filters: &[Filter],
    range: Range,
) -> Work<()> {
    let dimensions = filters.iter().map(|filter| filter.dimension);
    dimensions::require_ready(connection, tenant, dimensions, range.from_ms)?;
    match crate::catalog::retention::events_from(&connection.into(), tenant)? {
        Some(from_ms) => retention::require_kept(connection, tenant, from_ms, range.from_ms..range.to_ms),
        None => Ok(()),
    }
}

/// One row more than asked for tells whether there is a next page.
fn rows_to_find(request: &LogRequest) -> usize {
    request.limit.clamp(1, MAX_LIMIT) + 1
}

/// Where the rows of a page are looked for.
struct Search<'a> {
    connection: &'a Connection,
    texts: &'a LabelTexts,
    tenant: TenantId,
    request: &'a LogRequest,
    filters: &'a [NumberFilter],
}

impl Search<'_> {
    fn find(&self) -> Work<Vec<LogCursor>> {
        let request = self.request;
        if request.column != LogColumn::Time || !self.filters.is_empty() || request.priced.is_some() {
            tracing::debug!(plan = "page by the columns of segments", "listed");
            return self.find_ranked();
        }
        tracing::debug!(plan = "page by the index of time", "listed");
        let count = rows_to_find(request);
        match &request.start {
            LogStart::Offset(offset) => {
                let offset = i64::try_from(*offset).unwrap_or(i64::MAX);
                self.select(request.range, count, LogStartKind::Offset, vec![offset.into()])
            }
            LogStart::After(LogCursor { value: CursorValue::Int(time_ms), seq }) => {
                self.find_after_instant(*time_ms, *seq, count)
            }
            LogStart::After(cursor) => {
                let start = vec![cursor_key(request.column, &cursor.value), cursor.seq.into()];
                self.select(request.range, count, LogStartKind::After, start)
            }
        }
    }

    /// By the columns of segments.
    fn find_ranked(&self) -> Work<Vec<LogCursor>> {
        let Self { connection, texts, tenant, request, filters } = *self;
        let skipped = match &request.start {
            LogStart::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            LogStart::After(_) => 0,
        };
        let count = skipped.saturating_add(rows_to_find(request));
        let places = Ranked { connection, texts, tenant, request, filters, count }.find()?;
        Ok(places.into_iter().skip(skipped).collect())
    }

    /// By time: what is left of the cursor's instant, then what lies behind it. Both enter the index where they begin.
    fn find_after_instant(&self, time_ms: i64, seq: i64, count: usize) -> Work<Vec<LogCursor>> {
        let mut range = self.request.range;
        let mut places = Vec::new();
        if (range.from_ms..range.to_ms).contains(&time_ms) {
            let start = vec![time_ms.into(), seq.into()];
            places = self.select(range, count, LogStartKind::SameInstant, start)?;
        }
        if self.request.descending {
            range.to_ms = range.to_ms.min(time_ms);
        } else {
            range.from_ms = range.from_ms.max(time_ms.saturating_add(1));
        }
        let left = count - places.len();
        if left > 0 {
            places.append(&mut self.select(range, left, LogStartKind::Offset, vec![0.into()])?);
        }
        Ok(places)
    }

    /// Finds rows by the order of the index or by sorting the range.
    fn select(
        &self,
        range: Range,
        count: usize,
        kind: LogStartKind,
        mut start: Vec<Value>,
    ) -> Work<Vec<LogCursor>> {
        let request = self.request;
        let sql = sql::log_page(request.column, request.descending, kind, self.filters, request.priced);
        let mut values: Vec<Value> = vec![self.tenant.0.into(), range.from_ms.into(), range.to_ms.into()];
        values.extend(values_of(self.filters).map(Value::from));
        values.push(i64::try_from(count).unwrap_or(i64::MAX).into());
        values.append(&mut start);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut found = statement.query(rusqlite::params_from_iter(values))?;
        let mut places = Vec::new();
        while let Some(row) = found.next()? {
            let value = cursor_value(request.column, row.get_ref(1)?)?;
            places.push(LogCursor { value, seq: row.get(0)? });
        }
        Ok(places)
    }
}

/// A cursor's value as SQL compares it.
pub(super) fn cursor_key(column: LogColumn, value: &CursorValue) -> Value {
    match value {
        CursorValue::Int(number) => Value::Integer(*number),
        CursorValue::Text(text) => Value::Text(text.clone()),
        CursorValue::Absent(()) => absent_key(column),
    }
}

fn absent_key(column: LogColumn) -> Value {
    match column {
        LogColumn::Dimension(Dimension::Status) => Value::Integer(0),
        LogColumn::Dimension(_) => Value::Text(String::new()),
        _ => Value::Integer(ABSENT),
    }
}

pub(super) fn cursor_value(column: LogColumn, key: ValueRef<'_>) -> Work<CursorValue> {
    if key == ValueRef::from(&absent_key(column)) {
        return Ok(CursorValue::Absent(()));
    }
    Ok(match key {
        ValueRef::Text(_) => CursorValue::Text(key.as_str().map_err(rusqlite::Error::from)?.to_owned()),
        _ => CursorValue::Int(key.as_i64().map_err(rusqlite::Error::from)?),
    })
}

/// Reads one event whole.
pub(super) fn event(connection: &Connection, texts: &LabelTexts, seq: i64) -> Work<Event> {
    let mut statement = connection.prepare_cached(include_str!("../../../sql/sqlite/event/read.sql"))?;
    statement.query_row([seq], |row| Ok(event_from_row(connection, texts, row)))?
}

/// The columns of `sql/sqlite/event/read.sql`.
fn event_from_row(connection: &Connection, texts: &LabelTexts, row: &Row<'_>) -> Work<Event> {
    let text = |number: i64| -> Work<Option<String>> {
        Ok(texts.text(connection, number)?.map(|text| text.to_string()))
    };
    let mut labels = Labels::default();
    for dimension in Dimension::TEXTS {
        let place = 4 + text_index(dimension).unwrap_or_default();
        labels.set(dimension, text(row.get(place)?)?);
    }
    let status: u16 = row.get(14)?;
    let rating = RatingCode(row.get(28)?).to_rating(CostNanos(row.get(27)?), text(row.get(29)?)?)?;
    Ok(Event {
        time_ms: row.get(0)?,
        received_ms: row.get(1)?,
        source: text(row.get(2)?)?.unwrap_or_default(),
        id: row.get(3)?,
        labels,
        status: (status != 0).then_some(status),
        latency_ms: row.get(15)?,
        time_to_first_token_ms: row.get(16)?,
        tokens: tokens_from_row(row, 17)?,
        rating,
        fingerprint: Fingerprint(row.get(30)?),
        request_hash: row.get(31)?,
        metrics: metrics_from_row(row.get(32)?)?,
        properties: properties_from_row(row.get(33)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query_plan(column: LogColumn, descending: bool, start: LogStartKind) -> String {
        let dir = tempfile::tempdir().unwrap();
        let connection = crate::sqlite::connection::writer(&dir.path().join("db")).unwrap();
        crate::sqlite::migrate::up(&connection).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", sql::log_page(column, descending, start, &[], None));
        let mut statement = connection.prepare(&sql).unwrap();
        for place in 1..=statement.parameter_count() {
            statement.raw_bind_parameter(place, 1).unwrap();
        }
        let (mut rows, mut plan) = (statement.raw_query(), Vec::new());
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get::<_, String>(3).unwrap());
        }
        plan.join("; ")
    }

    #[test]
    fn sorted_by_time_nothing_is_sorted_and_a_cursor_enters_the_index() {
        let entries = [
            (LogStartKind::Offset, "INDEX event_time (tenant_id=? AND time_ms>? AND time_ms<?)"),
            (LogStartKind::SameInstant, "INDEX event_time (tenant_id=? AND time_ms=? AND seq"),
        ];
        for descending in [true, false] {
            for (start, entry) in entries {
                let plan = query_plan(LogColumn::Time, descending, start);
                assert!(plan.contains(entry) && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
        assert!(query_plan(LogColumn::Cost, true, LogStartKind::Offset).contains("TEMP B-TREE"));
    }
}
