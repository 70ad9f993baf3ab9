//! Events on their way to ClickHouse: rows as the table `event` has them, and the outbox's bodies made of them.
//!
//! A body is what one transaction of one tenant wrote: each row behind its length, as RowBinary, without the column
//! `batch`, which the flusher puts before each when it takes it along. Labels are numbers. A row with sign -1 takes one
//! with sign 1 and the same number and version back: that is how an event is voided, and the first half of rating it anew.

use crate::cluster::click::ddl::PARTITION_MS;
use crate::cluster::click::rowbinary::{Blob, Cell, Column, Reader, row};
use crate::error::{Fault, Work};
use crate::row::{Facts, Places, RatingCode, metrics_to_row, properties_to_row};
use crate::sums::{SUM_NAMES, Sums, TOKENS};
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::property::property_value;
use meterwire_core::sketch::bucket_number;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The longest body: what PostgreSQL takes as one value.
const MAX_BODY: usize = 1 << 30;
/// The most partitions that one insert touches.
const MAX_PARTITIONS: usize = 50;
/// The bytes before a row's fields that say how long it is.
const LENGTH_BYTES: usize = 4;

row! {
    /// A row of the table `event`, but for its batch.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct EventRow {
        pub(crate) tenant: u32,
        /// When it happened, Unix milliseconds.
        pub(crate) time_ms: i64,
        /// Its number in the tenant's order of recording, from 1.
        pub(crate) seq: i64,
        /// How often it was rated anew.
        pub(crate) version: u8,
        /// 1, or -1 where it takes such a row back.
        pub(crate) sign: i8,
        /// When it was received, Unix milliseconds.
        pub(crate) received_ms: i64,
        /// The label of its source.
        pub(crate) source: u32,
        pub(crate) id: String,
        pub(crate) labels: TextLabels,
        /// 0 where absent.
        pub(crate) status: u16,
        /// Milliseconds, -1 where absent.
        pub(crate) latency_ms: i64,
        /// [`bucket_number`] of the latency, -1 where absent.
        pub(crate) latency_bucket: i16,
        /// Milliseconds, -1 where absent.
        pub(crate) first_token_ms: i64,
        /// [`bucket_number`] of the time to the first token, -1 where absent.
        pub(crate) first_token_bucket: i16,
        pub(crate) tokens: TokenCounts,
        /// Nano-dollars, 0 where it has no price.
        pub(crate) cost_nanos: i64,
        /// [`RatingCode`].
        pub(crate) rating: u8,
        /// The label of its price, 0 where absent.
        pub(crate) price: u32,
        pub(crate) fingerprint: [u8; 16],
        /// 32 bytes, or none.
        pub(crate) request_hash: Blob,
        /// As the embedded store writes them, '' where absent.
        pub(crate) metrics: String,
        /// As the embedded store writes them, '' where absent.
        pub(crate) properties: String,
        /// [`property_hash`] of the keys of all scalar properties, each once, and in the same order of their values.
        pub(crate) property_keys: Vec<u64>,
        pub(crate) property_values: Vec<u64>,
    }
}

/// Labels of [`Dimension::TEXTS`], 0 where absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TextLabels(pub(crate) [u32; Dimension::TEXTS.len()]);

impl TextLabels {
    /// The label of the user.
    pub(crate) fn user(&self) -> u32 {
        let [_, _, _, user, ..] = self.0;
        user
    }

    /// The label of a text dimension; 0 for every other one.
    pub(crate) fn of(&self, dimension: Dimension) -> u32 {
        let place = Dimension::TEXTS.iter().position(|text| *text == dimension);
        place.and_then(|place| self.0.get(place)).copied().unwrap_or(0)
    }
}

impl Cell for TextLabels {
    fn columns(_name: &'static str) -> Vec<Column> {
        Dimension::TEXTS.iter().flat_map(|dimension| u32::columns(dimension.name())).collect()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|label| label.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        let mut labels = Self::default();
        for label in &mut labels.0 {
            *label = from.cell()?;
        }
        Ok(labels)
    }
}

/// Tokens by bucket, as [`SUM_NAMES`] names them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TokenCounts(pub(crate) [i64; 10]);

impl Cell for TokenCounts {
    fn columns(_name: &'static str) -> Vec<Column> {
        SUM_NAMES[TOKENS].iter().flat_map(|name| i64::columns(name)).collect()
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|count| count.write(out));
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        let mut counts = Self::default();
        for count in &mut counts.0 {
            *count = from.cell()?;
        }
        Ok(counts)
    }
}

/// What of an event only the ledger knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded {
    pub(crate) tenant: TenantId,
    /// Its number in the tenant's order of recording.
    pub(crate) seq: i64,
    /// The label of its source.
    pub(crate) source: i64,
    /// Labels of [`Dimension::TEXTS`], 0 where absent.
    pub(crate) labels: [i64; Dimension::TEXTS.len()],
    /// The label of its price, 0 where absent.
    pub(crate) price: i64,
}

