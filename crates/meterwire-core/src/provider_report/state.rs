//! How far the reports of one kind have come, what is to be asked next, and whether a connection can be believed.

use super::{DAY_MS, ReportKind};
use crate::period::Range;

/// Days asked for at once: what a provider gives on one page.
const SPAN_DAYS: i64 = 31;
/// Days that are always asked for again: providers count late.
const RECENT_DAYS: i64 = 2;
/// Days that are asked for again once a day: providers revise.
const REVISED_DAYS: i64 = 35;
/// A connection without a success for so long is not believed, or three times as long as an answer is fresh.
const STALE_MS: i64 = 15 * 60_000;
/// The longest pause between two tries.
const MAX_PAUSE_MS: i64 = 6 * 3_600_000;

/// Why a provider was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A stable code: `unauthorized`, `rate_limited`, `wrong_shape` and so on.
    pub code: String,
    /// A sentence that holds no secret.
    pub message: String,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Trying again soon may help.
    pub passing: bool,
}

/// How far the reports of one kind have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamState {
    /// Of what.
    pub kind: ReportKind,
    /// The days that are there without a gap; `None` before the first answer.
    pub covers: Option<Range>,
    /// So far back it shall reach, Unix milliseconds.
    pub wanted_from_ms: i64,
    /// When it is asked again, Unix milliseconds.
    pub due_ms: i64,
    /// When the newest days last came.
    pub last_success_ms: Option<i64>,
    /// When the days that may be revised were last asked for.
    pub last_deep_ms: Option<i64>,
    /// Failures since the last success.
    pub failures: u32,
    /// The last of them; `None` behind a success.
    pub failure: Option<Failure>,
    /// The provider does not know this kind.
    pub is_missing: bool,
    /// By how much the provider's clock is ahead of ours, milliseconds.
    pub skew_ms: i64,
}

/// What is asked next of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The newest days; `deep` with those that may have been revised.
    Head {
        /// The days.
        span: Range,
        /// Whether all that may have been revised is in it.
        deep: bool,
    },
    /// Older days, right before those that are there.
    Backfill {
        /// The days.
        span: Range,
    },
}

impl StreamState {
    /// A stream that has never been asked.
    pub fn new(kind: ReportKind, wanted_from_ms: i64, now_ms: i64) -> Self {
        Self {
            kind,
            covers: None,
            wanted_from_ms: utc_day(wanted_from_ms),
            due_ms: now_ms,
            last_success_ms: None,
            last_deep_ms: None,
            failures: 0,
            failure: None,
            is_missing: false,
            skew_ms: 0,
        }
    }

    /// Notes that a piece of work was done. `cache_ms` is how long the newest days are fresh.
    pub fn succeed(&mut self, work: Work, now_ms: i64, cache_ms: i64) {
        let span = span_of(work);
        self.covers = Some(match self.covers {
            None => span,
            Some(covers) => {
                Range { from_ms: covers.from_ms.min(span.from_ms), to_ms: covers.to_ms.max(span.to_ms) }
            }
        });
        if let Work::Head { deep, .. } = work {
            self.last_success_ms = Some(now_ms);
            if deep {
                self.last_deep_ms = Some(now_ms);
            }
        }
        (self.failures, self.failure, self.is_missing) = (0, None, false);
        let fresh_until = self.last_success_ms.unwrap_or(now_ms).saturating_add(cache_ms);
        let behind = self.covers.is_some_and(|covers| self.wanted_from_ms < covers.from_ms);
        self.due_ms = if behind { now_ms } else { fresh_until };
    }

