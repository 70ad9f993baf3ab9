//! The totals of today, as a live view shows them.

use crate::ports::{AggregateRequest, Measures, Tenant, TenantId};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::period::{self, Range, RangeInput, local_date};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;
use tokio::sync::watch;

/// Whose totals, and of which zone's day: all that tells one live view from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LiveView {
    /// The tenant.
    pub tenant: TenantId,
    /// The user that the caller is confined to.
    pub user: Option<String>,
    /// Name of the zone.
    pub tz: String,
}

/// The totals of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveTotals {
    /// When they were added up, Unix milliseconds.
    pub as_of_ms: i64,
    /// The day's date in the zone.
    pub date: String,
    /// The day's span.
    pub day: Range,
    /// The sums.
    pub totals: Totals,
}

impl Meterwire {
    /// The view of a caller, with the tenant it was asked of.
    pub async fn live_view(
        &self,
        caller: &Caller,
        named: Option<&str>,
        tz: Option<String>,
    ) -> Result<(Tenant, LiveView), AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let tz = tz.unwrap_or_else(|| tenant.timezone.clone());
        period::zone(&tz)?;
        let user = caller.confined_to().map(str::to_owned);
        let view = LiveView { tenant: tenant.id, user, tz };
        Ok((tenant, view))
    }

    /// The totals of a view's present day.
    pub async fn live_totals(&self, view: &LiveView) -> Result<LiveTotals, AppError> {
        let zone = period::zone(&view.tz)?;
        let as_of_ms = self.now_ms();
        let day = RangeInput::named("today").resolve("today", &zone, as_of_ms)?;
        let of_user = view.user.iter().map(|user| Filter::of_user(user));
        let request = AggregateRequest {
            edges_ms: vec![day.from_ms, day.to_ms],
            group_by: vec![],
            filters: of_user.collect(),
            measures: Measures::SUMS,
        };
        let rows = self.usage.aggregate(view.tenant, request).await?;
        let mut totals = Totals::default();
        rows.iter().for_each(|row| totals.merge(&row.totals));
        Ok(LiveTotals { as_of_ms, date: local_date(as_of_ms, &zone), day, totals })
    }

    /// A number that changes with what is recorded of a tenant.
    pub fn usage_revision(&self, tenant: TenantId) -> u64 {
        self.usage.revision(tenant)
    }

    /// Wakes up when anything is recorded of any tenant.
    pub fn usage_revisions(&self) -> watch::Receiver<u64> {
        self.usage.revisions()
    }
}
