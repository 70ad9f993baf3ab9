//! Engines that are away. Without ClickHouse recording and deciding go on and questions are refused within a bound; without
//! PostgreSQL everything is refused at once, with a sentence. What comes back is used by itself, and every number is right.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;
mod cluster_support;

use cli_support::{ADMIN_TOKEN, Server};
use cluster_support::books::Books;
use cluster_support::engines::Own;
use cluster_support::{World, eventually, metric, nanos, send};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Everything that only PostgreSQL is needed for is answered within this, whatever ClickHouse does.
const QUICK: Duration = Duration::from_secs(2);
/// Without PostgreSQL everything is refused within this: two seconds, and what a busy machine adds;
const GONE: Duration = Duration::from_millis(2_500);
/// where it takes connections and is silent.
const SILENT: Duration = Duration::from_secs(15);
/// A question that ClickHouse does not answer is refused within this.
const REFUSED: Duration = Duration::from_secs(35);
/// An engine that is back is used again within this: the longest pause of the flusher, and a batch.
const BACK: Duration = Duration::from_mins(1);
/// Events of one batch.
const BATCH: u64 = 20;
const NANOS: u64 = 2_000_003;

/// Two servers on engines of their own; the second one does not lead.
struct Two {
    own: Option<Own>,
    world: World,
    servers: Vec<Server>,
    recorded: u64,
    taken: u64,
}

