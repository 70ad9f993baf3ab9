//! Our tables in ClickHouse, made of the same lists of columns that rows are written and read by.
//!
//! On each shard `event` and `rollup`; with more than one shard also `event_all` and `rollup_all`, by which questions
//! reach all of them. Sums are never left to merges of the engine: which rows count is decided by the manifest in
//! PostgreSQL, batch by batch and fold by fold, so the tables are plain.

use super::rowbinary::{Cell, Column, row};
use crate::cluster::outbox::{EventRow, TokenCounts};
use crate::error::failed;
use meterwire_app::ports::StoreResult;

/// The width of a partition of events: thirty days.
pub(crate) const PARTITION_MS: i64 = 30 * 24 * 3_600_000;
/// The longest name of a database or cluster, in bytes.
const MAX_NAME: usize = 63;

row! {
    /// A row of the table `rollup`: sums of the events of one fold, slot and group.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct RollupRow {
        pub(crate) fold: u32,
        /// Which set of dimensions: the place in `rollup.rs::SETS`, from 1; see the folds.
        pub(crate) kind: u8,
        pub(crate) tenant: u32,
        /// Quarters of an hour since 1970 at which it begins.
        pub(crate) slot: i32,
        /// Values of the set's dimensions, 0 behind them.
        pub(crate) k1: u64,
        pub(crate) k2: u64,
        pub(crate) k3: u64,
        pub(crate) k4: u64,
        pub(crate) calls: i64,
        pub(crate) errors: i64,
        pub(crate) unpriced: i64,
        pub(crate) tokens: TokenCounts,
        pub(crate) cost_nanos: i64,
        /// Buckets of latencies and how many are in each.
        pub(crate) latency_keys: Vec<u16>,
        pub(crate) latency_counts: Vec<i64>,
        pub(crate) first_token_keys: Vec<u16>,
        pub(crate) first_token_counts: Vec<i64>,
    }
}

/// Where our tables are and how they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schema {
    database: String,
    /// The name of the cluster in the configuration of ClickHouse, where there is more than one shard.
    cluster: Option<String>,
    replicated: bool,
}

impl Schema {
    /// Tables in a database of one shard. Refuses names that are not up to 63 of a-z, 0-9 and _.
    pub(crate) fn new(database: &str) -> StoreResult<Self> {
        Ok(Self { database: checked(database)?, cluster: None, replicated: false })
    }

    /// The same on each shard of a cluster.
    pub(crate) fn on_cluster(self, cluster: &str) -> StoreResult<Self> {
        Ok(Self { cluster: Some(checked(cluster)?), ..self })
    }

    /// Replicated by ClickHouse, which needs the macros `shard` and `replica` in its configuration.
    pub(crate) fn replicated(self) -> Self {
        Self { replicated: true, ..self }
    }

    pub(crate) fn is_replicated(&self) -> bool {
        self.replicated
    }

    /// The cluster's name, where there is more than one shard.
    pub(crate) fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// A table of one shard: `event` or `rollup`.
    pub(crate) fn local(&self, table: &str) -> String {
        format!("{}.{table}", self.database)
    }

    /// The table by which all shards are asked.
    pub(crate) fn all(&self, table: &str) -> String {
        let suffix = if self.cluster.is_some() { "_all" } else { "" };
        format!("{}.{table}{suffix}", self.database)
    }

    /// What makes everything on a shard, in order; each statement changes nothing where it was run before.
    pub(crate) fn statements(&self) -> Vec<String> {
        let mut statements = vec![format!("CREATE DATABASE IF NOT EXISTS {}", self.database)];
        for (table, columns, layout) in tables() {
            let list: Vec<_> =
                columns.iter().map(|column| format!("{} {}", column.name, column.kind)).collect();
            statements.push(format!(
                "CREATE TABLE IF NOT EXISTS {} ({}) ENGINE = {} {layout}{}",
                self.local(table),
                list.join(", "),
                self.engine(table),
                // By default a new part may be lost when the power fails before the kernel writes it.
                if self.replicated { " SETTINGS fsync_after_insert = 1" } else { "" }
            ));
        }
        if let Some(cluster) = &self.cluster {
            let database = &self.database;
            statements.extend(tables().map(|(table, ..)| {
                format!(
                    "CREATE TABLE IF NOT EXISTS {database}.{table}_all AS {database}.{table} \
                     ENGINE = Distributed({cluster}, {database}, {table})"
                )
            }));
        }
        statements
    }

    fn engine(&self, table: &str) -> String {
        if !self.replicated {
            return "MergeTree".to_owned();
        }
        format!(
            "ReplicatedMergeTree('/clickhouse/tables/{{shard}}/{}/{table}', '{{replica}}')",
            self.database
        )
    }

    /// The columns that `DESCRIBE TABLE` must show of each table: name and type.
    pub(crate) fn expected(&self) -> Vec<(String, Vec<Column>)> {
        tables().into_iter().map(|(table, columns, _)| (self.local(table), columns)).collect()
    }

    /// The statement before the rows of [`crate::cluster::outbox::Insert`].
    pub(crate) fn insert_events(&self) -> String {
        let names: Vec<_> = event_columns().iter().map(|column| column.name).collect();
        format!("INSERT INTO {} ({}) FORMAT RowBinary", self.local("event"), names.join(", "))
    }
}

/// Name, columns and layout of each table.
fn tables() -> [(&'static str, Vec<Column>, String); 2] {
    let events = format!("PARTITION BY intDiv(time_ms, {PARTITION_MS}) ORDER BY (tenant, time_ms, seq)");
    let rollups = "PARTITION BY fold ORDER BY (tenant, kind, slot, k1, k2, k3, k4)".to_owned();
    [("event", event_columns(), events), ("rollup", RollupRow::columns(), rollups)]
}

fn event_columns() -> Vec<Column> {
    let mut columns = u32::columns("batch");
    columns.extend(EventRow::columns());
    columns
}

fn checked(name: &str) -> StoreResult<String> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let begins_well = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    if begins_well && name.len() <= MAX_NAME && name.bytes().all(allowed) {
        return Ok(name.to_owned());
    }
    Err(failed(format!(
        "a database or cluster of ClickHouse must be named by up to {MAX_NAME} of a-z, 0-9 and _, a letter first; \
         not {name:?}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        let plain = Schema::new("meterwire").unwrap();
        insta::assert_snapshot!("ddl_plain", plain.statements().join(";\n"));
        let replicated = plain.clone().on_cluster("usage").unwrap().replicated();
        insta::assert_snapshot!("ddl_replicated", replicated.statements().join(";\n"));
        insta::assert_snapshot!("insert_events", plain.insert_events());
    }

    #[test]
    fn names_that_could_be_anything_else_are_refused() {
        for name in ["", "1a", "a-b", "a b", "Ä", "a;DROP", "a.b", &"a".repeat(64)] {
            assert!(Schema::new(name).is_err(), "{name}");
        }
    }
}
