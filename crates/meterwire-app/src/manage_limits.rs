//! What may be counted and how much of it may be used: metrics, tiers, overrides of users, limits of the tenant.

use crate::manage_tenants::zone_refused;
use crate::ports::{LimitMap, Page, PageRequest, Tenant, TenantId, Tier, User};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{Counts, Metric, MetricName};
use meterwire_core::name::clean_name;
use meterwire_core::period;
use std::collections::BTreeSet;

/// The most tiers of one tenant.
pub const MAX_TIERS_OF_TENANT: usize = 100;

/// What the columns of [`UsageLimit::limits`] are called.
pub const USAGE_LIMIT_COLUMNS: [&str; 4] =
    ["max_deployments_per_day", "max_api_calls_per_day", "max_compute_hours_per_day", "max_storage"];

/// The limits of a tier, as one row of a table of the built-in metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageLimit {
    /// The tier.
    pub tier: String,
    /// One for each of [`Metric::BUILTIN`], in its order; `None` is unlimited.
    pub limits: [Option<Amount>; 4],
}

impl Meterwire {
    /// Every metric of the tenant, by name.
    pub async fn list_metrics(&self, caller: &Caller, named: Option<&str>) -> Result<Vec<Metric>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.limits.metrics(tenant.id).await?)
    }

    /// One metric.
    pub async fn read_metric(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<Metric, AppError> {
        let metrics = self.list_metrics(caller, named).await?;
        find(metrics, name)
    }

    /// Makes a metric. What events count into it counts from now on.
    pub async fn create_metric(
        &self,
        caller: &Caller,
        named: Option<&str>,
        metric: Metric,
    ) -> Result<Metric, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        let metric = checked(Metric { created_ms: self.now_ms(), ..metric })?;
        let audit = self.audit(caller, "metric.create", metric.name.as_str());
        self.limits.create_metric(tenant.id, metric.clone(), audit).await?;
        Ok(metric)
    }

    /// Changes everything but the name of a metric.
    pub async fn update_metric(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
        change: impl FnOnce(&mut Metric),
    ) -> Result<Metric, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        let mut metric = find(self.limits.metrics(tenant.id).await?, name)?;
        change(&mut metric);
        let metric = checked(metric)?;
        let audit = self.audit(caller, "metric.update", name);
        self.limits.update_metric(tenant.id, metric.clone(), audit).await?;
        Ok(metric)
    }

    /// Deletes a metric with its limits and what was counted.
    pub async fn delete_metric(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<(), AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        let metric = MetricName::parse("name", name).map_err(|_| AppError::NotFound("metric"))?;
        let audit = self.audit(caller, "metric.delete", name);
        Ok(self.limits.delete_metric(tenant.id, &metric, audit).await?)
    }

    /// Tiers by name, each with a limit for every metric.
    pub async fn list_tiers(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Tier>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let metrics = self.limits.metrics(tenant.id).await?;
        let tiers = self.limits.tiers(tenant.id, page).await?;
        let items = tiers.items.into_iter().map(|tier| complete(tier, &metrics)).collect();
        Ok(Page { items, next: tiers.next })
    }

    /// One tier, with a limit for every metric.
    pub async fn read_tier(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<Tier, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        self.tier_of(tenant.id, name).await
    }

    /// Makes a tier; a metric that is not named is unlimited in it.
    pub async fn create_tier(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
        limits: LimitMap,
    ) -> Result<Tier, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        check_tier_name(name)?;
        self.check_limits(tenant.id, &limits, limit_field).await?;
        let known = self.tier_names(tenant.id).await?;
        if known.len() >= MAX_TIERS_OF_TENANT && known.iter().all(|other| other != name) {
            return Err(AppError::Conflict(format!("a tenant may have at most {MAX_TIERS_OF_TENANT} tiers")));
        }
        let audit = self.audit(caller, "tier.create", name);
        self.limits.create_tier(tenant.id, name, limits, audit).await?;
        self.tier_of(tenant.id, name).await
    }

    /// Sets the limits that are named; the others of the tier stay. It holds at once for every user of the tier.
    pub async fn update_tier(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
        limits: LimitMap,
    ) -> Result<Tier, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        self.check_limits(tenant.id, &limits, limit_field).await?;
        let audit = self.audit(caller, "tier.update", name);
        self.limits.update_tier(tenant.id, name, limits, audit).await?;
        self.tier_of(tenant.id, name).await
    }

    /// Deletes a tier that no user has.
    pub async fn delete_tier(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<(), AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        let audit = self.audit(caller, "tier.delete", name);
        Ok(self.limits.delete_tier(tenant.id, name, audit).await?)
    }

    /// What a user may use instead of what its tier says.
    pub async fn read_user_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: &str,
    ) -> Result<LimitMap, AppError> {
        self.read_user(caller, named, user).await?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.limits.user_limits(tenant.id, user).await?)
    }

    /// Replaces all that a user may use instead of what its tier says; `None` is unlimited.
    pub async fn set_user_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: &str,
        limits: LimitMap,
    ) -> Result<LimitMap, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        self.check_limits(tenant.id, &limits, limit_field).await?;
        let audit = self.audit(caller, "user.limits", user);
        self.limits.set_user_limits(tenant.id, user, limits.clone(), audit).await?;
        Ok(limits)
    }

    /// What all users of the tenant together may use.
    pub async fn read_tenant_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<LimitMap, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.limits.tenant_limits(tenant.id).await?)
    }

    /// Replaces them all. To name a metric without an amount is the same as not to name it: no limit.
    pub async fn set_tenant_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
        mut limits: LimitMap,
    ) -> Result<LimitMap, AppError> {
        let tenant = self.limit_owner(caller, named).await?;
        self.check_limits(tenant.id, &limits, limit_field).await?;
        limits.retain(|_, limit| limit.is_some());
        let audit = self.audit(caller, "tenant.limits", &tenant.slug);
        self.limits.set_tenant_limits(tenant.id, limits.clone(), audit).await?;
        Ok(limits)
    }

    /// The limits of the built-in metrics, a row a tier.
    pub async fn usage_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Vec<UsageLimit>, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        self.usage_limits_of(tenant.id).await
    }

    /// Sets limits of several tiers: each row names a tier and what to change of it. A row that is refused changes none.
    pub async fn set_usage_limits(
        &self,
        caller: &Caller,
        named: Option<&str>,
        rows: Vec<(String, LimitMap)>,
    ) -> Result<Vec<UsageLimit>, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        if !(1..=MAX_TIERS_OF_TENANT).contains(&rows.len()) {
            let message = format!("items must be 1 to {MAX_TIERS_OF_TENANT} rows, each of another tier");
            return Err(Invalid::new("items", message).into());
        }
        let known = self.tier_names(tenant.id).await?;
        let mut seen = BTreeSet::new();
        for (index, (tier, limits)) in rows.iter().enumerate() {
            let field = format!("items[{index}].tier");
            refuse_unknown_tier(&field, tier, &known)?;
            if !seen.insert(tier) {
                return Err(Invalid::new(&field, format!("the tier {tier:?} is given more than once")).into());
            }
            self.check_limits(tenant.id, limits, |metric| column_field(index, metric)).await?;
        }
        for (tier, limits) in rows {
            let audit = self.audit(caller, "tier.update", &tier);
            self.limits.update_tier(tenant.id, &tier, limits, audit).await?;
        }
        self.usage_limits_of(tenant.id).await
    }

    /// Gives a user another tier; it holds at once.
    pub async fn set_tier(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: &str,
        tier: &str,
    ) -> Result<User, AppError> {
        let tenant = self.admin_tenant(caller, named).await?;
        let slug = caller.tenant.is_none().then_some(tenant.slug.as_str());
        self.update_user(caller, slug, user, |user| tier.clone_into(&mut user.tier)).await
    }

    /// The tenant of a route of the admin's. An instance of one tenant need not be told which.
    pub(crate) async fn admin_tenant(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Tenant, AppError> {
        caller.require(Access::Own)?;
        if named.is_none() && caller.tenant.is_none() {
            let mut tenants = self.catalog.tenants(PageRequest { after: None, limit: 2 }).await?.items;
            if let (Some(only), true) = (tenants.pop(), tenants.is_empty()) {
                return Ok(only);
            }
        }
        self.tenant_for(caller, named).await
    }

    async fn limit_owner(&self, caller: &Caller, named: Option<&str>) -> Result<Tenant, AppError> {
        caller.require(Access::Own)?;
        self.tenant_for(caller, named).await
    }

    async fn tier_of(&self, tenant: TenantId, name: &str) -> Result<Tier, AppError> {
        let metrics = self.limits.metrics(tenant).await?;
        let tier = self.limits.tier(tenant, name).await?.ok_or(AppError::NotFound("tier"))?;
        Ok(complete(tier, &metrics))
    }

    async fn all_tiers(&self, tenant: TenantId) -> Result<Vec<Tier>, AppError> {
        let page = PageRequest { after: None, limit: MAX_TIERS_OF_TENANT };
        Ok(self.limits.tiers(tenant, page).await?.items)
    }

    async fn tier_names(&self, tenant: TenantId) -> Result<Vec<String>, AppError> {
        Ok(self.all_tiers(tenant).await?.into_iter().map(|tier| tier.name).collect())
    }

    async fn usage_limits_of(&self, tenant: TenantId) -> Result<Vec<UsageLimit>, AppError> {
        let row = |tier: Tier| {
            let limit = |metric: &str| {
                tier.limits.iter().find(|(name, _)| name.as_str() == metric).and_then(|(_, limit)| *limit)
            };
            UsageLimit { limits: Metric::BUILTIN.map(limit), tier: tier.name.clone() }
        };
        Ok(self.all_tiers(tenant).await?.into_iter().map(row).collect())
    }

    /// Refuses limits of metrics that the tenant does not have, and amounts that cannot be.
    async fn check_limits(
        &self,
        tenant: TenantId,
        limits: &LimitMap,
        field_of: impl Fn(&MetricName) -> String,
    ) -> Result<(), AppError> {
        if limits.is_empty() {
            return Ok(());
        }
        let metrics = self.limits.metrics(tenant).await?;
        for (name, limit) in limits {
            let field = field_of(name);
            if metrics.iter().all(|metric| metric.name != *name) {
                return Err(unknown_metric(&field, name, &metrics).into());
            }
            if limit.is_some_and(|limit| limit.0 < 0 || limit > name.largest()) {
                let most = name.format(name.largest());
                let message = format!("{field} must be from 0 to {most}, or null where there is no limit");
                return Err(Invalid::new(field, message).into());
            }
        }
        Ok(())
    }
}

