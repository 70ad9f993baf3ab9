//! `RateLimit` and `RateLimit-Policy` as the IETF draft has them, `Retry-After`, and the mark of a repeated answer.

use super::over_budget::add_retry;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Decision, Standing, Window};
use std::fmt::Write;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The key of a request: from its body, or from the header `Idempotency-Key`, plain or in quotes as the IETF draft has it.
pub(super) fn idempotency_key(
    headers: &HeaderMap,
    in_body: Option<String>,
) -> Result<Option<String>, Invalid> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(in_body) };
    let refused = |sentence| Invalid::new("idempotency_key", sentence);
    let text = value.to_str().map_err(|_| refused("Idempotency-Key must be plain text"))?.trim();
    let key = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    if in_body.is_some_and(|in_body| in_body != key) {
        return Err(refused("Idempotency-Key and idempotency_key are not the same"));
    }
    Ok(Some(key.to_owned()))
}

/// An array has no key of its own: its entries have theirs.
pub(super) fn refuse_key(headers: &HeaderMap) -> Result<(), Invalid> {
    if headers.contains_key(IDEMPOTENCY_KEY) {
        let sentence = "an array takes no Idempotency-Key: give each entry its own idempotency_key";
        return Err(Invalid::new("idempotency_key", sentence));
    }
    Ok(())
}

/// The headers of a decision about one metric.
pub(super) fn of_decision(decision: &Decision, now_ms: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let standing = match (&decision.refused, &decision.standings[..]) {
        (Some(refused), _) => Some(refused),
        (None, [one]) => Some(one),
        _ => None,
    };
    if let Some(standing) = standing {
        add(&mut headers, standing, decision.refused.is_some(), now_ms);
    }
    if let Some(refusal) = &decision.over_budget {
        add_retry(&mut headers, refusal, now_ms);
    }
    if decision.replayed {
        mark_replayed(&mut headers);
    }
    headers
}

/// The headers of a limit; a refusal says too when to come again.
pub(super) fn add(headers: &mut HeaderMap, standing: &Standing, refused: bool, now_ms: i64) {
    let (Some(limit), Some(remaining)) = (standing.limit, standing.remaining()) else { return };
    let one = standing.metric.one().0;
    let name = standing.metric.as_str();
    let mut policy = format!("\"{name}\";q={}", limit / one);
    if let Some(seconds) = seconds_of(standing.window) {
        // Writing into a string cannot fail.
        let _ = write!(policy, ";w={seconds}");
    }
    let mut state = format!("\"{name}\";r={}", remaining / one);
    if let Some(resets_ms) = standing.resets_ms {
        let seconds = (resets_ms - now_ms).max(0).div_ceil_of(1000);
        let _ = write!(state, ";t={seconds}");
        if refused {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    for (header, text) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
        // Names of metrics are plain, so this is always a value.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(header, value);
        }
    }
}

/// Marks the remembered answer to a repeated idempotency key. Where its window is over, no time is named to come again:
/// the key's answer stays, and a caller told "at once" would ask for ever.
pub(super) fn mark_replayed(headers: &mut HeaderMap) {
    if headers.get(header::RETRY_AFTER).is_some_and(|seconds| seconds == "0") {
        headers.remove(header::RETRY_AFTER);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
}

/// The nominal length of a window. Months have several, so none is named.
fn seconds_of(window: Window) -> Option<u32> {
    match window {
        Window::Day => Some(86_400),
        Window::Week => Some(604_800),
        Window::Month | Window::Level => None,
    }
}

trait DivCeilOf {
    fn div_ceil_of(self, divisor: i64) -> i64;
}

impl DivCeilOf for i64 {
    fn div_ceil_of(self, divisor: i64) -> i64 {
        (self + divisor - 1).div_euclid(divisor)
    }
}
