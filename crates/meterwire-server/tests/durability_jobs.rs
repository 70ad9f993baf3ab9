//! Jobs that change what is stored go on where they were: the real binary is killed with -9 while it counts old events by
//! a new dimension and while it erases a user, and afterwards every number is exact and no name is left.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_json, run_ok, seed};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

const EVENTS: u64 = 12_000;
const USERS: u64 = 4;
const ERASED: &str = "arthur.dent@example.org";

/// What is stored: the value of the property by the number of the event.
type Model = BTreeMap<u64, String>;

fn user(number: u64) -> String {
    if number.is_multiple_of(USERS) { ERASED.to_owned() } else { format!("u-{}", number % USERS) }
}

fn event(number: u64, random: &mut Random) -> (Value, String) {
    let value = format!("v{}", random.below(20));
    let day = 1 + random.below(20);
    let event = json!({
        "id": format!("e{number}"), "source": "s", "model": "gpt-4o", "user": user(number),
        "time": format!("2026-11-{day:02}T{:02}:{:02}:00Z", random.below(24), random.below(60)),
        "usage": { "input_tokens": random.below(1000) }, "properties": { "feature": value, "who": user(number) },
    });
    (event, value)
}

async fn record(server: &Server, model: &mut Model, random: &mut Random, numbers: Range<u64>) {
    let (mut events, begins) = (Vec::new(), model.len());
    for number in numbers {
        let (event, value) = event(number, random);
        events.push(event);
        model.insert(number, value);
    }
    let answer = server.post("/api/v1/events?tenant=acme", &json!(events)).await;
    assert_eq!(answer["stored"], model.len() - begins, "{answer}");
}

async fn void(server: &Server, model: &mut Model, number: u64) {
    let path = format!("{}/api/v1/events/s/e{number}?tenant=acme", server.url);
    let done = server.http.delete(path).bearer_auth(ADMIN_TOKEN).send().await.unwrap();
    assert!(done.status().is_success(), "{number}: {}", done.status());
    model.remove(&number);
}

async fn check(server: &Server, model: &Model) {
    let path = "/api/v1/usage/query?tenant=acme&from=2026-11-01&to=2026-12-01&group_by=feature&metrics=calls";
    let answer = server.get(path).await;
    let of = |group: &Value| {
        (group["key"][0].as_str().unwrap().to_owned(), group["total"]["calls"].as_u64().unwrap())
    };
    let found: BTreeMap<_, _> = answer["groups"].as_array().unwrap().iter().map(of).collect();
    let mut expected = BTreeMap::new();
    model.values().for_each(|value| *expected.entry(value.clone()).or_insert(0) += 1);
    assert_eq!(found, expected);
}

/// Every file of a directory that holds the text.
fn files_with(dir: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if (0..bytes.len())
            .any(|at| bytes[at] == text.as_bytes()[0] && bytes[at..].starts_with(text.as_bytes()))
        {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dimension_counts_every_event_once_over_many_kills() {
    let mut random = Random(seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let (mut model, mut next) = (Model::new(), 0);
    let mut server = Server::start(&data);
    while next < 40_000 {
        record(&server, &mut model, &mut random, next..next + 4_000).await;
        next += 4_000;
    }
    server.post("/api/v1/dimensions?tenant=acme", &json!({ "name": "feature" })).await;
    let (mut kills, mut in_the_middle) = (0, 0);
    loop {
        tokio::time::sleep(Duration::from_millis(random.below(120))).await;
        let state = server.get("/api/v1/dimensions/feature?tenant=acme").await;
        server.kill();
        if state["state"] == "ready" {
            break;
        }
        println!("kill {kills}: {state}");
        in_the_middle += u64::from(state["filled_events"].as_u64() > Some(0));
        kills += 1;
        assert!(kills < 200, "the job never ends");
        let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
        assert_eq!(looked["found"], 0, "{looked}");
        server = Server::start(&data);
        // What comes meanwhile counts once too, and what is voided counts no more, whether it was counted or not.
        record(&server, &mut model, &mut random, next..next + 10).await;
        next += 10;
        for _ in 0..5 {
            let number = random.below(next);
            if model.contains_key(&number) {
                void(&server, &mut model, number).await;
            }
        }
    }
    let server = Server::start(&data);
    check(&server, &model).await;
    server.stop();
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
    println!("{kills} kills, {in_the_middle} of them in the middle");
    assert!(in_the_middle > 1, "the harness never killed in the middle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_is_erased_whole_or_not_at_all_and_the_rest_follows_after_a_kill() {
    let mut random = Random(seed());
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let mut model = Model::new();
    let mut server = Server::start(&data);
    server.post("/api/v1/dimensions?tenant=acme", &json!({ "name": "feature" })).await;
    for from in (0..EVENTS).step_by(4_000) {
        record(&server, &mut model, &mut random, from..from + 4_000).await;
    }
    let url = |server: &Server| format!("{}/api/v1/users/{ERASED}/erase?tenant=acme", server.url);
    let mut alive_ms = 5;
    loop {
        let request = server.http.post(url(&server)).bearer_auth(ADMIN_TOKEN);
        let sending = tokio::spawn(request.json(&json!({ "user": ERASED })).send());
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        server.kill();
        drop(sending.await.unwrap());
        server = Server::start(&data);
        let log = server.get(&format!("/api/usage/log?tenant=acme&range=90d&filter[user]={ERASED}")).await;
        let left = log["total"].as_u64().unwrap();
        println!("killed after {alive_ms} ms: {left} events name the user");
        assert!(left == 0 || left == EVENTS / USERS, "erased by half: {left}");
        if left == 0 {
            break;
        }
        alive_ms += 5;
    }
    // The job goes on by itself: every file is clean soon.
    let mut dirty = files_with(&data, ERASED);
    for _ in 0..100 {
        if dirty.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        dirty = files_with(&data, ERASED);
    }
    assert_eq!(dirty, Vec::<String>::new());
    check(&server, &model).await;
    let answer =
        server.get("/api/v1/usage/query?tenant=acme&range=90d&group_by=user&metrics=calls,users").await;
    assert_eq!((&answer["total"]["calls"], &answer["total"]["users"]), (&json!(EVENTS), &json!(USERS)));
    server.stop();
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
}
