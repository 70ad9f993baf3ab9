//! `meterwire provider` and `meterwire reconcile`: what providers say was used.

use super::catalog::resource::{Resource, Session, body};
use super::catalog::{Common, ListArgs};
use super::output::{cell, print, print_json, table};
use axum::http::Method;
use clap::{Args, Subcommand};
use serde_json::{Map, Value};
use std::io::Read;

const PROVIDERS: Resource = Resource {
    noun: "provider connection",
    path: "/api/v1/providers",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("PROVIDER", "provider"),
        ("HEALTHY", "healthy"),
        ("FROM", "from"),
        ("TO", "to"),
        ("DONE", "done"),
        ("OF", "of"),
        ("WHY", "why"),
    ],
};
/// A key read from standard input is no longer than this.
const MAX_KEY_BYTES: u64 = 4096;

/// Connections to the report APIs of providers.
///
/// A running server asks the providers; on a data directory only `provider refresh` does.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire provider add openai --key-stdin --tenant acme < key.txt\n  \
    meterwire provider list --tenant acme\n  meterwire provider backfill ID --from 2026-01-01 --tenant acme")]
pub(super) struct ProviderArgs {
    #[command(subcommand)]
    verb: ProviderVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum ProviderVerb {
    /// List connections and how they stand.
    #[command(after_help = "Example:\n  meterwire provider list --tenant acme")]
    List(ListArgs),
    /// Show one connection.
    #[command(after_help = "Example:\n  meterwire provider show ID --tenant acme")]
    Show { id: String },
    /// Connect a provider.
    #[command(
        after_help = "Examples:\n  meterwire provider add openai --key-stdin --project proj_a=support-bot --tenant acme < key.txt\n  meterwire provider add anthropic --key-stdin --name claude --tenant acme < key.txt"
    )]
    Add {
        /// `openai` or `anthropic`.
        provider: String,
        /// Read the admin key from standard input, so that it stands in no list of processes.
        #[arg(long, required_unless_present = "key")]
        key_stdin: bool,
        /// The admin key.
        #[arg(long, env = "METERWIRE_PROVIDER_KEY", hide_env_values = true, conflicts_with = "key_stdin")]
        key: Option<String>,
        /// Name for people [default: the provider's].
        #[arg(long)]
        name: Option<String>,
        /// Where the provider is, if elsewhere.
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// A project of the provider's and ours; `default` is usage without one. Repeatable.
        #[arg(long = "project", value_name = "THEIRS=OURS", value_parser = pair)]
        projects: Vec<(String, String)>,
    },
    /// Ask again what failed or is no longer fresh.
    #[command(after_help = "Example:\n  meterwire provider refresh ID --tenant acme")]
    Refresh { id: String },
    /// Read older days too.
    #[command(after_help = "Example:\n  meterwire provider backfill ID --from 2026-01-01 --tenant acme")]
    Backfill {
        id: String,
        /// The first UTC date.
        #[arg(long, value_name = "DATE")]
        from: String,
        /// The first date after them [default: now].
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
    },
    /// Ask a connection, or ask it no longer.
    #[command(after_help = "Example:\n  meterwire provider enable ID --off --tenant acme")]
    Enable {
        id: String,
        /// Ask it no longer; what it reported stays.
        #[arg(long)]
        off: bool,
    },
    /// Take a connection away, with what it reported.
    #[command(after_help = "Example:\n  meterwire provider delete ID --tenant acme")]
    Delete { id: String },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (theirs, ours) = text.split_once('=').ok_or("write it as THEIRS=OURS")?;
    Ok((theirs.to_owned(), ours.to_owned()))
}

pub(super) async fn provider(args: ProviderArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = run(&session, args.verb).await;
    session.close(done).await
}

