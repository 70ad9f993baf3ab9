//! Packed columns that were read lately, in memory, so that asking again does not copy them out of the database page by
//! page. What a version of a packed stretch of time holds never changes, so nothing goes stale: whatever changes the
//! stretch takes its version away with it, and a version is never given out twice.

use crate::error::Work;
use hashbrown::HashMap;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most bytes that are kept, unless another number is wanted.
pub(crate) const MAX_BYTES: usize = 256 << 20;
/// What was used within this time makes no room for others: a question that reads more than there is room for would
/// otherwise find nothing of it at its next time.
const FRESH: Duration = Duration::from_millis(250);
/// What was not used for so long is forgotten when the store is idle.
const STALE: Duration = Duration::from_secs(10);

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

/// Columns by version and part, shared by all readers.
#[derive(Clone, Default)]
pub(crate) struct ColumnCache(Arc<Mutex<Columns>>);

struct Columns {
    most_bytes: usize,
    by_version: HashMap<(i64, i64), Column>,
    bytes: usize,
    /// No room is looked for before this: there was none a moment ago.
    full_until: Option<Instant>,
}

struct Column {
    data: Arc<[u8]>,
    used: Instant,
}

impl ColumnCache {
    /// One that keeps so many bytes at most.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Columns { most_bytes, ..Columns::default() })))
    }

    fn lock(&self) -> MutexGuard<'_, Columns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A column, from memory or as `read` brings it. Without a version nothing is remembered.
    pub(crate) fn get(
        &self,
        version: Option<i64>,
        part: i64,
        read: impl FnOnce() -> Work<Arc<[u8]>>,
    ) -> Work<Arc<[u8]>> {
        let Some(version) = version else { return read() };
        let now = Instant::now();
        if let Some(column) = self.lock().by_version.get_mut(&(version, part)) {
            column.used = now;
            return Ok(column.data.clone());
        }
        let data = read()?;
        self.lock().add((version, part), &data, now);
        Ok(data)
    }

    /// Forgets what was not used lately.
    pub(crate) fn forget_stale(&self) {
        let now = Instant::now();
        let mut columns = self.lock();
        columns.keep(|column| now.saturating_duration_since(column.used) < STALE);
        columns.by_version.shrink_to_fit();
    }

    /// Nothing is remembered.
    pub(crate) fn is_empty(&self) -> bool {
        self.lock().by_version.is_empty()
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self { most_bytes: MAX_BYTES, by_version: HashMap::new(), bytes: 0, full_until: None }
    }
}

impl Columns {
    fn add(&mut self, key: (i64, i64), data: &Arc<[u8]>, now: Instant) {
        if self.bytes + data.len() > self.most_bytes {
            if self.full_until.is_some_and(|until| now < until) {
                return;
            }
            self.keep(|column| now.saturating_duration_since(column.used) < FRESH);
            if self.bytes + data.len() > self.most_bytes {
                self.full_until = Some(now + FRESH / 5);
                return;
            }
        }
        self.bytes += data.len();
        // Two readers may have brought the same.
        if let Some(other) = self.by_version.insert(key, Column { data: data.clone(), used: now }) {
            self.bytes -= other.data.len();
        }
    }

    fn keep(&mut self, mut wanted: impl FnMut(&Column) -> bool) {
        let bytes = &mut self.bytes;
        self.by_version.retain(|_, column| {
            let kept = wanted(column);
            if !kept {
                *bytes -= column.data.len();
            }
            kept
        });
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
        assert_eq!(cache.lock().bytes, 6);
    }

    #[test]
    fn memory_is_bounded_and_what_is_fresh_stays() {
        let mut columns = Columns::default();
        let start = Instant::now();
        let large = column(MAX_BYTES / 4);
        for number in 0..9 {
            columns.add((number, 0), &large, start);
        }
        assert_eq!((columns.bytes, columns.by_version.len()), (MAX_BYTES, 4));
        columns.add((9, 0), &large, start + FRESH * 2);
        assert!(columns.by_version.contains_key(&(9, 0)) && columns.bytes <= MAX_BYTES);
    }
}
