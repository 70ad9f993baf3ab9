//! Money that was spent in the running transaction, added up until it is written at its end.

use super::budgets::Known;
use crate::budget::{self, SpentBy};
use crate::error::{Fault, Work};
use crate::slot::{QUARTER, slot_of};
use crate::sql::{Connection, params};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use std::sync::Arc;

/// What is to be added to periods of budgets, and to the money that costs do not tell.
#[derive(Debug, Default)]
pub(crate) struct Money {
    /// By the number of a budget and the start of a period.
    spent: HashMap<(i64, i64), Spent>,
    decided: HashMap<Decided, i64>,
    /// The latest instant at which something was spent: tells which periods are the present ones.
    now_ms: i64,
}

#[derive(Debug)]
struct Spent {
    known: Arc<Known>,
    amount: i64,
}

/// A row of decided money.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Decided {
    tenant_id: i64,
    slot: i64,
    user: Box<str>,
    project: Box<str>,
    model: Box<str>,
    api_key: Box<str>,
    department: Box<str>,
}

impl Money {
    pub(super) fn clear(&mut self) {
        self.spent.clear();
        self.decided.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.spent.is_empty() && self.decided.is_empty()
    }

    /// Adds to what was spent of a budget in the period that begins then.
    pub(super) fn spend(&mut self, known: &Arc<Known>, start_ms: i64, amount: i64, now_ms: i64) -> Work<()> {
        self.now_ms = self.now_ms.max(now_ms);
        let key = (known.stored.number, start_ms);
        match self.spent.get_mut(&key) {
            Some(spent) => spent.amount = spent.amount.checked_add(amount).ok_or(Fault::Overflow)?,
            None => {
                self.spent.insert(key, Spent { known: known.clone(), amount });
            }
        }
        Ok(())
    }

    /// Adds money that the costs of events do not tell.
    pub(super) fn decide(&mut self, tenant: TenantId, by: &SpentBy<'_>, at_ms: i64, amount: i64) -> Work<()> {
        let text = |value: Option<&str>| Box::from(value.unwrap_or_default());
        let key = Decided {
            tenant_id: tenant.0,
            slot: slot_of(at_ms, QUARTER),
            user: text(by.user),
            project: text(by.project),
            model: text(by.model),
            api_key: text(by.api_key),
            department: text(by.department),
        };
        let sum = self.decided.entry(key).or_default();
        *sum = sum.checked_add(amount).ok_or(Fault::Overflow)?;
        Ok(())
    }

    /// Writes everything, in the order of the tables, and tells of thresholds that were passed.
    pub(super) fn flush(&mut self, connection: &Connection) -> Work<()> {
        let mut spent: Vec<((i64, i64), Spent)> = self.spent.drain().collect();
        spent.sort_unstable_by_key(|(key, _)| *key);
        for ((number, start_ms), Spent { known, amount }) in spent {
            let after: i64 = connection
                .prepare_cached(include_str!("../../sql/budget/spend.sql"))?
                .query_row([number, start_ms, amount], |row| row.get(0))?;
            let range = known.calendar.range(start_ms);
            if amount > 0 && (range.from_ms..range.to_ms).contains(&self.now_ms) {
                budget::crossed(connection, &known.stored, range, (after - amount, after), self.now_ms)?;
            }
        }
        let mut decided: Vec<(Decided, i64)> =
            self.decided.drain().filter(|(_, amount)| *amount != 0).collect();
        decided.sort_unstable();
        for (key, amount) in decided {
            connection.prepare_cached(include_str!("../../sql/decided_money/add.sql"))?.execute(params![
                key.tenant_id,
                key.slot,
                key.user,
                key.project,
                key.model,
                key.api_key,
                key.department,
                amount
            ])?;
        }
        Ok(())
    }
}
