//! Each threshold on both of its sides, prices of the time and the tier of a call.

use super::*;
use crate::money::PicosPerUnit;
use crate::price::{PriceEntry, PriceId, Rates, TenantBook};

/// Only what was added of these kinds.
fn kinds_of(month: Month) -> Vec<InsightKind> {
    month.review().0.into_iter().map(|insight| insight.kind).collect()
}

/// A month without calls of gpt-4o.
fn without_large() -> Month {
    let mut month = Month::clean();
    month.events.retain(|event| event.kind != 0);
    month
}

fn add(month: &mut Month, count: u64, kind: u32, tokens: (u64, u64), change: impl Fn(&mut SurveyedEvent)) {
    for i in 0..count {
        month.call(10 * DAY_MS + i64::try_from(i).unwrap(), kind, tokens, |event| {
            event.request = 100_000 + 10_000 * u64::from(kind) + tokens.0 * 100_000 + i;
            change(event);
        });
    }
}

#[test]
fn a_hundred_calls_of_500_and_200_tokens_are_short_and_enough() {
    for (count, tokens, expected) in
        [(100, (500, 200), 1), (99, (500, 200), 0), (100, (501, 200), 0), (100, (500, 201), 0)]
    {
        let mut month = without_large();
        add(&mut month, count, 0, tokens, |_| ());
        assert_eq!(kinds_of(month).len(), expected, "{count} {tokens:?}");
    }
}

#[test]
fn short_calls_are_a_tenth_of_those_of_their_model() {
    for (others, expected) in [(900, vec![InsightKind::ExpensiveModel]), (901, vec![])] {
        let mut month = without_large();
        add(&mut month, 100, 0, (500, 200), |_| ());
        add(&mut month, others, 0, (900, 400), |_| ());
        assert_eq!(kinds_of(month), expected, "{others}");
    }
}

#[test]
fn a_saving_below_a_thousandth_is_not_worth_a_word() {
    // 112 calls of one token each way would have saved 0.0013 dollars of more than seven.
    let mut month = Month::clean();
    add(&mut month, 112, 0, (1, 1), |_| ());
    assert_eq!(kinds_of(month), []);
}

#[test]
fn a_hundred_calls_are_enough_to_judge() {
    for (count, not_judged) in [(100, 0), (99, 4)] {
        let mut month = Month::clean();
        month.events.truncate(count);
        assert_eq!(month.review().1.len(), not_judged, "{count}");
    }
}

/// Days of calls of gpt-4o with input tokens of which so many percent came from the cache.
fn cached(days: &[(u64, u64)], input: u64) -> Month {
    let mut month = without_large();
    for (day, (calls, percent)) in days.iter().enumerate() {
        for i in 0..*calls {
            let after_ms = i64::try_from(day).unwrap() * DAY_MS + i64::try_from(i).unwrap();
            month.call(after_ms, 0, (input, 300), |event| {
                event.tokens.cache_read = input * percent / 100;
                event.tokens.input_uncached = input - event.tokens.cache_read;
            });
        }
    }
    month
}

#[test]
fn a_cache_is_little_used_below_30_percent_where_it_could_be_half() {
    let low = vec![InsightKind::LowCacheHit];
    for (days, input, expected) in [
        // All together: 60 of 300.
        (vec![(200, 15), (50, 0), (50, 60)], 2_000, low.clone()),
        // 1,024 tokens are a long prompt.
        (vec![(200, 15), (50, 0), (50, 60)], 1_024, low.clone()),
        (vec![(200, 15), (50, 0), (50, 60)], 1_023, vec![]),
        // 30 % are used well enough, 29 % are not.
        (vec![(50, 20), (50, 20), (50, 50)], 2_000, vec![]),
        (vec![(50, 20), (50, 17), (50, 50)], 2_000, low.clone()),
        // The best day has less than half.
        (vec![(200, 15), (50, 0), (50, 49)], 2_000, vec![]),
        // The best day has 49 calls.
        (vec![(200, 15), (50, 0), (49, 60)], 2_000, vec![]),
    ] {
        assert_eq!(kinds_of(cached(&days, input)), expected, "{days:?} {input}");
    }
}

#[test]
fn no_more_is_moved_to_the_cache_than_was_outside_of_it() {
    let mut month = cached(&[(50, 80)], 2_000);
    for i in 0..450 {
        month.call(5 * DAY_MS + i, 0, (2_000, 300), |event| {
            (event.tokens.cache_read, event.tokens.cache_write_short) = (200, 1_700);
            event.tokens.input_uncached = 100;
        });
    }
    let insight = only(month.review());
    let Evidence::Cache(found) = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!((found.total.uncached_tokens, found.moved), (450 * 100 + 50 * 400, 450 * 100 + 50 * 400));
}

