//! Identities: an event is told from all others of its tenant by its source and id.

use crate::error::{Fault, Work};
use crate::sql::postgres::Connection;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::TenantId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const KNOWN: &str = "SELECT hash, fingerprint, seq, time_ms, version, voided_ms IS NOT NULL FROM identity WHERE hash = ANY(?)";
const ADD: &str = "INSERT INTO identity (hash, fingerprint, tenant_id, seq, time_ms) \
     SELECT hash, fingerprint, ?4, seq, time_ms FROM unnest(?1::uuid[], ?2::uuid[], ?3::bigint[], ?5::bigint[]) \
       AS added (hash, fingerprint, seq, time_ms)";

/// What identifies an event: the first 128 bits of SHA-256 over tenant, source and id, each behind its length. It is on
/// disk, so it must never change.
pub(super) fn hash(tenant: TenantId, source: &str, id: &str) -> Uuid {
    let mut digest = Sha256::new();
    digest.update(tenant.0.to_le_bytes());
    for text in [source, id] {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    Uuid::from_bytes(digest.finalize().first_chunk().copied().unwrap_or_default())
}

/// An event that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Tells whether what is sent again is the same.
    pub(crate) fingerprint: Uuid,
    pub(crate) seq: i64,
    pub(crate) time_ms: i64,
    /// How often it was rated anew.
    pub(crate) version: i16,
    pub(crate) voided: bool,
}

/// Those of these that are known, in the running transaction.
pub(super) fn find(connection: &Connection, hashes: &[Uuid]) -> Work<HashMap<Uuid, Known>> {
    let known = connection.prepared(KNOWN)?;
    let rows = connection.wait_for(connection.client().query(&known, &[&hashes]))?;
    let read = |row: &tokio_postgres::Row| {
        let known = Known {
            fingerprint: row.try_get(1)?,
            seq: row.try_get(2)?,
            time_ms: row.try_get(3)?,
            version: row.try_get(4)?,
            voided: row.try_get(5)?,
        };
        Ok((row.try_get(0)?, known))
    };
    let damaged = |error: tokio_postgres::Error| Fault::Damaged(format!("an identity: {error}"));
    rows.iter().map(|row| read(row).map_err(damaged)).collect()
}

/// Notes that these events were rated anew, once more each.
pub(super) fn rated_anew(connection: &Connection, hashes: &[Uuid]) -> Work<()> {
    if hashes.is_empty() {
        return Ok(());
    }
    let anew = connection.prepared("UPDATE identity SET version = version + 1 WHERE hash = ANY(?)")?;
    connection.wait_for(connection.client().execute(&anew, &[&hashes]))?;
    Ok(())
}

/// Identities as the running transaction knows them: looked up, or recorded by it and written at its end.
#[derive(Default)]
pub(super) struct Identities {
    /// Fingerprint and number; `None` where there is no such event. Under the tenant's lock nobody else records any.
    known: HashMap<Uuid, Option<(Uuid, i64)>>,
    /// What is not written yet; each of it is in `known` too.
    added: Added,
}

impl Identities {
    /// Looks up those that are not known yet, in one statement.
    pub(super) fn look_up(
        &mut self,
        connection: &Connection,
        hashes: impl Iterator<Item = Uuid>,
    ) -> Work<()> {
        let unknown: HashSet<Uuid> = hashes.filter(|hash| !self.known.contains_key(hash)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let unknown: Vec<Uuid> = unknown.into_iter().collect();
        let mut found = find(connection, &unknown)?;
        for hash in unknown {
            let known = found.remove(&hash).map(|known| (known.fingerprint, known.seq));
            self.known.insert(hash, known);
        }
        Ok(())
    }

    /// The fingerprint and number of an event, where it was looked up and is there.
    pub(super) fn of(&self, hash: Uuid) -> Option<(Uuid, i64)> {
        self.known.get(&hash).copied().flatten()
    }

    /// Adds an event that is recorded now.
    pub(super) fn add(&mut self, hash: Uuid, fingerprint: Uuid, seq: i64, time_ms: i64) {
        self.known.insert(hash, Some((fingerprint, seq)));
        self.added.push(hash, fingerprint, seq, time_ms);
    }

    /// Writes what was added.
    pub(super) fn flush(&mut self, connection: &Connection, tenant: TenantId) -> Work<()> {
        std::mem::take(&mut self.added).write(connection, tenant)
    }

    /// Forgets everything: what was added is taken back with a savepoint.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.added = Added::default();
    }
}

/// When an event was voided.
pub(super) fn voided_ms(connection: &Connection, hash: Uuid) -> Work<Option<i64>> {
    let voided = connection.prepared("SELECT voided_ms FROM identity WHERE hash = ?")?;
    let row = connection.wait_for(connection.client().query_opt(&voided, &[&hash]))?;
    Ok(row.and_then(|row| row.get(0)))
}

/// Identities of events that are recorded now, a column after another.
#[derive(Default)]
struct Added {
    hashes: Vec<Uuid>,
    fingerprints: Vec<Uuid>,
    seqs: Vec<i64>,
    times_ms: Vec<i64>,
}

impl Added {
    fn push(&mut self, hash: Uuid, fingerprint: Uuid, seq: i64, time_ms: i64) {
        self.hashes.push(hash);
        self.fingerprints.push(fingerprint);
        self.seqs.push(seq);
        self.times_ms.push(time_ms);
    }

    /// Writes them, in one statement.
    fn write(&self, connection: &Connection, tenant: TenantId) -> Work<()> {
        if self.hashes.is_empty() {
            return Ok(());
        }
        let add = connection.prepared(ADD)?;
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&self.hashes, &self.fingerprints, &self.seqs, &tenant.0, &self.times_ms];
        connection.wait_for(connection.client().execute(&add, &params))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_tell_everything_apart_and_stay() {
        let one = hash(TenantId(1), "default", "event-1");
        assert_eq!(one.to_string(), "ec00be77-0be8-8292-18b3-1f02bbf52e98");
        for other in [
            hash(TenantId(2), "default", "event-1"),
            hash(TenantId(1), "defaulte", "vent-1"),
            hash(TenantId(1), "default", "event-2"),
        ] {
            assert_ne!(one, other);
        }
    }
}
