//! A store as its callers know it: the ports of `meterwire-app` over what the embedded and the cluster store do differently.

use crate::error::Work;
use crate::limits;
use crate::revision;
use crate::session::{Session, Wants, Weight};
use crate::sql::Connection;
use crate::sqlite::usage::LabelTexts;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, ChangeMark, ClosingChange, FillStep, Page, RatedEvents, RerateLook,
    RerateStep, StoreResult, TenantId,
};
use meterwire_core::budget::Scope;
use std::fmt;
use std::sync::Arc;

/// What a store does in its own way: how it writes and reads, and everything that needs recorded events.
///
/// `of` is whose the change is: the tenant's, or with `None` the instance's (keys, settings, sessions, the list of
/// tenants). Changes of one tenant are written in one order, whichever server they come to; changes of different ones
/// may be written beside one another.
pub(crate) trait Backend: Send + Sync + 'static {
    /// Writes and waits until it is on disk. An isolated command runs in a savepoint, so that its refusal leaves others
    /// alone; the failure of one that is not undoes its group, whose commands are then run one by one. May be run a second
    /// time after a rollback.
    fn write<T, F>(
        &self,
        of: Option<TenantId>,
        weight: Weight,
        isolated: bool,
        run: F,
    ) -> impl Future<Output = StoreResult<T>> + Send
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static;

    /// Like [`Self::write`] without a savepoint, where it is known what the change is going to look up: a store whose
    /// statements travel looks that up for many changes at once.
    fn write_wanting<T, F>(
        &self,
        tenant: TenantId,
        weight: Weight,
        _wants: Arc<dyn Wants>,
        run: F,
    ) -> impl Future<Output = StoreResult<T>> + Send
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        self.write(Some(tenant), weight, false, run)
    }

    /// Reads on a snapshot. When the caller stops waiting, the question is given up.
    fn read<T, F>(&self, run: F) -> impl Future<Output = StoreResult<T>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&Connection<'_>) -> Work<T> + Send + 'static;

    /// What the writer remembers of counters, where it is known to be the present; `None` where somebody has to look.
    fn counters(&self) -> Option<&limits::Shared>;

    /// What tells that something was recorded.
    fn revisions(&self) -> &revision::Shared;

    /// Texts of labels.
    fn texts(&self) -> LabelTexts;

    /// Refuses, before it is begun, what records an event where too much waits to be passed on.
    fn require_room(&self) -> StoreResult<()> {
        Ok(())
    }

    /// Gives back what is held for too long, of all tenants, and forgets what is old; answers how many reservations.
    fn sweep(&self, now_ms: i64) -> impl Future<Output = StoreResult<usize>> + Send;

    /// What was spent of a scope between each two edges, nano-dollars.
    fn spent_between(
        &self,
        tenant: TenantId,
        scope: Scope,
        edges_ms: Vec<i64>,
    ) -> impl Future<Output = StoreResult<Vec<i64>>> + Send;

    /// Sums for a statement, and the last change of its period (by the closing's number) that they hold.
    fn sums_to_freeze(
        &self,
        tenant: TenantId,
        id: String,
        request: AggregateRequest,
    ) -> impl Future<Output = StoreResult<(Vec<AggregateRow>, ChangeMark)>> + Send;

    /// What has changed a closed period, with the events.
    fn closing_changes(
        &self,
        tenant: TenantId,
        id: String,
        after: i64,
        limit: usize,
    ) -> impl Future<Output = StoreResult<Page<ClosingChange>>> + Send;

    /// Drops some of the events that may be; answers how many.
    fn drop_events(
        &self,
        tenant: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> impl Future<Output = StoreResult<usize>> + Send;

    /// Clears some events of erased users; `false` where nobody is being erased.
    fn clear_erased(&self, most_events: usize) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Counts some events by a dimension that was declared after them, or clears up behind a removed one.
    fn fill_dimensions(
        &self,
        most_events: usize,
    ) -> impl Future<Output = StoreResult<Option<FillStep>>> + Send;

    /// A dimension was removed: something may be left to be cleared up.
    fn dimension_removed(&self);

    /// Events to be rated anew.
    fn rated_events(
        &self,
        tenant: TenantId,
        look: RerateLook,
    ) -> impl Future<Output = StoreResult<RatedEvents>> + Send;

    /// Rates events anew; `false` where the re-rating is not there any more and nothing was done.
    fn rerate(&self, tenant: TenantId, step: RerateStep) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Notes which re-rating takes the next step, by its number; answers which took the last.
    fn swap_rerating(&self, number: Option<i64>) -> i64;
}

/// A store. Clones share everything.
pub struct SqlStore<B> {
    pub(crate) backend: Arc<B>,
}

impl<B> Clone for SqlStore<B> {
    fn clone(&self) -> Self {
        Self { backend: self.backend.clone() }
    }
}

impl<B> fmt::Debug for SqlStore<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore").finish_non_exhaustive()
    }
}

#[expect(private_bounds, reason = "callers know ports, not how a store works")]
impl<B: Backend> SqlStore<B> {
    /// Writes in a savepoint, see [`Backend::write`].
    pub(crate) async fn write<T, F>(&self, of: impl Into<Option<TenantId>>, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        self.backend.write(of.into(), Weight::SMALL, true, run).await
    }

    /// Like [`Self::write`] without a savepoint, which is quicker: a failure undoes the whole group, which is then run one
    /// by one.
    pub(crate) async fn write_unguarded<T, F>(
        &self,
        of: impl Into<Option<TenantId>>,
        weight: Weight,
        run: F,
    ) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        self.backend.write(of.into(), weight, false, run).await
    }

    /// Reads on a snapshot, see [`Backend::read`].
    pub(crate) async fn read<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection<'_>) -> Work<T> + Send + 'static,
    {
        self.backend.read(run).await
    }
}
