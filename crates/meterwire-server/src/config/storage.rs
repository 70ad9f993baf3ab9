//! `[storage]`: one directory, or PostgreSQL and ClickHouse.

use super::{memory, optional_or_text, or_text, origins};
use meterwire_store::ClusterOptions;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

const MAX_COLUMN_MEMORY_MB: u32 = 65_536;
/// The least and the most connections to PostgreSQL; half of them answer, half write.
const CONNECTIONS: std::ops::RangeInclusive<usize> = 2..=500;
const MAX_KEEP_MINUTES: u64 = 30 * 24 * 60;
const MAX_SHARDS: usize = 1_000;
/// What an address of PostgreSQL may say behind its `?`.
const POSTGRES_OPTIONS: [&str; 8] =
    ["sslmode", "options", "host", "hostaddr", "port", "user", "target_session_attrs", "channel_binding"];

/// `[storage]`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// Which store.
    pub kind: StorageKind,
    /// The one directory of the embedded store.
    pub dir: PathBuf,
    /// The most memory, in MiB, of columns that questions read lately, up to 65,536; see [`Self::column_bytes`]. What was found
    /// out from them has half as much besides; questions take more only while they are answered.
    #[serde(deserialize_with = "optional_or_text")]
    pub column_memory_mb: Option<u32>,
    /// Cluster: `postgres://user:password@host:port/database`.
    pub postgres: Option<String>,
    /// Cluster: the HTTP interface of each shard of ClickHouse, in an order that never changes.
    #[serde(deserialize_with = "origins::list_or_text")]
    pub clickhouse: Vec<String>,
    /// Cluster: the database of our tables in ClickHouse; made where it is missing.
    pub clickhouse_database: String,
    /// Cluster: what ClickHouse's own configuration calls these shards; needed for more than one.
    pub clickhouse_cluster: Option<String>,
    /// Cluster: whether ClickHouse replicates the tables.
    #[serde(deserialize_with = "or_text")]
    pub replicated: bool,
    /// Cluster: connections of this server to PostgreSQL, 2 to 500, half of them for questions and half for writing.
    #[serde(deserialize_with = "or_text")]
    pub postgres_connections: usize,
    /// Cluster: so many events may wait in PostgreSQL for ClickHouse; beyond it recording is refused.
    #[serde(deserialize_with = "or_text")]
    pub max_outbox_events: u64,
    /// Cluster: so many minutes PostgreSQL keeps what ClickHouse has, up to 30 days.
    #[serde(deserialize_with = "or_text")]
    pub outbox_keep_minutes: u64,
}

/// Which store keeps everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// SQLite in one directory, no other service.
    #[default]
    Embedded,
    /// PostgreSQL and ClickHouse, for any number of servers.
    Cluster,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            kind: StorageKind::Embedded,
            dir: PathBuf::from("meterwire-data"),
            column_memory_mb: None,
            postgres: None,
            clickhouse: Vec::new(),
            clickhouse_database: "meterwire".to_owned(),
            clickhouse_cluster: None,
            replicated: false,
            postgres_connections: 16,
            max_outbox_events: 20_000_000,
            outbox_keep_minutes: 10,
        }
    }
}

impl StorageConfig {
    /// The most bytes of columns in memory: as set, else an eighth of the memory there is, 64 MiB to 1 GiB.
    pub fn column_bytes(&self) -> usize {
        self.column_memory_mb.unwrap_or_else(memory::default_column_memory_mb) as usize * (1 << 20)
    }

    /// Whether it is PostgreSQL and ClickHouse.
    pub fn is_cluster(&self) -> bool {
        self.kind == StorageKind::Cluster
    }

    /// This directory instead of what was set, as a flag of the command line says it.
    #[must_use]
    pub fn with_directory(self, dir: PathBuf) -> Self {
        Self { dir, column_memory_mb: self.column_memory_mb, ..Self::default() }
    }

    /// Where everything is kept, for people: the directory, or the addresses without what signs in.
    pub fn place(&self) -> String {
        match (self.kind, &self.postgres) {
            (StorageKind::Cluster, Some(postgres)) => {
                let shards: Vec<String> = self.clickhouse.iter().map(|url| without_secrets(url)).collect();
                format!("{} and {}", without_secrets(postgres), shards.join(", "))
            }
            _ => self.dir.display().to_string(),
        }
    }

