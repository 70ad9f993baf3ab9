//! What a running period will come to, with bounds, and how well the same method did before.
//!
//! An estimate, so it is made in floating point; nothing is added up from it. The bounds are of the **sum** over the
//! rest of the period, not the sum of bounds of days, which would be far too wide. They are made in three steps:
//!
//! 1. The model (a level, perhaps with a damped trend, plus the season of the week) leaves a surprise each day. Their
//!    spread is taken by weekday. A surprise counts in its own day, and the part that stays in the level counts in
//!    every later day of the period too: that is how the days of a sum hang together. The variance of the sum is the
//!    sum over the surprises, plus what is not known of the level itself.
//! 2. The back-test: the same is done from up to ten days of the past, each time knowing only what was known then,
//!    and the sums that came are compared with the sums that were expected. Where they missed by more or less than
//!    step 1 says, the bounds are widened or narrowed alike. Before any of them is looked at, five misses a little
//!    larger than expected are taken for granted, the larger the shorter the history.
//! 3. The bounds lie 80 and 95 % of a Student distribution around the mean, with as many degrees of freedom as there
//!    were days in step 2; never below what was used already.
//!
//! What no past day shows (a launch, a new price) is in no bound. On made-up series with a steady level, steady growth
//! or a slowly wandering level the bounds hold as often as they say (the tests hold them to it). After only three or four
//! weeks that grew or wandered they are too narrow: those of 80 % then hold about two times in three. After less than
//! three weeks with a strong week they are too wide, for the week is still taken for noise. See `docs/adr/0010`.

mod model;
pub mod query;
#[cfg(test)]
mod tests;

use crate::invalid::Invalid;
use model::{Fitted, WEEK, to_f64};

/// The most days of history that are looked at.
pub const MAX_HISTORY_DAYS: usize = 400;
/// The most days that are looked ahead, today included.
pub const MAX_HORIZON_DAYS: usize = 400;
/// From so many whole days on a model is fitted.
pub const MIN_MODEL_DAYS: usize = 14;
/// From so many whole days on, three weeks, the season of the week is taken into account.
pub const MIN_SEASON_DAYS: usize = 21;
/// The most folds of a back-test.
const MAX_FOLDS: usize = 10;
/// The longest horizon of a back-test; longer ones would leave too few folds that differ.
const MAX_FOLD_DAYS: usize = 30;
/// How many folds that missed as expected are believed before any was seen.
const PRIOR_FOLDS: f64 = 5.0;

/// What a forecast is made from.
#[derive(Debug, Clone, Copy)]
pub struct ForecastInput<'a> {
    /// Usage of each whole day before today, oldest first; today is no whole day.
    pub history: &'a [f64],
    /// What was used today so far.
    pub today: f64,
    /// The share of a day's usage that comes after this time of the day, 0 to 1.
    pub today_left: f64,
    /// The days of the period after today.
    pub days_after: usize,
}

/// How a forecast was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A season of the week (MSTL) and exponential smoothing.
    Seasonal,
    /// Exponential smoothing alone.
    Smoothing,
    /// Every day like the mean of the days there are.
    Flat,
}

impl Method {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seasonal => "mstl_ets",
            Self::Smoothing => "ets",
            Self::Flat => "flat",
        }
    }
}

/// Bounds that hold with 80 and with 95 % of probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// With 80 %: not less.
    pub low_80: f64,
    /// With 80 %: not more.
    pub high_80: f64,
    /// With 95 %: not less.
    pub low_95: f64,
    /// With 95 %: not more.
    pub high_95: f64,
}

/// One number that is not known yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// What is expected.
    pub mean: f64,
    /// Between what it will lie; `None` where nothing can be said.
    pub bounds: Option<Bounds>,
}

/// How well the method did on the past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backtest {
    /// From so many days of the past a forecast was made.
    pub folds: usize,
    /// Each looked so many days ahead.
    pub horizon_days: usize,
    /// Mean over the folds of how far the sum was missed, in percent of what came; `None` where nothing came.
    pub sum_error_percent: Option<f64>,
    /// How far the single days were missed, all together, in percent of what came.
    pub day_error_percent: Option<f64>,
    /// The share of folds whose sum lay within its 80 % bounds, in percent. Each is judged by bounds that were widened
    /// by the other folds only.
    pub coverage_80: f64,
    /// The same for 95 %.
    pub coverage_95: f64,
}

/// A forecast to the end of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// How it was made.
    pub method: Method,
    /// Why so, in a sentence.
    pub reason: String,
    /// What comes from now to the end of the period.
    pub rest: Estimate,
    /// Today as a whole, what was used so far included, and the days after it.
    pub days: Vec<Estimate>,
    /// How well the method did on the past; `None` where there is too little of it.
    pub backtest: Option<Backtest>,
}

