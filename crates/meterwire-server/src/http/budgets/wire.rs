//! Budgets as callers write and read them.

use crate::http::amounts::AmountFromApi;
use crate::http::list::present;
use meterwire_app::ports::{BudgetChange, BudgetState};
use meterwire_app::{NewBudget, PastPeriod};
use meterwire_core::budget::{self, AlertLevels, BudgetPeriod, Part, Scope, ScopeField, Size};
use meterwire_core::invalid::Invalid;
use meterwire_core::money::{CostNanos, parse_json_number};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which calendar spans a budget is counted over, in its zone. Weeks begin on Monday, quarters in January, April, July and
/// October; `custom` is every `days` days from `anchor`.
#[derive(ToSchema)]
#[schema(as = BudgetPeriod)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the document for the name of a period")]
pub(crate) enum PeriodName {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Custom,
}

/// Which usage a budget is for: everything that has all these values. Nothing named is everything of the tenant. A `team` is
/// the projects that belong to it now.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BudgetScope)]
pub(crate) struct ScopeFromApi {
    #[schema(example = "support-bot")]
    project: Option<String>,
    user: Option<String>,
    /// Your own name for the API key.
    api_key: Option<String>,
    department: Option<String>,
    team: Option<String>,
    /// As events name it.
    model: Option<String>,
}

impl From<ScopeFromApi> for Scope {
    fn from(sent: ScopeFromApi) -> Self {
        let ScopeFromApi { project, user, api_key, department, team, model } = sent;
        let named = [
            (ScopeField::Project, project),
            (ScopeField::User, user),
            (ScopeField::ApiKey, api_key),
            (ScopeField::Department, department),
            (ScopeField::Team, team),
            (ScopeField::Model, model),
        ];
        Self(named.into_iter().filter_map(|(field, value)| Some((field, value?))).collect())
    }
}

/// A budget to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBudgetFromApi {
    /// For people.
    #[schema(example = "support")]
    name: String,
    /// Dollars that may be spent in a period, up to nine decimals.
    #[schema(value_type = String, example = "250.00")]
    amount_usd: AmountFromApi,
    /// `month` where it is absent.
    #[schema(value_type = Option<PeriodName>, example = "month")]
    period: Option<String>,
    /// Of `custom`: the first day of one of its periods.
    #[schema(example = "2026-11-03")]
    anchor: Option<String>,
    /// Of `custom`: how many days each has, 1 to 366.
    #[schema(example = 14)]
    days: Option<u32>,
    /// IANA zone; the tenant's, whatever that is, where it is absent.
    #[schema(example = "Europe/Berlin")]
    timezone: Option<String>,
    /// Which usage it is for.
    #[serde(default)]
    scope: ScopeFromApi,
    /// Whether `check-limit`, `consume` and reservations are refused once it is used up. Events are never refused.
    #[serde(default)]
    hard: bool,
    /// Whether a hard budget lets models pass that have no price.
    #[serde(default)]
    allow_unpriced: bool,
    /// At which parts of the amount somebody is told, ascending, up to ten; 0.5, 0.8, 0.95 and 1 where it is absent.
    #[schema(value_type = Option<Vec<f64>>, example = json!([0.5, 0.8, 0.95, 1.0]))]
    thresholds: Option<Vec<AmountFromApi>>,
    /// Ids of the channels that are told; none are all of the tenant's.
    #[serde(default)]
    channels: Vec<String>,
    /// Id of the budget that it is a part of: of the same period and zone, within its scope. The parts together are never
    /// more than the whole.
    parent: Option<String>,
}

/// What to change of a budget. Another scope, period or zone counts the present period anew; a budget that has parts keeps
/// them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null for the tenant's zone")]
pub(crate) struct BudgetChangeFromApi {
    /// For people.
    name: Option<String>,
    /// Dollars that may be spent in a period. The default budget no longer follows the configuration.
    #[schema(value_type = Option<String>, example = "300.00")]
    amount_usd: Option<AmountFromApi>,
    /// Which spans it is counted over.
    #[schema(value_type = Option<PeriodName>, example = "quarter")]
    period: Option<String>,
    /// Of `custom`: the first day of one of its periods.
    anchor: Option<String>,
    /// Of `custom`: how many days each has, 1 to 366.
    days: Option<u32>,
    /// IANA zone; null is the tenant's.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    timezone: Option<Option<String>>,
    /// Which usage it is for, all of it: what is not named is no longer part of the scope.
    scope: Option<ScopeFromApi>,
    /// Whether decisions are refused once it is used up.
    hard: Option<bool>,
    /// Whether a hard budget lets models pass that have no price.
    allow_unpriced: Option<bool>,
    /// At which parts of the amount somebody is told.
    #[schema(value_type = Option<Vec<f64>>)]
    thresholds: Option<Vec<AmountFromApi>>,
    /// Ids of the channels that are told.
    channels: Option<Vec<String>>,
}

/// How to hand a budget out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitFromApi {
    /// `project`, `user`, `api_key`, `department`, `team` or `model`; one that its scope does not name yet.
    #[schema(example = "department")]
    by: String,
    /// One for each value, up to 1,000.
    parts: Vec<PartFromApi>,
}

