//! Connections: how every one of them is set up.

use crate::error::{Fault, Work, unavailable};
use crate::sqlite::private;
use crate::sums::Sums;
use meterwire_app::ports::{StoreError, StoreResult};
use meterwire_core::sketch::LatencySketch;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The database file of a data directory.
pub(crate) fn database_path(dir: &Path) -> PathBuf {
    dir.join("meterwire.db")
}

// What is deleted is overwritten, so that erasing a user erases it. Negative cache sizes are KiB. The caches fill with use and are given back when the store is idle.
const WRITER_PRAGMAS: &str = "
PRAGMA page_size = 4096;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA wal_autocheckpoint = 0;
PRAGMA cache_size = -32768;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
";

/// How long a connection waits for another program's lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const READER_PRAGMAS: &str = "
PRAGMA query_only = ON;
PRAGMA cache_size = -4096;
PRAGMA temp_store = MEMORY;
";

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_READ_WRITE);

/// The writing connection; makes the database where it is missing. The writer checkpoints by itself.
pub(crate) fn writer(path: &Path) -> StoreResult<Connection> {
    private::make_file(path)
        .map_err(|error| unavailable(format!("cannot open {}: {error}", path.display())))?;
    let open = || -> Work<Connection> {
        let connection = Connection::open_with_flags(path, FLAGS | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch(WRITER_PRAGMAS)?;
        connection.set_prepared_statement_cache_capacity(128);
        register_sketch_add(&connection)?;
        register_sums_add(&connection)?;
        Ok(connection)
    };
    Ok(open()?)
}

/// A reading connection on a database that is open for writing already.
pub(crate) fn reader(path: &Path) -> StoreResult<Connection> {
    let open = || -> Work<Connection> {
        let connection = Connection::open_with_flags(path, FLAGS)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch(READER_PRAGMAS)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    };
    Ok(open()?)
}

/// A reading connection on a directory that another process may be working on.
pub(crate) fn beside(dir: &Path) -> StoreResult<Connection> {
    let path = database_path(dir);
    if !path.is_file() {
        return Err(StoreError::Conflict(format!(
            "{} holds no data: there is no meterwire.db",
            dir.display()
        )));
    }
    reader(&path)
}

/// `sketch_add(a, b)`: two latency sketches as one; NULL is the empty one.
fn register_sketch_add(connection: &Connection) -> Work<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("sketch_add", 2, flags, |context| {
        let damaged = || rusqlite::Error::UserFunctionError("a stored latency sketch is damaged".into());
        let mut sum = sketch_from_row(context.get_raw(0)).ok_or_else(damaged)?;
        sum.merge(&sketch_from_row(context.get_raw(1)).ok_or_else(damaged)?);
        Ok(sketch_to_row(&sum))
    })?;
    Ok(())
}

/// `sums_add(a, b)`: the sums of two rollup rows as one. Beyond 64 bits it fails like a STRICT column would.
fn register_sums_add(connection: &Connection) -> Work<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("sums_add", 2, flags, |context| {
        let damaged = || rusqlite::Error::UserFunctionError("the sums of a rollup are damaged".into());
        let mut sums = sums_from_row(context.get_raw(0)).ok_or_else(damaged)?;
        let change = sums_from_row(context.get_raw(1)).ok_or_else(damaged)?;
        sums.add(&change, 1).map_err(|_| {
            rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE),
                None,
            )
        })?;
        Ok(sums.to_row())
    })?;
    Ok(())
}

/// Reads the sums of a rollup row; `None` where they are damaged.
pub(crate) fn sums_from_row(value: ValueRef<'_>) -> Option<Sums> {
    match value {
        ValueRef::Blob(bytes) => Sums::from_row(bytes),
        _ => None,
    }
}

/// Reads a sketch; NULL is the empty one, `None` a damaged one.
pub(crate) fn sketch_from_row(value: ValueRef<'_>) -> Option<LatencySketch> {
    match value {
        ValueRef::Null => Some(LatencySketch::default()),
        ValueRef::Blob(bytes) => LatencySketch::from_bytes(bytes),
        _ => None,
    }
}

/// A sketch as it is stored.
pub(crate) fn sketch_to_row(sketch: &LatencySketch) -> Option<Vec<u8>> {
    (!sketch.is_empty()).then(|| sketch.to_bytes())
}

/// Sums or a sketch that cannot be read.
pub(crate) fn damaged_rollup() -> Fault {
    Fault::Damaged("a row of a rollup cannot be read; run meterwire doctor --repair".to_owned())
}
