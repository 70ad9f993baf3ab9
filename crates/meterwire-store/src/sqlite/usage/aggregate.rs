//! Sums and numbers of users: the plan's pieces are read one after the other and added up here.

use super::columns::{self, Room, values_of};
use super::groups::{Groups, Key, MAX_RANKED, key_values};
use super::{LabelTexts, largest, number_filters, slices, top};
use crate::error::Work;
use crate::plan::{Piece, Plan};
use crate::sqlite::column_cache::ColumnCache;
use crate::sqlite::connection::{damaged_rollup, sketch_from_row, sums_from_row};
use crate::sqlite::packed_users;
use crate::sqlite::rollup::{DAY, HOUR, RollupSet, RollupValue, SLOT_MS, slot_of};
use crate::sqlite::segment::{self, Step};
use crate::sqlite::sql::{self, NumberFilter, Scan};
use crate::sqlite::{dimensions, retention};
use crate::sums::{SUM_NAMES, Sums};
use meterwire_app::ports::{
    AggregateRequest, AggregateRow, DistinctRow, MAX_AGGREGATE_ROWS, MAX_GROUP_BY, Measures, TenantId, Top,
    TopRows,
};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shorter stretches are as quickly read from the events.
const MIN_SEGMENTS_MS: i64 = 2 * HOUR * SLOT_MS;

/// So many values are looked up one by one in a rollup.
const FEW_VALUES: usize = 8;
/// A row of a rollup costs about as much as so many rows of a segment.
const MAX_EVENTS_A_USER: i64 = 12;

/// What every event counts.
const ONE_CALL: [i64; 14] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// The dimensions that a rollup has to know to answer a request.
pub(super) fn dimensions_of(request: &AggregateRequest) -> Vec<Dimension> {
    let mut dimensions = request.group_by.clone();
    dimensions.extend(request.filters.iter().map(|filter| filter.dimension));
    dimensions
}

/// A request whose filters are numbers.
pub(super) struct Question<'a> {
    pub(super) tenant: TenantId,
    pub(super) edges_ms: &'a [i64],
    pub(super) dimensions: &'a [Dimension],
    pub(super) filters: &'a [NumberFilter],
    pub(super) measures: Measures,
    /// Different users are wanted, and no sums.
    pub(super) users: bool,
    /// What is asked of segments, where their sums are remembered.
    pub(super) form: Option<Arc<[i64]>>,
}

impl Question<'_> {
    /// Whether a filter leaves few values of the dimension that comes first in a set's key.
    fn names_few(&self, set: &RollupSet) -> bool {
        let first = set.dimensions.first();
        self.filters
            .iter()
            .any(|filter| Some(&filter.dimension) == first && filter.values.len() <= FEW_VALUES)
    }
}

pub(super) fn sums(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
) -> Work<Vec<AggregateRow>> {
    let Some(mut groups) = add_up(connection, texts.columns(), tenant, request, &[], Look::Sums)? else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::with_capacity(groups.keys.len());
    for place in 0..groups.keys.len() {
        rows.push(to_row(connection, texts, &request.group_by, &mut groups, place)?);
    }
    Ok(rows)
}

pub(super) fn top_sums(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
    top: Top,
) -> Work<TopRows> {
    if let Some(found) = largest::find(connection, texts, tenant, request, top)? {
        return Ok(found);
    }
    let Some(mut groups) = add_up(connection, texts.columns(), tenant, request, &[], Look::Sums)? else {
        return Ok(TopRows::default());
    };
    let chosen = top::choose(connection, texts, &request.group_by, &groups, top)?;
    let mut rest: BTreeMap<usize, RollupValue> = BTreeMap::new();
    let mut rows = Vec::new();
    for place in 0..groups.keys.len() {
        let key = groups.keys[place];
        if chosen.as_ref().is_none_or(|chosen| chosen.contains(&key.numbers)) {
            rows.push(to_row(connection, texts, &request.group_by, &mut groups, place)?);
        } else {
            rest.entry(key.bucket).or_default().merge(&groups.take(place), request.measures.latency)?;
        }
    }
    let rest = rest.into_iter();
    let rest = rest.map(|(bucket, value)| AggregateRow { bucket, key: vec![], totals: value.into_totals() });
    Ok(TopRows { rows, rest: rest.collect() })
}

