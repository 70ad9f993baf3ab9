//! Adding up segments: column after column, a few nanoseconds a row.
//!
//! For the rows of each bucket the columns of the dimensions are made into one place in a small table of the combinations
//! of this segment, and that into the place of the group; then each wanted column of numbers is added to its group.

use super::aggregate::Question;
use super::groups::{Groups, Key};
use crate::error::{Fault, Work};
use crate::segment::{Coded, Part, Segment};
use crate::sql::NumberFilter;
use meterwire_app::ports::{MAX_GROUP_BY, Measures};
use meterwire_core::dimension::Dimension;
use std::ops::Range;

/// The most combinations of a segment that get a table of their own; beyond, each row is looked up.
const MAX_TABLE: usize = 1 << 20;
/// Stands for a row that a filter does not let through.
const NOWHERE: u32 = u32::MAX;
/// The first sum that is a column of segments: the number of events without a price. Calls and errors come before it.
const FIRST_SUM: usize = 2;
const TOKENS: Range<usize> = 3..13;
const COST: usize = 13;

/// The columns that a question needs.
pub(super) fn parts(question: &Question<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> = question.dimensions.iter().map(|dimension| Part::of_dimension(*dimension)).collect();
    parts.extend(question.filters.iter().map(|filter| Part::of_dimension(filter.dimension)));
    if question.users {
        parts.push(Part::of_dimension(Dimension::User));
        return parts;
    }
    parts.extend(sums_of(question.measures).map(Part::of_sum));
    if question.measures.errors {
        parts.push(Part::of_dimension(Dimension::Status));
    }
    if question.measures.latency {
        parts.extend([Part::LATENCY, Part::FIRST_TOKEN]);
    }
    parts
}

/// The wanted sums that are columns.
fn sums_of(measures: Measures) -> impl Iterator<Item = usize> {
    (FIRST_SUM..=COST).filter(move |sum| if TOKENS.contains(sum) { measures.tokens } else { measures.cost })
}

/// Room that is used again from segment to segment.
#[derive(Default)]
pub(super) struct Room {
    combination: Vec<u32>,
    place: Vec<u32>,
    passes: Vec<bool>,
    table: Vec<u32>,
}

/// Adds up what a segment holds of a question.
pub(super) fn add_segment(
    question: &Question<'_>,
    segment: &Segment<'_>,
    from_ms: i64,
    to_ms: i64,
    room: &mut Room,
    groups: &mut Groups,
) -> Work<()> {
    let (from_ms, to_ms) = (from_ms.max(segment.range.from_ms), to_ms.min(segment.range.to_ms));
    let mut filters = Vec::with_capacity(question.filters.len());
    for filter in question.filters {
        let column = segment.coded(Part::of_dimension(filter.dimension))?;
        let allowed: Vec<bool> = column.values.iter().map(|value| filter.values.contains(value)).collect();
        if !allowed.contains(&true) {
            return Ok(());
        }
        if allowed.contains(&false) {
            filters.push((column, allowed));
        }
    }
    let dimensions = question.dimensions.iter().map(|dimension| segment.coded(Part::of_dimension(*dimension)));
    let dimensions = dimensions.collect::<Work<Vec<_>>>()?;
    let edges = question.edges_ms;
    let mut bucket = edges.partition_point(|edge| *edge <= from_ms).saturating_sub(1);
    while bucket + 1 < edges.len() && edges[bucket] < to_ms {
        let rows = segment.rows_between(edges[bucket].max(from_ms), edges[bucket + 1].min(to_ms))?;
        if !rows.is_empty() {
            let slice = Slice { question, segment, filters: &filters, dimensions: &dimensions, rows, bucket };
            slice.add(room, groups)?;
        }
        bucket += 1;
    }
    Ok(())
}

/// The rows of a segment that belong to one bucket.
struct Slice<'a> {
    question: &'a Question<'a>,
    segment: &'a Segment<'a>,
    filters: &'a [(Coded<'a>, Vec<bool>)],
    dimensions: &'a [Coded<'a>],
    rows: Range<usize>,
    bucket: usize,
}

