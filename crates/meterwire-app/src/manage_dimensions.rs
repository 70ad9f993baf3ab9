//! Dimensions: the built-in ones, and the properties of events that a tenant declares.

use crate::ports::{DeclaredDimension, TenantId};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimensions;
use meterwire_core::property::{check_dimension_name, check_property};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// The most steps of one round of the job; what is left is done in the next, with a pause in between for others.
const MAX_STEPS: usize = 10;
/// Events of one step: others wait for the writer while they are counted, so it must be a matter of milliseconds.
const EVENTS_A_STEP: usize = 500;

/// The dimensions of tenants that were asked for, forgotten when one of theirs changes, here or on another server.
#[derive(Default)]
pub(crate) struct TenantDimensions(RwLock<Remembered>);

#[derive(Default)]
struct Remembered {
    /// With the revision of the catalogue they were read at.
    tenants: HashMap<TenantId, (Dimensions, u64)>,
    /// Counts changes, so that what was read before one is not remembered behind it.
    changes: u64,
}

impl TenantDimensions {
    pub(crate) fn forget(&self, tenant: TenantId) {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        remembered.tenants.remove(&tenant);
        remembered.changes += 1;
    }

    fn get(&self, tenant: TenantId, revision: u64) -> (Option<Dimensions>, u64) {
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let known = remembered.tenants.get(&tenant).filter(|(_, known)| *known == revision);
        (known.map(|(dimensions, _)| dimensions.clone()), remembered.changes)
    }

    fn remember(&self, tenant: TenantId, dimensions: (Dimensions, u64), changes: u64) {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.changes == changes {
            remembered.tenants.insert(tenant, dimensions);
        }
    }
}

impl Meterwire {
    /// The dimensions that a tenant knows.
    pub(crate) async fn dimensions(&self, tenant: TenantId) -> Result<Dimensions, AppError> {
        let revision = self.catalog.catalogue_revision(Some(tenant));
        let (known, changes) = self.declared.get(tenant, revision);
        if let Some(dimensions) = known {
            return Ok(dimensions);
        }
        let declared = self.catalog.dimensions(tenant).await?;
        let dimensions = Dimensions::new(declared.into_iter().map(|dimension| dimension.declared).collect());
        self.declared.remember(tenant, (dimensions.clone(), revision), changes);
        Ok(dimensions)
    }

    /// What a tenant has declared as dimensions, by name.
    pub async fn list_dimensions(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Vec<DeclaredDimension>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.catalog.dimensions(tenant.id).await?)
    }

    /// One declared dimension.
    pub async fn read_dimension(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<DeclaredDimension, AppError> {
        let declared = self.list_dimensions(caller, named).await?;
        let found = declared.into_iter().find(|dimension| dimension.declared.name == name);
        found.ok_or(AppError::NotFound("dimension"))
    }

    /// Declares a property of events as a dimension; the key is the name where none is given.
    pub async fn declare_dimension(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
        property: Option<&str>,
    ) -> Result<DeclaredDimension, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        check_dimension_name("name", name)?;
        let property = property.unwrap_or(name);
        check_property("property", property)?;
        let audit = self.audit(caller, "dimension.create", name);
        let declared = self.catalog.declare_dimension(tenant.id, name, property, audit).await;
        self.declared.forget(tenant.id);
        Ok(declared?)
    }

    /// Removes a declared dimension; the properties of events stay.
    pub async fn remove_dimension(
        &self,
        caller: &Caller,
        named: Option<&str>,
        name: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let audit = self.audit(caller, "dimension.delete", name);
        let removed = self.catalog.remove_dimension(tenant.id, name, audit).await;
        self.declared.forget(tenant.id);
        Ok(removed?)
    }

    /// One round of the job that counts older events by new dimensions; `true` where there is more to do.
    pub async fn run_dimension_jobs(&self) -> Result<bool, AppError> {
        for _ in 0..MAX_STEPS {
            let Some(step) = self.catalog.fill_dimensions(EVENTS_A_STEP).await? else { return Ok(false) };
            if step.ready {
                self.declared.forget(step.tenant);
            }
        }
        Ok(true)
    }
}
