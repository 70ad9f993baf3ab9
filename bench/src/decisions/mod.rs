//! Durable decisions over HTTP beside a durable Redis, from one generator on the same cores in one run. It checks
//! itself: an answer that is not the one its row is about ends it, and what was answered must be what is counted. Not over
//! midnight UTC: what is counted then starts again.

mod histogram;
pub(crate) mod load;
mod redis;
pub(crate) mod served;
mod table;
pub(crate) mod wire;

use crate::Outcome;
use load::{Load, Measured, Spread, USERS, measure};
use redis::Redis;
use served::{FULL, OPEN, Served};
use std::path::Path;
use std::time::Duration;
use table::{Goal, Plan, Row};
use wire::Wire;

const CONNECTIONS: usize = 64;
/// Connections that ask while the others consume.
const ASKING: usize = 2;
/// So that asking stays a small part of the load.
const ASKING_PAUSE: Duration = Duration::from_millis(1);
/// Decisions of one request with an array, and commands of one pipeline.
const ARRAY: usize = 100;
/// Nobody reaches it, and yet it is checked.
const LIMIT: u64 = 1_000_000_000;
const WARM_UP: Duration = Duration::from_secs(1);
/// Budgets that every decision is held against.
const HARD_BUDGETS: usize = 15;
/// The longest that one row may take.
const MAX_SECONDS: usize = 600;

const EVERYONE: &str = "Redis, 10,000 users";
const HOT: &str = "Redis, one hot user";
const REFUSED: &str = "Redis, all refused";
const SINGLE: &str = "Redis, one connection";
const ONE_DECISION: Goal = Goal { of_redis: Some(0.5), p99_ms: Some(5.0) };
const IN_ARRAY: Goal = Goal { of_redis: Some(3.0), p99_ms: None };
const ASKED: Goal = Goal { of_redis: None, p99_ms: Some(2.0) };

struct Bench<'a> {
    /// Only rows whose name holds it.
    wanted: &'a str,
    measured: Duration,
    rows: Vec<Row>,
}

/// How many decisions each user was answered that count.
type Answered = Vec<u64>;

/// Measures each row for so many seconds, all or those whose name holds `wanted`.
pub(crate) fn run(seconds: usize, wanted: &str) -> Outcome<()> {
    let seconds = seconds.clamp(1, MAX_SECONDS);
    let mut bench = Bench { wanted, measured: Duration::from_secs(seconds as u64), rows: Vec::new() };
    let dir = tempfile::tempdir()?;
    let redis = Redis::start(&dir.path().join("redis"))?;
    let version = redis.version()?;
    let mut at_redis = bench.redis(&redis)?;
    let at_meterwire = bench.meterwire(&dir.path().join("meterwire"))?;
    add(&mut at_redis, &bench.everyone_at(&redis, "Redis, 10,000 users, again")?);
    let own = bench.own_generator_of(&redis)?;
    agree("Redis", &redis.counted(OPEN)?, &at_redis)?;
    redis.stop()?;

    println!("## Decisions: {CONNECTIONS} connections, {seconds} s a row, Redis {version}\n");
    table::print(&bench.rows);
    if let Some((rate, p99_ms)) = own {
        println!(
            "The same decisions of 10,000 users sent by redis-benchmark: {rate:.0} a second, p99 {p99_ms:.1} ms."
        );
    }
    let sum = |answered: &Answered| answered.iter().sum::<u64>();
    println!(
        "What was answered is what is counted, user by user: {} decisions at Redis, {} at Meterwire.\n",
        sum(&at_redis),
        sum(&at_meterwire)
    );
    Ok(())
}

