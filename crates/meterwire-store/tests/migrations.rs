//! Migrations with data, in both directions: what a lower one holds survives, what a higher one holds comes back as far
//! as it can be worked out again.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::{DAY_MS, START_MS, append, audit, calls, database, event, open, tenant};
use meterwire_app::ports::{
    ApiKey, BudgetChange, Budgets, Catalog, DecisionKind, DecisionRequest, Ledger, LimitMap, Limits,
    NewRerating, PriceOverride, Project, RerateStep, Rerated, Reratings, ReserveRequest, Role, TenantId,
    Usage, UsedFor, User,
};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, Rating};
use meterwire_core::limit::{Counts, Metric, MetricName, Window};
use meterwire_core::money::CostNanos;
use meterwire_core::period::Range;
use meterwire_core::price::PriceId;
use meterwire_core::rerate::{RerateDifference, RerateScope};
use meterwire_store::{Migrations, OpenOptions, SqliteStore};
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::path::Path;

const ONE: i64 = 1_000_000;

fn name(name: &str) -> MetricName {
    MetricName::parse("metric", name).unwrap()
}

/// Events of several days and users, some without a user, some that name metrics, received on other days.
fn usages() -> Vec<Event> {
    (0..400_usize)
        .map(|number| {
            let mut event = event(number);
            event.received_ms = START_MS + i64::try_from(number / 90).unwrap() * DAY_MS;
            let user = (!number.is_multiple_of(7)).then(|| format!("u-{}", number % 11));
            event.labels.set(Dimension::User, user);
            let amount = Amount(i64::try_from(number).unwrap() * 250_000);
            match number % 5 {
                1 => event.metrics.extend([("compute_hours".to_owned(), amount)]),
                2 => event.metrics.extend([("api_calls".to_owned(), amount), ("storage".to_owned(), amount)]),
                3 => event
                    .metrics
                    .extend([("words".to_owned(), amount), ("deployments".to_owned(), Amount(ONE))]),
                4 => event.metrics.extend([("cost_usd".to_owned(), amount)]),
                _ => {}
            }
            event
        })
        .collect()
}

/// A store with something in every table.
async fn fill(store: &SqliteStore) -> TenantId {
    let acme = tenant(store).await;
    append(store, acme, usages()).await;
    for voided in ["id-3", "id-12", "id-41"] {
        store.void(acme, "default", voided, audit("event.void")).await.unwrap();
    }
    fill_catalog(store, acme).await;
    fill_limits(store, acme).await;
    fill_rerating(store, acme).await;
    acme
}

/// One event is rated anew.
async fn fill_rerating(store: &SqliteStore, acme: TenantId) {
    let range = Range { from_ms: 0, to_ms: i64::MAX };
    let new = NewRerating {
        id: "rerating".into(),
        by: "test".into(),
        at_ms: START_MS,
        scope: RerateScope { range, provider: None, model: None, only_unpriced: false },
        last_seq: i64::MAX,
        prices: "{}".into(),
        expected: RerateDifference::default(),
    };
    store.begin_rerating(acme, new, audit("prices.rerate")).await.unwrap();
    let row = store.event(acme, "default", "id-5").await.unwrap().unwrap().row;
    let after = Rating::Priced { cost: CostNanos(7), price_id: PriceId::new("p") };
    let rerated = vec![Rerated { seq: row.seq, before: row.event.rating, after }];
    let step =
        RerateStep { id: "rerating".into(), after: None, next: None, events: 1, rerated, at_ms: START_MS };
    assert!(store.rerate(acme, step).await.unwrap());
}

async fn fill_catalog(store: &SqliteStore, acme: TenantId) {
    let key = ApiKey {
        id: "k-1".into(),
        tenant: Some(acme),
        name: "prod".into(),
        role: Role::Owner,
        prefix: "mw_1".into(),
        hash: [1; 32],
        user: None,
        project: None,
        created_ms: START_MS,
        expires_ms: None,
        revoked_ms: None,
        last_used_ms: None,
    };
    store.create_key(key, audit("key.create")).await.unwrap();
    let session =
        meterwire_app::ports::Session { hash: [2; 32], key_id: "k-1".into(), expires_ms: START_MS + 1 };
    store.create_session(session, START_MS).await.unwrap();
    let project =
        Project { slug: "p".into(), name: "P".into(), department: None, team: None, created_ms: START_MS };
    store.create_project(acme, project, audit("project.create")).await.unwrap();
    let price = PriceOverride {
        id: "price".into(),
        provider: "openai".into(),
        model: "gpt-4o".into(),
        from_ms: None,
        until_ms: None,
        rates: "{}".into(),
        created_ms: START_MS,
    };
    store.create_price(acme, price, audit("price.create")).await.unwrap();
    store.set_setting("sql_tenant", "acme").await.unwrap();
    let default = store.default_budget(acme, START_MS).await.unwrap();
    let change = BudgetChange { amount: Some(CostNanos(1_000_000_000_000)), ..BudgetChange::default() };
    store.update_budget(acme, &default.budget.id, change, audit("budget.update")).await.unwrap();
}

