//! Insights that sums and the catalogue tell: days that stand out, keys that nobody uses, models without a price.

use super::review::ModelName;
use super::{
    Evidence, IDLE_DAYS, Insight, InsightKind, MAX_ROWS, MIN_SPIKE, MIN_SPIKE_WEEKS, NotJudged, SPIKE_FACTOR,
    SPIKE_WEEKS, Severity, usd,
};
use crate::invalid::Invalid;
use crate::money::CostNanos;
use crate::period::{self, Bucket, Granularity, Range, rfc3339};
use jiff::tz::TimeZone;

const DAY_MS: i64 = 86_400_000;

/// What a day cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySpend {
    /// The date.
    pub date: String,
    /// Its calls.
    pub calls: i64,
    /// Their cost.
    pub cost: CostNanos,
}

/// A day that stands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spike {
    /// The day.
    pub day: DaySpend,
    /// The same weekday of the weeks before it that had usage, newest first.
    pub compared: Vec<DaySpend>,
    /// The median of their costs; of an even number the upper of the middle two.
    pub usual: CostNanos,
}

/// A key that nobody uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleKey {
    /// Its id where it is a key of ours; `None` for a key that only events named.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The project it is bound to.
    pub project: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_ms: Option<i64>,
    /// When it was last used.
    pub last_used_ms: Option<i64>,
    /// Calls with it before the time that was looked at, where only events named it.
    pub calls_before: Option<i64>,
}

/// A key and when it was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The project it is bound to.
    pub project: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When it was last used.
    pub last_used_ms: Option<i64>,
    /// Whether it can be used at all: neither revoked nor over.
    pub is_open: bool,
}

/// The days that are judged for standing out, finished ones only, behind those that they are compared with; and the place of
/// the first that is judged.
pub fn days_to_compare(range: Range, zone: &TimeZone, now_ms: i64) -> Result<(Vec<Bucket>, usize), Invalid> {
    let weeks = i64::try_from(SPIKE_WEEKS).unwrap_or(0);
    let from_ms = period::days_before(range.from_ms, 7 * weeks, zone);
    let today = period::day_of(now_ms, zone).from_ms;
    let to_ms = range.to_ms.min(today);
    if range.from_ms >= to_ms {
        return Ok((vec![], 0));
    }
    let days = Range { from_ms, to_ms }.buckets(Granularity::Day, zone)?;
    let first = days.iter().position(|day| day.range.from_ms >= range.from_ms).unwrap_or(days.len());
    Ok((days, first))
}

/// Days that cost far more than their weekday usually does. `days` are without gap; from `first` on they are judged, those
/// before serve as comparison.
pub fn spikes(days: &[DaySpend], first: usize) -> Result<Option<Insight>, NotJudged> {
    let mut judged = false;
    let mut found = Vec::new();
    for (place, day) in days.iter().enumerate().skip(first) {
        let before = (1..=SPIKE_WEEKS).filter_map(|weeks| days.get(place.checked_sub(7 * weeks)?));
        let compared: Vec<DaySpend> = before.filter(|other| other.calls > 0).cloned().collect();
        if compared.len() < MIN_SPIKE_WEEKS {
            continue;
        }
        judged = true;
        let mut costs: Vec<i64> = compared.iter().map(|other| other.cost.0).collect();
        costs.sort_unstable();
        let usual = CostNanos(costs[costs.len() / 2]);
        let is_spike = i128::from(day.cost.0) > i128::from(usual.0) * i128::from(SPIKE_FACTOR)
            && day.cost - usual >= MIN_SPIKE;
        if is_spike {
            found.push(Spike { day: day.clone(), compared, usual });
        }
    }
    if !judged {
        let reason = format!(
            "no finished day of the range has {MIN_SPIKE_WEEKS} of the {SPIKE_WEEKS} same weekdays before it to compare with"
        );
        return Err(NotJudged { kind: InsightKind::CostSpike, reason });
    }
    found.sort_by_key(|spike| (std::cmp::Reverse(spike.day.cost - spike.usual), spike.day.date.clone()));
    found.truncate(MAX_ROWS);
    let Some(worst) = found.first() else { return Ok(None) };
    let (day, usual) = (&worst.day, worst.usual);
    Ok(Some(Insight {
        kind: InsightKind::CostSpike,
        severity: Severity::Warning,
        title: format!("{} cost {}, usually it is {}", day.date, usd(day.cost), usd(usual)),
        detail: format!(
            "{} cost more than {SPIKE_FACTOR} times the median of the same weekday of the {SPIKE_WEEKS} weeks before.",
            match found.len() {
                1 => "One day".to_owned(),
                days => format!("{days} days"),
            }
        ),
        model: None,
        saving: CostNanos::ZERO,
        recommendation: format!("See what changed: /api/v1/usage/explain for {}.", day.date),
        evidence: Evidence::Spikes(found),
    }))
}

/// Keys that nobody has used for [`IDLE_DAYS`] days: of ours those that could be used and are old enough, and names of keys
/// that events carried before but no longer do.
pub fn idle_keys(keys: Vec<KeyUse>, only_named: Vec<IdleKey>, now_ms: i64) -> Option<Insight> {
    let since_ms = now_ms - IDLE_DAYS * DAY_MS;
    let is_idle = |key: &KeyUse| {
        key.is_open && key.created_ms <= since_ms && key.last_used_ms.is_none_or(|used_ms| used_ms < since_ms)
    };
    let ours = keys.into_iter().filter(is_idle).map(|key| IdleKey {
        id: Some(key.id),
        name: key.name,
        project: key.project,
        created_ms: Some(key.created_ms),
        last_used_ms: key.last_used_ms,
        calls_before: None,
    });
    let mut idle: Vec<IdleKey> = ours.chain(only_named).collect();
    let count = idle.len();
    let first = idle.first()?;
    let title = match count {
        1 => format!("Nobody uses the key \"{}\"", first.name),
        _ => format!("Nobody uses {count} keys"),
    };
    let detail = match (count, first.last_used_ms) {
        (1, Some(used_ms)) => format!("It was last used on {}.", &rfc3339(used_ms)[..10]),
        (1, None) if first.id.is_some() => "It was never used.".to_owned(),
        _ => format!("They were not used for {IDLE_DAYS} days."),
    };
    idle.truncate(MAX_ROWS);
    Some(Insight {
        kind: InsightKind::IdleKey,
        severity: Severity::Info,
        title,
        detail,
        model: None,
        saving: CostNanos::ZERO,
        recommendation: "Revoke keys that are not needed: one that leaks costs whatever it is used for."
            .to_owned(),
        evidence: Evidence::IdleKeys(idle),
    })
}

/// Models whose usage has no price, each with its calls.
pub fn unpriced_models(models: Vec<(ModelName, i64)>) -> Vec<Insight> {
    let mut models: Vec<_> = models.into_iter().filter(|(_, calls)| *calls > 0).collect();
    models.sort_by_key(|(name, calls)| (std::cmp::Reverse(*calls), name.clone()));
    models.truncate(MAX_ROWS);
    let to_insight = |(name, calls): (ModelName, i64)| Insight {
        kind: InsightKind::UnpricedModel,
        severity: Severity::Warning,
        title: format!("{} has no price", name.model),
        detail: format!("{calls} calls of it are in no cost and in no budget."),
        saving: CostNanos::ZERO,
        recommendation: format!(
            "Give it a price: meterwire price add, or /api/v1/prices, for {}.",
            name.model
        ),
        evidence: Evidence::Unpriced { calls },
        model: Some(name),
    };
    models.into_iter().map(to_insight).collect()
}
