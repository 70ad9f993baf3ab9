//! Why the cost changed: two periods by model, from one moment, taken apart by `core::explain`.

use crate::ports::{AggregateRequest, AggregateRow, Measures, Questions};
use crate::query_usage::Asked;
use crate::{AppError, Caller, Meterwire, long_work};
use meterwire_core::dimension::Dimension;
use meterwire_core::explain::{Explanation, ModelUsage, Side, explain};
use meterwire_core::period::Range;
use meterwire_core::usage_query::{CompareInput, UsageQuery, UsageQueryInput};
use std::collections::BTreeMap;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct ChangeReply {
    /// The question as it was understood.
    pub query: UsageQuery,
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// The period that it is compared with.
    pub compared: Range,
    /// The answer; beyond `query.top` models the rest is one row without a name, the last.
    pub explanation: Explanation,
    /// Whether that last row is there.
    pub has_rest: bool,
}

impl Meterwire {
    /// Explains the change of cost between a period and the one it is compared with, the previous one unless another is
    /// named. Of the input's groups, metrics and granularity nothing is taken. A caller confined to a user sees that
    /// user's usage only.
    pub async fn explain_change(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: UsageQueryInput,
    ) -> Result<ChangeReply, AppError> {
        let input = UsageQueryInput {
            group_by: vec![Dimension::Provider.to_string(), Dimension::Model.to_string()],
            metrics: vec![],
            granularity: None,
            compare: Some(input.compare.unwrap_or(CompareInput::Previous)),
            ..input
        };
        let Asked { tenant, query, as_of_ms } = self.asked(caller, named, input).await?;
        let present = query.window.range;
        let compared = query.compared.as_ref().map_or(present, |window| window.range);
        let request = |range: Range| AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: query.group_by.clone(),
            filters: query.filters.clone(),
            measures: Measures { tokens: true, cost: true, ..Measures::CALLS },
        };
        let questions = Questions { sums: vec![request(present), request(compared)], log: None };
        let mut sums = self.usage.ask(tenant.id, questions).await?.sums.into_iter();
        let (present, earlier) = (sums.next().unwrap_or_default(), sums.next().unwrap_or_default());
        let (explanation, has_rest) = long_work(present.len() + earlier.len(), || {
            explain(models(present, earlier)).and_then(|whole| whole.with_rest(query.top))
        })?;
        Ok(ChangeReply { query, as_of_ms, compared, explanation, has_rest })
    }
}

fn models(present: Vec<AggregateRow>, earlier: Vec<AggregateRow>) -> Vec<ModelUsage> {
    let mut models: BTreeMap<Vec<Option<String>>, ModelUsage> = BTreeMap::new();
    for row in present {
        models.entry(row.key.clone()).or_insert_with(|| named(&row)).present = side(&row);
    }
    for row in earlier {
        models.entry(row.key.clone()).or_insert_with(|| named(&row)).earlier = side(&row);
    }
    models.into_values().collect()
}

fn named(row: &AggregateRow) -> ModelUsage {
    let part = |place: usize| row.key.get(place).cloned().flatten();
    ModelUsage { provider: part(0), model: part(1), ..ModelUsage::default() }
}

fn side(row: &AggregateRow) -> Side {
    let totals = &row.totals;
    Side {
        calls: totals.calls,
        unpriced_calls: totals.unpriced_calls,
        tokens: totals.token_usage().total().cast_signed(),
        cost: totals.cost,
    }
}
