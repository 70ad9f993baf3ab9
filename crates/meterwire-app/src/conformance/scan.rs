//! The log from one end to the other: every row once, in the order of time, as it was when it was asked for.

use super::make::{DAY_MS, START_MS, any_events};
use super::{World, audit, model};
use crate::ports::{LogView, ScanRequest, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;
use proptest::prelude::*;

async fn view(world: &World, tenant: TenantId) -> LogView {
    world.stores.usage.log_view(tenant).await.unwrap()
}

/// All ids of a scan, in pieces of `limit`; `between` happens behind the first piece.
async fn scan(
    world: &World,
    tenant: TenantId,
    mut request: ScanRequest,
    between: impl AsyncFn(),
) -> Vec<String> {
    let mut ids = Vec::new();
    for piece in 0.. {
        let page = world.stores.usage.scan_log(tenant, request.clone()).await.unwrap();
        assert!(page.rows.len() <= request.limit);
        assert!(page.rows.iter().all(|row| row.seq <= request.view.last_seq));
        ids.extend(page.rows.into_iter().map(|row| row.event.id));
        if piece == 0 {
            between().await;
        }
        assert!(piece < 1_000, "the scan does not end: {request:?}");
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    ids
}

/// In pieces of any size, with and without a filter, whatever is recorded meanwhile, before or behind the place.
pub fn a_scan_tells_each_row_of_its_view_once(world: &World) {
    let filter = prop_oneof![Just(None), Just(Some("a")), Just(Some("unknown"))];
    let priced = prop_oneof![2 => Just(None), 1 => any::<bool>().prop_map(Some)];
    let input = (any_events(25), any_events(10), 1..9_usize, 0..5_i64, (filter, priced));
    world.check_property(32, input, async |world, (mut events, mut late, limit, days, (filter, priced))| {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &events).await;
        let gone = events.remove(0);
        let audit = audit("event.void", &gone.id);
        world.stores.ledger.void(tenant, &gone.source, &gone.id, audit).await.unwrap();
        late.iter_mut().for_each(|event| event.id = format!("late-{}", event.id));
        let range = Range { from_ms: START_MS + DAY_MS, to_ms: START_MS + (2 + days) * DAY_MS };
        let values = filter.map(|value| vec![Some(value.to_owned()), None]);
        let filters: Vec<_> =
            values.map(|values| Filter { dimension: Dimension::Provider, values }).into_iter().collect();
        let request =
            ScanRequest { view: view(world, tenant).await, range, filters, priced, after: None, limit };
        let passes = |event: &&Event| {
            (range.from_ms..range.to_ms).contains(&event.time_ms)
                && model::passes(event, &request.filters)
                && priced.is_none_or(|priced| priced == (event.rating != Rating::Unpriced))
        };
        // The sort is stable, so events of one instant stay in the order of recording.
        let mut expected: Vec<&Event> = events.iter().filter(passes).collect();
        expected.sort_by_key(|event| event.time_ms);
        let expected: Vec<&str> = expected.iter().map(|event| event.id.as_str()).collect();
        let between = async || drop(world.append(tenant, &late).await);
        assert_eq!(scan(world, tenant, request.clone(), between).await, expected, "{request:?}");
        let later = ScanRequest { view: view(world, tenant).await, ..request.clone() };
        let arrived = late.iter().filter(passes).count();
        assert_eq!(scan(world, tenant, later, async || ()).await.len(), expected.len() + arrived);
        let other = world.new_tenant().await.id;
        assert!(scan(world, other, request, async || ()).await.is_empty(), "another tenant's log");
    });
}
