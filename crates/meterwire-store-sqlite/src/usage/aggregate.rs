//! Sums and numbers of users: the plan's pieces are read one after the other and added up here.

use super::{LabelTexts, number_filters};
use crate::connection::{damaged_rollup, sketch_from_row, sums_from_row};
use crate::error::{Fault, Work};
use crate::plan::{Piece, Plan};
use crate::rollup::{RollupValue, SLOT_MS};
use crate::sql::{self, NumberFilter, Scan};
use crate::sums::{SUM_NAMES, Sums};
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, DistinctRow, MAX_AGGREGATE_ROWS, MAX_GROUP_BY, StoreError, TenantId,
};
use meterwire_core::dimension::Dimension;
use rusqlite::{Connection, Row};

/// The most dimensions of one scan: those to group by, and the user to be counted.
const MAX_SCANNED: usize = MAX_GROUP_BY + 1;

/// What every event counts.
const ONE_CALL: [i64; 14] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// A bucket and the numbers of its dimensions; places behind them are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    bucket: usize,
    numbers: [i64; MAX_SCANNED],
}

/// The dimensions that a rollup has to know to answer a request.
pub(super) fn dimensions_of(request: &AggregateRequest) -> Vec<Dimension> {
    let mut dimensions = request.group_by.clone();
    dimensions.extend(request.filters.iter().map(|filter| filter.dimension));
    dimensions
}

pub(super) fn sums(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
) -> Work<Vec<AggregateRow>> {
    let Some(filters) = number_filters(connection, tenant, &request.filters)? else { return Ok(Vec::new()) };
    let plan = Plan::new(&request.edges_ms, &dimensions_of(request), request.measures.latency);
    let mut found: HashMap<Key, RollupValue> = HashMap::new();
    let dimensions = &request.group_by[..];
    let scan = Scan { dimensions, filters: &filters, sums: true, sketches: request.measures.latency };
    scan_pieces(connection, tenant, &plan, scan, &request.edges_ms, |visited| {
        let value = found.entry(visited.key).or_default();
        value.sums.add(&visited.sums, 1)?;
        if request.measures.latency {
            add_latencies(value, &visited)?;
        }
        check_width(found.len())
    })?;
    let mut rows = Vec::with_capacity(found.len());
    for (key, value) in found {
        let mut totals = value.sums.to_totals();
        totals.latency = value.latency;
        totals.time_to_first_token = value.time_to_first_token;
        let values = key_values(connection, texts, dimensions, &key)?;
        rows.push(AggregateRow { bucket: key.bucket, key: values, totals });
    }
    Ok(rows)
}

pub(super) fn distinct_users(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
) -> Work<Vec<DistinctRow>> {
    let Some(filters) = number_filters(connection, tenant, &request.filters)? else { return Ok(Vec::new()) };
    let mut needed = dimensions_of(request);
    needed.push(Dimension::User);
    let plan = Plan::new(&request.edges_ms, &needed, false);
    let mut scanned = request.group_by.clone();
    scanned.push(Dimension::User);
    let user_place = request.group_by.len();
    let mut seen: HashSet<Key> = HashSet::new();
    let scan = Scan { dimensions: &scanned, filters: &filters, sums: false, sketches: false };
    scan_pieces(connection, tenant, &plan, scan, &request.edges_ms, |visited| {
        seen.insert(visited.key);
        check_width(seen.len())
    })?;
    let mut counts: HashMap<Key, i64> = HashMap::new();
    for mut key in seen {
        let user = std::mem::take(&mut key.numbers[user_place]);
        // A group whose users have no name is there, with none of them.
        *counts.entry(key).or_insert(0) += i64::from(user != 0);
    }
    let mut rows = Vec::with_capacity(counts.len());
    for (key, users) in counts {
        let values = key_values(connection, texts, &request.group_by, &key)?;
        rows.push(DistinctRow { bucket: key.bucket, key: values, users });
    }
    Ok(rows)
}

/// A row of a scan: a slot of a rollup, or an event.
struct Visited<'a, 'b> {
    key: Key,
    sums: Sums,
    row: &'a Row<'b>,
    /// The column behind the sums, where the latencies are.
    latencies: usize,
    from_rollup: bool,
}

