//! The release binary as a process of its own.

use crate::Outcome;
use crate::http::Connection;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TOKEN: &str = "bench-admin-token-0123456789";
/// The tenant of every measurement.
pub(crate) const TENANT: &str = "bench";

/// A running server; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
    /// From the start of the process to the first answer of `/healthz`.
    pub ready: Duration,
}

/// The server's binary: the one beside this program.
pub(crate) fn binary() -> Outcome<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("meterwire");
    if !path.is_file() {
        return Err(
            format!("{} is missing; run: cargo build --release -p meterwire-server", path.display()).into()
        );
    }
    Ok(path)
}

impl Server {
    pub(crate) fn start(dir: &Path) -> Outcome<Self> {
        let mut command = Command::new(binary()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(dir).current_dir("/");
        command.env("METERWIRE_ADMIN_TOKEN", TOKEN).env("METERWIRE_LOG_FILTER", "warn");
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no pipe")?).lines();
        let address =
            lines.find_map(|line| Some(line.ok()?.trim().strip_prefix("page  http://")?.to_owned()));
        let address = address.ok_or("the server printed no address")?.trim_end_matches('/').to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        let status = Connection::open(&address, TOKEN)?.get("/healthz")?.status;
        let ready = begun.elapsed();
        if status != 200 {
            return Err(format!("/healthz answered {status}").into());
        }
        Ok(Self { child, address, ready })
    }

    /// Starts with the tenant of the measurements in a new directory.
    pub(crate) fn start_new(dir: &Path) -> Outcome<Self> {
        let server = Self::start(dir)?;
        let tenant = json!({ "slug": TENANT }).to_string();
        server.connect()?.post("/api/v1/tenants", "application/json", tenant.as_bytes())?.json()?;
        Ok(server)
    }

    pub(crate) fn connect(&self) -> Outcome<Connection> {
        Connection::open(&self.address, TOKEN)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in MiB, now and at its highest.
    pub(crate) fn memory_mib(&self) -> Outcome<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().split(' ').next()?.parse::<u64>().ok().map(|kib| kib / 1024)
        };
        Ok((field("VmRSS:").ok_or("no VmRSS")?, field("VmHWM:").ok_or("no VmHWM")?))
    }

    /// Stops it softly and waits.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended with {status}").into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
