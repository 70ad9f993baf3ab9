//! Reports by the calendar: which period a report tells of, and when it is due.
//!
//! A report is due at an hour of the day in its zone, on the first day after its period. Only the newest period that is
//! over is ever due: after a stop, what was missed before it is not sent any more.

use crate::invalid::Invalid;
use crate::period::{self, Range};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use std::str::FromStr;

/// The most reports of one tenant.
pub const MAX_REPORTS_OF_TENANT: usize = 100;

/// How often a report is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Each calendar day.
    Day,
    /// Each week from Monday.
    Week,
    /// Each calendar month.
    Month,
}

impl Every {
    /// Its name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        }
    }

    /// The first day of the period that holds a day.
    fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let into = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(into.days()).unwrap_or(day)
            }
            Self::Month => day.first_of_month(),
        }
    }
}

impl FromStr for Every {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Day, Self::Week, Self::Month].into_iter().find(|every| every.name() == name).ok_or(())
    }
}

/// What a report's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportFormat {
    /// Rows by day, provider, model, project and department.
    Csv,
    /// A statement on paper.
    Pdf,
}

impl ReportFormat {
    /// Its name on the wire, in the store and at the end of a file's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Pdf => "pdf",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }
}

impl FromStr for ReportFormat {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Csv, Self::Pdf].into_iter().find(|format| format.name() == name).ok_or(())
    }
}

/// When a report is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// IANA zone of its periods and of its hour.
    pub timezone: String,
    /// The hour of the day at which it is due, 0 to 23.
    pub hour: u8,
}

/// A period of a report, and when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuePeriod {
    /// The period.
    pub range: Range,
    /// When, Unix milliseconds.
    pub due_ms: i64,
}

impl Schedule {
    /// Refuses a zone or an hour that there is not.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.hour > 23 {
            return Err(Invalid::new("hour", "hour must be from 0 to 23"));
        }
        period::zone(&self.timezone)
            .map(drop)
            .map_err(|_| Invalid::new("timezone", "timezone must be an IANA time zone such as Europe/Berlin"))
    }

    /// The newest period that is due at `now_ms`.
    pub fn due(&self, now_ms: i64) -> Result<DuePeriod, Invalid> {
        let zone = period::zone(&self.timezone)?;
        let today = local_day(now_ms, &zone);
        let current = self.every.first(today);
        let newest = self.before(current, &zone);
        Ok(if newest.due_ms <= now_ms { newest } else { self.before(self.earlier(current), &zone) })
    }

    /// When the next period is due, after `now_ms`.
    pub fn next_ms(&self, now_ms: i64) -> Result<i64, Invalid> {
        let zone = period::zone(&self.timezone)?;
        let current = self.every.first(local_day(now_ms, &zone));
        let later = current.checked_add(self.every.span()).unwrap_or(current);
        let [this, next] = [self.before(current, &zone).due_ms, self.before(later, &zone).due_ms];
        Ok(if this > now_ms { this } else { next })
    }

    fn earlier(&self, first: Date) -> Date {
        first.checked_sub(self.every.span()).unwrap_or(first)
    }

    /// The period before a day on which one begins, due on that day.
    fn before(&self, first: Date, zone: &TimeZone) -> DuePeriod {
        let range = Range {
            from_ms: period::start_of(self.earlier(first), zone),
            to_ms: period::start_of(first, zone),
        };
        // An hour that does not exist on that day is the one after it; of an hour that comes twice it is the first.
        let hour = i8::try_from(self.hour).unwrap_or(0);
        let at = DateTime::from_parts(first, Time::new(hour, 0, 0, 0).unwrap_or(Time::MIN));
        let due_ms = zone
            .to_ambiguous_zoned(at)
            .compatible()
            .map_or(range.to_ms, |at| at.timestamp().as_millisecond());
        DuePeriod { range, due_ms: due_ms.max(range.to_ms) }
    }
}

