//! Decisions and standings as callers write and read them.

use super::array::DecisionsToApi;
use super::over_budget::{OverBudget, OverBudgetBody, used_for};
use crate::http::amounts::{AmountFromApi, AmountToApi};
use meterwire_app::Decide;
use meterwire_app::ports::UsedFor;
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Decision, MetricName, Scope, Standing};
use meterwire_core::period::rfc3339;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use utoipa::ToSchema;

/// What to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckFromApi {
    /// The metric.
    #[schema(example = "deployments")]
    metric: String,
    /// How much; 1 where it is absent.
    amount: Option<AmountFromApi>,
    /// Whose limit; a member's own where it is absent, else it must be named.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
    /// `other_project`). With the model, the API key and the department, hard budgets
    /// are found by it.
    #[schema(example = "support-bot")]
    project: Option<String>,
    /// The model it is for. Hard budgets refuse one without a price unless they allow it.
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// Your own name for the API key it is for.
    api_key: Option<String>,
    /// The department it is for; the project's where it is absent.
    department: Option<String>,
}

/// What to record: one `metric` with its `amount`, or several under `metrics`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideFromApi {
    /// The metric.
    #[schema(example = "deployments")]
    metric: Option<String>,
    /// How much of it; 1 where it is absent. Only the level of a metric without a window can be lowered, by `increment`.
    amount: Option<AmountFromApi>,
    /// Several metrics, all or nothing: `{"api_calls": 10, "tokens": 512}`.
    #[serde(default, deserialize_with = "each_once")]
    metrics: Option<BTreeMap<String, AmountFromApi>>,
    /// Whose usage; a member's own where it is absent, else it must be named.
    #[schema(example = "u-42")]
    user: Option<String>,
    /// The project it is for; the key's own where it is absent. A key that is bound to a project may name no other (403
    /// `other_project`). With the model, the API key and the department, hard budgets
    /// are found by it.
    #[schema(example = "support-bot")]
    project: Option<String>,
    /// The model it is for. Hard budgets refuse one without a price unless they allow it.
    #[schema(example = "gpt-4o")]
    model: Option<String>,
    /// Your own name for the API key it is for.
    api_key: Option<String>,
    /// The department it is for; the project's where it is absent.
    department: Option<String>,
    /// 1 to 256 bytes: sent again with the same request within 48 hours, it gets the same answer and counts once.
    #[schema(example = "deploy-7f3a")]
    idempotency_key: Option<String>,
}

/// Amounts by metric. A name that stands there twice is refused: one of the two would not be counted.
fn each_once<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<BTreeMap<String, AmountFromApi>>, D::Error> {
    struct EachOnce;

    impl<'de> Visitor<'de> for EachOnce {
        type Value = Option<BTreeMap<String, AmountFromApi>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of amounts by metric")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut sent: A) -> Result<Self::Value, A::Error> {
            let mut amounts = BTreeMap::new();
            while let Some((name, amount)) = sent.next_entry::<String, AmountFromApi>()? {
                if amounts.contains_key(&name) {
                    return Err(de::Error::custom(format_args!("{name} is named twice")));
                }
                amounts.insert(name, amount);
            }
            Ok(Some(amounts))
        }
    }

    from.deserialize_any(EachOnce)
}

/// One request, or an array of 1 to 10,000, each with a verdict of its own.
#[derive(ToSchema)]
#[schema(as = Decide)]
#[serde(untagged)]
#[expect(dead_code, reason = "says to readers of the API what `read_wish` takes")]
pub(crate) enum AnyDecideFromApi {
    /// One.
    One(DecideFromApi),
    /// Several.
    Each(Vec<DecideFromApi>),
}

/// The answer in the form of the request: about one metric, about several, or an array.
#[derive(ToSchema)]
#[schema(as = Decided)]
#[serde(untagged)]
#[expect(dead_code, reason = "says to readers of the API what `decide` answers")]
pub(crate) enum AnyDecisionToApi {
    /// About one metric.
    One(DecisionToApi),
    /// About several metrics.
    Many(ManyToApi),
    /// About an array of requests.
    Each(DecisionsToApi),
}

/// A metric and how much of it.
pub(super) type NamedAmount = (MetricName, Amount);

/// A request that was read.
pub(super) struct ReadDecide {
    pub(super) amounts: Vec<NamedAmount>,
    /// Whether it came as `metrics`.
    pub(super) several: bool,
    user: Option<String>,
    used_for: UsedFor,
    pub(super) idempotency_key: Option<String>,
}

