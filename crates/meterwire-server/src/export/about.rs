//! What an export says of itself: its file's name, and, where it is asked for, lines before the first row.

use super::RowFormat;
use meterwire_app::About;
use meterwire_core::name::shown;
use meterwire_core::period::{Range, rfc3339};
use serde_json::{Value, json};

/// What stands before the first row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// Where the rows come from, their range, zone and filters: lines with `#` in a CSV, one object before the others in
    /// NDJSON. Off unless asked for, since importers stumble over it.
    pub full: bool,
    /// The mark by which some spreadsheets know UTF-8.
    pub bom: bool,
}

impl Header {
    /// The bytes before the names of the columns.
    pub(super) fn bytes(self, about: &About, view: &str, format: RowFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.bom {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        if !self.full {
            return bytes;
        }
        let facts = facts(about, view);
        match format {
            RowFormat::Ndjson => {
                bytes.extend_from_slice(json!({ "export": facts }).to_string().as_bytes());
                bytes.push(b'\n');
            }
            RowFormat::Csv => {
                for (name, value) in facts.as_object().into_iter().flatten() {
                    let value = match value {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    };
                    // A line end in a name would begin a row.
                    bytes.extend_from_slice(format!("# {name}: {}\r\n", shown(&value)).as_bytes());
                }
            }
        }
        bytes
    }
}

fn facts(about: &About, view: &str) -> Value {
    let mut filters: serde_json::Map<String, Value> =
        about.named_filters().map(|(name, values)| (name.to_owned(), json!(values))).collect();
    if let Some(priced) = about.priced {
        filters.insert("priced".to_owned(), json!([priced.to_string()]));
    }
    json!({
        "view": view,
        "tenant": about.tenant.slug,
        "source": "metered",
        "from": rfc3339(about.range.from_ms),
        "to": rfc3339(about.range.to_ms),
        "tz": about.tz,
        "as_of": rfc3339(about.as_of_ms),
        "filters": filters,
    })
}

/// The name of the file: `acme_log_2026-11-01_2026-11-30.csv`, the first and last day of the range in its zone. Only
/// letters, digits, `-`, `_` and `.`, whatever the tenant is called.
pub(crate) fn file_name(about: &About, view: &str, extension: &str) -> String {
    let (first, last) = days(about.range, &about.zone);
    let name = format!("{}_{view}_{first}_{last}.{extension}", about.tenant.slug);
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    name.chars().map(plain).collect()
}

/// The first and the last calendar day that a range touches.
pub(super) fn days(range: Range, zone: &jiff::tz::TimeZone) -> (jiff::civil::Date, jiff::civil::Date) {
    (local_day(range.from_ms, zone), local_day(range.to_ms - 1, zone))
}

/// The calendar day of an instant.
pub(super) fn local_day(ms: i64, zone: &jiff::tz::TimeZone) -> jiff::civil::Date {
    let instant = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    zone.to_datetime(instant).date()
}
