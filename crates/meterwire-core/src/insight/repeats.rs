//! Requests that were asked again of the same model while their answer could have been kept.
//!
//! The rule is that of a cache of answers: an answered call that finds none puts its own in, for
//! [`REPEAT_WINDOW_MS`]; a call that finds one is a repetition. So only what is in the window is remembered.

use super::findings::Repeated;
use super::{MAX_EXAMPLES, REPEAT_WINDOW_MS};
use crate::money::CostNanos;
use crate::survey::SurveyedEvent;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;
use std::cmp::Reverse;
use std::sync::Arc;

/// The most answers of a window that are remembered. Beyond, nothing is said.
const MAX_KEPT: usize = 3_000_000;
/// The most requests that are told apart once they were repeated; beyond, they are one row.
const MAX_REPEATED: usize = 200_000;
/// With so few answers nothing is thrown out, and with so many it is done in any case.
const FEW_KEPT: usize = if cfg!(test) { 4 } else { 4_096 };
const MANY_KEPT: usize = 4_000_000;

/// What was asked of which model. Packed, as are answers: there are millions of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(Rust, packed(4))]
struct Asked {
    request: u64,
    model: u32,
}

/// An answer that could have been kept.
#[derive(Debug, Clone, Copy)]
#[repr(Rust, packed(4))]
struct Kept {
    time_ms: i64,
    seq: i64,
    /// Where its repetitions are counted, from 1 on; 0 where it has none.
    place: u32,
}

type Answers = HashMap<Asked, Kept>;

/// A request that was asked again.
#[derive(Debug, Clone, Copy)]
struct Again {
    request: u64,
    model: u32,
    first_seq: i64,
    repeats: i64,
    cost: CostNanos,
    /// The first of its repetitions, as many as there are.
    examples: [i64; MAX_EXAMPLES],
}

impl Again {
    fn add(&mut self, event: &SurveyedEvent) {
        if let Some(example) = usize::try_from(self.repeats).ok().and_then(|at| self.examples.get_mut(at)) {
            *example = event.seq;
        }
        self.repeats += 1;
        self.cost += event.cost;
    }

    fn to_found(self) -> Repeated {
        let Self { request, model, first_seq, repeats, cost, examples } = self;
        let count = usize::try_from(repeats).unwrap_or(0).min(MAX_EXAMPLES);
        Repeated { request, model, first_seq, repeats, cost, examples: examples[..count].to_vec() }
    }
}

/// What was repeated, and what that cost.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    /// The dearest requests, dearest first.
    pub(super) rows: Vec<Repeated>,
    /// Requests, repetitions and cost beyond them.
    pub(super) beyond: (i64, i64, CostNanos),
    /// Repetitions in all.
    pub(super) repeats: i64,
    /// What all of them cost.
    pub(super) cost: CostNanos,
    /// Different requests that were repeated.
    pub(super) requests: i64,
}

/// Finds repetitions in events that come in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats {
    /// Answers that were there when this one went on from a state; whoever goes on from it shares them.
    before: Arc<Answers>,
    /// Answers since, and those from before that were met again; they hide the ones before.
    kept: Answers,
    /// How many different answers both have.
    count: usize,
    /// With so many answers, those that are over are thrown out.
    sweep_at: usize,
    found: Vec<Again>,
    /// Requests, repetitions and cost beyond what is told apart.
    beyond: (i64, i64, CostNanos),
    /// There were more different requests in a window than can be remembered.
    pub(super) is_full: bool,
    /// How many calls had a hash.
    pub(super) hashed: i64,
}

