//! The use cases of Meterwire: one file a verb, over ports that a store implements.
//!
//! Nothing here knows HTTP or SQL. The clock is given, so that tests move it by hand.

mod authenticate;
mod caller;
pub mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod erase_user;
pub mod error;
mod explain_change;
mod export;
mod export_statement;
mod forecast_usage;
mod ingest;
mod issue_key;
mod limits;
mod live;
mod long_work;
mod manage_catalog;
mod manage_dimensions;
mod manage_limits;
mod manage_prices;
mod manage_tenants;
mod organization_usage;
pub mod ports;
mod prices;
mod query_usage;
mod quota;
mod receipt;
mod retention;
mod review_limits;
mod session;
mod statistics;
mod token;
mod usage_log;
mod usage_log_by_text;
mod void_event;

pub use authenticate::Claims;
pub use caller::{Access, Caller, CallerKey};
pub use erase_user::Erased;
pub use error::AppError;
pub use explain_change::ChangeReply;
pub use export::{About, BillExport, Breakdown, BreakdownRow, ExportInput, LogExport};
pub use export_statement::{Statement, StatementTable};
pub use forecast_usage::ForecastReply;
pub use ingest::{IngestReply, Outcome, Sent};
pub use issue_key::{IssuedKey, NewKey};
pub use limits::{CommitWith, Decide, DecideItem, Reserve};
pub use live::{LiveTotals, LiveView};
pub use long_work::long_work;
pub use manage_limits::{MAX_TIERS_OF_TENANT, USAGE_LIMIT_COLUMNS, UsageLimit};
pub use organization_usage::{
    OrganizationBounds, OrganizationBucket, OrganizationQuery, OrganizationReply, OrganizationResult,
    OrganizationSubject, UsageField,
};
pub use prices::PriceWish;
pub use query_usage::{Group, Series, UsageReply, Values};
pub use quota::{Quota, QuotaLine};
pub use receipt::{Basis, PricedAt, Receipt};
pub use retention::{MAX_RETENTION_DAYS, MIN_RETENTION_DAYS};
pub use review_limits::{Reset, TopUsers};
pub use session::SESSION_MS;
pub use statistics::{DayTotals, ModelOf, ModelTotals, Statistics, StatisticsQuery};
pub use token::Token;
pub use usage_log::{LogQuery, LogRange, LogReply, LogSort};

use clock::Clock;
use ports::{
    Alerts, Audit, Budgets, Catalog, Ledger, Limits, Outside, ProviderReports, Statements, Store, Usage,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64};

/// What every use case works with: the ports of one store, what lies beyond it, the clock, and three small caches.
pub struct Meterwire {
    ledger: Arc<dyn Ledger>,
    usage: Arc<dyn Usage>,
    catalog: Arc<dyn Catalog>,
    limits: Arc<dyn Limits>,
    budgets: Arc<dyn Budgets>,
    provider_reports: Arc<dyn ProviderReports>,
    alerts: Arc<dyn Alerts>,
    statements: Arc<dyn Statements>,
    outside: Outside,
    clock: Arc<dyn Clock>,
    prices: prices::TenantBooks,
    declared: manage_dimensions::TenantDimensions,
    callers: authenticate::CallerCache,
    /// The last UTC day that the limits' job has met.
    limits_day: AtomicI32,
    /// When the job that drops old events looks again, Unix milliseconds.
    next_retention_ms: AtomicI64,
}

impl Meterwire {
    /// Puts one store and the clock together; nothing beyond the store can be reached.
    pub fn new<S: Store + 'static>(store: Arc<S>, clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger: store.clone(),
            usage: store.clone(),
            catalog: store.clone(),
            limits: store.clone(),
            budgets: store.clone(),
            provider_reports: store.clone(),
            alerts: store.clone(),
            statements: store,
            outside: Outside::default(),
            clock,
            prices: prices::TenantBooks::default(),
            declared: manage_dimensions::TenantDimensions::default(),
            callers: authenticate::CallerCache::default(),
            limits_day: AtomicI32::new(i32::MIN),
            next_retention_ms: AtomicI64::new(i64::MIN),
        }
    }

    /// With what lies beyond the store.
    #[must_use]
    pub fn with_outside(self, outside: Outside) -> Self {
        Self { outside, ..self }
    }

    /// Now, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Tells whether the store can be written and read.
    pub async fn ready(&self) -> Result<(), AppError> {
        self.ledger.probe().await?;
        self.catalog.setting("demo").await?;
        Ok(())
    }

    /// A short piece of the store's own work; tells whether there is more to do at once.
    pub async fn run_upkeep(&self) -> Result<bool, AppError> {
        Ok(self.ledger.upkeep(self.now_ms()).await?)
    }

    /// Whether this instance holds made-up demo data.
    pub async fn is_demo(&self) -> Result<bool, AppError> {
        Ok(self.catalog.setting("demo").await?.is_some())
    }

    /// Marks this instance as one of made-up demo data, for good.
    pub async fn mark_demo(&self) -> Result<(), AppError> {
        Ok(self.catalog.set_setting("demo", "1").await?)
    }

    fn audit(&self, caller: &Caller, action: &'static str, target: &str) -> Audit {
        Audit { actor: caller.actor.clone(), action, target: target.to_owned(), at_ms: self.now_ms() }
    }
}
