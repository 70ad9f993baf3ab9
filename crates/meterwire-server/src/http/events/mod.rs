//! `POST /api/v1/events` and the voiding of one.

mod cloudevents;
pub(crate) mod decode;
pub(crate) mod receipt;
pub(crate) mod wire;

use crate::http::auth::Authed;
use crate::http::body::{LARGE_BODY_BYTES, MAX_BODY_BYTES, media_type, read, unpack};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use decode::Format;
use meterwire_app::ports::Verdict;
use meterwire_app::{Access, IngestReply, Outcome, Sent};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of a request's events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsReply {
    /// Events in the request.
    received: usize,
    /// Stored now: on disk and in every total.
    stored: usize,
    /// There already with the same content; nothing changed.
    duplicate: usize,
    /// There already with other content; nothing changed.
    conflict: usize,
    /// Refused; nothing changed.
    rejected: usize,
    /// Every event that was not stored, and stored ones whose id was made here.
    results: Vec<EventResult>,
}

/// What became of one event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventResult {
    /// Its place in the request, from 0.
    index: usize,
    /// Its id.
    id: Option<String>,
    /// `stored`, `duplicate`, `conflict` or `rejected`.
    #[schema(example = "duplicate")]
    status: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<EventError>,
}

/// Why one event was refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventError {
    /// A stable code.
    #[schema(example = "invalid_value")]
    code: &'static str,
    /// The field at fault.
    field: String,
    /// A sentence for the caller.
    message: String,
}

/// Record events.
///
/// Takes one event, an array, NDJSON, a CloudEvent (structured or binary) or a batch of them; at most 10,000 events and
/// 16 MiB, gzip or zstd. Identity is (tenant, source, id): sending again stores nothing twice. When the answer leaves,
/// everything stored is on disk and in every total.
#[utoipa::path(post, path = "/api/v1/events", operation_id = "record_events", tag = "Recording",
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body(content(
        (Vec<wire::EventFromApi> = "application/json"),
        (String = "application/x-ndjson"),
        (Object = "application/cloudevents+json"),
        (Vec<Object> = "application/cloudevents-batch+json"))),
    responses(
        (status = 200, description = "A verdict for every event", body = EventsReply),
        (status = 204, description = "CloudEvents: all stored or duplicates"),
        (status = 422, description = "Every event was refused", body = EventsReply),
        (status = "default", description = "Nothing was recorded", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    caller.require(Access::Record)?;
    let tenant = params.take("tenant")?;
    params.finish()?;
    let format = Format::of(&media_type(&headers), &headers)?;
    let bytes = read(body, MAX_BODY_BYTES).await?;
    let sent = decode_body(format, headers, bytes).await?;
    let named: Vec<bool> = sent.iter().map(|event| event.id.is_some()).collect();
    let reply = state.app.ingest(&caller, tenant.as_deref(), sent).await?;
    count(&reply);
    let good = reply.count(Verdict::Stored) + reply.count(Verdict::Duplicate) == named.len();
    if format.is_cloud_event() && good {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let all_refused = !named.is_empty() && reply.rejected() == named.len();
    let status = if all_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Json(to_api(reply, &named))).into_response())
}

/// Void an event.
///
/// Totals, counters and budgets follow; the event and its identity stay for the audit, so that sending it again does
/// not bring it back. Doing it twice is fine.
#[utoipa::path(delete, path = "/api/v1/events/{source}/{id}", operation_id = "void_event", tag = "Recording",
    params(("source" = String, Path, description = "Source of the event, percent-encoded; `default` where none was sent"),
        ("id" = String, Path, description = "Id of the event, percent-encoded"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 204, description = "Voided"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn void(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path((source, id)): Path<(String, String)>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.void_event(&caller, tenant.as_deref(), &source, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unpacks and parses; large bodies away from the threads that serve everyone.
async fn decode_body(format: Format, headers: HeaderMap, bytes: Bytes) -> Result<Vec<Sent>, ApiError> {
    let large = bytes.len() > LARGE_BODY_BYTES || headers.contains_key(CONTENT_ENCODING);
    let work = move || decode::decode(format, &headers, &unpack(&headers, bytes, MAX_BODY_BYTES)?);
    if large {
        return tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::Internal(error.into()))?;
    }
    work()
}

fn count(reply: &IngestReply) {
    let rejected = reply.rejected() as u64;
    for (verdict, name) in
        [(Verdict::Stored, "stored"), (Verdict::Duplicate, "duplicate"), (Verdict::Conflict, "conflict")]
    {
        metrics::counter!("meterwire_events_total", "verdict" => name).increment(reply.count(verdict) as u64);
    }
    metrics::counter!("meterwire_events_total", "verdict" => "rejected").increment(rejected);
}

fn to_api(reply: IngestReply, named: &[bool]) -> EventsReply {
    let (received, rejected) = (named.len(), reply.rejected());
    let [stored, duplicate, conflict] =
        [Verdict::Stored, Verdict::Duplicate, Verdict::Conflict].map(|verdict| reply.count(verdict));
    let mut results = Vec::new();
    for (index, (id, outcome)) in reply.outcomes.into_iter().enumerate() {
        let (status, error) = match outcome {
            Outcome::Recorded(Verdict::Stored) if named[index] => continue,
            Outcome::Recorded(Verdict::Stored) => ("stored", None),
            Outcome::Recorded(Verdict::Duplicate) => ("duplicate", None),
            Outcome::Recorded(Verdict::Conflict) => ("conflict", None),
            Outcome::Rejected(invalid) => {
                let (field, message) = (invalid.field, invalid.message);
                ("rejected", Some(EventError { code: "invalid_value", field, message }))
            }
        };
        results.push(EventResult { index, id, status, error });
    }
    EventsReply { received, stored, duplicate, conflict, rejected, results }
}
