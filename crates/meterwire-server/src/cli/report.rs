//! `meterwire report`: a report by hand, into a file or by mail.

use super::catalog::Common;
use super::catalog::resource::Session;
use super::export::{SaveTo, save};
use super::output::{print, print_json};
use axum::http::Method;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Make a report by hand: into a file, or by mail.
///
/// Reports that are sent by themselves are made under /api/v1/reports and on the page. On a data directory mail goes through
/// the server that the settings name.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire report --tenant acme --range last_month --format pdf --out october.pdf\n  meterwire report --tenant acme --department care --format csv\n  meterwire report --tenant acme --range last_month --to finance@example.com --url http://127.0.0.1:8000 --token mw_..."
)]
pub(super) struct ReportArgs {
    /// today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m [default: last_month].
    #[arg(long, conflicts_with_all = ["from", "until"])]
    range: Option<String>,
    /// First date or instant, instead of a range.
    #[arg(long, value_name = "DATE", requires = "until")]
    from: Option<String>,
    /// First date or instant after it.
    #[arg(long, value_name = "DATE", requires = "from")]
    until: Option<String>,
    /// Zone of the days [default: the tenant's].
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// Only this department.
    #[arg(long, value_name = "NAME", conflicts_with = "project")]
    department: Option<String>,
    /// Only this project.
    #[arg(long, value_name = "SLUG")]
    project: Option<String>,
    /// What comes out [default: pdf into a file, both by mail].
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file, or a directory for a file with the name the server gives it [default: standard output].
    #[arg(long, short, visible_alias = "output", value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write over a file that is there already.
    #[arg(long, requires = "out")]
    force: bool,
    /// Mail it to this address instead; repeatable.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "out")]
    to: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Pdf,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Pdf => "pdf",
        }
    }
}

pub(super) async fn report(args: ReportArgs) -> Result<(), String> {
    let format = args.format.unwrap_or(Format::Pdf);
    let on_terminal = args.out.is_none() && std::io::stdout().is_terminal();
    if args.to.is_empty() && format == Format::Pdf && on_terminal {
        return Err("a PDF is nothing for a terminal; name a file with --out".into());
    }
    let ReportArgs { range, from, until, tz, department, project, out, force, to, common, .. } = args;
    let session = if to.is_empty() {
        Session::of_tenant(common).await?
    } else {
        Session::of_tenant_mailing(common).await?
    };
    let done = if to.is_empty() {
        let query = [
            ("format", Some(format.name().to_owned())),
            ("range", range),
            ("from", from),
            ("to", until),
            ("tz", tz),
            ("department", department),
            ("project", project),
        ];
        let json = session.json() && out.is_some();
        let is_text = format == Format::Csv;
        let save_to = SaveTo { output: out.as_deref(), force, json, format: format.name(), is_text };
        match session.download("/api/v1/reports/file", &query).await {
            Ok(download) => save(save_to, download).await,
            Err(error) => Err(error),
        }
    } else {
        let scope = [("department", department), ("project", project)];
        let scope: serde_json::Map<String, Value> =
            scope.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect();
        let mut body = json!({ "scope": scope, "to": to });
        let given = [("range", range), ("from", from), ("until", until), ("timezone", tz)];
        for (name, value) in given.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            body[name] = json!(value);
        }
        if let Some(format) = args.format {
            body["formats"] = json!([format.name()]);
        }
        mail(&session, &body).await
    };
    session.close(done).await
}

async fn mail(session: &Session, body: &Value) -> Result<(), String> {
    let sent = session.ask(Method::POST, "/api/v1/reports/mail", &[], Some(body)).await?;
    let error = sent["last_error"].as_str();
    if sent["state"] != "delivered" {
        return Err(format!("the mail was not taken: {}", error.unwrap_or("no reason was given")));
    }
    if session.json() {
        return print_json(&sent);
    }
    match error {
        Some(error) => print(&format!("mailed, but not to all: {error}\n")),
        None => print("mailed\n"),
    }
}
