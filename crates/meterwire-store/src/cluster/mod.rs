//! The store for many servers: PostgreSQL holds the ledger and the catalogue, ClickHouse events and rollups.
//!
//! How and why: `docs/cluster.md`. A write goes [`lines`] -> [`writer`] -> [`ledger`] (the lock) -> [`append`] or shared
//! code -> outbox; the outbox goes to ClickHouse by [`flush`], which the one that leads does ([`lead`], [`leader`]); a
//! question is [`questions`] -> [`snapshot`] -> [`usage`].

pub(crate) mod append;
mod backend;
mod batch;
mod clean;
mod click;
mod connect;
mod declared;
mod dimensions;
mod doctor;
mod erasure;
mod flush;
mod fold;
mod forget;
mod identity;
mod lag;
mod lead;
mod leader;
mod leads;
pub(crate) mod ledger;
mod lines;
mod memories;
mod migrate;
mod moving;
mod outbox;
mod pool;
mod preload;
mod print;
mod pulse;
mod questions;
mod rerate;
mod retention;
mod schema;
mod settle;
mod snapshot;
pub(crate) mod statements;
mod store;
mod tail;
mod usage;
mod void;
mod watch;
mod writer;

pub use doctor::{check_cluster, resend_lost};
pub use lag::Lag;
pub use moving::{MoveProgress, Moved, Moving, sealed_secrets};
pub use print::ClusterDdl;
pub use schema::ClusterMigrations;
pub use store::{Cluster, ClusterOptions, ClusterStore};
pub use writer::Written;

#[cfg(test)]
#[path = "../../tests/common/engines.rs"]
pub(crate) mod engines;
#[cfg(test)]
mod tests;
