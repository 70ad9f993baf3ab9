//! Calendar buckets in every zone that there is, where its clock was ever put forward or back, and where it left out
//! or repeated a day.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use meterwire_core::period::{Granularity, Range, zone};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const ALL: [Granularity; 5] =
    [Granularity::QuarterHour, Granularity::Hour, Granularity::Day, Granularity::Week, Granularity::Month];

fn ms(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn local(ms: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(ms).unwrap().to_zoned(zone.clone())
}

/// The bucket that the wall clock puts an instant in.
fn on_the_wall(ms: i64, granularity: Granularity, zone: &TimeZone) -> String {
    let at = local(ms, zone);
    let quarter = at.minute() / 15 * 15;
    match granularity {
        Granularity::QuarterHour => at.strftime(&format!("%FT%H:{quarter:02}")).to_string(),
        Granularity::Hour => at.strftime("%FT%H").to_string(),
        Granularity::Day => at.date().to_string(),
        Granularity::Week => at
            .date()
            .checked_sub(jiff::Span::new().days(at.weekday().to_monday_zero_offset()))
            .unwrap()
            .to_string(),
        Granularity::Month => at.strftime("%Y-%m").to_string(),
    }
}

/// No gap, no overlap, and no instant in a bucket whose name the wall clock did not show.
fn check_tiles(name: &str, zone: &TimeZone, range: Range, granularity: Granularity) {
    let told = || format!("{name} {granularity:?} {range:?}");
    let buckets = range.buckets(granularity, zone).unwrap();
    assert_eq!(buckets.first().map(|bucket| bucket.range.from_ms), Some(range.from_ms), "{}", told());
    assert_eq!(buckets.last().map(|bucket| bucket.range.to_ms), Some(range.to_ms), "{}", told());
    for pair in buckets.windows(2) {
        assert_eq!(pair[0].range.to_ms, pair[1].range.from_ms, "{}", told());
    }
    for bucket in &buckets {
        assert!(bucket.range.from_ms < bucket.range.to_ms, "{}", told());
        let (first, last) = (bucket.range.from_ms, bucket.range.to_ms - 1);
        let (begins, ends) = (on_the_wall(first, granularity, zone), on_the_wall(last, granularity, zone));
        assert_eq!(begins, ends, "{} {bucket:?}", told());
        if granularity == Granularity::Hour || granularity == Granularity::QuarterHour {
            assert!(bucket.label.starts_with(&begins[..13]), "{} {bucket:?}", told());
        } else {
            assert_eq!(bucket.label, begins, "{}", told());
        }
    }
}

/// Changes of a zone's clock since 1970 that moved it.
fn changes(zone: &TimeZone) -> Vec<i64> {
    let from = Timestamp::from_second(0).unwrap();
    let until = ms("2040-01-01T00:00:00Z");
    let changes = zone.following(from).map(|change| change.timestamp().as_millisecond());
    changes
        .take_while(|at| *at < until)
        .filter(|at| local(*at, zone).offset() != local(at - 1, zone).offset())
        .collect()
}

#[test]
fn buckets_tile_every_change_of_every_zone() {
    let (mut zones, mut all_changes) = (0, 0);
    for name in jiff::tz::db().available() {
        let zone = zone(name.as_str()).unwrap();
        let changes = changes(&zone);
        zones += 1;
        all_changes += changes.len();
        // Every sixth, beginning elsewhere in each zone, so that springs and autumns of all years are met.
        for at in changes.iter().skip(zones % 6).step_by(6) {
            for granularity in [Granularity::QuarterHour, Granularity::Hour] {
                let range = Range { from_ms: at - 5 * HOUR_MS / 4, to_ms: at + 7 * HOUR_MS / 4 };
                check_tiles(name.as_str(), &zone, range, granularity);
                // Beginning soon after the change, within the hour that it cut.
                let after = Range { from_ms: at + 5 * 60_000, ..range };
                check_tiles(name.as_str(), &zone, after, granularity);
            }
            let days = Range { from_ms: at - 3 * DAY_MS + 1, to_ms: at + 3 * DAY_MS };
            check_tiles(name.as_str(), &zone, days, Granularity::Day);
        }
    }
    assert!(zones > 400 && all_changes > 10_000, "{zones} zones, {all_changes} changes");
}

#[test]
fn buckets_tile_any_range_of_every_zone() {
    let mut random = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let start = 0_i64..2_208_988_800_000;
    for name in jiff::tz::db().available() {
        let zone = zone(name.as_str()).unwrap();
        for granularity in ALL {
            let longest_ms = match granularity {
                Granularity::QuarterHour => 12 * HOUR_MS,
                Granularity::Hour => 2 * DAY_MS,
                Granularity::Day => 60 * DAY_MS,
                Granularity::Week => 300 * DAY_MS,
                Granularity::Month => 1_500 * DAY_MS,
            };
            let input = (start.clone(), 1..longest_ms).new_tree(&mut random).unwrap().current();
            check_tiles(
                name.as_str(),
                &zone,
                Range { from_ms: input.0, to_ms: input.0 + input.1 },
                granularity,
            );
        }
    }
}

fn labels(tz: &str, from: &str, to: &str, granularity: Granularity) -> Vec<String> {
    let range = Range { from_ms: ms(from), to_ms: ms(to) };
    let zone = zone(tz).unwrap();
    range.buckets(granularity, &zone).unwrap().into_iter().map(|bucket| bucket.label).collect()
}

#[test]
fn a_day_that_was_left_out_has_no_bucket() {
    // Samoa went from December 29th to the 31st; Kwajalein left out August 21st 1993.
    let samoa = labels("Pacific/Apia", "2011-12-28T10:00:00Z", "2012-01-01T10:00:00Z", Granularity::Day);
    assert_eq!(samoa, ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
    let kwajalein =
        labels("Pacific/Kwajalein", "1993-08-19T12:00:00Z", "1993-08-23T12:00:00Z", Granularity::Day);
    assert!(!kwajalein.contains(&"1993-08-21".to_owned()), "{kwajalein:?}");
    assert!(kwajalein.contains(&"1993-08-22".to_owned()), "{kwajalein:?}");
}

#[test]
fn a_day_that_was_repeated_is_one_bucket_of_two_days() {
    // Kwajalein put its clock back by 23 hours and more on September 30th 1969.
    let zone = zone("Pacific/Kwajalein").unwrap();
    let change =
        zone.following(Timestamp::from_millisecond(ms("1969-01-01T00:00:00Z")).unwrap()).next().unwrap();
    let at = change.timestamp().as_millisecond();
    assert!(local(at, &zone).datetime() < local(at - 1, &zone).datetime());
    let range = Range { from_ms: at - 3 * DAY_MS, to_ms: at + 3 * DAY_MS };
    let buckets = range.buckets(Granularity::Day, &zone).unwrap();
    for pair in buckets.windows(2) {
        assert_eq!(pair[0].range.to_ms, pair[1].range.from_ms);
        let (one, other): (Date, Date) = (pair[0].label.parse().unwrap(), pair[1].label.parse().unwrap());
        assert!(one < other, "{pair:?}");
    }
    let longest = buckets.iter().map(|bucket| bucket.range.to_ms - bucket.range.from_ms).max().unwrap();
    assert!(longest > DAY_MS + 20 * HOUR_MS, "{longest}");
}

#[test]
fn hours_off_the_grid_begin_with_the_change() {
    // Lord Howe's clocks move by half an hour: forward at 02:00, back at 02:00.
    let spring =
        labels("Australia/Lord_Howe", "2026-10-03T14:30:00Z", "2026-10-03T17:00:00Z", Granularity::Hour);
    assert_eq!(spring, ["2026-10-04T01:00", "2026-10-04T02:30", "2026-10-04T03:00"]);
    let autumn =
        labels("Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-04T17:00:00Z", Granularity::Hour);
    let expected =
        ["2026-04-05T00:00", "2026-04-05T01:00", "2026-04-05T01:30", "2026-04-05T02:00", "2026-04-05T03:00"];
    assert_eq!(autumn, expected);
    let kathmandu =
        labels("Asia/Kathmandu", "2026-11-22T00:15:00Z", "2026-11-22T02:15:00Z", Granularity::Hour);
    assert_eq!(kathmandu, ["2026-11-22T06:00", "2026-11-22T07:00"]);
}
