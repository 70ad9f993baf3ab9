//! Alerts: what is noticed, when it is told again, and how often a message is tried.
//!
//! An alert is raised once for its key. The first two parts of the key name its subject (`budget/ID`), which is what a
//! person snoozes.

mod channel;
mod retry;
mod rule;
mod spike;

pub use channel::{ChannelKind, MAX_CHANNELS_OF_TENANT, MAX_RECIPIENTS, check_recipients, host_of};
pub use retry::{MAX_ATTEMPTS, next_try_ms};
pub use rule::{AlertRule, MAX_RULE_CHANNELS, Param, RuleParams};
pub use spike::{same_weekdays, spike_over};

use sha2::{Digest, Sha256};
use std::str::FromStr;

/// The longest title that is kept, in bytes.
pub const MAX_TITLE_BYTES: usize = 300;
/// The longest key of an alert, in bytes.
pub const MAX_KEY_BYTES: usize = 800;

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertKind {
    /// The spending of a budget has passed one of its thresholds.
    BudgetThreshold,
    /// A budget will be passed before its period ends, if spending goes on as it has.
    BudgetProjected,
    /// Today costs far more than the same weekday of earlier weeks.
    SpendSpike,
    /// A user, or the tenant, has used most of a limit.
    LimitNear,
    /// A connection to a provider's report has been failing.
    ProviderFailing,
    /// Events name a model that has no price.
    UnpricedModel,
}

impl AlertKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::BudgetThreshold,
        Self::BudgetProjected,
        Self::SpendSpike,
        Self::LimitNear,
        Self::ProviderFailing,
        Self::UnpricedModel,
    ];

    /// Its name on the wire and in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BudgetThreshold => "budget_threshold",
            Self::BudgetProjected => "budget_projected",
            Self::SpendSpike => "spend_spike",
            Self::LimitNear => "limit_near",
            Self::ProviderFailing => "provider_failing",
            Self::UnpricedModel => "unpriced_model",
        }
    }
}

impl FromStr for AlertKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(())
    }
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody should act.
    Critical,
}

impl Severity {
    /// Its name on the wire and in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Info, Self::Warning, Self::Critical].into_iter().find(|one| one.name() == name).ok_or(())
    }
}

/// The subject of an alert: the first two parts of its key.
pub fn subject_of(key: &str) -> &str {
    let second = key.match_indices('/').nth(1);
    second.map_or(key, |(end, _)| &key[..end])
}

/// The id of an alert: a UUID made of its tenant and key, so that raising it twice names the same one.
pub fn alert_id(tenant: i64, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"meterwire alert\0");
    hash.update(tenant.to_be_bytes());
    hash.update(key.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_what_comes_before_the_second_slash() {
        assert_eq!(subject_of("budget/b-1/1700000000000/800000"), "budget/b-1");
        assert_eq!(subject_of("spend/2026-11-22"), "spend/2026-11-22");
        assert_eq!(subject_of("spend"), "spend");
    }

    #[test]
    fn an_id_follows_from_tenant_and_key() {
        let id = alert_id(1, "budget/b/1/2");
        assert_eq!(id, alert_id(1, "budget/b/1/2"));
        assert_ne!(id, alert_id(2, "budget/b/1/2"));
        assert_ne!(id, alert_id(1, "budget/b/1/3"));
        assert_eq!(id.len(), 36);
    }

    #[test]
    fn names_are_read_back() {
        for kind in AlertKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        for severity in [Severity::Info, Severity::Warning, Severity::Critical] {
            assert_eq!(severity.name().parse(), Ok(severity));
        }
        assert_eq!("x".parse::<AlertKind>(), Err(()));
    }
}
