//! `meterwire price rerate`: the difference first, then the work, on a data directory and on a running server.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, run, run_err, run_json, run_ok};
use serde_json::{Value, json};
use std::path::Path;

const RANGE: [&str; 8] =
    ["price", "rerate", "--from", "2026-11-01", "--to", "2026-11-20", "--tenant", "acme"];

/// Three events of 1,000 input tokens, one of them with a cost of its own, and a price of 2 USD a million.
async fn workplace() -> (tempfile::TempDir, Server) {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let server = Server::start(&dir.path().join("data"));
    let event = |id: &str, cost: Value| {
        json!({ "id": id, "source": "s", "provider": "house", "model": "llm-1", "time": "2026-11-05T10:00:00Z",
            "usage": { "input_tokens": 1000 }, "cost_usd": cost })
    };
    let events = json!([event("a", Value::Null), event("b", Value::Null), event("c", json!("3"))]);
    server.post("/api/v1/events?tenant=acme", &events).await;
    let price = json!({ "provider": "house", "model": "llm-1", "input": "2", "output": "0" });
    server.post("/api/v1/prices?tenant=acme", &price).await;
    (dir, server)
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    RANGE.iter().chain(more).copied().collect()
}

fn cost(dir: &Path) -> String {
    let csv = run_ok(
        dir,
        &[
            "export",
            "--from",
            "2026-11-01",
            "--to",
            "2026-11-20",
            "--tenant",
            "acme",
            "--data-dir",
            "data",
            "--priced",
            "true",
        ],
    );
    csv.lines().count().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_directory_is_rated_anew_by_the_command_itself() {
    let (dir, server) = workplace().await;
    server.stop();
    let dir = dir.path();
    let shown = run_json(dir, &with(&["--data-dir", "data"]));
    assert_eq!(
        (&shown["changed"], &shown["given"], &shown["difference"]),
        (&json!(2), &json!(1), &json!("0.004"))
    );
    // Nobody is asked where nobody sits.
    let output = run(dir, &with(&["--data-dir", "data"]));
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && out.contains("llm-1") && out.contains("1 events keep"), "{out}");
    assert_eq!(err, "nothing was changed; --yes does it\n");
    assert_eq!(cost(dir), "2", "the header and the one whose cost was sent");
    let out = run_ok(dir, &with(&["--only", "unpriced", "--yes", "--data-dir", "data"]));
    assert!(out.contains("2 of 2 events rated anew, 0.004 USD ("), "{out}");
    assert_eq!(cost(dir), "4");
    let out = run_ok(dir, &with(&["--yes", "--data-dir", "data"]));
    assert!(!out.contains("rated anew"), "{out}");
    let listed = run_json(dir, &["price", "rerates", "--tenant", "acme", "--data-dir", "data"]);
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["created_by"]), (1, &json!("cli")));
    let looked = run_json(dir, &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_does_it_while_the_command_waits() {
    let (dir, server) = workplace().await;
    let at = ["--url", &server.url, "--token", ADMIN_TOKEN];
    let done = run_json(dir.path(), &with(&[&["--yes"][..], &at[..]].concat()));
    let told = ["state", "done", "total", "changed", "difference"].map(|name| done[name].clone());
    assert_eq!(told, [json!("done"), json!(2), json!(2), json!(2), json!("0.004")]);
    let again = run_json(dir.path(), &with(&[&["--yes"][..], &at[..]].concat()));
    assert_eq!((&again["changed"], again.get("state")), (&json!(0), None));
    let refused = run_err(
        dir.path(),
        &[&["price", "rerate", "--from", "x", "--to", "y", "--tenant", "acme"], &at[..]].concat(),
    );
    assert!(refused.contains("from"), "{refused}");
    server.stop();
}
