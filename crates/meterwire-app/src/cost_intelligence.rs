//! Where money is wasted: insights over the events of a range, with the rows that they were found from.

use crate::ports::{AggregateRequest, ApiKey, Measures, PageRequest, SurveyRequest};
use crate::spend::{InOrder, SpendQuery, SpendScope};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::insight::{
    DaySpend, Evidence, IDLE_DAYS, IdleKey, Insight, InsightKind, KeyUse, ModelName, NotJudged, Review,
    ReviewInput, days_to_compare, idle_keys, spikes, unpriced_models,
};
use meterwire_core::money::CostNanos;
use meterwire_core::period::{Bucket, Granularity, Range};
use meterwire_core::totals::Totals;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The most keys that are looked at.
const MAX_KEYS: usize = 2_000;
const DAY_MS: i64 = 86_400_000;

/// What was found.
#[derive(Debug, Clone)]
pub struct CostIntelligence {
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// Name of the zone.
    pub tz: String,
    /// The range whose events were gone over.
    pub range: Range,
    /// Events in it.
    pub calls: i64,
    /// What they cost.
    pub cost: CostNanos,
    /// What was found, the largest saving first.
    pub insights: Vec<Insight>,
    /// Kinds that could not be judged, and why.
    pub not_judged: Vec<NotJudged>,
    /// Names of models by the numbers that evidence holds.
    pub models: Vec<ModelName>,
    /// The events that evidence names, by their numbers.
    pub events: HashMap<i64, EventNamed>,
}

/// An event that evidence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventNamed {
    /// Where it comes from.
    pub source: String,
    /// Its id there.
    pub id: String,
    /// When it happened, Unix milliseconds.
    pub time_ms: i64,
    /// SHA-256 of its request.
    pub request_hash: Option<[u8; 32]>,
}

impl CostIntelligence {
    /// What all insights together would have saved; no event counts twice.
    pub fn saving(&self) -> CostNanos {
        self.insights.iter().map(|insight| insight.saving).sum()
    }

    /// False where the calls are too few to judge by how money is spent.
    pub fn has_enough_data(&self) -> bool {
        !self.not_judged.iter().any(|other| other.kind == InsightKind::ExpensiveModel)
    }
}

/// A review that is about to be made.
pub(crate) struct ReviewPlan {
    range: Range,
    days: Vec<Bucket>,
    compared: Vec<Bucket>,
    first_judged: usize,
    /// None where the events that would tell are no longer kept.
    key_edges_ms: Option<Vec<i64>>,
}

impl ReviewPlan {
    pub(crate) fn new(scope: &SpendScope, query: &SpendQuery) -> Result<Self, AppError> {
        let range = scope.kept(scope.range(&query.range, "30d")?);
        let days = scope.buckets(range, Granularity::Day)?;
        let (mut compared, mut first_judged) = days_to_compare(range, &scope.zone, scope.now_ms)?;
        // Days of which only totals are kept may not be told apart by project in this zone.
        if let Some(events_from_ms) = scope.tenant.events_from_ms {
            let gone = compared.iter().take_while(|day| day.range.from_ms < events_from_ms).count();
            compared.drain(..gone);
            first_judged = first_judged.saturating_sub(gone);
        }
        let since_ms = scope.now_ms - IDLE_DAYS * DAY_MS;
        let kept_ms = scope.tenant.events_from_ms.unwrap_or(i64::MIN);
        let before_ms = kept_ms.max(since_ms - IDLE_DAYS * DAY_MS);
        let key_edges_ms = (before_ms < since_ms).then(|| vec![before_ms, since_ms, scope.now_ms + 1]);
        Ok(Self { range, days, compared, first_judged, key_edges_ms })
    }

    fn sums(&self, scope: &SpendScope) -> Vec<AggregateRequest> {
        let mut sums = Vec::new();
        if let Some(edges_ms) = &self.key_edges_ms {
            let by_key = scope.sums(edges_ms.clone(), vec![Dimension::ApiKey]);
            sums.push(AggregateRequest { measures: Measures::CALLS, ..by_key });
        }
        if let Some(last) = self.compared.last() {
            let starts = self.compared.iter().map(|day| day.range.from_ms);
            let by_day = scope.sums(starts.chain([last.range.to_ms]).collect(), vec![]);
            sums.push(AggregateRequest { measures: Measures { cost: true, ..Measures::CALLS }, ..by_day });
        }
        sums
    }
}

impl Meterwire {
    /// Where a workspace, or with none the whole tenant, wastes money. A caller confined to a user sees that user's calls.
    pub async fn cost_intelligence(
        &self,
        caller: &Caller,
        query: &SpendQuery,
    ) -> Result<CostIntelligence, AppError> {
        let scope = self.scope_of(caller, query).await?;
        let plan = ReviewPlan::new(&scope, query)?;
        self.review(caller, &scope, plan).await
    }

