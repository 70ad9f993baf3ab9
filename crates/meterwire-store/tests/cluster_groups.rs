//! What a group of commands costs, what is forgotten between groups, and how much may wait.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::servers::{World, acme, open};
use common::{START_MS, audit, engines, event, events, whole};
use meterwire_app::ports::{
    Budgets, Catalog, DecisionKind, DecisionRequest, Ledger, Limits, Project, StoreError, Usage, UsedFor,
    Verdict,
};
use meterwire_core::amount::Amount;
use meterwire_core::budget::{Budget, BudgetPeriod, Scope, ScopeField};
use meterwire_core::limit::{IDEMPOTENCY_MS, MetricName};
use meterwire_core::money::CostNanos;
use meterwire_store::{ClusterOptions, Written, check_cluster, resend_lost};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::sleep;

fn decision(user: usize, metrics: &[&str], key: Option<String>) -> DecisionRequest {
    let amount = |metric: &&str| (MetricName::parse("metric", metric).unwrap(), Amount(1));
    DecisionRequest {
        kind: DecisionKind::Consume,
        user: format!("user-{user}"),
        amounts: metrics.iter().map(amount).collect(),
        used_for: UsedFor::default(),
        idempotency_key: key,
    }
}

fn hard(user: usize) -> Budget {
    let user = format!("user-{user}");
    Budget {
        id: format!("budget-{user}"),
        name: user.clone(),
        amount: CostNanos(1_000_000_000),
        period: BudgetPeriod::Month,
        timezone: None,
        scope: Scope::of([(ScopeField::User, user.as_str())]),
        hard: true,
        allow_unpriced: true,
        thresholds_ppm: vec![],
        channels: Vec::new(),
        parent: None,
        is_default: false,
        created_ms: START_MS,
    }
}

fn since(before: Written, now: Written) -> Written {
    Written {
        groups: now.groups - before.groups,
        commands: now.commands - before.commands,
        waits: now.waits - before.waits,
    }
}

/// Many appends and decisions of many users, behind another server's: PostgreSQL is waited for a few times, whatever their
/// number. What each costs by itself would be waited for while everybody else of the tenant waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_waits_for_postgresql_a_few_times() {
    let world = World::new().await;
    let (one, two) = (world.server().await, world.server().await);
    let acme = acme(&one).await;
    for user in 0..20 {
        one.create_budget(acme, hard(user), audit("budget.create")).await.unwrap();
    }
    let now_ms = START_MS + 10 * common::DAY_MS;
    for round in 0..3_usize {
        // The other server writes in between, so that this one has to load what it needs.
        one.append(acme, events(10_000 + round, 1)).await.unwrap();
        one.decide(acme, vec![decision(0, &["deployments"], None)], now_ms).await.unwrap();
        let before = two.written();
        let holder = world.hold(acme).await;
        let mut waiting: Vec<JoinHandle<()>> = Vec::new();
        for turn in 0..100_usize {
            let server = two.clone();
            let new = events(round * 1_000 + turn * 10, 10);
            waiting.push(tokio::spawn(async move {
                assert_eq!(server.append(acme, new).await.unwrap(), [Verdict::Stored; 10]);
            }));
            let server = two.clone();
            let key = turn.is_multiple_of(2).then(|| format!("key-{round}-{turn}"));
            let asked = decision(turn % 50, &["deployments", "api_calls", "storage"], key);
            waiting.push(tokio::spawn(async move {
                let decided = server.decide(acme, vec![asked], now_ms).await.unwrap().remove(0).unwrap();
                assert!(decided.is_allowed(), "{decided:?}");
            }));
        }
        sleep(Duration::from_millis(400)).await;
        holder.batch_execute("COMMIT").await.unwrap();
        for waiting in waiting {
            waiting.await.unwrap();
        }
        let Written { groups, commands, waits } = since(before, two.written());
        assert_eq!(commands, 200);
        // The first meets users and labels that are made then.
        assert!(round == 0 || waits < 40 * groups, "round {round}: {waits} waits in {groups} groups");
    }
    let standing = one.standing(acme, "user-0", now_ms).await.unwrap();
    let of = |name: &str| standing.standings.iter().find(|of| of.metric.as_str() == name).unwrap().current;
    assert_eq!((of("deployments"), of("api_calls")), (3 * 2 + 3, 3 * 2));
    for server in [one, two] {
        server.close().await.unwrap();
    }
}

/// A conflict outside of a savepoint ends PostgreSQL's transaction: its neighbours are run again and lose nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_outside_of_a_savepoint_harms_nobody() {
    let world = World::new().await;
    let server = world.server().await;
    let acme = acme(&server).await;
    let project = Project {
        slug: "web".to_owned(),
        name: "Web".to_owned(),
        department: None,
        team: Some("core".to_owned()),
        created_ms: START_MS,
    };
    let holder = world.hold(acme).await;
    let create = || {
        let (server, project) = (server.clone(), project.clone());
        tokio::spawn(async move { server.create_project(acme, project, audit("project.create")).await })
    };
    let append = |from: usize| {
        let server = server.clone();
        tokio::spawn(async move { server.append(acme, events(from, 5)).await.unwrap() })
    };
    let (before, made, again, behind) = (append(0), create(), create(), append(5));
    sleep(Duration::from_millis(300)).await;
    holder.batch_execute("COMMIT").await.unwrap();
    let made = [made.await.unwrap(), again.await.unwrap()];
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
    assert!(made.iter().any(|made| matches!(made, Err(StoreError::Conflict(_)))), "{made:?}");
    for appended in [before, behind] {
        assert_eq!(appended.await.unwrap(), [Verdict::Stored; 5]);
    }
    server.close().await.unwrap();
}

