//! `/api/v1/providers`: connections to the report APIs of providers.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, parse_instant, present};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Page;
use meterwire_app::{ConnectionChange, ConnectionState, NewConnection};
use meterwire_core::period::{Range, rfc3339};
use meterwire_core::provider_report::{Failure, StreamState};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A connection to a provider's report API. The key is never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectionToApi {
    /// Its id. `env-openai` and `env-anthropic` are set by the instance's settings.
    #[schema(example = "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b")]
    id: String,
    /// `openai` or `anthropic`.
    provider: &'static str,
    /// Its name for people.
    name: String,
    /// Where the provider is asked, if not at its usual address.
    base_url: Option<String>,
    /// Whether it is asked.
    enabled: bool,
    /// Set by the instance's settings: it cannot be changed or deleted by a request.
    is_fixed: bool,
    /// The provider's project (Anthropic: workspace) to ours; `default` is usage without one. Figures of one project come from
    /// the provider only where every connection maps to it.
    project_map: BTreeMap<String, String>,
    /// The provider's id of an API key to the `api_key` that our events name.
    key_map: BTreeMap<String, String>,
    /// When it was made; null where it is set by the settings.
    created_at: Option<String>,
    /// How it stands.
    state: StateToApi,
}

/// How a connection stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StateToApi {
    /// Its numbers may be shown: every report was read within three times the cache's time (at least 15 minutes), and none was
    /// refused or could not be understood. A passing fault (429, 5xx, no answer) harms it only when it lasts.
    healthy: bool,
    /// A sentence that says why, or why not.
    why: String,
    /// When all of its reports had been read; null where one never was.
    last_success_at: Option<String>,
    /// The failure that stands.
    last_error: Option<FailureToApi>,
    /// When something of it is asked next.
    next_at: Option<String>,
    /// UTC days that every report is there of.
    covers: Option<SpanToApi>,
    /// How far it has come with reading older days.
    backfill: BackfillToApi,
    /// Days of the last two months that the provider changed after they had been over; the newer report replaced the older.
    revised: RevisedToApi,
    /// By how many seconds the provider's clock is ahead of ours; 0 within a minute.
    clock_skew_seconds: i64,
    /// Each report by itself.
    reports: Vec<ReportToApi>,
}

/// Why a report was not read. Nothing that the provider wrote is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FailureToApi {
    /// `unauthorized forbidden rate_limited provider_error unreachable timed_out cut_off too_large redirected page_loop
    /// wrong_shape refused not_offered address_refused secret`.
    #[schema(example = "unauthorized")]
    code: String,
    /// A sentence.
    message: String,
    /// When.
    at: String,
}

/// Whole UTC days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpanToApi {
    /// The first date.
    #[schema(example = "2026-09-21")]
    from: String,
    /// The first date after them.
    #[schema(example = "2026-11-23")]
    to: String,
}

/// Progress of reading older days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BackfillToApi {
    /// Days of all reports that are there.
    done_buckets: i64,
    /// Of so many.
    of: i64,
}

/// Days that changed afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevisedToApi {
    /// How many, over all reports.
    buckets: usize,
    /// When the last of them.
    last_at: Option<String>,
}

/// One kind of report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportToApi {
    /// `costs completions decisions embeddings moderations images audio_speeches audio_transcriptions vector_stores
    /// code_interpreter_sessions file_search_calls web_search_calls`, or `costs messages` of Anthropic.
    kind: &'static str,
    /// The provider does not know it (404); that harms nothing and is tried again a day later.
    is_missing: bool,
    /// UTC days that are there.
    covers: Option<SpanToApi>,
    /// When its newest days last came.
    last_success_at: Option<String>,
    /// Failures since then.
    failures: u32,
    /// The last of them.
    last_error: Option<FailureToApi>,
    /// When it is asked next.
    next_at: String,
}

