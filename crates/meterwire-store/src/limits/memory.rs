//! What is remembered of counters: the present windows of users who were met lately. Everything here is in the database
//! or in the running transaction; forgetting it costs time and nothing else.

use super::book::Book;
use super::budgets::TenantBudgets;
use super::pending::Pending;
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use hashbrown::HashMap;
use meterwire_app::ports::TenantId;
use meterwire_core::limit::{DEFAULT_TIER, Scope, Span, Standing, Window};
use std::sync::Arc;

/// The most users that are remembered; beyond, all are forgotten and looked up again.
pub(super) const MAX_USERS: usize = 100_000;

/// What was used in one window, and what is held of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    /// Tells the window from others of the metric.
    pub(super) first_day: i32,
    pub(super) used: i128,
    pub(super) held: i128,
}

/// A user: what may be used and what was, each in the order of the book's metrics.
#[derive(Debug)]
pub(super) struct UserMemory {
    pub(super) tier: Arc<str>,
    /// Whether there is such a user yet.
    pub(super) exists: bool,
    pub(super) limits: Vec<Option<i64>>,
    pub(super) counts: Vec<Option<Count>>,
}

/// A tenant.
#[derive(Debug)]
pub(super) struct TenantMemory {
    pub(super) book: Arc<Book>,
    pub(super) users: HashMap<Box<str>, UserMemory>,
    /// What all users together used, for metrics where that is limited.
    pub(super) totals: Vec<Option<Count>>,
    /// Open reservations; `None` where they were not counted since others may have made some.
    pub(super) open_holds: Option<usize>,
    /// Its budgets, from the first time that money is spent.
    pub(super) budgets: Option<TenantBudgets>,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(super) tenants: HashMap<TenantId, TenantMemory>,
    /// About how many users.
    pub(super) users: usize,
}

impl Memory {
    pub(crate) fn clear(&mut self) {
        self.tenants.clear();
        self.users = 0;
    }

    pub(crate) fn forget(&mut self, tenant: TenantId) {
        self.tenants.remove(&tenant);
    }

    /// The tenant, loaded at its first sight.
    pub(super) fn tenant(&mut self, connection: &Connection, tenant: TenantId) -> Work<&mut TenantMemory> {
        if !self.tenants.contains_key(&tenant) {
            let book = Arc::new(Book::load(connection, tenant)?);
            let totals = vec![None; book.metrics.len()];
            let loaded =
                TenantMemory { book, users: HashMap::new(), totals, open_holds: None, budgets: None };
            self.tenants.insert(tenant, loaded);
        }
        self.tenants.get_mut(&tenant).ok_or_else(|| Fault::Damaged("a tenant was forgotten".to_owned()))
    }

    /// The tenant with its budgets loaded. Reservations whose time is over hold until they are expired, which gives them
    /// back; nothing may have settled one before in the same step.
    pub(super) fn tenant_with_budgets(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        now_ms: i64,
    ) -> Work<&mut TenantMemory> {
        self.load_budgets(connection, tenant, now_ms, i64::MIN)
    }

    /// The same where reservations hold that end after `held_at_ms`.
    pub(super) fn load_budgets(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        now_ms: i64,
        held_at_ms: i64,
    ) -> Work<&mut TenantMemory> {
        match &mut self.tenant(connection, tenant)?.budgets {
            Some(budgets) => budgets.load_holds(connection, tenant, held_at_ms)?,
            missing @ None => {
                let loaded = TenantBudgets::load(connection, tenant, now_ms, held_at_ms)?;
                let len = missing.insert(loaded).len();
                // They take room like users.
                self.users += len;
            }
        }
        self.tenant(connection, tenant)
    }

    /// The tenant with this user loaded.
    pub(super) fn tenant_with_user(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        user: &str,
    ) -> Work<&mut TenantMemory> {
        let known = self.tenants.get(&tenant).is_some_and(|tenant| tenant.users.contains_key(user));
        if !known {
            self.users += 1;
            let tenant_id = tenant;
            let tenant = self.tenant(connection, tenant)?;
            let loaded = UserMemory::load(connection, tenant_id, &tenant.book, user)?;
            tenant.users.insert(user.into(), loaded);
        }
        self.tenant(connection, tenant)
    }
}

