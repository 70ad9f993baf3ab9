//! `GET /api/v1/export`: everything, to take away.

use crate::export::{
    Fault, FocusPieces, Header, LogPieces, Pieces, Place, RowFormat, TotalsPieces, body, file_name, file_of,
    pdf,
};
use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use meterwire_app::ports::{Measures, StoreError};
use meterwire_app::{About, AppError, Caller, ExportInput, long_work};
use meterwire_core::invalid::Invalid;
use meterwire_core::usage_query::UsageQueryInput;

/// What comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Rows(RowFormat),
    Pdf,
    Focus,
}

/// What it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Log,
    Summary,
    Breakdown,
}

/// Take usage away as a file.
///
/// `view=log` is every event in the order of time, as it stood at the moment of asking, of any number: rows are sent while
/// they are read, and nothing is kept. Events that are recorded meanwhile are not in it; one that is voided meanwhile may
/// be left out. A transfer that breaks off was cut by an error: take no part for the whole. `view=summary` is a row a
/// bucket (days, unless `granularity` says otherwise), `view=breakdown` a row for every group, without `Other`.
///
/// - `format=csv`: RFC 4180, UTF-8. A text that a spreadsheet could take for a formula has an apostrophe before it.
/// - `format=ndjson`: a JSON object a line. Those of the log can be recorded elsewhere as they are; costs are then taken as
///   given.
/// - `format=pdf`: a statement of the period with its days, models, projects and users.
/// - `format=focus`: FOCUS 1.2, a row a day, provider, model, project and service tier, read a week at a time; texts beyond
///   ASCII are percent-escaped in FOCUS's own columns and as they are in those with `x_`.
///
/// Money is an exact decimal of US dollars; the cost of an event whose model has no price is empty or null. A member
/// takes only its own user's usage. A tenant exports at most four files at once; one more is answered 503.
#[utoipa::path(get, path = "/api/v1/export", operation_id = "export", tag = "Usage",
    params(("format" = Option<String>, Query, description = "csv ndjson pdf focus; default csv"),
        ("view" = Option<String>, Query, description = "log summary breakdown; default log. A PDF is always the summary, FOCUS is a view of its own"),
        ("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query, description = "IANA zone of the days; default the tenant's. Instants are UTC"),
        ("filter[model]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("priced" = Option<bool>, Query, description = "Of the log: true for only events with a known cost, false for only those whose model has no price"),
        ("group_by" = Option<String>, Query, description = "Of a breakdown: up to two dimensions, comma-separated; default model"),
        ("granularity" = Option<String>, Query, description = "Of a summary or breakdown: 15m hour day week month; a breakdown without it is of the whole range"),
        ("header" = Option<String>, Query, description = "names: only the names of the columns (default). full: before them the tenant, range, zone, filters and moment, as lines that begin with # in a CSV, as a first object {\"export\": ..} in NDJSON"),
        ("bom" = Option<bool>, Query, description = "true: begin a CSV with the mark by which some spreadsheets know UTF-8"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, description = "The file; its name stands in Content-Disposition",
            content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<u8> = "application/pdf"))),
        (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn export(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Response, ApiError> {
    let tenant = params.take("tenant")?;
    let format = take_format(&mut params)?;
    let view = take_view(&mut params, format)?;
    let header = take_header(&mut params, format)?;
    let input = ExportInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        priced: params.take_parsed("priced", "true or false")?,
    };
    let (group_by, granularity) = (params.take_list("group_by"), params.take("granularity")?);
    if !group_by.is_empty() && (view != View::Breakdown || !matches!(format, Format::Rows(_))) {
        return Err(Invalid::new("group_by", "group_by is for view=breakdown").into());
    }
    if input.priced.is_some() && (view != View::Log || !matches!(format, Format::Rows(_))) {
        return Err(Invalid::new("priced", "priced is for view=log").into());
    }
    if granularity.is_some() && (view == View::Log || !matches!(format, Format::Rows(_))) {
        return Err(Invalid::new("granularity", "granularity is for view=summary and view=breakdown").into());
    }
    params.finish()?;
    let asked = Asked { state: &state, caller: &caller, tenant: tenant.as_deref(), header };
    match (format, view) {
        (Format::Pdf, _) => asked.statement(input).await,
        (Format::Focus, _) => asked.focus(input).await,
        (Format::Rows(format), View::Log) => asked.log(input, format).await,
        (Format::Rows(format), View::Summary) => {
            let granularity = Some(granularity.unwrap_or_else(|| "day".to_owned()));
            let question = question(input, granularity, vec![]);
            asked.totals(question, "summary", format, Measures::ALL).await
        }
        (Format::Rows(format), View::Breakdown) => {
            let group_by = if group_by.is_empty() { vec!["model".to_owned()] } else { group_by };
            let question = question(input, granularity, group_by);
            asked.totals(question, "breakdown", format, Measures::SUMS).await
        }
    }
}

/// Who asked, and for what kind of file.
struct Asked<'a> {
    state: &'a AppState,
    caller: &'a Caller,
    tenant: Option<&'a str>,
    header: Header,
}

impl Asked<'_> {
    async fn log(&self, input: ExportInput, format: RowFormat) -> Result<Response, ApiError> {
        let export = self.state.app.export_log(self.caller, self.tenant, input).await?;
        let name = file_name(&export.about, "log", extension(format));
        let about = export.about.clone();
        let pieces = LogPieces::new(export, format, self.header);
        self.send(&about, pieces, &name, media_type(format)).await
    }

    async fn totals(
        &self,
        question: UsageQueryInput,
        view: &'static str,
        format: RowFormat,
        measures: Measures,
    ) -> Result<Response, ApiError> {
        let app = &self.state.app;
        let breakdown = app.export_breakdown(self.caller, self.tenant, question, measures).await?;
        let name = file_name(&breakdown.about, view, extension(format));
        let about = breakdown.about.clone();
        let pieces = TotalsPieces::new(breakdown, view, format, self.header, measures.latency);
        self.send(&about, pieces, &name, media_type(format)).await
    }

    async fn focus(&self, input: ExportInput) -> Result<Response, ApiError> {
        let bill = self.state.app.export_bill(self.caller, self.tenant, input).await?;
        let (about, name) = (bill.about.clone(), file_name(&bill.about, "focus", "csv"));
        let pieces = FocusPieces::new(bill, self.header);
        self.send(&about, pieces, &name, media_type(RowFormat::Csv)).await
    }

    async fn statement(&self, input: ExportInput) -> Result<Response, ApiError> {
        let statement = self.state.app.statement(self.caller, self.tenant, input).await?;
        let _place = self.place(&statement.about)?;
        let name = file_name(&statement.about, "statement", "pdf");
        let bytes = long_work(usize::MAX, || pdf::statement(&statement)).map_err(ApiError::Internal)?;
        Ok(file_of(Body::from(bytes), &name, "application/pdf"))
    }

    async fn send(
        &self,
        about: &About,
        pieces: Result<impl Pieces, Fault>,
        name: &str,
        media_type: &'static str,
    ) -> Result<Response, ApiError> {
        let pieces = pieces.map_err(ApiError::Internal)?;
        let body = body(pieces, self.place(about)?).await.map_err(to_api_error)?;
        Ok(file_of(body, name, media_type))
    }

    fn place(&self, about: &About) -> Result<Place, ApiError> {
        self.state.exports.take(about.tenant.id).ok_or(ApiError::App(AppError::Store(StoreError::Busy)))
    }
}

