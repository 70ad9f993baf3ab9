//! Measurements of the release binary, on this machine, over HTTP. A command that anyone can run, not a timed test.
//! Build the server first: `cargo build --release -p meterwire-server`. See README.md beside this folder.

mod bare;
mod cluster;
mod decisions;
mod event;
mod fill;
mod http;
mod idle;
mod ingest;
mod questions;
mod random;
mod server;
mod traffic;
mod world;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measure Meterwire on this machine.
#[derive(Parser)]
#[command(
    name = "bench",
    after_help = "Examples:\n  bench all\n  bench questions --events 1000000\n  \
    bench fill --events 100000000 --dir /data/bench\n  bench questions --events 100000000 --dir /data/bench"
)]
struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Memory at rest, and the time from start to the first answer
    Idle,
    /// Durable ingest over HTTP beside bare SQLite inserts of the same rows, in one run
    Ingest,
    /// Fill a directory with ninety days of made-up usage of twenty tenants, to be asked later
    Fill(FillArgs),
    /// Every question of the dashboard, its plan and its time, while other work goes on
    ///
    /// Then bytes stored an event, scans of single events, and exports. Fills the directory first where that is needed.
    Questions(QuestionsArgs),
    /// Durable limit decisions beside a durable Redis, in one run
    Decisions(DecisionsArgs),
    /// One to three servers on one PostgreSQL and a ClickHouse of one and two shards: rates, and what costs them
    Cluster(ClusterArgs),
    /// Every question of the dashboard on two servers, PostgreSQL and ClickHouse, before and behind copying all events
    ///
    /// Moves a filled directory there by `meterwire move`. Copies are made inside of ClickHouse, each event with another number, id and
    /// second; identities, counters and budgets stay those of the first.
    ClusterQuestions(ClusterQuestionsArgs),
    /// All of them but the cluster
    All(AllArgs),
}

#[derive(Args)]
struct Data {
    /// How many events
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1_000..=1_000_000_000))]
    events: u64,
    /// Another number makes other usage; the same one the same usage
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
struct FillArgs {
    #[command(flatten)]
    data: Data,
    /// Where the data is kept; filled once, and left alone where it holds this very data
    #[arg(long, value_name = "DIR", default_value = "target/bench-data")]
    dir: PathBuf,
}

#[derive(Args)]
struct QuestionsArgs {
    #[command(flatten)]
    data: Data,
    /// A directory of `bench fill`; without it one is made, filled and removed again
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Args)]
struct DecisionsArgs {
    /// Seconds a row
    #[arg(default_value_t = 5)]
    seconds: usize,
    /// Only rows whose name holds this
    #[arg(default_value = "")]
    row: String,
}

#[derive(Args)]
struct ClusterArgs {
    /// Seconds a row of decisions
    #[arg(default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=600))]
    seconds: u16,
    /// How many shards, one number or several
    #[arg(long, value_name = "N", default_value = "1,2", value_delimiter = ',')]
    shards: Vec<usize>,
}

#[derive(Args)]
struct ClusterQuestionsArgs {
    #[command(flatten)]
    data: Data,
    /// A directory of `bench fill`; filled first where that is needed
    #[arg(long, value_name = "DIR", default_value = "target/bench-data")]
    dir: PathBuf,
    #[arg(long, value_name = "N", default_value_t = 2)]
    shards: usize,
    /// How often every event is copied before all is asked again; 0: not at all
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u32).range(0..=99))]
    copies: u32,
    /// Ask only behind copying
    #[arg(long)]
    copies_only: bool,
    /// About how long one table takes
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=60))]
    minutes: u64,
}

#[derive(Args)]
struct AllArgs {
    #[command(flatten)]
    questions: QuestionsArgs,
}

fn main() -> ExitCode {
    match run(Command::parse().what) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(what: What) -> Outcome<()> {
    match what {
        What::Idle => idle::run(),
        What::Ingest => ingest::run(),
        What::Fill(FillArgs { data, dir }) => {
            fill::fill(&dir, data.events, data.seed).map(|filled| fill::print(&filled))
        }
        What::Questions(args) => ask(&args),
        What::Decisions(args) => decisions::run(args.seconds, &args.row),
        What::Cluster(args) => cluster::run(args.seconds.into(), &args.shards),
        What::ClusterQuestions(args) => {
            let ClusterQuestionsArgs { data, dir, shards, copies, copies_only, minutes } = args;
            let asked =
                cluster::moved::Asked { copies, copies_only, within: Duration::from_secs(60 * minutes) };
            cluster::moved::run(&dir, data.events, data.seed, shards, asked)
        }
        What::All(args) => {
            idle::run()?;
            ingest::run()?;
            // The others are worth measuring even where a question is not answered.
            let asked = ask(&args.questions);
            decisions::run(5, "")?;
            asked
        }
    }
}

fn ask(args: &QuestionsArgs) -> Outcome<()> {
    questions::run_in(args.dir.as_deref(), args.data.events, args.data.seed)
}
