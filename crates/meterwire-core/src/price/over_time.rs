//! The price of one model from instant to instant, found once for each stretch of time in which no price changes.

use super::{PriceEntry, TenantBook};
use crate::period::Range;
use std::sync::Arc;

/// Every instant at which a price of a tenant's book begins or ends, ascending.
#[derive(Debug, Clone)]
pub struct PriceChanges(Arc<[i64]>);

impl PriceChanges {
    /// Those of a book.
    pub fn of(book: &TenantBook) -> Self {
        let entries = book.book().entries().chain(book.overrides());
        let mut instants: Vec<i64> =
            entries.flat_map(|entry| [entry.from_ms(), entry.until_ms()]).flatten().collect();
        instants.sort_unstable();
        instants.dedup();
        Self(instants.into())
    }

    /// Those after the beginning of a range and before its end.
    pub(super) fn within(&self, range: Range) -> &[i64] {
        let from = self.0.partition_point(|instant| *instant <= range.from_ms);
        let to = self.0.partition_point(|instant| *instant < range.to_ms);
        self.0.get(from..to).unwrap_or_default()
    }

    /// The stretch around an instant in which nothing changes: from, and to (exclusive).
    fn around(&self, at_ms: i64) -> (i64, i64) {
        let next = self.0.partition_point(|instant| *instant <= at_ms);
        let from_ms = next.checked_sub(1).map_or(i64::MIN, |last| self.0[last]);
        (from_ms, self.0.get(next).copied().unwrap_or(i64::MAX))
    }
}

/// The price of one model over time: what [`TenantBook::resolve`] says, remembered.
#[derive(Debug, Clone)]
pub struct PriceOverTime {
    book: Arc<TenantBook>,
    changes: PriceChanges,
    provider: Option<String>,
    model: String,
    /// From when to when this price was found.
    found: Option<(i64, i64, Option<PriceEntry>)>,
}

impl PriceOverTime {
    /// That of a model as events name it.
    pub fn new(book: Arc<TenantBook>, changes: PriceChanges, provider: Option<&str>, model: &str) -> Self {
        Self { book, changes, provider: provider.map(str::to_owned), model: model.to_owned(), found: None }
    }

    /// Whether the other one is the same model of the same book.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.book, &other.book) && self.provider == other.provider && self.model == other.model
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The price at an instant.
    pub fn at(&mut self, at_ms: i64) -> Option<&PriceEntry> {
        let is_found = matches!(self.found, Some((from_ms, to_ms, _)) if from_ms <= at_ms && at_ms < to_ms);
        if !is_found {
            let (from_ms, to_ms) = self.changes.around(at_ms);
            let price = self.book.resolve(self.provider.as_deref(), &self.model, at_ms).cloned();
            self.found = Some((from_ms, to_ms, price));
        }
        self.found.as_ref().and_then(|(_, _, price)| price.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PriceBook, PriceId, RateCard, Rates};
    use super::*;
    use crate::money::PicosPerUnit;
    use proptest::prelude::*;

    const DAY_MS: i64 = 86_400_000;

    fn own(from_ms: Option<i64>, until_ms: Option<i64>, id: &str) -> PriceEntry {
        let rates = Rates { input: PicosPerUnit(7), ..Rates::default() };
        let card = RateCard::flat(rates);
        let id = PriceId::new(id);
        PriceEntry::from_card(id, "openai", "gpt-4o", from_ms, until_ms, card, "override").unwrap()
    }

    proptest! {
        #[test]
        fn what_is_remembered_is_what_the_book_says(
            spans in proptest::collection::vec((18_000..22_000_i64, 1..500_i64, any::<bool>()), 0..4),
            asked in proptest::collection::vec(17_900 * DAY_MS..22_100 * DAY_MS, 1..60),
            model in proptest::sample::select(vec!["gpt-4o", "gpt-4o-mini", "o3", "nobody"]),
        ) {
            let own: Vec<_> = spans.iter().enumerate().map(|(i, (from, days, ends))| {
                own(Some(from * DAY_MS + 1), ends.then_some((from + days) * DAY_MS + 5), &format!("own/{i}"))
            }).collect();
            let book = Arc::new(PriceBook::builtin().with_overrides(own));
            let changes = PriceChanges::of(&book);
            let mut price = PriceOverTime::new(book.clone(), changes, Some("openai"), model);
            for at_ms in asked {
                let expected = book.resolve(Some("openai"), model, at_ms).map(PriceEntry::id);
                prop_assert_eq!(price.at(at_ms).map(PriceEntry::id), expected);
            }
        }
    }
}
