//! `meterwire metric | tier | limit`: what is counted, and how much of it may be used.

use super::catalog::resource::{Resource, Session, body};
use super::catalog::{Common, ListArgs};
use super::output::{cell, print, print_json, table};
use super::target::encode;
use axum::http::Method;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

const METRICS: Resource = Resource {
    noun: "metric",
    path: "/api/v1/metrics",
    columns: &[
        ("NAME", "name"),
        ("UNIT", "unit"),
        ("WINDOW", "window"),
        ("TIMEZONE", "timezone"),
        ("COUNTS", "counts"),
        ("DESCRIPTION", "description"),
    ],
};
const TIERS: Resource = Resource { noun: "tier", path: "/api/v1/tiers", columns: &[("NAME", "name")] };

/// Metrics: what is counted, over which window.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire metric list --tenant acme\n  \
    meterwire metric create tokens --unit tokens --window month --timezone Europe/Berlin --tenant acme\n  \
    meterwire metric update api_calls --counts decisions --tenant acme")]
pub(super) struct MetricArgs {
    #[command(subcommand)]
    verb: MetricVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct MetricFields {
    /// What it is, for people.
    #[arg(long)]
    description: Option<String>,
    /// What one of it is called: hours, bytes.
    #[arg(long)]
    unit: Option<String>,
    /// `day`, `week`, `month`, or `none`: a level that is not reset.
    #[arg(long)]
    window: Option<String>,
    /// IANA zone of its days, weeks and months.
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// What an event adds: `events` 1, `tokens`, `cost_usd`, `named` what it names itself, `decisions` nothing.
    #[arg(long)]
    counts: Option<String>,
}

#[derive(Subcommand)]
enum MetricVerb {
    /// List metrics.
    #[command(after_help = "Example:\n  meterwire metric list --tenant acme")]
    List(ListArgs),
    /// Show one metric.
    #[command(after_help = "Example:\n  meterwire metric show api_calls --tenant acme")]
    Show { name: String },
    /// Make a metric.
    #[command(after_help = "Example:\n  meterwire metric create cost_usd --window month --tenant acme")]
    Create {
        /// 1 to 64 of a-z, 0-9 and _.
        name: String,
        #[command(flatten)]
        fields: MetricFields,
    },
    /// Change a metric.
    #[command(after_help = "Example:\n  meterwire metric update api_calls --counts decisions --tenant acme")]
    Update {
        name: String,
        #[command(flatten)]
        fields: MetricFields,
    },
    /// Delete a metric with its limits and what was counted.
    #[command(after_help = "Example:\n  meterwire metric delete tokens --tenant acme")]
    Delete { name: String },
}

pub(super) async fn metric(args: MetricArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let with = |name: Option<String>, fields: MetricFields| {
        body(&[
            ("name", name),
            ("description", fields.description),
            ("unit", fields.unit),
            ("window", fields.window),
            ("timezone", fields.timezone),
            ("counts", fields.counts),
        ])
    };
    let done = match args.verb {
        MetricVerb::List(list) => session.list(&METRICS, &[], list.limit).await,
        MetricVerb::Show { name } => session.show(&METRICS, &name).await,
        MetricVerb::Create { name, fields } => session.create(&METRICS, &with(Some(name), fields)).await,
        MetricVerb::Update { name, fields } => {
            session.change(Method::PATCH, &METRICS, &name, &with(None, fields)).await
        }
        MetricVerb::Delete { name } => session.delete(&METRICS, &name, "deleted").await,
    };
    session.close(done).await
}

/// Tiers: what each of their users may use.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire tier list --tenant acme\n  \
    meterwire tier create team --set deployments=25 --set compute_hours=0.5 --tenant acme\n  \
    meterwire tier update free --set api_calls=5000 --set storage=unlimited --tenant acme\n\n\
    A user is given a tier with: meterwire user update u-42 --tier pro --tenant acme")]
pub(super) struct TierArgs {
    #[command(subcommand)]
    verb: TierVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct SetArgs {
    /// A limit: a metric and how much of it in its window, or `unlimited`. Can be repeated.
    #[arg(long = "set", value_name = "METRIC=AMOUNT", value_parser = parse_limit)]
    set: Vec<(String, Option<String>)>,
}

#[derive(Subcommand)]
enum TierVerb {
    /// List tiers with their limits.
    #[command(after_help = "Example:\n  meterwire tier list --tenant acme")]
    List(ListArgs),
    /// Show one tier.
    #[command(after_help = "Example:\n  meterwire tier show free --tenant acme")]
    Show { name: String },
    /// Make a tier; a metric that is not named is unlimited.
    #[command(
        after_help = "Example:\n  meterwire tier create team --set deployments=25 --set compute_hours=0.5 --tenant acme"
    )]
    Create {
        /// 1 to 64 of a-z, 0-9, _ and -.
        name: String,
        #[command(flatten)]
        limits: SetArgs,
    },
    /// Change limits of a tier; those that are not named stay.
    #[command(
        after_help = "Example:\n  meterwire tier update free --set api_calls=5000 --set storage=unlimited --tenant acme"
    )]
    Update {
        name: String,
        #[command(flatten)]
        limits: SetArgs,
    },
    /// Delete a tier that no user has.
    #[command(after_help = "Example:\n  meterwire tier delete team --tenant acme")]
    Delete { name: String },
}

