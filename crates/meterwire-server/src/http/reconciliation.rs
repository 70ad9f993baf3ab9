//! `GET /api/v1/reconciliation`: the providers' reports beside our own events.

use crate::export::reconciliation_csv;
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use meterwire_app::{ReconcileQuery, ReconciledRow, Reconciliation, long_work};
use meterwire_core::invalid::Invalid;
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use meterwire_core::provider_report::{CauseKind, Side};
use serde::Serialize;
use utoipa::ToSchema;

/// The providers' reports beside our events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReconciliationReply {
    /// The zone of our days. A provider's day is the UTC day of the same date; `zone_edge` is what that makes.
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
    /// When this was put together.
    as_of: String,
    /// A row a day, provider and model that either side knows, by day.
    rows: Vec<RowToApi>,
    /// The sums of the rows.
    total: TotalToApi,
    /// What we counted of providers that are not connected, so that nothing stands beside it. It is in no row and no sum.
    not_compared: Vec<NotComparedToApi>,
}

/// One day and model.
#[derive(Debug, Serialize, ToSchema)]
struct RowToApi {
    /// The date.
    #[schema(example = "2026-11-16")]
    day: String,
    /// `openai` or `anthropic`.
    provider_name: &'static str,
    /// The model by the price book's name, else as it was named; a cost that no model made by the provider's line item.
    model: String,
    /// What the provider says.
    provider: SideToApi,
    /// What we counted.
    metered: SideToApi,
    /// The provider's less ours.
    difference: SideToApi,
    /// Why the costs differ. They add up to the difference exactly.
    causes: Vec<CauseToApi>,
    /// When the provider last changed this day after it had been over; null where it never did.
    revised_at: Option<String>,
}

/// One side, or the difference of both.
#[derive(Debug, Serialize, ToSchema)]
struct SideToApi {
    /// Requests; null where the provider does not tell them (Anthropic).
    requests: Option<i64>,
    /// Input tokens, cached ones too.
    input_tokens: i64,
    /// Output tokens, reasoning too.
    output_tokens: i64,
    /// US dollars.
    #[schema(example = "12.345678")]
    cost_usd: String,
}

/// One cause of a difference.
#[derive(Debug, Serialize, ToSchema)]
struct CauseToApi {
    /// `zone_edge`: the provider's day ends at midnight UTC. `no_report`: no report of the day was ever read from the provider,
    /// since its connection has not worked yet or reaches back less far. `late_report`: not all of it is reported yet.
    /// `unknown_key`: used with an API key that none of our events names. `unpriced_model`: our events have no price.
    /// `missing_events`: the provider counted what we have no event of. `extra_events`: we have events that it did not count.
    /// `price_difference`: the same usage at another price. `rounding`: sums of rounded costs. `unexplained`: the rest.
    #[schema(example = "price_difference")]
    kind: &'static str,
    /// Its part of the difference, US dollars.
    cost_usd: String,
    /// The figures behind it.
    detail: String,
}

/// Sums of the rows.
#[derive(Debug, Serialize, ToSchema)]
struct TotalToApi {
    /// What the providers say.
    provider: SideToApi,
    /// What we counted.
    metered: SideToApi,
    /// The providers' less ours.
    difference: SideToApi,
    /// The causes of all rows; they add up to the difference exactly.
    causes: Vec<CauseSumToApi>,
}

/// One kind of cause over all rows.
#[derive(Debug, Serialize, ToSchema)]
struct CauseSumToApi {
    /// Which.
    kind: &'static str,
    /// Its part of the difference, US dollars.
    cost_usd: String,
}

/// A provider that is not connected.
#[derive(Debug, Serialize, ToSchema)]
struct NotComparedToApi {
    /// As the price book calls it.
    provider_name: String,
    /// What we counted.
    metered: SideToApi,
}

fn side_to_api(side: &Side) -> SideToApi {
    SideToApi {
        requests: side.requests,
        input_tokens: side.input(),
        output_tokens: side.output(),
        cost_usd: side.cost.to_string(),
    }
}

fn row_to_api(row: ReconciledRow) -> RowToApi {
    let causes = row.causes.into_iter().map(|cause| CauseToApi {
        kind: cause.kind.name(),
        cost_usd: cause.cost.to_string(),
        detail: cause.detail,
    });
    RowToApi {
        day: row.date,
        provider_name: row.provider.name(),
        model: row.model,
        provider: side_to_api(&row.seen.provider),
        metered: side_to_api(&row.seen.metered),
        difference: side_to_api(&row.seen.provider.less(&row.seen.metered)),
        causes: causes.collect(),
        revised_at: row.revised_ms.map(rfc3339),
    }
}

fn to_api(found: Reconciliation) -> ReconciliationReply {
    let sum = |(kind, cost): (CauseKind, CostNanos)| CauseSumToApi {
        kind: kind.name(),
        cost_usd: cost.to_string(),
    };
    ReconciliationReply {
        tz: found.tz,
        from: rfc3339(found.range.from_ms),
        to: rfc3339(found.range.to_ms),
        as_of: rfc3339(found.as_of_ms),
        total: TotalToApi {
            provider: side_to_api(&found.provider),
            metered: side_to_api(&found.metered),
            difference: side_to_api(&found.provider.less(&found.metered)),
            causes: found.causes.into_iter().map(sum).collect(),
        },
        rows: found.rows.into_iter().map(row_to_api).collect(),
        not_compared: found
            .not_compared
            .into_iter()
            .map(|other| NotComparedToApi {
                provider_name: other.provider,
                metered: side_to_api(&other.metered),
            })
            .collect(),
    }
}

/// Set the providers' reports beside our own events, day by model, and name the causes of each difference.
///
/// Costs are what the providers' cost reports say, tokens and requests what their usage reports say. Our side is every event
/// of the providers that are connected. The range must be whole days, at most 400, and defaults to this month. `format=csv`
/// gives the same as a file, a column a cause. A member that is confined to one user is refused (403).
#[utoipa::path(get, path = "/api/v1/reconciliation", operation_id = "reconciliation", tag = "Providers",
    params(("range" = Option<String>, Query, description = "Named range; default this_month"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query),
        ("tz" = Option<String>, Query, description = "IANA zone of our days; default the tenant's"),
        ("provider" = Option<String>, Query, description = "Only `openai` or `anthropic`"),
        ("format" = Option<String>, Query, description = "json csv; default json"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, description = "The rows",
            content((ReconciliationReply = "application/json"), (String = "text/csv"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    let as_csv = match params.take("format")?.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Invalid::new("format", "format must be one of json, csv").into()),
    };
    let query = ReconcileQuery {
        range: params.take_range()?,
        tz: params.take("tz")?,
        provider: params.take("provider")?,
    };
    params.finish()?;
    let found = state.app.reconcile(&caller, tenant.as_deref(), query).await?;
    if !as_csv {
        return Ok(Json(to_api(found)).into_response());
    }
    let name = format!("{}-reconciliation-{}.csv", found.tenant, &rfc3339(found.range.from_ms)[..10]);
    let bytes = long_work(found.rows.len() * 200, || reconciliation_csv(&found));
    let bytes = bytes.map_err(|error| ApiError::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}