/// Makes a forecast. Refuses to look further ahead than [`MAX_HORIZON_DAYS`].
pub fn forecast(input: ForecastInput<'_>) -> Result<Forecast, Invalid> {
    if input.days_after >= MAX_HORIZON_DAYS {
        let message = format!("the range may end at most {MAX_HORIZON_DAYS} days from today");
        return Err(Invalid::new("range", message));
    }
    let history = &input.history[input.history.len().saturating_sub(MAX_HISTORY_DAYS)..];
    let input = ForecastInput { history, today_left: input.today_left.clamp(0.0, 1.0), ..input };
    if let Some(reason) = why_flat(history) {
        return Ok(flat(&input, reason));
    }
    let seasonal = history.len() >= MIN_SEASON_DAYS;
    let Some(fitted) = Fitted::new(history, seasonal, input.days_after + 1) else {
        return Ok(flat(&input, "No model fits the history; every day is taken as its mean.".to_owned()));
    };
    let rehearsal = Rehearsal::of(history, seasonal, input.days_after + 1);
    let widen = rehearsal.as_ref().map_or(Widening::NONE, |rehearsal| rehearsal.widening(None));
    Ok(from_model(&input, seasonal, &fitted, widen, rehearsal.as_ref()))
}

fn why_flat(history: &[f64]) -> Option<String> {
    let days = history.len();
    let whole = if days == 1 { "is 1 whole day".to_owned() } else { format!("are {days} whole days") };
    if days < MIN_MODEL_DAYS {
        return Some(format!(
            "There {whole} of history and a model needs {MIN_MODEL_DAYS}; every day is taken as the mean so far."
        ));
    }
    let first = history.first().copied().unwrap_or_default();
    let same = history.iter().all(|value| (value - first).abs() <= f64::EPSILON * first.abs());
    same.then(|| {
        format!("All {days} whole days of history are the same, so there is no spread to take bounds from.")
    })
}

/// Every day like the mean of the whole days; where there is none yet, like today at its pace.
fn flat(input: &ForecastInput<'_>, reason: String) -> Forecast {
    let elapsed = (1.0 - input.today_left).max(1.0 / 24.0);
    let mean = match input.history.len() {
        0 => input.today / elapsed,
        days => input.history.iter().sum::<f64>() / to_f64(days),
    };
    let estimate = |mean: f64| Estimate { mean: mean.max(0.0), bounds: None };
    let today_rest = mean * input.today_left;
    let mut days = vec![estimate(input.today + today_rest)];
    days.extend((0..input.days_after).map(|_| estimate(mean)));
    let rest = estimate(today_rest + mean * to_f64(input.days_after));
    Forecast { method: Method::Flat, reason, rest, days, backtest: None }
}

fn from_model(
    input: &ForecastInput<'_>,
    seasonal: bool,
    fitted: &Fitted,
    widen: Widening,
    rehearsal: Option<&Rehearsal>,
) -> Forecast {
    let ahead = input.days_after + 1;
    let estimate = |days: std::ops::Range<usize>| {
        let mean = fitted.sum(days.clone(), input.today_left);
        Estimate { mean, bounds: Some(widen.bounds(mean, fitted.deviation(days, input.today_left))) }
    };
    let today = estimate(0..1).beside(input.today);
    let days = std::iter::once(today).chain((1..ahead).map(|day| estimate(day..day + 1)));
    let (method, what) = if seasonal {
        (Method::Seasonal, "A season of the week and a smoothed level")
    } else {
        (Method::Smoothing, "A smoothed level")
    };
    let why = if seasonal { "" } else { "; a season of the week needs 21" };
    Forecast {
        method,
        reason: format!("{what}, from {} whole days of history{why}.", input.history.len()),
        rest: estimate(0..ahead),
        days: days.collect(),
        backtest: rehearsal.map(Rehearsal::report),
    }
}

impl Estimate {
    /// The same with what is known already.
    pub fn beside(self, known: f64) -> Self {
        let bounds = self.bounds.map(|bounds| Bounds {
            low_80: bounds.low_80 + known,
            high_80: bounds.high_80 + known,
            low_95: bounds.low_95 + known,
            high_95: bounds.high_95 + known,
        });
        Self { mean: self.mean + known, bounds }
    }
}

/// By how much the spread that the model believes in is to be changed, and how sure that is.
#[derive(Debug, Clone, Copy)]
struct Widening {
    factor: f64,
    freedom: f64,
}

impl Widening {
    const NONE: Self = Self { factor: 1.0, freedom: PRIOR_FOLDS };