/// The row of a place; its sketches are taken out.
pub(super) fn to_row(
    connection: &Connection,
    texts: &LabelTexts,
    dimensions: &[Dimension],
    groups: &mut Groups,
    place: usize,
) -> Work<AggregateRow> {
    let key = groups.keys[place];
    let values = key_values(connection, texts, dimensions, &key)?;
    Ok(AggregateRow { bucket: key.bucket, key: values, totals: groups.take(place).into_totals() })
}

pub(super) fn distinct_users(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
) -> Work<Vec<DistinctRow>> {
    let Some(groups) = add_up(connection, texts.columns(), tenant, request, &[], Look::Users)? else {
        return Ok(Vec::new());
    };
    // A group whose users have no name is there, with none of them.
    let mut rows = Vec::with_capacity(groups.keys.len());
    for (place, key) in groups.keys.iter().enumerate() {
        let (values, users) =
            (key_values(connection, texts, &request.group_by, key)?, groups.users.count(place));
        rows.push(DistinctRow { bucket: key.bucket, key: values, users });
    }
    Ok(rows)
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Sums that are answered.
    Sums,
    /// Sums that tell which groups are the largest.
    Ranks,
    /// Different users.
    Users,
}

/// Reads every piece of a request's plan; `None` where nothing can pass its filters. `chosen` are further filters, of
/// dimensions that are grouped by.
pub(super) fn add_up(
    connection: &Connection,
    cache: &ColumnCache,
    tenant: TenantId,
    request: &AggregateRequest,
    chosen: &[NumberFilter],
    look: Look,
) -> Work<Option<Groups>> {
    let users = look == Look::Users;
    dimensions::require_ready(connection, tenant, dimensions_of(request), request.edges_ms[0])?;
    let Some(mut filters) = number_filters(connection, tenant, &request.filters)? else { return Ok(None) };
    filters.extend_from_slice(chosen);
    let mut needed = dimensions_of(request);
    needed.extend(users.then_some(Dimension::User));
    let plan = Plan::new(&request.edges_ms, &needed, request.measures.latency && !users);
    retention::require_kept_for(connection, tenant, &plan)?;
    tracing::debug!(plan = plan.explain(), "added up");
    let plan = if by_segments(connection, tenant, request, &plan, users)? {
        Plan::of_events(&request.edges_ms)
    } else {
        plan
    };
    let mut question = Question {
        tenant,
        edges_ms: &request.edges_ms,
        dimensions: &request.group_by,
        filters: &filters,
        measures: request.measures,
        users,
        form: None,
    };
    question.form = (!users).then(|| slices::form(&question));
    let mut reading = Reading {
        connection,
        cache,
        question: &question,
        groups: Groups::new(if look == Look::Ranks { MAX_RANKED } else { MAX_AGGREGATE_ROWS }),
        room: Room::default(),
        finder: BucketFinder { edges_ms: &request.edges_ms, bucket: 0 },
    };
    for piece in &plan.pieces {
        reading.read_piece(&plan, *piece)?;
    }
    Ok(Some(reading.groups))
}

/// Whether segments are quicker than the rollup of a plan: users are many, and so are events between the slots of zones
/// that are not whole hours from UTC.
fn by_segments(
    connection: &Connection,
    tenant: TenantId,
    request: &AggregateRequest,
    plan: &Plan,
    users: bool,
) -> Work<bool> {
    let Some(set) = plan.set else { return Ok(false) };
    let range = Range { from_ms: request.edges_ms[0], to_ms: request.edges_ms[request.edges_ms.len() - 1] };
    let of_users = set.dimensions.contains(&Dimension::User);
    let names_users =
        |filter: &Filter| filter.dimension == Dimension::User && filter.values.len() <= FEW_VALUES;
    let of_users = of_users && !request.filters.iter().any(names_users);
    if of_users && mostly_packed(connection, tenant, plan)? {
        return Ok(false);
    }
    if !of_users && plan.raw_ms() < (range.to_ms - range.from_ms) / 100 {
        return Ok(false);
    }
    // Rollups know of events that are no longer kept.
    if crate::catalog::retention::events_from(&connection.into(), tenant)?
        .is_some_and(|from_ms| range.from_ms < from_ms)
    {
        return Ok(false);
    }
    let covered = segment::covered(connection, tenant, range)?;
    let rows = covered.days * users_a_day(connection, tenant, range)?;
    if of_users && !users && covered.events > rows * MAX_EVENTS_A_USER {
        return Ok(false);
    }
    Ok(covered.is_packed())
}

