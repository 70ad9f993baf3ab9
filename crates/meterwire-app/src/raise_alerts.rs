//! The watch: what no single write tells by itself is looked for soon after a tenant's usage has changed, and once a minute.
//!
//! Thresholds of budgets and models without a price are noticed by the store, in the transaction of the event.

use crate::ports::{BudgetState, NearLimit, NewAlert, PageRequest, Tenant, TenantId};
use crate::{AppError, Meterwire};
use meterwire_core::alert::{AlertKind, AlertRule, Severity, same_weekdays, spike_over};
use meterwire_core::amount::Amount;
use meterwire_core::budget::{Scope, projected};
use meterwire_core::limit::Standing;
use meterwire_core::money::{CostNanos, div_half_even, format_decimal};
use meterwire_core::percent::change;
use meterwire_core::period::{self, local_date, rfc3339};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use tokio::sync::Notify;

/// A tenant is looked at that often although nothing was recorded: time alone changes a projection.
const LOOK_EVERY_MS: i64 = 60_000;
/// After a look a tenant rests so long at least.
const REST_MS: i64 = 300;
/// And so many times as long as the look took: a large tenant is looked at less often, not slower for others.
const REST_TIMES: i64 = 20;
/// Tenants are listed that often.
const LIST_EVERY_MS: i64 = 2_000;
/// The most tenants that are looked at in one round.
const MOST_A_ROUND: usize = 50;
/// The most users of a tenant that are told of by name in one day; the rest is told once, as a number.
const MOST_USERS_A_DAY: usize = 20;
/// The most things that are remembered as told, for each tenant.
const MOST_TOLD: usize = 5_000;
const PAGE: usize = 500;

/// Wakes who waits for an alert of the watch: raising one is no recorded usage, which the courier wakes up with by itself.
#[derive(Debug, Default)]
pub(crate) struct Raised(Notify);

/// What the watch remembers between two rounds; losing it costs a few questions.
#[derive(Debug, Default)]
pub struct AlertWatch {
    tenants: Vec<Tenant>,
    list_again_ms: i64,
    seen: HashMap<TenantId, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    activity: Option<u64>,
    rests_until_ms: i64,
    looked_ms: i64,
    /// Keys that were raised, so that no second write is tried for them.
    told: HashSet<String>,
    /// Since when connections without a single success have been failing.
    failing: HashMap<String, i64>,
    /// Users that were told of on a day.
    users_told: (String, usize),
}

impl Meterwire {
    /// Waits until the watch has raised something since this was last waited for.
    pub async fn alert_raised(&self) {
        self.raised.0.notified().await;
    }

    /// One round of the watch; `true` where tenants are still to be looked at.
    pub async fn watch_alerts(&self, watch: &mut AlertWatch) -> Result<bool, AppError> {
        let now_ms = self.now_ms();
        if now_ms >= watch.list_again_ms {
            watch.tenants = self.every_tenant().await?;
            watch.list_again_ms = now_ms + LIST_EVERY_MS;
            let there: HashSet<TenantId> = watch.tenants.iter().map(|tenant| tenant.id).collect();
            watch.seen.retain(|tenant, _| there.contains(tenant));
        }
        let mut looked = 0;
        for tenant in &watch.tenants {
            let seen = watch.seen.entry(tenant.id).or_default();
            let activity = self.alerts.activity(tenant.id);
            let is_due = seen.activity != Some(activity) && now_ms >= seen.rests_until_ms;
            if !is_due && now_ms < seen.looked_ms + LOOK_EVERY_MS {
                continue;
            }
            if looked == MOST_A_ROUND {
                return Ok(true);
            }
            looked += 1;
            let started_ms = self.now_ms();
            let done = self.look_at(tenant, seen, started_ms).await;
            let ended_ms = self.now_ms();
            (seen.activity, seen.looked_ms) = (Some(activity), ended_ms);
            seen.rests_until_ms = ended_ms + (REST_TIMES * (ended_ms - started_ms)).max(REST_MS);
            if let Err(error) = done {
                tracing::error!(tenant = %tenant.slug, %error, "rules of alerts could not be looked at; they are again in a minute");
            }
        }
        Ok(false)
    }

    async fn every_tenant(&self) -> Result<Vec<Tenant>, AppError> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.catalog.tenants(PageRequest { after, limit: PAGE }).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    async fn look_at(&self, tenant: &Tenant, seen: &mut Seen, now_ms: i64) -> Result<(), AppError> {
        if seen.told.len() > MOST_TOLD {
            seen.told.clear();
        }
        for rule in self.alerts.alert_rules(tenant.id).await? {
            if !rule.enabled {
                // Switched on again, it tells what it kept to itself.
                seen.told.retain(|key| !key.ends_with(rule.kind.name()));
                continue;
            }
            let alerts = match rule.kind {
                AlertKind::BudgetThreshold | AlertKind::UnpricedModel => continue,
                AlertKind::BudgetProjected => self.projected_budgets(tenant, &rule, now_ms).await?,
                AlertKind::SpendSpike => self.spend_spike(tenant, &rule, now_ms).await?,
                AlertKind::LimitNear => self.near_limit_alerts(tenant, &rule, seen, now_ms).await?,
                AlertKind::ProviderFailing => self.failing_providers(tenant, &rule, seen, now_ms).await?,
            };
            for alert in alerts {
                let told = format!("{} {}", alert.key, rule.kind.name());
                if !seen.told.contains(&told) {
                    self.alerts.raise_alert(tenant.id, alert).await?;
                    self.raised.0.notify_one();
                    seen.told.insert(told);
                }
            }
        }
        Ok(())
    }

