//! The lock of a data directory: one process owns it at a time.

use crate::error::{failed, unavailable};
use crate::sqlite::private;
use meterwire_app::ports::{StoreError, StoreResult};
use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

const LOCK_FILE: &str = "meterwire.lock";

/// Held as long as the directory is owned. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Makes the directory where it is missing, and owns it.
    pub(crate) fn acquire(dir: &Path) -> StoreResult<Self> {
        private::make_dir(dir).map_err(|error| cannot_open(dir, &error))?;
        let path = dir.join(LOCK_FILE);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(private::FILE_MODE)
            .open(&path)
            .map_err(|error| cannot_open(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Conflict(format!(
                "{} is in use by another meterwire process; use --url",
                dir.display()
            ))),
            Err(TryLockError::Error(error)) => {
                Err(failed(format!("cannot lock {}: {error}", path.display())))
            }
        }
    }
}

fn cannot_open(path: &Path, error: &std::io::Error) -> StoreError {
    unavailable(format!("cannot open {}: {error}", path.display()))
}
