//! `meterwire status | check | reset | top-users | near-limits | history`: limits at work.

use super::catalog::Common;
use super::catalog::resource::{Session, body};
use super::limits::limit_cell;
use super::output::{cell, print, print_json, table};
use axum::http::Method;
use clap::Args;
use serde_json::Value;
use std::collections::BTreeSet;

/// Show where a user stands on every metric.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire status --user u-42 --tenant acme")]
pub(super) struct StatusArgs {
    /// The user; a member's token knows its own.
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn status(args: StatusArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let answer = session.ask(Method::GET, "/api/usage/status", &[("user", args.user)], None).await;
    let done = answer.and_then(|status| say_status(&session, &status));
    session.close(done).await
}

fn say_status(session: &Session, status: &Value) -> Result<(), String> {
    if session.json() {
        return print_json(status);
    }
    let row = |(metric, standing): (&String, &Value)| {
        let remaining = &standing["remaining"];
        vec![
            metric.clone(),
            cell(&standing["current"]),
            cell(&standing["held"]),
            limit_cell(&standing["limit"]),
            limit_cell(remaining),
            cell(&standing["percentage"]),
            cell(&standing["window"]),
            cell(&standing["resets_at"]),
        ]
    };
    let rows: Vec<Vec<String>> = status["metrics"].as_object().into_iter().flatten().map(row).collect();
    let header = ["METRIC", "CURRENT", "HELD", "LIMIT", "REMAINING", "USED %", "WINDOW", "RESETS AT"];
    print(&format!(
        "user {}, tier {}, {}\n{}",
        cell(&status["user"]),
        cell(&status["tier"]),
        cell(&status["date"]),
        table(Some(&header), &rows)
    ))
}

/// Tell whether a user may use so much of a metric now; exits with 1 where not. Changes nothing.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire check deployments 1 --user u-42 --tenant acme")]
pub(super) struct CheckArgs {
    metric: String,
    /// How much of it.
    #[arg(default_value = "1")]
    amount: String,
    /// The user; a member's token knows its own.
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn check(args: CheckArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let body = body(&[("metric", Some(args.metric)), ("amount", Some(args.amount)), ("user", args.user)]);
    let answer = session.ask(Method::POST, "/api/usage/check-limit", &[], Some(&body)).await;
    let done = answer.and_then(|decision| say_decision(&session, &decision));
    session.close(done).await
}

fn say_decision(session: &Session, decision: &Value) -> Result<(), String> {
    let (current, limit) = (cell(&decision["current"]), limit_cell(&decision["limit"]));
    let of = format!("{current} of {limit} used, tier {}", cell(&decision["tier"]));
    let allowed = decision["allowed"] == true;
    if session.json() {
        print_json(decision)?;
    } else if allowed {
        print(&format!("allowed ({of})\n"))?;
    }
    if allowed { Ok(()) } else { Err(format!("{} ({of})", cell(&decision["reason"]))) }
}

/// Start the day over: set today's counters of everyone to nothing, or those of a user or metric.
///
/// What had been used stays in the events; the reset is in the audit log. Data is deleted by `meterwire erase`.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire reset --tenant acme\n  \
    meterwire reset --user u-42 --metric deployments --tenant acme")]
pub(super) struct ResetArgs {
    /// Only this user's.
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// Only this metric's; a level, such as storage, only when it is named.
    #[arg(long)]
    metric: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn reset(args: ResetArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let body = body(&[("user", args.user), ("metric", args.metric)]);
    let answer = session.ask(Method::POST, "/api/usage/admin/manual-reset", &[], Some(&body)).await;
    let done = answer.and_then(|reset| {
        if session.json() {
            return print_json(&reset);
        }
        let plural = if reset["reset"] == 1 { "" } else { "s" };
        let (count, date) = (cell(&reset["reset"]), cell(&reset["date"]));
        print(&format!("set {count} counter{plural} to nothing on {date}\n"))
    });
    session.close(done).await
}

/// List the users who used most of a metric on a day.
#[derive(Args)]
#[command(
    after_help = "Example:\n  meterwire top-users --metric deployments --date 2026-11-22 --tenant acme"
)]
pub(super) struct TopUsersArgs {
    #[arg(long, default_value = "api_calls")]
    metric: String,
    /// The day [default: today].
    #[arg(long)]
    date: Option<String>,
    /// At most so many rows.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn top_users(args: TopUsersArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let query = [("metric", Some(args.metric)), ("date", args.date), ("limit", Some(args.limit.to_string()))];
    let answer = session.ask(Method::GET, "/api/usage/admin/top-users", &query, None).await;
    let done = answer.and_then(|top| {
        if session.json() {
            return print_json(&top);
        }
        say_table(&top["items"], &["user", "username", "tier"], Some("metrics"), "nobody used it on that day")
    });
    session.close(done).await
}

/// List the users who have used more than a share of a limit of theirs.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire near-limits --threshold 0.9 --tenant acme")]
pub(super) struct NearLimitsArgs {
    /// The share, 0 to 1.
    #[arg(long, default_value = "0.8")]
    threshold: String,
    /// At most so many rows.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn near_limits(args: NearLimitsArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let query = [("threshold", Some(args.threshold)), ("limit", Some(args.limit.to_string()))];
    let answer = session.ask(Method::GET, "/api/usage/admin/near-limits", &query, None).await;
    let done = answer.and_then(|near| {
        if session.json() {
            return print_json(&near);
        }
        let columns =
            ["user", "username", "tier", "metric", "current", "limit", "percentage", "window", "resets_at"];
        say_table(&near["items"], &columns, None, "nobody is that near to a limit")
    });
    session.close(done).await
}

/// Show how much all users together used on each of the last days.
#[derive(Args)]
#[command(after_help = "Example:\n  meterwire history --days 7 --tenant acme")]
pub(super) struct HistoryArgs {
    /// How many days, today included.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=90))]
    days: u32,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn history(args: HistoryArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let query = [("days", Some(args.days.to_string()))];
    let answer = session.ask(Method::GET, "/api/usage/admin/history", &query, None).await;
    let done = answer.and_then(|history| {
        if session.json() {
            return print_json(&history);
        }
        say_table(&history["items"], &["date", "active_users"], Some("totals"), "there are no days")
    });
    session.close(done).await
}

/// Rows as a table: the fields that are named, then a column for each metric that `amounts` holds.
fn say_table(rows: &Value, fields: &[&str], amounts: Option<&str>, none: &str) -> Result<(), String> {
    let rows = rows.as_array().cloned().unwrap_or_default();
    if rows.is_empty() {
        return print(&format!("{none}\n"));
    }
    let held = |row: &Value| amounts.and_then(|field| row[field].as_object().cloned()).unwrap_or_default();
    let metrics: BTreeSet<String> =
        rows.iter().flat_map(|row| held(row).into_iter().map(|(name, _)| name)).collect();
    let heading = |field: &str| match field {
        "percentage" => "USED %".to_owned(),
        field => field.to_uppercase().replace("_AT", " AT").replace("ACTIVE_", "ACTIVE "),
    };
    let names =
        fields.iter().map(|field| heading(field)).chain(metrics.iter().map(|name| name.to_uppercase()));
    let names: Vec<String> = names.collect();
    let line = |row: &Value| {
        let plain = fields.iter().map(|field| match *field {
            "limit" => limit_cell(&row["limit"]),
            field => cell(&row[field]),
        });
        let held = held(row);
        let counted = metrics.iter().map(|name| held.get(name).map(cell).unwrap_or_default());
        plain.chain(counted).collect::<Vec<String>>()
    };
    let header: Vec<&str> = names.iter().map(String::as_str).collect();
    print(&table(Some(&header), &rows.iter().map(line).collect::<Vec<_>>()))
}
