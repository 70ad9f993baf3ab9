//! An answer means stored: the real binary is killed with -9 at random moments under concurrent batches, and nothing
//! answered is missing, nothing is there twice, and no batch is there by half.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, run_json, run_ok, seed};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

const ROUNDS: u64 = 20;
const CLIENTS: u64 = 6;
const TENANTS: [&str; 2] = ["acme", "beta"];

/// A batch as a client keeps it until it is answered.
#[derive(Clone)]
struct Batch {
    tenant: &'static str,
    events: Vec<Value>,
}

/// What the totals of a tenant must be.
#[derive(Default, Debug, PartialEq, Eq)]
struct Sums {
    calls: u64,
    input_tokens: u64,
    output_tokens: u64,
    /// gpt-4o costs 2,500 nano-dollars for an input token and 10,000 for an output token.
    cost_nanos: u64,
}

impl Batch {
    fn new(random: &mut Random, name: &str) -> Self {
        let tenant = TENANTS[usize::try_from(random.below(2)).unwrap()];
        let count = 1 + random.below(100);
        let event = |number: u64| {
            json!({
                "id": format!("{name}-{number}"), "source": format!("s{}", random.below(3)), "model": "gpt-4o",
                "project": format!("p{}", random.below(5)), "user": format!("u{}", random.below(50)),
                "time": format!("2026-0{}-{:02}T{:02}:{:02}:00Z", 1 + random.below(9), 1 + random.below(28), random.below(24), random.below(60)),
                "status": if random.below(20) == 0 { 500 } else { 200 }, "latency_ms": random.below(5000),
                "usage": { "input_tokens": random.below(3000), "output_tokens": random.below(500) },
            })
        };
        Self { tenant, events: (0..count).map(event).collect() }
    }

    /// Sends it; `None` where no whole answer came.
    async fn send(&self, http: &reqwest::Client, url: &str) -> Option<Value> {
        let request =
            http.post(format!("{url}/api/v1/events?tenant={}", self.tenant)).bearer_auth(ADMIN_TOKEN);
        let response = request.json(&self.events).send().await.ok()?;
        let status = response.status();
        let text = response.text().await.ok()?;
        assert_eq!(status.as_u16(), 200, "{text}");
        serde_json::from_str(&text).ok()
    }
}

/// Sends batches until the server is gone; answers what was answered and what was not.
async fn client(
    http: reqwest::Client,
    url: String,
    mut random: Random,
    name: String,
) -> (Vec<Batch>, Vec<Batch>) {
    let mut answered = Vec::new();
    for number in 0.. {
        let batch = Batch::new(&mut random, &format!("{name}-{number}"));
        match batch.send(&http, &url).await {
            Some(answer) => {
                assert_eq!(answer["stored"].as_u64(), Some(batch.events.len() as u64), "{answer}");
                answered.push(batch);
            }
            None => return (answered, vec![batch]),
        }
    }
    unreachable!("the server is killed")
}

/// Everything that is stored for sure.
#[derive(Default)]
struct Model {
    sums: HashMap<&'static str, Sums>,
    /// Tenant, source and id.
    identities: HashSet<(&'static str, String, String)>,
}

impl Model {
    fn add(&mut self, batch: &Batch) {
        let sums = self.sums.entry(batch.tenant).or_default();
        for event in &batch.events {
            let [input, output] =
                ["input_tokens", "output_tokens"].map(|name| event["usage"][name].as_u64().unwrap());
            sums.calls += 1;
            sums.input_tokens += input;
            sums.output_tokens += output;
            sums.cost_nanos += input * 2_500 + output * 10_000;
            let [source, id] = ["source", "id"].map(|name| event[name].as_str().unwrap().to_owned());
            assert!(self.identities.insert((batch.tenant, source, id)));
        }
    }

