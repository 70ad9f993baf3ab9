//! What the migration that brings limits makes of a store that was used before: every tenant gets the metrics and tiers
//! that a new one has, and the events that are there are counted.

use super::catalog::{numbered_metrics, seed};
use super::memory::present_level;
use crate::error::Work;
use crate::row::metrics_from_row;
use crate::sql::{Connection, params};
use meterwire_app::ports::TenantId;
use meterwire_core::amount::Amount;
use meterwire_core::limit::{Counted, DAY_MS, Metric, Window};
use meterwire_core::money::CostNanos;
use std::collections::{BTreeMap, HashMap};

/// The most sums that are kept before they are written.
const MAX_KEPT: usize = 100_000;

/// Fills the tables of limits from tenants and events.
pub(crate) fn fill(connection: &Connection) -> Work<()> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/tenant/all.sql"))?;
    let tenants = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let tenants = tenants.collect::<crate::sql::Result<Vec<(i64, i64)>>>()?;
    let mut filler = Filler { connection, metrics: HashMap::new(), used: BTreeMap::new() };
    for (tenant_id, created_ms) in tenants {
        seed(connection, tenant_id, 0, created_ms)?;
        filler.metrics.insert(tenant_id, numbered_metrics(connection, TenantId(tenant_id))?);
    }
    let mut statement = connection.prepare_cached(include_str!("../../sql/sqlite/event/to_count.sql"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        filler.count(&PastEvent {
            tenant_id: row.get(0)?,
            time_ms: row.get(1)?,
            received_ms: row.get(2)?,
            user: row.get(3)?,
            metrics: row.get(4)?,
        })?;
    }
    filler.flush()
}

struct PastEvent {
    tenant_id: i64,
    time_ms: i64,
    received_ms: i64,
    user: String,
    metrics: Option<String>,
}

struct Filler<'a> {
    connection: &'a Connection<'a>,
    metrics: HashMap<i64, Vec<(i64, Metric)>>,
    /// By tenant, metric, day and user: the order of the table.
    used: BTreeMap<(i64, i64, i64, String), i64>,
}

impl Filler<'_> {
    fn count(&mut self, event: &PastEvent) -> Work<()> {
        let named = metrics_from_row(event.metrics.clone()).unwrap_or_else(|error| {
            tracing::warn!(%error, "what an event names is not counted");
            BTreeMap::new()
        });
        // The doctor tells of events whose tenant is not there.
        for (metric_id, metric) in self.metrics.get(&event.tenant_id).into_iter().flatten() {
            let named = named.get(metric.name.as_str()).copied();
            // The built-in metrics count neither tokens nor money.
            let counted = Counted { named, tokens: 0, cost: CostNanos::ZERO };
            let Amount(units) = metric.counts.amount_of(&metric.name, counted);
            if units == 0 {
                continue;
            }
            if metric.window == Window::Level {
                set_level(self.connection, event, *metric_id, units)?;
                continue;
            }
            let day = event.time_ms.div_euclid(DAY_MS);
            let key = (event.tenant_id, *metric_id, day, event.user.clone());
            let used = self.used.entry(key).or_default();
            *used = used.saturating_add(units);
        }
        if self.used.len() >= MAX_KEPT { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Work<()> {
        let mut statement =
            self.connection.prepare_cached(include_str!("../../sql/sqlite/counter/fill.sql"))?;
        for ((tenant_id, metric_id, day, user), used) in std::mem::take(&mut self.used) {
            statement.execute(params![tenant_id, metric_id, day, user, used])?;
        }
        Ok(())
    }
}

/// A level runs on from event to event; one row a day keeps what it was at the end.
fn set_level(connection: &Connection, event: &PastEvent, metric_id: i64, units: i64) -> Work<()> {
    let tenant = TenantId(event.tenant_id);
    let level = present_level(connection, tenant, metric_id, &event.user)?.saturating_add(units);
    let day = event.received_ms.div_euclid(DAY_MS);
    connection
        .prepare_cached(include_str!("../../sql/level/set.sql"))?
        .execute(params![tenant.0, metric_id, event.user, day, level])?;
    Ok(())
}
