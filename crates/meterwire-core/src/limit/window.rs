//! Windows: the calendar spans over which a metric is counted. Nothing has to run at midnight: a window is a function of
//! the time, so a clock that jumps, forwards or back, meets the counters of the window it lands in.

use crate::invalid::Invalid;
use crate::period;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Milliseconds of a UTC day.
pub const DAY_MS: i64 = 86_400_000;

/// Over which span a metric is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// A calendar day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
    /// None: a level, such as storage, which is not reset.
    Level,
}

/// The days of a window, as days since 1970-01-01 in the metric's zone, and when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The present day: where something used now is counted.
    pub day: i32,
    /// The first day; tells windows of one metric apart. 0 for a level.
    pub first_day: i32,
    /// The last day, inclusive. 0 for a level.
    pub last_day: i32,
    /// The first instant after it, Unix milliseconds; none for a level.
    pub ends_ms: Option<i64>,
}

/// The zone of a metric's days. UTC, which most metrics keep, costs a division.
#[derive(Debug, Clone)]
pub enum Calendar {
    /// UTC.
    Utc,
    /// A named zone.
    Zoned(TimeZone),
}

impl Window {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Level => "none",
        }
    }

    /// Reads the contract's name.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        let known = [Self::Day, Self::Week, Self::Month, Self::Level];
        known
            .into_iter()
            .find(|window| window.name() == name)
            .ok_or_else(|| Invalid::new("window", "window must be one of day, week, month, none"))
    }

    /// The window that holds an instant.
    pub fn span(self, calendar: &Calendar, at_ms: i64) -> Span {
        let day = calendar.day_of(at_ms);
        let (first_day, after) = match self {
            Self::Level => return Span { day, first_day: 0, last_day: 0, ends_ms: None },
            Self::Day => (day, day + 1),
            Self::Week => {
                let date = date_of(day);
                let first = day - i32::from(date.weekday().to_monday_zero_offset());
                (first, first + 7)
            }
            Self::Month => {
                let first = date_of(day).first_of_month();
                let next = first.checked_add(1.month()).unwrap_or(Date::MAX);
                (day_number(first), day_number(next))
            }
        };
        Span { day, first_day, last_day: after - 1, ends_ms: Some(calendar.start_of(after)) }
    }
}

impl Calendar {
    /// The calendar of a zone that is known to exist; UTC where it is not.
    pub fn of_zone(name: &str) -> Self {
        if name == "UTC" {
            return Self::Utc;
        }
        period::zone(name).map_or(Self::Utc, Self::Zoned)
    }

    /// The local date of an instant, as days since 1970-01-01.
    pub fn day_of(&self, at_ms: i64) -> i32 {
        match self {
            Self::Utc => i32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX),
            Self::Zoned(zone) => {
                let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::MAX);
                day_number(zone.to_datetime(at).date())
            }
        }
    }

    /// The first instant of a local date, Unix milliseconds.
    fn start_of(&self, day: i32) -> i64 {
        match self {
            Self::Utc => i64::from(day) * DAY_MS,
            Self::Zoned(zone) => period::start_of(date_of(day), zone),
        }
    }
}

/// A day as `2026-11-22`.
pub fn day_label(day: i32) -> String {
    date_of(day).to_string()
}

/// Reads a day written as `2026-11-22`; `field` is what the caller calls it.
pub fn parse_day(field: &str, text: &str) -> Result<i32, Invalid> {
    let date: Result<Date, _> = text.parse();
    let plain = date.ok().filter(|date| date.to_string() == text);
    plain
        .map(day_number)
        .ok_or_else(|| Invalid::new(field, format!("{field} must be a date such as 2026-11-22")))
}

fn date_of(day: i32) -> Date {
    Date::constant(1970, 1, 1).checked_add(i64::from(day).days()).unwrap_or(Date::MAX)
}

fn day_number(date: Date) -> i32 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours().div_euclid(24).try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn days_follow_the_zone() {
        let berlin = Calendar::of_zone("Europe/Berlin");
        // The clocks went back at 2026-10-25T01:00Z: that day has 25 hours.
        let before = Window::Day.span(&berlin, ms("2026-10-24T22:00:00Z"));
        let late = Window::Day.span(&berlin, ms("2026-10-25T22:59:59Z"));
        assert_eq!(before, late);
        assert_eq!(before.ends_ms, Some(ms("2026-10-25T23:00:00Z")));
        assert_eq!(Window::Day.span(&berlin, ms("2026-10-25T23:00:00Z")).first_day, before.first_day + 1);
    }

    #[test]
    fn days_are_written_and_read() {
        assert_eq!(day_label(20_779), "2026-11-22");
        assert_eq!(parse_day("date", "2026-11-22"), Ok(20_779));
        for bad in ["2026-11-31", "2026-11-22T10:00:00", "22.11.2026", ""] {
            assert_eq!(parse_day("date", bad).unwrap_err().field, "date");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let week = Window::Week.span(&Calendar::Utc, ms("2026-11-22T10:30:00Z"));
        assert_eq!(week.ends_ms, Some(ms("2026-11-23T00:00:00Z")));
        assert_eq!(week.last_day - week.first_day, 6);
        let month = Window::Month.span(&Calendar::Utc, ms("2026-12-31T23:59:59Z"));
        assert_eq!(month.ends_ms, Some(ms("2027-01-01T00:00:00Z")));
        assert_eq!(month.last_day - month.first_day, 30);
        let level = Window::Level.span(&Calendar::Utc, ms("2026-12-31T23:59:59Z"));
        assert_eq!((level.first_day, level.ends_ms), (0, None));
    }

    proptest! {
        /// Windows tile time: the end of one is the start of the next, and every instant before it is inside.
        #[test]
        fn windows_tile_time(
            at_ms in 946_684_800_000_i64..2_500_000_000_000,
            zone in select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
            window in select(vec![Window::Day, Window::Week, Window::Month]),
        ) {
            let calendar = Calendar::of_zone(zone);
            let span = window.span(&calendar, at_ms);
            let ends_ms = span.ends_ms.unwrap();
            prop_assert!(at_ms < ends_ms);
            prop_assert!(span.first_day <= span.day && span.day <= span.last_day);
            prop_assert_eq!(window.span(&calendar, ends_ms - 1).first_day, span.first_day);
            let next = window.span(&calendar, ends_ms);
            prop_assert_eq!(next.first_day, span.last_day + 1);
        }
    }
}
