//! Rollups: which sums are kept of folds, how ClickHouse makes them, and which of a question's time they answer.
//!
//! The sets are those of the embedded store, each at its finest width alone: ClickHouse adds up slots quicker than it
//! would pay to keep wider ones.

use super::ddl::{RollupRow, Schema};
use crate::cluster::usage::labels::more;
use crate::plan::Plan;
use crate::sqlite::rollup::{RollupSet, SETS, SLOT_MS};
use crate::sums::{SUM_NAMES, TOKENS};
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::period::Range;
use std::collections::BTreeMap;
use std::fmt::Display;

/// The number of rollups by declared properties.
pub(crate) const DECLARED: u8 = 12;
/// Tenants of one statement about declared properties.
const TENANTS: usize = 1_000;

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
            _ if is_declared(set) => DECLARED,
            _ => return None,
        };
        Some(Self { number, set })
    }

    /// The kinds that every fold has, of all tenants.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        SETS.iter().filter(|set| !is_declared(set)).filter_map(Self::of)
    }

    /// The kind of a property that its tenant has declared. Rows of all of them have one number in the table: `k1` is the
    /// hash of the value, `k4` the number of the declaration.
    pub(crate) fn of_property(place: Place) -> Option<Self> {
        SETS.iter().find(|set| *set.dimensions == [Dimension::Property(place)]).and_then(Self::of)
    }

    /// The declared property by which it is kept, of those that are not of all tenants.
    pub(crate) fn property(&self) -> Option<Dimension> {
        self.set.dimensions.first().copied().filter(|_| self.number == DECLARED)
    }

    /// The width of its slots in quarters of an hour.
    pub(crate) fn width(&self) -> i64 {
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

fn is_declared(set: &RollupSet) -> bool {
    matches!(set.dimensions, [Dimension::Property(_)])
}

/// A declared property as folds know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declaration {
    pub(crate) tenant: u32,
    /// [`crate::cluster::outbox::property_hash`] of its key.
    pub(crate) key: u64,
    /// The declaration's own number.
    pub(crate) number: u64,
    /// Values that are told apart, where no more can be: all others are kept as one.
    pub(crate) told_apart: Option<Vec<u64>>,
}

/// Batches that are added up on a shard: behind `folded` up to `applied` but for dead ones.
#[derive(Clone, Copy)]
pub(crate) struct Batches<'a, N> {
    pub(crate) folded: u32,
    pub(crate) applied: u32,
    pub(crate) dead: &'a [N],
    /// The first and the last time of their events, where that is known: others need not be read.
    pub(crate) times: Option<(i64, i64)>,
}

impl<N: Display> Batches<'_, N> {
    fn condition(&self) -> String {
        let dead: Vec<_> = self.dead.iter().map(ToString::to_string).collect();
        let but =
            if dead.is_empty() { String::new() } else { format!(" AND batch NOT IN ({})", dead.join(", ")) };
        let between = self.times.map_or_else(String::new, |(first, last)| {
            format!(" AND time_ms >= {first} AND time_ms <= {last}")
        });
        format!("batch > {} AND batch <= {}{but}{between}", self.folded, self.applied)
    }
}

/// Makes the rows of a fold of one kind on a shard, of its own events.
pub(crate) fn fold(schema: &Schema, kind: Kind, fold: u32, batches: Batches<'_, impl Display>) -> String {
    let mut keys: Vec<String> =
        kind.set.dimensions.iter().map(|dimension| format!("toUInt64({})", dimension.name())).collect();
    keys.resize(4, "toUInt64(0)".to_owned());
    add_up(schema, kind, fold, &keys, &batches.condition())
}