impl Two {
    async fn start(settings: &[(&'static str, &str)]) -> Self {
        let own = tokio::task::spawn_blocking(|| Own::start("postgres,clickhouse")).await.unwrap();
        let mut world = World::on(&own).await;
        for (name, value) in settings {
            world = world.set(name, value);
        }
        let servers = world.start_all(2);
        servers[0].post("/api/v1/tenants", &json!({ "slug": "acme" })).await;
        for (name, counts) in [("seen", "events"), ("units", "decisions")] {
            let metric = json!({ "name": name, "window": "none", "counts": counts });
            servers[0].post("/api/v1/metrics?tenant=acme", &metric).await;
        }
        Self { own: Some(own), world, servers, recorded: 0, taken: 0 }
    }

    async fn order(&mut self, deed: &'static str, engines: &'static [&'static str]) {
        let mut own = self.own.take().unwrap();
        let ordered = tokio::task::spawn_blocking(move || {
            for engine in engines {
                own.order(deed, engine);
            }
            own
        });
        self.own = Some(ordered.await.unwrap());
    }

    /// Sends; answers how long it took too.
    async fn ask(
        &self,
        server: usize,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value, Duration) {
        let server = &self.servers[server];
        let http = reqwest::Client::builder().timeout(REFUSED * 2).build().unwrap();
        let begun = Instant::now();
        let answer = send(&http, method, &format!("{}{path}", server.url), body).await;
        let (status, body) = answer.unwrap_or_else(|| panic!("{method} {path} is not answered at all"));
        (status, body, begun.elapsed())
    }

    fn batch(&self) -> Value {
        let event = |number: u64| {
            json!({ "id": format!("e{number}"), "source": "s", "user": "u", "project": "p", "model": "m",
                "cost_usd": "0.002000003", "usage": { "input_tokens": 3 } })
        };
        (self.recorded..self.recorded + BATCH).map(event).collect()
    }

    /// A batch and a decision by each server, answered as ever.
    async fn record_and_decide(&mut self) {
        for server in 0..2 {
            let batch = self.batch();
            let (status, answer, took) =
                self.ask(server, "POST", "/api/v1/events?tenant=acme", Some(&batch)).await;
            assert_eq!((status, &answer["stored"]), (200, &json!(BATCH)), "{answer}");
            assert!(took < QUICK, "recording took {took:?}");
            self.recorded += BATCH;
            let body = json!({ "metric": "units", "amount": 1, "user": "u" });
            let (status, answer, took) =
                self.ask(server, "POST", "/api/usage/consume?tenant=acme", Some(&body)).await;
            self.taken += 1;
            assert_eq!((status, &answer["current"]), (200, &json!(self.taken)), "{answer}");
            assert!(took < QUICK, "a decision took {took:?}");
            let (status, answer, _) =
                self.ask(1 - server, "GET", "/api/usage/status?tenant=acme&user=u", None).await;
            let current = |name: &str| answer["metrics"][name]["current"].clone();
            assert_eq!(
                (status, current("seen"), current("units")),
                (200, json!(self.recorded), json!(self.taken))
            );
        }
    }

    /// Questions are refused, in words, within a bound.
    async fn questions_are_refused(&self) {
        let refused = async |server: usize, path: &str| {
            let (status, answer, took) = self.ask(server, "GET", path, None).await;
            assert_eq!((status, &answer["detail"]["code"]), (503, &json!("unavailable")), "{path}: {answer}");
            assert!(took < REFUSED, "refusing {path} took {took:?}");
            println!("{path}: refused in {took:?}: {}", answer["detail"]["message"]);
        };
        let again_later = async || {
            let path = format!("{}/api/v1/usage/query?tenant=acme&range=7d", self.servers[0].url);
            let request = self.servers[0].http.get(path).bearer_auth(ADMIN_TOKEN).timeout(REFUSED);
            let headers = request.send().await.unwrap().headers().clone();
            assert!(headers.contains_key("retry-after"), "{headers:?}");
        };
        tokio::join!(
            refused(0, "/api/v1/usage/query?tenant=acme&range=7d&metrics=calls"),
            refused(1, "/api/usage/log?tenant=acme&range=7d"),
            again_later(),
        );
    }

    /// Every number is right, by both servers and in both engines.
    async fn all_is_right(&self) {
        eventually("questions are answered again", BACK, async || {
            let mut all = true;
            for server in 0..2 {
                let path = "/api/v1/usage/query?tenant=acme&range=7d&metrics=calls,cost";
                let (status, answer, _) = self.ask(server, "GET", path, None).await;
                assert!(status == 200 || status == 503, "{status} {answer}");
                let right = || {
                    let total = &answer["total"];
                    assert_eq!(total["calls"], json!(self.recorded), "{answer}");
                    assert_eq!(nanos(&total["cost_usd"]), self.recorded * NANOS);
                };
                if status == 200 { right() } else { all = false }
            }
            all
        })
        .await;
        let books = Books::settled(&self.world, "acme", 0).await;
        books.agree();
        assert_eq!(books.ledger[0], self.recorded.cast_signed());
    }
}

const SHARDS: &[&str] = &["clickhouse-1", "clickhouse-2"];

/// Its connections are refused, then it takes connections and says nothing; one shard is as good as all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_clickhouse_recording_and_deciding_go_on() {
    let mut two = Two::start(&[]).await;
    two.record_and_decide().await;
    two.all_is_right().await;
    for (away, back, which) in
        [("kill", "start", SHARDS), ("pause", "resume", SHARDS), ("kill", "start", &SHARDS[1..])]
    {
        two.order(away, which).await;
        for _ in 0..3 {
            two.record_and_decide().await;
        }
        two.questions_are_refused().await;
        two.record_and_decide().await;
        let (status, answer, _) = two.ask(0, "GET", "/readyz", None).await;
        assert_eq!(status, 200, "PostgreSQL is there: {answer}");
        for server in &two.servers {
            eventually("the lag is told", QUICK * 2, async || {
                metric(server, "meterwire_outbox_events").await > Some(0.0)
                    && metric(server, "meterwire_outbox_seconds").await > Some(1.0)
            })
            .await;
        }
        two.order(back, which).await;
        two.all_is_right().await;
    }
}

/// Beyond the bound recording is refused with its reason, and what was answered is kept; deciding goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_clickhouse_is_bounded() {
    let mut two = Two::start(&[("METERWIRE_STORAGE_MAX_OUTBOX_EVENTS", "500")]).await;
    two.record_and_decide().await;
    two.order("kill", SHARDS).await;
    let begun = Instant::now();
    // Each server looks once a second, so a little more than the bound may come in.
    let refused = loop {
        let batch = two.batch();
        let server = usize::try_from(two.recorded / BATCH % 2).unwrap();
        let (status, answer, took) =
            two.ask(server, "POST", "/api/v1/events?tenant=acme", Some(&batch)).await;
        assert!(took < QUICK, "{took:?}");
        match status {
            200 => two.recorded += BATCH,
            503 => break answer,
            _ => panic!("{status} {answer}"),
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "never refused: {} events", two.recorded);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let sentence = refused["detail"]["message"].as_str().unwrap();
    println!("{} events were taken, then: {sentence}", two.recorded);
    assert!(sentence.contains("ClickHouse") && sentence.contains("events wait"), "{sentence}");
    assert!(two.recorded >= 500, "{}", two.recorded);
    let body = json!({ "metric": "units", "amount": 1, "user": "u" });
    assert_eq!(two.ask(1, "POST", "/api/usage/consume?tenant=acme", Some(&body)).await.0, 200);
    two.order("start", SHARDS).await;
    // What was refused is taken when it is sent again, and nothing was lost.
    let batch = two.batch();
    eventually("recording goes on", BACK, async || {
        let (status, answer, _) = two.ask(0, "POST", "/api/v1/events?tenant=acme", Some(&batch)).await;
        assert!(status == 503 || answer["stored"] == json!(BATCH), "{status} {answer}");
        status == 200
    })
    .await;
    two.recorded += BATCH;
    two.all_is_right().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_postgres_everything_is_refused_at_once_and_comes_back_by_itself() {
    let mut two = Two::start(&[]).await;
    two.record_and_decide().await;
    // One that is there and says nothing could be at work: it is given the time that a statement may take.
    for (away, back, bound) in [("kill", "start", GONE), ("pause", "resume", SILENT)] {
        two.order(away, &["postgres"]).await;
        let batch = two.batch();
        let consume = json!({ "metric": "units", "amount": 1, "user": "u", "idempotency_key": format!("while-{away}") });
        let refused = async |server: usize, method: &str, path: &str, body: Option<&Value>| {
            let (status, answer, took) = two.ask(server, method, path, body).await;
            println!("{away}: {method} {path}: {status} in {took:?}");
            assert_eq!((status, &answer["detail"]["code"]), (503, &json!("unavailable")), "{path}: {answer}");
            assert!(took < bound, "{away}: {method} {path} took {took:?}");
        };
        for server in 0..2 {
            tokio::join!(
                refused(server, "POST", "/api/v1/events?tenant=acme", Some(&batch)),
                refused(server, "POST", "/api/usage/consume?tenant=acme", Some(&consume)),
                refused(server, "GET", "/api/v1/usage/query?tenant=acme&range=7d", None),
                refused(server, "GET", "/api/usage/status?tenant=acme&user=u", None),
                refused(server, "GET", "/readyz", None),
            );
            let (status, ..) = two.ask(server, "GET", "/healthz", None).await;
            assert_eq!(status, 200, "the process lives");
        }
        two.order(back, &["postgres"]).await;
        eventually("it is ready again", Duration::from_secs(20), async || {
            two.ask(0, "GET", "/readyz", None).await.0 == 200
                && two.ask(1, "GET", "/readyz", None).await.0 == 200
        })
        .await;
        // What was sent meanwhile may be there: PostgreSQL was stopped with it in its hands. Sent again it is there once.
        let (status, answer, _) = two.ask(0, "POST", "/api/v1/events?tenant=acme", Some(&batch)).await;
        assert_eq!(status, 200, "{answer}");
        two.recorded += BATCH;
        let (status, answer, _) = two.ask(1, "POST", "/api/usage/consume?tenant=acme", Some(&consume)).await;
        assert_eq!(status, 200, "{answer}");
        two.taken += 1;
        two.record_and_decide().await;
        two.all_is_right().await;
    }
}
