//! Statements: reports that are sent by the calendar, and months that were closed.

use async_trait::async_trait;

/// Keeps schedules of reports and closed periods.
#[async_trait]
pub trait Statements: Send + Sync {}