    /// Budgets that will be passed before their period ends.
    async fn projected_budgets(
        &self,
        tenant: &Tenant,
        rule: &AlertRule,
        now_ms: i64,
    ) -> Result<Vec<NewAlert>, AppError> {
        let mut alerts = Vec::new();
        let mut after = None;
        loop {
            let page = self.budgets.budgets(tenant.id, PageRequest { after, limit: PAGE }, now_ms).await?;
            alerts.extend(page.items.into_iter().filter_map(|state| projected_alert(state, rule, now_ms)));
            after = page.next;
            if after.is_none() {
                return Ok(alerts);
            }
        }
    }

    /// Today against the mean of the same weekday of the weeks before.
    async fn spend_spike(
        &self,
        tenant: &Tenant,
        rule: &AlertRule,
        now_ms: i64,
    ) -> Result<Vec<NewAlert>, AppError> {
        let zone = period::zone(&tenant.timezone)?;
        let weeks = usize::try_from(rule.params.get("weeks")).unwrap_or(1);
        let days = same_weekdays(now_ms, weeks, &zone);
        // Between two of these days lie six others.
        let edges: Vec<i64> = days.iter().flat_map(|day| [day.from_ms, day.to_ms]).collect();
        let spent = self.budgets.spent_between(tenant.id, Scope::default(), edges).await?;
        let spent: Vec<i64> = spent.iter().step_by(2).map(|cost| cost.0).collect();
        let Some((today, earlier)) = spent.split_last() else { return Ok(Vec::new()) };
        let Some(mean) = spike_over(*today, earlier, rule) else { return Ok(Vec::new()) };
        let date = local_date(now_ms, &zone);
        Ok(vec![NewAlert {
            kind: AlertKind::SpendSpike,
            key: format!("spend/spike/{date}"),
            severity: Severity::Warning,
            title: format!(
                "Today costs far more than usual: {} USD so far, where this weekday costs {} USD",
                cents(CostNanos(*today)),
                cents(CostNanos(mean))
            ),
            channels: None,
            detail: json!({
                "date": date,
                "timezone": tenant.timezone,
                "spent_usd": CostNanos(*today).to_string(),
                "usual_usd": CostNanos(mean).to_string(),
                "above_percentage": change(*today, mean),
                "earlier_days_usd": earlier.iter().map(|cost| CostNanos(*cost).to_string()).collect::<Vec<_>>(),
            }),
            user: None,
            at_ms: now_ms,
        }])
    }

    /// Users, and the tenant itself, that have used most of a limit.
    async fn near_limit_alerts(
        &self,
        tenant: &Tenant,
        rule: &AlertRule,
        seen: &mut Seen,
        now_ms: i64,
    ) -> Result<Vec<NewAlert>, AppError> {
        let percent = rule.params.get("percent");
        // The question is for more than a share; this one is for a share or more.
        let ppm = u32::try_from(percent * 10_000 - 1).unwrap_or(0);
        let mut alerts = Vec::new();
        for standing in self.limits.tenant_standings(tenant.id, now_ms).await? {
            let limit = standing.limit.unwrap_or(i64::MAX);
            if i128::from(standing.current) * 100 >= i128::from(limit) * i128::from(percent)
                && standing.current > 0
            {
                alerts.push(limit_alert(None, &standing, now_ms));
            }
        }
        let date = rfc3339(now_ms).get(..10).unwrap_or_default().to_owned();
        if seen.users_told.0 != date {
            seen.users_told = (date.clone(), 0);
        }
        let near = self.limits.near_limits(tenant.id, ppm, PAGE, now_ms).await?;
        let mut untold = 0;
        for NearLimit { user, standing } in near {
            let alert = limit_alert(Some(&user.id), &standing, now_ms);
            if seen.told.contains(&format!("{} {}", alert.key, rule.kind.name())) {
                continue;
            }
            if seen.users_told.1 >= MOST_USERS_A_DAY {
                untold += 1;
                continue;
            }
            seen.users_told.1 += 1;
            alerts.push(alert);
        }
        if untold > 0 {
            alerts.push(NewAlert {
                kind: AlertKind::LimitNear,
                key: format!("limits/more/{date}"),
                severity: Severity::Info,
                title: format!("More than {MOST_USERS_A_DAY} users are near a limit today"),
                channels: None,
                detail: json!({ "date": date, "see": "/api/usage/admin/near-limits" }),
                user: None,
                at_ms: now_ms,
            });
        }
        Ok(alerts)
    }

