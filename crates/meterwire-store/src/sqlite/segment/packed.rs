//! Packed values of one width: what is done with very many of them at once.

use std::ops::Range;

/// A packed value: its distance from the smallest.
pub(super) trait Packed: Copy {
    fn distance(self) -> u64;

    #[expect(clippy::cast_possible_truncation, reason = "read() lets only places within the dictionary pass")]
    fn place(self) -> u32 {
        self.distance() as u32
    }
}

impl Packed for u8 {
    fn distance(self) -> u64 {
        self.into()
    }
}

impl Packed for [u8; 2] {
    fn distance(self) -> u64 {
        u16::from_le_bytes(self).into()
    }
}

impl Packed for [u8; 4] {
    fn distance(self) -> u64 {
        u32::from_le_bytes(self).into()
    }
}

impl Packed for [u8; 8] {
    fn distance(self) -> u64 {
        u64::from_le_bytes(self)
    }
}

/// Which rows are gone over.
#[derive(Debug, Clone)]
pub(crate) enum Picked {
    All(Range<usize>),
    /// Ascending.
    These(Vec<u32>),
}

impl Picked {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::All(rows) => rows.len(),
            Self::These(rows) => rows.len(),
        }
    }

    /// The same rows, at most so many at a time.
    pub(crate) fn chunks(&self, size: usize) -> impl Iterator<Item = Self> {
        (0..self.len()).step_by(size).map(move |from| {
            let to = self.len().min(from + size);
            match self {
                Self::All(rows) => Self::All(rows.start + from..rows.start + to),
                Self::These(rows) => Self::These(rows[from..to].to_vec()),
            }
        })
    }
}

/// With so few groups their sums are kept several times: neighbouring rows are often of one group, and adding to the same
/// place again and again would wait for itself.
pub(crate) const FEW_GROUPS: usize = 512;
const LANES: usize = 4;
/// So many values are looked at together, which is quicker than one by one where few are sought.
const BLOCK: usize = 64;

pub(super) fn add_in_lanes<P: Packed>(held: &[P], from: i64, groups: &[u32], sums: &mut [i64]) {
    let count = sums.len();
    if count == 1 {
        // Wraps only on the way; the caller knows that the sum fits.
        let distances = held.iter().fold(0_u64, |sum, value| sum.wrapping_add(value.distance()));
        let total = from.wrapping_mul(held.len() as i64).wrapping_add_unsigned(distances);
        sums[0] = sums[0].wrapping_add(total);
        return;
    }
    let mut lanes = vec![[0_i64; LANES]; count];
    let (rows, last_rows) = held.as_chunks::<LANES>();
    let (four, last_groups) = groups.as_chunks::<LANES>();
    for (values, groups) in rows.iter().zip(four) {
        for lane in 0..LANES {
            lanes[groups[lane] as usize][lane] += from.wrapping_add_unsigned(values[lane].distance());
        }
    }
    for (value, group) in last_rows.iter().zip(last_groups) {
        lanes[*group as usize][0] += from.wrapping_add_unsigned(value.distance());
    }
    for (sum, lanes) in sums.iter_mut().zip(lanes) {
        *sum += lanes.iter().sum::<i64>();
    }
}

/// How many rows each of some groups has.
pub(crate) fn count_rows(groups: &[u32], counts: &mut [i64]) {
    let mut lanes = vec![[0_u32; LANES]; counts.len()];
    let (four, last) = groups.as_chunks::<LANES>();
    for groups in four {
        for lane in 0..LANES {
            lanes[groups[lane] as usize][lane] += 1;
        }
    }
    last.iter().for_each(|group| lanes[*group as usize][0] += 1);
    for (count, lanes) in counts.iter_mut().zip(lanes) {
        *count += lanes.iter().copied().map(i64::from).sum::<i64>();
    }
}

pub(super) fn find_in<P: Packed>(held: &[P], first: u32, wanted: impl Fn(u64) -> bool, found: &mut Vec<u32>) {
    for (values, first) in held.chunks(BLOCK).zip((first..).step_by(BLOCK)) {
        // The whole block first: that is done many at a time.
        if values.iter().fold(false, |any, value| any | wanted(value.distance())) {
            let mut next = found.len();
            found.resize(next + values.len(), 0);
            for (value, row) in values.iter().zip(first..) {
                found[next] = row;
                next += usize::from(wanted(value.distance()));
            }
            found.truncate(next);
        }
    }
}
