//! `meterwire move`: an embedded instance becomes a cluster.

use super::doctor;
use super::output::{print, print_json};
use super::upkeep::sentence;
use crate::config::{Config, StorageConfig};
use crate::secrets::Sealer;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use meterwire_app::clock::SystemClock;
use meterwire_store::{MoveProgress, Moved, Moving, sealed_secrets};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Move everything in a data directory into an empty cluster of PostgreSQL and ClickHouse.
///
/// The directory is not changed, and no server may be running on it or on the cluster. A move that was cut off goes on where it
/// was when it is run again. Afterwards both sides are checked as `meterwire doctor` does.
#[derive(Args)]
#[command(
    after_help = "Example:\n  meterwire move --from ./meterwire-data --to cluster --config cluster.toml\n\ncluster.toml says storage.kind = \"cluster\" with its addresses, and secrets.key: that of the directory (its file secret.key, where no key was set),\nor what it sealed cannot be opened. When it is done, start servers with cluster.toml and leave the directory alone."
)]
pub(super) struct MoveArgs {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Where to: the cluster that the settings name.
    #[arg(long, value_name = "KIND")]
    to: To,
    /// File with the settings of the cluster; see config.example.toml.
    #[arg(long, value_name = "FILE", env = "METERWIRE_CONFIG_FILE")]
    config: Option<PathBuf>,
    /// Do not check both sides afterwards.
    #[arg(long)]
    no_doctor: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    Cluster,
}

pub(super) async fn run(args: MoveArgs) -> Result<(), String> {
    let config = Config::load(args.config.as_deref())?;
    let To::Cluster = args.to;
    if !config.storage.is_cluster() {
        return Err("the settings name no cluster: write storage.kind = \"cluster\" with its addresses into a file and name it with \
             --config"
            .into());
    }
    let sealed = check_key(&config, &args.from)?;
    let bar = Arc::new(Mutex::new(Bar::new()));
    let shown = bar.clone();
    let moving = Moving::new(&args.from, config.storage.cluster_options());
    let moved = moving.run(Arc::new(SystemClock), move |step| {
        shown.lock().unwrap_or_else(PoisonError::into_inner).show(step);
        Ok(())
    });
    let moved = moved.await;
    bar.lock().unwrap_or_else(PoisonError::into_inner).shown.finish_and_clear();
    let moved = moved.map_err(|error| format!("{}; run it again, it goes on where it was", sentence(error)));
    let moved = moved.map_err(|text| without_again(&text))?;
    if !args.json {
        print(&told(&args.from, &config.storage, &moved, sealed))?;
    }
    let mut found = 0;
    let mut reports = Vec::new();
    if !args.no_doctor {
        let directory = config.storage.clone().with_directory(args.from.clone());
        for (side, storage) in [("directory", &directory), ("cluster", &config.storage)] {
            let report = doctor::look(storage).await?;
            found += report.found;
            if !args.json {
                print(&format!("{side}: {}", doctor::readable(&report)))?;
            }
            reports.push((side, doctor::shown(&report)));
        }
    }
    if args.json {
        let reports: serde_json::Map<_, _> =
            reports.into_iter().map(|(side, report)| (side.to_owned(), report)).collect();
        print_json(&json!({
            "rows": moved.rows, "events": moved.events, "totals": moved.totals, "resumed": moved.resumed,
            "sealed_secrets": sealed, "doctor": reports,
        }))?;
    }
    doctor::remain(found)
}

/// Only what is cut off can go on.
fn without_again(text: &str) -> String {
    let again = "; run it again, it goes on where it was";
    let is_refused = ["in use by", "target", "holds no data", "server is running"];
    if is_refused.iter().any(|refused| text.contains(refused)) {
        return text.replace(again, "");
    }
    text.to_owned()
}

/// How many secrets the directory has sealed. Refuses a key that does not open them: it would be found out when an alert has to
/// be sent.
fn check_key(config: &Config, from: &Path) -> Result<usize, String> {
    let sealed = sealed_secrets(from).map_err(sentence)?;
    let sealer = Sealer::from_config(&config.secrets, from)?;
    let others = sealed.iter().filter(|secret| !sealer.sealed(secret)).count();
    if others == 0 {
        return Ok(sealed.len());
    }
    Err(format!(
        "{others} secrets of the directory (keys of providers, addresses and secrets of channels) were sealed with another key than \
         secrets.key of the cluster's settings: write the key of the directory there ({} where that file is), the same on every \
         server",
        from.join(crate::secrets::KEY_FILE).display()
    ))
}

fn told(from: &Path, storage: &StorageConfig, moved: &Moved, sealed: usize) -> String {
    let Moved { rows, events, totals, resumed } = *moved;
    let this_time = if resumed { " (this time)" } else { "" };
    let secrets = match sealed {
        0 => String::new(),
        count => format!(
            "{count} sealed secrets came as they were: secrets.key has to be the same on every server\n"
        ),
    };
    format!(
        "moved {} to {}: {events} events, {rows} rows of tables{this_time}, {totals} rows of totals without events\n{secrets}",
        from.display(),
        storage.place()
    )
}

/// Progress, part after part, with the rate of events.
struct Bar {
    shown: ProgressBar,
    part: &'static str,
    /// When the part was begun, and what had been done then.
    begun: (Instant, u64),
}

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{prefix:7} {bar:32} {percent}%  {msg}");
        let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { shown: bar, part: "", begun: (Instant::now(), 0) }
    }

    fn show(&mut self, step: MoveProgress) {
        let MoveProgress { part, done, total } = step;
        if part != self.part {
            (self.part, self.begun) = (part, (Instant::now(), done));
            self.shown.set_prefix(part);
        }
        self.shown.set_length(total.max(done));
        self.shown.set_position(done);
        let (since, from) = self.begun;
        self.shown.set_message(rate(done.saturating_sub(from), total.saturating_sub(done), since.elapsed()));
    }
}

/// `21,400/s, 3m 20s left`
fn rate(done: u64, left: u64, took: Duration) -> String {
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let a_second = done.saturating_mul(1_000) / took_ms;
    if a_second == 0 || left == 0 {
        return format!("{done} done");
    }
    let seconds = left / a_second;
    format!("{a_second}/s, {}m {}s left", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_tells_what_is_left() {
        assert_eq!(rate(10_000, 60_000, Duration::from_millis(500)), "20000/s, 0m 3s left");
        assert_eq!(rate(1_000, 1_000_000, Duration::from_secs(1)), "1000/s, 16m 40s left");
        assert_eq!(rate(5, 0, Duration::from_secs(1)), "5 done");
        assert_eq!(rate(0, 10, Duration::ZERO), "0 done");
    }

    #[test]
    fn what_was_refused_is_not_to_be_run_again() {
        let again = "; run it again, it goes on where it was";
        assert_eq!(without_again(&format!("the target is not empty{again}")), "the target is not empty");
        assert_eq!(without_again(&format!("PostgreSQL: gone{again}")), format!("PostgreSQL: gone{again}"));
    }
}
