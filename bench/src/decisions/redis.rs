//! Redis as one would run it where a decision must not be lost: `appendonly yes`, `appendfsync always`. The check and
//! the increment are one script. What slows it down now and then, snapshots and rewriting its log, is switched off.

use crate::Outcome;
use crate::decisions::load::{USER, USERS};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// KEYS: the counter of a user and a day. ARGV: amount, limit, the end of the day.
const SCRIPT: &str = "local amount, current = tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0') \
    if current + amount > tonumber(ARGV[2]) then return {0, current} end \
    current = redis.call('INCRBY', KEYS[1], ARGV[1]) \
    if current == amount then redis.call('EXPIREAT', KEYS[1], ARGV[3]) end \
    return {1, current}";
/// How the script's answer begins.
pub(crate) const ALLOWED: &str = "*2\r\n:1\r\n";
pub(crate) const REFUSED: &str = "*2\r\n:0\r\n";

/// A running Redis; killed when dropped.
pub(crate) struct Redis {
    child: Child,
    port: u16,
    script: String,
    day_ends_s: i64,
}

impl Redis {
    /// Starts it in a new directory and loads the script.
    pub(crate) fn start(dir: &Path) -> Outcome<Self> {
        std::fs::create_dir_all(dir)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(dir);
        command.args([
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--auto-aof-rewrite-percentage",
            "0",
        ]);
        let child = command.stdout(Stdio::null()).spawn();
        let child =
            child.map_err(|error| format!("redis-server: {error}; run: scripts/prerequisites.sh bench"))?;
        let day_ms = 86_400_000;
        let day_ends_s = (crate::ingest::now_ms() / day_ms + 1) * day_ms / 1_000;
        let mut redis = Self { child, port, script: String::new(), day_ends_s };
        let begun = Instant::now();
        while redis.ask(&["PING"]).is_err() {
            if begun.elapsed() > Duration::from_secs(10) || redis.child.try_wait()?.is_some() {
                return Err("redis-server did not start".into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        redis.script = redis.ask(&["SCRIPT", "LOAD", SCRIPT])?.remove(0);
        Ok(redis)
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn version(&self) -> Outcome<String> {
        let info = self.ask(&["INFO", "server"])?.remove(0);
        let line = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        Ok(line.ok_or("no redis_version")?.trim().to_owned())
    }

    /// One decision of a user, on counters that begin with `counter`.
    pub(crate) fn decision(&self, counter: &str, limit: u64) -> Vec<u8> {
        let key = format!("{counter}:{USER}");
        let (limit, ends) = (limit.to_string(), self.day_ends_s.to_string());
        command(&["EVALSHA", &self.script, "1", &key, "1", &limit, &ends])
    }

    /// What the counters of the users show.
    pub(crate) fn counted(&self, counter: &str) -> Outcome<Vec<u64>> {
        let keys: Vec<String> = (0..USERS).map(|user| format!("{counter}:{user:05}")).collect();
        let mut words = vec!["MGET"];
        words.extend(keys.iter().map(String::as_str));
        let texts = self.ask(&words)?;
        texts.iter().map(|text| if text.is_empty() { Ok(0) } else { Ok(text.parse()?) }).collect()
    }

    /// The same decisions sent by Redis' own generator: decisions a second and p99 in milliseconds.
    pub(crate) fn own_benchmark(&self, connections: usize, requests: u64, limit: u64) -> Outcome<(f64, f64)> {
        let mut command = Command::new("redis-benchmark");
        command.args(["-p", &self.port.to_string(), "-c", &connections.to_string(), "--csv"]);
        command.args(["-n", &requests.to_string(), "-r", &USERS.to_string()]);
        command.args(["EVALSHA", &self.script, "1", "own:__rand_int__", "1", &limit.to_string()]);
        let output = command.arg(self.day_ends_s.to_string()).output()?;
        let text = String::from_utf8(output.stdout)?;
        // "test","rps","avg","min","p50","p95","p99","max"; the first, our command, may hold commas.
        let numbers: Vec<&str> = text.trim().lines().last().unwrap_or_default().rsplit(',').collect();
        let number = |place: usize| -> Outcome<f64> {
            Ok(numbers.get(place).ok_or("redis-benchmark printed no numbers")?.trim_matches('"').parse()?)
        };
        Ok((number(6)?, number(1)?))
    }

    /// Asks on a connection of its own; one text for each part of the answer.
    fn ask(&self, words: &[&str]) -> Outcome<Vec<String>> {
        let stream = TcpStream::connect(self.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut reader = BufReader::new(stream);
        reader.get_mut().write_all(&command(words))?;
        read_reply(&mut reader)
    }

    /// Stops it softly and waits.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("redis-server ended with {status}").into()) }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(words: &[&str]) -> Vec<u8> {
    let mut text = format!("*{}\r\n", words.len());
    for word in words {
        let _ = write!(text, "${}\r\n{word}\r\n", word.len());
    }
    text.into_bytes()
}

/// A whole reply; what is not there is an empty text.
fn read_reply(reader: &mut impl BufRead) -> Outcome<Vec<String>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err("redis-server closed the connection".into());
    }
    let (kind, rest) = line.trim_end().split_at(1);
    match kind {
        "+" | ":" => Ok(vec![rest.to_owned()]),
        "$" if rest == "-1" => Ok(vec![String::new()]),
        "$" => {
            let mut text = vec![0; rest.parse::<usize>()? + 2];
            reader.read_exact(&mut text)?;
            text.truncate(text.len() - 2);
            Ok(vec![String::from_utf8(text)?])
        }
        "*" => {
            let mut parts = Vec::new();
            for _ in 0..rest.parse::<usize>()? {
                parts.extend(read_reply(reader)?);
            }
            Ok(parts)
        }
        _ => Err(format!("redis-server answered {}", line.trim_end()).into()),
    }
}
