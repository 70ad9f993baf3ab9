//! Whether a history of concurrent calls could have happened one after the other: the search of Wing and Gong, with the
//! states that were tried remembered.

use std::collections::{BTreeMap, HashSet};

/// A call on one limited counter, in whole units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    Consume(i64),
    Increment(i64),
    Reserve(String, i64),
    Commit(String, i64),
    Release(String),
}

/// What it was answered: the counter afterwards, or where it stood when the limit refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Allowed(i64),
    Refused(i64),
}

/// A call with when it began and ended.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) op: Op,
    pub(super) outcome: Outcome,
    pub(super) began: usize,
    pub(super) ended: usize,
}

/// The counter, one call after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Model {
    used: i64,
    held: BTreeMap<String, i64>,
}

impl Model {
    fn current(&self) -> i64 {
        self.used + self.held.values().sum::<i64>()
    }

    fn apply(&mut self, op: &Op, limit: i64) -> Outcome {
        match op {
            Op::Consume(amount) | Op::Reserve(_, amount) if self.current() + amount > limit => {
                return Outcome::Refused(self.current());
            }
            Op::Consume(amount) | Op::Increment(amount) => self.used += amount,
            Op::Reserve(id, amount) => {
                self.held.insert(id.clone(), *amount);
            }
            Op::Commit(id, amount) => {
                self.held.remove(id);
                self.used += amount;
            }
            Op::Release(id) => {
                self.held.remove(id);
            }
        }
        Outcome::Allowed(self.current())
    }
}

/// Whether some order explains every answer and keeps every call before those that began after it had ended.
pub(super) fn is_linearizable(history: &[Recorded], limit: i64) -> bool {
    let all = (1_u64 << history.len()) - 1;
    let mut tried: HashSet<(u64, Model)> = HashSet::new();
    let mut open = vec![(0_u64, Model::default())];
    while let Some((done, state)) = open.pop() {
        if done == all {
            return true;
        }
        if !tried.insert((done, state.clone())) {
            continue;
        }
        let waiting = |index: &usize| done & (1 << index) == 0;
        let first_end = (0..history.len()).filter(waiting).map(|index| history[index].ended).min();
        for index in (0..history.len()).filter(waiting) {
            let call = &history[index];
            if first_end.is_some_and(|end| call.began > end) {
                continue;
            }
            let mut next = state.clone();
            if next.apply(&call.op, limit) == call.outcome {
                open.push((done | (1 << index), next));
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(op: Op, outcome: Outcome, began: usize, ended: usize) -> Recorded {
        Recorded { op, outcome, began, ended }
    }

    #[test]
    fn an_impossible_history_is_seen() {
        let both_won = [
            call(Op::Consume(6), Outcome::Allowed(6), 0, 2),
            call(Op::Consume(6), Outcome::Allowed(6), 1, 3),
        ];
        assert!(!is_linearizable(&both_won, 10), "both cannot have been first");
        let stale = [
            call(Op::Consume(6), Outcome::Allowed(6), 0, 1),
            call(Op::Consume(6), Outcome::Refused(0), 2, 3),
        ];
        assert!(!is_linearizable(&stale, 10), "the second began after the first had ended");
        let fine = [
            call(Op::Consume(6), Outcome::Refused(8), 0, 3),
            call(Op::Reserve("a".into(), 8), Outcome::Allowed(8), 1, 2),
            call(Op::Release("a".into()), Outcome::Allowed(0), 4, 5),
        ];
        assert!(is_linearizable(&fine, 10));
    }
}