impl UserMemory {
    pub(super) fn load(connection: &Connection, tenant: TenantId, book: &Book, user: &str) -> Work<Self> {
        let tier: Option<String> = connection
            .prepare_cached(include_str!("../../sql/user/tier.sql"))?
            .query_row(params![tenant.0, user], |row| row.get(0))
            .optional()?;
        let exists = tier.is_some();
        let tier: Arc<str> = tier.as_deref().unwrap_or(DEFAULT_TIER).into();
        let mut limits = book.tier_limits(&tier);
        let mut statement = connection.prepare_cached(include_str!("../../sql/limit/of_user.sql"))?;
        let mut rows = statement.query(params![tenant.0, user])?;
        while let Some(row) = rows.next()? {
            if let Some(place) = book.place_of_id(row.get(0)?) {
                limits[place] = row.get(1)?;
            }
        }
        Ok(Self { tier, exists, limits, counts: vec![None; book.metrics.len()] })
    }
}

/// Where and when: the metric's place in the book, its window, and the instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) place: usize,
    pub(super) span: Span,
    pub(super) now_ms: i64,
}

impl Spot {
    pub(super) fn new(book: &Book, place: usize, now_ms: i64) -> Self {
        let metric = &book.metrics[place];
        Self { place, span: metric.window.span(&metric.calendar, now_ms), now_ms }
    }
}

impl TenantMemory {
    /// How many reservations are open, counted where that is not remembered.
    pub(super) fn open_holds(&mut self, connection: &Connection, tenant: TenantId) -> Work<usize> {
        if let Some(open) = self.open_holds {
            return Ok(open);
        }
        let open = connection
            .prepare_cached(include_str!("../../sql/reservation/count_held.sql"))?
            .query_row([tenant.0], |row| row.get::<_, i64>(0))?;
        Ok(*self.open_holds.insert(usize::try_from(open).unwrap_or(0)))
    }

    /// One reservation more, or less.
    pub(super) fn count_hold(&mut self, made: bool) {
        let count = |open: usize| if made { open + 1 } else { open.saturating_sub(1) };
        self.open_holds = self.open_holds.map(count);
    }

    /// Forgets what was used, and what is held where `holds`.
    pub(super) fn forget_counts(&mut self, holds: bool) {
        for user in self.users.values_mut() {
            user.counts.fill(None);
        }
        self.totals.fill(None);
        if let Some(budgets) = &mut self.budgets {
            budgets.forget_counts(holds);
        }
        if holds {
            self.open_holds = None;
        }
    }

    /// Loads what is missing of the counters of a user and, where the metric is limited for all together, of the tenant.
    /// What waits to be written is written first, since it is read here.
    pub(super) fn load(
        &mut self,
        connection: &Connection,
        pending: &mut Pending,
        tenant: TenantId,
        user: &str,
        spot: Spot,
    ) -> Work<()> {
        let present =
            |count: &Option<Count>| count.is_some_and(|count| count.first_day == spot.span.first_day);
        let metric = &self.book.metrics[spot.place];
        let limited = metric.tenant_limit.is_some();
        let needs_user = self.users.get(user).is_none_or(|user| !present(&user.counts[spot.place]));
        let needs_total = limited && !present(&self.totals[spot.place]);
        if !needs_user && !needs_total {
            return Ok(());
        }
        pending.flush(connection)?;
        if needs_user {
            let count = load_user(connection, tenant, metric.id, metric.window, user, spot)?;
            if let Some(user) = self.users.get_mut(user) {
                user.counts[spot.place] = Some(count);
            }
        }
        if needs_total {
            self.totals[spot.place] = Some(load_total(connection, tenant, metric.id, metric.window, spot)?);
        }
        Ok(())
    }

    /// Where a user stands; `None` where something of it is not remembered.
    pub(super) fn standings(&self, user: &str, spot: Spot) -> Option<(Standing, Option<Standing>)> {
        let metric = &self.book.metrics[spot.place];
        let user = self.users.get(user)?;
        let present = |count: &Option<Count>| count.filter(|count| count.first_day == spot.span.first_day);
        let count = present(&user.counts[spot.place])?;
        let standing = |scope, count: Count, limit| Standing {
            metric: metric.name.clone(),
            window: metric.window,
            scope,
            current: clamp(count.used + count.held),
            held: clamp(count.held),
            limit,
            resets_ms: spot.span.ends_ms,
        };
        let own = standing(Scope::User, count, user.limits[spot.place]);
        let of_tenant = match metric.tenant_limit {
            None => None,
            Some(limit) => Some(standing(Scope::Tenant, present(&self.totals[spot.place])?, Some(limit))),
        };
        Some((own, of_tenant))
    }