/// A server that knows a tenant does not record for it when another has deleted it.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_another_server_deleted_takes_nothing() {
    let world = World::new().await;
    let (one, two) = (world.server().await, world.server().await);
    let acme = acme(&one).await;
    let asked = || vec![decision(1, &["deployments"], None)];
    two.decide(acme, asked(), START_MS).await.unwrap();
    one.delete_tenant(acme, audit("tenant.delete")).await.unwrap();
    let refused = two.append(acme, vec![event(1)]).await;
    assert!(matches!(refused, Err(StoreError::NotFound("tenant"))), "{refused:?}");
    let refused = two.decide(acme, asked(), START_MS).await;
    assert!(matches!(refused, Err(StoreError::NotFound("tenant"))), "{refused:?}");
    let client = engines::connect(&world.url).await;
    for table in ["identity", "outbox", "label"] {
        let count = format!("SELECT count(*) FROM {table} WHERE tenant_id = {}", acme.0);
        assert_eq!(client.query_one(&count, &[]).await.unwrap().get::<_, i64>(0), 0, "{table}");
    }
    for server in [one, two] {
        server.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_answers_to_keys_are_forgotten_by_the_one_that_leads() {
    let world = World::new().await;
    let server = world.server().await;
    let acme = acme(&server).await;
    for (key, now_ms) in [("old", START_MS), ("new", START_MS + IDEMPOTENCY_MS)] {
        let asked = vec![decision(1, &["deployments"], Some(key.to_owned()))];
        server.decide(acme, asked, now_ms).await.unwrap();
    }
    let client = engines::connect(&world.url).await;
    server.sweep(START_MS + IDEMPOTENCY_MS + 1_000).await.unwrap();
    let kept = client.query("SELECT key FROM idempotency", &[]).await.unwrap();
    assert_eq!(kept.iter().map(|row| row.get::<_, &str>(0)).collect::<Vec<_>>(), ["new"]);
    server.close().await.unwrap();
}

/// While ClickHouse is away events are recorded up to a bound, decisions always; it is said how much waits.
#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_bound_of_what_waits_nothing_is_recorded() {
    let world = World::new().await;
    let nobody = world.tables.urls().iter().map(|_| "http://127.0.0.1:9".to_owned()).collect();
    let bounded = |clickhouse| ClusterOptions { clickhouse, max_outbox_events: 10, ..world.options() };
    let server = open(bounded(nobody)).await;
    let acme = acme(&server).await;
    server.append(acme, events(0, 25)).await.unwrap();
    let refused = until(async || server.append(acme, vec![event(99)]).await.err()).await;
    let StoreError::Unavailable(cause) = refused else { panic!("{refused:?}") };
    let sentence = cause.to_string();
    assert!(sentence.contains("ClickHouse takes nothing since 20"), "{sentence}");
    assert!(sentence.contains("events wait, at most 10 may"), "{sentence}");
    let lag = server.lag().unwrap();
    assert!(lag.events >= 25 && lag.waiting_ms > 0 && lag.since_ms.is_some(), "{lag:?}");
    let decided = server.decide(acme, vec![decision(1, &["deployments"], None)], START_MS).await.unwrap();
    assert!(decided[0].is_ok());
    server.close().await.unwrap();
    // ClickHouse is there again: what waited goes, and more is taken.
    let server = open(bounded(world.tables.urls().to_vec())).await;
    let stored = until(async || server.append(acme, events(25, 5)).await.ok()).await;
    assert_eq!(stored, [Verdict::Stored; 5]);
    until(async || server.lag().filter(|lag| lag.events == 0)).await;
    let rows = server.aggregate(acme, whole()).await.unwrap();
    let calls: i64 = rows.iter().map(|row| row.totals.calls).sum();
    assert!(calls >= 30, "{calls}");
    server.close().await.unwrap();
}

/// Rows that ClickHouse lost are found by the doctor and sent again, and only those.
#[tokio::test(flavor = "multi_thread")]
async fn what_clickhouse_has_lost_is_sent_again() {
    let world = World::new().await;
    let server = world.server().await;
    let acme = acme(&server).await;
    let table = format!("{}.event", world.tables.database());
    let count = || world.tables.ask(0, &format!("SELECT count() FROM {table}")).trim().to_owned();
    // Every other event is on the first shard, in three batches.
    for (from, there) in [(0, "10"), (20, "20"), (40, "30")] {
        server.append(acme, events(from, 20)).await.unwrap();
        until(async || (count() == there).then_some(())).await;
    }
    let before = server.aggregate(acme, whole()).await.unwrap();
    world.tables.ask(0, &format!("ALTER TABLE {table} DELETE WHERE seq % 3 = 0"));
    until(async || (count() == "20").then_some(())).await;
    let look = async || check_cluster(world.options(), |_| ()).await.unwrap().found;
    assert!(look().await > 0);
    let sent = resend_lost(world.options()).await.unwrap();
    assert_eq!(sent, 10);
    assert_eq!(look().await, 0);
    assert_eq!(resend_lost(world.options()).await.unwrap(), 0);
    assert_eq!(count(), "30");
    assert_eq!(server.aggregate(acme, whole()).await.unwrap(), before);
    server.close().await.unwrap();
}

/// Asks until there is an answer.
async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "nothing happened");
        sleep(Duration::from_millis(100)).await;
    }
}