fn local_day(ms: i64, zone: &TimeZone) -> Date {
    zone.to_datetime(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn schedule(every: Every, timezone: &str, hour: u8) -> Schedule {
        Schedule { every, timezone: timezone.into(), hour }
    }

    fn range(from: &str, to: &str) -> Range {
        Range { from_ms: ms(from), to_ms: ms(to) }
    }

    #[test]
    fn a_period_is_due_at_its_hour_and_not_before() {
        let monthly = schedule(Every::Month, "Europe/Berlin", 7);
        let october = range("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
        let due = monthly.due(ms("2026-11-01T06:00:00Z")).unwrap();
        assert_eq!((due.range, due.due_ms), (october, ms("2026-11-01T06:00:00Z")));
        let before = monthly.due(ms("2026-11-01T05:59:59.999Z")).unwrap();
        assert_eq!(before.range, range("2026-08-31T22:00:00Z", "2026-09-30T22:00:00Z"));
        assert_eq!(monthly.next_ms(ms("2026-11-01T05:59:59.999Z")).unwrap(), ms("2026-11-01T06:00:00Z"));
        assert_eq!(monthly.next_ms(ms("2026-11-01T06:00:00Z")).unwrap(), ms("2026-12-01T06:00:00Z"));
        let weekly = schedule(Every::Week, "America/New_York", 0);
        let due = weekly.due(ms("2026-11-22T10:30:00Z")).unwrap();
        // The clocks went back on November 1st.
        assert_eq!(due.range, range("2026-11-09T05:00:00Z", "2026-11-16T05:00:00Z"));
        assert_eq!(
            weekly.due(ms("2026-11-04T00:00:00Z")).unwrap().range,
            range("2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z")
        );
        let leap = schedule(Every::Month, "UTC", 0).due(ms("2028-03-01T00:00:00Z")).unwrap();
        assert_eq!(leap.range, range("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"));
    }

    #[test]
    fn an_hour_that_is_skipped_or_comes_twice_is_met_once() {
        let spring = schedule(Every::Day, "Europe/Berlin", 2);
        assert_eq!(spring.due(ms("2026-03-29T01:00:00Z")).unwrap().due_ms, ms("2026-03-29T01:00:00Z"));
        let day = range("2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z");
        assert_eq!(spring.due(ms("2026-03-29T01:00:00Z")).unwrap().range, day);
        assert_eq!(spring.due(ms("2026-03-29T00:59:59Z")).unwrap().range.to_ms, day.from_ms);
        let autumn = spring.due(ms("2026-10-25T00:00:00Z")).unwrap();
        assert_eq!(autumn.range, range("2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z"));
        assert_eq!(spring.due(ms("2026-10-25T01:00:00Z")).unwrap(), autumn);
    }

    #[test]
    fn wrong_ones_name_their_field() {
        assert_eq!(schedule(Every::Day, "UTC", 24).check().unwrap_err().field, "hour");
        assert_eq!(schedule(Every::Day, "Mars/Base", 0).check().unwrap_err().field, "timezone");
        assert_eq!("year".parse::<Every>(), Err(()));
    }

    proptest! {
        #[test]
        fn periods_follow_one_another_in_every_zone(
            which in any::<prop::sample::Index>(),
            start in 946_684_800_i64..1_900_000_000,
            every in 0..3_usize,
            hour in 0..24_u8,
        ) {
            let names: Vec<_> = jiff::tz::db().available().collect();
            let every = [Every::Day, Every::Week, Every::Month][every];
            let schedule = schedule(every, names[which.index(names.len())].as_str(), hour);
            let mut now_ms = start * 1000;
            let mut last = schedule.due(now_ms).unwrap();
            prop_assert!(last.range.to_ms <= last.due_ms && last.due_ms <= now_ms);
            for _ in 0..5 {
                let next_ms = schedule.next_ms(now_ms).unwrap();
                prop_assert!(next_ms > now_ms);
                prop_assert_eq!(schedule.due(next_ms - 1).unwrap(), last, "nothing is due in between");
                let due = schedule.due(next_ms).unwrap();
                prop_assert_eq!(due.due_ms, next_ms);
                prop_assert_eq!(due.range.from_ms, last.range.to_ms);
                (now_ms, last) = (next_ms, due);
            }
        }
    }
}
