//! Files and directories that nobody but their owner reads: they hold what customers did, and sealed secrets.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const DIR_MODE: u32 = 0o700;
pub(crate) const FILE_MODE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// Makes a directory where it is missing. One that is there keeps its mode: somebody has chosen it.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir)
}

/// Makes an empty database file where it is missing. `SQLite` gives its log and its shared memory the mode of the database.
pub(crate) fn make_file(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if fs::metadata(path)?.permissions().mode() & OTHERS != 0 {
                // Made by an older version, or on purpose; it is told, not changed.
                tracing::warn!(file = %path.display(), "others than its owner may open the database: chmod 600 ends that");
            }
            Ok(())
        }
        Err(error) => Err(error),
    }
}
