//! Rules of the suite on three servers over one database that take turns at every call: what one remembers must never
//! outlive what another wrote, and what it loads for a group must be what it would have remembered.

mod common;

use async_trait::async_trait;
use common::engines;
use common::servers::{open, options};
use meterwire_app::conformance::Stores;
use meterwire_app::ports::{
    Audit, DayUsage, DecisionRequest, Ledger, LimitMap, Limits, NearLimit, Page, PageRequest, ReserveRequest,
    Reserved, ResetRequest, Settlement, StoreResult, TenantId, Tier, UsedFor, UserDay, UserStanding, Verdict,
    Voided,
};
use meterwire_core::amount::Amount;
use meterwire_core::event::Event;
use meterwire_core::limit::{Decision, Metric, MetricName, Reservation, Standing};
use meterwire_store::{ClusterOptions, ClusterStore};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Servers that take turns.
struct Turns {
    servers: Vec<ClusterStore>,
    calls: AtomicUsize,
}

impl Turns {
    fn next(&self) -> &ClusterStore {
        &self.servers[self.calls.fetch_add(1, Ordering::Relaxed) % self.servers.len()]
    }
}

async fn make() -> Stores {
    let database = engines::Postgres::empty().await;
    let tables = engines::ClickHouse::shards();
    let mut servers = Vec::new();
    for _ in 0..3 {
        let options = ClusterOptions {
            flush_every: Duration::from_millis(100),
            readers: 2,
            writers: 2,
            ..options(database.url(), &tables)
        };
        servers.push(open(options).await);
    }
    let [one, two, three] = [0, 1, 2].map(|server: usize| Arc::new(servers[server].clone()));
    let turns = Arc::new(Turns { servers, calls: AtomicUsize::new(0) });
    Stores {
        ledger: turns.clone(),
        limits: turns,
        usage: two.clone(),
        statements: three.clone(),
        budgets: three.clone(),
        provider_reports: three,
        alerts: two.clone(),
        reratings: two,
        // The first leads, which clears up behind an erasure.
        catalog: one,
        guard: Box::new((database, tables)),
    }
}

meterwire_app::conformance_tests! { make:
    identity::the_same_event_twice_is_a_duplicate,
    identity::voiding_twice_changes_nothing_more,
    identity::a_tenant_that_does_not_exist_takes_no_events,
    dimensions::values_beyond_the_bound_count_together,
    dimensions::tenants_declare_for_themselves,
    statements::what_comes_while_a_period_is_closed_counts_once,
    concurrency::racing_appends_store_each_event_once,
    races::exactly_the_allowed_number_win,
    races::racing_amounts_and_repeated_keys_never_pass_a_limit,
    races::histories_are_linearizable,
    races::histories_of_a_hard_budget_are_linearizable,
    budgets::exactly_so_many_spend_a_hard_budget,
    budgets::racing_holds_and_decisions_never_pass_a_hard_budget,
    budgets::a_hard_budget_refuses_what_it_takes_in,
    budget_model::every_budget_equals_the_model,
    decisions::both_limits_must_allow,
    decisions::several_metrics_are_all_or_nothing,
    decisions::a_key_is_answered_once,
    decisions::events_count_into_metrics,
    decisions::a_reset_forgives,
    reservations::reservations_end_once,
    reservations::reservations_expire_by_themselves,
    reservations::a_reservation_is_committed_with_an_event,
    reservations::a_refused_reset_gives_nothing_back,
    limit_model::every_standing_equals_the_model,
    limit_catalog::what_a_metric_counts_may_change_from_event_to_event,
    limit_catalog::overrides,
    limit_catalog::tenant_limits,
}

#[async_trait]
impl Ledger for Turns {
    async fn append(&self, tenant: TenantId, events: Vec<Event>) -> StoreResult<Vec<Verdict>> {
        self.next().append(tenant, events).await
    }

    async fn void(&self, tenant: TenantId, source: &str, id: &str, audit: Audit) -> StoreResult<Voided> {
        self.next().void(tenant, source, id, audit).await
    }

    async fn upkeep(&self, now_ms: i64) -> StoreResult<bool> {
        self.next().upkeep(now_ms).await
    }

    fn leads(&self) -> bool {
        self.servers[0].leads()
    }

    async fn probe(&self) -> StoreResult<()> {
        self.next().probe().await
    }
}

#[async_trait]
impl Limits for Turns {
    async fn decide(
        &self,
        tenant: TenantId,
        requests: Vec<DecisionRequest>,
        now_ms: i64,
    ) -> StoreResult<Vec<StoreResult<Decision>>> {
        self.next().decide(tenant, requests, now_ms).await
    }

