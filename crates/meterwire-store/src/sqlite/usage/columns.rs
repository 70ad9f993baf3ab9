//! Adding up segments: column after column, a few nanoseconds a row.
//!
//! The columns of the filters are read first; of all others only the rows that pass are looked at. For the rows of each
//! bucket the columns of the dimensions are made into one number of the combination, and that into the number of the group
//! within this segment; then each wanted column of numbers is added up by these small numbers, and the sums are added to
//! the groups of the answer.

use super::aggregate::Question;
use super::groups::{Groups, Key, MAX_RANKED};
use super::slices::{self, SliceKey, SliceSums};
use crate::error::{Fault, Work};
use crate::sqlite::segment::{Coded, FEW_GROUPS, Numbers, Part, Picked, Segment, count_rows};
use crate::sqlite::sql::NumberFilter;
use crate::sums::{COST, TOKENS, UNPRICED};
use hashbrown::HashMap;
use meterwire_app::ports::{MAX_GROUP_BY, Measures};
use meterwire_core::dimension::Dimension;
use meterwire_core::sketch::{BUCKETS, bucket_number};
use std::sync::Arc;

/// The most combinations of a segment that get a table of their own; beyond, each row is looked up.
const MAX_TABLE: usize = 1 << 20;
/// With more combinations a row than these, the table is mostly empty.
const COMBINATIONS_A_ROW: usize = 4;
/// Stands for a combination that was not met yet.
const UNMET: u32 = u32::MAX;
/// The most counts of latencies by group and bucket; with more groups each row is added to its sketch.
const MAX_COUNTS: usize = 1 << 20;

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
pub(super) fn sums_of(measures: Measures) -> impl Iterator<Item = usize> {
    // Calls and errors, which come before these, are none.
    (UNPRICED..=COST).filter(move |sum| if TOKENS.contains(sum) { measures.tokens } else { measures.cost })
}

/// Room that is used again from segment to segment.
#[derive(Default)]
pub(super) struct Room {
    /// Of each picked row the combination of its dimensions.
    combination: Vec<u32>,
    /// By combination the group within the segment.
    table: Vec<u32>,
    /// By place in a dictionary the number of those that were met.
    number: Vec<u32>,
    /// Of each picked row the group within the segment.
    group: Vec<u32>,
    /// By group within the segment the place in the answer, or [`UNMET`] where it has no rows.
    places: Vec<u32>,
    /// By group within the segment how many picked rows it has.
    calls: Vec<i64>,
    /// By group within the segment the sum of a column.
    sums: Vec<i64>,
    /// By group within the segment and bucket of latency how many rows there are.
    counts: Vec<u32>,
    /// By group of a remembered slice the place in the answer.
    remembered: Vec<u32>,
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
    let mut read = Read { question, segment, filters: None, dimensions: None };
    let edges = question.edges_ms;
    let mut bucket = edges.partition_point(|edge| *edge <= from_ms).saturating_sub(1);
    while bucket + 1 < edges.len() && edges[bucket] < to_ms {
        let (from_ms, to_ms) = (edges[bucket].max(from_ms), edges[bucket + 1].min(to_ms));
        let rows = segment.rows_between(from_ms, to_ms)?;
        if let Some(key) = slices::key(question, segment.version, rows.len(), from_ms, to_ms) {
            read.add_remembered(key, bucket, rows, room, groups)?;
        } else {
            read.add(bucket, rows, room, groups)?;
        }
        bucket += 1;
    }
    Ok(())
}

/// A column of a filter, and which of its values pass.
type Passing<'a> = (Coded<'a>, Vec<bool>);

/// The filters of a question, as a segment has them.
enum Filters<'a> {
    /// Those that keep rows out, what lets the least through first.
    Some(Vec<Passing<'a>>),
    /// Nothing passes.
    Nothing,
}

/// A segment and what was read of it for a question.
struct Read<'a> {
    question: &'a Question<'a>,
    segment: &'a Segment<'a>,
    filters: Option<Filters<'a>>,
    dimensions: Option<Vec<Coded<'a>>>,
}

