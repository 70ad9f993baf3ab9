//! A latency sketch: counts in buckets that grow by two percent, so that percentiles are within one percent of the
//! measured value. It merges and, unlike the published sketches, it also subtracts: a voided event leaves no trace.

use std::collections::BTreeMap;

/// Each bucket's upper edge is this times its lower edge; the middle is then within 1 % of both.
const GROWTH: f64 = 1.02;

/// How often each latency was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LatencySketch {
    counts: BTreeMap<u16, i64>,
}

impl LatencySketch {
    /// Adds `times` observations of a duration (negative takes them away).
    pub fn add(&mut self, duration_ms: u32, times: i64) {
        self.add_bucket(bucket_of(duration_ms), times);
    }

    /// Adds everything of another sketch.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            self.add_bucket(*bucket, *count);
        }
    }

    /// Nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many observations there are.
    pub fn count(&self) -> i64 {
        self.counts.values().sum()
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
        let mut counts = BTreeMap::new();
        let mut bucket = 0_u16;
        while !bytes.is_empty() {
            bucket = bucket.checked_add(u16::try_from(read_varint(&mut bytes)?).ok()?)?;
            counts.insert(bucket, unzigzag(read_varint(&mut bytes)?));
        }
        Some(Self { counts })
    }

    fn add_bucket(&mut self, bucket: u16, times: i64) {
        let count = self.counts.entry(bucket).or_insert(0);
        *count += times;
        if *count == 0 {
            self.counts.remove(&bucket);
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