/// Whether most of the days that a plan takes from the rollup of users are packed.
fn mostly_packed(connection: &Connection, tenant: TenantId, plan: &Plan) -> Work<bool> {
    let (mut days, mut packed) = (0, 0);
    for piece in plan.pieces.iter().filter(|piece| piece.width == Some(DAY)) {
        let (from, to) = (piece.from_ms / SLOT_MS, piece.to_ms / SLOT_MS);
        days += (to - from) / DAY;
        packed += packed_users::packed_days(connection, tenant, from, to)?;
    }
    Ok(packed > 0 && packed * 4 >= (days - 2) * 3)
}

/// How many users the last day of a range, that has any, has.
fn users_a_day(connection: &Connection, tenant: TenantId, range: Range) -> Work<i64> {
    let sql = "SELECT count(*) FROM rollup_user WHERE tenant_id = ?1 AND width = ?2 AND slot = \
               (SELECT max(slot) FROM rollup_user WHERE tenant_id = ?1 AND width = ?2 AND slot < ?3)";
    // The very last day may have just begun.
    let end = slot_of(range.to_ms, DAY) - DAY;
    Ok(connection.prepare_cached(sql)?.query_row([tenant.0, DAY, end], |row| row.get(0))?)
}

/// A question being answered.
pub(super) struct Reading<'a> {
    pub(super) connection: &'a Connection,
    pub(super) cache: &'a ColumnCache,
    pub(super) question: &'a Question<'a>,
    pub(super) groups: Groups,
    room: Room,
    pub(super) finder: BucketFinder<'a>,
}

