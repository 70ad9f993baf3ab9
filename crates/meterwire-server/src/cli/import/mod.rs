//! `meterwire import`: rows of a file become events.

mod field;
mod mapping;
mod rejects;
mod rows;
mod send;
mod time;

use super::TargetArgs;
use super::output::{print, print_json, table};
use super::target::{Missing, Target, encode};
use axum::http::Method;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mapping::Mapping;
use rejects::Rejects;
use rows::{Format, Row, Rows};
use send::{Batch, Counts};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use time::{TimeFormat, TimeUnit};

/// How many NDJSON rows are looked at to tell whether a mapped field exists.
const PROBED_ROWS: usize = 1_000;

/// Import usage from a CSV or NDJSON file.
///
/// Every row becomes an event. The id of a row is made of its number and content unless a column is mapped to `id`, so
/// importing the same file again stores nothing twice, and importing it with another mapping is reported as conflicts
/// and changes nothing. Where two different files may hold the same row at the same place, tell them apart with
/// `--set source=NAME`. Rejected rows are written to a file with the reason.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    meterwire import trace.csv --format csv --map time=TIMESTAMP,input_tokens=ContextTokens,output_tokens=GeneratedTokens \\\n    \
    --set provider=openai,model=gpt-4o,project=chat --tenant acme\n  \
    meterwire import calls.ndjson --format ndjson --map time=timestamp,input_tokens=usage.prompt_tokens,user=meta.user \\\n    \
    --set model=gpt-4o --time-base 2026-11-01T00:00:00Z --time-unit ms --url http://127.0.0.1:8000 --token mw_...\n\n\
    Fields: time (needed), id, source, tenant, project, user, api_key, agent, department, country, provider, model, operation,\n\
    service_tier, request_hash, status, latency_ms, time_to_first_token_ms, cost_usd, provider_usage, the token counts\n\
    (input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, ...), metrics.NAME and properties.NAME.\n\
    In --map and --set, \\, is a comma inside a name or value. Times without a zone are UTC.")]
pub(super) struct ImportArgs {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How it is written.
    #[arg(long, value_enum)]
    format: Format,
    /// Which column (or dotted path of an NDJSON field) each field is read from.
    #[arg(long, value_name = "FIELD=COLUMN,..")]
    map: Vec<String>,
    /// Fields that are the same for every row.
    #[arg(long, value_name = "FIELD=VALUE,..")]
    set: Vec<String>,
    /// Slug of the tenant. In a data directory it is made where it is missing, and is `default` where none is named.
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Where numeric times count from.
    #[arg(long, value_name = "TIME")]
    time_base: Option<String>,
    /// The unit of numeric times; without --time-base they count from 1970.
    #[arg(long, value_enum)]
    time_unit: Option<TimeUnit>,
    /// Where rejected rows are written [default: FILE.rejects.csv or .ndjson].
    #[arg(long, value_name = "PATH")]
    rejects: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetArgs,
}

pub(super) async fn run(args: ImportArgs) -> Result<(), String> {
    let time = TimeFormat::new(args.time_base.as_deref(), args.time_unit)?;
    let mapping = Mapping::new(&args.map, &args.set, time)?;
    let cannot_read = |error: std::io::Error| format!("cannot read {}: {error}", args.file.display());
    let file = File::open(&args.file).map_err(cannot_read)?;
    let length = file.metadata().map_err(cannot_read)?.len();
    let bar = progress_bar(length);
    let rows = Rows::new(args.format, bar.wrap_read(file));
    let mut rows = rows.map_err(|error| format!("{}: {error}", args.file.display()))?;
    let probed = probe(&mut rows, &mapping, args.format)?;
    let rejects_path = rejects_path(&args)?;
    let mut rejects = Rejects::new(rejects_path, args.format, rows.header().clone());
    let target = Target::open(&args.target, Missing::Create).await?;
    let sent = match events_path(&args, &target, &bar).await {
        Ok(path) => send_all(&target, &path, &mapping, probed, rows, &mut rejects).await,
        Err(sentence) => Err(sentence),
    };
    bar.finish_and_clear();
    let closed = target.close().await;
    rejects.finish()?;
    let counts = sent?;
    closed?;
    report(&args, &counts, &rejects)
}

