//! Reservations: an amount is held before the work and settled with what it really took.

use super::headers;
use super::over_budget::{OverBudgetBody, add_retry, used_for};
use super::wire::{LimitExceededBody, RefusalBody, amount_or_one};
use crate::http::amounts::{AmountFromApi, AmountToApi};
use crate::http::auth::Authed;
use crate::http::body::{JsonBody, MaybeJsonBody, object};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::events::wire::EventFromApi;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::Reserved;
use meterwire_app::{CommitWith, Reserve};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{MetricName, Reservation, Standing};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to hold: a `metric` with its `amount`, or money as `cost_usd`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReserveFromApi {
    /// The metric.
    #[schema(example = "compute_hours")]
    metric: Option<String>,
    /// How much of it; 1 where it is absent.
    amount: Option<AmountFromApi>,
    /// Dollars, instead of a metric.
    cost_usd: Option<AmountFromApi>,
    /// The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
    /// `other_project`). With the model, the API key and the department, hard budgets
    /// are found by it.
    #[schema(example = "support-bot")]
    project: Option<String>,
    /// The model it is for. Hard budgets refuse one without a price unless they allow it.
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// Your own name for the API key it is for.
    api_key: Option<String>,
    /// The department it is for; the project's where it is absent.
    department: Option<String>,
    /// How long, 1 to 86,400 seconds; 600 where it is absent. Then it gives itself back.
    #[schema(example = 600)]
    ttl_seconds: Option<u32>,
    /// Whose usage; a member's own where it is absent, else it must be named.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// 1 to 256 bytes: sent again with the same request within 48 hours, it gets the same answer and holds once.
    idempotency_key: Option<String>,
}

/// With what to settle: an `amount`, a `cost_usd`, an `event` that is recorded with it, or nothing for what was held.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitFromApi {
    /// What was really used.
    amount: Option<AmountFromApi>,
    /// What it really cost, where money is held.
    cost_usd: Option<AmountFromApi>,
    /// What happened; recorded in the same step.
    #[serde(default, deserialize_with = "object")]
    event: Option<Box<EventFromApi>>,
}

/// A reservation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReservationToApi {
    /// UUID.
    id: String,
    /// `held`, `committed`, `released` or `expired`.
    #[schema(example = "held")]
    status: &'static str,
    /// Whose it is.
    #[schema(example = "u-42")]
    user: String,
    /// What it holds.
    #[schema(example = "compute_hours")]
    metric: String,
    /// How much it holds, or held.
    amount: AmountToApi,
    /// The same in dollars, where money is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_usd: Option<String>,
    /// The project it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    /// The model it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// When it was made.
    created_at: String,
    /// When it gives itself back.
    expires_at: String,
    /// When it was settled.
    settled_at: Option<String>,
    /// What was really used; null unless committed.
    committed_amount: Option<AmountToApi>,
    /// Whether more was committed than held: all of it is recorded.
    over_hold: bool,
    /// Whether it was committed after it had expired: recorded all the same.
    after_expiry: bool,
    /// The user's tier.
    #[schema(example = "free")]
    tier: String,
    /// Used and held now; null where the tenant does not count the metric.
    current: Option<AmountToApi>,
    /// How much of `current` reservations hold.
    held: Option<AmountToApi>,
    /// The limit; null is unlimited.
    limit: Option<AmountToApi>,
    /// What is left; null is unlimited.
    remaining: Option<AmountToApi>,
    /// Whether `current` is above the limit.
    exceeded: bool,
    /// When the window ends; null for a level.
    resets_at: Option<String>,
}

fn to_api(reservation: Reservation) -> ReservationToApi {
    let over_hold = reservation.is_over_hold();
    let metric = reservation.metric;
    let amount = |units| AmountToApi::new(&metric, units);
    let standing = reservation.standing.as_ref();
    let cost = metric.is_cost().then(|| metric.format(meterwire_core::amount::Amount(reservation.amount)));
    ReservationToApi {
        id: reservation.id,
        status: reservation.status.name(),
        user: reservation.user,
        metric: metric.as_str().to_owned(),
        amount: amount(reservation.amount),
        cost_usd: cost,
        project: reservation.project,
        model: reservation.model,
        created_at: rfc3339(reservation.created_ms),
        expires_at: rfc3339(reservation.expires_ms),
        settled_at: reservation.settled_ms.map(rfc3339),
        committed_amount: reservation.committed.map(amount),
        over_hold,
        after_expiry: reservation.after_expiry,
        tier: reservation.tier,
        current: standing.map(|standing| amount(standing.current)),
        held: standing.map(|standing| amount(standing.held)),
        limit: standing.and_then(|standing| standing.limit).map(amount),
        remaining: standing.and_then(Standing::remaining).map(amount),
        exceeded: standing.is_some_and(Standing::is_exceeded),
        resets_at: standing.and_then(|standing| standing.resets_ms).map(rfc3339),
    }
}

