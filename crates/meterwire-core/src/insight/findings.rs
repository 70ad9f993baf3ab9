//! What a review adds up: short calls, long prompts, failed calls, repetitions.

use super::review::ModelName;
use crate::money::{CostNanos, div_half_even};
use crate::price::PriceEntry;

/// Short calls of a large model, and what a smaller one would have cost.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortCalls {
    /// Short calls: answered, no repetitions, within [`super::SHORT_INPUT_TOKENS`] and [`super::SHORT_OUTPUT_TOKENS`].
    pub calls: i64,
    /// Of so many answered calls of the model.
    pub of_calls: i64,
    /// Their tokens, in the order of [`crate::tokens::TokenUsage::buckets`].
    pub tokens: [u64; 10],
    /// What they cost.
    pub cost: CostNanos,
    /// What the smaller model would have cost: each call priced by its own tokens and rounded once.
    pub cost_instead: CostNanos,
    /// The price of the smaller model, as of the last short call.
    pub instead: PriceEntry,
    /// Numbers of the calls that would have saved most.
    pub examples: Vec<i64>,
}

/// A request that was asked again.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeated {
    /// The number that stands for the hash of the request.
    pub request: u64,
    /// The number of the model in the review.
    pub model: u32,
    /// The number of the call whose answer could have been kept.
    pub first_seq: i64,
    /// How often it was asked again in time.
    pub repeats: i64,
    /// What that cost.
    pub cost: CostNanos,
    /// Numbers of the first repetitions.
    pub examples: Vec<i64>,
}

/// Calls of long prompts of one model on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CacheDay {
    /// The date.
    pub date: String,
    /// Calls with at least [`super::CACHEABLE_INPUT_TOKENS`] input tokens: answered, no repetitions.
    pub calls: i64,
    /// Their input tokens.
    pub input_tokens: u64,
    /// Those of them that were read from the cache.
    pub cached_tokens: u64,
    /// Those that were neither read from the cache nor written to it.
    pub uncached_tokens: u64,
}

/// What the cache would have saved, had every day been like the best.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheFinding {
    /// The days that had such calls.
    pub days: Vec<CacheDay>,
    /// The best of them by the share of cached tokens.
    pub best: CacheDay,
    /// All of them together.
    pub total: CacheDay,
    /// So many more tokens would have been read from the cache: the input tokens of all days times the share of the best
    /// day, rounded down, less what was cached.
    pub moved: u64,
    /// The price that both rates are taken from: the one in force at the last such call.
    pub price: PriceEntry,
    /// `moved` times the difference of the rates for input and for cached input, rounded half to even.
    pub saving: CostNanos,
}

impl CacheFinding {
    /// What the days of a model say; `None` where nothing would have been saved.
    pub(super) fn of(days: Vec<CacheDay>, min_calls: i64, price: PriceEntry) -> Option<Self> {
        let mut total = CacheDay::default();
        for day in &days {
            total.calls += day.calls;
            total.input_tokens += day.input_tokens;
            total.cached_tokens += day.cached_tokens;
            total.uncached_tokens += day.uncached_tokens;
        }
        let share =
            |day: &CacheDay, other: &CacheDay| u128::from(day.cached_tokens) * u128::from(other.input_tokens);
        let seen = days.iter().filter(|day| day.calls >= min_calls);
        let best = seen.max_by(|a, b| share(a, b).cmp(&share(b, a)))?.clone();
        let wanted = u128::from(total.input_tokens) * u128::from(best.cached_tokens)
            / u128::from(best.input_tokens.max(1));
        let moved =
            u64::try_from(wanted).ok()?.saturating_sub(total.cached_tokens).min(total.uncached_tokens);
        let rates = price.card().rates;
        let difference = rates.input.0 - rates.cache_read.unwrap_or(rates.input).0;
        let saving = div_half_even(i128::from(moved) * i128::from(difference), 1_000).map(CostNanos)?;
        (saving > CostNanos::ZERO).then_some(Self { days, best, total, moved, price, saving })
    }
}

/// Failed calls of one status and model.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorGroup {
    /// The HTTP status.
    pub status: u16,
    /// The model.
    pub model: ModelName,
    /// Calls that cost something.
    pub calls: i64,
    /// What they cost.
    pub cost: CostNanos,
    /// Numbers of the first of them.
    pub examples: Vec<i64>,
}
