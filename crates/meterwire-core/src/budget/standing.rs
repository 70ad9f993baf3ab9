//! Where a budget stands, and what came of a wish to spend more of it.

use super::{Budget, Scope};
use crate::money::{CostNanos, div_half_even};
use crate::period::Range;
use serde::{Deserialize, Serialize};

/// From this part of the amount on somebody should look, in millionths.
pub const WARNING_PPM: u32 = 800_000;
/// From this part of the amount on somebody should act, in millionths.
pub const CRITICAL_PPM: u32 = 950_000;

/// From which parts of the amount on a budget is worrying, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertLevels {
    /// Somebody should look.
    pub warning_ppm: u32,
    /// Somebody should act.
    pub critical_ppm: u32,
}

impl Default for AlertLevels {
    fn default() -> Self {
        Self { warning_ppm: WARNING_PPM, critical_ppm: CRITICAL_PPM }
    }
}

/// How worrying a budget is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertLevel {
    /// Below the warning, and the projection stays within the budget.
    Normal,
    /// From the warning on (80 % unless configured), or the projection passes the budget.
    Warning,
    /// From the critical part on (95 % unless configured).
    Critical,
}

impl AlertLevel {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Where a budget stands in one of its periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What may be spent.
    pub amount: CostNanos,
    /// What was spent.
    pub spent: CostNanos,
    /// What reservations hold of it.
    pub held: CostNanos,
    /// The period.
    pub range: Range,
}

impl Standing {
    /// What is left; negative where more was spent or is held.
    pub fn remaining(&self) -> CostNanos {
        CostNanos(self.amount.0.saturating_sub(self.taken()))
    }

    fn taken(&self) -> i64 {
        self.spent.0.saturating_add(self.held.0)
    }

    /// Whether more was spent than may be.
    pub fn is_over(&self) -> bool {
        self.spent > self.amount
    }

    /// Whether nothing is left for a decision that costs something unknown.
    pub fn is_used_up(&self) -> bool {
        self.taken() >= self.amount.0
    }

    /// Whether so much more stays within the amount.
    pub fn fits(&self, asked: i64) -> bool {
        i128::from(self.spent.0) + i128::from(self.held.0) + i128::from(asked) <= i128::from(self.amount.0)
    }

    /// How much of the amount was spent, in percent, rounded half to even to two decimals. A budget of nothing is used up.
    #[expect(clippy::cast_precision_loss, reason = "a percentage, for showing only")]
    pub fn used_percentage(&self) -> f64 {
        if self.amount.0 == 0 {
            return 100.0;
        }
        let hundredths = div_half_even(i128::from(self.spent.0) * 10_000, self.amount.0.into());
        hundredths.unwrap_or(i64::MAX) as f64 / 100.0
    }

    /// How worrying it is at this instant, with the projection of [`projected`].
    pub fn alert_level(&self, levels: AlertLevels, now_ms: i64) -> AlertLevel {
        let reached = |ppm| is_reached(self.spent.0, self.amount, ppm);
        if reached(levels.critical_ppm) {
            AlertLevel::Critical
        } else if reached(levels.warning_ppm) || projected(self.spent, self.range, now_ms) > self.amount {
            AlertLevel::Warning
        } else {
            AlertLevel::Normal
        }
    }
}

/// What will have been spent at the end of a period if it goes on like this: spent / the share of the period that is over,
/// rounded half to even to a nano-dollar. At its very beginning, and behind its end, what was spent.
pub fn projected(spent: CostNanos, range: Range, now_ms: i64) -> CostNanos {
    let (over, whole) = (now_ms - range.from_ms, range.to_ms - range.from_ms);
    if over <= 0 || over >= whole {
        return spent;
    }
    let scaled = div_half_even(i128::from(spent.0) * i128::from(whole), over.into());
    CostNanos(scaled.unwrap_or(if spent.0 < 0 { i64::MIN } else { i64::MAX }))
}

/// Whether a threshold was passed on the way from one sum to another.
pub fn is_crossed(before: i64, after: i64, amount: CostNanos, ppm: u32) -> bool {
    !is_reached(before, amount, ppm) && is_reached(after, amount, ppm)
}