/// Reads the first rows and refuses a mapping that names columns which are not there.
fn probe<R: Read>(rows: &mut Rows<R>, mapping: &Mapping, format: Format) -> Result<Vec<Row>, String> {
    if format == Format::Csv {
        rows.header().check(mapping.columns())?;
        return Ok(Vec::new());
    }
    let mut probed = Vec::new();
    while probed.len() < PROBED_ROWS
        && let Some(row) = rows.next_row()?
    {
        probed.push(row);
    }
    let present = |path: &str| probed.iter().any(|row| matches!(row.cell(path), Ok(Some(_))));
    match mapping.columns().find(|path| !present(path)) {
        Some(path) if !probed.is_empty() => {
            let known: BTreeSet<String> = probed.iter().flat_map(Row::field_names).collect();
            let known: Vec<String> = known.into_iter().take(100).collect();
            let count = probed.len();
            Err(format!(
                "none of the first {count} rows has a field {path:?}; they have {}",
                known.join(", ")
            ))
        }
        _ => Ok(probed),
    }
}

fn rejects_path(args: &ImportArgs) -> Result<PathBuf, String> {
    let path = args.rejects.clone().unwrap_or_else(|| Rejects::default_path(&args.file, args.format));
    let same = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same(&path, &args.file) {
        return Err("--rejects names the file that is imported".into());
    }
    Ok(path)
}

async fn send_all<R: Read>(
    target: &Target,
    path: &str,
    mapping: &Mapping,
    probed: Vec<Row>,
    mut rows: Rows<R>,
    rejects: &mut Rejects,
) -> Result<Counts, String> {
    let (mut counts, mut batch) = (Counts::default(), Batch::default());
    let mut probed = probed.into_iter();
    while let Some(row) = probed.next().map_or_else(|| rows.next_row(), |row| Ok(Some(row)))? {
        counts.received += 1;
        match mapping.event(&row) {
            Ok(event) => batch.add(row, &event),
            Err(reason) => {
                counts.rejected += 1;
                rejects.add(&row, &reason)?;
            }
        }
        if batch.is_full() {
            batch.send(target, path, &mut counts, rejects).await?;
        }
    }
    batch.send(target, path, &mut counts, rejects).await?;
    Ok(counts)
}

/// Where events are posted.
async fn events_path(args: &ImportArgs, target: &Target, bar: &ProgressBar) -> Result<String, String> {
    Ok(match tenant(args, target, bar).await? {
        Some(slug) => format!("/api/v1/events?tenant={}", encode(&slug)),
        None => "/api/v1/events".to_owned(),
    })
}

/// The tenant to name, made where it is missing and may be made.
async fn tenant(args: &ImportArgs, target: &Target, bar: &ProgressBar) -> Result<Option<String>, String> {
    if target.is_server() {
        let me = target.send(Method::GET, "/api/v1/me", "application/json", Vec::new()).await?;
        if args.tenant.is_none() && me.status == 200 && me.body["role"] == "admin" {
            return Err("an admin token works for every tenant; name one with --tenant".into());
        }
        return Ok(args.tenant.clone());
    }
    let slug = args.tenant.as_deref().unwrap_or("default");
    let path = format!("/api/v1/tenants/{}", encode(slug));
    let known = target.send(Method::GET, &path, "application/json", Vec::new()).await?;
    match known.status {
        200 => {}
        404 => {
            target.call(Method::POST, "/api/v1/tenants", Some(&json!({ "slug": slug }))).await?;
            bar.suspend(|| eprintln!("made the tenant {slug}"));
        }
        _ => return Err(known.sentence()),
    }
    Ok(Some(slug.to_owned()))
}

fn report(args: &ImportArgs, counts: &Counts, rejects: &Rejects) -> Result<(), String> {
    let file = rejects.path().map(|path| path.display().to_string());
    if args.json {
        let mut result = counts.to_json();
        result["rejects_file"] = json!(file);
        print_json(&result)?;
    } else {
        let rows = [
            ("received", counts.received),
            ("stored", counts.stored),
            ("duplicate", counts.duplicate),
            ("conflict", counts.conflict),
            ("rejected", counts.rejected),
        ];
        let rows: Vec<Vec<String>> =
            rows.map(|(name, count)| vec![name.to_owned(), count.to_string()]).into();
        print(&table(None, &rows))?;
    }
    if counts.conflict > 0 {
        eprintln!(
            "{} rows are known with other content, and nothing was changed: this file was imported with another mapping, \
             or another file has the same rows (tell files apart with --set source=NAME)",
            counts.conflict
        );
    }
    if let Some(file) = file {
        eprintln!("{} rows were rejected; see {file}", rejects.count());
    }
    if counts.rejected > 0 && counts.rejected == counts.received {
        return Err("every row was rejected".into());
    }
    Ok(())
}

/// Bytes of the file; silent where nobody watches.
fn progress_bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let template = "{bar:32} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}
