//! Rating recorded usage anew: which events, by what prices, and what it would change.

use crate::event::Rating;
use crate::invalid::Invalid;
use crate::money::CostNanos;
use crate::period::Range;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// The most models (with their providers) that are rated anew at once.
pub const MAX_MODELS: usize = 1_000;

/// Which events are rated anew. Costs that were sent are not, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RerateScope {
    /// Events within this span.
    pub range: Range,
    /// Only those of this provider.
    pub provider: Option<String>,
    /// Only those of this model.
    pub model: Option<String>,
    /// Only those without a price.
    pub only_unpriced: bool,
}

/// Sums over events before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerateSums {
    /// Events that are looked at.
    pub events: i64,
    /// Those that come to another cost, or to their cost by another price.
    pub changed: i64,
    /// Those without a price before.
    pub unpriced_before: i64,
    /// And after.
    pub unpriced_after: i64,
    /// Nano-dollars before.
    pub cost_before: i64,
    /// And after.
    pub cost_after: i64,
}

/// The sums of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRerate {
    /// Who sold it.
    pub provider: Option<String>,
    /// Its name, as events name it.
    pub model: Option<String>,
    /// Its sums.
    pub sums: RerateSums,
}

/// What rating anew changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerateDifference {
    /// All of it.
    pub total: RerateSums,
    /// Events whose cost was sent: left as they are, and in none of the sums.
    pub given: i64,
    /// By model, the largest difference first.
    pub by_model: Vec<ModelRerate>,
    /// Names of the closed periods in which something changes.
    pub closings: Vec<String>,
    /// Ids of the budgets that take in something that changes.
    pub budgets: Vec<String>,
}

impl RerateSums {
    /// By how much the cost changes, nano-dollars.
    pub fn difference(&self) -> CostNanos {
        CostNanos(self.cost_after.saturating_sub(self.cost_before))
    }

    fn add(&mut self, before: &Rating, after: &Rating) -> Result<(), Invalid> {
        let too_much =
            || Invalid::new("to", "the costs of this range do not fit a sum; choose a shorter one");
        self.events += 1;
        self.changed += i64::from(before != after);
        self.unpriced_before += i64::from(*before == Rating::Unpriced);
        self.unpriced_after += i64::from(*after == Rating::Unpriced);
        for (sum, cost) in [(&mut self.cost_before, before.cost()), (&mut self.cost_after, after.cost())] {
            *sum = sum.checked_add(cost.0).ok_or_else(too_much)?;
        }
        Ok(())
    }
}

/// A model as events name it.
pub type NamedModel = (Option<Arc<str>>, Option<Arc<str>>);

/// Adds up what rating anew changes, event by event.
#[derive(Debug, Clone, Default)]
pub struct RerateTally {
    total: RerateSums,
    by_model: HashMap<NamedModel, RerateSums>,
    given: i64,
    /// Over every change, in the order of the events.
    changes: Sha256,
}

impl RerateTally {
    /// Adds an event, by its number.
    pub fn add(&mut self, seq: i64, of: &NamedModel, before: &Rating, after: &Rating) -> Result<(), Invalid> {
        self.total.add(before, after)?;
        match self.by_model.get_mut(of) {
            Some(sums) => sums.add(before, after)?,
            None => self.by_model.entry(of.clone()).or_default().add(before, after)?,
        }
        if before != after {
            self.changes.update(seq.to_le_bytes());
            for rating in [before, after] {
                let (code, id) = match rating {
                    Rating::Free => (0, ""),
                    Rating::Priced { price_id, .. } => (1, price_id.as_str()),
                    Rating::Given(_) => (2, ""),
                    Rating::Unpriced => (3, ""),
                };
                self.changes.update([code]);
                self.changes.update(rating.cost().0.to_le_bytes());
                self.changes.update((id.len() as u64).to_le_bytes());
                self.changes.update(id);
            }
        }
        Ok(())
    }

    /// Counts events whose cost was sent.
    pub fn add_given(&mut self, events: i64) {
        self.given += events;
    }

