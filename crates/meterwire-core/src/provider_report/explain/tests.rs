use super::*;
use proptest::prelude::*;

fn side(requests: i64, input: i64, cost: i64) -> Side {
    let mut side = Side { requests: Some(requests), cost: CostNanos(cost), ..Side::default() };
    side.tokens[0] = input;
    side
}

/// Both sides counted the same, in a zone whose days are UTC days.
fn agreed(requests: i64, input: i64, cost: i64) -> Comparison {
    let one = side(requests, input, cost);
    Comparison {
        provider: one,
        metered: one,
        metered_utc: one,
        is_reached: true,
        is_reported: true,
        is_settled: true,
        ..Comparison::default()
    }
}

fn kinds(seen: &Comparison) -> Vec<(CauseKind, i64)> {
    explain(seen).into_iter().map(|cause| (cause.kind, cause.cost.0)).collect()
}

const USD: i64 = 1_000_000_000;

#[test]
fn what_agrees_has_no_cause() {
    assert_eq!(kinds(&agreed(10, 1000, USD)), []);
}

#[test]
fn each_cause_is_told_by_itself() {
    let base = agreed(10, 1000, USD);
    let zone = Comparison { metered: side(8, 800, USD / 10 * 8), ..base.clone() };
    assert_eq!(kinds(&zone), [(CauseKind::ZoneEdge, USD / 5)]);

    let mut price = base.clone();
    price.provider.cost = CostNanos(USD * 12 / 10);
    assert_eq!(kinds(&price), [(CauseKind::PriceDifference, USD / 5)]);

    let missing = Comparison { provider: side(15, 1500, USD * 3 / 2), ..base.clone() };
    assert_eq!(kinds(&missing), [(CauseKind::MissingEvents, USD / 2)]);

    let none = Comparison { metered: Side::default(), metered_utc: Side::default(), ..base.clone() };
    assert_eq!(kinds(&none), [(CauseKind::MissingEvents, USD)]);

    let extra = Comparison { provider: side(5, 500, USD / 2), ..base.clone() };
    assert_eq!(kinds(&extra), [(CauseKind::ExtraEvents, -USD / 2)]);
    let late = Comparison { is_settled: false, ..extra };
    assert_eq!(kinds(&late), [(CauseKind::LateReport, -USD / 2)]);

    let unreported = Comparison { provider: Side::default(), is_reported: false, ..base.clone() };
    assert_eq!(kinds(&unreported), [(CauseKind::LateReport, -USD)]);
    let never = Comparison { is_reached: false, ..unreported };
    assert_eq!(kinds(&never), [(CauseKind::NoReport, -USD)]);

    let unknown = Unknown { keys: vec!["key_x".into()], side: side(5, 500, USD / 2) };
    let unknown = Comparison { provider: side(15, 1500, USD * 3 / 2), unknown, ..base.clone() };
    assert_eq!(kinds(&unknown), [(CauseKind::UnknownKey, USD / 2)]);
    let mut rounded = unknown;
    rounded.provider.cost.0 += 3;
    assert_eq!(kinds(&rounded), [(CauseKind::UnknownKey, USD / 2), (CauseKind::Rounding, 3)]);

    let mut rounded = base.clone();
    rounded.provider.cost.0 += 3;
    assert_eq!(kinds(&rounded), [(CauseKind::Rounding, 3)]);
}

#[test]
fn an_unpriced_model_is_not_taken_for_a_price_difference() {
    let mut ours = side(10, 1000, 0);
    ours.unpriced_calls = 10;
    let seen = Comparison { metered: ours, metered_utc: ours, ..agreed(10, 1000, USD) };
    assert_eq!(kinds(&seen), [(CauseKind::UnpricedModel, USD)]);
}

#[test]
fn of_calls_half_of_which_have_no_price_half_is_unpriced() {
    let mut ours = side(10, 1000, USD / 2);
    ours.unpriced_calls = 5;
    let seen = Comparison { metered: ours, metered_utc: ours, ..agreed(10, 1000, USD) };
    assert_eq!(kinds(&seen), [(CauseKind::UnpricedModel, USD / 2)]);
    // The provider counted twice as much: only what both counted is shared out.
    let more = Comparison { provider: side(20, 2000, 2 * USD), ..seen };
    assert_eq!(kinds(&more), [(CauseKind::UnpricedModel, USD / 2), (CauseKind::Unexplained, USD)]);
}

#[test]
fn reasoning_that_only_we_tell_apart_is_no_difference() {
    let mut seen = agreed(10, 1000, USD);
    seen.provider.tokens[6] = 100;
    (seen.metered_utc.tokens[6], seen.metered_utc.tokens[7]) = (40, 60);
    seen.metered = seen.metered_utc;
    // Even where the book prices it otherwise.
    seen.by_book = Some((CostNanos(2 * USD), CostNanos(USD)));
    assert_eq!(kinds(&seen), []);
}

#[test]
fn half_of_the_usage_at_another_price_is_told_apart() {
    // The provider counted twice as much and asks a tenth more for each token.
    let seen = Comparison { provider: side(20, 2000, USD * 22 / 10), ..agreed(10, 1000, USD) };
    assert_eq!(kinds(&seen), [(CauseKind::MissingEvents, USD), (CauseKind::PriceDifference, USD / 5)]);
}

#[test]
fn tokens_of_different_worth_are_weighed_by_the_book() {
    // What is missing is output, worth ten times as much as input.
    let mut seen = agreed(10, 1000, USD);
    seen.provider.tokens[6] = 100;
    seen.provider.cost = CostNanos(2 * USD);
    seen.by_book = Some((CostNanos(2 * USD), CostNanos(USD)));
    assert_eq!(kinds(&seen), [(CauseKind::MissingEvents, USD)]);
}

fn any_side() -> impl Strategy<Value = Side> {
    (prop::option::of(0_i64..1000), prop::array::uniform10(0_i64..1_000_000), -USD..1000 * USD, 0_i64..5)
        .prop_map(|(requests, tokens, cost, unpriced_calls)| Side {
            requests,
            tokens,
            cost: CostNanos(cost),
            unpriced_calls,
        })
}

proptest! {
    #[test]
    fn causes_always_add_up(
        sides in (any_side(), any_side(), any_side(), any_side()),
        by_book in prop::option::of((0..1000 * USD, 0..1000 * USD)),
        (is_reached, is_reported) in any::<(bool, bool)>(),
        is_settled in any::<bool>(),
    ) {
        let (provider, metered, metered_utc, unknown) = sides;
        let seen = Comparison {
            provider,
            metered,
            metered_utc,
            unknown: Unknown { keys: vec!["k".into()], side: unknown },
            by_book: by_book.map(|(theirs, own)| (CostNanos(theirs), CostNanos(own))),
            is_reached,
            is_reported,
            is_settled,
        };
        let causes = explain(&seen);
        let sum: i64 = causes.iter().map(|cause| cause.cost.0).sum();
        prop_assert_eq!(sum, provider.cost.0 - metered.cost.0);
        let mut order: Vec<_> = causes.iter().map(|cause| cause.kind).collect();
        order.dedup();
        prop_assert_eq!(order.len(), causes.len());
    }
}
