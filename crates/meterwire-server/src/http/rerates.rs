//! `/api/v1/prices/rerate`: usage that was recorded is rated anew, after the difference was shown.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::{RerateState, Rerating};
use meterwire_app::{RerateAnswer, RerateWish};
use meterwire_core::invalid::Invalid;
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use meterwire_core::rerate::{ModelRerate, RerateDifference, RerateScope, RerateSums};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which usage to rate anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RerateFromApi {
    /// First date or instant.
    #[schema(example = "2026-11-01")]
    from: String,
    /// First date or instant after it.
    #[schema(example = "2026-12-01")]
    to: String,
    /// IANA zone of dates; the tenant's where it is absent.
    tz: Option<String>,
    /// Only events of this provider.
    provider: Option<String>,
    /// Only events of this model, as events name it.
    model: Option<String>,
    /// `all` (default), or `unpriced`: only events whose model had no price.
    #[schema(example = "all")]
    only: Option<String>,
    /// true (default) shows the difference and changes nothing; false begins, and needs `basis`.
    dry_run: Option<bool>,
    /// Of the difference that was shown.
    basis: Option<String>,
}

/// Sums over events before and after. Money is exact US dollars.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerateSumsToApi {
    /// Events that are looked at. Those whose cost was sent (`cost_usd`) are never rated anew and in none of these.
    events: i64,
    /// Those that come to another cost, or to their cost by another price.
    changed: i64,
    /// Those without a price before.
    unpriced_before: i64,
    /// And after.
    unpriced_after: i64,
    /// What they cost before.
    #[schema(example = "12.5")]
    cost_before: String,
    /// And after.
    #[schema(example = "10.25")]
    cost_after: String,
    /// By how much totals change, negative where less.
    #[schema(example = "-2.25")]
    difference: String,
}

/// The sums of one model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelRerateToApi {
    /// Who sold it.
    provider: Option<String>,
    /// Its name, as events name it.
    model: Option<String>,
    #[serde(flatten)]
    sums: RerateSumsToApi,
}

/// What rating anew changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerateDifferenceToApi {
    #[serde(flatten)]
    sums: RerateSumsToApi,
    /// Events of the range whose cost was sent: left as they are.
    given: i64,
    /// By model, the largest difference first.
    by_model: Vec<ModelRerateToApi>,
    /// Names of the closed periods in which something changes; the difference becomes their adjustment.
    closings: Vec<String>,
    /// Ids of the budgets that take in something that changes.
    budgets: Vec<String>,
}

/// Which usage, as it was understood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerateScopeToApi {
    /// First instant.
    from: String,
    /// First instant after it.
    to: String,
    /// Only events of this provider.
    provider: Option<String>,
    /// Only events of this model.
    model: Option<String>,
    /// `all` or `unpriced`.
    #[schema(example = "all")]
    only: &'static str,
}

/// What rating anew would change, before anything is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerateAnswerToApi {
    #[serde(flatten)]
    scope: RerateScopeToApi,
    /// Zone in which dates were read.
    tz: String,
    #[serde(flatten)]
    difference: RerateDifferenceToApi,
    /// Stands for exactly this difference; send it back with `dry_run: false` to begin.
    basis: String,
}

/// A re-rating.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RerateToApi {
    /// Its id; the audit log names it.
    id: String,
    /// `running`, `done`, or `failed`: given up; what was rated anew until then stays so.
    #[schema(example = "running")]
    state: &'static str,
    /// Events that were looked at.
    done: i64,
    /// Of so many.
    total: i64,
    /// Those that are rated anew.
    changed: i64,
    /// By how many US dollars, exact, the totals have changed so far.
    #[schema(example = "-2.25")]
    difference: String,
    /// By how many events the number of those without a price has changed so far.
    unpriced_difference: i64,
    #[serde(flatten)]
    scope: RerateScopeToApi,
    /// When it was begun.
    created_at: String,
    /// By whom, as the audit log calls it.
    created_by: String,
    /// When it ended; null while it is running.
    ended_at: Option<String>,
    /// Why it was given up.
    error: Option<String>,
    /// The difference that was shown before it began.
    expected: RerateDifferenceToApi,
}

impl RerateFromApi {
    fn into_wish(self) -> Result<RerateWish, Invalid> {
        let only_unpriced = match self.only.as_deref() {
            None | Some("all") => false,
            Some("unpriced") => true,
            Some(_) => return Err(Invalid::new("only", "only must be all or unpriced")),
        };
        let Self { from, to, tz, provider, model, .. } = self;
        Ok(RerateWish { from, to, tz, provider, model, only_unpriced })
    }
}

