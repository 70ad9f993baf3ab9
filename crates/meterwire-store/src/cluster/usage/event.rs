//! Whole events: read by their places, and told with their texts.

use super::labels::no_label;
use super::ordered::Place;
use super::{Asking, Which};
use crate::cluster::click::text;
use crate::cluster::outbox::EventRow;
use crate::error::{Fault, Work};
use crate::row::{RatingCode, metrics_from_row, properties_from_row};
use hashbrown::HashMap as Map;
use meterwire_app::ports::LogRow;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Fingerprint, Labels};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::tokens::TokenUsage;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// So many events are named in one statement.
const EVENTS_A_STATEMENT: usize = 2_000;

impl Asking<'_> {
    /// Events of a range of time by their numbers in the order of recording, in that order; those that are taken back or gone
    /// are left out.
    pub(crate) async fn events_by_seq(&self, range: Range, seqs: &[i64]) -> Work<Vec<LogRow>> {
        let found = self.places_of(range, seqs).await?;
        let places: Vec<Place> = seqs.iter().filter_map(|seq| found.get(seq)).copied().collect();
        self.rows_at(&places).await
    }

    /// The same of a range of time as rows, in no order. The narrower the range, the less ClickHouse reads: it knows
    /// events by their time.
    pub(crate) async fn living_rows(&self, range: Range, seqs: &[i64]) -> Work<Vec<EventRow>> {
        let found = self.places_of(range, seqs).await?;
        let places: Vec<Place> = found.into_values().collect();
        self.event_rows_at(&places).await
    }

    /// Where living events with these numbers are, of those in a range of time.
    async fn places_of(&self, range: Range, seqs: &[i64]) -> Work<Map<i64, Place>> {
        let which = Which::new(range, &[]);
        let mut found: Map<i64, Place> = Map::new();
        for seqs in seqs.chunks(EVENTS_A_STATEMENT) {
            let sql = text::find_seqs(&self.scope(which), &self.cancels, seqs);
            self.read(sql, |row| {
                let (seq, time_ms, version) = (row.cell()?, row.cell()?, row.cell()?);
                found.insert(seq, Place { value: 0, seq, time_ms, version });
                Ok(())
            })
            .await?;
        }
        let wanted: BTreeSet<i64> = seqs.iter().copied().collect();
        for row in self.tail(which).living(&self.cancels).filter(|row| wanted.contains(&row.seq)) {
            let place = Place { value: 0, seq: row.seq, time_ms: row.time_ms, version: row.version };
            found.insert(row.seq, place);
        }
        Ok(found)
    }

    /// The newest rating of an event, taken back or not; `None` where there is none at this time with this number.
    pub(crate) async fn row_of(&self, seq: i64, time_ms: i64) -> Work<Option<EventRow>> {
        let range = Range { from_ms: time_ms, to_ms: time_ms.saturating_add(1) };
        let which = Which::new(range, &[]);
        let of_tail = self.tail(which).rows().filter(|row| row.sign > 0 && row.seq == seq);
        let mut rows: Vec<EventRow> = of_tail.cloned().collect();
        let sql = text::events(&self.scope(which), &[(time_ms, seq)]);
        self.read(sql, |row| {
            rows.push(EventRow::read(row)?);
            Ok(())
        })
        .await?;
        Ok(rows.into_iter().max_by_key(|row| row.version))
    }

    /// Source and id of the events at these times with these numbers, taken back or not, by number; those that are gone
    /// are left out.
    pub(crate) async fn names_at(&self, places: &[(i64, i64)]) -> Work<Map<i64, (String, String)>> {
        let mut named: Map<i64, (u32, String)> = Map::new();
        let mut places = places.to_vec();
        places.sort_unstable();
        places.dedup();
        for places in places.chunks(EVENTS_A_STATEMENT) {
            let (Some((from_ms, _)), Some((last_ms, _))) = (places.first(), places.last()) else { continue };
            let which = Which::new(Range { from_ms: *from_ms, to_ms: last_ms.saturating_add(1) }, &[]);
            let of_tail = self.tail(which).rows().filter(|row| places.contains(&(row.time_ms, row.seq)));
            named.extend(of_tail.map(|row| (row.seq, (row.source, row.id.clone()))));
            self.read(text::names(&self.scope(which), places), |row| {
                named.insert(row.cell()?, (row.cell()?, row.cell()?));
                Ok(())
            })
            .await?;
        }
        let texts = self.texts(named.values().map(|(source, _)| *source).collect()).await?;
        let name = |(seq, (source, id)): (i64, (u32, String))| {
            let source = texts.get(&source).ok_or_else(|| no_label(source.into()))?;
            Ok((seq, (source.to_string(), id)))
        };
        named.into_iter().map(name).collect()
    }

    /// The event with this number at this time, taken back or not, as it is rated now.
    pub(crate) async fn event_of(&self, seq: i64, time_ms: i64) -> Work<Option<LogRow>> {
        let Some(row) = self.row_of(seq, time_ms).await? else { return Ok(None) };
        Ok(self.to_log_rows(vec![row]).await?.pop())
    }

    /// The events at these places, in their order, with their texts.
    pub(super) async fn rows_at(&self, places: &[Place]) -> Work<Vec<LogRow>> {
        self.to_log_rows(self.event_rows_at(places).await?).await
    }

    /// The events at these places, in their order.
    pub(super) async fn event_rows_at(&self, places: &[Place]) -> Work<Vec<EventRow>> {
        let mut found: Map<(i64, u8), EventRow> = Map::new();
        let wanted: BTreeSet<(i64, u8)> = places.iter().map(|place| (place.seq, place.version)).collect();
        for row in self.moment.snapshot.tail() {
            if row.sign > 0 && wanted.contains(&(row.seq, row.version)) {
                found.insert((row.seq, row.version), row.clone());
            }
        }
        let missing = places.iter().filter(|place| !found.contains_key(&(place.seq, place.version)));
        let missing: Vec<(i64, i64)> = missing.map(|place| (place.time_ms, place.seq)).collect();
        for part in missing.chunks(EVENTS_A_STATEMENT) {
            let (from_ms, last_ms) = part
                .iter()
                .fold((i64::MAX, 0), |(from, last), (time_ms, _)| (from.min(*time_ms), last.max(*time_ms)));
            let which = Which::new(Range { from_ms, to_ms: last_ms.saturating_add(1) }, &[]);
            self.read(text::events(&self.scope(which), part), |row| {
                let row = EventRow::read(row)?;
                if wanted.contains(&(row.seq, row.version)) {
                    found.insert((row.seq, row.version), row);
                }
                Ok(())
            })
            .await?;
        }
        let row = |place: &Place| {
            let row = found.remove(&(place.seq, place.version));
            row.ok_or_else(|| Fault::Damaged(format!("ClickHouse told the event {} once only", place.seq)))
        };
        places.iter().map(row).collect()
    }

    async fn to_log_rows(&self, rows: Vec<EventRow>) -> Work<Vec<LogRow>> {
        let mut numbers = BTreeSet::new();
        for row in &rows {
            numbers.extend(row.labels.0);
            numbers.extend([row.source, row.price]);
        }
        numbers.remove(&0);
        let texts = self.texts(numbers).await?;
        rows.into_iter().map(|row| Ok(LogRow { seq: row.seq, event: to_event(row, &texts)? })).collect()
    }

    /// The texts of labels.
    pub(crate) async fn texts(&self, numbers: BTreeSet<u32>) -> Work<HashMap<u32, Arc<str>>> {
        if numbers.is_empty() {
            return Ok(HashMap::new());
        }
        self.labels.texts(self.moment.tenant(), numbers.into_iter().collect()).await
    }
}

