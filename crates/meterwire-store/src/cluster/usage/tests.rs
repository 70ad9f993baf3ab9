//! Questions on real engines, against the plainest model: random events, voids and ratings, cut at random into batches,
//! batches that are dead, one that is still open, and the tail.

mod steps;
mod world;

use super::groups::bucket_of;
use crate::cluster::engines::ClickHouse;
use meterwire_app::conformance::make::{DAY_MS, START_MS, any_question};
use meterwire_app::conformance::model;
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, LogColumn, LogRequest, LogStart, LogView, Measures, ScanRequest,
    SurveyRequest, Top,
};
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::event::{Event, Rating};
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyKind, SurveyedEvent, Surveyor};
use meterwire_core::usage_query::{Filter, Metric};
use proptest::prelude::*;
use std::sync::Mutex;
use world::{Case, Input, World, any_input};

/// More on the old engine, which answers at once; the present one is in one thread of a Python.
const OLD: fn() -> World = || World::new(ClickHouse::shards(), 16);
const PRESENT: fn() -> World = || World::new(ClickHouse::chdb(), 3);

#[test]
fn sums_equal_the_model_on_two_shards_of_the_old_engine() {
    sums_equal_the_model(&OLD());
}

#[test]
fn sums_equal_the_model_on_the_present_engine() {
    sums_equal_the_model(&PRESENT());
}

fn sums_equal_the_model(world: &World) {
    let input = (any_input(60), proptest::collection::vec(any_question(), 4));
    world.check(1, input, async |world, (input, questions): (Input, Vec<AggregateRequest>)| {
        let case = world.case(input).await;
        for question in questions {
            check_sums(&case, &question).await;
        }
    });
}

async fn check_sums(case: &Case<'_>, question: &AggregateRequest) {
    let asking = case.asking();
    let mut rows = asking.sums(question).await.unwrap();
    for row in &mut rows {
        row.totals = question.measures.of(std::mem::take(&mut row.totals));
    }
    sort(&mut rows);
    assert_eq!(rows, model::aggregate(&case.events, question), "{question:?}");
    for (metric, count) in [(Metric::Cost, 1), (Metric::OutputTokens, 4), (Metric::Calls, 0)] {
        let top = Top { metric, count };
        let mut told = asking.top_sums(question, top).await.unwrap();
        for rows in [&mut told.rows, &mut told.rest] {
            for row in rows.iter_mut() {
                row.totals = question.measures.of(std::mem::take(&mut row.totals));
            }
            sort(rows);
        }
        // What was not asked for does not rank in the model.
        if question.measures == Measures::SUMS || question.measures == Measures::ALL {
            assert_eq!(told, model::top(&rows, top), "{question:?} {top:?}");
        }
    }
    let mut users = asking.distinct_users(question).await.unwrap();
    users.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
    assert_eq!(users, model::distinct_users(&case.events, question), "{question:?}");
}

fn sort(rows: &mut [AggregateRow]) {
    rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
}

#[test]
fn pages_cover_each_row_once_on_two_shards_of_the_old_engine() {
    pages_cover_each_row_once(&OLD());
}

#[test]
fn pages_cover_each_row_once_on_the_present_engine() {
    pages_cover_each_row_once(&PRESENT());
}

/// In every order, by cursor and by offset.
fn pages_cover_each_row_once(world: &World) {
    let filter = prop_oneof![Just(None), Just(Some("a")), Just(Some("unknown"))];
    let priced = prop_oneof![Just(None), any::<bool>().prop_map(Some)];
    let input = (any_input(25), 2..9_usize, 0..5_i64, filter, priced);
    world.check(4, input, async |world, (input, limit, days, filter, priced)| {
        let case = world.case(input).await;
        let range = Range { from_ms: START_MS + DAY_MS, to_ms: START_MS + (2 + days) * DAY_MS };
        let values = filter.map(|value: &str| vec![Some(value.to_owned()), None]);
        let filters: Vec<_> =
            values.map(|values| Filter { dimension: Dimension::Provider, values }).into_iter().collect();
        let mut columns = vec![
            LogColumn::Time,
            LogColumn::InputTokens,
            LogColumn::OutputTokens,
            LogColumn::TotalTokens,
            LogColumn::Cost,
            LogColumn::Latency,
        ];
        columns.extend([Dimension::Model, Dimension::User, Dimension::Status].map(LogColumn::Dimension));
        for column in columns {
            for descending in [false, true] {
                let start = LogStart::Offset(0);
                let filters = filters.clone();
                check_order(&case, LogRequest { range, filters, priced, column, descending, start, limit })
                    .await;
            }
        }
    });
}

