//! Metrics, tiers, limits and what comes of them, by the command line.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, run, run_err, run_json, run_ok};
use serde_json::{Value, json};
use std::path::Path;

fn lines(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect()
}

#[test]
fn metrics_and_tiers_are_listed_made_changed_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "default"]);
    let ok = |args: &[&str]| run_ok(dir.path(), args);
    let err = |args: &[&str]| run_err(dir.path(), args);

    let tiers = ok(&["tier", "list"]);
    assert_eq!(
        lines(&tiers),
        [
            vec!["NAME", "API_CALLS", "COMPUTE_HOURS", "DEPLOYMENTS", "STORAGE", "USERS"],
            vec!["enterprise", "unlimited", "unlimited", "unlimited", "unlimited", "0"],
            vec!["free", "5000", "10", "10", "unlimited", "0"],
            vec!["pro", "50000", "100", "50", "unlimited", "0"],
        ],
        "{tiers}"
    );
    let made = run_json(dir.path(), &["metric", "create", "tokens", "--window", "month", "--unit", "tokens"]);
    assert_eq!((&made["window"], &made["counts"]), (&json!("month"), &json!("tokens")));
    assert_eq!(
        run_json(dir.path(), &["metric", "update", "tokens", "--timezone", "Asia/Tokyo"])["unit"],
        "tokens"
    );
    assert!(ok(&["metric", "list"]).contains("tokens         tokens  month   Asia/Tokyo  tokens"));
    assert_eq!(run_json(dir.path(), &["metric", "show", "tokens"])["timezone"], "Asia/Tokyo");
    assert!(err(&["metric", "create", "Tokens"]).contains("name"));
    assert!(err(&["metric", "create", "a", "--window", "hour"]).contains("day, week, month, none"));
    assert!(err(&["metric", "update", "tokens"]).contains("nothing to change"));
    assert!(err(&["metric", "delete", "storage"]).contains("storage"));

    let args = ["tier", "create", "team", "--set", "deployments=25", "--set", "compute_hours=0.001"];
    let team = run_json(dir.path(), &args);
    assert_eq!(team["limits"]["compute_hours"], json!(0.001));
    let free = run_json(
        dir.path(),
        &["tier", "update", "free", "--set", "api_calls=6000", "--set", "deployments=unlimited"],
    );
    let limits = json!({ "api_calls": 6000, "compute_hours": 10, "deployments": null, "storage": null, "tokens": null });
    assert_eq!(free["limits"], limits);
    assert!(ok(&["tier", "show", "team"]).contains("team  unlimited          0.001           25"));
    for (bad, said) in
        [("deployments", "deployments=25"), ("spend=1", "known are"), ("deployments=-1", "deployments")]
    {
        let output = run(dir.path(), &["tier", "update", "free", "--set", bad]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(said), "{bad}: {told}");
    }
    assert!(err(&["tier", "update", "free"]).contains("nothing to change"));
    assert!(err(&["tier", "delete", "free"]).contains("free"));
    assert_eq!(ok(&["tier", "delete", "team"]), "deleted tier team\n");
    assert_eq!(ok(&["metric", "delete", "tokens"]), "deleted metric tokens\n");
}