    /// Goes over the events of a plan's range.
    pub(crate) async fn review(
        &self,
        caller: &Caller,
        scope: &SpendScope,
        plan: ReviewPlan,
    ) -> Result<CostIntelligence, AppError> {
        let tenant = scope.tenant.id;
        let book = self.book_of(tenant).await?;
        let input = ReviewInput { book, days: plan.days.clone() };
        let review = Arc::new(Mutex::new(Review::new(input)));
        let request = SurveyRequest {
            range: plan.range,
            filters: scope.filters.clone(),
            requests: true,
            sums: plan.sums(scope),
        };
        let mut answers = InOrder::new(self.usage.survey(tenant, request, review.clone()).await?);

        let (mut insights, mut not_judged, models, unpriced, calls, cost) = {
            let mut review = review.lock().unwrap_or_else(PoisonError::into_inner);
            let (insights, not_judged) = review.insights();
            (insights, not_judged, review.models(), review.unpriced(), review.calls(), review.cost())
        };
        let named = plan.key_edges_ms.as_ref().map_or_else(Vec::new, |_| keys_of_events(answers.next()));
        match spikes(&day_spend(&plan.compared, answers.next()), plan.first_judged) {
            Ok(found) => insights.extend(found),
            Err(reason) => not_judged.push(reason),
        }
        insights.extend(unpriced_models(unpriced));
        insights.extend(idle_keys(self.keys_in(caller, scope).await?, named, scope.now_ms));
        insights.sort_by_key(|insight| (Reverse(insight.saving), Reverse(insight.severity), insight.kind));
        let events = self.events_named(scope, plan.range, &insights).await?;
        Ok(CostIntelligence {
            as_of_ms: scope.now_ms,
            tz: scope.tz.clone(),
            range: plan.range,
            calls,
            cost,
            insights,
            not_judged,
            models,
            events,
        })
    }

    /// Keys that act in a scope: of a workspace those bound to it and those bound to none. Only who may list keys sees
    /// them, and a caller confined to a user sees none.
    async fn keys_in(&self, caller: &Caller, scope: &SpendScope) -> Result<Vec<KeyUse>, AppError> {
        let mut keys = Vec::new();
        if caller.require(Access::Own).is_err() {
            return Ok(keys);
        }
        let mut page = PageRequest { after: None, limit: 500 };
        while keys.len() < MAX_KEYS {
            let found = self.catalog.keys(Some(scope.tenant.id), page.clone()).await?;
            let acts = |key: &ApiKey| match (&scope.project, &key.project) {
                (Some(project), Some(own)) => project == own,
                _ => true,
            };
            keys.extend(found.items.into_iter().filter(acts).map(|key| KeyUse {
                is_open: key.revoked_ms.is_none() && key.expires_ms.is_none_or(|at_ms| at_ms > scope.now_ms),
                id: key.id,
                name: key.name,
                project: key.project,
                created_ms: key.created_ms,
                last_used_ms: key.last_used_ms,
            }));
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        Ok(keys)
    }

    /// The events that evidence names by number.
    async fn events_named(
        &self,
        scope: &SpendScope,
        range: Range,
        insights: &[Insight],
    ) -> Result<HashMap<i64, EventNamed>, AppError> {
        let mut seqs = BTreeSet::new();
        for insight in insights {
            match &insight.evidence {
                Evidence::ShortCalls(short) => seqs.extend(&short.examples),
                Evidence::Repeats { rows, .. } => {
                    rows.iter().for_each(|row| seqs.extend(row.examples.iter().chain([&row.first_seq])));
                }
                Evidence::Errors { rows, .. } => rows.iter().for_each(|row| seqs.extend(&row.examples)),
                _ => {}
            }
        }
        let rows = self.usage.events_by_seq(scope.tenant.id, range, seqs.into_iter().collect()).await?;
        let named = rows.into_iter().map(|row| {
            let event = row.event;
            let named = EventNamed {
                source: event.source,
                id: event.id,
                time_ms: event.time_ms,
                request_hash: event.request_hash,
            };
            (row.seq, named)
        });
        Ok(named.collect())
    }
}

/// Keys that events named in the first bucket and not in the second.
fn keys_of_events(rows: Vec<crate::ports::AggregateRow>) -> Vec<IdleKey> {
    let (before, now): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.bucket == 0);
    let still: BTreeSet<Option<String>> = now.into_iter().flat_map(|row| row.key).collect();
    let mut idle: Vec<IdleKey> = before
        .into_iter()
        .filter_map(|row| {
            let name = row.key.into_iter().next().filter(|key| !still.contains(key))??;
            Some(IdleKey {
                id: None,
                name,
                project: None,
                created_ms: None,
                last_used_ms: None,
                calls_before: Some(row.totals.calls),
            })
        })
        .collect();
    idle.sort_by(|a, b| (b.calls_before, &a.name).cmp(&(a.calls_before, &b.name)));
    idle
}

fn day_spend(days: &[Bucket], rows: Vec<crate::ports::AggregateRow>) -> Vec<DaySpend> {
    let mut sums = vec![Totals::default(); days.len()];
    for row in rows {
        if let Some(sum) = sums.get_mut(row.bucket) {
            sum.merge(&row.totals);
        }
    }
    let named = days.iter().zip(sums);
    named.map(|(day, sum)| DaySpend { date: day.label.clone(), calls: sum.calls, cost: sum.cost }).collect()
}
