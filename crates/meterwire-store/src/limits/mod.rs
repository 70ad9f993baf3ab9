//! Limits.
//!
//! - `memory` keeps the present counters of users met lately; `pending` what the running transaction adds to the tables;
//!   `counters` changes both. `decide` and `reserve` take decisions with them, on the writer's thread, in one order.
//! - `catalog` changes metrics, tiers and limits; `questions` reads standings, tops and histories from a snapshot.
//!
//! Tables hold what was used a day (`counter`) or the level at its end (`level`); windows are sums over days.

mod book;
mod budgets;
pub(crate) mod catalog;
mod counters;
mod decide;
mod fill;
mod idempotency;
mod look_up;
mod memory;
mod money;
mod over;
mod pending;
mod questions;
mod recost;
mod reserve;
pub(crate) mod reset;
mod spend;
mod whose;

pub(crate) use counters::{CountedEvent, Counters, Shared};
pub(crate) use fill::fill;

use crate::session::{Session, Wanted, Wants, Weight};
use crate::sql::Connection;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use decide::Asked;
use meterwire_app::ports::{
    Audit, DayUsage, DecisionRequest, LimitMap, Limits, NearLimit, Page, PageRequest, ReserveRequest,
    Reserved, ResetRequest, Settlement, StoreResult, TenantId, Tier, UsedFor, UserDay, UserStanding,
};
use meterwire_core::amount::Amount;
use meterwire_core::limit::{Decision, Metric, MetricName, Reservation, Standing};
use std::sync::Arc;

/// About the bytes of one decision while it waits.
const DECISION_BYTES: usize = 300;

/// A reservation, or its end. Not of weight nothing: it changes nothing that others remember of the catalogue.
const HOLD: Weight = Weight { commands: 1, events: 1, bytes: 512 };

/// Decisions that are asked for together.
struct Decisions {
    requests: Vec<DecisionRequest>,
    /// When, Unix milliseconds.
    now_ms: i64,
}

impl Wants for Decisions {
    fn wants<'c>(&'c self, wanted: &mut Wanted<'c>) {
        wanted.now_ms = wanted.now_ms.max(self.now_ms);
        for request in &self.requests {
            let metrics = request.amounts.iter().map(|(metric, _)| metric.as_str());
            wanted.counters.extend(metrics.map(|metric| (request.user.as_str(), metric)));
            wanted.spends.push(decide::used_by(&request.user, &request.used_for));
            wanted.keys.extend(request.idempotency_key.as_deref());
        }
    }
}

/// An amount that is to be held.
struct Hold {
    request: ReserveRequest,
    /// When, Unix milliseconds.
    now_ms: i64,
}

impl Wants for Hold {
    fn wants<'c>(&'c self, wanted: &mut Wanted<'c>) {
        wanted.now_ms = wanted.now_ms.max(self.now_ms);
        let ReserveRequest { user, metric, used_for, idempotency_key, .. } = &self.request;
        wanted.counters.insert((user, metric.as_str()));
        wanted.spends.push(decide::used_by(user, used_for));
        wanted.keys.extend(idempotency_key.as_deref());
    }
}

