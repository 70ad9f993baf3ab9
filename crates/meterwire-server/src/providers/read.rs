//! What reading a page of either provider has in common: unknown fields are fine, a wrong type of a known one is not.

use meterwire_app::ports::ReportError;
use meterwire_core::money::{CostNanos, NANOS_PER_USD};
use meterwire_core::provider_report::{MAX_ROW_TEXT_BYTES, ReportBucket, ReportPage};
use serde::de::DeserializeOwned;

/// More of anything than a day can hold.
const MAX_COUNT: u64 = 1_000_000_000_000_000;
/// More than one line of a day can cost, either way: ten million dollars. So no sum can overflow.
const MAX_COST: i64 = 10_000_000 * NANOS_PER_USD;
/// The longest name of a page.
const MAX_TOKEN_BYTES: usize = 2048;
/// The most buckets of a page.
const MAX_BUCKETS: usize = 400;

/// The page does not have the published shape.
pub(super) fn wrong_shape(what: impl std::fmt::Display) -> ReportError {
    let sentence = format!("the report cannot be read, and nothing of it was kept: {what}");
    ReportError::lasting("wrong_shape", sentence)
}

/// Reads JSON into a shape; an error names the field and nothing of what stands in it.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ReportError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if error.inner().is_eof() {
            let sentence = "the answer broke off before its end; nothing of it was kept";
            return ReportError::passing("cut_off", sentence);
        }
        if error.inner().is_data() {
            return wrong_shape(format!(
                "{} is missing or has a wrong type",
                plain(&error.path().to_string())
            ));
        }
        wrong_shape("it is no JSON")
    })?;
    reader.end().map_err(|_| wrong_shape("it is no JSON"))?;
    Ok(read)
}

/// The place of an error without what others could have written into it.
fn plain(path: &str) -> String {
    let allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]".contains(*c);
    let path: String = path.chars().filter(allowed).take(120).collect();
    if path.is_empty() || path == "." { "the page".to_owned() } else { path }
}

/// A count that fits a day.
pub(super) fn count(field: &str, value: u64) -> Result<i64, ReportError> {
    match i64::try_from(value) {
        Ok(count) if value <= MAX_COUNT => Ok(count),
        _ => Err(wrong_shape(format!("{field} is larger than can be"))),
    }
}

/// A count that has to be there.
pub(super) fn required(field: &str, value: Option<u64>) -> Result<i64, ReportError> {
    count(field, value.ok_or_else(|| wrong_shape(format!("{field} is missing")))?)
}

/// A count that may be absent.
pub(super) fn optional(field: &str, value: Option<u64>) -> Result<i64, ReportError> {
    count(field, value.unwrap_or(0))
}

/// A cost that fits a day.
pub(super) fn cost(nanos: i64) -> Result<CostNanos, ReportError> {
    if (-MAX_COST..=MAX_COST).contains(&nanos) {
        return Ok(CostNanos(nanos));
    }
    Err(wrong_shape("an amount is larger than can be"))
}

/// A text that fits a row; an empty one is absent.
pub(super) fn text(field: &str, value: Option<String>) -> Result<Option<String>, ReportError> {
    match value {
        Some(text) if text.len() > MAX_ROW_TEXT_BYTES || text.chars().any(char::is_control) => {
            Err(wrong_shape(format!("{field} is too long, or holds control characters")))
        }
        other => Ok(other.filter(|text| !text.is_empty())),
    }
}

/// The page, where it is bounded and says how it goes on.
pub(super) fn page(
    buckets: Vec<ReportBucket>,
    has_more: bool,
    next: Option<String>,
) -> Result<ReportPage, ReportError> {
    if buckets.len() > MAX_BUCKETS {
        return Err(wrong_shape(format!("it has more than {MAX_BUCKETS} buckets")));
    }
    let next = match next.filter(|_| has_more) {
        None if has_more => return Err(wrong_shape("has_more is true and next_page is missing")),
        Some(token) if token.is_empty() || token.len() > MAX_TOKEN_BYTES => {
            return Err(wrong_shape("next_page is empty or too long"));
        }
        next => next,
    };
    Ok(ReportPage { buckets, next })
}