fn sums_to_api(sums: &RerateSums) -> RerateSumsToApi {
    RerateSumsToApi {
        events: sums.events,
        changed: sums.changed,
        unpriced_before: sums.unpriced_before,
        unpriced_after: sums.unpriced_after,
        cost_before: CostNanos(sums.cost_before).to_string(),
        cost_after: CostNanos(sums.cost_after).to_string(),
        difference: sums.difference().to_string(),
    }
}

fn difference_to_api(difference: RerateDifference) -> RerateDifferenceToApi {
    let model = |ModelRerate { provider, model, sums }| {
        let sums = sums_to_api(&sums);
        ModelRerateToApi { provider, model, sums }
    };
    RerateDifferenceToApi {
        sums: sums_to_api(&difference.total),
        given: difference.given,
        by_model: difference.by_model.into_iter().map(model).collect(),
        closings: difference.closings,
        budgets: difference.budgets,
    }
}

fn scope_to_api(scope: RerateScope) -> RerateScopeToApi {
    RerateScopeToApi {
        from: rfc3339(scope.range.from_ms),
        to: rfc3339(scope.range.to_ms),
        provider: scope.provider,
        model: scope.model,
        only: if scope.only_unpriced { "unpriced" } else { "all" },
    }
}

/// The answer in the caller's shape.
pub(crate) fn answer_to_api(answer: RerateAnswer) -> RerateAnswerToApi {
    RerateAnswerToApi {
        scope: scope_to_api(answer.scope),
        tz: answer.tz,
        difference: difference_to_api(answer.difference),
        basis: answer.basis,
    }
}

fn to_api(rerating: Rerating) -> RerateToApi {
    RerateToApi {
        id: rerating.id,
        state: match rerating.state {
            RerateState::Running => "running",
            RerateState::Done => "done",
            RerateState::Failed => "failed",
        },
        done: rerating.done.events,
        total: rerating.expected.total.events,
        changed: rerating.done.changed,
        difference: CostNanos(rerating.done.cost_change).to_string(),
        unpriced_difference: rerating.done.unpriced_change,
        scope: scope_to_api(rerating.scope),
        created_at: rfc3339(rerating.at_ms),
        created_by: rerating.by,
        ended_at: rerating.ended_ms.map(rfc3339),
        error: rerating.error,
        expected: difference_to_api(rerating.expected),
    }
}

/// Rate recorded usage anew.
///
/// An event keeps the price that it was rated with. This is the one way to another: every event of the range is rated by the
/// prices of now, as if it were recorded now, but for those whose cost was sent. First, and by default, the difference is
/// shown and nothing changes; a range has at most 2,000,000 events and 1,000 models. With `dry_run: false` and the `basis`
/// of the difference it begins, and goes on by itself in short steps, over restarts too: by the prices and over the events
/// of the basis, whatever comes meanwhile. Totals, limits, budgets and adjustments of closed periods move with each step.
/// Where something else would change by now, the answer is 409 `rerate_changed` with the new difference in
/// `detail.difference`. A tenant has one at a time; another is 409. Begin and end are in the audit log.
#[utoipa::path(post, path = "/api/v1/prices/rerate", operation_id = "rerate", tag = "Prices", request_body = RerateFromApi,
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, description = "The difference; nothing was changed", body = RerateAnswerToApi),
        (status = 202, description = "It has begun", body = RerateToApi),
        (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn rerate(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(wish): JsonBody<RerateFromApi>,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let (dry_run, basis) = (wish.dry_run.unwrap_or(true), wish.basis.clone());
    let wish = wish.into_wish()?;
    let tenant = tenant.as_deref();
    match (dry_run, basis) {
        (true, None) => {
            let answer = state.app.rerate_difference(&caller, tenant, wish).await?;
            Ok(Json(answer_to_api(answer)).into_response())
        }
        (true, Some(_)) => Err(Invalid::new("basis", "basis is for dry_run: false").into()),
        (false, Some(basis)) => {
            let rerating = state.app.rerate(&caller, tenant, wish, &basis).await?;
            Ok((StatusCode::ACCEPTED, Json(to_api(rerating))).into_response())
        }
        (false, None) => {
            // Who may not do it learns that first.
            caller.require(meterwire_app::Access::Own)?;
            let sentence = "basis must be that of a difference that was shown (dry_run: true)";
            Err(Invalid::new("basis", sentence).into())
        }
    }
}

/// List re-ratings, the latest first.
#[utoipa::path(get, path = "/api/v1/prices/rerates", operation_id = "list_rerates", tag = "Prices",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<RerateToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<RerateToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let page = state.app.list_reratings(&caller, tenant.as_deref(), page).await?;
    Ok(Json(ListReply::from_page(page, to_api)))
}

/// Read a re-rating: how far it is, and what it has changed.
#[utoipa::path(get, path = "/api/v1/prices/rerates/{id}", operation_id = "read_rerate", tag = "Prices",
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = RerateToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<RerateToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_rerating(&caller, tenant.as_deref(), &id).await?)))
}
