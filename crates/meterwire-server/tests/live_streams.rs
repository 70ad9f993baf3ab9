//! Live streams over sockets, against the real binary: how fresh they are, what many listeners cost, how one comes back, and
//! that they do not hold up the end of the server.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, run_ok};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const LISTENERS: usize = 500;
/// How long events are recorded while listeners listen.
const RECORDED_FOR: Duration = Duration::from_secs(4);

/// What a listener has heard so far.
#[derive(Debug, Clone, Default)]
struct Heard {
    messages: u32,
    id: String,
    calls: i64,
    at: Option<Instant>,
}

/// One listener on a connection of its own.
struct Listener {
    heard: watch::Receiver<Heard>,
    task: JoinHandle<()>,
}

impl Listener {
    async fn open(server: &Server, last: Option<&str>) -> Self {
        let mut request = server
            .http
            .get(format!("{}/api/v1/usage/stream?tenant=acme", server.url))
            .bearer_auth(ADMIN_TOKEN)
            .timeout(Duration::from_mins(2));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let mut response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        let (tell, heard) = watch::channel(Heard::default());
        let task = tokio::spawn(async move {
            let mut text = String::new();
            while let Ok(Some(bytes)) = response.chunk().await {
                text += std::str::from_utf8(&bytes).expect("UTF-8");
                while let Some((block, rest)) = text.split_once("\n\n") {
                    let field = |name| block.lines().find_map(|line| line.strip_prefix(name));
                    if let (Some(id), Some(data)) = (field("id: "), field("data: ")) {
                        let data: Value = serde_json::from_str(data).expect("JSON");
                        tell.send_modify(|heard| {
                            heard.messages += 1;
                            id.clone_into(&mut heard.id);
                            heard.calls = data["calls"].as_i64().expect("calls");
                            heard.at = Some(Instant::now());
                        });
                    }
                    text = rest.to_owned();
                }
            }
        });
        Self { heard, task }
    }

    /// Waits until so many calls are heard of.
    async fn hears_of(&mut self, calls: i64) -> Heard {
        let heard = self.heard.wait_for(|heard| heard.calls >= calls && heard.messages > 0);
        let heard = tokio::time::timeout(Duration::from_secs(10), heard).await;
        heard.expect("a message").expect("an open stream").clone()
    }
}

fn start() -> (tempfile::TempDir, Server) {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let server = Server::start(&dir.path().join("data"));
    (dir, server)
}

async fn record(server: &Server, id: i64) {
    let event = json!({ "id": id.to_string(), "model": "gpt-4o", "usage": { "input_tokens": 10 } });
    let answer = server.post("/api/v1/events?tenant=acme", &event).await;
    assert_eq!(answer["stored"], 1, "{answer}");
}

