//! Resets by hand, the beginning of a day, and sweeping up what is over.

use super::memory::Spot;
use super::pending::MetricDay;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{Audit, ResetRequest, StoreError, TenantId};
use meterwire_core::limit::{DAY_MS, IDEMPOTENCY_MS, Window};

/// How long settled reservations can be looked up, those of an event for as long as the event.
const SETTLED_MS: i64 = 35 * DAY_MS;
/// The setting that names the last day that was begun.
const LAST_DAY: &str = "limits_day";

/// Sets counters of the present window to nothing; answers how many.
pub(super) fn reset(
    session: &mut Session,
    tenant: TenantId,
    request: &ResetRequest,
    now_ms: i64,
    audit: &Audit,
) -> Work<usize> {
    session.require_tenant(tenant)?;
    let Session { connection, counters, .. } = session;
    let book = counters.shared().lock().tenant(connection, tenant)?.book.clone();
    let places = match &request.metric {
        Some(name) => vec![book.require(name).map_err(StoreError::from)?],
        None => (0..book.metrics.len()).filter(|place| book.metrics[*place].window == Window::Day).collect(),
    };
    // Nothing refuses any more: a savepoint takes back what is written, not what is remembered of it.
    counters.expire(connection, now_ms)?;
    counters.flush(connection)?;
    let mut changed = 0;
    for place in places {
        let spot = Spot::new(&book, place, now_ms);
        let metric = &book.metrics[place];
        let user = request.user.as_deref();
        if metric.window == Window::Level {
            let mut present = connection.prepare_cached(include_str!("../../sql/level/present.sql"))?;
            let levels = present
                .query_map(params![tenant.0, metric.id, user], |row| Ok((row.get(0)?, row.get(2)?)))?
                .collect::<crate::sql::Result<Vec<(String, i64)>>>()?;
            let day = MetricDay { tenant, metric_id: metric.id, day: spot.span.day };
            for (user, _) in levels.into_iter().filter(|(_, used)| *used != 0) {
                counters.pending.set_level(day, &user, 0);
                changed += 1;
            }
        } else {
            let span = spot.span;
            let window = params![tenant.0, metric.id, span.first_day, span.last_day, user];
            changed +=
                connection.prepare_cached(include_str!("../../sql/counter/forgive.sql"))?.execute(window)?;
        }
    }
    counters.flush(connection)?;
    session.audit(Some(tenant), audit)?;
    session.forget_limits(tenant);
    Ok(changed)
}

/// Notes that a day has begun; `false` where that was noted before.
pub(super) fn begin_day(session: &Session, day: i32, audit: &Audit) -> Work<bool> {
    let last: Option<String> = session
        .connection
        .prepare_cached(include_str!("../../sql/setting/one.sql"))?
        .query_row([LAST_DAY], |row| row.get(0))
        .optional()?;
    let last = last.and_then(|day| day.parse::<i32>().ok());
    if last.is_some_and(|last| last >= day) {
        return Ok(false);
    }
    session.change(include_str!("../../sql/setting/set.sql"), params![LAST_DAY, day.to_string()])?;
    // A new instance has nothing to reset.
    if last.is_none() {
        return Ok(false);
    }
    session.audit(None, audit)?;
    Ok(true)
}

/// Gives back what reservations held whose time is over, of the tenants of the session; answers how many.
pub(crate) fn expire(session: &mut Session, now_ms: i64) -> Work<usize> {
    let Session { connection, counters, .. } = session;
    counters.expire(connection, now_ms)
}

/// Answers to idempotency keys from before the first of these instants are forgotten, and settled reservations from before
/// the second.
pub(crate) fn old_before(now_ms: i64) -> [i64; 2] {
    [now_ms - IDEMPOTENCY_MS, now_ms - SETTLED_MS]
}

/// Forgets what is old of all tenants.
pub(crate) fn forget_old(connection: &Connection, now_ms: i64) -> Work<()> {
    let forget =
        [include_str!("../../sql/idempotency/forget.sql"), include_str!("../../sql/reservation/forget.sql")];
    for (sql, before_ms) in forget.into_iter().zip(old_before(now_ms)) {
        connection.execute(sql, [before_ms])?;
    }
    Ok(())
}
