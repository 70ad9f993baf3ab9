//! Rollups: which sums are kept of folds, how ClickHouse makes them, and which of a question's time they answer.
//!
//! The sets are those of the embedded store, each at its finest width alone: ClickHouse adds up slots quicker than it
//! would pay to keep wider ones.

use super::ddl::{RollupRow, Schema};
use crate::plan::Plan;
use crate::sqlite::rollup::{RollupSet, SETS, SLOT_MS};
use crate::sums::{SUM_NAMES, TOKENS};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use std::fmt::Display;

/// A set of dimensions as it is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// Its number in the table; it must never change.
    pub(crate) number: u8,
    pub(crate) set: &'static RollupSet,
}

/// The part of a question's time that rollups answer.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    pub(crate) kind: Kind,
    /// Whole slots, ascending, none next to another. Not empty.
    pub(crate) stretches: Vec<Range>,
}

impl Kind {
    fn of(set: &'static RollupSet) -> Option<Self> {
        let number = match set.name {
            "total" => 1,
            "provider" => 2,
            "model" => 3,
            "project" => 4,
            "api_key" => 5,
            "agent" => 6,
            "department" => 7,
            "country" => 8,
            "status" => 9,
            "user" => 10,
            "project_model" => 11,
            // Declared properties have no rollups here: they are answered from events.
            _ => return None,
        };
        Some(Self { number, set })
    }

    /// The kinds that every fold has.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        SETS.iter().filter_map(Self::of)
    }

    /// The width of its slots in quarters of an hour.
    fn width(&self) -> i64 {
        self.set.widths.first().copied().unwrap_or(1)
    }
}

impl Folded {
    /// What rollups answer of a question for these buckets that needs these dimensions; `None` where that is nothing.
    pub(crate) fn of(edges_ms: &[i64], dimensions: &[Dimension], sketches: bool) -> Option<Self> {
        let plan = Plan::new(edges_ms, dimensions, sketches);
        let kind = Kind::of(plan.set?)?;
        let mut stretches: Vec<Range> = Vec::new();
        for piece in plan.pieces.iter().filter(|piece| piece.width.is_some()) {
            match stretches.last_mut() {
                Some(last) if last.to_ms == piece.from_ms => last.to_ms = piece.to_ms,
                _ => stretches.push(Range { from_ms: piece.from_ms, to_ms: piece.to_ms }),
            }
        }
        (!stretches.is_empty()).then_some(Self { kind, stretches })
    }
}

/// Makes the rows of a fold of one kind on a shard, of its own events: of batches behind `folded` up to `applied` but for
/// dead ones.
pub(crate) fn fold(
    schema: &Schema,
    kind: Kind,
    fold: u32,
    (folded, applied): (u32, u32),
    dead: &[impl Display],
) -> String {
    let width_ms = kind.width() * SLOT_MS;
    let mut keys: Vec<String> =
        kind.set.dimensions.iter().map(|dimension| format!("toUInt64({})", dimension.name())).collect();
    keys.resize(4, "toUInt64(0)".to_owned());
    let mut sums = vec!["sum(sign)".to_owned(), "sum(sign * (status >= 400))".to_owned()];
    sums.push("sum(sign * (rating = 3))".to_owned());
    sums.extend(SUM_NAMES[TOKENS].iter().map(|name| format!("sum(sign * {name})")));
    sums.push("sum(sign * cost_nanos)".to_owned());
    let named = |prefix: &str, expressions: &[String]| {
        let named = expressions.iter().enumerate().map(|(place, text)| format!("{text} AS {prefix}{place}"));
        named.collect::<Vec<_>>().join(", ")
    };
    let names = |prefix: &str, count: usize| {
        (0..count).map(|place| format!("{prefix}{place}")).collect::<Vec<_>>().join(", ")
    };
    let sketches = ["latency_bucket", "first_token_bucket"].map(|bucket| {
        // Of sets without sketches nothing is kept.
        let kept = if kind.set.sketches { format!("{bucket} >= 0") } else { "0".to_owned() };
        format!("sumMapIf([toUInt16({bucket})], [toInt64(sign)], {kept})")
    });
    let dead: Vec<_> = dead.iter().map(ToString::to_string).collect();
    let but =
        if dead.is_empty() { String::new() } else { format!(" AND batch NOT IN ({})", dead.join(", ")) };
    let columns: Vec<_> = RollupRow::columns().iter().map(|column| column.name).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {fold}, {}, t, s, {}, {}, tupleElement(m0, 1), tupleElement(m0, 2), \
         tupleElement(m1, 1), tupleElement(m1, 2) FROM (SELECT tenant AS t, \
         toInt32(intDiv(time_ms, {width_ms}) * {}) AS s, {}, {}, {} FROM {} WHERE batch > {folded} AND \
         batch <= {applied}{but} GROUP BY t, s, {})",
        schema.local("rollup"),
        columns.join(", "),
        kind.number,
        names("g", 4),
        names("n", sums.len()),
        kind.width(),
        named("g", &keys),
        named("n", &sums),
        named("m", &sketches),
        schema.local("event"),
        names("g", 4),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 96 * SLOT_MS;

    #[test]
    fn kinds_never_change() {
        let kinds: Vec<_> = Kind::every().map(|kind| (kind.set.name, kind.number, kind.width())).collect();
        let known = [
            ("total", 1, 1),
            ("provider", 2, 1),
            ("country", 8, 4),
            ("department", 7, 4),
            ("agent", 6, 4),
            ("api_key", 5, 4),
            ("project", 4, 4),
            ("status", 9, 4),
            ("model", 3, 1),
            ("user", 10, 96),
            ("project_model", 11, 96),
        ];
        assert_eq!(kinds, known);
    }

    #[test]
    fn a_fold() {
        let schema = Schema::new("usage").unwrap();
        let texts: Vec<_> = Kind::every().map(|kind| fold(&schema, kind, 5, (7, 12), &[9, 10])).collect();
        insta::assert_snapshot!("folds", texts.join("\n"));
    }

    #[test]
    fn whole_slots_are_answered_by_rollups() {
        let of = |edges: &[i64], dimensions: &[Dimension]| {
            let folded = Folded::of(edges, dimensions, false)?;
            let stretches: Vec<_> =
                folded.stretches.iter().map(|range| (range.from_ms, range.to_ms)).collect();
            Some((folded.kind.set.name, stretches))
        };
        assert_eq!(of(&[0, DAY_MS, 2 * DAY_MS], &[Dimension::User]), Some(("user", vec![(0, 2 * DAY_MS)])));
        assert_eq!(of(&[1, 2 * DAY_MS], &[Dimension::User]), Some(("user", vec![(DAY_MS, 2 * DAY_MS)])));
        assert_eq!(of(&[1, DAY_MS], &[Dimension::User]), None);
        assert_eq!(of(&[0, DAY_MS], &[Dimension::User, Dimension::Model]), None);
        let property = Dimension::Property(meterwire_core::dimension::Place::ALL[0]);
        assert_eq!(of(&[0, DAY_MS], &[property]), None);
        let split = of(&[0, SLOT_MS + 1, 3 * SLOT_MS], &[]);
        assert_eq!(split, Some(("total", vec![(0, SLOT_MS), (2 * SLOT_MS, 3 * SLOT_MS)])));
    }
}
