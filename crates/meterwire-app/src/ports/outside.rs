//! What lies beyond the store: secrets, other people's servers.

use std::sync::Arc;

/// Seals secrets, so that a copy of the data directory gives none away.
pub trait Secrets: Send + Sync {
    /// Seals a text. `about` says what it is for and is needed again to open it; it is not secret.
    fn seal(&self, about: &str, secret: &str) -> Result<Vec<u8>, SecretError>;
    /// Opens what was sealed for the same purpose.
    fn open(&self, about: &str, sealed: &[u8]) -> Result<String, SecretError>;
}

/// Why a secret cannot be sealed or opened; the sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(pub String);

/// Everything beyond the store. What is not there refuses with a sentence.
#[derive(Clone)]
pub struct Outside {
    /// Seals secrets.
    pub secrets: Arc<dyn Secrets>,
}

impl Default for Outside {
    fn default() -> Self {
        Self { secrets: Arc::new(NoSecrets) }
    }
}

struct NoSecrets;

impl Secrets for NoSecrets {
    fn seal(&self, _about: &str, _secret: &str) -> Result<Vec<u8>, SecretError> {
        Err(SecretError("there is no key to seal secrets with".to_owned()))
    }

    fn open(&self, _about: &str, _sealed: &[u8]) -> Result<String, SecretError> {
        Err(SecretError("there is no key to open secrets with".to_owned()))
    }
}
