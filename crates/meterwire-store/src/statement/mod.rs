//! Schedules of reports, and closed periods.
//!
//! A closed period keeps the bytes of its statement, and from the moment its closing begins a row for every change of its
//! totals (`changes`), written in the transaction of the change. What is added up for the statement is read on a snapshot
//! that knows which of those rows it holds; they are forgotten when the statement is kept, so that statement and rows are
//! today's totals without anybody having to wait.

pub(crate) mod changes;
pub(crate) mod check;
pub(crate) mod closing;
mod report;

pub(crate) use changes::{ClosedPeriods, ReratedChanges, note_late, note_void};

use crate::catalog::read;
use crate::session::Weight;
use crate::sql::params;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, Audit, ChangeMark, Closing, ClosingChange, DueReport, Frozen, NewClosing,
    NewReportDelivery, Page, PageRequest, Report, ReportDelivery, ReportTry, Statements, StoreResult,
    TenantId,
};

#[async_trait]
impl<B: Backend> Statements for SqlStore<B> {
    async fn begin_closing(&self, tenant: TenantId, new: NewClosing) -> StoreResult<()> {
        self.write(tenant, move |session| closing::begin(session, tenant, &new)).await
    }

    async fn sums_to_freeze(
        &self,
        tenant: TenantId,
        id: &str,
        request: AggregateRequest,
    ) -> StoreResult<(Vec<AggregateRow>, ChangeMark)> {
        self.backend.sums_to_freeze(tenant, id.to_owned(), request).await
    }

    async fn freeze_closing(
        &self,
        tenant: TenantId,
        id: &str,
        frozen: Frozen,
        audit: Audit,
    ) -> StoreResult<Closing> {
        let id = id.to_owned();
        let weight = Weight { commands: 1, events: 1, bytes: frozen.statement.len() };
        self.write_unguarded(tenant, weight, move |session| {
            closing::freeze(session, tenant, &id, &frozen, &audit)
        })
        .await?
    }

    async fn give_up_closing(&self, tenant: TenantId, id: &str) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| closing::give_up(session, tenant, Some(&id))).await
    }

    async fn reopen(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| closing::reopen(session, tenant, &id, &audit)).await
    }

    async fn closings(&self, tenant: TenantId) -> StoreResult<Vec<Closing>> {
        self.read(move |connection| closing::list(connection, tenant, None)).await
    }

    async fn closing(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Closing>> {
        let id = id.to_owned();
        self.read(move |connection| Ok(closing::list(connection, tenant, Some(&id))?.pop())).await
    }

    async fn frozen_statement(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Vec<u8>>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/closing/statement.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.0, id], |row| row.get(0))).await
    }

    async fn adjustment(
        &self,
        tenant: TenantId,
        id: &str,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<AggregateRow>> {
        let (id, texts) = (id.to_owned(), self.backend.texts());
        self.read(move |connection| {
            let number = closing::number(connection, tenant, &id, true)?;
            changes::add_up(connection, &texts, number, &edges_ms)
        })
        .await
    }

    async fn closing_changes(
        &self,
        tenant: TenantId,
        id: &str,
        page: PageRequest,
    ) -> StoreResult<Page<ClosingChange>> {
        let after = page.after_number()?.unwrap_or(0);
        self.backend.closing_changes(tenant, id.to_owned(), after, page.limit).await
    }

    async fn create_report(&self, tenant: TenantId, report: Report, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| report::create(session, tenant, &report, &audit)).await
    }

    async fn reports(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Report>> {
        let sql = include_str!("../../sql/report/list.sql");
        let list = read::List::new(page, |report: &Report| report.id.clone());
        self.read(move |connection| list.run(connection, sql, &[&tenant.0], report::report)).await
    }

    async fn report(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Report>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/report/one.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.0, id], report::report)).await
    }

    async fn update_report(&self, tenant: TenantId, report: Report, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| report::update(session, tenant, &report, &audit)).await
    }

    async fn delete_report(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| report::delete(session, tenant, &id, &audit)).await
    }

    async fn due_reports(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<(TenantId, Report)>> {
        self.read(move |connection| report::due(connection, now_ms, limit)).await
    }

    async fn begin_report_delivery(
        &self,
        tenant: TenantId,
        id: &str,
        new: NewReportDelivery,
    ) -> StoreResult<Option<ReportDelivery>> {
        let id = id.to_owned();
        self.write(tenant, move |session| report::begin(session, tenant, &id, &new)).await
    }

    async fn due_report_deliveries(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<DueReport>> {
        self.read(move |connection| report::due_deliveries(connection, now_ms, limit)).await
    }

    async fn end_report_try(&self, n: i64, ended: ReportTry) -> StoreResult<()> {
        self.write(None, move |session| report::end_try(session, n, &ended)).await
    }

    async fn report_deliveries(
        &self,
        tenant: TenantId,
        id: &str,
        page: PageRequest,
    ) -> StoreResult<Page<ReportDelivery>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let id = id.to_owned();
        self.read(move |connection| report::deliveries(connection, tenant, &id, before, page.limit)).await
    }
}
