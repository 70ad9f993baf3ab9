//! The store for many servers: PostgreSQL holds the ledger and the catalogue, ClickHouse events and rollups.
//!
//! Being built by the plan in `docs/cluster.md`; no server uses it yet. A write goes [`lines`] -> [`writer`] -> [`ledger`]
//! (the lock) -> [`append`] or shared code -> outbox; the outbox goes to ClickHouse by [`flush`], which the one that leads
//! does ([`lead`], [`leader`]); a question is [`questions`] -> [`snapshot`] -> [`usage`].
#![expect(dead_code, reason = "parts of the cluster store come before what calls them")]

pub(crate) mod append;
mod backend;
mod batch;
mod clean;
mod click;
mod connect;
mod flush;
mod identity;
mod lead;
mod leader;
pub(crate) mod ledger;
mod lines;
mod migrate;
mod outbox;
mod pool;
mod questions;
mod snapshot;
mod store;
mod tail;
mod usage;
mod void;
mod watch;
mod writer;

pub use store::{Cluster, ClusterOptions, ClusterStore};

#[cfg(test)]
#[path = "../../tests/common/engines.rs"]
pub(crate) mod engines;
#[cfg(test)]
mod tests;