/// Makes the rows of a fold by declared properties on a shard, of its own events: statements that can be run in any order.
pub(crate) fn fold_declared(
    schema: &Schema,
    declarations: &[Declaration],
    fold: u32,
    batches: Batches<'_, impl Display>,
) -> Vec<String> {
    // Whatever their places: they are all kept by hours.
    let Some(kind) = Place::ALL.first().and_then(|place| Kind::of_property(*place)) else {
        return Vec::new();
    };
    let statement = |some: Vec<&Declaration>| {
        let of = |number: fn(&Declaration) -> u64| {
            let numbers: Vec<u64> = some.iter().map(|declaration| number(declaration)).collect();
            let tenants: Vec<u32> = some.iter().map(|declaration| declaration.tenant).collect();
            by_tenant(&tenants, &numbers)
        };
        // Index 0, of what is not there, gives 0.
        let mut value =
            format!("property_values[indexOf(property_keys, {})]", of(|declaration| declaration.key));
        if let Some(told_apart) = some.first().and_then(|declaration| declaration.told_apart.as_ref()) {
            let others = more();
            value = format!("if({value} IN (0, {}), {value}, toUInt64({others}))", list(told_apart));
        }
        let zero = "toUInt64(0)".to_owned();
        let keys = [value, zero.clone(), zero, of(|declaration| declaration.number)];
        let tenants: Vec<u32> = some.iter().map(|declaration| declaration.tenant).collect();
        let condition = format!("tenant IN ({}) AND {}", list(&tenants), batches.condition());
        add_up(schema, kind, fold, &keys, &condition)
    };
    together(declarations).into_iter().map(statement).collect()
}

/// Declarations that one statement can be about: one a tenant. Those with a list of their own stand alone.
fn together(declarations: &[Declaration]) -> Vec<Vec<&Declaration>> {
    let (alone, others): (Vec<_>, Vec<_>) =
        declarations.iter().partition(|declaration| declaration.told_apart.is_some());
    let mut statements: Vec<Vec<&Declaration>> = alone.into_iter().map(|one| vec![one]).collect();
    let mut of_tenant: BTreeMap<u32, Vec<&Declaration>> = BTreeMap::new();
    for declaration in others {
        of_tenant.entry(declaration.tenant).or_default().push(declaration);
    }
    for turn in 0.. {
        let those: Vec<&Declaration> = of_tenant.values().filter_map(|own| own.get(turn).copied()).collect();
        if those.is_empty() {
            break;
        }
        statements.extend(those.chunks(TENANTS).map(<[_]>::to_vec));
    }
    statements
}

/// The number of a row's tenant, as UInt64.
fn by_tenant(tenants: &[u32], numbers: &[u64]) -> String {
    if let ([_], [number]) = (tenants, numbers) {
        return format!("toUInt64({number})");
    }
    // The lists' types must not depend on how large their numbers are.
    let casted = |kind: &str, numbers: Vec<String>| {
        let numbers: Vec<_> = numbers.iter().map(|number| format!("{kind}({number})")).collect();
        numbers.join(", ")
    };
    format!(
        "transform(tenant, [{}], [{}], toUInt64(0))",
        casted("toUInt32", tenants.iter().map(u32::to_string).collect()),
        casted("toUInt64", numbers.iter().map(u64::to_string).collect()),
    )
}

fn add_up(schema: &Schema, kind: Kind, fold: u32, keys: &[String], condition: &str) -> String {
    let width_ms = kind.width() * SLOT_MS;
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
    let columns: Vec<_> = RollupRow::columns().iter().map(|column| column.name).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {fold}, {}, t, s, {}, {}, tupleElement(m0, 1), tupleElement(m0, 2), \
         tupleElement(m1, 1), tupleElement(m1, 2) FROM (SELECT tenant AS t, \
         toInt32(intDiv(time_ms, {width_ms}) * {}) AS s, {}, {}, {} FROM {} WHERE {condition} GROUP BY t, s, {})",
        schema.local("rollup"),
        columns.join(", "),
        kind.number,
        names("g", 4),
        names("n", sums.len()),
        kind.width(),
        named("g", keys),
        named("n", &sums),
        named("m", &sketches),
        schema.local("event"),
        names("g", 4),
    )
}

