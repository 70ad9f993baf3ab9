//! Connections to providers, and what they reported.
//!
//! A bucket is written only where its fingerprint differs from what is there, so that asking again costs one small update a
//! bucket. A connection that is taken away is out of every answer at once; its rows are cleared in pieces behind that.

mod connection;
mod report;
mod stream;

use crate::catalog::read;
use crate::error::Fault;
use crate::sql::params;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    Audit, Connection, Kept, NewReport, ProviderReports, StoreResult, StoredBucket, StoredRow, StreamId,
    Tenant, TenantId,
};
use meterwire_core::period::Range;
use meterwire_core::provider_report::{ReportKind, StreamState};

#[async_trait]
impl<B: Backend> ProviderReports for SqlStore<B> {
    async fn create_connection(
        &self,
        tenant: TenantId,
        connection: Connection,
        streams: Vec<StreamState>,
        audit: Audit,
    ) -> StoreResult<()> {
        self.write(tenant, move |session| connection::create(session, tenant, &connection, &streams, &audit))
            .await
    }

    async fn connections(&self, tenant: TenantId) -> StoreResult<Vec<Connection>> {
        self.read(move |connection| connection::list(connection, tenant)).await
    }

    async fn connection(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Connection>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/provider/one_connection.sql");
        self.read(move |reader| read::one(reader, sql, params![tenant.0, id], connection::from_row)).await
    }

    async fn update_connection(
        &self,
        tenant: TenantId,
        connection: Connection,
        due_ms: Option<i64>,
        audit: Audit,
    ) -> StoreResult<()> {
        self.write(tenant, move |session| connection::update(session, tenant, &connection, due_ms, &audit))
            .await
    }

    async fn delete_connection(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| connection::leave(session, tenant, &id, &audit)).await
    }

    async fn clear_reports(&self, most_rows: usize) -> StoreResult<bool> {
        let leaving = self.read(connection::leaving).await?;
        let Some((tenant, id)) = leaving else { return Ok(false) };
        self.write(tenant, move |session| connection::clear(session, tenant, &id, most_rows)).await?;
        Ok(true)
    }

    async fn ensure_streams(
        &self,
        tenant: TenantId,
        connection: &str,
        streams: Vec<StreamState>,
    ) -> StoreResult<()> {
        let connection = connection.to_owned();
        self.write(tenant, move |session| stream::ensure(session, tenant, &connection, &streams)).await
    }

    async fn streams(&self, tenant: TenantId, connection: &str) -> StoreResult<Vec<StreamState>> {
        let id = connection.to_owned();
        self.read(move |connection| stream::list(connection, tenant, &id)).await
    }

    async fn due_streams(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<StreamId>> {
        self.read(move |connection| stream::due(connection, now_ms, limit)).await
    }

    async fn keep_stream(&self, id: &StreamId, state: StreamState, now_ms: i64) -> StoreResult<()> {
        let id = id.clone();
        self.write(id.tenant, move |session| stream::keep(session, &id, &state, now_ms)).await
    }

    async fn postpone(&self, id: &StreamId, due_ms: i64) -> StoreResult<()> {
        let (tenant, id) = (id.tenant, id.clone());
        let sql = include_str!("../../sql/provider/postpone.sql");
        let run = move |session: &mut crate::session::Session<'_>| {
            session.change(sql, params![due_ms, id.tenant.0, id.connection, id.kind.name()]).map(drop)
        };
        self.write(tenant, run).await
    }

    async fn reach_back(
        &self,
        tenant: TenantId,
        connection: &str,
        from_ms: i64,
        now_ms: i64,
        audit: Audit,
    ) -> StoreResult<()> {
        let id = connection.to_owned();
        let sql = include_str!("../../sql/provider/reach_back.sql");
        let run = move |session: &mut crate::session::Session<'_>| {
            session.change_one(sql, params![from_ms, now_ms, tenant.0, id], "provider connection")?;
            session.audit(Some(tenant), &audit)
        };
        self.write(tenant, run).await
    }

    async fn ask_again(
        &self,
        tenant: TenantId,
        connection: &str,
        fresh_ms: i64,
        now_ms: i64,
    ) -> StoreResult<usize> {
        let id = connection.to_owned();
        let sql = include_str!("../../sql/provider/ask_again.sql");
        self.write(tenant, move |session| session.change(sql, params![now_ms, tenant.0, id, fresh_ms])).await
    }

    async fn keep_report(&self, report: NewReport) -> StoreResult<Kept> {
        self.write(report.stream.tenant, move |session| report::keep(session, &report)).await
    }

    async fn report_rows(
        &self,
        tenant: TenantId,
        connections: Vec<String>,
        kinds: Vec<ReportKind>,
        days: Range,
    ) -> StoreResult<Vec<StoredRow>> {
        self.read(move |connection| report::rows(connection, tenant, &connections, &kinds, days)).await
    }

    async fn report_buckets(
        &self,
        tenant: TenantId,
        connections: Vec<String>,
        days: Range,
    ) -> StoreResult<Vec<StoredBucket>> {
        self.read(move |connection| report::buckets(connection, tenant, &connections, days)).await
    }

    async fn first_tenant(&self) -> StoreResult<Option<Tenant>> {
        let sql = include_str!("../../sql/tenant/first.sql");
        self.read(move |connection| read::one(connection, sql, [], read::tenant)).await
    }
}

/// A kind as it is stored.
fn kind_from_row(name: &str) -> Result<ReportKind, Fault> {
    ReportKind::from_name(name).ok_or_else(|| Fault::Damaged(format!("a report of the kind {name:?}")))
}
