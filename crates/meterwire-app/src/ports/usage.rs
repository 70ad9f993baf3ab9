//! Usage: what was recorded, added up and listed.

use super::{PastRating, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::period::Range;
use meterwire_core::survey::Surveyor;
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, Metric};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// The most rows (groups times buckets) that a store holds in memory for one answer.
pub const MAX_AGGREGATE_ROWS: usize = 300_000;
/// The most dimensions that one request groups by.
pub const MAX_GROUP_BY: usize = 6;

/// A request to add up events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateRequest {
    /// Edges of the buckets, Unix milliseconds, ascending, at least two: bucket `i` is `edges[i]..edges[i + 1]`.
    pub edges_ms: Vec<i64>,
    /// By what to group, up to [`MAX_GROUP_BY`], each once.
    pub group_by: Vec<Dimension>,
    /// Only events that pass every filter.
    pub filters: Vec<Filter>,
    /// What is wanted of the sums.
    pub measures: Measures,
}

/// Which sums are wanted beside the number of events. What is not wanted may be anything in the answer; a store need not
/// read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of four things")]
pub struct Measures {
    /// The token buckets.
    pub tokens: bool,
    /// The cost, and the number of events without a price.
    pub cost: bool,
    /// The number of failed calls.
    pub errors: bool,
    /// The sketches of latency and time to first token.
    pub latency: bool,
}

impl Measures {
    /// Only the number of events.
    pub const CALLS: Self = Self { tokens: false, cost: false, errors: false, latency: false };
    /// Every sum, no sketches.
    pub const SUMS: Self = Self { tokens: true, cost: true, errors: true, latency: false };
    /// Every sum and the sketches.
    pub const ALL: Self = Self { latency: true, ..Self::SUMS };

    /// Sums without what is not wanted.
    pub fn of(self, mut totals: Totals) -> Totals {
        if !self.tokens {
            totals.tokens = [0; 10];
        }
        if !self.cost {
            (totals.cost, totals.unpriced_calls) = <_>::default();
        }
        if !self.errors {
            totals.errors = 0;
        }
        if !self.latency {
            (totals.latency, totals.time_to_first_token) = <_>::default();
        }
        totals
    }
}

/// One sum of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateRow {
    /// Which bucket.
    pub bucket: usize,
    /// The values of `group_by`; the absent value is `None`, a status its digits.
    pub key: Vec<Option<String>>,
    /// The sums; sketches are empty unless asked for.
    pub totals: Totals,
}

/// Which groups of an answer are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Top {
    /// By this, over the whole request; between equal ones the smaller key comes first, absent values before all.
    pub metric: Metric,
    /// So many.
    pub count: usize,
}

/// The largest groups, and the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TopRows {
    /// Sums of the groups that are told apart.
    pub rows: Vec<AggregateRow>,
    /// Sums of all others together, one a bucket that has any, without a key.
    pub rest: Vec<AggregateRow>,
}

/// How many different users one bucket and group has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctRow {
    /// Which bucket.
    pub bucket: usize,
    /// The values of `group_by`.
    pub key: Vec<Option<String>>,
    /// How many different users, those without a name not counted.
    pub users: i64,
}

/// By what the log is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogColumn {
    /// The time of the event.
    Time,
    /// A text dimension or the status. Absent values come first when ascending.
    Dimension(Dimension),
    /// All input tokens.
    InputTokens,
    /// All output tokens.
    OutputTokens,
    /// All tokens.
    TotalTokens,
    /// The cost; unpriced events count as having none and come first when ascending.
    Cost,
    /// The latency; events without one come first when ascending.
    Latency,
}

/// Where in the log a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogStart {
    /// After so many rows.
    Offset(u64),
    /// After the row with this sort value and sequence number.
    After(LogCursor),
}

/// A row's place in the log's order.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LogCursor {
    /// The value it is sorted by.
    pub value: CursorValue,
    /// The row's number in the order of recording; decides between equal values, in the sort's direction.
    pub seq: i64,
}

/// The value of a sort column.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum CursorValue {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Nothing.
    Absent(()),
}

/// A request for a page of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRequest {
    /// Events within this span.
    pub range: Range,
    /// Only events that pass every filter.
    pub filters: Vec<Filter>,
    /// Only events with a known cost, or only those without a price.
    pub priced: Option<bool>,
    /// Sorted by this, then by the order of recording.
    pub column: LogColumn,
    /// Largest first.
    pub descending: bool,
    /// Where the page begins.
    pub start: LogStart,
    /// At most so many rows.
    pub limit: usize,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// The row's number in the order of recording.
    pub seq: i64,
    /// The event.
    pub event: Event,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogPage {
    /// The rows.
    pub rows: Vec<LogRow>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<LogCursor>,
}

