//! Going over the events of a range, and saying what was found.

use super::cheaper::cheaper_model;
use super::findings::{CacheDay, CacheFinding, ErrorGroup, ShortCalls};
use super::repeats::{Found, Repeats};
use super::{
    CACHEABLE_INPUT_TOKENS, Evidence, GOOD_CACHE_PERCENT, Insight, InsightKind, LOW_CACHE_PERCENT,
    MAX_EXAMPLES, MAX_ROWS, MIN_CACHE_CALLS, MIN_CALLS, MIN_FAILED_CALLS, MIN_FAILED_PERCENT, MIN_REPEATS,
    MIN_SHORT_CALLS, MIN_SHORT_PERCENT, MIN_SHORT_SAVING_PERMILLE, NotJudged, REPEAT_WINDOW_MS,
    SHORT_INPUT_TOKENS, SHORT_OUTPUT_TOKENS, Severity, is_percent, percent_text, usd,
};
use crate::money::CostNanos;
use crate::period::Bucket;
use crate::price::{PriceChanges, PriceEntry, PriceOverTime, ServiceTier, TenantBook};
use crate::survey::{SurveyKind, SurveyState, SurveyedEvent, Surveyor};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A model as events name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelName {
    /// Who sells it.
    pub provider: Option<String>,
    /// The model.
    pub model: String,
}

/// What a review needs beside the events.
#[derive(Debug, Clone)]
pub struct ReviewInput {
    /// The tenant's prices.
    pub book: Arc<TenantBook>,
    /// The days of the range, without gap; they hold every event.
    pub days: Vec<Bucket>,
}

/// A review of the events of a range.
#[derive(Debug, Clone)]
pub struct Review {
    book: Arc<TenantBook>,
    changes: PriceChanges,
    days: Vec<Bucket>,
    /// The day of the last event.
    day: usize,
    kinds: Vec<Kind>,
    models: Vec<Model>,
    repeats: Repeats,
    errors: BTreeMap<(u32, u16), ErrorGroup>,
    calls: i64,
    cost: CostNanos,
}

/// What a kind of events comes down to.
#[derive(Debug, Clone)]
struct Kind {
    /// The number of its model; `None` where it names none.
    model: Option<u32>,
    tier: ServiceTier,
}

/// What is added up of one model.
#[derive(Debug, Clone)]
struct Model {
    name: ModelName,
    /// Its own price, for the rates of the cache.
    price: PriceOverTime,
    /// The smaller model, where there is one.
    smaller: Option<PriceOverTime>,
    cost: CostNanos,
    /// Calls without a price.
    unpriced: i64,
    /// Answered calls that are no repetitions.
    answered: i64,
    short: Short,
    /// By the number of the day.
    long: BTreeMap<usize, CacheDay>,
    last_long_ms: i64,
}

/// Short calls being added up.
#[derive(Debug, Clone, Default)]
struct Short {
    calls: i64,
    tokens: [u64; 10],
    cost: CostNanos,
    cost_instead: CostNanos,
    last_ms: i64,
    /// Saving and number of the calls that would save most, largest first.
    most: Vec<(i64, i64)>,
}

impl Short {
    fn add(&mut self, event: &SurveyedEvent, cost_instead: CostNanos) {
        self.calls += 1;
        for (sum, count) in self.tokens.iter_mut().zip(event.tokens.buckets()) {
            *sum += count;
        }
        self.cost += event.cost;
        self.cost_instead += cost_instead;
        self.last_ms = event.time_ms;
        let saving = event.cost.0 - cost_instead.0;
        if self.most.len() < MAX_EXAMPLES || self.most.last().is_some_and(|(least, _)| *least < saving) {
            let place = self.most.partition_point(|(other, _)| *other >= saving);
            self.most.insert(place, (saving, event.seq));
            self.most.truncate(MAX_EXAMPLES);
        }
    }
}

impl Surveyor for Review {
    fn kind(&mut self, kind: SurveyKind) {
        let tier = ServiceTier::from_name(kind.service_tier.as_deref());
        let model = kind.model.map(|model| self.model_number(ModelName { provider: kind.provider, model }));
        self.kinds.push(Kind { model, tier });
    }

    fn events(&mut self, events: &[SurveyedEvent]) {
        events.iter().for_each(|event| self.add(event));
    }

    fn name(&self) -> Option<String> {
        Some("review".to_owned())
    }

