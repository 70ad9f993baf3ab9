//! Going over single events in the order of time, for questions that no sum answers: what an event would have cost by
//! another price, which requests were asked twice.
//!
//! Segments are read column by column, a few thousand rows at a time; what came after a segment was made is put in its
//! place by time. Nothing of the events is kept here.

use super::aggregate;
use super::kept_survey::{Beginning, Keeper};
use super::log;
use super::{LabelTexts, number_filters};
use crate::error::Work;
use crate::row::{request_to_row, tokens_from_row};
use crate::sqlite::segment::{self, Coded, Numbers, Part, Picked, Segment, Step};
use crate::sqlite::sql::NumberFilter;
use crate::sqlite::{dimensions, retention};
use crate::sums::{COST, TOKENS, UNPRICED};
use hashbrown::HashMap;
use meterwire_app::ports::{AggregateRow, LogRow, StoreError, SurveyRequest, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyKind, SurveyedEvent, Surveyor};
use meterwire_core::tokens::TokenUsage;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// The numbers of kinds, by the numbers of their values.
pub(super) type KindNumbers = HashMap<[i64; 3], u32>;

/// So many events are handed over at once.
const CHUNK: usize = 2_048;
/// The most kinds of one survey.
const MAX_KINDS: usize = 10_000;
/// What the kinds are told apart by.
const KIND: [Dimension; 3] = [Dimension::Provider, Dimension::Model, Dimension::ServiceTier];

/// The columns of an event, in the order of [`Survey::event`]; behind them stand those of the filters.
const COLUMNS: &str = "seq, time_ms, provider, model, service_tier, status, rating = 3, input_uncached, cache_read, \
     cache_write_short, cache_write_long, audio_input, image_input, output_visible, reasoning, audio_output, \
     image_output, cost_nanos, request_hash";
const FIRST_FILTER: usize = 19;

pub(super) fn run(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    request: &SurveyRequest,
    surveyor: &Mutex<dyn Surveyor>,
) -> Work<Vec<Vec<AggregateRow>>> {
    let range = request.range;
    let filtered = request.filters.iter().map(|filter| filter.dimension);
    dimensions::require_ready(connection, tenant, filtered, range.from_ms)?;
    if let Some(events_from_ms) = crate::catalog::retention::events_from(&connection.into(), tenant)? {
        retention::require_kept(connection, tenant, events_from_ms, range.from_ms..range.to_ms)?;
    }
    if let Some(filters) = number_filters(connection, tenant, &request.filters)? {
        let mut parts: Vec<Part> = KIND.into_iter().map(Part::of_dimension).collect();
        parts.extend(filters.iter().map(|filter| Part::of_dimension(filter.dimension)));
        parts.extend([Part::SEQ, Part::of_dimension(Dimension::Status)]);
        parts.extend((UNPRICED..=COST).map(Part::of_sum));
        parts.extend(request.requests.then_some(Part::REQUEST));
        let mut survey = Survey {
            connection,
            texts,
            tenant,
            request,
            filters: &filters,
            surveyor,
            kinds: HashMap::new(),
            events: Vec::with_capacity(CHUNK),
        };
        survey.walk(&parts)?;
        survey.hand_over();
    }
    request.sums.iter().map(|sums| aggregate::sums(connection, texts, tenant, sums)).collect()
}

/// Events by number, without those that are voided, gone or another tenant's.
pub(super) fn events_by_seq(
    connection: &Connection,
    texts: &LabelTexts,
    tenant: TenantId,
    seqs: &[i64],
) -> Work<Vec<LogRow>> {
    let sql = "SELECT 1 FROM event WHERE seq = ? AND tenant_id = ? AND voided_ms IS NULL";
    let mut is_there = connection.prepare_cached(sql)?;
    let mut rows = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if is_there.query_row([*seq, tenant.0], |_| Ok(())).optional()?.is_some() {
            rows.push(LogRow { seq: *seq, event: log::event(connection, texts, *seq)? });
        }
    }
    Ok(rows)
}

