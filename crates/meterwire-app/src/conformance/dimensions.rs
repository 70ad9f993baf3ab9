//! Declared dimensions: a property of events answers like a built-in dimension, during and after it is filled.

use super::make::{any_events, any_question, event_with, whole};
use super::totals::answer;
use super::{World, audit, model};
use crate::ports::{AggregateRequest, AggregateRow, DeclaredDimension, StoreError, TenantId};
use meterwire_core::dimension::{Dimension, MAX_DECLARED};
use meterwire_core::event::Event;
use meterwire_core::property::{MAX_PROPERTY_VALUES, MORE_VALUES, property_value};
use meterwire_core::usage_query::Filter;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use std::borrow::Cow;

/// The built-in dimension under which the model keeps the property; questions ask for it nowhere else.
const STAND_IN: Dimension = Dimension::Agent;

impl World {
    async fn declare(&self, tenant: TenantId, name: &str, property: &str) -> DeclaredDimension {
        let audit = audit("dimension.create", name);
        self.stores.catalog.declare_dimension(tenant, name, property, audit).await.unwrap()
    }

    async fn remove(&self, tenant: TenantId, name: &str) {
        self.stores.catalog.remove_dimension(tenant, name, audit("dimension.delete", name)).await.unwrap();
    }

    /// Runs the job to its end.
    async fn fill(&self, most_events: usize) {
        while self.stores.catalog.fill_dimensions(most_events).await.unwrap().is_some() {}
    }

    async fn void(&self, tenant: TenantId, event: &Event) {
        let audit = audit("event.void", &event.id);
        self.stores.ledger.void(tenant, &event.source, &event.id, audit).await.unwrap();
    }
}

fn place_of(declared: &DeclaredDimension) -> Dimension {
    Dimension::Property(declared.declared.place)
}

/// Events whose property stands where the model looks for it.
fn shown_to_model(events: &[Event], property: &str) -> Vec<Event> {
    let shown = |event: &Event| {
        let mut event = event.clone();
        let value = event.properties.get(property).and_then(property_value).map(Cow::into_owned);
        event.labels.set(STAND_IN, value);
        event
    };
    events.iter().map(shown).collect()
}

/// The same question about another dimension.
fn about(question: &AggregateRequest, from: Dimension, to: Dimension) -> AggregateRequest {
    let mut question = question.clone();
    let dimensions =
        question.group_by.iter_mut().chain(question.filters.iter_mut().map(|f| &mut f.dimension));
    dimensions.filter(|dimension| **dimension == from).for_each(|dimension| *dimension = to);
    question
}

fn any_value() -> impl Strategy<Value = Option<Value>> {
    select(vec![
        None,
        Some(json!("a")),
        Some(json!("b")),
        Some(json!("Ä ö")),
        Some(json!("")),
        Some(json!("x".repeat(257))),
        Some(json!(7)),
        Some(json!(0.1)),
        Some(json!(true)),
        Some(json!(null)),
        Some(json!({ "a": "a" })),
    ])
}

/// Events with a property.
fn any_events_with_property(most: usize) -> impl Strategy<Value = Vec<Event>> {
    (any_events(most), proptest::collection::vec(any_value(), most)).prop_map(|(mut events, values)| {
        for (event, value) in events.iter_mut().zip(values) {
            event.properties.remove("feature");
            event.properties.extend(value.map(|value| ("feature".to_owned(), value)));
        }
        events
    })
}

/// Questions that group or filter by the stand-in, alone or beside another dimension.
fn any_property_question() -> impl Strategy<Value = AggregateRequest> {
    let values = select(vec![None, Some("a"), Some("7"), Some("0.1"), Some("true"), Some("unknown")]);
    (any_question(), any::<bool>(), proptest::option::of(values)).prop_map(|(mut question, group, value)| {
        question.group_by.retain(|dimension| *dimension != STAND_IN);
        question.filters.retain(|filter| filter.dimension != STAND_IN);
        if group || value.is_none() {
            question.group_by.truncate(1);
            question.group_by.push(STAND_IN);
        }
        if let Some(value) = value {
            let values = vec![value.map(str::to_owned)];
            question.filters.push(Filter { dimension: STAND_IN, values });
        }
        question
    })
}

