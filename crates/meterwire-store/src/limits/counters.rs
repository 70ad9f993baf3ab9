//! The writer's counters: what is remembered, what waits to be written, and how events change them.

use super::book::Book;
use super::budgets::Spending;
use super::memory::{MAX_USERS, Memory, Spot, TenantMemory, present_level};
use super::over::find_over;
use super::pending::{MetricDay, Pending};
use super::whose::find_settled_money;
use crate::budget::SpentBy;
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::TenantId;
use meterwire_core::amount::Amount;
use meterwire_core::event::Event;
use meterwire_core::limit::{Calendar, Counted, Counts, MetricName, Window};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the writer shares with those who only look.
#[derive(Debug)]
pub(crate) struct Shared {
    memory: Mutex<Memory>,
    /// No reservation is over before this, Unix milliseconds.
    next_expiry_ms: AtomicI64,
    /// When what is old is to be forgotten next, Unix milliseconds.
    next_forget_ms: AtomicI64,
}

/// So often what is old is forgotten.
const FORGET_EVERY_MS: i64 = 3_600_000;

impl Default for Shared {
    fn default() -> Self {
        let (next_expiry_ms, next_forget_ms) = (AtomicI64::new(i64::MIN), AtomicI64::new(i64::MIN));
        Self { memory: Mutex::default(), next_expiry_ms, next_forget_ms }
    }
}

impl Shared {
    // A panic while the lock is held leaves at worst a counter that is too high until it is forgotten.
    pub(super) fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a reservation may be over.
    pub(super) fn may_expire(&self, now_ms: i64) -> bool {
        now_ms >= self.next_expiry_ms.load(Ordering::Acquire)
    }

    /// Whether there may be something to sweep up.
    pub(crate) fn may_sweep(&self, now_ms: i64) -> bool {
        self.may_expire(now_ms) || now_ms >= self.next_forget_ms.load(Ordering::Acquire)
    }

    /// Whether it is time to forget what is old; puts the next time off.
    pub(crate) fn take_forget_turn(&self, now_ms: i64) -> bool {
        let due = now_ms >= self.next_forget_ms.load(Ordering::Acquire);
        if due {
            self.next_forget_ms.store(now_ms + FORGET_EVERY_MS, Ordering::Release);
        }
        due
    }
}

/// The counters as the writer works with them.
#[derive(Default)]
pub(crate) struct Counters {
    /// Whose they are; `None` for all tenants', in the embedded store.
    of: Option<TenantId>,
    pub(super) shared: Arc<Shared>,
    pub(super) pending: Pending,
    /// A reservation was made or ended in the running transaction.
    holds_changed: bool,
}

/// What of an event is counted, and when.
pub(crate) struct CountedEvent<'a> {
    pub(crate) user: &'a str,
    /// By what budgets find it.
    pub(crate) by: SpentBy<'a>,
    pub(crate) time_ms: i64,
    pub(crate) received_ms: i64,
    pub(crate) metrics: &'a BTreeMap<String, Amount>,
    pub(crate) counted: Counted,
}

impl Counters {
    /// The counters of one tenant: only its reservations are looked at.
    pub(crate) fn of_tenant(tenant: TenantId) -> Self {
        Self { of: Some(tenant), ..Self::default() }
    }

