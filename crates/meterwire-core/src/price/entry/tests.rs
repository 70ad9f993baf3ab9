use super::*;
use crate::price::TierCard;
use crate::price::Tiers;
use proptest::prelude::*;

fn usd(text: &str) -> PicosPerUnit {
    PicosPerUnit::parse_usd_per_million(text).unwrap()
}

fn rates(input: &str, output: &str) -> Rates {
    Rates { input: usd(input), output: usd(output), ..Rates::default() }
}

fn entry(card: RateCard) -> PriceEntry {
    PriceEntry::from_card(PriceId::new("p/m@-"), "p", "m", None, None, card, "test").unwrap()
}

fn cost(entry: &PriceEntry, tokens: TokenUsage, tier: ServiceTier) -> String {
    entry.rate(&tokens, tier).cost.to_string()
}

#[test]
fn every_bucket_pays_its_own_rate() {
    let all = Rates {
        input: usd("1"),
        output: usd("7"),
        cache_read: Some(usd("2")),
        cache_write_short: Some(usd("3")),
        cache_write_long: Some(usd("4")),
        reasoning: Some(usd("8")),
        audio_input: Some(usd("5")),
        audio_output: Some(usd("9")),
        image_input: Some(usd("6")),
        image_output: Some(usd("10")),
        per_request: Some(PicosPerUnit::parse_usd_per_unit("0.5").unwrap()),
    };
    let entry = entry(RateCard::flat(all));
    for bucket in 0..10 {
        let mut buckets = [0; 10];
        buckets[bucket] = 1_000_000;
        let tokens = TokenUsage::from_buckets(buckets);
        assert_eq!(cost(&entry, tokens, ServiceTier::Default), format!("{}.5", bucket + 1));
    }
}

#[test]
fn what_has_no_rate_pays_that_of_its_nearest_kin() {
    let entry = entry(RateCard::flat(rates("2", "5")));
    let input = TokenUsage::from_buckets([
        1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000, 0, 0, 0, 0,
    ]);
    let output = TokenUsage::from_buckets([0, 0, 0, 0, 0, 0, 1_000_000, 1_000_000, 1_000_000, 1_000_000]);
    assert_eq!(cost(&entry, input, ServiceTier::Default), "12");
    assert_eq!(cost(&entry, output, ServiceTier::Default), "20");
    let only_short = Rates { cache_write_short: Some(usd("2.5")), ..rates("2", "5") };
    assert_eq!(only_short.per_bucket()[3], usd("2.5"), "a long write costs no less than a short one");
}

#[test]
fn a_larger_context_holds_for_the_whole_request_and_only_beyond_its_edge() {
    let larger = |above, input, output| ContextRates { above, rates: rates(input, output) };
    let batch = TierCard { rates: rates("1.5", "7.5"), context: vec![larger(200_000, "3", "11.25")] };
    let entry = entry(RateCard {
        rates: Rates { cache_read: Some(usd("0.3")), ..rates("3", "15") },
        context: vec![larger(200_000, "6", "22.5"), larger(1_000_000, "9", "30")],
        tiers: Tiers { batch: Some(batch), ..Tiers::default() },
    });
    let of = |input_uncached, cache_read| TokenUsage {
        input_uncached,
        cache_read,
        output_visible: 1_000,
        ..TokenUsage::default()
    };
    assert_eq!(cost(&entry, of(200_000, 0), ServiceTier::Default), "0.615");
    assert_eq!(cost(&entry, of(200_001, 0), ServiceTier::Default), "1.222506");
    assert_eq!(
        cost(&entry, of(100_000, 100_000), ServiceTier::Default),
        "0.345",
        "the cached input counts too"
    );
    assert_eq!(cost(&entry, of(100_000, 100_001), ServiceTier::Default), "1.222506");
    assert_eq!(cost(&entry, of(1_000_000, 0), ServiceTier::Default), "6.0225");
    assert_eq!(cost(&entry, of(1_000_001, 0), ServiceTier::Default), "9.030009");
    assert_eq!(cost(&entry, of(200_000, 0), ServiceTier::Batch), "0.3075");
    assert_eq!(cost(&entry, of(200_001, 0), ServiceTier::Batch), "0.611253");
    assert_eq!(cost(&entry, TokenUsage::default(), ServiceTier::Default), "0");
}