/// One part: an amount, or a share of the whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartFromApi {
    /// For which value.
    #[schema(example = "care")]
    value: String,
    /// Dollars.
    #[schema(value_type = Option<String>, example = "100.00")]
    amount_usd: Option<AmountFromApi>,
    /// A part of the whole, from 0 to 1, with up to six decimals; rounded down to a nano-dollar.
    #[schema(value_type = Option<f64>)]
    share: Option<AmountFromApi>,
}

/// A budget and where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Budget)]
#[expect(clippy::struct_excessive_bools, reason = "four things that are so or not")]
pub(crate) struct BudgetToApi {
    /// UUID.
    id: String,
    /// For people.
    #[schema(example = "support")]
    name: String,
    /// Dollars that may be spent in a period.
    #[schema(example = "250")]
    amount_usd: String,
    /// Which spans it is counted over.
    #[schema(value_type = PeriodName, example = "month")]
    period: &'static str,
    /// Of `custom`: the first day of one of its periods.
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<String>,
    /// Of `custom`: how many days each has.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    /// IANA zone that it is counted in.
    #[schema(example = "Europe/Berlin")]
    timezone: String,
    /// Whether that is the tenant's, whatever it is.
    follows_tenant: bool,
    /// Which usage it is for.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    scope: Scope,
    /// Whether decisions are refused once it is used up.
    hard: bool,
    /// Whether a hard budget lets models pass that have no price.
    allow_unpriced: bool,
    /// At which parts of the amount somebody is told.
    #[schema(example = json!([0.5, 0.8, 0.95, 1.0]))]
    thresholds: Vec<f64>,
    /// Ids of the channels that are told; none are all of the tenant's.
    channels: Vec<String>,
    /// Id of the budget that it is a part of.
    parent: Option<String>,
    /// Whether the tenant was made with it. It cannot be deleted.
    is_default: bool,
    /// When it was made.
    #[schema(example = "2026-11-22T10:30:00Z")]
    created_at: String,
    /// Where it stands in its present period.
    current: StandingToApi,
}

/// Where a budget stands in its present period. Spent is what events count as money (the amount they name for `cost_usd`,
/// else their cost; without a price nothing) and what decisions counted without an event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetStanding)]
pub(crate) struct StandingToApi {
    /// When the period began.
    #[schema(example = "2026-11-01T00:00:00Z")]
    from: String,
    /// When it ends.
    #[schema(example = "2026-12-01T00:00:00Z")]
    to: String,
    /// Dollars that were spent.
    #[schema(example = "125.5")]
    spent_usd: String,
    /// Dollars that reservations hold.
    #[schema(example = "0.5")]
    held_usd: String,
    /// Dollars that are left: amount - spent - held; negative where there is less than nothing.
    #[schema(example = "124")]
    remaining_usd: String,
    /// How much of the amount was spent, in percent, rounded to two decimals.
    #[schema(example = 50.2)]
    used_percentage: f64,
    /// Whether more was spent than the amount.
    is_over_budget: bool,
    /// `normal`; `warning` from 80 % (configurable), or where spent / the share of the period that is over is more than the amount;
    /// `critical` from 95 % (configurable).
    #[schema(example = "normal")]
    alert_level: &'static str,
}

/// The parts that were made, in their order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetParts)]
pub(crate) struct PartsToApi {
    /// One for each value.
    pub(super) items: Vec<BudgetToApi>,
}

/// The periods of a budget, counted from usage by its present scope, each with the amount that was in force.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetHistory)]
pub(crate) struct HistoryToApi {
    /// The budget.
    id: String,
    /// IANA zone of the periods.
    timezone: String,
    /// Newest first; the first is the present one.
    periods: Vec<PeriodToApi>,
}

/// One period of a budget.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BudgetHistoryPeriod)]
pub(crate) struct PeriodToApi {
    /// When it began.
    #[schema(example = "2026-10-01T00:00:00Z")]
    from: String,
    /// When it ends, or ended.
    #[schema(example = "2026-11-01T00:00:00Z")]
    to: String,
    /// Dollars that might be spent in this period: the amount in force at its end, now where it is running. Periods from before
    /// the budget was made show its first amount.
    #[schema(example = "250")]
    amount_usd: String,
    /// Dollars that were spent.
    #[schema(example = "261.2")]
    spent_usd: String,
    /// Dollars by which that is more than the amount, 0 where it is not.
    #[schema(example = "11.2")]
    over_usd: String,
    /// Whether it is.
    is_over_budget: bool,
    /// Whether the period is running.
    is_current: bool,
}

