//! Instants and stretches of time, as conditions and columns.

use meterwire_core::period::Range;
use std::fmt::Write as _;

/// That an instant, told in units of so many milliseconds, lies in one of these stretches.
pub(super) fn within(instant: &str, unit_ms: i64, stretches: &[Range]) -> String {
    let stretch = |Range { from_ms, to_ms }: &Range| {
        format!(
            "({instant} >= {} AND {instant} < {})",
            from_ms.div_euclid(unit_ms),
            to_ms.div_euclid(unit_ms)
        )
    };
    let stretches: Vec<_> = stretches.iter().map(stretch).collect();
    // There is always one, or nobody would ask.
    format!("({})", stretches.join(" OR "))
}

/// Into which bucket an event falls, as UInt32. `edges_ms` are ascending and at least two; those of one width that follow
/// one another are one step, so days without a change of the clocks are a division.
pub(super) fn bucket(time: &str, edges_ms: &[i64]) -> String {
    let mut steps: Vec<(usize, i64, i64, i64)> = Vec::new();
    for (place, edges) in edges_ms.windows(2).enumerate() {
        let (from, to) = (edges[0], edges[1]);
        match steps.last_mut() {
            Some((_, _, width, end)) if to - from == *width => *end = to,
            _ => steps.push((place, from, to - from, to)),
        }
    }
    let of = |(place, from, width, end): &(usize, i64, i64, i64)| {
        if end - from == *width {
            format!("toUInt32({place})")
        } else {
            // Events are in the range, so nothing is negative where it counts.
            format!("toUInt32({place} + intDiv({time} - {from}, {width}))")
        }
    };
    let Some((last, others)) = steps.split_last() else { return "toUInt32(0)".to_owned() };
    if others.is_empty() {
        return of(last);
    }
    let mut sql = "multiIf(".to_owned();
    for step in others {
        let _ = write!(sql, "{time} < {}, {}, ", step.3, of(step));
    }
    sql + &of(last) + ")"
}
