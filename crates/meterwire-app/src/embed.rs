//! Embed tokens: for a page inside somebody else's app, short-lived and only for reading.
//!
//! Nothing is kept of them. A token is what it allows, sealed with the key that seals secrets, so nobody else can make or
//! change one, and it holds after a restart. It ends by itself, and at once with the key that it was made with.

use crate::authenticate::is_live;
use crate::ports::{Role, TenantId};
use crate::{Access, AppError, Caller, Meterwire};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use meterwire_core::invalid::Invalid;
use meterwire_core::name::check_label;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How long a token lasts where the wish says nothing.
const DEFAULT_TTL_SECONDS: i64 = 15 * 60;
/// Clocks and pages are not quicker than this.
const MIN_TTL_SECONDS: i64 = 30;
/// A page asks its own server for a new one at least once a day.
const MAX_TTL_SECONDS: i64 = 86_400;

const PREFIX: &str = "mwe_";
/// The longest user with everything around it, sealed and as text, is about 1,600 bytes.
const MAX_TOKEN_BYTES: usize = 2_048;
/// What the seal is for, so that nothing that was sealed for another purpose is taken for a token.
const PURPOSE: &str = "embed-token";

/// A wish for an embed token.
#[derive(Debug, Clone, Default)]
pub struct EmbedWish {
    /// The user whose usage it shows; without one it shows the whole tenant.
    pub user: Option<String>,
    /// How long it lasts, in seconds.
    pub ttl_seconds: Option<i64>,
}

/// An embed token, shown this once.
#[derive(Clone)]
pub struct EmbedToken {
    /// The token.
    pub token: String,
    /// `member` for one user, else `viewer`.
    pub role: Role,
    /// The tenant's slug.
    pub tenant: String,
    /// The user whose usage it shows.
    pub user: Option<String>,
    /// When it ends, Unix milliseconds.
    pub expires_ms: i64,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Grant {
    tenant: i64,
    user: Option<String>,
    expires_ms: i64,
    /// Who made it, for the audit log's sake.
    maker: String,
    /// The key it was made with; a JWT has none.
    key: Option<MakerKey>,
}

#[derive(Serialize, Deserialize)]
struct MakerKey {
    /// The tenant whose key it is; none for the instance's.
    tenant: Option<i64>,
    id: String,
    /// Another one after the key got a new token.
    prefix: String,
}

impl Meterwire {
    /// Makes an embed token of a tenant, for one of its users where the wish names one.
    pub async fn issue_embed_token(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: EmbedWish,
    ) -> Result<EmbedToken, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        if let Some(user) = &wish.user {
            check_label("user", user)?;
        }
        let ttl_seconds = wish.ttl_seconds.unwrap_or(DEFAULT_TTL_SECONDS);
        if !(MIN_TTL_SECONDS..=MAX_TTL_SECONDS).contains(&ttl_seconds) {
            let message = format!("ttl_seconds must be from {MIN_TTL_SECONDS} to {MAX_TTL_SECONDS}");
            return Err(Invalid::new("ttl_seconds", message).into());
        }
        let expires_ms = self.now_ms() + ttl_seconds * 1000;
        let key = caller.key.as_ref().map(|key| MakerKey {
            tenant: caller.tenant.as_ref().map(|own| own.id.0),
            id: key.id.clone(),
            prefix: key.prefix.clone(),
        });
        let (user, maker) = (wish.user.clone(), caller.actor.clone());
        let token = self.seal_grant(&Grant { tenant: tenant.id.0, user, expires_ms, maker, key })?;
        let target = wish.user.as_deref().unwrap_or("-");
        self.catalog.note(Some(tenant.id), self.audit(caller, "embed_token.create", target)).await?;
        Ok(EmbedToken {
            token,
            role: role_of(wish.user.as_deref()),
            tenant: tenant.slug,
            user: wish.user,
            expires_ms,
        })
    }

    /// The caller behind an embed token; `None` for what is none, or none any more.
    pub(crate) async fn embedded_caller(&self, presented: &str) -> Result<Option<Arc<Caller>>, AppError> {
        let Some(sealed) = presented.strip_prefix(PREFIX).filter(|_| presented.len() <= MAX_TOKEN_BYTES)
        else {
            return Ok(None);
        };
        let now_ms = self.now_ms();
        let hash: [u8; 32] = Sha256::digest(presented.as_bytes()).into();
        if let Some(caller) = self.remembered(&hash, now_ms) {
            return Ok(Some(caller));
        }
        let Some(grant) = self.open_grant(sealed).filter(|grant| now_ms < grant.expires_ms) else {
            return Ok(None);
        };
        if !self.maker_is_live(&grant, now_ms).await? {
            return Ok(None);
        }
        let Some(tenant) = self.catalog.tenant_by_id(TenantId(grant.tenant)).await? else {
            return Ok(None);
        };
        let caller = Arc::new(Caller {
            role: role_of(grant.user.as_deref()),
            tenant: Some(tenant),
            user: grant.user,
            project: None,
            key: None,
            actor: format!("embed:{}", grant.maker),
            only_reads: true,
        });
        self.remember(hash, &caller, grant.expires_ms, now_ms);
        Ok(Some(caller))
    }

    async fn maker_is_live(&self, grant: &Grant, now_ms: i64) -> Result<bool, AppError> {
        let Some(made_with) = &grant.key else { return Ok(true) };
        let key = self.catalog.key(made_with.tenant.map(TenantId), &made_with.id).await?;
        Ok(key.is_some_and(|key| key.prefix == made_with.prefix && is_live(&key, now_ms)))
    }

    fn seal_grant(&self, grant: &Grant) -> Result<String, AppError> {
        let refused = |sentence: String| AppError::Conflict(format!("a token cannot be made: {sentence}"));
        let text = serde_json::to_string(grant).map_err(|error| refused(error.to_string()))?;
        let sealed = self.outside.secrets.seal(PURPOSE, &text).map_err(|error| refused(error.to_string()))?;
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    fn open_grant(&self, sealed: &str) -> Option<Grant> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let text = self.outside.secrets.open(PURPOSE, &sealed).ok()?;
        serde_json::from_str(&text).ok()
    }
}

/// Who names a user sees only that user's usage.
fn role_of(user: Option<&str>) -> Role {
    if user.is_some() { Role::Member } else { Role::Viewer }
}
