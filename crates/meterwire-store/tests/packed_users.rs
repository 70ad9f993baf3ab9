//! Packed users: when days are packed, what takes them away, that answers never tell whether they are, and that the doctor
//! sees what is wrong with one. And that the largest groups of many are found in two looks as they are in one.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::{DAY_MS, START_MS, append, audit, database, event, tenant};
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, Catalog, DistinctRow, Ledger, Measures, TenantId, Top, TopRows, Usage,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Event;
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, Metric};
use meterwire_store::doctor::Finding;
use meterwire_store::{OpenOptions, SqliteStore};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// More than the store takes for few.
const USERS: usize = 700;

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions { min_segment_events: 1, ..OpenOptions::new(dir) }).unwrap()
}

/// Does all that there is to do at an instant.
async fn upkeep(store: &SqliteStore, now_ms: i64) {
    while store.upkeep(now_ms).await.unwrap() {}
}

/// The days that are packed.
fn packed(dir: &Path) -> Vec<i64> {
    let database = database(dir);
    let mut statement = database
        .prepare("SELECT (slot * 900000 - ?1) / ?2 FROM rollup_user_packed WHERE part = 0 ORDER BY slot")
        .unwrap();
    let days = statement.query_map([START_MS, DAY_MS], |row| row.get(0)).unwrap();
    days.collect::<rusqlite::Result<_>>().unwrap()
}

fn of_user(number: usize) -> Event {
    let mut event = event(number);
    // Some without a name, some often.
    let user = number * 31 % (USERS + 40);
    let user = if number.is_multiple_of(4) { user % 17 } else { user };
    event.labels.set(Dimension::User, (user != 3).then(|| format!("user-{user}")));
    event
}

fn users(from: usize, count: usize) -> Vec<Event> {
    (from..from + count).map(of_user).collect()
}

fn days(granular: bool) -> Vec<i64> {
    (-1..6).filter(|day| granular || [-1, 5].contains(day)).map(|day| START_MS + day * DAY_MS).collect()
}

fn named(count: usize) -> Filter {
    let values = (0..count).map(|number| Some(format!("user-{}", number * 7))).chain([None]).collect();
    Filter { dimension: Dimension::User, values }
}

/// Questions about users: whole days and not, one bucket and more, few users and many, alone and with others.
fn questions() -> Vec<AggregateRequest> {
    let mut questions = Vec::new();
    let country = Filter { dimension: Dimension::Country, values: vec![Some("country-1".into()), None] };
    for group_by in [
        vec![],
        vec![Dimension::User],
        vec![Dimension::User, Dimension::Model],
        vec![Dimension::Status, Dimension::User],
    ] {
        for filters in
            [vec![], vec![named(2)], vec![named(90)], vec![named(90), named(3)], vec![country.clone()]]
        {
            for edges_ms in [days(false), days(true), vec![START_MS + 5_000, START_MS + 2 * DAY_MS + 7]] {
                let some = Measures { cost: true, ..Measures::CALLS };
                let measures = if questions.len() % 3 == 1 { some } else { Measures::SUMS };
                let (group_by, filters) = (group_by.clone(), filters.clone());
                questions.push(AggregateRequest { edges_ms, group_by, filters, measures });
            }
        }
    }
    questions
}

fn sorted(mut rows: Vec<AggregateRow>, measures: Measures) -> Vec<AggregateRow> {
    rows.iter_mut().for_each(|row| row.totals = measures.of(std::mem::take(&mut row.totals)));
    rows.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
    rows
}

/// The largest groups and the rest, from all rows.
fn largest(rows: &[AggregateRow], top: Top) -> TopRows {
    let mut ranks: BTreeMap<&[Option<String>], i64> = BTreeMap::new();
    for row in rows {
        *ranks.entry(&row.key).or_default() += top.metric.rank(&row.totals);
    }
    let mut ranked: Vec<_> = ranks.into_iter().map(|(key, rank)| (Reverse(rank), key)).collect();
    ranked.sort_unstable();
    let chosen: HashSet<_> = ranked.into_iter().take(top.count).map(|(_, key)| key).collect();
    let mut rest: BTreeMap<usize, Totals> = BTreeMap::new();
    for row in rows.iter().filter(|row| !chosen.contains(&row.key[..])) {
        rest.entry(row.bucket).or_default().merge(&row.totals);
    }
    let rest = rest.into_iter().map(|(bucket, totals)| AggregateRow { bucket, key: vec![], totals });
    let rows = rows.iter().filter(|row| chosen.contains(&row.key[..])).cloned();
    TopRows { rows: rows.collect(), rest: rest.collect() }
}

/// Every answer; that the largest are what all rows say is looked at here.
async fn answers(store: &SqliteStore, tenant: TenantId) -> Vec<(Vec<AggregateRow>, Vec<DistinctRow>)> {
    let mut answers = Vec::new();
    for question in questions() {
        let rows = sorted(store.aggregate(tenant, question.clone()).await.unwrap(), question.measures);
        for (metric, count) in [(Metric::Cost, 40), (Metric::Errors, 3)] {
            if question.group_by.is_empty() || (!question.measures.errors && metric == Metric::Errors) {
                continue;
            }
            let top = Top { metric, count };
            let TopRows { rows: told, rest } =
                store.aggregate_top(tenant, question.clone(), top).await.unwrap();
            let told =
                TopRows { rows: sorted(told, question.measures), rest: sorted(rest, question.measures) };
            assert_eq!(told, largest(&rows, top), "{question:?} {top:?}");
        }
        let mut users = store.distinct_users(tenant, question.clone()).await.unwrap();
        users.sort_by(|a, b| (a.bucket, &a.key).cmp(&(b.bucket, &b.key)));
        answers.push((rows, users));
    }
    assert!(answers.iter().any(|(rows, _)| rows.len() > 700), "the questions would not notice much");
    answers
}

