//! A tenant's statistics over one period, against the period before: all from one moment.

use crate::ports::{AggregateRequest, AggregateRow, Measures, Questions, StoreError};
use crate::query_usage::confine;
use crate::{Access, AppError, Caller, Meterwire, long_work};
use meterwire_core::dimension::Dimension;
use meterwire_core::period::{self, Granularity, Range, RangeInput};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::parse_filters;
use std::cmp::Reverse;

/// The most models of the breakdown; what is beyond is one row.
const MAX_BREAKDOWN: usize = 100;
/// How many models are the top ones.
const TOP_MODELS: usize = 10;

/// A question for statistics.
#[derive(Debug, Clone)]
pub struct StatisticsQuery {
    /// The range; default this month.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Filters: dimension and value.
    pub filters: Vec<(String, String)>,
}

/// Statistics of a range.
#[derive(Debug, Clone)]
pub struct Statistics {
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range.
    pub range: Range,
    /// Sums over the range.
    pub total: Totals,
    /// The range before, of the same length, and its sums; where this one is still running, as much of it as has passed of
    /// this one. None where that would need single events that are no longer kept.
    pub previous: Option<(Range, Totals)>,
    /// Sums by model, dearest first; they add up to the total.
    pub breakdown: Vec<ModelTotals>,
    /// The models with most calls.
    pub top_models: Vec<ModelTotals>,
    /// Every day of the range that has begun, or has usage; they add up to the total.
    pub days: Vec<DayTotals>,
}

/// Sums of one model.
#[derive(Debug, Clone)]
pub struct ModelTotals {
    /// Which.
    pub model: ModelOf,
    /// Its sums.
    pub totals: Totals,
}

/// A model, or what stands for several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModelOf {
    /// One model.
    Named(String),
    /// Events that name no model.
    None,
    /// The rest.
    Other,
}

/// Sums of one day.
#[derive(Debug, Clone)]
pub struct DayTotals {
    /// Its date in the zone.
    pub date: String,
    /// Its sums.
    pub totals: Totals,
}

impl Meterwire {
    /// Statistics of the tenant with this slug. A caller confined to a user sees that user's only.
    pub async fn statistics(
        &self,
        caller: &Caller,
        slug: &str,
        query: StatisticsQuery,
    ) -> Result<Statistics, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, Some(slug)).await?;
        let as_of_ms = self.now_ms();
        let tz = query.tz.unwrap_or_else(|| tenant.timezone.clone());
        let zone = period::zone(&tz)?;
        let range = query.range.resolve("this_month", &zone, as_of_ms)?;
        let previous_range = range.previous(&zone, as_of_ms);
        let days = range.buckets(Granularity::Day, &zone)?;
        let mut filters = parse_filters(query.filters, &self.dimensions(tenant.id).await?)?;
        confine(caller, &mut filters);

        let sums = |edges_ms, group_by| AggregateRequest {
            edges_ms,
            group_by,
            filters: filters.clone(),
            measures: Measures::SUMS,
        };
        let edges_ms = days.iter().map(|day| day.range.from_ms).chain([range.to_ms]).collect();
        let of_range =
            vec![sums(edges_ms, vec![]), sums(vec![range.from_ms, range.to_ms], vec![Dimension::Model])];
        let mut with_previous = of_range.clone();
        with_previous.push(sums(vec![previous_range.from_ms, previous_range.to_ms], vec![]));
        let ask = async |sums| self.usage.ask(tenant.id, Questions { sums, log: None }).await;
        let (answers, is_compared) = match ask(with_previous).await {
            // Without what is compared the range itself may still be answered.
            Err(StoreError::BeyondRetention(_)) => (ask(of_range).await?.sums, false),
            answered => (answered?.sums, true),
        };
        let [by_day, by_model, before] = three(answers);

        let mut totals_of_days = vec![Totals::default(); days.len()];
        for row in &by_day {
            totals_of_days[row.bucket].merge(&row.totals);
        }
        let total = sum(&by_day);
        let labelled = days.into_iter().zip(totals_of_days);
        let mut days: Vec<(i64, DayTotals)> = labelled
            .map(|(day, totals)| (day.range.from_ms, DayTotals { date: day.label, totals }))
            .collect();
        // A day that has not begun is no day without usage.
        while days.pop_if(|(from_ms, day)| *from_ms > as_of_ms && day.totals.calls == 0).is_some() {}
        let (breakdown, top_models) = long_work(by_model.len(), || models(by_model));
        Ok(Statistics {
            as_of_ms,
            tz,
            range,
            total,
            previous: is_compared.then(|| (previous_range, sum(&before))),
            breakdown,
            top_models,
            days: days.into_iter().map(|(_, day)| day).collect(),
        })
    }
}

/// The answers to up to three questions.
fn three(answers: Vec<Vec<AggregateRow>>) -> [Vec<AggregateRow>; 3] {
    let mut answers = answers.into_iter();
    std::array::from_fn(|_| answers.next().unwrap_or_default())
}

fn sum(rows: &[AggregateRow]) -> Totals {
    let mut total = Totals::default();
    rows.iter().for_each(|row| total.merge(&row.totals));
    total
}

/// The breakdown, dearest first with the rest as one row, and the models with most calls.
fn models(rows: Vec<AggregateRow>) -> (Vec<ModelTotals>, Vec<ModelTotals>) {
    let name = |key: Vec<Option<String>>| key.into_iter().next().flatten();
    let mut all: Vec<ModelTotals> = rows
        .into_iter()
        .map(|row| {
            let model = name(row.key).map_or(ModelOf::None, ModelOf::Named);
            ModelTotals { model, totals: row.totals }
        })
        .collect();
    all.sort_by(|a, b| {
        let by_calls = |model: &ModelTotals| Reverse((model.totals.calls, tokens(&model.totals)));
        by_calls(a).cmp(&by_calls(b)).then_with(|| a.model.cmp(&b.model))
    });
    let top = all.iter().take(TOP_MODELS).cloned().collect();
    // Stable: of equal cost, the one with more calls comes first.
    all.sort_by_key(|model| Reverse(model.totals.cost));
    if all.len() > MAX_BREAKDOWN {
        let mut rest = Totals::default();
        all.split_off(MAX_BREAKDOWN).iter().for_each(|model| rest.merge(&model.totals));
        all.push(ModelTotals { model: ModelOf::Other, totals: rest });
    }
    (all, top)
}

fn tokens(totals: &Totals) -> u64 {
    totals.token_usage().total()
}
