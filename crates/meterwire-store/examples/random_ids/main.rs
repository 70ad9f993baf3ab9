//! What random ids cost as a store grows: events a second and bytes written, a million events at a time.
//!
//! `cargo run --release -p meterwire-store --example random_ids -- [MILLIONS] [DIR]`
//!
//! Batches of 5,000 events from two tasks, a commit and a sync each. In the end the store is opened again and every
//! hundredth event of the last million is sent once more.
#![expect(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a measurement that fails may stop")]

#[path = "../append_vs_bare/data.rs"]
#[allow(dead_code, reason = "shared with another measurement")]
mod data;

use data::{Shape, Source};
use meterwire_app::ports::{Audit, Catalog, Ledger, TenantId, Verdict};
use meterwire_core::event::Event;
use meterwire_store::{OpenOptions, SqliteStore};
use std::time::{Duration, Instant};

const BATCH: usize = 5_000;
const MILLION: usize = 1_000_000;
/// Events made at a time, outside the measured time.
const MADE: usize = 200_000;

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let millions: usize = args.next().map_or(4, |text| text.parse().unwrap());
    let base = args.next().map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(base).unwrap();
    let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
    let audit =
        Audit { actor: "bench".into(), action: "tenant.create", target: "bench".into(), at_ms: data::END_MS };
    let tenant = store.create_tenant("bench", "Bench", "UTC", audit).await.unwrap().id;
    let mut source = Source::new(Shape::History);
    let mut again = Vec::new();
    println!(
        "{:>8} {:>10} {:>16} {:>12} {:>12}",
        "million", "events/s", "slowest batch ms", "written B/ev", "resident MB"
    );
    for million in 1..=millions {
        again.clear();
        let (mut seconds, mut slowest, before) = (0.0, Duration::ZERO, written());
        for _ in 0..MILLION / MADE {
            let made: Vec<Event> = (0..MADE).map(|_| source.next_event()).collect();
            again.extend(made.iter().step_by(100).cloned());
            let start = Instant::now();
            slowest = slowest.max(load(&store, tenant, made).await);
            seconds += start.elapsed().as_secs_f64();
        }
        println!(
            "{million:8} {:10.0} {:16} {:12} {:12}",
            MILLION as f64 / seconds,
            slowest.as_millis(),
            (written() - before) / MILLION as u64,
            status_kb("VmRSS") / 1024
        );
    }
    store.close().await.unwrap();
    drop(store);
    let start = Instant::now();
    let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
    println!("opened again in {} ms", start.elapsed().as_millis());
    store.probe().await.unwrap();
    println!("first write after {} ms", start.elapsed().as_millis());
    let start = Instant::now();
    let count = again.len();
    let verdicts = store.append(tenant, again).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Duplicate));
    println!("{:.1} us a duplicate", start.elapsed().as_secs_f64() * 1e6 / count as f64);
    tokio::time::sleep(Duration::from_secs(15)).await;
    println!("resident at rest: {} MB", status_kb("VmRSS") / 1024);
    let bytes = std::fs::metadata(dir.path().join("meterwire.db")).unwrap().len();
    println!("{} bytes an event", bytes / (millions * MILLION) as u64);
}

/// Appends from two tasks; the longest that a batch took.
async fn load(store: &SqliteStore, tenant: TenantId, made: Vec<Event>) -> Duration {
    let mut turns: [Vec<Vec<Event>>; 2] = Default::default();
    for (i, batch) in made.chunks(BATCH).enumerate() {
        turns[i % 2].push(batch.to_vec());
    }
    let tasks = turns.map(|batches| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut slowest = Duration::ZERO;
            for batch in batches {
                let start = Instant::now();
                store.append(tenant, batch).await.unwrap();
                slowest = slowest.max(start.elapsed());
            }
            slowest
        })
    });
    let mut slowest = Duration::ZERO;
    for task in tasks {
        slowest = slowest.max(task.await.unwrap());
    }
    slowest
}

/// Bytes that this process has sent to the disk.
fn written() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    line.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

fn status_kb(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}
