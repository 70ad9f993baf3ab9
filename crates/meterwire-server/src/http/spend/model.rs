//! `model-comparison`.

use super::take_scope_and_range;
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::{ModelComparison, ModelOf, ModelSpend, efficiency_of};
use meterwire_core::model_cost::cost_per_1k_tokens;
use meterwire_core::money::CostNanos;
use meterwire_core::percent;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// What one model costs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelCost {
    /// The model.
    #[schema(example = "gpt-4o")]
    model: String,
    /// Who sells it; null where its events name nobody.
    #[schema(example = "openai")]
    provider: Option<String>,
    /// What it does: the operation that most of its calls name (`chat`, `embeddings` ..); where none does, `embeddings` for
    /// tokens without output, else `chat`. Null for `Other` and `(none)`.
    #[schema(example = "chat")]
    operation: Option<String>,
    /// US dollars.
    cost: f64,
    /// Input and output tokens.
    tokens: u64,
    /// Input, cached ones too.
    input_tokens: u64,
    /// Output, reasoning too.
    output_tokens: u64,
    /// Events.
    requests: i64,
    /// Events with a status of 400 or above.
    errors: i64,
    /// Events with tokens but without a price; they are in no cost.
    unpriced_requests: i64,
    /// Share of the cost of all models in percent, rounded half to even to two decimals; 0 where nothing cost anything.
    percentage: f64,
    /// US dollars for 1,000 tokens, input and output alike, rounded half to even to nine decimals; null without tokens or
    /// where some of them have no price.
    cost_per_1k_tokens: Option<f64>,
    /// 0 to 100, with two decimals: 100 x (lowest `cost_per_1k_tokens` above 0 of the models beside it with the same `operation`
    /// / its own) x ((`requests` - `errors`) / `requests`). 100 is the cheapest model of its operation without failures. It says
    /// nothing of how good the answers are. Null where `cost_per_1k_tokens` is, and for `Other`.
    #[schema(example = 73.5)]
    efficiency_score: Option<f64>,
}

/// Models beside each other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModelComparison)]
pub(crate) struct ModelComparisonToApi {
    /// The models, dearest first; they add up to the total.
    models: Vec<ModelCost>,
    /// Large models with the prices of smaller ones beside theirs, and models without a price; at most five sentences.
    recommendations: Vec<String>,
    /// US dollars.
    total_cost: f64,
    /// Where the numbers come from: `provider`, `metered` or `quota`.
    #[schema(example = "metered")]
    source: &'static str,
    /// Why it is this source, for people.
    source_reason: String,
    /// When it was asked.
    as_of: String,
    /// The zone.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
}

/// Models beside each other: what each costs, and for what.
///
/// `percentage` is the share of the cost. `efficiency_score` is 0 to 100: 100 x (the lowest `cost_per_1k_tokens` above 0 of
/// the models in the answer with the same `operation` / that of the model) x (calls that did not fail / calls), so it can be
/// reckoned from the row and the cheapest one that does the same: chat is compared with chat, embeddings with embeddings.
/// `recommendations` names smaller models of the tenant's price book for models with 5 % of the cost or
/// more; what they would have cost is answered by `/api/v1/usage/what-if`.
#[utoipa::path(get, path = "/api/usage/model-comparison", operation_id = "usage_model_comparison", tag = "Spend",
    params(("workspace" = Option<String>, Query, description = "One project; all of the tenant's without it. One that does not exist is 404"),
        ("range" = Option<String>, Query, description = "Named range; default this_month"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ModelComparisonToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn model_comparison(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ModelComparisonToApi>, ApiError> {
    let query = take_scope_and_range(&mut params)?;
    params.finish()?;
    Ok(Json(ModelComparisonToApi::of(state.app.model_comparison(&caller, &query).await?)))
}

impl ModelComparisonToApi {
    pub(super) fn of(comparison: ModelComparison) -> Self {
        Self {
            models: ModelCost::of_all(&comparison.models, comparison.total.cost),
            recommendations: comparison.recommendations,
            total_cost: comparison.total.cost.to_usd_f64(),
            source: comparison.source.source.name(),
            source_reason: comparison.source.why,
            as_of: rfc3339(comparison.as_of_ms),
            tz: comparison.tz,
            from: rfc3339(comparison.range.from_ms),
            to: rfc3339(comparison.range.to_ms),
        }
    }
}

impl ModelCost {
    /// The rows of models that are beside each other.
    pub(super) fn of_all(models: &[ModelSpend], all: CostNanos) -> Vec<Self> {
        let scored = models.iter().zip(efficiency_of(models));
        scored.map(|(model, score)| Self::of(model, all, score)).collect()
    }

    fn of(spend: &ModelSpend, all: CostNanos, score: Option<f64>) -> Self {
        let totals = &spend.totals;
        let tokens = totals.token_usage();
        Self {
            model: match &spend.model {
                ModelOf::Named(name) => name.clone(),
                ModelOf::None => "(none)".to_owned(),
                ModelOf::Other => "Other".to_owned(),
            },
            provider: spend.provider.clone(),
            operation: spend.operation.clone(),
            cost: totals.cost.to_usd_f64(),
            tokens: tokens.total(),
            input_tokens: tokens.input(),
            output_tokens: tokens.output(),
            requests: totals.calls,
            errors: totals.errors,
            unpriced_requests: totals.unpriced_calls,
            percentage: percent::share(totals.cost.0, all.0).unwrap_or(0.0),
            cost_per_1k_tokens: cost_per_1k_tokens(totals).map(CostNanos::to_usd_f64),
            efficiency_score: score,
        }
    }
}
