//! Sending batches of rows: repeated while the server is busy or away (ids make that safe), counted by verdict.

use super::rejects::Rejects;
use super::rows::Row;
use crate::cli::target::{Answer, Target};
use axum::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

/// The most rows of one request; the server takes 10,000.
const MAX_BATCH_ROWS: usize = 5_000;
/// The most bytes of one request; the server takes 16 MiB.
const MAX_BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Pauses before the repetitions of a request that was not answered.
const PAUSES_MS: [u64; 9] = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/// What became of the rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub received: u64,
    pub stored: u64,
    pub duplicate: u64,
    pub conflict: u64,
    pub rejected: u64,
}

impl Counts {
    pub(super) fn to_json(&self) -> Value {
        let Self { received, stored, duplicate, conflict, rejected } = self;
        json!({ "received": received, "stored": stored, "duplicate": duplicate, "conflict": conflict, "rejected": rejected })
    }
}

/// Rows that wait to be sent together.
#[derive(Default)]
pub(super) struct Batch {
    rows: Vec<Row>,
    body: Vec<u8>,
}

impl Batch {
    pub(super) fn add(&mut self, row: Row, event: &str) {
        self.body.extend_from_slice(event.as_bytes());
        self.body.push(b'\n');
        self.rows.push(row);
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= MAX_BATCH_ROWS || self.body.len() >= MAX_BATCH_BYTES
    }

    /// Sends what waits and counts it.
    pub(super) async fn send(
        &mut self,
        target: &Target,
        path: &str,
        counts: &mut Counts,
        rejects: &mut Rejects,
    ) -> Result<(), String> {
        let Self { rows, body } = std::mem::take(self);
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
        let (first, last) = (first.number, last.number);
        let stopped = |why: String| {
            format!(
                "stopped at rows {first} to {last}: {why}. Run the same command again: what is stored is not stored twice"
            )
        };
        let answer = send_until_answered(target, path, &body).await.map_err(stopped)?;
        let counted = answer.body["received"].as_u64() == Some(rows.len() as u64);
        if !counted {
            return Err(stopped(answer.sentence()));
        }
        for (name, total) in [
            ("stored", &mut counts.stored),
            ("duplicate", &mut counts.duplicate),
            ("conflict", &mut counts.conflict),
            ("rejected", &mut counts.rejected),
        ] {
            *total += answer.body[name].as_u64().unwrap_or(0);
        }
        let results = answer.body["results"].as_array().map_or(&[][..], Vec::as_slice);
        for result in results.iter().filter(|result| result["status"] == "rejected") {
            let index = result["index"].as_u64().and_then(|index| usize::try_from(index).ok());
            if let Some(row) = index.and_then(|index| rows.get(index)) {
                rejects.add(row, &reason(&result["error"]))?;
            }
        }
        Ok(())
    }
}

fn reason(error: &Value) -> String {
    match (error["field"].as_str(), error["message"].as_str()) {
        (Some(field), Some(message)) if !message.contains(field) => format!("{field}: {message}"),
        (_, Some(message)) => message.to_owned(),
        _ => "refused by the server".to_owned(),
    }
}

/// Sends a request until it is answered; a busy server and a broken connection are tried again for about a minute.
async fn send_until_answered(target: &Target, path: &str, body: &[u8]) -> Result<Answer, String> {
    let mut pauses = PAUSES_MS.iter();
    loop {
        let sent = target.send(Method::POST, path, "application/x-ndjson", body.to_vec()).await;
        let passing = match &sent {
            Ok(answer) => matches!(answer.status, 429 | 502..=504),
            Err(_) => true,
        };
        match pauses.next() {
            Some(pause_ms) if passing => tokio::time::sleep(Duration::from_millis(*pause_ms)).await,
            _ => return sent,
        }
    }
}
