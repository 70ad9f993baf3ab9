//! Everything about the money of one workspace, from one moment.

use crate::cost_intelligence::ReviewPlan;
use crate::month_usage::UsagePlan;
use crate::ports::Questions;
use crate::spend::{InOrder, SpendQuery, SpendScope};
use crate::{
    AppError, BudgetStatus, Caller, CostIntelligence, Meterwire, ModelComparison, Shown, Source, UsageData,
};

/// Tries to have everything from one moment while events keep coming.
const TRIES: usize = 3;

/// All of R1 for one workspace.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The month so far.
    pub month: UsageData,
    /// Today so far.
    pub today: UsageData,
    /// The budget of the workspace, else the tenant's.
    pub budget: BudgetStatus,
    /// The models of the month.
    pub models: ModelComparison,
    /// Where it wastes money.
    pub intelligence: CostIntelligence,
}

impl Meterwire {
    /// Everything about one workspace. Usage, comparison and budget are of one moment: they are read again where events were
    /// recorded meanwhile. Insights take longer, and are of a moment just before.
    pub async fn dashboard(&self, caller: &Caller, query: &SpendQuery) -> Result<Dashboard, AppError> {
        let scope = self.scope_of(caller, query).await?;
        let (month, today) = (UsagePlan::month(&scope)?, UsagePlan::today(&scope)?);
        let source = self.source_of(&scope, month.range).await?;
        let today_source = self.source_of(&scope, today.range).await?;
        let intelligence = self.review(caller, &scope, ReviewPlan::new(&scope, query)?).await?;
        let mut tries = 0;
        let (budget, mut answers) = loop {
            tries += 1;
            let recorded = self.usage.recorded(scope.tenant.id).await?;
            let budget = self.budget_status_of(caller, &scope, None).await?;
            let sums = month.sums(&scope).into_iter().chain(today.sums(&scope)).collect();
            let answers = self.usage.ask(scope.tenant.id, Questions { sums, log: None }).await?;
            if tries == TRIES || self.usage.recorded(scope.tenant.id).await? == recorded {
                break (budget, InOrder::new(answers.sums));
            }
        };
        let month = self.shown(&scope, month, source, &mut answers).await?;
        let today = self.shown(&scope, today, today_source, &mut answers).await?;
        let book = self.book_of(scope.tenant.id).await?;
        let (source, models) = (month.source.clone(), month.models.clone());
        let models = ModelComparison::of(&scope, month.range, source, models, &book);
        Ok(Dashboard { month, today, budget, models, intelligence })
    }

    /// Usage by the source that is shown; what was metered is taken from the answers in any case.
    async fn shown(
        &self,
        scope: &SpendScope,
        plan: UsagePlan,
        shown: Shown,
        answers: &mut InOrder,
    ) -> Result<UsageData, AppError> {
        if shown.source == Source::Provider {
            let reported = self.provider_usage(scope, &plan, &shown).await?;
            plan.answered(scope, shown, answers);
            return Ok(reported);
        }
        Ok(plan.answered(scope, shown, answers))
    }
}