impl ReserveFromApi {
    fn into_reserve(self) -> Result<Reserve, Invalid> {
        let (metric, amount) = match (self.metric, self.cost_usd) {
            (Some(name), None) => {
                let metric = MetricName::parse("metric", &name)?;
                let amount = amount_or_one(&metric, self.amount.as_ref())?;
                (metric, amount)
            }
            (None, Some(_)) if self.amount.is_some() => {
                return Err(Invalid::new("amount", "give either amount or cost_usd, not both"));
            }
            (None, Some(cost)) => {
                let metric = MetricName::cost();
                let amount = cost.parse("cost_usd", &metric)?;
                (metric, amount)
            }
            (None, None) => {
                return Err(Invalid::new("metric", "metric is missing: name what to hold, or give cost_usd"));
            }
            (Some(_), Some(_)) => {
                return Err(Invalid::new("cost_usd", "give either metric or cost_usd, not both"));
            }
        };
        Ok(Reserve {
            user: self.user,
            metric,
            amount,
            ttl_seconds: self.ttl_seconds,
            used_for: used_for(self.project, self.model, self.api_key, self.department),
            idempotency_key: self.idempotency_key,
        })
    }
}

impl CommitFromApi {
    fn into_commit(self) -> Result<CommitWith, Invalid> {
        let named = |field, raw: AmountFromApi| CommitWith::Amount { field, json: raw.0.get().to_owned() };
        match (self.amount, self.cost_usd, self.event) {
            (None, None, None) => Ok(CommitWith::Held),
            (Some(amount), None, None) => Ok(named("amount", amount)),
            (None, Some(cost), None) => Ok(named("cost_usd", cost)),
            (None, None, Some(event)) => {
                if event.tenant.is_some() {
                    return Err(Invalid::new("event.tenant", "the tenant is that of the reservation"));
                }
                let inside =
                    |invalid: Invalid| Invalid { field: format!("event.{}", invalid.field), ..invalid };
                Ok(CommitWith::Event(Box::new(event.into_event().map_err(inside)?)))
            }
            _ => Err(Invalid::new("amount", "give one of amount, cost_usd and event")),
        }
    }
}

/// Hold an amount.
///
/// It counts against the limit, and money against hard budgets too, until it is committed with what was really used, released, or its time is over.
#[utoipa::path(post, path = "/api/usage/reservations", operation_id = "create_reservation", tag = "Limits",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same as `idempotency_key` in the body"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = ReserveFromApi,
    responses((status = 201, body = ReservationToApi),
        (status = 429, description = "Refused by a limit, or by a hard budget; nothing is held", body = RefusalBody),
        (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    sent_headers: HeaderMap,
    JsonBody(sent): JsonBody<ReserveFromApi>,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let mut reserve = sent.into_reserve()?;
    reserve.idempotency_key = headers::idempotency_key(&sent_headers, reserve.idempotency_key)?;
    let (reserved, replayed) = state.app.reserve(&caller, tenant.as_deref(), reserve).await?;
    let (mut head, now_ms) = (HeaderMap::new(), state.app.now_ms());
    let (standing, refused) = match &reserved {
        Reserved::Held(reservation) => (reservation.standing.as_ref(), false),
        Reserved::Refused { standing, .. } => (Some(standing), true),
        Reserved::OverBudget { standing, .. } => (standing.as_ref(), false),
    };
    if let Some(standing) = standing {
        headers::add(&mut head, standing, refused, now_ms);
    }
    if let Reserved::OverBudget { refusal, .. } = &reserved {
        add_retry(&mut head, refusal, now_ms);
    }
    if replayed {
        headers::mark_replayed(&mut head);
    }
    match reserved {
        Reserved::Held(reservation) => {
            Ok((StatusCode::CREATED, head, Json(to_api(reservation))).into_response())
        }
        Reserved::Refused { standing, tier } => {
            let body = LimitExceededBody::of(&standing, &tier);
            Ok((StatusCode::TOO_MANY_REQUESTS, head, Json(body)).into_response())
        }
        Reserved::OverBudget { refusal, .. } => {
            let body = OverBudgetBody::of(&refusal);
            Ok((StatusCode::TOO_MANY_REQUESTS, head, Json(body)).into_response())
        }
    }
}

/// Read a reservation.
#[utoipa::path(get, path = "/api/usage/reservations/{id}", operation_id = "read_reservation", tag = "Limits",
    params(("id" = String, Path), ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ReservationToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ReservationToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_reservation(&caller, tenant.as_deref(), &id).await?)))
}

/// Commit a reservation.
///
/// With what was really used: more than was held is recorded all the same and marked `over_hold`, and so is what comes
/// after it expired (`after_expiry`). The same commit again gets the same answer.
#[utoipa::path(post, path = "/api/usage/reservations/{id}/commit", operation_id = "commit_reservation", tag = "Limits",
    params(("id" = String, Path), ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = CommitFromApi,
    responses((status = 200, description = "Recorded: it is on disk and in every total", body = ReservationToApi),
        (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn commit(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    MaybeJsonBody(sent): MaybeJsonBody<CommitFromApi>,
) -> Result<Json<ReservationToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let committed =
        state.app.commit_reservation(&caller, tenant.as_deref(), &id, sent.into_commit()?).await?;
    Ok(Json(to_api(committed)))
}

/// Release a reservation.
///
/// What it holds is given back. Doing it twice is fine.
#[utoipa::path(delete, path = "/api/usage/reservations/{id}", operation_id = "release_reservation", tag = "Limits",
    params(("id" = String, Path), ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ReservationToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn release(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ReservationToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.release_reservation(&caller, tenant.as_deref(), &id).await?)))
}
