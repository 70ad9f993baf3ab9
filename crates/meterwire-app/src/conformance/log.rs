//! The log: every row once, in the order that was asked for.

use super::make::{DAY_MS, NOW_MS, START_MS, any_events, event_with};
use super::{World, audit, model};
use crate::ports::{LogColumn, LogPage, LogRequest, LogStart, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;
use proptest::prelude::*;

const EVERYTHING: Range = Range { from_ms: START_MS - DAY_MS, to_ms: NOW_MS };

fn every_column() -> Vec<LogColumn> {
    let mut columns = vec![
        LogColumn::Time,
        LogColumn::InputTokens,
        LogColumn::OutputTokens,
        LogColumn::TotalTokens,
        LogColumn::Cost,
        LogColumn::Latency,
    ];
    columns.extend(Dimension::ALL.map(LogColumn::Dimension));
    columns
}

async fn page(world: &World, tenant: TenantId, request: &LogRequest) -> LogPage {
    world.stores.usage.log(tenant, request.clone()).await.unwrap()
}

/// By cursor and by offset, in both directions, with many equal values, with and without a filter.
pub fn pages_cover_each_row_once_in_every_order(world: &World) {
    let filter = prop_oneof![Just(None), Just(Some("a")), Just(Some("unknown"))];
    let priced = prop_oneof![Just(None), any::<bool>().prop_map(Some)];
    let input = (any_events(25), 1..9_usize, 0..5_i64, filter, priced);
    world.check_property(12, input, async |world, (mut events, limit, days, filter, priced)| {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &events).await;
        let gone = events.remove(0);
        world
            .stores
            .ledger
            .void(tenant, &gone.source, &gone.id, audit("event.void", &gone.id))
            .await
            .unwrap();
        let range = Range { from_ms: START_MS + DAY_MS, to_ms: START_MS + (2 + days) * DAY_MS };
        let filters: Vec<_> = filter
            .map(|value| Filter {
                dimension: Dimension::Provider,
                values: vec![Some(value.to_owned()), None],
            })
            .into_iter()
            .collect();
        for column in every_column() {
            for descending in [false, true] {
                let start = LogStart::Offset(0);
                let request =
                    LogRequest { range, filters: filters.clone(), priced, column, descending, start, limit };
                check_order(world, tenant, &events, request).await;
            }
        }
    });
}

async fn check_order(world: &World, tenant: TenantId, events: &[Event], mut request: LogRequest) {
    let matches = |event: &&Event| {
        let range = request.range;
        (range.from_ms..range.to_ms).contains(&event.time_ms)
            && model::passes(event, &request.filters)
            && request.priced.is_none_or(|priced| priced == (event.rating != Rating::Unpriced))
    };
    // The sort is stable, so equal values stay in the order of recording.
    let mut expected: Vec<&Event> = events.iter().filter(matches).collect();
    expected.sort_by_key(|event| model::sort_value(event, request.column));
    if request.descending {
        expected.reverse();
    }
    let expected: Vec<&str> = expected.iter().map(|event| event.id.as_str()).collect();

    let (mut by_cursor, mut by_offset) = (Vec::new(), Vec::new());
    loop {
        let answer = page(world, tenant, &request).await;
        assert!(answer.rows.len() <= request.limit);
        if let (Some(next), Some(last)) = (&answer.next, answer.rows.last()) {
            assert_eq!(next.seq, last.seq);
            let value = model::SortValue::from(&next.value);
            assert_eq!(value, model::sort_value(&last.event, request.column));
        }
        by_cursor.extend(answer.rows.into_iter().map(|row| row.event.id));
        match answer.next {
            Some(next) => request.start = LogStart::After(next),
            None => break,
        }
        assert!(by_cursor.len() <= expected.len(), "the pages do not end: {request:?}");
    }
    assert_eq!(by_cursor, expected, "{request:?}");
    while by_offset.len() < expected.len() {
        request.start = LogStart::Offset(by_offset.len() as u64);
        let answer = page(world, tenant, &request).await;
        assert!(!answer.rows.is_empty(), "{request:?}");
        by_offset.extend(answer.rows.into_iter().map(|row| row.event.id));
    }
    assert_eq!(by_offset, expected, "{request:?}");
}

/// Nothing of an event is lost or changed.
pub fn events_come_back_as_they_were_stored(world: &World) {
    world.check_property(24, any_events(10), async |world, events| {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &events).await;
        let request = LogRequest {
            range: EVERYTHING,
            filters: vec![],
            priced: None,
            column: LogColumn::Time,
            descending: false,
            start: LogStart::Offset(0),
            limit: 500,
        };
        let mut rows = page(world, tenant, &request).await.rows;
        rows.sort_by_key(|row| row.seq);
        let stored: Vec<Event> = rows.into_iter().map(|row| row.event).collect();
        assert_eq!(stored, events);
    });
}

/// A cursor names a row, not a number of rows.
pub fn a_page_stays_where_it_was_when_events_arrive(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let at =
            |id: &str, minutes: i64| event_with(id, |sent| sent.time_ms = Some(START_MS + minutes * 60_000));
        world.append(tenant, &[at("a", 1), at("b", 2), at("c", 3)]).await;
        let mut request = LogRequest {
            range: EVERYTHING,
            filters: vec![],
            priced: None,
            column: LogColumn::Time,
            descending: true,
            start: LogStart::Offset(0),
            limit: 2,
        };
        let first = page(world, tenant, &request).await;
        world.append(tenant, &[at("new", 9)]).await;
        request.start = LogStart::After(first.next.unwrap());
        let second = page(world, tenant, &request).await;
        assert_eq!(second.rows.iter().map(|row| row.event.id.as_str()).collect::<Vec<_>>(), ["a"]);
        assert_eq!(second.next, None);
    });
}
