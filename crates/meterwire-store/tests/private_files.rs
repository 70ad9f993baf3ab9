//! What a store makes is for its owner alone.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use meterwire_store::{OpenOptions, SqliteStore, backup};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The name and the mode of each file of a directory.
fn files(dir: &Path) -> Vec<(String, u32)> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    let mut files: Vec<_> =
        entries.map(|entry| (entry.file_name().into_string().unwrap(), mode(&entry.path()))).collect();
    files.sort();
    files
}

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(OpenOptions::new(dir)).unwrap()
}

#[tokio::test]
async fn files_and_directories_are_for_their_owner() {
    let outer = tempfile::tempdir().unwrap();
    let [data, copy, hot, restored] =
        ["new/data", "copy", "hot", "restored"].map(|name| outer.path().join(name));
    let store = open(&data);
    store.backup(copy.clone(), |_| {}).await.unwrap();
    backup::hot(&data, &hot, |_| {}).unwrap();
    let made = files(&data);
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["meterwire.db", "meterwire.db-shm", "meterwire.db-wal", "meterwire.lock"]);
    assert!(made.iter().all(|(_, mode)| *mode == 0o600), "{made:?}");
    store.close().await.unwrap();
    backup::restore(&copy, &restored, |_| {}).unwrap();
    for dir in [&data, &copy, &hot, &restored] {
        assert_eq!(mode(dir), 0o700, "{}", dir.display());
        let made = files(dir);
        assert!(!made.is_empty() && made.iter().all(|(_, mode)| *mode == 0o600), "{made:?}");
    }
    open(&restored).close().await.unwrap();
}

#[tokio::test]
async fn a_directory_that_is_there_keeps_its_mode() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o750)).unwrap();
    open(dir.path()).close().await.unwrap();
    assert_eq!(mode(dir.path()), 0o750);
    // So does a database of an older version; it works on.
    let database = dir.path().join("meterwire.db");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    open(dir.path()).close().await.unwrap();
    assert_eq!(mode(&database), 0o644);
}
