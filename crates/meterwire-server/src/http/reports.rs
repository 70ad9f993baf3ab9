//! `/api/v1/reports`: statements that are mailed by the calendar, and reports made by hand.

use crate::export::file_of;
use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, present};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use crate::reports::Printer;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use meterwire_app::ports::{Report, ReportDelivery, ReportScope, ReportState, StoreError};
use meterwire_app::{AppError, ReportByHand, ReportWish};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{RangeInput, rfc3339};
use meterwire_core::report::{Every, ReportFormat, Schedule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a report tells of: `{}` is the whole tenant.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeWire {
    /// One department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// Or one project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<String>,
}

impl ScopeWire {
    fn into_scope(self) -> Result<ReportScope, Invalid> {
        match (self.department, self.project) {
            (None, None) => Ok(ReportScope::Tenant),
            (Some(department), None) => Ok(ReportScope::Department(department)),
            (None, Some(project)) => Ok(ReportScope::Project(project)),
            (Some(_), Some(_)) => {
                Err(Invalid::new("scope", "scope names a department or a project, not both"))
            }
        }
    }

    fn to_api(scope: ReportScope) -> Self {
        match scope {
            ReportScope::Tenant => Self::default(),
            ReportScope::Department(name) => Self { department: Some(name), project: None },
            ReportScope::Project(slug) => Self { department: None, project: Some(slug) },
        }
    }
}

/// A report to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewReport {
    /// Its name for people; it stands in the subject of its mails.
    #[schema(example = "Monthly statement")]
    name: String,
    /// day, week (from Monday) or month.
    #[schema(example = "month")]
    every: String,
    /// What it tells of; default the whole tenant.
    #[serde(default)]
    scope: ScopeWire,
    /// IANA zone of its periods and its hour; default the tenant's.
    timezone: Option<String>,
    /// The hour of the day at which it is sent, 0 to 23; default 7.
    hour: Option<u8>,
    /// Whom it is mailed to: 1 to 20 addresses.
    #[schema(example = json!(["finance@example.com"]))]
    to: Vec<String>,
    /// The files that come with it: csv, pdf or both (default).
    formats: Option<Vec<String>>,
    /// Whether it is sent by itself; default true.
    enabled: Option<bool>,
}

/// What to change of a report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null for the whole tenant")]
pub(crate) struct ReportChange {
    /// Its name for people.
    name: Option<String>,
    /// day, week or month.
    every: Option<String>,
    /// What it tells of; null is the whole tenant.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<ScopeWire>)]
    scope: Option<Option<ScopeWire>>,
    /// IANA zone of its periods and its hour.
    timezone: Option<String>,
    /// The hour of the day at which it is sent, 0 to 23.
    hour: Option<u8>,
    /// Whom it is mailed to.
    to: Option<Vec<String>>,
    /// The files that come with it.
    formats: Option<Vec<String>>,
    /// Whether it is sent by itself.
    enabled: Option<bool>,
}

/// A report that is mailed by the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportToApi {
    /// UUID.
    id: String,
    /// Its name for people.
    name: String,
    /// day, week or month.
    #[schema(example = "month")]
    every: &'static str,
    /// What it tells of; `{}` is the whole tenant.
    scope: ScopeWire,
    /// IANA zone of its periods and its hour.
    timezone: String,
    /// The hour of the day at which it is sent.
    hour: u8,
    /// Whom it is mailed to.
    to: Vec<String>,
    /// The files that come with it.
    formats: Vec<&'static str>,
    /// Whether it is sent by itself.
    enabled: bool,
    /// When it was made.
    created_at: String,
    /// When the next finished period is due; null where it is not sent by itself.
    next_at: Option<String>,
    /// Whether this server can send mail at all; where not, the admin has yet to set `mail.url`.
    mail_is_set_up: bool,
}

/// A period of a report that was sent, or is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportDeliveryToApi {
    /// Its number, ascending.
    n: i64,
    /// First instant of the period.
    from: String,
    /// First instant after it.
    to: String,
    /// Asked for by somebody, beside the calendar.
    by_hand: bool,
    /// `pending` (tried again at `next_at`), `delivered` (the mail server has taken it) or `failed` (given up).
    #[schema(example = "delivered")]
    state: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// When it was begun.
    made_at: String,
    /// When it is tried next, while it is pending.
    next_at: Option<String>,
    /// When the mail server took it.
    delivered_at: Option<String>,
    /// Why the last try failed, or which addresses were refused.
    last_error: Option<String>,
}

