//! What leaves in bulk: the whole log in the order of time, every group of a breakdown, what a bill by day is made of.
//!
//! The log is read in pieces and nothing is held between them, so that it costs the same whatever its size and whoever
//! reads it slowly. It is the log as it was when it was asked for: what is recorded later is not in it.

use crate::ports::{
    AggregateRequest, Catalog, LogRow, LogView, Measures, ScanPage, ScanPlace, ScanRequest, StoreError,
    Tenant, Usage,
};
use crate::query_usage::{Asked, confine};
use crate::{Access, AppError, Caller, Meterwire, long_work};
use jiff::tz::TimeZone;
use meterwire_core::dimension::{Dimension, Dimensions};
use meterwire_core::period::{self, Bucket, Granularity, Range, RangeInput};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, UsageQuery, UsageQueryInput, parse_filters};
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

/// Rows of the log that are read at once. A row is a few hundred bytes, at most some ten thousand.
const ROWS_AT_ONCE: usize = 1_000;
/// How often a busy store is asked again before an export is given up.
const MAX_TRIES: u32 = 40;
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// Days of a bill that are read at once.
const DAYS_AT_ONCE: usize = 7;
/// What a bill by day tells apart.
const BILLED_BY: [Dimension; 4] =
    [Dimension::Provider, Dimension::Model, Dimension::Project, Dimension::ServiceTier];

/// A wish to export.
#[derive(Debug, Clone, Default)]
pub struct ExportInput {
    /// The range; default `30d`.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Filters: dimension and value; an empty value is the absent one.
    pub filters: Vec<(String, String)>,
    /// Of the log: only events with a known cost, or only those without a price.
    pub priced: Option<bool>,
}

/// What an export is of.
#[derive(Debug, Clone)]
pub struct About {
    /// The tenant.
    pub tenant: Tenant,
    /// Name of the zone of its days.
    pub tz: String,
    /// The zone.
    pub zone: TimeZone,
    /// Its span.
    pub range: Range,
    /// What narrows it, a member's own user too.
    pub filters: Vec<Filter>,
    /// Only events with a known cost, or only those without a price.
    pub priced: Option<bool>,
    /// The dimensions that the tenant knows.
    pub dimensions: Dimensions,
    /// When it was asked for, Unix milliseconds.
    pub as_of_ms: i64,
}

/// The log on its way out.
pub struct LogExport {
    /// What it is of.
    pub about: About,
    usage: Arc<dyn Usage>,
    catalog: Arc<dyn Catalog>,
    view: LogView,
    after: Option<ScanPlace>,
    ended: bool,
}

/// A bill by day on its way out. It is read some days at a time, so that a year costs no more memory than a week.
pub struct BillExport {
    /// What it is of.
    pub about: About,
    days: Vec<Bucket>,
    usage: Arc<dyn Usage>,
    /// How many days are read.
    read: usize,
}

/// Sums by bucket and group, every group that has any.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// What it is of.
    pub about: About,
    /// Its buckets; one for the whole range where none were asked for.
    pub buckets: Vec<Bucket>,
    /// Whether there are several buckets by wish.
    pub granularity: Option<Granularity>,
    /// What it tells apart.
    pub group_by: Vec<Dimension>,
    /// By bucket, then the most expensive first.
    pub rows: Vec<BreakdownRow>,
}

/// One row of a breakdown.
#[derive(Debug, Clone)]
pub struct BreakdownRow {
    /// Which bucket.
    pub bucket: usize,
    /// The values of `group_by`.
    pub key: Vec<Option<String>>,
    /// The sums.
    pub totals: Totals,
}

impl Meterwire {
    /// Begins an export of the log. A caller confined to a user gets that user's events only.
    pub async fn export_log(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: ExportInput,
    ) -> Result<LogExport, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let as_of_ms = self.now_ms();
        let tz = input.tz.unwrap_or_else(|| tenant.timezone.clone());
        let zone = period::zone(&tz)?;
        let range = input.range.resolve("30d", &zone, as_of_ms)?;
        // A file that is silently short would be taken for the whole.
        if let (_, Some(from_ms)) = self.kept_range(&tenant, range).await? {
            let from = period::rfc3339(from_ms);
            let sentence = format!(
                "single events are kept from {from} on; ask for from={from}, or for view=summary or view=breakdown"
            );
            return Err(AppError::BeyondRetention(sentence));
        }
        let dimensions = self.dimensions(tenant.id).await?;
        let mut filters = parse_filters(input.filters, &dimensions)?;
        confine(caller, &mut filters);
        let priced = input.priced;
        let view = self.usage.log_view(tenant.id).await?;
        let about = About { tenant, tz, zone, range, filters, priced, dimensions, as_of_ms };
        let (usage, catalog) = (self.usage.clone(), self.catalog.clone());
        Ok(LogExport { about, usage, catalog, view, after: None, ended: false })
    }

    /// Every group of a breakdown; without `group_by`, a row a bucket.
    pub async fn export_breakdown(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: UsageQueryInput,
        measures: Measures,
    ) -> Result<Breakdown, AppError> {
        let Asked { tenant, query, as_of_ms } = self.asked(caller, named, input).await?;
        let (granularity, group_by) = (query.granularity, query.group_by.clone());
        let (about, buckets) = about(tenant, query, as_of_ms)?;
        let rows = sums(&*self.usage, &about, &buckets, group_by.clone(), measures).await?;
        Ok(Breakdown { about, buckets, granularity, group_by, rows })
    }

    /// Begins an export of sums by calendar day and what a bill tells apart: provider, model, project, service tier.
    pub async fn export_bill(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: ExportInput,
    ) -> Result<BillExport, AppError> {
        let question = UsageQueryInput {
            range: input.range,
            tz: input.tz,
            granularity: Some(Granularity::Day.name().to_owned()),
            filters: input.filters,
            ..UsageQueryInput::default()
        };
        let Asked { tenant, query, as_of_ms } = self.asked(caller, named, question).await?;
        let (about, days) = about(tenant, query, as_of_ms)?;
        Ok(BillExport { about, days, usage: self.usage.clone(), read: 0 })
    }
}

