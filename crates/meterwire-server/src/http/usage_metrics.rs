//! R3: summary and breakdown.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::http::usage_query::percentage;
use axum::Json;
use axum::extract::State;
use meterwire_core::dimension::{Dimension, Dimensions};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::rfc3339;
use meterwire_core::usage_query::{MAX_TOP, UsageQueryInput};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// Totals of a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SummaryReply {
    /// Input and output tokens.
    total_tokens: u64,
    /// US dollars with up to nine decimals.
    total_cost: f64,
    /// Events.
    total_calls: i64,
    /// Events with a status of 400 or above.
    errors: i64,
    /// Their share in percent; null without events.
    error_rate: Option<f64>,
    /// Events with tokens whose model has no price; they are not in `totalCost`.
    unpriced_calls: i64,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
    /// The zone of its days.
    tz: String,
}

/// One row of a breakdown; its name stands under `providerName`, `projectName`, `modelName` and so on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({"providerName": "openai", "tokens": 4567, "cost": 1.234567, "calls": 123, "errors": 3, "errorRate": 2.44, "unpricedCalls": 0, "percentage": 61.5}))]
pub(crate) struct BreakdownRow(Map<String, Value>);

/// Total tokens and cost of a range.
#[utoipa::path(get, path = "/api/usage/summary", operation_id = "usage_summary", tag = "Usage",
    params(("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = SummaryReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn summary(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<SummaryReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        ..UsageQueryInput::default()
    };
    params.finish()?;
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let totals = &reply.current.total.totals;
    Ok(Json(SummaryReply {
        total_tokens: totals.token_usage().total(),
        total_cost: totals.cost.to_usd_f64(),
        total_calls: totals.calls,
        errors: totals.errors,
        error_rate: percentage(totals.errors, totals.calls),
        unpriced_calls: totals.unpriced_calls,
        from: rfc3339(reply.query.window.range.from_ms),
        to: rfc3339(reply.query.window.range.to_ms),
        tz: reply.query.tz,
    }))
}

/// Tokens and cost by one dimension, largest first.
///
/// `percentage` is the share of all tokens. Beyond 1,000 values the rest is one row called `Other`.
#[utoipa::path(get, path = "/api/usage/breakdown", operation_id = "usage_breakdown", tag = "Usage",
    params(("by" = String, Query, description = "provider project model user api_key agent department country status operation service_tier"),
        ("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = Vec<BreakdownRow>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn breakdown(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<Vec<BreakdownRow>>, ApiError> {
    let tenant = params.take("tenant")?;
    let by = params.take("by")?.unwrap_or_else(|| "provider".to_owned());
    let name_field = name_field(Dimensions::default().parse("by", &by)?)?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        group_by: vec![by],
        metrics: ["tokens", "cost", "calls", "errors"].map(str::to_owned).into(),
        top: Some(MAX_TOP),
        ..UsageQueryInput::default()
    };
    params.finish()?;
    let reply = state.app.query_usage(&caller, tenant.as_deref(), input).await?;
    let all_tokens = reply.current.total.totals.token_usage().total();
    let rows = reply.current.groups.into_iter().map(|group| {
        let totals = &group.total.totals;
        let tokens = totals.token_usage().total();
        let name = match group.key.into_iter().next().flatten() {
            _ if group.other => "Other".to_owned(),
            Some(name) => name,
            None => "(none)".to_owned(),
        };
        let share = percentage(tokens.cast_signed(), all_tokens.cast_signed()).unwrap_or(0.0);
        let mut row = Map::new();
        row.insert(name_field.to_owned(), json!(name));
        row.insert("tokens".to_owned(), json!(tokens));
        row.insert("cost".to_owned(), json!(totals.cost.to_usd_f64()));
        row.insert("calls".to_owned(), json!(totals.calls));
        row.insert("errors".to_owned(), json!(totals.errors));
        row.insert("errorRate".to_owned(), json!(percentage(totals.errors, totals.calls)));
        row.insert("unpricedCalls".to_owned(), json!(totals.unpriced_calls));
        row.insert("percentage".to_owned(), json!(share));
        BreakdownRow(row)
    });
    Ok(Json(rows.collect()))
}

fn name_field(dimension: Dimension) -> Result<&'static str, Invalid> {
    Ok(match dimension {
        Dimension::Provider => "providerName",
        Dimension::Project => "projectName",
        Dimension::Model => "modelName",
        Dimension::User => "userName",
        Dimension::ApiKey => "apiKeyName",
        Dimension::Agent => "agentName",
        Dimension::Department => "departmentName",
        Dimension::Country => "countryName",
        Dimension::Status => "statusName",
        Dimension::Operation => "operationName",
        Dimension::ServiceTier => "serviceTierName",
        Dimension::Property(_) => {
            return Err(Invalid::new("by", "by takes a built-in dimension; usage/query takes declared ones"));
        }
    })
}
