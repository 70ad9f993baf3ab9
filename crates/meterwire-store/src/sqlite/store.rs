//! The store as its callers know it: opened, written, read, closed.

use crate::error::{Work, failed};
use crate::limits::Shared;
use crate::memory;
use crate::revision;
use crate::session::Weight;
use crate::sqlite::column_cache;
use crate::sqlite::connection;
use crate::sqlite::identity;
use crate::sqlite::lock::DirLock;
use crate::sqlite::migrate;
use crate::sqlite::reader::Readers;
use crate::sqlite::segment::SealSearch;
use crate::sqlite::usage::LabelTexts;
use crate::sqlite::writer::{self, Batch, Limits, Queue, Recording, Void, Writer};
use crate::store::SqlStore;
use async_trait::async_trait;
use meterwire_app::ports::{Audit, Ledger, StoreResult, TenantId, Verdict, Voided};
use meterwire_core::event::Event;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The data directory; made where it is missing.
    pub dir: PathBuf,
    /// Reading connections: so many questions are answered at once.
    pub readers: usize,
    /// The most commands that may wait for the writer.
    pub max_waiting_commands: usize,
    /// The most events that may wait for the writer.
    pub max_waiting_events: usize,
    /// The most memory, in bytes, of what waits for the writer.
    pub max_waiting_bytes: usize,
    /// The most events of one transaction.
    pub max_group_events: usize,
    /// Identities that are kept in memory before they are written as a run.
    pub recent_identities: usize,
    /// A question that takes longer is given up.
    pub query_timeout: Duration,
    /// The most pages of 4 KiB the database may have; `None` for as many as the disk holds.
    pub max_pages: Option<u32>,
    /// Hours with fewer events are not packed into segments.
    pub min_segment_events: u32,
    /// The most memory, in bytes, of packed columns that were read lately.
    pub column_bytes: usize,
}

impl OpenOptions {
    /// The defaults for a directory.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            readers: 4,
            max_waiting_commands: 10_000,
            max_waiting_events: 200_000,
            max_waiting_bytes: 128 << 20,
            max_group_events: 20_000,
            recent_identities: identity::NEWEST,
            query_timeout: Duration::from_secs(30),
            max_pages: None,
            min_segment_events: 64,
            column_bytes: column_cache::MAX_BYTES,
        }
    }

    fn limits(&self) -> Limits {
        let bytes = self.max_waiting_bytes;
        let waiting = Weight { commands: self.max_waiting_commands, events: self.max_waiting_events, bytes };
        let group = Weight { commands: 10_000, events: self.max_group_events, bytes: bytes.min(64 << 20) };
        Limits { waiting, group }
    }
}

/// The embedded store. Clones share one writer and one pool of readers.
pub type SqliteStore = SqlStore<Sqlite>;

/// What the embedded store does in its own way.
pub struct Sqlite {
    pub(super) dir: PathBuf,
    pub(super) queue: Arc<Queue>,
    pub(super) writer: Mutex<Option<JoinHandle<()>>>,
    pub(super) readers: Readers,
    pub(super) texts: LabelTexts,
    pub(super) counters: Arc<Shared>,
    pub(super) recent: Arc<identity::Recent>,
    pub(super) revisions: Arc<revision::Shared>,
    pub(super) in_place_changes: Arc<AtomicU64>,
    pub(super) seal_search: SealSearch,
    pub(super) min_segment_events: i64,
    /// Whether a removed dimension may have left rollups behind.
    pub(super) may_clear: AtomicBool,
    /// The number of the re-rating that took a step last.
    pub(super) last_rerating: AtomicI64,
    // Last, so that the directory is let go of when everything else has ended.
    pub(super) lock: Mutex<Option<DirLock>>,
}

