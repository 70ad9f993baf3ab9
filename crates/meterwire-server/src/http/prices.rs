//! `/api/v1/prices`: the tenant's own prices, and the built-in book they are laid over.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, parse_instant};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::{Page, PriceOverride};
use meterwire_app::{Access, PriceWish};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::rfc3339;
use meterwire_core::price::{PriceBook, PriceEntry, RateCard, Rates};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A price. Rates are decimal strings of US dollars per million tokens: `input`, `output`, and where they differ
/// `cache_read`, `cache_write_short`, `cache_write_long`, `reasoning`, `audio_input`, `audio_output`, `image_input`,
/// `image_output`; `per_request` is in dollars. `context` and `tiers` hold those of long inputs and service tiers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PriceToApi {
    /// Its id; events keep that of the price they were rated with.
    id: String,
    /// Who sells the model.
    #[schema(example = "openai")]
    provider: String,
    /// The model.
    #[schema(example = "gpt-4o")]
    model: String,
    /// First instant it holds for; null is always before.
    valid_from: Option<String>,
    /// First instant it no longer holds for; null is for good.
    valid_to: Option<String>,
    /// Where it was taken from: `override` for a tenant's own.
    source: String,
    /// The rates.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    rates: Map<String, Value>,
}

/// A price to make or to put in place of another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceFromApi {
    /// Who sells the model.
    provider: String,
    /// The model.
    model: String,
    /// Date or instant from which it holds; always where it is absent.
    valid_from: Option<String>,
    /// Date or instant from which it no longer holds; never where it is absent.
    valid_to: Option<String>,
    /// US dollars per million input tokens.
    #[schema(example = "2.50")]
    input: String,
    /// US dollars per million output tokens.
    #[schema(example = "10.00")]
    output: String,
    /// Per million tokens read from a cache; like input where it is absent.
    cache_read: Option<String>,
    /// Per million tokens written to a short-lived cache.
    cache_write_short: Option<String>,
    /// Per million tokens written to a long-lived cache.
    cache_write_long: Option<String>,
    /// Per million reasoning tokens; like output where it is absent.
    reasoning: Option<String>,
    /// Per million audio input tokens.
    audio_input: Option<String>,
    /// Per million audio output tokens.
    audio_output: Option<String>,
    /// Per million image input tokens.
    image_input: Option<String>,
    /// Per million image output tokens.
    image_output: Option<String>,
    /// US dollars per request, beside the tokens.
    per_request: Option<String>,
}

impl PriceFromApi {
    fn into_wish(self) -> Result<PriceWish, ApiError> {
        let required = [("input", Some(self.input)), ("output", Some(self.output))];
        let optional = [
            ("cache_read", self.cache_read),
            ("cache_write_short", self.cache_write_short),
            ("cache_write_long", self.cache_write_long),
            ("reasoning", self.reasoning),
            ("audio_input", self.audio_input),
            ("audio_output", self.audio_output),
            ("image_input", self.image_input),
            ("image_output", self.image_output),
            ("per_request", self.per_request),
        ];
        let mut rates = Map::new();
        for (name, value) in required.into_iter().chain(optional) {
            if let Some(text) = value {
                // Each alone first, so that the error names the one that is wrong.
                let mut alone =
                    Map::from_iter([("input", "0"), ("output", "0")].map(|(k, v)| (k.to_owned(), v.into())));
                alone.insert(name.to_owned(), Value::String(text.clone()));
                serde_json::from_value::<Rates>(Value::Object(alone))
                    .map_err(|error| Invalid::new(name, format!("{name}: {error}")))?;
                rates.insert(name.to_owned(), Value::String(text));
            }
        }
        let rates: Rates =
            serde_json::from_value(Value::Object(rates)).map_err(|e| ApiError::Internal(e.into()))?;
        Ok(PriceWish {
            provider: self.provider,
            model: self.model,
            from_ms: self.valid_from.as_deref().map(|text| parse_instant("valid_from", text)).transpose()?,
            until_ms: self.valid_to.as_deref().map(|text| parse_instant("valid_to", text)).transpose()?,
            card: RateCard::flat(rates),
        })
    }
}