    /// Notes that it failed. `retry_after_ms` is what the provider said, `jitter` from 0 to 1,000 spreads the tries.
    pub fn fail(&mut self, failure: Failure, retry_after_ms: Option<i64>, jitter: i64, now_ms: i64) {
        self.failures = self.failures.saturating_add(1);
        let first_ms = if failure.passing { 30_000 } else { 600_000 };
        let doubled = first_ms << self.failures.saturating_sub(1).min(12);
        let pause_ms = doubled.min(MAX_PAUSE_MS);
        // Up to a quarter more.
        let pause_ms = pause_ms + pause_ms / 4 * jitter.clamp(0, 1000) / 1000;
        self.due_ms = now_ms.saturating_add(retry_after_ms.map_or(pause_ms, |said| said.max(1000)));
        self.failure = Some(failure);
    }

    /// Notes that the provider does not know this kind; it may learn it.
    pub fn miss(&mut self, now_ms: i64) {
        (self.is_missing, self.failures, self.failure) = (true, 0, None);
        self.due_ms = now_ms.saturating_add(DAY_MS);
    }

    /// Days that shall be there, and how many of them are.
    pub fn progress(&self, now_ms: i64) -> (i64, i64) {
        if self.is_missing {
            return (0, 0);
        }
        let end_ms = utc_day(now_ms) + DAY_MS;
        let wanted = (end_ms - self.wanted_from_ms.min(end_ms)) / DAY_MS;
        let done = self.covers.map_or(0, |covers| {
            (covers.to_ms.min(end_ms) - covers.from_ms.max(self.wanted_from_ms)).max(0) / DAY_MS
        });
        (done.min(wanted), wanted)
    }
}

/// The start of the UTC day that holds an instant.
pub fn utc_day(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS) * DAY_MS
}

/// The days of a piece of work.
pub fn span_of(work: Work) -> Range {
    match work {
        Work::Head { span, .. } | Work::Backfill { span } => span,
    }
}

/// What is asked next. Newest days first; older ones while those are fresh.
pub fn next_work(state: &StreamState, now_ms: i64, cache_ms: i64) -> Work {
    let end_ms = utc_day(now_ms) + DAY_MS;
    let Some(covers) = state.covers else {
        let from_ms = state.wanted_from_ms.max(end_ms - SPAN_DAYS * DAY_MS).min(end_ms - DAY_MS);
        return Work::Head { span: Range { from_ms, to_ms: end_ms }, deep: true };
    };
    let is_fresh = state.last_success_ms.is_some_and(|last| now_ms < last.saturating_add(cache_ms));
    if is_fresh && state.failure.is_none() && state.wanted_from_ms < covers.from_ms {
        let from_ms = state.wanted_from_ms.max(covers.from_ms - SPAN_DAYS * DAY_MS);
        return Work::Backfill { span: Range { from_ms, to_ms: covers.from_ms } };
    }
    let deep = state.last_deep_ms.is_none_or(|last| now_ms >= last.saturating_add(DAY_MS));
    let again = if deep { REVISED_DAYS } else { RECENT_DAYS };
    // Never with a gap behind what is there, and never before it.
    let from_ms =
        (end_ms - (again + 1) * DAY_MS).min(covers.to_ms - RECENT_DAYS * DAY_MS).max(covers.from_ms);
    Work::Head { span: Range { from_ms: from_ms.min(end_ms - DAY_MS), to_ms: end_ms }, deep }
}

/// Whether a connection can be believed, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Its newest numbers may be shown.
    pub is_healthy: bool,
    /// Why not, or that it is well.
    pub why: String,
    /// The days that every kind has.
    pub covers: Option<Range>,
    /// When every kind was last read: the eldest of their times.
    pub last_success_ms: Option<i64>,
    /// The newest failure that stands.
    pub failure: Option<Failure>,
    /// When something is asked next.
    pub next_ms: Option<i64>,
    /// Days of all kinds that are there.
    pub done_buckets: i64,
    /// Of so many.
    pub wanted_buckets: i64,
}

