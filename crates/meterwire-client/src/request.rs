//! What a caller asks for.

use crate::amount::Amount;
use crate::event::Event;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;
use uuid::Uuid;

/// One metric and how much of it: for check, increment and consume.
///
/// ```
/// # use meterwire_client::Decision;
/// let decision = Decision::new("deployments", 1).user("u-42").idempotency_key("deploy-7711");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    metric: String,
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
}

/// Several metrics at once, all or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bulk {
    metrics: BTreeMap<String, Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
}

/// One item of [`Client::consume_each`](crate::Client::consume_each).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Item {
    /// One metric.
    One(Decision),
    /// Several, all or nothing.
    All(Bulk),
}

/// What is to be held until the work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hold {
    #[serde(flatten)]
    what: Held,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Held {
    Metric { metric: String, amount: Amount },
    Money { cost_usd: Amount },
}

/// What was used in the end.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(untagged)]
pub enum Commit {
    /// As much as was held.
    #[default]
    #[serde(with = "nothing")]
    Held,
    /// This much.
    Amount {
        /// How much; more than held is recorded whole.
        amount: Amount,
    },
    /// This many dollars.
    CostUsd {
        /// How many.
        cost_usd: Amount,
    },
    /// What this event counts, which is recorded with it.
    Event {
        /// The event.
        event: Box<Event>,
    },
}

/// Which counters an admin sets back; without a user and metric, today's of everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reset {
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<String>,
}

/// `{}`.
mod nothing {
    use serde::ser::{SerializeMap, Serializer};

    pub(super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_map(Some(0))?.end()
    }
}

impl Decision {
    /// So much of a metric.
    pub fn new(metric: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self { metric: metric.into(), amount: amount.into(), user: None, idempotency_key: None }
    }

    /// Whose; needed unless the token is of one user.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// A name of this very use: the same key is counted once, however often it is sent. Without one, each call makes
    /// its own, which its retries share.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    #[cfg(feature = "tower")]
    pub(crate) fn for_user(mut self, user: Option<String>) -> Self {
        self.user = user;
        self
    }

    pub(crate) fn keyed(mut self) -> Self {
        self.idempotency_key.get_or_insert_with(new_key);
        self
    }

    /// A check records nothing and takes no key.
    pub(crate) fn unkeyed(mut self) -> Self {
        self.idempotency_key = None;
        self
    }
}

impl Bulk {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// And so much of a metric.
    pub fn and(mut self, metric: impl Into<String>, amount: impl Into<Amount>) -> Self {
        self.metrics.insert(metric.into(), amount.into());
        self
    }

    /// Whose; needed unless the token is of one user.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// As [`Decision::idempotency_key`].
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    pub(crate) fn keyed(mut self) -> Self {
        self.idempotency_key.get_or_insert_with(new_key);
        self
    }
}

impl From<Decision> for Item {
    fn from(decision: Decision) -> Self {
        Self::One(decision)
    }
}

impl From<Bulk> for Item {
    fn from(bulk: Bulk) -> Self {
        Self::All(bulk)
    }
}

impl Item {
    pub(crate) fn keyed(self) -> Self {
        match self {
            Self::One(decision) => Self::One(decision.keyed()),
            Self::All(bulk) => Self::All(bulk.keyed()),
        }
    }
}

impl Hold {
    /// So much of a metric.
    pub fn new(metric: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self::of(Held::Metric { metric: metric.into(), amount: amount.into() })
    }

    /// So many dollars.
    pub fn cost_usd(dollars: impl Into<Amount>) -> Self {
        Self::of(Held::Money { cost_usd: dollars.into() })
    }

    fn of(what: Held) -> Self {
        Self { what, user: None, ttl_seconds: None, idempotency_key: None, project: None, model: None }
    }

    /// Whose; needed unless the token is of one user.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// After how long it gives itself back (ten minutes; whole seconds, from one to a day).
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl_seconds = Some(ttl.as_secs().max(1));
        self
    }

    /// As [`Decision::idempotency_key`].
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// The project, for money.
    pub fn project(mut self, project: impl Into<String>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// The model, for money.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    pub(crate) fn keyed(mut self) -> Self {
        self.idempotency_key.get_or_insert_with(new_key);
        self
    }
}

