//! Durable ingest over HTTP beside bare inserts, the same rows in the same run.

use crate::event::{Event, body};
use crate::server::{Server, TENANT};
use crate::traffic::Source;
use crate::world::World;
use crate::{Outcome, bare};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Events of one request and of one commit.
pub(crate) const BATCH: usize = 1_000;
const EVENTS: usize = 300_000;
const CONNECTIONS: [usize; 4] = [1, 2, 4, 8];

pub(crate) fn run() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let now_ms = now_ms();
    let world = World::new(1);
    let mut source = Source::new(&world, 1);
    // As they come in live: within the last ten minutes, all of the largest tenant.
    let events: Vec<Event<'_>> = (0..EVENTS)
        .map(|_| {
            let ago_ms = source.below(600_000).cast_signed();
            source.of_tenant(&world.tenants[0], now_ms - ago_ms)
        })
        .collect();
    let bodies: Vec<Vec<u8>> = events.chunks(BATCH).map(body).collect();
    let path = |name: &str| dir.path().join(name);

    println!("## Durable ingest: {EVENTS} events in batches of {BATCH}\n");
    println!(
        "Bare: rusqlite, one transaction and one sync a batch, just before and just after each run over HTTP.\n"
    );
    println!("| Connections | HTTP, events a second | bare before | bare after | of bare | most memory |");
    println!("|---:|---:|---:|---:|---:|---:|");
    let mut before = bare::insert(&path("bare-0"), &events, BATCH)?;
    for connections in CONNECTIONS {
        let server = Server::start_new(&path(&format!("served-{connections}")))?;
        let served = send(&server, &bodies, connections)?;
        let (_, highest) = server.memory_mib()?;
        server.stop()?;
        let after = bare::insert(&path(&format!("bare-{connections}")), &events, BATCH)?;
        let share = served / f64::midpoint(before, after);
        println!("| {connections} | {served:.0} | {before:.0} | {after:.0} | {share:.2} | {highest} MiB |");
        before = after;
    }
    println!();
    with_budgets(&path("budgets"), &bodies)
}

/// What budgets of the whole tenant cost, each moved in the transaction of its events; one after the other, and the first
/// once more at the end.
fn with_budgets(dir: &Path, bodies: &[Vec<u8>]) -> Outcome<()> {
    println!("| Connections | budgets | HTTP, events a second |");
    println!("|---:|---:|---:|");
    for connections in [1, 4] {
        for (turn, budgets) in [0, 5, 15, 0].into_iter().enumerate() {
            let server = Server::start_new(&dir.join(format!("{connections}-{turn}")))?;
            server.add_budgets(budgets, false)?;
            let served = send(&server, bodies, connections)?;
            server.stop()?;
            println!("| {connections} | {budgets} | {served:.0} |");
        }
    }
    println!();
    Ok(())
}

/// Sends every body over so many connections; events a second, every answer checked.
pub(crate) fn send(server: &Server, bodies: &[Vec<u8>], connections: usize) -> Outcome<f64> {
    let next = AtomicUsize::new(0);
    let stored = AtomicUsize::new(0);
    let failure: Mutex<Option<String>> = Mutex::new(None);
    let work = || -> Outcome<()> {
        let mut connection = server.connect()?;
        let path = format!("/api/v1/events?tenant={TENANT}");
        while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = connection.post(&path, "application/x-ndjson", body)?.json()?;
            let count = answer["stored"].as_u64().and_then(|count| usize::try_from(count).ok());
            stored.fetch_add(count.unwrap_or(0), Ordering::Relaxed);
        }
        Ok(())
    };
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                if let (Err(error), Ok(mut failure)) = (work(), failure.lock()) {
                    failure.get_or_insert(error.to_string());
                }
            });
        }
    });
    let elapsed = begun.elapsed();
    if let Some(error) = failure.into_inner().unwrap_or_default() {
        return Err(error.into());
    }
    let sent: usize = bodies.iter().map(|body| body.split(|byte| *byte == b'\n').count() - 1).sum();
    match stored.into_inner() {
        stored if stored == sent => Ok(rate(stored as u64, elapsed)),
        stored => Err(format!("{stored} of {sent} events were stored").into()),
    }
}

/// Events a second.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
pub(crate) fn rate(events: u64, elapsed: Duration) -> f64 {
    events as f64 / elapsed.as_secs_f64()
}

/// Measurements end now, as live usage does.
#[expect(clippy::disallowed_methods, reason = "a measurement of live usage happens now")]
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