/// What a body calls the limit of a metric.
fn limit_field(metric: &MetricName) -> String {
    format!("limits.{metric}")
}

/// What a row of the table of tiers calls the limit of a metric.
fn column_field(index: usize, metric: &MetricName) -> String {
    let columns = Metric::BUILTIN.into_iter().zip(USAGE_LIMIT_COLUMNS);
    let column = columns.into_iter().find(|(name, _)| *name == metric.as_str());
    format!("items[{index}].{}", column.map_or(metric.as_str(), |(_, column)| column))
}

/// The refusal of a metric that the tenant does not have.
pub(crate) fn unknown_metric(field: &str, name: &MetricName, metrics: &[Metric]) -> Invalid {
    let known: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
    Invalid::new(
        field,
        format!("there is no metric {name:?}; known are {}", known.join(", "), name = name.as_str()),
    )
}

fn find(metrics: Vec<Metric>, name: &str) -> Result<Metric, AppError> {
    metrics.into_iter().find(|metric| metric.name.as_str() == name).ok_or(AppError::NotFound("metric"))
}

/// A tier that says of every metric what its limit is.
fn complete(mut tier: Tier, metrics: &[Metric]) -> Tier {
    for metric in metrics {
        tier.limits.entry(metric.name.clone()).or_insert(None);
    }
    tier
}

