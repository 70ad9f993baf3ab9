//! Identity over the life of a store: whatever was recorded is recognised, whatever was not is taken, through seals,
//! merges, voids, refusals, restarts, backups and migrations.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::{append, audit, calls, database, event, events, tenant};
use meterwire_app::ports::{Ledger, StoreError, TenantId, Usage, Verdict, Voided};
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::money::CostNanos;
use meterwire_store::{Migrations, OpenOptions, SqliteStore, backup};
use std::collections::HashMap;
use std::path::Path;

/// A store that seals after every few events.
fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions { recent_identities: 20, ..OpenOptions::new(dir) }).unwrap()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// An event of which only these three matter.
fn small(source: u64, id: u64, content: u64) -> Event {
    let sent = NewEvent {
        id: Some(format!("{id:x}")),
        source: Some(format!("s{source}")),
        time_ms: Some(common::START_MS),
        status: Some(if content == 0 { 200 } else { 500 }),
        ..NewEvent::default()
    };
    let fingerprint = sent.fingerprint();
    sent.complete(fingerprint, String::new, common::START_MS, Rating::Given(CostNanos(1))).unwrap()
}

/// What was recorded: by source and id its content, and whether it is voided.
type Model = HashMap<(u64, u64), (u64, bool)>;

fn expected(model: &mut Model, key: (u64, u64), content: u64) -> Verdict {
    match model.get(&key) {
        None => {
            model.insert(key, (content, false));
            Verdict::Stored
        }
        Some((known, _)) if *known == content => Verdict::Duplicate,
        Some(_) => Verdict::Conflict,
    }
}

async fn append_some(store: &SqliteStore, tenant: TenantId, random: &mut Random, model: &mut Model) {
    let mut batch = Vec::new();
    let mut verdicts = Vec::new();
    for _ in 0..=random.below(40) {
        let (key, content) = ((random.below(3), random.below(1_500)), random.below(8) / 7);
        verdicts.push(expected(model, key, content));
        batch.push(small(key.0, key.1, content));
    }
    assert_eq!(store.append(tenant, batch).await.unwrap(), verdicts);
}

#[tokio::test]
async fn a_random_life_beside_a_plain_map() {
    for seed in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let acme = tenant(&store).await;
        let (mut random, mut model) = (Random(seed), Model::new());
        for round in 0..150 {
            append_some(&store, acme, &mut random, &mut model).await;
            let key = (random.below(3), random.below(1_500));
            let (source, id) = (format!("s{}", key.0), format!("{:x}", key.1));
            let seen = store.event(acme, &source, &id).await.unwrap();
            assert_eq!(seen.is_some(), model.contains_key(&key), "{source} {id} in round {round}");
            assert!(seen.is_none_or(|seen| seen.row.event.id == id && seen.row.event.source == source));
            match store.void(acme, &source, &id, audit("event.void")).await {
                Ok(voided) => {
                    let known = model.get_mut(&key).unwrap();
                    assert_eq!(voided, if known.1 { Voided::Already } else { Voided::Now });
                    known.1 = true;
                }
                Err(StoreError::NotFound("event")) => assert!(!model.contains_key(&key)),
                Err(error) => panic!("{error}"),
            }
            match random.below(12) {
                // A batch that is refused takes its group with it, and nothing of it is remembered.
                0 => {
                    let (good, bad) = tokio::join!(
                        store.append(acme, vec![small(9, round, 0)]),
                        store.append(TenantId(999), vec![small(9, round, 0)])
                    );
                    assert_eq!(good.unwrap(), [expected(&mut model, (9, round), 0)]);
                    assert!(bad.is_err());
                }
                1 => {
                    store.close().await.unwrap();
                    store = open(dir.path());
                }
                _ => {}
            }
        }
        let live = model.values().filter(|(_, voided)| !voided).count();
        assert_eq!(calls(&store, acme).await, i64::try_from(live).unwrap());
        let report = store.doctor(false, |_| ()).await.unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        let runs: i64 = database(dir.path())
            .query_row("SELECT count(*) FROM identity_run WHERE entries > 80", [], |row| row.get(0))
            .unwrap();
        assert!(runs > 0, "nothing was merged");
    }
}

