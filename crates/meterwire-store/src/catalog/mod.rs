//! The catalogue: tenants, keys, sessions, users, projects, prices, the audit log, settings.
//!
//! Every change goes through the writer, with its audit entry in the same savepoint. Making and deleting a tenant is
//! told in the instance's log, everything else of a tenant in the tenant's own.

pub(crate) mod dimensions;
mod erasure;
pub(crate) mod read;
pub(crate) mod retention;
mod write;

use crate::budget;
use crate::session::{Session as WriterSession, Weight};
use crate::sql::params;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::ports::{
    ApiKey, Audit, AuditEntry, Catalog, DeclaredDimension, FillStep, Page, PageRequest, PriceOverride,
    Project, Session, StoreResult, Tenant, TenantId, User,
};

#[async_trait]
impl<B: Backend> Catalog for SqlStore<B> {
    fn catalogue_revision(&self, of: Option<TenantId>) -> u64 {
        self.backend.revisions().of_catalogue(of)
    }

    async fn create_tenant(
        &self,
        slug: &str,
        name: &str,
        timezone: &str,
        audit: Audit,
    ) -> StoreResult<Tenant> {
        let (slug, name, timezone) = (slug.to_owned(), name.to_owned(), timezone.to_owned());
        self.write(None, move |session| write::create_tenant(session, &slug, &name, &timezone, &audit)).await
    }

    async fn tenant(&self, slug: &str) -> StoreResult<Option<Tenant>> {
        let slug = slug.to_owned();
        let sql = include_str!("../../sql/tenant/by_slug.sql");
        self.read(move |connection| read::one(connection, sql, [slug], read::tenant)).await
    }

    async fn tenant_by_id(&self, id: TenantId) -> StoreResult<Option<Tenant>> {
        let sql = include_str!("../../sql/tenant/by_id.sql");
        self.read(move |connection| read::one(connection, sql, [id.0], read::tenant)).await
    }

    async fn tenants(&self, page: PageRequest) -> StoreResult<Page<Tenant>> {
        let sql = include_str!("../../sql/tenant/list.sql");
        let list = read::List::new(page, |tenant: &Tenant| tenant.slug.clone());
        self.read(move |connection| list.run(connection, sql, &[], read::tenant)).await
    }

