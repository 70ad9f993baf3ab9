//! Where the store meets a limit: a full disk, a second owner, a restart, a sum that does not fit.

mod common;

use common::{append, calls, database, events, open, tenant};
use meterwire_app::ports::{Catalog, DecisionKind, DecisionRequest, Ledger, Limits, StoreError, UsedFor};
use meterwire_core::amount::Amount;
use meterwire_core::limit::{Decision, MetricName};
use meterwire_store::{OpenOptions, SqliteStore};

/// 2026-11-22T10:30:00Z.
const NOW_MS: i64 = 1_795_343_400_000;

#[tokio::test]
async fn a_full_disk_answers_unavailable_changes_nothing_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let limited = OpenOptions { max_pages: Some(400), ..OpenOptions::new(dir.path()) };
    let store = SqliteStore::open(limited).unwrap();
    let acme = tenant(&store).await;
    let mut stored = 0;
    let refused = loop {
        match store.append(acme, events(stored, 200)).await {
            Ok(_) => stored += 200,
            Err(error) => break error,
        }
        assert!(stored < 100_000, "the disk never filled");
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert!(stored > 0);
    assert_eq!(calls(&store, acme).await, i64::try_from(stored).unwrap());
    // Many at once, so that they share a transaction: all are refused, none is half there.
    let mut tasks = Vec::new();
    for task in 0..6 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move { store.append(acme, events(stored + task * 500, 500)).await }));
    }
    for task in tasks {
        assert!(matches!(task.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
    assert_eq!(calls(&store, acme).await, i64::try_from(stored).unwrap());
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    store.close().await.unwrap();

    let store = open(dir.path());
    append(&store, acme, events(stored, 200)).await;
    assert_eq!(calls(&store, acme).await, i64::try_from(stored + 200).unwrap());
}

#[tokio::test]
async fn a_full_disk_refuses_decisions_and_counts_nothing_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let limited = OpenOptions { max_pages: Some(400), ..OpenOptions::new(dir.path()) };
    let store = SqliteStore::open(limited).unwrap();
    let acme = tenant(&store).await;
    let metric = MetricName::parse("metric", "api_calls").unwrap();
    // Each key is a row more.
    let ask = async |user: &str, key: String| {
        let request = DecisionRequest {
            kind: DecisionKind::Consume,
            user: user.to_owned(),
            amounts: vec![(metric.clone(), metric.one())],
            used_for: UsedFor::default(),
            idempotency_key: Some(key),
        };
        store.decide(acme, vec![request], NOW_MS).await
    };
    let mut counted = 0;
    let refused = loop {
        match ask("u", format!("{counted}-{}", "k".repeat(200))).await {
            Ok(decided) => assert!(decided[0].as_ref().is_ok_and(Decision::is_allowed)),
            Err(error) => break error,
        }
        counted += 1;
        assert!(counted < 4_000, "the disk never filled");
    };
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    // What is remembered of the refused one is forgotten: the check and the tables agree.
    let checked = store
        .check(acme, "u", &metric, Amount(0), &UsedFor::default(), NOW_MS)
        .await
        .unwrap()
        .standings
        .remove(0);
    let stored = store.standing(acme, "u", NOW_MS).await.unwrap().standings;
    assert_eq!(checked.current, counted * metric.one().0);
    assert!(stored.contains(&checked));
    store.close().await.unwrap();

    let store = open(dir.path());
    let standing = store.standing(acme, "u", NOW_MS).await.unwrap().standings;
    assert!(standing.contains(&checked));
}

#[tokio::test]
async fn a_directory_has_one_owner() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let Err(refused) = SqliteStore::open(OpenOptions::new(dir.path())) else {
        panic!("a second owner was let in");
    };
    let expected = format!("{} is in use by another meterwire process; use --url", dir.path().display());
    assert_eq!(refused.to_string(), expected);
    store.close().await.unwrap();
    drop(open(dir.path()));
    drop(open(dir.path()));
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 500)).await;
    drop(store);
    let store = open(dir.path());
    assert_eq!(calls(&store, acme).await, 500);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
}

#[tokio::test]
async fn a_closed_store_finishes_what_it_took_and_refuses_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    let mut waiting = Vec::new();
    for task in 0..8 {
        let store = store.clone();
        waiting.push(tokio::spawn(async move { store.append(acme, events(task * 100, 100)).await }));
    }
    tokio::task::yield_now().await;
    store.close().await.unwrap();
    store.close().await.unwrap();
    let mut stored = 0;
    for task in waiting {
        match task.await.unwrap() {
            Ok(verdicts) => stored += verdicts.len(),
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
        }
    }
    assert!(matches!(store.tenant("acme").await, Err(StoreError::Unavailable(_))));
    assert!(!dir.path().join("meterwire.db-wal").exists(), "the log is emptied");
    assert_eq!(calls(&open(dir.path()), acme).await, i64::try_from(stored).unwrap());
}

#[tokio::test]
async fn events_with_one_hash_are_still_different_events() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 2)).await;
    store.close().await.unwrap();
    // Makes the first event's hash that of the third, which is not there yet.
    let other_dir = tempfile::tempdir().unwrap();
    let other = open(other_dir.path());
    let same_number = tenant(&other).await;
    append(&other, same_number, events(2, 1)).await;
    other.close().await.unwrap();
    let hash: i64 =
        database(other_dir.path()).query_row("SELECT identity FROM event", [], |row| row.get(0)).unwrap();
    database(dir.path()).execute("UPDATE event SET identity = ? WHERE id = 'id-0'", [hash]).unwrap();

    let store = open(dir.path());
    append(&store, acme, events(2, 1)).await;
    assert_eq!(calls(&store, acme).await, 3);
}
