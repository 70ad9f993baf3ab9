//! Retention: single events are dropped when they are old enough; their totals are kept for ever.

use crate::ports::{Audit, Tenant};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::DAY_MS;
use meterwire_core::period::{Range, rfc3339};
use std::sync::atomic::Ordering;

/// The fewest days: as long as a duplicate of an event must be found.
pub const MIN_RETENTION_DAYS: u32 = 35;
/// The most days.
pub const MAX_RETENTION_DAYS: u32 = 3_650;
/// The most steps of one round of the job for a tenant; what is left is done in the next.
const MAX_STEPS: usize = 25;
/// Events of one step: others wait for the writer while they are dropped.
const EVENTS_A_STEP: usize = 500;
/// The pause between two rounds that found nothing to drop.
const REST_MS: i64 = 3_600_000;

impl Meterwire {
    /// Changes a tenant's name, its zone and how long its single events are kept; what is not named stays.
    pub async fn change_tenant(
        &self,
        caller: &Caller,
        slug: &str,
        name: Option<&str>,
        timezone: Option<&str>,
        retention: Option<Option<u32>>,
    ) -> Result<Tenant, AppError> {
        if let Some(days) = retention {
            caller.require(Access::Own)?;
            check_retention(days)?;
        }
        if name.is_some() || timezone.is_some() || retention.is_none() {
            let changed = self.update_tenant(caller, slug, name, timezone).await?;
            if retention.is_none() {
                return Ok(changed);
            }
        }
        self.set_retention(caller, slug, retention.flatten()).await
    }

    /// Sets how many days the single events of a tenant are kept; `None` is for ever. What is dropped does not come back.
    async fn set_retention(
        &self,
        caller: &Caller,
        slug: &str,
        days: Option<u32>,
    ) -> Result<Tenant, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, Some(slug)).await?;
        let kept = days.map_or("for ever".to_owned(), |days| format!("{days} days"));
        let audit = self.audit(caller, "tenant.retention", &format!("{slug}: {kept}"));
        let changed = self.catalog.set_retention(tenant.id, days, audit).await?;
        self.callers.clear();
        self.next_retention_ms.store(i64::MIN, Ordering::Relaxed);
        Ok(changed)
    }

    /// A range without what is kept only as totals, and where the single events begin if that cut something off.
    pub(crate) async fn kept_range(
        &self,
        tenant: &Tenant,
        range: Range,
    ) -> Result<(Range, Option<i64>), AppError> {
        // The caller's tenant is remembered for a while; the job may have gone on since.
        let fresh = self.catalog.tenant_by_id(tenant.id).await?.ok_or(AppError::NotFound("tenant"))?;
        match fresh.events_from_ms {
            Some(from_ms) if from_ms > range.from_ms => {
                let kept = Range { from_ms, to_ms: range.to_ms.max(from_ms) };
                Ok((kept, Some(from_ms)))
            }
            _ => Ok((range, None)),
        }
    }

    /// One round of the job that drops single events; `true` where there is more to do. With nothing left to drop it rests
    /// for an hour: days end only once a day.
    pub async fn run_retention_jobs(&self) -> Result<bool, AppError> {
        let now_ms = self.now_ms();
        if now_ms < self.next_retention_ms.load(Ordering::Relaxed) {
            return Ok(false);
        }
        // A retention that is set from now on calls for the next round.
        self.next_retention_ms.store(now_ms + REST_MS, Ordering::Relaxed);
        let done = self.drop_old_events().await;
        if !matches!(done, Ok(false)) {
            self.next_retention_ms.store(i64::MIN, Ordering::Relaxed);
        }
        done
    }

    async fn drop_old_events(&self) -> Result<bool, AppError> {
        let mut more = false;
        for tenant in self.catalog.tenants_with_retention().await? {
            more |= self.drop_old_events_of(&tenant).await?;
        }
        Ok(more)
    }

    async fn drop_old_events_of(&self, tenant: &Tenant) -> Result<bool, AppError> {
        let Some(days) = tenant.retention_days else { return Ok(false) };
        let now_ms = self.now_ms();
        let today_ms = now_ms.div_euclid(DAY_MS) * DAY_MS;
        let events_from_ms = today_ms - i64::from(days) * DAY_MS;
        // First of all nobody may ask for them any more: an answer is whole or it is none.
        if tenant.events_from_ms.is_none_or(|from_ms| from_ms < events_from_ms) {
            self.catalog.move_events_from(tenant.id, events_from_ms).await?;
            self.callers.clear();
        }
        // A duplicate is found for so long after it was recorded, however old the event itself is.
        let received_before_ms = now_ms - i64::from(MIN_RETENTION_DAYS) * DAY_MS;
        let mut dropped = 0;
        let mut more = true;
        for _ in 0..MAX_STEPS {
            let count = self.catalog.drop_events(tenant.id, received_before_ms, EVENTS_A_STEP).await?;
            dropped += count;
            more = count > 0;
            if !more {
                break;
            }
        }
        if dropped > 0 {
            let date = rfc3339(events_from_ms);
            let target = format!("{dropped} events before {}", date.get(..10).unwrap_or(&date));
            tracing::info!(tenant = %tenant.slug, dropped, before = %date, "old events were dropped; their totals stay");
            let actor = "scheduler".to_owned();
            let audit = Audit { actor, action: "events.drop", target, at_ms: now_ms };
            self.catalog.note(Some(tenant.id), audit).await?;
        }
        Ok(more)
    }
}

fn check_retention(days: Option<u32>) -> Result<(), Invalid> {
    if days.is_none_or(|days| (MIN_RETENTION_DAYS..=MAX_RETENTION_DAYS).contains(&days)) {
        return Ok(());
    }
    let sentence = format!(
        "retention_days must be from {MIN_RETENTION_DAYS} to {MAX_RETENTION_DAYS}, or null to keep events for ever"
    );
    Err(Invalid::new("retention_days", sentence))
}
