//! `/api/usage/admin/`: who uses most, who is near a limit, how the last days went, starting a day over, and the limits
//! of the tiers as one table. An admin's token names the tenant where the instance has more than one.

use crate::http::amounts::{AmountToApi, LimitFromApi, LimitToApi};
use crate::http::auth::Authed;
use crate::http::body::{JsonBody, MaybeJsonBody};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::metrics::WindowName;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use crate::http::users::{UserToApi, user_to_api};
use axum::Json;
use axum::extract::State;
use meterwire_app::ports::{DayUsage, LimitMap, NearLimit, ResetRequest, UserDay};
use meterwire_app::{USAGE_LIMIT_COLUMNS, UsageLimit};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Metric, MetricName, day_label, parse_day};
use meterwire_core::money::parse_decimal;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which counters to set to nothing; without either, those of today of everyone.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManualReset {
    /// Only this user's.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// Only this metric's. A level, such as storage, is set to nothing only when it is named.
    #[schema(example = "deployments")]
    metric: Option<String>,
}

/// What was set to nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManualResetReply {
    /// How many counters.
    #[schema(example = 12)]
    reset: usize,
    /// The UTC day on which it was done.
    #[schema(example = "2026-11-22")]
    date: String,
}

/// The users who used most of a metric on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopUsersReply {
    /// The day, in the metric's zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// The metric they are ordered by.
    #[schema(example = "api_calls")]
    metric: String,
    /// Largest first.
    items: Vec<TopUserToApi>,
}

/// A user and what it used on the day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopUserToApi {
    /// Its id.
    #[schema(example = "u-42")]
    user: String,
    /// Its name for people.
    username: String,
    /// Its tier.
    #[schema(example = "free")]
    tier: String,
    /// What it used of the metric they are ordered by.
    current: AmountToApi,
    /// What it used of every metric.
    #[schema(example = json!({ "api_calls": 1250, "compute_hours": 2.5, "deployments": 3, "storage": 0 }))]
    metrics: BTreeMap<String, AmountToApi>,
}

/// Users who have used much of a limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NearLimitsReply {
    /// The share of a limit that they are above.
    #[schema(example = 0.8)]
    threshold: f64,
    /// The highest percentage first.
    items: Vec<NearLimitToApi>,
}

/// A user and the limit that it is near.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NearLimitToApi {
    /// Its id.
    #[schema(example = "u-42")]
    user: String,
    /// Its name for people.
    username: String,
    /// Its tier.
    #[schema(example = "free")]
    tier: String,
    /// What is limited.
    #[schema(example = "deployments")]
    metric: String,
    /// What is used, with what is held.
    current: AmountToApi,
    /// How much of it is held by reservations.
    held: AmountToApi,
    /// The limit.
    limit: Option<AmountToApi>,
    /// How much of the limit is used, in percent.
    #[schema(example = 90.0)]
    percentage: Option<f64>,
    /// Over which span it is counted.
    #[schema(value_type = WindowName, example = "day")]
    window: &'static str,
    /// When the window ends; null for a level.
    #[schema(example = "2026-11-23T00:00:00Z")]
    resets_at: Option<String>,
}

/// The last days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryReply {
    /// Today first; every day is there.
    items: Vec<HistoryDayToApi>,
}

/// One day of all users together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryDayToApi {
    /// The day.
    #[schema(example = "2026-11-22")]
    date: String,
    /// Users who used anything.
    #[schema(example = 17)]
    active_users: i64,
    /// Deployments of the day.
    total_deployments: AmountToApi,
    /// API calls of the day.
    total_api_calls: AmountToApi,
    /// What was used of every metric.
    #[schema(example = json!({ "api_calls": 1250, "compute_hours": 2.5, "deployments": 3, "storage": 0 }))]
    totals: BTreeMap<String, AmountToApi>,
}

/// The limits of the tiers as one table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageLimitsReply {
    /// A row a tier, by name.
    items: Vec<UsageLimitToApi>,
}

/// The limits of a tier; null is unlimited.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageLimitToApi {
    /// The tier.
    #[schema(example = "free")]
    tier: String,
    /// Limit of `deployments` (in its window, which is a day unless it was changed).
    max_deployments_per_day: LimitToApi,
    /// Limit of `api_calls`.
    max_api_calls_per_day: LimitToApi,
    /// Limit of `compute_hours`.
    max_compute_hours_per_day: LimitToApi,
    /// Limit of `storage`.
    max_storage: LimitToApi,
}

/// Limits of tiers to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsageLimitsChange {
    /// A row for each tier to change.
    items: Vec<UsageLimitChange>,
}

