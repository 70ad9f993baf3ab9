//! Connections to providers, and what they reported.

use crate::SqliteStore;
use async_trait::async_trait;
use meterwire_app::ports::ProviderReports;

#[async_trait]
impl ProviderReports for SqliteStore {}
