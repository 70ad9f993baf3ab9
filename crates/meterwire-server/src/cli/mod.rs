//! The command line. Every command ends with one clear sentence on failure and a non-zero status.

mod budgets;
mod catalog;
mod channels;
mod close;
mod ddl;
mod demo;
mod dimensions;
mod doctor;
mod export;
mod import;
mod limits;
mod moving;
mod output;
mod providers;
mod report;
mod review;
mod serve;
mod target;
mod upkeep;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Metering, cost, budgets and limits for AI and API usage.
#[derive(Parser)]
#[command(name = "meterwire", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::ServeArgs),
    Demo(demo::DemoArgs),
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    Report(report::ReportArgs),
    Closing(close::ClosingArgs),
    Tenant(catalog::TenantArgs),
    Key(catalog::KeyArgs),
    User(catalog::UserArgs),
    Project(catalog::ProjectArgs),
    Price(catalog::PriceArgs),
    Dimension(dimensions::DimensionArgs),
    Migrate(upkeep::MigrateArgs),
    Backup(upkeep::BackupArgs),
    Restore(upkeep::RestoreArgs),
    Doctor(doctor::DoctorArgs),
    Move(moving::MoveArgs),
    Erase(upkeep::EraseArgs),
    Metric(limits::MetricArgs),
    Budget(budgets::BudgetArgs),
    Channel(channels::ChannelArgs),
    Alert(channels::AlertArgs),
    Tier(limits::TierArgs),
    Provider(providers::ProviderArgs),
    Reconcile(providers::ReconcileArgs),
    Limit(limits::LimitArgs),
    Status(review::StatusArgs),
    Check(review::CheckArgs),
    Reset(review::ResetArgs),
    TopUsers(review::TopUsersArgs),
    NearLimits(review::NearLimitsArgs),
    History(review::HistoryArgs),
    /// Print the OpenAPI document.
    #[command(after_help = "Example:\n  meterwire openapi > openapi.json")]
    Openapi,
}

/// Where a command finds its instance: the store of the settings, a directory that no server is using, or a running server.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct TargetArgs {
    /// The data directory, which no server may be using [default: the store of the settings, else meterwire-data].
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// File with settings; see config.example.toml.
    #[arg(long, global = true, value_name = "FILE", env = "METERWIRE_CONFIG_FILE")]
    pub config: Option<PathBuf>,
    /// A running server, instead of a data directory.
    #[arg(long, global = true, value_name = "URL")]
    pub url: Option<String>,
    /// Token for the running server.
    #[arg(long, global = true, value_name = "TOKEN", env = "METERWIRE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    // A missing file is fine; a broken one is named.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("error: .env: {error}");
        return ExitCode::FAILURE;
    }
    let cli = Cli::parse();
    let runtime = match runtime().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// One thread fewer than there are cores serves requests: the store's writer is the other busy one, and each thread too many
/// only waits its turn. `TOKIO_WORKER_THREADS` says otherwise.
fn runtime() -> tokio::runtime::Builder {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all();
    if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        builder.worker_threads(cores.saturating_sub(1).max(1));
    }
    builder
}

async fn dispatch(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Export(args) => export::run(args).await,
        Command::Report(args) => report::report(args).await,
        Command::Closing(args) => close::closing(args).await,
        Command::Tenant(args) => catalog::tenant(args).await,
        Command::Key(args) => catalog::key(args).await,
        Command::User(args) => catalog::user(args).await,
        Command::Project(args) => catalog::project(args).await,
        Command::Price(args) => catalog::price(args).await,
        Command::Dimension(args) => dimensions::dimension(args).await,
        Command::Migrate(args) => upkeep::migrate(args).await,
        Command::Backup(args) => upkeep::backup(args).await,
        Command::Restore(args) => upkeep::restore(args).await,
        Command::Doctor(args) => doctor::doctor(args).await,
        Command::Move(args) => moving::run(args).await,
        Command::Erase(args) => upkeep::erase(args),
        Command::Metric(args) => limits::metric(args).await,
        Command::Budget(args) => budgets::budget(args).await,
        Command::Channel(args) => channels::channel(args).await,
        Command::Alert(args) => channels::alert(args).await,
        Command::Tier(args) => limits::tier(args).await,
        Command::Provider(args) => providers::provider(args).await,
        Command::Reconcile(args) => providers::reconcile(args).await,
        Command::Limit(args) => limits::limit(args).await,
        Command::Status(args) => review::status(args).await,
        Command::Check(args) => review::check(args).await,
        Command::Reset(args) => review::reset(args).await,
        Command::TopUsers(args) => review::top_users(args).await,
        Command::NearLimits(args) => review::near_limits(args).await,
        Command::History(args) => review::history(args).await,
        Command::Openapi => {
            println!("{}", crate::http::openapi().to_pretty_json().map_err(|error| error.to_string())?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Every command that does something, with the words that lead to it.
    fn commands(command: &clap::Command, words: &[String], found: &mut Vec<(Vec<String>, clap::Command)>) {
        let named: Vec<_> = command.get_subcommands().filter(|one| one.get_name() != "help").collect();
        if named.is_empty() {
            found.push((words.to_vec(), command.clone()));
        }
        for one in named {
            commands(one, &[words, &[one.get_name().to_owned()]].concat(), found);
        }
    }

    /// The words of a line as a shell takes them, up to where its output goes.
    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for c in line.trim().chars() {
            match c {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().unwrap().push(c),
            }
        }
        let words = words.into_iter().filter(|word| !word.is_empty());
        words.take_while(|word| !matches!(word.as_str(), "|" | "<" | ">")).collect()
    }

    #[test]
    fn every_command_ends_its_help_with_examples_that_it_takes() {
        let mut found = Vec::new();
        commands(&Cli::command(), &["meterwire".to_owned()], &mut found);
        assert!(found.len() > 80, "{}", found.len());
        for (path, command) in found {
            let path = path.join(" ");
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let help = help.replace("\\\n", " ");
            assert!(help.starts_with("Example"), "{path} has no example");
            let lines: Vec<&str> = help.lines().filter(|line| line.starts_with("  meterwire ")).collect();
            assert!(!lines.is_empty(), "{path}: {help}");
            for line in lines {
                assert!(line.trim().starts_with(&path), "{path} shows another command: {line}");
                if let Err(error) = Cli::command().try_get_matches_from(words(line)) {
                    panic!("{line}: {error}");
                }
            }
        }
    }
}
