//! What the embedded store clears of an erased user's events, some at a time.

use crate::error::Work;
use crate::session::Session;
use crate::sql::params;
use meterwire_app::ports::TenantId;
use rusqlite::{Connection, OptionalExtension};

/// The most events of all tenants that are looked at to find those of one step.
const MAX_LOOKED_AT: i64 = 500_000;

/// Events of an erased user that are to be cleared.
pub(crate) struct ClearBatch {
    tenant: TenantId,
    user: i64,
    pseudonym: String,
    from_seq: i64,
    to_seq: i64,
    last_seq: i64,
    seqs: Vec<i64>,
}

/// The next events to be cleared; `None` where nobody is being erased.
pub(crate) fn next_batch(connection: &Connection, most_events: usize) -> Work<Option<ClearBatch>> {
    let next: Option<(i64, i64, String, i64, i64)> = connection
        .prepare_cached(include_str!("../../sql/erasure/next.sql"))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((tenant_id, user, pseudonym, from_seq, last_seq)) = next else { return Ok(None) };
    let most = most_events.max(1);
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut to_seq = last_seq.min(from_seq.saturating_add(MAX_LOOKED_AT));
    let mut statement = connection.prepare_cached(include_str!("../../sql/sqlite/erasure/events.sql"))?;
    let rows =
        statement.query_map(rusqlite::params![from_seq, to_seq, tenant_id, user, limit], |row| row.get(0))?;
    let seqs = rows.collect::<rusqlite::Result<Vec<i64>>>()?;
    if let Some(last) = seqs.last().filter(|_| seqs.len() == most) {
        to_seq = *last;
    }
    Ok(Some(ClearBatch { tenant: TenantId(tenant_id), user, pseudonym, from_seq, to_seq, last_seq, seqs }))
}

impl ClearBatch {
    /// How many events it has.
    pub(crate) fn len(&self) -> usize {
        self.seqs.len()
    }

    pub(crate) fn run(&self, session: &mut Session) -> Work<()> {
        for seq in &self.seqs {
            session.change(include_str!("../../sql/sqlite/event/erase.sql"), [seq])?;
            let rename = include_str!("../../sql/sqlite/reservation/rename_by_event.sql");
            session.change(rename, params![self.pseudonym, seq])?;
        }
        if self.to_seq < self.last_seq {
            let advance = include_str!("../../sql/erasure/advance.sql");
            session.change(advance, params![self.to_seq, self.tenant.0, self.user, self.from_seq])?;
            return Ok(());
        }
        tracing::info!(pseudonym = %self.pseudonym, "a user is erased");
        session.change(include_str!("../../sql/erasure/delete.sql"), params![self.tenant.0, self.user])?;
        session.forget_erased(None);
        Ok(())
    }
}
