//! `meterwire export`: the log, sums, a statement or FOCUS rows, into a file or to standard output.

use super::TargetArgs;
use super::output::print_json;
use super::target::{Download, Missing, Target, encode};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Take usage away: every event, sums, a statement as PDF, or FOCUS rows.
///
/// The log is streamed, whatever its size. A file is only there under its name once it is whole.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire export --range 7d --output usage.csv\n  meterwire export --view breakdown --group-by project,model --range last_month\n  meterwire export --format pdf --range last_month --output statement.pdf --url http://127.0.0.1:8000 --token mw_...\n  meterwire export --format ndjson --filter model=gpt-4o | gzip > gpt-4o.ndjson.gz"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct ExportArgs {
    /// What comes out.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// What it is of: log, summary or breakdown [default: log].
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m [default: 30d].
    #[arg(long, conflicts_with_all = ["from", "to"])]
    range: Option<String>,
    /// First date or instant, instead of a range.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// First date or instant after it.
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<String>,
    /// Zone of the days [default: the tenant's].
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// Only events with this value, as DIMENSION=VALUE; repeatable.
    #[arg(long = "filter", value_name = "DIMENSION=VALUE", value_parser = pair)]
    filters: Vec<(String, String)>,
    /// Of the log: true for only events with a known cost, false for only those whose model has no price.
    #[arg(long, value_name = "BOOL")]
    priced: Option<bool>,
    /// Of a breakdown: up to two dimensions, comma-separated.
    #[arg(long, value_name = "DIMENSIONS")]
    group_by: Option<String>,
    /// Of a summary or breakdown: 15m hour day week month.
    #[arg(long)]
    granularity: Option<String>,
    /// Before the first row: where the rows come from, their range and filters.
    #[arg(long)]
    full_header: bool,
    /// Begin a CSV with the mark by which some spreadsheets know UTF-8.
    #[arg(long)]
    bom: bool,
    /// The file, or a directory for a file with the name the server gives it [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there already.
    #[arg(long, requires = "output")]
    force: bool,
    /// Slug of the tenant; `default` in a data directory, the token's own on a server.
    #[arg(long, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print what was written as JSON; needs --output.
    #[arg(long, requires = "output")]
    json: bool,
    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Ndjson,
    Pdf,
    Focus,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Pdf => "pdf",
            Self::Focus => "focus",
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as DIMENSION=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(super) async fn run(args: ExportArgs) -> Result<(), String> {
    if args.format == Format::Pdf && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err("a PDF is nothing for a terminal; name a file with --output".into());
    }
    let target = Target::open(&args.target, Missing::Refuse).await?;
    let path = path(&args, target.is_server());
    let done = match target.download(&path).await {
        Ok(download) => {
            let to = SaveTo {
                output: args.output.as_deref(),
                force: args.force,
                json: args.json,
                format: args.format.name(),
                is_text: args.format != Format::Pdf,
            };
            save(to, download).await
        }
        Err(error) => Err(error),
    };
    let closed = target.close().await;
    done.and(closed)
}

fn path(args: &ExportArgs, is_server: bool) -> String {
    let tenant = args.tenant.clone().or_else(|| (!is_server).then(|| "default".to_owned()));
    let pairs = [
        ("format", Some(args.format.name().to_owned())),
        ("tenant", tenant),
        ("view", args.view.clone()),
        ("range", args.range.clone()),
        ("from", args.from.clone()),
        ("to", args.to.clone()),
        ("tz", args.tz.clone()),
        ("priced", args.priced.map(|priced| priced.to_string())),
        ("group_by", args.group_by.clone()),
        ("granularity", args.granularity.clone()),
        ("header", args.full_header.then(|| "full".to_owned())),
        ("bom", args.bom.then(|| "true".to_owned())),
    ];
    let given = pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))));
    let filters = args
        .filters
        .iter()
        .map(|(name, value)| format!("{}={}", encode(&format!("filter[{name}]")), encode(value)));
    format!("/api/v1/export?{}", given.chain(filters).collect::<Vec<_>>().join("&"))
}

