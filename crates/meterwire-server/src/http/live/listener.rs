//! One listener: what it is sent, and when it ends.

use super::frame::Frame;
use super::{Live, Place};
use crate::http::auth::authenticate;
use crate::http::error::ApiError;
use crate::http::state::AppState;
use axum::body::Bytes;
use axum::http::HeaderMap;
use futures_util::stream::{Stream, unfold};
use meterwire_app::{AppError, Caller, LiveView};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// So often it is asked whether the listener may still listen.
const CHECK: Duration = Duration::from_secs(3);
/// After so many checks without a message a comment is sent, so that nobody on the way takes the stream for dead.
const QUIET_CHECKS: u32 = 5;
const KEEP_ALIVE: Bytes = Bytes::from_static(b": keep-alive\n\n");
/// A browser that loses the stream comes back after a second.
const RETRY: Bytes = Bytes::from_static(b"retry: 1000\n\n");

/// With what the stream was opened; it ends when that no longer holds.
pub(crate) struct Credentials {
    pub(crate) state: AppState,
    pub(crate) headers: HeaderMap,
    pub(crate) caller: Arc<Caller>,
    /// The tenant that an admin named.
    pub(crate) named: Option<String>,
}

/// One open stream.
pub(crate) struct Listener {
    frames: watch::Receiver<Arc<Frame>>,
    ends: watch::Receiver<bool>,
    /// The id that the listener has.
    has: Option<String>,
    view: LiveView,
    credentials: Credentials,
    checks: Interval,
    quiet: u32,
    opening: bool,
    _place: Place,
}

impl Listener {
    /// A listener that has seen the state `has`, if any.
    pub(crate) fn new(
        live: &Live,
        place: Place,
        frames: watch::Receiver<Arc<Frame>>,
        view: LiveView,
        credentials: Credentials,
        has: Option<String>,
    ) -> Self {
        let mut checks = interval_at(Instant::now() + CHECK, CHECK);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut frames = frames;
        // The present frame counts as new.
        frames.mark_changed();
        let ends = live.ends();
        Self { frames, ends, has, view, credentials, checks, quiet: 0, opening: true, _place: place }
    }

    /// What is sent, piece by piece.
    pub(crate) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
        unfold(self, |mut listener| async move {
            let piece = listener.next().await?;
            Some((Ok(piece), listener))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        if std::mem::take(&mut self.opening) {
            return Some(RETRY);
        }
        let Self { frames, ends, has, view, credentials, checks, quiet, .. } = self;
        loop {
            tokio::select! {
                biased;
                () = async { drop(ends.wait_for(|ends| *ends).await) } => return None,
                _ = checks.tick() => {
                    if !credentials.still_open(view).await {
                        return None;
                    }
                    *quiet += 1;
                    if *quiet >= QUIET_CHECKS {
                        *quiet = 0;
                        return Some(KEEP_ALIVE);
                    }
                }
                changed = frames.changed() => {
                    changed.ok()?;
                    let frame = frames.borrow_and_update().clone();
                    if has.as_ref() != Some(&frame.id) {
                        *has = Some(frame.id.clone());
                        *quiet = 0;
                        return Some(frame.bytes.clone());
                    }
                }
            }
        }
    }
}

impl Credentials {
    /// Whether they would still open the same stream. A store that cannot tell just now ends nothing.
    async fn still_open(&self, view: &LiveView) -> bool {
        let Self { state, headers, caller, named } = self;
        let caller_now = match authenticate(state, headers).await {
            Ok(now) => now,
            Err(error) => return is_passing(&error),
        };
        if caller_now != *caller {
            return false;
        }
        let tz = Some(view.tz.clone());
        match state.app.live_view(caller, named.as_deref(), tz).await {
            Ok((_, now)) => now == *view,
            Err(error) => is_passing(&error.into()),
        }
    }
}

fn is_passing(error: &ApiError) -> bool {
    matches!(error, ApiError::App(AppError::Store(_)) | ApiError::Internal(_))
}
