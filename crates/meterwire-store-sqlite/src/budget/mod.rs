//! Budgets in the embedded store.

use crate::SqliteStore;
use async_trait::async_trait;
use meterwire_app::ports::Budgets;

#[async_trait]
impl Budgets for SqliteStore {}
