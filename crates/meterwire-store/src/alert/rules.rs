//! Rules: what a tenant has changed of them, over the defaults.

use super::channels;
use crate::error::{Fault, Work};
use crate::session::Session;
use crate::sql::{Connection, OptionalExtension, params};
use meterwire_app::ports::{Audit, TenantId};
use meterwire_core::alert::{AlertKind, AlertRule, RuleParams};
use meterwire_core::invalid::Invalid;
use serde_json::{Map, Value};

/// The rule of one kind.
pub(super) fn one(connection: &Connection, tenant: TenantId, kind: AlertKind) -> Work<AlertRule> {
    let stored: Option<(bool, String, String)> = connection
        .prepare_cached(include_str!("../../sql/alert/rule.sql"))?
        .query_row(params![tenant.0, kind.name()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((enabled, params, channels)) = stored else { return Ok(AlertRule::default_of(kind)) };
    let damaged = || Fault::Damaged(format!("the alert rule {} cannot be read", kind.name()));
    let params: Map<String, Value> = serde_json::from_str(&params).map_err(|_| damaged())?;
    let values = params.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_i64()?)));
    // A bound that has become narrower since falls back to the default.
    let params = RuleParams::of(kind).with(kind, "params", values).unwrap_or_else(|_| RuleParams::of(kind));
    let channels = serde_json::from_str(&channels).map_err(|_| damaged())?;
    Ok(AlertRule { kind, enabled, params, channels })
}

/// Sets a rule; its channels must be there.
pub(super) fn set(session: &mut Session, tenant: TenantId, rule: &AlertRule, audit: &Audit) -> Work<()> {
    for (index, id) in rule.channels.iter().enumerate() {
        if channels::one(&session.connection, tenant, id)?.is_none() {
            let field = format!("channels.{index}");
            return Err(Fault::Answer(Invalid::new(field, "there is no such channel").into()));
        }
    }
    let params: Map<String, Value> =
        rule.params.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    session.change(
        include_str!("../../sql/alert/set_rule.sql"),
        params![
            tenant.0,
            rule.kind.name(),
            rule.enabled,
            Value::Object(params).to_string(),
            channels_to_row(&rule.channels)
        ],
    )?;
    // A rule that is switched on again tells what it kept to itself.
    session.unpriced.clear();
    session.audit(Some(tenant), audit)
}

/// Ids of channels as they are stored.
pub(super) fn channels_to_row(channels: &[String]) -> String {
    Value::from(channels.to_vec()).to_string()
}