    /// Connections to providers that have been failing for too long.
    async fn failing_providers(
        &self,
        tenant: &Tenant,
        rule: &AlertRule,
        seen: &mut Seen,
        now_ms: i64,
    ) -> Result<Vec<NewAlert>, AppError> {
        let mut alerts = Vec::new();
        let connections = self.connections_of(tenant).await?;
        seen.failing.retain(|id, _| connections.iter().any(|connection| connection.id == *id));
        for connection in connections {
            let (health, _) = self.health_of(tenant.id, &connection).await?;
            let failure = health.failure.filter(|_| connection.enabled);
            let Some(failure) = failure else {
                seen.failing.remove(&connection.id);
                continue;
            };
            let first_ms = *seen.failing.entry(connection.id.clone()).or_insert(failure.at_ms);
            let since_ms = health.last_success_ms.unwrap_or(first_ms);
            if now_ms - since_ms < rule.params.get("minutes") * 60_000 {
                continue;
            }
            let which = health.last_success_ms.map_or_else(|| "never".to_owned(), |ms| ms.to_string());
            alerts.push(NewAlert {
                kind: AlertKind::ProviderFailing,
                key: format!("provider/{}/{which}", connection.id),
                severity: Severity::Warning,
                title: format!("The connection {} has not been read: {}", connection.name, failure.message),
                channels: None,
                detail: json!({
                    "connection": connection.name,
                    "provider": connection.provider.name(),
                    "code": failure.code,
                    "message": failure.message,
                    "failed_at": rfc3339(failure.at_ms),
                    "last_success_at": health.last_success_ms.map(rfc3339),
                }),
                user: None,
                at_ms: now_ms,
            });
        }
        Ok(alerts)
    }
}

/// The alert of a budget that will be passed; who has passed it already was told by its thresholds.
fn projected_alert(state: BudgetState, rule: &AlertRule, now_ms: i64) -> Option<NewAlert> {
    let (budget, standing) = (state.budget, state.standing);
    let range = standing.range;
    let over_ms = i128::from(now_ms - range.from_ms) * 100;
    let min_ms = i128::from(range.to_ms - range.from_ms) * i128::from(rule.params.get("min_elapsed_percent"));
    let will_be = projected(standing.spent, range, now_ms);
    if standing.is_over() || over_ms < min_ms || will_be <= standing.amount {
        return None;
    }
    Some(NewAlert {
        kind: AlertKind::BudgetProjected,
        key: format!("budget/{}/{}/projected", budget.id, range.from_ms),
        severity: Severity::Warning,
        title: format!(
            "\"{}\" will be passed: {} of {} USD by the end of the period if spending goes on like this",
            budget.name,
            cents(will_be),
            standing.amount
        ),
        channels: (!budget.channels.is_empty()).then_some(budget.channels),
        detail: json!({
            "budget": { "id": budget.id, "name": budget.name, "period": budget.period.name(), "scope": budget.scope },
            "amount_usd": standing.amount.to_string(),
            "spent_usd": standing.spent.to_string(),
            "projected_usd": will_be.to_string(),
            "from": rfc3339(range.from_ms),
            "to": rfc3339(range.to_ms),
        }),
        user: budget.scope.get(meterwire_core::budget::ScopeField::User).map(str::to_owned),
        at_ms: now_ms,
    })
}

/// The alert of a user, or of the tenant, near a limit.
fn limit_alert(user: Option<&str>, standing: &Standing, now_ms: i64) -> NewAlert {
    let amount = |value: i64| standing.metric.format(Amount(value));
    let limit = standing.limit.unwrap_or(i64::MAX);
    let who =
        user.map_or_else(|| "All users together have".to_owned(), |user| format!("The user {user} has"));
    let whose =
        user.map_or_else(|| "limits/tenant".to_owned(), |user| format!("limit/{}", without_slash(user)));
    let window = standing.resets_ms.map_or_else(|| limit.to_string(), |ms| ms.to_string());
    NewAlert {
        kind: AlertKind::LimitNear,
        key: format!("{whose}/{}/{window}", standing.metric),
        severity: if standing.current >= limit { Severity::Critical } else { Severity::Warning },
        title: format!("{who} used {} of {} {}", amount(standing.current), amount(limit), standing.metric),
        channels: None,
        detail: json!({
            "user": user,
            "metric": standing.metric.as_str(),
            "window": standing.window.name(),
            "current": amount(standing.current),
            "limit": amount(limit),
            "resets_at": standing.resets_ms.map(rfc3339),
        }),
        user: user.map(str::to_owned),
        at_ms: now_ms,
    }
}

/// An amount to the cent, for a title; the detail has every digit.
fn cents(amount: CostNanos) -> String {
    div_half_even(amount.0.into(), 10_000_000)
        .map_or_else(|| amount.to_string(), |cents| format_decimal(cents, 2))
}

/// The parts of a key are told apart by slashes, which users may have in their names.
fn without_slash(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F")
}
