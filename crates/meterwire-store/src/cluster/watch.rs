//! What other servers write: each transaction counts its tenant's version on, which is looked at often.

use super::connect::{Postgres, Role, away};
use crate::revision;
use hashbrown::HashMap;
use meterwire_app::ports::{StoreResult, TenantId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_postgres::Client;

/// How often versions are looked at: so late a live view learns of what another server wrote.
const LOOK: Duration = Duration::from_millis(250);
/// After an error.
const RETRY: Duration = Duration::from_secs(1);

/// Tells the revisions of tenants that were written, by whomever.
pub(super) struct Watch {
    postgres: Postgres,
    revisions: Arc<revision::Shared>,
    seen: Option<HashMap<i64, i64>>,
}

impl Watch {
    pub(super) fn new(postgres: Postgres, revisions: Arc<revision::Shared>) -> Self {
        Self { postgres, revisions, seen: None }
    }

    /// Watches until it is told to stop.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
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

    async fn watch(&mut self) -> StoreResult<()> {
        let client = self.postgres.connect(Role::Reader).await?;
        loop {
            self.look(&client).await?;
            sleep(LOOK).await;
        }
    }

    /// Tells what has changed since the last look. What this server wrote itself is told once more, which costs a look.
    async fn look(&mut self, client: &Client) -> StoreResult<()> {
        let sql = "SELECT tenant_id, version FROM ledger";
        let rows = client.query(sql, &[]).await.map_err(|error| away(&error))?;
        let versions: HashMap<i64, i64> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        if let Some(seen) = &self.seen {
            let changed = versions.iter().filter(|(tenant, version)| seen.get(*tenant) != Some(*version));
            self.revisions.changed(changed.map(|(tenant, _)| TenantId(*tenant)));
        }
        self.seen = Some(versions);
        Ok(())
    }
}
