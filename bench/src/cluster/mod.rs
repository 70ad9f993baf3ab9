//! One, two and three servers on one PostgreSQL and a ClickHouse of one and two shards: events and decisions a second, and
//! what each of them costs whom. Everything shares the cores of this machine, so what is worth comparing is the processor
//! time; the rates are lower bounds.

mod engines;
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
        "| Shards | Servers | What | a second | p50 ms | p99 ms | servers µs | PostgreSQL µs | ClickHouse µs | generator µs | cores busy |"
    );
    println!("|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for shards in shards {
        let engines = Engines::start(*shards)?;
        for count in 1..=3 {
            let servers = start(&engines, count)?;
            for row in rates::measure(&engines, &servers, seconds)? {
                print(*shards, count, &row);
            }
            for server in servers {
                server.stop()?;
            }
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
    command
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("METERWIRE_LOG_FILTER", "warn")
        .env("METERWIRE_STORAGE_KIND", "cluster")
        .env("METERWIRE_STORAGE_POSTGRES", engines.postgres()?)
        .env("METERWIRE_STORAGE_CLICKHOUSE", engines.clickhouse()?)
        .env("METERWIRE_SECRETS_KEY", KEY);
    if engines.shards > 1 {
        command.env("METERWIRE_STORAGE_CLICKHOUSE_CLUSTER", "meterwire");
    }
    Ok(command)
}

fn print(shards: usize, servers: usize, row: &Row) {
    let Row { what, rate, latency_ms, cost_us, busy } = row;
    let [p50, p99] = latency_ms.map(|ms| ms.map(|ms| format!("{ms:.1}")).unwrap_or_default());
    let cost = cost_us.map(|us| format!("{us:.1}")).join(" | ");
    println!(
        "| {shards} | {servers} | {what} | {rate:.0} | {p50} | {p99} | {cost} | {:.0} % |",
        busy * 100.0
    );
}
