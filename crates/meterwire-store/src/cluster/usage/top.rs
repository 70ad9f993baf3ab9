//! The largest groups and the rest, in three steps of one moment: one number of every group, to know which they are; then
//! these with all their sums; then what is left, which is not told apart. Sketches cannot be taken from one another, so
//! the rest is added up and not what remains of the whole.

use super::groups::{Groups, too_wide};
use super::labels::{KeyTexts, NumberFilter};
use super::sums::MOST_ROWS;
use super::{Asking, Which, dimensions_of, span};
use crate::cluster::click::text::{self, Chosen};
use crate::cluster::tail;
use crate::error::{Fault, Work};
use hashbrown::HashMap;
use meterwire_app::ports::{AggregateRequest, AggregateRow, MAX_AGGREGATE_ROWS, MAX_GROUP_BY, Top, TopRows};
use std::cmp::Reverse;

type Numbers = [u64; MAX_GROUP_BY];

impl Asking<'_> {
    /// Adds up events and tells only the largest groups apart.
    pub(crate) async fn top_sums(&self, request: &AggregateRequest, top: Top) -> Work<TopRows> {
        let Some(filters) = self.number_filters(&request.filters).await? else {
            return Ok(TopRows::default());
        };
        let Some(chosen) = self.largest(request, &filters, top).await? else {
            let groups = self.add_up(request, &filters, Chosen::All).await?;
            let rows = groups.into_rows(self.labels, self.moment, &request.group_by).await?;
            return Ok(TopRows { rows, rest: Vec::new() });
        };
        let rest = self.add_up(request, &filters, Chosen::Others(&chosen)).await?;
        let told = if chosen.is_empty() {
            Groups::default()
        } else {
            self.add_up(request, &filters, Chosen::These(&chosen)).await?
        };
        let rows = told.into_rows(self.labels, self.moment, &request.group_by).await?;
        let rest = rest.into_living().map(|(key, value)| AggregateRow {
            bucket: key.bucket,
            key: Vec::new(),
            totals: value.into_totals(),
        });
        Ok(TopRows { rows, rest: rest.collect() })
    }

    /// The keys of the groups that are told apart; `None` where all are.
    async fn largest(
        &self,
        request: &AggregateRequest,
        filters: &[NumberFilter],
        top: Top,
    ) -> Work<Option<Vec<Vec<u64>>>> {
        let dimensions = &request.group_by[..];
        if dimensions.is_empty() && top.count > 0 {
            return Ok(None);
        }
        let which = Which::new(span(&request.edges_ms), filters);
        let folded = self.folded(&request.edges_ms, &dimensions_of(request), false);
        let mut ranks: HashMap<Numbers, (i64, i64)> = HashMap::new();
        for scope in self.scopes(which, folded.as_ref()) {
            self.read(text::ranks(&scope, dimensions, top.metric, MOST_ROWS), |row| {
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
            let rank = top.metric.rank(&row.sums().to_totals());
            let (calls, ranked) = ranks.entry(tail::key(self.moment, row, dimensions)).or_default();
            *calls += sign;
            *ranked = ranked.checked_add(sign * rank).ok_or(Fault::Overflow)?;
        }
        if ranks.len() > MAX_AGGREGATE_ROWS {
            return Err(too_wide());
        }
        ranks.retain(|_, (calls, _)| *calls > 0);
        if ranks.len() <= top.count {
            return Ok(None);
        }
        let ranked = ranks.into_iter().map(|(numbers, (_, rank))| (Reverse(rank), numbers)).collect();
        let chosen = self.first(dimensions, ranked, top.count).await?;
        Ok(Some(chosen.into_iter().map(|numbers| numbers[..dimensions.len()].to_vec()).collect()))
    }

    /// The first groups by rank, of more than that; of those with the rank of the last one the first ones by text.
    async fn first(
        &self,
        dimensions: &[meterwire_core::dimension::Dimension],
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
