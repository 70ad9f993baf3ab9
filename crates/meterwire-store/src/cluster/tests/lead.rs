//! Who leads, and who no longer does.

use super::super::lead::StepError;
use super::*;

/// Ends the leader's connection from the other side, as the server does to one that is silent for too long.
pub(super) async fn cut_off(world: &World) {
    let client = world.connect().await;
    let leaders = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'meterwire leader'";
    assert!(!client.query(leaders, &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_leads() {
    let world = World::new().await;
    let first = world.lead().await;
    let second = Candidate::new(&world.postgres).await.unwrap();
    let Err(second) = second.try_lead().await.unwrap() else { panic!("two lead") };
    first.look().await.unwrap();
    drop(first);
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut waiting = second;
    let lead = loop {
        match waiting.try_lead().await.unwrap() {
            Ok(lead) => break lead,
            Err(again) => waiting = again,
        }
        assert!(Instant::now() < deadline);
    };
    assert_eq!(lead.epoch(), 2);
}

#[tokio::test]
async fn who_was_cut_off_applies_nothing() {
    let world = World::new().await;
    world.feeder().await.feed(3).await;
    let mut first = world.lead().await;
    let batch = world.open(&first).await;
    for insert in batch.inserts(world.clicks.shards()).unwrap() {
        world.flusher().insert(&first, insert).await.unwrap();
    }
    cut_off(&world).await;
    let mut second = world.lead().await;
    assert!(matches!(batch.apply(&mut first, 0).await, Err(StepError::Postgres(_))));
    assert!(first.look().await.is_err());
    world.flush_all(&mut second).await;
    world.assert_equal().await;
}

/// The lock is the guard; should it ever fail to be one, the epoch is.
#[tokio::test]
async fn an_older_epoch_writes_nothing() {
    let world = World::new().await;
    world.feeder().await.feed(3).await;
    let mut lead = world.lead().await;
    let batch = world.open(&lead).await;
    let other = world.connect().await;
    other.execute("UPDATE manifest SET epoch = epoch + 1", &[]).await.unwrap();
    assert!(matches!(lead.look().await, Err(StepError::Fenced)));
    assert!(matches!(OpenBatch::open(&lead, SMALL, 0).await, Err(StepError::Fenced)));
    assert!(matches!(batch.apply(&mut lead, 0).await, Err(StepError::Fenced)));
    assert_eq!(world.count("SELECT applied FROM manifest").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM batch WHERE state = 'open'").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM outbox WHERE batch IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_batch_that_lost_a_row_of_the_outbox_is_not_applied() {
    let world = World::new().await;
    world.feeder().await.feed(2).await;
    let mut lead = world.lead().await;
    let batch = world.open(&lead).await;
    let other = world.connect().await;
    other.execute("DELETE FROM outbox WHERE id = 1", &[]).await.unwrap();
    assert!(matches!(batch.apply(&mut lead, 0).await, Err(StepError::Fenced)));
    assert_eq!(world.count("SELECT applied FROM manifest").await, 0);
}

#[tokio::test]
async fn two_servers_take_turns_when_one_is_cut_off() {
    let world = World::new().await;
    let mut feeder = world.feeder().await;
    let servers = [world.server(eager()), world.server(eager())];
    for epoch in 1..=4 {
        let deadline = Instant::now() + Duration::from_secs(20);
        while world.count("SELECT epoch FROM manifest").await < epoch {
            assert!(Instant::now() < deadline, "nobody leads");
            feeder.feed(1).await;
            sleep(Duration::from_millis(10)).await;
        }
        feeder.feed(6).await;
        cut_off(&world).await;
    }
    feeder.feed(6).await;
    world.wait_until_flushed().await;
    assert_eq!(servers.iter().filter(|server| server.leads.now()).count(), 1);
    for server in servers {
        server.stop().await;
    }
    world.assert_equal().await;
}
