//! A survey tells each event once, in the order of time, as it stands; from the same moment as the sums beside it.

use super::make::{DAY_MS, NOW_MS, START_MS, any_events, any_question};
use super::{World, audit, model};
use crate::ports::{SurveyRequest, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyKind, SurveyState, SurveyedEvent, Surveyor, request_number};
use meterwire_core::usage_query::Filter;
use proptest::prelude::*;
use std::any::Any;
use std::sync::{Arc, Mutex};

/// Keeps everything that it is told.
#[derive(Clone, Default)]
struct Told {
    kinds: Vec<SurveyKind>,
    events: Vec<(SurveyKind, SurveyedEvent)>,
}

impl Surveyor for Told {
    fn kind(&mut self, kind: SurveyKind) {
        assert!(!self.kinds.contains(&kind), "a kind is told once");
        self.kinds.push(kind);
    }

    fn events(&mut self, events: &[SurveyedEvent]) {
        for event in events {
            let kind = self.kinds[event.kind as usize].clone();
            self.events.push((kind, SurveyedEvent { kind: 0, ..*event }));
        }
    }

    fn name(&self) -> Option<String> {
        Some("told".to_owned())
    }

    fn state(&self) -> Option<SurveyState> {
        Some(SurveyState { taken_in: Arc::new(self.clone()), bytes: 64 * self.events.len() })
    }

    fn go_on_from(&mut self, state: &(dyn Any + Send + Sync)) -> bool {
        self.clone_from(state.downcast_ref().unwrap());
        true
    }
}

fn expected(event: &Event, requests: bool) -> (SurveyKind, SurveyedEvent) {
    let text = |dimension| event.labels.get(dimension).map(str::to_owned);
    let kind = SurveyKind {
        provider: text(Dimension::Provider),
        model: text(Dimension::Model),
        service_tier: text(Dimension::ServiceTier),
    };
    let request = event.request_hash.filter(|_| requests).map_or(0, |hash| request_number(&hash));
    let surveyed = SurveyedEvent {
        seq: 0,
        time_ms: event.time_ms,
        kind: 0,
        status: event.status.unwrap_or(0),
        unpriced: event.rating == Rating::Unpriced,
        tokens: event.tokens,
        cost: event.rating.cost(),
        request,
    };
    (kind, surveyed)
}

async fn survey(
    world: &World,
    tenant: TenantId,
    request: &SurveyRequest,
) -> (Told, Vec<Vec<crate::ports::AggregateRow>>) {
    let told = Arc::new(Mutex::new(Told::default()));
    let sums = world.stores.usage.survey(tenant, request.clone(), told.clone()).await.unwrap();
    (std::mem::take(&mut *told.lock().unwrap()), sums)
}

async fn pack(world: &World) {
    while world.stores.ledger.upkeep(NOW_MS + 3 * DAY_MS).await.unwrap() {}
}

async fn void(world: &World, tenant: TenantId, event: &Event) {
    let audit = audit("event.void", &event.id);
    world.stores.ledger.void(tenant, &event.source, &event.id, audit).await.unwrap();
}

/// Asks twice; answers the numbers of the events.
async fn check_survey(
    world: &World,
    tenant: TenantId,
    events: &[Event],
    request: &SurveyRequest,
) -> Vec<i64> {
    let passes = |event: &&Event| {
        (request.range.from_ms..request.range.to_ms).contains(&event.time_ms)
            && model::passes(event, &request.filters)
    };
    // The sort is stable, so events of one instant stay in the order of recording.
    let mut wanted: Vec<&Event> = events.iter().filter(passes).collect();
    wanted.sort_by_key(|event| event.time_ms);
    let (told, sums) = survey(world, tenant, request).await;
    let (again, _) = survey(world, tenant, request).await;
    assert_eq!(told.events, again.events);
    let seqs: Vec<i64> = told.events.iter().map(|(_, event)| event.seq).collect();
    let named = world.stores.usage.events_by_seq(tenant, request.range, seqs.clone()).await.unwrap();
    assert_eq!(named.iter().map(|row| row.seq).collect::<Vec<_>>(), seqs);
    let ids: Vec<&str> = named.iter().map(|row| row.event.id.as_str()).collect();
    assert_eq!(ids, wanted.iter().map(|event| event.id.as_str()).collect::<Vec<_>>());
    let wanted: Vec<_> = wanted.into_iter().map(|event| expected(event, request.requests)).collect();
    let told: Vec<_> =
        told.events.into_iter().map(|(kind, event)| (kind, SurveyedEvent { seq: 0, ..event })).collect();
    assert_eq!(told, wanted, "{request:?}");
    for (mut rows, question) in sums.into_iter().zip(&request.sums) {
        rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
        for row in &mut rows {
            row.totals = question.measures.of(std::mem::take(&mut row.totals));
        }
        assert_eq!(rows, model::aggregate(events, question), "{question:?}");
    }
    seqs
}

/// Packed or not, with voided events and late ones, with and without a filter.
pub fn a_survey_tells_each_event_in_the_order_of_time(world: &World) {
    let filter = prop_oneof![Just(None), Just(Some("a")), Just(Some("unknown"))];
    let span = (0..4_i64, 1..5_i64, 0..2_i64);
    let input = (any_events(40), any_events(15), span, filter, any_question(), any::<bool>());
    world.check_property(
        48,
        input,
        async |world, (mut events, mut late, span, filter, question, requests)| {
            let tenant = world.new_tenant().await.id;
            for (i, event) in events.iter_mut().chain(&mut late).enumerate() {
                event.request_hash = event.request_hash.map(|_| [u8::try_from(i % 7 + 1).unwrap(); 32]);
            }
            late.iter_mut().for_each(|event| event.id = format!("late-{}", event.id));
            let (from, days, off) = span;
            let from_ms = START_MS + from * DAY_MS + off * 123_456;
            let values = filter.map(|value| vec![Some(value.to_owned()), None]);
            let request = SurveyRequest {
                range: Range { from_ms, to_ms: from_ms + days * DAY_MS },
                filters: values
                    .map(|values| Filter { dimension: Dimension::Project, values })
                    .into_iter()
                    .collect(),
                requests,
                sums: vec![question],
            };
            world.append(tenant, &events).await;
            check_survey(world, tenant, &events, &request).await;
            // Packs, where the store packs at all; what comes behind it is late.
            pack(world).await;
            check_survey(world, tenant, &events, &request).await;
            world.append(tenant, &late).await;
            let gone = late.remove(0);
            void(world, tenant, &gone).await;
            events.extend(late);
            // A store may remember how far it came, and has to see that it is no longer so.
            check_survey(world, tenant, &events, &request).await;
            let gone = events.remove(0);
            void(world, tenant, &gone).await;
            check_survey(world, tenant, &events, &request).await;
            pack(world).await;
            let seqs = check_survey(world, tenant, &events, &request).await;
            let other = world.new_tenant().await.id;
            assert!(survey(world, other, &request).await.0.events.is_empty(), "another tenant's events");
            assert!(world.stores.usage.events_by_seq(other, request.range, seqs).await.unwrap().is_empty());
        },
    );
}
