//! Reading providers' reports: one piece of one kind of one connection at a time.
//!
//! A span is read whole, over all its pages, before anything of it is kept. Whatever is wrong on the way leaves what was
//! there as it was, and is told in the connection's state.

use crate::ports::{
    Connection, NewReport, ReportAccount, ReportAsk, ReportError, StoreError, StreamId, Tenant, TenantId,
};
use crate::{AppError, Meterwire};
use meterwire_core::period::Range;
use meterwire_core::provider_report::{
    DAY_MS, Failure, MAX_BUCKET_ROWS, ReportBucket, ReportKind, StreamState, next_work, span_of,
};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Tenants that are looked at for one that has no turn.
const LOOKED_AT: usize = 200;
/// The most pages of one span.
const MAX_PAGES: usize = 100;
/// The longest that one span may take.
const SPAN_TIMEOUT: Duration = Duration::from_mins(3);
/// Rows written in one transaction: others write in between.
const ROWS_AT_ONCE: usize = 4_000;
/// Rows of connections that were taken away, cleared in one go.
const CLEARED_AT_ONCE: usize = 4_000;
/// A clock that differs by less is as good as the same.
const SKEW_TOLD_MS: i64 = 60_000;

/// A span as a provider reported it.
struct Read {
    buckets: BTreeMap<i64, ReportBucket>,
    provider_now_ms: Option<i64>,
}

