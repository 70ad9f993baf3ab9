//! Upkeep: the doctor, backup and restore, migrations.

mod common;

use common::{DAY_MS, START_MS, append, audit, calls, database, event, events, open, tenant};
use meterwire_app::ports::{Ledger, LogColumn, LogRequest, LogStart, StoreError, Usage};
use meterwire_core::period::Range;
use meterwire_store::doctor::Finding;
use meterwire_store::{Migrations, OpenOptions, SqliteStore, backup};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

#[tokio::test]
async fn the_doctor_finds_and_mends_what_was_broken_by_hand() {
    let breakages = [
        "DELETE FROM rollup_total WHERE width = 4",
        "UPDATE rollup_model SET sums = x'00' WHERE width = 96",
        "UPDATE rollup_provider SET sums = (SELECT sums FROM rollup_total WHERE width = 96 LIMIT 1)",
        "UPDATE rollup_total SET latency = NULL WHERE width = 1",
        "UPDATE rollup_user SET user = user + 1000",
        "UPDATE rollup_country SET slot = slot + 96 * 1000",
        "INSERT INTO rollup_status SELECT tenant_id + 7, width, slot, status, provider, sums FROM rollup_status",
    ];
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 300)).await;
    store.void(acme, "default", "id-7", audit("event.void")).await.unwrap();
    let clean = store.doctor(true, |_| ()).await.unwrap();
    assert!(clean.is_clean() && clean.events == 300 && clean.rollup_rows > 300, "{clean:?}");
    for breakage in breakages {
        store.close().await.unwrap();
        assert!(database(dir.path()).execute(breakage, []).unwrap() > 0, "{breakage}");
        let store = open(dir.path());
        let seen = store.doctor(false, |_| ()).await.unwrap();
        assert!(seen.found > 0 && seen.repaired == 0, "{breakage}: {seen:?}");
        assert!(seen.findings.len() <= 100);
        let mended = store.doctor(true, |_| ()).await.unwrap();
        assert_eq!(mended.found, seen.found, "looking changed something: {breakage}");
        assert!(mended.repaired > 0, "{breakage}");
        let after = store.doctor(false, |_| ()).await.unwrap();
        assert!(after.is_clean(), "{breakage}: {:?}", after.findings);
        assert_eq!(calls(&store, acme).await, 299);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_finding_says_what_is_wrong_where() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, vec![event(0)]).await;
    store.close().await.unwrap();
    database(dir.path()).execute("DELETE FROM rollup_total WHERE width = 96", []).unwrap();
    let report = open(dir.path()).doctor(false, |_| ()).await.unwrap();
    let sentences: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let expected = format!(
        "rollup total of tenant {}, day from {START_MS}, labels []: calls is 0, events add up to 1",
        acme.0
    );
    assert_eq!(sentences, [expected]);
}

#[tokio::test]
async fn the_doctor_sees_wrong_events_too() {
    let breakages = [
        ("UPDATE event SET identity = 1 WHERE id = 'id-3'", "identity"),
        (
            "UPDATE event SET id = 'id-4', identity = (SELECT identity FROM event WHERE id = 'id-4') WHERE id = 'id-3'",
            "more than once",
        ),
        ("UPDATE event SET model = 9999 WHERE id = 'id-3'", "labels"),
        ("UPDATE event SET tenant_id = 77, voided_ms = 1 WHERE id = 'id-3'", "tenant"),
    ];
    for (breakage, said) in breakages {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let acme = tenant(&store).await;
        append(&store, acme, events(0, 20)).await;
        store.close().await.unwrap();
        assert_eq!(database(dir.path()).execute(breakage, []).unwrap(), 1);
        let report = open(dir.path()).doctor(false, |_| ()).await.unwrap();
        let about_events: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| matches!(finding, Finding::Identity { .. } | Finding::Orphan { .. }))
            .map(ToString::to_string)
            .collect();
        assert!(about_events.iter().any(|sentence| sentence.contains(said)), "{breakage}: {about_events:?}");
    }
}

#[tokio::test]
async fn mending_beside_writers_neither_loses_nor_doubles() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 500)).await;
    store.close().await.unwrap();
    database(dir.path()).execute("DELETE FROM rollup_total", []).unwrap();
    let store = open(dir.path());
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for batch in 0..40 {
                append(&store, acme, events(500 + batch * 25, 25)).await;
            }
        })
    };
    while !writing.is_finished() {
        store.doctor(true, |_| ()).await.unwrap();
    }
    writing.await.unwrap();
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    assert_eq!(calls(&store, acme).await, 1_500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_while_writing_is_one_moment_and_can_be_restored() {
    let (dir, base) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (kept, restored) = (base.path().join("kept"), base.path().join("restored"));
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 6_000)).await;
    let written = Arc::new(AtomicU64::new(0));
    let writing = {
        let (store, written) = (store.clone(), written.clone());
        tokio::spawn(async move {
            for batch in 0..30 {
                append(&store, acme, events(6_000 + batch * 50, 50)).await;
                written.fetch_add(50, Ordering::SeqCst);
            }
        })
    };
    while written.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let steps = Arc::new(Mutex::new(Vec::new()));
    let note = {
        let (steps, mut seen) = (steps.clone(), written.load(Ordering::SeqCst));
        // Between any two steps something is written.
        move |step| {
            steps.lock().unwrap().push(step);
            while written.load(Ordering::SeqCst) == seen && seen < 1_500 {
                std::thread::yield_now();
            }
            seen = written.load(Ordering::SeqCst);
        }
    };
    let bytes = store.backup(kept.clone(), note).await.unwrap();
    writing.await.unwrap();
    let steps = steps.lock().unwrap().clone();
    let last = steps.last().unwrap();
    assert!(last.done == last.total && last.total > 0 && bytes > 0);
    assert!(steps.len() >= 3 && steps.is_sorted_by(|a, b| a.done < b.done), "it started over: {steps:?}");

    backup::restore(&kept, &restored, |_| ()).unwrap();
    let copy = open(&restored);
    let in_copy = calls(&copy, acme).await;
    assert!((6_050..=7_500).contains(&in_copy) && in_copy % 50 == 0, "{in_copy}");
    assert!(copy.doctor(false, |_| ()).await.unwrap().is_clean());
    append(&copy, acme, events(9_000, 1)).await;
    assert_eq!(calls(&store, acme).await, 7_500);
}

