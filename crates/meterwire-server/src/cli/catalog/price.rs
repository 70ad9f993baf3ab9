//! `meterwire price`: the built-in book and a tenant's own prices.

use super::rerate::{RERATES, RerateArgs, rerate};
use super::resource::{Resource, Session, body};
use super::{Common, ListArgs};
use crate::cli::TargetArgs;
use axum::http::Method;
use clap::{Args, Subcommand};

const PRICES: Resource = Resource {
    noun: "price",
    path: "/api/v1/prices",
    columns: &[
        ("ID", "id"),
        ("PROVIDER", "provider"),
        ("MODEL", "model"),
        ("FROM", "valid_from"),
        ("TO", "valid_to"),
        ("INPUT", "input"),
        ("OUTPUT", "output"),
        ("CACHE READ", "cache_read"),
        ("SOURCE", "source"),
    ],
};

/// Prices: the built-in book, and a tenant's own prices laid over it. US dollars a million tokens.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire price book --provider openai --model gpt-4o\n  \
    meterwire price create --provider openai --model gpt-4o --input 2.00 --output 8.00 --valid-from 2026-11-01 --tenant acme\n  \
    meterwire price rerate --from 2026-11-01 --to 2026-12-01 --tenant acme")]
pub(in crate::cli) struct PriceArgs {
    #[command(subcommand)]
    verb: PriceVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct PriceFields {
    #[arg(long)]
    provider: String,
    #[arg(long)]
    model: String,
    /// A million input tokens.
    #[arg(long, value_name = "USD")]
    input: String,
    /// A million output tokens.
    #[arg(long, value_name = "USD")]
    output: String,
    /// First instant it holds for: a date or an instant [default: always before].
    #[arg(long, value_name = "TIME")]
    valid_from: Option<String>,
    /// First instant it no longer holds for.
    #[arg(long, value_name = "TIME")]
    valid_to: Option<String>,
    /// A million tokens read from a cache.
    #[arg(long, value_name = "USD")]
    cache_read: Option<String>,
    /// A million tokens written to a short-lived cache.
    #[arg(long, value_name = "USD")]
    cache_write_short: Option<String>,
    /// A million tokens written to a long-lived cache.
    #[arg(long, value_name = "USD")]
    cache_write_long: Option<String>,
    /// A million reasoning tokens.
    #[arg(long, value_name = "USD")]
    reasoning: Option<String>,
    /// Every request.
    #[arg(long, value_name = "USD")]
    per_request: Option<String>,
}

impl PriceFields {
    fn into_body(self) -> serde_json::Value {
        body(&[
            ("provider", Some(self.provider)),
            ("model", Some(self.model)),
            ("input", Some(self.input)),
            ("output", Some(self.output)),
            ("valid_from", self.valid_from),
            ("valid_to", self.valid_to),
            ("cache_read", self.cache_read),
            ("cache_write_short", self.cache_write_short),
            ("cache_write_long", self.cache_write_long),
            ("reasoning", self.reasoning),
            ("per_request", self.per_request),
        ])
    }
}

#[derive(Subcommand)]
enum PriceVerb {
    /// List the tenant's own prices.
    #[command(after_help = "Example:\n  meterwire price list --tenant acme")]
    List(ListArgs),
    /// Search the built-in price book.
    #[command(after_help = "Example:\n  meterwire price book --provider openai --model gpt-4o")]
    Book {
        /// Only this provider.
        #[arg(long)]
        provider: Option<String>,
        /// Only models whose name contains this.
        #[arg(long)]
        model: Option<String>,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Show one of the tenant's own prices.
    #[command(after_help = "Example:\n  meterwire price show ID --tenant acme")]
    Show { id: String },
    /// Make a price of the tenant's own.
    #[command(
        after_help = "Example:\n  meterwire price create --provider openai --model gpt-4o --input 2.00 --output 8.00 --valid-from 2026-11-01 --tenant acme"
    )]
    Create(Box<PriceFields>),
    /// Replace a price of the tenant's own.
    #[command(
        after_help = "Example:\n  meterwire price update ID --provider openai --model gpt-4o --input 2.00 --output 8.00 --tenant acme"
    )]
    Update {
        id: String,
        #[command(flatten)]
        fields: Box<PriceFields>,
    },
    /// Delete a price of the tenant's own; events rated with it keep their cost.
    #[command(after_help = "Example:\n  meterwire price delete ID --tenant acme")]
    Delete { id: String },
    /// Rate recorded usage anew by the prices of now: shows the difference, asks, and does it.
    ///
    /// Costs that were sent with their events are left alone. Totals, budgets and limits move with it; closed months get
    /// an adjustment. It goes on where it was after whatever interrupts it, on a running server by itself.
    #[command(
        after_help = "Examples:\n  meterwire price rerate --from 2026-11-01 --to 2026-12-01 --tenant acme\n  meterwire price rerate --from 2026-11-01 --to 2026-12-01 --model gpt-4o --only unpriced --yes --tenant acme"
    )]
    Rerate(Box<RerateArgs>),
    /// List re-ratings, the latest first.
    #[command(after_help = "Example:\n  meterwire price rerates --tenant acme")]
    Rerates(ListArgs),
}

const BOOK: Resource = Resource { noun: "price", path: "/api/v1/prices/book", columns: PRICES.columns };

pub(in crate::cli) async fn price(args: PriceArgs) -> Result<(), String> {
    if let PriceVerb::Book { provider, model, list } = args.verb {
        return book(args.common, provider, model, list.limit).await;
    }
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        PriceVerb::List(list) => session.list(&PRICES, &[], list.limit).await,
        PriceVerb::Show { id } => session.show(&PRICES, &id).await,
        PriceVerb::Create(fields) => session.create(&PRICES, &fields.into_body()).await,
        PriceVerb::Update { id, fields } => {
            session.change(Method::PUT, &PRICES, &id, &fields.into_body()).await
        }
        PriceVerb::Delete { id } => session.delete(&PRICES, &id, "deleted").await,
        PriceVerb::Rerate(args) => rerate(&session, *args).await,
        PriceVerb::Rerates(list) => session.list(&RERATES, &[], list.limit).await,
        PriceVerb::Book { .. } => Ok(()),
    };
    session.close(done).await
}

/// The book is the same everywhere, so it needs neither a data directory nor a tenant.
async fn book(
    common: Common,
    provider: Option<String>,
    model: Option<String>,
    limit: u32,
) -> Result<(), String> {
    let scratch =
        tempfile::tempdir().map_err(|error| format!("cannot make a temporary directory: {error}"))?;
    let target = TargetArgs { data_dir: Some(scratch.path().to_owned()), ..common.target };
    let session = Session::open(&target, None, common.json, true).await?;
    let done = session.list(&BOOK, &[("provider", provider), ("model", model)], limit).await;
    session.close(done).await
}
