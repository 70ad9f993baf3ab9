//! A latency sketch: counts in buckets that grow by two percent, so that percentiles are within one percent of the
//! measured value. It merges and, unlike the published sketches, it also subtracts: a voided event leaves no trace.

use std::cmp::Ordering;
use std::sync::LazyLock;

/// Each bucket's upper edge is this times its lower edge; the middle is then within 1 % of both.
const GROWTH: f64 = 1.02;

/// How many buckets there are.
pub const BUCKETS: usize = 1_200;

/// The buckets of the durations that are met most, since a logarithm costs more than all else.
static SHORT: LazyLock<Box<[u16]>> = LazyLock::new(|| (0..1 << 16).map(bucket_of).collect());

/// The number of the bucket of a duration, for [`LatencySketch::add_counts`].
pub fn bucket_number(duration_ms: u32) -> usize {
    SHORT.get(duration_ms as usize).copied().unwrap_or_else(|| bucket_of(duration_ms)).into()
}

/// How often each latency was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatencySketch {
    /// Buckets and their counts, ascending, none of them zero. A sorted list merges many times faster than a tree.
    counts: Vec<(u16, i64)>,
}

impl LatencySketch {
    /// Adds `times` observations of a duration (negative takes them away).
    pub fn add(&mut self, duration_ms: u32, times: i64) {
        self.add_bucket(bucket_of(duration_ms), times);
    }

    /// Adds `times` observations (negative takes them away) to a bucket by its number, which is below [`BUCKETS`].
    pub fn add_at(&mut self, bucket: u16, times: i64) {
        self.add_bucket(bucket, times);
    }

    /// Buckets and how often each was seen, ascending; a count may be negative where more was taken away than added.
    pub fn counts(&self) -> impl Iterator<Item = (u16, i64)> {
        self.counts.iter().copied()
    }

    /// Adds everything of another sketch.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
            return;
        }
        let mut merged = Vec::with_capacity(self.counts.len() + other.counts.len());
        let (mut left, mut right) = (&self.counts[..], &other.counts[..]);
        while let (Some((a, rest_of_left)), Some((b, rest_of_right))) =
            (left.split_first(), right.split_first())
        {
            match a.0.cmp(&b.0) {
                Ordering::Less => {
                    merged.push(*a);
                    left = rest_of_left;
                }
                Ordering::Greater => {
                    merged.push(*b);
                    right = rest_of_right;
                }
                Ordering::Equal => {
                    if a.1 + b.1 != 0 {
                        merged.push((a.0, a.1 + b.1));
                    }
                    (left, right) = (rest_of_left, rest_of_right);
                }
            }
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
        self.counts = merged;
    }

    /// Adds many observations: how many of each bucket, by its number.
    pub fn add_counts(&mut self, counts: &[u32]) {
        let all: i64 = counts.iter().map(|count| i64::from(*count)).sum();
        // Most buckets are there already, and a look at all of them that may be costs more than adding.
        let (mut added, mut is_zero) = (0, false);
        for (bucket, held) in &mut self.counts {
            let more = counts.get(usize::from(*bucket)).copied().map_or(0, i64::from);
            *held += more;
            added += more;
            is_zero |= *held == 0;
        }
        if added < all {
            let held = std::mem::take(&mut self.counts);
            let is_new = |bucket: &u16| held.binary_search_by_key(bucket, |(held, _)| *held).is_err();
            let new = (0_u16..).zip(counts).filter(|(bucket, count)| **count != 0 && is_new(bucket));
            let counts = new.map(|(bucket, count)| (bucket, i64::from(*count))).collect();
            let new = Self { counts };
            self.counts = held;
            self.merge(&new);
        }
        if is_zero {
            self.counts.retain(|(_, held)| *held != 0);
        }
    }

    /// How many buckets it has: what it takes in memory.
    pub fn size(&self) -> usize {
        self.counts.len()
    }

    /// Gives back the memory that it holds for buckets to come.
    pub fn shrink(&mut self) {
        self.counts.shrink_to_fit();
    }

    /// Nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many observations there are.
    pub fn count(&self) -> i64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// The duration in milliseconds below or at which the share `quantile` (0..=1) of all observations lies, within one
    /// percent; `None` without observations.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "ranks are far below 2^53"
    )]
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let count = self.count();
        if count <= 0 {
            return None;
        }
        let rank = (quantile * count as f64).ceil().max(1.0) as i64;
        let mut seen = 0;
        for (bucket, in_bucket) in &self.counts {
            seen += in_bucket;
            if seen >= rank {
                return Some(middle_of(*bucket));
            }
        }
        None
    }

    /// The sketch as bytes: pairs of bucket distance and count, each a variable-length integer.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.counts.len() * 3);
        let mut previous = 0;
        for (bucket, count) in &self.counts {
            write_varint(&mut bytes, u64::from(*bucket - previous));
            write_varint(&mut bytes, zigzag(*count));
            previous = *bucket;
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote; `None` where the bytes are damaged.
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut counts: Vec<(u16, i64)> = Vec::with_capacity(bytes.len() / 2);
        let mut bucket = 0_u16;
        while !bytes.is_empty() {
            let distance = u16::try_from(read_varint(&mut bytes)?).ok()?;
            let count = unzigzag(read_varint(&mut bytes)?);
            if count == 0 || (distance == 0 && !counts.is_empty()) {
                return None;
            }
            bucket = bucket.checked_add(distance)?;
            counts.push((bucket, count));
        }
        Some(Self { counts })
    }

    fn add_bucket(&mut self, bucket: u16, times: i64) {
        match self.counts.binary_search_by_key(&bucket, |(bucket, _)| *bucket) {
            Ok(place) => {
                self.counts[place].1 += times;
                if self.counts[place].1 == 0 {
                    self.counts.remove(place);
                }
            }
            Err(place) if times != 0 => self.counts.insert(place, (bucket, times)),
            Err(_) => {}
        }
    }
}

