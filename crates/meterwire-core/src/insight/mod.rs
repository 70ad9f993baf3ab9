//! Insights: where money is wasted, found from events, each with the rows from which a person can recompute the saving.
//!
//! A [`Review`] goes once over the events of a range in the order of time; [`Review::insights`] then says what it found.
//! No event saves twice: a failed call is only [`InsightKind::ErrorSpend`], an answered repetition only
//! [`InsightKind::DuplicateCalls`]; of the others, short calls can save by a smaller model and long prompts by the cache.
//! So the savings of all insights add up. Every threshold is a constant of this module.

mod cheaper;
mod findings;
mod other;
mod repeats;
mod review;

pub use cheaper::cheaper_model;
pub use findings::{CacheDay, CacheFinding, ErrorGroup, Repeated, ShortCalls};
pub use other::{DaySpend, IdleKey, KeyUse, Spike, days_to_compare, idle_keys, spikes, unpriced_models};
pub use review::{ModelName, Review, ReviewInput};

use crate::money::CostNanos;

/// With fewer calls in the range nothing is said about how money is spent.
pub const MIN_CALLS: i64 = 100;

/// A call is short with at most so many input tokens, cached ones too,
pub const SHORT_INPUT_TOKENS: u64 = 500;
/// and at most so many output tokens, reasoning too.
pub const SHORT_OUTPUT_TOKENS: u64 = 200;
/// So many short calls of a large model are worth a word,
pub const MIN_SHORT_CALLS: i64 = 100;
/// where they are at least this share of its answered calls, in percent,
pub const MIN_SHORT_PERCENT: i64 = 10;
/// and would have saved at least this share of the cost of the range, in thousandths.
pub const MIN_SHORT_SAVING_PERMILLE: i64 = 1;

/// A model with at least this share of the cost is compared with its smaller sibling, in percent.
pub const MIN_LARGE_PERCENT: i64 = 5;

/// An answer could have been kept for so long: a call within it, with the same request and model, need not have been made.
pub const REPEAT_WINDOW_MS: i64 = 24 * 3_600_000;
/// So many repetitions are worth a word.
pub const MIN_REPEATS: i64 = 20;

/// Providers keep no prompts in their caches that are shorter than this.
pub const CACHEABLE_INPUT_TOKENS: u64 = 1_024;
/// A day with so many calls of long prompts shows what share of them the cache can hold.
pub const MIN_CACHE_CALLS: i64 = 50;
/// Below this share of cached input tokens the cache is little used, in percent,
pub const LOW_CACHE_PERCENT: i64 = 30;
/// where its best day had at least this share, in percent.
pub const GOOD_CACHE_PERCENT: i64 = 50;

/// So many failed calls that cost money are worth a word,
pub const MIN_FAILED_CALLS: i64 = 20;
/// where they are at least this share of the cost of the range, in percent.
pub const MIN_FAILED_PERCENT: i64 = 1;

/// A day is compared with the same weekday of so many weeks before it,
pub const SPIKE_WEEKS: usize = 4;
/// of which at least so many had usage;
pub const MIN_SPIKE_WEEKS: usize = 3;
/// it stands out where it cost more than this many times their median,
pub const SPIKE_FACTOR: i64 = 3;
/// and at least so much more: a dollar.
pub const MIN_SPIKE: CostNanos = CostNanos(1_000_000_000);

/// A key is idle that was not used for so many days, and is at least that old.
pub const IDLE_DAYS: i64 = 30;

/// The most rows of one insight's evidence; what is beyond is added up in one more.
pub const MAX_ROWS: usize = 20;
/// The most events that are named as examples.
pub const MAX_EXAMPLES: usize = 5;

