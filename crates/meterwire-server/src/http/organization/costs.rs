//! `GET /v1/organization/costs`.

use super::error::{OrganizationCaller, OrganizationError, OrganizationErrorBody, named_tenant};
use super::page::PageToApi;
use super::result::Grouped;
use super::{Allowed, Question, read_question};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use meterwire_app::{OrganizationResult, OrganizationSubject, UsageField};
use meterwire_core::usage_page::BucketWidth;
use serde::Serialize;
use utoipa::ToSchema;

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AmountToApi {
    /// US dollars with up to nine decimals; exact below nine million dollars.
    #[schema(example = 0.06)]
    value: f64,
    /// Always `usd`.
    #[schema(example = "usd")]
    currency: &'static str,
}

/// Costs of one group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CostsResult {
    /// Always `organization.costs.result`.
    #[schema(example = "organization.costs.result")]
    object: &'static str,
    /// The cost of everything that has a price.
    amount: AmountToApi,
    /// Provider and model, `openai/gpt-4o`, where it was grouped by; null where the events name neither.
    line_item: Option<String>,
    /// The project.
    project_id: Option<String>,
    /// The user.
    user_id: Option<String>,
    /// The name of the API key, as events give it.
    api_key_id: Option<String>,
    /// `unlabeled` where it was grouped by: events do not tell.
    api_source: Option<&'static str>,
    /// Tokens, where it was grouped by `line_item` and there are any.
    quantity: Option<u64>,
    /// `tokens` beside a quantity.
    quantity_unit: Option<&'static str>,
    /// The amount as an exact decimal of US dollars. Not of `OpenAI`'s.
    cost_usd: String,
    /// Events with tokens whose model has no price; they are not in the amount. Not of `OpenAI`'s.
    unpriced_calls: i64,
}

/// Costs a day in the shape of `OpenAI`'s costs API, for the events of every provider.
///
/// The sum of all results is the cost that `usage/query` tells for the same span, whatever the grouping. An event keeps
/// one cost, so a line item is a provider and a model (`openai/gpt-4o`), not an input or an output of it; `quantity`
/// is its tokens. `amount.value` is a JSON number: the nearest to the exact nano-dollars, which it tells to the last of
/// nine decimals below nine million dollars; `cost_usd` is exact at any size. Money without a price is no money:
/// `unpriced_calls` counts the events whose cost is not known.
///
/// Buckets, paging, tenants and errors are those of `/v1/organization/usage/{kind}`; `bucket_width` is a day of UTC.
#[utoipa::path(get, path = "/v1/organization/costs", operation_id = "organization_costs", tag = "OpenAI-compatible",
    params(("start_time" = i64, Query, description = "First second, Unix time"),
        ("end_time" = Option<i64>, Query, description = "First second after; default the end of today, UTC"),
        ("bucket_width" = Option<String>, Query, description = "Only 1d"),
        ("project_ids" = Option<Vec<String>>, Query, description = "Only these projects; lists are repeated, with or without []"),
        ("api_key_ids" = Option<Vec<String>>, Query, description = "Only these API keys, by name"),
        ("line_items" = Option<Vec<String>>, Query, description = "Only these line items, written in full"),
        ("group_by" = Option<Vec<String>>, Query, description = "project_id user_id api_key_id line_item"),
        ("limit" = Option<u32>, Query, description = "Days a page; default 7, at most 180"),
        ("page" = Option<String>, Query, description = "next_page of the answer before, with the same other parameters"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant, only for an admin token; the header OpenAI-Organization is the same")),
    responses((status = 200, body = PageToApi<CostsResult>),
        (status = "default", description = "Not answered", body = OrganizationErrorBody)))]
pub(crate) async fn costs(
    State(state): State<AppState>,
    OrganizationCaller(caller): OrganizationCaller,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Json<PageToApi<CostsResult>>, OrganizationError> {
    let tenant = named_tenant(params.take("tenant")?, &headers)?;
    let question = read_question(params, &ALLOWED)?;
    let reply = state.app.organization_usage(&caller, tenant.as_deref(), &question.query).await?;
    let to_result = |result| to_api(&question, result);
    Ok(Json(PageToApi::new(reply, question.fingerprint, to_result)))
}

const ALLOWED: Allowed = Allowed {
    subject: OrganizationSubject::Costs,
    group_by: &[UsageField::Project, UsageField::User, UsageField::ApiKey, UsageField::LineItem],
    filters: &[UsageField::Project, UsageField::ApiKey, UsageField::LineItem],
    batch: false,
    api_source: true,
    widths: &[BucketWidth::Day],
    days: (7, 180),
};

fn to_api(question: &Question, result: OrganizationResult) -> CostsResult {
    let OrganizationResult { key, totals, .. } = result;
    let mut by = Grouped::new(question, key);
    let by_line_item = question.query.group_by.contains(&UsageField::LineItem);
    let quantity = by_line_item.then(|| totals.token_usage().total()).filter(|tokens| *tokens > 0);
    CostsResult {
        object: "organization.costs.result",
        amount: AmountToApi { value: totals.cost.to_usd_f64(), currency: "usd" },
        line_item: by.take(UsageField::LineItem),
        project_id: by.take(UsageField::Project),
        user_id: by.take(UsageField::User),
        api_key_id: by.take(UsageField::ApiKey),
        api_source: by.api_source(),
        quantity,
        quantity_unit: quantity.map(|_| "tokens"),
        cost_usd: totals.cost.to_string(),
        unpriced_calls: totals.unpriced_calls,
    }
}
