//! More events inside of ClickHouse: copies of those that are there, each with a number, a batch and an id of its own, at
//! another second of its quarter of an hour, with the hash of another request. The leader folds them as it folds any
//! batch. PostgreSQL is told of batches and numbers alone: identities, counters, budgets and what doctor compares stay
//! those of the first.

use super::engines::{Clicks, Engines};
use super::postgres::Postgres;
use crate::Outcome;

const SLOT_MS: i64 = 900_000;
/// Events of one statement, about.
const ROWS: u64 = 2_000_000;

/// What copies are told apart by.
struct Steps {
    batches: i64,
    seqs: i64,
}

/// Makes so many copies of every event while no server runs; answers how many events that are.
pub(crate) fn make(engines: &Engines, postgres: &Postgres, copies: u32) -> Outcome<u64> {
    let rows = engines.event_rows()?;
    let batches = postgres.number("SELECT applied FROM manifest")?;
    let last_seq = postgres.number("SELECT max(last_seq) FROM ledger")?;
    // A copy stays on the shard where it is made.
    let shards = i64::try_from(engines.shards)?;
    let steps = Steps { batches, seqs: (last_seq / shards + 1) * shards };
    std::thread::scope(|scope| {
        let steps = &steps;
        let work = move |shard: Outcome<Clicks>| copy(shard?, steps, copies.into());
        let copying: Vec<_> = engines.clicks().map(|shard| scope.spawn(move || work(shard))).collect();
        copying.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a copying thread ended")?)
    })?;
    let all = batches * (i64::from(copies) + 1);
    let more = steps.seqs * i64::from(copies);
    postgres.run(&format!(
        "BEGIN; \
         INSERT INTO batch (id, state, events, sums, min_ms, max_ms, at_ms) OVERRIDING SYSTEM VALUE \
           SELECT number, 'applied', 0, ''::bytea, min_ms / {SLOT_MS} * {SLOT_MS}, max_ms / {SLOT_MS} * {SLOT_MS} + {SLOT_MS}, \
             (extract(epoch FROM now()) * 1000)::bigint \
           FROM generate_series({batches} + 1, {all}) AS number LEFT JOIN batch ON batch.id = (number - 1) % {batches} + 1 \
           ON CONFLICT DO NOTHING; \
         SELECT setval(pg_get_serial_sequence('batch', 'id'), greatest({all}, (SELECT max(id) FROM batch))); \
         UPDATE manifest SET applied = {all}; \
         UPDATE ledger SET version = version + 1, last_seq = last_seq + {more}, cancels = cancels * ({copies} + 1); \
         COMMIT"
    ))?;
    Ok(engines.event_rows()? - rows)
}

/// Copies what one shard has, partition by partition, so that what is written is sorted in large pieces.
fn copy(mut shard: Clicks, steps: &Steps, copies: i64) -> Outcome<()> {
    let names = shard.ask(
        "SELECT name FROM system.columns WHERE database = 'meterwire' AND table = 'event' FORMAT TabSeparated",
    )?;
    let names: Vec<&str> = names.lines().collect();
    let batches = steps.batches;
    let rows: u64 = shard.number(&format!("SELECT count() FROM meterwire.event WHERE batch <= {batches}"))?;
    let pieces = rows / ROWS + 1;
    for copy in 1..=copies {
        let values: Vec<String> = names.iter().map(|name| value(name, steps, copy)).collect();
        for piece in 0..pieces {
            shard.ask(&format!(
                "INSERT INTO meterwire.event ({}) SELECT {} FROM meterwire.event \
                 WHERE batch <= {batches} AND intHash32(intDiv(time_ms, {SLOT_MS})) % {pieces} = {piece}",
                names.join(", "),
                values.join(", ")
            ))?;
        }
        eprintln!("copied {copy} of {copies} on one shard");
    }
    Ok(())
}

/// A column of a copy.
fn value(name: &str, steps: &Steps, copy: i64) -> String {
    match name {
        "batch" => format!("toUInt32(batch + {})", steps.batches * copy),
        "seq" => format!("toInt64(seq + {})", steps.seqs * copy),
        "time_ms" => {
            format!(
                "toInt64(intDiv(time_ms, {SLOT_MS}) * {SLOT_MS} + (time_ms + seq * 7919 + {copy} * 97003) % {SLOT_MS})"
            )
        }
        "id" => format!("concat(id, '-{copy}')"),
        "request_hash" => {
            format!("if(request_hash = '', '', concat(substring(request_hash, 3), '{:02}'))", copy % 100)
        }
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_copy() {
        let steps = Steps { batches: 7, seqs: 100 };
        assert_eq!(value("batch", &steps, 3), "toUInt32(batch + 21)");
        assert_eq!(value("seq", &steps, 3), "toInt64(seq + 300)");
        assert_eq!(value("model", &steps, 3), "model");
    }
}