impl From<ReadDecide> for Decide {
    fn from(read: ReadDecide) -> Self {
        let ReadDecide { amounts, user, used_for, idempotency_key, .. } = read;
        Self { user, amounts, used_for, idempotency_key }
    }
}

impl CheckFromApi {
    pub(super) fn into_parts(self) -> Result<(NamedAmount, Option<String>, UsedFor), Invalid> {
        let metric = MetricName::parse("metric", &self.metric)?;
        let amount = amount_or_one(&metric, self.amount.as_ref())?;
        let used_for = used_for(self.project, self.model, self.api_key, self.department);
        Ok(((metric, amount), self.user, used_for))
    }
}

impl DecideFromApi {
    pub(super) fn read(self) -> Result<ReadDecide, Invalid> {
        let (amounts, several) = match (self.metric, self.metrics) {
            (Some(name), None) => {
                let metric = MetricName::parse("metric", &name)?;
                let amount = amount_or_one(&metric, self.amount.as_ref())?;
                (vec![(metric, amount)], false)
            }
            (None, Some(_)) if self.amount.is_some() => {
                return Err(Invalid::new(
                    "amount",
                    "amount belongs to metric; under metrics each has its own",
                ));
            }
            (None, Some(metrics)) => {
                let read = |(name, amount): (String, AmountFromApi)| {
                    let metric = MetricName::parse("metrics", &name)?;
                    let amount = amount.parse(&format!("metrics.{name}"), &metric)?;
                    Ok((metric, amount))
                };
                (metrics.into_iter().map(read).collect::<Result<_, Invalid>>()?, true)
            }
            (None, None) => return Err(Invalid::new("metric", "metric is missing: name what is used")),
            (Some(_), Some(_)) => {
                return Err(Invalid::new("metrics", "give either metric or metrics, not both"));
            }
        };
        let used_for = used_for(self.project, self.model, self.api_key, self.department);
        let (user, idempotency_key) = (self.user, self.idempotency_key);
        Ok(ReadDecide { amounts, several, user, used_for, idempotency_key })
    }
}

/// The amount that is named, or one.
pub(super) fn amount_or_one(metric: &MetricName, amount: Option<&AmountFromApi>) -> Result<Amount, Invalid> {
    amount.map_or_else(|| Ok(metric.one()), |amount| amount.parse("amount", metric))
}

/// Where a user stands on one metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StandingToApi {
    /// Used and held in the present window.
    current: AmountToApi,
    /// How much of `current` reservations hold.
    held: AmountToApi,
    /// The limit; null is unlimited.
    limit: Option<AmountToApi>,
    /// What is left; null is unlimited.
    remaining: Option<AmountToApi>,
    /// How much of the limit is used, 0 to 100 and beyond; null is unlimited.
    #[schema(example = 30.0)]
    percentage: Option<f64>,
    /// `day`, `week`, `month`, or `none` for a level that is not reset.
    #[schema(example = "day")]
    window: &'static str,
    /// When the window ends; null for a level.
    #[schema(example = "2026-11-23T00:00:00Z")]
    resets_at: Option<String>,
}

impl StandingToApi {
    pub(super) fn of(standing: &Standing) -> Self {
        let amount = |units| AmountToApi::new(&standing.metric, units);
        Self {
            current: amount(standing.current),
            held: amount(standing.held),
            limit: standing.limit.map(amount),
            remaining: standing.remaining().map(amount),
            percentage: standing.percentage(),
            window: standing.window.name(),
            resets_at: standing.resets_ms.map(rfc3339),
        }
    }
}

/// Where a user stands on every metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusToApi {
    /// The user.
    #[schema(example = "u-42")]
    pub(super) user: String,
    /// Its tier.
    #[schema(example = "free")]
    pub(super) tier: String,
    /// The UTC day.
    #[schema(example = "2026-11-22")]
    pub(super) date: String,
    /// When it ends.
    #[schema(example = "2026-11-23T00:00:00Z")]
    pub(super) resets_at: String,
    /// By metric.
    pub(super) metrics: BTreeMap<String, StandingToApi>,
}

