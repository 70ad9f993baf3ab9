//! Exact money: integer nano-dollars for costs, integer pico-dollars a unit for prices. No float ever adds money.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// Nano-dollars in one dollar.
pub const NANOS_PER_USD: i64 = 1_000_000_000;
/// The most that one event may cost when the sender names the cost: a million dollars.
pub const MAX_EVENT_COST: CostNanos = CostNanos(1_000_000 * NANOS_PER_USD);

/// A cost in nano-dollars (1e-9 USD).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CostNanos(pub i64);

/// A price in pico-dollars (1e-12 USD) for one unit: a token, an image, a second, a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PicosPerUnit(pub i64);

/// Why a text is no amount of dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal such as `12.34`.
    #[error("not a decimal number of dollars")]
    Malformed,
    /// More decimals than can be held exactly.
    #[error("a number with more than {0} decimals")]
    TooFine(u32),
    /// Larger than the largest amount.
    #[error("too large")]
    TooLarge,
}

impl CostNanos {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads a decimal number of dollars with up to nine decimals: `"12.345678"`, `"-0.5"`, `"1e-6"` is refused.
    pub fn parse_usd(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 9).map(Self)
    }

    /// The cost as dollars for shapes that demand a JSON number: correct to the last of nine decimals below
    /// nine million dollars. For showing only; nothing is added up from it.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the reply's shape is a JSON number; sums are made before"
    )]
    pub fn to_usd_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_USD as f64
    }

    /// Whole cents, half to even.
    pub fn to_cents(self) -> i64 {
        div_half_even(i128::from(self.0), 10_000_000).unwrap_or(i64::MAX)
    }
}

impl PicosPerUnit {
    /// Reads a price in dollars per million units (`"2.50"`): one dollar a million is a million pico-dollars a unit.
    pub fn parse_usd_per_million(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 6).map(Self)
    }

    /// Reads a price in dollars per unit (`"0.04"`).
    pub fn parse_usd_per_unit(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 12).map(Self)
    }
}

/// Divides and rounds half to even; `None` where the quotient does not fit.
pub fn div_half_even(value: i128, divisor: i128) -> Option<i64> {
    let quotient = value.div_euclid(divisor);
    let rest = value.rem_euclid(divisor);
    let round_up = match (rest * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 != 0,
    };
    i64::try_from(quotient + i128::from(round_up)).ok()
}

