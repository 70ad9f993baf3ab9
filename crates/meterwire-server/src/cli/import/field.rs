//! The fields of an event that a column can be mapped to, and how a text becomes each one's JSON.

use super::time::TimeFormat;
use std::fmt;

/// What may stand in a row: a text of a CSV file, or the JSON of an NDJSON field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    /// The text of a CSV column.
    Text(&'a str),
    /// JSON as it was written, never null.
    Json(&'a str),
}

/// A field of the event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// A text at the top of the event.
    Text(&'static str),
    /// When it happened.
    Time,
    /// A token count.
    Tokens(&'static str),
    /// The HTTP status.
    Status,
    /// A duration in milliseconds.
    Milliseconds(&'static str),
    /// The cost, an exact decimal.
    Cost,
    /// The provider's own usage object.
    ProviderUsage,
    /// An amount of a countable metric.
    Metric(String),
    /// Anything else to keep.
    Property(String),
}

const TEXTS: [&str; 14] = [
    "id",
    "source",
    "tenant",
    "project",
    "user",
    "api_key",
    "agent",
    "department",
    "country",
    "provider",
    "model",
    "operation",
    "service_tier",
    "request_hash",
];
const TOKENS: [&str; 10] = [
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
];
const MILLISECONDS: [&str; 2] = ["latency_ms", "time_to_first_token_ms"];

impl Field {
    /// Finds a field by its name; token counts may be written with `usage.` before them.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let find = |known: &[&'static str], name: &str| known.iter().copied().find(|field| *field == name);
        if let Some(field) = find(&TEXTS, name) {
            return Ok(Self::Text(field));
        }
        if let Some(field) = find(&TOKENS, name.strip_prefix("usage.").unwrap_or(name)) {
            return Ok(Self::Tokens(field));
        }
        if let Some(field) = find(&MILLISECONDS, name) {
            return Ok(Self::Milliseconds(field));
        }
        match (name, name.split_once('.')) {
            ("time", _) => Ok(Self::Time),
            ("status", _) => Ok(Self::Status),
            ("cost_usd", _) => Ok(Self::Cost),
            ("provider_usage", _) => Ok(Self::ProviderUsage),
            (_, Some(("metrics", metric))) if !metric.is_empty() => Ok(Self::Metric(metric.to_owned())),
            (_, Some(("properties", property))) if !property.is_empty() => {
                Ok(Self::Property(property.to_owned()))
            }
            _ => Err(format!("an event has no field {name:?}; it has {}", Self::known())),
        }
    }

    /// Every name, for messages.
    pub(super) fn known() -> String {
        let single = ["time", "status", "cost_usd", "provider_usage", "metrics.NAME", "properties.NAME"];
        let all: Vec<&str> =
            single.iter().chain(&TEXTS).chain(&TOKENS).chain(&MILLISECONDS).copied().collect();
        all.join(", ")
    }

    /// The JSON of this field for a row's value; `None` where the value is empty. Errors are sentences for people.
    pub(super) fn to_json(&self, cell: Cell<'_>, time: &TimeFormat) -> Result<Option<String>, String> {
        if let (Self::ProviderUsage, Cell::Json(raw)) = (self, cell) {
            return Ok(Some(raw.to_owned()));
        }
        if let (Self::Property(_), Cell::Json(raw)) = (self, cell) {
            return Ok(Some(raw.to_owned()));
        }
        let text = cell.text().ok_or_else(|| format!("{self} must be a text or a number"))?;
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let json = match self {
            Self::Text(_) | Self::Cost | Self::Metric(_) | Self::Property(_) => quoted(text),
            Self::Time => quoted(&time.parse(text)?),
            Self::Tokens(_) | Self::Status => {
                whole(text).ok_or_else(|| refused(self, "a whole number", text))?
            }
            Self::Milliseconds(_) => rounded(text).ok_or_else(|| refused(self, "milliseconds", text))?,
            Self::ProviderUsage => text.to_owned(),
        };
        if *self == Self::ProviderUsage && serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            return Err(refused(self, "a JSON object", text));
        }
        Ok(Some(json))
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(name) | Self::Tokens(name) | Self::Milliseconds(name) => f.write_str(name),
            Self::Time => f.write_str("time"),
            Self::Status => f.write_str("status"),
            Self::Cost => f.write_str("cost_usd"),
            Self::ProviderUsage => f.write_str("provider_usage"),
            Self::Metric(name) => write!(f, "metrics.{name}"),
            Self::Property(name) => write!(f, "properties.{name}"),
        }
    }
}