impl Meterwire {
    /// Makes the streams of the accounts that the settings name, as soon as there is a tenant to whom they belong.
    async fn prepare_accounts(&self) -> Result<(), AppError> {
        if self.desk.settings.accounts.is_empty() || self.desk.is_prepared.load(Ordering::Relaxed) {
            return Ok(());
        }
        let Some(tenant) = self.tenant_of_settings().await? else { return Ok(()) };
        for connection in self.connections_of(&tenant).await? {
            let streams = self.new_streams(connection.provider);
            self.provider_reports.ensure_streams(tenant.id, &connection.id, streams).await?;
        }
        self.desk.is_prepared.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Reads one piece of what is due; tells whether there was anything. Several may run at a time.
    pub async fn run_report_step(&self) -> Result<bool, AppError> {
        self.prepare_accounts().await?;
        let now_ms = self.now_ms();
        for stream in self.provider_reports.due_streams(now_ms, LOOKED_AT).await? {
            let Some(_turn) = self.desk.take(stream.tenant) else { continue };
            return self.run_stream(&stream).await;
        }
        Ok(self.provider_reports.clear_reports(CLEARED_AT_ONCE).await?)
    }

    /// Waits until something may have become due.
    pub async fn report_work(&self) {
        self.desk.wake.notified().await;
    }

    async fn run_stream(&self, stream: &StreamId) -> Result<bool, AppError> {
        let now_ms = self.now_ms();
        let Some((tenant, connection)) = self.to_ask(stream).await? else {
            // Of a connection that is off, or whose setting is gone. Switching it on makes it due.
            self.provider_reports.postpone(stream, now_ms + DAY_MS).await?;
            return Ok(true);
        };
        let streams = self.provider_reports.streams(tenant.id, &connection.id).await?;
        let Some(mut state) = streams.into_iter().find(|state| state.kind == stream.kind) else {
            return Ok(true);
        };
        // Another worker was quicker.
        if state.due_ms > now_ms {
            return Ok(true);
        }
        let work = next_work(&state, now_ms, self.desk.settings.cache_ms);
        let done = match self.account_of(tenant.id, &connection) {
            Ok(account) => self.read_and_keep(stream, &account, span_of(work), &mut state).await?,
            Err(error) => Err(error),
        };
        let now_ms = self.now_ms();
        match done {
            Ok(()) => state.succeed(work, now_ms, self.desk.settings.cache_ms),
            Err(error) if error.code == "not_offered" && state.kind.may_be_missing() => state.miss(now_ms),
            Err(error) => self.note_failure(&connection, &mut state, &error),
        }
        self.provider_reports.keep_stream(stream, state, now_ms).await?;
        Ok(true)
    }

    /// The tenant and connection of a stream, where it is to be asked.
    async fn to_ask(&self, stream: &StreamId) -> Result<Option<(Tenant, Connection)>, AppError> {
        let Some(tenant) = self.catalog.tenant_by_id(stream.tenant).await? else { return Ok(None) };
        let all = self.connections_of(&tenant).await?;
        let found =
            all.into_iter().find(|connection| connection.id == stream.connection && connection.enabled);
        Ok(found.map(|connection| (tenant, connection)))
    }

    fn account_of(&self, tenant: TenantId, connection: &Connection) -> Result<ReportAccount, ReportError> {
        let key =
            self.key_of(tenant, connection).map_err(|sentence| ReportError::lasting("secret", sentence))?;
        Ok(ReportAccount { provider: connection.provider, base_url: connection.base_url.clone(), key })
    }

    /// The outer error is our own store's.
    async fn read_and_keep(
        &self,
        stream: &StreamId,
        account: &ReportAccount,
        span: Range,
        state: &mut StreamState,
    ) -> Result<Result<(), ReportError>, AppError> {
        let read = tokio::time::timeout(SPAN_TIMEOUT, self.read_span(account, stream.kind, span)).await;
        let read = match read {
            Ok(Ok(read)) => read,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(_) => {
                let sentence = "the report took longer than three minutes and was given up";
                return Ok(Err(ReportError::passing("timed_out", sentence)));
            }
        };
        let now_ms = self.now_ms();
        let skew_ms = read.provider_now_ms.map_or(0, |theirs| theirs - now_ms);
        state.skew_ms = if skew_ms.abs() >= SKEW_TOLD_MS { skew_ms } else { 0 };
        match self.keep_span(stream, span, read, now_ms).await {
            // Of a connection that was taken away meanwhile nothing is kept.
            Ok(()) | Err(AppError::NotFound(_)) => Ok(Ok(())),
            Err(AppError::Conflict(sentence)) => Ok(Err(ReportError::lasting("too_large", sentence))),
            Err(other) => Err(other),
        }
    }

    /// Reads a span over all its pages.
    async fn read_span(
        &self,
        account: &ReportAccount,
        kind: ReportKind,
        span: Range,
    ) -> Result<Read, ReportError> {
        let mut ask = ReportAsk { kind, span, page: None, plain: false };
        let mut read = Read { buckets: BTreeMap::new(), provider_now_ms: None };
        let mut pages: HashSet<String> = HashSet::new();
        for _ in 0..MAX_PAGES {
            let answer = match self.outside.reports.page(account, &ask, self.now_ms()).await {
                // Some accounts refuse costs by API key.
                Err(error) if error.code == "refused" && kind == ReportKind::Costs && !ask.plain => {
                    (ask.plain, ask.page) = (true, None);
                    read.buckets.clear();
                    pages.clear();
                    continue;
                }
                answer => answer?,
            };
            read.provider_now_ms = answer.provider_now_ms.or(read.provider_now_ms);
            let brought = take_buckets(&mut read.buckets, answer.page.buckets, span)?;
            let Some(next) = answer.page.next else { return Ok(read) };
            if !brought || !pages.insert(next.clone()) {
                let sentence = "the provider's pages go round in a circle; nothing of them was kept";
                return Err(ReportError::passing("page_loop", sentence));
            }
            ask.page = Some(next);
        }
        let sentence = format!("the report has more than {MAX_PAGES} pages; nothing of it was kept");
        Err(ReportError::lasting("too_large", sentence))
    }

    async fn keep_span(
        &self,
        stream: &StreamId,
        span: Range,
        mut read: Read,
        now_ms: i64,
    ) -> Result<(), AppError> {
        let ids = vec![stream.connection.clone()];
        let there = self.provider_reports.report_buckets(stream.tenant, ids, span).await?;
        let there: HashSet<i64> =
            there.iter().filter(|bucket| bucket.kind == stream.kind).map(|bucket| bucket.day_ms).collect();
        // A day that the provider leaves out has nothing, unless it had something before: that is left as it was.
        let mut day_ms = span.from_ms;
        while day_ms < span.to_ms {
            if !there.contains(&day_ms) {
                read.buckets.entry(day_ms).or_insert(ReportBucket { start_ms: day_ms, rows: vec![] });
            }
            day_ms += DAY_MS;
        }
        // By whichever clock is behind: a day that is not over for both may still grow.
        let provider_now_ms = read.provider_now_ms.map_or(now_ms, |theirs| theirs.min(now_ms));
        let mut group: Vec<ReportBucket> = vec![];
        let mut rows = 0;
        for bucket in read.buckets.into_values() {
            rows += bucket.rows.len() + 1;
            group.push(bucket);
            if rows >= ROWS_AT_ONCE {
                rows = 0;
                self.keep_group(stream, std::mem::take(&mut group), now_ms, provider_now_ms).await?;
            }
        }
        self.keep_group(stream, group, now_ms, provider_now_ms).await
    }

    async fn keep_group(
        &self,
        stream: &StreamId,
        buckets: Vec<ReportBucket>,
        read_ms: i64,
        provider_now_ms: i64,
    ) -> Result<(), AppError> {
        let report = NewReport { stream: stream.clone(), buckets, read_ms, provider_now_ms };
        loop {
            match self.provider_reports.keep_report(report.clone()).await {
                Err(StoreError::Busy) => tokio::time::sleep(Duration::from_millis(200)).await,
                kept => {
                    let kept = kept?;
                    if kept.revised > 0 {
                        tracing::info!(
                            connection = %stream.connection,
                            kind = stream.kind.name(),
                            buckets = kept.revised,
                            "a provider revised what it had reported"
                        );
                    }
                    return Ok(());
                }
            }
        }
    }

    fn note_failure(&self, connection: &Connection, state: &mut StreamState, error: &ReportError) {
        let now_ms = self.now_ms();
        tracing::warn!(
            connection = %connection.id,
            kind = state.kind.name(),
            code = error.code,
            message = %error.message,
            "a provider's report was not read"
        );
        let failure = Failure {
            code: error.code.to_owned(),
            message: error.message.clone(),
            at_ms: now_ms,
            passing: error.passing,
        };
        // Spread by what differs between connections; no try depends on it.
        let jitter =
            connection.id.bytes().chain(state.kind.name().bytes()).map(i64::from).sum::<i64>() * 37 % 1000;
        state.fail(failure, error.retry_after_ms, jitter, now_ms);
    }
}

/// Adds a page's buckets; tells whether any of them was new. Those outside of the span were not asked for: they are left
/// for their own time.
fn take_buckets(
    into: &mut BTreeMap<i64, ReportBucket>,
    buckets: Vec<ReportBucket>,
    span: Range,
) -> Result<bool, ReportError> {
    let mut brought = false;
    for mut bucket in buckets {
        if !(span.from_ms..span.to_ms).contains(&bucket.start_ms) {
            continue;
        }
        bucket.tidy();
        if bucket.rows.len() > MAX_BUCKET_ROWS {
            let sentence = format!("a day of the report has more than {MAX_BUCKET_ROWS} rows");
            return Err(ReportError::lasting("too_large", sentence));
        }
        match into.get(&bucket.start_ms) {
            None => {
                brought = true;
                into.insert(bucket.start_ms, bucket);
            }
            Some(before) if *before == bucket => {}
            Some(_) => {
                let sentence = "the provider told a day twice and differently; nothing of it was kept";
                return Err(ReportError::passing("page_loop", sentence));
            }
        }
    }
    Ok(brought)
}
