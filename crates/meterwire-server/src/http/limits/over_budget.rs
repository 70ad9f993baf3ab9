//! A hard budget's refusal as callers read it.

use axum::http::{HeaderMap, HeaderValue, header};
use meterwire_app::ports::UsedFor;
use meterwire_core::budget::{Refusal, RefusalCode, Scope};
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// The body of a refusal by a hard budget.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverBudgetBody {
    /// What refused it.
    detail: OverBudget,
}

/// The hard budget that refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverBudget {
    /// A short title.
    #[schema(example = "Budget exceeded")]
    error: &'static str,
    /// `budget_exceeded`, or `unpriced_model` where the model that is named has no price.
    #[schema(example = "budget_exceeded")]
    code: &'static str,
    /// A sentence for the caller.
    #[schema(example = "Monthly budget \"support\" exceeded")]
    message: String,
    /// The budget and where it stands.
    budget: RefusingBudget,
    /// Dollars that were asked for; null where something else was.
    #[schema(example = "0.25")]
    requested_usd: Option<String>,
}

/// The budget that refused and where it stood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusingBudget {
    /// UUID.
    id: String,
    /// Its name.
    #[schema(example = "support")]
    name: String,
    /// `day`, `week`, `month`, `quarter`, `year` or `custom`.
    #[schema(example = "month")]
    period: String,
    /// What it is for; nothing named is everything.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    scope: Scope,
    /// Dollars that may be spent in a period.
    #[schema(example = "250")]
    amount_usd: String,
    /// Dollars that were spent in the present one.
    #[schema(example = "249.9")]
    spent_usd: String,
    /// Dollars that reservations hold.
    #[schema(example = "0.1")]
    held_usd: String,
    /// Dollars that are left; negative where more was spent.
    #[schema(example = "0")]
    remaining_usd: String,
    /// When the period ends.
    #[schema(example = "2026-12-01T00:00:00Z")]
    resets_at: String,
}

impl OverBudget {
    pub(super) fn of(refusal: &Refusal) -> Self {
        let usd = |nanos: i64| CostNanos(nanos).to_string();
        Self {
            error: match refusal.code {
                RefusalCode::BudgetExceeded => "Budget exceeded",
                RefusalCode::UnpricedModel => "Model without a price",
            },
            code: refusal.code.name(),
            message: refusal.message.clone(),
            budget: RefusingBudget {
                id: refusal.id.clone(),
                name: refusal.name.clone(),
                period: refusal.period.clone(),
                scope: refusal.scope.clone(),
                amount_usd: usd(refusal.amount),
                spent_usd: usd(refusal.spent),
                held_usd: usd(refusal.held),
                remaining_usd: usd(refusal.remaining()),
                resets_at: rfc3339(refusal.resets_ms),
            },
            requested_usd: refusal.requested.map(usd),
        }
    }
}

impl OverBudgetBody {
    pub(super) fn of(refusal: &Refusal) -> Self {
        Self { detail: OverBudget::of(refusal) }
    }
}

/// A refusal by a used-up budget says when to come again: when its period is over.
pub(super) fn add_retry(headers: &mut HeaderMap, refusal: &Refusal, now_ms: i64) {
    // A model gets no price by waiting.
    if refusal.code == RefusalCode::BudgetExceeded {
        let seconds = (refusal.resets_ms - now_ms).max(0).saturating_add(999) / 1_000;
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// For what something is used, as it is named.
pub(super) fn used_for(
    project: Option<String>,
    model: Option<String>,
    api_key: Option<String>,
    department: Option<String>,
) -> UsedFor {
    UsedFor { project, model, api_key, department, is_unpriced: false }
}