impl Read<'_> {
    /// Adds up rows of one bucket, unless it is known what they add up to.
    fn add_remembered(
        &mut self,
        key: SliceKey,
        bucket: usize,
        rows: std::ops::Range<usize>,
        room: &mut Room,
        groups: &mut Groups,
    ) -> Work<()> {
        let cache = self.segment.cache().slices();
        if let Some(known) = cache.get(&key) {
            if known.has_too_many {
                return self.add(bucket, rows, room, groups);
            }
            return known.add_to(bucket, &mut room.remembered, groups);
        }
        let mut own = Groups::new(MAX_RANKED);
        let count = rows.len();
        self.add(bucket, rows.clone(), room, &mut own)?;
        let found = SliceSums::of(own, count);
        let bytes = found.bytes(&key);
        let found = Arc::new(found);
        cache.add(key, found.clone(), bytes);
        if found.has_too_many {
            return self.add(bucket, rows, room, groups);
        }
        found.add_to(bucket, &mut room.remembered, groups)
    }

    /// Adds up rows of one bucket.
    fn add(
        &mut self,
        bucket: usize,
        rows: std::ops::Range<usize>,
        room: &mut Room,
        groups: &mut Groups,
    ) -> Work<()> {
        let (question, segment) = (self.question, self.segment);
        if self.filters.is_none() {
            self.filters = Some(filters(question, segment)?);
        }
        let Some(Filters::Some(filters)) = &self.filters else { return Ok(()) };
        let mut picked = Picked::All(rows);
        for (column, allowed) in filters {
            if picked.len() > 0 {
                picked = column.pick(&picked, allowed);
            }
        }
        if picked.len() == 0 {
            return Ok(());
        }
        if self.dimensions.is_none() {
            let parts = question.dimensions.iter().map(|dimension| Part::of_dimension(*dimension));
            self.dimensions = Some(parts.map(|part| segment.coded(part)).collect::<Work<_>>()?);
        }
        let dimensions = self.dimensions.as_deref().unwrap_or_default();
        Slice { question, segment, dimensions, picked, bucket }.add(room, groups)
    }
}

fn filters<'a>(question: &Question<'_>, segment: &'a Segment<'_>) -> Work<Filters<'a>> {
    let mut filters = Vec::with_capacity(question.filters.len());
    for filter in question.filters {
        let column = segment.coded(Part::of_dimension(filter.dimension))?;
        let allowed = column.among(&filter.values);
        if !allowed.contains(&true) {
            return Ok(Filters::Nothing);
        }
        if allowed.contains(&false) {
            filters.push((column, allowed));
        }
    }
    filters.sort_by_key(|(_, allowed)| {
        allowed.iter().filter(|allowed| **allowed).count() * 1_000 / allowed.len()
    });
    Ok(Filters::Some(filters))
}

/// The picked rows of a segment that belong to one bucket; there is at least one.
struct Slice<'a> {
    question: &'a Question<'a>,
    segment: &'a Segment<'a>,
    dimensions: &'a [Coded<'a>],
    picked: Picked,
    bucket: usize,
}

