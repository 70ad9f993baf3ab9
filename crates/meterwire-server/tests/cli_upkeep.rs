//! The care of a data directory: migrations, backup beside a running server, restore, doctor, erase.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{Server, arg, run, run_err, run_json, run_ok};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// 400 events over two days.
fn import(dir: &Path) {
    let row = |row: u32| format!("2026-11-0{}T0{}:15:00Z,{row}", 1 + row / 200, row % 10);
    let rows = (0..400).map(row).collect::<Vec<_>>().join("\n");
    std::fs::write(dir.join("rows.csv"), format!("t,n\n{rows}")).unwrap();
    let args =
        ["import", "rows.csv", "--format", "csv", "--map", "time=t,input_tokens=n", "--set", "model=gpt-4o"];
    assert_eq!(run_json(dir, &[&args[..], &["--data-dir", "data"]].concat())["received"], 400);
}

async fn calls(data: &Path) -> Value {
    let server = Server::start(data);
    let answer =
        server.get("/api/v1/usage/query?tenant=default&from=2026-11-01&to=2026-11-03&metrics=calls").await;
    server.stop();
    answer["total"]["calls"].clone()
}

/// Changes a database behind the store's back.
fn tamper(data: &Path, statement: &str) {
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); n = c.execute(sys.argv[2]).rowcount; c.commit(); assert n > 0";
    let status =
        Command::new("python3").args(["-c", script, arg(&data.join("meterwire.db")), statement]).status();
    assert!(status.expect("python3 is needed").success());
}

#[tokio::test]
async fn migrations_go_up_and_down_and_up() {
    let dir = tempfile::tempdir().unwrap();
    assert!(
        run_err(dir.path(), &["migrate", "status", "--data-dir", "data"]).contains("holds no Meterwire data")
    );
    import(dir.path());
    let status = run_json(dir.path(), &["migrate", "status", "--data-dir", "data"]);
    let all = status.as_array().unwrap().clone();
    assert!(all.len() >= 3 && all.iter().all(|row| row["applied"] == true), "{status}");
    let down = run_json(dir.path(), &["migrate", "down", "--to", "0", "--data-dir", "data"]);
    assert!(down.as_array().unwrap().iter().all(|row| row["applied"] == false));
    assert!(
        run_err(dir.path(), &["migrate", "down", "--to", "99", "--data-dir", "data"]).contains("--to 99")
    );
    let up = run_ok(dir.path(), &["migrate", "up", "--data-dir", "data"]);
    assert_eq!(up.lines().filter(|line| line.ends_with("applied")).count(), all.len(), "{up}");
    import(dir.path());
    assert_eq!(calls(&dir.path().join("data")).await, 400);
}

#[tokio::test]
async fn a_backup_beside_a_running_server_restores_to_the_same_totals() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path());
    let data = dir.path().join("data");
    let server = Server::start(&data);
    // Written after the start, so that it stands only in the write-ahead log.
    let event = json!({"id": "late", "time": "2026-11-02T12:00:00Z", "model": "gpt-4o", "usage": {"input_tokens": 1}});
    assert_eq!(server.post("/api/v1/events?tenant=default", &event).await["stored"], 1);
    let copied = run_json(dir.path(), &["backup", "copy", "--data-dir", "data"]);
    assert!(copied["bytes"].as_u64() > Some(10_000), "{copied}");
    assert!(run_err(dir.path(), &["backup", "copy", "--data-dir", "data"]).contains("not empty"));
    assert!(run_err(dir.path(), &["restore", "copy", "--data-dir", "data"]).contains("not empty"));
    let looked = run_json(dir.path(), &["doctor", "--data-dir", "data"]);
    assert_eq!((&looked["events"], &looked["found"]), (&json!(401), &json!(0)), "a look beside the server");
    for owner in [&["doctor", "--repair"][..], &["erase", "--yes"], &["migrate", "up"]] {
        let error = run_err(dir.path(), &[owner, &["--data-dir", "data"]].concat());
        assert!(error.contains("in use"), "{owner:?}: {error}");
    }
    server.stop();
    run_ok(dir.path(), &["restore", "copy", "--data-dir", "second"]);
    assert_eq!(calls(&dir.path().join("second")).await, 401);
    assert!(run_err(dir.path(), &["restore", "nowhere", "--data-dir", "third"]).contains("no backup"));
}

#[tokio::test]
async fn the_doctor_finds_and_mends_a_wrong_total() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path());
    let data = dir.path().join("data");
    assert!(run_ok(dir.path(), &["doctor", "--data-dir", "data"]).contains("nothing is wrong"));
    tamper(&data, "DELETE FROM rollup_total");
    assert_ne!(calls(&data).await, 400);
    let output = run(dir.path(), &["doctor", "--data-dir", "data"]);
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(out.contains("rollup total") && err.contains("remain"), "{out}{err}");
    let mended = run_json(dir.path(), &["doctor", "--repair", "--data-dir", "data"]);
    assert!(mended["found"].as_u64() > Some(0) && mended["remaining"] == 0, "{mended}");
    assert_eq!(calls(&data).await, 400);
    assert!(run_ok(dir.path(), &["doctor", "--data-dir", "data"]).contains("nothing is wrong"));
}

#[test]
fn erase_deletes_everything_once_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    import(dir.path());
    assert!(run_err(dir.path(), &["erase", "--data-dir", "data"]).contains("--yes"));
    assert!(dir.path().join("data/meterwire.db").exists());
    run_ok(dir.path(), &["erase", "--yes", "--data-dir", "data"]);
    assert!(!dir.path().join("data/meterwire.db").exists());
    assert!(
        run_err(dir.path(), &["erase", "--yes", "--data-dir", "data"]).contains("holds no Meterwire data")
    );
    import(dir.path());
}