    pub(crate) fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// Forgets everything: after a rollback, or where another program changed the database.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
        self.holds_changed = false;
        self.shared.lock().clear();
        self.shared.next_expiry_ms.store(i64::MIN, Ordering::Release);
    }

    /// Forgets what somebody else may have counted, and what is held where `holds`; the catalogue is what it was.
    pub(crate) fn forget_counts(&mut self, holds: bool) {
        self.pending.clear();
        let mut memory = self.shared.lock();
        for tenant in memory.tenants.values_mut() {
            tenant.forget_counts(holds);
        }
        if holds {
            self.shared.next_expiry_ms.store(i64::MIN, Ordering::Release);
        }
    }

    /// Forgets the answers that were looked up, before somebody changes them. None may wait to be written.
    pub(crate) fn forget_answers(&mut self) {
        self.pending.answers.clear();
    }

    /// Whether a reservation was made or ended since this was asked last.
    pub(crate) fn take_holds_changed(&mut self) -> bool {
        std::mem::take(&mut self.holds_changed)
    }

    /// Notes that a reservation was made or ended.
    pub(super) fn holds_changed(&mut self) {
        self.holds_changed = true;
    }

    pub(crate) fn forget_user(&mut self, tenant: TenantId, user: &str) {
        if let Some(tenant) = self.shared.lock().tenants.get_mut(&tenant) {
            tenant.users.remove(user);
        }
    }

    pub(crate) fn forget_budgets(&mut self, tenant: TenantId) {
        let mut memory = self.shared.lock();
        let forgotten = memory.tenants.get_mut(&tenant).and_then(|tenant| tenant.budgets.take());
        memory.users = memory.users.saturating_sub(forgotten.map_or(0, |budgets| budgets.len()));
    }

    pub(crate) fn forget_all_budgets(&mut self) {
        self.shared.lock().tenants.values_mut().for_each(|tenant| tenant.budgets = None);
    }

    pub(crate) fn forget(&mut self, tenant: TenantId) {
        self.shared.lock().forget(tenant);
    }

    /// Forgets what is too much to remember. Only between transactions.
    pub(crate) fn shrink(&mut self) {
        let mut memory = self.shared.lock();
        if memory.users > MAX_USERS {
            memory.clear();
        }
    }

    /// Writes what waits; before a savepoint too, so that nothing of it is undone with that.
    pub(crate) fn flush(&mut self, connection: &Connection) -> Work<()> {
        self.pending.flush(connection)
    }

    /// Gives back what reservations held whose time is over. Every decision does so before it decides.
    pub(super) fn expire(&mut self, connection: &Connection, now_ms: i64) -> Work<usize> {
        let mut expired = 0;
        while self.shared.may_expire(now_ms) {
            let over = find_over(connection, self.of, now_ms)?;
            self.holds_changed |= !over.is_empty();
            let mut memory = self.shared.lock();
            for hold in &over {
                connection
                    .prepare_cached(include_str!("../../sql/reservation/expire.sql"))?
                    .execute(params![hold.tenant.0, hold.id])?;
                if let Some(tenant) = memory.tenants.get_mut(&hold.tenant) {
                    tenant.count_hold(false);
                    if let Some(place) = hold.metric_id.and_then(|id| tenant.book.place_of_id(id)) {
                        tenant.add(&hold.whose.user, place, hold.first_day, 0, -i128::from(hold.amount));
                    }
                    if hold.is_money
                        && let Some(budgets) = &mut tenant.budgets
                    {
                        budgets.hold(&hold.whose.by(), hold.created_ms, -i128::from(hold.amount));
                    }
                }
            }
            drop(memory);
            expired += over.len();
            self.find_next_expiry(connection)?;
        }
        Ok(expired)
    }

    fn find_next_expiry(&self, connection: &Connection) -> Work<()> {
        let next: Option<i64> = match self.of {
            None => connection
                .prepare_cached(include_str!("../../sql/reservation/next_expiry.sql"))?
                .query_row([], |row| row.get(0))?,
            Some(tenant) => connection
                .prepare_cached(include_str!("../../sql/reservation/next_expiry_of_tenant.sql"))?
                .query_row([tenant.0], |row| row.get(0))?,
        };
        self.shared.next_expiry_ms.store(next.unwrap_or(i64::MAX), Ordering::Release);
        Ok(())
    }

    /// A reservation is over then.
    pub(super) fn will_expire(&mut self, expires_ms: i64) {
        self.holds_changed = true;
        self.shared.next_expiry_ms.fetch_min(expires_ms, Ordering::AcqRel);
    }

    /// Adds to a user's usage: at this instant, or at a day that was pinned before.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        tenant: &mut TenantMemory,
        of: TenantId,
        user: &str,
        spot: Spot,
        units: i64,
    ) -> Work<()> {
        let book = tenant.book.clone();
        let metric = &book.metrics[spot.place];
        let day = MetricDay { tenant: of, metric_id: metric.id, day: spot.span.day };
        if metric.window == Window::Level {
            return self.add_to_level(connection, tenant, of, user, spot, units);
        }
        self.pending.add(day, user, units)?;
        tenant.add(user, spot.place, spot.span.first_day, units.into(), 0);
        Ok(())
    }

    /// A level is kept as it is, not as what was added; it never goes below nothing.
    fn add_to_level(
        &mut self,
        connection: &Connection,
        tenant: &mut TenantMemory,
        of: TenantId,
        user: &str,
        spot: Spot,
        units: i64,
    ) -> Work<()> {
        let metric_id = tenant.book.metrics[spot.place].id;
        let before = if let Some(count) = tenant.count(user, spot) {
            i64::try_from(count.used).map_err(|_| Fault::Overflow)?
        } else {
            self.pending.flush(connection)?;
            present_level(connection, of, metric_id, user)?
        };
        let after = before.checked_add(units).ok_or(Fault::Overflow)?.max(0);
        let day = MetricDay { tenant: of, metric_id, day: spot.span.day };
        self.pending.set_level(day, user, after);
        tenant.add(user, spot.place, 0, i128::from(after) - i128::from(before), 0);
        Ok(())
    }

    /// Counts an event that was just recorded. `settled` is a metric that counts it by a reservation instead.
    pub(crate) fn count_event(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        event: &CountedEvent<'_>,
        settled: Option<&MetricName>,
    ) -> Work<()> {
        let shared = self.shared.clone();
        let mut memory = shared.lock();
        let memory = memory.tenant_with_budgets(connection, tenant, event.received_ms)?;
        let book = memory.book.clone();
        for (place, metric) in book.metrics.iter().enumerate() {
            if settled == Some(&metric.name) {
                continue;
            }
            let units = amount_of(metric.counts, &metric.name, event);
            if units != 0 {
                let spot = event_spot(&book, place, event);
                self.add(connection, memory, tenant, event.user, spot, units)?;
            }
        }
        let is_settled = settled.is_some_and(MetricName::is_cost);
        self.spend_event(connection, memory, tenant, event, is_settled, 1)
    }

    /// Takes back what an event had counted when it was recorded as `seq`.
    pub(crate) fn uncount_event(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        event: &CountedEvent<'_>,
        seq: i64,
    ) -> Work<()> {
        let shared = self.shared.clone();
        let mut memory = shared.lock();
        let memory = memory.tenant_with_budgets(connection, tenant, event.received_ms)?;
        let book = memory.book.clone();
        let by_reservation = find_settled_money(connection, tenant, seq)?;
        let is_settled = by_reservation.is_some();
        self.spend_event(connection, memory, tenant, event, is_settled, -1)?;
        if let Some(money) = by_reservation {
            let spending = Spending {
                by: SpentBy::of_settled(money.by(), &event.by),
                at_ms: money.created_ms,
                amount: -money.committed,
                now_ms: event.received_ms,
            };
            self.spend_decided(connection, memory, tenant, &spending)?;
        }
        // A metric that had counted it by a reservation counted it on that reservation's day.
        let settled: Option<(i64, i32, i64)> = connection
            .prepare_cached(include_str!("../../sql/reservation/of_event.sql"))?
            .query_row([tenant.0, seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let mut changes = Vec::new();
        for (place, metric) in book.metrics.iter().enumerate() {
            let rule: Option<(String, String)> = connection
                .prepare_cached(include_str!("../../sql/metric/counts_at.sql"))?
                .query_row(params![metric.id, seq], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((counts, timezone)) = rule else { continue };
            let Ok(counts) = Counts::parse(&counts) else { continue };
            let mut spot = event_spot(&book, place, event);
            if metric.window != Window::Level {
                // The day on which it was counted; the zone may be another one by now.
                spot.span = metric.window.span(&Calendar::of_zone(&timezone), event.time_ms);
            }
            let units = match settled {
                Some((id, day, committed)) if id == metric.id => {
                    spot = pinned_spot(spot, day);
                    committed
                }
                _ => amount_of(counts, &metric.name, event),
            };
            if units != 0 {
                changes.push((spot, units));
            }
        }
        for (spot, units) in changes {
            self.add(connection, memory, tenant, event.user, spot, -units)?;
        }
        // A pinned day may lie in another window than the one that is remembered.
        memory.users.remove(event.user);
        memory.totals.fill(None);
        Ok(())
    }
}

impl<'a> CountedEvent<'a> {
    pub(crate) fn of_event(event: &'a Event) -> Self {
        let by = SpentBy::of_event(event);
        Self {
            user: by.user.unwrap_or_default(),
            by,
            time_ms: event.time_ms,
            received_ms: event.received_ms,
            metrics: &event.metrics,
            counted: Counted { named: None, tokens: event.tokens.total(), cost: event.rating.cost() },
        }
    }
}

/// What an event adds to a metric.
pub(super) fn amount_of(counts: Counts, name: &MetricName, event: &CountedEvent<'_>) -> i64 {
    let named = event.metrics.get(name.as_str()).copied();
    counts.amount_of(name, Counted { named, ..event.counted }).0
}

/// An event counts in the window of its own time, into a level when it is recorded.
pub(super) fn event_spot(book: &Book, place: usize, event: &CountedEvent<'_>) -> Spot {
    let level = book.metrics[place].window == Window::Level;
    Spot::new(book, place, if level { event.received_ms } else { event.time_ms })
}

/// The same metric on a day that was pinned before.
pub(super) fn pinned_spot(spot: Spot, day: i32) -> Spot {
    let mut pinned = spot;
    pinned.span.day = day;
    pinned
}