/// A survey being made.
struct Survey<'a> {
    connection: &'a Connection,
    texts: &'a LabelTexts,
    tenant: TenantId,
    request: &'a SurveyRequest,
    filters: &'a [NumberFilter],
    surveyor: &'a Mutex<dyn Surveyor>,
    /// The kinds that were told, by the numbers of their values.
    kinds: KindNumbers,
    /// What is handed over next.
    events: Vec<SurveyedEvent>,
}

impl Survey<'_> {
    /// Goes over the range, from where the same survey came to before.
    fn walk(&mut self, parts: &[Part]) -> Work<()> {
        let (connection, columns, range) = (self.connection, self.texts.columns(), self.request.range);
        let beginning = Beginning::of(connection, self.tenant, range)?;
        let (surveys, mut left) = (columns.surveys(), range);
        let mut keeper = {
            let mut surveyor = self.surveyor.lock().unwrap_or_else(PoisonError::into_inner);
            let mut keeper =
                Keeper::new(surveys, self.tenant, self.request, self.filters, &*surveyor, beginning);
            if let Some((end_ms, kinds)) = keeper.as_mut().and_then(|keeper| keeper.go_on(&mut *surveyor)) {
                (left.from_ms, self.kinds) = (end_ms, kinds);
            }
            keeper
        };
        segment::walk(connection, columns, self.tenant, left, parts, false, |step| {
            match step {
                Step::Gap(gap) => self.gap(gap)?,
                Step::Segment(segment) => {
                    self.segment(&segment)?;
                    if let Some(keeper) =
                        keeper.as_mut().filter(|keeper| keeper.keeps_at(segment.range.to_ms))
                    {
                        self.hand_over();
                        let surveyor = self.surveyor.lock().unwrap_or_else(PoisonError::into_inner);
                        keeper.keep(&self.kinds, &*surveyor);
                    }
                }
            }
            Ok(true)
        })
    }

    /// Time without a segment.
    fn gap(&mut self, gap: Range) -> Work<()> {
        let mut sql = String::from("SELECT ");
        self.push_columns(&mut sql);
        sql += " FROM event INDEXED BY event_time WHERE tenant_id = ?1 AND time_ms >= ?2 AND time_ms < ?3 \
                AND voided_ms IS NULL ORDER BY time_ms, seq";
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([self.tenant.0, gap.from_ms, gap.to_ms])?;
        while let Some(row) = rows.next()? {
            if let Some(event) = self.event(row)? {
                self.push(event);
            }
        }
        Ok(())
    }

    /// What came after a segment was made, in the order of time.
    fn late(&mut self, start_ms: i64) -> Work<Vec<SurveyedEvent>> {
        let mut sql = String::from("SELECT ");
        self.push_columns(&mut sql);
        sql += " FROM (SELECT seq AS late_seq FROM segment_late WHERE tenant_id = ?1 AND start_ms = ?2) \
                CROSS JOIN event ON event.seq = late_seq WHERE time_ms >= ?3 AND time_ms < ?4 AND voided_ms IS NULL \
                ORDER BY time_ms, seq";
        let mut statement = self.connection.prepare_cached(&sql)?;
        let Range { from_ms, to_ms } = self.request.range;
        let mut rows = statement.query(params![self.tenant.0, start_ms, from_ms, to_ms])?;
        let mut late = Vec::new();
        while let Some(row) = rows.next()? {
            late.extend(self.event(row)?);
        }
        Ok(late)
    }

    fn push_columns(&self, sql: &mut String) {
        *sql += COLUMNS;
        for filter in self.filters {
            let _ = write!(sql, ", {}", filter.dimension.name());
        }
    }

    /// An event from its row; `None` where a filter keeps it out.
    fn event(&mut self, row: &Row<'_>) -> Work<Option<SurveyedEvent>> {
        for (i, filter) in self.filters.iter().enumerate() {
            if !filter.values.contains(&row.get(FIRST_FILTER + i)?) {
                return Ok(None);
            }
        }
        let hash = row.get_ref(18)?.as_blob_or_null().map_err(rusqlite::Error::from)?;
        Ok(Some(SurveyedEvent {
            seq: row.get(0)?,
            time_ms: row.get(1)?,
            kind: self.kind([row.get(2)?, row.get(3)?, row.get(4)?])?,
            status: row.get(5)?,
            unpriced: row.get(6)?,
            tokens: tokens_from_row(row, 7)?,
            cost: CostNanos(row.get(17)?),
            request: if self.request.requests { request_to_row(hash) } else { 0 },
        }))
    }

    fn segment(&mut self, segment: &Segment<'_>) -> Work<()> {
        let late = self.late(segment.range.from_ms)?;
        let picked = self.pick(segment)?;
        if picked.len() == 0 {
            late.into_iter().for_each(|event| self.push(event));
            return Ok(());
        }
        let columns = Columns::read(segment, self.request.requests)?;
        let mut late = late.into_iter().peekable();
        let mut kinds = HashMap::new();
        let mut chunk = Chunk::default();
        for rows in picked.chunks(CHUNK) {
            columns.fill(&rows, &mut chunk)?;
            for (event, combination) in chunk.events.iter().zip(&chunk.kinds) {
                let mut event = *event;
                event.kind = match kinds.get(combination) {
                    Some(kind) => *kind,
                    None => *kinds.entry(*combination).insert(self.kind(columns.kind(*combination))?).get(),
                };
                while let Some(earlier) =
                    late.next_if(|late| (late.time_ms, late.seq) < (event.time_ms, event.seq))
                {
                    self.push(earlier);
                }
                self.push(event);
            }
        }
        late.for_each(|event| self.push(event));
        Ok(())
    }

    /// The rows of a segment that lie in the range and pass the filters.
    fn pick(&self, segment: &Segment<'_>) -> Work<Picked> {
        let range = self.request.range;
        let mut picked = Picked::All(segment.rows_between(range.from_ms, range.to_ms)?);
        for filter in self.filters {
            if picked.len() == 0 {
                break;
            }
            let column = segment.coded(Part::of_dimension(filter.dimension))?;
            let allowed = column.among(&filter.values);
            if allowed.contains(&false) {
                picked = column.pick(&picked, &allowed);
            }
        }
        Ok(picked)
    }

    /// The number of a kind, which is told at its first sight.
    fn kind(&mut self, numbers: [i64; 3]) -> Work<u32> {
        if let Some(kind) = self.kinds.get(&numbers) {
            return Ok(*kind);
        }
        if self.kinds.len() == MAX_KINDS {
            let sentence = format!(
                "the range has more than {MAX_KINDS} combinations of provider, model and service tier; take a shorter one"
            );
            return Err(StoreError::TooWide(sentence).into());
        }
        let text = |place: usize| self.texts.value(self.connection, KIND[place], numbers[place]);
        let kind = SurveyKind { provider: text(0)?, model: text(1)?, service_tier: text(2)? };
        // What was met before belongs to kinds that are known.
        self.hand_over();
        self.surveyor.lock().unwrap_or_else(PoisonError::into_inner).kind(kind);
        // Bounded far below 2^32 by the lines before.
        let number = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
        self.kinds.insert(numbers, number);
        Ok(number)
    }

    fn push(&mut self, event: SurveyedEvent) {
        self.events.push(event);
        if self.events.len() == CHUNK {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        if !self.events.is_empty() {
            self.surveyor.lock().unwrap_or_else(PoisonError::into_inner).events(&self.events);
            self.events.clear();
        }
    }
}