/// Hundredths of a second of processor time that the server has used.
fn cpu_ticks(server: &Server) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// A number of `/metrics`.
async fn metric(server: &Server, name: &str) -> f64 {
    let url = format!("{}/metrics", server.url);
    let text = server.http.get(url).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

/// What a while of recording costs: processor time, computations, events.
struct Cost {
    ticks: u64,
    computations: f64,
    events: i64,
}

async fn record_for_a_while(server: &Server, first: i64) -> Cost {
    let name = "meterwire_live_computations_total";
    let (ticks, computations, begun) = (cpu_ticks(server), metric(server, name).await, Instant::now());
    let mut events = 0;
    while begun.elapsed() < RECORDED_FOR {
        record(server, first + events).await;
        events += 1;
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let computations = metric(server, name).await - computations;
    Cost { ticks: cpu_ticks(server) - ticks, computations, events }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_listeners_are_fresh_and_cheap() {
    let (_dir, server) = start();
    let mut listeners = vec![Listener::open(&server, None).await];
    let one = record_for_a_while(&server, 0).await;
    listeners[0].hears_of(one.events).await;

    while listeners.len() < LISTENERS {
        listeners.push(Listener::open(&server, None).await);
    }
    assert!((metric(&server, "meterwire_live_streams").await - 500.0).abs() < 0.5);
    for listener in &mut listeners {
        listener.hears_of(one.events).await;
    }
    let before: Vec<u32> = listeners.iter().map(|listener| listener.heard.borrow().messages).collect();
    let many = record_for_a_while(&server, one.events).await;
    let events = one.events + many.events;
    for (listener, before) in listeners.iter_mut().zip(before) {
        let messages = listener.hears_of(events).await.messages - before;
        assert!((3..=6).contains(&messages), "{messages} messages in {RECORDED_FOR:?}");
    }
    println!(
        "1 listener: {} ticks, {} computations for {} events; {LISTENERS}: {} ticks, {} computations for {} events",
        one.ticks, one.computations, one.events, many.ticks, many.computations, many.events
    );
    assert!(one.computations <= 6.0 && many.computations <= 6.0, "one computation a second for all of them");
    // About 2,500 messages are written; each may cost a fifth of a millisecond in this build.
    assert!(many.ticks <= one.ticks + 50, "{} ticks, with one listener {}", many.ticks, one.ticks);

    // Nothing recorded, nothing computed.
    let idle = metric(&server, "meterwire_live_computations_total").await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!((metric(&server, "meterwire_live_computations_total").await - idle).abs() < 0.5);

    // After the quiet a single event is heard of at once, one right behind it within a second.
    for (number, within_ms) in [(events, 500), (events + 1, 1000)] {
        record(&server, number).await;
        let answered = Instant::now();
        let mut latest = Duration::ZERO;
        for listener in &mut listeners {
            let heard = listener.hears_of(number + 1).await.at.unwrap();
            latest = latest.max(heard.saturating_duration_since(answered));
        }
        println!("the last of {LISTENERS} heard of event {number} after {latest:?}");
        // What this machine does beside is not the server's delay.
        assert!(latest < Duration::from_millis(within_ms + 500), "{latest:?}");
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_stream_is_taken_up_again_even_by_the_next_server() {
    let (dir, mut server) = start();
    record(&server, 1).await;
    let mut listener = Listener::open(&server, None).await;
    let seen = listener.hears_of(1).await;
    server.kill();
    listener.task.await.unwrap();

    let server = Server::start(&dir.path().join("data"));
    let mut same = Listener::open(&server, Some(&seen.id)).await;
    let mut other = Listener::open(&server, Some("0123456789abcdef")).await;
    assert_eq!(other.hears_of(1).await.id, seen.id, "the same totals have the same id after a restart");
    record(&server, 2).await;
    let heard = same.hears_of(2).await;
    assert_eq!((heard.messages, heard.calls), (1, 2), "what it had was not sent again");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_stream_is_kept_alive() {
    let (_dir, server) = start();
    let url = format!("{}/api/v1/usage/stream?tenant=acme", server.url);
    let request = server.http.get(url).bearer_auth(ADMIN_TOKEN).timeout(Duration::from_mins(1));
    let (mut response, begun) = (request.send().await.unwrap(), Instant::now());
    let mut text = String::new();
    while !text.ends_with(": keep-alive\n\n") {
        text += std::str::from_utf8(&response.chunk().await.unwrap().expect("no end")).unwrap();
    }
    assert!((14..18).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    assert_eq!(text.matches("event: totals").count(), 1, "{text}");
    server.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_streams_do_not_hold_up_the_end() {
    let (_dir, mut server) = start();
    record(&server, 1).await;
    let mut listeners = vec![];
    for _ in 0..50 {
        listeners.push(Listener::open(&server, None).await);
    }
    for listener in &mut listeners {
        listener.hears_of(1).await;
    }
    let begun = Instant::now();
    server.terminate();
    let status = server.wait(Duration::from_secs(10));
    assert_eq!(status.code(), Some(0), "{status:?}");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    for listener in listeners {
        listener.task.await.unwrap();
    }
}
