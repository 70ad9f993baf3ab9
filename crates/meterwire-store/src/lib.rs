//! The stores: one that is embedded, and one for many servers on PostgreSQL and ClickHouse.
//!
//! - What both share stands here: limits, budgets, alerts, statements, provider reports and the catalogue, and
//!   what an event adds to sums. It speaks to an engine of rows through [`sql`](mod@sql), writes in a
//!   [`session`](mod@session), and implements the ports once, for [`SqlStore`] over a [`Backend`](store::Backend).
//! - [`sqlite`](mod@sqlite) is the embedded store: its writer, its readers, events, rollups and segments.
//! - [`cluster`](mod@cluster) is the store on PostgreSQL and ClickHouse.
//!
//! It is not a place for rules: it stores what it is given and adds up what it stored.

mod alert;
mod budget;
mod catalog;
mod cluster;
mod error;
mod finding;
mod label;
mod limits;
mod memory;
mod plan;
mod provider;
mod rerating;
mod revision;
mod row;
mod session;
mod slot;
mod sql;
mod sqlite;
mod statement;
mod store;
mod sums;

pub use cluster::{
    Cluster, ClusterDdl, ClusterMigrations, ClusterOptions, ClusterStore, Lag, MoveProgress, Moved, Moving,
    Written, check_cluster, resend_lost, sealed_secrets,
};
pub use sqlite::{Migration, Migrations, OpenOptions, Sqlite, SqliteStore, backup, doctor};
pub use store::SqlStore;
