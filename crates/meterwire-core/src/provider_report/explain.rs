//! What a provider says of one day and model beside what we counted, and the causes of the difference.
//!
//! Each cause takes its part off the difference, in a fixed order, and what is left is told as such; so the causes of a
//! row always add up to its difference, to the nano-dollar.

use crate::money::{CostNanos, div_half_even};

/// Sums of one side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// Requests; a provider may not tell.
    pub requests: Option<i64>,
    /// Tokens in the order of `TokenUsage::buckets`.
    pub tokens: [i64; 10],
    /// Cost.
    pub cost: CostNanos,
    /// Of our events, those without a price.
    pub unpriced_calls: i64,
}

impl Side {
    /// Adds another side's sums; requests that one does not know are as many as the other knows.
    pub fn merge(&mut self, other: &Self) {
        self.requests = match (self.requests, other.requests) {
            (Some(one), Some(two)) => Some(one.saturating_add(two)),
            (one, two) => one.or(two),
        };
        for (sum, count) in self.tokens.iter_mut().zip(other.tokens) {
            *sum = sum.saturating_add(count);
        }
        self.cost = CostNanos(self.cost.0.saturating_add(other.cost.0));
        self.unpriced_calls = self.unpriced_calls.saturating_add(other.unpriced_calls);
    }

    /// All input tokens.
    pub fn input(&self) -> i64 {
        self.tokens[..6].iter().fold(0, |sum: i64, count| sum.saturating_add(*count))
    }

    /// All output tokens.
    pub fn output(&self) -> i64 {
        self.tokens[6..].iter().fold(0, |sum: i64, count| sum.saturating_add(*count))
    }

    /// This side less another; requests only where both know theirs.
    pub fn less(&self, other: &Self) -> Self {
        let mut difference = *self;
        difference.requests = self.requests.zip(other.requests).map(|(ours, theirs)| ours - theirs);
        for (count, theirs) in difference.tokens.iter_mut().zip(other.tokens) {
            *count = count.saturating_sub(theirs);
        }
        difference.cost = CostNanos(self.cost.0.saturating_sub(other.cost.0));
        difference
    }

    fn total_tokens(&self) -> i64 {
        self.tokens.iter().fold(0, |sum: i64, count| sum.saturating_add(*count))
    }

    fn is_empty(&self) -> bool {
        self.requests.unwrap_or(0) == 0 && self.total_tokens() == 0 && self.cost == CostNanos::ZERO
    }
}

/// Usage that the provider reports under an API key that none of our events names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// The provider's ids of the keys.
    pub keys: Vec<String>,
    /// What it came to.
    pub side: Side,
}

/// One day and model, seen from both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What the provider says of its UTC day, unknown keys too.
    pub provider: Side,
    /// What we counted of the day of the zone that was asked for.
    pub metered: Side,
    /// What we counted of the provider's UTC day.
    pub metered_utc: Side,
    /// Which part of the provider's is of unknown keys.
    pub unknown: Unknown,
    /// By our price book, what the provider's known tokens would cost, and what ours would; `None` without a price.
    pub by_book: Option<(CostNanos, CostNanos)>,
    /// Whether reports of this day, or of one before it, were ever read.
    pub is_reached: bool,
    /// Whether the provider has reported this day at all.
    pub is_reported: bool,
    /// Whether it was read so long after its end that the provider will hardly change it.
    pub is_settled: bool,
}

/// Why two sums differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// The provider's day ends at midnight UTC, ours at that of the zone.
    ZoneEdge,
    /// No report that could tell of it was ever read from the provider.
    NoReport,
    /// The provider has not reported it, or not all of it, yet.
    LateReport,
    /// Used with an API key that none of our events names.
    UnknownKey,
    /// Our events name a model without a price.
    UnpricedModel,
    /// The provider counted what we have no event of.
    MissingEvents,
    /// We have events that the provider did not count.
    ExtraEvents,
    /// The same usage at another price.
    PriceDifference,
    /// Sums of rounded costs.
    Rounding,
    /// What is left.
    Unexplained,
}

