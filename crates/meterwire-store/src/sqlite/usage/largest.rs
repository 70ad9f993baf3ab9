//! The largest groups of very many, in two looks: first one number a group and no buckets, to know which they are; then
//! these alone, with all their sums. What is left is the whole less these. Users by a second dimension are so many that the
//! first look is at the largest users alone.

use super::LabelTexts;
use super::aggregate::{Look, add_up, to_row};
use super::groups::{Groups, Key};
use super::top;
use crate::error::{Fault, Work};
use crate::label::LabelKind;
use crate::sqlite::sql::NumberFilter;
use hashbrown::HashSet;
use meterwire_app::ports::{AggregateRequest, AggregateRow, Measures, TenantId, Top, TopRows};
use meterwire_core::dimension::Dimension;
use meterwire_core::usage_query::Metric;
use rusqlite::{Connection, params};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A dimension with so many values is worth two looks.
const MANY_VALUES: i64 = 500;
/// So many users are looked at first, and so many at most.
const FIRST_USERS: usize = 128;
const MAX_USERS: usize = 4_096;

/// The largest groups and the rest; `None` where one look is the better way.
pub(super) fn find(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
    top: Top,
) -> Work<Option<TopRows>> {
    let makes_many = request.group_by.len() > 1 || request.edges_ms.len() > 2;
    // Sketches cannot be taken from one another without all of them.
    if !makes_many || request.measures.latency || !has_many_values(connection, tenant, &request.group_by)? {
        return Ok(None);
    }
    match in_two_looks(connection, texts, tenant, request, top) {
        // Sums of all buckets or groups may not fit where those of each do.
        Err(Fault::Overflow) => Ok(None),
        found => found,
    }
}

fn in_two_looks(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
    top: Top,
) -> Work<Option<TopRows>> {
    let edges = &request.edges_ms;
    let first = AggregateRequest {
        edges_ms: vec![edges[0], edges[edges.len() - 1]],
        measures: measures_of(top.metric),
        ..request.clone()
    };
    let asked = Asked { connection, texts, tenant };
    let groups = match asked.of_large_users(&first, top)? {
        Some(groups) => Some(groups),
        None => asked.look(&first, &[])?,
    };
    let Some(groups) = groups else { return Ok(Some(TopRows::default())) };
    let Some(chosen) = top::choose(connection, texts, &request.group_by, &groups, top)? else {
        return Ok(None);
    };
    drop(groups);
    let mut rows = Vec::new();
    if let Some(mut groups) =
        add_up(connection, texts.columns(), tenant, request, &filters(request, &chosen), Look::Sums)?
    {
        for place in 0..groups.keys.len() {
            if chosen.contains(&groups.keys[place].numbers) {
                rows.push(to_row(connection, texts, &request.group_by, &mut groups, place)?);
            }
        }
    }
    let rest = rest(connection, texts, tenant, request, &rows)?;
    Ok(Some(TopRows { rows, rest }))
}

/// Who asks.
#[derive(Clone, Copy)]
struct Asked<'a> {
    connection: &'a Connection,
    texts: &'a LabelTexts,
    tenant: TenantId,
}

