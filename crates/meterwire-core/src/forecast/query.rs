//! A question about the future: bounded and complete before any store sees it, and cut into the slots that a forecast
//! is made from.

use super::{ForecastInput, MAX_HISTORY_DAYS, MAX_HORIZON_DAYS};
use crate::dimension::Dimensions;
use crate::invalid::Invalid;
use crate::period::{self, Bucket, Granularity, Range, RangeInput};
use crate::totals::Totals;
use crate::usage_query::{Filter, parse_filters};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::str::FromStr;

/// The days from which is taken how much of a day comes after this time of it: four weeks.
const PROFILE_DAYS: usize = 28;

/// What is forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForecastMetric {
    /// The cost of everything that has a price.
    Cost,
    /// Input and output tokens.
    Tokens,
    /// Events.
    Calls,
}

impl ForecastMetric {
    /// Every metric, in the order of the contract.
    pub const ALL: [Self; 3] = [Self::Cost, Self::Tokens, Self::Calls];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Calls => "calls",
        }
    }

    /// In what it is told.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cost => "usd",
            other => other.name(),
        }
    }

    /// Its exact value: nano-dollars, tokens, calls.
    pub fn of(self, totals: &Totals) -> i64 {
        match self {
            Self::Cost => totals.cost.0,
            Self::Tokens => totals.token_usage().total().cast_signed(),
            Self::Calls => totals.calls,
        }
    }
}

impl FromStr for ForecastMetric {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|metric| metric.name() == name).ok_or(())
    }
}

/// A question as it is asked.
#[derive(Debug, Clone, Default)]
pub struct ForecastQueryInput {
    /// The period; default `this_month`.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// What is forecast; default the cost.
    pub metric: Option<String>,
    /// Filters: dimension and value; an empty value is the absent one.
    pub filters: Vec<(String, String)>,
}

/// A question that can be answered.
#[derive(Debug, Clone)]
pub struct ForecastQuery {
    /// Name of the zone.
    pub tz: String,
    /// The period, which is running.
    pub range: Range,
    /// What is forecast.
    pub metric: ForecastMetric,
    /// Only events that pass every filter.
    pub filters: Vec<Filter>,
    /// The days of the period.
    pub days: Vec<Bucket>,
    /// Where among them today is.
    pub today: usize,
    /// What a store is to add up.
    pub slots: Slots,
    zone: TimeZone,
    now_ms: i64,
}

/// Spans of time from the beginning of the history to the end of today, each within one day, within or before the
/// period, and for the latest days before or after this time of the day.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    /// The edges: one more than there are slots, ascending.
    pub edges_ms: Vec<i64>,
    kinds: Vec<Slot>,
    days: usize,
    /// Whether the first day is there from its beginning.
    first_is_whole: bool,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Counted from the first day of the history.
    day: usize,
    /// Counted from the first day of the period, where it is in the period.
    period_day: Option<usize>,
    /// Whether it comes after this time of the day; `None` where that does not matter.
    later: Option<bool>,
}

/// What came of the slots.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// What each day of the period used, to the end of today.
    pub period: Vec<i64>,
    /// Events of the period with tokens whose model has no price.
    pub unpriced_calls: i64,
    /// Usage of each whole day before today from the first full one, oldest first.
    pub history: Vec<f64>,
    /// The share of a day's usage that comes after this time of the day.
    pub today_left: f64,
}

impl ForecastQuery {
    /// Checks and completes a question. `tenant_tz` is the zone where none is named.
    pub fn new(
        input: ForecastQueryInput,
        tenant_tz: &str,
        dimensions: &Dimensions,
        now_ms: i64,
    ) -> Result<Self, Invalid> {
        let tz = input.tz.unwrap_or_else(|| tenant_tz.to_owned());
        let zone = period::zone(&tz)?;
        let field = if input.range.from.is_some() { "to" } else { "range" };
        let range = input.range.resolve("this_month", &zone, now_ms)?;
        check_running(range, field, &zone, now_ms)?;
        let metric = match &input.metric {
            None => ForecastMetric::Cost,
            Some(name) => name
                .parse()
                .map_err(|()| Invalid::new("metric", "metric must be one of cost, tokens, calls"))?,
        };
        let filters = parse_filters(input.filters, dimensions)?;
        let days = range.buckets(Granularity::Day, &zone)?;
        let today = days.iter().position(|day| now_ms < day.range.to_ms).unwrap_or_default();
        let slots = Slots::new(range, &days, today, &zone, now_ms, None)?;
        Ok(Self { tz, range, metric, filters, days, today, slots, zone, now_ms })
    }

