//! The check of the index of identities: every event is found by its identity, no event is there twice, and no entry
//! names an event that it is not of.
//!
//! Events come in the order of `seq`, entries in that of their hash. So that neither has to be sorted or looked up one
//! by one, both are added up in buckets of neighbouring events, entry by entry a number that depends on both hash and
//! `seq`. Where the sums of a bucket agree, so do its entries; where not, they are compared one by one.

use crate::error::{Fault, Work};
use crate::finding::{Finding, Report};
use crate::sqlite::identity::{Entry, check_runs, entries_with, mark};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Events of a bucket: two to the power of this.
const BUCKET_BITS: u32 = 12;
/// The most buckets whose events are compared one by one; of others only the first event is named.
const MAX_COMPARED: usize = 64;

/// Neighbouring events that are in runs.
struct Bucket {
    /// The sum of the events less that of the entries.
    difference: u64,
    /// Which of the events are there.
    present: [u64; (1 << BUCKET_BITS) / 64],
}

type Buckets = HashMap<i64, Bucket>;

/// Checks; answers whether the index has to be made again.
pub(super) fn check(connection: &Connection, report: &mut Report) -> Work<bool> {
    match compare(connection, report) {
        Err(Fault::Damaged(what)) => {
            report.add(Finding::Damage(what));
            Ok(true)
        }
        compared => compared,
    }
}

fn compare(connection: &Connection, report: &mut Report) -> Work<bool> {
    check_runs(connection)?;
    let (sealed_seq, reused) = mark(connection)?;
    let (mut buckets, unsealed) = events(connection, sealed_seq)?;
    let mut entries = entries_with(connection, unsealed)?;
    let mut same: Vec<Entry> = Vec::new();
    while let Some(entry) = entries.next_entry(connection)? {
        if let Some(bucket) = buckets.get_mut(&bucket_of(entry.seq))
            && bucket.has(entry.seq)
        {
            bucket.difference = bucket.difference.wrapping_sub(mixed(entry));
        }
        if same.first().is_some_and(|first| first.hash != entry.hash) {
            check_duplicates(connection, &same, report)?;
            same.clear();
        }
        same.push(entry);
    }
    check_duplicates(connection, &same, report)?;
    let mut different: Vec<i64> =
        buckets.iter().filter(|(_, bucket)| bucket.difference != 0).map(|(number, _)| *number).collect();
    different.sort_unstable();
    let found_before = report.found;
    for number in different.iter().skip(MAX_COMPARED) {
        let seq = number << BUCKET_BITS;
        report.add(Finding::Identity { seq, what: "it or events near it are not found by their identity" });
    }
    different.truncate(MAX_COMPARED);
    if !different.is_empty() {
        compare_one_by_one(connection, &different, sealed_seq, reused, report)?;
    }
    Ok(report.found > found_before)
}

/// The events that are in runs, added up, and those that are in none.
fn events(connection: &Connection, sealed_seq: i64) -> Work<(Buckets, Vec<Entry>)> {
    let (mut buckets, mut unsealed) = (Buckets::new(), Vec::new());
    let mut statement = connection.prepare("SELECT seq, identity FROM event ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = Entry::of(row.get(1)?, row.get(0)?);
        if entry.seq > sealed_seq {
            unsealed.push(entry);
            continue;
        }
        let empty = || Bucket { difference: 0, present: [0; (1 << BUCKET_BITS) / 64] };
        let bucket = buckets.entry(bucket_of(entry.seq)).or_insert_with(empty);
        bucket.difference = bucket.difference.wrapping_add(mixed(entry));
        let (word, bit) = place(entry.seq);
        bucket.present[word] |= bit;
    }
    Ok((buckets, unsealed))
}

impl Bucket {
    fn has(&self, seq: i64) -> bool {
        let (word, bit) = place(seq);
        self.present[word] & bit != 0
    }
}

fn bucket_of(seq: i64) -> i64 {
    seq >> BUCKET_BITS
}

/// The word and the bit of an event in its bucket.
fn place(seq: i64) -> (usize, u64) {
    let index = seq.cast_unsigned() & ((1 << BUCKET_BITS) - 1);
    (usize::try_from(index / 64).unwrap_or(0), 1 << (index % 64))
}

/// A number without a pattern (the finisher of SplitMix64), so that sums of different entries differ.
fn mixed(entry: Entry) -> u64 {
    let mut mixed = entry.hash ^ entry.seq.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Equal hashes are no harm; equal texts are.
fn check_duplicates(connection: &Connection, same: &[Entry], report: &mut Report) -> Work<()> {
    if same.len() < 2 {
        return Ok(());
    }
    let mut first_of: HashMap<(i64, i64, String), i64> = HashMap::new();
    let mut doubled = HashSet::new();
    let mut statement = connection.prepare_cached("SELECT tenant_id, source, id FROM event WHERE seq = ?")?;
    for entry in same {
        let mut rows = statement.query([entry.seq])?;
        let Some(row) = rows.next()? else { continue };
        let known = (row.get(0)?, row.get(1)?, row.get(2)?);
        let first = *first_of.entry(known).or_insert(entry.seq);
        if first != entry.seq && doubled.insert(first) {
            report.add(Finding::Identity { seq: first, what: "it is there more than once" });
        }
    }
    Ok(())
}

fn compare_one_by_one(
    connection: &Connection,
    buckets: &[i64],
    sealed_seq: i64,
    reused: bool,
    report: &mut Report,
) -> Work<()> {
    let wanted: HashSet<i64> = buckets.iter().copied().collect();
    let mut hashes: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    let mut entries = entries_with(connection, Vec::new())?;
    while let Some(entry) = entries.next_entry(connection)? {
        if wanted.contains(&bucket_of(entry.seq)) {
            hashes.entry(entry.seq).or_default().push(entry.hash);
        }
    }
    let sql = "SELECT seq, identity FROM event WHERE seq >= ? AND seq < ? AND seq <= ?";
    let mut statement = connection.prepare(sql)?;
    for number in buckets {
        let (from, to) = (number << BUCKET_BITS, (number + 1) << BUCKET_BITS);
        let mut rows = statement.query(params![from, to, sealed_seq])?;
        while let Some(row) = rows.next()? {
            let event = Entry::of(row.get(1)?, row.get(0)?);
            let found = hashes.get(&event.seq).map_or(&[][..], |found| found);
            if !found.contains(&event.hash) {
                report.add(Finding::Identity { seq: event.seq, what: "it is not found by its identity" });
            } else if found.len() > 1 && !reused {
                report.add(Finding::Identity {
                    seq: event.seq,
                    what: "it is found by an identity that it has not",
                });
            }
        }
    }
    Ok(())
}
