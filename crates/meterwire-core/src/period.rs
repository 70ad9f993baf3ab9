//! Periods: named ranges, calendar buckets in a zone, and the period to compare with.
//!
//! Everything is a calendar span in a named zone, so a day may have 23, 24 or 25 hours and the buckets of a range
//! still tile it without gap or overlap.

use crate::invalid::Invalid;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit, Zoned};

/// The most buckets that one question may have.
pub const MAX_BUCKETS: usize = 10_000;

/// A span of time, Unix milliseconds, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First instant.
    pub from_ms: i64,
    /// First instant after it.
    pub to_ms: i64,
}

/// How wide one bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// A quarter of an hour.
    QuarterHour,
    /// An hour.
    Hour,
    /// A calendar day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
}

/// One bucket of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its span.
    pub range: Range,
    /// Its local name: `2026-11-16`, `2026-11-16T10:00`, `2026-11`.
    pub label: String,
}

impl Granularity {
    /// Reads the contract's name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        match name {
            "15m" => Ok(Self::QuarterHour),
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            _ => Err(Invalid::new("granularity", "granularity must be one of 15m, hour, day, week, month")),
        }
    }

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::QuarterHour => "15m",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    fn span(self) -> Span {
        match self {
            Self::QuarterHour => 15.minutes(),
            Self::Hour => 1.hour(),
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        }
    }

    fn label(self, start: &Zoned) -> String {
        match self {
            Self::QuarterHour | Self::Hour => start.strftime("%Y-%m-%dT%H:%M").to_string(),
            Self::Day | Self::Week => start.strftime("%Y-%m-%d").to_string(),
            Self::Month => start.strftime("%Y-%m").to_string(),
        }
    }
}

/// Finds a zone by its IANA name.
pub fn zone(name: &str) -> Result<TimeZone, Invalid> {
    let refused = || Invalid::new("tz", "tz must be an IANA time zone such as Europe/Berlin");
    if name.len() > 64 {
        return Err(refused());
    }
    TimeZone::get(name).map_err(|_| refused())
}

/// A range as it is asked for: by name, or from and to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RangeInput {
    /// `today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m`.
    pub range: Option<String>,
    /// A date or an instant, inclusive.
    pub from: Option<String>,
    /// A date or an instant, exclusive.
    pub to: Option<String>,
}

impl RangeInput {
    /// Only a name.
    pub fn named(name: &str) -> Self {
        Self { range: Some(name.to_owned()), ..Self::default() }
    }

    /// Resolves the range at `now_ms` in a zone; `default` names the range when nothing was asked for.
    pub fn resolve(&self, default: &str, zone: &TimeZone, now_ms: i64) -> Result<Range, Invalid> {
        match (&self.range, &self.from, &self.to) {
            (None, Some(from), Some(to)) => custom(("from", from), ("to", to), zone),
            (None, Some(from), None) => {
                let from_ms = instant("from", from, zone)?;
                checked(from_ms, now_ms.max(from_ms) + crate::event::MAX_AHEAD_MS)
            }
            (None, None, Some(_)) => Err(Invalid::new("from", "to needs from beside it")),
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                Err(Invalid::new("range", "give either range or from and to, not both"))
            }
            (range, None, None) => named(range.as_deref().unwrap_or(default), zone, now_ms),
        }
    }
}

/// A custom range of two dates or instants.
pub fn custom(from: (&str, &str), to: (&str, &str), zone: &TimeZone) -> Result<Range, Invalid> {
    checked(instant(from.0, from.1, zone)?, instant(to.0, to.1, zone)?)
}

fn checked(from_ms: i64, to_ms: i64) -> Result<Range, Invalid> {
    if from_ms >= to_ms {
        return Err(Invalid::new("to", "to must be later than from"));
    }
    Ok(Range { from_ms, to_ms })
}

fn instant(field: &str, text: &str, zone: &TimeZone) -> Result<i64, Invalid> {
    let refused = || {
        Invalid::new(
            field,
            format!("{field} must be a date (2026-11-22) or an instant (2026-11-22T10:30:00Z)"),
        )
    };
    if text.len() > 64 {
        return Err(refused());
    }
    let ms = if text.len() == 10 {
        start_of(text.parse::<Date>().map_err(|_| refused())?, zone)
    } else {
        text.parse::<Timestamp>().map_err(|_| refused())?.as_millisecond()
    };
    // Four-digit years from 1970 on; earlier or later ones are slips of the keyboard.
    if !(0..253_402_300_800_000).contains(&ms) {
        return Err(Invalid::new(field, format!("{field} must be between 1970 and 9999")));
    }
    Ok(ms)
}