/// Limits of a tier to change: what is not named stays, null is unlimited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsageLimitChange {
    /// The tier.
    #[schema(example = "free")]
    tier: String,
    /// Limit of `deployments`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LimitFromApi, required = false)]
    max_deployments_per_day: Option<LimitFromApi>,
    /// Limit of `api_calls`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LimitFromApi, required = false)]
    max_api_calls_per_day: Option<LimitFromApi>,
    /// Limit of `compute_hours`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LimitFromApi, required = false)]
    max_compute_hours_per_day: Option<LimitFromApi>,
    /// Limit of `storage`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = LimitFromApi, required = false)]
    max_storage: Option<LimitFromApi>,
}

/// A user's tier to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TierOfUser {
    /// The tier.
    #[schema(example = "pro")]
    tier: String,
}

/// Start the day over: set today's counters to nothing, of everyone or of the user and metric named. Audited.
#[utoipa::path(post, path = "/api/usage/admin/manual-reset", operation_id = "manual_reset", tag = "Limits", request_body = Option<ManualReset>, params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = ManualResetReply), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn manual_reset(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    MaybeJsonBody(body): MaybeJsonBody<ManualReset>,
) -> Result<Json<ManualResetReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let metric = body.metric.as_deref().map(|name| MetricName::parse("metric", name)).transpose()?;
    let request = ResetRequest { user: body.user, metric };
    let done = state.app.reset_counters(&caller, tenant.as_deref(), request).await?;
    Ok(Json(ManualResetReply { reset: done.counters, date: day_label(done.day) }))
}

/// List the users who used most of a metric on a day.
#[utoipa::path(get, path = "/api/usage/admin/top-users", operation_id = "top_users", tag = "Limits",
    params(("metric" = Option<String>, Query, description = "`api_calls` where it is absent", example = "deployments"),
        ("date" = Option<String>, Query, description = "Today where it is absent", example = "2026-11-22"),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 10 where it is absent"), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = TopUsersReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn top_users(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<TopUsersReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let metric = params.take("metric")?.unwrap_or_else(|| "api_calls".to_owned());
    let metric = MetricName::parse("metric", &metric)?;
    let day = params.take("date")?.map(|text| parse_day("date", &text)).transpose()?;
    let limit = params.take_parsed("limit", "a number from 1 to 1000")?.unwrap_or(10);
    params.finish()?;
    let top = state.app.top_users(&caller, tenant.as_deref(), &metric, day, limit).await?;
    let items = top.users.into_iter().map(|user| top_user_to_api(&metric, user)).collect();
    Ok(Json(TopUsersReply { date: day_label(top.day), metric: metric.as_str().to_owned(), items }))
}

/// List the users who have used more than a share of a limit of theirs.
#[utoipa::path(get, path = "/api/usage/admin/near-limits", operation_id = "near_limits", tag = "Limits",
    params(("threshold" = Option<f64>, Query, description = "0 to 1; 0.8 where it is absent", example = 0.8),
        ("limit" = Option<u32>, Query, description = "1 to 1000; 100 where it is absent"), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = NearLimitsReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn near_limits(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<NearLimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let threshold_ppm = params.take("threshold")?.map_or(Ok(800_000), |text| millionths(&text))?;
    let limit = params.take_parsed("limit", "a number from 1 to 1000")?.unwrap_or(100);
    params.finish()?;
    let users = state.app.near_limits(&caller, tenant.as_deref(), threshold_ppm, limit).await?;
    let items = users.into_iter().map(near_to_api).collect();
    Ok(Json(NearLimitsReply { threshold: f64::from(threshold_ppm) / 1e6, items }))
}

/// List the usage of the last days, today first.
#[utoipa::path(get, path = "/api/usage/admin/history", operation_id = "limit_history", tag = "Limits",
    params(("days" = Option<u32>, Query, description = "1 to 90; 7 where it is absent"), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = HistoryReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn history(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<HistoryReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let days = params.take_parsed("days", "a number from 1 to 90")?.unwrap_or(7);
    params.finish()?;
    let days = state.app.limit_history(&caller, tenant.as_deref(), days).await?;
    Ok(Json(HistoryReply { items: days.into_iter().map(day_to_api).collect() }))
}

/// Read the limits of the built-in metrics, a row a tier.
#[utoipa::path(get, path = "/api/usage/admin/usage-limits", operation_id = "read_usage_limits", tag = "Limits", params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = UsageLimitsReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read_usage_limits(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<UsageLimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(limits_reply(state.app.usage_limits(&caller, tenant.as_deref()).await?)))
}

/// Change limits of tiers; a row that is refused changes none. Answers the whole table.
#[utoipa::path(put, path = "/api/usage/admin/usage-limits", operation_id = "set_usage_limits", tag = "Limits", request_body = UsageLimitsChange, params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = UsageLimitsReply), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn set_usage_limits(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(change): JsonBody<UsageLimitsChange>,
) -> Result<Json<UsageLimitsReply>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let rows = change.items.into_iter().enumerate();
    let rows = rows.map(|(index, row)| row.into_row(index)).collect::<Result<Vec<_>, Invalid>>()?;
    Ok(Json(limits_reply(state.app.set_usage_limits(&caller, tenant.as_deref(), rows).await?)))
}

