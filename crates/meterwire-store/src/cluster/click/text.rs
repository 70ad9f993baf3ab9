//! The text of all questions to ClickHouse. Only names of our own and numbers stand in it, since ClickHouse before 19
//! cannot bind values; it is the same for every version.
//!
//! A row counts by its sign. What sums up signs needs nothing else; what tells single events ([`Scope::living`]) leaves out
//! those that a row with sign -1 takes back.

mod single;
mod time;

pub(crate) use single::{
    Start, counts, events, find_seqs, log, names, rank_value, sort_value, spans, survey,
};

use self::time::{bucket, within};
use super::ddl::Schema;
use super::folds::Folded;
use crate::cluster::snapshot::{EventDrop, Snapshot};
use crate::cluster::tail::Cancels;
use crate::cluster::usage::Sketch;
use crate::cluster::usage::labels::{NumberFilter, more};
use crate::cluster::usage::moment::Moment;
use crate::sqlite::rollup::SLOT_MS;
use crate::sums::SUM_NAMES;
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Metric;
use std::fmt::{Display, Write as _};

/// Sums of input and output tokens are many columns each.
const INPUT: &str =
    "input_uncached + cache_read + cache_write_short + cache_write_long + audio_input + image_input";
const OUTPUT: &str = "output_visible + reasoning + audio_output + image_output";
/// Where times of events cannot be.
const LAST_MS: i64 = 1 << 53;

/// Which events a question is about.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) moment: &'a Moment,
    pub(crate) source: Source<'a>,
    pub(crate) range: Range,
    pub(crate) filters: &'a [NumberFilter],
    /// Only events with a known cost, or only those without a price.
    pub(crate) priced: Option<bool>,
    /// Only events up to this number.
    pub(crate) upto_seq: Option<i64>,
}

