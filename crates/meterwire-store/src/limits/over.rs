//! Reservations whose time is over.

use super::whose::Whose;
use crate::error::Work;
use crate::sql::{Connection, Result, Row};
use meterwire_app::ports::TenantId;

/// A reservation whose time is over.
pub(super) struct Over {
    pub(super) tenant: TenantId,
    pub(super) id: String,
    pub(super) metric_id: Option<i64>,
    pub(super) first_day: i32,
    pub(super) amount: i64,
    /// Whether it held money.
    pub(super) is_money: bool,
    pub(super) created_ms: i64,
    pub(super) whose: Whose,
}

/// Some of the reservations whose time is over, oldest first: of one tenant, or of all.
pub(super) fn find_over(connection: &Connection, of: Option<TenantId>, now_ms: i64) -> Work<Vec<Over>> {
    let read = |row: &Row<'_>| {
        Ok(Over {
            tenant: TenantId(row.get(0)?),
            id: row.get(1)?,
            metric_id: row.get(2)?,
            first_day: row.get(3)?,
            amount: row.get(4)?,
            is_money: row.get(5)?,
            created_ms: row.get(6)?,
            whose: Whose::from_row(row, 7)?,
        })
    };
    let over = match of {
        None => connection
            .prepare_cached(include_str!("../../sql/reservation/over.sql"))?
            .query_map([now_ms], read)?
            .collect::<Result<_>>()?,
        Some(tenant) => connection
            .prepare_cached(include_str!("../../sql/reservation/over_of_tenant.sql"))?
            .query_map([tenant.0, now_ms], read)?
            .collect::<Result<_>>()?,
    };
    Ok(over)
}