/// Give a user another tier, at once.
#[utoipa::path(patch, path = "/api/usage/admin/users/{id}", operation_id = "set_tier", tag = "Limits", request_body = TierOfUser,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = UserToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn set_tier(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<TierOfUser>,
) -> Result<Json<UserToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(user_to_api(state.app.set_tier(&caller, tenant.as_deref(), &id, &change.tier).await?)))
}

impl UsageLimitChange {
    fn into_row(self, index: usize) -> Result<(String, LimitMap), Invalid> {
        let sent = [
            self.max_deployments_per_day,
            self.max_api_calls_per_day,
            self.max_compute_hours_per_day,
            self.max_storage,
        ];
        let mut limits = LimitMap::new();
        for ((metric, column), limit) in Metric::BUILTIN.into_iter().zip(USAGE_LIMIT_COLUMNS).zip(sent) {
            let Some(limit) = limit else { continue };
            let field = format!("items[{index}].{column}");
            let metric = MetricName::parse(&field, metric)?;
            limits.insert(metric.clone(), limit.parse(&field, &metric)?);
        }
        Ok((self.tier, limits))
    }
}

fn limits_reply(rows: Vec<UsageLimit>) -> UsageLimitsReply {
    let to_api = |row: UsageLimit| {
        let [deployments, api_calls, compute_hours, storage] = row.limits;
        // None of the four is money, so that their amounts are alike.
        let limit = LimitToApi::in_millionths;
        UsageLimitToApi {
            tier: row.tier,
            max_deployments_per_day: limit(deployments),
            max_api_calls_per_day: limit(api_calls),
            max_compute_hours_per_day: limit(compute_hours),
            max_storage: limit(storage),
        }
    };
    UsageLimitsReply { items: rows.into_iter().map(to_api).collect() }
}

/// A field that was sent, be it null.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<LimitFromApi>, D::Error> {
    LimitFromApi::deserialize(from).map(Some)
}

fn amounts_to_api(amounts: BTreeMap<MetricName, Amount>) -> BTreeMap<String, AmountToApi> {
    let to_api =
        |(name, amount): (MetricName, Amount)| (name.as_str().to_owned(), AmountToApi::new(&name, amount.0));
    amounts.into_iter().map(to_api).collect()
}

fn top_user_to_api(metric: &MetricName, day: UserDay) -> TopUserToApi {
    let current = day.amounts.get(metric).copied().unwrap_or_default();
    TopUserToApi {
        user: day.user.id,
        username: day.user.username,
        tier: day.user.tier,
        current: AmountToApi::new(metric, current.0),
        metrics: amounts_to_api(day.amounts),
    }
}

fn near_to_api(near: NearLimit) -> NearLimitToApi {
    let standing = near.standing;
    let amount = |units| AmountToApi::new(&standing.metric, units);
    NearLimitToApi {
        user: near.user.id,
        username: near.user.username,
        tier: near.user.tier,
        metric: standing.metric.as_str().to_owned(),
        current: amount(standing.current),
        held: amount(standing.held),
        limit: standing.limit.map(amount),
        percentage: standing.percentage(),
        window: standing.window.name(),
        resets_at: standing.resets_ms.map(rfc3339),
    }
}

fn day_to_api(day: DayUsage) -> HistoryDayToApi {
    let total = |metric: &str| {
        let found = day.totals.iter().find(|(name, _)| name.as_str() == metric);
        found.map_or(AmountToApi::ZERO, |(name, amount)| AmountToApi::new(name, amount.0))
    };
    HistoryDayToApi {
        date: day_label(day.day),
        active_users: day.active_users,
        total_deployments: total("deployments"),
        total_api_calls: total("api_calls"),
        totals: amounts_to_api(day.totals),
    }
}

fn millionths(text: &str) -> Result<u32, Invalid> {
    let read = parse_decimal(text, 6).ok().and_then(|ppm| u32::try_from(ppm).ok());
    read.filter(|ppm| *ppm <= 1_000_000).ok_or_else(|| {
        Invalid::new("threshold", "threshold must be from 0 to 1, such as 0.8, with at most six decimals")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_shares() {
        assert_eq!(millionths("0.8"), Ok(800_000));
        assert_eq!(millionths("1"), Ok(1_000_000));
        for bad in ["1.000001", "-0.1", "80%", "0.0000001", ""] {
            assert_eq!(millionths(bad).unwrap_err().field, "threshold", "{bad}");
        }
    }
}
