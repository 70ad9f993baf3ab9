//! Live totals for any number of listeners.
//!
//! Whoever listens to the same view (tenant, user, zone) is sent the same bytes: a view is added up at most once a second,
//! only when something was recorded of its tenant or its day has ended, and rendered once. One task does it for all views
//! ([`Live::run`]), so that a listener that does not read holds up nobody. A listener that is slow misses what lies
//! between and gets the newest: totals are a state, not a log.

mod frame;
mod listener;

pub(crate) use frame::LiveTotalsToApi;
pub(crate) use listener::{Credentials, Listener};

use frame::Frame;
use meterwire_app::ports::TenantId;
use meterwire_app::{AppError, LiveView, Meterwire};
use meterwire_core::period::Range;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Between two computations of one view.
const EVERY: Duration = Duration::from_secs(1);
/// After something was recorded, so long is waited for more of it.
const GATHER: Duration = Duration::from_millis(20);
/// So many views are added up at once; more would hold up other questions.
const AT_ONCE: usize = 2;
/// How many streams a server holds unless it is told otherwise.
pub(crate) const DEFAULT_STREAMS: usize = 800;

/// The views that somebody listens to.
pub struct Live {
    views: Mutex<Views>,
    /// Somebody listens to a new view.
    opened: Notify,
    closed: watch::Sender<bool>,
    max_streams: usize,
}

#[derive(Default)]
struct Views {
    feeds: HashMap<LiveView, Feed>,
    streams: usize,
    of_tenants: HashMap<TenantId, usize>,
}

/// What the listeners of one view are sent.
struct Feed {
    frame: watch::Sender<Arc<Frame>>,
    /// The tenant's revision when it was last added up.
    revision: u64,
    /// When that began.
    begun: Instant,
    /// The day it is of.
    day: Range,
}

/// Why a stream is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// The server holds as many as it may.
    #[error("the server holds as many live streams as it may; try again later, or ask /api/v1/usage/query")]
    Full,
    /// The tenant holds as many as one may.
    #[error("the tenant holds as many live streams as one may; try again later, or ask /api/v1/usage/query")]
    TenantFull,
    /// The server is stopping.
    #[error("the server is stopping; try again in a moment")]
    Stopping,
}

/// One stream's place among those that a server holds; given back when dropped.
pub(crate) struct Place {
    live: Arc<Live>,
    tenant: TenantId,
}

/// A frame with what tells when it is no longer true.
struct Computed {
    frame: Frame,
    revision: u64,
    begun: Instant,
    day: Range,
}

impl Live {
    /// Without listeners. At most `max_streams` of them are let in, of one tenant three quarters of that.
    pub fn new(max_streams: usize) -> Arc<Self> {
        let (views, opened, closed) = (Mutex::default(), Notify::new(), watch::Sender::new(false));
        Arc::new(Self { views, opened, closed, max_streams })
    }

    /// Ends every stream and lets nobody in any more.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Adds up views while somebody listens to them, until [`Self::close`].
    pub async fn run(&self, app: &Meterwire) {
        let mut closed = self.closed.subscribe();
        tokio::select! {
            () = self.refresh_views(app) => {}
            _ = closed.wait_for(|closed| *closed) => {}
        }
    }

    /// Takes a place for one more stream.
    pub(crate) fn enter(self: &Arc<Self>, tenant: TenantId) -> Result<Place, Refused> {
        if *self.closed.borrow() {
            return Err(Refused::Stopping);
        }
        let mut views = self.lock();
        if views.streams >= self.max_streams {
            return Err(Refused::Full);
        }
        let of_tenant = views.of_tenants.entry(tenant).or_default();
        if *of_tenant >= (self.max_streams - self.max_streams / 4).max(1) {
            return Err(Refused::TenantFull);
        }
        *of_tenant += 1;
        views.streams += 1;
        tell_streams(views.streams);
        Ok(Place { live: self.clone(), tenant })
    }

    /// The frames of a view, beginning with the present one.
    pub(crate) async fn listen(
        &self,
        app: &Meterwire,
        view: &LiveView,
    ) -> Result<watch::Receiver<Arc<Frame>>, AppError> {
        if let Some(feed) = self.lock().feeds.get(view) {
            return Ok(feed.frame.subscribe());
        }
        let Computed { frame, revision, begun, day } = compute(app, view).await?;
        let mut views = self.lock();
        let feed = views.feeds.entry(view.clone()).or_insert_with(|| {
            let frame = watch::Sender::new(Arc::new(frame));
            Feed { frame, revision, begun, day }
        });
        let frames = feed.frame.subscribe();
        drop(views);
        self.opened.notify_one();
        Ok(frames)
    }

    /// Whether the streams are to end.
    pub(crate) fn ends(&self) -> watch::Receiver<bool> {
        self.closed.subscribe()
    }

