//! What R1's questions have in common: whose usage, in which zone, and sums by model, day and hour.

use crate::ports::{AggregateRequest, AggregateRow, Measures, Tenant};
use crate::query_usage::confine;
use crate::statistics::{DayTotals, ModelOf};
use crate::{Access, AppError, Caller, Meterwire};
use jiff::tz::TimeZone;
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::model_cost::operation_of;
use meterwire_core::period::{self, Bucket, Granularity, Range, RangeInput};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;
use std::cmp::Reverse;
use std::collections::HashMap;

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

    /// Sums by model, what the models do, and sums by bucket.
    pub(crate) fn spend_sums(&self, range: Range, buckets: &[Bucket]) -> [AggregateRequest; 3] {
        let [by_model, operations] = self.model_sums(range);
        let edges_ms = buckets.iter().map(|bucket| bucket.range.from_ms).chain([range.to_ms]).collect();
        [by_model, operations, self.sums(edges_ms, vec![])]
    }

    /// Sums by model, and how often its calls name which operation. That belongs to the model, whichever project uses it; who
    /// is confined to one user learns it from that user's calls alone.
    pub(crate) fn model_sums(&self, range: Range) -> [AggregateRequest; 2] {
        let whole = vec![range.from_ms, range.to_ms];
        let operations = AggregateRequest {
            edges_ms: whole.clone(),
            group_by: vec![Dimension::Provider, Dimension::Model, Dimension::Operation],
            filters: if self.is_confined() { self.filters.clone() } else { vec![] },
            measures: Measures::CALLS,
        };
        [self.sums(whole, vec![Dimension::Provider, Dimension::Model]), operations]
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
    /// What it does: `chat`, `embeddings`; `None` of what stands for several models, or for none.
    pub operation: Option<String>,
    /// Its sums.
    pub totals: Totals,
}

/// How often the calls of a model, by its provider and name, name which operation.
type Operations = HashMap<[Option<String>; 2], Vec<(String, i64)>>;

/// Sums by model, dearest first, the rest as one; `operations` is how often the calls of each name which.
pub(crate) fn models_of(rows: Vec<AggregateRow>, operations: Vec<AggregateRow>) -> Vec<ModelSpend> {
    let mut named = Operations::new();
    for row in operations {
        let mut key = row.key.into_iter();
        let model = [(); 2].map(|()| key.next().flatten());
        if let Some(operation) = key.next().flatten() {
            named.entry(model).or_default().push((operation, row.totals.calls));
        }
    }
    let models = rows.into_iter().map(|row| {
        let mut key = row.key.into_iter();
        let (provider, model) = (key.next().flatten(), key.next().flatten());
        let named = named.remove(&[provider.clone(), model.clone()]).unwrap_or_default();
        let named = named.iter().map(|(operation, calls)| (operation.as_str(), *calls));
        ModelSpend::new(provider, model.map_or(ModelOf::None, ModelOf::Named), row.totals, named)
    });
    models_in_order(models.collect())
}

impl ModelSpend {
    /// Sums of a model whose calls name these operations so often.
    pub(crate) fn new<'a>(
        provider: Option<String>,
        model: ModelOf,
        totals: Totals,
        named: impl IntoIterator<Item = (&'a str, i64)>,
    ) -> Self {
        let operation = matches!(model, ModelOf::Named(_)).then(|| operation_of(named, &totals));
        Self { provider, model, operation, totals }
    }
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
        models.push(ModelSpend::new(None, ModelOf::Other, rest, []));
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
