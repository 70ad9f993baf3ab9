//! API keys: issued, listed, rotated, revoked. The token is shown once, at its making.

use crate::clock::new_id;
use crate::ports::{ApiKey, Page, PageRequest, Role, StoreError, TenantId};
use crate::{Access, AppError, Caller, Meterwire, Token};
use meterwire_core::invalid::Invalid;
use meterwire_core::name::{check_label, clean_name};

/// A wish for a key.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its name for people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The user it acts for.
    pub user: Option<String>,
    /// The project it is bound to.
    pub project: Option<String>,
    /// When it ends, Unix milliseconds.
    pub expires_ms: Option<i64>,
}

/// A key with its token, the only time that this is known.
#[derive(Debug, Clone)]
pub struct IssuedKey {
    /// The key.
    pub key: ApiKey,
    /// Its token.
    pub token: Token,
}

impl Meterwire {
    /// Issues a key of a tenant; without a tenant, the admin issues one for the instance.
    pub async fn issue_key(
        &self,
        caller: &Caller,
        named: Option<&str>,
        wish: NewKey,
    ) -> Result<IssuedKey, AppError> {
        let tenant = self.keys_of(caller, named).await?;
        let wish = NewKey { name: clean_name("name", &wish.name)?, ..wish };
        for (field, value) in [("user", &wish.user), ("project", &wish.project)] {
            if let Some(value) = value {
                check_label(field, value)?;
            }
        }
        let fits = match wish.role {
            Role::Admin => tenant.is_none(),
            _ => tenant.is_some(),
        };
        if !fits {
            let message = "role admin is for keys of the instance (no ?tenant=), the other roles are for keys of a tenant";
            return Err(Invalid::new("role", message).into());
        }
        if wish.role == Role::Member && wish.user.is_none() {
            return Err(Invalid::new("user", "a member key needs the user it acts for").into());
        }
        if wish.expires_ms.is_some_and(|end_ms| end_ms <= self.now_ms()) {
            return Err(Invalid::new("expires_at", "expires_at must be in the future").into());
        }
        let token = Token::generate();
        let key = self.new_key(tenant, wish, &token);
        let audit = self.audit(caller, "key.create", &key.id);
        self.catalog.create_key(key.clone(), audit).await?;
        Ok(IssuedKey { key, token })
    }

    /// Makes sure that the instance has this admin token, or any at all: returns a new one where none was given and
    /// the instance has no admin key yet.
    pub async fn ensure_admin(&self, given: Option<&str>) -> Result<Option<Token>, AppError> {
        let caller = Caller::command_line();
        let existing = self.catalog.keys(None, PageRequest { after: None, limit: 1 }).await?;
        let token = match given {
            Some(text) => Token::chosen(text).ok_or_else(|| {
                let message = "METERWIRE_ADMIN_TOKEN must be 24 to 256 printable characters without spaces";
                Invalid::new("admin.token", message)
            })?,
            None if existing.items.is_empty() => Token::generate(),
            None => return Ok(None),
        };
        let known = self.catalog.key_by_prefix(&token.prefix()).await?;
        match known.filter(|key| token.matches(&key.hash)) {
            Some(key) if key.revoked_ms.is_none() => return Ok(None),
            Some(_) => {
                let sentence = "METERWIRE_ADMIN_TOKEN is a key that was revoked; choose another token";
                return Err(AppError::Conflict(sentence.to_owned()));
            }
            None => {}
        }
        let wish = NewKey {
            name: "first admin".into(),
            role: Role::Admin,
            user: None,
            project: None,
            expires_ms: None,
        };
        let key = self.new_key(None, wish, &token);
        let audit = self.audit(&caller, "key.create", &key.id);
        if given.is_none() {
            let is_first = self.catalog.create_first_key(key, audit).await?;
            return Ok(is_first.then_some(token));
        }
        match self.catalog.create_key(key, audit).await {
            // Another server that starts at the same moment was quicker.
            Err(StoreError::Conflict(_)) => {
                let there = self.catalog.key_by_prefix(&token.prefix()).await?;
                let sentence = "METERWIRE_ADMIN_TOKEN begins like another key; choose another token";
                let is_it = there.is_some_and(|key| token.matches(&key.hash) && key.revoked_ms.is_none());
                return if is_it { Ok(None) } else { Err(AppError::Conflict(sentence.to_owned())) };
            }
            made => made?,
        }
        Ok(None)
    }

    /// Keys, oldest first.
    pub async fn list_keys(
        &self,
        caller: &Caller,
        named: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, AppError> {
        let tenant = self.keys_of(caller, named).await?;
        Ok(self.catalog.keys(tenant, page).await?)
    }

    /// One key.
    pub async fn read_key(&self, caller: &Caller, named: Option<&str>, id: &str) -> Result<ApiKey, AppError> {
        let tenant = self.keys_of(caller, named).await?;
        self.catalog.key(tenant, id).await?.ok_or(AppError::NotFound("key"))
    }

    /// Gives a key a new token; the old one ends at once.
    pub async fn rotate_key(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<IssuedKey, AppError> {
        let tenant = self.keys_of(caller, named).await?;
        let key = self.catalog.key(tenant, id).await?.ok_or(AppError::NotFound("key"))?;
        if key.revoked_ms.is_some() {
            return Err(AppError::Conflict("the key was revoked; create a new one".into()));
        }
        let token = Token::generate();
        let audit = self.audit(caller, "key.rotate", id);
        let key = self.catalog.rotate_key(tenant, id, &token.prefix(), token.hash(), audit).await?;
        self.callers.clear();
        Ok(IssuedKey { key, token })
    }

    /// Revokes a key and ends its sessions, at once.
    pub async fn revoke_key(&self, caller: &Caller, named: Option<&str>, id: &str) -> Result<(), AppError> {
        let tenant = self.keys_of(caller, named).await?;
        self.catalog.revoke_key(tenant, id, self.audit(caller, "key.revoke", id)).await?;
        self.callers.clear();
        Ok(())
    }

    /// Whose keys are meant: those of a tenant, or without one those of the instance, which only an admin sees.
    async fn keys_of(&self, caller: &Caller, named: Option<&str>) -> Result<Option<TenantId>, AppError> {
        caller.require(Access::Own)?;
        if named.is_none() && caller.tenant.is_none() {
            return Ok(None);
        }
        Ok(Some(self.tenant_for(caller, named).await?.id))
    }

    fn new_key(&self, tenant: Option<TenantId>, wish: NewKey, token: &Token) -> ApiKey {
        ApiKey {
            id: new_id(),
            tenant,
            name: wish.name,
            role: wish.role,
            prefix: token.prefix(),
            hash: token.hash(),
            user: wish.user,
            project: wish.project,
            created_ms: self.now_ms(),
            expires_ms: wish.expires_ms,
            revoked_ms: None,
            last_used_ms: None,
        }
    }
}