    async fn update_tenant(
        &self,
        id: TenantId,
        name: &str,
        timezone: &str,
        audit: Audit,
    ) -> StoreResult<Tenant> {
        let (name, timezone) = (name.to_owned(), timezone.to_owned());
        let old = self.tenant_by_id(id).await?;
        if old.is_none_or(|old| old.timezone == timezone) {
            return self
                .write(id, move |session| write::update_tenant(session, id, &name, &timezone, &audit))
                .await;
        }
        let run = move |session: &mut WriterSession<'_>| {
            let update =
                |session: &mut WriterSession<'_>| write::update_tenant(session, id, &name, &timezone, &audit);
            budget::with_zone(session, id, audit.at_ms, update)
        };
        self.write_unguarded(id, Weight::SMALL, run).await
    }

    async fn set_retention(&self, id: TenantId, days: Option<u32>, audit: Audit) -> StoreResult<Tenant> {
        self.write(id, move |session| retention::set(session, id, days, &audit)).await
    }

    async fn tenants_with_retention(&self) -> StoreResult<Vec<Tenant>> {
        self.read(retention::tenants).await
    }

    async fn move_events_from(&self, id: TenantId, to_ms: i64) -> StoreResult<()> {
        let sql = include_str!("../../sql/tenant/move_events_from.sql");
        self.write(id, move |session| session.change(sql, params![to_ms, id.0]).map(drop)).await
    }

    async fn drop_events(
        &self,
        id: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> StoreResult<usize> {
        self.backend.drop_events(id, received_before_ms, most_events).await
    }

    async fn delete_tenant(&self, id: TenantId, audit: Audit) -> StoreResult<()> {
        self.write(id, move |session| write::delete_tenant(session, id, &audit)).await
    }

    async fn create_key(&self, key: ApiKey, audit: Audit) -> StoreResult<()> {
        self.write(key.tenant, move |session| write::create_key(session, &key, &audit)).await
    }

    async fn create_first_key(&self, key: ApiKey, audit: Audit) -> StoreResult<bool> {
        self.write(None, move |session| write::create_first_key(session, &key, &audit)).await
    }

    async fn key_by_prefix(&self, prefix: &str) -> StoreResult<Option<ApiKey>> {
        let prefix = prefix.to_owned();
        let sql = include_str!("../../sql/key/by_prefix.sql");
        self.read(move |connection| read::one(connection, sql, [prefix], read::key)).await
    }

    async fn key(&self, tenant: Option<TenantId>, id: &str) -> StoreResult<Option<ApiKey>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/key/one.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.map(|t| t.0), id], read::key))
            .await
    }

    async fn keys(&self, tenant: Option<TenantId>, page: PageRequest) -> StoreResult<Page<ApiKey>> {
        let sql = include_str!("../../sql/key/list.sql");
        let list = read::List::new(page, |key: &ApiKey| key.id.clone());
        self.read(move |connection| list.run(connection, sql, &[&tenant.map(|t| t.0)], read::key)).await
    }

    async fn rotate_key(
        &self,
        tenant: Option<TenantId>,
        id: &str,
        prefix: &str,
        hash: [u8; 32],
        audit: Audit,
    ) -> StoreResult<ApiKey> {
        let (id, prefix) = (id.to_owned(), prefix.to_owned());
        self.write(tenant, move |session| write::rotate_key(session, tenant, &id, &prefix, hash, &audit))
            .await
    }

    async fn revoke_key(&self, tenant: Option<TenantId>, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| write::revoke_key(session, tenant, &id, &audit)).await
    }

    async fn touch_key(&self, id: &str, at_ms: i64) -> StoreResult<()> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/key/touch.sql");
        self.write(None, move |session| session.change(sql, params![at_ms, id]).map(drop)).await
    }

    async fn create_session(&self, session: Session, now_ms: i64) -> StoreResult<()> {
        let kept = session;
        self.write(None, move |session| write::create_session(session, &kept, now_ms)).await
    }

    async fn session(&self, hash: [u8; 32]) -> StoreResult<Option<(Session, ApiKey)>> {
        let sql = include_str!("../../sql/session/by_hash.sql");
        let from_row = move |row: &crate::sql::Row<'_>| read::session(row, hash);
        self.read(move |connection| read::one(connection, sql, [hash], from_row)).await
    }

    async fn delete_session(&self, hash: [u8; 32]) -> StoreResult<()> {
        let sql = include_str!("../../sql/session/delete.sql");
        self.write(None, move |session| session.change(sql, [hash]).map(drop)).await
    }

    async fn create_user(&self, tenant: TenantId, user: User, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| write::create_user(session, tenant, &user, &audit)).await
    }

    async fn user(&self, tenant: TenantId, id: &str) -> StoreResult<Option<User>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/user/one.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.0, id], read::user)).await
    }

    async fn users(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<User>> {
        let sql = include_str!("../../sql/user/list.sql");
        let list = read::List::new(page, |user: &User| user.id.clone());
        self.read(move |connection| list.run(connection, sql, &[&tenant.0], read::user)).await
    }

    async fn update_user(&self, tenant: TenantId, user: User, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| write::update_user(session, tenant, &user, &audit)).await
    }

    async fn delete_user(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| write::delete_user(session, tenant, &id, &audit)).await
    }

    async fn erase_user(&self, tenant: TenantId, id: &str, pseudonym: &str, audit: Audit) -> StoreResult<()> {
        let (user, pseudonym) = (id.to_owned(), pseudonym.to_owned());
        let erase = erasure::Erase { tenant, user, pseudonym, audit };
        self.write(tenant, move |session| erase.run(session)).await
    }

    async fn clear_erased(&self, most_events: usize) -> StoreResult<bool> {
        self.backend.clear_erased(most_events).await
    }

    async fn create_project(&self, tenant: TenantId, project: Project, audit: Audit) -> StoreResult<()> {
        if project.team.is_none() || self.project(tenant, &project.slug).await?.is_some() {
            return self
                .write(tenant, move |session| write::create_project(session, tenant, &project, &audit))
                .await;
        }
        // One that was deleted has its events still, and is its team's again with them.
        let run = move |session: &mut WriterSession<'_>| {
            let create =
                |session: &mut WriterSession<'_>| write::create_project(session, tenant, &project, &audit);
            budget::with_team(session, tenant, &project.slug, audit.at_ms, create)
        };
        self.write_unguarded(tenant, Weight::SMALL, run).await
    }

    async fn project(&self, tenant: TenantId, slug: &str) -> StoreResult<Option<Project>> {
        let slug = slug.to_owned();
        let sql = include_str!("../../sql/project/one.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.0, slug], read::project)).await
    }

    async fn projects(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Project>> {
        let sql = include_str!("../../sql/project/list.sql");
        let list = read::List::new(page, |project: &Project| project.slug.clone());
        self.read(move |connection| list.run(connection, sql, &[&tenant.0], read::project)).await
    }

    async fn update_project(&self, tenant: TenantId, project: Project, audit: Audit) -> StoreResult<()> {
        let old = self.project(tenant, &project.slug).await?;
        if old.is_none_or(|old| old.team == project.team) {
            return self
                .write(tenant, move |session| write::update_project(session, tenant, &project, &audit))
                .await;
        }
        let run = move |session: &mut WriterSession<'_>| {
            let update =
                |session: &mut WriterSession<'_>| write::update_project(session, tenant, &project, &audit);
            budget::with_team(session, tenant, &project.slug, audit.at_ms, update)
        };
        self.write_unguarded(tenant, Weight::SMALL, run).await
    }

    async fn delete_project(&self, tenant: TenantId, slug: &str, audit: Audit) -> StoreResult<()> {
        let slug = slug.to_owned();
        let sql = include_str!("../../sql/project/delete.sql");
        let old = self.project(tenant, &slug).await?;
        if old.is_none_or(|old| old.team.is_none()) {
            let run = move |session: &mut WriterSession<'_>| {
                write::delete_seen(session, tenant, sql, (&slug, "project"), &audit)
            };
            return self.write(tenant, run).await;
        }
        let run = move |session: &mut WriterSession<'_>| {
            let delete = |session: &mut WriterSession<'_>| {
                write::delete_seen(session, tenant, sql, (&slug, "project"), &audit)
            };
            budget::with_team(session, tenant, &slug, audit.at_ms, delete)
        };
        self.write_unguarded(tenant, Weight::SMALL, run).await
    }

    async fn create_price(&self, tenant: TenantId, price: PriceOverride, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| write::create_price(session, tenant, &price, &audit)).await
    }

    async fn price(&self, tenant: TenantId, id: &str) -> StoreResult<Option<PriceOverride>> {
        let id = id.to_owned();
        let sql = include_str!("../../sql/price/one.sql");
        self.read(move |connection| read::one(connection, sql, params![tenant.0, id], read::price)).await
    }

    async fn prices(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<PriceOverride>> {
        let sql = include_str!("../../sql/price/list.sql");
        let list = read::List::new(page, |price: &PriceOverride| price.id.clone());
        self.read(move |connection| list.run(connection, sql, &[&tenant.0], read::price)).await
    }

    async fn update_price(&self, tenant: TenantId, price: PriceOverride, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| write::update_price(session, tenant, &price, &audit)).await
    }

    async fn delete_price(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()> {
        let id = id.to_owned();
        self.write(tenant, move |session| write::delete_price(session, tenant, &id, &audit)).await
    }

    async fn dimensions(&self, tenant: TenantId) -> StoreResult<Vec<DeclaredDimension>> {
        self.read(move |connection| dimensions::list(connection, tenant)).await
    }

    async fn declare_dimension(
        &self,
        tenant: TenantId,
        name: &str,
        property: &str,
        audit: Audit,
    ) -> StoreResult<DeclaredDimension> {
        let (name, property) = (name.to_owned(), property.to_owned());
        self.write(tenant, move |session| dimensions::declare(session, tenant, &name, &property, &audit))
            .await
    }

    async fn remove_dimension(&self, tenant: TenantId, name: &str, audit: Audit) -> StoreResult<()> {
        let name = name.to_owned();
        self.write(tenant, move |session| dimensions::remove(session, tenant, &name, &audit)).await?;
        self.backend.dimension_removed();
        Ok(())
    }

    async fn fill_dimensions(&self, most_events: usize) -> StoreResult<Option<FillStep>> {
        self.backend.fill_dimensions(most_events).await
    }

    async fn note(&self, tenant: Option<TenantId>, audit: Audit) -> StoreResult<()> {
        self.write(tenant, move |session| session.audit(tenant, &audit)).await
    }

    async fn audit(&self, tenant: Option<TenantId>, page: PageRequest) -> StoreResult<Page<AuditEntry>> {
        self.read(move |connection| read::audit_page(connection, tenant, &page)).await
    }

    async fn setting(&self, name: &str) -> StoreResult<Option<String>> {
        let name = name.to_owned();
        let sql = include_str!("../../sql/setting/one.sql");
        self.read(move |connection| read::one(connection, sql, [name], |row| row.get(0))).await
    }

    async fn set_setting(&self, name: &str, value: &str) -> StoreResult<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        let sql = include_str!("../../sql/setting/set.sql");
        self.write(None, move |session| session.change(sql, params![name, value]).map(drop)).await
    }
}
