//! The log: single events, a page at a time, with the number of all that match.

use crate::ports::{
    AggregateRequest, AggregateRow, Answers, CursorValue, LogColumn, LogPage, LogRequest, LogStart, Measures,
    Questions,
};
use crate::query_usage::confine;
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, Range, RangeInput};
use meterwire_core::usage_query::parse_filters;

/// The most rows of one page.
pub(crate) const MAX_PAGE_SIZE: usize = 500;
/// The deepest row that a page number reaches; a cursor goes on from there.
pub(crate) const MAX_OFFSET: u64 = 100_000;

/// A question for a page of the log.
#[derive(Debug, Clone)]
pub struct LogQuery {
    /// The range; default `30d`.
    pub range: LogRange,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Filters: dimension and value.
    pub filters: Vec<(String, String)>,
    /// Only events with a known cost, or only those without a price.
    pub priced: Option<bool>,
    /// By what it is sorted.
    pub sort: LogSort,
    /// Largest first.
    pub descending: bool,
    /// Where the page begins.
    pub start: LogStart,
    /// Rows a page.
    pub page_size: usize,
}

/// By what the log is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSort {
    /// By a column that the store keeps an order of.
    Column(LogColumn),
    /// By the id of the event.
    Id,
    /// By its source.
    Source,
}

impl LogSort {
    /// Whether a cursor of this order can have such a value.
    pub fn takes(self, value: &CursorValue) -> bool {
        let is_text = match self {
            Self::Id | Self::Source => return matches!(value, CursorValue::Text(_)),
            Self::Column(LogColumn::Dimension(dimension)) => dimension != Dimension::Status,
            Self::Column(_) => false,
        };
        match value {
            CursorValue::Absent(()) => self != Self::Column(LogColumn::Time),
            CursorValue::Text(_) => is_text,
            CursorValue::Int(_) => !is_text,
        }
    }
}

/// Over which range the log is read.
#[derive(Debug, Clone)]
pub enum LogRange {
    /// As it is asked for now.
    Asked(RangeInput),
    /// That of an earlier page: a range such as `24h` moves on with the time, and pages must not.
    Pinned(Range),
}

/// A page of the log.
#[derive(Debug, Clone)]
pub struct LogReply {
    /// The rows and where the next page begins.
    pub page: LogPage,
    /// How many events match in all.
    pub total: i64,
    /// The range as it was understood.
    pub range: Range,
    /// Where the single events that are kept begin, Unix milliseconds, if that cut something off the range.
    pub events_from_ms: Option<i64>,
}

impl Meterwire {
    /// Lists events.
    pub async fn usage_log(
        &self,
        caller: &Caller,
        named: Option<&str>,
        mut query: LogQuery,
    ) -> Result<LogReply, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let zone = period::zone(query.tz.as_deref().unwrap_or(&tenant.timezone))?;
        let range = match query.range.clone() {
            LogRange::Asked(range) => range.resolve("30d", &zone, self.now_ms())?,
            LogRange::Pinned(range) => range,
        };
        let (range, events_from_ms) = self.kept_range(&tenant, range).await?;
        let mut filters =
            parse_filters(std::mem::take(&mut query.filters), &self.dimensions(tenant.id).await?)?;
        confine(caller, &mut filters);
        if !(1..=MAX_PAGE_SIZE).contains(&query.page_size) {
            return Err(
                Invalid::new("page_size", format!("page_size must be from 1 to {MAX_PAGE_SIZE}")).into()
            );
        }
        if matches!(query.start, LogStart::Offset(offset) if offset > MAX_OFFSET) {
            let message = format!("pages reach {MAX_OFFSET} rows deep; go on with cursor= from nextCursor");
            return Err(Invalid::new("page", message).into());
        }
        let column = match query.sort {
            LogSort::Column(column) => column,
            LogSort::Id | LogSort::Source => {
                let (page, total) = self.log_by_text(tenant.id, range, filters, &query).await?;
                return Ok(LogReply { page, total, range, events_from_ms });
            }
        };
        let counted = AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: vec![],
            filters: filters.clone(),
            measures: Measures { cost: query.priced.is_some(), ..Measures::CALLS },
        };
        let request = LogRequest {
            range,
            filters,
            priced: query.priced,
            column,
            descending: query.descending,
            start: query.start,
            limit: query.page_size,
        };
        let questions = Questions { sums: vec![counted], log: Some(request) };
        let Answers { sums, log } = self.usage.ask(tenant.id, questions).await?;
        let of_row = |row: &AggregateRow| match query.priced {
            None => row.totals.calls,
            Some(true) => row.totals.calls - row.totals.unpriced_calls,
            Some(false) => row.totals.unpriced_calls,
        };
        let total = sums.iter().flatten().map(of_row).sum();
        let page = log.unwrap_or_else(|| LogPage { rows: vec![], next: None });
        Ok(LogReply { page, total, range, events_from_ms })
    }
}