pub(super) async fn tier(args: TierArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        TierVerb::List(list) => match session.rows(TIERS.path, &[], list.limit).await {
            Ok(rows) => say_tiers(&session, &rows, &Value::from(rows.clone())),
            Err(sentence) => Err(sentence),
        },
        TierVerb::Show { name } => one_tier(&session, Method::GET, Some(&name), None).await,
        TierVerb::Create { name, limits } => {
            let body = json!({ "name": name, "limits": to_body(limits.set) });
            one_tier(&session, Method::POST, None, Some(body)).await
        }
        TierVerb::Update { name, limits } if !limits.set.is_empty() => {
            let body = json!({ "limits": to_body(limits.set) });
            one_tier(&session, Method::PATCH, Some(&name), Some(body)).await
        }
        TierVerb::Update { .. } => Err("nothing to change was given; see --help".to_owned()),
        TierVerb::Delete { name } => session.delete(&TIERS, &name, "deleted").await,
    };
    session.close(done).await
}

async fn one_tier(
    session: &Session,
    method: Method,
    name: Option<&str>,
    body: Option<Value>,
) -> Result<(), String> {
    let path = name.map_or_else(|| TIERS.path.to_owned(), |name| format!("{}/{}", TIERS.path, encode(name)));
    let row = session.ask(method, &path, &[], body.as_ref()).await?;
    say_tiers(session, std::slice::from_ref(&row), &row)
}

/// Tiers as a table with a column for every metric.
fn say_tiers(session: &Session, rows: &[Value], json: &Value) -> Result<(), String> {
    if session.json() {
        return print_json(json);
    }
    let limits = |row: &Value| row["limits"].as_object().cloned().unwrap_or_default();
    let metrics: BTreeSet<String> =
        rows.iter().flat_map(|row| limits(row).into_iter().map(|(name, _)| name)).collect();
    let headers: Vec<String> = metrics.iter().map(|name| name.to_uppercase()).collect();
    let mut header = vec!["NAME"];
    header.extend(headers.iter().map(String::as_str));
    header.push("USERS");
    let line = |row: &Value| {
        let mut cells = vec![cell(&row["name"])];
        cells.extend(metrics.iter().map(|name| limit_cell(&row["limits"][name])));
        cells.push(cell(&row["users"]));
        cells
    };
    print(&table(Some(&header), &rows.iter().map(line).collect::<Vec<_>>()))
}

/// Limits beside those of the tiers: of one user instead of the tier's, or of all users of the tenant together.
///
/// Without --set and --unset they are shown.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire limit user u-42 --set deployments=25 --set api_calls=unlimited --tenant acme\n  \
    meterwire limit user u-42 --unset deployments --tenant acme\n  \
    meterwire limit tenant --set api_calls=100000 --tenant acme"
)]
pub(super) struct LimitArgs {
    #[command(subcommand)]
    scope: LimitScope,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum LimitScope {
    /// What one user may use instead of what its tier says.
    #[command(
        after_help = "Example:\n  meterwire limit user u-42 --set deployments=25 --set api_calls=unlimited --tenant acme"
    )]
    User {
        id: String,
        #[command(flatten)]
        change: LimitChange,
    },
    /// What all users of the tenant together may use.
    #[command(after_help = "Example:\n  meterwire limit tenant --set api_calls=100000 --tenant acme")]
    Tenant {
        #[command(flatten)]
        change: LimitChange,
    },
}

