//! Packed columns: numbers in as few whole bytes as the widest needs, labels as places in a dictionary.
//!
//! Numbers: one byte of width (0, 1, 2, 4 or 8), the smallest and the largest value, then each value's distance from the
//! smallest in that width, little-endian. Width 0: all are the smallest. A dictionary column: the number of different
//! values, those values ascending as numbers, then a place in them for each row as numbers.

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

    /// Goes over some rows; `visit` gets the place from the first row on, and the place in the dictionary.
    pub(crate) fn each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, u32)) {
        self.places.each(rows, |i, place| visit(i, to_place(place)));
    }

    /// Goes over some rows together with something for each row.
    pub(crate) fn zip<T: Copy>(&self, rows: Range<usize>, others: &[T], mut visit: impl FnMut(T, u32)) {
        self.places.zip(rows, others, |other, place| visit(other, to_place(place)));
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_numbers() -> impl Strategy<Value = Vec<i64>> {
        let number = prop_oneof![Just(0_i64), 0..300_i64, -5..70_000_i64, 0..1_i64 << 40, any::<i64>()];
        prop_oneof![
            proptest::collection::vec(number, 1..80),
            (any::<i64>(), 1..50_usize).prop_map(|(same, count)| vec![same; count]),
            proptest::collection::vec(0..250_i64, 1..80),
        ]
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in any_numbers(), from in 0..80_usize) {
            let mut bytes = Vec::new();
            encode_numbers(&numbers, &mut bytes);
            let read = Numbers::read(&bytes, numbers.len()).unwrap();
            let rows = from.min(numbers.len())..numbers.len();
            let mut seen = Vec::new();
            read.each(rows.clone(), |i, value| {
                assert_eq!(i, seen.len());
                seen.push(value);
            });
            prop_assert_eq!(&seen, &numbers[rows.clone()]);
            let others: Vec<usize> = rows.clone().collect();
            read.zip(rows, &others, |row, value| assert_eq!(value, numbers[row]));
            prop_assert_eq!((0..numbers.len()).map(|row| read.get(row)).collect::<Vec<_>>(), numbers.clone());
            prop_assert_eq!(read.smallest, *numbers.iter().min().unwrap());
            prop_assert_eq!(read.largest, *numbers.iter().max().unwrap());
        }

        #[test]
        fn coded_values_come_back(values in any_numbers()) {
            let mut bytes = Vec::new();
            encode_coded(&values, &mut bytes);
            let read = Coded::read(&bytes, values.len()).unwrap();
            let mut seen = Vec::new();
            read.each(0..values.len(), |_, place| seen.push(read.values[place as usize]));
            prop_assert_eq!(seen, values);
            prop_assert!(read.values.is_sorted());
        }

        #[test]
        fn the_first_row_of_a_bound(mut numbers in any_numbers(), bound in any::<i64>()) {
            numbers.sort_unstable();
            let mut bytes = Vec::new();
            encode_numbers(&numbers, &mut bytes);
            let read = Numbers::read(&bytes, numbers.len()).unwrap();
            for bound in [bound, numbers[0], numbers[numbers.len() / 2]] {
                prop_assert_eq!(read.first_from(numbers.len(), bound), numbers.partition_point(|n| *n < bound));
            }
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), count in 0..40_usize) {
            let _ = Numbers::read(&bytes, count);
            if let Some(coded) = Coded::read(&bytes, count) {
                coded.each(0..count, |_, place| assert!((place as usize) < coded.values.len()));
            }
        }
    }
}
