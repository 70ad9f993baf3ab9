//! The log: single events, a page at a time, with the number of all that match.

use crate::ports::{AggregateRequest, LogColumn, LogPage, LogRequest, LogStart, Measures};
use crate::query_usage::confine;
use crate::{Access, AppError, Caller, Meterwire};
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
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Filters: dimension and value.
    pub filters: Vec<(String, String)>,
    /// Sort column.
    pub column: LogColumn,
    /// Largest first.
    pub descending: bool,
    /// Where the page begins.
    pub start: LogStart,
    /// Rows a page.
    pub page_size: usize,
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
}

impl Meterwire {
    /// Lists events.
    pub async fn usage_log(
        &self,
        caller: &Caller,
        named: Option<&str>,
        query: LogQuery,
    ) -> Result<LogReply, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let zone = period::zone(query.tz.as_deref().unwrap_or(&tenant.timezone))?;
        let range = query.range.resolve("30d", &zone, self.now_ms())?;
        let mut filters = parse_filters(query.filters, &self.dimensions(tenant.id).await?)?;
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
        let counted = AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: vec![],
            filters: filters.clone(),
            measures: Measures::CALLS,
        };
        let total = self.usage.aggregate(tenant.id, counted).await?.iter().map(|row| row.totals.calls).sum();
        let request = LogRequest {
            range,
            filters,
            column: query.column,
            descending: query.descending,
            start: query.start,
            limit: query.page_size,
        };
        let page = self.usage.log(tenant.id, request).await?;
        Ok(LogReply { page, total, range })
    }
}
