//! The flush on real engines: whatever is killed, stopped or lost, ClickHouse by the manifest equals what was committed.

mod declared;
mod flush;
mod fold;
mod kill;
mod lead;
mod pulse;

use super::batch::{BatchLimits, OpenBatch};
use super::clean::Keep;
use super::click::client::{ClickOptions, Clicks};
use super::click::ddl::Schema;
use super::connect::Postgres;
use super::engines;
use super::flush::{Flushed, Flusher};
use super::fold::FoldOptions;
use super::lead::{Candidate, Lead};
use super::leader::{Leader, LeaderOptions};
use super::leads::Leads;
use super::outbox::{EventRow, TextLabels, TokenCounts, property_hash, to_body};
use super::snapshot::{Bodies, Snapshot};
use crate::cluster::click::rowbinary::Blob;
use crate::sums::{SUM_NAMES, Sums};
use meterwire_app::clock::SystemClock;
use meterwire_app::ports::TenantId;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

/// Two events a batch of four rows, so that a few transactions are many batches.
const SMALL: BatchLimits = BatchLimits { events: 4, bytes: 1 << 20 };
const TENANTS: i64 = 3;
/// 2026-11-01.
const NOVEMBER: i64 = 1_793_491_200_000;

/// Databases of one test, and the way to them.
struct World {
    url: String,
    postgres: Postgres,
    clicks: Arc<Clicks>,
    tables: engines::ClickHouse,
    /// Dropped with the test, where it is one of those that all tests share.
    _database: Option<engines::Postgres>,
}

impl World {
    async fn new() -> Self {
        let database = engines::Postgres::with_schema().await;
        let url = database.url().to_owned();
        Self::of(url, engines::ClickHouse::shards(), Some(database)).await
    }

    /// On engines that the test may kill.
    async fn on(own: &engines::Own) -> Self {
        let server = engines::connect(own.postgres()).await;
        server.batch_execute("CREATE DATABASE meterwire").await.unwrap();
        let url = own.postgres().replace("/postgres", "/meterwire");
        super::migrate::up(&Postgres::new(&url).unwrap()).await.unwrap();
        Self::of(url, engines::ClickHouse::on(own.clickhouse(), Some("meterwire")), None).await
    }

    async fn of(url: String, tables: engines::ClickHouse, database: Option<engines::Postgres>) -> Self {
        let postgres = Postgres::new(&url).unwrap();
        let clicks = Arc::new(clicks(tables.urls(), tables.database()));
        let world = Self { url, postgres, clicks, tables, _database: database };
        world.clicks.ensure().await.unwrap();
        let client = world.connect().await;
        for tenant in 1..=TENANTS {
            let slug = format!("tenant-{tenant}");
            let made =
                "INSERT INTO tenant (id, slug, name, timezone, created_ms) VALUES ($1, $2, $2, 'UTC', 0)";
            client.execute(made, &[&tenant, &slug]).await.unwrap();
        }
        world
    }

    async fn connect(&self) -> Client {
        engines::connect(&self.url).await
    }

    async fn feeder(&self) -> Feeder {
        Feeder { client: self.connect().await, voidable: BTreeMap::new(), turn: 0 }
    }

