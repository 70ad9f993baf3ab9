//! `what-if`.

use super::evidence;
use super::take_scope_and_range;
use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::{InsteadOf, SpendQuery, WhatIfQuery, WhatIfReply};
use meterwire_core::invalid::Invalid;
use meterwire_core::percent;
use meterwire_core::period::{RangeInput, rfc3339};
use meterwire_core::price::{RateCard, Rates};
use meterwire_core::tokens::TokenUsage;
use meterwire_core::what_if::WhatIfSums;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a range costs, and what it would have cost.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfToApi {
    /// The model that is replaced; null is all of them.
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// What is taken instead, with its rates as of now in US dollars per million tokens. Of a model each event takes the
    /// price in force at its own time.
    #[schema(value_type = Object, example = json!({"provider": "openai", "model": "gpt-4o-mini", "input": "0.15", "output": "0.6", "price_id": "openai/gpt-4o-mini@2024-07-18"}))]
    instead: Value,
    /// Sums over the range.
    #[serde(flatten)]
    total: WhatIfSumsToApi,
    /// Token buckets that hold anything; they do not overlap.
    #[schema(value_type = Object, example = json!({"input_uncached": 18910556, "output_visible": 13109347}))]
    tokens: Map<String, Value>,
    /// Every day that has begun; they add up to the sums.
    days: Vec<WhatIfDay>,
    /// Where the numbers come from.
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

/// What was, and what would have been. Money is a decimal text of US dollars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfSumsToApi {
    /// Events.
    calls: i64,
    /// What they cost.
    #[schema(example = "178.36")]
    cost_usd: String,
    /// What they would have cost.
    #[schema(example = "10.7016")]
    cost_then_usd: String,
    /// `cost_then_usd` - `cost_usd`: negative is cheaper.
    #[schema(example = "-167.6584")]
    difference_usd: String,
    /// The difference in percent of the cost, two decimals; null where nothing cost anything.
    difference_percentage: Option<f64>,
    /// Events with tokens whose model has no price: they cost nothing now.
    unpriced_calls: i64,
    /// Events with tokens for which there would be no price either; they keep their cost.
    not_repriced_calls: i64,
}

/// A day of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfDay {
    /// The day in the zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// Its sums.
    #[serde(flatten)]
    sums: WhatIfSumsToApi,
}

/// A question with prices of one's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfFromApi {
    /// Named range; default this_month.
    range: Option<String>,
    /// Date or instant, instead of range.
    from: Option<String>,
    /// Date or instant, exclusive.
    to: Option<String>,
    /// IANA zone; default the tenant's.
    tz: Option<String>,
    /// One project.
    workspace: Option<String>,
    /// Who sells the model that is replaced.
    provider: Option<String>,
    /// The model that is replaced; all of them where it is absent.
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// Decimal texts of US dollars per million tokens: `input`, `output`, and where they differ `cache_read`,
    /// `cache_write_short`, `cache_write_long`, `reasoning`, `audio_input`, `audio_output`, `image_input`, `image_output`;
    /// `per_request` in dollars.
    #[schema(value_type = Object, example = json!({"input": "1.25", "output": "5"}))]
    prices: Value,
}

/// What a range would have cost with another model.
///
/// Every event of the range (and, where it is named, of the model) is priced anew on its own tokens, by the price of
/// `instead` in force at its time in the tenant's price book, and rounded once half to even, exactly as if it had been
/// recorded so. Service tiers and steps by context size hold as always. Events without tokens keep their cost. It is assumed
/// that the other model takes the same number of tokens. `instead` without a price is 422.
#[utoipa::path(get, path = "/api/v1/usage/what-if", operation_id = "usage_what_if", tag = "Spend",
    params(("instead" = String, Query, description = "The model to take instead"),
        ("model" = Option<String>, Query, description = "The model that is replaced, as events name it; all of them without it"),
        ("provider" = Option<String>, Query, description = "Who sells the model that is replaced"),
        ("instead_provider" = Option<String>, Query, description = "Who sells the other one, where its name does not say"),
        ("workspace" = Option<String>, Query, description = "One project. One that does not exist is 404"),
        ("range" = Option<String>, Query, description = "Named range; default this_month"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("filter[user]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = WhatIfToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn what_if(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<WhatIfToApi>, ApiError> {
    let instead = params.take("instead")?;
    let model =
        instead.ok_or_else(|| Invalid::new("instead", "instead must name the model to take instead"))?;
    let query = WhatIfQuery {
        spend: take_scope_and_range(&mut params)?,
        filters: params.take_filters(),
        provider: params.take("provider")?,
        model: params.take("model")?,
        instead: InsteadOf::Model { provider: params.take("instead_provider")?, model },
    };
    params.finish()?;
    let model = query.model.clone();
    Ok(Json(to_api(model, state.app.what_if(&caller, query).await?)))
}

/// What a range would have cost at other prices.
///
/// Like the question with another model, but at the prices given, whenever an event happened and whatever its service tier.
#[utoipa::path(post, path = "/api/v1/usage/what-if", operation_id = "usage_what_if_prices", tag = "Spend",
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = WhatIfFromApi,
    responses((status = 200, body = WhatIfToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn what_if_prices(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(body): JsonBody<WhatIfFromApi>,
) -> Result<Json<WhatIfToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let rates = serde_json::from_value::<Rates>(body.prices)
        .map_err(|error| Invalid::new("prices", format!("prices: {error}")))?;
    let query = WhatIfQuery {
        spend: SpendQuery {
            tenant,
            workspace: body.workspace,
            tz: body.tz,
            range: RangeInput { range: body.range, from: body.from, to: body.to },
        },
        filters: vec![],
        provider: body.provider,
        model: body.model,
        instead: InsteadOf::Rates(Box::new(RateCard::flat(rates))),
    };
    let model = query.model.clone();
    Ok(Json(to_api(model, state.app.what_if(&caller, query).await?)))
}

fn to_api(model: Option<String>, reply: WhatIfReply) -> WhatIfToApi {
    let named = TokenUsage::BUCKETS.into_iter().zip(reply.total.tokens).filter(|(_, count)| *count > 0);
    let days =
        reply.days.iter().map(|(day, sums)| WhatIfDay { date: day.label.clone(), sums: sums_to_api(sums) });
    WhatIfToApi {
        model,
        instead: evidence::price(&reply.instead),
        total: sums_to_api(&reply.total),
        tokens: named.map(|(name, count)| (name.to_owned(), count.into())).collect(),
        days: days.collect(),
        source: "metered",
        as_of: rfc3339(reply.as_of_ms),
        tz: reply.tz,
        from: rfc3339(reply.range.from_ms),
        to: rfc3339(reply.range.to_ms),
    }
}

fn sums_to_api(sums: &WhatIfSums) -> WhatIfSumsToApi {
    WhatIfSumsToApi {
        calls: sums.calls,
        cost_usd: sums.cost.to_string(),
        cost_then_usd: sums.cost_then.to_string(),
        difference_usd: sums.difference().to_string(),
        difference_percentage: percent::share(sums.difference().0, sums.cost.0),
        unpriced_calls: sums.unpriced_calls,
        not_repriced_calls: sums.not_repriced_calls,
    }
}
