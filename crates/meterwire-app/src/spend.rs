//! What R1's questions have in common: whose usage, in which zone, and sums by model, day and hour.

use crate::ports::{AggregateRequest, AggregateRow, Measures, Tenant};
use crate::query_usage::confine;
use crate::statistics::{DayTotals, ModelOf};
use crate::{Access, AppError, Caller, Meterwire};
use jiff::tz::TimeZone;
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, Bucket, Granularity, Range, RangeInput};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;
use std::cmp::Reverse;

/// The most models of an answer; what is beyond is one row.
const MAX_MODELS: usize = 100;

/// Whose usage is asked for, as it came in.
#[derive(Debug, Clone, Default)]
pub struct SpendQuery {
    /// The tenant that an admin names.
    pub tenant: Option<String>,
    /// One project of it; all where there is none.
    pub workspace: Option<String>,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// The range, where one can be asked for.
    pub range: RangeInput,
}

/// Whose usage is asked for, settled.
pub(crate) struct SpendScope {
    pub(crate) tenant: Tenant,
    pub(crate) tz: String,
    pub(crate) zone: TimeZone,
    pub(crate) project: Option<String>,
    /// The project, and the one user of a caller that is confined to it.
    pub(crate) filters: Vec<Filter>,
    /// When it was asked, Unix milliseconds.
    pub(crate) now_ms: i64,
}

impl SpendScope {
    /// Whether only one user's usage is told.
    pub(crate) fn is_confined(&self) -> bool {
        self.filters.iter().any(|filter| filter.dimension == Dimension::User)
    }

    /// A named range, or from and to.
    pub(crate) fn range(&self, input: &RangeInput, default: &str) -> Result<Range, Invalid> {
        input.resolve(default, &self.zone, self.now_ms)
    }

    /// The part of a range of which single events are kept.
    pub(crate) fn kept(&self, range: Range) -> Range {
        let from_ms = range.from_ms.max(self.tenant.events_from_ms.unwrap_or(i64::MIN));
        Range { from_ms: from_ms.min(range.to_ms - 1), ..range }
    }

    pub(crate) fn sums(&self, edges_ms: Vec<i64>, group_by: Vec<Dimension>) -> AggregateRequest {
        AggregateRequest { edges_ms, group_by, filters: self.filters.clone(), measures: Measures::SUMS }
    }

    /// Sums by model, and by bucket.
    pub(crate) fn spend_sums(&self, range: Range, buckets: &[Bucket]) -> [AggregateRequest; 2] {
        let whole = vec![range.from_ms, range.to_ms];
        let edges_ms = buckets.iter().map(|bucket| bucket.range.from_ms).chain([range.to_ms]).collect();
        [self.sums(whole, vec![Dimension::Provider, Dimension::Model]), self.sums(edges_ms, vec![])]
    }

    pub(crate) fn buckets(&self, range: Range, granularity: Granularity) -> Result<Vec<Bucket>, Invalid> {
        range.buckets(granularity, &self.zone)
    }
}

impl Meterwire {
    /// Settles whose usage is asked for. A workspace is a project; one that the tenant does not have is not found.
    pub(crate) async fn spend_scope(
        &self,
        caller: &Caller,
        named: Option<&str>,
        workspace: Option<&str>,
        tz: Option<&str>,
    ) -> Result<SpendScope, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut filters = Vec::new();
        if let Some(project) = workspace {
            self.catalog.project(tenant.id, project).await?.ok_or(AppError::NotFound("workspace"))?;
            filters.push(Filter { dimension: Dimension::Project, values: vec![Some(project.to_owned())] });
        }
        confine(caller, &mut filters);
        let tz = tz.unwrap_or(&tenant.timezone).to_owned();
        let zone = period::zone(&tz)?;
        Ok(SpendScope {
            tz,
            zone,
            project: workspace.map(str::to_owned),
            filters,
            now_ms: self.now_ms(),
            tenant,
        })
    }
}

/// Sums of one model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpend {
    /// Who sells it.
    pub provider: Option<String>,
    /// Which.
    pub model: ModelOf,
    /// Its sums.
    pub totals: Totals,
}

/// Sums by model, dearest first, the rest as one.
pub(crate) fn models_of(rows: Vec<AggregateRow>) -> Vec<ModelSpend> {
    let models = rows.into_iter().map(|row| {
        let mut key = row.key.into_iter();
        let provider = key.next().flatten();
        let model = key.next().flatten().map_or(ModelOf::None, ModelOf::Named);
        ModelSpend { provider, model, totals: row.totals }
    });
    models_in_order(models.collect())
}

/// Models dearest first, the rest as one.
pub(crate) fn models_in_order(mut models: Vec<ModelSpend>) -> Vec<ModelSpend> {
    models.sort_by(|a, b| {
        let rank = |model: &ModelSpend| Reverse((model.totals.cost, model.totals.calls));
        rank(a).cmp(&rank(b)).then_with(|| (&a.model, &a.provider).cmp(&(&b.model, &b.provider)))
    });
    if models.len() > MAX_MODELS {
        let mut rest = Totals::default();
        models.split_off(MAX_MODELS).iter().for_each(|model| rest.merge(&model.totals));
        models.push(ModelSpend { provider: None, model: ModelOf::Other, totals: rest });
    }
    models
}

pub(crate) fn total_of(models: &[ModelSpend]) -> Totals {
    let mut total = Totals::default();
    models.iter().for_each(|model| total.merge(&model.totals));
    total
}

/// Sums of each bucket; those at the end that have not begun and have no usage are left out.
pub(crate) fn buckets_of(buckets: Vec<Bucket>, rows: &[AggregateRow], now_ms: i64) -> Vec<(Bucket, Totals)> {
    let mut sums: Vec<(Bucket, Totals)> =
        buckets.into_iter().map(|bucket| (bucket, Totals::default())).collect();
    for row in rows {
        if let Some((_, totals)) = sums.get_mut(row.bucket) {
            totals.merge(&row.totals);
        }
    }
    begun(sums, now_ms)
}

/// Without the buckets at the end that have not begun and have no usage.
pub(crate) fn begun(mut sums: Vec<(Bucket, Totals)>, now_ms: i64) -> Vec<(Bucket, Totals)> {
    let is_ahead = |(bucket, totals): &mut (Bucket, Totals)| {
        bucket.range.from_ms > now_ms && *totals == Totals::default()
    };
    while sums.pop_if(is_ahead).is_some() {}
    sums
}

pub(crate) fn days_of(sums: Vec<(Bucket, Totals)>) -> Vec<DayTotals> {
    sums.into_iter().map(|(day, totals)| DayTotals { date: day.label, totals }).collect()
}

/// The answers to questions that were asked together, one after the other.
pub(crate) struct InOrder(std::vec::IntoIter<Vec<AggregateRow>>);

impl InOrder {
    pub(crate) fn new(answers: Vec<Vec<AggregateRow>>) -> Self {
        Self(answers.into_iter())
    }

    pub(crate) fn next(&mut self) -> Vec<AggregateRow> {
        self.0.next().unwrap_or_default()
    }
}
