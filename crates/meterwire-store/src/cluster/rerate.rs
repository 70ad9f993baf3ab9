//! Rating events anew, some at a time: a row that takes an event back, one with the new rating in its place, and what
//! [`Stepping`] does beside them. Nothing is changed in ClickHouse, so no question ever sees half of a step: both rows are
//! in one row of the outbox.
//!
//! 1. Before the lock: the step's events are read, as they are rated now. A crash behind it leaves nothing.
//! 2. Under the lock, in one transaction: those that are voided, or of another version or rating by now, stay; for each
//!    other one two rows for the outbox, its identity's version, its former rating, counters, budgets, closed periods; and
//!    how far the re-rating has come. A crash before the commit leaves nothing, and the job takes the step again; behind it
//!    all is done, and the step, asked for again, is refused by its place.

use super::identity::{self, Known};
use super::outbox::EventRow;
use super::questions::LabelsOn;
use super::store::Cluster;
use super::usage::Asking;
use crate::budget::SpentBy;
use crate::error::{Fault, Work, unavailable};
use crate::limits::CountedEvent;
use crate::rerating::{Stepping, StoredRating};
use crate::row::{Facts, Places, RatingCode, metrics_from_row};
use crate::session::{Session, Weight};
use crate::sql::postgres::Connection;
use crate::store::Backend;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{RatedEvents, RerateLook, RerateStep, Rerated, StoreError, StoreResult, TenantId};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::Counted;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// By which labels budgets and counters find an event.
const COUNTED_BY: [Dimension; 5] =
    [Dimension::User, Dimension::Project, Dimension::Model, Dimension::ApiKey, Dimension::Department];
const TEXTS: &str = "SELECT id, value FROM label WHERE tenant_id = ? AND id = ANY(?)";
/// So often the events of a step are read again where users are erased meanwhile.
const TRIES: usize = 5;
/// About the bytes of two rows of an event while they wait.
const EVENT_BYTES: usize = 1_200;

impl Cluster {
    /// The next events of a look, of one moment.
    pub(super) async fn look_at_ratings(
        &self,
        tenant: TenantId,
        look: &RerateLook,
    ) -> StoreResult<RatedEvents> {
        let reader = self.readers.reader().await?;
        let client = reader.client()?;
        let moment = self.questions.moment(client, tenant).await?;
        let labels = LabelsOn(client);
        Ok(Asking::new(&self.questions.clicks, &labels, &moment).rated_events(look).await?)
    }

    /// Takes a step; `false` where it was taken before or the re-rating does not go on. Unavailable where ClickHouse is
    /// away: then nothing was changed, and the step can be taken again.
    pub(super) async fn take_step(&self, tenant: TenantId, step: RerateStep) -> StoreResult<bool> {
        let step = Arc::new(step);
        for _ in 0..TRIES {
            let (labels_version, events) = self.readers.heard(self.events_of(tenant, &step)).await?;
            let count = events.len().max(1);
            // Not of weight nothing: it changes nothing that others remember of the catalogue.
            let weight = Weight { commands: 1, events: count, bytes: count * EVENT_BYTES };
            let rerate = Rerate { tenant, step: step.clone(), labels_version, events };
            // Not isolated: it moves counters before all of it can be known to succeed, and what fails so undoes its group.
            let taken = self.write(Some(tenant), weight, false, move |session| rerate.run(session)).await?;
            if let Some(taken) = taken {
                return Ok(taken);
            }
        }
        Err(unavailable("users are erased all the time"))
    }

    /// The events of a step that count, by their numbers, and the ledger's number of labels at their moment.
    async fn events_of(&self, tenant: TenantId, step: &RerateStep) -> StoreResult<(i64, HashMap<i64, Read>)> {
        if step.rerated.is_empty() {
            return Ok((0, HashMap::new()));
        }
        let seqs: Vec<i64> = step.rerated.iter().map(|rerated| rerated.seq).collect();
        // The job goes in the order of time; who goes otherwise is found too, later.
        let from_ms = step.after.map_or(0, |place| place.time_ms);
        let to_ms = step.next.map_or(i64::MAX, |place| place.time_ms.saturating_add(1));
        let reader = self.readers.reader().await?;
        let client = reader.client()?;
        let moment = self.questions.moment(client, tenant).await?;
        let labels = LabelsOn(client);
        let asking = Asking::new(&self.questions.clicks, &labels, &moment);
        let mut rows = asking.living_rows(Range { from_ms, to_ms }, &seqs).await?;
        let found: HashSet<i64> = rows.iter().map(|row| row.seq).collect();
        let missing: Vec<i64> = seqs.into_iter().filter(|seq| !found.contains(seq)).collect();
        if !missing.is_empty() {
            // Most likely voided since the job has seen them.
            rows.extend(asking.living_rows(Range { from_ms: 0, to_ms: i64::MAX }, &missing).await?);
        }
        let sources = asking.texts(rows.iter().map(|row| row.source).collect()).await?;
        let read = |row: EventRow| {
            let source = sources.get(&row.source);
            let source = source.ok_or_else(|| Fault::Damaged(format!("event {} has no source", row.seq)))?;
            let hash = identity::hash(tenant, source, &row.id);
            Ok((row.seq, Read { row, hash }))
        };
        let events = rows.into_iter().map(read).collect::<Work<_>>()?;
        Ok((moment.snapshot.labels_version, events))
    }
}

/// An event as it was read before the lock was taken.
struct Read {
    row: EventRow,
    hash: Uuid,
}

