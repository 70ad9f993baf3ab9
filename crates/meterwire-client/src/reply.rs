//! What the server answers. Times are RFC 3339 in UTC, as they came.

use crate::amount::Amount;
use crate::error::Error;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Over which time a metric is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Window {
    /// A calendar day.
    Day,
    /// A calendar week from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A level, which no calendar sets back.
    None,
    /// One that this version does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Where one user stands on every metric.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Status {
    /// The user.
    pub user: Option<String>,
    /// The user's tier.
    pub tier: String,
    /// The UTC day.
    pub date: String,
    /// When the UTC day ends.
    pub resets_at: String,
    /// By metric.
    pub metrics: BTreeMap<String, Standing>,
}

/// Where one user stands on one metric.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Standing {
    /// What is used and held.
    pub current: Amount,
    /// How much of it is only held.
    #[serde(default)]
    pub held: Amount,
    /// The limit; `None` is unlimited.
    pub limit: Option<Amount>,
    /// What is left; `None` is unlimited.
    pub remaining: Option<Amount>,
    /// `current` of the limit, in percent; to be shown, not to be counted with.
    #[serde(default)]
    pub percentage: Option<f64>,
    /// Its window.
    #[serde(default)]
    pub window: Window,
    /// When the window ends; `None` for a level.
    #[serde(default)]
    pub resets_at: Option<String>,
}

/// The answer to check, increment and consume.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Decided {
    /// Whether it fits. A consume that does not is an error instead; an increment is always allowed.
    #[serde(default = "yes")]
    pub allowed: bool,
    /// Why a check says no.
    #[serde(default)]
    pub reason: Option<String>,
    /// Whether an increment left the user above the limit.
    #[serde(default)]
    pub exceeded: bool,
    /// The metric.
    pub metric: String,
    /// The amount that was asked for.
    pub amount: Amount,
    /// What is used and held, after it.
    pub current: Amount,
    /// How much of it is only held.
    #[serde(default)]
    pub held: Amount,
    /// The limit; `None` is unlimited.
    pub limit: Option<Amount>,
    /// What is left; `None` is unlimited.
    pub remaining: Option<Amount>,
    /// The user's tier.
    pub tier: String,
    /// Its window.
    #[serde(default)]
    pub window: Window,
    /// When the window ends; `None` for a level.
    #[serde(default)]
    pub resets_at: Option<String>,
    /// Whether this is the earlier answer to the same idempotency key.
    #[serde(skip)]
    pub replayed: bool,
}

/// The answer to several metrics at once.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DecidedAll {
    /// Always: a refusal is an error instead.
    #[serde(default = "yes")]
    pub allowed: bool,
    /// The user's tier.
    pub tier: String,
    /// Where the user stands, by metric.
    pub metrics: BTreeMap<String, Standing>,
    /// Whether this is the earlier answer to the same idempotency key.
    #[serde(skip)]
    pub replayed: bool,
}

/// What became of one item of an array.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// One metric, recorded.
    One(Decided),
    /// Several metrics, recorded.
    All(DecidedAll),
    /// Refused by a limit, or invalid; nothing of it was recorded.
    Refused(Error),
}

/// A reservation as the server sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReservationState {
    /// Its id.
    pub id: String,
    /// `held`, `committed`, `released` or `expired`.
    pub status: String,
    /// Whose.
    #[serde(default)]
    pub user: Option<String>,
    /// What is held.
    pub metric: String,
    /// How much.
    pub amount: Amount,
    /// When it gives itself back.
    pub expires_at: String,
    /// The user's tier.
    #[serde(default)]
    pub tier: Option<String>,
    /// What the user has used and held.
    #[serde(default)]
    pub current: Option<Amount>,
    /// The limit; `None` is unlimited.
    #[serde(default)]
    pub limit: Option<Amount>,
    /// What is left; `None` is unlimited.
    #[serde(default)]
    pub remaining: Option<Amount>,
    /// When the window ends; `None` for a level.
    #[serde(default)]
    pub resets_at: Option<String>,
    /// What was committed.
    #[serde(default)]
    pub committed_amount: Option<Amount>,
    /// When it was committed or released.
    #[serde(default)]
    pub settled_at: Option<String>,
    /// Whether more was committed than held; all of it is recorded.
    #[serde(default)]
    pub over_hold: bool,
    /// Whether the user is above the limit now.
    #[serde(default)]
    pub exceeded: bool,
    /// Whether the commit came after the end of the hold; it is recorded all the same.
    #[serde(default)]
    pub after_expiry: bool,
}

/// What became of a batch of events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ingested {
    /// Events in the request.
    pub received: u64,
    /// Stored now.
    pub stored: u64,
    /// There already with the same content.
    pub duplicate: u64,
    /// There already with other content.
    pub conflict: u64,
    /// Refused.
    pub rejected: u64,
    /// Every event that was not stored.
    pub results: Vec<EventResult>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventResult {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Its id.
    pub id: Option<String>,
    /// `stored`, `duplicate`, `conflict` or `rejected`.
    pub status: String,
    /// Why it was refused.
    pub error: Option<EventProblem>,
}

/// Why an event was refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventProblem {
    /// A stable code.
    pub code: String,
    /// The field at fault.
    #[serde(default)]
    pub field: String,
    /// A sentence.
    pub message: String,
}

/// What a manual reset did.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ResetDone {
    /// How many counters.
    pub reset: u64,
    /// Of which day.
    pub date: String,
}

