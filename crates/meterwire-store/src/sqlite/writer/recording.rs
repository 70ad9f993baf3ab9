//! What the writer knows of events between commands, and what of them waits to be written at the end of the transaction.

use crate::error::Work;
use crate::revision::Revisions;
use crate::sqlite::identity::IdentityIndex;
use crate::sqlite::rollup::Deltas;
use crate::sqlite::segment::SealedTime;
use crate::sqlite::usage::LabelTexts;
use meterwire_app::ports::TenantId;
use rusqlite::Connection;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The embedded store's part of a session.
pub(crate) struct Recording {
    pub(super) deltas: Deltas,
    pub(crate) identities: IdentityIndex,
    pub(crate) sealed: SealedTime,
    /// What the readers remember of labels.
    texts: LabelTexts,
    /// Grows when events are changed where they stand: in the transaction, and once more after it.
    in_place_changes: Arc<AtomicU64>,
    changed_in_place: bool,
    /// Whether the write-ahead log may hold what was erased; after a crash nobody knows.
    pub(super) must_empty_log: bool,
    /// Whether unused parts of pages may hold it.
    pub(super) must_compact: bool,
}

impl Recording {
    pub(crate) fn new(recent_identities: usize, texts: LabelTexts) -> Self {
        Self {
            deltas: Deltas::default(),
            identities: IdentityIndex::new(recent_identities),
            sealed: SealedTime::default(),
            texts,
            in_place_changes: Arc::default(),
            changed_in_place: false,
            must_empty_log: true,
            must_compact: false,
        }
    }

    /// Writes the rollup changes of the transaction.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Work<()> {
        self.deltas.flush(connection)
    }

    /// Notes that events of these hours (starts in quarters of an hour) were changed or taken away where they stand:
    /// what was made of them besides the rollups is made again.
    pub(crate) fn changed_in_place(
        &mut self,
        connection: &Connection,
        revisions: &mut Revisions,
        tenant: TenantId,
        hours: &HashSet<i64>,
    ) -> Work<()> {
        self.in_place_changes.fetch_add(1, Ordering::SeqCst);
        self.changed_in_place = true;
        revisions.note(tenant);
        for hour in hours {
            self.sealed.drop_hour(connection, tenant, *hour)?;
        }
        Ok(())
    }

    /// How often events were changed where they stand; whoever read a snapshot in between reads it again.
    pub(crate) fn in_place_changes(&self) -> u64 {
        self.in_place_changes.load(Ordering::SeqCst)
    }

    /// The same number for those outside of the writer.
    pub(super) fn shared_in_place_changes(&self) -> Arc<AtomicU64> {
        self.in_place_changes.clone()
    }

    /// Has the texts of an erased user forgotten: by readers, who must not bring the label's back from an older snapshot, and
    /// behind this transaction in the write-ahead log and, when nothing else is asked for, in unused parts of pages.
    pub(crate) fn forget_erased(&mut self, label: Option<i64>) {
        if let Some(label) = label {
            self.texts.never_remember(label);
        }
        self.must_empty_log = true;
        self.must_compact = true;
    }

    pub(super) fn roll_back_to_savepoint(&mut self) {
        self.identities.roll_back_to_savepoint();
        self.sealed.clear();
    }

    pub(super) fn roll_back(&mut self) {
        self.deltas.clear();
        self.identities.roll_back();
        self.sealed.clear();
        self.changed_in_place = false;
    }

    pub(super) fn after_commit(&mut self) {
        self.identities.committed();
        if std::mem::take(&mut self.changed_in_place) {
            self.in_place_changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Gives memory back: the room that the largest group so far took.
    pub(super) fn shrink(&mut self) {
        self.deltas = Deltas::default();
        self.identities.shrink();
    }
}
