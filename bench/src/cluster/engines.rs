//! PostgreSQL and ClickHouse of one measurement, as `e2e/engines/run.py` starts them: PostgreSQL syncs each commit.

use crate::Outcome;
use crate::http::Connection;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Engines that end with the measurement.
pub(crate) struct Engines {
    process: Child,
    /// `None` only when it is dropped: its end is how the process learns of it.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    addresses: HashMap<String, String>,
    pub(crate) shards: usize,
    pub(crate) postgres_process: u32,
    pub(crate) clickhouse_processes: Vec<u32>,
}

impl Engines {
    /// Starts a PostgreSQL and so many shards of ClickHouse.
    pub(crate) fn start(shards: usize) -> Outcome<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../e2e/engines/run.py");
        let mut process = Command::new("python3")
            .arg(script)
            .args([
                "--control",
                "--durable",
                "--only",
                "postgres,clickhouse",
                "--shards",
                &shards.to_string(),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take().ok_or("no pipe")?);
        let mut addresses = HashMap::new();
        loop {
            let mut line = String::new();
            if answers.read_line(&mut line)? == 0 {
                return Err("the engines did not start; run ./scripts/prerequisites.sh engines".into());
            }
            match line.trim_end().split_once('=') {
                Some((name, value)) => drop(addresses.insert(name.to_owned(), value.to_owned())),
                None => break,
            }
        }
        let (postgres_process, clickhouse_processes) = (0, Vec::new());
        let mut engines =
            Self { process, orders, answers, addresses, shards, postgres_process, clickhouse_processes };
        engines.postgres_process = engines.pid("postgres")?;
        for shard in 1..=shards {
            let pid = engines.pid(&format!("clickhouse-{shard}"))?;
            engines.clickhouse_processes.push(pid);
        }
        Ok(engines)
    }

    fn pid(&mut self, engine: &str) -> Outcome<u32> {
        writeln!(self.orders.as_mut().ok_or("the engines have ended")?, "pid {engine}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim().parse()?)
    }

    fn address(&self, name: &str) -> Outcome<&str> {
        Ok(self.addresses.get(name).ok_or("an engine without an address")?)
    }

    /// PostgreSQL's own database.
    pub(crate) fn postgres(&self) -> Outcome<&str> {
        self.address("METERWIRE_TEST_POSTGRES")
    }

    /// The shards' addresses, with commas.
    pub(crate) fn clickhouse(&self) -> Outcome<&str> {
        self.address("METERWIRE_TEST_CLICKHOUSE")
    }

    /// A connection to each shard.
    pub(crate) fn clicks(&self) -> impl Iterator<Item = Outcome<Clicks>> {
        let addresses = self.clickhouse().unwrap_or_default().split(',').map(str::to_owned);
        addresses.map(|address| {
            let address = address.strip_prefix("http://").ok_or("an address that is not http")?;
            Ok(Clicks(Connection::open_to_all(address)?))
        })
    }

    /// The number that each shard answers, all together.
    pub(crate) fn click_number(&self, sql: &str) -> Outcome<u64> {
        self.clicks().map(|shard| shard?.number(sql)).sum()
    }

    /// Rows of events on all shards.
    pub(crate) fn event_rows(&self) -> Outcome<u64> {
        self.click_number("SELECT count() FROM meterwire.event")
    }

    /// Memory of PostgreSQL's processes in MiB; what they share counts once.
    pub(crate) fn postgres_mib(&self) -> Outcome<u64> {
        let mut kib = 0;
        for entry in std::fs::read_dir("/proc")? {
            let path = entry?.path();
            let Ok(stat) = std::fs::read_to_string(path.join("stat")) else { continue };
            let is_own = path.ends_with(self.postgres_process.to_string());
            if !is_own && ticks(&stat).is_none_or(|found| found.parent != self.postgres_process) {
                continue;
            }
            let shares = std::fs::read_to_string(path.join("smaps_rollup")).unwrap_or_default();
            let share = shares.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().split(' ').next());
            kib += share.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0);
        }
        Ok(kib / 1024)
    }
}

/// One shard of ClickHouse.
pub(crate) struct Clicks(Connection);

impl Clicks {
    /// Runs a statement; what it answers as text.
    pub(crate) fn ask(&mut self, sql: &str) -> Outcome<String> {
        let answer = self.0.post("/", "text/plain", sql.as_bytes())?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.status == 200 { Ok(text) } else { Err(format!("ClickHouse: {text}").into()) }
    }

    pub(crate) fn number(&mut self, sql: &str) -> Outcome<u64> {
        Ok(self.ask(sql)?.trim().parse()?)
    }
}

impl Drop for Engines {
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.process.wait();
    }
}

/// Time that a process was given of the cores, in microseconds, to a hundredth of a second.
pub(crate) fn cpu_us(process: u32) -> Outcome<u64> {
    Ok(of_process(process)?.spent * TICK_US)
}

/// The same with the children that it has or had, which is how PostgreSQL works.
pub(crate) fn cpu_with_children_us(process: u32) -> Outcome<u64> {
    let own = of_process(process)?;
    let mut sum = own.spent + own.of_ended_children;
    for entry in std::fs::read_dir("/proc")? {
        // Processes end while they are looked at.
        let Ok(stat) = std::fs::read_to_string(entry?.path().join("stat")) else { continue };
        sum += ticks(&stat).filter(|found| found.parent == process).map_or(0, |found| found.spent);
    }
    Ok(sum * TICK_US)
}

fn of_process(process: u32) -> Outcome<Ticks> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    Ok(ticks(&stat).ok_or("a process without times")?)
}

const TICK_US: u64 = 10_000;

struct Ticks {
    parent: u32,
    spent: u64,
    of_ended_children: u64,
}

fn ticks(stat: &str) -> Option<Ticks> {
    // The name before it may hold anything.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Ticks {
        parent: fields.get(1)?.parse().ok()?,
        spent: number(11)? + number(12)?,
        of_ended_children: number(13)? + number(14)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_whatever_the_name() {
        let stat = "42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 3 4 50 6 700 80 20 0 1 0 99";
        let found = ticks(stat).unwrap();
        assert_eq!((found.parent, found.spent, found.of_ended_children), (7, 56, 780));
        let own = std::process::id();
        assert!(cpu_us(own).unwrap() <= cpu_with_children_us(own).unwrap());
    }
}
