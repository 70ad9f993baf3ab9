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
use tokio::task::JoinSet;

/// Everything that only PostgreSQL is needed for is answered within this, whatever ClickHouse does.
const QUICK: Duration = Duration::from_secs(2);
/// Without PostgreSQL everything is refused within this: two seconds, and what a busy machine adds.
const GONE: Duration = Duration::from_secs(3);
/// What it says nothing to for longer than this was given up by everybody, PostgreSQL itself included.
const GIVEN_UP: Duration = Duration::from_secs(17);
/// A question that ClickHouse does not answer is refused within this: four seconds, and what a busy machine adds.
const REFUSED: Duration = Duration::from_secs(7);
/// An engine that is back is used again within this: the longest pause of the flusher, and a batch.
const BACK: Duration = Duration::from_mins(1);
/// Events of one batch.
const BATCH: u64 = 20;
const NANOS: u64 = 2_000_003;

/// Events of a client, from this number on.
fn batch(client: &str, from: u64) -> Value {
    let event = |number: u64| {
        json!({ "id": format!("{client}{number}"), "source": "s", "user": "u", "project": "p", "model": "m",
            "cost_usd": "0.002000003", "usage": { "input_tokens": 3 } })
    };
    (from..from + BATCH).map(event).collect()
}

/// Two servers on engines of their own; the second one does not lead.
struct Two {
    own: Option<Own>,
    world: World,
    servers: Vec<Server>,
    recorded: u64,
    /// By [`AtWork`].
    recorded_by_others: u64,
    taken: u64,
}

/// Clients that record one batch after another, until one is refused.
struct AtWork {
    clients: JoinSet<Refused>,
}

/// The batches of one client.
struct Refused {
    name: String,
    server: usize,
    recorded: u64,
    sentence: String,
    took: Duration,
}

impl AtWork {
    /// Four clients of each server.
    fn start(two: &Two, round: usize) -> Self {
        let mut clients = JoinSet::new();
        for client in 0..8 {
            let server = client % 2;
            let (http, url) = (two.servers[server].http.clone(), two.servers[server].url.clone());
            let name = format!("r{round}c{client}");
            clients.spawn(async move {
                let mut recorded = 0;
                loop {
                    let begun = Instant::now();
                    let url = format!("{url}/api/v1/events?tenant=acme");
                    let answer = send(&http, "POST", &url, Some(&batch(&name, recorded))).await;
                    let (status, answer) = answer.expect("an answer");
                    if status == 503 {
                        let sentence = answer["detail"]["message"].as_str().unwrap().to_owned();
                        return Refused { name, server, recorded, sentence, took: begun.elapsed() };
                    }
                    assert_eq!((status, &answer["stored"]), (200, &json!(BATCH)), "{answer}");
                    recorded += BATCH;
                }
            });
        }
        Self { clients }
    }

    /// Waits until all are, and looks at what they were told.
    async fn refused(self, away: &str) -> Vec<Refused> {
        let refused = self.clients.join_all().await;
        let slowest = refused.iter().map(|refused| refused.took).max().unwrap();
        let maybe = |refused: &&Refused| {
            refused.sentence.contains("may have been recorded") && refused.sentence.contains("same ids")
        };
        let at_work = refused.iter().filter(maybe).count();
        println!(
            "{away}: {} clients were refused, the slowest in {slowest:?}; {at_work} at work",
            refused.len()
        );
        assert!(slowest < GONE, "{slowest:?}");
        // Which are at work when it stops is left to chance; the others were about to look something up.
        let told = |refused: &Refused| maybe(&refused) || refused.sentence.contains("ry again in a moment");
        assert!(away == "kill" || refused.iter().all(told), "{:?}", refused[0].sentence);
        refused
    }
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
        Self { own: Some(own), world, servers, recorded: 0, recorded_by_others: 0, taken: 0 }
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

    /// Events that have to be there.
    fn all(&self) -> u64 {
        self.recorded + self.recorded_by_others
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
        batch("e", self.recorded)
    }

