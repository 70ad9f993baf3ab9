//! Bare inserts: the same rows into the same event table with its indexes, nothing else. What SQLite itself can do.

use crate::Outcome;
use crate::event::Event;
use crate::server::binary;
use rusqlite::{Connection, Statement};
use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The server's own statement.
const INSERT: &str = include_str!("../../crates/meterwire-store/sql/sqlite/event/insert.sql");

/// Inserts the events, so many a commit, each commit on disk; events a second.
pub(crate) fn insert(dir: &Path, events: &[Event<'_>], commit_rows: usize) -> Outcome<f64> {
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
    Ok(crate::ingest::rate(events.len() as u64, begun.elapsed()))
}

fn labels(event: &Event<'_>, numbers: &mut HashMap<(usize, String), i64>) -> [i64; 10] {
    let mut labels = [0; 10];
    for (place, (_, text)) in event.texts().into_iter().enumerate() {
        let Some(text) = text else { continue };
        let next = i64::try_from(numbers.len()).unwrap_or(i64::MAX).saturating_add(1);
        labels[place] = *numbers.entry((place, text.to_owned())).or_insert(next);
    }
    labels
}

/// Binds in the order of the statement's columns.
fn bind(statement: &mut Statement<'_>, event: &Event<'_>, labels: &[i64; 10]) -> Outcome<()> {
    let mut place = 0;
    let mut next = || {
        place += 1;
        place
    };
    // Any 64 random bits do for the hash of the identity.
    let (identity, _) = event.id.as_u64_pair();
    for number in [1, event.time_ms, event.time_ms, identity.cast_signed(), 1] {
        statement.raw_bind_parameter(next(), number)?;
    }
    statement.raw_bind_parameter(next(), event.id.to_string())?;
    for label in labels {
        statement.raw_bind_parameter(next(), label)?;
    }
    for number in [u64::from(event.status), event.latency_ms] {
        statement.raw_bind_parameter(next(), number.cast_signed())?;
    }
    statement.raw_bind_parameter(next(), event.first_token_ms.map(u64::cast_signed))?;
    for tokens in event.tokens().buckets() {
        statement.raw_bind_parameter(next(), tokens.cast_signed())?;
    }
    for number in [(event.input * 2_500 + event.output * 10_000).cast_signed(), 1, labels[1]] {
        statement.raw_bind_parameter(next(), number)?;
    }
    statement.raw_bind_parameter(next(), event.id.as_bytes())?;
    for _ in 0..2 {
        statement.raw_bind_parameter(next(), None::<i64>)?;
    }
    statement
        .raw_bind_parameter(next(), event.feature.map(|feature| format!("{{\"feature\":\"{feature}\"}}")))?;
    // The declared properties: none.
    let rest = next()..=statement.parameter_count();
    for place in rest {
        statement.raw_bind_parameter(place, 0)?;
    }
    Ok(())
}
