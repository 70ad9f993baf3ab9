//! The writer: threads with a connection each. Everything of one tenant is written in one order, whichever server it came
//! to, because every transaction of a tenant begins with the lock of its row in the ledger.
//!
//! 1. A thread goes to a tenant's line, begins a transaction and takes the lock. Was somebody else there since, it forgets
//!    what may have changed.
//! 2. What waits now is the group: what came while the lock was waited for goes with it.
//!    What its commands tell that they are going to look up is looked up at once ([`preload`]).
//! 3. Commands run as in the embedded store: isolated ones in a savepoint; where anything else fails the group is rolled
//!    back and its commands are run again, each alone.
//! 4. The row of the outbox, the ledger's row and the commit; then everybody is answered.

use super::connect::{Postgres, Role};
use super::ledger::{Changed, LedgerRow, Recording};
use super::lines::{At, Limits, Lines};
use super::memories::{Memories, Memory};
use super::pool::{Driver, Way};
use super::preload::preload;
use super::pulse::{self, Pulse};
use super::questions::Questions;
use super::watch::Seen;
use crate::error::{Fault, Said, Work, failed, unavailable};
use crate::revision;
use crate::session::{Command, Events, Job, Session, Wanting, Wants, Weight};
use crate::sql::{self, postgres::Connection};
use meterwire_app::ports::{StoreError, StoreResult, TenantId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// PostgreSQL is tried again after this, twice as long after each failure,
const FIRST_RETRY: Duration = Duration::from_millis(100);
/// but no longer than this,
const LAST_RETRY: Duration = Duration::from_secs(1);
/// as long as the first command has not waited for so long.
const CONNECT_UNTIL: Duration = Duration::from_millis(1_500);

/// What all threads of a writer share.
struct Shared {
    lines: Lines,
    postgres: Postgres,
    driver: Arc<Driver>,
    revisions: Arc<revision::Shared>,
    questions: Arc<Questions>,
    seen: Arc<Seen>,
    pulse: Pulse,
    memories: Mutex<Memories>,
    groups: AtomicU64,
    commands: AtomicU64,
    waits: AtomicU64,
}

/// What a server's writer did since it was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Transactions that it began for commands.
    pub groups: u64,
    /// Commands in them: appends, decisions, changes of the catalogue; twice where a group failed and was run one by one.
    pub commands: u64,
    /// How often it waited for an answer of PostgreSQL in them: what a group costs while it has its tenant's lock.
    pub waits: u64,
}

/// The writer of one server.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Writer {
    /// Starts so many threads. They connect when there is something to write.
    pub(crate) fn start(
        way: Way,
        limits: Limits,
        threads: usize,
        revisions: Arc<revision::Shared>,
        questions: Arc<Questions>,
        seen: Arc<Seen>,
    ) -> StoreResult<Self> {
        let Way { postgres, driver, pulse } = way;
        let (lines, memories) = (Lines::new(limits), Mutex::default());
        let (groups, commands, waits) = Default::default();
        let shared = Arc::new(Shared {
            lines,
            postgres,
            driver,
            revisions,
            questions,
            seen,
            pulse,
            memories,
            groups,
            commands,
            waits,
        });
        let start = |number: usize| {
            let shared = shared.clone();
            thread::Builder::new()
                .name(format!("meterwire-writer-{number}"))
                .spawn(move || shared.work())
                .map_err(|error| failed(format!("the writer cannot be started: {error}")))
        };
        let threads = Mutex::new((0..threads.max(1)).map(start).collect::<StoreResult<Vec<_>>>()?);
        Ok(Self { shared, threads })
    }

    /// Puts a change on the line of its tenant (`None`: the instance's) and waits until it is committed.
    pub(crate) async fn write<T, F>(
        &self,
        of: Option<TenantId>,
        weight: Weight,
        isolated: bool,
        run: F,
    ) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        let (command, answer) = Job::new(weight, isolated, run);
        self.wait(of, command, answer).await
    }

    /// The same for an unguarded change of a tenant of which is known what it is going to look up.
    pub(crate) async fn write_wanting<T, F>(
        &self,
        tenant: TenantId,
        weight: Weight,
        wants: Arc<dyn Wants>,
        run: F,
    ) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
    {
        let (command, answer) = Job::new(weight, false, run);
        self.wait(Some(tenant), Box::new(Wanting { command, wants }), answer).await
    }

    async fn wait<T>(
        &self,
        of: Option<TenantId>,
        command: Box<dyn Command>,
        answer: oneshot::Receiver<StoreResult<T>>,
    ) -> StoreResult<T> {
        self.shared.pulse.require()?;
        self.shared.lines.push(of.map_or(0, |tenant| tenant.0), command)?;
        let answer = async {
            answer.await.unwrap_or_else(|_| Err(unavailable("the writer stopped before it answered")))
        };
        self.shared.pulse.written(answer).await
    }

    /// What it did so far.
    pub(crate) fn written(&self) -> Written {
        let Shared { groups, commands, waits, .. } = &*self.shared;
        let [groups, commands, waits] = [groups, commands, waits].map(|count| count.load(Ordering::Relaxed));
        Written { groups, commands, waits }
    }

    /// Writes what waits and refuses what comes. Blocks until it is done; doing it twice is fine.
    pub(crate) fn close(&self) {
        self.shared.lines.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the writer had stopped by a panic");
            }
        }
    }
}

