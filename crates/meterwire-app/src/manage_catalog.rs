//! Users, projects and the audit log of a tenant.

use crate::ports::{AuditEntry, Page, PageRequest, Project, User};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::invalid::Invalid;
use meterwire_core::name::{check_label, clean_name};

impl Meterwire {
    /// Users by id.
    pub async fn list_users(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<User>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        match caller.confined_to() {
            None => Ok(self.catalog.users(tenant.id, page).await?),
            Some(own) => {
                let items = self.catalog.user(tenant.id, own).await?.into_iter().collect();
                Ok(Page { items, next: None })
            }
        }
    }

    /// One user.
    pub async fn read_user(&self, caller: &Caller, named: Option<&str>, id: &str) -> Result<User, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let visible = caller.confined_to().is_none_or(|own| own == id);
        let user = if visible { self.catalog.user(tenant.id, id).await? } else { None };
        user.ok_or(AppError::NotFound("user"))
    }

    /// Makes a user.
    pub async fn create_user(
        &self,
        caller: &Caller,
        named: Option<&str>,
        user: User,
    ) -> Result<User, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let named_by_itself = user.id.clone();
        let user = checked_user(User { created_ms: self.now_ms(), ..user }, &named_by_itself)?;
        self.catalog
            .create_user(tenant.id, user.clone(), self.audit(caller, "user.create", &user.id))
            .await?;
        Ok(user)
    }

    /// Changes a user's name or tier.
    pub async fn update_user(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        change: impl FnOnce(&mut User),
    ) -> Result<User, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut user = self.catalog.user(tenant.id, id).await?.ok_or(AppError::NotFound("user"))?;
        let old = user.username.clone();
        change(&mut user);
        let user = checked_user(user, &old)?;
        self.catalog.update_user(tenant.id, user.clone(), self.audit(caller, "user.update", id)).await?;
        Ok(user)
    }

    /// Deletes a user; its events stay.
    pub async fn delete_user(&self, caller: &Caller, named: Option<&str>, id: &str) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.catalog.delete_user(tenant.id, id, self.audit(caller, "user.delete", id)).await?)
    }

    /// Projects by slug.
    pub async fn list_projects(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<Project>, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        Ok(self.catalog.projects(tenant.id, page).await?)
    }

    /// One project.
    pub async fn read_project(
        &self,
        caller: &Caller,
        named: Option<&str>,
        slug: &str,
    ) -> Result<Project, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        self.catalog.project(tenant.id, slug).await?.ok_or(AppError::NotFound("project"))
    }

    /// Makes a project.
    pub async fn create_project(
        &self,
        caller: &Caller,
        named: Option<&str>,
        project: Project,
    ) -> Result<Project, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let named_by_itself = project.slug.clone();
        let project = checked_project(Project { created_ms: self.now_ms(), ..project }, &named_by_itself)?;
        let audit = self.audit(caller, "project.create", &project.slug);
        self.catalog.create_project(tenant.id, project.clone(), audit).await?;
        self.departments.forget(tenant.id);
        Ok(project)
    }

    /// Changes a project's name, department or team.
    pub async fn update_project(
        &self,
        caller: &Caller,
        named: Option<&str>,
        slug: &str,
        change: impl FnOnce(&mut Project),
    ) -> Result<Project, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut project =
            self.catalog.project(tenant.id, slug).await?.ok_or(AppError::NotFound("project"))?;
        let old = project.name.clone();
        change(&mut project);
        let project = checked_project(project, &old)?;
        self.catalog
            .update_project(tenant.id, project.clone(), self.audit(caller, "project.update", slug))
            .await?;
        self.departments.forget(tenant.id);
        Ok(project)
    }

    /// Deletes a project; its events stay.
    pub async fn delete_project(
        &self,
        caller: &Caller,
        named: Option<&str>,
        slug: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        self.catalog.delete_project(tenant.id, slug, self.audit(caller, "project.delete", slug)).await?;
        self.departments.forget(tenant.id);
        Ok(())
    }

    /// The audit log, newest first: of a tenant, or of the instance for an admin who names none.
    pub async fn list_audit(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<AuditEntry>, AppError> {
        caller.require(Access::Own)?;
        let tenant = match (named, &caller.tenant) {
            (None, None) => None,
            _ => Some(self.tenant_for(caller, named).await?.id),
        };
        Ok(self.catalog.audit(tenant, page).await?)
    }
}

/// A user with a name fit to be kept. `old` is the name that it has already, or has by itself: what events named is not
/// refused afterwards.
fn checked_user(mut user: User, old: &str) -> Result<User, Invalid> {
    check_label("id", &user.id)?;
    check_label("tier", &user.tier)?;
    if user.username != old {
        user.username = clean_name("username", &user.username)?;
    }
    Ok(user)
}

/// The same for a project.
fn checked_project(mut project: Project, old: &str) -> Result<Project, Invalid> {
    check_label("slug", &project.slug)?;
    if project.name != old {
        project.name = clean_name("name", &project.name)?;
    }
    for (field, value) in [("department", &mut project.department), ("team", &mut project.team)] {
        if let Some(value) = value {
            *value = clean_name(field, value)?;
        }
    }
    Ok(project)
}