/// Whether so much is at least this part of the amount. Of a budget of nothing, anything is.
pub fn is_reached(spent: i64, amount: CostNanos, ppm: u32) -> bool {
    if amount.0 == 0 {
        return spent > 0;
    }
    i128::from(spent) * 1_000_000 >= i128::from(amount.0) * i128::from(ppm)
}

/// Why a hard budget refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// It has not so much left.
    BudgetExceeded,
    /// The model has no price, so nobody knows what it would cost.
    UnpricedModel,
}

impl RefusalCode {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::BudgetExceeded => "budget_exceeded",
            Self::UnpricedModel => "unpriced_model",
        }
    }
}

/// A hard budget's refusal: everything that a caller is told, so that a repeated key gets the same answer again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// The budget's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The contract's name of its period.
    pub period: String,
    /// What it is for.
    pub scope: Scope,
    /// What may be spent, nano-dollars.
    pub amount: i64,
    /// What was spent, nano-dollars.
    pub spent: i64,
    /// What is held, nano-dollars.
    pub held: i64,
    /// When the period ends, Unix milliseconds.
    pub resets_ms: i64,
    /// How much money was asked for, nano-dollars; none where something else was.
    pub requested: Option<i64>,
    /// The sentence for the caller.
    pub message: String,
}

/// What somebody wishes to spend.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish<'a> {
    /// So much money, nano-dollars; none where no money is named.
    pub money: Option<i64>,
    /// Whether something else is wished for, which costs nobody knows how much.
    pub something_else: bool,
    /// The model that is named, where it has no price.
    pub unpriced: Option<&'a str>,
}

impl Refusal {
    /// Why this budget does not allow a wish. `None` where it does, and always where the budget is soft.
    pub fn of(budget: &Budget, standing: &Standing, wish: Wish<'_>) -> Option<Self> {
        if !budget.hard {
            return None;
        }
        let fits = wish.money.is_none_or(|asked| standing.fits(asked))
            && !(wish.something_else && standing.is_used_up());
        let (code, message) = match wish.unpriced.filter(|_| !budget.allow_unpriced) {
            _ if !fits => (RefusalCode::BudgetExceeded, exceeded(budget)),
            Some(model) => (RefusalCode::UnpricedModel, unpriced_sentence(budget, model)),
            None => return None,
        };
        Some(Self {
            code,
            id: budget.id.clone(),
            name: budget.name.clone(),
            period: budget.period.name().to_owned(),
            scope: budget.scope.clone(),
            amount: standing.amount.0,
            spent: standing.spent.0,
            held: standing.held.0,
            resets_ms: standing.range.to_ms,
            requested: wish.money,
            message,
        })
    }

    /// What is left, nano-dollars; negative where more was spent or is held.
    pub fn remaining(&self) -> i64 {
        self.amount.saturating_sub(self.spent).saturating_sub(self.held)
    }
}

fn exceeded(budget: &Budget) -> String {
    format!("{} \"{}\" exceeded", budget.period.budget(), budget.name)
}

fn unpriced_sentence(budget: &Budget, model: &str) -> String {
    format!(
        "The model {model} has no price, so the budget \"{}\" cannot cover it; add a price, or allow unpriced models",
        budget.name
    )
}

#[cfg(test)]
mod tests {
    use super::super::{BudgetPeriod, DEFAULT_THRESHOLDS_PPM};
    use super::*;
    use proptest::prelude::*;

    const WEEK: Range = Range { from_ms: 0, to_ms: 700 };

    fn standing(amount: i64, spent: i64, held: i64) -> Standing {
        Standing { amount: CostNanos(amount), spent: CostNanos(spent), held: CostNanos(held), range: WEEK }
    }

    fn hard() -> Budget {
        Budget {
            id: "b".to_owned(),
            name: "support".to_owned(),
            amount: CostNanos(10),
            period: BudgetPeriod::Month,
            timezone: None,
            scope: Scope::default(),
            hard: true,
            allow_unpriced: false,
            thresholds_ppm: DEFAULT_THRESHOLDS_PPM.to_vec(),
            channels: Vec::new(),
            parent: None,
            is_default: false,
            created_ms: 0,
        }
    }

