//! An event: one fact that happened, as it was sent and as it is kept.

use crate::amount::{Amount, MAX_AMOUNT};
use crate::dimension::Dimension;
use crate::invalid::Invalid;
use crate::limit::MetricName;
use crate::money::{CostNanos, MAX_EVENT_COST};
use crate::price::{PriceEntry, PriceId, ServiceTier};
use crate::tokens::{MAX_TOKENS, TokenUsage};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// 2000-01-01T00:00:00Z; nothing earlier is believed.
pub const EARLIEST_MS: i64 = 946_684_800_000;
/// How far a sender's clock may run ahead.
pub const MAX_AHEAD_MS: i64 = 5 * 60 * 1000;
/// The source of an event that names none.
pub const DEFAULT_SOURCE: &str = "default";
/// The longest id, source or dimension value, in bytes.
pub const MAX_TEXT_BYTES: usize = 256;
/// The largest `properties` of one event, as JSON, in bytes.
pub const MAX_PROPERTIES_BYTES: usize = 8 * 1024;
/// The most metrics of one event.
pub const MAX_METRICS: usize = 32;
/// How many nano-dollars a millionth of a dollar has.
const NANOS_PER_MILLIONTH: i64 = 1_000;

/// Values of the text dimensions. Absent is `None`, never an empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels([Option<String>; Dimension::TEXTS.len()]);

impl Labels {
    /// The value of a dimension; `None` for the status, which is a number.
    pub fn get(&self, dimension: Dimension) -> Option<&str> {
        Self::index(dimension).and_then(|i| self.0[i].as_deref())
    }

    /// Sets the value of a text dimension; an empty text counts as absent.
    pub fn set(&mut self, dimension: Dimension, value: Option<String>) {
        if let Some(i) = Self::index(dimension) {
            self.0[i] = value.filter(|text| !text.is_empty());
        }
    }

    fn index(dimension: Dimension) -> Option<usize> {
        Dimension::TEXTS.iter().position(|d| *d == dimension)
    }
}

/// An event as it was sent, checked field by field, nothing filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewEvent {
    /// The sender's id, unique within the source.
    pub id: Option<String>,
    /// Where it comes from; absent is [`DEFAULT_SOURCE`].
    pub source: Option<String>,
    /// When it happened, Unix milliseconds.
    pub time_ms: Option<i64>,
    /// Values of the text dimensions.
    pub labels: Labels,
    /// Tokens in disjoint buckets.
    pub tokens: TokenUsage,
    /// HTTP status of the call, 100..=599.
    pub status: Option<u16>,
    /// Whole duration in milliseconds.
    pub latency_ms: Option<u32>,
    /// Time to the first token in milliseconds.
    pub time_to_first_token_ms: Option<u32>,
    /// SHA-256 of the normalised request.
    pub request_hash: Option<[u8; 32]>,
    /// A cost that overrides the price book.
    pub cost: Option<CostNanos>,
    /// Amounts of countable metrics, each with the decimals of its name ([`MetricName::decimals_of`]).
    pub metrics: BTreeMap<String, Amount>,
    /// Whatever else the sender wants to keep with the event.
    pub properties: serde_json::Map<String, serde_json::Value>,
}

/// What an event costs and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rating {
    /// By a price of the book or of the tenant.
    Priced {
        /// What it costs.
        cost: CostNanos,
        /// The price it was rated with.
        price_id: PriceId,
    },
    /// The sender named the cost.
    Given(CostNanos),
    /// It has tokens, but no price is known for its model.
    Unpriced,
    /// Nothing to price: no tokens and no cost.
    Free,
}

impl Rating {
    /// What tokens come to by a price, or without one.
    pub fn by_price(price: Option<&PriceEntry>, tokens: &TokenUsage, service_tier: Option<&str>) -> Self {
        match price {
            Some(price) => {
                let rated = price.rate(tokens, ServiceTier::from_name(service_tier));
                Self::Priced { cost: rated.cost, price_id: price.price_id().clone() }
            }
            None if tokens.total() == 0 => Self::Free,
            None => Self::Unpriced,
        }
    }