/// Some rows of a segment: events whose kind is not set, and which of the values of provider, model and tier each has.
#[derive(Default)]
struct Chunk {
    events: Vec<SurveyedEvent>,
    kinds: Vec<[u32; 3]>,
    /// 0, 1, 2 and so on.
    places: Vec<usize>,
}

/// The columns of a segment.
struct Columns<'a> {
    start_ms: i64,
    times: Arc<[u8]>,
    segment: &'a Segment<'a>,
    seq: Numbers<'a>,
    status: Coded<'a>,
    kinds: [Coded<'a>; 3],
    unpriced: Numbers<'a>,
    tokens: Vec<Numbers<'a>>,
    cost: Numbers<'a>,
    request: Numbers<'a>,
}

impl<'a> Columns<'a> {
    fn read(segment: &'a Segment<'a>, requests: bool) -> Work<Self> {
        let [provider, model, tier] = KIND.map(|dimension| segment.coded(Part::of_dimension(dimension)));
        let tokens = TOKENS.map(|sum| segment.numbers(Part::of_sum(sum)));
        Ok(Self {
            start_ms: segment.range.from_ms,
            times: segment.fetch(Part::TIME)?,
            segment,
            seq: segment.numbers(Part::SEQ)?,
            status: segment.coded(Part::of_dimension(Dimension::Status))?,
            kinds: [provider?, model?, tier?],
            unpriced: segment.numbers(Part::of_sum(UNPRICED))?,
            tokens: tokens.collect::<Work<_>>()?,
            cost: segment.numbers(Part::of_sum(COST))?,
            request: if requests { segment.numbers(Part::REQUEST)? } else { Numbers::ZERO },
        })
    }

