//! Answers of one moment, one event by its identity, and the numbers that tell that there is something new.

use super::make::{DAY_MS, NOW_MS, START_MS, any_events, event, whole};
use super::{World, audit};
use crate::ports::{AggregateRequest, LogColumn, LogRequest, LogStart, Questions, TenantId, Verdict};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;

fn everything() -> Questions {
    let by_model = AggregateRequest { group_by: vec![Dimension::Model, Dimension::Status], ..whole() };
    let log = LogRequest {
        range: Range { from_ms: START_MS - 10 * DAY_MS, to_ms: NOW_MS },
        filters: vec![],
        priced: None,
        column: LogColumn::Cost,
        descending: true,
        start: LogStart::Offset(0),
        limit: 500,
    };
    Questions { sums: vec![whole(), by_model], log: Some(log) }
}

/// Whatever is recorded between two of them: answers to questions that are asked together agree.
pub fn answers_of_one_moment_agree_while_events_arrive(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let recording = async {
            for i in 0..200 {
                world.append(tenant, &[event(&format!("id-{i}"))]).await;
            }
        };
        let asking = async {
            let mut seen = Vec::new();
            while seen.last() != Some(&200) {
                let answers = world.stores.usage.ask(tenant, everything()).await.unwrap();
                let calls =
                    |place: usize| answers.sums[place].iter().map(|row| row.totals.calls).sum::<i64>();
                let rows = answers.log.unwrap().rows.len() as i64;
                assert_eq!((calls(0), calls(1)), (rows, rows));
                seen.push(rows);
            }
            seen
        };
        let (seen, ()) = tokio::join!(asking, recording);
        assert!(seen.len() > 2, "asked while events arrived: {seen:?}");
    });
}

/// Each answer is the one that the same question gets alone.
pub fn answers_of_one_moment_equal_those_to_each_question(world: &World) {
    world.check_property(8, any_events(30), async |world, events| {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &events).await;
        let usage = &world.stores.usage;
        let answers = usage.ask(tenant, everything()).await.unwrap();
        let Questions { sums, log } = everything();
        assert_eq!(answers.log, Some(usage.log(tenant, log.unwrap()).await.unwrap()));
        for (request, mut rows) in sums.into_iter().zip(answers.sums) {
            let mut alone = usage.aggregate(tenant, request).await.unwrap();
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            alone.sort_by(|a, b| a.key.cmp(&b.key));
            assert_eq!(rows, alone);
        }
        assert_eq!(usage.ask(tenant, Questions::default()).await.unwrap(), <_>::default());
    });
}

/// By tenant, source and id, exactly as it was stored, voided or not.
pub fn one_event_is_found_by_its_identity(world: &World) {
    world.check_property(8, any_events(30), async |world, events| {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        world.append(tenant, &events).await;
        let void = audit("event.void", &events[0].id);
        world.stores.ledger.void(tenant, &events[0].source, &events[0].id, void).await.unwrap();
        let find = async |tenant: TenantId, source: &str, id: &str| {
            world.stores.usage.event(tenant, source, id).await.unwrap()
        };
        for (place, event) in events.iter().enumerate() {
            let found = find(tenant, &event.source, &event.id).await.unwrap();
            assert_eq!(found.row.event, *event);
            assert_eq!(found.voided_ms, (place == 0).then_some(NOW_MS));
            assert_eq!(find(other, &event.source, &event.id).await, None);
            assert_eq!(find(tenant, &event.source, "no-such-id").await, None);
            assert_eq!(find(tenant, "no-such-source", &event.id).await, None);
        }
    });
}

/// A tenant's number changes before whoever records is answered, and with nobody else's events.
pub fn revisions_tell_of_what_was_recorded(world: &World) {
    world.run(async {
        let (tenant, other) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let usage = &world.stores.usage;
        let mut changes = usage.revisions();
        let start = (usage.revision(tenant), usage.revision(other));
        let asked = async |tenant| usage.recorded(tenant).await.unwrap();
        let nothing = (asked(tenant).await, asked(other).await);
        assert_eq!(world.append(tenant, &[event("a")]).await, [Verdict::Stored]);
        let recorded = usage.revision(tenant);
        assert_ne!(recorded, start.0);
        let one = asked(tenant).await;
        assert_ne!(one, nothing.0);
        assert!(changes.has_changed().unwrap());
        changes.mark_unchanged();
        assert_eq!(world.append(tenant, &[event("a")]).await, [Verdict::Duplicate]);
        assert_eq!((usage.revision(tenant), asked(tenant).await), (recorded, one), "nothing new");
        world.stores.ledger.void(tenant, &event("a").source, "a", audit("event.void", "a")).await.unwrap();
        assert_ne!(usage.revision(tenant), recorded);
        assert!(![nothing.0, one].contains(&asked(tenant).await));
        assert!(changes.has_changed().unwrap());
        assert_eq!((usage.revision(other), asked(other).await), (start.1, nothing.1));
    });
}