impl Slice<'_> {
    fn add(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        self.find_places(room, groups)?;
        if self.question.users { self.add_users(room, groups) } else { self.add_sums(room, groups) }
    }

    /// Finds the place of each row's group.
    fn find_places(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let Room { combination, place, passes, table } = room;
        let count = self.rows.len();
        passes.clear();
        if !self.filters.is_empty() {
            passes.resize(count, true);
            for (column, allowed) in self.filters {
                column.places.each(self.rows.clone(), |i, place| passes[i] &= allowed[place as usize]);
            }
        }
        let sizes = self.dimensions.iter().map(|column| column.values.len());
        let combinations = sizes.fold(1_usize, usize::saturating_mul);
        place.clear();
        if combinations == 1 && passes.is_empty() {
            let found = groups.place(self.key(0))?;
            place.resize(count, found);
            return Ok(());
        }
        combination.clear();
        combination.resize(count, 0);
        if combinations > MAX_TABLE {
            return self.find_each(place, passes, groups);
        }
        for column in self.dimensions {
            let size = u32::try_from(column.values.len()).unwrap_or(u32::MAX);
            if size > 1 {
                column.places.each(self.rows.clone(), |i, place| {
                    combination[i] = combination[i] * size + place as u32;
                });
            }
        }
        table.clear();
        table.resize(combinations, NOWHERE);
        for i in 0..count {
            if !passes.is_empty() && !passes[i] {
                place.push(NOWHERE);
                continue;
            }
            let entry = &mut table[combination[i] as usize];
            if *entry == NOWHERE {
                *entry = groups.place(self.key(combination[i] as usize))?;
            }
            place.push(*entry);
        }
        Ok(())
    }

    /// The same where there are too many combinations for a table.
    fn find_each(&self, place: &mut Vec<u32>, passes: &[bool], groups: &mut Groups) -> Work<()> {
        for (i, row) in self.rows.clone().enumerate() {
            if !passes.is_empty() && !passes[i] {
                place.push(NOWHERE);
                continue;
            }
            let mut key = Key { bucket: self.bucket, numbers: [0; MAX_GROUP_BY] };
            for (number, column) in key.numbers.iter_mut().zip(self.dimensions) {
                *number = column.values[column.places.get(row) as usize];
            }
            place.push(groups.place(key)?);
        }
        Ok(())
    }

    /// The key of a combination.
    fn key(&self, mut combination: usize) -> Key {
        let mut key = Key { bucket: self.bucket, numbers: [0; MAX_GROUP_BY] };
        for (index, column) in self.dimensions.iter().enumerate().rev() {
            key.numbers[index] = column.values[combination % column.values.len()];
            combination /= column.values.len();
        }
        key
    }

    fn add_sums(&self, room: &Room, groups: &mut Groups) -> Work<()> {
        let place = &room.place[..];
        for place in place.iter().filter(|place| **place != NOWHERE) {
            groups.value(*place).sums.0[0] += 1;
        }
        let mut over = false;
        for sum in sums_of(self.question.measures) {
            let column = self.segment.numbers(Part::of_sum(sum))?;
            if column.same() == Some(0) {
                continue;
            }
            column.each(self.rows.clone(), |i, value| {
                if place[i] != NOWHERE {
                    let added = &mut groups.values[place[i] as usize].sums.0[sum];
                    let (total, overflowed) = added.overflowing_add(value);
                    *added = total;
                    over |= overflowed;
                }
            });
        }
        if over {
            return Err(Fault::Overflow);
        }
        if self.question.measures.errors {
            self.add_errors(place, groups)?;
        }
        if self.question.measures.latency {
            self.add_latencies(place, groups)?;
        }
        Ok(())
    }

    fn add_errors(&self, place: &[u32], groups: &mut Groups) -> Work<()> {
        let status = self.segment.coded(Part::of_dimension(Dimension::Status))?;
        let failed: Vec<bool> = status.values.iter().map(|status| *status >= 400).collect();
        if failed.contains(&true) {
            status.places.each(self.rows.clone(), |i, code| {
                if failed[code as usize] && place[i] != NOWHERE {
                    groups.values[place[i] as usize].sums.0[1] += 1;
                }
            });
        }
        Ok(())
    }

    fn add_latencies(&self, place: &[u32], groups: &mut Groups) -> Work<()> {
        for (part, first) in [(Part::LATENCY, false), (Part::FIRST_TOKEN, true)] {
            self.segment.numbers(part)?.each(self.rows.clone(), |i, value| {
                if let (Ok(ms), true) = (u32::try_from(value), place[i] != NOWHERE) {
                    let value = &mut groups.values[place[i] as usize];
                    let sketch = if first { &mut value.time_to_first_token } else { &mut value.latency };
                    sketch.add(ms, 1);
                }
            });
        }
        Ok(())
    }

    fn add_users(&self, room: &Room, groups: &mut Groups) -> Work<()> {
        let users = self.segment.coded(Part::of_dimension(Dimension::User))?;
        let mut seen = hashbrown::HashSet::new();
        let (mut last, mut full) = ((NOWHERE, -1), Ok(()));
        users.places.each(self.rows.clone(), |i, code| {
            let pair = (room.place[i], code);
            if pair.0 != NOWHERE && pair != last && seen.insert(pair) && full.is_ok() {
                full = groups.add_user(pair.0, users.values[code as usize]);
            }
            last = pair;
        });
        full
    }
}

/// The numbers of a filter's values, for the columns and for the statements alike.
pub(super) fn values_of(filters: &[NumberFilter]) -> impl Iterator<Item = i64> {
    filters.iter().flat_map(|filter| filter.values.iter().copied())
}
