//! Making segments: in the background, a little after an hour or a day has ended.
//!
//! A reader packs from its snapshot. The writer puts the segment in its place where nothing was changed in place
//! since, and lists what was appended meanwhile as late.

use super::codec::{encode_coded, encode_numbers};
use super::{Part, drop_between};
use crate::SqliteStore;
use crate::connection::{damaged_rollup, sums_from_row};
use crate::error::Work;
use crate::label::LABELS;
use crate::rollup::{DAY, HOUR, SLOT_MS, slot_of};
use crate::row::{FACT_COLUMNS, Facts, Places};
use crate::sums::SUM_NAMES;
use crate::writer::{Session, Weight};
use meterwire_app::ports::StoreResult;
use rusqlite::{Connection, params};
use std::sync::{Mutex, PoisonError};

/// Time is packed so long after its end: most of what belongs to it has come by then.
const WAIT_MS: i64 = 120_000;
/// After everything was looked at, the next look waits so long.
const REST_MS: i64 = 60_000;
/// Days and hours that are looked at in one step, packed or not.
const MAX_LOOKED_AT: usize = 4_000;
/// Events that are packed in one step, one segment more or less.
const MAX_PACKED: i64 = 100_000;
/// A day with more events keeps the segments of its hours, so that little memory is needed to pack one.
const MAX_DAY: i64 = 65_536;
/// A segment is made anew when so many events came after it, or this share of it.
const LATE_EVENTS: i64 = 64;
const LATE_SHARE: i64 = 50;
/// A single hour is worth packing from four times as many events as a day: it will be packed again with its day.
const HOUR_EVENTS: i64 = 4;

/// How far the search for time to pack has come.
#[derive(Debug, Default)]
pub(crate) struct SealSearch(Mutex<Place>);

#[derive(Debug, Clone, Copy)]
struct Place {
    tenant_id: i64,
    slot: i64,
    /// No search before this instant.
    rest_until_ms: i64,
}

impl Default for Place {
    fn default() -> Self {
        Self { tenant_id: i64::MIN, slot: i64::MIN, rest_until_ms: i64::MIN }
    }
}

/// The packed columns of an hour or a day.
struct Packed {
    tenant_id: i64,
    slot: i64,
    width: i64,
    /// The last event of the snapshot, of any tenant.
    through_seq: i64,
    columns: Columns,
}

impl SqliteStore {
    /// Packs time that has ended into segments, as much as a short step allows; tells whether to go on at once.
    pub(crate) async fn seal_segments(&self, now_ms: i64) -> StoreResult<bool> {
        let search = self.seal_search();
        let place = *search.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock may have been put back.
        if (place.rest_until_ms.saturating_sub(REST_MS)..place.rest_until_ms).contains(&now_ms) {
            return Ok(false);
        }
        let (changes, at_least) = (self.in_place_changes(), self.min_segment_events());
        let look = move |connection: &Connection| {
            let end_slot = slot_of(now_ms - WAIT_MS, HOUR);
            let mut round = Round { connection, end_slot, at_least, looked_at: 0, events: 0, packed: vec![] };
            let next = round.look(place)?;
            Ok((round.packed, next))
        };
        let (packed, next) = self.read(look).await?;
        for packed in packed {
            let bytes = packed.columns.parts.iter().map(|(_, data)| data.len()).sum();
            let weight = Weight { bytes, ..Weight::SMALL };
            self.write_unguarded(weight, move |session| packed.put(session, changes)).await?;
        }
        let rested = Place { rest_until_ms: now_ms + REST_MS, ..Place::default() };
        *search.0.lock().unwrap_or_else(PoisonError::into_inner) = next.unwrap_or(rested);
        Ok(next.is_some())
    }
}

/// A look at some days, in the order of tenant and time.
struct Round<'a> {
    connection: &'a Connection,
    /// Time from here on has not ended.
    end_slot: i64,
    at_least: i64,
    looked_at: usize,
    events: i64,
    packed: Vec<Packed>,
}

