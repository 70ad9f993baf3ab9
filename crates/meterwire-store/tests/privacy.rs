//! What the doctor and the files say while dimensions are filled and removed, events dropped and users erased.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{DAY_MS, START_MS, append, audit, calls, event, open, tenant, whole};
use meterwire_app::ports::{
    AggregateRequest, Catalog, Connection, Ledger, ProviderReports, StoreError, TenantId, Usage,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::provider_report::ReportProvider;
use meterwire_store::SqliteStore;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

fn events(from: usize, count: usize) -> Vec<Event> {
    (from..from + count).map(with_property).collect()
}

fn with_property(number: usize) -> Event {
    let mut event = event(number);
    event.properties.insert("feature".into(), json!(format!("f{}", number % 7)));
    event
}

async fn is_clean(store: &SqliteStore, when: &str) {
    let report = store.doctor(false, |_| ()).await.unwrap();
    assert!(report.is_clean(), "{when}: {:?}", &report.findings[..report.findings.len().min(5)]);
}

async fn declare(store: &SqliteStore, tenant: TenantId, name: &str) -> Dimension {
    let declared = store.declare_dimension(tenant, name, "feature", audit("dimension.create")).await.unwrap();
    Dimension::Property(declared.declared.place)
}

async fn fill(store: &SqliteStore) {
    while store.fill_dimensions(100).await.unwrap().is_some() {}
}

fn by(dimension: Dimension) -> AggregateRequest {
    AggregateRequest { group_by: vec![dimension], ..whole() }
}

#[tokio::test]
async fn the_doctor_knows_dimensions_in_every_state() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 300)).await;
    store.void(acme, "default", "id-5", audit("event.void")).await.unwrap();
    let feature = declare(&store, acme, "feature").await;
    is_clean(&store, "declared").await;
    store.fill_dimensions(100).await.unwrap();
    store.void(acme, "default", "id-6", audit("event.void")).await.unwrap();
    store.void(acme, "default", "id-250", audit("event.void")).await.unwrap();
    append(&store, acme, events(300, 50)).await;
    is_clean(&store, "half filled").await;
    let mended = store.doctor(true, |_| ()).await.unwrap();
    assert_eq!(mended.repaired, 0);
    fill(&store).await;
    is_clean(&store, "filled").await;
    let rows = store.aggregate(acme, by(feature)).await.unwrap();
    assert_eq!((rows.len(), rows.iter().map(|row| row.totals.calls).sum::<i64>()), (7, 347));

    store.close().await.unwrap();
    let broken =
        "UPDATE rollup_property_1 SET sums = (SELECT sums FROM rollup_total WHERE width = 96 LIMIT 1)";
    assert!(common::database(dir.path()).execute(broken, []).unwrap() > 0);
    let store = open(dir.path());
    assert!(store.doctor(true, |_| ()).await.unwrap().repaired > 0);
    assert_eq!(store.aggregate(acme, by(feature)).await.unwrap().len(), 7);
    is_clean(&store, "mended").await;

    store.remove_dimension(acme, "feature", audit("dimension.delete")).await.unwrap();
    let gone = store.aggregate(acme, by(feature)).await;
    assert!(matches!(gone, Err(StoreError::NotFound("dimension"))), "{gone:?}");
    is_clean(&store, "removed").await;
    fill(&store).await;
    store.close().await.unwrap();
    let left: i64 = common::database(dir.path())
        .query_row("SELECT count(*) FROM rollup_property_1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0, "what a removed dimension left is cleared");
    let store = open(dir.path());
    let feature = declare(&store, acme, "again").await;
    append(&store, acme, events(350, 10)).await;
    fill(&store).await;
    is_clean(&store, "declared again").await;
    let rows = store.aggregate(acme, by(feature)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.totals.calls).sum::<i64>(), 357);
}

#[tokio::test]
async fn declaring_at_a_place_that_is_not_cleared_yet_begins_with_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 100)).await;
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        declare(&store, acme, name).await;
    }
    fill(&store).await;
    store.remove_dimension(acme, "c", audit("dimension.delete")).await.unwrap();
    let again = declare(&store, acme, "again").await;
    fill(&store).await;
    is_clean(&store, "the only free place was used").await;
    let rows = store.aggregate(acme, by(again)).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.totals.calls).sum::<i64>(), 100);
}