impl EventRow {
    /// The row of an event that is recorded now. An error where a number does not fit its column.
    pub(crate) fn of_event(event: &Event, recorded: &Recorded) -> Work<Self> {
        let mut labels = TextLabels::default();
        for (label, number) in labels.0.iter_mut().zip(recorded.labels) {
            *label = narrow(number)?;
        }
        let mut tokens = TokenCounts::default();
        for (to, count) in tokens.0.iter_mut().zip(event.tokens.buckets()) {
            *to = i64::try_from(count).map_err(|_| Fault::Overflow)?;
        }
        let (property_keys, property_values) = property_hashes(&event.properties);
        Ok(Self {
            tenant: narrow(recorded.tenant.0)?,
            time_ms: event.time_ms,
            seq: recorded.seq,
            version: 0,
            sign: 1,
            received_ms: event.received_ms,
            source: narrow(recorded.source)?,
            id: event.id.clone(),
            labels,
            status: event.status.unwrap_or(0),
            latency_ms: event.latency_ms.map_or(-1, i64::from),
            latency_bucket: bucket(event.latency_ms),
            first_token_ms: event.time_to_first_token_ms.map_or(-1, i64::from),
            first_token_bucket: bucket(event.time_to_first_token_ms),
            tokens,
            cost_nanos: event.rating.cost().0,
            rating: rating_code(&event.rating),
            price: narrow(recorded.price)?,
            fingerprint: event.fingerprint.0,
            request_hash: Blob(event.request_hash.map_or_else(Vec::new, |hash| hash.to_vec())),
            metrics: metrics_to_row(&event.metrics).unwrap_or_default(),
            properties: properties_to_row(&event.properties).unwrap_or_default(),
            property_keys,
            property_values,
        })
    }

    /// The row that takes this one back.
    pub(crate) fn cancelled(&self) -> Self {
        Self { sign: -1, ..self.clone() }
    }

    /// The row that takes this one back, and the one with the new rating that takes its place. An error beyond 255 times.
    pub(crate) fn rated_anew(&self, rating: &Rating, price: i64) -> Work<[Self; 2]> {
        let version = self.version.checked_add(1).ok_or(Fault::Overflow)?;
        let anew = Self {
            version,
            cost_nanos: rating.cost().0,
            rating: rating_code(rating),
            price: narrow(price)?,
            ..self.clone()
        };
        Ok([self.cancelled(), anew])
    }

    /// What of it is added up; the sign is not in it.
    pub(crate) fn sums(&self) -> Sums {
        let mut sums = [0; SUM_NAMES.len()];
        sums[0] = 1;
        sums[1] = i64::from(self.status >= 400);
        sums[2] = i64::from(self.is_unpriced());
        sums[TOKENS].copy_from_slice(&self.tokens.0);
        sums[13] = self.cost_nanos;
        Sums(sums)
    }

    /// It has tokens but no price is known for it.
    pub(crate) fn is_unpriced(&self) -> bool {
        i64::from(self.rating) == RatingCode::UNPRICED.0
    }

    /// The facts of it by which the ledger counts; the labels of declared properties are the caller's to fill in.
    pub(crate) fn facts(&self, places: Places) -> Facts {
        let mut labels = [0; crate::label::LABELS];
        for (label, number) in labels.iter_mut().zip(self.labels.0) {
            *label = i64::from(number);
        }
        Facts {
            time_ms: self.time_ms,
            labels,
            places,
            status: i64::from(self.status),
            sums: self.sums(),
            latency_ms: u32::try_from(self.latency_ms).ok(),
            time_to_first_token_ms: u32::try_from(self.first_token_ms).ok(),
        }
    }

    /// The hash of a property's value, 0 where the event has none: what ClickHouse finds by
    /// `property_values[indexOf(property_keys, key)]`.
    pub(crate) fn property(&self, key: u64) -> u64 {
        let place = self.property_keys.iter().position(|other| *other == key);
        place.and_then(|place| self.property_values.get(place)).copied().unwrap_or(0)
    }
}

fn rating_code(rating: &Rating) -> u8 {
    u8::try_from(RatingCode::of(rating).0).unwrap_or(u8::MAX)
}

fn narrow(number: i64) -> Work<u32> {
    u32::try_from(number).map_err(|_| Fault::Overflow)
}

/// The bucket of a duration, -1 where it is absent.
pub(super) fn bucket(duration_ms: Option<u32>) -> i16 {
    duration_ms.map_or(-1, |ms| i16::try_from(bucket_number(ms)).unwrap_or(i16::MAX))
}