impl Round<'_> {
    /// Packs what is to be packed; answers where to go on, `None` at the end.
    fn look(&mut self, from: Place) -> Work<Option<Place>> {
        let mut place = from;
        while self.looked_at < MAX_LOOKED_AT && self.events < MAX_PACKED {
            let Some(tenant_id) = next_tenant(self.connection, place.tenant_id)? else { return Ok(None) };
            if tenant_id != place.tenant_id {
                place = Place { tenant_id, slot: i64::MIN, ..place };
            }
            let days = self.rows(tenant_id, DAY, place.slot, self.end_slot)?;
            place = match days.into_iter().next() {
                Some(day) => {
                    self.look_at_day(tenant_id, &day)?;
                    Place { slot: day.slot + DAY, ..place }
                }
                None => Place { tenant_id: tenant_id.saturating_add(1), slot: i64::MIN, ..place },
            };
        }
        Ok(Some(place))
    }

    fn look_at_day(&mut self, tenant_id: i64, day: &Looked) -> Work<()> {
        self.looked_at += 1;
        let is_packed = day.segment == Some(DAY);
        if is_packed || (day.slot + DAY <= self.end_slot && day.calls <= MAX_DAY) {
            if day.is_worth(DAY, self.at_least) {
                self.pack(tenant_id, day, DAY)?;
            }
            return Ok(());
        }
        for hour in self.rows(tenant_id, HOUR, day.slot, self.end_slot.min(day.slot + DAY))? {
            self.looked_at += 1;
            if hour.is_worth(HOUR, self.at_least.saturating_mul(HOUR_EVENTS)) {
                self.pack(tenant_id, &hour, HOUR)?;
            }
        }
        Ok(())
    }

    /// The days, one at most, or the hours of a stretch of time that have events.
    fn rows(&self, tenant_id: i64, width: i64, from: i64, to: i64) -> Work<Vec<Looked>> {
        let sql = "SELECT slot, sums, \
                   (SELECT width FROM segment WHERE tenant_id = r.tenant_id AND part = ?5 AND slot = r.slot), \
                   (SELECT count(*) FROM segment_late WHERE tenant_id = r.tenant_id AND slot = r.slot) \
                   FROM rollup_total r WHERE tenant_id = ?1 AND width = ?2 AND slot >= ?3 AND slot < ?4 \
                   ORDER BY slot LIMIT ?6";
        let mut statement = self.connection.prepare_cached(sql)?;
        let limit = if width == DAY { 1 } else { DAY };
        let mut rows = statement.query(params![tenant_id, width, from, to, Part::SEQ.0, limit])?;
        let mut looked = Vec::new();
        while let Some(row) = rows.next()? {
            looked.push(Looked {
                slot: row.get(0)?,
                calls: sums_from_row(row.get_ref(1)?).ok_or_else(damaged_rollup)?.calls(),
                segment: row.get(2)?,
                late: row.get(3)?,
            });
        }
        Ok(looked)
    }

    fn pack(&mut self, tenant_id: i64, looked: &Looked, width: i64) -> Work<()> {
        self.events += looked.calls;
        let sql = "SELECT ifnull(max(seq), 0) FROM event";
        let through_seq = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let slot = looked.slot;
        let columns = columns(self.connection, tenant_id, slot, width, false)?;
        if columns.events > 0 {
            self.packed.push(Packed { tenant_id, slot, width, through_seq, columns });
        }
        Ok(())
    }
}

/// An hour or a day that was looked at.
struct Looked {
    slot: i64,
    calls: i64,
    /// The width of the segment that begins with it.
    segment: Option<i64>,
    /// How many events came after that segment.
    late: i64,
}

impl Looked {
    /// Whether a segment of this width should be made.
    fn is_worth(&self, width: i64, at_least: i64) -> bool {
        if self.segment == Some(width) {
            return self.late > LATE_EVENTS.max(self.calls / LATE_SHARE);
        }
        self.calls >= at_least
    }
}

/// The smallest tenant from this one on.
fn next_tenant(connection: &Connection, from: i64) -> Work<Option<i64>> {
    let sql = "SELECT min(id) FROM tenant WHERE id >= ?";
    Ok(connection.prepare_cached(sql)?.query_row([from], |row| row.get(0))?)
}

