//! Voiding an event: its sums are taken away, the event and its identity stay.

use super::Session;
use super::labels;
use crate::error::{Fault, Work};
use crate::identity::{Identity, Lookup};
use crate::label::LabelKind;
use crate::row::{FACT_COLUMNS, Facts};
use meterwire_app::ports::{Audit, StoreError, TenantId, Voided};
use rusqlite::params;

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
        let source = labels::find(&session.connection, self.tenant, LabelKind::Source, &self.source)?;
        let identity = Identity { tenant_id: self.tenant.0, source: &self.source, id: &self.id };
        let known = identity
            .find(identity.hash(), source.ok_or_else(not_found)?, &mut Lookup::new(&session.connection)?)?
            .ok_or_else(not_found)?;
        if known.voided {
            return Ok(Voided::Already);
        }
        let sql = format!("SELECT {FACT_COLUMNS} FROM event WHERE seq = ?");
        let facts = session
            .connection
            .prepare_cached(&sql)?
            .query_row([known.seq], |row| Ok(Facts::from_row(row, 0)))??;
        session.change(include_str!("../../sql/event/void.sql"), params![self.audit.at_ms, known.seq])?;
        session.audit(Some(self.tenant), &self.audit)?;
        // Last, since the changes of the rollups are not undone with the savepoint.
        session.deltas.add(self.tenant.0, &facts, -1)?;
        Ok(Voided::Now)
    }
}
