//! Requests that were asked again of the same model while their answer could have been kept.
//!
//! The rule is that of a cache of answers: an answered call that finds none puts its own in, for
//! [`REPEAT_WINDOW_MS`]; a call that finds one is a repetition. So only what is in the window is remembered.

use super::REPEAT_WINDOW_MS;
use super::findings::Repeated;
use crate::money::CostNanos;
use crate::survey::SurveyedEvent;
use hashbrown::HashMap;

/// The most answers of a window that are remembered. Beyond, nothing is said.
const MAX_KEPT: usize = 3_000_000;
/// The most requests that are told apart once they were repeated; beyond, they are one row.
const MAX_REPEATED: usize = 200_000;
/// With so few answers nothing is thrown out, and with so many it is done in any case.
const FEW_KEPT: usize = if cfg!(test) { 4 } else { 4_096 };
const MANY_KEPT: usize = 4_000_000;

/// An answer that could have been kept.
#[derive(Debug, Clone, Copy)]
struct Kept {
    time_ms: i64,
    seq: i64,
    /// Where its repetitions are counted, from 1 on; 0 where it has none.
    place: u32,
}

/// Finds repetitions in events that come in the order of time.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats {
    kept: HashMap<(u64, u32), Kept>,
    /// With so many answers, those that are over are thrown out.
    sweep_at: usize,
    found: Vec<Repeated>,
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
        if self.kept.len() >= self.sweep_at.max(FEW_KEPT) {
            self.kept.retain(|_, kept| event.time_ms - kept.time_ms < REPEAT_WINDOW_MS);
            if self.kept.len() > MAX_KEPT {
                self.is_full = true;
                self.kept = HashMap::new();
                return false;
            }
            // As many new ones as pay for going over all of them.
            self.sweep_at = (2 * self.kept.len()).min(MANY_KEPT);
        }
        let new = Kept { time_ms: event.time_ms, seq: event.seq, place: 0 };
        let kept = self.kept.entry((event.request, model)).or_insert(new);
        if kept.seq == event.seq {
            return false;
        }
        if event.time_ms - kept.time_ms >= REPEAT_WINDOW_MS {
            *kept = new;
            return false;
        }
        if kept.place == 0 {
            if self.found.len() == MAX_REPEATED {
                self.beyond.0 += 1;
                kept.place = u32::MAX;
            } else {
                self.found.push(Repeated::of(event.request, model, kept.seq));
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

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let examples = 8 * super::MAX_EXAMPLES;
        self.kept.capacity() * (size_of::<((u64, u32), Kept)>() + 1)
            + self.found.len() * (size_of::<Repeated>() + examples)
    }

    /// What was repeated, dearest first, and what is beyond that.
    pub(super) fn found(&self) -> (Vec<Repeated>, (i64, i64, CostNanos)) {
        let mut found = self.found.clone();
        found.sort_by_key(|row| (std::cmp::Reverse((row.cost, row.repeats)), row.first_seq));
        (found, self.beyond)
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
        let (found, _) = repeats.found();
        let rows: Vec<_> = found.iter().map(|row| (row.first_seq, row.repeats, row.cost.0)).collect();
        assert_eq!(rows, [(4, 1, 5), (1, 1, 3)]);
        assert!(!repeats.add(&call(7, window + 3, 7), 1), "another model");
    }

    proptest! {
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