    async fn check_totals(&self, server: &Server) {
        for tenant in TENANTS {
            let path = format!(
                "/api/v1/usage/query?tenant={tenant}&from=2026-01-01&to=2027-01-01&metrics=calls,input_tokens,output_tokens,cost"
            );
            let total = server.get(&path).await["total"].clone();
            let number = |name: &str| total[name].as_u64().unwrap();
            let found = Sums {
                calls: number("calls"),
                input_tokens: number("input_tokens"),
                output_tokens: number("output_tokens"),
                cost_nanos: nanos(total["cost_usd"].as_str().unwrap()),
            };
            assert_eq!(Some(&found), self.sums.get(tenant), "{tenant}");
        }
    }

    /// Pages through the whole log: every event once.
    async fn check_log(&self, server: &Server) {
        let mut left = self.identities.clone();
        for tenant in TENANTS {
            let mut cursor = String::new();
            loop {
                let path = format!(
                    "/api/usage/log?tenant={tenant}&from=2026-01-01&to=2027-01-01&page_size=500{cursor}"
                );
                let page = server.get(&path).await;
                for row in page["items"].as_array().unwrap() {
                    let [source, id] = ["source", "id"].map(|name| row[name].as_str().unwrap().to_owned());
                    assert!(left.remove(&(tenant, source, id)), "there twice, or never sent: {row}");
                }
                match page["nextCursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        assert!(left.is_empty(), "missing: {:?}", left.iter().take(5).collect::<Vec<_>>());
    }
}

/// Dollars with up to nine decimals as nano-dollars, exactly.
fn nanos(usd: &str) -> u64 {
    let (whole, places) = usd.split_once('.').unwrap_or((usd, ""));
    format!("{whole}{places:0<9}").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_and_nothing_counts_twice_over_twenty_kills() {
    let seed = seed();
    let mut random = Random(seed);
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    for tenant in TENANTS {
        run_ok(dir.path(), &["tenant", "create", tenant, "--data-dir", "data"]);
    }
    let (mut model, mut unanswered) = (Model::default(), Vec::<Batch>::new());
    let (mut kept_unanswered, mut lost_unanswered) = (0, 0);
    for round in 0..ROUNDS {
        let mut server = Server::start(&data);
        // What a client does whose request was not answered: it sends the same again.
        for batch in std::mem::take(&mut unanswered) {
            let answer = batch.send(&server.http, &server.url).await.expect("an answer");
            let (stored, duplicate) =
                (answer["stored"].as_u64().unwrap(), answer["duplicate"].as_u64().unwrap());
            let all = batch.events.len() as u64;
            assert!(
                (stored, duplicate) == (all, 0) || (stored, duplicate) == (0, all),
                "half a batch: {answer}"
            );
            kept_unanswered += u64::from(stored == 0);
            lost_unanswered += u64::from(stored > 0);
            model.add(&batch);
        }
        if round > 0 {
            model.check_totals(&server).await;
        }
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let random = Random(seed ^ (round * CLIENTS + number + 1).wrapping_mul(0x9E37_79B9));
                tokio::spawn(client(
                    server.http.clone(),
                    server.url.clone(),
                    random,
                    format!("r{round}-c{number}"),
                ))
            })
            .collect();
        let alive_ms = 30 + random.below(400);
        tokio::time::sleep(Duration::from_millis(alive_ms)).await;
        server.kill();
        let mut answered_batches = 0;
        for client in clients {
            let (answered, open) = client.await.unwrap();
            answered_batches += answered.len();
            answered.iter().for_each(|batch| model.add(batch));
            unanswered.extend(open);
        }
        println!(
            "round {round}: killed after {alive_ms} ms, {answered_batches} batches answered, {} open",
            unanswered.len()
        );
    }
    // Right after a kill, before any server has looked at it.
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(looked["found"], 0, "{looked}");
    let server = Server::start(&data);
    for batch in &unanswered {
        batch.send(&server.http, &server.url).await.expect("an answer");
        model.add(batch);
    }
    model.check_totals(&server).await;
    model.check_log(&server).await;
    server.stop();
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!(
        (&looked["found"], looked["events"].as_u64()),
        (&json!(0), Some(model.identities.len() as u64))
    );
    println!(
        "{} events; of the batches without an answer {kept_unanswered} were stored whole and {lost_unanswered} not at all",
        model.identities.len()
    );
    assert!(model.identities.len() > 500, "the harness sent too little to prove anything");
}