fn named(name: &str, zone: &TimeZone, now_ms: i64) -> Result<Range, Invalid> {
    let today = local(now_ms, zone).date();
    let tomorrow = add(today, 1.day());
    let first_of_month = today.first_of_month();
    let dates = |from: Date, to: Date| Range { from_ms: start_of(from, zone), to_ms: start_of(to, zone) };
    Ok(match name {
        "24h" => Range { from_ms: now_ms - 24 * 3_600_000, to_ms: now_ms + 1 },
        "today" => dates(today, tomorrow),
        "yesterday" => dates(add(today, -1.day()), today),
        "7d" => dates(add(today, -6.days()), tomorrow),
        "30d" => dates(add(today, -29.days()), tomorrow),
        "90d" => dates(add(today, -89.days()), tomorrow),
        "this_week" => {
            let monday = monday_of(today);
            dates(monday, add(monday, 1.week()))
        }
        "this_month" => dates(first_of_month, add(first_of_month, 1.month())),
        "last_month" => dates(add(first_of_month, -1.month()), first_of_month),
        "this_year" => dates(today.first_of_year(), add(today.first_of_year(), 1.year())),
        "12m" => dates(add(first_of_month, -11.months()), add(first_of_month, 1.month())),
        _ => {
            let names =
                "today, yesterday, 24h, 7d, 30d, 90d, this_week, this_month, last_month, this_year, 12m";
            return Err(Invalid::new("range", format!("range must be one of {names}")));
        }
    })
}

/// The calendar month of a zone that holds `now_ms`.
pub fn month_of(now_ms: i64, zone: &TimeZone) -> Range {
    let first = local(now_ms, zone).date().first_of_month();
    Range { from_ms: start_of(first, zone), to_ms: start_of(add(first, 1.month()), zone) }
}

/// The date of an instant in a zone.
pub fn local_date(now_ms: i64, zone: &TimeZone) -> String {
    local(now_ms, zone).date().to_string()
}

/// The calendar day of a zone that holds an instant.
pub(crate) fn day_of(ms: i64, zone: &TimeZone) -> Range {
    let start = zoned_start(local(ms, zone).date(), zone);
    let end = next(&start, Granularity::Day, zone);
    Range { from_ms: start.timestamp().as_millisecond(), to_ms: end.timestamp().as_millisecond() }
}

/// Where the day began that is so many days before the one that holds an instant.
pub(crate) fn days_before(ms: i64, days: i64, zone: &TimeZone) -> i64 {
    start_of(add(local(ms, zone).date(), (-days).days()), zone)
}

/// On the day that begins at `day_ms`, the instant with the time of the day of `now_ms`, down to a quarter of an hour.
pub(crate) fn same_time(now_ms: i64, day_ms: i64, zone: &TimeZone) -> i64 {
    let quarter = floor(now_ms, Granularity::QuarterHour, zone).time();
    let at = DateTime::from_parts(local(day_ms, zone).date(), quarter);
    let instant = zone.to_ambiguous_zoned(at).compatible();
    instant.map_or(day_ms, |at| at.timestamp().as_millisecond()).max(day_ms)
}

/// The last `days` calendar days, today included, as dates: from, and to (exclusive).
pub fn last_days(days: i64, zone: &TimeZone, now_ms: i64) -> (String, String) {
    let today = local(now_ms, zone).date();
    (add(today, (1 - days).days()).to_string(), add(today, 1.day()).to_string())
}

impl Range {
    /// The buckets that tile the range; the first and last may be cut by its ends.
    pub fn buckets(self, granularity: Granularity, zone: &TimeZone) -> Result<Vec<Bucket>, Invalid> {
        let refused = || {
            let message =
                format!("the range has more than {MAX_BUCKETS} buckets; take a coarser granularity");
            Invalid::new("granularity", message)
        };
        // Refused before a single bucket is made: the narrowest bucket of each kind bounds their number.
        let narrowest_ms = match granularity {
            Granularity::QuarterHour => 900_000,
            Granularity::Hour => 3_600_000,
            Granularity::Day => 22 * 3_600_000,
            Granularity::Week => 6 * 86_400_000,
            Granularity::Month => 27 * 86_400_000,
        };
        if (self.to_ms - self.from_ms) / narrowest_ms > MAX_BUCKETS as i64 {
            return Err(refused());
        }
        let first = floor(self.from_ms, granularity, zone);
        let mut buckets = Vec::new();
        let mut start = first;
        while start.timestamp().as_millisecond() < self.to_ms {
            let end = next(&start, granularity, zone);
            let range = Range {
                from_ms: start.timestamp().as_millisecond().max(self.from_ms),
                to_ms: end.timestamp().as_millisecond().min(self.to_ms),
            };
            if range.from_ms < range.to_ms {
                buckets.push(Bucket { range, label: granularity.label(&start) });
            }
            if buckets.len() > MAX_BUCKETS {
                return Err(refused());
            }
            start = end;
        }
        Ok(buckets)
    }

