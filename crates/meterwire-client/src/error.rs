//! What can go wrong, by what the caller can do about it.

use crate::amount::{Amount, AmountError};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::time::Duration;

/// Why a call did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A limit, or a hard budget, refused it; nothing was recorded.
    #[error("{}", .0.message)]
    LimitExceeded(Box<LimitExceeded>),
    /// No answer came within the tries and the time given. What was sent may or may not have arrived: the same
    /// idempotency key sent again settles it.
    #[error("the Meterwire server is not available: {0}")]
    Unavailable(String),
    /// The token is missing, unknown or at its end (401).
    #[error("{0}")]
    Unauthorized(Box<Refusal>),
    /// The token's role is too low (403).
    #[error("{0}")]
    Forbidden(Box<Refusal>),
    /// There is no such thing (404).
    #[error("{0}")]
    NotFound(Box<Refusal>),
    /// It contradicts what was done before (409), such as another request under the same idempotency key.
    #[error("{0}")]
    Conflict(Box<Refusal>),
    /// The request is wrong (400, 413, 415, 422).
    #[error("{0}")]
    Invalid(Box<Refusal>),
    /// The server failed (500); its log names the request id.
    #[error("{0}")]
    Server(Box<Refusal>),
    /// The answer is not one of Meterwire's.
    #[error("the answer is not understood: {0}")]
    Protocol(String),
    /// The client cannot be made from these settings.
    #[error("{0}")]
    Setup(String),
    /// A number is no amount.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

/// The refusal of a limit.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LimitExceeded {
    /// A sentence for the user.
    pub message: String,
    /// The metric whose limit it is; `cost_usd` where a hard budget refused.
    pub metric: String,
    /// What is used and held now.
    pub current: Amount,
    /// The limit.
    pub limit: Amount,
    /// The user's tier.
    pub tier: String,
    /// `tenant` where the limit over all users refused, `budget` where a hard budget did.
    pub scope: Option<String>,
    /// After how long the window begins anew; `None` for a level or inside an array.
    pub retry_after: Option<Duration>,
    /// The server's JSON body, byte by byte, to be handed on.
    pub body: String,
    /// The `RateLimit-Policy` and `RateLimit` headers, to be handed on.
    pub headers: Vec<(&'static str, String)>,
}

/// What the server said.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// A stable code to decide by.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The field that is wrong.
    pub field: Option<String>,
    /// Names the request in the server's log.
    pub request_id: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some(field) if !self.message.contains(field.as_str()) => write!(f, "{field}: {}", self.message)?,
            _ => f.write_str(&self.message)?,
        }
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[derive(Deserialize)]
struct ErrorFromApi {
    detail: Box<RawValue>,
}

#[derive(Deserialize)]
struct LimitFromApi {
    message: String,
    metric: String,
    current: Amount,
    limit: Amount,
    #[serde(default)]
    tier: String,
    scope: Option<String>,
}

#[derive(Deserialize)]
struct OverBudgetFromApi {
    message: String,
    budget: BudgetFromApi,
}

#[derive(Deserialize)]
struct BudgetFromApi {
    amount_usd: Amount,
    spent_usd: Amount,
}

impl LimitFromApi {
    /// Of a limit, or of a hard budget in the same form.
    fn read(detail: &str) -> Option<Self> {
        if let Ok(limit) = serde_json::from_str(detail) {
            return Some(limit);
        }
        let OverBudgetFromApi { message, budget } = serde_json::from_str(detail).ok()?;
        Some(Self {
            message,
            metric: "cost_usd".to_owned(),
            current: budget.spent_usd,
            limit: budget.amount_usd,
            tier: String::new(),
            scope: Some("budget".to_owned()),
        })
    }
}

#[derive(Deserialize)]
struct RefusalFromApi {
    #[serde(default)]
    code: String,
    message: String,
    field: Option<String>,
    request_id: Option<String>,
}

impl Error {
    /// From a status and a body `{"detail":{..}}`; `None` where the body is not Meterwire's.
    pub(crate) fn from_body(status: u16, body: &[u8]) -> Option<Self> {
        let parsed: ErrorFromApi = serde_json::from_slice(body).ok()?;
        let error = Self::from_detail(status, parsed.detail.get())?;
        Some(match error {
            Self::LimitExceeded(limit) => Self::LimitExceeded(Box::new(LimitExceeded {
                body: String::from_utf8_lossy(body).into_owned(),
                ..*limit
            })),
            other => other,
        })
    }

