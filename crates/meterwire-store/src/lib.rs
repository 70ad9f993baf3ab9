//! The stores: one that is embedded, and (being built) one for many servers on PostgreSQL and ClickHouse.
//!
//! - What both share stands here: limits, budgets, alerts, statements, provider reports and the catalogue, and
//!   what an event adds to sums.
//! - [`sqlite`](mod@sqlite) is the embedded store: its writer, its readers, events, rollups and segments.
//!
//! It is not a place for rules: it stores what it is given and adds up what it stored.

mod alert;
mod budget;
mod catalog;
mod cluster;
mod error;
mod label;
mod limits;
mod memory;
mod plan;
mod provider;
mod rerating;
mod revision;
mod row;
mod sqlite;
mod statement;
mod sums;

pub use sqlite::{Migration, Migrations, OpenOptions, SqliteStore, backup, doctor};
