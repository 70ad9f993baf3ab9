//! What is forgotten: single events for their age, users for their privacy. No total changes.

use super::make::{DAY_MS, NOW_MS, START_MS, any_events, event_with, whole};
use super::totals::answer;
use super::{World, audit};
use crate::ports::{
    AggregateRequest, DecisionKind, DecisionRequest, LogColumn, LogRequest, LogStart, Measures, StoreError,
    TenantId, UsedFor, Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::limit::MetricName;
use meterwire_core::period::Range;

fn log_from(from_ms: i64) -> LogRequest {
    LogRequest {
        range: Range { from_ms, to_ms: NOW_MS },
        filters: vec![],
        priced: None,
        column: LogColumn::Time,
        descending: false,
        start: LogStart::Offset(0),
        limit: 500,
    }
}

/// Days of totals by every dimension that a rollup of its own knows.
fn by_day(dimension: Dimension) -> AggregateRequest {
    let edges_ms = (-1..8).map(|day| START_MS + day * DAY_MS).collect();
    AggregateRequest { edges_ms, group_by: vec![dimension], ..whole() }
}

/// Whatever is dropped, whole days keep their sums in every dimension, the log holds what is left, and what needs more is refused.
pub fn totals_stay_when_events_are_dropped(world: &World) {
    let input = (any_events(60), 0..8_i64, 1..30_usize);
    world.check_property(12, input, async |world, (events, days, step)| {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        world.append(tenant, &events).await;
        let question = |dimension| AggregateRequest { measures: Measures::SUMS, ..by_day(dimension) };
        let mut before = Vec::new();
        for dimension in Dimension::ALL {
            before.push(answer(world, tenant, question(dimension)).await);
        }
        let kept_from_ms = START_MS + days * DAY_MS;
        catalog.move_events_from(tenant, kept_from_ms).await.unwrap();
        while catalog.drop_events(tenant, i64::MAX, step).await.unwrap() > 0 {}
        for (dimension, before) in Dimension::ALL.into_iter().zip(before) {
            assert_eq!(answer(world, tenant, question(dimension)).await, before, "{dimension}");
        }
        let mut left: Vec<&Event> = events.iter().filter(|event| event.time_ms >= kept_from_ms).collect();
        left.sort_by_key(|event| event.time_ms);
        let page = world.stores.usage.log(tenant, log_from(kept_from_ms)).await.unwrap();
        let found: Vec<_> = page.rows.iter().map(|row| &row.event.id).collect();
        let expected: Vec<_> = left.iter().map(|event| &event.id).collect();
        assert_eq!(found, expected);
        let oldest_ms = events.iter().map(|event| event.time_ms).min().unwrap();
        let refused = world.stores.usage.log(tenant, log_from(oldest_ms)).await;
        if oldest_ms < kept_from_ms {
            assert!(matches!(refused, Err(StoreError::BeyondRetention(_))), "{refused:?}");
        } else {
            assert_eq!(refused.unwrap().rows.len(), events.len());
        }
    });
}

/// Declared before some of the events and behind others, it keeps its totals like the dimensions that are built in.
pub fn totals_by_declared_dimensions_stay(world: &World) {
    let input = (any_events(40), 0..40_usize, 1..9_i64, 1..30_usize);
    world.check_property(4, input, async |world, (mut events, before, days, step)| {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        for (i, event) in events.iter_mut().enumerate() {
            if let Some(value) = ["red", "blue"].get(i % 3) {
                event.properties.insert("team".to_owned(), (*value).into());
            }
        }
        let (before, after) = events.split_at(before.min(events.len()));
        for (name, events) in [("team", before), ("other", after)] {
            if !events.is_empty() {
                world.append(tenant, events).await;
            }
            catalog.declare_dimension(tenant, name, "team", audit("dimension.create", name)).await.unwrap();
            while catalog.fill_dimensions(1_000).await.unwrap().is_some() {}
        }
        let declared = catalog.dimensions(tenant).await.unwrap();
        let question =
            |place| AggregateRequest { measures: Measures::SUMS, ..by_day(Dimension::Property(place)) };
        let mut totals = Vec::new();
        for dimension in &declared {
            totals.push(answer(world, tenant, question(dimension.declared.place)).await);
        }
        assert_eq!(totals[0], totals[1]);
        catalog.move_events_from(tenant, START_MS + days * DAY_MS).await.unwrap();
        while catalog.drop_events(tenant, i64::MAX, step).await.unwrap() > 0 {}
        for (dimension, before) in declared.iter().zip(totals) {
            let name = &dimension.declared.name;
            assert_eq!(answer(world, tenant, question(dimension.declared.place)).await, before, "{name}");
        }
        // A void of what is left is counted by both.
        let left = events.iter().find(|event| event.time_ms >= START_MS + days * DAY_MS);
        if let Some(Event { source, id, .. }) = left {
            world.stores.ledger.void(tenant, source, id, audit("event.void", id)).await.unwrap();
        }
        let mut answers = Vec::new();
        for dimension in &declared {
            let rows = answer(world, tenant, question(dimension.declared.place)).await;
            let calls: i64 = rows.iter().map(|row| row.totals.calls).sum();
            assert_eq!(calls, events.len() as i64 - i64::from(left.is_some()));
            answers.push(rows);
        }
        assert_eq!(answers[0], answers[1]);
    });
}

/// An event is kept for a while after it was recorded, however old it is.
pub fn events_recorded_lately_are_not_dropped(world: &World) {
    world.run(async {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        let events = [event_with("old", |_| ()), event_with("last", |_| ())];
        world.append(tenant, &events).await;
        catalog.move_events_from(tenant, START_MS + DAY_MS).await.unwrap();
        assert_eq!(catalog.drop_events(tenant, NOW_MS, 10).await.unwrap(), 0, "they were received just now");
        assert_eq!(world.append(tenant, &events).await, [Verdict::Duplicate; 2]);
        assert_eq!(catalog.drop_events(tenant, NOW_MS + 1, 10).await.unwrap(), 1);
        assert_eq!(world.append(tenant, &events[..1]).await, [Verdict::Stored]);
    });
}

fn of_user(id: &str, user: &str) -> Event {
    event_with(id, |sent| {
        sent.labels.set(Dimension::User, Some(user.to_owned()));
        sent.properties.insert("mail".to_owned(), user.into());
        sent.request_hash = Some([7; 32]);
    })
}

async fn users(world: &World, tenant: TenantId) -> Vec<(Option<String>, i64)> {
    let rows = answer(world, tenant, AggregateRequest { group_by: vec![Dimension::User], ..whole() }).await;
    rows.into_iter().map(|mut row| (row.key.remove(0), row.totals.calls)).collect()
}

/// The pseudonym stands where the name stood, in totals, events, counters and the catalogue; the name itself is free again.
pub fn an_erased_user_is_another_name(world: &World) {
    world.run(async {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        let other = world.new_tenant().await.id;
        world.append(tenant, &[of_user("1", "ann"), of_user("2", "ann"), of_user("3", "bob")]).await;
        world.append(other, &[of_user("1", "ann")]).await;
        let metric = MetricName::parse("metric", "deployments").unwrap();
        let decide = DecisionRequest {
            kind: DecisionKind::Consume,
            user: "ann".to_owned(),
            amounts: vec![(metric.clone(), Amount(3_000_000))],
            used_for: UsedFor::default(),
            idempotency_key: None,
        };
        world.stores.limits.decide(tenant, vec![decide], NOW_MS).await.unwrap().remove(0).unwrap();
        let erase = async |user: &str, pseudonym: &str| {
            catalog.erase_user(tenant, user, pseudonym, audit("user.erase", pseudonym)).await
        };
        assert!(matches!(erase("nobody", "erased-1").await, Err(StoreError::NotFound(_))));
        assert!(matches!(erase("ann", "bob").await, Err(StoreError::Conflict(_))));
        erase("ann", "erased-1").await.unwrap();
        while catalog.clear_erased(1).await.unwrap() {}
        let named = |name: &str, calls| (Some(name.to_owned()), calls);
        assert_eq!(users(world, tenant).await, [named("bob", 1), named("erased-1", 2)]);
        assert_eq!(users(world, other).await, [named("ann", 1)], "another tenant's user is another user");
        assert_eq!(catalog.user(tenant, "ann").await.unwrap(), None);
        assert_eq!(catalog.user(tenant, "erased-1").await.unwrap().unwrap().username, "erased-1");
        let current = async |user: &str| {
            let standing = world.stores.limits.standing(tenant, user, NOW_MS).await.unwrap();
            standing.standings.into_iter().find(|standing| standing.metric == metric).unwrap().current
        };
        assert_eq!((current("erased-1").await, current("ann").await), (3_000_000, 0));
        let page = world.stores.usage.log(tenant, log_from(START_MS)).await.unwrap();
        for row in &page.rows {
            let is_other = row.event.labels.get(Dimension::User) == Some("bob");
            assert_eq!(
                (row.event.properties.is_empty(), row.event.request_hash.is_none()),
                (!is_other, !is_other)
            );
        }
        assert_eq!(world.append(tenant, &[of_user("1", "ann")]).await, [Verdict::Duplicate]);
        assert_eq!(world.append(tenant, &[of_user("4", "ann")]).await, [Verdict::Stored]);
        assert_eq!(users(world, tenant).await, [named("ann", 1), named("bob", 1), named("erased-1", 2)]);
    });
}