impl Shared {
    /// Counts a transaction.
    fn count(&self, commands: usize, waits: u64) {
        self.groups.fetch_add(1, Ordering::Relaxed);
        self.commands.fetch_add(u64::try_from(commands).unwrap_or(0), Ordering::Relaxed);
        self.waits.fetch_add(waits, Ordering::Relaxed);
    }

    /// One thread's life.
    fn work(&self) {
        let mut own = None;
        while let Some(at) = self.lines.go_to_one() {
            let memory =
                self.memories().take(at.of).unwrap_or_else(|| Memory::new(at.of, self.revisions.clone()));
            let mut turn = Turn { shared: self, at: &at, memory };
            // A command that panics ends with its group and the connection; nobody waits for it, and others go on.
            if catch_unwind(AssertUnwindSafe(|| turn.serve(&mut own))).is_ok() {
                self.memories().put(at.of, turn.memory);
            } else {
                tracing::error!("a command panicked; what was in its transaction is rolled back");
                own = None;
            }
        }
    }

    fn memories(&self) -> std::sync::MutexGuard<'_, Memories> {
        self.memories.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> StoreResult<Connection> {
        let client = self.driver.handle().block_on(self.postgres.connect(Role::Writer))?;
        Ok(Connection::new(client, self.driver.handle().clone()))
    }
}

/// A thread at the line of one tenant.
struct Turn<'t> {
    shared: &'t Shared,
    at: &'t At<'t>,
    memory: Memory,
}