impl Repeats {
    /// Takes in an answered call of a model; tells whether it was a repetition.
    pub(super) fn add(&mut self, event: &SurveyedEvent, model: u32) -> bool {
        if event.request == 0 {
            return false;
        }
        self.hashed += 1;
        if self.is_full {
            return false;
        }
        if self.count >= self.sweep_at.max(FEW_KEPT) {
            self.sweep(event.time_ms);
            if self.is_full {
                return false;
            }
        }
        let new = Kept { time_ms: event.time_ms, seq: event.seq, place: 0 };
        let asked = Asked { request: event.request, model };
        let kept = match self.kept.entry(asked) {
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(entry) => {
                let Some(before) = self.before.get(&asked) else {
                    entry.insert(new);
                    self.count += 1;
                    return false;
                };
                entry.insert(*before)
            }
        };
        if event.time_ms - kept.time_ms >= REPEAT_WINDOW_MS {
            *kept = new;
            return false;
        }
        if kept.place == 0 {
            if self.found.len() == MAX_REPEATED {
                self.beyond.0 += 1;
                kept.place = u32::MAX;
            } else {
                let (first_seq, examples) = (kept.seq, [0; MAX_EXAMPLES]);
                let cost = CostNanos::ZERO;
                self.found.push(Again {
                    request: event.request,
                    model,
                    first_seq,
                    repeats: 0,
                    cost,
                    examples,
                });
                kept.place = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
            }
        }
        if let Some(found) = self.found.get_mut((kept.place as usize).wrapping_sub(1)) {
            found.add(event);
        } else {
            self.beyond.1 += 1;
            self.beyond.2 += event.cost;
        }
        true
    }

    /// Throws out the answers that are over.
    fn sweep(&mut self, now_ms: i64) {
        let is_kept = |kept: &Kept| now_ms - kept.time_ms < REPEAT_WINDOW_MS;
        self.kept.retain(|_, kept| is_kept(kept));
        let before = std::mem::take(&mut self.before);
        for (asked, kept) in before.iter().filter(|(_, kept)| is_kept(kept)) {
            // One that was hidden is older than the one that hid it; if that one is over, so is this.
            self.kept.entry(*asked).or_insert(*kept);
        }
        self.count = self.kept.len();
        if self.count > MAX_KEPT {
            self.is_full = true;
            self.kept = HashMap::new();
        }
        // As many new ones as pay for going over all of them.
        self.sweep_at = (2 * self.count).min(MANY_KEPT);
    }

    /// The same, in such a way that its clones share its answers.
    pub(super) fn into_shared(self) -> Self {
        let mut all = self.kept;
        if !self.before.is_empty() {
            let changed = std::mem::replace(&mut all, (*self.before).clone());
            all.extend(changed);
        }
        Self { before: Arc::new(all), kept: HashMap::new(), ..self }
    }

