//! Whose money a reservation is, and what of it an event was settled with.

use crate::budget::SpentBy;
use crate::error::Work;
use crate::sql::{Connection, OptionalExtension, Row};
use meterwire_app::ports::TenantId;

/// Whose a reservation is, as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Whose {
    pub(super) user: String,
    pub(super) project: Option<String>,
    pub(super) model: Option<String>,
    pub(super) api_key: Option<String>,
    pub(super) department: Option<String>,
}

impl Whose {
    /// Reads five columns from `first` on.
    pub(super) fn from_row(row: &Row<'_>, first: usize) -> crate::sql::Result<Self> {
        Ok(Self {
            user: row.get(first)?,
            project: row.get(first + 1)?,
            model: row.get(first + 2)?,
            api_key: row.get(first + 3)?,
            department: row.get(first + 4)?,
        })
    }

    pub(super) fn by(&self) -> SpentBy<'_> {
        SpentBy {
            user: Some(&self.user),
            project: self.project.as_deref(),
            model: self.model.as_deref(),
            api_key: self.api_key.as_deref(),
            department: self.department.as_deref(),
        }
    }
}

/// What a reservation of money was committed with an event.
pub(super) struct SettledMoney {
    pub(super) committed: i64,
    pub(super) created_ms: i64,
    whose: Whose,
}

impl SettledMoney {
    pub(super) fn by(&self) -> SpentBy<'_> {
        self.whose.by()
    }
}

/// The reservation of money that counts an event instead of the event itself.
pub(super) fn find_settled_money(
    connection: &Connection,
    tenant: TenantId,
    seq: i64,
) -> Work<Option<SettledMoney>> {
    let found = connection
        .prepare_cached(include_str!("../../sql/reservation/money_of_event.sql"))?
        .query_row([tenant.0, seq], |row| {
            Ok(SettledMoney {
                committed: row.get::<_, Option<i64>>(0)?.unwrap_or(0),
                created_ms: row.get(1)?,
                whose: Whose::from_row(row, 2)?,
            })
        })
        .optional()?;
    Ok(found)
}
