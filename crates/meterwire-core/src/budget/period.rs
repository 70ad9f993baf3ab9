//! The calendar spans that a budget is counted over. Nothing has to run at their ends: a span is a function of the time.

use crate::invalid::Invalid;
use crate::period::{self, Range};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Unit};

/// The most days of a custom period.
pub const MAX_CUSTOM_DAYS: u16 = 366;

/// Which calendar spans a budget is counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetPeriod {
    /// A calendar day.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
    /// So many days each, counted from a date in both directions.
    Custom {
        /// The first day of one of them.
        anchor: Date,
        /// How many days each has.
        days: u16,
    },
}

impl BudgetPeriod {
    /// Reads the contract's name; `anchor` (`2026-11-03`) and `days` belong to `custom` and only to it.
    pub fn parse(name: &str, anchor: Option<&str>, days: Option<u32>) -> Result<Self, Invalid> {
        let plain = match name {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            "custom" => return Self::parse_custom(anchor, days),
            _ => {
                let sentence = "period must be one of day, week, month, quarter, year, custom";
                return Err(Invalid::new("period", sentence));
            }
        };
        for (field, is_there) in [("anchor", anchor.is_some()), ("days", days.is_some())] {
            if is_there {
                return Err(Invalid::new(field, format!("{field} belongs to the period custom only")));
            }
        }
        Ok(plain)
    }

    fn parse_custom(anchor: Option<&str>, days: Option<u32>) -> Result<Self, Invalid> {
        let anchor_refused =
            || Invalid::new("anchor", "a custom period needs anchor, its first day, such as 2026-11-03");
        let text = anchor.ok_or_else(anchor_refused)?;
        let date: Date = text.parse().map_err(|_| anchor_refused())?;
        if date.to_string() != text {
            return Err(anchor_refused());
        }
        let days = days.and_then(|days| u16::try_from(days).ok()).unwrap_or(0);
        let period = Self::Custom { anchor: date, days };
        period.check()?;
        Ok(period)
    }

    /// Checks the bounds of a custom period.
    pub fn check(self) -> Result<(), Invalid> {
        let Self::Custom { anchor, days } = self else { return Ok(()) };
        if !(1..=MAX_CUSTOM_DAYS).contains(&days) {
            let sentence = format!("a custom period needs days, from 1 to {MAX_CUSTOM_DAYS}");
            return Err(Invalid::new("days", sentence));
        }
        if !(1970..=9999).contains(&anchor.year()) {
            return Err(Invalid::new("anchor", "anchor must be between 1970 and 9999"));
        }
        Ok(())
    }

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Custom { .. } => "custom",
        }
    }

    /// As the beginning of a sentence: `Monthly budget "support" exceeded`.
    pub fn budget(self) -> &'static str {
        match self {
            Self::Day => "Daily budget",
            Self::Week => "Weekly budget",
            Self::Month => "Monthly budget",
            Self::Quarter => "Quarterly budget",
            Self::Year => "Yearly budget",
            Self::Custom { .. } => "Budget",
        }
    }

    /// The first day of a custom period, and how many days each has.
    pub fn custom(self) -> Option<(String, u16)> {
        match self {
            Self::Custom { anchor, days } => Some((anchor.to_string(), days)),
            _ => None,
        }
    }

    /// The span that holds an instant.
    pub fn range(self, at_ms: i64, zone: &TimeZone) -> Range {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let today = zone.to_datetime(at).date();
        let (first, length) = self.span_of(today);
        let next = add(first, length);
        Range { from_ms: period::start_of(first, zone), to_ms: period::start_of(next, zone) }
    }

    /// The `count` spans up to the one that holds an instant, oldest first, as the instants where they begin, and where the
    /// last one ends.
    pub fn edges(self, at_ms: i64, count: usize, zone: &TimeZone) -> Vec<i64> {
        let mut range = self.range(at_ms, zone);
        let mut edges = vec![range.to_ms, range.from_ms];
        while edges.len() <= count {
            range = self.range(range.from_ms - 1, zone);
            edges.push(range.from_ms);
        }
        edges.reverse();
        edges
    }

    fn span_of(self, today: Date) -> (Date, Span) {
        match self {
            Self::Day => (today, 1.day()),
            Self::Week => {
                let since_monday = i64::from(today.weekday().to_monday_zero_offset());
                (add(today, -since_monday.days()), 1.week())
            }
            Self::Month => (today.first_of_month(), 1.month()),
            Self::Quarter => {
                let into = i64::from(today.month() - 1) % 3;
                (add(today.first_of_month(), -into.months()), 3.months())
            }
            Self::Year => (today.first_of_year(), 1.year()),
            Self::Custom { anchor, days } => {
                let since = anchor.until((Unit::Day, today)).map_or(0, |span| i64::from(span.get_days()));
                let days = i64::from(days.max(1));
                (add(today, -since.rem_euclid(days).days()), days.days())
            }
        }
    }
}

/// The spans of a budget in its zone.
#[derive(Debug, Clone)]
pub struct PeriodCalendar {
    period: BudgetPeriod,
    zone: TimeZone,
}

impl PeriodCalendar {
    /// The spans of a zone that is known to exist; of UTC where it is not.
    pub fn new(period: BudgetPeriod, timezone: &str) -> Self {
        Self { period, zone: period::zone(timezone).unwrap_or(TimeZone::UTC) }
    }

    /// See [`BudgetPeriod::range`].
    pub fn range(&self, at_ms: i64) -> Range {
        self.period.range(at_ms, &self.zone)
    }

