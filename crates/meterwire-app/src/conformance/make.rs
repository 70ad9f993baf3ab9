//! Events and questions for the rules, plain and random.

use super::World;
use crate::ports::{AggregateRequest, MAX_GROUP_BY, Measures, TenantId, Verdict};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::money::CostNanos;
use meterwire_core::period::{self, Granularity, Range};
use meterwire_core::price::PriceId;
use meterwire_core::tokens::TokenUsage;
use meterwire_core::usage_query::Filter;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::sync::atomic::Ordering;

/// When the rules play: a few days before New York puts its clocks back on 2026-11-01.
pub const START_MS: i64 = 1_793_232_000_000;
/// The clock of the rules: ten days later.
pub const NOW_MS: i64 = START_MS + 10 * DAY_MS;
/// A day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;
const QUARTER_MS: i64 = 900_000;

/// A plain event.
pub fn event(id: &str) -> Event {
    complete(NewEvent {
        id: Some(id.to_owned()),
        time_ms: Some(START_MS),
        tokens: TokenUsage { input_uncached: 10, output_visible: 5, ..TokenUsage::default() },
        ..NewEvent::default()
    })
}

/// A plain event with a changed field.
pub(super) fn event_with(id: &str, change: impl FnOnce(&mut NewEvent)) -> Event {
    let mut sent = NewEvent { id: Some(id.to_owned()), time_ms: Some(START_MS), ..NewEvent::default() };
    change(&mut sent);
    complete(sent)
}

fn complete(sent: NewEvent) -> Event {
    let rating = sent.cost.map_or(Rating::Unpriced, Rating::Given);
    let fingerprint = sent.fingerprint();
    sent.complete(fingerprint, String::new, NOW_MS, rating).unwrap()
}

/// A random event without an id.
pub(super) fn any_event() -> impl Strategy<Value = Event> {
    let time_ms = prop_oneof![
        4 => (0..6 * DAY_MS).prop_map(|ms| START_MS + ms),
        // On the edges of slots, where mistakes are made.
        2 => (0..6 * 96_i64, -1..=1_i64).prop_map(|(quarter, off)| START_MS + quarter * QUARTER_MS + off),
        // At one instant, where only the order of recording decides.
        3 => Just(START_MS + DAY_MS),
    ];
    let text = || select(vec![None, Some("a"), Some("b"), Some("Ä ö"), Some("B")]);
    let labels = proptest::collection::vec(text(), Dimension::TEXTS.len());
    let count = || prop_oneof![3 => Just(0_u64), 2 => 0..100_u64, 1 => 0..10_000_000_000_u64];
    let tokens = proptest::array::uniform10(count());
    let status = select(vec![None, Some(200), Some(200), Some(399), Some(400), Some(429), Some(500)]);
    let latency = || prop_oneof![Just(None), (0..5_u32).prop_map(Some), (0..100_000_u32).prop_map(Some)];
    let cost = prop_oneof![Just(0_i64), 0..1_000_i64, 0..1_000_000_000_000_000_i64].prop_map(CostNanos);
    let rating = (cost, 0..4_u8).prop_map(|(cost, kind)| match kind {
        0 => Rating::Priced { cost, price_id: PriceId::new("openai/gpt-4o@2024-10-02") },
        1 => Rating::Given(cost),
        2 => Rating::Unpriced,
        _ => Rating::Free,
    });
    let source = select(vec!["default", "other"]);
    (time_ms, labels, tokens, status, (latency(), latency()), rating, source, any::<bool>()).prop_map(
        |(time_ms, labels, tokens, status, (latency_ms, first_token_ms), rating, source, extras)| {
            let mut sent = NewEvent {
                source: Some(source.to_owned()),
                time_ms: Some(time_ms),
                tokens: TokenUsage::from_buckets(tokens),
                status,
                latency_ms,
                time_to_first_token_ms: first_token_ms,
                ..NewEvent::default()
            };
            for (dimension, value) in Dimension::TEXTS.into_iter().zip(labels) {
                sent.labels.set(dimension, value.map(str::to_owned));
            }
            if extras {
                sent.request_hash = Some([7; 32]);
                sent.metrics.insert("compute_hours".to_owned(), Amount(250_000));
                sent.properties
                    .insert("feature".to_owned(), serde_json::json!({"name": "répondre", "n": [1, 2.5]}));
            }
            let fingerprint = sent.fingerprint();
            sent.complete(fingerprint, String::new, NOW_MS, rating).unwrap()
        },
    )
}

