//! From where each question is answered, as the server's own log tells it.

use super::asker::Asker;
use super::list::PAGES;
use crate::Outcome;
use crate::server::Server;
use crate::world::Tenant;
use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// A log line comes soon after the answer or never.
const LINES_COME_WITHIN: Duration = Duration::from_millis(3);

/// The plans of an embedded server, by question.
pub(crate) fn read(data: &Path, tenant: &Tenant) -> Outcome<HashMap<&'static str, String>> {
    let (server, log) = Server::start_telling_plans(data)?;
    let plans = ask(&server, &log, tenant)?;
    server.stop()?;
    Ok(plans)
}

/// Asks a server that tells its plans every question once, alone; the plans by question.
pub(crate) fn ask(
    server: &Server,
    log: &Receiver<String>,
    tenant: &Tenant,
) -> Outcome<HashMap<&'static str, String>> {
    let mut asker = Asker::new(server, tenant)?;
    plans_until_quiet(log);
    let mut plans = HashMap::new();
    for question in PAGES.iter().flat_map(|page| page.questions) {
        asker.ask(question)?;
        plans.insert(*question, plans_until_quiet(log).join(", "));
    }
    Ok(plans)
}

/// The plans in the lines that came, each once.
fn plans_until_quiet(log: &Receiver<String>) -> Vec<String> {
    let mut plans: Vec<String> = Vec::new();
    while let Ok(line) = log.recv_timeout(LINES_COME_WITHIN) {
        if let Some(plan) = plan_of(&line).filter(|plan| !plans.contains(plan)) {
            plans.push(plan);
        }
    }
    plans
}

/// The field `plan` of a log line.
fn plan_of(line: &str) -> Option<String> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(line["fields"]["plan"].as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_is_read_from_the_log() {
        let line = r#"{"level":"DEBUG","fields":{"message":"answered","plan":"rollup total/1d"}}"#;
        assert_eq!(plan_of(line).as_deref(), Some("rollup total/1d"));
        assert_eq!(plan_of("no JSON"), None);
    }
}
