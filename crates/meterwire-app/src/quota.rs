//! Usage of the month against what is allowed: API calls, tokens and spend.

use crate::limits::user_for;
use crate::ports::{AggregateRequest, Measures, Tenant};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::limit::{Counts, Metric, Standing, Window};
use meterwire_core::period::{self, Range};
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;

/// Usage of a month against its limits.
#[derive(Debug, Clone)]
pub struct Quota {
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the tenant's zone.
    pub tz: String,
    /// The calendar month in the tenant's zone.
    pub month: Range,
    /// Whose usage it is; `None` is all of the tenant's.
    pub user: Option<String>,
    /// One an event.
    pub api_calls: QuotaLine,
    /// All tokens.
    pub tokens: QuotaLine,
    /// Cost.
    pub spend: QuotaLine,
    /// Events with tokens whose model has no price; they are not in the spend.
    pub unpriced_calls: i64,
}

/// One quantity against its limit.
#[derive(Debug, Clone)]
pub struct QuotaLine {
    /// What was recorded in the month: events, tokens, nano-dollars.
    pub recorded: i64,
    /// The limit that is nearest to being reached, with what counts against it; `None` where there is none.
    pub standing: Option<Standing>,
}

impl Meterwire {
    /// Usage of this month against the monthly limits of the tenant with this slug, or of one of its users. A caller
    /// confined to a user sees that user's.
    pub async fn quota(&self, caller: &Caller, slug: &str, user: Option<String>) -> Result<Quota, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, Some(slug)).await?;
        let user = match (caller.confined_to(), user) {
            (None, None) => None,
            (_, user) => Some(user_for(caller, user)?),
        };
        let as_of_ms = self.now_ms();
        let month = period::month_of(as_of_ms, &period::zone(&tenant.timezone)?);
        let totals = self.totals_of_month(&tenant, month, user.as_deref()).await?;
        let standings = match &user {
            Some(user) => self.limits.standing(tenant.id, user, as_of_ms).await?.standings,
            None => self.limits.tenant_standings(tenant.id, as_of_ms).await?,
        };
        let metrics = self.limits.metrics(tenant.id).await?;
        let line = |counts, recorded| QuotaLine { recorded, standing: nearest(counts, &metrics, &standings) };
        let tokens = i64::try_from(totals.token_usage().total()).unwrap_or(i64::MAX);
        Ok(Quota {
            as_of_ms,
            tz: tenant.timezone,
            month,
            user,
            api_calls: line(Counts::Events, totals.calls),
            tokens: line(Counts::Tokens, tokens),
            spend: line(Counts::CostUsd, totals.cost.0),
            unpriced_calls: totals.unpriced_calls,
        })
    }

    async fn totals_of_month(
        &self,
        tenant: &Tenant,
        month: Range,
        user: Option<&str>,
    ) -> Result<Totals, AppError> {
        let request = AggregateRequest {
            edges_ms: vec![month.from_ms, month.to_ms],
            group_by: vec![],
            filters: user.map(Filter::of_user).into_iter().collect(),
            measures: Measures::SUMS,
        };
        let rows = self.usage.aggregate(tenant.id, request).await?;
        let mut totals = Totals::default();
        rows.iter().for_each(|row| totals.merge(&row.totals));
        Ok(totals)
    }
}

/// Of the monthly metrics that count this, the one whose limit is nearest to being reached.
fn nearest(counts: Counts, metrics: &[Metric], standings: &[Standing]) -> Option<Standing> {
    let counted = |standing: &&Standing| {
        let metric = metrics.iter().find(|metric| metric.name == standing.metric);
        metric.is_some_and(|metric| metric.window == Window::Month && metric.counts == counts)
    };
    let limited = standings.iter().filter(counted).filter(|standing| standing.limit.is_some());
    limited.max_by(|a, b| part(a).total_cmp(&part(b))).cloned()
}

fn part(standing: &Standing) -> f64 {
    standing.percentage().unwrap_or(0.0)
}
