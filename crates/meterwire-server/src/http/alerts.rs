//! `/api/v1/alerts` and `/api/v1/alert-rules`: what was noticed, whether it arrived, and what is to be noticed.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, parse_instant};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::RuleChange;
use meterwire_app::ports::{Alert, AlertFilter, Delivery, DeliveryState, Page};
use meterwire_core::alert::AlertRule;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An alert that was raised, and whom it was told to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertToApi {
    /// UUID; also the `webhook-id` of its messages.
    id: String,
    /// What makes it this one; it is raised once.
    #[schema(example = "budget/0199c0de-0000-7000-8000-000000000001/1793491200000/800000/250000000000")]
    key: String,
    /// `budget_threshold`, `budget_projected`, `spend_spike`, `limit_near`, `provider_failing` or `unpriced_model`.
    #[schema(example = "budget_threshold")]
    kind: &'static str,
    /// `info`, `warning` or `critical`.
    #[schema(example = "warning")]
    severity: &'static str,
    /// A sentence for people.
    title: String,
    /// The figures behind it; amounts of money are decimal texts in US dollars.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// When it was noticed.
    raised_at: String,
    /// Until when nothing more is sent about the same thing.
    snoozed_until: Option<String>,
    /// One a channel; empty where there was none.
    deliveries: Vec<DeliveryToApi>,
}

/// An alert on its way to one channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryToApi {
    /// The channel's id; it may be deleted by now.
    channel: String,
    /// Its name then.
    channel_name: String,
    /// `email`, `slack` or `webhook`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// `pending` (to be tried, or tried again), `snoozed`, `delivered`, `failed` (given up).
    #[schema(example = "delivered")]
    state: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// When it is tried next, where it is still to arrive and was tried before, or snoozed.
    next_try_at: Option<String>,
    /// What went wrong the last time.
    last_error: Option<String>,
    /// When it was tried last.
    last_try_at: Option<String>,
    /// When the other side had taken it.
    delivered_at: Option<String>,
}

/// Which alerts of one kind a tenant wants.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertRuleToApi {
    /// Of which kind.
    #[schema(example = "spend_spike")]
    kind: &'static str,
    /// Whether it is raised at all.
    enabled: bool,
    /// The numbers it goes by, whole; the unit is in the name.
    params: BTreeMap<&'static str, i64>,
    /// Ids of channels; empty: every channel. Budgets may name their own.
    channels: Vec<String>,
}

/// What to change of a rule; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertRuleChange {
    /// Whether it is raised at all.
    enabled: Option<bool>,
    /// Numbers, whole.
    #[serde(default)]
    params: BTreeMap<String, i64>,
    /// Ids of channels; empty: every channel.
    channels: Option<Vec<String>>,
}

/// Until when to snooze.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Snooze {
    /// A date or an instant, by 90 days ahead at most; null ends the snooze.
    #[schema(example = "2026-11-23T08:00:00Z")]
    until: Option<String>,
}

fn to_api(alert: Alert, now_ms: i64) -> AlertToApi {
    let snoozed_until_ms = alert.snoozed_until_ms.filter(|until_ms| *until_ms > now_ms);
    AlertToApi {
        id: alert.id,
        key: alert.key,
        kind: alert.kind.name(),
        severity: alert.severity.name(),
        title: alert.title,
        detail: alert.detail,
        raised_at: rfc3339(alert.raised_ms),
        snoozed_until: snoozed_until_ms.map(rfc3339),
        deliveries: alert
            .deliveries
            .into_iter()
            .map(|delivery| delivery_to_api(delivery, snoozed_until_ms.is_some()))
            .collect(),
    }
}

fn delivery_to_api(delivery: Delivery, is_snoozed: bool) -> DeliveryToApi {
    let is_open = delivery.state == DeliveryState::Open;
    let state = match delivery.state {
        DeliveryState::Open if is_snoozed => "snoozed",
        DeliveryState::Open => "pending",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Failed => "failed",
    };
    DeliveryToApi {
        channel: delivery.channel_id,
        channel_name: delivery.channel_name,
        kind: delivery.channel_kind.name(),
        state,
        attempts: delivery.attempts,
        next_try_at: (is_open && delivery.next_ms > 0).then(|| rfc3339(delivery.next_ms)),
        last_error: delivery.last_error,
        last_try_at: delivery.last_try_ms.map(rfc3339),
        delivered_at: delivery.delivered_ms.map(rfc3339),
    }
}

fn rule_to_api(rule: AlertRule) -> AlertRuleToApi {
    AlertRuleToApi {
        kind: rule.kind.name(),
        enabled: rule.enabled,
        params: rule.params.iter().collect(),
        channels: rule.channels,
    }
}

