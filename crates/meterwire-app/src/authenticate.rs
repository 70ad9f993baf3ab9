//! From a token to a caller. A short-lived cache keeps the catalogue out of the way of every request.

use crate::caller::CallerKey;
use crate::ports::{ApiKey, Role, Tenant, TenantId};
use crate::{AppError, Caller, Meterwire, Token};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// How long a caller is believed without asking the catalogue: the longest that a change made by another server goes
/// unnoticed, which mostly is seen within half a second. Changes made by this one are seen at once.
const CACHE_MS: i64 = 5_000;
const CACHE_ENTRIES: usize = 10_000;
/// How stale `last_used` may be.
const TOUCH_MS: i64 = 60_000;

#[derive(Default)]
pub(crate) struct CallerCache(RwLock<HashMap<[u8; 32], Cached>>);

#[derive(Clone)]
struct Cached {
    caller: Arc<Caller>,
    until_ms: i64,
    /// The revision of the catalogue that the caller is in.
    revision: u64,
}

impl CallerCache {
    fn get(&self, hash: &[u8; 32]) -> Option<Cached> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn put(&self, hash: [u8; 32], caller: &Arc<Caller>, until_ms: i64, revision: u64) {
        let mut cache = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE_ENTRIES {
            cache.clear();
        }
        cache.insert(hash, Cached { caller: caller.clone(), until_ms, revision });
    }

    pub(crate) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What a verified JWT says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Slug of the tenant; only the admin has none.
    pub tenant: Option<String>,
    /// The user it was made for.
    pub user: Option<String>,
    /// The role.
    pub role: Role,
}

impl Meterwire {
    /// Finds the caller behind an API token or an embed token.
    pub async fn authenticate(&self, presented: &str) -> Result<Arc<Caller>, AppError> {
        if let Some(caller) = self.embedded_caller(presented).await? {
            return Ok(caller);
        }
        let unknown = AppError::Unauthenticated("the token is not known, has expired or was revoked");
        let Some(token) = Token::presented(presented) else {
            return Err(unknown);
        };
        let now_ms = self.now_ms();
        let hash = token.hash();
        if let Some(caller) = self.remembered(&hash, now_ms) {
            return Ok(caller);
        }
        let key = self.catalog.key_by_prefix(&token.prefix()).await?;
        let Some(key) = key.filter(|key| token.matches(&key.hash) && is_live(key, now_ms)) else {
            return Err(unknown);
        };
        self.caller_of_key(key, hash, now_ms).await
    }

    /// The caller behind a live key; remembered under `hash`.
    pub(crate) async fn caller_of_key(
        &self,
        key: ApiKey,
        hash: [u8; 32],
        now_ms: i64,
    ) -> Result<Arc<Caller>, AppError> {
        let tenant = self.tenant_of(key.tenant).await?;
        if key.last_used_ms.is_none_or(|last_ms| now_ms - last_ms >= TOUCH_MS) {
            self.catalog.touch_key(&key.id, now_ms).await?;
        }
        let caller = Arc::new(Caller {
            role: key.role,
            tenant,
            user: key.user,
            project: key.project,
            actor: format!("key:{}", key.prefix),
            key: Some(CallerKey { id: key.id, name: key.name, prefix: key.prefix }),
            only_reads: false,
        });
        self.remember(hash, &caller, key.expires_ms.unwrap_or(i64::MAX), now_ms);
        Ok(caller)
    }

    /// Spares the next requests of a caller whose token ends at `end_ms` the look into the catalogue.
    pub(crate) fn remember(&self, hash: [u8; 32], caller: &Arc<Caller>, end_ms: i64, now_ms: i64) {
        self.callers.put(hash, caller, end_ms.min(now_ms + CACHE_MS), self.revision_of(caller));
    }

    /// The caller that is remembered under `hash`, where nothing may have changed since.
    pub(crate) fn remembered(&self, hash: &[u8; 32], now_ms: i64) -> Option<Arc<Caller>> {
        let cached = self.callers.get(hash)?;
        let is_fresh = now_ms < cached.until_ms && cached.revision == self.revision_of(&cached.caller);
        is_fresh.then_some(cached.caller)
    }

    fn revision_of(&self, caller: &Caller) -> u64 {
        self.catalog.catalogue_revision(caller.tenant.as_ref().map(|tenant| tenant.id))
    }

    /// The caller that a verified JWT names; a tenant that does not exist is no caller.
    pub async fn caller_from_claims(&self, claims: Claims) -> Result<Caller, AppError> {
        let refused = AppError::Unauthenticated("the token names no tenant of this instance");
        let tenant = match &claims.tenant {
            Some(slug) => Some(self.catalog.tenant(slug).await?.ok_or(refused)?),
            None if claims.role == Role::Admin => None,
            None => return Err(refused),
        };
        let actor = format!("jwt:{}", claims.user.as_deref().unwrap_or("-"));
        let (role, user) = (claims.role, claims.user);
        Ok(Caller { role, tenant, user, project: None, key: None, actor, only_reads: false })
    }

    async fn tenant_of(&self, id: Option<TenantId>) -> Result<Option<Tenant>, AppError> {
        match id {
            None => Ok(None),
            Some(id) => Ok(Some(self.catalog.tenant_by_id(id).await?.ok_or(AppError::NotFound("tenant"))?)),
        }
    }
}

pub(crate) fn is_live(key: &ApiKey, now_ms: i64) -> bool {
    key.revoked_ms.is_none() && key.expires_ms.is_none_or(|end_ms| now_ms < end_ms)
}
