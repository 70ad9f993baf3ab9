//! The store that the settings name.

use crate::config::{StorageConfig, StorageKind};
use crate::http::chain;
use meterwire_app::Meterwire;
use meterwire_app::clock::SystemClock;
use meterwire_app::ports::Ledger;
use meterwire_store::{ClusterStore, OpenOptions, SqliteStore};
use std::sync::Arc;

/// A store that is open.
#[derive(Debug, Clone)]
pub enum OpenStore {
    /// SQLite in one directory.
    Embedded(SqliteStore),
    /// PostgreSQL and ClickHouse.
    Cluster(ClusterStore),
}

impl OpenStore {
    /// Opens it; brings its tables up to date. Errors are sentences.
    pub async fn open(storage: &StorageConfig) -> Result<Self, String> {
        match storage.kind {
            StorageKind::Embedded => {
                let options =
                    OpenOptions { column_bytes: storage.column_bytes(), ..OpenOptions::new(&storage.dir) };
                let opened = tokio::task::spawn_blocking(move || SqliteStore::open(options)).await;
                let opened = opened.map_err(|error| error.to_string())?;
                opened.map(Self::Embedded).map_err(|error| error.to_string())
            }
            StorageKind::Cluster => {
                let opened = ClusterStore::open(storage.cluster_options(), Arc::new(SystemClock)).await;
                let told = |error| format!("cannot open {}: {}", storage.place(), chain(&error));
                opened.map(Self::Cluster).map_err(told)
            }
        }
    }

    /// The use cases over it.
    pub(crate) fn app(&self) -> Meterwire {
        let clock = Arc::new(SystemClock);
        match self {
            Self::Embedded(store) => Meterwire::new(Arc::new(store.clone()), clock),
            Self::Cluster(store) => Meterwire::new(Arc::new(store.clone()), clock),
        }
    }

    /// Writes down for Prometheus how much waits for ClickHouse, and whether this server leads; an embedded store has neither.
    /// Where nobody could look, since PostgreSQL is away, it is not a number.
    pub(crate) fn measure(&self) {
        if let Self::Cluster(store) = self {
            metrics::gauge!("meterwire_leads").set(f64::from(u8::from(store.leads())));
            let lag = store.lag();
            metrics::gauge!("meterwire_outbox_events").set(lag.map_or(f64::NAN, |lag| whole(lag.events)));
            metrics::gauge!("meterwire_outbox_seconds").set(lag.map_or(f64::NAN, |lag| lag.seconds()));
        }
    }

    /// Finishes what was accepted and lets go of everything.
    pub async fn close(&self) -> Result<(), String> {
        let closed = match self {
            Self::Embedded(store) => store.close().await,
            Self::Cluster(store) => store.close().await,
        };
        closed.map_err(|error| format!("closing the store: {}", chain(&error)))
    }
}

/// Counts below 2^53, of which these are, are exact.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn whole(count: i64) -> f64 {
    count as f64
}
