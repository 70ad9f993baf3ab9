//! Bare inserts: the same rows into the same event table with its indexes, nothing else. What SQLite itself can do.

use crate::Outcome;
use crate::data::Event;
use crate::server::binary;
use rusqlite::{Connection, Statement};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The server's own statement.
const INSERT: &str = include_str!("../../crates/meterwire-store-sqlite/sql/event/insert.sql");

/// Inserts the events, so many a commit, each commit on disk; events a second.
pub(crate) fn insert(dir: &Path, events: &[Event], commit_rows: usize) -> Outcome<f64> {
    let made = Command::new(binary()?).args(["migrate", "up", "--data-dir"]).arg(dir).output()?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
    }
    let connection = Connection::open(dir.join("meterwire.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 16384;",
    )?;
    // Numbers of labels are found before the clock runs: only inserting is measured.
    let mut numbers = HashMap::new();
    let labels: Vec<[i64; 10]> = events.iter().map(|event| labels(event, &mut numbers)).collect();
    let begun = Instant::now();
    for (events, labels) in events.chunks(commit_rows).zip(labels.chunks(commit_rows)) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        let mut statement = connection.prepare_cached(INSERT)?;
        for (event, labels) in events.iter().zip(labels) {
            bind(&mut statement, event, labels)?;
            statement.raw_execute()?;
        }
        drop(statement);
        connection.execute_batch("COMMIT")?;
    }
    Ok(crate::ingest::rate(events.len(), begun.elapsed()))
}

fn labels(event: &Event, numbers: &mut HashMap<(usize, String), i64>) -> [i64; 10] {
    let texts = [
        event.provider.to_owned(),
        event.model.to_owned(),
        event.project.to_string(),
        event.user.to_string(),
        event.api_key.to_string(),
        event.agent.to_string(),
        event.department.to_string(),
        event.country.to_owned(),
        "chat".to_owned(),
        "default".to_owned(),
    ];
    let mut labels = [0; 10];
    for (place, text) in texts.into_iter().enumerate() {
        let next = i64::try_from(numbers.len()).unwrap_or(i64::MAX).saturating_add(1);
        labels[place] = *numbers.entry((place, text)).or_insert(next);
    }
    labels
}

/// Binds in the order of the statement's columns.
fn bind(statement: &mut Statement<'_>, event: &Event, labels: &[i64; 10]) -> Outcome<()> {
    let mut place = 0;
    let mut next = || {
        place += 1;
        place
    };
    // Any 63 random bits do for the hash of the identity.
    let identity = i64::from_str_radix(&event.id[..15], 16)?;
    for number in [1, event.time_ms, event.time_ms, identity, 1] {
        statement.raw_bind_parameter(next(), number)?;
    }
    statement.raw_bind_parameter(next(), &event.id)?;
    for label in labels {
        statement.raw_bind_parameter(next(), label)?;
    }
    for number in [u64::from(event.status), event.latency_ms, event.first_token_ms] {
        statement.raw_bind_parameter(next(), number.cast_signed())?;
    }
    let (uncached, visible) = (event.input - event.cached, event.output - event.reasoning);
    for tokens in [uncached, event.cached, 0, 0, 0, 0, visible, event.reasoning, 0, 0] {
        statement.raw_bind_parameter(next(), tokens.cast_signed())?;
    }
    for number in [(event.input * 2_500 + event.output * 10_000).cast_signed(), 1, labels[1]] {
        statement.raw_bind_parameter(next(), number)?;
    }
    statement.raw_bind_parameter(next(), &event.id.as_bytes()[..16])?;
    for _ in 0..3 {
        statement.raw_bind_parameter(next(), None::<i64>)?;
    }
    for _ in 0..8 {
        statement.raw_bind_parameter(next(), 0)?;
    }
    Ok(())
}