/// From where rows are read. Only what adds up can be read from rollups.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// All events.
    Events,
    /// Events that [`Source::Rollup`] of the same does not have.
    Unfolded(&'a Folded),
    /// Rollups, whole slots of them.
    Rollup(&'a Folded),
}

impl Scope<'_> {
    /// ` FROM event WHERE ..`: rows of the snapshot in the range that pass the filters, of either sign.
    pub(crate) fn rows(&self) -> String {
        let mut sql = match self.source {
            Source::Events => self.at_moment(&self.schema.all("event")),
            Source::Unfolded(folded) => {
                let within = within("time_ms", 1, &folded.stretches);
                let Snapshot { folded: batch, unfolded_ms, .. } = &self.moment.snapshot;
                let between = unfolded_ms.map_or_else(String::new, |(first, last)| {
                    format!(" AND time_ms >= {first} AND time_ms <= {last}")
                });
                format!(
                    "{} AND (NOT {within} OR batch > {batch}{between})",
                    self.at_moment(&self.schema.all("event"))
                )
            }
            Source::Rollup(folded) => self.of_folds(folded),
        };
        for filter in self.filters {
            let not = if filter.pass { "" } else { "NOT " };
            let value = self.value_of(filter.dimension);
            let _ = write!(sql, " AND {value} {not}IN ({})", list(&filter.values));
        }
        match self.priced {
            None => {}
            Some(true) => sql += " AND rating != 3",
            Some(false) => sql += " AND rating = 3",
        }
        if let Some(seq) = self.upto_seq {
            let _ = write!(sql, " AND seq <= {seq}");
        }
        sql
    }

    /// [`Self::rows`] that are events: not taken back by another row, of ClickHouse or of the tail.
    pub(crate) fn living(&self, cancels: &Cancels) -> String {
        let mut sql = self.rows();
        sql += " AND sign = 1";
        if self.moment.snapshot.cancels > 0 {
            // The other row has the number of the one it takes back, so it is on the same shard.
            let cancelled = self.at_moment(&self.schema.local("event"));
            let _ = write!(sql, " AND (seq, version) NOT IN (SELECT seq, version{cancelled} AND sign = -1)");
        }
        if !cancels.is_empty() {
            let _ = write!(sql, " AND (seq, version) NOT IN ({})", pairs(cancels.iter()));
        }
        sql
    }

    fn of_folds(&self, folded: &Folded) -> String {
        let Snapshot { tenant, folds, .. } = &self.moment.snapshot;
        let within = within("slot", SLOT_MS, &folded.stretches);
        let (table, kind) = (self.schema.all("rollup"), folded.kind.number);
        let declared = folded.kind.property().and_then(|property| self.moment.declared_at(property));
        let declared = declared.map_or_else(String::new, |declared| format!(" AND k4 = {}", declared.number));
        format!(
            " FROM {table} WHERE tenant = {} AND kind = {kind}{declared} AND fold IN ({}) AND {within}",
            tenant.0,
            list(folds)
        )
    }

    /// The instant of a row.
    fn time(&self) -> String {
        match self.source {
            Source::Events | Source::Unfolded(_) => "time_ms".to_owned(),
            Source::Rollup(_) => format!("(toInt64(slot) * {SLOT_MS})"),
        }
    }

    /// The number of a dimension's value.
    fn value_of(&self, dimension: Dimension) -> String {
        if let Source::Rollup(folded) = self.source {
            let place = folded.kind.set.dimensions.iter().position(|known| *known == dimension);
            return format!("k{}", place.unwrap_or_default() + 1);
        }
        match self.moment.declared_at(dimension) {
            // Index 0, of what is not there, gives 0.
            Some(declared) => format!("property_values[indexOf(property_keys, {})]", declared.key),
            None => dimension.name().to_owned(),
        }
    }

    /// The same as an answer tells it: values of a property that are not told apart are one.
    fn key_of(&self, dimension: Dimension) -> String {
        let value = self.value_of(dimension);
        match self.moment.declared_at(dimension).filter(|declared| declared.has_more) {
            Some(declared) => {
                let mut known: Vec<_> = declared.values.keys().copied().chain([0]).collect();
                known.sort_unstable();
                format!("if({value} IN ({}), {value}, toUInt64({}))", list(&known), more())
            }
            None => format!("toUInt64({value})"),
        }
    }

    /// The sum of a number that each event has.
    fn sum_of(&self, number: &str) -> String {
        match self.source {
            Source::Events | Source::Unfolded(_) => format!("sum(sign * {number})"),
            Source::Rollup(_) => format!("sum({number})"),
        }
    }

    /// How many events there are.
    fn calls(&self) -> &'static str {
        if matches!(self.source, Source::Rollup(_)) { "calls" } else { "sign" }
    }

    /// One sum, by its place among [`SUM_NAMES`], as Int64.
    fn sum(&self, place: usize) -> String {
        let is_rolled = matches!(self.source, Source::Rollup(_));
        match place {
            0 => format!("sum({})", self.calls()),
            1 => self.sum_of(if is_rolled { "errors" } else { "(status >= 400)" }),
            2 => self.sum_of(if is_rolled { "unpriced" } else { "(rating = 3)" }),
            _ => self.sum_of(SUM_NAMES.get(place).copied().unwrap_or_default()),
        }
    }

    /// What counts at the snapshot's moment, in the range.
    fn at_moment(&self, table: &str) -> String {
        let Snapshot { tenant, applied, dead, event_drop, .. } = &self.moment.snapshot;
        let (from, to) = (self.range.from_ms.clamp(0, LAST_MS), self.range.to_ms.clamp(0, LAST_MS));
        let mut sql = format!(
            " FROM {table} WHERE tenant = {} AND time_ms >= {from} AND time_ms < {to} AND batch <= {applied}",
            tenant.0
        );
        if !dead.is_empty() {
            let _ = write!(sql, " AND batch NOT IN ({})", list(dead));
        }
        if let Some(EventDrop {
            upto_seq: Some(upto),
            received_before_ms: Some(received),
            at_time_ms: Some(at),
            at_seq: Some(seq),
            ..
        }) = event_drop
        {
            let _ = write!(
                sql,
                " AND NOT ((time_ms < {at} OR (time_ms = {at} AND seq <= {seq})) AND seq <= {upto} \
                 AND received_ms < {received})"
            );
        }
        sql
    }
}