/// A decision about one metric.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionToApi {
    /// Whether it was, or would be, allowed.
    allowed: bool,
    /// Why not.
    #[schema(example = "Daily deployments limit exceeded")]
    reason: Option<String>,
    /// The metric.
    #[schema(example = "deployments")]
    metric: String,
    /// What was asked for.
    amount: AmountToApi,
    /// Used and held, afterwards.
    current: AmountToApi,
    /// How much of `current` reservations hold.
    held: AmountToApi,
    /// The limit; null is unlimited.
    limit: Option<AmountToApi>,
    /// What is left; null is unlimited.
    remaining: Option<AmountToApi>,
    /// Whether `current` is above the limit, which `increment` can bring about.
    exceeded: bool,
    /// The user's tier.
    #[schema(example = "free")]
    tier: String,
    /// `day`, `week`, `month`, or `none` for a level that is not reset.
    #[schema(example = "day")]
    window: &'static str,
    /// When the window ends; null for a level.
    #[schema(example = "2026-11-23T00:00:00Z")]
    resets_at: Option<String>,
    /// The hard budget that refuses it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    over_budget: Option<Box<OverBudget>>,
}

/// Why a decision is refused.
fn reason_of(decision: &Decision) -> Option<String> {
    let over_budget = || decision.over_budget.as_ref().map(|refusal| refusal.message.clone());
    decision.refused.as_ref().map(Standing::refusal).or_else(over_budget)
}

impl DecisionToApi {
    /// The numbers are those of the limit that refused, else the user's own.
    pub(super) fn of(decision: &Decision, amount: AmountToApi) -> Option<Self> {
        let standing = decision.refused.as_ref().or(decision.standings.first())?;
        let units = |units| AmountToApi::new(&standing.metric, units);
        Some(Self {
            allowed: decision.is_allowed(),
            reason: reason_of(decision),
            metric: standing.metric.as_str().to_owned(),
            amount,
            current: units(standing.current),
            held: units(standing.held),
            limit: standing.limit.map(units),
            remaining: standing.remaining().map(units),
            exceeded: standing.is_exceeded(),
            tier: decision.tier.clone(),
            window: standing.window.name(),
            resets_at: standing.resets_ms.map(rfc3339),
            over_budget: decision.over_budget.as_ref().map(OverBudget::of).map(Box::new),
        })
    }

    pub(super) fn of_first(decision: &Decision, amounts: &[NamedAmount]) -> Option<Self> {
        let (metric, amount) = amounts.first()?;
        Self::of(decision, AmountToApi::new(metric, amount.0))
    }
}

/// A decision about several metrics.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManyToApi {
    /// Always true: a refusal is a 429.
    allowed: bool,
    /// The user's tier.
    #[schema(example = "free")]
    tier: String,
    /// By metric, afterwards.
    metrics: BTreeMap<String, StandingToApi>,
}

impl ManyToApi {
    pub(super) fn of(decision: &Decision) -> Self {
        let standings = decision.standings.iter();
        let metrics =
            standings.map(|standing| (standing.metric.as_str().to_owned(), StandingToApi::of(standing)));
        Self { allowed: decision.is_allowed(), tier: decision.tier.clone(), metrics: metrics.collect() }
    }
}

/// A refusal by a limit, or by a hard budget.
#[derive(ToSchema)]
#[schema(as = Refusal)]
#[serde(untagged)]
#[expect(dead_code, reason = "says to readers of the API what a 429 holds")]
pub(crate) enum RefusalBody {
    /// By a limit.
    Limit(LimitExceededBody),
    /// By a hard budget.
    Budget(OverBudgetBody),
}

/// The body of a refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitExceededBody {
    /// What refused it.
    detail: LimitExceeded,
}

/// The limit that refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitExceeded {
    /// A short title.
    #[schema(example = "Usage limit exceeded")]
    error: &'static str,
    /// A stable code to decide by.
    #[schema(example = "limit_exceeded")]
    code: &'static str,
    /// A sentence for the caller.
    #[schema(example = "Daily deployments limit exceeded")]
    message: String,
    /// Used and held.
    current: AmountToApi,
    /// The limit.
    limit: Option<AmountToApi>,
    /// The user's tier.
    #[schema(example = "free")]
    tier: String,
    /// The metric.
    #[schema(example = "deployments")]
    metric: String,
    /// `tenant` where it is the limit of all users together; absent where it is the user's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
}

impl LimitExceededBody {
    pub(super) fn of(standing: &Standing, tier: &str) -> Self {
        Self { detail: LimitExceeded::of(standing, tier) }
    }
}

impl LimitExceeded {
    pub(super) fn of(standing: &Standing, tier: &str) -> Self {
        let amount = |units| AmountToApi::new(&standing.metric, units);
        Self {
            error: "Usage limit exceeded",
            code: "limit_exceeded",
            message: standing.refusal(),
            current: amount(standing.current),
            limit: standing.limit.map(amount),
            tier: tier.to_owned(),
            metric: standing.metric.as_str().to_owned(),
            scope: (standing.scope == Scope::Tenant).then_some("tenant"),
        }
    }
}
