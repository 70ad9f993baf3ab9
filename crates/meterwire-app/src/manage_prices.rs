//! A tenant's own prices. A change holds for events recorded from then on; what is recorded keeps its price.

use crate::clock::new_id;
use crate::ports::{Page, PageRequest, PriceOverride, Tenant, TenantId};
use crate::prices::{MAX_OVERRIDES, PriceWish, entry_of};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::name::check_label;
use meterwire_core::price::PriceBook;

impl Meterwire {
    /// The tenant's own prices, oldest first.
    pub async fn list_prices(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<PriceOverride>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.catalog.prices(tenant.id, page).await?)
    }

    /// One own price.
    pub async fn read_price(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<PriceOverride, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        self.catalog.price(tenant.id, id).await?.ok_or(AppError::NotFound("price"))
    }

    /// Makes an own price. Two that hold for the same model at the same time are a conflict.
    pub async fn create_price(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: PriceWish,
    ) -> Result<PriceOverride, AppError> {
        let tenant = self.price_owner(caller, named).await?;
        let price = to_override(new_id(), self.now_ms(), wish)?;
        self.refuse_overlap(tenant.id, &price).await?;
        self.catalog
            .create_price(tenant.id, price.clone(), self.audit(caller, "price.create", &price.id))
            .await?;
        self.prices.forget(tenant.id);
        Ok(price)
    }

    /// Replaces an own price.
    pub async fn update_price(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        wish: PriceWish,
    ) -> Result<PriceOverride, AppError> {
        let tenant = self.price_owner(caller, named).await?;
        let old = self.catalog.price(tenant.id, id).await?.ok_or(AppError::NotFound("price"))?;
        let price = to_override(old.id, old.created_ms, wish)?;
        self.refuse_overlap(tenant.id, &price).await?;
        self.catalog.update_price(tenant.id, price.clone(), self.audit(caller, "price.update", id)).await?;
        self.prices.forget(tenant.id);
        Ok(price)
    }

    /// Deletes an own price.
    pub async fn delete_price(&self, caller: &Caller, named: Option<&str>, id: &str) -> Result<(), AppError> {
        let tenant = self.price_owner(caller, named).await?;
        self.catalog.delete_price(tenant.id, id, self.audit(caller, "price.delete", id)).await?;
        self.prices.forget(tenant.id);
        Ok(())
    }

    async fn price_owner(&self, caller: &Caller, named: Option<&str>) -> Result<Tenant, AppError> {
        caller.require(Access::Own)?;
        self.tenant_for(caller, named).await
    }

    async fn refuse_overlap(&self, tenant: TenantId, price: &PriceOverride) -> Result<(), AppError> {
        let mut seen = 0;
        let mut page = PageRequest { after: None, limit: 500 };
        loop {
            let stored = self.catalog.prices(tenant, page.clone()).await?;
            seen += stored.items.len();
            if let Some(other) =
                stored.items.iter().find(|other| other.id != price.id && overlap(other, price))
            {
                let sentence =
                    format!("price {} holds for this model at the same time; end it first", other.id);
                return Err(AppError::Conflict(sentence));
            }
            match stored.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        if seen >= MAX_OVERRIDES {
            return Err(AppError::Conflict(format!("a tenant may have at most {MAX_OVERRIDES} own prices")));
        }
        Ok(())
    }
}

fn to_override(id: String, created_ms: i64, wish: PriceWish) -> Result<PriceOverride, AppError> {
    check_label("provider", &wish.provider)?;
    check_label("model", &wish.model)?;
    let rates = serde_json::to_string(&wish.card).unwrap_or_default();
    let provider =
        PriceBook::builtin().canonical_provider(&wish.provider).unwrap_or(&wish.provider).to_owned();
    let price = PriceOverride {
        id,
        provider,
        model: wish.model,
        from_ms: wish.from_ms,
        until_ms: wish.until_ms,
        rates,
        created_ms,
    };
    entry_of(&price)?;
    Ok(price)
}

fn overlap(a: &PriceOverride, b: &PriceOverride) -> bool {
    let before = |first: &PriceOverride, second: &PriceOverride| matches!((first.until_ms, second.from_ms), (Some(until), Some(from)) if until <= from);
    a.provider == b.provider && a.model == b.model && !before(a, b) && !before(b, a)
}
