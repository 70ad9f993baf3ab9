//! What the writer owns: the only writing connection, and what it remembers between commands.

use super::recording::Recording;
use crate::error::{Fault, Work};
use crate::session::{Events, Remembered, Session};
use crate::sqlite::connection::BUSY_TIMEOUT;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// The largest database that is written anew behind an erasure: 64 MiB, a matter of a second at most.
const MAX_COMPACTED_PAGES: i64 = 16_384;

/// The writer's connection and memory.
pub(crate) struct Writer {
    connection: Connection,
    pub(crate) remembered: Remembered,
    pub(crate) recording: Recording,
    /// Changes when another program has changed the database.
    data_version: i64,
}

impl Writer {
    pub(crate) fn new(connection: Connection, recording: Recording) -> Self {
        Self { connection, remembered: Remembered::default(), recording, data_version: 0 }
    }

    /// What a command works with.
    pub(super) fn session(&mut self) -> Session<'_> {
        self.remembered.session((&self.connection).into(), Events::Sqlite(&mut self.recording))
    }

    /// The number that grows when events are changed where they stand, for those outside of the writer.
    pub(crate) fn in_place_changes(&self) -> Arc<AtomicU64> {
        self.recording.shared_in_place_changes()
    }

    /// Counts the pages of the write-ahead log after each commit.
    pub(super) fn count_wal_pages(&mut self) -> Arc<AtomicI64> {
        let pages = Arc::new(AtomicI64::new(0));
        let counted = pages.clone();
        let hook = move |_: &mut rusqlite::hooks::Wal, count| {
            counted.store(i64::from(count), Ordering::Relaxed);
            Ok(())
        };
        if let Err(error) = self.connection.wal_hook(Some(hook)) {
            // Without the count the log is still emptied whenever the store is idle.
            tracing::warn!(%error, "the write-ahead log is not watched");
        }
        pages
    }

    pub(super) fn begin(&mut self) -> Work<()> {
        self.execute("BEGIN IMMEDIATE")?;
        self.remembered.counters.shrink();
        self.notice_changes()?;
        self.recording.identities.ready(&self.connection)
    }

    /// Forgets counters and tiers where another program has changed the database since this was last asked.
    pub(super) fn notice_changes(&mut self) -> Work<()> {
        let version =
            self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if version != self.data_version {
            self.data_version = version;
            self.remembered.somebody_changed_the_catalog();
            self.recording.identities.invalidate();
            self.recording.sealed.clear();
        }
        Ok(())
    }

    pub(super) fn commit(&self) -> Work<()> {
        self.execute("COMMIT")
    }

    /// What waits is written before, so that a savepoint undoes nothing of others.
    pub(super) fn savepoint(&mut self) -> Work<()> {
        self.remembered.counters.flush(&(&self.connection).into())?;
        self.recording.identities.begin_savepoint();
        self.execute("SAVEPOINT command")
    }

    pub(super) fn release(&self) -> Work<()> {
        self.execute("RELEASE command")
    }

    pub(super) fn roll_back_to_savepoint(&mut self) -> Work<()> {
        self.remembered.roll_back_to_savepoint();
        self.recording.roll_back_to_savepoint();
        self.execute("ROLLBACK TO command")?;
        self.release()
    }

    /// Undoes the transaction and forgets what was learned in it.
    pub(super) fn roll_back(&mut self) {
        self.remembered.roll_back();
        self.recording.roll_back();
        // Some errors roll back by themselves.
        if !self.connection.is_autocommit()
            && let Err(fault) = self.execute("ROLLBACK")
        {
            tracing::error!(error = %fault, "a transaction could not be rolled back");
        }
    }

    pub(super) fn checkpoint(&self, mode: &str) -> Work<()> {
        let pragma = format!("PRAGMA wal_checkpoint({mode})");
        self.connection.query_row(&pragma, [], |_| Ok(()))?;
        Ok(())
    }

    /// Writes a small database anew: where a page was split, an unused part of it can hold what has moved away. A large one
    /// would keep everybody waiting. Never inside of a transaction.
    pub(super) fn compact(&mut self) -> Work<()> {
        if !std::mem::take(&mut self.recording.must_compact) {
            return Ok(());
        }
        let pages: i64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        if pages > MAX_COMPACTED_PAGES {
            tracing::info!(pages, "the database is too large to be written anew behind an erasure");
            return Ok(());
        }
        self.connection.execute_batch("VACUUM")?;
        self.recording.must_empty_log = true;
        Ok(())
    }

    pub(super) fn must_empty_log(&self) -> bool {
        self.recording.must_empty_log
    }

    /// Empties the write-ahead log unless a reader needs it; `true` where it is empty now. Never inside of a transaction.
    pub(super) fn try_empty_log(&mut self) -> Work<bool> {
        // Whoever wants to write must not wait for readers.
        self.connection.busy_timeout(Duration::from_millis(10))?;
        let busy =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
        self.connection.busy_timeout(BUSY_TIMEOUT)?;
        self.recording.must_empty_log = busy?;
        Ok(!self.recording.must_empty_log)
    }

    /// Gives memory back: the pages that are remembered, and the room that the largest group so far took.
    pub(super) fn shrink(&mut self) {
        self.remembered.labels.shrink();
        self.recording.shrink();
        if let Err(error) = self.connection.execute_batch("PRAGMA shrink_memory") {
            tracing::debug!(%error, "memory could not be given back");
        }
    }

    /// Has the index of identities put what it holds into order.
    pub(super) fn tend_identities(&mut self) -> Work<()> {
        self.recording.identities.tend(&self.connection)
    }

    /// What others may learn only when it is on disk.
    pub(super) fn after_commit(&mut self) {
        self.remembered.revisions.publish();
        self.recording.after_commit();
    }

    fn execute(&self, sql: &str) -> Work<()> {
        self.connection.prepare_cached(sql)?.execute([]).map(drop).map_err(Fault::from)
    }
}
