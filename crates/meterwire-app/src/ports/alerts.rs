//! Alerts: what was noticed, whom to tell, and whether it arrived.

use async_trait::async_trait;

/// Keeps channels, rules, alerts and their deliveries.
#[async_trait]
pub trait Alerts: Send + Sync {}
