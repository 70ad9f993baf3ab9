//! The buckets of one page of `OpenAI`'s usage API: minutes, hours or days of UTC between two Unix seconds.
//!
//! Buckets lie on the grid of their width; the first and the last are cut by the span, so that together they cover it
//! and nothing else. A page that does not reach the end names where the next begins.

use crate::invalid::Invalid;

/// The last second of the year 9999.
const LATEST_S: i64 = 253_402_300_799;

/// The width of the buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BucketWidth {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of UTC.
    #[default]
    Day,
}

impl BucketWidth {
    /// Reads `1m`, `1h` or `1d`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "1m" => Some(Self::Minute),
            "1h" => Some(Self::Hour),
            "1d" => Some(Self::Day),
            _ => None,
        }
    }

    /// The name in parameters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "1m",
            Self::Hour => "1h",
            Self::Day => "1d",
        }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    /// Buckets of a page: where none are asked for, and at most.
    pub fn limits(self) -> (usize, usize) {
        match self {
            Self::Minute => (60, 1_440),
            Self::Hour => (24, 168),
            Self::Day => (7, 31),
        }
    }
}

/// The span that is asked about, Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanInput {
    /// First second.
    pub start_s: i64,
    /// First second after it; without one, the end of the bucket that is running.
    pub end_s: Option<i64>,
    /// The width of its buckets.
    pub width: BucketWidth,
    /// Where an earlier page ended.
    pub resume: Option<Resume>,
}

/// Where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// First second of its first bucket.
    pub next_s: i64,
    /// First second after the whole span, settled by the first page.
    pub end_s: i64,
}

/// The buckets of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketPage {
    /// Edges of the buckets, Unix seconds, ascending, at least two.
    edges_s: Vec<i64>,
    end_s: i64,
}

impl BucketPage {
    /// Checks a span and cuts its first `limit` buckets.
    pub fn new(input: SpanInput, limit: usize, now_ms: i64) -> Result<Self, Invalid> {
        let SpanInput { start_s, end_s, width, resume } = input;
        let width_s = width.seconds();
        for (field, second) in [("start_time", Some(start_s)), ("end_time", end_s)] {
            if second.is_some_and(|second| !(0..=LATEST_S).contains(&second)) {
                let message = format!("{field} must be a Unix time in seconds, from 0 to {LATEST_S}");
                return Err(Invalid::new(field, message));
            }
        }
        if end_s.is_some_and(|end_s| end_s <= start_s) {
            return Err(Invalid::new("end_time", "end_time must be later than start_time"));
        }
        let running_end_s = (now_ms.div_euclid(1000).div_euclid(width_s) + 1) * width_s;
        let (from_s, end_s) = match resume {
            Some(resume) => {
                let fits = start_s < resume.next_s
                    && resume.next_s < resume.end_s
                    && resume.end_s <= LATEST_S
                    && resume.next_s % width_s == 0
                    && end_s.is_none_or(|end_s| end_s == resume.end_s);
                if !fits {
                    return Err(Invalid::new("page", "page does not belong to this question"));
                }
                (resume.next_s, resume.end_s)
            }
            None => (start_s, end_s.unwrap_or(running_end_s)),
        };
        if from_s >= end_s {
            return Err(Invalid::new("start_time", "start_time lies in the future"));
        }
        let mut edges_s = vec![from_s];
        let mut edge_s = from_s;
        while edge_s < end_s && edges_s.len() <= limit {
            edge_s = ((edge_s.div_euclid(width_s) + 1) * width_s).min(end_s);
            edges_s.push(edge_s);
        }
        Ok(Self { edges_s, end_s })
    }

    /// How many buckets there are.
    pub fn count(&self) -> usize {
        self.edges_s.len() - 1
    }

    /// First second of each bucket, and first second after it.
    pub fn buckets(&self) -> impl Iterator<Item = (i64, i64)> {
        self.edges_s.windows(2).map(|edges| (edges[0], edges[1]))
    }

    /// The edges in Unix milliseconds.
    pub fn edges_ms(&self) -> Vec<i64> {
        self.edges_s.iter().map(|edge_s| edge_s * 1000).collect()
    }

    /// Keeps only the first buckets, at least one.
    pub fn truncate(&mut self, buckets: usize) {
        self.edges_s.truncate(buckets.max(1) + 1);
    }

