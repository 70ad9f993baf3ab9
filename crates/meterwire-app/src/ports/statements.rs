//! Statements: reports that are sent by the calendar, and months that were closed.

use super::{AggregateRequest, AggregateRow, Audit, Page, PageRequest, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::closing::ClosedPeriod;
use meterwire_core::period::Range;
use meterwire_core::report::{ReportFormat, Schedule};
use meterwire_core::totals::Totals;

/// The most closed periods of a tenant: twenty years of months.
pub const MAX_CLOSINGS: usize = 240;

/// A period about to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClosing {
    /// UUID.
    pub id: String,
    /// What is closed.
    pub period: ClosedPeriod,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// By whom, as the audit log calls it.
    pub by: String,
}

/// A closed period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// UUID.
    pub id: String,
    /// What was closed.
    pub period: ClosedPeriod,
    /// When, Unix milliseconds.
    pub closed_ms: i64,
    /// By whom.
    pub closed_by: String,
    /// Of the statement: events, those without a price, nano-dollars.
    pub calls: i64,
    /// Events without a price.
    pub unpriced_calls: i64,
    /// Nano-dollars.
    pub cost_nanos: i64,
    /// SHA-256 of the statement's bytes.
    pub sha256: [u8; 32],
    /// How many bytes the statement has.
    pub bytes: u64,
    /// What has come since.
    pub since: ChangesSince,
}

/// What changed a closed period since, in a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangesSince {
    /// Late events, voids, and groups of events that were rated anew.
    pub changes: i64,
    /// By how many events the totals of today differ.
    pub calls: i64,
    /// By how many nano-dollars.
    pub cost_nanos: i64,
}

/// Up to where changes are part of what was added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeMark(pub i64);

/// A statement to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Its bytes.
    pub statement: Vec<u8>,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
    /// What it comes to.
    pub total: Totals,
    /// What it holds of changes that came while it was made.
    pub mark: ChangeMark,
}

/// How an event changed a closed period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was received after the closing.
    Late,
    /// It was voided after the closing.
    Void,
    /// Some events of one quarter of an hour and group were rated anew after the closing.
    Rerated,
}

/// One change of a closed period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosingChange {
    /// Its number, ascending.
    pub n: i64,
    /// How.
    pub kind: ChangeKind,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Source and id of the event; `None` where it was dropped for its age, or events were rated anew.
    pub event: Option<(String, String)>,
    /// The time of the event, Unix milliseconds.
    pub time_ms: i64,
    /// Values of [`meterwire_core::closing::STATEMENT_GROUPS`].
    pub key: [Option<String>; 4],
    /// What was added; what was taken away is negative.
    pub totals: Totals,
}

/// What a report tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReportScope {
    /// The whole tenant.
    #[default]
    Tenant,
    /// One department.
    Department(String),
    /// One project.
    Project(String),
}

/// A report that is mailed by the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// UUID.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// When it is sent.
    pub schedule: Schedule,
    /// What it tells of.
    pub scope: ReportScope,
    /// Addresses of mail.
    pub to: Vec<String>,
    /// The files that come with it, each once.
    pub formats: Vec<ReportFormat>,
    /// Whether it is sent by itself.
    pub enabled: bool,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When the next finished period is due, Unix milliseconds.
    pub next_ms: i64,
}

/// A period of a report to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReportDelivery {
    /// The period.
    pub range: Range,
    /// Asked for by somebody, beside the calendar.
    pub by_hand: bool,
    /// When it is first tried, Unix milliseconds.
    pub try_ms: i64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// When the period after it is due; `None` where that does not change.
    pub next_due_ms: Option<i64>,
}

/// Where a period of a report is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// It is tried (again).
    Pending,
    /// The mail server has taken it.
    Delivered,
    /// It was given up.
    Failed,
}

