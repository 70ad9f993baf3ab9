//! What goes on while the questions are measured: recording, and a second connection that never stops asking.

use super::asker::{Asker, percentile};
use super::list::MEANWHILE;
use crate::Outcome;
use crate::event::body;
use crate::http::Connection;
use crate::ingest::{now_ms, rate};
use crate::traffic::Source;
use crate::world::World;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// So many events are recorded a second, in so many requests.
const EVENTS: usize = 2_000;
const REQUESTS: usize = 10;
const BATCH: usize = EVENTS / REQUESTS;

/// What one of the two did.
pub(crate) struct Done {
    pub(crate) count: u64,
    pub(crate) elapsed: Duration,
    /// Milliseconds a request, ascending.
    pub(crate) times_ms: Vec<f64>,
}

impl Done {
    pub(crate) fn print(&self, what: &str) {
        println!(
            "{what}: {:.0} a second; a request p50 {:.1} ms, p95 {:.1} ms, slowest {:.1} ms.",
            rate(self.count, self.elapsed),
            percentile(&self.times_ms, 50),
            percentile(&self.times_ms, 95),
            percentile(&self.times_ms, 100)
        );
    }
}

/// Records usage as it happens, each batch of one tenant, until told to stop. Where the server is behind, so is this: no
/// request is left out.
pub(crate) fn record(mut connection: Connection, world: &World, stop: &AtomicBool) -> Outcome<Done> {
    // Other requests at every run, or they would be duplicates.
    let mut source = Source::new(world, now_ms().unsigned_abs());
    let begun = Instant::now();
    let (mut times_ms, mut count) = (Vec::new(), 0);
    let every = Duration::from_secs(1) / u32::try_from(REQUESTS)?;
    let mut next = begun;
    while !stop.load(Ordering::Relaxed) {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        next += every;
        let tenant = source.any_tenant();
        let events: Vec<_> = (0..BATCH).map(|_| source.of_tenant(tenant, now_ms())).collect();
        let path = format!("/api/v1/events?tenant={}", tenant.slug);
        let body = body(&events);
        let sent = Instant::now();
        let answer = connection.post(&path, "application/x-ndjson", &body)?.json()?;
        times_ms.push(sent.elapsed().as_secs_f64() * 1000.0);
        match answer["stored"].as_u64() {
            Some(stored) if stored == BATCH as u64 => count += stored,
            _ => return Err(format!("not every event was stored: {answer}").into()),
        }
    }
    times_ms.sort_by(f64::total_cmp);
    Ok(Done { count, elapsed: begun.elapsed(), times_ms })
}

/// Asks what a page asks, one question after the other, until told to stop.
pub(crate) fn ask(mut asker: Asker, stop: &AtomicBool) -> Outcome<Done> {
    let begun = Instant::now();
    let mut times_ms = Vec::new();
    for question in MEANWHILE.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let asked = Instant::now();
        let status = asker.ask(question)?;
        times_ms.push(asked.elapsed().as_secs_f64() * 1000.0);
        if status != 200 {
            return Err(format!("{question} was answered with {status}").into());
        }
    }
    times_ms.sort_by(f64::total_cmp);
    Ok(Done { count: times_ms.len() as u64, elapsed: begun.elapsed(), times_ms })
}

/// Runs `work` while both go on; answers what came of it, of recording and of asking.
pub(crate) fn beside<T>(
    admin: Connection,
    world: &World,
    asker: Asker,
    work: impl FnOnce() -> Outcome<T>,
) -> Outcome<(T, Done, Done)> {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let recording = scope.spawn(|| record(admin, world, &stop));
        let asking = scope.spawn(|| ask(asker, &stop));
        let worked = work();
        stop.store(true, Ordering::Relaxed);
        let recorded = recording.join().map_err(|_| "the thread that records ended")??;
        let asked = asking.join().map_err(|_| "the thread that asks ended")??;
        Ok((worked?, recorded, asked))
    })
}
