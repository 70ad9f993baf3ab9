//! Measurements of the release binary, on this machine, over HTTP. A command that anyone can run, not a timed test.
//!
//! - `ingest`: durable ingest beside bare rusqlite inserts of the same rows into the same event table, in one run
//! - `questions`: a million events over ninety days, then every answer of the page, p50, p95 and slowest
//! - `idle`: memory at rest, and the time from start to the first answer
//! - `decisions`: durable limit decisions beside a durable Redis, in one run
//! - `all`: all of them
//!
//! Build the server first: `cargo build --release -p meterwire-server`.

mod bare;
mod data;
mod decisions;
mod http;
mod idle;
mod ingest;
mod questions;
mod server;

use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const USAGE: &str = "usage: cargo run --release -p bench -- ingest | questions [EVENTS] | decisions [SECONDS [ROW]] | idle | all";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Outcome<()> {
    let number = |otherwise: usize| args.get(1).map_or(Ok(otherwise), |text| text.parse());
    match args.first().map(String::as_str) {
        Some("ingest") => ingest::run(),
        Some("questions") => questions::run(number(1_000_000)?),
        Some("decisions") => decisions::run(number(5)?, args.get(2).map_or("", String::as_str)),
        Some("idle") => idle::run(),
        Some("all") => {
            idle::run()?;
            ingest::run()?;
            questions::run(1_000_000)?;
            decisions::run(5, "")
        }
        _ => Err(USAGE.into()),
    }
}