    async fn refresh_views(&self, app: &Meterwire) {
        let mut recorded = app.usage_revisions();
        loop {
            recorded.mark_unchanged();
            let (due, next) = self.due(app);
            self.refresh(app, due).await;
            if self.lock().feeds.is_empty() {
                self.opened.notified().await;
                continue;
            }
            // A second at the latest: days end, and listeners leave.
            let next = next.unwrap_or_else(|| Instant::now() + EVERY);
            if next <= Instant::now() {
                continue;
            }
            tokio::select! {
                changed = recorded.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    sleep(GATHER).await;
                }
                () = sleep_until(next) => {}
            }
        }
    }

    /// The views that are to be added up now, and when the next one may be. Views without a listener are forgotten.
    fn due(&self, app: &Meterwire) -> (Vec<LiveView>, Option<Instant>) {
        let (now, now_ms) = (Instant::now(), app.now_ms());
        let (mut waiting, mut next) = (Vec::new(), None);
        let mut views = self.lock();
        views.feeds.retain(|view, feed| {
            if feed.frame.is_closed() {
                return false;
            }
            let is_today = (feed.day.from_ms..feed.day.to_ms).contains(&now_ms);
            if is_today && feed.revision == app.usage_revision(view.tenant) {
                return true;
            }
            let from = feed.begun + EVERY;
            if from <= now {
                waiting.push((feed.begun, view.clone()));
            } else {
                next = Some(next.map_or(from, |next: Instant| next.min(from)));
            }
            true
        });
        let all = waiting.len();
        let due = turn(waiting);
        for view in &due {
            if let Some(feed) = views.feeds.get_mut(view) {
                feed.begun = now;
            }
        }
        let are_left = due.len() < all;
        (due, if are_left { Some(now) } else { next })
    }

    async fn refresh(&self, app: &Meterwire, due: Vec<LiveView>) {
        let waiting = Mutex::new(due);
        let take = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let work = async || {
            while let Some(view) = take() {
                match compute(app, &view).await {
                    Ok(computed) => self.publish(&view, computed),
                    // It stays due, so it is tried again in a second; listeners keep what they have.
                    Err(error) => tracing::warn!(%error, "the totals of a live view could not be added up"),
                }
            }
        };
        let workers: [_; AT_ONCE] = std::array::from_fn(|_| work());
        let [one, other] = workers;
        tokio::join!(one, other);
    }

    fn publish(&self, view: &LiveView, computed: Computed) {
        if let Some(feed) = self.lock().feeds.get_mut(view) {
            (feed.revision, feed.day) = (computed.revision, computed.day);
            // What was recorded may be of another day or user; then there is nothing new to tell.
            feed.frame.send_if_modified(|frame| {
                let is_new = frame.id != computed.frame.id;
                if is_new {
                    *frame = Arc::new(computed.frame);
                }
                is_new
            });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Views> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut views = self.live.lock();
        views.streams -= 1;
        tell_streams(views.streams);
        if let Some(of_tenant) = views.of_tenants.get_mut(&self.tenant) {
            *of_tenant -= 1;
            if *of_tenant == 0 {
                views.of_tenants.remove(&self.tenant);
            }
        }
    }
}

/// Whose turn it is: of each tenant the views that have waited longest, so that a tenant with many of them holds up only
/// itself.
fn turn(mut waiting: Vec<(Instant, LiveView)>) -> Vec<LiveView> {
    waiting.sort_by_key(|(begun, _)| *begun);
    let mut of_tenants: HashMap<TenantId, usize> = HashMap::new();
    let mut taken = |view: &LiveView| {
        let of_tenant = of_tenants.entry(view.tenant).or_default();
        *of_tenant += 1;
        *of_tenant <= AT_ONCE
    };
    waiting.into_iter().map(|(_, view)| view).filter(|view| taken(view)).collect()
}

async fn compute(app: &Meterwire, view: &LiveView) -> Result<Computed, AppError> {
    // Before the totals are read: what is recorded meanwhile is added up once more rather than missed.
    let (begun, revision) = (Instant::now(), app.usage_revision(view.tenant));
    let totals = app.live_totals(view).await?;
    metrics::counter!("meterwire_live_computations_total").increment(1);
    Ok(Computed { frame: Frame::new(view, &totals), revision, begun, day: totals.day })
}

#[expect(clippy::cast_precision_loss, reason = "a small number, for Prometheus")]
fn tell_streams(count: usize) {
    metrics::gauge!("meterwire_live_streams").set(count as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tenant_with_many_views_holds_up_only_itself() {
        let view = |tenant, user: &str| LiveView {
            tenant: TenantId(tenant),
            user: Some(user.to_owned()),
            tz: "UTC".to_owned(),
        };
        let start = Instant::now();
        let begun = |millis| start + Duration::from_millis(millis);
        let mut waiting: Vec<_> = (0..100).map(|i| (begun(100 - i), view(1, &format!("u-{i}")))).collect();
        waiting.push((begun(500), view(2, "late")));
        assert_eq!(turn(waiting), [view(1, "u-99"), view(1, "u-98"), view(2, "late")]);
        assert_eq!(turn(vec![]), []);
    }
}
