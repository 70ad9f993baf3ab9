//! The verdicts of an array of decisions: for each entry the body that it would have got alone.

use super::over_budget::OverBudget;
use super::wire::{DecisionToApi, LimitExceeded, ManyToApi};
use crate::http::error::{ApiError, ErrorDetail};
use meterwire_core::budget::Refusal;
use meterwire_core::limit::Standing;
use serde::Serialize;
use utoipa::ToSchema;

/// Verdicts of an array, in its order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionsToApi {
    /// Requests in the array.
    received: usize,
    /// Allowed and recorded.
    allowed: usize,
    /// Refused by a limit or a hard budget; nothing of them was recorded.
    refused: usize,
    /// Not valid; nothing of them was recorded.
    invalid: usize,
    /// One an entry.
    results: Vec<ItemToApi>,
}

/// The verdict of one entry: the body that it would have got alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ItemToApi {
    /// About one metric.
    One(Option<DecisionToApi>),
    /// About several.
    Many(ManyToApi),
    /// Refused by a limit.
    Refused(RefusedItem),
    /// Refused by a hard budget.
    OverBudget(OverBudgetItem),
    /// Not valid.
    Failed(FailedItem),
}

/// An entry that a limit refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedItem {
    allowed: bool,
    /// 429.
    status: u16,
    detail: LimitExceeded,
}

/// An entry that a hard budget refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverBudgetItem {
    allowed: bool,
    /// 429.
    status: u16,
    detail: Box<OverBudget>,
}

/// An entry that is not valid.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailedItem {
    allowed: bool,
    /// The status it would have got alone.
    #[schema(example = 422)]
    status: u16,
    detail: ErrorDetail,
}

impl ItemToApi {
    pub(super) fn one(decision: Option<DecisionToApi>) -> Self {
        Self::One(decision)
    }

    pub(super) fn many(decision: ManyToApi) -> Self {
        Self::Many(decision)
    }

    pub(super) fn refused(standing: &Standing, tier: &str) -> Self {
        Self::Refused(RefusedItem { allowed: false, status: 429, detail: LimitExceeded::of(standing, tier) })
    }

    pub(super) fn over_budget(refusal: &Refusal) -> Self {
        let detail = Box::new(OverBudget::of(refusal));
        Self::OverBudget(OverBudgetItem { allowed: false, status: 429, detail })
    }

    pub(super) fn failed(error: ApiError) -> Self {
        let (status, detail) = error.to_detail();
        Self::Failed(FailedItem { allowed: false, status: status.as_u16(), detail })
    }
}

impl DecisionsToApi {
    pub(super) fn of(results: Vec<ItemToApi>) -> Self {
        let count = |wanted: fn(&ItemToApi) -> bool| results.iter().filter(|item| wanted(item)).count();
        let refused = count(|item| matches!(item, ItemToApi::Refused(_) | ItemToApi::OverBudget(_)));
        let invalid = count(|item| matches!(item, ItemToApi::Failed(_)));
        let received = results.len();
        Self { received, allowed: received - refused - invalid, refused, invalid, results }
    }
}