impl Reading<'_> {
    fn read_piece(&mut self, plan: &Plan, piece: Piece) -> Work<()> {
        if let (Some(set), Some(width)) = (plan.set, piece.width) {
            let dimensions = self.dimensions();
            let sql = sql::scan_rollup(set, width, self.scan(&dimensions));
            if set.is_of_users() && !self.question.names_few(set) {
                return self.read_users(&sql::of_one_slot(&sql), piece);
            }
            if self.question.names_few(set) {
                return self.read_slots(&sql::of_one_slot(&sql), piece, width * SLOT_MS);
            }
            return self.read_rows(&sql, piece, Source::Rollup);
        }
        if piece.to_ms - piece.from_ms < MIN_SEGMENTS_MS {
            return self.read_events(piece);
        }
        let (connection, cache, tenant) = (self.connection, self.cache, self.question.tenant);
        let range = Range { from_ms: piece.from_ms, to_ms: piece.to_ms };
        let parts = columns::parts(self.question);
        let mut segments = None;
        segment::walk(connection, cache, tenant, range, &parts, false, |step| {
            match step {
                Step::Gap(gap) => {
                    self.read_events(Piece { width: None, from_ms: gap.from_ms, to_ms: gap.to_ms })?;
                }
                Step::Segment(segment) => {
                    let start_ms = segment.range.from_ms;
                    segments = Some((segments.map_or(start_ms, |(first, _)| first), start_ms));
                    let Self { question, room, groups, .. } = self;
                    columns::add_segment(question, &segment, piece.from_ms, piece.to_ms, room, groups)?;
                }
            }
            Ok(true)
        })?;
        match segments {
            Some(segments) => self.read_late(piece, segments),
            None => Ok(()),
        }
    }

    /// Reads a rollup slot by slot, so that the key leads to the values that are wanted.
    fn read_slots(&mut self, sql: &str, piece: Piece, width_ms: i64) -> Work<()> {
        let mut from_ms = piece.from_ms;
        while from_ms < piece.to_ms {
            let to_ms = from_ms + width_ms;
            self.read_rows(sql, Piece { from_ms, to_ms, ..piece }, Source::Rollup)?;
            from_ms = to_ms;
        }
        Ok(())
    }

    fn read_events(&mut self, piece: Piece) -> Work<()> {
        let dimensions = self.dimensions();
        let sql = sql::scan_events(self.scan(&dimensions));
        self.read_rows(&sql, piece, Source::Events)
    }

    /// Reads what was recorded after the segments, from the first to the last that was met, were made.
    fn read_late(&mut self, piece: Piece, segments: (i64, i64)) -> Work<()> {
        let dimensions = self.dimensions();
        let sql = sql::scan_late(self.scan(&dimensions), segments);
        self.read_rows(&sql, piece, Source::Events)
    }

    /// What is read of each row: the groups, and the user where users are counted.
    fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions = self.question.dimensions.to_vec();
        dimensions.extend(self.question.users.then_some(Dimension::User));
        dimensions
    }

    fn scan<'b>(&'b self, dimensions: &'b [Dimension]) -> Scan<'b> {
        let Question { filters, measures, users, .. } = self.question;
        Scan { dimensions, filters, sums: !users, sketches: measures.latency && !users }
    }

    /// Adds up the rows of a statement: slots of a rollup, or events.
    pub(super) fn read_rows(&mut self, sql: &str, piece: Piece, source: Source) -> Work<()> {
        let Question { tenant, dimensions, filters, measures, users, .. } = *self.question;
        let unit_ms = if source == Source::Rollup { SLOT_MS } else { 1 };
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.raw_bind_parameter(1, tenant.0)?;
        statement.raw_bind_parameter(2, piece.from_ms.div_euclid(unit_ms))?;
        statement.raw_bind_parameter(3, piece.to_ms.div_euclid(unit_ms))?;
        for (i, value) in values_of(filters).enumerate() {
            statement.raw_bind_parameter(4 + i, value)?;
        }
        let first = 1 + dimensions.len() + usize::from(users);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let bucket = self.finder.find(row.get::<_, i64>(0)? * unit_ms);
            let mut numbers = [0; MAX_GROUP_BY];
            for (i, number) in numbers[..dimensions.len()].iter_mut().enumerate() {
                *number = row.get(1 + i)?;
            }
            let (sums, latencies) = match source {
                Source::Rollup => (sums_from_row(row.get_ref(first)?).ok_or_else(damaged_rollup)?, first + 1),
                Source::Events if users => (Sums(ONE_CALL), first),
                Source::Events => (event_sums(row, first)?, first + SUM_NAMES.len()),
            };
            // The events of a slot may all have been voided.
            if sums.calls() <= 0 {
                continue;
            }
            let place = self.groups.place(Key { bucket, numbers })?;
            if users {
                self.groups.add_user(place, row.get(first - 1)?)?;
                continue;
            }
            self.groups.add_all(place, &sums)?;
            if measures.latency {
                add_latencies(&mut self.groups, place, row, latencies, source)?;
            }
        }
        Ok(())
    }
}

/// What the rows of a statement are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Rollup,
    Events,
}

fn event_sums(row: &Row<'_>, first: usize) -> Work<Sums> {
    let mut sums = Sums(ONE_CALL);
    for (i, sum) in sums.0.iter_mut().enumerate().skip(1) {
        *sum = row.get(first + i)?;
    }
    Ok(sums)
}

/// Finds the bucket of an instant. Rows come mostly in the order of time, so the last bucket is tried first.
pub(super) struct BucketFinder<'a> {
    edges_ms: &'a [i64],
    bucket: usize,
}

impl BucketFinder<'_> {
    pub(super) fn find(&mut self, time_ms: i64) -> usize {
        let holds = self.edges_ms[self.bucket] <= time_ms && time_ms < self.edges_ms[self.bucket + 1];
        if !holds {
            self.bucket = self.edges_ms.partition_point(|edge| *edge <= time_ms).saturating_sub(1);
            self.bucket = self.bucket.min(self.edges_ms.len() - 2);
        }
        self.bucket
    }
}

fn add_latencies(groups: &mut Groups, place: u32, row: &Row<'_>, first: usize, source: Source) -> Work<()> {
    for which in 0..2 {
        let column = first + which;
        if source == Source::Rollup {
            let other = sketch_from_row(row.get_ref(column)?).ok_or_else(damaged_rollup)?;
            groups.add_latencies(place, which, |sketch| sketch.merge(&other))?;
        } else if let Some(duration_ms) = row.get(column)? {
            groups.add_latencies(place, which, |sketch| sketch.add(duration_ms, 1))?;
        }
    }
    Ok(())
}