/// The number by which ClickHouse knows the key or the value of a property: 64 bits of SHA-256, never 0, which stands for
/// an absent one. It is on disk, so it must never change.
pub(crate) fn property_hash(text: &str) -> u64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.first_chunk().map_or(1, |bytes| u64::from_le_bytes(*bytes)).max(1)
}

/// The hashes of keys and values of all properties that can be dimensions.
pub(super) fn property_hashes(properties: &Map<String, Value>) -> (Vec<u64>, Vec<u64>) {
    let scalar = |(key, json): (&String, &Value)| {
        let value = property_value(json)?;
        Some((property_hash(key), property_hash(&value)))
    };
    properties.iter().filter_map(scalar).unzip()
}

/// Rows as the body of an outbox row.
pub(crate) fn to_body(rows: &[EventRow]) -> Work<Vec<u8>> {
    let mut body = Vec::with_capacity(rows.len() * 300);
    for row in rows {
        let start = body.len();
        body.extend_from_slice(&[0; LENGTH_BYTES]);
        row.write(&mut body);
        let length = u32::try_from(body.len() - start - LENGTH_BYTES).map_err(|_| Fault::Overflow)?;
        if let Some(place) = body.get_mut(start..start + LENGTH_BYTES) {
            place.copy_from_slice(&length.to_le_bytes());
        }
    }
    if body.len() > MAX_BODY { Err(Fault::Overflow) } else { Ok(body) }
}

/// The rows of a body; an error where it is cut off or has anything else in it.
pub(crate) fn from_body(body: &[u8]) -> Work<Vec<EventRow>> {
    let mut rows = Vec::new();
    for encoded in encoded_rows(body) {
        let encoded = encoded?;
        let mut reader = Reader::new(encoded.bytes);
        rows.push(EventRow::read(&mut reader)?);
        if !reader.is_empty() {
            return Err(Fault::Damaged("a row of the outbox is longer than its fields".to_owned()));
        }
    }
    Ok(rows)
}

/// A row of a body as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EncodedRow<'a> {
    pub(crate) time_ms: i64,
    pub(crate) seq: i64,
    /// All its columns but the batch.
    pub(crate) bytes: &'a [u8],
}

/// The rows of a body, only as far as it has to be known where they go. Ends behind the first error.
pub(crate) fn encoded_rows(body: &[u8]) -> impl Iterator<Item = Work<EncodedRow<'_>>> {
    let mut reader = Reader::new(body);
    std::iter::from_fn(move || {
        if reader.is_empty() {
            return None;
        }
        let row = next_row(&mut reader);
        if row.is_err() {
            reader = Reader::new(&[]);
        }
        Some(row)
    })
}

fn next_row<'a>(reader: &mut Reader<'a>) -> Work<EncodedRow<'a>> {
    let length = usize::try_from(reader.cell::<u32>()?).map_err(|_| Fault::Overflow)?;
    let bytes = reader.take(length)?;
    let mut fields = Reader::new(bytes);
    let _tenant: u32 = fields.cell()?;
    Ok(EncodedRow { time_ms: fields.cell()?, seq: fields.cell()?, bytes })
}

/// One insert statement's worth of rows for one shard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Insert {
    /// The place of the shard among the client's.
    pub(crate) shard: usize,
    /// How many rows.
    pub(crate) rows: usize,
    /// Whole rows of the table, the batch first, see [`crate::cluster::click::ddl::insert_events`].
    pub(crate) body: Vec<u8>,
}

/// Puts the rows of bodies together by the shard they go to (`seq` modulo the shards), the number of the batch before
/// each. At most [`MAX_PARTITIONS`] partitions an insert: ClickHouse refuses more than 100.
pub(crate) fn inserts<B: AsRef<[u8]>>(batch: u32, shards: usize, bodies: &[B]) -> Work<Vec<Insert>> {
    let shards = i64::try_from(shards.max(1)).map_err(|_| Fault::Overflow)?;
    let mut parts: BTreeMap<(usize, i64), Insert> = BTreeMap::new();
    for body in bodies {
        for row in encoded_rows(body.as_ref()) {
            let row = row?;
            let shard = usize::try_from(row.seq.rem_euclid(shards)).unwrap_or(0);
            let part = parts.entry((shard, row.time_ms.div_euclid(PARTITION_MS))).or_default();
            batch.write(&mut part.body);
            part.body.extend_from_slice(row.bytes);
            part.rows += 1;
        }
    }
    let mut inserts: Vec<Insert> = Vec::new();
    let mut partitions = 0;
    for ((shard, _), part) in parts {
        let last = inserts.last_mut();
        if let Some(insert) = last.filter(|insert| insert.shard == shard && partitions < MAX_PARTITIONS) {
            insert.rows += part.rows;
            insert.body.extend_from_slice(&part.body);
            partitions += 1;
        } else {
            inserts.push(Insert { shard, ..part });
            partitions = 1;
        }
    }
    Ok(inserts)
}

#[cfg(test)]
pub(crate) mod tests;
