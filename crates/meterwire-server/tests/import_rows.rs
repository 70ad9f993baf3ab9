//! `meterwire import` with small files of our own: mapping, rejects, repetition, a running server, a busy one.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Random, Server, arg, run, run_err, run_json, run_ok};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of 1,200 requests of three teams, seeded; larger than one page, smaller than one batch.
fn requests(dir: &Path) -> PathBuf {
    let mut random = Random(7);
    let mut text = String::from("\u{feff}when,team,in,out,note\r\n");
    for row in 0..1200 {
        let (minute, second) = (row / 60 % 60, row % 60);
        let team = ["search", "chat", "\"ops, night\""][usize::try_from(random.below(3)).unwrap()];
        let (input, output) = (random.below(5000), random.below(900));
        write!(
            text,
            "2026-11-02 1{}:{minute:02}:{second:02}.{:07},{team},{input},{output},\"say \"\"{row}\"\"\"\r\n",
            row / 600,
            row * 13
        )
        .unwrap();
    }
    let path = dir.join("requests.csv");
    std::fs::write(&path, text).unwrap();
    path
}

const MAP: &str = "time=when,project=team,input_tokens=in,output_tokens=out,properties.note=note";

#[tokio::test]
async fn totals_equal_the_independent_script_and_a_second_import_stores_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = requests(dir.path());
    let args = [
        "import",
        arg(&file),
        "--format",
        "csv",
        "--map",
        MAP,
        "--set",
        "model=gpt-4o",
        "--data-dir",
        "data",
    ];
    let printed = run(dir.path(), &args);
    assert!(printed.status.success());
    assert_eq!(
        String::from_utf8(printed.stdout).unwrap(),
        "received   1200\nstored     1200\nduplicate     0\nconflict      0\nrejected      0\n"
    );
    assert_eq!(
        String::from_utf8(printed.stderr).unwrap(),
        "made the tenant default\n",
        "and no progress bar in a pipe"
    );
    let again = run_json(dir.path(), &args);
    assert_eq!((&again["stored"], &again["duplicate"]), (&json!(0), &json!(1200)));
    assert!(!dir.path().join("requests.csv.rejects.csv").exists());

    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import_oracle.py");
    let output =
        Command::new("python3").arg(oracle).arg(&file).args(["team", "in", "out", "2.50", "10.00"]).output();
    let expected: BTreeMap<String, Value> =
        serde_json::from_slice(&output.expect("python3 is needed").stdout).unwrap();
    let server = Server::start(&dir.path().join("data"));
    let query = "/api/v1/usage/query?tenant=default&from=2026-11-02&to=2026-11-03&group_by=project&metrics=calls,input_tokens,output_tokens,cost";
    let answer = server.get(query).await;
    assert_eq!(answer["groups"].as_array().unwrap().len(), 3);
    for group in answer["groups"].as_array().unwrap() {
        let expected = &expected[group["key"][0].as_str().unwrap()];
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&group["total"][name], value, "{group}");
        }
    }
    server.stop();
}

#[test]
fn rejected_rows_are_written_with_number_and_reason() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mixed.csv");
    std::fs::write(
        &file,
        "when,in,land\n2026-11-02,1,DE\nnever,2,DE\n2026-11-02,many,DE\n2026-11-02,4,Germany\n2026-11-02,5\n1999-01-01,6,DE\n2026-11-02,7,\n",
    )
    .unwrap();
    let map = "time=when,input_tokens=in,country=land";
    let args = [
        "import",
        arg(&file),
        "--format",
        "csv",
        "--map",
        map,
        "--set",
        "model=gpt-4o",
        "--data-dir",
        "data",
    ];
    let result = run_json(dir.path(), &args);
    let rejects = format!("{}.rejects.csv", arg(&file));
    assert_eq!(
        result,
        json!({"received": 7, "stored": 2, "duplicate": 0, "conflict": 0, "rejected": 5, "rejects_file": rejects})
    );
    let text = std::fs::read_to_string(rejects).unwrap();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    for record in reader.records() {
        rows.push(record.unwrap().iter().map(str::to_owned).collect());
    }
    assert_eq!(rows.remove(0), ["row", "reason", "when", "in", "land"]);
    rows.sort();
    let expected = [
        ("2", "time", "never"),
        ("3", "whole number", "many"),
        ("4", "country", "Germany"),
        ("5", "2 columns", "5"),
        ("6", "time", "1999-01-01"),
    ];
    for (row, (number, reason, cell)) in rows.iter().zip(expected) {
        assert!(
            row[0] == number && row[1].contains(reason) && row[2..].contains(&cell.to_owned()),
            "{row:?}"
        );
    }
    assert_eq!(rows.len(), 5);

    // A file that is all wrong fails.
    std::fs::write(&file, "when,in,land\nnever,2,DE\n").unwrap();
    let output = run(dir.path(), &args);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("every row was rejected"));
}

