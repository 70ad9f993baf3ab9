//! Sums of segments that were added up lately, so that asking again goes over what is new, not over the whole range. Like
//! a column, what a version of a segment adds up to never changes; whatever changes the segment takes its version away.

use super::aggregate::Question;
use super::groups::{Groups, Key};
use crate::error::Work;
use crate::sqlite::kept::Kept;
use meterwire_app::ports::MAX_GROUP_BY;
use meterwire_core::sketch::LatencySketch;
use std::sync::Arc;

/// With fewer rows a group than these, adding up the groups is no quicker than adding up the rows.
const ROWS_A_GROUP: usize = 8;

/// Slices by what was asked of them, shared by all readers.
pub(crate) type Slices = Kept<SliceKey, Arc<SliceSums>>;

/// The part of a segment that lies in one bucket, and what is asked of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SliceKey {
    version: i64,
    from_ms: i64,
    to_ms: i64,
    /// Dimensions, filters and measures of the question.
    form: Arc<[i64]>,
}

/// What a slice adds up to.
pub(crate) struct SliceSums {
    /// By group the numbers of its values.
    numbers: Vec<[i64; MAX_GROUP_BY]>,
    /// Of each sum that is not zero everywhere its place in [`crate::sums::SUM_NAMES`] and its values by group.
    sums: Vec<(usize, Vec<i64>)>,
    /// Latency and time to first token by group; none where they were not asked for.
    sketches: Vec<[LatencySketch; 2]>,
    /// There are so many groups that the rows are added up each time; nothing of them is here.
    pub(super) has_too_many: bool,
}

/// What is asked of segments, in numbers.
pub(super) fn form(question: &Question<'_>) -> Arc<[i64]> {
    let mut form = Vec::new();
    // No name is longer than a few bytes, and each is closed by a number that no byte has.
    let push_name = |form: &mut Vec<i64>, name: &str| {
        form.extend(name.bytes().map(i64::from));
        form.push(-1);
    };
    question.dimensions.iter().for_each(|dimension| push_name(&mut form, dimension.name()));
    form.push(-2);
    for filter in question.filters {
        push_name(&mut form, filter.dimension.name());
        form.push(i64::try_from(filter.values.len()).unwrap_or(i64::MAX));
        let mut values = filter.values.clone();
        values.sort_unstable();
        form.extend(values);
    }
    let measures = question.measures;
    let wanted = [measures.tokens, measures.cost, measures.errors, measures.latency];
    form.push(-2);
    form.extend(wanted.map(i64::from));
    form.into()
}

/// The key of a slice of so many rows; `None` where nothing is remembered of it.
pub(super) fn key(
    question: &Question<'_>,
    version: Option<i64>,
    rows: usize,
    from_ms: i64,
    to_ms: i64,
) -> Option<SliceKey> {
    // Users are sets, which have no sum.
    let form = question.form.as_ref()?;
    (rows > 0).then_some(SliceKey { version: version?, from_ms, to_ms, form: form.clone() })
}

impl SliceSums {
    /// What was added up of a slice of so many rows.
    pub(super) fn of(groups: Groups, rows: usize) -> Self {
        let has_too_many = groups.keys.len() * ROWS_A_GROUP > rows;
        if has_too_many {
            return Self { numbers: vec![], sums: vec![], sketches: vec![], has_too_many };
        }
        let numbers = groups.keys.iter().map(|key| key.numbers).collect();
        let (sums, sketches) = groups.into_sums();
        let sums = sums.into_iter().enumerate().filter(|(_, values)| values.iter().any(|value| *value != 0));
        let mut found = Self { numbers, sums: sums.collect(), sketches, has_too_many };
        // They grew while they were added up, and are kept for long.
        found.sums.iter_mut().for_each(|(_, values)| values.shrink_to_fit());
        found.sketches.shrink_to_fit();
        found.sketches.iter_mut().flatten().for_each(LatencySketch::shrink);
        found
    }

    /// Adds them to an answer.
    pub(super) fn add_to(&self, bucket: usize, places: &mut Vec<u32>, groups: &mut Groups) -> Work<()> {
        places.clear();
        for numbers in &self.numbers {
            places.push(groups.place(Key { bucket, numbers: *numbers })?);
        }
        for (sum, values) in &self.sums {
            groups.add_column(*sum, places, values)?;
        }
        for (place, sketches) in places.iter().zip(&self.sketches) {
            for (which, other) in sketches.iter().enumerate() {
                groups.add_latencies(*place, which, |sketch| sketch.merge(other))?;
            }
        }
        Ok(())
    }

    /// About how much memory they take, with their key.
    pub(super) fn bytes(&self, key: &SliceKey) -> usize {
        let words = key.form.len() / 8
            + 32
            + 4 * self.sums.len()
            + self.numbers.len() * (MAX_GROUP_BY + self.sums.len());
        let buckets: usize = self.sketches.iter().flatten().map(LatencySketch::size).sum();
        8 * words + 16 * buckets + self.sketches.len() * size_of::<[LatencySketch; 2]>()
    }
}
