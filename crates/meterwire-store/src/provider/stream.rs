//! Streams as rows: how far each kind of reports has come.

use super::kind_from_row;
use crate::error::Work;
use crate::session::Session;
use crate::sql::{Connection, params};
use meterwire_app::ports::{StreamId, TenantId};
use meterwire_core::period::Range;
use meterwire_core::provider_report::{Failure, StreamState};

pub(super) fn ensure(
    session: &mut Session,
    tenant: TenantId,
    connection: &str,
    streams: &[StreamState],
) -> Work<()> {
    session.require_tenant(tenant)?;
    for state in streams {
        write(
            session,
            include_str!("../../sql/provider/upsert_stream.sql"),
            tenant,
            connection,
            state,
            None,
        )?;
    }
    Ok(())
}

/// Keeps where a stream stands; of one whose connection was taken away meanwhile nothing.
pub(super) fn keep(session: &mut Session, id: &StreamId, state: &StreamState, now_ms: i64) -> Work<()> {
    let sql = include_str!("../../sql/provider/keep_stream.sql");
    write(session, sql, id.tenant, &id.connection, state, Some(now_ms))
}

fn write(
    session: &Session,
    sql: &str,
    tenant: TenantId,
    connection: &str,
    state: &StreamState,
    now_ms: Option<i64>,
) -> Work<()> {
    let failure = state.failure.as_ref();
    let (covers_from, covers_to) =
        (state.covers.map(|span| span.from_ms), state.covers.map(|span| span.to_ms));
    let kind = state.kind.name();
    let (code, message) = (failure.map(|it| &it.code), failure.map(|it| &it.message));
    let (at_ms, passing) = (failure.map(|it| it.at_ms), failure.map(|it| it.passing));
    let mut params: Vec<&dyn crate::sql::ToSql> = vec![
        &tenant.0,
        &connection,
        &kind,
        &covers_from,
        &covers_to,
        &state.wanted_from_ms,
        &state.due_ms,
        &state.last_success_ms,
        &state.last_deep_ms,
        &state.failures,
        &code,
        &message,
        &at_ms,
        &passing,
        &state.is_missing,
        &state.skew_ms,
    ];
    if let Some(now_ms) = &now_ms {
        params.push(now_ms);
    }
    session.change(sql, &params[..]).map(drop)
}

pub(super) fn list(connection: &Connection, tenant: TenantId, id: &str) -> Work<Vec<StreamState>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/provider/streams.sql"))?;
    let mut rows = statement.query(params![tenant.0, id])?;
    let mut streams = vec![];
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let (from, to): (Option<i64>, Option<i64>) = (row.get(1)?, row.get(2)?);
        let code: Option<String> = row.get(8)?;
        let failure = match code {
            None => None,
            Some(code) => {
                Some(Failure { code, message: row.get(9)?, at_ms: row.get(10)?, passing: row.get(11)? })
            }
        };
        streams.push(StreamState {
            kind: kind_from_row(&kind)?,
            covers: from.zip(to).map(|(from_ms, to_ms)| Range { from_ms, to_ms }),
            wanted_from_ms: row.get(3)?,
            due_ms: row.get(4)?,
            last_success_ms: row.get(5)?,
            last_deep_ms: row.get(6)?,
            failures: row.get(7)?,
            failure,
            is_missing: row.get(12)?,
            skew_ms: row.get(13)?,
        });
    }
    Ok(streams)
}

pub(super) fn due(connection: &Connection, now_ms: i64, limit: usize) -> Work<Vec<StreamId>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/provider/due_streams.sql"))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![now_ms, limit])?;
    let mut due = vec![];
    while let Some(row) = rows.next()? {
        let kind: String = row.get(2)?;
        let kind = kind_from_row(&kind)?;
        due.push(StreamId { tenant: TenantId(row.get(0)?), connection: row.get(1)?, kind });
    }
    Ok(due)
}
