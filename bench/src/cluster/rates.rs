//! The rows: events of one tenant and of many, decisions one by one and in arrays.

use super::engines::{Engines, cpu_us, cpu_with_children_us};
use crate::Outcome;
use crate::decisions::load::{Load, Measured, Spread, measure as measure_load};
use crate::decisions::served::{OPEN, Requests, prepare};
use crate::decisions::wire::Wire;
use crate::event::{Event, body};
use crate::ingest::{BATCH, now_ms, rate};
use crate::server::{Server, TENANT};
use crate::traffic::Source;
use crate::world::World;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Events of one row, and the connections that bring them.
const EVENTS: usize = 200_000;
const EVENT_CONNECTIONS: usize = 6;
/// Tenants of the row with many.
const TENANTS: usize = 8;
const CONNECTIONS: usize = 60;
const ARRAY: usize = 100;
const LIMIT: u64 = 1_000_000_000;
/// The longest that ClickHouse may take to have everything.
const FLUSHED_WITHIN: Duration = Duration::from_mins(3);

/// What came of one row.
pub(crate) struct Row {
    pub(crate) what: String,
    /// A second.
    pub(crate) rate: f64,
    /// p50 and p99 of one request, of the slowest server.
    pub(crate) latency_ms: [Option<f64>; 2],
    /// Of servers, PostgreSQL, ClickHouse and the generator, for each event or decision.
    pub(crate) cost_us: [f64; 4],
    /// Of all cores.
    pub(crate) busy: f64,
}

/// Everything is measured on servers that have run for a moment.
pub(crate) fn measure(engines: &Engines, servers: &[Server], seconds: usize) -> Outcome<Vec<Row>> {
    let bench = Bench { engines, servers };
    let tenants = bench.tenants()?;
    bench.send(&tenants, EVENTS / 10)?;
    let rows = vec![
        bench.events("events of one tenant", &tenants[..1])?,
        bench.events("events of eight tenants", &tenants[1..])?,
        bench.decisions("decisions of one tenant, 10,000 users", 1, seconds)?,
        bench.decisions("decisions in arrays of 100", ARRAY, seconds)?,
    ];
    Ok(rows)
}

struct Bench<'a> {
    engines: &'a Engines,
    servers: &'a [Server],
}

/// Time of the cores so far: servers, PostgreSQL, ClickHouse, this process.
type Spent = [u64; 4];

