//! What people ask with the `sqlite3` program beside a running server: the documented statements, as they are written.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails is a test")]

mod common;

use common::sql_names::{
    LIMITS_OF_TIERS, NEAR_LIMITS, TIER_OF_USER, TOP_USERS, UPDATE_TIER, USAGE_OF_USER, of_user,
};
use common::{append, audit, event, open};
use meterwire_app::ports::{Catalog, DecisionKind, DecisionRequest, Limits, TenantId, UsedFor, User};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::limit::MetricName;
use meterwire_store::SqliteStore;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// SQLite has no INTERVAL; `date` counts days instead.
const HISTORY: &str = "SELECT date, COUNT(*) as active_users,
       SUM(deployments_created) as total_deployments,
       SUM(api_calls) as total_api_calls
FROM daily_usage
WHERE date >= date(CURRENT_DATE, '-7 days')
GROUP BY date
ORDER BY date DESC;";

const UNITS: i64 = 1_000_000;
const DAY_MS: i64 = 86_400_000;

/// Runs the real program on the database of a directory; answers what it prints, or what it complains of.
fn sqlite3(dir: &Path, sql: &str) -> Result<String, String> {
    let ran = Command::new("sqlite3").arg("-bail").arg(dir.join("meterwire.db")).arg(sql).output();
    let output = ran.expect("the program sqlite3 is needed for this test (apt-get install sqlite3)");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim_end().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

/// The present day, which the statements call CURRENT_DATE, and its first instant.
fn today() -> (String, i64) {
    let dir = tempfile::tempdir().unwrap();
    loop {
        let now = sqlite3(dir.path(), "SELECT date('now'), strftime('%s', 'now')").unwrap();
        let (date, seconds) = now.split_once('|').unwrap();
        let now_ms = seconds.parse::<i64>().unwrap() * 1_000;
        // Nothing of the test may happen on the next day.
        if now_ms % DAY_MS < DAY_MS - 60_000 {
            return (date.to_owned(), now_ms - now_ms % DAY_MS);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

async fn used(store: &SqliteStore, tenant: TenantId, user: &str, of: &[(&str, i64)], now_ms: i64) {
    let amount =
        |(metric, units): &(&str, i64)| (MetricName::parse("metric", metric).unwrap(), Amount(*units));
    let request = DecisionRequest {
        kind: DecisionKind::Increment,
        user: user.to_owned(),
        amounts: of.iter().map(amount).collect(),
        used_for: UsedFor::default(),
        idempotency_key: None,
    };
    store.decide(tenant, vec![request], now_ms).await.unwrap().remove(0).unwrap();
}

/// Two tenants with users of the same ids; the statements speak of the first.
async fn filled(store: &SqliteStore, start_ms: i64) -> TenantId {
    let acme = store.create_tenant("acme", "Acme", "UTC", audit("tenant.create")).await.unwrap().id;
    let other = store.create_tenant("aaa", "Other", "UTC", audit("tenant.create")).await.unwrap().id;
    let users = [(acme, "u-1", "Ada", "free"), (acme, "u-2", "Bob", "pro"), (acme, "u-3", "Cy", "free")];
    for (tenant, id, username, tier) in users.into_iter().chain([(other, "u-1", "Eve", "enterprise")]) {
        let user = User { id: id.into(), username: username.into(), tier: tier.into(), created_ms: 0 };
        store.create_user(tenant, user, audit("user.create")).await.unwrap();
    }
    let deployments = |units| ("deployments", units * UNITS);
    let calls = |units| ("api_calls", units * UNITS);
    let yesterday_ms = start_ms - 1;
    used(store, acme, "u-1", &[deployments(2), calls(7), ("storage", 3_500_000)], yesterday_ms).await;
    used(store, acme, "u-2", &[calls(1)], yesterday_ms).await;
    used(store, acme, "u-1", &[deployments(9), calls(12), ("compute_hours", 2_500_000)], start_ms).await;
    used(store, acme, "u-2", &[deployments(9), calls(40_001)], start_ms).await;
    // Only a level changed: that is a day with usage too.
    used(store, acme, "u-3", &[("storage", UNITS)], start_ms).await;
    used(store, acme, "u-3", &[calls(3)], start_ms - 8 * DAY_MS).await;
    // Usage without a user is in no row.
    let mut nobody = event(0);
    nobody.labels.set(Dimension::User, None);
    nobody.time_ms = start_ms;
    append(store, acme, vec![nobody]).await;
    used(store, other, "u-1", &[deployments(77), calls(77)], start_ms).await;
    acme
}

#[tokio::test]
async fn the_documented_statements_run_as_they_are_written() {
    let (date, start_ms) = today();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store, start_ms).await;
    let ask = |sql: &str| sqlite3(dir.path(), sql).unwrap();

    assert_eq!(ask(&of_user(USAGE_OF_USER, "u-1")), format!("u-1|{date}|9|12|2.5|3.5"));
    assert_eq!(ask(&of_user(USAGE_OF_USER, "u-3")), format!("u-3|{date}|0|0|0|1"));
    assert_eq!(ask(USAGE_OF_USER), "", "nobody is called <uuid>");
    assert_eq!(ask(&of_user(TIER_OF_USER, "u-1")), "Ada|free");
    assert_eq!(ask(LIMITS_OF_TIERS), "enterprise||||\nfree|10|5000|10|\npro|50|50000|100|");
    assert_eq!(ask(TOP_USERS), "Bob|9|40001\nAda|9|12\nCy|0|0");
    assert_eq!(ask(NEAR_LIMITS), "Ada|free|9|10|12|5000\nBob|pro|9|50|40001|50000");
    let yesterday = ask("SELECT date(CURRENT_DATE, '-1 day')");
    assert_eq!(ask(HISTORY), format!("{date}|3|18|40013\n{yesterday}|2|2|8"));
    let types = "SELECT DISTINCT typeof(date), typeof(deployments_created), typeof(storage) FROM daily_usage
        WHERE user_id = 'u-1' ORDER BY date";
    assert_eq!(ask(types), "text|integer|real");

    // What the program says is what the server says, whose sums hold the usage without a user too.
    let days = ask("SELECT date, COUNT(*) FROM daily_usage GROUP BY date").lines().count();
    assert_eq!(days, 3);
    let tenant = store.tenant("acme").await.unwrap().unwrap().id;
    let day = i32::try_from(start_ms / DAY_MS).unwrap();
    let history = store.history(tenant, day - 7, day).await.unwrap();
    let of = |metric: &str| MetricName::parse("metric", metric).unwrap();
    assert_eq!((history[0].active_users, history[0].totals[&of("api_calls")]), (3, Amount(40_014 * UNITS)));
    assert_eq!((history[1].active_users, history[1].totals[&of("deployments")]), (2, Amount(2 * UNITS)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tier_changed_by_the_program_takes_effect_within_a_second() {
    let (_, start_ms) = today();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = filled(&store, start_ms).await;
    let deployments = MetricName::parse("metric", "deployments").unwrap();
    let fits = async |units: i64| {
        let amount = Amount(units * UNITS);
        let user =
            store.check(acme, "u-1", &deployments, amount, &UsedFor::default(), start_ms).await.unwrap();
        (user.tier.clone(), user.is_allowed())
    };
    assert_eq!(fits(2).await, ("free".to_owned(), false));
    let within_a_second = async |units: i64, wanted: (&str, bool)| {
        let begin = Instant::now();
        while fits(units).await != (wanted.0.to_owned(), wanted.1) {
            assert!(begin.elapsed() < Duration::from_secs(1), "{wanted:?} came too late");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    sqlite3(dir.path(), &of_user(UPDATE_TIER, "u-1")).unwrap();
    within_a_second(2, ("pro", true)).await;
    assert_eq!(sqlite3(dir.path(), &of_user(TIER_OF_USER, "u-1")).unwrap(), "Ada|pro");
    let told = store.audit(Some(acme), <_>::default()).await.unwrap().items.remove(0);
    assert_eq!(
        (told.actor.as_str(), told.action.as_str(), told.target.as_str()),
        ("sql", "user.update", "u-1")
    );

    // Limits too, and what was not named stays as it was.
    sqlite3(dir.path(), "UPDATE usage_limits SET max_deployments_per_day = 10.5 WHERE tier = 'pro'").unwrap();
    within_a_second(2, ("pro", false)).await;
    assert!(fits(1).await.1);
    sqlite3(dir.path(), "UPDATE usage_limits SET max_deployments_per_day = NULL WHERE tier = 'pro'").unwrap();
    within_a_second(1_000_000, ("pro", true)).await;
    assert_eq!(
        sqlite3(dir.path(), "SELECT * FROM usage_limits WHERE tier = 'pro'").unwrap(),
        "pro||50000|100|"
    );
    let set =
        "UPDATE usage_limits SET max_storage = 5, max_compute_hours_per_day = 0.25 WHERE tier = 'enterprise'";
    sqlite3(dir.path(), set).unwrap();
    assert_eq!(sqlite3(dir.path(), LIMITS_OF_TIERS).unwrap().lines().next(), Some("enterprise|||0.25|5"));
    // The other tenant has nothing of it.
    let other = store.tenant("aaa").await.unwrap().unwrap().id;
    let tier = store.tier(other, "enterprise").await.unwrap().unwrap();
    assert!(tier.limits.values().all(Option::is_none));
    assert_eq!(store.user(other, "u-1").await.unwrap().unwrap().tier, "enterprise");
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_sentence() {
    let (_, start_ms) = today();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    filled(&store, start_ms).await;
    let before = sqlite3(dir.path(), "SELECT * FROM users; SELECT * FROM usage_limits").unwrap();
    let refusals = [
        ("UPDATE users SET tier = 'gold' WHERE id = 'u-1'", "SELECT tier FROM usage_limits"),
        ("UPDATE users SET tier = NULL WHERE id = 'u-1'", "SELECT tier FROM usage_limits"),
        ("UPDATE users SET id = 'u-9' WHERE id = 'u-1'", "the id of a user cannot be changed"),
        ("UPDATE users SET username = NULL WHERE id = 'u-1'", "NOT NULL"),
        ("UPDATE usage_limits SET tier = 'gold' WHERE tier = 'pro'", "the name of a tier cannot be changed"),
        ("UPDATE usage_limits SET max_storage = -1 WHERE tier = 'pro'", "a limit must be a number from 0"),
        (
            "UPDATE usage_limits SET max_storage = 'many' WHERE tier = 'pro'",
            "a limit must be a number from 0",
        ),
        ("UPDATE usage_limits SET max_api_calls_per_day = 1e13", "a limit must be a number from 0"),
        ("DELETE FROM users", "view"),
        ("INSERT INTO daily_usage (user_id) VALUES ('u-1')", "view"),
    ];
    for (sql, said) in refusals {
        let refused = sqlite3(dir.path(), sql).unwrap_err();
        assert!(refused.contains(said), "{sql}: {refused}");
    }
    assert_eq!(sqlite3(dir.path(), "SELECT * FROM users; SELECT * FROM usage_limits").unwrap(), before);
    // Names may be anything, the largest limit is exact.
    sqlite3(dir.path(), "UPDATE users SET username = 'Grace' WHERE id = 'u-1'").unwrap();
    assert_eq!(sqlite3(dir.path(), &of_user(TIER_OF_USER, "u-1")).unwrap(), "Grace|free");
    sqlite3(dir.path(), "UPDATE usage_limits SET max_storage = 999999999999 WHERE tier = 'pro'").unwrap();
    let exact = sqlite3(dir.path(), "SELECT max_storage FROM usage_limits WHERE tier = 'pro'").unwrap();
    assert_eq!(exact, "999999999999");
}

#[tokio::test]
async fn a_setting_names_the_tenant_that_is_shown() {
    let (date, start_ms) = today();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert_eq!(
        sqlite3(dir.path(), "SELECT * FROM users; SELECT * FROM daily_usage").unwrap(),
        "",
        "no tenant yet"
    );
    filled(&store, start_ms).await;
    let users = "SELECT username FROM users ORDER BY id";
    assert_eq!(sqlite3(dir.path(), users).unwrap(), "Ada\nBob\nCy", "the one that was made first");
    store.set_setting("sql_tenant", "aaa").await.unwrap();
    assert_eq!(sqlite3(dir.path(), users).unwrap(), "Eve");
    assert_eq!(sqlite3(dir.path(), &of_user(USAGE_OF_USER, "u-1")).unwrap(), format!("u-1|{date}|77|77|0|0"));
    store.set_setting("sql_tenant", "nobody").await.unwrap();
    for view in ["users", "daily_usage", "usage_limits"] {
        assert_eq!(
            sqlite3(dir.path(), &format!("SELECT * FROM {view}")).unwrap(),
            "",
            "{view} shows somebody"
        );
    }
    assert_eq!(sqlite3(dir.path(), &of_user(UPDATE_TIER, "u-1")).unwrap(), "");
    store.set_setting("sql_tenant", "acme").await.unwrap();
    assert_eq!(sqlite3(dir.path(), &of_user(TIER_OF_USER, "u-1")).unwrap(), "Ada|free");
}