impl CauseKind {
    /// Every kind, in the order in which they are taken off.
    pub const ALL: [Self; 10] = [
        Self::ZoneEdge,
        Self::NoReport,
        Self::LateReport,
        Self::UnknownKey,
        Self::UnpricedModel,
        Self::MissingEvents,
        Self::ExtraEvents,
        Self::PriceDifference,
        Self::Rounding,
        Self::Unexplained,
    ];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZoneEdge => "zone_edge",
            Self::NoReport => "no_report",
            Self::LateReport => "late_report",
            Self::UnknownKey => "unknown_key",
            Self::UnpricedModel => "unpriced_model",
            Self::MissingEvents => "missing_events",
            Self::ExtraEvents => "extra_events",
            Self::PriceDifference => "price_difference",
            Self::Rounding => "rounding",
            Self::Unexplained => "unexplained",
        }
    }
}

/// One cause of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Which.
    pub kind: CauseKind,
    /// How much of the difference (the provider's cost less ours) it makes.
    pub cost: CostNanos,
    /// The figures behind it.
    pub detail: String,
}

/// What is left of a difference while causes take their parts.
struct Rest {
    left: i128,
    causes: Vec<Cause>,
}

impl Rest {
    fn take(&mut self, kind: CauseKind, cost: i128, detail: String) {
        let Ok(nanos) = i64::try_from(cost) else { return };
        if nanos != 0 {
            self.left -= i128::from(nanos);
            self.causes.push(Cause { kind, cost: CostNanos(nanos), detail });
        }
    }

    fn take_all(mut self, kind: CauseKind, detail: String) -> Vec<Cause> {
        self.take(kind, self.left, detail);
        self.causes
    }
}

/// The causes of the difference between the provider's cost and ours; they add up to it exactly.
pub fn explain(seen: &Comparison) -> Vec<Cause> {
    let cost = |side: &Side| i128::from(side.cost.0);
    let (provider, ours) = (cost(&seen.provider), cost(&seen.metered_utc));
    let mut rest = Rest { left: provider - cost(&seen.metered), causes: vec![] };
    rest.take(
        CauseKind::ZoneEdge,
        ours - cost(&seen.metered),
        "the provider's day ends at midnight UTC, the one shown at that of the zone".to_owned(),
    );
    if !seen.is_reached {
        let detail = "no report of this day was ever read from the provider: look at the connection, or have it read older days";
        return rest.take_all(CauseKind::NoReport, detail.to_owned());
    }
    if !seen.is_reported {
        return rest.take_all(CauseKind::LateReport, "the provider has not reported this day yet".to_owned());
    }
    let unknown = cost(&seen.unknown.side);
    rest.take(CauseKind::UnknownKey, unknown, unknown_detail(&seen.unknown));
    let known = provider - unknown;
    let unpriced = unpriced_part(seen, known);
    rest.take(
        CauseKind::UnpricedModel,
        unpriced,
        format!("{} of our events have no price", seen.metered_utc.unpriced_calls),
    );
    explain_known(seen, known - unpriced, ours, rest)
}

/// What remains when keys and prices that we do not know are taken off.
fn explain_known(seen: &Comparison, theirs: i128, ours: i128, mut rest: Rest) -> Vec<Cause> {
    let known = known_side(seen);
    if seen.metered_utc.is_empty() {
        let detail = format!("the provider counted {}; we have no events", counted(&known));
        return rest.take_all(CauseKind::MissingEvents, detail);
    }
    if known.is_empty() && theirs == 0 {
        return rest.take_all(
            absent(seen),
            format!("we counted {}; the provider counted none", counted(&seen.metered_utc)),
        );
    }
    // With some events unpriced, volumes and prices cannot be told apart any more.
    let volume = if seen.metered_utc.unpriced_calls > 0 { None } else { volume_part(seen, &known, ours) };
    let Some(volume) = volume else {
        return rest.take_all(
            CauseKind::Unexplained,
            "the provider's usage has no counts to compare with".to_owned(),
        );
    };
    let detail = format!("the provider counted {}, we {}", counted(&known), counted(&seen.metered_utc));
    rest.take(if volume > 0 { CauseKind::MissingEvents } else { absent(seen) }, volume, detail);
    let price = theirs - ours - volume;
    // Each request of ours was rounded by up to half a nano-dollar, and each line of the provider's to its own decimals.
    let requests = i128::from(seen.metered_utc.requests.unwrap_or(0));
    if price.abs() <= (requests / 2 + 1).max(1000) {
        return rest.take_all(CauseKind::Rounding, "sums of rounded costs".to_owned());
    }
    let detail = format!(
        "for the usage that both counted the provider asks {} more than our prices",
        CostNanos(i64::try_from(price).unwrap_or(i64::MAX))
    );
    rest.take_all(CauseKind::PriceDifference, detail)
}

