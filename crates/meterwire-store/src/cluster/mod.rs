//! The store for many servers: PostgreSQL holds the ledger and the catalogue, ClickHouse events and rollups.
//!
//! Being built by the plan in `docs/cluster.md`; nothing outside this module uses it yet.
