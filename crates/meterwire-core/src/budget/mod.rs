//! Budgets: money over a period.
//!
//! A [`Budget`] is an amount for each [`BudgetPeriod`] of a zone, of the usage that its [`Scope`] takes in. Where it stands
//! is a [`Standing`]; a hard budget answers a wish to spend more than is left with a [`Refusal`].

mod period;
mod scope;
mod split;
mod standing;

pub use period::{BudgetPeriod, MAX_CUSTOM_DAYS, PeriodCalendar};
pub use scope::{Scope, ScopeField};
pub use split::{Part, Size, split, too_much};
pub use standing::{
    AlertLevel, AlertLevels, CRITICAL_PPM, Refusal, RefusalCode, Standing, WARNING_PPM, Wish, is_crossed,
    is_reached, projected,
};

use crate::invalid::Invalid;
use crate::money::{CostNanos, MoneyError, NANOS_PER_USD};
use crate::name::clean_name;

/// The most budgets of one tenant with the same scope: an event counts into each of them.
pub const MAX_BUDGETS_OF_SCOPE: usize = 20;
/// The most budgets of one tenant.
pub const MAX_BUDGETS_OF_TENANT: usize = 10_000;
/// The largest amount of a budget: a billion dollars.
pub const MAX_BUDGET: CostNanos = CostNanos(1_000_000_000 * NANOS_PER_USD);
/// What a month may cost where nobody has said otherwise: a hundred dollars.
pub const DEFAULT_MONTHLY_BUDGET: CostNanos = CostNanos(100 * NANOS_PER_USD);
/// The name of the budget that each tenant is made with.
pub const DEFAULT_BUDGET_NAME: &str = "Monthly budget";
/// The most thresholds of one budget.
pub const MAX_THRESHOLDS: usize = 10;
/// The thresholds of a budget that names none, in millionths of the amount.
pub const DEFAULT_THRESHOLDS_PPM: [u32; 4] = [500_000, 800_000, 950_000, 1_000_000];
/// The largest threshold, in millionths of the amount: ten times the budget.
const MAX_THRESHOLD_PPM: u32 = 10_000_000;
/// The most channels that one budget names.
pub const MAX_CHANNELS: usize = 20;

/// Money over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// UUID.
    pub id: String,
    /// For people; need not be unique.
    pub name: String,
    /// What may be spent in one period.
    pub amount: CostNanos,
    /// Which calendar spans it is counted over.
    pub period: BudgetPeriod,
    /// IANA zone of the period; `None` is the tenant's, whatever that is at the time.
    pub timezone: Option<String>,
    /// Which usage it is for.
    pub scope: Scope,
    /// Whether decisions are refused once it is used up.
    pub hard: bool,
    /// Whether a hard budget lets models pass that have no price.
    pub allow_unpriced: bool,
    /// At which parts of the amount somebody is told, in millionths, ascending.
    pub thresholds_ppm: Vec<u32>,
    /// Ids of the channels that are told; none are all of the tenant's.
    pub channels: Vec<String>,
    /// The budget that this one is a part of.
    pub parent: Option<String>,
    /// Whether the tenant was made with it.
    pub is_default: bool,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
}

impl Budget {
    /// Checks everything that can be checked without knowing other budgets.
    pub fn check(&self) -> Result<(), Invalid> {
        clean_name("name", &self.name)?;
        if !(0..=MAX_BUDGET.0).contains(&self.amount.0) {
            return Err(amount_refused("amount_usd"));
        }
        self.period.check()?;
        if let Some(name) = &self.timezone {
            crate::period::zone(name).map_err(|_| {
                Invalid::new("timezone", "timezone must be an IANA time zone such as Europe/Berlin")
            })?;
        }
        self.scope.check()?;
        check_thresholds(&self.thresholds_ppm)?;
        if self.channels.len() > MAX_CHANNELS {
            return Err(Invalid::new(
                "channels",
                format!("a budget may name at most {MAX_CHANNELS} channels"),
            ));
        }
        if self.is_default && !self.scope.is_empty() {
            return Err(Invalid::new(
                "scope",
                "the default budget is for everything; make another for a part",
            ));
        }
        Ok(())
    }

    /// Checks that this can be a part of `parent`: the same period, and a scope within the parent's. Zones are compared by
    /// the caller, who knows the tenant's.
    pub fn check_part_of(&self, parent: &Self) -> Result<(), Invalid> {
        if self.period != parent.period {
            let sentence = format!("a part of the budget \"{}\" has its period", parent.name);
            return Err(Invalid::new("period", sentence));
        }
        if !self.scope.is_within(&parent.scope) {
            let sentence =
                format!("a part of the budget \"{}\" keeps its scope and may narrow it", parent.name);
            return Err(Invalid::new("scope", sentence));
        }
        Ok(())
    }
}