impl Turn<'_> {
    /// Writes one group, on the thread's own connection.
    fn serve(&mut self, own: &mut Option<Connection>) {
        for command in self.at.take_late() {
            command.answer(Err(unavailable("PostgreSQL was busy or away for too long")));
        }
        if let Err(error) = self.connected(own) {
            let sentence = error.to_string();
            for command in self.at.take_group() {
                command.answer(Err(unavailable(sentence.clone())));
            }
            return;
        }
        let Some(connection) = own.as_ref() else { return };
        match LedgerRow::lock(connection, self.at.of) {
            Ok(ledger) => self.run_locked(connection, &ledger),
            // Somebody holds the lock, or the connection broke: what is not late yet is tried again, on another one.
            Err(fault) if fault.is_environment() => {
                tracing::warn!(error = %fault, tenant = self.at.of, "the lock of a tenant was not given");
                *own = None;
            }
            Err(fault) => {
                roll_back(connection);
                answer_all(self.at.take_group(), fault);
            }
        }
    }

    /// Sees that there is a connection, as long as the first command may wait for one.
    fn connected(&self, own: &mut Option<Connection>) -> StoreResult<()> {
        if own.as_ref().is_some_and(|connection| !connection.is_gone()) {
            return Ok(());
        }
        *own = None;
        let mut retry = FIRST_RETRY;
        loop {
            match self.shared.connect() {
                Ok(connection) => {
                    *own = Some(connection);
                    return Ok(());
                }
                Err(error) if self.at.waited() + retry >= CONNECT_UNTIL => return Err(error),
                Err(_) => thread::sleep(retry),
            }
            retry = (retry * 2).min(LAST_RETRY);
        }
    }

    fn run_locked(&mut self, connection: &Connection, ledger: &LedgerRow) {
        let group = self.at.take_group();
        if group.is_empty() {
            roll_back(connection);
            return;
        }
        self.run_group(connection, ledger, group);
    }

    /// Runs a group in the transaction that was begun.
    fn run_group(&mut self, connection: &Connection, ledger: &LedgerRow, mut group: Vec<Box<dyn Command>>) {
        let waited = connection.waits();
        let tried = self.try_group(connection, ledger, &mut group);
        // Before anyone is answered, who might look.
        self.shared.count(group.len(), connection.waits() - waited + 1);
        match tried {
            Ok(outcomes) => {
                for (command, outcome) in group.into_iter().zip(outcomes) {
                    command.answer(outcome);
                }
            }
            Err(fault) if fault.is_environment() || group.len() == 1 => {
                answer_all(group, fault);
            }
            Err(fault) => {
                tracing::warn!(error = %fault, commands = group.len(), "a group failed; its commands are run one by one");
                for command in group {
                    match LedgerRow::lock(connection, self.at.of) {
                        Ok(ledger) => self.run_group(connection, &ledger, vec![command]),
                        Err(fault) => {
                            roll_back(connection);
                            answer_all(vec![command], fault);
                        }
                    }
                }
            }
        }
    }

    /// Runs a group and commits; after an error nothing of it is left.
    fn try_group(
        &mut self,
        connection: &Connection,
        ledger: &LedgerRow,
        group: &mut [Box<dyn Command>],
    ) -> Work<Vec<StoreResult<()>>> {
        self.memory.notice(ledger);
        self.memory.remembered.counters.shrink();
        self.memory.remembered.labels.end_transaction();
        let mut recording = Recording::new(self.shared.questions.clone(), self.at.of, ledger);
        let catalog = group.iter().any(|command| command.weight().events == 0);
        let written = self.write_group(connection, &mut recording, group).and_then(|outcomes| {
            // Before the commit, so that nobody who looks takes it for somebody else's.
            self.shared.seen.expect(self.at.of, ledger.version, ledger.version + 1);
            let holds = self.memory.remembered.counters.take_holds_changed();
            let ledger = recording.commit(connection, Changed { catalog, holds })?;
            Ok((outcomes, ledger))
        });
        match written {
            Ok((outcomes, ledger)) => {
                self.memory.seen = ledger;
                self.memory.remembered.revisions.publish();
                Ok(outcomes)
            }
            Err(fault) => {
                // Also where only the answer of a commit was lost: nobody knows, so nothing is remembered.
                self.memory.forget();
                self.shared.seen.put_back(self.at.of, ledger.version);
                roll_back(connection);
                Err(fault)
            }
        }
    }

    fn write_group(
        &mut self,
        connection: &Connection,
        recording: &mut Recording,
        group: &mut [Box<dyn Command>],
    ) -> Work<Vec<StoreResult<()>>> {
        let rows = sql::Connection::Postgres(connection);
        let remembered = &mut self.memory.remembered;
        preload(connection, TenantId(self.at.of), group, remembered, recording)?;
        let mut outcomes = Vec::with_capacity(group.len());
        for command in group {
            if !command.isolated() {
                command.run(&mut remembered.session(rows, Events::Cluster(recording)))?;
                outcomes.push(Ok(()));
                continue;
            }
            // What waits is written before, so that a savepoint undoes nothing of others.
            remembered.session(rows, Events::Cluster(recording)).flush()?;
            remembered.counters.forget_answers();
            recording.begin_savepoint();
            rows.execute_batch("SAVEPOINT command")?;
            match command.run(&mut remembered.session(rows, Events::Cluster(recording))) {
                Ok(()) => {
                    rows.execute_batch("RELEASE command")?;
                    outcomes.push(Ok(()));
                }
                Err(Fault::Answer(refusal)) => {
                    rows.execute_batch("ROLLBACK TO command; RELEASE command")?;
                    recording.roll_back_to_savepoint();
                    remembered.roll_back_to_savepoint();
                    // Labels that were made behind it are not there any more.
                    remembered.labels.clear();
                    outcomes.push(Err(refusal));
                }
                Err(fault) => return Err(fault),
            }
        }
        remembered.session(rows, Events::Cluster(recording)).flush()?;
        Ok(outcomes)
    }
}

/// Ends a transaction of which nothing is to be left, where there is one.
fn roll_back(connection: &Connection) {
    if connection.is_gone() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::debug!(%error, "a transaction ended with its connection");
    }
}

fn answer_all(mut group: Vec<Box<dyn Command>>, fault: Fault) {
    if group.len() > 1 || fault.is_environment() {
        tracing::error!(error = %fault, commands = group.len(), "the store cannot write");
        let answer = || {
            if fault.is_environment() {
                // Perhaps only the answer of the commit was lost.
                return StoreError::outage_by(pulse::MAYBE, Said(fault.to_string()));
            }
            unavailable(fault.to_string())
        };
        group.into_iter().for_each(|command| command.answer(Err(answer())));
        return;
    }
    let error = StoreError::from(fault);
    if let StoreError::Failed(cause) = &error {
        tracing::error!(%cause, "a write failed");
    }
    group.pop().into_iter().zip([error]).for_each(|(command, error)| command.answer(Err(error)));
}