impl Cell<'_> {
    /// The text of the cell; a JSON number is its digits as written, so that no decimal goes through a float. `None`
    /// for objects and arrays.
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.to_owned()),
            Self::Json(raw) if raw.starts_with('"') => serde_json::from_str(raw).ok(),
            Self::Json(raw) if raw.starts_with(['{', '[']) => None,
            Self::Json(raw) => Some(raw.to_owned()),
        }
    }
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn refused(field: &Field, expected: &str, text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("{field} must be {expected}, found {shown:?}")
}

/// A whole number without sign, as digits; `120.0`, which spreadsheets write, is one too.
fn whole(text: &str) -> Option<String> {
    let (digits, places) = text.split_once('.').unwrap_or((text, "0"));
    if !places.bytes().all(|b| b == b'0') {
        return None;
    }
    Some(digits.parse::<u64>().ok().filter(|_| !digits.starts_with('+'))?.to_string())
}

/// A number without sign, rounded half up to a whole one.
fn rounded(text: &str) -> Option<String> {
    let (digits, places) = text.split_once('.').unwrap_or((text, ""));
    if !places.bytes().all(|b| b.is_ascii_digit()) || digits.starts_with('+') {
        return None;
    }
    let up = places.bytes().next().is_some_and(|b| b >= b'5');
    Some(digits.parse::<u64>().ok()?.checked_add(u64::from(up))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(name: &str, cell: Cell<'_>) -> Result<Option<String>, String> {
        Field::parse(name).unwrap().to_json(cell, &TimeFormat::default())
    }

    #[test]
    fn every_known_name_is_found_and_others_are_told() {
        for name in Field::known().split(", ") {
            assert_eq!(Field::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(Field::parse("usage.input_tokens"), Ok(Field::Tokens("input_tokens")));
        let error = Field::parse("imput_tokens").unwrap_err();
        assert!(error.contains("\"imput_tokens\"") && error.contains("input_tokens"), "{error}");
        assert!(Field::parse("usage.time").is_err());
        assert!(Field::parse("metrics.").is_err());
    }

    #[test]
    fn texts_are_quoted_and_empty_ones_are_absent() {
        assert_eq!(json("user", Cell::Text(" Ann \"A\" ")).unwrap().unwrap(), r#""Ann \"A\"""#);
        assert_eq!(json("user", Cell::Text("  ")), Ok(None));
        assert_eq!(json("user", Cell::Json("42")).unwrap().unwrap(), "\"42\"");
        assert!(json("user", Cell::Json("{\"a\":1}")).is_err());
    }

    #[test]
    fn token_counts_are_whole_numbers() {
        assert_eq!(json("input_tokens", Cell::Text("120")).unwrap().unwrap(), "120");
        assert_eq!(json("input_tokens", Cell::Text("120.0")).unwrap().unwrap(), "120");
        assert_eq!(json("input_tokens", Cell::Json("\"7\"")).unwrap().unwrap(), "7");
        for bad in ["-1", "1.5", "1e3", "NaN", "+3", "99999999999999999999", "0x10"] {
            let error = json("input_tokens", Cell::Text(bad)).unwrap_err();
            assert!(error.contains("input_tokens must be a whole number"), "{error}");
        }
    }

    #[test]
    fn durations_are_rounded_and_decimals_stay_exact() {
        assert_eq!(json("latency_ms", Cell::Text("811.5")).unwrap().unwrap(), "812");
        assert_eq!(json("latency_ms", Cell::Text("811.49")).unwrap().unwrap(), "811");
        assert!(json("latency_ms", Cell::Text("-3")).is_err());
        assert_eq!(
            json("cost_usd", Cell::Json("0.10000000000000001")).unwrap().unwrap(),
            "\"0.10000000000000001\""
        );
        assert_eq!(json("metrics.storage", Cell::Text("0.25")).unwrap().unwrap(), "\"0.25\"");
    }

    #[test]
    fn objects_pass_where_they_belong() {
        assert_eq!(json("properties.x", Cell::Json("{\"a\": [1]}")).unwrap().unwrap(), "{\"a\": [1]}");
        assert_eq!(
            json("provider_usage", Cell::Text("{\"input_tokens\":1}")).unwrap().unwrap(),
            "{\"input_tokens\":1}"
        );
        assert!(json("provider_usage", Cell::Text("{\"input_tok")).is_err());
    }
}
