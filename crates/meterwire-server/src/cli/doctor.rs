//! `meterwire doctor`: looks whether everything that is stored agrees with itself.

use super::output::{print, print_json};
use super::target::check_holds_data;
use super::upkeep::{StoreArgs, blocking, progress_bar, sentence, show};
use crate::config::StorageConfig;
use clap::Args;
use indicatif::ProgressBar;
use meterwire_store::doctor::{self, Report};
use meterwire_store::{OpenOptions, SqliteStore, check_cluster, resend_lost};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Recount every total from the events, check identities, and show what differs, with what to do about it.
///
/// Exits with 1 while differences remain. Works beside running servers, except with --repair of a directory. Of a cluster it
/// compares PostgreSQL with ClickHouse, to the last event and the last nano-dollar.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire doctor\n  meterwire doctor --repair --data-dir ./meterwire-data\n  meterwire doctor --config cluster.toml --json"
)]
pub(super) struct DoctorArgs {
    /// Rewrite totals that differ from their events; of a cluster, send again what ClickHouse has lost of the last minutes
    /// (`storage.outbox_keep_minutes`).
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    store: StoreArgs,
}

pub(super) async fn doctor(args: DoctorArgs) -> Result<(), String> {
    let storage = args.store.storage()?;
    let (first, last) = match (args.repair, storage.is_cluster()) {
        (true, true) => {
            let mut before = look(&storage).await?;
            before.repaired = resend_lost(storage.cluster_options()).await.map_err(sentence)?;
            (before, Some(look(&storage).await?))
        }
        (true, false) => {
            check_holds_data(&storage.dir)?;
            let bar = progress_bar();
            let repaired = repair(storage.dir, &bar).await;
            bar.finish_and_clear();
            let (before, after) = repaired?;
            (before, Some(after))
        }
        (false, _) => (look(&storage).await?, None),
    };
    let remaining = last.as_ref().unwrap_or(&first).found;
    if args.store.json {
        let mut shown = shown(&first);
        shown["remaining"] = remaining.into();
        print_json(&shown)?;
    } else {
        print(&readable(&first))?;
    }
    remain(remaining)
}

/// The sentence of a command that found so much.
pub(super) fn remain(remaining: u64) -> Result<(), String> {
    match remaining {
        0 => Ok(()),
        1 => Err("1 difference remains".into()),
        more => Err(format!("{more} differences remain")),
    }
}

/// Looks at a store of either kind, with a bar of progress.
pub(super) async fn look(storage: &StorageConfig) -> Result<Report, String> {
    let bar = progress_bar();
    let steps = bar.clone();
    let report = if storage.is_cluster() {
        check_cluster(storage.cluster_options(), move |step| show(&steps, step)).await.map_err(sentence)
    } else {
        let dir = storage.dir.clone();
        check_holds_data(&dir)?;
        blocking(move || doctor::check_beside(&dir, |step| show(&steps, step))).await
    };
    bar.finish_and_clear();
    report
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

/// As JSON.
pub(super) fn shown(report: &Report) -> Value {
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    json!({
        "events": report.events, "rollup_rows": report.rollup_rows, "waiting_events": report.waiting,
        "found": report.found, "repaired": report.repaired, "findings": findings, "advice": advice(report),
        "not_checked": doctor::NOT_CHECKED,
    })
}

/// What to do about the findings, each advice once, in their order.
fn advice(report: &Report) -> Vec<&'static str> {
    let mut advice = Vec::new();
    for finding in &report.findings {
        if !advice.contains(&finding.advice()) {
            advice.push(finding.advice());
        }
    }
    advice
}

/// For people.
pub(super) fn readable(report: &Report) -> String {
    let mut lines =
        vec![format!("looked at {} events and {} rows of totals", report.events, report.rollup_rows)];
    if report.waiting > 0 {
        lines.push(format!("{} rows of events are on their way to ClickHouse", report.waiting));
    }
    lines.extend(report.findings.iter().map(|finding| format!("  {finding}")));
    let unlisted = report.found - report.findings.len() as u64;
    if unlisted > 0 {
        lines.push(format!("  and {unlisted} more"));
    }
    if !report.findings.is_empty() {
        lines.push("what to do:".to_owned());
        lines.extend(advice(report).into_iter().map(|advice| format!("  {advice}")));
    }
    lines.push(format!("not looked at: {}", doctor::NOT_CHECKED.join("; ")));
    lines.push(match (report.found, report.repaired) {
        (0, _) => "nothing is wrong".to_owned(),
        (found, 0) => format!("found {found} differences"),
        (found, repaired) => format!("found {found} differences, mended {repaired} rows"),
    });
    lines.join("\n") + "\n"
}