/// What was written so far.
#[derive(Default)]
struct Written {
    bytes: u64,
    lines: u64,
}

/// Where a file goes, and how that is told.
pub(super) struct SaveTo<'a> {
    /// A file, or a directory for a file with the name the server gives it; standard output without one.
    pub output: Option<&'a Path>,
    /// Write over a file that is there already.
    pub force: bool,
    /// Print what was written as JSON.
    pub json: bool,
    /// The format's name.
    pub format: &'static str,
    /// Whether it has lines to count.
    pub is_text: bool,
}

/// Saves a file that is being downloaded.
pub(super) async fn save(to: SaveTo<'_>, mut download: Download) -> Result<(), String> {
    let Some(output) = to.output else {
        let mut out = std::io::stdout().lock();
        return match copy(&mut download, &mut out, None).await {
            Err(Stop::Reader(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other.map(drop).map_err(|stop| stop.sentence("standard output")),
        };
    };
    let output = if output.is_dir() {
        output.join(download.file_name.as_deref().ok_or("the server named no file; name one with --output")?)
    } else {
        output.to_owned()
    };
    if output.exists() && !to.force {
        return Err(format!("{} is there already; --force writes over it", output.display()));
    }
    let written = save_file(&mut download, &output).await?;
    let file = output.display().to_string();
    if to.json {
        let rows = to.is_text.then_some(written.lines);
        return print_json(
            &json!({ "file": file, "format": to.format, "bytes": written.bytes, "lines": rows }),
        );
    }
    let lines = if to.is_text { format!(", {} lines", written.lines) } else { String::new() };
    eprintln!("wrote {file} ({} bytes{lines})", written.bytes);
    Ok(())
}

/// Under another name until it is whole: what breaks off leaves nothing that looks finished.
async fn save_file(download: &mut Download, output: &Path) -> Result<Written, String> {
    let name = output.file_name().ok_or("--output must name a file")?;
    let mut partial = name.to_owned();
    partial.push(".part");
    let partial = output.with_file_name(partial);
    let shown = partial.display().to_string();
    let failed = |error: std::io::Error| format!("cannot write {shown}: {error}");
    let mut file = BufWriter::new(File::create(&partial).map_err(failed)?);
    let bar = progress_bar();
    let copied = copy(download, &mut file, Some(&bar)).await;
    bar.finish_and_clear();
    let whole = match copied {
        Ok(written) => {
            let synced = file
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)
                .and_then(|file| file.sync_all());
            synced.map(|()| written).map_err(failed)
        }
        Err(stop) => Err(stop.sentence(&shown)),
    };
    let renamed =
        whole.and_then(|written| std::fs::rename(&partial, output).map(|()| written).map_err(failed));
    if renamed.is_err() {
        // Best effort: what matters is that it never gets the real name.
        let _ = std::fs::remove_file(&partial);
    }
    renamed
}

/// Why a copy stopped.
enum Stop {
    Transfer(String),
    Reader(std::io::Error),
}

impl Stop {
    fn sentence(self, to: &str) -> String {
        match self {
            Self::Transfer(sentence) => sentence,
            Self::Reader(error) => format!("cannot write {to}: {error}"),
        }
    }
}

async fn copy(
    download: &mut Download,
    to: &mut dyn Write,
    bar: Option<&ProgressBar>,
) -> Result<Written, Stop> {
    let mut written = Written::default();
    while let Some(bytes) = download.next().await.map_err(Stop::Transfer)? {
        to.write_all(&bytes).map_err(Stop::Reader)?;
        written.bytes += bytes.len() as u64;
        written.lines += bytes.split(|byte| *byte == b'\n').count() as u64 - 1;
        if let Some(bar) = bar {
            bar.set_position(written.bytes);
            bar.set_message(written.lines.to_string());
        }
    }
    to.flush().map_err(Stop::Reader)?;
    Ok(written)
}

/// How much has come, and how fast; silent where nobody watches.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} lines  {bytes}  {bytes_per_sec}  {elapsed}");
    let bar =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}
