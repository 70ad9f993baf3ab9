//! A decision that was answered is on disk: the real binary is killed with -9 at random moments while clients consume,
//! reserve, commit and release. What was answered is in the counters, what was retried counts once, what was held is
//! still held, and no total is above its limit.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_json, seed};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

const ROUNDS: u64 = 15;
const CLIENTS: usize = 6;
const TENANTS: [&str; 2] = ["acme", "beta"];
/// A level, and one whose window no test run outlives.
const METRICS: [&str; 2] = ["units", "monthly"];
const USERS: u64 = 3;
/// In thousandths, of every user on every metric.
const LIMIT: u64 = 3_000;

/// A request as its client keeps it until it is answered; sent again it is the same.
#[derive(Debug, Clone)]
struct Op {
    spot: Spot,
    /// In thousandths: asked for, or committed.
    amount: u64,
    what: What,
}

/// Tenant, user, metric.
type Spot = (&'static str, String, &'static str);

#[derive(Debug, Clone)]
enum What {
    Consume { key: String },
    Reserve { key: String },
    Commit(Held),
    Release(Held),
}

#[derive(Debug, Clone)]
struct Held {
    id: String,
    amount: u64,
}

/// An array of consumes, one of each user. Its transaction is so large that its commit takes a while, and with it that of
/// whoever is in the same group: time in which a server that answers too early is caught by a kill.
#[derive(Debug, Clone)]
struct Bulk {
    entries: Vec<Value>,
}

impl Bulk {
    fn new(random: &mut Random, name: &str) -> Self {
        let first = random.below(100);
        let entry = |n: u64| json!({ "metric": "bulk", "user": format!("b-{}", first + n * 60), "idempotency_key": format!("{name}-{n}") });
        Self { entries: (0..100).map(entry).collect() }
    }

    /// Sends it; `None` where no whole answer came. All of it is one transaction and answered as one.
    async fn send(&self, http: &reqwest::Client, url: &str) -> Option<()> {
        let url = format!("{url}/api/usage/consume?tenant={}", TENANTS[0]);
        let response = http.post(url).bearer_auth(ADMIN_TOKEN).json(&self.entries).send().await.ok()?;
        let answer: Value = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
        assert_eq!(answer["allowed"], json!(self.entries.len()), "{answer}");
        Some(())
    }
}

/// An answer, and whether it was one to a repeated key.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    status: u16,
    body: Value,
    replayed: bool,
}

impl Op {
    fn new(random: &mut Random, held: &mut Vec<(Spot, Held)>, key: String) -> Self {
        let pick = |random: &mut Random, count: usize| usize::try_from(random.below(count as u64)).unwrap();
        if random.below(2) == 0 && !held.is_empty() {
            let (spot, hold) = held.swap_remove(pick(random, held.len()));
            // Never more than is held, so that no total can pass its limit.
            let amount = random.below(hold.amount + 1);
            let what = if random.below(3) == 0 { What::Release(hold) } else { What::Commit(hold) };
            return Self { spot, amount, what };
        }
        let user = format!("u{}", random.below(USERS));
        let spot = (TENANTS[pick(random, 2)], user, METRICS[pick(random, 2)]);
        let what = if random.below(2) == 0 { What::Reserve { key } } else { What::Consume { key } };
        Self { spot, amount: 1 + random.below(1_000), what }
    }

