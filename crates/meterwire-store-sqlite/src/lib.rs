//! The embedded store: one SQLite database in one directory, written by one thread.
//!
//! - [`SqliteStore`] implements the ports of `meterwire-app`. Writes wait on a bounded queue; the writer takes
//!   what waits into one transaction and one fsync and then answers everybody (`writer`).
//! - Readers are a few connections on snapshots (`reader`). A question is answered from the smallest rollup that
//!   knows its dimensions, at its ends and where none does from raw events (`rollup`, `plan`).
//! - [`Migrations`] are for the command line and work beside the server too.
//!
//! It is not a place for rules: it stores what it is given and adds up what it stored.

mod alert;
pub mod backup;
mod budget;
mod catalog;
mod column_cache;
mod connection;
pub mod doctor;
mod error;
mod identity;
mod label;
mod limits;
mod lock;
mod memory;
mod migrate;
mod packed_users;
mod plan;
mod private;
mod provider;
mod reader;
mod rerating;
mod revision;
mod rollup;
mod row;
mod segment;
mod sql;
mod statement;
mod store;
mod sums;
mod usage;
mod writer;

pub use migrate::{Migration, Migrations};
pub use store::{OpenOptions, SqliteStore};
