//! Another cost of an event that was counted: what budgets and the metric of costs have counted of it moves by the difference.

use super::budgets::Spending;
use super::counters::{CountedEvent, Counters, amount_of, event_spot};
use super::whose::find_settled_money;
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::TenantId;
use meterwire_core::limit::{Calendar, Counted, Counts, MetricName, Window};
use meterwire_core::money::CostNanos;

impl Counters {
    /// Moves what an event (with its new cost) had counted when it was recorded as `seq` and had cost `before`.
    pub(crate) fn recost_event(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        event: &CountedEvent<'_>,
        before: CostNanos,
        seq: i64,
    ) -> Work<()> {
        let cost = event.counted.cost;
        let difference = cost.0.checked_sub(before.0).ok_or(Fault::Overflow)?;
        if difference == 0 {
            return Ok(());
        }
        let shared = self.shared.clone();
        let mut memory = shared.lock();
        let memory = memory.tenant_with_budgets(connection, tenant, event.received_ms)?;
        let names_money = event.metrics.contains_key(MetricName::COST);
        if names_money || find_settled_money(connection, tenant, seq)?.is_some() {
            // Budgets count another amount, told beside the costs: what the costs tell more, that tells less.
            self.pending.money.decide(tenant, &event.by, event.time_ms, -difference)?;
        } else if let Some(budgets) = &mut memory.budgets {
            let (at_ms, now_ms) = (event.time_ms, event.received_ms);
            let spending = Spending { by: event.by, at_ms, amount: difference, now_ms };
            budgets.spend(connection, &mut self.pending, &spending)?;
        }
        let book = memory.book.clone();
        let Some(place) = book.metrics.iter().position(|metric| metric.name.is_cost()) else { return Ok(()) };
        let metric = &book.metrics[place];
        let rule: Option<(String, String)> = connection
            .prepare_cached(include_str!("../../sql/metric/counts_at.sql"))?
            .query_row(params![metric.id, seq], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((counts, timezone)) = rule else { return Ok(()) };
        let Ok(counts) = Counts::parse(&counts) else { return Ok(()) };
        let settled: Option<i64> = connection
            .prepare_cached(include_str!("../../sql/reservation/of_event.sql"))?
            .query_row([tenant.0, seq], |row| row.get(0))
            .optional()?;
        if settled == Some(metric.id) {
            return Ok(());
        }
        let old = CountedEvent { counted: Counted { cost: before, ..event.counted }, ..*event };
        let [old, new] = [&old, event].map(|event| amount_of(counts, &metric.name, event));
        let units = new.checked_sub(old).ok_or(Fault::Overflow)?;
        if units == 0 {
            return Ok(());
        }
        let mut spot = event_spot(&book, place, event);
        if metric.window != Window::Level {
            // The day on which it was counted; the zone may be another one by now.
            spot.span = metric.window.span(&Calendar::of_zone(&timezone), event.time_ms);
        }
        self.add(connection, memory, tenant, event.user, spot, units)?;
        // That day may lie in another window than the one that is remembered.
        memory.users.remove(event.user);
        memory.totals.fill(None);
        Ok(())
    }
}