/// The log of one tenant as it was at one moment: what is recorded later is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogView {
    /// The last row that is in it.
    pub last_seq: i64,
}

/// A request for the next rows of a view, in the order of time and then of recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanRequest {
    /// The view.
    pub view: LogView,
    /// Events within this span.
    pub range: Range,
    /// Only events that pass every filter.
    pub filters: Vec<Filter>,
    /// Only events with a known cost, or only those without a price.
    pub priced: Option<bool>,
    /// After this place; `None` at the beginning.
    pub after: Option<ScanPlace>,
    /// At most so many rows.
    pub limit: usize,
}

/// A place in the order of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanPlace {
    /// The time of its event, Unix milliseconds.
    pub time_ms: i64,
    /// Its number in the order of recording.
    pub seq: i64,
}

/// The next rows of a scan. There may be few or none although more follow, where a filter passes few.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPage {
    /// The rows.
    pub rows: Vec<LogRow>,
    /// Where to go on; `None` at the end.
    pub next: Option<ScanPlace>,
}

/// Several questions that are answered from one moment, so that their answers agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// Sums.
    pub sums: Vec<AggregateRequest>,
    /// A page of the log.
    pub log: Option<LogRequest>,
}

/// Answers to [`Questions`], in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// One for each of the sums.
    pub sums: Vec<Vec<AggregateRow>>,
    /// The page of the log, where one was asked for.
    pub log: Option<LogPage>,
}

/// One event, voided or not.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// The event.
    pub row: LogRow,
    /// When it was voided, Unix milliseconds.
    pub voided_ms: Option<i64>,
    /// How it was rated before, the oldest first.
    pub rated_before: Vec<PastRating>,
}

/// A request to go over single events in the order of time, and to add up beside it, all from one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRequest {
    /// Events within this span.
    pub range: Range,
    /// Only events that pass every filter.
    pub filters: Vec<Filter>,
    /// Whether the hashes of requests are wanted.
    pub requests: bool,
    /// Sums from the same moment.
    pub sums: Vec<AggregateRequest>,
}

/// Answers questions. Voided events are in no answer but [`Usage::event`].
#[async_trait]
pub trait Usage: Send + Sync {
    /// Adds up events; groups without any are absent. The order of rows is free.
    async fn aggregate(&self, tenant: TenantId, request: AggregateRequest) -> StoreResult<Vec<AggregateRow>>;

    /// Adds up events and tells only the largest groups apart.
    async fn aggregate_top(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
        top: Top,
    ) -> StoreResult<TopRows>;

    /// Counts different users for each bucket and group.
    async fn distinct_users(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
    ) -> StoreResult<Vec<DistinctRow>>;

    /// A page of the log.
    async fn log(&self, tenant: TenantId, request: LogRequest) -> StoreResult<LogPage>;

    /// Several answers from one moment.
    async fn ask(&self, tenant: TenantId, questions: Questions) -> StoreResult<Answers>;

    /// Goes over single events; answers the sums that were asked for beside it.
    async fn survey(
        &self,
        tenant: TenantId,
        request: SurveyRequest,
        surveyor: Arc<Mutex<dyn Surveyor>>,
    ) -> StoreResult<Vec<Vec<AggregateRow>>>;

    /// Events of a range of time by their numbers in the order of recording, in that order; those that are voided or gone
    /// are left out, and a store may leave out those that are not of the range, which tells where to look.
    async fn events_by_seq(&self, tenant: TenantId, range: Range, seqs: Vec<i64>)
    -> StoreResult<Vec<LogRow>>;

    /// The event with this identity, voided or not.
    async fn event(&self, tenant: TenantId, source: &str, id: &str) -> StoreResult<Option<StoredEvent>>;

    /// A number that changes whenever events of the tenant are recorded, voided or taken away; it has changed before
    /// whoever did it is answered. It says nothing by itself and begins anew with the process.
    fn revision(&self, tenant: TenantId) -> u64;

    /// Like [`Self::revision`], and certain: the store is asked, which other servers may write to.
    async fn recorded(&self, tenant: TenantId) -> StoreResult<u64>;

    /// Wakes up whenever the revision of any tenant has changed.
    fn revisions(&self) -> watch::Receiver<u64>;

    /// A tenant's log as it is now; of a tenant that does not exist it is empty or an error. It costs nothing to hold one,
    /// however long. It is of one tenant because only within one tenant numbers are in the order of commits: over all of
    /// them, a lower number may be recorded behind a higher one.
    async fn log_view(&self, tenant: TenantId) -> StoreResult<LogView>;

    /// The next rows of a view, at the same cost wherever they are. An event that was voided meanwhile is left out.
    async fn scan_log(&self, tenant: TenantId, request: ScanRequest) -> StoreResult<ScanPage>;
}
