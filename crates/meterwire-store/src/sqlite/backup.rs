//! Backup and restore.
//!
//! A backup is taken on a snapshot: the writer goes on meanwhile, and only its write-ahead log grows for as long. The
//! copy gets its name when it is complete and on disk, so half a backup never looks like a whole one.

use crate::SqliteStore;
use crate::error::{Work, failed, unavailable};
use crate::sqlite::connection;
use crate::sqlite::doctor::Progress;
use crate::sqlite::lock::DirLock;
use crate::sqlite::migrate;
use crate::sqlite::private;
use meterwire_app::ports::{StoreError, StoreResult};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pages copied between two notes of progress: 1 MiB.
const STEP_PAGES: i32 = 256;

impl SqliteStore {
    /// Copies the whole store, as it is at this moment, into an empty directory; answers the bytes written.
    pub async fn backup(
        &self,
        to: PathBuf,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> StoreResult<u64> {
        let source = self.new_reader()?;
        let copied = tokio::task::spawn_blocking(move || copy_into(&source, &to, progress));
        copied.await.map_err(|error| failed(format!("the backup did not end well: {error}")))?
    }
}

/// Copies a data directory, as it is at this moment, into an empty one, whether a server in another process is working on
/// it or not; answers the bytes written.
pub fn hot(from: &Path, to: &Path, progress: impl FnMut(Progress)) -> StoreResult<u64> {
    let source = connection::beside(from)?;
    migrate::check_known(&source)?;
    copy_into(&source, to, progress)
}

fn copy_into(source: &Connection, to: &Path, progress: impl FnMut(Progress)) -> StoreResult<u64> {
    make_empty(to)?;
    let target = connection::database_path(to);
    let partial = target.with_extension("partial");
    let result = copy(source, &partial, progress);
    finish(result, &partial, &target)
}

/// Copies a backup into an empty data directory after checking that it is whole; answers its bytes.
pub fn restore(from: &Path, to: &Path, progress: impl FnMut(Progress)) -> StoreResult<u64> {
    let source = connection::database_path(from);
    if !source.is_file() {
        return Err(StoreError::Conflict(format!(
            "{} holds no backup: there is no meterwire.db",
            from.display()
        )));
    }
    if source.with_extension("db-wal").metadata().is_ok_and(|log| log.len() > 0) {
        let sentence =
            "is a data directory in use or not closed well, not a backup; take one with meterwire backup";
        return Err(StoreError::Conflict(format!("{} {sentence}", from.display())));
    }
    make_empty(to)?;
    let _lock = DirLock::acquire(to)?;
    let target = connection::database_path(to);
    let partial = target.with_extension("partial");
    // Nothing else writes to a backup, so it is read as it lies there, from read-only media too.
    let uri = format!("file:{}?immutable=1", percent_encoded(&source));
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> Work<Connection> { Ok(Connection::open_with_flags(uri, flags)?) };
    let source = open()?;
    let result = check_whole(&source, from).and_then(|()| copy(&source, &partial, progress));
    finish(result, &partial, &target)
}

/// Refuses a database that this program cannot serve or whose pages are damaged.
fn check_whole(source: &Connection, from: &Path) -> StoreResult<()> {
    migrate::check_known(source)?;
    let check =
        || -> Work<String> { Ok(source.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?) };
    match check()?.as_str() {
        "ok" => Ok(()),
        complaint => {
            Err(StoreError::Conflict(format!("the backup in {} is damaged: {complaint}", from.display())))
        }
    }
}

fn copy(source: &Connection, partial: &Path, mut progress: impl FnMut(Progress)) -> StoreResult<()> {
    private::make_file(partial)
        .map_err(|error| unavailable(format!("cannot write {}: {error}", partial.display())))?;
    let mut work = || -> Work<()> {
        // An open snapshot keeps the copy from starting over whenever the writer commits.
        let snapshot = source.unchecked_transaction()?;
        snapshot.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let mut target = Connection::open(partial)?;
        let backup = Backup::new(&snapshot, &mut target)?;
        loop {
            let result = backup.step(STEP_PAGES)?;
            let pages = backup.progress();
            let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
            let total = count(pages.pagecount);
            progress(Progress { done: total - count(pages.remaining).min(total), total });
            match result {
                StepResult::Done => return Ok(()),
                StepResult::More => {}
                // A moment's lock, such as that of a checkpoint.
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    };
    Ok(work()?)
}

/// Brings the copy to disk and gives it its name, or removes what is left of it.
fn finish(result: StoreResult<()>, partial: &Path, target: &Path) -> StoreResult<u64> {
    let settle = || -> std::io::Result<u64> {
        let file = File::open(partial)?;
        file.sync_all()?;
        fs::rename(partial, target)?;
        if let Some(dir) = target.parent() {
            File::open(dir)?.sync_all()?;
        }
        Ok(file.metadata()?.len())
    };
    let settled = result.and_then(|()| settle().map_err(|error| StoreError::Unavailable(Box::new(error))));
    if settled.is_err() {
        // The first error is the one to tell of.
        let _ = fs::remove_file(partial);
    }
    settled
}

/// Makes a directory, or takes one in which there is nothing but an old lock file.
fn make_empty(dir: &Path) -> StoreResult<()> {
    let cannot = |error: std::io::Error| unavailable(format!("cannot use {}: {error}", dir.display()));
    private::make_dir(dir).map_err(cannot)?;
    for entry in fs::read_dir(dir).map_err(cannot)? {
        if entry.map_err(cannot)?.file_name() != OsStr::new("meterwire.lock") {
            return Err(StoreError::Conflict(format!("{} is not empty", dir.display())));
        }
    }
    Ok(())
}

/// A path inside a `file:` URI.
fn percent_encoded(path: &Path) -> String {
    let mut encoded = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                encoded.push(char::from(*byte));
            }
            other => {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{other:02X}");
            }
        }
    }
    encoded
}
