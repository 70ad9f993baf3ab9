//! Connections to providers: made, changed, looked at.
//!
//! A key is sealed before it is stored and never shown again. Whoever changes the address has to send the key again, so that
//! nobody can have a key sent to himself.

use crate::clock::new_id;
use crate::ports::{Connection, ReportAccount, Tenant, TenantId};
use crate::{Access, AppError, Caller, Meterwire};
use meterwire_core::invalid::Invalid;
use meterwire_core::name::{check_label, clean_name};
use meterwire_core::period::Range;
use meterwire_core::provider_report::{DAY_MS, Health, ReportProvider, StreamState, health, utc_day};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// The most entries of a map of projects or keys.
const MAX_MAPPED: usize = 500;
/// A new connection reaches back so far: this month and the last are there in any case.
const FIRST_REACH_MS: i64 = 62 * DAY_MS;
/// The farthest that a connection can be made to reach back.
const MAX_REACH_MS: i64 = 1096 * DAY_MS;
/// Revisions are looked for in so many days.
const REVISED_WITHIN_MS: i64 = 62 * DAY_MS;

/// How providers are asked, by the instance's settings.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// How long an answer is fresh, milliseconds.
    pub cache_ms: i64,
    /// Whose usage the accounts of the settings tell of; the first tenant's where it is absent.
    pub tenant: Option<String>,
    /// Accounts that are set by the settings and not stored.
    pub accounts: Vec<FixedAccount>,
}

/// An account that is set by the settings.
#[derive(Debug, Clone)]
pub struct FixedAccount {
    /// Whom to ask, and with what.
    pub account: ReportAccount,
    /// The provider's projects to ours.
    pub project_map: BTreeMap<String, String>,
    /// The provider's API keys to ours.
    pub key_map: BTreeMap<String, String>,
}

impl FixedAccount {
    /// Refuses maps that a connection could not have; the field is `project_map` or `key_map`.
    pub fn check(&self) -> Result<(), Invalid> {
        check_map("project_map", &self.project_map)?;
        check_map("key_map", &self.key_map)
    }
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self { cache_ms: 300_000, tenant: None, accounts: vec![] }
    }
}

/// What the importers remember in memory.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) settings: ProviderSettings,
    /// Tenants of whom something is being asked just now: one at a time, so that nobody's slow provider takes all places.
    busy: Mutex<HashSet<TenantId>>,
    /// Whether the streams of the accounts of the settings are there.
    pub(crate) is_prepared: AtomicBool,
    /// Wakes those who wait for something to become due.
    pub(crate) wake: Notify,
}

/// A tenant's turn at the desk; it ends when this is dropped.
pub(crate) struct Turn<'a> {
    desk: &'a Desk,
    tenant: TenantId,
}

impl Desk {
    pub(crate) fn new(settings: ProviderSettings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// A turn for a tenant, unless it has one.
    pub(crate) fn take(&self, tenant: TenantId) -> Option<Turn<'_>> {
        let is_free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        // Not `then_some`: a turn that is made and not given ends the other's when it is dropped.
        is_free.then(|| Turn { desk: self, tenant })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.desk.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.tenant);
    }
}

/// A connection as it stands.
#[derive(Debug, Clone)]
pub struct ConnectionState {
    /// The connection, without its key.
    pub connection: Connection,
    /// Whether it is set by the instance's settings and cannot be changed by a request.
    pub is_fixed: bool,
    /// Whether it can be believed.
    pub health: Health,
    /// How far each kind of its reports has come.
    pub streams: Vec<StreamState>,
    /// Buckets of the last two months that the provider changed after they had been over, and when the last of them.
    pub revised: (usize, Option<i64>),
}

/// A wish for a new connection.
#[derive(Debug, Clone)]
pub struct NewConnection {
    /// `openai` or `anthropic`.
    pub provider: String,
    /// For people; the provider's name where it is absent.
    pub name: Option<String>,
    /// The key.
    pub key: String,
    /// Where the provider is, if elsewhere.
    pub base_url: Option<String>,
    /// Whether it is asked.
    pub enabled: bool,
    /// The provider's projects to ours.
    pub project_map: BTreeMap<String, String>,
    /// The provider's API keys to ours.
    pub key_map: BTreeMap<String, String>,
}

