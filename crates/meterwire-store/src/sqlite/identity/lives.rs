//! Random lives of the index beside a plain map: appends, events with one hash, removals, rollbacks, and deaths before and
//! after any commit, with generations so small that everything is sealed and merged all the time.

use super::entry::Entry;
use super::{IdentityIndex, find_candidates, mark};
use crate::sqlite::connection;
use crate::sqlite::doctor::identities_are_sound;
use crate::sqlite::migrate;
use proptest::prelude::*;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    /// Hashes of new events; a second list is appended in a savepoint that is undone.
    Append(Vec<i64>, Vec<i64>),
    /// Removes the oldest events, as retention does.
    DropOldest(usize),
    /// Removes the newest ones, whose numbers are then given out again.
    DropNewest(usize),
    /// Nothing but tending.
    Idle,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Commit,
    RollBack,
    /// The process dies before the commit, or after it and before memory has followed.
    DieBefore,
    DieAfter,
}

struct World {
    dir: tempfile::TempDir,
    newest: usize,
    connection: Connection,
    index: IdentityIndex,
    /// Committed events: hashes by number.
    events: BTreeMap<i64, i64>,
}

impl World {
    fn new(newest: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let connection = open(&dir);
        migrate::up(&connection).unwrap();
        connection
            .execute(
                "INSERT INTO tenant (id, slug, name, timezone, created_ms) VALUES (1, 'a', 'A', 'UTC', 0)",
                [],
            )
            .unwrap();
        Self { dir, newest, connection, index: IdentityIndex::new(newest), events: BTreeMap::new() }
    }

    fn die(&mut self) {
        // The connection is gone without a word, and the log is recovered by the next one.
        self.connection = open(&self.dir);
        self.index = IdentityIndex::new(self.newest);
    }

    fn run(&mut self, steps: &[Step], end: End) {
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        self.index.ready(&self.connection).unwrap();
        let mut events = self.events.clone();
        for step in steps {
            self.step(step, &mut events);
        }
        self.index.tend(&self.connection).unwrap();
        match end {
            End::Commit => {
                self.connection.execute_batch("COMMIT").unwrap();
                self.index.committed();
                self.events = events;
            }
            End::RollBack => {
                self.index.roll_back();
                self.connection.execute_batch("ROLLBACK").unwrap();
            }
            End::DieBefore => self.die(),
            End::DieAfter => {
                self.connection.execute_batch("COMMIT").unwrap();
                self.events = events;
                self.die();
            }
        }
    }

    fn step(&mut self, step: &Step, events: &mut BTreeMap<i64, i64>) {
        match step {
            Step::Append(hashes, undone) => {
                for hash in hashes {
                    events.insert(self.append(*hash), *hash);
                }
                self.index.begin_savepoint();
                self.connection.execute_batch("SAVEPOINT command").unwrap();
                for hash in undone {
                    self.append(*hash);
                }
                let sql = if undone.is_empty() {
                    "RELEASE command"
                } else {
                    "ROLLBACK TO command; RELEASE command"
                };
                if !undone.is_empty() {
                    self.index.roll_back_to_savepoint();
                }
                self.connection.execute_batch(sql).unwrap();
            }
            Step::DropOldest(count) => {
                let gone: Vec<i64> = events.keys().take(*count).copied().collect();
                self.remove(&gone, events);
            }
            Step::DropNewest(count) => {
                let gone: Vec<i64> = events.keys().rev().take(*count).copied().collect();
                self.remove(&gone, events);
            }
            Step::Idle => {}
        }
    }

    fn append(&mut self, hash: i64) -> i64 {
        let zeros = vec!["0"; 24].join(", ");
        let sql = format!(
            "INSERT INTO event (tenant_id, time_ms, received_ms, identity, source, id, provider, model, project, user, \
             api_key, agent, department, country, operation, service_tier, status, input_uncached, cache_read, \
             cache_write_short, cache_write_long, audio_input, image_input, output_visible, reasoning, audio_output, \
             image_output, cost_nanos, rating, price, fingerprint) VALUES (1, 0, 0, ?, 0, '', {zeros}, x'00')"
        );
        self.connection.prepare_cached(&sql).unwrap().execute([hash]).unwrap();
        let seq = self.connection.last_insert_rowid();
        self.index.add(hash, seq);
        seq
    }

    fn remove(&self, gone: &[i64], events: &mut BTreeMap<i64, i64>) {
        for seq in gone {
            self.connection.execute("DELETE FROM event WHERE seq = ?", [seq]).unwrap();
            events.remove(seq);
        }
    }

    /// Numbers among these whose event has this hash.
    fn true_ones(&self, seqs: &[i64], hash: i64) -> Vec<i64> {
        let is_true = |seq: &&i64| {
            let sql = "SELECT count(*) FROM event WHERE seq = ? AND identity = ?";
            self.connection.query_row(sql, params![seq, hash], |row| row.get::<_, i64>(0)).unwrap() == 1
        };
        seqs.iter().filter(is_true).copied().collect()
    }