fn checked(mut metric: Metric) -> Result<Metric, Invalid> {
    for (field, value) in [("description", &mut metric.description), ("unit", &mut metric.unit)] {
        if let Some(value) = value {
            *value = clean_name(field, value)?;
        }
    }
    period::zone(&metric.timezone).map_err(|_| zone_refused())?;
    match (metric.name.is_cost(), metric.counts == Counts::CostUsd) {
        (true, false) => Err(Invalid::new("counts", "the metric cost_usd counts cost_usd and nothing else")),
        (false, true) => Err(Invalid::new("counts", "only the metric named cost_usd counts cost_usd")),
        _ => Ok(metric),
    }
}

fn check_tier_name(name: &str) -> Result<(), Invalid> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    if (1..=64).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(Invalid::new("name", "name must be 1 to 64 of a-z, 0-9, _ and -"))
}

fn refuse_unknown_tier(field: &str, tier: &str, known: &[String]) -> Result<(), Invalid> {
    if known.iter().any(|name| name == tier) {
        return Ok(());
    }
    let shown: String = tier.chars().take(64).collect();
    Err(Invalid::new(field, format!("there is no tier {shown:?}; known are {}", known.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterwire_core::limit::Window;

    fn metric(name: &str, counts: Counts) -> Metric {
        Metric {
            name: MetricName::parse("name", name).unwrap(),
            description: None,
            unit: None,
            window: Window::Day,
            timezone: "UTC".into(),
            counts,
            created_ms: 0,
        }
    }

    #[test]
    fn money_is_counted_by_one_metric_alone() {
        for counts in Counts::ALL {
            let cost = checked(metric("cost_usd", counts));
            assert_eq!(cost.is_ok(), counts == Counts::CostUsd, "{counts:?}");
            let other = checked(metric("spend", counts));
            assert_eq!(other.is_ok(), counts != Counts::CostUsd, "{counts:?}");
        }
        let zone = Metric { timezone: "Mars/Base".into(), ..metric("spend", Counts::Named) };
        assert_eq!(checked(zone).unwrap_err().field, "timezone");
        let unit = Metric { unit: Some("a\nb".into()), ..metric("spend", Counts::Named) };
        assert_eq!(checked(unit).unwrap_err().field, "unit");
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        let known = ["free".to_owned(), "pro".to_owned()];
        assert_eq!(refuse_unknown_tier("tier", "pro", &known), Ok(()));
        let refused = refuse_unknown_tier("tier", "gold", &known).unwrap_err();
        assert_eq!(refused.message, "there is no tier \"gold\"; known are free, pro");
        let metrics = [metric("a", Counts::Named), metric("b", Counts::Named)];
        let refused = unknown_metric("metric", &MetricName::cost(), &metrics);
        assert_eq!(refused.message, "there is no metric \"cost_usd\"; known are a, b");
        assert!(check_tier_name("pro-2026_b").is_ok());
        for bad in ["", "Pro", "a b", &"x".repeat(65)] {
            assert!(check_tier_name(bad).is_err(), "{bad}");
        }
    }
}