    #[test]
    fn exactly_the_amount_fits() {
        assert!(standing(10, 6, 3).fits(1));
        assert!(!standing(10, 6, 3).fits(2));
        assert!(!standing(10, i64::MAX, i64::MAX).fits(i64::MAX));
        assert!(standing(10, 9, 1).is_used_up() && !standing(10, 9, 0).is_used_up());
        assert_eq!(standing(10, 9, 3).remaining(), CostNanos(-2));
        assert!(standing(10, 11, 0).is_over() && !standing(10, 10, 5).is_over());
    }

    #[test]
    fn levels_follow_what_was_spent_and_the_projection() {
        let level =
            |spent, now_ms| standing(1_000, spent, 0).alert_level(AlertLevels::default(), now_ms).name();
        assert_eq!(level(799, 700), "normal");
        assert_eq!(level(800, 700), "warning");
        assert_eq!(level(949, 700), "warning");
        assert_eq!(level(950, 700), "critical");
        assert_eq!(level(500, 350), "normal", "half of it at half-time");
        assert_eq!(level(501, 350), "warning", "it would be 1002 at the end");
        let early = AlertLevels { warning_ppm: 500_000, critical_ppm: 700_000 };
        let early = |spent| standing(1_000, spent, 0).alert_level(early, 700).name();
        assert_eq!(
            [early(499), early(500), early(699), early(700)],
            ["normal", "warning", "warning", "critical"]
        );
        assert_eq!(standing(0, 0, 0).alert_level(AlertLevels::default(), 0).name(), "normal");
        assert_eq!(standing(0, 1, 0).alert_level(AlertLevels::default(), 0).name(), "critical");
    }

    #[test]
    fn percentages_are_rounded_once() {
        assert_eq!(Some(standing(3, 1, 0).used_percentage()), Some(33.33));
        assert_eq!(Some(standing(3, 2, 0).used_percentage()), Some(66.67));
        assert_eq!(Some(standing(0, 0, 0).used_percentage()), Some(100.0));
        assert_eq!(Some(standing(10, 25, 0).used_percentage()), Some(250.0));
    }

    #[test]
    fn a_projection_divides_by_the_share_that_is_over() {
        let projected = |spent, now_ms| projected(CostNanos(spent), WEEK, now_ms).0;
        assert_eq!(projected(100, 100), 700);
        assert_eq!(projected(1, 200), 4, "3.5 is rounded to the even 4");
        assert_eq!(projected(100, 0), 100);
        assert_eq!(projected(100, 700), 100);
        assert_eq!(projected(i64::MAX, 1), i64::MAX);
    }

    #[test]
    fn a_hard_budget_refuses_what_it_cannot_pay_and_a_soft_one_nothing() {
        let refused = |budget: &Budget, spent, asked, model| {
            let wish = Wish { money: asked, something_else: asked.is_none(), unpriced: model };
            let refusal = Refusal::of(budget, &standing(10, spent, 0), wish);
            refusal.map(|refusal| (refusal.code.name(), refusal.message))
        };
        let budget = hard();
        let exceeded = Some(("budget_exceeded", "Monthly budget \"support\" exceeded".to_owned()));
        assert_eq!(refused(&budget, 9, Some(1), None), None);
        assert_eq!(refused(&budget, 9, Some(2), None), exceeded);
        assert_eq!(refused(&budget, 9, None, None), None);
        assert_eq!(refused(&budget, 10, None, Some("new-model")), exceeded);
        assert_eq!(refused(&budget, 0, None, Some("new-model")).unwrap().0, "unpriced_model");
        assert_eq!(refused(&Budget { allow_unpriced: true, ..hard() }, 0, None, Some("new-model")), None);
        assert_eq!(refused(&Budget { hard: false, ..hard() }, 99, Some(1), Some("new-model")), None);
    }

    proptest! {
        /// However the way is cut into steps, each threshold is passed once.
        #[test]
        fn each_threshold_is_crossed_once(
            amount in 0_i64..1_000, steps in proptest::collection::vec(1_i64..100, 1..40), ppm in 1_u32..2_000_000,
        ) {
            let (mut spent, mut crossed) = (0, 0);
            for step in &steps {
                crossed += i32::from(is_crossed(spent, spent + step, CostNanos(amount), ppm));
                spent += step;
            }
            let reached = if amount == 0 { spent > 0 }
                else { i128::from(spent) * 1_000_000 >= i128::from(amount) * i128::from(ppm) };
            prop_assert_eq!(crossed, i32::from(reached));
        }
    }
}