impl Asked<'_> {
    fn look(self, request: &AggregateRequest, chosen: &[NumberFilter]) -> Work<Option<Groups>> {
        add_up(self.connection, self.texts.columns(), self.tenant, request, chosen, Look::Ranks)
    }

    /// Groups by user and something else, those alone whose users are large enough; `None` where that is no better way. Ranks
    /// are sums of what is never negative: no group is larger than its user is, and the rollup knows the users: so the groups of the largest users are looked at
    /// first, and users below the last group that is wanted of these cannot have one.
    fn of_large_users(self, request: &AggregateRequest, top: Top) -> Work<Option<Groups>> {
        let two = request.group_by.len() == 2 && request.group_by.contains(&Dimension::User);
        // With a filter the users of the rollup are not those that are asked about.
        if !two || !request.filters.is_empty() || top.count == 0 {
            return Ok(None);
        }
        let by_user = AggregateRequest { group_by: vec![Dimension::User], ..request.clone() };
        let Some(users) = self.look(&by_user, &[])? else { return Ok(None) };
        let mut users = ranks(&users, top.metric);
        users.sort_unstable_by_key(|(rank, _)| Reverse(*rank));
        let mut examined = FIRST_USERS.max(top.count);
        while examined < users.len().min(MAX_USERS) {
            let filter = NumberFilter {
                dimension: Dimension::User,
                values: users[..examined].iter().map(|(_, numbers)| numbers[0]).collect(),
            };
            let Some(groups) = self.look(request, &[filter])? else { return Ok(None) };
            let mut found: Vec<i64> = ranks(&groups, top.metric).into_iter().map(|(rank, _)| rank).collect();
            if found.len() <= top.count {
                return Ok(None);
            }
            let (_, last, _) = found.select_nth_unstable_by_key(top.count - 1, |rank| Reverse(*rank));
            // Equal ones are told apart by their texts, so all of them have to be there.
            let wanted = users.partition_point(|(rank, _)| rank >= last);
            if wanted <= examined {
                return Ok(Some(groups));
            }
            examined = wanted;
        }
        Ok(None)
    }
}

/// The numbers of each group with its rank.
fn ranks(groups: &Groups, metric: Metric) -> Vec<(i64, top::Numbers)> {
    let rank = |(place, key): (usize, &Key)| (metric.rank(&groups.sums_at(place).to_totals()), key.numbers);
    groups.keys.iter().enumerate().map(rank).collect()
}

/// What is beyond the chosen groups, one row a bucket.
fn rest(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &AggregateRequest,
    rows: &[AggregateRow],
) -> Work<Vec<AggregateRow>> {
    let whole = AggregateRequest { group_by: vec![], ..request.clone() };
    let Some(mut groups) = add_up(connection, texts.columns(), tenant, &whole, &[], Look::Sums)? else {
        return Ok(vec![]);
    };
    let mut left = BTreeMap::new();
    for place in 0..groups.keys.len() {
        left.insert(groups.keys[place].bucket, request.measures.of(groups.take(place).into_totals()));
    }
    for row in rows {
        if let Some(totals) = left.get_mut(&row.bucket) {
            totals.subtract(&request.measures.of(row.totals.clone()));
        }
    }
    left.retain(|_, totals| totals.calls > 0);
    let rows = left.into_iter().map(|(bucket, totals)| AggregateRow { bucket, key: vec![], totals });
    Ok(rows.collect())
}

/// What a metric's rank is made of.
fn measures_of(metric: Metric) -> Measures {
    match metric {
        Metric::Cost => Measures { cost: true, ..Measures::CALLS },
        Metric::Errors => Measures { errors: true, ..Measures::CALLS },
        Metric::InputTokens
        | Metric::CachedInputTokens
        | Metric::OutputTokens
        | Metric::ReasoningTokens
        | Metric::Tokens => Measures { tokens: true, ..Measures::CALLS },
        _ => Measures::CALLS,
    }
}

/// For each dimension the values that a chosen group has.
fn filters(request: &AggregateRequest, chosen: &HashSet<top::Numbers>) -> Vec<NumberFilter> {
    let of = |(place, dimension): (usize, &Dimension)| {
        let mut values: Vec<i64> = chosen.iter().map(|numbers| numbers[place]).collect();
        values.sort_unstable();
        values.dedup();
        NumberFilter { dimension: *dimension, values }
    };
    request.group_by.iter().enumerate().map(of).collect()
}

/// Whether one of the dimensions has many values.
fn has_many_values(connection: &Connection, tenant: TenantId, dimensions: &[Dimension]) -> Work<bool> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM label WHERE tenant_id = ? AND kind = ? LIMIT ?)";
    let mut statement = connection.prepare_cached(sql)?;
    for dimension in dimensions {
        let kind = LabelKind::Dimension(*dimension).code();
        let values: i64 = statement.query_row(params![tenant.0, kind, MANY_VALUES], |row| row.get(0))?;
        if values == MANY_VALUES {
            return Ok(true);
        }
    }
    Ok(false)
}