/// Reads an amount of dollars, exact to nine decimals, as it stands in JSON: a text or a number.
pub fn parse_amount(field: &str, json: &str) -> Result<CostNanos, Invalid> {
    let text = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    let amount = CostNanos::parse_usd(text).map_err(|error| match error {
        MoneyError::TooFine(decimals) => {
            Invalid::new(field, format!("{field} may have at most {decimals} decimals"))
        }
        MoneyError::TooLarge | MoneyError::Malformed => amount_refused(field),
    })?;
    if (0..=MAX_BUDGET.0).contains(&amount.0) { Ok(amount) } else { Err(amount_refused(field)) }
}

fn amount_refused(field: &str) -> Invalid {
    Invalid::new(field, format!("{field} must be dollars from \"0\" to \"1000000000\", such as \"250.00\""))
}

/// Thresholds are ascending and each is there once.
fn check_thresholds(thresholds_ppm: &[u32]) -> Result<(), Invalid> {
    let refused = |sentence: String| Err(Invalid::new("thresholds", sentence));
    if thresholds_ppm.len() > MAX_THRESHOLDS {
        return refused(format!("a budget may have at most {MAX_THRESHOLDS} thresholds"));
    }
    if thresholds_ppm.iter().any(|ppm| !(1..=MAX_THRESHOLD_PPM).contains(ppm)) {
        return refused(
            "a threshold is a part of the amount, above 0 and at most 10, such as 0.8".to_owned(),
        );
    }
    if thresholds_ppm.windows(2).any(|pair| pair[0] >= pair[1]) {
        return refused("thresholds must be ascending and each be there once".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget {
            id: "b".to_owned(),
            name: "support".to_owned(),
            amount: CostNanos(NANOS_PER_USD),
            period: BudgetPeriod::Month,
            timezone: None,
            scope: Scope::default(),
            hard: false,
            allow_unpriced: false,
            thresholds_ppm: DEFAULT_THRESHOLDS_PPM.to_vec(),
            channels: Vec::new(),
            parent: None,
            is_default: false,
            created_ms: 0,
        }
    }

    #[test]
    fn a_wrong_budget_names_its_field() {
        let field = |change: fn(&mut Budget)| {
            let mut budget = budget();
            change(&mut budget);
            budget.check().unwrap_err().field
        };
        assert_eq!(budget().check(), Ok(()));
        assert_eq!(field(|b| b.name = " ".to_owned()), "name");
        assert_eq!(field(|b| b.amount = CostNanos(-1)), "amount_usd");
        assert_eq!(field(|b| b.amount = CostNanos(MAX_BUDGET.0 + 1)), "amount_usd");
        assert_eq!(field(|b| b.timezone = Some("Mars/Base".to_owned())), "timezone");
        assert_eq!(field(|b| b.thresholds_ppm = vec![800_000, 500_000]), "thresholds");
        assert_eq!(field(|b| b.thresholds_ppm = vec![0]), "thresholds");
        assert_eq!(field(|b| b.thresholds_ppm = vec![1; 11]), "thresholds");
        assert_eq!(field(|b| b.channels = vec![String::new(); MAX_CHANNELS + 1]), "channels");
        let project = Scope::of([(ScopeField::Project, "x")]);
        let mut default = Budget { is_default: true, ..budget() };
        default.scope = project;
        assert_eq!(default.check().unwrap_err().field, "scope");
    }

    #[test]
    fn a_part_has_the_period_and_the_scope_of_the_whole() {
        let whole = Budget { scope: Scope::of([(ScopeField::Department, "care")]), ..budget() };
        let both = Scope::of([(ScopeField::Department, "care"), (ScopeField::Model, "gpt-4o")]);
        let part = Budget { scope: both, ..whole.clone() };
        assert_eq!(part.check_part_of(&whole), Ok(()));
        assert_eq!(budget().check_part_of(&whole).unwrap_err().field, "scope");
        let daily = Budget { period: BudgetPeriod::Day, ..part };
        assert_eq!(daily.check_part_of(&whole).unwrap_err().field, "period");
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(parse_amount("amount_usd", "\"250.00\""), Ok(CostNanos(250 * NANOS_PER_USD)));
        assert_eq!(parse_amount("amount_usd", "0.000000001"), Ok(CostNanos(1)));
        for bad in ["\"-1\"", "\"1000000000.1\"", "\"0.0000000001\"", "true", "1e3", "\"\""] {
            assert_eq!(parse_amount("amount_usd", bad).unwrap_err().field, "amount_usd", "{bad}");
        }
    }
}
