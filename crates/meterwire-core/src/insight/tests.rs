mod bounds;

use super::*;
use crate::period::{Bucket, Range};
use crate::price::{PriceBook, ServiceTier};
use crate::survey::{SurveyKind, SurveyedEvent, Surveyor};
use crate::tokens::TokenUsage;
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;
/// 2026-11-01.
const FROM_MS: i64 = 1_793_491_200_000;

/// gpt-4o, gpt-4o-mini, and a model of an unknown maker.
const KINDS: [(&str, &str); 3] = [("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("acme", "own")];

struct Month {
    events: Vec<SurveyedEvent>,
}

impl Month {
    /// Ordinary work: long prompts, some of gpt-4o, most of gpt-4o-mini, none failed, none repeated.
    fn clean() -> Self {
        let mut month = Self { events: Vec::new() };
        for i in 0..3_000_u64 {
            month.call(
                i64::try_from(i).unwrap() * 800_000,
                u32::from(i % 3 != 0),
                (900 + i % 300, 400),
                |event| {
                    event.request = i + 1;
                },
            );
        }
        month
    }

    fn call(
        &mut self,
        after_ms: i64,
        kind: u32,
        (input, output): (u64, u64),
        change: impl FnOnce(&mut SurveyedEvent),
    ) {
        let (provider, model) = KINDS[kind as usize];
        let tokens = TokenUsage { input_uncached: input, output_visible: output, ..TokenUsage::default() };
        let time_ms = FROM_MS + after_ms;
        let mut event = SurveyedEvent { time_ms, kind, status: 200, tokens, ..SurveyedEvent::default() };
        change(&mut event);
        let price = PriceBook::builtin().resolve(Some(provider), model, time_ms);
        event.cost =
            price.map_or(CostNanos::ZERO, |price| price.rate(&event.tokens, ServiceTier::Default).cost);
        self.events.push(event);
    }

    fn review(mut self) -> (Vec<Insight>, Vec<NotJudged>) {
        self.events.sort_by_key(|event| event.time_ms);
        for (seq, event) in self.events.iter_mut().enumerate() {
            event.seq = i64::try_from(seq).unwrap();
        }
        let day = |i| Range { from_ms: FROM_MS + i * DAY_MS, to_ms: FROM_MS + (i + 1) * DAY_MS };
        let days =
            (0..30).map(|i| Bucket { range: day(i), label: format!("2026-11-{:02}", i + 1) }).collect();
        let book = Arc::new(PriceBook::builtin().with_overrides(vec![]));
        let mut review = Review::new(ReviewInput { book, days });
        for (provider, model) in KINDS {
            let kind =
                SurveyKind { provider: Some(provider.into()), model: Some(model.into()), service_tier: None };
            review.kind(kind);
        }
        self.events.chunks(7).for_each(|events| review.events(events));
        review.insights()
    }
}

fn only(found: (Vec<Insight>, Vec<NotJudged>)) -> Insight {
    assert_eq!(found.0.len(), 1, "{found:#?}");
    found.0.into_iter().next().unwrap()
}

#[test]
fn a_clean_month_raises_nothing() {
    let (found, not_judged) = Month::clean().review();
    assert!(found.is_empty() && not_judged.is_empty(), "{found:#?} {not_judged:?}");
}

#[test]
fn short_prompts_of_a_large_model_are_priced_as_the_smaller_one() {
    let mut month = Month::clean();
    for i in 0..200_u64 {
        month.call(1_000 + i64::try_from(i).unwrap(), 0, (100 + i, 50), |event| event.request = 10_000 + i);
    }
    // Just too long to be short, on either side.
    month.call(5, 0, (501, 1), |_| ());
    month.call(6, 0, (1, 201), |_| ());
    let insight = only(month.review());
    // 200 calls of 100 to 299 tokens in and 50 out: 39,900 and 10,000 tokens, at 2.50 and 10 against 0.15 and 0.60.
    let cost = 39_900 * 2_500 + 10_000 * 10_000;
    let instead = 39_900 * 150 + 10_000 * 600;
    assert_eq!((insight.kind, insight.saving), (InsightKind::ExpensiveModel, CostNanos(cost - instead)));
    let Evidence::ShortCalls(short) = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!((short.calls, short.of_calls, short.instead.model()), (200, 1_202, "gpt-4o-mini"));
    assert_eq!((short.cost.0, short.cost_instead.0, short.tokens[0]), (cost, instead, 39_900));
    assert_eq!(short.examples.len(), MAX_EXAMPLES);
}

#[test]
fn few_short_prompts_and_those_of_a_small_model_are_nothing() {
    let mut month = Month::clean();
    for i in 0..99 {
        month.call(1_000 + i, 0, (100, 50), |_| ());
    }
    for i in 0..2_000 {
        month.call(1_000 + i, 1, (100, 50), |_| ());
    }
    assert_eq!(month.review().0, []);
}

#[test]
fn repetitions_save_what_they_cost_and_failed_ones_are_none() {
    let mut month = Month::clean();
    for i in 0..400 {
        month.call(DAY_MS + 60_000 * (1 + i), 0, (2_000, 100), |event| event.request = 77_000);
    }
    // A retry of a failed call is no repetition.
    month.call(9 * DAY_MS, 0, (2_000, 100), |event| (event.request, event.status) = (88_000, 500));
    month.call(9 * DAY_MS + 1, 0, (2_000, 100), |event| event.request = 88_000);
    let insight = only(month.review());
    assert_eq!(insight.kind, InsightKind::DuplicateCalls);
    // The first of the 400 had to be made; all are within 24 hours of it.
    assert_eq!(insight.saving, CostNanos(399 * (2_000 * 2_500 + 100 * 10_000)));
    let Evidence::Repeats { rows, beyond } = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!((rows.len(), rows[0].repeats, rows[0].request, *beyond), (1, 399, 77_000, None));
    assert_eq!(insight.model.as_ref().map(|model| model.model.as_str()), Some("gpt-4o"));
}

#[test]
fn rows_beyond_the_twentieth_are_one_and_everything_adds_up() {
    let mut month = Month::clean();
    for i in 0..30_u64 {
        for _ in 0..=i {
            month.call(i64::try_from(i).unwrap(), 0, (2_000, 100), |event| event.request = 50_000 + i);
        }
    }
    let insight = only(month.review());
    let Evidence::Repeats { rows, beyond } = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!(rows.len(), MAX_ROWS);
    assert!(rows.windows(2).all(|pair| pair[0].cost >= pair[1].cost));
    let (requests, repeats, cost) = beyond.unwrap();
    // Those with 1 to 9 repetitions.
    assert_eq!((requests, repeats), (9, 45));
    assert_eq!(rows.iter().map(|row| row.cost).sum::<CostNanos>() + cost, insight.saving);
}

#[test]
fn without_hashes_repetitions_are_not_judged() {
    let mut month = Month::clean();
    month.events.iter_mut().for_each(|event| event.request = 0);
    let (found, not_judged) = month.review();
    assert_eq!((found, not_judged[0].kind, not_judged.len()), (vec![], InsightKind::DuplicateCalls, 1));
}

#[test]
fn failed_calls_that_cost_money_save_what_they_cost() {
    let mut month = Month::clean();
    for i in 0..60 {
        month.call(i, 0, (3_000, 100), |event| event.status = if i < 40 { 500 } else { 429 });
    }
    let insight = only(month.review());
    assert_eq!((insight.kind, insight.saving), (InsightKind::ErrorSpend, CostNanos(60 * 8_500_000)));
    let Evidence::Errors { rows, .. } = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!(rows.iter().map(|row| (row.status, row.calls)).collect::<Vec<_>>(), [(500, 40), (429, 20)]);
}

#[test]
fn the_best_day_says_what_the_cache_could_have_held() {
    let mut month = Month::clean();
    for day in 0..10_i64 {
        for i in 0..60_i64 {
            month.call(day * DAY_MS + i, 0, (2_000, 300), |event| {
                // On the fourth day four fifths came from the cache, on the others a tenth.
                event.tokens.cache_read = if day == 3 { 1_600 } else { 200 };
                event.tokens.input_uncached = 2_000 - event.tokens.cache_read;
            });
        }
    }
    // Of the clean month only some of gpt-4o's prompts are long enough to count.
    month.events.retain(|event| event.kind != 0 || event.tokens.input() == 2_000);
    let insight = only(month.review());
    assert_eq!(insight.kind, InsightKind::LowCacheHit);
    let Evidence::Cache(found) = &insight.evidence else { panic!("{insight:?}") };
    assert_eq!(
        (found.best.date.as_str(), found.days.len(), found.total.input_tokens),
        ("2026-11-04", 10, 1_200_000)
    );
    // 80 % of 1,200,000 would have been cached, 204,000 were.
    assert_eq!(found.moved, 960_000 - 204_000);
    assert_eq!(insight.saving, CostNanos(756_000 * (2_500 - 1_250)));
}

#[test]
fn no_saving_is_counted_twice() {
    let mut month = Month::clean();
    for i in 0..400_i64 {
        // Short, repeated, and every fourth one failed.
        month.call(i, 0, (100, 50), |event| {
            (event.request, event.status) = (5_000, if i % 4 == 0 { 500 } else { 200 });
        });
    }
    for i in 0..400_u64 {
        month.call(1_000, 0, (100, 50), |event| event.request = 60_000 + i);
    }
    let (found, _) = month.review();
    let each = 100 * 2_500 + 50 * 10_000;
    let smaller = 100 * 150 + 50 * 600;
    let saved = |kind| found.iter().find(|insight| insight.kind == kind).map(|insight| insight.saving.0);
    assert_eq!(saved(InsightKind::DuplicateCalls), Some(299 * each));
    assert_eq!(saved(InsightKind::ExpensiveModel), Some(401 * (each - smaller)));
}

#[test]
fn too_little_data_is_said() {
    let mut month = Month::clean();
    month.events.truncate(99);
    let (found, not_judged) = month.review();
    assert!(found.is_empty());
    assert_eq!(not_judged.len(), 4);
    assert!(not_judged[0].reason.starts_with("99 calls of the 100"), "{not_judged:?}");
}

#[test]
fn a_day_is_compared_with_its_weekdays() {
    let day = |i: i64, dollars: i64| DaySpend {
        date: i.to_string(),
        calls: 1,
        cost: CostNanos(dollars * 1_000_000_000),
    };
    let mut days: Vec<DaySpend> = (0..35).map(|i| day(i, if i % 7 == 6 { 10 } else { 30 })).collect();
    assert_eq!(spikes(&days, 28), Ok(None));
    // 30 dollars are usual on other days, not on this one.
    days[34].cost = CostNanos(31_000_000_000);
    let found = spikes(&days, 28).unwrap().unwrap();
    let Evidence::Spikes(rows) = &found.evidence else { panic!("{found:?}") };
    assert_eq!((rows.len(), rows[0].day.date.as_str(), rows[0].usual), (1, "34", CostNanos(10_000_000_000)));
    assert_eq!(
        rows[0].compared.iter().map(|day| day.date.as_str()).collect::<Vec<_>>(),
        ["27", "20", "13", "6"]
    );
    days[34].cost = CostNanos(30_000_000_000);
    assert_eq!(spikes(&days, 28), Ok(None), "three times as much is not more than three times as much");
    let short = spikes(&days[..20], 0).unwrap_err();
    assert_eq!(short.kind, InsightKind::CostSpike);
}

#[test]
fn keys_are_idle_when_they_are_old_and_unused() {
    let now_ms = FROM_MS + 100 * DAY_MS;
    let key = |name: &str, age: i64, used: Option<i64>, is_open| KeyUse {
        id: name.to_owned(),
        name: name.to_owned(),
        project: None,
        created_ms: now_ms - age * DAY_MS,
        last_used_ms: used.map(|days| now_ms - days * DAY_MS),
        is_open,
    };
    let keys = vec![
        key("never", 31, None, true),
        key("long ago", 90, Some(31), true),
        key("new", 29, None, true),
        key("used", 90, Some(1), true),
        key("revoked", 90, None, false),
    ];
    let found = idle_keys(keys, vec![], now_ms).unwrap();
    let Evidence::IdleKeys(rows) = &found.evidence else { panic!("{found:?}") };
    assert_eq!(rows.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["never", "long ago"]);
    assert_eq!(idle_keys(vec![key("used", 90, Some(1), true)], vec![], now_ms), None);
}

#[test]
fn sentences_show_cents_or_every_digit() {
    assert_eq!(usd(CostNanos(12_345_678_900)), "12.35 USD");
    assert_eq!(usd(CostNanos(-1_005_000_000)), "-1.00 USD");
    assert_eq!(usd(CostNanos(9_000)), "0.000009 USD");
}