#[test]
fn a_tier_without_rates_pays_the_default_ones_and_says_so() {
    let batch = TierCard { rates: rates("1.25", "5"), context: vec![] };
    let tiers = Tiers { batch: Some(batch), ..Tiers::default() };
    let entry = entry(RateCard { rates: rates("2.5", "10"), context: vec![], tiers });
    let tokens = TokenUsage { input_uncached: 1_000_000, ..TokenUsage::default() };
    let by = |tier| entry.rate(&tokens, tier);
    let rated = |usd, tier_fallback| Rated { cost: CostNanos::parse_usd(usd).unwrap(), tier_fallback };
    assert_eq!(by(ServiceTier::Default), rated("2.5", false));
    assert_eq!(by(ServiceTier::Batch), rated("1.25", false));
    assert_eq!(by(ServiceTier::Flex), rated("2.5", true));
    assert_eq!(by(ServiceTier::Priority), rated("2.5", true));
}

#[test]
fn names_of_tiers() {
    let tier = |name: &str| ServiceTier::from_name(Some(name));
    for name in ["default", "standard", "auto", "on_demand", "", "something new"] {
        assert_eq!(tier(name), ServiceTier::Default, "{name:?}");
    }
    assert_eq!(ServiceTier::from_name(None), ServiceTier::Default);
    assert_eq!(tier("Batch"), ServiceTier::Batch);
    assert_eq!(tier("flex_discount"), ServiceTier::Flex);
    assert_eq!(tier("priority_on_demand"), ServiceTier::Priority);
    for known in [ServiceTier::Default, ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority] {
        assert_eq!(tier(known.as_str()), known);
    }
}

#[test]
fn a_price_that_cannot_be_is_refused() {
    let make = |from, until, rates| PriceEntry::from_rates(PriceId::new("x"), "p", "m", from, until, rates);
    assert!(make(Some(1), Some(2), Rates::default()).is_ok());
    assert!(make(Some(2), Some(2), Rates::default()).is_err());
    let negative = Rates { cache_read: Some(PicosPerUnit(-1)), ..Rates::default() };
    assert_eq!(make(None, None, negative).unwrap_err().to_string(), "x cache_read: must not be negative");
    let absurd = Rates { output: PicosPerUnit(i64::MAX), ..Rates::default() };
    assert!(make(None, None, absurd).is_err());
    assert!(PriceEntry::from_rates(PriceId::new("x"), " ", "m", None, None, Rates::default()).is_err());
}

#[test]
fn half_a_nano_dollar_rounds_to_even_once_an_event() {
    let entry = entry(RateCard::flat(rates("0.0005", "0")));
    let of = |tokens| {
        cost(&entry, TokenUsage { input_uncached: tokens, ..TokenUsage::default() }, ServiceTier::Default)
    };
    assert_eq!(of(1), "0");
    assert_eq!(of(2), "0.000000001");
    assert_eq!(of(3), "0.000000002");
    assert_eq!(of(5), "0.000000002");
}

#[test]
fn the_dearest_event_does_not_overflow() {
    let dear = Rates { input: super::super::MAX_RATE, output: super::super::MAX_RATE, ..Rates::default() };
    let entry = entry(RateCard::flat(dear));
    let tokens = TokenUsage::from_buckets([crate::tokens::MAX_TOKENS; 10]);
    assert_eq!(cost(&entry, tokens, ServiceTier::Default), "1000000000");
}

