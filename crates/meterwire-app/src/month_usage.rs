//! Usage of the current month, and of today: by model, by day or hour, all from one moment.

use crate::ports::{AggregateRequest, Questions};
use crate::spend::{InOrder, ModelSpend, SpendQuery, SpendScope, buckets_of, days_of, models_of, total_of};
use crate::statistics::DayTotals;
use crate::{AppError, Caller, Meterwire, Shown, Source};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{Bucket, Granularity, Range, RangeInput};
use meterwire_core::totals::Totals;

/// Usage of a range.
#[derive(Debug, Clone)]
pub struct UsageData {
    /// When it was asked, Unix milliseconds; of a provider's numbers when they were read.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range.
    pub range: Range,
    /// Where the numbers come from.
    pub source: Shown,
    /// Sums over the range.
    pub total: Totals,
    /// Sums by model, dearest first; they add up to the total.
    pub models: Vec<ModelSpend>,
    /// Every day of the range that has begun, or has usage; they add up to the total.
    pub days: Vec<DayTotals>,
    /// Every hour that has begun, where hours were asked for; they add up to the total.
    pub hours: Option<Vec<(Bucket, Totals)>>,
}

/// Usage that is about to be asked for.
pub(crate) struct UsagePlan {
    pub(crate) range: Range,
    pub(crate) days: Vec<Bucket>,
    pub(crate) hours: Option<Vec<Bucket>>,
}

impl UsagePlan {
    pub(crate) fn month(scope: &SpendScope) -> Result<Self, Invalid> {
        let range = scope.range(&RangeInput::named("this_month"), "this_month")?;
        Ok(Self { range, days: scope.buckets(range, Granularity::Day)?, hours: None })
    }

    pub(crate) fn today(scope: &SpendScope) -> Result<Self, Invalid> {
        let range = scope.range(&RangeInput::named("today"), "today")?;
        let days = scope.buckets(range, Granularity::Day)?;
        Ok(Self { range, days, hours: Some(scope.buckets(range, Granularity::Hour)?) })
    }

    /// What is to be asked.
    pub(crate) fn sums(&self, scope: &SpendScope) -> [AggregateRequest; 3] {
        scope.spend_sums(self.range, self.hours.as_ref().unwrap_or(&self.days))
    }

    /// Puts the answers together.
    pub(crate) fn answered(self, scope: &SpendScope, source: Shown, answers: &mut InOrder) -> UsageData {
        let (by_model, operations) = (answers.next(), answers.next());
        let models = models_of(by_model, operations);
        let total = total_of(&models);
        let rows = answers.next();
        let (days, hours) = match self.hours {
            None => (days_of(buckets_of(self.days, &rows, scope.now_ms)), None),
            Some(hours) => {
                let hours = buckets_of(hours, &rows, scope.now_ms);
                let date = self.days.into_iter().next().map(|day| day.label).unwrap_or_default();
                (vec![DayTotals { date, totals: total.clone() }], Some(hours))
            }
        };
        UsageData {
            as_of_ms: scope.now_ms,
            tz: scope.tz.clone(),
            range: self.range,
            source,
            total,
            models,
            days,
            hours,
        }
    }
}

impl Meterwire {
    /// Usage of the calendar month so far, by model and day.
    pub async fn month_usage(&self, caller: &Caller, query: &SpendQuery) -> Result<UsageData, AppError> {
        let scope = self.scope_of(caller, query).await?;
        let plan = UsagePlan::month(&scope)?;
        self.usage_of(&scope, plan).await
    }

    /// Usage of today so far, by model and hour.
    pub async fn today_usage(&self, caller: &Caller, query: &SpendQuery) -> Result<UsageData, AppError> {
        let scope = self.scope_of(caller, query).await?;
        let plan = UsagePlan::today(&scope)?;
        self.usage_of(&scope, plan).await
    }

    pub(crate) async fn scope_of(&self, caller: &Caller, query: &SpendQuery) -> Result<SpendScope, AppError> {
        let SpendQuery { tenant, workspace, tz, .. } = query;
        self.spend_scope(caller, tenant.as_deref(), workspace.as_deref(), tz.as_deref()).await
    }

    async fn usage_of(&self, scope: &SpendScope, plan: UsagePlan) -> Result<UsageData, AppError> {
        let source = self.source_of(scope, plan.range).await?;
        if source.source == Source::Provider {
            return self.provider_usage(scope, &plan, &source).await;
        }
        let questions = Questions { sums: plan.sums(scope).into(), log: None };
        let answers = self.usage.ask(scope.tenant.id, questions).await?;
        Ok(plan.answered(scope, source, &mut InOrder::new(answers.sums)))
    }
}