    /// The period before this one, of the same calendar length. Of a period that is still running, only as much
    /// as has passed of this one, so that like is compared with like.
    pub fn previous(self, zone: &TimeZone, now_ms: i64) -> Self {
        let length = self.calendar_length(zone);
        self.shifted(zone, now_ms, length.negate())
    }

    /// The same dates a year earlier, cut like [`Self::previous`].
    pub fn last_year(self, zone: &TimeZone, now_ms: i64) -> Self {
        self.shifted(zone, now_ms, -1.year())
    }

    /// So many weeks earlier, on the same weekdays, cut like [`Self::previous`].
    pub(crate) fn weeks_before(self, weeks: i64, zone: &TimeZone, now_ms: i64) -> Self {
        self.shifted(zone, now_ms, (-weeks).weeks())
    }

    /// The fewest weeks that move every date of the range before its first.
    pub(crate) fn whole_weeks(self, zone: &TimeZone) -> i64 {
        let (first, last) = (local(self.from_ms, zone).date(), local(self.to_ms - 1, zone).date());
        let days = first.until((Unit::Day, last)).unwrap_or_default().get_days() + 1;
        (i64::from(days).max(1) + 6) / 7
    }

    fn shifted(self, zone: &TimeZone, now_ms: i64, by: Span) -> Self {
        let end_ms = if self.from_ms < now_ms { self.to_ms.min(now_ms) } else { self.to_ms };
        let shift = |ms: i64| {
            let start = local(ms, zone);
            start.checked_add(by).map_or(ms, |shifted| shifted.timestamp().as_millisecond())
        };
        let from_ms = shift(self.from_ms);
        Self { from_ms, to_ms: shift(end_ms).clamp(from_ms + 1, self.from_ms.max(from_ms + 1)) }
    }

    /// Whole months, else whole days, else the exact duration.
    fn calendar_length(self, zone: &TimeZone) -> Span {
        let (from, to) = (local(self.from_ms, zone), local(self.to_ms, zone));
        let midnight = |z: &Zoned| z.start_of_day().is_ok_and(|start| start == *z);
        if midnight(&from) && midnight(&to) {
            let months = from.date().until((Unit::Month, to.date())).unwrap_or_default();
            if months.get_months() > 0 && months.get_days() == 0 && from.date().day() == 1 {
                return months;
            }
            return from.date().until((Unit::Day, to.date())).unwrap_or_default();
        }
        Span::new().milliseconds(self.to_ms - self.from_ms)
    }
}

fn floor(ms: i64, granularity: Granularity, zone: &TimeZone) -> Zoned {
    let at = local(ms, zone);
    let date = at.date();
    match granularity {
        // On the grid of the wall clock, kept in absolute time so that a repeated hour stays two hours.
        Granularity::QuarterHour | Granularity::Hour => {
            let minutes = if granularity == Granularity::Hour { 60 } else { 15 };
            let into_ms = i64::from(at.minute()) % minutes * 60_000
                + i64::from(at.second()) * 1000
                + i64::from(at.millisecond());
            local(ms - into_ms, zone)
        }
        Granularity::Day => zoned_start(date, zone),
        Granularity::Week => zoned_start(monday_of(date), zone),
        Granularity::Month => zoned_start(date.first_of_month(), zone),
    }
}

fn next(start: &Zoned, granularity: Granularity, zone: &TimeZone) -> Zoned {
    match granularity {
        Granularity::QuarterHour | Granularity::Hour => {
            let later = start.checked_add(granularity.span()).unwrap_or_else(|_| start.clone());
            // Where the clock is put forward or back a bucket ends, on the grid or not.
            if later.offset() != start.offset() {
                let mut changes = zone.following(start.timestamp());
                if let Some(change) = changes.find(|change| change.offset() != start.offset()) {
                    return change.timestamp().to_zoned(zone.clone());
                }
            }
            // A bucket that began with a change of the clock ends on the grid.
            let on_grid = floor(later.timestamp().as_millisecond(), granularity, zone);
            if on_grid > *start { on_grid } else { later }
        }
        // Dates are added on the calendar and then put into the zone: a midnight that does not exist moves on.
        _ => zoned_start(add(start_date(start), granularity.span()), zone),
    }
}

/// The date a day bucket stands for; where midnight does not exist it starts later on the same date.
fn start_date(start: &Zoned) -> Date {
    start.date()
}

fn monday_of(date: Date) -> Date {
    add(date, -i64::from(date.weekday().to_monday_zero_offset()).days())
}

