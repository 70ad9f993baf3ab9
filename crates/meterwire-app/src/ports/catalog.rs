//! The catalogue: tenants, API keys, sessions, users, projects, price overrides, the audit log.

use super::{Audit, Page, PageRequest, StoreResult, TenantId};
use async_trait::async_trait;
use meterwire_core::dimension::Declared;
use std::fmt;
use std::str::FromStr;

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, in every tenant.
    Admin,
    /// Reads and writes one tenant.
    Owner,
    /// Reads its tenant, consumes for its own user.
    Member,
    /// Reads its tenant.
    Viewer,
    /// Writes events and takes limit decisions, reads nothing.
    Ingest,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Admin, Self::Owner, Self::Member, Self::Viewer, Self::Ingest];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Owner => "owner",
            Self::Member => "member",
            Self::Viewer => "viewer",
            Self::Ingest => "ingest",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(())
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its number inside the stores.
    pub id: TenantId,
    /// Its name in addresses, unique.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// IANA zone of its days and months.
    pub timezone: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// How many days single events are kept; `None` is for ever.
    pub retention_days: Option<u32>,
    /// Events before this instant are kept only as totals, Unix milliseconds; `None` where none were dropped.
    pub events_from_ms: Option<i64>,
}

/// An API key. The token itself is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// UUID.
    pub id: String,
    /// Its tenant; `None` for a key of the instance's admin.
    pub tenant: Option<TenantId>,
    /// Its name for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The public beginning of the token, unique: `mw_ab12cd34`.
    pub prefix: String,
    /// SHA-256 of the whole token.
    pub hash: [u8; 32],
    /// The user it acts for.
    pub user: Option<String>,
    /// The project it is bound to.
    pub project: Option<String>,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// When it ends by itself.
    pub expires_ms: Option<i64>,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
    /// When it was last used, to about a minute.
    pub last_used_ms: Option<i64>,
}

/// A browser's session; it ends with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's value.
    pub hash: [u8; 32],
    /// The key it was exchanged for.
    pub key_id: String,
    /// When it ends, Unix milliseconds.
    pub expires_ms: i64,
}

/// An end user of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The tenant's own id of the user.
    pub id: String,
    /// Name for people; the id where none was given.
    pub username: String,
    /// Tier: `free`, `pro`, `enterprise` or one that the admin defined.
    pub tier: String,
    /// When it was made or first seen, Unix milliseconds.
    pub created_ms: i64,
}

/// A project (workspace) of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its name in events and addresses.
    pub slug: String,
    /// Name for people; the slug where none was given.
    pub name: String,
    /// The department that pays.
    pub department: Option<String>,
    /// The team that works on it.
    pub team: Option<String>,
    /// When it was made or first seen, Unix milliseconds.
    pub created_ms: i64,
}

/// A price of the tenant's own, as stored: `rates` is the JSON of `meterwire_core::price::Rates`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceOverride {
    /// UUID.
    pub id: String,
    /// Provider as events name it.
    pub provider: String,
    /// Model as events name it.
    pub model: String,
    /// First instant it holds for; `None` is always before.
    pub from_ms: Option<i64>,
    /// First instant it no longer holds for.
    pub until_ms: Option<i64>,
    /// The rates as JSON.
    pub rates: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
}

/// A property of events that a tenant declared as a dimension, with how far older events are counted by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredDimension {
    /// Its name, key and place.
    pub declared: Declared,
    /// When it was declared, Unix milliseconds.
    pub created_ms: i64,
    /// Events from before the declaration that are counted.
    pub filled_events: i64,
    /// Of so many.
    pub events_to_fill: i64,
}

/// What one step of the job behind declared dimensions did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillStep {
    /// Whose dimension it was.
    pub tenant: TenantId,
    /// Whether that dimension is ready now.
    pub ready: bool,
}

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, ascending.
    pub seq: i64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// On what.
    pub target: String,
}

