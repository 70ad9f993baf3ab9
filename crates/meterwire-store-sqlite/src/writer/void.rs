//! Voiding an event: its sums and what it counted are taken away, the event and its identity stay.

use super::Session;
use super::labels;
use crate::budget::SpentBy;
use crate::error::{Fault, Work};
use crate::identity::Identity;
use crate::label::LabelKind;
use crate::limits::CountedEvent;
use crate::row::{FACT_COLUMNS, Facts, Places, metrics_from_row};
use crate::segment::hour_of;
use crate::statement::note_void;
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
        let closed = session.closed.of(&session.connection, self.tenant)?;
        note_void(&session.connection, closed, self.audit.at_ms, known.seq, &facts)?;
        // Last, since the changes of the rollups are not undone with the savepoint.
        let Session { connection, counters, deltas, .. } = session;
        let tokens = facts.sums.tokens().iter().sum::<i64>();
        let event = CountedEvent {
            user: counted.user.as_deref().unwrap_or_default(),
            by: SpentBy {
                user: counted.user.as_deref(),
                project: counted.project.as_deref(),
                model: counted.model.as_deref(),
                api_key: counted.api_key.as_deref(),
                department: counted.department.as_deref(),
            },
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
    project: Option<String>,
    model: Option<String>,
    api_key: Option<String>,
    department: Option<String>,
    metrics: BTreeMap<String, Amount>,
}

fn read(connection: &Connection, seq: i64, places: Places) -> Work<(Facts, Named)> {
    let sql = format!(
        "SELECT {FACT_COLUMNS}, metrics, {} AS user_text, {} AS project_text, {} AS model_text, {} AS api_key_text, \
         {} AS department_text FROM event WHERE seq = ?",
        text_of("user"),
        text_of("project"),
        text_of("model"),
        text_of("api_key"),
        text_of("department")
    );
    connection.prepare_cached(&sql)?.query_row([seq], |row| {
        let (metrics, user) = (row.get("metrics")?, row.get("user_text")?);
        let (project, model) = (row.get("project_text")?, row.get("model_text")?);
        let (api_key, department) = (row.get("api_key_text")?, row.get("department_text")?);
        let named = |metrics| Named { user, project, model, api_key, department, metrics };
        Ok(Facts::from_row(row, 0, places).and_then(|facts| Ok((facts, named(metrics_from_row(metrics)?)))))
    })?
}

/// The text of a label of the event.
fn text_of(column: &str) -> String {
    format!("(SELECT value FROM label WHERE label.id = event.{column})")
}
