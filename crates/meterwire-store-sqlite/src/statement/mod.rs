//! Schedules of reports, and closed periods.

use crate::SqliteStore;
use async_trait::async_trait;
use meterwire_app::ports::Statements;

#[async_trait]
impl Statements for SqliteStore {}
