//! Limits under real concurrency: the real binary, real sockets, hundreds of clients at once. A limit is never passed,
//! nothing that fits is refused, a key counts once, tenants do not mix, and every total is the sum of what was answered.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_json, seed};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const TENANTS: [&str; 2] = ["acme", "beta"];
const CLIENTS: usize = 200;

/// A caller of one tenant, as the instance's admin.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    url: String,
    tenant: &'static str,
}

impl Client {
    fn new(server: &Server, tenant: &'static str) -> Self {
        Self { http: server.http.clone(), url: server.url.clone(), tenant }
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let sign = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{sign}tenant={}", self.url, self.tenant);
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(ADMIN_TOKEN);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send("POST", path, Some(body)).await
    }

    /// Sends a change that must succeed.
    async fn change(&self, method: &str, path: &str, body: Value) {
        let (status, answer) = self.send(method, path, Some(body)).await;
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    }

    /// Where a user stands on a metric, in thousandths: used and held together, and held.
    async fn stands(&self, user: &str, metric: &str) -> (u64, u64) {
        let (status, answer) = self.send("GET", &format!("/api/usage/status?user={user}"), None).await;
        assert_eq!(status, 200, "{answer}");
        let standing = &answer["metrics"][metric];
        (thousandths(&standing["current"]), thousandths(&standing["held"]))
    }
}

fn thousandths(amount: &Value) -> u64 {
    let text = amount.to_string();
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    assert!(places.len() <= 3, "{amount}");
    format!("{whole}{places:0<3}").parse().unwrap()
}

/// Thousandths as callers write amounts.
fn decimal(units: u64) -> String {
    format!("{}.{:03}", units / 1000, units % 1000)
}

/// A server with two tenants. `units` and `seen`, which counts events, are levels, so that no midnight comes between.
async fn start(dir: &Path) -> Server {
    let server = Server::start(&dir.join("data"));
    for tenant in TENANTS {
        server.post("/api/v1/tenants", &json!({ "slug": tenant })).await;
        let client = Client::new(&server, tenant);
        client.change("POST", "/api/v1/metrics", json!({ "name": "units", "window": "none" })).await;
        let seen = json!({ "name": "seen", "window": "none", "counts": "events" });
        client.change("POST", "/api/v1/metrics", seen).await;
    }
    server
}

