//! What the cluster store does in its own way, for the ports that it shares with the embedded store, and its questions.

use super::identity::{self, Known};
use super::outbox::EventRow;
use super::questions::LabelsBy;
use super::store::{Cluster, ClusterStore};
use super::usage::Asking;
use crate::budget;
use crate::error::Work;
use crate::limits::{self, reset};
use crate::rerating::past_ratings;
use crate::revision;
use crate::session::{Session, Wants, Weight};
use crate::sql;
use crate::sqlite::usage::LabelTexts;
use crate::statement::{changes, closing};
use crate::store::Backend;
use async_trait::async_trait;
use hashbrown::HashMap;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, Answers, ChangeMark, ClosingChange, DistinctRow, FillStep, LogPage,
    LogRequest, LogRow, LogView, Page, Questions, RatedEvents, RerateLook, RerateStep, ScanPage, ScanRequest,
    StoreResult, StoredEvent, SurveyRequest, TenantId, Top, TopRows, Usage,
};
use meterwire_core::budget::Scope;
use meterwire_core::period::Range;
use meterwire_core::survey::Surveyor;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use uuid::Uuid;

/// The end of some reservations. Not of weight nothing: it changes nothing that others remember of the catalogue.
const HOLDS: Weight = Weight { commands: 1, events: 1, bytes: 512 };

impl Cluster {
    /// An event by its identity, as it is known now.
    pub(super) async fn known(&self, hash: Uuid) -> StoreResult<Option<Known>> {
        self.readers.read(move |rows| Ok(identity::find(rows.postgres()?, &[hash])?.remove(&hash))).await
    }

    /// The ledger's number of a tenant's labels: whoever finds it changed under the lock has to read again what he read before.
    pub(super) async fn labels_version(&self, tenant: TenantId) -> StoreResult<i64> {
        let sql = "SELECT coalesce(max(labels_version), 0) FROM ledger WHERE tenant_id = ?";
        self.readers.read(move |rows| Ok(rows.query_row(sql, [tenant.0], |row| row.get(0))?)).await
    }

    /// The row of an event as it is rated now.
    pub(super) async fn row_of(
        &self,
        tenant: TenantId,
        seq: i64,
        time_ms: i64,
    ) -> StoreResult<Option<EventRow>> {
        let moment = self.questions.moment_by(&self.readers, tenant).await?;
        let labels = LabelsBy(&self.readers);
        Ok(Asking::new(&self.questions.clicks, &labels, &moment).row_of(seq, time_ms).await?)
    }

    /// Source and id of events at these times with these numbers, by number.
    async fn names_of(
        &self,
        tenant: TenantId,
        places: &[(i64, i64)],
    ) -> StoreResult<HashMap<i64, (String, String)>> {
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        let moment = self.questions.moment_by(&self.readers, tenant).await?;
        let labels = LabelsBy(&self.readers);
        Ok(Asking::new(&self.questions.clicks, &labels, &moment).names_at(places).await?)
    }
}