    /// Sends it; `None` where no whole answer came.
    async fn send(&self, http: &reqwest::Client, url: &str) -> Option<Answer> {
        let (tenant, user, metric) = &self.spot;
        let amount = format!("{}.{:03}", self.amount / 1000, self.amount % 1000);
        let asked =
            |key: &str| json!({ "metric": metric, "user": user, "amount": amount, "idempotency_key": key });
        let (path, body) = match &self.what {
            What::Consume { key } => ("consume".to_owned(), Some(asked(key))),
            What::Reserve { key } => {
                let mut body = asked(key);
                body["ttl_seconds"] = json!(86_400);
                ("reservations".to_owned(), Some(body))
            }
            What::Commit(held) => {
                (format!("reservations/{}/commit", held.id), Some(json!({ "amount": amount })))
            }
            What::Release(held) => (format!("reservations/{}", held.id), None),
        };
        let url = format!("{url}/api/usage/{path}?tenant={tenant}");
        let request = match body {
            Some(body) => http.post(url).json(&body),
            None => http.delete(url),
        };
        let response = request.bearer_auth(ADMIN_TOKEN).send().await.ok()?;
        let replayed = response.headers().contains_key("idempotent-replayed");
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
        Some(Answer { status, body, replayed })
    }
}

/// What the counters must be: used, and what is held, by spot.
#[derive(Default)]
struct Model {
    used: HashMap<Spot, u64>,
    held: HashMap<Spot, HashMap<String, u64>>,
    answered: usize,
}

impl Model {
    fn add(&mut self, op: &Op, answer: &Answer) {
        self.answered += 1;
        let used = self.used.entry(op.spot.clone()).or_default();
        let held = self.held.entry(op.spot.clone()).or_default();
        match (&op.what, answer.status) {
            (What::Consume { .. }, 200) => *used += op.amount,
            (What::Reserve { .. }, 201) => {
                held.insert(answer.body["id"].as_str().unwrap().to_owned(), op.amount);
            }
            (What::Consume { .. } | What::Reserve { .. }, 429) => {}
            (What::Commit(hold), 200) => {
                assert_eq!(held.remove(&hold.id), Some(hold.amount), "{op:?}");
                *used += op.amount;
            }
            (What::Release(hold), 200) => assert_eq!(held.remove(&hold.id), Some(hold.amount), "{op:?}"),
            _ => panic!("{op:?}: {answer:?}"),
        }
    }

    /// Every counter is what was answered; `open` requests, which nobody answered, may be in it or not.
    async fn check(&self, server: &Server, open: &[Op]) {
        for (spot, used) in &self.used {
            let (tenant, user, metric) = spot;
            let status = server.get(&format!("/api/usage/status?tenant={tenant}&user={user}")).await;
            let standing = &status["metrics"][metric];
            let (current, held) = (thousandths(&standing["current"]), thousandths(&standing["held"]));
            assert!(current <= LIMIT, "{spot:?} is above its limit: {current}");
            let expected_held: u64 = self.held[spot].values().sum();
            let expected = used + expected_held;
            if !open.iter().any(|op| op.spot == *spot) {
                assert_eq!((current, held), (expected, expected_held), "{spot:?}");
                continue;
            }
            let [mut least, mut most] = [expected, expected];
            for op in open.iter().filter(|op| op.spot == *spot) {
                match &op.what {
                    What::Consume { .. } | What::Reserve { .. } => most += op.amount,
                    What::Commit(hold) => least -= hold.amount - op.amount,
                    What::Release(hold) => least -= hold.amount,
                }
            }
            assert!((least..=most).contains(&current), "{spot:?}: {current} is not from {least} to {most}");
        }
    }

    /// What is held, dealt out to the clients of the next round.
    fn deal(&self) -> Vec<Vec<(Spot, Held)>> {
        let mut hands = vec![Vec::new(); CLIENTS];
        let all =
            self.held.iter().flat_map(|(spot, held)| held.iter().map(move |(id, amount)| (spot, id, amount)));
        for (place, (spot, id, amount)) in all.enumerate() {
            hands[place % CLIENTS].push((spot.clone(), Held { id: id.clone(), amount: *amount }));
        }
        hands
    }

    /// A new beginning, so that a round meets its limits neither never nor always. What is held stays held.
    async fn reset(&mut self, server: &Server) {
        for tenant in TENANTS {
            for metric in METRICS {
                let path = format!("/api/usage/admin/manual-reset?tenant={tenant}");
                server.post(&path, &json!({ "metric": metric })).await;
            }
        }
        self.used.values_mut().for_each(|used| *used = 0);
        self.check(server, &[]).await;
    }