fn new_dir() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_exactly_ten_win_in_each_of_two_tenants() {
    let dir = new_dir();
    let server = start(dir.path()).await;
    let day = async || {
        Client::new(&server, "acme").send("GET", "/api/usage/status?user=u", None).await.1["date"].clone()
    };
    for round in 0.. {
        let user = format!("racer-{round}");
        let before = day().await;
        let start = Arc::new(Barrier::new(TENANTS.len() * CLIENTS));
        let mut racers = JoinSet::new();
        for tenant in TENANTS {
            for _ in 0..CLIENTS {
                let (client, start, user) = (Client::new(&server, tenant), start.clone(), user.clone());
                racers.spawn(async move {
                    start.wait().await;
                    let body = json!({ "metric": "deployments", "amount": 1, "user": user });
                    (tenant, client.post("/api/usage/consume", body).await)
                });
            }
        }
        let answers = racers.join_all().await;
        // Over midnight there are ten more to win; once a day this has to be run again.
        if day().await != before {
            continue;
        }
        for tenant in TENANTS {
            let of_tenant = || answers.iter().filter(|(of, _)| *of == tenant).map(|(_, answer)| answer);
            let mut won: Vec<u64> = of_tenant()
                .filter(|answer| answer.0 == 200)
                .map(|answer| answer.1["current"].as_u64().unwrap())
                .collect();
            won.sort_unstable();
            assert_eq!(won, (1..=10).collect::<Vec<_>>(), "{tenant}: each sees a number of its own");
            let lost: Vec<&(u16, Value)> = of_tenant().filter(|answer| answer.0 != 200).collect();
            assert_eq!(lost.len(), 190);
            for (status, answer) in lost {
                let detail = json!({ "error": "Usage limit exceeded", "code": "limit_exceeded", "message": "Daily deployments limit exceeded",
                    "current": 10, "limit": 10, "tier": "free", "metric": "deployments" });
                assert_eq!((*status, &answer["detail"]), (429, &detail));
            }
            assert_eq!(Client::new(&server, tenant).stands(&user, "deployments").await, (10_000, 0));
        }
        break;
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_amounts_and_repeated_keys_fill_the_limit_and_never_pass_it() {
    let mut random = Random(seed());
    let dir = new_dir();
    let server = start(dir.path()).await;
    let client = Client::new(&server, "acme");
    let limit = 1_000_000;
    client.change("PATCH", "/api/v1/tiers/free", json!({ "limits": { "units": 1000 } })).await;
    let mut requests = Vec::new();
    for number in 0..CLIENTS {
        let amount = 1 + random.below(20_000);
        // The retries of the impatient come at any time, beside the first try too.
        for _ in 0..=random.below(3) {
            requests.push((number, amount));
        }
    }
    for place in (1..requests.len()).rev() {
        requests.swap(place, usize::try_from(random.below(place as u64 + 1)).unwrap());
    }
    let start = Arc::new(Barrier::new(requests.len()));
    let mut racers = JoinSet::new();
    for (number, amount) in requests {
        let (client, start) = (client.clone(), start.clone());
        racers.spawn(async move {
            start.wait().await;
            let body = json!({ "metric": "units", "amount": decimal(amount), "user": "u", "idempotency_key": format!("k{number}") });
            (number, amount, client.post("/api/usage/consume", body).await)
        });
    }
    let mut answers: HashMap<usize, (u64, (u16, Value))> = HashMap::new();
    for (number, amount, answer) in racers.join_all().await {
        let first = answers.entry(number).or_insert_with(|| (amount, answer.clone()));
        assert_eq!(first.1, answer, "one key, one answer");
    }
    assert_eq!(answers.len(), CLIENTS);
    let used: u64 = answers.values().filter(|(_, answer)| answer.0 == 200).map(|(amount, _)| amount).sum();
    assert!(used <= limit, "{used}");
    let refused: Vec<u64> =
        answers.values().filter(|(_, answer)| answer.0 == 429).map(|(amount, _)| *amount).collect();
    let allowed = answers.values().filter(|(_, answer)| answer.0 == 200).count();
    assert_eq!(allowed + refused.len(), answers.len(), "200 or 429 and nothing else");
    let smallest = refused.iter().min().expect("200 clients want twice the limit");
    assert!(used + smallest > limit, "{smallest} would still have fitted beside {used}");
    assert_eq!(client.stands("u", "units").await, (used, 0));
    // And what fits is still given.
    let rest = json!({ "metric": "units", "amount": decimal(limit - used), "user": "u" });
    assert_eq!(client.post("/api/usage/consume", rest).await.0, 200);
    assert_eq!(client.stands("u", "units").await, (limit, 0));
    server.stop();
}

/// Of those who race for what all users of a tenant have together, each with a user of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_of_a_tenant_is_not_passed_by_many_users() {
    let dir = new_dir();
    let server = start(dir.path()).await;
    let client = Client::new(&server, "acme");
    client.change("PUT", "/api/v1/tenant-limits", json!({ "limits": { "units": 50 } })).await;
    let start = Arc::new(Barrier::new(CLIENTS));
    let mut racers = JoinSet::new();
    for number in 0..CLIENTS {
        let (client, start) = (client.clone(), start.clone());
        racers.spawn(async move {
            start.wait().await;
            let body = json!({ "metric": "units", "amount": 1, "user": format!("u{number}") });
            match number % 3 {
                0 => client.post("/api/usage/reservations", body).await.0,
                1 => client.post("/api/usage/consume", body).await.0,
                // In an array and with others in one decision it is the same limit.
                _ => {
                    let several =
                        json!([{ "metrics": { "units": 1, "api_calls": 1 }, "user": format!("u{number}") }]);
                    let (_, answer) = client.post("/api/usage/consume", several).await;
                    if answer["allowed"] == 1 {
                        200
                    } else {
                        answer["results"][0]["status"].as_u64().unwrap().try_into().unwrap()
                    }
                }
            }
        });
    }
    let answers = racers.join_all().await;
    assert_eq!(answers.iter().filter(|status| matches!(status, 200 | 201)).count(), 50);
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 150);
    let mut current = 0;
    for number in 0..CLIENTS {
        current += client.stands(&format!("u{number}"), "units").await.0;
    }
    assert_eq!(current, 50_000);
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_settle_a_reservation_at_once_one_does() {
    let dir = new_dir();
    let server = start(dir.path()).await;
    let client = Client::new(&server, "acme");
    for round in 0..5 {
        let user = format!("u{round}");
        let held = client
            .post("/api/usage/reservations", json!({ "metric": "units", "amount": 100, "user": user }))
            .await;
        let id = held.1["id"].as_str().unwrap().to_owned();
        let start = Arc::new(Barrier::new(50));
        let mut racers = JoinSet::new();
        for number in 0..50_u64 {
            let (client, start, id) = (client.clone(), start.clone(), id.clone());
            racers.spawn(async move {
                start.wait().await;
                let path = format!("/api/usage/reservations/{id}");
                // A tenth gives it back; the others commit, each with an amount of its own.
                let (amount, answer) = match number % 10 {
                    0 => (0, client.send("DELETE", &path, None).await),
                    _ => (number, client.post(&format!("{path}/commit"), json!({ "amount": number })).await),
                };
                (amount, answer.0)
            });
        }
        let answers = racers.join_all().await;
        let won: Vec<u64> = answers.iter().filter(|answer| answer.1 == 200).map(|answer| answer.0).collect();
        // The same end again is answered as the first: all who gave it back, or the one with its amount.
        assert!(won == [0; 5] || won.len() == 1 && won[0] > 0, "{won:?}");
        assert_eq!(answers.iter().filter(|answer| answer.1 == 409).count(), 50 - won.len());
        assert_eq!(client.stands(&user, "units").await, (won[0] * 1000, 0));
    }
    server.stop();
}

/// The same event comes by itself and with the commit of a reservation, at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_comes_twice_at_once_counts_once() {
    let dir = new_dir();
    let server = start(dir.path()).await;
    let client = Client::new(&server, "acme");
    let mut racers = JoinSet::new();
    for number in 0..60 {
        let client = client.clone();
        racers.spawn(async move {
            let hold = json!({ "metric": "units", "amount": 2, "user": "u" });
            let held = client.post("/api/usage/reservations", hold).await.1;
            let commit = format!("/api/usage/reservations/{}/commit", held["id"].as_str().unwrap());
            let event = json!({ "id": format!("e{number}"), "source": "race", "user": "u", "metrics": { "units": 1.5 } });
            let with = json!({ "event": event });
            let (alone, committed, again) = tokio::join!(
                client.post("/api/v1/events", event.clone()),
                client.post(&commit, with.clone()),
                client.post(&commit, with.clone()),
            );
            assert_eq!((alone.0, committed.0, again.0), (200, 200, 200), "{} {} {}", alone.1, committed.1, again.1);
        });
    }
    racers.join_all().await;
    assert_eq!(client.stands("u", "units").await, (90_000, 0));
    assert_eq!(client.stands("u", "seen").await, (60_000, 0));
    server.stop();
}

