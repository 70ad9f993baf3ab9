//! Changes of counters in the running transaction, added up until they are written at its end.

use super::money::Money;
use crate::error::{Fault, Work};
use crate::sql::Connection;
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;

/// A metric of a tenant on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MetricDay {
    pub(super) tenant: TenantId,
    pub(super) metric_id: i64,
    pub(super) day: i32,
}

/// What is to be added to counters, and the levels that are to be set.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    added: HashMap<MetricDay, HashMap<Box<str>, i64>>,
    levels: HashMap<MetricDay, HashMap<Box<str>, i64>>,
    pub(super) money: Money,
}

impl Pending {
    pub(super) fn clear(&mut self) {
        self.added.clear();
        self.levels.clear();
        self.money.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.levels.is_empty() && self.money.is_empty()
    }

    /// Adds to what was used on a day.
    pub(super) fn add(&mut self, day: MetricDay, user: &str, amount: i64) -> Work<()> {
        let users = self.added.entry(day).or_default();
        match users.get_mut(user) {
            Some(sum) => *sum = sum.checked_add(amount).ok_or(Fault::Overflow)?,
            None => {
                users.insert(user.into(), amount);
            }
        }
        Ok(())
    }

    /// Sets the level at the end of a day.
    pub(super) fn set_level(&mut self, day: MetricDay, user: &str, level: i64) {
        self.levels.entry(day).or_default().insert(user.into(), level);
    }

    /// Writes everything.
    pub(super) fn flush(&mut self, connection: &Connection) -> Work<()> {
        if self.is_empty() {
            return Ok(());
        }
        let add = include_str!("../../sql/counter/add.sql");
        connection.execute_many(
            add,
            in_order(&mut self.added)
                .map(|(day, user, amount)| (day.tenant.0, day.metric_id, day.day, user, amount)),
        )?;
        let set = include_str!("../../sql/level/set.sql");
        connection.execute_many(
            set,
            in_order(&mut self.levels)
                .map(|(day, user, level)| (day.tenant.0, day.metric_id, user, day.day, level)),
        )?;
        self.money.flush(connection)
    }
}

/// Takes changes in the order of the table, so that neighbours on a page are written together; keeps the room for the next
/// time.
fn in_order(
    changes: &mut HashMap<MetricDay, HashMap<Box<str>, i64>>,
) -> impl Iterator<Item = (MetricDay, Box<str>, i64)> {
    changes.drain().flat_map(|(day, users)| {
        let mut users: Vec<(Box<str>, i64)> = users.into_iter().collect();
        users.sort_unstable();
        users.into_iter().map(move |(user, amount)| (day, user, amount))
    })
}
