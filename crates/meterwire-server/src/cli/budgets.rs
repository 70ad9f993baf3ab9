//! `meterwire budget`: money over a period.

use super::catalog::resource::{Resource, Session};
use super::catalog::{Common, ListArgs};
use super::output::{cell, print, print_json, table};
use super::target::encode;
use axum::http::Method;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

const BUDGETS: Resource = Resource { noun: "budget", path: "/api/v1/budgets", columns: &[] };

/// Budgets: how much money may be spent in a period, on everything or on a part of it.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire budget list --tenant acme\n  \
    meterwire budget create support --amount 250 --scope project=support-bot --hard --tenant acme\n  \
    meterwire budget create sprint --amount 90 --period custom --anchor 2026-11-03 --days 14 --tenant acme\n  \
    meterwire budget split ID --by department --part care=100 --part sales=40% --tenant acme\n  \
    meterwire budget history ID --periods 6 --tenant acme")]
pub(super) struct BudgetArgs {
    #[command(subcommand)]
    verb: BudgetVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct BudgetFields {
    /// `day`, `week`, `month`, `quarter`, `year`, or `custom` with --anchor and --days.
    #[arg(long)]
    period: Option<String>,
    /// Of a custom period: the first day of one of them.
    #[arg(long, value_name = "DATE")]
    anchor: Option<String>,
    /// Of a custom period: how many days each has.
    #[arg(long)]
    days: Option<u32>,
    /// IANA zone it is counted in [default: the tenant's].
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Only usage with this value: project, user, `api_key`, department, team or model. Can be repeated.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_pair)]
    scope: Vec<(String, String)>,
    /// Refuse decisions once it is used up.
    #[arg(long, conflicts_with = "soft")]
    hard: bool,
    /// Let models pass that have no price.
    #[arg(long)]
    allow_unpriced: bool,
    /// Tell at this part of the amount, such as 0.8, in place of the usual ones. Can be repeated.
    #[arg(long = "threshold", value_name = "PART")]
    thresholds: Vec<String>,
    /// Tell this channel instead of all. Can be repeated.
    #[arg(long = "channel", value_name = "ID")]
    channels: Vec<String>,
    #[arg(long, hide = true)]
    soft: bool,
}

#[derive(Subcommand)]
enum BudgetVerb {
    /// List budgets with where they stand.
    #[command(after_help = "Example:\n  meterwire budget list --tenant acme")]
    List(ListArgs),
    /// Show one budget.
    #[command(after_help = "Example:\n  meterwire budget show ID --tenant acme")]
    Show { id: String },
    /// Make a budget.
    #[command(
        after_help = "Examples:\n  meterwire budget create support --amount 250 --scope project=support-bot --hard --threshold 0.8 --threshold 1 --tenant acme\n  meterwire budget create sprint --amount 90 --period custom --anchor 2026-11-03 --days 14 --tenant acme"
    )]
    Create {
        /// For people.
        name: String,
        /// Dollars that may be spent in a period.
        #[arg(long, value_name = "USD")]
        amount: String,
        /// The budget it is a part of.
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
        #[command(flatten)]
        fields: BudgetFields,
    },
    /// Change a budget; `--soft` ends a hard one.
    #[command(after_help = "Example:\n  meterwire budget update ID --amount 300 --soft --tenant acme")]
    Update {
        id: String,
        /// For people.
        #[arg(long)]
        name: Option<String>,
        /// Dollars that may be spent in a period.
        #[arg(long, value_name = "USD")]
        amount: Option<String>,
        #[command(flatten)]
        fields: BudgetFields,
    },
    /// Delete a budget.
    #[command(after_help = "Example:\n  meterwire budget delete ID --tenant acme")]
    Delete { id: String },
    /// Make a part of a budget for each value, all or none.
    #[command(
        after_help = "Example:\n  meterwire budget split ID --by department --part care=100 --part sales=40% --tenant acme"
    )]
    Split {
        id: String,
        /// What the parts differ in: department, project, team ..
        #[arg(long)]
        by: String,
        /// A value and its dollars, or its share of the whole in percent. Can be repeated.
        #[arg(long = "part", value_name = "VALUE=USD|VALUE=NN%", required = true, value_parser = parse_pair)]
        parts: Vec<(String, String)>,
    },
    /// What was spent in past periods.
    #[command(after_help = "Example:\n  meterwire budget history ID --periods 6 --tenant acme")]
    History {
        id: String,
        /// How many, the present one included.
        #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=120))]
        periods: u32,
    },
}

pub(super) async fn budget(args: BudgetArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = run(&session, args.verb).await;
    session.close(done).await
}

