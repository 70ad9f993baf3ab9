//! Connections to providers by the command line and by the settings, over the real binary.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
#[path = "http/stand_in.rs"]
mod stand_in;

use cli_support::{ADMIN_TOKEN, Server, arg, command};
use meterwire_app::clock::{Clock, SystemClock};
use serde_json::Value;
use stand_in::{DAY_MS, KEY, StandIn, completions, costs};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A stand-in whose clock is the machine's, with a cost of yesterday.
async fn stand_in() -> StandIn {
    let now_ms = SystemClock.now_ms();
    let stand_in = StandIn::start(now_ms).await;
    let yesterday = now_ms.div_euclid(DAY_MS) * DAY_MS - DAY_MS;
    stand_in.put("costs", yesterday, vec![costs("gpt-4o, input", "12.345678901")]);
    stand_in.put("completions", yesterday, vec![completions("gpt-4o", 7, 1000, 0, 100)]);
    stand_in
}

/// Runs a command on the data directory, with what it reads; answers output, errors and success.
async fn run(dir: &Path, args: &[&str], input: &str) -> (String, String, bool) {
    let (dir, args, input) =
        (dir.to_owned(), args.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), input.to_owned());
    let run = move || {
        let mut command = command(&dir);
        command.args(args).env("METERWIRE_OUTGOING_ALLOW_INSIDE", "true").stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.success())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_is_connected_read_and_compared_on_a_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let stand_in = stand_in().await;
    let base = format!("{}/v1", stand_in.url);
    let ok = async |args: &[&str], input: &str| {
        let (out, err, success) = run(dir.path(), args, input).await;
        assert!(success, "{args:?} {out}{err}");
        assert!(!format!("{out}{err}").contains(KEY), "{args:?}");
        out
    };
    ok(&["tenant", "create", "default"], "").await;
    let add =
        ["provider", "add", "openai", "--key-stdin", "--base-url", &base, "--project", "proj=chat", "--json"];
    let made: Value = serde_json::from_str(&ok(&add, &format!("{KEY}\n")).await).unwrap();
    let id = made["id"].as_str().unwrap();
    ok(&["provider", "refresh", id], "").await;
    let listed = ok(&["provider", "list"], "").await;
    assert!(listed.contains("true") && listed.contains("every report was read lately"), "{listed}");
    let compared = ok(&["reconcile", "--range", "7d"], "").await;
    assert!(
        compared.contains("12.345678901") && compared.contains("missing_events 12.345678901"),
        "{compared}"
    );
    ok(&["provider", "backfill", id, "--from", "2026-01-01"], "").await;
    ok(&["provider", "enable", id, "--off"], "").await;
    let shown: Value = serde_json::from_str(&ok(&["provider", "show", id, "--json"], "").await).unwrap();
    assert_eq!(
        (&shown["enabled"], &shown["project_map"]["proj"]),
        (&Value::from(false), &Value::from("chat"))
    );
    ok(&["provider", "delete", id], "").await;
    let (_, err, success) = run(dir.path(), &["provider", "show", id], "").await;
    assert!(!success && err.contains("no such provider connection"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_settings_is_used_and_stored_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let stand_in = stand_in().await;
    let data = dir.path().join("data");
    let mut serve = command(dir.path());
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", arg(&data)]);
    serve.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_OUTGOING_ALLOW_INSIDE", "true");
    serve
        .env("OPENAI_API_KEY", KEY)
        .env("METERWIRE_PROVIDERS_OPENAI_BASE_URL", format!("{}/v1", stand_in.url))
        .env("METERWIRE_PROVIDERS_OPENAI_PROJECT_MAP", "proj_a=support-bot, default=other");
    let server = Server::spawn(serve);
    // The tenant comes later than the server.
    server.post("/api/v1/tenants", &serde_json::json!({ "slug": "acme" })).await;
    let begun = Instant::now();
    let listed = loop {
        let listed = server.get("/api/v1/providers?tenant=acme").await;
        if listed["items"][0]["state"]["healthy"] == true {
            break listed;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{listed:#}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let found = &listed["items"][0];
    assert_eq!((&found["id"], &found["is_fixed"]), (&Value::from("env-openai"), &Value::from(true)));
    assert!(!listed.to_string().contains(KEY));
    assert_eq!(found["project_map"], serde_json::json!({ "proj_a": "support-bot", "default": "other" }));
    let gone = server.http.delete(format!("{}/api/v1/providers/env-openai?tenant=acme", server.url));
    assert_eq!(gone.bearer_auth(ADMIN_TOKEN).send().await.unwrap().status(), 409);
    let compared = server.get("/api/v1/reconciliation?tenant=acme&range=7d").await;
    assert_eq!(compared["total"]["provider"]["cost_usd"], "12.345678901");
    server.stop();
    for file in std::fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "{}", path.display());
        }
    }
}