    /// Some of what is held is looked up by its id.
    async fn check_held(&self, server: &Server, random: &mut Random) {
        for ((tenant, user, _), held) in &self.held {
            for (id, amount) in held.iter().skip(usize::try_from(random.below(10)).unwrap()).take(2) {
                let found = server.get(&format!("/api/usage/reservations/{id}?tenant={tenant}")).await;
                assert_eq!((&found["status"], &found["user"]), (&json!("held"), &json!(user)));
                assert_eq!(thousandths(&found["amount"]), *amount);
            }
        }
    }
}

fn thousandths(amount: &Value) -> u64 {
    let text = amount.to_string();
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    assert!(places.len() <= 3, "{amount}");
    format!("{whole}{places:0<3}").parse().unwrap()
}

/// Sends requests until the server is gone; answers what was answered, in order, and what was not.
async fn client(
    http: reqwest::Client,
    url: String,
    mut random: Random,
    name: String,
    mut held: Vec<(Spot, Held)>,
) -> (Vec<(Op, Answer)>, Op) {
    let mut answered = Vec::new();
    for number in 0.. {
        let op = Op::new(&mut random, &mut held, format!("{name}-{number}"));
        let Some(answer) = op.send(&http, &url).await else { return (answered, op) };
        assert!(!answer.replayed, "a new key: {op:?}");
        if let (What::Reserve { .. }, 201) = (&op.what, answer.status) {
            let id = answer.body["id"].as_str().unwrap().to_owned();
            held.push((op.spot.clone(), Held { id, amount: op.amount }));
        }
        answered.push((op, answer));
    }
    unreachable!("the server is killed")
}

/// Sends arrays until the server is gone; answers how many were answered, and the one that was not.
async fn bulk_client(http: reqwest::Client, url: String, mut random: Random, name: String) -> (usize, Bulk) {
    for number in 0.. {
        let bulk = Bulk::new(&mut random, &format!("{name}-{number}"));
        if bulk.send(&http, &url).await.is_none() {
            return (number, bulk);
        }
    }
    unreachable!("the server is killed")
}

/// What all users together have of the level `bulk`.
async fn bulk_total(server: &Server) -> u64 {
    let history = server.get(&format!("/api/usage/admin/history?tenant={}&days=1", TENANTS[0])).await;
    history["items"][0]["totals"]["bulk"].as_u64().unwrap_or(0)
}

async fn prepare(server: &Server) {
    for tenant in TENANTS {
        server.post("/api/v1/tenants", &json!({ "slug": tenant })).await;
        for (metric, window) in METRICS.into_iter().zip(["none", "month"]).chain([("bulk", "none")]) {
            let body = json!({ "name": metric, "window": window });
            server.post(&format!("/api/v1/metrics?tenant={tenant}"), &body).await;
        }
        let limit = json!(LIMIT / 1000);
        let limits = json!({ "limits": { "units": limit, "monthly": limit } });
        let request = server.http.patch(format!("{}/api/v1/tiers/free?tenant={tenant}", server.url));
        let answer = request.bearer_auth(ADMIN_TOKEN).json(&limits).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
    }
}

/// What the clients know of a server that is killed again and again.
#[derive(Default)]
struct Run {
    seed: u64,
    model: Model,
    /// Requests that nobody answered.
    open: Vec<Op>,
    /// Those that were answered last before the kill.
    last: Vec<(Op, Answer)>,
    /// Recorded by arrays.
    bulks: u64,
    open_bulk: Option<Bulk>,
    refused: usize,
    /// Of the requests without an answer: kept by their key, and taken anew.
    kept: usize,
    lost: usize,
}

