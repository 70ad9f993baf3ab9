//! What one server answered is in the next answer of every other: totals, the log, budgets, limits. Asked thousands of times
//! while batches go to ClickHouse and are folded there, so that an answer is made of all three places, and of their seams.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{Random, Server, seed};
use cluster_support::books::Books;
use cluster_support::{SERVERS, World, eventually, metric, nanos};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Each has one writer, who knows at any moment what has to be there.
const TENANTS: usize = 6;
/// So many answers, fewer where the machine has other work,
const ANSWERS: u64 = 3_000;
const ENOUGH: u64 = 200;
/// and as long as folds need to come up: of twenty batches, one a second.
const AT_LEAST: Duration = Duration::from_secs(35);
const AT_MOST: Duration = Duration::from_mins(2);
/// What an event costs, in nano-dollars.
const NANOS: u64 = 1_000_001;

/// The one writer of a tenant.
struct Writer {
    servers: Arc<Vec<Server>>,
    tenant: String,
    random: Random,
    budget: String,
    /// Events that were answered and not voided, the newest last, with their instants.
    events: Vec<String>,
    recorded: u64,
    taken: u64,
    asked: u64,
}

impl Writer {
    async fn new(servers: Arc<Vec<Server>>, number: usize, random: Random) -> Self {
        let tenant = format!("tenant-{number}");
        servers[0].post("/api/v1/tenants", &json!({ "slug": tenant })).await;
        let at = |path: &str| format!("{path}?tenant={tenant}");
        for (name, counts) in [("seen", "events"), ("units", "decisions")] {
            let metric = json!({ "name": name, "window": "none", "counts": counts });
            servers[0].post(&at("/api/v1/metrics"), &metric).await;
        }
        let budget = json!({ "name": "all", "amount_usd": "1000000", "period": "year" });
        let budget =
            servers[0].post(&at("/api/v1/budgets"), &budget).await["id"].as_str().unwrap().to_owned();
        let events = Vec::new();
        Self { servers, tenant, random, budget, events, recorded: 0, taken: 0, asked: 0 }
    }

    fn pick(&mut self) -> usize {
        usize::try_from(self.random.below(SERVERS as u64)).unwrap()
    }

    fn at(&self, path: &str, more: &str) -> String {
        format!("{path}?tenant={}{more}", self.tenant)
    }

    /// One change by one server, then one question to each of the others.
    async fn turn(&mut self) {
        let by = self.pick();
        let servers = self.servers.clone();
        match self.random.below(8) {
            0 if self.events.len() > 10 => {
                let place = usize::try_from(self.random.below(self.events.len() as u64)).unwrap();
                let id = self.events.remove(place);
                let url = format!("{}{}", servers[by].url, self.at(&format!("/api/v1/events/s/{id}"), ""));
                let answer = cluster_support::send(&servers[by].http, "DELETE", &url, None).await.unwrap();
                assert_eq!(answer.0, 204, "{}", answer.1);
            }
            1 => {
                let body = json!({ "metric": "units", "amount": 1, "user": "u" });
                servers[by].post(&self.at("/api/usage/increment", ""), &body).await;
                self.taken += 1;
            }
            _ => self.record(&servers[by]).await,
        }
        for other in (0..SERVERS).filter(|other| *other != by) {
            self.ask(&servers[other]).await;
            self.asked += 1;
        }
    }

    async fn record(&mut self, server: &Server) {
        let count = 1 + self.random.below(5);
        let ids: Vec<String> = (0..count).map(|number| format!("e{}", self.recorded + number)).collect();
        self.recorded += count;
        let batch: Value = ids
            .iter()
            .map(|id| {
                json!({ "id": id, "source": "s", "user": "u", "model": format!("m{}", self.recorded % 3),
                    "project": "p", "cost_usd": "0.001000001", "latency_ms": 7, "usage": { "input_tokens": 1 } })
            })
            .collect();
        let answer = server.post(&self.at("/api/v1/events", ""), &batch).await;
        assert_eq!(answer["stored"], count, "{answer}");
        self.events.extend(ids);
    }