#[test]
fn twenty_failed_calls_that_cost_a_hundredth_are_worth_a_word() {
    let failed = |count, kind, tokens| {
        let mut month = Month::clean();
        add(&mut month, count, kind, tokens, |event| event.status = 500);
        kinds_of(month)
    };
    assert_eq!(failed(20, 0, (3_000, 100)), [InsightKind::ErrorSpend]);
    assert_eq!(failed(19, 0, (3_000, 100)), []);
    assert_eq!(failed(20, 1, (3_000, 100)), [], "less than a hundredth of the cost");
    let mut month = Month::clean();
    add(&mut month, 19, 0, (3_000, 100), |event| event.status = 500);
    add(&mut month, 1, 0, (0, 0), |event| event.status = 500);
    assert_eq!(kinds_of(month), [], "one of the twenty cost nothing");
}

#[test]
fn a_spike_is_a_dollar_more_than_three_weekdays_with_usage() {
    let day = |i: usize, calls: i64, cents: i64| DaySpend {
        date: i.to_string(),
        calls,
        cost: CostNanos(cents * 10_000_000),
    };
    let found = |weekdays: [(i64, i64); 4], cents: i64| {
        let days: Vec<DaySpend> = (0..29)
            .map(|i| match i {
                28 => day(i, 1, cents),
                0 | 7 | 14 | 21 => day(i, weekdays[i / 7].0, weekdays[i / 7].1),
                _ => day(i, 1, 10),
            })
            .collect();
        spikes(&days, 28).map(|found| found.is_some())
    };
    assert_eq!(found([(1, 40); 4], 140), Ok(true));
    assert_eq!(found([(1, 40); 4], 139), Ok(false), "less than a dollar more");
    assert_eq!(found([(1, 100), (0, 0), (1, 100), (1, 100)], 301), Ok(true));
    assert!(found([(1, 100), (0, 0), (1, 100), (0, 0)], 900).is_err(), "two weekdays tell nothing");
}

#[test]
fn days_are_judged_when_they_are_over_in_the_zone() {
    let tokyo = crate::period::zone("Asia/Tokyo").unwrap();
    let ms = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    // The 20th to the 22nd there; it is the 22nd, 01:00.
    let range = Range { from_ms: ms("2026-11-19T15:00:00Z"), to_ms: ms("2026-11-22T15:00:00Z") };
    let (days, first) = days_to_compare(range, &tokyo, ms("2026-11-21T16:00:00Z")).unwrap();
    assert_eq!((first, days[0].label.as_str(), days.len()), (28, "2026-10-23", 30));
    assert_eq!((days[29].label.as_str(), days[29].range.to_ms), ("2026-11-21", ms("2026-11-21T15:00:00Z")));
    // Of today alone nothing is over.
    let today = Range { from_ms: ms("2026-11-21T15:00:00Z"), ..range };
    assert_eq!(days_to_compare(today, &tokyo, ms("2026-11-22T14:59:59Z")).unwrap(), (vec![], 0));
}

fn review_of(book: TenantBook, tier: Option<&str>, events: &[SurveyedEvent]) -> Insight {
    let days = (0..30).map(|i| Bucket {
        range: Range { from_ms: FROM_MS + i * DAY_MS, to_ms: FROM_MS + (i + 1) * DAY_MS },
        label: i.to_string(),
    });
    let mut review = Review::new(ReviewInput { book: Arc::new(book), days: days.collect() });
    let model = Some("gpt-4o".to_owned());
    review.kind(SurveyKind { provider: Some("openai".into()), model, service_tier: tier.map(str::to_owned) });
    review.events(events);
    only(review.insights())
}

/// 100 calls of a hundred input tokens on a day, at the price of the table.
fn hundred(day: i64) -> impl Iterator<Item = SurveyedEvent> {
    (0..100).map(move |i| SurveyedEvent {
        seq: day * 1_000 + i,
        time_ms: FROM_MS + day * DAY_MS + i,
        status: 200,
        tokens: TokenUsage { input_uncached: 100, ..TokenUsage::default() },
        cost: CostNanos(250_000),
        request: u64::try_from(day * 1_000 + i).unwrap() + 1,
        ..SurveyedEvent::default()
    })
}

#[test]
fn the_smaller_model_is_priced_by_the_tier_of_the_call() {
    let events: Vec<_> = hundred(1).collect();
    // gpt-4o-mini: 0.15 dollars a million, in batches half of that.
    for (tier, instead) in [(None, 15_000), (Some("batch"), 7_500)] {
        let insight = review_of(PriceBook::builtin().with_overrides(vec![]), tier, &events);
        assert_eq!(insight.saving, CostNanos(100 * (250_000 - instead)), "{tier:?}");
    }
}

#[test]
fn the_smaller_model_is_priced_at_the_time_of_the_call() {
    let rates = Rates { input: PicosPerUnit(200_000), output: PicosPerUnit(600_000), ..Rates::default() };
    let from_ms = Some(FROM_MS + 15 * DAY_MS);
    let dearer =
        PriceEntry::from_rates(PriceId::new("x"), "openai", "gpt-4o-mini", from_ms, None, rates).unwrap();
    let events: Vec<_> = hundred(1).chain(hundred(20)).collect();
    let insight = review_of(PriceBook::builtin().with_overrides(vec![dearer]), None, &events);
    assert_eq!(insight.saving, CostNanos(100 * (250_000 - 15_000) + 100 * (250_000 - 20_000)));
}
