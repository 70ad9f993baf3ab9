//! The directory that is moved: locked, brought up to date, and read by connections that cannot write.

use crate::error::{Fault, Work, unavailable};
use crate::sqlite::connection::{beside, database_path, reader};
use crate::sqlite::{Migrations, migrate};
use meterwire_app::ports::{StoreError, StoreResult};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tokio::sync::mpsc;

/// Pieces that are read ahead.
const AHEAD: usize = 2;

/// Every secret that a directory keeps sealed: keys of providers' report APIs, addresses and secrets of channels. They are moved
/// as they are, so the same key has to open them.
pub fn sealed_secrets(dir: &Path) -> StoreResult<Vec<Vec<u8>>> {
    let connection = beside(dir)?;
    migrate::check_known(&connection)?;
    let read = || -> Work<Vec<Vec<u8>>> {
        let sql = "SELECT sealed_key FROM provider_connection UNION ALL SELECT sealed FROM channel WHERE sealed IS NOT NULL";
        let mut statement = connection.prepare(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    Ok(read()?)
}

/// A directory that nobody else can open while this lives.
pub(super) struct Source {
    path: PathBuf,
    mark: String,
    last_seq: i64,
    _owned: Migrations,
}

impl Source {
    /// Locks a directory and applies what migrations it lacks, as a server would.
    pub(super) fn open(dir: &Path) -> StoreResult<Self> {
        let path = database_path(dir);
        if !path.is_file() {
            let sentence = format!("{} holds no data: there is no meterwire.db", dir.display());
            return Err(StoreError::Conflict(sentence));
        }
        let mut owned = Migrations::open(dir)?;
        let connection = reader(&path)?;
        migrate::check_known(&connection)?;
        owned.up()?;
        // Everything is in the one file then, and a later run sees whether anybody has written since.
        owned.checkpoint()?;
        let last = "SELECT coalesce(max(seq), 0) FROM event";
        let last_seq = connection.query_row(last, [], |row| row.get(0)).map_err(Fault::from)?;
        Ok(Self { mark: mark_of(&path)?, path, last_seq, _owned: owned })
    }

    /// Tells this directory, as it is, from all others.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// The highest number of an event.
    pub(super) fn last_seq(&self) -> i64 {
        self.last_seq
    }

    /// A connection of its own.
    pub(super) fn connect(&self) -> StoreResult<Connection> {
        reader(&self.path)
    }

    /// Reads on a thread of its own, a little ahead of whoever takes it. Behind an error nothing more comes.
    pub(super) fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection, &mut dyn FnMut(T) -> bool) -> Work<()> + Send + 'static,
    ) -> mpsc::Receiver<Work<T>> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || {
            // Nobody takes it any more: then it ends as well.
            let mut send = |piece| sender.blocking_send(Ok(piece)).is_ok();
            let done = reader(&path).map_err(Fault::from).and_then(|connection| read(&connection, &mut send));
            if let Err(fault) = done {
                let _ = sender.blocking_send(Err(fault));
            }
        });
        receiver
    }
}

/// Size and time of the last write.
fn mark_of(path: &Path) -> StoreResult<String> {
    let told = |error: std::io::Error| unavailable(format!("cannot look at {}: {error}", path.display()));
    let file = path.metadata().map_err(told)?;
    let written = file.modified().map_err(told)?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let path = path.canonicalize().map_err(told)?;
    Ok(format!("{} bytes, written at {}, {}", file.len(), written.as_nanos(), path.display()))
}
