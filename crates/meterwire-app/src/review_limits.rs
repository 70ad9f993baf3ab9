//! Who uses most, who is near a limit, how the last days went; and starting a day over.

use crate::manage_limits::unknown_metric;
use crate::ports::{DayUsage, NearLimit, ResetRequest, TenantId, UserDay};
use crate::{AppError, Caller, Meterwire};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Calendar, Metric, MetricName};
use std::collections::BTreeMap;

/// The most users of one answer.
const MAX_USERS: usize = 1_000;
/// The most days of one answer.
const MAX_DAYS: i32 = 90;

/// The users who used most of a metric on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUsers {
    /// The day: days since 1970-01-01 in the metric's zone.
    pub day: i32,
    /// The largest first, each with an amount for every metric.
    pub users: Vec<UserDay>,
}

/// What was set to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// How many counters.
    pub counters: usize,
    /// The UTC day on which it was done: days since 1970-01-01.
    pub day: i32,
}

impl Meterwire {
    /// Sets counters to nothing: those of today of everyone, or of the user and metric that are named.
    pub async fn reset_counters(
        &self,
        caller: &Caller,
        named: Option<&str>,
        request: ResetRequest,
    ) -> Result<Reset, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        let now_ms = self.now_ms();
        let target = match (&request.user, &request.metric) {
            (None, None) => "everyone".to_owned(),
            (Some(user), None) => user.clone(),
            (None, Some(metric)) => format!("everyone: {metric}"),
            (Some(user), Some(metric)) => format!("{user}: {metric}"),
        };
        let audit = self.audit(caller, "limits.reset", &target);
        let counters = self.limits.reset(tenant.id, request, now_ms, audit).await?;
        Ok(Reset { counters, day: Calendar::Utc.day_of(now_ms) })
    }

    /// The users who used most of a metric on a day, by default today; at most so many.
    pub async fn top_users(
        &self,
        caller: &Caller,
        named: Option<&str>,
        metric: &MetricName,
        day: Option<i32>,
        limit: usize,
    ) -> Result<TopUsers, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        check_limit(limit)?;
        let (metrics, metric) = self.known_metric(tenant.id, metric).await?;
        let day = day.unwrap_or_else(|| Calendar::of_zone(&metric.timezone).day_of(self.now_ms()));
        let mut users = self.limits.top_users(tenant.id, &metric.name, day, limit).await?;
        users.iter_mut().for_each(|user| fill(&mut user.amounts, &metrics));
        Ok(TopUsers { day, users })
    }

    /// Users who used more than a share of a limit of theirs, in millionths; most first, at most so many.
    pub async fn near_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
        threshold_ppm: u32,
        limit: usize,
    ) -> Result<Vec<NearLimit>, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        check_limit(limit)?;
        if threshold_ppm > 1_000_000 {
            return Err(Invalid::new("threshold", "threshold must be from 0 to 1, such as 0.8").into());
        }
        Ok(self.limits.near_limits(tenant.id, threshold_ppm, limit, self.now_ms()).await?)
    }

    /// The usage of the last days, today first; every day is there, with an amount for every metric.
    pub async fn limit_history(
        &self,
        caller: &Caller,
        named: Option<&str>,
        days: i32,
    ) -> Result<Vec<DayUsage>, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(Invalid::new("days", format!("days must be from 1 to {MAX_DAYS}")).into());
        }
        let today = Calendar::Utc.day_of(self.now_ms());
        let first = today - days + 1;
        let metrics = self.limits.metrics(tenant.id).await?;
        let found = self.limits.history(tenant.id, first, today).await?;
        let mut found: BTreeMap<i32, DayUsage> = found.into_iter().map(|day| (day.day, day)).collect();
        let whole = |day| {
            let none = || DayUsage { day, active_users: 0, totals: BTreeMap::new() };
            let mut usage = found.remove(&day).unwrap_or_else(none);
            fill(&mut usage.totals, &metrics);
            usage
        };
        Ok((first..=today).rev().map(whole).collect())
    }

    /// Every metric of the tenant, and the one that is named.
    async fn known_metric(
        &self,
        tenant: TenantId,
        name: &MetricName,
    ) -> Result<(Vec<Metric>, Metric), AppError> {
        let metrics = self.limits.metrics(tenant).await?;
        let found = metrics.iter().find(|metric| metric.name == *name).cloned();
        let metric = found.ok_or_else(|| unknown_metric("metric", name, &metrics))?;
        Ok((metrics, metric))
    }
}

fn check_limit(limit: usize) -> Result<(), Invalid> {
    if (1..=MAX_USERS).contains(&limit) {
        return Ok(());
    }
    Err(Invalid::new("limit", format!("limit must be from 1 to {MAX_USERS}")))
}

fn fill(amounts: &mut BTreeMap<MetricName, Amount>, metrics: &[Metric]) {
    for metric in metrics {
        amounts.entry(metric.name.clone()).or_default();
    }
}