/// A connection to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConnectionFromApi {
    /// `openai` or `anthropic`.
    #[schema(example = "openai")]
    provider: String,
    /// Its name for people; the provider's where it is absent.
    name: Option<String>,
    /// An admin key of the provider. It is sealed before it is stored and never shown again.
    key: String,
    /// Where the provider is asked; an address inside of a private network is refused.
    base_url: Option<String>,
    /// Whether it is asked; true where it is absent.
    enabled: Option<bool>,
    /// The provider's projects to ours.
    #[serde(default)]
    project_map: BTreeMap<String, String>,
    /// The provider's API keys to ours.
    #[serde(default)]
    key_map: BTreeMap<String, String>,
}

/// What to change of a connection; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null to take it away")]
pub(crate) struct ConnectionChangeFromApi {
    /// Its name for people.
    name: Option<String>,
    /// Another key.
    key: Option<String>,
    /// Where the provider is asked, null for its usual address. The key has to be sent with it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    base_url: Option<Option<String>>,
    /// Whether it is asked.
    enabled: Option<bool>,
    /// The provider's projects to ours, all of them.
    project_map: Option<BTreeMap<String, String>>,
    /// The provider's API keys to ours, all of them.
    key_map: Option<BTreeMap<String, String>>,
}

/// How far back to read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackfillFromApi {
    /// The first UTC date, or an instant; at most 1096 days ago.
    #[schema(example = "2026-01-01")]
    from: String,
    /// The first date after them; now where it is absent. Days between it and what is there already are read too.
    to: Option<String>,
}

/// What was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefreshReply {
    /// So many reports are asked for now; the others are fresh, or the provider asked to wait.
    asked: usize,
    /// The connection.
    #[serde(flatten)]
    connection: ConnectionToApi,
}

fn date(ms: i64) -> String {
    meterwire_core::period::local_date(ms, &jiff::tz::TimeZone::UTC)
}

fn span_to_api(span: Range) -> SpanToApi {
    SpanToApi { from: date(span.from_ms), to: date(span.to_ms) }
}

fn failure_to_api(failure: Failure) -> FailureToApi {
    FailureToApi { code: failure.code, message: failure.message, at: rfc3339(failure.at_ms) }
}

fn report_to_api(stream: &StreamState) -> ReportToApi {
    ReportToApi {
        kind: stream.kind.name(),
        is_missing: stream.is_missing,
        covers: stream.covers.map(span_to_api),
        last_success_at: stream.last_success_ms.map(rfc3339),
        failures: stream.failures,
        last_error: stream.failure.clone().map(failure_to_api),
        next_at: rfc3339(stream.due_ms),
    }
}

fn to_api(found: ConnectionState) -> ConnectionToApi {
    let ConnectionState { connection, is_fixed, health, streams, revised: (buckets, last_ms) } = found;
    let skew_ms = streams.iter().map(|stream| stream.skew_ms).max_by_key(|skew| skew.abs()).unwrap_or(0);
    ConnectionToApi {
        id: connection.id,
        provider: connection.provider.name(),
        name: connection.name,
        base_url: connection.base_url,
        enabled: connection.enabled,
        is_fixed,
        project_map: connection.project_map,
        key_map: connection.key_map,
        created_at: (!is_fixed).then(|| rfc3339(connection.created_ms)),
        state: StateToApi {
            healthy: health.is_healthy && connection.enabled,
            why: if connection.enabled { health.why } else { "it is switched off".to_owned() },
            last_success_at: health.last_success_ms.map(rfc3339),
            last_error: health.failure.map(failure_to_api),
            next_at: health.next_ms.filter(|_| connection.enabled).map(rfc3339),
            covers: health.covers.map(span_to_api),
            backfill: BackfillToApi { done_buckets: health.done_buckets, of: health.wanted_buckets },
            revised: RevisedToApi { buckets, last_at: last_ms.map(rfc3339) },
            clock_skew_seconds: skew_ms / 1000,
            reports: streams.iter().map(report_to_api).collect(),
        },
    }
}

/// List connections to providers, those of the instance's settings first; all of them are on the one page. Members that act
/// for one user are refused (403), here and below.
#[utoipa::path(get, path = "/api/v1/providers", operation_id = "list_providers", tag = "Providers",
    params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ConnectionToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<ConnectionToApi>>, ApiError> {
    let tenant = params.take("tenant")?;
    params.take_only_page()?;
    params.finish()?;
    let items = state.app.list_connections(&caller, tenant.as_deref()).await?;
    Ok(Json(ListReply::from_page(Page { items, next: None }, to_api)))
}

