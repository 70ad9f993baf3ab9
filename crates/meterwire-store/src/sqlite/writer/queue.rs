//! The writer's queue: bounded by commands, events and bytes. What does not fit is refused, never kept waiting.

use crate::error::unavailable;
use crate::session::{Command, Weight};
use meterwire_app::ports::{StoreError, StoreResult};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much may wait, and how much of it goes into one transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) waiting: Weight,
    pub(crate) group: Weight,
}

#[derive(Default)]
struct Waiting {
    commands: VecDeque<Box<dyn Command>>,
    weight: Weight,
    closed: bool,
    /// The writer sleeps; whoever brings the next command wakes it. Waking costs a system call, so nobody else does.
    asleep: bool,
}

/// Commands on their way to the writer.
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    limits: Limits,
}

impl Queue {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { waiting: Mutex::default(), changed: Condvar::new(), limits }
    }

    /// Takes a command, or says why not.
    pub(crate) fn push(&self, command: Box<dyn Command>) -> StoreResult<()> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(unavailable("the store is closed"));
        }
        let mut weight = waiting.weight;
        weight += command.weight();
        // One large command must be possible, or it could never be written.
        if !waiting.commands.is_empty() && weight.exceeds(&self.limits.waiting) {
            return Err(StoreError::Busy);
        }
        waiting.weight = weight;
        waiting.commands.push_back(command);
        let wake = std::mem::take(&mut waiting.asleep);
        drop(waiting);
        if wake {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Waits for work and takes as much as fits one transaction. Empty after `patience` without any; `None` when the
    /// queue is closed and nothing is left.
    pub(super) fn pop_group(&self, patience: Duration) -> Option<Vec<Box<dyn Command>>> {
        let nothing = |waiting: &mut Waiting| {
            waiting.asleep = waiting.commands.is_empty() && !waiting.closed;
            waiting.asleep
        };
        let (mut waiting, _) = self
            .changed
            .wait_timeout_while(self.lock(), patience, nothing)
            .unwrap_or_else(PoisonError::into_inner);
        if waiting.commands.is_empty() && waiting.closed {
            return None;
        }
        let mut group = Vec::new();
        let mut group_weight = Weight::default();
        while let Some(command) = waiting.commands.front() {
            let weight = command.weight();
            group_weight += weight;
            if !group.is_empty() && group_weight.exceeds(&self.limits.group) {
                break;
            }
            waiting.weight -= weight;
            group.extend(waiting.commands.pop_front());
        }
        Some(group)
    }

    #[cfg(test)]
    pub(crate) fn waiting_commands(&self) -> usize {
        self.lock().commands.len()
    }

    /// Refuses from now on; what waits is still written.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Closes the queue and forgets what waits when the guard is dropped: its callers learn that nobody will answer.
    pub(super) fn close_on_drop(&self) -> impl Drop {
        struct Guard<'a>(&'a Queue);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                self.0.close();
                let forgotten = std::mem::take(&mut self.0.lock().commands);
                drop(forgotten);
            }
        }
        Guard(self)
    }

    // A panic while the lock is held cannot leave the queue half changed: nothing in between can fail.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