async fn check_order(case: &Case<'_>, mut request: LogRequest) {
    let matches = |event: &&Event| {
        (request.range.from_ms..request.range.to_ms).contains(&event.time_ms)
            && model::passes(event, &request.filters)
            && request.priced.is_none_or(|priced| priced == (event.rating != Rating::Unpriced))
    };
    // The sort is stable, so equal values stay in the order of recording.
    let mut expected: Vec<&Event> = case.events.iter().filter(matches).collect();
    expected.sort_by_key(|event| model::sort_value(event, request.column));
    if request.descending {
        expected.reverse();
    }
    let asking = case.asking();
    let mut by_cursor = Vec::new();
    loop {
        let page = asking.log(&request).await.unwrap();
        assert!(page.rows.len() <= request.limit);
        if let (Some(next), Some(last)) = (&page.next, page.rows.last()) {
            assert_eq!(next.seq, last.seq);
            let value = model::SortValue::from(&next.value);
            assert_eq!(value, model::sort_value(&last.event, request.column));
        }
        by_cursor.extend(page.rows.into_iter().map(|row| row.event));
        let Some(next) = page.next else { break };
        request.start = LogStart::After(next);
        assert!(by_cursor.len() <= expected.len(), "the pages do not end: {request:?}");
    }
    assert_eq!(by_cursor.iter().collect::<Vec<_>>(), expected, "{request:?}");
    for offset in [1, 2, 7, 20] {
        request.start = LogStart::Offset(offset);
        let page = asking.log(&request).await.unwrap();
        let skipped = expected.iter().skip(usize::try_from(offset).unwrap());
        let wanted: Vec<&str> = skipped.take(request.limit).map(|event| event.id.as_str()).collect();
        let found: Vec<&str> = page.rows.iter().map(|row| row.event.id.as_str()).collect();
        assert_eq!(found, wanted, "{request:?}");
    }
}

#[test]
fn events_are_gone_over_on_two_shards_of_the_old_engine() {
    events_are_gone_over(&OLD());
}

#[test]
fn events_are_gone_over_on_the_present_engine() {
    events_are_gone_over(&PRESENT());
}

/// Keeps the events that it is told.
#[derive(Default)]
struct Told {
    kinds: Vec<SurveyKind>,
    events: Vec<SurveyedEvent>,
}

impl Surveyor for Told {
    fn kind(&mut self, kind: SurveyKind) {
        assert!(!self.kinds.contains(&kind), "a kind is told once");
        self.kinds.push(kind);
    }

    fn events(&mut self, events: &[SurveyedEvent]) {
        self.events.extend(events);
    }
}

/// By scan, survey, number and place.
fn events_are_gone_over(world: &World) {
    let input = (any_input(40), 1..9_usize, -1..3_i64, 1..8_i64, any_question());
    world.check(2, input, async |world, (input, limit, from, days, question)| {
        let case = world.case(input).await;
        let asking = case.asking();
        let from_ms = START_MS + from * DAY_MS + 123_456;
        let range = Range { from_ms, to_ms: from_ms + days * DAY_MS };
        let mut expected: Vec<&Event> = case
            .events
            .iter()
            .filter(|event| (range.from_ms..range.to_ms).contains(&event.time_ms))
            .collect();
        expected.sort_by_key(|event| event.time_ms);

        let view = LogView { last_seq: i64::MAX };
        let mut scan = ScanRequest { view, range, filters: vec![], priced: None, after: None, limit };
        let mut scanned = Vec::new();
        loop {
            let page = asking.scan(&scan).await.unwrap();
            scanned.extend(page.rows);
            scan.after = page.next;
            if scan.after.is_none() {
                break;
            }
        }
        assert_eq!(scanned.iter().map(|row| &row.event).collect::<Vec<_>>(), expected);

        let told = Mutex::new(Told::default());
        let survey = SurveyRequest { range, filters: vec![], requests: true, sums: vec![question.clone()] };
        let mut sums = asking.survey(&survey, &told).await.unwrap();
        let told = told.into_inner().unwrap();
        let seqs: Vec<i64> = told.events.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, scanned.iter().map(|row| row.seq).collect::<Vec<_>>());
        for (told_event, event) in told.events.iter().zip(&expected) {
            assert_eq!(told_event.cost, event.rating.cost());
            assert_eq!(told_event.tokens, event.tokens);
            assert_eq!(told_event.request != 0, event.request_hash.is_some());
            let kind = &told.kinds[usize::try_from(told_event.kind).unwrap()];
            assert_eq!(kind.model.as_deref(), event.labels.get(Dimension::Model));
        }
        sort(&mut sums[0]);
        sums[0].iter_mut().for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
        assert_eq!(sums[0], model::aggregate(&case.events, &question), "{question:?}");

        let mut asked = seqs.clone();
        asked.reverse();
        asked.extend(&case.voided);
        let named = asking.events_by_seq(range, &asked).await.unwrap();
        assert_eq!(named, scanned.iter().rev().cloned().collect::<Vec<_>>());
        let places: Vec<(i64, i64)> = case.every.iter().map(|(seq, event)| (event.time_ms, *seq)).collect();
        let names = asking.names_at(&places).await.unwrap();
        assert_eq!(names.len(), case.every.len());
        for (seq, event) in &case.every {
            assert_eq!(names[seq], (event.source.clone(), event.id.clone()));
            let found = asking.event_of(*seq, event.time_ms).await.unwrap().unwrap();
            assert_eq!((found.seq, &found.event), (*seq, event), "voided or not");
            assert_eq!(asking.event_of(*seq + 1_000, event.time_ms).await.unwrap(), None);
        }
    });
}

