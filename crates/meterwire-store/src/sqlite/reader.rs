//! Readers: a few connections, each question on one snapshot, bounded in number and time.

use crate::error::{Work, failed, unavailable};
use crate::sqlite::column_cache::ColumnCache;
use crate::sqlite::connection;
use meterwire_app::ports::{StoreError, StoreResult};
use rusqlite::Connection;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How many questions may wait for a reader, for each reader.
const MAX_WAITING_EACH: usize = 250;
/// Steps of SQLite's machine between two looks at the time: about a tenth of a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

pub(crate) struct Readers {
    idle: Arc<Idle>,
    running: Arc<Semaphore>,
    waiting: Semaphore,
    count: usize,
    timeout: Duration,
}

/// Readers that have nothing to do.
#[derive(Default)]
pub(crate) struct Idle {
    connections: Mutex<Vec<Connection>>,
    used: AtomicBool,
    columns: ColumnCache,
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a question was answered since this was last asked, or columns are still remembered.
    pub(crate) fn was_used(&self) -> bool {
        self.used.swap(false, Ordering::Relaxed) || !self.columns.is_empty()
    }

    /// Gives back the pages that idle readers remember.
    pub(crate) fn shrink(&self) {
        self.columns.forget_stale();
        for connection in self.lock().iter() {
            if let Err(error) = connection.execute_batch("PRAGMA shrink_memory") {
                tracing::debug!(%error, "memory could not be given back");
            }
        }
    }
}

impl Readers {
    /// What the writer tidies when there is nothing to write.
    pub(crate) fn idle(&self) -> Arc<Idle> {
        self.idle.clone()
    }

    pub(crate) fn open(
        path: &Path,
        count: usize,
        timeout: Duration,
        columns: ColumnCache,
    ) -> StoreResult<Self> {
        let connections = (0..count).map(|_| connection::reader(path)).collect::<StoreResult<Vec<_>>>()?;
        Ok(Self {
            idle: Arc::new(Idle {
                connections: Mutex::new(connections),
                used: AtomicBool::new(false),
                columns,
            }),
            running: Arc::new(Semaphore::new(count)),
            waiting: Semaphore::new(count * MAX_WAITING_EACH),
            count,
            timeout,
        })
    }

    /// Runs a question on a snapshot. When the caller stops waiting, the question is given up.
    pub(crate) async fn read<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Work<T> + Send + 'static,
    {
        let closed = |_| unavailable("the store is closed");
        let _place = self.waiting.try_acquire().map_err(|_| StoreError::Busy)?;
        let permit = self.running.clone().acquire_owned().await.map_err(closed)?;
        let idle = self.idle.clone();
        let given_up = GivenUp::default();
        let (flag, deadline) = (given_up.0.clone(), Instant::now() + self.timeout);
        let answered = tokio::task::spawn_blocking(move || {
            let taken = idle.lock().pop();
            let mut connection = taken.ok_or_else(|| failed("no reader is left"))?;
            let watch = move || flag.load(Ordering::Relaxed) || Instant::now() >= deadline;
            let result = snapshot(&mut connection, watch, run);
            idle.lock().push(connection);
            idle.used.store(true, Ordering::Relaxed);
            drop(permit);
            result
        });
        let result =
            answered.await.map_err(|error| failed(format!("a question did not end well: {error}")))?;
        drop(given_up);
        result
    }

    /// Waits for running questions and refuses later ones.
    pub(crate) async fn close(&self) {
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        if let Ok(all) = self.running.acquire_many(count).await {
            all.forget();
        }
        self.running.close();
        self.idle.lock().clear();
    }
}

/// Tells a running question that nobody waits for it any more.
#[derive(Default)]
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn snapshot<T>(
    connection: &mut Connection,
    watch: impl FnMut() -> bool + Send + 'static,
    run: impl FnOnce(&Connection) -> Work<T>,
) -> StoreResult<T> {
    let work = || -> Work<T> {
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(watch))?;
        let transaction = connection.unchecked_transaction()?;
        let result = run(&transaction)?;
        transaction.commit()?;
        Ok(result)
    };
    Ok(work()?)
}
