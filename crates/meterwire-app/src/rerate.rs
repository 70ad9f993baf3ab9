//! Re-rating: shows what rating recorded usage by the prices of today would change, and begins to do it.
//!
//! Both look at the same events: those up to a number, which is part of the basis that the difference comes with. Whoever
//! begins names the basis that was shown; where something else would change by now, that is shown instead and nothing begins.

use crate::clock::new_id;
use crate::ports::{
    AggregateRequest, Closing, Measures, NewRerating, Page, PageRequest, RatedEvent, RerateLook, RerateState,
    Rerating, Tenant, TenantId,
};
use crate::rerate_budgets::TouchedBudgets;
use crate::{Access, AppError, Caller, Meterwire, hex};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Rating;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, Range, RangeInput, rfc3339};
use meterwire_core::price::PinnedPrices;
use meterwire_core::rerate::{MAX_MODELS, RerateDifference, RerateScope, RerateSums, RerateTally};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The most events of a range that are looked at for one answer: some seconds where they were recorded in about the order of
/// their time, a quarter of a minute a million where they were not and the machine is busy.
pub(crate) const MAX_EVENTS: i64 = 2_000_000;
/// Events that are looked at in one go.
const EVENTS_AT_ONCE: usize = 10_000;
/// Why a second one is refused.
const ONE_AT_A_TIME: &str = "a re-rating of this tenant goes on already; wait for its end";
/// The longest basis that is read.
const MAX_BASIS_BYTES: usize = 128;

/// A wish to rate usage anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RerateWish {
    /// First date or instant.
    pub from: String,
    /// First date or instant after it.
    pub to: String,
    /// IANA zone of dates; default the tenant's.
    pub tz: Option<String>,
    /// Only this provider.
    pub provider: Option<String>,
    /// Only this model.
    pub model: Option<String>,
    /// Only events without a price.
    pub only_unpriced: bool,
}

/// What rating anew would change.
#[derive(Debug, Clone, PartialEq)]
pub struct RerateAnswer {
    /// Which events.
    pub scope: RerateScope,
    /// Name of the zone.
    pub tz: String,
    /// What changes.
    pub difference: RerateDifference,
    /// Stands for exactly this difference of exactly these events.
    pub basis: String,
}

/// An answer with what is pinned to do it.
pub(crate) struct Worked {
    answer: RerateAnswer,
    prices: PinnedPrices,
    last_seq: i64,
}

/// Tenants whose usage is being looked at.
#[derive(Default)]
pub(crate) struct RerateDesk(Mutex<HashSet<TenantId>>);

/// A tenant's place at the desk.
struct Place<'a>(&'a RerateDesk, TenantId);