/// What to change of a connection.
#[derive(Debug, Clone, Default)]
pub struct ConnectionChange {
    /// For people.
    pub name: Option<String>,
    /// Another key.
    pub key: Option<String>,
    /// Where the provider is; `Some(None)`: at its usual place.
    pub base_url: Option<Option<String>>,
    /// Whether it is asked.
    pub enabled: Option<bool>,
    /// The provider's projects to ours.
    pub project_map: Option<BTreeMap<String, String>>,
    /// The provider's API keys to ours.
    pub key_map: Option<BTreeMap<String, String>>,
}

impl Meterwire {
    /// With the instance's settings for asking providers.
    #[must_use]
    pub fn with_provider_settings(self, settings: ProviderSettings) -> Self {
        Self { desk: Desk::new(settings), ..self }
    }

    /// Connections, those of the settings first.
    pub async fn list_connections(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Vec<ConnectionState>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let mut states = vec![];
        for connection in self.connections_of(&tenant).await? {
            states.push(self.state_of(&tenant, connection).await?);
        }
        Ok(states)
    }

    /// One connection.
    pub async fn read_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<ConnectionState, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let connection = self.connection_of(&tenant, id).await?;
        self.state_of(&tenant, connection.ok_or(NOT_FOUND)?).await
    }

    /// Makes a connection, which is asked at once.
    pub async fn create_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        new: NewConnection,
    ) -> Result<ConnectionState, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let provider = ReportProvider::from_name(&new.provider)
            .ok_or_else(|| Invalid::new("provider", "provider must be one of openai, anthropic"))?;
        check_key(&new.key)?;
        let id = new_id();
        let connection = Connection {
            name: clean_name("name", new.name.as_deref().unwrap_or(provider.name()))?,
            sealed_key: self.seal_key(tenant.id, &id, &new.key)?,
            id,
            provider,
            base_url: new.base_url,
            enabled: new.enabled,
            project_map: new.project_map,
            key_map: new.key_map,
            created_ms: self.now_ms(),
        };
        self.check_connection(&connection)?;
        self.refuse_second(&tenant, &connection, &new.key).await?;
        let audit = self.audit(caller, "provider.create", &connection.id);
        let streams = self.new_streams(provider);
        self.provider_reports.create_connection(tenant.id, connection.clone(), streams, audit).await?;
        self.desk.wake.notify_one();
        self.state_of(&tenant, connection).await
    }

    /// Changes a connection. Another key or address is tried at once.
    pub async fn update_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        change: ConnectionChange,
    ) -> Result<ConnectionState, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut connection = self.own_connection(&tenant, id).await?;
        let moves = change.base_url.as_ref().is_some_and(|url| *url != connection.base_url);
        if moves && change.key.is_none() {
            let sentence = "key must be sent again with another base_url: it would go to another server";
            return Err(Invalid::new("key", sentence).into());
        }
        let was_enabled = connection.enabled;
        if let Some(name) = &change.name {
            connection.name = clean_name("name", name)?;
        }
        connection.base_url = change.base_url.unwrap_or(connection.base_url);
        connection.enabled = change.enabled.unwrap_or(connection.enabled);
        connection.project_map = change.project_map.unwrap_or(connection.project_map);
        connection.key_map = change.key_map.unwrap_or(connection.key_map);
        if let Some(key) = &change.key {
            check_key(key)?;
            connection.sealed_key = self.seal_key(tenant.id, &connection.id, key)?;
        }
        self.check_connection(&connection)?;
        if let Some(key) = &change.key {
            self.refuse_second(&tenant, &connection, key).await?;
        }
        let is_new = change.key.is_some() || connection.enabled && !was_enabled;
        let audit = self.audit(caller, "provider.update", id);
        let due_ms = is_new.then(|| self.now_ms());
        self.provider_reports.update_connection(tenant.id, connection.clone(), due_ms, audit).await?;
        self.desk.wake.notify_one();
        self.state_of(&tenant, connection).await
    }

    /// Takes a connection away, with what it reported.
    pub async fn delete_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        self.own_connection(&tenant, id).await?;
        let audit = self.audit(caller, "provider.delete", id);
        Ok(self.provider_reports.delete_connection(tenant.id, id, audit).await?)
    }

    /// Has a connection reach back to an instant; the days until what is there already are read too, so that there is no gap.
    pub async fn backfill_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        span: Range,
    ) -> Result<ConnectionState, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let connection = self.connection_of(&tenant, id).await?.ok_or(NOT_FOUND)?;
        let now_ms = self.now_ms();
        if span.from_ms >= span.to_ms {
            return Err(Invalid::new("to", "to must be later than from").into());
        }
        if span.from_ms > now_ms {
            return Err(Invalid::new("from", "from must not be in the future").into());
        }
        if span.from_ms < now_ms - MAX_REACH_MS {
            return Err(Invalid::new("from", "from may be at most 1096 days ago").into());
        }
        let audit = self.audit(caller, "provider.backfill", id);
        let from_ms = utc_day(span.from_ms);
        self.provider_reports.reach_back(tenant.id, id, from_ms, now_ms, audit).await?;
        self.desk.wake.notify_one();
        self.state_of(&tenant, connection).await
    }

    /// Asks again whatever failed or is not fresh any more; answers how many reports are asked for.
    pub async fn refresh_connection(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(usize, ConnectionState), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let connection = self.connection_of(&tenant, id).await?.ok_or(NOT_FOUND)?;
        let now_ms = self.now_ms();
        let fresh_ms = now_ms - self.desk.settings.cache_ms;
        let asked = self.provider_reports.ask_again(tenant.id, id, fresh_ms, now_ms).await?;
        self.desk.wake.notify_one();
        Ok((asked, self.state_of(&tenant, connection).await?))
    }

    /// The connections of a tenant, those of the settings first.
    pub(crate) async fn connections_of(&self, tenant: &Tenant) -> Result<Vec<Connection>, AppError> {
        let mut connections = vec![];
        if !self.desk.settings.accounts.is_empty()
            && self.tenant_of_settings().await?.is_some_and(|named| named.id == tenant.id)
        {
            connections.extend(self.desk.settings.accounts.iter().map(fixed));
        }
        connections.extend(self.provider_reports.connections(tenant.id).await?);
        Ok(connections)
    }

    /// One of them.
    async fn connection_of(&self, tenant: &Tenant, id: &str) -> Result<Option<Connection>, AppError> {
        let all = self.connections_of(tenant).await?;
        Ok(all.into_iter().find(|connection| connection.id == id))
    }

    /// One that can be changed.
    async fn own_connection(&self, tenant: &Tenant, id: &str) -> Result<Connection, AppError> {
        let connection = self.connection_of(tenant, id).await?.ok_or(NOT_FOUND)?;
        if is_fixed(&connection) {
            let sentence = "this connection is set by the instance's settings and cannot be changed here";
            return Err(AppError::Conflict(sentence.to_owned()));
        }
        Ok(connection)
    }

    /// Whose usage the accounts of the settings tell of.
    pub(crate) async fn tenant_of_settings(&self) -> Result<Option<Tenant>, AppError> {
        match &self.desk.settings.tenant {
            Some(slug) => Ok(self.catalog.tenant(slug).await?),
            None => Ok(self.provider_reports.first_tenant().await?),
        }
    }

    pub(crate) fn new_streams(&self, provider: ReportProvider) -> Vec<StreamState> {
        let now_ms = self.now_ms();
        let new = |kind: &_| StreamState::new(*kind, now_ms - FIRST_REACH_MS, now_ms);
        provider.kinds().iter().map(new).collect()
    }

    pub(crate) async fn health_of(
        &self,
        tenant: TenantId,
        connection: &Connection,
    ) -> Result<(Health, Vec<StreamState>), AppError> {
        let streams = self.provider_reports.streams(tenant, &connection.id).await?;
        Ok((health(&streams, self.now_ms(), self.desk.settings.cache_ms), streams))
    }

    async fn state_of(&self, tenant: &Tenant, connection: Connection) -> Result<ConnectionState, AppError> {
        let (health, streams) = self.health_of(tenant.id, &connection).await?;
        let end_ms = utc_day(self.now_ms()) + DAY_MS;
        let days = Range { from_ms: end_ms - REVISED_WITHIN_MS, to_ms: end_ms };
        let ids = vec![connection.id.clone()];
        let buckets = self.provider_reports.report_buckets(tenant.id, ids, days).await?;
        let revised = buckets.iter().filter_map(|bucket| bucket.revised_ms);
        let revised = (revised.clone().count(), revised.max());
        let is_fixed = is_fixed(&connection);
        Ok(ConnectionState { connection, is_fixed, health, streams, revised })
    }

    fn check_connection(&self, connection: &Connection) -> Result<(), Invalid> {
        if let Some(url) = &connection.base_url {
            if url.len() > 2048 {
                return Err(Invalid::new("base_url", "base_url may have at most 2048 bytes"));
            }
            self.outside
                .reports
                .check_base_url(url)
                .map_err(|sentence| Invalid::new("base_url", format!("base_url {sentence}")))?;
        }
        check_map("project_map", &connection.project_map)?;
        check_map("key_map", &connection.key_map)
    }

    /// The same key twice would count everything twice.
    async fn refuse_second(&self, tenant: &Tenant, new: &Connection, key: &str) -> Result<(), AppError> {
        for other in self.connections_of(tenant).await? {
            if other.provider != new.provider || other.id == new.id {
                continue;
            }
            let same = match self.key_of(tenant.id, &other) {
                Ok(there) => there == key,
                // Sealed with another key; nobody can tell.
                Err(_) => false,
            };
            if same {
                let sentence = format!("the connection {:?} asks with this key already", other.name);
                return Err(AppError::Conflict(sentence));
            }
        }
        Ok(())
    }

    fn seal_key(&self, tenant: TenantId, id: &str, key: &str) -> Result<Vec<u8>, AppError> {
        let sealed = self.outside.secrets.seal(&purpose(tenant, id), key);
        sealed.map_err(|error| AppError::Conflict(error.to_string()))
    }

    /// A connection's key; a sentence where it cannot be opened.
    pub(crate) fn key_of(&self, tenant: TenantId, connection: &Connection) -> Result<String, String> {
        if is_fixed(connection) {
            let mut accounts = self.desk.settings.accounts.iter().map(|fixed| &fixed.account);
            let account = accounts.find(|it| it.provider == connection.provider);
            return account.map(|account| account.key.clone()).ok_or_else(|| "its key is not set".to_owned());
        }
        let purpose = purpose(tenant, &connection.id);
        self.outside.secrets.open(&purpose, &connection.sealed_key).map_err(|error| error.to_string())
    }
}