    /// The writer and a reader find exactly the events there are, and the doctor agrees.
    fn check(&mut self, hashes: &[i64]) {
        self.check_look_ups(hashes);
        assert!(identities_are_sound(&self.connection).unwrap(), "the doctor complains");
    }

    fn check_look_ups(&mut self, hashes: &[i64]) {
        self.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        self.index.ready(&self.connection).unwrap();
        self.connection.execute_batch("COMMIT").unwrap();
        self.index.committed();
        let reader = connection::reader(&connection::database_path(self.dir.path())).unwrap();
        for hash in hashes {
            let expected: Vec<i64> =
                self.events.iter().filter(|(_, other)| *other == hash).map(|(seq, _)| *seq).collect();
            let found = self.index.find(&self.connection, hash.cast_unsigned()).unwrap();
            assert_eq!(self.true_ones(&found, *hash), expected, "the writer, hash {hash}");
            for recent in [None, self.index.recent().candidates(*hash)] {
                let found = find_candidates(&reader, *hash, recent.as_deref()).unwrap();
                assert_eq!(self.true_ones(&found, *hash), expected, "a reader, hash {hash}");
            }
        }
    }
}

fn open(dir: &tempfile::TempDir) -> Connection {
    connection::writer(&connection::database_path(dir.path())).unwrap()
}

/// Few hashes, so that several events have one, spread over the whole range.
fn hash() -> impl Strategy<Value = i64> {
    (0..60_i64).prop_map(|number| number.wrapping_mul(0x5851_f42d_4c95_7f2d))
}

