//! The log as rows: a line an event.

use super::about::local_day;
use super::cell::Sheet;
use super::{Fault, Header, Pieces, RowFormat};
use meterwire_app::ports::LogRow;
use meterwire_app::{About, LogExport, long_work};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::MetricName;
use meterwire_core::period::rfc3339;
use meterwire_core::property::property_value;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The columns of the CSV before the dimensions that the tenant declared.
const COLUMNS: [&str; 35] = [
    "time",
    "date",
    "id",
    "source",
    "provider",
    "model",
    "project",
    "user",
    "api_key",
    "agent",
    "department",
    "country",
    "operation",
    "service_tier",
    "status",
    "latency_ms",
    "time_to_first_token_ms",
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "audio_input_tokens",
    "image_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "audio_output_tokens",
    "image_output_tokens",
    "total_tokens",
    "cost_usd",
    "rating",
    "price",
    "received_at",
    "request_hash",
    "metrics",
    "properties",
];
/// What a row comes to, about.
const BYTES_A_ROW: usize = 400;

/// The log on its way out.
pub(crate) struct LogPieces {
    export: LogExport,
    format: RowFormat,
    /// What stands before the first row, until it is sent.
    head: Vec<u8>,
}

impl LogPieces {
    /// Every row of the log.
    pub(crate) fn new(export: LogExport, format: RowFormat, header: Header) -> Result<Self, Fault> {
        let mut head = header.bytes(&export.about, "log", format);
        if format == RowFormat::Csv {
            head.extend(csv_names(&export.about)?);
        }
        Ok(Self { export, format, head })
    }
}

impl Pieces for LogPieces {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let rows = self.export.next().await?;
        let mut bytes = std::mem::take(&mut self.head);
        let Some(rows) = rows else { return Ok(Some(bytes).filter(|head| !head.is_empty())) };
        let made = long_work(rows.len(), || match self.format {
            RowFormat::Csv => csv_rows(&self.export.about, &rows),
            RowFormat::Ndjson => ndjson_rows(&rows),
        })?;
        bytes.extend(made);
        Ok(Some(bytes))
    }
}

/// The line of names.
fn csv_names(about: &About) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::with_capacity(1024);
    COLUMNS.iter().for_each(|name| sheet.text(name));
    for declared in about.dimensions.declared() {
        sheet.text(&format!("properties.{}", declared.name));
    }
    sheet.end_row()?;
    Ok(sheet.into_bytes()?)
}

/// Rows of the CSV.
fn csv_rows(about: &About, rows: &[LogRow]) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::with_capacity(rows.len() * BYTES_A_ROW);
    for row in rows {
        csv_row(&mut sheet, about, &row.event)?;
    }
    Ok(sheet.into_bytes()?)
}

fn csv_row(sheet: &mut Sheet, about: &About, event: &Event) -> Result<(), Fault> {
    sheet.value(rfc3339(event.time_ms));
    sheet.value(local_day(event.time_ms, &about.zone));
    sheet.text(&event.id);
    sheet.text(&event.source);
    for dimension in Dimension::TEXTS {
        sheet.maybe_text(event.labels.get(dimension));
    }
    sheet.maybe_value(event.status);
    sheet.maybe_value(event.latency_ms);
    sheet.maybe_value(event.time_to_first_token_ms);
    let tokens = UsageLine::of(event);
    for count in tokens.in_order() {
        sheet.value(count);
    }
    sheet.value(event.tokens.total());
    sheet.maybe_value(cost(event));
    sheet.value(rating_name(&event.rating));
    sheet.maybe_text(price(event));
    sheet.value(rfc3339(event.received_ms));
    sheet.maybe_value(event.request_hash.map(|hash| hexadecimal(&hash)));
    if event.metrics.is_empty() {
        sheet.maybe_text(None);
    } else {
        sheet.text(&serde_json::to_string(&MetricsLine(&event.metrics))?);
    }
    if event.properties.is_empty() {
        sheet.maybe_text(None);
    } else {
        sheet.text(&serde_json::to_string(&event.properties)?);
    }
    for declared in about.dimensions.declared() {
        // As it was sent, also where the dimension is not filled yet.
        let value = event.properties.get(&declared.property).and_then(property_value);
        sheet.maybe_text(value.as_deref());
    }
    Ok(sheet.end_row()?)
}

