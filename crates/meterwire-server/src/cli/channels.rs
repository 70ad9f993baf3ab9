//! `meterwire channel` and `meterwire alert`: whom to tell what, and whether it arrived.

use super::catalog::resource::{Resource, Session, body};
use super::catalog::{Common, ListArgs};
use super::output::{print, print_json};
use axum::http::Method;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

const CHANNELS: Resource = Resource {
    noun: "channel",
    path: "/api/v1/channels",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("TYPE", "type"),
        ("TO", "to"),
        ("URL", "url"),
        ("ENABLED", "enabled"),
        ("OFF BECAUSE", "off_because"),
    ],
};
const ALERTS: Resource = Resource {
    noun: "alert",
    path: "/api/v1/alerts",
    columns: &[
        ("ID", "id"),
        ("RAISED", "raised_at"),
        ("KIND", "kind"),
        ("SEVERITY", "severity"),
        ("TITLE", "title"),
        ("SNOOZED UNTIL", "snoozed_until"),
    ],
};
const RULES: Resource = Resource {
    noun: "alert rule",
    path: "/api/v1/alert-rules",
    columns: &[("KIND", "kind"), ("ENABLED", "enabled"), ("PARAMS", "params"), ("CHANNELS", "channels")],
};

/// Channels: mail, Slack and webhooks that alerts go to.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    meterwire channel add 'on call' --email ops@example.com --email cfo@example.com --tenant acme\n  \
    meterwire channel add hook --webhook https://hooks.example.com/meterwire --tenant acme\n  \
    meterwire channel test 0199c0de-0000-7000-8000-000000000001 --tenant acme")]
pub(super) struct ChannelArgs {
    #[command(subcommand)]
    verb: ChannelVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum ChannelVerb {
    /// List channels.
    #[command(after_help = "Example:\n  meterwire channel list --tenant acme")]
    List(ListArgs),
    /// Show one channel.
    #[command(after_help = "Example:\n  meterwire channel show ID --tenant acme")]
    Show { id: String },
    /// Make a channel; the secret of a webhook is printed this once.
    #[command(
        after_help = "Examples:\n  meterwire channel add 'on call' --email ops@example.com --email cfo@example.com --tenant acme\n  meterwire channel add hook --webhook https://hooks.example.com/meterwire --tenant acme\n  meterwire channel add team --slack https://hooks.slack.com/services/T/B/X --tenant acme"
    )]
    Add {
        /// For people.
        name: String,
        /// Mail to this address; may be repeated.
        #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["slack", "webhook"], required_unless_present_any = ["slack", "webhook"])]
        email: Vec<String>,
        /// An incoming webhook of Slack.
        #[arg(long, value_name = "URL", conflicts_with = "webhook")]
        slack: Option<String>,
        /// An address of your own.
        #[arg(long, value_name = "URL")]
        webhook: Option<String>,
    },
    /// Change a channel.
    #[command(after_help = "Example:\n  meterwire channel update ID --enabled true --tenant acme")]
    Update {
        id: String,
        /// For people.
        #[arg(long)]
        name: Option<String>,
        /// Mail to these addresses alone; may be repeated.
        #[arg(long, value_name = "ADDRESS")]
        email: Vec<String>,
        /// The address of Slack or of a webhook.
        #[arg(long, value_name = "URL")]
        address: Option<String>,
        /// Whether alerts go there.
        #[arg(long, value_name = "true|false")]
        enabled: Option<bool>,
        /// Make a new secret for a webhook; it is printed this once.
        #[arg(long)]
        new_secret: bool,
    },
    /// Send a test message now and tell what happened.
    #[command(after_help = "Example:\n  meterwire channel test ID --tenant acme")]
    Test { id: String },
    /// Delete a channel; what was on its way there is given up.
    #[command(after_help = "Example:\n  meterwire channel delete ID --tenant acme")]
    Delete { id: String },
}

pub(super) async fn channel(args: ChannelArgs) -> Result<(), String> {
    let session = if matches!(args.verb, ChannelVerb::Test { .. }) {
        Session::of_tenant_mailing(args.common).await?
    } else {
        Session::of_tenant(args.common).await?
    };
    let done = match args.verb {
        ChannelVerb::List(list) => session.list(&CHANNELS, &[], list.limit).await,
        ChannelVerb::Show { id } => session.show(&CHANNELS, &id).await,
        ChannelVerb::Add { name, email, slack, webhook } => {
            session.create(&CHANNELS, &new_channel(&name, &email, slack, webhook)).await
        }
        ChannelVerb::Update { id, name, email, address, enabled, new_secret } => {
            let mut change = body(&[("name", name), ("url", address)]);
            if !email.is_empty() {
                change["to"] = json!(email);
            }
            if let Some(enabled) = enabled {
                change["enabled"] = json!(enabled);
            }
            if new_secret {
                change["new_secret"] = json!(true);
            }
            session.change(Method::PATCH, &CHANNELS, &id, &change).await
        }
        ChannelVerb::Test { id } => test(&session, &id).await,
        ChannelVerb::Delete { id } => session.delete(&CHANNELS, &id, "deleted").await,
    };
    session.close(done).await
}