#[test]
fn declared_properties_are_dimensions_on_two_shards_of_the_old_engine() {
    declared_properties_are_dimensions(&OLD());
}

#[test]
fn declared_properties_are_dimensions_on_the_present_engine() {
    declared_properties_are_dimensions(&PRESENT());
}

/// Grouped and filtered by, told apart up to their bound.
fn declared_properties_are_dimensions(world: &World) {
    let team = Dimension::Property(Place::ALL[2]);
    let question = (
        any_question(),
        any::<bool>(),
        any::<bool>(),
        proptest::sample::subsequence(vec![None, Some("red"), Some("7"), Some("(more)")], 0..4),
    );
    world.check(2, (any_input(40), question), async |world, (input, (mut question, also, days, values))| {
        let case = world.case(input.with_property("team")).await;
        question.group_by = if also { vec![Dimension::Model, team] } else { vec![team] };
        // Whole days by it alone are answered from rollups, but without latencies.
        if days {
            question.edges_ms = (0..8).map(|day| START_MS + (day - 2) * DAY_MS).collect();
            question.measures = Measures::SUMS;
        }
        question.filters = vec![];
        let asking = case.asking();
        // Of the values red, blue, 7 and true the first three are told apart.
        let value_of = |event: &Event| match event.properties.get("team")? {
            serde_json::Value::Bool(_) => Some("(more)".to_owned()),
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        // To the model, the place of a property is the agent.
        let as_agent: Vec<Event> = case
            .events
            .iter()
            .map(|event| {
                let mut event = event.clone();
                event.labels.set(Dimension::Agent, value_of(&event));
                event
            })
            .collect();
        let mut modelled = question.clone();
        modelled.group_by.pop();
        modelled.group_by.push(Dimension::Agent);
        if !values.is_empty() {
            let values: Vec<_> = values.into_iter().map(|value| value.map(str::to_owned)).collect();
            question.filters = vec![Filter { dimension: team, values: values.clone() }];
            modelled.filters = vec![Filter { dimension: Dimension::Agent, values }];
        }
        let mut rows = asking.sums(&question).await.unwrap();
        rows.iter_mut().for_each(|row| row.totals = question.measures.of(std::mem::take(&mut row.totals)));
        sort(&mut rows);
        assert_eq!(rows, model::aggregate(&as_agent, &modelled), "{question:?}");
        let mut users = asking.distinct_users(&question).await.unwrap();
        users.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
        assert_eq!(users, model::distinct_users(&as_agent, &modelled), "{question:?}");
        if question.measures == Measures::ALL {
            let top = Top { metric: Metric::Calls, count: 1 };
            let mut told = asking.top_sums(&question, top).await.unwrap();
            sort(&mut told.rest);
            sort(&mut told.rows);
            assert_eq!(told, model::top(&rows, top), "{question:?}");
        }
    });
}

#[test]
fn buckets_of_instants() {
    let edges = [10, 20, 25, 40];
    for (time_ms, bucket) in [(10, 0), (19, 0), (20, 1), (24, 1), (25, 2), (39, 2)] {
        assert_eq!(bucket_of(&edges, time_ms), bucket);
    }
}
