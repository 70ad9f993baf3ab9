//! A small seeded source of chance, and choices by weight in constant time. The same seed gives the same numbers.

/// splitmix64.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
    /// The second of two normal numbers that were made together.
    spare: Option<f64>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, spare: None }
    }

    /// A source of its own for one part, so that a change in one part leaves the others as they are.
    pub(crate) fn part(seed: u64, number: u64) -> Self {
        let mut part = Self::new(seed ^ number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        part.next();
        part
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 up to, not including, `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A number from 0 up to, not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Around 0 with a deviation of 1.
    pub(crate) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * self.unit()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }

    /// Around `median` with a long tail above it: how lengths and durations are spread.
    pub(crate) fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    /// From `low` to `high`.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }
}

/// A choice among many by weight: an alias table, so that it costs the same whatever their number.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// How likely a place is kept once it was hit, and which one is taken otherwise.
    places: Vec<(f64, usize)>,
}

impl Choice {
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    pub(crate) fn new(weights: &[f64]) -> Self {
        let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
        let mut places: Vec<(f64, usize)> =
            weights.iter().enumerate().map(|(place, weight)| (weight / mean, place)).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
            (0..places.len()).partition(|place| places[*place].0 < 1.0);
        while let (Some(taker), Some(giver)) = (poor.pop(), rich.last().copied()) {
            places[taker].1 = giver;
            places[giver].0 -= 1.0 - places[taker].0;
            if places[giver].0 < 1.0 {
                rich.pop();
                poor.push(giver);
            }
        }
        // What is left over by rounding is kept.
        for place in poor.into_iter().chain(rich) {
            places[place].0 = 1.0;
        }
        Self { places }
    }

    /// The first of `count` most often, the one of rank `r` as often as `r` to the power of minus `exponent`.
    pub(crate) fn zipf(count: usize, exponent: f64) -> Self {
        Self::new(&zipf_weights(count, exponent))
    }

    pub(crate) fn pick(&self, random: &mut Random) -> usize {
        let drawn = random.below(self.places.len() as u64);
        let place = usize::try_from(drawn).unwrap_or(0);
        let (kept, other) = self.places[place];
        if random.chance(kept) { place } else { other }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
pub(crate) fn zipf_weights(count: usize, exponent: f64) -> Vec<f64> {
    (1..=count).map(|rank| (rank as f64).powf(-exponent)).collect()
}

/// A whole number from 0 to `most`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such casts keep within the bounds, and NaN is 0"
)]
pub(crate) fn whole(value: f64, most: u64) -> u64 {
    (value as u64).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_as_frequent_as_their_weights() {
        let choice = Choice::new(&[1.0, 2.0, 7.0]);
        let mut random = Random::new(3);
        let mut counts = [0_i32; 3];
        (0..100_000).for_each(|_| counts[choice.pick(&mut random)] += 1);
        for (count, expected) in counts.into_iter().zip([10_000, 20_000, 70_000]) {
            assert!((count - expected).abs() < 1_000, "{counts:?}");
        }
    }

    #[test]
    fn half_of_lognormal_numbers_are_below_their_median() {
        let mut random = Random::new(4);
        let below = (0..10_000).filter(|_| random.lognormal(300.0, 1.5) < 300.0).count();
        assert!((4_800..5_200).contains(&below), "{below}");
    }
}
