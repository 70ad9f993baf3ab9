//! The builder of all dynamic SQL. Values are always bound; only names of our own and numbers stand in the text.

use crate::label::text_index;
use crate::sqlite::rollup::RollupSet;
use crate::sums::SUM_NAMES;
use meterwire_app::ports::LogColumn;
use meterwire_core::dimension::Dimension;
use std::fmt::Write as _;

/// A filter whose values are numbers: labels or statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberFilter {
    pub(crate) dimension: Dimension,
    pub(crate) values: Vec<i64>,
}

/// What a scan has to bring. Bound: 1 the tenant, 2 and 3 the span, from 4 the values of the filters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan<'a> {
    /// Dimensions whose numbers are wanted.
    pub(crate) dimensions: &'a [Dimension],
    pub(crate) filters: &'a [NumberFilter],
    /// Whether sums are wanted.
    pub(crate) sums: bool,
    /// Whether latencies are wanted.
    pub(crate) sketches: bool,
}

/// Reads slots of one width: the slot, the dimensions, the sums, the sketches.
pub(crate) fn scan_rollup(set: &RollupSet, width: i64, scan: Scan<'_>) -> String {
    let mut sql = String::from("SELECT slot");
    push_names(&mut sql, scan.dimensions.iter().map(|dimension| dimension.name()));
    // Needed in any case: a row whose events were all voided is no row.
    sql += ", sums";
    if scan.sketches {
        sql += ", latency, time_to_first_token";
    }
    let _ = write!(
        sql,
        " FROM {} WHERE tenant_id = ?1 AND width = {width} AND slot >= ?2 AND slot < ?3",
        set.table
    );
    push_filters(&mut sql, scan.filters, 4);
    sql
}

/// Reads like [`scan_rollup`], but only the one slot that is bound first.
pub(crate) fn of_one_slot(scan_rollup: &str) -> String {
    scan_rollup.replace("slot >= ?2 AND slot < ?3", "slot = ?2 AND ?3 NOTNULL")
}

/// Reads raw events: the time, the dimensions, the sums of each, the latencies.
pub(crate) fn scan_events(scan: Scan<'_>) -> String {
    let mut sql = String::from("SELECT time_ms");
    push_names(&mut sql, scan.dimensions.iter().map(|dimension| dimension.name()));
    if scan.sums {
        sql += ", 1, status >= 400, rating = 3";
        push_names(&mut sql, SUM_NAMES[3..].iter().copied());
    }
    if scan.sketches {
        sql += ", latency_ms, time_to_first_token_ms";
    }
    sql += " FROM event INDEXED BY event_time WHERE tenant_id = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND voided_ms IS NULL";
    push_filters(&mut sql, scan.filters, 4);
    sql
}

/// Reads like [`scan_events`], but only events that came after their segment was made: after one of those between these.
pub(crate) fn scan_late(scan: Scan<'_>, (first, last): (i64, i64)) -> String {
    let late = late_events(first, last);
    scan_events(scan).replace("FROM event INDEXED BY event_time", &late)
}

/// Finds like [`log_page`], but only events that came after their segment was made: after one of those between these.
pub(crate) fn of_late(log_page: &str, (first, last): (i64, i64)) -> String {
    log_page.replace("FROM event INDEXED BY event_time", &late_events(first, last))
}

/// The late events of the segments from one to another, in the place of all events.
fn late_events(first: i64, last: i64) -> String {
    // CROSS: SQLite is to begin with the list, which is short.
    format!(
        "FROM (SELECT seq AS late_seq FROM segment_late WHERE tenant_id = ?1 AND start_ms BETWEEN {first} AND {last}) \
         CROSS JOIN event ON event.seq = late_seq"
    )
}

/// By what the log is sorted, in SQL. Absent values are the smallest of their type, so that a cursor can compare them.
pub(crate) fn sort_key(column: LogColumn) -> &'static str {
    const ALL_INPUT: &str =
        "input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input";
    const ALL_OUTPUT: &str = "output_visible + reasoning + audio_output + image_output";
    const ALL: &str = "input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input \
         + output_visible + reasoning + audio_output + image_output";
    match column {
        LogColumn::Time => "time_ms",
        LogColumn::InputTokens => ALL_INPUT,
        LogColumn::OutputTokens => ALL_OUTPUT,
        LogColumn::TotalTokens => ALL,
        LogColumn::Cost => "iif(rating = 3, -9223372036854775808, cost_nanos)",
        LogColumn::Latency => "ifnull(latency_ms, -9223372036854775808)",
        LogColumn::Dimension(Dimension::Status) => "status",
        LogColumn::Dimension(_) => "ifnull(value, '')",
    }
}

/// Where a page of the log begins, as SQL knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogStartKind {
    /// Bound last: the offset.
    Offset,
    /// Bound last: sort value and seq.
    After,
    /// Only rows of one instant behind a seq. Bound last: the instant and the seq, by which the index is entered.
    SameInstant,
}

