//! `meterwire closing`: months that are closed, their statements and what has come since.

use super::catalog::Common;
use super::catalog::resource::{Resource, Session, body};
use super::export::{SaveTo, save};
use super::output::{print, print_json};
use axum::http::Method;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;
use std::path::PathBuf;

const CLOSINGS: Resource = Resource {
    noun: "closing",
    path: "/api/v1/closings",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("TIMEZONE", "timezone"),
        ("CLOSED", "closed_at"),
        ("CALLS", "calls"),
        ("COST USD", "cost_usd"),
        ("SHA-256", "sha256"),
    ],
};

/// Closed months: a frozen statement, and what has come since beside it.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire closing create 2026-10 --tenant acme\n  meterwire closing statement ID --format pdf --output october.pdf --tenant acme\n  meterwire closing adjustment ID --json --tenant acme"
)]
pub(super) struct ClosingArgs {
    #[command(subcommand)]
    verb: ClosingVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum ClosingVerb {
    /// List closed months, the latest first.
    #[command(after_help = "Example:\n  meterwire closing list --tenant acme")]
    List,
    /// Close a month that is over: 2026-10. Or another period of whole days.
    #[command(
        after_help = "Examples:\n  meterwire closing create 2026-10 --tenant acme\n  meterwire closing create --from 2026-10-01 --to 2026-10-15 --tenant acme"
    )]
    Create {
        /// The month.
        #[arg(value_name = "MONTH", conflicts_with_all = ["from", "to"])]
        month: Option<String>,
        /// Instead of a month: the first day.
        #[arg(long, value_name = "DATE", requires = "to")]
        from: Option<String>,
        /// Instead of a month: the first day after it.
        #[arg(long, value_name = "DATE", requires = "from")]
        to: Option<String>,
        /// Zone of its days [default: the tenant's].
        #[arg(long, value_name = "ZONE")]
        timezone: Option<String>,
    },
    /// Show one closed month.
    #[command(after_help = "Example:\n  meterwire closing show ID --tenant acme")]
    Show { id: String },
    /// Take the frozen statement.
    #[command(after_help = "Example:\n  meterwire closing statement ID --tenant acme | sha256sum")]
    Statement {
        id: String,
        /// What comes out; JSON is what was frozen, byte for byte.
        #[arg(long, value_enum, default_value_t = Format::Json)]
        format: Format,
        /// The file, or a directory for a file with the name the server gives it [default: standard output].
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Write over a file that is there already.
        #[arg(long, requires = "output")]
        force: bool,
    },
    /// By how much today's totals differ from the statement.
    #[command(after_help = "Example:\n  meterwire closing adjustment ID --json --tenant acme")]
    Adjustment { id: String },
    /// Open a closed month again; the statement is forgotten.
    #[command(after_help = "Example:\n  meterwire closing delete ID --tenant acme")]
    Delete { id: String },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
    Pdf,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Pdf => "pdf",
        }
    }
}

pub(super) async fn closing(args: ClosingArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        ClosingVerb::List => session.list(&CLOSINGS, &[], 500).await,
        ClosingVerb::Create { month, from, to, timezone } => {
            let fields = [("month", month), ("from", from), ("to", to), ("timezone", timezone)];
            session.create(&CLOSINGS, &body(&fields)).await
        }
        ClosingVerb::Show { id } => session.show(&CLOSINGS, &id).await,
        ClosingVerb::Statement { id, format, output, force } => {
            statement(&session, &id, format, output, force).await
        }
        ClosingVerb::Adjustment { id } => adjustment(&session, &id).await,
        ClosingVerb::Delete { id } => session.delete(&CLOSINGS, &id, "reopened").await,
    };
    session.close(done).await
}

async fn statement(
    session: &Session,
    id: &str,
    format: Format,
    output: Option<PathBuf>,
    force: bool,
) -> Result<(), String> {
    let path = format!("/api/v1/closings/{}/statement", super::target::encode(id));
    let download = session.download(&path, &[("format", Some(format.name().to_owned()))]).await?;
    // What was frozen goes out as it is, so that its hash can be checked; --json tells of a file that was written.
    let json = session.json() && output.is_some();
    let is_text = format == Format::Csv;
    save(SaveTo { output: output.as_deref(), force, json, format: format.name(), is_text }, download).await
}

async fn adjustment(session: &Session, id: &str) -> Result<(), String> {
    let path = format!("/api/v1/closings/{}/adjustment", super::target::encode(id));
    let answer = session.ask(Method::GET, &path, &[], None).await?;
    if session.json() {
        return print_json(&answer);
    }
    let mut rows = Vec::new();
    for (name, part) in [("statement", "statement"), ("adjustment", "adjustment"), ("today", "today")] {
        rows.push(line(vec![name.to_owned(), String::new()], &answer[part]));
    }
    for row in answer["rows"].as_array().into_iter().flatten() {
        let of = ["provider", "model", "project", "department"];
        let of: Vec<&str> = of.iter().filter_map(|name| row[*name].as_str()).collect();
        rows.push(line(
            vec![row["day"].as_str().unwrap_or_default().to_owned(), of.join(" / ")],
            &row["adjustment"],
        ));
    }
    print(&super::output::table(Some(&["DAY", "OF", "CALLS", "COST USD"]), &rows))?;
    match answer["rows_left_out"].as_u64() {
        Some(left_out) if left_out > 0 => {
            print(&format!("and {left_out} more; the CSV of the route has all\n"))
        }
        _ => Ok(()),
    }
}

fn line(mut cells: Vec<String>, sums: &Value) -> Vec<String> {
    cells.extend(["calls", "cost_usd"].map(|name| super::output::cell(&sums[name])));
    cells
}