/// Lines of NDJSON: what the recording of events takes, so that an export can be recorded elsewhere, and how the event was
/// rated beside it.
fn ndjson_rows(rows: &[LogRow]) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(rows.len() * BYTES_A_ROW * 2);
    for row in rows {
        serde_json::to_writer(&mut bytes, &EventLine::of(&row.event))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

#[derive(Serialize)]
struct EventLine<'a> {
    id: &'a str,
    source: &'a str,
    time: String,
    project: Option<&'a str>,
    user: Option<&'a str>,
    api_key: Option<&'a str>,
    agent: Option<&'a str>,
    department: Option<&'a str>,
    country: Option<&'a str>,
    provider: Option<&'a str>,
    model: Option<&'a str>,
    operation: Option<&'a str>,
    service_tier: Option<&'a str>,
    usage: UsageLine,
    status: Option<u16>,
    latency_ms: Option<u32>,
    time_to_first_token_ms: Option<u32>,
    request_hash: Option<String>,
    cost_usd: Option<String>,
    metrics: MetricsLine<'a>,
    properties: &'a serde_json::Map<String, serde_json::Value>,
    rated: RatedLine<'a>,
}

/// How an event was rated.
#[derive(Serialize)]
struct RatedLine<'a> {
    rating: &'static str,
    price: Option<&'a str>,
    received_at: String,
}

impl<'a> EventLine<'a> {
    fn of(event: &'a Event) -> Self {
        let label = |dimension| event.labels.get(dimension);
        Self {
            id: &event.id,
            source: &event.source,
            time: rfc3339(event.time_ms),
            project: label(Dimension::Project),
            user: label(Dimension::User),
            api_key: label(Dimension::ApiKey),
            agent: label(Dimension::Agent),
            department: label(Dimension::Department),
            country: label(Dimension::Country),
            provider: label(Dimension::Provider),
            model: label(Dimension::Model),
            operation: label(Dimension::Operation),
            service_tier: label(Dimension::ServiceTier),
            usage: UsageLine::of(event),
            status: event.status,
            latency_ms: event.latency_ms,
            time_to_first_token_ms: event.time_to_first_token_ms,
            request_hash: event.request_hash.map(|hash| hexadecimal(&hash)),
            cost_usd: cost(event),
            metrics: MetricsLine(&event.metrics),
            properties: &event.properties,
            rated: RatedLine {
                rating: rating_name(&event.rating),
                price: price(event),
                received_at: rfc3339(event.received_ms),
            },
        }
    }
}

/// Token counts as they are sent: the details are parts of the two totals.
#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names of the contract")]
struct UsageLine {
    input_tokens: u64,
    cached_input_tokens: u64,
    cache_write_tokens: u64,
    cache_write_long_tokens: u64,
    audio_input_tokens: u64,
    image_input_tokens: u64,
    output_tokens: u64,
    reasoning_tokens: u64,
    audio_output_tokens: u64,
    image_output_tokens: u64,
}

impl UsageLine {
    fn of(event: &Event) -> Self {
        let tokens = &event.tokens;
        Self {
            input_tokens: tokens.input(),
            cached_input_tokens: tokens.cache_read,
            cache_write_tokens: tokens.cache_write_short,
            cache_write_long_tokens: tokens.cache_write_long,
            audio_input_tokens: tokens.audio_input,
            image_input_tokens: tokens.image_input,
            output_tokens: tokens.output(),
            reasoning_tokens: tokens.reasoning,
            audio_output_tokens: tokens.audio_output,
            image_output_tokens: tokens.image_output,
        }
    }

    fn in_order(&self) -> [u64; 10] {
        [
            self.input_tokens,
            self.cached_input_tokens,
            self.cache_write_tokens,
            self.cache_write_long_tokens,
            self.audio_input_tokens,
            self.image_input_tokens,
            self.output_tokens,
            self.reasoning_tokens,
            self.audio_output_tokens,
            self.image_output_tokens,
        ]
    }
}

/// Amounts as JSON numbers with exactly their digits.
struct MetricsLine<'a>(&'a BTreeMap<String, Amount>);

impl Serialize for MetricsLine<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let number =
            |name: &str, amount: &Amount| RawValue::from_string(MetricName::format_of(name, *amount));
        let numbers: Result<Vec<_>, _> =
            self.0.iter().map(|(name, amount)| Ok((name, number(name, amount)?))).collect();
        to.collect_map(numbers.map_err(|error: serde_json::Error| serde::ser::Error::custom(error))?)
    }
}

/// The cost, exact; `None` where the model has no price.
fn cost(event: &Event) -> Option<String> {
    (event.rating != Rating::Unpriced).then(|| event.rating.cost().to_string())
}

fn rating_name(rating: &Rating) -> &'static str {
    match rating {
        Rating::Priced { .. } => "priced",
        Rating::Given(_) => "given",
        Rating::Unpriced => "unpriced",
        Rating::Free => "free",
    }
}

fn price(event: &Event) -> Option<&str> {
    match &event.rating {
        Rating::Priced { price_id, .. } => Some(price_id.as_str()),
        _ => None,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
