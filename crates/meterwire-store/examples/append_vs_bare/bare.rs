//! Bare inserts: the same rows into the same table with the same indexes and settings, and nothing else.

use crate::COMPARED;
use crate::data::{Shape, Source};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

/// Inserts events, so many a commit; the seconds it took, without making the events.
pub(crate) fn insert(dir: &Path, shape: Shape, events: usize, rows: usize) -> f64 {
    let connection = Connection::open(dir.join("meterwire.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
             PRAGMA wal_autocheckpoint = 16384;",
        )
        .unwrap();
    let mut source = Source::new(shape);
    let mut numbers: HashMap<String, i64> = HashMap::new();
    let (mut seconds, mut left) = (0.0, events);
    while left > 0 {
        let count = left.min(COMPARED);
        left -= count;
        let made: Vec<Event> = (0..count).map(|_| source.next_event()).collect();
        seconds += insert_all(&connection, &made, &mut numbers, rows);
    }
    seconds
}

fn insert_all(
    connection: &Connection,
    made: &[Event],
    numbers: &mut HashMap<String, i64>,
    rows: usize,
) -> f64 {
    // Numbers of labels are found before the clock runs, and so are the hashes: any 64 random bits.
    let prepared: Vec<([i64; 10], i64)> = made
        .iter()
        .map(|event| {
            let mut labels = [0; 10];
            for (label, dimension) in labels.iter_mut().zip(Dimension::TEXTS) {
                let next = i64::try_from(numbers.len()).unwrap() + 1;
                *label = *numbers.entry(event.labels.get(dimension).unwrap().to_owned()).or_insert(next);
            }
            (labels, i64::from_str_radix(&event.id[..15], 16).unwrap())
        })
        .collect();
    let start = Instant::now();
    for (events, prepared) in made.chunks(rows).zip(prepared.chunks(rows)) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut statement =
            connection.prepare_cached(include_str!("../../sql/sqlite/event/insert.sql")).unwrap();
        for (event, (labels, identity)) in events.iter().zip(prepared) {
            bind(&mut statement, event, labels, *identity);
            statement.raw_execute().unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    start.elapsed().as_secs_f64()
}

fn bind(statement: &mut rusqlite::Statement<'_>, event: &Event, labels: &[i64; 10], identity: i64) {
    let mut place = 0;
    let mut next = || {
        place += 1;
        place
    };
    for number in [1, event.time_ms, event.received_ms, identity, 1] {
        statement.raw_bind_parameter(next(), number).unwrap();
    }
    statement.raw_bind_parameter(next(), &event.id).unwrap();
    for label in labels {
        statement.raw_bind_parameter(next(), label).unwrap();
    }
    statement.raw_bind_parameter(next(), event.status).unwrap();
    statement.raw_bind_parameter(next(), event.latency_ms).unwrap();
    statement.raw_bind_parameter(next(), event.time_to_first_token_ms).unwrap();
    for count in event.tokens.buckets() {
        statement.raw_bind_parameter(next(), count.cast_signed()).unwrap();
    }
    for number in [event.rating.cost().0, 1, labels[1]] {
        statement.raw_bind_parameter(next(), number).unwrap();
    }
    statement.raw_bind_parameter(next(), event.fingerprint.0).unwrap();
    for _ in 0..3 {
        statement.raw_bind_parameter(next(), None::<i64>).unwrap();
    }
    for _ in 0..8 {
        statement.raw_bind_parameter(next(), 0).unwrap();
    }
}
