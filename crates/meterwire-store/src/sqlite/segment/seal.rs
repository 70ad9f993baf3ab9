//! Making segments, in the background: a UTC day when it has ended; of the running day, and of days with very many events,
//! pieces as they grow.
//!
//! A reader packs from its snapshot. The writer puts the segment in its place where nothing was changed in place since, and
//! lists what was appended meanwhile as late.

use super::Part;
use super::columns::{Columns, columns};
use crate::SqliteStore;
use crate::error::Work;
use crate::session::{Session, Weight};
use crate::sqlite::column_cache::{PackedKind, add_version};
use crate::sqlite::connection::{damaged_rollup, sums_from_row};
use crate::sqlite::packed_users::{self, PackedUsers};
use crate::sqlite::rollup::{DAY, QUARTER, SLOT_MS, slot_of};
use meterwire_app::ports::StoreResult;
use meterwire_core::period::Range;
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A day is packed so long after its end: most of what belongs to it has come by then.
const DAY_WAIT_MS: i64 = 120_000;
/// A piece of the running day ends so long before now.
const PIECE_WAIT_MS: i64 = 3_000;
/// After everything was looked at, the next look waits so long.
const REST_MS: i64 = 60_000;
/// Days that are looked at in one step, packed or not.
const MAX_LOOKED_AT: usize = 4_000;
/// Events that are packed in one step, one segment more or less.
const MAX_PACKED: i64 = 100_000;
/// The most events of one segment, so that little memory is needed to pack it.
const MAX_SEGMENT: i64 = 65_536;
/// A piece with fewer events is packed again together with what follows it.
const SMALL_PIECE: i64 = MAX_SEGMENT / 2;
/// So many new events are worth a piece at once, so that no question has to read more of them than these.
const PIECE_EVENTS: i64 = 4_096;
/// Fewer are packed when the piece is this long.
const PIECE_MS: i64 = 3_600_000;
/// A segment is made anew when so many events came after it, or this share of it.
const LATE_EVENTS: i64 = 64;
const LATE_SHARE: i64 = 50;

/// How far the search for time to pack has come, and at which revision the running days were looked at.
#[derive(Debug, Default)]
pub(crate) struct SealSearch(Mutex<Place>, AtomicU64);

#[derive(Debug, Clone, Copy)]
struct Place {
    tenant_id: i64,
    slot: i64,
    /// With which day each tenant begins.
    first_slot: i64,
    /// No search before this instant.
    rest_until_ms: i64,
}

impl Default for Place {
    fn default() -> Self {
        Self { tenant_id: i64::MIN, slot: i64::MIN, first_slot: i64::MIN, rest_until_ms: i64::MIN }
    }
}

/// The packed columns of a stretch of time.
struct Packed {
    tenant_id: i64,
    range: Range,
    /// The last event of the snapshot, of any tenant.
    through_seq: i64,
    columns: Columns,
}

impl SqliteStore {
    /// Packs events into segments, as many as a short step allows; tells whether to go on at once.
    pub(crate) async fn seal_segments(&self, now_ms: i64) -> StoreResult<bool> {
        let search = self.seal_search();
        let place = *search.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut more = false;
        let revision = *self.backend.revisions.changes().borrow();
        if search.1.swap(revision, Ordering::Relaxed) != revision {
            more = self.seal_from(Place::running(now_ms), now_ms).await?.is_some();
            if more {
                search.1.store(0, Ordering::Relaxed);
            }
        }
        // The clock may have been put back.
        if !(place.rest_until_ms.saturating_sub(REST_MS)..place.rest_until_ms).contains(&now_ms) {
            let next = self.seal_from(place, now_ms).await?;
            more |= next.is_some();
            let rested = Place { rest_until_ms: now_ms + REST_MS, ..Place::default() };
            *search.0.lock().unwrap_or_else(PoisonError::into_inner) = next.unwrap_or(rested);
        }
        Ok(more)
    }

    /// One step from a place on; answers where to go on, `None` at the end.
    async fn seal_from(&self, place: Place, now_ms: i64) -> StoreResult<Option<Place>> {
        let (changes, at_least) = (self.in_place_changes(), self.min_segment_events());
        let look = move |connection: &Connection| {
            let mut round = Round::new(connection, now_ms, at_least);
            let next = round.look(place)?;
            Ok((round.packed, round.users, next))
        };
        let (packed, users, next) = self.snapshot(look).await?;
        for users in users {
            let weight = Weight { bytes: users.bytes(), ..Weight::SMALL };
            self.write_unguarded(None, weight, move |session| users.put(session, changes)).await?;
        }
        for packed in packed {
            let bytes = packed.columns.parts.iter().map(|(_, data)| data.len()).sum();
            let weight = Weight { bytes, ..Weight::SMALL };
            self.write_unguarded(None, weight, move |session| packed.put(session, changes)).await?;
        }
        Ok(next)
    }
}

