//! With which period an answer is compared.

use crate::invalid::Invalid;
use crate::period::{self, Range};
use jiff::tz::TimeZone;

/// With what the answer is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareInput {
    /// The period before.
    Previous,
    /// The same dates a year earlier.
    LastYear,
    /// The period before, moved back by whole weeks so that Mondays meet Mondays.
    PreviousByWeekday,
    /// 364 days earlier, which is 52 weeks; a longer range by as many weeks as it has.
    LastYearByWeekday,
    /// These dates or instants.
    Custom {
        /// First instant.
        from: String,
        /// First instant after it.
        to: String,
    },
}

/// How the days of two periods are matched with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// By the day of the week.
    Weekday,
}

impl Matched {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weekday => "weekday",
        }
    }
}

impl CompareInput {
    /// Reads `compare`, `match`, `compare_from` and `compare_to` as they are asked for.
    pub fn parse(
        compare: Option<&str>,
        matched: Option<&str>,
        from: Option<String>,
        to: Option<String>,
    ) -> Result<Option<Self>, Invalid> {
        if matched.is_some_and(|name| name != Matched::Weekday.name()) {
            return Err(Invalid::new("match", "match must be weekday"));
        }
        let by_weekday = matched.is_some();
        let input = match (compare, from, to) {
            (None, None, None) => None,
            (Some("previous"), None, None) if by_weekday => Some(Self::PreviousByWeekday),
            (Some("previous"), None, None) => Some(Self::Previous),
            (Some("last_year"), None, None) if by_weekday => Some(Self::LastYearByWeekday),
            (Some("last_year"), None, None) => Some(Self::LastYear),
            (None | Some("custom"), Some(from), Some(to)) => Some(Self::Custom { from, to }),
            _ => {
                let message =
                    "compare must be previous, last_year, or custom with compare_from and compare_to";
                return Err(Invalid::new("compare", message));
            }
        };
        if by_weekday && input.as_ref().is_none_or(|input| input.matched().is_none()) {
            return Err(Invalid::new("match", "match goes with compare=previous or compare=last_year"));
        }
        Ok(input)
    }

    /// How days are matched; `None` by their place in the period.
    pub fn matched(&self) -> Option<Matched> {
        let by_weekday = matches!(self, Self::PreviousByWeekday | Self::LastYearByWeekday);
        by_weekday.then_some(Matched::Weekday)
    }

    /// The period that `range` is compared with at `now_ms`.
    pub fn range(&self, range: Range, zone: &TimeZone, now_ms: i64) -> Result<Range, Invalid> {
        Ok(match self {
            Self::Previous => range.previous(zone, now_ms),
            Self::LastYear => range.last_year(zone, now_ms),
            Self::PreviousByWeekday => range.weeks_before(range.whole_weeks(zone), zone, now_ms),
            Self::LastYearByWeekday => range.weeks_before(range.whole_weeks(zone).max(52), zone, now_ms),
            Self::Custom { from, to } => period::custom(("compare_from", from), ("compare_to", to), zone)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::{Granularity, RangeInput};
    use jiff::Timestamp;
    use jiff::civil::Date;
    use proptest::prelude::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn compared(range: &str, now: &str, by: &CompareInput) -> (String, String) {
        let now_ms = ms(now);
        let range = RangeInput::named(range).resolve("30d", &TimeZone::UTC, now_ms).unwrap();
        let found = by.range(range, &TimeZone::UTC, now_ms).unwrap();
        (period::rfc3339(found.from_ms), period::rfc3339(found.to_ms))
    }

    #[test]
    fn a_month_is_compared_with_the_same_weekdays_before() {
        // November 2026 begins on a Sunday and has 30 days: five weeks back is Sunday, September 27th.
        let running = compared("this_month", "2026-11-22T10:00:00Z", &CompareInput::PreviousByWeekday);
        assert_eq!(running, ("2026-09-27T00:00:00Z".to_owned(), "2026-10-18T10:00:00Z".to_owned()));
        let week = compared("7d", "2026-11-22T10:00:00Z", &CompareInput::PreviousByWeekday);
        assert_eq!(week, ("2026-11-09T00:00:00Z".to_owned(), "2026-11-15T10:00:00Z".to_owned()));
        let day = compared("yesterday", "2026-11-22T10:00:00Z", &CompareInput::PreviousByWeekday);
        assert_eq!(day, ("2026-11-14T00:00:00Z".to_owned(), "2026-11-15T00:00:00Z".to_owned()));
        let year = compared("yesterday", "2026-11-22T10:00:00Z", &CompareInput::LastYearByWeekday);
        assert_eq!(year, ("2025-11-22T00:00:00Z".to_owned(), "2025-11-23T00:00:00Z".to_owned()));
    }

    #[test]
    fn what_cannot_be_matched_is_refused_by_name() {
        let field = |compare, matched, from: Option<&str>| {
            let to = from.map(str::to_owned);
            CompareInput::parse(compare, matched, from.map(str::to_owned), to).unwrap_err().field
        };
        assert_eq!(field(None, Some("weekday"), None), "match");
        assert_eq!(field(Some("custom"), Some("weekday"), Some("2026-01-01")), "match");
        assert_eq!(field(Some("previous"), Some("moon"), None), "match");
        assert_eq!(field(Some("previous"), None, Some("2026-01-01")), "compare");
        assert_eq!(field(Some("custom"), None, None), "compare");
        assert_eq!(field(Some("yesterday"), None, None), "compare");
        let custom = CompareInput::parse(None, None, Some("a".into()), Some("b".into())).unwrap();
        assert_eq!(custom, Some(CompareInput::Custom { from: "a".into(), to: "b".into() }));
        assert_eq!(CompareInput::parse(None, None, None, None), Ok(None));
    }

    proptest! {
        #[test]
        fn weekdays_meet_and_periods_do_not_overlap(
            start in 0..10_000_i32, days in 1..400_i32, zone in 0..4_usize, year in any::<bool>(),
        ) {
            let zone = period::zone(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"][zone]).unwrap();
            let first = Date::constant(1995, 1, 1).checked_add(jiff::Span::new().days(start)).unwrap();
            let last = first.checked_add(jiff::Span::new().days(days)).unwrap();
            let range = period::custom(("from", &first.to_string()), ("to", &last.to_string()), &zone).unwrap();
            let by = if year { CompareInput::LastYearByWeekday } else { CompareInput::PreviousByWeekday };
            let before = by.range(range, &zone, ms("2030-01-01T00:00:00Z")).unwrap();
            prop_assert!(before.to_ms <= range.from_ms);
            let weekdays = |range: Range| -> Vec<_> {
                let days = range.buckets(Granularity::Day, &zone).unwrap();
                days.iter().map(|day| day.label.parse::<Date>().unwrap().weekday()).collect()
            };
            // Samoa left out a Friday: a day may be missing on one side, but no weekday stands beside another.
            let skips = |range: Range| range.from_ms < ms("2012-01-01T00:00:00Z") && range.to_ms > ms("2011-12-29T00:00:00Z");
            if !skips(range) && !skips(before) {
                prop_assert_eq!(weekdays(range), weekdays(before));
            }
        }
    }
}
