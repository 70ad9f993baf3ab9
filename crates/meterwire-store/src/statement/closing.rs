//! Closing a period, and opening it again.

use crate::catalog::read;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, Row, params};
use meterwire_app::ports::{
    Audit, ChangesSince, Closing, Frozen, MAX_CLOSINGS, NewClosing, StoreError, StoreResult, TenantId,
};
use meterwire_core::closing::ClosedPeriod;
use meterwire_core::period::Range;

pub(super) fn begin(session: &mut Session, tenant: TenantId, new: &NewClosing) -> Work<()> {
    session.require_tenant(tenant)?;
    // Whoever began before and is not done yet finds that somebody else has begun anew.
    give_up(session, tenant, None)?;
    let ClosedPeriod { name, timezone, range } = &new.period;
    let sql = include_str!("../../sql/closing/overlapping.sql");
    let overlapping =
        read::one(&session.connection, sql, params![tenant.0, range.from_ms, range.to_ms], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
    if let Some((other, zone)) = overlapping {
        return Err(StoreError::Conflict(format!("{other} ({zone}) is closed already")).into());
    }
    let sql = include_str!("../../sql/closing/count.sql");
    let count: i64 = session.connection.prepare_cached(sql)?.query_row([tenant.0], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count >= MAX_CLOSINGS) {
        let sentence = format!("a tenant has at most {MAX_CLOSINGS} closed periods");
        return Err(StoreError::Conflict(sentence).into());
    }
    let params = params![tenant.0, new.id, name, range.from_ms, range.to_ms, timezone, new.at_ms, new.by];
    session.change(include_str!("../../sql/closing/begin.sql"), params)?;
    session.forget_closed(tenant);
    Ok(())
}

pub(super) fn give_up(session: &mut Session, tenant: TenantId, id: Option<&str>) -> Work<()> {
    session.change(include_str!("../../sql/closing/give_up.sql"), params![tenant.0, id])?;
    session.forget_closed(tenant);
    Ok(())
}

/// Runs without a savepoint, so a refusal is an answer: a fault would undo what others wrote in the same transaction.
pub(super) fn freeze(
    session: &mut Session,
    tenant: TenantId,
    id: &str,
    frozen: &Frozen,
    audit: &Audit,
) -> Work<StoreResult<Closing>> {
    let total = &frozen.total;
    let bytes = i64::try_from(frozen.statement.len()).map_err(|_| Fault::Overflow)?;
    let params = params![
        tenant.0,
        id,
        total.calls,
        total.unpriced_calls,
        total.cost.0,
        bytes,
        frozen.sha256,
        frozen.statement
    ];
    if session.change(include_str!("../../sql/closing/freeze.sql"), params)? == 0 {
        return Ok(Err(StoreError::NotFound("closing")));
    }
    session.change(include_str!("../../sql/closing_change/forget.sql"), params![id, frozen.mark.0])?;
    session.audit(Some(tenant), audit)?;
    let closing = list(&session.connection, tenant, Some(id))?.pop();
    Ok(closing.ok_or(StoreError::NotFound("closing")))
}

pub(super) fn reopen(session: &mut Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    session.change_one(include_str!("../../sql/closing/reopen.sql"), params![tenant.0, id], "closing")?;
    session.forget_closed(tenant);
    session.audit(Some(tenant), audit)
}

/// The number of a closing, closed or only begun.
pub(crate) fn number(connection: &Connection, tenant: TenantId, id: &str, closed: bool) -> Work<i64> {
    let sql = include_str!("../../sql/closing/number.sql");
    let found = read::one(connection, sql, params![tenant.0, id, closed], |row| row.get(0))?;
    found.ok_or_else(|| StoreError::NotFound("closing").into())
}

/// Closed periods, the latest first, or the one with this id.
pub(super) fn list(connection: &Connection, tenant: TenantId, id: Option<&str>) -> Work<Vec<Closing>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/closing/list.sql"))?;
    let rows = statement.query_map(params![tenant.0, id], closing)?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

fn closing(row: &Row<'_>) -> crate::sql::Result<Closing> {
    let bytes: i64 = row.get(11)?;
    Ok(Closing {
        id: row.get(0)?,
        period: ClosedPeriod {
            name: row.get(1)?,
            range: Range { from_ms: row.get(2)?, to_ms: row.get(3)? },
            timezone: row.get(4)?,
        },
        closed_ms: row.get(5)?,
        closed_by: row.get(6)?,
        calls: row.get(7)?,
        unpriced_calls: row.get(8)?,
        cost_nanos: row.get(9)?,
        sha256: row.get(10)?,
        bytes: u64::try_from(bytes).unwrap_or(0),
        since: ChangesSince { changes: row.get(12)?, calls: row.get(13)?, cost_nanos: row.get(14)? },
    })
}
