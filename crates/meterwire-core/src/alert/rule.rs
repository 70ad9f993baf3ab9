//! Rules: which kinds of alerts a tenant wants, from where on, and by which channels.

use super::{AlertKind, MAX_CHANNELS_OF_TENANT};
use crate::invalid::Invalid;
use std::collections::BTreeMap;

/// The most channels that a rule names.
pub const MAX_RULE_CHANNELS: usize = MAX_CHANNELS_OF_TENANT;

/// A number that a rule goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Its name, with the unit.
    pub name: &'static str,
    /// What it is unless the tenant says otherwise.
    pub default: i64,
    /// The smallest value.
    pub min: i64,
    /// The largest value.
    pub max: i64,
}

const fn param(name: &'static str, default: i64, min: i64, max: i64) -> Param {
    Param { name, default, min, max }
}

impl AlertKind {
    /// The numbers that a rule of this kind goes by.
    pub const fn params(self) -> &'static [Param] {
        match self {
            // The thresholds are those of each budget.
            Self::BudgetThreshold | Self::UnpricedModel => &[],
            // Not before so much of the period is over: the first hours of a month tell little.
            Self::BudgetProjected => &[const { param("min_elapsed_percent", 10, 1, 90) }],
            // Today against the mean of the same weekday of the weeks before: above it by so much of it, and by so many
            // dollars.
            Self::SpendSpike => &[
                const { param("above_percent", 100, 10, 10_000) },
                const { param("min_usd", 10, 0, 1_000_000) },
                const { param("weeks", 4, 1, 12) },
            ],
            Self::LimitNear => &[const { param("percent", 90, 1, 100) }],
            Self::ProviderFailing => &[const { param("minutes", 30, 1, 10_080) }],
        }
    }
}

/// The numbers of one rule, by name; whole, each within its bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleParams(BTreeMap<&'static str, i64>);

impl RuleParams {
    /// The defaults of a kind.
    pub fn of(kind: AlertKind) -> Self {
        Self(kind.params().iter().map(|param| (param.name, param.default)).collect())
    }

    /// With other values for some of them; `field` is what the caller calls the whole.
    pub fn with<'a>(
        mut self,
        kind: AlertKind,
        field: &str,
        changes: impl IntoIterator<Item = (&'a str, i64)>,
    ) -> Result<Self, Invalid> {
        for (name, value) in changes {
            let Some(param) = kind.params().iter().find(|param| param.name == name) else {
                let known: Vec<_> = kind.params().iter().map(|param| param.name).collect();
                let sentence = if known.is_empty() {
                    format!("the rule {} has no numbers to set", kind.name())
                } else {
                    format!("the rule {} has the numbers {}", kind.name(), known.join(", "))
                };
                let name: String = name.chars().take(64).collect();
                return Err(Invalid::new(format!("{field}.{name}"), sentence));
            };
            if !(param.min..=param.max).contains(&value) {
                let sentence = format!("{name} must be a whole number from {} to {}", param.min, param.max);
                return Err(Invalid::new(format!("{field}.{name}"), sentence));
            }
            self.0.insert(param.name, value);
        }
        Ok(self)
    }

    /// One of them; 0 where the kind has none of this name.
    pub fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, i64)> + '_ {
        self.0.iter().map(|(name, value)| (*name, *value))
    }
}

/// Whether and how a tenant is told of one kind of alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRule {
    /// Of which kind.
    pub kind: AlertKind,
    /// Whether it is raised at all.
    pub enabled: bool,
    /// The numbers it goes by.
    pub params: RuleParams,
    /// Ids of channels; empty for every channel of the tenant.
    pub channels: Vec<String>,
}

impl AlertRule {
    /// The rule of a tenant that has changed nothing.
    pub fn default_of(kind: AlertKind) -> Self {
        Self { kind, enabled: true, params: RuleParams::of(kind), channels: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_within_their_own_bounds() {
        for kind in AlertKind::ALL {
            for param in kind.params() {
                assert!((param.min..=param.max).contains(&param.default), "{} {}", kind.name(), param.name);
            }
            let defaults = RuleParams::of(kind);
            assert_eq!(defaults.clone().with(kind, "params", defaults.iter()), Ok(defaults));
        }
    }

    #[test]
    fn what_a_rule_does_not_know_is_refused() {
        let of =
            |kind, name, value| RuleParams::of(kind).with(kind, "params", [(name, value)]).unwrap_err().field;
        assert_eq!(of(AlertKind::LimitNear, "percent", 101), "params.percent");
        assert_eq!(of(AlertKind::LimitNear, "percent", 0), "params.percent");
        assert_eq!(of(AlertKind::LimitNear, "weeks", 1), "params.weeks");
        assert_eq!(of(AlertKind::BudgetThreshold, "percent", 1), "params.percent");
        let changed =
            RuleParams::of(AlertKind::SpendSpike).with(AlertKind::SpendSpike, "params", [("weeks", 2)]);
        assert_eq!(changed.unwrap().get("weeks"), 2);
    }
}