/// The users with the most of one metric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TopUsers {
    /// The day.
    pub date: String,
    /// The metric.
    pub metric: String,
    /// Largest first.
    pub items: Vec<TopUser>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TopUser {
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub username: Option<String>,
    /// The user's tier.
    pub tier: String,
    /// How much of the metric.
    pub current: Amount,
    /// How much of every metric.
    #[serde(default)]
    pub metrics: BTreeMap<String, Amount>,
}

/// A user close to a limit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct NearLimit {
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub username: Option<String>,
    /// The user's tier.
    pub tier: String,
    /// The metric.
    pub metric: String,
    /// What is used and held.
    pub current: Amount,
    /// How much of it is only held.
    #[serde(default)]
    pub held: Amount,
    /// The limit.
    pub limit: Amount,
    /// `current` of the limit, in percent.
    pub percentage: f64,
    /// Its window.
    #[serde(default)]
    pub window: Window,
    /// When the window ends; `None` for a level.
    #[serde(default)]
    pub resets_at: Option<String>,
}

/// One day of everybody's usage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DayOfUsage {
    /// The day.
    pub date: String,
    /// How many users used anything.
    pub active_users: u64,
    /// How much of every metric.
    #[serde(default)]
    pub totals: BTreeMap<String, Amount>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    pub username: Option<String>,
    /// The tier.
    pub tier: String,
}

/// A list of one page.
#[derive(Debug, Deserialize)]
pub(crate) struct Items<T> {
    pub(crate) items: Vec<T>,
}

/// The answer to an array.
#[derive(Debug, Deserialize)]
pub(crate) struct Verdicts {
    pub(crate) results: Vec<Box<RawValue>>,
}

/// What tells the forms of a verdict apart.
#[derive(Debug, Deserialize)]
struct Probe {
    status: Option<u16>,
    detail: Option<Box<RawValue>>,
    metrics: Option<IgnoredAny>,
}

impl Verdict {
    pub(crate) fn from_api(result: &RawValue) -> Result<Self, Error> {
        let wrong = |error: serde_json::Error| Error::Protocol(format!("a verdict: {error}"));
        let probe: Probe = serde_json::from_str(result.get()).map_err(wrong)?;
        if let Some(detail) = probe.detail {
            let refused = Error::from_detail(probe.status.unwrap_or(422), detail.get());
            return refused
                .map(Self::Refused)
                .ok_or_else(|| Error::Protocol("a verdict's detail".to_owned()));
        }
        if probe.metrics.is_some() {
            return serde_json::from_str(result.get()).map(Self::All).map_err(wrong);
        }
        serde_json::from_str(result.get()).map(Self::One).map_err(wrong)
    }

    /// Whether it was allowed and recorded.
    pub fn is_allowed(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// Where an answer says only what is not plain.
fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::{Status, Verdict, Verdicts, Window};
    use crate::error::Error;

    #[test]
    fn the_status_of_the_contract_is_read_exactly() {
        let text = r#"{"user":"u-42","tier":"free","date":"2026-11-22","resets_at":"2026-11-23T00:00:00Z","metrics":{
            "deployments":{"current":3,"held":0.125,"limit":10,"remaining":7,"percentage":30.0,"window":"day","resets_at":"2026-11-23T00:00:00Z"},
            "storage":{"current":123456789012.123456,"held":0,"limit":null,"remaining":null,"percentage":null,"window":"none","resets_at":null},
            "seats":{"current":1,"limit":null,"remaining":null,"percentage":null,"window":"decade","a_new_field":1}}}"#;
        let status: Status = serde_json::from_str(text).unwrap();
        let deployments = &status.metrics["deployments"];
        assert_eq!((deployments.held.to_string().as_str(), deployments.window), ("0.125", Window::Day));
        let storage = &status.metrics["storage"];
        assert_eq!((storage.current.to_string().as_str(), storage.limit), ("123456789012.123456", None));
        assert_eq!((storage.window, status.metrics["seats"].window), (Window::None, Window::Unknown));
    }

    #[test]
    fn verdicts_of_an_array_are_told_apart() {
        let text = r#"{"received":4,"allowed":2,"refused":1,"invalid":1,"results":[
            {"allowed":true,"metric":"m","amount":1,"current":1,"held":0,"limit":10,"remaining":9,"tier":"free","window":"day","resets_at":"x"},
            {"allowed":true,"tier":"free","metrics":{"m":{"current":1,"held":0,"limit":null,"remaining":null,"window":"day","resets_at":"x"}}},
            {"allowed":false,"status":429,"detail":{"error":"Usage limit exceeded","code":"limit_exceeded","message":"Daily m limit exceeded","current":10,"limit":10,"tier":"free","metric":"m"}},
            {"allowed":false,"status":422,"detail":{"error":"Invalid value","code":"invalid_value","message":"no such metric","field":"metric"}}]}"#;
        let verdicts: Verdicts = serde_json::from_str(text).unwrap();
        let verdicts: Vec<Verdict> =
            verdicts.results.iter().map(|one| Verdict::from_api(one).unwrap()).collect();
        assert!(matches!(&verdicts[0], Verdict::One(one) if one.allowed && one.remaining == Some(9.into())));
        assert!(matches!(&verdicts[1], Verdict::All(all) if all.metrics.contains_key("m")));
        assert!(matches!(&verdicts[2], Verdict::Refused(Error::LimitExceeded(limit)) if limit.metric == "m"));
        assert!(
            matches!(&verdicts[3], Verdict::Refused(Error::Invalid(refusal)) if refusal.field.as_deref() == Some("metric"))
        );
        let allowed: Vec<bool> = verdicts.iter().map(Verdict::is_allowed).collect();
        assert_eq!(allowed, [true, true, false, false]);
    }
}
