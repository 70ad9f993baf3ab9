//! A statement of a period: its totals, its course, and what it went to.

use crate::export::{About, ExportInput};
use crate::query_usage::UsageReply;
use crate::{AppError, Caller, Group, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, Bucket, Granularity, Range};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::UsageQueryInput;

/// Rows of a table beside the rest.
const TOP: usize = 12;
/// The most days that are shown as days, and the most weeks as weeks.
const MAX_DAYS: i64 = 93;
const MAX_WEEKS: i64 = 106;
/// The most buckets of a statement: twenty years of months.
const MAX_BUCKETS: usize = 240;
/// The questions of a statement are asked one after the other, so that events may come in between. Then all are asked
/// again, so many times.
const MAX_TRIES: usize = 4;
/// What usage went to.
const TABLES: [Dimension; 3] = [Dimension::Model, Dimension::Project, Dimension::User];
const DAY_MS: i64 = 86_400_000;

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// What it is of.
    pub about: About,
    /// Sums over the range.
    pub total: Totals,
    /// How wide its buckets are.
    pub granularity: Granularity,
    /// Its course, no bucket left out.
    pub series: Vec<(Bucket, Totals)>,
    /// What it went to.
    pub tables: Vec<StatementTable>,
    /// Whether all parts are of one moment. Not so where events keep arriving for the range while it is made.
    pub settled: bool,
    /// SHA-256 of the frozen statement that it is made of, where the period is closed.
    pub frozen: Option<[u8; 32]>,
}

/// What usage went to, by one dimension.
#[derive(Debug, Clone)]
pub struct StatementTable {
    /// The dimension.
    pub dimension: Dimension,
    /// Most expensive first, the rest last.
    pub rows: Vec<Group>,
    /// The sum over all its rows.
    pub total: Totals,
}

impl Meterwire {
    /// A statement of a period. A caller confined to a user gets that user's.
    pub async fn statement(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: ExportInput,
    ) -> Result<Statement, AppError> {
        let mut tries = 1;
        loop {
            let statement = self.statement_once(caller, named, &input).await?;
            if statement.settled || tries == MAX_TRIES {
                return Ok(statement);
            }
            tries += 1;
        }
    }

    async fn statement_once(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: &ExportInput,
    ) -> Result<Statement, AppError> {
        let ask = |granularity: Option<Granularity>, group_by: Option<Dimension>| UsageQueryInput {
            range: input.range.clone(),
            tz: input.tz.clone(),
            granularity: granularity.map(|granularity| granularity.name().to_owned()),
            group_by: group_by.iter().map(|dimension| dimension.name().to_owned()).collect(),
            metrics: ["cost", "calls", "tokens", "errors"].map(str::to_owned).into(),
            filters: input.filters.clone(),
            top: Some(TOP),
            ..UsageQueryInput::default()
        };
        // First without buckets: the range decides how wide they can be.
        let whole = self.query_usage(caller, named, ask(None, None)).await?;
        let granularity = granularity(whole.query.window.range);
        let course = self.query_usage(caller, named, ask(Some(granularity), None)).await?;
        if course.current.window.buckets.len() > MAX_BUCKETS {
            let message = format!("a statement covers at most {} years", MAX_BUCKETS / 12);
            return Err(Invalid::new("range", message).into());
        }
        let total = course.current.total.totals.clone();
        let mut settled = whole.current.total.totals == total;
        let mut tables = Vec::with_capacity(TABLES.len());
        for dimension in TABLES {
            let reply = self.query_usage(caller, named, ask(None, Some(dimension))).await?;
            settled &= reply.current.total.totals == total;
            let (rows, total) = (reply.current.groups, reply.current.total.totals);
            tables.push(StatementTable { dimension, rows, total });
        }
        let tenant = self.tenant_for(caller, named).await?;
        let UsageReply { query, as_of_ms, current, .. } = course;
        let zone = period::zone(&query.tz)?;
        let about = About {
            tenant,
            tz: query.tz,
            zone,
            range: query.window.range,
            filters: query.filters,
            priced: None,
            dimensions: query.dimensions,
            as_of_ms,
        };
        let sums = current.series.into_iter().map(|values| values.totals);
        let series = current.window.buckets.into_iter().zip(sums).collect();
        Ok(Statement { about, total, granularity, series, tables, settled, frozen: None })
    }
}

/// Days where they can be told apart on a page, else weeks, else months.
fn granularity(range: Range) -> Granularity {
    let days = (range.to_ms - range.from_ms) / DAY_MS;
    if days <= MAX_DAYS {
        Granularity::Day
    } else if days <= MAX_WEEKS * 7 {
        Granularity::Week
    } else {
        Granularity::Month
    }
}
