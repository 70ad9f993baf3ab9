//! Handing a budget out in parts.

use super::Budget;
use crate::invalid::Invalid;
use crate::money::CostNanos;

/// How large a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So much money.
    Amount(CostNanos),
    /// So many millionths of the whole, rounded down.
    SharePpm(u32),
}

/// One part: for which value, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The value of the dimension it is split by.
    pub value: String,
    /// How much.
    pub size: Size,
}

/// What each part gets of a whole of which `given` is handed out already. Nothing is made of it where the parts together
/// are more than is left.
pub fn split(whole: &Budget, given: i128, parts: &[Part]) -> Result<Vec<CostNanos>, Invalid> {
    let amounts: Vec<CostNanos> = parts
        .iter()
        .map(|part| match part.size {
            Size::Amount(amount) => amount,
            // Rounded down, so that shares of at most the whole are never more than it.
            Size::SharePpm(ppm) => {
                let share = i128::from(whole.amount.0) * i128::from(ppm) / 1_000_000;
                CostNanos(i64::try_from(share).unwrap_or(i64::MAX))
            }
        })
        .collect();
    let wanted: i128 = amounts.iter().map(|amount| i128::from(amount.0)).sum();
    if given + wanted > i128::from(whole.amount.0) {
        return Err(too_much(whole, given, wanted));
    }
    Ok(amounts)
}

/// The sentence of a refusal to hand out more than there is, with the figures.
pub fn too_much(whole: &Budget, given: i128, wanted: i128) -> Invalid {
    let usd = |nanos: i128| crate::money::format_decimal(nanos, 9);
    let sentence = format!(
        "the parts of the budget \"{}\" would be {} USD of its {} USD: {} USD are handed out, {} USD more are wanted",
        whole.name,
        usd(given + wanted),
        whole.amount,
        usd(given),
        usd(wanted)
    );
    Invalid::new("amount_usd", sentence)
}

#[cfg(test)]
mod tests {
    use super::super::{BudgetPeriod, Scope};
    use super::*;
    use proptest::prelude::*;

    fn whole(amount: i64) -> Budget {
        Budget {
            id: "b".to_owned(),
            name: "all".to_owned(),
            amount: CostNanos(amount),
            period: BudgetPeriod::Month,
            timezone: None,
            scope: Scope::default(),
            hard: false,
            allow_unpriced: false,
            thresholds_ppm: Vec::new(),
            channels: Vec::new(),
            parent: None,
            is_default: false,
            created_ms: 0,
        }
    }

    fn part(size: Size) -> Part {
        Part { value: "care".to_owned(), size }
    }

    #[test]
    fn parts_are_amounts_or_shares_of_the_whole() {
        let parts = [part(Size::Amount(CostNanos(4))), part(Size::SharePpm(333_333))];
        assert_eq!(split(&whole(10), 3, &parts), Ok(vec![CostNanos(4), CostNanos(3)]));
        let refused = split(&whole(10), 4, &parts).unwrap_err();
        assert!(refused.message.contains("handed out"), "{refused}");
    }

    proptest! {
        #[test]
        fn shares_of_at_most_the_whole_are_never_more(
            amount in 0_i64..=super::super::MAX_BUDGET.0, cuts in proptest::collection::vec(0_u32..=1_000_000, 1..20),
        ) {
            let mut cuts = cuts;
            cuts.extend([0, 1_000_000]);
            cuts.sort_unstable();
            let parts: Vec<Part> = cuts.windows(2).map(|pair| part(Size::SharePpm(pair[1] - pair[0]))).collect();
            prop_assert!(split(&whole(amount), 0, &parts).is_ok());
        }
    }
}
