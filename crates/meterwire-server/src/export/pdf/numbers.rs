//! Numbers as a statement shows them. Sums are exact before they come here; here they are rounded once, to be read.

use meterwire_core::money::{CostNanos, NANOS_PER_USD, div_half_even};

/// How many decimals amounts of one table are shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimals(u32);

impl Decimals {
    /// Cents; more where that would be less than five figures that count.
    pub(super) fn of(total: CostNanos) -> Self {
        let dollars = total.0.unsigned_abs() / NANOS_PER_USD.unsigned_abs();
        Self(match dollars {
            100.. => 2,
            1.. => 4,
            _ => 6,
        })
    }

    /// Cents, unless there is less than a dollar.
    pub(super) fn of_headline(total: CostNanos) -> Self {
        if total.0.unsigned_abs() >= NANOS_PER_USD.unsigned_abs() { Self(2) } else { Self::of(total) }
    }

    /// So many that neighbouring steps of a scale are told apart.
    pub(super) fn of_step(step: CostNanos) -> Self {
        let mut decimals = 2;
        while decimals < 9 && step.0 % 10_i64.pow(9 - decimals) != 0 {
            decimals += 1;
        }
        Self(if step.0 % NANOS_PER_USD == 0 { 0 } else { decimals })
    }

    /// An amount of dollars, half to even.
    pub(super) fn show(self, cost: CostNanos) -> String {
        let unit = 10_i64.pow(9 - self.0);
        let rounded = div_half_even(i128::from(cost.0), i128::from(unit)).unwrap_or(i64::MAX);
        let one = 10_u64.pow(self.0);
        let sign = if rounded < 0 { "-" } else { "" };
        let (whole, rest) = (rounded.unsigned_abs() / one, rounded.unsigned_abs() % one);
        if self.0 == 0 {
            return format!("{sign}${}", grouped(whole));
        }
        format!("{sign}${}.{rest:0width$}", grouped(whole), width = self.0 as usize)
    }
}

/// An amount of dollars with every digit it has, at least cents.
pub(super) fn exact(cost: CostNanos) -> String {
    let text = cost.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{sign}${}.{fraction:0<2}", grouped(whole.parse().unwrap_or(0)))
}

/// A count with its thousands apart.
pub(super) fn count(count: i64) -> String {
    let sign = if count < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(count.unsigned_abs()))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count in a few characters, for tiles: `12.3 M`.
pub(super) fn short(count: i64) -> String {
    const STEPS: [(u64, &str); 4] =
        [(1_000_000_000_000, "T"), (1_000_000_000, "B"), (1_000_000, "M"), (100_000, "K")];
    let magnitude = count.unsigned_abs();
    let Some((at, unit)) = STEPS.into_iter().find(|(at, _)| magnitude >= *at) else {
        return self::count(count);
    };
    let one = if unit == "K" { 1_000 } else { at };
    let tenths = magnitude / (one / 10);
    format!("{}.{} {unit}", grouped(tenths / 10), tenths % 10)
}

/// A share in percent with one decimal; a part of nothing is none.
pub(super) fn share(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = div_half_even(i128::from(part) * 1000, i128::from(whole)).unwrap_or(0);
    format!("{}.{} %", tenths / 10, (tenths % 10).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        let cost = |text| CostNanos::parse_usd(text).unwrap();
        assert_eq!(exact(cost("1234567.5")), "$1,234,567.50");
        assert_eq!(exact(cost("0.000000001")), "$0.000000001");
        assert_eq!(exact(cost("-3")), "-$3.00");
        assert_eq!(Decimals::of(cost("20000")).show(cost("1234.565")), "$1,234.56");
        assert_eq!(Decimals::of(cost("0.5")).show(cost("0.0000015")), "$0.000002");
        assert_eq!(Decimals::of(CostNanos(i64::MAX)).show(CostNanos(i64::MAX)), "$9,223,372,036.85");
        assert_eq!([0, 999, 1000, -1_234_567].map(count), ["0", "999", "1,000", "-1,234,567"]);
        assert_eq!(
            [99_999, 123_456, 12_345_678, 4_200_000_000].map(short),
            ["99,999", "123.4 K", "12.3 M", "4.2 B"]
        );
        assert_eq!(
            [(1, 3), (0, 5), (2, 2), (1, 0)].map(|(a, b)| share(a, b)),
            ["33.3 %", "0.0 %", "100.0 %", "–"]
        );
    }
}