    fn bounds(self, mean: f64, deviation: f64) -> Bounds {
        let off = |normal: f64| student(normal, self.freedom) * self.factor * deviation;
        let (near, far) = (off(NORMAL_80), off(NORMAL_95));
        let low = |off: f64| (mean - off).max(0.0);
        Bounds { low_80: low(near), high_80: mean + near, low_95: low(far), high_95: mean + far }
    }
}

/// Quantiles of the normal distribution that leave out a tenth and a fortieth on either side.
const NORMAL_80: f64 = 1.281_551_565_544_6;
const NORMAL_95: f64 = 1.959_963_984_540_05;

/// A quantile of Student's distribution from that of the normal one, by its expansion in the degrees of freedom.
fn student(normal: f64, freedom: f64) -> f64 {
    let (z, v) = (normal, freedom);
    let first = (z.powi(3) + z) / (4.0 * v);
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * v * v);
    z + first + second
}

/// One forecast of the past beside what came.
#[derive(Debug, Clone, Copy)]
struct Fold {
    expected: f64,
    came: f64,
    deviation: f64,
    /// How far the days were missed, added up.
    missed_days: f64,
}

impl Fold {
    /// The miss in standard deviations, squared. Bounded, so that one break in the history does not drown the rest.
    fn score(&self) -> f64 {
        let missed = self.came - self.expected;
        if self.deviation > 0.0 { (missed / self.deviation).powi(2).min(100.0) } else { 1.0 }
    }
}

/// The back-test: forecasts from days of the past.
struct Rehearsal {
    days: usize,
    horizon_days: usize,
    folds: Vec<Fold>,
}

impl Rehearsal {
    /// Looks ahead from days of the past, the latest first; `None` where there are too few of them.
    fn of(history: &[f64], seasonal: bool, ahead: usize) -> Option<Self> {
        let least = if seasonal { 2 * WEEK } else { 10 };
        let horizon_days = ahead.min(MAX_FOLD_DAYS).min((history.len() - least) / 2);
        if horizon_days == 0 {
            return None;
        }
        let step = horizon_days.div_ceil(2);
        let mut folds = Vec::new();
        let mut origin = history.len() - horizon_days;
        while folds.len() < MAX_FOLDS && origin >= least {
            let came = &history[origin..origin + horizon_days];
            if let Some(fitted) = Fitted::new(&history[..origin], seasonal, horizon_days) {
                let missed = fitted.points.iter().zip(came).map(|(point, came)| (point - came).abs());
                folds.push(Fold {
                    expected: fitted.sum(0..horizon_days, 1.0),
                    came: came.iter().sum(),
                    deviation: fitted.deviation(0..horizon_days, 1.0),
                    missed_days: missed.sum(),
                });
            }
            origin = match origin.checked_sub(step) {
                Some(earlier) => earlier,
                None => break,
            };
        }
        (!folds.is_empty()).then_some(Self { days: history.len(), horizon_days, folds })
    }

    /// What the folds say about the spread, but for one of them.
    fn widening(&self, without: Option<usize>) -> Widening {
        let scores = self.folds.iter().enumerate().filter(|(i, _)| Some(*i) != without);
        let (mut count, mut sum) = (PRIOR_FOLDS, PRIOR_FOLDS * (1.0 + 16.0 / to_f64(self.days)));
        for (_, fold) in scores {
            count += 1.0;
            sum += fold.score();
        }
        Widening { factor: (sum / count).sqrt(), freedom: count }
    }

    fn report(&self) -> Backtest {
        let mut within = (0, 0);
        for (i, fold) in self.folds.iter().enumerate() {
            let bounds = self.widening(Some(i)).bounds(fold.expected, fold.deviation);
            within.0 += usize::from((bounds.low_80..=bounds.high_80).contains(&fold.came));
            within.1 += usize::from((bounds.low_95..=bounds.high_95).contains(&fold.came));
        }
        let with_usage: Vec<&Fold> = self.folds.iter().filter(|fold| fold.came > 0.0).collect();
        let missed = with_usage.iter().map(|fold| (fold.came - fold.expected).abs() / fold.came).sum::<f64>();
        let came = self.folds.iter().map(|fold| fold.came).sum::<f64>();
        let missed_days = self.folds.iter().map(|fold| fold.missed_days).sum::<f64>();
        let percent = |part: f64, whole: f64| 100.0 * part / whole;
        let folds = to_f64(self.folds.len());
        Backtest {
            folds: self.folds.len(),
            horizon_days: self.horizon_days,
            sum_error_percent: (!with_usage.is_empty()).then(|| percent(missed, to_f64(with_usage.len()))),
            day_error_percent: (came > 0.0).then(|| percent(missed_days, came)),
            coverage_80: percent(to_f64(within.0), folds),
            coverage_95: percent(to_f64(within.1), folds),
        }
    }
}