/// List alerts, newest first, with what became of each message.
///
/// `kind`, `severity` and `state` (of one of its deliveries: `pending`, `delivered` or `failed`) narrow it, `from` and `to`
/// are dates or instants of when it was raised. Alerts are kept for 800 days.
#[utoipa::path(get, path = "/api/v1/alerts", operation_id = "list_alerts", tag = "Alerts",
    params(("kind" = Option<String>, Query), ("severity" = Option<String>, Query), ("state" = Option<String>, Query),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<AlertToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<AlertToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    let instant = |field: &str, text: Option<String>| match text {
        Some(text) => parse_instant(field, &text).map(Some),
        None => Ok(None),
    };
    let filter = AlertFilter {
        kind: params.take("kind")?.map(|name| read_name("kind", &name)).transpose()?,
        severity: params.take("severity")?.map(|name| read_name("severity", &name)).transpose()?,
        state: params.take("state")?.map(|name| read_state(&name)).transpose()?,
        from_ms: instant("from", params.take("from")?)?,
        to_ms: instant("to", params.take("to")?)?,
    };
    params.finish()?;
    let now_ms = state.app.now_ms();
    let page = state.app.list_alerts(&caller, tenant.as_deref(), filter, page).await?;
    Ok(Json(ListReply::from_page(page, |alert| to_api(alert, now_ms))))
}

/// Read one alert.
#[utoipa::path(get, path = "/api/v1/alerts/{id}", operation_id = "read_alert", tag = "Alerts",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = AlertToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<AlertToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let alert = state.app.read_alert(&caller, tenant.as_deref(), &id).await?;
    Ok(Json(to_api(alert, state.app.now_ms())))
}

/// Snooze what an alert is about (owner): the same budget, the same user's limit, the same model.
///
/// What has not arrived waits until then, and so does what is raised about it meanwhile; nothing is lost. `{"until":null}`
/// ends the snooze, and what waits is sent at once.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/snooze", operation_id = "snooze_alert", tag = "Alerts", request_body = Snooze,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = AlertToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn snooze(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(snooze): JsonBody<Snooze>,
) -> Result<Json<AlertToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let until_ms = snooze.until.as_deref().map(|text| parse_instant("until", text)).transpose()?;
    let alert = state.app.snooze_alert(&caller, tenant.as_deref(), &id, until_ms).await?;
    Ok(Json(to_api(alert, state.app.now_ms())))
}

/// Send what has not arrived again now (owner), also what was given up; its tries begin anew.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/retry", operation_id = "retry_alert", tag = "Alerts",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = AlertToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn retry(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<AlertToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let alert = state.app.retry_alert(&caller, tenant.as_deref(), &id).await?;
    Ok(Json(to_api(alert, state.app.now_ms())))
}

/// List the rules, one a kind of alert.
#[utoipa::path(get, path = "/api/v1/alert-rules", operation_id = "list_alert_rules", tag = "Alerts",
    params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<AlertRuleToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list_rules(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<AlertRuleToApi>>, ApiError> {
    let tenant = params.take("tenant")?;
    params.take_only_page()?;
    params.finish()?;
    let items = state.app.list_alert_rules(&caller, tenant.as_deref()).await?;
    Ok(Json(ListReply::from_page(Page { items, next: None }, rule_to_api)))
}

/// Read the rule of one kind of alert.
#[utoipa::path(get, path = "/api/v1/alert-rules/{kind}", operation_id = "read_alert_rule", tag = "Alerts",
    params(("kind" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = AlertRuleToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read_rule(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(kind): Path<String>,
    mut params: Params,
) -> Result<Json<AlertRuleToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(rule_to_api(state.app.read_alert_rule(&caller, tenant.as_deref(), &kind).await?)))
}

/// Change the rule of one kind of alert (owner).
///
/// - `budget_threshold`: the spending of a budget passes one of its thresholds. Once a period and threshold.
/// - `budget_projected`: what is spent, divided by the elapsed share of the period, passes the amount. Not before
///   `min_elapsed_percent` of the period; once a period.
/// - `spend_spike`: today's cost is above the mean of the same weekday of the last `weeks` weeks by more than
///   `above_percent` of it and by more than `min_usd` dollars. Needs two such days with usage; once a day.
/// - `limit_near`: a user, or the tenant, has used `percent` of a daily, weekly or monthly limit. Once a window.
/// - `provider_failing`: a connection to a provider's report has been failing for `minutes`. Once for each time it fails.
/// - `unpriced_model`: events name a model without a price. Once a model.
#[utoipa::path(patch, path = "/api/v1/alert-rules/{kind}", operation_id = "update_alert_rule", tag = "Alerts", request_body = AlertRuleChange,
    params(("kind" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = AlertRuleToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update_rule(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(kind): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<AlertRuleChange>,
) -> Result<Json<AlertRuleToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let change = RuleChange {
        enabled: change.enabled,
        params: change.params.into_iter().collect(),
        channels: change.channels,
    };
    Ok(Json(rule_to_api(state.app.update_alert_rule(&caller, tenant.as_deref(), &kind, change).await?)))
}

fn read_name<T: std::str::FromStr>(field: &str, name: &str) -> Result<T, Invalid> {
    name.parse().map_err(|_| Invalid::new(field, format!("there is no such {field} of alerts")))
}

fn read_state(name: &str) -> Result<DeliveryState, Invalid> {
    match name {
        "pending" => Ok(DeliveryState::Open),
        "delivered" => Ok(DeliveryState::Delivered),
        "failed" => Ok(DeliveryState::Failed),
        _ => Err(Invalid::new("state", "state must be pending, delivered or failed")),
    }
}