#[async_trait]
impl<B: Backend> Limits for SqlStore<B> {
    async fn decide(
        &self,
        tenant: TenantId,
        requests: Vec<DecisionRequest>,
        now_ms: i64,
    ) -> StoreResult<Vec<StoreResult<Decision>>> {
        if requests.is_empty() {
            return Ok(Vec::new());
        }
        // A decision costs about a quarter of an event.
        let (events, bytes) = (requests.len().div_ceil(4), requests.len() * DECISION_BYTES);
        let weight = Weight { commands: 1, events, bytes };
        let asked = Arc::new(Decisions { requests, now_ms });
        let wants = asked.clone();
        let run = move |session: &mut Session<'_>| {
            session.revisions.note_decided(tenant);
            decide::decide(session, tenant, &asked.requests, now_ms)
        };
        self.backend.write_wanting(tenant, weight, wants, run).await
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
        let asked = Asked { user, metric, amount, used_for };
        if let Some(shared) = self.backend.counters()
            && !shared.may_expire(now_ms)
            && let Some(decision) = decide::peek(&shared.lock(), tenant, &asked, now_ms)
        {
            return Ok(decision);
        }
        let (user, metric, used_for) = (user.to_owned(), metric.clone(), used_for.clone());
        let look = move |connection: &Connection<'_>| {
            let asked = Asked { user: &user, metric: &metric, amount, used_for: &used_for };
            decide::look(connection, tenant, &asked, now_ms)
        };
        self.read(look).await
    }

    async fn standing(&self, tenant: TenantId, user: &str, now_ms: i64) -> StoreResult<UserStanding> {
        let user = user.to_owned();
        self.read(move |connection| questions::standing(connection, tenant, &user, now_ms)).await
    }

    async fn tenant_standings(&self, tenant: TenantId, now_ms: i64) -> StoreResult<Vec<Standing>> {
        self.read(move |connection| questions::tenant_standings(connection, tenant, now_ms)).await
    }

    async fn reserve(
        &self,
        tenant: TenantId,
        request: ReserveRequest,
        now_ms: i64,
    ) -> StoreResult<(Reserved, bool)> {
        let asked = Arc::new(Hold { request, now_ms });
        let wants = asked.clone();
        let run = move |session: &mut Session<'_>| {
            session.revisions.note_decided(tenant);
            reserve::reserve(session, tenant, &asked.request, now_ms)
        };
        self.backend.write_wanting(tenant, HOLD, wants, run).await?
    }

    async fn settle(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        settlement: Settlement,
        now_ms: i64,
    ) -> StoreResult<Reservation> {
        if matches!(settlement, Settlement::CommitEvent(_)) {
            self.backend.require_room()?;
        }
        let (user, id) = (user.map(str::to_owned), id.to_owned());
        let run = move |session: &mut Session<'_>| {
            session.revisions.note_decided(tenant);
            reserve::settle(session, tenant, user.as_deref(), &id, &settlement, now_ms)
        };
        self.write_unguarded(tenant, HOLD, run).await?
    }

    async fn reservation(
        &self,
        tenant: TenantId,
        user: Option<&str>,
        id: &str,
        now_ms: i64,
    ) -> StoreResult<Option<Reservation>> {
        let (user, id) = (user.map(str::to_owned), id.to_owned());
        self.read(move |connection| reserve::look(connection, tenant, user.as_deref(), &id, now_ms)).await
    }

    async fn sweep(&self, now_ms: i64) -> StoreResult<usize> {
        self.backend.sweep(now_ms).await
    }

    async fn begin_day(&self, day: i32, audit: Audit) -> StoreResult<bool> {
        self.write(None, move |session| reset::begin_day(session, day, &audit)).await
    }

    async fn reset(
        &self,
        tenant: TenantId,
        request: ResetRequest,
        now_ms: i64,
        audit: Audit,
    ) -> StoreResult<usize> {
        self.write(tenant, move |session| reset::reset(session, tenant, &request, now_ms, &audit)).await
    }

    async fn top_users(
        &self,
        tenant: TenantId,
        metric: &MetricName,
        day: i32,
        limit: usize,
    ) -> StoreResult<Vec<UserDay>> {
        let metric = metric.clone();
        self.read(move |connection| questions::top_users(connection, tenant, &metric, day, limit)).await
    }

    async fn near_limits(
        &self,
        tenant: TenantId,
        threshold_ppm: u32,
        limit: usize,
        now_ms: i64,
    ) -> StoreResult<Vec<NearLimit>> {
        let ask = move |connection: &Connection<'_>| {
            questions::near_limits(connection, tenant, threshold_ppm, limit, now_ms)
        };
        self.read(ask).await
    }

    async fn history(&self, tenant: TenantId, from_day: i32, to_day: i32) -> StoreResult<Vec<DayUsage>> {
        self.read(move |connection| questions::history(connection, tenant, from_day, to_day)).await
    }

    async fn metrics(&self, tenant: TenantId) -> StoreResult<Vec<Metric>> {
        self.read(move |connection| catalog::metrics(connection, tenant)).await
    }

    async fn create_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| catalog::create_metric(session, tenant, &metric, &audit)).await
    }

    async fn update_metric(&self, tenant: TenantId, metric: Metric, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| catalog::update_metric(session, tenant, &metric, &audit)).await
    }

    async fn delete_metric(&self, tenant: TenantId, name: &MetricName, audit: Audit) -> StoreResult<()> {
        let name = name.clone();
        self.write(tenant, move |session| catalog::delete_metric(session, tenant, &name, &audit)).await
    }

    async fn tiers(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Tier>> {
        self.read(move |connection| catalog::tiers(connection, tenant, page)).await
    }

    async fn tier(&self, tenant: TenantId, name: &str) -> StoreResult<Option<Tier>> {
        let name = name.to_owned();
        self.read(move |connection| catalog::tier(connection, tenant, &name)).await
    }

    async fn create_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        let name = name.to_owned();
        self.write(tenant, move |session| catalog::create_tier(session, tenant, &name, &limits, &audit)).await
    }

    async fn update_tier(
        &self,
        tenant: TenantId,
        name: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        let name = name.to_owned();
        self.write(tenant, move |session| catalog::update_tier(session, tenant, &name, &limits, &audit)).await
    }

    async fn delete_tier(&self, tenant: TenantId, name: &str, audit: Audit) -> StoreResult<()> {
        let name = name.to_owned();
        self.write(tenant, move |session| catalog::delete_tier(session, tenant, &name, &audit)).await
    }

    async fn user_limits(&self, tenant: TenantId, user: &str) -> StoreResult<LimitMap> {
        let user = user.to_owned();
        self.read(move |connection| catalog::user_limits(connection, tenant, &user)).await
    }

    async fn set_user_limits(
        &self,
        tenant: TenantId,
        user: &str,
        limits: LimitMap,
        audit: Audit,
    ) -> StoreResult<()> {
        let user = user.to_owned();
        self.write(tenant, move |session| catalog::set_user_limits(session, tenant, &user, &limits, &audit))
            .await
    }

    async fn tenant_limits(&self, tenant: TenantId) -> StoreResult<LimitMap> {
        self.read(move |connection| catalog::tenant_limits(connection, tenant)).await
    }

    async fn set_tenant_limits(&self, tenant: TenantId, limits: LimitMap, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| catalog::set_tenant_limits(session, tenant, &limits, &audit)).await
    }
}
