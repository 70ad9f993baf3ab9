//! What the tests of several servers share: real binaries on one PostgreSQL and a ClickHouse of two shards, and what both of
//! these hold, read past the servers.
#![allow(dead_code, reason = "every test file uses a part of it")]

pub(crate) mod books;
#[path = "../../../meterwire-store/tests/common/engines.rs"]
pub(crate) mod engines;
pub(crate) mod fleet;
pub(crate) mod workload;

use crate::cli_support::{ADMIN_TOKEN, Server, command};
use engines::{ClickHouse, Own, Postgres};
use meterwire_app::clock::SystemClock;
use meterwire_store::{ClusterOptions, ClusterStore};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What secrets are sealed with; all servers need the same.
const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// The name of the cluster of both shards.
const CLUSTER: &str = "meterwire";

/// Databases of one test, and how servers are started on them.
pub(crate) struct World {
    /// By the user of [`World::role`] it tells which server a connection is of.
    postgres: String,
    pub(crate) tables: ClickHouse,
    dir: TempDir,
    settings: Vec<(&'static str, String)>,
    /// Dropped with the test, where its engine is shared with other tests.
    _database: Option<Postgres>,
}

impl World {
    /// Databases on the engines that all tests share.
    pub(crate) async fn new() -> Self {
        let database = Postgres::empty().await;
        let url = database.url().to_owned();
        Self::of(url, ClickHouse::shards(), Some(database))
    }

    /// Databases on engines that the test may kill.
    pub(crate) async fn on(own: &Own) -> Self {
        let server = engines::connect(own.postgres()).await;
        server.batch_execute("CREATE DATABASE meterwire TEMPLATE template0").await.unwrap();
        for number in 0..SERVERS {
            let made = format!("CREATE ROLE {} SUPERUSER LOGIN", role(number));
            server.batch_execute(&made).await.unwrap();
        }
        let url = own.postgres().replace("/postgres", "/meterwire");
        Self::of(url, ClickHouse::on(own.clickhouse(), Some(CLUSTER)), None)
    }

    fn of(postgres: String, tables: ClickHouse, database: Option<Postgres>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { postgres, tables, dir, settings: Vec::new(), _database: database }
    }

    /// Sets a variable for every server that is started from now on.
    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    /// The binary with the settings of the cluster; `role` is the user at PostgreSQL, none for its superuser.
    pub(crate) fn command(&self, role: Option<String>) -> Command {
        let mut command = command(self.dir.path());
        let postgres = role.map_or_else(
            || self.postgres.clone(),
            |role| self.postgres.replace("meterwire@", &format!("{role}@")),
        );
        command
            .env("METERWIRE_STORAGE_KIND", "cluster")
            .env("METERWIRE_STORAGE_POSTGRES", postgres)
            .env("METERWIRE_STORAGE_CLICKHOUSE", self.tables.urls().join(","))
            .env("METERWIRE_STORAGE_CLICKHOUSE_DATABASE", self.tables.database())
            .env("METERWIRE_STORAGE_CLICKHOUSE_CLUSTER", CLUSTER)
            .env("METERWIRE_SECRETS_KEY", KEY)
            .env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN)
            .env("METERWIRE_LOG_FILTER", "warn")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// A server that connects as PostgreSQL's superuser; returns when it listens.
    pub(crate) fn start(&self) -> Server {
        self.start_as(None)
    }

    /// A server that connects by this user; see [`role`].
    pub(crate) fn start_as(&self, role: Option<String>) -> Server {
        let mut command = self.command(role);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        // What it warns of while engines are away is seen where a test fails.
        Server::spawn(command)
    }

    /// Several servers, started at the same moment.
    pub(crate) fn start_all(&self, count: usize) -> Vec<Server> {
        std::thread::scope(|scope| {
            let starting: Vec<_> = (0..count).map(|_| scope.spawn(|| self.start())).collect();
            starting.into_iter().map(|server| server.join().unwrap()).collect()
        })
    }

    /// Runs a command on the databases that must succeed and tells JSON.
    pub(crate) fn run_json(&self, args: &[&str]) -> Value {
        let output =
            self.command(None).args(args).arg("--json").stdin(Stdio::null()).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "meterwire {args:?} failed\n{text}{error}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// A server's store without the server.
    pub(crate) async fn store(&self) -> ClusterStore {
        let tables = &self.tables;
        let options = ClusterOptions {
            clickhouse_database: tables.database().to_owned(),
            clickhouse_cluster: tables.cluster().map(str::to_owned),
            ..ClusterOptions::new(&self.postgres, tables.urls().to_vec())
        };
        ClusterStore::open(options, Arc::new(SystemClock)).await.unwrap()
    }

    /// The URL of the database at PostgreSQL.
    pub(crate) fn postgres(&self) -> &str {
        &self.postgres
    }
}

/// How many servers the larger tests run.
pub(crate) const SERVERS: usize = 3;

/// The user at PostgreSQL by which a server is told from the others, where the engines are the test's own.
pub(crate) fn role(server: usize) -> String {
    format!("server_{server}")
}

/// A status and what was answered, as the admin; `None` where no whole answer came.
pub(crate) async fn send(
    http: &reqwest::Client,
    method: &str,
    url: &str,
    body: Option<&Value>,
) -> Option<(u16, Value)> {
    let mut request = http.request(method.parse().unwrap(), url).bearer_auth(ADMIN_TOKEN);
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let bytes = response.bytes().await.ok()?;
    Some((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
}

/// The value of a metric without labels on a server's page for Prometheus.
pub(crate) async fn metric(server: &Server, name: &str) -> Option<f64> {
    let page = server.http.get(format!("{}/metrics", server.url)).send().await.ok()?.text().await.ok()?;
    page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

/// Asks again and again until it is so, at most for so long.
pub(crate) async fn eventually(what: &str, within: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Dollars with up to nine decimals as nano-dollars, exactly.
pub(crate) fn nanos(usd: &Value) -> u64 {
    let text = usd.as_str().unwrap_or_else(|| panic!("{usd} is no money"));
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{places:0<9}").parse().unwrap()
}

/// An amount as thousandths.
pub(crate) fn thousandths(amount: &Value) -> u64 {
    let text = amount.to_string();
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    assert!(places.len() <= 3, "{amount}");
    format!("{whole}{places:0<3}").parse().unwrap()
}

/// Thousandths as callers write amounts.
pub(crate) fn decimal(units: u64) -> String {
    format!("{}.{:03}", units / 1000, units % 1000)
}