/// Makes the rows of a fold of one kind on a shard, by adding up its rows of other folds, of which there is at least one.
pub(crate) fn merge(schema: &Schema, kind: Kind, fold: u32, folds: &[impl Display]) -> String {
    merge_where(schema, kind.number, fold, folds, "")
}

/// The same by these declarations, of which there is at least one; what was declared and is no more is left out.
pub(crate) fn merge_declared(
    schema: &Schema,
    numbers: &[impl Display],
    fold: u32,
    folds: &[impl Display],
) -> String {
    merge_where(schema, DECLARED, fold, folds, &format!(" AND k4 IN ({})", list(numbers)))
}

fn merge_where(schema: &Schema, kind: u8, fold: u32, folds: &[impl Display], also: &str) -> String {
    let mut sums = vec!["sum(calls)".to_owned(), "sum(errors)".to_owned(), "sum(unpriced)".to_owned()];
    sums.extend(SUM_NAMES[TOKENS].iter().map(|name| format!("sum({name})")));
    sums.push("sum(cost_nanos)".to_owned());
    let places: Vec<_> = (0..sums.len()).map(|place| format!("n{place}")).collect();
    let sums = sums.iter().zip(&places).map(|(sum, place)| format!("{sum} AS {place}"));
    let columns: Vec<_> = RollupRow::columns().iter().map(|column| column.name).collect();
    let table = schema.local("rollup");
    format!(
        "INSERT INTO {table} ({}) SELECT {fold}, {kind}, t, s, g0, g1, g2, g3, {}, tupleElement(m0, 1), \
         tupleElement(m0, 2), tupleElement(m1, 1), tupleElement(m1, 2) FROM (SELECT tenant AS t, slot AS s, \
         k1 AS g0, k2 AS g1, k3 AS g2, k4 AS g3, {}, sumMap(latency_keys, latency_counts) AS m0, \
         sumMap(first_token_keys, first_token_counts) AS m1 FROM {table} WHERE fold IN ({}) AND kind = {kind}{also} \
         GROUP BY t, s, g0, g1, g2, g3)",
        columns.join(", "),
        places.join(", "),
        sums.collect::<Vec<_>>().join(", "),
        list(folds),
    )
}

fn list(numbers: &[impl Display]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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
        let batches = Batches { folded: 7, applied: 12, dead: &[9, 10], times: Some((1_000, 2_000)) };
        let texts: Vec<_> = Kind::every().map(|kind| fold(&schema, kind, 5, batches)).collect();
        insta::assert_snapshot!("folds", texts.join("\n"));
    }

    #[test]
    fn a_fold_by_declared_properties() {
        let schema = Schema::new("usage").unwrap();
        let declaration = |tenant, key, number| Declaration { tenant, key, number, told_apart: None };
        let full = Declaration { told_apart: Some(vec![81, 82]), ..declaration(3, 13, 31) };
        let declarations = [declaration(1, 11, 21), declaration(2, 12, 22), declaration(1, 13, 23), full];
        let batches = Batches { folded: 7, applied: 12, dead: &[9, 10], times: None };
        let mut texts = fold_declared(&schema, &declarations, 5, batches);
        assert_eq!(texts.len(), 3, "one a tenant at once");
        texts.push(merge_declared(&schema, &[21, 31], 6, &[4, 5]));
        insta::assert_snapshot!("folds_by_declared_properties", texts.join("\n"));
        assert_eq!(fold_declared(&schema, &[], 5, batches), Vec::<String>::new());
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
        let property = Dimension::Property(Place::ALL[0]);
        assert_eq!(of(&[0, DAY_MS], &[property]), Some(("property_1", vec![(0, DAY_MS)])));
        assert_eq!(of(&[0, DAY_MS], &[property, Dimension::Model]), None);
        let split = of(&[0, SLOT_MS + 1, 3 * SLOT_MS], &[]);
        assert_eq!(split, Some(("total", vec![(0, SLOT_MS), (2 * SLOT_MS, 3 * SLOT_MS)])));
    }
}
