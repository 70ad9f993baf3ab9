//! What is forgotten when it is old: answers to idempotency keys, and reservations that were settled without an event. The
//! one that leads does it, some rows at a time, so that nobody waits for it.

use super::store::Cluster;
use crate::limits::reset;
use crate::session::{Session, Weight};
use crate::sql::params;
use crate::store::Backend;
use meterwire_app::ports::StoreResult;
use std::sync::atomic::Ordering;

/// So often.
const EVERY_MS: i64 = 3_600_000;
/// Rows of one transaction.
const ROWS: i64 = 5_000;
/// The most transactions of one turn; the rest goes in the next.
const MOST: usize = 1_000;

const ANSWERS: &str = "DELETE FROM idempotency WHERE ctid = ANY(ARRAY( \
     SELECT ctid FROM idempotency WHERE created_ms < ? ORDER BY created_ms LIMIT ?))";
const RESERVATIONS: &str = "DELETE FROM reservation WHERE ctid = ANY(ARRAY( \
     SELECT ctid FROM reservation WHERE settled_ms < ? AND settled_ms IS NOT NULL AND event_seq IS NULL \
     ORDER BY settled_ms LIMIT ?))";

impl Cluster {
    /// Forgets what is old, where it is time to.
    pub(super) async fn forget_old(&self, now_ms: i64) -> StoreResult<()> {
        if now_ms < self.next_forget_ms.load(Ordering::Relaxed) {
            return Ok(());
        }
        let [answers_ms, reservations_ms] = reset::old_before(now_ms);
        for (sql, before_ms) in [(ANSWERS, answers_ms), (RESERVATIONS, reservations_ms)] {
            for _ in 0..MOST {
                let forget = move |session: &mut Session<'_>| session.change(sql, params![before_ms, ROWS]);
                // Not of weight nothing: it changes nothing that anybody remembers.
                let weight = Weight { commands: 1, events: 1, bytes: 512 };
                let gone = self.write(None, weight, false, forget).await?;
                if i64::try_from(gone) != Ok(ROWS) {
                    break;
                }
            }
        }
        self.next_forget_ms.store(now_ms + EVERY_MS, Ordering::Relaxed);
        Ok(())
    }
}