/// What kind of waste it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InsightKind {
    /// A large model answers short prompts with short answers.
    ExpensiveModel,
    /// The same request was asked of the same model again.
    DuplicateCalls,
    /// Long prompts are rarely read from the cache, although they could be.
    LowCacheHit,
    /// Failed calls cost money.
    ErrorSpend,
    /// A day cost far more than its weekday usually does.
    CostSpike,
    /// A key that nobody uses.
    IdleKey,
    /// Usage of a model without a price.
    UnpricedModel,
}

impl InsightKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::ExpensiveModel,
        Self::DuplicateCalls,
        Self::LowCacheHit,
        Self::ErrorSpend,
        Self::CostSpike,
        Self::IdleKey,
        Self::UnpricedModel,
    ];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExpensiveModel => "expensive_model",
            Self::DuplicateCalls => "duplicate_calls",
            Self::LowCacheHit => "low_cache_hit",
            Self::ErrorSpend => "error_spend",
            Self::CostSpike => "cost_spike",
            Self::IdleKey => "idle_key",
            Self::UnpricedModel => "unpriced_model",
        }
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It saves less than 1 % of the cost of the range, or nothing.
    Info,
    /// It saves 1 % or more.
    Warning,
    /// It saves 10 % or more.
    Critical,
}

impl Severity {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// That of a saving.
    pub fn of(saving: CostNanos, cost: CostNanos) -> Self {
        if is_percent(saving.0, cost.0, 10) {
            Self::Critical
        } else if is_percent(saving.0, cost.0, 1) {
            Self::Warning
        } else {
            Self::Info
        }
    }
}

/// Whether a part is at least so many percent of a whole that is more than nothing.
fn is_percent(part: i64, whole: i64, percent: i64) -> bool {
    whole > 0 && i128::from(part) * 100 >= i128::from(whole) * i128::from(percent)
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// Of which kind.
    pub kind: InsightKind,
    /// How much it matters.
    pub severity: Severity,
    /// A short title.
    pub title: String,
    /// What was found, in a sentence or two.
    pub detail: String,
    /// The model it is about, where it is about one.
    pub model: Option<ModelName>,
    /// The rows that it was found from.
    pub evidence: Evidence,
    /// What would have been saved, exact.
    pub saving: CostNanos,
    /// What to do.
    pub recommendation: String,
}

/// The rows that an insight was found from.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// The saving is `cost - cost_instead`.
    ShortCalls(Box<ShortCalls>),
    /// The saving is the cost of the repetitions: of the rows and of what is beyond them.
    Repeats {
        /// The requests that were asked again, dearest first.
        rows: Vec<Repeated>,
        /// Requests, repetitions and cost beyond those rows.
        beyond: Option<(i64, i64, CostNanos)>,
    },
    /// The saving is `moved` tokens times the difference of the two prices.
    Cache(Box<CacheFinding>),
    /// The saving is the cost of the failed calls: of the rows and of what is beyond them.
    Errors {
        /// Failed calls by status and model, dearest first.
        rows: Vec<ErrorGroup>,
        /// Calls and cost beyond those rows.
        beyond: Option<(i64, CostNanos)>,
    },
    /// Nothing is known to be saved.
    Spikes(Vec<Spike>),
    /// Nothing is saved but risk.
    IdleKeys(Vec<IdleKey>),
    /// Nothing is known of the cost.
    Unpriced {
        /// Calls without a price.
        calls: i64,
    },
}

/// A kind that could not be judged, and why, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJudged {
    /// Which.
    pub kind: InsightKind,
    /// Why.
    pub reason: String,
}

/// Dollars for a sentence: whole cents from a cent on, else every digit.
pub fn usd(cost: CostNanos) -> String {
    const CENT: i64 = 10_000_000;
    if cost.0.abs() < CENT {
        return format!("{cost} USD");
    }
    let cents = cost.to_cents();
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} USD", cents.abs() / 100, cents.abs() % 100)
}

/// A share in percent with one decimal, for a sentence.
fn percent_text(part: i64, whole: i64) -> String {
    let tenths = crate::money::div_half_even(i128::from(part) * 1_000, i128::from(whole.max(1))).unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;
