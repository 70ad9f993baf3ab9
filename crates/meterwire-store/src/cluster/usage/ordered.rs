//! Places of events in an order: those of ClickHouse and those of the tail, merged.

use super::{Asking, Which};
use crate::cluster::click::text::{self, Start};
use crate::cluster::outbox::EventRow;
use crate::error::{Fault, Work};
use meterwire_core::period::Range;
use std::cmp::Ordering;

/// The first stretch of time that is looked at where events are wanted in the order of time, and how much wider each
/// further one is: sorting all of a range to find its first rows would cost as much as reading it.
const FIRST_STRETCH_MS: i64 = 3_600_000;
const WIDER: i64 = 8;

/// Where an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// By what it is sorted.
    pub(super) value: i64,
    pub(super) seq: i64,
    pub(super) time_ms: i64,
    pub(super) version: u8,
}

/// An order of events, and where in it some are wanted.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    /// The value of a row of ClickHouse.
    pub(super) sql: &'a str,
    /// The same of a row of the tail.
    pub(super) of: &'a (dyn Fn(&EventRow) -> i64 + Sync),
    pub(super) descending: bool,
    pub(super) start: Start,
    /// So many.
    pub(super) count: usize,
}

impl Order<'_> {
    fn compare(&self, one: &Place, other: &Place) -> Ordering {
        let order = (one.value, one.seq).cmp(&(other.value, other.seq));
        if self.descending { order.reverse() } else { order }
    }

    fn starts_before(&self, place: &Place) -> bool {
        let Start::After(value, seq) = self.start else { return true };
        let after = (place.value, place.seq).cmp(&(value, seq));
        after == if self.descending { Ordering::Less } else { Ordering::Greater }
    }
}

impl Asking<'_> {
    /// The places of living events in an order.
    pub(super) async fn places(&self, which: Which<'_>, order: Order<'_>) -> Work<Vec<Place>> {
        let of = |row: &EventRow| Place {
            value: (order.of)(row),
            seq: row.seq,
            time_ms: row.time_ms,
            version: row.version,
        };
        let tail = self.tail(which).living(&self.cancels).map(of);
        let mut places: Vec<Place> = tail.filter(|place| order.starts_before(place)).collect();
        let (skipped, start, most) = match order.start {
            Start::After(..) => (0, order.start, order.count),
            Start::Offset(offset) => {
                // At most the whole tail comes before the offset, so what ClickHouse has before this is before it.
                let passed = offset.saturating_sub(places.len() as u64);
                let skipped = usize::try_from(offset - passed).map_err(|_| Fault::Overflow)?;
                (skipped, Start::Offset(passed), order.count.saturating_add(skipped))
            }
        };
        let sql = text::log(&self.scope(which), &self.cancels, order.sql, order.descending, start, most);
        self.read(sql, |row| {
            let (value, seq, time_ms, version) = (row.cell()?, row.cell()?, row.cell()?, row.cell()?);
            places.push(Place { value, seq, time_ms, version });
            Ok(())
        })
        .await?;
        places.sort_unstable_by(|one, other| order.compare(one, other));
        Ok(places.into_iter().skip(skipped).take(order.count).collect())
    }

    /// The places of living events in the order of time, from the beginning of the range or after a place: stretch by
    /// stretch, until there are enough.
    pub(super) async fn places_by_time(
        &self,
        which: Which<'_>,
        descending: bool,
        after: Option<(i64, i64)>,
        count: usize,
    ) -> Work<Vec<Place>> {
        let Range { mut from_ms, mut to_ms } = which.range;
        if let Some((time_ms, _)) = after {
            if descending {
                to_ms = to_ms.min(time_ms.saturating_add(1));
            } else {
                from_ms = from_ms.max(time_ms);
            }
        }
        let start = after.map_or(Start::Offset(0), |(time_ms, seq)| Start::After(time_ms, seq));
        let mut places = Vec::new();
        let mut width_ms = FIRST_STRETCH_MS;
        while from_ms < to_ms && places.len() < count {
            let mut range = Range { from_ms, to_ms };
            if descending {
                range.from_ms = from_ms.max(to_ms.saturating_sub(width_ms));
                to_ms = range.from_ms;
            } else {
                range.to_ms = to_ms.min(from_ms.saturating_add(width_ms));
                from_ms = range.to_ms;
            }
            width_ms = width_ms.saturating_mul(WIDER);
            let left = count - places.len();
            let order = Order { sql: "time_ms", of: &|row| row.time_ms, descending, start, count: left };
            places.append(&mut self.places(Which { range, ..which }, order).await?);
        }
        Ok(places)
    }
}
