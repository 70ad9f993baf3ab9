//! Why the cost changed between two periods: the price, the volume, or the mix of models.
//!
//! Every row is one model of one provider. Its *units* `q` are its tokens; a model that was called without tokens in
//! either period (images, audio) is counted in calls instead. A period in which none of its calls has a price has no
//! units of it, since nothing is known of what they would have cost. `Q` is the sum of the units of all models that
//! are counted in the same unit, `c` a cost; 0 is the earlier period, 1 the present one. Two sums are rounded to the
//! nano-dollar, half to even:
//!
//! - `A`, the present units at the earlier price: `c0 * q1 / q0`. A model without units before has no earlier
//!   price; for it `A` is its present cost.
//! - `B`, the earlier cost, had every model grown like all of them together: `c0 * Q1 / Q0`. Where all together had
//!   no units before there is no growth to speak of; for such a model `B` is `A`: what came from nothing is volume.
//!
//! And then, for every model:
//!
//! - **price** = `c1 - A`: what is paid more or less for a unit. Longer answers, fewer cache hits and another service
//!   tier are in it, for they change what a unit costs.
//! - **volume** = `B - c0`: what more or fewer units in all would have cost, had nothing else changed.
//! - **mix** = `A - B`: what comes of the model having grown more or less than the rest. A new model is all mix, one
//!   that ended is its volume and a mix that takes the rest away.
//!
//! The three add up to `c1 - c0` whatever was rounded, for every model; the totals are the sums of the rows.

use crate::invalid::Invalid;
use crate::money::{CostNanos, div_half_even};

/// What one model used and cost in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// Events.
    pub calls: i64,
    /// Events with tokens whose model has no price.
    pub unpriced_calls: i64,
    /// Input and output tokens.
    pub tokens: i64,
    /// What it cost.
    pub cost: CostNanos,
}

/// One model in both periods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelUsage {
    /// Who sells it.
    pub provider: Option<String>,
    /// Its name.
    pub model: Option<String>,
    /// In the period asked about.
    pub present: Side,
    /// In the period it is compared with.
    pub earlier: Side,
}

/// Parts of a difference of cost, which add up to it exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effects {
    /// From what a unit costs.
    pub price: CostNanos,
    /// From how many units there were in all.
    pub volume: CostNanos,
    /// From which models they went to.
    pub mix: CostNanos,
}

/// In which of the two periods a model was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// In both.
    Both,
    /// Only in the present one.
    New,
    /// Only in the earlier one.
    Ended,
}

impl Presence {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::New => "new",
            Self::Ended => "ended",
        }
    }
}

/// One row of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedModel {
    /// The model and what it used.
    pub usage: ModelUsage,
    /// Its part of the change.
    pub effects: Effects,
}

impl ExplainedModel {
    /// In which of the two periods it was called.
    pub fn presence(&self) -> Presence {
        match (self.usage.earlier.calls, self.usage.present.calls) {
            (0, _) => Presence::New,
            (_, 0) => Presence::Ended,
            _ => Presence::Both,
        }
    }
}

/// A whole explanation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// All models in the period asked about.
    pub present: Side,
    /// All models in the period it is compared with.
    pub earlier: Side,
    /// The sums of the rows.
    pub effects: Effects,
    /// The models, the largest difference first.
    pub models: Vec<ExplainedModel>,
}

/// Explains the change of cost of these models; each is named once. Refuses sums beyond 64 bits.
pub fn explain(models: Vec<ModelUsage>) -> Result<Explanation, Invalid> {
    explain_checked(models).ok_or_else(too_large)
}

fn explain_checked(models: Vec<ModelUsage>) -> Option<Explanation> {
    let (mut by_tokens, mut by_calls) = (Growth::default(), Growth::default());
    for model in &models {
        let growth = if counts_in_tokens(model) { &mut by_tokens } else { &mut by_calls };
        let units = Growth::of(model);
        growth.present = growth.present.checked_add(units.present)?;
        growth.earlier = growth.earlier.checked_add(units.earlier)?;
    }
    let mut explanation = Explanation::default();
    for usage in models {
        let growth = if counts_in_tokens(&usage) { by_tokens } else { by_calls };
        let effects = effects(&usage, growth)?;
        explanation.present.merge(&usage.present)?;
        explanation.earlier.merge(&usage.earlier)?;
        explanation.effects.merge(effects)?;
        explanation.models.push(ExplainedModel { usage, effects });
    }
    explanation.models.sort_by(|a, b| {
        let size = |row: &ExplainedModel| row.usage.difference().0.unsigned_abs();
        let name = |row: &ExplainedModel| (row.usage.provider.clone(), row.usage.model.clone());
        size(b).cmp(&size(a)).then_with(|| name(a).cmp(&name(b)))
    });
    Some(explanation)
}

