//! Settings: defaults, then the file, then `.env` and `METERWIRE_..` variables, then flags. Unknown keys fail.

mod budget;
mod mail;
mod memory;
mod origins;
mod providers;
mod secrets;
mod storage;

pub use budget::BudgetConfig;
pub use mail::{MailConfig, OutgoingConfig};
pub use providers::ProvidersConfig;
pub use secrets::SecretsConfig;
pub use storage::{StorageConfig, StorageKind};

use crate::http::{HttpSettings, JwtConfig};
use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;

/// Every setting. A variable is the section and the key: `[server] listen` is `METERWIRE_SERVER_LISTEN`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub server: ServerConfig,
    /// Where everything is kept.
    pub storage: StorageConfig,
    /// The first admin.
    pub admin: AdminConfig,
    /// How usage is shown.
    pub usage: UsageConfig,
    /// What a month may cost.
    pub budget: BudgetConfig,
    /// Tokens of the customer's own app.
    pub auth: JwtConfig,
    /// What secrets of others are sealed with.
    pub secrets: SecretsConfig,
    /// Asking providers what was used.
    pub providers: ProvidersConfig,
    /// The mail server.
    pub mail: MailConfig,
    /// Requests to addresses that customers enter.
    pub outgoing: OutgoingConfig,
    /// What is logged.
    pub log: LogConfig,
}

/// `[server]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// The address by which people reach the page, if it is another one (behind a proxy).
    pub public_url: Option<String>,
    /// How long requests may take to finish when the server is told to stop.
    #[serde(deserialize_with = "or_text")]
    pub shutdown_seconds: u64,
    /// The most live streams at a time, 1 to 100,000; each holds a connection. One tenant may hold three quarters of them.
    #[serde(deserialize_with = "or_text")]
    pub max_streams: usize,
    /// Origins whose pages may ask the API, with a token of their own.
    #[serde(deserialize_with = "origins::list_or_text")]
    pub cors_origins: Vec<String>,
}

/// `[admin]`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminConfig {
    /// The first admin token, 24 characters or more.
    pub token: Option<String>,
}

/// `[usage]`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsageConfig {
    /// Flat rate in cents a call for `est_cost_cents`; without it the metered cost is taken.
    #[serde(deserialize_with = "optional_or_text")]
    pub rate_cents: Option<u32>,
}

/// `[log]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// A filter such as `info` or `meterwire_server=debug,info`.
    pub filter: String,
    /// Text for people or JSON for machines.
    pub format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8000));
        Self {
            listen,
            public_url: None,
            shutdown_seconds: 30,
            max_streams: HttpSettings::default().max_streams,
            cors_origins: vec![],
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl std::fmt::Debug for AdminConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdminConfig").field("token", &self.token.as_ref().map(|_| "..")).finish()
    }
}

impl Config {
    /// Reads the settings; a sentence says what is wrong and where.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(format!("the configuration file {} does not exist", file.display()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment
            .merge(variables(std::env::vars()))
            .extract()
            .map_err(|error| format!("configuration: {error}"))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        self.storage.check()?;
        self.providers.check()?;
        self.budget.amount()?;
        self.budget.levels()?;
        origins::check(&self.server.cors_origins)?;
        if self.server.shutdown_seconds > 3600 {
            return Err("configuration: server.shutdown_seconds may be at most 3600".into());
        }
        if !(1..=100_000).contains(&self.server.max_streams) {
            return Err("configuration: server.max_streams must be from 1 to 100000".into());
        }
        self.check_key()?;
        match &self.server.public_url {
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                Err("configuration: server.public_url must begin with http:// or https://".into())
            }
            _ => Ok(()),
        }
    }

    /// Each server has to open what another sealed, and they share no directory.
    fn check_key(&self) -> Result<(), String> {
        let has_key = self.secrets.key.as_deref().is_some_and(|key| !key.trim().is_empty());
        if !self.storage.is_cluster() || has_key || self.secrets.key_file.is_some() {
            return Ok(());
        }
        Err("configuration: storage.kind is \"cluster\": write secrets.key (METERWIRE_SECRETS_KEY) or secrets.key_file, the same \
             on every server; `openssl rand -hex 32` makes one"
            .into())
    }
}

