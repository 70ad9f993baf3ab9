//! Adding up segments: column after column, a few nanoseconds a row.
//!
//! For the rows of each bucket the columns of the dimensions are made into one number of the combination, and that into the
//! number of the group within this segment, 0 for rows that a filter keeps out; then each wanted column of numbers is added
//! up by these small numbers, and the sums are added to the groups of the answer.

use super::aggregate::Question;
use super::groups::{Groups, Key};
use crate::error::{Fault, Work};
use crate::segment::{Coded, Numbers, Part, Segment};
use crate::sql::NumberFilter;
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{MAX_GROUP_BY, Measures};
use meterwire_core::dimension::Dimension;
use std::ops::Range;

/// The most combinations of a segment that get a table of their own; beyond, each row is looked up.
const MAX_TABLE: usize = 1 << 20;
/// Stands for a combination that was not met yet.
const UNMET: u32 = u32::MAX;
/// The group of rows that a filter does not let through.
const NOWHERE: u32 = 0;
/// The first sum that is a column of segments: the number of events without a price. Calls and errors come before it.
const FIRST_SUM: usize = 2;
const TOKENS: Range<usize> = 3..13;
const COST: usize = 13;

/// The columns that a question needs.
pub(super) fn parts(question: &Question<'_>) -> Vec<Part> {
    let mut parts: Vec<Part> =
        question.dimensions.iter().map(|dimension| Part::of_dimension(*dimension)).collect();
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
    /// Of each row the combination of its dimensions.
    combination: Vec<u32>,
    /// Of each row whether the filters let it through; empty where all pass.
    passes: Vec<bool>,
    /// By combination the group within the segment.
    table: Vec<u32>,
    /// Of each row the group within the segment, from 1 on.
    group: Vec<u32>,
    /// By group within the segment the place in the answer; the first one stands for no group.
    places: Vec<u32>,
    /// By group within the segment the sum of a column.
    sums: Vec<i64>,
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
    let dimensions =
        question.dimensions.iter().map(|dimension| segment.coded(Part::of_dimension(*dimension)));
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
        self.find_groups(room, groups)?;
        if self.question.users { self.add_users(room, groups) } else { self.add_sums(room, groups) }
    }

    /// Finds the group of each row.
    fn find_groups(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let Room { combination, passes, table, group, places, .. } = room;
        let count = self.rows.len();
        group.clear();
        places.clear();
        places.push(NOWHERE);
        passes.clear();
        if !self.filters.is_empty() {
            passes.resize(count, true);
            for (column, allowed) in self.filters {
                column.each(self.rows.clone(), |i, place| passes[i] &= allowed[place as usize]);
            }
        }
        let sizes = self.dimensions.iter().map(|column| column.values.len());
        let combinations = sizes.fold(1_usize, usize::saturating_mul);
        if combinations == 1 {
            if passes.is_empty() || passes.contains(&true) {
                places.push(groups.place(self.key(0))?);
            }
            if passes.is_empty() {
                group.resize(count, 1);
            } else {
                group.extend(passes.iter().map(|passes| u32::from(*passes)));
            }
            return Ok(());
        }
        if combinations > MAX_TABLE {
            return self.find_each(room, groups);
        }
        combination.clear();
        combination.resize(count, 0);
        for column in self.dimensions {
            let size = column.size();
            if size > 1 {
                column.each(self.rows.clone(), |i, place| {
                    combination[i] = combination[i] * size + place;
                });
            }
        }
        let one = self.dimensions.len() == 1;
        table.clear();
        table.resize(combinations, UNMET);
        for (i, combination) in combination.iter().enumerate() {
            if !passes.is_empty() && !passes[i] {
                group.push(NOWHERE);
                continue;
            }
            let entry = &mut table[*combination as usize];
            if *entry == UNMET {
                *entry = next_group(places);
                let key = self.key(*combination as usize);
                places.push(if one { groups.place_of_one(key)? } else { groups.place(key)? });
            }
            group.push(*entry);
        }
        Ok(())
    }

    /// The same where there are too many combinations for a table.
    fn find_each(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let mut met = HashMap::new();
        for (i, row) in self.rows.clone().enumerate() {
            if !room.passes.is_empty() && !room.passes[i] {
                room.group.push(NOWHERE);
                continue;
            }
            let mut key = Key { bucket: self.bucket, numbers: [0; MAX_GROUP_BY] };
            for (number, column) in key.numbers.iter_mut().zip(self.dimensions) {
                *number = column.values[column.place(row)];
            }
            let place = groups.place(key)?;
            let next = next_group(&room.places);
            let group = *met.entry(place).or_insert(next);
            if group == next {
                room.places.push(place);
            }
            room.group.push(group);
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

    fn add_sums(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        room.sums.clear();
        room.sums.resize(room.places.len(), 0);
        room.group.iter().for_each(|group| room.sums[*group as usize] += 1);
        add_to_answer(room, 0, groups)?;
        for sum in sums_of(self.question.measures) {
            let column = self.segment.numbers(Part::of_sum(sum))?;
            if column.same() != Some(0) {
                self.add_up(&column, room)?;
                add_to_answer(room, sum, groups)?;
            }
        }
        if self.question.measures.errors {
            self.add_errors(room, groups)?;
        }
        if self.question.measures.latency {
            self.add_latencies(room, groups)?;
        }
        Ok(())
    }

    /// Adds up a column by group.
    fn add_up(&self, column: &Numbers<'_>, room: &mut Room) -> Work<()> {
        let Room { sums, group, .. } = room;
        sums.fill(0);
        let widest = i128::from(column.smallest).abs().max(i128::from(column.largest).abs());
        if widest.saturating_mul(self.rows.len() as i128) <= i128::from(i64::MAX) {
            column.zip(self.rows.clone(), group, |group, value| sums[group as usize] += value);
            return Ok(());
        }
        let mut over = false;
        column.zip(self.rows.clone(), group, |group, value| {
            let (sum, overflowed) = sums[group as usize].overflowing_add(value);
            sums[group as usize] = sum;
            over |= overflowed && group != NOWHERE;
        });
        if over { Err(Fault::Overflow) } else { Ok(()) }
    }

    fn add_errors(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let status = self.segment.coded(Part::of_dimension(Dimension::Status))?;
        let failed: Vec<i64> = status.values.iter().map(|status| i64::from(*status >= 400)).collect();
        if failed.contains(&1) {
            let Room { sums, group, .. } = &mut *room;
            sums.fill(0);
            status.zip(self.rows.clone(), group, |group, code| {
                sums[group as usize] += failed[code as usize];
            });
            add_to_answer(room, 1, groups)?;
        }
        Ok(())
    }

    fn add_latencies(&self, room: &Room, groups: &mut Groups) -> Work<()> {
        for (part, first) in [(Part::LATENCY, false), (Part::FIRST_TOKEN, true)] {
            self.segment.numbers(part)?.zip(self.rows.clone(), &room.group, |group, value| {
                if let (Ok(ms), true) = (u32::try_from(value), group != NOWHERE) {
                    let value = groups.value(room.places[group as usize]);
                    let sketch = if first { &mut value.time_to_first_token } else { &mut value.latency };
                    sketch.add(ms, 1);
                }
            });
        }
        Ok(())
    }

    fn add_users(&self, room: &Room, groups: &mut Groups) -> Work<()> {
        let users = self.segment.coded(Part::of_dimension(Dimension::User))?;
        if room.passes.is_empty() && room.places.len() == 2 && self.rows.len() == self.segment.count {
            return users.values.iter().try_for_each(|user| groups.add_user(room.places[1], *user));
        }
        let mut seen = HashSet::new();
        let mut last = (NOWHERE, 0);
        let mut full = Ok(());
        users.zip(self.rows.clone(), &room.group, |group, code| {
            let pair = (group, code);
            if group != NOWHERE && pair != last && seen.insert(pair) && full.is_ok() {
                full = groups.add_user(room.places[group as usize], users.values[code as usize]);
            }
            last = pair;
        });
        full
    }
}

/// The number of the next group within a segment. There are fewer than rows, so it fits.
fn next_group(places: &[u32]) -> u32 {
    u32::try_from(places.len()).unwrap_or(u32::MAX)
}

/// Adds the sums by group to one of the answer's sums.
fn add_to_answer(room: &Room, sum: usize, groups: &mut Groups) -> Work<()> {
    for (place, added) in room.places.iter().zip(&room.sums).skip(1) {
        let total = &mut groups.value(*place).sums.0[sum];
        *total = total.checked_add(*added).ok_or_else(|| Fault::Overflow)?;
    }
    Ok(())
}

/// The numbers of a filter's values, for the columns and for the statements alike.
pub(super) fn values_of(filters: &[NumberFilter]) -> impl Iterator<Item = i64> {
    filters.iter().flat_map(|filter| filter.values.iter().copied())
}
