//! When a row happened: an instant, a local time (taken as UTC), or a number counted from a base. No time ever goes
//! through a float: fractions are decimal text.

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The unit of numeric times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimeUnit {
    /// Seconds.
    S,
    /// Milliseconds.
    Ms,
    /// Microseconds.
    Us,
}

impl TimeUnit {
    /// How many decimal digits one unit is from a nanosecond.
    fn exponent(self) -> i32 {
        match self {
            Self::S => 9,
            Self::Ms => 6,
            Self::Us => 3,
        }
    }
}

/// How the times of a file are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TimeFormat {
    /// Where numbers count from; the Unix epoch where only a unit is given.
    base: Option<Timestamp>,
    /// The unit of numbers.
    unit: Option<TimeUnit>,
}

impl TimeFormat {
    /// Reads `--time-base`; a base without a unit counts seconds.
    pub(super) fn new(base: Option<&str>, unit: Option<TimeUnit>) -> Result<Self, String> {
        let parse = |text: &str| {
            instant(text.trim())
                .ok_or_else(|| format!("--time-base {text:?} is no time such as 2026-11-01T00:00:00Z"))
        };
        Ok(Self { base: base.map(parse).transpose()?, unit })
    }

    /// The instant that a text means, as RFC 3339 with all its digits.
    pub(super) fn parse(&self, text: &str) -> Result<String, String> {
        let shown: String = text.chars().take(40).collect();
        if self.base.is_none() && self.unit.is_none() {
            if let Some(time) = instant(text) {
                return Ok(time.to_string());
            }
            if nanoseconds(text, 0).is_some() {
                return Err(format!(
                    "time {shown:?} is a number; say what it counts with --time-unit and --time-base"
                ));
            }
            return Err(format!(
                "time {shown:?} is no time such as 2026-11-22T10:30:00Z or 2026-11-22 10:30:00.125"
            ));
        }
        let unit = self.unit.unwrap_or(TimeUnit::S);
        let offset = nanoseconds(text, unit.exponent());
        let offset = offset.ok_or_else(|| {
            format!("time {shown:?} must be a number, since --time-base or --time-unit is given")
        })?;
        let sum = self.base.map_or(0, Timestamp::as_nanosecond).checked_add(offset);
        let time = sum.and_then(|nanoseconds| Timestamp::from_nanosecond(nanoseconds).ok());
        time.map(|time| time.to_string()).ok_or_else(|| format!("time {shown:?} is out of range"))
    }
}

/// An instant, or a date or local time taken as UTC.
fn instant(text: &str) -> Option<Timestamp> {
    if text.len() > 64 {
        return None;
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let local = text.strip_suffix("UTC").map_or(text, str::trim_end);
    // A text with an offset that did not parse above must not be read as if it had none.
    let plain = local.bytes().all(|b| b.is_ascii_digit() || b"-:.T ".contains(&b));
    let civil = if local.len() == 10 {
        local.parse::<Date>().ok().map(|date| date.at(0, 0, 0, 0))
    } else {
        local.parse::<DateTime>().ok()
    };
    civil.filter(|_| plain)?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A decimal (`1.5`, `-3`, `1e-06`) times ten to the power of `exponent`, its places below that cut off.
fn nanoseconds(text: &str, exponent: i32) -> Option<i128> {
    let (number, power) = match text.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i32>().ok().filter(|power| power.abs() <= 30)?),
        None => (text, 0),
    };
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (whole, places) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = whole.bytes().chain(places.bytes()).all(|b| b.is_ascii_digit());
    if !all_digits || whole.is_empty() || number.len() > 30 {
        return None;
    }
    let digits: i128 = format!("{whole}{places}").parse().ok()?;
    let shift = exponent + power - i32::try_from(places.len()).ok()?;
    let scale = 10_i128.checked_pow(shift.unsigned_abs());
    let value = match (shift >= 0, scale) {
        (true, Some(scale)) => digits.checked_mul(scale)?,
        (true, None) => return None,
        (false, Some(scale)) => digits / scale,
        (false, None) => 0,
    };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Result<String, String> {
        TimeFormat::default().parse(text)
    }

    #[test]
    fn times_without_a_zone_are_utc_with_every_digit() {
        assert_eq!(plain("2023-11-16 18:17:03.9799600").unwrap(), "2023-11-16T18:17:03.97996Z");
        assert_eq!(plain("2023-11-16T18:17:03").unwrap(), "2023-11-16T18:17:03Z");
        assert_eq!(plain("2023-11-16 18:17:03 UTC").unwrap(), "2023-11-16T18:17:03Z");
        assert_eq!(plain("2023-11-16").unwrap(), "2023-11-16T00:00:00Z");
    }

    #[test]
    fn times_with_a_zone_are_moved() {
        assert_eq!(plain("2023-11-16T18:17:03+02:00").unwrap(), "2023-11-16T16:17:03Z");
        assert_eq!(plain("2023-11-16T18:17:03.125Z").unwrap(), "2023-11-16T18:17:03.125Z");
    }

    #[test]
    fn what_is_no_time_is_told() {
        for bad in ["yesterday", "2023-13-01", "16.11.2023", "2023-11-16T18:17:03+99", "18:17", ""] {
            assert!(plain(bad).unwrap_err().contains("is no time"), "{bad}");
        }
        assert!(plain("1700000000").unwrap_err().contains("--time-unit"));
    }

    #[test]
    fn numbers_count_from_the_base_without_losing_a_digit() {
        let of =
            |unit, text: &str| TimeFormat::new(Some("2026-11-01T00:00:00Z"), Some(unit)).unwrap().parse(text);
        assert_eq!(of(TimeUnit::S, "0.000001").unwrap(), "2026-11-01T00:00:00.000001Z");
        assert_eq!(of(TimeUnit::S, "1e-06").unwrap(), "2026-11-01T00:00:00.000001Z");
        assert_eq!(of(TimeUnit::S, "3599.999").unwrap(), "2026-11-01T00:59:59.999Z");
        // 4.35 seconds is 4349.999.. milliseconds as a float.
        assert_eq!(of(TimeUnit::S, "4.35").unwrap(), "2026-11-01T00:00:04.35Z");
        assert_eq!(of(TimeUnit::Ms, "1022025").unwrap(), "2026-11-01T00:17:02.025Z");
        assert_eq!(of(TimeUnit::Us, "1500").unwrap(), "2026-11-01T00:00:00.0015Z");
        assert_eq!(of(TimeUnit::S, "-60").unwrap(), "2026-10-31T23:59:00Z");
        for bad in ["", "x", "1.2.3", "--1", "1e99", ".5", "2026-11-01"] {
            assert!(of(TimeUnit::S, bad).is_err(), "{bad}");
        }
        assert!(of(TimeUnit::S, "99999999999999999999").unwrap_err().contains("out of range"));
    }

    #[test]
    fn a_unit_alone_counts_from_the_unix_epoch_and_a_base_alone_counts_seconds() {
        let epoch = TimeFormat::new(None, Some(TimeUnit::Ms)).unwrap();
        assert_eq!(epoch.parse("1700158623979").unwrap(), "2023-11-16T18:17:03.979Z");
        let base = TimeFormat::new(Some("2026-11-01"), None).unwrap();
        assert_eq!(base.parse("61.5").unwrap(), "2026-11-01T00:01:01.5Z");
        assert!(TimeFormat::new(Some("soon"), None).unwrap_err().contains("--time-base"));
    }
}
