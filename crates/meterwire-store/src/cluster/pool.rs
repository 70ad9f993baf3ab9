//! Connections that read, bounded in number, and the runtime that drives all connections of the store.

use super::connect::{Postgres, Role};
use super::pulse::Pulse;
use crate::error::{Work, failed, unavailable};
use crate::sql;
use meterwire_app::ports::{StoreError, StoreResult};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::Client;

/// How many questions may wait for a connection, for each connection.
const MAX_WAITING_EACH: usize = 250;

/// The runtime of the store's own threads. It is not the caller's, whose threads may be busy or gone while a transaction
/// is on its way.
pub(crate) struct Driver {
    /// `None` only when it is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Driver {
    pub(crate) fn new() -> StoreResult<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("meterwire-cluster")
            .enable_all()
            .build()
            .map_err(|error| failed(format!("the threads of the store cannot be started: {error}")))?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle })
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs something on these threads, for one that waits on others.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> StoreResult<T> {
        let done = self.handle.spawn(work).await;
        done.map_err(|error| failed(format!("a task of the store did not end well: {error}")))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may be dropped by a task of another runtime, where it cannot be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The way to PostgreSQL that a server's readers and writers have in common.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) postgres: Postgres,
    pub(super) driver: Arc<Driver>,
    pub(super) pulse: Pulse,
}

/// Connections for questions.
pub(crate) struct Readers {
    way: Way,
    idle: Arc<Mutex<Vec<sql::postgres::Connection>>>,
    running: Arc<Semaphore>,
    waiting: Semaphore,
    count: usize,
}

impl Readers {
    /// At most `count` connections, made when they are needed. Nobody waits for them while the pulse is not felt.
    pub(super) fn new(way: Way, count: usize) -> Self {
        Self {
            way,
            idle: Arc::default(),
            running: Arc::new(Semaphore::new(count)),
            waiting: Semaphore::new(count * MAX_WAITING_EACH),
            count,
        }
    }

    /// Runs a question of PostgreSQL alone, on a snapshot.
    pub(crate) async fn read<T, F>(&self, run: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(sql::Connection<'_>) -> Work<T> + Send + 'static,
    {
        let reader = self.reader().await?;
        // Whoever stops waiting leaves the connection to this thread, which gives it back when it is answered or lost.
        let answered = tokio::task::spawn_blocking(move || -> Work<T> {
            let connection = reader.connection()?;
            connection.execute_batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            let answer = run(sql::Connection::Postgres(connection));
            let ended = connection.execute_batch("COMMIT");
            let answer = answer?;
            ended?;
            Ok(answer)
        });
        let answered = async {
            let answered = answered.await;
            Ok(answered.map_err(|error| failed(format!("a question did not end well: {error}")))??)
        };
        self.way.pulse.read(answered).await
    }

    /// Waits for questions that are asked of a [`Reader::client`], while PostgreSQL can be heard.
    pub(super) fn heard<T, E: Into<StoreError>>(
        &self,
        answer: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = StoreResult<T>> {
        let answer = Box::pin(answer);
        self.way.pulse.read(async move { answer.await.map_err(Into::into) })
    }

    /// A connection of one's own for a while. Whoever stops waiting gives it back.
    pub(crate) async fn reader(&self) -> StoreResult<Reader> {
        self.way.pulse.read(self.next_reader()).await
    }

    async fn next_reader(&self) -> StoreResult<Reader> {
        let _place = self.waiting.try_acquire().map_err(|_| StoreError::Busy)?;
        let closed = |_| unavailable("the store is closed");
        let permit = self.running.clone().acquire_owned().await.map_err(closed)?;
        let idle = self.lock().pop().filter(|connection| !connection.is_gone());
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        Ok(Reader { connection: Some(connection), idle: self.idle.clone(), _permit: permit })
    }

    async fn connect(&self) -> StoreResult<sql::postgres::Connection> {
        let postgres = self.way.postgres.clone();
        let client = self.way.driver.run(async move { postgres.connect(Role::Reader).await }).await??;
        Ok(sql::postgres::Connection::new(client, self.way.driver.handle().clone()))
    }

    /// Waits for running questions and refuses later ones.
    pub(crate) async fn close(&self) {
        let count = u32::try_from(self.count).unwrap_or(u32::MAX);
        if let Ok(all) = self.running.acquire_many(count).await {
            all.forget();
        }
        self.running.close();
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<sql::postgres::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A borrowed connection, given back when it is dropped.
pub(crate) struct Reader {
    /// `None` only when it is dropped.
    connection: Option<sql::postgres::Connection>,
    idle: Arc<Mutex<Vec<sql::postgres::Connection>>>,
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    /// For a thread that may wait.
    fn connection(&self) -> StoreResult<&sql::postgres::Connection> {
        self.connection.as_ref().ok_or_else(|| failed("a connection was given back"))
    }

    /// For tasks, which must not block.
    pub(crate) fn client(&self) -> StoreResult<&Client> {
        Ok(self.connection()?.client())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // Behind a panic it may be in the middle of a transaction.
        let of_use =
            |connection: &_| !sql::postgres::Connection::is_gone(connection) && !std::thread::panicking();
        if let Some(connection) = self.connection.take().filter(of_use) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
