//! The plainest store: a list, added up anew for every question.

use crate::ports::{AggregateRequest, AggregateRow, CursorValue, DistinctRow, LogColumn, Top, TopRows};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

type Key = (usize, Vec<Option<String>>);

/// What a dimension's value is in a key.
pub fn value(event: &Event, dimension: Dimension) -> Option<String> {
    match dimension {
        Dimension::Status => event.status.map(|status| status.to_string()),
        _ => event.labels.get(dimension).map(str::to_owned),
    }
}

/// Whether an event passes every filter.
pub fn passes(event: &Event, filters: &[Filter]) -> bool {
    filters.iter().all(|filter| filter.values.contains(&value(event, filter.dimension)))
}

fn grouped<'a>(events: &'a [Event], request: &AggregateRequest) -> BTreeMap<Key, Vec<&'a Event>> {
    let mut groups: BTreeMap<Key, Vec<&Event>> = BTreeMap::new();
    for event in events.iter().filter(|event| passes(event, &request.filters)) {
        let holds = |edges: &[i64]| edges[0] <= event.time_ms && event.time_ms < edges[1];
        let Some(bucket) = request.edges_ms.windows(2).position(holds) else {
            continue;
        };
        let key = request.group_by.iter().map(|dimension| value(event, *dimension)).collect();
        groups.entry((bucket, key)).or_default().push(event);
    }
    groups
}

/// The rows that a store must answer, by bucket and key.
pub fn aggregate(events: &[Event], request: &AggregateRequest) -> Vec<AggregateRow> {
    let to_row = |((bucket, key), events): (Key, Vec<&Event>)| {
        let mut totals = Totals::default();
        events.iter().for_each(|event| totals.add_event(event, 1));
        AggregateRow { bucket, key, totals: request.measures.of(totals) }
    };
    grouped(events, request).into_iter().map(to_row).collect()
}

/// The rows of the largest groups, and the others together; `rows` are in order.
pub fn top(rows: &[AggregateRow], top: Top) -> TopRows {
    let mut groups: BTreeMap<&Vec<Option<String>>, Totals> = BTreeMap::new();
    rows.iter().for_each(|row| groups.entry(&row.key).or_default().merge(&row.totals));
    let mut keys: Vec<_> =
        groups.iter().map(|(key, totals)| (Reverse(top.metric.rank(totals)), *key)).collect();
    keys.sort();
    let told: Vec<_> = keys.into_iter().take(top.count).map(|(_, key)| key).collect();
    let mut answer = TopRows::default();
    for row in rows {
        if told.contains(&&row.key) {
            answer.rows.push(row.clone());
        } else if let Some(rest) = answer.rest.iter_mut().find(|rest| rest.bucket == row.bucket) {
            rest.totals.merge(&row.totals);
        } else {
            answer.rest.push(AggregateRow { key: vec![], ..row.clone() });
        }
    }
    answer
}

/// Different users, by bucket and key.
pub fn distinct_users(events: &[Event], request: &AggregateRequest) -> Vec<DistinctRow> {
    let to_row = |((bucket, key), events): (Key, Vec<&Event>)| {
        let users: BTreeSet<_> = events.iter().filter_map(|event| value(event, Dimension::User)).collect();
        DistinctRow { bucket, key, users: i64::try_from(users.len()).unwrap() }
    };
    grouped(events, request).into_iter().map(to_row).collect()
}

/// A row's sort value, absent values first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue {
    /// Nothing.
    Absent,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<&CursorValue> for SortValue {
    fn from(value: &CursorValue) -> Self {
        match value {
            CursorValue::Absent(()) => Self::Absent,
            CursorValue::Int(number) => Self::Int(*number),
            CursorValue::Text(text) => Self::Text(text.clone()),
        }
    }
}

/// By what the log sorts an event.
pub fn sort_value(event: &Event, column: LogColumn) -> SortValue {
    let count = |tokens: u64| SortValue::Int(i64::try_from(tokens).unwrap());
    match column {
        LogColumn::Time => SortValue::Int(event.time_ms),
        LogColumn::InputTokens => count(event.tokens.input()),
        LogColumn::OutputTokens => count(event.tokens.output()),
        LogColumn::TotalTokens => count(event.tokens.total()),
        LogColumn::Cost if event.rating == Rating::Unpriced => SortValue::Absent,
        LogColumn::Cost => SortValue::Int(event.rating.cost().0),
        LogColumn::Latency => event.latency_ms.map_or(SortValue::Absent, |ms| SortValue::Int(ms.into())),
        LogColumn::Dimension(Dimension::Status) => {
            event.status.map_or(SortValue::Absent, |status| SortValue::Int(status.into()))
        }
        LogColumn::Dimension(dimension) => value(event, dimension).map_or(SortValue::Absent, SortValue::Text),
    }
}