/// The settings among the variables: `METERWIRE_SERVER_LISTEN` is the key `listen` of the section `server`. Other names
/// are no settings (`METERWIRE_TOKEN` is the command line's). Values stay texts, so that a token of digits is one.
fn variables(
    all: impl Iterator<Item = (String, String)>,
) -> Serialized<BTreeMap<String, BTreeMap<String, String>>> {
    const SECTIONS: &[&str] = &[
        "server",
        "storage",
        "admin",
        "usage",
        "budget",
        "auth",
        "secrets",
        "providers",
        "mail",
        "outgoing",
        "log",
    ];
    // Names that others use too, with and without our prefix.
    const PLAIN: &[(&str, &str, &str)] = &[
        ("openai_api_key", "providers", "openai_api_key"),
        ("anthropic_admin_key", "providers", "anthropic_admin_key"),
        ("usage_api_cache_ttl", "providers", "cache_seconds"),
        ("monthly_budget", "budget", "monthly"),
    ];
    let mut all: Vec<(String, String)> = all.collect();
    // The name with section and key is the last word.
    all.sort_by_key(|(name, _)| name.starts_with("METERWIRE_"));
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in all {
        let lower = name.to_ascii_lowercase();
        let plain = lower.strip_prefix("meterwire_").unwrap_or(&lower);
        if let Some((_, section, key)) = PLAIN.iter().find(|(known, ..)| *known == plain) {
            // Set and empty is how a shell says "not set".
            if !value.is_empty() {
                found.entry((*section).to_owned()).or_default().insert((*key).to_owned(), value);
            }
            continue;
        }
        let Some((section, key)) = lower.strip_prefix("meterwire_").and_then(|rest| rest.split_once('_'))
        else {
            continue;
        };
        if SECTIONS.contains(&section) {
            found.entry(section.to_owned()).or_default().insert(key.to_owned(), value);
        }
    }
    Serialized::defaults(found)
}

/// Reads a number or a truth value that may be written as a text, as variables are.
pub(crate) fn or_text<'de, D: Deserializer<'de>, T: DeserializeOwned + FromStr>(
    from: D,
) -> Result<T, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => text
            .trim()
            .parse()
            .map_err(|_| serde::de::Error::custom(format!("{text:?} is not a value for this key"))),
        value => serde_json::from_value(value).map_err(serde::de::Error::custom),
    }
}

fn optional_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::Null => Ok(None),
        value => or_text(value).map(Some).map_err(serde::de::Error::custom),
    }
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "the library's error, in tests only")]
mod tests {
    use super::*;

