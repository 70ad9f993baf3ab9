//! The browser's session: a key exchanged for a cookie that scripts cannot read.

use crate::authenticate::is_live;
use crate::clock::new_secret;
use crate::ports::Session;
use crate::{AppError, Caller, Meterwire, Token};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How long a session lasts.
pub const SESSION_MS: i64 = 7 * 86_400_000;

impl Meterwire {
    /// Exchanges a key for a session: the caller and the cookie's value, which is stored only as a hash.
    pub async fn open_session(&self, presented: &str) -> Result<(Arc<Caller>, String), AppError> {
        let caller = self.authenticate(presented).await?;
        let Some(key_id) = caller.key.as_ref().map(|key| key.id.clone()) else {
            return Err(AppError::Unauthenticated("a session needs an API key"));
        };
        let secret = new_secret();
        let now_ms = self.now_ms();
        let session = Session { hash: hash_of(&secret), key_id, expires_ms: now_ms + SESSION_MS };
        self.catalog.create_session(session, now_ms).await?;
        Ok((caller, secret))
    }

    /// Finds the caller behind a session's cookie.
    pub async fn resume_session(&self, cookie: &str) -> Result<Arc<Caller>, AppError> {
        let ended = AppError::Unauthenticated("the session has ended; sign in again");
        if Token::presented(cookie).is_none() {
            return Err(ended);
        }
        let now_ms = self.now_ms();
        match self.catalog.session(hash_of(cookie)).await? {
            Some((session, key)) if now_ms < session.expires_ms && is_live(&key, now_ms) => {
                // Remembered under the key's own hash, so that nothing about the session outlives it.
                let hash = key.hash;
                self.caller_of_key(key, hash, now_ms).await
            }
            _ => Err(ended),
        }
    }

    /// Ends a session; an unknown one has ended already.
    pub async fn close_session(&self, cookie: &str) -> Result<(), AppError> {
        Ok(self.catalog.delete_session(hash_of(cookie)).await?)
    }
}

fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
