//! Rollups: which sums are kept, and how changes reach them.
//!
//! Several narrow sets of dimensions rather than one wide one: a set with many values would have about as many rows as
//! there are events. Each set keeps only the widths that are worth their writes; what no width fits is added up from
//! raw events by the planner. Changes of a whole commit are added up here and written once a row.

use crate::error::Work;
use crate::row::{Facts, Places};
use crate::sqlite::connection::sketch_to_row;
use crate::sqlite::packed_users;
use crate::sums::Sums;
use hashbrown::{HashMap, HashSet};
use meterwire_core::dimension::{Dimension, Place};
use meterwire_core::sketch::LatencySketch;
use meterwire_core::totals::Totals;
use rusqlite::{Connection, Statement};
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

pub(crate) use crate::slot::{DAY, HOUR, QUARTER, SLOT_MS, slot_of};

/// The most dimensions of one set.
pub(crate) const MAX_SET_DIMENSIONS: usize = 4;

/// Sums that are kept for one set of dimensions.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RollupSet {
    /// Its name in plans.
    pub(crate) name: &'static str,
    /// Its table.
    pub(crate) table: &'static str,
    /// Its dimensions, in the order of the table's key.
    pub(crate) dimensions: &'static [Dimension],
    /// Its widths in quarters of an hour, finest first; each divides the next.
    pub(crate) widths: &'static [i64],
    /// Whether it keeps latency sketches.
    pub(crate) sketches: bool,
    /// The larger set whose changes make up this one's, so that events need not be added twice.
    folded_from: Option<usize>,
}

use Dimension::{
    Agent, ApiKey, Country, Department, Model, Operation, Project, Property, Provider, ServiceTier, Status,
    User,
};

/// Every set, smallest first: the planner takes the first that knows enough.
pub(crate) const SETS: &[RollupSet] = &[
    folded(set("total", "rollup_total", &[], &[QUARTER, HOUR, DAY], true), MODEL),
    folded(set("provider", "rollup_provider", &[Provider], &[QUARTER, HOUR, DAY], false), MODEL),
    set("country", "rollup_country", &[Country], &[HOUR, DAY], false),
    set("department", "rollup_department", &[Department], &[HOUR, DAY], false),
    set("agent", "rollup_agent", &[Agent], &[HOUR, DAY], false),
    set("api_key", "rollup_api_key", &[ApiKey], &[HOUR, DAY], false),
    set("project", "rollup_project", &[Project], &[HOUR, DAY], false),
    set("status", "rollup_status", &[Status, Provider], &[HOUR, DAY], false),
    set("model", "rollup_model", &[Provider, Model, Operation, ServiceTier], &[QUARTER, HOUR, DAY], true),
    // With many values an hour holds about as many rows as events, so only days pay.
    set("user", "rollup_user", &[User], &[DAY], false),
    set("project_model", "rollup_project_model", &[Project, Provider, Model], &[DAY], false),
    property("property_1", "rollup_property_1", &[Property(Place::ALL[0])]),
    property("property_2", "rollup_property_2", &[Property(Place::ALL[1])]),
    property("property_3", "rollup_property_3", &[Property(Place::ALL[2])]),
    property("property_4", "rollup_property_4", &[Property(Place::ALL[3])]),
    property("property_5", "rollup_property_5", &[Property(Place::ALL[4])]),
    property("property_6", "rollup_property_6", &[Property(Place::ALL[5])]),
    property("property_7", "rollup_property_7", &[Property(Place::ALL[6])]),
    property("property_8", "rollup_property_8", &[Property(Place::ALL[7])]),
];

/// The place of the model set.
const MODEL: usize = 8;

const fn folded(set: RollupSet, from: usize) -> RollupSet {
    RollupSet { folded_from: Some(from), ..set }
}

/// The set of a declared property.
const fn property(name: &'static str, table: &'static str, dimensions: &'static [Dimension]) -> RollupSet {
    set(name, table, dimensions, &[HOUR, DAY], false)
}

const fn set(
    name: &'static str,
    table: &'static str,
    dimensions: &'static [Dimension],
    widths: &'static [i64],
    sketches: bool,
) -> RollupSet {
    RollupSet { name, table, dimensions, widths, sketches, folded_from: None }
}

