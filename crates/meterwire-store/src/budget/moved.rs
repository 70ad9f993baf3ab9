//! Changes of the catalogue that move budgets: another team of a project, another zone of the tenant. Budgets that are moved
//! are counted anew in the same transaction.
//!
//! Such a change is no command with a savepoint: counting flushes what waits of others, which a savepoint would undo.

use super::change::recount_where;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::TenantId;
use meterwire_core::budget::ScopeField;

/// Runs a change of one project and counts the budgets of the teams that it left and joined.
pub(crate) fn with_team<T>(
    session: &mut Session,
    tenant: TenantId,
    project: &str,
    now_ms: i64,
    change: impl FnOnce(&mut Session) -> Work<T>,
) -> Work<T> {
    let before = team_of(&session.connection, tenant, project)?;
    let changed = change(session)?;
    let after = team_of(&session.connection, tenant, project)?;
    if before != after {
        session.flush()?;
        let moved = [before, after];
        recount_where(session, tenant, now_ms, |budget| {
            let team = budget.scope.get(ScopeField::Team);
            team.is_some() && moved.iter().any(|moved| moved.as_deref() == team)
        })?;
    }
    Ok(changed)
}

/// Runs a change of a tenant and counts the budgets that follow its zone, where that is another one now.
pub(crate) fn with_zone<T>(
    session: &mut Session,
    tenant: TenantId,
    now_ms: i64,
    change: impl FnOnce(&mut Session) -> Work<T>,
) -> Work<T> {
    let zone = |connection: &Connection| -> Work<Option<String>> {
        let sql = "SELECT timezone FROM tenant WHERE id = ?";
        Ok(connection.query_row(sql, [tenant.0], |row| row.get(0)).optional()?)
    };
    let before = zone(&session.connection)?;
    let changed = change(session)?;
    if before != zone(&session.connection)? {
        session.flush()?;
        recount_where(session, tenant, now_ms, |budget| budget.timezone.is_none())?;
    }
    Ok(changed)
}

fn team_of(connection: &Connection, tenant: TenantId, project: &str) -> Work<Option<String>> {
    let team: Option<Option<String>> = connection
        .prepare_cached("SELECT team FROM project WHERE tenant_id = ? AND slug = ?")?
        .query_row(params![tenant.0, project], |row| row.get(0))
        .optional()?;
    Ok(team.flatten())
}
