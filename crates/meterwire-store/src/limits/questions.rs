//! Questions about usage and limits: where somebody stands, who used most, who is near a limit, how much a day.
//!
//! What is shown is what counts: a reset takes usage out of every answer here. Usage without a user is a part of the
//! sums of a day and of nothing else.

use super::book::{Book, BookMetric};
use super::memory::{Spot, UserMemory, clamp, load_total, load_user};
use crate::catalog::read;
use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{DayUsage, NearLimit, StoreError, TenantId, User, UserDay, UserStanding};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{DEFAULT_TIER, MetricName, Scope, Standing, Window};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The most days of one history.
const MAX_DAYS: i32 = 400;

/// Where a user stands on every metric, used or not.
pub(crate) fn standing(
    connection: &Connection,
    tenant: TenantId,
    user: &str,
    now_ms: i64,
) -> Work<UserStanding> {
    let book = Book::load(connection, tenant)?;
    let of_user = UserMemory::load(connection, tenant, &book, user)?;
    let mut standings = Vec::with_capacity(book.metrics.len());
    for (place, metric) in book.metrics.iter().enumerate() {
        let spot = Spot::new(&book, place, now_ms);
        let count = load_user(connection, tenant, metric.id, metric.window, user, spot)?;
        standings.push(Standing {
            metric: metric.name.clone(),
            window: metric.window,
            scope: Scope::User,
            current: clamp(count.used + count.held),
            held: clamp(count.held),
            limit: of_user.limits[place],
            resets_ms: spot.span.ends_ms,
        });
    }
    Ok(UserStanding { tier: of_user.tier.to_string(), standings })
}

/// Where all users together stand on each metric that the tenant limits.
pub(crate) fn tenant_standings(
    connection: &Connection,
    tenant: TenantId,
    now_ms: i64,
) -> Work<Vec<Standing>> {
    let book = Book::load(connection, tenant)?;
    let mut standings = Vec::new();
    for (place, metric) in book.metrics.iter().enumerate() {
        if metric.tenant_limit.is_none() {
            continue;
        }
        let spot = Spot::new(&book, place, now_ms);
        let count = load_total(connection, tenant, metric.id, metric.window, spot)?;
        standings.push(Standing {
            metric: metric.name.clone(),
            window: metric.window,
            scope: Scope::Tenant,
            current: clamp(count.used + count.held),
            held: clamp(count.held),
            limit: metric.tenant_limit,
            resets_ms: spot.span.ends_ms,
        });
    }
    Ok(standings)
}

/// The users who used most of a metric on a day, largest first, then by id; of a level, who had most at its end.
pub(crate) fn top_users(
    connection: &Connection,
    tenant: TenantId,
    metric: &MetricName,
    day: i32,
    limit: usize,
) -> Work<Vec<UserDay>> {
    let book = Book::load(connection, tenant)?;
    let metric = &book.metrics[book.require(metric).map_err(StoreError::from)?];
    let sql = match metric.window {
        Window::Level => include_str!("../../sql/limit/top_users_by_level.sql"),
        _ => include_str!("../../sql/limit/top_users.sql"),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map(params![tenant.0, metric.id, day, limit], |row| row.get(0))?;
    let mut users = Vec::new();
    for id in ids {
        let user = known_or_default(connection, tenant, id?)?;
        let amounts = amounts_of_day(connection, tenant, &user.id, day)?;
        users.push(UserDay { user, amounts });
    }
    Ok(users)
}

fn amounts_of_day(
    connection: &Connection,
    tenant: TenantId,
    user: &str,
    day: i32,
) -> Work<BTreeMap<MetricName, Amount>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/limit/user_day.sql"))?;
    let mut rows = statement.query(params![tenant.0, user, day])?;
    let mut amounts = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (name, amount): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        if let Some(amount) = amount.filter(|amount| *amount != 0) {
            let damaged = |invalid: Invalid| Fault::Damaged(format!("metric {name}: {invalid}"));
            amounts.insert(MetricName::parse("name", &name).map_err(damaged)?, Amount(amount));
        }
    }
    Ok(amounts)
}