    /// The difference, and a hash of every change in it: two of the same hash change the same events in the same way.
    pub fn finish(self, scope: &RerateScope) -> (RerateDifference, [u8; 32]) {
        let mut hash = self.changes;
        let RerateScope { range, provider, model, only_unpriced } = scope;
        let of = serde_json::json!([range.from_ms, range.to_ms, provider, model, only_unpriced, self.given]);
        hash.update(of.to_string());
        hash.update(serde_json::to_vec(&self.total).unwrap_or_default());
        let owned = |text: &Option<Arc<str>>| text.as_deref().map(str::to_owned);
        let mut by_model: Vec<ModelRerate> = self
            .by_model
            .iter()
            .map(|((provider, model), sums)| ModelRerate {
                provider: owned(provider),
                model: owned(model),
                sums: *sums,
            })
            .collect();
        by_model.sort_unstable_by(|a, b| {
            let order =
                |row: &ModelRerate| (Reverse(row.sums.difference().0.abs()), Reverse(row.sums.events));
            order(a).cmp(&order(b)).then_with(|| (&a.provider, &a.model).cmp(&(&b.provider, &b.model)))
        });
        let difference = RerateDifference {
            total: self.total,
            given: self.given,
            by_model,
            closings: Vec::new(),
            budgets: Vec::new(),
        };
        (difference, hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceId;

    const SCOPE: RerateScope = RerateScope {
        range: Range { from_ms: 0, to_ms: 10 },
        provider: None,
        model: None,
        only_unpriced: false,
    };

    fn priced(cost: i64, id: &str) -> Rating {
        Rating::Priced { cost: CostNanos(cost), price_id: PriceId::new(id) }
    }

    fn finished(changes: &[(i64, Rating, Rating)]) -> (RerateDifference, [u8; 32]) {
        let mut tally = RerateTally::default();
        for (seq, before, after) in changes {
            let of = (None, Some(Arc::from(if *seq % 2 == 0 { "even" } else { "odd" })));
            tally.add(*seq, &of, before, after).unwrap();
        }
        tally.finish(&SCOPE)
    }

    #[test]
    fn what_changes_is_added_up_by_model() {
        let (difference, _) = finished(&[
            (1, Rating::Unpriced, priced(7, "a")),
            (2, priced(5, "a"), priced(5, "a")),
            (3, priced(5, "a"), priced(5, "b")),
            (4, priced(9, "a"), Rating::Unpriced),
        ]);
        let sums = |events, changed, unpriced_before, unpriced_after, cost_before, cost_after| RerateSums {
            events,
            changed,
            unpriced_before,
            unpriced_after,
            cost_before,
            cost_after,
        };
        assert_eq!(difference.total, sums(4, 3, 1, 1, 19, 17));
        assert_eq!(difference.total.difference(), CostNanos(-2));
        let rows: Vec<_> =
            difference.by_model.iter().map(|row| (row.model.as_deref().unwrap(), row.sums)).collect();
        assert_eq!(rows, [("even", sums(2, 1, 0, 1, 14, 5)), ("odd", sums(2, 2, 1, 0, 5, 12))]);
    }

    #[test]
    fn the_hash_tells_every_change_and_nothing_else() {
        let base = [(1, Rating::Unpriced, priced(7, "a")), (2, priced(5, "a"), priced(5, "a"))];
        let (_, hash) = finished(&base);
        assert_eq!(finished(&base).1, hash);
        let mut others = vec![];
        for change in [
            (1, Rating::Unpriced, priced(8, "a")),
            (1, Rating::Unpriced, priced(7, "b")),
            (3, Rating::Unpriced, priced(7, "a")),
            (1, Rating::Free, priced(7, "a")),
        ] {
            others.push(finished(&[change, base[1].clone()]).1);
        }
        let mut tally = RerateTally::default();
        tally.add_given(1);
        others.push(tally.finish(&SCOPE).1);
        assert!(others.iter().all(|other| *other != hash));
    }

    #[test]
    fn costs_that_do_not_fit_are_refused() {
        let mut tally = RerateTally::default();
        let huge = priced(i64::MAX, "a");
        tally.add(1, &(None, None), &Rating::Unpriced, &huge).unwrap();
        assert_eq!(tally.add(2, &(None, None), &Rating::Unpriced, &huge).unwrap_err().field, "to");
    }
}