/// A step, with its events as they were read before the lock was taken: rows never change, so only whether they are still
/// the newest of their events has to be looked at again.
struct Rerate {
    tenant: TenantId,
    step: Arc<RerateStep>,
    /// The ledger's number of the tenant's labels when the events were read.
    labels_version: i64,
    /// By their numbers. What is missing was voided, or is dropped for its age.
    events: HashMap<i64, Read>,
}

impl Rerate {
    /// Takes the step; `None` where its events have to be read again.
    fn run(&self, session: &mut Session<'_>) -> Work<Option<bool>> {
        let stepping = Stepping::begin(session, self.tenant, &self.step)?;
        let Some(mut stepping) = stepping else { return Ok(Some(false)) };
        // What was cleared behind an erasure since must not come back by a row that was read before.
        if !self.events.is_empty() && session.events.ledger()?.labels_version() != self.labels_version {
            return Ok(None);
        }
        let rows = session.connection.postgres()?;
        let hashes: Vec<Uuid> = self.events.values().map(|event| event.hash).collect();
        let known = if hashes.is_empty() { HashMap::new() } else { identity::find(rows, &hashes)? };
        let texts = self.texts(rows)?;
        // Each event once, also where a step names it twice: behind the first time it is rated otherwise.
        let mut anew: HashSet<Uuid> = HashSet::new();
        for rerated in &self.step.rerated {
            let Some(event) = self.events.get(&rerated.seq) else { continue };
            let is_newest = |known: &Known| {
                known.seq == rerated.seq && !known.voided && known.version == i16::from(event.row.version)
            };
            if known.get(&event.hash).is_some_and(is_newest)
                && !anew.contains(&event.hash)
                && self.rerate(session, &event.row, rerated, &texts, &mut stepping)?
            {
                anew.insert(event.hash);
            }
        }
        let anew: Vec<Uuid> = anew.into_iter().collect();
        identity::rated_anew(rows, &anew)?;
        stepping.end(session)?;
        if !anew.is_empty() {
            session.revisions.note(self.tenant);
        }
        Ok(Some(true))
    }

    /// Rates one event anew, where it is rated as it was.
    fn rerate(
        &self,
        session: &mut Session<'_>,
        row: &EventRow,
        rerated: &Rerated,
        texts: &HashMap<u32, String>,
        stepping: &mut Stepping<'_>,
    ) -> Work<bool> {
        let Rerated { seq, before, after } = rerated;
        let Session { connection, labels, counters, closed, events, .. } = session;
        let was = StoredRating::of(connection, labels, self.tenant, before)?;
        let is = StoredRating {
            cost_nanos: row.cost_nanos,
            code: RatingCode(row.rating.into()),
            price: row.price.into(),
        };
        if is != was {
            return Ok(false);
        }
        if row.version == u8::MAX {
            let sentence =
                format!("event {seq} was rated anew {} times, which is as often as can be", u8::MAX);
            return Err(StoreError::Conflict(sentence).into());
        }
        let new = StoredRating::of(connection, labels, self.tenant, after)?;
        let recording = events.ledger()?;
        for row in row.rated_anew(after, new.price)? {
            recording.add(row)?;
        }
        let mut facts = row.facts(Places::NONE);
        let closed = closed.of(connection, self.tenant)?;
        let Some(change) = stepping.note(closed, &facts, *seq, was, new)? else { return Ok(true) };
        facts.sums.add(&change.sums, 1)?;
        let metrics = metrics_from_row(Some(row.metrics.clone()).filter(|json| !json.is_empty()))?;
        let event = self.counted(row, &facts, &metrics, texts);
        counters.recost_event(connection, self.tenant, &event, before.cost(), *seq)?;
        Ok(true)
    }

    /// What of an event is counted, with its new cost, and that it is counted now.
    fn counted<'a>(
        &self,
        row: &EventRow,
        facts: &Facts,
        metrics: &'a BTreeMap<String, Amount>,
        texts: &'a HashMap<u32, String>,
    ) -> CountedEvent<'a> {
        let text = |dimension| texts.get(&row.labels.of(dimension)).map(String::as_str);
        let by = SpentBy {
            user: text(Dimension::User),
            project: text(Dimension::Project),
            model: text(Dimension::Model),
            api_key: text(Dimension::ApiKey),
            department: text(Dimension::Department),
        };
        let tokens: i64 = facts.sums.tokens().iter().sum();
        CountedEvent {
            user: by.user.unwrap_or_default(),
            by,
            time_ms: row.time_ms,
            received_ms: self.step.at_ms,
            metrics,
            counted: Counted {
                named: None,
                tokens: u64::try_from(tokens).unwrap_or(0),
                cost: CostNanos(facts.sums.cost_nanos()),
            },
        }
    }

    /// The present texts of the labels by which the events are counted, in one statement. They are read under the lock, so
    /// an erasure comes before all of it or behind.
    fn texts(&self, rows: &Connection) -> Work<HashMap<u32, String>> {
        let of = |event: &Read| COUNTED_BY.map(|dimension| event.row.labels.of(dimension));
        let mut numbers: BTreeSet<u32> = self.events.values().flat_map(of).collect();
        numbers.remove(&0);
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        let numbers: Vec<i64> = numbers.into_iter().map(i64::from).collect();
        let texts = rows.prepared(TEXTS)?;
        let found = rows.wait_for(rows.client().query(&texts, &[&self.tenant.0, &numbers]))?;
        let text = |row: &tokio_postgres::Row| {
            let number = u32::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0);
            Ok((number, row.try_get(1)?))
        };
        let damaged = |error: tokio_postgres::Error| Fault::Damaged(format!("a label: {error}"));
        found.iter().map(|row| text(row).map_err(damaged)).collect()
    }
}
