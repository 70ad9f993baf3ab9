//! `/api/v1/closings`: months that are closed, their frozen statements, and what has come since.

use crate::export::{closed, file_of, pdf};
use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use meterwire_app::ports::{ChangeKind, Closing, ClosingChange, Page, StoreError, cursor_refused};
use meterwire_app::{Adjustment, AdjustmentRow, AppError, ClosedStatement, hex, long_work};
use meterwire_core::closing::{ClosingInput, StatementSums};
use meterwire_core::invalid::Invalid;
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use meterwire_core::totals::Totals;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Rows of an adjustment as JSON; all of them are in its CSV.
const MAX_ROWS: usize = 2_000;

/// A period to close: a month, or its first day and the first one after it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClosing {
    /// A calendar month that is over.
    #[schema(example = "2026-10")]
    month: Option<String>,
    /// Instead of a month: the first day.
    from: Option<String>,
    /// Instead of a month: the first day after it, at most 366 days later.
    to: Option<String>,
    /// IANA zone of its days; default the tenant's.
    timezone: Option<String>,
}

/// A closed period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClosingToApi {
    /// UUID.
    id: String,
    /// The month, or the first and the last day.
    #[schema(example = "2026-10")]
    name: String,
    /// Its first instant.
    from: String,
    /// The first instant after it.
    to: String,
    /// IANA zone of its days.
    timezone: String,
    /// When it was closed.
    closed_at: String,
    /// By whom, as the audit log calls it.
    closed_by: String,
    /// SHA-256 of the statement's bytes, hexadecimal.
    sha256: String,
    /// How many bytes the statement has.
    bytes: u64,
    /// Events of the statement.
    calls: i64,
    /// Those whose model has no price; they are not in the cost.
    unpriced_calls: i64,
    /// Cost of the statement, exact US dollars.
    #[schema(example = "12.345678")]
    cost_usd: String,
    /// What has come since.
    since: SinceToApi,
}

/// What has come since a period was closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SinceToApi {
    /// Late events, voids, and groups of events that were rated anew.
    changes: i64,
    /// By how many events today's total differs.
    calls: i64,
    /// By how many US dollars, exact, negative where less is known today.
    cost_usd: String,
}

fn to_api(closing: Closing) -> ClosingToApi {
    ClosingToApi {
        id: closing.id,
        name: closing.period.name,
        from: rfc3339(closing.period.range.from_ms),
        to: rfc3339(closing.period.range.to_ms),
        timezone: closing.period.timezone,
        closed_at: rfc3339(closing.closed_ms),
        closed_by: closing.closed_by,
        sha256: hex(&closing.sha256),
        bytes: closing.bytes,
        calls: closing.calls,
        unpriced_calls: closing.unpriced_calls,
        cost_usd: CostNanos(closing.cost_nanos).to_string(),
        since: SinceToApi {
            changes: closing.since.changes,
            calls: closing.since.calls,
            cost_usd: CostNanos(closing.since.cost_nanos).to_string(),
        },
    }
}

/// List closed periods, the latest first.
#[utoipa::path(get, path = "/api/v1/closings", operation_id = "list_closings", tag = "Closings",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ClosingToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<ClosingToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    // A tenant has few enough that all are read; a page is a part of them.
    let mut items = state.app.list_closings(&caller, tenant.as_deref()).await?;
    if let Some(after) = &page.after {
        let place = items.iter().position(|closing| closing.id == *after);
        items.drain(..=place.ok_or_else(cursor_refused)?);
    }
    let more = items.len() > page.limit;
    items.truncate(page.limit);
    let next = items.last().filter(|_| more).map(|closing| closing.id.clone());
    Ok(Json(ListReply::from_page(Page { items, next }, to_api)))
}

/// Close a month, or another period of whole days that is over.
///
/// Its statement is frozen: totals by day, provider, model, project and department, as exact decimals, in bytes that never
/// change again. Events that are received for the period later, and events of it that are voided later, are recorded as
/// ever; they appear in the adjustment beside the statement. Statement and adjustment together are today's totals, to the
/// last nano-dollar. A running period is 422, one that overlaps a closed one 409.
#[utoipa::path(post, path = "/api/v1/closings", operation_id = "create_closing", tag = "Closings", request_body = NewClosing, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = ClosingToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewClosing>,
) -> Result<(StatusCode, Json<ClosingToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let input = ClosingInput { month: new.month, from: new.from, to: new.to, timezone: new.timezone };
    let closing = state.app.close_period(&caller, tenant.as_deref(), input).await?;
    Ok((StatusCode::CREATED, Json(to_api(closing))))
}

