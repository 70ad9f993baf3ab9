//! Retention: single events are dropped when they are old enough, their totals stay.

use super::read;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{Audit, StoreError, Tenant, TenantId};
use meterwire_core::period::rfc3339;

/// Events of a tenant before this instant are kept only as totals; `None` where none were dropped.
pub(crate) fn events_from(connection: &Connection, tenant: TenantId) -> Work<Option<i64>> {
    let from = connection
        .prepare_cached("SELECT events_from_ms FROM tenant WHERE id = ?")?
        .query_row([tenant.0], |row| row.get(0))
        .optional()?;
    Ok(from.flatten())
}

pub(super) fn set(session: &Session, tenant: TenantId, days: Option<u32>, audit: &Audit) -> Work<Tenant> {
    let sql = include_str!("../../sql/tenant/set_retention.sql");
    let changed = read::one(&session.connection, sql, params![days, tenant.0], read::tenant)?;
    session.audit(Some(tenant), audit)?;
    Ok(changed.ok_or(StoreError::NotFound("tenant"))?)
}

pub(super) fn tenants(connection: &Connection) -> Work<Vec<Tenant>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/tenant/with_retention.sql"))?;
    let rows = statement.query_map([], read::tenant)?;
    Ok(rows.collect::<crate::sql::Result<_>>()?)
}

/// The refusal of a question that needs single events from before this instant.
pub(crate) fn beyond(events_from_ms: i64) -> StoreError {
    let date = rfc3339(events_from_ms);
    let date = date.get(..10).unwrap_or(&date);
    StoreError::BeyondRetention(format!(
        "events before {date} are kept only as totals: ask for whole UTC days (tz=UTC) by one dimension, or by project and \
         model, or begin the range at {date}"
    ))
}
