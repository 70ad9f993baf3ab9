//! What a question is answered from: the snapshot of the ledger, and the properties that are dimensions at that moment.

use crate::cluster::snapshot::Snapshot;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use std::collections::HashMap;
use std::sync::Arc;

/// A moment of one tenant's usage.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) snapshot: Snapshot,
    /// The declared dimensions that can be asked about.
    pub(crate) declared: Vec<DeclaredProperty>,
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
}

impl Moment {
    pub(crate) fn tenant(&self) -> TenantId {
        self.snapshot.tenant
    }

    /// What is declared at a dimension's place; `None` for a built-in one and where nothing is.
    pub(crate) fn declared_at(&self, dimension: Dimension) -> Option<&DeclaredProperty> {
        self.declared.iter().find(|declared| Dimension::Property(declared.place) == dimension)
    }
}
