//! One model of a daily series: a level that may have a damped trend, and a weekly season where there is one.

use augurs::Predict;
use augurs::ets::model::{ErrorComponent, Model, ModelType, SeasonalComponent, TrendComponent, Unfit};
use augurs::mstl::stlrs::{MstlParams, StlParams};

/// Days of a week.
pub(super) const WEEK: usize = 7;
/// The days that a model is fitted to: eighteen weeks say enough about a level and a week, and the rest only costs time.
const MAX_FITTED: usize = 126;
/// Steps of the search for a model's parameters. More of them change no coverage and take twice the time.
const MAX_STEPS: usize = 100;
/// From so many days on, eight weeks, a slope may be drawn out undamped, for up to half as many days.
const LEAST_FOR_A_SLOPE: usize = 56;
/// How much the common spread weighs, in days, against that of one weekday.
const COMMON_SPREAD_DAYS: f64 = 6.0;

/// A fitted model, looking ahead.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    /// What is expected of each day, never negative.
    pub(super) points: Vec<f64>,
    /// Standard deviation of each day's own surprise.
    own: Vec<f64>,
    /// `carry[j]`: which part of a day's surprise stays in the level `j + 1` days later.
    carry: Vec<f64>,
    /// Variance of the level itself, known from so few days.
    level_variance: f64,
}

impl Fitted {
    /// Fits a model to whole days, oldest first, and looks `horizon` days ahead. `None` where no model can be found.
    pub(super) fn new(history: &[f64], seasonal: bool, horizon: usize) -> Option<Self> {
        let history = &history[history.len().saturating_sub(MAX_FITTED)..];
        let days = to_f64(history.len());
        let scale = history.iter().sum::<f64>() / days;
        if horizon == 0 || !scale.is_finite() || scale <= 0.0 {
            return None;
        }
        let scaled: Vec<f64> = history.iter().map(|value| value / scale).collect();
        let season = if seasonal { weekly_season(&scaled)? } else { vec![0.0; scaled.len()] };
        let base: Vec<f64> = scaled.iter().zip(&season).map(|(value, part)| value - part).collect();
        let model = best_model(&base, horizon)?;

        // One step more than needed, since the spread of the second day tells how much of a surprise stays.
        let steps = horizon.max(2);
        let ahead = model.predict(steps, ONE_SIGMA).ok()?;
        let bounds = ahead.intervals?;
        let spread: Vec<f64> =
            bounds.upper.iter().zip(&ahead.point).map(|(high, point)| high - point).collect();
        let carry = carried(&spread);

        let in_sample = model.predict_in_sample(None).ok()?.point;
        let residuals: Vec<f64> = base.iter().zip(&in_sample).map(|(value, fit)| value - fit).collect();
        let parameters = if seasonal { 9.0 } else { 3.0 };
        let squares = residuals.iter().map(|residual| residual * residual);
        let variance = squares.sum::<f64>() / (days - parameters).max(1.0);
        let own = spread_by_weekday(&residuals, variance);

        let first_ahead = season.len() - WEEK.min(season.len());
        let day_of_season = |day: usize| if seasonal { season[first_ahead + day % WEEK] } else { 0.0 };
        let points: Vec<f64> =
            (0..horizon).map(|day| ((ahead.point[day] + day_of_season(day)) * scale).max(0.0)).collect();
        let own: Vec<f64> = (0..horizon).map(|day| own[(history.len() + day) % WEEK] * scale).collect();
        let level_variance =
            variance * scale * scale * level_doubt(carry.first().copied().unwrap_or(0.0), days);
        let sound =
            points.iter().chain(&own).chain(&carry).chain([&level_variance]).all(|value| value.is_finite());
        sound.then_some(Self { points, own, carry, level_variance })
    }

    /// What is expected of the days `from..to`, where only `first` (0 to 1) of day 0 is still to come.
    pub(super) fn sum(&self, days: std::ops::Range<usize>, first: f64) -> f64 {
        let share = |day: usize| if day == 0 { first } else { 1.0 };
        days.map(|day| self.points[day] * share(day)).sum()
    }

    /// Standard deviation of the sum of those days. A surprise is in its own day and, for the part that stays in the
    /// level, in every later day too; the surprises themselves are independent.
    pub(super) fn deviation(&self, days: std::ops::Range<usize>, first: f64) -> f64 {
        let mut weights = vec![0.0; days.end];
        let mut whole_days = 0.0;
        for day in days {
            let share = if day == 0 { first } else { 1.0 };
            weights[day] += share.sqrt();
            whole_days += share;
            for (earlier, weight) in weights[..day].iter_mut().enumerate() {
                *weight += share * self.carry.get(day - earlier - 1).copied().unwrap_or(0.0);
            }
        }
        let surprises =
            weights.iter().zip(&self.own).map(|(weight, own)| (weight * own).powi(2)).sum::<f64>();
        (surprises + self.level_variance * whole_days * whole_days).sqrt()
    }
}

/// The level of confidence of one standard deviation of a normal distribution.
const ONE_SIGMA: f64 = 0.682_689_492_137_086;

