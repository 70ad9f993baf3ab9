//! Packed columns that were read lately, in memory, so that asking again does not copy them out of the database page by
//! page. What a version of a packed stretch of time holds never changes, so nothing goes stale: whatever changes the
//! stretch takes its version away with it, and a version is never given out twice.

use super::kept::Kept;
use super::usage::{Bounds, Slices, Surveys};
use crate::error::Work;
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;

/// The most bytes that are kept, unless another number is wanted.
pub(crate) const MAX_BYTES: usize = 256 << 20;
/// What was not used for so long is forgotten when the store is idle.
const STALE: Duration = Duration::from_secs(10);
/// The same for sums and surveys, which are small and spare much.
const STALE_SUMS: Duration = Duration::from_mins(10);

/// What is packed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PackedKind {
    /// The events of a segment.
    Segment = 0,
    /// The users of a day.
    Users = 1,
}

/// Gives a stretch of time that is packed anew its version.
pub(crate) fn add_version(
    connection: &Connection,
    kind: PackedKind,
    tenant_id: i64,
    start_ms: i64,
) -> Work<()> {
    let sql = "INSERT INTO packed_version (kind, tenant_id, start_ms) VALUES (?, ?, ?)";
    connection.prepare_cached(sql)?.execute([kind as i64, tenant_id, start_ms])?;
    Ok(())
}

/// Takes the version of a packed stretch of time away.
pub(crate) fn drop_version(
    connection: &Connection,
    kind: PackedKind,
    tenant_id: i64,
    start_ms: i64,
) -> Work<()> {
    let sql = "DELETE FROM packed_version WHERE kind = ? AND tenant_id = ? AND start_ms = ?";
    connection.prepare_cached(sql)?.execute([kind as i64, tenant_id, start_ms])?;
    Ok(())
}

/// Columns by version and part, what they added up to and how far surveys of them came, shared by all readers.
#[derive(Clone)]
pub(crate) struct ColumnCache {
    columns: Kept<(i64, i64), Arc<[u8]>>,
    slices: Slices,
    surveys: Surveys,
    bounds: Bounds,
}

impl ColumnCache {
    /// One that keeps so many bytes of columns at most, and little more than half as many of what was found out from them.
    pub(crate) fn new(most_bytes: usize) -> Self {
        let quarter = most_bytes / 4;
        Self {
            columns: Kept::new(most_bytes),
            slices: Kept::new(quarter),
            surveys: Kept::new(quarter),
            bounds: Kept::new(most_bytes / 64),
        }
    }

    /// What segments added up to.
    pub(crate) fn slices(&self) -> &Slices {
        &self.slices
    }

    /// How far surveys came.
    pub(crate) fn surveys(&self) -> &Surveys {
        &self.surveys
    }

    /// Between what the sort values of segments lie.
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// A column, from memory or as `read` brings it. Without a version nothing is remembered.
    pub(crate) fn get(
        &self,
        version: Option<i64>,
        part: i64,
        read: impl FnOnce() -> Work<Arc<[u8]>>,
    ) -> Work<Arc<[u8]>> {
        let Some(version) = version else { return read() };
        let key = (version, part);
        if let Some(column) = self.columns.get(&key) {
            return Ok(column);
        }
        let data = read()?;
        self.columns.add(key, data.clone(), data.len());
        Ok(data)
    }

    /// Forgets what was not used lately.
    pub(crate) fn forget_stale(&self) {
        self.columns.forget_unused(STALE);
        self.slices.forget_unused(STALE_SUMS);
        self.surveys.forget_unused(STALE_SUMS);
        self.bounds.forget_unused(STALE_SUMS);
    }

    /// Nothing is remembered.
    pub(crate) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.slices.is_empty() && self.surveys.is_empty() && self.bounds.is_empty()
    }
}

impl Default for ColumnCache {
    fn default() -> Self {
        Self::new(MAX_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(bytes: usize) -> Arc<[u8]> {
        vec![7; bytes].into()
    }

    #[test]
    fn a_version_is_read_once_and_none_is_read_each_time() {
        let cache = ColumnCache::default();
        let mut reads = 0;
        for (version, expected) in [(Some(1), 1), (Some(1), 1), (Some(2), 2), (None, 3), (None, 4)] {
            let read = || {
                reads += 1;
                Ok(column(3))
            };
            assert_eq!(cache.get(version, 0, read).unwrap().len(), 3);
            assert_eq!(reads, expected);
        }
    }
}