/// Packed columns, all of one length.
pub(super) struct Columns {
    pub(super) events: usize,
    pub(super) parts: Vec<(Part, Vec<u8>)>,
}

/// The columns of the events of a stretch of time, those without anything but zeros left out; without the late ones if so
/// wanted.
pub(super) fn columns(
    connection: &Connection,
    tenant_id: i64,
    slot: i64,
    width: i64,
    without_late: bool,
) -> Work<Columns> {
    let mut sql = format!(
        "SELECT seq, {FACT_COLUMNS} FROM event INDEXED BY event_time \
         WHERE tenant_id = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND voided_ms IS NULL"
    );
    if without_late {
        sql += " AND seq NOT IN (SELECT seq FROM segment_late WHERE tenant_id = ?1 AND slot = ?4)";
    } else {
        sql += " AND ?4 NOTNULL";
    }
    sql += " ORDER BY time_ms, seq";
    let start_ms = slot * SLOT_MS;
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([tenant_id, start_ms, start_ms + width * SLOT_MS, slot])?;
    let number_parts: Vec<Part> = [Part::TIME, Part::SEQ, Part::LATENCY, Part::FIRST_TOKEN]
        .into_iter()
        .chain((2..SUM_NAMES.len()).map(Part::of_sum))
        .collect();
    let coded_parts: Vec<Part> = [Part::STATUS].into_iter().chain((0..LABELS).map(Part::of_label)).collect();
    let mut numbers = vec![Vec::new(); number_parts.len()];
    let mut coded = vec![Vec::new(); coded_parts.len()];
    while let Some(row) = rows.next()? {
        let facts = Facts::from_row(row, 1, Places::NONE)?;
        let ms = |value: Option<u32>| value.map_or(-1, i64::from);
        let (latency, first_token) = (ms(facts.latency_ms), ms(facts.time_to_first_token_ms));
        let fixed = [facts.time_ms - start_ms, row.get(0)?, latency, first_token];
        let values = fixed.into_iter().chain(facts.sums.0[2..].iter().copied());
        numbers.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        let values = [facts.status].into_iter().chain(facts.labels);
        coded.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
    }
    let mut parts = Vec::new();
    let mut add = |part: Part, values: &[i64], encode: fn(&[i64], &mut Vec<u8>)| {
        if values.iter().any(|value| *value != 0) {
            let mut data = Vec::new();
            encode(values, &mut data);
            parts.push((part, data));
        }
    };
    number_parts.into_iter().zip(&numbers).for_each(|(part, values)| add(part, values, encode_numbers));
    coded_parts.into_iter().zip(&coded).for_each(|(part, values)| add(part, values, encode_coded));
    Ok(Columns { events: numbers[0].len(), parts })
}

impl Packed {
    fn put(&self, session: &mut Session, changes: u64) -> Work<()> {
        // Somebody may have changed what was packed. It is packed again at the next look.
        if session.in_place_changes() != changes {
            return Ok(());
        }
        let connection = &session.connection;
        drop_between(connection, self.tenant_id, self.slot, self.slot + self.width)?;
        let sql = "INSERT INTO segment (tenant_id, part, slot, width, events, data) VALUES (?, ?, ?, ?, ?, ?)";
        let mut insert = connection.prepare_cached(sql)?;
        for (part, data) in &self.columns.parts {
            let events = self.columns.events as i64;
            insert.execute(params![self.tenant_id, part.0, self.slot, self.width, events, data])?;
        }
        let (from_ms, to_ms) = (self.slot * SLOT_MS, (self.slot + self.width) * SLOT_MS);
        let sql = "INSERT INTO segment_late (tenant_id, slot, seq) SELECT tenant_id, ?2, seq FROM event NOT INDEXED \
                   WHERE seq > ?3 AND tenant_id = ?1 AND time_ms >= ?4 AND time_ms < ?5 AND voided_ms IS NULL";
        connection.prepare_cached(sql)?.execute([
            self.tenant_id,
            self.slot,
            self.through_seq,
            from_ms,
            to_ms,
        ])?;
        session.sealed.clear();
        Ok(())
    }
}
