//! Several servers over one database, and a database that is busy, gone or back.

#![expect(clippy::unwrap_used, reason = "what fails is a test")]

mod common;

use common::servers::{World, acme, try_open};
use common::{audit, engines, event, events, whole};
use meterwire_app::ports::{Catalog, Ledger, StoreError, TenantId, Usage, Verdict};
use meterwire_store::ClusterStore;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How many events a server sees.
async fn calls(store: &ClusterStore, tenant: TenantId) -> i64 {
    store.aggregate(tenant, whole()).await.unwrap().iter().map(|row| row.totals.calls).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_append_the_same_events_once() {
    let world = World::new().await;
    let servers = [world.server().await, world.server().await, world.server().await];
    let acme = acme(&servers[0]).await;
    let mut tasks = Vec::new();
    for server in &servers {
        let server = server.clone();
        tasks.push(tokio::spawn(async move {
            let mut stored = 0;
            for batch in 0..30 {
                let verdicts = server.append(acme, events(batch * 10, 20)).await.unwrap();
                assert!(!verdicts.contains(&Verdict::Conflict));
                stored += verdicts.iter().filter(|verdict| **verdict == Verdict::Stored).count();
            }
            stored
        }));
    }
    let mut stored = 0;
    for task in tasks {
        stored += task.await.unwrap();
    }
    assert_eq!(stored, 310);
    for server in &servers {
        assert_eq!(calls(server, acme).await, 310);
        server.close().await.unwrap();
    }
}

/// What one server remembers of a tenant must not outlive what another does.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_wrote_is_not_remembered_otherwise() {
    let world = World::new().await;
    let (one, two) = (world.server().await, world.server().await);
    let acme = acme(&one).await;
    // Both remember the tenant.
    one.append(acme, vec![event(1)]).await.unwrap();
    two.append(acme, vec![event(2)]).await.unwrap();
    assert_eq!(one.append(acme, vec![event(2)]).await.unwrap(), [Verdict::Duplicate]);
    assert_eq!(two.append(acme, vec![event(1)]).await.unwrap(), [Verdict::Duplicate]);
    one.close().await.unwrap();
    assert!(matches!(one.append(acme, vec![event(3)]).await, Err(StoreError::Unavailable(_))));
    two.append(acme, vec![event(3)]).await.unwrap();
    assert_eq!(calls(&two, acme).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_records_is_told_soon() {
    let world = World::new().await;
    let (one, two) = (world.server().await, world.server().await);
    let acme = acme(&one).await;
    sleep(Duration::from_millis(700)).await;
    let (before, mut changes) = (two.revision(acme), two.revisions());
    changes.mark_unchanged();
    one.append(acme, vec![event(1)]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), changes.changed()).await.unwrap().unwrap();
    assert_ne!(two.revision(acme), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_whose_lock_is_held_is_refused_soon_and_others_are_not() {
    let world = World::new().await;
    let store = world.server().await;
    let acme = acme(&store).await;
    let other = store.create_tenant("other", "Other", "UTC", audit("tenant.create")).await.unwrap().id;
    let holder = world.hold(acme).await;
    let asked = Instant::now();
    let (refused, stored) =
        tokio::join!(store.append(acme, vec![event(1)]), store.append(other, vec![event(1)]));
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    stored.unwrap();
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(store.append(acme, vec![event(1)]).await.unwrap(), [Verdict::Stored]);
}

/// A program that hangs in a transaction is cut off by PostgreSQL; here, by us.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_off_are_made_again() {
    let world = World::new().await;
    let store = world.server().await;
    let acme = acme(&store).await;
    let other = engines::connect(&world.url).await;
    for round in 0..5_usize {
        store.append(acme, vec![event(round)]).await.unwrap();
        assert_eq!(usize::try_from(calls(&store, acme).await), Ok(round + 1));
        let cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        other.query(cut, &[]).await.unwrap();
        sleep(Duration::from_millis(50)).await;
    }
    assert!(store.setting("x").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_postgresql_everybody_is_refused_soon_and_it_goes_on_behind() {
    let mut own = engines::Own::start("postgres,clickhouse");
    let world = World::on(&own).await;
    let store = world.server().await;
    let acme = acme(&store).await;
    store.append(acme, events(0, 5)).await.unwrap();
    own = order(own, "kill", "postgres").await;
    let asked = Instant::now();
    let (written, read) = tokio::join!(store.append(acme, vec![event(100)]), store.setting("x"));
    assert!(matches!(written, Err(StoreError::Unavailable(_))), "{written:?}");
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    assert!(asked.elapsed() < Duration::from_millis(2_500), "{:?}", asked.elapsed());
    own = order(own, "start", "postgres").await;
    assert_eq!(store.append(acme, vec![event(100)]).await.unwrap(), [Verdict::Stored]);
    assert_eq!(calls(&store, acme).await, 6);
    // Without ClickHouse what needs no questions goes on.
    own = order(own, "kill", "clickhouse-1").await;
    assert_eq!(store.append(acme, vec![event(101)]).await.unwrap(), [Verdict::Stored]);
    store.user(acme, "nobody").await.unwrap();
    own = order(own, "start", "clickhouse-1").await;
    assert_eq!(calls(&store, acme).await, 7);
    drop(own);
}

async fn order(mut own: engines::Own, deed: &'static str, engine: &'static str) -> engines::Own {
    let obeyed = tokio::task::spawn_blocking(move || {
        own.order(deed, engine);
        own
    });
    obeyed.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_would_sort_names_otherwise_is_refused() {
    let mut world = World::new().await;
    let server = engines::connect(&world.url).await;
    let name = format!("{}_other", world.url.rsplit('/').next().unwrap());
    let made = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    server.batch_execute(&made).await.unwrap();
    world.url = format!("{}_other", world.url);
    let refused = try_open(world.options()).await;
    server.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    let Err(StoreError::Conflict(sentence)) = refused else { panic!("opened") };
    assert!(sentence.contains("CREATE DATABASE"), "{sentence}");
}
