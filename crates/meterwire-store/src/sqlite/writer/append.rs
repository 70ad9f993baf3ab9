//! Appending events: identity, event, rollup changes and counters, in the writer's transaction.

use crate::error::Work;
use crate::label::{LABELS, LabelKind};
use crate::limits::CountedEvent;
use crate::row::{Facts, Places, RatingCode, metrics_to_row, properties_to_row};
use crate::session::{Session, Weight, find_label};
use crate::sqlite::identity::Identity;
use crate::sqlite::writer::Recording;
use crate::statement::note_late;
use meterwire_app::ports::{TenantId, Verdict};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::property::property_value;
use rusqlite::CachedStatement;

/// An event with what can be worked out before it is the writer's turn.
struct Prepared {
    event: Event,
    identity: i64,
    metrics: Option<String>,
    properties: Option<String>,
}

/// Events to append, prepared on the caller's thread so that the writer has less to do.
pub(crate) struct Batch {
    tenant: TenantId,
    events: Vec<Prepared>,
    bytes: usize,
}

impl Batch {
    pub(crate) fn new(tenant: TenantId, events: Vec<Event>) -> Self {
        let mut bytes = 0;
        let prepare = |event: Event| {
            let metrics = metrics_to_row(&event.metrics);
            let properties = properties_to_row(&event.properties);
            let texts = event.id.len() + event.source.len();
            let json = metrics.as_ref().map_or(0, String::len) + properties.as_ref().map_or(0, String::len);
            bytes += 400 + texts + json;
            let identity = Identity { tenant_id: tenant.0, source: &event.source, id: &event.id }.hash();
            Prepared { event, identity, metrics, properties }
        };
        let events = events.into_iter().map(prepare).collect();
        Self { tenant, events, bytes }
    }

    pub(crate) fn weight(&self) -> Weight {
        Weight { commands: 1, events: self.events.len(), bytes: self.bytes }
    }

    /// Writes the events that are new; verdicts are in the order of the events.
    pub(crate) fn append(&self, session: &mut Session) -> Work<Vec<Verdict>> {
        self.append_counted(session, None)
    }

    /// Like [`Self::append`], where a reservation counts the events into this metric.
    pub(crate) fn append_settled(&self, session: &mut Session, metric: &MetricName) -> Work<Vec<Verdict>> {
        self.append_counted(session, Some(metric))
    }

    /// The number of the first event, where it was recorded before with the same content.
    pub(crate) fn recorded_seq(&self, session: &mut Session) -> Work<Option<i64>> {
        let Some(prepared) = self.events.first() else { return Ok(None) };
        let event = &prepared.event;
        let source = find_label(&session.connection, self.tenant, LabelKind::Source, &event.source)?;
        let Some(source) = source else { return Ok(None) };
        let identity = Identity { tenant_id: self.tenant.0, source: &event.source, id: &event.id };
        let known = identity.find(
            prepared.identity,
            source,
            session.connection.sqlite()?,
            &session.recording()?.identities,
        )?;
        Ok(known.filter(|known| known.fingerprint == event.fingerprint).map(|known| known.seq))
    }

    fn append_counted(&self, session: &mut Session, settled: Option<&MetricName>) -> Work<Vec<Verdict>> {
        session.require_tenant(self.tenant)?;
        let Session { connection, labels, declared, counters, revisions, unpriced, closed, events, .. } =
            session;
        let Recording { deltas, identities, sealed, .. } = events.recording()?;
        let rows = connection.sqlite()?;
        let declared = declared.of(connection, self.tenant)?;
        let closed = closed.of(connection, self.tenant)?;
        let mut insert = rows.prepare_cached(include_str!("../../../sql/sqlite/event/insert.sql"))?;
        let mut verdicts = Vec::with_capacity(self.events.len());
        for prepared in &self.events {
            let event = &prepared.event;
            let seen_ms = event.received_ms;
            let mut number = |kind, text| labels.number(connection, self.tenant, kind, text, seen_ms);
            let source = number(LabelKind::Source, Some(&event.source))?;
            let identity = Identity { tenant_id: self.tenant.0, source: &event.source, id: &event.id };
            if let Some(known) = identity.find(prepared.identity, source, rows, identities)? {
                let same = known.fingerprint == event.fingerprint;
                verdicts.push(if same { Verdict::Duplicate } else { Verdict::Conflict });
                continue;
            }
            let mut numbers = [0; LABELS];
            for (place, dimension) in numbers.iter_mut().zip(Dimension::TEXTS) {
                *place = number(LabelKind::Dimension(dimension), event.labels.get(dimension))?;
            }
            let price = match &event.rating {
                Rating::Priced { price_id, .. } => number(LabelKind::Price, Some(price_id.as_str()))?,
                _ => 0,
            };
            let mut places = Places::NONE;
            for declared in &mut *declared {
                let value = event.properties.get(&*declared.property).and_then(property_value);
                numbers[Dimension::TEXTS.len() + declared.place.index()] =
                    declared.number(connection, labels, self.tenant, value.as_deref())?;
                places.insert(declared.place);
            }
            let facts = Facts::of_event(event, numbers, places)?;
            prepared.insert(&mut insert, self.tenant, source, price, &facts)?;
            let seq = rows.last_insert_rowid();
            identities.add(prepared.identity, seq);
            sealed.note_event(rows, self.tenant.0, event.time_ms, seq)?;
            deltas.add(self.tenant.0, &facts, 1)?;
            note_late(connection, closed, event.received_ms, seq, &facts)?;
            revisions.note(self.tenant);
            counters.count_event(connection, self.tenant, &CountedEvent::of_event(event), settled)?;
            unpriced.note(connection, self.tenant, event)?;
            verdicts.push(Verdict::Stored);
        }
        Ok(verdicts)
    }
}

impl Prepared {
    /// Binds in the order of the statement's columns.
    fn insert(
        &self,
        statement: &mut CachedStatement<'_>,
        tenant: TenantId,
        source: i64,
        price: i64,
        facts: &Facts,
    ) -> Work<()> {
        let event = &self.event;
        statement.raw_bind_parameter(1, tenant.0)?;
        statement.raw_bind_parameter(2, event.time_ms)?;
        statement.raw_bind_parameter(3, event.received_ms)?;
        statement.raw_bind_parameter(4, self.identity)?;
        statement.raw_bind_parameter(5, source)?;
        statement.raw_bind_parameter(6, &event.id)?;
        let (texts, properties) = facts.labels.split_at(Dimension::TEXTS.len());
        for (i, label) in texts.iter().enumerate() {
            statement.raw_bind_parameter(7 + i, label)?;
        }
        statement.raw_bind_parameter(17, facts.status)?;
        statement.raw_bind_parameter(18, facts.latency_ms)?;
        statement.raw_bind_parameter(19, facts.time_to_first_token_ms)?;
        for (i, count) in facts.sums.tokens().iter().enumerate() {
            statement.raw_bind_parameter(20 + i, count)?;
        }
        statement.raw_bind_parameter(30, facts.sums.cost_nanos())?;
        statement.raw_bind_parameter(31, RatingCode::of(&event.rating).0)?;
        statement.raw_bind_parameter(32, price)?;
        statement.raw_bind_parameter(33, event.fingerprint.0)?;
        statement.raw_bind_parameter(34, event.request_hash)?;
        statement.raw_bind_parameter(35, self.metrics.as_deref())?;
        statement.raw_bind_parameter(36, self.properties.as_deref())?;
        for (i, label) in properties.iter().enumerate() {
            statement.raw_bind_parameter(37 + i, label)?;
        }
        statement.raw_execute()?;
        Ok(())
    }
}
