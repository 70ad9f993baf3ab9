//! `[providers]`.

use super::or_text;
use meterwire_app::ProviderSettings;
use meterwire_app::ports::ReportAccount;
use meterwire_core::provider_report::ReportProvider;
use serde::{Deserialize, Serialize};

/// Asking providers what was used. A key set here makes a connection that is not stored and cannot be changed by a request.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProvidersConfig {
    /// An admin key of OpenAI; `OPENAI_API_KEY` sets it too.
    pub openai_api_key: Option<String>,
    /// Where OpenAI is, if elsewhere.
    pub openai_base_url: Option<String>,
    /// An admin key of Anthropic; `ANTHROPIC_ADMIN_KEY` sets it too.
    pub anthropic_admin_key: Option<String>,
    /// Where Anthropic is, if elsewhere.
    pub anthropic_base_url: Option<String>,
    /// The tenant whose usage these keys tell of; the instance's first one where it is absent.
    pub tenant: Option<String>,
    /// So many seconds is an answer of a provider fresh, 10 to 86,400; `USAGE_API_CACHE_TTL` sets it too.
    #[serde(deserialize_with = "or_text")]
    pub cache_seconds: u32,
}

impl Default for ProvidersConfig {
    fn default() -> Self {
        Self {
            openai_api_key: None,
            openai_base_url: None,
            anthropic_admin_key: None,
            anthropic_base_url: None,
            tenant: None,
            cache_seconds: 300,
        }
    }
}

impl ProvidersConfig {
    /// As the use cases take it.
    pub fn to_settings(&self) -> ProviderSettings {
        let keys = [
            (ReportProvider::OpenAi, &self.openai_api_key, &self.openai_base_url),
            (ReportProvider::Anthropic, &self.anthropic_admin_key, &self.anthropic_base_url),
        ];
        let account = |(provider, key, base_url): (ReportProvider, &Option<String>, &Option<String>)| {
            let key = key.as_deref().map(str::trim).filter(|key| !key.is_empty())?.to_owned();
            Some(ReportAccount { provider, base_url: base_url.clone(), key })
        };
        ProviderSettings {
            cache_ms: i64::from(self.cache_seconds) * 1000,
            tenant: self.tenant.clone(),
            accounts: keys.into_iter().filter_map(account).collect(),
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !(10..=86_400).contains(&self.cache_seconds) {
            return Err("configuration: providers.cache_seconds must be from 10 to 86400".into());
        }
        Ok(())
    }
}

impl std::fmt::Debug for ProvidersConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProvidersConfig")
            .field("openai_api_key", &self.openai_api_key.as_ref().map(|_| ".."))
            .field("openai_base_url", &self.openai_base_url)
            .field("anthropic_admin_key", &self.anthropic_admin_key.as_ref().map(|_| ".."))
            .field("anthropic_base_url", &self.anthropic_base_url)
            .field("tenant", &self.tenant)
            .field("cache_seconds", &self.cache_seconds)
            .finish()
    }
}
