//! How far surveys came that were made lately, so that the same one goes on from there. The state of one is good for as
//! long as every segment that it went over is what it was, and no event came between them.

use super::survey::KindNumbers;
use crate::error::Work;
use crate::sqlite::kept::Kept;
use crate::sqlite::segment::Part;
use crate::sqlite::sql::NumberFilter;
use meterwire_app::ports::{SurveyRequest, TenantId};
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyState, Surveyor};
use rusqlite::{Connection, params};
use std::sync::Arc;

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
}

/// How far one came.
pub(crate) struct KeptSurvey {
    /// The versions of the segments that it went over.
    versions: Vec<i64>,
    /// Where they end.
    end_ms: i64,
    kinds: KindNumbers,
    state: SurveyState,
}

/// The segments that a range begins with, in their order: whole, without a gap, and without an event that came later.
pub(super) struct Beginning {
    versions: Vec<i64>,
    /// Where they end, each.
    ends_ms: Vec<i64>,
}

impl Beginning {
    pub(super) fn of(connection: &Connection, tenant: TenantId, range: Range) -> Work<Self> {
        let sql = "SELECT s.start_ms, s.end_ms, v.version, EXISTS (SELECT 1 FROM segment_late AS l \
                   WHERE l.tenant_id = s.tenant_id AND l.start_ms = s.start_ms) FROM segment AS s \
                   LEFT JOIN packed_version AS v ON v.tenant_id = s.tenant_id AND v.kind = 0 AND v.start_ms = s.start_ms \
                   WHERE s.tenant_id = ? AND s.part = ? AND s.start_ms >= ? AND s.start_ms < ? ORDER BY s.start_ms";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![tenant.0, Part::SEQ.code(), range.from_ms, range.to_ms])?;
        let mut found = Self { versions: vec![], ends_ms: vec![] };
        let mut next_ms = range.from_ms;
        while let Some(row) = rows.next()? {
            let (start_ms, end_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (version, has_late): (Option<i64>, bool) = (row.get(2)?, row.get(3)?);
            let (Some(version), true) = (version, start_ms == next_ms && end_ms <= range.to_ms && !has_late)
            else {
                break;
            };
            found.versions.push(version);
            found.ends_ms.push(end_ms);
            next_ms = end_ms;
        }
        Ok(found)
    }

    /// Where the last of them ends.
    pub(super) fn end_ms(&self) -> Option<i64> {
        self.ends_ms.last().copied()
    }
}

/// The key of a survey; `None` where nothing of it is remembered.
pub(super) fn key(
    tenant: TenantId,
    request: &SurveyRequest,
    filters: &[NumberFilter],
    surveyor: &dyn Surveyor,
) -> Option<SurveyKey> {
    Some(SurveyKey {
        tenant,
        from_ms: request.range.from_ms,
        requests: request.requests,
        filters: filters.iter().map(|filter| (filter.dimension.name(), filter.values.clone())).collect(),
        name: surveyor.name()?,
    })
}

/// Goes on from where the same survey came to, if that is still so; answers from when on, and the kinds that were told.
pub(super) fn go_on(
    surveys: &Surveys,
    key: &SurveyKey,
    beginning: &Beginning,
    surveyor: &mut dyn Surveyor,
) -> Option<(i64, KindNumbers)> {
    let known = surveys.get(key)?;
    let is_beginning = beginning.versions.starts_with(&known.versions);
    (is_beginning && surveyor.go_on_from(&*known.state.taken_in)).then(|| (known.end_ms, known.kinds.clone()))
}

/// Remembers how far a survey came: to the end of its range's beginning.
pub(super) fn keep(
    surveys: &Surveys,
    key: SurveyKey,
    beginning: &Beginning,
    kinds: &KindNumbers,
    surveyor: &dyn Surveyor,
) {
    let (Some(end_ms), Some(state)) = (beginning.end_ms(), surveyor.state()) else { return };
    let bytes = state.bytes + 16 * beginning.versions.len() + 64 * kinds.len();
    let kept = KeptSurvey { versions: beginning.versions.clone(), end_ms, kinds: kinds.clone(), state };
    surveys.add(key, Arc::new(kept), bytes);
}
