//! An event as callers write it in JSON, and its conversion into the domain.

use crate::http::body::object;
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::NewEvent;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::MetricName;
use meterwire_core::money::{CostNanos, MoneyError, parse_decimal, parse_json_number};
use meterwire_core::provider_usage::{self, TokenCounts};
use meterwire_core::tokens::TokenUsage;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One event. Only what is known need be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventFromApi {
    /// The sender's id; with the source it makes the event's identity. Without one an id is made and returned.
    #[schema(example = "chatcmpl-9x")]
    pub id: Option<String>,
    /// Where it comes from; `default` where it is absent.
    #[schema(example = "support-api")]
    pub source: Option<String>,
    /// The tenant; only an admin token may name one.
    pub tenant: Option<String>,
    /// When it happened, RFC 3339; now where it is absent.
    #[schema(example = "2026-11-22T10:30:00.125Z")]
    pub time: Option<String>,
    /// The project (workspace) it belongs to; the key's where it is absent. A key that is bound to a project may name no other.
    pub project: Option<String>,
    /// The end user.
    pub user: Option<String>,
    /// The customer's name for the API key that was used.
    pub api_key: Option<String>,
    /// The agent inside the project.
    pub agent: Option<String>,
    /// The department that pays.
    pub department: Option<String>,
    /// ISO 3166 country code of the caller.
    #[schema(example = "DE")]
    pub country: Option<String>,
    /// Who sells the model; found by the model where it is absent.
    #[schema(example = "openai")]
    pub provider: Option<String>,
    /// The model that answered.
    #[schema(example = "gpt-4o")]
    pub model: Option<String>,
    /// What was done.
    #[schema(example = "chat")]
    pub operation: Option<String>,
    /// The provider's service tier.
    #[schema(example = "default")]
    pub service_tier: Option<String>,
    /// Token counts; input includes cached tokens, output includes reasoning.
    #[serde(default, deserialize_with = "object")]
    pub usage: Option<UsageFromApi>,
    /// The provider's own usage object instead of `usage`.
    #[schema(value_type = Option<Object>)]
    pub provider_usage: Option<serde_json::Value>,
    /// HTTP status of the call.
    pub status: Option<u16>,
    /// Whole duration in milliseconds.
    pub latency_ms: Option<u32>,
    /// Time to the first token in milliseconds.
    pub time_to_first_token_ms: Option<u32>,
    /// SHA-256 of the normalised request, hexadecimal.
    pub request_hash: Option<String>,
    /// A cost in US dollars that overrides the price book, as a decimal string or number.
    #[schema(value_type = Option<String>, example = "0.0042")]
    pub cost_usd: Option<Box<RawValue>>,
    /// Amounts of countable metrics: numbers or exact decimal strings, to six decimals and of `cost_usd` to nine.
    #[schema(value_type = Option<std::collections::BTreeMap<String, f64>>)]
    pub metrics: Option<BTreeMap<String, Box<RawValue>>>,
    /// Whatever else is to be kept with the event, at most 8 KiB.
    #[schema(value_type = Option<Object>)]
    pub properties: Option<serde_json::Map<String, serde_json::Value>>,
    /// How an exported event was rated; not read, so that lines of an export can be sent as they are.
    #[schema(value_type = Option<Object>)]
    #[expect(dead_code, reason = "taken and passed over")]
    pub rated: Option<serde::de::IgnoredAny>,
}

/// Token counts in the OpenAI and OpenTelemetry meaning: the details are parts of the two totals.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
pub(crate) struct UsageFromApi {
    /// All input tokens.
    pub input_tokens: u64,
    /// Of them read from a cache.
    pub cached_input_tokens: u64,
    /// Of them written to a short-lived cache.
    pub cache_write_tokens: u64,
    /// Of them written to a long-lived cache.
    pub cache_write_long_tokens: u64,
    /// Of them uncached audio.
    pub audio_input_tokens: u64,
    /// Of them uncached images.
    pub image_input_tokens: u64,
    /// All output tokens.
    pub output_tokens: u64,
    /// Of them reasoning.
    pub reasoning_tokens: u64,
    /// Of them audio.
    pub audio_output_tokens: u64,
    /// Of them images.
    pub image_output_tokens: u64,
}

