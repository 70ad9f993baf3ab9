//! What the tests of the real binary share: running commands, running a server, asking it, finding the test data.
#![allow(dead_code, reason = "every test file uses a part of it")]

use serde_json::Value;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The admin token of every server that tests start.
pub(crate) const ADMIN_TOKEN: &str = "test-admin-token-0123456789";

/// The binary, in a directory of its own and without the caller's settings.
pub(crate) fn command(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meterwire"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("METERWIRE_")) {
        command.env_remove(name);
    }
    command.current_dir(dir).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    command(dir).args(args).output().expect("the binary runs")
}

/// Runs a command that must succeed and answers its standard output.
pub(crate) fn run_ok(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "meterwire {args:?} failed\n{out}{err}");
    out
}

/// Runs a command with `--json` that must succeed.
pub(crate) fn run_json(dir: &Path, args: &[&str]) -> Value {
    let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&run_ok(dir, &all)).expect("JSON")
}

/// Runs a command that must fail and answers its one sentence.
pub(crate) fn run_err(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    let err = text(&output.stderr);
    assert!(!output.status.success(), "meterwire {args:?} succeeded: {}", text(&output.stdout));
    assert!(output.stdout.is_empty(), "meterwire {args:?} printed: {}", text(&output.stdout));
    assert!(err.starts_with("error: ") && !err.contains("panicked"), "{err}");
    err
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file of the public test data; `None`, said plainly, where it is not there.
pub(crate) fn test_data(name: &str) -> Option<PathBuf> {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let dir = std::env::var_os("METERWIRE_TEST_DATA").map_or_else(default, PathBuf::from);
    let file = dir.join(name);
    if !file.is_file() {
        println!("skipped part: test data not found at {}", file.display());
        return None;
    }
    Some(file)
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("a path of UTF-8")
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
}

impl Server {
    /// Starts `meterwire serve` on a free port and waits for its address.
    pub(crate) fn start(data_dir: &Path) -> Self {
        let mut command = command(data_dir.parent().expect("a parent"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", arg(data_dir)]);
        command.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_LOG_FILTER", "warn");
        Self::spawn(command)
    }

    /// Starts a command that serves, and waits for its address.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address =
            lines.find_map(|line| Some(line.ok()?.trim().strip_prefix("page  ")?.trim().to_owned()));
        // Read on, so that the server never waits for a full pipe.
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = kept.clone();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| keep.lock().unwrap().push(line));
        });
        let Some(address) = address else {
            let status = child.wait();
            panic!("the server printed no address: {status:?}");
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client");
        Self { child, lines: kept, url: address.trim_end_matches('/').to_owned(), http }
    }

    /// Waits until a line that was printed after the address holds a text, and answers it.
    pub(crate) fn line_with(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let lines = self.lines.lock().unwrap().clone();
            if let Some(line) = lines.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "no line with {text:?} in {lines:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The lines that were printed after the address so far and hold a text.
    pub(crate) fn lines_with(&self, text: &str) -> Vec<String> {
        let lines = self.lines.lock().unwrap();
        lines.iter().filter(|line| line.contains(text)).cloned().collect()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks as the admin and expects success.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self
            .http
            .get(format!("{}{path}", self.url))
            .bearer_auth(ADMIN_TOKEN)
            .send()
            .await
            .expect("an answer");
        let status = response.status();
        let body = response.text().await.expect("a body");
        assert!(status.is_success(), "GET {path}: {status} {body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Posts JSON as the admin and expects success.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).bearer_auth(ADMIN_TOKEN).json(body);
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "POST {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let status =
            Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("kill runs");
        assert!(status.success());
    }

    /// Waits for the end.
    pub(crate) fn wait(&mut self, at_most: Duration) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return status;
            }
            assert!(begun.elapsed() < at_most, "the server did not end within {at_most:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops it softly.
    pub(crate) fn stop(mut self) {
        self.terminate();
        assert!(self.wait(Duration::from_secs(20)).success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A small generator of random numbers (splitmix64); the same seed, the same numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `0` up to, not including, `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// A seed from `METERWIRE_TEST_SEED`, else a new one; printed, so that a failure can be repeated.
pub(crate) fn seed() -> u64 {
    let given = std::env::var("METERWIRE_TEST_SEED")
        .ok()
        .map(|text| text.parse().expect("METERWIRE_TEST_SEED is a number"));
    let seed = given.unwrap_or_else(|| RandomState::new().hash_one("seed") >> 32);
    println!("seed: METERWIRE_TEST_SEED={seed}");
    seed
}