fn new_channel(name: &str, email: &[String], slack: Option<String>, webhook: Option<String>) -> Value {
    match (slack, webhook) {
        (Some(url), _) => json!({ "name": name, "type": "slack", "url": url }),
        (None, Some(url)) => json!({ "name": name, "type": "webhook", "url": url }),
        (None, None) => json!({ "name": name, "type": "email", "to": email }),
    }
}

/// A message that does not arrive is a failure of the command.
async fn test(session: &Session, id: &str) -> Result<(), String> {
    let path = format!("{}/{}/test", CHANNELS.path, super::target::encode(id));
    let answer = session.ask(Method::POST, &path, &[], None).await?;
    if session.json() {
        print_json(&answer)?;
    }
    let said = answer["error"].as_str().unwrap_or_default();
    if answer["arrived"] != json!(true) {
        return Err(format!("the test message did not arrive: {said}"));
    }
    if session.json() {
        return Ok(());
    }
    let but = if said.is_empty() { String::new() } else { format!(", but {said}") };
    print(&format!("the test message arrived within {} ms{but}\n", answer["took_ms"]))
}

/// Alerts: what was noticed, whether it arrived, and what is to be noticed.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire alert list --state failed --tenant acme\n  \
    meterwire alert snooze 5c9a3f0e-1b7d-8a52-9c64-2f1d0b7e9a11 --until 2026-11-23T08:00:00Z --tenant acme\n  \
    meterwire alert rule spend_spike --param above_percent=50 --param min_usd=25 --tenant acme")]
pub(super) struct AlertArgs {
    #[command(subcommand)]
    verb: AlertVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum AlertVerb {
    /// List alerts, newest first.
    #[command(
        after_help = "Example:\n  meterwire alert list --kind budget_threshold --state failed --tenant acme"
    )]
    List {
        /// Only this kind: budget_threshold, budget_projected, spend_spike, limit_near, provider_failing, unpriced_model.
        #[arg(long)]
        kind: Option<String>,
        /// Only those with a delivery in this state: pending, delivered or failed.
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Show one alert with its deliveries.
    #[command(after_help = "Example:\n  meterwire alert show ID --tenant acme")]
    Show { id: String },
    /// Send nothing more about the same thing until a moment.
    #[command(
        after_help = "Example:\n  meterwire alert snooze ID --until 2026-11-23T08:00:00Z --tenant acme"
    )]
    Snooze {
        id: String,
        /// A date or an instant [default: ends the snooze].
        #[arg(long, value_name = "WHEN")]
        until: Option<String>,
    },
    /// Send what has not arrived again now.
    #[command(after_help = "Example:\n  meterwire alert retry ID --tenant acme")]
    Retry { id: String },
    /// List the rules.
    #[command(after_help = "Example:\n  meterwire alert rules --tenant acme")]
    Rules,
    /// Show the rule of a kind, or change it.
    #[command(
        after_help = "Examples:\n  meterwire alert rule spend_spike --param above_percent=50 --param min_usd=25 --tenant acme\n  meterwire alert rule limit_near --enabled false --tenant acme"
    )]
    Rule {
        kind: String,
        /// Whether it is raised at all.
        #[arg(long, value_name = "true|false")]
        enabled: Option<bool>,
        /// A number it goes by; may be repeated.
        #[arg(long, value_name = "NAME=NUMBER", value_parser = parse_param)]
        param: Vec<(String, i64)>,
        /// Id of a channel to tell; may be repeated.
        #[arg(long, value_name = "ID", conflicts_with = "every_channel")]
        channel: Vec<String>,
        /// Tell every channel.
        #[arg(long)]
        every_channel: bool,
    },
}

pub(super) async fn alert(args: AlertArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        AlertVerb::List { kind, state, list } => {
            session.list(&ALERTS, &[("kind", kind), ("state", state)], list.limit).await
        }
        AlertVerb::Show { id } => session.show(&ALERTS, &id).await,
        AlertVerb::Snooze { id, until } => {
            session.act(&ALERTS, &id, "snooze", &json!({ "until": until })).await
        }
        AlertVerb::Retry { id } => session.act(&ALERTS, &id, "retry", &json!({})).await,
        AlertVerb::Rules => session.list(&RULES, &[], 100).await,
        AlertVerb::Rule { kind, enabled, param, channel, every_channel } => {
            let mut change = Map::new();
            if let Some(enabled) = enabled {
                change.insert("enabled".to_owned(), json!(enabled));
            }
            if !param.is_empty() {
                change.insert("params".to_owned(), numbers(param));
            }
            if every_channel || !channel.is_empty() {
                change.insert("channels".to_owned(), json!(channel));
            }
            if change.is_empty() {
                session.show(&RULES, &kind).await
            } else {
                session.change(Method::PATCH, &RULES, &kind, &change.into()).await
            }
        }
    };
    session.close(done).await
}

fn parse_param(text: &str) -> Result<(String, i64), String> {
    let (name, number) = text.split_once('=').ok_or("write it as NAME=NUMBER")?;
    let number = number.parse().map_err(|_| format!("{number:?} is no whole number"))?;
    Ok((name.to_owned(), number))
}

fn numbers(params: Vec<(String, i64)>) -> Value {
    Value::Object(params.into_iter().map(|(name, number)| (name, number.into())).collect())
}
