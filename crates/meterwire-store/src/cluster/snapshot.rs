//! The snapshot of a question: which batches and folds of ClickHouse count at one moment, and what is still to go there.
//!
//! One statement of PostgreSQL tells all of it, so it is of one moment. What ClickHouse is asked afterwards names these
//! numbers, and rows of a number never change: whatever is flushed or folded meanwhile, the answer is of that moment.
//! Bodies of the outbox are fetched behind it; they never change either, and are kept a while when they have gone.

use super::connect::away;
use super::outbox::{EventRow, from_body};
use crate::error::{Fault, Work, unavailable};
use hashbrown::HashMap;
use meterwire_app::ports::{StoreError, TenantId};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

/// The most events of a tenant's tail that a question adds up by itself. Where there are more, ClickHouse has been away
/// for long and is not there yet.
const MAX_TAIL: i64 = 500_000;
/// Memory for bodies that were read, in bytes of the outbox; their rows take about twice that.
const MAX_REMEMBERED: usize = 32 << 20;
/// A snapshot is taken so often before a question is given up: a body goes only when it was kept for minutes.
const TRIES: usize = 3;

const TAKE: &str = "SELECT manifest.applied, manifest.dead, manifest.folded, manifest.folds, \
       ledger.labels_version, ledger.cancels, tenant.events_from_ms, \
       event_drop.tenant_id, event_drop.before_ms, event_drop.upto_seq, event_drop.received_before_ms, \
       event_drop.at_time_ms, event_drop.at_seq, \
       (SELECT array_agg(id ORDER BY id) FROM outbox WHERE outbox.tenant_id = ledger.tenant_id AND batch IS NULL), \
       (SELECT sum(events)::bigint FROM outbox WHERE outbox.tenant_id = ledger.tenant_id AND batch IS NULL), \
       (SELECT count(*) FROM dimension WHERE dimension.tenant_id = ledger.tenant_id), \
       (SELECT ARRAY[count(*), count(min_ms), min(min_ms), max(max_ms), (SELECT min(id) FROM batch)] \
         FROM batch WHERE id > manifest.folded AND state = 'applied') \
     FROM manifest CROSS JOIN ledger JOIN tenant ON tenant.id = ledger.tenant_id \
     LEFT JOIN event_drop ON event_drop.tenant_id = ledger.tenant_id \
     WHERE manifest.only_row = 1 AND ledger.tenant_id = $1";
/// No event lies between these.
const NEVER: (i64, i64) = (1, 0);
const BODIES: &str = "SELECT id, body FROM outbox WHERE id = ANY($1)";

/// What counts of a tenant's events at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    pub(crate) tenant: TenantId,
    /// Events of batches up to this count, but for those of [`Self::dead`].
    pub(crate) applied: u32,
    /// Batches that never count, in ascending order.
    pub(crate) dead: Vec<u32>,
    /// Events of batches up to this are in the rollups of [`Self::folds`].
    pub(crate) folded: u32,
    /// The first and the last time of events of later batches, so that not all events are looked through for them; `None`
    /// where that is not known.
    pub(crate) unfolded_ms: Option<(i64, i64)>,
    /// Folds whose rollups count, in ascending order.
    pub(crate) folds: Vec<u32>,
    /// Changes when the text of a label changes or goes.
    pub(crate) labels_version: i64,
    /// Rows with sign -1, in ClickHouse and the tail; 0: nothing was ever taken back.
    pub(crate) cancels: i64,
    /// Older events are kept only as totals; `None`: none were dropped.
    pub(crate) events_from_ms: Option<i64>,
    /// How many properties are declared as dimensions.
    pub(crate) dimensions: i64,
    /// What is being dropped.
    pub(crate) event_drop: Option<EventDrop>,
    /// What is on its way to ClickHouse, a transaction after another.
    pub(crate) tail: Vec<Arc<[EventRow]>>,
}