/// Finds the rows of a page: their seq and sort key. Bound like a [`Scan`], then the limit, then the start.
pub(crate) fn log_page(
    column: LogColumn,
    descending: bool,
    start: LogStartKind,
    filters: &[NumberFilter],
    priced: Option<bool>,
) -> String {
    let key = sort_key(column);
    let (compare, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let mut sql = format!("SELECT seq, {key} AS sort_key FROM event INDEXED BY event_time");
    if let LogColumn::Dimension(dimension) = column
        && text_index(dimension).is_some()
    {
        let _ = write!(sql, " LEFT JOIN label ON label.id = event.{}", dimension.name());
    }
    let limit = 4 + filters.iter().map(|filter| filter.values.len()).sum::<usize>();
    sql += " WHERE event.tenant_id = ?1 AND voided_ms IS NULL";
    if start == LogStartKind::SameInstant {
        let _ = write!(sql, " AND time_ms = ?{} AND seq {compare} ?{}", limit + 1, limit + 2);
    } else {
        sql += " AND time_ms >= ?2 AND time_ms < ?3";
    }
    push_filters(&mut sql, filters, 4);
    push_priced(&mut sql, priced);
    if start == LogStartKind::After {
        let _ = write!(sql, " AND ({key}, seq) {compare} (?{}, ?{})", limit + 1, limit + 2);
    }
    let _ = write!(sql, " ORDER BY sort_key {direction}, seq {direction} LIMIT ?{limit}");
    if start == LogStartKind::Offset {
        let _ = write!(sql, " OFFSET ?{}", limit + 1);
    }
    sql
}

/// Where a scan of the log enters the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanEntry {
    /// At the beginning of the span, which is bound at 2 and 3.
    Span,
    /// Behind a seq (bound last) of the instant that is bound at 2.
    Instant,
}

/// Walks the log in the order of time: the seq, the time, and whether the row passes. Rows that do not pass are told too,
/// so that the reader can stop after a bounded number of them. Bound like a [`Scan`], then the last seq of the view.
pub(crate) fn scan_log(entry: ScanEntry, filters: &[NumberFilter], priced: Option<bool>) -> String {
    let view = 4 + filters.iter().map(|filter| filter.values.len()).sum::<usize>();
    let mut sql = format!("SELECT seq, time_ms, seq <= ?{view}");
    push_filters(&mut sql, filters, 4);
    push_priced(&mut sql, priced);
    sql += " AS passes FROM event INDEXED BY event_time WHERE tenant_id = ?1 AND voided_ms IS NULL";
    match entry {
        ScanEntry::Span => sql += " AND time_ms >= ?2 AND time_ms < ?3",
        ScanEntry::Instant => {
            let _ = write!(sql, " AND time_ms = ?2 AND seq > ?{}", view + 1);
        }
    }
    sql + " ORDER BY time_ms, seq"
}

fn push_names<'a>(sql: &mut String, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        sql.push_str(", ");
        sql.push_str(name);
    }
}

/// Only events with a known cost, or only those without a price.
fn push_priced(sql: &mut String, priced: Option<bool>) {
    match priced {
        None => {}
        Some(true) => sql.push_str(" AND rating <> 3"),
        Some(false) => sql.push_str(" AND rating = 3"),
    }
}

fn push_filters(sql: &mut String, filters: &[NumberFilter], first: usize) {
    let mut place = first;
    for filter in filters {
        let places: Vec<_> =
            (place..place + filter.values.len()).map(|number| format!("?{number}")).collect();
        place += filter.values.len();
        let _ = write!(sql, " AND {} IN ({})", filter.dimension.name(), places.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::rollup::{HOUR, SETS};

    fn filters() -> Vec<NumberFilter> {
        vec![
            NumberFilter { dimension: Dimension::Provider, values: vec![7] },
            NumberFilter { dimension: Dimension::Status, values: vec![0, 429] },
        ]
    }

    #[test]
    fn scans() {
        let filters = filters();
        let sums =
            Scan { dimensions: &[Dimension::Model], filters: &filters[..1], sums: true, sketches: true };
        insta::assert_snapshot!("scan_rollup", scan_rollup(&SETS[8], HOUR, sums));
        insta::assert_snapshot!("scan_events", scan_events(Scan { filters: &filters, ..sums }));
        let users = Scan { dimensions: &[Dimension::User], filters: &[], sums: false, sketches: false };
        insta::assert_snapshot!("scan_users", scan_events(users));
    }

    #[test]
    fn walks_of_the_log() {
        let filters = filters();
        let all =
            [ScanEntry::Span, ScanEntry::Instant].map(|entry| scan_log(entry, &filters, None)).join("\n");
        insta::assert_snapshot!("scan_log", all);
    }

    #[test]
    fn only_what_is_priced_or_is_not() {
        let pages = |priced| log_page(LogColumn::Time, true, LogStartKind::Offset, &filters(), priced);
        assert_eq!(pages(Some(true)).replace(" AND rating <> 3", ""), pages(None));
        assert_eq!(pages(Some(false)).replace(" AND rating = 3", ""), pages(None));
        let scans = |priced| scan_log(ScanEntry::Span, &filters(), priced);
        assert_eq!(scans(Some(false)).replace(" AND rating = 3 AS passes", " AS passes"), scans(None));
    }

    #[test]
    fn pages_of_the_log() {
        let filters = filters();
        let columns = [
            ("time", LogColumn::Time),
            ("cost", LogColumn::Cost),
            ("model", LogColumn::Dimension(Dimension::Model)),
            ("status", LogColumn::Dimension(Dimension::Status)),
        ];
        let mut all = String::new();
        for (name, column) in columns {
            for descending in [true, false] {
                for start in [LogStartKind::Offset, LogStartKind::After, LogStartKind::SameInstant] {
                    let sql = log_page(column, descending, start, &filters, None);
                    let _ = writeln!(all, "{name} {descending} {start:?}:\n{sql}\n");
                }
            }
        }
        insta::assert_snapshot!("log_pages", all);
    }
}
