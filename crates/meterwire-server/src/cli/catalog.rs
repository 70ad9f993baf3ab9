//! `meterwire tenant | key | user | project | price`: the plain resources of the contract, one command each.

mod price;
mod rerate;
pub(super) mod resource;

use super::TargetArgs;
use axum::http::Method;
use clap::{Args, Subcommand};
pub(super) use price::{PriceArgs, price};
use resource::{Resource, Session, body};

/// What every command of this kind takes.
#[derive(Args)]
pub(super) struct Common {
    /// Slug of the tenant; `default` in a data directory, the token's own on a server.
    #[arg(long, global = true, value_name = "SLUG")]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    target: TargetArgs,
}

/// How much of a list to print.
#[derive(Args)]
pub(super) struct ListArgs {
    /// At most so many rows.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) limit: u32,
}

const TENANTS: Resource = Resource {
    noun: "tenant",
    path: "/api/v1/tenants",
    columns: &[
        ("SLUG", "slug"),
        ("NAME", "name"),
        ("TIMEZONE", "timezone"),
        ("CREATED", "created_at"),
        ("RETENTION", "retention_days"),
        ("EVENTS FROM", "events_from"),
    ],
};
const KEYS: Resource = Resource {
    noun: "key",
    path: "/api/v1/keys",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("ROLE", "role"),
        ("PREFIX", "prefix"),
        ("USER", "user"),
        ("PROJECT", "project"),
        ("EXPIRES", "expires_at"),
        ("REVOKED", "revoked_at"),
        ("LAST USED", "last_used_at"),
    ],
};
const USERS: Resource = Resource {
    noun: "user",
    path: "/api/v1/users",
    columns: &[("ID", "id"), ("USERNAME", "username"), ("TIER", "tier"), ("CREATED", "created_at")],
};
const PROJECTS: Resource = Resource {
    noun: "project",
    path: "/api/v1/projects",
    columns: &[
        ("SLUG", "slug"),
        ("NAME", "name"),
        ("DEPARTMENT", "department"),
        ("TEAM", "team"),
        ("CREATED", "created_at"),
    ],
};

/// Tenants: whose usage is kept apart.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire tenant create acme --name 'Acme Ltd' --timezone Europe/Berlin\n  meterwire tenant list --json"
)]
pub(super) struct TenantArgs {
    #[command(subcommand)]
    verb: TenantVerb,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Subcommand)]
enum TenantVerb {
    /// List tenants.
    #[command(after_help = "Example:\n  meterwire tenant list")]
    List(ListArgs),
    /// Show one tenant.
    #[command(after_help = "Example:\n  meterwire tenant show acme")]
    Show { slug: String },
    /// Make a tenant.
    #[command(
        after_help = "Example:\n  meterwire tenant create acme --name 'Acme Ltd' --timezone Europe/Berlin"
    )]
    Create {
        /// 1 to 63 of a-z, 0-9 and -.
        slug: String,
        /// Name for people [default: the slug].
        #[arg(long)]
        name: Option<String>,
        /// IANA zone of its days and months [default: UTC].
        #[arg(long, value_name = "ZONE")]
        timezone: Option<String>,
    },
    /// Change a tenant's name, zone, or how long its single events are kept.
    #[command(after_help = "Example:\n  meterwire tenant update acme --retention-days 400")]
    Update {
        slug: String,
        /// Name for people.
        #[arg(long)]
        name: Option<String>,
        /// IANA zone of its days and months.
        #[arg(long, value_name = "ZONE")]
        timezone: Option<String>,
        /// Drop single events that are older, 35 to 3650 days, or `forever`; totals are always kept.
        #[arg(long, value_name = "DAYS", value_parser = parse_retention)]
        retention_days: Option<Retention>,
    },
    /// Delete a tenant that has no events.
    #[command(after_help = "Example:\n  meterwire tenant delete acme")]
    Delete { slug: String },
}

/// How many days; `None` is for ever.
#[derive(Clone, Copy)]
struct Retention(Option<u32>);

fn parse_retention(text: &str) -> Result<Retention, String> {
    match (text, text.parse()) {
        ("forever", _) => Ok(Retention(None)),
        (_, Ok(days)) => Ok(Retention(Some(days))),
        _ => Err("must be a number of days or `forever`".to_owned()),
    }
}

