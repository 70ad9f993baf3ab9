//! The planner: from which rollup a question is answered, and from which rows.
//!
//! The smallest set that knows every dimension of the question is taken. Each bucket is cut into the widest slots that
//! fit between its edges; what no slot fits (an edge inside a quarter of an hour, a set that keeps only days) is read
//! from raw events. Neighbouring pieces of one width are read in one go.

use crate::slot::{DAY, HOUR, QUARTER, SLOT_MS};
use crate::sqlite::rollup::{RollupSet, SETS};
use meterwire_core::dimension::Dimension;

/// Where a question is answered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The rollup; `None`: only raw events.
    pub(crate) set: Option<&'static RollupSet>,
    /// What to read, in order of time, without gap.
    pub(crate) pieces: Vec<Piece>,
}

/// A stretch of time read from one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The width of the slots; `None`: raw events.
    pub(crate) width: Option<i64>,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

impl Plan {
    /// Plans a question for these buckets (edges ascending) that needs these dimensions.
    pub(crate) fn new(edges_ms: &[i64], dimensions: &[Dimension], sketches: bool) -> Self {
        let knows = |set: &&RollupSet| {
            dimensions.iter().all(|dimension| set.dimensions.contains(dimension))
                && (set.sketches || !sketches)
        };
        let set = SETS.iter().find(knows);
        let widths = set.map_or(&[][..], |set| set.widths);
        let mut pieces = Vec::new();
        for edges in edges_ms.windows(2) {
            cover(&mut pieces, edges[0], edges[1], widths);
        }
        let set = set.filter(|_| pieces.iter().any(|piece| piece.width.is_some()));
        Self { set, pieces }
    }

    /// Reads everything from events, or from their segments.
    pub(crate) fn of_events(edges_ms: &[i64]) -> Self {
        let (from_ms, to_ms) = (edges_ms[0], edges_ms[edges_ms.len() - 1]);
        Self { set: None, pieces: vec![Piece { width: None, from_ms, to_ms }] }
    }

    /// How much of the time is read from events.
    pub(crate) fn raw_ms(&self) -> i64 {
        let raw = self.pieces.iter().filter(|piece| piece.width.is_none());
        raw.map(|piece| piece.to_ms - piece.from_ms).sum()
    }

    /// The plan in words: `rollup model/1d+1h+raw` or `raw`.
    pub(crate) fn explain(&self) -> String {
        let Some(set) = self.set else { return "raw".to_owned() };
        let levels = [(Some(DAY), "1d"), (Some(HOUR), "1h"), (Some(QUARTER), "15m"), (None, "raw")];
        let used = levels.iter().filter(|(width, _)| self.pieces.iter().any(|piece| piece.width == *width));
        let names: Vec<_> = used.map(|(_, name)| *name).collect();
        format!("rollup {}/{}", set.name, names.join("+"))
    }
}

/// Cuts a span into slots of these widths (finest first), widest first, and raw events.
fn cover(pieces: &mut Vec<Piece>, from_ms: i64, to_ms: i64, widths: &[i64]) {
    if from_ms >= to_ms {
        return;
    }
    let Some((width, finer)) = widths.split_last() else {
        return push(pieces, Piece { width: None, from_ms, to_ms });
    };
    let width_ms = width * SLOT_MS;
    let first_ms = from_ms.saturating_add(width_ms - 1).div_euclid(width_ms) * width_ms;
    let end_ms = to_ms.div_euclid(width_ms) * width_ms;
    if first_ms >= end_ms {
        return cover(pieces, from_ms, to_ms, finer);
    }
    cover(pieces, from_ms, first_ms, finer);
    push(pieces, Piece { width: Some(*width), from_ms: first_ms, to_ms: end_ms });
    cover(pieces, end_ms, to_ms, finer);
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match pieces.last_mut() {
        Some(last) if last.width == piece.width && last.to_ms == piece.from_ms => last.to_ms = piece.to_ms,
        _ => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000;
    const DAY_MS: i64 = 24 * 60 * MINUTE;

    fn explain(edges: &[i64], dimensions: &[Dimension]) -> String {
        Plan::new(edges, dimensions, false).explain()
    }

    #[test]
    fn the_smallest_set_that_knows_enough_is_taken() {
        let days: Vec<i64> = (0..=30).map(|day| day * DAY_MS).collect();
        assert_eq!(explain(&days, &[]), "rollup total/1d");
        assert_eq!(explain(&days, &[Dimension::Model]), "rollup model/1d");
        assert_eq!(explain(&days, &[Dimension::Provider]), "rollup provider/1d");
        assert_eq!(explain(&days, &[Dimension::Project, Dimension::Model]), "rollup project_model/1d");
        assert_eq!(explain(&days, &[Dimension::User, Dimension::Model]), "raw");
        assert_eq!(Plan::new(&days, &[Dimension::Provider], true).explain(), "rollup model/1d");
    }

    #[test]
    fn edges_decide_the_widths() {
        let shifted = |minutes: i64| (0..=3).map(|day| day * DAY_MS + minutes * MINUTE).collect::<Vec<_>>();
        assert_eq!(explain(&shifted(300), &[]), "rollup total/1h");
        assert_eq!(explain(&shifted(345), &[]), "rollup total/1h+15m");
        assert_eq!(explain(&shifted(345), &[Dimension::Country]), "rollup country/1h+raw");
        assert_eq!(explain(&shifted(300), &[Dimension::User]), "raw");
        assert_eq!(explain(&[1, 3 * DAY_MS], &[]), "rollup total/1d+1h+15m+raw");
    }

    #[test]
    fn days_of_a_whole_hour_zone_are_read_in_one_go() {
        let edges: Vec<i64> = (0..=90).map(|day| day * DAY_MS + 300 * MINUTE).collect();
        assert_eq!(Plan::new(&edges, &[], false).pieces.len(), 1);
    }

    proptest! {
        #[test]
        fn pieces_tile_the_range_and_slots_stay_in_their_bucket(
            mut edges in prop::collection::btree_set(-3 * DAY_MS..6 * DAY_MS, 2..20),
            on_grid in any::<bool>(),
        ) {
            if on_grid {
                edges = edges.into_iter().map(|edge| edge.div_euclid(15 * MINUTE) * 15 * MINUTE).collect();
            }
            let edges: Vec<i64> = edges.into_iter().collect();
            let plan = Plan::new(&edges, &[], false);
            let mut at = edges[0];
            for piece in &plan.pieces {
                prop_assert_eq!(piece.from_ms, at);
                at = piece.to_ms;
                if let Some(width) = piece.width {
                    let width_ms = width * SLOT_MS;
                    prop_assert!(piece.from_ms % width_ms == 0 && piece.to_ms % width_ms == 0);
                    for slot in (piece.from_ms..piece.to_ms).step_by(usize::try_from(width_ms).unwrap()) {
                        prop_assert!(!edges.iter().any(|edge| slot < *edge && *edge < slot + width_ms));
                    }
                } else {
                    prop_assert!(!on_grid);
                }
            }
            prop_assert_eq!(at, *edges.last().unwrap());
        }
    }
}