    /// Sends again what was refused; answers how much all of these clients have recorded.
    async fn again(&self, refused: Vec<Refused>) -> u64 {
        let (mut recorded, mut done) = (0, 0);
        for Refused { name, server, recorded: before, .. } in refused {
            // To the other server, which knows nothing of it.
            let again = batch(&name, before);
            let (status, answer, _) =
                self.ask(1 - server, "POST", "/api/v1/events?tenant=acme", Some(&again)).await;
            let counts = ["stored", "duplicate"].map(|verdict| answer[verdict].as_u64().unwrap_or(0));
            assert!(status == 200 && (counts == [BATCH, 0] || counts == [0, BATCH]), "{status} {answer}");
            recorded += before + BATCH;
            done += u64::from(counts[0] == 0);
        }
        println!("{done} of those that were refused had been recorded");
        recorded
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
                (200, json!(self.all()), json!(self.taken))
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
                    assert_eq!(total["calls"], json!(self.all()), "{answer}");
                    assert_eq!(nanos(&total["cost_usd"]), self.all() * NANOS);
                };
                if status == 200 { right() } else { all = false }
            }
            all
        })
        .await;
        let books = Books::settled(&self.world, "acme", 0).await;
        books.agree();
        assert_eq!(books.ledger[0], self.all().cast_signed());
    }
}

const SHARDS: &[&str] = &["clickhouse-1", "clickhouse-2"];

/// Its connections are refused, then it takes connections and says nothing; one shard is as good as all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_clickhouse_recording_and_deciding_go_on() {
    let mut two = Two::start(&[]).await;
    two.record_and_decide().await;
    two.all_is_right().await;
    let one = &SHARDS[1..];
    for (away, back, which) in [
        ("kill", "start", SHARDS),
        ("pause", "resume", SHARDS),
        ("kill", "start", one),
        ("pause", "resume", one),
    ] {
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
    // One that is there and says nothing is back soon, or when nobody waits any more for what it had in its hands.
    let rounds = [("kill", "start", false), ("pause", "resume", false), ("pause", "resume", true)];
    for (round, (away, back, for_long)) in rounds.into_iter().enumerate() {
        let at_work = AtWork::start(&two, round);
        tokio::time::sleep(Duration::from_millis(300)).await;
        two.order(away, &["postgres"]).await;
        let begun = Instant::now();
        let batch = two.batch();
        let consume = json!({ "metric": "units", "amount": 1, "user": "u", "idempotency_key": format!("round-{round}") });
        let project = json!({ "slug": format!("p{round}") });
        let refused = async |server: usize,
                             method: &str,
                             path: &str,
                             body: Option<&Value>,
                             bound: Duration| {
            let (status, answer, took) = two.ask(server, method, path, body).await;
            println!("{away}: {method} {path}: {status} in {took:?}");
            assert_eq!((status, &answer["detail"]["code"]), (503, &json!("unavailable")), "{path}: {answer}");
            assert!(took < bound, "{away}: {method} {path} took {took:?}");
            let sentence = answer["detail"]["message"].as_str().unwrap();
            assert!(away == "kill" || sentence.contains("PostgreSQL"), "{sentence}");
        };
        let all_refused = async |server: usize, bound: Duration| {
            tokio::join!(
                refused(server, "POST", "/api/v1/events?tenant=acme", Some(&batch), bound),
                refused(server, "POST", "/api/usage/consume?tenant=acme", Some(&consume), bound),
                refused(server, "GET", "/api/v1/usage/query?tenant=acme&range=7d", None, bound),
                refused(server, "GET", "/api/usage/status?tenant=acme&user=u", None, bound),
                refused(server, "GET", "/api/v1/budgets?tenant=acme", None, bound),
                refused(server, "POST", "/api/v1/projects?tenant=acme", Some(&project), bound),
                refused(server, "GET", "/readyz", None, bound),
            );
        };
        let (at_work, ..) = tokio::join!(at_work.refused(away), all_refused(0, GONE), all_refused(1, GONE));
        // Whoever comes to one that is silent later is not kept waiting at all.
        let bound = if away == "kill" { GONE } else { QUICK / 2 };
        tokio::join!(all_refused(0, bound), all_refused(1, bound));
        for server in 0..2 {
            let (status, ..) = two.ask(server, "GET", "/healthz", None).await;
            assert_eq!(status, 200, "the process lives");
        }
        if for_long {
            tokio::time::sleep(GIVEN_UP.saturating_sub(begun.elapsed())).await;
        }
        two.order(back, &["postgres"]).await;
        eventually("it is ready again", Duration::from_secs(20), async || {
            two.ask(0, "GET", "/readyz", None).await.0 == 200
                && two.ask(1, "GET", "/readyz", None).await.0 == 200
        })
        .await;
        two.recorded_by_others += two.again(at_work).await;
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