#[tokio::test]
async fn dropped_events_leave_a_store_that_the_doctor_likes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 300)).await;
    store.void(acme, "default", "id-5", audit("event.void")).await.unwrap();
    let feature = declare(&store, acme, "feature").await;
    fill(&store).await;
    let before = store.aggregate(acme, by(feature)).await.unwrap().len();
    // Two of the three days go.
    store.move_events_from(acme, START_MS + 2 * DAY_MS).await.unwrap();
    store.move_events_from(acme, START_MS + DAY_MS).await.unwrap();
    let kept = store.tenant_by_id(acme).await.unwrap().unwrap().events_from_ms;
    assert_eq!(kept, Some(START_MS + 2 * DAY_MS), "it never goes back");
    is_clean(&store, "told").await;
    assert_eq!(store.drop_events(acme, START_MS, 100).await.unwrap(), 0, "all were received later");
    let mut dropped = 0;
    loop {
        let count = store.drop_events(acme, START_MS + 30 * DAY_MS, 64).await.unwrap();
        dropped += count;
        is_clean(&store, "dropping").await;
        if count == 0 {
            break;
        }
    }
    assert!(dropped > 150, "{dropped}");
    assert_eq!(calls(&store, acme).await, 299);
    assert_eq!(store.aggregate(acme, by(feature)).await.unwrap().len(), before);
    append(&store, acme, events(300, 50)).await;
    is_clean(&store, "more was recorded").await;
    store.close().await.unwrap();
    let database = common::database(dir.path());
    let old: i64 = database
        .query_row("SELECT count(*) FROM event WHERE time_ms < ?", [START_MS + 2 * DAY_MS], |row| row.get(0))
        .unwrap();
    // Those of the second append may be old themselves; they wait for the next round.
    assert!(old <= 50, "{old}");
    let seqs: i64 = database
        .query_row("SELECT count(DISTINCT seq) FROM event WHERE seq > 300", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seqs, 50, "numbers are never used again");
    let store = open(dir.path());
    let mended = store.doctor(true, |_| ()).await.unwrap();
    assert!(mended.is_clean(), "{:?}", mended.findings);
    assert_eq!(calls(&store, acme).await, 349, "mending takes no totals away");
}

/// What follows a text in the files of a directory: so many bytes of each place where it occurs.
fn behind(dir: &Path, text: &[u8], length: usize) -> HashSet<Vec<u8>> {
    let mut found = HashSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(behind(&path, text, length));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let mut at = 0;
        while at + text.len() + length <= bytes.len() {
            if bytes[at] == text[0] && bytes[at..].starts_with(text) {
                found.insert(bytes[at + text.len()..][..length].to_vec());
            }
            at += 1;
        }
    }
    found
}

/// Users are met in a random order beside many others, so that pages of the database are split around them.
#[tokio::test]
async fn an_erased_name_is_in_no_file_even_after_many_page_splits() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    let number_of = |user: usize| format!("{:016x}", user.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let event_of = |number: usize, user: usize| {
        let name = format!("user-{}@example.org", number_of(user));
        let mut event = with_property(number);
        event.properties.insert("note".into(), json!(format!("note of {name}")));
        event.labels.set(Dimension::User, Some(name));
        event
    };
    for round in 0..12 {
        let events = (0..1_000).map(|i| event_of(round * 1_000 + i, (round * 577 + i) % 4_000)).collect();
        append(&store, acme, events).await;
    }
    // Every row grows a little, so pages of events are split too.
    declare(&store, acme, "feature").await;
    fill(&store).await;
    let named = behind(dir.path(), b"user-", 16);
    let erased: Vec<String> = (0..400).map(|i| number_of(i * 9)).collect();
    assert!(erased.iter().all(|number| named.contains(number.as_bytes())));
    for (i, number) in erased.iter().enumerate() {
        let (name, pseudonym) = (format!("user-{number}@example.org"), format!("erased-{i:08x}"));
        store.erase_user(acme, &name, &pseudonym, audit("user.erase")).await.unwrap();
    }
    while store.clear_erased(500).await.unwrap() {}
    is_clean(&store, "erased").await;
    store.close().await.unwrap();
    let named = behind(dir.path(), b"user-", 16);
    let left: Vec<&String> = erased.iter().filter(|number| named.contains(number.as_bytes())).collect();
    assert_eq!(left, Vec::<&String>::new());
    assert!(named.contains(number_of(1).as_bytes()), "others keep their names");
}

#[tokio::test]
async fn the_key_of_a_connection_that_leaves_is_gone_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    let connection = Connection {
        id: "c-1".into(),
        provider: ReportProvider::OpenAi,
        name: "openai".into(),
        base_url: None,
        sealed_key: vec![7; 40],
        enabled: true,
        project_map: BTreeMap::new(),
        key_map: BTreeMap::new(),
        created_ms: START_MS,
    };
    store.create_connection(acme, connection, vec![], audit("provider.create")).await.unwrap();
    store.delete_connection(acme, "c-1", audit("provider.delete")).await.unwrap();
    store.close().await.unwrap();
    // Its rows are cleared by and by; the key is not there any more.
    let sql = "SELECT sealed_key FROM provider_connection WHERE id = 'c-1'";
    let kept: Vec<u8> = common::database(dir.path()).query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(kept.is_empty(), "{kept:?}");
}
