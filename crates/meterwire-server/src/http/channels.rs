//! `/api/v1/channels`: the ways by which people are told.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Channel;
use meterwire_app::{ChannelChange, ChannelTest, MadeChannel, NewChannel};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A channel. The address of Slack and the secret of a webhook are never shown again, and the whole address of a webhook is
/// shown to owners alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelToApi {
    /// UUID.
    id: String,
    /// For people.
    #[schema(example = "on call")]
    name: String,
    /// `email`, `slack` or `webhook`.
    #[serde(rename = "type")]
    #[schema(example = "webhook")]
    kind: &'static str,
    /// Mail: the addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<String>,
    /// Webhook: the address. Its path and query can be as good as a password, so whoever is not owner or admin gets scheme and
    /// host only: `https://hooks.example.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://hooks.example.com/meterwire")]
    url: Option<String>,
    /// Whether alerts go there.
    enabled: bool,
    /// Why it was switched off by itself: the other side answered that it wants nothing more.
    off_because: Option<String>,
    /// When it was made.
    created_at: String,
    /// Webhook: what messages are signed with; only in the answer that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "whsec_mzxw6ytboi5dgnbvgy3tqojqgezdgnbv")]
    secret: Option<String>,
}

/// A channel to make: `to` for mail, `url` for the others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelToMake {
    /// For people; one of its name a tenant.
    #[schema(example = "on call")]
    name: String,
    /// `email`, `slack` or `webhook`.
    #[serde(rename = "type")]
    #[schema(example = "webhook")]
    kind: String,
    /// Mail: 1 to 20 addresses.
    to: Option<Vec<String>>,
    /// Slack: the address of its incoming webhook. Webhook: an address of your own. https:// or http://, at most 2,048 bytes,
    /// without user and password, and not within a private network.
    url: Option<String>,
    /// Whether alerts go there; yes where it is absent.
    enabled: Option<bool>,
}

/// What to change of a channel; its type stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelToChange {
    /// For people.
    name: Option<String>,
    /// Mail: 1 to 20 addresses.
    to: Option<Vec<String>>,
    /// Slack, webhook: the address.
    url: Option<String>,
    /// Whether alerts go there.
    enabled: Option<bool>,
    /// Webhook: true makes a new secret, which is shown this once; the old one ends at once.
    #[serde(default)]
    new_secret: bool,
}

/// What became of a test message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelTestToApi {
    /// Whether the other side has taken it.
    arrived: bool,
    /// What went wrong, in a sentence; with `arrived` true, which addresses of a mail were refused.
    #[schema(example = "it answered 500")]
    error: Option<String>,
    /// Milliseconds that it took.
    took_ms: i64,
}

fn to_api(channel: Channel) -> ChannelToApi {
    ChannelToApi {
        id: channel.id,
        name: channel.name,
        kind: channel.kind.name(),
        to: channel.to,
        url: channel.url,
        enabled: channel.enabled,
        off_because: channel.off_because,
        created_at: rfc3339(channel.created_ms),
        secret: None,
    }
}

fn made_to_api(made: MadeChannel) -> ChannelToApi {
    ChannelToApi { secret: made.secret, ..to_api(made.channel) }
}

fn test_to_api(test: ChannelTest) -> ChannelTestToApi {
    let (arrived, error) = match test.result {
        Ok(taken) => (true, taken.refused),
        Err(error) => (false, Some(error.sentence)),
    };
    ChannelTestToApi { arrived, error, took_ms: test.took_ms }
}

/// List channels; a tenant has at most 20. Viewers get of a webhook's address scheme and host only.
#[utoipa::path(get, path = "/api/v1/channels", operation_id = "list_channels", tag = "Alerts",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ChannelToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<ChannelToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_channels(&caller, tenant.as_deref(), page).await?, to_api)))
}

/// Make a channel (owner).
///
/// A webhook gets `POST` with JSON `{"type":"alert.raised","timestamp","data":{"id","tenant","kind","severity","title",
/// "detail","raised_at"}}`, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: headers `webhook-id`,
/// `webhook-timestamp` and `webhook-signature`. The secret is in this answer and never shown again. Any 2xx means that it has
/// arrived; 410 switches the channel off; everything else is tried again, 12 times over about a day, under the same
/// `webhook-id`. An address within a private network is refused (422, `field` `url`), a taken name or a twenty-first channel
/// is 409.
#[utoipa::path(post, path = "/api/v1/channels", operation_id = "create_channel", tag = "Alerts", request_body = ChannelToMake,
    params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = ChannelToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<ChannelToMake>,
) -> Result<(StatusCode, Json<ChannelToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let kind = new.kind.parse().map_err(|()| Invalid::new("type", "type must be email, slack or webhook"))?;
    let new =
        NewChannel { name: new.name, kind, to: new.to, url: new.url, enabled: new.enabled.unwrap_or(true) };
    let made = state.app.create_channel(&caller, tenant.as_deref(), new).await?;
    Ok((StatusCode::CREATED, Json(made_to_api(made))))
}

/// Read one channel. Viewers get of a webhook's address scheme and host only.
#[utoipa::path(get, path = "/api/v1/channels/{id}", operation_id = "read_channel", tag = "Alerts",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ChannelToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ChannelToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_channel(&caller, tenant.as_deref(), &id).await?)))
}

/// Change a channel (owner). What is on its way goes to the new address.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", operation_id = "update_channel", tag = "Alerts", request_body = ChannelToChange,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ChannelToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<ChannelToChange>,
) -> Result<Json<ChannelToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let change = ChannelChange {
        name: change.name,
        to: change.to,
        url: change.url,
        enabled: change.enabled,
        new_secret: change.new_secret,
    };
    Ok(Json(made_to_api(state.app.update_channel(&caller, tenant.as_deref(), &id, change).await?)))
}

/// Delete a channel (owner). What was on its way there is given up; the history keeps its name.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", operation_id = "delete_channel", tag = "Alerts",
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
    state.app.delete_channel(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send a test message by a channel now (owner), also where it is switched off, and see what happened.
///
/// It is tried once and answered with 200 either way: `{"arrived":false,"error":"it answered 500","took_ms":12}`.
#[utoipa::path(post, path = "/api/v1/channels/{id}/test", operation_id = "test_channel", tag = "Alerts",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ChannelTestToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn test(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ChannelTestToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(test_to_api(state.app.test_channel(&caller, tenant.as_deref(), &id).await?)))
}
