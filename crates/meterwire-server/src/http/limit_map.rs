//! Limits by metric, as bodies carry them: `{"deployments": 10, "storage": null}`.

use crate::http::amounts::{LimitFromApi, LimitToApi};
use meterwire_app::ports::LimitMap;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::{MAX_METRICS_OF_TENANT, MetricName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The limits of a user or of the tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitsReply {
    /// Limits by metric; null is unlimited.
    #[schema(example = json!({ "deployments": 25, "api_calls": null }))]
    limits: BTreeMap<String, LimitToApi>,
}

/// Limits to put in place of those that are there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsChange {
    /// Limits by metric; null is unlimited.
    #[schema(example = json!({ "deployments": 25, "api_calls": null }))]
    pub(crate) limits: BTreeMap<String, LimitFromApi>,
}

impl LimitsReply {
    pub(crate) fn new(limits: &LimitMap) -> Self {
        Self { limits: limits_to_api(limits) }
    }
}

/// Limits in the caller's shape.
pub(crate) fn limits_to_api(limits: &LimitMap) -> BTreeMap<String, LimitToApi> {
    limits.iter().map(|(name, limit)| (name.as_str().to_owned(), LimitToApi::new(name, *limit))).collect()
}

/// Reads limits; whether their metrics exist is for the use case to say.
pub(crate) fn into_limits(sent: BTreeMap<String, LimitFromApi>) -> Result<LimitMap, Invalid> {
    if sent.len() > MAX_METRICS_OF_TENANT {
        let message = format!("limits may name at most {MAX_METRICS_OF_TENANT} metrics");
        return Err(Invalid::new("limits", message));
    }
    let mut limits = LimitMap::new();
    for (name, limit) in sent {
        let refused = |_| Invalid::new("limits", "limits are named by metrics: 1 to 64 of a-z, 0-9 and _");
        let metric = MetricName::parse("limits", &name).map_err(refused)?;
        let limit = limit.parse(&format!("limits.{name}"), &metric)?;
        limits.insert(metric, limit);
    }
    Ok(limits)
}
