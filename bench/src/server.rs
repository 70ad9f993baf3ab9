//! The release binary as a process of its own.

use crate::Outcome;
use crate::http::Connection;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const TOKEN: &str = "bench-admin-token-0123456789";
/// The tenant of measurements that need only one.
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

/// Resident memory of a process in MiB, now and at its highest.
pub(crate) fn memory_mib(process: &str) -> Outcome<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().split(' ').next()?.parse::<u64>().ok().map(|kib| kib / 1024)
    };
    Ok((field("VmRSS:").ok_or("no VmRSS")?, field("VmHWM:").ok_or("no VmHWM")?))
}

fn on_directory(mut command: Command, dir: &Path) -> Command {
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(dir);
    command
}

impl Server {
    pub(crate) fn start(dir: &Path) -> Outcome<Self> {
        let mut command = Command::new(binary()?);
        command.env("METERWIRE_LOG_FILTER", "warn");
        Self::spawn(on_directory(command, dir))
    }

    /// Starts with a log of where answers come from: one line of JSON each.
    pub(crate) fn start_telling_plans(dir: &Path) -> Outcome<(Self, Receiver<String>)> {
        Self::spawn_telling_plans(on_directory(Command::new(binary()?), dir))
    }

    /// The same of a command that serves.
    pub(crate) fn spawn_telling_plans(mut command: Command) -> Outcome<(Self, Receiver<String>)> {
        command.env("METERWIRE_LOG_FILTER", "warn,meterwire_store=debug");
        command.env("METERWIRE_LOG_FORMAT", "json").stderr(Stdio::piped());
        let mut server = Self::spawn(command)?;
        let log = BufReader::new(server.child.stderr.take().ok_or("no pipe")?);
        let (lines, received) = channel();
        // Read to its end, or the server would wait.
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        Ok((server, received))
    }

    /// Starts a command that serves, and waits for its first answer.
    pub(crate) fn spawn(mut command: Command) -> Outcome<Self> {
        command.env("METERWIRE_ADMIN_TOKEN", TOKEN).current_dir("/");
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

    /// As the admin.
    pub(crate) fn connect(&self) -> Outcome<Connection> {
        Connection::open(&self.address, TOKEN)
    }

    /// So many budgets of the whole tenant of the measurements, each asked or moved at every decision and event; far from
    /// their amounts.
    pub(crate) fn add_budgets(&self, count: usize, hard: bool) -> Outcome<()> {
        let mut admin = self.connect()?;
        for (number, period) in
            ["day", "week", "month", "quarter", "year"].iter().cycle().take(count).enumerate()
        {
            let wish = json!({
                "name": format!("budget {number}"), "amount_usd": "1000000", "period": period, "hard": hard,
                "allow_unpriced": hard,
            });
            let path = format!("/api/v1/budgets?tenant={TENANT}");
            let made = admin.post(&path, "application/json", wish.to_string().as_bytes())?;
            if made.status != 201 {
                return Err(format!("a budget was answered {}: {}", made.status, made.json()?).into());
            }
        }
        Ok(())
    }

    /// A new key of a tenant's owner.
    pub(crate) fn owner_token(&self, tenant: &str) -> Outcome<String> {
        let wish = json!({ "name": "bench", "role": "owner" }).to_string();
        let path = format!("/api/v1/keys?tenant={tenant}");
        let made = self.connect()?.post(&path, "application/json", wish.as_bytes())?.json()?;
        Ok(made["token"].as_str().ok_or("a key without a token")?.to_owned())
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Resident memory in MiB, now and at its highest.
    pub(crate) fn memory_mib(&self) -> Outcome<(u64, u64)> {
        memory_mib(&self.child.id().to_string())
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