    /// The same without any history before `from_ms`.
    pub fn with_history_from(mut self, from_ms: i64) -> Result<Self, Invalid> {
        self.slots = Slots::new(self.range, &self.days, self.today, &self.zone, self.now_ms, Some(from_ms))?;
        Ok(self)
    }

    /// Puts the sums of the slots together.
    pub fn past(&self, sums: impl IntoIterator<Item = (usize, Totals)>) -> Past {
        let mut period = vec![0; self.today + 1];
        let mut unpriced_calls = 0;
        let mut days = vec![(0_i64, 0_i64); self.slots.days];
        let mut profile = (0_i64, 0_i64);
        for (slot, totals) in sums {
            let Some(slot) = self.slots.kinds.get(slot) else { continue };
            let value = self.metric.of(&totals);
            if let Some(sum) = slot.period_day.and_then(|day| period.get_mut(day)) {
                *sum += value;
                unpriced_calls += totals.unpriced_calls;
            }
            if let Some((sum, calls)) = days.get_mut(slot.day) {
                *sum += value;
                *calls += totals.calls;
            }
            match slot.later {
                Some(true) => profile.1 += value,
                Some(false) => profile.0 += value,
                None => {}
            }
        }
        // Today is the last day and no whole one. Neither is the day on which usage began, unless it began before.
        let first = match days.iter().position(|(_, calls)| *calls > 0) {
            Some(0) if self.slots.first_is_whole => 0,
            Some(first) => first + 1,
            None => days.len(),
        };
        let whole = days.get(first..days.len().saturating_sub(1)).unwrap_or_default();
        let history = whole.iter().map(|(value, _)| estimated(*value)).collect();
        Past { period, unpriced_calls, history, today_left: self.today_left(profile) }
    }

    /// By what the latest days did after this time of the day, else by the clock.
    fn today_left(&self, (earlier, later): (i64, i64)) -> f64 {
        if earlier >= 0 && later >= 0 && earlier.saturating_add(later) > 0 {
            return estimated(later) / estimated(earlier.saturating_add(later));
        }
        let day = period::day_of(self.now_ms, &self.zone);
        estimated(day.to_ms - self.now_ms) / estimated(day.to_ms - day.from_ms)
    }

    /// What a forecast is made from.
    pub fn forecast_input<'a>(&self, past: &'a Past) -> ForecastInput<'a> {
        ForecastInput {
            history: &past.history,
            today: past.period.last().copied().map_or(0.0, estimated),
            today_left: past.today_left,
            days_after: self.days.len() - self.today - 1,
        }
    }
}

/// A number that is only estimated with from here on.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
pub fn estimated(value: i64) -> f64 {
    value as f64
}

fn check_running(range: Range, field: &str, zone: &TimeZone, now_ms: i64) -> Result<(), Invalid> {
    if range.to_ms <= now_ms + 1 {
        return Err(Invalid::new(
            field,
            "a forecast needs a range that goes on after now, such as this_month",
        ));
    }
    if range.from_ms > now_ms {
        return Err(Invalid::new("from", "the range has not begun; a forecast needs one that is running"));
    }
    if period::day_of(range.to_ms, zone).from_ms != range.to_ms {
        return Err(Invalid::new(field, "a forecast needs a range that ends with a day, such as this_month"));
    }
    let day_ms = 86_400_000;
    if (range.to_ms - now_ms) / day_ms >= to_i64(MAX_HORIZON_DAYS) {
        return Err(Invalid::new(
            field,
            format!("the range may end at most {MAX_HORIZON_DAYS} days from today"),
        ));
    }
    if (now_ms - range.from_ms) / day_ms >= to_i64(MAX_HISTORY_DAYS) {
        return Err(Invalid::new(
            "from",
            format!("the range may have begun at most {MAX_HISTORY_DAYS} days ago"),
        ));
    }
    Ok(())
}

fn to_i64(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(i64::MAX)
}