impl RerateDesk {
    fn take(&self, tenant: TenantId) -> Result<Place<'_>, AppError> {
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant) {
            return Ok(Place(self, tenant));
        }
        Err(AppError::Conflict(
            "what a re-rating changes is being worked out already; wait for it".to_owned(),
        ))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Meterwire {
    /// Shows what rating usage anew would change.
    pub async fn rerate_difference(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: RerateWish,
    ) -> Result<RerateAnswer, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let _place = self.rerate_desk.take(tenant.id)?;
        Ok(self.work_out(&tenant, wish, None).await?.answer)
    }

    /// Begins to rate usage anew, by the basis of the difference that was shown.
    pub async fn rerate(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: RerateWish,
        basis: &str,
    ) -> Result<Rerating, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let last_seq = seq_of(basis)?;
        let _place = self.rerate_desk.take(tenant.id)?;
        // The store refuses it too; this only spares the work.
        let last = self.reratings.reratings(tenant.id, PageRequest { after: None, limit: 1 }).await?;
        if last.items.iter().any(|last| last.state == RerateState::Running) {
            return Err(AppError::Conflict(ONE_AT_A_TIME.to_owned()));
        }
        let worked = self.work_out(&tenant, wish.clone(), Some(last_seq)).await?;
        if worked.answer.basis != basis {
            let now = self.work_out(&tenant, wish, None).await?.answer;
            return Err(AppError::RerateChanged(Box::new(now)));
        }
        let Worked { answer, prices, last_seq } = worked;
        let id = new_id();
        let target = told(&id, &answer.scope, answer.difference.total);
        let audit = self.audit(caller, "prices.rerate", &target);
        let new = NewRerating {
            id,
            by: caller.actor.clone(),
            at_ms: self.now_ms(),
            scope: answer.scope,
            last_seq,
            prices: prices.to_json(),
            expected: answer.difference,
        };
        Ok(self.reratings.begin_rerating(tenant.id, new, audit).await?)
    }

    /// Re-ratings, the latest first.
    pub async fn list_reratings(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Rerating>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.reratings.reratings(tenant.id, page).await?)
    }

    /// One re-rating.
    pub async fn read_rerating(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Rerating, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        self.reratings.rerating(tenant.id, id).await?.ok_or(AppError::NotFound("re-rating"))
    }

    /// Goes over the events up to a number (the last one, where none is given) and adds up what changes.
    async fn work_out(
        &self,
        tenant: &Tenant,
        wish: RerateWish,
        last_seq: Option<i64>,
    ) -> Result<Worked, AppError> {
        let book = self.book_of(tenant.id).await?;
        let tz = wish.tz.clone().unwrap_or_else(|| tenant.timezone.clone());
        let known = |name: String| book.book().canonical_provider(&name).map_or(name.clone(), str::to_owned);
        let scope = RerateScope {
            range: self.rerate_range(tenant, &wish, &tz).await?,
            provider: wish.provider.map(known),
            model: wish.model,
            only_unpriced: wish.only_unpriced,
        };
        // The number first: what is recorded behind it may be of models that are not pinned.
        let view = self.usage.log_view(tenant.id).await?;
        let last_seq = last_seq.map_or(view.last_seq, |last_seq| last_seq.min(view.last_seq));
        let models = self.models_of(tenant.id, &scope).await?;
        let models =
            models.iter().filter_map(|(provider, model)| Some((provider.as_deref(), model.as_deref()?)));
        let prices = PinnedPrices::of(&book, scope.range, models);
        let mut tally = RerateTally::default();
        let mut touched = Touched {
            closings: self.statements.closings(tenant.id).await?.into_iter().map(|of| (of, false)).collect(),
            budgets: TouchedBudgets::load(self, tenant.id).await?,
        };
        let mut look = RerateLook { scope: scope.clone(), last_seq, after: None, limit: EVENTS_AT_ONCE };
        loop {
            let found = self.reratings.rated_events(tenant.id, look.clone()).await?;
            crate::long_work(found.events.len(), || -> Result<(), AppError> {
                tally.add_given(found.given);
                for event in &found.events {
                    let after = rating_of(&prices, event)?;
                    let of = (event.provider.clone(), event.model.clone());
                    tally.add(event.place.seq, &of, &event.rating, &after)?;
                    touched.add(event, &after);
                }
                Ok(())
            })?;
            match found.next {
                Some(next) => look.after = Some(next),
                None => break,
            }
        }
        let (mut difference, hash) = tally.finish(&scope);
        difference.closings = touched.closings();
        difference.budgets = touched.budgets.into_ids();
        let basis = format!("{last_seq}-{}", hex(&hash));
        Ok(Worked { answer: RerateAnswer { scope, tz, difference, basis }, prices, last_seq })
    }

    /// The range, if its single events are kept.
    async fn rerate_range(&self, tenant: &Tenant, wish: &RerateWish, tz: &str) -> Result<Range, AppError> {
        let (from, to) = (Some(wish.from.clone()), Some(wish.to.clone()));
        let range = RangeInput { range: None, from, to }.resolve("", &period::zone(tz)?, self.now_ms())?;
        if let (_, Some(from_ms)) = self.kept_range(tenant, range).await? {
            let from = rfc3339(from_ms);
            let sentence = format!("single events are kept from {from} on; begin the range there");
            return Err(AppError::BeyondRetention(sentence));
        }
        Ok(range)
    }

    /// The models that events of the range name.
    async fn models_of(
        &self,
        tenant: TenantId,
        scope: &RerateScope,
    ) -> Result<Vec<(Option<String>, Option<String>)>, AppError> {
        let request = AggregateRequest {
            edges_ms: vec![scope.range.from_ms, scope.range.to_ms],
            group_by: vec![Dimension::Provider, Dimension::Model],
            filters: vec![],
            measures: Measures::CALLS,
        };
        let rows = self.usage.aggregate(tenant, request).await?;
        let events: i64 = rows.iter().map(|row| row.totals.calls).sum();
        if events > MAX_EVENTS {
            let sentence = format!(
                "the range has {events} events; at most {MAX_EVENTS} are rated anew at once: choose a shorter range"
            );
            return Err(Invalid::new("to", sentence).into());
        }
        let is_wanted = |wanted: &Option<String>, value: &Option<String>| wanted.is_none() || wanted == value;
        let pairs = rows.into_iter().filter_map(|row| row.key.try_into().ok());
        let pairs = pairs.map(|[provider, model]: [Option<String>; 2]| (provider, model));
        let wanted = |(provider, model): &(Option<String>, Option<String>)| {
            is_wanted(&scope.provider, provider) && is_wanted(&scope.model, model)
        };
        let models: Vec<_> = pairs.filter(wanted).collect();
        if models.len() > MAX_MODELS {
            let sentence = format!(
                "the range has {} models; at most {MAX_MODELS} are rated anew at once: name a model or provider, or choose a \
                 shorter range",
                models.len()
            );
            return Err(Invalid::new("model", sentence).into());
        }
        Ok(models)
    }
}