    /// The cost that is summed; an unpriced event adds nothing and is counted apart.
    pub fn cost(&self) -> CostNanos {
        match self {
            Self::Priced { cost, .. } | Self::Given(cost) => *cost,
            Self::Unpriced | Self::Free => CostNanos::ZERO,
        }
    }
}

/// An event as it is kept: complete and rated.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The id, sent or made.
    pub id: String,
    /// The source, sent or [`DEFAULT_SOURCE`].
    pub source: String,
    /// When it happened, Unix milliseconds.
    pub time_ms: i64,
    /// When it was received, Unix milliseconds.
    pub received_ms: i64,
    /// Values of the text dimensions.
    pub labels: Labels,
    /// Tokens in disjoint buckets.
    pub tokens: TokenUsage,
    /// HTTP status of the call.
    pub status: Option<u16>,
    /// Whole duration in milliseconds.
    pub latency_ms: Option<u32>,
    /// Time to the first token in milliseconds.
    pub time_to_first_token_ms: Option<u32>,
    /// SHA-256 of the normalised request.
    pub request_hash: Option<[u8; 32]>,
    /// What it costs and why.
    pub rating: Rating,
    /// Amounts of countable metrics, each with the decimals of its name ([`MetricName::decimals_of`]).
    pub metrics: BTreeMap<String, Amount>,
    /// Whatever else the sender keeps with the event.
    pub properties: serde_json::Map<String, serde_json::Value>,
    /// Fingerprint of what was sent; tells a duplicate from a conflict.
    pub fingerprint: Fingerprint,
}

impl Event {
    /// A call that failed: status 400 or above.
    pub fn is_error(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }
}