fn any_rates() -> impl Strategy<Value = Rates> {
    let rate = || (0..=10_000_000_000_i64).prop_map(PicosPerUnit);
    let some = || proptest::option::of((0..=10_000_000_000_i64).prop_map(PicosPerUnit));
    (rate(), rate(), some(), some(), some(), some(), some(), some(), some(), some()).prop_map(
        |(
            input,
            output,
            cache_read,
            cache_write_short,
            cache_write_long,
            reasoning,
            audio_input,
            audio_output,
            image_input,
            image_output,
        )| Rates {
            input,
            output,
            cache_read,
            cache_write_short,
            cache_write_long,
            reasoning,
            audio_input,
            audio_output,
            image_input,
            image_output,
            per_request: None,
        },
    )
}

fn any_tokens() -> impl Strategy<Value = TokenUsage> {
    proptest::array::uniform10(0..=crate::tokens::MAX_TOKENS).prop_map(TokenUsage::from_buckets)
}

/// `a * b` and sums in base 10 digits, written out by hand: a reckoning that shares nothing with the code's integers.
fn digits_of(mut value: u128) -> Vec<u32> {
    let mut digits = vec![];
    while value > 0 {
        digits.push(u32::try_from(value % 10).unwrap());
        value /= 10;
    }
    digits
}

fn add_product(sum: &mut Vec<u32>, a: &[u32], b: &[u32]) {
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let mut place = i + j;
            let mut carry = x * y;
            while carry > 0 {
                if sum.len() <= place {
                    sum.resize(place + 1, 0);
                }
                let total = sum[place] + carry;
                sum[place] = total % 10;
                carry = total / 10;
                place += 1;
            }
        }
    }
}

proptest! {
    #[test]
    fn splitting_tokens_between_events_changes_nothing_before_rounding(rates in any_rates(), a in any_tokens(), b in any_tokens()) {
        let entry = entry(RateCard::flat(rates));
        let mut both = a.buckets();
        for (sum, more) in both.iter_mut().zip(b.buckets()) {
            *sum += more;
        }
        let of = |tokens: &TokenUsage| entry.picos(tokens, ServiceTier::Default).0;
        prop_assert_eq!(of(&a) + of(&b), of(&TokenUsage::from_buckets(both)));
    }

    #[test]
    fn the_order_and_the_batches_of_events_change_no_total(
        rates in any_rates(),
        events in proptest::collection::vec(any_tokens(), 1..9).prop_shuffle(),
        cut in 0..9_usize,
    ) {
        let entry = entry(RateCard::flat(rates));
        let total = |events: &[TokenUsage]| -> CostNanos {
            events.iter().map(|tokens| entry.rate(tokens, ServiceTier::Default).cost).sum()
        };
        let (first, second) = events.split_at(cut.min(events.len()));
        let mut sorted = events.clone();
        sorted.sort_by_key(TokenUsage::total);
        prop_assert_eq!(total(first) + total(second), total(&events));
        prop_assert_eq!(total(&sorted), total(&events));
    }

    #[test]
    fn more_tokens_never_cost_less(rates in any_rates(), tokens in any_tokens(), bucket in 0..10_usize, more in 1..1_000_u64) {
        let entry = entry(RateCard::flat(rates));
        let mut buckets = tokens.buckets();
        buckets[bucket] += more;
        let after = TokenUsage::from_buckets(buckets);
        let of = |tokens: &TokenUsage| entry.rate(tokens, ServiceTier::Default).cost;
        prop_assert!(of(&after) >= of(&tokens));
    }

    #[test]
    fn costs_agree_with_schoolbook_arithmetic(rates in any_rates(), tokens in any_tokens()) {
        let entry = entry(RateCard::flat(rates));
        let mut sum = vec![];
        for (rate, count) in rates.per_bucket().iter().zip(tokens.buckets()) {
            add_product(&mut sum, &digits_of(rate.0.unsigned_abs().into()), &digits_of(count.into()));
        }
        sum.resize(sum.len().max(4), 0);
        let rest = sum[2] * 100 + sum[1] * 10 + sum[0];
        let whole = sum[3..].iter().rev().fold(0_i64, |value, digit| value * 10 + i64::from(*digit));
        let up = rest > 500 || (rest == 500 && whole % 2 == 1);
        prop_assert_eq!(entry.rate(&tokens, ServiceTier::Default).cost, CostNanos(whole + i64::from(up)));
    }
}
