//! The engines of the cluster store: a database of its own for each test, dropped behind it.
//!
//! `e2e/engines/run.py` starts the engines, once for all tests. A test that kills engines starts its [`Own`].
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test binary uses a part of it; what fails is a test"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio_postgres::{Client, NoTls};

/// The schema of the cluster store, for tests that need tables and no store.
const SCHEMA: &str = include_str!("../../src/cluster/migrations/0001_init.up.sql");
/// Of `pg_advisory_lock`: one process at a time makes a template.
const TEMPLATE_LOCK: i64 = 0x6d65_7465_7277_6972;
const HOW: &str = "run the tests with the engines, `python3 e2e/engines/run.py -- cargo nextest run ..`, or hold them in \
    another terminal, `make engines`; `./scripts/prerequisites.sh test` installs what is missing";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where an engine is: by its variable, or by the file of engines that are held by hand.
fn address(variable: &str) -> String {
    let set = std::env::var(variable).ok().filter(|value| !value.is_empty());
    let held = || {
        let file = std::fs::read_to_string(root().join("target/engines.env")).ok()?;
        file.lines().find_map(|line| line.strip_prefix(variable)?.strip_prefix('=').map(str::to_owned))
    };
    set.or_else(held).unwrap_or_else(|| panic!("this test needs {variable}: {HOW}"))
}

fn unique() -> String {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let random = RandomState::new().build_hasher().finish();
    format!("t{}_{}_{random:016x}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed))
}

/// A connection to a PostgreSQL, driven by the runtime that calls.
pub(crate) async fn connect(url: &str) -> Client {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) = connected.unwrap_or_else(|error| panic!("{url}: {error}: {HOW}"));
    tokio::spawn(async move {
        // An end that the test wants (a killed engine) is told to whoever asks next.
        drop(connection.await);
    });
    client
}

/// A database of one test in PostgreSQL.
pub(crate) struct Postgres {
    server: String,
    name: String,
    url: String,
}

impl Postgres {
    /// An empty database.
    pub(crate) async fn empty() -> Self {
        Self::copy_of("template0").await
    }

    /// A database with the schema of the cluster store, and nothing else.
    pub(crate) async fn with_schema() -> Self {
        Self::made_by(SCHEMA, async |url| connect(&url).await.batch_execute(SCHEMA).await.unwrap()).await
    }

    /// A database as `make` makes it, which is done once for each `version` (any text that tells what is made) and then
    /// copied. `make` is given the URL of an empty database and has to leave no connection open.
    pub(crate) async fn made_by(version: &str, make: impl AsyncFnOnce(String)) -> Self {
        let server = address("METERWIRE_TEST_POSTGRES");
        let mut hasher = DefaultHasher::new();
        version.hash(&mut hasher);
        let template = format!("template_{:016x}", hasher.finish());
        let client = connect(&server).await;
        client.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.unwrap();
        let there = "SELECT 1 FROM pg_database WHERE datname = $1";
        if client.query_opt(there, &[&template]).await.unwrap().is_none() {
            // A test that dies half-way leaves nothing by that name.
            let being_made = format!("{template}_new");
            client
                .batch_execute(&format!("DROP DATABASE IF EXISTS {being_made} WITH (FORCE)"))
                .await
                .unwrap();
            client.batch_execute(&format!("CREATE DATABASE {being_made} TEMPLATE template0")).await.unwrap();
            make(database_url(&server, &being_made)).await;
            without_connections(&client, &being_made).await;
            client.batch_execute(&format!("ALTER DATABASE {being_made} RENAME TO {template}")).await.unwrap();
        }
        // The lock goes with the connection.
        drop(client);
        Self::copy_of(&template).await
    }

    async fn copy_of(template: &str) -> Self {
        let server = address("METERWIRE_TEST_POSTGRES");
        let name = unique();
        let client = connect(&server).await;
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        Self { url: database_url(&server, &name), server, name }
    }

    /// `postgres://user@host:port/database`
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) async fn connect(&self) -> Client {
        connect(&self.url).await
    }
}

fn database_url(server: &str, database: &str) -> String {
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{database}")
}

/// Waits until nobody is connected any more: a closed connection is gone from the server a moment later.
async fn without_connections(client: &Client, database: &str) {
    for _ in 0..500 {
        let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1";
        if client.query_one(left, &[&database]).await.unwrap().get::<_, i64>(0) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("somebody is still connected to {database}");
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's own runtime may be at its end, and cannot be waited for from here.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                if let Ok((client, connection)) = tokio_postgres::connect(&server, NoTls).await {
                    tokio::spawn(connection);
                    drop(client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await);
                }
            });
            std::io::Result::Ok(())
        });
        drop(dropping.join());
    }
}

