//! The log from one end to the other, a bounded piece at a time.
//!
//! A piece ends where enough rows were found or enough were looked at, so that its cost is bounded whatever the filters
//! are; the place where it ended is where the next one begins. Between two pieces nothing is held: no snapshot that
//! would keep the write-ahead log from being reused, no reader that others wait for. That the pieces belong together is
//! the work of the view: rows recorded after it was taken are passed over.

use super::columns::values_of;
use super::log::{event, require_rows};
use super::{LabelTexts, number_filters};
use crate::error::Work;
use crate::sqlite::sql::{self, NumberFilter, ScanEntry};
use meterwire_app::ports::{LogRow, LogView, ScanPage, ScanPlace, ScanRequest, TenantId};
use rusqlite::Connection;

/// The most rows of one piece, whatever is asked for.
const MAX_LIMIT: usize = 10_000;
/// So many rows are looked at for one piece.
const MAX_LOOKED_AT: usize = 100_000;

pub(super) fn view(connection: &Connection) -> Work<LogView> {
    let last_seq = connection
        .prepare_cached(include_str!("../../../sql/sqlite/event/last.sql"))?
        .query_row([], |row| row.get(0))?;
    Ok(LogView { last_seq })
}

pub(super) fn page(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &ScanRequest,
) -> Work<ScanPage> {
    require_rows(connection, tenant, &request.filters, request.range)?;
    let Some(filters) = number_filters(connection, tenant, &request.filters)? else {
        return Ok(ScanPage { rows: Vec::new(), next: None });
    };
    let limit = request.limit.clamp(1, MAX_LIMIT);
    let mut walk =
        Walk { connection, texts, tenant, request, filters: &filters, limit, looked_at: 0, rows: Vec::new() };
    let next = walk.run()?;
    Ok(ScanPage { rows: walk.rows, next })
}

/// One piece on its way.
struct Walk<'a> {
    connection: &'a Connection,
    texts: &'a LabelTexts,
    tenant: TenantId,
    request: &'a ScanRequest,
    filters: &'a [NumberFilter],
    limit: usize,
    looked_at: usize,
    rows: Vec<LogRow>,
}

impl Walk<'_> {
    /// Answers where the walk stopped; `None` at the end of the range.
    fn run(&mut self) -> Work<Option<ScanPlace>> {
        let mut from_ms = self.request.range.from_ms;
        if let Some(after) = self.request.after {
            // What is left of the last row's instant, entered behind that row: an instant may hold any number of rows.
            if after.time_ms >= from_ms
                && let Some(place) = self.walk(ScanEntry::Instant, after.time_ms, Some(after.seq))?
            {
                return Ok(Some(place));
            }
            from_ms = from_ms.max(after.time_ms.saturating_add(1));
        }
        self.walk(ScanEntry::Span, from_ms, None)
    }

    fn walk(&mut self, entry: ScanEntry, from_ms: i64, after: Option<i64>) -> Work<Option<ScanPlace>> {
        let mut statement =
            self.connection.prepare_cached(&sql::scan_log(entry, self.filters, self.request.priced))?;
        let places = [self.tenant.0, from_ms, self.request.range.to_ms];
        let values = places.into_iter().chain(values_of(self.filters));
        let values = values.chain([self.request.view.last_seq]).chain(after);
        for (place, value) in (1..).zip(values) {
            statement.raw_bind_parameter(place, value)?;
        }
        let mut found = statement.raw_query();
        while let Some(row) = found.next()? {
            let place = ScanPlace { seq: row.get(0)?, time_ms: row.get(1)? };
            self.looked_at += 1;
            if row.get(2)? {
                let event = event(self.connection, self.texts, place.seq)?;
                self.rows.push(LogRow { seq: place.seq, event });
            }
            if self.rows.len() == self.limit || self.looked_at == MAX_LOOKED_AT {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sorted_and_both_ways_enter_the_index() {
        let dir = tempfile::tempdir().unwrap();
        let connection = crate::sqlite::connection::writer(&dir.path().join("db")).unwrap();
        crate::sqlite::migrate::up(&connection).unwrap();
        let entries = [
            (ScanEntry::Span, "(tenant_id=? AND time_ms>? AND time_ms<?)"),
            (ScanEntry::Instant, "(tenant_id=? AND time_ms=? AND seq>?)"),
        ];
        for (entry, expected) in entries {
            let sql = format!("EXPLAIN QUERY PLAN {}", sql::scan_log(entry, &[], None));
            let mut statement = connection.prepare(&sql).unwrap();
            for place in 1..=statement.parameter_count() {
                statement.raw_bind_parameter(place, 1).unwrap();
            }
            let mut rows = statement.raw_query();
            let plan: String = rows.next().unwrap().unwrap().get(3).unwrap();
            assert!(plan.contains(expected) && !plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