    async fn check(
        &self,
        tenant: TenantId,
        user: &str,
        metric: &MetricName,
        amount: Amount,
        used_for: &UsedFor,
        now_ms: i64,
    ) -> StoreResult<Decision> {
        self.next().check(tenant, user, metric, amount, used_for, now_ms).await
    }

    async fn standing(&self, tenant: TenantId, user: &str, now_ms: i64) -> StoreResult<UserStanding> {
        self.next().standing(tenant, user, now_ms).await
    }

    async fn tenant_standings(&self, tenant: TenantId, now_ms: i64) -> StoreResult<Vec<Standing>> {
        self.next().tenant_standings(tenant, now_ms).await
    }

    async fn reserve(
        &self,
        tenant: TenantId,
        request: ReserveRequest,
        now_ms: i64,
    ) -> StoreResult<(Reserved, bool)> {
        self.next().reserve(tenant, request, now_ms).await
    }

    async fn settle(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        settlement: Settlement,
        now_ms: i64,
    ) -> StoreResult<Reservation> {
        self.next().settle(tenant, user, id, settlement, now_ms).await
    }

    async fn reservation(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        now_ms: i64,
    ) -> StoreResult<Option<Reservation>> {
        self.next().reservation(tenant, user, id, now_ms).await
    }

    async fn sweep(&self, now_ms: i64) -> StoreResult<usize> {
        // Whoever leads does it.
        let mut expired = 0;
        for server in &self.servers {
            expired += server.sweep(now_ms).await?;
        }
        Ok(expired)
    }

    async fn begin_day(&self, day: i32, audit: Audit) -> StoreResult<bool> {
        self.next().begin_day(day, audit).await
    }

    async fn reset(
        &self,
        tenant: TenantId,
        request: ResetRequest,
        now_ms: i64,
        audit: Audit,
    ) -> StoreResult<usize> {
        self.next().reset(tenant, request, now_ms, audit).await
    }

    async fn top_users(
        &self,
        tenant: TenantId,
        metric: &MetricName,
        day: i32,
        limit: usize,
    ) -> StoreResult<Vec<UserDay>> {
        self.next().top_users(tenant, metric, day, limit).await
    }

    async fn near_limits(
        &self,
        tenant: TenantId,
        threshold_ppm: u32,
        limit: usize,
        now_ms: i64,
    ) -> StoreResult<Vec<NearLimit>> {
        self.next().near_limits(tenant, threshold_ppm, limit, now_ms).await
    }

    async fn history(&self, tenant: TenantId, from_day: i32, to_day: i32) -> StoreResult<Vec<DayUsage>> {
        self.next().history(tenant, from_day, to_day).await
    }

    async fn metrics(&self, tenant: TenantId) -> StoreResult<Vec<Metric>> {
        self.next().metrics(tenant).await
    }

    async fn create_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()> {
        self.next().create_metric(tenant, metric, audit).await
    }

    async fn update_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()> {
        self.next().update_metric(tenant, metric, audit).await
    }

    async fn delete_metric(&self, tenant: TenantId, name: &MetricName, audit: Audit) -> StoreResult<()> {
        self.next().delete_metric(tenant, name, audit).await
    }

    async fn tiers(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Tier>> {
        self.next().tiers(tenant, page).await
    }

    async fn tier(&self, tenant: TenantId, name: &str) -> StoreResult<Option<Tier>> {
        self.next().tier(tenant, name).await
    }

    async fn create_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        self.next().create_tier(tenant, name, limits, audit).await
    }

    async fn update_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        self.next().update_tier(tenant, name, limits, audit).await
    }

    async fn delete_tier(&self, tenant: TenantId, name: &str, audit: Audit) -> StoreResult<()> {
        self.next().delete_tier(tenant, name, audit).await
    }

    async fn user_limits(&self, tenant: TenantId, user: &str) -> StoreResult<LimitMap> {
        self.next().user_limits(tenant, user).await
    }

    async fn set_user_limits(
        &self,
        tenant: TenantId,
        user: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        self.next().set_user_limits(tenant, user, limits, audit).await
    }

    async fn tenant_limits(&self, tenant: TenantId) -> StoreResult<LimitMap> {
        self.next().tenant_limits(tenant).await
    }

    async fn set_tenant_limits(&self, tenant: TenantId, limits: LimitMap, audit: Audit) -> StoreResult<()> {
        self.next().set_tenant_limits(tenant, limits, audit).await
    }
}