/// We counted more than the provider: it may still come, or never will.
fn absent(seen: &Comparison) -> CauseKind {
    if seen.is_settled { CauseKind::ExtraEvents } else { CauseKind::LateReport }
}

/// The provider's side without unknown keys.
fn known_side(seen: &Comparison) -> Side {
    let (all, unknown) = (&seen.provider, &seen.unknown.side);
    let mut known = *all;
    known.requests = all.requests.map(|requests| requests - unknown.requests.unwrap_or(0));
    for (count, of_unknown) in known.tokens.iter_mut().zip(unknown.tokens) {
        *count -= of_unknown;
    }
    known.cost = all.cost - unknown.cost;
    known
}

/// How much of what the provider asks is for events of ours that have no price.
fn unpriced_part(seen: &Comparison, known_cost: i128) -> i128 {
    let ours = &seen.metered_utc;
    let calls = ours.requests.unwrap_or(0);
    if ours.unpriced_calls <= 0 || calls <= 0 {
        return 0;
    }
    let theirs = known_side(seen).total_tokens();
    let both = ours.total_tokens().min(theirs);
    if theirs <= 0 || both <= 0 {
        return if ours.unpriced_calls == calls { known_cost } else { 0 };
    }
    let of_both = share(known_cost, both, theirs);
    share(of_both, ours.unpriced_calls.min(calls), calls)
}

/// What the usage that only one side counted comes to, at what we pay for the rest; `None` where nothing can be compared.
fn volume_part(seen: &Comparison, known: &Side, ours: i128) -> Option<i128> {
    let metered = &seen.metered_utc;
    if known.total_tokens() > 0 && metered.total_tokens() > 0 {
        // Reasoning is told apart by us only.
        let split = |side: &Side| {
            let [uncached, read, short, long, audio_in, image_in, visible, reasoning, audio_out, image_out] =
                side.tokens;
            [uncached, read, short, long, audio_in, image_in, visible + reasoning, audio_out, image_out]
        };
        if split(known) == split(metered) {
            return Some(0);
        }
        return Some(match seen.by_book {
            Some((theirs, own)) if own.0 > 0 => share(ours, theirs.0, own.0) - ours,
            _ => share(ours, known.total_tokens(), metered.total_tokens()) - ours,
        });
    }
    let (theirs, own) = (known.requests?, metered.requests?);
    if theirs == own {
        return Some(0);
    }
    (theirs > 0 && own > 0).then(|| share(ours, theirs, own) - ours)
}

/// `part / whole` of an amount, rounded half to even.
fn share(amount: i128, part: i64, whole: i64) -> i128 {
    let product = amount.saturating_mul(i128::from(part));
    div_half_even(product, i128::from(whole.max(1))).map_or(i128::from(i64::MAX), i128::from)
}

fn counted(side: &Side) -> String {
    let requests = side.requests.map_or_else(String::new, |requests| format!("{requests} requests, "));
    format!("{requests}{} tokens", side.total_tokens())
}

fn unknown_detail(unknown: &Unknown) -> String {
    let more = unknown.keys.len().saturating_sub(5);
    let named: Vec<&str> = unknown.keys.iter().take(5).map(String::as_str).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("no event names {}{more}: {}", named.join(", "), counted(&unknown.side))
}

#[cfg(test)]
mod tests;
