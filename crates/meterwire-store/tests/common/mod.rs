//! What the tests of the store share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses a part of it; what fails is a test")]

pub(crate) mod answers;
pub(crate) mod engines;
pub(crate) mod moved;
pub(crate) mod servers;
pub(crate) mod sql_names;

use meterwire_app::ports::{
    AggregateRequest, Audit, Catalog, Ledger, Measures, PageRequest, TenantId, Usage, Verdict,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::money::CostNanos;
use meterwire_core::tokens::TokenUsage;
use meterwire_store::{OpenOptions, SqliteStore};
use std::path::Path;

/// 2026-11-16T00:00:00Z.
pub(crate) const START_MS: i64 = 1_794_787_200_000;
pub(crate) const DAY_MS: i64 = 86_400_000;

pub(crate) fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions::new(dir)).unwrap()
}

pub(crate) fn audit(action: &'static str) -> Audit {
    Audit { actor: "test".into(), action, target: "t".into(), at_ms: START_MS }
}

pub(crate) async fn tenant(store: &SqliteStore) -> TenantId {
    store.create_tenant("acme", "Acme", "UTC", audit("tenant.create")).await.unwrap().id
}

/// The tenant that was made first.
pub(crate) async fn first_tenant(store: &impl Catalog) -> TenantId {
    let page = PageRequest { after: None, limit: 1 };
    store.tenants(page).await.unwrap().items[0].id
}

/// Events spread over three days, with every dimension set.
pub(crate) fn events(from: usize, count: usize) -> Vec<Event> {
    (from..from + count).map(event).collect()
}

pub(crate) fn event(number: usize) -> Event {
    let spread = i64::try_from(number).unwrap() * 7_919_000 % (3 * DAY_MS);
    let mut sent = NewEvent {
        id: Some(format!("id-{number}")),
        time_ms: Some(START_MS + spread),
        tokens: TokenUsage { input_uncached: number as u64, output_visible: 3, ..TokenUsage::default() },
        status: Some(if number.is_multiple_of(10) { 500 } else { 200 }),
        latency_ms: u32::try_from(number % 3_000).ok(),
        ..NewEvent::default()
    };
    for dimension in Dimension::TEXTS {
        sent.labels.set(dimension, Some(format!("{dimension}-{}", number % 5)));
    }
    sent.properties.insert("text".into(), "x".repeat(200).into());
    let rating = Rating::Given(CostNanos(i64::try_from(number).unwrap()));
    let fingerprint = sent.fingerprint();
    sent.complete(fingerprint, String::new, START_MS + 10 * DAY_MS, rating).unwrap()
}

pub(crate) async fn append(store: &SqliteStore, tenant: TenantId, events: Vec<Event>) {
    let verdicts = store.append(tenant, events).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Stored));
}

pub(crate) fn whole() -> AggregateRequest {
    let edges_ms = vec![START_MS - DAY_MS, START_MS + 20 * DAY_MS];
    AggregateRequest { edges_ms, group_by: vec![], filters: vec![], measures: Measures::SUMS }
}

pub(crate) async fn calls(store: &SqliteStore, tenant: TenantId) -> i64 {
    let rows = store.aggregate(tenant, whole()).await.unwrap();
    rows.iter().map(|row| row.totals.calls).sum()
}

/// The database itself, for tests that look behind the store or break something.
pub(crate) fn database(dir: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(dir.join("meterwire.db")).unwrap()
}