    /// From a status and the `detail` alone, as in the results of an array.
    pub(crate) fn from_detail(status: u16, detail: &str) -> Option<Self> {
        if status == 429 {
            let limit = LimitFromApi::read(detail)?;
            return Some(Self::LimitExceeded(Box::new(LimitExceeded {
                message: limit.message,
                metric: limit.metric,
                current: limit.current,
                limit: limit.limit,
                tier: limit.tier,
                scope: limit.scope,
                retry_after: None,
                body: format!("{{\"detail\":{detail}}}"),
                headers: Vec::new(),
            })));
        }
        let said: RefusalFromApi = serde_json::from_str(detail).ok()?;
        let RefusalFromApi { code, message, field, request_id } = said;
        let refusal = Box::new(Refusal { status, code, message, field, request_id });
        Some(match status {
            401 => Self::Unauthorized(refusal),
            403 => Self::Forbidden(refusal),
            404 | 405 => Self::NotFound(refusal),
            409 => Self::Conflict(refusal),
            503 => Self::Unavailable(refusal.message),
            500.. => Self::Server(refusal),
            _ => Self::Invalid(refusal),
        })
    }

    /// Whether the same call may go through later without a change.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// The refusal of a limit, if that is what it is.
    pub fn limit_exceeded(&self) -> Option<&LimitExceeded> {
        match self {
            Self::LimitExceeded(limit) => Some(limit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    const REFUSED: &str = r#"{"detail":{"error":"Usage limit exceeded","code":"limit_exceeded","message":"Daily deployments limit exceeded","current":10,"limit":10,"tier":"free","metric":"deployments"}}"#;

    #[test]
    fn a_refusal_keeps_the_body_byte_by_byte() {
        let error = Error::from_body(429, REFUSED.as_bytes()).unwrap();
        let limit = error.limit_exceeded().unwrap();
        assert_eq!(
            (limit.metric.as_str(), limit.tier.as_str(), limit.limit.to_string().as_str()),
            ("deployments", "free", "10")
        );
        assert_eq!(limit.body, REFUSED);
        assert_eq!(error.to_string(), "Daily deployments limit exceeded");
    }

    #[test]
    fn a_hard_budget_refuses_like_a_limit() {
        let body = r#"{"detail":{"error":"Budget exceeded","code":"budget_exceeded","message":"Monthly budget \"support\" exceeded","budget":{"id":"b","name":"support","period":"month","scope":{},"amount_usd":"250","spent_usd":"249.5","held_usd":"0","remaining_usd":"0.5","resets_at":"2026-12-01T00:00:00Z"},"requested_usd":"1"}}"#;
        let error = Error::from_body(429, body.as_bytes()).unwrap();
        let limit = error.limit_exceeded().unwrap();
        assert_eq!((limit.metric.as_str(), limit.scope.as_deref()), ("cost_usd", Some("budget")));
        assert_eq!((limit.current.to_string().as_str(), limit.limit.to_string().as_str()), ("249.5", "250"));
        assert_eq!(limit.body, body);
    }

    #[test]
    fn statuses_become_what_the_caller_can_do() {
        let body = br#"{"detail":{"error":"Invalid value","code":"invalid_value","message":"must be named","field":"user"}}"#;
        let named = |status| format!("{:?}", Error::from_body(status, body).unwrap());
        let kinds = [
            (400, "Invalid"),
            (401, "Unauthorized"),
            (403, "Forbidden"),
            (404, "NotFound"),
            (409, "Conflict"),
            (413, "Invalid"),
            (422, "Invalid"),
            (500, "Server"),
            (503, "Unavailable"),
        ];
        for (status, kind) in kinds {
            assert!(named(status).starts_with(kind), "{status}: {}", named(status));
        }
        assert_eq!(Error::from_body(422, body).unwrap().to_string(), "user: must be named");
    }

    #[test]
    fn foreign_bodies_are_told_apart() {
        assert!(Error::from_body(429, b"<html>slow down</html>").is_none());
        assert!(Error::from_body(429, br#"{"detail":{"message":"slow down"}}"#).is_none());
        assert!(Error::from_body(404, br#"{"error":"no"}"#).is_none());
    }
}
