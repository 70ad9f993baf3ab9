//! A million events over ninety days, then every answer that the page is made of.

use crate::Outcome;
use crate::data::{Event, Source, body};
use crate::http::Connection;
use crate::ingest::{BATCH, now_ms, send};
use crate::server::{Server, TENANT};
use std::time::{Duration, Instant};

const DAYS: i64 = 90;
const DAY_MS: i64 = 86_400_000;
/// Bodies are made and sent in such parts, so that memory stays small.
const PART: usize = 100_000;
const REPETITIONS: usize = 60;
const GOAL_MS: f64 = 50.0;

/// What is asked, as paths without the tenant.
const QUESTIONS: [&str; 47] = [
    "/api/v1/usage/summary",
    "/api/v1/usage/daily?days=7",
    "/api/v1/usage/daily?days=90",
    "/api/v1/usage/query?range=today&granularity=hour",
    "/api/v1/usage/query?range=7d&granularity=hour&metrics=calls,tokens,cost,errors",
    "/api/v1/usage/query?range=30d&granularity=day&metrics=calls,tokens,cost,errors&compare=previous",
    "/api/v1/usage/query?range=90d&granularity=day",
    "/api/v1/usage/query?range=90d&granularity=day&tz=America/New_York",
    "/api/v1/usage/query?range=90d&granularity=day&tz=Asia/Kathmandu",
    "/api/v1/usage/query?range=30d&granularity=day&group_by=provider",
    "/api/v1/usage/query?range=90d&granularity=week&group_by=model&top=10",
    "/api/v1/usage/query?range=30d&group_by=project,model&top=50",
    "/api/v1/usage/query?range=30d&group_by=user&top=10&metrics=cost,calls",
    "/api/v1/usage/query?range=90d&group_by=api_key",
    "/api/v1/usage/query?range=30d&group_by=status&granularity=day&metrics=calls",
    "/api/v1/usage/query?range=30d&granularity=day&filter[project]=project-3&group_by=model",
    "/api/v1/usage/query?range=30d&granularity=day&metrics=latency_p50,latency_p95,latency_p99,ttft_p50,ttft_p95",
    "/api/v1/usage/query?range=30d&group_by=model&metrics=latency_p95,calls",
    "/api/v1/usage/query?range=30d&granularity=day&metrics=users",
    "/api/v1/usage/query?range=90d&granularity=day&filter[user]=user-7",
    "/api/v1/usage/query?range=90d&group_by=agent,department",
    "/api/v1/usage/query?range=30d&group_by=country,provider",
    "/api/v1/usage/query?range=30d&granularity=day&filter[country]=DE&filter[project]=project-3",
    "/api/usage/summary?range=30d",
    "/api/usage/breakdown?by=provider&range=30d",
    "/api/usage/breakdown?by=project&range=90d",
    "/api/usage/breakdown?by=model&range=30d",
    "/api/usage/breakdown?by=user&range=30d",
    "/api/usage/breakdown?by=api_key&range=30d",
    "/api/usage/breakdown?by=department&range=30d",
    "/api/usage/breakdown?by=country&range=30d",
    "/api/usage/log?range=30d",
    "/api/usage/log?range=90d&sort=date&page=100",
    "/api/usage/log?range=30d&sort=-cost",
    "/api/usage/log?range=90d&sort=-totalTokens",
    "/api/usage/log?range=30d&sort=-latencyMs",
    "/api/usage/log?range=90d&sort=cost",
    "/api/usage/log?range=30d&sort=-inputTokens",
    "/api/usage/log?range=30d&sort=-outputTokens",
    "/api/usage/log?range=30d&sort=latencyMs",
    "/api/usage/log?range=30d&sort=model",
    "/api/usage/log?range=90d&sort=-model",
    "/api/usage/log?range=30d&sort=provider",
    "/api/usage/log?range=30d&sort=projectName",
    "/api/usage/log?range=30d&sort=-user",
    "/api/usage/log?range=30d&sort=-status",
    "/api/usage/log?range=30d&filter[model]=MODEL&filter[status]=500",
];