/// Keeps everything that is not usage. Every change is durable when the call returns, with its audit entry.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// A number that changes soon (within half a second) after another server may have changed the catalogue of a tenant, or
    /// with `None` of the instance, for those who remember some of it; who changes it himself knows that. It says nothing by
    /// itself and begins anew with the process.
    fn catalogue_revision(&self, of: Option<TenantId>) -> u64;

    /// Makes a tenant; a taken slug is a conflict.
    async fn create_tenant(
        &self,
        slug: &str,
        name: &str,
        timezone: &str,
        audit: Audit,
    ) -> StoreResult<Tenant>;
    /// One tenant by slug.
    async fn tenant(&self, slug: &str) -> StoreResult<Option<Tenant>>;
    /// One tenant by number.
    async fn tenant_by_id(&self, id: TenantId) -> StoreResult<Option<Tenant>>;
    /// Tenants by slug.
    async fn tenants(&self, page: PageRequest) -> StoreResult<Page<Tenant>>;
    /// Changes name and zone.
    async fn update_tenant(
        &self,
        id: TenantId,
        name: &str,
        timezone: &str,
        audit: Audit,
    ) -> StoreResult<Tenant>;
    /// Sets how many days single events are kept.
    async fn set_retention(&self, id: TenantId, days: Option<u32>, audit: Audit) -> StoreResult<Tenant>;
    /// Tenants whose single events are not kept for ever.
    async fn tenants_with_retention(&self) -> StoreResult<Vec<Tenant>>;
    /// Tells that events before this instant are kept only as totals; it never goes back. Only then may they be dropped.
    async fn move_events_from(&self, id: TenantId, to_ms: i64) -> StoreResult<()>;
    /// Drops at most so many single events from before what is kept, of those received before `received_before_ms`;
    /// their totals stay. Answers how many: 0 where none is left. The last recorded event of all is never dropped.
    async fn drop_events(
        &self,
        id: TenantId,
        received_before_ms: i64,
        most_events: usize,
    ) -> StoreResult<usize>;
    /// Deletes a tenant and its catalogue; one with events is a conflict.
    async fn delete_tenant(&self, id: TenantId, audit: Audit) -> StoreResult<()>;

    /// Keeps a new key; a taken prefix is a conflict.
    async fn create_key(&self, key: ApiKey, audit: Audit) -> StoreResult<()>;
    /// Keeps a key of the instance where it has none; `false` where it has, be it that another server made one a moment ago.
    async fn create_first_key(&self, key: ApiKey, audit: Audit) -> StoreResult<bool>;
    /// The key whose token begins like this, revoked and expired ones too.
    async fn key_by_prefix(&self, prefix: &str) -> StoreResult<Option<ApiKey>>;
    /// One key by id, in a tenant (`None`: of the instance).
    async fn key(&self, tenant: Option<TenantId>, id: &str) -> StoreResult<Option<ApiKey>>;
    /// Keys of a tenant (`None`: of the instance) by id, which is the order of making.
    async fn keys(&self, tenant: Option<TenantId>, page: PageRequest) -> StoreResult<Page<ApiKey>>;
    /// Replaces prefix and hash: the old token ends with its sessions; a taken prefix is a conflict.
    async fn rotate_key(
        &self,
        tenant: Option<TenantId>,
        id: &str,
        prefix: &str,
        hash: [u8; 32],
        audit: Audit,
    ) -> StoreResult<ApiKey>;
    /// Revokes a key and ends its sessions; doing it twice is fine.
    async fn revoke_key(&self, tenant: Option<TenantId>, id: &str, audit: Audit) -> StoreResult<()>;
    /// Notes that a key was used.
    async fn touch_key(&self, id: &str, at_ms: i64) -> StoreResult<()>;

    /// Keeps a session and forgets those that ended before `now_ms`.
    async fn create_session(&self, session: Session, now_ms: i64) -> StoreResult<()>;
    /// The session with this hash and its key.
    async fn session(&self, hash: [u8; 32]) -> StoreResult<Option<(Session, ApiKey)>>;
    /// Ends a session.
    async fn delete_session(&self, hash: [u8; 32]) -> StoreResult<()>;

    /// Makes a user; a taken id is a conflict.
    async fn create_user(&self, tenant: TenantId, user: User, audit: Audit) -> StoreResult<()>;
    /// One user.
    async fn user(&self, tenant: TenantId, id: &str) -> StoreResult<Option<User>>;
    /// Users by id.
    async fn users(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<User>>;
    /// Replaces name and tier.
    async fn update_user(&self, tenant: TenantId, user: User, audit: Audit) -> StoreResult<()>;
    /// Deletes a user; its events stay. Seen again, it is made again.
    async fn delete_user(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;

    /// Replaces everything that names a user by a pseudonym, in one transaction: totals stay, keys that act for it end, and
    /// the next event that names it is a new user's. A taken pseudonym is a conflict.
    async fn erase_user(&self, tenant: TenantId, id: &str, pseudonym: &str, audit: Audit) -> StoreResult<()>;
    /// Clears properties and request hashes of at most so many events of erased users; `false` where nothing was left.
    async fn clear_erased(&self, most_events: usize) -> StoreResult<bool>;

    /// Makes a project; a taken slug is a conflict.
    async fn create_project(&self, tenant: TenantId, project: Project, audit: Audit) -> StoreResult<()>;
    /// One project.
    async fn project(&self, tenant: TenantId, slug: &str) -> StoreResult<Option<Project>>;
    /// Projects by slug.
    async fn projects(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<Project>>;
    /// Replaces name, department and team.
    async fn update_project(&self, tenant: TenantId, project: Project, audit: Audit) -> StoreResult<()>;
    /// Deletes a project; its events stay. Seen again, it is made again.
    async fn delete_project(&self, tenant: TenantId, slug: &str, audit: Audit) -> StoreResult<()>;

    /// Keeps a price override.
    async fn create_price(&self, tenant: TenantId, price: PriceOverride, audit: Audit) -> StoreResult<()>;
    /// One price override.
    async fn price(&self, tenant: TenantId, id: &str) -> StoreResult<Option<PriceOverride>>;
    /// Price overrides by id, which is the order of making.
    async fn prices(&self, tenant: TenantId, page: PageRequest) -> StoreResult<Page<PriceOverride>>;
    /// Replaces everything but id and time of making.
    async fn update_price(&self, tenant: TenantId, price: PriceOverride, audit: Audit) -> StoreResult<()>;
    /// Deletes a price override; events rated with it keep its id and their cost.
    async fn delete_price(&self, tenant: TenantId, id: &str, audit: Audit) -> StoreResult<()>;

    /// What a tenant has declared as dimensions, by name.
    async fn dimensions(&self, tenant: TenantId) -> StoreResult<Vec<DeclaredDimension>>;
    /// Declares a property as a dimension; a taken name is a conflict, one too many is invalid. Events count by it from
    /// now on; older ones as [`Self::fill_dimensions`] comes to them. Questions that use it are refused until then.
    async fn declare_dimension(
        &self,
        tenant: TenantId,
        name: &str,
        property: &str,
        audit: Audit,
    ) -> StoreResult<DeclaredDimension>;
    /// Removes a dimension; the properties of events stay.
    async fn remove_dimension(&self, tenant: TenantId, name: &str, audit: Audit) -> StoreResult<()>;
    /// Counts at most so many older events by a dimension that is not ready yet; `None` where there is nothing to do.
    /// What was counted is never counted again, whatever happens in between.
    async fn fill_dimensions(&self, most_events: usize) -> StoreResult<Option<FillStep>>;

    /// Writes an entry of the audit log about something that needed no change of the catalogue.
    async fn note(&self, tenant: Option<TenantId>, audit: Audit) -> StoreResult<()>;
    /// The audit log of a tenant (`None`: of the instance), newest first, paged by number. Making and deleting a tenant is
    /// told in the instance's log, everything else in that of the tenant it is about.
    async fn audit(&self, tenant: Option<TenantId>, page: PageRequest) -> StoreResult<Page<AuditEntry>>;

    /// A setting of the instance, such as `demo`.
    async fn setting(&self, name: &str) -> StoreResult<Option<String>>;
    /// Sets it.
    async fn set_setting(&self, name: &str, value: &str) -> StoreResult<()>;
}