#[tokio::test]
async fn a_backup_and_a_way_down_and_up_know_every_event() {
    let (dir, base) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(dir.path());
    let acme = tenant(&store).await;
    for batch in 0..30 {
        append(&store, acme, events(batch * 11, 11)).await;
    }
    let (kept, restored) = (base.path().join("kept"), base.path().join("restored"));
    store.backup(kept.clone(), |_| ()).await.unwrap();
    store.close().await.unwrap();
    backup::restore(&kept, &restored, |_| ()).unwrap();
    all_are_known(&restored, acme).await;

    let mut migrations = Migrations::open(dir.path()).unwrap();
    let all = migrations.status().unwrap();
    let steps = all.len() - all.iter().position(|migration| migration.name == "0008_identity").unwrap();
    migrations.down(steps).unwrap();
    let indexes = "SELECT count(*) FROM sqlite_schema WHERE name = 'event_identity'";
    let index = |dir| database(dir).query_row(indexes, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(index(dir.path()), 1);
    migrations.up().unwrap();
    assert_eq!(index(dir.path()), 0);
    drop(migrations);
    all_are_known(dir.path(), acme).await;
}

async fn all_are_known(dir: &Path, acme: TenantId) {
    let store = open(dir);
    let verdicts = store.append(acme, events(0, 331)).await.unwrap();
    assert!(verdicts[..330].iter().all(|verdict| *verdict == Verdict::Duplicate));
    assert_eq!(verdicts[330], Verdict::Stored);
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_doctor_makes_a_broken_index_again() {
    let breakages = [
        "DELETE FROM identity_block",
        "UPDATE identity_block SET entries = x'8080'",
        "UPDATE identity_run SET state = 2",
        "UPDATE identity_mark SET sealed_seq = 1000000",
        "UPDATE identity_block SET key = key + 1 WHERE key = (SELECT min(key) FROM identity_block)",
        "UPDATE identity_filter SET lines = zeroblob(length(lines))",
        "DELETE FROM identity_filter",
        "UPDATE identity_run SET entries = entries + 1",
    ];
    for breakage in breakages {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let acme = tenant(&store).await;
        append(&store, acme, events(0, 200)).await;
        append(&store, acme, events(200, 7)).await;
        store.close().await.unwrap();
        assert!(database(dir.path()).execute(breakage, []).unwrap() > 0);
        let store = open(dir.path());
        let seen = store.doctor(true, |_| ()).await.unwrap();
        assert!(seen.found > 0 && seen.repaired > 0, "{breakage}: {seen:?}");
        assert!(store.doctor(false, |_| ()).await.unwrap().is_clean(), "{breakage}");
        let verdicts = store.append(acme, events(0, 208)).await.unwrap();
        let stored = verdicts.iter().filter(|verdict| **verdict == Verdict::Stored).count();
        assert_eq!(stored, 1, "{breakage}");
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn events_that_another_program_added_are_recognised() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    append(&store, acme, events(0, 30)).await;
    // The same events with other ids, whose hashes are copied from another store.
    let (other_dir, also) = (tempfile::tempdir().unwrap(), events(30, 50));
    let other = open(other_dir.path());
    tenant(&other).await;
    append(&other, acme, also.clone()).await;
    other.close().await.unwrap();
    let other_database = database(other_dir.path());
    let mut hashes = other_database.prepare("SELECT id, identity FROM event").unwrap();
    let hashes: Vec<(String, i64)> =
        hashes.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let outside = database(dir.path());
    outside.execute_batch("CREATE TEMP TABLE copied AS SELECT * FROM event WHERE seq = 1").unwrap();
    for (i, (id, hash)) in hashes.iter().enumerate() {
        let seq = i64::try_from(i).unwrap() + 100;
        outside.execute("UPDATE copied SET seq = ?, id = ?, identity = ?", (seq, id, hash)).unwrap();
        outside.execute("INSERT INTO event SELECT * FROM copied", []).unwrap();
    }
    let verdicts = store.append(acme, also).await.unwrap();
    assert!(verdicts.iter().all(|verdict| *verdict != Verdict::Stored), "{verdicts:?}");
    append(&store, acme, vec![event(999)]).await;
}