/// Writes a fixed-point integer as a decimal without trailing zeros.
pub fn format_decimal(value: impl Into<i128>, decimals: u32) -> String {
    let value = value.into();
    let scale = 10_u128.pow(decimals);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let whole = magnitude / scale;
    let fraction = magnitude % scale;
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{fraction:0width$}", width = decimals as usize);
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// Reads a plain decimal into a fixed-point integer of `decimals` places. Trailing zeros beyond them are fine.
pub fn parse_decimal(text: &str, decimals: u32) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
        return Err(MoneyError::Malformed);
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = (decimals as usize).checked_sub(fraction.len()).ok_or(MoneyError::TooFine(decimals))?;
    let mut value: i64 = 0;
    for digit in whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', missing)) {
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit - b'0')))
            .ok_or(MoneyError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

/// Reads a JSON number into a fixed-point integer of `decimals` places. Senders' languages write small floats as
/// `1.25e-06` and sums as `0.30000000000000004`; the text is taken as it stands and rounded once, half to even.
pub fn parse_json_number(text: &str, decimals: u32) -> Result<i64, MoneyError> {
    const MAX_DIGITS: usize = 400;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.trim_start_matches('+').parse().map_err(|_| MoneyError::Malformed)?;
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(MoneyError::Malformed);
    }
    // Places by which the digits are to be moved to the left of the point.
    let shift = i64::from(exponent) + i64::from(decimals) - fraction.len() as i64;
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let length = significant.len() as i64 + shift;
    if length > 19 {
        return Err(MoneyError::TooLarge);
    }
    if length < 0 {
        return Ok(0);
    }
    let kept = usize::try_from(length).unwrap_or(0).min(significant.len());
    let zeros = usize::try_from(shift).unwrap_or(0);
    let (kept, cut) = significant.split_at(kept);
    let value: i64 = format!("0{kept}{}", "0".repeat(zeros)).parse().map_err(|_| MoneyError::TooLarge)?;
    let half = format!("5{}", "0".repeat(cut.len().saturating_sub(1)));
    let round_up = !cut.is_empty() && (cut > half.as_str() || cut == half && value % 2 == 1);
    let value = value.checked_add(i64::from(round_up)).ok_or(MoneyError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

impl fmt::Display for CostNanos {
    /// Dollars without trailing zeros: `47.608895`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_decimal(self.0, 9))
    }
}

impl Add for CostNanos {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl AddAssign for CostNanos {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
impl Sub for CostNanos {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl SubAssign for CostNanos {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}
impl Neg for CostNanos {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl Sum for CostNanos {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dollars_are_read_and_written_exactly() {
        assert_eq!(CostNanos::parse_usd("47.608895"), Ok(CostNanos(47_608_895_000)));
        assert_eq!(CostNanos(47_608_895_000).to_string(), "47.608895");
        assert_eq!(CostNanos(-5).to_string(), "-0.000000005");
        assert_eq!(CostNanos::parse_usd("0.10000000000"), Ok(CostNanos(100_000_000)));
        assert_eq!(PicosPerUnit::parse_usd_per_million("2.50"), Ok(PicosPerUnit(2_500_000)));
        assert_eq!(PicosPerUnit::parse_usd_per_unit("0.04"), Ok(PicosPerUnit(40_000_000_000)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "1.", ".5", "1e3", "NaN", "+1", "1,5", " 1", "--1", "0x1"] {
            assert_eq!(CostNanos::parse_usd(text), Err(MoneyError::Malformed), "{text:?}");
        }
        assert_eq!(CostNanos::parse_usd("0.0000000001"), Err(MoneyError::TooFine(9)));
        assert_eq!(CostNanos::parse_usd("99999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn halves_round_to_even() {
        let rounded: Vec<_> = [-15, -5, 5, 15, 25, 14, 16].map(|v| div_half_even(v, 10)).into();
        assert_eq!(rounded, [-2, 0, 0, 2, 2, 1, 2].map(Some));
        assert_eq!(CostNanos(25_000_000).to_cents(), 2);
    }

    #[test]
    fn json_numbers_are_read_as_their_text_and_rounded_once() {
        let read = |text| parse_json_number(text, 9);
        assert_eq!(read("1.25e-06"), Ok(1250));
        assert_eq!(read("1e-9"), Ok(1));
        assert_eq!(read("2.5E+1"), Ok(25_000_000_000));
        assert_eq!(read("0.30000000000000004"), Ok(300_000_000));
        assert_eq!(read("0.0000000005"), Ok(0));
        assert_eq!(read("0.0000000015"), Ok(2));
        assert_eq!(read("0.00000000051"), Ok(1));
        assert_eq!(read("0.00000000005"), Ok(0));
        assert_eq!(read("-3"), Ok(-3_000_000_000));
        assert_eq!(read("0e999999"), Ok(0));
        assert_eq!(read("1e308"), Err(MoneyError::TooLarge));
        assert_eq!(read("true"), Err(MoneyError::Malformed));
        assert_eq!(read("1e99999999999"), Err(MoneyError::Malformed));
    }

    proptest! {
        #[test]
        fn a_plain_decimal_reads_the_same_as_a_number(nanos in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            prop_assert_eq!(parse_json_number(&CostNanos(nanos).to_string(), 9), Ok(nanos));
        }

        #[test]
        fn every_cost_survives_text(nanos in any::<i64>().prop_filter("i64::MIN has no positive twin", |n| *n != i64::MIN)) {
            prop_assert_eq!(CostNanos::parse_usd(&CostNanos(nanos).to_string()), Ok(CostNanos(nanos)));
        }
    }
}
