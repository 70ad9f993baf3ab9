//! Sums over events, and how a rollup keeps them: fourteen variable-length integers in one blob.
//!
//! One blob is read and changed several times faster than fourteen columns, most of which are zero. Adding is checked:
//! a sum beyond 64 bits is an error, never a wrap and never a float.

use crate::error::{Fault, Work};
use meterwire_core::money::CostNanos;
use meterwire_core::totals::Totals;

/// Where the number of events without a price, the tokens and the cost stand among the sums.
pub(crate) const UNPRICED: usize = 2;
pub(crate) const TOKENS: std::ops::Range<usize> = 3..13;
pub(crate) const COST: usize = 13;

/// What is summed, in order. Places 3 to 12 are the token buckets.
pub(crate) const SUM_NAMES: [&str; 14] = [
    "calls",
    "errors",
    "unpriced_calls",
    "input_uncached",
    "cache_read",
    "cache_write_short",
    "cache_write_long",
    "audio_input",
    "image_input",
    "output_visible",
    "reasoning",
    "audio_output",
    "image_output",
    "cost_nanos",
];

/// Sums of [`SUM_NAMES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums(pub(crate) [i64; 14]);

impl Sums {
    /// Adds (`sign` 1) or takes away (`sign` -1). After an error the sums are of no use any more.
    pub(crate) fn add(&mut self, other: &Self, sign: i64) -> Work<()> {
        // One look at the end is quicker than one a sum.
        let mut fits = true;
        for (sum, value) in self.0.iter_mut().zip(other.0) {
            let (added, over) =
                if sign < 0 { sum.overflowing_sub(value) } else { sum.overflowing_add(value) };
            fits &= !over;
            *sum = added;
        }
        if fits { Ok(()) } else { Err(Fault::Overflow) }
    }

    pub(crate) fn calls(&self) -> i64 {
        self.0[0]
    }

    /// The token buckets in the order of [`meterwire_core::tokens::TokenUsage::buckets`].
    pub(crate) fn tokens(&self) -> &[i64] {
        &self.0[3..13]
    }

    pub(crate) fn cost_nanos(&self) -> i64 {
        self.0[13]
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.iter().all(|sum| *sum == 0)
    }

    pub(crate) fn to_totals(self) -> Totals {
        let [calls, errors, unpriced_calls, ..] = self.0;
        let mut tokens = [0; 10];
        tokens.copy_from_slice(self.tokens());
        Totals {
            calls,
            errors,
            unpriced_calls,
            tokens,
            cost: CostNanos(self.cost_nanos()),
            ..Totals::default()
        }
    }

    /// The sums as a rollup keeps them.
    pub(crate) fn to_row(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(40);
        for sum in self.0 {
            // Small negative numbers stay short too.
            let mut rest = ((sum << 1) ^ (sum >> 63)).cast_unsigned();
            while rest >= 0x80 {
                bytes.push((rest & 0x7f) as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push((rest & 0x7f) as u8);
        }
        bytes
    }

    /// The inverse of [`Self::to_row`]; `None` where the bytes are damaged.
    pub(crate) fn from_row(bytes: &[u8]) -> Option<Self> {
        let mut sums = [0; 14];
        let mut rest = bytes.iter();
        for sum in &mut sums {
            let (mut value, mut shift) = (0_u64, 0);
            loop {
                let byte = *rest.next()?;
                if shift > 63 {
                    return None;
                }
                value |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
                shift += 7;
            }
            *sum = (value >> 1).cast_signed() ^ -((value & 1).cast_signed());
        }
        rest.next().is_none().then_some(Self(sums))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sum_that_does_not_fit_is_refused() {
        let mut sums = Sums([i64::MAX; 14]);
        assert!(matches!(sums.add(&Sums([1; 14]), 1), Err(Fault::Overflow)));
        let mut sums = Sums::default();
        assert!(matches!(sums.add(&Sums([i64::MIN; 14]), -1), Err(Fault::Overflow)));
    }

    proptest! {
        #[test]
        fn rows_round_trip(sums in proptest::array::uniform14(prop_oneof![any::<i64>(), -300..300_i64])) {
            prop_assert_eq!(Sums::from_row(&Sums(sums).to_row()), Some(Sums(sums)));
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..160)) {
            let _ = Sums::from_row(&bytes);
        }
    }
}
