//! Rows of re-ratings, and of how events were rated before.

use crate::error::{Fault, Work};
use crate::row::RatingCode;
use crate::sql::{Connection, OptionalExtension, Row, params};
use crate::sqlite::usage::LabelTexts;
use meterwire_app::ports::{
    Page, PastRating, RerateDone, RerateState, Rerating, RunningRerating, ScanPlace, TenantId,
};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::rerate::{RerateDifference, RerateScope};

pub(super) const DONE: i64 = 1;
pub(super) const FAILED: i64 = 2;
/// The most rows of one page.
const MAX_PAGE: usize = 500;

/// Reads the columns that the statements of `sql/rerating` have in common, with the number.
fn from_row(row: &Row<'_>) -> crate::sql::Result<(i64, Rerating)> {
    let scope = RerateScope {
        range: Range { from_ms: row.get(4)?, to_ms: row.get(5)? },
        provider: row.get(6)?,
        model: row.get(7)?,
        only_unpriced: row.get(8)?,
    };
    let state = match row.get(9)? {
        DONE => RerateState::Done,
        FAILED => RerateState::Failed,
        _ => RerateState::Running,
    };
    let done = RerateDone {
        events: row.get(10)?,
        changed: row.get(11)?,
        cost_change: row.get(12)?,
        unpriced_change: row.get(13)?,
    };
    let expected: String = row.get(16)?;
    let expected: RerateDifference = serde_json::from_str(&expected)
        .map_err(|error| crate::sql::Error::unreadable(16, Box::new(error)))?;
    let rerating = Rerating {
        id: row.get(1)?,
        by: row.get(2)?,
        at_ms: row.get(3)?,
        scope,
        expected,
        state,
        done,
        ended_ms: row.get(14)?,
        error: row.get(15)?,
    };
    Ok((row.get(0)?, rerating))
}

pub(super) fn one(connection: &Connection, tenant: TenantId, id: &str) -> Work<Option<Rerating>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/rerating/one.sql"))?;
    let found = statement.query_row(params![tenant.0, id], from_row).optional()?;
    Ok(found.map(|(_, rerating)| rerating))
}

pub(super) fn list(
    connection: &Connection,
    tenant: TenantId,
    after: i64,
    limit: usize,
) -> Work<Page<Rerating>> {
    let limit = limit.clamp(1, MAX_PAGE);
    let asked = i64::try_from(limit).unwrap_or(i64::MAX) + 1;
    let mut statement = connection.prepare_cached(include_str!("../../sql/rerating/list.sql"))?;
    let rows = statement.query_map([tenant.0, after, asked], from_row)?;
    let mut found = rows.collect::<crate::sql::Result<Vec<_>>>()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(number, _)| number.to_string());
    Ok(Page { items: found.into_iter().map(|(_, rerating)| rerating).collect(), next })
}

/// The next one that goes on, behind the one of this number, with its own.
pub(super) fn next(connection: &Connection, last: i64) -> Work<Option<(i64, RunningRerating)>> {
    let read = |row: &Row<'_>| {
        let (number, rerating) = from_row(row)?;
        let (after_ms, after_seq): (Option<i64>, Option<i64>) = (row.get(20)?, row.get(21)?);
        let running = RunningRerating {
            tenant: TenantId(row.get(17)?),
            rerating,
            last_seq: row.get(18)?,
            prices: row.get(19)?,
            after: after_ms.zip(after_seq).map(|(time_ms, seq)| ScanPlace { time_ms, seq }),
            is_over: row.get(22)?,
        };
        Ok((number, running))
    };
    let mut statement = connection.prepare_cached(include_str!("../../sql/rerating/next.sql"))?;
    Ok(statement.query_row([last], read).optional()?)
}

/// How an event was rated before, the oldest first.
pub(crate) fn past_ratings(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    seq: i64,
) -> Work<Vec<PastRating>> {
    let mut statement = connection.prepare_cached(include_str!("../../sql/rerated/of_event.sql"))?;
    let mut rows = statement.query([seq, tenant.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let price = texts.text(connection, row.get(5)?)?.map(|text| text.to_string());
        let rating = RatingCode(row.get(4)?).to_rating(CostNanos(row.get(3)?), price);
        let rating = rating.map_err(|_| Fault::Damaged(format!("a former rating of event {seq}")))?;
        found.push(PastRating { rerating: row.get(0)?, by: row.get(1)?, at_ms: row.get(2)?, rating });
    }
    Ok(found)
}
