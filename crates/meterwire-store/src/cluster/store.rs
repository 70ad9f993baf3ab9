//! The cluster store as its callers know it: opened, written, read, closed.

use super::append::Batch;
use super::batch::BatchLimits;
use super::clean::Keep;
use super::click::client::{ClickOptions, Clicks};
use super::click::ddl::Schema;
use super::connect::{Postgres, Role};
use super::identity::{self, Known};
use super::lag::{Lag, Lagging};
use super::leader::{Leader, LeaderOptions};
use super::leads::Leads;
use super::lines::Limits;
use super::migrate;
use super::moving::refuse_half_moved;
use super::pool::{Driver, Readers, Way};
use super::pulse::Pulse;
use super::questions::Questions;
use super::void::Void;
use super::watch::{Seen, Watch};
use super::writer::{Writer, Written};
use crate::error::{Work, failed, unavailable};
use crate::revision;
use crate::session::Weight;
use crate::store::{Backend, SqlStore};
use async_trait::async_trait;
use meterwire_app::clock::Clock;
use meterwire_app::ports::{Audit, Ledger, StoreError, StoreResult, TenantId, Verdict, Voided};
use meterwire_core::event::Event;
use std::fmt;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often an event that is rated anew all the time is read again to be voided.
const TRIES: usize = 5;

/// How a cluster store is opened.
#[derive(Clone)]
pub struct ClusterOptions {
    /// Where PostgreSQL is: `postgres://user:password@host:port/database`.
    pub postgres: String,
    /// The HTTP interface of each shard of ClickHouse, `http://user:password@host:8123`, in an order that never changes.
    pub clickhouse: Vec<String>,
    /// The database of our tables in ClickHouse, which is made where it is missing: up to 63 of a-z, 0-9 and _.
    pub clickhouse_database: String,
    /// What ClickHouse's configuration calls the cluster of these shards; needed for more than one.
    pub clickhouse_cluster: Option<String>,
    /// Whether the tables are replicated by ClickHouse.
    pub replicated: bool,
    /// Connections to PostgreSQL that answer questions.
    pub readers: usize,
    /// Connections that write, each for another tenant.
    pub writers: usize,
    /// The most commands that may wait for a writer, of all tenants.
    pub max_waiting_commands: usize,
    /// The most events that may wait for a writer.
    pub max_waiting_events: usize,
    /// The most memory, in bytes, of what waits for a writer.
    pub max_waiting_bytes: usize,
    /// The most events of one transaction.
    pub max_group_events: usize,
    /// How often events go to ClickHouse.
    pub flush_every: Duration,
    /// How long PostgreSQL keeps what ClickHouse has: older engines lose what they have not synced when the power fails.
    pub outbox_keep: Duration,
    /// The most events that may wait for ClickHouse; beyond, nothing more is recorded until it takes some. About: it is looked
    /// at once a second.
    pub max_outbox_events: i64,
}

impl ClusterOptions {
    /// The defaults for these servers.
    pub fn new(postgres: impl Into<String>, clickhouse: Vec<String>) -> Self {
        Self {
            postgres: postgres.into(),
            clickhouse,
            clickhouse_database: "meterwire".to_owned(),
            clickhouse_cluster: None,
            replicated: false,
            readers: 8,
            writers: 8,
            max_waiting_commands: 10_000,
            max_waiting_events: 200_000,
            max_waiting_bytes: 128 << 20,
            max_group_events: 20_000,
            flush_every: Duration::from_secs(1),
            outbox_keep: Keep::default().outbox,
            max_outbox_events: 20_000_000,
        }
    }

    fn limits(&self) -> Limits {
        let bytes = self.max_waiting_bytes;
        let waiting = Weight { commands: self.max_waiting_commands, events: self.max_waiting_events, bytes };
        let group = Weight { commands: 10_000, events: self.max_group_events, bytes: bytes.min(64 << 20) };
        Limits { waiting, group, patience: Duration::from_secs(2) }
    }

    pub(super) fn schema(&self) -> StoreResult<Schema> {
        let schema = Schema::new(&self.clickhouse_database)?;
        let schema = match &self.clickhouse_cluster {
            Some(cluster) => schema.on_cluster(cluster)?,
            None => schema,
        };
        Ok(if self.replicated { schema.replicated() } else { schema })
    }

    fn leader(&self) -> LeaderOptions {
        let keep = Keep { outbox: self.outbox_keep, ..Keep::default() };
        let limits = BatchLimits::default();
        LeaderOptions { limits, keep, flush_every: self.flush_every, ..LeaderOptions::default() }
    }
}

impl fmt::Debug for ClusterOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the addresses: they have passwords in them.
        f.debug_struct("ClusterOptions")
            .field("shards", &self.clickhouse.len())
            .field("clickhouse_database", &self.clickhouse_database)
            .finish_non_exhaustive()
    }
}

/// What the cluster store does in its own way.
pub struct Cluster {
    pub(super) writer: Writer,
    pub(super) readers: Readers,
    pub(super) questions: Arc<Questions>,
    pub(super) revisions: Arc<revision::Shared>,
    pub(super) leads: Leads,
    pub(super) texts: crate::sqlite::usage::LabelTexts,
    pub(super) last_rerating: AtomicI64,
    pub(super) lagging: Arc<Lagging>,
    /// When what is old is forgotten next, Unix milliseconds.
    pub(super) next_forget_ms: AtomicI64,
    /// Tells the tasks of this store to end.
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    // Last: everything else runs on it.
    _driver: Arc<Driver>,
}

/// The store for many servers. Clones share its connections.
pub type ClusterStore = SqlStore<Cluster>;

