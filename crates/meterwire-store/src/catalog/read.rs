//! Rows of the catalogue, one or a page at a time.

use crate::error::Work;
use crate::sql::{Connection, OptionalExtension, Params, Row, ToSql};
use meterwire_app::ports::{
    ApiKey, AuditEntry, Page, PageRequest, PriceOverride, Project, Role, Session, Tenant, TenantId, User,
};

/// The most rows of one page, whatever is asked for.
const MAX_PAGE: usize = 10_000;

/// One row, if there is one.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    from_row: impl FnOnce(&Row<'_>) -> crate::sql::Result<T>,
) -> Work<Option<T>> {
    Ok(connection.prepare_cached(sql)?.query_row(params, from_row).optional()?)
}

/// A page of a list that is ordered by a text key. The statement takes the owner's values, the key and the limit.
pub(crate) struct List<T> {
    after: String,
    limit: usize,
    key: fn(&T) -> String,
}

impl<T> List<T> {
    pub(crate) fn new(page: PageRequest, key: fn(&T) -> String) -> Self {
        Self { after: page.after.unwrap_or_default(), limit: page.limit.clamp(1, MAX_PAGE), key }
    }

    pub(crate) fn run(
        self,
        connection: &Connection,
        sql: &str,
        owner: &[&dyn ToSql],
        from_row: fn(&Row<'_>) -> crate::sql::Result<T>,
    ) -> Work<Page<T>> {
        // One row more than asked for tells whether there is a next page.
        let limit = row_limit(self.limit);
        let mut params = owner.to_vec();
        params.extend([&self.after as &dyn ToSql, &limit]);
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(&params[..], from_row)?;
        let items = rows.collect::<crate::sql::Result<Vec<T>>>()?;
        Ok(page_of(items, self.limit, self.key))
    }
}

/// One row more than asked for.
fn row_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

fn page_of<T>(mut items: Vec<T>, limit: usize, key: impl FnOnce(&T) -> String) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(key);
    Page { items, next }
}

/// The audit log, newest first.
pub(super) fn audit_page(
    connection: &Connection,
    tenant: Option<TenantId>,
    page: &PageRequest,
) -> Work<Page<AuditEntry>> {
    let before = page.after_number()?.unwrap_or(i64::MAX);
    let limit = page.limit.clamp(1, MAX_PAGE);
    let mut statement = connection.prepare_cached(include_str!("../../sql/audit/list.sql"))?;
    let rows = statement.query_map((tenant.map(|tenant| tenant.0), before, row_limit(limit)), |row| {
        Ok(AuditEntry {
            seq: row.get(0)?,
            at_ms: row.get(1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            target: row.get(4)?,
        })
    })?;
    let items = rows.collect::<crate::sql::Result<Vec<_>>>()?;
    Ok(page_of(items, limit, |entry| entry.seq.to_string()))
}

pub(crate) fn tenant(row: &Row<'_>) -> crate::sql::Result<Tenant> {
    Ok(Tenant {
        id: TenantId(row.get(0)?),
        slug: row.get(1)?,
        name: row.get(2)?,
        timezone: row.get(3)?,
        created_ms: row.get(4)?,
        retention_days: row.get(5)?,
        events_from_ms: row.get(6)?,
    })
}

pub(super) fn key(row: &Row<'_>) -> crate::sql::Result<ApiKey> {
    let role: String = row.get(3)?;
    let unknown = || crate::sql::Error::unreadable(3, format!("role {role}"));
    Ok(ApiKey {
        id: row.get(0)?,
        tenant: row.get::<_, Option<i64>>(1)?.map(TenantId),
        name: row.get(2)?,
        role: role.parse::<Role>().map_err(|()| unknown())?,
        prefix: row.get(4)?,
        hash: row.get(5)?,
        user: row.get(6)?,
        project: row.get(7)?,
        created_ms: row.get(8)?,
        expires_ms: row.get(9)?,
        revoked_ms: row.get(10)?,
        last_used_ms: row.get(11)?,
    })
}

pub(super) fn session(row: &Row<'_>, hash: [u8; 32]) -> crate::sql::Result<(Session, ApiKey)> {
    let key = key(row)?;
    Ok((Session { hash, key_id: key.id.clone(), expires_ms: row.get(12)? }, key))
}

pub(crate) fn user(row: &Row<'_>) -> crate::sql::Result<User> {
    Ok(User { id: row.get(0)?, username: row.get(1)?, tier: row.get(2)?, created_ms: row.get(3)? })
}

pub(super) fn project(row: &Row<'_>) -> crate::sql::Result<Project> {
    Ok(Project {
        slug: row.get(0)?,
        name: row.get(1)?,
        department: row.get(2)?,
        team: row.get(3)?,
        created_ms: row.get(4)?,
    })
}

pub(super) fn price(row: &Row<'_>) -> crate::sql::Result<PriceOverride> {
    Ok(PriceOverride {
        id: row.get(0)?,
        provider: row.get(1)?,
        model: row.get(2)?,
        from_ms: row.get(3)?,
        until_ms: row.get(4)?,
        rates: row.get(5)?,
        created_ms: row.get(6)?,
    })
}
