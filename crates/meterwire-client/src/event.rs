//! A fact that happened.

use crate::amount::Amount;
use crate::clock::now_rfc3339;
use crate::request::new_key;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One event; only what is known need be set.
///
/// ```
/// # use meterwire_client::{Event, TokenUsage};
/// let event = Event {
///     user: Some("u-42".into()),
///     model: Some("gpt-4o".into()),
///     usage: Some(TokenUsage { input_tokens: 1200, output_tokens: 300, ..TokenUsage::default() }),
///     ..Event::default()
/// };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Event {
    /// With the source its identity; made before the first try where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The tenant; only an admin's token may name one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// When it happened, RFC 3339; the moment of recording where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The project (workspace).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The end user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name of the API key that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// The agent inside the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The department that pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// ISO 3166 country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Who sells the model; found by the model where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The model that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The provider's service tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// Token counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<TokenUsage>,
    /// The provider's own usage object instead of `usage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_usage: Option<Value>,
    /// HTTP status of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whole duration in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u32>,
    /// Time to the first token in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_first_token_ms: Option<u32>,
    /// SHA-256 of the normalised request, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_hash: Option<String>,
    /// Dollars, instead of the price book's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<Amount>,
    /// Amounts of metrics. A zero for `api_calls` says that this one was counted already.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, Amount>,
    /// Whatever else is to be kept, at most 8 KiB.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
}

/// Token counts in the OpenAI and OpenTelemetry meaning: the details are parts of the two totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TokenUsage {
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

impl Event {
    /// With an id and a time, so that sending it again changes nothing.
    pub(crate) fn fixed(mut self) -> Self {
        self.id.get_or_insert_with(new_key);
        self.time.get_or_insert_with(now_rfc3339);
        self
    }
}