#[test]
fn limits_of_a_user_and_of_the_tenant_are_set_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme"]);
    let with = |args: &[&str]| {
        [args, &["--tenant", "acme"]].concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let call = |args: &[&str], run: fn(&Path, &[&str]) -> String| {
        run(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert!(call(&["limit", "user", "u-42"], run_err).contains("no such user"));
    call(&["user", "create", "u-42", "--tier", "pro"], run_ok);
    assert!(
        call(&["user", "update", "u-42", "--tier", "gold"], run_err)
            .contains("known are enterprise, free, pro")
    );
    assert_eq!(call(&["limit", "user", "u-42"], run_ok), "user u-42 has no limits of its own\n");
    // Every digit of what is not named stays.
    let exact =
        ["limit", "user", "u-42", "--set", "storage=999999999999.999999", "--set", "api_calls=unlimited"];
    call(&exact, run_ok);
    let shown = call(&["limit", "user", "u-42", "--set", "deployments=0.000001"], run_ok);
    let expected = [
        vec!["METRIC", "LIMIT"],
        vec!["api_calls", "unlimited"],
        vec!["deployments", "0.000001"],
        vec!["storage", "999999999999.999999"],
    ];
    assert_eq!(lines(&shown), expected, "{shown}");
    let rest =
        call(&["limit", "user", "u-42", "--unset", "storage", "--unset", "deployments", "--json"], run_ok);
    assert_eq!(serde_json::from_str::<Value>(&rest).unwrap(), json!({ "limits": { "api_calls": null } }));
    assert!(
        call(&["limit", "user", "u-42", "--unset", "storage"], run_err)
            .contains("no limit of its own for storage")
    );
    assert!(call(&["limit", "user", "u-42", "--set", "storage=0.0000001"], run_err).contains("storage"));

    assert_eq!(call(&["limit", "tenant"], run_ok), "the tenant has no limits of its own\n");
    assert!(call(&["limit", "tenant", "--set", "api_calls=100000"], run_ok).contains("api_calls  100000"));
    call(&["limit", "tenant", "--unset", "api_calls"], run_ok);
    assert_eq!(call(&["limit", "tenant"], run_ok), "the tenant has no limits of its own\n");
}

#[tokio::test]
async fn what_comes_of_limits_is_shown_checked_and_reset() {
    let dir = tempfile::tempdir().unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme", "--data-dir", "data"]);
    run_ok(dir.path(), &["tenant", "create", "beta", "--data-dir", "data"]);
    let server = Server::start(&dir.path().join("data"));
    let with = |args: &[&str]| {
        let target = ["--url", &server.url, "--token", ADMIN_TOKEN, "--tenant", "acme"];
        [args, &target].concat().into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    let ok = |args: &[&str]| run_ok(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let err = |args: &[&str]| run_err(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());
    let json =
        |args: &[&str]| run_json(dir.path(), &with(args).iter().map(String::as_str).collect::<Vec<_>>());

    let consume = json!({ "metrics": { "deployments": 9, "compute_hours": 2.5 }, "user": "u-42" });
    server.post("/api/usage/consume?tenant=acme", &consume).await;

    let status = ok(&["status", "--user", "u-42"]);
    assert!(status.starts_with("user u-42, tier free, 20"), "{status}");
    let rows = lines(&status);
    assert_eq!(rows[1], ["METRIC", "CURRENT", "HELD", "LIMIT", "REMAINING", "USED %", "WINDOW", "RESETS AT"]);
    let deployments = rows.iter().find(|row| row[0] == "deployments").unwrap();
    assert_eq!(deployments[1..7], ["9", "0", "10", "1", "90.0", "day"]);
    let storage = rows.iter().find(|row| row[0] == "storage").unwrap();
    assert_eq!(storage[1..], ["0", "0", "unlimited", "unlimited", "none"]);
    assert!(err(&["status"]).contains("user"));
    assert_eq!(json(&["status", "--user", "u-42"])["metrics"]["compute_hours"]["current"], json!(2.5));

    assert_eq!(ok(&["check", "deployments", "--user", "u-42"]), "allowed (9 of 10 used, tier free)\n");
    let refused = err(&["check", "deployments", "1.000001", "--user", "u-42"]);
    assert_eq!(refused, "error: Daily deployments limit exceeded (9 of 10 used, tier free)\n");
    assert!(err(&["check", "spend", "--user", "u-42"]).contains("known are"));

    let top = ok(&["top-users", "--metric", "deployments"]);
    let row = ["u-42", "u-42", "free", "0", "2.5", "9", "0"];
    let header = ["USER", "USERNAME", "TIER", "API_CALLS", "COMPUTE_HOURS", "DEPLOYMENTS", "STORAGE"];
    assert_eq!(lines(&top), [header, row], "{top}");
    assert_eq!(ok(&["top-users", "--date", "2020-01-01"]), "nobody used it on that day\n");
    let near = ok(&["near-limits"]);
    assert_eq!(lines(&near)[1][..7], ["u-42", "u-42", "free", "deployments", "9", "10", "90.0"], "{near}");
    assert_eq!(ok(&["near-limits", "--threshold", "0.9"]), "nobody is that near to a limit\n");
    assert!(err(&["near-limits", "--threshold", "2"]).contains("threshold"));
    let history = json(&["history", "--days", "2"]);
    let today = &history["items"][0];
    assert_eq!((&today["active_users"], &today["total_deployments"]), (&json!(1), &json!(9)), "{history}");
    assert_eq!(lines(&ok(&["history", "--days", "2"])).len(), 3);

    assert!(
        ok(&["reset", "--user", "u-42", "--metric", "deployments"])
            .starts_with("set 1 counter to nothing on 20")
    );
    assert_eq!(json(&["status", "--user", "u-42"])["metrics"]["deployments"]["current"], 0);
    assert_eq!(json(&["reset"])["reset"], 1, "compute hours");
    // Nothing else was touched, and the old meaning of the word is refused.
    assert_eq!(json(&["user", "show", "u-42"])["tier"], "free");
    assert!(!run(dir.path(), &["reset", "--yes", "--data-dir", "data"]).status.success());
    server.stop();
    assert!(dir.path().join("data/meterwire.db").exists());
}
