//! SIGTERM with requests in flight: every request that was accepted is answered, what it holds is stored, and the
//! server ends with 0.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, run_json, run_ok};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const IN_FLIGHT: usize = 12;

/// A request whose head is sent and accepted, and whose body is still to come.
struct Open {
    stream: TcpStream,
    body: Vec<u8>,
}

impl Open {
    /// Sends the head and half of the body, and waits until the server has begun to read it.
    fn begin(address: &str, number: usize) -> Self {
        let events: Vec<Value> = (0..50)
            .map(|event| json!({"id": format!("{number}-{event}"), "time": "2026-11-02T10:00:00Z", "model": "gpt-4o", "usage": {"input_tokens": 1}}))
            .collect();
        let body = serde_json::to_vec(&events).unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            stream,
            "POST /api/v1/events?tenant=acme HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {ADMIN_TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
            body.len()
        )
        .unwrap();
        let mut line = [0; 25];
        stream.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"HTTP/1.1 100 Continue\r\n\r\n", "the handler reads the body now");
        stream.write_all(&body[..body.len() / 2]).unwrap();
        Self { stream, body }
    }

    /// Sends the rest and reads the answer.
    fn finish(mut self) -> Value {
        self.stream.write_all(&self.body[self.body.len() / 2..]).unwrap();
        let mut reader = BufReader::new(self.stream);
        let mut length = 0;
        let mut status = String::new();
        reader.read_line(&mut status).unwrap();
        assert!(status.starts_with("HTTP/1.1 200"), "{status:?}");
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            match line.to_ascii_lowercase().trim().strip_prefix("content-length:") {
                Some(text) => length = text.trim().parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

#[tokio::test]
async fn requests_in_flight_are_answered_and_the_end_is_clean() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let mut server = Server::start(&data);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let open: Vec<Open> = (0..IN_FLIGHT).map(|number| Open::begin(&address, number)).collect();

    server.terminate();
    let begun = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(10), "the server still takes new connections");
        std::thread::sleep(Duration::from_millis(5));
    }
    for request in open {
        let answer = request.finish();
        assert_eq!((&answer["received"], &answer["stored"]), (&json!(50), &json!(50)), "{answer}");
    }
    let status = server.wait(Duration::from_secs(20));
    assert_eq!(status.code(), Some(0), "{status:?}");

    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!((&looked["events"], &looked["found"]), (&json!(50 * IN_FLIGHT), &json!(0)));
    let server = Server::start(&data);
    let total = server
        .get("/api/v1/usage/query?tenant=acme&from=2026-11-02&to=2026-11-03&metrics=calls,input_tokens")
        .await;
    assert_eq!((&total["total"]["calls"], &total["total"]["input_tokens"]), (&json!(600), &json!(600)));
    server.stop();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_the_server_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let mut command = cli_support::command(dir.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"]);
    command.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("METERWIRE_SERVER_SHUTDOWN_SECONDS", "1");
    command.stderr(std::process::Stdio::null());
    let mut server = Server::spawn(command);
    let stuck = Open::begin(server.url.strip_prefix("http://").unwrap(), 0);
    server.terminate();
    assert_eq!(server.wait(Duration::from_secs(10)).code(), Some(0));
    drop(stuck);
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!((&looked["events"], &looked["found"]), (&json!(0), &json!(0)));
}
