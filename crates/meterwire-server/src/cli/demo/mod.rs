//! `meterwire demo`: a throw-away instance full of made-up usage, marked as such, served with links to sign in.

mod budgets;
mod limits;
mod random;
mod usage;
mod world;

use super::serve::{login_link, start_log};
use crate::config::Config;
use crate::lifecycle::{Instance, bind};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Span, Timestamp};
use meterwire_app::ports::{Project, Role, User};
use meterwire_app::{Caller, Meterwire, NewKey, Sent};
use meterwire_core::event::NewEvent;
use meterwire_core::period;
use random::Random;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Instant;
use usage::{DAYS, Day};
use world::{COMPANIES, Company};

/// How many events are recorded together.
const BATCH_EVENTS: usize = 5_000;

/// Serve ninety days of made-up usage, to look around.
///
/// Three companies in three time zones. The data is marked as demo data and is removed when the demo ends.
#[derive(Args)]
#[command(after_help = "Examples:\n  meterwire demo\n  meterwire demo --listen 127.0.0.1:9000 --seed 7\n\n\
    METERWIRE_ADMIN_TOKEN sets the admin's token; without it one is made.")]
pub(super) struct DemoArgs {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Another number gives other usage; the same one the same usage.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Keep the data in this new directory; `meterwire serve` can serve it later.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

pub(super) async fn run(args: DemoArgs) -> Result<(), String> {
    let mut config = Config::load(None)?;
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    if config.log.filter == "info" {
        "warn".clone_into(&mut config.log.filter);
    }
    start_log(&config.log)?;
    let listener = bind(config.server.listen).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // Removed when it goes out of scope: after serving, and on every error.
    let home = tempfile::Builder::new().prefix("meterwire-demo-").tempdir();
    let home = home.map_err(|error| format!("cannot make a temporary directory: {error}"))?;
    let dir = match &args.keep {
        Some(dir) => new_directory(dir)?,
        None => home.path().join("data"),
    };
    config.storage = config.storage.with_directory(dir);
    let instance = Instance::open(&config).await?;
    let links = tokio::select! {
        filled = fill(&instance.app, &config, &address, args.seed) => filled,
        _ = tokio::signal::ctrl_c() => Err("stopped before the demo was ready".to_owned()),
    };
    match links {
        Ok(links) => say_ready(&config, &address, args.keep.as_deref(), &links),
        Err(sentence) => {
            instance.close().await?;
            return Err(sentence);
        }
    }
    instance.serve(&config, listener).await
}

fn new_directory(dir: &Path) -> Result<PathBuf, String> {
    if dir.join("meterwire.db").exists() {
        let dir = dir.display();
        return Err(format!("{dir} holds data already; serve it with meterwire serve --data-dir {dir}"));
    }
    Ok(dir.to_owned())
}

/// What the person before the screen needs to begin.
fn say_ready(config: &Config, address: &SocketAddr, keep: Option<&Path>, links: &[(String, String)]) {
    println!("Meterwire {} demo: made-up usage of three companies", env!("CARGO_PKG_VERSION"));
    println!("  page  http://{address}/");
    println!("  API   http://{address}/docs");
    println!("Sign in:");
    let width = links.iter().map(|(who, _)| who.len()).max().unwrap_or(0);
    for (who, link) in links {
        println!("  {who:width$}  {link}");
    }
    match keep {
        Some(_) => println!("The data is kept in {}. Ctrl-C ends the demo.", config.storage.dir.display()),
        None => println!("Ctrl-C ends the demo and removes its data."),
    }
}

/// Fills the instance; answers who may sign in by which link.
async fn fill(
    app: &Meterwire,
    config: &Config,
    address: &SocketAddr,
    seed: u64,
) -> Result<Vec<(String, String)>, String> {
    // Marked before there is anything that could be taken for real.
    app.mark_demo().await.map_err(|error| error.to_string())?;
    let given = config.admin.token.as_deref();
    let made = app.ensure_admin(given).await.map_err(|error| error.to_string())?;
    let admin = made.as_ref().map(meterwire_app::Token::reveal).or(given).unwrap_or_default();
    let mut links = vec![("admin, every company".to_owned(), login_link(address, admin))];
    let begun = Instant::now();
    let bar = progress_bar();
    let mut events = 0;
    for company in &COMPANIES {
        let token = catalogue(app, company).await?;
        links.push((format!("owner of {}", company.name), login_link(address, &token)));
        let seed = Random::new(seed);
        events += record(app, company, &seed, &bar).await?;
        limits::today(app, company, &seed).await.map_err(|error| error.to_string())?;
        budgets::prepare(app, company).await.map_err(|error| error.to_string())?;
    }
    bar.finish_and_clear();
    let seconds = begun.elapsed().as_secs_f64();
    println!("{events} events of {DAYS} days recorded in {seconds:.1} s");
    Ok(links)
}

/// The company's catalogue; answers the token of its owner.
async fn catalogue(app: &Meterwire, company: &Company) -> Result<String, String> {
    let caller = Caller::command_line();
    let said = |error: meterwire_app::AppError| error.to_string();
    app.create_tenant(&caller, company.slug, company.name, company.timezone).await.map_err(said)?;
    for (project, _) in company.projects {
        let row = Project {
            slug: project.slug.to_owned(),
            name: project.name.to_owned(),
            department: Some(project.department.to_owned()),
            team: Some(project.team.to_owned()),
            created_ms: 0,
        };
        app.create_project(&caller, Some(company.slug), row).await.map_err(said)?;
    }
    for (number, tier) in (1..).zip(["enterprise", "pro", "pro", "pro"]) {
        let id = company.user(number);
        let user = User { username: id.clone(), id, tier: tier.to_owned(), created_ms: 0 };
        app.create_user(&caller, Some(company.slug), user).await.map_err(said)?;
    }
    limits::prepare(app, company).await.map_err(said)?;
    let mut owner = String::new();
    for (name, role) in [("gateway", Role::Ingest), ("board", Role::Viewer), ("owner", Role::Owner)] {
        let wish = NewKey { name: name.to_owned(), role, user: None, project: None, expires_ms: None };
        let issued = app.issue_key(&caller, Some(company.slug), wish).await.map_err(said)?;
        issued.token.reveal().clone_into(&mut owner);
    }
    Ok(owner)
}

/// Records the company's ninety days, oldest first; answers how many events that were.
async fn record(
    app: &Meterwire,
    company: &Company,
    seed: &Random,
    bar: &ProgressBar,
) -> Result<usize, String> {
    let now_ms = app.now_ms();
    let zone = period::zone(company.timezone).map_err(|error| error.to_string())?;
    let now = Timestamp::from_millisecond(now_ms).map_err(|error| error.to_string())?;
    let today = now.to_zoned(zone.clone()).date();
    let (mut waiting, mut recorded) = (Vec::new(), 0);
    for days_ago in (0..DAYS).rev() {
        let date = today.checked_sub(Span::new().days(days_ago)).map_err(|error| error.to_string())?;
        let day = Day { company, zone: &zone, date, days_ago };
        waiting.extend(day.requests(seed, now_ms));
        if waiting.len() >= BATCH_EVENTS || days_ago == 0 {
            recorded += waiting.len();
            send(app, company.slug, std::mem::take(&mut waiting)).await?;
        }
        bar.inc(1);
    }
    Ok(recorded)
}

async fn send(app: &Meterwire, tenant: &str, events: Vec<NewEvent>) -> Result<(), String> {
    let sent = events
        .into_iter()
        .map(|event| Sent { id: event.id.clone(), tenant: None, event: Ok(event) })
        .collect();
    let reply =
        app.ingest(&Caller::command_line(), Some(tenant), sent).await.map_err(|error| error.to_string())?;
    match reply.rejected() {
        0 => Ok(()),
        count => Err(format!("{count} events of the demo were refused")),
    }
}

fn progress_bar() -> ProgressBar {
    let days = DAYS.unsigned_abs() as usize * COMPANIES.len();
    let style = ProgressStyle::with_template("making up usage {bar:32} {percent}%");
    ProgressBar::new(days as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