impl Side {
    /// Adds the sums of another; `None` beyond 64 bits.
    pub fn merge(&mut self, other: &Self) -> Option<()> {
        self.calls = self.calls.checked_add(other.calls)?;
        self.unpriced_calls = self.unpriced_calls.checked_add(other.unpriced_calls)?;
        self.tokens = self.tokens.checked_add(other.tokens)?;
        self.cost.0 = self.cost.0.checked_add(other.cost.0)?;
        Some(())
    }

    /// Whether nothing is known of what its calls cost.
    fn all_unpriced(&self) -> bool {
        self.calls == self.unpriced_calls
    }
}

impl ModelUsage {
    /// What it costs more than before.
    pub fn difference(&self) -> CostNanos {
        CostNanos(self.present.cost.0.saturating_sub(self.earlier.cost.0))
    }
}

impl Effects {
    /// Adds the parts of another; `None` beyond 64 bits.
    pub fn merge(&mut self, other: Self) -> Option<()> {
        self.price.0 = self.price.0.checked_add(other.price.0)?;
        self.volume.0 = self.volume.0.checked_add(other.volume.0)?;
        self.mix.0 = self.mix.0.checked_add(other.mix.0)?;
        Some(())
    }
}

impl Explanation {
    /// The same with at most so many models and the rest added up in one row without a name, the last; tells whether
    /// it is there.
    pub fn with_rest(mut self, most: usize) -> Result<(Self, bool), Invalid> {
        let rest = self.models.split_off(most.min(self.models.len()));
        if rest.is_empty() {
            return Ok((self, false));
        }
        let mut sum = ExplainedModel { usage: ModelUsage::default(), effects: Effects::default() };
        for row in &rest {
            let added = sum.usage.present.merge(&row.usage.present);
            let added = added.and(sum.usage.earlier.merge(&row.usage.earlier));
            added.and(sum.effects.merge(row.effects)).ok_or_else(too_large)?;
        }
        self.models.push(sum);
        Ok((self, true))
    }
}

fn too_large() -> Invalid {
    Invalid::new("range", "the sums of this range are too large to be explained")
}

/// Units in both periods, of one model or of all that are counted in the same unit.
#[derive(Debug, Clone, Copy, Default)]
struct Growth {
    present: i64,
    earlier: i64,
}

impl Growth {
    fn of(model: &ModelUsage) -> Self {
        let tokens = counts_in_tokens(model);
        let units = |side: &Side| match side {
            side if side.all_unpriced() => 0,
            side if tokens => side.tokens,
            side => side.calls,
        };
        Self { present: units(&model.present), earlier: units(&model.earlier) }
    }

    /// A cost of the earlier period, had it grown likewise; from nothing there is no growth, then it is `otherwise`.
    /// `None` beyond 64 bits.
    fn apply(self, cost: CostNanos, otherwise: i64) -> Option<i64> {
        if self.earlier == 0 {
            return Some(otherwise);
        }
        div_half_even(i128::from(cost.0) * i128::from(self.present), i128::from(self.earlier))
    }
}

/// Tokens are the unit wherever the model was called at all with tokens.
fn counts_in_tokens(model: &ModelUsage) -> bool {
    let has_tokens = |side: &Side| side.calls == 0 || side.tokens > 0;
    has_tokens(&model.present) && has_tokens(&model.earlier)
}

