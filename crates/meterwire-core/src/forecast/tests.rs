use super::*;
use proptest::prelude::*;

/// A seeded stream of numbers.
struct Random(u64);

impl Random {
    fn seeded(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..20 {
            random.uniform();
        }
        random
    }

    #[expect(clippy::cast_precision_loss, reason = "noise")]
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// A working week: Saturdays and Sundays see a third of the others.
fn weekday(day: usize) -> f64 {
    if day % 7 >= 5 { 0.3 } else { 1.0 }
}

fn ahead(history: &[f64], days: usize) -> Forecast {
    let input = ForecastInput { history, today: 0.0, today_left: 1.0, days_after: days - 1 };
    forecast(input).unwrap()
}

/// How often the bounds held, in percent, over seeded series: history, days ahead, and what makes a series.
fn coverage(
    history: usize,
    days: usize,
    mut series: impl FnMut(usize, &mut Random) -> Vec<f64>,
) -> (usize, usize) {
    const RUNS: usize = 120;
    let mut held = (0, 0);
    for seed in 0..RUNS {
        let values = series(history + days, &mut Random::seeded(seed as u64 + 1));
        let came: f64 = values[history..].iter().sum();
        let bounds = ahead(&values[..history], days).rest.bounds.unwrap();
        assert!(bounds.low_95 <= bounds.low_80 && bounds.high_80 <= bounds.high_95);
        held.0 += usize::from(bounds.low_80 <= came && came <= bounds.high_80);
        held.1 += usize::from(bounds.low_95 <= came && came <= bounds.high_95);
    }
    (held.0 * 100 / RUNS, held.1 * 100 / RUNS)
}

fn assert_honest((near, far): (usize, usize)) {
    assert!((70..=90).contains(&near), "the 80 % bounds held in {near} %");
    assert!((88..=100).contains(&far), "the 95 % bounds held in {far} %");
}

#[test]
fn bounds_hold_as_often_as_they_say_on_a_steady_week() {
    assert_honest(coverage(60, 14, |days, random| {
        (0..days).map(|day| (100.0 * weekday(day) + 10.0 * random.normal()).max(0.0)).collect()
    }));
}

#[test]
fn bounds_hold_as_often_as_they_say_where_noise_grows_with_usage() {
    assert_honest(coverage(60, 14, |days, random| {
        (0..days).map(|day| 100.0 * weekday(day) * (0.25 * random.normal()).exp()).collect()
    }));
}

#[test]
fn bounds_hold_as_often_as_they_say_on_steady_growth() {
    assert_honest(coverage(90, 12, |days, random| {
        let grown = |day: usize| (50.0 + 0.5 * to_f64(day)) * weekday(day);
        (0..days).map(|day| (grown(day) + 8.0 * random.normal()).max(0.0)).collect()
    }));
}

#[test]
fn bounds_hold_as_often_as_they_say_on_a_wandering_level() {
    assert_honest(coverage(90, 12, |days, random| {
        let mut level = 100.0;
        let mut next = |day: usize| {
            level = f64::max(level + 4.0 * random.normal(), 5.0);
            (level * weekday(day) + 10.0 * random.normal()).max(0.0)
        };
        (0..days).map(&mut next).collect()
    }));
}

#[test]
fn bounds_hold_as_often_as_they_say_without_a_season() {
    assert_honest(coverage(18, 5, |days, random| {
        (0..days).map(|_| (100.0 + 20.0 * random.normal()).max(0.0)).collect()
    }));
}

#[test]
fn a_week_that_repeats_is_foretold() {
    let mut random = Random::seeded(7);
    let history: Vec<f64> = (0..70).map(|day| 100.0 * weekday(day) + random.normal()).collect();
    let found = ahead(&history, 14);
    assert_eq!(found.method, Method::Seasonal);
    for (day, estimate) in found.days.iter().enumerate() {
        let expected = 100.0 * weekday(day);
        assert!((estimate.mean - expected).abs() < 4.0, "day {day}: {estimate:?}");
        assert!(estimate.bounds.unwrap().high_80 - estimate.mean < 5.0, "day {day}: {estimate:?}");
    }
    let backtest = found.backtest.unwrap();
    // The first of the folds ends with yesterday; each begins a week before the one before it.
    assert_eq!((backtest.folds, backtest.horizon_days), (7, 14));
    assert!(
        backtest.sum_error_percent.unwrap() < 2.0 && backtest.day_error_percent.unwrap() < 5.0,
        "{backtest:?}"
    );
    assert!(backtest.coverage_95 >= backtest.coverage_80, "{backtest:?}");
}

#[test]
fn the_bounds_of_a_sum_are_narrower_than_the_sum_of_bounds() {
    let mut random = Random::seeded(3);
    let history: Vec<f64> = (0..60).map(|day| 100.0 * weekday(day) + 10.0 * random.normal()).collect();
    let found = ahead(&history, 20);
    let width = |estimate: &Estimate| estimate.bounds.unwrap().high_80 - estimate.mean;
    let days = found.days.iter().map(width).sum::<f64>();
    assert!(width(&found.rest) < days / 2.0, "{} {days}", width(&found.rest));
    let means = found.days.iter().map(|day| day.mean).sum::<f64>();
    assert!((found.rest.mean - means).abs() < 1e-6 * means);
}

#[test]
fn today_is_what_was_used_and_the_share_of_a_day_that_is_left() {
    let mut random = Random::seeded(5);
    let history: Vec<f64> = (0..63).map(|day| 100.0 * weekday(day) + random.normal()).collect();
    let at = |today, today_left| {
        forecast(ForecastInput { history: &history, today, today_left, days_after: 2 }).unwrap()
    };
    let evening = at(40.0, 0.25);
    assert!((evening.days[0].mean - 65.0).abs() < 2.0, "{:?}", evening.days[0]);
    assert!((evening.rest.mean - 225.0).abs() < 4.0, "{:?}", evening.rest);
    let bounds = evening.days[0].bounds.unwrap();
    assert!(bounds.low_95 >= 40.0);
    // The later it is the less is open.
    let open = |forecast: &Forecast| {
        let bounds = forecast.days[0].bounds.unwrap();
        bounds.high_80 - bounds.low_80
    };
    assert!(open(&at(90.0, 0.05)) < open(&evening) && open(&evening) < open(&at(0.0, 1.0)));
    // A day that is over but for nothing is what it was, however little that is.
    let midnight = at(3.0, 0.0);
    assert!((midnight.days[0].mean - 3.0).abs() < 1e-9);
}

#[test]
fn too_little_history_is_flat_and_says_so() {
    let flat = |history: &[f64], today, left| {
        forecast(ForecastInput { history, today, today_left: left, days_after: 3 }).unwrap()
    };
    let some = flat(&[10.0, 20.0, 30.0], 5.0, 0.5);
    assert_eq!((some.method, some.rest.bounds, some.backtest), (Method::Flat, None, None));
    assert!(some.reason.contains("3 whole days") && some.reason.contains("14"), "{}", some.reason);
    let means: Vec<f64> = some.days.iter().map(|day| day.mean).collect();
    assert_eq!(means, [15.0, 20.0, 20.0, 20.0]);
    assert!((some.rest.mean - 70.0).abs() < 1e-9);
    // No whole day yet: today at its pace.
    assert!((flat(&[], 6.0, 0.25).rest.mean - 26.0).abs() < 1e-9);
    assert!(flat(&[], 0.0, 0.9).rest.mean.abs() < 1e-9);
    let same = flat(&[7.0; 40], 0.0, 1.0);
    assert_eq!(same.method, Method::Flat);
    assert!(same.reason.contains("the same"), "{}", same.reason);
    assert!((same.rest.mean - 28.0).abs() < 1e-9);
}

#[test]
fn methods_change_at_their_days() {
    let mut random = Random::seeded(11);
    let history: Vec<f64> = (0..21).map(|_| 50.0 + random.normal()).collect();
    let method = |days: usize| ahead(&history[..days], 5).method;
    let found = [13, 14, 20, 21].map(method);
    assert_eq!(found, [Method::Flat, Method::Smoothing, Method::Smoothing, Method::Seasonal]);
    assert_eq!(Method::Seasonal.name(), "mstl_ets");
}

#[test]
fn looking_too_far_ahead_is_refused() {
    let input =
        ForecastInput { history: &[1.0; 30], today: 0.0, today_left: 0.5, days_after: MAX_HORIZON_DAYS };
    assert_eq!(forecast(input).unwrap_err().field, "range");
}

fn any_history() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![3 => Just(0.0), 3 => 0.0..1.0_f64, 3 => 0.0..1e3_f64, 1 => 0.0..1e15_f64, 1 => Just(1e-9)];
    proptest::collection::vec(value, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_came_before_a_forecast_is_sound(
        history in any_history(), today in 0.0..1e6_f64, left in 0.0..=1.0_f64, days_after in 0..60_usize,
    ) {
        let found = forecast(ForecastInput { history: &history, today, today_left: left, days_after }).unwrap();
        prop_assert_eq!(found.days.len(), days_after + 1);
        prop_assert!(found.days[0].mean >= today);
        for estimate in found.days.iter().chain([&found.rest]) {
            prop_assert!(estimate.mean.is_finite() && estimate.mean >= 0.0, "{:?}", estimate);
            if let Some(bounds) = estimate.bounds {
                let ordered = [0.0, bounds.low_95, bounds.low_80, estimate.mean, bounds.high_80, bounds.high_95];
                prop_assert!(ordered.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", estimate);
                prop_assert!(bounds.high_95.is_finite());
            }
        }
        if let Some(backtest) = found.backtest {
            prop_assert!((0.0..=100.0).contains(&backtest.coverage_80) && backtest.folds <= MAX_FOLDS);
        }
    }
}
