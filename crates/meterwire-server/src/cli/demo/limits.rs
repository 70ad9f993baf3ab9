//! Limits in the demo: metrics with units, one counted by the month, limits beside those of the tiers, and a today on which
//! some users are near a limit, one has reached it and one holds a reservation.

use super::random::{Random, whole};
use super::world::Company;
use meterwire_app::ports::{DecisionKind, LimitMap, UsedFor};
use meterwire_app::{AppError, Caller, Decide, Meterwire, Reserve};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Counts, Metric, MetricName, Window};
use std::collections::BTreeMap;

/// How much of a limit some users have used today, in percent: the user's number, the metric, and from where to where.
const TODAY: [(u32, &str, [u64; 2]); 8] = [
    (2, "deployments", [92, 98]),
    (3, "deployments", [20, 40]),
    (5, "deployments", [100, 100]),
    (6, "deployments", [90, 90]),
    (7, "compute_hours", [84, 97]),
    (8, "deployments", [50, 70]),
    (EXCEPTION, "compute_hours", [40, 70]),
    (11, "compute_hours", [20, 60]),
];
/// Who holds compute hours for a job that runs.
const HOLDER: u32 = 4;
/// Who may deploy more than the tier says.
const EXCEPTION: u32 = 9;

/// What is counted and limited, before there is any usage.
pub(super) async fn prepare(app: &Meterwire, company: &Company) -> Result<(), AppError> {
    let (caller, slug) = (Caller::command_line(), Some(company.slug));
    for (name, unit) in [("compute_hours", "hours"), ("storage", "bytes")] {
        app.update_metric(&caller, slug, name, |metric| metric.unit = Some(unit.to_owned())).await?;
    }
    let tokens = Metric {
        name: metric("tokens")?,
        description: Some("Tokens of all models".to_owned()),
        unit: Some("tokens".to_owned()),
        window: Window::Month,
        timezone: company.timezone.to_owned(),
        counts: Counts::Tokens,
        created_ms: 0,
    };
    app.create_metric(&caller, slug, tokens).await?;
    let together = limits(&[("api_calls", 50_000), ("deployments", 400)])?;
    app.set_tenant_limits(&caller, slug, together).await?;
    for (tier, most) in [("free", 5_000_000), ("pro", 50_000_000)] {
        app.update_tier(&caller, slug, tier, limits(&[("tokens", most)])?).await?;
    }
    Ok(())
}

/// What an event counts beside its call and its tokens: now and then a deployment, some compute time, some storage. A level
/// changes when it is recorded, so only today's events store something: else the whole past would seem to be active today.
pub(super) fn counted(random: &mut Random, today: bool) -> BTreeMap<String, Amount> {
    let mut amounts = BTreeMap::new();
    let (deploys, computes, stores) =
        (random.percent(12.0), random.percent(15.0), today && random.percent(15.0));
    let (seconds, bytes) = (random.lognormal(500.0, 0.6), random.lognormal(400_000.0, 1.0));
    if deploys {
        amounts.insert("deployments".to_owned(), Amount(1_000_000));
    }
    if computes {
        // To a thousandth of an hour.
        let thousandths = whole(seconds / 3.6, 2_000).max(1);
        amounts.insert("compute_hours".to_owned(), Amount(thousandths.cast_signed() * 1_000));
    }
    if stores {
        amounts.insert("storage".to_owned(), Amount(whole(bytes, 50_000_000).cast_signed() * 1_000_000));
    }
    amounts
}

/// What users have done today by decisions, on top of the events of the day.
pub(super) async fn today(app: &Meterwire, company: &Company, seed: &Random) -> Result<(), AppError> {
    let (caller, slug) = (Caller::command_line(), Some(company.slug));
    for (number, name, [least, most]) in TODAY {
        let percent = least + seed.part(u64::from(number)).below(most - least + 1);
        use_up(app, company, &company.user(number), &metric(name)?, percent.cast_signed()).await?;
    }
    let more = limits(&[("deployments", 25)])?;
    app.set_user_limits(&caller, slug, &company.user(EXCEPTION), more).await?;
    let hold = Reserve {
        user: Some(company.user(HOLDER)),
        metric: metric("compute_hours")?,
        amount: Amount(12_500_000),
        ttl_seconds: Some(6 * 3_600),
        used_for: UsedFor::default(),
        idempotency_key: None,
    };
    app.reserve(&caller, slug, hold).await?;
    Ok(())
}

/// Uses so many percent of a user's limit, as far as they are not used yet.
async fn use_up(
    app: &Meterwire,
    company: &Company,
    user: &str,
    metric: &MetricName,
    percent: i64,
) -> Result<(), AppError> {
    let (caller, slug) = (Caller::command_line(), Some(company.slug));
    let (_, status) = app.limit_status(&caller, slug, Some(user.to_owned())).await?;
    let Some(standing) = status.standings.into_iter().find(|standing| standing.metric == *metric) else {
        return Ok(());
    };
    let Some(limit) = standing.limit else { return Ok(()) };
    // Limits are whole units here, so that a hundredth of them is exact in millionths.
    let mut wanted = limit / 100 * percent;
    if metric.as_str() == "deployments" {
        wanted -= wanted % metric.one().0;
    }
    let amount = Amount(wanted - standing.current);
    if amount.0 <= 0 {
        return Ok(());
    }
    let decide = Decide {
        user: Some(user.to_owned()),
        amounts: vec![(metric.clone(), amount)],
        used_for: UsedFor::default(),
        idempotency_key: None,
    };
    app.decide(&caller, slug, DecisionKind::Consume, decide).await?;
    Ok(())
}

fn metric(name: &str) -> Result<MetricName, Invalid> {
    MetricName::parse("metric", name)
}

fn limits(units: &[(&str, i64)]) -> Result<LimitMap, Invalid> {
    let limit = |(name, units): &(&str, i64)| {
        let metric = metric(name)?;
        let amount = Amount(units * metric.one().0);
        Ok((metric, Some(amount)))
    };
    units.iter().map(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_events_count_more_than_a_call() {
        let mut random = Random::new(3);
        let all: Vec<_> = (0..10_000).map(|_| counted(&mut random, true)).collect();
        let with = |name: &str| all.iter().filter(|amounts| amounts.contains_key(name)).count();
        assert!((1_000..1_400).contains(&with("deployments")), "{}", with("deployments"));
        assert!((1_300..1_700).contains(&with("compute_hours")), "{}", with("compute_hours"));
        assert!((1_300..1_700).contains(&with("storage")), "{}", with("storage"));
        let hours = all.iter().filter_map(|amounts| amounts.get("compute_hours"));
        assert!(hours.clone().all(|hours| hours.0 % 1_000 == 0 && (1_000..=2_000_000).contains(&hours.0)));
    }
}