pub(super) async fn tenant(args: TenantArgs) -> Result<(), String> {
    let creates = matches!(args.verb, TenantVerb::Create { .. });
    let session = Session::open(&args.target, None, args.json, creates).await?;
    let done = match args.verb {
        TenantVerb::List(list) => session.list(&TENANTS, &[], list.limit).await,
        TenantVerb::Show { slug } => session.show(&TENANTS, &slug).await,
        TenantVerb::Create { slug, name, timezone } => {
            let body = body(&[("slug", Some(slug)), ("name", name), ("timezone", timezone)]);
            session.create(&TENANTS, &body).await
        }
        TenantVerb::Update { slug, name, timezone, retention_days } => {
            let mut body = body(&[("name", name), ("timezone", timezone)]);
            if let Some(Retention(days)) = retention_days {
                body["retention_days"] = days.into();
            }
            session.change(Method::PATCH, &TENANTS, &slug, &body).await
        }
        TenantVerb::Delete { slug } => session.delete(&TENANTS, &slug, "deleted").await,
    };
    session.close(done).await
}

/// API keys: tokens that may record or read.
///
/// Without --tenant, keys in a data directory are those of the instance's admins.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire key create prod --role ingest --tenant acme\n  \
    meterwire key list --tenant acme\n  meterwire key create operator --role admin")]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    verb: KeyVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum KeyVerb {
    /// List keys; tokens are never shown again.
    #[command(after_help = "Example:\n  meterwire key list --tenant acme")]
    List(ListArgs),
    /// Show one key.
    #[command(after_help = "Example:\n  meterwire key show ID --tenant acme")]
    Show { id: String },
    /// Make a key and print its token, this once.
    #[command(
        after_help = "Examples:\n  meterwire key create prod --role ingest --tenant acme\n  meterwire key create bot --role ingest --project support-bot --tenant acme"
    )]
    Create {
        /// Name for people.
        name: String,
        /// `admin` (of the instance), `owner`, `member`, `viewer` or `ingest`.
        #[arg(long)]
        role: String,
        /// The user it acts for; a member key needs one.
        #[arg(long)]
        user: Option<String>,
        /// The project it is bound to: its events and decisions belong to it and may name no other.
        #[arg(long)]
        project: Option<String>,
        /// When it ends: a date or an instant.
        #[arg(long, value_name = "TIME")]
        expires_at: Option<String>,
    },
    /// Give a key a new token; the old one ends at once.
    #[command(after_help = "Example:\n  meterwire key rotate ID --tenant acme")]
    Rotate { id: String },
    /// Revoke a key and end its sessions, at once.
    #[command(after_help = "Example:\n  meterwire key revoke ID --tenant acme")]
    Revoke { id: String },
}

pub(super) async fn key(args: KeyArgs) -> Result<(), String> {
    let creates = matches!(args.verb, KeyVerb::Create { .. });
    let session = Session::open(&args.common.target, args.common.tenant, args.common.json, creates).await?;
    let done = match args.verb {
        KeyVerb::List(list) => session.list(&KEYS, &[], list.limit).await,
        KeyVerb::Show { id } => session.show(&KEYS, &id).await,
        KeyVerb::Create { name, role, user, project, expires_at } => {
            let fields = [
                ("name", Some(name)),
                ("role", Some(role)),
                ("user", user),
                ("project", project),
                ("expires_at", expires_at),
            ];
            session.create(&KEYS, &body(&fields)).await
        }
        KeyVerb::Rotate { id } => session.rotate(&KEYS, &id).await,
        KeyVerb::Revoke { id } => session.delete(&KEYS, &id, "revoked").await,
    };
    session.close(done).await
}

/// End users and their tiers.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire user list --tenant acme\n  meterwire user update u-42 --tier pro --tenant acme"
)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    verb: UserVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct UserFields {
    /// Name for people.
    #[arg(long)]
    username: Option<String>,
    /// One of `meterwire tier list`; it holds at once.
    #[arg(long)]
    tier: Option<String>,
}