impl Slots {
    fn new(
        range: Range,
        period: &[Bucket],
        today: usize,
        zone: &TimeZone,
        now_ms: i64,
        earliest_ms: Option<i64>,
    ) -> Result<Self, Invalid> {
        let end_ms = period::day_of(now_ms, zone).to_ms;
        let mut first_ms = period::days_before(now_ms, to_i64(MAX_HISTORY_DAYS), zone);
        if let Some(earliest_ms) = earliest_ms.filter(|earliest_ms| *earliest_ms > first_ms) {
            // The first whole day from there on.
            let day = period::day_of(earliest_ms, zone);
            first_ms = if day.from_ms == earliest_ms { earliest_ms } else { day.to_ms };
        }
        let span = Range { from_ms: first_ms.min(range.from_ms).min(end_ms - 1), to_ms: end_ms };
        let days = span.buckets(Granularity::Day, zone)?;
        let mut edges: BTreeSet<i64> = days.iter().map(|day| day.range.from_ms).collect();
        edges.extend([range.from_ms, end_ms]);
        let profiled = days.len().saturating_sub(PROFILE_DAYS + 1)..days.len() - 1;
        let cuts: Vec<Option<i64>> = days
            .iter()
            .enumerate()
            .map(|(i, day)| profiled.contains(&i).then(|| period::same_time(now_ms, day.range.from_ms, zone)))
            .collect();
        edges
            .extend(cuts.iter().zip(&days).filter_map(|(cut, day)| cut.filter(|cut| *cut < day.range.to_ms)));
        let edges_ms: Vec<i64> = edges.into_iter().collect();
        let slot = |from_ms: i64| {
            let day = days.partition_point(|day| day.range.to_ms <= from_ms);
            let in_period = from_ms >= range.from_ms;
            let period_day = period[..=today].iter().position(|day| from_ms < day.range.to_ms);
            let later = cuts.get(day).copied().flatten().map(|cut| from_ms >= cut);
            Slot { day, period_day: period_day.filter(|_| in_period), later }
        };
        let kinds = edges_ms[..edges_ms.len() - 1].iter().map(|from_ms| slot(*from_ms)).collect();
        let first_is_whole = period::day_of(span.from_ms, zone).from_ms == span.from_ms;
        Ok(Self { edges_ms, kinds, days: days.len(), first_is_whole })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::CostNanos;
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn ask(
        now: &str,
        tz: &str,
        change: impl FnOnce(&mut ForecastQueryInput),
    ) -> Result<ForecastQuery, Invalid> {
        let mut input = ForecastQueryInput { metric: Some("calls".into()), ..ForecastQueryInput::default() };
        change(&mut input);
        ForecastQuery::new(input, tz, &Dimensions::default(), ms(now))
    }

    /// Adds up events, given by their times, as a store would.
    fn past(query: &ForecastQuery, times_ms: &[i64]) -> Past {
        let edges = &query.slots.edges_ms;
        query.past(edges.windows(2).enumerate().map(|(slot, edges)| {
            let calls = times_ms.iter().filter(|at| edges[0] <= **at && **at < edges[1]).count();
            (slot, Totals { calls: i64::try_from(calls).unwrap(), ..Totals::default() })
        }))
    }

    #[test]
    fn the_past_is_cut_into_days_of_the_period_and_of_the_history() {
        let query = ask("2026-11-22T10:40:00Z", "UTC", |_| {}).unwrap();
        assert_eq!((query.days.len(), query.today), (30, 21));
        let times = [
            "2026-10-30T23:59:59Z",
            "2026-10-31T12:00:00Z",
            "2026-11-01T00:00:00Z",
            "2026-11-20T10:29:59Z",
            "2026-11-20T10:30:00Z",
            "2026-11-20T23:59:59Z",
            "2026-11-22T00:00:00Z",
            // A sender's clock may be a little ahead.
            "2026-11-22T10:44:00Z",
        ];
        let past = past(&query, &times.map(ms));
        assert_eq!(past.period.iter().sum::<i64>(), 6);
        assert_eq!((past.period[0], past.period[19], past.period[21]), (1, 3, 2));
        // From the day after the first to yesterday.
        assert_eq!(past.history.len(), 22);
        assert!((past.history.iter().sum::<f64>() - 5.0).abs() < 1e-9);
        // Four of the six before today came after half past ten, to which 10:40 is cut.
        assert!((past.today_left - 4.0 / 6.0).abs() < 1e-9, "{}", past.today_left);
        let input = query.forecast_input(&past);
        assert_eq!(input.days_after, 8);
        assert!((input.today - 2.0).abs() < 1e-9);
    }

    #[test]
    fn without_usage_the_clock_says_how_much_of_a_day_is_left() {
        let query = ask("2026-11-22T18:00:00Z", "UTC", |_| {}).unwrap();
        let past = past(&query, &[]);
        assert!((past.today_left - 0.25).abs() < 1e-9 && past.history.is_empty());
        // Today is 25 hours long in New York, and 19 of them are over.
        let query = ask("2026-11-01T23:00:00Z", "America/New_York", |_| {}).unwrap();
        assert!((self::past(&query, &[]).today_left - 6.0 / 25.0).abs() < 1e-9);
    }

    #[test]
    fn a_range_may_begin_within_a_day() {
        let from = |q: &mut ForecastQueryInput| {
            q.range = RangeInput {
                range: None,
                from: Some("2026-11-22T06:00:00Z".into()),
                to: Some("2026-11-25".into()),
            };
        };
        let query = ask("2026-11-22T10:40:00Z", "UTC", from).unwrap();
        assert_eq!((query.days.len(), query.today), (3, 0));
        let times = ["2026-11-22T05:59:59Z", "2026-11-22T06:00:00Z", "2026-11-22T10:00:00Z"];
        assert_eq!(past(&query, &times.map(ms)).period, [2]);
    }

    #[test]
    fn history_can_be_cut_to_what_is_kept() {
        let query = ask("2026-11-22T10:40:00Z", "Asia/Kathmandu", |_| {}).unwrap();
        let days = query.slots.days;
        assert_eq!(days, MAX_HISTORY_DAYS + 1);
        let cut = query.with_history_from(ms("2026-10-10T00:00:00Z")).unwrap();
        // Not a whole day there: the first that is whole begins at 18:15.
        assert_eq!(cut.slots.edges_ms[0], ms("2026-10-10T18:15:00Z"));
        // The period is needed whole, whatever is kept.
        let cut = cut.with_history_from(ms("2026-11-10T00:00:00Z")).unwrap();
        assert_eq!(cut.slots.edges_ms[0], ms("2026-10-31T18:15:00Z"));
    }

    #[test]
    fn metrics_are_exact() {
        let totals = Totals { calls: 3, tokens: [1; 10], cost: CostNanos(7), ..Totals::default() };
        assert_eq!(ForecastMetric::ALL.map(|metric| metric.of(&totals)), [7, 10, 3]);
        assert_eq!(ForecastMetric::ALL.map(ForecastMetric::unit), ["usd", "tokens", "calls"]);
    }

    proptest! {
        #[test]
        fn slots_tile_the_past_in_every_zone(
            which in any::<prop::sample::Index>(), now_s in 1_000_000_000_i64..2_000_000_000, kind in 0_usize..4,
            times in proptest::collection::vec(0..400_i64 * 86_400_000, 1..40),
        ) {
            let names: Vec<_> = jiff::tz::db().available().collect();
            let tz = names[which.index(names.len())].as_str();
            let now = Timestamp::from_second(now_s).unwrap().to_string();
            let range = ["this_month", "this_year", "today", "this_week"][kind];
            let query = ask(&now, tz, |q| q.range = RangeInput::named(range)).unwrap();
            prop_assert!(query.slots.edges_ms.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(query.slots.edges_ms.len(), query.slots.kinds.len() + 1);
            let first = query.slots.edges_ms[0];
            prop_assert!(first <= query.range.from_ms && first <= now_s * 1000 - 399 * 86_400_000);
            let times: Vec<i64> = times.iter().map(|before| now_s * 1000 - before).collect();
            let past = past(&query, &times);
            let in_period = times.iter().filter(|at| **at >= query.range.from_ms).count();
            prop_assert_eq!(past.period.iter().sum::<i64>(), i64::try_from(in_period).unwrap());
            prop_assert_eq!(past.period.len(), query.today + 1);
            prop_assert!((0.0..=1.0).contains(&past.today_left));
            // The first day of usage, unless all begins with it, and today are not whole; everything else is there.
            let mut by_day = std::collections::BTreeMap::new();
            for at in &times {
                *by_day.entry(period::day_of(*at, &query.zone).from_ms).or_insert(0.0) += 1.0;
            }
            let today = period::day_of(now_s * 1000, &query.zone).from_ms;
            let first = by_day.keys().next().copied().filter(|day| *day > query.slots.edges_ms[0]);
            let whole: f64 = by_day.iter().filter(|(day, _)| Some(**day) != first && **day < today).map(|(_, calls)| calls).sum();
            prop_assert!((past.history.iter().sum::<f64>() - whole).abs() < 1e-9);
        }
    }
}