fn to_api(price: PriceOverride) -> PriceToApi {
    PriceToApi {
        id: price.id,
        provider: price.provider,
        model: price.model,
        valid_from: price.from_ms.map(rfc3339),
        valid_to: price.until_ms.map(rfc3339),
        source: "override".to_owned(),
        rates: serde_json::from_str(&price.rates).unwrap_or_default(),
    }
}

fn entry_to_api(entry: &PriceEntry) -> PriceToApi {
    let rates = match serde_json::to_value(entry.card()) {
        Ok(Value::Object(rates)) => rates,
        _ => Map::new(),
    };
    PriceToApi {
        id: entry.id().to_owned(),
        provider: entry.provider().to_owned(),
        model: entry.model().to_owned(),
        valid_from: entry.from_ms().map(rfc3339),
        valid_to: entry.until_ms().map(rfc3339),
        source: entry.source().to_owned(),
        rates,
    }
}

/// List the tenant's own prices.
#[utoipa::path(get, path = "/api/v1/prices", operation_id = "list_prices", tag = "Prices",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<PriceToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<PriceToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_prices(&caller, tenant.as_deref(), page).await?, to_api)))
}

/// List the built-in price book.
#[utoipa::path(get, path = "/api/v1/prices/book", operation_id = "list_price_book", tag = "Prices",
    params(("provider" = Option<String>, Query), ("model" = Option<String>, Query, description = "Only models whose name contains this"),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ListReply<PriceToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn book(
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<PriceToApi>>, ApiError> {
    caller.require(Access::Read)?;
    let (provider, model, page) = (params.take("provider")?, params.take("model")?, params.take_page()?);
    params.finish()?;
    let book = PriceBook::builtin();
    let provider = provider.map(|name| book.canonical_provider(&name).unwrap_or(&name).to_owned());
    let model = model.map(|name| name.to_ascii_lowercase());
    let mut entries: Vec<&PriceEntry> = book
        .entries()
        .filter(|entry| provider.as_deref().is_none_or(|name| entry.provider() == name))
        .filter(|entry| model.as_deref().is_none_or(|name| entry.model().contains(name)))
        .filter(|entry| page.after.as_deref().is_none_or(|after| entry.id() > after))
        .collect();
    entries.sort_by_key(|entry| entry.id());
    let more = entries.len() > page.limit;
    entries.truncate(page.limit);
    let next = entries.last().filter(|_| more).map(|entry| entry.id().to_owned());
    Ok(Json(ListReply::from_page(Page { items: entries, next }, entry_to_api)))
}

/// Make a price of the tenant's own. It holds for events recorded from now on.
#[utoipa::path(post, path = "/api/v1/prices", operation_id = "create_price", tag = "Prices", request_body = PriceFromApi, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = PriceToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<PriceFromApi>,
) -> Result<(StatusCode, Json<PriceToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let price = state.app.create_price(&caller, tenant.as_deref(), new.into_wish()?).await?;
    Ok((StatusCode::CREATED, Json(to_api(price))))
}

/// Read one price of the tenant's own.
#[utoipa::path(get, path = "/api/v1/prices/{id}", operation_id = "read_price", tag = "Prices", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = PriceToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<PriceToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_price(&caller, tenant.as_deref(), &id).await?)))
}

/// Put another price in its place. Events that are recorded keep their cost.
#[utoipa::path(put, path = "/api/v1/prices/{id}", operation_id = "update_price", tag = "Prices", request_body = PriceFromApi,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = PriceToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(new): JsonBody<PriceFromApi>,
) -> Result<Json<PriceToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.update_price(&caller, tenant.as_deref(), &id, new.into_wish()?).await?)))
}

/// Delete a price of the tenant's own. Events that are recorded keep their cost.
#[utoipa::path(delete, path = "/api/v1/prices/{id}", operation_id = "delete_price", tag = "Prices", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_price(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
