//! What usage would have cost with another model, or at other prices: every event priced anew on its own tokens.

use crate::money::CostNanos;
use crate::period::Bucket;
use crate::price::{PriceEntry, PriceOverTime, ServiceTier};
use crate::survey::{SurveyKind, SurveyState, SurveyedEvent, Surveyor};
use crate::tokens::TokenUsage;
use std::any::Any;
use std::sync::Arc;

/// By what events are priced anew.
#[derive(Debug, Clone)]
pub enum Instead {
    /// As this model, at the price in force when the event happened.
    Model(Box<PriceOverTime>),
    /// At this price, whenever the event happened.
    Price(Box<PriceEntry>),
}

impl Instead {
    fn price_at(&mut self, at_ms: i64) -> Option<&PriceEntry> {
        match self {
            Self::Model(model) => model.at(at_ms),
            Self::Price(price) => Some(price),
        }
    }
}

/// Sums of what was, and of what would have been.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WhatIfSums {
    /// Events.
    pub calls: i64,
    /// Events with tokens whose model has no price: they cost nothing now.
    pub unpriced_calls: i64,
    /// Events with tokens for which the other model has no price: they keep their cost.
    pub not_repriced_calls: i64,
    /// Tokens in the order of [`TokenUsage::buckets`].
    pub tokens: [u64; 10],
    /// What they cost.
    pub cost: CostNanos,
    /// What they would have cost: each event rounded once, half to even, like a real one. An event without tokens keeps
    /// its cost.
    pub cost_then: CostNanos,
}

impl WhatIfSums {
    /// What it would have cost more; negative where it would have cost less.
    pub fn difference(&self) -> CostNanos {
        self.cost_then - self.cost
    }

    fn add(&mut self, event: &SurveyedEvent, tier: ServiceTier, instead: &mut Instead) {
        self.calls += 1;
        self.unpriced_calls += i64::from(event.unpriced);
        self.cost += event.cost;
        for (sum, count) in self.tokens.iter_mut().zip(event.tokens.buckets()) {
            *sum += count;
        }
        self.cost_then += if event.tokens == TokenUsage::default() {
            event.cost
        } else if let Some(price) = instead.price_at(event.time_ms) {
            price.rate(&event.tokens, tier).cost
        } else {
            self.not_repriced_calls += 1;
            event.cost
        };
    }

    fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.unpriced_calls += other.unpriced_calls;
        self.not_repriced_calls += other.not_repriced_calls;
        self.cost += other.cost;
        self.cost_then += other.cost_then;
        for (sum, count) in self.tokens.iter_mut().zip(other.tokens) {
            *sum += count;
        }
    }
}

/// Prices events anew, day by day.
#[derive(Debug, Clone)]
pub struct WhatIf {
    instead: Instead,
    /// The days, without gap.
    days: Vec<(Bucket, WhatIfSums)>,
    /// The day of the last event.
    day: usize,
    tiers: Vec<ServiceTier>,
}

impl WhatIf {
    /// Over these days, which are without gap and hold every event.
    pub fn new(instead: Instead, days: Vec<Bucket>) -> Self {
        let days = days.into_iter().map(|day| (day, WhatIfSums::default())).collect();
        Self { instead, days, day: 0, tiers: Vec::new() }
    }

    /// The sums of each day.
    pub fn days(&self) -> &[(Bucket, WhatIfSums)] {
        &self.days
    }

    /// The sums over all days.
    pub fn total(&self) -> WhatIfSums {
        let mut total = WhatIfSums::default();
        self.days.iter().for_each(|(_, sums)| total.merge(sums));
        total
    }
}

impl Surveyor for WhatIf {
    fn kind(&mut self, kind: SurveyKind) {
        self.tiers.push(ServiceTier::from_name(kind.service_tier.as_deref()));
    }

    fn events(&mut self, events: &[SurveyedEvent]) {
        for event in events {
            while self.day + 1 < self.days.len() && event.time_ms >= self.days[self.day].0.range.to_ms {
                self.day += 1;
            }
            let tier = self.tiers.get(event.kind as usize).copied().unwrap_or_default();
            if let Some((_, sums)) = self.days.get_mut(self.day) {
                sums.add(event, tier, &mut self.instead);
            }
        }
    }

    fn name(&self) -> Option<String> {
        match &self.instead {
            Instead::Model(model) => Some(format!("what-if {}", model.model())),
            // Prices that somebody tries out are seldom the same twice.
            Instead::Price(_) => None,
        }
    }

