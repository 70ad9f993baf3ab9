//! Going over single events in the order of time, for questions that no sum answers: stretch by stretch of time, each of a
//! bounded number of rows.

use super::event::to_tokens;
use super::{Asking, Which, filtered};
use crate::cluster::click::rowbinary::{Blob, row};
use crate::cluster::click::text;
use crate::cluster::outbox::{EventRow, TokenCounts};
use crate::error::{Fault, Work};
use crate::row::{RatingCode, request_to_row};
use hashbrown::HashMap;
use meterwire_app::ports::{AggregateRow, StoreError, SurveyRequest};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::survey::{SurveyKind, SurveyedEvent, Surveyor};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The width of what is counted to find stretches.
const SPAN_MS: i64 = 600_000;
/// About so many rows are read at once.
const ROWS_A_STRETCH: u64 = 100_000;
/// So many events are handed over at once.
const CHUNK: usize = 2_048;
/// The most kinds of one survey.
const MAX_KINDS: usize = 10_000;

row! {
    /// What is read of each event.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct SurveyRow {
        pub(crate) seq: i64,
        pub(crate) time_ms: i64,
        pub(crate) provider: u32,
        pub(crate) model: u32,
        pub(crate) service_tier: u32,
        pub(crate) status: u16,
        pub(crate) rating: u8,
        pub(crate) tokens: TokenCounts,
        pub(crate) cost_nanos: i64,
        /// Empty where absent or not wanted.
        pub(crate) request_hash: Blob,
    }
}

impl SurveyRow {
    fn of(row: &EventRow, requests: bool) -> Self {
        let label = |dimension: Dimension| {
            let place = Dimension::TEXTS.iter().position(|text| *text == dimension);
            place.and_then(|place| row.labels.0.get(place)).copied().unwrap_or(0)
        };
        Self {
            seq: row.seq,
            time_ms: row.time_ms,
            provider: label(Dimension::Provider),
            model: label(Dimension::Model),
            service_tier: label(Dimension::ServiceTier),
            status: row.status,
            rating: row.rating,
            tokens: row.tokens,
            cost_nanos: row.cost_nanos,
            request_hash: if requests { row.request_hash.clone() } else { Blob::default() },
        }
    }

    fn kind(&self) -> [u32; 3] {
        [self.provider, self.model, self.service_tier]
    }
}

