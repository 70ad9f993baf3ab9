//! Telling that a threshold of a budget was passed: once for each threshold, period and amount.

use super::row::Stored;
use crate::alert::{raise, was_raised};
use crate::error::Work;
use crate::sql::Connection;
use meterwire_app::ports::NewAlert;
use meterwire_core::alert::{AlertKind, Severity};
use meterwire_core::budget::{Budget, ScopeField, WARNING_PPM, is_crossed, is_reached};
use meterwire_core::money::{CostNanos, format_decimal};
use meterwire_core::period::{Range, rfc3339};
use serde_json::json;

/// Raises an alert for each threshold that was passed on the way from one sum of a period to another.
pub(crate) fn crossed(
    connection: &Connection,
    stored: &Stored,
    range: Range,
    sums: (i64, i64),
    at_ms: i64,
) -> Work<()> {
    let (before, after) = sums;
    let budget = &stored.budget;
    for ppm in &budget.thresholds_ppm {
        if is_crossed(before, after, budget.amount, *ppm) {
            raise(connection, stored.tenant, &alert(stored, range, after, *ppm, at_ms))?;
        }
    }
    Ok(())
}

/// Raises an alert for the highest threshold that a new or changed budget has passed already, unless it was told in this
/// period before, under whatever amount: only what is passed anew is told again.
pub(super) fn of_present(connection: &Connection, stored: &Stored, at_ms: i64) -> Work<()> {
    let range = stored.calendar().range(at_ms);
    let spent = super::spent_in(connection, stored.number, range)?;
    let budget = &stored.budget;
    let reached = |ppm: &&u32| is_reached(spent, budget.amount, **ppm);
    if let Some(ppm) = budget.thresholds_ppm.iter().rev().find(reached)
        && !was_raised(connection, stored.tenant, &key_of(budget, range, *ppm))?
    {
        raise(connection, stored.tenant, &alert(stored, range, spent, *ppm, at_ms))?;
    }
    Ok(())
}

/// What the keys of a threshold and period begin with.
fn key_of(budget: &Budget, range: Range, ppm: u32) -> String {
    format!("budget/{}/{}/{ppm}", budget.id, range.from_ms)
}

fn alert(stored: &Stored, range: Range, spent: i64, ppm: u32, at_ms: i64) -> NewAlert {
    let budget = &stored.budget;
    let percent = format_decimal(ppm, 4);
    let severity = match ppm {
        1_000_000.. => Severity::Critical,
        WARNING_PPM.. => Severity::Warning,
        _ => Severity::Info,
    };
    let channels = (!budget.channels.is_empty()).then(|| budget.channels.clone());
    NewAlert {
        kind: AlertKind::BudgetThreshold,
        key: format!("{}/{}", key_of(budget, range, ppm), budget.amount.0),
        severity,
        title: format!(
            "{} has reached {percent} %: {} of {} USD",
            named(budget),
            CostNanos(spent),
            budget.amount
        ),
        channels,
        detail: json!({
            "budget": {
                "id": budget.id,
                "name": budget.name,
                "period": budget.period.name(),
                "scope": budget.scope,
            },
            "threshold_percentage": percent,
            "amount_usd": budget.amount.to_string(),
            "spent_usd": CostNanos(spent).to_string(),
            "from": rfc3339(range.from_ms),
            "to": rfc3339(range.to_ms),
        }),
        user: budget.scope.get(ScopeField::User).map(str::to_owned),
        at_ms,
    }
}

/// `Monthly budget "support"`; a budget whose name says no more than that is not named twice.
fn named(budget: &Budget) -> String {
    let kind = budget.period.budget();
    if budget.name == kind { kind.to_owned() } else { format!("{kind} \"{}\"", budget.name) }
}
