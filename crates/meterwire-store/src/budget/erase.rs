//! What becomes of an erased user in budgets.

use super::row;
use crate::error::Work;
use crate::sql::{Connection, params};
use meterwire_app::ports::TenantId;
use meterwire_core::budget::{Budget, ScopeField};

/// Replaces a user's name wherever budgets name it; found slot by slot, since a scan would keep others waiting.
pub(crate) fn erase_user(connection: &Connection, tenant: TenantId, user: &str, pseudonym: &str) -> Work<()> {
    for stored in row::all(connection, tenant)? {
        let Budget { mut scope, name, .. } = stored.budget;
        if scope.get(ScopeField::User) == Some(user) {
            scope.0.insert(ScopeField::User, pseudonym.to_owned());
            let name = if name == user { pseudonym } else { &name };
            let rename = include_str!("../../sql/budget/rename.sql");
            connection.execute(rename, params![row::scope_to_row(&scope)?, name, stored.number])?;
        }
    }
    let mut next = connection.prepare_cached(include_str!("../../sql/decided_money/next_slot.sql"))?;
    let mut rename = connection.prepare_cached(include_str!("../../sql/decided_money/rename_user.sql"))?;
    let mut slot = i64::MIN;
    while let Some(found) = next.query_row(params![tenant.0, slot], |row| row.get::<_, Option<i64>>(0))? {
        slot = found;
        rename.execute(params![pseudonym, tenant.0, slot, user])?;
    }
    Ok(())
}