/// Sums of some buckets, the most expensive first in each.
async fn sums(
    usage: &dyn Usage,
    about: &About,
    buckets: &[Bucket],
    group_by: Vec<Dimension>,
    measures: Measures,
) -> Result<Vec<BreakdownRow>, StoreError> {
    let starts = buckets.iter().map(|bucket| bucket.range.from_ms);
    let edges_ms = starts.chain(buckets.last().map(|bucket| bucket.range.to_ms)).collect();
    let by_bucket = group_by.is_empty();
    let request = AggregateRequest { edges_ms, group_by, filters: about.filters.clone(), measures };
    let found = usage.aggregate(about.tenant.id, request).await?;
    Ok(long_work(found.len(), || {
        let found = found.into_iter();
        let mut rows: Vec<_> =
            found.map(|row| BreakdownRow { bucket: row.bucket, key: row.key, totals: row.totals }).collect();
        if by_bucket {
            // A series has no gaps.
            let mut missing = vec![true; buckets.len()];
            rows.iter().for_each(|row| missing[row.bucket] = false);
            let missing = missing.into_iter().enumerate().filter(|(_, missing)| *missing);
            let nothing = |(bucket, _)| BreakdownRow { bucket, key: vec![], totals: Totals::default() };
            rows.extend(missing.map(nothing));
        }
        rows.sort_by(|a, b| {
            let order =
                |row: &BreakdownRow| (row.bucket, Reverse(row.totals.cost), Reverse(row.totals.calls));
            order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key))
        });
        rows
    }))
}

/// What a question is about, and its buckets.
fn about(tenant: Tenant, query: UsageQuery, as_of_ms: i64) -> Result<(About, Vec<Bucket>), AppError> {
    let UsageQuery { tz, window, filters, dimensions, .. } = query;
    let zone = period::zone(&tz)?;
    let range = window.range;
    Ok((About { tenant, tz, zone, range, filters, priced: None, dimensions, as_of_ms }, window.buckets))
}

impl BillExport {
    /// The rows of the next days; `None` at the end. Rows of one day are of one moment.
    pub async fn next(&mut self) -> Result<Option<(&[Bucket], Vec<BreakdownRow>)>, AppError> {
        while self.read < self.days.len() {
            let end = self.days.len().min(self.read + DAYS_AT_ONCE);
            let days = &self.days[self.read..end];
            let rows = sums(&*self.usage, &self.about, days, BILLED_BY.to_vec(), Measures::SUMS).await?;
            self.read = end;
            if !rows.is_empty() {
                return Ok(Some((days, rows)));
            }
        }
        Ok(None)
    }
}

impl LogExport {
    /// The next rows, in the order of time; `None` at the end. After an error there is nothing more.
    pub async fn next(&mut self) -> Result<Option<Vec<LogRow>>, AppError> {
        while !self.ended {
            let request = ScanRequest {
                view: self.view,
                range: self.about.range,
                filters: self.about.filters.clone(),
                priced: self.about.priced,
                after: self.after,
                limit: ROWS_AT_ONCE,
            };
            let page = match self.scan(request).await {
                Ok(page) if page.next.is_none() => self.check_kept().await.map(|()| page),
                page => page.map_err(AppError::from),
            };
            let page = page.inspect_err(|_| self.ended = true)?;
            self.after = page.next;
            self.ended = page.next.is_none();
            if !page.rows.is_empty() {
                return Ok(Some(page.rows));
            }
        }
        Ok(None)
    }

    /// Nothing of the range may have been dropped for its age while it was read.
    async fn check_kept(&self) -> Result<(), AppError> {
        let tenant = self.catalog.tenant_by_id(self.about.tenant.id).await?;
        let tenant = tenant.ok_or(AppError::NotFound("tenant"))?;
        if tenant.events_from_ms.is_some_and(|from_ms| from_ms > self.about.range.from_ms) {
            let sentence =
                "events of the range were dropped for their age while they were exported".to_owned();
            return Err(AppError::BeyondRetention(sentence));
        }
        Ok(())
    }

    /// A long export must not fail because the store had a busy moment.
    async fn scan(&self, request: ScanRequest) -> Result<ScanPage, StoreError> {
        let mut tries = 1;
        loop {
            match self.usage.scan_log(self.about.tenant.id, request.clone()).await {
                Err(StoreError::Busy) if tries < MAX_TRIES => {
                    tries += 1;
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                answer => return answer,
            }
        }
    }
}

impl About {
    /// The filters by name, with their values; an empty text is the absent value.
    pub fn named_filters(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.filters.iter().map(|filter| {
            let values = filter.values.iter().map(|value| value.as_deref().unwrap_or_default());
            (self.dimensions.name(filter.dimension), values.collect())
        })
    }
}