/// A database of one test, by one name on each shard of a ClickHouse.
pub(crate) struct ClickHouse {
    urls: Vec<String>,
    database: String,
    cluster: Option<&'static str>,
}

impl ClickHouse {
    /// On the two shards of the old server, the cluster `meterwire`.
    pub(crate) fn shards() -> Self {
        let urls = address("METERWIRE_TEST_CLICKHOUSE").split(',').map(str::to_owned).collect();
        Self::on(urls, Some("meterwire"))
    }

    /// On the present engine: one shard of no cluster. Processes of tests take turns among those that there are.
    pub(crate) fn chdb() -> Self {
        let addresses = address("METERWIRE_TEST_CHDB");
        let urls: Vec<&str> = addresses.split(',').collect();
        Self::on(vec![urls[std::process::id() as usize % urls.len()].to_owned()], None)
    }

    /// On other servers, such as a test's [`Own`].
    pub(crate) fn on(urls: Vec<String>, cluster: Option<&'static str>) -> Self {
        let made = Self { urls, database: unique(), cluster };
        for url in &made.urls {
            ask(url, &format!("CREATE DATABASE {}", made.database))
                .unwrap_or_else(|text| panic!("{url}: {text}: {HOW}"));
        }
        made
    }

    /// `http://host:port` of each shard.
    pub(crate) fn urls(&self) -> &[String] {
        &self.urls
    }

    pub(crate) fn database(&self) -> &str {
        &self.database
    }

    /// The name of the cluster that the shards make up, as Distributed tables want it.
    pub(crate) fn cluster(&self) -> Option<&'static str> {
        self.cluster
    }

    /// Asks one shard, with the test's database as the default one; answers text, tab separated.
    pub(crate) fn ask(&self, shard: usize, sql: &str) -> String {
        ask(&format!("{}/?database={}", self.urls[shard], self.database), sql).unwrap()
    }
}

impl Drop for ClickHouse {
    fn drop(&mut self) {
        for url in &self.urls {
            drop(ask(url, &format!("DROP DATABASE IF EXISTS {}", self.database)));
        }
    }
}

/// One statement by HTTP; the text of an engine's error, or of the connection's, as an error.
fn ask(url: &str, sql: &str) -> Result<String, String> {
    let address = url.strip_prefix("http://").unwrap();
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let told = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        // HTTP/1.0: no chunks, and the end of the connection is the end of the answer.
        let mut request = format!("POST /{path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n", sql.len());
        request.write_str(sql).unwrap();
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    let answer = told().map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let is_well = head.split(' ').nth(1) == Some("200");
    if is_well { Ok(body.to_owned()) } else { Err(body.to_owned()) }
}

/// Engines of one test, which may kill them. They end with it, however it ends.
pub(crate) struct Own {
    process: Child,
    // Closed before the process is waited for: that is how it learns of the end.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    addresses: HashMap<String, String>,
}

impl Own {
    /// `kinds`: of `postgres`, `clickhouse`, `chdb`, with commas.
    pub(crate) fn start(kinds: &str) -> Self {
        let script = root().join("e2e/engines/run.py");
        let mut command = Command::new("python3");
        command.arg(script).args(["--control", "--only", kinds]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("python3 is needed for this test");
        let orders = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let mut addresses = HashMap::new();
        loop {
            let mut line = String::new();
            assert!(answers.read_line(&mut line).unwrap() > 0, "the engines did not start, see above: {HOW}");
            match line.trim_end().split_once('=') {
                Some((name, value)) => addresses.insert(name.to_owned(), value.to_owned()),
                None => return Self { process, orders, answers, addresses },
            };
        }
    }

    /// The URL of PostgreSQL's own database `postgres`.
    pub(crate) fn postgres(&self) -> &str {
        &self.addresses["METERWIRE_TEST_POSTGRES"]
    }

    /// `http://host:port` of each shard of `clickhouse`.
    pub(crate) fn clickhouse(&self) -> Vec<String> {
        self.addresses["METERWIRE_TEST_CLICKHOUSE"].split(',').map(str::to_owned).collect()
    }

    /// `http://host:port` of each `chdb`; these are no shards of one cluster.
    pub(crate) fn chdb(&self) -> Vec<String> {
        self.addresses["METERWIRE_TEST_CHDB"].split(',').map(str::to_owned).collect()
    }

    /// Does something to an engine and returns when it is done: `kill` (as a lost machine would), `start` (again, on the
    /// same port and data; returns when it answers), `pause` and `resume` (it is there and does not answer). Engines are
    /// `postgres`, `clickhouse-1`, `clickhouse-2`, `chdb-1`, `chdb-2`.
    pub(crate) fn order(&mut self, deed: &str, engine: &str) {
        writeln!(self.orders.as_mut().unwrap(), "{deed} {engine}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim_end(), "ok", "{deed} {engine}");
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.orders = None;
        drop(self.process.wait());
    }
}
