//! From a body of one of the five content types to the events in it. One bad event never spoils its batch.

use super::cloudevents;
use super::wire::EventFromApi;
use crate::http::body::{self, not_json, refused};
use crate::http::error::ApiError;
use axum::http::HeaderMap;
use meterwire_app::Sent;
use meterwire_core::invalid::Invalid;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The most events of one request.
pub(crate) const MAX_EVENTS: usize = 10_000;

/// How the events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One event or an array.
    Json,
    /// One event a line.
    Ndjson,
    /// One CloudEvent.
    CloudEvent,
    /// An array of CloudEvents.
    CloudEvents,
    /// One CloudEvent with its attributes in the headers.
    BinaryCloudEvent,
}

impl Format {
    pub(super) fn of(media_type: &str, headers: &HeaderMap) -> Result<Self, ApiError> {
        let binary = headers.contains_key("ce-specversion");
        match media_type {
            "application/json" | "" if binary => Ok(Self::BinaryCloudEvent),
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Self::Ndjson),
            "application/cloudevents+json" => Ok(Self::CloudEvent),
            "application/cloudevents-batch+json" => Ok(Self::CloudEvents),
            _ => Err(ApiError::UnsupportedMedia(
                "send application/json, application/x-ndjson, application/cloudevents+json or \
                 application/cloudevents-batch+json"
                    .into(),
            )),
        }
    }

    /// CloudEvents senders expect an empty answer where all went well.
    pub(super) fn is_cloud_event(self) -> bool {
        matches!(self, Self::CloudEvent | Self::CloudEvents | Self::BinaryCloudEvent)
    }
}

/// Reads a body into events, in its order.
pub(super) fn decode(format: Format, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Sent>, ApiError> {
    let text = std::str::from_utf8(body).map_err(|_| ApiError::Malformed("the body is not UTF-8".into()))?;
    match format {
        Format::Ndjson => decode_lines(text),
        Format::Json => Ok(elements(text)?.into_iter().map(|raw| decode_event(raw.get())).collect()),
        Format::CloudEvent => Ok(vec![cloudevents::decode(parse(text)?)]),
        Format::CloudEvents => {
            array(text)?.into_iter().map(|raw| Ok(cloudevents::decode(parse(raw.get())?))).collect()
        }
        Format::BinaryCloudEvent => {
            let data = if text.trim().is_empty() { serde_json::Value::Null } else { parse(text)? };
            Ok(vec![cloudevents::decode_binary(headers, data)])
        }
    }
}

fn decode_lines(text: &str) -> Result<Vec<Sent>, ApiError> {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MAX_EVENTS + 1).collect();
    check_count(lines.len())?;
    Ok(lines.into_iter().map(decode_event).collect())
}

/// The events of an array, or the one event of a body that is no array.
fn elements(text: &str) -> Result<Vec<&RawValue>, ApiError> {
    if text.trim_start().starts_with('[') {
        return array(text);
    }
    parse(text).map(|event| vec![event])
}

fn array(text: &str) -> Result<Vec<&RawValue>, ApiError> {
    body::elements(text.as_bytes(), MAX_EVENTS)?.ok_or_else(too_many)
}

fn check_count(count: usize) -> Result<(), ApiError> {
    if count > MAX_EVENTS { Err(too_many()) } else { Ok(()) }
}

fn too_many() -> ApiError {
    ApiError::TooLarge(format!("a request may hold at most {MAX_EVENTS} events"))
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|error| not_json(&error))
}

/// Reads one event; what is wrong with it becomes its verdict.
fn decode_event(text: &str) -> Sent {
    if let Err(array) = body::must_be_object(text.as_bytes()) {
        return Sent { id: None, tenant: None, event: Err(array) };
    }
    match serde_json::from_str::<EventFromApi>(text) {
        Ok(mut event) => {
            let (id, tenant) = (event.id.clone().filter(is_plain), event.tenant.take());
            Sent { id, tenant, event: event.into_event() }
        }
        Err(error) => Sent { id: id_of(text), tenant: None, event: Err(why(text, &error)) },
    }
}

/// The refusal of an event that does not parse, with the path of the field at fault. Parsed again, since keeping the
/// path costs every event that is right.
fn why(text: &str, error: &serde_json::Error) -> Invalid {
    if !error.is_data() {
        return Invalid::new("event", format!("not valid JSON: {error}"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, EventFromApi>(&mut deserializer) {
        Err(error) => refused(error.path().to_string(), error.inner()),
        Ok(_) => Invalid::new("event", error.to_string()),
    }
}

/// The id of an event that is refused, where it has a plain one.
fn id_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Id {
        id: Option<String>,
    }
    serde_json::from_str::<Id>(text).ok()?.id.filter(is_plain)
}

/// Short enough to be sent back.
#[expect(clippy::ptr_arg, reason = "the shape that Option::filter asks for")]
fn is_plain(id: &String) -> bool {
    id.len() <= meterwire_core::event::MAX_TEXT_BYTES
}
