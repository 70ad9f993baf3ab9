//! Rows of the event table, and what of them is added up.

use crate::error::{Fault, Work};
use crate::label::{LABELS, text_index};
use crate::sums::Sums;
use meterwire_core::amount::Amount;
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::money::{CostNanos, parse_decimal};
use meterwire_core::property::property_value_of_json;
use meterwire_core::survey::request_number;
use meterwire_core::tokens::TokenUsage;
use rusqlite::Row;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The columns of one event that [`Facts::from_row`] reads, in its order.
pub(crate) const FACT_COLUMNS: &str = "time_ms, provider, model, project, user, api_key, agent, department, country, \
     operation, service_tier, status, rating, input_uncached, cache_read, cache_write_short, cache_write_long, \
     audio_input, image_input, output_visible, reasoning, audio_output, image_output, cost_nanos, latency_ms, \
     time_to_first_token_ms, property_1, property_2, property_3, property_4, property_5, property_6, property_7, property_8";

/// How an event was rated, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RatingCode(pub(crate) i64);

impl RatingCode {
    const FREE: Self = Self(0);
    const PRICED: Self = Self(1);
    pub(crate) const GIVEN: Self = Self(2);
    pub(crate) const UNPRICED: Self = Self(3);

    pub(crate) fn of(rating: &Rating) -> Self {
        match rating {
            Rating::Free => Self::FREE,
            Rating::Priced { .. } => Self::PRICED,
            Rating::Given(_) => Self::GIVEN,
            Rating::Unpriced => Self::UNPRICED,
        }
    }

    /// The rating with its cost and, where it was priced, the id of the price.
    pub(crate) fn to_rating(self, cost: CostNanos, price: Option<String>) -> Work<Rating> {
        match (self, price) {
            (Self::FREE, _) => Ok(Rating::Free),
            (Self::UNPRICED, _) => Ok(Rating::Unpriced),
            (Self::GIVEN, _) => Ok(Rating::Given(cost)),
            (Self::PRICED, Some(price)) => {
                Ok(Rating::Priced { cost, price_id: meterwire_core::price::PriceId::new(price) })
            }
            _ => Err(Fault::Damaged(format!("rating {} without a price", self.0))),
        }
    }
}

/// A set of places of declared properties.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Places(u8);

impl Places {
    /// No place.
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn insert(&mut self, place: Place) {
        self.0 |= 1 << place.index();
    }

    pub(crate) fn contains(self, place: Place) -> bool {
        self.0 & (1 << place.index()) != 0
    }
}

/// A place as it is stored.
pub(crate) fn place_to_row(place: Place) -> i64 {
    i64::try_from(place.index()).unwrap_or(0)
}

/// The inverse of [`place_to_row`].
pub(crate) fn place_from_row(number: i64) -> Option<Place> {
    Place::new(usize::try_from(number).ok()?)
}

/// What of an event is added up and by what it is told apart.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) time_ms: i64,
    /// Numbers of the labels in the order of [`Dimension::LABELLED`].
    pub(crate) labels: [i64; LABELS],
    /// Which places count, of declared properties.
    pub(crate) places: Places,
    /// 0 where absent.
    pub(crate) status: i64,
    pub(crate) sums: Sums,
    pub(crate) latency_ms: Option<u32>,
    pub(crate) time_to_first_token_ms: Option<u32>,
}

impl Facts {
    /// The facts of an event whose labels have these numbers.
    pub(crate) fn of_event(event: &Event, labels: [i64; LABELS], places: Places) -> Work<Self> {
        let mut sums = [0; 14];
        sums[0] = 1;
        sums[1] = i64::from(event.is_error());
        sums[2] = i64::from(event.rating == Rating::Unpriced);
        for (sum, count) in sums[3..].iter_mut().zip(event.tokens.buckets()) {
            *sum = i64::try_from(count).map_err(|_| Fault::Overflow)?;
        }
        sums[13] = event.rating.cost().0;
        Ok(Self {
            time_ms: event.time_ms,
            labels,
            places,
            status: event.status.map_or(0, i64::from),
            sums: Sums(sums),
            latency_ms: event.latency_ms,
            time_to_first_token_ms: event.time_to_first_token_ms,
        })
    }