async fn is_clean(store: &SqliteStore) {
    let report = store.doctor(false, |_| ()).await.unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
}

#[tokio::test]
async fn answers_never_tell_whether_days_are_packed() {
    let (dir, naive_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, naive) = (open(dir.path()), open(naive_dir.path()));
    let (acme, other) = (tenant(&store).await, tenant(&naive).await);
    for (store, tenant) in [(&store, acme), (&naive, other)] {
        append(store, tenant, users(0, 1_700)).await;
    }
    let before = answers(&naive, other).await;
    // The third day is running.
    upkeep(&store, START_MS + 2 * DAY_MS + 43_200_000).await;
    assert_eq!(packed(dir.path()), [0, 1]);
    assert_eq!(answers(&store, acme).await, before);
    upkeep(&store, START_MS + 4 * DAY_MS).await;
    assert_eq!(packed(dir.path()), [0, 1, 2]);
    assert_eq!(answers(&store, acme).await, before);
    is_clean(&store).await;

    // A late event takes its day away, a voided one too; both come again.
    let mut late = of_user(5_000);
    late.time_ms = START_MS + DAY_MS + 77;
    for (store, tenant) in [(&store, acme), (&naive, other)] {
        append(store, tenant, vec![late.clone()]).await;
    }
    assert_eq!(packed(dir.path()), [0, 2]);
    let with_late = answers(&naive, other).await;
    assert_ne!(with_late, before);
    assert_eq!(answers(&store, acme).await, with_late);
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    assert_eq!(packed(dir.path()), [0, 1, 2]);
    assert_eq!(answers(&store, acme).await, with_late);
    for (store, tenant) in [(&store, acme), (&naive, other)] {
        store.void(tenant, "default", "id-5000", audit("event.void")).await.unwrap();
        store.void(tenant, "default", "id-0", audit("event.void")).await.unwrap();
    }
    assert_eq!(packed(dir.path()), [2]);
    let voided = answers(&naive, other).await;
    assert_eq!(answers(&store, acme).await, voided);
    upkeep(&store, START_MS + 6 * DAY_MS).await;
    assert_eq!(packed(dir.path()), [0, 1, 2]);
    assert_eq!(answers(&store, acme).await, voided);
    is_clean(&store).await;
}

#[tokio::test]
async fn an_erased_user_goes_from_packed_days_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, users(0, 600)).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    let by_user = AggregateRequest { group_by: vec![Dimension::User], ..common::whole() };
    let before = store.aggregate(acme, by_user.clone()).await.unwrap();
    store.erase_user(acme, "user-1", "erased-1", audit("user.erase")).await.unwrap();
    let after = store.aggregate(acme, by_user).await.unwrap();
    let renamed = |row: &AggregateRow| {
        let key = row.key.iter().map(|user| match user.as_deref() {
            Some("user-1") => Some("erased-1".to_owned()),
            other => other.map(str::to_owned),
        });
        AggregateRow { key: key.collect(), ..row.clone() }
    };
    assert_eq!(after, before.iter().map(renamed).collect::<Vec<_>>());
    assert_ne!(after, before);
}

#[tokio::test]
async fn a_store_that_stops_while_packing_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, users(0, 1_600)).await;
    let right = answers(&store, acme).await;
    for round in 0..50 {
        let more = store.upkeep(START_MS + 5 * DAY_MS + round).await.unwrap();
        assert_eq!(answers(&store, acme).await, right);
        is_clean(&store).await;
        drop(store);
        store = open(dir.path());
        if !more && packed(dir.path()).len() == 3 {
            return;
        }
    }
    panic!("it never ends: {:?}", packed(dir.path()));
}

#[tokio::test]
async fn a_damaged_day_is_found_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, users(0, 1_600)).await;
    let right = answers(&store, acme).await;
    upkeep(&store, START_MS + 5 * DAY_MS).await;
    store.close().await.unwrap();
    let changed = "UPDATE rollup_user_packed SET data = CAST(substr(data, 1, length(data) - 1) || x'77' AS BLOB) \
                   WHERE part = 14 AND slot = (SELECT min(slot) FROM rollup_user_packed)";
    assert_eq!(database(dir.path()).execute(changed, []).unwrap(), 1);
    let store = open(dir.path());
    let report = store.doctor(true, |_| ()).await.unwrap();
    assert!(
        matches!(report.findings[..], [Finding::PackedUsers { start_ms: START_MS, .. }]),
        "{:?}",
        report.findings
    );
    assert_eq!(report.repaired, 1);
    is_clean(&store).await;
    assert_eq!(packed(dir.path()), [1, 2]);
    assert_eq!(answers(&store, acme).await, right);
}
