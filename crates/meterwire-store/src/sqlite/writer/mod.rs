//! The writer: one thread with the only writing connection.
//!
//! What waits on the queue goes into one transaction and one fsync, then everybody is answered. Nobody is answered
//! before the commit returned. Commands of a group do not harm one another: a change of the catalogue runs in a
//! savepoint, and where anything else fails the group is rolled back and its commands are run again, each alone.

mod append;
mod fill;
mod queue;
mod recorded;
mod recording;
mod rerate;
mod state;
mod void;

pub(crate) use append::Batch;
pub(crate) use fill::FillBatch;
pub(crate) use queue::{Limits, Queue};
pub(crate) use recording::Recording;
pub(crate) use rerate::RerateBatch;
pub(crate) use state::Writer;
pub(crate) use void::Void;

use crate::error::{Fault, Work, unavailable};
use crate::memory;
use crate::session::{Command, Job, Session, Weight};
use crate::sqlite::reader::Idle;
use meterwire_app::ports::{StoreError, StoreResult};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Pages in the write-ahead log at which they are moved into the database: 64 MiB. Rarer is cheaper, since a page that
/// changed often is moved once; the log's size bounds the time of the next start.
const CHECKPOINT_PAGES: i64 = 16_384;
/// So often the writer looks, without work, whether another program has changed the database.
const LOOK: Duration = Duration::from_millis(500);
/// After so many looks without work the log is emptied and memory given back.
const IDLE_LOOKS: u32 = 4;
/// Nothing is tended as long as commands follow each other so closely: who decides a thousand times a second should not
/// have to wait for it.
const BREATH: Duration = Duration::from_millis(20);