#[test]
fn a_wrong_mapping_fails_before_anything_is_made_or_sent() {
    let dir = tempfile::tempdir().unwrap();
    let csv = requests(dir.path());
    let ndjson = dir.path().join("rows.ndjson");
    std::fs::write(&ndjson, "{\"t\": \"2026-11-02\", \"u\": {\"in\": 1}}\n").unwrap();
    let with = |file: &Path, format: &str, map: &str| {
        run_err(dir.path(), &["import", arg(file), "--format", format, "--map", map, "--data-dir", "data"])
    };
    assert!(with(&csv, "csv", "time=When").contains("no column \"When\"; it has when, team, in, out, note"));
    assert!(with(&csv, "csv", "time=when,tokens=in").contains("no field \"tokens\"; it has time"));
    assert!(with(&csv, "csv", "project=team").contains("--map time=COLUMN"));
    assert!(with(&ndjson, "ndjson", "time=t,input_tokens=u.out").contains("\"u.out\"; they have t, u"));
    assert!(with(&dir.path().join("none.csv"), "csv", "time=when").contains("cannot read"));
    assert!(!dir.path().join("data").exists(), "nothing was touched");
}

#[tokio::test]
async fn a_running_server_takes_rows_of_ndjson_with_its_own_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    let key = run_json(
        dir.path(),
        &["key", "create", "loader", "--role", "ingest", "--tenant", "acme", "--data-dir", "data"],
    );
    let file = dir.path().join("rows.ndjson");
    let rows = [
        json!({"ts": 1_762_041_600_125_u64, "call": {"id": "a", "usage": {"prompt": 10, "completion": 2}}, "user": {"name": "ann"}, "usd": 0.1}),
        json!({"ts": 1_762_041_600_126_u64, "call": {"id": "b", "usage": {"prompt": 20, "completion": 3}}, "user": null, "usd": 0.2}),
        json!({"ts": 1_762_041_600_127_u64, "call": "no object", "user": {"name": "bob"}, "usd": "0.3"}),
    ];
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(&file, format!("{}\r\n\n", lines.join("\r\n"))).unwrap();

    let server = Server::start(&data);
    let map = "time=ts,id=call.id,input_tokens=call.usage.prompt,output_tokens=call.usage.completion,user=user.name,cost_usd=usd";
    let set = "model=house-model,source=gateway";
    let args = [
        "import",
        arg(&file),
        "--format",
        "ndjson",
        "--map",
        map,
        "--set",
        set,
        "--time-unit",
        "ms",
        "--url",
        &server.url,
    ];
    assert!(run_err(dir.path(), &args).contains("--token"));
    assert!(
        run_err(dir.path(), &[&args[..], &["--token", "mw_wrong_wrong_wrong_wrong"]].concat())
            .contains("rows 1 to 3")
    );
    let beside = ["tenant", "list", "--data-dir", arg(&data)];
    assert!(run_err(dir.path(), &beside).contains("--url"), "the directory has one owner");
    assert!(run_err(dir.path(), &[&args[..], &["--token", ADMIN_TOKEN]].concat()).contains("--tenant"));
    let with_key = [&args[..], &["--token", key["token"].as_str().unwrap()]].concat();
    assert_eq!(run_json(dir.path(), &with_key)["stored"], 3);
    let again = run_json(dir.path(), &[&args[..], &["--token", ADMIN_TOKEN, "--tenant", "acme"]].concat());
    assert_eq!(again["duplicate"], 3, "identity does not depend on who sends");

    let log = server.get("/api/usage/log?tenant=acme&from=2025-11-01&to=2025-11-03&sort=date").await;
    let seen: Vec<Value> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["id"], row["date"], row["user"], row["totalTokens"], row["cost"]]))
        .collect();
    assert_eq!(seen[0], json!(["a", "2025-11-02T00:00:00.125Z", "ann", 12, 0.1]));
    assert_eq!(seen[1], json!(["b", "2025-11-02T00:00:00.126Z", null, 23, 0.2]));
    assert_eq!(
        json!([seen[2][1], seen[2][2], seen[2][3], seen[2][4]]),
        json!(["2025-11-02T00:00:00.127Z", "bob", 0, 0.3])
    );
    server.stop();
}

/// Answers one request of a keep-alive-free client.
fn answer(mut stream: TcpStream, status: &str, body: &str) -> usize {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let lines = loop {
        let read = stream.read(&mut buffer).unwrap();
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, rest)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .to_ascii_lowercase()
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if rest.len() >= length.unwrap_or(0) {
            break rest.lines().count();
        }
    };
    write!(stream, "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        .unwrap();
    lines
}

#[test]
fn a_busy_server_is_asked_again_and_no_row_is_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let file = requests(dir.path());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let next = || listener.accept().unwrap().0;
        answer(next(), "200 OK", "{\"role\":\"ingest\"}");
        answer(next(), "503 Service Unavailable", "{\"detail\":{\"message\":\"busy\"}}");
        drop(next());
        let rows = answer(
            next(),
            "200 OK",
            "{\"received\":1200,\"stored\":700,\"duplicate\":500,\"conflict\":0,\"rejected\":0,\"results\":[]}",
        );
        assert_eq!(rows, 1200);
    });
    let args = [
        "import",
        arg(&file),
        "--format",
        "csv",
        "--map",
        MAP,
        "--url",
        &url,
        "--token",
        "mw_0123456789012345678901",
    ];
    let result = run_json(dir.path(), &args);
    assert_eq!((&result["stored"], &result["duplicate"]), (&json!(700), &json!(500)));
    server.join().unwrap();
}
