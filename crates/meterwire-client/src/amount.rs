//! Exact amounts: decimals with up to nine places, never a float.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

const PLACES: usize = 9;
const ONE: i128 = 1_000_000_000;
/// More whole digits than any total reaches.
const MAX_WHOLE_DIGITS: usize = 24;

/// An amount of a metric (deployments, hours, bytes, dollars), exact to nine decimal places.
///
/// ```
/// use meterwire_client::Amount;
/// let hours: Amount = "1.5".parse()?;
/// assert_eq!(hours, Amount::try_from(1.5)?);
/// assert_eq!(Amount::from(3).to_string(), "3");
/// # Ok::<(), meterwire_client::AmountError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

/// Why a text or a float is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Not a plain decimal such as `12`, `0.25` or `-3`.
    #[error("an amount is a plain decimal number such as 12 or 0.25")]
    NotADecimal,
    /// More decimal places than an amount keeps.
    #[error("an amount has at most nine decimal places")]
    TooManyPlaces,
    /// Larger than any amount can be.
    #[error("the amount is too large")]
    TooLarge,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);

    /// The sum, unless it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless it is too large.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The nearest float, for charts and ratios only: it may not be exact.
    #[expect(clippy::cast_precision_loss, reason = "said by the name")]
    pub fn to_f64_lossy(self) -> f64 {
        self.0 as f64 / ONE as f64
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(AmountError::NotADecimal);
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        if whole.len() > MAX_WHOLE_DIGITS {
            return Err(AmountError::TooLarge);
        }
        if fraction.len() > PLACES {
            return Err(AmountError::TooManyPlaces);
        }
        let digits =
            whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', PLACES - fraction.len()));
        let billionths = digits.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        Ok(Self(if negative { -billionths } else { billionths }))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) =
            (self.0.unsigned_abs() / ONE.unsigned_abs(), self.0.unsigned_abs() % ONE.unsigned_abs());
        let mut text = whole.to_string();
        if rest > 0 {
            let fraction = format!("{rest:09}");
            text.push('.');
            text.push_str(fraction.trim_end_matches('0'));
        }
        f.pad_integral(self.0 >= 0, "", &text)
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Amount {
            fn from(whole: $integer) -> Self {
                Self(i128::from(whole) * ONE)
            }
        }
    )*};
}
// `i32` is what a literal is where nothing else says so.
from_integer!(u8, u16, u32, u64, i8, i16, i32, i64);

impl TryFrom<f64> for Amount {
    type Error = AmountError;

    /// The decimal that the float is written as: `0.1` is exactly one tenth.
    fn try_from(float: f64) -> Result<Self, AmountError> {
        if !float.is_finite() {
            return Err(AmountError::NotADecimal);
        }
        float.to_string().parse()
    }
}

impl TryFrom<&str> for Amount {
    type Error = AmountError;

    fn try_from(text: &str) -> Result<Self, AmountError> {
        text.parse()
    }
}

impl From<Infallible> for AmountError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A decimal string: no reader makes a float of it.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A JSON number or a decimal string, digit by digit; with `serde_json` only.
impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        raw.get().trim_matches('"').parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountError};
    use std::collections::BTreeMap;

    #[test]
    fn texts_are_read_and_written_exactly() {
        for text in ["0", "1", "2.5", "0.001", "-3", "-0.5", "999999999999.123456", "0.000000001"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        for (text, same) in [("007", "7"), ("1.50", "1.5"), ("1.000000000000", "1"), ("-0", "0")] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), same);
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "+1", " 1", "1,5", "NaN", "--1", "1.2.3", "١"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::NotADecimal), "{text:?}");
        }
        assert_eq!("0.0000000001".parse::<Amount>(), Err(AmountError::TooManyPlaces));
        assert_eq!("9".repeat(25).parse::<Amount>(), Err(AmountError::TooLarge));
        assert!("9".repeat(24).parse::<Amount>().is_ok());
    }

    #[test]
    fn floats_become_what_they_are_written_as() {
        let tenth = Amount::try_from(0.1).unwrap();
        let sum = (0..10).try_fold(Amount::ZERO, |sum, _| sum.checked_add(tenth)).unwrap();
        assert_eq!(sum, Amount::ONE);
        assert_eq!(Amount::try_from(1.0), Ok(Amount::from(1)));
        assert_eq!(Amount::try_from(f64::NAN), Err(AmountError::NotADecimal));
        assert_eq!(Amount::try_from(f64::INFINITY), Err(AmountError::NotADecimal));
        assert_eq!(Amount::try_from(1.0 / 3.0), Err(AmountError::TooManyPlaces));
        assert_eq!(Amount::try_from(1e300), Err(AmountError::TooLarge));
    }

    #[test]
    fn json_keeps_every_digit_in_both_directions() {
        // Eighteen digits: a float would lose the last ones.
        let text = r#"{"a":123456789012.123456,"b":"123456789012.123456","c":-1}"#;
        let read: BTreeMap<String, Amount> = serde_json::from_str(text).unwrap();
        assert_eq!(read["a"].to_string(), "123456789012.123456");
        assert_eq!(read["a"], read["b"]);
        assert_eq!(serde_json::to_string(&read["c"]).unwrap(), r#""-1""#);
        assert!(serde_json::from_str::<Amount>("[1]").is_err());
        assert!(serde_json::from_str::<Amount>("true").is_err());
    }

    #[test]
    fn amounts_are_ordered_and_padded_like_numbers() {
        assert!(Amount::from(-1) < Amount::ZERO && Amount::from(-1).is_negative());
        assert!(Amount::try_from(0.9).unwrap() < Amount::ONE);
        assert_eq!(format!("{:>6}|{:<6}|", Amount::try_from(-2.5).unwrap(), Amount::ONE), "  -2.5|1     |");
        assert!((Amount::try_from(2.5).unwrap().to_f64_lossy() - 2.5).abs() < f64::EPSILON);
        assert_eq!(Amount::from(3).checked_sub(Amount::from(5)), Some(Amount::from(-2)));
    }
}
