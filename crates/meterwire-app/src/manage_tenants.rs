//! Tenants: finding the one a caller means, and the admin's changes to them.

use crate::ports::{Page, PageRequest, Role, Tenant};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::invalid::Invalid;
use meterwire_core::name::clean_name;
use meterwire_core::period;

impl Meterwire {
    /// The tenant a caller works on: its own, or the one an admin names. Another tenant's slug and one that does not
    /// exist are told apart by nothing.
    pub async fn tenant_for(&self, caller: &Caller, named: Option<&str>) -> Result<Tenant, AppError> {
        match (named, &caller.tenant) {
            (None, Some(own)) => Ok(own.clone()),
            (None, None) => {
                Err(Invalid::new("tenant", "an admin token must name the tenant: ?tenant=").into())
            }
            (Some(slug), Some(own)) if own.slug == slug => Ok(own.clone()),
            (Some(slug), None) if caller.role == Role::Admin => {
                self.catalog.tenant(slug).await?.ok_or(AppError::NotFound("tenant"))
            }
            (Some(_), _) => Err(AppError::NotFound("tenant")),
        }
    }

    /// The tenants a caller knows: all for the admin, else its own.
    pub async fn list_tenants(&self, caller: &Caller, page: PageRequest) -> Result<Page<Tenant>, AppError> {
        caller.require(Access::Read)?;
        match &caller.tenant {
            Some(own) => Ok(Page { items: vec![own.clone()], next: None }),
            None => Ok(self.catalog.tenants(page).await?),
        }
    }

    /// One tenant that the caller may know.
    pub async fn read_tenant(&self, caller: &Caller, slug: &str) -> Result<Tenant, AppError> {
        caller.require(Access::Read)?;
        self.tenant_for(caller, Some(slug)).await
    }

    /// Makes a tenant.
    pub async fn create_tenant(
        &self,
        caller: &Caller,
        slug: &str,
        name: &str,
        timezone: &str,
    ) -> Result<Tenant, AppError> {
        caller.require(Access::Administer)?;
        check_slug("slug", slug)?;
        let name = clean_name("name", name)?;
        period::zone(timezone).map_err(|_| zone_refused())?;
        let audit = self.audit(caller, "tenant.create", slug);
        Ok(self.catalog.create_tenant(slug, &name, timezone, audit).await?)
    }

    /// Changes a tenant's name or zone. Stored times are instants, so another zone changes no total.
    pub async fn update_tenant(
        &self,
        caller: &Caller,
        slug: &str,
        name: Option<&str>,
        timezone: Option<&str>,
    ) -> Result<Tenant, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, Some(slug)).await?;
        let (name, timezone) = (name.unwrap_or(&tenant.name), timezone.unwrap_or(&tenant.timezone));
        let name = clean_name("name", name)?;
        period::zone(timezone).map_err(|_| zone_refused())?;
        let audit = self.audit(caller, "tenant.update", slug);
        let changed = self.catalog.update_tenant(tenant.id, &name, timezone, audit).await?;
        self.callers.clear();
        Ok(changed)
    }

    /// Deletes a tenant that has no events.
    pub async fn delete_tenant(&self, caller: &Caller, slug: &str) -> Result<(), AppError> {
        caller.require(Access::Administer)?;
        let tenant = self.tenant_for(caller, Some(slug)).await?;
        self.catalog.delete_tenant(tenant.id, self.audit(caller, "tenant.delete", slug)).await?;
        self.callers.clear();
        self.prices.forget(tenant.id);
        self.departments.forget(tenant.id);
        Ok(())
    }
}

pub(crate) fn zone_refused() -> Invalid {
    Invalid::new("timezone", "timezone must be an IANA time zone such as Europe/Berlin")
}

/// A slug is 1 to 63 of a-z, 0-9 and `-`, beginning with a letter or digit.
pub(crate) fn check_slug(field: &str, slug: &str) -> Result<(), Invalid> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=63).contains(&slug.len()) && slug.bytes().all(allowed) && !slug.starts_with('-') {
        return Ok(());
    }
    Err(Invalid::new(field, format!("{field} must be 1 to 63 of a-z, 0-9 and -, not beginning with -")))
}
