//! Percentages for showing, rounded once to two decimals. Nothing is added up from them.

/// The change from `before` to `now` in percent, halves away from zero; `None` where it was zero before.
#[expect(clippy::cast_precision_loss, reason = "rounded to hundredths of a percent, for showing")]
pub fn change(now: impl Into<i128>, before: impl Into<i128>) -> Option<f64> {
    let (now, before) = (now.into(), before.into());
    if before == 0 {
        return None;
    }
    let (part, whole) = ((now - before) * 10_000 * before.signum(), before.abs());
    let half = if part < 0 { -whole } else { whole };
    let hundredths = (2 * part + half) / (2 * whole);
    Some(hundredths as f64 / 100.0)
}

/// The part of a whole in percent, halves to even; `None` where the whole is nothing.
#[expect(clippy::cast_precision_loss, reason = "rounded to hundredths of a percent, for showing")]
pub fn share(part: impl Into<i128>, whole: impl Into<i128>) -> Option<f64> {
    let (part, whole) = (part.into(), whole.into());
    if whole <= 0 {
        return None;
    }
    crate::money::div_half_even(part * 10_000, whole).map(|hundredths| hundredths as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::{change, share};

    #[test]
    fn shares_are_rounded_once() {
        assert_eq!(share(1, 3), Some(33.33));
        assert_eq!(share(2, 3), Some(66.67));
        assert_eq!(share(1, 20_000), Some(0.0), "half of a hundredth, to even");
        assert_eq!(share(3, 20_000), Some(0.02));
        assert_eq!(share(i64::MAX, i64::MAX), Some(100.0));
        assert_eq!(share(-1, 4), Some(-25.0));
        assert_eq!(share(1, 0), None);
    }

    #[test]
    fn changes_are_rounded_once_and_away_from_zero() {
        assert_eq!(change(9, 8), Some(12.5));
        assert_eq!(change(2, 3), Some(-33.33));
        assert_eq!(change(4, 3), Some(33.33));
        assert_eq!(change(5, 3), Some(66.67));
        assert_eq!(change(0, 7), Some(-100.0));
        assert_eq!(change(3, 0), None);
        assert_eq!(change(0, 0), None);
        assert_eq!(change(80_001, 80_000), Some(0.0));
        assert_eq!(change(20_001, 20_000), Some(0.01), "half of a hundredth");
        assert_eq!(change(19_999, 20_000), Some(-0.01));
        assert_eq!(change(i64::MAX, 1).map(f64::is_finite), Some(true));
    }
}
