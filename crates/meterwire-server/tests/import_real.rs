//! Real traces imported by the real binary give the totals that were reckoned independently.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{Server, arg, run_json, test_data};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const AZURE_MAP: &str = "time=TIMESTAMP,input_tokens=ContextTokens,output_tokens=GeneratedTokens";
const SUMS: &str = "metrics=calls,input_tokens,output_tokens,cost";

fn import(dir: &Path, file: &Path, format: &str, tenant: &str, map: &str, set: &str, more: &[&str]) -> Value {
    let mut args =
        vec!["import", arg(file), "--format", format, "--map", map, "--set", set, "--tenant", tenant];
    args.extend(["--data-dir", "data"].iter().chain(more));
    run_json(dir, &args)
}

fn counts(received: u64, stored: u64, duplicate: u64, conflict: u64) -> Value {
    json!({"received": received, "stored": stored, "duplicate": duplicate, "conflict": conflict, "rejected": 0, "rejects_file": null})
}

fn sums(calls: u64, input_tokens: u64, output_tokens: u64, cost_usd: &str) -> Value {
    json!({"calls": calls, "input_tokens": input_tokens, "output_tokens": output_tokens, "cost_usd": cost_usd, "unpriced_calls": 0})
}

#[tokio::test]
async fn the_azure_code_trace_comes_to_the_known_totals_and_is_stored_once() {
    let Some(file) = test_data("AzureLLMInferenceTrace_code.csv") else { return };
    let dir = tempfile::tempdir().unwrap();
    let import = |tenant, set| import(dir.path(), &file, "csv", tenant, AZURE_MAP, set, &[]);
    assert_eq!(import("acme", "provider=openai,model=gpt-4o,project=chat"), counts(8819, 8819, 0, 0));
    assert_eq!(
        import("acme", "provider=openai,model=gpt-4o,project=chat"),
        counts(8819, 0, 8819, 0),
        "a second import"
    );
    assert_eq!(
        import("acme", "provider=openai,model=gpt-4o-mini,project=chat"),
        counts(8819, 0, 0, 8819),
        "another mapping"
    );
    assert_eq!(import("sonnet", "provider=anthropic,model=claude-sonnet-4-5"), counts(8819, 8819, 0, 0));
    assert_eq!(import("mini", "provider=openai,model=gpt-4o-mini"), counts(8819, 8819, 0, 0));

    let server = Server::start(&dir.path().join("data"));
    for (tenant, cost_usd) in [("acme", "47.608895"), ("sonnet", "57.868362"), ("mini", "2.8565337")] {
        let path = format!("/api/v1/usage/query?tenant={tenant}&from=2023-11-16&to=2023-11-17&{SUMS}");
        assert_eq!(server.get(&path).await["total"], sums(8819, 18_059_974, 245_896, cost_usd), "{tenant}");
    }
    // Ten minutes lie on no edge of a rollup: these sums are put together from rollups and single events.
    let mut calls = Vec::new();
    for ten in 0..7 {
        let at = |ten: i32| format!("2023-11-16T{}:{}0:00Z", 18 + (ten + 1) / 6, (ten + 1) % 6);
        let path =
            format!("/api/v1/usage/query?tenant=acme&from={}&to={}&metrics=calls", at(ten), at(ten + 1));
        calls.push(server.get(&path).await["total"]["calls"].as_u64().unwrap());
    }
    assert_eq!(calls, [63, 1903, 2130, 2022, 1599, 692, 410]);
    server.stop();
}

#[tokio::test]
async fn the_mooncake_trace_counts_milliseconds_from_a_base() {
    let Some(file) = test_data("mooncake_synthetic_trace.jsonl") else { return };
    let dir = tempfile::tempdir().unwrap();
    let base = ["--time-base", "2026-11-01T00:00:00Z", "--time-unit", "ms"];
    let map = "time=timestamp,input_tokens=input_length,output_tokens=output_length";
    let import = || import(dir.path(), &file, "ndjson", "acme", map, "provider=openai,model=gpt-4o", &base);
    assert_eq!(import(), counts(3993, 3993, 0, 0));
    assert_eq!(import(), counts(3993, 0, 3993, 0));

    let server = Server::start(&dir.path().join("data"));
    // The last request is at 1,022,025 ms, so the range to just after it holds everything and the one before it does not.
    let path = |to: &str| {
        format!(
            "/api/v1/usage/query?tenant=acme&from=2026-11-01T00:00:00Z&to=2026-11-01T00:17:02.{to}Z&{SUMS}"
        )
    };
    assert_eq!(server.get(&path("026")).await["total"], sums(3993, 61_194_628, 595_432, "158.94089"));
    assert!(server.get(&path("025")).await["total"]["calls"].as_u64() < Some(3993));
    server.stop();
}

#[tokio::test]
async fn every_project_of_the_servegen_trace_equals_an_independent_script() {
    let Some(file) = test_data("servegen_r1_1h_seed7.csv") else { return };
    let dir = tempfile::tempdir().unwrap();
    let map = "time=t_seconds,project=client_id,input_tokens=input_tokens,output_tokens=output_tokens";
    let base = ["--time-base", "2026-11-01T00:00:00Z", "--time-unit", "s"];
    let imported = import(dir.path(), &file, "csv", "acme", map, "provider=openai,model=gpt-4o", &base);
    assert_eq!(imported, counts(17_933, 17_933, 0, 0));

    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import_oracle.py");
    let columns = ["client_id", "input_tokens", "output_tokens", "2.50", "10.00"];
    let output =
        Command::new("python3").arg(oracle).arg(&file).args(columns).output().expect("python3 is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected: Value = serde_json::from_slice(&output.stdout).unwrap();

    let server = Server::start(&dir.path().join("data"));
    let path = format!(
        "/api/v1/usage/query?tenant=acme&from=2026-11-01&to=2026-11-02&group_by=project&top=100&{SUMS}"
    );
    let answer = server.get(&path).await;
    let mut found = serde_json::Map::new();
    for group in answer["groups"].as_array().unwrap() {
        let mut total = group["total"].clone();
        assert_eq!(total.as_object_mut().unwrap().remove("unpriced_calls"), Some(json!(0)));
        found.insert(group["key"][0].as_str().unwrap().to_owned(), total);
    }
    assert_eq!(found.len(), 35);
    assert_eq!(Value::Object(found), expected);
    assert_eq!(
        (&answer["total"]["input_tokens"], &answer["total"]["output_tokens"]),
        (&json!(18_910_556), &json!(13_109_347))
    );
    server.stop();
}
