//! Whether this server leads, for those who do what only one may.

use crate::error::unavailable;
use meterwire_app::ports::StoreResult;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// A proof of leading is good for so long. Another can lead only when the connection has ended, which takes PostgreSQL
/// longer to find.
const PROOF: Duration = Duration::from_secs(2);
/// It is known sooner who leads, unless PostgreSQL is away or has far too much to do.
const PATIENCE: Duration = Duration::from_secs(20);
/// So often in a row another has to be seen to have the lock: it may be the connection that this server has just lost.
const BEATEN: u32 = 2;

/// What is known of it.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// When this server was last seen to lead, while it does.
    proven: Option<Instant>,
    /// How often it found the lock taken, since it was last seen to lead.
    beaten: u32,
}

impl Known {
    /// `None`: it is not known now.
    fn answer(self) -> Option<bool> {
        match self.proven {
            // A server that was stopped does not believe what it saw before.
            Some(proven) => (proven.elapsed() < PROOF).then_some(true),
            None => (self.beaten >= BEATEN).then_some(false),
        }
    }
}

/// Whether this server leads. Clones are of the same server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leads {
    known: watch::Sender<Known>,
    wants_fold: Arc<AtomicBool>,
}

impl Leads {
    /// It was seen to lead a moment ago.
    pub(crate) fn now(&self) -> bool {
        self.known.borrow().answer() == Some(true)
    }

    /// Whether it leads, when that is known: right after a start, behind a lost connection and on a machine that is slow it
    /// takes a while. An error where it does not become known.
    pub(crate) async fn decided(&self) -> StoreResult<bool> {
        let mut known = self.known.subscribe();
        let decided = async {
            loop {
                let answer = known.borrow_and_update().answer();
                if let Some(answer) = answer {
                    return answer;
                }
                if known.changed().await.is_err() {
                    return false;
                }
            }
        };
        let decided = timeout(PATIENCE, decided).await;
        decided.map_err(|_| unavailable("it is not known which server leads"))
    }

    /// Has what was applied folded now, where this server leads, and not when enough of it has come together.
    pub(crate) fn want_fold(&self) {
        self.wants_fold.store(true, Ordering::Relaxed);
    }

    /// Whether somebody wanted a fold since this was asked last.
    pub(super) fn take_want_of_fold(&self) -> bool {
        self.wants_fold.swap(false, Ordering::Relaxed)
    }

    /// It led when this was asked.
    pub(super) fn proven(&self, asked: Instant) {
        self.known.send_replace(Known { proven: Some(asked), beaten: 0 });
    }

    /// It does not lead any more, for all that is known.
    pub(super) fn lost(&self) {
        self.known.send_replace(Known::default());
    }

    /// It will not lead again.
    pub(super) fn ended(&self) {
        self.known.send_replace(Known { proven: None, beaten: BEATEN });
    }

    /// Another has the lock.
    pub(super) fn beaten(&self) {
        self.known.send_modify(|known| {
            *known = Known { proven: None, beaten: known.beaten.saturating_add(1) };
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_leads_is_waited_for() {
        let leads = Leads::default();
        assert!(!leads.now());
        let waiting = tokio::spawn({
            let leads = leads.clone();
            async move { leads.decided().await }
        });
        tokio::task::yield_now().await;
        leads.beaten();
        leads.proven(Instant::now());
        assert!(waiting.await.unwrap().unwrap());
        assert!(leads.now());
        leads.lost();
        leads.beaten();
        leads.beaten();
        assert!(!leads.decided().await.unwrap());
    }

    #[test]
    fn what_is_not_certain_is_not_known() {
        let known = |age: Duration, beaten| Known { proven: Instant::now().checked_sub(age), beaten };
        assert_eq!(known(Duration::ZERO, 0).answer(), Some(true));
        assert_eq!(known(PROOF, 0).answer(), None, "a proof grows old");
        assert_eq!(Known::default().answer(), None);
        let lock_may_be_its_own = Known { proven: None, beaten: 1 };
        assert_eq!(lock_may_be_its_own.answer(), None);
        assert_eq!(Known { beaten: 2, ..lock_may_be_its_own }.answer(), Some(false));
    }
}
