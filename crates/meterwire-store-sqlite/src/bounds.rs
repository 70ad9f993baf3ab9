//! Bounds: the smallest and largest sort value of each quarter of an hour, so that the log sorted by a number looks only
//! into quarters that can hold a row of the page.
//!
//! Bounds only have to enclose. A voided event leaves them as they are: too wide costs a look, never a row. The
//! smallest and largest seq decide between quarters with equal values.

use crate::error::Work;
use crate::rollup::{QUARTER, slot_of};
use crate::row::Facts;
use crate::sql::sort_key;
use hashbrown::HashMap;
use meterwire_app::ports::LogColumn;
use meterwire_core::dimension::Dimension;
use rusqlite::Connection;

/// The sort value of an absent number.
pub(crate) const ABSENT: i64 = i64::MIN;

/// The columns of the log that have bounds, by the name of the bound.
pub(crate) const BOUNDED: [(LogColumn, &str); 6] = [
    (LogColumn::Cost, "cost"),
    (LogColumn::InputTokens, "input"),
    (LogColumn::OutputTokens, "output"),
    (LogColumn::TotalTokens, "total"),
    (LogColumn::Latency, "latency"),
    (LogColumn::Dimension(Dimension::Status), "status"),
];

/// Bounds of one quarter: of seq, then of each of [`BOUNDED`].
#[derive(Debug, Clone, Copy)]
struct Bounds {
    smallest: [i64; 7],
    largest: [i64; 7],
}

/// Bounds of the events of the running transaction, by tenant and slot.
#[derive(Debug, Default)]
pub(crate) struct NewBounds(HashMap<(i64, i64), Bounds>);

impl NewBounds {
    /// Takes in an event that was stored.
    pub(crate) fn add(&mut self, tenant_id: i64, seq: i64, facts: &Facts) {
        let tokens = facts.sums.tokens();
        let (input, output) = (tokens[..6].iter().sum::<i64>(), tokens[6..].iter().sum::<i64>());
        let cost = if facts.is_unpriced() { ABSENT } else { facts.sums.cost_nanos() };
        let latency = facts.latency_ms.map_or(ABSENT, i64::from);
        let values = [seq, cost, input, output, input + output, latency, facts.status];
        let bounds = self
            .0
            .entry((tenant_id, slot_of(facts.time_ms, QUARTER)))
            .or_insert(Bounds { smallest: values, largest: values });
        for (i, value) in values.into_iter().enumerate() {
            bounds.smallest[i] = bounds.smallest[i].min(value);
            bounds.largest[i] = bounds.largest[i].max(value);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Widens the stored bounds and forgets the new ones.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Work<()> {
        let mut statement = connection.prepare_cached(include_str!("../sql/log_bound/widen.sql"))?;
        for ((tenant_id, slot), bounds) in self.0.drain() {
            statement.raw_bind_parameter(1, tenant_id)?;
            statement.raw_bind_parameter(2, slot)?;
            for i in 0..bounds.smallest.len() {
                statement.raw_bind_parameter(3 + 2 * i, bounds.smallest[i])?;
                statement.raw_bind_parameter(4 + 2 * i, bounds.largest[i])?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }
}

/// The name of a column's bound, if it has one.
pub(crate) fn bound_of(column: LogColumn) -> Option<&'static str> {
    BOUNDED.iter().find(|(bounded, _)| *bounded == column).map(|(_, name)| *name)
}

/// Names and sort keys of everything that is bounded.
fn bounded_keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    [("seq", "seq")].into_iter().chain(BOUNDED.iter().map(|(column, name)| (*name, sort_key(*column))))
}

/// Bounds of a tenant's events within a span, worked out anew. Bound: the tenant, the span's ends.
fn recount_sql() -> String {
    let bounds: Vec<_> = bounded_keys()
        .map(|(name, key)| format!("min({key}) AS {name}_min, max({key}) AS {name}_max"))
        .collect();
    format!(
        "SELECT tenant_id, time_ms / 900000 AS slot, {} FROM event INDEXED BY event_time \
         WHERE tenant_id = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND voided_ms IS NULL GROUP BY slot",
        bounds.join(", ")
    )
}

/// Slots of a tenant's events within a span whose stored bounds do not enclose them.
pub(crate) fn too_narrow(
    connection: &Connection,
    tenant_id: i64,
    from_ms: i64,
    to_ms: i64,
) -> Work<Vec<i64>> {
    let outside: Vec<_> = bounded_keys()
        .map(|(name, _)| format!("e.{name}_min < b.{name}_min OR e.{name}_max > b.{name}_max"))
        .collect();
    let sql = format!(
        "SELECT e.slot FROM ({}) e LEFT JOIN log_bound b ON b.tenant_id = e.tenant_id AND b.slot = e.slot \
         WHERE b.slot IS NULL OR {}",
        recount_sql(),
        outside.join(" OR ")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let slots = statement.query_map([tenant_id, from_ms, to_ms], |row| row.get(0))?;
    Ok(slots.collect::<rusqlite::Result<_>>()?)
}

/// Writes the bounds of a span anew.
pub(crate) fn rewrite(connection: &Connection, tenant_id: i64, from_ms: i64, to_ms: i64) -> Work<()> {
    let sql = format!("INSERT OR REPLACE INTO log_bound {}", recount_sql());
    connection.prepare_cached(&sql)?.execute([tenant_id, from_ms, to_ms])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_that_looks_for_narrow_bounds() {
        insta::assert_snapshot!(recount_sql());
    }
}
