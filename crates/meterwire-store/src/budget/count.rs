//! What was spent, counted from usage: the costs in the rollups, and the money that they do not tell.

use crate::error::{Fault, Work};
use crate::slot::{QUARTER, SLOT_MS, slot_of};
use crate::sql::{Connection, params};
use meterwire_app::ports::{AggregateRequest, AggregateRow, Measures, TenantId};
use meterwire_core::budget::{Scope, ScopeField};
use meterwire_core::dimension::Dimension;
use meterwire_core::usage_query::Filter;
use std::collections::HashSet;

/// So many projects of a team are asked for by name; of more, everything is asked for and theirs is taken.
const MAX_NAMED_PROJECTS: usize = 100;

/// Answers requests for sums of usage, as the embedded store does on a connection; see [`Counting`] for who cannot.
pub(crate) type Ask<'a> = dyn FnMut(TenantId, &AggregateRequest) -> Work<Vec<AggregateRow>> + 'a;

/// What was spent of a scope between each two edges, nano-dollars. Whatever of it waits to be written must have been.
pub(crate) fn spent_between(
    connection: &Connection,
    tenant: TenantId,
    scope: &Scope,
    edges_ms: &[i64],
    ask: &mut Ask<'_>,
) -> Work<Vec<i64>> {
    let counting = Counting::begin(connection, tenant, scope, edges_ms)?;
    let rows = match counting.request() {
        Some(request) => ask(tenant, &request)?,
        None => Vec::new(),
    };
    counting.finish(connection, &rows)
}

/// Counting in two steps, for who asks for the usage in between.
pub(crate) struct Counting<'a> {
    tenant: TenantId,
    scope: &'a Scope,
    /// The projects of the scope's team.
    team: Option<HashSet<String>>,
    edges_ms: &'a [i64],
}

impl<'a> Counting<'a> {
    /// Reads what has to be known before usage can be asked for.
    pub(crate) fn begin(
        connection: &Connection,
        tenant: TenantId,
        scope: &'a Scope,
        edges_ms: &'a [i64],
    ) -> Work<Self> {
        let team = match scope.get(ScopeField::Team) {
            Some(team) => Some(projects_of(connection, tenant, team)?),
            None => None,
        };
        Ok(Self { tenant, scope, team, edges_ms })
    }

    /// The usage that has to be asked for; `None` where there is nothing to count: no time, or a team without projects.
    pub(crate) fn request(&self) -> Option<AggregateRequest> {
        if self.is_nothing() {
            return None;
        }
        let of_field = |(field, value): (&ScopeField, &String)| {
            let dimension = field.dimension()?;
            Some(Filter { dimension, values: vec![Some(value.clone())] })
        };
        let mut filters: Vec<Filter> = self.scope.0.iter().filter_map(of_field).collect();
        let mut group_by = Vec::new();
        if let Some(projects) = &self.team {
            if projects.len() <= MAX_NAMED_PROJECTS {
                let values = projects.iter().cloned().map(Some).collect();
                filters.push(Filter { dimension: Dimension::Project, values });
            } else {
                group_by.push(Dimension::Project);
            }
        }
        let measures = Measures { cost: true, ..Measures::CALLS };
        Some(AggregateRequest { edges_ms: self.edges_ms.to_vec(), group_by, filters, measures })
    }

    /// Adds up the answer to [`Self::request`] (nothing where there was none) and the money that costs do not tell, which
    /// must be of the same moment.
    pub(crate) fn finish(&self, connection: &Connection, rows: &[AggregateRow]) -> Work<Vec<i64>> {
        let mut spent = vec![0_i128; self.edges_ms.len().saturating_sub(1)];
        if self.is_nothing() {
            return Ok(vec![0; spent.len()]);
        }
        let is_of_team = |row: &&AggregateRow| match (row.key.first(), &self.team) {
            (Some(Some(project)), Some(projects)) => projects.contains(project),
            (Some(None), Some(_)) => false,
            _ => true,
        };
        for row in rows.iter().filter(is_of_team) {
            spent[row.bucket] += i128::from(row.totals.cost.0);
        }
        let Self { tenant, scope, team, edges_ms } = self;
        add_decided(connection, *tenant, scope, team.as_ref(), edges_ms, &mut spent)?;
        spent.into_iter().map(|nanos| i64::try_from(nanos).map_err(|_| Fault::Overflow)).collect()
    }

    fn is_nothing(&self) -> bool {
        self.edges_ms.len() < 2 || self.team.as_ref().is_some_and(HashSet::is_empty)
    }
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
        let text = |place: usize| row.text(place);
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
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}