/// Random events with ids.
pub fn any_events(most: usize) -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(any_event(), 1..=most).prop_map(|mut events| {
        for (i, event) in events.iter_mut().enumerate() {
            event.id = format!("id-{i}");
        }
        events
    })
}

/// A random question: buckets of a zone or odd edges, up to two dimensions, up to two filters.
pub fn any_question() -> impl Strategy<Value = AggregateRequest> {
    let zones = select(vec!["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]);
    let granularities = select(vec![
        Granularity::QuarterHour,
        Granularity::Hour,
        Granularity::Day,
        Granularity::Week,
        Granularity::Month,
    ]);
    let zoned = (zones, granularities, -1..7_i64, 1..8_i64, 0..2_i64).prop_map(
        |(zone, granularity, from, days, off)| {
            let from_ms = START_MS + from * DAY_MS + off * 123_456;
            let range = Range { from_ms, to_ms: from_ms + days * DAY_MS };
            let buckets = range.buckets(granularity, &period::zone(zone).unwrap()).unwrap();
            let starts = buckets.iter().map(|bucket| bucket.range.from_ms);
            starts.chain([range.to_ms]).collect::<Vec<_>>()
        },
    );
    let odd = proptest::collection::btree_set(-DAY_MS..8 * DAY_MS, 2..6)
        .prop_map(|edges| edges.into_iter().map(|ms| START_MS + ms).collect::<Vec<_>>());
    let edges = prop_oneof![3 => zoned, 1 => odd];
    let group_by = prop_oneof![
        4 => subsequence(Dimension::ALL.to_vec(), 0..=2).prop_shuffle(),
        1 => subsequence(Dimension::ALL.to_vec(), 3..=MAX_GROUP_BY).prop_shuffle(),
    ];
    let filters = subsequence(Dimension::ALL.to_vec(), 0..=2)
        .prop_flat_map(|dimensions| dimensions.into_iter().map(any_filter).collect::<Vec<_>>());
    let filters = prop_oneof![2 => Just(Vec::new()), 1 => filters];
    let measures = prop_oneof![
        Just(Measures::ALL),
        any::<[bool; 4]>().prop_map(|[tokens, cost, errors, latency]| Measures {
            tokens,
            cost,
            errors,
            latency
        }),
    ];
    (edges, group_by, filters, measures).prop_map(|(edges_ms, group_by, filters, measures)| {
        AggregateRequest { edges_ms, group_by, filters, measures }
    })
}

fn any_filter(dimension: Dimension) -> impl Strategy<Value = Filter> {
    let values = match dimension {
        Dimension::Status => vec![None, Some("200"), Some("429"), Some("501")],
        _ => vec![None, Some("a"), Some("b"), Some("Ä ö"), Some("unknown")],
    };
    subsequence(values, 1..=3).prop_map(move |values| Filter {
        dimension,
        values: values.into_iter().map(|value| value.map(str::to_owned)).collect(),
    })
}

/// Everything that was ever recorded, in one bucket.
pub(super) fn whole() -> AggregateRequest {
    AggregateRequest {
        edges_ms: vec![START_MS - 10 * DAY_MS, NOW_MS],
        group_by: vec![],
        filters: vec![],
        measures: Measures::ALL,
    }
}

impl World {
    pub(super) async fn append(&self, tenant: TenantId, events: &[Event]) -> Vec<Verdict> {
        let verdicts = self.stores.ledger.append(tenant, events.to_vec()).await.unwrap();
        // The store's own work, which must change no answer: done after some appends, not yet done after others.
        let number = self.appended.fetch_add(1, Ordering::SeqCst);
        if number % 3 == 0 {
            while self.stores.ledger.upkeep(NOW_MS + number * 100_000).await.unwrap() {}
        }
        verdicts
    }

    /// Calls of a tenant.
    pub(super) async fn calls(&self, tenant: TenantId) -> i64 {
        let rows = self.stores.usage.aggregate(tenant, whole()).await.unwrap();
        rows.iter().map(|row| row.totals.calls).sum()
    }
}