impl ClusterStore {
    /// Connects, brings both databases up to date, and takes part in leading. ClickHouse may be away; PostgreSQL must not.
    pub async fn open(options: ClusterOptions, clock: Arc<dyn Clock>) -> StoreResult<Self> {
        let driver = Arc::new(Driver::new()?);
        let postgres = Postgres::new(&options.postgres)?;
        let schema = options.schema()?;
        let clicks = Arc::new(Clicks::new(ClickOptions { shards: options.clickhouse.clone(), schema })?);
        let prepare = prepare(postgres.clone(), clicks.clone(), clock.clone());
        driver.run(prepare).await??;
        let questions =
            Arc::new(Questions { clicks: clicks.clone(), bodies: super::snapshot::Bodies::default() });
        let revisions = Arc::new(revision::Shared::default());
        let seen = Arc::new(Seen::default());
        let pulse = Pulse::default();
        let way = Way { postgres: postgres.clone(), driver: driver.clone(), pulse: pulse.clone() };
        let writer = Writer::start(
            way.clone(),
            options.limits(),
            options.writers,
            revisions.clone(),
            questions.clone(),
            seen.clone(),
        )?;
        let readers = Readers::new(way, options.readers.max(1));
        let (stop, stopped) = watch::channel(false);
        let leads = Leads::default();
        let lagging = Arc::new(Lagging::new(options.max_outbox_events));
        let watching = Watch::new(postgres.clone(), revisions.clone(), seen, lagging.clone());
        let watching = watching.run(stopped.clone());
        let feeling = pulse.run(postgres.clone(), stopped.clone());
        let leader = Leader { postgres, clicks, clock, options: options.leader(), leads: leads.clone() };
        let leading = leader.run(stopped);
        let handle = driver.handle();
        let tasks = Mutex::new(vec![handle.spawn(leading), handle.spawn(watching), handle.spawn(feeling)]);
        let backend = Cluster {
            writer,
            readers,
            questions,
            revisions,
            leads,
            texts: crate::sqlite::usage::LabelTexts::default(),
            last_rerating: AtomicI64::new(0),
            lagging,
            next_forget_ms: AtomicI64::new(i64::MIN),
            stop,
            tasks,
            _driver: driver,
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// What waits for ClickHouse, as this server saw it lately; `None` where it could not look, since PostgreSQL is away.
    pub fn lag(&self) -> Option<Lag> {
        self.backend.lagging.lag()
    }

    /// What this server's writer did since it was opened.
    pub fn written(&self) -> Written {
        self.backend.writer.written()
    }

    /// Writes what was accepted and lets go of the connections. Everything asked later is refused. Doing it twice is fine.
    pub async fn close(&self) -> StoreResult<()> {
        // A receiver may be gone already.
        let _ = self.backend.stop.send(true);
        self.backend.readers.close().await;
        let tasks = std::mem::take(&mut *self.backend.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the store did not end well");
            }
        }
        let backend = self.backend.clone();
        let closed = tokio::task::spawn_blocking(move || backend.writer.close()).await;
        closed.map_err(|error| failed(format!("the writer did not end well: {error}")))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        self.writer.close();
    }
}

async fn prepare(postgres: Postgres, clicks: Arc<Clicks>, clock: Arc<dyn Clock>) -> StoreResult<()> {
    let client = postgres.connect(Role::Migrator).await?;
    migrate::check(&client, || clock.now_ms()).await?;
    migrate::up(&postgres).await?;
    refuse_half_moved(&client).await?;
    match clicks.ensure().await {
        Err(error) if error.is_passing() => {
            tracing::warn!(%error, "ClickHouse is away; usage cannot be asked for until it is there");
            Ok(())
        }
        ensured => Ok(ensured?),
    }
}

#[async_trait]
impl Ledger for ClusterStore {
    async fn append(&self, tenant: TenantId, events: Vec<Event>) -> StoreResult<Vec<Verdict>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        self.backend.lagging.require_room()?;
        let batch = Arc::new(Batch::new(tenant, events));
        let (weight, wants) = (batch.weight(), batch.clone());
        let append = move |session: &mut crate::session::Session<'_>| batch.append(session);
        self.backend.writer.write_wanting(tenant, weight, wants, append).await
    }

    async fn void(&self, tenant: TenantId, source: &str, id: &str, audit: Audit) -> StoreResult<Voided> {
        let hash = identity::hash(tenant, source, id);
        for _ in 0..TRIES {
            let labels_version = self.backend.labels_version(tenant).await?;
            let known = self.backend.known(hash).await?.ok_or(StoreError::NotFound("event"))?;
            if known.voided {
                return Ok(Voided::Already);
            }
            let Known { seq, time_ms, .. } = known;
            let row = self.backend.row_of(tenant, seq, time_ms).await?;
            // Dropped for its age since its identity was read: then that is gone as well.
            let Some(row) = row else { continue };
            let void = Void { tenant, hash, row, labels_version, audit: audit.clone() };
            // Not of weight nothing: it changes nothing that others remember of the catalogue.
            let weight = Weight { commands: 1, events: 1, bytes: 1_000 };
            let voided =
                self.backend.write(Some(tenant), weight, true, move |session| void.run(session)).await?;
            if let Some(voided) = voided {
                return Ok(voided);
            }
        }
        Err(unavailable("the event is rated anew all the time, or ClickHouse has lost it"))
    }

    fn leads(&self) -> bool {
        self.backend.leads.now()
    }

    async fn upkeep(&self, _now_ms: i64) -> StoreResult<bool> {
        // The leader does it by itself.
        Ok(false)
    }

    async fn probe(&self) -> StoreResult<()> {
        let write = |session: &mut crate::session::Session<'_>| -> Work<()> {
            session.change(include_str!("../../sql/setting/probe.sql"), []).map(drop)
        };
        self.write(None, write).await
    }
}