async fn run(session: &Session, verb: BudgetVerb) -> Result<(), String> {
    match verb {
        BudgetVerb::List(list) => {
            let rows = session.rows(BUDGETS.path, &[], list.limit).await?;
            say(session, &rows, &Value::from(rows.clone()))
        }
        BudgetVerb::Show { id } => one(session, Method::GET, Some(&id), None).await,
        BudgetVerb::Create { name, amount, parent, fields } => {
            let mut body = fields.into_body()?;
            body.insert("name".to_owned(), name.into());
            body.insert("amount_usd".to_owned(), amount.into());
            body.extend(parent.map(|parent| ("parent".to_owned(), parent.into())));
            one(session, Method::POST, None, Some(body.into())).await
        }
        BudgetVerb::Update { id, name, amount, fields } => {
            let mut body = fields.into_body()?;
            body.extend(name.map(|name| ("name".to_owned(), name.into())));
            body.extend(amount.map(|amount| ("amount_usd".to_owned(), amount.into())));
            if body.is_empty() {
                return Err("nothing to change was given; see --help".to_owned());
            }
            one(session, Method::PATCH, Some(&id), Some(body.into())).await
        }
        BudgetVerb::Delete { id } => session.delete(&BUDGETS, &id, "deleted").await,
        BudgetVerb::Split { id, by, parts } => {
            let parts = parts.into_iter().map(part).collect::<Result<Vec<Value>, String>>()?;
            let path = format!("{}/{}/split", BUDGETS.path, encode(&id));
            let body = json!({ "by": by, "parts": parts });
            let made = session.ask(Method::POST, &path, &[], Some(&body)).await?;
            let rows = made["items"].as_array().cloned().unwrap_or_default();
            say(session, &rows, &made["items"])
        }
        BudgetVerb::History { id, periods } => {
            let path = format!("{}/{}/history", BUDGETS.path, encode(&id));
            let query = [("periods", Some(periods.to_string()))];
            let history = session.ask(Method::GET, &path, &query, None).await?;
            if session.json() {
                return print_json(&history);
            }
            let row = |period: &Value| {
                ["from", "to", "amount_usd", "spent_usd", "over_usd"]
                    .map(|field| cell(&period[field]))
                    .to_vec()
            };
            let rows: Vec<_> = history["periods"].as_array().into_iter().flatten().map(row).collect();
            print(&table(Some(&["FROM", "TO", "AMOUNT", "SPENT", "OVER"]), &rows))
        }
    }
}

impl BudgetFields {
    fn into_body(self) -> Result<Map<String, Value>, String> {
        let mut body = Map::new();
        let texts = [("period", self.period), ("anchor", self.anchor), ("timezone", self.timezone)];
        body.extend(texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into()))));
        body.extend(self.days.map(|days| ("days".to_owned(), days.into())));
        if !self.scope.is_empty() {
            let scope: Map<String, Value> =
                self.scope.into_iter().map(|(field, value)| (field, value.into())).collect();
            body.insert("scope".to_owned(), scope.into());
        }
        if self.hard || self.soft {
            body.insert("hard".to_owned(), self.hard.into());
        }
        if self.allow_unpriced {
            body.insert("allow_unpriced".to_owned(), true.into());
        }
        if !self.thresholds.is_empty() {
            let numbers = self.thresholds.iter().map(|text| number(text)).collect::<Result<Vec<_>, _>>()?;
            body.insert("thresholds".to_owned(), numbers.into());
        }
        if !self.channels.is_empty() {
            body.insert("channels".to_owned(), self.channels.into());
        }
        Ok(body)
    }
}

/// A number exactly as it was written.
fn number(text: &str) -> Result<Value, String> {
    serde_json::from_str::<serde_json::Number>(text)
        .map(Value::Number)
        .map_err(|_| format!("{text:?} is no number such as 0.8"))
}

/// A part: dollars, or a share in percent.
fn part((value, size): (String, String)) -> Result<Value, String> {
    let Some(percent) = size.strip_suffix('%') else {
        return Ok(json!({ "value": value, "amount_usd": size }));
    };
    let ten_thousandths = meterwire_core::money::parse_decimal(percent, 4)
        .map_err(|_| format!("{size:?} is no share such as 40%, with at most four decimals"))?;
    let share = meterwire_core::money::format_decimal(ten_thousandths, 6);
    Ok(json!({ "value": value, "share": number(&share)? }))
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("must be NAME=VALUE".to_owned()),
    }
}

async fn one(session: &Session, method: Method, id: Option<&str>, body: Option<Value>) -> Result<(), String> {
    let path = id.map_or_else(|| BUDGETS.path.to_owned(), |id| format!("{}/{}", BUDGETS.path, encode(id)));
    let row = session.ask(method, &path, &[], body.as_ref()).await?;
    say(session, std::slice::from_ref(&row), &row)
}

fn say(session: &Session, rows: &[Value], json: &Value) -> Result<(), String> {
    if session.json() {
        return print_json(json);
    }
    let header =
        ["ID", "NAME", "PERIOD", "SCOPE", "AMOUNT", "SPENT", "HELD", "LEFT", "USED %", "LEVEL", "HARD"];
    let row = |budget: &Value| {
        let scope = budget["scope"].as_object().into_iter().flatten();
        let scope: Vec<String> = scope.map(|(field, value)| format!("{field}={}", cell(value))).collect();
        let current = &budget["current"];
        vec![
            cell(&budget["id"]),
            cell(&budget["name"]),
            cell(&budget["period"]),
            if scope.is_empty() { "everything".to_owned() } else { scope.join(" ") },
            cell(&budget["amount_usd"]),
            cell(&current["spent_usd"]),
            cell(&current["held_usd"]),
            cell(&current["remaining_usd"]),
            cell(&current["used_percentage"]),
            cell(&current["alert_level"]),
            cell(&budget["hard"]),
        ]
    };
    print(&table(Some(&header), &rows.iter().map(row).collect::<Vec<_>>()))
}