#[derive(Subcommand)]
enum UserVerb {
    /// List users.
    #[command(after_help = "Example:\n  meterwire user list --tenant acme")]
    List(ListArgs),
    /// Show one user.
    #[command(after_help = "Example:\n  meterwire user show u-42 --tenant acme")]
    Show { id: String },
    /// Make a user; one first seen in an event is made by it.
    #[command(after_help = "Example:\n  meterwire user create u-42 --username Zoe --tier pro --tenant acme")]
    Create {
        id: String,
        #[command(flatten)]
        fields: UserFields,
    },
    /// Change a user.
    #[command(after_help = "Example:\n  meterwire user update u-42 --tier pro --tenant acme")]
    Update {
        id: String,
        #[command(flatten)]
        fields: UserFields,
    },
    /// Delete a user; its events stay.
    #[command(after_help = "Example:\n  meterwire user delete u-42 --tenant acme")]
    Delete { id: String },
    /// Erase a user for good: totals stay, the identity goes.
    #[command(after_help = "Example:\n  meterwire user erase u-42 --yes --tenant acme")]
    Erase {
        id: String,
        /// Do it; it cannot be taken back.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) async fn user(args: UserArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let done = match args.verb {
        UserVerb::List(list) => session.list(&USERS, &[], list.limit).await,
        UserVerb::Show { id } => session.show(&USERS, &id).await,
        UserVerb::Create { id, fields } => {
            let body = body(&[("id", Some(id)), ("username", fields.username), ("tier", fields.tier)]);
            session.create(&USERS, &body).await
        }
        UserVerb::Update { id, fields } => {
            let body = body(&[("username", fields.username), ("tier", fields.tier)]);
            session.change(Method::PATCH, &USERS, &id, &body).await
        }
        UserVerb::Delete { id } => session.delete(&USERS, &id, "deleted").await,
        UserVerb::Erase { id, yes: false } => {
            Err(format!("user {id} would be erased for good; say --yes to do it"))
        }
        UserVerb::Erase { id, yes: true } => {
            session.act(&USERS, &id, "erase", &body(&[("user", Some(id.clone()))])).await
        }
    };
    session.close(done).await
}

/// Projects (workspaces).
#[derive(Args)]
#[command(
    after_help = "Examples:\n  meterwire project create support-bot --department care --tenant acme\n  \
    meterwire project list --tenant acme"
)]
pub(super) struct ProjectArgs {
    #[command(subcommand)]
    verb: ProjectVerb,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct ProjectFields {
    /// Name for people.
    #[arg(long)]
    name: Option<String>,
    /// The department that pays.
    #[arg(long)]
    department: Option<String>,
    /// The team that works on it.
    #[arg(long)]
    team: Option<String>,
}

#[derive(Subcommand)]
enum ProjectVerb {
    /// List projects.
    #[command(after_help = "Example:\n  meterwire project list --tenant acme")]
    List(ListArgs),
    /// Show one project.
    #[command(after_help = "Example:\n  meterwire project show support-bot --tenant acme")]
    Show { slug: String },
    /// Make a project; one first seen in an event is made by it.
    #[command(
        after_help = "Example:\n  meterwire project create support-bot --department care --team bots --tenant acme"
    )]
    Create {
        slug: String,
        #[command(flatten)]
        fields: ProjectFields,
    },
    /// Change a project.
    #[command(
        after_help = "Example:\n  meterwire project update support-bot --department care --tenant acme"
    )]
    Update {
        slug: String,
        #[command(flatten)]
        fields: ProjectFields,
    },
    /// Delete a project; its events stay.
    #[command(after_help = "Example:\n  meterwire project delete support-bot --tenant acme")]
    Delete { slug: String },
}

pub(super) async fn project(args: ProjectArgs) -> Result<(), String> {
    let session = Session::of_tenant(args.common).await?;
    let with = |slug: Option<String>, fields: ProjectFields| {
        body(&[
            ("slug", slug),
            ("name", fields.name),
            ("department", fields.department),
            ("team", fields.team),
        ])
    };
    let done = match args.verb {
        ProjectVerb::List(list) => session.list(&PROJECTS, &[], list.limit).await,
        ProjectVerb::Show { slug } => session.show(&PROJECTS, &slug).await,
        ProjectVerb::Create { slug, fields } => session.create(&PROJECTS, &with(Some(slug), fields)).await,
        ProjectVerb::Update { slug, fields } => {
            session.change(Method::PATCH, &PROJECTS, &slug, &with(None, fields)).await
        }
        ProjectVerb::Delete { slug } => session.delete(&PROJECTS, &slug, "deleted").await,
    };
    session.close(done).await
}
