//! How events and decisions spend money: into the budgets that take it in, and where costs do not tell it, into the money
//! that is kept beside them.

use super::budgets::Spending;
use super::counters::{CountedEvent, Counters, amount_of};
use super::memory::TenantMemory;
use crate::error::{Fault, Work};
use crate::sql::Connection;
use meterwire_app::ports::TenantId;
use meterwire_core::limit::{Counts, MetricName};

impl Counters {
    /// Counts an event into budgets (`sign` 1) or takes it back (-1): the amount that it names for `cost_usd`, else its cost;
    /// nothing where a reservation counts it.
    pub(super) fn spend_event(
        &mut self,
        connection: &Connection,
        memory: &mut TenantMemory,
        tenant: TenantId,
        event: &CountedEvent<'_>,
        is_settled: bool,
        sign: i64,
    ) -> Work<()> {
        let cost = event.counted.cost.0;
        let names_money = event.metrics.contains_key(MetricName::COST);
        let amount = match (is_settled, names_money) {
            (true, _) => 0,
            (false, true) => amount_of(Counts::CostUsd, &MetricName::cost(), event),
            (false, false) => cost,
        };
        // What is more or less than the cost is not in the rollups.
        if amount != cost {
            let more = amount.checked_sub(cost).ok_or(Fault::Overflow)?;
            self.pending.money.decide(tenant, &event.by, event.time_ms, sign * more)?;
        }
        if amount == 0 {
            return Ok(());
        }
        let Some(budgets) = &mut memory.budgets else { return Ok(()) };
        let (at_ms, now_ms) = (event.time_ms, event.received_ms);
        let spending = Spending { by: event.by, at_ms, amount: sign * amount, now_ms };
        budgets.spend(connection, &mut self.pending, &spending)
    }

    /// Counts money that was decided without an event, or by a reservation instead of its event.
    pub(super) fn spend_decided(
        &mut self,
        connection: &Connection,
        memory: &mut TenantMemory,
        tenant: TenantId,
        spending: &Spending<'_>,
    ) -> Work<()> {
        if spending.amount == 0 {
            return Ok(());
        }
        self.pending.money.decide(tenant, &spending.by, spending.at_ms, spending.amount)?;
        let Some(budgets) = &mut memory.budgets else { return Ok(()) };
        budgets.spend(connection, &mut self.pending, spending)
    }
}
