//! A tenant's own prices over the book.

use super::names::{NameIndex, fold_provider};
use super::{PriceBook, PriceEntry};
use std::collections::HashMap;

/// The price book as one tenant sees it: its own prices first, where they are in force, then the book's.
///
/// An own price for `gpt-4o` also holds for every name that the book takes for `gpt-4o`, but not for a dated name with
/// a price of its own. One for an alias or a dated name holds for that name only. Own prices may name providers and
/// models that the book does not know. Where two overlap, the one that starts later wins.
#[derive(Debug, Clone, Default)]
pub struct TenantBook {
    book: PriceBook,
    /// By provider, as the book calls it.
    own: HashMap<Box<str>, OwnPrices>,
}

/// A tenant's prices at one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct OwnPrices {
    names: NameIndex,
    /// Each model's prices, the one that starts last first.
    models: Vec<Vec<PriceEntry>>,
}

impl TenantBook {
    pub(super) fn new(book: PriceBook, mut entries: Vec<PriceEntry>) -> Self {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.from_ms()));
        let mut own: HashMap<Box<str>, OwnPrices> = HashMap::new();
        for entry in entries {
            let provider = provider_name(&book, entry.provider());
            own.entry(provider.into()).or_default().add(entry);
        }
        Self { book, own }
    }

    /// The price of a model at a time: see [`TenantBook`] and [`PriceBook::resolve`].
    pub fn resolve(&self, provider: Option<&str>, model: &str, at_ms: i64) -> Option<&PriceEntry> {
        if !self.own.is_empty()
            && let Some(own) = self.resolve_own(provider, model, at_ms)
        {
            return Some(own);
        }
        self.book.resolve(provider, model, at_ms)
    }

    /// Whether it is known to price everything as the other one does: the same own prices over one and the same book.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.book.is(&other.book) && self.own == other.own
    }

    /// The book below.
    pub fn book(&self) -> &PriceBook {
        &self.book
    }

    /// The price with this id: the tenant's own, or the book's.
    pub fn entry(&self, id: &str) -> Option<&PriceEntry> {
        self.overrides().find(|price| price.id() == id).or_else(|| self.book.entry(id))
    }

    /// The tenant's own prices, in no particular order.
    pub fn overrides(&self) -> impl Iterator<Item = &PriceEntry> {
        self.own.values().flat_map(|own| own.models.iter().flatten())
    }

    fn resolve_own(&self, provider: Option<&str>, model: &str, at_ms: i64) -> Option<&PriceEntry> {
        let lower = model.trim().to_ascii_lowercase();
        let own = match provider.or_else(|| self.book.provider_of_model(model)) {
            Some(name) => self.own.get(provider_name(&self.book, name).as_str())?,
            None => self.only_seller_of(&lower)?,
        };
        if let Some(price) = own.in_force(own.names.exact(&lower), at_ms) {
            return Some(price);
        }
        let same = if let Some(known) = self.book.canonical_model(provider, model) {
            own.names.exact(known)
        } else {
            // What the book does not know may still carry the provider's prefix, a tag or a date.
            let prefixed = lower.split_once('/').filter(|(prefix, _)| self.sells(prefix, own));
            own.names.known_without_suffixes(prefixed.map_or(&lower, |(_, bare)| bare))
        };
        own.in_force(same, at_ms)
    }

    fn sells(&self, provider: &str, own: &OwnPrices) -> bool {
        self.own
            .get(provider_name(&self.book, provider).as_str())
            .is_some_and(|named| std::ptr::eq(named, own))
    }

    /// The prices at the one provider where the tenant names this model, for events that name no provider.
    fn only_seller_of(&self, model: &str) -> Option<&OwnPrices> {
        let mut sellers = self.own.values().filter(|own| own.names.exact(model).is_some());
        let only = sellers.next()?;
        sellers.next().is_none().then_some(only)
    }
}

impl OwnPrices {
    fn add(&mut self, entry: PriceEntry) {
        let model = entry.model().trim().to_ascii_lowercase();
        if let Some(known) = self.names.exact(&model) {
            self.models[known].push(entry);
            return;
        }
        self.names.add(&model, self.models.len());
        self.models.push(vec![entry]);
    }

    fn in_force(&self, model: Option<usize>, at_ms: i64) -> Option<&PriceEntry> {
        self.models.get(model?)?.iter().find(|price| price.covers(at_ms))
    }
}

fn provider_name(book: &PriceBook, name: &str) -> String {
    book.canonical_provider(name).map_or_else(|| fold_provider(name), str::to_owned)
}

#[cfg(test)]
mod tests;
