//! Hard budgets under real concurrency and crashes: the real binary, real sockets, two hundred clients at once, kill -9.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_ok, seed};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CLIENTS: usize = 200;
const ROUNDS: u64 = 8;
/// What one event costs and one decision takes, in cents.
const CENTS: [u64; 3] = [1, 2, 5];

/// A server with a tenant that counts money, and a hard budget of this project of so many dollars a year.
async fn start(dir: &Path, dollars: u64) -> (Server, String) {
    let server = Server::start(&dir.join("data"));
    server.post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
    server.post("/api/v1/metrics?tenant=acme", &json!({ "name": "cost_usd", "window": "none" })).await;
    let budget = json!({ "name": "hard", "amount_usd": dollars.to_string(), "hard": true, "period": "year",
        "scope": { "project": "chat" } });
    let made = server.post("/api/v1/budgets?tenant=acme", &budget).await;
    let id = made["id"].as_str().unwrap().to_owned();
    (server, id)
}

async fn post(http: &reqwest::Client, url: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let request = http.post(format!("{url}{path}?tenant=acme")).bearer_auth(ADMIN_TOKEN).json(body);
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, serde_json::from_slice(&response.bytes().await.ok()?).ok()?))
}

/// What was spent and what is held of a budget, in cents.
async fn stands(server: &Server, id: &str) -> (u64, u64) {
    let found = server.get(&format!("/api/v1/budgets/{id}?tenant=acme")).await;
    let cents = |name: &str| {
        let text = found["current"][name].as_str().unwrap();
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{places:0<2}").parse().unwrap()
    };
    (cents("spent_usd"), cents("held_usd"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_who_want_a_dollar_of_ten_ten_get_one() {
    let dir = tempfile::tempdir().expect("a directory");
    let (server, id) = start(dir.path(), 10).await;
    let start = Arc::new(Barrier::new(CLIENTS));
    let mut racers = JoinSet::new();
    for number in 0..CLIENTS {
        let (http, url, start) = (server.http.clone(), server.url.clone(), start.clone());
        racers.spawn(async move {
            start.wait().await;
            let user = format!("u-{}", number % 9);
            if number % 2 == 0 {
                let body = json!({ "metric": "cost_usd", "amount": 1, "user": user, "project": "chat" });
                return post(&http, &url, "/api/usage/consume", &body).await.expect("an answer");
            }
            let body = json!({ "cost_usd": "1", "user": user, "project": "chat" });
            post(&http, &url, "/api/usage/reservations", &body).await.expect("an answer")
        });
    }
    let answers = racers.join_all().await;
    let won = answers.iter().filter(|(status, _)| (200..300).contains(status)).count();
    assert_eq!(won, 10);
    for (status, answer) in answers.iter().filter(|(status, _)| !(200..300).contains(status)) {
        let (detail, budget) = (&answer["detail"], &answer["detail"]["budget"]);
        assert_eq!((*status, &detail["code"]), (429, &json!("budget_exceeded")));
        assert_eq!((&budget["remaining_usd"], &budget["amount_usd"]), (&json!("0"), &json!("10")));
    }
    let (spent, held) = stands(&server, &id).await;
    assert_eq!(spent + held, 1_000);
    server.stop();
}

/// Something that a client sends again until it is answered; sent twice it counts once.
#[derive(Clone)]
struct Op {
    cents: u64,
    path: &'static str,
    body: Value,
}

impl Op {
    fn new(random: &mut Random, name: &str) -> Self {
        let cents = CENTS[usize::try_from(random.below(3)).unwrap()];
        let usd = format!("0.0{cents}");
        if random.below(2) == 0 {
            let body = json!({ "id": name, "project": "chat", "user": "u", "cost_usd": usd });
            return Self { cents, path: "/api/v1/events", body };
        }
        let body = json!({ "metric": "cost_usd", "amount": usd, "user": "u", "project": "chat", "idempotency_key": name });
        Self { cents, path: "/api/usage/consume", body }
    }

    /// Sends it; `None` where nobody answered, else the cents that were spent by it.
    async fn send(&self, http: &reqwest::Client, url: &str) -> Option<u64> {
        let (status, answer) = post(http, url, self.path, &self.body).await?;
        assert!(status == 200 || answer["detail"]["code"] == "budget_exceeded", "{status} {answer}");
        Some(if status == 200 { self.cents } else { 0 })
    }
}

/// Sends until the server is gone; answers what was spent, and what nobody answered.
async fn client(http: reqwest::Client, url: String, mut random: Random, name: String) -> (u64, Op) {
    let mut spent = 0;
    for number in 0.. {
        let op = Op::new(&mut random, &format!("{name}-{number}"));
        match op.send(&http, &url).await {
            Some(cents) => spent += cents,
            None => return (spent, op),
        }
    }
    unreachable!("the server is killed")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_spent_whenever_the_server_is_killed() {
    let mut random = Random(seed());
    let dir = tempfile::tempdir().expect("a directory");
    // So much that decisions are refused towards the end.
    let (mut server, id) = start(dir.path(), 40).await;
    let (mut spent, mut open): (u64, Vec<Op>) = (0, Vec::new());
    for round in 0..ROUNDS {
        for op in std::mem::take(&mut open) {
            spent += op.send(&server.http, &server.url).await.expect("an answer");
        }
        assert_eq!(stands(&server, &id).await, (spent, 0), "round {round}");
        let mut clients = JoinSet::new();
        for number in 0..6 {
            let name = format!("{round}-{number}");
            clients.spawn(client(server.http.clone(), server.url.clone(), Random(random.next()), name));
        }
        tokio::time::sleep(Duration::from_millis(100 + random.below(400))).await;
        server.kill();
        for (more, op) in clients.join_all().await {
            spent += more;
            open.push(op);
        }
        server = Server::start(&dir.path().join("data"));
    }
    for op in std::mem::take(&mut open) {
        spent += op.send(&server.http, &server.url).await.expect("an answer");
    }
    assert_eq!(stands(&server, &id).await, (spent, 0));
    server.stop();
    run_ok(dir.path(), &["doctor", "--data-dir", "data"]);
}