async fn fill_limits(store: &SqliteStore, acme: TenantId) {
    let words = Metric {
        name: name("words"),
        description: None,
        unit: None,
        window: Window::Week,
        timezone: "Europe/Berlin".into(),
        counts: Counts::Tokens,
        created_ms: START_MS,
    };
    store.create_metric(acme, words, audit("metric.create")).await.unwrap();
    let limits = LimitMap::from([(name("deployments"), Some(Amount(3 * ONE)))]);
    store.create_tier(acme, "gold", limits.clone(), audit("tier.create")).await.unwrap();
    let user = User { id: "rich".into(), username: "Rich".into(), tier: "gold".into(), created_ms: START_MS };
    store.create_user(acme, user, audit("user.create")).await.unwrap();
    store.set_user_limits(acme, "rich", limits.clone(), audit("user.limits")).await.unwrap();
    store.set_tenant_limits(acme, limits, audit("tenant.limits")).await.unwrap();
    let request = DecisionRequest {
        kind: DecisionKind::Increment,
        user: "rich".into(),
        amounts: vec![(name("deployments"), Amount(ONE)), (name("storage"), Amount(ONE))],
        used_for: UsedFor::default(),
        idempotency_key: Some("once".into()),
    };
    store.decide(acme, vec![request], START_MS).await.unwrap().remove(0).unwrap();
    let hold = ReserveRequest {
        id: "hold".into(),
        user: "rich".into(),
        metric: name("compute_hours"),
        amount: Amount(ONE),
        ttl_ms: 60_000,
        used_for: UsedFor::default(),
        idempotency_key: None,
    };
    store.reserve(acme, hold, START_MS).await.unwrap();
}

/// Columns that a later migration adds to a table of an earlier one.
const LATER_COLUMNS: [&str; 4] = ["property_", "retention_days", "events_from_ms", "for_"];

/// Every table with its rows, in the order of its columns.
type Dump = BTreeMap<String, Vec<String>>;