fn to_api(report: Report, mail_is_set_up: bool) -> ReportToApi {
    ReportToApi {
        id: report.id,
        name: report.name,
        every: report.schedule.every.name(),
        scope: ScopeWire::to_api(report.scope),
        timezone: report.schedule.timezone,
        hour: report.schedule.hour,
        to: report.to,
        formats: report.formats.into_iter().map(ReportFormat::name).collect(),
        enabled: report.enabled,
        created_at: rfc3339(report.created_ms),
        next_at: report.enabled.then(|| rfc3339(report.next_ms)),
        mail_is_set_up,
    }
}

fn delivery_to_api(delivery: ReportDelivery) -> ReportDeliveryToApi {
    ReportDeliveryToApi {
        n: delivery.n,
        from: rfc3339(delivery.range.from_ms),
        to: rfc3339(delivery.range.to_ms),
        by_hand: delivery.by_hand,
        state: match delivery.state {
            ReportState::Pending => "pending",
            ReportState::Delivered => "delivered",
            ReportState::Failed => "failed",
        },
        attempts: delivery.attempts,
        made_at: rfc3339(delivery.made_ms),
        next_at: (delivery.state == ReportState::Pending).then(|| rfc3339(delivery.next_ms)),
        delivered_at: delivery.delivered_ms.map(rfc3339),
        last_error: delivery.last_error,
    }
}

fn parse_every(name: &str) -> Result<Every, Invalid> {
    name.parse().map_err(|()| Invalid::new("every", "every must be day, week or month"))
}

fn parse_formats(names: &[String]) -> Result<Vec<ReportFormat>, Invalid> {
    let refused = || Invalid::new("formats", "formats must be csv, pdf or both, each once");
    names.iter().take(3).map(|name| name.parse().map_err(|()| refused())).collect()
}

/// List reports.
#[utoipa::path(get, path = "/api/v1/reports", operation_id = "list_reports", tag = "Reports",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ReportToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<ReportToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let can_mail = state.app.reports_can_be_mailed();
    let reports = state.app.list_reports(&caller, tenant.as_deref(), page).await?;
    Ok(Json(ListReply::from_page(reports, |report| to_api(report, can_mail))))
}

/// Make a report that is mailed by the calendar.
///
/// The period that has just ended is sent once, at `hour` on the first day after it, in the report's zone; the first one is
/// the period that is running now. Where the server stood still meanwhile, the newest finished period is sent after its
/// start and older ones are not. A mail that is not taken is tried again with growing pauses for about a day.
#[utoipa::path(post, path = "/api/v1/reports", operation_id = "create_report", tag = "Reports", request_body = NewReport, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = ReportToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewReport>,
) -> Result<(StatusCode, Json<ReportToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let wish = |zone: &str| {
        let timezone = new.timezone.unwrap_or_else(|| zone.to_owned());
        let schedule = Schedule { every: parse_every(&new.every)?, timezone, hour: new.hour.unwrap_or(7) };
        let formats = match &new.formats {
            Some(names) => parse_formats(names)?,
            None => vec![ReportFormat::Csv, ReportFormat::Pdf],
        };
        let scope = new.scope.into_scope()?;
        let enabled = new.enabled.unwrap_or(true);
        Ok(ReportWish { name: new.name, schedule, scope, to: new.to, formats, enabled })
    };
    let report = state.app.create_report(&caller, tenant.as_deref(), wish).await?;
    Ok((StatusCode::CREATED, Json(to_api(report, state.app.reports_can_be_mailed()))))
}

/// Read one report.
#[utoipa::path(get, path = "/api/v1/reports/{id}", operation_id = "read_report", tag = "Reports", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ReportToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ReportToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let report = state.app.read_report(&caller, tenant.as_deref(), &id).await?;
    Ok(Json(to_api(report, state.app.reports_can_be_mailed())))
}

/// Change a report. Another schedule, zone or hour begins with the period that is running.
#[utoipa::path(patch, path = "/api/v1/reports/{id}", operation_id = "update_report", tag = "Reports", request_body = ReportChange,
    params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ReportToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<ReportChange>,
) -> Result<Json<ReportToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let apply = |wish: &mut ReportWish| {
        if let Some(every) = &change.every {
            wish.schedule.every = parse_every(every)?;
        }
        if let Some(formats) = &change.formats {
            wish.formats = parse_formats(formats)?;
        }
        if let Some(scope) = change.scope {
            wish.scope = scope.unwrap_or_default().into_scope()?;
        }
        wish.schedule.hour = change.hour.unwrap_or(wish.schedule.hour);
        wish.enabled = change.enabled.unwrap_or(wish.enabled);
        if let Some(timezone) = change.timezone {
            wish.schedule.timezone = timezone;
        }
        if let Some(name) = change.name {
            wish.name = name;
        }
        if let Some(to) = change.to {
            wish.to = to;
        }
        Ok(())
    };
    let report = state.app.update_report(&caller, tenant.as_deref(), &id, apply).await?;
    Ok(Json(to_api(report, state.app.reports_can_be_mailed())))
}

