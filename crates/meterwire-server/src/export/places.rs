//! How many exports run at once: a few a tenant, so that none can take the memory of the others, and some in all.

use meterwire_app::ports::TenantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Exports of one tenant at once.
const MAX_OF_TENANT: usize = 4;
/// Exports at once in all. Each holds a few megabytes at most while its reader is slow.
const MAX_IN_ALL: usize = 16;

/// Who exports now.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<TenantId, usize>>);

/// The right to export, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    tenant: TenantId,
}

impl Places {
    /// A place, if one is free.
    pub(crate) fn take(self: &Arc<Self>, tenant: TenantId) -> Option<Place> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let in_all: usize = running.values().sum();
        let of_tenant = running.get(&tenant).copied().unwrap_or(0);
        if in_all >= MAX_IN_ALL || of_tenant >= MAX_OF_TENANT {
            return None;
        }
        running.insert(tenant, of_tenant + 1);
        Some(Place { places: self.clone(), tenant })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut running = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                running.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_a_few_places_and_gets_them_back() {
        let places = Arc::new(Places::default());
        let mut held: Vec<_> = (0..MAX_OF_TENANT).map(|_| places.take(TenantId(1)).unwrap()).collect();
        assert!(places.take(TenantId(1)).is_none());
        let others: Vec<_> = (2..).map_while(|tenant| places.take(TenantId(tenant))).collect();
        assert_eq!(held.len() + others.len(), MAX_IN_ALL);
        drop(others);
        held.pop();
        held.push(places.take(TenantId(1)).unwrap());
        drop(held);
        assert!(places.0.lock().unwrap().is_empty());
    }
}
