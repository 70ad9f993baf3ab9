//! `GET /api/v1/events/{source}/{id}`: one event whole, and how its cost came about.

use super::wire::UsageFromApi;
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::ports::PastRating;
use meterwire_app::{Basis, PricedAt, Receipt};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::money::{CostNanos, format_decimal};
use meterwire_core::period::rfc3339;
use meterwire_core::price::{Account, AccountLine};
use meterwire_core::tokens::TokenUsage;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Decimals of pico-dollars in dollars.
const PICO: u32 = 12;

/// One event and how its cost came about. All money is an exact decimal of US dollars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceiptToApi {
    /// The event as it was recorded.
    event: RecordedEvent,
    /// When it was voided; null where it counts.
    voided_at: Option<String>,
    /// What it costs in every total; null where its model had no price.
    #[schema(example = "0.0075")]
    cost_usd: Option<String>,
    /// `priced`: the account below is how it came to its cost. `price_changed`: the price has another content by now; the
    /// account shows what it would come to today, and the stored cost stands. `price_gone`: the price it was rated with
    /// is no longer there. `given`: the sender named the cost. `unpriced`: there was no price. `free`: nothing to price.
    #[schema(example = "priced")]
    basis: &'static str,
    /// The same as a sentence.
    explanation: String,
    /// The price it was rated with; null where there was none.
    price: Option<PriceOfReceipt>,
    /// Every product and their sum; null where there is no price to multiply by.
    account: Option<AccountToApi>,
    /// How it was rated before it was rated anew, the oldest first.
    rated_before: Vec<PastRatingToApi>,
}

/// How an event was rated before it was rated anew.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PastRatingToApi {
    /// What it cost then; null where its model had no price.
    #[schema(example = "0.0075")]
    cost_usd: Option<String>,
    /// The price it was rated with; null where there was none.
    price: Option<String>,
    /// Id of the re-rating that changed it.
    rerate: String,
    /// When that was begun.
    at: String,
    /// By whom, as the audit log calls it.
    by: String,
}

/// An event as it was recorded; what was not sent and not filled in is null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedEvent {
    /// Its id.
    id: String,
    /// Its source.
    source: String,
    /// When it happened.
    time: String,
    /// When it was received.
    received_at: String,
    /// The project.
    project: Option<String>,
    /// The end user.
    user: Option<String>,
    /// The customer's name for the API key that was used.
    api_key: Option<String>,
    /// The agent inside the project.
    agent: Option<String>,
    /// The department that pays.
    department: Option<String>,
    /// ISO 3166 country code of the caller.
    country: Option<String>,
    /// Who sold the model.
    provider: Option<String>,
    /// The model.
    model: Option<String>,
    /// What was done.
    operation: Option<String>,
    /// The provider's service tier, as it was sent.
    service_tier: Option<String>,
    /// Token counts; input includes cached tokens, output includes reasoning.
    usage: UsageFromApi,
    /// HTTP status of the call.
    status: Option<u16>,
    /// Whole duration in milliseconds.
    latency_ms: Option<u32>,
    /// Time to the first token in milliseconds.
    time_to_first_token_ms: Option<u32>,
    /// SHA-256 of the normalised request, hexadecimal.
    request_hash: Option<String>,
    /// Amounts of metrics, exact decimals.
    metrics: BTreeMap<String, String>,
    /// Whatever else the sender keeps with it.
    #[schema(value_type = Object)]
    properties: serde_json::Map<String, serde_json::Value>,
}

/// The price of a receipt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceOfReceipt {
    /// Its id.
    #[schema(example = "openai/gpt-4o@2024-10-02")]
    id: String,
    /// Whose price, as the book calls it; null where the price is no longer there, and so below.
    provider: Option<String>,
    /// Of which model, as the book calls it.
    model: Option<String>,
    /// Where it was taken from: a price sheet's source, or `override` for the tenant's own.
    source: Option<String>,
    /// First instant it holds for; null is always before.
    valid_from: Option<String>,
    /// First instant it no longer holds for; null is for good.
    valid_to: Option<String>,
    /// Whether it was in force when the event happened. An event from before a model's first known price takes its
    /// latest one.
    in_force: Option<bool>,
}

