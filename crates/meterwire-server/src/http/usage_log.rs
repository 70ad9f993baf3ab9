//! R3: the log. Single events, a page at a time.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::ports::{CursorValue, LogColumn, LogCursor, LogRow, LogStart, cursor_refused};
use meterwire_app::{LogQuery, LogRange, LogReply, LogSort};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Rating;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{Range, rfc3339};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogPageToApi {
    /// The rows.
    items: Vec<LogItem>,
    /// Number of the page, from 1; null where a cursor was followed.
    page: Option<u64>,
    /// Rows a page.
    page_size: usize,
    /// How many events match in all, at the moment of this page.
    total: i64,
    /// First instant of the range. A cursor keeps to the range of its first page.
    from: String,
    /// First instant after it.
    to: String,
    /// Where the single events that are kept begin, where that cut the range; what is older is kept as totals only.
    events_from: Option<String>,
    /// Where the next page begins; null on the last.
    next_cursor: Option<String>,
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogItem {
    /// Its id.
    id: String,
    /// Its source.
    source: String,
    /// When it happened.
    #[schema(example = "2026-11-22T10:30:00.125Z")]
    date: String,
    /// Its project.
    project_name: Option<String>,
    /// Who sold the model.
    provider: Option<String>,
    /// The model.
    model: Option<String>,
    /// All input tokens.
    input_tokens: u64,
    /// All output tokens.
    output_tokens: u64,
    /// Both.
    total_tokens: u64,
    /// US dollars with up to nine decimals; null where the model has no price.
    cost: Option<f64>,
    /// Whether the cost is known.
    priced: bool,
    /// HTTP status.
    status: Option<u16>,
    /// Whole duration in milliseconds.
    latency_ms: Option<u32>,
    /// The user.
    user: Option<String>,
    /// The customer's own name for the API key that was used.
    api_key: Option<String>,
    /// The agent inside the project.
    agent: Option<String>,
    /// The department that pays.
    department: Option<String>,
    /// ISO 3166 country of the caller.
    country: Option<String>,
    /// What was done.
    operation: Option<String>,
    /// The provider's service tier.
    service_tier: Option<String>,
}

/// Single events, a page at a time.
///
/// Sorted by any column, `-` before it for descending; rows of equal value keep one order, so no page repeats or skips
/// one. Page numbers reach 100,000 rows deep; `cursor` goes on at the same cost at any depth, over the range of its first
/// page, and what is recorded meanwhile moves no row to another page. Sorting by `id` or `source` reads the whole range,
/// which may hold at most 50,000 events then; every other column sorts a range of any size.
#[utoipa::path(get, path = "/api/usage/log", operation_id = "usage_log", tag = "Usage",
    params(("range" = Option<String>, Query, description = "Named range; default 30d"),
        ("from" = Option<String>, Query), ("to" = Option<String>, Query), ("tz" = Option<String>, Query),
        ("page" = Option<u64>, Query, description = "From 1"), ("page_size" = Option<u32>, Query, description = "1 to 500; default 50"),
        ("sort" = Option<String>, Query, description = "date projectName provider model inputTokens outputTokens totalTokens cost status latencyMs user apiKey agent department country operation serviceTier id source; default -date"),
        ("cursor" = Option<String>, Query, description = "nextCursor of the last page, instead of page; with the same sort and filters"),
        ("filter[model]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("priced" = Option<bool>, Query, description = "true: only events with a known cost; false: only those whose model has no price"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = LogPageToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn log(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<LogPageToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    let sort = params.take("sort")?.unwrap_or_else(|| "-date".to_owned());
    let (column, descending) = parse_sort(&sort)?;
    let page_size = params.take_parsed("page_size", "a number from 1 to 500")?.unwrap_or(50);
    let page = params.take_parsed::<u64>("page", "a number from 1 on")?;
    let asked = LogRange::Asked(params.take_range()?);
    let (start, range, page) = match (params.take("cursor")?, page) {
        (Some(_), Some(_)) => {
            return Err(Invalid::new("cursor", "give either page or cursor, not both").into());
        }
        (Some(cursor), None) => {
            let (cursor, range) = Place::parse(&cursor)?.after(&sort)?;
            (LogStart::After(cursor), LogRange::Pinned(range), None)
        }
        (None, Some(0)) => return Err(Invalid::new("page", "page must be a number from 1 on").into()),
        (None, page) => {
            let page = page.unwrap_or(1);
            (LogStart::Offset((page - 1).saturating_mul(page_size as u64)), asked, Some(page))
        }
    };
    let filters = params.take_filters();
    let priced = params.take_parsed("priced", "true or false")?;
    let tz = params.take("tz")?;
    let query = LogQuery { range, tz, filters, priced, sort: column, descending, start, page_size };
    params.finish()?;
    let reply = state.app.usage_log(&caller, tenant.as_deref(), query).await?;
    Ok(Json(log_to_api(reply, &sort, page, page_size)))
}

fn log_to_api(reply: LogReply, sort: &str, page: Option<u64>, page_size: usize) -> LogPageToApi {
    let LogReply { page: found, total, range, events_from_ms } = reply;
    LogPageToApi {
        items: found.rows.into_iter().map(row_to_api).collect(),
        page,
        page_size,
        total,
        from: rfc3339(range.from_ms),
        to: rfc3339(range.to_ms),
        events_from: events_from_ms.map(rfc3339),
        next_cursor: found.next.map(|cursor| Place::of(cursor, sort, range).to_text()),
    }
}

fn row_to_api(row: LogRow) -> LogItem {
    let event = row.event;
    let label = |dimension| event.labels.get(dimension).map(str::to_owned);
    let priced = event.rating != Rating::Unpriced;
    LogItem {
        date: rfc3339(event.time_ms),
        project_name: label(Dimension::Project),
        provider: label(Dimension::Provider),
        model: label(Dimension::Model),
        input_tokens: event.tokens.input(),
        output_tokens: event.tokens.output(),
        total_tokens: event.tokens.total(),
        cost: priced.then(|| event.rating.cost().to_usd_f64()),
        priced,
        status: event.status,
        latency_ms: event.latency_ms,
        user: label(Dimension::User),
        api_key: label(Dimension::ApiKey),
        agent: label(Dimension::Agent),
        department: label(Dimension::Department),
        country: label(Dimension::Country),
        operation: label(Dimension::Operation),
        service_tier: label(Dimension::ServiceTier),
        id: event.id,
        source: event.source,
    }
}

/// The columns by their names in an item.
const COLUMNS: [(&str, LogSort); 19] = [
    ("date", LogSort::Column(LogColumn::Time)),
    ("projectName", LogSort::Column(LogColumn::Dimension(Dimension::Project))),
    ("provider", LogSort::Column(LogColumn::Dimension(Dimension::Provider))),
    ("model", LogSort::Column(LogColumn::Dimension(Dimension::Model))),
    ("inputTokens", LogSort::Column(LogColumn::InputTokens)),
    ("outputTokens", LogSort::Column(LogColumn::OutputTokens)),
    ("totalTokens", LogSort::Column(LogColumn::TotalTokens)),
    ("cost", LogSort::Column(LogColumn::Cost)),
    ("status", LogSort::Column(LogColumn::Dimension(Dimension::Status))),
    ("latencyMs", LogSort::Column(LogColumn::Latency)),
    ("user", LogSort::Column(LogColumn::Dimension(Dimension::User))),
    ("apiKey", LogSort::Column(LogColumn::Dimension(Dimension::ApiKey))),
    ("agent", LogSort::Column(LogColumn::Dimension(Dimension::Agent))),
    ("department", LogSort::Column(LogColumn::Dimension(Dimension::Department))),
    ("country", LogSort::Column(LogColumn::Dimension(Dimension::Country))),
    ("operation", LogSort::Column(LogColumn::Dimension(Dimension::Operation))),
    ("serviceTier", LogSort::Column(LogColumn::Dimension(Dimension::ServiceTier))),
    ("id", LogSort::Id),
    ("source", LogSort::Source),
];

fn parse_sort(sort: &str) -> Result<(LogSort, bool), Invalid> {
    let (name, descending) = match sort.strip_prefix('-') {
        Some(name) => (name, true),
        None => (sort, false),
    };
    let found = COLUMNS.iter().find(|(known, _)| *known == name);
    let column = found.map(|(_, column)| *column).ok_or_else(|| {
        let known: Vec<&str> = COLUMNS.iter().map(|(known, _)| *known).collect();
        let known = known.join(", ");
        Invalid::new("sort", format!("sort must be one of {known}, with - before it for descending"))
    })?;
    Ok((column, descending))
}

/// Where a page begins: after which row, of which order, over which range. Opaque to callers: JSON in hexadecimal, so that
/// it needs no escaping.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    sort: String,
    from_ms: i64,
    to_ms: i64,
    value: CursorValue,
    seq: i64,
}

impl Place {
    fn of(cursor: LogCursor, sort: &str, range: Range) -> Self {
        let (from_ms, to_ms) = (range.from_ms, range.to_ms);
        Self { sort: sort.to_owned(), from_ms, to_ms, value: cursor.value, seq: cursor.seq }
    }

    /// The place in the order that is asked for now, which must be the one it is of.
    fn after(self, sort: &str) -> Result<(LogCursor, Range), Invalid> {
        if self.sort != sort {
            let message =
                format!("cursor belongs to sort={}; keep the sort, or begin without a cursor", self.sort);
            return Err(Invalid::new("cursor", message));
        }
        let range = Range { from_ms: self.from_ms, to_ms: self.to_ms };
        Ok((LogCursor { value: self.value, seq: self.seq }, range))
    }

    fn to_text(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        json.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > 2048 || !text.is_ascii() {
            return Err(cursor_refused());
        }
        let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
        let bytes: Result<Vec<u8>, _> = pairs.map(|pair| u8::from_str_radix(pair, 16)).collect();
        let place: Self =
            serde_json::from_slice(&bytes.map_err(|_| cursor_refused())?).map_err(|_| cursor_refused())?;
        let sane = parse_sort(&place.sort).is_ok_and(|(sort, _)| sort.takes(&place.value));
        let range = 0 <= place.from_ms && place.from_ms < place.to_ms && place.to_ms <= MAX_MS;
        if sane && range { Ok(place) } else { Err(cursor_refused()) }
    }
}

/// The end of the year 9999 and five minutes: no range reaches further.
const MAX_MS: i64 = 253_402_301_100_000;
