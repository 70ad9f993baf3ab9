//! `meterwire migrate | backup | restore | doctor | erase`: the care of a data directory. These work on the files, so
//! they take a directory and no server; `backup` and a `doctor` that only looks work beside a running one.

use super::output::{print, print_json, table};
use super::target::check_holds_data;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use meterwire_app::ports::StoreError;
use meterwire_store::doctor::{self, Progress, Report};
use meterwire_store::{Migrations, OpenOptions, SqliteStore, backup};
use serde_json::json;
use std::error::Error;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The directory that a command takes care of.
#[derive(Args)]
struct DirArgs {
    /// The data directory.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "METERWIRE_STORAGE_DIR",
        default_value = "meterwire-data"
    )]
    data_dir: PathBuf,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

/// Bring the database's tables up to date, or back. A server does `up` by itself when it starts.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire migrate status\n  meterwire migrate down --to 2 --data-dir ./meterwire-data\n\nWhat only a migration that is taken back can hold is lost: make a backup first."
)]
pub(super) struct MigrateArgs {
    #[command(subcommand)]
    verb: MigrateVerb,
    #[command(flatten)]
    dir: DirArgs,
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

pub(super) fn migrate(args: MigrateArgs) -> Result<(), String> {
    let dir = &args.dir.data_dir;
    if !matches!(args.verb, MigrateVerb::Up) {
        check_holds_data(dir)?;
    }
    let mut migrations = Migrations::open(dir).map_err(sentence)?;
    let applied = |migrations: &Migrations| -> Result<usize, String> {
        Ok(migrations.status().map_err(sentence)?.iter().filter(|migration| migration.applied).count())
    };
    match args.verb {
        MigrateVerb::Up => {
            migrations.up().map_err(sentence)?;
        }
        MigrateVerb::Status => {}
        MigrateVerb::Down { to } => {
            let current = applied(&migrations)?;
            let to = to.unwrap_or(current.saturating_sub(1));
            if to > current {
                return Err(format!("--to {to}: only {current} migrations are applied"));
            }
            migrations.down(current - to).map_err(sentence)?;
        }
    }
    let status = migrations.status().map_err(sentence)?;
    if args.dir.json {
        let rows = status.iter().map(|m| json!({ "number": m.number, "name": m.name, "applied": m.applied }));
        return print_json(&rows.collect());
    }
    let state = |applied: bool| if applied { "applied" } else { "missing" };
    let rows: Vec<Vec<String>> =
        status.iter().map(|m| vec![m.name.to_owned(), state(m.applied).to_owned()]).collect();
    print(&table(None, &rows))
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
    dir: DirArgs,
}

pub(super) async fn backup(args: BackupArgs) -> Result<(), String> {
    check_holds_data(&args.dir.data_dir)?;
    let bar = progress_bar();
    let (from, to, steps) = (args.dir.data_dir.clone(), args.to.clone(), bar.clone());
    let copied = blocking(move || backup::hot(&from, &to, |step| show(&steps, step))).await;
    bar.finish_and_clear();
    report_copy(&args.dir, "backed up to", &args.to, copied?)
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
    dir: DirArgs,
}

pub(super) async fn restore(args: RestoreArgs) -> Result<(), String> {
    let bar = progress_bar();
    let (from, to, steps) = (args.from.clone(), args.dir.data_dir.clone(), bar.clone());
    let copied = blocking(move || backup::restore(&from, &to, |step| show(&steps, step))).await;
    bar.finish_and_clear();
    report_copy(&args.dir, "restored to", &args.dir.data_dir, copied?)
}

fn report_copy(args: &DirArgs, done: &str, to: &Path, bytes: u64) -> Result<(), String> {
    if args.json {
        return print_json(&json!({ "directory": to.display().to_string(), "bytes": bytes }));
    }
    print(&format!("{done} {} ({bytes} bytes)\n", to.display()))
}

/// Recount every total from the events, check identities and pages, and show what differs.
///
/// Exits with 1 while differences remain. Works beside a running server, except with --repair.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire doctor\n  meterwire doctor --repair --data-dir ./meterwire-data"
)]
pub(super) struct DoctorArgs {
    /// Rewrite totals that differ from their events.
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    dir: DirArgs,
}

pub(super) async fn doctor(args: DoctorArgs) -> Result<(), String> {
    check_holds_data(&args.dir.data_dir)?;
    let bar = progress_bar();
    let (dir, steps) = (args.dir.data_dir.clone(), bar.clone());
    let (first, last) = if args.repair {
        let (before, after) = repair(dir, &steps).await?;
        (before, Some(after))
    } else {
        (blocking(move || doctor::check_beside(&dir, |step| show(&steps, step))).await?, None)
    };
    bar.finish_and_clear();
    let remaining = last.as_ref().unwrap_or(&first).found;
    if args.dir.json {
        let findings: Vec<String> = first.findings.iter().map(ToString::to_string).collect();
        print_json(&json!({
            "events": first.events, "rollup_rows": first.rollup_rows, "found": first.found, "repaired": first.repaired,
            "remaining": remaining, "findings": findings,
        }))?;
    } else {
        print(&readable(&first))?;
    }
    match remaining {
        0 => Ok(()),
        1 => Err("1 difference remains".into()),
        more => Err(format!("{more} differences remain")),
    }
}

/// Mends, then looks once more.
async fn repair(dir: PathBuf, bar: &ProgressBar) -> Result<(Report, Report), String> {
    let store = blocking(move || SqliteStore::open(OpenOptions::new(dir))).await?;
    let (first, second) = (bar.clone(), bar.clone());
    let before = store.doctor(true, move |step| show(&first, step)).await;
    let after = store.doctor(false, move |step| show(&second, step)).await;
    store.close().await.map_err(sentence)?;
    Ok((before.map_err(sentence)?, after.map_err(sentence)?))
}

fn readable(report: &Report) -> String {
    let mut lines =
        vec![format!("looked at {} events and {} rows of totals", report.events, report.rollup_rows)];
    lines.extend(report.findings.iter().map(|finding| format!("  {finding}")));
    let unlisted = report.found - report.findings.len() as u64;
    if unlisted > 0 {
        lines.push(format!("  and {unlisted} more"));
    }
    lines.push(match (report.found, report.repaired) {
        (0, _) => "nothing is wrong".to_owned(),
        (found, 0) => format!("found {found} differences"),
        (found, repaired) => format!("found {found} differences, rewrote {repaired} rows of totals"),
    });
    lines.join("\n") + "\n"
}

/// Delete everything in a data directory: events, totals, tenants, keys.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire erase --yes --data-dir ./meterwire-data")]
pub(super) struct EraseArgs {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    dir: DirArgs,
}

pub(super) fn erase(args: EraseArgs) -> Result<(), String> {
    let dir = &args.dir.data_dir;
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
    if args.dir.json {
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

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?.map_err(sentence)
}

/// A store's error with its cause, for people.
fn sentence(error: StoreError) -> String {
    let text = match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    // These commands have no --url: the server has to let go of the directory.
    text.replace("; use --url", "; stop it first")
}

fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {percent}%  {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, step: Progress) {
    bar.set_length(step.total);
    bar.set_position(step.done);
}