/// How the cost came about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountToApi {
    /// The service tier whose rates were taken: `default`, `batch`, `flex`, `priority`.
    #[schema(example = "default")]
    service_tier: &'static str,
    /// Whether the event's tier has no rates of its own in this price, so that the default ones were taken.
    tier_fallback: bool,
    /// The rates are those of requests with more input tokens than this; null are the ordinary ones.
    context_above: Option<u64>,
    /// One a bucket that holds anything, and the fee of the request where there is one.
    lines: Vec<LineToApi>,
    /// The sum of all lines, exact.
    #[schema(example = "0.0074999985")]
    sum_usd: String,
    /// What rounding once to nine decimals, half to even, adds to it.
    #[schema(example = "0.0000000005")]
    rounding_usd: String,
    /// The sum after rounding.
    #[schema(example = "0.007499999")]
    total_usd: String,
}

/// One product.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineToApi {
    /// `input_uncached`, `cache_read`, `cache_write_short`, `cache_write_long`, `audio_input`, `image_input`,
    /// `output_visible`, `reasoning`, `audio_output`, `image_output`, or `request`.
    #[schema(example = "input_uncached")]
    bucket: &'static str,
    /// How many tokens; of `request` one.
    quantity: u64,
    /// What one of them costs.
    #[schema(example = "0.0000025")]
    rate_usd: String,
    /// What a million of them cost.
    #[schema(example = "2.5")]
    rate_usd_per_million: String,
    /// The product, exact.
    #[schema(example = "0.0025")]
    amount_usd: String,
}

/// Read an event.
///
/// The event whole, voided or not, with the price it was rated with and every product of its cost: quantity times rate is
/// the amount, the amounts are the sum, and the sum rounded once is the cost that is in every total. A member sees its own
/// user's events; another's is 404.
#[utoipa::path(get, path = "/api/v1/events/{source}/{id}", operation_id = "read_event", tag = "Usage",
    params(("source" = String, Path, description = "Source of the event, percent-encoded; `default` where none was sent"),
        ("id" = String, Path, description = "Id of the event, percent-encoded"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ReceiptToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path((source, id)): Path<(String, String)>,
    mut params: Params,
) -> Result<Json<ReceiptToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let receipt = state.app.receipt(&caller, tenant.as_deref(), &source, &id).await?;
    Ok(Json(to_api(receipt)))
}

fn to_api(receipt: Receipt) -> ReceiptToApi {
    let Receipt { stored, basis } = receipt;
    let event = stored.row.event;
    let cost = match &basis {
        Basis::Priced(priced) => Some(priced.account.cost),
        Basis::PriceChanged { stored, .. } | Basis::PriceGone { stored, .. } => Some(*stored),
        Basis::Given(cost) => Some(*cost),
        Basis::Free => Some(CostNanos::ZERO),
        Basis::Unpriced => None,
    };
    let mut explanation = explain(&basis, &event);
    if let Some(past) = stored.rated_before.last() {
        let before = match &past.rating {
            Rating::Unpriced => "it had no price".to_owned(),
            rating => format!("it cost {} USD", rating.cost()),
        };
        let at = rfc3339(past.at_ms);
        explanation = format!("{explanation}; rated anew on {at} by {}, before that {before}", past.by);
    }
    let (name, price, account) = match basis {
        Basis::Priced(priced) => ("priced", Some(price_to_api(&priced)), Some(priced.account)),
        Basis::PriceChanged { now, .. } => ("price_changed", Some(price_to_api(&now)), Some(now.account)),
        Basis::PriceGone { id, .. } => ("price_gone", Some(PriceOfReceipt::gone(id.as_str())), None),
        Basis::Given(_) => ("given", None, None),
        Basis::Unpriced => ("unpriced", None, None),
        Basis::Free => ("free", None, None),
    };
    ReceiptToApi {
        event: event_to_api(event),
        voided_at: stored.voided_ms.map(rfc3339),
        cost_usd: cost.map(|cost| cost.to_string()),
        basis: name,
        explanation,
        price,
        account: account.as_ref().map(account_to_api),
        rated_before: stored.rated_before.into_iter().map(past_to_api).collect(),
    }
}

fn past_to_api(past: PastRating) -> PastRatingToApi {
    let (cost, price) = match past.rating {
        Rating::Unpriced => (None, None),
        Rating::Priced { cost, price_id } => (Some(cost), Some(price_id.to_string())),
        Rating::Given(_) | Rating::Free => (Some(past.rating.cost()), None),
    };
    PastRatingToApi {
        cost_usd: cost.map(|cost| cost.to_string()),
        price,
        rerate: past.rerating,
        at: rfc3339(past.at_ms),
        by: past.by,
    }
}

