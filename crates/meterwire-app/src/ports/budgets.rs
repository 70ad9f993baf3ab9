//! Budgets: money over a period, kept beside the events that spend it.

use async_trait::async_trait;

/// Keeps budgets and what was spent of them.
#[async_trait]
pub trait Budgets: Send + Sync {}
