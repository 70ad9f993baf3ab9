//! R1's figures by the providers' own reports, where those are what is shown.

use crate::month_usage::{UsageData, UsagePlan};
use crate::ports::BudgetState;
use crate::shown_source::ProviderDay;
use crate::spend::{ModelSpend, SpendScope, begun, models_in_order, total_of};
use crate::statistics::{DayTotals, ModelOf};
use crate::{AppError, Meterwire, Shown, Source};
use meterwire_core::budget::ScopeField;
use meterwire_core::money::CostNanos;
use meterwire_core::period::{Range, local_date};
use meterwire_core::totals::Totals;
use std::collections::BTreeMap;

impl Meterwire {
    /// Which source is shown of a range. A provider knows neither our users nor another zone than the tenant's.
    pub(crate) async fn source_of(&self, scope: &SpendScope, range: Range) -> Result<Shown, AppError> {
        let project = scope.project.as_deref();
        let shown = self.shown_source(&scope.tenant, project, range).await?;
        if shown.source == Source::Provider && (scope.is_confined() || scope.tz != scope.tenant.timezone) {
            let why = "the provider reports neither by user nor in another zone".to_owned();
            return Ok(Shown { source: Source::Metered, why, as_of_ms: scope.now_ms });
        }
        Ok(asked_at(shown, scope))
    }

    /// Usage as the providers report it.
    pub(crate) async fn provider_usage(
        &self,
        scope: &SpendScope,
        plan: &UsagePlan,
        shown: &Shown,
    ) -> Result<UsageData, AppError> {
        let rows = self.provider_totals(&scope.tenant, scope.project.as_deref(), plan.range).await?;
        let mut by_date: BTreeMap<String, Totals> = BTreeMap::new();
        for row in &rows {
            let date = local_date(row.day_ms, &jiff::tz::TimeZone::UTC);
            by_date.entry(date).or_default().merge(&totals(row));
        }
        let models = models_of(&rows);
        let days = plan.days.iter().map(|day| {
            let totals = by_date.remove(&day.label).unwrap_or_default();
            (day.clone(), totals)
        });
        let days = begun(days.collect(), scope.now_ms);
        Ok(UsageData {
            as_of_ms: shown.as_of_ms,
            tz: scope.tz.clone(),
            range: plan.range,
            source: shown.clone(),
            total: total_of(&models),
            models,
            days: days.into_iter().map(|(day, totals)| DayTotals { date: day.label, totals }).collect(),
            hours: plan.hours.as_ref().map(|_| vec![]),
        })
    }

    /// Models as the providers report them.
    pub(crate) async fn provider_models(
        &self,
        scope: &SpendScope,
        range: Range,
    ) -> Result<Vec<ModelSpend>, AppError> {
        Ok(models_of(&self.provider_totals(&scope.tenant, scope.project.as_deref(), range).await?))
    }

    /// What was spent of a budget as the providers report it, and from which source. What the budget is for has to be told
    /// apart in their reports: everything, or one project.
    pub(crate) async fn budget_source(
        &self,
        scope: &SpendScope,
        state: &BudgetState,
    ) -> Result<(Shown, CostNanos), AppError> {
        let (range, budget) = (state.standing.range, &state.budget);
        let project = budget.scope.get(ScopeField::Project);
        let shown = self.shown_source(&scope.tenant, project, range).await?;
        if shown.source != Source::Provider {
            return Ok((asked_at(shown, scope), state.standing.spent));
        }
        let fields = usize::from(project.is_some());
        if scope.is_confined() || budget.scope.0.len() != fields || state.timezone != scope.tenant.timezone {
            let why = "the provider's report does not tell apart what the budget is for".to_owned();
            let metered = Shown { source: Source::Metered, why, as_of_ms: scope.now_ms };
            return Ok((metered, state.standing.spent));
        }
        let rows = self.provider_totals(&scope.tenant, project, range).await?;
        Ok((shown, rows.iter().map(|row| row.cost).sum()))
    }
}

/// Our own numbers are those of the moment of the whole question.
fn asked_at(shown: Shown, scope: &SpendScope) -> Shown {
    match shown.source {
        Source::Provider => shown,
        Source::Metered | Source::Quota => Shown { as_of_ms: scope.now_ms, ..shown },
    }
}

fn totals(row: &ProviderDay) -> Totals {
    Totals { calls: row.requests.unwrap_or(0), tokens: row.tokens, cost: row.cost, ..Totals::default() }
}

fn models_of(rows: &[ProviderDay]) -> Vec<ModelSpend> {
    let mut sums: BTreeMap<(&str, &str), Totals> = BTreeMap::new();
    for row in rows {
        sums.entry((row.provider.name(), &row.model)).or_default().merge(&totals(row));
    }
    // Reports name no operations; the tokens tell.
    let models = sums.into_iter().map(|((provider, model), totals)| {
        ModelSpend::new(Some(provider.to_owned()), ModelOf::Named(model.to_owned()), totals, [])
    });
    models_in_order(models.collect())
}