impl Run {
    /// What clients do after a crash: they send again what was not answered, and some of what was.
    async fn retry(&mut self, server: &Server) {
        self.model.check(server, &self.open).await;
        for op in std::mem::take(&mut self.open) {
            let answer = op.send(&server.http, &server.url).await.expect("an answer");
            self.kept += usize::from(answer.replayed);
            self.lost += usize::from(!answer.replayed);
            self.model.add(&op, &answer);
        }
        if let Some(bulk) = self.open_bulk.take() {
            bulk.send(&server.http, &server.url).await.expect("an answer");
            self.bulks += bulk.entries.len() as u64;
        }
        // The same again gets the answer that it got, and changes nothing.
        for (op, answer) in std::mem::take(&mut self.last) {
            let Op { what: What::Consume { .. } | What::Reserve { .. }, .. } = &op else { continue };
            let again = op.send(&server.http, &server.url).await;
            assert_eq!(again, Some(Answer { replayed: true, ..answer }), "{op:?}");
        }
        self.model.check(server, &[]).await;
        assert_eq!(bulk_total(server).await, self.bulks);
    }

    /// Clients ask until the server is killed, which happens at once after an answer.
    async fn ask_and_kill(&mut self, server: &mut Server, random: &mut Random, round: u64) {
        let (http, url) = (server.http.clone(), server.url.clone());
        let random_of =
            |number: u64| Random(self.seed ^ (round * 100 + number + 1).wrapping_mul(0x9E37_79B9));
        let hands = (0..).zip(self.model.deal());
        let clients: Vec<_> = hands
            .map(|(n, held)| {
                let name = format!("r{round}-c{n}");
                tokio::spawn(client(http.clone(), url.clone(), random_of(n), name, held))
            })
            .collect();
        let bulk = bulk_client(http.clone(), url.clone(), random_of(50), format!("r{round}-b"));
        let bulk = tokio::spawn(bulk);
        let alive_ms = 20 + random.below(250);
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        let final_op = Op::new(random, &mut Vec::new(), format!("r{round}-last"));
        let final_answer = final_op.send(&http, &url).await.expect("an answer");
        server.kill();
        self.model.add(&final_op, &final_answer);
        self.last.push((final_op, final_answer));
        for client in clients {
            let (answered, unanswered) = client.await.unwrap();
            for (op, answer) in &answered {
                self.model.add(op, answer);
                self.refused += usize::from(answer.status == 429);
            }
            // The newest answers are the ones that a server which answers too early would lose.
            self.last.extend(answered.into_iter().rev().take(5));
            self.open.push(unanswered);
        }
        let (answered, unanswered) = bulk.await.unwrap();
        self.bulks += (answered * unanswered.entries.len()) as u64;
        self.open_bulk = Some(unanswered);
        let Self { model, bulks, .. } = self;
        println!(
            "round {round}: killed after {alive_ms} ms, {} answered so far, {bulks} in arrays",
            model.answered
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_decided_is_kept_and_counted_once_over_fifteen_kills() {
    let seed = seed();
    let (mut random, mut run) = (Random(seed), Run { seed, ..Run::default() });
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for round in 0..ROUNDS {
        let mut server = Server::start(&data);
        if round == 0 {
            prepare(&server).await;
        }
        run.retry(&server).await;
        run.model.check_held(&server, &mut random).await;
        if round % 5 == 4 {
            run.model.reset(&server).await;
        }
        run.ask_and_kill(&mut server, &mut random, round).await;
    }
    // Right after a kill, before any server has looked at it.
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
    let server = Server::start(&data);
    run.retry(&server).await;
    server.stop();
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
    let Run { model, refused, kept, lost, bulks, .. } = run;
    let answered = model.answered;
    println!(
        "{answered} decisions, {refused} refused; without an answer {kept} were kept and {lost} taken anew"
    );
    let enough = answered > 100 && refused > 0 && bulks > 100;
    assert!(enough, "the clients asked too little to prove anything");
}