impl Asking<'_> {
    /// Goes over single events; answers the sums that were asked for beside it, of the same moment.
    pub(crate) async fn survey(
        &self,
        request: &SurveyRequest,
        surveyor: &Mutex<dyn Surveyor>,
    ) -> Work<Vec<Vec<AggregateRow>>> {
        self.require_ready(&filtered(&request.filters), request.range.from_ms).await?;
        self.require_kept(request.range).await?;
        if let Some(filters) = self.number_filters(&request.filters).await? {
            self.tell_events(Which::new(request.range, &filters), request.requests, surveyor).await?;
        }
        let mut answers = Vec::with_capacity(request.sums.len());
        for sums in &request.sums {
            answers.push(self.sums(sums).await?);
        }
        Ok(answers)
    }

    async fn tell_events(
        &self,
        which: Which<'_>,
        requests: bool,
        surveyor: &Mutex<dyn Surveyor>,
    ) -> Work<()> {
        let tail = self.tail(which).living(&self.cancels);
        let mut tail: Vec<SurveyRow> = tail.map(|row| SurveyRow::of(row, requests)).collect();
        tail.sort_unstable_by_key(|row| (row.time_ms, row.seq));
        let mut tail = VecDeque::from(tail);
        let mut kinds: HashMap<[u32; 3], u32> = HashMap::new();
        tracing::debug!(plan = "survey", "surveyed");
        let mut stretches = self.stretches(which).await?;
        // What is left of the tail behind the last of them.
        stretches.push(Range { from_ms: which.range.to_ms, to_ms: which.range.to_ms });
        for stretch in stretches {
            let mut rows = Vec::new();
            if stretch.from_ms < stretch.to_ms {
                let scope = self.scope(Which { range: stretch, ..which });
                self.read(text::survey(&scope, &self.cancels, requests), |row| {
                    rows.push(SurveyRow::read(row)?);
                    Ok(())
                })
                .await?;
            }
            while let Some(row) = tail.pop_front_if(|row| row.time_ms < stretch.to_ms) {
                rows.push(row);
            }
            rows.sort_by_key(|row| (row.time_ms, row.seq));
            self.tell_kinds(&rows, &mut kinds, surveyor).await?;
            hand_over(&rows, &kinds, surveyor)?;
        }
        Ok(())
    }

    /// Stretches of time that have events in ClickHouse, in order, of about [`ROWS_A_STRETCH`] rows.
    async fn stretches(&self, which: Which<'_>) -> Work<Vec<Range>> {
        let mut stretches: Vec<Range> = Vec::new();
        let mut rows = u64::MAX;
        self.read(text::spans(&self.scope(which), SPAN_MS), |row| {
            let (span, count): (i64, u64) = (row.cell()?, row.cell()?);
            let from_ms = span.saturating_mul(SPAN_MS);
            let to_ms = from_ms.saturating_add(SPAN_MS).min(which.range.to_ms);
            if let Some(stretch) = stretches.last_mut().filter(|_| rows < ROWS_A_STRETCH) {
                stretch.to_ms = to_ms;
                rows += count;
            } else {
                stretches.push(Range { from_ms: from_ms.max(which.range.from_ms), to_ms });
                rows = count;
            }
            Ok(())
        })
        .await?;
        Ok(stretches)
    }

    async fn tell_kinds(
        &self,
        rows: &[SurveyRow],
        kinds: &mut HashMap<[u32; 3], u32>,
        surveyor: &Mutex<dyn Surveyor>,
    ) -> Work<()> {
        let mut new = Vec::new();
        for row in rows {
            if !kinds.contains_key(&row.kind()) {
                kinds.insert(row.kind(), u32::try_from(kinds.len()).map_err(|_| too_many())?);
                new.push(row.kind());
            }
        }
        if kinds.len() > MAX_KINDS {
            return Err(too_many());
        }
        let mut numbers: BTreeSet<u32> = new.iter().flatten().copied().collect();
        numbers.remove(&0);
        let texts = self.texts(numbers).await?;
        let text = |number: u32| texts.get(&number).map(ToString::to_string);
        let mut surveyor = surveyor.lock().unwrap_or_else(PoisonError::into_inner);
        for [provider, model, service_tier] in new {
            let (provider, model, service_tier) = (text(provider), text(model), text(service_tier));
            surveyor.kind(SurveyKind { provider, model, service_tier });
        }
        Ok(())
    }
}

fn hand_over(rows: &[SurveyRow], kinds: &HashMap<[u32; 3], u32>, surveyor: &Mutex<dyn Surveyor>) -> Work<()> {
    let mut surveyor = surveyor.lock().unwrap_or_else(PoisonError::into_inner);
    for rows in rows.chunks(CHUNK) {
        let surveyed = |row: &SurveyRow| {
            Ok(SurveyedEvent {
                seq: row.seq,
                time_ms: row.time_ms,
                kind: kinds.get(&row.kind()).copied().unwrap_or(0),
                status: row.status,
                unpriced: i64::from(row.rating) == RatingCode::UNPRICED.0,
                tokens: to_tokens(row.tokens.0)?,
                cost: CostNanos(row.cost_nanos),
                request: request_to_row(Some(&row.request_hash.0)),
            })
        };
        surveyor.events(&rows.iter().map(surveyed).collect::<Work<Vec<_>>>()?);
    }
    Ok(())
}

fn too_many() -> Fault {
    let sentence =
        format!("there are more than {MAX_KINDS} models in this range; take a shorter one or a filter");
    Fault::Answer(StoreError::TooWide(sentence))
}
