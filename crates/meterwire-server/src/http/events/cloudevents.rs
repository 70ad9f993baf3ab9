//! CloudEvents 1.0 as metering clients send them: structured, in batches, and binary (attributes in headers).
//!
//! `id`, `source` and `time` are the event's own; `subject` is the user; `type` is the operation. `data` may hold any
//! field of our own event. OpenMeter's habit of `{"tokens": 100, "type": "input"}` is understood as well. What is left
//! of `data`, and extension attributes, are kept under `properties`.

use super::wire::{EventFromApi, UsageFromApi};
use axum::http::HeaderMap;
use meterwire_app::Sent;
use meterwire_core::event::NewEvent;
use meterwire_core::invalid::Invalid;
use serde_json::{Map, Value};

/// Fields of our own event that `data` may hold.
const EVENT_FIELDS: [&str; 18] = [
    "tenant",
    "project",
    "user",
    "api_key",
    "agent",
    "department",
    "country",
    "provider",
    "model",
    "operation",
    "service_tier",
    "provider_usage",
    "status",
    "latency_ms",
    "time_to_first_token_ms",
    "request_hash",
    "cost_usd",
    "metrics",
];
/// Token counts that `data` may hold beside its other fields.
const USAGE_FIELDS: [&str; 10] = [
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "audio_input_tokens",
    "image_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "audio_output_tokens",
    "image_output_tokens",
];
/// Attributes that are no fields of the event.
const IGNORED_ATTRIBUTES: [&str; 3] = ["specversion", "datacontenttype", "dataschema"];

/// Reads one structured CloudEvent.
pub(super) fn decode(value: Value) -> Sent {
    let Value::Object(mut attributes) = value else {
        return refused(None, Invalid::new("body", "a CloudEvent must be a JSON object"));
    };
    let id = attributes.get("id").and_then(Value::as_str).map(str::to_owned);
    let data = attributes.remove("data").unwrap_or(Value::Null);
    if attributes.contains_key("data_base64") {
        return refused(id, Invalid::new("data_base64", "data must be JSON, not base64"));
    }
    sent(id, attributes, data)
}

/// Reads a binary CloudEvent: the attributes are `ce-` headers, the body is `data`.
pub(super) fn decode_binary(headers: &HeaderMap, data: Value) -> Sent {
    let mut attributes = Map::new();
    for (name, value) in headers {
        if let (Some(name), Ok(text)) = (name.as_str().strip_prefix("ce-"), value.to_str()) {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
            attributes.insert(name.to_owned(), Value::String(decoded));
        }
    }
    let id = attributes.get("id").and_then(Value::as_str).map(str::to_owned);
    sent(id, attributes, data)
}

fn refused(id: Option<String>, invalid: Invalid) -> Sent {
    Sent { id, tenant: None, event: Err(invalid) }
}

fn sent(id: Option<String>, attributes: Map<String, Value>, data: Value) -> Sent {
    let id = id.filter(|id| id.len() <= meterwire_core::event::MAX_TEXT_BYTES);
    let tenant = data.get("tenant").and_then(Value::as_str).map(str::to_owned);
    Sent { id, tenant, event: event(attributes, data) }
}

fn event(mut attributes: Map<String, Value>, data: Value) -> Result<NewEvent, Invalid> {
    if attributes.get("specversion").and_then(Value::as_str) != Some("1.0") {
        return Err(Invalid::new("specversion", "specversion must be \"1.0\""));
    }
    let mut required = |name: &str| match attributes.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(Invalid::new(name, format!("a CloudEvent needs the attribute {name}"))),
    };
    let (id, source, kind) = (required("id")?, required("source")?, required("type")?);
    let mut data = match data {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        _ => return Err(Invalid::new("data", "data must be a JSON object")),
    };
    let usage = take_usage(&mut data)?;
    let mut fields = Map::new();
    for name in EVENT_FIELDS {
        if let Some(value) = data.remove(name) {
            fields.insert(name.to_owned(), value);
        }
    }
    let subject = attributes.remove("subject");
    if let Some(subject) = subject.filter(|_| !fields.contains_key("user")) {
        fields.insert("user".to_owned(), subject);
    }
    let time = attributes.remove("time");
    if let Some(time) = time {
        fields.insert("time".to_owned(), time);
    }
    fields.entry("operation").or_insert(Value::String(kind));
    let mut properties = match data.remove("properties") {
        Some(Value::Object(properties)) => properties,
        None => Map::new(),
        Some(_) => {
            return Err(Invalid::new("data.properties", "properties must be a JSON object"));
        }
    };
    properties.extend(data);
    properties
        .extend(attributes.into_iter().filter(|(name, _)| !IGNORED_ATTRIBUTES.contains(&name.as_str())));
    let mut wire: EventFromApi = from_value(Value::Object(fields))?;
    (wire.id, wire.source) = (Some(id), Some(source));
    wire.properties = Some(properties);
    if wire.provider_usage.is_none() {
        wire.usage = usage;
    }
    wire.into_event().map_err(|invalid| match invalid.field.as_str() {
        "time" | "id" | "source" => invalid,
        field => Invalid { field: format!("data.{field}"), ..invalid },
    })
}

/// Takes the token counts out of `data`: our own names, a `usage` object, or OpenMeter's `tokens` and `type`.
fn take_usage(data: &mut Map<String, Value>) -> Result<Option<UsageFromApi>, Invalid> {
    if let Some(usage) = data.remove("usage") {
        return from_value(usage).map(Some);
    }
    let mut counts = Map::new();
    for name in USAGE_FIELDS {
        if let Some(value) = data.remove(name) {
            counts.insert(name.to_owned(), value);
        }
    }
    if !counts.is_empty() {
        return from_value(Value::Object(counts)).map(Some);
    }
    let count = data.get("tokens").and_then(token_count);
    let field = match data.get("type").and_then(Value::as_str) {
        Some("input" | "prompt") => "input_tokens",
        Some("output" | "completion") => "output_tokens",
        _ => return Ok(None),
    };
    let Some(count) = count else { return Ok(None) };
    data.remove("tokens");
    data.remove("type");
    from_value(serde_json::json!({ field: count })).map(Some)
}

/// OpenMeter's clients send counts as numbers and as texts.
fn token_count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Invalid> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "data".to_owned() } else { format!("data.{path}") };
        crate::http::body::refused(field, error.inner())
    })
}
