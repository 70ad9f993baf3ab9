//! Where the budget stands: spent, projected, and what to do.

use crate::ports::BudgetState;
use crate::spend::{SpendQuery, SpendScope};
use crate::{AppError, Caller, Meterwire, Shown};
use jiff::tz::TimeZone;
use meterwire_core::budget::{AlertLevel, AlertLevels, ScopeField, Standing};
use meterwire_core::insight::usd;
use meterwire_core::money::{CostNanos, div_half_even};
use meterwire_core::pace::Pace;
use meterwire_core::period;
use std::fmt::Write as _;

/// Where a budget stands.
#[derive(Debug, Clone)]
pub struct BudgetStatus {
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the zone of its period.
    pub tz: String,
    /// Where the spend comes from.
    pub source: Shown,
    /// The budget, and what was spent by that source.
    pub state: BudgetState,
    /// How it goes on.
    pub pace: Pace,
    /// How worrying it is.
    pub alert_level: AlertLevel,
    /// What to do.
    pub recommendations: Vec<String>,
}

impl Meterwire {
    /// Where a budget stands: the one with this id, else that of the workspace, else the tenant's default one.
    pub async fn budget_status(
        &self,
        caller: &Caller,
        query: &SpendQuery,
        budget: Option<&str>,
    ) -> Result<BudgetStatus, AppError> {
        let scope = self.scope_of(caller, query).await?;
        self.budget_status_of(caller, &scope, budget).await
    }

    pub(crate) async fn budget_status_of(
        &self,
        caller: &Caller,
        scope: &SpendScope,
        budget: Option<&str>,
    ) -> Result<BudgetStatus, AppError> {
        let (tenant, now_ms) = (scope.tenant.id, scope.now_ms);
        let state = match (budget, &scope.project) {
            (Some(id), _) => {
                self.budgets.budget(tenant, id, now_ms).await?.ok_or(AppError::NotFound("budget"))?
            }
            (None, Some(project)) => match self.budgets.project_budget(tenant, project, now_ms).await? {
                Some(own) => own,
                None => self.budgets.default_budget(tenant, now_ms).await?,
            },
            (None, None) => self.budgets.default_budget(tenant, now_ms).await?,
        };
        let state = self.as_seen_by(caller, scope, state).await?;
        let (source, spent) = self.budget_source(scope, &state).await?;
        let standing = Standing { spent, ..state.standing };
        Ok(BudgetStatus::of(BudgetState { standing, ..state }, source, self.alert_levels, now_ms))
    }

    /// To a caller confined to a user, only what that user spent of a budget is told.
    async fn as_seen_by(
        &self,
        caller: &Caller,
        scope: &SpendScope,
        state: BudgetState,
    ) -> Result<BudgetState, AppError> {
        let Some(user) = caller.confined_to() else { return Ok(state) };
        let mut own = state.budget.scope.clone();
        if own.get(ScopeField::User).is_some_and(|other| other != user) {
            return Err(AppError::NotFound("budget"));
        }
        own.0.insert(ScopeField::User, user.to_owned());
        let range = state.standing.range;
        let edges_ms = vec![range.from_ms, range.to_ms];
        let spent = self.budgets.spent_between(scope.tenant.id, own, edges_ms).await?;
        let spent = spent.first().copied().unwrap_or_default();
        let standing = Standing { spent, held: CostNanos::ZERO, ..state.standing };
        Ok(BudgetState { standing, ..state })
    }
}

impl BudgetStatus {
    fn of(state: BudgetState, source: Shown, levels: AlertLevels, now_ms: i64) -> Self {
        let standing = state.standing;
        let zone = period::zone(&state.timezone).unwrap_or(TimeZone::UTC);
        let pace = Pace::of(standing.spent, standing.range, &zone, now_ms);
        let alert_level = standing.alert_level(levels, now_ms);
        Self {
            as_of_ms: now_ms,
            tz: state.timezone.clone(),
            source,
            recommendations: recommendations(&state, &pace, now_ms),
            state,
            pace,
            alert_level,
        }
    }
}

fn recommendations(state: &BudgetState, pace: &Pace, now_ms: i64) -> Vec<String> {
    let Standing { amount, spent, range, .. } = state.standing;
    let name = &state.budget.name;
    if spent > amount {
        return vec![format!(
            "The budget \"{name}\" is exceeded by {}. Raise it, or see where it can be saved: cost-intelligence.",
            usd(spent - amount)
        )];
    }
    if pace.projected <= amount {
        return vec![];
    }
    let mut sentence = format!(
        "At this pace {} will be spent by the end of the period, {} more than the budget \"{name}\".",
        usd(pace.projected),
        usd(pace.projected - amount)
    );
    // What is left, over the part of the period that is left, told in days.
    let (left_ms, whole_ms) = (range.to_ms - now_ms, range.to_ms - range.from_ms);
    let left = i128::from((amount - spent).0) * i128::from(whole_ms);
    let a_day = div_half_even(left, (i128::from(left_ms) * i128::from(pace.days)).max(1));
    if let Some(a_day) = a_day.filter(|_| left_ms > 0) {
        let _ = write!(sentence, " With at most {} a day from now on it holds.", usd(CostNanos(a_day)));
    }
    vec![sentence]
}
