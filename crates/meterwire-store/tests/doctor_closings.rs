//! The doctor looks at closed periods: the bytes of a statement, and that with what has come since it makes today's totals.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod common;

use common::{DAY_MS, START_MS, append, audit, database, event, events, open, tenant};
use meterwire_app::clock::ManualClock;
use meterwire_app::ports::Ledger;
use meterwire_app::{Caller, Meterwire};
use meterwire_core::closing::ClosingInput;
use meterwire_store::SqliteStore;
use std::path::Path;
use std::sync::Arc;

/// Closes the three days of the events.
async fn close(store: &SqliteStore) {
    let clock = Arc::new(ManualClock::at(START_MS + 10 * DAY_MS));
    let app = Meterwire::new(Arc::new(store.clone()), clock);
    let input = ClosingInput {
        from: Some("2026-11-16".into()),
        to: Some("2026-11-19".into()),
        ..ClosingInput::default()
    };
    app.close_period(&Caller::command_line(), Some("acme"), input).await.unwrap();
}

/// A store with a closed period of 300 events, to which some came late and of which one was voided.
async fn closed(dir: &Path) -> SqliteStore {
    let store = open(dir);
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 300)).await;
    close(&store).await;
    append(&store, acme, events(300, 20)).await;
    store.void(acme, "default", "id-7", audit("event.void")).await.unwrap();
    append(&store, acme, vec![event(1000)]).await;
    store.void(acme, "default", "id-1000", audit("event.void")).await.unwrap();
    store
}

#[tokio::test]
async fn what_was_broken_by_hand_is_found_and_stays() {
    let breakages = [
        (
            "UPDATE closing SET statement = CAST(replace(CAST(statement AS TEXT), 'acme', 'ACME') AS BLOB)",
            "not those that were frozen",
        ),
        ("UPDATE closing SET sha256 = zeroblob(32)", "not those that were frozen"),
        ("UPDATE closing SET calls = calls + 1", "do not add up"),
        ("UPDATE closing SET cost_nanos = cost_nanos - 1", "do not add up"),
        ("DELETE FROM closing_change WHERE n = (SELECT min(n) FROM closing_change)", "today's totals"),
        (
            "UPDATE closing_change SET model = 0 WHERE n = (SELECT min(n) FROM closing_change)",
            "today's totals",
        ),
    ];
    for (breakage, said) in breakages {
        let dir = tempfile::tempdir().unwrap();
        let store = closed(dir.path()).await;
        let clean = store.doctor(false, |_| ()).await.unwrap();
        assert!(clean.is_clean(), "{:?}", clean.findings);
        store.close().await.unwrap();
        assert_eq!(database(dir.path()).execute(breakage, []).unwrap(), 1, "{breakage}");
        let store = open(dir.path());
        let seen = store.doctor(true, |_| ()).await.unwrap();
        assert_eq!((seen.found, seen.repaired), (1, 0), "{breakage}: {seen:?}");
        let sentence = seen.findings[0].to_string();
        assert!(sentence.starts_with("closed period 2026-11-16..2026-11-18 of tenant 1: "), "{sentence}");
        assert!(sentence.contains(said), "{breakage}: {sentence}");
        store.close().await.unwrap();
    }
}
