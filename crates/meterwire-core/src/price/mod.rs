//! Prices: what one token of a model costs, from when to when, and what an event comes to.
//!
//! - A [`PriceSheet`] is one file of `prices/`: one provider, its models, their dated prices and where each came from.
//! - A [`PriceBook`] holds all sheets and finds the price of a (provider, model, time), however the name is spelled.
//! - A [`TenantBook`] lays a tenant's own prices over the book.
//! - A [`PriceEntry`] is one dated price; [`PriceEntry::rate`] turns tokens into a cost.
//!
//! Prices are integer pico-dollars a token, products are `i128`, and one event is rounded once, half to even.
//! A model is never priced by a name that merely looks alike: what is not found is unpriced, and shown as such.

mod book;
mod builtin;
mod entry;
mod names;
mod over_time;
mod pinned;
mod rates;
mod sheet;
mod tenant;

pub use book::PriceBook;
pub use entry::{Account, AccountLine, PriceEntry, PriceId, Rated};
pub use over_time::{PriceChanges, PriceOverTime};
pub use pinned::PinnedPrices;
pub use rates::{ContextRates, MAX_PER_REQUEST, MAX_RATE, RateCard, Rates, ServiceTier, TierCard, Tiers};
pub use sheet::{ModelPrices, PriceSheet, Provenance, SheetPrice};
pub use tenant::TenantBook;

/// Why a price or a price sheet is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub struct PriceError {
    /// Where: a provider, model and price, or a field.
    pub at: String,
    /// What is wrong there.
    pub message: String,
}

impl PriceError {
    pub(crate) fn new(at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at: at.into(), message: message.into() }
    }
}
