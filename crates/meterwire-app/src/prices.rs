//! A tenant's price book: the built-in one with the tenant's own prices over it, kept ready.

use crate::ports::{PageRequest, PriceOverride, TenantId};
use crate::{AppError, Meterwire};
use meterwire_core::invalid::Invalid;
use meterwire_core::price::{PriceBook, PriceEntry, PriceId, RateCard, TenantBook};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The most own prices of one tenant.
pub(crate) const MAX_OVERRIDES: usize = 2_000;

/// A wish for a price of the tenant's own.
#[derive(Debug, Clone)]
pub struct PriceWish {
    /// Provider as events name it.
    pub provider: String,
    /// Model as events name it.
    pub model: String,
    /// First instant it holds for, Unix milliseconds; `None` is always before.
    pub from_ms: Option<i64>,
    /// First instant it no longer holds for.
    pub until_ms: Option<i64>,
    /// Its rates.
    pub card: RateCard,
}

/// Books that were asked for, forgotten when a price of theirs changes, here or on another server.
#[derive(Default)]
pub(crate) struct TenantBooks(RwLock<Remembered>);

#[derive(Default)]
struct Remembered {
    /// With the revision of the catalogue they were read at.
    tenants: HashMap<TenantId, (Arc<TenantBook>, u64)>,
    /// Counts changes, so that what was read before one is not remembered behind it.
    changes: u64,
}

impl TenantBooks {
    pub(crate) fn forget(&self, tenant: TenantId) {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        remembered.tenants.remove(&tenant);
        remembered.changes += 1;
    }

    /// Remembers a book that was read after so many changes, unless there was another since. Answers the one that is
    /// remembered where it says the same: what was found out with a book is used again with that one alone.
    fn remember(
        &self,
        tenant: TenantId,
        book: Arc<TenantBook>,
        revision: u64,
        changes: u64,
    ) -> Arc<TenantBook> {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.changes != changes {
            return book;
        }
        let same = remembered.tenants.get(&tenant).map(|(known, _)| known);
        let book = same.filter(|known| known.says_the_same(&book)).cloned().unwrap_or(book);
        remembered.tenants.insert(tenant, (book.clone(), revision));
        book
    }
}

impl Meterwire {
    /// The book by which a tenant's events are rated.
    pub(crate) async fn book_of(&self, tenant: TenantId) -> Result<Arc<TenantBook>, AppError> {
        let revision = self.catalog.catalogue_revision(Some(tenant));
        let (known, changes) = {
            let remembered = self.prices.0.read().unwrap_or_else(PoisonError::into_inner);
            (remembered.tenants.get(&tenant).cloned(), remembered.changes)
        };
        if let Some((book, _)) = known.filter(|(_, known)| *known == revision) {
            return Ok(book);
        }
        let mut entries = Vec::new();
        let mut page = PageRequest { after: None, limit: 500 };
        loop {
            let stored = self.catalog.prices(tenant, page.clone()).await?;
            for price in &stored.items {
                match entry_of(price) {
                    Ok(entry) => entries.push(entry),
                    // It was checked when it was stored; an older one that no longer passes must not stop recording.
                    Err(error) => tracing::error!(price = %price.id, %error, "a stored price is left out"),
                }
            }
            match stored.next {
                Some(next) if entries.len() < MAX_OVERRIDES => page.after = Some(next),
                _ => break,
            }
        }
        let book = Arc::new(PriceBook::builtin().with_overrides(entries));
        Ok(self.prices.remember(tenant, book, revision, changes))
    }
}

/// A stored price as an entry of the book; its id says whose it is and never changes.
pub(crate) fn entry_of(price: &PriceOverride) -> Result<PriceEntry, Invalid> {
    let card: RateCard =
        serde_json::from_str(&price.rates).map_err(|error| Invalid::new("rates", error.to_string()))?;
    let id = PriceId::new(format!("override/{}", price.id));
    PriceEntry::from_card(id, &price.provider, &price.model, price.from_ms, price.until_ms, card, "override")
        .map_err(|error| Invalid::new(error.at, error.message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meterwire_core::price::Rates;

    #[test]
    fn a_book_is_handed_out_again_until_it_says_something_else() {
        let books = TenantBooks::default();
        let tenant = TenantId(7);
        let book = |names: &[&str]| {
            let entry = |name: &&str| {
                let id = PriceId::new(format!("override/{name}"));
                PriceEntry::from_rates(id, "openai", name, None, None, Rates::default()).unwrap()
            };
            Arc::new(PriceBook::builtin().with_overrides(names.iter().map(entry).collect()))
        };
        let first = books.remember(tenant, book(&["a"]), 1, 0);
        // Another question that read it at the same time, and one behind a change of something else.
        for revision in [1, 2] {
            assert!(Arc::ptr_eq(&books.remember(tenant, book(&["a"]), revision, 0), &first));
        }
        let second = books.remember(tenant, book(&["a", "b"]), 3, 0);
        assert_eq!(second.overrides().count(), 2);
        books.forget(tenant);
        let late = book(&["a"]);
        assert!(Arc::ptr_eq(&books.remember(tenant, late.clone(), 3, 0), &late), "read before the change");
        assert!(books.0.read().unwrap().tenants.is_empty());
    }
}
