//! Sums by bucket and group.

use super::groups::{Groups, Key, bucket_of, too_wide};
use super::labels::NumberFilter;
use super::{Asking, Sketch, Which, dimensions_of, span};
use crate::cluster::click::text::{self, Chosen, Grouping};
use crate::cluster::tail;
use crate::error::{Fault, Work};
use crate::sums::{COST, Sums, TOKENS, UNPRICED};
use meterwire_app::ports::{AggregateRequest, AggregateRow, MAX_AGGREGATE_ROWS, Measures, StoreError};
use std::collections::HashSet;

/// One row more than may be tells that there are too many.
pub(super) const MOST_ROWS: usize = MAX_AGGREGATE_ROWS + 1;
/// The most buckets of all sketches of an answer together.
const MAX_SKETCHED: usize = 8 << 20;

impl Asking<'_> {
    /// Adds up events; groups without any are absent.
    pub(crate) async fn sums(&self, request: &AggregateRequest) -> Work<Vec<AggregateRow>> {
        self.require_ready(&dimensions_of(request), span(&request.edges_ms).from_ms).await?;
        let Some(filters) = self.number_filters(&request.filters).await? else { return Ok(Vec::new()) };
        let groups = self.add_up(request, &filters, Chosen::All).await?;
        groups.into_rows(self.labels, self.moment, &request.group_by).await
    }

    /// Adds up the groups of a request that are chosen; the others together, where those are.
    pub(super) async fn add_up(
        &self,
        request: &AggregateRequest,
        filters: &[NumberFilter],
        chosen: Chosen<'_>,
    ) -> Work<Groups> {
        let places = places_of(request.measures);
        let groups = self.add_up_within(request, filters, chosen, &places, MOST_ROWS).await?;
        groups.ok_or_else(too_wide)
    }

    /// The same, of the sums at these places, the number of events among them; `None` where ClickHouse has so many rows of
    /// it or more.
    pub(super) async fn add_up_within(
        &self,
        request: &AggregateRequest,
        filters: &[NumberFilter],
        chosen: Chosen<'_>,
        places: &[usize],
        most: usize,
    ) -> Work<Option<Groups>> {
        let mut groups = Groups::default();
        let which = Which::new(span(&request.edges_ms), filters);
        let by = Grouping { edges_ms: &request.edges_ms, dimensions: &request.group_by };
        let keys = if matches!(chosen, Chosen::Others(_)) { 0 } else { request.group_by.len() };
        let dimensions = dimensions_of(request);
        self.require_kept_for(&request.edges_ms, &dimensions, request.measures.latency).await?;
        let folded = self.folded(&request.edges_ms, &dimensions, request.measures.latency);
        let (mut rows, mut buckets) = (0, 0);
        for scope in self.scopes(which, folded.as_ref()) {
            self.read(text::sums(&scope, by, chosen, places, most), |row| {
                rows += 1;
                let key = Key::read(row, by.has_buckets(), keys)?;
                let mut sums = Sums::default();
                for place in places {
                    let value = row.cell()?;
                    if let Some(sum) = sums.0.get_mut(*place) {
                        *sum = value;
                    }
                }
                groups.entry(key)?.sums.add(&sums, 1)
            })
            .await?;
            if rows >= most {
                return Ok(None);
            }
            for sketch in Sketch::BOTH.into_iter().filter(|_| request.measures.latency) {
                self.read(text::sketches(&scope, by, chosen, sketch, MAX_SKETCHED + 1), |row| {
                    buckets += 1;
                    let key = Key::read(row, by.has_buckets(), keys)?;
                    groups.add_latencies(key, sketch, row.cell()?, row.cell()?)
                })
                .await?;
            }
        }
        if buckets > MAX_SKETCHED {
            return Err(more_latencies());
        }
        self.add_tail(request, which, chosen, &mut groups)?;
        Ok(Some(groups))
    }

    fn add_tail(
        &self,
        request: &AggregateRequest,
        which: Which<'_>,
        chosen: Chosen<'_>,
        groups: &mut Groups,
    ) -> Work<()> {
        let listed: HashSet<&[u64]> = match chosen {
            Chosen::All => HashSet::new(),
            Chosen::These(keys) | Chosen::Others(keys) => keys.iter().map(Vec::as_slice).collect(),
        };
        for row in self.tail(which).rows() {
            let mut numbers = tail::key(self.moment, row, &request.group_by);
            let is_listed = numbers.get(..request.group_by.len()).is_some_and(|key| listed.contains(key));
            match chosen {
                Chosen::These(_) if !is_listed => continue,
                Chosen::Others(_) if is_listed => continue,
                Chosen::Others(_) => numbers = <_>::default(),
                Chosen::All | Chosen::These(_) => {}
            }
            let key = Key { bucket: bucket_of(&request.edges_ms, row.time_ms), numbers };
            groups.add_row(key, row, request.measures.latency)?;
        }
        Ok(())
    }
}

/// The places of the sums that are wanted; the number of events always is.
pub(super) fn places_of(measures: Measures) -> Vec<usize> {
    let mut places = vec![0];
    places.extend(measures.errors.then_some(1));
    if measures.cost {
        places.extend([UNPRICED, COST]);
    }
    if measures.tokens {
        places.extend(TOKENS);
    }
    places
}

fn more_latencies() -> Fault {
    let sentence = "the answer would have more latencies than fit; take a shorter range, a coarser granularity or fewer groups";
    Fault::Answer(StoreError::TooWide(sentence.to_owned()))
}
