//! What a tenant counts and allows, as the writer works with it: metrics in a fixed order, limits by that order.

use crate::error::{Fault, Work};
use crate::sql::Connection;
use meterwire_app::ports::TenantId;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Calendar, Counts, DEFAULT_TIER, MetricName, Window};
use std::collections::HashMap;

/// One metric.
#[derive(Debug)]
pub(crate) struct BookMetric {
    pub(crate) id: i64,
    pub(crate) name: MetricName,
    pub(crate) window: Window,
    pub(crate) calendar: Calendar,
    pub(crate) counts: Counts,
    /// What all users together may use.
    pub(crate) tenant_limit: Option<i64>,
}

/// The metrics and tiers of a tenant.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) metrics: Vec<BookMetric>,
    /// Limits of a tier in the order of `metrics`.
    tiers: HashMap<String, Vec<Option<i64>>>,
}

impl Book {
    pub(crate) fn load(connection: &Connection, tenant: TenantId) -> Work<Self> {
        let mut statement = connection.prepare_cached(include_str!("../../sql/metric/book.sql"))?;
        let mut rows = statement.query([tenant.0])?;
        let mut metrics = Vec::new();
        while let Some(row) = rows.next()? {
            let texts: [String; 4] = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            let [name, window, timezone, counts] = &texts;
            let damaged = |invalid: Invalid| Fault::Damaged(format!("metric {name}: {invalid}"));
            metrics.push(BookMetric {
                id: row.get(0)?,
                name: MetricName::parse("name", name).map_err(damaged)?,
                window: Window::parse(window).map_err(damaged)?,
                calendar: Calendar::of_zone(timezone),
                counts: Counts::parse(counts).map_err(damaged)?,
                tenant_limit: row.get(5)?,
            });
        }
        let mut book = Self { metrics, tiers: HashMap::new() };
        book.load_tiers(connection, tenant)?;
        Ok(book)
    }

    fn load_tiers(&mut self, connection: &Connection, tenant: TenantId) -> Work<()> {
        let mut statement = connection.prepare_cached(include_str!("../../sql/tier/book.sql"))?;
        let mut rows = statement.query([tenant.0])?;
        while let Some(row) = rows.next()? {
            let (tier, metric_id, amount): (String, Option<i64>, Option<i64>) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let place = metric_id.and_then(|id| self.place_of_id(id));
            let limits = self.tiers.entry(tier).or_insert_with(|| vec![None; self.metrics.len()]);
            if let Some(place) = place {
                limits[place] = amount;
            }
        }
        Ok(())
    }

    /// Where a metric stands in the book.
    pub(crate) fn place_of(&self, name: &MetricName) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.name == *name)
    }

    /// Where a metric with this number stands.
    pub(crate) fn place_of_id(&self, id: i64) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.id == id)
    }

    /// The place, or a refusal that names the metrics there are.
    pub(crate) fn require(&self, name: &MetricName) -> Result<usize, Invalid> {
        self.place_of(name).ok_or_else(|| {
            let known: Vec<&str> = self.metrics.iter().map(|metric| metric.name.as_str()).collect();
            Invalid::new("metric", format!("there is no metric {name}; known are {}", known.join(", ")))
        })
    }

    /// The limits of a tier. A tier that does not exist allows what the default one does.
    pub(crate) fn tier_limits(&self, tier: &str) -> Vec<Option<i64>> {
        let found = self.tiers.get(tier).or_else(|| self.tiers.get(DEFAULT_TIER));
        found.cloned().unwrap_or_else(|| vec![None; self.metrics.len()])
    }
}