    fn state(&self) -> Option<SurveyState> {
        let mut taken_in = self.clone();
        taken_in.repeats = taken_in.repeats.into_shared();
        // Days and errors of a model are some hundred bytes each.
        let small = self.days.len() * (1 + self.models.len()) + self.errors.len();
        let bytes = taken_in.repeats.bytes() + 256 * small + 4_096 * self.models.len();
        Some(SurveyState { taken_in: Arc::new(taken_in), bytes })
    }

    fn go_on_from(&mut self, state: &(dyn Any + Send + Sync)) -> bool {
        let Some(state) = state.downcast_ref::<Self>() else { return false };
        // A book is made anew when a price has changed.
        let is_same = Arc::ptr_eq(&self.book, &state.book) && self.days == state.days;
        if is_same {
            self.clone_from(state);
        }
        is_same
    }
}

impl Review {
    /// Of the events of these days.
    pub fn new(input: ReviewInput) -> Self {
        Self {
            changes: PriceChanges::of(&input.book),
            book: input.book,
            days: input.days,
            day: 0,
            kinds: Vec::new(),
            models: Vec::new(),
            repeats: Repeats::default(),
            errors: BTreeMap::new(),
            calls: 0,
            cost: CostNanos::ZERO,
        }
    }

    /// Events that were gone over.
    pub fn calls(&self) -> i64 {
        self.calls
    }

    /// What they cost.
    pub fn cost(&self) -> CostNanos {
        self.cost
    }

    fn model(&self, number: u32) -> Option<&ModelName> {
        self.models.get(number as usize).map(|model| &model.name)
    }

