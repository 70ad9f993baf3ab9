//! The same for the cluster store: what people ask with `psql` beside running servers.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails is a test")]

mod common;

use common::engines::Postgres;
use common::sql_names::{
    LIMITS_OF_TIERS, NEAR_LIMITS, TIER_OF_USER, TOP_USERS, UPDATE_TIER, USAGE_OF_USER, of_user,
};
use std::process::Command;

const HISTORY: &str = "SELECT date, COUNT(*) as active_users,
       SUM(deployments_created) as total_deployments,
       SUM(api_calls) as total_api_calls
FROM daily_usage
WHERE date >= CURRENT_DATE - INTERVAL '7 days'
GROUP BY date
ORDER BY date DESC;";

/// Two tenants with users of the same ids; the statements speak of the first. `today` is a day since 1970.
const FILLED: &str = "
INSERT INTO tenant (slug, name, timezone, created_ms) VALUES ('acme', 'Acme', 'UTC', 0), ('aaa', 'Other', 'UTC', 0);
INSERT INTO metric (tenant_id, name, \"window\", timezone, created_ms)
SELECT tenant.id, named.name, named.span, 'UTC', 0
FROM tenant
CROSS JOIN (VALUES (1, 'deployments', 'day'), (2, 'api_calls', 'day'), (3, 'compute_hours', 'day'), (4, 'storage', 'none'))
  AS named (place, name, span)
ORDER BY tenant.id, named.place;
INSERT INTO tier (tenant_id, name, created_ms)
SELECT tenant.id, unnest(ARRAY['free', 'pro', 'enterprise']), 0 FROM tenant;
INSERT INTO tier_limit (tenant_id, tier, metric_id, amount) VALUES
  (1, 'free', 1, 10000000), (1, 'free', 2, 5000000000), (1, 'free', 3, 10000000),
  (1, 'pro', 1, 50000000), (1, 'pro', 2, 50000000000), (1, 'pro', 3, 100000000);
INSERT INTO \"user\" (tenant_id, id, username, tier, created_ms) VALUES
  (1, 'u-1', 'Ada', 'free', 0), (1, 'u-2', 'Bob', 'pro', 0), (1, 'u-3', 'Cy', 'free', 0), (2, 'u-1', 'Eve', 'enterprise', 0);
INSERT INTO counter (tenant_id, metric_id, \"user\", day, used, forgiven)
SELECT tenant, metric, whose, CURRENT_DATE - DATE '1970-01-01' - ago, used, forgiven
FROM (VALUES
  (1, 1, 'u-1', 1, 2000000, 0), (1, 2, 'u-1', 1, 7000000, 0), (1, 2, 'u-2', 1, 1000000, 0),
  (1, 1, 'u-1', 0, 11000000, 2000000), (1, 2, 'u-1', 0, 12000000, 0), (1, 3, 'u-1', 0, 2500000, 0),
  (1, 1, 'u-2', 0, 9000000, 0), (1, 2, 'u-2', 0, 40001000000, 0), (1, 2, 'u-3', 8, 3000000, 0),
  (1, 2, '', 0, 5000000, 0), (2, 5, 'u-1', 0, 77000000, 0)
) AS counted (tenant, metric, whose, ago, used, forgiven);
INSERT INTO level (tenant_id, metric_id, \"user\", day, used)
SELECT 1, 4, whose, CURRENT_DATE - DATE '1970-01-01' - ago, used
FROM (VALUES ('u-1', 1, 3500000), ('u-3', 0, 1000000)) AS levels (whose, ago, used);
";

/// Runs the real program; answers what it prints, or what it complains of.
fn psql(url: &str, sql: &str) -> Result<String, String> {
    let ran = Command::new("psql").args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url]).output();
    let output = ran.expect("the program psql is needed for this test (./scripts/prerequisites.sh test)");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// Fills a database, and sees to it that nothing of the test happens on the next day.
fn fill(url: &str) {
    while psql(url, "SELECT CURRENT_TIME > TIME '23:59:00'").unwrap() == "t" {
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    psql(url, FILLED).unwrap();
}

/// What servers look at to know that they have to read again: version and version of the catalogue, of both tenants.
fn versions(url: &str) -> String {
    psql(url, "SELECT version, catalog_version FROM ledger WHERE tenant_id > 0 ORDER BY tenant_id").unwrap()
}

#[tokio::test]
async fn the_documented_statements_run_as_they_are_written() {
    let database = Postgres::with_schema().await;
    let ask = |sql: &str| psql(database.url(), sql).unwrap();
    assert_eq!(ask("SELECT * FROM users; SELECT * FROM daily_usage"), "", "no tenant yet");
    fill(database.url());
    let date = ask("SELECT CURRENT_DATE");
    let yesterday = ask("SELECT CURRENT_DATE - 1");

    assert_eq!(ask(&of_user(USAGE_OF_USER, "u-1")), format!("u-1|{date}|9|12|2.5|3.5"));
    assert_eq!(ask(&of_user(USAGE_OF_USER, "u-3")), format!("u-3|{date}|0|0|0|1"));
    assert_eq!(ask(USAGE_OF_USER), "", "nobody is called <uuid>");
    assert_eq!(ask(&of_user(TIER_OF_USER, "u-1")), "Ada|free");
    let limits = ask(LIMITS_OF_TIERS);
    let mut limits: Vec<&str> = limits.lines().collect();
    limits.sort_unstable();
    assert_eq!(limits, ["enterprise||||", "free|10|5000|10|", "pro|50|50000|100|"]);
    assert_eq!(ask(TOP_USERS), "Bob|9|40001\nAda|9|12\nCy|0|0");
    let near = ask(NEAR_LIMITS);
    let mut near: Vec<&str> = near.lines().collect();
    near.sort_unstable();
    assert_eq!(near, ["Ada|free|9|10|12|5000", "Bob|pro|9|50|40001|50000"]);
    assert_eq!(ask(HISTORY), format!("{date}|3|18|40013\n{yesterday}|2|2|8"));
    assert_eq!(ask("SELECT count(DISTINCT date) FROM daily_usage"), "3");
    // The days stand first, so that one day is not looked for among all counters.
    let plan = ask("SET enable_seqscan = off; EXPLAIN SELECT * FROM daily_usage WHERE date = CURRENT_DATE");
    assert!(!plan.contains("Seq Scan on counter"), "{plan}");
}

#[tokio::test]
async fn what_is_changed_by_hand_is_noticed_by_servers() {
    let database = Postgres::with_schema().await;
    let url = database.url();
    let ask = |sql: &str| psql(url, sql).unwrap();
    fill(database.url());
    ask(&of_user(UPDATE_TIER, "u-1"));
    assert_eq!(ask(&of_user(TIER_OF_USER, "u-1")), "Ada|pro");
    assert_eq!(versions(url), "1|1\n0|0", "the other tenant has nothing of it");
    assert_eq!(
        ask("SELECT actor, action, target FROM audit WHERE tenant_id = 1"),
        "sql|user.update|u-1",
        "and it is told"
    );
    ask("UPDATE usage_limits SET max_deployments_per_day = 10.5 WHERE tier = 'pro'");
    ask(
        "UPDATE usage_limits SET max_storage = 999999999999, max_api_calls_per_day = NULL WHERE tier = 'pro'",
    );
    assert_eq!(ask("SELECT * FROM usage_limits WHERE tier = 'pro'"), "pro|10.5||100|999999999999");
    assert_eq!(versions(url), "3|3\n0|0");
    // Another tenant is shown where the setting names it; one that is not there shows nobody.
    ask("INSERT INTO setting VALUES ('sql_tenant', 'aaa')");
    assert_eq!(ask("SELECT username FROM users"), "Eve");
    assert_eq!(ask("SELECT user_id, deployments_created FROM daily_usage"), "u-1|77");
    ask("UPDATE setting SET value = 'nobody' WHERE name = 'sql_tenant'");
    assert_eq!(ask("SELECT * FROM users; SELECT * FROM daily_usage; SELECT * FROM usage_limits"), "");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let database = Postgres::with_schema().await;
    let url = database.url();
    fill(url);
    let all = "SELECT * FROM users ORDER BY id; SELECT * FROM usage_limits ORDER BY tier";
    let before = psql(url, all).unwrap();
    let refusals = [
        ("UPDATE users SET tier = 'gold' WHERE id = 'u-1'", "SELECT tier FROM usage_limits"),
        ("UPDATE users SET tier = NULL WHERE id = 'u-1'", "SELECT tier FROM usage_limits"),
        ("UPDATE users SET id = 'u-9' WHERE id = 'u-1'", "the id of a user cannot be changed"),
        ("UPDATE users SET username = NULL WHERE id = 'u-1'", "not-null"),
        ("UPDATE usage_limits SET tier = 'gold' WHERE tier = 'pro'", "the name of a tier cannot be changed"),
        ("UPDATE usage_limits SET max_storage = -1 WHERE tier = 'pro'", "a limit must be a number from 0"),
        ("UPDATE usage_limits SET max_storage = 'NaN' WHERE tier = 'pro'", "a limit must be a number from 0"),
        ("UPDATE usage_limits SET max_api_calls_per_day = 1e13", "a limit must be a number from 0"),
        ("DELETE FROM users", "view"),
        ("INSERT INTO users VALUES ('u-9', 'Dan', 'free')", "view"),
        ("DELETE FROM usage_limits", "view"),
        ("DELETE FROM sql_tenant", "view"),
        ("INSERT INTO daily_usage (user_id) VALUES ('u-1')", "view"),
    ];
    for (sql, said) in refusals {
        let refused = psql(url, sql).unwrap_err();
        assert!(refused.contains(said), "{sql}: {refused}");
    }
    assert_eq!(psql(url, all).unwrap(), before);
    assert_eq!(versions(url), "0|0\n0|0");
}
