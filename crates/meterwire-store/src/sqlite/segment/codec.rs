//! Packed columns: numbers in as few whole bytes as the widest needs, labels as places in a dictionary.
//!
//! Numbers: one byte of width (0, 1, 2, 4 or 8), the smallest and the largest value, then each value's distance from the
//! smallest in that width, little-endian. Width 0: all are the smallest. A dictionary column: the number of different
//! values, those values ascending as numbers, then a place in them for each row as numbers.

use super::packed::{FEW_GROUPS, Packed as _, Picked, add_in_lanes, find_in};
use std::ops::Range;

/// Width, smallest and largest.
const HEADER: usize = 17;

/// A column of numbers, read where it lies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers<'a> {
    pub(crate) smallest: i64,
    pub(crate) largest: i64,
    values: Values<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Values<'a> {
    Same,
    Bytes(&'a [u8]),
    Two(&'a [[u8; 2]]),
    Four(&'a [[u8; 4]]),
    Eight(&'a [[u8; 8]]),
}

/// Does something with the packed values, whatever their width, or where there is but one value.
macro_rules! on_values {
    ($values:expr, _same => $same:expr, $held:ident => $each:expr) => {
        match $values {
            Values::Same => $same,
            Values::Bytes($held) => $each,
            Values::Two($held) => $each,
            Values::Four($held) => $each,
            Values::Eight($held) => $each,
        }
    };
}

impl<'a> Numbers<'a> {
    /// A column that holds nothing but zeros.
    pub(crate) const ZERO: Self = Self { smallest: 0, largest: 0, values: Values::Same };

    /// Reads `count` numbers and hands back what lies behind them; `None` where the bytes are damaged.
    fn split(bytes: &'a [u8], count: usize) -> Option<(Self, &'a [u8])> {
        let (header, rest) = bytes.split_at_checked(HEADER)?;
        let number = |at: usize| Some(i64::from_le_bytes(header.get(at..at + 8)?.try_into().ok()?));
        let (smallest, largest) = (number(1)?, number(9)?);
        let (held, rest) = rest.split_at_checked(usize::from(header[0]) * count)?;
        let values = match header[0] {
            0 if smallest == largest => Values::Same,
            1 => Values::Bytes(held),
            2 => Values::Two(held.as_chunks().0),
            4 => Values::Four(held.as_chunks().0),
            8 => Values::Eight(held.as_chunks().0),
            _ => return None,
        };
        Some((Self { smallest, largest, values }, rest))
    }

    /// Reads what [`encode_numbers`] wrote of `count` numbers; `None` where the bytes are damaged.
    pub(crate) fn read(bytes: &'a [u8], count: usize) -> Option<Self> {
        Self::split(bytes, count).filter(|(_, rest)| rest.is_empty()).map(|(numbers, _)| numbers)
    }

    /// All numbers are this one.
    pub(crate) fn same(&self) -> Option<i64> {
        matches!(self.values, Values::Same).then_some(self.smallest)
    }

    /// One number. Slow; for looking at a few.
    pub(crate) fn get(&self, row: usize) -> i64 {
        let distance = match self.values {
            Values::Same => 0,
            Values::Bytes(held) => u64::from(held[row]),
            Values::Two(held) => u64::from(u16::from_le_bytes(held[row])),
            Values::Four(held) => u64::from(u32::from_le_bytes(held[row])),
            Values::Eight(held) => u64::from_le_bytes(held[row]),
        };
        self.smallest.wrapping_add_unsigned(distance)
    }

    /// Goes over the numbers of some rows; `visit` gets the place from the first row on, and the number.
    pub(crate) fn each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, i64)) {
        let from = self.smallest;
        match self.values {
            Values::Same => (0..rows.len()).for_each(|i| visit(i, from)),
            Values::Bytes(held) => {
                held[rows]
                    .iter()
                    .enumerate()
                    .for_each(|(i, value)| visit(i, from.wrapping_add(i64::from(*value))));
            }
            Values::Two(held) => {
                let values = held[rows].iter().map(|value| u16::from_le_bytes(*value));
                values.enumerate().for_each(|(i, value)| visit(i, from.wrapping_add(i64::from(value))));
            }
            Values::Four(held) => {
                let values = held[rows].iter().map(|value| u32::from_le_bytes(*value));
                values.enumerate().for_each(|(i, value)| visit(i, from.wrapping_add(i64::from(value))));
            }
            Values::Eight(held) => {
                let values = held[rows].iter().map(|value| u64::from_le_bytes(*value));
                values.enumerate().for_each(|(i, value)| visit(i, from.wrapping_add_unsigned(value)));
            }
        }
    }

    /// Goes over the numbers of some rows together with something for each row.
    pub(crate) fn zip<T: Copy>(&self, rows: Range<usize>, others: &[T], mut visit: impl FnMut(T, i64)) {
        let from = self.smallest;
        let others = others.iter().copied();
        match self.values {
            Values::Same => others.take(rows.len()).for_each(|other| visit(other, from)),
            Values::Bytes(held) => {
                others
                    .zip(&held[rows])
                    .for_each(|(other, value)| visit(other, from.wrapping_add(i64::from(*value))));
            }
            Values::Two(held) => {
                let values = held[rows].iter().map(|value| u16::from_le_bytes(*value));
                others
                    .zip(values)
                    .for_each(|(other, value)| visit(other, from.wrapping_add(i64::from(value))));
            }
            Values::Four(held) => {
                let values = held[rows].iter().map(|value| u32::from_le_bytes(*value));
                others
                    .zip(values)
                    .for_each(|(other, value)| visit(other, from.wrapping_add(i64::from(value))));
            }
            Values::Eight(held) => {
                let values = held[rows].iter().map(|value| u64::from_le_bytes(*value));
                others.zip(values).for_each(|(other, value)| visit(other, from.wrapping_add_unsigned(value)));
            }
        }
    }

    /// Adds the number of each of some rows to something.
    pub(crate) fn add_to(&self, rows: Range<usize>, sums: &mut [i64]) {
        let from = self.smallest;
        on_values!(self.values, _same => sums.iter_mut().for_each(|sum| *sum = sum.wrapping_add(from)), held => {
            for (sum, value) in sums.iter_mut().zip(&held[rows]) {
                *sum = sum.wrapping_add(from).wrapping_add_unsigned(value.distance());
            }
        });
    }

    /// Goes over the picked rows together with something for each of them.
    pub(crate) fn zip_picked<T: Copy>(&self, picked: &Picked, others: &[T], mut visit: impl FnMut(T, i64)) {
        match picked {
            Picked::All(rows) => self.zip(rows.clone(), others, visit),
            Picked::These(rows) => {
                let from = self.smallest;
                on_values!(self.values, _same => others.iter().for_each(|other| visit(*other, from)), held => {
                    for (other, row) in others.iter().zip(rows) {
                        visit(*other, from.wrapping_add_unsigned(held[*row as usize].distance()));
                    }
                });
            }
        }
    }

    /// Goes over the picked rows.
    fn each_picked(&self, picked: &Picked, mut visit: impl FnMut(i64)) {
        match picked {
            Picked::All(rows) => self.each(rows.clone(), |_, value| visit(value)),
            Picked::These(rows) => {
                let from = self.smallest;
                on_values!(self.values, _same => rows.iter().for_each(|_| visit(from)), held => {
                    for row in rows {
                        visit(from.wrapping_add_unsigned(held[*row as usize].distance()));
                    }
                });
            }
        }
    }

    /// Adds each picked row's number to the sum of its group. The caller knows that no sum overflows.
    pub(crate) fn add_up(&self, picked: &Picked, groups: &[u32], sums: &mut [i64]) {
        let from = self.smallest;
        match picked {
            Picked::All(rows) if sums.len() <= FEW_GROUPS => {
                on_values!(self.values, _same => groups.iter().for_each(|group| sums[*group as usize] += from), held => {
                    add_in_lanes(&held[rows.clone()], from, groups, sums);
                });
            }
            _ => self.zip_picked(picked, groups, |group, value| sums[group as usize] += value),
        }
    }

    /// The rows, from some on, whose number lies between two, themselves included.
    pub(crate) fn find(&self, rows: Range<usize>, from: i64, to: i64, found: &mut Vec<u32>) {
        let (from, to) = (from.max(self.smallest), to.min(self.largest));
        if from > to {
            return;
        }
        let low = from.wrapping_sub(self.smallest).cast_unsigned();
        let width = to.wrapping_sub(from).cast_unsigned();
        let first = u32::try_from(rows.start).unwrap_or(u32::MAX);
        on_values!(self.values, _same => found.extend(first..first + u32::try_from(rows.len()).unwrap_or(0)), held => {
            find_in(&held[rows], first, |value| value.wrapping_sub(low) <= width, found);
        });
    }

    /// The rows, from some on, whose number a table allows. Every number is a place of the table.
    fn find_allowed(&self, rows: Range<usize>, allowed: &[bool], found: &mut Vec<u32>) {
        let first = u32::try_from(rows.start).unwrap_or(u32::MAX);
        let is_allowed =
            |place: u64| usize::try_from(place).ok().and_then(|place| allowed.get(place)) == Some(&true);
        let from = self.smallest.cast_unsigned();
        on_values!(self.values, _same => {
            if is_allowed(from) {
                found.extend(first..first + u32::try_from(rows.len()).unwrap_or(0));
            }
        }, held => find_in(&held[rows], first, |value| is_allowed(from.wrapping_add(value)), found));
    }

    /// The first row, of rows whose numbers ascend, that is not below a bound.
    pub(crate) fn first_from(&self, count: usize, bound: i64) -> usize {
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.get(middle) < bound {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Packs numbers. There is at least one.
pub(crate) fn encode_numbers(numbers: &[i64], bytes: &mut Vec<u8>) {
    let smallest = numbers.iter().copied().min().unwrap_or(0);
    let largest = numbers.iter().copied().max().unwrap_or(0);
    let width: u8 = match largest.wrapping_sub(smallest).cast_unsigned() {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    bytes.reserve(HEADER + usize::from(width) * numbers.len());
    bytes.push(width);
    bytes.extend_from_slice(&smallest.to_le_bytes());
    bytes.extend_from_slice(&largest.to_le_bytes());
    for number in numbers {
        let distance = number.wrapping_sub(smallest).to_le_bytes();
        bytes.extend_from_slice(&distance[..usize::from(width)]);
    }
}

/// A column of labels or other numbers of which there are few, read where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Coded<'a> {
    /// The different values, ascending.
    pub(crate) values: Vec<i64>,
    /// For each row the place of its value.
    places: Numbers<'a>,
}

impl<'a> Coded<'a> {
    /// A column that holds nothing but zeros.
    pub(crate) fn zero() -> Self {
        Self { values: vec![0], places: Numbers::ZERO }
    }

    /// Reads what [`encode_coded`] wrote of `count` values; `None` where the bytes are damaged.
    pub(crate) fn read(bytes: &'a [u8], count: usize) -> Option<Self> {
        let (size, rest) = bytes.split_at_checked(4)?;
        let size = usize::try_from(u32::from_le_bytes(size.try_into().ok()?)).ok()?;
        if size > count {
            return None;
        }
        let (dictionary, rest) = Numbers::split(rest, size)?;
        let places = Numbers::read(rest, count)?;
        let mut values = Vec::with_capacity(size);
        dictionary.each(0..size, |_, value| values.push(value));
        let fits = places.smallest >= 0 && places.largest < i64::try_from(size).ok()?;
        fits.then_some(Self { values, places })
    }

    /// How many different values there are.
    pub(crate) fn size(&self) -> u32 {
        // The dictionary's length is kept as such a number.
        u32::try_from(self.values.len()).unwrap_or(u32::MAX)
    }

    /// The place in the dictionary of one row's value. Slow; for looking at a few.
    pub(crate) fn place(&self, row: usize) -> usize {
        to_place(self.places.get(row)) as usize
    }

    /// Goes over the picked rows together with something for each of them.
    pub(crate) fn zip_picked<T: Copy>(&self, picked: &Picked, others: &[T], mut visit: impl FnMut(T, u32)) {
        self.places.zip_picked(picked, others, |other, place| visit(other, to_place(place)));
    }

    /// Makes each picked row's number into that of a combination with its place in the dictionary.
    pub(crate) fn combine(&self, picked: &Picked, size: u32, numbers: &mut [u32]) {
        let Numbers { smallest, values, .. } = self.places;
        let from = to_place(smallest);
        let joined = |number: &mut u32, place: u32| *number = *number * size + from + place;
        on_values!(values, _same => numbers.iter_mut().for_each(|number| joined(number, 0)), held => match picked {
            Picked::All(rows) => {
                let values = &held[rows.clone()];
                numbers.iter_mut().zip(values).for_each(|(number, value)| joined(number, value.place()));
            }
            Picked::These(rows) => {
                numbers.iter_mut().zip(rows).for_each(|(number, row)| joined(number, held[*row as usize].place()));
            }
        });
    }

    /// The places in the dictionary that the picked rows have. `number` is room.
    pub(crate) fn met(&self, picked: &Picked, number: &mut Vec<u32>) -> Vec<u32> {
        number.clear();
        number.resize(self.values.len(), 0);
        self.places.each_picked(picked, |place| number[to_place(place) as usize] = 1);
        (0..self.size()).zip(number).filter(|(_, met)| **met == 1).map(|(place, _)| place).collect()
    }

    /// Makes each picked row's number into that of a combination with its place among those that were met.
    pub(crate) fn combine_met(
        &self,
        picked: &Picked,
        met: &[u32],
        number: &mut Vec<u32>,
        numbers: &mut [u32],
    ) {
        number.clear();
        number.resize(self.values.len(), 0);
        (0..).zip(met).for_each(|(i, place)| number[*place as usize] = i);
        let size = u32::try_from(met.len()).unwrap_or(u32::MAX);
        let mut numbers = numbers.iter_mut();
        self.places.each_picked(picked, |place| {
            if let Some(combination) = numbers.next() {
                *combination = *combination * size + number[to_place(place) as usize];
            }
        });
    }

    /// Which of the values are among these.
    pub(crate) fn among(&self, values: &[i64]) -> Vec<bool> {
        let mut among = vec![false; self.values.len()];
        for value in values {
            if let Ok(place) = self.values.binary_search(value) {
                among[place] = true;
            }
        }
        among
    }

    /// Picks those rows whose value a table allows.
    pub(crate) fn pick(&self, rows: &Picked, allowed: &[bool]) -> Picked {
        let mut found = Vec::new();
        match rows {
            Picked::All(rows) => {
                let mut places =
                    (0_i64..).zip(allowed).filter(|(_, allowed)| **allowed).map(|(place, _)| place);
                match (places.next(), places.next()) {
                    (None, _) => {}
                    (Some(place), None) => self.places.find(rows.clone(), place, place, &mut found),
                    _ => self.places.find_allowed(rows.clone(), allowed, &mut found),
                }
            }
            Picked::These(these) => self.zip_picked(rows, these, |row, place| {
                if allowed[place as usize] {
                    found.push(row);
                }
            }),
        }
        Picked::These(found)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "read() lets only places within the dictionary pass")]
fn to_place(place: i64) -> u32 {
    place.cast_unsigned() as u32
}

/// Packs values of which there are few different ones. There is at least one.
pub(crate) fn encode_coded(values: &[i64], bytes: &mut Vec<u8>) {
    let mut different = values.to_vec();
    different.sort_unstable();
    different.dedup();
    let place = |value: &i64| different.binary_search(value).map_or(0, usize::cast_signed) as i64;
    let places: Vec<i64> = values.iter().map(place).collect();
    bytes.extend_from_slice(&u32::try_from(different.len()).unwrap_or(u32::MAX).to_le_bytes());
    encode_numbers(&different, bytes);
    encode_numbers(&places, bytes);
}

#[cfg(test)]
mod tests;
