//! Identity: which event is the same as another.
//!
//! The index holds a 64-bit hash of (tenant, source, id) and is not unique: what it finds is compared by its texts, so
//! that two ids with one hash are still two events. Everything about it is in this file, so that the index can be
//! exchanged for another without touching the rest.

use crate::error::Work;
use meterwire_core::event::Fingerprint;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
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

    /// Finds the event. `hash` is [`Self::hash`], `source` the number of the source's label.
    pub(crate) fn find(&self, hash: i64, source: i64, lookup: &mut Lookup<'_>) -> Work<Option<Known>> {
        // Nearly every event is new, and the index alone tells.
        if !lookup.any.exists([hash])? {
            return Ok(None);
        }
        let known = lookup
            .one
            .query_row(params![hash, self.tenant_id, source, self.id], |row| {
                Ok(Known { seq: row.get(0)?, fingerprint: Fingerprint(row.get(1)?), voided: row.get(2)? })
            })
            .optional()?;
        Ok(known)
    }
}

/// The statements that find events, prepared once for many of them.
pub(crate) struct Lookup<'a> {
    any: CachedStatement<'a>,
    one: CachedStatement<'a>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Work<Self> {
        Ok(Self {
            any: connection.prepare_cached(include_str!("../sql/event/any_with_hash.sql"))?,
            one: connection.prepare_cached(include_str!("../sql/event/find.sql"))?,
        })
    }
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
