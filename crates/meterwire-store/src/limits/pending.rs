//! Changes of counters in the running transaction, added up until they are written at its end.

use super::idempotency::Answers;
use super::money::Money;
use crate::cluster::statements;
use crate::error::{Fault, Work};
use crate::sql::{Connection, postgres};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use tokio_postgres::types::ToSql;

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
    /// Users that are met for the first time, with when.
    seen: Vec<(i64, Box<str>, i64)>,
    /// Answers to idempotency keys.
    pub(super) answers: Answers,
}

impl Pending {
    pub(super) fn clear(&mut self) {
        self.added.clear();
        self.levels.clear();
        self.money.clear();
        self.seen.clear();
        self.answers.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        let Self { added, levels, money, seen, answers } = self;
        added.is_empty() && levels.is_empty() && money.is_empty() && seen.is_empty() && answers.is_written()
    }

    /// A user that is there from now on.
    pub(super) fn see_user(&mut self, tenant: TenantId, user: &str, now_ms: i64) {
        self.seen.push((tenant.0, user.into(), now_ms));
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
        connection.execute_many(include_str!("../../sql/user/first_seen.sql"), self.seen.drain(..))?;
        match connection {
            Connection::Postgres(rows) => add_at_once(rows, &mut self.added)?,
            Connection::Sqlite(_) => {
                let add = include_str!("../../sql/counter/add.sql");
                connection.execute_many(
                    add,
                    in_order(&mut self.added)
                        .map(|(day, user, amount)| (day.tenant.0, day.metric_id, day.day, user, amount)),
                )?;
            }
        }
        let set = include_str!("../../sql/level/set.sql");
        connection.execute_many(
            set,
            in_order(&mut self.levels)
                .map(|(day, user, level)| (day.tenant.0, day.metric_id, user, day.day, level)),
        )?;
        self.money.flush(connection)?;
        self.answers.flush(connection)
    }
}

/// Adds to counters in one statement.
fn add_at_once(
    rows: &postgres::Connection,
    added: &mut HashMap<MetricDay, HashMap<Box<str>, i64>>,
) -> Work<()> {
    let (mut tenants, mut metrics, mut days) = (Vec::new(), Vec::new(), Vec::new());
    let (mut users, mut amounts) = (Vec::new(), Vec::new());
    for (day, user, amount) in in_order(added) {
        tenants.push(day.tenant.0);
        metrics.push(day.metric_id);
        days.push(i64::from(day.day));
        users.push(user);
        amounts.push(amount);
    }
    if users.is_empty() {
        return Ok(());
    }
    let add = rows.prepared(statements::ADD_COUNTERS)?;
    let values: [&(dyn ToSql + Sync); 5] = [&tenants, &metrics, &days, &users, &amounts];
    rows.wait_for(rows.client().execute(&add, &values))?;
    Ok(())
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
