//! The log by id or source. No order of these is kept, so every event of the range is read; therefore of small ranges only.

use crate::ports::{
    AggregateRequest, CursorValue, LogCursor, LogPage, LogRow, LogStart, Measures, ScanRequest, TenantId,
};
use crate::usage_log::{LogQuery, LogSort};
use crate::{AppError, Meterwire, long_work};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;

/// The most events of a range that is sorted like this.
const MAX_EVENTS: i64 = 50_000;
/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 1_000;

/// A row with the text it is sorted by.
type Keyed = (String, LogRow);

impl Meterwire {
    /// A page, and how many events match in all.
    pub(crate) async fn log_by_text(
        &self,
        tenant: TenantId,
        range: Range,
        filters: Vec<Filter>,
        query: &LogQuery,
    ) -> Result<(LogPage, i64), AppError> {
        self.refuse_many(tenant, range, query.sort).await?;
        let mut order = Order::new(query);
        let view = self.usage.log_view(tenant).await?;
        let priced = query.priced;
        let mut request = ScanRequest { view, range, filters, priced, after: None, limit: ROWS_AT_ONCE };
        loop {
            let page = self.usage.scan_log(tenant, request.clone()).await?;
            long_work(page.rows.len(), || order.add(page.rows));
            match page.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        let total = order.total;
        Ok((order.into_page(), total))
    }

    /// Refuses a range that is too large, whatever its filters let through: all of it is read.
    async fn refuse_many(&self, tenant: TenantId, range: Range, sort: LogSort) -> Result<(), AppError> {
        let request = AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: vec![],
            filters: vec![],
            measures: Measures::CALLS,
        };
        let events: i64 =
            self.usage.aggregate(tenant, request).await?.iter().map(|row| row.totals.calls).sum();
        if events <= MAX_EVENTS {
            return Ok(());
        }
        let name = if sort == LogSort::Id { "id" } else { "source" };
        let message = format!(
            "the log can be sorted by {name} over at most {MAX_EVENTS} events; narrow the range, or sort by date"
        );
        Err(Invalid::new("sort", message).into())
    }
}

/// The rows of a page among all that are read, of which no more are kept than the page needs.
struct Order<'a> {
    query: &'a LogQuery,
    /// Rows before the page.
    skipped: usize,
    best: Vec<Keyed>,
    total: i64,
}

impl<'a> Order<'a> {
    fn new(query: &'a LogQuery) -> Self {
        let skipped = match &query.start {
            LogStart::Offset(offset) => usize::try_from(*offset).unwrap_or(usize::MAX),
            LogStart::After(_) => 0,
        };
        Self { query, skipped, best: Vec::new(), total: 0 }
    }

    fn add(&mut self, rows: Vec<LogRow>) {
        self.total += rows.len() as i64;
        for row in rows {
            let text = if self.query.sort == LogSort::Id { &row.event.id } else { &row.event.source };
            let keyed = (text.clone(), row);
            if self.is_after_cursor(&keyed) {
                self.best.push(keyed);
            }
        }
        self.keep_best();
    }

    fn is_after_cursor(&self, keyed: &Keyed) -> bool {
        match &self.query.start {
            LogStart::After(LogCursor { value: CursorValue::Text(text), seq }) => {
                let order = (&keyed.0, keyed.1.seq).cmp(&(text, *seq));
                if self.query.descending { order.is_lt() } else { order.is_gt() }
            }
            _ => true,
        }
    }

    fn keep_best(&mut self) {
        let descending = self.query.descending;
        self.best.sort_unstable_by(|a, b| {
            let order = (&a.0, a.1.seq).cmp(&(&b.0, b.1.seq));
            if descending { order.reverse() } else { order }
        });
        // One more tells whether there is a next page.
        self.best.truncate(self.skipped.saturating_add(self.query.page_size + 1));
    }

    fn into_page(mut self) -> LogPage {
        let mut rows = self.best.split_off(self.skipped.min(self.best.len()));
        let more = rows.len() > self.query.page_size;
        rows.truncate(self.query.page_size);
        let last = rows.last().filter(|_| more);
        let next = last.map(|(text, row)| LogCursor { value: CursorValue::Text(text.clone()), seq: row.seq });
        LogPage { rows: rows.into_iter().map(|(_, row)| row).collect(), next }
    }
}