#[derive(Args)]
struct LimitChange {
    #[command(flatten)]
    limits: SetArgs,
    /// Take the limit of this metric away. Can be repeated.
    #[arg(long, value_name = "METRIC")]
    unset: Vec<String>,
}

/// Limits as the contract carries them; their digits are kept as they are written.
#[derive(Serialize, Deserialize)]
struct Limits {
    limits: BTreeMap<String, Option<Box<RawValue>>>,
}

pub(super) async fn limit(args: LimitArgs) -> Result<(), String> {
    let (path, change, whose) = match args.scope {
        LimitScope::User { id, change } => {
            (format!("/api/v1/users/{}/limits", encode(&id)), change, format!("user {id}"))
        }
        LimitScope::Tenant { change } => {
            ("/api/v1/tenant-limits".to_owned(), change, "the tenant".to_owned())
        }
    };
    let session = Session::of_tenant(args.common).await?;
    let done = change_limits(&session, &path, change, &whose).await;
    session.close(done).await
}

async fn change_limits(
    session: &Session,
    path: &str,
    change: LimitChange,
    whose: &str,
) -> Result<(), String> {
    let mut limits: Limits = session.ask_exact(Method::GET, path, None::<&Limits>).await?;
    if !(change.limits.set.is_empty() && change.unset.is_empty()) {
        for metric in &change.unset {
            if limits.limits.remove(metric).is_none() {
                return Err(format!("{whose} has no limit of its own for {metric}"));
            }
        }
        for (metric, amount) in change.limits.set {
            let amount = amount.map(|text| serde_json::value::to_raw_value(&text)).transpose();
            limits.limits.insert(metric, amount.map_err(|error| error.to_string())?);
        }
        limits = session.ask_exact(Method::PUT, path, Some(&limits)).await?;
    }
    if session.json() {
        return print_json(&serde_json::to_value(&limits).map_err(|error| error.to_string())?);
    }
    if limits.limits.is_empty() {
        return print(&format!("{whose} has no limits of its own\n"));
    }
    let amount =
        |limit: Option<Box<RawValue>>| limit.map_or("unlimited".to_owned(), |raw| raw.get().to_owned());
    let rows: Vec<Vec<String>> =
        limits.limits.into_iter().map(|(metric, limit)| vec![metric, amount(limit)]).collect();
    print(&table(Some(&["METRIC", "LIMIT"]), &rows))
}

/// A limit as a cell.
pub(super) fn limit_cell(limit: &Value) -> String {
    if limit.is_null() { "unlimited".to_owned() } else { cell(limit) }
}

/// `deployments=25` or `storage=unlimited`; the amount stays text, so that the server reads every digit.
fn parse_limit(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        Some((metric, "unlimited")) => Ok((metric.to_owned(), None)),
        Some((metric, amount)) if !amount.is_empty() => Ok((metric.to_owned(), Some(amount.to_owned()))),
        _ => Err("give a metric and an amount, such as deployments=25 or storage=unlimited".to_owned()),
    }
}

fn to_body(set: Vec<(String, Option<String>)>) -> Map<String, Value> {
    set.into_iter().map(|(metric, amount)| (metric, amount.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_a_metric_and_an_amount() {
        let some = |amount: &str| Some(amount.to_owned());
        assert_eq!(parse_limit("a=25"), Ok(("a".to_owned(), some("25"))));
        assert_eq!(parse_limit("a=0.001"), Ok(("a".to_owned(), some("0.001"))));
        assert_eq!(parse_limit("a=unlimited"), Ok(("a".to_owned(), None)));
        assert!(parse_limit("a").is_err() && parse_limit("a=").is_err());
        assert_eq!(limit_cell(&json!(2.5)), "2.5");
        assert_eq!(limit_cell(&json!(null)), "unlimited");
    }
}