/// A user as the catalogue knows it. Counters outlive their user; who is seen again begins with these values.
fn known_or_default(connection: &Connection, tenant: TenantId, id: String) -> Work<User> {
    let sql = include_str!("../../sql/user/one.sql");
    let known = read::one(connection, sql, params![tenant.0, id], read::user)?;
    let tier = DEFAULT_TIER.to_owned();
    Ok(known.unwrap_or_else(|| User { username: id.clone(), id, tier, created_ms: 0 }))
}

/// Users above this part of a limit of theirs, most first. Usage is read in the order of users and only the best are kept.
pub(crate) fn near_limits(
    connection: &Connection,
    tenant: TenantId,
    threshold_ppm: u32,
    limit: usize,
    now_ms: i64,
) -> Work<Vec<NearLimit>> {
    let book = Book::load(connection, tenant)?;
    let mut best = Best { items: Vec::new(), limit };
    for (place, metric) in book.metrics.iter().enumerate() {
        let is_limited: bool = connection
            .prepare_cached(include_str!("../../sql/limit/is_limited.sql"))?
            .query_row([metric.id], |row| row.get(0))?;
        if !is_limited {
            continue;
        }
        let spot = Spot::new(&book, place, now_ms);
        each_user(connection, tenant, metric, spot, |id, used, held| {
            let user = known_or_default(connection, tenant, id)?;
            let Some(allowed) = limit_of(connection, tenant, &book, spot, &user)? else { return Ok(()) };
            if (used + held).saturating_mul(1_000_000) <= i128::from(threshold_ppm) * i128::from(allowed) {
                return Ok(());
            }
            let standing = Standing {
                metric: metric.name.clone(),
                window: metric.window,
                scope: Scope::User,
                current: clamp(used + held),
                held: clamp(held),
                limit: Some(allowed),
                resets_ms: spot.span.ends_ms,
            };
            best.add(NearLimit { user, standing });
            Ok(())
        })?;
    }
    Ok(best.into_sorted())
}

/// A user's limit: the override where there is one, else that of the tier.
fn limit_of(
    connection: &Connection,
    tenant: TenantId,
    book: &Book,
    spot: Spot,
    user: &User,
) -> Work<Option<i64>> {
    let own: Option<Option<i64>> = connection
        .prepare_cached(include_str!("../../sql/limit/override.sql"))?
        .query_row(params![tenant.0, user.id, book.metrics[spot.place].id], |row| row.get(0))
        .optional()?;
    Ok(own.unwrap_or_else(|| book.tier_limits(&user.tier)[spot.place]))
}

/// Calls `visit` with each user who used or holds something in a window: the id, what was used, what is held.
fn each_user(
    connection: &Connection,
    tenant: TenantId,
    metric: &BookMetric,
    spot: Spot,
    mut visit: impl FnMut(String, i128, i128) -> Work<()>,
) -> Work<()> {
    let (first_day, last_day) = (spot.span.first_day, spot.span.last_day);
    let mut statement;
    let mut rows = if metric.window == Window::Level {
        statement = connection.prepare_cached(include_str!("../../sql/limit/level_by_user.sql"))?;
        statement.query(params![tenant.0, metric.id, spot.now_ms])?
    } else {
        statement = connection.prepare_cached(include_str!("../../sql/limit/window_by_user.sql"))?;
        statement.query(params![tenant.0, metric.id, first_day, last_day, spot.now_ms])?
    };
    let mut present: Option<(String, i128, i128)> = None;
    while let Some(row) = rows.next()? {
        let (used, held): (i64, i64) = (row.get(1)?, row.get(2)?);
        let id = row.text(0)?;
        match &mut present {
            Some((user, sum, holds)) if user == id => {
                *sum += i128::from(used);
                *holds += i128::from(held);
            }
            _ => {
                let next = (id.to_owned(), used.into(), held.into());
                if let Some((user, used, held)) = present.replace(next) {
                    visit(user, used, held)?;
                }
            }
        }
    }
    match present {
        Some((user, used, held)) => visit(user, used, held),
        None => Ok(()),
    }
}

