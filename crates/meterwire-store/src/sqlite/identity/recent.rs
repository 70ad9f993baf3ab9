//! The newest generation: entries that are in no run yet, in memory.
//!
//! The writer fills it, readers look into it: an event that was recorded a moment ago is in no run. What readers find in
//! it may not be committed, so they compare it with what is in their snapshot.

use super::Identity;
use super::entry::Entry;
use hashbrown::HashTable;
use meterwire_app::ports::TenantId;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub(crate) struct Recent {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    table: HashTable<Entry>,
    /// It holds every committed event that is in no run.
    is_whole: bool,
}

/// An event that a reader looks for. It is made before the reader's snapshot is: what was in memory then and is no
/// longer is in a run of the snapshot.
#[derive(Debug, Clone)]
pub(crate) struct Sought {
    pub(crate) tenant: TenantId,
    pub(crate) source: String,
    pub(crate) id: String,
    /// Where it may be, as far as memory knows; `None` where memory does not know.
    pub(super) recent: Option<Vec<i64>>,
}

impl Recent {
    pub(crate) fn sought(&self, tenant: TenantId, source: &str, id: &str) -> Sought {
        let recent = self.candidates(Identity { tenant_id: tenant.0, source, id }.hash());
        Sought { tenant, source: source.to_owned(), id: id.to_owned(), recent }
    }

    /// Where an event with this hash may be; `None` where memory does not know.
    pub(super) fn candidates(&self, hash: i64) -> Option<Vec<i64>> {
        let inner = self.lock();
        inner.is_whole.then(|| inner.seqs(hash.cast_unsigned()).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.lock().table.len()
    }

    /// Adds where an event with this hash may be.
    pub(super) fn find(&self, hash: u64, found: &mut Vec<i64>) {
        found.extend(self.lock().seqs(hash));
    }

    pub(super) fn add(&self, entry: Entry) {
        self.lock().table.insert_unique(entry.hash, entry, |entry| entry.hash);
    }

    pub(super) fn remove(&self, entry: Entry) {
        if let Ok(there) = self.lock().table.find_entry(entry.hash, |other| *other == entry) {
            there.remove();
        }
    }

    /// All entries in order.
    pub(super) fn sorted(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.lock().table.iter().copied().collect();
        entries.sort_unstable();
        entries
    }

    /// Everything in it is in a run that is on disk.
    pub(super) fn clear(&self) {
        self.lock().table.clear();
    }

    pub(super) fn replace(&self, entries: &[Entry]) {
        let mut table = HashTable::with_capacity(entries.len());
        for entry in entries {
            table.insert_unique(entry.hash, *entry, |entry: &Entry| entry.hash);
        }
        self.lock().table = table;
    }

    /// Says whether readers may rely on it.
    pub(super) fn set_whole(&self, is_whole: bool) {
        self.lock().is_whole = is_whole;
    }

    /// Gives back room that a large group took.
    pub(super) fn shrink(&self, entries: usize) {
        self.lock().table.shrink_to(entries, |entry| entry.hash);
    }

    // Nothing can fail while the lock is held.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn seqs(&self, hash: u64) -> impl Iterator<Item = i64> {
        self.table.iter_hash(hash).filter(move |entry| entry.hash == hash).map(|entry| entry.seq)
    }
}