    /// The numbers of the values of a combination.
    fn kind(&self, combination: [u32; 3]) -> [i64; 3] {
        [0, 1, 2].map(|i| self.kinds[i].values[combination[i] as usize])
    }

    fn fill(&self, rows: &Picked, chunk: &mut Chunk) -> Work<()> {
        let Chunk { events, kinds, places } = chunk;
        events.clear();
        events.resize(rows.len(), SurveyedEvent::default());
        kinds.clear();
        kinds.resize(rows.len(), [0; 3]);
        places.clear();
        places.extend(0..rows.len());
        let times = self.segment.read(&self.times)?;
        times.zip_picked(rows, places, |i, ms| events[i].time_ms = self.start_ms + ms);
        self.seq.zip_picked(rows, places, |i, seq| events[i].seq = seq);
        self.cost.zip_picked(rows, places, |i, nanos| events[i].cost = CostNanos(nanos));
        if self.unpriced.same() != Some(0) {
            self.unpriced.zip_picked(rows, places, |i, count| events[i].unpriced = count != 0);
        }
        if self.request.same() != Some(0) {
            self.request.zip_picked(rows, places, |i, request| events[i].request = request.cast_unsigned());
        }
        let statuses = &self.status.values;
        self.status.zip_picked(rows, places, |i, place| {
            events[i].status = u16::try_from(statuses[place as usize]).unwrap_or(0);
        });
        for (which, column) in self.kinds.iter().enumerate() {
            column.zip_picked(rows, places, |i, place| kinds[i][which] = place);
        }
        for (bucket, column) in self.tokens.iter().enumerate() {
            if column.same() != Some(0) {
                column.zip_picked(rows, places, |i, count| set_bucket(&mut events[i].tokens, bucket, count));
            }
        }
        Ok(())
    }
}

/// Sets a token bucket by its place in [`TokenUsage::BUCKETS`].
fn set_bucket(tokens: &mut TokenUsage, bucket: usize, count: i64) {
    let count = u64::try_from(count).unwrap_or(0);
    let place = match bucket {
        0 => &mut tokens.input_uncached,
        1 => &mut tokens.cache_read,
        2 => &mut tokens.cache_write_short,
        3 => &mut tokens.cache_write_long,
        4 => &mut tokens.audio_input,
        5 => &mut tokens.image_input,
        6 => &mut tokens.output_visible,
        7 => &mut tokens.reasoning,
        8 => &mut tokens.audio_output,
        _ => &mut tokens.image_output,
    };
    *place = count;
}
