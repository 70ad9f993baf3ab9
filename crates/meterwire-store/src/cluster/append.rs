//! Appending events: identity, row of the outbox and counters, in the tenant's transaction.

use super::identity;
use super::ledger::Recording;
use super::outbox::{EventRow, Recorded};
use crate::budget::SpentBy;
use crate::error::Work;
use crate::label::{LABELS, LabelKind};
use crate::limits::CountedEvent;
use crate::row::{Facts, Places};
use crate::session::{Session, Wanted, Wants, Weight};
use crate::statement::note_late;
use meterwire_app::ports::{TenantId, Verdict};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::property::property_value;
use uuid::Uuid;

/// Events to append, prepared on the caller's thread so that the writer has less to do.
pub(crate) struct Batch {
    tenant: TenantId,
    events: Vec<(Event, Uuid)>,
    bytes: usize,
}

impl Batch {
    pub(crate) fn new(tenant: TenantId, events: Vec<Event>) -> Self {
        let mut bytes = 0;
        let prepare = |event: Event| {
            let json: usize =
                event.properties.iter().map(|(key, value)| key.len() + value.to_string().len()).sum();
            bytes += 400 + event.id.len() + event.source.len() + json + event.metrics.len() * 40;
            let hash = identity::hash(tenant, &event.source, &event.id);
            (event, hash)
        };
        let events = events.into_iter().map(prepare).collect();
        Self { tenant, events, bytes }
    }

    pub(crate) fn weight(&self) -> Weight {
        Weight { commands: 1, events: self.events.len(), bytes: self.bytes }
    }

    /// Writes the events that are new; verdicts are in the order of the events.
    pub(crate) fn append(&self, session: &mut Session<'_>) -> Work<Vec<Verdict>> {
        self.append_counted(session, None)
    }

    /// Like [`Self::append`], where a reservation counts the events into this metric.
    pub(crate) fn append_settled(
        &self,
        session: &mut Session<'_>,
        metric: &MetricName,
    ) -> Work<Vec<Verdict>> {
        self.append_counted(session, Some(metric))
    }

    /// The number of the first event, where it was recorded before with the same content.
    pub(crate) fn recorded_seq(&self, session: &mut Session<'_>) -> Work<Option<i64>> {
        let Some((event, hash)) = self.events.first() else { return Ok(None) };
        let rows = session.connection.postgres()?;
        let identities = &mut session.events.ledger()?.identities;
        identities.look_up(rows, std::iter::once(*hash))?;
        let known = identities.of(*hash).filter(|(known, _)| *known == fingerprint(event));
        Ok(known.map(|(_, seq)| seq))
    }

    fn hashes(&self) -> impl Iterator<Item = Uuid> {
        self.events.iter().map(|(_, hash)| *hash)
    }

    fn append_counted(&self, session: &mut Session<'_>, settled: Option<&MetricName>) -> Work<Vec<Verdict>> {
        session.require_tenant(self.tenant)?;
        let rows = session.connection.postgres()?;
        // Most often the group's preload has done so already.
        session.events.ledger()?.identities.look_up(rows, self.hashes())?;
        let mut verdicts = Vec::with_capacity(self.events.len());
        for (event, hash) in &self.events {
            let fingerprint = fingerprint(event);
            if let Some((known, _)) = session.events.ledger()?.identities.of(*hash) {
                verdicts.push(if known == fingerprint { Verdict::Duplicate } else { Verdict::Conflict });
                continue;
            }
            let seq = self.record(session, event, settled)?;
            session.events.ledger()?.identities.add(*hash, fingerprint, seq, event.time_ms);
            verdicts.push(Verdict::Stored);
        }
        Ok(verdicts)
    }

    /// Records an event that is new; answers its number.
    fn record(&self, session: &mut Session<'_>, event: &Event, settled: Option<&MetricName>) -> Work<i64> {
        let tenant = self.tenant;
        let Session { connection, labels, declared, counters, revisions, unpriced, closed, events, .. } =
            session;
        let recording: &mut Recording = events.ledger()?;
        let closed = closed.of(connection, tenant)?;
        let mut number = |kind, text| labels.number(connection, tenant, kind, text, event.received_ms);
        let source = number(LabelKind::Source, Some(&event.source))?;
        let mut numbers = [0; LABELS];
        for (place, dimension) in numbers.iter_mut().zip(Dimension::TEXTS) {
            *place = number(LabelKind::Dimension(dimension), event.labels.get(dimension))?;
        }
        let price = match &event.rating {
            Rating::Priced { price_id, .. } => number(LabelKind::Price, Some(price_id.as_str()))?,
            _ => 0,
        };
        let mut places = Places::NONE;
        for declared in declared.of(connection, tenant)? {
            let value = event.properties.get(&*declared.property).and_then(property_value);
            numbers[Dimension::TEXTS.len() + declared.place.index()] =
                declared.number(connection, labels, tenant, value.as_deref())?;
            places.insert(declared.place);
        }
        let facts = Facts::of_event(event, numbers, places)?;
        let seq = recording.next_seq()?;
        let mut texts = [0; Dimension::TEXTS.len()];
        texts.copy_from_slice(&numbers[..Dimension::TEXTS.len()]);
        let recorded = Recorded { tenant, seq, source, labels: texts, price };
        recording.add(EventRow::of_event(event, &recorded)?)?;
        note_late(connection, closed, event.received_ms, seq, &facts)?;
        revisions.note(tenant);
        counters.count_event(connection, tenant, &CountedEvent::of_event(event), settled)?;
        unpriced.note(connection, tenant, event)?;
        Ok(seq)
    }
}

impl Wants for Batch {
    fn wants<'c>(&'c self, wanted: &mut Wanted<'c>) {
        wanted.hashes.extend(self.hashes());
        for (event, _) in &self.events {
            wanted.labels.insert((LabelKind::Source, &event.source));
            for dimension in Dimension::TEXTS {
                let text = event.labels.get(dimension);
                wanted.labels.extend(text.map(|text| (LabelKind::Dimension(dimension), text)));
            }
            if let Rating::Priced { price_id, .. } = &event.rating {
                wanted.labels.insert((LabelKind::Price, price_id.as_str()));
            }
            wanted.properties.extend((!event.properties.is_empty()).then_some(&event.properties));
            let by = SpentBy::of_event(event);
            wanted.recorded.insert(by.user.unwrap_or_default());
            wanted.spends.push(by);
            wanted.now_ms = wanted.now_ms.max(event.received_ms);
        }
    }
}

fn fingerprint(event: &Event) -> Uuid {
    Uuid::from_bytes(event.fingerprint.0)
}
