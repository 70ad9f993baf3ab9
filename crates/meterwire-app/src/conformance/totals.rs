//! Totals: every answer is what adding up the events one by one would give.

use super::make::{self, any_events, any_question, event_with, whole};
use super::{World, audit, model};
use crate::ports::{AggregateRequest, AggregateRow, Measures, StoreError, TenantId, Top, Verdict};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::money::{CostNanos, MAX_EVENT_COST};
use meterwire_core::tokens::{MAX_TOKENS, TokenUsage};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, Metric};
use proptest::prelude::*;

/// Random events, some voided, some sent twice, and random questions: zones, edges, groups, filters, latencies.
pub fn every_answer_equals_the_model(world: &World) {
    let voids = proptest::collection::vec(any::<prop::sample::Index>(), 0..5);
    let batches = 1..20_usize;
    let questions = proptest::collection::vec(any_question(), 12);
    let input = (any_events(60), voids, batches, questions);
    world.check_property(48, input, async |world, (mut events, voids, batch, questions)| {
        let tenant = world.new_tenant().await.id;
        for events in events.chunks(batch) {
            world.append(tenant, events).await;
            world.append(tenant, &events[..1]).await;
        }
        for index in voids {
            if events.is_empty() {
                break;
            }
            let event = events.remove(index.index(events.len()));
            world
                .stores
                .ledger
                .void(tenant, &event.source, &event.id, audit("event.void", &event.id))
                .await
                .unwrap();
        }
        for question in questions {
            check(world, tenant, &events, question).await;
        }
    });
}

async fn check(world: &World, tenant: TenantId, events: &[Event], question: AggregateRequest) {
    let rows = answer(world, tenant, question.clone()).await;
    assert_eq!(rows, model::aggregate(events, &question), "{question:?}");

    for (metric, count) in [(Metric::Cost, 1), (Metric::Calls, 2), (Metric::OutputTokens, 5)] {
        let top = Top { metric, count };
        let mut told = world.stores.usage.aggregate_top(tenant, question.clone(), top).await.unwrap();
        for rows in [&mut told.rows, &mut told.rest] {
            rows.iter_mut()
                .for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
            rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
        }
        // What was not asked for does not rank.
        if question.measures == Measures::SUMS || question.measures == Measures::ALL {
            assert_eq!(told, model::top(&rows, top), "{question:?} {top:?}");
        }
    }

    let mut users = world.stores.usage.distinct_users(tenant, question.clone()).await.unwrap();
    users.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
    assert_eq!(users, model::distinct_users(events, &question), "{question:?}");

    // Whatever the zone and grouping, the parts make the whole.
    let (from_ms, to_ms) = (question.edges_ms[0], question.edges_ms[question.edges_ms.len() - 1]);
    let undivided = AggregateRequest { edges_ms: vec![from_ms, to_ms], group_by: vec![], ..question.clone() };
    let whole = answer(world, tenant, undivided).await;
    let mut parts = Totals::default();
    rows.iter().for_each(|row| parts.merge(&row.totals));
    assert_eq!(whole.first().map(|row| row.totals.clone()).unwrap_or_default(), parts, "{question:?}");
}

pub(super) async fn answer(world: &World, tenant: TenantId, question: AggregateRequest) -> Vec<AggregateRow> {
    let measures = question.measures;
    let mut rows = world.stores.usage.aggregate(tenant, question).await.unwrap();
    rows.iter_mut().for_each(|row| row.totals = measures.of(std::mem::take(&mut row.totals)));
    rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
    rows
}

/// The same events in another order, cut into other batches, give the same sums in every grouping.
pub fn order_and_split_of_batches_never_change_totals(world: &World) {
    let input = any_events(40)
        .prop_flat_map(|events| (Just(events.clone()).prop_shuffle(), Just(events), 1..12_usize));
    world.check_property(12, input, async |world, (shuffled, events, batch)| {
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        world.append(one, &events).await;
        for events in shuffled.chunks(batch) {
            world.append(two, events).await;
        }
        for dimension in Dimension::ALL {
            let question = AggregateRequest { group_by: vec![dimension], ..whole() };
            assert_eq!(answer(world, one, question.clone()).await, answer(world, two, question).await);
        }
    });
}

/// A value that never occurred is no error and no row.
pub fn questions_about_unknown_values_are_empty(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        world.append(tenant, &[make::event("a")]).await;
        for dimension in Dimension::ALL {
            let values = vec![Some("777".to_owned())];
            let question = AggregateRequest { filters: vec![Filter { dimension, values }], ..whole() };
            assert_eq!(answer(world, tenant, question).await, []);
        }
        let empty = AggregateRequest { edges_ms: vec![0, 1], ..whole() };
        assert_eq!(answer(world, tenant, empty).await, []);
    });
}

/// Integers all the way: no number is rounded.
pub fn the_largest_numbers_are_added_exactly(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let largest = |id: &str, cost| {
            event_with(id, |sent| {
                sent.tokens = TokenUsage::from_buckets([MAX_TOKENS; 10]);
                sent.cost = Some(cost);
            })
        };
        let events = [largest("a", MAX_EVENT_COST), largest("b", CostNanos(1)), largest("c", MAX_EVENT_COST)];
        world.append(tenant, &events).await;
        let rows = answer(world, tenant, whole()).await;
        assert_eq!(rows[0].totals.cost, CostNanos(2 * MAX_EVENT_COST.0 + 1));
        assert_eq!(rows[0].totals.tokens, [3 * i64::try_from(MAX_TOKENS).unwrap(); 10]);
    });
}

/// It fails with a clear refusal; a total never wraps and never becomes a float.
pub fn a_sum_beyond_64_bits_is_refused_and_changes_nothing(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let half = i64::MAX / 2;
        assert_eq!(world.append(tenant, &[dear("a", half), dear("b", half)]).await, [Verdict::Stored; 2]);
        // The refused batch meets a project for the first time; it must be as if it never had.
        let mut named = dear("small", 1);
        named.labels.set(Dimension::Project, Some("new".to_owned()));
        let refused = world.stores.ledger.append(tenant, vec![named.clone(), dear("c", half)]).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        assert_eq!(world.calls(tenant).await, 2);
        assert_eq!(world.stores.catalog.project(tenant, "new").await.unwrap(), None);
        assert_eq!(world.append(tenant, &[named]).await, [Verdict::Stored]);
        assert_eq!(answer(world, tenant, whole()).await[0].totals.cost, CostNanos(2 * half + 1));
        let by_project = AggregateRequest { group_by: vec![Dimension::Project], ..whole() };
        let keys: Vec<_> = answer(world, tenant, by_project).await.into_iter().map(|row| row.key).collect();
        assert_eq!(keys, [vec![None], vec![Some("new".to_owned())]]);
        assert!(world.stores.catalog.project(tenant, "new").await.unwrap().is_some());
    });
}

/// An event dearer than a sender may make it.
fn dear(id: &str, nanos: i64) -> Event {
    let mut event = make::event(id);
    event.rating = meterwire_core::event::Rating::Given(CostNanos(nanos));
    event
}
