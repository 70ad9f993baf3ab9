//! The receipt of one event: the event whole, and how its cost came about.

use crate::ports::StoredEvent;
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::event::Rating;
use meterwire_core::money::CostNanos;
use meterwire_core::price::{Account, PriceEntry, PriceId, ServiceTier, TenantBook};

/// An event and how its cost came about.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The event as it is stored.
    pub stored: StoredEvent,
    /// Why it costs what it costs.
    pub basis: Basis,
}

/// Why an event costs what it costs.
#[derive(Debug, Clone)]
pub enum Basis {
    /// By a price; the account comes to the stored cost exactly.
    Priced(Box<PricedAt>),
    /// By a price that has been changed since: today it would come to another cost. The stored one stands.
    PriceChanged {
        /// The price as it is now, and what it would come to.
        now: Box<PricedAt>,
        /// The stored cost.
        stored: CostNanos,
    },
    /// By a price that is no longer there. The stored cost stands.
    PriceGone {
        /// The price it was rated with.
        id: PriceId,
        /// The stored cost.
        stored: CostNanos,
    },
    /// The sender named the cost.
    Given(CostNanos),
    /// It has tokens, but there was no price for its model.
    Unpriced,
    /// Nothing to price: no tokens and no cost.
    Free,
}

/// A price and what it comes to.
#[derive(Debug, Clone)]
pub struct PricedAt {
    /// The price.
    pub price: PriceEntry,
    /// Every product, their sum and its rounding.
    pub account: Account,
    /// Whether the price was in force when the event happened. An event from before a model's first known price takes
    /// its latest one.
    pub in_force: bool,
}

impl Meterwire {
    /// The receipt of one event. To a caller confined to a user, another user's event does not exist.
    pub async fn receipt(
        &self,
        caller: &Caller,
        named: Option<&str>,
        source: &str,
        id: &str,
    ) -> Result<Receipt, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let stored = self.usage.event(tenant.id, source, id).await?;
        let may_see = |stored: &StoredEvent| {
            let own = caller.confined_to();
            own.is_none_or(|own| stored.row.event.labels.get(Dimension::User) == Some(own))
        };
        let stored = stored.filter(may_see).ok_or(AppError::NotFound("event"))?;
        let book = self.book_of(tenant.id).await?;
        let basis = basis(&stored, &book);
        Ok(Receipt { stored, basis })
    }
}

fn basis(stored: &StoredEvent, book: &TenantBook) -> Basis {
    let event = &stored.row.event;
    let (cost, id) = match &event.rating {
        Rating::Given(cost) => return Basis::Given(*cost),
        Rating::Unpriced => return Basis::Unpriced,
        Rating::Free => return Basis::Free,
        Rating::Priced { cost, price_id } => (*cost, price_id),
    };
    let Some(price) = book.entry(id.as_str()) else {
        return Basis::PriceGone { id: id.clone(), stored: cost };
    };
    let tier = ServiceTier::from_name(event.labels.get(Dimension::ServiceTier));
    let account = price.account(&event.tokens, tier);
    let matches = account.cost == cost;
    let in_force = price.covers(event.time_ms);
    let priced = Box::new(PricedAt { price: price.clone(), account, in_force });
    if matches { Basis::Priced(priced) } else { Basis::PriceChanged { now: priced, stored: cost } }
}
