//! The largest groups and the rest, of one moment. Where there are few groups, all are asked for with all their sums, and
//! what is not among the largest is added up here. Else in three steps: one number of every group, to know which they are;
//! then these with all their sums; then what is left, which is not told apart. Sketches cannot be taken from one another,
//! so the rest is added up and not what remains of the whole.

use super::groups::{Groups, Ranks, too_wide};
use super::labels::{KeyTexts, NumberFilter};
use super::sums::{MOST_ROWS, places_of};
use super::{Asking, Which, dimensions_of, span};
use crate::cluster::click::text::{self, Chosen};
use crate::cluster::tail;
use crate::error::{Fault, Work};
use crate::sums::{COST, TOKENS};
use hashbrown::HashSet;
use meterwire_app::ports::{AggregateRequest, AggregateRow, MAX_AGGREGATE_ROWS, MAX_GROUP_BY, Top, TopRows};
use meterwire_core::dimension::Dimension;
use meterwire_core::usage_query::Metric;
use std::cmp::Reverse;

type Numbers = [u64; MAX_GROUP_BY];

/// So many rows, of buckets and groups, are not worth being told apart by ClickHouse.
const FEW_ROWS: usize = 2_000;

impl Asking<'_> {
    /// Adds up events and tells only the largest groups apart.
    pub(crate) async fn top_sums(&self, request: &AggregateRequest, top: Top) -> Work<TopRows> {
        self.require_ready(&dimensions_of(request), span(&request.edges_ms).from_ms).await?;
        let Some(filters) = self.number_filters(&request.filters).await? else {
            return Ok(TopRows::default());
        };
        if request.group_by.iter().all(|dimension| has_few_values(*dimension)) {
            let mut places = places_of(request.measures);
            places.extend(places_ranked(top.metric));
            places.sort_unstable();
            places.dedup();
            let groups = self.add_up_within(request, &filters, Chosen::All, &places, FEW_ROWS).await?;
            if let Some(groups) = groups {
                let chosen = self.largest_of(request, groups.ranks(top.metric)?, top).await?;
                return self.to_top(request, groups, chosen).await;
            }
        }
        let ranks = self.ranks(request, &filters, top.metric).await?;
        let few = ranks.len() * (request.edges_ms.len() - 1) < FEW_ROWS;
        let chosen = match self.largest_of(request, ranks, top).await? {
            Some(chosen) if !few => chosen,
            chosen => {
                let groups = self.add_up(request, &filters, Chosen::All).await?;
                return self.to_top(request, groups, chosen).await;
            }
        };
        let keys: Vec<Vec<u64>> = chosen.iter().map(|key| key[..request.group_by.len()].to_vec()).collect();
        let rest = self.add_up(request, &filters, Chosen::Others(&keys)).await?;
        let told = if keys.is_empty() {
            Groups::default()
        } else {
            self.add_up(request, &filters, Chosen::These(&keys)).await?
        };
        self.to_rows(request, told, rest).await
    }

    /// All groups as an answer tells them: the chosen ones apart, or all where none are.
    async fn to_top(
        &self,
        request: &AggregateRequest,
        groups: Groups,
        chosen: Option<HashSet<Numbers>>,
    ) -> Work<TopRows> {
        let (told, rest) = match chosen {
            Some(chosen) => groups.split(&chosen)?,
            None => (groups, Groups::default()),
        };
        self.to_rows(request, told, rest).await
    }

    async fn to_rows(&self, request: &AggregateRequest, told: Groups, rest: Groups) -> Work<TopRows> {
        let rows = told.into_rows(self.labels, self.moment, &request.group_by).await?;
        let rest = rest.into_living().map(|(key, value)| AggregateRow {
            bucket: key.bucket,
            key: Vec::new(),
            totals: value.into_totals(),
        });
        Ok(TopRows { rows, rest: rest.collect() })
    }

    /// One number of every group, and how many events it has.
    async fn ranks(
        &self,
        request: &AggregateRequest,
        filters: &[NumberFilter],
        metric: Metric,
    ) -> Work<Ranks> {
        let dimensions = &request.group_by[..];
        let which = Which::new(span(&request.edges_ms), filters);
        let folded = self.folded(&request.edges_ms, &dimensions_of(request), false);
        let mut ranks = Ranks::new();
        for scope in self.scopes(which, folded.as_ref()) {
            self.read(text::ranks(&scope, dimensions, metric, MOST_ROWS), |row| {
                let mut numbers = Numbers::default();
                for number in numbers.iter_mut().take(dimensions.len()) {
                    *number = row.cell()?;
                }
                let (calls, ranked) = ranks.entry(numbers).or_default();
                *calls += row.cell::<i64>()?;
                *ranked = ranked.checked_add(row.cell()?).ok_or(Fault::Overflow)?;
                Ok(())
            })
            .await?;
        }
        for row in self.tail(which).rows() {
            let sign = i64::from(row.sign);
            let rank = metric.rank(&row.sums().to_totals());
            let (calls, ranked) = ranks.entry(tail::key(self.moment, row, dimensions)).or_default();
            *calls += sign;
            *ranked = ranked.checked_add(sign * rank).ok_or(Fault::Overflow)?;
        }
        if ranks.len() > MAX_AGGREGATE_ROWS {
            return Err(too_wide());
        }
        Ok(ranks)
    }

    /// The groups that are told apart; `None` where all are.
    async fn largest_of(
        &self,
        request: &AggregateRequest,
        mut ranks: Ranks,
        top: Top,
    ) -> Work<Option<HashSet<Numbers>>> {
        ranks.retain(|_, (calls, _)| *calls > 0);
        if ranks.len() <= top.count {
            return Ok(None);
        }
        let ranked = ranks.into_iter().map(|(numbers, (_, rank))| (Reverse(rank), numbers)).collect();
        let chosen = self.first(&request.group_by, ranked, top.count).await?;
        Ok(Some(chosen.into_iter().collect()))
    }

    /// The first groups by rank, of more than that; of those with the rank of the last one the first ones by text.
    async fn first(
        &self,
        dimensions: &[Dimension],
        mut ranked: Vec<(Reverse<i64>, Numbers)>,
        count: usize,
    ) -> Work<Vec<Numbers>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let (_, (last, _), _) = ranked.select_nth_unstable_by_key(count - 1, |(rank, _)| *rank);
        let last = *last;
        let mut chosen: Vec<Numbers> =
            ranked.iter().filter(|(rank, _)| *rank < last).map(|(_, numbers)| *numbers).collect();
        let tied: Vec<Numbers> =
            ranked.into_iter().filter(|(rank, _)| *rank == last).map(|(_, numbers)| numbers).collect();
        let wanted = count - chosen.len();
        if tied.len() == wanted {
            chosen.extend(tied);
            return Ok(chosen);
        }
        let texts = KeyTexts::of(self.labels, self.moment, dimensions, tied.iter().copied()).await?;
        let by_text = tied.into_iter().map(|numbers| Ok((texts.values(numbers)?, numbers)));
        let mut by_text = by_text.collect::<Work<Vec<_>>>()?;
        by_text.sort_unstable();
        chosen.extend(by_text.into_iter().take(wanted).map(|(_, numbers)| numbers));
        Ok(chosen)
    }
}

/// Whether there are seldom more values than a page shows: then asking for all groups at once is cheaper than finding the
/// largest.
fn has_few_values(dimension: Dimension) -> bool {
    !matches!(dimension, Dimension::User | Dimension::ApiKey | Dimension::Property(_))
}

/// The places of the sums by which a metric ranks.
fn places_ranked(metric: Metric) -> Vec<usize> {
    match metric {
        Metric::Errors => vec![1],
        Metric::Cost => vec![COST],
        Metric::InputTokens
        | Metric::CachedInputTokens
        | Metric::OutputTokens
        | Metric::ReasoningTokens
        | Metric::Tokens => TOKENS.collect(),
        _ => Vec::new(),
    }
}
