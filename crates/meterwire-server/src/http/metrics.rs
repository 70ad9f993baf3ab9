//! `/api/v1/metrics`: what the tenant counts. Not the server's own metrics, which are at `/metrics`.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, present};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Page;
use meterwire_core::limit::{Counts, Metric, MetricName, Window};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Over which span a metric is counted; `none` is a level, such as storage, which is not reset.
#[derive(ToSchema)]
#[schema(as = Window)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the document for the name of a window")]
pub(crate) enum WindowName {
    Day,
    Week,
    Month,
    None,
}

/// What an event adds to a metric: `events` 1, `tokens` all its tokens, `cost_usd` its cost (the metric of that name and
/// no other), `named` what it names under `metrics`, `decisions` nothing. An event that names the metric itself under
/// `metrics` adds that amount instead, except to `decisions`.
#[derive(ToSchema)]
#[schema(as = Counts)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the document for the name of what is counted")]
pub(crate) enum CountsName {
    Events,
    Tokens,
    CostUsd,
    Named,
    Decisions,
}

/// A countable quantity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MetricToApi {
    /// Its name.
    #[schema(example = "compute_hours")]
    name: String,
    /// What it is, for people.
    description: Option<String>,
    /// What one of it is called.
    #[schema(example = "hours")]
    unit: Option<String>,
    /// Over which span it is counted.
    #[schema(value_type = WindowName, example = "day")]
    window: &'static str,
    /// IANA zone of its days, weeks (from Monday) and months.
    #[schema(example = "UTC")]
    timezone: String,
    /// What events add to it.
    #[schema(value_type = CountsName, example = "named")]
    counts: &'static str,
    /// When it was made.
    #[schema(example = "2026-11-22T10:30:00Z")]
    created_at: String,
}

/// A metric to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMetric {
    /// 1 to 64 of a-z, 0-9 and _.
    #[schema(example = "tokens")]
    name: String,
    /// What it is, for people.
    description: Option<String>,
    /// What one of it is called.
    #[schema(example = "tokens")]
    unit: Option<String>,
    /// `day` where it is absent.
    #[schema(value_type = Option<WindowName>, example = "month")]
    window: Option<String>,
    /// `UTC` where it is absent.
    #[schema(example = "Europe/Berlin")]
    timezone: Option<String>,
    /// Where it is absent: `tokens` and `cost_usd` count what they are named for, `api_calls` events, others `named`.
    #[schema(value_type = Option<CountsName>, example = "tokens")]
    counts: Option<String>,
}

/// What to change of a metric; null takes description or unit away. Its window can become `none`, or cease to be it, only
/// while it is unused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null to take it away")]
pub(crate) struct MetricChange {
    /// What it is, for people.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    /// What one of it is called.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    unit: Option<Option<String>>,
    /// Over which span it is counted.
    #[schema(value_type = Option<WindowName>, example = "week")]
    window: Option<String>,
    /// IANA zone of its days, weeks and months.
    timezone: Option<String>,
    /// What events add to it from now on.
    #[schema(value_type = Option<CountsName>, example = "decisions")]
    counts: Option<String>,
}

fn to_api(metric: Metric) -> MetricToApi {
    MetricToApi {
        name: metric.name.as_str().to_owned(),
        description: metric.description,
        unit: metric.unit,
        window: metric.window.name(),
        timezone: metric.timezone,
        counts: metric.counts.name(),
        created_at: rfc3339(metric.created_ms),
    }
}

impl NewMetric {
    fn into_metric(self) -> Result<Metric, ApiError> {
        let name = MetricName::parse("name", &self.name)?;
        let counts = self.counts.as_deref().map(Counts::parse).transpose()?;
        Ok(Metric {
            window: self.window.as_deref().map_or(Ok(Window::Day), Window::parse)?,
            counts: counts.unwrap_or_else(|| Counts::default_of(&name)),
            name,
            description: self.description,
            unit: self.unit,
            timezone: self.timezone.unwrap_or_else(|| "UTC".to_owned()),
            created_ms: 0,
        })
    }
}

/// List metrics.
#[utoipa::path(get, path = "/api/v1/metrics", operation_id = "list_metrics", tag = "Limits",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<MetricToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<MetricToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    // A tenant has few: they are read at once and cut into pages here.
    let mut items = state.app.list_metrics(&caller, tenant.as_deref()).await?;
    items.retain(|metric| page.after.as_deref().is_none_or(|after| metric.name.as_str() > after));
    let more = items.len() > page.limit;
    items.truncate(page.limit);
    let next = items.last().filter(|_| more).map(|metric| metric.name.as_str().to_owned());
    Ok(Json(ListReply::from_page(Page { items, next }, to_api)))
}

/// Make a metric. What events count into it counts from now on.
#[utoipa::path(post, path = "/api/v1/metrics", operation_id = "create_metric", tag = "Limits", request_body = NewMetric, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = MetricToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewMetric>,
) -> Result<(StatusCode, Json<MetricToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let metric = state.app.create_metric(&caller, tenant.as_deref(), new.into_metric()?).await?;
    Ok((StatusCode::CREATED, Json(to_api(metric))))
}

/// Read one metric.
#[utoipa::path(get, path = "/api/v1/metrics/{name}", operation_id = "read_metric", tag = "Limits", params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = MetricToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<Json<MetricToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_metric(&caller, tenant.as_deref(), &name).await?)))
}

/// Change a metric.
#[utoipa::path(patch, path = "/api/v1/metrics/{name}", operation_id = "update_metric", tag = "Limits", request_body = MetricChange,
    params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = MetricToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<MetricChange>,
) -> Result<Json<MetricToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let window = change.window.as_deref().map(Window::parse).transpose()?;
    let counts = change.counts.as_deref().map(Counts::parse).transpose()?;
    let apply = |metric: &mut Metric| {
        metric.description = change.description.unwrap_or_else(|| metric.description.clone());
        metric.unit = change.unit.unwrap_or_else(|| metric.unit.clone());
        metric.window = window.unwrap_or(metric.window);
        metric.timezone = change.timezone.unwrap_or_else(|| metric.timezone.clone());
        metric.counts = counts.unwrap_or(metric.counts);
    };
    Ok(Json(to_api(state.app.update_metric(&caller, tenant.as_deref(), &name, apply).await?)))
}

/// Delete a metric with its limits and what was counted. Those that every tenant has cannot be deleted.
#[utoipa::path(delete, path = "/api/v1/metrics/{name}", operation_id = "delete_metric", tag = "Limits", params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_metric(&caller, tenant.as_deref(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
