//! R4: where a user stands, and decisions. Reservations are in `reservations`.

mod array;
mod headers;
mod over_budget;
pub(crate) mod reservations;
mod wire;

use crate::http::amounts::AmountToApi;
use crate::http::auth::Authed;
use crate::http::body::{
    JsonBody, LARGE_BODY_BYTES, MAX_BODY_BYTES, elements, media_type, must_be_object, parse_json, read,
    unpack,
};
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use array::{DecisionsToApi, ItemToApi};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::DecisionKind;
use meterwire_app::{AppError, Caller, Decide, DecideItem, long_work};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Calendar, DAY_MS, Decision, MAX_DECISIONS, day_label};
use meterwire_core::period::rfc3339;
use over_budget::OverBudgetBody;
use serde_json::value::RawValue;
use std::sync::Arc;
use wire::{
    AnyDecideFromApi, AnyDecisionToApi, CheckFromApi, DecideFromApi, DecisionToApi, LimitExceededBody,
    ManyToApi, RefusalBody, StandingToApi, StatusToApi,
};

/// Where a user stands.
///
/// Every metric of the tenant with what was used and held in its present window, the limit and what is left.
#[utoipa::path(get, path = "/api/usage/status", operation_id = "limit_status", tag = "Limits",
    params(("user" = Option<String>, Query, description = "Whose; a member's own, else it must be named"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = StatusToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn status(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<StatusToApi>, ApiError> {
    let (tenant, user) = (params.take("tenant")?, params.take("user")?);
    params.finish()?;
    let (user, standing) = state.app.limit_status(&caller, tenant.as_deref(), user).await?;
    let day = Calendar::Utc.day_of(state.app.now_ms());
    let metrics = standing
        .standings
        .iter()
        .map(|standing| (standing.metric.as_str().to_owned(), StandingToApi::of(standing)));
    Ok(Json(StatusToApi {
        user,
        tier: standing.tier,
        date: day_label(day),
        resets_at: rfc3339((i64::from(day) + 1) * DAY_MS),
        metrics: metrics.collect(),
    }))
}

/// Check a limit.
///
/// Tells what `consume` would answer, and changes nothing. Between the check and what follows others may be quicker:
/// `consume` and reservations check and record in one step. Hard budgets are asked too: of the tenant, of its user, and of
/// the project, model, API key and department that are named.
#[utoipa::path(post, path = "/api/usage/check-limit", operation_id = "check_limit", tag = "Limits",
    params(("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = CheckFromApi,
    responses((status = 200, body = DecisionToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn check(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(sent): JsonBody<CheckFromApi>,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let ((metric, amount), user, used_for) = sent.into_parts()?;
    let decision = state.app.check_limit(&caller, tenant.as_deref(), user, &metric, amount, used_for).await?;
    let mut headers = headers::of_decision(&decision, state.app.now_ms());
    // Nothing was refused; it was only asked.
    headers.remove(header::RETRY_AFTER);
    Ok((headers, Json(DecisionToApi::of(&decision, AmountToApi::new(&metric, amount.0)))).into_response())
}

/// Record usage without a limit.
///
/// Records and never refuses. One metric, or several under `metrics`, or an array of such requests.
#[utoipa::path(post, path = "/api/usage/increment", operation_id = "increment_usage", tag = "Limits",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same as `idempotency_key` in the body"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = AnyDecideFromApi,
    responses((status = 200, description = "Recorded: it is on disk and in every total", body = AnyDecisionToApi),
        (status = "default", description = "Not recorded", body = ErrorBody)))]
pub(crate) async fn increment(
    state: State<AppState>,
    Authed(caller): Authed,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    decide(state, caller, params, headers, body, DecisionKind::Increment).await
}

/// Check a limit and record usage, in one step.
///
/// One metric; several under `metrics`, all or nothing; or an array of such requests (1 to 10,000), each with a verdict of
/// its own. A limit is never passed, however many ask at once. Nor is a hard budget, where the request names money
/// (`cost_usd`); other metrics are refused once nothing is left of it (`budget_exceeded`), and a model without a price is
/// refused by a hard budget that does not allow it (`unpriced_model`).
#[utoipa::path(post, path = "/api/usage/consume", operation_id = "consume_usage", tag = "Limits",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same as `idempotency_key` in the body"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    request_body = AnyDecideFromApi,
    responses((status = 200, description = "Allowed and recorded: it is on disk and in every total", body = AnyDecisionToApi),
        (status = 429, description = "Refused by a limit, or by a hard budget; nothing was recorded", body = RefusalBody),
        (status = "default", description = "Not recorded", body = ErrorBody)))]
pub(crate) async fn consume(
    state: State<AppState>,
    Authed(caller): Authed,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    decide(state, caller, params, headers, body, DecisionKind::Consume).await
}

async fn decide(
    State(state): State<AppState>,
    caller: Arc<Caller>,
    mut params: Params,
    headers: HeaderMap,
    body: Body,
    kind: DecisionKind,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    if media_type(&headers) != "application/json" {
        return Err(ApiError::UnsupportedMedia("the body must be application/json".into()));
    }
    let bytes = read(body, MAX_BODY_BYTES).await?;
    let wish = if bytes.len() > LARGE_BODY_BYTES {
        let read = tokio::task::spawn_blocking(move || read_wish(&headers, bytes)).await;
        read.map_err(|error| ApiError::Internal(error.into()))??
    } else {
        read_wish(&headers, bytes)?
    };
    match wish {
        Wish::One(decide) => {
            let amounts = decide.amounts.clone();
            let several = decide.several;
            let decided = state.app.decide(&caller, tenant.as_deref(), kind, decide.into()).await;
            let decision = decided.map_err(|error| in_field(error, several))?;
            let now_ms = state.app.now_ms();
            Ok(answer_one(&decision, &amounts, several, now_ms))
        }
        Wish::Each(items) => {
            let amounts: Vec<_> = items.iter().map(Read::of).collect();
            let items: Vec<DecideItem> = items.into_iter().map(|item| item.map(Decide::from)).collect();
            let decisions = state.app.decide_each(&caller, tenant.as_deref(), kind, items).await?;
            let answers = decisions.into_iter().zip(amounts);
            let count = answers.len();
            Ok(long_work(count, || {
                let results = answers.map(|(decision, read)| read.answer(decision));
                Json(DecisionsToApi::of(results.collect())).into_response()
            }))
        }
    }
}

/// One request, or an array of them.
enum Wish {
    One(wire::ReadDecide),
    Each(Vec<Result<wire::ReadDecide, Invalid>>),
}

/// What is needed of one request of an array to write its answer.
struct Read {
    amounts: Vec<wire::NamedAmount>,
    several: bool,
}

impl Read {
    fn of(item: &Result<wire::ReadDecide, Invalid>) -> Self {
        match item {
            Ok(read) => Self { amounts: read.amounts.clone(), several: read.several },
            Err(_) => Self { amounts: Vec::new(), several: false },
        }
    }

    fn answer(self, decision: Result<Decision, AppError>) -> ItemToApi {
        match decision {
            Ok(decision) => match (&decision.refused, &decision.over_budget) {
                (Some(standing), _) => ItemToApi::refused(standing, &decision.tier),
                (None, Some(refusal)) => ItemToApi::over_budget(refusal),
                (None, None) if self.several => ItemToApi::many(ManyToApi::of(&decision)),
                (None, None) => ItemToApi::one(DecisionToApi::of_first(&decision, &self.amounts)),
            },
            Err(error) => ItemToApi::failed(in_field(error, self.several).into()),
        }
    }
}

/// What is wrong with a metric or an amount is wrong under `metrics` where they came so.
fn in_field(error: AppError, several: bool) -> AppError {
    match error {
        AppError::Invalid(invalid) if several && matches!(&*invalid.field, "metric" | "amount") => {
            AppError::Invalid(Invalid { field: "metrics".to_owned(), ..invalid })
        }
        other => other,
    }
}

fn read_wish(headers: &HeaderMap, bytes: Bytes) -> Result<Wish, ApiError> {
    let bytes = unpack(headers, bytes, MAX_BODY_BYTES)?;
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        let one: DecideFromApi = parse_json(&bytes)?;
        let mut read = one.read()?;
        read.idempotency_key = headers::idempotency_key(headers, read.idempotency_key)?;
        return Ok(Wish::One(read));
    }
    headers::refuse_key(headers)?;
    let Some(items) = elements(&bytes, MAX_DECISIONS)? else {
        return Err(ApiError::TooLarge(format!("a request may hold at most {MAX_DECISIONS} decisions")));
    };
    Ok(Wish::Each(items.into_iter().map(read_item).collect()))
}

/// One of an array: what cannot be read refuses only itself.
fn read_item(raw: &RawValue) -> Result<wire::ReadDecide, Invalid> {
    must_be_object(raw.get().as_bytes())?;
    if let Ok(item) = serde_json::from_str::<DecideFromApi>(raw.get()) {
        return item.read();
    }
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    let parsed: Result<DecideFromApi, _> = serde_path_to_error::deserialize(&mut deserializer);
    parsed.map_err(|error| crate::http::body::refused(error.path().to_string(), error.inner()))?.read()
}

fn answer_one(decision: &Decision, amounts: &[wire::NamedAmount], several: bool, now_ms: i64) -> Response {
    let headers = headers::of_decision(decision, now_ms);
    if let Some(standing) = &decision.refused {
        let body = LimitExceededBody::of(standing, &decision.tier);
        return (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response();
    }
    if let Some(refusal) = &decision.over_budget {
        let body = OverBudgetBody::of(refusal);
        return (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response();
    }
    if several {
        return (headers, Json(ManyToApi::of(decision))).into_response();
    }
    (headers, Json(DecisionToApi::of_first(decision, amounts))).into_response()
}
