//! `meterwire move` is killed (kill -9) at random instants and run again, until it is through: both sides are sound, and every
//! answer is the one from before.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{Random, Server, arg, seed};
use cluster_support::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// So often it is killed at most.
const KILLS: usize = 14;
/// It is killed within this of its start.
const WITHIN_MS: u64 = 500;
/// PostgreSQL finds within this that who led is gone.
const RELEASED: Duration = Duration::from_secs(20);
const EVENTS: u64 = 6_000;
const QUESTIONS: &[&str] = &[
    "/api/v1/usage/query?tenant=acme&from=2026-10-01&to=2026-12-01&metrics=calls,errors,tokens,cost,users,latency_p95&group_by=model,user",
    "/api/v1/usage/query?tenant=acme&from=2026-10-01&to=2026-12-01&granularity=day&metrics=calls,cost&group_by=feature",
    "/api/v1/usage/query?tenant=beta&from=2026-10-01&to=2026-12-01&metrics=calls,tokens,cost",
    "/api/usage/log?tenant=acme&from=2026-10-01&to=2026-12-01&page_size=50&sort=-totalTokens",
    "/api/v1/events/s/e507?tenant=acme",
    "/api/v1/budgets?tenant=acme",
    "/api/v1/projects?tenant=acme",
    "/api/v1/users?tenant=acme",
    "/api/v1/metrics?tenant=acme",
    "/api/usage/status?tenant=acme&user=u1",
];

/// Something of everything that a move brings, in two tenants.
async fn fill(server: &Server) {
    for tenant in ["acme", "beta"] {
        server.post("/api/v1/tenants", &json!({ "slug": tenant })).await;
    }
    server.post("/api/v1/dimensions?tenant=acme", &json!({ "name": "feature" })).await;
    server.post("/api/v1/metrics?tenant=acme", &json!({ "name": "seen", "counts": "events" })).await;
    let budget = json!({ "name": "p1", "amount_usd": "10", "period": "year", "scope": { "project": "p1" } });
    server.post("/api/v1/budgets?tenant=acme", &budget).await;
    let event = |number: u64| {
        json!({ "id": format!("e{number}"), "source": "s", "user": format!("u{}", number % 50), "model": format!("m{}", number % 3),
            "project": format!("p{}", number % 4), "time": format!("2026-11-{:02}T{:02}:05:00Z", 1 + number % 20, number % 24),
            "cost_usd": "0.001000001", "latency_ms": number % 900, "status": 200 + number % 2 * 300,
            "properties": { "feature": format!("f{}", number % 7) }, "usage": { "input_tokens": number } })
    };
    for from in (0..EVENTS).step_by(500) {
        let batch: Value = (from..from + 500).map(event).collect();
        let tenant = if from % 1_500 == 0 { "beta" } else { "acme" };
        let answer = server.post(&format!("/api/v1/events?tenant={tenant}"), &batch).await;
        assert_eq!(answer["stored"], 500, "{answer}");
    }
    for number in 0..20 {
        let body = json!({ "metric": "api_calls", "amount": 3, "user": format!("u{}", number % 3) });
        server.post("/api/usage/consume?tenant=acme", &body).await;
    }
    let url = format!("{}/api/v1/events/s/e601?tenant=acme", server.url);
    let voided = server.http.delete(url).bearer_auth(cli_support::ADMIN_TOKEN).send().await.unwrap();
    assert!(voided.status().is_success());
}

async fn answers(server: &Server) -> Vec<Value> {
    let mut answers = Vec::new();
    for question in QUESTIONS {
        let mut answer = server.get(question).await;
        // When it was asked.
        answer.as_object_mut().map(|answer| answer.remove("as_of"));
        answers.push(answer);
    }
    answers
}

fn moving(world: &World, data: &Path, more: &[&str]) -> Command {
    let mut command = world.command(None);
    command.args(["move", "--from", arg(data), "--to", "cluster"]).args(more);
    command
}

/// How far it has come: how many tables are done, and which other parts.
async fn progress(world: &World) -> String {
    let client = cluster_support::engines::connect(world.postgres()).await;
    let rows = client.query("SELECT part FROM move_progress WHERE done", &[]).await.unwrap_or_default();
    let (tables, parts): (Vec<String>, Vec<String>) =
        rows.iter().map(|row| row.get(0)).partition(|part: &String| part.starts_with("table "));
    format!("{} tables, {}", tables.len(), parts.join(", "))
}

/// Runs it to its end; waits for those that were killed to be noticed.
fn finish(world: &World, data: &Path) -> Output {
    let begun = Instant::now();
    loop {
        let output = moving(world, data, &["--json"]).output().unwrap();
        let refused = String::from_utf8_lossy(&output.stderr).contains("server is running");
        if !refused || begun.elapsed() > RELEASED {
            return output;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_killed_goes_on_and_loses_nothing() {
    let mut random = Random(seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data);
    fill(&server).await;
    let before = answers(&server).await;
    server.stop();
    let world = World::new().await;
    let (mut kills, mut states) = (0, BTreeSet::new());
    while kills < KILLS {
        let mut child = moving(&world, &data, &["--no-doctor"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(random.below(WITHIN_MS))).await;
        if let Some(status) = child.try_wait().unwrap() {
            if status.success() {
                break;
            }
            // Refused: PostgreSQL has not noticed the last kill yet.
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        let state = progress(&world).await;
        println!("killed: {state}");
        states.insert(state);
    }
    println!("{kills} kills, {} different states", states.len());
    assert!(kills >= 3 && states.len() >= 2, "{kills} kills, {states:?}");
    // With the doctor on both sides.
    let moved = finish(&world, &data);
    let (out, err) = (String::from_utf8_lossy(&moved.stdout), String::from_utf8_lossy(&moved.stderr));
    assert!(moved.status.success(), "{out}{err}");
    let moved: Value = serde_json::from_str(&out).expect("JSON");
    for side in ["directory", "cluster"] {
        assert_eq!(moved["doctor"][side]["found"], 0, "{moved}");
    }
    assert_eq!(moved["doctor"]["directory"]["events"], moved["doctor"]["cluster"]["events"]);
    let servers = world.start_all(2);
    for server in &servers {
        for ((question, was), is) in QUESTIONS.iter().zip(&before).zip(answers(server).await) {
            assert_eq!(*was, is, "{question}");
        }
    }
}