fn step() -> impl Strategy<Value = Step> {
    let hashes = |most| prop::collection::vec(hash(), 0..most);
    prop_oneof![
        8 => (hashes(40), hashes(1)).prop_map(|(kept, undone)| Step::Append(kept, undone)),
        2 => (hashes(10), hashes(10)).prop_map(|(kept, undone)| Step::Append(kept, undone)),
        1 => (0..30_usize).prop_map(Step::DropOldest),
        1 => (0..10_usize).prop_map(Step::DropNewest),
        3 => Just(Step::Idle),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![8 => Just(End::Commit), 1 => Just(End::RollBack), 1 => Just(End::DieBefore), 1 => Just(End::DieAfter)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_each_event_is_found_and_no_other(
        newest in 1..24_usize,
        transactions in prop::collection::vec((prop::collection::vec(step(), 0..3), end()), 1..50),
    ) {
        let mut world = World::new(newest);
        let hashes: Vec<i64> = (0..61_i64).map(|number| number.wrapping_mul(0x5851_f42d_4c95_7f2d)).collect();
        for (i, (steps, end)) in transactions.iter().enumerate() {
            world.run(steps, *end);
            if i % 5 == 0 {
                world.check(&hashes);
            }
        }
        world.check(&hashes);
    }
}

#[test]
fn runs_stay_few_and_what_left_is_deleted() {
    let mut world = World::new(256);
    for round in 0..250_i64 {
        let hashes = (0..100).map(|i| (round * 100 + i).wrapping_mul(0x5851_f42d_4c95_7f2d)).collect();
        world.run(&[Step::Append(hashes, Vec::new())], End::Commit);
        let runs: i64 = count(&world, "SELECT count(*) FROM identity_run WHERE state = 1");
        // Three of each of four tiers, and four that are being merged.
        assert!(runs <= 16, "{runs} runs after {round}");
    }
    let mut slices = 0;
    while world.index.has_work() {
        world.run(&[Step::Idle], End::Commit);
        slices += 1;
        assert!(slices < 100);
    }
    let runs = count(&world, "SELECT count(*) FROM identity_run");
    assert!(runs <= 12, "{runs}");
    assert_eq!(count(&world, "SELECT sum(entries) FROM identity_run"), mark(&world.connection).unwrap().0);
    assert_eq!(
        count(
            &world,
            "SELECT count(*) FROM identity_block WHERE key >> 43 NOT IN (SELECT run FROM identity_run)"
        ),
        0
    );
    assert_eq!(
        count(
            &world,
            "SELECT count(*) FROM identity_filter WHERE key >> 43 NOT IN (SELECT run FROM identity_run)"
        ),
        0
    );

    // When the events are gone, their runs go too.
    world.run(&[Step::DropOldest(24_000)], End::Commit);
    for round in 0..60_i64 {
        world.run(&[Step::Append(vec![round; 100], Vec::new())], End::Commit);
    }
    while world.index.has_work() {
        world.run(&[Step::Idle], End::Commit);
    }
    let entries = count(&world, "SELECT sum(entries) FROM identity_run");
    assert!(entries < 10_000, "{entries} entries for 7,000 events");
}

fn count(world: &World, sql: &str) -> i64 {
    world.connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_merge_that_was_cut_off_is_begun_again() {
    let mut world = World::new(8);
    let hashes: Vec<i64> = (0..400_i64).map(|i| i.wrapping_mul(0x5851_f42d_4c95_7f2d)).collect();
    for hashes in hashes.chunks(8) {
        world.run(&[Step::Append(hashes.to_vec(), Vec::new())], End::Commit);
        if count(&world, "SELECT count(*) FROM identity_run WHERE state = 0") > 0 {
            world.die();
        }
    }
    world.check(&hashes);
    while world.index.has_work() {
        world.run(&[Step::Idle], End::Commit);
    }
    assert_eq!(count(&world, "SELECT count(*) FROM identity_run WHERE state <> 1"), 0);
    world.check(&hashes);
}

#[test]
fn a_lost_filter_costs_time_and_a_damaged_block_is_told_of() {
    let mut world = World::new(8);
    let hashes: Vec<i64> = (0..100_i64).map(|i| i.wrapping_mul(0x5851_f42d_4c95_7f2d)).collect();
    world.run(&[Step::Append(hashes.clone(), Vec::new())], End::Commit);
    world.connection.execute("DELETE FROM identity_filter", []).unwrap();
    world.die();
    world.check_look_ups(&hashes);
    assert!(!identities_are_sound(&world.connection).unwrap());
    world.connection.execute("UPDATE identity_block SET entries = x'ff'", []).unwrap();
    world.die();
    world.run(&[], End::Commit);
    assert!(world.index.find(&world.connection, 5).is_err());
    assert!(!identities_are_sound(&world.connection).unwrap());
    // New events are taken all the same, merges are given up.
    for _ in 0..40 {
        world.run(&[Step::Append(vec![7; 8], Vec::new())], End::Commit);
    }
    world.connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    world.index.rebuild(&world.connection).unwrap();
    world.connection.execute_batch("COMMIT").unwrap();
    world.index.committed();
    world.check(&hashes);
}

#[test]
fn what_was_undone_is_in_no_generation() {
    let mut world = World::new(100);
    world.run(&[Step::Append(vec![1, 2, 3], vec![4, 5])], End::Commit);
    assert_eq!(world.index.recent().len(), 3);
    world.run(&[Step::Append(vec![6], Vec::new())], End::RollBack);
    assert_eq!(world.index.recent().len(), 3);
    world.check(&[1, 2, 3, 4, 5, 6]);
}

#[test]
fn numbers_that_are_given_out_again_are_not_taken_for_sealed() {
    let mut world = World::new(4);
    world.run(&[Step::Append(vec![1, 2, 3, 4, 5, 6], Vec::new())], End::Commit);
    assert_eq!(mark(&world.connection).unwrap(), (6, false));
    world.run(&[Step::DropNewest(3)], End::Commit);
    world.run(&[Step::Append(vec![7, 8], Vec::new())], End::DieAfter);
    assert_eq!(mark(&world.connection).unwrap(), (3, true));
    world.check(&[1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn numbers_that_are_given_out_again_in_memory_leave_no_entry_of_another_event() {
    let mut world = World::new(5);
    world.run(&[Step::Append(vec![1, 2], Vec::new())], End::Commit);
    world.run(&[Step::DropOldest(2)], End::Commit);
    world.run(&[Step::Append(vec![3, 4, 5], Vec::new())], End::Commit);
    world.run(&[Step::Append(vec![6, 7], Vec::new())], End::Commit);
    assert_eq!(mark(&world.connection).unwrap(), (5, false));
    world.check(&[1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn the_doctor_sees_an_entry_that_is_missing_and_one_too_many() {
    let mut world = World::new(4);
    world.run(&[Step::Append((0..50).collect(), Vec::new())], End::Commit);
    assert!(identities_are_sound(&world.connection).unwrap());
    for breakage in ["UPDATE event SET identity = 1000 WHERE seq = 7", "DELETE FROM identity_block"] {
        world.connection.execute_batch("SAVEPOINT broken").unwrap();
        assert!(world.connection.execute(breakage, []).unwrap() > 0);
        assert!(!identities_are_sound(&world.connection).unwrap(), "{breakage}");
        world.connection.execute_batch("ROLLBACK TO broken; RELEASE broken").unwrap();
    }
    // An entry of another hash for an event that has its own.
    world.connection.execute_batch("BEGIN").unwrap();
    let stray = [Entry::of(99, 3)];
    super::run::write(&world.connection, 500, &stray).unwrap();
    assert!(!identities_are_sound(&world.connection).unwrap());
    world.connection.execute("UPDATE identity_mark SET reused = 1", []).unwrap();
    assert!(identities_are_sound(&world.connection).unwrap(), "numbers that were given out again explain it");
}
