//! One event by its identity.

use super::LabelTexts;
use super::log;
use crate::error::Work;
use crate::rerating::past_ratings;
use crate::sqlite::identity::{self, Sought};
use meterwire_app::ports::{LogRow, StoredEvent};
use rusqlite::Connection;

pub(super) fn find(
    connection: &Connection,
    texts: &LabelTexts,
    sought: &Sought,
) -> Work<Option<StoredEvent>> {
    let Some(seq) = identity::find_seq(connection, sought)? else { return Ok(None) };
    let event = log::event(connection, texts, seq)?;
    let voided_ms = connection
        .prepare_cached(include_str!("../../../sql/sqlite/event/voided.sql"))?
        .query_row([seq], |row| row.get(0))?;
    let rated_before = past_ratings(&connection.into(), texts, sought.tenant, seq)?;
    Ok(Some(StoredEvent { row: LogRow { seq, event }, voided_ms, rated_before }))
}
