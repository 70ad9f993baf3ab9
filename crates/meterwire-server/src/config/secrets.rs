//! `[secrets]`.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What secrets of others (providers' keys, addresses of channels) are sealed with before they are stored. Without either, a
/// key is made in the data directory.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecretsConfig {
    /// The key itself: 64 hexadecimal digits.
    pub key: Option<String>,
    /// A file that holds it.
    pub key_file: Option<PathBuf>,
}

impl std::fmt::Debug for SecretsConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretsConfig")
            .field("key", &self.key.as_ref().map(|_| ".."))
            .field("key_file", &self.key_file)
            .finish()
    }
}