impl EventFromApi {
    /// The domain's event; errors name the caller's fields.
    pub(crate) fn into_event(self) -> Result<NewEvent, Invalid> {
        let tokens = self.tokens()?;
        let mut event = NewEvent {
            id: self.id,
            source: self.source,
            time_ms: self.time.as_deref().map(parse_time).transpose()?,
            tokens,
            status: self.status,
            latency_ms: self.latency_ms,
            time_to_first_token_ms: self.time_to_first_token_ms,
            request_hash: self.request_hash.as_deref().map(parse_hash).transpose()?,
            cost: self.cost_usd.as_deref().map(parse_cost).transpose()?,
            properties: self.properties.unwrap_or_default(),
            ..NewEvent::default()
        };
        let texts = [
            (Dimension::Project, self.project),
            (Dimension::User, self.user),
            (Dimension::ApiKey, self.api_key),
            (Dimension::Agent, self.agent),
            (Dimension::Department, self.department),
            (Dimension::Country, self.country.map(parse_country).transpose()?),
            (Dimension::Provider, self.provider),
            (Dimension::Model, self.model),
            (Dimension::Operation, self.operation),
            (Dimension::ServiceTier, self.service_tier),
        ];
        for (dimension, value) in texts {
            event.labels.set(dimension, value);
        }
        for (name, amount) in self.metrics.unwrap_or_default() {
            let amount = parse_number(&amount, MetricName::decimals_of(&name)).map_err(|error| {
                let what = match error {
                    MoneyError::Malformed => "not a decimal number".to_owned(),
                    other => other.to_string(),
                };
                Invalid::new(format!("metrics.{name}"), format!("the amount is {what}"))
            })?;
            event.metrics.insert(name, Amount(amount));
        }
        Ok(event)
    }

    fn tokens(&self) -> Result<TokenUsage, Invalid> {
        match (&self.usage, &self.provider_usage) {
            (Some(_), Some(_)) => {
                Err(Invalid::new("provider_usage", "send either usage or provider_usage, not both"))
            }
            (Some(usage), None) => {
                usage.counts().into_usage().map_err(|e| Invalid::new(format!("usage.{}", e.field), e.message))
            }
            (None, Some(usage)) => {
                let book = meterwire_core::price::PriceBook::builtin();
                let by_model = || self.model.as_deref().and_then(|model| book.provider_of_model(model));
                let provider = self.provider.as_deref().or_else(by_model).ok_or_else(|| {
                    Invalid::new("provider", "provider_usage needs the provider whose usage object it is")
                })?;
                provider_usage::normalise(provider, usage).map_err(|e| {
                    // The whole object is named as it is; what is in it, by its path.
                    let whole = e.field == "provider_usage";
                    let field = if whole { e.field } else { format!("provider_usage.{}", e.field) };
                    Invalid::new(field, e.message)
                })
            }
            (None, None) => Ok(TokenUsage::default()),
        }
    }
}

impl UsageFromApi {
    fn counts(&self) -> TokenCounts {
        TokenCounts {
            input: self.input_tokens,
            cached: self.cached_input_tokens,
            cache_write_short: self.cache_write_tokens,
            cache_write_long: self.cache_write_long_tokens,
            audio_input: self.audio_input_tokens,
            image_input: self.image_input_tokens,
            output: self.output_tokens,
            reasoning: self.reasoning_tokens,
            audio_output: self.audio_output_tokens,
            image_output: self.image_output_tokens,
        }
    }
}

pub(crate) fn parse_time(text: &str) -> Result<i64, Invalid> {
    let refused = || Invalid::new("time", "time must be RFC 3339, such as 2026-11-22T10:30:00.125Z");
    if text.len() > 64 {
        return Err(refused());
    }
    text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).map_err(|_| refused())
}

fn parse_country(text: String) -> Result<String, Invalid> {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err(Invalid::new("country", "country must be a two-letter ISO 3166 code such as DE"))
}

fn parse_hash(text: &str) -> Result<[u8; 32], Invalid> {
    let refused = || Invalid::new("request_hash", "request_hash must be 64 hexadecimal digits");
    if text.len() != 64 || !text.is_ascii() {
        return Err(refused());
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| refused())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| refused())?;
    }
    Ok(hash)
}

fn parse_cost(raw: &RawValue) -> Result<CostNanos, Invalid> {
    parse_number(raw, 9)
        .map(CostNanos)
        .map_err(|error| Invalid::new("cost_usd", format!("cost_usd is {error}")))
}

/// Reads a decimal from its text; it never becomes a float. A string is exact, so more places than there are is an error;
/// a JSON number may be a float's long tail and is rounded.
fn parse_number(raw: &RawValue, decimals: u32) -> Result<i64, MoneyError> {
    let text = raw.get();
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(text) => parse_decimal(text, decimals),
        None => parse_json_number(text, decimals),
    }
}