impl Slice<'_> {
    fn add(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        self.find_groups(room, groups)?;
        if self.question.users { self.add_users(room, groups) } else { self.add_sums(room, groups) }
    }

    /// Finds the group of each row.
    fn find_groups(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let count = self.picked.len();
        room.group.clear();
        room.places.clear();
        room.calls.clear();
        let sizes = self.dimensions.iter().map(|column| column.values.len());
        let mut combinations = sizes.fold(1_usize, usize::saturating_mul);
        if combinations == 1 {
            room.places.push(groups.place(self.key(0, &[]))?);
            room.calls.push(count as i64);
            room.group.resize(count, 0);
            return Ok(());
        }
        let met = if combinations > count.saturating_mul(COMBINATIONS_A_ROW) {
            self.dimensions.iter().map(|column| column.met(&self.picked, &mut room.number)).collect()
        } else {
            vec![]
        };
        if !met.is_empty() {
            combinations = met.iter().map(Vec::len).fold(1, usize::saturating_mul);
        }
        if combinations > MAX_TABLE {
            return self.find_each(room, groups);
        }
        room.combination.clear();
        room.combination.resize(count, 0);
        for (i, column) in self.dimensions.iter().enumerate() {
            match met.get(i) {
                Some(met) => column.combine_met(&self.picked, met, &mut room.number, &mut room.combination),
                None if column.size() > 1 => {
                    column.combine(&self.picked, column.size(), &mut room.combination);
                }
                None => {}
            }
        }
        if combinations <= FEW_GROUPS {
            self.all_combinations(combinations, &met, room, groups)
        } else {
            self.met_combinations(combinations, &met, room, groups)
        }
    }

    /// Few combinations are the groups themselves, with rows or without.
    fn all_combinations(
        &self,
        combinations: usize,
        met: &[Vec<u32>],
        room: &mut Room,
        groups: &mut Groups,
    ) -> Work<()> {
        let Room { combination, group, places, calls, .. } = room;
        std::mem::swap(combination, group);
        calls.resize(combinations, 0);
        count_rows(group, calls);
        for (combination, calls) in calls.iter().enumerate() {
            places.push(if *calls == 0 { UNMET } else { self.place(combination, met, groups)? });
        }
        Ok(())
    }

    /// Of many combinations those with rows are numbered.
    fn met_combinations(
        &self,
        combinations: usize,
        met: &[Vec<u32>],
        room: &mut Room,
        groups: &mut Groups,
    ) -> Work<()> {
        let Room { combination, table, group, places, calls, .. } = room;
        table.clear();
        table.resize(combinations, UNMET);
        for combination in combination {
            let entry = &mut table[*combination as usize];
            if *entry == UNMET {
                *entry = next_group(places);
                places.push(self.place(*combination as usize, met, groups)?);
                calls.push(0);
            }
            calls[*entry as usize] += 1;
            group.push(*entry);
        }
        Ok(())
    }

    /// The same where there are too many combinations for a table.
    fn find_each(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let mut met = HashMap::new();
        let mut find = |row: usize| -> Work<()> {
            let mut key = Key { bucket: self.bucket, numbers: [0; MAX_GROUP_BY] };
            for (number, column) in key.numbers.iter_mut().zip(self.dimensions) {
                *number = column.values[column.place(row)];
            }
            let place = groups.place(key)?;
            let next = next_group(&room.places);
            let group = *met.entry(place).or_insert(next);
            if group == next {
                room.places.push(place);
                room.calls.push(0);
            }
            room.calls[group as usize] += 1;
            room.group.push(group);
            Ok(())
        };
        match &self.picked {
            Picked::All(rows) => rows.clone().try_for_each(find),
            Picked::These(rows) => rows.iter().try_for_each(|row| find(*row as usize)),
        }
    }

    /// The place in the answer of a combination.
    fn place(&self, combination: usize, met: &[Vec<u32>], groups: &mut Groups) -> Work<u32> {
        let key = self.key(combination, met);
        if self.dimensions.len() == 1 { groups.place_of_one(key) } else { groups.place(key) }
    }

    /// The key of a combination, of all values of each dimension or of those that were met.
    fn key(&self, mut combination: usize, met: &[Vec<u32>]) -> Key {
        let mut key = Key { bucket: self.bucket, numbers: [0; MAX_GROUP_BY] };
        for (index, column) in self.dimensions.iter().enumerate().rev() {
            let met = met.get(index);
            let size = met.map_or(column.values.len(), Vec::len);
            let code = combination % size;
            key.numbers[index] = column.values[met.map_or(code, |met| met[code] as usize)];
            combination /= size;
        }
        key
    }

    fn add_sums(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        std::mem::swap(&mut room.sums, &mut room.calls);
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
        if widest.saturating_mul(self.picked.len() as i128) <= i128::from(i64::MAX) {
            column.add_up(&self.picked, group, sums);
            return Ok(());
        }
        let mut over = false;
        column.zip_picked(&self.picked, group, |group, value| {
            let (sum, overflowed) = sums[group as usize].overflowing_add(value);
            sums[group as usize] = sum;
            over |= overflowed;
        });
        if over { Err(Fault::Overflow) } else { Ok(()) }
    }

    fn add_errors(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let status = self.segment.coded(Part::of_dimension(Dimension::Status))?;
        let failed: Vec<i64> = status.values.iter().map(|status| i64::from(*status >= 400)).collect();
        if failed.contains(&1) {
            let Room { sums, group, .. } = &mut *room;
            sums.fill(0);
            status.zip_picked(&self.picked, group, |group, code| {
                sums[group as usize] += failed[code as usize];
            });
            add_to_answer(room, 1, groups)?;
        }
        Ok(())
    }

    fn add_latencies(&self, room: &mut Room, groups: &mut Groups) -> Work<()> {
        let Room { group, places, counts, .. } = room;
        for (part, which) in [(Part::LATENCY, 0), (Part::FIRST_TOKEN, 1)] {
            let column = self.segment.numbers(part)?;
            if places.len() > MAX_COUNTS / BUCKETS {
                let mut added = Ok(());
                column.zip_picked(&self.picked, group, |group, value| {
                    if let (Ok(ms), true) = (u32::try_from(value), added.is_ok()) {
                        added =
                            groups.add_latencies(places[group as usize], which, |sketch| sketch.add(ms, 1));
                    }
                });
                added?;
                continue;
            }
            counts.clear();
            counts.resize(places.len() * BUCKETS, 0);
            column.zip_picked(&self.picked, group, |group, value| {
                if let Ok(ms) = u32::try_from(value) {
                    counts[group as usize * BUCKETS + bucket_number(ms)] += 1;
                }
            });
            for (place, counts) in places.iter().zip(counts.chunks(BUCKETS)) {
                if *place != UNMET {
                    groups.add_latencies(*place, which, |sketch| sketch.add_counts(counts))?;
                }
            }
        }
        Ok(())
    }

    fn add_users(&self, room: &Room, groups: &mut Groups) -> Work<()> {
        let users = self.segment.coded(Part::of_dimension(Dimension::User))?;
        if let (Picked::All(rows), [place]) = (&self.picked, &room.places[..])
            && rows.len() == self.segment.count
        {
            return users.values.iter().try_for_each(|user| groups.add_user(*place, *user));
        }
        let mut full = Ok(());
        users.zip_picked(&self.picked, &room.group, |group, code| {
            if full.is_ok() {
                full = groups.add_user(room.places[group as usize], users.values[code as usize]);
            }
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
    let totals = groups.sum(sum);
    for (place, added) in room.places.iter().zip(&room.sums).filter(|(place, _)| **place != UNMET) {
        let total = &mut totals[*place as usize];
        *total = total.checked_add(*added).ok_or_else(|| Fault::Overflow)?;
    }
    Ok(())
}

/// The numbers of the filters' values, as statements bind them.
pub(super) fn values_of(filters: &[NumberFilter]) -> impl Iterator<Item = i64> {
    filters.iter().flat_map(|filter| filter.values.iter().copied())
}
