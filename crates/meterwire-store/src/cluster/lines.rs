//! Commands on their way to the writer's threads: a line for each tenant, and one thread at a line at a time. Bounded over
//! all tenants together; what does not fit is refused, never kept waiting.

use crate::error::unavailable;
use crate::session::{Command, Weight};
use hashbrown::HashMap;
use meterwire_app::ports::{StoreError, StoreResult};
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much may wait, and how much of it goes into one transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) waiting: Weight,
    pub(crate) group: Weight,
    /// A command that is not begun by then is refused.
    pub(crate) patience: Duration,
}

/// Every line, by the tenant's number; 0 is the instance's.
pub(super) struct Lines {
    state: Mutex<State>,
    changed: Condvar,
    limits: Limits,
}

#[derive(Default)]
struct State {
    lines: HashMap<i64, Line>,
    /// Lines with commands that no thread is at, in the order of their first command.
    ready: VecDeque<i64>,
    weight: Weight,
    closed: bool,
}

#[derive(Default)]
struct Line {
    commands: VecDeque<(Box<dyn Command>, Instant)>,
    /// A thread is at it.
    taken: bool,
}

impl Lines {
    pub(super) fn new(limits: Limits) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), limits }
    }

    /// Takes a command, or says why not.
    pub(super) fn push(&self, of: i64, command: Box<dyn Command>) -> StoreResult<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(unavailable("the store is closed"));
        }
        let mut weight = state.weight;
        weight += command.weight();
        // One large command must be possible, or it could never be written.
        if state.weight.commands > 0 && weight.exceeds(&self.limits.waiting) {
            return Err(StoreError::Busy);
        }
        state.weight = weight;
        let line = state.lines.entry(of).or_default();
        line.commands.push_back((command, Instant::now()));
        if !line.taken && line.commands.len() == 1 {
            state.ready.push_back(of);
            drop(state);
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Waits for a line that no thread is at, and goes to it. `None` when everything is written and nothing more comes.
    pub(super) fn go_to_one(&self) -> Option<At<'_>> {
        let idle = |state: &mut State| state.ready.is_empty() && !state.closed;
        let mut state = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let of = state.ready.pop_front()?;
        if let Some(line) = state.lines.get_mut(&of) {
            line.taken = true;
        }
        Some(At { lines: self, of })
    }

    /// Refuses from now on; what waits is still written.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    // A panic while the lock is held cannot leave it half changed: nothing in between can fail.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread at a line. Others see to it again when this is dropped.
pub(super) struct At<'l> {
    lines: &'l Lines,
    /// Whose line it is.
    pub(super) of: i64,
}

impl At<'_> {
    /// What waits now, as much of it as fits one transaction.
    pub(super) fn take_group(&self) -> Vec<Box<dyn Command>> {
        let mut group_weight = Weight::default();
        let limit = self.lines.limits.group;
        let mut taken = 0;
        self.take_while(|command, _| {
            group_weight += command.weight();
            taken += 1;
            taken == 1 || !group_weight.exceeds(&limit)
        })
    }

    /// What has waited for too long.
    pub(super) fn take_late(&self) -> Vec<Box<dyn Command>> {
        let patience = self.lines.limits.patience;
        self.take_while(|_, since| since.elapsed() >= patience)
    }

    /// How long the first has waited.
    pub(super) fn waited(&self) -> Duration {
        let state = self.lines.lock();
        let first = state.lines.get(&self.of).and_then(|line| line.commands.front());
        first.map_or(Duration::ZERO, |(_, since)| since.elapsed())
    }

    fn take_while(&self, mut wanted: impl FnMut(&dyn Command, Instant) -> bool) -> Vec<Box<dyn Command>> {
        let mut state = self.lines.lock();
        let State { lines, weight, .. } = &mut *state;
        let Some(line) = lines.get_mut(&self.of) else { return Vec::new() };
        let mut taken = Vec::new();
        while let Some((command, since)) = line.commands.front() {
            if !wanted(command.as_ref(), *since) {
                break;
            }
            *weight -= command.weight();
            taken.extend(line.commands.pop_front().map(|(command, _)| command));
        }
        taken
    }
}

impl Drop for At<'_> {
    fn drop(&mut self) {
        let mut state = self.lines.lock();
        let is_empty = state.lines.get_mut(&self.of).is_none_or(|line| {
            line.taken = false;
            line.commands.is_empty()
        });
        if is_empty {
            state.lines.remove(&self.of);
        } else {
            state.ready.push_back(self.of);
            drop(state);
            self.lines.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Job;

    fn lines() -> Lines {
        let waiting = Weight { commands: 4, events: 100, bytes: 1 << 20 };
        let group = Weight { commands: 2, ..waiting };
        Lines::new(Limits { waiting, group, patience: Duration::from_millis(50) })
    }

    fn command() -> Box<dyn Command> {
        Job::new(Weight::SMALL, true, |_| Ok(())).0
    }

    #[test]
    fn one_thread_is_at_a_line_and_others_go_to_others() {
        let lines = lines();
        for of in [1, 1, 1, 2] {
            lines.push(of, command()).unwrap();
        }
        let one = lines.go_to_one().unwrap();
        let two = lines.go_to_one().unwrap();
        assert_eq!((one.of, two.of), (1, 2));
        assert_eq!((one.take_group().len(), two.take_group().len()), (2, 1));
        drop((one, two));
        let again = lines.go_to_one().unwrap();
        assert_eq!((again.of, again.take_group().len()), (1, 1));
        drop(again);
        lines.close();
        assert!(lines.go_to_one().is_none());
        assert!(matches!(lines.push(1, command()), Err(StoreError::Unavailable(_))));
    }

    #[test]
    fn all_tenants_together_are_bounded() {
        let lines = lines();
        for of in 1..=4 {
            lines.push(of, command()).unwrap();
        }
        assert!(matches!(lines.push(9, command()), Err(StoreError::Busy)));
        drop(lines.go_to_one().unwrap().take_group());
        lines.push(9, command()).unwrap();
    }

    #[test]
    fn what_waits_for_too_long_is_told_so() {
        let lines = lines();
        lines.push(1, command()).unwrap();
        let at = lines.go_to_one().unwrap();
        assert!(at.take_late().is_empty());
        std::thread::sleep(Duration::from_millis(60));
        lines.push(1, command()).unwrap();
        assert!(at.waited() >= Duration::from_millis(60));
        assert_eq!(at.take_late().len(), 1);
        assert_eq!(at.take_group().len(), 1);
    }
}
