//! The general question: from sums by bucket and group to a complete answer.

use crate::ports::{AggregateRequest, AggregateRow, DistinctRow, Measures, Tenant, TenantId, Top, TopRows};
use crate::{Access, AppError, Caller, Meterwire, long_work};
use meterwire_core::dimension::Dimension;
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::{Filter, Metric, UsageQuery, UsageQueryInput, Window};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Sums with the count of different users beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// The sums.
    pub totals: Totals,
    /// Different users, where they were asked for. Of the rest beyond `top` they are not known.
    pub users: Option<i64>,
}

/// One group of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its values of `group_by`; empty for the rest.
    pub key: Vec<Option<String>>,
    /// Whether it is the rest beyond `top`.
    pub other: bool,
    /// Its sums over the whole range.
    pub total: Values,
    /// Its sums, one a bucket; empty where no series was asked for.
    pub series: Vec<Values>,
}

/// The answer over one window.
#[derive(Debug, Clone)]
pub struct Series {
    /// The window and its buckets.
    pub window: Window,
    /// Sums over the whole range.
    pub total: Values,
    /// Sums, one a bucket; empty where no series was asked for.
    pub series: Vec<Values>,
    /// Groups, largest first by the first metric, the rest last.
    pub groups: Vec<Group>,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct UsageReply {
    /// The question as it was understood.
    pub query: UsageQuery,
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// The answer.
    pub current: Series,
    /// The same for the period it is compared with.
    pub compared: Option<Series>,
}

/// A question as it was understood, before it is answered.
pub(crate) struct Asked {
    pub(crate) tenant: Tenant,
    pub(crate) query: UsageQuery,
    /// When it was asked, Unix milliseconds.
    pub(crate) as_of_ms: i64,
}

impl Meterwire {
    /// Answers a question about usage. A caller confined to a user sees that user's usage only.
    pub async fn query_usage(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: UsageQueryInput,
    ) -> Result<UsageReply, AppError> {
        let Asked { tenant, query, as_of_ms } = self.asked(caller, named, input).await?;
        let current = self.series(tenant.id, &query, &query.window).await?;
        let compared = match &query.compared {
            Some(window) => Some(self.series(tenant.id, &query, window).await?),
            None => None,
        };
        Ok(UsageReply { query, as_of_ms, current, compared })
    }

    /// Takes in a question: the caller may read, the tenant is its own, and who is confined to a user asks about that user.
    pub(crate) async fn asked(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: UsageQueryInput,
    ) -> Result<Asked, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let as_of_ms = self.now_ms();
        let dimensions = self.dimensions(tenant.id).await?;
        let mut query = UsageQuery::new(input, &tenant.timezone, dimensions, as_of_ms)?;
        confine(caller, &mut query.filters);
        if let Some(events_from_ms) = tenant.events_from_ms {
            query.compare_whole_hours_before(events_from_ms)?;
        }
        Ok(Asked { tenant, query, as_of_ms })
    }

    async fn series(
        &self,
        tenant: TenantId,
        query: &UsageQuery,
        window: &Window,
    ) -> Result<Series, AppError> {
        let request = AggregateRequest {
            edges_ms: window.edges_ms(),
            group_by: query.group_by.clone(),
            filters: query.filters.clone(),
            measures: measures(query),
        };
        let metric = query.metrics.first().copied().unwrap_or(Metric::Calls);
        let top = Top { metric, count: query.top };
        let TopRows { rows, rest } = self.usage.aggregate_top(tenant, request.clone(), top).await?;
        let mut series = long_work(rows.len(), || {
            let mut folded = Folded::new(query.granularity.is_some(), window.buckets.len());
            rows.into_iter().for_each(|row| folded.add(row));
            rest.into_iter().for_each(|row| folded.add_rest(row));
            folded.into_series(query, window)
        });
        if query.wants(&[Metric::Users]) {
            self.count_users(tenant, query, &request, &mut series).await?;
        }
        Ok(series)
    }

    /// Different users do not add up, so every level of the answer is counted by itself.
    async fn count_users(
        &self,
        tenant: TenantId,
        query: &UsageQuery,
        request: &AggregateRequest,
        series: &mut Series,
    ) -> Result<(), AppError> {
        let known = series.groups.iter_mut().filter(|group| !group.other);
        let groups = known.flat_map(|group| group.series.iter_mut().chain([&mut group.total]));
        let all = series.series.iter_mut().chain([&mut series.total]).chain(groups);
        all.for_each(|values| values.users = Some(0));
        let whole = vec![series.window.range.from_ms, series.window.range.to_ms];
        let mut levels = vec![(whole.clone(), vec![])];
        if query.granularity.is_some() {
            levels.push((request.edges_ms.clone(), vec![]));
        }
        if !query.group_by.is_empty() {
            levels.push((whole, query.group_by.clone()));
            if query.granularity.is_some() {
                levels.push((request.edges_ms.clone(), query.group_by.clone()));
            }
        }
        for (edges_ms, group_by) in levels {
            let by_bucket = query.granularity.is_some() && edges_ms == request.edges_ms;
            let request = AggregateRequest { edges_ms, group_by: group_by.clone(), ..request.clone() };
            let rows = self.usage.distinct_users(tenant, request).await?;
            let whole_too = by_bucket && series.window.buckets.len() == 1;
            for row in rows {
                set_users(series, &group_by, &row, by_bucket, whole_too);
            }
        }
        Ok(())
    }
}

