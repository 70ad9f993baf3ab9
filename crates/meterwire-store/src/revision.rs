//! Revisions: a number a tenant that changes with what is recorded of it, so that a live view asks only when there is
//! something new. Kept in memory; after a restart every number begins anew.

use meterwire_app::ports::TenantId;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::watch;

/// The revisions of all tenants, for those who look.
#[derive(Default)]
pub(crate) struct Shared {
    of_tenants: Mutex<HashMap<TenantId, u64>>,
    decided: Mutex<HashMap<TenantId, u64>>,
    changes: watch::Sender<u64>,
    /// Versions of catalogues as they were seen last, by the number of the tenant, 0 for the instance; none in a store of one
    /// process.
    catalogues: RwLock<HashMap<i64, i64>>,
}

/// The writer's side: what the running transaction changes is told after its commit.
#[derive(Default)]
pub(crate) struct Revisions {
    shared: Arc<Shared>,
    noted: HashSet<TenantId>,
    noted_decided: HashSet<TenantId>,
}

impl Shared {
    /// The present number of a tenant.
    pub(crate) fn of(&self, tenant: TenantId) -> u64 {
        let of_tenants = self.of_tenants.lock().unwrap_or_else(PoisonError::into_inner);
        of_tenants.get(&tenant).copied().unwrap_or(0)
    }

    /// A number that changes with the decisions taken for a tenant, which live views do not show; nobody is woken by it.
    pub(crate) fn of_decisions(&self, tenant: TenantId) -> u64 {
        let decided = self.decided.lock().unwrap_or_else(PoisonError::into_inner);
        decided.get(&tenant).copied().unwrap_or(0)
    }

    /// A number that changes when somebody else may have changed a catalogue.
    pub(crate) fn of_catalogue(&self, of: Option<TenantId>) -> u64 {
        let catalogues = self.catalogues.read().unwrap_or_else(PoisonError::into_inner);
        catalogues.get(&of.map_or(0, |tenant| tenant.0)).map_or(0, |version| version.unsigned_abs())
    }

    /// These are the versions of all catalogues now.
    pub(crate) fn saw_catalogues(&self, versions: HashMap<i64, i64>) {
        *self.catalogues.write().unwrap_or_else(PoisonError::into_inner) = versions;
    }

    /// Somebody else has changed what is recorded of these.
    pub(crate) fn changed(&self, tenants: impl Iterator<Item = TenantId>) {
        let mut any = false;
        let mut of_tenants = self.of_tenants.lock().unwrap_or_else(PoisonError::into_inner);
        for tenant in tenants {
            any = true;
            *of_tenants.entry(tenant).or_default() += 1;
        }
        drop(of_tenants);
        if any {
            self.changes.send_modify(|count| *count += 1);
        }
    }

    /// Wakes up when any number has changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

impl Revisions {
    /// Tells these, of which there are others who tell.
    pub(crate) fn telling(shared: Arc<Shared>) -> Self {
        Self { shared, ..Self::default() }
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// The running transaction changes what is recorded of a tenant.
    pub(crate) fn note(&mut self, tenant: TenantId) {
        self.noted.insert(tenant);
    }

    /// The running transaction takes decisions for a tenant.
    pub(crate) fn note_decided(&mut self, tenant: TenantId) {
        self.noted_decided.insert(tenant);
    }

    /// The transaction was committed.
    pub(crate) fn publish(&mut self) {
        if !self.noted_decided.is_empty() {
            let mut decided = self.shared.decided.lock().unwrap_or_else(PoisonError::into_inner);
            for tenant in self.noted_decided.drain() {
                *decided.entry(tenant).or_default() += 1;
            }
        }
        if self.noted.is_empty() {
            return;
        }
        let mut of_tenants = self.shared.of_tenants.lock().unwrap_or_else(PoisonError::into_inner);
        for tenant in self.noted.drain() {
            *of_tenants.entry(tenant).or_default() += 1;
        }
        drop(of_tenants);
        self.shared.changes.send_modify(|count| *count += 1);
    }

    /// The transaction was rolled back.
    pub(crate) fn clear(&mut self) {
        self.noted.clear();
        self.noted_decided.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_committed_is_told() {
        let mut revisions = Revisions::default();
        let (shared, one, other) = (revisions.shared(), TenantId(1), TenantId(2));
        let mut changes = shared.changes();
        revisions.note(one);
        assert_eq!(shared.of(one), 0, "not before the commit");
        revisions.clear();
        revisions.publish();
        assert!(!changes.has_changed().unwrap());
        revisions.note(one);
        revisions.note(one);
        revisions.publish();
        assert_eq!((shared.of(one), shared.of(other)), (1, 0));
        assert!(changes.has_changed().unwrap());
        changes.mark_unchanged();
        revisions.note_decided(one);
        assert_eq!(shared.of_decisions(one), 0, "not before the commit");
        revisions.publish();
        assert_eq!((shared.of_decisions(one), shared.of_decisions(other)), (1, 0));
        assert!(!changes.has_changed().unwrap(), "live views do not show decisions");
    }
}
