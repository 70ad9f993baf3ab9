//! `meterwire migrate | backup | restore | erase`: the care of a store. These work beneath it, so they take no server;
//! `backup` works beside a running one.

use super::ddl::PrintArgs;
use super::output::{print, print_json, table};
use super::target::check_holds_data;
use crate::config::{Config, StorageConfig};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use meterwire_app::ports::StoreError;
use meterwire_store::doctor::Progress;
use meterwire_store::{ClusterMigrations, Migration, Migrations, backup};
use serde_json::json;
use std::error::Error;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The store that a command takes care of.
#[derive(Args)]
pub(super) struct StoreArgs {
    /// The data directory [default: the store of the settings, else meterwire-data].
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// File with settings; see config.example.toml.
    #[arg(long, global = true, value_name = "FILE", env = "METERWIRE_CONFIG_FILE")]
    config: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl StoreArgs {
    /// Where it is.
    pub(super) fn storage(&self) -> Result<StorageConfig, String> {
        let storage = Config::load(self.config.as_deref())?.storage;
        Ok(match &self.data_dir {
            Some(dir) => storage.with_directory(dir.clone()),
            None => storage,
        })
    }

    /// The directory; for a cluster, which has none, the sentence says what to do `instead`.
    fn directory(&self, instead: &str) -> Result<PathBuf, String> {
        let storage = self.storage()?;
        if storage.is_cluster() { Err(instead.to_owned()) } else { Ok(storage.dir) }
    }
}

const BACK_UP_INSTEAD: &str = "storage.kind is \"cluster\", which is backed up where it is kept: PostgreSQL by pg_basebackup with its \
    WAL, or pg_dump; ClickHouse by BACKUP DATABASE, or its replicas. docs/scaling.md says in which order. (A directory is \
    named with --data-dir.)";
const RESTORE_INSTEAD: &str = "storage.kind is \"cluster\", which is restored where it is kept: first PostgreSQL, then ClickHouse, \
    both of the same backup, then `meterwire doctor`; see docs/scaling.md. (A directory is named with --data-dir.)";
const ERASE_INSTEAD: &str = "storage.kind is \"cluster\": stop every server, then DROP DATABASE in PostgreSQL and, on each shard, in \
    ClickHouse. (A directory is named with --data-dir.)";

/// Bring the database's tables up to date, or back. A server does `up` by itself when it starts.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire migrate status\n  meterwire migrate down --to 2 --data-dir ./meterwire-data\n  meterwire migrate --print --replicated --cluster usage\n\nWhat only a migration that is taken back can hold is lost: make a backup first."
)]
pub(super) struct MigrateArgs {
    #[command(subcommand)]
    verb: Option<MigrateVerb>,
    #[command(flatten)]
    print: PrintArgs,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Subcommand)]
enum MigrateVerb {
    /// Apply what is missing.
    #[command(after_help = "Example:\n  meterwire migrate up --data-dir ./meterwire-data")]
    Up,
    /// List the migrations.
    #[command(after_help = "Example:\n  meterwire migrate status --data-dir ./meterwire-data")]
    Status,
    /// Take back migrations, with the data they hold.
    #[command(after_help = "Example:\n  meterwire migrate down --to 12 --data-dir ./meterwire-data")]
    Down {
        /// The last migration that stays [default: the one before the newest].
        #[arg(long, value_name = "N")]
        to: Option<usize>,
    },
}

pub(super) async fn migrate(args: MigrateArgs) -> Result<(), String> {
    if args.print.is_wanted() {
        return args.print.run(args.store.json);
    }
    let verb = args.verb.ok_or("say what to do: up, status, down, or --print")?;
    let storage = args.store.storage()?;
    let status = if storage.is_cluster() {
        migrate_cluster(&storage, &verb).await?
    } else {
        migrate_directory(&storage.dir, &verb)?
    };
    if args.store.json {
        let rows = status.iter().map(|m| json!({ "number": m.number, "name": m.name, "applied": m.applied }));
        return print_json(&rows.collect());
    }
    let state = |applied: bool| if applied { "applied" } else { "missing" };
    let rows: Vec<Vec<String>> =
        status.iter().map(|m| vec![m.name.to_owned(), state(m.applied).to_owned()]).collect();
    print(&table(None, &rows))
}

fn migrate_directory(dir: &Path, verb: &MigrateVerb) -> Result<Vec<Migration>, String> {
    if !matches!(verb, MigrateVerb::Up) {
        check_holds_data(dir)?;
    }
    let mut migrations = Migrations::open(dir).map_err(sentence)?;
    match verb {
        MigrateVerb::Up => drop(migrations.up().map_err(sentence)?),
        MigrateVerb::Status => {}
        MigrateVerb::Down { to } => {
            let steps = steps_down(&migrations.status().map_err(sentence)?, *to)?;
            migrations.down(steps).map_err(sentence)?;
        }
    }
    migrations.status().map_err(sentence)
}