/// 0 holds zero; small values have a bucket each; above, buckets grow by [`GROWTH`].
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a logarithm of a u32 is below 1,200"
)]
fn bucket_of(duration_ms: u32) -> u16 {
    if duration_ms <= 50 {
        return duration_ms as u16;
    }
    51 + ((f64::from(duration_ms) / 50.5).ln() / GROWTH.ln()) as u16
}

fn middle_of(bucket: u16) -> f64 {
    if bucket <= 50 {
        return f64::from(bucket);
    }
    let lower = 50.5 * GROWTH.powi(i32::from(bucket) - 51);
    (lower * GROWTH.sqrt() * 10.0).round() / 10.0
}

fn zigzag(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

fn write_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
}

fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small test data"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(durations: &[u32]) -> LatencySketch {
        let mut sketch = LatencySketch::default();
        durations.iter().for_each(|d| sketch.add(*d, 1));
        sketch
    }

    #[test]
    fn an_empty_sketch_has_no_percentile() {
        assert_eq!(LatencySketch::default().quantile(0.5), None);
    }

    proptest! {
        #[test]
        fn percentiles_are_within_one_percent(mut durations in prop::collection::vec(0_u32..10_000_000, 1..300), q in 0.0_f64..=1.0) {
            let answer = of(&durations).quantile(q).unwrap();
            durations.sort_unstable();
            let rank = ((q * durations.len() as f64).ceil() as usize).max(1);
            let exact = f64::from(durations[rank - 1]);
            prop_assert!((answer - exact).abs() <= exact * 0.0101 + 0.06, "{answer} for {exact}");
        }

        #[test]
        fn merging_is_observing_together_and_taking_away_undoes_it(a in prop::collection::vec(any::<u32>(), 0..50), b in prop::collection::vec(any::<u32>(), 0..50)) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            prop_assert_eq!(&merged, &of(&[a.clone(), b.clone()].concat()));
            b.iter().for_each(|d| merged.add(*d, -1));
            prop_assert_eq!(merged, of(&a));
        }

        #[test]
        fn counts_are_added_as_if_each_was(held in prop::collection::vec(0_u32..3_000, 0..50), taken in prop::collection::vec(0_u32..3_000, 0..20), added in prop::collection::vec(0_u32..3_000, 0..50)) {
            let mut sketch = of(&held);
            taken.iter().for_each(|d| sketch.add(*d, -1));
            let mut each = sketch.clone();
            let mut counts = vec![0; BUCKETS];
            for duration in added {
                each.add(duration, 1);
                counts[bucket_number(duration)] += 1;
            }
            sketch.add_counts(&counts);
            prop_assert_eq!(sketch, each);
        }

        #[test]
        fn bytes_round_trip(durations in prop::collection::vec(any::<u32>(), 0..100)) {
            let mut sketch = of(&durations);
            sketch.add(7, -3);
            prop_assert_eq!(LatencySketch::from_bytes(&sketch.to_bytes()), Some(sketch));
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = LatencySketch::from_bytes(&bytes);
        }
    }
}
