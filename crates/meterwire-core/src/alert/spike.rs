//! When a day's spending stands out: against the same weekday of the weeks before, since a Monday is no Sunday.

use super::AlertRule;
use crate::money::NANOS_PER_USD;
use crate::period::{Range, day_of, days_before};
use jiff::tz::TimeZone;

/// The same weekday of so many weeks before, the oldest first, and today last.
pub fn same_weekdays(now_ms: i64, weeks: usize, zone: &TimeZone) -> Vec<Range> {
    let weeks = i64::try_from(weeks).unwrap_or(0);
    (0..=weeks).rev().map(|week| day_of(days_before(now_ms, week * 7, zone), zone)).collect()
}

/// The mean of the earlier days that have any cost, where today's is a spike over it; amounts in nano-dollars. One such day
/// tells nothing.
pub fn spike_over(today: i64, earlier: &[i64], rule: &AlertRule) -> Option<i64> {
    let used = || earlier.iter().filter(|cost| **cost > 0);
    let count = i128::try_from(used().count()).ok().filter(|count| *count >= 2)?;
    let sum: i128 = used().map(|cost| i128::from(*cost)).sum();
    let mean = i64::try_from(sum / count).ok()?;
    let above = i128::from(today) - i128::from(mean);
    let by_share = above * 100 > i128::from(mean) * i128::from(rule.params.get("above_percent"));
    let by_amount = above > i128::from(rule.params.get("min_usd")) * i128::from(NANOS_PER_USD);
    (by_share && by_amount).then_some(mean)
}

#[cfg(test)]
mod tests {
    use super::super::AlertKind;
    use super::*;
    use crate::period;

    #[test]
    fn a_spike_is_above_by_share_and_by_amount() {
        let rule = AlertRule::default_of(AlertKind::SpendSpike);
        let usd = |dollars: i64| dollars * NANOS_PER_USD;
        assert_eq!(spike_over(usd(41), &[usd(10), 0, usd(30)], &rule), Some(usd(20)));
        assert_eq!(spike_over(usd(40), &[usd(10), usd(30)], &rule), None, "not more than twice the mean");
        assert_eq!(spike_over(usd(11), &[usd(1), usd(1)], &rule), None, "ten dollars above, not more");
        assert_eq!(spike_over(usd(500), &[usd(1), 0], &rule), None, "one day tells nothing");
        assert_eq!(spike_over(i64::MAX, &[i64::MAX, i64::MAX], &rule), None);
    }

    #[test]
    fn days_are_those_of_the_zone_across_a_change_of_the_clocks() {
        // 2026-11-02, a Monday; New York left daylight saving time the day before.
        let now_ms = 1_793_638_800_000;
        let zone = period::zone("America/New_York").unwrap();
        let days = same_weekdays(now_ms, 2, &zone);
        let text: Vec<_> = days.iter().map(|day| period::rfc3339(day.from_ms)).collect();
        assert_eq!(text, ["2026-10-19T04:00:00Z", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z"]);
        assert!(days.iter().all(|day| day.to_ms - day.from_ms == 86_400_000));
    }
}