/// Puts a change on the queue and waits until it is on disk.
pub(crate) async fn write<T, F>(queue: &Queue, weight: Weight, isolated: bool, run: F) -> StoreResult<T>
where
    T: Send + 'static,
    F: FnMut(&mut Session<'_>) -> Work<T> + Send + 'static,
{
    let (command, answer) = Job::new(weight, isolated, run);
    queue.push(command)?;
    answer.await.unwrap_or_else(|_| Err(unavailable("the writer stopped before it answered")))
}

/// Runs the writer until the queue is closed and empty. When nothing is asked of the store, it tidies up.
pub(crate) fn run(mut writer: Writer, queue: &Queue, idle_readers: &Idle) {
    // When this thread ends, however it ends, nobody may wait for it.
    let _closed = queue.close_on_drop();
    let wal_pages = writer.count_wal_pages();
    // Reads what identities need before anybody has to wait for it.
    if let Err(error) = try_group(&mut writer, &mut []) {
        tracing::warn!(%error, "the index of identities could not be read; the first write tries again");
    }
    let mut wrote = false;
    let mut looks = 0;
    while let Some(group) =
        queue.pop_group(if writer.recording.identities.has_work() { BREATH } else { LOOK })
    {
        if group.is_empty() && writer.recording.identities.has_work() {
            if let Err(error) = try_group(&mut writer, &mut []) {
                tracing::warn!(%error, "runs of identities are not merged for now");
            }
            (wrote, looks) = (true, 0);
        } else if group.is_empty() {
            if let Err(error) = writer.notice_changes() {
                tracing::warn!(%error, "changes by other programs cannot be seen");
            }
            compact(&mut writer);
            if writer.must_empty_log() {
                empty_log(&mut writer, &wal_pages);
            }
            looks += 1;
            if looks < IDLE_LOOKS {
                continue;
            }
            looks = 0;
            if wrote {
                checkpoint(&writer, "PASSIVE", &wal_pages);
                writer.shrink();
            }
            if idle_readers.was_used() || wrote {
                idle_readers.shrink();
                memory::give_back();
            }
            wrote = false;
            continue;
        } else {
            (wrote, looks) = (true, 0);
            run_group(&mut writer, group);
        }
        if writer.must_empty_log() {
            empty_log(&mut writer, &wal_pages);
        }
        if wal_pages.load(Ordering::Relaxed) >= CHECKPOINT_PAGES {
            checkpoint(&writer, "PASSIVE", &wal_pages);
        }
    }
    compact(&mut writer);
    checkpoint(&writer, "TRUNCATE", &wal_pages);
}

fn run_group(writer: &mut Writer, mut group: Vec<Box<dyn Command>>) {
    match try_group(writer, &mut group) {
        Ok(outcomes) => {
            for (command, outcome) in group.into_iter().zip(outcomes) {
                command.answer(outcome);
            }
        }
        Err(fault) if fault.is_environment() => {
            tracing::error!(error = %fault, commands = group.len(), "the store cannot write");
            for command in group {
                command.answer(Err(unavailable(fault.to_string())));
            }
        }
        Err(fault) if group.len() == 1 => {
            let error = StoreError::from(fault);
            if let StoreError::Failed(cause) = &error {
                tracing::error!(%cause, "a write failed");
            }
            group.pop().into_iter().zip([error]).for_each(|(command, error)| command.answer(Err(error)));
        }
        Err(fault) => {
            tracing::warn!(error = %fault, commands = group.len(), "a group failed; its commands are run one by one");
            for command in group {
                run_group(writer, vec![command]);
            }
        }
    }
}

/// Runs a group in one transaction; after an error nothing of it is left.
fn try_group(writer: &mut Writer, group: &mut [Box<dyn Command>]) -> Work<Vec<StoreResult<()>>> {
    let committed = write_group(writer, group).and_then(|outcomes| match writer.commit() {
        Err(fault) if fault.is_io() => stop_the_process(&fault),
        committed => committed.map(|()| outcomes),
    });
    if committed.is_err() {
        writer.roll_back();
    } else {
        writer.after_commit();
    }
    committed
}

fn write_group(writer: &mut Writer, group: &mut [Box<dyn Command>]) -> Work<Vec<StoreResult<()>>> {
    writer.begin()?;
    let mut outcomes = Vec::with_capacity(group.len());
    for command in group {
        if !command.isolated() {
            command.run(&mut writer.session())?;
            outcomes.push(Ok(()));
            continue;
        }
        writer.savepoint()?;
        match command.run(&mut writer.session()) {
            Ok(()) => {
                writer.release()?;
                outcomes.push(Ok(()));
            }
            Err(Fault::Answer(refusal)) => {
                writer.roll_back_to_savepoint()?;
                outcomes.push(Err(refusal));
            }
            Err(fault) => return Err(fault),
        }
    }
    writer.session().flush()?;
    // Last: what it changes in memory cannot be undone, only read again.
    writer.tend_identities()?;
    Ok(outcomes)
}

fn checkpoint(writer: &Writer, mode: &str, wal_pages: &Arc<AtomicI64>) {
    match writer.checkpoint(mode) {
        Ok(()) => wal_pages.store(0, Ordering::Relaxed),
        Err(fault) if fault.is_io() => stop_the_process(&fault),
        Err(fault) => {
            tracing::warn!(error = %fault, "the write-ahead log could not be moved into the database");
        }
    }
}

fn compact(writer: &mut Writer) {
    match writer.compact() {
        Err(fault) if fault.is_io() => stop_the_process(&fault),
        Err(fault) => {
            tracing::warn!(error = %fault, "the database could not be written anew behind an erasure");
        }
        Ok(()) => {}
    }
}

/// Overwrites what the write-ahead log still holds of erased texts, or tries again later where readers are in the way.
fn empty_log(writer: &mut Writer, wal_pages: &Arc<AtomicI64>) {
    match writer.try_empty_log() {
        Ok(true) => wal_pages.store(0, Ordering::Relaxed),
        Ok(false) => {}
        Err(fault) if fault.is_io() => stop_the_process(&fault),
        Err(fault) => tracing::warn!(error = %fault, "the write-ahead log could not be emptied"),
    }
}

/// After a failed write or sync nobody knows what is on disk: the kernel may have dropped the pages, and a second sync
/// would succeed without them. The next start reads what is really there.
fn stop_the_process(fault: &Fault) -> ! {
    tracing::error!(error = %fault, "the disk failed during a commit; stopping, so that the next start finds the truth");
    std::process::abort()
}
