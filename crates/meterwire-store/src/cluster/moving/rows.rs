//! Events of the directory as rows of ClickHouse and identities.

use super::super::click::rowbinary::Blob;
use super::super::identity;
use super::super::outbox::{self, EventRow, TextLabels, TokenCounts};
use crate::error::{Fault, Work};
use crate::label::LabelKind;
use crate::row::{place_from_row, properties_from_row};
use crate::sums::{SUM_NAMES, TOKENS};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::dimension::{Dimension, Place};
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

/// Texts of labels that are remembered.
const MAX_TEXTS: usize = 200_000;
/// Where the columns of labels, tokens and declared properties begin.
const LABELS_AT: usize = 17;
const TOKENS_AT: usize = LABELS_AT + Dimension::TEXTS.len();
const PROPERTIES_AT: usize = TOKENS_AT + TOKENS.end - TOKENS.start;

/// An event, with what only the ledger knows of it.
pub(super) struct MovedEvent {
    pub(super) row: EventRow,
    pub(super) hash: Uuid,
    pub(super) voided_ms: Option<i64>,
}

/// The statement that [`Reading::event`] reads the rows of: events behind a number, at most so many.
pub(super) fn statement() -> String {
    let mut columns = vec![
        "seq, tenant_id, time_ms, received_ms, source, id, status, latency_ms, time_to_first_token_ms, cost_nanos, rating, \
         price, fingerprint, request_hash, metrics, properties, voided_ms"
            .to_owned(),
    ];
    columns.extend(Dimension::TEXTS.iter().map(|dimension| format!("\"{}\"", dimension.name())));
    columns.extend(SUM_NAMES[TOKENS].iter().map(ToString::to_string));
    columns.extend(Place::ALL.iter().map(|place| Dimension::Property(*place).name().to_owned()));
    format!("SELECT {} FROM event WHERE seq > ? ORDER BY seq", columns.join(", "))
}

/// What is needed to read events beside their rows.
pub(super) struct Reading<'c> {
    connection: &'c Connection,
    /// The properties that tenants have declared, by tenant and place.
    declared: HashMap<(i64, usize), String>,
    texts: HashMap<i64, String>,
}

impl<'c> Reading<'c> {
    pub(super) fn new(connection: &'c Connection) -> Work<Self> {
        let mut declared = HashMap::new();
        let mut statement = connection.prepare("SELECT tenant_id, place, property FROM dimension")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(place) = place_from_row(row.get(1)?) {
                declared.insert((row.get(0)?, place.index()), row.get(2)?);
            }
        }
        Ok(Self { connection, declared, texts: HashMap::new() })
    }

    /// Reads a row of [`statement`]. It is of the first version as it is rated now: how it was rated before stands in `rerated`.
    pub(super) fn event(&mut self, row: &Row<'_>) -> Work<MovedEvent> {
        let (seq, tenant): (i64, i64) = (row.get(0)?, row.get(1)?);
        let damaged = |what: &str| Fault::Damaged(format!("event {seq} of the directory: {what}"));
        let source: i64 = row.get(4)?;
        let id: String = row.get(5)?;
        let source_text =
            self.text(tenant, source)?.ok_or_else(|| damaged("its source is not there"))?.to_owned();
        let hash = identity::hash(TenantId(tenant), &source_text, &id);
        let mut labels = TextLabels::default();
        for (place, label) in labels.0.iter_mut().enumerate() {
            *label = row.get(LABELS_AT + place)?;
        }
        let mut tokens = TokenCounts::default();
        for (place, count) in tokens.0.iter_mut().enumerate() {
            *count = row.get(TOKENS_AT + place)?;
        }
        let (latency_ms, first_token_ms): (Option<u32>, Option<u32>) = (row.get(7)?, row.get(8)?);
        let fingerprint: Vec<u8> = row.get(12)?;
        let properties: Option<String> = row.get(15)?;
        let (property_keys, property_values) = self.hashes(row, tenant, properties.as_deref())?;
        let moved = EventRow {
            tenant: u32::try_from(tenant).map_err(|_| damaged("its tenant has a number beyond 32 bits"))?,
            time_ms: row.get(2)?,
            seq,
            version: 0,
            sign: 1,
            received_ms: row.get(3)?,
            source: u32::try_from(source).map_err(|_| damaged("a label beyond 32 bits"))?,
            id,
            labels,
            status: row.get(6)?,
            latency_ms: latency_ms.map_or(-1, i64::from),
            latency_bucket: outbox::bucket(latency_ms),
            first_token_ms: first_token_ms.map_or(-1, i64::from),
            first_token_bucket: outbox::bucket(first_token_ms),
            tokens,
            cost_nanos: row.get(9)?,
            rating: row.get(10)?,
            price: row.get(11)?,
            fingerprint: fingerprint.try_into().map_err(|_| damaged("its fingerprint is not 16 bytes"))?,
            request_hash: Blob(row.get::<_, Option<Vec<u8>>>(13)?.unwrap_or_default()),
            metrics: row.get::<_, Option<String>>(14)?.unwrap_or_default(),
            properties: properties.unwrap_or_default(),
            property_keys,
            property_values,
        };
        Ok(MovedEvent { row: moved, hash, voided_ms: row.get(16)? })
    }

    /// Hashes of all properties. Where they were cleared behind an erasure, those of declared dimensions are known by their
    /// labels still: no total may change.
    fn hashes(&mut self, row: &Row<'_>, tenant: i64, properties: Option<&str>) -> Work<(Vec<u64>, Vec<u64>)> {
        if let Some(json) = properties {
            return Ok(outbox::property_hashes(&properties_from_row(Some(json.to_owned()))?));
        }
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for place in 0..Place::ALL.len() {
            let number: i64 = row.get(PROPERTIES_AT + place)?;
            let Some(property) = self.declared.get(&(tenant, place)).filter(|_| number != 0) else {
                continue;
            };
            let key = outbox::property_hash(property);
            // A label of an earlier dimension at this place is gone, or of another kind: it counts for nothing.
            if let Some(text) = self.text_of_place(tenant, place, number)? {
                let value = outbox::property_hash(text);
                keys.push(key);
                values.push(value);
            }
        }
        Ok((keys, values))
    }

    /// The text of a label; `None` where there is none of this tenant.
    fn text(&mut self, tenant: i64, number: i64) -> Work<Option<&str>> {
        if self.texts.len() > MAX_TEXTS {
            self.texts.clear();
        }
        if !self.texts.contains_key(&number) {
            let found: Option<String> = self
                .connection
                .prepare_cached("SELECT value FROM label WHERE id = ? AND tenant_id = ?")?
                .query_row([number, tenant], |row| row.get(0))
                .optional()?;
            let Some(found) = found else { return Ok(None) };
            self.texts.insert(number, found);
        }
        Ok(self.texts.get(&number).map(String::as_str))
    }

    fn text_of_place(&mut self, tenant: i64, place: usize, number: i64) -> Work<Option<&str>> {
        let kind =
            Place::ALL.get(place).and_then(|place| LabelKind::Dimension(Dimension::Property(*place)).code());
        let is_of_place: bool = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM label WHERE id = ? AND kind = ?)")?
            .query_row(rusqlite::params![number, kind], |row| row.get(0))?;
        if is_of_place { self.text(tenant, number) } else { Ok(None) }
    }
}
