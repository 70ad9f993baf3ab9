//! Budgets in the demo: one that is nearly used, a hard one, one of a department, and a rule that looks closer than usual. No
//! channel is made: a demo tells nobody outside of anything.

use super::world::{Company, Project};
use meterwire_app::{AppError, Caller, Meterwire, NewBudget, RuleChange, SpendQuery};
use meterwire_core::budget::{BudgetPeriod, Scope, ScopeField};
use meterwire_core::money::CostNanos;
use meterwire_core::period::RangeInput;

const CENT: i64 = 10_000_000;
const DOLLAR: i64 = 100 * CENT;

/// Makes them after there is usage, so that their amounts are near to what is spent.
pub(super) async fn prepare(app: &Meterwire, company: &Company) -> Result<(), AppError> {
    let [first, second] = [0, 1].map(|place| company.projects.get(place).map(|(project, _)| project));
    if let Some(project) = first {
        // 93 % of it are used.
        let spent = spent(app, company, Some(project), "this_month").await?;
        let amount = up_to(part(spent, 100, 93), CENT);
        make(
            app,
            company,
            project.name,
            BudgetPeriod::Month,
            (ScopeField::Project, project.slug),
            amount,
            false,
        )
        .await?;
    }
    if let Some(project) = second {
        let spent = spent(app, company, Some(project), "30d").await?;
        let amount = up_to(part(spent, 130, 100), DOLLAR);
        make(
            app,
            company,
            project.name,
            BudgetPeriod::Month,
            (ScopeField::Project, project.slug),
            amount,
            true,
        )
        .await?;
    }
    if let Some(project) = first {
        let spent = spent(app, company, None, "30d").await?;
        let amount = up_to(part(spent, 4, 1), 10 * DOLLAR);
        let scope = (ScopeField::Department, project.department);
        make(app, company, project.department, BudgetPeriod::Quarter, scope, amount, false).await?;
    }
    let params = vec![("above_percent".to_owned(), 60), ("min_usd".to_owned(), 2)];
    let closer = RuleChange { params, ..RuleChange::default() };
    app.update_alert_rule(&Caller::command_line(), Some(company.slug), "spend_spike", closer).await?;
    Ok(())
}

/// What a project, or the whole company, cost in a range.
async fn spent(
    app: &Meterwire,
    company: &Company,
    project: Option<&Project>,
    range: &str,
) -> Result<CostNanos, AppError> {
    let query = SpendQuery {
        tenant: Some(company.slug.to_owned()),
        workspace: project.map(|project| project.slug.to_owned()),
        tz: None,
        range: RangeInput::named(range),
    };
    Ok(app.model_comparison(&Caller::command_line(), &query).await?.total.cost)
}

async fn make(
    app: &Meterwire,
    company: &Company,
    name: &str,
    period: BudgetPeriod,
    scope: (ScopeField, &str),
    amount: CostNanos,
    hard: bool,
) -> Result<(), AppError> {
    let new = NewBudget {
        name: name.to_owned(),
        amount,
        period,
        timezone: None,
        scope: Scope::of([scope]),
        hard,
        // The house models of the demo have no price.
        allow_unpriced: true,
        thresholds_ppm: None,
        channels: vec![],
        parent: None,
    };
    app.create_budget(&Caller::command_line(), Some(company.slug), new).await?;
    Ok(())
}

fn part(amount: CostNanos, times: i64, of: i64) -> i64 {
    i64::try_from(i128::from(amount.0) * i128::from(times) / i128::from(of)).unwrap_or(i64::MAX / 2)
}

/// The next multiple of a step, one step at least.
fn up_to(nanos: i64, step: i64) -> CostNanos {
    CostNanos((nanos.max(1) + step - 1) / step * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_round() {
        assert_eq!(up_to(part(CostNanos(93 * CENT), 100, 93), CENT), CostNanos(100 * CENT));
        assert_eq!(up_to(part(CostNanos(1), 130, 100), DOLLAR), CostNanos(DOLLAR));
        assert_eq!(up_to(0, CENT), CostNanos(CENT));
    }
}
