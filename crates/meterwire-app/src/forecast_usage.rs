//! What a running period will come to: the days so far, and `core::forecast` over the days before.

use crate::ports::{AggregateRequest, AggregateRow, Measures, Tenant};
use crate::query_usage::confine;
use crate::{Access, AppError, Caller, Meterwire, long_work};
use meterwire_core::forecast::query::{ForecastMetric, ForecastQuery, ForecastQueryInput, Past, estimated};
use meterwire_core::forecast::{Estimate, Forecast, forecast};

/// How often each day of the history is gone through while models are fitted, in rows of a common computation.
const ROWS_A_DAY: usize = 100;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct ForecastReply {
    /// The question as it was understood.
    pub query: ForecastQuery,
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// What came of the period, and of the days before.
    pub past: Past,
    /// What the period used so far, exact.
    pub actual_to_date: i64,
    /// What comes from now on.
    pub forecast: Forecast,
    /// The whole period: what it used so far and what comes.
    pub whole: Estimate,
}

impl Meterwire {
    /// Forecasts a running period to its end. A caller confined to a user sees that user's usage only.
    pub async fn forecast_usage(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: ForecastQueryInput,
    ) -> Result<ForecastReply, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let as_of_ms = self.now_ms();
        let dimensions = self.dimensions(tenant.id).await?;
        let mut query = ForecastQuery::new(input, &tenant.timezone, &dimensions, as_of_ms)?;
        confine(caller, &mut query.filters);
        let rows = match (self.slots(&tenant, &query).await, tenant.events_from_ms) {
            // Days of which only totals are kept may not be told apart as the question needs it: it does without them.
            (Err(AppError::BeyondRetention(_)), Some(events_from_ms)) => {
                query = query.with_history_from(events_from_ms)?;
                self.slots(&tenant, &query).await?
            }
            (rows, _) => rows?,
        };
        let past = query.past(rows.into_iter().map(|row| (row.bucket, row.totals)));
        let forecast = long_work(past.history.len() * ROWS_A_DAY, || forecast(query.forecast_input(&past)))?;
        let actual_to_date = past.period.iter().sum();
        let whole = forecast.rest.beside(estimated(actual_to_date));
        Ok(ForecastReply { query, as_of_ms, past, actual_to_date, forecast, whole })
    }

    async fn slots(&self, tenant: &Tenant, query: &ForecastQuery) -> Result<Vec<AggregateRow>, AppError> {
        let measures =
            Measures { tokens: query.metric == ForecastMetric::Tokens, cost: true, ..Measures::CALLS };
        let request = AggregateRequest {
            edges_ms: query.slots.edges_ms.clone(),
            group_by: vec![],
            filters: query.filters.clone(),
            measures,
        };
        Ok(self.usage.aggregate(tenant.id, request).await?)
    }
}