async fn run(session: &Session, verb: ProviderVerb) -> Result<(), String> {
    match verb {
        ProviderVerb::List(list) => {
            let rows = session.rows(PROVIDERS.path, &[], list.limit).await?;
            if session.json() {
                return print_json(&Value::Array(rows));
            }
            say_rows(&rows)
        }
        ProviderVerb::Show { id } => session.show(&PROVIDERS, &id).await,
        ProviderVerb::Add { provider, key_stdin, key, name, base_url, projects } => {
            let key = if key_stdin { Some(read_key()?) } else { key };
            let mut new =
                body(&[("provider", Some(provider)), ("key", key), ("name", name), ("base_url", base_url)]);
            new["project_map"] =
                projects.into_iter().map(|(theirs, ours)| (theirs, Value::from(ours))).collect();
            session.create(&PROVIDERS, &new).await
        }
        ProviderVerb::Refresh { id } => {
            session.act(&PROVIDERS, &id, "refresh", &Value::Object(Map::new())).await?;
            session.ask_providers().await
        }
        ProviderVerb::Backfill { id, from, to } => {
            session.act(&PROVIDERS, &id, "backfill", &body(&[("from", Some(from)), ("to", to)])).await
        }
        ProviderVerb::Enable { id, off } => {
            session.change(Method::PATCH, &PROVIDERS, &id, &serde_json::json!({ "enabled": !off })).await
        }
        ProviderVerb::Delete { id } => session.delete(&PROVIDERS, &id, "deleted").await,
    }
}

fn read_key() -> Result<String, String> {
    let mut key = String::new();
    let read = std::io::stdin().take(MAX_KEY_BYTES).read_to_string(&mut key);
    read.map_err(|error| format!("reading the key: {error}"))?;
    Ok(key.trim().to_owned())
}

/// The state beside the connection, a line each.
fn say_rows(rows: &[Value]) -> Result<(), String> {
    if rows.is_empty() {
        eprintln!("no {}", PROVIDERS.noun);
        return Ok(());
    }
    let header: Vec<&str> = PROVIDERS.columns.iter().map(|(header, _)| *header).collect();
    let line = |row: &Value| -> Vec<String> {
        let state = &row["state"];
        let fields = PROVIDERS.columns.iter().map(|(_, field)| match *field {
            "healthy" | "why" => &state[*field],
            "from" | "to" => &state["covers"][*field],
            "done" => &state["backfill"]["done_buckets"],
            "of" => &state["backfill"]["of"],
            other => &row[other],
        });
        fields.map(cell).collect()
    };
    print(&table(Some(&header), &rows.iter().map(line).collect::<Vec<_>>()))
}

/// Sets the providers' reports beside our own events, day by model, with the cause of each difference.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire reconcile --range last_month --tenant acme\n  \
    meterwire reconcile --from 2026-11-01 --to 2026-11-08 --provider openai --json")]
pub(super) struct ReconcileArgs {
    /// A named range of whole days [default: this_month].
    #[arg(long)]
    range: Option<String>,
    /// First date.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// First date after the range.
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// IANA zone of our days [default: the tenant's].
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// Only this provider.
    #[arg(long)]
    provider: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn reconcile(args: ReconcileArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let query = [
        ("range", args.range),
        ("from", args.from),
        ("to", args.to),
        ("tz", args.tz),
        ("provider", args.provider),
    ];
    let found = session.ask(Method::GET, "/api/v1/reconciliation", &query, None).await;
    let done =
        found.and_then(|found| if session.json() { print_json(&found) } else { say_reconciled(&found) });
    session.close(done).await
}

fn say_reconciled(found: &Value) -> Result<(), String> {
    let header = ["DAY", "PROVIDER", "MODEL", "REPORTED", "METERED", "DIFFERENCE", "CAUSES"];
    let causes = |row: &Value| {
        let told = row["causes"].as_array().into_iter().flatten();
        told.map(|cause| format!("{} {}", cell(&cause["kind"]), cell(&cause["cost_usd"])))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let line = |row: &Value, first: [String; 3]| {
        let costs = ["provider", "metered", "difference"].map(|side| cell(&row[side]["cost_usd"]));
        first.into_iter().chain(costs).chain([causes(row)]).collect::<Vec<String>>()
    };
    let rows = found["rows"].as_array().into_iter().flatten();
    let mut lines: Vec<Vec<String>> = rows
        .map(|row| line(row, [cell(&row["day"]), cell(&row["provider_name"]), cell(&row["model"])]))
        .collect();
    lines.push(line(&found["total"], ["total".to_owned(), String::new(), String::new()]));
    print(&table(Some(&header), &lines))
}