impl RollupSet {
    /// Whether it is the one whose days are packed as well.
    pub(crate) fn is_of_users(&self) -> bool {
        *self.dimensions == [User]
    }

    /// Whether an event is added to this set: a property's set holds events of tenants that declared it.
    pub(crate) fn counts(&self, places: Places) -> bool {
        match self.dimensions {
            [Property(place)] => places.contains(*place),
            _ => true,
        }
    }
}

/// Which row of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RollupKey {
    pub(crate) tenant_id: i64,
    pub(crate) slot: i64,
    /// Values of the set's dimensions; the places behind them are 0.
    pub(crate) labels: [i64; MAX_SET_DIMENSIONS],
}

// Written out, since hashing six numbers as bytes is among the dearest steps of an append.
impl Hash for RollupKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut mixed = self.tenant_id ^ self.slot.rotate_left(32);
        for label in self.labels {
            mixed = (mixed.rotate_left(13) ^ label).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        state.write_i64(mixed);
    }
}

/// Sums of one row, or changes to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RollupValue {
    pub(crate) sums: Sums,
    pub(crate) latency: LatencySketch,
    pub(crate) time_to_first_token: LatencySketch,
}

impl RollupValue {
    pub(crate) fn add_facts(&mut self, facts: &Facts, sign: i64, sketches: bool) -> Work<()> {
        self.sums.add(&facts.sums, sign)?;
        if sketches {
            if let Some(latency_ms) = facts.latency_ms {
                self.latency.add(latency_ms, sign);
            }
            if let Some(duration_ms) = facts.time_to_first_token_ms {
                self.time_to_first_token.add(duration_ms, sign);
            }
        }
        Ok(())
    }

    pub(crate) fn merge(&mut self, other: &Self, sketches: bool) -> Work<()> {
        self.sums.add(&other.sums, 1)?;
        if sketches {
            self.latency.merge(&other.latency);
            self.time_to_first_token.merge(&other.time_to_first_token);
        }
        Ok(())
    }

    /// Takes another row's away. Sketches that are not kept are empty.
    pub(crate) fn take(&mut self, other: &Self) -> Work<()> {
        self.sums.add(&other.sums, -1)?;
        other.latency.counts().for_each(|(bucket, count)| self.latency.add_at(bucket, -count));
        let first_tokens = other.time_to_first_token.counts();
        first_tokens.for_each(|(bucket, count)| self.time_to_first_token.add_at(bucket, -count));
        Ok(())
    }

    pub(crate) fn into_totals(self) -> Totals {
        let (latency, time_to_first_token) = (self.latency, self.time_to_first_token);
        Totals { latency, time_to_first_token, ..self.sums.to_totals() }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.sums.is_zero() && self.latency.is_empty() && self.time_to_first_token.is_empty()
    }
}

/// Rows of one set and width.
pub(crate) type RollupRows = HashMap<RollupKey, RollupValue>;

/// Changes to every set, kept at its finest width.
#[derive(Debug)]
pub(crate) struct Deltas {
    finest: Vec<RollupRows>,
}

impl Default for Deltas {
    fn default() -> Self {
        Self { finest: SETS.iter().map(|_| RollupRows::new()).collect() }
    }
}

impl Deltas {
    /// Adds an event (`sign` 1) or takes it away (`sign` -1). After an error the deltas are of no use any more.
    pub(crate) fn add(&mut self, tenant_id: i64, facts: &Facts, sign: i64) -> Work<()> {
        for (set, rows) in SETS.iter().zip(&mut self.finest) {
            if set.folded_from.is_none() && set.counts(facts.places) {
                add_to(set, rows, tenant_id, facts, sign)?;
            }
        }
        Ok(())
    }

    /// Adds an event to the set of one declared property alone.
    pub(crate) fn add_place(&mut self, tenant_id: i64, facts: &Facts, place: Place) -> Work<()> {
        for (set, rows) in SETS.iter().zip(&mut self.finest) {
            if *set.dimensions == [Property(place)] {
                add_to(set, rows, tenant_id, facts, 1)?;
            }
        }
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.finest.iter_mut().for_each(HashMap::clear);
    }

