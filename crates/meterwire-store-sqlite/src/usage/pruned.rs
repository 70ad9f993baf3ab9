//! Pages of the log sorted by a number, found without sorting the whole range.
//!
//! Quarters of an hour are looked into in the order of their bounds, until none that is left can hold a row of the page.
//! Where too many would have to be looked into (a filter that lets little through), the caller sorts the range after all.

use super::columns::values_of;
use crate::error::Work;
use crate::rollup::{SLOT_MS, slot_of};
use crate::sql::{self, LogStartKind, NumberFilter};
use meterwire_app::ports::{LogRequest, TenantId};
use rusqlite::{CachedStatement, Connection, params};

/// The most quarters that are looked into.
const MAX_LOOKS: usize = 1_000;
/// Ranges of fewer quarters are as quickly sorted.
const MIN_SLOTS: i64 = 16;

/// Sort value and seq of a row.
pub(super) type Place = (i64, i64);

/// A page to be found.
pub(super) struct Page<'a> {
    pub(super) tenant: TenantId,
    pub(super) request: &'a LogRequest,
    pub(super) filters: &'a [NumberFilter],
    /// The name of the sort column's bounds.
    pub(super) bound: &'static str,
    /// Rows from the start on that are wanted.
    pub(super) count: usize,
    /// The row before the page.
    pub(super) after: Option<Place>,
}

impl Page<'_> {
    /// The page's rows in order; `None` where sorting the range is the better way.
    pub(super) fn find(&self, connection: &Connection) -> Work<Option<Vec<Place>>> {
        let range = self.request.range;
        let (first, last) = (slot_of(range.from_ms, 1), slot_of(range.to_ms - 1, 1));
        if last - first < MIN_SLOTS {
            return Ok(None);
        }
        let mut statement =
            connection.prepare_cached(&sql::slots_by_bound(self.bound, self.request.descending))?;
        // Quarters that lie wholly before the page's start hold nothing of it.
        let unbounded = if self.request.descending { i64::MAX } else { i64::MIN };
        let edge = self.after.map_or(unbounded, |(value, _)| value);
        let mut slots = statement.query(params![self.tenant.0, first, last, edge])?;
        let start = if self.after.is_some() { LogStartKind::After } else { LogStartKind::Offset };
        let column = self.request.column;
        let sql = sql::log_page(column, self.request.descending, start, self.filters);
        let mut rows_of_slot = connection.prepare_cached(&sql)?;
        let mut found: Vec<Place> = Vec::new();
        let mut looks = 0;
        while let Some(row) = slots.next()? {
            let best: Place = (row.get(1)?, row.get(2)?);
            if found.len() >= self.count && !self.comes_before(best, found[self.count - 1]) {
                break;
            }
            looks += 1;
            if looks > MAX_LOOKS {
                return Ok(None);
            }
            self.look_into(&mut rows_of_slot, row.get(0)?, &mut found)?;
        }
        found.truncate(self.count);
        Ok(Some(found))
    }

    /// Adds the rows of a slot that the page may hold, and keeps the best.
    fn look_into(&self, statement: &mut CachedStatement<'_>, slot: i64, found: &mut Vec<Place>) -> Work<()> {
        let range = self.request.range;
        let from_ms = range.from_ms.max(slot * SLOT_MS);
        let to_ms = range.to_ms.min((slot + 1) * SLOT_MS);
        let mut values = vec![self.tenant.0, from_ms, to_ms];
        values.extend(values_of(self.filters));
        values.push(i64::try_from(self.count).unwrap_or(i64::MAX));
        match self.after {
            Some((value, seq)) => values.extend([value, seq]),
            None => values.push(0),
        }
        let mut rows = statement.query(rusqlite::params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            found.push((row.get(1)?, row.get(0)?));
        }
        found.sort_unstable();
        if self.request.descending {
            found.reverse();
        }
        found.truncate(self.count);
        Ok(())
    }

    fn comes_before(&self, place: Place, other: Place) -> bool {
        if self.request.descending { place > other } else { place < other }
    }
}