    /// How much memory its parts take, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.before.allocation_size()
            + self.kept.allocation_size()
            + self.found.capacity() * size_of::<Again>()
    }

    /// What was repeated, so many rows of it.
    pub(super) fn found(&self, most_rows: usize) -> Found {
        let mut found: Vec<&Again> = self.found.iter().collect();
        let place = |row: &&Again| (Reverse((row.cost, row.repeats)), row.first_seq);
        let mut beyond = self.beyond;
        if found.len() > most_rows {
            found.select_nth_unstable_by_key(most_rows, place);
            for row in found.drain(most_rows..) {
                beyond = (beyond.0 + 1, beyond.1 + row.repeats, beyond.2 + row.cost);
            }
        }
        found.sort_by_key(place);
        let rows: Vec<Repeated> = found.into_iter().map(|row| row.to_found()).collect();
        Found {
            repeats: beyond.1 + rows.iter().map(|row| row.repeats).sum::<i64>(),
            cost: beyond.2 + rows.iter().map(|row| row.cost).sum(),
            requests: beyond.0 + rows.len() as i64,
            rows,
            beyond,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn call(seq: i64, time_ms: i64, request: u64) -> SurveyedEvent {
        SurveyedEvent { seq, time_ms, request, cost: CostNanos(seq), ..SurveyedEvent::default() }
    }

    #[test]
    fn an_answer_is_kept_for_the_window_and_no_longer() {
        let mut repeats = Repeats::default();
        let window = REPEAT_WINDOW_MS;
        let calls = [
            (1, 0, 7),
            (2, 5, 8),
            (3, window - 1, 7),
            (4, window, 7),
            (5, window + 1, 7),
            (6, window + 2, 0),
        ];
        let repeated: Vec<bool> =
            calls.iter().map(|(seq, ms, request)| repeats.add(&call(*seq, *ms, *request), 0)).collect();
        // The fourth comes when the first answer is over, and is kept in its place.
        assert_eq!(repeated, [false, false, true, false, true, false]);
        let found = repeats.found(9);
        let rows: Vec<_> = found.rows.iter().map(|row| (row.first_seq, row.repeats, row.cost.0)).collect();
        assert_eq!(rows, [(4, 1, 5), (1, 1, 3)]);
        assert!(!repeats.add(&call(7, window + 3, 7), 1), "another model");
    }

    #[test]
    fn what_is_not_shown_is_added_up() {
        let mut repeats = Repeats::default();
        let calls = [(1, 5), (2, 6), (3, 7), (10, 5), (20, 6), (30, 7), (31, 7)];
        calls.iter().for_each(|(seq, request)| {
            repeats.add(&call(*seq, *seq, *request), 0);
        });
        let found = repeats.found(1);
        let row = &found.rows[0];
        assert_eq!((row.first_seq, row.repeats, row.cost.0, &row.examples[..]), (3, 2, 61, &[30, 31][..]));
        assert_eq!((found.rows.len(), found.beyond), (1, (2, 2, CostNanos(30))));
        assert_eq!((found.requests, found.repeats, found.cost.0), (3, 4, 91));
        assert_eq!(repeats.found(3).rows.len(), 3);
    }

    proptest! {
        /// Whoever goes on from a state finds what one that saw everything finds, and leaves the state as it was.
        #[test]
        fn going_on_from_a_state_is_as_good_as_seeing_everything(
            mut calls in proptest::collection::vec((0..5 * REPEAT_WINDOW_MS, 0..12_u64, 0..2_u32), 0..120),
            stops in proptest::collection::vec(0..120_usize, 0..4),
        ) {
            calls.sort_unstable();
            let events: Vec<_> = (1..).zip(&calls).map(|(seq, (ms, request, model))| (call(seq, *ms, *request), *model)).collect();
            let (mut whole, mut parts) = (Repeats::default(), Repeats::default());
            let mut states = Vec::new();
            for (i, (event, model)) in events.iter().enumerate() {
                if stops.contains(&i) {
                    let state = parts.clone().into_shared();
                    prop_assert!(state.kept.is_empty() && state.count == whole.count);
                    parts = state.clone();
                    states.push((i, state));
                }
                prop_assert_eq!(whole.add(event, *model), parts.add(event, *model));
                prop_assert_eq!((whole.count, whole.sweep_at), (parts.count, parts.sweep_at));
            }
            prop_assert_eq!(whole.found(20), parts.found(20));
            prop_assert_eq!((whole.hashed, whole.is_full), (parts.hashed, parts.is_full));
            // Once more from each state, which others have gone on from.
            for (i, mut state) in states {
                for (event, model) in &events[i..] {
                    state.add(event, *model);
                }
                prop_assert_eq!(whole.found(2), state.found(2));
            }
        }

        /// Against the plainest way: for every call look back through all calls.
        #[test]
        fn the_same_is_found_by_looking_at_everything(
            mut calls in proptest::collection::vec((0..5 * REPEAT_WINDOW_MS, 0..4_u64, 0..2_u32), 0..80),
        ) {
            calls.sort_unstable();
            let mut repeats = Repeats::default();
            let mut kept: Vec<(i64, u64, u32)> = Vec::new();
            for (i, (time_ms, request, model)) in calls.iter().enumerate() {
                let is_kept = kept.iter().any(|(at, other, of)| {
                    (other, of) == (request, model) && time_ms - at < REPEAT_WINDOW_MS
                });
                let expected = *request != 0 && is_kept;
                if !is_kept {
                    kept.push((*time_ms, *request, *model));
                }
                let seq = i64::try_from(i).unwrap() + 1;
                prop_assert_eq!(repeats.add(&call(seq, *time_ms, *request), *model), expected);
            }
        }
    }
}
