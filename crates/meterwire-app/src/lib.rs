//! The use cases of Meterwire: one file a verb, over ports that a store implements.
//!
//! Nothing here knows HTTP or SQL. The clock is given, so that tests move it by hand.

mod alert_rules;
mod authenticate;
mod budget_status;
mod caller;
pub mod clock;
mod close_period;
#[cfg(feature = "conformance")]
pub mod conformance;
mod connect_provider;
mod cost_intelligence;
mod dashboard;
mod deliver_alerts;
mod department_costs;
mod departments;
mod embed;
mod erase_user;
pub mod error;
mod explain_change;
mod export;
mod export_statement;
mod forecast_usage;
mod import_reports;
mod ingest;
mod issue_key;
mod limits;
mod live;
mod long_work;
mod manage_budgets;
mod manage_catalog;
mod manage_channels;
mod manage_dimensions;
mod manage_limits;
mod manage_prices;
mod manage_reports;
mod manage_tenants;
mod model_comparison;
mod month_usage;
mod organization_usage;
pub mod ports;
mod prices;
mod provider_spend;
mod query_usage;
mod quota;
mod raise_alerts;
mod receipt;
mod reconcile;
mod report_content;
mod rerate;
mod rerate_budgets;
mod rerate_job;
mod retention;
mod review_limits;
mod send_reports;
mod session;
mod shown_source;
mod spend;
mod statistics;
mod token;
mod usage_field;
mod usage_log;
mod usage_log_by_text;
mod void_event;
mod what_if;

pub use alert_rules::RuleChange;
pub use authenticate::Claims;
pub use budget_status::BudgetStatus;
pub use caller::{Access, Caller, CallerKey};
pub use close_period::{Adjustment, AdjustmentRow, ClosedStatement, hex};
pub use connect_provider::{
    ConnectionChange, ConnectionState, FixedAccount, NewConnection, ProviderSettings,
};
pub use cost_intelligence::{CostIntelligence, EventNamed};
pub use dashboard::Dashboard;
pub use deliver_alerts::Outbound;
pub use department_costs::{Both, DepartmentCost, DepartmentCosts, DepartmentQuery, ProjectCost};
pub use embed::{EmbedToken, EmbedWish};
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
pub use manage_budgets::{MAX_HISTORY, MAX_PARTS, NewBudget, PastPeriod};
pub use manage_channels::{ChannelChange, ChannelTest, MadeChannel, NewChannel};
pub use manage_limits::{MAX_TIERS_OF_TENANT, USAGE_LIMIT_COLUMNS, UsageLimit};
pub use manage_reports::ReportWish;
pub use model_comparison::{ModelComparison, efficiency_of};
pub use month_usage::UsageData;
pub use organization_usage::{
    OrganizationBounds, OrganizationBucket, OrganizationQuery, OrganizationReply, OrganizationResult,
    OrganizationSubject,
};
pub use prices::PriceWish;
pub use query_usage::{Group, Series, UsageReply, Values};
pub use quota::{Quota, QuotaLine};
pub use raise_alerts::AlertWatch;
pub use receipt::{Basis, PricedAt, Receipt};
pub use reconcile::{NotCompared, ReconcileQuery, ReconciledRow, Reconciliation};
pub use report_content::Press;
pub use rerate::{RerateAnswer, RerateWish};
pub use retention::{MAX_RETENTION_DAYS, MIN_RETENTION_DAYS};
pub use review_limits::{Reset, TopUsers};
pub use send_reports::ReportByHand;
pub use session::SESSION_MS;
pub use shown_source::{NO_MODEL, NO_PROJECT, ProviderDay, Shown, Source};
pub use spend::{ModelSpend, SpendQuery};
pub use statistics::{DayTotals, ModelOf, ModelTotals, Statistics, StatisticsQuery};
pub use token::Token;
pub use usage_field::UsageField;
pub use usage_log::{LogQuery, LogRange, LogReply, LogSort};
pub use what_if::{InsteadOf, WhatIfQuery, WhatIfReply};

use clock::Clock;
use meterwire_core::budget::AlertLevels;
use ports::{
    Alerts, Audit, Budgets, Catalog, Ledger, Limits, Outside, ProviderReports, Reratings, Statements, Store,
    Usage,
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
    reratings: Arc<dyn Reratings>,
    outside: Outside,
    alert_levels: AlertLevels,
    desk: connect_provider::Desk,
    clock: Arc<dyn Clock>,
    prices: prices::TenantBooks,
    departments: departments::TenantDepartments,
    declared: manage_dimensions::TenantDimensions,
    callers: authenticate::CallerCache,
    rerate_desk: rerate::RerateDesk,
    pinned: rerate_job::PinnedBooks,
    /// Tells the courier that the watch has raised something.
    raised: raise_alerts::Raised,
    /// The last UTC day that the limits' job has met.
    limits_day: AtomicI32,
    /// When the job that drops old events looks again, Unix milliseconds.
    next_retention_ms: AtomicI64,
    /// When the job that forgets old alerts looks again, Unix milliseconds.
    next_alert_upkeep_ms: AtomicI64,
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
            statements: store.clone(),
            reratings: store,
            outside: Outside::default(),
            alert_levels: AlertLevels::default(),
            desk: connect_provider::Desk::default(),
            clock,
            prices: prices::TenantBooks::default(),
            departments: departments::TenantDepartments::default(),
            declared: manage_dimensions::TenantDimensions::default(),
            callers: authenticate::CallerCache::default(),
            rerate_desk: rerate::RerateDesk::default(),
            pinned: rerate_job::PinnedBooks::default(),
            raised: raise_alerts::Raised::default(),
            limits_day: AtomicI32::new(i32::MIN),
            next_retention_ms: AtomicI64::new(i64::MIN),
            next_alert_upkeep_ms: AtomicI64::new(i64::MIN),
        }
    }

    /// With other parts of a budget's amount from which on it is worrying.
    #[must_use]
    pub fn with_alert_levels(self, alert_levels: AlertLevels) -> Self {
        Self { alert_levels, ..self }
    }

    /// From which parts of its amount on a budget is worrying.
    pub fn alert_levels(&self) -> AlertLevels {
        self.alert_levels
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

    /// Whether this process does what only one of a store's servers may, see [`ports::Ledger::leads`].
    pub fn leads(&self) -> bool {
        self.ledger.leads()
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
