//! What a server remembers of tenants, and what of it others may have changed since.

use super::ledger::LedgerRow;
use crate::revision::{self, Revisions};
use crate::session::Remembered;
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use std::sync::Arc;

/// Tenants whose counters, labels and so on a server remembers.
const MAX_TENANTS: usize = 2_000;

/// What is remembered of one tenant, and of which version of its ledger.
pub(super) struct Memory {
    pub(super) remembered: Remembered,
    pub(super) seen: LedgerRow,
}

impl Memory {
    pub(super) fn new(of: i64, revisions: Arc<revision::Shared>) -> Self {
        let mut remembered = Remembered::of_tenant(TenantId(of));
        remembered.revisions = Revisions::telling(revisions);
        Self { remembered, seen: LedgerRow::default() }
    }

    /// Forgets what others have changed since.
    pub(super) fn notice(&mut self, ledger: &LedgerRow) {
        if *ledger == LedgerRow::default() || self.seen == LedgerRow::default() {
            // There is no such tenant any more, or nothing was remembered.
            self.remembered.roll_back();
        } else if self.seen.catalog_version != ledger.catalog_version {
            self.remembered.somebody_changed_the_catalog();
        } else if self.seen.version != ledger.version {
            self.remembered.somebody_counted(self.seen.holds_version != ledger.holds_version);
        }
        if self.seen.labels_version != ledger.labels_version {
            self.remembered.labels.clear();
        }
        self.seen = *ledger;
    }

    /// Forgets all of it.
    pub(super) fn forget(&mut self) {
        self.remembered.roll_back();
        self.seen = LedgerRow::default();
    }
}

/// Memories of tenants that no thread is at, those that were used last.
#[derive(Default)]
pub(super) struct Memories {
    of: HashMap<i64, (Memory, u64)>,
    uses: u64,
}

impl Memories {
    pub(super) fn take(&mut self, of: i64) -> Option<Memory> {
        self.of.remove(&of).map(|(memory, _)| memory)
    }

    pub(super) fn put(&mut self, of: i64, memory: Memory) {
        self.uses += 1;
        self.of.insert(of, (memory, self.uses));
        if self.of.len() > MAX_TENANTS {
            // A tenth at once, so that it is not looked for at each turn.
            let mut uses: Vec<u64> = self.of.values().map(|(_, used)| *used).collect();
            let (_, oldest, _) = uses.select_nth_unstable(MAX_TENANTS / 10);
            let oldest = *oldest;
            self.of.retain(|_, (_, used)| *used > oldest);
        }
    }
}
