//! How far surveys came that were made lately, so that the same one goes on from there. The state of one is good for as
//! long as every segment that it went over is what it was, with the same late events, and no event lies between them.
//!
//! The newest segments are packed again every few seconds while events come, and late events mostly come within a day. So
//! a survey is remembered at several places: whatever changes, most of the range need not be gone over again.

use super::survey::KindNumbers;
use crate::error::Work;
use crate::sqlite::kept::Kept;
use crate::sqlite::rollup::{DAY, HOUR, SLOT_MS};
use crate::sqlite::segment::Part;
use crate::sqlite::sql::NumberFilter;
use meterwire_app::ports::{SurveyRequest, TenantId};
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyState, Surveyor};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// So long before the end of the last segment a survey is remembered. What was remembered there is good enough until the
/// end is half as long again away.
const AGES_MS: [i64; 3] = [2 * HOUR * SLOT_MS, 26 * HOUR * SLOT_MS, 9 * DAY * SLOT_MS];

/// What is remembered at the older places takes at most this part of the room, each.
const PART_OF_OLD: usize = 8;

/// Surveys by what they look for, shared by all readers.
pub(crate) type Surveys = Kept<SurveyKey, Arc<KeptSurvey>>;

/// What a survey looks for, but for its end.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct SurveyKey {
    tenant: TenantId,
    from_ms: i64,
    requests: bool,
    /// Each dimension that is filtered by, and the values that pass.
    filters: Vec<(&'static str, Vec<i64>)>,
    /// The surveyor's name.
    name: String,
    /// Which of [`AGES_MS`].
    age: usize,
}

/// How far one came.
pub(crate) struct KeptSurvey {
    /// What it went over.
    contents: Vec<Content>,
    /// Where that ends.
    end_ms: i64,
    kinds: KindNumbers,
    state: SurveyState,
}

/// What a segment holds: its version, and the last of the late events, of which there are only ever more. A version that is
/// packed anew is another.
type Content = (i64, i64);

/// The segments that a range begins with, in their order; no event lies between them.
pub(super) struct Beginning {
    contents: Vec<Content>,
    /// Where they end, each.
    ends_ms: Vec<i64>,
}

impl Beginning {
    pub(super) fn of(connection: &Connection, tenant: TenantId, range: Range) -> Work<Self> {
        let sql = "SELECT s.start_ms, s.end_ms, v.version, (SELECT ifnull(max(l.seq), 0) FROM segment_late AS l \
                   WHERE l.tenant_id = s.tenant_id AND l.start_ms = s.start_ms) FROM segment AS s \
                   LEFT JOIN packed_version AS v ON v.tenant_id = s.tenant_id AND v.kind = 0 AND v.start_ms = s.start_ms \
                   WHERE s.tenant_id = ? AND s.part = ? AND s.start_ms > ? AND s.start_ms < ? ORDER BY s.start_ms";
        let mut statement = connection.prepare_cached(sql)?;
        // No segment is longer than a day.
        let first_ms = range.from_ms - DAY * SLOT_MS;
        let mut rows = statement.query(params![tenant.0, Part::SEQ.code(), first_ms, range.to_ms])?;
        let mut found = Self { contents: vec![], ends_ms: vec![] };
        let mut next_ms = range.from_ms;
        while let Some(row) = rows.next()? {
            let (start_ms, end_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
            if end_ms <= range.from_ms {
                continue;
            }
            let (version, last_late): (Option<i64>, i64) = (row.get(2)?, row.get(3)?);
            let Some(version) = version.filter(|_| end_ms <= range.to_ms) else { break };
            if next_ms < start_ms && has_event(connection, tenant, next_ms, start_ms)? {
                break;
            }
            found.contents.push((version, last_late));
            found.ends_ms.push(end_ms);
            next_ms = end_ms;
        }
        Ok(found)
    }

    /// Where a survey of such an age is remembered: the end of the last segment that is as old, and how many there are
    /// up to there.
    fn place(&self, age_ms: i64) -> Option<(usize, i64)> {
        let before_ms = self.ends_ms.last()? - age_ms;
        let count = self.ends_ms.partition_point(|end_ms| *end_ms <= before_ms);
        Some((count, *self.ends_ms.get(count.checked_sub(1)?)?))
    }
}

/// Whether an event lies between two instants.
fn has_event(connection: &Connection, tenant: TenantId, from_ms: i64, to_ms: i64) -> Work<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM event INDEXED BY event_time \
               WHERE tenant_id = ? AND time_ms >= ? AND time_ms < ? AND voided_ms IS NULL)";
    Ok(connection.prepare_cached(sql)?.query_row([tenant.0, from_ms, to_ms], |row| row.get(0))?)
}