    /// Writes the changes into every width and forgets them.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Work<()> {
        for (index, set) in SETS.iter().enumerate() {
            let folded;
            let finest = if set.folded_from.is_some() {
                folded = self.rows(index, set.widths[0])?;
                &folded
            } else {
                &self.finest[index]
            };
            if finest.is_empty() {
                continue;
            }
            if set.is_of_users() {
                let days: HashSet<_> = finest.keys().map(|key| (key.tenant_id, key.slot)).collect();
                for (tenant_id, slot) in days {
                    packed_users::forget(connection, tenant_id, slot)?;
                }
            }
            upsert(connection, set, set.widths[0], finest.iter())?;
            for width in &set.widths[1..] {
                upsert(connection, set, *width, fold(finest, set, set, *width)?.iter())?;
            }
        }
        self.clear();
        Ok(())
    }

    /// The rows of one set and width.
    pub(crate) fn rows(&self, set_index: usize, width: i64) -> Work<RollupRows> {
        let from = SETS[set_index].folded_from.unwrap_or(set_index);
        fold(&self.finest[from], &SETS[from], &SETS[set_index], width)
    }
}

/// Adds an event to the rows of a set at its finest width.
fn add_to(set: &RollupSet, rows: &mut RollupRows, tenant_id: i64, facts: &Facts, sign: i64) -> Work<()> {
    let mut labels = [0; MAX_SET_DIMENSIONS];
    for (label, dimension) in labels.iter_mut().zip(set.dimensions) {
        *label = facts.value(*dimension);
    }
    let key = RollupKey { tenant_id, slot: slot_of(facts.time_ms, set.widths[0]), labels };
    rows.entry(key).or_default().add_facts(facts, sign, set.sketches)
}

/// Adds up rows of one set into those of another that knows no more, or of the same set, at a width.
fn fold(rows: &RollupRows, from: &RollupSet, to: &RollupSet, width: i64) -> Work<RollupRows> {
    let place = |dimension| from.dimensions.iter().position(|other| other == dimension).unwrap_or(0);
    let places: Vec<usize> = to.dimensions.iter().map(place).collect();
    let mut folded = RollupRows::new();
    for (key, value) in rows {
        let mut labels = [0; MAX_SET_DIMENSIONS];
        for (label, place) in labels.iter_mut().zip(&places) {
            *label = key.labels[*place];
        }
        let slot = key.slot.div_euclid(width) * width;
        let sum = folded.entry(RollupKey { tenant_id: key.tenant_id, slot, labels }).or_default();
        sum.merge(value, to.sketches)?;
    }
    Ok(folded)
}

/// Adds changes to rows of one set and width, in the order of the table.
fn upsert<'a>(
    connection: &Connection,
    set: &RollupSet,
    width: i64,
    rows: impl Iterator<Item = (&'a RollupKey, &'a RollupValue)>,
) -> Work<()> {
    let mut sorted: Vec<_> = rows.filter(|(_, value)| !value.is_zero()).collect();
    sorted.sort_unstable_by_key(|(key, _)| **key);
    let mut statement = connection.prepare_cached(&upsert_sql(set))?;
    for (key, value) in sorted {
        bind_row(&mut statement, set, width, key, value)?;
        statement.raw_execute()?;
    }
    Ok(())
}

/// Writes one row as it is.
pub(crate) fn insert_row(
    connection: &Connection,
    set: &RollupSet,
    width: i64,
    key: &RollupKey,
    value: &RollupValue,
) -> Work<()> {
    upsert(connection, set, width, [(key, value)].into_iter())
}

fn bind_row(
    statement: &mut Statement<'_>,
    set: &RollupSet,
    width: i64,
    key: &RollupKey,
    value: &RollupValue,
) -> Work<()> {
    let mut place = 0;
    let mut next = || {
        place += 1;
        place
    };
    for number in [key.tenant_id, width, key.slot] {
        statement.raw_bind_parameter(next(), number)?;
    }
    for label in &key.labels[..set.dimensions.len()] {
        statement.raw_bind_parameter(next(), label)?;
    }
    statement.raw_bind_parameter(next(), value.sums.to_row())?;
    if set.sketches {
        statement.raw_bind_parameter(next(), sketch_to_row(&value.latency))?;
        statement.raw_bind_parameter(next(), sketch_to_row(&value.time_to_first_token))?;
    }
    Ok(())
}

/// The columns of a set's table.
pub(crate) fn columns(set: &RollupSet) -> Vec<&'static str> {
    let mut columns = vec!["tenant_id", "width", "slot"];
    columns.extend(set.dimensions.iter().map(|dimension| dimension.name()));
    columns.push("sums");
    if set.sketches {
        columns.extend(["latency", "time_to_first_token"]);
    }
    columns
}