const NOT_FOUND: AppError = AppError::NotFound("provider connection");

/// The tenant belongs to it, so that a row moved to another tenant opens nothing.
fn purpose(tenant: TenantId, id: &str) -> String {
    format!("provider/{}/{id}", tenant.0)
}

/// The connection that an account of the settings makes.
fn fixed(FixedAccount { account, project_map, key_map }: &FixedAccount) -> Connection {
    let name = account.provider.name();
    Connection {
        id: format!("env-{name}"),
        provider: account.provider,
        name: format!("{name} (settings)"),
        base_url: account.base_url.clone(),
        sealed_key: vec![],
        enabled: true,
        project_map: project_map.clone(),
        key_map: key_map.clone(),
        created_ms: 0,
    }
}

fn is_fixed(connection: &Connection) -> bool {
    connection.id.starts_with("env-")
}

fn check_key(key: &str) -> Result<(), Invalid> {
    if (8..=512).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Invalid::new("key", "key must be 8 to 512 printable characters without spaces"))
}

fn check_map(field: &str, map: &BTreeMap<String, String>) -> Result<(), Invalid> {
    if map.len() > MAX_MAPPED {
        return Err(Invalid::new(field, format!("{field} may have at most {MAX_MAPPED} entries")));
    }
    map.iter().flat_map(|(theirs, ours)| [theirs, ours]).try_for_each(|text| check_label(field, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_one_turn_however_often_another_is_asked_for() {
        let desk = Desk::default();
        let turn = desk.take(TenantId(1));
        assert!(turn.is_some());
        for _ in 0..3 {
            assert!(desk.take(TenantId(1)).is_none());
        }
        assert!(desk.take(TenantId(2)).is_some());
        drop(turn);
        assert!(desk.take(TenantId(1)).is_some());
    }
}