/// 128 bits of SHA-256 over an event as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl NewEvent {
    /// Checks every bound that does not need the clock. Values are those of the caller, so errors name his fields.
    pub fn validate(&self) -> Result<(), Invalid> {
        check_text("id", self.id.as_deref())?;
        check_text("source", self.source.as_deref())?;
        for dimension in Dimension::TEXTS {
            check_text(dimension.name(), self.labels.get(dimension))?;
        }
        if self.tokens.buckets().iter().any(|count| *count > MAX_TOKENS) {
            return Err(Invalid::new("usage", format!("a token count may be at most {MAX_TOKENS}")));
        }
        if self.status.is_some_and(|status| !(100..=599).contains(&status)) {
            return Err(Invalid::new("status", "status must be an HTTP status from 100 to 599"));
        }
        if self.cost.is_some_and(|cost| cost < CostNanos::ZERO || cost > MAX_EVENT_COST) {
            return Err(Invalid::new("cost_usd", format!("cost_usd must be from 0 to {MAX_EVENT_COST}")));
        }
        self.validate_metrics()?;
        self.validate_properties()
    }

    fn validate_metrics(&self) -> Result<(), Invalid> {
        if self.metrics.len() > MAX_METRICS {
            return Err(Invalid::new("metrics", format!("an event may carry at most {MAX_METRICS} metrics")));
        }
        for (name, amount) in &self.metrics {
            let known_form = name.len() <= 64
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
                && !name.is_empty();
            if !known_form {
                return Err(Invalid::new("metrics", "a metric's name is up to 64 of a-z, 0-9 and _"));
            }
            // Money that is named is bounded like a cost: a single event must not fill the sums.
            let largest = if name == MetricName::COST { Amount(MAX_EVENT_COST.0) } else { MAX_AMOUNT };
            if *amount < Amount(0) || *amount > largest {
                let sentence = format!("must be from 0 to {}", MetricName::format_of(name, largest));
                return Err(Invalid::new(format!("metrics.{name}"), sentence));
            }
        }
        Ok(())
    }

    fn validate_properties(&self) -> Result<(), Invalid> {
        if self.properties.is_empty() {
            return Ok(());
        }
        let size = serde_json::to_string(&self.properties).map_or(usize::MAX, |text| text.len());
        if size > MAX_PROPERTIES_BYTES {
            let message = format!("properties may be at most {MAX_PROPERTIES_BYTES} bytes of JSON");
            return Err(Invalid::new("properties", message));
        }
        Ok(())
    }

    /// The time of the event, refused when it is too early or ahead of the clock.
    pub fn time_or(&self, now_ms: i64) -> Result<i64, Invalid> {
        let time_ms = self.time_ms.unwrap_or(now_ms);
        if time_ms < EARLIEST_MS {
            return Err(Invalid::new("time", "time is before 2000-01-01T00:00:00Z"));
        }
        if time_ms > now_ms + MAX_AHEAD_MS {
            return Err(Invalid::new("time", "time is more than five minutes ahead of the server's clock"));
        }
        Ok(time_ms)
    }

    /// Fingerprint of everything that was sent. What the server fills in later does not count.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        let mut field = |tag: u8, bytes: &[u8]| {
            hash.update([tag]);
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        let mut optional = |tag: u8, bytes: Option<&[u8]>| {
            if let Some(bytes) = bytes {
                field(tag, bytes);
            }
        };
        optional(1, self.time_ms.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice));
        for (tag, value) in (2..).zip(&self.labels.0) {
            optional(tag, value.as_deref().map(str::as_bytes));
        }
        for (tag, count) in (20..).zip(self.tokens.buckets()) {
            optional(tag, (count > 0).then(|| count.to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        }
        optional(40, self.status.map(u16::to_le_bytes).as_ref().map(<[u8; 2]>::as_slice));
        optional(41, self.latency_ms.map(u32::to_le_bytes).as_ref().map(<[u8; 4]>::as_slice));
        optional(42, self.time_to_first_token_ms.map(u32::to_le_bytes).as_ref().map(<[u8; 4]>::as_slice));
        optional(43, self.request_hash.as_ref().map(<[u8; 32]>::as_slice));
        optional(44, self.cost.map(|cost| cost.0.to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        for (name, amount) in &self.metrics {
            field(45, name.as_bytes());
            // Money was named in millionths once: what can be told in them has the fingerprint that it had.
            let (tag, units) = match (name.as_str(), amount.0 % NANOS_PER_MILLIONTH) {
                (MetricName::COST, 0) => (46, amount.0 / NANOS_PER_MILLIONTH),
                (MetricName::COST, _) => (48, amount.0),
                _ => (46, amount.0),
            };
            field(tag, &units.to_le_bytes());
        }
        if !self.properties.is_empty() {
            // A map of serde_json keeps its keys sorted, so the text is canonical.
            field(47, serde_json::Value::from(self.properties.clone()).to_string().as_bytes());
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hash.finalize()[..16]);
        Fingerprint(short)
    }

    /// Completes the event: the id is `made_id` unless one was sent, the time `now_ms` unless one was sent. The
    /// fingerprint is that of what was sent, taken before anything was filled in.
    pub fn complete(
        self,
        fingerprint: Fingerprint,
        made_id: impl FnOnce() -> String,
        now_ms: i64,
        rating: Rating,
    ) -> Result<Event, Invalid> {
        let time_ms = self.time_or(now_ms)?;
        Ok(Event {
            id: self.id.unwrap_or_else(made_id),
            source: self.source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned()),
            time_ms,
            received_ms: now_ms,
            labels: self.labels,
            tokens: self.tokens,
            status: self.status,
            latency_ms: self.latency_ms,
            time_to_first_token_ms: self.time_to_first_token_ms,
            request_hash: self.request_hash,
            rating,
            metrics: self.metrics,
            properties: self.properties,
            fingerprint,
        })
    }
}

fn check_text(field: &str, value: Option<&str>) -> Result<(), Invalid> {
    let Some(text) = value else { return Ok(()) };
    if text.is_empty() || text.len() > MAX_TEXT_BYTES {
        return Err(Invalid::new(field, format!("{field} must be 1 to {MAX_TEXT_BYTES} bytes long")));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid::new(field, format!("{field} must not contain control characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = Box<dyn Fn(&mut NewEvent)>;

    fn sent() -> NewEvent {
        let mut event = NewEvent { id: Some("a".into()), ..NewEvent::default() };
        event.labels.set(Dimension::Model, Some("gpt-4o".into()));
        event.tokens.input_uncached = 10;
        event
    }

    #[test]
    fn what_the_server_fills_in_does_not_change_the_fingerprint() {
        let sent = NewEvent { id: None, ..sent() };
        let complete = |now_ms: i64| {
            let made_id = || now_ms.to_string();
            sent.clone().complete(sent.fingerprint(), made_id, now_ms, Rating::Free).unwrap()
        };
        let (first, later) = (complete(EARLIEST_MS + 1), complete(EARLIEST_MS + 9_999));
        assert!(first.time_ms != later.time_ms && first.id != later.id);
        assert_eq!(first.fingerprint, later.fingerprint);
    }

    #[test]
    fn money_that_is_named_has_the_fingerprint_it_always_had() {
        let named = |nanos| {
            let mut event = sent();
            event.metrics.insert(MetricName::COST.to_owned(), Amount(nanos));
            event.fingerprint()
        };
        // As it was when it was counted in millionths.
        let known = 0xe31d_c3c1_8428_79ee_70ba_e20f_370e_30d2_u128.to_be_bytes();
        assert_eq!(named(250_000_000), Fingerprint(known));
        assert_ne!(named(250_000_001), named(250_000_000));
        assert_ne!(named(1), named(1_000), "a nano-dollar is no millionth");
    }

    #[test]
    fn every_sent_field_changes_the_fingerprint() {
        let base = sent().fingerprint();
        let changes: Vec<Change> = vec![
            Box::new(|e| e.time_ms = Some(EARLIEST_MS)),
            Box::new(|e| e.labels.set(Dimension::User, Some("gpt-4o".into()))),
            Box::new(|e| e.tokens.input_uncached = 11),
            Box::new(|e| (e.tokens.cache_read, e.tokens.input_uncached) = (10, 0)),
            Box::new(|e| e.status = Some(200)),
            Box::new(|e| e.latency_ms = Some(1)),
            Box::new(|e| e.time_to_first_token_ms = Some(1)),
            Box::new(|e| e.request_hash = Some([0; 32])),
            Box::new(|e| e.cost = Some(CostNanos(0))),
            Box::new(|e| e.metrics.extend([("deployments".into(), Amount(1))])),
            Box::new(|e| e.properties.extend([("k".into(), 1.into())])),
        ];
        for (i, change) in changes.iter().enumerate() {
            let mut event = sent();
            change(&mut event);
            assert_ne!(event.fingerprint(), base, "change {i}");
        }
    }

    #[test]
    fn times_out_of_bounds_are_refused() {
        let now = EARLIEST_MS + 1_000_000;
        let at = |time_ms| NewEvent { time_ms: Some(time_ms), ..sent() }.time_or(now);
        assert!(at(EARLIEST_MS - 1).is_err());
        assert!(at(now + MAX_AHEAD_MS + 1).is_err());
        assert_eq!(at(now + MAX_AHEAD_MS), Ok(now + MAX_AHEAD_MS));
        assert_eq!(sent().time_or(now), Ok(now));
    }

    #[test]
    fn bounds_name_the_field() {
        let mut event = sent();
        event.labels.set(Dimension::User, Some("x".repeat(257)));
        assert_eq!(event.validate().unwrap_err().field, "user");
        let mut event = sent();
        event.metrics.insert("Bad Name".into(), Amount(1));
        assert_eq!(event.validate().unwrap_err().field, "metrics");
        let named = |units| NewEvent {
            metrics: [(MetricName::COST.to_owned(), Amount(units))].into(),
            ..NewEvent::default()
        };
        assert_eq!(named(1_000_000_000_000_000).validate(), Ok(()), "a million dollars");
        let refused = named(1_000_000_000_000_001).validate().unwrap_err();
        assert_eq!((&*refused.field, &*refused.message), ("metrics.cost_usd", "must be from 0 to 1000000"));
        let event = NewEvent { id: Some("a\nb".into()), ..sent() };
        assert_eq!(event.validate().unwrap_err().field, "id");
    }
}