impl Place {
    /// Where the running days of all tenants begin.
    fn running(now_ms: i64) -> Self {
        let first_slot = slot_of(now_ms, DAY);
        Self { slot: first_slot, first_slot, ..Self::default() }
    }
}

/// A look at some days, in the order of tenant and time.
struct Round<'a> {
    connection: &'a Connection,
    now_ms: i64,
    at_least: i64,
    looked_at: usize,
    events: i64,
    packed: Vec<Packed>,
    users: Vec<PackedUsers>,
}

impl<'a> Round<'a> {
    fn new(connection: &'a Connection, now_ms: i64, at_least: i64) -> Self {
        Self { connection, now_ms, at_least, looked_at: 0, events: 0, packed: vec![], users: vec![] }
    }

    /// Packs what is to be packed; answers where to go on, `None` at the end.
    fn look(&mut self, from: Place) -> Work<Option<Place>> {
        let mut place = from;
        let end_slot = slot_of(self.now_ms, DAY) + DAY;
        while self.looked_at < MAX_LOOKED_AT && self.events < MAX_PACKED {
            let Some(tenant_id) = next_tenant(self.connection, place.tenant_id)? else { return Ok(None) };
            if tenant_id != place.tenant_id {
                place = Place { tenant_id, slot: place.first_slot, ..place };
            }
            place = match self.next_day(tenant_id, place.slot, end_slot)? {
                Some(day) => {
                    self.looked_at += 1;
                    if self.look_at_day(tenant_id, &day)? {
                        // What was packed has to be in its place before the day is looked at again.
                        return Ok(Some(Place { slot: day.slot, ..place }));
                    }
                    Place { slot: day.slot + DAY, ..place }
                }
                None => Place { tenant_id: tenant_id.saturating_add(1), slot: place.first_slot, ..place },
            };
        }
        Ok(Some(place))
    }

    /// Packs something of a day; tells whether there is more of it.
    fn look_at_day(&mut self, tenant_id: i64, day: &Day) -> Work<bool> {
        let whole = Range { from_ms: day.slot * SLOT_MS, to_ms: (day.slot + DAY) * SLOT_MS };
        let is_over = whole.to_ms + DAY_WAIT_MS <= self.now_ms;
        if is_over && !day.has_packed_users && day.calls >= self.at_least {
            let users = PackedUsers::pack(self.connection, tenant_id, day.slot)?;
            self.events += users.as_ref().map_or(0, PackedUsers::users);
            self.users.extend(users);
        }
        if day.segment == Some(whole.to_ms) {
            if day.late > LATE_EVENTS.max(day.calls / LATE_SHARE) {
                self.pack(tenant_id, whole, day.calls)?;
            }
            return Ok(false);
        }
        if is_over && day.calls <= MAX_SEGMENT {
            if day.calls >= self.at_least {
                self.pack(tenant_id, whole, day.calls)?;
            }
            return Ok(false);
        }
        self.pack_piece(tenant_id, whole)
    }

