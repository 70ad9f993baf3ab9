//! Fills a data directory with ninety days of requests, in process: through the use case that HTTP ends in, without JSON.

use crate::Outcome;
use crate::event::Event;
use crate::ingest::{now_ms, rate};
use crate::server::Server;
use crate::traffic::{DAY_MS, Stream};
use crate::world::World;
use meterwire_app::clock::SystemClock;
use meterwire_app::ports::Verdict;
use meterwire_app::{Caller, Meterwire, Sent};
use meterwire_store::{OpenOptions, SqliteStore};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Raised when the generator makes other requests from the same seed.
const GENERATOR: u32 = 2;
/// The most events made before they are handed over; also the most of one transaction.
const CHUNK: usize = 50_000;
/// Chunks on their way; they bound the memory.
const CHUNKS: u32 = 3;
const TELL_EVERY: Duration = Duration::from_secs(10);
/// Older data is no longer "the last ninety days".
const MAX_AGE_MS: i64 = 36 * 3_600_000;

/// What a directory holds, kept beside the data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Filled {
    generator: u32,
    pub(crate) seed: u64,
    pub(crate) events: u64,
    pub(crate) end_ms: i64,
    pub(crate) seconds: f64,
    /// What followed in the background, such as packing hours into segments.
    pub(crate) background_seconds: f64,
    /// Seconds after which each tenth was on disk.
    pub(crate) tenths: Vec<f64>,
    /// The most memory of the filling process.
    pub(crate) highest_mib: u64,
    /// Events that measurements recorded since.
    pub(crate) live_events: u64,
}

/// The data directory inside a directory of measurements.
pub(crate) fn data_dir(dir: &Path) -> PathBuf {
    dir.join("data")
}

fn marker(dir: &Path) -> PathBuf {
    dir.join("filled.json")
}

