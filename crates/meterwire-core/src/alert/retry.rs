//! When a message that did not arrive is tried again.

/// A message is tried so often at most, over about a day.
pub const MAX_ATTEMPTS: u32 = 12;
/// The pause after each failed try, in seconds: 24 hours together.
const PAUSES_SECONDS: [i64; 11] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 26_240];
/// A pause is up to this much longer, in thousandths, so that many messages do not come back at one moment.
const JITTER_THOUSANDTHS: i64 = 200;
/// The other side may ask for a longer pause, but not for more than this.
const MAX_ASKED_MS: i64 = 6 * 3_600_000;

/// When to try again after `attempts` tries, Unix milliseconds; `None` when it is given up. `seed` tells messages apart;
/// `asked_ms` is the pause that the other side asked for.
pub fn next_try_ms(attempts: u32, seed: i64, asked_ms: Option<i64>, now_ms: i64) -> Option<i64> {
    let failed = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let pause_ms = PAUSES_SECONDS.get(failed)? * 1000;
    // A multiplicative hash: neighbouring seeds end up far apart.
    let mixed = seed.wrapping_mul(0x9E37_79B9).wrapping_add(i64::from(attempts) * 7_919);
    let jitter_ms = pause_ms * mixed.rem_euclid(JITTER_THOUSANDTHS + 1) / 1000;
    let asked_ms = asked_ms.unwrap_or(0).clamp(0, MAX_ASKED_MS);
    Some(now_ms + (pause_ms + jitter_ms).max(asked_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tries_are_spread_over_about_a_day_and_end() {
        let mut now_ms = 0;
        let mut attempts = 1;
        while let Some(next_ms) = next_try_ms(attempts, 7, None, now_ms) {
            assert!(next_ms > now_ms);
            now_ms = next_ms;
            attempts += 1;
        }
        assert_eq!(attempts, MAX_ATTEMPTS);
        assert!((24 * 3_600_000..=29 * 3_600_000).contains(&now_ms), "{now_ms}");
    }

    proptest! {
        #[test]
        fn a_pause_is_never_shorter_than_planned_nor_much_longer(attempts in 1_u32..12, seed in any::<i64>()) {
            let pause_ms = PAUSES_SECONDS[attempts as usize - 1] * 1000;
            let next_ms = next_try_ms(attempts, seed, None, 0).unwrap();
            prop_assert!((pause_ms..=pause_ms + pause_ms / 5).contains(&next_ms));
        }

        #[test]
        fn the_other_side_may_ask_for_more_within_bounds(
            asked_ms in prop_oneof![any::<i64>(), -1_000..2 * MAX_ASKED_MS],
            seed in any::<i64>(),
        ) {
            let next_ms = next_try_ms(1, seed, Some(asked_ms), 0).unwrap();
            prop_assert!((5_000..=MAX_ASKED_MS).contains(&next_ms));
            prop_assert!(asked_ms > MAX_ASKED_MS || next_ms >= asked_ms);
        }
    }
}