    /// Packs the next piece of a day that is running, or too large to be one segment.
    fn pack_piece(&mut self, tenant_id: i64, day: Range) -> Work<bool> {
        if let Some((piece, events)) = self.piece_to_renew(tenant_id, day)? {
            self.pack(tenant_id, piece, events)?;
            return Ok(true);
        }
        let limit_ms = day.to_ms.min(self.now_ms - PIECE_WAIT_MS);
        let last: Option<(i64, i64, i64)> = self
            .connection
            .prepare_cached(
                "SELECT start_ms, end_ms, events FROM segment WHERE tenant_id = ? AND part = ? AND start_ms >= ? \
                 AND start_ms < ? ORDER BY start_ms DESC LIMIT 1",
            )?
            .query_row(params![tenant_id, Part::SEQ.0, day.from_ms, day.to_ms], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let (mut from_ms, packed_to_ms, packed) = last.unwrap_or((day.from_ms, day.from_ms, 0));
        if packed >= SMALL_PIECE {
            from_ms = packed_to_ms;
        }
        if packed_to_ms >= limit_ms {
            return Ok(false);
        }
        let is_over = limit_ms == day.to_ms || limit_ms - packed_to_ms >= PIECE_MS;
        let enough = match last {
            // What is left of a day is packed too, or it would be read event by event for ever.
            Some(_) if limit_ms == day.to_ms => 1,
            _ if is_over => self.at_least.min(PIECE_EVENTS),
            _ => PIECE_EVENTS,
        };
        let unpacked = Range { from_ms: packed_to_ms, to_ms: limit_ms };
        // Most tenants are told from the others without counting events.
        if self.count_at_most(tenant_id, unpacked)? < enough {
            return Ok(false);
        }
        let new = self.count(tenant_id, unpacked)?;
        if new < enough {
            return Ok(false);
        }
        let mut piece = Range { from_ms, to_ms: limit_ms };
        let mut events = new + if from_ms < packed_to_ms { packed } else { 0 };
        if events > MAX_SEGMENT {
            piece.to_ms = self.nth(tenant_id, piece, MAX_SEGMENT)?.unwrap_or(limit_ms);
            if piece.to_ms <= piece.from_ms {
                // More events within one millisecond than a segment should hold.
                piece.to_ms = piece.from_ms + 1;
            }
            events = self.count(tenant_id, piece)?;
        }
        self.pack(tenant_id, piece, events)?;
        Ok(piece.to_ms < limit_ms)
    }

    /// A piece that many events came after.
    fn piece_to_renew(&self, tenant_id: i64, day: Range) -> Work<Option<(Range, i64)>> {
        let sql = "SELECT s.start_ms, s.end_ms, s.events + count(*) FROM segment_late l JOIN segment s \
                   ON s.tenant_id = l.tenant_id AND s.part = ?2 AND s.start_ms = l.start_ms \
                   WHERE l.tenant_id = ?1 AND l.start_ms >= ?3 AND l.start_ms < ?4 \
                   GROUP BY l.start_ms HAVING count(*) > max(?5, s.events / ?6) LIMIT 1";
        let found = self
            .connection
            .prepare_cached(sql)?
            .query_row(
                params![tenant_id, Part::SEQ.0, day.from_ms, day.to_ms, LATE_EVENTS, LATE_SHARE],
                |row| Ok((Range { from_ms: row.get(0)?, to_ms: row.get(1)? }, row.get(2)?)),
            )
            .optional()?;
        Ok(found)
    }

    /// How many events there are at most: those of the quarters of an hour that the range touches.
    fn count_at_most(&self, tenant_id: i64, range: Range) -> Work<i64> {
        let sql =
            "SELECT sums FROM rollup_total WHERE tenant_id = ? AND width = ? AND slot >= ? AND slot <= ?";
        let mut statement = self.connection.prepare_cached(sql)?;
        let (first, last) = (slot_of(range.from_ms, QUARTER), slot_of(range.to_ms - 1, QUARTER));
        let mut rows = statement.query([tenant_id, QUARTER, first, last])?;
        let mut calls = 0;
        while let Some(row) = rows.next()? {
            calls += sums_from_row(row.get_ref(0)?).ok_or_else(damaged_rollup)?.calls();
        }
        Ok(calls)
    }

    /// How many events there are.
    fn count(&self, tenant_id: i64, range: Range) -> Work<i64> {
        let sql = "SELECT count(*) FROM event INDEXED BY event_time \
                   WHERE tenant_id = ? AND time_ms >= ? AND time_ms < ? AND voided_ms IS NULL";
        Ok(self
            .connection
            .prepare_cached(sql)?
            .query_row([tenant_id, range.from_ms, range.to_ms], |row| row.get(0))?)
    }

    /// The time of the event behind so many.
    fn nth(&self, tenant_id: i64, range: Range, place: i64) -> Work<Option<i64>> {
        let sql = "SELECT time_ms FROM event INDEXED BY event_time \
                   WHERE tenant_id = ? AND time_ms >= ? AND time_ms < ? AND voided_ms IS NULL \
                   ORDER BY time_ms LIMIT 1 OFFSET ?";
        let found = self
            .connection
            .prepare_cached(sql)?
            .query_row([tenant_id, range.from_ms, range.to_ms, place], |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    /// The next day that has events.
    fn next_day(&self, tenant_id: i64, from: i64, to: i64) -> Work<Option<Day>> {
        let sql = "SELECT slot, sums, \
                   (SELECT end_ms FROM segment WHERE tenant_id = r.tenant_id AND part = ?5 AND start_ms = r.slot * ?6), \
                   (SELECT count(*) FROM segment_late WHERE tenant_id = r.tenant_id AND start_ms = r.slot * ?6) \
                   FROM rollup_total r WHERE tenant_id = ?1 AND width = ?2 AND slot >= ?3 AND slot < ?4 \
                   ORDER BY slot LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![tenant_id, DAY, from, to, Part::SEQ.0, SLOT_MS])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Day {
            slot: row.get(0)?,
            calls: sums_from_row(row.get_ref(1)?).ok_or_else(damaged_rollup)?.calls(),
            segment: row.get(2)?,
            late: row.get(3)?,
            has_packed_users: packed_users::is_packed(self.connection, tenant_id, row.get(0)?)?,
        }))
    }

    fn pack(&mut self, tenant_id: i64, range: Range, events: i64) -> Work<()> {
        self.events += events;
        let sql = "SELECT ifnull(max(seq), 0) FROM event";
        let through_seq = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let columns = columns(self.connection, tenant_id, range, false)?;
        if columns.events > 0 {
            self.packed.push(Packed { tenant_id, range, through_seq, columns });
        }
        Ok(())
    }
}