fn to_event(row: EventRow, texts: &HashMap<u32, Arc<str>>) -> Work<Event> {
    let text = |number: u32| {
        if number == 0 {
            return Ok(None);
        }
        let text = texts.get(&number).ok_or_else(|| no_label(number.into()))?;
        Ok::<_, Fault>(Some(text.to_string()))
    };
    let mut labels = Labels::default();
    for (dimension, number) in Dimension::TEXTS.into_iter().zip(row.labels.0) {
        labels.set(dimension, text(number)?);
    }
    let rating = RatingCode(row.rating.into()).to_rating(CostNanos(row.cost_nanos), text(row.price)?)?;
    let given = |json: String| Some(json).filter(|json| !json.is_empty());
    Ok(Event {
        source: text(row.source)?.unwrap_or_default(),
        labels,
        rating,
        tokens: to_tokens(row.tokens.0)?,
        time_ms: row.time_ms,
        received_ms: row.received_ms,
        id: row.id,
        status: (row.status != 0).then_some(row.status),
        latency_ms: u32::try_from(row.latency_ms).ok(),
        time_to_first_token_ms: u32::try_from(row.first_token_ms).ok(),
        fingerprint: Fingerprint(row.fingerprint),
        request_hash: row.request_hash.0.first_chunk().copied(),
        metrics: metrics_from_row(given(row.metrics))?,
        properties: properties_from_row(given(row.properties))?,
    })
}

pub(super) fn to_tokens(counts: [i64; 10]) -> Work<TokenUsage> {
    let mut buckets = [0; 10];
    for (bucket, count) in buckets.iter_mut().zip(counts) {
        *bucket = u64::try_from(count).map_err(|_| Fault::Damaged("a negative token count".to_owned()))?;
    }
    Ok(TokenUsage::from_buckets(buckets))
}