    fn model_number(&mut self, name: ModelName) -> u32 {
        let known = self.models.iter().position(|model| model.name == name);
        let place = known.unwrap_or_else(|| {
            let price = |provider: Option<&str>, model: &str| {
                PriceOverTime::new(self.book.clone(), self.changes.clone(), provider, model)
            };
            let end_ms = self.days.last().map_or(0, |day| day.range.to_ms - 1);
            let smaller = cheaper_model(&self.book, name.provider.as_deref(), &name.model, end_ms);
            self.models.push(Model {
                price: price(name.provider.as_deref(), &name.model),
                smaller: smaller.map(|smaller| price(Some(smaller.provider()), smaller.model())),
                name,
                cost: CostNanos::ZERO,
                unpriced: 0,
                answered: 0,
                short: Short::default(),
                long: BTreeMap::new(),
                last_long_ms: 0,
            });
            self.models.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    fn add(&mut self, event: &SurveyedEvent) {
        while self.day + 1 < self.days.len() && event.time_ms >= self.days[self.day].range.to_ms {
            self.day += 1;
        }
        self.calls += 1;
        self.cost += event.cost;
        let Some(kind) = self.kinds.get(event.kind as usize) else { return };
        let Some(number) = kind.model else { return };
        let tier = kind.tier;
        if let Some(model) = self.models.get_mut(number as usize) {
            model.unpriced += i64::from(event.unpriced);
        }
        if event.is_error() {
            return self.add_error(event, number);
        }
        let is_repeated = self.repeats.add(event, number);
        let Some(model) = self.models.get_mut(number as usize) else { return };
        model.cost += event.cost;
        if is_repeated {
            return;
        }
        model.answered += 1;
        let input = event.tokens.input();
        if event.tokens.total() > 0
            && input <= SHORT_INPUT_TOKENS
            && event.tokens.output() <= SHORT_OUTPUT_TOKENS
            && let Some(price) = model.smaller.as_mut().and_then(|smaller| smaller.at(event.time_ms))
        {
            let instead = price.rate(&event.tokens, tier).cost;
            model.short.add(event, instead);
        }
        if input >= CACHEABLE_INPUT_TOKENS {
            let day = model.long.entry(self.day).or_default();
            day.calls += 1;
            day.input_tokens += input;
            day.cached_tokens += event.tokens.cache_read;
            day.uncached_tokens += event.tokens.input_uncached;
            model.last_long_ms = event.time_ms;
        }
    }

    fn add_error(&mut self, event: &SurveyedEvent, number: u32) {
        let Some(model) = self.models.get_mut(number as usize) else { return };
        model.cost += event.cost;
        if event.cost.0 == 0 {
            return;
        }
        let group = self.errors.entry((number, event.status)).or_insert_with(|| ErrorGroup {
            status: event.status,
            model: model.name.clone(),
            calls: 0,
            cost: CostNanos::ZERO,
            examples: Vec::new(),
        });
        group.calls += 1;
        group.cost += event.cost;
        if group.examples.len() < MAX_EXAMPLES {
            group.examples.push(event.seq);
        }
    }

    /// Models of calls without a price, with their number; said however few calls there are.
    pub fn unpriced(&self) -> Vec<(ModelName, i64)> {
        self.models.iter().map(|model| (model.name.clone(), model.unpriced)).collect()
    }

    /// The models by their numbers.
    pub fn models(&self) -> Vec<ModelName> {
        self.models.iter().map(|model| model.name.clone()).collect()
    }

    /// What was found, the largest saving first, and what could not be judged.
    pub fn insights(&mut self) -> (Vec<Insight>, Vec<NotJudged>) {
        let kinds = [
            InsightKind::ExpensiveModel,
            InsightKind::DuplicateCalls,
            InsightKind::LowCacheHit,
            InsightKind::ErrorSpend,
        ];
        if self.calls < MIN_CALLS {
            let reason = format!("{} calls of the {MIN_CALLS} that it takes to judge by", self.calls);
            return (vec![], kinds.map(|kind| NotJudged { kind, reason: reason.clone() }).into());
        }
        let mut not_judged = Vec::new();
        let mut found = self.expensive_models();
        match self.duplicate_calls() {
            Ok(repeats) => found.extend(repeats),
            Err(reason) => not_judged.push(NotJudged { kind: InsightKind::DuplicateCalls, reason }),
        }
        found.extend(self.low_cache_hits());
        found.extend(self.error_spend());
        found.sort_by_key(|insight| (std::cmp::Reverse(insight.saving), insight.kind));
        (found, not_judged)
    }

    fn expensive_models(&mut self) -> Vec<Insight> {
        let cost = self.cost;
        let judged = self.models.iter_mut().filter_map(|model| {
            let short = &model.short;
            let saving = short.cost - short.cost_instead;
            let is_worth_it = short.calls >= MIN_SHORT_CALLS
                && is_percent(short.calls, model.answered, MIN_SHORT_PERCENT)
                && saving > CostNanos::ZERO
                && i128::from(saving.0) * 1_000 >= i128::from(cost.0) * i128::from(MIN_SHORT_SAVING_PERMILLE);
            let instead = model.smaller.as_mut().filter(|_| is_worth_it)?.at(short.last_ms)?.clone();
            Some(expensive_model(model, instead, cost))
        });
        judged.collect()
    }

    fn duplicate_calls(&self) -> Result<Option<Insight>, String> {
        if self.repeats.is_full {
            return Err(
                "there are too many different requests a day to compare them; take a shorter range".into()
            );
        }
        if self.repeats.hashed == 0 {
            return Err("no call of the range has a request_hash, so repetitions cannot be told".into());
        }
        let Found { rows, beyond, repeats, cost: saving, requests } = self.repeats.found(MAX_ROWS);
        if repeats < MIN_REPEATS || saving <= CostNanos::ZERO {
            return Ok(None);
        }
        let hours = REPEAT_WINDOW_MS / 3_600_000;
        let model = rows.first().and_then(|row| self.model(row.model).cloned());
        let same_model = rows.iter().all(|row| self.model(row.model) == model.as_ref()) && beyond.0 == 0;
        Ok(Some(Insight {
            kind: InsightKind::DuplicateCalls,
            severity: Severity::of(saving, self.cost),
            title: format!("{repeats} calls repeated a request that was answered before"),
            detail: format!(
                "{requests} requests were asked again of the same model within {hours} hours, {repeats} times in all. \
                 The repetitions cost {}.",
                usd(saving)
            ),
            model: model.filter(|_| same_model),
            evidence: Evidence::Repeats { rows, beyond: (beyond.0 > 0).then_some(beyond) },
            saving,
            recommendation: format!(
                "Keep answers for {hours} hours by the hash of the request, or find what sends requests twice."
            ),
        }))
    }

    fn low_cache_hits(&mut self) -> Vec<Insight> {
        let (days, cost) = (&self.days, self.cost);
        let judged = self.models.iter_mut().filter_map(|model| {
            let named = model.long.iter().map(|(day, sums)| {
                let date = days.get(*day).map(|day| day.label.clone()).unwrap_or_default();
                CacheDay { date, ..sums.clone() }
            });
            let price = model.price.at(model.last_long_ms)?.clone();
            let found = CacheFinding::of(named.collect(), MIN_CACHE_CALLS, price)?;
            let share = |day: &CacheDay, percent| {
                is_percent(day.cached_tokens.cast_signed(), day.input_tokens.cast_signed(), percent)
            };
            let is_low = !share(&found.total, LOW_CACHE_PERCENT) && share(&found.best, GOOD_CACHE_PERCENT);
            is_low.then(|| low_cache_hit(&model.name, found, cost))
        });
        judged.collect()
    }

    fn error_spend(&self) -> Option<Insight> {
        let mut rows: Vec<ErrorGroup> = self.errors.values().cloned().collect();
        let calls: i64 = rows.iter().map(|row| row.calls).sum();
        let saving: CostNanos = rows.iter().map(|row| row.cost).sum();
        if calls < MIN_FAILED_CALLS || !is_percent(saving.0, self.cost.0, MIN_FAILED_PERCENT) {
            return None;
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.cost, row.calls)));
        let mut beyond = (0, CostNanos::ZERO);
        for row in rows.split_off(rows.len().min(MAX_ROWS)) {
            beyond = (beyond.0 + row.calls, beyond.1 + row.cost);
        }
        Some(Insight {
            kind: InsightKind::ErrorSpend,
            severity: Severity::of(saving, self.cost),
            title: format!("{calls} failed calls cost {}", usd(saving)),
            detail: format!(
                "{calls} calls ended with a status of 400 or above and cost {}, {} of the range.",
                usd(saving),
                percent_text(saving.0, self.cost.0)
            ),
            model: None,
            evidence: Evidence::Errors { rows, beyond: (beyond.0 > 0).then_some(beyond) },
            saving,
            recommendation: "Look at the failed calls by status; stop retrying what cannot succeed."
                .to_owned(),
        })
    }
}

fn expensive_model(model: &Model, instead: PriceEntry, cost: CostNanos) -> Insight {
    let short = &model.short;
    let saving = short.cost - short.cost_instead;
    let (name, smaller) = (&model.name.model, instead.model().to_owned());
    Insight {
        kind: InsightKind::ExpensiveModel,
        severity: Severity::of(saving, cost),
        title: format!("{name} answers {} short prompts", short.calls),
        detail: format!(
            "{name} made {} of the cost. {} of its {} answered calls had at most {SHORT_INPUT_TOKENS} input and \
             {SHORT_OUTPUT_TOKENS} output tokens; they cost {}, with {smaller} they would have cost {}.",
            percent_text(model.cost.0, cost.0),
            short.calls,
            model.answered,
            usd(short.cost),
            usd(short.cost_instead)
        ),
        model: Some(model.name.clone()),
        saving,
        recommendation: format!("Send short prompts to {smaller} and compare the answers."),
        evidence: Evidence::ShortCalls(Box::new(ShortCalls {
            calls: short.calls,
            of_calls: model.answered,
            tokens: short.tokens,
            cost: short.cost,
            cost_instead: short.cost_instead,
            instead,
            examples: short.most.iter().map(|(_, seq)| *seq).collect(),
        })),
    }
}

fn low_cache_hit(name: &ModelName, found: CacheFinding, cost: CostNanos) -> Insight {
    let share =
        |day: &CacheDay| percent_text(day.cached_tokens.cast_signed(), day.input_tokens.cast_signed());
    Insight {
        kind: InsightKind::LowCacheHit,
        severity: Severity::of(found.saving, cost),
        title: format!("{} of the input of {} came from the cache", share(&found.total), name.model),
        detail: format!(
            "{} calls of {} had prompts of {CACHEABLE_INPUT_TOKENS} tokens or more. {} of their input was read from the \
             cache, on {} it was {}. Had every day been like that one, it would have cost {} less.",
            found.total.calls,
            name.model,
            share(&found.total),
            found.best.date,
            share(&found.best),
            usd(found.saving)
        ),
        model: Some(name.clone()),
        saving: found.saving,
        recommendation: format!(
            "Keep what prompts have in common at their beginning, unchanged; see what was different on {}.",
            found.best.date
        ),
        evidence: Evidence::Cache(Box::new(found)),
    }
}
