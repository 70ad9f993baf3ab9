//! Connections as rows.

use super::stream;
use crate::catalog::read;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection as Database, OptionalExtension, Row, params};
use meterwire_app::ports::{Audit, Connection, MAX_CONNECTIONS, StoreError, TenantId};
use meterwire_core::provider_report::{ReportProvider, StreamState};
use std::collections::BTreeMap;

const TAKEN: &str = "there is a provider connection of this name already";

pub(super) fn from_row(row: &Row<'_>) -> crate::sql::Result<Connection> {
    let unknown = |column: usize, what: String| crate::sql::Error::unreadable(column, what);
    let provider: String = row.get(1)?;
    let map = |column: usize| -> crate::sql::Result<BTreeMap<String, String>> {
        let text: String = row.get(column)?;
        serde_json::from_str(&text).map_err(|error| unknown(column, error.to_string()))
    };
    Ok(Connection {
        id: row.get(0)?,
        provider: ReportProvider::from_name(&provider)
            .ok_or_else(|| unknown(1, format!("the provider {provider:?}")))?,
        name: row.get(2)?,
        base_url: row.get(3)?,
        sealed_key: row.get(4)?,
        enabled: row.get(5)?,
        project_map: map(6)?,
        key_map: map(7)?,
        created_ms: row.get(8)?,
    })
}

pub(super) fn list(connection: &Database, tenant: TenantId) -> Work<Vec<Connection>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/provider/list_connections.sql"))?;
    let rows = statement.query_map([tenant.0], from_row)?;
    Ok(rows.collect::<crate::sql::Result<Vec<_>>>()?)
}

pub(super) fn create(
    session: &mut Session,
    tenant: TenantId,
    connection: &Connection,
    streams: &[StreamState],
    audit: &Audit,
) -> Work<()> {
    session.require_tenant(tenant)?;
    if list(&session.connection, tenant)?.len() >= MAX_CONNECTIONS {
        let sentence = format!("a tenant may have at most {MAX_CONNECTIONS} provider connections");
        return Err(StoreError::Conflict(sentence).into());
    }
    let params = params![
        connection.id,
        tenant.0,
        connection.provider.name(),
        connection.name,
        connection.base_url,
        connection.sealed_key,
        connection.enabled,
        map_to_row(&connection.project_map),
        map_to_row(&connection.key_map),
        connection.created_ms
    ];
    session.insert(include_str!("../../sql/provider/insert_connection.sql"), params, TAKEN)?;
    stream::ensure(session, tenant, &connection.id, streams)?;
    session.audit(Some(tenant), audit)
}

pub(super) fn update(
    session: &mut Session,
    tenant: TenantId,
    connection: &Connection,
    due_ms: Option<i64>,
    audit: &Audit,
) -> Work<()> {
    let params = params![
        connection.name,
        connection.base_url,
        connection.sealed_key,
        connection.enabled,
        map_to_row(&connection.project_map),
        map_to_row(&connection.key_map),
        tenant.0,
        connection.id
    ];
    match session.change(include_str!("../../sql/provider/update_connection.sql"), params) {
        Ok(0) => return Err(StoreError::NotFound("provider connection").into()),
        Ok(_) => {}
        Err(fault) if fault.is_constraint() => return Err(StoreError::Conflict(TAKEN.to_owned()).into()),
        Err(fault) => return Err(fault),
    }
    if let Some(due_ms) = due_ms {
        let params = params![due_ms, tenant.0, connection.id];
        session.change(include_str!("../../sql/provider/make_due.sql"), params)?;
    }
    session.audit(Some(tenant), audit)
}

/// Takes a connection away: its key is gone at once, its rows are cleared by and by.
pub(super) fn leave(session: &mut Session, tenant: TenantId, id: &str, audit: &Audit) -> Work<()> {
    let sql = include_str!("../../sql/provider/leave.sql");
    session.change_one(sql, params![tenant.0, id], "provider connection")?;
    session.change(include_str!("../../sql/provider/delete_streams.sql"), params![tenant.0, id])?;
    session.audit(Some(tenant), audit)
}

/// A connection that was taken away and is not cleared yet.
pub(super) fn leaving(connection: &Database) -> Work<Option<(TenantId, String)>> {
    let sql = include_str!("../../sql/provider/leaving.sql");
    read::one(connection, sql, [], |row| Ok((TenantId(row.get(0)?), row.get(1)?)))
}

/// Clears whole buckets until about so many rows are gone; then, where nothing is left, the connection itself.
pub(super) fn clear(session: &mut Session, tenant: TenantId, id: &str, most_rows: usize) -> Work<()> {
    let mut cleared: i64 = 0;
    let most = i64::try_from(most_rows).unwrap_or(i64::MAX);
    while cleared < most {
        let first: Option<(String, i64, i64)> = session
            .connection
            .prepare_cached(include_str!("../../sql/provider/first_bucket.sql"))?
            .query_row(params![tenant.0, id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((kind, day, rows)) = first else {
            let sql = include_str!("../../sql/provider/delete_connection.sql");
            session.change(sql, params![tenant.0, id])?;
            return Ok(());
        };
        let bucket = params![tenant.0, id, kind, day];
        session.change(include_str!("../../sql/provider/delete_rows.sql"), bucket)?;
        session.change(include_str!("../../sql/provider/delete_bucket.sql"), bucket)?;
        cleared += rows + 1;
    }
    Ok(())
}

fn map_to_row(map: &BTreeMap<String, String>) -> String {
    serde_json::json!(map).to_string()
}
