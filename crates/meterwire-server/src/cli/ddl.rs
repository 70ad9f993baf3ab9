//! `meterwire migrate --print`: the tables of a cluster as SQL.

use super::output::{print, print_json};
use clap::Args;
use meterwire_store::ClusterDdl;
use serde_json::json;

/// What is printed instead of being done.
#[derive(Args)]
pub(super) struct PrintArgs {
    /// Print the SQL that makes a cluster's tables in PostgreSQL and ClickHouse; connects to nothing.
    #[arg(long)]
    print: bool,
    /// With --print: ClickHouse's tables as it replicates them (ReplicatedMergeTree, paths in Keeper).
    #[arg(long, requires = "print")]
    replicated: bool,
    /// With --print: the database of the tables in ClickHouse.
    #[arg(long, requires = "print", value_name = "NAME", default_value = "meterwire")]
    database: String,
    /// With --print: what ClickHouse's configuration calls the shards; needed for more than one.
    #[arg(long, requires = "print", value_name = "NAME")]
    cluster: Option<String>,
}

impl PrintArgs {
    /// Whether it is asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.print
    }

    /// Prints it.
    pub(super) fn run(&self, as_json: bool) -> Result<(), String> {
        let ddl = ClusterDdl::new(&self.database, self.cluster.as_deref(), self.replicated);
        let ddl = ddl.map_err(super::upkeep::sentence)?;
        if as_json {
            return print_json(&json!({ "postgres": ddl.postgres, "clickhouse": ddl.clickhouse }));
        }
        let each = if self.replicated {
            "-- ClickHouse: run on every replica of every shard, whose configuration has the macros `shard` and `replica`. Servers \
             say storage.replicated = true.\n"
        } else {
            "-- ClickHouse: run on every shard.\n"
        };
        print(&format!(
            "-- PostgreSQL: run once in an empty database (LOCALE 'C', ENCODING 'UTF8').\n\n{}\n{each}\n{}",
            ddl.postgres, ddl.clickhouse
        ))
    }
}
