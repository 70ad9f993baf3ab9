//! Deliveries: what became of a try, snoozing and trying again.

use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{OptionalExtension, params};
use meterwire_app::ports::{Audit, StoreError, TenantId, Tried};

/// The most alerts that are forgotten in one transaction.
const MAX_FORGOTTEN: i64 = 500;
/// The longest text of an error that is kept, in bytes.
const MAX_ERROR_BYTES: usize = 500;

/// Notes what became of a try. A message that was snoozed or given up meanwhile stays so, unless it arrived.
pub(super) fn tried(session: &Session, seq: i64, tried: &Tried, at_ms: i64) -> Work<()> {
    match tried {
        Tried::Delivered(refused) => {
            let row = params![seq, at_ms, refused.as_deref().map(kept)];
            session.change(include_str!("../../sql/delivery/delivered.sql"), row)?;
            session.change(include_str!("../../sql/delivery/channel_works.sql"), params![seq, at_ms])?;
        }
        Tried::Later(error, next_ms) => {
            let row = params![seq, at_ms, kept(error), next_ms];
            session.change(include_str!("../../sql/delivery/later.sql"), row)?;
            session.change(include_str!("../../sql/delivery/channel_fails.sql"), params![seq, next_ms])?;
        }
        Tried::Failed(error) => {
            failed(session, seq, at_ms, error)?;
        }
        Tried::Gone(error) => {
            let Some((tenant_id, channel_id)) = failed(session, seq, at_ms, error)? else { return Ok(()) };
            let place = params![tenant_id, channel_id, kept(error)];
            session.change(include_str!("../../sql/channel/switch_off.sql"), place)?;
            session.change(include_str!("../../sql/delivery/give_up.sql"), place)?;
            let audit = Audit {
                actor: "deliveries".to_owned(),
                action: "channel.switch_off",
                target: channel_id,
                at_ms,
            };
            session.audit(Some(TenantId(tenant_id)), &audit)?;
        }
    }
    Ok(())
}

fn failed(session: &Session, seq: i64, at_ms: i64, error: &str) -> Work<Option<(i64, String)>> {
    let mut statement = session.connection.prepare_cached(include_str!("../../sql/delivery/failed.sql"))?;
    let place = statement
        .query_row(params![seq, at_ms, kept(error)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(place)
}

fn kept(error: &str) -> &str {
    &error[..error.floor_char_boundary(MAX_ERROR_BYTES)]
}

/// Snoozes the subject of an alert, or ends that.
pub(super) fn snooze(
    session: &Session,
    tenant: TenantId,
    id: &str,
    until_ms: Option<i64>,
    audit: &Audit,
) -> Work<()> {
    let (_, subject) = seq_and_subject(session, tenant, id)?;
    if let Some(until_ms) = until_ms {
        let place = params![tenant.0, subject, until_ms];
        // What waits for the end of an earlier snooze waits for this one instead.
        session.change(include_str!("../../sql/delivery/snooze.sql"), place)?;
        session.change(include_str!("../../sql/alert/snooze.sql"), place)?;
    } else {
        session.change(include_str!("../../sql/alert/wake.sql"), params![tenant.0, subject])?;
        let place = params![tenant.0, subject, audit.at_ms];
        session.change(include_str!("../../sql/delivery/wake.sql"), place)?;
    }
    session.audit(Some(tenant), audit)
}

/// Has what did not arrive tried again from the beginning.
pub(super) fn retry(
    session: &Session,
    tenant: TenantId,
    id: &str,
    now_ms: i64,
    audit: &Audit,
) -> Work<usize> {
    let (seq, _) = seq_and_subject(session, tenant, id)?;
    let again = session.change(include_str!("../../sql/delivery/retry.sql"), params![seq, now_ms])?;
    session.audit(Some(tenant), audit)?;
    Ok(again)
}

fn seq_and_subject(session: &Session, tenant: TenantId, id: &str) -> Work<(i64, String)> {
    let found = session
        .connection
        .prepare_cached(include_str!("../../sql/alert/subject.sql"))?
        .query_row(params![tenant.0, id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found.ok_or_else(|| Fault::Answer(StoreError::NotFound("alert")))
}

/// Forgets old alerts and snoozes that are over.
pub(super) fn forget(session: &Session, before_ms: i64) -> Work<bool> {
    session.change(include_str!("../../sql/alert/forget_snoozes.sql"), [before_ms])?;
    let gone =
        session.change(include_str!("../../sql/alert/forget.sql"), params![before_ms, MAX_FORGOTTEN])?;
    Ok(i64::try_from(gone).unwrap_or(i64::MAX) >= MAX_FORGOTTEN)
}
