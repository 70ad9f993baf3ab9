//! `GET /api/v1/usage/stream`: the totals of today, as they change.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::live::{Credentials, Listener, LiveTotalsToApi};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Proxies that gather answers are told not to.
const NO_BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// The totals of today, as they change.
///
/// Server-sent events. The present totals come at once, then whenever they change, at most one message a second and at
/// most one second behind; at midnight in the zone a new day begins by itself. Each message is
/// `event: totals`, `id: ..`, `data: {..}`. Totals are a state, not a log: who comes back with `Last-Event-ID` is sent the
/// present totals at once, or nothing until they change where they are still those. A comment comes every 15 seconds without
/// a message. The stream ends when the server stops and, within a few seconds, when the token expires or is revoked.
/// A member sees its own user's totals. Beyond the number of streams that the server holds it is 503.
#[utoipa::path(get, path = "/api/v1/usage/stream", operation_id = "stream_usage", tag = "Live usage",
    params(("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last message that was received"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, description = "Messages until either side ends it", body = LiveTotalsToApi, content_type = "text/event-stream"),
        (status = "default", description = "Not opened", body = ErrorBody)))]
pub(crate) async fn stream(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (named, tz) = (params.take("tenant")?, params.take("tz")?);
    params.finish()?;
    let (tenant, view) = state.app.live_view(&caller, named.as_deref(), tz).await?;
    let live = state.live.clone();
    let place = live.enter(tenant.id).map_err(ApiError::NoStream)?;
    let frames = live.listen(&state.app, &view).await?;
    let has = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let credentials = Credentials { state, headers, caller, named };
    let listener = Listener::new(&live, place, frames, view, credentials, has);
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(([content_type, NO_BUFFERING], Body::from_stream(listener.into_stream())).into_response())
}
