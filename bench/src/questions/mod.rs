//! Every question of the dashboard, over ninety days of many tenants, with other work going on.

pub(crate) mod asker;
mod cost;
mod list;
mod meanwhile;
pub(crate) mod plans;

use crate::Outcome;
use crate::fill::{self, data_dir};
use crate::ingest::now_ms;
use crate::server::Server;
use crate::world::{Tenant, World};
use asker::{Asked, Asker, percentile};
use list::PAGES;
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// About the longest that one question is asked, and all of them together.
const PATIENCE: Duration = Duration::from_secs(3);
const WHOLE_TABLE: Duration = Duration::from_mins(8);
/// Goals at p95, in milliseconds, to so many events and beyond.
const GOAL_MS: f64 = 50.0;
const LARGE: u64 = 50_000_000;
const LARGE_GOAL_MS: f64 = 200.0;
/// Which tenants are asked about, by rank: the largest, and one in the middle.
pub(crate) const LARGEST: usize = 0;
const MIDDLE: usize = 9;

/// Fills the directory where that is needed, then measures.
pub(crate) fn run(dir: &Path, events: u64, seed: u64) -> Outcome<()> {
    let dir = &std::path::absolute(dir)?;
    let mut filled = fill::fill(dir, events, seed)?;
    fill::print(&filled);
    let data = data_dir(dir);
    let world = World::new(seed);
    cost::stored(&data, filled.all_events())?;
    eprintln!("asking every question once, for its plan");
    let plans = plans::read(&data, &world.tenants[LARGEST])?;
    // Just started: nothing is warm but the disk's cache.
    let server = Server::start(&data)?;
    let table = Table::new(filled.all_events(), plans, WHOLE_TABLE);
    let answered = table.measure(&server, &server, &world)?;
    server.stop()?;
    filled.live_events += answered.recorded;
    filled.write(dir)?;
    cost::scans(&data, &world.tenants[LARGEST])?;
    cost::exports(&data, &world.tenants[LARGEST])?;
    answered.all()
}

/// The table of all questions.
pub(crate) struct Table {
    events: u64,
    goal_ms: f64,
    plans: HashMap<&'static str, String>,
    /// The longest that all questions are asked, but for those that take seconds.
    within: Duration,
}

/// What came of a table beside what it prints.
pub(crate) struct Answered {
    /// Questions that were not, and what was said instead.
    unanswered: Vec<String>,
    /// Events that were recorded meanwhile.
    pub(crate) recorded: u64,
}

impl Answered {
    /// An error where a question was not answered.
    pub(crate) fn all(self) -> Outcome<()> {
        if self.unanswered.is_empty() {
            return Ok(());
        }
        self.unanswered.iter().for_each(|line| eprintln!("not answered: {line}"));
        Err(format!("{} questions were not answered", self.unanswered.len()).into())
    }
}

impl Table {
    /// Of so many events, with the plans by question.
    pub(crate) fn new(events: u64, plans: HashMap<&'static str, String>, within: Duration) -> Self {
        Self { events, goal_ms: if events >= LARGE { LARGE_GOAL_MS } else { GOAL_MS }, plans, within }
    }

    /// Asks `asked` while `records` takes new events, and prints the table.
    pub(crate) fn measure(&self, asked: &Server, records: &Server, world: &World) -> Outcome<Answered> {
        let tenants = [&world.tenants[LARGEST], &world.tenants[MIDDLE]];
        let mut askers = [Asker::new(asked, tenants[0])?, Asker::new(asked, tenants[1])?];
        self.head(&mut askers, tenants)?;
        let (beside, admin) = (askers[0].again(asked)?, records.connect()?);
        let rows = meanwhile::beside(admin, world, beside, || self.rows(&mut askers));
        let ((unanswered, over), recorded, others) = rows?;
        println!("{over} questions are over {:.0} ms at p95.\n", self.goal_ms);
        recorded.print("Meanwhile, events recorded in batches of 200");
        others.print("Meanwhile, the other connection's questions");
        let (resident, highest) = asked.memory_mib()?;
        println!("Memory after all questions {resident} MiB, at most {highest} MiB.\n");
        Ok(Answered { unanswered, recorded: recorded.count })
    }

    fn head(&self, askers: &mut [Asker; 2], tenants: [&Tenant; 2]) -> Outcome<()> {
        println!("## Answers over {} events of {} days\n", self.events, crate::traffic::DAYS);
        for (asker, tenant) in askers.iter_mut().zip(tenants) {
            println!(
                "{}: {} events in ninety days, {} users, {} projects.",
                tenant.slug,
                asker.calls("90d")?,
                tenant.users.len(),
                tenant.projects.len()
            );
        }
        println!(
            "\nMilliseconds for the largest tenant and for one in the middle; the goal is {:.0} ms at p95. Meanwhile 2,000 \
             events a second are recorded and a second connection never stops asking.\n",
            self.goal_ms
        );
        Ok(())
    }

    /// Asks everything; answers what was not answered, and how many questions are over the goal.
    fn rows(&self, askers: &mut [Asker; 2]) -> Outcome<(Vec<String>, usize)> {
        let begun = Instant::now();
        let mut left = PAGES.iter().map(|page| page.questions.len() * askers.len()).sum::<usize>();
        let (mut unanswered, mut over) = (Vec::new(), 0);
        for page in &PAGES {
            eprintln!("measuring: {}", page.name);
            println!("### {}\n", page.name);
            println!("| Question | Plan | p50 | p95 | slowest | middle: p50 | p95 | slowest | |");
            println!("|---|---|---:|---:|---:|---:|---:|---:|---|");
            for question in page.questions {
                let (mut cells, mut is_over) = (Vec::new(), false);
                for asker in askers.iter_mut() {
                    // Slow answers early must not take the time of all the others.
                    let fair = 3 * self.within.saturating_sub(begun.elapsed()) / u32::try_from(left.max(1))?;
                    left -= 1;
                    match asker.measure(question, fair.min(PATIENCE))? {
                        Asked::Times(times_ms) => {
                            cells.extend([50, 95, 100].map(|at| format!("{:.1}", percentile(&times_ms, at))));
                            is_over |= percentile(&times_ms, 95) > self.goal_ms;
                        }
                        Asked::Refused(status, said) => {
                            cells.extend([status.to_string(), String::new(), String::new()]);
                            unanswered.push(format!("{status} {} {said}", asker.path(question)));
                        }
                    }
                }
                over += usize::from(is_over);
                let plan = self.plans.get(question).map_or("", String::as_str);
                let mark = if is_over { "over" } else { "" };
                println!("| `{}` | {plan} | {} | {mark} |", short(question), cells.join(" | "));
            }
            println!();
        }
        Ok((unanswered, over))
    }
}

/// The question as it is shown: without what is the same in most of them.
fn short(question: &str) -> &str {
    question.strip_prefix("/api/v1/usage/").unwrap_or(question)
}

/// A directory for one run, or the one that is named, which stays.
pub(crate) fn run_in(dir: Option<&Path>, events: u64, seed: u64) -> Outcome<()> {
    let begun_ms = now_ms();
    match dir {
        Some(dir) => run(dir, events, seed)?,
        None => run(tempfile::tempdir()?.path(), events, seed)?,
    }
    eprintln!("filled, asked and measured in {} s", (now_ms() - begun_ms) / 1000);
    Ok(())
}