    /// See [`BudgetPeriod::edges`].
    pub fn edges(&self, at_ms: i64, count: usize) -> Vec<i64> {
        self.period.edges(at_ms, count, &self.zone)
    }
}

fn add(date: Date, span: Span) -> Date {
    date.checked_add(span).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn range(period: BudgetPeriod, at: &str, zone: &str) -> (String, String) {
        let found = period.range(ms(at), &period::zone(zone).unwrap());
        (period::rfc3339(found.from_ms), period::rfc3339(found.to_ms))
    }

    fn is(found: (String, String), from: &str, to: &str) {
        assert_eq!(found, (from.to_owned(), to.to_owned()));
    }

    #[test]
    fn periods_begin_where_the_calendar_says() {
        let at = "2026-11-22T10:30:00Z";
        is(range(BudgetPeriod::Day, at, "UTC"), "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
        is(range(BudgetPeriod::Week, at, "UTC"), "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z");
        is(range(BudgetPeriod::Month, at, "UTC"), "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
        is(range(BudgetPeriod::Quarter, at, "UTC"), "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z");
        is(range(BudgetPeriod::Year, at, "UTC"), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    }

    #[test]
    fn the_first_and_the_last_instant_belong_to_the_zone_s_month() {
        // Kiritimati is 14 hours ahead, Niue 11 behind.
        is(
            range(BudgetPeriod::Month, "2026-10-31T10:00:00Z", "Pacific/Kiritimati"),
            "2026-10-31T10:00:00Z",
            "2026-11-30T10:00:00Z",
        );
        is(
            range(BudgetPeriod::Month, "2026-11-01T10:59:59.999Z", "Pacific/Niue"),
            "2026-10-01T11:00:00Z",
            "2026-11-01T11:00:00Z",
        );
        // A leap February, and a month with a change of the clock.
        is(
            range(BudgetPeriod::Month, "2028-02-29T23:59:59.999Z", "UTC"),
            "2028-02-01T00:00:00Z",
            "2028-03-01T00:00:00Z",
        );
        is(
            range(BudgetPeriod::Month, "2026-03-31T12:00:00Z", "Europe/Berlin"),
            "2026-02-28T23:00:00Z",
            "2026-03-31T22:00:00Z",
        );
        is(
            range(BudgetPeriod::Day, "2026-10-25T12:00:00Z", "Europe/Berlin"),
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
    }

    #[test]
    fn custom_periods_are_counted_from_their_anchor_in_both_directions() {
        let fortnight = BudgetPeriod::parse("custom", Some("2026-11-03"), Some(14)).unwrap();
        is(range(fortnight, "2026-11-16T23:59:59Z", "UTC"), "2026-11-03T00:00:00Z", "2026-11-17T00:00:00Z");
        is(range(fortnight, "2026-11-17T00:00:00Z", "UTC"), "2026-11-17T00:00:00Z", "2026-12-01T00:00:00Z");
        is(range(fortnight, "2026-11-02T00:00:00Z", "UTC"), "2026-10-20T00:00:00Z", "2026-11-03T00:00:00Z");
        assert_eq!(fortnight.custom(), Some(("2026-11-03".to_owned(), 14)));
    }

    #[test]
    fn a_wrong_period_names_its_field() {
        let field = |name, anchor, days| BudgetPeriod::parse(name, anchor, days).unwrap_err().field;
        assert_eq!(field("fortnight", None, None), "period");
        assert_eq!(field("month", Some("2026-11-03"), None), "anchor");
        assert_eq!(field("month", None, Some(14)), "days");
        assert_eq!(field("custom", None, Some(14)), "anchor");
        assert_eq!(field("custom", Some("2026-11-31"), Some(14)), "anchor");
        assert_eq!(field("custom", Some("-000100-01-01"), Some(14)), "anchor");
        for days in [None, Some(0), Some(367), Some(70_000)] {
            assert_eq!(field("custom", Some("2026-11-03"), days), "days");
        }
    }

    proptest! {
        /// Periods tile time: the end of one is the start of the next, and every instant of it finds it.
        #[test]
        fn periods_tile_time(
            at_ms in 946_684_800_000_i64..2_500_000_000_000,
            zone in select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
                "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia"]),
            kind in 0_usize..6,
            days in 1_u16..=MAX_CUSTOM_DAYS,
            anchor_day in 0_i32..20_000,
        ) {
            let anchor = Date::constant(1990, 1, 1).checked_add(i64::from(anchor_day).days()).unwrap();
            let kinds = [BudgetPeriod::Day, BudgetPeriod::Week, BudgetPeriod::Month, BudgetPeriod::Quarter,
                BudgetPeriod::Year, BudgetPeriod::Custom { anchor, days }];
            let (period, zone) = (kinds[kind], period::zone(zone).unwrap());
            let range = period.range(at_ms, &zone);
            prop_assert!(range.from_ms <= at_ms && at_ms < range.to_ms);
            prop_assert_eq!(period.range(range.from_ms, &zone), range);
            prop_assert_eq!(period.range(range.to_ms - 1, &zone), range);
            prop_assert_eq!(period.range(range.to_ms, &zone).from_ms, range.to_ms);
            let edges = period.edges(at_ms, 3, &zone);
            prop_assert_eq!(edges.len(), 4);
            prop_assert_eq!(edges[2..].to_vec(), vec![range.from_ms, range.to_ms]);
            prop_assert_eq!(period.range(edges[1] - 1, &zone).from_ms, edges[0]);
        }
    }
}
