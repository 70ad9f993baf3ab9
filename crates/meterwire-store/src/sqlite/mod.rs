//! The embedded store: one SQLite database in one directory, written by one thread.
//!
//! - [`SqliteStore`] implements the ports of `meterwire-app`. Writes wait on a bounded queue; the writer takes
//!   what waits into one transaction and one fsync and then answers everybody (`writer`).
//! - Readers are a few connections on snapshots (`reader`). A question is answered from the smallest rollup that
//!   knows its dimensions, at its ends and where none does from raw events (`rollup`, `crate::plan`).
//! - [`Migrations`] are for the command line and work beside the server too.

mod backend;
pub mod backup;
mod column_cache;
pub(crate) mod connection;
pub(crate) mod dimensions;
pub mod doctor;
pub(crate) mod erasure;
mod identity;
mod kept;
mod lock;
pub(crate) mod migrate;
mod packed_users;
mod private;
pub(crate) mod rated_events;
mod reader;
pub(crate) mod retention;
pub(crate) mod rollup;
mod segment;
mod sql;
mod store;
pub(crate) mod usage;
pub(crate) mod writer;

pub use migrate::{Migration, Migrations};
pub use store::{OpenOptions, Sqlite, SqliteStore};