/// Events that are being dropped for their age. Those up to `at` have no identity any more and do not count as single
/// events, although ClickHouse still has them; what follows is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventDrop {
    /// Those before this time,
    pub(crate) before_ms: Option<i64>,
    /// up to this number,
    pub(crate) upto_seq: Option<i64>,
    /// and received before this.
    pub(crate) received_before_ms: Option<i64>,
    /// How far they are dropped, by time and number; a time at or behind `before_ms`: all of them.
    pub(crate) at_time_ms: Option<i64>,
    pub(crate) at_seq: Option<i64>,
}

impl Snapshot {
    /// Takes the snapshot, on a connection of any kind: inside of a transaction that holds the tenant's lock it is of that
    /// transaction, with what it wrote.
    pub(crate) async fn take(client: &Client, bodies: &Bodies, tenant: TenantId) -> Work<Self> {
        for _ in 0..TRIES {
            let row = client.query_typed(TAKE, &[(&tenant.0, Type::INT8)]).await.map_err(refused)?;
            let row = row.first().ok_or(StoreError::NotFound("tenant"))?;
            let events: Option<i64> = row.try_get(14).map_err(refused)?;
            if events.unwrap_or(0) > MAX_TAIL {
                let sentence = format!("{} events are still on their way to ClickHouse", events.unwrap_or(0));
                return Err(unavailable(sentence).into());
            }
            let tail: Option<Vec<i64>> = row.try_get(13).map_err(refused)?;
            if let Some(tail) = bodies.rows_of(client, &tail.unwrap_or_default()).await? {
                return Self::from_row(tenant, row, tail);
            }
        }
        Err(unavailable("the outbox forgets quicker than it can be read").into())
    }

    fn from_row(tenant: TenantId, row: &Row, tail: Vec<Arc<[EventRow]>>) -> Work<Self> {
        let number = |place: usize| row.try_get::<_, i64>(place).map_err(refused);
        let number_or_none = |place: usize| row.try_get::<_, Option<i64>>(place).map_err(refused);
        let event_drop = match number_or_none(7)? {
            None => None,
            Some(_) => Some(EventDrop {
                before_ms: number_or_none(8)?,
                upto_seq: number_or_none(9)?,
                received_before_ms: number_or_none(10)?,
                at_time_ms: number_or_none(11)?,
                at_seq: number_or_none(12)?,
            }),
        };
        let (applied, folded) = (number(0)?, number(2)?);
        Ok(Self {
            tenant,
            applied: narrow(applied)?,
            dead: list(row.try_get(1).map_err(refused)?)?,
            folded: narrow(folded)?,
            unfolded_ms: unfolded(applied, folded, &row.try_get::<_, Vec<Option<i64>>>(16).map_err(refused)?),
            folds: list(row.try_get(3).map_err(refused)?)?,
            labels_version: number(4)?,
            cancels: number(5)?,
            events_from_ms: number_or_none(6)?,
            dimensions: number(15)?,
            event_drop,
            tail,
        })
    }

    /// The rows of the tail, in the order of their transactions.
    pub(crate) fn tail(&self) -> impl Iterator<Item = &EventRow> {
        self.tail.iter().flat_map(|rows| rows.iter())
    }
}

/// Between what times events lie that are not folded, by what is known of their batches: how many these are, how many have
/// times, the first and the last of them, and the oldest batch that is known at all. Batches that were folded are forgotten, and
/// somebody may have named no fold any more to have all of them made again: then nobody knows.
fn unfolded(applied: i64, folded: i64, known: &[Option<i64>]) -> Option<(i64, i64)> {
    let [Some(batches), Some(with_times), first_ms, last_ms, oldest] = known else { return None };
    let all_known = batches == with_times && oldest.is_none_or(|oldest| oldest <= folded + 1);
    match (all_known, first_ms.zip(*last_ms)) {
        (true, None) if applied <= folded => Some(NEVER),
        (true, times) => times,
        (false, _) => None,
    }
}

fn narrow(number: i64) -> Work<u32> {
    u32::try_from(number).map_err(|_| Fault::Damaged(format!("the manifest names the number {number}")))
}

