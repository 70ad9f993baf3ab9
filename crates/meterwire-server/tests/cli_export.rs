//! `meterwire export`: into files and to standard output, from a directory and from a server, never half a file.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, arg, command, run_err, run_json, run_ok};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;

/// Events over twenty days of November.
fn import(dir: &Path, count: u32) {
    let row = |n: u32| format!("2026-11-{:02}T0{}:{:02}:15Z,{n},p{}", 1 + n % 20, n % 10, n % 60, n % 3);
    let rows = (0..count).map(row).collect::<Vec<_>>().join("\n");
    std::fs::write(dir.join("rows.csv"), format!("t,n,p\n{rows}")).unwrap();
    let args = ["import", "rows.csv", "--format", "csv", "--map", "time=t,input_tokens=n,project=p"];
    let rest = ["--set", "model=gpt-4o", "--data-dir", "data"];
    assert_eq!(run_json(dir, &[&args[..], &rest].concat())["stored"], count);
}

const DAYS: [&str; 4] = ["--from", "2026-11-01", "--to", "2026-12-01"];

#[test]
fn a_directory_is_exported_into_files_and_to_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), 3210);
    let with = |args: &[&str]| -> Vec<String> {
        let all = [&["export"], args, &DAYS, &["--data-dir", "data"]].concat();
        all.into_iter().map(str::to_owned).collect()
    };
    let ok = |args: &[&str]| run_ok(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let err = |args: &[&str]| run_err(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let json =
        |args: &[&str]| run_json(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());

    let log = ok(&[]);
    assert_eq!(log.lines().count(), 3211);
    assert!(log.starts_with("time,date,id,"), "{log}");
    // Into a directory: under the name that the server gives.
    std::fs::create_dir(dir.path().join("out")).unwrap();
    let done = json(&["--format", "ndjson", "--output", "out"]);
    let file = dir.path().join("out/default_log_2026-11-01_2026-11-30.ndjson");
    assert_eq!(done["lines"], 3210);
    assert_eq!(done["bytes"], file.metadata().unwrap().len());
    assert!(done["file"].as_str().unwrap().ends_with("default_log_2026-11-01_2026-11-30.ndjson"));
    let text = std::fs::read_to_string(&file).unwrap();
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["time"], "2026-11-01T00:00:15Z");
    // What is there is not written over by accident.
    assert!(err(&["--format", "ndjson", "--output", "out"]).contains("--force"));
    assert_eq!(json(&["--format", "ndjson", "--output", "out", "--force"])["lines"], 3210);

    let breakdown =
        ok(&["--view", "breakdown", "--group-by", "project", "--filter", "project=p1", "--full-header"]);
    assert!(breakdown.contains("# filters: {\"project\":[\"p1\"]}\r\n"), "{breakdown}");
    let last = breakdown.lines().last().unwrap();
    assert!(last.contains(",p1,1070,"), "{breakdown}");
    assert_eq!(ok(&["--view", "summary", "--granularity", "week"]).lines().count(), 7);
    assert!(ok(&["--format", "focus", "--bom"]).starts_with("\u{feff}AvailabilityZone,BilledCost,"));
    json(&["--format", "pdf", "--output", "statement.pdf"]);
    assert!(std::fs::read(dir.path().join("statement.pdf")).unwrap().starts_with(b"%PDF-"));

    assert!(err(&["--view", "everything"]).contains("view must be one of"));
    assert!(err(&["--tenant", "nobody"]).contains("no such tenant"));
    assert!(err(&["--output", "no-such-dir/x.csv"]).contains("cannot write"));
    assert!(err(&["--tz", "Mars/Olympus", "--output", "mars.csv"]).contains("tz must be"));
    assert!(!dir.path().join("mars.csv").exists() && !dir.path().join("mars.csv.part").exists());
    let nowhere = run_err(dir.path(), &["export", "--data-dir", "nowhere"]);
    assert!(nowhere.contains("holds no Meterwire data"), "{nowhere}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), 5000);
    let mut export = command(dir.path());
    export.args(["export", "--data-dir", "data"]).args(DAYS).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut export = export.spawn().unwrap();
    let mut out = BufReader::new(export.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    drop(out);
    let done = export.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_server_exports_the_same_and_stays_small_before_a_slow_reader() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path(), 20_000);
    let args = ["export", "--output", "directory.csv", "--data-dir", "data"];
    run_ok(dir.path(), &[&args[..], &DAYS].concat());
    let server = Server::start(&dir.path().join("data"));
    let args = ["export", "--output", "server.csv", "--url", &server.url, "--token", ADMIN_TOKEN];
    let run = [&args[..], &["--tenant", "default"], &DAYS].concat();
    run_ok(dir.path(), &run);
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert!(read("server.csv") == read("directory.csv"), "the same bytes");

    // Readers that take nothing: the server waits for them, answers others, and is free once they go.
    let before = resident_bytes(server.pid());
    let path = "/api/v1/export?tenant=default&from=2026-11-01&to=2026-12-01&format=ndjson";
    let stalled: Vec<TcpStream> = (0..4).map(|_| begin(&server.url, path)).collect();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let grown = resident_bytes(server.pid()).saturating_sub(before);
    assert!(grown < 48 << 20, "four stalled exports hold {grown} bytes");
    let query = "/api/v1/usage/query?tenant=default&from=2026-11-01&to=2026-12-01";
    assert_eq!(server.get(query).await["total"]["calls"], 20_000);
    let refused =
        server.http.get(format!("{}{path}", server.url)).bearer_auth(ADMIN_TOKEN).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    drop(stalled);
    for _ in 0..100 {
        let again =
            server.http.get(format!("{}{path}", server.url)).bearer_auth(ADMIN_TOKEN).send().await.unwrap();
        if again.status() == 200 {
            assert_eq!(again.text().await.unwrap().lines().count(), 20_000);
            server.stop();
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("readers that went away still hold their places");
}

/// Sends a request and reads nothing of its answer.
fn begin(url: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n\r\n").unwrap();
    // The answer has begun.
    stream.read_exact(&mut [0; 15]).unwrap();
    stream
}

fn resident_bytes(pid: u32) -> u64 {
    let pages = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn what_breaks_off_is_no_file() {
    // A server that stops in the middle of a chunked answer.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while request.read_line(&mut line).unwrap() > 2 {
                line.clear();
            }
            let body = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\na,b\r\n\r\n\r\n";
            stream.write_all(body.as_bytes()).unwrap();
        }
    });
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("part.csv");
    let args = ["export", "--url", &url, "--token", "t"];
    let told = run_err(dir.path(), &[&args[..], &["--output", arg(&file)]].concat());
    assert!(told.contains("not whole"), "{told}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left that looks finished");
    let mut to_pipe = command(dir.path());
    assert!(!to_pipe.args(args).output().unwrap().status.success(), "and a pipe is told by the exit code");
    answer.join().unwrap();
}
