//! What the tests share: the real server, and ways to lose it.

mod canned;
mod proxy;

pub(crate) use canned::Canned;
pub(crate) use proxy::Proxy;

use meterwire_client::{Amount, Client, Event};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ADMIN_TOKEN: &str = "test-admin-token-0123456789";
/// How long anything that happens in the background may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server with the tenant `acme`; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    _dir: TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut child = command(dir.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
            .env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN)
            .env("METERWIRE_LOG_FILTER", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| Some(line.ok()?.trim().strip_prefix("page  ")?.trim().to_owned()));
        // Read on, so that the server never waits for a full pipe.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let url = address.expect("the server prints its address").trim_end_matches('/').to_owned();
        let server = Self { child, url, _dir: dir };
        server.admin(&["tenant", "create", "acme"]);
        server
    }

    /// The token of a new key of `acme`.
    pub(crate) fn key(&self, role: &str, more: &[&str]) -> String {
        let args = [&["key", "create", "--tenant", "acme", "--role", role, role], more].concat();
        self.admin(&args)["token"].as_str().unwrap().to_owned()
    }

    /// A client that takes decisions for the users of `acme`.
    pub(crate) fn client(&self) -> Client {
        self.client_at(&self.url)
    }

    /// The same over another address, as a proxy's.
    pub(crate) fn client_at(&self, url: &str) -> Client {
        Client::builder(url).token(self.key("ingest", &[])).build().unwrap()
    }

    pub(crate) fn owner(&self) -> Client {
        Client::builder(&self.url).token(self.key("owner", &[])).build().unwrap()
    }

    /// A client of the instance's admin, who names the tenant.
    pub(crate) fn instance_admin(&self) -> Client {
        Client::builder(&self.url).token(ADMIN_TOKEN).tenant("acme").build().unwrap()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn admin(&self, args: &[&str]) -> Value {
        let to = ["--url", &self.url, "--token", ADMIN_TOKEN, "--json"];
        let output = command(Path::new(".")).args(args).args(to).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's binary: the one that is named, else the one that cargo built beside this test.
fn binary() -> PathBuf {
    let built = || {
        let test = std::env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().join("meterwire")
    };
    let binary = std::env::var_os("METERWIRE_BIN").map_or_else(built, PathBuf::from);
    assert!(binary.is_file(), "{} is not there: run `cargo build -p meterwire-server`", binary.display());
    binary
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("METERWIRE_")) {
        command.env_remove(name);
    }
    command.current_dir(dir).stdin(Stdio::null());
    command
}

/// An address where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A client that gives up soon.
pub(crate) fn hasty(url: &str) -> Client {
    let builder = Client::builder(url).token("mw_any").retries(1);
    builder.timeout(Duration::from_millis(500)).deadline(Duration::from_secs(1)).build().unwrap()
}

/// What a user has of a metric: used and held, and only held.
pub(crate) async fn standing(client: &Client, user: &str, metric: &str) -> (Amount, Amount) {
    let standing = &client.status(Some(user)).await.unwrap().metrics[metric];
    (standing.current, standing.held)
}

/// Waits until a user has this much of a metric, and nothing of it held.
pub(crate) async fn settles_at(client: &Client, user: &str, metric: &str, amount: Amount) {
    let begun = Instant::now();
    loop {
        let found = standing(client, user, metric).await;
        if found == (amount, Amount::ZERO) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{user} has {found:?} of {metric}, not {amount}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What must come soon, so that a test fails instead of waiting for ever.
pub(crate) async fn within<T>(soon: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, soon).await.expect("it comes in time")
}

/// Waits until something is so.
pub(crate) fn eventually(what: &str, so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// An event of a user.
pub(crate) fn event(user: &str) -> Event {
    Event { user: Some(user.to_owned()), operation: Some("test".to_owned()), ..Event::default() }
}