    async fn lead(&self) -> Lead {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut candidate = Candidate::new(&self.postgres).await.unwrap();
        loop {
            match candidate.try_lead().await.unwrap() {
                Ok(lead) => return lead,
                Err(again) => candidate = again,
            }
            assert!(Instant::now() < deadline, "nobody let go of the lead");
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn flusher(&self) -> Flusher {
        Flusher::new(self.clicks.clone(), SMALL)
    }

    /// Opens a batch, which there must be something for.
    async fn open(&self, lead: &Lead) -> OpenBatch {
        OpenBatch::open(lead, SMALL, 0).await.unwrap().unwrap()
    }

    /// Brings everything.
    async fn flush_all(&self, lead: &mut Lead) {
        let mut flusher = self.flusher();
        while flusher.flush(lead, 0).await.unwrap() != Flushed::Nothing {}
    }

    /// A server that leads when it can, in the background.
    fn server(&self, options: LeaderOptions) -> Server {
        let (stop, stopped) = watch::channel(false);
        let leads = Leads::default();
        let leader = Leader {
            postgres: self.postgres.clone(),
            clicks: self.clicks.clone(),
            clock: Arc::new(SystemClock),
            options,
            leads: leads.clone(),
        };
        Server { leads, stop, task: tokio::spawn(leader.run(stopped)) }
    }

    async fn count(&self, sql: &str) -> i64 {
        self.connect().await.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Waits until everything was brought.
    async fn wait_until_flushed(&self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while self.count("SELECT count(*) FROM outbox WHERE batch IS NULL").await > 0 {
            assert!(Instant::now() < deadline, "the outbox is not emptied");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What a question sees of a tenant, beside what was committed at the same moment.
    async fn look(&self, client: &Client, bodies: &Bodies, tenant: i64, pause: Duration) -> [Sums; 2] {
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
        let snapshot = Snapshot::take(client, bodies, TenantId(tenant)).await.unwrap();
        let committed =
            client.query_one("SELECT sums FROM ledger WHERE tenant_id = $1", &[&tenant]).await.unwrap();
        client.batch_execute("COMMIT").await.unwrap();
        sleep(pause).await;
        let mut seen = self.sums_of(&snapshot).await;
        for row in snapshot.tail() {
            seen.add(&row.sums(), row.sign.into()).unwrap();
        }
        [seen, Sums::from_row(committed.get(0)).unwrap_or_default()]
    }

    /// The sums of what ClickHouse has of a snapshot.
    async fn sums_of(&self, snapshot: &Snapshot) -> Sums {
        let sums: Vec<String> =
            SUM_NAMES.iter().map(|name| format!("sum(sign * ({}))", column(name))).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE tenant = {} AND {} FORMAT TabSeparated",
            sums.join(", "),
            self.clicks.schema().all("event"),
            snapshot.tenant.0,
            counted(snapshot)
        );
        let answer = self.clicks.ask(sql, Instant::now() + Duration::from_secs(20)).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let mut sums = Sums::default();
        for (sum, text) in sums.0.iter_mut().zip(answer.trim().split('\t').filter(|text| !text.is_empty())) {
            *sum = text.parse().unwrap();
        }
        sums
    }

    /// ClickHouse, with nothing left to go, has what was committed: all of it, and each row once.
    async fn assert_equal(&self) {
        assert_eq!(self.count("SELECT count(*) FROM outbox WHERE batch IS NULL").await, 0);
        let (client, bodies) = (self.connect().await, Bodies::default());
        for tenant in 1..=TENANTS {
            let [seen, committed] = self.look(&client, &bodies, tenant, Duration::ZERO).await;
            assert_eq!(seen, committed, "tenant {tenant}");
            let snapshot = Snapshot::take(&client, &bodies, TenantId(tenant)).await.unwrap();
            let sql = format!(
                "SELECT count(), max(times) FROM (SELECT seq, count() AS times FROM {} \
                 WHERE tenant = {tenant} AND {} GROUP BY seq, version, sign) FORMAT TabSeparated",
                self.clicks.schema().all("event"),
                counted(&snapshot)
            );
            let answer = self.clicks.ask(sql, Instant::now() + Duration::from_secs(20)).await.unwrap();
            let last_seq = format!("SELECT last_seq FROM ledger WHERE tenant_id = {tenant}");
            let rows = self.count(&last_seq).await + snapshot.cancels;
            let once = i64::from(rows > 0);
            assert_eq!(
                String::from_utf8(answer).unwrap().trim(),
                format!("{rows}\t{once}"),
                "tenant {tenant}"
            );
        }
    }
}

fn clicks(urls: &[String], database: &str) -> Clicks {
    let schema = Schema::new(database).unwrap().on_cluster("meterwire").unwrap();
    Clicks::new(ClickOptions { shards: urls.to_vec(), schema }).unwrap()
}

/// The column or expression of a sum.
fn column(sum: &str) -> &str {
    match sum {
        "calls" => "1",
        "errors" => "status >= 400",
        "unpriced_calls" => "rating = 3",
        column => column,
    }
}

/// The rows that a snapshot names.
fn counted(snapshot: &Snapshot) -> String {
    let dead: Vec<String> = snapshot.dead.iter().map(u32::to_string).collect();
    let dead = if dead.is_empty() { "0".to_owned() } else { dead.join(", ") };
    format!("batch <= {} AND batch NOT IN ({dead})", snapshot.applied)
}

/// A server that tries to lead; it ends with the test.
struct Server {
    leads: Leads,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

/// Flushes and looks often.
fn eager() -> LeaderOptions {
    LeaderOptions {
        limits: SMALL,
        keep: Keep::default(),
        folds: FoldOptions { every: Duration::from_millis(200), ..FoldOptions::default() },
        flush_every: Duration::from_millis(20),
        clean_every: Duration::from_millis(200),
    }
}

/// Commits what appends and voids commit: rows of the outbox, and the ledger beside them.
struct Feeder {
    client: Client,
    /// By tenant, an event that can still be voided.
    voidable: BTreeMap<i64, EventRow>,
    turn: i64,
}

impl Feeder {
    /// One transaction of one tenant after the other.
    async fn feed(&mut self, transactions: usize) {
        for _ in 0..transactions {
            self.commit().await.unwrap();
        }
    }

    async fn commit(&mut self) -> Result<(), tokio_postgres::Error> {
        self.turn += 1;
        let tenant = 1 + self.turn % TENANTS;
        let transaction = self.client.transaction().await?;
        let lock = "SELECT last_seq, sums FROM ledger WHERE tenant_id = $1 FOR UPDATE";
        let row = transaction.query_one(lock, &[&tenant]).await?;
        let last: i64 = row.get(0);
        let mut sums = Sums::from_row(row.get(1)).unwrap_or_default();
        let mut rows: Vec<EventRow> = (1..=3).map(|next| event(tenant, last + next)).collect();
        // Every other transaction takes an event of an earlier one back.
        let voided = self.voidable.get(&tenant).filter(|_| self.turn % 2 == 0).map(EventRow::cancelled);
        rows.extend(voided.clone());
        for row in &rows {
            sums.add(&row.sums(), row.sign.into()).unwrap();
        }
        let body = to_body(&rows).unwrap();
        let (count, cancels) = (i64::try_from(rows.len()).unwrap(), i64::from(voided.is_some()));
        transaction
            .execute(
                "INSERT INTO outbox (tenant_id, first_seq, events, min_ms, max_ms, made_ms, body) \
                 VALUES ($1, $2, $3, 0, 0, 0, $4)",
                &[&tenant, &(last + 1), &count, &body],
            )
            .await?;
        transaction
            .execute(
                "UPDATE ledger SET version = version + 1, last_seq = last_seq + 3, cancels = cancels + $2, sums = $3 \
                 WHERE tenant_id = $1",
                &[&tenant, &cancels, &sums.to_row()],
            )
            .await?;
        transaction.commit().await?;
        if voided.is_some() {
            self.voidable.remove(&tenant);
        } else {
            self.voidable.insert(tenant, rows[0].clone());
        }
        Ok(())
    }
}

/// An event that is like no other: every sum has something of its number. Two months take turns.
fn event(tenant: i64, seq: i64) -> EventRow {
    EventRow {
        tenant: u32::try_from(tenant).unwrap(),
        time_ms: NOVEMBER + (seq % 2) * 40 * 86_400_000 + seq,
        seq,
        version: 0,
        sign: 1,
        received_ms: NOVEMBER + seq,
        source: 1,
        id: format!("event-{seq}"),
        labels: TextLabels::default(),
        status: if seq % 5 == 0 { 500 } else { 200 },
        latency_ms: -1,
        latency_bucket: -1,
        first_token_ms: -1,
        first_token_bucket: -1,
        tokens: TokenCounts([seq, 1, 2, 3, 4, 5, 6, 7, 8, seq * 7]),
        cost_nanos: seq * 1_001,
        rating: 1,
        price: 1,
        fingerprint: [7; 16],
        request_hash: Blob(Vec::new()),
        metrics: String::new(),
        properties: String::new(),
        property_keys: vec![property_hash("team")],
        property_values: vec![1 + seq.unsigned_abs() % 3],
    }
}
