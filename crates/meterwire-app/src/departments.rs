//! The departments that projects belong to, kept ready: what names a project and no department is its department's.

use crate::ports::{PageRequest, TenantId};
use crate::{AppError, Meterwire};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Projects of one page.
const PAGE: usize = 1_000;

/// The department of each project that has one.
pub(crate) type DepartmentOf = Arc<HashMap<String, String>>;

/// The departments of tenants that were asked for, forgotten when a project of theirs changes,
/// here or on another server.
#[derive(Default)]
pub(crate) struct TenantDepartments(RwLock<Remembered>);

#[derive(Default)]
struct Remembered {
    /// With the revision of the catalogue they were read at.
    tenants: HashMap<TenantId, (DepartmentOf, u64)>,
    /// Counts changes, so that what was read before one is not remembered behind it.
    changes: u64,
}

impl TenantDepartments {
    pub(crate) fn forget(&self, tenant: TenantId) {
        let mut remembered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        remembered.tenants.remove(&tenant);
        remembered.changes += 1;
    }
}

impl Meterwire {
    /// The departments of a tenant's projects.
    pub(crate) async fn departments_of(&self, tenant: TenantId) -> Result<DepartmentOf, AppError> {
        let revision = self.catalog.catalogue_revision(Some(tenant));
        let (known, changes) = {
            let remembered = self.departments.0.read().unwrap_or_else(PoisonError::into_inner);
            (remembered.tenants.get(&tenant).cloned(), remembered.changes)
        };
        if let Some((departments, _)) = known.filter(|(_, known)| *known == revision) {
            return Ok(departments);
        }
        let mut departments = HashMap::new();
        let mut page = PageRequest { after: None, limit: PAGE };
        loop {
            let found = self.catalog.projects(tenant, page.clone()).await?;
            for project in found.items {
                departments.extend(project.department.map(|department| (project.slug, department)));
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let departments = Arc::new(departments);
        let mut remembered = self.departments.0.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.changes == changes {
            remembered.tenants.insert(tenant, (departments.clone(), revision));
        }
        Ok(departments)
    }
}