/// A day that is looked at.
struct Day {
    slot: i64,
    calls: i64,
    /// The end of the segment that begins with it.
    segment: Option<i64>,
    /// How many events came after that segment.
    late: i64,
    /// Whether its users are packed.
    has_packed_users: bool,
}

/// The smallest tenant from this one on.
fn next_tenant(connection: &Connection, from: i64) -> Work<Option<i64>> {
    let sql = "SELECT min(id) FROM tenant WHERE id >= ?";
    Ok(connection.prepare_cached(sql)?.query_row([from], |row| row.get(0))?)
}

impl Packed {
    fn put(&self, session: &mut Session, changes: u64) -> Work<()> {
        // Somebody may have changed what was packed. It is packed again at the next look.
        if session.recording()?.in_place_changes() != changes {
            return Ok(());
        }
        let connection = session.connection.sqlite()?;
        let sealed = &mut session.recording()?.sealed;
        let Range { from_ms, to_ms } = self.range;
        sealed.drop_between(connection, self.tenant_id, from_ms, to_ms)?;
        let sql = "INSERT INTO segment (tenant_id, part, start_ms, end_ms, events, first_seq, last_seq, data) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let mut insert = connection.prepare_cached(sql)?;
        let Columns { events, seqs, parts } = &self.columns;
        for (part, data) in parts {
            let events = *events as i64;
            insert.execute(params![self.tenant_id, part.0, from_ms, to_ms, events, seqs.0, seqs.1, data])?;
        }
        add_version(connection, PackedKind::Segment, self.tenant_id, from_ms)?;
        let sql = "INSERT INTO segment_late (tenant_id, start_ms, seq) SELECT tenant_id, ?3, seq FROM event NOT INDEXED \
                   WHERE seq > ?2 AND tenant_id = ?1 AND time_ms >= ?3 AND time_ms < ?4 AND voided_ms IS NULL";
        connection.prepare_cached(sql)?.execute([self.tenant_id, self.through_seq, from_ms, to_ms])?;
        sealed.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpenOptions;
    use meterwire_app::ports::{Audit, Catalog, Ledger};
    use meterwire_core::event::{NewEvent, Rating};

    const NOW_MS: i64 = 1_800_000_000_000;

    /// Packs on a snapshot, lets something happen, and only then puts what was packed in its place; answers how many
    /// segments there are, and how many late events.
    async fn pack_then(happens: impl AsyncFn(&SqliteStore, meterwire_app::ports::TenantId)) -> (i64, i64) {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(OpenOptions::new(dir.path())).unwrap();
        let tenant = store.create_tenant("acme", "Acme", "UTC", audit()).await.unwrap().id;
        store.append(tenant, vec![event("a"), event("b")]).await.unwrap();
        let changes = store.in_place_changes();
        let look = |connection: &Connection| {
            let now_ms = NOW_MS + 3 * DAY * SLOT_MS;
            let mut round = Round::new(connection, now_ms, 1);
            round.look(Place::default())?;
            Ok(round.packed)
        };
        let packed = store.snapshot(look).await.unwrap();
        assert_eq!(packed.len(), 1);
        happens(&store, tenant).await;
        for packed in packed {
            store
                .write_unguarded(None, Weight::SMALL, move |session| packed.put(session, changes))
                .await
                .unwrap();
        }
        assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
        let count = |sql: &'static str| {
            store.snapshot(move |connection| Ok(connection.query_row(sql, [], |row| row.get(0))?))
        };
        let segments = count("SELECT count(*) FROM segment WHERE part = 1").await.unwrap();
        (segments, count("SELECT count(*) FROM segment_late").await.unwrap())
    }

    fn audit() -> Audit {
        Audit { actor: "test".into(), action: "test", target: "t".into(), at_ms: NOW_MS }
    }

    fn event(id: &str) -> meterwire_core::event::Event {
        let sent = NewEvent { id: Some(id.to_owned()), time_ms: Some(NOW_MS), ..NewEvent::default() };
        let fingerprint = sent.fingerprint();
        sent.complete(fingerprint, String::new, NOW_MS, Rating::Free).unwrap()
    }

    #[tokio::test]
    async fn what_was_voided_since_is_not_put_in_place() {
        let voided = pack_then(async |store, tenant| {
            store.void(tenant, "default", "a", audit()).await.unwrap();
        });
        assert_eq!(voided.await, (0, 0));
    }

    #[tokio::test]
    async fn what_came_since_is_listed_as_late() {
        let appended = pack_then(async |store, tenant| {
            store.append(tenant, vec![event("c")]).await.unwrap();
        });
        assert_eq!(appended.await, (1, 1));
    }
}