pub(super) fn to_api(state: BudgetState, levels: AlertLevels, now_ms: i64) -> BudgetToApi {
    let BudgetState { budget, timezone, standing } = state;
    let custom = budget.period.custom();
    let (anchor, days) = custom.map_or((None, None), |(anchor, days)| (Some(anchor), Some(days)));
    BudgetToApi {
        id: budget.id,
        name: budget.name,
        amount_usd: budget.amount.to_string(),
        period: budget.period.name(),
        anchor,
        days,
        timezone,
        follows_tenant: budget.timezone.is_none(),
        scope: budget.scope,
        hard: budget.hard,
        allow_unpriced: budget.allow_unpriced,
        thresholds: budget.thresholds_ppm.into_iter().map(|ppm| f64::from(ppm) / 1e6).collect(),
        channels: budget.channels,
        parent: budget.parent,
        is_default: budget.is_default,
        created_at: rfc3339(budget.created_ms),
        current: StandingToApi {
            from: rfc3339(standing.range.from_ms),
            to: rfc3339(standing.range.to_ms),
            spent_usd: standing.spent.to_string(),
            held_usd: standing.held.to_string(),
            remaining_usd: standing.remaining().to_string(),
            used_percentage: standing.used_percentage(),
            is_over_budget: standing.is_over(),
            alert_level: standing.alert_level(levels, now_ms).name(),
        },
    }
}

fn thresholds_ppm(sent: Option<Vec<AmountFromApi>>) -> Result<Option<Vec<u32>>, Invalid> {
    let read = |(index, sent): (usize, AmountFromApi)| ppm(&format!("thresholds.{index}"), &sent);
    sent.map(|sent| sent.into_iter().enumerate().map(read).collect()).transpose()
}

/// Reads a part of the whole, such as 0.8, as millionths.
fn ppm(field: &str, sent: &AmountFromApi) -> Result<u32, Invalid> {
    let read = parse_json_number(sent.0.get(), 6).ok().and_then(|millionths| u32::try_from(millionths).ok());
    read.ok_or_else(|| Invalid::new(field, format!("{field} must be a part of the amount, such as 0.8")))
}

fn amount(field: &str, sent: &AmountFromApi) -> Result<CostNanos, Invalid> {
    budget::parse_amount(field, sent.0.get())
}

impl NewBudgetFromApi {
    pub(super) fn into_new(self) -> Result<NewBudget, Invalid> {
        let period = self.period.as_deref().unwrap_or("month");
        Ok(NewBudget {
            amount: amount("amount_usd", &self.amount_usd)?,
            period: BudgetPeriod::parse(period, self.anchor.as_deref(), self.days)?,
            thresholds_ppm: thresholds_ppm(self.thresholds)?,
            name: self.name,
            timezone: self.timezone,
            scope: self.scope.into(),
            hard: self.hard,
            allow_unpriced: self.allow_unpriced,
            channels: self.channels,
            parent: self.parent,
        })
    }
}

impl BudgetChangeFromApi {
    pub(super) fn into_change(self) -> Result<BudgetChange, Invalid> {
        let period = match (&self.period, self.anchor.as_deref(), self.days) {
            (Some(name), anchor, days) => Some(BudgetPeriod::parse(name, anchor, days)?),
            (None, None, None) => None,
            // Both together say all of a custom period.
            (None, anchor, days) => Some(BudgetPeriod::parse("custom", anchor, days)?),
        };
        Ok(BudgetChange {
            name: self.name,
            amount: self.amount_usd.map(|sent| amount("amount_usd", &sent)).transpose()?,
            period,
            timezone: self.timezone,
            scope: self.scope.map(Scope::from),
            hard: self.hard,
            allow_unpriced: self.allow_unpriced,
            thresholds_ppm: thresholds_ppm(self.thresholds)?,
            channels: self.channels,
        })
    }
}

impl SplitFromApi {
    pub(super) fn into_parts(self) -> Result<(ScopeField, Vec<Part>), Invalid> {
        let by = ScopeField::parse("by", &self.by)?;
        let read = |(index, part): (usize, PartFromApi)| {
            let size = match (&part.amount_usd, &part.share) {
                (Some(sent), None) => Size::Amount(amount(&format!("parts.{index}.amount_usd"), sent)?),
                (None, Some(sent)) => Size::SharePpm(ppm(&format!("parts.{index}.share"), sent)?),
                _ => {
                    let field = format!("parts.{index}");
                    return Err(Invalid::new(field, "a part has either amount_usd or share"));
                }
            };
            Ok(Part { value: part.value, size })
        };
        Ok((by, self.parts.into_iter().enumerate().map(read).collect::<Result<_, _>>()?))
    }
}

/// Past periods of a budget beside the amount of each.
pub(super) fn history_to_api(found: &BudgetState, past: Vec<PastPeriod>) -> HistoryToApi {
    let period = |past: PastPeriod| {
        let over = CostNanos(past.spent.0.saturating_sub(past.amount.0).max(0));
        PeriodToApi {
            from: rfc3339(past.range.from_ms),
            to: rfc3339(past.range.to_ms),
            amount_usd: past.amount.to_string(),
            spent_usd: past.spent.to_string(),
            over_usd: over.to_string(),
            is_over_budget: past.spent > past.amount,
            is_current: past.range == found.standing.range,
        }
    };
    HistoryToApi {
        id: found.budget.id.clone(),
        timezone: found.timezone.clone(),
        periods: past.into_iter().map(period).collect(),
    }
}