fn explain(basis: &Basis, event: &Event) -> String {
    match basis {
        Basis::Priced(priced) if priced.account.tier_fallback => {
            let tier = event.labels.get(Dimension::ServiceTier).unwrap_or_default();
            let id = priced.price.id();
            format!("rated with {id}, which has no rates for the service tier {tier:?}: at its default rates")
        }
        Basis::Priced(priced) => format!("rated with {}", priced.price.id()),
        Basis::PriceChanged { now, stored } => format!(
            "rated with {}, which has been changed since: the stored cost of {stored} USD stands, today it would be {} USD",
            now.price.id(),
            now.account.cost
        ),
        Basis::PriceGone { id, stored } => {
            format!("rated with {id}, which is no longer there: the stored cost of {stored} USD stands")
        }
        Basis::Given(_) => "the cost was given by the sender".to_owned(),
        Basis::Unpriced => {
            let text = |dimension| event.labels.get(dimension);
            let at = rfc3339(event.time_ms);
            match (text(Dimension::Provider), text(Dimension::Model)) {
                (_, None) => "unpriced: the event names no model".to_owned(),
                (None, Some(model)) => {
                    format!("unpriced: no price for the model {model:?}, of no known provider, at {at}")
                }
                (Some(provider), Some(model)) => {
                    format!("unpriced: no price for {provider}/{model} at {at}")
                }
            }
        }
        Basis::Free => "nothing to price: no tokens and no cost".to_owned(),
    }
}

fn price_to_api(priced: &PricedAt) -> PriceOfReceipt {
    let price = &priced.price;
    PriceOfReceipt {
        id: price.id().to_owned(),
        provider: Some(price.provider().to_owned()),
        model: Some(price.model().to_owned()),
        source: Some(price.source().to_owned()),
        valid_from: price.from_ms().map(rfc3339),
        valid_to: price.until_ms().map(rfc3339),
        in_force: Some(priced.in_force),
    }
}

impl PriceOfReceipt {
    fn gone(id: &str) -> Self {
        let id = id.to_owned();
        Self {
            id,
            provider: None,
            model: None,
            source: None,
            valid_from: None,
            valid_to: None,
            in_force: None,
        }
    }
}

fn account_to_api(account: &Account) -> AccountToApi {
    AccountToApi {
        service_tier: account.service_tier.as_str(),
        tier_fallback: account.tier_fallback,
        context_above: account.context_above,
        lines: account.lines.iter().map(line_to_api).collect(),
        sum_usd: format_decimal(account.picos, PICO),
        rounding_usd: format_decimal(account.rounding_picos(), PICO),
        total_usd: account.cost.to_string(),
    }
}

fn line_to_api(line: &AccountLine) -> LineToApi {
    LineToApi {
        bucket: line.bucket,
        quantity: line.quantity,
        rate_usd: format_decimal(line.rate.0, PICO),
        rate_usd_per_million: format_decimal(line.rate.0, PICO - 6),
        amount_usd: format_decimal(line.picos, PICO),
    }
}

fn event_to_api(event: Event) -> RecordedEvent {
    let label = |dimension| event.labels.get(dimension).map(str::to_owned);
    let written = |(name, amount): (&String, &Amount)| (name.clone(), MetricName::format_of(name, *amount));
    let metrics = event.metrics.iter().map(written);
    RecordedEvent {
        time: rfc3339(event.time_ms),
        received_at: rfc3339(event.received_ms),
        project: label(Dimension::Project),
        user: label(Dimension::User),
        api_key: label(Dimension::ApiKey),
        agent: label(Dimension::Agent),
        department: label(Dimension::Department),
        country: label(Dimension::Country),
        provider: label(Dimension::Provider),
        model: label(Dimension::Model),
        operation: label(Dimension::Operation),
        service_tier: label(Dimension::ServiceTier),
        usage: usage_to_api(&event.tokens),
        status: event.status,
        latency_ms: event.latency_ms,
        time_to_first_token_ms: event.time_to_first_token_ms,
        request_hash: event.request_hash.map(|hash| hex(&hash)),
        metrics: metrics.collect(),
        properties: event.properties,
        id: event.id,
        source: event.source,
    }
}

fn usage_to_api(tokens: &TokenUsage) -> UsageFromApi {
    UsageFromApi {
        input_tokens: tokens.input(),
        cached_input_tokens: tokens.cache_read,
        cache_write_tokens: tokens.cache_write_short,
        cache_write_long_tokens: tokens.cache_write_long,
        audio_input_tokens: tokens.audio_input,
        image_input_tokens: tokens.image_input,
        output_tokens: tokens.output(),
        reasoning_tokens: tokens.reasoning,
        audio_output_tokens: tokens.audio_output,
        image_output_tokens: tokens.image_output,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |text, byte| format!("{text}{byte:02x}"))
}