    /// How the cluster is opened.
    pub fn cluster_options(&self) -> ClusterOptions {
        let postgres = self.postgres.clone().unwrap_or_default();
        let each = self.postgres_connections.div_ceil(2);
        ClusterOptions {
            clickhouse_database: self.clickhouse_database.clone(),
            clickhouse_cluster: self.clickhouse_cluster.clone(),
            replicated: self.replicated,
            readers: each,
            writers: self.postgres_connections.saturating_sub(each).max(1),
            max_outbox_events: i64::try_from(self.max_outbox_events).unwrap_or(i64::MAX),
            outbox_keep: Duration::from_secs(self.outbox_keep_minutes * 60),
            ..ClusterOptions::new(postgres, self.clickhouse.clone())
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let checked = match self.kind {
            StorageKind::Embedded => self.check_embedded(),
            StorageKind::Cluster => self.check_cluster(),
        };
        checked.map_err(|sentence| format!("configuration: {sentence}"))
    }

    fn check_embedded(&self) -> Result<(), String> {
        if self.column_memory_mb > Some(MAX_COLUMN_MEMORY_MB) {
            return Err(format!("storage.column_memory_mb must be at most {MAX_COLUMN_MEMORY_MB}"));
        }
        let of_cluster = [
            ("postgres", self.postgres.is_some()),
            ("clickhouse", !self.clickhouse.is_empty()),
            ("clickhouse_cluster", self.clickhouse_cluster.is_some()),
            ("replicated", self.replicated),
        ];
        match of_cluster.into_iter().find(|(_, is_set)| *is_set) {
            Some((key, _)) => Err(format!(
                "storage.{key} is set, and storage.kind is \"embedded\", which needs none: write kind = \"cluster\" \
                 (METERWIRE_STORAGE_KIND=cluster), or take {key} away"
            )),
            None => Ok(()),
        }
    }

    fn check_cluster(&self) -> Result<(), String> {
        let Some(postgres) = self.postgres.as_deref().filter(|text| !text.trim().is_empty()) else {
            return Err("storage.kind is \"cluster\": write storage.postgres = \
                \"postgres://user:password@host:5432/database\" (METERWIRE_STORAGE_POSTGRES)"
                .into());
        };
        check_postgres(postgres)?;
        self.check_clickhouse()?;
        if !CONNECTIONS.contains(&self.postgres_connections) {
            let (least, most) = (CONNECTIONS.start(), CONNECTIONS.end());
            return Err(format!("storage.postgres_connections must be from {least} to {most}"));
        }
        if self.max_outbox_events == 0 {
            return Err("storage.max_outbox_events must be 1 or more".into());
        }
        if self.outbox_keep_minutes > MAX_KEEP_MINUTES {
            return Err(format!("storage.outbox_keep_minutes must be at most {MAX_KEEP_MINUTES}, 30 days"));
        }
        Ok(())
    }

    fn check_clickhouse(&self) -> Result<(), String> {
        if self.clickhouse.is_empty() {
            return Err("storage.kind is \"cluster\": write storage.clickhouse = [\"http://user:password@host:8123\"] \
                 with the address of each shard (METERWIRE_STORAGE_CLICKHOUSE, with commas between)"
                .into());
        }
        if self.clickhouse.len() > MAX_SHARDS {
            return Err(format!("storage.clickhouse may name at most {MAX_SHARDS} shards"));
        }
        let mut seen = Vec::new();
        for (index, address) in self.clickhouse.iter().enumerate() {
            let number = index + 1;
            let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let url = url.filter(|url| url.has_host() && url.path() == "/" && url.query().is_none());
            // Never the address itself: it may have a password in it.
            let url = url.ok_or_else(|| {
                format!("address {number} of storage.clickhouse must be http://user:password@host:8123, or https://")
            })?;
            let place = (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default());
            if seen.contains(&place) {
                return Err(format!(
                    "address {number} of storage.clickhouse stands there twice; name each shard once, and one replica of it"
                ));
            }
            seen.push(place);
        }
        if self.clickhouse.len() > 1 && self.clickhouse_cluster.is_none() {
            return Err("storage.clickhouse names more than one shard: write storage.clickhouse_cluster, the name that \
                 remote_servers in ClickHouse's configuration gives them (METERWIRE_STORAGE_CLICKHOUSE_CLUSTER)"
                .into());
        }
        let names = [
            ("clickhouse_database", Some(&self.clickhouse_database)),
            ("clickhouse_cluster", self.clickhouse_cluster.as_ref()),
        ];
        match names.into_iter().find(|(_, name)| name.is_some_and(|name| !is_name(name))) {
            Some((key, _)) => {
                Err(format!("storage.{key} must be up to 63 of a-z, 0-9 and _, a letter first"))
            }
            None => Ok(()),
        }
    }
}

/// Refuses what cannot be an address of PostgreSQL, without repeating any of it.
fn check_postgres(text: &str) -> Result<(), String> {
    let wrong = || {
        "storage.postgres must be postgres://user:password@host:5432/database; other characters than letters, digits and -._~ \
         in user and password are written as %XX"
            .to_owned()
    };
    if !text.contains("://") {
        // The other form, `host=.. user=.. dbname=..`.
        let is_well = text.split_whitespace().any(|part| part.starts_with("dbname="));
        return if is_well { Ok(()) } else { Err(wrong()) };
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    let url = url.ok_or_else(wrong)?;
    let database = url.path().trim_start_matches('/');
    if database.is_empty() || database.contains('/') || url.fragment().is_some() {
        return Err(wrong());
    }
    let is_known = |name: &str| POSTGRES_OPTIONS.contains(&name);
    if url.query_pairs().all(|(name, _)| is_known(&name)) { Ok(()) } else { Err(wrong()) }
}

fn is_name(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.len() <= 63
        && name.bytes().all(allowed)
        && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
}

/// An address as it may be shown: host, port and database, without what signs in.
fn without_secrets(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return "..".to_owned() };
    let Some(host) = url.host_str() else { return format!("{}:..", url.scheme()) };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path().trim_end_matches('/'))
}

