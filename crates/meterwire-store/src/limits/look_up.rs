//! What many commands of one transaction need of limits and budgets, loaded at once: a statement for all users, one for
//! their limits, two a metric, one for hard budgets and one for keys, where each user would cost dozens. Only the cluster
//! store needs it, whose statements travel.

use super::Counters;
use super::book::Book;
use super::memory::{Count, Spot, TenantMemory, UserMemory};
use crate::cluster::statements;
use crate::error::{Fault, Work};
use crate::session::Wanted;
use crate::sql::{Connection, postgres};
use hashbrown::{HashMap, HashSet};
use meterwire_app::ports::TenantId;
use meterwire_core::limit::{Counts, DEFAULT_TIER, Window};
use std::sync::Arc;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

impl Counters {
    /// Loads what is not remembered of what these commands are going to ask for. Nothing may wait to be written. A metric
    /// that is not there is passed over: who asks for it is told so.
    pub(crate) fn look_up(
        &mut self,
        connection: &Connection<'_>,
        tenant: TenantId,
        wanted: &Wanted<'_>,
    ) -> Work<()> {
        let rows = connection.postgres()?;
        self.pending.answers.look_up(rows, tenant, &wanted.keys, wanted.now_ms)?;
        if wanted.spends.is_empty() || !self.pending.is_empty() {
            return Ok(());
        }
        let shared = self.shared.clone();
        let mut memory = shared.lock();
        let of = memory.tenant_with_budgets(connection, tenant, wanted.now_ms)?;
        if let Some(budgets) = &mut of.budgets {
            budgets.look_up(rows, &wanted.spends, wanted.now_ms)?;
        }
        let book = of.book.clone();
        let metrics: HashSet<&str> = wanted.counters.iter().map(|(_, metric)| *metric).collect();
        let mut loaded = 0;
        for (place, metric) in book.metrics.iter().enumerate() {
            // An event only adds to what was used on a day, but a level has to be known.
            let by_events = metric.window == Window::Level && metric.counts != Counts::Decisions;
            let decided = metrics.contains(metric.name.as_str());
            if !by_events && !decided {
                continue;
            }
            let spot = Spot::new(&book, place, wanted.now_ms);
            let mut users: HashSet<&str> = HashSet::new();
            if decided {
                let of_metric = wanted.counters.iter().filter(|(_, of)| *of == metric.name.as_str());
                users.extend(of_metric.map(|(user, _)| *user));
            }
            if by_events {
                users.extend(&wanted.recorded);
            }
            let users: Vec<&str> = users.into_iter().filter(|user| of.count(user, spot).is_none()).collect();
            let unknown: Vec<&str> =
                users.iter().copied().filter(|user| !of.users.contains_key(*user)).collect();
            if !unknown.is_empty() {
                load_users(rows, tenant, of, &unknown)?;
                loaded += unknown.len();
            }
            if !users.is_empty() {
                load_counts(rows, tenant, of, spot, &users)?;
            }
        }
        memory.users += loaded;
        Ok(())
    }
}

/// Loads tiers and limits of users.
fn load_users(
    rows: &postgres::Connection,
    tenant: TenantId,
    of: &mut TenantMemory,
    users: &[&str],
) -> Work<()> {
    let users = users.to_vec();
    let mut tiers: HashMap<String, String> = HashMap::new();
    for row in query(rows, statements::TIERS, &[&tenant.0, &users])? {
        tiers.insert(row.try_get(0).map_err(damaged)?, row.try_get(1).map_err(damaged)?);
    }
    let book: Arc<Book> = of.book.clone();
    for user in &users {
        let tier = tiers.get(*user);
        let exists = tier.is_some();
        let tier: Arc<str> = tier.map_or(DEFAULT_TIER, String::as_str).into();
        let (limits, counts) = (book.tier_limits(&tier), vec![None; book.metrics.len()]);
        of.users.insert((*user).into(), UserMemory { tier, exists, limits, counts });
    }
    for row in query(rows, statements::LIMITS, &[&tenant.0, &users])? {
        let user: &str = row.try_get(0).map_err(damaged)?;
        let place = book.place_of_id(row.try_get(1).map_err(damaged)?);
        let limits = of.users.get_mut(user).map(|user| &mut user.limits);
        if let Some(limit) = limits.zip(place).and_then(|(limits, place)| limits.get_mut(place)) {
            *limit = row.try_get(2).map_err(damaged)?;
        }
    }
    Ok(())
}

/// Loads what users have used and hold of a metric in its present window.
fn load_counts(
    rows: &postgres::Connection,
    tenant: TenantId,
    of: &mut TenantMemory,
    spot: Spot,
    users: &[&str],
) -> Work<()> {
    let metric = &of.book.metrics[spot.place];
    let (id, window) = (metric.id, metric.window);
    let (first_day, last_day) = (i64::from(spot.span.first_day), i64::from(spot.span.last_day));
    let users = users.to_vec();
    let used = if window == Window::Level {
        query(rows, statements::LEVELS, &[&tenant.0, &id, &users])?
    } else {
        query(rows, statements::USED, &[&tenant.0, &id, &users, &first_day, &last_day])?
    };
    let held = query(rows, statements::HELD, &[&tenant.0, &id, &users, &first_day])?;
    let (used, held) = (add_up(&used)?, add_up(&held)?);
    for user in users {
        let of_user = |sums: &HashMap<String, i128>| sums.get(user).copied().unwrap_or(0);
        let count = Count { first_day: spot.span.first_day, used: of_user(&used), held: of_user(&held) };
        if let Some(user) = of.users.get_mut(user) {
            user.counts[spot.place] = Some(count);
        }
    }
    Ok(())
}

/// The sums by user. Added up here: 64 bits may not be enough.
fn add_up(rows: &[Row]) -> Work<HashMap<String, i128>> {
    let mut sums: HashMap<String, i128> = HashMap::new();
    for row in rows {
        let units: i64 = row.try_get(1).map_err(damaged)?;
        *sums.entry(row.try_get(0).map_err(damaged)?).or_default() += i128::from(units);
    }
    Ok(sums)
}

fn query(rows: &postgres::Connection, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Work<Vec<Row>> {
    let statement = rows.prepared(sql)?;
    Ok(rows.wait_for(rows.client().query(&statement, params))?)
}

fn damaged(error: tokio_postgres::Error) -> Fault {
    Fault::Damaged(format!("a counter: {error}"))
}
