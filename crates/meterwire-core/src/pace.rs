//! How a period goes on: which of its days are over, what a day costs on average, what it comes to at its end.

use crate::budget;
use crate::money::{CostNanos, div_half_even};
use crate::period::{Granularity, Range};
use jiff::tz::TimeZone;

/// The pace of spending in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Calendar days of the period.
    pub days: i64,
    /// Calendar days after today: 0 on the last one.
    pub days_remaining: i64,
    /// Spent / days that are over, of today the part that is over; in the first instant what was spent.
    pub daily_average: CostNanos,
    /// Spent / the part of the period that is over, as [`budget::projected`] says.
    pub projected: CostNanos,
}

impl Pace {
    /// That of `spent` in a period at `now_ms`.
    pub fn of(spent: CostNanos, range: Range, zone: &TimeZone, now_ms: i64) -> Self {
        // Bounded: no period is longer than a few years.
        let buckets = range.buckets(Granularity::Day, zone).unwrap_or_default();
        let days = i64::try_from(buckets.len()).unwrap_or(i64::MAX).max(1);
        let after = buckets.iter().filter(|day| day.range.from_ms > now_ms).count();
        let projected = budget::projected(spent, range, now_ms);
        // The same share of the period as the projection takes, told in days, so that average x days = projection.
        let (over, whole) = (now_ms - range.from_ms, range.to_ms - range.from_ms);
        let daily_average = if over <= 0 || whole <= 0 {
            spent
        } else {
            let over = over.min(whole);
            let average =
                div_half_even(i128::from(spent.0) * i128::from(whole), i128::from(over) * i128::from(days));
            average.map_or(spent, CostNanos)
        };
        Self { days, days_remaining: i64::try_from(after).unwrap_or(0), daily_average, projected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::{month_of, zone};
    use jiff::Timestamp;

    fn pace(now: &str, tz: &str, dollars: i64) -> (Pace, i64) {
        let now_ms = now.parse::<Timestamp>().unwrap().as_millisecond();
        let zone = zone(tz).unwrap();
        let month = month_of(now_ms, &zone);
        (
            Pace::of(CostNanos(dollars * 1_000_000_000), month, &zone, now_ms),
            (month.to_ms - month.from_ms) / 3_600_000,
        )
    }

    #[test]
    fn first_and_last_instant_of_a_month() {
        let (first, _) = pace("2026-11-01T00:00:00Z", "UTC", 5);
        assert_eq!((first.days, first.days_remaining), (30, 29));
        assert_eq!((first.daily_average.0, first.projected.0), (5_000_000_000, 5_000_000_000));
        let (last, _) = pace("2026-11-30T23:59:59.999Z", "UTC", 30);
        assert_eq!((last.days_remaining, last.daily_average.0), (0, 1_000_000_000), "but for a millisecond");
        assert_eq!(last.projected.0, 30_000_000_012, "half to even of 30 x 2592000000 / 2591999999");
        let (half, _) = pace("2026-11-16T00:00:00Z", "UTC", 15);
        assert_eq!((half.days_remaining, half.daily_average.0), (14, 1_000_000_000));
        assert_eq!(half.projected.0, 30_000_000_000);
    }

    #[test]
    fn a_leap_february_has_a_day_more() {
        let (leap, _) = pace("2028-02-15T12:00:00Z", "UTC", 29);
        assert_eq!((leap.days, leap.days_remaining), (29, 14));
        assert_eq!((leap.daily_average.0, leap.projected.0), (2_000_000_000, 58_000_000_000));
        let (plain, _) = pace("2027-02-15T00:00:00Z", "UTC", 28);
        assert_eq!((plain.days, plain.days_remaining, plain.projected.0), (28, 13, 56_000_000_000));
    }

    #[test]
    fn the_zone_decides_which_day_it_is() {
        // Still November in Samoa of America, long December on Kiritimati.
        let (west, _) = pace("2026-12-01T10:30:00Z", "Pacific/Pago_Pago", 30);
        assert_eq!((west.days, west.days_remaining), (30, 0));
        let (east, _) = pace("2026-11-30T10:00:00Z", "Pacific/Kiritimati", 31);
        assert_eq!((east.days, east.days_remaining, east.daily_average.0), (31, 30, 31_000_000_000));
    }

    #[test]
    fn months_with_longer_and_shorter_days_are_as_long_as_they_are() {
        let (autumn, hours) = pace("2026-10-25T12:00:00Z", "Europe/Berlin", 31);
        assert_eq!((hours, autumn.days, autumn.days_remaining), (31 * 24 + 1, 31, 6));
        // From the evening of 30 September, in UTC: 590 of 745 hours.
        assert_eq!(autumn.projected.0, div_half_even(31_000_000_000 * 745, 590).unwrap());
        let (spring, hours) = pace("2026-03-29T12:00:00Z", "Europe/Berlin", 31);
        assert_eq!((hours, spring.days, spring.days_remaining), (31 * 24 - 1, 31, 2));
    }
}