impl Filled {
    fn read(dir: &Path) -> Outcome<Option<Self>> {
        match std::fs::read(marker(dir)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn write(&self, dir: &Path) -> Outcome<()> {
        Ok(std::fs::write(marker(dir), serde_json::to_vec_pretty(self)?)?)
    }

    /// All events in the directory.
    pub(crate) fn all_events(&self) -> u64 {
        self.events + self.live_events
    }
}

/// Fills the directory, unless it holds this very data already.
pub(crate) fn fill(dir: &Path, events: u64, seed: u64) -> Outcome<Filled> {
    let shown = dir.display();
    // The server is started elsewhere.
    let dir = &std::path::absolute(dir)?;
    if let Some(filled) = Filled::read(dir)? {
        let same = (filled.generator, filled.seed, filled.events) == (GENERATOR, seed, events);
        if !same || now_ms() - filled.end_ms > MAX_AGE_MS {
            return Err(format!(
                "{shown} holds {} events of seed {} up to {}; remove it, or name another with --dir",
                filled.events,
                filled.seed,
                meterwire_core::period::rfc3339(filled.end_ms)
            )
            .into());
        }
        eprintln!("{shown} holds these {events} events already");
        return Ok(filled);
    }
    if data_dir(dir).exists() {
        let sentence = format!(
            "{shown} holds data that was not filled to its end; remove it, or name another with --dir"
        );
        return Err(sentence.into());
    }
    std::fs::create_dir_all(dir)?;
    let world = World::new(seed);
    catalogue(&world, &data_dir(dir))?;
    let filled = Filling::open(&data_dir(dir))?.run(&world, events, seed)?;
    filled.write(dir)?;
    Ok(filled)
}

/// Tenants, and their declared property, so that it is counted from the first event on.
fn catalogue(world: &World, data: &Path) -> Outcome<()> {
    let server = Server::start(data)?;
    let mut connection = server.connect()?;
    let mut make = |path: &str, body: serde_json::Value| {
        connection.post(path, "application/json", body.to_string().as_bytes())?.json()
    };
    for tenant in &world.tenants {
        make("/api/v1/tenants", json!({ "slug": tenant.slug }))?;
        let path = format!("/api/v1/dimensions?tenant={}", tenant.slug);
        make(&path, json!({ "name": "feature", "property": "feature" }))?;
    }
    server.stop()
}

struct Filling {
    runtime: Runtime,
    store: SqliteStore,
    app: Arc<Meterwire>,
}

type Batches = HashMap<String, Vec<Sent>>;

impl Filling {
    fn open(data: &Path) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let options = OpenOptions {
            // The chunks bound what waits.
            max_waiting_events: usize::MAX,
            max_waiting_bytes: usize::MAX,
            max_group_events: CHUNK,
            ..OpenOptions::new(data)
        };
        let store = SqliteStore::open(options)?;
        let ports = Arc::new(store.clone());
        let clock = Arc::new(SystemClock);
        let app = Meterwire::new(ports, clock);
        Ok(Self { runtime, store, app: Arc::new(app) })
    }

    fn run(self, world: &World, events: u64, seed: u64) -> Outcome<Filled> {
        // The declared dimensions become ready.
        while self.runtime.block_on(self.app.run_dimension_jobs())? {}
        let end_ms = now_ms();
        let begun = Instant::now();
        let stored = Arc::new(AtomicU64::new(0));
        let free = Arc::new(Semaphore::new(CHUNKS as usize));
        let mut progress = Progress { begun, events, told: begun, told_events: 0, tenths: Vec::new() };
        let mut chunks: JoinSet<Result<(), String>> = JoinSet::new();
        let (mut batches, mut waiting) = (Batches::new(), 0);
        // A small fill has tenths too.
        let chunk = CHUNK.min(usize::try_from(events / 50)?);
        for event in Stream::new(world, seed, events, end_ms) {
            add(&mut batches, &event);
            waiting += 1;
            if waiting < chunk {
                continue;
            }
            let permit = self.runtime.block_on(free.clone().acquire_owned())?;
            let (app, counted) = (self.app.clone(), stored.clone());
            let batches = std::mem::take(&mut batches);
            waiting = 0;
            chunks.spawn_on(
                async move {
                    let _permit = permit;
                    record(app, batches, &counted).await
                },
                self.runtime.handle(),
            );
            while let Some(done) = chunks.try_join_next() {
                done??;
            }
            progress.tell(stored.load(Ordering::Relaxed));
        }
        self.runtime.block_on(async {
            while let Some(done) = chunks.join_next().await {
                done??;
            }
            record(self.app.clone(), batches, &stored).await?;
            Outcome::Ok(())
        })?;
        progress.tell(stored.load(Ordering::Relaxed));
        let seconds = begun.elapsed().as_secs_f64();
        eprintln!("filled; waiting for what the server does in the background");
        self.runtime.block_on(self.jobs())?;
        let background_seconds = begun.elapsed().as_secs_f64() - seconds;
        self.runtime.block_on(self.store.close())?;
        let highest_mib = crate::server::memory_mib("self")?.1;
        Ok(Filled {
            generator: GENERATOR,
            seed,
            events,
            end_ms,
            seconds,
            background_seconds,
            tenths: progress.tenths,
            highest_mib,
            live_events: 0,
        })
    }
}

impl Filling {
    /// Does what the server does in the background, until nothing is left to do.
    async fn jobs(&self) -> Outcome<()> {
        while self.app.run_dimension_jobs().await? || self.app.run_upkeep().await? {}
        Ok(())
    }
}

fn add(batches: &mut Batches, event: &Event<'_>) {
    let sent = Sent { id: None, tenant: None, event: Ok(event.to_new_event()) };
    match batches.get_mut(event.tenant) {
        Some(batch) => batch.push(sent),
        None => drop(batches.insert(event.tenant.to_owned(), vec![sent])),
    }
}

/// Records a chunk, its tenants side by side, so that the writer takes them into one transaction.
async fn record(app: Arc<Meterwire>, batches: Batches, stored: &AtomicU64) -> Result<(), String> {
    let mut tenants = JoinSet::new();
    for (tenant, batch) in batches {
        let app = app.clone();
        tenants.spawn(async move {
            let count = batch.len();
            let reply = app.ingest(&Caller::command_line(), Some(&tenant), batch).await;
            let reply = reply.map_err(|error| error.to_string())?;
            match reply.count(Verdict::Stored) {
                stored if stored == count => Ok(count as u64),
                stored => Err(format!("{stored} of {count} events were stored")),
            }
        });
    }
    while let Some(done) = tenants.join_next().await {
        let count = done.map_err(|error| error.to_string())??;
        stored.fetch_add(count, Ordering::Relaxed);
    }
    Ok(())
}

/// Tells how far it is, and remembers how long each tenth took.
struct Progress {
    begun: Instant,
    events: u64,
    told: Instant,
    told_events: u64,
    tenths: Vec<f64>,
}

impl Progress {
    fn tell(&mut self, stored: u64) {
        let elapsed = self.begun.elapsed();
        while self.tenths.len() < 10 && stored * 10 >= self.events * (self.tenths.len() as u64 + 1) {
            self.tenths.push(elapsed.as_secs_f64());
        }
        if self.told.elapsed() < TELL_EVERY && stored < self.events {
            return;
        }
        let now = rate(stored - self.told_events, self.told.elapsed());
        let left = rate(self.events - stored, Duration::from_secs(1)) / rate(stored.max(1), elapsed);
        let percent = stored * 100 / self.events.max(1);
        eprintln!(
            "filled {stored} of {} ({percent} %), {now:.0} events a second, {left:.0} s left",
            self.events
        );
        (self.told, self.told_events) = (Instant::now(), stored);
    }
}

/// Prints how quickly it was filled, and whether it slowed down.
pub(crate) fn print(filled: &Filled) {
    let events = filled.events;
    let days = crate::traffic::DAYS;
    println!("## Filling: {events} events of {days} days, seed {}\n", filled.seed);
    let whole = rate(events, Duration::from_secs_f64(filled.seconds));
    println!(
        "{whole:.0} events a second, {:.0} s, and {:.0} s of work in the background after that; at most {} MiB of memory.\n",
        filled.seconds, filled.background_seconds, filled.highest_mib
    );
    println!("| Tenth | events a second |\n|---:|---:|");
    let mut before = 0.0;
    for (number, seconds) in (1..).zip(&filled.tenths) {
        println!(
            "| {number} | {:.0} |",
            rate(events / 10, Duration::from_secs_f64((seconds - before).max(0.001)))
        );
        before = *seconds;
    }
    println!();
    let late_days = (now_ms() - filled.end_ms) / DAY_MS;
    if late_days > 0 {
        println!("The data ends {late_days} day ago.\n");
    }
}