fn question(input: ExportInput, granularity: Option<String>, group_by: Vec<String>) -> UsageQueryInput {
    let ExportInput { range, tz, filters, priced: _ } = input;
    // Every group is exported, so that no `top` bounds them; the store does.
    UsageQueryInput { range, tz, filters, granularity, group_by, top: Some(1), ..UsageQueryInput::default() }
}

fn extension(format: RowFormat) -> &'static str {
    match format {
        RowFormat::Csv => "csv",
        RowFormat::Ndjson => "ndjson",
    }
}

fn media_type(format: RowFormat) -> &'static str {
    match format {
        RowFormat::Csv => "text/csv; charset=utf-8",
        RowFormat::Ndjson => "application/x-ndjson",
    }
}

/// What the use case refused is told as it is; the rest is our own fault.
fn to_api_error(fault: Fault) -> ApiError {
    match fault.downcast::<AppError>() {
        Ok(error) => ApiError::App(*error),
        Err(other) => ApiError::Internal(other),
    }
}

fn take_format(params: &mut Params) -> Result<Format, ApiError> {
    Ok(match params.take("format")?.as_deref() {
        None | Some("csv") => Format::Rows(RowFormat::Csv),
        Some("ndjson") => Format::Rows(RowFormat::Ndjson),
        Some("pdf") => Format::Pdf,
        Some("focus") => Format::Focus,
        Some(_) => return Err(Invalid::new("format", "format must be one of csv, ndjson, pdf, focus").into()),
    })
}

fn take_view(params: &mut Params, format: Format) -> Result<View, ApiError> {
    let named = match params.take("view")?.as_deref() {
        None => None,
        Some("log") => Some(View::Log),
        Some("summary") => Some(View::Summary),
        Some("breakdown") => Some(View::Breakdown),
        Some(_) => return Err(Invalid::new("view", "view must be one of log, summary, breakdown").into()),
    };
    match (format, named) {
        (Format::Rows(_), view) => Ok(view.unwrap_or(View::Log)),
        (Format::Pdf, None | Some(View::Summary)) | (Format::Focus, None) => Ok(View::Summary),
        (Format::Pdf, Some(_)) => {
            Err(Invalid::new("view", "a PDF holds the summary; take the rest as csv or ndjson").into())
        }
        (Format::Focus, Some(_)) => {
            Err(Invalid::new("view", "format=focus has rows of its own; leave view out").into())
        }
    }
}

fn take_header(params: &mut Params, format: Format) -> Result<Header, ApiError> {
    let full = match params.take("header")?.as_deref() {
        None | Some("names") => false,
        Some("full") if matches!(format, Format::Rows(_)) => true,
        Some("full") => return Err(Invalid::new("header", "header=full is for csv and ndjson").into()),
        Some(_) => return Err(Invalid::new("header", "header must be names or full").into()),
    };
    let bom = params.take_parsed::<bool>("bom", "true or false")?.unwrap_or(false);
    if bom && !matches!(format, Format::Rows(RowFormat::Csv) | Format::Focus) {
        return Err(Invalid::new("bom", "bom is for a CSV").into());
    }
    Ok(Header { full, bom })
}