impl SqliteStore {
    /// Owns the directory, brings the database up to date and starts the writer. Blocks for as long as that takes.
    pub fn open(options: OpenOptions) -> StoreResult<Self> {
        memory::bound();
        let lock = DirLock::acquire(&options.dir)?;
        let path = connection::database_path(&options.dir);
        let connection = connection::writer(&path)?;
        migrate::up(&connection)?;
        if let Some(pages) = options.max_pages {
            limit_pages(&connection, pages)?;
        }
        let texts = LabelTexts::new(options.column_bytes);
        let columns = texts.columns().clone();
        let readers = Readers::open(&path, options.readers.max(1), options.query_timeout, columns)?;
        let queue = Arc::new(Queue::new(options.limits()));
        let writer = Writer::new(connection, Recording::new(options.recent_identities, texts.clone()));
        let recent = writer.recording.identities.recent();
        let (counters, revisions) =
            (writer.remembered.counters.shared(), writer.remembered.revisions.shared());
        let in_place_changes = writer.in_place_changes();
        let (for_writer, idle_readers) = (queue.clone(), readers.idle());
        let thread = std::thread::Builder::new()
            .name("meterwire-writer".to_owned())
            .spawn(move || writer::run(writer, &for_writer, &idle_readers))
            .map_err(|error| failed(format!("the writer cannot be started: {error}")))?;
        let backend = Sqlite {
            dir: options.dir,
            queue,
            writer: Mutex::new(Some(thread)),
            readers,
            texts,
            counters,
            recent,
            revisions,
            in_place_changes,
            seal_search: SealSearch::default(),
            min_segment_events: options.min_segment_events.max(1).into(),
            may_clear: AtomicBool::new(true),
            last_rerating: AtomicI64::new(0),
            lock: Mutex::new(Some(lock)),
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.backend.dir
    }

    /// Writes what was accepted, empties the write-ahead log and lets go of the directory. Everything asked later is
    /// refused. Doing it twice is fine.
    pub async fn close(&self) -> StoreResult<()> {
        self.backend.queue.close();
        self.backend.readers.close().await;
        let backend = self.backend.clone();
        let joined = tokio::task::spawn_blocking(move || backend.stop()).await;
        joined.map_err(|error| failed(format!("the writer did not end well: {error}")))?
    }

    /// Reads on a snapshot with what SQLite alone can do.
    pub(crate) async fn snapshot<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Work<T> + Send + 'static,
    {
        self.backend.readers.read(run).await
    }

    /// A connection of its own beside the pool, for long work.
    pub(crate) fn new_reader(&self) -> StoreResult<Connection> {
        connection::reader(&connection::database_path(&self.backend.dir))
    }

    /// How often events were changed where they stand.
    pub(crate) fn in_place_changes(&self) -> u64 {
        self.backend.in_place_changes.load(Ordering::SeqCst)
    }

    /// How far the search for hours to pack has come.
    pub(crate) fn seal_search(&self) -> &SealSearch {
        &self.backend.seal_search
    }

    /// Hours with fewer events are not packed.
    pub(crate) fn min_segment_events(&self) -> i64 {
        self.backend.min_segment_events
    }

    /// What is needed to find an event on a snapshot that is made after this.
    pub(crate) fn sought(&self, tenant: TenantId, source: &str, id: &str) -> identity::Sought {
        self.backend.recent.sought(tenant, source, id)
    }

    pub(crate) fn texts(&self) -> LabelTexts {
        self.backend.texts.clone()
    }
}

impl Sqlite {
    fn stop(&self) -> StoreResult<()> {
        self.queue.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ended = writer.is_none_or(|writer| writer.join().is_ok());
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        if ended { Ok(()) } else { Err(failed("the writer had stopped by a panic")) }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "the store was not closed well");
        }
    }
}

fn limit_pages(connection: &Connection, pages: u32) -> StoreResult<()> {
    let set = || -> Work<()> {
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        Ok(())
    };
    Ok(set()?)
}

