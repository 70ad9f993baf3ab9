//! Channels, rules, alerts and their deliveries.

use crate::SqliteStore;
use async_trait::async_trait;
use meterwire_app::ports::Alerts;

#[async_trait]
impl Alerts for SqliteStore {}
