//! Declared properties in folds: added up once for what is folded, and from then on by every fold.

use super::super::fold::OpenFold;
use super::fold::{Dies, finish, fold, options, sums_where, take};
use super::*;

/// Declares the property `team`, with nothing to be filled; answers the declaration's number.
async fn declare(client: &Client, tenant: i64) -> i64 {
    let declare = "INSERT INTO dimension (tenant_id, place, name, property, created_ms, filled_seq, fill_to_seq, \
         filled_events, events_to_fill) VALUES ($1, 0, 'team', 'team', 0, 0, 0, 0, 0) RETURNING number";
    client.query_one(declare, &[&tenant]).await.unwrap().get(0)
}

async fn fed_and_folded(world: &World, lead: &mut Lead) {
    world.feeder().await.feed(4).await;
    world.flush_all(lead).await;
    fold(world, lead, Dies::Live).await;
}

/// What a tenant's rollups by a declaration, what is not folded and the tail tell is what was committed.
async fn assert_known(world: &World, tenant: i64, number: i64, when: &str) {
    let (snapshot, committed) = take(&world.connect().await, &Bodies::default(), tenant).await;
    let rollups = format!("kind = 12 AND k4 = {number}");
    assert_eq!(sums_where(world, &snapshot, &rollups).await, committed, "{when}: tenant {tenant}");
}

/// Rows of rollups that live folds have by a declaration, and how many values they tell apart.
async fn rows(world: &World, number: i64) -> String {
    let client = world.connect().await;
    let folds: String = client.query_one("SELECT folds FROM manifest", &[]).await.unwrap().get(0);
    let rollups = world.clicks.schema().all("rollup");
    let sql = format!(
        "SELECT count() > 0, uniqExact(k1) FROM {rollups} WHERE kind = 12 AND k4 = {number} AND fold IN ({folds})"
    );
    world.tables.ask(0, &sql).trim().to_owned()
}

#[tokio::test]
async fn what_is_declared_is_added_up_once_and_then_by_every_fold() {
    let world = World::new().await;
    let mut lead = world.lead().await;
    fed_and_folded(&world, &mut lead).await;
    let client = world.connect().await;
    let (one, two) = (declare(&client, 1).await, declare(&client, 2).await);
    let not_folded = "SELECT count(*) FROM dimension WHERE fold IS NULL";
    for dies in [Dies::Opened, Dies::Inserted(1), Dies::Inserted(2), Dies::Live] {
        assert_eq!(world.count(not_folded).await, 2);
        let opened = OpenFold::of_declared(&lead).await.unwrap().unwrap();
        finish(&world, &mut lead, opened, dies).await;
        drop(lead);
        lead = world.lead().await;
    }
    assert_eq!(world.count(not_folded).await, 0);
    assert!(OpenFold::of_declared(&lead).await.unwrap().is_none(), "once");
    for (tenant, number) in [(1, one), (2, two)] {
        assert_known(&world, tenant, number, "added up").await;
        assert_eq!(rows(&world, number).await, "1\t3");
    }
    fed_and_folded(&world, &mut lead).await;
    fed_and_folded(&world, &mut lead).await;
    assert_known(&world, 1, one, "in later folds").await;
    client.execute("DELETE FROM dimension WHERE number = $1", &[&two]).await.unwrap();
    let merged = OpenFold::of_folds(&lead, &options()).await.unwrap().unwrap();
    finish(&world, &mut lead, merged, Dies::Live).await;
    assert_eq!(world.count("SELECT count(*) FROM fold WHERE state = 'live'").await, 1);
    assert_known(&world, 1, one, "merged").await;
    assert_eq!(rows(&world, two).await, "0\t0", "what is not declared any more goes");
}

/// Its labels are not all there, or what its events have is just being cleared.
#[tokio::test]
async fn what_is_not_ready_waits() {
    let world = World::new().await;
    let mut lead = world.lead().await;
    fed_and_folded(&world, &mut lead).await;
    let client = world.connect().await;
    declare(&client, 1).await;
    let is_due = async || {
        let opened = OpenFold::of_declared(&lead).await.unwrap();
        let is_some = opened.is_some();
        if let Some(opened) = opened {
            opened.give_up(&lead).await.unwrap();
        }
        is_some
    };
    client.batch_execute("UPDATE dimension SET filled_seq = 1, fill_to_seq = 2").await.unwrap();
    assert!(!is_due().await);
    client.batch_execute("UPDATE dimension SET filled_seq = 2").await.unwrap();
    assert!(is_due().await);
    client.batch_execute("INSERT INTO erasure VALUES (1, 5, 'erased-1', 0, 0, 9)").await.unwrap();
    assert!(!is_due().await);
    client.batch_execute("UPDATE erasure SET tenant_id = 2").await.unwrap();
    assert!(is_due().await, "another tenant's");
}
