//! How long to wait before the next try.

use std::time::Duration;

/// The longest pause that doubling may reach before the cap is looked at.
const MAX_DOUBLINGS: u32 = 16;

/// Exponential, with full jitter: anything from nothing up to the bound, so that many clients never come back at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Backoff {
    /// The pause after so many failures (from 1).
    pub(crate) fn pause(self, failures: u32) -> Duration {
        self.bound(failures).mul_f64(fastrand::f64())
    }

    fn bound(self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(MAX_DOUBLINGS);
        self.base.saturating_mul(1 << doublings).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use std::time::Duration;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(50), cap: Duration::from_secs(2) };

    #[test]
    fn the_bound_doubles_up_to_the_cap() {
        let bounds = [1, 2, 3, 6, 7, 100, u32::MAX].map(|failures| BACKOFF.bound(failures).as_millis());
        assert_eq!(bounds, [50, 100, 200, 1600, 2000, 2000, 2000]);
    }

    #[test]
    fn pauses_are_spread_below_the_bound() {
        let pauses: Vec<Duration> = (0..200).map(|_| BACKOFF.pause(3)).collect();
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_millis(200)));
        assert!(pauses.iter().any(|pause| *pause < Duration::from_millis(100)));
        assert!(pauses.iter().any(|pause| *pause > Duration::from_millis(100)));
    }
}