    /// Any question; everything that was answered to us by any server is in it, and nothing else.
    async fn ask(&mut self, server: &Server) {
        let (count, cost) = (self.events.len() as u64, self.events.len() as u64 * NANOS);
        match self.random.below(7) {
            0 => {
                let more = "&range=7d&metrics=calls,cost,tokens&group_by=model&top=2";
                let total = server.get(&self.at("/api/v1/usage/query", more)).await["total"].clone();
                assert_eq!((&total["calls"], nanos(&total["cost_usd"])), (&json!(count), cost), "{total}");
            }
            1 => {
                let more = "&range=30d&granularity=day&metrics=calls,users,latency_p50&group_by=user";
                let answer = server.get(&self.at("/api/v1/usage/query", more)).await;
                assert_eq!(answer["total"]["calls"], json!(count), "{}", answer["total"]);
            }
            2 => {
                let log = server.get(&self.at("/api/usage/log", "&range=7d&page_size=5")).await;
                assert_eq!(log["total"], json!(count));
            }
            3 => {
                let Some(newest) = self.events.last() else { return };
                let found = server.get(&self.at(&format!("/api/v1/events/s/{newest}"), "")).await;
                assert_eq!(found["voided_at"], Value::Null);
            }
            4 => {
                let path = self.at(&format!("/api/v1/budgets/{}", self.budget), "");
                assert_eq!(nanos(&server.get(&path).await["current"]["spent_usd"]), cost);
            }
            5 => {
                let status = server.get(&self.at("/api/usage/status", "&user=u")).await;
                let current = |name: &str| status["metrics"][name]["current"].clone();
                assert_eq!((current("seen"), current("units")), (json!(count), json!(self.taken)));
            }
            _ => {
                let summary = server.get(&self.at("/api/usage/summary", "&range=7d")).await;
                assert_eq!(summary["totalTokens"], json!(count), "{summary}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_answered_every_other_knows() {
    let mut random = Random(seed());
    let world = World::new().await;
    let servers = Arc::new(world.start_all(SERVERS));
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut writers = JoinSet::new();
    for number in 0..TENANTS {
        let mut writer = Writer::new(servers.clone(), number, Random(random.next())).await;
        let (stop, asked) = (stop.clone(), asked.clone());
        writers.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                writer.turn().await;
                asked.fetch_add(2, Ordering::Relaxed);
            }
            writer
        });
    }
    let begun = Instant::now();
    let mut lag = [0.0_f64; SERVERS];
    let enough = || asked.load(Ordering::Relaxed) >= ANSWERS && begun.elapsed() > AT_LEAST;
    while !enough() && begun.elapsed() < AT_MOST && writers.len() == TENANTS {
        tokio::time::sleep(Duration::from_millis(200)).await;
        for (most, server) in lag.iter_mut().zip(servers.iter()) {
            *most = most.max(metric(server, "meterwire_outbox_events").await.expect("a metric"));
        }
        if let Some(ended) = writers.try_join_next() {
            ended.expect("a writer found nothing wrong");
        }
    }
    stop.store(true, Ordering::Relaxed);
    let writers = writers.join_all().await;
    let (changes, answers) =
        (writers.iter().map(|writer| writer.asked / 2).sum::<u64>(), asked.load(Ordering::Relaxed));
    println!(
        "{answers} answers behind {changes} changes in {:?}; at most {lag:?} events waited",
        begun.elapsed()
    );
    assert!(answers >= ENOUGH, "{answers} answers are too few to prove anything");
    assert!(lag.iter().all(|most| *most > 0.0), "each server tells what waits: {lag:?}");
    for server in servers.iter() {
        eventually("nothing waits any more", Duration::from_secs(20), async || {
            let events = metric(server, "meterwire_outbox_events").await;
            (events, metric(server, "meterwire_outbox_seconds").await) == (Some(0.0), Some(0.0))
        })
        .await;
    }
    for writer in &writers {
        let books = Books::settled(&world, &writer.tenant, 1).await;
        books.agree();
        assert_eq!(books.ledger[0], writer.events.len() as i64);
        assert!(books.rollup_rows > 0, "no fold was made meanwhile");
    }
}