/// Events from before and after the declaration, voids before, during and behind the filling, in steps of any size.
pub fn a_declared_dimension_answers_like_the_model(world: &World) {
    let voids = proptest::collection::vec((any::<Index>(), 0..4_u8), 0..8);
    let questions = proptest::collection::vec(any_property_question(), 8);
    let input = (any_events_with_property(40), any::<Index>(), voids, 1..30_usize, questions);
    world.check_property(24, input, async |world, (mut events, cut, voids, step, questions)| {
        let tenant = world.new_tenant().await.id;
        let (before, after) = events.split_at(cut.index(events.len()));
        if !before.is_empty() {
            world.append(tenant, before).await;
        }
        let void = async |events: &mut Vec<Event>, when: u8| {
            for (index, _) in voids.iter().filter(|(_, at)| *at == when) {
                if !events.is_empty() {
                    let event = events.remove(index.index(events.len()));
                    world.void(tenant, &event).await;
                }
            }
        };
        let mut left = before.to_vec();
        void(&mut left, 0).await;
        let declared = world.declare(tenant, "feature", "feature").await;
        void(&mut left, 1).await;
        world.append(tenant, after).await;
        left.extend_from_slice(after);
        world.stores.catalog.fill_dimensions(step).await.unwrap();
        void(&mut left, 2).await;
        world.fill(step).await;
        void(&mut left, 3).await;
        events = shown_to_model(&left, "feature");
        // Alone and over whole days it is answered from what was counted, not from the events.
        for question in questions.into_iter().chain([by(STAND_IN)]) {
            check(world, tenant, &declared, &events, &question).await;
        }
    });
}

async fn check(
    world: &World,
    tenant: TenantId,
    declared: &DeclaredDimension,
    events: &[Event],
    question: &AggregateRequest,
) {
    let asked = about(question, STAND_IN, place_of(declared));
    let of = |rows: Vec<AggregateRow>| {
        let wanted = |row: AggregateRow| AggregateRow { totals: question.measures.of(row.totals), ..row };
        rows.into_iter().map(wanted).collect::<Vec<_>>()
    };
    let rows = answer(world, tenant, asked.clone()).await;
    assert_eq!(of(rows), of(model::aggregate(events, question)), "{asked:?}");
    let mut users = world.stores.usage.distinct_users(tenant, asked.clone()).await.unwrap();
    users.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
    assert_eq!(users, model::distinct_users(events, question), "{asked:?}");
}

fn with_property(id: &str, property: &str, value: Value) -> Event {
    event_with(id, |sent| drop(sent.properties.insert(property.to_owned(), value)))
}

fn by(dimension: Dimension) -> AggregateRequest {
    AggregateRequest { group_by: vec![dimension], ..whole() }
}

/// Values and calls.
async fn calls_by(world: &World, tenant: TenantId, dimension: Dimension) -> Vec<(Option<String>, i64)> {
    let rows = answer(world, tenant, by(dimension)).await;
    rows.into_iter().map(|mut row| (row.key.remove(0), row.totals.calls)).collect()
}

fn some(value: &str, calls: i64) -> (Option<String>, i64) {
    (Some(value.to_owned()), calls)
}

/// Half an answer is none: it says how far it is, and other questions go on.
pub fn a_dimension_that_is_being_filled_is_refused(world: &World) {
    world.run(async {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        let events: Vec<_> = (0..5).map(|i| with_property(&format!("e{i}"), "p", json!(i % 2))).collect();
        world.append(tenant, &events).await;
        let declared = world.declare(tenant, "parity", "p").await;
        assert!(!declared.declared.ready);
        assert_eq!((declared.filled_events, declared.events_to_fill), (0, 5));
        catalog.fill_dimensions(2).await.unwrap().unwrap();
        let refused = world.stores.usage.aggregate(tenant, by(place_of(&declared))).await;
        let Err(StoreError::Filling { name, filled_events, events_to_fill }) = refused else {
            unreachable!("{refused:?}")
        };
        assert_eq!((name.as_str(), filled_events, events_to_fill), ("parity", 2, 5));
        let refused = world.stores.usage.distinct_users(tenant, by(place_of(&declared))).await;
        assert!(matches!(refused, Err(StoreError::Filling { .. })), "{refused:?}");
        assert_eq!(world.calls(tenant).await, 5);
        world.fill(2).await;
        let ready = catalog.dimensions(tenant).await.unwrap();
        assert!(ready[0].declared.ready && ready[0].filled_events == 5, "{ready:?}");
        assert_eq!(calls_by(world, tenant, place_of(&declared)).await, [some("0", 3), some("1", 2)]);
    });
}

