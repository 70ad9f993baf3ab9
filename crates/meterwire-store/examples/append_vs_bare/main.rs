//! What the store costs beside bare inserts into the same event table, and how fast it answers.
//!
//! `cargo run --release -p meterwire-store --example append_vs_bare -- [EVENTS] [DIR]`
//!
//! Part one writes the same events, in batches of 1,000, with bare rusqlite (one transaction and fsync a batch) and
//! through the store (five tasks). Part two loads EVENTS (1,000,000) over ninety days and asks what a dashboard asks.
#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]

mod bare;
mod data;
mod questions;

use data::{Shape, Source};
use meterwire_app::ports::{Audit, Catalog, Ledger, TenantId};
use meterwire_core::event::Event;
use meterwire_store::{OpenOptions, SqliteStore};
use std::path::Path;
use std::time::Instant;

const BATCH: usize = 1_000;
const TASKS: usize = 5;
pub(crate) const COMPARED: usize = 200_000;

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let events: usize = args.next().map_or(1_000_000, |text| text.parse().unwrap());
    let base = args.next().map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(base).unwrap();

    for (name, shape) in
        [("live (ten minutes)", Shape::Live), ("history (in order, 90 days of 1 M)", Shape::History)]
    {
        compare(name, shape, dir.path()).await;
    }
    let path = dir.path().join("questions");
    let (store, tenant) = open(&path).await;
    let seconds = load(&store, tenant, Shape::History, events).await;
    println!("\n{events} events in order over 90 days, random ids");
    println!("  the store, {TASKS} tasks of {BATCH}:     {:9.0} events/s", rate(events, seconds));
    let bare_path = dir.path().join("questions-bare");
    drop(open(&bare_path).await);
    let bare = rate(events, bare::insert(&bare_path, Shape::History, events, BATCH));
    println!(
        "  bare inserts, {BATCH:5} a commit: {bare:9.0} events/s, {:.2} of bare",
        rate(events, seconds) / bare
    );
    let bytes = std::fs::metadata(path.join("meterwire.db")).unwrap().len();
    println!("{} bytes an event", bytes / events as u64);
    questions::ask(&store, tenant).await;
    let start = Instant::now();
    let report = store.doctor(false, |_| ()).await.unwrap();
    println!(
        "\ndoctor: {} events in {:.1} s, {} findings",
        report.events,
        start.elapsed().as_secs_f64(),
        report.found
    );
    let start = Instant::now();
    let bytes = store.backup(dir.path().join("backup"), |_| ()).await.unwrap();
    println!("backup: {} MB in {:.1} s", bytes >> 20, start.elapsed().as_secs_f64());
    store.close().await.unwrap();
    println!("resident: {} MB", resident_mb());
}

async fn compare(name: &str, shape: Shape, dir: &Path) {
    println!("\n{name}, {COMPARED} events, random ids");
    let mut baseline = 0.0;
    for rows in [BATCH, BATCH * TASKS] {
        let path = dir.join(format!("bare-{shape:?}-{rows}"));
        drop(open(&path).await);
        let rate = rate(COMPARED, bare::insert(&path, shape, COMPARED, rows));
        println!("  bare inserts, {rows:5} a commit: {rate:9.0} events/s");
        if rows == BATCH {
            baseline = rate;
        }
    }
    let (store, tenant) = open(&dir.join(format!("store-{shape:?}"))).await;
    let rate = rate(COMPARED, load(&store, tenant, shape, COMPARED).await);
    println!(
        "  the store, {TASKS} tasks of {BATCH}:     {rate:9.0} events/s, {:.2} of bare",
        rate / baseline
    );
    store.close().await.unwrap();
}

async fn open(dir: &Path) -> (SqliteStore, TenantId) {
    let store = SqliteStore::open(OpenOptions::new(dir)).unwrap();
    let audit =
        Audit { actor: "bench".into(), action: "tenant.create", target: "bench".into(), at_ms: data::END_MS };
    let tenant = store.create_tenant("bench", "Bench", "UTC", audit).await.unwrap();
    (store, tenant.id)
}

/// Appends events from several tasks; the seconds it took, without making the events.
async fn load(store: &SqliteStore, tenant: TenantId, shape: Shape, events: usize) -> f64 {
    let mut source = Source::new(shape);
    let mut seconds = 0.0;
    let mut left = events;
    while left > 0 {
        let count = left.min(COMPARED);
        left -= count;
        let made: Vec<Event> = (0..count).map(|_| source.next_event()).collect();
        // The tasks take turns, as callers do that send what happens now.
        let mut turns: Vec<Vec<Vec<Event>>> = vec![Vec::new(); TASKS];
        for (i, batch) in made.chunks(BATCH).enumerate() {
            turns[i % TASKS].push(batch.to_vec());
        }
        let start = Instant::now();
        let tasks = turns.into_iter().map(|batches| {
            let store = store.clone();
            tokio::spawn(async move {
                for batch in batches {
                    store.append(tenant, batch).await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        seconds += start.elapsed().as_secs_f64();
    }
    seconds
}

#[expect(clippy::cast_precision_loss, reason = "a number to be shown")]
fn rate(events: usize, seconds: f64) -> f64 {
    events as f64 / seconds
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
