//! PostgreSQL's NUMERIC, as far as whole numbers go: `sum()` of 64 bits is one there.
//!
//! On the wire it is four numbers of 16 bits (how many digits, the power of 10,000 of the first, the sign, how many
//! decimal places are shown), then the digits, each below 10,000.

use bytes::{BufMut, BytesMut};

const BASE: i128 = 10_000;
const NEGATIVE: u16 = 0x4000;
/// The largest power of [`BASE`] that can matter: ten thousand to the fifth is beyond 64 bits.
const MAX_WEIGHT: i16 = 5;

/// Why a NUMERIC is no whole number of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is larger.
    Overflow,
    /// It has a fraction, is none (NaN), or is cut off.
    NotWhole,
}

/// Reads one.
pub(super) fn decode(raw: &[u8]) -> Result<i64, Refused> {
    let numbers: Vec<u16> = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    let [count, weight, sign, _, digits @ ..] = numbers.as_slice() else { return Err(Refused::NotWhole) };
    if usize::from(*count) != digits.len() || ![0, NEGATIVE].contains(sign) {
        return Err(Refused::NotWhole);
    }
    let weight = weight.cast_signed();
    if weight > MAX_WEIGHT {
        return Err(Refused::Overflow);
    }
    let mut sum = 0;
    for (digit, power) in digits.iter().zip((i16::MIN..=weight).rev()) {
        match u32::try_from(power) {
            Ok(power) => sum += i128::from(*digit) * BASE.pow(power),
            Err(_) if *digit == 0 => {}
            Err(_) => return Err(Refused::NotWhole),
        }
    }
    i64::try_from(if *sign == NEGATIVE { -sum } else { sum }).map_err(|_| Refused::Overflow)
}

/// Writes one.
pub(super) fn encode(number: i64, out: &mut BytesMut) {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 {
        digits.push(u16::try_from(rest % 10_000).unwrap_or(0));
        rest /= 10_000;
    }
    let count = u16::try_from(digits.len()).unwrap_or(0);
    out.put_u16(count);
    out.put_u16(count.saturating_sub(1));
    out.put_u16(if number < 0 { NEGATIVE } else { 0 });
    out.put_u16(0);
    for digit in digits.into_iter().rev() {
        out.put_u16(digit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    #[test]
    fn what_is_no_whole_number_of_64_bits_is_refused() {
        let most = [5, 4, 0, 0, 922, 3372, 368, 5477, 5807];
        assert_eq!(decode(&raw(&most)), Ok(i64::MAX));
        assert_eq!(decode(&raw(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808])), Err(Refused::Overflow));
        assert_eq!(decode(&raw(&[5, 4, NEGATIVE, 0, 922, 3372, 368, 5477, 5808])), Ok(i64::MIN));
        assert_eq!(decode(&raw(&[1, 40, 0, 0, 1])), Err(Refused::Overflow));
        // 20000 and 7.0 leave digits out or show one.
        assert_eq!(decode(&raw(&[1, 1, 0, 0, 2])), Ok(20_000));
        assert_eq!(decode(&raw(&[2, 0, 0, 1, 7, 0])), Ok(7));
        assert_eq!(decode(&raw(&[2, 0, 0, 1, 7, 5000])), Err(Refused::NotWhole));
        assert_eq!(decode(&raw(&[0, 0, 0xC000, 0])), Err(Refused::NotWhole));
        assert_eq!(decode(&raw(&[2, 0, 0, 0, 7])), Err(Refused::NotWhole));
    }

    proptest! {
        #[test]
        fn numbers_round_trip(number in prop_oneof![any::<i64>(), -100_000..100_000_i64]) {
            let mut out = BytesMut::new();
            encode(number, &mut out);
            prop_assert_eq!(decode(&out), Ok(number));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(raw in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = decode(&raw);
        }
    }
}
