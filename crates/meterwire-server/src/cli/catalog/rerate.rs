//! `meterwire price rerate`: shows what the prices of now would change of recorded usage, asks, and does it.

use super::resource::{Resource, Session, body};
use crate::cli::output::{cell, print, print_json, table};
use crate::cli::target::encode;
use axum::http::Method;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Write};
use std::time::Duration;

const RERATE: &str = "/api/v1/prices/rerate";
/// So often a server is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(250);

pub(super) const RERATES: Resource = Resource {
    noun: "re-rating",
    path: "/api/v1/prices/rerates",
    columns: &[
        ("ID", "id"),
        ("STATE", "state"),
        ("FROM", "from"),
        ("TO", "to"),
        ("PROVIDER", "provider"),
        ("MODEL", "model"),
        ("DONE", "done"),
        ("OF", "total"),
        ("CHANGED", "changed"),
        ("DIFFERENCE USD", "difference"),
        ("BEGUN", "created_at"),
        ("BY", "created_by"),
    ],
};

#[derive(Args)]
pub(super) struct RerateArgs {
    /// First date or instant.
    #[arg(long, value_name = "DATE")]
    from: String,
    /// First date or instant after it.
    #[arg(long, value_name = "DATE")]
    to: String,
    /// Zone of dates [default: the tenant's].
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// Only events of this provider.
    #[arg(long)]
    provider: Option<String>,
    /// Only events of this model.
    #[arg(long)]
    model: Option<String>,
    /// Which events: all, or only those whose model had no price.
    #[arg(long, value_enum, default_value_t = Only::All)]
    only: Only,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    All,
    Unpriced,
}

impl RerateArgs {
    fn body(&self) -> Value {
        let only = if self.only == Only::All { "all" } else { "unpriced" };
        body(&[
            ("from", Some(self.from.clone())),
            ("to", Some(self.to.clone())),
            ("tz", self.tz.clone()),
            ("provider", self.provider.clone()),
            ("model", self.model.clone()),
            ("only", Some(only.to_owned())),
        ])
    }
}

pub(super) async fn rerate(session: &Session, args: RerateArgs) -> Result<(), String> {
    let mut wish = args.body();
    let difference = session.ask(Method::POST, RERATE, &[], Some(&wish)).await?;
    if !session.json() {
        print(&readable(&difference))?;
    }
    let changed = difference["changed"].as_i64().unwrap_or(0);
    if changed == 0 || !(args.yes || asked(session, changed)?) {
        if session.json() {
            return print_json(&difference);
        }
        eprintln!("nothing was changed{}", if changed == 0 { "" } else { "; --yes does it" });
        return Ok(());
    }
    wish["dry_run"] = json!(false);
    wish["basis"] = difference["basis"].clone();
    let begun = session.ask(Method::POST, RERATE, &[], Some(&wish)).await?;
    let done = follow(session, begun).await?;
    if session.json() {
        print_json(&done)?;
    }
    if done["state"] != "done" {
        return Err(format!("it was given up: {}", cell(&done["error"])));
    }
    if session.json() {
        return Ok(());
    }
    let (changed, total, difference) =
        (cell(&done["changed"]), cell(&done["done"]), cell(&done["difference"]));
    print(&format!("{changed} of {total} events rated anew, {difference} USD ({})\n", cell(&done["id"])))
}

/// Asks whoever sits there; nobody is asked by a program.
fn asked(session: &Session, changed: i64) -> Result<bool, String> {
    if session.json() || !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("Rate {changed} events anew? Type yes: ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(answer.trim() == "yes")
}

/// Waits until it has ended, which it does by itself on a server.
async fn follow(session: &Session, begun: Value) -> Result<Value, String> {
    let style = ProgressStyle::with_template("{bar:32} {pos} of {len} events  {eta} left");
    let bar = ProgressBar::new(begun["total"].as_u64().unwrap_or(0));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let path = format!("{}/{}", RERATES.path, encode(begun["id"].as_str().unwrap_or_default()));
    let mut now = begun;
    while now["state"] == "running" {
        if !session.run_rerating_round().await? {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        now = session.ask(Method::GET, &path, &[], None).await?;
        bar.set_position(now["done"].as_u64().unwrap_or(0));
    }
    bar.finish_and_clear();
    Ok(now)
}

fn readable(difference: &Value) -> String {
    let line = |name: [String; 2], sums: &Value| {
        let columns = [
            "events",
            "changed",
            "unpriced_before",
            "unpriced_after",
            "cost_before",
            "cost_after",
            "difference",
        ];
        name.into_iter().chain(columns.map(|column| cell(&sums[column]))).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in difference["by_model"].as_array().into_iter().flatten() {
        rows.push(line([cell(&row["provider"]), cell(&row["model"])], row));
    }
    rows.push(line(["all".to_owned(), String::new()], difference));
    let header = [
        "PROVIDER",
        "MODEL",
        "EVENTS",
        "CHANGED",
        "UNPRICED",
        "THEN",
        "BEFORE USD",
        "AFTER USD",
        "DIFFERENCE",
    ];
    let mut text = table(Some(&header), &rows);
    let names = |field: &str| {
        let names = difference[field].as_array().into_iter().flatten().map(cell);
        names.collect::<Vec<_>>().join(", ")
    };
    let given = difference["given"].as_i64().unwrap_or(0);
    let notes = [
        (given > 0, format!("{given} events keep the cost that was sent with them")),
        (
            !names("closings").is_empty(),
            format!("closed periods that get an adjustment: {}", names("closings")),
        ),
        (!names("budgets").is_empty(), format!("budgets that move: {}", names("budgets"))),
    ];
    for (_, note) in notes.into_iter().filter(|(is_told, _)| *is_told) {
        text.push_str(&note);
        text.push('\n');
    }
    text
}