/// Adds the filter that keeps a member to its own usage.
pub(crate) fn confine(caller: &Caller, filters: &mut Vec<Filter>) {
    if let Some(user) = caller.confined_to() {
        // Both filters hold: what the caller asked for, and only its own.
        filters.push(Filter { dimension: Dimension::User, values: vec![Some(user.to_owned())] });
    }
}

fn set_users(
    series: &mut Series,
    group_by: &[Dimension],
    row: &DistinctRow,
    by_bucket: bool,
    whole_too: bool,
) {
    let (total, points) = if group_by.is_empty() {
        (&mut series.total, &mut series.series)
    } else {
        match series.groups.iter_mut().find(|group| !group.other && group.key == row.key) {
            Some(group) => (&mut group.total, &mut group.series),
            None => return,
        }
    };
    if !by_bucket || whole_too {
        total.users = Some(row.users);
    }
    if by_bucket && let Some(point) = points.get_mut(row.bucket) {
        point.users = Some(row.users);
    }
}

/// Sums being put together.
struct Folded {
    wants_series: bool,
    buckets: usize,
    total: Totals,
    series: Vec<Totals>,
    /// Sums by bucket; a list, since most groups have few and there may be very many groups.
    groups: HashMap<Vec<Option<String>>, Vec<(usize, Totals)>>,
    /// What is beyond the groups that are told apart.
    rest: Vec<(usize, Totals)>,
}

impl Folded {
    fn new(wants_series: bool, buckets: usize) -> Self {
        let series = vec![Totals::default(); if wants_series { buckets } else { 0 }];
        Self { wants_series, buckets, total: Totals::default(), series, groups: HashMap::new(), rest: vec![] }
    }

    fn add(&mut self, row: AggregateRow) {
        self.add_to_whole(&row);
        self.groups.entry(row.key).or_default().push((row.bucket, row.totals));
    }

    fn add_rest(&mut self, row: AggregateRow) {
        self.add_to_whole(&row);
        self.rest.push((row.bucket, row.totals));
    }

    fn add_to_whole(&mut self, row: &AggregateRow) {
        self.total.merge(&row.totals);
        if let Some(point) = self.series.get_mut(row.bucket) {
            point.merge(&row.totals);
        }
    }

    fn into_series(self, query: &UsageQuery, window: &Window) -> Series {
        let groups = if query.group_by.is_empty() { vec![] } else { self.top_groups(query) };
        Series {
            window: window.clone(),
            total: values(self.total),
            series: self.series.into_iter().map(values).collect(),
            groups,
        }
    }

    /// The groups, largest first, and the rest.
    fn top_groups(&self, query: &UsageQuery) -> Vec<Group> {
        let metric = query.metrics.first().copied().unwrap_or(Metric::Calls);
        let groups = self.groups.iter().map(|(key, points)| self.group(key.clone(), false, points));
        let mut groups: Vec<Group> = groups.collect();
        groups.sort_by_cached_key(|group| (Reverse(metric.rank(&group.total.totals)), group.key.clone()));
        if !self.rest.is_empty() {
            groups.push(self.group(vec![], true, &self.rest));
        }
        groups
    }

    fn group(&self, key: Vec<Option<String>>, other: bool, points: &[(usize, Totals)]) -> Group {
        let mut total = Totals::default();
        let mut series = vec![Totals::default(); if self.wants_series { self.buckets } else { 0 }];
        for (bucket, totals) in points {
            total.merge(totals);
            if let Some(point) = series.get_mut(*bucket) {
                point.merge(totals);
            }
        }
        Group { key, other, total: values(total), series: series.into_iter().map(values).collect() }
    }
}

/// Which sums the metrics of a question are made of. The coverage of prices is part of every answer.
fn measures(query: &UsageQuery) -> Measures {
    Measures {
        tokens: query.wants(&[
            Metric::InputTokens,
            Metric::CachedInputTokens,
            Metric::OutputTokens,
            Metric::ReasoningTokens,
            Metric::Tokens,
        ]),
        cost: true,
        errors: query.wants(&[Metric::Errors, Metric::ErrorRate]),
        latency: query.wants(&[
            Metric::LatencyP50,
            Metric::LatencyP95,
            Metric::LatencyP99,
            Metric::TtftP50,
            Metric::TtftP95,
        ]),
    }
}

fn values(totals: Totals) -> Values {
    Values { totals, users: None }
}