/// What rows are grouped by.
#[derive(Clone, Copy)]
pub(crate) struct Grouping<'a> {
    pub(crate) edges_ms: &'a [i64],
    pub(crate) dimensions: &'a [Dimension],
}

impl Grouping<'_> {
    /// The bucket is a column only where there are several.
    pub(crate) fn has_buckets(&self) -> bool {
        self.edges_ms.len() > 2
    }

    /// What to select, each followed by a comma, and the clause to group by.
    fn columns(&self, scope: &Scope<'_>) -> (String, String) {
        let (mut columns, mut names) = (String::new(), Vec::new());
        if self.has_buckets() {
            let _ = write!(columns, "{} AS b, ", bucket(&scope.time(), self.edges_ms));
            names.push("b".to_owned());
        }
        for (place, dimension) in self.dimensions.iter().enumerate() {
            let _ = write!(columns, "{} AS d{place}, ", scope.key_of(*dimension));
            names.push(format!("d{place}"));
        }
        (columns, names.join(", "))
    }
}

fn group_by(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    if names.is_empty() { String::new() } else { format!(" GROUP BY {}", names.join(", ")) }
}

/// Which groups a question leaves out or wants, by their keys; of no grouping by nothing.
#[derive(Clone, Copy)]
pub(crate) enum Chosen<'a> {
    All,
    These(&'a [Vec<u64>]),
    Others(&'a [Vec<u64>]),
}

/// Answers bucket (where there are several), keys (UInt64 each), and the sums of these places (Int64 each).
pub(crate) fn sums(
    scope: &Scope<'_>,
    by: Grouping<'_>,
    chosen: Chosen<'_>,
    places: &[usize],
    most: usize,
) -> String {
    let (columns, names) = match chosen {
        // What is left is not told apart.
        Chosen::Others(_) => Grouping { dimensions: &[], ..by }.columns(scope),
        _ => by.columns(scope),
    };
    let sums: Vec<_> = places.iter().map(|place| scope.sum(*place)).collect();
    format!(
        "SELECT {columns}{}{}{}{} LIMIT {most} FORMAT RowBinary",
        sums.join(", "),
        scope.rows(),
        among(scope, by.dimensions, chosen),
        group_by(&[&names]),
    )
}

/// Answers like [`sums`], but instead of sums a bucket of the sketch (UInt16) and how many are in it (Int64).
pub(crate) fn sketches(
    scope: &Scope<'_>,
    by: Grouping<'_>,
    chosen: Chosen<'_>,
    sketch: Sketch,
    most: usize,
) -> String {
    let (columns, names) = match chosen {
        Chosen::Others(_) => Grouping { dimensions: &[], ..by }.columns(scope),
        _ => by.columns(scope),
    };
    let (rows, name) = (scope.rows(), sketch.name());
    let (bucket, count, rows) = match scope.source {
        Source::Rollup(_) => {
            let lists = format!(" ARRAY JOIN {name}_keys AS lk, {name}_counts AS lc WHERE");
            ("lk".to_owned(), "lc", rows.replacen(" WHERE", &lists, 1))
        }
        _ => (format!("toUInt16({name}_bucket)"), "sign", format!("{rows} AND {name}_bucket >= 0")),
    };
    format!(
        "SELECT {columns}{bucket} AS l, sum({count}) AS n{rows}{}{} HAVING n != 0 LIMIT {most} FORMAT RowBinary",
        among(scope, by.dimensions, chosen),
        group_by(&[&names, "l"]),
    )
}

/// Answers keys, the number of events and the rank by a metric (Int64 both), over all buckets.
pub(crate) fn ranks(scope: &Scope<'_>, dimensions: &[Dimension], metric: Metric, most: usize) -> String {
    let rank = match metric {
        Metric::Errors => scope.sum(1),
        Metric::InputTokens => scope.sum_of(&format!("({INPUT})")),
        Metric::CachedInputTokens => scope.sum_of("cache_read"),
        Metric::OutputTokens => scope.sum_of(&format!("({OUTPUT})")),
        Metric::ReasoningTokens => scope.sum_of("reasoning"),
        Metric::Tokens => scope.sum_of(&format!("({INPUT} + {OUTPUT})")),
        Metric::Cost => scope.sum_of("cost_nanos"),
        _ => scope.sum(0),
    };
    let (columns, names) = Grouping { edges_ms: &[], dimensions }.columns(scope);
    let (group, calls) = (group_by(&[&names]), scope.sum(0));
    format!("SELECT {columns}{calls}, {rank}{}{group} LIMIT {most} FORMAT RowBinary", scope.rows())
}

/// The condition that a group is one of these, or none of them.
fn among(scope: &Scope<'_>, dimensions: &[Dimension], chosen: Chosen<'_>) -> String {
    let (keys, not) = match chosen {
        Chosen::All | Chosen::Others([]) => return String::new(),
        Chosen::These([]) => return " AND 0".to_owned(),
        Chosen::These(keys) => (keys, ""),
        Chosen::Others(keys) => (keys, "NOT "),
    };
    let columns: Vec<_> = dimensions.iter().map(|dimension| scope.key_of(*dimension)).collect();
    if let [column] = &columns[..] {
        let values: Vec<_> = keys.iter().flatten().collect();
        return format!(" AND {column} {not}IN ({})", list(&values));
    }
    let mut tuples: Vec<_> = keys.iter().map(|key| format!("({})", list(key))).collect();
    // A single tuple in parentheses is taken apart.
    tuples.extend((tuples.len() == 1).then(|| tuples[0].clone()));
    format!(" AND ({}) {not}IN ({})", columns.join(", "), tuples.join(", "))
}

/// Answers like [`sums`], but how many users there are with and without a name, and how many with one (UInt64 both); of
/// these scopes together.
pub(crate) fn users(scopes: &[Scope<'_>], by: Grouping<'_>, most: usize) -> String {
    let mut names = String::new();
    let of = |scope: &Scope<'_>| {
        let columns;
        (columns, names) = by.columns(scope);
        let user = scope.value_of(Dimension::User);
        format!("SELECT {columns}toUInt32({user}) AS u, toInt64({}) AS c{}", scope.calls(), scope.rows())
    };
    let rows: Vec<_> = scopes.iter().map(of).collect();
    let listed = if names.is_empty() { String::new() } else { format!("{names}, ") };
    format!(
        "SELECT {listed}count(), countIf(u != 0) FROM (SELECT {listed}u, sum(c) AS n FROM ({}){} HAVING n > 0){} \
         LIMIT {most} FORMAT RowBinary",
        rows.join(" UNION ALL "),
        group_by(&[&names, "u"]),
        group_by(&[&names]),
    )
}

/// Answers like [`sums`], but a user (UInt32) and how many events it has (Int64), for these users.
pub(crate) fn calls_of_users(scope: &Scope<'_>, by: Grouping<'_>, users: &[u32], most: usize) -> String {
    let (columns, names) = by.columns(scope);
    let (group, user) = (group_by(&[&names, "u"]), scope.value_of(Dimension::User));
    format!(
        "SELECT {columns}toUInt32({user}) AS u, {}{} AND {user} IN ({}){group} LIMIT {most} FORMAT RowBinary",
        scope.sum(0),
        scope.rows(),
        list(users)
    )
}

fn list(numbers: &[impl Display]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn pairs(pairs: impl Iterator<Item = (impl Display, impl Display)>) -> String {
    let mut pairs: Vec<_> = pairs.map(|(one, other)| format!("({one}, {other})")).collect();
    // A single pair in parentheses is taken apart.
    pairs.extend((pairs.len() == 1).then(|| pairs[0].clone()));
    pairs.join(", ")
}

#[cfg(test)]
mod tests;