fn upsert_sql(set: &RollupSet) -> String {
    let columns = columns(set);
    let key = &columns[..3 + set.dimensions.len()];
    let places = vec!["?"; columns.len()].join(", ");
    let mut sql = format!(
        "INSERT INTO {} ({}) VALUES ({places}) ON CONFLICT ({}) DO UPDATE SET ",
        set.table,
        columns.join(", "),
        key.join(", ")
    );
    sql += "sums = sums_add(sums, excluded.sums)";
    if set.sketches {
        for column in ["latency", "time_to_first_token"] {
            let _ = write!(sql, ", {column} = sketch_add({column}, excluded.{column})");
        }
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LABELS;
    use crate::row::Places;

    #[test]
    fn the_migrations_make_what_the_table_of_sets_says() {
        let dir = tempfile::tempdir().unwrap();
        let connection = crate::sqlite::connection::writer(&dir.path().join("db")).unwrap();
        crate::sqlite::migrate::up(&connection).unwrap();
        for set in SETS {
            let mut statement = connection.prepare(&format!("PRAGMA table_info({})", set.table)).unwrap();
            let found: Vec<(String, i64)> = statement
                .query_map([], |row| Ok((row.get(1)?, row.get(5)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, columns(set), "{}", set.name);
            let in_key = found.iter().filter(|(_, place)| *place > 0).count();
            assert_eq!(in_key, 3 + set.dimensions.len(), "{}", set.name);
        }
    }

    #[test]
    fn widths_divide_one_another_and_fit_the_key() {
        for set in SETS {
            assert!(set.dimensions.len() <= MAX_SET_DIMENSIONS);
            assert!(
                set.widths.windows(2).all(|pair| pair[1] % pair[0] == 0 && pair[0] < pair[1]),
                "{}",
                set.name
            );
        }
    }

    #[test]
    fn a_folded_set_knows_no_more_than_what_it_is_folded_from() {
        assert_eq!(SETS[MODEL].name, "model");
        for set in SETS {
            let Some(from) = set.folded_from.map(|from| &SETS[from]) else { continue };
            assert!(from.folded_from.is_none() && (from.sketches || !set.sketches), "{}", set.name);
            assert!(
                set.dimensions.iter().all(|dimension| from.dimensions.contains(dimension)),
                "{}",
                set.name
            );
            assert!(set.widths[0] % from.widths[0] == 0, "{}", set.name);
        }
    }

    #[test]
    fn wider_slots_have_fewer_rows() {
        let mut deltas = Deltas::default();
        let mut places = Places::NONE;
        Place::ALL.into_iter().for_each(|place| places.insert(place));
        for quarter in 0..96 * 2 {
            let facts = Facts {
                time_ms: quarter * SLOT_MS + 1,
                labels: [0; LABELS],
                places,
                status: 200,
                sums: Sums([1; 14]),
                latency_ms: Some(7),
                time_to_first_token_ms: None,
            };
            deltas.add(1, &facts, 1).unwrap();
        }
        for (index, set) in SETS.iter().enumerate() {
            for width in set.widths {
                let rows = deltas.rows(index, *width).unwrap();
                assert_eq!(i64::try_from(rows.len()).unwrap(), 96 * 2 / width, "{} {width}", set.name);
                assert!(rows.keys().all(|key| key.slot % width == 0));
                let calls: i64 = rows.values().map(|value| value.sums.calls()).sum();
                let latencies: i64 = rows.values().map(|value| value.latency.count()).sum();
                assert_eq!((calls, latencies), (192, if set.sketches { 192 } else { 0 }), "{}", set.name);
            }
        }
    }

    #[test]
    fn slots_before_1970_round_down() {
        assert_eq!(slot_of(-1, QUARTER), -1);
        assert_eq!(slot_of(-1, DAY), -96);
        assert_eq!(slot_of(86_400_000 + 3_600_000, DAY), 96);
        assert_eq!(slot_of(86_400_000 + 3_600_000, HOUR), 100);
    }

    #[test]
    fn the_statement_that_adds_changes() {
        insta::assert_snapshot!(upsert_sql(&SETS[8]));
    }
}
