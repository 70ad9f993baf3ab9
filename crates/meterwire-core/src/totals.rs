//! What is added up of events: one set of measures, used by rollups, questions and the recount.

use crate::event::{Event, Rating};
use crate::money::CostNanos;
use crate::sketch::LatencySketch;
use crate::tokens::TokenUsage;

/// Sums over a set of events. Signed, so that a voided event is subtracted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events.
    pub calls: i64,
    /// Events with a status of 400 or above.
    pub errors: i64,
    /// Events with tokens whose model has no price.
    pub unpriced_calls: i64,
    /// Tokens in the order of [`TokenUsage::buckets`].
    pub tokens: [i64; 10],
    /// Cost of everything that has one.
    pub cost: CostNanos,
    /// Latencies, where they were asked for.
    pub latency: LatencySketch,
    /// Times to first token, where they were asked for.
    pub time_to_first_token: LatencySketch,
}

impl Totals {
    /// Adds an event (`sign` 1) or takes it away (`sign` -1).
    pub fn add_event(&mut self, event: &Event, sign: i64) {
        self.calls += sign;
        self.errors += sign * i64::from(event.is_error());
        self.unpriced_calls += sign * i64::from(event.rating == Rating::Unpriced);
        for (sum, count) in self.tokens.iter_mut().zip(event.tokens.buckets()) {
            *sum += sign * count.cast_signed();
        }
        self.cost.0 += sign * event.rating.cost().0;
        if let Some(latency_ms) = event.latency_ms {
            self.latency.add(latency_ms, sign);
        }
        if let Some(duration_ms) = event.time_to_first_token_ms {
            self.time_to_first_token.add(duration_ms, sign);
        }
    }

    /// Adds other sums to these.
    pub fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.unpriced_calls += other.unpriced_calls;
        for (sum, count) in self.tokens.iter_mut().zip(other.tokens) {
            *sum += count;
        }
        self.cost += other.cost;
        self.latency.merge(&other.latency);
        self.time_to_first_token.merge(&other.time_to_first_token);
    }

    /// Takes away the sums of others that are part of these. Latencies stay as they are.
    pub fn subtract(&mut self, other: &Self) {
        self.calls -= other.calls;
        self.errors -= other.errors;
        self.unpriced_calls -= other.unpriced_calls;
        for (sum, count) in self.tokens.iter_mut().zip(other.tokens) {
            *sum -= count;
        }
        self.cost -= other.cost;
    }

    /// The sums as token usage (voids never exceed what they void).
    pub fn token_usage(&self) -> TokenUsage {
        TokenUsage::from_buckets(self.tokens.map(|count| u64::try_from(count).unwrap_or(0)))
    }
}
