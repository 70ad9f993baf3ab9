//! `cost-intelligence`.

use super::evidence::evidence_to_api;
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::{CostIntelligence, SpendQuery};
use meterwire_core::insight::Insight;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Where a workspace wastes money. Money is a number of US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostIntelligence)]
pub(crate) struct CostIntelligenceToApi {
    /// The workspace: a project.
    #[schema(example = "support-bot")]
    workspace_id: Option<String>,
    /// What was found, the largest saving first.
    alerts: Vec<InsightToApi>,
    /// What to do, in the same order, each once.
    recommendations: Vec<String>,
    /// The savings of all alerts together. No event counts twice.
    potential_savings: f64,
    /// Whether there were calls enough to judge by: 100. Without them only keys and missing prices are told of.
    enough_data: bool,
    /// Kinds that could not be judged, and why.
    not_judged: Vec<NotJudgedToApi>,
    /// Events that were gone over.
    requests: i64,
    /// What they cost.
    total_cost: f64,
    /// Where the numbers come from: insights are found in our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked.
    as_of: String,
    /// The zone of its days.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
}

/// One finding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Insight)]
pub(crate) struct InsightToApi {
    /// `expensive_model duplicate_calls low_cache_hit error_spend cost_spike idle_key unpriced_model`.
    #[schema(example = "duplicate_calls")]
    kind: &'static str,
    /// By its saving: `critical` from 10 % of the cost of the range on, `warning` from 1 % on, else `info`. A spike and a
    /// model without a price are `warning`.
    #[schema(example = "warning")]
    severity: &'static str,
    /// A short title.
    title: String,
    /// What was found.
    detail: String,
    /// The model it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// Who sells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// The rows that it was found from; the saving can be reckoned from them as `rule` says.
    #[schema(value_type = Object, example = json!({"rule": "the sum of cost over rows and beyond", "window_hours": 24,
        "rows": [{"request_hash": "9f..", "model": "gpt-4o", "repeats": 3, "cost": 0.0225}]}))]
    evidence: Value,
    /// What would have been saved, from the events, exact to a nano-dollar.
    potential_savings: f64,
    /// What to do.
    recommendation: String,
}

/// A kind that could not be judged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotJudgedToApi {
    /// Which.
    #[schema(example = "cost_spike")]
    kind: &'static str,
    /// Why.
    reason: String,
}

/// Where a workspace wastes money.
///
/// Every event of the range is gone over. No event saves twice: a failed call counts only for `error_spend`, an answered
/// repetition only for `duplicate_calls`, and of the others short calls can save by a smaller model, long prompts by the
/// cache. So `potential_savings` is the sum over `alerts`.
///
/// - `expensive_model`: of the answered calls of a large model at least 100, and 10 %, had at most 500 input and 200 output
///   tokens, and would have saved 0.1 % of the cost or more. Saving: their cost less what the same tokens cost by the smaller model named, each
///   call priced and rounded by itself.
/// - `duplicate_calls`: the same `request_hash` was sent to the same model within 24 hours of an answered call whose answer
///   could have been kept, 20 times or more. Saving: the cost of the repetitions. Retries of failed calls are none.
/// - `low_cache_hit`: of prompts of 1,024 tokens or more less than 30 % was read from the cache, but on some day (of 50 such
///   calls or more) at least 50 %. Saving: as if every day had had that day's share.
/// - `error_spend`: 20 failed calls or more that cost money, 1 % of the cost or more. Saving: their cost.
/// - `cost_spike`: a finished day cost more than three times the median of the same weekday in the four weeks before, and a dollar
///   more. No saving is claimed.
/// - `idle_key`: a key that is at least 30 days old was not used for 30 days (shown to owners), or one that events named in
///   the 30 days before the last 30 is named no more. No saving is claimed.
/// - `unpriced_model`: calls of a model without a price. No saving is claimed.
///
/// With fewer than 100 calls `enough_data` is false and only the last two are told of; `not_judged` says what could not be
/// judged and why. A workspace that is not the caller's is 404. A member sees its own user's calls.
#[utoipa::path(get, path = "/api/usage/cost-intelligence/{workspace_id}", operation_id = "usage_cost_intelligence", tag = "Spend",
    params(("workspace_id" = String, Path, description = "The project"),
        ("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = CostIntelligenceToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn cost_intelligence(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(workspace): Path<String>,
    mut params: Params,
) -> Result<Json<CostIntelligenceToApi>, ApiError> {
    let query = SpendQuery {
        tenant: params.take("tenant")?,
        workspace: Some(workspace.clone()),
        tz: params.take("tz")?,
        range: params.take_range()?,
    };
    params.finish()?;
    let found = state.app.cost_intelligence(&caller, &query).await?;
    Ok(Json(CostIntelligenceToApi::of(Some(workspace), &found)))
}

impl CostIntelligenceToApi {
    pub(super) fn of(workspace_id: Option<String>, found: &CostIntelligence) -> Self {
        let mut recommendations: Vec<String> = Vec::new();
        for insight in &found.insights {
            if !recommendations.contains(&insight.recommendation) {
                recommendations.push(insight.recommendation.clone());
            }
        }
        Self {
            workspace_id,
            alerts: found.insights.iter().map(|insight| insight_to_api(insight, found)).collect(),
            recommendations,
            potential_savings: found.saving().to_usd_f64(),
            enough_data: found.has_enough_data(),
            not_judged: found
                .not_judged
                .iter()
                .map(|other| NotJudgedToApi { kind: other.kind.name(), reason: other.reason.clone() })
                .collect(),
            requests: found.calls,
            total_cost: found.cost.to_usd_f64(),
            source: "metered",
            as_of: rfc3339(found.as_of_ms),
            tz: found.tz.clone(),
            from: rfc3339(found.range.from_ms),
            to: rfc3339(found.range.to_ms),
        }
    }
}

fn insight_to_api(insight: &Insight, found: &CostIntelligence) -> InsightToApi {
    InsightToApi {
        kind: insight.kind.name(),
        severity: insight.severity.name(),
        title: insight.title.clone(),
        detail: insight.detail.clone(),
        model: insight.model.as_ref().map(|model| model.model.clone()),
        provider: insight.model.as_ref().and_then(|model| model.provider.clone()),
        evidence: json!(evidence_to_api(insight, found)),
        potential_savings: insight.saving.to_usd_f64(),
        recommendation: insight.recommendation.clone(),
    }
}