fn add(date: Date, span: Span) -> Date {
    date.checked_add(span).unwrap_or(date)
}

fn local(ms: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

fn zoned_start(date: Date, zone: &TimeZone) -> Zoned {
    let midnight = DateTime::from(date);
    // The earliest instant whose wall clock shows this date.
    zone.to_ambiguous_zoned(midnight)
        .compatible()
        .and_then(|z| z.start_of_day())
        .unwrap_or_else(|_| local(0, zone))
}

pub(crate) fn start_of(date: Date, zone: &TimeZone) -> i64 {
    zoned_start(date, zone).timestamp().as_millisecond()
}

/// An instant as RFC 3339 in UTC, with milliseconds only where there are any.
pub fn rfc3339(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn range(from: &str, to: &str) -> Range {
        Range { from_ms: ms(from), to_ms: ms(to) }
    }

    #[test]
    fn seven_days_are_today_and_six_before() {
        let berlin = zone("Europe/Berlin").unwrap();
        let found = RangeInput::named("7d").resolve("30d", &berlin, ms("2026-11-22T23:30:00Z")).unwrap();
        assert_eq!(found, range("2026-11-16T23:00:00Z", "2026-11-23T23:00:00Z"));
    }

    #[test]
    fn a_day_of_25_hours_has_25_buckets() {
        let new_york = zone("America/New_York").unwrap();
        let day = range("2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z");
        assert_eq!(day.buckets(Granularity::Hour, &new_york).unwrap().len(), 25);
        assert_eq!(day.buckets(Granularity::Day, &new_york).unwrap().len(), 1);
    }

    #[test]
    fn a_running_month_is_compared_with_as_much_of_the_last() {
        let now = ms("2026-11-22T10:00:00Z");
        let month = RangeInput::named("this_month").resolve("30d", &TimeZone::UTC, now).unwrap();
        let previous = month.previous(&TimeZone::UTC, now);
        assert_eq!(previous.from_ms, ms("2026-10-01T00:00:00Z"));
        assert_eq!(previous.to_ms, ms("2026-10-22T10:00:00Z"));
        let last = RangeInput::named("last_month").resolve("30d", &TimeZone::UTC, now).unwrap();
        assert_eq!(last.previous(&TimeZone::UTC, now), range("2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"));
    }

    #[test]
    fn the_period_before_never_reaches_into_the_period() {
        // March 31st minus a month is February 28th, so the part of a long month must be cut.
        let now = ms("2026-03-31T12:00:00Z");
        let month = RangeInput::named("this_month").resolve("30d", &TimeZone::UTC, now).unwrap();
        assert!(month.previous(&TimeZone::UTC, now).to_ms <= month.from_ms);
    }

    #[test]
    fn wrong_ranges_name_their_field() {
        let now = ms("2026-11-22T10:00:00Z");
        let field = |input: RangeInput| input.resolve("7d", &TimeZone::UTC, now).unwrap_err().field;
        assert_eq!(field(RangeInput::named("8d")), "range");
        let custom =
            |from: &str, to: &str| RangeInput { range: None, from: Some(from.into()), to: Some(to.into()) };
        assert_eq!(field(custom("2026-11-22", "2026-11-21")), "to");
        assert_eq!(field(custom("22.11.2026", "2026-11-21")), "from");
        assert_eq!(field(custom("-000500-01-01T00:00:00Z", "2026-11-21")), "from");
        let wide = range("1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z");
        assert_eq!(wide.buckets(Granularity::QuarterHour, &TimeZone::UTC).unwrap_err().field, "granularity");
    }

    proptest! {
        #[test]
        fn buckets_tile_the_range_in_every_zone(
            which in any::<prop::sample::Index>(),
            start in 946_684_800_i64..1_900_000_000,
            length_s in 1_i64..20_000_000,
            kind in 0_usize..5,
        ) {
            let names: Vec<_> = jiff::tz::db().available().collect();
            let zone = zone(names[which.index(names.len())].as_str()).unwrap();
            let kinds = [Granularity::QuarterHour, Granularity::Hour, Granularity::Day, Granularity::Week, Granularity::Month];
            let length_s = if kind == 0 { length_s % 5_000_000 + 1 } else { length_s };
            let range = Range { from_ms: start * 1000, to_ms: (start + length_s) * 1000 };
            let buckets = range.buckets(kinds[kind], &zone).unwrap();
            prop_assert_eq!(buckets[0].range.from_ms, range.from_ms);
            prop_assert_eq!(buckets[buckets.len() - 1].range.to_ms, range.to_ms);
            for pair in buckets.windows(2) {
                prop_assert_eq!(pair[0].range.to_ms, pair[1].range.from_ms);
            }
        }
    }
}