    /// Changes what is remembered of one window of a user and of all together, where it is remembered.
    pub(super) fn add(&mut self, user: &str, place: usize, first_day: i32, used: i128, held: i128) {
        let of_user = self.users.get_mut(user).and_then(|user| user.counts[place].as_mut());
        for count in [of_user, self.totals[place].as_mut()].into_iter().flatten() {
            if count.first_day == first_day {
                count.used += used;
                count.held += held;
            }
        }
    }

    /// What is remembered of a user's present window.
    pub(super) fn count(&self, user: &str, spot: Spot) -> Option<Count> {
        let count = self.users.get(user)?.counts[spot.place]?;
        (count.first_day == spot.span.first_day).then_some(count)
    }
}

/// For showing: beyond 64 bits it is the largest number.
pub(super) fn clamp(units: i128) -> i64 {
    i64::try_from(units).unwrap_or(if units < 0 { i64::MIN } else { i64::MAX })
}

pub(super) fn load_user(
    connection: &Connection,
    tenant: TenantId,
    metric_id: i64,
    window: Window,
    user: &str,
    spot: Spot,
) -> Work<Count> {
    let span = spot.span;
    let used = if window == Window::Level {
        present_level(connection, tenant, metric_id, user)?.into()
    } else {
        let mut statement = connection.prepare_cached(include_str!("../../sql/counter/one.sql"))?;
        let mut used = 0_i128;
        // At most 31 look-ups by the whole key; a range of days would meet every user's rows.
        for day in span.first_day..=span.last_day {
            let of_day = params![tenant.0, metric_id, day, user];
            used +=
                i128::from(statement.query_row(of_day, |row| row.get::<_, i64>(0)).optional()?.unwrap_or(0));
        }
        used
    };
    let held: i64 = connection
        .prepare_cached(include_str!("../../sql/reservation/held_of_user.sql"))?
        .query_row(params![tenant.0, metric_id, span.first_day, user, spot.now_ms], |row| row.get(0))?;
    Ok(Count { first_day: span.first_day, used, held: held.into() })
}

/// A user's present level.
pub(super) fn present_level(
    connection: &Connection,
    tenant: TenantId,
    metric_id: i64,
    user: &str,
) -> Work<i64> {
    let level = connection
        .prepare_cached(include_str!("../../sql/level/one.sql"))?
        .query_row(params![tenant.0, metric_id, user], |row| row.get(0))
        .optional()?;
    Ok(level.unwrap_or(0))
}

pub(super) fn load_total(
    connection: &Connection,
    tenant: TenantId,
    metric_id: i64,
    window: Window,
    spot: Spot,
) -> Work<Count> {
    let span = spot.span;
    // Added up here: SQLite's own sum would fail beyond 64 bits.
    let mut used = 0_i128;
    if window == Window::Level {
        let mut statement = connection.prepare_cached(include_str!("../../sql/level/present.sql"))?;
        let mut rows = statement.query(params![tenant.0, metric_id, None::<&str>])?;
        while let Some(row) = rows.next()? {
            used += i128::from(row.get::<_, i64>(2)?);
        }
    } else {
        let mut statement = connection.prepare_cached(include_str!("../../sql/counter/total.sql"))?;
        let mut rows = statement.query(params![tenant.0, metric_id, span.first_day, span.last_day])?;
        while let Some(row) = rows.next()? {
            used += i128::from(row.get::<_, i64>(0)?);
        }
    }
    let mut held = 0_i128;
    let mut statement = connection.prepare_cached(include_str!("../../sql/reservation/held.sql"))?;
    let mut rows = statement.query(params![tenant.0, metric_id, span.first_day, spot.now_ms])?;
    while let Some(row) = rows.next()? {
        held += i128::from(row.get::<_, i64>(0)?);
    }
    Ok(Count { first_day: span.first_day, used, held })
}