/// The users that are nearest to a limit so far.
struct Best {
    items: Vec<NearLimit>,
    limit: usize,
}

impl Best {
    fn add(&mut self, item: NearLimit) {
        self.items.push(item);
        if self.items.len() >= self.limit.saturating_mul(2).max(1_000) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.items.sort_by(nearest_first);
        self.items.truncate(self.limit);
    }

    fn into_sorted(mut self) -> Vec<NearLimit> {
        self.cut();
        self.items
    }
}

/// By the part of the limit that is used, then by user and metric.
fn nearest_first(a: &NearLimit, b: &NearLimit) -> Ordering {
    // A limit of nothing that was passed counts as used up.
    let part = |near: &NearLimit| match near.standing.limit {
        Some(limit) if limit > 0 => (i128::from(near.standing.current), i128::from(limit)),
        _ => (1, 1),
    };
    let ((current_a, limit_a), (current_b, limit_b)) = (part(a), part(b));
    let more = (current_b * limit_a).cmp(&(current_a * limit_b));
    more.then_with(|| (&a.user.id, &a.standing.metric).cmp(&(&b.user.id, &b.standing.metric)))
}

/// The usage of each day, newest first. A level counts as it was at the end of the day, on every day that it lasted.
pub(crate) fn history(
    connection: &Connection,
    tenant: TenantId,
    from_day: i32,
    to_day: i32,
) -> Work<Vec<DayUsage>> {
    if to_day.saturating_sub(from_day) >= MAX_DAYS {
        return Err(StoreError::TooWide(format!("a history may be at most {MAX_DAYS} days long")).into());
    }
    let book = Book::load(connection, tenant)?;
    let mut days = BTreeMap::new();
    for day in from_day..=to_day {
        let active_users = connection
            .prepare_cached(include_str!("../../sql/limit/active_users.sql"))?
            .query_row(params![tenant.0, day], |row| row.get(0))?;
        days.insert(day, DayUsage { day, active_users, totals: BTreeMap::new() });
    }
    for metric in &book.metrics {
        let sums = match metric.window {
            Window::Level => sums_of_level(connection, tenant, metric.id, from_day, to_day)?,
            _ => sums_of_days(connection, tenant, metric.id, from_day, to_day)?,
        };
        for (day, sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
            if let Some(usage) = days.get_mut(&day) {
                usage.totals.insert(metric.name.clone(), Amount(clamp(sum)));
            }
        }
    }
    let used = |usage: &DayUsage| usage.active_users > 0 || !usage.totals.is_empty();
    Ok(days.into_values().rev().filter(used).collect())
}

fn sums_of_days(
    connection: &Connection,
    tenant: TenantId,
    metric_id: i64,
    from_day: i32,
    to_day: i32,
) -> Work<Vec<(i32, i128)>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/limit/days.sql"))?;
    let rows = statement.query_map(params![tenant.0, metric_id, from_day, to_day], |row| {
        let (high, low): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, (i128::from(high) << 32) + i128::from(low)))
    })?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