    #[test]
    fn the_example_holds_the_defaults_and_names_every_key() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config.example.toml");
        let example: Config = Figment::from(Toml::file_exact(&file)).extract().unwrap();
        assert_eq!(format!("{example:?}"), format!("{:?}", Config::default()));
        let text = std::fs::read_to_string(file).unwrap();
        let known = serde_json::to_value(Config::default()).unwrap();
        for (section, keys) in known.as_object().unwrap() {
            assert!(text.contains(&format!("[{section}]")), "section {section}");
            for key in keys.as_object().unwrap().keys() {
                assert!(text.contains(&format!("{key} = ")), "key {section}.{key}");
            }
        }
    }

    #[test]
    fn unknown_keys_fail() {
        let read = |text: &str| {
            Figment::from(Serialized::defaults(Config::default()))
                .merge(Toml::string(text))
                .extract::<Config>()
        };
        assert!(read("[server]\nlisten = \"127.0.0.1:1\"").is_ok());
        assert!(read("[server]\nlisen = \"127.0.0.1:1\"").is_err());
        assert!(read("[sever]\n").is_err());
    }

    #[test]
    fn variables_name_section_and_key() {
        let set = [
            ("METERWIRE_ADMIN_TOKEN", "123456789012345678901234"),
            ("METERWIRE_USAGE_RATE_CENTS", "2"),
            ("METERWIRE_TOKEN", "x"),
        ];
        let set = set.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config: Config =
            Figment::from(Serialized::defaults(Config::default())).merge(variables(set)).extract().unwrap();
        assert_eq!(config.admin.token.as_deref(), Some("123456789012345678901234"));
        assert_eq!(config.usage.rate_cents, Some(2));
        let listed =
            [("METERWIRE_SERVER_CORS_ORIGINS".to_owned(), "https://a.example, http://b:1".to_owned())];
        let figment = Figment::from(Serialized::defaults(Config::default()));
        let config: Config = figment.merge(variables(listed.into_iter())).extract().unwrap();
        assert_eq!(config.server.cors_origins, ["https://a.example", "http://b:1"]);
        let wrong = [("METERWIRE_SERVER_LISEN".to_owned(), "x".to_owned())];
        let figment = Figment::from(Serialized::defaults(Config::default()));
        assert!(figment.merge(variables(wrong.into_iter())).extract::<Config>().is_err());
    }

    #[test]
    fn plain_names_are_settings_too() {
        let read = |set: &[(&str, &str)]| -> ProvidersConfig {
            let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let figment = Figment::from(Serialized::defaults(Config::default())).merge(variables(set));
            figment.extract::<Config>().unwrap().providers
        };
        let plain =
            read(&[("OPENAI_API_KEY", "sk-1"), ("USAGE_API_CACHE_TTL", "60"), ("ANTHROPIC_ADMIN_KEY", "")]);
        assert_eq!((plain.openai_api_key.as_deref(), plain.cache_seconds), (Some("sk-1"), 60));
        assert_eq!(plain.anthropic_admin_key, None);
        let both = [("METERWIRE_PROVIDERS_OPENAI_API_KEY", "ours"), ("OPENAI_API_KEY", "theirs")];
        assert_eq!(read(&both).openai_api_key.as_deref(), Some("ours"));
        assert!(!format!("{plain:?}").contains("sk-1"));
    }

    #[test]
    fn the_monthly_budget_has_a_plain_name() {
        let read = |set: &[(&str, &str)]| {
            let set = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let figment = Figment::from(Serialized::defaults(Config::default())).merge(variables(set));
            figment.extract::<Config>().unwrap().budget.amount()
        };
        assert_eq!(read(&[]).unwrap().to_string(), "100");
        assert_eq!(read(&[("MONTHLY_BUDGET", "250.50")]).unwrap().to_string(), "250.5");
        let both = [("METERWIRE_BUDGET_MONTHLY", "7"), ("MONTHLY_BUDGET", "8")];
        assert_eq!(read(&both).unwrap().to_string(), "7");
        assert!(read(&[("MONTHLY_BUDGET", "much")]).unwrap_err().contains("budget.monthly"));
    }

    #[test]
    fn the_levels_of_budgets_are_in_order() {
        let levels = |warning_percent, critical_percent| {
            BudgetConfig { warning_percent, critical_percent, ..BudgetConfig::default() }.levels()
        };
        let known = levels(50, 75).unwrap();
        assert_eq!((known.warning_ppm, known.critical_ppm), (500_000, 750_000));
        assert_eq!(BudgetConfig::default().levels(), Ok(<_>::default()));
        for (warning, critical) in [(0, 10), (96, 95), (1, 1_001)] {
            assert!(levels(warning, critical).unwrap_err().contains("budget.warning_percent"));
        }
    }

    #[test]
    fn the_admin_token_is_not_printed() {
        let config =
            Config { admin: AdminConfig { token: Some("secret-secret-secret".into()) }, ..Config::default() };
        assert!(!format!("{config:?}").contains("secret-secret"));
    }
}