/// `3,7,12` as the manifest has it.
fn list(text: &str) -> Work<Vec<u32>> {
    let damaged = |_| Fault::Damaged("the manifest is no list of numbers".to_owned());
    text.split(',')
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().map_err(damaged))
        .collect()
}

fn refused(error: tokio_postgres::Error) -> Fault {
    away(&error).into()
}

/// Bodies of the outbox that this server has read lately.
#[derive(Default)]
pub(crate) struct Bodies {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    rows: HashMap<i64, (Arc<[EventRow]>, usize)>,
    /// In the order in which they came.
    order: VecDeque<i64>,
    bytes: usize,
}

impl Bodies {
    /// The rows of these, in their order; `None` where one is gone.
    async fn rows_of(&self, client: &Client, ids: &[i64]) -> Work<Option<Vec<Arc<[EventRow]>>>> {
        let mut found: HashMap<i64, Arc<[EventRow]>> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let known = |id: &i64| known.rows.get(id).map(|(rows, _)| (*id, rows.clone()));
            ids.iter().filter_map(known).collect()
        };
        let missing: Vec<i64> = ids.iter().filter(|id| !found.contains_key(*id)).copied().collect();
        if !missing.is_empty() {
            let types = [(&missing as _, Type::INT8_ARRAY)];
            for row in client.query_typed(BODIES, &types).await.map_err(refused)? {
                let (id, body): (i64, &[u8]) =
                    (row.try_get(0).map_err(refused)?, row.try_get(1).map_err(refused)?);
                let rows: Arc<[EventRow]> = from_body(body)?.into();
                self.remember(id, rows.clone(), body.len());
                found.insert(id, rows);
            }
        }
        Ok(ids.iter().map(|id| found.remove(id)).collect())
    }

    fn remember(&self, id: i64, rows: Arc<[EventRow]>, bytes: usize) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.rows.insert(id, (rows, bytes)).is_none() {
            known.order.push_back(id);
            known.bytes += bytes;
        }
        while known.bytes > MAX_REMEMBERED {
            let Some((_, bytes)) = known.order.pop_front().and_then(|oldest| known.rows.remove(&oldest))
            else {
                break;
            };
            known.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_the_manifest() {
        assert_eq!(list("").unwrap(), Vec::<u32>::new());
        assert_eq!(list("3,7,12").unwrap(), [3, 7, 12]);
        for damaged in ["x", "3 7", "-1", "4294967296"] {
            assert!(list(damaged).is_err(), "{damaged}");
        }
    }

    #[test]
    fn times_of_what_is_not_folded_are_known_or_not() {
        let known = |batches, with_times, times: Option<(i64, i64)>, oldest| {
            let (first, last) = times.unzip();
            [Some(batches), Some(with_times), first, last, oldest]
        };
        let times = Some((1_000, 2_000));
        assert_eq!(unfolded(12, 7, &known(5, 5, times, Some(3))), times);
        assert_eq!(
            unfolded(12, 7, &known(5, 5, times, Some(8))),
            times,
            "all that were folded are forgotten"
        );
        assert_eq!(unfolded(7, 7, &known(0, 0, None, Some(7))), Some(NEVER));
        assert_eq!(unfolded(0, 0, &known(0, 0, None, None)), Some(NEVER), "nothing was ever written");
        assert_eq!(unfolded(12, 7, &known(5, 4, times, Some(3))), None, "one does not say");
        assert_eq!(
            unfolded(12, 0, &known(5, 5, times, Some(8))),
            None,
            "folds are made again, and batches are gone"
        );
        assert_eq!(unfolded(12, 7, &known(0, 0, None, Some(3))), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let bodies = Bodies::default();
        for id in 0..10 {
            bodies.remember(id, Arc::default(), MAX_REMEMBERED / 4);
            bodies.remember(id, Arc::default(), MAX_REMEMBERED / 4);
        }
        let known = bodies.known.lock().unwrap();
        let mut left: Vec<i64> = known.rows.keys().copied().collect();
        left.sort_unstable();
        assert_eq!((left, known.bytes), (vec![6, 7, 8, 9], MAX_REMEMBERED));
    }
}
