//! Channels, rules, alerts and their deliveries.
//!
//! An alert and its deliveries are written by [`raise`] in the transaction of what it tells of, so that neither is there
//! without the other.

mod channels;
mod deliveries;
mod due;
mod history;
mod raise;
mod rules;
mod unpriced;

pub(crate) use raise::{erase_user, raise, was_raised};
pub(crate) use unpriced::UnpricedSeen;

use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    Alert, AlertFilter, Alerts, Audit, Channel, DueDelivery, DueRequest, NewAlert, Page, PageRequest,
    StoreResult, TenantId, Tried,
};
use meterwire_core::alert::{AlertKind, AlertRule};

#[async_trait]
impl<B: Backend> Alerts for SqlStore<B> {
    async fn channels(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Channel>> {
        self.read(move |connection| channels::list(connection, tenant, page)).await
    }

    async fn channel(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Channel>> {
        let id = id.to_owned();
        self.read(move |connection| channels::one(connection, tenant, &id)).await
    }

    async fn create_channel(&self, tenant: TenantId, channel: Channel, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| channels::create(session, tenant, &channel, &audit)).await
    }

    async fn update_channel(&self, tenant: TenantId, channel: Channel, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| channels::update(session, tenant, &channel, &audit)).await
    }

    async fn delete_channel(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| channels::delete(session, tenant, &id, &audit)).await
    }

    async fn alert_rule(&self, tenant: TenantId, kind: AlertKind) -> StoreResult<AlertRule> {
        self.read(move |connection| rules::one(connection, tenant, kind)).await
    }

    async fn alert_rules(&self, tenant: TenantId) -> StoreResult<Vec<AlertRule>> {
        self.read(move |connection| {
            AlertKind::ALL.into_iter().map(|kind| rules::one(connection, tenant, kind)).collect()
        })
        .await
    }

    async fn set_alert_rule(&self, tenant: TenantId, rule: AlertRule, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| rules::set(session, tenant, &rule, &audit)).await
    }

    fn activity(&self, tenant: TenantId) -> u64 {
        self.backend.revisions().of(tenant).wrapping_add(self.backend.revisions().of_decisions(tenant))
    }

    async fn raise_alert(&self, tenant: TenantId, alert: NewAlert) -> StoreResult<bool> {
        self.write(tenant, move |session| {
            session.require_tenant(tenant)?;
            raise(&session.connection, tenant, &alert)
        })
        .await
    }

    async fn alerts(
        &self,
        tenant: TenantId,
        filter: AlertFilter,
        page: PageRequest,
    ) -> StoreResult<Page<Alert>> {
        self.read(move |connection| history::page(connection, tenant, &filter, &page)).await
    }

    async fn alert(&self, tenant: TenantId, id: &str) -> StoreResult<Option<Alert>> {
        let id = id.to_owned();
        self.read(move |connection| history::one(connection, tenant, &id)).await
    }

    async fn snooze_alert(
        &self,
        tenant: TenantId,
        id: &str,
        until_ms: Option<i64>,
        audit: Audit,
    ) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| deliveries::snooze(session, tenant, &id, until_ms, &audit)).await
    }

    async fn retry_alert(&self, tenant: TenantId, id: &str, now_ms: i64, audit: Audit) -> StoreResult<usize> {
        let id = id.to_owned();
        self.write(tenant, move |session| deliveries::retry(session, tenant, &id, now_ms, &audit)).await
    }

    async fn due_deliveries(&self, request: DueRequest) -> StoreResult<Vec<DueDelivery>> {
        self.read(move |connection| due::find(connection, &request)).await
    }

    async fn tried_delivery(&self, seq: i64, tried: Tried, at_ms: i64) -> StoreResult<()> {
        self.write(None, move |session| deliveries::tried(session, seq, &tried, at_ms)).await
    }

    async fn forget_alerts(&self, before_ms: i64) -> StoreResult<bool> {
        self.write(None, move |session| deliveries::forget(session, before_ms)).await
    }
}
