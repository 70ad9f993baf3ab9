//! Voiding an event: its sums and what it counted are taken away, the event and its identity stay.

use super::Recording;
use super::recorded::Recorded;
use crate::error::{Fault, Work};
use crate::label::LabelKind;
use crate::session::{Session, find_label};
use crate::sql::params;
use crate::sqlite::identity::Identity;
use crate::sqlite::segment::hour_of;
use crate::statement::note_void;
use meterwire_app::ports::{Audit, StoreError, TenantId, Voided};
use std::collections::HashSet;

/// A wish to void an event.
pub(crate) struct Void {
    pub(crate) tenant: TenantId,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) audit: Audit,
}

impl Void {
    pub(crate) fn run(&self, session: &mut Session) -> Work<Voided> {
        let not_found = || Fault::from(StoreError::NotFound("event"));
        let rows = session.connection.sqlite()?;
        let source = find_label(&session.connection, self.tenant, LabelKind::Source, &self.source)?;
        let identity = Identity { tenant_id: self.tenant.0, source: &self.source, id: &self.id };
        let known = identity
            .find(identity.hash(), source.ok_or_else(not_found)?, rows, &session.recording()?.identities)?
            .ok_or_else(not_found)?;
        if known.voided {
            return Ok(Voided::Already);
        }
        let places = session.declared.places_of(&session.connection, self.tenant, known.seq)?;
        let recorded = Recorded::read(rows, known.seq, places)?.ok_or_else(not_found)?;
        let facts = &recorded.facts;
        session.change(
            include_str!("../../../sql/sqlite/event/void.sql"),
            params![self.audit.at_ms, known.seq],
        )?;
        session.audit(Some(self.tenant), &self.audit)?;
        session.changed_in_place(self.tenant, &HashSet::from([hour_of(facts.time_ms)]))?;
        let closed = session.closed.of(&session.connection, self.tenant)?;
        note_void(&session.connection, closed, self.audit.at_ms, known.seq, facts)?;
        // Last, since the changes of the rollups are not undone with the savepoint.
        let Session { connection, counters, events, .. } = session;
        let Recording { deltas, .. } = events.recording()?;
        let event = recorded.counted(self.audit.at_ms);
        counters.uncount_event(connection, self.tenant, &event, known.seq)?;
        deltas.add(self.tenant.0, facts, -1)?;
        Ok(Voided::Now)
    }
}
