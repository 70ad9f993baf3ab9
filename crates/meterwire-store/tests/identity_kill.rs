//! The process is killed with -9 at random moments while it appends, seals and merges all the time. What was answered is
//! recognised afterwards, what was not is either there as a whole batch or not at all, and nothing else is.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails is a test")]

mod common;

use common::{append, audit, event, events};
use meterwire_app::ports::{Catalog, Ledger, TenantId, Verdict};
use meterwire_store::{OpenOptions, SqliteStore};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Names the directory to the process that is to be killed.
const DIRECTORY: &str = "METERWIRE_TEST_KILL_DIRECTORY";
const BATCH: usize = 25;
const KILLS: u64 = 12;

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions { recent_identities: 60, ..OpenOptions::new(dir) }).unwrap()
}

/// How many batches are there; each is there as a whole.
async fn batches(store: &SqliteStore, acme: TenantId, most: usize) -> usize {
    let mut there = 0;
    for batch in 0..most {
        let first = store.event_seen(acme, &format!("id-{}", batch * BATCH)).await;
        let last = store.event_seen(acme, &format!("id-{}", batch * BATCH + BATCH - 1)).await;
        assert_eq!(first, last, "half of batch {batch} is there");
        if !first {
            break;
        }
        there += 1;
    }
    there
}

/// What a reader sees.
trait Seen {
    async fn event_seen(&self, tenant: TenantId, id: &str) -> bool;
}

impl Seen for SqliteStore {
    async fn event_seen(&self, tenant: TenantId, id: &str) -> bool {
        meterwire_app::ports::Usage::event(self, tenant, "default", id).await.unwrap().is_some()
    }
}

/// Run by the test below in a process of its own; by itself it has nothing to do.
#[tokio::test]
async fn child_that_appends_until_it_is_killed() {
    let Some(dir) = std::env::var_os(DIRECTORY) else { return };
    let store = open(Path::new(&dir));
    let acme = store.tenant("acme").await.unwrap().unwrap().id;
    let mut next = batches(&store, acme, usize::MAX).await;
    loop {
        append(&store, acme, events(next * BATCH, BATCH)).await;
        next += 1;
        println!("answered {next}");
        // Now and then a pause, so that idle merges are met too.
        if next.is_multiple_of(40) {
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    }
}

#[tokio::test]
async fn nothing_answered_is_forgotten_and_nothing_is_invented() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = store.create_tenant("acme", "Acme", "UTC", audit("tenant.create")).await.unwrap().id;
    store.close().await.unwrap();
    let mut answered_before = 0;
    for kill in 0..KILLS {
        let answered = live_and_die(dir.path(), Duration::from_millis(150 + 137 * kill % 400));
        let store = open(dir.path());
        let there = batches(&store, acme, answered.max(answered_before) + 10).await;
        assert!(there >= answered.max(answered_before), "{there} batches of {answered}");
        // Every event that is there is a duplicate, and the next one is new.
        for batch in 0..there {
            let verdicts = store.append(acme, events(batch * BATCH, BATCH)).await.unwrap();
            assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Duplicate), "batch {batch}");
        }
        assert!(!store.event_seen(acme, &format!("id-{}", there * BATCH)).await);
        let report = store.doctor(false, |_| ()).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        store.close().await.unwrap();
        answered_before = there;
    }
    assert!(answered_before > 20, "it never came to a merge");
    let store = open(dir.path());
    append(&store, acme, vec![event(answered_before * BATCH)]).await;
}

/// Starts the other test as a process, kills it; answers the last batch that it was answered.
fn live_and_die(dir: &Path, life: Duration) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child_that_appends_until_it_is_killed", "--exact", "--nocapture"])
        .env(DIRECTORY, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the test can be started as a process");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut answered = 0;
    let mut killed = false;
    let (mut child, started) = (child, std::time::Instant::now());
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, number)) = line.split_once("answered ") {
            answered = number.trim().parse().unwrap();
        }
        if !killed && answered > 0 && started.elapsed() > life {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "it ended by itself");
    answered
}
