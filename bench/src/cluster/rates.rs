//! The rows: events of one tenant and of many, decisions of many users and of one, one by one and in arrays.

use super::engines::{Engines, cpu_us, cpu_with_children_us};
use super::postgres::Postgres;
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
    pub(crate) what: &'static str,
    /// A second.
    pub(crate) rate: f64,
    /// The same until ClickHouse has them; none of decisions, which it never sees.
    pub(crate) flushed: Option<f64>,
    /// p50 and p99 of one request, of the slowest server.
    pub(crate) latency_ms: [Option<f64>; 2],
    /// Of servers, PostgreSQL, ClickHouse and the generator, for each event or decision.
    pub(crate) cost_us: [f64; 4],
    /// Events or decisions in one transaction; none where there is no PostgreSQL to count them.
    pub(crate) together: Option<f64>,
    /// Of all cores.
    pub(crate) busy: f64,
}

/// Everything is measured on servers that have run for a moment; on one embedded server where there are no engines.
pub(crate) fn measure(engines: Option<&Engines>, servers: &[Server], seconds: usize) -> Outcome<Vec<Row>> {
    let postgres = engines.map(|engines| Postgres::connect(engines.postgres()?)).transpose()?;
    let bench = Bench { engines, postgres, servers, seconds };
    let tenants = bench.tenants()?;
    bench.send(&tenants, EVENTS / 10)?;
    bench.look_at_tables()?;
    let rows = vec![
        bench.events("events of one tenant", &tenants[..1])?,
        bench.events("events of eight tenants", &tenants[1..])?,
        bench.decisions("decisions of 10,000 users", 1, Spread::Everyone)?,
        bench.decisions("decisions of one hot user", 1, Spread::Hot)?,
        bench.decisions("decisions in arrays of 100", ARRAY, Spread::Everyone)?,
    ];
    Ok(rows)
}

struct Bench<'a> {
    engines: Option<&'a Engines>,
    postgres: Option<Postgres>,
    servers: &'a [Server],
    /// Of one row of decisions.
    seconds: usize,
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
        let engines = self.engines;
        let shards = engines.map_or(&[][..], |engines| &engines.clickhouse_processes);
        Ok([
            sum(&mut self.servers.iter().map(Server::process))?,
            engines.map_or(Ok(0), |engines| cpu_with_children_us(engines.postgres_process))?,
            sum(&mut shards.iter().copied())?,
            cpu_us(std::process::id())?,
        ])
    }

    /// PostgreSQL knows nothing of new tables until autovacuum comes by, once a minute, and plans badly until then: so counters
    /// are made, and it looks at once.
    fn look_at_tables(&self) -> Outcome<()> {
        let Some(postgres) = &self.postgres else { return Ok(()) };
        let token = prepare(&self.servers[0], LIMIT)?;
        let load = self.load(&self.servers[0], &token, ARRAY, Spread::Everyone);
        measure_load(&Load { measured: Duration::from_secs(1), ..load })?;
        postgres.run("ANALYZE")
    }

    /// Transactions that wrote anything, so far.
    fn transactions(&self) -> Outcome<Option<i64>> {
        let sql = "SELECT sum(version)::bigint FROM ledger";
        self.postgres.as_ref().map(|postgres| postgres.number(sql)).transpose()
    }

    /// How many of these went together since then, on average.
    fn together(&self, count: u64, since: Option<i64>) -> Outcome<Option<f64>> {
        let now = self.transactions()?;
        Ok(since.zip(now).map(|(since, now)| ratio(count, (now - since).unsigned_abs())))
    }

    fn tell(&self, what: &str) {
        let shards = self.engines.map_or(0, |engines| engines.shards);
        eprintln!("measuring: {what}, {} servers, {shards} shards", self.servers.len());
    }

    fn events(&self, what: &'static str, tenants: &[String]) -> Outcome<Row> {
        self.tell(what);
        let (made, transactions) = (Batches::new(tenants, EVENTS), self.transactions()?);
        let (before, begun) = (self.spent()?, Instant::now());
        let mut times_ms = self.send_all(&made)?;
        let (elapsed, sent) = (begun.elapsed(), self.spent()?);
        let flushed = self.wait_until_flushed()?;
        let after = self.spent()?;
        times_ms.sort_by(f64::total_cmp);
        let at = |permille: usize| times_ms.get(times_ms.len() * permille / 1_000).copied();
        Ok(Row {
            what,
            rate: rate(EVENTS as u64, elapsed),
            flushed: self.engines.map(|_| rate(EVENTS as u64, elapsed + flushed)),
            latency_ms: [at(500), at(990)],
            cost_us: each(before, after, EVENTS as u64),
            together: self.together(EVENTS as u64, transactions)?,
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
        if self.engines.is_none() {
            return Ok(Duration::ZERO);
        }
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

    fn decisions(&self, what: &'static str, each_request: usize, spread: Spread) -> Outcome<Row> {
        self.tell(what);
        let token = prepare(&self.servers[0], LIMIT)?;
        let load = |server: &Server| self.load(server, &token, each_request, spread);
        let loads: Vec<Load> = self.servers.iter().map(load).collect();
        let transactions = self.transactions()?;
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
            what,
            rate: measured.iter().map(|measured| measured.rate).sum(),
            flushed: None,
            latency_ms: [slowest(500), slowest(990)],
            cost_us: each(before, after, decided),
            together: self.together(decided, transactions)?,
            busy: busy(before, after, elapsed)?,
        })
    }

    fn load(&self, server: &Server, token: &str, each_request: usize, spread: Spread) -> Load {
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
            spread,
            connections: CONNECTIONS / self.servers.len(),
            pause: Duration::ZERO,
            warm_up: Duration::from_secs(1),
            measured: Duration::from_secs(self.seconds as u64),
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

fn each(before: Spent, after: Spent, count: u64) -> [f64; 4] {
    std::array::from_fn(|place| ratio(after[place] - before[place], count))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn ratio(of: u64, to: u64) -> f64 {
    of as f64 / to.max(1) as f64
}

/// The share of all cores that was used.
#[expect(clippy::cast_precision_loss, reason = "times far below 2^53")]
fn busy(before: Spent, after: Spent, elapsed: Duration) -> Outcome<f64> {
    let spent: u64 = after.iter().sum::<u64>() - before.iter().sum::<u64>();
    let cores = std::thread::available_parallelism()?.get();
    Ok(spent as f64 / 1_000_000.0 / elapsed.as_secs_f64() / cores as f64)
}
