//! One, two and three servers on one PostgreSQL and a ClickHouse of one and two shards: events and decisions a second, and
//! what each of them costs whom, beside one embedded server. Everything shares the cores of this machine, so what is worth
//! comparing is the processor time; the rates are lower bounds. And [`moved`]: every question of the dashboard there.

mod copies;
mod engines;
pub(crate) mod moved;
mod postgres;
mod rates;

use crate::Outcome;
use crate::server::{Server, binary};
use engines::Engines;
use rates::Row;
use std::process::Command;

/// What secrets are sealed with; every server needs the same.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Measures and prints the table; so many seconds each row of decisions.
pub(crate) fn run(seconds: usize, shards: &[usize]) -> Outcome<()> {
    let cores = std::thread::available_parallelism()?;
    println!("## A cluster: {cores} cores for all of it, PostgreSQL syncs each commit\n");
    println!(
        "Microseconds of a core for each event or decision; those of events until ClickHouse has them.\n"
    );
    println!(
        "| Shards | Servers | What | a second | until ClickHouse has it | p50 ms | p99 ms | in a transaction | servers µs | PostgreSQL µs | ClickHouse µs | generator µs | cores busy |"
    );
    println!("|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let dir = tempfile::tempdir()?;
    let embedded = [Server::start_new(dir.path())?];
    rates::measure(None, &embedded, seconds)?.iter().for_each(|row| print("embedded", 1, row));
    embedded.into_iter().try_for_each(Server::stop)?;
    for shards in shards {
        let engines = Engines::start(*shards)?;
        for count in 1..=3 {
            let servers = start(&engines, count)?;
            let rows = rates::measure(Some(&engines), &servers, seconds)?;
            rows.iter().for_each(|row| print(&shards.to_string(), count, row));
            servers.into_iter().try_for_each(Server::stop)?;
        }
    }
    println!();
    Ok(())
}

/// Servers on engines, all on the same databases.
fn start(engines: &Engines, count: usize) -> Outcome<Vec<Server>> {
    (0..count).map(|_| Server::spawn(command(engines)?)).collect()
}

fn command(engines: &Engines) -> Outcome<Command> {
    let mut command = Command::new(binary()?);
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    name_engines(&mut command, engines)?;
    Ok(command)
}

/// Says where the databases are.
fn name_engines(command: &mut Command, engines: &Engines) -> Outcome<()> {
    command
        .env("METERWIRE_LOG_FILTER", "warn")
        .env("METERWIRE_STORAGE_KIND", "cluster")
        .env("METERWIRE_STORAGE_POSTGRES", engines.postgres()?)
        .env("METERWIRE_STORAGE_CLICKHOUSE", engines.clickhouse()?)
        .env("METERWIRE_SECRETS_KEY", KEY);
    if engines.shards > 1 {
        command.env("METERWIRE_STORAGE_CLICKHOUSE_CLUSTER", "meterwire");
    }
    Ok(())
}

fn print(shards: &str, servers: usize, row: &Row) {
    let Row { what, rate, flushed, latency_ms, cost_us, together, busy } = row;
    let [p50, p99] = latency_ms.map(|ms| ms.map(|ms| format!("{ms:.1}")).unwrap_or_default());
    let flushed = flushed.map(|rate| format!("{rate:.0}")).unwrap_or_default();
    let together = together.map(|count| format!("{count:.0}")).unwrap_or_default();
    let cost = cost_us.map(|us| format!("{us:.1}")).join(" | ");
    println!(
        "| {shards} | {servers} | {what} | {rate:.0} | {flushed} | {p50} | {p99} | {together} | {cost} | {:.0} % |",
        busy * 100.0
    );
}