/// The sum of all users' levels at the end of each day.
fn sums_of_level(
    connection: &Connection,
    tenant: TenantId,
    metric_id: i64,
    from_day: i32,
    to_day: i32,
) -> Work<Vec<(i32, i128)>> {
    let mut changes: BTreeMap<i32, i128> = BTreeMap::new();
    let mut statement = connection.prepare_cached(include_str!("../../sql/limit/level_days.sql"))?;
    let mut rows = statement.query(params![tenant.0, metric_id, from_day, to_day])?;
    let mut before: Option<(String, i64)> = None;
    while let Some(row) = rows.next()? {
        let (user, day, used): (String, i32, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let level_before = before.filter(|(last, _)| *last == user).map_or(0, |(_, used)| used);
        *changes.entry(day.max(from_day)).or_default() += i128::from(used) - i128::from(level_before);
        before = Some((user, used));
    }
    let mut sum = 0;
    let mut sums = Vec::new();
    for day in from_day..=to_day {
        sum += changes.get(&day).copied().unwrap_or(0);
        sums.push((day, sum));
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use crate::sqlite::connection;
    use crate::sqlite::migrate;

    const STATEMENTS: [(&str, &str); 31] = [
        ("limit/top_users", include_str!("../../sql/limit/top_users.sql")),
        ("limit/top_users_by_level", include_str!("../../sql/limit/top_users_by_level.sql")),
        ("limit/user_day", include_str!("../../sql/limit/user_day.sql")),
        ("limit/window_by_user", include_str!("../../sql/limit/window_by_user.sql")),
        ("limit/level_by_user", include_str!("../../sql/limit/level_by_user.sql")),
        ("limit/is_limited", include_str!("../../sql/limit/is_limited.sql")),
        ("limit/override", include_str!("../../sql/limit/override.sql")),
        ("limit/days", include_str!("../../sql/limit/days.sql")),
        ("limit/level_days", include_str!("../../sql/limit/level_days.sql")),
        ("limit/active_users", include_str!("../../sql/limit/active_users.sql")),
        ("limit/of_user", include_str!("../../sql/limit/of_user.sql")),
        ("limit/tier_of", include_str!("../../sql/limit/tier_of.sql")),
        ("limit/user_list", include_str!("../../sql/limit/user_list.sql")),
        ("limit/tenant_list", include_str!("../../sql/limit/tenant_list.sql")),
        ("metric/list", include_str!("../../sql/metric/list.sql")),
        ("metric/one", include_str!("../../sql/metric/one.sql")),
        ("metric/is_used", include_str!("../../sql/metric/is_used.sql")),
        ("metric/is_held", include_str!("../../sql/metric/is_held.sql")),
        ("tier/list", include_str!("../../sql/tier/list.sql")),
        ("tier/one", include_str!("../../sql/tier/one.sql")),
        ("tier/has_users", include_str!("../../sql/tier/has_users.sql")),
        ("counter/one", include_str!("../../sql/counter/one.sql")),
        ("counter/total", include_str!("../../sql/counter/total.sql")),
        ("level/one", include_str!("../../sql/level/one.sql")),
        ("level/present", include_str!("../../sql/level/present.sql")),
        ("reservation/held", include_str!("../../sql/reservation/held.sql")),
        ("reservation/held_of_user", include_str!("../../sql/reservation/held_of_user.sql")),
        ("reservation/next_expiry", include_str!("../../sql/reservation/next_expiry.sql")),
        ("reservation/over", include_str!("../../sql/reservation/over.sql")),
        ("reservation/of_event", include_str!("../../sql/reservation/of_event.sql")),
        ("reservation/money_of_event", include_str!("../../sql/reservation/money_of_event.sql")),
    ];

    #[test]
    fn no_statement_reads_a_whole_table() {
        let dir = tempfile::tempdir().unwrap();
        let connection = connection::writer(&dir.path().join("meterwire.db")).unwrap();
        migrate::up(&connection).unwrap();
        let tables =
            ["counter", "level", "reservation", "user", "user_limit", "tier", "tier_limit", "metric"];
        for (name, sql) in STATEMENTS {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = statement.raw_query().mapped(|row| row.get(3));
            let steps: Vec<String> = steps.collect::<rusqlite::Result<_>>().unwrap();
            println!("{name}: {steps:#?}");
            let whole = |step: &&String| tables.iter().any(|table| **step == format!("SCAN {table}"));
            assert_eq!(steps.iter().find(whole), None, "{name}: {steps:#?}");
        }
    }
}
