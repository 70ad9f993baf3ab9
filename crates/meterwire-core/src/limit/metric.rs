//! Metrics: what is counted, and what an event adds to it.

use super::Window;
use crate::amount::{Amount, MAX_AMOUNT};
use crate::invalid::Invalid;
use crate::money::{CostNanos, MoneyError, format_decimal, parse_decimal, parse_json_number};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// The most metrics of one tenant.
pub const MAX_METRICS_OF_TENANT: usize = 64;
const MAX_NAME_BYTES: usize = 64;

/// The name of a metric: 1 to 64 of a-z, 0-9 and `_`. It also says how fine its amounts are: `cost_usd` is counted in
/// billionths of a dollar, everything else in millionths of its unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricName(Arc<str>);

impl MetricName {
    /// The metric that counts money.
    pub const COST: &str = "cost_usd";

    /// Reads a name; `field` is what the caller calls it.
    pub fn parse(field: &str, name: &str) -> Result<Self, Invalid> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(allowed) {
            return Ok(Self(name.into()));
        }
        Err(Invalid::new(field, format!("{field} must be the name of a metric: 1 to 64 of a-z, 0-9 and _")))
    }

    /// The metric that counts money.
    pub fn cost() -> Self {
        Self(Self::COST.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it counts money.
    pub fn is_cost(&self) -> bool {
        &*self.0 == Self::COST
    }

    /// Decimals of its amounts.
    pub fn decimals(&self) -> u32 {
        Self::decimals_of(&self.0)
    }

    /// Decimals of the amounts of a metric of this name.
    pub fn decimals_of(name: &str) -> u32 {
        if name == Self::COST { 9 } else { 6 }
    }

    /// Writes an amount of a metric of this name, which an event carries, as a plain decimal.
    pub fn format_of(name: &str, amount: Amount) -> String {
        format_decimal(amount.0, Self::decimals_of(name))
    }

    /// One whole unit.
    pub fn one(&self) -> Amount {
        Amount(10_i64.pow(self.decimals()))
    }

    /// The largest amount that one request may name: 10^12 units, and of dollars 10^9.
    pub fn largest(&self) -> Amount {
        if self.is_cost() { Amount(1_000_000_000 * 1_000_000_000) } else { MAX_AMOUNT }
    }

    /// Reads an amount as it stands in JSON: a number, rounded half to even where its tail is longer than can be counted,
    /// or a text, which must be exact. `field` is what the caller calls it.
    pub fn parse_amount(&self, field: &str, json: &str) -> Result<Amount, Invalid> {
        let text = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let read = match text {
            Some(text) => parse_decimal(text, self.decimals()),
            None => parse_json_number(json, self.decimals()),
        };
        let refused = |message: String| Invalid::new(field, message);
        let units = read.map_err(|error| match error {
            MoneyError::TooFine(decimals) => refused(format!("{field} may have at most {decimals} decimals")),
            MoneyError::TooLarge => {
                refused(format!("{field} may be at most {}", self.format(self.largest())))
            }
            MoneyError::Malformed => refused(format!("{field} must be a number such as 1 or \"0.25\"")),
        })?;
        if units > self.largest().0 || units < -self.largest().0 {
            return Err(refused(format!("{field} may be at most {}", self.format(self.largest()))));
        }
        Ok(Amount(units))
    }

    /// Writes an amount of this metric as a plain decimal.
    pub fn format(&self, amount: Amount) -> String {
        Self::format_of(&self.0, amount)
    }
}

impl fmt::Display for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for MetricName {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for MetricName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::parse("metric", &name).map_err(serde::de::Error::custom)
    }
}

/// What an event adds to a metric. Where the event itself names the metric, that amount is taken instead, except by
/// [`Counts::Decisions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counts {
    /// One an event.
    Events,
    /// All its tokens.
    Tokens,
    /// Its cost: the metric `cost_usd`, and only that.
    CostUsd,
    /// What the event names, else nothing.
    Named,
    /// Nothing: only decisions count.
    Decisions,
}

/// What of an event can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// What it names for the metric itself.
    pub named: Option<Amount>,
    /// All its tokens.
    pub tokens: u64,
    /// Its cost.
    pub cost: CostNanos,
}