fn effects(model: &ModelUsage, all: Growth) -> Option<Effects> {
    let (present, earlier) = (model.present.cost.0, model.earlier.cost.0);
    let at_earlier_price = Growth::of(model).apply(model.earlier.cost, present)?;
    let grown_like_all = all.apply(model.earlier.cost, at_earlier_price)?;
    Some(Effects {
        price: CostNanos(present.checked_sub(at_earlier_price)?),
        volume: CostNanos(grown_like_all.checked_sub(earlier)?),
        mix: CostNanos(at_earlier_price.checked_sub(grown_like_all)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn side(calls: i64, tokens: i64, cost: i64) -> Side {
        Side { calls, unpriced_calls: 0, tokens, cost: CostNanos(cost) }
    }

    fn model(name: &str, earlier: Side, present: Side) -> ModelUsage {
        ModelUsage { provider: Some("p".into()), model: Some(name.into()), present, earlier }
    }

    fn parts(effects: Effects) -> [i64; 3] {
        [effects.price.0, effects.volume.0, effects.mix.0]
    }

    #[test]
    fn a_price_alone_gives_only_price() {
        let found = explain(vec![
            model("a", side(1, 100, 700), side(1, 100, 900)),
            model("b", side(3, 50, 10), side(3, 50, 10)),
        ])
        .unwrap();
        assert_eq!(parts(found.effects), [200, 0, 0]);
    }

    #[test]
    fn a_doubling_gives_only_volume() {
        let found = explain(vec![
            model("a", side(1, 100, 700), side(2, 200, 1400)),
            model("b", side(3, 51, 13), side(6, 102, 26)),
        ])
        .unwrap();
        assert_eq!(parts(found.effects), [0, 713, 0]);
    }

    #[test]
    fn a_shift_between_models_gives_only_mix() {
        // 7 and 2 nano-dollars a token; thirty tokens move from the dear one to the cheap one.
        let found = explain(vec![
            model("dear", side(1, 100, 700), side(1, 70, 490)),
            model("cheap", side(1, 50, 100), side(1, 80, 160)),
        ])
        .unwrap();
        assert_eq!(parts(found.effects), [0, 0, -150]);
    }

    #[test]
    fn a_worked_example() {
        // 150 tokens grow to 240: every model by 8/5 would be 1120 and 160.
        let found = explain(vec![
            model("dear", side(1, 100, 700), side(1, 120, 960)),
            model("cheap", side(1, 50, 100), side(1, 100, 200)),
            model("new", side(0, 0, 0), side(1, 20, 500)),
        ])
        .unwrap();
        let of = |name: &str| {
            let row = found.models.iter().find(|row| row.usage.model.as_deref() == Some(name)).unwrap();
            (row.presence(), parts(row.effects))
        };
        // At 7 a token the present 120 would cost 840.
        assert_eq!(of("dear"), (Presence::Both, [120, 420, -280]));
        assert_eq!(of("cheap"), (Presence::Both, [0, 60, 40]));
        assert_eq!(of("new"), (Presence::New, [0, 0, 500]));
        assert_eq!(parts(found.effects), [120, 480, 260]);
        assert_eq!((found.earlier.cost, found.present.cost), (CostNanos(800), CostNanos(1660)));
    }

    #[test]
    fn models_without_tokens_are_counted_in_calls_and_apart_from_tokens() {
        let found = explain(vec![
            model("images", side(10, 0, 400), side(20, 0, 800)),
            model("chat", side(1, 100, 700), side(1, 100, 700)),
        ])
        .unwrap();
        assert_eq!(parts(found.effects), [0, 400, 0]);
        // One that came to be called without tokens has no tokens to compare: twice the calls, each half as dear.
        let changed = explain(vec![model("own", side(10, 5_000, 400), side(20, 0, 400))]).unwrap();
        assert_eq!(parts(changed.effects), [-400, 400, 0]);
    }

    #[test]
    fn what_came_from_nothing_is_volume_and_so_is_what_went_to_nothing() {
        let began = explain(vec![model("a", side(0, 0, 0), side(1, 100, 700))]).unwrap();
        assert_eq!((began.models[0].presence(), parts(began.effects)), (Presence::New, [0, 700, 0]));
        let ended = explain(vec![model("a", side(1, 100, 700), side(0, 0, 0))]).unwrap();
        assert_eq!((ended.models[0].presence(), parts(ended.effects)), (Presence::Ended, [0, -700, 0]));
        assert_eq!(explain(vec![]).unwrap(), Explanation::default());
    }

    #[test]
    fn units_without_a_price_say_nothing_about_growth() {
        let unpriced = |tokens| Side { unpriced_calls: 1, ..side(1, tokens, 0) };
        let found = explain(vec![
            model("own", unpriced(1_000), unpriced(900_000)),
            model("a", side(1, 100, 700), side(2, 200, 1400)),
        ])
        .unwrap();
        assert_eq!(parts(found.effects), [0, 700, 0]);
        // Priced only since: there is no earlier price that could have risen.
        let priced = explain(vec![
            model("own", unpriced(1_000), side(1, 1_000, 50)),
            model("a", side(1, 100, 700), side(1, 100, 700)),
        ])
        .unwrap();
        assert_eq!(priced.effects.price, CostNanos(0));
    }

    #[test]
    fn sums_beyond_64_bits_are_refused() {
        let huge = model("a", side(1, 1, i64::MAX), side(1, i64::MAX, i64::MAX));
        assert_eq!(explain(vec![huge]).unwrap_err().field, "range");
        let two = |name| model(name, side(0, 0, 0), side(1, 1, i64::MAX));
        assert_eq!(explain(vec![two("a"), two("b")]).unwrap_err().field, "range");
    }

    fn any_side() -> impl Strategy<Value = Side> {
        let tokens = prop_oneof![1 => Just(0_i64), 4 => 1..1_000_000_000_i64];
        let cost = prop_oneof![1 => Just(0_i64), 4 => 0..1_000_000_000_000_i64];
        let used =
            (1..100_000_i64, tokens, cost, 0..6_u8).prop_map(|(calls, tokens, cost, kind)| match kind {
                0 => Side { unpriced_calls: calls, ..side(calls, tokens, 0) },
                1 => Side { unpriced_calls: calls / 2, ..side(calls, tokens, cost) },
                _ => side(calls, tokens, cost),
            });
        prop_oneof![1 => Just(Side::default()), 4 => used]
    }

    fn any_models() -> impl Strategy<Value = Vec<ModelUsage>> {
        proptest::collection::vec((any_side(), any_side()), 0..12).prop_map(|sides| {
            let named = sides.into_iter().enumerate();
            named.map(|(i, (earlier, present))| model(&format!("m-{i:02}"), earlier, present)).collect()
        })
    }

    proptest! {
        #[test]
        fn everything_adds_up_to_the_last_nano(models in any_models()) {
            let found = explain(models.clone()).unwrap();
            let cost = |pick: fn(&ModelUsage) -> Side| models.iter().map(|m| pick(m).cost.0).sum::<i64>();
            let (present, earlier) = (cost(|m| m.present), cost(|m| m.earlier));
            prop_assert_eq!(parts(found.effects).iter().sum::<i64>(), present - earlier);
            prop_assert_eq!((found.present.cost.0, found.earlier.cost.0), (present, earlier));
            let mut rows = Effects::default();
            for row in &found.models {
                prop_assert_eq!(parts(row.effects).iter().sum::<i64>(), row.usage.difference().0);
                rows.merge(row.effects).unwrap();
            }
            prop_assert_eq!(rows, found.effects);
            prop_assert_eq!(found.models.len(), models.len());

            // Cut short, the rows still add up.
            let (cut, has_rest) = found.clone().with_rest(3).unwrap();
            prop_assert_eq!((cut.models.len(), has_rest), (models.len().min(4), models.len() > 3));
            let mut rows = (Effects::default(), Side::default(), Side::default());
            for row in &cut.models {
                rows.0.merge(row.effects).unwrap();
                rows.1.merge(&row.usage.present).unwrap();
                rows.2.merge(&row.usage.earlier).unwrap();
            }
            prop_assert_eq!(rows, (found.effects, found.present, found.earlier));
        }

        #[test]
        fn the_order_of_models_changes_nothing(
            (models, shuffled) in any_models().prop_flat_map(|models| (Just(models.clone()), Just(models).prop_shuffle()))
        ) {
            prop_assert_eq!(explain(models).unwrap(), explain(shuffled).unwrap());
        }

        #[test]
        fn other_prices_alone_are_only_price(models in any_models(), costs in proptest::collection::vec(0..1_000_000_i64, 12)) {
            let models: Vec<_> = models.into_iter().zip(costs).map(|(mut model, cost)| {
                let mut before = model.earlier;
                before.unpriced_calls = 0;
                let after = if before.calls > 0 { Side { cost: CostNanos(cost), ..before } } else { before };
                (model.earlier, model.present) = (before, after);
                model
            }).collect();
            let found = explain(models).unwrap();
            prop_assert_eq!(parts(found.effects)[1..].to_vec(), [0, 0]);
        }

        #[test]
        fn growing_alike_is_only_volume(models in any_models(), factor in 1..50_i64) {
            let models = models.into_iter().map(|mut model| {
                let e = model.earlier;
                model.present = Side {
                    calls: e.calls * factor,
                    unpriced_calls: e.unpriced_calls * factor,
                    tokens: e.tokens * factor,
                    cost: CostNanos(e.cost.0 * factor),
                };
                model
            });
            let found = explain(models.collect()).unwrap();
            prop_assert_eq!((found.effects.price.0, found.effects.mix.0), (0, 0));
        }

        #[test]
        fn tokens_moved_between_models_are_only_mix(
            prices in proptest::collection::vec(0..1_000_i64, 2..8),
            tokens in proptest::collection::vec(1..1_000_000_i64, 8),
        ) {
            // Every model takes over the tokens of its neighbour, at its own price.
            let count = prices.len();
            let models = (0..count).map(|i| {
                let (before, after) = (tokens[i], tokens[(i + 1) % count]);
                model(&format!("m-{i}"), side(1, before, before * prices[i]), side(1, after, after * prices[i]))
            });
            let found = explain(models.collect()).unwrap();
            prop_assert_eq!((found.effects.price.0, found.effects.volume.0), (0, 0));
        }
    }
}