fn dump(dir: &Path) -> Dump {
    let database = database(dir);
    let tables: Vec<String> =
        texts(&database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    tables
        .into_iter()
        .map(|table| {
            let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let kept = |name: &&str| !LATER_COLUMNS.iter().any(|later| name.starts_with(later));
            let columns: Vec<String> = statement.column_names().filter(kept).map(str::to_owned).collect();
            let rows = statement
                .query_map([], |row| {
                    columns.iter().map(|name| row.get::<_, Value>(&**name)).collect::<Result<Vec<_>, _>>()
                })
                .unwrap();
            let mut rows: Vec<String> = rows.map(|row| format!("{:?}", row.unwrap())).collect();
            rows.sort();
            (table, rows)
        })
        .collect()
}

fn texts(database: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

/// Everything that the migrations made: tables, indexes, views, triggers.
fn schema(dir: &Path) -> Vec<String> {
    let sql = "SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY 1";
    texts(&database(dir), sql)
}

/// The tables that each migration holds.
const TABLES: [&[&str]; 18] = [
    &["tenant", "api_key", "session", "user", "project", "price", "audit", "setting"],
    &["label", "event"],
    &[
        "rollup_total",
        "rollup_provider",
        "rollup_model",
        "rollup_project",
        "rollup_project_model",
        "rollup_user",
        "rollup_api_key",
        "rollup_agent",
        "rollup_department",
        "rollup_country",
        "rollup_status",
    ],
    &[
        "metric",
        "metric_counts",
        "tier",
        "tier_limit",
        "user_limit",
        "counter",
        "level",
        "reservation",
        "idempotency",
    ],
    &[],
    &[
        "dimension",
        "erasure",
        "rollup_property_1",
        "rollup_property_2",
        "rollup_property_3",
        "rollup_property_4",
        "rollup_property_5",
        "rollup_property_6",
        "rollup_property_7",
        "rollup_property_8",
    ],
    &["segment", "segment_late"],
    &["identity_run", "identity_block", "identity_filter", "identity_mark"],
    &["budget", "budget_period", "decided_money"],
    &["provider_connection", "provider_stream", "provider_bucket", "provider_row"],
    &["channel", "alert_rule", "alert", "alert_snooze", "delivery"],
    &["closing", "closing_change", "report", "report_delivery"],
    &[],
    &["rollup_user_packed", "packed_version"],
    &[],
    &["budget_amount"],
    &["rerating", "rerated"],
    &[],
];
/// Migrations whose tables this test does not fill.
const NOT_FILLED: std::ops::Range<usize> = 9..12;

/// With so many migrations there is a table that the last one takes away.
const WITH_LOG_BOUNDS: std::ops::Range<usize> = 3..15;

/// Takes back every migration after this many; answers how many those were.
fn down_to(dir: &Path, kept: usize) -> usize {
    let mut migrations = Migrations::open(dir).unwrap();
    let steps = migrations.status().unwrap().len() - kept;
    assert_eq!(migrations.down(steps).unwrap(), steps);
    steps
}

fn of_migrations(whole: &Dump, count: usize) -> Dump {
    let tables = TABLES[..count].iter().copied().flatten();
    tables.map(|table| ((*table).to_owned(), whole[*table].clone())).collect()
}

#[tokio::test]
async fn each_step_down_keeps_what_lower_ones_hold_and_comes_up_again() {
    let filled = tempfile::tempdir().unwrap();
    // So few that some are written as runs.
    let options = OpenOptions { recent_identities: 50, ..OpenOptions::new(filled.path()) };
    let store = SqliteStore::open(options).unwrap();
    let acme = fill(&store).await;
    store.close().await.unwrap();
    let (whole, whole_schema) = (dump(filled.path()), schema(filled.path()));
    assert_eq!(whole, of_migrations(&whole, TABLES.len()), "a table is missing from the list");
    let may_be_empty = |table: &str| {
        ["dimension", "erasure"].contains(&table)
            || TABLES[NOT_FILLED].concat().contains(&table)
            || table.starts_with("rollup_property")
            || table.starts_with("segment")
            || ["rollup_user_packed", "packed_version"].contains(&table)
    };
    let empty = whole.iter().filter(|(table, rows)| rows.is_empty() && !may_be_empty(table));
    let empty: Vec<_> = empty.map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "the test would not notice what becomes of {empty:?}");

    for steps in 1..=TABLES.len() {
        let kept = TABLES.len() - steps;
        let dir = tempfile::tempdir().unwrap();
        std::fs::copy(filled.path().join("meterwire.db"), dir.path().join("meterwire.db")).unwrap();
        let mut migrations = Migrations::open(dir.path()).unwrap();
        for _ in 0..steps {
            assert_eq!(migrations.down(1).unwrap(), 1);
        }
        assert_eq!(migrations.status().unwrap().iter().filter(|migration| migration.applied).count(), kept);
        let mut left = dump(dir.path());
        let bounds = left.remove("log_bound").is_some_and(|rows| !rows.is_empty());
        assert_eq!(bounds, WITH_LOG_BOUNDS.contains(&kept), "{steps} down");
        assert_eq!(left, of_migrations(&whole, kept), "{steps} down");
        // A table keeps its name and may have fewer columns.
        let named = |made: &str| made.split(':').next().map(str::to_owned);
        let mut known: Vec<_> = whole_schema.iter().map(|made| named(made)).collect();
        // What runs of identities have replaced.
        known.push(Some("index event_identity".to_owned()));
        known.push(Some("table log_bound".to_owned()));
        assert!(schema(dir.path()).iter().all(|made| known.contains(&named(made))));
        assert_eq!(migrations.up().unwrap(), steps);
        drop(migrations);
        assert_eq!(schema(dir.path()), whole_schema, "{steps} down and up");
        assert_eq!(
            of_migrations(&dump(dir.path()), kept),
            of_migrations(&whole, kept),
            "{steps} down and up"
        );

        let store = open(dir.path());
        let report = store.doctor(false, |_| ()).await.unwrap();
        assert!(report.is_clean(), "{steps} down and up: {:?}", report.findings);
        if kept >= 2 {
            assert_eq!(calls(&store, acme).await, 397);
            append(&store, acme, vec![event(1_000)]).await;
            assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
        }
        store.close().await.unwrap();
    }
}

/// What was used, by metric, day and user.
type Used = BTreeMap<(String, i64, String), i64>;
/// Levels, by user and day.
type Levels = BTreeMap<(String, i64), i64>;

/// What the events add up to.
fn naive(events: &[Event], voided: &[&str]) -> (Used, Levels) {
    let (mut used, mut levels, mut present) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for event in events.iter().filter(|event| !voided.contains(&event.id.as_str())) {
        let user = event.labels.get(Dimension::User).unwrap_or_default().to_owned();
        let day = event.time_ms / DAY_MS;
        let named = |metric: &str| event.metrics.get(metric).map(|amount| amount.0);
        let mut add = |metric: &str, units: i64| {
            if units != 0 {
                *used.entry((metric.to_owned(), day, user.clone())).or_insert(0) += units;
            }
        };
        add("api_calls", named("api_calls").unwrap_or(ONE));
        add("deployments", named("deployments").unwrap_or(0));
        add("compute_hours", named("compute_hours").unwrap_or(0));
        if let Some(units) = named("storage") {
            let level = present.entry(user.clone()).or_insert(0);
            *level += units;
            levels.insert((user, event.received_ms / DAY_MS), *level);
        }
    }
    (used, levels)
}

#[tokio::test]
async fn events_from_before_there_were_limits_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    let events = usages();
    append(&store, acme, events.clone()).await;
    let voided = ["id-3", "id-12", "id-41"];
    for id in voided {
        store.void(acme, "default", id, audit("event.void")).await.unwrap();
    }
    let other = store.create_tenant("other", "Other", "UTC", audit("tenant.create")).await.unwrap().id;
    append(&store, other, events[..20].to_vec()).await;
    store.close().await.unwrap();
    let steps = down_to(dir.path(), 3);
    // A tier from before there were tiers stays what it is.
    database(dir.path()).execute("UPDATE user SET tier = 'vip' WHERE id = 'u-1'", []).unwrap();
    assert_eq!(Migrations::open(dir.path()).unwrap().up().unwrap(), steps);

    let database = database(dir.path());
    for (tenant, events, voided) in [(acme, &events[..], &voided[..]), (other, &events[..20], &[])] {
        let (used, levels) = naive(events, voided);
        let sql = "SELECT name, day, user, used FROM counter JOIN metric ON metric.id = metric_id \
                   WHERE counter.tenant_id = ? AND forgiven = 0";
        let mut statement = database.prepare(sql).unwrap();
        let rows =
            statement.query_map([tenant.0], |row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?)));
        assert_eq!(rows.unwrap().collect::<rusqlite::Result<BTreeMap<_, i64>>>().unwrap(), used);
        let sql = "SELECT user, day, used FROM level WHERE tenant_id = ?";
        let mut statement = database.prepare(sql).unwrap();
        let rows = statement.query_map([tenant.0], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
        assert_eq!(rows.unwrap().collect::<rusqlite::Result<BTreeMap<_, i64>>>().unwrap(), levels);
    }
    drop(database);

    let store = open(dir.path());
    assert!(store.doctor(false, |_| ()).await.unwrap().is_clean());
    let standing = store.standing(acme, "u-1", START_MS).await.unwrap();
    assert_eq!(standing.tier, "vip");
    let limit = |metric: &str| standing.standings.iter().find(|of| of.metric == name(metric)).unwrap().limit;
    assert_eq!(limit("deployments"), Some(10 * ONE), "an unknown tier allows what the default one does");
    // What was counted by the migration is taken back like anything else.
    let day = i32::try_from(START_MS / DAY_MS).unwrap();
    let total = async |day: i32| {
        let history = store.history(acme, day, day).await.unwrap();
        history[0].totals[&name("api_calls")].0
    };
    let before = total(day).await;
    store.void(acme, "default", "id-0", audit("event.void")).await.unwrap();
    assert_eq!(total(day).await, before - ONE);
}