/// What a difference touches beside the totals.
struct Touched {
    closings: Vec<(Closing, bool)>,
    budgets: TouchedBudgets,
}

impl Touched {
    fn add(&mut self, event: &RatedEvent, after: &Rating) {
        let costs_otherwise = after.cost() != event.rating.cost();
        if !costs_otherwise && (*after == Rating::Unpriced) == (event.rating == Rating::Unpriced) {
            return;
        }
        let time_ms = event.place.time_ms;
        for (closing, is_touched) in &mut self.closings {
            let range = closing.period.range;
            *is_touched |= (range.from_ms..range.to_ms).contains(&time_ms);
        }
        if costs_otherwise {
            self.budgets.add(event);
        }
    }

    fn closings(&self) -> Vec<String> {
        let touched = self.closings.iter().filter(|(_, is_touched)| *is_touched);
        touched.map(|(closing, _)| closing.period.name.clone()).collect()
    }
}

/// How an event is rated by pinned prices.
pub(crate) fn rating_of(prices: &PinnedPrices, event: &RatedEvent) -> Result<Rating, AppError> {
    let (provider, model) = (event.provider.as_deref(), event.model.as_deref());
    let tier = event.service_tier.as_deref();
    let rating = prices.rating(provider, model, tier, &event.tokens, event.place.time_ms);
    rating.ok_or_else(|| {
        let name = model.unwrap_or_default();
        AppError::Conflict(format!("events of the model {name:?} came in between; ask again"))
    })
}

/// How the audit log tells of a re-rating.
pub(crate) fn told(id: &str, scope: &RerateScope, sums: RerateSums) -> String {
    let RerateScope { range, provider, model, only_unpriced } = scope;
    let of: Vec<&str> = [provider, model].into_iter().flatten().map(String::as_str).collect();
    let of = if of.is_empty() { "all models".to_owned() } else { of.join(" ") };
    let only = if *only_unpriced { ", only without a price" } else { "" };
    format!(
        "{id}: {} to {}, {of}{only}: {} of {} events, {} USD",
        rfc3339(range.from_ms),
        rfc3339(range.to_ms),
        sums.changed,
        sums.events,
        signed(&sums),
    )
}

fn signed(sums: &RerateSums) -> String {
    let difference = sums.difference();
    if difference.0 > 0 { format!("+{difference}") } else { difference.to_string() }
}

/// The number up to which events belong to a basis.
fn seq_of(basis: &str) -> Result<i64, Invalid> {
    let number = || basis.split_once('-')?.0.parse::<i64>().ok().filter(|number| *number >= 0);
    let known = if basis.len() <= MAX_BASIS_BYTES { number() } else { None };
    known.ok_or_else(|| Invalid::new("basis", "basis must be that of a difference that was shown"))
}