    fn state(&self) -> Option<SurveyState> {
        let bytes = 4_096 + 512 * self.days.len();
        Some(SurveyState { taken_in: Arc::new(self.clone()), bytes })
    }

    fn go_on_from(&mut self, state: &(dyn Any + Send + Sync)) -> bool {
        let Some(state) = state.downcast_ref::<Self>() else { return false };
        let (Instead::Model(own), Instead::Model(other)) = (&self.instead, &state.instead) else {
            return false;
        };
        let same_days = self.days.iter().map(|(day, _)| day).eq(state.days.iter().map(|(day, _)| day));
        let is_same = own.is_same(other) && same_days;
        if is_same {
            self.clone_from(state);
        }
        is_same
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::PicosPerUnit;
    use crate::period::Range;
    use crate::price::{PriceBook, PriceChanges, PriceId, Rates};

    const DAY_MS: i64 = 86_400_000;
    const FROM_MS: i64 = 20_000 * DAY_MS;

    fn days(count: i64) -> Vec<Bucket> {
        let day = |i| Range { from_ms: FROM_MS + i * DAY_MS, to_ms: FROM_MS + (i + 1) * DAY_MS };
        (0..count).map(|i| Bucket { range: day(i), label: i.to_string() }).collect()
    }

    fn instead(model: &str) -> Instead {
        let book = Arc::new(PriceBook::builtin().with_overrides(vec![]));
        let changes = PriceChanges::of(&book);
        Instead::Model(Box::new(PriceOverTime::new(book, changes, Some("openai"), model)))
    }

    fn event(day: i64, input: u64, cost: i64) -> SurveyedEvent {
        SurveyedEvent {
            time_ms: FROM_MS + day * DAY_MS,
            tokens: TokenUsage { input_uncached: input, ..TokenUsage::default() },
            cost: CostNanos(cost),
            ..SurveyedEvent::default()
        }
    }

    #[test]
    fn every_event_is_priced_anew_on_its_day() {
        let mut what_if = WhatIf::new(instead("gpt-4o-mini"), days(3));
        what_if.kind(SurveyKind::default());
        // gpt-4o-mini: 0.15 dollars a million, 150 nano-dollars a token.
        what_if.events(&[event(0, 1_000, 2_500_000), event(2, 10, 25_000), event(2, 0, 77)]);
        let by_day: Vec<_> =
            what_if.days().iter().map(|(_, sums)| (sums.calls, sums.cost.0, sums.cost_then.0)).collect();
        assert_eq!(by_day, [(1, 2_500_000, 150_000), (0, 0, 0), (2, 25_077, 1_577)]);
        let total = what_if.total();
        assert_eq!((total.difference().0, total.tokens[0]), (-2_373_500, 1_010));
    }

    #[test]
    fn an_event_is_priced_by_its_tier_at_its_time() {
        let rates = Rates { input: PicosPerUnit(200_000), output: PicosPerUnit(600_000), ..Rates::default() };
        let id = PriceId::new("dearer");
        let from_ms = Some(FROM_MS + DAY_MS);
        let dearer = PriceEntry::from_rates(id, "openai", "gpt-4o-mini", from_ms, None, rates).unwrap();
        let book = Arc::new(PriceBook::builtin().with_overrides(vec![dearer]));
        let changes = PriceChanges::of(&book);
        let mini = PriceOverTime::new(book, changes, Some("openai"), "gpt-4o-mini");
        let mut what_if = WhatIf::new(Instead::Model(Box::new(mini)), days(2));
        what_if.kind(SurveyKind::default());
        what_if.kind(SurveyKind { service_tier: Some("batch".into()), ..SurveyKind::default() });
        let of = |day, kind| SurveyedEvent { kind, ..event(day, 100, 1) };
        what_if.events(&[of(0, 0), of(0, 1), of(1, 0)]);
        // 0.15 dollars a million and half of that in batches; from the second day on 0.20.
        let then: Vec<_> = what_if.days().iter().map(|(_, sums)| sums.cost_then.0).collect();
        assert_eq!(then, [15_000 + 7_500, 20_000]);
    }

    #[test]
    fn without_a_price_an_event_keeps_its_cost_and_is_counted() {
        let mut what_if = WhatIf::new(instead("nobody-knows-it"), days(1));
        what_if.kind(SurveyKind::default());
        what_if.events(&[event(0, 10, 25_000), event(0, 0, 5)]);
        let total = what_if.total();
        assert_eq!((total.not_repriced_calls, total.cost_then.0), (1, 25_005));
    }
}
