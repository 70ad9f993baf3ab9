//! Where a user stands on a metric, and what came of a wish to use some of it.

use super::{MetricName, Window};
use crate::amount::Amount;
use crate::budget::Refusal;
use serde::{Deserialize, Serialize};

/// Whose limit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The user's own, by tier or override.
    User,
    /// That of all users of the tenant together.
    Tenant,
}

/// Where somebody stands on one metric in its present window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The metric.
    pub metric: MetricName,
    /// Its window.
    pub window: Window,
    /// Whose limit it is.
    pub scope: Scope,
    /// Used and held.
    pub current: i64,
    /// How much of `current` is held by reservations.
    pub held: i64,
    /// The limit; none is unlimited.
    pub limit: Option<i64>,
    /// When the window ends, Unix milliseconds; none for a level.
    pub resets_ms: Option<i64>,
}

impl Standing {
    /// Whether so much more stays within the limit.
    pub fn fits(&self, amount: Amount) -> bool {
        self.limit.is_none_or(|limit| i128::from(self.current) + i128::from(amount.0) <= i128::from(limit))
    }

    /// What is left of the limit; none where it is unlimited.
    pub fn remaining(&self) -> Option<i64> {
        self.limit.map(|limit| limit.saturating_sub(self.current).max(0))
    }

    /// Whether more was used than the limit allows.
    pub fn is_exceeded(&self) -> bool {
        self.limit.is_some_and(|limit| self.current > limit)
    }

    /// How much of the limit is used, 0 to 100 and beyond; none where it is unlimited. A limit of 0 is used up.
    #[expect(clippy::cast_precision_loss, reason = "a percentage, for showing only")]
    pub fn percentage(&self) -> Option<f64> {
        let limit = self.limit?;
        if limit == 0 {
            return Some(100.0);
        }
        let percentage = self.current as f64 * 100.0 / limit as f64;
        Some((percentage * 100.0).round() / 100.0)
    }

    /// The sentence of a refusal: `Daily deployments limit exceeded`.
    pub fn refusal(&self) -> String {
        let metric = self.metric.as_str();
        let whose = match self.scope {
            Scope::User => "",
            Scope::Tenant => " of the tenant",
        };
        match self.window {
            Window::Day => format!("Daily {metric} limit{whose} exceeded"),
            Window::Week => format!("Weekly {metric} limit{whose} exceeded"),
            Window::Month => format!("Monthly {metric} limit{whose} exceeded"),
            Window::Level => {
                let (first, rest) = metric.split_at(1);
                format!("{}{rest} limit{whose} exceeded", first.to_ascii_uppercase())
            }
        }
    }
}

/// What came of a wish to use one or several metrics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The user's tier.
    pub tier: String,
    /// Where the user stands on each metric that was asked for, afterwards; in the order asked.
    pub standings: Vec<Standing>,
    /// The limit that refused it; none when limits allowed it. A refusal changed nothing.
    pub refused: Option<Standing>,
    /// The hard budget that refused it, where limits allowed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_budget: Option<Refusal>,
    /// Whether this is the remembered answer to a repeated idempotency key.
    #[serde(skip)]
    pub replayed: bool,
}

impl Decision {
    /// Whether it was allowed.
    pub fn is_allowed(&self) -> bool {
        self.refused.is_none() && self.over_budget.is_none()
    }
}

/// What has become of a reservation; each change happens once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationStatus {
    /// It holds its amount.
    Held,
    /// It was settled with what was really used.
    Committed,
    /// It was given back.
    Released,
    /// Its time was over and it gave itself back.
    Expired,
}

impl ReservationStatus {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Committed => "committed",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }
}

/// An amount that is held until it is committed, released, or its time is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// UUID.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// What it holds.
    pub metric: MetricName,
    /// How much it holds, or held.
    pub amount: i64,
    /// What has become of it.
    pub status: ReservationStatus,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When it ends by itself, Unix milliseconds.
    pub expires_ms: i64,
    /// When it was committed or released, or expired, Unix milliseconds.
    pub settled_ms: Option<i64>,
    /// What was really used; none unless committed.
    pub committed: Option<i64>,
    /// Whether it was committed after it had expired: recorded as a debt.
    pub after_expiry: bool,
    /// The project it is for, where money is held.
    pub project: Option<String>,
    /// The model it is for, where money is held.
    pub model: Option<String>,
    /// The user's tier.
    pub tier: String,
    /// Where the user stands now; none where the tenant does not count the metric.
    pub standing: Option<Standing>,
}

impl Reservation {
    /// Whether more was committed than was held.
    pub fn is_over_hold(&self) -> bool {
        self.committed.is_some_and(|committed| committed > self.amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(current: i64, limit: Option<i64>) -> Standing {
        Standing {
            metric: MetricName::parse("metric", "deployments").unwrap(),
            window: Window::Day,
            scope: Scope::User,
            current,
            held: 0,
            limit,
            resets_ms: Some(0),
        }
    }

    #[test]
    fn exactly_the_limit_fits() {
        assert!(standing(9, Some(10)).fits(Amount(1)));
        assert!(!standing(9, Some(10)).fits(Amount(2)));
        assert!(standing(9, None).fits(Amount(i64::MAX)));
        assert!(!standing(11, Some(10)).fits(Amount(0)));
        assert!(!standing(i64::MAX, Some(10)).fits(Amount(i64::MAX)));
    }

    #[test]
    fn percentages_and_rests_are_bounded() {
        assert_eq!(standing(3, Some(10)).percentage(), Some(30.0));
        assert_eq!(standing(0, Some(0)).percentage(), Some(100.0));
        assert_eq!(standing(1, Some(3)).percentage(), Some(33.33));
        assert_eq!(standing(12, Some(10)).remaining(), Some(0));
        assert_eq!(standing(12, None).remaining(), None);
    }

    #[test]
    fn refusals_name_window_metric_and_whose_limit() {
        assert_eq!(standing(10, Some(10)).refusal(), "Daily deployments limit exceeded");
        let tenant = Standing { scope: Scope::Tenant, window: Window::Month, ..standing(1, Some(1)) };
        assert_eq!(tenant.refusal(), "Monthly deployments limit of the tenant exceeded");
        let level = Standing { window: Window::Level, ..standing(1, Some(1)) };
        assert_eq!(level.refusal(), "Deployments limit exceeded");
    }
}
