//! The one place that reads the host's clock: an event that waits in the recorder keeps the time at which it happened.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY_MS: u128 = 86_400_000;

/// The present instant as RFC 3339 with milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the SDK runs in other people's programs, which hand it no clock"
)]
pub(crate) fn now_rfc3339() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    rfc3339(since.as_millis())
}

/// Milliseconds since 1970 as RFC 3339 in UTC.
fn rfc3339(unix_ms: u128) -> String {
    let (days, in_day) = (unix_ms / DAY_MS, unix_ms % DAY_MS);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (in_day / 3_600_000, in_day / 60_000 % 60, in_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", in_day % 1000)
}

/// The Gregorian date so many days after 1970-01-01. Years are counted from March, so that the leap day comes last.
fn civil(days: u128) -> (u128, u128, u128) {
    const ERA_DAYS: u128 = 146_097;
    // From 0000-03-01 to 1970-01-01.
    let days = days + 719_468;
    let (era, day_of_era) = (days / ERA_DAYS, days % ERA_DAYS);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{civil, now_rfc3339, rfc3339};

    #[test]
    fn known_instants_are_written() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_795_343_400_125), "2026-11-22T10:30:00.125Z");
        assert_eq!(rfc3339(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
        assert_eq!(rfc3339(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
    }

    #[test]
    fn every_day_of_five_centuries_follows_the_one_before() {
        let mut expected = (1970, 1, 1);
        for days in 0..182_500 {
            assert_eq!(civil(days), expected);
            let (year, month, day) = expected;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + u128::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, last) if last == length => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn now_is_a_time_the_server_takes() {
        let now = now_rfc3339();
        assert!(now.len() == 24 && now.as_str() > "2020" && now.ends_with('Z'), "{now}");
    }
}