async fn migrate_cluster(storage: &StorageConfig, verb: &MigrateVerb) -> Result<Vec<Migration>, String> {
    let migrations = ClusterMigrations::new(&storage.cluster_options()).map_err(sentence)?;
    match verb {
        MigrateVerb::Up => migrations.up().await.map_err(sentence)?,
        MigrateVerb::Status => {}
        MigrateVerb::Down { to } => {
            let steps = steps_down(&migrations.status().await.map_err(sentence)?, *to)?;
            migrations.down(steps).await.map_err(sentence)?;
        }
    }
    migrations.status().await.map_err(sentence)
}

/// How many migrations are to be taken back, so that `to` stay.
fn steps_down(status: &[Migration], to: Option<usize>) -> Result<usize, String> {
    let current = status.iter().filter(|migration| migration.applied).count();
    let to = to.unwrap_or(current.saturating_sub(1));
    current.checked_sub(to).ok_or_else(|| format!("--to {to}: only {current} migrations are applied"))
}

/// Copy everything, as it is at this moment, into an empty directory. Works while a server is running.
#[derive(Args)]
#[command(
    after_help = "Example:\n  meterwire backup /backups/meterwire-2026-11-22 --data-dir ./meterwire-data"
)]
pub(super) struct BackupArgs {
    /// An empty or new directory.
    #[arg(value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn backup(args: BackupArgs) -> Result<(), String> {
    let from = args.store.directory(BACK_UP_INSTEAD)?;
    check_holds_data(&from)?;
    let bar = progress_bar();
    let (to, steps) = (args.to.clone(), bar.clone());
    let copied = blocking(move || backup::hot(&from, &to, |step| show(&steps, step))).await;
    bar.finish_and_clear();
    report_copy(&args.store, "backed up to", &args.to, copied?)
}

/// Copy a backup into an empty data directory, after checking that it is whole.
#[derive(Args)]
#[command(
    after_help = "Example:\n  meterwire restore /backups/meterwire-2026-11-22 --data-dir ./meterwire-data"
)]
pub(super) struct RestoreArgs {
    /// The directory of the backup.
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn restore(args: RestoreArgs) -> Result<(), String> {
    let dir = args.store.directory(RESTORE_INSTEAD)?;
    let bar = progress_bar();
    let (from, to, steps) = (args.from.clone(), dir.clone(), bar.clone());
    let copied = blocking(move || backup::restore(&from, &to, |step| show(&steps, step))).await;
    bar.finish_and_clear();
    report_copy(&args.store, "restored to", &dir, copied?)
}

fn report_copy(args: &StoreArgs, done: &str, to: &Path, bytes: u64) -> Result<(), String> {
    if args.json {
        return print_json(&json!({ "directory": to.display().to_string(), "bytes": bytes }));
    }
    print(&format!("{done} {} ({bytes} bytes)\n", to.display()))
}

/// Delete everything in a data directory: events, totals, tenants, keys.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire erase --yes --data-dir ./meterwire-data")]
pub(super) struct EraseArgs {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) fn erase(args: EraseArgs) -> Result<(), String> {
    let dir = &args.store.directory(ERASE_INSTEAD)?;
    check_holds_data(dir)?;
    if !args.yes && !confirmed(dir)? {
        return Err("nothing was deleted".into());
    }
    // Held until the end, so that no server opens the directory meanwhile.
    let owned = Migrations::open(dir).map_err(sentence)?;
    for name in ["meterwire.db", "meterwire.db-wal", "meterwire.db-shm"] {
        match std::fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("cannot delete {}: {error}", dir.join(name).display()));
            }
            _ => {}
        }
    }
    drop(owned);
    if args.store.json {
        return print_json(&json!({ "deleted": dir.display().to_string() }));
    }
    print(&format!("deleted everything in {}\n", dir.display()))
}

fn confirmed(dir: &Path) -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Err("erase deletes everything; confirm with --yes".into());
    }
    eprint!("Delete everything in {}? Type yes: ", dir.display());
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(answer.trim() == "yes")
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?.map_err(sentence)
}

/// A store's error with its cause, for people.
pub(super) fn sentence(error: StoreError) -> String {
    let text = match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    // These commands have no --url: the server has to let go of the directory.
    text.replace("; use --url", "; stop it first")
}

pub(super) fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {percent}%  {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub(super) fn show(bar: &ProgressBar, step: Progress) {
    bar.set_length(step.total);
    bar.set_position(step.done);
}
