//! Asks for one tenant: fills its values into the questions and measures the answers.

use crate::Outcome;
use crate::http::Connection;
use crate::ingest::now_ms;
use crate::server::Server;
use crate::traffic::{DAY_MS, DAYS};
use crate::world::{Kind, MODELS, Tenant};
use meterwire_core::period::rfc3339;
use std::time::{Duration, Instant};

/// Each question is asked so often, or for so long, but at least so often; fewer times only when it takes longer than this.
const MOST: usize = 60;
const LEAST: usize = 5;
const TOO_LONG: Duration = Duration::from_secs(10);
/// How deep the log is paged before the deep pages are measured.
const PAGES_DEEP: usize = 100;

/// One tenant's owner on one connection.
pub(crate) struct Asker {
    connection: Connection,
    token: String,
    values: Vec<(&'static str, String)>,
}

/// What came of asking one question.
pub(crate) enum Asked {
    /// Milliseconds, ascending.
    Times(Vec<f64>),
    /// The status and what was said.
    Refused(u16, String),
}

impl Asker {
    pub(crate) fn new(server: &Server, tenant: &Tenant) -> Outcome<Self> {
        let token = server.owner_token(&tenant.slug)?;
        let connection = Connection::open(server.address(), &token)?;
        let mut asker = Self { connection, token, values: values_of(tenant) };
        let newest = asker.connection.get("/api/usage/log?range=90d&page_size=1")?.json()?;
        let event = newest["items"][0]["id"].as_str().ok_or("the log is empty")?.to_owned();
        asker.values.push(("EVENT", event));
        for (word, sort) in [("DEEP_DATE", "-date"), ("DEEP_COST", "-cost")] {
            let cursor = asker.deep_cursor(sort)?;
            asker.values.push((word, cursor));
        }
        Ok(asker)
    }

    /// A connection of its own for the same owner.
    pub(crate) fn again(&self, server: &Server) -> Outcome<Self> {
        let connection = Connection::open(server.address(), &self.token)?;
        Ok(Self { connection, token: self.token.clone(), values: self.values.clone() })
    }

    fn deep_cursor(&mut self, sort: &str) -> Outcome<String> {
        let first = format!("/api/usage/log?range=90d&page_size=500&sort={sort}");
        let (mut path, mut cursor) = (first.clone(), String::new());
        for _ in 0..PAGES_DEEP {
            let page = self.connection.get(&path)?.json()?;
            let Some(next) = page["nextCursor"].as_str() else { break };
            next.clone_into(&mut cursor);
            path = format!("{first}&cursor={next}");
        }
        Ok(cursor)
    }

    /// The question with the tenant's values, as it is sent.
    pub(crate) fn path(&self, question: &str) -> String {
        let mut path = question.to_owned();
        for (word, value) in &self.values {
            path = path.replace(word, value);
        }
        path.replace('[', "%5B").replace(']', "%5D")
    }

    /// Asks once.
    pub(crate) fn ask(&mut self, question: &str) -> Outcome<u16> {
        let path = self.path(question);
        Ok(self.connection.get(&path)?.status)
    }

    /// The number of calls of a range.
    pub(crate) fn calls(&mut self, range: &str) -> Outcome<u64> {
        let path = format!("/api/v1/usage/query?range={range}&metrics=calls");
        Ok(self.connection.get(&path)?.json()?["total"]["calls"].as_u64().ok_or("no calls")?)
    }

    /// Asks again and again, for no longer than `patience` once it was asked often enough.
    pub(crate) fn measure(&mut self, question: &str, patience: Duration) -> Outcome<Asked> {
        let path = self.path(question);
        let begun = Instant::now();
        let mut times_ms = Vec::new();
        let goes_on = |asked: usize| {
            let elapsed = begun.elapsed();
            asked < MOST && (elapsed < patience || (asked < LEAST && elapsed < TOO_LONG))
        };
        while goes_on(times_ms.len()) {
            let asked = Instant::now();
            let answer = self.connection.get(&path)?;
            times_ms.push(asked.elapsed().as_secs_f64() * 1000.0);
            if answer.status != 200 {
                return Ok(Asked::Refused(answer.status, String::from_utf8_lossy(&answer.body).into_owned()));
            }
        }
        times_ms.sort_by(f64::total_cmp);
        Ok(Asked::Times(times_ms))
    }
}

/// The value that stands so many percent up the sorted times.
pub(crate) fn percentile(times_ms: &[f64], percent: usize) -> f64 {
    let place = (times_ms.len() * percent / 100).min(times_ms.len().saturating_sub(1));
    times_ms.get(place).copied().unwrap_or(0.0)
}

/// What the words stand for: values that are much used, and one that is not.
fn values_of(tenant: &Tenant) -> Vec<(&'static str, String)> {
    let model = &MODELS[tenant.models[0]];
    let project =
        tenant.projects.iter().find(|project| project.kind == Kind::Chat).unwrap_or(&tenant.projects[0]);
    let agents = tenant.projects.iter().find_map(|project| project.agents.first());
    let day = |days_ago: i64| rfc3339(now_ms() - days_ago * DAY_MS)[..10].to_owned();
    let start = (now_ms() / DAY_MS - 29) * DAY_MS / 1000;
    vec![
        ("SLUG", tenant.slug.clone()),
        ("PROVIDER", model.provider.to_owned()),
        ("MODEL", model.name.to_owned()),
        ("PROJECT", project.name.clone()),
        ("USER", tenant.users[0].name.clone()),
        ("SELDOM", tenant.users[tenant.users.len() / 2].name.clone()),
        ("KEY", project.api_keys[0].clone()),
        ("AGENT", agents.cloned().unwrap_or_default()),
        ("DEPARTMENT", project.department.to_owned()),
        ("FROM", day(40)),
        ("TO", day(33)),
        ("START", start.to_string()),
        // Ends within a quarter of an hour, so that single events are needed at both.
        ("MINUTE", rfc3339(now_ms() - (DAYS / 2) * DAY_MS - 400_000)),
        ("NOW", rfc3339(now_ms() - 100_000)),
    ]
}
