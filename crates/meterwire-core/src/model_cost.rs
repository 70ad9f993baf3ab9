//! What a model costs for what it does, so that models can be compared.

use crate::money::{CostNanos, div_half_even};
use crate::totals::Totals;

/// What a thousand tokens cost, input and output alike, rounded half to even to a nano-dollar; `None` without tokens, and
/// where some of the calls have no price, since then the cost is not known.
pub fn cost_per_1k_tokens(totals: &Totals) -> Option<CostNanos> {
    let tokens = totals.token_usage().total();
    if tokens == 0 || totals.unpriced_calls > 0 {
        return None;
    }
    div_half_even(i128::from(totals.cost.0) * 1_000, tokens.into()).map(CostNanos)
}

/// The efficiency score of each model, 0 to 100 with two decimals: 100 x (what 1,000 tokens of the cheapest of these models
/// cost / what 1,000 tokens of this one cost) x (its calls that did not fail / its calls). The cheapest is the one whose
/// tokens cost least, those that cost nothing aside: they score by their failures alone. `None` where the cost of a token is
/// not known.
#[expect(clippy::cast_precision_loss, reason = "rounded to hundredths of a percent, for showing")]
pub fn efficiency_scores(models: &[&Totals]) -> Vec<Option<f64>> {
    let costs: Vec<Option<CostNanos>> = models.iter().map(|totals| cost_per_1k_tokens(totals)).collect();
    let cheapest = costs.iter().flatten().map(|cost| cost.0).filter(|cost| *cost > 0).min();
    let score = |totals: &&Totals, cost: CostNanos| {
        let (above, below) = match cheapest {
            Some(cheapest) if cost.0 > 0 => (cheapest, cost.0),
            _ => (1, 1),
        };
        // Not every provider tells how many calls there were.
        let (answered, calls) =
            if totals.calls > 0 { (totals.calls - totals.errors, totals.calls) } else { (1, 1) };
        let part = 10_000 * i128::from(above) * i128::from(answered);
        div_half_even(part, i128::from(below) * i128::from(calls))
    };
    models
        .iter()
        .zip(costs)
        .map(|(totals, cost)| score(totals, cost?).map(|hundredths| hundredths as f64 / 100.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(calls: i64, errors: i64, tokens: i64, cost: i64) -> Totals {
        Totals {
            calls,
            errors,
            tokens: [tokens, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            cost: CostNanos(cost),
            ..Totals::default()
        }
    }

    #[test]
    fn a_thousand_tokens_are_rounded_once() {
        assert_eq!(cost_per_1k_tokens(&totals(1, 0, 3, 1)), Some(CostNanos(333)));
        assert_eq!(cost_per_1k_tokens(&totals(1, 0, 2_000, 5)), Some(CostNanos(2)), "half to even");
        assert_eq!(cost_per_1k_tokens(&totals(1, 0, 0, 5)), None);
        let unpriced = Totals { unpriced_calls: 1, ..totals(2, 0, 10, 5) };
        assert_eq!(cost_per_1k_tokens(&unpriced), None);
    }

    #[test]
    fn the_cheapest_without_failures_scores_a_hundred() {
        let (cheap, dear) = (totals(10, 0, 1_000, 600), totals(10, 2, 1_000, 10_000));
        let (free, none) = (totals(4, 1, 1_000, 0), totals(5, 0, 0, 0));
        let scores = efficiency_scores(&[&dear, &cheap, &free, &none]);
        assert_eq!(scores, [Some(4.8), Some(100.0), Some(75.0), None]);
        assert_eq!(efficiency_scores(&[]), []);
    }
}
