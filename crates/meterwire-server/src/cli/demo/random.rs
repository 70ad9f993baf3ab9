//! A small seeded generator: the same seed gives the same usage on every machine. Not for secrets.

/// splitmix64.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for one part, so that a change in one part leaves the others as they are.
    pub(super) fn part(&self, number: u64) -> Self {
        let mut part = Self(self.0 ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        part.next();
        part
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A whole number from 0 up to, not including, `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A number from 0 up to, not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: f64) -> bool {
        self.unit() * 100.0 < percent
    }

    /// Around 0 with a deviation of 1.
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Around `median` with a long tail above it: how lengths and latencies are spread.
    pub(super) fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// One of the choices, by weight.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [(T, u32)]) -> Option<&'a T> {
        let total: u64 = choices.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut at = self.below(total);
        choices.iter().find_map(|(choice, weight)| match at.checked_sub(u64::from(*weight)) {
            Some(rest) => {
                at = rest;
                None
            }
            None => Some(choice),
        })
    }

    /// A number below `count`, small ones far more often: a few users make most of the usage.
    pub(super) fn skewed(&mut self, count: u32) -> u32 {
        let place = whole(f64::from(count) * self.unit().powf(2.6), u64::from(count.max(1) - 1));
        u32::try_from(place).unwrap_or(0)
    }
}

/// A whole number from 0 to `most`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such casts keep within the bounds, and NaN is 0"
)]
pub(super) fn whole(value: f64, most: u64) -> u64 {
    (value as u64).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_seeded_and_spread_as_said() {
        let (mut a, mut b) = (Random::new(1), Random::new(1));
        assert_eq!(a.next(), b.next());
        assert_ne!(Random::new(1).part(1).next(), Random::new(1).part(2).next());
        let mut random = Random::new(9);
        let mut normals: Vec<f64> = (0..2000).map(|_| random.lognormal(100.0, 0.5)).collect();
        normals.sort_by(f64::total_cmp);
        assert!((90.0..110.0).contains(&normals[1000]), "{}", normals[1000]);
        let picks = (0..1000).filter(|_| *random.pick(&[("a", 1), ("b", 9)]).unwrap() == "b").count();
        assert!((850..950).contains(&picks), "{picks}");
        let first_tenth = (0..1000).filter(|_| random.skewed(100) < 10).count();
        assert!(first_tenth > 300, "{first_tenth}");
        assert!((0..1000).all(|_| random.skewed(3) < 3 && random.unit() < 1.0));
        assert_eq!(Random::new(1).pick::<u8>(&[]), None);
    }
}