impl Bench<'_> {
    /// New tenants of this many servers; the first one is that of decisions too.
    fn tenants(&self) -> Outcome<Vec<String>> {
        let mut admin = self.servers[0].connect()?;
        let count = self.servers.len();
        let slugs: Vec<String> = (0..=TENANTS).map(|number| format!("of-{count}-{number}")).collect();
        for slug in slugs.iter().map(String::as_str).chain([TENANT]) {
            let tenant = json!({ "slug": slug }).to_string();
            let made = admin.post("/api/v1/tenants", "application/json", tenant.as_bytes())?;
            // The tenant of decisions stays from one number of servers to the next.
            if made.status != 201 && slug != TENANT {
                made.json()?;
            }
        }
        Ok(slugs)
    }

    fn spent(&self) -> Outcome<Spent> {
        let sum = |processes: &mut dyn Iterator<Item = u32>| -> Outcome<u64> { processes.map(cpu_us).sum() };
        Ok([
            sum(&mut self.servers.iter().map(Server::process))?,
            cpu_with_children_us(self.engines.postgres_process)?,
            sum(&mut self.engines.clickhouse_processes.iter().copied())?,
            cpu_us(std::process::id())?,
        ])
    }

    fn events(&self, what: &str, tenants: &[String]) -> Outcome<Row> {
        eprintln!("measuring: {what}, {} servers, {} shards", self.servers.len(), self.engines.shards);
        let (made, before) = (Batches::new(tenants, EVENTS), self.spent()?);
        let begun = Instant::now();
        let mut times_ms = self.send_all(&made)?;
        let (elapsed, sent) = (begun.elapsed(), self.spent()?);
        let flushed = self.wait_until_flushed()?;
        let after = self.spent()?;
        times_ms.sort_by(f64::total_cmp);
        let at = |permille: usize| times_ms.get(times_ms.len() * permille / 1_000).copied();
        let to_the_end = rate(EVENTS as u64, elapsed + flushed);
        Ok(Row {
            what: format!("{what}; {to_the_end:.0} a second until ClickHouse has them"),
            rate: rate(EVENTS as u64, elapsed),
            latency_ms: [at(500), at(990)],
            cost_us: each(before, after, EVENTS as u64),
            busy: busy(before, sent, elapsed)?,
        })
    }

    /// Sends new events, and waits until nothing is left to do.
    fn send(&self, tenants: &[String], events: usize) -> Outcome<()> {
        self.send_all(&Batches::new(tenants, events))?;
        self.wait_until_flushed().map(drop)
    }

    /// Milliseconds of each request.
    fn send_all(&self, batches: &Batches) -> Outcome<Vec<f64>> {
        let next = AtomicUsize::new(0);
        let work = |server: &Server| -> Outcome<Vec<f64>> {
            let (mut connection, mut times_ms) = (server.connect()?, Vec::new());
            while let Some((path, body)) = batches.0.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = Instant::now();
                let answer = connection.post(path, "application/x-ndjson", body)?.json()?;
                times_ms.push(sent.elapsed().as_secs_f64() * 1000.0);
                if answer["stored"] != answer["received"] {
                    return Err(format!("not all events were stored: {answer}").into());
                }
            }
            Ok(times_ms)
        };
        std::thread::scope(|scope| {
            let of = |number: usize| &self.servers[number % self.servers.len()];
            let working: Vec<_> =
                (0..EVENT_CONNECTIONS).map(|number| scope.spawn(move || work(of(number)))).collect();
            let mut all = Vec::new();
            for times_ms in working {
                all.extend(times_ms.join().map_err(|_| "a connection's thread ended")??);
            }
            Ok(all)
        })
    }

    /// How long it took until ClickHouse had everything.
    fn wait_until_flushed(&self) -> Outcome<Duration> {
        let (begun, mut connection) = (Instant::now(), self.servers[0].connect()?);
        // What is told is of a second ago.
        let mut quiet = 0;
        while quiet < 3 {
            std::thread::sleep(Duration::from_millis(500));
            let page = connection.get("/metrics")?.body;
            let page = String::from_utf8_lossy(&page);
            let waiting = page.lines().find_map(|line| line.strip_prefix("meterwire_outbox_events "));
            quiet = if waiting.ok_or("the server does not tell what waits")? == "0" { quiet + 1 } else { 0 };
            if begun.elapsed() > FLUSHED_WITHIN {
                return Err(format!("ClickHouse does not have everything in {FLUSHED_WITHIN:?}").into());
            }
        }
        Ok(begun.elapsed().saturating_sub(Duration::from_millis(1_500)))
    }

    fn decisions(&self, what: &str, each_request: usize, seconds: usize) -> Outcome<Row> {
        eprintln!("measuring: {what}, {} servers, {} shards", self.servers.len(), self.engines.shards);
        let token = prepare(&self.servers[0], LIMIT)?;
        let load = |server: &Server| self.load(server, &token, each_request, seconds);
        let loads: Vec<Load> = self.servers.iter().map(load).collect();
        let (before, begun) = (self.spent()?, Instant::now());
        let measured: Vec<Measured> = std::thread::scope(|scope| {
            let working: Vec<_> = loads.iter().map(|load| scope.spawn(|| measure_load(load))).collect();
            let ended = |thread: std::thread::ScopedJoinHandle<'_, _>| {
                thread.join().map_err(|_| "a generator's thread ended")?
            };
            working.into_iter().map(ended).collect::<Outcome<_>>()
        })?;
        let (elapsed, after) = (begun.elapsed(), self.spent()?);
        let decided: u64 = measured.iter().flat_map(|measured| &measured.answered).sum();
        let slowest = |permille: u64| {
            measured.iter().map(|measured| measured.latency.permille_ms(permille)).max_by(f64::total_cmp)
        };
        Ok(Row {
            what: what.to_owned(),
            rate: measured.iter().map(|measured| measured.rate).sum(),
            latency_ms: [slowest(500), slowest(990)],
            cost_us: each(before, after, decided),
            busy: busy(before, after, elapsed)?,
        })
    }

    fn load(&self, server: &Server, token: &str, each_request: usize, seconds: usize) -> Load {
        let requests = Requests::new(server, token);
        let (request, says) = match each_request {
            1 => (requests.decision("consume", OPEN), ""),
            count => (requests.decisions(OPEN, count), "\"allowed\":100,"),
        };
        Load {
            address: server.address().to_owned(),
            process: server.process(),
            request,
            wire: Wire::Http { status: 200, says },
            spread: Spread::Everyone,
            connections: CONNECTIONS / self.servers.len(),
            pause: Duration::ZERO,
            warm_up: Duration::from_secs(1),
            measured: Duration::from_secs(seconds as u64),
        }
    }
}

/// Requests as they are sent: path and body.
struct Batches(Vec<(String, Vec<u8>)>);

impl Batches {
    /// New events of these tenants in turn, as they come in live.
    fn new(tenants: &[String], events: usize) -> Self {
        let world = World::new(1);
        // Other ones each time, or they would be duplicates.
        let mut source = Source::new(&world, now_ms().unsigned_abs());
        let now_ms = now_ms();
        let batch = |number: usize| {
            let of_world = &world.tenants[number % tenants.len()];
            let made: Vec<Event<'_>> = (0..BATCH)
                .map(|_| {
                    let ago_ms = source.below(600_000).cast_signed();
                    source.of_tenant(of_world, now_ms - ago_ms)
                })
                .collect();
            (format!("/api/v1/events?tenant={}", tenants[number % tenants.len()]), body(&made))
        };
        Self((0..events / BATCH).map(batch).collect())
    }
}

#[expect(clippy::cast_precision_loss, reason = "times far below 2^53")]
fn each(before: Spent, after: Spent, count: u64) -> [f64; 4] {
    std::array::from_fn(|place| (after[place] - before[place]) as f64 / count.max(1) as f64)
}

/// The share of all cores that was used.
#[expect(clippy::cast_precision_loss, reason = "times far below 2^53")]
fn busy(before: Spent, after: Spent, elapsed: Duration) -> Outcome<f64> {
    let spent: u64 = after.iter().sum::<u64>() - before.iter().sum::<u64>();
    let cores = std::thread::available_parallelism()?.get();
    Ok(spent as f64 / 1_000_000.0 / elapsed.as_secs_f64() / cores as f64)
}