impl Counts {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Events, Self::Tokens, Self::CostUsd, Self::Named, Self::Decisions];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Tokens => "tokens",
            Self::CostUsd => "cost_usd",
            Self::Named => "named",
            Self::Decisions => "decisions",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|counts| counts.name() == name);
        known.ok_or_else(|| {
            Invalid::new("counts", "counts must be one of events, tokens, cost_usd, named, decisions")
        })
    }

    /// What a metric of this name counts unless it is told otherwise.
    pub fn default_of(name: &MetricName) -> Self {
        match name.as_str() {
            "api_calls" => Self::Events,
            "tokens" => Self::Tokens,
            MetricName::COST => Self::CostUsd,
            _ => Self::Named,
        }
    }

    /// What an event adds to the metric of this name. Beyond 64 bits it is the largest amount, which no counter can hold.
    pub fn amount_of(self, name: &MetricName, event: Counted) -> Amount {
        if self == Self::Decisions {
            return Amount(0);
        }
        if let Some(named) = event.named {
            return named;
        }
        match self {
            Self::Events => name.one(),
            Self::Tokens => {
                Amount(i64::try_from(event.tokens).unwrap_or(i64::MAX).saturating_mul(name.one().0))
            }
            Self::CostUsd => Amount(event.cost.0),
            Self::Named | Self::Decisions => Amount(0),
        }
    }
}

/// A countable quantity of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// Its name, unique in the tenant.
    pub name: MetricName,
    /// What it is, for people.
    pub description: Option<String>,
    /// What one of it is called: `hours`, `bytes`.
    pub unit: Option<String>,
    /// Over which window it is counted.
    pub window: Window,
    /// IANA zone of its days, weeks and months.
    pub timezone: String,
    /// What events add to it.
    pub counts: Counts,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
}

impl Metric {
    /// The metrics that every tenant is made with; they can be changed but not deleted.
    pub const BUILTIN: [&str; 4] = ["deployments", "api_calls", "compute_hours", "storage"];

    /// Whether the tenant was made with it.
    pub fn is_builtin(&self) -> bool {
        Self::BUILTIN.contains(&self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> MetricName {
        MetricName::parse("metric", name).unwrap()
    }

    #[test]
    fn amounts_are_exact_and_bounded() {
        let hours = name("compute_hours");
        let read = |json: &str| hours.parse_amount("amount", json);
        assert_eq!(read("1.0"), Ok(Amount(1_000_000)));
        assert_eq!(read("0.001"), Ok(Amount(1_000)));
        assert_eq!(read("0.30000000000000004"), Ok(Amount(300_000)));
        assert_eq!(read("\"0.25\""), Ok(Amount(250_000)));
        assert!(read("\"0.0000001\"").is_err(), "a text must be exact");
        assert_eq!(read("-2"), Ok(Amount(-2_000_000)));
        assert_eq!(read("1000000000000"), Ok(MAX_AMOUNT), "the largest, as a number and as a text");
        assert_eq!(read("\"1000000000000\""), Ok(MAX_AMOUNT));
        assert!(read("1e13").is_err());
        assert!(read("9223372036854.7758075").is_err());
        assert!(read("true").is_err());
        assert_eq!(name("cost_usd").parse_amount("amount", "\"0.000000001\""), Ok(Amount(1)));
        assert_eq!(hours.format(Amount(2_500_000)), "2.5");
    }

    #[test]
    fn an_event_counts_what_the_metric_says_or_what_it_names() {
        let event = Counted { named: None, tokens: 12, cost: CostNanos(7) };
        let calls = name("api_calls");
        assert_eq!(Counts::Events.amount_of(&calls, event), Amount(1_000_000));
        assert_eq!(Counts::Tokens.amount_of(&name("tokens"), event), Amount(12_000_000));
        assert_eq!(Counts::CostUsd.amount_of(&MetricName::cost(), event), Amount(7));
        assert_eq!(Counts::Named.amount_of(&calls, event), Amount(0));
        let counted_already = Counted { named: Some(Amount(0)), ..event };
        assert_eq!(Counts::Events.amount_of(&calls, counted_already), Amount(0));
        let named = Counted { named: Some(Amount(250_000)), ..event };
        assert_eq!(Counts::Named.amount_of(&calls, named), Amount(250_000));
        assert_eq!(Counts::CostUsd.amount_of(&MetricName::cost(), named), Amount(250_000));
        assert_eq!(Counts::Decisions.amount_of(&calls, named), Amount(0));
    }

    #[test]
    fn names_are_plain() {
        for bad in ["", "Api", "a-b", "é", &"x".repeat(65)] {
            assert_eq!(MetricName::parse("metric", bad).unwrap_err().field, "metric");
        }
        assert_eq!(Counts::parse("tokens"), Ok(Counts::Tokens));
        assert!(Counts::parse("calls").is_err());
    }
}
