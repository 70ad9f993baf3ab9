//! What other servers write: each transaction counts its tenant's version on, which is looked at often; and what waits for
//! ClickHouse, which is looked at on the same connection.

use super::connect::{Postgres, Role, away};
use super::lag::Lagging;
use crate::revision;
use hashbrown::HashMap;
use meterwire_app::ports::{StoreResult, TenantId};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

/// How often versions are looked at: so late a live view learns of what another server wrote.
const LOOK: Duration = Duration::from_millis(250);
/// After an error.
const RETRY: Duration = Duration::from_secs(1);

/// The versions of tenants that this server has told of, or tells of itself.
#[derive(Default)]
pub(super) struct Seen(Mutex<HashMap<i64, i64>>);

impl Seen {
    /// This server is about to commit this version and tells of it itself. Where others wrote before it and were not seen
    /// yet, that is still to be told.
    pub(super) fn expect(&self, tenant: i64, before: i64, version: i64) {
        let mut seen = self.lock();
        if seen.get(&tenant).is_none_or(|seen| *seen == before) {
            seen.insert(tenant, version);
        }
    }

    /// What was expected did not come about, or nobody knows: should it be there, it is told.
    pub(super) fn put_back(&self, tenant: i64, before: i64) {
        if let Some(seen) = self.lock().get_mut(&tenant) {
            *seen = (*seen).min(before);
        }
    }

    /// Those of which this is news.
    fn news(&self, versions: &HashMap<i64, i64>) -> Vec<TenantId> {
        let mut seen = self.lock();
        let mut news = Vec::new();
        for (tenant, version) in versions {
            // A tenant for which nobody has written is no news, when it is seen for the first time.
            let known = seen.entry(*tenant).or_insert(0);
            if version > known {
                *known = *version;
                news.push(TenantId(*tenant));
            }
        }
        seen.retain(|tenant, _| versions.contains_key(tenant));
        news
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the revisions of tenants that others wrote.
pub(super) struct Watch {
    postgres: Postgres,
    revisions: Arc<revision::Shared>,
    seen: Arc<Seen>,
    lagging: Arc<Lagging>,
}

impl Watch {
    pub(super) fn new(
        postgres: Postgres,
        revisions: Arc<revision::Shared>,
        seen: Arc<Seen>,
        lagging: Arc<Lagging>,
    ) -> Self {
        Self { postgres, revisions, seen, lagging }
    }

    /// Watches until it is told to stop.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
        let watch = async {
            loop {
                if let Err(error) = self.watch().await {
                    tracing::debug!(%error, "what other servers write is not seen");
                }
                sleep(RETRY).await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = watch => {}
        }
    }

    async fn watch(&self) -> StoreResult<()> {
        let client = self.postgres.connect(Role::Reader).await?;
        let mut look_at_outbox = Instant::now();
        loop {
            self.look(&client).await?;
            if Instant::now() >= look_at_outbox {
                look_at_outbox = Instant::now() + self.lagging.look(&client).await?;
            }
            sleep(LOOK).await;
        }
    }

    /// Tells what others have changed since the last look.
    async fn look(&self, client: &Client) -> StoreResult<()> {
        let sql = "SELECT tenant_id, version, catalog_version FROM ledger";
        let rows = client.query(sql, &[]).await.map_err(|error| away(&error))?;
        let catalogues = rows.iter().map(|row| (row.get(0), row.get(2)));
        self.revisions.saw_catalogues(catalogues.collect());
        // The instance's own row tells of nothing that is recorded.
        let versions =
            rows.iter().map(|row| (row.get(0), row.get(1))).filter(|(tenant, _)| *tenant > 0).collect();
        self.revisions.changed(self.seen.news(&versions).into_iter());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_write_is_news_and_what_we_write_is_not() {
        let seen = Seen::default();
        let news = |versions: &[(i64, i64)]| {
            let mut news = seen.news(&versions.iter().copied().collect());
            news.sort();
            news.iter().map(|tenant| tenant.0).collect::<Vec<_>>()
        };
        assert_eq!(news(&[(1, 5), (2, 5), (3, 0)]), [1, 2]);
        assert_eq!(news(&[(1, 5), (2, 5), (3, 0)]), [0; 0]);
        assert_eq!(news(&[(1, 5), (2, 6)]), [2]);
        seen.expect(1, 5, 6);
        assert_eq!(news(&[(1, 5), (2, 6)]), [0; 0], "a look from before the commit");
        assert_eq!(news(&[(1, 6), (2, 6)]), [0; 0]);
        // Others wrote 7, we 8.
        seen.expect(1, 7, 8);
        assert_eq!(news(&[(1, 8), (2, 6)]), [1]);
        seen.expect(2, 6, 7);
        seen.put_back(2, 6);
        assert_eq!(news(&[(1, 8), (2, 7)]), [2]);
    }
}