/// Reads every piece of a plan and hands over each row that counts.
fn scan_pieces(
    connection: &Connection,
    tenant: TenantId,
    plan: &Plan,
    scan: Scan<'_>,
    edges_ms: &[i64],
    mut visit: impl FnMut(Visited<'_, '_>) -> Work<()>,
) -> Work<()> {
    let mut finder = BucketFinder { edges_ms, bucket: 0 };
    for piece in &plan.pieces {
        let (sql, unit_ms) = piece_sql(plan, *piece, scan);
        let mut statement = connection.prepare_cached(&sql)?;
        statement.raw_bind_parameter(1, tenant.0)?;
        statement.raw_bind_parameter(2, piece.from_ms.div_euclid(unit_ms))?;
        statement.raw_bind_parameter(3, piece.to_ms.div_euclid(unit_ms))?;
        for (i, value) in values_of(scan.filters).enumerate() {
            statement.raw_bind_parameter(4 + i, value)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let bucket = finder.find(row.get::<_, i64>(0)? * unit_ms);
            let mut numbers = [0; MAX_SCANNED];
            for (i, number) in numbers[..scan.dimensions.len()].iter_mut().enumerate() {
                *number = row.get(1 + i)?;
            }
            let first = 1 + scan.dimensions.len();
            let from_rollup = piece.width.is_some();
            let (sums, latencies) = if from_rollup {
                (sums_from_row(row.get_ref(first)?).ok_or_else(damaged_rollup)?, first + 1)
            } else if scan.sums {
                (event_sums(row, first)?, first + SUM_NAMES.len())
            } else {
                (Sums(ONE_CALL), first)
            };
            // The events of a slot may all have been voided.
            if sums.calls() > 0 {
                visit(Visited { key: Key { bucket, numbers }, sums, row, latencies, from_rollup })?;
            }
        }
    }
    Ok(())
}

fn event_sums(row: &Row<'_>, first: usize) -> Work<Sums> {
    let mut sums = Sums(ONE_CALL);
    for (i, sum) in sums.0.iter_mut().enumerate().skip(1) {
        *sum = row.get(first + i)?;
    }
    Ok(sums)
}

/// The statement of a piece, and what one unit of its bounds and its first column is in milliseconds.
fn piece_sql(plan: &Plan, piece: Piece, scan: Scan<'_>) -> (String, i64) {
    match (plan.set, piece.width) {
        (Some(set), Some(width)) => (sql::scan_rollup(set, width, scan), SLOT_MS),
        _ => (sql::scan_events(scan), 1),
    }
}

pub(super) fn values_of(filters: &[NumberFilter]) -> impl Iterator<Item = i64> {
    filters.iter().flat_map(|filter| filter.values.iter().copied())
}

/// Finds the bucket of an instant. Rows come mostly in the order of time, so the last bucket is tried first.
struct BucketFinder<'a> {
    edges_ms: &'a [i64],
    bucket: usize,
}

impl BucketFinder<'_> {
    fn find(&mut self, time_ms: i64) -> usize {
        let holds = self.edges_ms[self.bucket] <= time_ms && time_ms < self.edges_ms[self.bucket + 1];
        if !holds {
            self.bucket = self.edges_ms.partition_point(|edge| *edge <= time_ms).saturating_sub(1);
            self.bucket = self.bucket.min(self.edges_ms.len() - 2);
        }
        self.bucket
    }
}

fn add_latencies(value: &mut RollupValue, visited: &Visited<'_, '_>) -> Work<()> {
    let first = visited.latencies;
    for (sketch, place) in [(&mut value.latency, first), (&mut value.time_to_first_token, first + 1)] {
        if visited.from_rollup {
            sketch.merge(&sketch_from_row(visited.row.get_ref(place)?).ok_or_else(damaged_rollup)?);
        } else if let Some(duration_ms) = visited.row.get(place)? {
            sketch.add(duration_ms, 1);
        }
    }
    Ok(())
}

fn check_width(rows: usize) -> Work<()> {
    if rows <= MAX_AGGREGATE_ROWS {
        return Ok(());
    }
    let sentence = format!(
        "the answer would have more than {MAX_AGGREGATE_ROWS} rows; take a shorter range, a coarser granularity or fewer groups"
    );
    Err(Fault::Answer(StoreError::TooWide(sentence)))
}

fn key_values(
    connection: &Connection,
    texts: &LabelTexts,
    dimensions: &[Dimension],
    key: &Key,
) -> Work<Vec<Option<String>>> {
    dimensions
        .iter()
        .zip(key.numbers)
        .map(|(dimension, number)| texts.value(connection, *dimension, number))
        .collect()
}