/// A survey of which something is remembered.
pub(super) struct Keeper<'a> {
    surveys: &'a Surveys,
    key: SurveyKey,
    beginning: Beginning,
    /// Where it is to be remembered, by age, the nearest place last.
    places: Vec<(usize, usize, i64)>,
}

impl<'a> Keeper<'a> {
    /// Of what is asked; `None` where nothing of it is remembered.
    pub(super) fn new(
        surveys: &'a Surveys,
        tenant: TenantId,
        request: &SurveyRequest,
        filters: &[NumberFilter],
        surveyor: &dyn Surveyor,
        beginning: Beginning,
    ) -> Option<Self> {
        let filters = filters.iter().map(|filter| (filter.dimension.name(), filter.values.clone()));
        let (from_ms, requests, filters) = (request.range.from_ms, request.requests, filters.collect());
        let key = SurveyKey { tenant, from_ms, requests, filters, name: surveyor.name()?, age: 0 };
        Some(Self { surveys, key, beginning, places: vec![] })
    }

    /// What is remembered of an age, if it is still so.
    fn known(&mut self, age: usize) -> Option<Arc<KeptSurvey>> {
        self.key.age = age;
        let known = self.surveys.get(&self.key)?;
        self.beginning.contents.starts_with(&known.contents).then_some(known)
    }

    /// Goes on from where the same survey came to, if that is still so; answers from when on, and the kinds that were told.
    pub(super) fn go_on(&mut self, surveyor: &mut dyn Surveyor) -> Option<(i64, KindNumbers)> {
        let known = (0..AGES_MS.len()).find_map(|age| {
            let known = self.known(age)?;
            surveyor.go_on_from(&*known.state.taken_in).then_some((age, known))
        });
        for (age, age_ms) in AGES_MS.into_iter().enumerate() {
            let Some((count, end_ms)) = self.beginning.place(age_ms) else { continue };
            let is_wanted = known.as_ref().is_none_or(|(from_age, known)| {
                let new_ms = end_ms - known.end_ms;
                new_ms > 0 && (age != *from_age || new_ms >= age_ms / 2)
            });
            if is_wanted {
                self.places.push((age, count, end_ms));
            }
        }
        // Two ages may mean one place.
        self.places.dedup_by_key(|(_, _, end_ms)| *end_ms);
        known.map(|(_, known)| (known.end_ms, known.kinds.clone()))
    }

    /// Whether the survey is to be remembered where a segment ends.
    pub(super) fn keeps_at(&self, end_ms: i64) -> bool {
        self.places.last().is_some_and(|(_, _, at_ms)| *at_ms == end_ms)
    }

    /// Remembers how far a survey came: to the next of its places.
    pub(super) fn keep(&mut self, kinds: &KindNumbers, surveyor: &dyn Surveyor) {
        let (Some((age, count, end_ms)), Some(state)) = (self.places.pop(), surveyor.state()) else { return };
        let contents = self.beginning.contents[..count].to_vec();
        let bytes = state.bytes + size_of::<Content>() * count + 64 * kinds.len() + 512;
        // Where there is little room, it is for what most questions go on from.
        if age > 0 && bytes > self.surveys.most_bytes() / PART_OF_OLD {
            return;
        }
        let key = SurveyKey { age, ..self.key.clone() };
        self.surveys.add(key, Arc::new(KeptSurvey { contents, end_ms, kinds: kinds.clone(), state }), bytes);
    }
}
