//! What a model costs for what it does, so that models can be compared.

use crate::money::{CostNanos, div_half_even};
use crate::totals::Totals;
use std::collections::BTreeMap;

/// What a thousand tokens cost, input and output alike, rounded half to even to a nano-dollar; `None` without tokens, and
/// where some of the calls have no price, since then the cost is not known.
pub fn cost_per_1k_tokens(totals: &Totals) -> Option<CostNanos> {
    let tokens = totals.token_usage().total();
    if tokens == 0 || totals.unpriced_calls > 0 {
        return None;
    }
    div_half_even(i128::from(totals.cost.0) * 1_000, tokens.into()).map(CostNanos)
}

/// What answers in text are called, and what vectors are.
const CHAT: &str = "chat";
const EMBEDDINGS: &str = "embeddings";

/// What a model does: the operation that most of its calls name, where several are named as often the first by name. Names
/// that providers have for the same are one. Where no call names one, its tokens tell: without output they are embeddings,
/// else chat.
pub fn operation_of<'a>(named: impl IntoIterator<Item = (&'a str, i64)>, totals: &Totals) -> String {
    let mut calls: BTreeMap<String, i64> = BTreeMap::new();
    for (name, count) in named {
        let sum = calls.entry(same_operation(name)).or_default();
        *sum = sum.saturating_add(count);
    }
    let most = calls.into_iter().max_by(|(a, of_a), (b, of_b)| of_a.cmp(of_b).then_with(|| b.cmp(a)));
    most.map_or_else(
        || if totals.token_usage().output() > 0 { CHAT.to_owned() } else { EMBEDDINGS.to_owned() },
        |(name, _)| name,
    )
}

fn same_operation(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "chat.completions" | "completion" | "completions" | "text_completion" | "responses" | "messages"
        | "generate_content" => CHAT.to_owned(),
        "embedding" | "embed" => EMBEDDINGS.to_owned(),
        _ => name,
    }
}

/// The efficiency score of each model, 0 to 100 with two decimals: 100 x (what 1,000 tokens of the cheapest of these models
/// that do the same cost / what 1,000 tokens of this one cost) x (its calls that did not fail / its calls). Each model comes
/// with its operation ([`operation_of`]); a vector and an answer are not worth the same. The cheapest is the one whose tokens
/// cost least, those that cost nothing aside: they score by their failures alone. `None` where the cost of a token is not
/// known.
#[expect(clippy::cast_precision_loss, reason = "rounded to hundredths of a percent, for showing")]
pub fn efficiency_scores(models: &[(&str, &Totals)]) -> Vec<Option<f64>> {
    let costs: Vec<Option<CostNanos>> = models.iter().map(|(_, totals)| cost_per_1k_tokens(totals)).collect();
    let mut cheapest: BTreeMap<&str, i64> = BTreeMap::new();
    for ((operation, _), cost) in models.iter().zip(&costs) {
        if let Some(cost) = cost.filter(|cost| cost.0 > 0) {
            let least = cheapest.entry(*operation).or_insert(cost.0);
            *least = cost.0.min(*least);
        }
    }
    let score = |(operation, totals): &(&str, &Totals), cost: CostNanos| {
        let (above, below) = match cheapest.get(operation) {
            Some(cheapest) if cost.0 > 0 => (*cheapest, cost.0),
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
        .map(|(model, cost)| score(model, cost?).map(|hundredths| hundredths as f64 / 100.0))
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
        let scores =
            efficiency_scores(&[("chat", &dear), ("chat", &cheap), ("chat", &free), ("chat", &none)]);
        assert_eq!(scores, [Some(4.8), Some(100.0), Some(75.0), None]);
        assert_eq!(efficiency_scores(&[]), []);
    }

    #[test]
    fn what_does_something_else_is_no_measure() {
        let (answers, vectors) = (totals(10, 0, 1_000, 10_000), totals(10, 0, 1_000, 20));
        let dearer = totals(10, 0, 1_000, 40);
        let models = [("chat", &answers), ("embeddings", &vectors), ("embeddings", &dearer)];
        assert_eq!(efficiency_scores(&models), [Some(100.0), Some(100.0), Some(50.0)]);
    }

    #[test]
    fn an_operation_is_what_most_calls_name_or_what_the_tokens_say() {
        let vectors = totals(1, 0, 10, 1);
        let mut answers = vectors.clone();
        answers.tokens[6] = 5;
        assert_eq!(operation_of([], &answers), "chat");
        assert_eq!(operation_of([], &vectors), "embeddings");
        assert_eq!(operation_of([("embed", 3), ("rerank", 2)], &answers), "embeddings");
        assert_eq!(
            operation_of([("rerank", 2), ("responses", 1), ("Messages", 1), ("chat", 1)], &vectors),
            "chat"
        );
        assert_eq!(operation_of([("b", 1), ("a", 1)], &vectors), "a");
    }
}