/// Judges a connection by its streams. One that was refused or misread is not believed at once; one that cannot be reached
/// only when its numbers have become stale, so that a passing fault does not make the source jump.
pub fn health(streams: &[StreamState], now_ms: i64, cache_ms: i64) -> Health {
    let told = || streams.iter().filter(|stream| !stream.is_missing);
    let (done_buckets, wanted_buckets) =
        told().map(|stream| stream.progress(now_ms)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let covers = told().map(|stream| stream.covers).reduce(overlap).flatten();
    let last_success_ms = told().map(|stream| stream.last_success_ms).min().flatten();
    let failure = told().filter_map(|stream| stream.failure.clone()).max_by_key(|failure| {
        // What lasts says more than what passes.
        (!failure.passing, failure.at_ms)
    });
    let stale_ms = STALE_MS.max(cache_ms.saturating_mul(3));
    let refused = told().find_map(|stream| {
        let failure = stream.failure.as_ref().filter(|failure| !failure.passing)?;
        Some(format!("{}: {}", stream.kind.name(), failure.message))
    });
    let why =
        if streams.is_empty() || told().any(|stream| stream.last_success_ms.is_none()) && refused.is_none() {
            let sentence = failure.as_ref().map(|failure| failure.message.clone());
            Some(sentence.unwrap_or_else(|| "it has not been read yet".to_owned()))
        } else if let Some(refused) = refused {
            Some(refused)
        } else if last_success_ms.is_none_or(|last| now_ms - last > stale_ms) {
            Some("its last answer is too old".to_owned())
        } else {
            None
        };
    Health {
        is_healthy: why.is_none(),
        why: why.unwrap_or_else(|| "every report was read lately".to_owned()),
        covers,
        last_success_ms,
        failure,
        next_ms: told().map(|stream| stream.due_ms).min(),
        done_buckets,
        wanted_buckets,
    }
}

fn overlap(one: Option<Range>, other: Option<Range>) -> Option<Range> {
    let (one, other) = (one?, other?);
    let both = Range { from_ms: one.from_ms.max(other.from_ms), to_ms: one.to_ms.min(other.to_ms) };
    (both.from_ms < both.to_ms).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_343_400_000; // 2026-11-22T10:30:00Z
    const CACHE: i64 = 300_000;

    fn end() -> i64 {
        utc_day(NOW) + DAY_MS
    }

    fn failure(passing: bool) -> Failure {
        Failure { code: "x".into(), message: "it said no".into(), at_ms: NOW, passing }
    }

    /// Does all work that is due at one moment; answers the spans.
    fn run(state: &mut StreamState, now_ms: i64) -> Vec<Work> {
        let mut done = vec![];
        while state.due_ms <= now_ms {
            let work = next_work(state, now_ms, CACHE);
            state.succeed(work, now_ms, CACHE);
            done.push(work);
            assert!(done.len() < 100);
        }
        done
    }

    #[test]
    fn newest_days_come_first_and_older_ones_join_without_a_gap() {
        let mut state = StreamState::new(ReportKind::Costs, NOW - 100 * DAY_MS, NOW);
        let done = run(&mut state, NOW);
        assert_eq!(done.len(), 4);
        assert!(matches!(done[0], Work::Head { span, deep: true } if span.to_ms == end()));
        for pair in done.windows(2) {
            assert_eq!(span_of(pair[1]).to_ms, span_of(pair[0]).from_ms);
        }
        assert_eq!(state.covers, Some(Range { from_ms: utc_day(NOW - 100 * DAY_MS), to_ms: end() }));
        assert_eq!(state.progress(NOW), (101, 101));
        assert_eq!(state.due_ms, NOW + CACHE);
    }

    #[test]
    fn what_is_fresh_is_not_asked_again_and_late_days_are() {
        let mut state = StreamState::new(ReportKind::Costs, NOW - 40 * DAY_MS, NOW);
        run(&mut state, NOW);
        assert!(run(&mut state, NOW + CACHE - 1).is_empty());
        let again = run(&mut state, NOW + CACHE);
        assert_eq!(
            again,
            [Work::Head { span: Range { from_ms: end() - 3 * DAY_MS, to_ms: end() }, deep: false }]
        );
        let next_day = run(&mut state, NOW + DAY_MS);
        let span = Range { from_ms: end() - 35 * DAY_MS, to_ms: end() + DAY_MS };
        assert_eq!(next_day, [Work::Head { span, deep: true }]);
    }

    #[test]
    fn a_long_pause_leaves_no_gap() {
        let mut state = StreamState::new(ReportKind::Costs, NOW - 5 * DAY_MS, NOW);
        run(&mut state, NOW);
        let covered_to = state.covers.unwrap().to_ms;
        let later = run(&mut state, NOW + 90 * DAY_MS);
        assert!(span_of(later[0]).from_ms < covered_to);
        assert_eq!(state.covers.unwrap().from_ms, utc_day(NOW - 5 * DAY_MS));
    }

    #[test]
    fn tries_grow_apart_and_the_provider_has_the_last_word() {
        let mut state = StreamState::new(ReportKind::Costs, NOW, NOW);
        let mut pauses = vec![];
        for _ in 0..20 {
            state.fail(failure(true), None, 0, NOW);
            pauses.push(state.due_ms - NOW);
        }
        assert_eq!(pauses[..3], [30_000, 60_000, 120_000]);
        assert_eq!(pauses[19], MAX_PAUSE_MS);
        state.fail(failure(true), Some(7_000), 500, NOW);
        assert_eq!(state.due_ms, NOW + 7_000);
        state.fail(failure(true), Some(0), 0, NOW);
        assert_eq!(state.due_ms, NOW + 1_000);
    }

    #[test]
    fn a_refusal_is_believed_at_once_and_a_passing_fault_only_when_it_lasts() {
        let mut streams = [
            StreamState::new(ReportKind::Costs, NOW - DAY_MS, NOW),
            StreamState::new(ReportKind::Completions, NOW - DAY_MS, NOW),
        ];
        assert!(!health(&streams, NOW, CACHE).is_healthy);
        for stream in &mut streams {
            run(stream, NOW);
        }
        assert!(health(&streams, NOW, CACHE).is_healthy);
        streams[1].fail(failure(true), None, 0, NOW);
        assert!(health(&streams, NOW, CACHE).is_healthy);
        assert!(!health(&streams, NOW + STALE_MS + 1, CACHE).is_healthy);
        streams[1].fail(failure(false), None, 0, NOW);
        let ill = health(&streams, NOW, CACHE);
        assert_eq!((ill.is_healthy, ill.why.as_str()), (false, "completions: it said no"));
        run(&mut streams[1], NOW + DAY_MS);
        run(&mut streams[0], NOW + DAY_MS);
        assert!(health(&streams, NOW + DAY_MS, CACHE).is_healthy);
    }

    #[test]
    fn only_days_that_every_kind_has_are_there() {
        let mut streams = [
            StreamState::new(ReportKind::Costs, NOW - 9 * DAY_MS, NOW),
            StreamState::new(ReportKind::Completions, NOW - 2 * DAY_MS, NOW),
        ];
        run(&mut streams[0], NOW);
        assert_eq!(health(&streams, NOW, CACHE).covers, None);
        run(&mut streams[1], NOW);
        let both = Range { from_ms: end() - 3 * DAY_MS, to_ms: end() };
        assert_eq!(health(&streams, NOW, CACHE).covers, Some(both));
        streams.swap(0, 1);
        assert_eq!(health(&streams, NOW, CACHE).covers, Some(both));
    }

    #[test]
    fn a_kind_that_is_not_known_harms_nobody() {
        let mut streams = [
            StreamState::new(ReportKind::Costs, NOW - DAY_MS, NOW),
            StreamState::new(ReportKind::Decisions, NOW - DAY_MS, NOW),
        ];
        run(&mut streams[0], NOW);
        streams[1].miss(NOW);
        let well = health(&streams, NOW, CACHE);
        assert!(well.is_healthy);
        assert_eq!((well.done_buckets, well.wanted_buckets), (2, 2));
        assert!(!health(&[], NOW, CACHE).is_healthy);
    }
}
