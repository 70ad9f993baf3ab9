//! Identity: which event is the same as another.
//!
//! An event is known by (tenant, source, id). What is indexed is a 64-bit hash of the three; it is not unique: what it
//! finds is compared by its texts, so that two ids with one hash are still two events.
//!
//! Ids are random, so in one B-tree every new entry would change a page of its own. Instead there are generations:
//!
//! - the newest is a hash table in memory (`recent`), filled as events are appended;
//! - when it is full it is sorted and written as a *run* (`run`): blocks of entries of about a page, added one after the
//!   other, with a filter that stays in memory (`filter`);
//! - runs of similar size are merged into one (`merge`), a slice in each transaction that appends events and more when
//!   nothing else is to do, so a look-up meets few runs and reads a block where a filter says that it may be there.
//!
//! All of it is made from the table of events and says up to which `seq` it is made. What is above that is read into
//! memory at a start, so a crash at any moment loses nothing and invents nothing. An entry whose event is gone finds
//! nothing.

mod entry;
mod filter;
mod index;
#[cfg(test)]
mod lives;
mod merge;
mod recent;
mod run;

pub(crate) use entry::Entry;
pub(crate) use index::{IdentityIndex, NEWEST};
pub(crate) use recent::{Recent, Sought};

use crate::error::Work;
use crate::label::LabelKind;
use meterwire_core::event::Fingerprint;
use run::Merged;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

/// What an event is known by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) tenant_id: i64,
    pub(crate) source: &'a str,
    pub(crate) id: &'a str,
}

/// An event that is there already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    pub(crate) seq: i64,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) voided: bool,
}

impl Identity<'_> {
    /// The hash that is indexed. It is on disk, so it must never change.
    pub(crate) fn hash(&self) -> i64 {
        let mut hash = Sha256::new();
        hash.update(self.tenant_id.to_le_bytes());
        hash.update((self.source.len() as u64).to_le_bytes());
        hash.update(self.source);
        hash.update(self.id);
        let mut short = [0; 8];
        short.copy_from_slice(&hash.finalize()[..8]);
        i64::from_le_bytes(short)
    }

    /// Finds the event for the writer. `hash` is [`Self::hash`], `source` the number of the source's label.
    pub(crate) fn find(
        &self,
        hash: i64,
        source: i64,
        connection: &Connection,
        index: &IdentityIndex,
    ) -> Work<Option<Known>> {
        // Nearly every event is new, and the index alone tells.
        self.first_of(&index.find(connection, hash.cast_unsigned())?, source, connection)
    }

    /// The first of these events that has this identity.
    fn first_of(&self, seqs: &[i64], source: i64, connection: &Connection) -> Work<Option<Known>> {
        for seq in seqs {
            let known = connection
                .prepare_cached(include_str!("../../../sql/sqlite/event/find.sql"))?
                .query_row(params![seq, self.tenant_id, source, self.id], |row| {
                    Ok(Known { seq: *seq, fingerprint: Fingerprint(row.get(0)?), voided: row.get(1)? })
                })
                .optional()?;
            if known.is_some() {
                return Ok(known);
            }
        }
        Ok(None)
    }
}

/// The number of an event, for those who only look.
pub(crate) fn find_seq(connection: &Connection, sought: &Sought) -> Work<Option<i64>> {
    let Sought { tenant, source, id, recent } = sought;
    let number = connection
        .prepare_cached(include_str!("../../../sql/label/find.sql"))?
        .query_row(params![tenant.0, LabelKind::Source.code(), source], |row| row.get(0))
        .optional()?;
    let Some(number) = number else { return Ok(None) };
    let identity = Identity { tenant_id: tenant.0, source, id };
    let hash = identity.hash();
    let seqs = find_candidates(connection, hash, recent.as_deref())?;
    Ok(identity.first_of(&seqs, number, connection)?.map(|known| known.seq))
}

/// Where an event with this hash may be, in the snapshot of a reader: it has no filters.
fn find_candidates(connection: &Connection, hash: i64, recent: Option<&[i64]>) -> Work<Vec<i64>> {
    let mut seqs = match recent {
        Some(seqs) => seqs.to_vec(),
        None => {
            numbers(connection, include_str!("../../../sql/sqlite/identity/unsealed_with_hash.sql"), &[hash])?
        }
    };
    for run in whole_runs(connection)? {
        run::probe(connection, run, hash.cast_unsigned(), &mut seqs)?;
    }
    seqs.sort_unstable();
    seqs.dedup();
    Ok(seqs)
}

/// Makes the index from the events that are there, in the caller's transaction.
pub(crate) fn fill(connection: &Connection) -> Work<()> {
    IdentityIndex::new(NEWEST).ready(connection)
}

/// Up to which event the runs go, and whether an entry may name an event it is not of.
pub(crate) fn mark(connection: &Connection) -> Work<(i64, bool)> {
    index::mark(connection)
}

/// Complains of runs that look-ups would miss something of.
pub(crate) fn check_runs(connection: &Connection) -> Work<()> {
    whole_runs(connection)?.into_iter().try_for_each(|run| run::check(connection, run))
}

/// Every entry of all runs and these, in order, each once.
pub(crate) fn entries_with(connection: &Connection, unsealed: Vec<Entry>) -> Work<Merged> {
    Ok(Merged::of(&whole_runs(connection)?).with(unsealed))
}

fn whole_runs(connection: &Connection) -> Work<Vec<i64>> {
    numbers(connection, include_str!("../../../sql/sqlite/identity/whole_runs.sql"), &[])
}

fn numbers(connection: &Connection, sql: &str, params: &[i64]) -> Work<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = statement.query_map(rusqlite::params_from_iter(params), |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(tenant_id: i64, source: &str, id: &str) -> i64 {
        Identity { tenant_id, source, id }.hash()
    }

    #[test]
    fn the_hash_on_disk_never_changes() {
        assert_eq!(hash(1, "default", "a"), -2_834_991_684_460_447_324);
    }

    #[test]
    fn where_the_source_ends_and_the_id_begins_counts() {
        assert_ne!(hash(1, "ab", "c"), hash(1, "a", "bc"));
        assert_ne!(hash(1, "a", "b"), hash(2, "a", "b"));
    }
}