impl std::fmt::Debug for StorageConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shards: Vec<String> = self.clickhouse.iter().map(|url| without_secrets(url)).collect();
        f.debug_struct("StorageConfig")
            .field("kind", &self.kind)
            .field("dir", &self.dir)
            .field("column_memory_mb", &self.column_memory_mb)
            .field("postgres", &self.postgres.as_deref().map(without_secrets))
            .field("clickhouse", &shards)
            .field("clickhouse_database", &self.clickhouse_database)
            .field("clickhouse_cluster", &self.clickhouse_cluster)
            .field("replicated", &self.replicated)
            .field("postgres_connections", &self.postgres_connections)
            .field("max_outbox_events", &self.max_outbox_events)
            .field("outbox_keep_minutes", &self.outbox_keep_minutes)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster() -> StorageConfig {
        StorageConfig {
            kind: StorageKind::Cluster,
            postgres: Some("postgres://meter:hidden-1@db.example.com:5433/usage?sslmode=require".into()),
            clickhouse: vec![
                "http://meter:hidden-2@ch1.example.com:8123".into(),
                "https://ch2.example.com".into(),
            ],
            clickhouse_cluster: Some("usage".into()),
            ..StorageConfig::default()
        }
    }

    #[test]
    fn a_cluster_has_all_it_needs() {
        assert_eq!(cluster().check(), Ok(()));
        let by_words = StorageConfig { postgres: Some("host=/run/pg dbname=usage".into()), ..cluster() };
        assert_eq!(by_words.check(), Ok(()));
        let one = StorageConfig {
            clickhouse: vec!["http://ch1:8123".into()],
            clickhouse_cluster: None,
            ..cluster()
        };
        assert_eq!(one.check(), Ok(()));
        let options = cluster().cluster_options();
        assert_eq!((options.readers, options.writers, options.clickhouse.len()), (8, 8, 2));
        assert_eq!(options.outbox_keep, Duration::from_mins(10));
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_with_what_to_write() {
        type Change = fn(&mut StorageConfig);
        let with = |change: Change| {
            let mut config = cluster();
            change(&mut config);
            config.check().unwrap_err()
        };
        let refused: [(Change, &str); 14] = [
            (|c| c.postgres = None, "METERWIRE_STORAGE_POSTGRES"),
            (|c| c.postgres = Some(String::new()), "METERWIRE_STORAGE_POSTGRES"),
            (|c| c.postgres = Some("mysql://hidden-1@h/d".into()), "postgres://user:password@host"),
            (|c| c.postgres = Some("postgres://u:hidden-1@h".into()), "postgres://user:password@host"),
            (|c| c.postgres = Some("postgres://u:hid/den-1@h/d".into()), "%XX"),
            (|c| c.postgres = Some("postgres://u:a?hidden-1@h/d".into()), "%XX"),
            (|c| c.clickhouse.clear(), "METERWIRE_STORAGE_CLICKHOUSE"),
            (|c| c.clickhouse_cluster = None, "METERWIRE_STORAGE_CLICKHOUSE_CLUSTER"),
            (|c| c.clickhouse[1] = "tcp://hidden-1@h:9000".into(), "address 2"),
            (|c| c.clickhouse[1] = "http://ch1.example.com:8123".into(), "twice"),
            (|c| c.clickhouse_cluster = Some("a-b".into()), "storage.clickhouse_cluster"),
            (|c| c.postgres_connections = 1, "storage.postgres_connections"),
            (|c| c.max_outbox_events = 0, "storage.max_outbox_events"),
            (|c| c.outbox_keep_minutes = u64::MAX, "storage.outbox_keep_minutes"),
        ];
        for (change, said) in refused {
            let sentence = with(change);
            assert!(sentence.starts_with("configuration: ") && sentence.contains(said), "{sentence}");
            assert!(!sentence.contains("hid"), "{sentence}");
        }
    }

    #[test]
    fn a_directory_takes_nothing_of_a_cluster() {
        let embedded = StorageConfig { kind: StorageKind::Embedded, ..cluster() };
        let sentence = embedded.check().unwrap_err();
        assert!(
            sentence.contains("storage.postgres") && sentence.contains("kind = \"cluster\""),
            "{sentence}"
        );
        assert_eq!(cluster().with_directory("data".into()).check(), Ok(()));
    }

    #[test]
    fn passwords_are_not_printed() {
        let shown = format!("{:?} {} {:?}", cluster(), cluster().place(), cluster().cluster_options());
        assert!(!shown.contains("hidden"), "{shown}");
        assert_eq!(
            cluster().place(),
            "postgres://db.example.com:5433/usage and http://ch1.example.com:8123, https://ch2.example.com"
        );
    }
}