/// Read one closed period.
#[utoipa::path(get, path = "/api/v1/closings/{id}", operation_id = "read_closing", tag = "Closings", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ClosingToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ClosingToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_closing(&caller, tenant.as_deref(), &id).await?)))
}

/// Open a closed period again: its statement and the list of changes are forgotten, the audit log keeps the statement's hash.
#[utoipa::path(delete, path = "/api/v1/closings/{id}", operation_id = "delete_closing", tag = "Closings", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Open again"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.reopen_period(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take the frozen statement.
///
/// `format=json` (default) is the frozen document itself, byte for byte: its SHA-256 is the one of the closing. Keys are
/// sorted and there are no spaces. `rows` are sorted by day, provider, model, project, department; each has `calls`,
/// `errors`, `unpriced_calls`, `tokens` by bucket (those of none left out) and `cost_usd`, an exact decimal. `format=csv`
/// and `format=pdf` are made of the frozen bytes and of nothing else.
#[utoipa::path(get, path = "/api/v1/closings/{id}/statement", operation_id = "read_closed_statement", tag = "Closings",
    params(("id" = String, Path), ("format" = Option<String>, Query, description = "json csv pdf; default json"), ("tenant" = Option<String>, Query)),
    responses((status = 200, description = "The file; its name stands in Content-Disposition",
            content((String = "application/json"), (String = "text/csv"), (Vec<u8> = "application/pdf"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn statement(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Response, ApiError> {
    let (tenant, format) = (params.take("tenant")?, params.take("format")?);
    params.finish()?;
    let extension = match format.as_deref() {
        None | Some("json") => "json",
        Some("csv") => "csv",
        Some("pdf") => "pdf",
        Some(_) => return Err(Invalid::new("format", "format must be one of json, csv, pdf").into()),
    };
    let statement = state.app.closed_statement(&caller, tenant.as_deref(), &id).await?;
    let _place =
        state.exports.take(statement.tenant.id).ok_or(ApiError::App(AppError::Store(StoreError::Busy)))?;
    let tag = format!("\"{}\"", hex(&statement.closing.sha256));
    let name = file_name(&statement.tenant.slug, "statement", &statement.closing, extension);
    let bytes = long_work(usize::MAX, || made(statement, extension))?;
    let mut response = file_of(Body::from(bytes), &name, media_type(extension));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

fn made(statement: ClosedStatement, extension: &str) -> Result<Vec<u8>, ApiError> {
    match extension {
        "csv" => closed::statement_csv(&statement.read()?).map_err(ApiError::Internal),
        "pdf" => pdf::statement(&statement.to_statement()?).map_err(ApiError::Internal),
        _ => Ok(statement.bytes),
    }
}

/// By how much today's totals differ from a statement.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdjustmentToApi {
    /// The closed period.
    closing: ClosingToApi,
    /// When this was asked for.
    as_of: String,
    /// What the whole statement comes to.
    statement: SumsToApi,
    /// What all changes since come to; negative where more was voided than came late.
    adjustment: SumsToApi,
    /// The two together: today's totals of the period.
    today: SumsToApi,
    /// Groups that differ, the largest difference of cost first; 2,000 at most.
    rows: Vec<AdjustmentRowToApi>,
    /// Groups that differ beyond those; `format=csv` has all.
    rows_left_out: usize,
}

/// One group that differs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdjustmentRowToApi {
    /// The calendar day in the statement's zone.
    day: String,
    provider: Option<String>,
    model: Option<String>,
    project: Option<String>,
    department: Option<String>,
    /// What the statement says of it.
    statement: SumsToApi,
    /// What has come since.
    adjustment: SumsToApi,
    /// The two together.
    today: SumsToApi,
}

/// Sums; in an adjustment they may be negative.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SumsToApi {
    /// Events.
    calls: i64,
    /// Events with a status of 400 or above.
    errors: i64,
    /// Events whose model has no price; they are not in the cost.
    unpriced_calls: i64,
    /// Tokens by bucket; those of none are left out.
    tokens: BTreeMap<String, i64>,
    /// Exact US dollars.
    cost_usd: String,
}

fn sums_to_api(totals: &Totals) -> SumsToApi {
    let StatementSums { calls, cost_usd, errors, tokens, unpriced_calls } = StatementSums::of(totals);
    SumsToApi { calls, errors, unpriced_calls, tokens, cost_usd }
}

fn both(frozen: &Totals, change: &Totals) -> SumsToApi {
    let mut today = frozen.clone();
    today.merge(change);
    sums_to_api(&today)
}

fn adjustment_to_api(adjustment: Adjustment) -> AdjustmentToApi {
    let left_out = adjustment.rows.len().saturating_sub(MAX_ROWS);
    AdjustmentToApi {
        as_of: rfc3339(adjustment.as_of_ms),
        statement: sums_to_api(&adjustment.frozen),
        adjustment: sums_to_api(&adjustment.change),
        today: both(&adjustment.frozen, &adjustment.change),
        closing: to_api(adjustment.closing),
        rows: adjustment.rows.into_iter().take(MAX_ROWS).map(row_to_api).collect(),
        rows_left_out: left_out,
    }
}

fn row_to_api(row: AdjustmentRow) -> AdjustmentRowToApi {
    let (statement, adjustment) = (sums_to_api(&row.frozen), sums_to_api(&row.change));
    let today = both(&row.frozen, &row.change);
    let mut key = row.key.into_iter();
    let mut value = || key.next().flatten();
    let (provider, model, project, department) = (value(), value(), value(), value());
    AdjustmentRowToApi { day: row.day, provider, model, project, department, statement, adjustment, today }
}

/// What has come since a period was closed, group by group.
///
/// Late events are added, voided ones taken away; a group whose changes come to nothing is left out. For every group and in
/// total, `statement` and `adjustment` add up to `today`, exactly. `format=csv` has every group.
#[utoipa::path(get, path = "/api/v1/closings/{id}/adjustment", operation_id = "read_adjustment", tag = "Closings",
    params(("id" = String, Path), ("format" = Option<String>, Query, description = "json csv; default json"), ("tenant" = Option<String>, Query)),
    responses((status = 200, description = "The adjustment", content((AdjustmentToApi = "application/json"), (String = "text/csv"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn adjustment(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Response, ApiError> {
    let (tenant, format) = (params.take("tenant")?, params.take("format")?);
    params.finish()?;
    let csv = match format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Invalid::new("format", "format must be json or csv").into()),
    };
    let adjustment = state.app.adjustment(&caller, tenant.as_deref(), &id).await?;
    if !csv {
        return Ok(Json(adjustment_to_api(adjustment)).into_response());
    }
    let _place =
        state.exports.take(adjustment.tenant.id).ok_or(ApiError::App(AppError::Store(StoreError::Busy)))?;
    let name = file_name(&adjustment.tenant.slug, "adjustment", &adjustment.closing, "csv");
    let bytes = long_work(usize::MAX, || closed::adjustment_csv(&adjustment)).map_err(ApiError::Internal)?;
    Ok(file_of(Body::from(bytes), &name, media_type("csv")))
}

/// One change of a closed period.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeToApi {
    /// `late`: received after the closing. `void`: voided after it. `rerated`: events of one quarter of an hour and group were
    /// rated anew after it; source and id are null, the time is that of the first.
    #[schema(example = "late")]
    kind: &'static str,
    /// When it was received, voided or rated anew.
    at: String,
    /// The source of the event; null where the event was dropped for its age. Its sums are kept.
    source: Option<String>,
    /// The id of the event.
    id: Option<String>,
    /// The time of the event.
    time: String,
    provider: Option<String>,
    model: Option<String>,
    project: Option<String>,
    department: Option<String>,
    /// What it added to today's totals, or took away.
    adjustment: SumsToApi,
}

fn change_to_api(change: ClosingChange) -> ChangeToApi {
    let (source, id) = change.event.unzip();
    let [provider, model, project, department] = change.key;
    ChangeToApi {
        kind: match change.kind {
            ChangeKind::Late => "late",
            ChangeKind::Void => "void",
            ChangeKind::Rerated => "rerated",
        },
        at: rfc3339(change.at_ms),
        source,
        id,
        time: rfc3339(change.time_ms),
        provider,
        model,
        project,
        department,
        adjustment: sums_to_api(&change.totals),
    }
}

/// List what has come since a period was closed, event by event, in the order of recording.
///
/// An event that came late and was voided later stands here twice and comes to nothing in the adjustment.
#[utoipa::path(get, path = "/api/v1/closings/{id}/changes", operation_id = "list_closing_changes", tag = "Closings",
    params(("id" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ChangeToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn changes(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ListReply<ChangeToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let changes = state.app.closing_changes(&caller, tenant.as_deref(), &id, page).await?;
    Ok(Json(ListReply::from_page(changes, change_to_api)))
}

/// `acme_statement_2026-10.pdf`.
fn file_name(tenant: &str, what: &str, closing: &Closing, extension: &str) -> String {
    let name = format!("{tenant}_{what}_{}.{extension}", closing.period.name.replace("..", "_"));
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    name.chars().map(plain).collect()
}

fn media_type(extension: &str) -> &'static str {
    match extension {
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/json",
    }
}
