//! `meterwire dimension`: properties of events by which usage can be grouped and filtered.

use super::catalog::resource::{Resource, Session, body};
use super::catalog::{Common, ListArgs};
use clap::{Args, Subcommand};

const DIMENSIONS: Resource = Resource {
    noun: "dimension",
    path: "/api/v1/dimensions",
    columns: &[
        ("NAME", "name"),
        ("PROPERTY", "property"),
        ("STATE", "state"),
        ("FILLED", "filled_events"),
        ("OF", "events_to_fill"),
        ("CREATED", "created_at"),
    ],
};

/// Dimensions: properties of events by which usage can be grouped and filtered.
///
/// Older events are counted by the running server; `dimension list` shows how far that is.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire dimension add feature --tenant acme\n  \
    meterwire dimension add region --property x-region --tenant acme\n  meterwire dimension list --tenant acme")]
pub(super) struct DimensionArgs {
    #[command(subcommand)]
    verb: DimensionVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum DimensionVerb {
    /// List declared dimensions and how far they are filled.
    #[command(after_help = "Example:\n  meterwire dimension list --tenant acme")]
    List(ListArgs),
    /// Show one declared dimension.
    #[command(after_help = "Example:\n  meterwire dimension show feature --tenant acme")]
    Show { name: String },
    /// Declare a property as a dimension.
    #[command(after_help = "Example:\n  meterwire dimension add region --property x-region --tenant acme")]
    Add {
        /// 1 to 63 of a-z, 0-9 and _, beginning with a letter.
        name: String,
        /// The key under `properties` [default: the name].
        #[arg(long, value_name = "KEY")]
        property: Option<String>,
    },
    /// Remove a declared dimension; the properties of events stay.
    #[command(after_help = "Example:\n  meterwire dimension remove region --tenant acme")]
    Remove { name: String },
}

pub(super) async fn dimension(args: DimensionArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        DimensionVerb::List(list) => session.list(&DIMENSIONS, &[], list.limit).await,
        DimensionVerb::Show { name } => session.show(&DIMENSIONS, &name).await,
        DimensionVerb::Add { name, property } => {
            session.create(&DIMENSIONS, &body(&[("name", Some(name)), ("property", property)])).await
        }
        DimensionVerb::Remove { name } => session.delete(&DIMENSIONS, &name, "removed").await,
    };
    session.close(done).await
}
