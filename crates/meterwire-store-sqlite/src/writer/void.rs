//! Voiding an event: its sums and what it counted are taken away, the event and its identity stay.

use super::Session;
use super::labels;
use crate::error::{Fault, Work};
use crate::identity::Identity;
use crate::label::LabelKind;
use crate::limits::CountedEvent;
use crate::row::{FACT_COLUMNS, Facts, Places, metrics_from_row};
use crate::segment::hour_of;
use meterwire_app::ports::{Audit, StoreError, TenantId, Voided};
use meterwire_core::amount::Amount;
use meterwire_core::limit::Counted;
use meterwire_core::money::CostNanos;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashSet};

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
            .find(identity.hash(), source.ok_or_else(not_found)?, &session.connection, &session.identities)?
            .ok_or_else(not_found)?;
        if known.voided {
            return Ok(Voided::Already);
        }
        let places = session.declared.places_of(&session.connection, self.tenant, known.seq)?;
        let (facts, counted) = read(&session.connection, known.seq, places)?;
        session.change(include_str!("../../sql/event/void.sql"), params![self.audit.at_ms, known.seq])?;
        session.audit(Some(self.tenant), &self.audit)?;
        session.changed_in_place(self.tenant, &HashSet::from([hour_of(facts.time_ms)]))?;
        // Last, since the changes of the rollups are not undone with the savepoint.
        let Session { connection, counters, deltas, .. } = session;
        let tokens = facts.sums.tokens().iter().sum::<i64>();
        let event = CountedEvent {
            user: counted.user.as_deref().unwrap_or_default(),
            time_ms: facts.time_ms,
            received_ms: self.audit.at_ms,
            metrics: &counted.metrics,
            counted: Counted {
                named: None,
                tokens: u64::try_from(tokens).unwrap_or(0),
                cost: CostNanos(facts.sums.cost_nanos()),
            },
        };
        counters.uncount_event(connection, self.tenant, &event, known.seq)?;
        deltas.add(self.tenant.0, &facts, -1)?;
        Ok(Voided::Now)
    }
}

/// What an event counts beside its sums.
struct Named {
    user: Option<String>,
    metrics: BTreeMap<String, Amount>,
}

fn read(connection: &Connection, seq: i64, places: Places) -> Work<(Facts, Named)> {
    let sql = format!(
        "SELECT {FACT_COLUMNS}, metrics, (SELECT value FROM label WHERE label.id = event.user) AS user_text FROM event WHERE seq = ?"
    );
    connection.prepare_cached(&sql)?.query_row([seq], |row| {
        let (metrics, user) = (row.get("metrics")?, row.get("user_text")?);
        Ok(Facts::from_row(row, 0, places)
            .and_then(|facts| Ok((facts, Named { user, metrics: metrics_from_row(metrics)? }))))
    })?
}
