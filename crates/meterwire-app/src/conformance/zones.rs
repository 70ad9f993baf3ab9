//! Every zone: whatever the calendar, the parts make the whole.

use super::make;
use super::{World, model};
use crate::ports::{AggregateRequest, AggregateRow, Measures, TenantId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::money::CostNanos;
use meterwire_core::period::{self, Granularity, Range};
use meterwire_core::totals::Totals;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

const HOUR_MS: i64 = 3_600_000;
/// Events of each zone: spread over the days around a change of its clock.
const EVENTS: usize = 8;

/// In every zone of the database random events are recorded around a change of its clock (where it ever changed since
/// 2000: some zones left out a day then). Its days, hours and groups must each add up to the whole, to the last
/// nano-dollar, and each must be what the plain model says.
pub fn every_zone_adds_up(world: &World) {
    let mut random = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let zones: Vec<Case> =
        jiff::tz::db().available().map(|name| Case::new(name.as_str(), &mut random)).collect();
    assert!(zones.len() > 400, "{} zones", zones.len());
    let events: Vec<Event> = zones.iter().flat_map(|zone| zone.events.iter().cloned()).collect();
    world.run(async {
        let tenant = world.new_tenant().await.id;
        for events in events.chunks(1_000) {
            world.append(tenant, events).await;
        }
        for zone in &zones {
            // Zones change their clocks at the same instants, so one zone's days hold the events of others too.
            let within = |event: &&Event| (zone.range.from_ms..zone.range.to_ms).contains(&event.time_ms);
            let nearby: Vec<Event> = events.iter().filter(within).cloned().collect();
            assert!(nearby.len() >= EVENTS, "{}", zone.name);
            zone.check(world, tenant, &nearby).await;
        }
    });
}

struct Case {
    name: String,
    zone: TimeZone,
    /// From midnight to midnight, four days around the change.
    range: Range,
    events: Vec<Event>,
}

impl Case {
    fn new(name: &str, random: &mut TestRunner) -> Self {
        let zone = period::zone(name).unwrap();
        let changes = changes(&zone);
        let any = (0..usize::MAX, 946_684_800_000..make::NOW_MS - 8 * make::DAY_MS);
        let (which, elsewhere) = any.new_tree(random).unwrap().current();
        let at = changes.get(which % changes.len().max(1)).copied().unwrap_or(elsewhere);
        let day = |at: i64| {
            let date = Timestamp::from_millisecond(at).unwrap().to_zoned(zone.clone()).date();
            date.to_string()
        };
        let (from, to) = (day(at - 2 * make::DAY_MS), day(at + 2 * make::DAY_MS + HOUR_MS));
        let range = period::custom(("from", &from), ("to", &to), &zone).unwrap();
        let events = (0..EVENTS).map(|place| {
            let input = (
                make::any_event(),
                range.from_ms..range.to_ms,
                -2 * HOUR_MS..2 * HOUR_MS,
                0..1_000_000_000_i64,
            );
            let (mut event, anywhere, near, nanos) = input.new_tree(random).unwrap().current();
            event.id = format!("{name}-{place}");
            // Half of them within two hours of the change; one on each side of it, and one at either end of the range.
            event.time_ms = match place {
                0 => at - 1,
                1 => at,
                2 => range.from_ms,
                3 => range.to_ms - 1,
                4 | 5 => at + near,
                _ => anywhere,
            };
            if nanos % 2 == 0 {
                event.rating = meterwire_core::event::Rating::Given(CostNanos(nanos));
            }
            event
        });
        Self { name: name.to_owned(), range, events: events.collect(), zone }
    }

    async fn check(&self, world: &World, tenant: TenantId, events: &[Event]) {
        let ask = async |edges_ms: Vec<i64>, group_by: Vec<Dimension>| {
            let request = AggregateRequest { edges_ms, group_by, filters: vec![], measures: Measures::SUMS };
            let mut rows = world.stores.usage.aggregate(tenant, request.clone()).await.unwrap();
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
            let expected = model::aggregate(events, &request);
            assert_eq!(rows, expected, "{} {request:?}", self.name);
            sum(rows)
        };
        let edges = |granularity: Granularity| {
            let buckets = self.range.buckets(granularity, &self.zone).unwrap();
            let starts = buckets.iter().map(|bucket| bucket.range.from_ms);
            starts.chain([self.range.to_ms]).collect::<Vec<_>>()
        };
        let whole = ask(vec![self.range.from_ms, self.range.to_ms], vec![]).await;
        assert!(whole.calls >= EVENTS as i64);
        for (granularity, group_by) in [
            (Granularity::Day, vec![]),
            (Granularity::Day, vec![Dimension::Provider, Dimension::Model]),
            (Granularity::Hour, vec![]),
            (Granularity::Week, vec![Dimension::User]),
        ] {
            let parts = ask(edges(granularity), group_by.clone()).await;
            assert_eq!(parts, whole, "{} {granularity:?} {group_by:?}", self.name);
        }
    }
}

fn sum(rows: Vec<AggregateRow>) -> Totals {
    let mut whole = Totals::default();
    rows.iter().for_each(|row| whole.merge(&row.totals));
    whole
}

/// When a zone's clock was moved since 2000.
fn changes(zone: &TimeZone) -> Vec<i64> {
    let from = Timestamp::from_millisecond(946_684_800_000 + 3 * make::DAY_MS).unwrap();
    let changes = zone.following(from).map(|change| change.timestamp());
    changes
        .take_while(|at| at.as_millisecond() < make::NOW_MS - 8 * make::DAY_MS)
        .filter(|at| {
            let before = Timestamp::from_millisecond(at.as_millisecond() - 1).unwrap();
            zone.to_offset(*at) != zone.to_offset(before)
        })
        .map(Timestamp::as_millisecond)
        .collect()
}