impl Backend for Cluster {
    async fn write<T, F>(
        &self,
        of: Option<TenantId>,
        weight: Weight,
        isolated: bool,
        run: F,
    ) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        self.writer.write(of, weight, isolated, run).await
    }

    async fn write_wanting<T, F>(
        &self,
        tenant: TenantId,
        weight: Weight,
        wants: Arc<dyn Wants>,
        run: F,
    ) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        self.writer.write_wanting(tenant, weight, wants, run).await
    }

    async fn read<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&sql::Connection<'_>) -> Work<T> + Send + 'static,
    {
        self.readers.read(move |connection| run(&connection)).await
    }

    fn counters(&self) -> Option<&limits::Shared> {
        // Another server may have decided since.
        None
    }

    fn revisions(&self) -> &revision::Shared {
        &self.revisions
    }

    fn texts(&self) -> LabelTexts {
        self.texts.clone()
    }

    fn require_room(&self) -> StoreResult<()> {
        self.lagging.require_room()
    }

    async fn sweep(&self, now_ms: i64) -> StoreResult<usize> {
        if !self.leads.decided().await? {
            return Ok(0);
        }
        let over =
            "SELECT DISTINCT tenant_id FROM reservation WHERE status = 'held' AND expires_ms <= ? LIMIT 100";
        let find = move |connection: sql::Connection<'_>| -> Work<Vec<i64>> {
            let mut statement = connection.prepare_cached(over)?;
            Ok(statement.query_map([now_ms], |row| row.get(0))?.collect::<sql::Result<_>>()?)
        };
        let mut expired = 0;
        for tenant in self.readers.read(find).await? {
            let expire = move |session: &mut Session<'_>| reset::expire(session, now_ms);
            expired += self.write(Some(TenantId(tenant)), HOLDS, false, expire).await?;
        }
        self.forget_old(now_ms).await?;
        Ok(expired)
    }

    async fn spent_between(
        &self,
        tenant: TenantId,
        scope: Scope,
        edges_ms: Vec<i64>,
    ) -> StoreResult<Vec<i64>> {
        let questions = self.questions.clone();
        let count = move |connection: sql::Connection<'_>| {
            let mut ask =
                |tenant, request: &AggregateRequest| questions.sums(connection.postgres()?, tenant, request);
            budget::spent_between(&connection, tenant, &scope, &edges_ms, &mut ask)
        };
        self.readers.read(count).await
    }

    async fn sums_to_freeze(
        &self,
        tenant: TenantId,
        id: String,
        request: AggregateRequest,
    ) -> StoreResult<(Vec<AggregateRow>, ChangeMark)> {
        let questions = self.questions.clone();
        let add_up = move |connection: sql::Connection<'_>| {
            let number = closing::number(&connection, tenant, &id, false)?;
            let mark = changes::last(&connection, number)?;
            Ok((questions.sums(connection.postgres()?, tenant, &request)?, mark))
        };
        self.readers.read(add_up).await
    }

    async fn closing_changes(
        &self,
        tenant: TenantId,
        id: String,
        after: i64,
        limit: usize,
    ) -> StoreResult<Page<ClosingChange>> {
        let texts = self.texts.clone();
        let list = move |connection: sql::Connection<'_>| {
            let number = closing::number(&connection, tenant, &id, true)?;
            changes::list(&connection, &texts, number, after, limit)
        };
        let (mut page, seqs) = self.readers.read(list).await?;
        let places: Vec<(i64, i64)> =
            page.items.iter().zip(&seqs).map(|(change, seq)| (change.time_ms, *seq)).collect();
        let named = self.names_of(tenant, &places).await?;
        for (change, seq) in page.items.iter_mut().zip(seqs) {
            change.event = named.get(&seq).cloned();
        }
        Ok(page)
    }

    async fn drop_events(
        &self,
        tenant: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> StoreResult<usize> {
        self.drop_old_events(tenant, received_before_ms, most_events).await
    }

    async fn clear_erased(&self, _most_events: usize) -> StoreResult<bool> {
        // ClickHouse clears all events of a user by one order; pages would only cost more.
        self.clear_next_erased().await
    }

    async fn fill_dimensions(&self, most_events: usize) -> StoreResult<Option<FillStep>> {
        self.fill_step(most_events).await
    }

    fn dimension_removed(&self) {}

    async fn rated_events(&self, tenant: TenantId, look: RerateLook) -> StoreResult<RatedEvents> {
        self.readers.heard(self.look_at_ratings(tenant, &look)).await
    }

    async fn rerate(&self, tenant: TenantId, step: RerateStep) -> StoreResult<bool> {
        self.take_step(tenant, step).await
    }

    fn swap_rerating(&self, number: Option<i64>) -> i64 {
        match number {
            Some(number) => self.last_rerating.swap(number, Ordering::Relaxed),
            None => self.last_rerating.load(Ordering::Relaxed),
        }
    }
}

/// Asks one moment, which lives as long as the question.
macro_rules! ask {
    ($store:ident, $tenant:ident, |$asking:ident| $question:expr) => {{
        let backend = &$store.backend;
        let moment = backend.questions.moment_by(&backend.readers, $tenant).await?;
        let labels = LabelsBy(&backend.readers);
        let $asking = Asking::new(&backend.questions.clicks, &labels, &moment);
        $question
    }};
}

#[async_trait]
impl Usage for ClusterStore {
    async fn aggregate(&self, tenant: TenantId, request: AggregateRequest) -> StoreResult<Vec<AggregateRow>> {
        ask!(self, tenant, |asking| Ok(asking.sums(&request).await?))
    }

