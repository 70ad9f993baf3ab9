//! What a question is answered from: the snapshot of the ledger, and the properties that are dimensions at that moment.

use crate::cluster::click::folds::Kind;
use crate::cluster::snapshot::Snapshot;
use meterwire_app::ports::{StoreError, TenantId};
use meterwire_core::dimension::{Dimension, Place};
use std::collections::HashMap;
use std::sync::Arc;

/// A moment of one tenant's usage.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) snapshot: Snapshot,
    /// The declared dimensions that can be asked about.
    pub(crate) declared: Vec<DeclaredProperty>,
    /// Those that cannot yet.
    pub(crate) filling: Vec<FillingProperty>,
}

/// A property that becomes a dimension: events from before its declaration are not counted by it yet.
#[derive(Debug, Clone)]
pub(crate) struct FillingProperty {
    pub(crate) place: Place,
    pub(crate) name: String,
    /// How many of them are.
    pub(crate) filled_events: i64,
    pub(crate) events_to_fill: i64,
}

impl FillingProperty {
    /// The answer to a question that needs it.
    pub(crate) fn refusal(&self) -> StoreError {
        StoreError::Filling {
            name: self.name.clone(),
            filled_events: self.filled_events,
            events_to_fill: self.events_to_fill,
        }
    }
}

/// A property that is a dimension.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredProperty {
    pub(crate) place: Place,
    /// The declaration's own number, by which rollups know it.
    pub(crate) number: u64,
    /// [`crate::cluster::outbox::property_hash`] of its key.
    pub(crate) key: u64,
    /// The values that are told apart, by their hash; all others count as `(more)`, which is not among them.
    pub(crate) values: Arc<HashMap<u64, Arc<str>>>,
    /// Whether there are others: the label `(more)` is there.
    pub(crate) has_more: bool,
    /// It knows nothing of older events, which had been dropped when it was filled; `None`: it knows all.
    pub(crate) known_from_ms: Option<i64>,
    /// The first fold that has it, and every later one has; `None`: none does.
    pub(crate) fold: Option<u32>,
}

impl Moment {
    pub(crate) fn tenant(&self) -> TenantId {
        self.snapshot.tenant
    }

    /// Whether the folds of this moment have rollups of a kind.
    pub(crate) fn has_folds_of(&self, kind: Kind) -> bool {
        let Some(last) = self.snapshot.folds.last() else { return false };
        let Some(property) = kind.property() else { return true };
        // What is declared is read a moment later than the folds: then its first fold is none of these.
        self.declared_at(property).and_then(|declared| declared.fold).is_some_and(|first| first <= *last)
    }

    /// What is declared at a dimension's place; `None` for a built-in one and where nothing is.
    pub(crate) fn declared_at(&self, dimension: Dimension) -> Option<&DeclaredProperty> {
        self.declared.iter().find(|declared| Dimension::Property(declared.place) == dimension)
    }
}
