//! Answers to questions: sums, numbers of users, pages of the log.

mod aggregate;
mod best;
mod by_user;
mod columns;
mod event;
mod groups;
mod kept_survey;
mod largest;
mod log;
mod ranked;
mod scan;
mod slices;
mod sort_values;
mod survey;
mod texts;
mod top;
mod users;
mod values;

pub(crate) use kept_survey::Surveys;
pub(crate) use ranked::Bounds;
pub(crate) use slices::Slices;
pub(crate) use texts::LabelTexts;

use crate::SqliteStore;
use crate::error::Work;
use crate::label::LabelKind;
use crate::plan::Plan;
use crate::sqlite::sql::NumberFilter;
use async_trait::async_trait;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, Answers, DistinctRow, LogPage, LogRequest, LogRow, LogView, Questions,
    ScanPage, ScanRequest, StoreResult, StoredEvent, SurveyRequest, TenantId, Top, TopRows, Usage,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use meterwire_core::survey::Surveyor;
use meterwire_core::usage_query::Filter;
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

#[async_trait]
impl Usage for SqliteStore {
    async fn aggregate(&self, tenant: TenantId, request: AggregateRequest) -> StoreResult<Vec<AggregateRow>> {
        let texts = self.texts();
        self.snapshot(move |connection| aggregate::sums(connection, &texts, tenant, &request)).await
    }

    async fn aggregate_top(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
        top: Top,
    ) -> StoreResult<TopRows> {
        let texts = self.texts();
        self.snapshot(move |connection| aggregate::top_sums(connection, &texts, tenant, &request, top)).await
    }

    async fn distinct_users(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
    ) -> StoreResult<Vec<DistinctRow>> {
        let texts = self.texts();
        self.snapshot(move |connection| aggregate::distinct_users(connection, &texts, tenant, &request)).await
    }

    async fn log(&self, tenant: TenantId, request: LogRequest) -> StoreResult<LogPage> {
        let texts = self.texts();
        self.snapshot(move |connection| log::page(connection, &texts, tenant, &request)).await
    }

    async fn ask(&self, tenant: TenantId, questions: Questions) -> StoreResult<Answers> {
        let texts = self.texts();
        let answer = move |connection: &Connection| {
            let Questions { sums, log } = questions;
            let sums = sums.iter().map(|request| aggregate::sums(connection, &texts, tenant, request));
            let sums = sums.collect::<Work<_>>()?;
            let log = log.map(|request| log::page(connection, &texts, tenant, &request)).transpose()?;
            Ok(Answers { sums, log })
        };
        self.snapshot(answer).await
    }

    async fn survey(
        &self,
        tenant: TenantId,
        request: SurveyRequest,
        surveyor: Arc<Mutex<dyn Surveyor>>,
    ) -> StoreResult<Vec<Vec<AggregateRow>>> {
        let texts = self.texts();
        self.snapshot(move |connection| survey::run(connection, &texts, tenant, &request, &surveyor)).await
    }

    async fn events_by_seq(
        &self,
        tenant: TenantId,
        _range: Range,
        seqs: Vec<i64>,
    ) -> StoreResult<Vec<LogRow>> {
        let texts = self.texts();
        self.snapshot(move |connection| survey::events_by_seq(connection, &texts, tenant, &seqs)).await
    }

    async fn event(&self, tenant: TenantId, source: &str, id: &str) -> StoreResult<Option<StoredEvent>> {
        let (texts, sought) = (self.texts(), self.sought(tenant, source, id));
        self.snapshot(move |connection| event::find(connection, &texts, &sought)).await
    }

    fn revision(&self, tenant: TenantId) -> u64 {
        self.backend.revisions.of(tenant)
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.backend.revisions.changes()
    }

    async fn recorded(&self, tenant: TenantId) -> StoreResult<u64> {
        // Nobody else writes.
        Ok(self.revision(tenant))
    }

    async fn log_view(&self, _tenant: TenantId) -> StoreResult<LogView> {
        // Numbers are of all tenants together here, in the order of commits, since one writer gives them out.
        self.snapshot(scan::view).await
    }

    async fn scan_log(&self, tenant: TenantId, request: ScanRequest) -> StoreResult<ScanPage> {
        let texts = self.texts();
        self.snapshot(move |connection| scan::page(connection, &texts, tenant, &request)).await
    }
}

impl SqliteStore {
    /// From where [`Usage::aggregate`] answers a request: `rollup model/1d+1h`, `rollup total/1h+15m+raw`, `raw`.
    pub fn explain(request: &AggregateRequest) -> String {
        Plan::new(&request.edges_ms, &aggregate::dimensions_of(request), request.measures.latency).explain()
    }
}

/// Answers requests for sums on a connection that somebody else holds.
pub(crate) fn asking(
    connection: &Connection,
) -> impl FnMut(TenantId, &AggregateRequest) -> Work<Vec<AggregateRow>> {
    let texts = LabelTexts::default();
    move |tenant, request| aggregate::sums(connection, &texts, tenant, request)
}

/// Sums on a snapshot that somebody else holds.
pub(crate) fn sums(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
) -> Work<Vec<AggregateRow>> {
    aggregate::sums(connection, texts, tenant, request)
}

/// The filters by numbers; `None` where a filter has no value that this tenant ever had, so that nothing passes.
fn number_filters(
    connection: &Connection,
    tenant: TenantId,
    filters: &[Filter],
) -> Work<Option<Vec<NumberFilter>>> {
    let mut numbers = Vec::with_capacity(filters.len());
    for filter in filters {
        let mut values = Vec::with_capacity(filter.values.len());
        for value in &filter.values {
            values.extend(number_of(connection, tenant, filter.dimension, value.as_deref())?);
        }
        if values.is_empty() {
            return Ok(None);
        }
        values.sort_unstable();
        values.dedup();
        numbers.push(NumberFilter { dimension: filter.dimension, values });
    }
    Ok(Some(numbers))
}

/// The number that stands for a value; `None` where there is none.
fn number_of(
    connection: &Connection,
    tenant: TenantId,
    dimension: Dimension,
    value: Option<&str>,
) -> Work<Option<i64>> {
    let Some(text) = value else { return Ok(Some(0)) };
    if dimension == Dimension::Status {
        return Ok(text.parse().ok().filter(|status| *status > 0));
    }
    let number = connection
        .prepare_cached(include_str!("../../../sql/label/find.sql"))?
        .query_row(params![tenant.0, LabelKind::Dimension(dimension).code(), text], |row| row.get(0))
        .optional()?;
    Ok(number)
}
