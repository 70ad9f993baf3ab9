//! Waiting until what a tenant recorded is in ClickHouse and folded: only then may anything of it be taken away there.
//!
//! Of what is dropped the totals stay, so it has to be folded by every property as well that is a dimension. Of an erased
//! user they are not taken away, and the two would wait for each other: see [`Declared`](super::declared::Declared).

use super::store::Cluster;
use crate::error::{Work, unavailable};
use crate::sql::{Connection, params};
use meterwire_app::ports::{StoreResult, TenantId};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// It is looked so often,
const LOOK: Duration = Duration::from_millis(50);
/// but no longer than this: then ClickHouse is away or far behind.
const PATIENCE: Duration = Duration::from_secs(20);

/// Rows of the outbox stay at least until they are folded (see [`Cleaner`](super::clean::Cleaner)), so none is overlooked.
const UNSETTLED: &str = "SELECT EXISTS (SELECT 1 FROM outbox \
       WHERE batch IS NULL AND tenant_id = ?1 AND min_ms < ?2 AND id <= ?3) \
     OR EXISTS (SELECT 1 FROM outbox WHERE batch > (SELECT folded FROM manifest WHERE only_row = 1) \
       AND tenant_id = ?1 AND min_ms < ?2 AND id <= ?3) \
     OR (?4 = 1 AND EXISTS (SELECT 1 FROM dimension \
       WHERE tenant_id = ?1 AND fold IS NULL AND filled_seq >= fill_to_seq))";

/// What has to be in ClickHouse and folded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settle {
    pub(super) tenant: TenantId,
    /// Transactions with a row from before this time, Unix milliseconds,
    pub(super) before_ms: i64,
    /// up to this one, by its number in the outbox;
    pub(super) upto_id: i64,
    /// folded by declared properties too.
    pub(super) by_declared: bool,
}

impl Settle {
    /// Whether it is, as this connection sees it. Under the tenant's lock the answer holds until the commit.
    pub(super) fn is_done(&self, connection: &Connection<'_>) -> Work<bool> {
        let values = params![self.tenant.0, self.before_ms, self.upto_id, i64::from(self.by_declared)];
        let is_unsettled: i64 = connection.query_row(UNSETTLED, values, |row| row.get(0))?;
        Ok(is_unsettled == 0)
    }

    /// Has it brought there and folded, by the leader that this server is, and waits. An error where that takes too long:
    /// ClickHouse is away or behind; nothing was changed.
    pub(super) async fn wait(self, cluster: &Cluster) -> StoreResult<()> {
        let until = Instant::now() + PATIENCE;
        while !cluster.readers.read(move |connection| self.is_done(&connection)).await? {
            if Instant::now() >= until {
                let sentence = "ClickHouse has not taken yet what is to be taken away there";
                return Err(unavailable(sentence));
            }
            cluster.leads.want_fold();
            sleep(LOOK).await;
        }
        Ok(())
    }
}