impl Bench<'_> {
    fn redis(&mut self, redis: &Redis) -> Outcome<Answered> {
        let load = self.redis_load(redis);
        let mut answered = self.everyone_at(redis, EVERYONE)?;
        let hot = Load { spread: Spread::Hot, ..load.clone() };
        add(&mut answered, &self.row(Plan::named(HOT), &hot)?);
        let single = Load { connections: 1, ..load.clone() };
        add(&mut answered, &self.row(Plan::named(SINGLE), &single)?);
        let pipeline = Load {
            request: redis.decision(OPEN, LIMIT).repeat(ARRAY),
            wire: Wire::Redis { replies: ARRAY, says: redis::ALLOWED },
            ..load.clone()
        };
        add(&mut answered, &self.row(Plan::named("Redis, 100 in a pipeline"), &pipeline)?);
        let refused = Load {
            request: redis.decision(OPEN, 0),
            wire: Wire::Redis { replies: 1, says: redis::REFUSED },
            ..load
        };
        self.row(Plan::named(REFUSED), &refused)?;
        Ok(answered)
    }

    fn redis_load(&self, redis: &Redis) -> Load {
        Load {
            address: redis.address(),
            process: redis.process(),
            request: redis.decision(OPEN, LIMIT),
            wire: Wire::Redis { replies: 1, says: redis::ALLOWED },
            spread: Spread::Everyone,
            connections: CONNECTIONS,
            pause: Duration::ZERO,
            warm_up: WARM_UP,
            measured: self.measured,
        }
    }

    fn everyone_at(&mut self, redis: &Redis, name: &'static str) -> Outcome<Answered> {
        let load = self.redis_load(redis);
        self.row(Plan::named(name), &load)
    }

    /// What Redis' own generator gets, for about as long.
    fn own_generator_of(&self, redis: &Redis) -> Outcome<Option<(f64, f64)>> {
        let Some(row) = self.rows.iter().find(|row| row.plan.name == EVERYONE) else { return Ok(None) };
        let requests = row.measured.latency.count();
        eprintln!("measuring: redis-benchmark");
        redis.own_benchmark(CONNECTIONS, requests, LIMIT).map(Some)
    }

    fn meterwire(&mut self, dir: &Path) -> Outcome<Answered> {
        let served = Served::start(dir, LIMIT)?;
        let load = Load {
            address: served.server.address().to_owned(),
            process: served.server.process(),
            request: served.requests.decision("consume", OPEN),
            wire: Wire::Http { status: 200, says: "" },
            spread: Spread::Everyone,
            connections: CONNECTIONS,
            pause: Duration::ZERO,
            warm_up: WARM_UP,
            measured: self.measured,
        };
        let healthz = Load { request: served.requests.healthz(), ..load.clone() };
        self.row(Plan::named("Meterwire, `/healthz` alone"), &healthz)?;
        let name = "Meterwire, 10,000 users";
        let mut answered = self.row(Plan::named(name).beside(EVERYONE).goal(ONE_DECISION), &load)?;
        let hot = Load { spread: Spread::Hot, ..load.clone() };
        let name = "Meterwire, one hot user";
        add(&mut answered, &self.row(Plan::named(name).beside(HOT).goal(ONE_DECISION), &hot)?);
        let single = Load { connections: 1, ..load.clone() };
        let name = "Meterwire, one connection";
        add(&mut answered, &self.row(Plan::named(name).beside(SINGLE), &single)?);
        let array = Load {
            request: served.requests.decisions(OPEN, ARRAY),
            wire: Wire::Http { status: 200, says: "\"allowed\":100," },
            ..load.clone()
        };
        let name = "Meterwire, array of 100";
        add(&mut answered, &self.row(Plan::named(name).beside(EVERYONE).goal(IN_ARRAY), &array)?);
        self.refused(&served, &load)?;
        add(&mut answered, &self.asked_meanwhile(&served, &load)?);
        add(&mut answered, &self.with_budgets(&served, &load)?);
        agree("Meterwire", &served.counted(OPEN)?, &answered)?;
        served.server.stop()?;
        Ok(answered)
    }

    /// Everybody has reached the limit.
    fn refused(&mut self, served: &Served, load: &Load) -> Outcome<()> {
        let name = "Meterwire, all refused";
        if !self.wants(name) {
            return Ok(());
        }
        served.fill()?;
        let request = served.requests.decision("consume", FULL);
        let refused = Load { request, wire: Wire::Http { status: 429, says: "" }, ..load.clone() };
        self.row(Plan::named(name).beside(REFUSED), &refused)?;
        agree("Meterwire", &served.counted(FULL)?, &vec![1; USERS as usize])
    }

    /// Hard budgets of the whole tenant are asked at every decision. Then money itself: held, each hold against every budget.
    fn with_budgets(&mut self, served: &Served, load: &Load) -> Outcome<Answered> {
        let name = "Meterwire, 10,000 users, 15 hard budgets";
        if !self.wants(name) {
            return Ok(vec![0; USERS as usize]);
        }
        served.server.add_budgets(HARD_BUDGETS, true)?;
        let answered = self.row(Plan::named(name).beside(EVERYONE), load)?;
        let held = Load {
            request: served.requests.reservation(),
            wire: Wire::Http { status: 201, says: "" },
            ..load.clone()
        };
        self.row(Plan::named("Meterwire, holds of money, 15 hard budgets").beside(EVERYONE), &held)?;
        Ok(answered)
    }

    /// `check-limit` on connections and a thread of its own while the others consume.
    fn asked_meanwhile(&mut self, served: &Served, load: &Load) -> Outcome<Answered> {
        let name = "Meterwire, check-limit meanwhile";
        if !self.wants(name) {
            return Ok(vec![0; USERS as usize]);
        }
        eprintln!("measuring: {name}");
        let request = served.requests.decision("check-limit", OPEN);
        let asked = Load { request, connections: ASKING, pause: ASKING_PAUSE, ..load.clone() };
        let (asked, consumed) = std::thread::scope(|scope| {
            let asking = scope.spawn(|| measure(&asked));
            let consumed = measure(load);
            (asking.join(), consumed)
        });
        let mut asked: Measured = asked.map_err(|_| "the thread that asks ended")??;
        let mut consumed = consumed?;
        (asked.server_cpu_us, consumed.server_cpu_us) = (None, None);
        let answered = consumed.answered.clone();
        let meanwhile = Plan::named("Meterwire, 10,000 users, meanwhile").beside(EVERYONE);
        self.rows.push(Row { plan: meanwhile, measured: consumed });
        self.rows.push(Row { plan: Plan::named(name).goal(ASKED), measured: asked });
        Ok(answered)
    }

    fn wants(&self, name: &str) -> bool {
        name.contains(self.wanted)
    }

    /// Measures a row where it is wanted.
    fn row(&mut self, plan: Plan, load: &Load) -> Outcome<Answered> {
        if !self.wants(plan.name) {
            return Ok(vec![0; USERS as usize]);
        }
        eprintln!("measuring: {}", plan.name);
        let measured = measure(load).map_err(|error| format!("{}: {error}", plan.name))?;
        let answered = measured.answered.clone();
        self.rows.push(Row { plan, measured });
        Ok(answered)
    }
}

fn add(sums: &mut Answered, answered: &Answered) {
    sums.iter_mut().zip(answered).for_each(|(sum, answered)| *sum += answered);
}

/// Every user was counted what it was answered, no more and no less.
fn agree(what: &str, counted: &Answered, answered: &Answered) -> Outcome<()> {
    let differs = counted.iter().zip(answered).position(|(counted, answered)| counted != answered);
    match differs {
        None if counted.len() == answered.len() => Ok(()),
        None => Err(format!("{what} counts {} users of {}", counted.len(), answered.len()).into()),
        Some(user) => {
            let (counted, answered) = (counted[user], answered[user]);
            Err(format!("{what} counted {counted} decisions of user {user} and answered {answered}").into())
        }
    }
}