/// A period of a report that was sent, or is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDelivery {
    /// Its number, ascending.
    pub n: i64,
    /// The period.
    pub range: Range,
    /// Asked for by somebody, beside the calendar.
    pub by_hand: bool,
    /// Where it is.
    pub state: ReportState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, while it is pending, Unix milliseconds.
    pub next_ms: i64,
    /// When it was begun, Unix milliseconds.
    pub made_ms: i64,
    /// When the mail server took it.
    pub delivered_ms: Option<i64>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// A delivery whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReport {
    /// Whose.
    pub tenant: TenantId,
    /// The report as it is now.
    pub report: Report,
    /// What is sent of it.
    pub delivery: ReportDelivery,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTry {
    /// Where the delivery is now.
    pub state: ReportState,
    /// When it is tried again, where it is pending, Unix milliseconds.
    pub next_ms: i64,
    /// When the try ended, Unix milliseconds.
    pub at_ms: i64,
    /// Why it failed.
    pub error: Option<String>,
}

/// Keeps schedules of reports and closed periods.
#[async_trait]
pub trait Statements: Send + Sync {
    /// Begins to close a period: from when this returns, every change of its totals is noted beside the change itself. A
    /// period that overlaps a closed one, or one period too many, is a conflict. What was begun before and not frozen is
    /// given up.
    async fn begin_closing(&self, tenant: TenantId, new: NewClosing) -> StoreResult<()>;
    /// Sums for the statement of a closing that was begun, with the changes that are part of them, of one moment.
    async fn sums_to_freeze(
        &self,
        tenant: TenantId,
        id: &str,
        request: AggregateRequest,
    ) -> StoreResult<(Vec<AggregateRow>, ChangeMark)>;
    /// Freezes a closing that was begun; changes up to the mark are forgotten, since the statement holds them. Not found
    /// where it was given up meanwhile.
    async fn freeze_closing(
        &self,
        tenant: TenantId,
        id: &str,
        frozen: Frozen,
        audit: Audit,
    ) -> StoreResult<Closing>;
    /// Gives up a closing that was begun and not frozen.
    async fn give_up_closing(&self, tenant: TenantId, id: &str) -> StoreResult<()>;
    /// Opens a closed period again: statement and changes are forgotten.
    async fn reopen(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;
    /// Closed periods, the latest first.
    async fn closings(&self, tenant: TenantId) -> StoreResult<Vec<Closing>>;
    /// One closed period.
    async fn closing(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Closing>>;
    /// The bytes of a statement.
    async fn frozen_statement(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Vec<u8>>>;
    /// What the changes since come to, by the buckets between these edges and
    /// [`meterwire_core::closing::STATEMENT_GROUPS`]; groups that come to nothing are left out.
    async fn adjustment(
        &self,
        tenant: TenantId,
        id: &str,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<AggregateRow>>;
    /// The changes since, in their order, paged by number.
    async fn closing_changes(
        &self,
        tenant: TenantId,
        id: &str,
        page: PageRequest,
    ) -> StoreResult<Page<ClosingChange>>;

    /// Keeps a report; one too many is a conflict.
    async fn create_report(&self, tenant: TenantId, report: Report, audit: Audit) -> StoreResult<()>;
    /// Reports by id, which is the order of making.
    async fn reports(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Report>>;
    /// One report.
    async fn report(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Report>>;
    /// Replaces everything but id and time of making.
    async fn update_report(&self, tenant: TenantId, report: Report, audit: Audit) -> StoreResult<()>;
    /// Deletes a report with its history.
    async fn delete_report(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;
    /// Reports of every tenant that are enabled and due, the longest overdue first.
    async fn due_reports(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<(TenantId, Report)>>;
    /// Begins to send a period and moves on to when the next is due, both or neither. A period that was begun before, not
    /// by hand, is not begun again: `None`.
    async fn begin_report_delivery(
        &self,
        tenant: TenantId,
        id: &str,
        new: NewReportDelivery,
    ) -> StoreResult<Option<ReportDelivery>>;
    /// Pending deliveries of every tenant whose time has come, the longest overdue first.
    async fn due_report_deliveries(&self, now_ms: i64, limit: usize) -> StoreResult<Vec<DueReport>>;
    /// Notes how a try ended. What is delivered or given up stays so.
    async fn end_report_try(&self, n: i64, ended: ReportTry) -> StoreResult<()>;
    /// What was sent of a report, the latest first, paged by number.
    async fn report_deliveries(
        &self,
        tenant: TenantId,
        id: &str,
        page: PageRequest,
    ) -> StoreResult<Page<ReportDelivery>>;
}