/// Delete a report with its history.
#[utoipa::path(delete, path = "/api/v1/reports/{id}", operation_id = "delete_report", tag = "Reports", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_report(&caller, tenant.as_deref(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send the newest finished period of a report now, beside the calendar, and tell how it went.
#[utoipa::path(post, path = "/api/v1/reports/{id}/send", operation_id = "send_report", tag = "Reports", params(("id" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ReportDeliveryToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn send(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ReportDeliveryToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let delivery = state.app.send_report_now(&caller, tenant.as_deref(), &id, &Printer).await?;
    Ok(Json(delivery_to_api(delivery)))
}

/// List what was sent of a report, the latest first.
#[utoipa::path(get, path = "/api/v1/reports/{id}/deliveries", operation_id = "list_report_deliveries", tag = "Reports",
    params(("id" = String, Path), ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ReportDeliveryToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn deliveries(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Json<ListReply<ReportDeliveryToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    let deliveries = state.app.report_deliveries(&caller, tenant.as_deref(), &id, page).await?;
    Ok(Json(ListReply::from_page(deliveries, delivery_to_api)))
}

/// Make a report by hand and take it as a file.
///
/// `csv` has a row a day, provider, model, project and department; where there are more than 30,000, days are put together,
/// then projects and departments, so that its costs always add up to the total. `pdf` is the statement of the period.
#[utoipa::path(get, path = "/api/v1/reports/file", operation_id = "report_file", tag = "Reports",
    params(("range" = Option<String>, Query, description = "Named range; default last_month"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("department" = Option<String>, Query), ("project" = Option<String>, Query),
        ("format" = Option<String>, Query, description = "pdf csv; default pdf"), ("tenant" = Option<String>, Query)),
    responses((status = 200, description = "The file; its name stands in Content-Disposition",
            content((Vec<u8> = "application/pdf"), (String = "text/csv"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn file(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Response, ApiError> {
    let (tenant, format) = (params.take("tenant")?, params.take("format")?);
    let scope = ScopeWire { department: params.take("department")?, project: params.take("project")? };
    let (range, tz) = (params.take_range()?, params.take("tz")?);
    params.finish()?;
    let format = format.as_deref().unwrap_or("pdf").parse::<ReportFormat>();
    let format = format.map_err(|()| Invalid::new("format", "format must be pdf or csv"))?;
    let by_hand = ReportByHand { range, tz, scope: scope.into_scope()? };
    let held = state.app.tenant_for(&caller, tenant.as_deref()).await?;
    let _place = state.exports.take(held.id).ok_or(ApiError::App(AppError::Store(StoreError::Busy)))?;
    let (name, bytes) = state.app.report_file(&caller, tenant.as_deref(), by_hand, format, &Printer).await?;
    Ok(file_of(Body::from(bytes), &name, format.media_type()))
}

/// A report to make by hand and to mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportMail {
    /// Named range; default `last_month`.
    range: Option<String>,
    /// Or the first date or instant.
    from: Option<String>,
    /// And the first one after it.
    until: Option<String>,
    /// IANA zone; default the tenant's.
    timezone: Option<String>,
    /// What it tells of; default the whole tenant.
    #[serde(default)]
    scope: ScopeWire,
    /// Whom it is mailed to: 1 to 20 addresses.
    to: Vec<String>,
    /// The files that come with it: csv, pdf or both (default).
    formats: Option<Vec<String>>,
}

/// How a mail went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailedToApi {
    /// `delivered` (the mail server has taken it) or `failed`.
    #[schema(example = "delivered")]
    state: &'static str,
    /// Why it failed, or which addresses were refused.
    last_error: Option<String>,
}

/// Make a report by hand, mail it at once, and tell how that went. It is not tried again; the audit log notes it.
#[utoipa::path(post, path = "/api/v1/reports/mail", operation_id = "mail_report", tag = "Reports", request_body = ReportMail, params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = MailedToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn mail(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(wish): JsonBody<ReportMail>,
) -> Result<Json<MailedToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let formats = match &wish.formats {
        Some(names) => parse_formats(names)?,
        None => vec![ReportFormat::Csv, ReportFormat::Pdf],
    };
    let range = RangeInput { range: wish.range, from: wish.from, to: wish.until };
    let by_hand = ReportByHand { range, tz: wish.timezone, scope: wish.scope.into_scope()? };
    let what = (&wish.to[..], &formats[..]);
    let sent = state.app.mail_report(&caller, tenant.as_deref(), by_hand, what, &Printer).await?;
    Ok(Json(match sent {
        Ok(refused) => MailedToApi { state: "delivered", last_error: refused },
        Err(sentence) => MailedToApi { state: "failed", last_error: Some(sentence) },
    }))
}