pub(crate) fn run(events: usize) -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let server = Server::start_new(&data)?;
    let loaded = load(&server, events)?;
    server.stop()?;
    // Asked of a server that has just started: nothing is warm but the disk's cache.
    let server = Server::start(&data)?;
    let database = data.join("meterwire.db").metadata()?.len();
    println!("## Answers over {events} events of {DAYS} days\n");
    println!(
        "Loaded at {loaded:.0} events a second in the order of time; {} bytes an event on disk.\n",
        database / events as u64
    );
    println!("| Question | p50 ms | p95 ms | slowest ms | |\n|---|---:|---:|---:|---|");
    let mut connection = server.connect()?;
    let mut slow = 0;
    let a_model = first_model(&mut connection)?;
    for question in QUESTIONS {
        let path = question.replace("MODEL", &a_model);
        slow += usize::from(!measure(&path, &mut connection)?);
    }
    slow += usize::from(!deep_pages(&mut connection)?);
    let (resident, highest) = server.memory_mib()?;
    println!(
        "\n{slow} questions over {GOAL_MS:.0} ms at p95. Memory after them {resident} MiB, at most {highest} MiB.\n"
    );
    server.stop()
}

/// Loads the events in the order of time.
fn load(server: &Server, events: usize) -> Outcome<f64> {
    let mut source = Source::new(2);
    let end_ms = now_ms();
    let step_ms = DAYS * DAY_MS / i64::try_from(events)?;
    let (mut sent, mut spent) = (0, Duration::ZERO);
    while sent < events {
        let count = PART.min(events - sent);
        let first = i64::try_from(sent)?;
        let part: Vec<Event> = (0..i64::try_from(count)?)
            .map(|number| source.event(end_ms - DAYS * DAY_MS + (first + number) * step_ms))
            .collect();
        let bodies: Vec<Vec<u8>> = part.chunks(BATCH).map(body).collect();
        let begun = Instant::now();
        send(server, &bodies, 4)?;
        spent += begun.elapsed();
        sent += count;
    }
    Ok(crate::ingest::rate(events, spent))
}

fn first_model(connection: &mut Connection) -> Outcome<String> {
    let answer = connection.get(&with_tenant("/api/usage/breakdown?by=model&range=30d"))?.json()?;
    Ok(answer[0]["modelName"].as_str().ok_or("no model")?.to_owned())
}

/// Pages by cursor, fifty rows each, a thousand pages deep: as quick at the end as at the beginning.
fn deep_pages(connection: &mut Connection) -> Outcome<bool> {
    let mut times_ms = Vec::new();
    let mut path = with_tenant("/api/usage/log?range=90d&sort=-date");
    for _ in 0..1000 {
        let begun = Instant::now();
        let answer = connection.get(&path)?.json()?;
        times_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
        match answer["nextCursor"].as_str() {
            Some(cursor) => {
                path = with_tenant(&format!("/api/usage/log?range=90d&sort=-date&cursor={cursor}"));
            }
            None => break,
        }
    }
    let last = times_ms.split_off(times_ms.len().saturating_sub(100));
    Ok(row("/api/usage/log?range=90d&sort=-date&cursor=.. (pages 901 to 1,000)", last))
}

fn measure(path: &str, connection: &mut Connection) -> Outcome<bool> {
    let asked = with_tenant(path);
    let mut times_ms = Vec::new();
    for _ in 0..REPETITIONS {
        let begun = Instant::now();
        let answer = connection.get(&asked)?;
        times_ms.push(begun.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            return Err(format!("{path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)).into());
        }
    }
    Ok(row(path, times_ms))
}

/// Prints a row; whether the goal is met.
fn row(name: &str, mut times_ms: Vec<f64>) -> bool {
    times_ms.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        times_ms.get((times_ms.len() * percent / 100).min(times_ms.len() - 1)).copied().unwrap_or(0.0)
    };
    let (p50, p95, slowest) = (at(50), at(95), at(100));
    let met = p95 <= GOAL_MS;
    println!("| `{name}` | {p50:.1} | {p95:.1} | {slowest:.1} | {} |", if met { "" } else { "over" });
    met
}

fn with_tenant(path: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}tenant={TENANT}").replace('[', "%5B").replace(']', "%5D")
}
