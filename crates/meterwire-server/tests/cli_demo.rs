//! `meterwire demo`: ninety days of marked, believable usage behind links that work, gone when it ends.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{ADMIN_TOKEN, Server, arg, command, run_err};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

fn demo(dir: &Path, args: &[&str]) -> Server {
    std::fs::create_dir_all(dir.join("tmp")).unwrap();
    let mut command = command(dir);
    command.args(["demo", "--listen", "127.0.0.1:0"]).args(args);
    command.env("METERWIRE_ADMIN_TOKEN", ADMIN_TOKEN).env("TMPDIR", dir.join("tmp"));
    Server::spawn(command)
}

#[tokio::test]
async fn the_demo_is_marked_filled_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = demo(dir.path(), &[]);
    let me = server.get("/api/v1/me").await;
    assert_eq!((&me["demo"], &me["role"]), (&json!(true), &json!("admin")));
    let tenants: Vec<&str> =
        me["tenants"].as_array().unwrap().iter().map(|t| t["timezone"].as_str().unwrap()).collect();
    assert_eq!(tenants.len(), 3, "{me}");
    let mut total = 0;
    for tenant in me["tenants"].as_array().unwrap() {
        let slug = tenant["slug"].as_str().unwrap();
        let metrics = "metrics=calls,errors,cached_input_tokens,reasoning_tokens,cost,latency_p95,users";
        let answer = server
            .get(&format!("/api/v1/usage/query?tenant={slug}&range=90d&granularity=day&{metrics}"))
            .await;
        let (sum, days) = (&answer["total"], answer["series"].as_array().unwrap());
        assert_eq!(days.len(), 90);
        // Today may have only just begun.
        assert!(days[..89].iter().all(|day| day["calls"].as_u64() > Some(10)), "{slug}: a day is empty");
        for name in ["errors", "cached_input_tokens", "reasoning_tokens"] {
            assert!(sum[name].as_u64() > Some(0), "{slug} {name}: {sum}");
        }
        total += sum["calls"].as_u64().unwrap();
        assert!(sum["cost_usd"].as_str().unwrap().parse::<f64>().unwrap() > 1.0, "{sum}");
    }
    assert!((60_000..120_000).contains(&total), "{total}");
    let unpriced =
        server.get("/api/v1/usage/query?tenant=heron-lab&range=90d&group_by=model&metrics=calls,cost").await;
    let named: Vec<&Value> = unpriced["groups"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|g| g["total"]["unpriced_calls"] != 0)
        .map(|g| &g["key"][0])
        .collect();
    assert_eq!(named, [&json!("heron-8b-instruct")]);

    for slug in ["tidewater", "forgeline", "heron-lab"] {
        limits_are_at_work(&server, slug).await;
        budgets_are_at_work(&server, slug).await;
    }

    // The links sign in.
    assert!(server.line_with("admin").contains(&format!("{}/login#token={ADMIN_TOKEN}", server.url)));
    let line = server.line_with("owner of Forgeline");
    let token = line.split("#token=").nth(1).unwrap();
    let me = server.http.get(format!("{}/api/v1/me", server.url)).bearer_auth(token).send().await.unwrap();
    let me: Value = serde_json::from_str(&me.text().await.unwrap()).unwrap();
    assert_eq!((&me["role"], &me["tenant"]["slug"]), (&json!("owner"), &json!("forgeline")));

    assert_eq!(std::fs::read_dir(dir.path().join("tmp")).unwrap().count(), 1);
    server.terminate();
    assert!(server.wait(Duration::from_secs(20)).success());
    assert_eq!(std::fs::read_dir(dir.path().join("tmp")).unwrap().count(), 0, "nothing is left behind");
}

/// Somebody has reached a limit today, others are near one; somebody holds a part of one.
async fn limits_are_at_work(server: &Server, slug: &str) {
    let near = server.get(&format!("/api/usage/admin/near-limits?tenant={slug}")).await;
    let items = near["items"].as_array().unwrap();
    assert!(items.len() >= 4 && items.iter().any(|item| item["percentage"] == 100.0), "{slug}: {near}");
    let tiers: std::collections::BTreeSet<&str> =
        items.iter().map(|item| item["tier"].as_str().unwrap()).collect();
    assert!(tiers.contains("free") && tiers.contains("pro"), "{slug}: {tiers:?}");
    let history = server.get(&format!("/api/usage/admin/history?tenant={slug}")).await;
    let past = &history["items"].as_array().unwrap()[1..];
    let used = |day: &&Value| day["total_deployments"] != 0 && day["totals"]["tokens"] != 0;
    assert_eq!(past.iter().filter(used).count(), 6, "{slug}: {history}");
    let users = server.get(&format!("/api/v1/users?limit=4&tenant={slug}")).await;
    let holder = users["items"][3]["id"].as_str().unwrap();
    let status = server.get(&format!("/api/usage/status?user={holder}&tenant={slug}")).await;
    assert_eq!(status["metrics"]["compute_hours"]["held"], 12.5, "{slug}: {status}");
    let together = server.get(&format!("/api/v1/tenant-limits?tenant={slug}")).await;
    assert_eq!(together["limits"]["deployments"], 400, "{slug}");
}

/// Soft and hard budgets, one nearly used; a rule that was changed; and nobody who is told.
async fn budgets_are_at_work(server: &Server, slug: &str) {
    let budgets = server.get(&format!("/api/v1/budgets?tenant={slug}")).await;
    let items = budgets["items"].as_array().unwrap();
    assert_eq!(items.len(), 4, "{slug}: {budgets}");
    let hard: Vec<bool> = items.iter().map(|budget| budget["hard"].as_bool().unwrap()).collect();
    assert_eq!(hard, [false, false, true, false]);
    let (nearly, hard) = (&items[1]["current"], &items[2]["current"]);
    // In the first minutes of a month there may be nothing yet.
    if nearly["spent_usd"] != "0" {
        let used = nearly["used_percentage"].as_f64().unwrap();
        assert!((85.0..=93.01).contains(&used), "{slug}: {nearly}");
    }
    assert_eq!(hard["is_over_budget"], false, "{slug}: {hard}");
    let rules = server.get(&format!("/api/v1/alert-rules?tenant={slug}")).await;
    let spike = rules["items"].as_array().unwrap().iter().find(|rule| rule["kind"] == "spend_spike").unwrap();
    assert_eq!(spike["params"]["above_percent"], 60);
    let channels = server.get(&format!("/api/v1/channels?tenant={slug}")).await;
    assert_eq!(channels["items"], json!([]), "a demo tells nobody");
}

#[tokio::test]
async fn a_kept_demo_can_be_served_later_and_stays_marked() {
    let dir = tempfile::tempdir().unwrap();
    let server = demo(dir.path(), &["--keep", "kept", "--seed", "2"]);
    let query = "/api/v1/usage/query?tenant=tidewater&from=2020-01-01&to=2040-01-01&metrics=calls,cost";
    let before = server.get(query).await["total"].clone();
    server.stop();
    assert!(
        run_err(dir.path(), &["demo", "--keep", "kept", "--listen", "127.0.0.1:0"])
            .contains("meterwire serve")
    );
    let server = Server::start(Path::new(arg(&dir.path().join("kept"))));
    assert_eq!(server.get("/api/v1/me").await["demo"], true);
    assert_eq!(server.get(query).await["total"], before);
    server.stop();
}
