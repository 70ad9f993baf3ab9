//! What was spent, counted from usage: the costs in the rollups, and the money that they do not tell.

use crate::error::{Fault, Work};
use crate::sqlite::rollup::{QUARTER, SLOT_MS, slot_of};
use crate::sqlite::usage::{self, LabelTexts};
use meterwire_app::ports::{AggregateRequest, AggregateRow, Measures, TenantId};
use meterwire_core::budget::{Scope, ScopeField};
use meterwire_core::dimension::Dimension;
use meterwire_core::usage_query::Filter;
use rusqlite::{Connection, params};
use std::collections::HashSet;

/// So many projects of a team are asked for by name; of more, everything is asked for and theirs is taken.
const MAX_NAMED_PROJECTS: usize = 100;

/// What was spent of a scope between each two edges. Whatever of it waits to be written must have been.
pub(crate) fn spent_between(
    connection: &Connection,
    tenant: TenantId,
    scope: &Scope,
    edges_ms: &[i64],
) -> Work<Vec<i64>> {
    let mut spent = vec![0_i128; edges_ms.len().saturating_sub(1)];
    if spent.is_empty() {
        return Ok(Vec::new());
    }
    let team = match scope.get(ScopeField::Team) {
        Some(team) => Some(projects_of(connection, tenant, team)?),
        None => None,
    };
    // A team without projects spends nothing.
    if team.as_ref().is_some_and(HashSet::is_empty) {
        return Ok(vec![0; spent.len()]);
    }
    for (bucket, cost) in costs(connection, tenant, scope, team.as_ref(), edges_ms)? {
        spent[bucket] += i128::from(cost);
    }
    add_decided(connection, tenant, scope, team.as_ref(), edges_ms, &mut spent)?;
    spent.into_iter().map(|nanos| i64::try_from(nanos).map_err(|_| Fault::Overflow)).collect()
}

/// The costs of events, by bucket.
fn costs(
    connection: &Connection,
    tenant: TenantId,
    scope: &Scope,
    team: Option<&HashSet<String>>,
    edges_ms: &[i64],
) -> Work<Vec<(usize, i64)>> {
    let of_field = |(field, value): (&ScopeField, &String)| {
        let dimension = field.dimension()?;
        Some(Filter { dimension, values: vec![Some(value.clone())] })
    };
    let mut filters: Vec<Filter> = scope.0.iter().filter_map(of_field).collect();
    let mut group_by = Vec::new();
    if let Some(projects) = team {
        if projects.len() <= MAX_NAMED_PROJECTS {
            let values = projects.iter().cloned().map(Some).collect();
            filters.push(Filter { dimension: Dimension::Project, values });
        } else {
            group_by.push(Dimension::Project);
        }
    }
    let measures = Measures { cost: true, ..Measures::CALLS };
    let request = AggregateRequest { edges_ms: edges_ms.to_vec(), group_by, filters, measures };
    let rows = usage::sums(connection, &LabelTexts::default(), tenant, &request)?;
    let is_of_team = |row: &AggregateRow| match (row.key.first(), team) {
        (Some(Some(project)), Some(projects)) => projects.contains(project),
        (Some(None), Some(_)) => false,
        _ => true,
    };
    Ok(rows.iter().filter(|row| is_of_team(row)).map(|row| (row.bucket, row.totals.cost.0)).collect())
}

/// Adds the money that costs do not tell.
fn add_decided(
    connection: &Connection,
    tenant: TenantId,
    scope: &Scope,
    team: Option<&HashSet<String>>,
    edges_ms: &[i64],
    spent: &mut [i128],
) -> Work<()> {
    let (first, last) = (edges_ms[0], edges_ms[edges_ms.len() - 1]);
    let mut statement = connection.prepare_cached(include_str!("../../sql/decided_money/between.sql"))?;
    let mut rows =
        statement.query(params![tenant.0, slot_of(first, QUARTER), slot_of(last - 1, QUARTER) + 1])?;
    while let Some(row) = rows.next()? {
        let start_ms = row.get::<_, i64>(0)? * SLOT_MS;
        let bucket = edges_ms.partition_point(|edge| *edge <= start_ms);
        // A quarter that an edge cuts belongs to the span it begins in.
        if bucket == 0 || bucket > spent.len() {
            continue;
        }
        let text = |place: usize| row.get_ref(place)?.as_str().map_err(rusqlite::Error::from);
        let mut taken = true;
        for (field, value) in &scope.0 {
            taken &= match field {
                ScopeField::User => text(1)? == value,
                ScopeField::Project => text(2)? == value,
                ScopeField::Model => text(3)? == value,
                ScopeField::ApiKey => text(4)? == value,
                ScopeField::Department => text(5)? == value,
                ScopeField::Team => {
                    team.is_some_and(|projects| projects.contains(text(2).unwrap_or_default()))
                }
            };
        }
        if taken {
            spent[bucket - 1] += i128::from(row.get::<_, i64>(6)?);
        }
    }
    Ok(())
}

/// The projects of a team now.
fn projects_of(connection: &Connection, tenant: TenantId, team: &str) -> Work<HashSet<String>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/project/of_team.sql"))?;
    let rows = statement.query_map(params![tenant.0, team], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
