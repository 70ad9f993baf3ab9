//! `[providers]`.

use super::or_text;
use meterwire_app::ports::ReportAccount;
use meterwire_app::{FixedAccount, ProviderSettings};
use meterwire_core::provider_report::ReportProvider;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Asking providers what was used. A key set here makes a connection that is not stored and cannot be changed by a request.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProvidersConfig {
    /// An admin key of OpenAI; `OPENAI_API_KEY` sets it too.
    pub openai_api_key: Option<String>,
    /// Where OpenAI is, if elsewhere.
    pub openai_base_url: Option<String>,
    /// OpenAI's projects to ours; `default` is usage without one. In a variable: `proj_a=support-bot,default=other`.
    #[serde(deserialize_with = "map_or_text")]
    pub openai_project_map: BTreeMap<String, String>,
    /// OpenAI's ids of API keys to the `api_key` that events name.
    #[serde(deserialize_with = "map_or_text")]
    pub openai_key_map: BTreeMap<String, String>,
    /// An admin key of Anthropic; `ANTHROPIC_ADMIN_KEY` sets it too.
    pub anthropic_admin_key: Option<String>,
    /// Where Anthropic is, if elsewhere.
    pub anthropic_base_url: Option<String>,
    /// Anthropic's workspaces to our projects.
    #[serde(deserialize_with = "map_or_text")]
    pub anthropic_project_map: BTreeMap<String, String>,
    /// Anthropic's ids of API keys to the `api_key` that events name.
    #[serde(deserialize_with = "map_or_text")]
    pub anthropic_key_map: BTreeMap<String, String>,
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
            openai_project_map: BTreeMap::new(),
            openai_key_map: BTreeMap::new(),
            anthropic_admin_key: None,
            anthropic_base_url: None,
            anthropic_project_map: BTreeMap::new(),
            anthropic_key_map: BTreeMap::new(),
            tenant: None,
            cache_seconds: 300,
        }
    }
}

impl ProvidersConfig {
    /// As the use cases take it.
    pub fn to_settings(&self) -> ProviderSettings {
        ProviderSettings {
            cache_ms: i64::from(self.cache_seconds) * 1000,
            tenant: self.tenant.clone(),
            accounts: self.accounts().into_iter().filter(|fixed| !fixed.account.key.is_empty()).collect(),
        }
    }

    /// What is set of each provider, with an empty key where there is none.
    fn accounts(&self) -> [FixedAccount; 2] {
        let of =
            |provider, key: &Option<String>, base_url: &Option<String>, project_map: &Map, key_map: &Map| {
                let key = key.as_deref().map(str::trim).unwrap_or_default().to_owned();
                FixedAccount {
                    account: ReportAccount { provider, base_url: base_url.clone(), key },
                    project_map: project_map.clone(),
                    key_map: key_map.clone(),
                }
            };
        [
            of(
                ReportProvider::OpenAi,
                &self.openai_api_key,
                &self.openai_base_url,
                &self.openai_project_map,
                &self.openai_key_map,
            ),
            of(
                ReportProvider::Anthropic,
                &self.anthropic_admin_key,
                &self.anthropic_base_url,
                &self.anthropic_project_map,
                &self.anthropic_key_map,
            ),
        ]
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !(10..=86_400).contains(&self.cache_seconds) {
            return Err("configuration: providers.cache_seconds must be from 10 to 86400".into());
        }
        for fixed in self.accounts() {
            let name = fixed.account.provider.name();
            fixed
                .check()
                .map_err(|refused| format!("configuration: providers.{name}_{}", refused.message))?;
        }
        Ok(())
    }
}

type Map = BTreeMap<String, String>;

/// Reads a map, or one text of `theirs=ours` with commas between, as variables are.
fn map_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<Map, D::Error> {
    let text = match Value::deserialize(from)? {
        Value::String(text) => text,
        value => return serde_json::from_value(value).map_err(Error::custom),
    };
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let mut map = Map::new();
    for pair in pairs {
        let (theirs, ours) =
            pair.split_once('=').ok_or_else(|| Error::custom(format!("{pair:?} must be THEIRS=OURS")))?;
        if map.insert(theirs.trim().to_owned(), ours.trim().to_owned()).is_some() {
            return Err(Error::custom(format!("{theirs:?} is there twice")));
        }
    }
    Ok(map)
}

impl std::fmt::Debug for ProvidersConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProvidersConfig")
            .field("openai_api_key", &self.openai_api_key.as_ref().map(|_| ".."))
            .field("openai_base_url", &self.openai_base_url)
            .field("openai_project_map", &self.openai_project_map)
            .field("openai_key_map", &self.openai_key_map)
            .field("anthropic_admin_key", &self.anthropic_admin_key.as_ref().map(|_| ".."))
            .field("anthropic_base_url", &self.anthropic_base_url)
            .field("anthropic_project_map", &self.anthropic_project_map)
            .field("anthropic_key_map", &self.anthropic_key_map)
            .field("tenant", &self.tenant)
            .field("cache_seconds", &self.cache_seconds)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Result<ProvidersConfig, String> {
        let config: ProvidersConfig = serde_json::from_value(value).map_err(|error| error.to_string())?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn maps_are_tables_or_one_text() {
        let table = serde_json::json!({ "openai_api_key": "sk-admin", "openai_project_map": { "proj_a": "support-bot" } });
        let text = serde_json::json!({ "openai_api_key": "sk-admin", "openai_project_map": " proj_a = support-bot ," });
        for given in [table, text] {
            let accounts = read(given).unwrap().to_settings().accounts;
            assert_eq!(accounts.len(), 1);
            assert_eq!(accounts[0].project_map, Map::from([("proj_a".to_owned(), "support-bot".to_owned())]));
        }
        let keys = serde_json::json!({ "anthropic_admin_key": "sk-ant-admin", "anthropic_key_map": "k1=prod,k2=test" });
        assert_eq!(read(keys).unwrap().to_settings().accounts[0].key_map.len(), 2);
        for (wrong, said) in
            [("proj_a", "THEIRS=OURS"), ("a=b,a=c", "twice"), ("a=", "providers.openai_project_map")]
        {
            let refused = read(serde_json::json!({ "openai_project_map": wrong })).unwrap_err();
            assert!(refused.contains(said), "{wrong}: {refused}");
        }
    }
}