#[async_trait]
impl Ledger for SqliteStore {
    async fn append(&self, tenant: TenantId, events: Vec<Event>) -> StoreResult<Vec<Verdict>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let batch = Batch::new(tenant, events);
        let weight = batch.weight();
        self.write_unguarded(tenant, weight, move |session| batch.append(session)).await
    }

    async fn void(&self, tenant: TenantId, source: &str, id: &str, audit: Audit) -> StoreResult<Voided> {
        let void = Void { tenant, source: source.to_owned(), id: id.to_owned(), audit };
        self.write(tenant, move |session| void.run(session)).await
    }

    fn leads(&self) -> bool {
        true
    }

    async fn upkeep(&self, now_ms: i64) -> StoreResult<bool> {
        self.seal_segments(now_ms).await
    }

    async fn probe(&self) -> StoreResult<()> {
        // A transaction without a change would not reach the disk.
        self.write(None, |session| session.change(include_str!("../../sql/setting/probe.sql"), []).map(drop))
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Fault;
    use crate::session::Session;
    use meterwire_app::ports::{Catalog, StoreError};
    use meterwire_core::event::{NewEvent, Rating};
    use std::sync::mpsc;

    fn options(dir: &Path) -> OpenOptions {
        OpenOptions { max_waiting_commands: 3, ..OpenOptions::new(dir) }
    }

    /// A command that the writer is busy with until the sender is dropped.
    async fn occupy(store: &SqliteStore) -> (mpsc::Sender<()>, tokio::task::JoinHandle<StoreResult<()>>) {
        let (release, wait) = mpsc::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (store, mut started) = (store.clone(), Some(started));
        let task = tokio::spawn(async move {
            let run = move |_: &mut Session<'_>| {
                started.take().map(|started| started.send(()));
                let _ = wait.recv();
                Ok(())
            };
            store.write(None, run).await
        });
        has_started.await.unwrap();
        (release, task)
    }

    #[tokio::test]
    async fn what_does_not_fit_the_queue_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(options(dir.path())).unwrap();
        let (release, occupied) = occupy(&store).await;
        let waiting: Vec<_> = (0..3)
            .map(|i| {
                let store = store.clone();
                tokio::spawn(async move { store.set_setting("waiting", &i.to_string()).await })
            })
            .collect();
        while store.backend.queue.waiting_commands() < 3 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(store.set_setting("x", "y").await, Err(StoreError::Busy)));
        drop(release);
        occupied.await.unwrap().unwrap();
        for task in waiting {
            task.await.unwrap().unwrap();
        }
        assert_eq!(store.setting("x").await.unwrap(), None);
        assert_eq!(store.setting("waiting").await.unwrap().as_deref(), Some("2"));
    }

    #[tokio::test]
    async fn one_bad_command_does_not_harm_its_group() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        let (release, occupied) = occupy(&store).await;
        // All of these wait, so they are one group.
        let good = tokio::spawn({
            let store = store.clone();
            async move { store.set_setting("good", "1").await }
        });
        let bad = tokio::spawn({
            let store = store.clone();
            async move {
                let run = |session: &mut Session<'_>| -> Work<()> {
                    session.change("INSERT INTO setting (name, value) VALUES ('bad', '1')", [])?;
                    Err(Fault::Damaged("on purpose".to_owned()))
                };
                store.write_unguarded(None, Weight::SMALL, run).await
            }
        });
        while store.backend.queue.waiting_commands() < 2 {
            tokio::task::yield_now().await;
        }
        drop(release);
        occupied.await.unwrap().unwrap();
        good.await.unwrap().unwrap();
        assert!(matches!(bad.await.unwrap(), Err(StoreError::Failed(_))));
        assert_eq!(store.setting("good").await.unwrap().as_deref(), Some("1"));
        assert_eq!(store.setting("bad").await.unwrap(), None);
    }

    #[tokio::test]
    async fn mending_counts_what_its_own_group_appended_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        let audit = Audit { actor: "test".into(), action: "tenant.create", target: "acme".into(), at_ms: 0 };
        let tenant = store.create_tenant("acme", "Acme", "UTC", audit).await.unwrap().id;
        let event = |id: &str| {
            let sent = NewEvent { id: Some(id.to_owned()), ..NewEvent::default() };
            let fingerprint = sent.fingerprint();
            sent.complete(fingerprint, String::new, 1_800_000_000_000, Rating::Free).unwrap()
        };
        store.append(tenant, vec![event("a")]).await.unwrap();
        store.write(None, |session| session.change("DELETE FROM rollup_total", [])).await.unwrap();
        let (release, occupied) = occupy(&store).await;
        let appending = tokio::spawn({
            let (store, event) = (store.clone(), event("b"));
            async move { store.append(tenant, vec![event]).await }
        });
        while store.backend.queue.waiting_commands() < 1 {
            tokio::task::yield_now().await;
        }
        let mending = tokio::spawn({
            let store = store.clone();
            async move { store.doctor(true, |_| ()).await }
        });
        while store.backend.queue.waiting_commands() < 2 {
            tokio::task::yield_now().await;
        }
        drop(release);
        occupied.await.unwrap().unwrap();
        appending.await.unwrap().unwrap();
        assert!(mending.await.unwrap().unwrap().repaired > 0);
        assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    }

    #[tokio::test]
    async fn a_writer_that_dies_lets_nobody_wait() {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        store.set_setting("before", "1").await.unwrap();
        let dead = store.write(None, |_| -> Work<()> { panic!("on purpose") }).await;
        assert!(matches!(dead, Err(StoreError::Unavailable(_))), "{dead:?}");
        assert!(matches!(store.probe().await, Err(StoreError::Unavailable(_))));
        assert_eq!(
            store.setting("before").await.unwrap().as_deref(),
            Some("1"),
            "questions are still answered"
        );
        assert!(store.close().await.is_err());
        drop(store);
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        store.probe().await.unwrap();
    }

    #[tokio::test]
    async fn a_question_that_takes_too_long_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let options =
            OpenOptions { query_timeout: Duration::from_millis(20), ..OpenOptions::new(dir.path()) };
        let store = SqliteStore::open(options).unwrap();
        let endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let ask = |connection: &Connection| -> Work<i64> {
            Ok(connection.query_row(endless, [], |row| row.get(0))?)
        };
        assert!(matches!(store.snapshot(ask).await, Err(StoreError::TooWide(_))));
        assert_eq!(store.setting("x").await.unwrap(), None, "the reader is free again");
    }

    #[tokio::test]
    async fn a_question_nobody_waits_for_is_given_up() {
        let dir = tempfile::tempdir().unwrap();
        let options = OpenOptions { readers: 1, ..OpenOptions::new(dir.path()) };
        let store = SqliteStore::open(options).unwrap();
        let endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let ask = |connection: &Connection| -> Work<i64> {
            Ok(connection.query_row(endless, [], |row| row.get(0))?)
        };
        let given_up = tokio::time::timeout(Duration::from_millis(50), store.snapshot(ask)).await;
        assert!(given_up.is_err());
        let next = tokio::time::timeout(Duration::from_secs(10), store.setting("x")).await;
        assert_eq!(next.unwrap().unwrap(), None, "the only reader is free again");
    }
}
