//! Provider reports: what providers say was used, beside what we recorded.

use async_trait::async_trait;

/// Keeps connections to providers and what they reported.
#[async_trait]
pub trait ProviderReports: Send + Sync {}
