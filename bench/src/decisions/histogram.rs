//! Latencies in fixed buckets: recording one is an addition, whatever came before.

use std::time::Duration;

/// Buckets a doubling: an answer read from a bucket is at most 1.6 % too high.
const PER_DOUBLING: u32 = 64;
const LOW_BITS: u32 = PER_DOUBLING.trailing_zeros();
/// Up to 2^36 ns, more than a minute.
const DOUBLINGS: u32 = 36 - LOW_BITS;

/// How often each latency was seen.
#[derive(Clone)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    max_ns: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self { buckets: vec![0; ((DOUBLINGS + 1) * PER_DOUBLING) as usize], count: 0, max_ns: 0 }
    }

    pub(crate) fn record(&mut self, latency: Duration) {
        let ns = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        let last = self.buckets.len() - 1;
        self.buckets[bucket(ns).min(last)] += 1;
        self.count += 1;
        self.max_ns = self.max_ns.max(ns);
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The latency that so many of a thousand stay within, in milliseconds; the bucket's upper edge.
    pub(crate) fn permille_ms(&self, permille: u64) -> f64 {
        let wanted = (self.count * permille).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return milliseconds(upper_ns(place).min(self.max_ns));
            }
        }
        self.max_ms()
    }

    pub(crate) fn max_ms(&self) -> f64 {
        milliseconds(self.max_ns)
    }
}

/// Small values have a bucket each; above, the highest bits choose.
fn bucket(ns: u64) -> usize {
    let doubling = (u64::BITS - ns.leading_zeros()).saturating_sub(LOW_BITS + 1);
    let place = u64::from(doubling * PER_DOUBLING) + (ns >> doubling);
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The largest value of a bucket.
fn upper_ns(place: usize) -> u64 {
    let (place, width) = (place as u64, u64::from(PER_DOUBLING));
    let doubling = (place / width).saturating_sub(1);
    ((place - doubling * width + 1) << doubling) - 1
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds far below 2^53")]
fn milliseconds(ns: u64) -> f64 {
    ns as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_within_its_bucket_and_little_below_the_edge() {
        for ns in (0..200_000).chain((0..36).map(|bits| (1 << bits) + 12_345)) {
            let edge = upper_ns(bucket(ns));
            assert!(ns <= edge && edge - ns <= ns / 63, "{ns} in a bucket up to {edge}");
        }
    }

    #[test]
    fn shares_of_a_known_distribution() {
        let mut histogram = Histogram::new();
        (1..=1_000).for_each(|us| histogram.record(Duration::from_micros(us)));
        for (permille, ms) in [(500, 0.5), (950, 0.95), (990, 0.99)] {
            let read = histogram.permille_ms(permille);
            assert!((ms..ms * 1.016).contains(&read), "{permille} of 1,000 within {read}");
        }
        assert!((histogram.max_ms() - 1.0).abs() < 1e-9);
        assert_eq!(histogram.count(), 1_000);
    }
}
