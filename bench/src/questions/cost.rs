//! What storing, reading without a rollup, and exporting cost.

use super::asker::{Asked, Asker, percentile};
use crate::Outcome;
use crate::http::Connection;
use crate::ingest::rate;
use crate::server::Server;
use crate::world::Tenant;
use rusqlite::OpenFlags;
use std::path::Path;
use std::time::{Duration, Instant};

/// Parts of the database smaller than this part of it are shown together.
const SMALL: u64 = 200;
/// Asked alone, one after the other: no rollup knows both dimensions.
const RAW: [(&str, &str); 4] = [
    ("7d", "/api/v1/usage/query?range=7d&group_by=agent,country"),
    ("30d", "/api/v1/usage/query?range=30d&group_by=agent,country"),
    ("90d", "/api/v1/usage/query?range=90d&group_by=agent,country"),
    ("90d", "/api/v1/usage/query?range=90d&group_by=agent,country&metrics=latency_p95,tokens,cost"),
];
const EXPORTS: [&str; 3] = [
    "/api/v1/export?format=csv&view=log&range=90d",
    "/api/v1/export?format=ndjson&view=log&range=90d",
    "/api/v1/export?format=focus&range=30d",
];
/// Where an export is cut off.
const EXPORT_ROWS: u64 = 10_000_000;

/// Bytes an event, by table and index.
pub(crate) fn stored(data: &Path, events: u64) -> Outcome<()> {
    let path = data.join("meterwire.db");
    let connection = rusqlite::Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement =
        connection.prepare("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE ORDER BY 2 DESC, 1")?;
    let parts = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    let parts: Vec<(String, u64)> = parts.collect::<Result<_, _>>()?;
    let whole = path.metadata()?.len();
    println!("### Bytes stored an event\n\n| Part | bytes an event | of all |\n|---|---:|---:|");
    let row = |name: &str, bytes: u64| {
        let an_event = rate(bytes, Duration::from_secs(1)) / rate(events.max(1), Duration::from_secs(1));
        println!("| {name} | {an_event:.1} | {} % |", bytes * 100 / whole.max(1));
    };
    let (large, small): (Vec<_>, Vec<_>) = parts.iter().partition(|(_, bytes)| bytes * SMALL >= whole);
    large.iter().for_each(|(name, bytes)| row(&format!("`{name}`"), *bytes));
    row("all the others", small.iter().map(|(_, bytes)| bytes).sum());
    row("free pages", whole.saturating_sub(parts.iter().map(|(_, bytes)| bytes).sum()));
    let rollups = parts.iter().filter(|(name, _)| name.starts_with("rollup_")).map(|(_, bytes)| bytes).sum();
    row("rollups among them", rollups);
    row("the database", whole);
    let mut files = 0;
    for entry in std::fs::read_dir(data)? {
        files += entry?.metadata()?.len();
    }
    row("all files of the directory", files);
    println!();
    Ok(())
}

/// What a question costs that no rollup can answer, with nothing else going on.
pub(crate) fn scans(data: &Path, tenant: &Tenant) -> Outcome<()> {
    let server = Server::start(data)?;
    let mut asker = Asker::new(&server, tenant)?;
    println!("### Where no rollup fits: single events are read\n");
    println!("Nothing else going on; the largest tenant.\n");
    println!("| Question | events in the range | p50 ms | million events a second | ns an event |");
    println!("|---|---:|---:|---:|---:|");
    for (range, question) in RAW {
        eprintln!("measuring: {question}");
        let events = asker.calls(range)?;
        match asker.measure(question, Duration::from_secs(3))? {
            Asked::Times(times_ms) => {
                let p50_ms = percentile(&times_ms, 50);
                let a_second = rate(events, Duration::from_secs_f64(p50_ms / 1000.0));
                let (millions, ns) = (a_second / 1e6, 1e9 / a_second);
                println!(
                    "| `{}` | {events} | {p50_ms:.1} | {millions:.1} | {ns:.1} |",
                    super::short(question)
                );
            }
            Asked::Refused(status, _) => {
                println!("| `{}` | {events} | {status} | | |", super::short(question));
            }
        }
    }
    println!();
    server.stop()
}

/// How quickly rows are exported, and in how much memory.
pub(crate) fn exports(data: &Path, tenant: &Tenant) -> Outcome<()> {
    println!("### Exports\n");
    println!("The largest tenant, a server just started for each; cut off at {EXPORT_ROWS} rows.\n");
    println!("| Export | rows | rows a second | MB a second | memory before | at most |");
    println!("|---|---:|---:|---:|---:|---:|");
    for path in EXPORTS {
        eprintln!("measuring: {path}");
        let server = Server::start(data)?;
        let mut connection = Connection::open(server.address(), &server.owner_token(&tenant.slug)?)?;
        let (before, _) = server.memory_mib()?;
        let (mut rows, mut bytes) = (0_u64, 0_u64);
        let begun = Instant::now();
        let status = connection.download(path, &mut |piece| {
            rows += piece.split(|byte| *byte == b'\n').count() as u64 - 1;
            bytes += piece.len() as u64;
            rows < EXPORT_ROWS
        })?;
        let elapsed = begun.elapsed();
        let (_, highest) = server.memory_mib()?;
        let (rows_rate, mb_rate) = (rate(rows, elapsed), rate(bytes, elapsed) / 1e6);
        match status {
            200 => println!(
                "| `{path}` | {rows} | {rows_rate:.0} | {mb_rate:.0} | {before} MiB | {highest} MiB |"
            ),
            status => println!("| `{path}` | {status} | | | | |"),
        }
        drop(connection);
        server.stop()?;
    }
    println!();
    Ok(())
}
