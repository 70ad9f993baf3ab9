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
        let mut remembered = self.prices.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.changes == changes {
            remembered.tenants.insert(tenant, (book.clone(), revision));
        }
        Ok(book)
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
