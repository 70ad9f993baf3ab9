//! Provider reports: what providers say was used, beside what we recorded.

use super::{Audit, StoreResult, Tenant, TenantId};
use async_trait::async_trait;
use meterwire_core::period::Range;
use meterwire_core::provider_report::{ReportBucket, ReportKind, ReportProvider, ReportRow, StreamState};
use std::collections::BTreeMap;
use std::fmt;

/// The most connections of one tenant.
pub const MAX_CONNECTIONS: usize = 20;
/// The most rows that are kept of one connection.
pub const MAX_CONNECTION_ROWS: i64 = 1_000_000;
/// The most rows that one question reads.
pub const MAX_REPORT_ROWS: usize = 300_000;

/// A connection to a provider's report API.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// UUID; `env-openai` and `env-anthropic` are set by the instance's settings and not stored.
    pub id: String,
    /// Who is asked.
    pub provider: ReportProvider,
    /// For people; one of its name a tenant.
    pub name: String,
    /// Where the provider is, if elsewhere.
    pub base_url: Option<String>,
    /// The key, sealed.
    pub sealed_key: Vec<u8>,
    /// Whether it is asked.
    pub enabled: bool,
    /// Which of our projects a project of the provider's is; `default` is usage without one.
    pub project_map: BTreeMap<String, String>,
    /// Which `api_key` of our events an API key of the provider's is.
    pub key_map: BTreeMap<String, String>,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// One kind of one connection's reports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StreamId {
    /// Whose.
    pub tenant: TenantId,
    /// The connection's id.
    pub connection: String,
    /// Of what.
    pub kind: ReportKind,
}

/// Buckets that a provider reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReport {
    /// Of what.
    pub stream: StreamId,
    /// Each whole and tidy.
    pub buckets: Vec<ReportBucket>,
    /// When they were read, Unix milliseconds.
    pub read_ms: i64,
    /// The time by the provider's clock: a bucket that ends later is still growing.
    pub provider_now_ms: i64,
}

/// What became of reported buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Buckets that hold something else than before.
    pub changed: usize,
    /// Of these, those that were over when they had been read before.
    pub revised: usize,
}

/// One row of a report with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// The connection's id.
    pub connection: String,
    /// Of what.
    pub kind: ReportKind,
    /// First instant of its UTC day, Unix milliseconds.
    pub day_ms: i64,
    /// The row.
    pub row: ReportRow,
}

/// A bucket without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBucket {
    /// The connection's id.
    pub connection: String,
    /// Of what.
    pub kind: ReportKind,
    /// First instant of its UTC day, Unix milliseconds.
    pub day_ms: i64,
    /// When it was last read.
    pub read_ms: i64,
    /// When a bucket that had been over was changed; `None` where that never happened.
    pub revised_ms: Option<i64>,
    /// How often that happened.
    pub revisions: i64,
}

/// Keeps connections to providers and what they reported.
#[async_trait]
pub trait ProviderReports: Send + Sync {
    /// Keeps a connection with a stream for each kind; a taken name or one connection too many is a conflict.
    async fn create_connection(
        &self,
        tenant: TenantId,
        connection: Connection,
        streams: Vec<StreamState>,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Connections of a tenant by id, which is the order of making.
    async fn connections(&self, tenant: TenantId) -> StoreResult<Vec<Connection>>;
    /// One connection.
    async fn connection(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Connection>>;
    /// Replaces everything but id, provider and time of making. Its streams are due at `due_ms`, where that is given.
    async fn update_connection(
        &self,
        tenant: TenantId,
        connection: Connection,
        due_ms: Option<i64>,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Takes a connection away; what it reported is in no answer any more.
    async fn delete_connection(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;
    /// Clears at most so many rows of connections that were taken away; `false` where nothing was left.
    async fn clear_reports(&self, most_rows: usize) -> StoreResult<bool>;

    /// Makes the streams that are not there yet.
    async fn ensure_streams(
        &self,
        tenant: TenantId,
        connection: &str,
        streams: Vec<StreamState>,
    ) -> StoreResult<()>;
    /// The streams of a connection.
    async fn streams(&self, tenant: TenantId, connection: &str) -> StoreResult<Vec<StreamState>>;
    /// Of each tenant the stream that has been due for longest, the longest waiting tenant first.
    async fn due_streams(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<StreamId>>;
    /// Keeps where a stream stands. How far back it shall reach is left as it is; where that is further than it covers, it
    /// is due at once.
    async fn keep_stream(&self, id: &StreamId, state: StreamState, now_ms: i64) -> StoreResult<()>;
    /// Has a stream wait until `due_ms`; nothing else of it changes.
    async fn postpone(&self, id: &StreamId, due_ms: i64) -> StoreResult<()>;
    /// Has the streams of a connection reach back to an instant, never less far than before.
    async fn reach_back(
        &self,
        tenant: TenantId,
        connection: &str,
        from_ms: i64,
        now_ms: i64,
        audit: Audit,
    ) -> StoreResult<()>;
    /// Makes those streams of a connection due that failed, or whose last success is before `fresh_ms`, unless the provider
    /// asked to wait. Answers how many.
    async fn ask_again(
        &self,
        tenant: TenantId,
        connection: &str,
        fresh_ms: i64,
        now_ms: i64,
    ) -> StoreResult<usize>;

    /// Puts buckets in the place of what was there, all in one transaction. Too many rows of a connection are a conflict.
    async fn keep_report(&self, report: NewReport) -> StoreResult<Kept>;
    /// Rows of some connections and kinds within whole UTC days, by day.
    async fn report_rows(
        &self,
        tenant: TenantId,
        connections: Vec<String>,
        kinds: Vec<ReportKind>,
        days: Range,
    ) -> StoreResult<Vec<StoredRow>>;
    /// Buckets of some connections within whole UTC days, by day.
    async fn report_buckets(
        &self,
        tenant: TenantId,
        connections: Vec<String>,
        days: Range,
    ) -> StoreResult<Vec<StoredBucket>>;
    /// The tenant that was made first.
    async fn first_tenant(&self) -> StoreResult<Option<Tenant>>;
}