/// The weekly part of a series, day by day.
fn weekly_season(values: &[f64]) -> Option<Vec<f64>> {
    // A long window: the shape of a week changes slowly, and a short one would take noise for it.
    let mut params = MstlParams::new();
    params.seasonal_lengths(&[21]).stl_params(StlParams::new());
    let parts = params.fit(values, &[WEEK]).ok()?;
    parts.seasonal().first().cloned()
}

/// A level, perhaps with a damped trend, or with a slope where there are enough days to see one: whichever explains the
/// days best for what it costs in parameters.
fn best_model(base: &[f64], horizon: usize) -> Option<Model> {
    let candidate = |trend, damped| {
        let kind = ModelType { error: ErrorComponent::Additive, trend, season: SeasonalComponent::None };
        Unfit::new(kind)
            .damped(damped)
            .max_iterations(MAX_STEPS)
            .fit(base)
            .ok()
            .filter(|model| model.aicc().is_finite())
    };
    let mut choices = vec![(TrendComponent::None, false), (TrendComponent::Additive, true)];
    if base.len() >= LEAST_FOR_A_SLOPE && horizon * 2 <= base.len() {
        choices.push((TrendComponent::Additive, false));
    }
    let models = choices.into_iter().filter_map(|(trend, damped)| candidate(trend, damped));
    models.min_by(|a, b| a.aicc().total_cmp(&b.aicc()))
}

/// From the spread of the first, second, .. day ahead: how much of a surprise stays in the level.
fn carried(spread: &[f64]) -> Vec<f64> {
    let first = spread.first().map_or(0.0, |spread| spread * spread);
    let stays = |pair: &[f64]| ((pair[1] * pair[1] - pair[0] * pair[0]) / first).max(0.0).sqrt();
    if first > 0.0 { spread.windows(2).map(stays).collect() } else { vec![0.0; spread.len() - 1] }
}

/// The standard deviation of each day of the week, counted from the first residual; one with few days leans on all.
fn spread_by_weekday(residuals: &[f64], variance: f64) -> [f64; WEEK] {
    let common = residuals.iter().map(|residual| residual * residual).sum::<f64>() / to_f64(residuals.len());
    let inflated = if common > 0.0 { variance / common } else { 1.0 };
    std::array::from_fn(|weekday| {
        let own: Vec<f64> =
            residuals.iter().skip(weekday).step_by(WEEK).map(|residual| residual * residual).collect();
        let shrunk = (own.iter().sum::<f64>() + COMMON_SPREAD_DAYS * common)
            / (to_f64(own.len()) + COMMON_SPREAD_DAYS);
        (shrunk * inflated).sqrt()
    })
}

/// Variance of the level in units of a day's: a level that hardly moves is a mean of all days, and as little known.
fn level_doubt(alpha: f64, days: f64) -> f64 {
    let kept = (1.0 - alpha.clamp(0.0, 1.0)).powi(2);
    if kept > 0.999_999 {
        return 1.0 / days;
    }
    let known = (1.0 - kept.powf(days)) / (1.0 - kept);
    kept.powf(days) / known
}

#[expect(clippy::cast_precision_loss, reason = "days and folds are few")]
pub(super) fn to_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    #[test]
    fn what_stays_of_a_surprise_counts_in_every_later_day() {
        let fitted =
            Fitted { points: vec![10.0; 3], own: vec![1.0; 3], carry: vec![0.5; 2], level_variance: 0.0 };
        // The first day's surprise is in all three days: 1 + 0.5 + 0.5.
        near(fitted.deviation(0..3, 1.0).powi(2), 4.0 + 2.25 + 1.0);
        near(fitted.deviation(2..3, 1.0).powi(2), 0.25 + 0.25 + 1.0);
        // A quarter of today is left: half of its own spread, and all of what it does to the days after it.
        near(fitted.deviation(0..3, 0.25).powi(2), 2.25 + 2.25 + 1.0);
        near(fitted.sum(0..3, 0.25), 22.5);
        // A level that is not well known is wrong by the same every day.
        let doubtful = Fitted { own: vec![0.0; 3], level_variance: 4.0, ..fitted };
        near(doubtful.deviation(0..3, 1.0), 6.0);
    }

    #[test]
    fn what_stays_is_read_from_how_the_spread_grows() {
        let spread = [2.0, 5.0_f64.sqrt(), 6.0_f64.sqrt(), 6.0_f64.sqrt()];
        for (found, expected) in carried(&spread).into_iter().zip([0.5, 0.5, 0.0]) {
            near(found, expected);
        }
        near(level_doubt(0.0, 50.0), 0.02);
        assert!(level_doubt(0.3, 50.0) < 1e-6);
    }

    #[test]
    fn a_weekday_with_more_noise_has_wider_bounds() {
        let mut residuals = vec![1.0; 70];
        residuals.iter_mut().skip(2).step_by(7).for_each(|residual| *residual = 10.0);
        let spread = spread_by_weekday(&residuals, 1.0);
        assert!(spread[2] > 2.0 * spread[3], "{spread:?}");
    }
}