/// The same name, other keys, and nothing of one is seen in the other.
pub fn tenants_declare_for_themselves(world: &World) {
    world.run(async {
        let (one, two) = (world.new_tenant().await.id, world.new_tenant().await.id);
        let event = |id: &str, value: &str| {
            event_with(id, |sent| {
                sent.properties.insert("a".to_owned(), json!(value));
                sent.properties.insert("b".to_owned(), json!(format!("b-{value}")));
            })
        };
        world.append(one, &[event("1", "x"), event("2", "x")]).await;
        world.append(two, &[event("1", "x")]).await;
        let of_one = world.declare(one, "team", "a").await;
        let of_two = world.declare(two, "team", "b").await;
        world.append(two, &[event("2", "y")]).await;
        world.fill(100).await;
        assert_eq!(calls_by(world, one, place_of(&of_one)).await, [some("x", 2)]);
        assert_eq!(calls_by(world, two, place_of(&of_two)).await, [some("b-x", 1), some("b-y", 1)]);
        let others = world.new_tenant().await.id;
        assert_eq!(world.stores.catalog.dimensions(others).await.unwrap(), []);
    });
}

/// Another key under the same name, with nothing of the first left, whatever was voided in between.
pub fn declared_again_it_knows_nothing_of_before(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let event = |id: &str| {
            event_with(id, |sent| {
                sent.properties.insert("a".to_owned(), json!("first"));
                sent.properties.insert("b".to_owned(), json!(7));
            })
        };
        world.append(tenant, &[event("1"), event("2"), event("3")]).await;
        world.declare(tenant, "d", "a").await;
        world.fill(2).await;
        world.append(tenant, &[event("4")]).await;
        world.remove(tenant, "d").await;
        world.void(tenant, &event("1")).await;
        world.append(tenant, &[event("5")]).await;
        let gone = world.stores.catalog.remove_dimension(tenant, "d", audit("dimension.delete", "d")).await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))), "{gone:?}");
        let again = world.declare(tenant, "d", "b").await;
        world.fill(2).await;
        assert_eq!(calls_by(world, tenant, place_of(&again)).await, [some("7", 4)]);
        world.void(tenant, &event("2")).await;
        assert_eq!(calls_by(world, tenant, place_of(&again)).await, [some("7", 3)]);
    });
}

/// Eight places, each name once; a place is free again when its dimension is removed.
pub fn names_and_places_are_bounded(world: &World) {
    world.run(async {
        let (catalog, tenant) = (&world.stores.catalog, world.new_tenant().await.id);
        let declare = async |name: &str| {
            catalog.declare_dimension(tenant, name, name, audit("dimension.create", name)).await
        };
        for i in 0..MAX_DECLARED {
            assert!(declare(&format!("d{i}")).await.unwrap().declared.ready, "there is nothing to fill");
        }
        let taken = declare("d0").await;
        assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
        let full = declare("d9").await;
        assert!(matches!(full, Err(StoreError::Invalid(ref invalid)) if invalid.field == "name"), "{full:?}");
        world.remove(tenant, "d3").await;
        declare("d9").await.unwrap();
        let names: Vec<_> =
            catalog.dimensions(tenant).await.unwrap().into_iter().map(|d| d.declared.name).collect();
        assert_eq!(names, ["d0", "d1", "d2", "d4", "d5", "d6", "d7", "d9"]);
        let nobody = TenantId(987_654_321);
        let refused = catalog.declare_dimension(nobody, "d", "d", audit("dimension.create", "d")).await;
        assert!(matches!(refused, Err(StoreError::NotFound(_))), "{refused:?}");
    });
}

/// The bound holds over events that are new and such that are filled in.
pub fn values_beyond_the_bound_count_together(world: &World) {
    world.run(async {
        let tenant = world.new_tenant().await.id;
        let events: Vec<_> = (0..MAX_PROPERTY_VALUES + 30)
            .map(|i| with_property(&format!("e{i}"), "p", json!(format!("v{i}"))))
            .collect();
        let (before, after) = events.split_at(20);
        world.append(tenant, before).await;
        let declared = world.declare(tenant, "p", "p").await;
        for events in after.chunks(5_000) {
            world.append(tenant, events).await;
        }
        world.fill(7).await;
        let rows = calls_by(world, tenant, place_of(&declared)).await;
        assert_eq!(rows.len(), MAX_PROPERTY_VALUES + 1);
        assert!(rows.contains(&some(MORE_VALUES, 30)), "{:?}", rows.first());
        // A value that is known still has its own number.
        let known = rows.iter().find(|(value, _)| value.as_deref() == Some("v20")).unwrap();
        world.append(tenant, &[with_property("again", "p", json!("v20"))]).await;
        let rows = calls_by(world, tenant, place_of(&declared)).await;
        assert!(rows.contains(&some("v20", known.1 + 1)));
    });
}
