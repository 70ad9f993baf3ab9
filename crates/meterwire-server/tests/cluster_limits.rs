//! Limits and hard budgets across three real servers: two hundred clients race for what one user may have, whichever server
//! they reach. A limit is never passed, nothing that fits is refused, and what a killed server held comes back.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{Random, Server, seed};
use cluster_support::{SERVERS, World, decimal, eventually, send, thousandths};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CLIENTS: usize = 200;

/// Servers of one tenant that counts `units`, a level, and money.
struct Three {
    servers: Vec<Server>,
    /// Dropped behind the servers.
    _world: World,
}

impl Three {
    async fn start() -> Self {
        let world = World::new().await;
        let servers = world.start_all(SERVERS);
        servers[0].post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
        let three = Self { servers, _world: world };
        for name in ["units", "cost_usd"] {
            let metric = json!({ "name": name, "window": "none" });
            three.change("POST", "/api/v1/metrics", &metric).await;
        }
        three
    }

    fn at(&self, number: usize, path: &str) -> String {
        format!("{}{path}?tenant=acme", self.servers[number % SERVERS].url)
    }

    /// A change by the first server that must succeed.
    async fn change(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(0, method, path, Some(body)).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }

    async fn ask(&self, server: usize, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let answer = send(&self.servers[0].http, method, &self.at(server, path), body).await;
        answer.expect("an answer")
    }

    /// Where a user stands, by each server that runs: used and held together, and held.
    async fn all_stand(&self, user: &str) -> Vec<[u64; 2]> {
        let mut standings = Vec::new();
        for server in &self.servers {
            let status = server.get(&format!("/api/usage/status?tenant=acme&user={user}")).await;
            let units = &status["metrics"]["units"];
            standings.push(["current", "held"].map(|name| thousandths(&units[name])));
        }
        standings
    }

    /// The same where nothing moves, so that all servers say the same.
    async fn stands(&self, user: &str) -> [u64; 2] {
        let standings = self.all_stand(user).await;
        assert!(standings.iter().all(|standing| *standing == standings[0]), "servers differ: {standings:?}");
        standings[0]
    }