/// Connect a provider (owner).
///
/// It is asked at once, for the last two months, and again whenever its answer is older than `USAGE_API_CACHE_TTL` seconds
/// (300). The key must be an admin key: `sk-admin-..` of OpenAI, `sk-ant-admin..` of Anthropic. The same key twice is a
/// conflict (409), as it would count everything twice; so are a taken name and a twenty-first connection.
#[utoipa::path(post, path = "/api/v1/providers", operation_id = "create_provider", tag = "Providers", request_body = ConnectionFromApi,
    params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = ConnectionToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<ConnectionFromApi>,
) -> Result<(StatusCode, Json<ConnectionToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let new = NewConnection {
        provider: new.provider,
        name: new.name,
        key: new.key,
        base_url: new.base_url,
        enabled: new.enabled.unwrap_or(true),
        project_map: new.project_map,
        key_map: new.key_map,
    };
    let made = state.app.create_connection(&caller, tenant.as_deref(), new).await?;
    Ok((StatusCode::CREATED, Json(to_api(made))))
}

/// Read one connection and how it stands.
#[utoipa::path(get, path = "/api/v1/providers/{id}", operation_id = "read_provider", tag = "Providers",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ConnectionToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ConnectionToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_connection(&caller, tenant.as_deref(), &id).await?)))
}

/// Change a connection (owner). Another key or address is tried at once. For another organization of the provider make
/// another connection: what the old one reported would stay.
#[utoipa::path(patch, path = "/api/v1/providers/{id}", operation_id = "update_provider", tag = "Providers", request_body = ConnectionChangeFromApi,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ConnectionToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<ConnectionChangeFromApi>,
) -> Result<Json<ConnectionToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let change = ConnectionChange {
        name: change.name,
        key: change.key,
        base_url: change.base_url,
        enabled: change.enabled,
        project_map: change.project_map,
        key_map: change.key_map,
    };
    Ok(Json(to_api(state.app.update_connection(&caller, tenant.as_deref(), &id, change).await?)))
}

/// Take a connection away, with its key and what it reported (owner).
#[utoipa::path(delete, path = "/api/v1/providers/{id}", operation_id = "delete_provider", tag = "Providers",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_connection(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read older days too (owner). `state.backfill` tells how far it has come.
#[utoipa::path(post, path = "/api/v1/providers/{id}/backfill", operation_id = "backfill_provider", tag = "Providers", request_body = BackfillFromApi,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 202, body = ConnectionToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn backfill(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(span): JsonBody<BackfillFromApi>,
) -> Result<(StatusCode, Json<ConnectionToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let from_ms = parse_instant("from", &span.from)?;
    let to_ms = span.to.as_deref().map(|to| parse_instant("to", to)).transpose()?;
    // Until now, even where `from` lies in the future: that is refused by its own name.
    let to_ms = to_ms.unwrap_or_else(|| state.app.now_ms().max(from_ms.saturating_add(1)));
    let span = Range { from_ms, to_ms };
    let found = state.app.backfill_connection(&caller, tenant.as_deref(), &id, span).await?;
    Ok((StatusCode::ACCEPTED, Json(to_api(found))))
}

/// Ask again at once what failed or is not fresh any more (owner). An answer younger than `USAGE_API_CACHE_TTL` seconds is
/// kept, and a provider that asked to wait is left alone until then.
#[utoipa::path(post, path = "/api/v1/providers/{id}/refresh", operation_id = "refresh_provider", tag = "Providers",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 202, body = RefreshReply), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn refresh(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<(StatusCode, Json<RefreshReply>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let (asked, found) = state.app.refresh_connection(&caller, tenant.as_deref(), &id).await?;
    Ok((StatusCode::ACCEPTED, Json(RefreshReply { asked, connection: to_api(found) })))
}