#[tokio::test]
async fn a_past_beyond_64_bits_does_not_keep_anybody_from_upgrading() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let acme = tenant(&store).await;
    let large = |number| {
        let mut event = event(number);
        event.time_ms = START_MS;
        event.metrics.extend(
            ["deployments", "storage"].map(|metric| (metric.to_owned(), Amount(1_000_000_000_000 * ONE))),
        );
        event
    };
    append(&store, acme, (0..9).map(|number| large(number * 5)).collect()).await;
    store.close().await.unwrap();
    let steps = down_to(dir.path(), 3);
    // Before there were limits, nobody refused these.
    let more = "INSERT INTO event SELECT seq + 100, tenant_id, time_ms, received_ms, identity + 1, source, id || 'x', \
                provider, model, project, user, api_key, agent, department, country, operation, service_tier, status, \
                latency_ms, time_to_first_token_ms, input_uncached, cache_read, cache_write_short, cache_write_long, \
                audio_input, image_input, output_visible, reasoning, audio_output, image_output, cost_nanos, rating, \
                price, fingerprint, request_hash, metrics, properties, voided_ms FROM event";
    assert_eq!(database(dir.path()).execute(more, []).unwrap(), 9);
    assert_eq!(Migrations::open(dir.path()).unwrap().up().unwrap(), steps);
    let largest = |sql: &str| database(dir.path()).query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(largest("SELECT max(used) FROM counter"), i64::MAX);
    assert_eq!(largest("SELECT max(used) FROM level"), i64::MAX);
}