/// What was answered: used and held of `units`, and events, by tenant and user.
#[derive(Default)]
struct Sums(HashMap<(&'static str, String), [i64; 3]>);

const USERS: u64 = 3;

/// One client of the mixed workload: every answer goes into what the totals must be.
async fn mix(client: Client, name: String, mut random: Random, steps: u64) -> Sums {
    let mut sums = Sums::default();
    let mut held: Vec<(String, String, i64)> = Vec::new();
    for step in 0..steps {
        let user = format!("u{}", random.below(USERS));
        let (amount, id) = (1 + random.below(9_000), format!("{name}-{step}"));
        let text = decimal(amount);
        let units = i64::try_from(amount).unwrap();
        let body = json!({ "metric": "units", "amount": text, "user": user });
        let mut add = |user: &str, used: i64, holds: i64, events: i64| {
            let sum = sums.0.entry((client.tenant, user.to_owned())).or_default();
            *sum = [sum[0] + used, sum[1] + holds, sum[2] + events];
        };
        match random.below(9) {
            0 | 1 => match client.post("/api/usage/consume", body).await {
                (200, _) => add(&user, units, 0, 0),
                (status, answer) => assert_eq!(status, 429, "{answer}"),
            },
            2 => {
                assert_eq!(client.post("/api/usage/increment", body).await.0, 200);
                add(&user, units, 0, 0);
            }
            3 | 4 => match client.post("/api/usage/reservations", body).await {
                (201, answer) => {
                    add(&user, 0, units, 0);
                    held.push((answer["id"].as_str().unwrap().to_owned(), user, units));
                }
                (status, answer) => assert_eq!(status, 429, "{answer}"),
            },
            5 => {
                let event = json!({ "id": id, "source": "race", "user": user, "metrics": { "units": text } });
                let (status, answer) = client.post("/api/v1/events", event).await;
                assert_eq!((status, &answer["stored"]), (200, &json!(1)), "{answer}");
                add(&user, units, 0, 1);
                if random.below(4) == 0 {
                    let void = client.send("DELETE", &format!("/api/v1/events/race/{id}"), None).await;
                    assert_eq!(void.0, 204, "{}", void.1);
                    add(&user, -units, 0, -1);
                }
            }
            6 if !held.is_empty() => {
                let (id, owner, hold) =
                    held.swap_remove(usize::try_from(random.below(held.len() as u64)).unwrap());
                // Less, all, or more than is held.
                let commit = client
                    .post(&format!("/api/usage/reservations/{id}/commit"), json!({ "amount": text }))
                    .await;
                assert_eq!(commit.0, 200, "{}", commit.1);
                add(&owner, units, -hold, 0);
            }
            7 if !held.is_empty() => {
                let (id, owner, hold) = held.swap_remove(0);
                assert_eq!(
                    client.send("DELETE", &format!("/api/usage/reservations/{id}"), None).await.0,
                    200
                );
                add(&owner, 0, -hold, 0);
            }
            _ => {
                let tier = ["free", "pro", "enterprise"][usize::try_from(random.below(3)).unwrap()];
                let path = format!("/api/usage/admin/users/{user}");
                let (status, answer) = client.send("PATCH", &path, Some(json!({ "tier": tier }))).await;
                assert!(status == 200 && answer["tier"] == tier || status == 404, "{status} {answer}");
            }
        }
    }
    sums
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_total_is_the_sum_of_what_was_answered() {
    let seed = seed();
    let dir = new_dir();
    let server = start(dir.path()).await;
    for tenant in TENANTS {
        let client = Client::new(&server, tenant);
        for (tier, units) in [("free", 300), ("pro", 600)] {
            client
                .change("PATCH", &format!("/api/v1/tiers/{tier}"), json!({ "limits": { "units": units } }))
                .await;
        }
        // A level that is used up by increments and events refuses for good; the tenants differ in it.
        let all = if tenant == "acme" { json!(5_000) } else { Value::Null };
        client.change("PUT", "/api/v1/tenant-limits", json!({ "limits": { "units": all } })).await;
    }
    let mut clients = JoinSet::new();
    for number in 0..24_u64 {
        let tenant = TENANTS[usize::try_from(number % 2).unwrap()];
        let random = Random(seed ^ (number + 1).wrapping_mul(0x9E37_79B9));
        clients.spawn(mix(Client::new(&server, tenant), format!("c{number}"), random, 60));
    }
    let mut sums = Sums::default();
    for of_client in clients.join_all().await {
        for (key, added) in of_client.0 {
            let sum = sums.0.entry(key).or_default();
            *sum = [0, 1, 2].map(|place| sum[place] + added[place]);
        }
    }
    assert_eq!(sums.0.len() as u64, USERS * TENANTS.len() as u64);
    check(&server, &sums).await;
    server.stop();
    // The same on disk, and for a server that remembers nothing.
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
    let server = Server::start(&dir.path().join("data"));
    check(&server, &sums).await;
    server.stop();
}

async fn check(server: &Server, sums: &Sums) {
    for ((tenant, user), sum) in &sums.0 {
        let client = Client::new(server, tenant);
        let (current, held) = client.stands(user, "units").await;
        let expected = [sum[0] + sum[1], sum[1]].map(|units| u64::try_from(units).unwrap());
        assert_eq!([current, held], expected, "{tenant} {user}");
        let check = json!({ "metric": "units", "amount": 0, "user": user });
        let (_, answer) = client.post("/api/usage/check-limit", check).await;
        assert_eq!(thousandths(&answer["current"]), current, "a check knows the same");
    }
    for tenant in TENANTS {
        let path = format!("/api/v1/usage/query?tenant={tenant}&range=7d&tz=UTC&metrics=calls");
        let events: i64 = sums.0.iter().filter(|((of, _), _)| *of == tenant).map(|(_, sum)| sum[2]).sum();
        assert_eq!(server.get(&path).await["total"]["calls"], json!(events));
    }
}