impl Commit {
    /// This much.
    pub fn amount(amount: impl Into<Amount>) -> Self {
        Self::Amount { amount: amount.into() }
    }

    /// This many dollars.
    pub fn cost_usd(dollars: impl Into<Amount>) -> Self {
        Self::CostUsd { cost_usd: dollars.into() }
    }

    /// What the event counts; it is recorded in the same step.
    pub fn event(event: Event) -> Self {
        Self::Event { event: Box::new(event) }
    }

    /// The event gets its identity and time now, so that every try sends the same one.
    pub(crate) fn fixed(self) -> Self {
        match self {
            Self::Event { event } => Self::event(event.fixed()),
            other => other,
        }
    }
}

impl<A: Into<Amount>> From<A> for Commit {
    fn from(amount: A) -> Self {
        Self::amount(amount)
    }
}

impl Reset {
    /// Today's counters of everyone.
    pub fn today() -> Self {
        Self::default()
    }

    /// Only this user's.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Only this metric; a level is set back only when it is named.
    pub fn metric(mut self, metric: impl Into<String>) -> Self {
        self.metric = Some(metric.into());
        self
    }
}

/// A new name for one use.
pub(crate) fn new_key() -> String {
    Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Bulk, Commit, Decision, Hold, Item, Reset};
    use crate::Event;
    use serde_json::{json, to_value};
    use std::time::Duration;

    #[test]
    fn requests_are_written_as_the_contract_says() {
        let decision = Decision::new("deployments", 1).user("u-42").idempotency_key("k");
        let expected =
            json!({"metric": "deployments", "amount": "1", "user": "u-42", "idempotency_key": "k"});
        assert_eq!(to_value(&decision).unwrap(), expected);
        assert_eq!(to_value(Item::from(decision)).unwrap(), expected);
        assert_eq!(
            to_value(Item::from(Bulk::new().and("api_calls", 10).and("tokens", 512).user("u"))).unwrap(),
            json!({"metrics": {"api_calls": "10", "tokens": "512"}, "user": "u"})
        );
        assert_eq!(
            to_value(Hold::new("compute_hours", 2).ttl(Duration::from_secs(90))).unwrap(),
            json!({"metric": "compute_hours", "amount": "2", "ttl_seconds": 90})
        );
        let money = Hold::cost_usd("0.03".parse::<crate::Amount>().unwrap()).project("p").model("m");
        assert_eq!(to_value(money).unwrap(), json!({"cost_usd": "0.03", "project": "p", "model": "m"}));
        assert_eq!(to_value(Reset::today()).unwrap(), json!({}));
        assert_eq!(
            to_value(Reset::today().user("u").metric("m")).unwrap(),
            json!({"user": "u", "metric": "m"})
        );
    }

    #[test]
    fn commits_are_written_as_the_contract_says() {
        assert_eq!(to_value(Commit::Held).unwrap(), json!({}));
        assert_eq!(to_value(Commit::from(2)).unwrap(), json!({"amount": "2"}));
        assert_eq!(to_value(Commit::cost_usd(1)).unwrap(), json!({"cost_usd": "1"}));
        let event = Event { id: Some("e".into()), ..Event::default() };
        assert_eq!(to_value(Commit::event(event)).unwrap(), json!({"event": {"id": "e"}}));
    }

    #[test]
    fn a_key_is_made_once_and_a_given_one_is_kept() {
        let keyed = Decision::new("m", 1).keyed();
        assert_eq!(keyed.clone().keyed(), keyed);
        assert_ne!(Decision::new("m", 1).keyed(), keyed);
        assert_eq!(Bulk::new().idempotency_key("mine").keyed(), Bulk::new().idempotency_key("mine"));
    }

    #[test]
    fn an_event_of_a_commit_is_the_same_in_every_try() {
        let fixed = Commit::event(Event::default()).fixed();
        let sent = to_value(&fixed).unwrap();
        assert!(sent["event"]["id"].is_string() && sent["event"]["time"].is_string(), "{sent}");
        assert_eq!(to_value(fixed.fixed()).unwrap(), sent);
    }
}