    async fn aggregate_top(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
        top: Top,
    ) -> StoreResult<TopRows> {
        ask!(self, tenant, |asking| Ok(asking.top_sums(&request, top).await?))
    }

    async fn distinct_users(
        &self,
        tenant: TenantId,
        request: AggregateRequest,
    ) -> StoreResult<Vec<DistinctRow>> {
        ask!(self, tenant, |asking| Ok(asking.distinct_users(&request).await?))
    }

    async fn log(&self, tenant: TenantId, request: LogRequest) -> StoreResult<LogPage> {
        ask!(self, tenant, |asking| Ok(asking.log(&request).await?))
    }

    async fn ask(&self, tenant: TenantId, questions: Questions) -> StoreResult<Answers> {
        ask!(self, tenant, |asking| {
            let mut sums = Vec::with_capacity(questions.sums.len());
            for request in &questions.sums {
                sums.push(asking.sums(request).await?);
            }
            let log = match &questions.log {
                Some(request) => Some(asking.log(request).await?),
                None => None,
            };
            Ok(Answers { sums, log })
        })
    }

    async fn survey(
        &self,
        tenant: TenantId,
        request: SurveyRequest,
        surveyor: Arc<Mutex<dyn Surveyor>>,
    ) -> StoreResult<Vec<Vec<AggregateRow>>> {
        ask!(self, tenant, |asking| Ok(asking.survey(&request, &surveyor).await?))
    }

    async fn events_by_seq(
        &self,
        tenant: TenantId,
        range: Range,
        seqs: Vec<i64>,
    ) -> StoreResult<Vec<LogRow>> {
        ask!(self, tenant, |asking| Ok(asking.events_by_seq(range, &seqs).await?))
    }

    async fn event(&self, tenant: TenantId, source: &str, id: &str) -> StoreResult<Option<StoredEvent>> {
        let hash = identity::hash(tenant, source, id);
        let texts = self.backend.texts.clone();
        let find = move |rows: sql::Connection<'_>| -> Work<_> {
            let Some(known) = identity::find(rows.postgres()?, &[hash])?.remove(&hash) else {
                return Ok(None);
            };
            let voided_ms = identity::voided_ms(rows.postgres()?, hash)?;
            Ok(Some((known, voided_ms, past_ratings(&rows, &texts, tenant, known.seq)?)))
        };
        let Some((known, voided_ms, rated_before)) = self.backend.readers.read(find).await? else {
            return Ok(None);
        };
        let row = ask!(self, tenant, |asking| asking.event_of(known.seq, known.time_ms).await?);
        Ok(row.map(|row| StoredEvent { row, voided_ms, rated_before }))
    }

    fn revision(&self, tenant: TenantId) -> u64 {
        self.backend.revisions.of(tenant)
    }

    fn revisions(&self) -> watch::Receiver<u64> {
        self.backend.revisions.changes()
    }

    async fn recorded(&self, tenant: TenantId) -> StoreResult<u64> {
        // Both only grow: the first with events, the second with what is taken back or rated anew.
        let written = "SELECT coalesce(max(last_seq + cancels), 0) FROM ledger WHERE tenant_id = ?";
        let read = move |rows: sql::Connection<'_>| {
            Ok(rows.query_row(written, [tenant.0], |row| row.get::<_, i64>(0))?)
        };
        Ok(self.backend.readers.read(read).await?.unsigned_abs())
    }

    async fn log_view(&self, tenant: TenantId) -> StoreResult<LogView> {
        // The lock gives numbers out in the order of commits, so nothing up to this one can still appear.
        let last = "SELECT coalesce(max(last_seq), 0) FROM ledger WHERE tenant_id = ?";
        let read = move |rows: sql::Connection<'_>| Ok(rows.query_row(last, [tenant.0], |row| row.get(0))?);
        Ok(LogView { last_seq: self.backend.readers.read(read).await? })
    }

    async fn scan_log(&self, tenant: TenantId, request: ScanRequest) -> StoreResult<ScanPage> {
        ask!(self, tenant, |asking| Ok(asking.scan(&request).await?))
    }
}
