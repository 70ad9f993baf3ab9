//! What the log is sorted by, from the columns of a segment.

use crate::error::Work;
use crate::sqlite::segment::{Coded, Numbers, Part, Picked, Segment};
use meterwire_app::ports::LogColumn;
use std::ops::Range;

/// The sort value of an absent number, as `sql::sort_key` has it.
pub(super) const ABSENT: i64 = i64::MIN;

/// Token buckets of input and of output, by their places among the sums.
const INPUT: Range<usize> = 3..9;
const OUTPUT: Range<usize> = 9..13;
const UNPRICED: usize = 2;
const COST: usize = 13;
/// So many rows are added up together: few enough to stay in the nearest cache.
const BLOCK: usize = 1_024;

/// The columns that a sort value is made of.
pub(super) fn sort_parts(column: LogColumn) -> Vec<Part> {
    match column {
        LogColumn::Time => vec![],
        LogColumn::InputTokens => INPUT.map(Part::of_sum).collect(),
        LogColumn::OutputTokens => OUTPUT.map(Part::of_sum).collect(),
        LogColumn::TotalTokens => INPUT.chain(OUTPUT).map(Part::of_sum).collect(),
        LogColumn::Cost => vec![Part::of_sum(COST), Part::of_sum(UNPRICED)],
        LogColumn::Latency => vec![Part::LATENCY],
        LogColumn::Dimension(dimension) => vec![Part::of_dimension(dimension)],
    }
}

/// The sort values of a segment.
pub(super) struct SortValues<'a> {
    /// No value is smaller.
    smallest: i64,
    /// No value is larger.
    largest: i64,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// The sum of these, and a number added to each. Where the other column is not within bounds, the value is absent.
    Sum {
        columns: Vec<Numbers<'a>>,
        start: i64,
        absent: Option<(Numbers<'a>, Range<i64>)>,
    },
    Coded(Coded<'a>),
}

impl<'a> SortValues<'a> {
    pub(super) fn read(segment: &'a Segment<'a>, column: LogColumn) -> Work<Self> {
        let (mut start, mut absent) = (0, None);
        let mut columns = Vec::new();
        match column {
            LogColumn::Time => {
                start = segment.range.from_ms;
                columns.push(segment.times()?);
            }
            LogColumn::Dimension(dimension) => {
                let column = segment.coded(Part::of_dimension(dimension))?;
                let (smallest, largest) = (column.values[0], column.values[column.values.len() - 1]);
                return Ok(Self { smallest, largest, kind: Kind::Coded(column) });
            }
            LogColumn::Latency => {
                columns.push(segment.numbers(Part::LATENCY)?);
                // No latency is stored as -1.
                absent = Some((columns[0], 0..i64::MAX)).filter(|(column, _)| column.smallest < 0);
            }
            LogColumn::Cost => {
                columns.push(segment.numbers(Part::of_sum(COST))?);
                let unpriced = segment.numbers(Part::of_sum(UNPRICED))?;
                absent = Some((unpriced, 0..1)).filter(|_| unpriced.largest > 0);
            }
            _ => {
                for part in sort_parts(column) {
                    let column = segment.numbers(part)?;
                    if column.same() != Some(0) {
                        columns.push(column);
                    }
                }
            }
        }
        let smallest = columns.iter().fold(start, |sum, column| sum.saturating_add(column.smallest));
        let largest = columns.iter().fold(start, |sum, column| sum.saturating_add(column.largest));
        let smallest = if absent.is_some() { ABSENT } else { smallest };
        Ok(Self { smallest, largest, kind: Kind::Sum { columns, start, absent } })
    }

    /// The smallest and the largest of so many values; what is absent is the smallest.
    pub(super) fn bounds(&self, count: usize) -> (i64, i64) {
        let Kind::Sum { columns, start, .. } = &self.kind else { return (self.smallest, self.largest) };
        if columns.len() < 2 {
            return (self.smallest, self.largest);
        }
        // What the largest of each column come to is mostly far above the largest sum.
        let (mut smallest, mut largest) = (i64::MAX, self.smallest);
        let mut values = [0; BLOCK];
        for first in (0..count).step_by(BLOCK) {
            let values = &mut values[..BLOCK.min(count - first)];
            values.fill(*start);
            columns.iter().for_each(|column| column.add_to(first..first + values.len(), values));
            smallest = values.iter().fold(smallest, |smallest, value| smallest.min(*value));
            largest = values.iter().fold(largest, |largest, value| largest.max(*value));
        }
        (smallest.min(largest), largest)
    }

    /// Hands over the picked rows whose value lies between two, themselves included.
    pub(super) fn find(&self, picked: &Picked, from: i64, to: i64, mut take: impl FnMut(usize, i64)) {
        match (&self.kind, picked) {
            (Kind::Coded(column), _) => {
                let allowed: Vec<bool> =
                    column.values.iter().map(|value| (from..=to).contains(value)).collect();
                if let Picked::These(rows) = column.pick(picked, &allowed) {
                    for row in rows {
                        take(row as usize, column.values[column.place(row as usize)]);
                    }
                }
            }
            (Kind::Sum { columns, start: 0, absent: None }, Picked::All(rows)) if columns.len() == 1 => {
                let mut found = Vec::new();
                columns[0].find(rows.clone(), from, to, &mut found);
                found.into_iter().for_each(|row| take(row as usize, columns[0].get(row as usize)));
            }
            (Kind::Sum { columns, start, absent }, Picked::All(rows)) => {
                let mut values = [0; BLOCK];
                for first in rows.clone().step_by(BLOCK) {
                    let block = first..rows.end.min(first + BLOCK);
                    let values = &mut values[..block.len()];
                    values.fill(*start);
                    columns.iter().for_each(|column| column.add_to(block.clone(), values));
                    if let Some((column, present)) = absent {
                        column.each(block.clone(), |i, value| {
                            if !present.contains(&value) {
                                values[i] = ABSENT;
                            }
                        });
                    }
                    let wanted = |value: i64| from <= value && value <= to;
                    if values.iter().fold(false, |any, value| any | wanted(*value)) {
                        let found = values.iter().zip(block).filter(|(value, _)| wanted(**value));
                        found.for_each(|(value, row)| take(row, *value));
                    }
                }
            }
            (Kind::Sum { columns, start, absent }, Picked::These(rows)) => {
                for row in rows.iter().map(|row| *row as usize) {
                    let is_absent =
                        absent.as_ref().is_some_and(|(column, present)| !present.contains(&column.get(row)));
                    let sum = columns.iter().fold(*start, |sum, column| sum.wrapping_add(column.get(row)));
                    let value = if is_absent { ABSENT } else { sum };
                    if from <= value && value <= to {
                        take(row, value);
                    }
                }
            }
        }
    }
}
