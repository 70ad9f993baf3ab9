//! Voiding an event: a row that takes it back, and what it counted is taken away; the event and its identity stay.

use super::identity::{self, Known};
use super::outbox::EventRow;
use crate::budget::SpentBy;
use crate::error::{Fault, Work};
use crate::limits::CountedEvent;
use crate::row::{Places, metrics_from_row};
use crate::session::Session;
use crate::sql::params;
use crate::statement::note_void;
use meterwire_app::ports::{Audit, StoreError, TenantId, Voided};
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::Counted;
use meterwire_core::money::CostNanos;
use uuid::Uuid;

/// A wish to void an event, which was read before the lock was taken: rows never change, so only whether it is still the
/// newest of its event has to be looked at again.
pub(super) struct Void {
    pub(super) tenant: TenantId,
    pub(super) hash: Uuid,
    pub(super) row: EventRow,
    /// The ledger's number of the tenant's labels before the row was read.
    pub(super) labels_version: i64,
    pub(super) audit: Audit,
}

impl Void {
    /// Voids it; `None` where it was rated anew, cleared or dropped since it was read, so that it has to be
    /// read again.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Work<Option<Voided>> {
        let rows = session.connection.postgres()?;
        let known = identity::find(rows, &[self.hash])?.remove(&self.hash);
        let Known { seq, version, voided, .. } = known.ok_or(StoreError::NotFound("event"))?;
        if voided {
            return Ok(Some(Voided::Already));
        }
        // Cleared behind an erasure since, it must not come back by the row that takes it back.
        let is_cleared = session.events.ledger()?.labels_version() != self.labels_version;
        // Dropped for its age and recorded again since, it is another event.
        if seq != self.row.seq || i16::from(self.row.version) != version || is_cleared {
            return Ok(None);
        }
        let mark = "UPDATE identity SET voided_ms = ? WHERE hash = ?";
        session.change(mark, params![self.audit.at_ms, self.hash.as_bytes().as_slice()])?;
        session.audit(Some(self.tenant), &self.audit)?;
        let facts = self.row.facts(Places::NONE);
        let closed = session.closed.of(&session.connection, self.tenant)?;
        note_void(&session.connection, closed, self.audit.at_ms, seq, &facts)?;
        let metrics = metrics_from_row(Some(self.row.metrics.clone()).filter(|json| !json.is_empty()))?;
        let text = |dimension| self.text(session, dimension);
        let (user, project, model) =
            (text(Dimension::User)?, text(Dimension::Project)?, text(Dimension::Model)?);
        let (api_key, department) = (text(Dimension::ApiKey)?, text(Dimension::Department)?);
        let tokens: i64 = facts.sums.tokens().iter().sum();
        let event = CountedEvent {
            user: user.as_deref().unwrap_or_default(),
            by: SpentBy {
                user: user.as_deref(),
                project: project.as_deref(),
                model: model.as_deref(),
                api_key: api_key.as_deref(),
                department: department.as_deref(),
            },
            time_ms: self.row.time_ms,
            received_ms: self.audit.at_ms,
            metrics: &metrics,
            counted: Counted {
                named: None,
                tokens: u64::try_from(tokens).unwrap_or(0),
                cost: CostNanos(facts.sums.cost_nanos()),
            },
        };
        let Session { connection, counters, revisions, events, .. } = session;
        counters.uncount_event(connection, self.tenant, &event, seq)?;
        revisions.note(self.tenant);
        events.ledger()?.add(self.row.cancelled())?;
        Ok(Some(Voided::Now))
    }

    /// The present text of one of the event's labels.
    fn text(&self, session: &Session<'_>, dimension: Dimension) -> Work<Option<String>> {
        let place = Dimension::TEXTS.iter().position(|text| *text == dimension);
        let number = place.map_or(0, |place| self.row.labels.0[place]);
        if number == 0 {
            return Ok(None);
        }
        let sql = include_str!("../../sql/label/text.sql");
        let found = session.connection.query_row(sql, [i64::from(number)], |row| row.get(0));
        found.map(Some).map_err(Fault::from)
    }
}