    /// Sends all requests at once, each to the server of its place; answers in no order, with the place.
    async fn race(&self, requests: Vec<(String, Value)>) -> Vec<(usize, (u16, Value))> {
        let start = Arc::new(Barrier::new(requests.len()));
        let mut racers = JoinSet::new();
        for (place, (path, body)) in requests.into_iter().enumerate() {
            let (http, url, start) = (self.servers[0].http.clone(), self.at(place, &path), start.clone());
            racers.spawn(async move {
                start.wait().await;
                (place, send(&http, "POST", &url, Some(&body)).await.expect("an answer"))
            });
        }
        racers.join_all().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_on_three_servers_exactly_ten_win() {
    let three = Three::start().await;
    three.change("PATCH", "/api/v1/tiers/free", &json!({ "limits": { "units": 10 } })).await;
    for round in 0..8 {
        let user = format!("racer-{round}");
        let body = json!({ "metric": "units", "amount": 1, "user": user });
        let answers = three.race(vec![("/api/usage/consume".to_owned(), body); CLIENTS]).await;
        let won = answers.iter().filter(|(_, (status, _))| *status == 200);
        let mut won: Vec<u64> = won.map(|(_, (_, body))| body["current"].as_u64().unwrap()).collect();
        won.sort_unstable();
        assert_eq!(won, (1..=10).collect::<Vec<_>>(), "each sees a number of its own");
        let lost: Vec<_> = answers.iter().filter(|(_, (status, _))| *status == 429).collect();
        assert_eq!(lost.len(), CLIENTS - 10);
        for (_, (_, body)) in lost {
            let detail = &body["detail"];
            assert_eq!(
                [&detail["code"], &detail["current"], &detail["limit"]],
                [&json!("limit_exceeded"), &json!(10), &json!(10)]
            );
        }
        assert_eq!(three.stands(&user).await, [10_000, 0]);
    }
}

/// Amounts that divide nothing evenly, and the retries of the impatient, who come to another server with the same key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uneven_amounts_fill_the_limit_and_never_pass_it() {
    let mut random = Random(seed());
    let three = Three::start().await;
    let limit = 1_000_000;
    three.change("PATCH", "/api/v1/tiers/free", &json!({ "limits": { "units": 1000 } })).await;
    let mut requests = Vec::new();
    for number in 0..CLIENTS {
        let amount = 1 + random.below(20_000);
        for _ in 0..=random.below(3) {
            requests.push((number, amount));
        }
    }
    for place in (1..requests.len()).rev() {
        requests.swap(place, usize::try_from(random.below(place as u64 + 1)).unwrap());
    }
    let wish = |(number, amount): &(usize, u64)| {
        let key = format!("k{number}");
        let body =
            json!({ "metric": "units", "amount": decimal(*amount), "user": "u", "idempotency_key": key });
        ("/api/usage/consume".to_owned(), body)
    };
    let answers = three.race(requests.iter().map(wish).collect()).await;
    let mut of_key: HashMap<usize, (u64, (u16, Value))> = HashMap::new();
    for (place, answer) in answers {
        let (number, amount) = requests[place];
        let first = of_key.entry(number).or_insert_with(|| (amount, answer.clone()));
        assert_eq!(first.1, answer, "one key, one answer, whichever server");
    }
    assert_eq!(of_key.len(), CLIENTS);
    let with = |status: u16| {
        of_key.values().filter(move |(_, answer)| answer.0 == status).map(|(amount, _)| *amount)
    };
    assert_eq!(with(200).count() + with(429).count(), CLIENTS, "200 or 429 and nothing else");
    let used: u64 = with(200).sum();
    assert!(used <= limit, "{used}");
    let smallest = with(429).min().expect("200 clients want twice the limit");
    assert!(used + smallest > limit, "{smallest} would still have fitted beside {used}");
    assert_eq!(three.stands("u").await, [used, 0]);
    // What fits is still given, by any server, and then nothing.
    let rest = json!({ "metric": "units", "amount": decimal(limit - used), "user": "u" });
    assert_eq!(three.ask(1, "POST", "/api/usage/consume", Some(&rest)).await.0, 200);
    let more = json!({ "metric": "units", "amount": "0.001", "user": "u" });
    assert_eq!(three.ask(2, "POST", "/api/usage/consume", Some(&more)).await.0, 429);
    assert_eq!(three.stands("u").await, [limit, 0]);
}

/// What was spent and what is held of a budget, in cents, by each server, which all say the same.
async fn budget_stands(three: &Three, id: &str) -> [u64; 2] {
    let mut standing = None;
    for server in &three.servers {
        let found = server.get(&format!("/api/v1/budgets/{id}?tenant=acme")).await;
        let cents = ["spent_usd", "held_usd"]
            .map(|name| cluster_support::nanos(&found["current"][name]) / 10_000_000);
        assert_eq!(*standing.get_or_insert(cents), cents, "servers differ");
    }
    standing.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hard_budget_is_filled_and_never_passed() {
    let mut random = Random(seed());
    let three = Three::start().await;
    for round in 0..4 {
        let project = format!("p{round}");
        let budget = json!({ "name": project, "amount_usd": "10", "hard": true, "period": "year", "scope": { "project": project } });
        let made = three.change("POST", "/api/v1/budgets", &budget).await;
        let id = made["id"].as_str().unwrap();
        // The first time a dollar each, so that exactly ten win; later from a cent to 23.
        let cents: Vec<u64> =
            (0..CLIENTS).map(|_| if round == 0 { 100 } else { 1 + random.below(23) }).collect();
        let wish = |(place, cents): (usize, &u64)| {
            let usd = format!("{}.{:02}", cents / 100, cents % 100);
            let user = format!("u-{}", place % 9);
            if place % 2 == 0 {
                let body = json!({ "metric": "cost_usd", "amount": usd, "user": user, "project": project });
                return ("/api/usage/consume".to_owned(), body);
            }
            (
                "/api/usage/reservations".to_owned(),
                json!({ "cost_usd": usd, "user": user, "project": project }),
            )
        };
        let answers = three.race(cents.iter().enumerate().map(wish).collect()).await;
        let (mut sums, mut won, mut smallest) = ([0, 0], 0, u64::MAX);
        for (place, (status, body)) in answers {
            match status {
                200 | 201 => {
                    sums[place % 2] += cents[place];
                    won += 1;
                }
                _ => {
                    assert_eq!((status, &body["detail"]["code"]), (429, &json!("budget_exceeded")), "{body}");
                    smallest = smallest.min(cents[place]);
                }
            }
        }
        let [spent, held] = sums;
        assert!(spent + held <= 1_000, "{spent} and {held} cents of a thousand");
        assert!(round > 0 || won == 10, "{won} of ten");
        assert!(
            spent + held + smallest > 1_000,
            "{smallest} cents would have fitted beside {spent} and {held}"
        );
        assert_eq!(budget_stands(&three, id).await, sums);
    }
}

/// A server is killed while two hundred hold units by all three. Who was not answered asks another server with the same key;
/// the limit is filled and not passed. Nobody settles: after their time all holds are back, also those of the killed server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holds_of_a_killed_server_are_counted_once_and_come_back() {
    const HELD: Duration = Duration::from_secs(12);
    let mut three = Three::start().await;
    three.change("PATCH", "/api/v1/tiers/free", &json!({ "limits": { "units": 50 } })).await;
    let start = Arc::new(Barrier::new(CLIENTS + 1));
    let begun = Instant::now();
    let mut racers = JoinSet::new();
    for number in 0..CLIENTS {
        let urls: Vec<String> =
            (0..SERVERS).map(|server| three.at(number + server, "/api/usage/reservations")).collect();
        let (http, start) = (three.servers[0].http.clone(), start.clone());
        racers.spawn(async move {
            start.wait().await;
            let body = json!({ "metric": "units", "amount": 1, "user": "u", "ttl_seconds": HELD.as_secs(),
                "idempotency_key": format!("k{number}") });
            let mut cut = false;
            for url in urls.iter().cycle() {
                match send(&http, "POST", url, Some(&body)).await {
                    Some((status, body)) if status != 503 => return (status, body, cut),
                    _ => cut = true,
                }
            }
            unreachable!("two servers live")
        });
    }
    start.wait().await;
    // Some were answered, most were not.
    let first = racers.join_next().await.unwrap().unwrap();
    three.servers[1].kill();
    three.servers.remove(1);
    let mut answers = racers.join_all().await;
    answers.push(first);
    assert!(begun.elapsed() < HELD, "too slow to prove anything");
    let with = |wanted: u16| answers.iter().filter(|(status, ..)| *status == wanted).count();
    assert_eq!((with(201), with(429)), (50, CLIENTS - 50));
    assert!(answers.iter().any(|(.., cut)| *cut), "nobody was cut off by the kill");
    assert_eq!(three.stands("u").await, [50_000, 50_000]);
    eventually("all holds are back", HELD * 2, async || three.all_stand("u").await == [[0, 0]; 2]).await;
    // All of it can be had again, exactly.
    let body = json!({ "metric": "units", "amount": 1, "user": "u" });
    let mut won = 0;
    for server in 0..60 {
        let url = format!("{}/api/usage/consume?tenant=acme", three.servers[server % 2].url);
        let (status, _) = send(&three.servers[0].http, "POST", &url, Some(&body)).await.expect("an answer");
        won += usize::from(status == 200);
    }
    assert_eq!(won, 50);
}
