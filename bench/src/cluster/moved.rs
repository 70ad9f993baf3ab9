//! Every question of the dashboard on a cluster: a filled directory is moved there, asked, multiplied inside of
//! ClickHouse, and asked again.

use super::copies;
use super::engines::Engines;
use super::postgres::Postgres;
use super::{command, name_engines, start};
use crate::Outcome;
use crate::fill::{self, data_dir};
use crate::ingest::rate;
use crate::questions::{Answered, LARGEST, Table, plans};
use crate::server::{Server, binary, memory_mib};
use crate::world::World;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One is asked, the other records and leads.
const SERVERS: usize = 2;
/// The longest that flushing, folding and merging may take.
const QUIET_WITHIN: Duration = Duration::from_mins(40);
const LOOK: Duration = Duration::from_secs(1);

/// When everything is asked.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// How often every event is copied before the second time.
    pub(crate) copies: u32,
    /// There is no first time.
    pub(crate) copies_only: bool,
    /// About how long one table may take.
    pub(crate) within: Duration,
}

/// Moves, asks, copies all events, and asks again.
pub(crate) fn run(dir: &Path, events: u64, seed: u64, shards: usize, asked: Asked) -> Outcome<()> {
    let Asked { copies, copies_only, within } = asked;
    let dir = &std::path::absolute(dir)?;
    let filled = fill::fill(dir, events, seed)?;
    let engines = Engines::start(shards)?;
    let cluster = Cluster { engines: &engines, postgres: Postgres::connect(engines.postgres()?)? };
    println!("## A cluster of {SERVERS} servers, PostgreSQL and ClickHouse in {shards} shards\n");
    let world = World::new(seed);
    cluster.bring(&data_dir(dir), filled.all_events())?;
    let first = if copies_only { None } else { Some(cluster.ask(&world, within)?) };
    if copies > 0 {
        cluster.multiply(copies)?;
        println!("Of what follows, {copies} of {} events are copies inside of ClickHouse.\n", copies + 1);
        cluster.ask(&world, within)?.all()?;
    }
    first.map_or(Ok(()), Answered::all)
}

struct Cluster<'a> {
    engines: &'a Engines,
    postgres: Postgres,
}

impl Cluster<'_> {
    /// Moves a directory here.
    fn bring(&self, data: &Path, events: u64) -> Outcome<()> {
        let mut command = Command::new(binary()?);
        command.args(["move", "--to", "cluster", "--no-doctor", "--from"]).arg(data).stdout(Stdio::null());
        name_engines(&mut command, self.engines)?;
        let begun = Instant::now();
        let status = command.status()?;
        if !status.success() {
            return Err(format!("meterwire move ended with {status}").into());
        }
        let (elapsed, a_second) = (begun.elapsed().as_secs(), rate(events, begun.elapsed()));
        println!("Moved {events} events in {elapsed} s: {a_second:.0} a second, folds among it.\n");
        self.disk()
    }

    /// Copies every event so often, and waits until all is folded.
    fn multiply(&self, copies: u32) -> Outcome<()> {
        let begun = Instant::now();
        let made = copies::make(self.engines, &self.postgres, copies)?;
        println!("Copied {made} events in {} s.", begun.elapsed().as_secs());
        let (begun, server) = (Instant::now(), Server::spawn(command(self.engines)?)?);
        self.wait_until_quiet()?;
        println!("Folded and merged them in {} s more.\n", begun.elapsed().as_secs());
        server.stop()
    }

    /// Asks every question of two servers, prints the table and what all of it takes.
    fn ask(&self, world: &World, within: Duration) -> Outcome<Answered> {
        eprintln!("asking every question once, for its plan");
        let (server, log) = Server::spawn_telling_plans(command(self.engines)?)?;
        let plans = plans::ask(&server, &log, &world.tenants[LARGEST])?;
        self.wait_until_quiet()?;
        server.stop()?;
        let servers = start(self.engines, SERVERS)?;
        let events = self.engines.event_rows()?;
        let answered = Table::new(events, plans, within).measure(&servers[1], &servers[0], world)?;
        self.wait_until_quiet()?;
        self.memory(&servers)?;
        self.disk()?;
        servers.into_iter().try_for_each(Server::stop)?;
        Ok(answered)
    }

    /// Waits until nothing is to be flushed, folded or merged.
    fn wait_until_quiet(&self) -> Outcome<()> {
        let begun = Instant::now();
        let mut quiet = 0;
        while quiet < 3 {
            std::thread::sleep(LOOK);
            let waiting = "SELECT applied - folded + (SELECT count(*) FROM outbox WHERE batch IS NULL) \
                 + (SELECT count(*) FROM fold WHERE state = 'open') FROM manifest";
            let waiting = self.postgres.number(waiting)?.unsigned_abs();
            let merges = self.engines.click_number("SELECT count() FROM system.merges")?;
            quiet = if waiting + merges == 0 { quiet + 1 } else { 0 };
            if begun.elapsed() > QUIET_WITHIN {
                return Err(format!("there is still something to do after {QUIET_WITHIN:?}").into());
            }
        }
        Ok(())
    }

    fn memory(&self, servers: &[Server]) -> Outcome<()> {
        println!("| Memory | MiB now | at most |\n|---|---:|---:|");
        for (number, server) in (1..).zip(servers) {
            let (now, most) = server.memory_mib()?;
            println!("| server {number} | {now} | {most} |");
        }
        for (number, process) in (1..).zip(&self.engines.clickhouse_processes) {
            let (now, most) = memory_mib(&process.to_string())?;
            println!("| ClickHouse, shard {number} | {now} | {most} |");
        }
        println!("| PostgreSQL, all processes | {} | |\n", self.engines.postgres_mib()?);
        Ok(())
    }

    fn disk(&self) -> Outcome<()> {
        let events = self.engines.event_rows()?;
        println!("| On disk | MB | bytes an event of {events} |\n|---|---:|---:|");
        let row = |name: &str, bytes: u64| {
            let an_event = rate(bytes, Duration::from_secs(1)) / rate(events.max(1), Duration::from_secs(1));
            println!("| {name} | {} | {an_event:.1} |", bytes / 1_000_000);
        };
        for table in ["event", "rollup"] {
            let bytes = self.engines.click_number(&format!(
                "SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'meterwire' AND table = '{table}' AND active"
            ))?;
            row(&format!("ClickHouse `{table}`"), bytes);
        }
        let tables = "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class \
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 5";
        for (table, bytes) in self.postgres.numbers(tables)? {
            row(&format!("PostgreSQL `{table}`"), bytes.unsigned_abs());
        }
        let whole = self.postgres.number("SELECT pg_database_size(current_database())")?;
        row("PostgreSQL, all", whole.unsigned_abs());
        println!();
        Ok(())
    }
}