    /// Reads [`FACT_COLUMNS`], the first of which is column `first` of the row.
    pub(crate) fn from_row(row: &Row<'_>, first: usize, places: Places) -> Work<Self> {
        let mut labels = [0; LABELS];
        for (i, label) in labels.iter_mut().enumerate() {
            // The properties stand behind everything else.
            *label = row.get(first + if i < Dimension::TEXTS.len() { 1 + i } else { 16 + i })?;
        }
        let status: i64 = row.get(first + 11)?;
        let mut sums = [0; 14];
        sums[0] = 1;
        sums[1] = i64::from(status >= 400);
        sums[2] = i64::from(row.get::<_, i64>(first + 12)? == RatingCode::UNPRICED.0);
        for (i, sum) in sums[3..].iter_mut().enumerate() {
            *sum = row.get(first + 13 + i)?;
        }
        Ok(Self {
            time_ms: row.get(first)?,
            labels,
            places,
            status,
            sums: Sums(sums),
            latency_ms: row.get(first + 24)?,
            time_to_first_token_ms: row.get(first + 25)?,
        })
    }

    /// The number that stands for the value of a dimension.
    pub(crate) fn value(&self, dimension: Dimension) -> i64 {
        text_index(dimension).map_or(self.status, |i| self.labels[i])
    }
}

/// Token buckets from their stored form.
pub(crate) fn tokens_from_row(row: &Row<'_>, first: usize) -> Work<TokenUsage> {
    let mut buckets = [0; 10];
    for (i, bucket) in buckets.iter_mut().enumerate() {
        let count: i64 = row.get(first + i)?;
        *bucket = u64::try_from(count).map_err(|_| Fault::Damaged("a negative token count".to_owned()))?;
    }
    Ok(TokenUsage::from_buckets(buckets))
}

/// The number that stands for a request by its hash, 0 where there is none.
pub(crate) fn request_to_row(hash: Option<&[u8]>) -> u64 {
    hash.and_then(|hash| hash.first_chunk()).map_or(0, request_number)
}

/// Amounts as JSON with decimal strings; `None` where there are none.
pub(crate) fn metrics_to_row(metrics: &BTreeMap<String, Amount>) -> Option<String> {
    if metrics.is_empty() {
        return None;
    }
    let written =
        |(name, amount): (&String, &Amount)| (name.clone(), MetricName::format_of(name, *amount).into());
    let object: serde_json::Map<_, _> = metrics.iter().map(written).collect();
    Some(serde_json::Value::Object(object).to_string())
}

/// The inverse of [`metrics_to_row`].
pub(crate) fn metrics_from_row(text: Option<String>) -> Work<BTreeMap<String, Amount>> {
    let Some(text) = text else { return Ok(BTreeMap::new()) };
    let damaged = || Fault::Damaged("metrics of an event cannot be read".to_owned());
    let decimals: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|_| damaged())?;
    let mut metrics = BTreeMap::new();
    for (name, decimal) in decimals {
        let units = parse_decimal(&decimal, MetricName::decimals_of(&name)).map_err(|_| damaged())?;
        metrics.insert(name, Amount(units));
    }
    Ok(metrics)
}

/// Properties as JSON; `None` where there are none.
pub(crate) fn properties_to_row(properties: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    // Formatting a map of valid JSON values cannot fail.
    (!properties.is_empty()).then(|| serde_json::to_string(properties).unwrap_or_default())
}

/// The inverse of [`properties_to_row`].
pub(crate) fn properties_from_row(text: Option<String>) -> Work<serde_json::Map<String, serde_json::Value>> {
    let Some(text) = text else { return Ok(serde_json::Map::new()) };
    serde_json::from_str(&text)
        .map_err(|_| Fault::Damaged("properties of an event cannot be read".to_owned()))
}

/// Whether metrics, as they are stored, name an amount of money.
pub(crate) fn names_money(metrics: &str) -> bool {
    metrics.contains(&format!("\"{}\":", MetricName::COST))
}

/// The value of one property of an event, from its stored properties.
pub(crate) fn value_in<'a>(properties: &'a str, property: &str) -> Option<Cow<'a, str>> {
    let parsed: HashMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(properties).ok()?;
    property_value_of_json(parsed.get(property)?.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_is_named_is_found_in_what_is_stored() {
        let stored = |name: &str| metrics_to_row(&[(name.to_owned(), Amount(5))].into()).unwrap();
        assert!(names_money(&stored("cost_usd")));
        assert!(!names_money(&stored("my_cost_usd")) && !names_money(&stored("cost_usd_2")));
    }

    #[test]
    fn the_value_of_a_property_is_found_by_its_key() {
        let json = r#"{"a":{"feature":"inner"},"feature":"re\"ply","n":1.50,"k\"ey":true,"null":null}"#;
        let value = |property| value_in(json, property).map(Cow::into_owned);
        assert_eq!(value("feature").as_deref(), Some("re\"ply"));
        assert_eq!(value("n").as_deref(), Some("1.50"));
        assert_eq!(value("k\"ey").as_deref(), Some("true"));
        assert_eq!((value("a"), value("null"), value("none")), (None, None, None));
        assert_eq!(value_in("not JSON", "a"), None);
    }
}