    /// Where the next page begins; `None` where this one reaches the end.
    pub fn next(&self) -> Option<Resume> {
        let next_s = self.edges_s.last().copied().unwrap_or(self.end_s);
        (next_s < self.end_s).then_some(Resume { next_s, end_s: self.end_s })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-22T10:30:00Z.
    const NOW_MS: i64 = 1_795_343_400_000;
    const NOW_S: i64 = NOW_MS / 1000;
    const MIDNIGHT_S: i64 = NOW_S - 10 * 3600 - 1800;

    fn ask(start_s: i64, end_s: Option<i64>, width: BucketWidth) -> SpanInput {
        SpanInput { start_s, end_s, width, resume: None }
    }

    #[test]
    fn the_first_and_last_bucket_are_cut_by_the_span() {
        let input = ask(MIDNIGHT_S - 90_000, Some(MIDNIGHT_S + 60), BucketWidth::Day);
        let page = BucketPage::new(input, 7, NOW_MS).unwrap();
        let expected = [
            (MIDNIGHT_S - 90_000, MIDNIGHT_S - 86_400),
            (MIDNIGHT_S - 86_400, MIDNIGHT_S),
            (MIDNIGHT_S, MIDNIGHT_S + 60),
        ];
        assert_eq!(page.buckets().collect::<Vec<_>>(), expected);
        assert_eq!(page.next(), None);
    }

    #[test]
    fn without_an_end_it_ends_with_the_bucket_that_is_running() {
        for (width, end_s) in [
            (BucketWidth::Day, MIDNIGHT_S + 86_400),
            (BucketWidth::Hour, NOW_S + 1_800),
            (BucketWidth::Minute, NOW_S + 60),
        ] {
            let page = BucketPage::new(ask(NOW_S, None, width), 7, NOW_MS).unwrap();
            assert_eq!(page.buckets().collect::<Vec<_>>(), [(NOW_S, end_s)]);
        }
    }

    #[test]
    fn what_is_no_span_is_refused_by_name() {
        let field = |input| BucketPage::new(input, 7, NOW_MS).unwrap_err().field;
        assert_eq!(field(ask(-1, None, BucketWidth::Day)), "start_time");
        assert_eq!(field(ask(i64::MAX, None, BucketWidth::Day)), "start_time");
        assert_eq!(field(ask(0, Some(i64::MAX), BucketWidth::Day)), "end_time");
        assert_eq!(field(ask(5, Some(5), BucketWidth::Day)), "end_time");
        assert_eq!(field(ask(NOW_S + 86_400, None, BucketWidth::Day)), "start_time");
        let off_grid = Resume { next_s: MIDNIGHT_S + 1, end_s: MIDNIGHT_S + 2 };
        let resumed = SpanInput { resume: Some(off_grid), ..ask(0, None, BucketWidth::Day) };
        assert_eq!(field(resumed), "page");
        let before_start = Resume { next_s: 86_400, end_s: MIDNIGHT_S };
        let resumed = SpanInput { resume: Some(before_start), ..ask(86_400, None, BucketWidth::Day) };
        assert_eq!(field(resumed), "page");
    }

    proptest! {
        #[test]
        fn pages_walk_the_whole_span_once(
            start_s in 0..100_000i64,
            length_s in 1..100_000i64,
            width in prop::sample::select(vec![BucketWidth::Minute, BucketWidth::Hour, BucketWidth::Day]),
            limit in 1..200usize,
            cut in 1..200usize,
        ) {
            let end_s = start_s + length_s;
            let mut input = ask(start_s, Some(end_s), width);
            let mut at = start_s;
            loop {
                let mut page = BucketPage::new(input, limit, NOW_MS).unwrap();
                prop_assert!((1..=limit).contains(&page.count()));
                page.truncate(cut);
                for (from_s, to_s) in page.buckets() {
                    prop_assert_eq!(from_s, at);
                    prop_assert!(from_s < to_s && (to_s - 1).div_euclid(width.seconds()) == from_s.div_euclid(width.seconds()));
                    at = to_s;
                }
                input.resume = page.next();
                if input.resume.is_none() {
                    break;
                }
            }
            prop_assert_eq!(at, end_s);
        }
    }
}
