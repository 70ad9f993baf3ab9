//! Rules and the history of alerts: what is told, what was told, and whether it arrived.

use crate::ports::{Alert, AlertFilter, Page, PageRequest};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::alert::{AlertKind, AlertRule, MAX_RULE_CHANNELS};
use meterwire_core::invalid::Invalid;

/// The longest snooze: 90 days.
const MAX_SNOOZE_MS: i64 = 90 * 86_400_000;

/// What to change of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleChange {
    /// Whether it is raised at all.
    pub enabled: Option<bool>,
    /// The numbers it goes by; those that are not named stay.
    pub params: Vec<(String, i64)>,
    /// Ids of channels; empty for every channel.
    pub channels: Option<Vec<String>>,
}

impl Meterwire {
    /// The rules of every kind.
    pub async fn list_alert_rules(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Vec<AlertRule>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.alerts.alert_rules(tenant.id).await?)
    }

    /// The rule of one kind.
    pub async fn read_alert_rule(
        &self,
        caller: &Caller,
        named: Option<&str>,
        kind: &str,
    ) -> Result<AlertRule, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.alerts.alert_rule(tenant.id, known_kind(kind)?).await?)
    }

    /// Changes the rule of one kind.
    pub async fn update_alert_rule(
        &self,
        caller: &Caller,
        named: Option<&str>,
        kind: &str,
        change: RuleChange,
    ) -> Result<AlertRule, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let kind = known_kind(kind)?;
        let mut rule = self.alerts.alert_rule(tenant.id, kind).await?;
        rule.enabled = change.enabled.unwrap_or(rule.enabled);
        let params = change.params.iter().map(|(name, value)| (name.as_str(), *value));
        rule.params = rule.params.with(kind, "params", params)?;
        if let Some(channels) = change.channels {
            check_channels(&channels)?;
            rule.channels = channels;
        }
        let audit = self.audit(caller, "alert_rule.update", kind.name());
        self.alerts.set_alert_rule(tenant.id, rule.clone(), audit).await?;
        Ok(rule)
    }

    /// The history, newest first.
    pub async fn list_alerts(
        &self,
        caller: &Caller,
        named: Option<&str>,
        filter: AlertFilter,
        page: PageRequest,
    ) -> Result<Page<Alert>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.alerts.alerts(tenant.id, filter, page).await?)
    }

    /// One alert.
    pub async fn read_alert(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Alert, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        self.alerts.alert(tenant.id, id).await?.ok_or(AppError::NotFound("alert"))
    }

    /// Snoozes the subject of an alert until a moment, or ends that.
    pub async fn snooze_alert(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        until_ms: Option<i64>,
    ) -> Result<Alert, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let now_ms = self.now_ms();
        if until_ms.is_some_and(|until_ms| until_ms <= now_ms || until_ms > now_ms + MAX_SNOOZE_MS) {
            let sentence = "until must lie in the future, by 90 days at most; null ends the snooze";
            return Err(Invalid::new("until", sentence).into());
        }
        let audit = self.audit(caller, "alert.snooze", id);
        self.alerts.snooze_alert(tenant.id, id, until_ms, audit).await?;
        self.read_alert(caller, named, id).await
    }

    /// Has what did not arrive sent again now.
    pub async fn retry_alert(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Alert, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let audit = self.audit(caller, "alert.retry", id);
        self.alerts.retry_alert(tenant.id, id, self.now_ms(), audit).await?;
        self.read_alert(caller, named, id).await
    }
}

fn known_kind(name: &str) -> Result<AlertKind, AppError> {
    name.parse().map_err(|()| AppError::NotFound("alert rule"))
}

/// Refuses a list of channels that is too long or names one twice.
pub(crate) fn check_channels(channels: &[String]) -> Result<(), Invalid> {
    if channels.len() > MAX_RULE_CHANNELS {
        return Err(Invalid::new("channels", format!("channels may hold {MAX_RULE_CHANNELS} ids at most")));
    }
    for (index, id) in channels.iter().enumerate() {
        if channels[..index].contains(id) {
            return Err(Invalid::new(format!("channels.{index}"), "this channel is there twice"));
        }
    }
    Ok(())
}
