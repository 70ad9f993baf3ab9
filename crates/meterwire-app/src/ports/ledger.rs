//! The ledger: where usage is written. Its order of writes is the order of the world.

use super::{Audit, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::event::Event;

/// What became of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is on disk and in every total.
    Stored,
    /// The same event was there already; nothing changed.
    Duplicate,
    /// An event with this identity and other content was there already; nothing changed.
    Conflict,
}

/// What became of a wish to void an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voided {
    /// Taken out of every total now.
    Now,
    /// It had been voided before.
    Already,
}

/// Records usage.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Writes events in one transaction: identity, event, rollups. Verdicts are in the order of the events; identity is
    /// (tenant, source, id), within the batch too. When this returns, everything is on disk.
    /// A batch that would bring a total beyond 64 bits is a conflict, one for a tenant that does not exist is not found;
    /// neither changes anything.
    async fn append(&self, tenant: TenantId, events: Vec<Event>) -> StoreResult<Vec<Verdict>>;

    /// Voids an event: totals follow, the event and its identity stay, the audit log keeps it.
    async fn void(&self, tenant: TenantId, source: &str, id: &str, audit: Audit) -> StoreResult<Voided>;

    /// A short piece of work that keeps questions quick and changes no answer; tells whether there is more to do at once.
    async fn upkeep(&self, now_ms: i64) -> StoreResult<bool>;

    /// Whether this process does what only one of a store's servers may: jobs, mail, asking providers. A store of one
    /// process always; of several at most one, as far as each knows.
    fn leads(&self) -> bool;

    /// Writes and syncs an empty transaction, to tell whether the ledger can be written.
    async fn probe(&self) -> StoreResult<()>;
}
