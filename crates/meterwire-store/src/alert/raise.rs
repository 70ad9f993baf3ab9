//! Raising: the alert and one delivery a channel, in whatever transaction is running.

use super::rules;
use crate::error::Work;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{NewAlert, TenantId};
use meterwire_core::alert::{MAX_KEY_BYTES, MAX_TITLE_BYTES, alert_id, subject_of};
use meterwire_core::name::shown;

/// Raises an alert unless its key was raised before or the tenant's rule is off; tells whether it is new. Who has no channel
/// finds it in the history.
pub(crate) fn raise(connection: &Connection, tenant: TenantId, alert: &NewAlert) -> Work<bool> {
    let rule = rules::one(connection, tenant, alert.kind)?;
    if !rule.enabled {
        return Ok(false);
    }
    let key = shortened(&alert.key, MAX_KEY_BYTES);
    let subject = subject_of(key);
    let (id, title) = (alert_id(tenant.0, key), shown(&alert.title));
    let (title, detail) = (shortened(&title, MAX_TITLE_BYTES), alert.detail.to_string());
    let (kind, severity) = (alert.kind.name(), alert.severity.name());
    let columns =
        params![tenant.0, id, key, subject, kind, severity, title, detail, alert.user, alert.at_ms,];
    let inserted: Option<i64> = connection
        .prepare_cached(include_str!("../../sql/alert/insert.sql"))?
        .query_row(columns, |row| row.get(0))
        .optional()?;
    let Some(alert_seq) = inserted else { return Ok(false) };
    let channels = alert.channels.as_ref().filter(|channels| !channels.is_empty()).unwrap_or(&rule.channels);
    let channels = rules::channels_to_row(channels);
    let snoozed_until_ms: Option<i64> = connection
        .prepare_cached(include_str!("../../sql/alert/snoozed_until.sql"))?
        .query_row(params![tenant.0, subject], |row| row.get(0))
        .optional()?;
    // Due at once, whatever time an event names.
    let next_ms = snoozed_until_ms.unwrap_or(0);
    connection
        .prepare_cached(include_str!("../../sql/delivery/insert.sql"))?
        .execute(params![alert_seq, next_ms, tenant.0, channels])?;
    Ok(true)
}

/// Whether an alert of this key, or of one that goes on from it, is in the history.
pub(crate) fn was_raised(connection: &Connection, tenant: TenantId, key: &str) -> Work<bool> {
    let sql = include_str!("../../sql/alert/was_raised.sql");
    Ok(connection.prepare_cached(sql)?.query_row(params![tenant.0, key], |row| row.get(0))?)
}

/// Erases the alerts that tell of a user.
pub(crate) fn erase_user(connection: &Connection, tenant: TenantId, user: &str) -> Work<()> {
    let sql = include_str!("../../sql/alert/erase_user.sql");
    connection.prepare_cached(sql)?.execute(params![tenant.0, user])?;
    Ok(())
}

/// The beginning of a text, cut between characters.
fn shortened(text: &str, most_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(most_bytes)]
}