#[tokio::test]
async fn backup_and_restore_refuse_what_would_harm() {
    let (dir, base) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let kept = base.path().join("kept");
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 2_000)).await;
    store.backup(kept.clone(), |_| ()).await.unwrap();
    let refused = |result: Result<u64, StoreError>, said: &str| {
        let sentence = result.unwrap_err().to_string();
        assert!(sentence.contains(said), "{sentence}");
    };
    refused(store.backup(kept.clone(), |_| ()).await, "is not empty");
    refused(backup::restore(&kept, dir.path(), |_| ()), "is not empty");
    refused(backup::restore(base.path(), &base.path().join("x"), |_| ()), "holds no backup");
    refused(backup::restore(dir.path(), &base.path().join("x"), |_| ()), "not a backup");

    // A page in the middle is overwritten.
    let mut bytes = std::fs::read(kept.join("meterwire.db")).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xaa);
    std::fs::write(kept.join("meterwire.db"), bytes).unwrap();
    let target = base.path().join("damaged");
    refused(backup::restore(&kept, &target, |_| ()), "damaged");
    assert!(!target.join("meterwire.db").exists() && !target.join("meterwire.partial").exists());
    std::fs::write(kept.join("meterwire.db"), b"no database at all").unwrap();
    assert!(backup::restore(&kept, &target, |_| ()).is_err());
}

#[tokio::test]
async fn migrations_go_up_and_down_with_data() {
    let dir = tempfile::tempdir().unwrap();
    let mut migrations = Migrations::open(dir.path()).unwrap();
    assert!(migrations.status().unwrap().iter().all(|migration| !migration.applied));
    let all = migrations.status().unwrap().len();
    assert_eq!(migrations.up().unwrap(), all);
    assert_eq!(migrations.up().unwrap(), 0);
    drop(migrations);

    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 400)).await;
    store.void(acme, "default", "id-5", audit("event.void")).await.unwrap();
    let refused = Migrations::open(dir.path()).unwrap_err().to_string();
    assert!(refused.contains("in use by another meterwire process"), "{refused}");
    store.close().await.unwrap();

    // The rollups are thrown away and come back from the events.
    let mut migrations = Migrations::open(dir.path()).unwrap();
    assert_eq!(migrations.down(all - 2).unwrap(), all - 2);
    let applied: Vec<bool> = migrations.status().unwrap().iter().map(|migration| migration.applied).collect();
    assert!(applied.iter().enumerate().all(|(index, applied)| *applied == (index < 2)), "{applied:?}");
    drop(migrations);
    let store = open(dir.path());
    assert_eq!(calls(&store, acme).await, 399);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    let dearest = LogRequest {
        range: Range { from_ms: START_MS, to_ms: START_MS + 3 * DAY_MS },
        filters: vec![],
        priced: None,
        column: LogColumn::Cost,
        descending: true,
        start: LogStart::Offset(0),
        limit: 1,
    };
    assert_eq!(store.log(acme, dearest).await.unwrap().rows[0].event.id, "id-399");
    store.close().await.unwrap();

    let mut migrations = Migrations::open(dir.path()).unwrap();
    assert_eq!(migrations.down(99).unwrap(), all);
    let left: i64 = database(dir.path())
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0, "nothing of ours is left");
    assert_eq!(migrations.up().unwrap(), all);
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    database(dir.path()).execute_batch("PRAGMA user_version = 999").unwrap();
    let Err(refused) = SqliteStore::open(OpenOptions::new(dir.path())) else { panic!("it was opened") };
    assert!(refused.to_string().contains("written by a newer meterwire (migration 999"), "{refused}");
    assert!(Migrations::open(dir.path()).unwrap().status().is_err());
}

#[tokio::test]
async fn a_day_with_one_event_at_its_first_instant_is_recounted_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    // The day before shows that a day's end is where the next begins.
    let mut day_before = event(1);
    day_before.time_ms = START_MS - 1;
    append(&store, acme, vec![day_before, event(0)]).await;
    store.close().await.unwrap();
    Migrations::open(dir.path()).unwrap().down(3).unwrap();
    assert_eq!(calls(&open(dir.path()), acme).await, 2);
}
