//! Slots: the pieces of time that sums are kept for.

/// A quarter of an hour, the unit of slots and widths.
pub(crate) const SLOT_MS: i64 = 900_000;
/// Widths in quarters of an hour.
pub(crate) const QUARTER: i64 = 1;
pub(crate) const HOUR: i64 = 4;
pub(crate) const DAY: i64 = 96;

/// The slot of a width that holds an instant.
pub(crate) fn slot_of(time_ms: i64, width: i64) -> i64 {
    time_ms.div_euclid(SLOT_MS).div_euclid(width) * width
}
