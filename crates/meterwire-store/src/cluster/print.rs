//! The tables of a cluster as SQL, for those who make them by hand or read them first. Servers make them by themselves.

use super::click::ddl::Schema;
use super::migrate;
use meterwire_app::ports::StoreResult;
use std::fmt::Write as _;

/// Statements that make everything, each ended by a semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterDdl {
    /// For the empty database in PostgreSQL, by the user whom servers sign in as.
    pub postgres: String,
    /// For every shard of ClickHouse, and with replication for every replica of each.
    pub clickhouse: String,
}

impl ClusterDdl {
    /// The tables in a database of ClickHouse; `cluster` is what ClickHouse's configuration calls the shards, needed for more
    /// than one. Refuses names that are not up to 63 of a-z, 0-9 and _, a letter first.
    pub fn new(database: &str, cluster: Option<&str>, replicated: bool) -> StoreResult<Self> {
        let mut schema = Schema::new(database)?;
        if let Some(cluster) = cluster {
            schema = schema.on_cluster(cluster)?;
        }
        if replicated {
            schema = schema.replicated();
        }
        let mut clickhouse = String::new();
        for statement in schema.statements() {
            // Writing to a string does not fail.
            let _ = writeln!(clickhouse, "{statement};");
        }
        Ok(Self { postgres: migrate::script(), clickhouse })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases() {
        let plain = ClusterDdl::new("meterwire", None, false).unwrap();
        // The statements themselves are held by the snapshots of `click/ddl.rs`.
        assert_eq!(plain.clickhouse.lines().count(), 3);
        assert!(plain.clickhouse.lines().all(|line| line.ends_with(';')));
        assert!(!plain.clickhouse.contains("Replicated"));
        let replicated = ClusterDdl::new("meterwire", Some("usage"), true).unwrap();
        let path = "ReplicatedMergeTree('/clickhouse/tables/{shard}/meterwire/event', '{replica}')";
        assert!(replicated.clickhouse.contains(path), "{}", replicated.clickhouse);
        assert!(replicated.clickhouse.contains("Distributed(usage, meterwire, event)"));
        assert_eq!(plain.postgres, replicated.postgres, "PostgreSQL has its own replication");
        let script = &plain.postgres;
        assert!(script.starts_with("BEGIN;\n") && script.ends_with("COMMIT;\n"), "{script}");
        assert!(script.contains("INSERT INTO migration (number, name) VALUES (1, '0001_init');"));
        assert!(ClusterDdl::new("a;b", None, false).is_err());
    }
}
